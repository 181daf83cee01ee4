"""Certificates as JSON documents: written, sealed with a hash, read and refused.

The canonical form of a document has sorted keys, no blanks, ASCII only and no numbers
but small integers.  The SHA-256 of the canonical form of everything but ``sha256`` and
``path`` stands in ``sha256``: it tells damage from falsehood, and identifies a
certificate, but proves nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from symcrit import __version__
from symcrit.certificates.checker import words as claim_in_words
from symcrit.certificates.records import BlockClaim, Evidence, PointClaim, Source
from symcrit.certificates.texts import DecimalBall, read_dyadic
from symcrit.core.errors import InputError
from symcrit.core.files import parse_json, read_text, write_text
from symcrit.schemas.load import validate

__all__ = [
    "SCHEMA",
    "Certificate",
    "canonical",
    "load_certificate",
    "read_certificate",
    "read_sealed",
    "sha256_of",
]

SCHEMA = "symcrit/certificate@1"

_UNSEALED = ("path", "sha256")
"""What is not hashed: the place of a file, which is told on the command line, and the
hash itself."""


@dataclass(frozen=True)
class Certificate:
    """A statement about one critical point with what is needed to check it.

    Attributes:
        claim: the statement.
        evidence: box and preconditioner.
        source: the matrix near which the point was looked for, or None.
        version: the version of the package that made it.
        recorded: the document from which it was read, or None.

    Example:
        >>> import symcrit
        >>> certificate = symcrit.family("A").certify(k=6)
        >>> print(certificate.words[:31])
        Kernel relu, pattern k, k = 6,
        >>> certificate.document["schema"], len(certificate.sha256)
        ('symcrit/certificate@1', 64)
        >>> again = read_certificate(certificate.document, where="here")
        >>> again.claim == certificate.claim
        True

    Source:
        docs/certificate-format.md; derivations/certificates.md.
    """

    claim: PointClaim
    evidence: Evidence
    source: Source | None = None
    version: str = __version__
    recorded: Mapping[str, Any] | None = field(default=None, compare=False)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The sealed JSON document."""
        claim = _claim_document(self.claim)
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "kind": "point",
            "producer": {"name": "symcrit", "version": self.version},
            "claim": claim,
            "words": claim_in_words(claim),
            "evidence": _evidence_document(self.evidence),
            "source": None if self.source is None else _source_document(self.source),
        }
        document["sha256"] = sha256_of(document)
        return document

    @property
    def words(self) -> str:
        """The claim in English sentences."""
        return str(self.document["words"])

    @property
    def sha256(self) -> str:
        """The hash that identifies the certificate."""
        return str(self.document["sha256"])

    def save(self, path: str | Path) -> None:
        """Write the document to a file, whole or not at all.

        Args:
            path: the file; one that is there is replaced.

        Raises:
            InputError: the file cannot be written.
        """
        write_text(Path(path), json.dumps(self.document, indent=2) + "\n")

    def __repr__(self) -> str:
        return f"<certificate {self.sha256[:12]}: {self.words}>"


def canonical(document: Mapping[str, Any]) -> bytes:
    """The canonical form of a document, without what is not hashed.

    Example:
        >>> canonical({"b": [1, None], "a": "x", "sha256": "..."})
        b'{"a":"x","b":[1,null]}'
    """
    kept = {key: x for key, x in document.items() if key not in _UNSEALED}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii")


