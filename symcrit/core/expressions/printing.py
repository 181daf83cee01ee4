r"""Expressions as text: plain, in the form of exact numbers, and LaTeX.

Both printers put parentheses wherever an operand binds less tightly than its place
asks for, and both texts can be read back to an expression of the same value.
"""

from abc import ABC, abstractmethod
from enum import IntEnum
from fractions import Fraction
from typing import ClassVar

from symcrit.core.expressions.tree import (
    BigO,
    Expression,
    Name,
    Number,
    Pi,
    Power,
    Product,
    Quotient,
    Sqrt,
    Sum,
)

__all__ = ["GREEK", "power_text", "to_latex", "to_plain"]

GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota"),
    *("kappa", "lambda", "mu", "nu", "xi", "rho", "sigma", "tau", "upsilon", "phi"),
    *("chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Sigma"),
    *("Upsilon", "Phi", "Psi", "Omega"),
)
"""Names that LaTeX has a letter for; pi is not among them, because it is a number."""


def to_plain(expression: Expression) -> str:
    r"""Print with + - * / **, pi and sqrt(...), the form of all exact numbers.

    Example:
        >>> from symcrit.core.expressions import parse
        >>> to_plain(parse(r"-\tfrac{3}{2} k^{-1/2} \left(\pi - 2\right)"))
        '-3/2*k**(-1/2)*(pi - 2)'
    """
    return _PlainPrinter().text(expression)


def power_text(name: str, exponent: int | Fraction) -> str:
    """Print a power of a name; a fraction as exponent has parentheses.

    Example:
        >>> power_text("t", 2), power_text("t", -1), power_text("t", Fraction(1, 2))
        ('t**2', 't**-1', 't**(1/2)')
    """
    text = str(exponent)
    return f"{name}**({text})" if "/" in text else f"{name}**{text}"


def to_latex(expression: Expression) -> str:
    r"""Print as LaTeX for mathematics mode, without dollar signs.

    Subscripts of a name stand behind underscores: ``m_1_2`` is printed m_{1,2}.

    Example:
        >>> from symcrit.core.expressions import parse
        >>> print(to_latex(parse("-3*k**(-1/2)*(pi-2)/2 + xi_1", names=("k", "xi_1"))))
        -\frac{3 k^{-1/2} \left(\pi - 2\right)}{2} + \xi_{1}
    """
    return _LatexPrinter().text(expression)


class _Binding(IntEnum):
    """How tightly a text holds together; a leading sign binds as loosely as a sum."""

    SUM = 0
    PRODUCT = 1
    POWER = 2
    ATOM = 3


class _Printer(ABC):
    """What the two forms share: signs, sums, and where parentheses are needed."""

    left: ClassVar[str]
    right: ClassVar[str]
    pi: ClassVar[str]

    def text(self, expression: Expression, needed: _Binding = _Binding.SUM) -> str:
        text, binding = self.bound(expression)
        return text if binding >= needed else f"{self.left}{text}{self.right}"

    def bound(self, expression: Expression) -> tuple[str, _Binding]:
        """Print without outer parentheses, and tell how tightly the text binds."""
        if (opposite := _opposite(expression)) is not None:
            return f"-{self.text(opposite, _Binding.PRODUCT)}", _Binding.SUM
        match expression:
            case Sum(terms):
                return _joined([self.text(term) for term in terms]), _Binding.SUM
            case Product(factors):
                first, *rest = factors
                texts = [self.text(first, _Binding.PRODUCT)]
                texts += [self.text(factor, _Binding.POWER) for factor in rest]
                return self.product(texts), _Binding.PRODUCT
            case Quotient(numerator, denominator):
                return self.quotient(numerator, denominator)
            case Power(base, exponent):
                base_text = self.text(base, _Binding.ATOM)
                return self.power(base_text, exponent), _Binding.POWER
            case _:
                return self.atom(expression)

    def atom(
        self, expression: Number | Pi | Name | Sqrt | BigO
    ) -> tuple[str, _Binding]:
        match expression:
            case Number(Fraction(numerator=over, denominator=under)) if under != 1:
                return self.quotient(Number(Fraction(over)), Number(Fraction(under)))
            case Number(value):
                text = str(value)
            case Pi():
                text = self.pi
            case Name(name):
                text = self.name(name)
            case Sqrt(radicand):
                text = self.sqrt(self.text(radicand))
            case BigO(argument):
                text = f"O{self.left}{self.text(argument)}{self.right}"
        return text, _Binding.ATOM

    @abstractmethod
    def product(self, factors: list[str]) -> str: ...

    @abstractmethod
    def quotient(
        self, numerator: Expression, denominator: Expression
    ) -> tuple[str, _Binding]: ...

    @abstractmethod
    def power(self, base: str, exponent: Fraction) -> str: ...

    @abstractmethod
    def name(self, name: str) -> str: ...

    @abstractmethod
    def sqrt(self, radicand: str) -> str: ...


