"""Mirror of symcrit/certify/bounds.py."""

from fractions import Fraction

import pytest
from flint import arb

import symcrit
from symcrit.arith.balls import ball_of
from symcrit.arith.precision import working_precision
from symcrit.certify.bounds import Bound, prove_bounds, series_of
from symcrit.certify.remainders import QuantityCurve
from symcrit.core.errors import InputError
from tests.certify.branch_cases import branch_of
from tests.certify.theorem_cases import theorem

SIZES = [Fraction(k) for k in (5, 6, 9, 30, 63, 64, 65, 1000, 10**9)]


def quotient(bound: Bound, k: Fraction) -> arb:
    """What the terms leave at a certified point, relative to t^m."""
    point = branch_of("A").point(k, digits=60).point
    value = point.loss if bound.name == "loss" else point.parameters[bound.name]
    with working_precision(256):
        t = 1 / ball_of(k).sqrt()
        rest = value - sum((c.ball(256) * t ** int(e) for e, c in bound.terms), arb(0))
        return abs(rest) / t ** int(bound.exponent)


@pytest.mark.parametrize("order", [1, 3, 4, 6])
def test_bounds_hold_and_are_near_the_truth(order: int) -> None:
    """Oracle: certified points; two fifths of a constant are refuted by one of them."""
    bounds = prove_bounds(theorem("A", 5), order)

    for bound in bounds.quantities.values():
        found = [quotient(bound, k) for k in SIZES]
        assert all(x <= bound.constant for x in found)
        if order > 1:
            assert any(x > 0.4 * bound.constant for x in found)
            assert bound.ratio is None or bound.ratio >= 1 - 1e-12


def test_the_loss_lies_between_its_bounds() -> None:
    """Oracle: certified points, and the limit of the loss."""
    bounds = prove_bounds(theorem("A", 5), 4)

    assert 0 == bounds.loss_exponent
    assert 5 == bounds.positive_from == bounds.lower_from
    for k in SIZES:
        loss = branch_of("A").point(k, digits=20).point.loss
        assert bounds.loss_lower <= loss
        assert loss <= bounds.loss_upper
    assert bounds.loss_lower > 0


@pytest.mark.parametrize(
    ("ends", "positive_from"),
    [(("1/8", "7"), 5), (("-1/8", "7"), 64), (("0", "7"), 64)],
)
def test_the_loss_along_the_tubes_counts(
    monkeypatch: pytest.MonkeyPatch, ends: tuple[str, str], positive_from: int
) -> None:
    """Its bounds and its sign are not those near infinity alone."""
    low, high = (ball_of(Fraction(x)) for x in ends)
    monkeypatch.setattr(QuantityCurve, "scaled", lambda *_: low.union(high))
    found = prove_bounds(theorem("A", 5), 4)

    assert found.loss_upper >= 7
    assert positive_from == found.positive_from == found.lower_from
    assert (found.loss_lower <= arb(1) / 8) == (positive_from == 5)


def test_terms_are_those_of_the_series() -> None:
    """Oracle: the exact series."""
    found = series_of(theorem("A", 5).infinity)
    series = symcrit.family("A").series(order=6)

    for name, quantity in series.quantities.items():
        assert quantity.terms == tuple(x for x in found[name] if x[0] < 6)


@pytest.mark.parametrize("order", [0, 99])
def test_orders_beyond_the_terms_are_bad_input(order: int) -> None:
    """Nothing is known of them."""
    with pytest.raises(InputError, match="should be from 1 to"):
        prove_bounds(theorem("A", 5), order)
