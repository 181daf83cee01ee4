"""Certificates are verified, and false ones are not."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symcrit
from symcrit.certificates import checker
from symcrit.certificates.documents import read_certificate
from symcrit.certify.check import check
from symcrit.core.errors import InputError
from symcrit.landscapes.full import gradient, hessian
from symcrit.symmetry.coincidence import Floats
from symcrit.symmetry.matrices import embed
from tests.certify.certified import certificate, changed, recheck, rederived, sealed


@pytest.mark.parametrize(
    "name",
    [
        "II 7",
        "II 15/2",
        "II 1000000000000",
        "A 6",
        "M 8",
        "I 9",
        "flip:3 9",
        "target 5",
    ],
)
def test_what_was_made_is_verified(name: str) -> None:
    """Every family, integer and other sizes, and a point of class C2."""
    found = recheck(certificate(name).document)

    assert (found.word, found.outcome.is_true) == ("VERIFIED", True)


@pytest.mark.slow
@pytest.mark.parametrize("k", range(6, 21))
@pytest.mark.parametrize("name", ["A", "I", "II", "M", "flip:3"])
def test_families_are_certified_for_all_small_k(name: str, k: int) -> None:
    """Both checkers verify, and the full Hessian in doubles has the claimed index."""
    family = symcrit.family(name)

    found = family.certify(k)

    assert found.claim.isotropy == "exact"
    assert checker.check(checker.read(found.document)).outcome == "VERIFIED"
    values = [float(found.claim.parameters[n].ends[0]) for n in family.names]
    weights: Floats = np.array(embed(family.pattern, values, {"k": k}))
    assert np.abs(gradient(weights)).max() < 1e-10
    eigenvalues = np.linalg.eigvalsh(hessian(weights))
    assert (eigenvalues < 0).sum() == found.claim.morse_index


FALSE: list[tuple[tuple[str | int, ...], object]] = [
    (("claim", "kernel"), "c^3"),
    (("claim", "variables", "k"), "8"),
    (("claim", "variables", "k"), "15/2"),
    (("claim", "target", "a_1"), "2"),
    (("claim", "target"), {"a_1": "1"}),
    (("claim", "parameters", "a_1", "mid"), "-0.6327039049152541914"),
    (("claim", "parameters", "o_2", "mid"), "0.03508015592704654275439"),
    (("claim", "loss", "mid"), "0.02320271491356607583"),
    (("claim", "loss", "rad"), "0"),
    (("claim", "blocks", 1, "copies"), 4),
    (("claim", "blocks", 1, "multiplicity"), "6"),
    (("claim", "blocks", 1, "multiplicity"), None),
    (("claim", "blocks", 1, "negative"), 1),
    (("claim", "blocks", 1, "zero"), 1),
    (("claim", "blocks", 1, "component"), "s_1"),
    (("claim", "blocks", 1, "eigenvalues", 0, "mid"), "0.02"),
    (("claim", "blocks", 3, "eigenvalues", 0, "rad"), "0"),
    (("claim", "isotropy"), None),
    (("evidence", "centre", 0), "-1*2^-1"),
    (("evidence", "radii", 0), "1*2^-400"),
    (("evidence", "radii", 0), "1*2^10"),
    (("evidence", "preconditioner", 0, 0), "0*2^0"),
]


@pytest.mark.parametrize(("path", "to"), FALSE)
def test_a_falsified_field_is_rejected(path: tuple[str | int, ...], to: object) -> None:
    """With the hash recomputed, so that only the inequalities can tell."""
    found = recheck(rederived(changed(certificate("II 7"), *path, to=to)))

    assert (found.word, found.outcome.is_false) == ("REJECTED", True)
    assert found.why.startswith("false: ")


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("claim", "morse_index"), "1"),
        (("claim", "index_bounds"), ["0", "5"]),
        (("claim", "minimum"), False),
        (("claim", "formal"), True),
        (("claim", "variables", "k"), "14/2"),
        (("words",), "Nothing is claimed."),
    ],
)
def test_what_does_not_follow_is_rejected(
    path: tuple[str | int, ...], to: object
) -> None:
    """Fields that follow from others have to be what follows."""
    assert recheck(changed(certificate("II 7"), *path, to=to)).word == "REJECTED"


def test_evidence_of_another_point_is_rejected() -> None:
    """The box of k = 8 does not prove the claim for k = 7."""
    document: dict[str, Any] = {
        **certificate("II 7").document,
        "evidence": certificate("II 8").document["evidence"],
    }

    assert recheck(sealed(document)).word == "REJECTED"


def test_a_block_that_is_missing_or_doubled_is_rejected() -> None:
    """The components are those of the pattern, once each."""
    blocks = certificate("II 7").document["claim"]["blocks"]
    for other in (blocks[:-1], [*blocks, blocks[-1]], blocks[::-1]):
        document = changed(certificate("II 7"), "claim", "blocks", to=other)
        assert recheck(rederived(document)).word == "REJECTED"


def test_smoothness_is_not_taken_on_trust() -> None:
    """At W = V vectors are parallel, and the landscape is not proved analytic."""
    document = changed(certificate("target 5"), "claim", "smoothness", to="analytic")

    found = recheck(rederived(document))

    assert found.word == "UNKNOWN"
    assert "parallel" in found.why


def test_the_target_is_known_exactly() -> None:
    """It is written down, it is checked, and another point in its place is not it."""
    found = certificate("target 5")
    assert list(found.evidence.exact_point or ()) == [Fraction(1), Fraction(0)]

    near = ["1", "1/" + "1" + "0" * 40]
    for point, word in (
        (["1", "0"], "VERIFIED"),
        (near, "UNKNOWN"),
        (["2", "0"], "REJECTED"),
        (None, "VERIFIED"),
    ):
        document = changed(found, "evidence", "exact_point", to=point)
        assert recheck(document).word == word
    assert certificate("II 7").evidence.exact_point is None


def test_a_weaker_claim_is_verified_too() -> None:
    """Larger balls, and an isotropy group that contains the pattern's."""
    document = changed(certificate("II 7"), "claim", "isotropy", to="contains")
    document["claim"]["loss"]["rad"] = "1e-15"

    assert recheck(rederived(sealed(document))).word == "VERIFIED"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pattern", "1+("),
        ("pattern", "1+(k-9)"),
        ("pattern", "1+(k-6)"),
        ("pattern", "1+(j-1)"),
    ],
)
def test_a_claim_that_means_nothing_is_bad_input(field: str, value: str) -> None:
    """Then there is nothing that could be true or false."""
    with pytest.raises(InputError):
        recheck(rederived(changed(certificate("II 7"), "claim", field, to=value)))


@pytest.mark.parametrize("pattern", ["1+(", "q+*", "1+(k-1"])
def test_an_unreadable_pattern_is_bad_input_before_anything_is_judged(
    pattern: str, tmp_path: Path
) -> None:
    """The words are false then too, but no claim is there to be rejected."""
    path = tmp_path / "cert.json"
    document = changed(certificate("II 7"), "claim", "pattern", to=pattern)
    path.write_text(json.dumps(document))

    with pytest.raises(InputError) as caught:
        check(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert str(caught.value).count(str(path)) == 1


@pytest.mark.parametrize("bits", [13000, 13001])
def test_both_checkers_read_evidence_of_the_same_precision(bits: int) -> None:
    """The schema and the one file draw the same line."""
    document = changed(certificate("II 7"), "evidence", "bits", to=bits)

    if bits == 13000:
        assert read_certificate(document, where="test").evidence.bits == bits
        assert checker.read(document).bits == bits
        return
    with pytest.raises(InputError, match="bits"):
        read_certificate(document, where="test")
    with pytest.raises(checker.BadCertificate, match="from 1 to 13000"):
        checker.read(document)