class _PlainPrinter(_Printer):
    left = "("
    right = ")"
    pi = "pi"

    def product(self, factors: list[str]) -> str:
        return "*".join(factors)

    def quotient(
        self, numerator: Expression, denominator: Expression
    ) -> tuple[str, _Binding]:
        over = self.text(numerator, _Binding.PRODUCT)
        under = self.text(denominator, _Binding.POWER)
        return f"{over}/{under}", _Binding.PRODUCT

    def power(self, base: str, exponent: Fraction) -> str:
        bare = exponent.denominator == 1 and exponent >= 0
        return f"{base}**{exponent}" if bare else f"{base}**({exponent})"

    def name(self, name: str) -> str:
        return name

    def sqrt(self, radicand: str) -> str:
        return f"sqrt({radicand})"


class _LatexPrinter(_Printer):
    left = r"\left("
    right = r"\right)"
    pi = r"\pi"

    def product(self, factors: list[str]) -> str:
        first, *rest = factors
        # "2 3" would be one number to a reader, and 2 before a fraction two and a half.
        apart = [
            rf"\cdot {factor}"
            if factor[0].isdigit() or factor.startswith(r"\frac")
            else factor
            for factor in rest
        ]
        return " ".join((first, *apart))

    def quotient(
        self, numerator: Expression, denominator: Expression
    ) -> tuple[str, _Binding]:
        over, under = self.text(numerator), self.text(denominator)
        return rf"\frac{{{over}}}{{{under}}}", _Binding.POWER

    def power(self, base: str, exponent: Fraction) -> str:
        return f"{base}^{{{exponent}}}"

    def name(self, name: str) -> str:
        head, *indices = name.split("_")
        if head in GREEK:
            letter = rf"\{head}"
        else:
            letter = head if len(head) == 1 else rf"\mathrm{{{head}}}"
        return f"{letter}_{{{','.join(indices)}}}" if indices else letter

    def sqrt(self, radicand: str) -> str:
        return rf"\sqrt{{{radicand}}}"


def _joined(terms: list[str]) -> str:
    first, *rest = terms
    signed = [
        f" - {term[1:]}" if term.startswith("-") else f" + {term}" for term in rest
    ]
    return first + "".join(signed)


def _opposite(expression: Expression) -> Expression | None:
    """Return minus an expression that is printed with a sign, None for any other."""
    match expression:
        case Number(value) if value < 0:
            return Number(-value)
        case Product((first, *rest)) if (opposite := _opposite(first)) is not None:
            if opposite == Number(Fraction(1)) and rest:
                return Product(tuple(rest)) if len(rest) > 1 else rest[0]
            return Product((opposite, *rest))
        case Quotient(numerator, denominator):
            opposite = _opposite(numerator)
            return None if opposite is None else Quotient(opposite, denominator)
        case _:
            return None
