"""Numbers as text: exact both ways, or containing."""

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.decimals import as_fraction
from symcrit.arith.precision import working_precision
from symcrit.certificates.texts import DecimalBall, dyadic_text, read_dyadic
from symcrit.core.errors import InputError

integers = st.integers(-(10**60), 10**60)
exponents = st.integers(-500, 500)


@given(integers, exponents)
def test_dyadic_numbers_come_back_exactly(mantissa: int, exponent: int) -> None:
    """Oracle: the fraction m 2^e."""
    text = f"{mantissa}*2^{exponent}"

    assert (
        as_fraction(read_dyadic(text)) == Fraction(mantissa) * Fraction(2) ** exponent
    )
    assert read_dyadic(dyadic_text(read_dyadic(text))) == read_dyadic(text)


@pytest.mark.parametrize(
    "text",
    ["", "1", "1*2^", "01*2^3", "1.5*2^3", "1*2^1e9", "1*2^9999999", "--1*2^0"],
)
def test_other_texts_are_refused(text: str) -> None:
    """In one line, without a traceback of int()."""
    with pytest.raises(InputError):
        read_dyadic(text)
    with pytest.raises(InputError):
        read_dyadic("9" * 5000 + "*2^0")


@pytest.mark.parametrize("bits", [13_001, 20_000])
def test_numbers_that_could_not_be_read_are_not_written(bits: int) -> None:
    """The message says what to change; the longest that is written can be read."""
    longest = arb((-(2**13_000) + 1, -99_999))

    with pytest.raises(InputError, match="take a smaller k or fewer digits"):
        dyadic_text(arb((2**bits - 1, 0)))
    assert read_dyadic(dyadic_text(longest)) == longest


@pytest.mark.parametrize("text", ["x", "1e99999", "1e" + "9" * 5000, "9" * 5000, "1/3"])
def test_other_decimals_are_refused(text: str) -> None:
    """A ball is two decimal numbers of reasonable length."""
    with pytest.raises(InputError):
        _ = DecimalBall(text, "0").ends


@given(st.fractions(-1000, 1000), st.fractions(0, 1), st.integers(1, 30))
def test_the_ball_written_contains_the_ball_meant(
    middle: Fraction, radius: Fraction, digits: int
) -> None:
    """Decided with fractions, not with balls."""
    with working_precision(100):
        x = arb(middle.numerator) / middle.denominator
        x += arb(0, (arb(radius.numerator) / radius.denominator).upper())

    found = DecimalBall.around(x, digits)

    assert found.contains(x)
    assert not found.misses(x)
    low, high = found.ends
    assert low < high or x == 0
    assert DecimalBall(found.mid, "0").misses(x + 1) or radius >= Fraction(1, 2)


def test_inside_and_outside_are_decided_exactly() -> None:
    """A ball that crosses an end is neither inside nor outside."""
    ball = DecimalBall("1", "0.5")

    assert ball.contains(arb(1, 0.25))
    assert ball.ball().contains(arb(1, 0.25))
    assert ball.misses(arb(2, 0.25))
    crossing = arb(1.5, 0.25)
    assert not ball.contains(crossing)
    assert not ball.misses(crossing)
    assert not ball.contains(arb.nan())
    assert not ball.misses(arb.nan())
