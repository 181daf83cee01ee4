r"""What the coefficients of a series look like.

A domain fixes irreducible polynomials q_0 = pi, q_1, ... in pi, all positive at the
true pi, and nonnegative rational slopes a_0, a_1, ...  A series in it is

    sum over n >= 0 of  q^(unit - floor(a n)) * h_n * t^(v + n)  +  O(t^prec),

with polynomials h_n and ``unit`` a vector of integer exponents.  An operation for which
the domain is too small raises an error with a domain that is larger where it matters.

The polynomials h_n are kept in x = pi - c, with c the root of a factor whose slope is
no integer, if there is one: the powers of this factor then are powers of x.

Derivations: derivations/series.md.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from flint import fmpq_poly, fmpz_poly

from symcrit.arith.exact import positive_at_pi
from symcrit.core.errors import SymcritError, UndecidedError

__all__ = ["Domain", "DomainTooSmallError", "Scale", "retry_in_larger_domain"]

R = TypeVar("R")

_MAX_ATTEMPTS = 60
_SLOPE_DENOMINATOR = 3


class DomainTooSmallError(SymcritError):
    """The domain lacks a factor or has too small a slope.

    Attributes:
        domain: a domain that is large enough for the operation that failed.
    """

    def __init__(self, domain: "Domain") -> None:
        super().__init__("the domain of coefficients is too small")
        self.domain = domain


@dataclass(frozen=True)
class Scale:
    """Irreducible factors with their slopes, and what follows from them.

    Attributes:
        factors: irreducible integer polynomials in pi, positive at pi; the first is pi.
        slopes: one nonnegative rational number for each factor.

    Example:
        >>> scale = Scale(
        ...     (fmpz_poly([0, 1]), fmpz_poly([-2, 1])), (Fraction(2), Fraction(1, 3))
        ... )
        >>> scale.floors(7), scale.centre, scale.of_pi(fmpq_poly([-2, 1]))
        ((14, 2), 2, x)
    """

    factors: tuple[fmpz_poly, ...]
    slopes: tuple[Fraction, ...]

    @cached_property
    def shifted(self) -> int | None:
        """The index of the factor that is x, if this has the only broken slope.

        None if all slopes are integers, or too many are not.
        """
        broken = [i for i, a in enumerate(self.slopes) if a.denominator > 1]
        return broken[0] if len(broken) == 1 and self._root(broken[0]) else None

    def _root(self, index: int) -> list[int]:
        """The integer root of a monic linear factor, or nothing."""
        q = self.factors[index]
        return [-int(q[0])] if q.degree() == 1 and q[1] == 1 else []

    @cached_property
    def centre(self) -> int:
        """The number c such that rows are polynomials in x = pi - c."""
        return 0 if self.shifted is None else self._root(self.shifted)[0]

    @cached_property
    def is_graded(self) -> bool:
        """Whether a product of rows i and j needs at most a power of x to be a row."""
        return self.shifted is not None or self.period == 1

    @cached_property
    def period(self) -> int:
        """The least n > 0 for which all slopes times n are integers."""
        return math.lcm(*(a.denominator for a in self.slopes))

    def of_pi(self, polynomial: fmpq_poly) -> fmpq_poly:
        """The polynomial in x that is a polynomial in pi."""
        return polynomial(fmpq_poly([self.centre, 1])) if self.centre else polynomial

    def in_pi(self, polynomial: fmpq_poly) -> fmpq_poly:
        """The polynomial in pi that is a polynomial in x."""
        return polynomial(fmpq_poly([-self.centre, 1])) if self.centre else polynomial

    @cached_property
    def polynomials(self) -> tuple[fmpq_poly, ...]:
        """The factors as polynomials in x."""
        return tuple(self.of_pi(fmpq_poly(q)) for q in self.factors)

    def power(self, exponents: Sequence[int]) -> fmpq_poly:
        """The product of the factors to nonnegative powers, in x."""
        result = fmpq_poly([1])
        for q, e in zip(self.polynomials, exponents, strict=True):
            if e:
                result *= q**e
        return result

    @cached_property
    def _floors(self) -> dict[int, tuple[int, ...]]:
        return {}

    def floors(self, n: int) -> tuple[int, ...]:
        """The exponents floor(slope * n)."""
        known = self._floors.get(n)
        if known is None:
            known = tuple(a.numerator * n // a.denominator for a in self.slopes)
            self._floors[n] = known
        return known

    @cached_property
    def carries(self) -> list[list[int]]:
        """Masks of the factors with floor(a (i+j)) = floor(a i) + floor(a j) + 1."""
        table = []
        for i in range(self.period):
            row = []
            for j in range(self.period):
                total = zip(
                    self.floors(i), self.floors(j), self.floors(i + j), strict=True
                )
                row.append(sum((c - a - b) << m for m, (a, b, c) in enumerate(total)))
            table.append(row)
        return table

    @cached_property
    def masked(self) -> list[fmpq_poly]:
        """The product of the factors in each mask."""
        width = len(self.factors)
        return [
            self.power([mask >> i & 1 for i in range(width)])
            for mask in range(1 << width)
        ]


@dataclass(frozen=True)
class Domain:
    """What coefficients look like, and the greatest number of terms kept.

    Attributes:
        scale: irreducible factors and their slopes.
        length: how many terms of a series are kept at most.
    """

    scale: Scale
    length: int

    @classmethod
    def start(cls, length: int) -> "Domain":
        """The domain that knows only the factor pi, with slope 0."""
        return cls(Scale((fmpz_poly([0, 1]),), (Fraction(0),)), length)

    @property
    def factors(self) -> tuple[fmpz_poly, ...]:
        """The irreducible factors."""
        return self.scale.factors

    def with_factors(self, polynomial: fmpz_poly) -> "Domain":
        """The domain that also knows the irreducible factors of a polynomial."""
        new = [
            positive_at_pi(q)
            for q, _ in polynomial.factor()[1]
            if q not in self.factors and -q not in self.factors
        ]
        slopes = self.scale.slopes + (Fraction(0),) * len(new)
        return Domain(Scale(self.factors + tuple(new), slopes), self.length)

    def with_slope(self, index: int, slope: Fraction) -> "Domain":
        """The domain whose slope of one factor is at least the one given."""
        slopes = list(self.scale.slopes)
        step = Fraction(1, _SLOPE_DENOMINATOR)
        slopes[index] = max(step * -(-slope // step), slopes[index] + step)
        return Domain(Scale(self.factors, tuple(slopes)), self.length)

    def with_length(self, length: int) -> "Domain":
        """The domain that keeps another number of terms."""
        return Domain(self.scale, length)

    def joined(self, other: "Domain") -> "Domain":
        """The domain with the factors of both, the larger slopes and length."""
        length = max(self.length, other.length)
        if self.scale is other.scale:
            return self.with_length(length)
        factors, slopes = list(self.factors), list(self.scale.slopes)
        for q, slope in zip(other.factors, other.scale.slopes, strict=True):
            if q in factors:
                slopes[factors.index(q)] = max(slope, slopes[factors.index(q)])
            else:
                factors.append(q)
                slopes.append(slope)
        joined = (tuple(factors), tuple(slopes))
        if joined == (self.factors, self.scale.slopes):
            return self.with_length(length)
        return Domain(Scale(*joined), length)


def retry_in_larger_domain(
    domain: Domain, action: Callable[[Domain], R]
) -> tuple[R, Domain]:
    """Run an action, enlarging the domain as often as the action asks for it.

    Raises:
        UndecidedError: the domain kept growing.
    """
    for _ in range(_MAX_ATTEMPTS):
        try:
            return action(domain), domain
        except DomainTooSmallError as error:
            domain = error.domain
    message = "the coefficients need ever more factors in their denominators"
    raise UndecidedError(message, hint="lower the order")
