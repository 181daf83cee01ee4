"""Documents: what is written comes back, what was changed is refused."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from symcrit.certificates.checker import words as claim_in_words
from symcrit.certificates.documents import load_certificate, read_certificate
from symcrit.core.errors import InputError
from tests.certify.certified import certificate, changed, sealed


@pytest.mark.parametrize("name", ["II 7", "II 15/2", "target 5"])
def test_a_certificate_comes_back(name: str, tmp_path: Path) -> None:
    """Saved, loaded, and equal in every field and in its hash."""
    made = certificate(name)
    made.save(tmp_path / "cert.json")

    found = load_certificate(tmp_path / "cert.json")

    assert found == made
    assert found.document == made.document
    assert found.recorded == made.document


def test_the_hash_is_that_of_the_canonical_form() -> None:
    """Another layout of the file is the same certificate."""
    document = certificate("II 7").document
    turned = dict(reversed(list(json.loads(json.dumps(document, indent=7)).items())))

    found = read_certificate({**turned, "path": "x.json"}, where="test")

    assert found == certificate("II 7")


@pytest.mark.parametrize(
    ("path", "to", "part"),
    [
        (("claim", "loss", "mid"), 0.5, "claim.loss.mid"),
        (("claim", "loss", "rad"), "-1", "claim.loss.rad"),
        (("claim", "blocks"), [], "claim.blocks"),
        (("claim", "blocks", 0, "copies"), 5.0, "point"),
        (("claim", "blocks", 0, "negative"), True, "negative"),
        (("claim", "morse_index"), "00", "morse_index"),
        (("claim", "also_true"), "anything", "also_true"),
        (("claim", "variables", "k"), "9" * 3000, "variables.k"),
        (("evidence", "bits"), 10**6, "evidence.bits"),
        (("evidence", "centre", 0), "0.5", "evidence.centre"),
        (("evidence", "centre", 0), "1*2^99999999", "1*2^"),
        (("evidence", "radii", 0), "0*2^0", "evidence.radii"),
        (("evidence", "radii"), ["1*2^-50"], "radii has 1 entries"),
        (("evidence", "preconditioner", 1), ["1*2^0"], "preconditioner[1]"),
        (("kind",), "uniform", "kind"),
    ],
)
def test_what_breaks_the_schema_is_refused(
    path: tuple[str | int, ...], to: object, part: str
) -> None:
    """The message names the place, whatever the hash."""
    document = changed(certificate("II 7"), *path, to=to)

    with pytest.raises(InputError) as caught:
        read_certificate(document, where="test")
    assert part in str(caught.value)


def test_a_changed_file_does_not_fit_its_hash(tmp_path: Path) -> None:
    """Cut short or altered, with the old hash."""
    document: dict[str, Any] = json.loads(json.dumps(certificate("II 7").document))
    document["claim"]["loss"]["mid"] = "0.5"
    with pytest.raises(InputError, match="sha256"):
        read_certificate(document, where="test")

    text = json.dumps(document)
    (tmp_path / "short.json").write_text(text[: len(text) // 2])
    with pytest.raises(InputError, match="JSON"):
        load_certificate(tmp_path / "short.json")
    (tmp_path / "list.json").write_text("[]")
    with pytest.raises(InputError, match="object"):
        load_certificate(tmp_path / "list.json")


def test_every_field_is_needed() -> None:
    """A document that lacks one of its fields is refused."""
    document = certificate("II 7").document
    for field in document:
        short = {key: x for key, x in document.items() if key != field}
        with pytest.raises(InputError, match=f"'{field}' is a required property"):
            read_certificate(
                short if field == "sha256" else sealed(short), where="test"
            )


def test_words_are_made_from_the_claim_alone() -> None:
    """They say index, isotropy and smoothness."""
    words = certificate("target 5").words

    assert words == claim_in_words(certificate("target 5").document["claim"])
    assert "Morse index 0. It is a strict local minimum." in words
    assert "twice continuously differentiable" in words
    assert "Its isotropy group is exactly the group of the pattern." in words
    assert "Morse index" not in certificate("II 15/2").words
    assert "local minimum" not in certificate("II 15/2").words
    assert "All eigenvalues of the blocks are positive." in certificate("II 15/2").words


def test_beside_an_open_sign_none_was_proved_to_be_zero() -> None:
    """That is less than that none is zero, and the words say which of both it is."""
    claim: dict[str, Any] = copy.deepcopy(certificate("II 7").document["claim"])
    closed = claim_in_words(claim)
    claim["blocks"][1]["negative"] = None

    assert "copies 5, multiplicity 5, negative 0, zero 0, eigenvalues" in closed
    words = claim_in_words(claim)
    assert "copies 5, multiplicity 5, negative open, zero at least 0, eig" in words
