"""Mirror of symcrit/certify/indices.py."""

from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

import pytest
from flint import arb, arb_mat

from symcrit.certify.crossings import SingularPoint
from symcrit.certify.indices import enclosure_over, follow_signs, passages_of
from symcrit.certify.inertia import SignPiece
from tests.certify.branch_cases import branch_of, narrow_chain

SINGULAR = cast("SingularPoint", object())


def pieces_of(*numbers: int | None) -> list[SignPiece]:
    """Pieces of length one from k = 10 downward."""
    basis = arb_mat([[1]])
    return [
        SignPiece(Fraction(9 - i), Fraction(10 - i), None if n is None else basis, n)
        for i, n in enumerate(numbers)
    ]


class TestPassages:
    """What open pieces mean."""

    @pytest.mark.parametrize(
        ("numbers", "count", "complete"),
        [
            ((0, 0, 0), 0, 7),
            ((0, None, 1), 1, 7),
            ((1, None, 0, None, 1), 2, 5),
            ((0, None, 0), 0, 9),
            ((0, None, 2), 0, 9),
            ((0, None), 0, 9),
            ((None, 0), 0, 10),
            ((0, None, 0, None, 1), 1, 9),
            ((0, None, 1, None), 1, 7),
        ],
    )
    def test_a_threshold_needs_different_numbers_on_both_sides(
        self, numbers: tuple[int | None, ...], count: int, complete: int
    ) -> None:
        """The list is complete down to the first open piece that is no threshold."""
        found, low = passages_of(pieces_of(*numbers), lambda _piece: SINGULAR)

        assert (count, Fraction(complete)) == (len(found), low)

    def test_what_is_not_proved_stays_open(self) -> None:
        """The test of uniqueness has to succeed as well."""
        found, low = passages_of(pieces_of(0, None, 1), lambda _piece: None)

        assert not found
        assert 9 == low


def test_the_thresholds_of_type_a_between_eight_and_five() -> None:
    """Oracle: the certified thresholds of the numerical search."""
    branch = branch_of("A")
    found = {
        s.component.name: s
        for s in follow_signs(branch.landscape, narrow_chain("A", 8, 5))
    }

    assert ["1", "s_1", "x_1", "y_1"] == list(found)
    assert all(5 == s.low for s in found.values())
    assert [0, 0, 1, 0] == [len(s.passages) for s in found.values()]
    (passage,) = found["x_1"].passages
    assert (1, 0) == (passage.negative_below, passage.negative_above)
    assert abs(passage.singular.k - arb("5.76381273491957")) < 1e-13
    assert 0 == found["x_1"].negative_at(Fraction(6))
    assert 1 == found["x_1"].negative_at(Fraction(11, 2))
    assert found["x_1"].negative_at(passage.singular.low * Fraction(1)) == 1
    middle = (passage.singular.low + passage.singular.high) / 2
    assert found["x_1"].negative_at(middle) is None
    assert found["x_1"].negative_at(Fraction(4)) is None


def test_without_uniqueness_the_list_is_not_complete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If no crossing can be proved, the signs are known above it only."""

    def nothing(*_arguments: Any) -> None:
        return None

    monkeypatch.setattr("symcrit.certify.indices.certify_crossing", nothing)
    branch = branch_of("A")
    found = follow_signs(branch.landscape, narrow_chain("A", 8, 5))

    low = {s.component.name: s.low for s in found}
    assert 5 == low["y_1"]
    assert Fraction("5.7638127") < low["x_1"] < Fraction("5.7639")


def test_enclosures_over_an_interval_hold_its_points() -> None:
    """Oracle: certified points; the interval spans several stretches."""
    branch, chain = branch_of("II"), narrow_chain("II", 8, 5)
    hull = enclosure_over(chain, Fraction(5), Fraction(8))

    for k in (5, 6, 7, 8):
        point = branch.point(k, digits=25).point.parameters.values()
        assert all(x.contains(y.mid()) for x, y in zip(hull, point, strict=True))


def test_a_tube_that_is_too_wide_leaves_the_signs_open() -> None:
    """No block is enclosed where vectors may vanish, and nothing is claimed."""
    branch = branch_of("A")
    stretch = narrow_chain("A", 8, 5)[0]
    wide = replace(stretch, tube=replace(stretch.tube, image=(arb(1), arb(1))))

    found = follow_signs(branch.landscape, [wide])

    assert all(s.low == stretch.high for s in found)
    assert all(s.negative_at(stretch.low) is None for s in found)
