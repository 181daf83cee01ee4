"""Which entries of a numerical matrix are equal, up to a named tolerance.

The entries are sorted; two neighbours belong to one class if they differ by no more
than the tolerance, measured against the largest entry.  How clear the cut was is part
of the answer: the widest gap that was closed and the narrowest one that was kept.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symcrit.core.errors import InputError

__all__ = [
    "DEFAULT_TOLERANCE",
    "Coincidences",
    "Colours",
    "Floats",
    "find_coincidences",
]

DEFAULT_TOLERANCE = 1e-5
"""Entries are taken for equal if they differ by no more, relative to the largest."""

Floats: TypeAlias = NDArray[np.float64]
Colours: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Coincidences:
    """The classes of equal entries of a matrix.

    Attributes:
        colours: the class of every entry, numbered from 0 by value; shape of the
            matrix.
        scale: the largest absolute value of an entry.
        closed: the widest gap between neighbours of one class, relative to ``scale``.
        kept: the narrowest gap between two classes, relative to ``scale``; infinite if
            there is one class only.

    Example:
        >>> found = find_coincidences(np.array([[4.0, 1.0], [1.0 + 1e-9, 4.0]]), 1e-6)
        >>> found.colours.tolist(), found.scale, found.closed < 1e-9 < found.kept
        ([[1, 0], [0, 1]], 4.0, True)

    Source:
        derivations/isotropy.md, what the numbers say.
    """

    colours: Colours
    scale: float
    closed: float
    kept: float


def find_coincidences(
    matrix: Floats, tolerance: float = DEFAULT_TOLERANCE
) -> Coincidences:
    """The classes of entries that are equal up to a tolerance.

    Args:
        matrix: finite numbers, k by d.
        tolerance: the widest gap between equal entries, relative to the largest entry.

    Raises:
        InputError: the tolerance is not from 0 to 1.

    Example:
        >>> found = find_coincidences(np.array([[1.0, 2.0], [2.000001, 1.0]]))
        >>> found.colours.tolist(), found.kept
        ([[0, 1], [1, 0]], 0.49999975...)
    """
    if not 0 <= tolerance <= 1:
        message = f"the tolerance should be from 0 to 1, got {tolerance:g}"
        raise InputError(message)
    entries = matrix.ravel()
    order = np.argsort(entries, kind="stable")
    scale = float(np.abs(entries).max())
    gaps = np.diff(entries[order]) / (scale or 1.0)
    apart = gaps > tolerance
    colours = np.empty(entries.size, dtype=np.int64)
    colours[order] = np.concatenate([[0], np.cumsum(apart)])
    return Coincidences(
        colours.reshape(matrix.shape),
        scale,
        float(gaps[~apart].max(initial=0.0)),
        float(gaps[apart].min(initial=np.inf)),
    )
