"""Mirror of symcrit/catalog/truncations.py."""

from fractions import Fraction

import pytest
from flint import arb

from symcrit.arith.exact import Exact
from symcrit.catalog.quantities import Quantity
from symcrit.catalog.truncations import ErrorAt, Judge, t_power

SIZES = tuple(Fraction(10**n) for n in range(3, 9))
FAR = (Fraction(10**20), Fraction(10**40))
PREC = 300


def test_the_sign_of_an_error_is_certain_or_unknown() -> None:
    """A ball around 1 that reaches below 0 has none."""
    signs = [ErrorAt(Fraction(9), x).sign for x in (arb(1), arb(-1), arb(1, 2))]

    assert [1, -1, 0] == signs


@pytest.mark.parametrize(
    ("exponent", "power"), [(2, 0.0625), (-1, 4.0), (Fraction(1, 2), 0.5)]
)
def test_powers_of_t(exponent: int | Fraction, power: float) -> None:
    """At k = 16, t is 1/4."""
    found = t_power(Fraction(16), Fraction(exponent), 100)

    assert found.contains(arb(power))
    assert found.rel_accuracy_bits() > 90


def errors(sizes: tuple[Fraction, ...], factor: int, exponent: int) -> list[ErrorAt]:
    """Errors that are exactly a multiple of one power of t."""
    power = Fraction(exponent)
    return [ErrorAt(k, factor * t_power(k, power, PREC)) for k in sizes]


@pytest.mark.parametrize(
    ("factor", "exponent", "slope", "coefficient"),
    [
        (5, 4, "TRUE", "TRUE"),
        (6, 4, "TRUE", "FALSE"),
        (5, 3, "FALSE", "FALSE"),
        (5, 5, "FALSE", "FALSE"),
    ],
)
def test_slope_and_coefficient_are_judged_each_for_itself(
    factor: int, exponent: int, slope: str, coefficient: str
) -> None:
    """The first omitted term is 5 t^4."""
    terms = ((Fraction(2), Exact.rational(1)), (Fraction(4), Exact.rational(5)))
    judge = Judge(Quantity("x", terms, Fraction(6)), None, Fraction(1), FAR[-1])
    near, far = (errors(sizes, factor, exponent) for sizes in (SIZES, FAR))
    found = judge.check(1, near, far)

    assert Fraction(4) == found.order
    assert (slope, coefficient) == (
        found.slope_agrees.value,
        found.coefficient_agrees.value,
    )


def test_the_whole_sum_may_be_better_than_its_order() -> None:
    """An error of t^7 speaks for O(t^6), one of t^5 against it."""
    terms = ((Fraction(2), Exact.rational(1)),)
    judge = Judge(Quantity("x", terms, Fraction(6)), None, Fraction(1), FAR[-1])
    better, worse = (
        judge.check(1, errors(SIZES, 1, n), errors(FAR, 1, n)) for n in (7, 5)
    )

    assert better.outcome.is_true
    assert worse.outcome.is_false


def test_without_points_nothing_is_judged() -> None:
    """Two points make no slope, and the last far one is missing."""
    terms = ((Fraction(2), Exact.rational(1)), (Fraction(4), Exact.rational(5)))
    judge = Judge(Quantity("x", terms, Fraction(6)), None, Fraction(1), FAR[-1])
    found = judge.check(1, errors(SIZES[:2], 5, 4), [])

    assert found.slope is None
    assert found.observed is None
    assert found.outcome.is_unknown
