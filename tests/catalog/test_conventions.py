"""Mirror of symcrit/catalog/conventions.py."""

import pytest

from symcrit.catalog.conventions import conventions
from symcrit.symmetry.matrices import Matrix, embed
from symcrit.symmetry.patterns import Pattern

PATTERNS = [("1+(k-1)", "(k-1)+1"), ("2+(k-2)", "(k-2)+2"), ("1+2+(k-3)", "(k-3)+2+1")]
K = 7


def matrix(pattern: str, values: dict[str, int]) -> Matrix[int]:
    """The matrix whose parameters have the given values."""
    found = Pattern.parse(pattern)
    return embed(found, [values[name] for name in found.names], {"k": K})


@pytest.mark.parametrize(("pattern", "reverse"), PATTERNS)
def test_the_names_describe_the_same_matrix(pattern: str, reverse: str) -> None:
    """Oracle: transposing the matrix, and reversing the order of rows and columns."""
    values = {name: 10 + i for i, name in enumerate(Pattern.parse(pattern).names)}
    columns, backwards, numbered = conventions(Pattern.parse(pattern))
    ours = matrix(pattern, values)

    transposed = {columns.names[name]: x for name, x in values.items()}
    assert matrix(pattern, transposed) == [list(row) for row in zip(*ours, strict=True)]

    reversed_values = {backwards.names[name]: x for name, x in values.items()}
    assert matrix(reverse, reversed_values) == [row[::-1] for row in ours[::-1]]

    by_number = {numbered.names[name]: x for name, x in values.items()}
    in_order = [by_number[f"xi_{i}"] for i in range(1, len(values) + 1)]
    assert in_order == [reversed_values[name] for name in Pattern.parse(reverse).names]


def test_a_single_block_has_nothing_to_reverse() -> None:
    """And a rectangular pattern has no such conventions."""
    titles = [found.title for found in conventions(Pattern.parse("k"))]

    assert titles == ["neurons as columns", "numbered"]
    assert conventions(Pattern.parse("n=d-1: rows 1,n,1 cols 1,n")) == ()
