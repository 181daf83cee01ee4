"""Numbers and texts that would take forever are refused in one line, by both checkers.

Of a file from outside nothing is computed before its numbers were looked at.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from symcrit.certificates import checker
from symcrit.certificates.checker import BadCertificate, check_text
from symcrit.certificates.documents import read_certificate, sha256_of
from symcrit.certify.checking import check_certificate
from symcrit.core.errors import InputError
from tests.certify.certified import certificate

Document = dict[str, Any]

HUGE = "1e999999999"
FINE = "1e-999999999"

CLAIM: Document = {
    "family": "X",
    "kernel": "relu",
    "pattern": "k",
    "target": {"a_1": "1"},
    "limit": {"a_1": "-1", "o_1": "0"},
    "k_min": "5",
    "bounds": {
        name: {
            "terms": [[0, "-1"]],
            "order": 1,
            "constant": "1",
            "next": "2",
            "ratio": None,
        }
        for name in ("a_1", "o_1", "loss")
    },
    "loss": {
        "exponent": 0,
        "lower": "0",
        "lower_from": "5",
        "upper": "1",
        "positive_from": "5",
    },
    "index": [
        {
            "from": 6,
            "to": None,
            "negative": {"x_1": 0},
            "morse_index": "0",
            "minimum": True,
        }
    ],
    "crossings": [
        {
            "k": {"mid": "5.763812734919", "rad": "1e-12"},
            "component": "x_1",
            "multiplicity": "1",
            "negative_below": 1,
            "negative_above": 0,
        }
    ],
    "complete_from": "5",
    "followed_above": {"x_1": "2"},
}

PLACES: list[tuple[str | int, ...]] = [
    ("k_min",),
    ("complete_from",),
    ("bounds", "a_1", "constant"),
    ("bounds", "loss", "ratio"),
    ("loss", "lower"),
    ("loss", "lower_from"),
    ("loss", "upper"),
    ("loss", "positive_from"),
    ("crossings", 0, "k", "mid"),
    ("crossings", 0, "k", "rad"),
    ("followed_above", "x_1"),
]


def theorem_with(*path: str | int, to: object) -> str:
    """A statement about all k with one place changed; its evidence is worth nothing."""
    claim = copy.deepcopy(CLAIM)
    place: Any = claim
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    document = {
        "schema": checker.SCHEMA,
        "kind": "uniform",
        "producer": {"name": "tests", "version": "1"},
        "claim": claim,
        "words": "",
        "evidence": {"infinity": {}, "stretches": [], "signs": {}},
    }
    return json.dumps({**document, "sha256": sha256_of(document)})


@pytest.mark.parametrize("text", [HUGE, FINE, "9" * 4500, "nan", "inf", "5\n", "٥"])
@pytest.mark.parametrize("place", PLACES, ids=lambda x: ".".join(map(str, x)))
def test_a_number_of_a_theorem(place: tuple[str | int, ...], text: str) -> None:
    """Refused by its form, before the words are made from it."""
    with pytest.raises(BadCertificate, match="not written as it should be"):
        check_text(theorem_with(*place, to=text))


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("index", 0, "from"), True),
        (("index", 0, "to"), "6"),
        (("index", 0, "minimum"), 1),
        (("index", 0, "negative"), {"x_1": False}),
        (("index", 0, "negative"), {"x_1": -1}),
        (("crossings", 0, "negative_below"), True),
        (("bounds", "a_1", "order"), "1"),
        (("bounds", "a_1", "terms"), [[0, "1", "2"]]),
        (("limit",), ["-1", "0"]),
        (("crossings",), None),
    ],
)
def test_a_part_of_another_type(path: tuple[str | int, ...], to: object) -> None:
    """A truth value is no number, and a list no object."""
    with pytest.raises(BadCertificate):
        check_text(theorem_with(*path, to=to))


TOWER = "(" * 12 + "2" + "**256)" * 12


@pytest.mark.parametrize(
    "text", [TOWER, f"0*{TOWER}", "9" * 5000, "(" * 60 + "k" + ")" * 60]
)
def test_a_formula(text: str) -> None:
    """A short text may name a number of more digits than there are atoms."""
    with pytest.raises(BadCertificate):
        checker._at(text, 1000)


def test_many_signs() -> None:
    """They are counted, without a call for each."""
    assert 1000 == checker._at("-" * 10**5 + "k", 1000)


@pytest.mark.parametrize(
    "pattern",
    [
        "1+(k-" + "9" * 5000 + ")",
        "1+" + "(" * 3000 + "k-1" + ")" * 3000,
        "1+(" + "-" * 5000 + "k)",
        "k+" + "1+" * 10**5 + "1",
    ],
)
def test_a_pattern(pattern: str) -> None:
    """Long numbers and deep parentheses, in either kind of certificate."""
    point = copy.deepcopy(certificate("II 7").document)
    point["claim"]["pattern"] = pattern
    point["sha256"] = sha256_of(point)
    for text in (json.dumps(point), theorem_with("pattern", to=pattern)):
        with pytest.raises(BadCertificate) as caught:
            check_text(text)
        assert len(str(caught.value)) < 300


def source(**changes: object) -> Callable[[Document], object]:
    """A source with some fields changed."""
    whole = {
        "file": "x.npy",
        "sha256": "0" * 64,
        "entry": "",
        "row_order": [*range(7)],
        "column_order": [*range(7)],
        "transposed": False,
        "distance": "1e-9",
    }
    return lambda document: document.update(source={**whole, **changes})


CHANGES: dict[str, Callable[[Document], object]] = {
    "huge loss": lambda x: x["claim"]["loss"].update(mid=HUGE),
    "fine radius": lambda x: x["claim"]["loss"].update(rad=FINE),
    "long parameter": lambda x: x["claim"]["parameters"]["a_1"].update(mid="9" * 4500),
    "long target": lambda x: x["claim"]["target"].update(a_1="9" * 4500),
    "long size": lambda x: x["claim"]["variables"].update(k="9" * 4500),
    "another variable": lambda x: x["claim"]["variables"].update(d="3"),
    "huge distance": source(distance=HUGE),
    "negative distance": source(distance="-1"),
    "no permutation": source(row_order=[0] * 7),
    "few rows": source(row_order=[0]),
    "many columns": source(column_order=[*range(8)]),
    "number for a truth value": source(transposed=0),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_point(name: str) -> None:
    """Both checkers refuse its numbers, and orders that are no permutations."""
    document = copy.deepcopy(certificate("II 7").document)
    CHANGES[name](document)
    document["sha256"] = sha256_of(document)

    with pytest.raises(BadCertificate):
        check_text(json.dumps(document))
    with pytest.raises(InputError):
        check_certificate(read_certificate(document, where="test"))


def test_a_true_source_is_taken() -> None:
    """So the ones above are refused for what was changed."""
    document = copy.deepcopy(certificate("II 7").document)
    source()(document)
    document["sha256"] = sha256_of(document)

    assert "VERIFIED" == check_text(json.dumps(document)).outcome
    found = check_certificate(read_certificate(document, where="test"))
    assert "VERIFIED" == found.word


@pytest.mark.parametrize("bits", ["-1", "1000000000"])
def test_extra_bits(bits: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Few or very many of them would be a wrong answer or none."""
    with pytest.raises(SystemExit) as caught:
        checker.main(["cert.json", "--extra-bits", bits])

    assert 2 == caught.value.code
    assert "--extra-bits should be from 0 to" in capsys.readouterr().err
