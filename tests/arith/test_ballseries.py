"""Mirror of symcrit/arith/ballseries.py."""

import math
from fractions import Fraction

import pytest
from flint import arb, arb_series, fmpq
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.ballseries import (
    BALL_SERIES,
    coefficient_matrices,
    evaluate_polynomial,
)
from symcrit.arith.precision import series_length, working_precision

small = st.integers(-20, 20)


@pytest.mark.parametrize("length", [1, 2, 5, 12])
@given(x=st.floats(0.1, 3), y=st.floats(-3, 3))
def test_an_angle_is_recovered_from_its_sine_and_cosine(
    length: int, x: float, y: float
) -> None:
    """Oracle: the angle of (cos f, sin f) is f, for f = x + y s / 10 in (0, pi)."""
    with working_precision(120), series_length(length):
        f = arb_series([arb(x), arb(y) / 10])
        theta = BALL_SERIES.angle(f.sin(), f.cos(), "site")

        assert theta.prec == length
        for a, b in zip(theta.coeffs(), f.coeffs(), strict=False):
            assert a.contains(b.mid())
            assert a.rad() < 1e-25


@given(st.lists(small, min_size=3, max_size=3))
def test_roots_square_to_what_they_were_taken_of(head: list[int]) -> None:
    """Oracle: the square, coefficient by coefficient."""
    with series_length(6):
        x = arb_series([7 + abs(head[0]), *head])
        root = BALL_SERIES.root(x, "site")
        for a, b in zip((root * root).coeffs(), x.coeffs(), strict=False):
            assert a.contains(b)


def test_a_root_below_zero_is_not_a_number() -> None:
    """So that no test on it succeeds."""
    with series_length(3):
        root = BALL_SERIES.root(arb_series([arb(0, 1), 1]), "site")

    assert not any(x.is_finite() for x in root.coeffs())


def test_constants_are_enclosed() -> None:
    """A third and pi."""
    assert BALL_SERIES.exact(Fraction(1, 3))[0].contains(fmpq(1, 3))
    assert BALL_SERIES.pi[0].overlaps(arb.pi())


@given(st.lists(small, min_size=1, max_size=5), small)
def test_polynomials_are_shifted_exactly(head: list[int], at: int) -> None:
    """Oracle: the derivatives of a polynomial, by the binomial theorem."""
    with series_length(6):
        found = evaluate_polynomial([arb(c) for c in head], arb_series([at, 1]))
        for j in range(6):
            exact = sum(
                c * math.comb(m, j) * at ** (m - j)
                for m, c in enumerate(head)
                if m >= j
            )
            assert found[j].contains(exact)


def test_the_last_coefficient_over_a_ball_is_lagranges_remainder() -> None:
    """For 1 / (3 + s) on [-1, 1]: polynomial plus remainder holds every value."""
    order = 5
    with working_precision(100):
        with series_length(order):
            head = (1 / arb_series([3, 1])).coeffs()
        with series_length(order + 1):
            last = (1 / arb_series([arb(3, 1), 1]))[order]
        for i in range(-10, 11):
            s = arb(fmpq(i, 10))
            total = sum((c * s**m for m, c in enumerate(head) if m), head[0])
            power = arb(1)
            for _ in range(order):
                power *= s
            assert (total + last * power).contains(fmpq(1) / (3 + fmpq(i, 10)))


def test_missing_coefficients_are_refused() -> None:
    """They are unknown, not zero."""
    with series_length(2):
        short = arb_series([1, 2])
    with series_length(5), pytest.raises(ArithmeticError, match="fewer than 3"):
        coefficient_matrices([[short]], 3)
