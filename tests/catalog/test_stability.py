"""Mirror of symcrit/catalog/stability.py."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from symcrit.catalog.families import family
from symcrit.catalog.family import Family
from symcrit.catalog.stability import (
    approx_full_eigenvalues,
    check_crossing,
    eigenvalue_curves,
    spectrum_or_none,
)
from symcrit.certify.thresholds import Crossing
from symcrit.core.errors import UndecidedError
from symcrit.core.truth import Truth


@pytest.fixture(scope="module")
def type_a() -> Family:
    """The quickest family to follow."""
    return family("A")


@pytest.fixture(scope="module")
def crossing(type_a: Family) -> Crossing:
    """Its largest threshold, between k = 5 and k = 6."""
    return type_a.threshold().crossings[0]


def test_curves_hold_the_eigenvalues_at_their_k(type_a: Family) -> None:
    """Oracle: the whole Hessian at an integer, and the range that was asked for."""
    curves = eigenvalue_curves(type_a, Fraction(7) * 500 / 501, high=100, count=4)
    point = type_a.point(7)
    whole = approx_full_eigenvalues(
        type_a, 7, [point.parameters[name] for name in type_a.names]
    )

    assert curves.sizes[0] == 7
    assert curves.sizes[-1] == 100
    assert list(curves.sizes) == sorted(curves.sizes)
    first = [float(values[0]) for values in curves.least.values() if values[0]]
    assert min(first) == pytest.approx(whole[0], abs=1e-8)
    for value in first:
        assert np.abs(whole - value).min() < 1e-8


def test_a_component_without_all_copies_has_no_curve(type_a: Family) -> None:
    """At k = 2.5 family A has no y_1, and one copy of s_1 less at k <= 2."""
    curves = eigenvalue_curves(type_a, Fraction(5, 2), high=4, count=3)

    assert curves.least["y_1"][0] is None
    assert curves.least["y_1"][-1] is not None
    assert curves.least["s_1"][0] is not None


def test_a_threshold_agrees_with_spectra_beside_it(
    type_a: Family, crossing: Crossing
) -> None:
    """At certified points, which do not come from the bordered system."""
    assert check_crossing(type_a, crossing).is_true


@pytest.mark.parametrize(
    "change",
    [
        {"k": arb("5.9")},
        {"negative_below": 0},
        {"negative_above": 1},
        {"negative_below": 0, "negative_above": 1},
        {"component": "s_1"},
    ],
    ids=["k", "below", "above", "sides", "component"],
)
def test_a_wrong_threshold_is_refuted(
    type_a: Family, crossing: Crossing, change: dict[str, object]
) -> None:
    """Each part of what is stated matters."""
    wrong = replace(crossing, **change)  # type: ignore[arg-type]

    outcome = check_crossing(type_a, wrong)

    assert outcome.is_false


def test_what_is_not_stated_is_not_confirmed(
    type_a: Family, crossing: Crossing
) -> None:
    """Signs left open, no certificate, or no such component there."""
    for change in (
        {"negative_below": None},
        {"certified": Truth.UNKNOWN},
        {"component": "z"},
    ):
        wrong = replace(crossing, **change)
        assert check_crossing(type_a, wrong) is Truth.UNKNOWN


def test_whole_hessians_agree_with_blocks(type_a: Family) -> None:
    """Oracle: the certified spectrum with multiplicities, at k = 6."""
    found = spectrum_or_none(type_a, Fraction(6), digits=15)
    assert found is not None
    listed = sorted(
        float(x)
        for block in found.blocks
        for x in block.eigenvalues
        for _ in range(block.multiplicity or 0)
    )
    point = type_a.point(6)

    whole = approx_full_eigenvalues(
        type_a, 6, [point.parameters[name] for name in type_a.names]
    )

    assert np.abs(whole - listed).max() < 1e-10


def test_where_no_point_is_proved_there_is_no_spectrum(
    type_a: Family, crossing: Crossing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The branch may be lost or end; nothing is confirmed then."""

    def lost(*_: object, **__: object) -> None:
        message = "the branch was lost"
        raise UndecidedError(message, hint="none")

    monkeypatch.setattr(Family, "point", lost)

    assert spectrum_or_none(type_a, Fraction(9), digits=8) is None
    assert check_crossing(type_a, crossing) is Truth.UNKNOWN
