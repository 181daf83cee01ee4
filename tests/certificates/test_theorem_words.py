"""Mirror of symcrit/certificates/theorem_words.py."""

from typing import Any

import pytest

from symcrit.certificates import checker
from symcrit.certificates.theorem_words import theorem_sentences

CLAIM: dict[str, Any] = {
    "family": "X",
    "kernel": "relu",
    "target": {"a_1": "1"},
    "pattern": "k",
    "limit": {"a_1": "-1", "o_1": "0"},
    "k_min": "2.5",
    "loss": {"positive_from": "4"},
    "index": [
        {"from": 8, "to": None, "morse_index": "0", "minimum": True},
        {"from": 7, "to": 7, "morse_index": "k", "minimum": False},
        {"from": 6, "to": 6, "morse_index": "2", "minimum": False},
        {"from": 5, "to": 5, "morse_index": None, "minimum": None},
        {"from": 3, "to": 3, "morse_index": "0", "minimum": True},
    ],
    "crossings": [
        {
            "k": {"mid": "7.5000000000000001", "rad": "1e-16"},
            "component": "s_1",
            "negative_below": 1,
            "negative_above": 0,
        }
    ],
    "complete_from": "6",
    "followed_above": {"1": "1", "s_1": "2", "y_1": "3"},
}


THRESHOLD = "k = 7.50000000000... (component s_1, 1 negative below, 0 above)"


def test_each_part_of_a_claim_has_its_sentence() -> None:
    """A minimum is called not global only where the loss is positive."""
    found = theorem_sentences(CLAIM)

    assert found[1:] == [
        "It is a strict local minimum, not a global one, for every integer k >= 8.",
        "It is a saddle for k = 7, 6, of Morse index k, 2.",
        "Its index was not decided for k = 5.",
        "It is a strict local minimum for k = 3.",
        f"The signs of the Hessian change exactly at {THRESHOLD}, for real k >= 6.",
    ]
    assert 'real k >= 2.5 the family here called "X" (kernel relu' in found[0]
    assert "(kernel relu, target a_1 = 1, pattern k) has exactly one" in found[0]
    assert "tends to a_1 = -1, o_1 = 0 as k grows" in found[0]


def test_an_incomplete_list_is_not_called_complete() -> None:
    """Nothing is said of thresholds, or that there are none."""
    assert 5 == len(theorem_sentences({**CLAIM, "complete_from": None}))
    found = theorem_sentences({**CLAIM, "crossings": []})
    assert "No eigenvalue of the Hessian vanishes for real k >= 6." == found[-1]


@pytest.mark.parametrize(
    ("above", "words"),
    [
        ({"1": "1", "s_1": "11/2"}, "for real k >= 6"),
        (
            {"1": "1", "y_1": "6", "s_1": "2"},
            "for real k >= 6 on component 1, s_1 and k > 6 on component y_1",
        ),
        (
            {"y_1": "13/2", "x_1": "8", "s_1": "8"},
            "for real k > 13/2 on component y_1 and k > 8 on component s_1, x_1",
        ),
    ],
)
def test_no_component_is_spoken_of_where_copies_are_missing(
    above: dict[str, str], words: str
) -> None:
    """The list of thresholds is that of the components followed there."""
    claim = {**CLAIM, "followed_above": above}

    assert f"change exactly at {THRESHOLD}, {words}." in theorem_sentences(claim)[-1]
    quiet = theorem_sentences({**claim, "crossings": []})
    assert f"No eigenvalue of the Hessian vanishes {words}." == quiet[-1]


def test_with_few_rows_a_minimum_may_be_a_global_one() -> None:
    """Where the target has more rows the loss is positive everywhere."""
    few = {**CLAIM, "pattern": "n=k: rows n cols 1,n target 1,n"}
    many = {**CLAIM, "pattern": "n=k-1: rows 1,n,1 cols 1,n"}

    assert "It is a strict local minimum for every integer k >= 8." in (
        theorem_sentences(few)
    )
    assert "minimum, not a global one, for" in " ".join(theorem_sentences(many))


def test_a_saddle_of_an_index_that_is_not_known() -> None:
    """That some eigenvalue is negative may be all that was proved."""
    index = [{"from": 7, "to": 7, "morse_index": None, "minimum": False}]

    found = theorem_sentences({**CLAIM, "index": index})
    assert "It is a saddle for k = 7, of Morse index undecided." == found[1]


@pytest.mark.parametrize("complete", ["6", "1", "2", "3.5", None])
@pytest.mark.parametrize("pattern", ["k", "n=k: rows n cols 1,n target 1,n"])
def test_the_other_program_says_the_same(pattern: str, complete: str | None) -> None:
    """It makes the words by its own text."""
    claim = {**CLAIM, "pattern": pattern, "complete_from": complete}

    assert checker.theorem_words(claim) == " ".join(theorem_sentences(claim))
