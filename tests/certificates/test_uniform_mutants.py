"""No falsified theorem for all k is verified by checker.py, though its hash is right.

What was proved from the evidence is kept between claims that share it, else each would
take as long as the first; a changed part of the evidence is proved anew.
"""

import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from random import Random
from typing import Any

import pytest

import symcrit
from symcrit.certificates import checker
from symcrit.certificates.checker import BadCertificate, Result, check_text
from symcrit.certify.bounds import prove_bounds
from symcrit.certify.theorems import FamilyTheorem
from symcrit.certify.uniform_checking import _compare_claim
from symcrit.core.truth import Truth
from tests.certify.test_uniform_checking import BROKEN, OPEN, WRONG, Document, sealed
from tests.certify.theorem_cases import theorem

pytestmark = pytest.mark.slow

NOT_NEEDED = {"small box"}
"""This program does without the wide box around a threshold."""

PROVED_HERE = {"smaller constant"}
"""Open there, but true, and proved by narrower parts of the tubes."""

_RANDOM = 20


@pytest.fixture(scope="module")
def type_a() -> FamilyTheorem:
    """Type A from infinity down to k = 5."""
    found = theorem("A", 5)
    return FamilyTheorem("A", found, prove_bounds(found, 4))


def text_of(x: Any) -> str:
    """What a part of a document is known by."""
    return json.dumps(x, sort_keys=True)


def kind(component: Any) -> Any:
    """What a component is known by."""
    return repr(component.labels), component.dimension, len(component.directions)


def landscape_of(family: checker.Family) -> tuple[str, ...]:
    """What a landscape is known by."""
    kernel = repr(vars(family.kernel)), type(family.kernel).__name__
    return family.text, repr(sorted(family.target.items())), *kernel


KEYS: dict[str, Callable[..., Any]] = {
    "prove_tubes": lambda family, x: (landscape_of(family), text_of(x)),
    "prove_pieces": lambda tubes, c, x: (tuple(map(id, tubes)), kind(c), text_of(x)),
    "prove_singular": lambda tubes, c, x: (tuple(map(id, tubes)), kind(c), text_of(x)),
}
"""What the proofs depend on that are kept."""


def keep(known: dict[Any, Any], name: str) -> Callable[..., Any]:
    """A function that remembers its results."""
    prove = getattr(checker, name)

    def run(*args: Any) -> Any:
        at = (name, KEYS[name](*args))
        if at not in known:
            known[at] = prove(*args)
        return known[at]

    return run


@pytest.fixture(scope="module", autouse=True)
def remembered() -> Iterator[None]:
    """Proofs are kept, by what they are proofs of."""
    known: dict[Any, Any] = {}
    infinity = checker.AtInfinity
    make, plain = infinity.__init__, infinity.prove

    def make_infinity(self: Any, family: Any, document: Any) -> None:
        make(self, family, document)
        self.source = text_of(document)

    def prove_infinity(self: Any) -> None:
        at = ("infinity", landscape_of(self.family), self.source)
        if at not in known:
            plain(self)
            known[at] = dict(vars(self))
        vars(self).update(known[at])

    with pytest.MonkeyPatch.context() as patch:
        for name in KEYS:
            patch.setattr(checker, name, keep(known, name))
        patch.setattr(infinity, "__init__", make_infinity)
        patch.setattr(infinity, "prove", prove_infinity)
        yield


def outcome(document: Document) -> str:
    """What the checker says of a document."""
    try:
        found: Result = check_text(json.dumps(document))
    except BadCertificate:
        return "MALFORMED"
    return found.outcome


def changed(type_a: FamilyTheorem, part: str, change: Callable[[Any], Any]) -> Document:
    """The certificate with one part changed."""
    document = copy.deepcopy(type_a.certificate)
    change(document[part])
    return sealed(document)


