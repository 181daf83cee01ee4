"""First derivatives: numbers that carry their gradient, over any number system.

A jet is a value with its derivatives in finitely many directions, taken by the rules of
differentiation and therefore as exact as the arithmetic underneath: over balls the
derivatives are enclosures, over series they are series with their own O-terms.  A
direction that is absent has derivative zero *structurally*, costs nothing, and is not
the same as a derivative that happens to be small.

Jets are for what the closed forms of a landscape do not give: derivatives by the block
sizes, as thresholds in real k need them.  They are not nested; for second derivatives
of a landscape there are closed forms.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Generic, TypeVar

from symcrit.arith.protocol import Element, Numbers, Site

__all__ = ["Jet", "Jets"]

T = TypeVar("T", bound=Element)


class Jet(Generic[T]):
    """A value and its derivatives; immutable.

    Jets of one computation share one set of directions.  They calculate with each other
    and with integers; another constant becomes a jet by ``Jets.constant``.

    Attributes:
        value: the value.
        slopes: the derivative in each direction; absent ones are zero.

    Example:
        >>> x, y = Jet(3.0, {"x": 1.0}), Jet(2.0, {"y": 1.0})
        >>> z = x * x / y - 1
        >>> z.value, z.slopes
        (3.5, {'x': 3.0, 'y': -2.25})
    """

    __slots__ = ("slopes", "value")

    def __init__(self, value: T, slopes: Mapping[str, T]) -> None:
        self.value = value
        self.slopes = slopes

    def __add__(self, other: object) -> "Jet[T]":
        if isinstance(other, int):
            return Jet(self.value + other, self.slopes)
        if not isinstance(other, Jet):
            return NotImplemented
        return Jet(self.value + other.value, _sum(self.slopes, other.slopes))

    __radd__ = __add__

    def __neg__(self) -> "Jet[T]":
        return Jet(-self.value, {i: -dx for i, dx in self.slopes.items()})

    def __sub__(self, other: object) -> "Jet[T]":
        if isinstance(other, int):
            return Jet(self.value - other, self.slopes)
        if not isinstance(other, Jet):
            return NotImplemented
        return Jet(self.value - other.value, _difference(self.slopes, other.slopes))

    def __rsub__(self, other: object) -> "Jet[T]":
        return -self + other if isinstance(other, int) else NotImplemented

    def __mul__(self, other: object) -> "Jet[T]":
        if isinstance(other, int):
            return Jet(self.value * other, _scaled(self.slopes, other))
        if not isinstance(other, Jet):
            return NotImplemented
        left = _scaled(self.slopes, other.value)
        right = _scaled(other.slopes, self.value)
        return Jet(self.value * other.value, _sum(left, right))

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> "Jet[T]":
        if isinstance(other, int):
            return Jet(self.value / other, _divided(self.slopes, other))
        if not isinstance(other, Jet):
            return NotImplemented
        quotient = self.value / other.value
        slopes = _difference(self.slopes, _scaled(other.slopes, quotient))
        return Jet(quotient, _divided(slopes, other.value))

    def __rtruediv__(self, other: object) -> "Jet[T]":
        if not isinstance(other, int):
            return NotImplemented
        quotient = other / self.value
        return Jet(quotient, _scaled(self.slopes, -(quotient / self.value)))

    def __repr__(self) -> str:
        return f"Jet({self.value!r}, {dict(self.slopes)!r})"


def _scaled(slopes: Mapping[str, T], factor: "T | int") -> dict[str, T]:
    return {i: dx * factor for i, dx in slopes.items()}


def _divided(slopes: Mapping[str, T], divisor: "T | int") -> dict[str, T]:
    return {i: dx / divisor for i, dx in slopes.items()}


def _sum(left: Mapping[str, T], right: Mapping[str, T]) -> Mapping[str, T]:
    if not right:
        return left
    total = dict(left)
    for i, dx in right.items():
        total[i] = total[i] + dx if i in total else dx
    return total


def _difference(left: Mapping[str, T], right: Mapping[str, T]) -> Mapping[str, T]:
    if not right:
        return left
    total = dict(left)
    for i, dx in right.items():
        total[i] = total[i] - dx if i in total else -dx
    return total


class Jets(Generic[T]):
    """The number system of jets over another number system.

    Attributes:
        base: the number system of values and derivatives.

    Example:
        >>> from symcrit.arith.floats import FLOATS
        >>> jets = Jets(FLOATS)
        >>> k = jets.variable(16.0, "k")
        >>> jets.root(k, "a site").slopes
        {'k': 0.125}
    """

    def __init__(self, base: Numbers[T]) -> None:
        self.base = base

    @property
    def pi(self) -> Jet[T]:
        """The constant pi."""
        return Jet(self.base.pi, {})

    def exact(self, value: int | Fraction) -> Jet[T]:
        """A rational constant."""
        return Jet(self.base.exact(value), {})

    def constant(self, value: T) -> Jet[T]:
        """A number that no direction moves."""
        return Jet(value, {})

    def variable(self, value: T, direction: str) -> Jet[T]:
        """A number that moves with speed one in a direction of its own."""
        return Jet(value, {direction: self.base.exact(1)})

    def variables(self, values: Iterable[tuple[str, T]]) -> list[Jet[T]]:
        """Several variables, each with its own direction."""
        return [self.variable(value, direction) for direction, value in values]

    def slope(self, x: Jet[T], direction: str) -> T:
        """The derivative of x in a direction, the exact zero if it is absent."""
        return x.slopes[direction] if direction in x.slopes else self.base.exact(0)

    def root(self, x: Jet[T], site: Site) -> Jet[T]:
        """The root of the value; its derivative is dx / (2 root)."""
        root = self.base.root(x.value, site)
        return Jet(root, {i: dx / (2 * root) for i, dx in x.slopes.items()})

    def angle(self, s: Jet[T], c: Jet[T], site: Site) -> Jet[T]:
        """The angle of the values; its derivative is (c ds - s dc) / (s^2 + c^2)."""
        theta = self.base.angle(s.value, c.value, site)
        if not s.slopes and not c.slopes:
            return Jet(theta, {})
        square = s.value * s.value + c.value * c.value
        by_s = _scaled(s.slopes, c.value / square)
        by_c = _scaled(c.slopes, s.value / square)
        return Jet(theta, _difference(by_s, by_c))
