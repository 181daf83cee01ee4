"""Polynomials in the sizes of a pattern: counts, dimensions and squared norms.

Every number that counts something symmetric is a polynomial with rational coefficients
in the variables of the sizes, such as k(k - 3)/2.  Kept as a polynomial it can be
compared exactly, factored, printed, and evaluated in any number system.
"""

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from symcrit.arith.protocol import Element, Numbers
from symcrit.core.expressions import (
    Expression,
    Name,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    to_latex,
    to_plain,
)
from symcrit.symmetry.patterns import Count, Pattern
from symcrit.symmetry.sizes import Affine

__all__ = ["SizePolynomial", "SizeRing"]

T = TypeVar("T", bound=Element)


class SizePolynomial:
    r"""A polynomial in the variables of the sizes; immutable.

    It is added to, subtracted from and multiplied by its like of the same ring, and
    rational numbers.

    Example:
        >>> ring = SizeRing(["k"])
        >>> n = ring.affine(Affine.parse("k-1"))
        >>> str(n * (n - 3) * Fraction(1, 2)), str(n + 2)
        ('(k - 1)*(k - 4)/2', 'k + 1')
        >>> n.degree, n.is_constant, n.terms
        (1, False, (((('k', 1),), Fraction(1, 1)), ((), Fraction(-1, 1))))
        >>> print((n * n).latex)
        \left(k - 1\right)^{2}

    Source:
        derivations/components.md.
    """

    def __init__(self, value: fmpq_mpoly) -> None:
        self._value = value

    def _lift(self, other: "SizePolynomial | int | Fraction") -> fmpq_mpoly:
        if isinstance(other, SizePolynomial):
            return other._value
        return self._value.context().constant(_fmpq(other))

    def __add__(self, other: "SizePolynomial | int | Fraction") -> "SizePolynomial":
        return SizePolynomial(self._value + self._lift(other))

    def __sub__(self, other: "SizePolynomial | int | Fraction") -> "SizePolynomial":
        return SizePolynomial(self._value - self._lift(other))

    def __mul__(self, other: "SizePolynomial | int | Fraction") -> "SizePolynomial":
        return SizePolynomial(self._value * self._lift(other))

    def __neg__(self) -> "SizePolynomial":
        return SizePolynomial(-self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SizePolynomial | int | Fraction):
            return NotImplemented
        return bool(self._value == self._lift(other))

    def __hash__(self) -> int:
        return hash(self.terms)

    def __bool__(self) -> bool:
        return bool(self._value)

    @cached_property
    def terms(self) -> tuple[tuple[tuple[tuple[str, int], ...], Fraction], ...]:
        """The monomials, each as (variable, exponent) pairs, with coefficients."""
        names = self._value.context().names()
        return tuple(
            (
                tuple((x, int(e)) for x, e in zip(names, exponents, strict=True) if e),
                Fraction(int(c.p), int(c.q)),
            )
            for exponents, c in self._value.terms()
        )

    def evaluate(self, lib: Numbers[T], variables: Mapping[str, T]) -> T:
        """The value in a number system, at given values of the variables.

        Args:
            lib: the number system.
            variables: a number for each variable that occurs.

        Example:
            >>> from symcrit.arith.floats import FLOATS
            >>> SizeRing(["k"]).affine(Affine.parse("k-1")).evaluate(FLOATS, {"k": 5.0})
            4.0
        """
        total = lib.exact(0)
        for monomial, coefficient in self.terms:
            term = lib.exact(coefficient)
            for name, exponent in monomial:
                for _ in range(exponent):
                    term = term * variables[name]
            total = total + term
        return total

    def at(self, values: Mapping[str, Fraction]) -> Fraction:
        """The exact value at rational values of the variables.

        Args:
            values: a number for each variable that occurs.

        Example:
            >>> SizeRing(["k"]).affine(Affine.parse("k-1")).at({"k": Fraction(15, 2)})
            Fraction(13, 2)
        """
        total = Fraction(0)
        for monomial, coefficient in self.terms:
            for name, exponent in monomial:
                coefficient *= values[name] ** exponent
            total += coefficient
        return total

    @property
    def degree(self) -> int:
        """The total degree; -1 for zero."""
        return max((_degree(monomial) for monomial, _ in self.terms), default=-1)

    @property
    def top(self) -> "SizePolynomial":
        """The homogeneous part of the highest total degree.

        Example:
            >>> ring = SizeRing(["d", "k"])
            >>> d, k = (ring.affine(Affine.parse(x)) for x in "dk")
            >>> str((d * k - k + 3).top)
            'd*k'
        """
        context = self._value.context()
        kept = {
            exponents: c
            for exponents, c in self._value.terms()
            if sum(int(e) for e in exponents) == self.degree
        }
        return SizePolynomial(context.from_dict(kept))

    def cancelled(self, other: "SizePolynomial") -> tuple[Expression, Expression]:
        """Numerator and denominator of a quotient in lowest terms.

        Args:
            other: the polynomial to be divided by, not zero.

        Example:
            >>> ring = SizeRing(["d", "k"])
            >>> d, k = (ring.affine(Affine.parse(x)) for x in "dk")
            >>> [to_plain(part) for part in (k * k).cancelled(k * d * 2)]
            ['k', '2*d']
        """
        common = self._value.gcd(other._value)
        parts = [SizePolynomial(x / common) for x in (self._value, other._value)]
        scale = Fraction(1)
        for part in parts:
            for _, c in part.terms:
                scale *= c.denominator // math.gcd(c.denominator, scale.numerator)
        top, bottom = (part * scale for part in parts)
        return top.expression, bottom.expression

    @property
    def is_constant(self) -> bool:
        """Whether no variable occurs."""
        return all(not monomial for monomial, _ in self.terms)

    @cached_property
    def expression(self) -> Expression:
        """The polynomial in factors, as an expression to be printed."""
        content, found = self._value.factor()
        factors: list[Expression] = []
        for factor, e in sorted(found, key=lambda pair: (len(pair[0]), str(pair[0]))):
            base = _sum(SizePolynomial(factor))
            factors.append(base if e == 1 else Power(base, Fraction(int(e))))
        over, under = Fraction(int(content.p)), Fraction(int(content.q))
        top = _product([Number(over), *factors])
        return top if under == 1 else Quotient(top, Number(under))

    @property
    def latex(self) -> str:
        """The polynomial in factors as LaTeX, without dollar signs."""
        return to_latex(self.expression)

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"

    def __str__(self) -> str:
        return to_plain(self.expression)

    def __repr__(self) -> str:
        return f"SizePolynomial({self})"


