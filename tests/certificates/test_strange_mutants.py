"""Falsified certificates of strange kinds, each with a right hash, for both checkers.

Parts of other certificates, boundary values, wrong counts, truth values for numbers,
digits of other alphabets, keys that occur twice: nothing of it is verified, and nothing
ends a checker by an error.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import symcrit
from symcrit.certificates import checker
from symcrit.certificates.checker import BadCertificate, check_text
from symcrit.certificates.documents import sha256_of
from symcrit.core.errors import InputError
from tests.certify.certified import certificate

Document = dict[str, Any]
Change = Callable[[Document], object]


def both(text: str, folder: Path) -> set[str]:
    """What the two checkers say of a file."""
    path = folder / "cert.json"
    path.write_text(text)
    found = set()
    try:
        found.add(symcrit.check(path).word)
    except InputError:
        found.add("MALFORMED")
    try:
        found.add(check_text(path.read_bytes()).outcome)
    except BadCertificate:
        found.add("MALFORMED")
    return found


def put(*path: str | int, to: object) -> Change:
    """Change one place."""

    def change(document: Document) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = copy.deepcopy(to)

    return change


def several(*changes: Change) -> Change:
    """One after the other."""
    return lambda document: [change(document) for change in changes]


def point(name: str) -> Document:
    """A fresh copy of the certificate of a point."""
    found: Document = copy.deepcopy(certificate(name).document)
    return found


def blocks(document: Document) -> list[Document]:
    """The blocks of the claim."""
    found: list[Document] = document["claim"]["blocks"]
    return found


ANYTHING = {"mid": "0", "rad": "1e30"}

POINTS: dict[str, Change] = {
    "evidence of another point": lambda x: x.update(evidence=point("A 6")["evidence"]),
    "claim of another point": lambda x: x.update(claim=point("A 6")["claim"]),
    "blocks of another point": lambda x: x["claim"].update(blocks=blocks(point("A 6"))),
    "spectrum of another size": lambda x: x["claim"].update(
        blocks=blocks(point("II 8"))
    ),
    "loss of another size": lambda x: x["claim"].update(
        loss=point("II 8")["claim"]["loss"]
    ),
    "another size": put("claim", "variables", "k", to="8"),
    "component twice": lambda x: blocks(x).append(copy.deepcopy(blocks(x)[2])),
    "component missing": lambda x: blocks(x).pop(),
    "component of another alphabet": put("claim", "blocks", 2, "component", to="х_2"),
    "another multiplicity": put("claim", "blocks", 1, "multiplicity", to="6"),
    "multiplicity of no blocks": put("claim", "blocks", 1, "multiplicity", to="0"),
    "copies as a truth value": put("claim", "blocks", 2, "copies", to=True),
    "negative as a truth value": put("claim", "blocks", 2, "negative", to=False),
    "negative below nothing": put("claim", "blocks", 1, "negative", to=-1),
    "negative beyond copies": put("claim", "blocks", 1, "negative", to=10**300),
    "zero of a regular block": several(
        put("claim", "blocks", 1, "zero", to=1),
        put("claim", "minimum", to=None),
    ),
    "zero beside an open sign": several(
        put("claim", "blocks", 1, "negative", to=None),
        put("claim", "blocks", 1, "zero", to=1),
        put("claim", "morse_index", to=None),
        put("claim", "index_bounds", to=["0", "24"]),
        put("claim", "minimum", to=None),
    ),
    "bounds in the wrong order": put("claim", "index_bounds", to=["5", "0"]),
    "the same eigenvalue for all": lambda x: blocks(x)[1].update(
        eigenvalues=[blocks(x)[1]["eigenvalues"][0]] * 5
    ),
    "sign of the loss": lambda x: x["claim"]["loss"].update(
        mid="-" + x["claim"]["loss"]["mid"]
    ),
    "negative radius": put("claim", "loss", "rad", to="-1"),
    "no number": put("claim", "loss", "mid", to="nan"),
    "infinite radius": put("claim", "loss", "rad", to="inf"),
    "arabic digits": put("claim", "variables", "k", to="٧"),
    "raised digit": put("claim", "pattern", to="1+(k-¹)"),
    "blank in a number": put("claim", "loss", "mid", to=" 0.02"),
    "line break after a kernel": put("claim", "kernel", to="relu\n"),
    "another kernel": put("claim", "kernel", to="c^2"),
    "scaled target": put("claim", "target", to={"a_1": "1", "a_2": "2"}),
    "no target": put("claim", "target", to={}),
    "almost the target": put("claim", "target", "o_2", to="1/100000"),
    "formal where it is not": put("claim", "formal", to=True),
    "another pattern of that size": put("claim", "pattern", to="(k-1)+1"),
    "precision zero": put("evidence", "bits", to=0),
    "precision as a truth value": put("evidence", "bits", to=True),
    "radius zero": put("evidence", "radii", 0, to="0*2^0"),
    "radius below zero": put("evidence", "radii", 0, to="-1*2^-60"),
    "smaller box": put("evidence", "radii", to=["1*2^-2000"] * 5),
    "box that holds everything": put("evidence", "radii", to=["1*2^20"] * 5),
    "box moved by its width": put("evidence", "centre", 0, to="-5*2^-3"),
    "exact point that is none": put("evidence", "exact_point", to=["1"] * 5),
    "no preconditioner": put("evidence", "preconditioner", to=[["0*2^0"] * 5] * 5),
    "anything, and a minimum of index one": several(
        put("claim", "blocks", 1, "eigenvalues", to=[ANYTHING] * 5),
        put("claim", "morse_index", to="1"),
    ),
    "source that is a list": put("source", to=[]),
    "path that is no text": put("path", to={"a": 1}),
    "another version": put("schema", to="symcrit/certificate@2"),
    "another kind": put("kind", to="uniform"),
}


@pytest.mark.parametrize("name", POINTS)
def test_points(name: str, tmp_path: Path) -> None:
    """The words are those of the claim, so that only what is false can be wrong."""
    document = point("II 7")
    POINTS[name](document)
    try:
        document["words"] = checker.words(document["claim"])
    except (TypeError, KeyError, AttributeError):
        document["words"] = "These cannot be made."
    document["sha256"] = sha256_of(document)

    assert "VERIFIED" not in both(json.dumps(document), tmp_path)


TEXTS: dict[str, Callable[[str], str]] = {
    "key twice": lambda x: x.replace('"loss":', '"loss": {"mid": "5"}, "loss":', 1),
    "words twice": lambda x: x[:-1] + ', "words": "All is well."}',
    "a float": lambda x: x.replace('"copies": 5', '"copies": 5.0', 1),
    "an infinite float": lambda x: x.replace('"copies": 5', '"copies": 1e400', 1),
    "a long integer": lambda x: x.replace('"copies": 5', '"copies": ' + "9" * 4400, 1),
    "deep lists": lambda x: x.replace('"source": null', '"source": ' + "[" * 10**5, 1),
    "lists within lists": lambda x: x.replace(
        '"source": null', f'"source": {"[" * 900}{"]" * 900}', 1
    ),
    "something after it": lambda x: x + "{}",
    "a list": lambda _: "[]",
    "nothing": lambda _: "",
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts(name: str, tmp_path: Path) -> None:
    """What is no JSON of the kind that certificates are."""
    text = json.dumps(point("II 7"))
    changed = TEXTS[name](text)

    assert changed != text
    assert both(changed, tmp_path) == {"MALFORMED"}
