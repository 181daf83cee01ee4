"""Exact numbers as text in families and claims, such as ``2*(pi-2)/pi``."""

from collections.abc import Mapping
from fractions import Fraction

from symcrit.arith.exact import Exact
from symcrit.core import expressions
from symcrit.core.errors import InputError

__all__ = ["exact_number"]


class _ExactReader:
    """The environment in which an expression is read as an exact number."""

    def __init__(self, text: str, values: Mapping[str, Fraction]) -> None:
        self._text = text
        self._values = values

    @property
    def pi(self) -> Exact:
        """The number pi."""
        return Exact.pi()

    def number(self, value: Fraction, /) -> Exact:
        """A rational number."""
        return Exact.rational(value)

    def name(self, name: str, /) -> Exact:
        """A known variable."""
        if name not in self._values:
            message = f"{self._text!r} contains {name}, but an exact number is needed"
            raise InputError(message)
        return Exact.rational(self._values[name])

    def power(self, base: Exact, exponent: Fraction, /) -> Exact:
        """An integer or half-integer power."""
        result = base.power(exponent.numerator)
        if exponent.denominator == 1:
            return result
        if exponent.denominator == 2:
            return self.sqrt(result)
        message = f"{self._text!r} contains a root that is no square root"
        raise InputError(message)

    def sqrt(self, radicand: Exact, /) -> Exact:
        """The square root of a positive rational function of pi."""
        return radicand.sqrt()


def exact_number(text: str, values: Mapping[str, Fraction] | None = None) -> Exact:
    """Read an exact number such as ``2*(pi-2)/pi`` or ``sqrt(2)``.

    Raises:
        InputError: the text is no number of Q(pi) or a quadratic extension.

    Example:
        >>> print(exact_number("2*(p-2)/pi", {"p": Fraction(3)}))
        2/pi
    """
    tree = expressions.parse(text)
    try:
        return expressions.evaluate(tree, _ExactReader(text, values or {}))
    except ZeroDivisionError as error:
        message = f"{text!r} divides by zero"
        raise InputError(message) from error
