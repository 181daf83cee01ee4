"""Mirror of symcrit/certify/uniform.py."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flint import arb

import symcrit
from symcrit.certify.uniform import UniformTheorem, prove_uniform
from symcrit.core.errors import UndecidedError
from tests.certify.branch_cases import branch_of
from tests.certify.theorem_cases import theorem


class TestTypeA:
    """Type A, from infinity down to k = 5."""

    def test_the_curve_holds_the_points_of_the_branch(self) -> None:
        """Oracle: points certified one by one, on both sides of k_1."""
        found = theorem("A", 5)

        assert 5 == found.k_min
        for k in (5, 6, 20, found.k_one, 1000, 10**12):
            point = branch_of("A").point(Fraction(k), digits=15).point
            for x, y in zip(
                found.enclosure(Fraction(k)), point.parameters.values(), strict=True
            ):
                assert x.overlaps(y)

    def test_the_index_is_that_of_certified_spectra(self) -> None:
        """Oracle: spectra of certified points at integers and between."""
        found = theorem("A", 5)

        assert found.complete_from == 5
        for k in (Fraction(11, 2), Fraction(6), Fraction(50), Fraction(200)):
            spectrum = symcrit.family("A").spectrum(k)
            expected = {b.component: b.negative for b in spectrum.blocks}
            assert expected == found.negatives_at(k)

    def test_integers_below_the_threshold_are_looked_at(self) -> None:
        """At k = 5 the component x_1 is negative, 6 times; from 6 on none is."""
        found = theorem("A", 5)

        assert 6 == found.generic_from
        assert {5: 6} == {k: s.morse_index for k, s in found.integers.items()}

    def test_nothing_is_said_below(self) -> None:
        """The theorem ends where the tubes do."""
        found = theorem("A", 5)

        with pytest.raises(ValueError, match="lies below"):
            found.enclosure(Fraction(49, 10))
        with pytest.raises(ValueError, match="lies below"):
            found.negatives_at(Fraction(49, 10))


def test_components_are_followed_where_they_have_all_their_copies() -> None:
    """Above the last k at which characters of S_k leave one out.

    The dimensions (k - 1)(k - 2)/2 and k (k - 3)/2 are zero at 2 and 3; the square of
    the standard representation contains it for k > 2; the pattern begins with k = 1.
    """
    found = theorem("A", 5).followed_above

    assert {"1": 1, "s_1": 2, "x_1": 2, "y_1": 3} == found


def test_an_open_sign_ends_the_list_of_thresholds() -> None:
    """Near infinity there is no list then; along the tubes it begins above."""
    found = theorem("A", 5)
    negatives = {**found.infinity.negatives, "y_1": None}
    infinity = replace(found.infinity, negatives=negatives)
    assert replace(found, infinity=infinity).complete_from is None

    first, *others = found.signs
    for low in (Fraction(7), Fraction(20)):
        signs = (replace(first, low=low), *others)
        assert low == replace(found, signs=signs).complete_from
    late = replace(first, low=Fraction(20), lowest=Fraction(20))
    assert 5 == replace(found, signs=(late, *others)).complete_from


def test_where_the_index_is_one_polynomial(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above each threshold, each open sign, and each size at which copies appear."""
    found = theorem("A", 5)
    of = {s.component.name: s for s in found.signs}
    (passage,) = of["x_1"].passages
    later = replace(passage, singular=replace(passage.singular, high=Fraction(40)))
    for change, first in (
        ({"x_1": replace(of["x_1"], passages=(later,))}, 41),
        ({"1": replace(of["1"], low=Fraction(61, 2))}, 31),
    ):
        signs = tuple({**of, **change}.values())
        assert first == replace(found, signs=signs).generic_from

    monkeypatch.setattr(UniformTheorem, "_breaks", {"y_1": Fraction(9)})
    assert 10 == replace(found).generic_from


def test_tubes_that_do_not_join_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the tubes on another curve, the points at k_1 would not agree."""
    monkeypatch.setattr(
        "symcrit.certify.infinity.Infinity.enclosure", lambda _s, _k: [arb(9), arb(9)]
    )
    monkeypatch.setattr(
        "symcrit.certify.infinity.Infinity.holds", lambda _s, _x, _k: False
    )
    monkeypatch.setattr(
        "symcrit.certify.uniform._middle_of",
        lambda _infinity: list(branch_of("A").point(64).point.parameters.values()),
    )
    family = symcrit.family("A")

    with pytest.raises(UndecidedError, match="not joined"):
        prove_uniform(family.landscape, family.leading, down_to=Fraction(60))


def test_above_k_one_no_tubes_are_needed() -> None:
    """The statement near infinity says all."""
    found = theorem("A", 100)

    assert () == found.stretches
    assert found.k_min == found.k_one == found.complete_from == 64


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "first", "saddles"),
    [("II", 6, {3: 1, 4: 2, 5: 3}), ("I", 7, {4: 1, 5: 3, 6: 6})],
)
def test_types_i_and_ii_are_minima_from_some_k_on(
    name: str, first: int, saddles: dict[int, int]
) -> None:
    """Oracle: certified spectra at integers, and full spectra in other tests."""
    family = symcrit.family(name)
    found = prove_uniform(family.landscape, family.leading)

    assert found.complete_from is not None
    assert found.complete_from < first
    assert first == found.generic_from
    assert not any(found.negatives_at(Fraction(first)).values())
    assert found.infinity.spurious
    for k, index in saddles.items():
        assert index == found.integers[k].morse_index
        assert index == family.spectrum(k).morse_index
