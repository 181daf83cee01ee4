"""Find the leading terms of a branch of critical points from its limit.

The branch is followed numerically to t = 2^-400: Newton's method from the limit at a
moderate t shows how each parameter approaches its limit, and with exponents and rough
coefficients known a second run at the tiny t gives hundreds of bits of each leading
coefficient.  A small integer relation with powers of pi then names it.

What is found is handed to ``symcrit.expand.lift``, which proves it or refuses it.  That
nothing is found is no proof either: ``symcrit.expand.limits`` is asked for one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from flint import arb, arb_mat, fmpz_mat, fmpz_poly

from symcrit.arith.balls import BALLS
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.core.errors import RefutedError, UndecidedError
from symcrit.expand.limits import refute_limit
from symcrit.landscapes.reduced import Landscape

__all__ = ["LeadingTerm", "approx_critical_point", "find_leading_terms"]

_ROUGH_BITS = 12
"""The first look at a branch is at t = 2^-12 and 2^-13, i.e. k of 16 million."""

_CLOSER_BITS = (24, 48)
"""Where a branch is looked at again if its first terms are not yet separate."""

_FINE_BITS = 400
"""Leading coefficients are read off at t = 2^-400."""

_SPARE_BITS = 40
"""Bits of a coefficient that rounding and the next terms may have spoiled."""

_CHECK_LIMIT = "check the limit of the family"

_GUARD_BITS = 14
"""Working precision in bits per bit of t: entries of the Hessian spread over t^12."""

_MAX_RAMIFICATION = 4
_EXPONENT_TOLERANCE = 0.02
_MAX_NEWTON_STEPS = 60
_NEGLIGIBLE_ORDER = 12
"""A deviation below t^12 is taken for zero; the proof decides."""

_MAX_DEGREE = 6
_START_EXPONENTS = (4, 2, 3, 6, 1)


@dataclass(frozen=True, slots=True)
class LeadingTerm:
    """The first term by which a parameter departs from its limit.

    Attributes:
        limit: the limit.
        exponent: of t; None if the parameter seems to stay at its limit.
        coefficient: exact; None if the parameter seems to stay at its limit.

    Read off numbers, it is a guess until a series that begins with it is proved.

    Example:
        >>> import symcrit
        >>> symcrit.family("A").leading[1]
        LeadingTerm(limit=Exact(0), exponent=Fraction(2, 1), coefficient=Exact(2))

    Source:
        derivations/series.md, how the leading terms are found.
    """

    limit: Exact
    exponent: Fraction | None
    coefficient: Exact | None


def approx_critical_point(
    landscape: Landscape,
    start: Sequence[arb],
    variables: Mapping[str, arb],
    *,
    prec: int,
    max_steps: int = _MAX_NEWTON_STEPS,
) -> list[arb] | None:
    """A zero of the reduced gradient by Newton's method, without any bound.

    Args:
        landscape: the landscape.
        start: the parameters to start from; radii are dropped.
        variables: the variables of the sizes.
        prec: working precision in bits.
        max_steps: Newton's method gives up after so many.

    Returns:
        Parameters at which the Newton step is below half the precision relative to
        each parameter, or below 2^-prec; None if the method did not converge.
    """
    with working_precision(prec):
        point = [x.mid() for x in start]
        for _ in range(max_steps):
            at = landscape.at(BALLS, point, variables)
            gradient = arb_mat([[g.mid()] for g in at.gradient()])
            hessian = arb_mat([[x.mid() for x in row] for row in at.hessian()])
            try:
                step = hessian.solve(gradient, algorithm="approx")
            except (ZeroDivisionError, ValueError):
                return None
            moves = [step[i, 0].mid() for i in range(len(point))]
            if not all(move.is_finite() for move in moves):
                return None
            point = [(x - move).mid() for x, move in zip(point, moves, strict=True)]
            scale, nothing = arb(2) ** (-(prec // 2)), arb(2) ** (-prec)
            if all(
                abs(move) <= scale * abs(x) or abs(move) <= nothing
                for x, move in zip(point, moves, strict=True)
            ):
                return point
    return None


def find_leading_terms(
    landscape: Landscape, limit: Sequence[Exact]
) -> list[LeadingTerm]:
    """Find how the parameters of a branch approach a given limit as k grows.

    Raises:
        RefutedError: no branch was found, and it is proved that no critical points stay
            within C / k of the limit.
        UndecidedError: no branch with this limit was found, and the message says what
            was found instead; or a leading coefficient was not recognised.

    Example:
        >>> from symcrit.landscapes.reduced import landscape
        >>> limit = [Exact.rational(-1), Exact.rational(0)]
        >>> for term in find_leading_terms(landscape(pattern="k"), limit):
        ...     print(term.limit, term.exponent, term.coefficient)
        -1 2 2
        0 2 2
    """
    try:
        return _search(landscape, limit)
    except UndecidedError as error:
        reason = refute_limit(landscape, limit)
        if reason is None:
            raise
        message = f"{reason}; {error}"
        raise RefutedError(message) from error


def _search(landscape: Landscape, limit: Sequence[Exact]) -> list[LeadingTerm]:
    """The leading terms, read off numbers.

    Raises:
        UndecidedError: no branch was found, or a coefficient was not recognised.
    """
    names = landscape.structure.pattern.names
    shapes = _shapes(landscape, limit)
    prec = _FINE_BITS * _GUARD_BITS
    with working_precision(prec):
        t = arb(2) ** (-_FINE_BITS)
        centre = [x.ball(prec) for x in limit]
        start = [
            x + (arb(0) if shape is None else shape[1] * _real_power(t, shape[0]))
            for x, shape in zip(centre, shapes, strict=True)
        ]
        point = approx_critical_point(landscape, start, {"k": 1 / (t * t)}, prec=prec)
        if point is None:
            message = "the branch was lost on the way to t = 2^-400"
            raise UndecidedError(message, hint=_CHECK_LIMIT)
        terms = []
        for name, x, c, shape in zip(names, limit, point, shapes, strict=True):
            if shape is None:
                terms.append(LeadingTerm(x, None, None))
                continue
            value = (c - x.ball(prec)) / _real_power(t, shape[0])
            if abs(value / shape[1] - 1) > arb(2) ** (-_ROUGH_BITS // 3):
                message = (
                    f"the limit of {name} belongs to no single branch: its deviation"
                    f" changes from {shape[1].str(5, radius=False)} t^{shape[0]} to"
                    f" {value.str(5, radius=False)} t^{shape[0]}"
                )
                raise UndecidedError(message, hint=_CHECK_LIMIT)
            found = _recognise(value) or _recognise_root(value)
            if found is None:
                message = (
                    f"the leading coefficient {value.str(15, radius=False)} of {name}"
                    f" (t^{shape[0]}) was recognised neither in Q(pi) nor as a root"
                )
                raise UndecidedError(message, hint="the field of the family is larger")
            terms.append(LeadingTerm(x, shape[0], found))
    return terms


def _real_power(t: arb, exponent: Fraction) -> arb:
    return (t.log() * exponent.numerator / exponent.denominator).exp().mid()


@dataclass(frozen=True)
class _Look:
    """Deviations from the limit at t = 2^-bits and at half of that."""

    bits: int
    first: list[arb]
    second: list[arb]


_Shape: TypeAlias = tuple[Fraction, arb] | None
"""An exponent of t and a rough coefficient; None for no deviation."""


def _shapes(landscape: Landscape, limit: Sequence[Exact]) -> list[_Shape]:
    """How each parameter leaves its limit, looking closer if that is not clear."""
    names = landscape.structure.pattern.names
    look = _first_look(landscape, limit)
    for bits in _CLOSER_BITS:
        try:
            return _read(names, look)
        except UndecidedError:
            look = _closer(landscape, limit, look, bits)
    return _read(names, look)


def _at_limit(
    landscape: Landscape, limit: Sequence[Exact], start: Sequence[arb], bits: int
) -> list[arb] | None:
    """The deviations of a critical point at t = 2^-bits, near given ones."""
    prec = bits * _GUARD_BITS + 64
    with working_precision(prec):
        centre = [x.ball(prec).mid() for x in limit]
        point = approx_critical_point(
            landscape,
            [x + d for x, d in zip(centre, start, strict=True)],
            {"k": arb(2) ** (2 * bits)},
            prec=prec,
        )
        if point is None:
            return None
        return [x - y for x, y in zip(point, centre, strict=True)]


def _first_look(landscape: Landscape, limit: Sequence[Exact]) -> _Look:
    """Try starting points that approach the limit like several powers of t."""
    nearest: tuple[float, list[arb]] | None = None
    for exponent in _START_EXPONENTS:
        found: list[list[arb]] = []
        for bits in (_ROUGH_BITS, _ROUGH_BITS + 1):
            start = [
                arb(2) ** (-bits * exponent) * (7 + i) / 7 for i in range(len(limit))
            ]
            deviations = _at_limit(landscape, limit, start, bits)
            if deviations is None:
                break
            distance = max(abs(float(x)) for x in deviations)
            if nearest is None or distance < nearest[0]:
                nearest = (distance, deviations)
            if distance > 2.0 ** (-_ROUGH_BITS // 2):
                break
            found.append(deviations)
        if len(found) == 2:
            return _Look(_ROUGH_BITS, *found)
    k = 2 ** (2 * _ROUGH_BITS)
    if nearest is None:
        message = f"no critical point was found near the limit at k = {k}"
        raise UndecidedError(message, hint=_CHECK_LIMIT)
    with working_precision(_ROUGH_BITS * _GUARD_BITS):
        shown = ", ".join(
            f"{name} = {(x.ball(64) + d).str(6, radius=False)}"
            for name, x, d in zip(
                landscape.structure.pattern.names, limit, nearest[1], strict=True
            )
        )
    message = (
        f"no branch with this limit was found: at k = {k} Newton's method leads from it"
        f" to {shown}"
    )
    raise UndecidedError(message, hint=_CHECK_LIMIT)


def _closer(
    landscape: Landscape, limit: Sequence[Exact], look: _Look, bits: int
) -> _Look:
    """Follow the branch to a smaller t, along the powers of t that it seems to obey."""
    found = []
    for place in (bits, bits + 1):
        start = [
            d * (e / d) ** (place - look.bits) if d != 0 and e != 0 else arb(0)
            for d, e in zip(look.first, look.second, strict=True)
        ]
        deviations = _at_limit(landscape, limit, start, place)
        if deviations is None:
            message = f"the branch was lost on the way to t = 2^-{place}"
            raise UndecidedError(message, hint=_CHECK_LIMIT)
        found.append(deviations)
    return _Look(bits, *found)


def _read(names: Sequence[str], look: _Look) -> list[_Shape]:
    """Exponents and rough coefficients from deviations at two places.

    Raises:
        UndecidedError: the deviations are not those of powers of t.
    """
    floor = 2.0 ** (-look.bits * _NEGLIGIBLE_ORDER)
    shapes: list[_Shape] = []
    for name, first, second in zip(names, look.first, look.second, strict=True):
        if abs(first) < floor or abs(second) < floor:
            shapes.append(None)
            continue
        ratio = float(first / second)
        slope = math.log2(abs(ratio))
        exponent = Fraction(slope).limit_denominator(_MAX_RAMIFICATION)
        if abs(slope - exponent) > _EXPONENT_TOLERANCE or exponent <= 0:
            message = (
                f"{name} does not approach its limit like a power of t: halving t"
                f" divides its deviation by {ratio:.5g}"
            )
            raise UndecidedError(message, hint=_CHECK_LIMIT)
        place = arb(2) ** (-look.bits - 1)
        shapes.append((exponent, second / _real_power(place, exponent)))
    return shapes


def _recognise(value: arb) -> Exact | None:
    """Find p(pi) / q(pi) with small integer coefficients near a number.

    The number is right to about 400 bits, or to a half or a quarter of them if the next
    term of its series is smaller by a root of t only.  A relation counts if its
    coefficients together have at most half as many bits.
    """
    for bits in (_FINE_BITS, _FINE_BITS // 2, _FINE_BITS // 4):
        for total in range(2 * _MAX_DEGREE + 1):
            for top in range(total + 1):
                if max(top, total - top) <= _MAX_DEGREE:
                    found = _relation(value, top, total - top, bits - _SPARE_BITS)
                    if found is not None:
                        return found
    return None


def _recognise_root(value: arb) -> Exact | None:
    """Find plus or minus the square root of such a number."""
    square = _recognise(value * value)
    if square is None or square.sign() < 0:
        return None
    return square.sqrt() if value > 0 else -square.sqrt()


def _relation(value: arb, top: int, bottom: int, bits: int) -> Exact | None:
    pi = arb.pi()
    numbers = [pi**i for i in range(top + 1)]
    numbers += [-value * pi**i for i in range(bottom + 1)]
    scale = arb(2) ** bits
    size = len(numbers)
    rows = []
    for i, x in enumerate(numbers):
        rounded = (x * scale).mid().floor().unique_fmpz()
        if rounded is None:
            return None
        rows.append([int(i == j) for j in range(size)] + [int(rounded)])
    shortest = fmpz_mat(rows).lll()
    vector = [int(shortest[0, j]) for j in range(size + 1)]
    weight = sum(abs(x).bit_length() + 1 for x in vector)
    if 2 * weight > bits or not any(vector[top + 1 : size]):
        return None
    return Exact.quotient(
        fmpz_poly(vector[: top + 1]), fmpz_poly(vector[top + 1 : size])
    )
