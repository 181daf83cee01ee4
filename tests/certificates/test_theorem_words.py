"""Mirror of symcrit/certificates/theorem_words.py."""

from typing import Any

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
    assert (
        'real k >= 2.5 the family "X" (kernel relu, target a_1 = 1, pattern k)'
        in (found[0])
    )
    assert "tends to a_1 = -1, o_1 = 0 as k grows" in found[0]


def test_an_incomplete_list_is_not_called_complete() -> None:
    """Nothing is said of thresholds, or that there are none."""
    assert 5 == len(theorem_sentences({**CLAIM, "complete_from": None}))
    found = theorem_sentences({**CLAIM, "crossings": []})
    assert "No eigenvalue of the Hessian vanishes for real k >= 6." == found[-1]
