"""Random expressions, and number systems in which they have a value."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any, Self

import sympy
from hypothesis import assume
from hypothesis import strategies as st

from symcrit.core.expressions import (
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
    evaluate,
    split_order,
)

__all__ = [
    "EXACT_SYMBOLS",
    "NAMES",
    "Floats",
    "exact",
    "fingerprint",
    "finite",
    "fraction",
    "positive_trees",
    "rational_trees",
    "sympy_value",
]

VALUES = {"k": Fraction(7, 3), "m_1_2": Fraction(-5, 4), "xi_1": Fraction(11)}
NAMES = tuple(VALUES)
PI = Fraction(22, 7)
PRIME = 2**61 - 1


class Fractions:
    """Exact numbers, with a fraction in the place of pi and no roots."""

    pi = PI

    def number(self, value: Fraction) -> Fraction:
        """Keep it."""
        return value

    def name(self, name: str) -> Fraction:
        """Look it up."""
        return VALUES[name]

    def power(self, base: Fraction, exponent: Fraction) -> Fraction:
        """Raise to a whole exponent."""
        assert exponent.denominator == 1
        return base**exponent.numerator

    def sqrt(self, radicand: Fraction) -> Fraction:
        """Refuse: no test of exact values has a root."""
        raise AssertionError(radicand)


class Floats:
    """Floats, for values that are positive all the way."""

    pi = math.pi

    def __init__(self, **values: float) -> None:
        self._values: Mapping[str, float] = values

    def number(self, value: Fraction) -> float:
        """Round it."""
        return float(value)

    def name(self, name: str) -> float:
        """Look it up."""
        return self._values[name]

    def power(self, base: float, exponent: Fraction) -> float:
        """Take a power of a positive number."""
        return math.pow(base, float(exponent))

    def sqrt(self, radicand: float) -> float:
        """Take the root of a positive number."""
        return math.sqrt(radicand)


@dataclass(frozen=True)
class Residue:
    """An integer modulo a prime: equal values stay equal, and nothing grows."""

    value: int

    def __add__(self, other: Self) -> "Residue":
        return Residue((self.value + other.value) % PRIME)

    def __mul__(self, other: Self) -> "Residue":
        return Residue(self.value * other.value % PRIME)

    def __truediv__(self, other: Self) -> "Residue":
        # No inverse is needed: what is divided by is zero in some texts of a fuzzer.
        return Residue(self.value * pow(other.value, PRIME - 2, PRIME) % PRIME)


class Residues:
    """Residues in which pi, the names and the roots are arbitrary numbers."""

    pi = Residue(314159265358979)

    def number(self, value: Fraction) -> Residue:
        """Reduce it."""
        return Residue(value.numerator % PRIME) / Residue(value.denominator % PRIME)

    def name(self, name: str) -> Residue:
        """Encode it."""
        return Residue(int.from_bytes(name.encode()) % PRIME)

    def power(self, base: Residue, exponent: Fraction) -> Residue:
        """Raise to a whole exponent, or take an arbitrary function of both."""
        over, under = exponent.numerator, exponent.denominator
        if under == 1:
            return Residue(pow(base.value, over % (PRIME - 1), PRIME))
        return Residue(hash((base.value, over, under)) % PRIME)

    def sqrt(self, radicand: Residue) -> Residue:
        """Take an arbitrary function of the radicand."""
        return Residue(hash((radicand.value, 0)) % PRIME)


def fingerprint(expression: Expression) -> tuple[Residue, Residue | None]:
    """Evaluate what is stated and what is left open to residues."""
    stated, order = split_order(expression)
    environment = Residues()
    return (
        evaluate(stated, environment),
        None if order is None else evaluate(order, environment),
    )


def exact(expression: Expression) -> Fraction:
    """Evaluate with the values above."""
    return evaluate(expression, Fractions())


def finite(tree: Expression) -> Fraction:
    """Evaluate, and assume that nothing is divided by zero on the way."""
    try:
        return exact(tree)
    except ZeroDivisionError:
        assume(False)
        raise


def sympy_value(tree: Expression, symbols: Mapping[str, Any]) -> Any:  # noqa: PLR0911
    """Build the same value with sympy; ``symbols`` has the names, and pi."""
    match tree:
        case Number(value):
            return sympy.Rational(value.numerator, value.denominator)
        case Pi():
            return symbols["pi"]
        case Name(name):
            return symbols[name]
        case Sum(terms):
            return reduce(add, (sympy_value(term, symbols) for term in terms))
        case Product(factors):
            return reduce(mul, (sympy_value(factor, symbols) for factor in factors))
        case Quotient(over, under):
            return sympy_value(over, symbols) / sympy_value(under, symbols)
        case Power(base, exponent):
            return sympy_value(base, symbols) ** sympy.Rational(str(exponent))
        case Sqrt(radicand):
            return sympy.sqrt(sympy_value(radicand, symbols))
        case BigO():
            raise AssertionError(tree)


def rational(value: Fraction) -> Any:
    """Convert to sympy."""
    return sympy.Rational(value.numerator, value.denominator)


def fraction(value: Any) -> Fraction:
    """Convert from sympy."""
    return Fraction(int(value.p), int(value.q))


EXACT_SYMBOLS = {name: rational(value) for name, value in VALUES.items()} | {
    "pi": rational(PI)
}


def trees(
    leaves: st.SearchStrategy[Expression],
    unary: Callable[
        [st.SearchStrategy[Expression]], list[st.SearchStrategy[Expression]]
    ],
) -> st.SearchStrategy[Expression]:
    """Grow sums, products, quotients and what ``unary`` adds over leaves."""

    def grow(
        children: st.SearchStrategy[Expression],
    ) -> st.SearchStrategy[Expression]:
        several = st.lists(children, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            st.builds(Sum, several),
            st.builds(Product, several),
            st.builds(Quotient, children, children),
            *unary(children),
        )

    return st.recursive(leaves, grow, max_leaves=12)


names = st.sampled_from(NAMES).map(Name)
rational_trees = trees(
    st.one_of(
        st.builds(Number, st.fractions(-9, 9, max_denominator=5)),
        st.just(Pi()),
        names,
    ),
    lambda children: [
        st.builds(Power, children, st.integers(-3, 3).map(Fraction)),
    ],
)
positive_trees = trees(
    st.one_of(
        st.builds(Number, st.fractions("1/8", 8, max_denominator=9)),
        st.just(Pi()),
        st.just(Name("k")),
    ),
    lambda children: [
        st.builds(Power, children, st.fractions(-2, 2, max_denominator=4)),
        st.builds(Sqrt, children),
    ],
)
