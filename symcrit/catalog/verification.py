"""Exact series compared with certified points, from k = 10 to k = 10^10 and far beyond.

A series that is cut off at some order differs from the true value by an error that is
enclosed here in a ball: certified point minus truncated sum, with a precision that
follows k, so that the sign and the leading digits of the error are certain.  Three
things are then compared for every quantity and every truncation:

* the slope of log|error| over log t, fitted only well inside the estimated radius of
  convergence, with the exponent of the first omitted term;
* the error divided by that power of t, at one very large k, with the first omitted
  coefficient;
* the same with the error of the whole known sum, which has to be O(t^order).

The balls are rigorous; that a slope or a coefficient within a tolerance speaks for the
series is an inference from finitely many k.  It is independent of how the series was
found: the equations are solved again, with numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, log2
from typing import TypeAlias

from flint import arb

from symcrit.arith.balls import ball_of
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.catalog.family import Family
from symcrit.catalog.quantities import FamilySeries, Quantity
from symcrit.certify.branches import Branch
from symcrit.core.errors import InputError, RefutedError, UndecidedError
from symcrit.core.truth import Truth

__all__ = [
    "FAR",
    "SIZES",
    "Enclose",
    "ErrorAt",
    "Optimum",
    "QuantityCheck",
    "Row",
    "TruncationCheck",
    "Verification",
    "approx_optimal_truncation",
    "certified_balls",
    "verify_series",
]

Enclose: TypeAlias = Callable[[Fraction, int], Mapping[str, arb]]
"""From k and a precision in bits to balls that hold each parameter and the loss."""

SIZES = tuple(Fraction(10**n) for n in range(1, 11))
"""The values of k of tables, plots and fitted slopes."""

FAR = tuple(Fraction(10**n) for n in (20, 30, 40))
"""Values of k for coefficients, and for slopes that show only there."""

WELL_INSIDE = Fraction(1, 30)
"""Slopes are fitted for t up to this part of the estimated radius of convergence."""

SLOPE_TOLERANCE = Fraction(1, 10)
"""A slope this near to an exponent agrees with it (times the grid of exponents)."""

SLOPE_REFUTED = Fraction(2, 5)
"""A slope farther off than this disagrees (times the grid of exponents)."""

COEFFICIENT_TOLERANCE = Fraction(1, 10**9)
"""A coefficient observed at the last far k with this relative error agrees."""

COEFFICIENT_REFUTED = Fraction(1, 10**6)
"""A coefficient observed there with a larger relative error disagrees."""

_MIN_POINTS = 3
"""A slope is not fitted through fewer points."""

_GUARD_BITS = 64
"""Bits of an error beyond its first that are aimed at."""

_ERROR_BITS = 40
"""Bits of an error beyond its first that are needed."""

_FIT_BITS = 256
"""Working precision of slopes and observed coefficients."""

_MAX_ATTEMPTS = 4
"""How often the precision is raised where an error has too few bits."""


@dataclass(frozen=True, slots=True)
class ErrorAt:
    """The error of a truncated series at one k.

    Attributes:
        k: the size.
        error: a ball that holds the true value minus the truncated sum.
    """

    k: Fraction
    error: arb

    @property
    def sign(self) -> int:
        """1, -1, or 0 if the ball contains zero and the sign is not known."""
        return int(bool(self.error > 0)) - int(bool(self.error < 0))


@dataclass(frozen=True, slots=True)
class TruncationCheck:
    """A quantity cut off after some terms, against certified points.

    Attributes:
        terms: how many terms are kept.
        order: the exponent of the first omitted term, or of the O-term.
        coefficient: the first omitted coefficient; None where only the O-term is left.
        errors: the errors at the sizes, ascending in k.
        far: the errors at the far sizes.
        slope: the fitted exponent as a ball; None without enough points.
        fitted: the sizes through which the slope was fitted.
        observed: the error at the last far size, divided by t^order; None if no point
            was certified there.
        slope_agrees: whether the slope is that of the order.
        coefficient_agrees: whether ``observed`` is the coefficient.
    """

    terms: int
    order: Fraction
    coefficient: Exact | None
    errors: tuple[ErrorAt, ...]
    far: tuple[ErrorAt, ...]
    slope: arb | None
    fitted: tuple[Fraction, ...]
    observed: arb | None
    slope_agrees: Truth
    coefficient_agrees: Truth

    @property
    def outcome(self) -> Truth:
        """Whether slope and coefficient agree with the series."""
        return self.slope_agrees & self.coefficient_agrees


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of errors.

    Attributes:
        quantity: the name of the parameter, or ``loss``.
        k: the size.
        order: the exponent of the first omitted term.
        error: true value minus truncated sum.
        predicted: the first omitted term; None where only the O-term is left.
    """

    quantity: str
    k: Fraction
    order: Fraction
    error: arb
    predicted: arb | None