def _degree(monomial: tuple[tuple[str, int], ...]) -> int:
    return sum(e for _, e in monomial)


def _fmpq(value: int | Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _sum(polynomial: SizePolynomial) -> Expression:
    terms = []
    for monomial, coefficient in polynomial.terms:
        powers: list[Expression] = [
            Name(name) if e == 1 else Power(Name(name), Fraction(e))
            for name, e in monomial
        ]
        terms.append(_product([Number(coefficient), *powers]))
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _product(factors: list[Expression]) -> Expression:
    """A product without superfluous ones."""
    kept = [factor for factor in factors if factor != Number(Fraction(1))]
    if not kept:
        return Number(Fraction(1))
    return kept[0] if len(kept) == 1 else Product(tuple(kept))


class SizeRing:
    """The polynomials in the given variables.

    Attributes:
        variables: the names of the variables, sorted.
    """

    def __init__(self, variables: Iterable[str]) -> None:
        self.variables = tuple(sorted(variables))
        self._context = fmpq_mpoly_ctx.get(self.variables, "lex")
        self._generators = dict(zip(self.variables, self._context.gens(), strict=True))

    def constant(self, value: int | Fraction) -> SizePolynomial:
        """A constant polynomial."""
        return SizePolynomial(self._context.constant(_fmpq(value)))

    def affine(self, form: Affine) -> SizePolynomial:
        """An affine form as a polynomial."""
        total = self._context.constant(_fmpq(form.const))
        for name, factor in form.terms:
            total = total + _fmpq(factor) * self._generators[name]
        return SizePolynomial(total)

    def count(self, pattern: Pattern, count: Count) -> SizePolynomial:
        """A count of points of a pattern as a polynomial.

        Example:
            >>> pattern = Pattern.parse("1+(k-1)")
            >>> ring = SizeRing(pattern.variables)
            >>> str(ring.count(pattern, pattern.fresh("n2", 2)))
            'k - 3'
        """
        total = self.constant(count.factor)
        for group, offset in count.falling:
            size = pattern.sizes[group] - Affine.constant(offset)
            total = total * self.affine(size)
        return total
