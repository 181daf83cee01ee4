"""Critical points of one landscape at one k, enclosed to a number of digits and proved.

Newton's method in floating balls finds the point, the Krawczyk operator proves it, and
the working precision is doubled until every parameter, every deviation from the limit
and the loss are known to the digits asked for.  Precision that k costs grows with log k
only, so that k = 10^12 takes about as long as k = 20.

What is proved: for every value of the variables (k may be a ball) the reduced gradient
has exactly one zero in the box, the landscape is analytic on the box, and the zero lies
in the enclosures handed out.  By symmetric criticality that zero is a critical point of
the full landscape, where the sizes are integers.

Derivations: derivations/points.md.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from flint import arb, arb_mat

from symcrit.arith.balls import BALLS
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.certify.krawczyk import (
    Enclosure,
    Hypothesis,
    certify_zero,
    column_of,
    finite_entries,
    upper_bound,
)
from symcrit.certify.systems import ReducedSystem
from symcrit.core.errors import InputError, UndecidedError
from symcrit.core.truth import Truth
from symcrit.landscapes.gram import Entry, Pair
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.sizes import Variable, as_ball

__all__ = [
    "CertifiedPoint",
    "approx_zero",
    "certify_point",
    "check_digits",
    "check_sizes",
    "enclose_loss",
    "starting_precision",
    "to_digits",
]

DEFAULT_DIGITS = 30

_SPARE_DIGITS = 1
"""Digits beyond those asked for, to be lost when a ball is written in decimals."""

_GUARD_BITS = 24
_BITS_PER_BIT_OF_SIZE = 4
"""Working bits for each bit of k: entries of the Hessian spread over powers of k."""

_NEGLIGIBLE_POWER = 6
"""A quantity below 10^-digits k^-6 that balls cannot tell from 0 is reported as 0."""

_MAX_PREC = 1 << 15
_MAX_FAILURES = 3
"""So many precisions are tried without a proof; a kink or a fold defies them all."""

_MAX_NEWTON_STEPS = 40
_BITS_PER_DIGIT = math.log2(10)


@dataclass(frozen=True)
class CertifiedPoint:
    """A critical point with its proof.

    Attributes:
        names: the names of the parameters, in the order of the pattern.
        variables: the values of the variables of the sizes, such as k.
        parameters: enclosures of the parameters, by name.
        deviations: enclosures of parameter minus limit; None if no limit was given.
        loss: an enclosure of the loss.
        enclosure: what the Krawczyk test proved: the box in which the point is the only
            one, its image, the preconditioner and the working precision.
        hypotheses: every condition of the proof as it was checked.
        digits: each ball has radius at most 10^-digits |midpoint|, or 10^-digits where
            the midpoint is 0; None if the variables are balls that do not allow it.

    Example:
        >>> import symcrit
        >>> proof = symcrit.family("A").point(k=6, digits=10).proof
        >>> proof.names, proof.digits, proof.has_distinct_parameters.value
        (('a_1', 'o_1'), 10, 'TRUE')
        >>> proof.box["a_1"].contains(proof.parameters["a_1"])
        True
        >>> all(hypothesis.holds.is_true for hypothesis in proof.hypotheses)
        True

    Source:
        Krawczyk 1969; derivations/points.md, one k.
    """

    names: tuple[str, ...]
    variables: Mapping[str, Variable]
    parameters: Mapping[str, arb]
    deviations: Mapping[str, arb] | None
    loss: arb
    enclosure: Enclosure
    hypotheses: tuple[Hypothesis, ...]
    digits: int | None

    @property
    def box(self) -> Mapping[str, arb]:
        """The box in which there is no other critical point, by parameter."""
        return dict(zip(self.names, self.enclosure.box.entries(), strict=True))

    @property
    def prec(self) -> int:
        """The working precision of the proof, in bits."""
        return self.enclosure.prec

    @property
    def has_distinct_parameters(self) -> Truth:
        """Whether the parameters differ pairwise; never FALSE, equality is not proved.

        If they do, then permutations of rows and columns that fix the matrix map every
        orbit of its entries to itself: for a diagonal pattern they are the group of the
        pattern and nothing else.
        """
        pairs = combinations(self.parameters.values(), 2)
        return Truth.of(true=all(not x.overlaps(y) for x, y in pairs), false=False)


def certify_point(
    landscape: Landscape,
    start: Sequence[arb],
    variables: Mapping[str, Variable],
    *,
    digits: int = DEFAULT_DIGITS,
    limit: Sequence[Exact] | None = None,
) -> CertifiedPoint:
    """Prove the critical point that Newton's method reaches from a start.

    Args:
        landscape: the landscape.
        start: an approximate point, in the order of the pattern; radii are dropped.
        variables: the variables of the sizes.  For a ball of positive radius the proof
            holds for every number in it, and no number of digits is promised.
        digits: the digits to be proved for parameters, deviations and loss.
        limit: the limits of the parameters, if deviations from them are wanted.

    Raises:
        InputError: a size leaves an orbit of entries empty, or ``digits`` is no
            positive integer.
        UndecidedError: nothing was proved; the message says which condition failed.

    Example:
        >>> from symcrit.landscapes.gram import Structure
        >>> from symcrit.landscapes.kernels import Relu
        >>> from symcrit.symmetry.patterns import Pattern
        >>> land = Landscape(Relu(), Structure.build(Pattern.parse("1+(k-1)")))
        >>> start = [arb(x) for x in (-0.63, 0.19, 0.26, 1.0, -0.04)]
        >>> point = certify_point(land, start, {"k": 7}, digits=20)
        >>> print(point.parameters["a_1"].str(10, radius=False))
        -0.6327039049
    """
    check_digits(digits)
    check_sizes(landscape, variables)
    for pair in landscape.structure.pairs:
        _check_declared_parallel(landscape, pair)
    exact_variables = all(_is_exact(value) for value in variables.values())
    prec = starting_precision(variables, digits)
    guess = list(start)
    reached = f"{digits} digits at this k needs more than {_MAX_PREC} bits"
    failures = 0
    while prec <= _MAX_PREC and failures < _MAX_FAILURES:
        attempt = _Attempt(landscape, variables, limit, prec)
        point, reached = attempt.certify(guess)
        if point is not None:
            if not exact_variables:
                return attempt.result(point, digits=None)
            found = attempt.result(point, digits=digits)
            if found.digits is not None:
                return found
            reached = f"{digits} digits are not reached"
            guess = point.image.mid().entries()
        else:
            failures += 1 if exact_variables else _MAX_FAILURES
        prec *= 2
    message = f"no critical point was proved: {reached}"
    raise UndecidedError(message, hint="try another start, or fewer digits")


def check_digits(digits: int) -> None:
    """Refuse a number of digits that promises nothing.

    Raises:
        InputError: it is no positive integer.
    """
    if digits < 1:
        message = f"the number of digits, {digits}, should be at least 1"
        raise InputError(message)


def starting_precision(variables: Mapping[str, Variable], digits: int) -> int:
    """The working precision in bits with which a proof to some digits is tried first.

    Example:
        >>> starting_precision({"k": 10**12}, 30) - starting_precision({"k": 10**6}, 30)
        80
    """
    size = max((_bits(value) for value in variables.values()), default=1)
    wanted = math.ceil((digits + _SPARE_DIGITS) * _BITS_PER_DIGIT)
    return wanted + _GUARD_BITS + _BITS_PER_BIT_OF_SIZE * size


def check_sizes(landscape: Landscape, variables: Mapping[str, Variable]) -> None:
    """Refuse variables at which an orbit of entries of W is empty.

    Raises:
        InputError: a count is certainly not positive, or a variable is missing.
        UndecidedError: a count may be zero, for a ball.
    """
    pattern = landscape.structure.pattern
    if missing := sorted(pattern.variables - set(variables)):
        message = f"pattern {pattern.text!r} needs a value of {', '.join(missing)}"
        raise InputError(message)
    with working_precision(starting_precision(variables, 1)):
        values = {name: as_ball(value) for name, value in variables.items()}
        shown = ", ".join(f"{name} = {_shown(x)}" for name, x in variables.items())
        for name, count in zip(pattern.names, landscape.orbit_counts, strict=True):
            for factor in _factors(landscape, count.falling, values):
                if factor <= 0:
                    message = (
                        f"at {shown} the pattern {pattern.text!r} has no entries"
                        f" {name}; its blocks need to be larger"
                    )
                    raise InputError(message)
                if not factor > 0:
                    message = f"at {shown} the orbit {name} may be empty"
                    raise UndecidedError(message, hint="give a narrower range")


def _factors(
    landscape: Landscape,
    falling: Sequence[tuple[str, int]],
    values: Mapping[str, arb],
) -> list[arb]:
    sizes = landscape.structure.pattern.sizes
    return [sizes[group].evaluate(BALLS, values) - offset for group, offset in falling]


def approx_zero(
    landscape: Landscape,
    start: Sequence[arb],
    variables: Mapping[str, arb],
    *,
    prec: int,
) -> tuple[list[arb], arb_mat] | None:
    """A zero of the reduced gradient by Newton's method, without any bound.

    Unlike a test relative to each parameter, the stopping rule allows parameters that
    are exactly zero.

    Args:
        landscape: the landscape.
        start: the parameters to start from; radii are dropped.
        variables: the variables of the sizes; radii are dropped.
        prec: working precision in bits.

    Returns:
        The parameters, and the approximate inverse of the Jacobian one step before;
        None if the method did not converge.
    """
    with working_precision(prec):
        point = [x.mid() for x in start]
        centre = {name: x.mid() for name, x in variables.items()}
        fine, finer = arb(2) ** (-(prec // 2)), arb(2) ** (-(3 * prec // 4))
        for _ in range(_MAX_NEWTON_STEPS):
            at = landscape.at(BALLS, point, centre)
            gradient = column_of(at.gradient()).mid()
            inverse = arb_mat(at.hessian()).mid().inv(nonstop=True).mid()
            moves = (inverse * gradient).mid()
            if not finite_entries(moves):
                return None
            point = [
                (x - move).mid() for x, move in zip(point, moves.entries(), strict=True)
            ]
            largest = max(abs(x) for x in point)
            if all(
                abs(move) <= fine * abs(x) or abs(move) <= finer * largest
                for x, move in zip(point, moves.entries(), strict=True)
            ):
                return point, inverse
    return None


class _Attempt:
    """One try at one working precision."""

    def __init__(
        self,
        landscape: Landscape,
        variables: Mapping[str, Variable],
        limit: Sequence[Exact] | None,
        prec: int,
    ) -> None:
        self.landscape = landscape
        self.variables = variables
        self.limit = limit
        self.prec = prec
        with working_precision(prec):
            self.values = {name: as_ball(x) for name, x in variables.items()}
        self.system = ReducedSystem(landscape, self.values)

    def certify(self, start: Sequence[arb]) -> tuple[Enclosure | None, str]:
        """An enclosure that proves a point, or what was reached instead."""
        rough = starting_precision(self.variables, 1)
        found = approx_zero(self.landscape, start, self.values, prec=rough)
        if found is not None and rough < self.prec:
            found = approx_zero(self.landscape, found[0], self.values, prec=self.prec)
        if found is None:
            return None, self._why_lost(start)
        point, inverse = found
        enclosure = certify_zero(
            self.system.gradient,
            self.system.jacobian,
            point,
            prec=self.prec,
            preconditioner=inverse,
        )
        if enclosure.unique.is_true and all(
            h.holds.is_true for h in self.system.hypotheses()
        ):
            return enclosure, ""
        return None, self._obstacle(enclosure)

    def _why_lost(self, start: Sequence[arb]) -> str:
        with working_precision(self.prec):
            self.system.jacobian(column_of([x.mid() for x in start]))
        return self._kink() or "Newton's method does not converge from the start"

    def _kink(self) -> str:
        sites = self.system.open_sites
        if not sites:
            return ""
        return (
            f"the vectors of the pair {sites[0]} may be parallel or zero near the"
            " point, where the landscape is not analytic"
        )

    def _obstacle(self, enclosure: Enclosure) -> str:
        """What kept a box from being proved, in one clause."""
        if kink := self._kink():
            return kink
        hypotheses = (*enclosure.hypotheses, *self.system.hypotheses())
        failed = [h.name for h in hypotheses if not h.holds.is_true]
        return f"it was not proved that {failed[0]}"

    def result(self, enclosure: Enclosure, *, digits: int | None) -> CertifiedPoint:
        """All quantities; ``digits`` is None in the result if they are not reached."""
        with working_precision(self.prec):
            image = enclosure.image.entries()
            deviations = None
            if self.limit is not None:
                deviations = [
                    x - c.ball(self.prec)
                    for x, c in zip(image, self.limit, strict=True)
                ]
            loss = enclose_loss(self.system, enclosure.box.mid(), enclosure.image)
            quantities = [*image, *(deviations or []), loss]
            reached = digits is not None
            if digits is not None:
                spare = digits + _SPARE_DIGITS
                negligible = self._negligible(spare)
                rounded = [to_digits(x, spare, negligible) for x in quantities]
                reached = all(x is not None for x in rounded)
                quantities = [
                    x if better is None else better
                    for x, better in zip(quantities, rounded, strict=True)
                ]
        names = self.landscape.structure.pattern.names
        n = len(names)
        return CertifiedPoint(
            names=names,
            variables=dict(self.variables),
            parameters=dict(zip(names, quantities[:n], strict=True)),
            deviations=(
                None
                if deviations is None
                else dict(zip(names, quantities[n : 2 * n], strict=True))
            ),
            loss=quantities[-1],
            enclosure=enclosure,
            hypotheses=(*enclosure.hypotheses, *self.system.hypotheses()),
            digits=digits if reached else None,
        )

    def _negligible(self, digits: int) -> arb:
        size = max((upper_bound(v) for v in self.values.values()), default=arb(1))
        bound = arb(10) ** -digits
        for _ in range(_NEGLIGIBLE_POWER):
            bound = bound / size
        return bound


def enclose_loss(system: ReducedSystem, middle: arb_mat, zero: arb_mat) -> arb:
    """The loss at a critical point, by the mean value theorem from a point nearby.

    The gradient is small near the critical point, so the error is quadratic in the
    distance, whereas the loss evaluated on a box loses a factor k^2 or worse.

    Args:
        system: the landscape with its variables.
        middle: a point near the critical point, exact or narrow, n by 1.
        zero: balls that contain the critical point, n by 1.

    Returns:
        An enclosure at the working precision.
    """
    # The segment from the point to the zero lies in the hull of both.
    hull = [m.union(x) for m, x in zip(middle.entries(), zero.entries(), strict=True)]
    total = system.loss(middle)
    pattern = system.landscape.structure.pattern
    for count, slope, step in zip(
        system.landscape.orbit_counts,
        system.gradient(column_of(hull)).entries(),
        (zero - middle).entries(),
        strict=True,
    ):
        size = pattern.evaluate_count(count, system.lib, system.values)
        total += size * slope * step
    return total


def to_digits(x: arb, digits: int, negligible: arb) -> arb | None:
    """The ball, if it is known to the digits; a ball around 0 if it may well be 0.

    Args:
        x: the ball.
        digits: the radius may be 10^-digits relative to the midpoint.
        negligible: a ball that contains 0 and nothing larger than this is taken for a
            zero, and returned with midpoint 0.

    Returns:
        A ball that contains ``x``, or None if ``x`` is too wide.

    Example:
        >>> to_digits(arb(1, 1e-9), 5, arb(2) ** -40) is None
        False
        >>> to_digits(arb(1, 1e-9), 10, arb(2) ** -40) is None
        True
    """
    if x.rad() <= arb(10) ** -digits * abs(x.mid()):
        return x
    if x.contains(0) and upper_bound(x) <= negligible:
        return arb(0, upper_bound(x))
    return None


def _is_exact(value: Variable) -> bool:
    return not isinstance(value, arb) or value.is_exact()


def _bits(value: Variable) -> int:
    """About log2 of the value, at least 1."""
    if isinstance(value, arb):
        return max(1, int(value.mid().floor().unique_fmpz() or 0).bit_length())
    return max(1, int(value).bit_length())


def _shown(value: Variable) -> str:
    return value.str(6) if isinstance(value, arb) else str(value)


def _check_declared_parallel(landscape: Landscape, pair: Pair) -> None:
    """Refuse a pair declared parallel that is not so on the whole fixed space.

    Raises:
        UndecidedError: the proof would need derivatives across the point where the
            vectors become parallel.
    """
    if not pair.parallel:
        return
    for p, q in combinations(pair.columns, 2):
        if _monomial(p.x, q.y) != _monomial(q.x, p.y):
            message = (
                f"the pair {pair.label} is declared parallel, but is so only at single"
                f" points of the fixed space of {landscape.structure.pattern.text!r}"
            )
            raise UndecidedError(message, hint="choose a smaller fixed space")


def _monomial(x: Entry, y: Entry) -> tuple[Fraction, tuple[int, ...]]:
    """The product of two entries: its constant and its parameters."""
    constant, parameters = Fraction(1), []
    for entry in (x, y):
        if isinstance(entry, Fraction):
            constant *= entry
        else:
            parameters.append(entry)
    return constant, tuple(sorted(parameters)) if constant else ()
