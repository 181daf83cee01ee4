"""Ball arithmetic: every result is an enclosure of the true value (Arb)."""

from fractions import Fraction

from flint import arb, fmpq

from symcrit.arith.protocol import Site

__all__ = ["BALLS", "CLOSED_BALLS", "Balls", "ClosedBalls", "ball_of"]


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


class ClosedBalls(Balls):
    """Balls for radicands and sines that are known not to be negative.

    Where vectors may be parallel the ball of a squared sine reaches below zero although
    no value does.  Roots and angles of the values that can occur are continuous there.

    Example:
        >>> s = CLOSED_BALLS.root(arb(0, 1e-20), "a pair")
        >>> s.contains(0), s < 2e-10
        (True, True)
        >>> CLOSED_BALLS.angle(s, arb(-1), "a pair").rad() < 1e-9
        True
    """

    def root(self, x: arb, site: Site) -> arb:
        """The square roots of all points of the ball that are not negative."""
        if x >= 0:
            return x.sqrt()
        top = x.upper()
        return arb(0).union(top.sqrt()) if top >= 0 else arb.nan()

    def angle(self, s: arb, c: arb, site: Site) -> arb:
        """The angles in [0, pi] of all points (c, s) with s not negative.

        On the left the angle is told from the negative axis, across which that of Arb
        jumps.
        """
        if c < 0:
            return arb.pi() - arb.atan2(s, -c)
        return arb.atan2(s, c)


CLOSED_BALLS = ClosedBalls()


def ball_of(value: Fraction) -> arb:
    """The smallest ball around a rational number at the working precision."""
    return arb(fmpq(value.numerator, value.denominator))
