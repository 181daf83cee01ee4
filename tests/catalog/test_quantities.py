"""Mirror of symcrit/catalog/quantities.py."""

import math
from fractions import Fraction

import pytest
from flint import arb

from symcrit.arith.exact import Exact
from symcrit.catalog.quantities import Quantity, approx_radius, field_of, latex_name
from symcrit.core.errors import InputError
from symcrit.core.expressions import Name, Power, evaluate, parse, split_order
from tests.core.expression_cases import Floats

HALF = Fraction(1, 2)


def geometric(base: int, order: int) -> Quantity:
    """The sum of (base t)^n below an order."""
    terms = tuple((Fraction(n), Exact.rational(base**n)) for n in range(order))
    return Quantity("x", terms, Fraction(order))


def test_the_sum_is_that_of_a_closed_formula() -> None:
    """At k = 100, where t = 1/10, of a geometric series."""
    found = geometric(2, 40).ball(Fraction(100))
    exact = (1 - arb("0.2") ** 40) / (1 - arb("0.2"))

    assert found.overlaps(exact)
    assert found.rel_accuracy_bits() > 100
    assert math.isclose(1.25, geometric(2, 40).at(100), rel_tol=1e-14)


def test_exponents_may_be_fractions() -> None:
    """Pi t^(1/2) at k = 16 is pi / 2."""
    found = Quantity("x", ((HALF, Exact.pi()),), Fraction(1)).ball(Fraction(16))

    assert found.overlaps(arb.pi() / 2)
    assert found.rel_accuracy_bits() > 100


@pytest.mark.parametrize("k", [0, -4])
def test_a_ball_at_no_positive_size_is_refused(k: int) -> None:
    """The root of k would be no number."""
    with pytest.raises(InputError, match=f"k = {k} should be a positive number"):
        Quantity("x", ((Fraction(1), Exact.pi()),), Fraction(2)).ball(Fraction(k))


@pytest.mark.parametrize("k", [0, -1, math.inf, math.nan])
def test_a_size_that_is_no_positive_number_is_refused(k: float) -> None:
    """One line that shows it."""
    with pytest.raises(InputError, match="should be a positive number"):
        geometric(2, 3).at(k)


def test_a_coefficient_is_zero_or_unknown() -> None:
    """Below the order one that is not among the terms is 0; beyond, it is refused."""
    x = Quantity("x", ((Fraction(2), Exact.pi()),), Fraction(5))

    assert x.coefficient(2) == Exact.pi()
    assert x.coefficient(Fraction(7, 2)) == 0
    with pytest.raises(InputError, match=r"t\^5 in x is beyond O\(t\^5\)"):
        x.coefficient(5)


def test_fewer_terms_have_the_order_of_the_first_that_is_left_out() -> None:
    """Nothing is claimed of it; what is not there cannot be left out."""
    x = Quantity(
        "x", ((Fraction(2), Exact.pi()), (Fraction(5), Exact.rational(3))), Fraction(8)
    )

    assert x.with_terms(1) == Quantity("x", x.terms[:1], Fraction(5))
    assert x.with_terms(2) == x
    assert x.truncated(Fraction(4)) == Quantity("x", x.terms[:1], Fraction(4))
    assert x.truncated(Fraction(9)).order == 8


def test_the_radius_is_that_of_a_geometric_series() -> None:
    """The nearest singularity counts; from five terms nothing is guessed."""
    quantities = [geometric(2, 9), geometric(4, 9), geometric(8, 5)]
    found = approx_radius(quantities)

    assert found is not None
    assert math.isclose(0.25, found)
    assert approx_radius(quantities[2:]) is None


def test_text_is_read_by_a_person_or_by_latex() -> None:
    """The O-term is always there."""
    x = Quantity(
        "m_1_2", ((Fraction(0), Exact.pi()), (HALF, Exact.rational(-2))), Fraction(3)
    )

    assert "pi + (-2)*t**(1/2) + O(t**3)" == str(x)
    assert r"\left(\pi\right) + \left(-2\right)t^{1/2} + O\left(t^{3}\right)" == x.latex
    assert ["3.14", "-2.00"] == x.decimals(3)
    assert "m_{1,2}" == latex_name("m_1_2")


@pytest.mark.parametrize("exponents", [(0, 1, 3), (HALF, Fraction(3, 2), 2)])
def test_text_is_read_back_to_the_same_sum(
    exponents: tuple[int | Fraction, ...],
) -> None:
    """Also powers of a root of t; at t = 1/4."""
    numbers = (Exact.pi() - 2, Exact.rational(-2), Exact.surd(2) / Exact.pi())
    terms = tuple((Fraction(n), c) for n, c in zip(exponents, numbers, strict=True))
    x = Quantity("x", terms, Fraction(7, 2))

    stated, order = split_order(parse(str(x)))

    assert math.isclose(x.at(16), evaluate(stated, Floats(t=0.25)), rel_tol=1e-14)
    assert order == Power(Name("t"), Fraction(7, 2))


def test_the_field_is_named_by_its_roots() -> None:
    """Each once, in order."""
    numbers = [Exact.surd(3), Exact.surd(2) + Exact.surd(3), Exact.rational(1)]

    assert "Q(pi, sqrt(2), sqrt(3))" == field_of(numbers)
    assert "Q(pi)" == field_of([])
