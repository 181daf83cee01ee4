"""Tubes in real k, in symcrit/certificates/checker.py."""

import copy
import json
from fractions import Fraction
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from flint import arb, arb_series, fmpq, fmpq_poly

import symcrit
from symcrit.arith.precision import series_length, working_precision
from symcrit.certificates import checker
from symcrit.certificates.checker import (
    BadCertificate,
    Ball,
    Family,
    Open,
    Refuted,
    Series,
    SeriesNumbers,
    prove_pieces,
    prove_singular,
    prove_tubes,
)
from symcrit.certify import uniform_data
from symcrit.certify.indices import follow_signs
from symcrit.certify.inertia import last_break
from symcrit.certify.stretches import Chain
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.components import decompose
from symcrit.symmetry.patterns import Pattern
from tests.certificates.test_numbers import meets

TOP, BOTTOM = Fraction(63, 10), Fraction(28, 5)
CLAIM = {"kernel": "relu", "pattern": "k", "target": {"a_1": "1"}}
P = 100


@cache
def evidence() -> str:
    """Type A from k = 6.3 down to 5.6, past the threshold of x_1 near 5.76."""
    family = symcrit.family("A")

    def start(k: Fraction) -> list[arb]:
        return list(family.point(k).parameters.values())

    chain = Chain(family.landscape, family.limit, TOP, start)
    chain.extend(BOTTOM)
    signs = follow_signs(family.landscape, chain.stretches)
    return json.dumps(
        {
            "stretches": [uniform_data._stretch_document(x) for x in chain.stretches],
            "signs": {x.component.name: uniform_data._signs_document(x) for x in signs},
        }
    )


def documents() -> dict[str, Any]:
    """A fresh copy of the evidence."""
    found: dict[str, Any] = json.loads(evidence())
    return found


@cache
def family() -> Family:
    """The landscape of type A."""
    return Family.read(CLAIM)


@cache
def tubes() -> list[checker.Tube]:
    """The tubes, proved."""
    return prove_tubes(family(), documents()["stretches"])


@pytest.mark.parametrize(
    "pattern",
    ["k", "1+(k-1)", "2+(k-2)", "3+(k-3)", "4+(k-4)", "n=k-1: rows 1,n cols n"],
)
def test_where_components_have_all_their_copies(pattern: str) -> None:
    """The package says the same; groups of a fixed size lose no copies.

    Below the least size of the pattern nothing is asked.
    """
    mine = Family.read({"kernel": "relu", "pattern": pattern, "target": {}})
    land = Landscape(Relu(), Structure.build(Pattern.parse(pattern), {}))
    theirs = {
        c.name: max(mine.least, last_break(land, c))
        for c in decompose(land.structure.pattern).components
    }

    found = {
        name: max(mine.least, checker.component_break(mine, c))
        for name, c in mine.components.items()
    }
    assert theirs == found


@pytest.mark.parametrize(
    "pattern",
    [
        "(k-999999999)+(k-1)",
        "(k-1000000000)+(k-1)",
        "(k+(k-1000000000)*(k-1000000001)*(k-1000000002))",
        "((k-1000000000)*(k-1000000001)*(k-1000000002)*(k-1000000003)+1)+(k-1)",
        "(1000000000000000000000/k)",
        "(k*k)",
        "(k/2)+(k/2)",
        "(k+1/2)",
        "(2000000000-k)+k",
        "(k" + "+k-k" * 200 + ")",
    ],
)
def test_sizes_have_to_be_affine_for_all_k(pattern: str) -> None:
    """Also where they look affine, or look like 1, at some large numbers."""
    with pytest.raises(BadCertificate):
        Family.read({"kernel": "relu", "pattern": pattern, "target": {}})


@pytest.mark.parametrize("pattern", ["(k+k)/2", "(2*k-k)", "k-3+3", "(k*6/3-k)"])
def test_affine_sizes_may_be_written_in_any_way(pattern: str) -> None:
    """They are those of k."""
    text = pattern if pattern.startswith("(") else f"({pattern})"
    found = Family.read({"kernel": "relu", "pattern": text, "target": {}})

    assert [(Fraction(0), Fraction(1))] == [*found.sizes.values()]


@pytest.mark.parametrize(
    "pattern", ["k", "1+(k-1)", "3+(k-3)", "n=k: rows n cols 1,n", "k+2*k"]
)
def test_a_component_that_is_missing_is_missed(pattern: str) -> None:
    """Their dimensions add up to that of the space, at each size and only together."""
    found = Family.read({"kernel": "relu", "pattern": pattern, "target": {}})
    cases = [(found.pattern, found.components)]
    for k in range(int(found.least) + 1, 9):
        cases.append((found.at(k), checker.components(found.at(k))))
    for at, whole in cases:
        checker.check_filled(at, whole)
        for name in whole:
            rest = {key: x for key, x in whole.items() if key != name}
            with pytest.raises(Open, match="do not fill"):
                checker.check_filled(at, rest)


