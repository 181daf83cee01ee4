"""Mirror of symcrit/certify/remainders.py."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flint import arb, arb_poly

import symcrit
from symcrit.arith.balls import ball_of
from symcrit.arith.precision import working_precision
from symcrit.certify.remainders import QuantityCurve, quantity_curves
from symcrit.certify.stretches import Stretch
from symcrit.certify.tubes import Tube
from tests.certify.branch_cases import branch_of, narrow_chain


@pytest.mark.slow
@pytest.mark.parametrize("m", [0, 3, 4])
@pytest.mark.parametrize("name", ["A", "II"])
def test_distances_from_the_series_hold_those_of_points(name: str, m: int) -> None:
    """Oracle: certified points at both ends of a stretch and inside."""
    family = symcrit.family(name)
    stretch = narrow_chain(name, 8, 5)[0]
    curves = quantity_curves(family.landscape, stretch)
    series = family.series(order=5)

    for quantity, curve in curves.items():
        terms = [(e, c) for e, c in series[quantity].terms if e < m]
        found = curve.scaled(terms, Fraction(m))
        for i in range(5):
            k = stretch.low + i * (stretch.high - stretch.low) / 4
            point = branch_of(name).point(k, digits=25).point
            value = point.loss if quantity == "loss" else point.parameters[quantity]
            with working_precision(128):
                t = 1 / ball_of(k).sqrt()
                rest = value - sum(
                    (c.ball(128) * t ** int(e) for e, c in terms), arb(0)
                )
                rest = rest / t**m
            assert found.contains(rest.mid())


def test_bounds_are_near_the_truth() -> None:
    """The hull is hardly wider than the values at the ends, which are monotone here."""
    stretch = narrow_chain("A", 8, 5)[0]
    curve = quantity_curves(branch_of("A").landscape, stretch)["loss"]

    found = curve.scaled([], Fraction(0))
    ends = [branch_of("A").point(k).point.loss for k in (stretch.low, stretch.high)]

    assert found.rad() < 1.01 * abs(ends[0] - ends[1])


def test_a_root_over_a_long_interval() -> None:
    """Oracle: 1/t is 1 and 3 at the ends of [1, 9], and its Taylor series is slow."""
    stretch = Stretch(Fraction(1), Fraction(9), Tube((), (), (), (), 4, 128))

    found = QuantityCurve(stretch, (arb(1),), arb(0)).scaled([], Fraction(1))
    assert found.contains(1)
    assert found.contains(3)
    assert found.contains(arb(5).sqrt().mid())


def test_the_loss_along_a_rough_tube() -> None:
    """Of few terms the remainder counts.  Oracle: certified points."""
    stretch = narrow_chain("A", 8, 5)[0]
    rough = replace(stretch, tube=replace(stretch.tube, order=3))

    found = quantity_curves(branch_of("A").landscape, rough)["loss"]
    for k in (stretch.low, stretch.high):
        loss = branch_of("A").point(k, digits=25).point.loss
        with working_precision(128):
            value = arb_poly([*found.coefficients])(stretch.parameter(k))
            assert (value + found.rest).contains(loss.mid())
            assert not value.contains(loss.mid())


def test_the_width_of_the_tube_counts() -> None:
    """Parameters and loss are known no better than the tube says."""
    stretch = narrow_chain("A", 8, 5)[0]
    tube = stretch.tube
    width = arb(10) ** -3
    wide = replace(stretch, tube=replace(tube, image=(width, width)))

    narrow = quantity_curves(branch_of("A").landscape, stretch)
    wider = quantity_curves(branch_of("A").landscape, wide)

    for name in ("a_1", "o_1"):
        change = (
            wider[name].scaled([], Fraction(0)).rad()
            - narrow[name].scaled([], Fraction(0)).rad()
        )
        assert change >= 0.999 * width
    assert wider["loss"].coefficients[0].rad() > narrow["loss"].coefficients[0].rad()


def test_tubes_that_are_too_wide_are_refused() -> None:
    """A box in which vectors may vanish has no analytic loss."""
    stretch = narrow_chain("A", 8, 5)[0]
    wide = replace(stretch, tube=replace(stretch.tube, image=(arb(1), arb(1))))

    with pytest.raises(ArithmeticError):
        quantity_curves(branch_of("A").landscape, wide)
