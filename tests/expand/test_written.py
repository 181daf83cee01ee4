"""Mirror of symcrit/expand/written.py."""

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.precision import working_precision
from symcrit.core.errors import InputError
from symcrit.core.expressions import evaluate, parse
from symcrit.expand.written import (
    expand_formula,
    is_finite,
    last_exponent,
    leading_exponent,
    names_in,
    plain_exponents,
)

PREC = 2000

FORMULAS = [
    "1/(k-1)",
    "-1 + (2+8/pi)/(k+pi)",
    "sqrt(k**2 - pi*k)/(k+1)**2",
    "(1 + t)**5/(1 - t**2)",
    "(k-1)**(-3/2)",
    "sqrt(2)/(sqrt(k) + sqrt(3))",
    "k**(1/3) + k**(-1/4)",
    "(8*k)**(1/3)/(1 - t)",
    "sqrt(sqrt(k) + 1)",
    "1/(pi - 2 + t)",
]


class Balls:
    """The environment in which a formula is a ball, with k = 10^60."""

    def __init__(self) -> None:
        self.pi = arb.pi()
        self.log_k = arb(10).log() * 60

    def number(self, value: Fraction, /) -> arb:
        """A rational number."""
        return arb(value.numerator) / value.denominator

    def name(self, name: str, /) -> arb:
        """The variables k and t."""
        return (self.log_k if name == "k" else -self.log_k / 2).exp()

    def power(self, base: arb, exponent: Fraction, /) -> arb:
        """A rational power of a positive number."""
        return (base.log() * exponent.numerator / exponent.denominator).exp()

    def sqrt(self, radicand: arb, /) -> arb:
        """The positive root."""
        return radicand.sqrt()


@pytest.mark.parametrize("text", FORMULAS)
def test_a_truncated_series_is_near_the_formula(text: str) -> None:
    """Oracle: the formula itself, in balls at k = 10^60."""
    end = Fraction(9)
    series, e = expand_formula(parse(text), {}, end)
    terms = [(Fraction(n, e), c) for n, c in series.known_coefficients()]
    kept = [(n, c) for n, c in terms if n < end]

    with working_precision(PREC):
        balls = Balls()
        t = balls.name("t")
        total = sum((c.ball(PREC) * balls.power(t, n) for n, c in kept), arb(0))
        difference = evaluate(parse(text), balls) - total

        assert kept
        assert abs(difference) < 10**6 * balls.power(t, end)
    assert series.prec is None or series.prec >= end * e


@given(st.fractions(-3, 3, max_denominator=6), st.fractions(-9, 9, max_denominator=9))
def test_powers_of_k_are_powers_of_t(exponent: Fraction, factor: Fraction) -> None:
    """Oracle: k = t^(-2)."""
    tree = parse(f"({factor})*k**({exponent}) + 0*pi")

    series, e = expand_formula(tree, {}, None)

    expected = {-2 * exponent: factor} if factor else {}
    found = {Fraction(n, e): c.as_fraction() for n, c in series.known_coefficients()}
    assert expected == found


def test_further_variables_have_their_numbers() -> None:
    """Square roots of them too: sqrt(p) with p = 12 is 2 sqrt(3)."""
    series, _ = expand_formula(parse("2*sqrt(p)/k"), {"p": Fraction(12)}, None)

    assert "4*sqrt(3)" == str(series.coefficient(2))


@pytest.mark.parametrize(
    ("text", "finite"),
    [
        ("(k+1)**2/k**3", True),
        ("sqrt(2/k)/pi + t**3", True),
        ("0", True),
        ("1/(k-1)", False),
        ("sqrt(1+t)", False),
        ("(k+1)**(-1)", False),
        ("1/((1+t)/(1+t))", False),
    ],
)
def test_finite_formulas_are_seen(text: str, *, finite: bool) -> None:
    """Division and roots of one power only."""
    assert finite is is_finite(parse(text), {})


def test_the_parts_of_a_formula() -> None:
    """Its leading power, its names, and the powers that stand there as summands."""
    tree = parse("1/(k-1) + 3*t**5 - 2/k")

    assert 2 == leading_exponent(tree, {})
    assert ["k", "t", "k"] == list(names_in(tree))
    assert [5, 2] == plain_exponents(tree, {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1/(k-k)", "division by a series without a known nonzero term"),
        ("sqrt(1-k)", "negative leading coefficient"),
        ("sqrt(sqrt(2)+t)", "irrational leading coefficient"),
        ("k**(1/999)", "fractional powers of t beyond denominators of 24"),
        ("((k**(1/5))**(1/5))**(1/5)", "fractional powers"),
        ("2**(1/3)", "a root of degree 3"),
        ("(k+1)**(1/3)", "a root of degree 3"),
        ("(k-1)**1000", "spans more than 1024 powers"),
        ("(k-k)**(-1)", "0 is raised to a power that is not positive"),
    ],
)
def test_what_has_no_expansion_is_refused(text: str, message: str) -> None:
    """In one line that says why, and in no time."""
    with pytest.raises(InputError, match=message):
        expand_formula(parse(text), {}, Fraction(4))


def test_zero_has_no_leading_power() -> None:
    """Neither has what vanishes to the order looked at."""
    with pytest.raises(InputError, match="no leading power"):
        leading_exponent(parse("1/(k-1) - 1/(k-1)"), {})


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("-1 + 0/k", 2),
        ("0*k**(-3/2) - 1", 3),
        ("1 + (2 - 2)/k**2", 4),
        ("1 + 1/k - 1/k", 2),
        ("(1 + t)**2/sqrt(k)", 3),
        ("(1 + 0*t)**3", 3),
        ("p*(k + 1)/k**2", 4),
        ("sqrt(4*k) + 2*t**(-2)", -1),
        ("0", 0),
    ],
)
def test_a_power_with_coefficient_zero_is_the_last_one_too(
    text: str, last: int
) -> None:
    """Oracle: the powers of t that stand there."""
    tree = parse(text, names=("k", "t", "p"))

    assert is_finite(tree, {"p": Fraction(3)})
    assert last == last_exponent(tree, {"p": Fraction(3)})