@dataclass(frozen=True, slots=True)
class QuantityCheck:
    """All truncations of one quantity.

    Attributes:
        name: the parameter, or ``loss``.
        truncations: from the shortest to the whole known sum.
    """

    name: str
    truncations: tuple[TruncationCheck, ...]

    @property
    def outcome(self) -> Truth:
        """TRUE if every truncation agrees, FALSE if one certainly does not."""
        if not self.truncations:
            return Truth.UNKNOWN
        return Truth.all_of(check.outcome for check in self.truncations)

    def rows(self, *, prec: int = 64) -> list[Row]:
        """The table of errors, by order and then by k."""
        return [
            Row(
                self.name,
                found.k,
                check.order,
                found.error,
                None
                if check.coefficient is None
                else check.coefficient.ball(prec)
                * _t_power(found.k, check.order, prec),
            )
            for check in self.truncations
            for found in check.errors
        ]

    def observed_optimum(self, k: Fraction) -> Fraction | None:
        """The order at which the truncated sum was nearest to the true value at k."""
        found = [
            (abs(float(x.error.mid())), check.order)
            for check in self.truncations
            for x in check.errors
            if x.k == k
        ]
        return min(found)[1] if found else None

    def points(self, order: Fraction) -> list[tuple[float, float]]:
        """Pairs t, |error| of one truncation, for a log-log plot of known signs."""
        return [
            (float(_t_power(x.k, Fraction(1), 64).mid()), abs(float(x.error.mid())))
            for check in self.truncations
            if check.order == order
            for x in check.errors
            if x.sign
        ]


@dataclass(frozen=True)
class Verification:
    """The series of a family against its certified points.

    Attributes:
        family: the name of the family.
        quantities: the comparison of each quantity, by name.
        radius: the estimated radius of convergence in t, without a bound; or None.
        missing: the sizes at which no point was certified, and why.
    """

    family: str
    quantities: Mapping[str, QuantityCheck]
    radius: float | None
    missing: Mapping[Fraction, str]

    @cached_property
    def outcome(self) -> Truth:
        """TRUE if every quantity agrees, FALSE if one certainly does not."""
        return Truth.all_of(check.outcome for check in self.quantities.values())

    def rows(self) -> list[Row]:
        """The table of all errors."""
        return [row for check in self.quantities.values() for row in check.rows()]


@dataclass(frozen=True, slots=True)
class Optimum:
    """Where to cut a series off at one k.

    Attributes:
        k: the size.
        order: the exponent of the first omitted term.
        terms: how many terms are kept.
        estimate: the size of the first omitted term, which is no bound of the error.
    """

    k: Fraction
    order: Fraction
    terms: int
    estimate: float


def approx_optimal_truncation(quantity: Quantity, k: Fraction) -> Optimum | None:
    """Where to cut a series off at k: before its smallest term.

    Inside the radius of convergence the terms keep getting smaller and the last known
    one is the smallest; outside they soon grow.

    Args:
        quantity: the expansion.
        k: the size.

    Returns:
        The place, or None if fewer than two terms are known.

    Example:
        >>> import symcrit
        >>> loss = symcrit.family("II").series(order=12).loss
        >>> best = [approx_optimal_truncation(loss, Fraction(k)) for k in (4, 1000)]
        >>> [str(optimum.order) for optimum in best]
        ['3', '11']
    """
    sizes = [
        (abs(float(c.ball(64) * _t_power(k, n, 64))), j, n)
        for j, (n, c) in enumerate(quantity.terms)
        if j
    ]
    if not sizes:
        return None
    estimate, terms, order = min(sizes)
    return Optimum(k, order, terms, estimate)


