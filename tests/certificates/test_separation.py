"""The separation of entries in symcrit/certificates/checker.py, by brute force.

The oracle runs through all pairs of permutations of rows and columns.
"""

from fractions import Fraction
from itertools import permutations, product
from math import factorial, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.certificates.checker import (
    Ball,
    Open,
    Orbit,
    Pattern,
    read_pattern,
    separate,
)

P = 40


def matrix(pattern: Pattern, values: dict[Orbit, int]) -> list[list[int]]:
    """The matrix with given values on the orbits."""

    def points(blocks: tuple[str | None, ...]) -> list[tuple[int, int, str | None]]:
        return [
            (b, label, g)
            for b, g in enumerate(blocks)
            for label in range(1 if g is None else int(pattern.sizes[g]))
        ]

    def kind(i: tuple[int, int, str | None], p: tuple[int, int, str | None]) -> str:
        if i[2] is None or i[2] != p[2]:
            return "m"
        return "d" if i[1] == p[1] else "o"

    columns = points(pattern.columns)
    return [
        [values[i[0], p[0], kind(i, p)] for p in columns] for i in points(pattern.rows)
    ]


def symmetries(entries: list[list[int]]) -> int:
    """How many pairs of permutations of rows and columns fix a matrix."""
    wanted = sorted(zip(*entries, strict=True))
    return sum(
        _columns(wanted)
        for rows in permutations(entries)
        if sorted(zip(*rows, strict=True)) == wanted
    )


def _columns(columns: list[tuple[int, ...]]) -> int:
    """How many permutations of the columns fix a matrix: equal ones may be swapped."""
    return prod(factorial(columns.count(c)) for c in set(columns))


PATTERNS = [
    *["2", "3", "4", "1+1", "1+2", "2+2", "1+3", "3+2", "1+1+2", "2+2+1", "3*1"],
    "n=2: rows n cols n,1",
    "n=2: rows n,n cols n",
    "n=3: rows 1,n,1 cols 1,n",
    "n=2, m=2: rows n,m cols m,n",
    "n=2, m=2: rows n,m cols n",
    "n=3, m=2: rows n cols n,m",
    "n=2: rows n,n cols 1,1",
    "n=3: rows 1 cols n",
]


@pytest.mark.parametrize("text", PATTERNS)
@given(data=st.data())
def test_a_separated_matrix_has_no_other_symmetries(
    text: str, data: st.DataObject
) -> None:
    """Few values, so that entries coincide by accident.

    What is proved is true; and it is proved whenever all entries differ and the natural
    sets of a group are tied.
    """
    pattern = read_pattern(text, {})
    orbits = list(pattern.orbits(pattern.rows))
    values = {x: data.draw(st.integers(0, len(orbits))) for x in orbits}
    group = prod(factorial(int(n)) for n in pattern.sizes.values())
    found = symmetries(matrix(pattern, values))

    try:
        separate(pattern, {x: Ball(P, n << P, 3) for x, n in values.items()})
    except Open:
        distinct = len(set(values.values())) == len(values)
        assert not distinct or found > group
    else:
        assert found == group


def test_overlapping_balls_are_not_separated() -> None:
    """Chains of overlaps too: a meets b meets c."""
    pattern = read_pattern("1+1", {})
    orbits = list(pattern.orbits(pattern.rows))
    for radius, separated in ((4, True), (5, False)):
        entries = {x: Ball(P, 9 * i, radius) for i, x in enumerate(orbits)}
        if separated:
            separate(pattern, entries)
        else:
            with pytest.raises(Open):
                separate(pattern, entries)


def test_counts_tell_blocks_apart() -> None:
    """Two blocks with the same two values, but not as often: k = 10^12."""
    pattern = read_pattern("(k-7)+7", {"k": Fraction(10**12)})
    same = {"d": 1, "o": 0, "m": 5}
    entries = {x: Ball(P, same[x[2]] << P) for x in pattern.orbits(pattern.rows)}

    separate(pattern, entries)


@pytest.mark.parametrize("sizes", list(product((2, 3), repeat=2)))
def test_equal_and_unequal_sizes(sizes: tuple[int, int]) -> None:
    """Two groups of one size with equal values may be exchanged as a whole."""
    pattern = read_pattern("{}+{}".format(*sizes), {})
    same = {"d": 1, "o": 0, "m": 5}
    entries = {x: Ball(P, same[x[2]] << P) for x in pattern.orbits(pattern.rows)}

    if sizes[0] == sizes[1]:
        with pytest.raises(Open):
            separate(pattern, entries)
    else:
        separate(pattern, entries)
