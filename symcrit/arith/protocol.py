"""What a formula may ask of a number system, and nothing more.

Formulas evaluate; they never compare, branch or solve.  A *site* names the place of a
root or of an angle, so that a number system without an order (a rational number in
place of pi, a series) can replay a decision that was taken elsewhere, and so that an
error message can say where it happened.
"""

from fractions import Fraction
from typing import Any, Protocol, Self, TypeAlias, TypeVar

__all__ = ["AnyNumbers", "Element", "Numbers", "Site"]

Site: TypeAlias = str


class Element(Protocol):
    """A number as formulas use it: ``+ - * /`` with its like and with integers."""

    def __add__(self, other: Any, /) -> Self: ...
    def __radd__(self, other: Any, /) -> Self: ...
    def __sub__(self, other: Any, /) -> Self: ...
    def __rsub__(self, other: Any, /) -> Self: ...
    def __mul__(self, other: Any, /) -> Self: ...
    def __rmul__(self, other: Any, /) -> Self: ...
    def __truediv__(self, other: Any, /) -> Self: ...
    def __rtruediv__(self, other: Any, /) -> Self: ...
    def __neg__(self) -> Self: ...


T = TypeVar("T", bound=Element)


class Numbers(Protocol[T]):
    """A number system: constants, square roots and angles over elements of type T."""

    @property
    def pi(self) -> T:
        """The number pi (or what stands for it)."""
        ...

    def exact(self, value: int | Fraction) -> T:
        """The rational number, without rounding (or in the smallest enclosure)."""
        ...

    def root(self, x: T, site: Site) -> T:
        """The nonnegative square root of x."""
        ...

    def angle(self, s: T, c: T, site: Site) -> T:
        """The angle in [0, pi] with sine s / r and cosine c / r, r**2 = s**2 + c**2."""
        ...


AnyNumbers: TypeAlias = Numbers[Any]