def verify_series(
    family: Family,
    series: FamilySeries,
    *,
    sizes: Sequence[Fraction] = SIZES,
    far: Sequence[Fraction] = FAR,
    enclose: Enclose | None = None,
) -> Verification:
    """Compare every truncation of a series with certified points.

    Args:
        family: the family, whose points are certified.
        series: its series, or one to be tested.
        sizes: the values of k for errors and slopes, ascending.
        far: much larger values of k, at the last of which coefficients are read off.
        enclose: what encloses the true values; default: certified points of the family.

    Returns:
        The errors as balls and what they say; sizes without a certified point are left
        out and listed.

    Raises:
        InputError: the sizes and then the far ones do not ascend.
    """
    everywhere = [*sizes, *far]
    if everywhere != sorted(set(everywhere)) or not far:
        message = "the sizes, and then the far ones, should ascend"
        raise InputError(message)
    enclose = enclose or certified_balls(family)
    missing: dict[Fraction, str] = {}
    errors: dict[Fraction, Mapping[str, list[arb]]] = {}
    for k in everywhere:
        try:
            errors[k] = _errors_at(series, k, enclose)
        except (InputError, RefutedError, UndecidedError) as error:
            missing[k] = str(error)
    radius = series.approx_radius()
    checks = {}
    for name, quantity in series.quantities.items():
        judge = _Judge(quantity, radius, Fraction(1, series.ramification), far[-1])
        found = []
        for kept in range(min(1, len(quantity.terms)), len(quantity.terms) + 1):
            near, away = (
                [ErrorAt(k, errors[k][name][kept]) for k in some if k in errors]
                for some in (sizes, far)
            )
            found.append(judge.check(kept, near, away))
        checks[name] = QuantityCheck(name, tuple(found))
    return Verification(family.name, checks, radius, missing)


def certified_balls(family: Family) -> Enclose:
    """What encloses the certified points of a family, with the precision asked for.

    Points are followed from the limit of the family, guarded against jumps to other
    branches; each is proved.

    Returns:
        A function of k and a precision in bits, to which each parameter and the loss is
        known relative to its size.  It raises UndecidedError where no point is proved,
        and InputError where an orbit of the pattern is empty.

    Example:
        >>> import symcrit
        >>> balls = certified_balls(symcrit.family("II"))(Fraction(7), 100)
        >>> print(balls["a_1"].str(10, radius=False))
        -0.6327039049
    """
    branch = Branch(family.landscape, family.leading)

    def enclose(k: Fraction, prec: int) -> dict[str, arb]:
        point = branch.point(k, digits=ceil(prec / log2(10))).point
        return {**point.parameters, "loss": point.loss}

    return enclose


def _errors_at(
    series: FamilySeries, k: Fraction, enclose: Enclose
) -> dict[str, list[arb]]:
    """The error of each quantity after 0, 1, 2, ... terms, with enough bits."""
    last = max(quantity.order for quantity in series.quantities.values())
    prec = _GUARD_BITS + ceil(float(last) * log2(k) / 2)
    for _ in range(_MAX_ATTEMPTS):
        true = enclose(k, prec)
        found = {
            name: _errors(quantity, true[name], k, prec)
            for name, quantity in series.quantities.items()
        }
        accuracy = (x.rel_accuracy_bits() for errors in found.values() for x in errors)
        if min(accuracy) >= _ERROR_BITS:
            break
        prec *= 2
    return found


def _errors(quantity: Quantity, true: arb, k: Fraction, prec: int) -> list[arb]:
    with working_precision(prec):
        found = [true]
        for exponent, c in quantity.terms:
            found.append(found[-1] - c.ball(prec) * _t_power(k, exponent, prec))
        return found


