"""Mirror of symcrit/arith/packing.py.

Oracle: the same products row by row.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest
from flint import fmpq, fmpq_poly, fmpz_poly
from hypothesis import given, settings
from hypothesis import strategies as st

from symcrit.arith import packing
from symcrit.arith.domains import Scale
from symcrit.arith.packing import packed_product

PI, SHIFTED = fmpz_poly([0, 1]), fmpz_poly([-2, 1])
SCALES = [
    Scale((PI,), (Fraction(0),)),
    Scale((PI,), (Fraction(2),)),
    Scale((PI,), (Fraction(5, 2),)),
    Scale((SHIFTED,), (Fraction(1),)),
    Scale((PI, SHIFTED), (Fraction(2), Fraction(2, 3))),
]

NUMBERS = st.fractions(-9, 9, max_denominator=6).map(
    lambda q: fmpq(q.numerator, q.denominator)
)
ROWS = st.lists(st.lists(NUMBERS, max_size=4).map(fmpq_poly), min_size=1, max_size=12)


def row_by_row(
    scale: Scale, f: Sequence[fmpq_poly], g: Sequence[fmpq_poly], keep: int
) -> list[fmpq_poly]:
    """The rows by their definition: carries of the slopes are powers of the factors."""
    rows = [fmpq_poly([0])] * keep
    for i, x in enumerate(f):
        for j, y in enumerate(g[: max(keep - i, 0)]):
            carries = [
                c - a - b
                for a, b, c in zip(
                    scale.floors(i), scale.floors(j), scale.floors(i + j), strict=True
                )
            ]
            rows[i + j] = rows[i + j] + scale.power(carries) * x * y
    return rows


def with_powers(
    scale: Scale, rows: Sequence[fmpq_poly], slope: Fraction
) -> list[fmpq_poly]:
    """Rows that have more and more powers of x."""
    x = fmpq_poly([0, 1])
    return [row * x ** (slope * n).__floor__() for n, row in enumerate(rows)]


@pytest.mark.parametrize("scale", SCALES, ids=str)
@pytest.mark.parametrize("split", [2, pytest.param(48, marks=pytest.mark.slow)])
@settings(max_examples=30)
@given(data=st.data(), keep=st.integers(1, 20))
def test_products(scale: Scale, split: int, data: st.DataObject, keep: int) -> None:
    """Cut anywhere, made of halves or at once, with and without powers of x."""
    slopes = st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1)])
    f = with_powers(scale, data.draw(ROWS), data.draw(slopes))
    g = with_powers(scale, data.draw(ROWS), data.draw(slopes))
    most = min(keep, len(f) + len(g) - 1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "SPLIT", split)
        found = packed_product(scale, f, g, most)

    assert row_by_row(scale, f, g, most) == found


@pytest.mark.parametrize("split", [2, pytest.param(48, marks=pytest.mark.slow)])
@settings(max_examples=30)
@given(f=ROWS, keep=st.integers(1, 20))
def test_squares(split: int, f: list[fmpq_poly], keep: int) -> None:
    """One list twice."""
    most = min(keep, 2 * len(f) - 1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "SPLIT", split)
        found = packed_product(SCALES[-1], f, f, most)

    assert row_by_row(SCALES[-1], f, f, most) == found


# ------------------------------------------------------------------------- mutants

MUTANTS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "half the room": ("_degree_bound", lambda old: lambda *x: old(*x) // 2),
    "a little less room": ("_degree_bound", lambda old: lambda *x: old(*x) - 3),
    "powers of x that are not there": (
        "_least_slope", lambda old: lambda *x: max(old(*x) - x[1], Fraction(0)),
    ),
    "second halves that start too early": ("SPLIT", lambda _: 2),
}  # fmt: skip


@pytest.mark.parametrize("what", MUTANTS)
def test_mutants_are_noticed(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows overlap, or lose coefficients."""
    scale = SCALES[-1]
    f = [fmpq_poly([n + 1, 1, 2, n]) for n in range(9)]
    assert row_by_row(scale, f, f[:8], 9) == packed_product(scale, f, f[:8], 9)
    name, mutate = MUTANTS[what]
    monkeypatch.setattr(packing, name, mutate(getattr(packing, name)))
    if name == "SPLIT":
        split = packing._Part.split
        monkeypatch.setattr(
            packing._Part,
            "split",
            lambda part, count: (split(part, count)[0], split(part, count - 1)[1]),
        )

    assert row_by_row(scale, f, f[:8], 9) != packed_product(scale, f, f[:8], 9)
