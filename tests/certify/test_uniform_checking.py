"""Mirror of symcrit/certify/uniform_checking.py and uniform_data.py."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flint import arb_mat

import symcrit
from symcrit.certificates.documents import sha256_of
from symcrit.certificates.theorem_words import theorem_sentences
from symcrit.certify import uniform_checking
from symcrit.certify.bounds import prove_bounds
from symcrit.certify.inertia import SignPiece
from symcrit.certify.stretches import Stretch
from symcrit.certify.theorems import FamilyTheorem
from symcrit.certify.uniform_checking import (
    _compare_claim,
    _covers,
    check_theorem,
)
from symcrit.core.errors import InputError
from symcrit.core.truth import Truth
from tests.certify.theorem_cases import theorem

Document = dict[str, Any]
Change = Callable[[Document], object]


def first_threshold(evidence: Document) -> Document:
    """The recorded point where the component x_1 is singular."""
    found: Document = evidence["signs"]["x_1"]["singular"][0]
    return found


BEYOND = "9" * 1999


def at_infinity(evidence: Document) -> Document:
    """The recorded series of the first parameter."""
    found: Document = evidence["infinity"]["parameters"][0]
    return found


def halved(radius: str) -> str:
    """Half of a dyadic number."""
    mantissa, _, exponent = radius.partition("*2^")
    return f"{mantissa}*2^{int(exponent) - 1}"


def hide_threshold(pieces: list[Document]) -> None:
    """Let the piece above an open one reach down to its end."""
    at = next(i for i, x in enumerate(pieces) if x["negative"] is None)
    pieces[at - 1]["low"] = pieces.pop(at)["low"]


OPEN: dict[str, Change] = {
    "smaller k_min": lambda claim: claim.update(k_min="4.999999"),
    "smaller complete_from": lambda claim: claim.update(complete_from="4.9"),
    "smaller positive_from": lambda claim: claim["loss"].update(positive_from="4"),
    "smaller lower_from": lambda claim: claim["loss"].update(lower_from="4"),
    "larger lower bound": lambda claim: claim["loss"].update(lower="0.18"),
    "smaller upper bound": lambda claim: claim["loss"].update(upper="0.01"),
    "index of other integers": lambda claim: claim["index"][0].update({"from": 5}),
    "wide ball of a threshold": lambda claim: claim["crossings"][0]["k"].update(
        mid="8.123456789012", rad="3"
    ),
    "threshold out of sight": lambda claim: claim["crossings"][0]["k"].update(
        mid="1.500000000000", rad="5"
    ),
    "threshold perhaps out of sight": lambda claim: claim.update(
        complete_from=claim["crossings"][0]["k"]["mid"]
    ),
    "constant just above the next coefficient": lambda claim: claim["bounds"][
        "a_1"
    ].update(constant="1.453523"),
    "smaller constant": lambda claim: claim["bounds"]["a_1"].update(constant="1.4539"),
}

WRONG: dict[str, Change] = {
    "half a constant": lambda claim: claim["bounds"]["a_1"].update(constant="0.72"),
    "half of the loss": lambda claim: claim["bounds"]["loss"].update(constant="0.63"),
    "another coefficient": lambda claim: claim["bounds"]["a_1"].update(
        next="-4 + 9/pi"
    ),
    "index at large k": lambda claim: claim["index"][0].update(morse_index="1"),
    "negative at large k": lambda claim: claim["index"][0]["negative"].update(x_1=1),
    "index off by one": lambda claim: claim["index"][1].update(morse_index="5"),
    "saddle as minimum": lambda claim: claim["index"][1].update(minimum=True),
    "negative at five": lambda claim: claim["index"][1]["negative"].update(x_1=0),
    "moved threshold": lambda claim: claim["crossings"][0]["k"].update(mid="5.7638"),
    "threshold without change": lambda claim: claim["crossings"][0].update(
        negative_above=1
    ),
    "no threshold": lambda claim: claim["crossings"].clear(),
    "another limit": lambda claim: claim["limit"].update(a_1="1"),
    "a term of the loss left out": lambda claim: claim["bounds"]["loss"]["terms"].pop(
        1
    ),
    "another next term of the loss": lambda claim: claim["bounds"]["loss"].update(
        next="1"
    ),
    "a term of the loss off by very little": lambda claim: claim["bounds"]["loss"][
        "terms"
    ][1].__setitem__(1, f"-4/(3*pi) + 1/1{'0' * 100}"),
    "a term left out": lambda claim: claim["bounds"]["a_1"]["terms"].pop(),
    "a term twice": lambda claim: claim["bounds"]["a_1"]["terms"].append([3, "1"]),
    "bounds of another order": lambda claim: [
        bound.update(order=3) for bound in claim["bounds"].values()
    ],
    "another power of the loss": lambda claim: claim["loss"].update(exponent=1),
    "a threshold twice": lambda claim: claim["crossings"].append(
        copy.deepcopy(claim["crossings"][0])
    ),
    "a threshold of another component": lambda claim: claim["crossings"][0].update(
        component="y_1"
    ),
    "another multiplicity": lambda claim: claim["crossings"][0].update(
        multiplicity="k*(k - 1)/2"
    ),
    "signs exchanged at a threshold": lambda claim: claim["crossings"][0].update(
        negative_below=0, negative_above=1
    ),
    "another kernel": lambda claim: claim.update(kernel="c^2"),
    "another target": lambda claim: claim["target"].update(a_1="2"),
    "almost the target": lambda claim: claim["target"].update(o_1="1/1000000000000"),
    "copies that are missing": lambda claim: claim["followed_above"].update(y_1="2"),
    "another component": lambda claim: claim["followed_above"].update(z_1="2"),
    "a component left out": lambda claim: claim["followed_above"].pop("y_1"),
    "another ratio": lambda claim: claim["bounds"]["a_1"].update(ratio="1.1"),
    "ratio of an old constant": lambda claim: claim["bounds"]["a_1"].update(
        constant="2"
    ),
}

BROKEN: dict[str, Change] = {
    "moved centre": lambda e: e["stretches"][3]["centre"][0].__setitem__(0, "-7*2^-3"),
    "narrow box": lambda e: e["stretches"][3]["radii"].__setitem__(0, "1*2^-120"),
    "wide box": lambda e: e["stretches"][3]["radii"].__setitem__(0, "1*2^2"),
    "no preconditioner": lambda e: (
        e["stretches"][3]["preconditioner"].clear()
        or e["stretches"][3]["preconditioner"].append([["0*2^0"] * 2] * 2)
    ),
    "gap between tubes": lambda e: e["stretches"].pop(3),
    "no uppermost tube": lambda e: e["stretches"].pop(0),
    "no tubes": lambda e: e["stretches"].clear(),
    "wrong sign": lambda e: e["signs"]["x_1"]["pieces"][-1].update(negative=0),
    "singular basis": lambda e: e["signs"]["x_1"]["pieces"][0].update(
        basis=[["0*2^0"]]
    ),
    "gap between pieces": lambda e: e["signs"]["s_1"]["pieces"].pop(1),
    "unfinished pieces": lambda e: e["signs"]["s_1"]["pieces"].pop(),
    "missing component": lambda e: e["signs"].pop("y_1"),
    "no proof of a threshold": lambda e: e["signs"]["x_1"]["singular"].clear(),
    "small box": lambda e: first_threshold(e)["wide"]["radii"].__setitem__(
        0, "1*2^-60"
    ),
    "moved narrow box": lambda e: first_threshold(e)["narrow"]["centre"].__setitem__(
        2, "6*2^0"
    ),
    "narrow tube at infinity": lambda e: e["infinity"]["parameters"][0].update(
        radius="1*2^-300"
    ),
    "wide tube at infinity": lambda e: [
        x.update(radius="1*2^46") for x in e["infinity"]["parameters"]
    ],
    "tube at infinity that holds no neurons": lambda e: at_infinity(e).update(
        radius="1*2^100"
    ),
    "tube at infinity half as wide": lambda e: [
        x.update(radius=halved(x["radius"])) for x in e["infinity"]["parameters"]
    ],
    "smaller k_1": lambda e: e["infinity"].update(k_from="63"),
    "tubes in another order": lambda e: e["stretches"].reverse(),
    "a tube twice": lambda e: e["stretches"].insert(1, e["stretches"][0]),
    "a tube that is said to be longer": lambda e: (
        e["stretches"][-1].update(low="4"),
        [x["pieces"][-1].update(low="4") for x in e["signs"].values()],
    ),
    "components exchanged": lambda e: e["signs"].update(
        x_1=e["signs"]["y_1"], y_1=e["signs"]["x_1"]
    ),
    "a piece twice": lambda e: e["signs"]["s_1"]["pieces"].insert(
        1, e["signs"]["s_1"]["pieces"][0]
    ),
    "a threshold within a piece": lambda e: hide_threshold(e["signs"]["x_1"]["pieces"]),
    "a piece without a number": lambda e: e["signs"]["s_1"]["pieces"][1].update(
        negative=None, basis=None
    ),
    "an order too high at infinity": lambda e: at_infinity(e).update(
        order=at_infinity(e)["order"] + 1
    ),
    "a coefficient off by very little": lambda e: at_infinity(e)["terms"][-1][1].append(
        ["1", [], "1", "1" + "0" * 100]
    ),
    "a term that grows with k": lambda e: at_infinity(e)["terms"].insert(
        0, [-1, [["1", [], "1", "1"]]]
    ),
    "no terms at infinity": lambda e: at_infinity(e)["terms"].clear(),
    "no matrix at infinity": lambda e: e["infinity"].update(inverse=[[[], []]] * 2),
    "a root of t": lambda e: e["infinity"].update(ramification=2),
    "k_1 is no binary fraction": lambda e: e["infinity"].update(k_from="193/3"),
    "k_1 beyond all floats": lambda e: e["infinity"].update(k_from=BEYOND),
    "tubes beyond all floats": lambda e: (
        e["infinity"].update(k_from=BEYOND),
        e["stretches"][0].update(high=BEYOND),
        [x["pieces"][0].update(high=BEYOND) for x in e["signs"].values()],
    ),
    "nothing but a k_1 beyond all floats": lambda e: (
        e["infinity"].update(k_from=BEYOND),
        e["stretches"].clear(),
        e["signs"].clear(),
    ),
}


QUICK = ("moved centre", "no tubes", "gap between pieces", "missing component")
"""Those that are found out early."""


@pytest.fixture(scope="module")
def type_a() -> FamilyTheorem:
    """Type A from infinity down to k = 5."""
    found = theorem("A", 5)
    return FamilyTheorem("A", found, prove_bounds(found, 4))


def shorten(evidence: Document) -> None:
    """Leave out most of what is the same over and over."""
    evidence["stretches"] = evidence["stretches"][:1]
    for signs in evidence["signs"].values():
        signs["pieces"] = signs["pieces"][:1]


def sealed(document: Document) -> Document:
    """The same with words and hash that fit."""
    document["words"] = " ".join(theorem_sentences(document["claim"]))
    document["sha256"] = sha256_of(document)
    return document


def test_a_true_theorem_is_verified(type_a: FamilyTheorem, tmp_path: Path) -> None:
    """Written to a file and read again."""
    path = tmp_path / "theorem.json"
    type_a.save(path)

    found = symcrit.check(path)

    assert "VERIFIED" == found.word
    assert type_a.statement == found.claim


def test_pieces_have_to_cover_everything() -> None:
    """From the top to the lowest k, each with a basis if it has a number."""
    one = arb_mat([[1]])
    top, open_, bottom = (
        SignPiece(Fraction(5), Fraction(6), one, 0),
        SignPiece(Fraction(4), Fraction(5), None, None),
        SignPiece(Fraction(3), Fraction(4), one, 1),
    )
    whole = [top, open_, bottom]
    assert _covers(whole, Fraction(3), Fraction(6))
    for lowest, highest in ((2, 6), (4, 6), (3, 7), (3, 5)):
        assert not _covers(whole, Fraction(lowest), Fraction(highest))
    for wrong in (
        [],
        [top, bottom],
        [bottom, open_, top],
        [top, open_, open_, bottom],
        [top, replace(open_, negative=0), bottom],
        [top, replace(open_, basis=one), bottom],
        [top, open_, replace(bottom, high=Fraction(3))],
        [top, open_, bottom, replace(bottom, high=Fraction(3), low=Fraction(3))],
    ):
        assert not _covers(wrong, Fraction(3), Fraction(6))


class TestFalseClaims:
    """Each one is compared with what the evidence proves."""

    def outcome(self, type_a: FamilyTheorem, change: Change) -> Truth:
        """What is found of a claim that was changed."""
        claim = copy.deepcopy(type_a.claim)
        change(claim)
        return Truth.all_of(h.holds for h in _compare_claim(claim, type_a.theorem))

    def test_the_claim_itself_is_true(self, type_a: FamilyTheorem) -> None:
        """And so is one that says less."""

        def weaker(claim: Document) -> None:
            claim["k_min"] = claim["complete_from"] = "5.5"
            claim["bounds"]["a_1"] |= {"constant": "2", "ratio": None}
            claim["loss"] |= {"lower": "0.001", "upper": "1"}

        assert self.outcome(type_a, lambda _claim: None) is Truth.TRUE
        assert self.outcome(type_a, weaker) is Truth.TRUE

    @pytest.mark.parametrize("change", OPEN)
    def test_what_was_not_proved_is_open(
        self, type_a: FamilyTheorem, change: str
    ) -> None:
        """It may be true, but the evidence does not show it."""
        assert self.outcome(type_a, OPEN[change]) is not Truth.TRUE

    @pytest.mark.parametrize("change", WRONG)
    def test_false_values_are_rejected(
        self, type_a: FamilyTheorem, change: str
    ) -> None:
        """Half a constant, an index off by one, another threshold or limit."""
        assert self.outcome(type_a, WRONG[change]) is Truth.FALSE


@pytest.mark.slow
class TestFalseEvidence:
    """Certificates with a fitting hash, of which some part proves nothing."""

    @pytest.mark.parametrize(
        "change",
        [
            name if name in QUICK else pytest.param(name, marks=pytest.mark.slow)
            for name in BROKEN
        ],
    )
    def test_nothing_is_verified(self, type_a: FamilyTheorem, change: str) -> None:
        """A curve that was moved, a gap, a sign, a missing joint."""
        document = copy.deepcopy(type_a.certificate)
        BROKEN[change](document["evidence"])

        assert "VERIFIED" != check_theorem(sealed(document), where="x").word

    def test_tubes_have_to_be_joined(
        self, type_a: FamilyTheorem, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Tubes of several curves would be as good, one by one."""
        monkeypatch.setattr(Stretch, "joins", lambda _self, _lower: False)

        found = check_theorem(type_a.certificate, where="x")

        assert "UNKNOWN" == found.word
        assert "the tubes are joined" in found.why

    @pytest.mark.parametrize(
        ("name", "answer", "words"),
        [
            ("joins_infinity", False, "the tubes are joined"),
            ("smallest_size", Fraction(6), "all sizes are those of the pattern"),
        ],
    )
    def test_what_no_evidence_can_do_without(
        self,
        type_a: FamilyTheorem,
        monkeypatch: pytest.MonkeyPatch,
        name: str,
        answer: object,
        words: str,
    ) -> None:
        """The joint with the part near infinity, and the sizes of the pattern."""
        monkeypatch.setattr(uniform_checking, name, lambda *_: answer)

        found = check_theorem(type_a.certificate, where="x")

        assert "UNKNOWN" == found.word
        assert words in found.why

    def test_damage_is_bad_input(self, type_a: FamilyTheorem) -> None:
        """A hash that does not fit, lists that do not fit, numbers that are none."""
        document = copy.deepcopy(type_a.certificate)
        document["claim"]["k_min"] = "3"
        with pytest.raises(InputError, match="sha256"):
            check_theorem(document, where="x")
        evidence = document["evidence"]
        shorten(evidence)
        changes: list[Change] = [
            lambda e: e["stretches"][0]["radii"].pop(),
            lambda e: e["stretches"][0].update(low="99"),
            lambda e: e["signs"]["x_1"]["pieces"][0].update(basis=[[]]),
            lambda e: first_threshold(e).update(fixed=7),
            lambda e: e["stretches"][0]["centre"][0].__setitem__(0, "0.5"),
            lambda e: e["signs"].update(x_7=e["signs"]["x_1"]),
            lambda e: e["infinity"].update(claims={}),
        ]
        for change in changes:
            wrong = copy.deepcopy(document)
            change(wrong["evidence"])
            with pytest.raises(InputError):
                check_theorem(sealed(wrong), where="x")

    @pytest.mark.parametrize("text", ["1e999999999", "1e-99999", "5\n", "9" * 4500])
    def test_numbers_that_take_forever(self, type_a: FamilyTheorem, text: str) -> None:
        """They are refused before anything is computed with them."""
        place: Document
        claim = type_a.claim
        document = copy.deepcopy(type_a.certificate)
        shorten(document["evidence"])
        for place, key in [
            *[(claim, key) for key in ("k_min", "complete_from")],
            *[(claim["loss"], key) for key in ("lower", "lower_from", "upper")],
            *[(claim["bounds"]["a_1"], key) for key in ("constant", "ratio")],
            *[(claim["crossings"][0]["k"], key) for key in ("mid", "rad")],
            (claim["target"], "a_1"),
        ]:
            at, to = json.dumps(place), json.dumps({**place, key: text})
            changed = json.loads(json.dumps(claim).replace(at, to, 1))
            assert changed != claim
            wrong = {**document, "claim": changed}
            with pytest.raises(InputError, match=r"x: claim\."):
                check_theorem({**wrong, "sha256": sha256_of(wrong)}, where="x")

    @pytest.mark.parametrize("pattern", ["k/2", "2000000000-k", "k*k", "5"])
    def test_sizes_have_to_be_those_of_matrices(
        self, type_a: FamilyTheorem, pattern: str
    ) -> None:
        """For all large k, and at each integer."""
        document = copy.deepcopy(type_a.certificate)
        shorten(document["evidence"])
        document["claim"]["pattern"] = pattern
        document["sha256"] = sha256_of(document)
        with pytest.raises(InputError):
            check_theorem(document, where="x")

    def test_words_have_to_fit(self, type_a: FamilyTheorem) -> None:
        """They are made from the claim by a fixed rule."""
        document = copy.deepcopy(type_a.certificate)
        document["words"] = document["words"].replace("k >= 6", "k >= 5")
        document["sha256"] = sha256_of(document)

        assert "REJECTED" == check_theorem(document, where="x").word