def test_the_original_is_verified(type_a: FamilyTheorem) -> None:
    """Else its mutants would tell nothing."""
    found = check_text(json.dumps(type_a.certificate))

    assert ("VERIFIED", "") == (found.outcome, found.why)
    assert type_a.statement == found.claim


@pytest.mark.parametrize("name", ["A", "II"])
def test_whole_theorems_are_verified(name: str) -> None:
    """From infinity down to the end of the family, tens of seconds each."""
    certificate = symcrit.family(name).prove().certificate

    found = check_text(json.dumps(certificate))

    assert ("VERIFIED", "") == (found.outcome, found.why)


def test_a_weaker_theorem_is_verified(type_a: FamilyTheorem) -> None:
    """Larger constants, and a larger k."""

    def weaken(claim: Document) -> None:
        claim["k_min"] = "5.00001"
        claim["loss"]["upper"] = "1"

    assert "VERIFIED" == outcome(changed(type_a, "claim", weaken))


@pytest.mark.parametrize("change", sorted({*OPEN, *WRONG} - PROVED_HERE))
def test_false_claims(type_a: FamilyTheorem, change: str) -> None:
    """Half a constant, an index off by one, another threshold or limit."""
    document = changed(type_a, "claim", {**OPEN, **WRONG}[change])

    assert "VERIFIED" != outcome(document)


@pytest.mark.parametrize("change", [x for x in BROKEN if x not in NOT_NEEDED])
def test_false_evidence(type_a: FamilyTheorem, change: str) -> None:
    """A curve that was moved, a gap, a sign, a missing joint."""
    document = changed(type_a, "evidence", BROKEN[change])

    assert "VERIFIED" != outcome(document)


@pytest.mark.parametrize(
    ("from_below", "from_above"), [(True, False), (False, True), (False, False)]
)
def test_a_joint_is_found_from_either_side(
    type_a: FamilyTheorem,
    monkeypatch: pytest.MonkeyPatch,
    from_below: bool,
    from_above: bool,
) -> None:
    """The point of one part has to lie in the box of the other, where one point is."""
    document = copy.deepcopy(type_a.certificate)
    proof = checker.Theorem.read(document)
    proof.infinity.prove()
    first = document["evidence"]["stretches"][:1]
    proof.tubes = checker.prove_tubes(proof.family, first)
    monkeypatch.setattr(checker.Tube, "holds", lambda *_: from_below)
    monkeypatch.setattr(checker.AtInfinity, "holds", lambda *_: from_above)

    if from_below or from_above:
        proof._join()
    else:
        with pytest.raises(checker.Open, match="not joined"):
            proof._join()


def test_what_lies_in_the_tube_near_infinity(type_a: FamilyTheorem) -> None:
    """Its point does; one that is two half-widths off in one parameter does not."""
    infinity = checker.Theorem.read(copy.deepcopy(type_a.certificate)).infinity
    infinity.prove()
    k = infinity.k_from
    point = infinity.enclosure(k)
    assert infinity.holds(point, k)
    for i, (centre, reach) in enumerate(infinity._sides(k, infinity.radii)):
        for off in (2, -2, 1):
            moved = [*point[:i], centre + reach * off, *point[i + 1 :]]
            assert not infinity.holds(moved, k)
        rest = infinity.constant(i, infinity.orders[i])
        assert rest.r + abs(rest.m) >= infinity.image[i].m
    with pytest.raises(checker.Open, match="nothing was proved at infinity below"):
        infinity.enclosure(k - 1)


