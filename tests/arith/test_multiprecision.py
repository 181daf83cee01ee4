"""Mirror of symcrit/arith/multiprecision.py."""

from fractions import Fraction

import pytest
from flint import arb
from mpmath import MPContext

from symcrit.arith.balls import BALLS
from symcrit.arith.multiprecision import Multiprecision
from symcrit.arith.precision import working_precision

DIGITS = 60


@pytest.fixture
def lib() -> Multiprecision:
    """Numbers of sixty digits, in a context of their own."""
    context = MPContext()
    context.dps = DIGITS
    return Multiprecision(context)


def as_ball(lib: Multiprecision, x: object) -> arb:
    """The mpmath number, rounding errors included, as a ball."""
    return arb(lib.context.nstr(x, DIGITS), f"1e-{DIGITS - 3}")


def test_pi_agrees_with_arb(lib: Multiprecision) -> None:
    """Two libraries that share no code give one number."""
    with working_precision(300):
        assert as_ball(lib, lib.pi).overlaps(arb.pi())


def test_pi_follows_the_precision_of_the_context(lib: Multiprecision) -> None:
    """The same object gives more digits once the context has more."""
    short = lib.pi
    lib.context.dps = 2 * DIGITS

    assert 0 < abs(lib.pi - short) < lib.context.mpf(10) ** (1 - DIGITS)


@pytest.mark.parametrize("value", [Fraction(1, 3), Fraction(-22, 7), Fraction(0), 5])
def test_rational_numbers_are_rounded_once(
    lib: Multiprecision, value: int | Fraction
) -> None:
    """Times its denominator, the number is its numerator but for one rounding."""
    value = Fraction(value)
    error = lib.exact(value) * value.denominator - value.numerator

    assert abs(error) <= abs(value.numerator) * lib.context.eps


@pytest.mark.parametrize(("s", "c"), [(1, 2), (3, 0), (2, -5), (0, 4), (0, -1)])
def test_angles_agree_with_arb(lib: Multiprecision, s: int, c: int) -> None:
    """In both quadrants and on the axis, where the angle is 0 or pi."""
    found = lib.angle(lib.exact(s), lib.exact(c), "a site")

    with working_precision(300):
        assert as_ball(lib, found).overlaps(BALLS.angle(arb(s), arb(c), "a site"))


def test_roots(lib: Multiprecision) -> None:
    """The root is nonnegative and squares to its argument; there is none below 0."""
    root = lib.root(lib.exact(2), "a site")

    assert root > 0
    assert abs(root * root - 2) < 4 * lib.context.eps
    assert 0 == lib.root(lib.exact(0), "a site")
    assert lib.context.isnan(lib.root(lib.exact(-1), "a site"))