def horner(polynomial: fmpq_poly) -> str:
    """A polynomial in k, written with as few k as possible."""
    *rest, text = [f"({c.p})/({c.q})" for c in polynomial.coeffs()]
    for c in reversed(rest):
        text = f"({text})*k + {c}"
    return text


def test_a_formula_that_agrees_at_many_numbers_only() -> None:
    """A quotient may agree with k (k - 3) / 2 at eight of them, with seven k."""
    true = fmpq_poly([0, fmpq(-3, 2), fmpq(1, 2)])
    product = fmpq_poly([1])
    for n in range(1000, 1008):
        product *= fmpq_poly([-n, 1])
    quotient, rest = divmod(product, true)
    text = f"({horner(rest)})/({horner(-quotient)})"
    assert 7 == text.count("k")

    def value(k: int) -> Fraction:
        return Fraction(k * (k - 3), 2)

    assert all(value(k) == checker._at(text, k) for k in range(1000, 1008))
    with pytest.raises(Refuted):
        checker._same_polynomial(text, value, "the multiplicity")
    checker._same_polynomial("k*(k - 3)/2", value, "the multiplicity")


def test_tubes_hold_the_points() -> None:
    """At an integer and at a fraction, against certified points."""
    for k in (Fraction(6), Fraction(31, 5)):
        tube = next(x for x in tubes() if x.low <= k <= x.high)
        s = (2 * k - tube.high - tube.low) / (tube.high - tube.low)
        point = symcrit.family("A").point(k, digits=80)
        for x, y in zip(tube.point(s), point.parameters.values(), strict=True):
            with working_precision(300):
                assert meets(x, y)


def test_signs_and_the_threshold() -> None:
    """One eigenvalue of x_1 becomes negative below it."""
    signs = documents()["signs"]
    for name, component in family().components.items():
        pieces = prove_pieces(tubes(), component, signs[name]["pieces"])
        found = [x.negative for x in pieces]
        if name != "x_1":
            assert {0} == set(found)
            continue
        assert 0 == found[0]
        assert 1 == found[-1]
        assert 1 == found.count(None)
        (singular,) = signs[name]["singular"]
        low, high = prove_singular(tubes(), component, singular).ends()
        known = Fraction("5.763812734919571166924")
        assert high - low < Fraction(1, 10**20)
        assert abs(low - known) < Fraction(1, 10**20)


def followed(signs: dict[str, Any]) -> checker.Theorem:
    """What the signs prove along the tubes, as a part of a theorem."""
    above = {"1": "1", "s_1": "2", "x_1": "2", "y_1": "3"}
    claim = {**CLAIM, "followed_above": above, "complete_from": "5.6"}
    infinity: Any = SimpleNamespace(k_from=TOP)
    found = checker.Theorem({}, claim, family(), infinity)
    found.tubes, found.bottom = tubes(), BOTTOM
    found._follow(signs)
    return found


def test_signs_along_the_tubes_have_everything() -> None:
    """Numbers at real k, thresholds, and nothing that is open."""
    found = followed(documents()["signs"])

    ((name, piece, k, below, above),) = found.passages
    assert ("x_1", 1, 0) == (name, below, above)
    low, high = k.ends()
    assert piece.low < low < high < piece.high
    assert not any(found.unproved.values())
    assert {0} == {x.negative for x in found.pieces["y_1"]}


def test_a_threshold_without_evidence_leaves_signs_open() -> None:
    """The list of thresholds is complete above it only."""
    signs = documents()["signs"]
    signs["x_1"]["singular"] = []

    found = followed(signs)
    assert not found.passages
    (piece,) = found.unproved["x_1"]
    assert 5.76 < piece.low < piece.high < 5.78


def test_copies_that_are_missing() -> None:
    """A component is not said to be followed below the size where it has all."""
    found = followed(documents()["signs"])
    for wrong in ({"y_1": "2"}, {"z_1": "9"}):
        found.claim = {
            **found.claim,
            "followed_above": {**found.claim["followed_above"], **wrong},
        }
        with pytest.raises(Refuted):
            found._check_followed()


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, None),
        ({"morse_index": "k - 6"}, None),
        ({"morse_index": "1"}, Refuted),
        ({"minimum": False}, Refuted),
        ({"negative": {"1": 0, "s_1": 0, "x_1": 1, "y_1": 0}}, Refuted),
        ({"negative": {"1": 0, "s_1": 0, "x_1": 0}}, Refuted),
        ({"from": 5, "to": 5}, Open),
        ({"from": 6, "to": 7}, Open),
    ],
)
def test_the_index_at_an_integer(
    change: dict[str, Any], outcome: type[Exception] | None
) -> None:
    """Of the full Hessian at k = 6; other integers are not on the tubes."""
    found = followed(documents()["signs"])
    entry = {
        "from": 6,
        "to": 6,
        "negative": {"1": 0, "s_1": 0, "x_1": 0, "y_1": 0},
        "morse_index": "0",
        "minimum": True,
    }
    found.claim = {**found.claim, "index": [{**entry, **change}]}
    if outcome is None:
        found._check_index()
    else:
        with pytest.raises(outcome):
            found._check_index()


