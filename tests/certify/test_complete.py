"""Mirror of symcrit/certify/complete.py."""

import math
from dataclasses import replace
from fractions import Fraction

import symcrit
from symcrit.certify.complete import complete_thresholds
from symcrit.certify.indices import ComponentSigns
from tests.certify.theorem_cases import theorem


def test_the_list_of_type_a_is_complete_to_infinity() -> None:
    """Oracle: the numerical search finds the same thresholds above k = 5."""
    found = complete_thresholds(theorem("A", 5))
    searched = [c for c in symcrit.family("A").threshold().crossings if c.k > 5]

    assert found.complete
    assert (Fraction(5), math.inf) == found.searched
    assert len(searched) == len(found.crossings)
    for mine, other in zip(found.crossings, searched, strict=True):
        assert mine.k.overlaps(other.k)
        assert mine.component == other.component
        assert mine.negative_below == other.negative_below
        assert mine.negative_above == other.negative_above
        assert mine.certified.is_true


def test_an_open_sign_ends_the_list() -> None:
    """Complete from the k above which all signs are known; not at all at infinity."""
    proved = theorem("A", 5)

    def opened(signs: ComponentSigns) -> ComponentSigns:
        return replace(signs, low=Fraction(7)) if signs.pieces else signs

    cut = replace(proved, signs=tuple(opened(s) for s in proved.signs))
    unknown = dict(proved.infinity.negatives) | {"x_1": None}
    far = replace(proved, infinity=replace(proved.infinity, negatives=unknown))

    assert (Fraction(7), math.inf) == complete_thresholds(cut).searched
    assert complete_thresholds(cut).complete
    assert not complete_thresholds(far).complete
    assert "signs of x_1 stay open" in complete_thresholds(far).remark
