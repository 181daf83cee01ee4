"""Mirror of symcrit/report/blocks.py."""

import pytest

from symcrit.report.blocks import block_picture, group_latex
from symcrit.symmetry.matrices import embed
from symcrit.symmetry.patterns import Pattern


@pytest.mark.parametrize(
    ("pattern", "k"),
    [
        ("k", 3),
        ("1+(k-1)", 4),
        ("2+(k-2)", 5),
        ("3+(k-3)", 6),
        ("n=k-1: rows 1,n,1 cols 1,n", 4),
    ],
)
def test_the_picture_shows_the_matrix(pattern: str, k: int) -> None:
    """Oracle: the embedded matrix at a k where each block has at most three rows.

    Dots stand for the middle rows and columns of a block of many.
    """
    found = Pattern.parse(pattern)
    picture = block_picture(found, str)
    rows = [row.split(" & ") for row in picture.splitlines()[1:-1]]
    shown = [[cell.removesuffix(r" \\") for cell in row] for row in rows]
    matrix = embed(found, found.names, {"k": k})

    assert len(shown) == len(matrix)
    for written, right in zip(shown, matrix, strict=True):
        assert len(written) == len(right)
        for cell, name in zip(written, right, strict=True):
            assert cell == name or "dots" in cell
    visible = {cell for row in shown for cell in row if "dots" not in cell}
    assert visible == set(found.names)


@pytest.mark.parametrize(
    ("pattern", "group"),
    [
        ("k", r"\Delta S_{k}"),
        ("3+(k-3)", r"\Delta(S_{3} \times S_{k-3})"),
        ("n=k-1: rows 1,n,1 cols 1,n", "S_{k-1}"),
    ],
)
def test_groups(pattern: str, group: str) -> None:
    """Diagonal groups have a Delta, others act differently on rows and columns."""
    assert group_latex(Pattern.parse(pattern)) == group
