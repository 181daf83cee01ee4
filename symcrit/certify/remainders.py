r"""How far a curve of critical points is from the first terms of its series.

Over a stretch each parameter and the loss are polynomials in s with a remainder.  With
k = K + R s and t = k^(-1/2) their distances from a sum of terms c t^e, relative to t^m,
are enclosed by Taylor polynomials on short parts of the stretch, and the hull of all
parts bounds

    (x_j(k) - sum c t^e) / t^m    for all k of the stretch.

Derivations: derivations/uniform.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, arb_series

from symcrit.arith.balls import ball_of
from symcrit.arith.ballseries import coefficient_matrices, evaluate_polynomial
from symcrit.arith.exact import Exact
from symcrit.arith.precision import series_length, working_precision
from symcrit.certify.krawczyk import upper_bound
from symcrit.certify.stretches import InK, Stretch
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.sizes import as_ball

__all__ = ["QuantityCurve", "Terms", "quantity_curves"]

Terms = Sequence[tuple[Fraction, Exact]]
"""Exponents of t and exact coefficients."""

_PARTS = 4
"""A stretch is divided in so many parts."""

_ORDER = 10


@dataclass(frozen=True)
class QuantityCurve:
    """A parameter or the loss along a stretch.

    Attributes:
        stretch: the stretch.
        coefficients: a polynomial in s with balls as coefficients.
        rest: a ball for the remainder, at each s.
    """

    stretch: Stretch
    coefficients: tuple[arb, ...]
    rest: arb

    def scaled(self, terms: Terms, exponent: Fraction) -> arb:
        """A ball with (x - sum c t^e) / t^exponent for all k of the stretch.

        Args:
            terms: the exponents e and coefficients c.
            exponent: m.
        """
        prec = self.stretch.tube.prec
        with working_precision(prec):
            known = [(e, c.ball(prec)) for e, c in terms]
            parts = [self._part(i, known, exponent) for i in range(_PARTS)]
            hull = parts[0]
            for part in parts[1:]:
                hull = hull.union(part)
        return hull

    def _part(
        self, i: int, known: Sequence[tuple[Fraction, arb]], exponent: Fraction
    ) -> arb:
        """The same for one part of the stretch."""
        low, high = self.stretch.low, self.stretch.high
        middle = ball_of(Fraction(2 * i + 1, _PARTS) - 1)
        centre, radius = as_ball((low + high) / 2), as_ball((high - low) / 2)

        def distance(u: arb_series) -> arb_series:
            s = middle + u / _PARTS
            log_t = -(centre + radius * s).log() / 2
            total = evaluate_polynomial(self.coefficients, s)
            for e, c in known:
                total = total - c * (log_t * _ball(e)).exp()
            return total * (log_t * _ball(-exponent)).exp()

        s = middle + arb(0, 1) / _PARTS
        log_t = -(centre + radius * s).log() / 2
        return _range(distance) + self.rest * (log_t * _ball(-exponent)).exp()


def _ball(value: Fraction) -> arb:
    return ball_of(Fraction(value))


def _range(function: Callable[[arb_series], arb_series]) -> arb:
    """A ball with the values of a function of u over [-1, 1]."""
    with series_length(_ORDER):
        first = function(arb_series([0, 1]))
    with series_length(_ORDER + 1):
        last = function(arb_series([arb(0, 1), 1]))[_ORDER]
    spread = sum((upper_bound(first[m]) for m in range(1, _ORDER)), arb(0))
    return first[0] + arb(0, (spread + upper_bound(last)).upper())


def quantity_curves(
    landscape: Landscape, stretch: Stretch
) -> Mapping[str, QuantityCurve]:
    """The parameters and the loss along a stretch, by name.

    Args:
        landscape: the landscape.
        stretch: a tube of critical points over an interval of k.

    Raises:
        ArithmeticError: the tube is too wide, or some pairs may become parallel in it.
    """
    try:
        return _quantity_curves(landscape, stretch)
    except ValueError as error:  # a division by a series that may vanish
        raise ArithmeticError(str(error)) from error


def _quantity_curves(
    landscape: Landscape, stretch: Stretch
) -> Mapping[str, QuantityCurve]:
    """The curves; errors are those of series."""
    tube = stretch.tube
    family = InK(landscape, stretch.low, stretch.high)
    with working_precision(tube.prec):
        box = [arb(0, b) for b in tube.image]
        curves = {
            name: QuantityCurve(stretch, tuple(c), e)
            for name, c, e in zip(
                landscape.structure.pattern.names, tube.centre, box, strict=True
            )
        }

        def loss(start: arb, length: int) -> list[arb]:
            with series_length(length):
                s = arb_series([start, 1])
                x = [
                    evaluate_polynomial(c, s) + e
                    for c, e in zip(tube.centre, box, strict=True)
                ]
                value = family.at(x, s).loss()
                return [m[0, 0] for m in coefficient_matrices([[value]], length)]

        first = loss(arb(0), tube.order)
        last = loss(arb(0, 1), tube.order + 1)[tube.order]
        # |s| <= 1, so the last term is bounded by its coefficient.
        rest = arb(0, upper_bound(last))
        curves["loss"] = QuantityCurve(stretch, tuple(first), rest)
    return curves
