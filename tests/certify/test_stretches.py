"""Mirror of symcrit/certify/stretches.py; chains are tested with branches."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from flint import arb

from symcrit.certify.stretches import Chain, Stretch
from symcrit.core.errors import UndecidedError
from tests.certify.branch_cases import branch_of, narrow_chain


def test_a_chain_starts_where_it_is_told_and_is_joined() -> None:
    """From k = 8 down to k = 5, without gaps."""
    chain = narrow_chain("A", 8, 5)

    assert 8 == chain[0].high
    assert 5 == chain[-1].low
    assert all(upper.joins(lower) for upper, lower in pairwise(chain))
    assert not chain[0].joins(chain[2])


def moved(stretch: Stretch, by: arb) -> Stretch:
    """The stretch with its curve beside the one that was proved."""
    (first, *rest), *others = stretch.tube.centre
    centre = ((first + by, *rest), *others)
    return replace(stretch, tube=replace(stretch.tube, centre=centre))


def test_tubes_of_other_curves_are_not_joined() -> None:
    """They meet at one k, but neither holds the point of the other."""
    upper, lower = narrow_chain("A", 8, 5)[:2]
    width = upper.tube.radii[0] + lower.tube.radii[0]

    assert upper.joins(moved(lower, arb(0)))
    for by in (2 * width, -2 * width, arb(1)):
        assert not upper.joins(moved(lower, by))
        assert not moved(upper, by).joins(lower)


def test_tubes_over_intervals_that_do_not_meet_are_not_joined() -> None:
    """Even where the ends of both hold the same point."""
    upper, lower = narrow_chain("A", 8, 5)[:2]
    below = replace(lower, high=lower.high - (lower.high - lower.low) / 2)

    assert upper.joins(lower)
    assert not upper.joins(below)
    assert not replace(upper, low=upper.low + Fraction(1, 100)).joins(lower)


def test_a_smaller_aim_makes_narrower_tubes() -> None:
    """Aimed at 2^-30 and at 2^-13, relative to the deviations from the limit."""
    ordinary = [s for s in branch_of("A").tubes(Fraction(5)) if s.high < 8]
    narrow = narrow_chain("A", 8, 5)

    def widest(stretches: Sequence[Stretch]) -> arb:
        return max(r for s in stretches for r in s.tube.radii)

    assert 100 * widest(narrow[2:]) < widest(ordinary)
    assert len(narrow) > len(ordinary)


def test_enclosures_are_asked_for_parts_of_the_interval() -> None:
    """Oracle: certified points; other intervals are refused."""
    stretch = narrow_chain("A", 8, 5)[0]
    middle = (stretch.low + stretch.high) / 2
    hull = stretch.enclosure(stretch.low, middle)

    for k in (stretch.low, middle):
        point = branch_of("A").point(k, digits=25).point.parameters.values()
        assert all(x.contains(y.mid()) for x, y in zip(hull, point, strict=True))
    for low, high in ((middle, stretch.low), (stretch.low, stretch.high + 1)):
        with pytest.raises(ValueError, match="no part"):
            stretch.enclosure(low, high)


def test_a_chain_without_a_start_proves_nothing() -> None:
    """The message says from where to where."""
    branch = branch_of("A")
    chain = Chain(branch.landscape, branch.limit, Fraction(9), lambda _k: None)

    assert 9 == chain.bottom
    with pytest.raises(UndecidedError, match="from k = 9 down to k = 9, but not to"):
        chain.extend(Fraction(8))
