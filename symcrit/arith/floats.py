"""Machine numbers: Python floats."""

import math
from fractions import Fraction

from symcrit.arith.protocol import Site

__all__ = ["FLOATS", "Floats"]


class Floats:
    """The number system of double precision; results carry no bound."""

    pi = math.pi

    def exact(self, value: int | Fraction) -> float:
        """The nearest double."""
        return float(value)

    def root(self, x: float, site: Site) -> float:
        """The square root; not a number where x is negative."""
        return math.sqrt(x) if x >= 0 else math.nan

    def angle(self, s: float, c: float, site: Site) -> float:
        """The angle of (c, s)."""
        return math.atan2(s, c)


FLOATS = Floats()
