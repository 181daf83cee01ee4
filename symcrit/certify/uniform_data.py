"""The evidence of a theorem for all k as JSON, and back.

All numbers other than small integers are texts: rational numbers as fractions, exact
binary numbers as m*2^e.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, arb_mat

from symcrit.arith.precision import working_precision
from symcrit.certificates.texts import dyadic_text, read_dyadic
from symcrit.certify.crossings import SingularPoint
from symcrit.certify.indices import ComponentSigns
from symcrit.certify.inertia import SignPiece
from symcrit.certify.infinity_data import infinity_evidence
from symcrit.certify.krawczyk import Enclosure
from symcrit.certify.stretches import Stretch
from symcrit.certify.tubes import Polynomial
from symcrit.certify.uniform import UniformTheorem
from symcrit.core.errors import InputError
from symcrit.core.truth import Truth

__all__ = ["RecordedStretch", "evidence_document", "read_signs", "read_stretches"]

_ROUNDED_BITS = 64
"""Preconditioners are rounded to so many bits; they need not be accurate."""


@dataclass(frozen=True)
class RecordedStretch:
    """What is needed to prove a tube once more.

    Attributes:
        low: the lower end of the interval of k.
        high: the upper end.
        centre: the polynomial curve.
        radii: the half-widths of the box.
        preconditioner: the coefficients of Y(s).
        order: of the Taylor polynomials.
        prec: the working precision in bits.
    """

    low: Fraction
    high: Fraction
    centre: tuple[Polynomial, ...]
    radii: tuple[arb, ...]
    preconditioner: tuple[arb_mat, ...]
    order: int
    prec: int


def evidence_document(theorem: UniformTheorem) -> dict[str, Any]:
    """Everything that is needed to prove a theorem once more."""
    return {
        "infinity": infinity_evidence(theorem.infinity.evidence),
        "stretches": [_stretch_document(s) for s in theorem.stretches],
        "signs": {s.component.name: _signs_document(s) for s in theorem.signs},
    }


def _stretch_document(stretch: Stretch) -> dict[str, Any]:
    tube = stretch.tube
    return {
        "low": str(stretch.low),
        "high": str(stretch.high),
        "centre": [[dyadic_text(x) for x in c] for c in tube.centre],
        "radii": [dyadic_text(x) for x in tube.radii],
        "preconditioner": [_matrix(_rounded(y)) for y in tube.preconditioner],
        "order": tube.order,
        "bits": tube.prec,
    }


def _rounded(matrix: arb_mat) -> arb_mat:
    with working_precision(_ROUNDED_BITS):
        return (matrix * 1).mid()


def _signs_document(signs: ComponentSigns) -> dict[str, Any]:
    return {
        "pieces": [
            {
                "low": str(piece.low),
                "high": str(piece.high),
                "negative": piece.negative,
                "basis": None if piece.basis is None else _matrix(piece.basis),
            }
            for piece in signs.pieces
        ],
        "singular": [_singular_document(p.singular) for p in signs.passages],
    }


def _singular_document(singular: SingularPoint) -> dict[str, Any]:
    return {
        "low": str(singular.low),
        "high": str(singular.high),
        "fixed": singular.fixed,
        "basis": _matrix(singular.basis),
        "wide": _box_document(singular.wide),
        "narrow": _box_document(singular.narrow),
    }


def _box_document(enclosure: Enclosure) -> dict[str, Any]:
    box = enclosure.box.entries()
    return {
        "centre": [dyadic_text(x) for x in box],
        "radii": [dyadic_text(x.rad()) for x in box],
        "preconditioner": _matrix(enclosure.preconditioner),
        "bits": enclosure.prec,
    }


def _matrix(matrix: arb_mat) -> list[list[str]]:
    return [[dyadic_text(x) for x in row] for row in matrix.tolist()]


# ------------------------------------------------------------------------- and back


def read_stretches(
    document: Sequence[Mapping[str, Any]], count: int
) -> list[RecordedStretch]:
    """The stretches of the evidence.

    Args:
        document: ``evidence.stretches``, which fits its schema.
        count: the number of parameters.

    Raises:
        InputError: lists do not fit together, or hold what is no number.
    """
    return [_read_stretch(x, count) for x in document]


def _read_stretch(document: Mapping[str, Any], count: int) -> RecordedStretch:
    low, high = Fraction(document["low"]), Fraction(document["high"])
    if not 0 < low < high:
        message = f"[{low}, {high}] is no interval of positive k"
        raise InputError(message)
    centre, radii = document["centre"], document["radii"]
    if len(centre) != count or len(radii) != count:
        message = f"a tube has {len(centre)} coordinates, the pattern {count}"
        raise InputError(message)
    order = document["order"]
    if any(not 1 <= len(c) <= order for c in centre):
        message = f"a polynomial of a tube of order {order} has other coefficients"
        raise InputError(message)
    return RecordedStretch(
        low,
        high,
        tuple(tuple(read_dyadic(x) for x in c) for c in centre),
        tuple(read_dyadic(x) for x in radii),
        tuple(_read_matrix(y, count) for y in document["preconditioner"]),
        order,
        document["bits"],
    )


def read_signs(
    document: Mapping[str, Any], size: int, count: int
) -> tuple[list[SignPiece], list[SingularPoint]]:
    """The pieces and the singular points of one component, nothing of them proved.

    Args:
        document: ``evidence.signs`` of the component, which fits its schema.
        size: the size of its block.
        count: the number of parameters.

    Raises:
        InputError: lists do not fit together, or hold what is no number.
    """
    pieces = [
        SignPiece(
            Fraction(x["low"]),
            Fraction(x["high"]),
            None if x["basis"] is None else _read_matrix(x["basis"], size),
            x["negative"],
        )
        for x in document["pieces"]
    ]
    return pieces, [_read_singular(x, size, count) for x in document["singular"]]


def _read_singular(document: Mapping[str, Any], size: int, count: int) -> SingularPoint:
    wide, narrow = (
        _read_box(document[name], count + size) for name in ("wide", "narrow")
    )
    if not 0 <= document["fixed"] < size:
        message = f"a block of size {size} has no coordinate {document['fixed']}"
        raise InputError(message)
    return SingularPoint(
        Fraction(document["low"]),
        Fraction(document["high"]),
        # Nothing is claimed here; the claim has its own ball.
        arb(0, float("inf")),
        document["fixed"],
        _read_matrix(document["basis"], size),
        wide,
        narrow,
    )


def _read_box(document: Mapping[str, Any], size: int) -> Enclosure:
    centre, radii = document["centre"], document["radii"]
    if len(centre) != size or len(radii) != size:
        message = f"a box around a threshold has {len(centre)} sides instead of {size}"
        raise InputError(message)
    box = arb_mat(
        size,
        1,
        [
            read_dyadic(x) + arb(0, read_dyadic(r))
            for x, r in zip(centre, radii, strict=True)
        ],
    )
    matrix = _read_matrix(document["preconditioner"], size)
    return Enclosure(Truth.UNKNOWN, box, box, matrix, document["bits"], ())


def _read_matrix(rows: Sequence[Sequence[str]], size: int) -> arb_mat:
    if [len(row) for row in rows] != [size] * size:
        message = f"a matrix should have {size} rows of {size} entries"
        raise InputError(message)
    return arb_mat([[read_dyadic(x) for x in row] for row in rows])
