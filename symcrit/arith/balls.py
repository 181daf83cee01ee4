"""Ball arithmetic: every result is an enclosure of the true value (Arb)."""

from fractions import Fraction

from flint import arb, fmpq

from symcrit.arith.protocol import Site

__all__ = ["BALLS", "Balls", "ball_of"]


class Balls:
    """The number system of Arb's real balls, at the current working precision.

    A root of a ball that reaches below zero is not a number, and so is all that
    depends on it; a test on such a ball never succeeds.
    """

    @property
    def pi(self) -> arb:
        """An enclosure of pi."""
        return arb.pi()

    def exact(self, value: int | Fraction) -> arb:
        """The smallest enclosure of a rational number."""
        return ball_of(Fraction(value))

    def root(self, x: arb, site: Site) -> arb:
        """The square roots of all points of the ball."""
        return x.sqrt()

    def angle(self, s: arb, c: arb, site: Site) -> arb:
        """The angles of all points (c, s)."""
        return arb.atan2(s, c)


BALLS = Balls()


def ball_of(value: Fraction) -> arb:
    """The smallest ball around a rational number at the working precision."""
    return arb(fmpq(value.numerator, value.denominator))
