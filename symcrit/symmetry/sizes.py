"""Sizes of symmetric groups: affine forms in named variables such as ``k - 1``.

A size is a number of whatever number system is in use, so that the same formula serves
k = 20, k = 10**12, a ball of k, a symbol and k = t**-2 in a ring of series.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn, TypeVar

from symcrit.arith.protocol import Element, Numbers
from symcrit.core import expressions
from symcrit.core.errors import InputError

__all__ = ["Affine"]

T = TypeVar("T", bound=Element)


@dataclass(frozen=True, slots=True)
class Affine:
    """An affine form: a constant plus rational multiples of named variables.

    Attributes:
        const: the constant part.
        terms: pairs of a variable and its nonzero coefficient, sorted by variable.

    Example:
        >>> size = Affine.parse("k - 1")
        >>> str(size), str(size.substitute({"k": Fraction(20)}))
        ('k-1', '19')
        >>> size.is_constant, sorted(size.variables), str(size.scaled(Fraction(2)))
        (False, ['k'], '2*k-2')
    """

    const: Fraction
    terms: tuple[tuple[str, Fraction], ...] = ()

    @classmethod
    def constant(cls, value: int | Fraction) -> "Affine":
        """The constant form.

        Args:
            value: the constant.
        """
        return cls(Fraction(value))

    @classmethod
    def parse(cls, text: str) -> "Affine":
        """Read an affine form from the small grammar of expressions.

        Args:
            text: such as ``k-1``, ``d-k`` or ``3``.

        Raises:
            InputError: the text is no expression, or not affine in its variables.
        """
        tree = expressions.parse(text)
        try:
            return expressions.evaluate(tree, _AffineReader(text))
        except (TypeError, ZeroDivisionError) as error:
            message = f"size {text!r} is not affine, such as k-1 or d-k"
            raise InputError(message) from error

    @property
    def is_constant(self) -> bool:
        """Whether no variable occurs."""
        return not self.terms

    @property
    def variables(self) -> frozenset[str]:
        """The variables that occur."""
        return frozenset(name for name, _ in self.terms)

    def substitute(self, values: Mapping[str, Fraction]) -> "Affine":
        """The form with some variables replaced by rational numbers.

        Args:
            values: numbers by the names of variables.
        """
        const = self.const
        kept = []
        for name, factor in self.terms:
            if name in values:
                const += factor * values[name]
            else:
                kept.append((name, factor))
        return Affine(const, tuple(kept))

    def evaluate(self, lib: Numbers[T], variables: Mapping[str, T]) -> T:
        """The value in a number system, at given values of the variables.

        Args:
            lib: the number system.
            variables: a number for each variable that occurs.
        """
        total = lib.exact(self.const)
        for name, factor in self.terms:
            total = total + lib.exact(factor) * variables[name]
        return total

    def __add__(self, other: "Affine") -> "Affine":
        factors = dict(self.terms)
        for name, factor in other.terms:
            factors[name] = factors.get(name, Fraction(0)) + factor
        kept = tuple(sorted((n, f) for n, f in factors.items() if f))
        return Affine(self.const + other.const, kept)

    def __sub__(self, other: "Affine") -> "Affine":
        return self + other.scaled(Fraction(-1))

    def scaled(self, factor: Fraction) -> "Affine":
        """The form times a rational number.

        Args:
            factor: the number.
        """
        if not factor:
            return Affine(Fraction(0))
        terms = tuple((name, f * factor) for name, f in self.terms)
        return Affine(self.const * factor, terms)

    def __mul__(self, other: "Affine") -> "Affine":
        if self.is_constant:
            return other.scaled(self.const)
        if other.is_constant:
            return self.scaled(other.const)
        message = "a product of two variables is not affine"
        raise TypeError(message)

    def __truediv__(self, other: "Affine") -> "Affine":
        if not other.is_constant:
            message = "a quotient by a variable is not affine"
            raise TypeError(message)
        return self.scaled(1 / other.const)

    def __neg__(self) -> "Affine":
        return self.scaled(Fraction(-1))

    def __str__(self) -> str:
        parts = []
        for name, factor in self.terms:
            size = "" if abs(factor) == 1 else f"{abs(factor)}*"
            parts.append(("-" if factor < 0 else "+") + size + name)
        if self.const or not parts:
            parts.append(f"{'-' if self.const < 0 else '+'}{abs(self.const)}")
        return "".join(parts).removeprefix("+")


class _AffineReader:
    """The environment in which an expression is read as an affine form."""

    def __init__(self, text: str) -> None:
        self._text = text

    @property
    def pi(self) -> Affine:
        """A size contains no pi."""
        self._refuse("pi")

    def number(self, value: Fraction, /) -> Affine:
        """A constant form."""
        return Affine.constant(value)

    def name(self, name: str, /) -> Affine:
        """A variable."""
        return Affine(Fraction(0), ((name, Fraction(1)),))

    def power(self, base: Affine, exponent: Fraction, /) -> Affine:
        """A power of a constant only."""
        if not base.is_constant or exponent.denominator != 1:
            self._refuse("a power")
        return Affine.constant(base.const ** int(exponent))

    def sqrt(self, radicand: Affine, /) -> Affine:
        """A size contains no root."""
        self._refuse("a root")

    def _refuse(self, what: str) -> NoReturn:
        message = f"size {self._text!r} contains {what}; sizes are affine, such as k-1"
        raise InputError(message)