@dataclass(frozen=True, slots=True)
class _Judge:
    """What the errors of one quantity are held against.

    Attributes:
        quantity: the expansion.
        radius: the estimated radius of convergence in t.
        grid: the distance of neighbouring exponents.
        last: the size at which coefficients are read off.
    """

    quantity: Quantity
    radius: float | None
    grid: Fraction
    last: Fraction

    def check(
        self, kept: int, near: Sequence[ErrorAt], far: Sequence[ErrorAt]
    ) -> TruncationCheck:
        """Judge the errors after some terms, at the sizes and at the far ones."""
        order, coefficient = self.quantity.order, None
        if kept < len(self.quantity.terms):
            order, coefficient = self.quantity.terms[kept]
        fitted = self._fitted(kept, near, far)
        slope = _fitted_slope(fitted) if len(fitted) >= _MIN_POINTS else None
        observed = None
        if far and far[-1].k == self.last:
            with working_precision(_FIT_BITS):
                observed = far[-1].error / _t_power(self.last, order, _FIT_BITS)
        slope_agrees = self._judge_slope(slope, order, exact=coefficient is not None)
        if observed is not None and not any(x.sign for x in (*near, *far)):
            # Zero to all known digits, as for a parameter that stays at its limit.
            slope_agrees = Truth.of(true=bool(abs(observed) < 1), false=False)
        return TruncationCheck(
            kept,
            order,
            coefficient,
            tuple(near),
            tuple(far),
            slope,
            tuple(x.k for x in fitted) if slope is not None else (),
            observed,
            slope_agrees,
            _judge_coefficient(observed, coefficient),
        )

    def _fitted(
        self, kept: int, near: Sequence[ErrorAt], far: Sequence[ErrorAt]
    ) -> list[ErrorAt]:
        """The errors through which a slope is fitted: well inside the radius.

        The radius is not taken larger than the ratio of neighbouring coefficients;
        where that is not known, the largest sizes are used.
        """
        known = [x for x in (*near, *far) if x.sign]
        following = self.quantity.terms[kept : kept + 2]
        if len(following) < 2:
            return known[-_MIN_POINTS:]
        (n, c), (m, d) = following
        ratio = abs(float(c.ball(64).mid()) / float(d.ball(64).mid()))
        bounds = [ratio ** (1 / float(m - n))]
        if self.radius is not None:
            bounds.append(self.radius)
        t = min(bounds) * float(WELL_INSIDE)
        inside = [x for x in known if x.k * t * t >= 1]
        close = [x for x in inside if not far or x.k < far[0].k]
        return close if len(close) >= _MIN_POINTS else inside

    def _judge_slope(self, slope: arb | None, order: Fraction, *, exact: bool) -> Truth:
        if slope is None:
            return Truth.UNKNOWN
        excess = slope - ball_of(order)
        near = ball_of(SLOPE_TOLERANCE * self.grid)
        far = ball_of(SLOPE_REFUTED * self.grid)
        if exact:
            distance = abs(excess)
            return Truth.of(true=bool(distance < near), false=bool(distance > far))
        return Truth.of(true=bool(excess > -near), false=bool(excess < -far))


def _fitted_slope(points: Sequence[ErrorAt]) -> arb:
    """The least-squares slope of log|error| over log t, as a ball."""
    with working_precision(_FIT_BITS):
        xs = [-ball_of(point.k).log() / 2 for point in points]
        ys = [abs(point.error).log() for point in points]
        mean = sum(xs, arb(0)) / len(xs)
        top = sum(((x - mean) * y for x, y in zip(xs, ys, strict=True)), arb(0))
        return top / sum(((x - mean) * (x - mean) for x in xs), arb(0))


def _judge_coefficient(observed: arb | None, coefficient: Exact | None) -> Truth:
    if coefficient is None:
        return Truth.TRUE
    if observed is None:
        return Truth.UNKNOWN
    with working_precision(_FIT_BITS):
        distance = abs(observed / coefficient.ball(_FIT_BITS) - 1)
        return Truth.of(
            true=bool(distance < ball_of(COEFFICIENT_TOLERANCE)),
            false=bool(distance > ball_of(COEFFICIENT_REFUTED)),
        )


def _t_power(k: Fraction, exponent: Fraction, prec: int) -> arb:
    with working_precision(prec):
        return (
            -ball_of(k).log() * exponent.numerator / (2 * exponent.denominator)
        ).exp()
