"""Numbers of any precision without a bound on the error (mpmath).

mpmath shares no code with FLINT, so agreement of the two is worth something.
"""

from fractions import Fraction
from typing import Any

from symcrit.arith.protocol import Site

__all__ = ["Multiprecision"]


class Multiprecision:
    """The number system of an mpmath context, at the context's working precision.

    Attributes:
        context: an mpmath context, for example ``mpmath.mp``; it owns the precision.

    Example:
        >>> from mpmath import MPContext
        >>> context = MPContext()
        >>> context.dps = 30
        >>> lib = Multiprecision(context)
        >>> lib.exact(Fraction(1, 3))
        mpf('0.333333333333333333333333333333317')
        >>> lib.angle(lib.exact(1), lib.exact(-1), "w1.v1") - 3 * lib.pi / 4
        mpf('0.0')
    """

    def __init__(self, context: Any) -> None:
        self.context = context

    @property
    def pi(self) -> Any:
        """The number pi, rounded to the precision that the context has now."""
        return +self.context.pi

    def exact(self, value: int | Fraction) -> Any:
        """The rational number, rounded to the working precision."""
        value = Fraction(value)
        return self.context.mpf(value.numerator) / value.denominator

    def root(self, x: Any, site: Site) -> Any:
        """The square root; not a number where x is negative."""
        return self.context.sqrt(x) if x >= 0 else self.context.nan

    def angle(self, s: Any, c: Any, site: Site) -> Any:
        """The angle of (c, s)."""
        return self.context.atan2(s, c)
