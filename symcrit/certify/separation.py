"""When the isotropy group of a point is exactly the group of its pattern.

The group G of the pattern fixes the point in any case.  For the other direction equal
entries have to be known, and balls know only which parameters certainly differ.  Call
the classes of the finest partition in which parameters with overlapping balls lie
together the *possible coincidences*.  Two entries in different classes differ, so a
permutation of rows and columns that fixes the matrix preserves the classes, and if the
group that preserves them is G, then G is the isotropy group.

If all balls are disjoint, the classes are the orbits themselves, and the group that
preserves them is G for all sizes if each symmetric group of the pattern acts on one set
of rows or columns only, or on at least one of each.  Otherwise the group is computed
from the matrix of classes, for sizes that allow to write it down.

Derivations: derivations/certificates.md.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import factorial, prod

import numpy as np
from flint import arb

from symcrit.core.errors import InputError, UndecidedError
from symcrit.core.truth import Truth
from symcrit.symmetry.isotropy import find_isotropy
from symcrit.symmetry.matrices import block_sizes, orbit_indices
from symcrit.symmetry.patterns import Pattern

__all__ = ["has_exact_isotropy", "possible_coincidences"]

MAX_ENTRIES = 10**6
"""The largest matrix of classes that is written down."""


def has_exact_isotropy(
    pattern: Pattern, parameters: Sequence[arb], sizes: Mapping[str, Fraction]
) -> Truth:
    """Whether the isotropy group in S_rows x S_columns is that of the pattern.

    Args:
        pattern: the pattern.
        parameters: balls that contain the parameters, in the order of the pattern.
        sizes: the variables of the sizes.

    Returns:
        TRUE, or UNKNOWN where balls overlap; equality of parameters is never proved.

    Example:
        >>> pattern = Pattern.parse("k")
        >>> has_exact_isotropy(pattern, [arb(2), arb(1)], {"k": Fraction(10**12)})
        <Truth.TRUE: 'TRUE'>
        >>> has_exact_isotropy(pattern, [arb(2), arb(2)], {"k": Fraction(3)})
        <Truth.UNKNOWN: 'UNKNOWN'>
    """
    classes = possible_coincidences(parameters)
    if len(set(classes)) == len(classes) and _ties_rows_and_columns(pattern):
        return Truth.TRUE
    try:
        rows = block_sizes(pattern, pattern.rows, sizes)
        columns = block_sizes(pattern, pattern.columns, sizes)
        if sum(rows) * sum(columns) > MAX_ENTRIES:
            return Truth.UNKNOWN
        orbits = np.array(orbit_indices(pattern, sizes), dtype=np.int64)
        found = find_isotropy(np.array(classes, dtype=np.int64)[orbits])
    except (InputError, UndecidedError):
        return Truth.UNKNOWN
    # The pattern's group is contained in the group that was found.
    order = prod(
        factorial(int(size.substitute(dict(sizes)).const))
        for size in pattern.sizes.values()
    )
    return Truth.of(true=found.order == order, false=False)


def possible_coincidences(balls: Sequence[arb]) -> list[int]:
    """A class for each ball, such that balls that overlap share one.

    Example:
        >>> possible_coincidences([arb(1, 0.6), arb(5), arb(2, 0.6), arb(3, 0.6)])
        [0, 1, 0, 0]
    """
    classes = list(range(len(balls)))
    for i, x in enumerate(balls):
        for j in range(i):
            # Overlap is asked for, so that a ball that is no number joins them all.
            if classes[i] != classes[j] and not (x < balls[j] or x > balls[j]):
                old, new = max(classes[i], classes[j]), min(classes[i], classes[j])
                classes = [new if c == old else c for c in classes]
    return classes


def _ties_rows_and_columns(pattern: Pattern) -> bool:
    """Whether no symmetric group moves two sets that its diagonals do not tie."""
    for group in pattern.sizes:
        rows = sum(block.group == group for block in pattern.rows)
        columns = sum(block.group == group for block in pattern.columns)
        if rows + columns > 1 and not (rows and columns):
            return False
    return True