@pytest.mark.parametrize("change", ["narrow", "aside", "apart", "other", "outside"])
def test_false_tubes_are_not_proved(change: str) -> None:
    """A box too narrow, or beside the curve; a gap; another k; no sizes."""
    changed = documents()["stretches"]
    first = changed[0]
    match change:
        case "narrow":
            first["radii"] = ["1*2^-90"] * 2
        case "aside":
            first["centre"][0][0] = "-1*2^-1"
        case "apart":
            changed[1]["high"] = str(Fraction(changed[1]["high"]) - Fraction(1, 100))
        case "other":
            first["high"] = "7"
        case "outside":
            first["low"] = "1/2"

    with pytest.raises(Refuted if change == "outside" else Open):
        prove_tubes(family(), changed)


@pytest.mark.parametrize("change", ["number", "gap", "basis", "wide"])
def test_false_signs_are_not_proved(change: str) -> None:
    """Another number; a piece left out; a bad basis; a piece over two tubes."""
    pieces = documents()["signs"]["x_1"]["pieces"]
    match change:
        case "number":
            pieces[-1]["negative"] = 0
        case "gap":
            del pieces[1]
        case "basis":
            pieces[0]["basis"] = [["0*2^0"]]
        case "wide":
            pieces[0]["low"] = pieces[-1]["low"]
            del pieces[1:]

    with pytest.raises(Refuted if change == "number" else Open):
        prove_pieces(tubes(), family().components["x_1"], pieces)


@pytest.mark.parametrize("change", ["interval", "narrow", "aside", "fixed"])
def test_false_thresholds_are_not_proved(change: str) -> None:
    """An interval without it, boxes that hold none, a vector with y_r = 0."""
    name = "s_1" if change == "fixed" else "x_1"
    (singular,) = copy.deepcopy(documents()["signs"]["x_1"]["singular"])
    match change:
        case "interval":
            singular["low"] = "29/5"
            singular["high"] = "59/10"
        case "narrow":
            singular["narrow"]["radii"] = ["1*2^-150"] * 3
        case "aside":
            singular["narrow"]["centre"][2] = "6*2^0"
        case "fixed":
            singular["fixed"] = 1

    with pytest.raises((Open, BadCertificate)):
        prove_singular(tubes(), family().components[name], singular)


@pytest.mark.parametrize("seed", range(8))
def test_series_contain_those_of_arb(seed: int) -> None:
    """Products, quotients, roots and angles, at points and at balls."""
    random = Random(seed)
    n = random.choice([1, 2, 5, 9])

    def draw(first: int) -> tuple[Series, arb_series]:
        a = [random.randint(-(1 << P), 1 << P) for _ in range(random.randint(1, n))]
        a[0] = first * (1 << P) // 4 + a[0] // 8
        b = [random.choice([0, 1, 1 << 40]) for _ in a]
        inside = [x + random.choice([-1, 0, 1]) * r for x, r in zip(a, b, strict=True)]
        return Series(P, n, a, b), arb_series([arb(x) / (1 << P) for x in inside])

    with working_precision(500), series_length(n):
        x, y = draw(random.choice([5, 9])), draw(random.choice([-6, -1, 2, 7]))
        square = x[1] * x[1] + y[1] * y[1]
        turned = (x[1].derivative() * y[1] - x[1] * y[1].derivative()) / square
        angle = turned.integral() + arb.atan2(x[1][0], y[1][0])
        lib = SeriesNumbers(P, n)
        pairs = [
            (x[0] * y[0], x[1] * y[1]),
            (x[0] - y[0], x[1] - y[1]),
            (y[0] / x[0], y[1] / x[1]),
            (x[0].sqrt(), x[1].sqrt()),
            (x[0] * Fraction(3, 7), x[1] * 3 / 7),
            (lib.angle(x[0], y[0]), angle),
        ]
        for ours, theirs in pairs:
            for i in range(n):
                assert meets(ours.coefficient(i), theirs[i])


def test_the_loss_along_a_tube() -> None:
    """Against the certified loss at k = 6, and sharp."""
    tube = next(x for x in tubes() if x.low <= 6 <= x.high)
    found = tube.remainder(None, [], Fraction(0))
    s = Fraction(6 * 2 - tube.high - tube.low) / (tube.high - tube.low)

    loss = symcrit.family("A").point(6).loss
    at = tube.loss_series(tube.order, 0)
    total = Ball(tube.p, 0)
    for i in reversed(range(tube.order)):
        total = total * tube.lib.exact(s) + at.coefficient(i)

    assert found.low < Fraction(str(loss.mid())[1:-1].split()[0]) < found.high
    assert abs(total.m / 2**tube.p - float(loss)) < 1e-9
