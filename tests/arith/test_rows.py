"""Mirror of symcrit/arith/rows.py.

Oracle: the same products, quotients and roots row by row, which ``test_laurent``
compares with series by their definition.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest
from flint import fmpq, fmpq_poly, fmpz_poly
from hypothesis import given, settings
from hypothesis import strategies as st

from symcrit.arith import rows
from symcrit.arith.domains import Scale
from symcrit.arith.rows import divide_rows, multiply_rows, root_rows
from symcrit.arith.surds import Coefficient, Surd

Rows = list[Coefficient]

PI, SHIFTED, SQUARE = (fmpz_poly(c) for c in ([0, 1], [-2, 1], [2, 0, 1]))
SCALES = [
    Scale((PI,), (Fraction(0),)),
    Scale((PI,), (Fraction(5, 2),)),
    Scale((PI, SHIFTED), (Fraction(2), Fraction(1, 3))),
    Scale((PI, SHIFTED, SQUARE), (Fraction(0), Fraction(4, 3), Fraction(1))),
    Scale((PI, SHIFTED), (Fraction(2, 3), Fraction(1))),
    Scale((PI, SHIFTED), (Fraction(1, 3), Fraction(1, 2))),
    Scale((PI, SQUARE), (Fraction(1), Fraction(1, 2))),
]
"""The last two are not graded: two broken slopes, and one of no linear factor."""

NUMBERS = st.fractions(-9, 9, max_denominator=6).map(
    lambda q: fmpq(q.numerator, q.denominator)
)
POLYNOMIALS = st.lists(NUMBERS, max_size=4).map(fmpq_poly)


@st.composite
def with_roots(draw: st.DrawFn, scale: Scale) -> Surd:
    """A coefficient with a rational root and one of a factor."""
    keys = [(1, 0), (2, 0), (3, 1)]
    return Surd(scale, {key: draw(POLYNOMIALS) for key in keys})


def lists(scale: Scale, least: int = 1) -> st.SearchStrategy[Rows]:
    """Rows without roots, or with."""
    plain = st.lists(POLYNOMIALS, min_size=least, max_size=9)
    rooted = st.lists(
        st.one_of(POLYNOMIALS, with_roots(scale)), min_size=least, max_size=5
    )
    return st.one_of(plain, rooted)


Action = Callable[[Scale], Sequence[Coefficient]]


def both(action: Action, scale: Scale) -> tuple[list[Any], list[Any]]:
    """Row by row, and as it is done for long series."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "LONG_PRODUCT", 10**9)
        patch.setattr(rows, "LONG_RECURRENCE", 10**9)
        slow = list(action(scale))
        patch.setattr(rows, "LONG_PRODUCT", 0)
        patch.setattr(rows, "LONG_RECURRENCE", 2)
        fast = list(action(scale))
    return [as_parts(row) for row in slow], [as_parts(row) for row in fast]


def as_parts(row: Coefficient) -> dict[tuple[int, int], fmpq_poly]:
    """The polynomial of each root, zeros left out."""
    if isinstance(row, Surd):
        return row.parts
    return {(1, 0): row} if row else {}


@pytest.mark.slow
@pytest.mark.parametrize("scale", SCALES, ids=str)
@settings(max_examples=20)
@given(data=st.data(), keep=st.integers(1, 12))
def test_long_products(scale: Scale, data: st.DataObject, keep: int) -> None:
    """Cut anywhere; a carry is a power of x."""
    f, g = data.draw(lists(scale)), data.draw(lists(scale))
    most = min(keep, len(f) + len(g) - 1)

    slow, fast = both(lambda s: multiply_rows(s, f, g, most), scale)

    assert slow == fast


@pytest.mark.parametrize("scale", SCALES, ids=str)
@settings(max_examples=20)
@given(data=st.data(), keep=st.integers(1, 12))
def test_long_squares(scale: Scale, data: st.DataObject, keep: int) -> None:
    """One list twice."""
    f = data.draw(lists(scale))
    most = min(keep, 2 * len(f) - 1)

    slow, fast = both(lambda s: multiply_rows(s, f, f, most), scale)

    assert slow == fast


@pytest.mark.slow
@pytest.mark.parametrize("scale", SCALES, ids=str)
@settings(max_examples=20)
@given(data=st.data(), length=st.integers(1, 14))
def test_long_quotients(scale: Scale, data: st.DataObject, length: int) -> None:
    """By halves, whatever the lengths of the operands are."""
    f, rest = data.draw(lists(scale)), data.draw(lists(scale))
    monic = [fmpq_poly([1]), *rest]

    slow, fast = both(lambda s: divide_rows(s, f, monic, length), scale)

    assert slow == fast


@pytest.mark.parametrize("scale", SCALES, ids=str)
@settings(max_examples=20)
@given(data=st.data(), length=st.integers(1, 14))
def test_long_roots(scale: Scale, data: st.DataObject, length: int) -> None:
    """By halves; of a polynomial as well."""
    monic = [fmpq_poly([1]), *data.draw(st.lists(POLYNOMIALS, max_size=9))]

    slow, fast = both(lambda s: root_rows(s, monic, length), scale)

    assert slow == fast


def test_which_scales_are_graded() -> None:
    """The broken slope has to be the only one, and its factor x."""
    assert [True] * 5 + [False] * 2 == [scale.is_graded for scale in SCALES]
    assert [0, 0, 2, 2, 0, 0, 0] == [scale.centre for scale in SCALES]


# ------------------------------------------------------------------------- mutants


MUTANTS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "halves off the period": ("_half", lambda old: lambda *x: old(*x) - (old(*x) > 1)),
    "nothing taken off": ("_difference", lambda _: lambda f, g: list(f)),
    "roots without squares": (
        "root_product", lambda old: lambda *x: (old(*x)[0], fmpq_poly([1])),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", MUTANTS)
def test_mutants_are_noticed(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two ways of computing do not agree any more."""
    scale = SCALES[2]
    f: Rows = [fmpq_poly([n + 1, 1, 2, n]) for n in range(9)]
    g: Rows = [fmpq_poly([1]), *f]
    roots: Rows = [Surd(scale, {(2, 1): fmpq_poly([1, n])}) for n in range(5)]
    actions: list[Action] = [
        lambda s: multiply_rows(s, f, g, 9),
        lambda s: multiply_rows(s, roots, roots, 9),
        lambda s: divide_rows(s, f, g, 14),
        lambda s: root_rows(s, g, 14),
    ]
    assert all(slow == fast for slow, fast in (both(x, scale) for x in actions))
    name, mutate = MUTANTS[what]
    monkeypatch.setattr(rows, name, mutate(getattr(rows, name)))

    assert any(slow != fast for slow, fast in (both(x, scale) for x in actions))