def test_a_loss_that_may_vanish_along_the_tubes(
    type_a: FamilyTheorem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not called positive there, though it is near infinity."""
    plain = checker.Tube.remainder

    def blurred(self: Any, quantity: Any, terms: Any, *rest: Any, **more: Any) -> Any:
        found = plain(self, quantity, terms, *rest, **more)
        lead = quantity is None and not terms
        return checker.Interval(Fraction(-1), found.high) if lead else found

    monkeypatch.setattr(checker.Tube, "remainder", blurred)

    def weaken(claim: Document) -> None:
        claim["loss"]["lower"] = "-2"

    document = changed(type_a, "claim", weaken)
    found = check_text(json.dumps(document))
    assert ("UNKNOWN", "the loss may vanish near") == (found.outcome, found.why[:24])

    document["claim"]["loss"]["positive_from"] = None
    assert "VERIFIED" == outcome(sealed(document))


def test_equations_have_to_be_known_far_enough(
    type_a: FamilyTheorem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With too few terms the exact part shows nothing."""
    infinity = checker.Theorem.read(copy.deepcopy(type_a.certificate)).infinity
    infinity.solves()
    monkeypatch.setattr(checker, "_SLACK", -12)

    with pytest.raises(checker.Open, match="too few terms of the equations"):
        infinity.solves()


def test_claims_among_the_evidence_are_refused(type_a: FamilyTheorem) -> None:
    """What is stated stands in the claim, where it is checked."""
    document = changed(
        type_a, "evidence", lambda e: e["infinity"].update(claims={"negatives": {}})
    )

    assert "MALFORMED" == outcome(document)


def test_another_ratio(type_a: FamilyTheorem) -> None:
    """It is shown beside the constant, and has to fit."""

    def halve(claim: Document) -> None:
        claim["bounds"]["a_1"]["ratio"] = "0.5"

    assert "REJECTED" == outcome(changed(type_a, "claim", halve))


def test_a_polynomial_of_high_degree(type_a: FamilyTheorem) -> None:
    """It may agree with the index wherever they are compared, and be another one."""
    factors = "*".join(f"(k - {n})" for n in range(1000, 1008))

    def hide(claim: Document) -> None:
        claim["index"][0]["morse_index"] = factors

    assert "VERIFIED" != outcome(changed(type_a, "claim", hide))


def test_words_of_another_claim(type_a: FamilyTheorem) -> None:
    """They are made from the claim by a fixed rule."""
    document = copy.deepcopy(type_a.certificate)
    document["words"] = document["words"].replace("k >= 6", "k >= 5")
    document["sha256"] = hashlib.sha256(checker.canonical(document)).hexdigest()

    assert "REJECTED" == outcome(document)


def test_random_numbers(type_a: FamilyTheorem) -> None:
    """Claims with a number changed at random, labelled by the package's own proof."""
    random = Random(1)
    true = 0
    for _ in range(_RANDOM):
        document = copy.deepcopy(type_a.certificate)
        spoil(document["claim"], random)
        claim = document["claim"]
        truth = Truth.all_of(h.holds for h in _compare_claim(claim, type_a.theorem))
        found = outcome(sealed(document))
        assert not (found == "VERIFIED" and truth is Truth.FALSE), claim
        assert not (found == "REJECTED" and truth is Truth.TRUE), claim
        true += found == "VERIFIED"

    assert 0 < true < _RANDOM / 2


def spoil(claim: Document, random: Random) -> None:
    """Change one number of a claim, mostly a little."""
    factor = Fraction(random.choice(["2", "1/2", "1001/1000", "999/1000", "-1", "0"]))
    name = random.choice(list(claim["bounds"]))
    places: list[tuple[Document, str]] = [
        *[(claim, key) for key in ("k_min", "complete_from")],
        *[(claim["loss"], key) for key in ("lower", "upper", "positive_from")],
        *[(claim["bounds"][name], "constant")] * 4,
        *[(claim["crossings"][0]["k"], key) for key in ("mid", "rad")],
    ]
    place, key = random.choice(places)
    if key == "constant":
        place["ratio"] = None  # it would be another one
    value = round(Fraction(place[key]) * factor * 10**40)
    head, tail = divmod(abs(value), 10**40)
    place[key] = f"{'-' if value < 0 else ''}{head}.{tail:040d}"
