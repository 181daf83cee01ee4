"""Find the leading terms of a branch of critical points from its limit.

The branch is followed numerically to t = 2^-400: Newton's method from the limit at a
moderate t shows how each parameter approaches its limit, and with exponents and rough
coefficients known a second run at the tiny t gives hundreds of bits of each leading
coefficient.  A small integer relation with powers of pi then names it.

Nothing here is a proof.  What is found is handed to ``symcrit.expand.lift``, which
proves it or refuses it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, arb_mat, fmpz, fmpz_mat, fmpz_poly

from symcrit.arith.balls import BALLS
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.core.errors import RefutedError, UndecidedError
from symcrit.landscapes.reduced import Landscape

__all__ = ["LeadingTerm", "approx_critical_point", "find_leading_terms"]

_ROUGH_BITS = 12
"""The first look at a branch is at t = 2^-12 and 2^-13, i.e. k of 16 million."""

_FINE_BITS = 400
"""Leading coefficients are read off at t = 2^-400."""

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
) -> list[arb] | None:
    """A zero of the reduced gradient by Newton's method, without any bound.

    Args:
        landscape: the landscape.
        start: the parameters to start from; radii are dropped.
        variables: the variables of the sizes.
        prec: working precision in bits.

    Returns:
        Parameters at which the Newton step is below half the precision relative to
        each parameter, or below 2^-prec; None if the method did not converge.
    """
    with working_precision(prec):
        point = [x.mid() for x in start]
        for _ in range(_MAX_NEWTON_STEPS):
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
        RefutedError: the limit is not that of a branch of critical points; the message
            says what was found instead.
        UndecidedError: a leading coefficient was not recognised.
    """
    names = landscape.structure.pattern.names
    rough = _rough_branch(landscape, limit)
    shapes = [_shape(*pair) for pair in zip(names, *rough, strict=True)]
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
            message = "the branch was lost between t = 2^-13 and t = 2^-400"
            raise UndecidedError(message, hint="check the limit of the family")
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
                raise RefutedError(message)
            found = _recognise(value)
            if found is None:
                message = (
                    f"the leading coefficient {value.str(15, radius=False)} of {name}"
                    f" (t^{shape[0]}) was not recognised in Q(pi)"
                )
                raise UndecidedError(message, hint="the field of the family is larger")
            terms.append(LeadingTerm(x, shape[0], found))
    return terms


def _real_power(t: arb, exponent: Fraction) -> arb:
    return (t.log() * exponent.numerator / exponent.denominator).exp().mid()


def _rough_branch(
    landscape: Landscape, limit: Sequence[Exact]
) -> tuple[list[arb], list[arb]]:
    """Deviations from the limit at t = 2^-12 and at t = 2^-13."""
    names = landscape.structure.pattern.names
    nearest: tuple[float, list[arb]] | None = None
    prec = _ROUGH_BITS * _GUARD_BITS + 64
    for exponent in _START_EXPONENTS:
        found = []
        for bits in (_ROUGH_BITS, _ROUGH_BITS + 1):
            with working_precision(prec):
                t = arb(2) ** (-bits)
                centre = [x.ball(prec).mid() for x in limit]
                start = [x + t**exponent * arb(7 + i) / 7 for i, x in enumerate(centre)]
                point = approx_critical_point(
                    landscape, start, {"k": 1 / (t * t)}, prec=prec
                )
                if point is None:
                    break
                deviation = [p - x for p, x in zip(point, centre, strict=True)]
                distance = max(abs(float(x)) for x in deviation)
                if nearest is None or distance < nearest[0]:
                    nearest = (distance, point)
                if distance > 2.0 ** (-_ROUGH_BITS // 2):
                    break
                found.append(deviation)
        if len(found) == 2:
            return found[0], found[1]
    k = 2 ** (2 * _ROUGH_BITS)
    if nearest is None:
        message = f"no critical point was found near the limit at k = {k}"
        raise RefutedError(message)
    shown = ", ".join(
        f"{name} = {x.str(6, radius=False)}"
        for name, x in zip(names, nearest[1], strict=True)
    )
    message = (
        f"the limit is not that of a branch: at k = {k} the critical point found from"
        f" it is {shown}"
    )
    raise RefutedError(message)


def _shape(name: str, first: arb, second: arb) -> tuple[Fraction, arb] | None:
    """Exponent and rough coefficient from deviations at t = 2^-12 and 2^-13."""
    floor = 2.0 ** (-_ROUGH_BITS * _NEGLIGIBLE_ORDER)
    if abs(first) < floor or abs(second) < floor:
        return None
    slope = math.log2(abs(float(first / second)))
    exponent = Fraction(slope).limit_denominator(_MAX_RAMIFICATION)
    if abs(slope - exponent) > _EXPONENT_TOLERANCE or exponent <= 0:
        message = (
            f"{name} does not approach its limit like a power of t: halving t divides"
            f" its deviation by {float(first / second):.5g}"
        )
        raise RefutedError(message)
    return exponent, second / _real_power(arb(2) ** (-_ROUGH_BITS - 1), exponent)


def _recognise(value: arb) -> Exact | None:
    """Find p(pi) / q(pi) with small integer coefficients near a number.

    The number is taken to be right to about 400 bits; a relation counts only if its
    coefficients together have at most half as many.
    """
    for total in range(2 * _MAX_DEGREE + 1):
        for top in range(total + 1):
            bottom = total - top
            if max(top, bottom) <= _MAX_DEGREE:
                found = _relation(value, top, bottom)
                if found is not None:
                    return found
    return None


def _relation(value: arb, top: int, bottom: int) -> Exact | None:
    bits = _FINE_BITS - 40
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
    p = _poly(vector[: top + 1])
    q = _poly(vector[top + 1 : size])
    return Exact.quotient(p, q)


def _poly(coefficients: Sequence[int]) -> fmpz_poly:
    return fmpz_poly([fmpz(c) for c in coefficients])
