"""The errors of a series that was cut off, held against its first omitted term.

Errors are balls, and rigorous; what is judged of them is an inference with the
tolerances that stand here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symcrit.arith.balls import ball_of
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.catalog.quantities import Quantity
from symcrit.core.truth import Truth

__all__ = ["ErrorAt", "Judge", "TruncationCheck", "t_power"]

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

_FIT_BITS = 256
"""Working precision of slopes and observed coefficients."""


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
class Judge:
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
                observed = far[-1].error / t_power(self.last, order, _FIT_BITS)
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


def t_power(k: Fraction, exponent: Fraction, prec: int) -> arb:
    """A power of t = k^(-1/2) as a ball, with ``prec`` bits."""
    with working_precision(prec):
        return (
            -ball_of(k).log() * exponent.numerator / (2 * exponent.denominator)
        ).exp()
