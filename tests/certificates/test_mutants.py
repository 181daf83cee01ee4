"""No falsified certificate is verified, though its hash is right.

Mutants of several certificates are labelled as true or false by looking at the full
matrices in high precision (truths.py).  A false one must never be VERIFIED, and a true
one should be, unless its evidence was spoiled.
"""

from collections import Counter
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import pytest
from flint import arb

from symcrit.certificates.checker import BadCertificate, check, read, words
from tests.certificates.making import certificate, landscape, sealed
from tests.certificates.mutants import mutate
from tests.certificates.truths import Truth, find_truth, label

BASES: dict[str, dict[str, Any]] = {
    "A": {"pattern": "k", "start": [-0.66, 0.33], "variables": {"k": Fraction(6)}},
    "II": {
        "pattern": "1+(k-1)",
        "start": [-0.6, 0.22, 0.31, 0.99, -0.05],
        "variables": {"k": Fraction(6)},
    },
    "I": {
        "pattern": "1+(k-1)",
        "start": [1.063, 0.014, -0.015, -0.483, 0.488],
        "variables": {"k": Fraction(5)},
    },
    "rectangular": {
        "pattern": "n=k: rows n cols 1,n target 1,n",
        "start": [0.14, 1.12, -0.02],
        "variables": {"k": Fraction(7)},
    },
    "no symmetry": {
        "pattern": "3*1",
        "start": [0.38, -0.16, 0.05, -0.06, 2.12, 0.13, 0.75, 0.09, 0.22],
        "variables": {},
        "target": {"a_1": Fraction(1), "a_2": Fraction(2), "a_3": Fraction(1, 2)},
    },
    "saddle": {"pattern": "k", "start": [-0.32, 0.66], "variables": {"k": Fraction(3)}},
    "formal": {
        "pattern": "k",
        "start": [-0.66, 0.33],
        "variables": {"k": Fraction(13, 2)},
        "isotropy": None,
    },
    "tensor": {
        "pattern": "1+(k-1)",
        "start": [2, 0.01, 0, 1, 0.01],
        "variables": {"k": Fraction(4)},
        "kernel": "c^3",
        "target": {"a_1": Fraction(2), "a_2": Fraction(1)},
    },
}


@cache
def base(name: str) -> tuple[dict[str, Any], Truth]:
    """A certificate and the truth about its point."""
    how = BASES[name]
    land = landscape(
        how["pattern"], kernel=how.get("kernel", "relu"), target=how.get("target")
    )
    document = certificate(**how)
    return document, find_truth(land, [arb(x) for x in how["start"]], document["claim"])


@pytest.mark.parametrize("name", BASES)
def test_the_originals_are_true_and_verified(name: str) -> None:
    """Otherwise their mutants would tell nothing."""
    document, truth = base(name)

    assert label(document, truth) is True
    found = check(read(document))
    assert ("VERIFIED", "") == (found.outcome, found.why)


def judge(seed: int) -> tuple[str, bool | None]:
    """The outcome of one mutant, and its label."""
    random = Random(seed)
    name = random.choice(sorted(BASES))
    document, truth = base(name)
    other, _ = base(random.choice(sorted(BASES)))
    mutant, stale = mutate(document, other, random)
    true = label(mutant, truth)
    if stale and mutant["words"] != words(mutant["claim"]):
        true = False
    try:
        outcome = check(read(sealed(mutant, words=not stale))).outcome
    except BadCertificate:
        outcome = "MALFORMED"
    return outcome, true


def run(seeds: range) -> Counter[tuple[str, bool | None]]:
    """Count outcomes by label; fails at the first false mutant that is verified."""
    found: Counter[tuple[str, bool | None]] = Counter()
    for seed in seeds:
        outcome, true = judge(seed)
        assert not (outcome == "VERIFIED" and true is False), f"mutant {seed}"
        assert not (outcome == "REJECTED" and true is True), f"mutant {seed}"
        found[outcome, true] += 1
    return found


def check_shares(found: Counter[tuple[str, bool | None]]) -> None:
    """The trial is worth something: many false ones, few undecided, true ones pass."""
    total = found.total()
    labels = {x: sum(n for (_, y), n in found.items() if y is x) for x in (True, None)}
    assert labels[None] < total / 25
    assert total / 10 < labels[True] < total / 2
    assert found["VERIFIED", True] > labels[True] / 2


def test_hundreds_of_mutants() -> None:
    """A few of the many below."""
    check_shares(run(range(300)))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_mutants(part: int) -> None:
    """One thousand at a time."""
    check_shares(run(range(1000 * (part + 1), 1000 * (part + 2))))
