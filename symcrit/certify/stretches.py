r"""Tubes of critical points over intervals of real k, joined end to end.

A stretch is a tube over an interval [low, high] of real k: for each k in it, exactly
one critical point of the restricted loss in a box around a polynomial curve.  Two
stretches that meet in some k are joined if the zero of one of them there lies in the
box of the other.  Then both hold the same point at that k, and a chain of joined
stretches holds one analytic curve.

Derivations: derivations/points.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from flint import arb, arb_series

from symcrit.arith.ballseries import BALL_SERIES
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.certify.tubes import Polynomial, Tube, approx_curve, certify_tube
from symcrit.core.errors import UndecidedError
from symcrit.landscapes.reduced import Landscape, Reduced
from symcrit.spectra.sizes import Variable, as_ball

__all__ = ["AIM", "TUBE_PREC", "Chain", "InK", "Start", "Stretch"]

TUBE_PREC = 128
_TUBE_ORDER = 14
_FIRST_STEP = 0.1
_LARGEST_STEP = 0.3
_SMALLEST_STEP = 2.0**-20
"""Lengths of intervals of k, relative to k."""

AIM = 2.0**-13
"""The wanted width of a tube relative to the deviations; steps are chosen for it."""

_MOST_GROWTH = 1.3

Start: TypeAlias = Callable[[Fraction], Sequence[arb] | None]
"""From k to an approximate critical point there."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A tube of critical points over an interval of real k.

    Attributes:
        low: the lower end of the interval.
        high: the upper end.
        tube: the tube; s = -1 and s = 1 stand for the two ends.
    """

    low: Fraction
    high: Fraction
    tube: Tube

    def parameter(self, k: Variable) -> arb:
        """The s that belongs to k, at the working precision."""
        if isinstance(k, arb):
            width = as_ball(self.high - self.low)
            return (2 * k - as_ball(self.high + self.low)) / width
        return as_ball((2 * k - self.high - self.low) / (self.high - self.low))

    def enclosure(self, low: Fraction, high: Fraction) -> list[arb]:
        """Balls that contain the critical points for all k in a part of the interval.

        Raises:
            ValueError: the part is none of the interval.
        """
        if not self.low <= low <= high <= self.high:
            message = f"[{low}, {high}] is no part of [{self.low}, {self.high}]"
            raise ValueError(message)
        with working_precision(self.tube.prec):
            return self.tube.enclosure(self.parameter(low).union(self.parameter(high)))

    def holds(self, *point: arb) -> bool:
        """Whether a zero (x, k) certainly is the one of the tube at its k."""
        *x, k = point
        with working_precision(self.tube.prec):
            s = self.parameter(k)
        return self.tube.holds(x, s)

    def joins(self, lower: "Stretch") -> bool:
        """Whether this tube and the next lower one hold the same zero where they meet.

        The zero of one of them lies in the box of the other, where there is only one.
        """
        if self.low != lower.high:
            return False
        bottom, top = arb(-1), arb(1)
        mine, other = self.tube, lower.tube
        return other.holds(mine.enclosure(bottom), top) or mine.holds(
            other.enclosure(top), bottom
        )


class InK:
    """The reduced gradient over an interval of k, as a family of systems in s."""

    def __init__(self, landscape: Landscape, low: Fraction, high: Fraction) -> None:
        self.landscape = landscape
        self.middle = as_ball((high + low) / 2)
        self.radius = as_ball((high - low) / 2)

    @classmethod
    def at_precision(
        cls, landscape: Landscape, low: Fraction, high: Fraction, prec: int
    ) -> "InK":
        """The family with the ends of the interval rounded to so many bits."""
        with working_precision(prec):
            return cls(landscape, low, high)

    def at(self, x: Sequence[arb_series], s: arb_series) -> Reduced[arb_series]:
        """The landscape at the parameters x and the k that belongs to s."""
        k = self.middle + self.radius * s
        return self.landscape.at(BALL_SERIES, x, {"k": k})

    def value(self, x: Sequence[arb_series], s: arb_series) -> list[arb_series]:
        """The entries of the gradient."""
        return self.at(x, s).gradient()

    def slope(self, x: Sequence[arb_series], s: arb_series) -> list[list[arb_series]]:
        """Their derivatives by the parameters.

        Raises:
            ArithmeticError: a pair declared parallel may point otherwise.
        """
        at = self.at(x, s)
        for pair in self.landscape.structure.pairs:
            if pair.parallel and not pair.parallel * at.data(pair)[0].c[0] > 0:
                message = f"the pair {pair.label} may point otherwise than declared"
                raise ArithmeticError(message)
        return at.hessian()


class Chain:
    """Stretches from some k downward, each joined with the one above.

    Args:
        landscape: the landscape; its sizes depend on k only.
        limit: the limits of the parameters; deviations from them set the scales.
        top: where the chain starts.
        start: gives an approximate point of the curve near the top.
        aim: the wanted width of tubes relative to the deviations from the limit.
    """

    def __init__(
        self,
        landscape: Landscape,
        limit: Sequence[Exact],
        top: Fraction,
        start: Start,
        *,
        aim: float = AIM,
    ) -> None:
        self.landscape = landscape
        self.limit = tuple(limit)
        self.top = top
        self.start = start
        self.aim = aim
        self.stretches: list[Stretch] = []

    @property
    def bottom(self) -> Fraction:
        """The k down to which the curve is proved."""
        return self.stretches[-1].low if self.stretches else self.top

    def extend(self, k: Fraction, *, smallest_step: float = _SMALLEST_STEP) -> None:
        """Prove the curve down to k.

        Args:
            k: the k to reach.
            smallest_step: the length of the shortest tube, relative to k.

        Raises:
            UndecidedError: the tubes end above k; the message says where.
        """
        step = _FIRST_STEP
        if self.stretches:
            last = self.stretches[-1]
            step = float((last.high - last.low) / last.high)
        while self.bottom > k:
            high = self.bottom
            stretch = self._stretch(high, max(k, _shortened(high, step)))
            if stretch is not None:
                self.stretches.append(stretch)
                step = min(_LARGEST_STEP, step * self._growth(stretch))
                continue
            step /= 2
            if step < smallest_step:
                message = (
                    "an analytic curve of critical points was proved from"
                    f" k = {_short(self.top)} down to k = {float(high):.9g}, but not to"
                    f" k = {_short(k)}"
                )
                raise UndecidedError(message, hint="k may lie outside its range")

    def above(self, k: Fraction) -> list[Stretch]:
        """The stretches that reach above k."""
        return [stretch for stretch in self.stretches if stretch.high > k]

    def _stretch(self, high: Fraction, low: Fraction) -> Stretch | None:
        """A tube over an interval that is joined to the last one."""
        with working_precision(TUBE_PREC):
            family = InK(self.landscape, low, high)
            start = self._curve_start(high, low)
            if start is None:
                return None
            scales = self._deviations([c[0] for c in start])
            curve = approx_curve(
                family, start, scales, order=_TUBE_ORDER, prec=TUBE_PREC
            )
            if curve is None:
                return None
            tube = certify_tube(
                family, *curve, scales, order=_TUBE_ORDER, prec=TUBE_PREC
            )
            if tube is None:
                return None
        stretch = Stretch(low, high, tube)
        if self.stretches and not self.stretches[-1].joins(stretch):
            return None
        return stretch

    def _curve_start(
        self, high: Fraction, low: Fraction
    ) -> tuple[Polynomial, ...] | None:
        """The last centre, continued; or the point at the middle of the first tube."""
        middle = (high + low) / 2
        if self.stretches:
            last = self.stretches[-1]
            stretch = as_ball((high - low) / (last.high - last.low))
            return last.tube.continued(last.parameter(middle).mid(), stretch.mid())
        found = self.start(middle)
        return None if found is None else tuple((x.mid(),) for x in found)

    def _growth(self, stretch: Stretch) -> float:
        """By how much the next tube may be longer, from the width of this one."""
        with working_precision(TUBE_PREC):
            scales = self._deviations(stretch.tube.enclosure(arb(0)))
            width = max(
                float(b / scale)
                for b, scale in zip(stretch.tube.radii, scales, strict=True)
            )
        wanted: float = (self.aim / width) ** (1 / _TUBE_ORDER)
        return min(_MOST_GROWTH, max(0.5, wanted))

    def _deviations(self, point: Sequence[arb]) -> list[arb]:
        """The distances from the limit, with zeros replaced by the least positive."""
        sizes = [
            abs(x - limit.ball(TUBE_PREC)).mid()
            for x, limit in zip(point, self.limit, strict=True)
        ]
        least = min((x for x in sizes if x > 0), default=arb(1))
        return [x if x > 0 else least for x in sizes]


def _shortened(high: Fraction, step: float) -> Fraction:
    """About high * (1 - step), with a short binary expansion."""
    return Fraction(float(high) * (1 - step))


def _short(k: Fraction) -> str:
    return str(k) if k.denominator == 1 else f"{float(k):.9g}"
