"""Mirror of symcrit/certify/theorems.py."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symcrit
from symcrit.certify.bounds import prove_bounds
from symcrit.certify.theorems import FamilyTheorem, decimal_above, decimal_below
from symcrit.schemas.load import validate
from tests.certify.theorem_cases import theorem


@pytest.fixture(scope="module")
def type_a() -> FamilyTheorem:
    """Type A from infinity down to k = 5."""
    found = theorem("A", 5)
    return FamilyTheorem("A", found, prove_bounds(found, 3))


def test_the_sentences_of_type_a(type_a: FamilyTheorem) -> None:
    """A minimum from 6 on, a saddle at 5, one threshold between."""
    assert (
        'For every real k >= 5 the family here called "A" (kernel relu, target a_1 = 1'
        in type_a.sentences[0]
    )
    assert (
        "It is a strict local minimum, not a global one, for every integer k >= 6."
        == type_a.sentences[1]
    )
    assert "It is a saddle for k = 5, of Morse index 6." == type_a.sentences[2]
    assert "exactly at k = 5.76381273491... (component x_1" in type_a.sentences[3]


def test_no_index_for_all_integers_without_one_near_infinity(
    type_a: FamilyTheorem,
) -> None:
    """Tubes end at k_1; what is not known beyond is not told of all integers."""
    whole = type_a.theorem
    open_ = replace(whole.infinity, negatives={**whole.infinity.negatives, "x_1": None})
    found = replace(type_a, theorem=replace(whole, infinity=open_)).index[0]

    assert found.high is None
    assert found.negatives["x_1"] is None
    assert found.morse_index is None
    assert found.minimum is None
    assert 0 == found.negatives["s_1"]


def test_the_document_fits_its_schema(type_a: FamilyTheorem) -> None:
    """All fields of the command are there."""
    validate({"schema": "symcrit/prove@1", **type_a.document}, "prove", where="A")
    assert "CONFIRMED" == type_a.document["outcome"]
    assert [(6, None, "0", True), (5, 5, "6", False)] == [
        (x["from"], x["to"], x["morse_index"], x["minimum"])
        for x in type_a.document["index"]
    ]


def test_an_open_sign_is_told(
    type_a: FamilyTheorem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a number is not proved, index and outcome stay open."""
    found = FamilyTheorem("A", type_a.theorem, type_a.bounds)
    monkeypatch.setattr(
        "symcrit.certify.uniform.UniformTheorem.negatives_at",
        lambda _self, _k: {"1": 0, "s_1": 0, "x_1": None, "y_1": 0},
    )

    assert found.index[0].morse_index is None
    assert found.index[0].minimum is None
    assert not found.is_complete
    assert "not decided for every integer k >= 6" in found.statement
    assert "minimum" not in found.statement


@given(st.fractions())
def test_decimals_are_rounded_outward(x: Fraction) -> None:
    """Oracle: comparison of fractions; and little is lost."""
    above, below = Fraction(decimal_above(x)), Fraction(decimal_below(x))

    assert below <= x <= above
    assert above - below <= abs(x) / 10**8 + Fraction(1, 10**8)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "first", "last_threshold"),
    [
        ("A", 6, "5.764"),
        ("I", 7, "6.745"),
        ("II", 6, "5.586"),
        ("M", 8, "7.562"),
        ("flip:3", 10, "9.324"),
    ],
)
def test_families_are_minima_from_some_integer_on(
    name: str, first: int, last_threshold: str
) -> None:
    """Oracle: certified spectra at the integers around the last threshold."""
    family = symcrit.family(name)
    found = family.prove()

    assert "CONFIRMED" == found.document["outcome"]
    assert f"not a global one, for every integer k >= {first}." in found.statement
    assert found.k_min < Fraction(105, 100) * Fraction(last_threshold)
    assert found.theorem.complete_from is not None
    assert found.theorem.complete_from < Fraction(105, 100) * Fraction(last_threshold)
    assert found.bounds.positive_from is not None
    assert found.bounds.positive_from < first
    for k in (first - 1, first, first + 1, 100):
        (entry,) = [
            x for x in found.index if x.low <= k and (x.high is None or k <= x.high)
        ]
        assert entry.morse_index is not None
        expected = family.spectrum(k).morse_index
        assert expected == entry.morse_index.at({"k": Fraction(k)})
