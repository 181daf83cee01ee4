"""The tree of an expression, and its value in any number system."""

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Protocol, Self, TypeVar

from symcrit.core.errors import InputError

__all__ = [
    "Arithmetic",
    "BigO",
    "Environment",
    "Expression",
    "Name",
    "Number",
    "Pi",
    "Power",
    "Product",
    "Quotient",
    "Sqrt",
    "Sum",
    "evaluate",
    "split_order",
]


@dataclass(frozen=True, slots=True)
class Number:
    """A rational number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Pi:
    """The number pi."""


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, such as k."""

    name: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of at least one term; a difference has a term with a negative factor."""

    terms: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Product:
    """A product of at least one factor."""

    factors: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Quotient:
    """A fraction."""

    numerator: "Expression"
    denominator: "Expression"


@dataclass(frozen=True, slots=True)
class Power:
    """A power with a rational exponent."""

    base: "Expression"
    exponent: Fraction


@dataclass(frozen=True, slots=True)
class Sqrt:
    """The nonnegative square root."""

    radicand: "Expression"


@dataclass(frozen=True, slots=True)
class BigO:
    """Landau's O(...): what an expansion leaves open, a summand of the whole only."""

    argument: "Expression"


Expression = Number | Pi | Name | Sum | Product | Quotient | Power | Sqrt | BigO


class Arithmetic(Protocol):
    """What ``evaluate`` does with the numbers themselves."""

    def __add__(self, other: Self, /) -> Self: ...
    def __mul__(self, other: Self, /) -> Self: ...
    def __truediv__(self, other: Self, /) -> Self: ...


T = TypeVar("T", bound=Arithmetic)


class Environment(Protocol[T]):
    """A number system together with the values of the names.

    What has no value in it (an even root of a negative number, a quotient by zero) is
    for the environment and its numbers to refuse.
    """

    @property
    def pi(self) -> T:
        """The number pi."""

    def number(self, value: Fraction, /) -> T:
        """Represent a rational number."""

    def name(self, name: str, /) -> T:
        """Look up the value of a name."""

    def power(self, base: T, exponent: Fraction, /) -> T:
        """Raise to a rational exponent."""

    def sqrt(self, radicand: T, /) -> T:
        """Take the nonnegative square root."""


def evaluate(expression: Expression, environment: Environment[T]) -> T:
    """Compute an expression in a number system.

    Args:
        expression: without O-term; ``split_order`` takes it off.
        environment: the number system and the values of the names.

    Returns:
        The value.

    Raises:
        InputError: the expression contains O(...), which has no value.

    Example:
        >>> import math
        >>> from symcrit.core.expressions import parse
        >>> class Floats:
        ...     pi = math.pi
        ...     number = staticmethod(float)
        ...     name = {"k": 16.0}.__getitem__
        ...     power = staticmethod(lambda base, exponent: base ** float(exponent))
        ...     sqrt = staticmethod(math.sqrt)
        >>> evaluate(parse("2*k**(-1/2) + sqrt(k)"), Floats())
        4.5
    """
    match expression:
        case Number() | Pi() | Name():
            return _leaf(expression, environment)
        case Sum(terms):
            return reduce(add, [evaluate(term, environment) for term in terms])
        case Product(factors):
            return reduce(mul, [evaluate(factor, environment) for factor in factors])
        case Quotient(numerator, denominator):
            over = evaluate(numerator, environment)
            return over / evaluate(denominator, environment)
        case Power(base, exponent):
            return environment.power(evaluate(base, environment), exponent)
        case Sqrt(radicand):
            return environment.sqrt(evaluate(radicand, environment))
        case BigO():
            message = "O(...) has no value; give an expression without it"
            raise InputError(message)


def _leaf(leaf: Number | Pi | Name, environment: Environment[T]) -> T:
    match leaf:
        case Number(value):
            return environment.number(value)
        case Pi():
            return environment.pi
        case Name(name):
            return environment.name(name)


def split_order(expression: Expression) -> tuple[Expression, Expression | None]:
    """Separate what an expansion states from what it leaves open.

    Args:
        expression: a whole expression; the sum that is its root may contain an O-term.

    Returns:
        The expression without O-term (zero if nothing else is there), and what stands
        inside O(...), or None if there is no O-term.

    Example:
        >>> from symcrit.core.expressions import parse
        >>> split_order(parse("k + O(1)"))
        (Name(name='k'), Number(value=Fraction(1, 1)))
        >>> split_order(parse("k"))
        (Name(name='k'), None)
    """
    terms = expression.terms if isinstance(expression, Sum) else (expression,)
    order = next((term.argument for term in terms if isinstance(term, BigO)), None)
    if order is None:
        return expression, None
    rest = tuple(term for term in terms if not isinstance(term, BigO))
    if len(rest) > 1:
        return Sum(rest), order
    return (rest[0] if rest else Number(Fraction(0))), order
