"""What a certificate answers, as a document whose hash can name a file."""

import hashlib
from fractions import Fraction
from typing import Any

from symcrit import __version__
from symcrit.catalog.family import Family
from symcrit.catalog.matrices_io import StoredMatrix
from symcrit.core.files import read_bytes

__all__ = ["question_of_family", "question_of_matrix"]


def question_of_family(family: Family, k: Fraction, digits: int) -> dict[str, Any]:
    """What ``Family.certify`` is asked: the family by its content, not by its name.

    Example:
        >>> from symcrit.catalog.families import family
        >>> one, other = family("II"), family("flip:1")
        >>> k = Fraction(7)
        >>> question_of_family(one, k, 20) == question_of_family(other, k, 20)
        True
    """
    structure = family.landscape.structure
    return {
        "kind": "family",
        "version": __version__,
        "kernel": family.landscape.kernel.name,
        "pattern": family.pattern.written(),
        "target": {name: str(x) for name, x in sorted(structure.target.items()) if x},
        "limit": [str(x) for x in family.limit],
        "k": str(k),
        "digits": digits,
    }


def question_of_matrix(
    stored: StoredMatrix, tolerance: float, neurons: str
) -> dict[str, Any]:
    """What is asked of a matrix in a file: its entries and how they are read."""
    entries = hashlib.sha256(stored.matrix.astype("<f8").tobytes()).hexdigest()
    return {
        "kind": "matrix",
        "version": __version__,
        "shape": list(stored.matrix.shape),
        "entries": entries,
        "file": stored.path.name,
        "bytes": hashlib.sha256(read_bytes(stored.path)).hexdigest(),
        "index": stored.index,
        "neurons": stored.neurons if neurons == "auto" else neurons,
        "tolerance": tolerance.hex(),
    }
