"""Mirror of symcrit/arith/decimals.py."""

from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.balls import ball_of
from symcrit.arith.decimals import as_fraction, decimal_ball
from symcrit.arith.precision import working_precision

fractions = st.fractions(-(10**9), 10**9)


@given(fractions, st.integers(-60, 3), st.integers(1, 40))
def test_the_decimal_interval_contains_the_ball(
    middle: Fraction, size: int, digits: int
) -> None:
    """Both ends of the ball lie in [mid - rad, mid + rad], exactly."""
    ball = arb(fmpq(middle.numerator, middle.denominator)) + arb(0, arb(10) ** size)
    low = as_fraction(ball) - as_fraction(ball.rad())
    high = as_fraction(ball) + as_fraction(ball.rad())

    shown = decimal_ball(ball, digits)
    mid, rad = Fraction(shown["mid"]), Fraction(shown["rad"])

    assert mid - rad <= low
    assert high <= mid + rad


@given(fractions, st.integers(1, 40))
def test_an_exact_number_keeps_its_digits(middle: Fraction, digits: int) -> None:
    """The radius of a number known to 200 bits is below its last digit shown."""
    ball = arb(fmpq(middle.numerator, middle.denominator))
    shown = decimal_ball(ball.mid(), digits)

    rad = Fraction(shown["rad"])

    assert rad <= abs(as_fraction(ball)) / Fraction(10) ** digits


@pytest.mark.parametrize("power", [-9000, -4299, 4299, 9000])
@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_tiny_and_huge_numbers_are_shown(power: int, shift: int) -> None:
    """Beyond the digits that Python turns into text; next to a power of ten too."""
    exact = Fraction(10) ** power * (1 + Fraction(shift, 10**30))
    with working_precision(50_000):
        shown = decimal_ball(ball_of(exact), 20)

    mid, rad = Fraction(shown["mid"]), Fraction(shown["rad"])

    assert abs(mid - exact) <= rad <= abs(exact) / 10**20
