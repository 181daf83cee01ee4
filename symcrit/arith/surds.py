"""Coefficients with formal square roots: polynomials times sqrt(m * factors).

Each root stands for sqrt(m q_i q_j ...) with m a squarefree positive integer and
factors of a scale that are positive at the true pi; it is positive.

Derivations: derivations/series.md.
"""

from collections.abc import Sequence
from typing import TypeAlias

from flint import fmpq, fmpq_poly, fmpz

from symcrit.arith.domains import Scale

__all__ = [
    "ONE",
    "Coefficient",
    "Key",
    "Surd",
    "exact_quotient",
    "multiplicity",
    "plain",
    "root_product",
    "split_square",
]

Key: TypeAlias = tuple[int, int]
"""A root: the integer m, and the mask of the factors under it."""

ONE: Key = (1, 0)
"""No root."""


class Surd:
    """A sum of polynomials times formal roots; immutable.

    Attributes:
        scale: what the factors are.
        parts: the polynomial that multiplies each root.

    Example:
        >>> from fractions import Fraction
        >>> from flint import fmpz_poly
        >>> scale = Scale((fmpz_poly([0, 1]),), (Fraction(0),))
        >>> root = Surd(scale, {(2, 0): fmpq_poly([1])})
        >>> (root * root).parts
        {(1, 0): 2}
    """

    __slots__ = ("parts", "scale")

    def __init__(self, scale: Scale, parts: dict[Key, fmpq_poly]) -> None:
        self.scale = scale
        self.parts = {k: p for k, p in parts.items() if p}

    def __bool__(self) -> bool:
        return bool(self.parts)

    def _lift(self, other: "Surd | fmpq_poly | fmpq | int") -> "Surd":
        if isinstance(other, Surd):
            return other
        return Surd(self.scale, {ONE: fmpq_poly([0]) + other})

    def __add__(self, other: "Surd | fmpq_poly | fmpq | int") -> "Surd":
        parts = dict(self.parts)
        for key, value in self._lift(other).parts.items():
            parts[key] = parts[key] + value if key in parts else value
        return Surd(self.scale, parts)

    __radd__ = __add__

    def __neg__(self) -> "Surd":
        return Surd(self.scale, {k: -p for k, p in self.parts.items()})

    def __sub__(self, other: "Surd | fmpq_poly | fmpq | int") -> "Surd":
        return self + (-self._lift(other))

    def __rsub__(self, other: fmpq_poly | fmpq | int) -> "Surd":
        return (-self) + other

    def __mul__(self, other: "Surd | fmpq_poly | fmpq | int") -> "Surd":
        if not isinstance(other, Surd):
            return Surd(self.scale, {k: p * other for k, p in self.parts.items()})
        parts: dict[Key, fmpq_poly] = {}
        for root, x in self.parts.items():
            for other_root, y in other.parts.items():
                key, outside = root_product(self.scale, root, other_root)
                value = x * y * outside
                parts[key] = parts[key] + value if key in parts else value
        return Surd(self.scale, parts)

    __rmul__ = __mul__

    def in_scale(self, scale: Scale, place: Sequence[int]) -> "Surd":
        """The same number with the factors at other places of another scale."""
        parts = {
            (m, sum(1 << place[i] for i in range(len(place)) if mask >> i & 1)): (
                scale.of_pi(self.scale.in_pi(value))
            )
            for (m, mask), value in self.parts.items()
        }
        return Surd(scale, parts)

    def conjugate(self) -> "Surd":
        """The image under the sign change of a root that some parts only contain.

        The product with it is fixed by that sign change: it does not contain the root.
        """
        primes = sorted({int(p) for m, _ in self.parts for p, _ in fmpz(m).factor()})
        moved = [{key for key in self.parts if key[0] % p == 0} for p in primes]
        width = len(self.scale.factors)
        moved += [{key for key in self.parts if key[1] >> i & 1} for i in range(width)]
        some = next(keys for keys in moved if 0 < len(keys) < len(self.parts))
        parts = {key: -p if key in some else p for key, p in self.parts.items()}
        return Surd(self.scale, parts)


def root_product(scale: Scale, root: Key, other: Key) -> tuple[Key, fmpq_poly]:
    """The product of two roots: a root, and the polynomial in front of it."""
    (m, f), (n, g) = root, other
    common = int(fmpz(m).gcd(fmpz(n)))
    bits = [(f & g) >> i & 1 for i in range(len(scale.factors))]
    return (m * n // common**2, f ^ g), common * scale.power(bits)


Coefficient: TypeAlias = fmpq_poly | Surd
"""A coefficient, without roots or with."""


def plain(row: Coefficient) -> Coefficient:
    """The coefficient as a polynomial if it contains no root."""
    if isinstance(row, Surd) and set(row.parts) <= {ONE}:
        return row.parts.get(ONE, fmpq_poly([0]))
    return row


def exact_quotient(row: Coefficient, divisor: fmpq_poly) -> Coefficient | None:
    """The quotient by a polynomial, or None if there is a remainder."""
    if isinstance(row, Surd):
        parts = {}
        for key, value in row.parts.items():
            quotient, remainder = divmod(value, divisor)
            if remainder:
                return None
            parts[key] = quotient
        return Surd(row.scale, parts)
    quotient, remainder = divmod(row, divisor)
    return None if remainder else quotient


def multiplicity(row: Coefficient, factor: fmpq_poly, most: int | None = None) -> int:
    """How often a polynomial that is no unit divides a coefficient that is not 0.

    Args:
        row: the coefficient.
        factor: the polynomial.
        most: no more than this is counted.
    """
    e = 0
    while most is None or e < most:
        quotient = exact_quotient(row, factor)
        if quotient is None:
            break
        row, e = quotient, e + 1
    return e


def split_square(c: fmpq) -> tuple[fmpq, int]:
    """Write c = outside^2 * inside with inside a squarefree positive integer."""
    outside, inside = fmpq(1, int(c.q)), 1
    for p, e in (c.p * c.q).factor():
        outside *= fmpq(int(p)) ** (int(e) // 2)
        inside *= int(p) ** (int(e) % 2)
    return outside, inside
