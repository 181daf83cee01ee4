"""Certificates of matrices in files."""

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import Literal

from symcrit.arith.decimals import decimal_ball
from symcrit.catalog.identification import identify
from symcrit.catalog.matrices_io import Neurons, StoredMatrix
from symcrit.certificates.records import Source
from symcrit.certify.matrices import MatrixOutcome, certify_matrix
from symcrit.core.files import read_bytes
from symcrit.symmetry.coincidence import DEFAULT_TOLERANCE

__all__ = ["certify_stored", "source_at", "source_of"]

_DISTANCE_DIGITS = 3


def certify_stored(
    stored: StoredMatrix,
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    neurons: Neurons | Literal["auto"] = "auto",
) -> tuple[MatrixOutcome, Source | None]:
    """Prove the critical point near a matrix in a file.

    Args:
        stored: the matrix and its file.
        tolerance: differences between equal entries, relative to the largest entry.
        neurons: whether rows or columns are neurons; ``auto`` as for ``identify``.

    Returns:
        What was proved, and the source for a certificate; None without a point.

    Raises:
        InputError: as for ``identify``, or the file was removed.
        UndecidedError: ties that need igraph, and it is not installed.
    """
    side = stored.neurons if neurons == "auto" and stored.neurons else neurons
    found = identify(stored.matrix, tolerance=tolerance, neurons=side)
    weights = found.form.matrix
    outcome = certify_matrix(weights, tolerance=tolerance, form=found.form)
    if not outcome.isotropy.is_true:
        outcome = certify_matrix(weights, tolerance=tolerance)
    return outcome, source_of(stored, outcome, transposed=found.neurons == "columns")


def source_of(
    stored: StoredMatrix, outcome: MatrixOutcome, *, transposed: bool
) -> Source | None:
    """Where a matrix stands, and how far it is from its critical point.

    Raises:
        InputError: the file cannot be read.
    """
    digest = hashlib.sha256(read_bytes(stored.path)).hexdigest()
    return source_at(stored.path, stored.name, digest, outcome, transposed=transposed)


def source_at(
    path: Path, name: str, digest: str, outcome: MatrixOutcome, *, transposed: bool
) -> Source | None:
    """The same where the SHA-256 of the file is known; None without a point."""
    if outcome.distance is None:
        return None
    distance = decimal_ball(outcome.distance, _DISTANCE_DIGITS)
    bound = Fraction(distance["mid"]) + Fraction(distance["rad"])
    return Source(
        file=path.name,
        sha256=digest,
        entry=name.removeprefix(str(path)).removeprefix(": "),
        row_order=outcome.form.row_order,
        column_order=outcome.form.column_order,
        transposed=transposed,
        distance=_rounded_up(bound),
    )


def _rounded_up(bound: Fraction) -> str:
    """A decimal number of few digits that is no smaller."""
    exponent = 0
    while bound and bound < 100:
        bound, exponent = bound * 10, exponent + 1
    return f"{-(-bound.numerator // bound.denominator)}e-{exponent}"