def sha256_of(document: Mapping[str, Any]) -> str:
    """The hash of a document, in hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()


def load_certificate(path: str | Path) -> Certificate:
    """The certificate in a file.

    Raises:
        InputError: the file cannot be read, is no certificate, or was changed.
    """
    place = Path(path)
    return read_certificate(
        parse_json(read_text(place), where=str(path)), where=str(path)
    )


def read_certificate(document: object, *, where: str) -> Certificate:
    """The certificate that a JSON document holds.

    The claim is taken as it stands, true or not.

    Raises:
        InputError: the document breaks the schema, its hash does not fit, or lists do
            not fit together.
    """
    document = read_sealed(document, "certificate", where=where)
    claim, evidence = document["claim"], document["evidence"]
    _check_sizes(claim, evidence, where)
    _check_orders(document["source"], where)
    matrices = [evidence["preconditioner"], *(evidence.get("bases") or {}).values()]
    for text in (
        *evidence["centre"],
        *evidence["radii"],
        *(x for matrix in matrices for row in matrix for x in row),
    ):
        read_dyadic(text)
    return Certificate(
        _read_claim(claim),
        Evidence(
            evidence["bits"],
            None
            if evidence["exact_point"] is None
            else tuple(Fraction(x) for x in evidence["exact_point"]),
            tuple(evidence["centre"]),
            tuple(evidence["radii"]),
            tuple(tuple(row) for row in evidence["preconditioner"]),
            {
                name: tuple(tuple(row) for row in rows)
                for name, rows in (evidence.get("bases") or {}).items()
            },
        ),
        None if document["source"] is None else _read_source(document["source"]),
        document["producer"]["version"],
        document,
    )


def read_sealed(document: object, schema: str, *, where: str) -> dict[str, Any]:
    """A certificate that fits a schema and was not changed.

    Raises:
        InputError: the document breaks the schema, or its hash does not fit.
    """
    validate(document, schema, where=where)
    assert isinstance(document, dict)
    if _has_float(document):
        message = f"{where}: holds a number with a point or an exponent, not as text"
        raise InputError(message)
    if document["sha256"] != sha256_of(document):
        message = f"{where}: the content does not fit its sha256; the file was changed"
        raise InputError(message)
    return document


def _has_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_float(x) for x in value.values())
    if isinstance(value, list):
        return any(_has_float(x) for x in value)
    return isinstance(value, float)


def _check_sizes(
    claim: Mapping[str, Any], evidence: Mapping[str, Any], where: str
) -> None:
    """Refuse lists of lengths that do not fit together."""
    n = len(claim["parameters"])
    lengths = {
        "centre": len(evidence["centre"]),
        "radii": len(evidence["radii"]),
        "preconditioner": len(evidence["preconditioner"]),
        **{
            f"preconditioner[{i}]": len(row)
            for i, row in enumerate(evidence["preconditioner"])
        },
    }
    if evidence["exact_point"] is not None:
        lengths["exact_point"] = len(evidence["exact_point"])
    for name, length in lengths.items():
        if length != n:
            message = (
                f"{where}: evidence.{name} has {length} entries, the claim {n}"
                " parameters"
            )
            raise InputError(message)


def _check_orders(source: Mapping[str, Any] | None, where: str) -> None:
    """Refuse orders of rows and columns that are no permutations."""
    for key in ("row_order", "column_order"):
        order = [] if source is None else source[key]
        if sorted(order) != [*range(len(order))]:
            message = f"{where}: source.{key} is no permutation"
            raise InputError(message)


def _claim_document(claim: PointClaim) -> dict[str, Any]:
    bounds = claim.index_bounds
    index = claim.morse_index
    return {
        "kernel": claim.kernel,
        "pattern": claim.pattern,
        "variables": {name: str(x) for name, x in claim.variables.items()},
        "target": {name: str(x) for name, x in claim.target.items()},
        "formal": claim.formal,
        "parameters": {name: _ball(x) for name, x in claim.parameters.items()},
        "loss": _ball(claim.loss),
        "smoothness": claim.smoothness,
        "isotropy": claim.isotropy,
        "blocks": [
            {
                "component": block.component,
                "copies": block.copies,
                "multiplicity": (
                    None if block.multiplicity is None else str(block.multiplicity)
                ),
                "negative": block.negative,
                "zero": block.zero,
                "eigenvalues": [_ball(x) for x in block.eigenvalues],
            }
            for block in claim.blocks
        ],
        "morse_index": None if index is None else str(index),
        "index_bounds": None if bounds is None else [str(x) for x in bounds],
        "minimum": claim.minimum,
    }


def _read_claim(claim: Mapping[str, Any]) -> PointClaim:
    return PointClaim(
        claim["kernel"],
        claim["pattern"],
        {name: Fraction(x) for name, x in claim["variables"].items()},
        {name: Fraction(x) for name, x in claim["target"].items()},
        {name: _read_ball(x) for name, x in claim["parameters"].items()},
        _read_ball(claim["loss"]),
        claim["smoothness"],
        claim["isotropy"],
        tuple(
            BlockClaim(
                block["component"],
                block["copies"],
                None if block["multiplicity"] is None else int(block["multiplicity"]),
                block["negative"],
                block["zero"],
                tuple(_read_ball(x) for x in block["eigenvalues"]),
            )
            for block in claim["blocks"]
        ),
    )


def _evidence_document(evidence: Evidence) -> dict[str, Any]:
    exact = evidence.exact_point
    bases = {name: [list(x) for x in rows] for name, rows in evidence.bases.items()}
    return {
        **({"bases": bases} if bases else {}),
        "bits": evidence.bits,
        "exact_point": None if exact is None else [str(x) for x in exact],
        "centre": list(evidence.centre),
        "radii": list(evidence.radii),
        "preconditioner": [list(row) for row in evidence.preconditioner],
    }


def _source_document(source: Source) -> dict[str, Any]:
    return {
        "file": source.file,
        "sha256": source.sha256,
        "entry": source.entry,
        "row_order": list(source.row_order),
        "column_order": list(source.column_order),
        "transposed": source.transposed,
        "distance": source.distance,
    }


def _read_source(source: Mapping[str, Any]) -> Source:
    return Source(
        source["file"],
        source["sha256"],
        source["entry"],
        tuple(source["row_order"]),
        tuple(source["column_order"]),
        source["transposed"],
        source["distance"],
    )


def _ball(ball: DecimalBall) -> dict[str, str]:
    return {"mid": ball.mid, "rad": ball.rad}


def _read_ball(ball: Mapping[str, str]) -> DecimalBall:
    return DecimalBall(ball["mid"], ball["rad"])
