"""Mirror of symcrit/arith/decimals.py."""

from fractions import Fraction

from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.decimals import as_fraction, decimal_ball

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
