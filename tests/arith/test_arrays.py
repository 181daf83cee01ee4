"""Mirror of symcrit/arith/arrays.py."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st
from mpmath import MPContext

from symcrit.arith.arrays import (
    FLOAT_ARRAYS,
    ObjectArrays,
    arrays_over,
    numbers_of,
)
from symcrit.arith.balls import BALLS
from symcrit.arith.floats import FLOATS
from symcrit.arith.multiprecision import Multiprecision
from symcrit.arith.symbols import Symbols, real_symbol
from symcrit.core.errors import InputError


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(-9, 9)), min_size=1))
def test_arrays_of_doubles_repeat_the_scalars(
    points: list[tuple[float, float]],
) -> None:
    """Element by element the result is that of Python's floats, to one rounding."""
    s, c = np.array(points).T
    angles, roots = FLOAT_ARRAYS.angle(s, c, ""), FLOAT_ARRAYS.root(s, "")

    for i, (x, y) in enumerate(points):
        assert math.isclose(FLOATS.angle(x, y, ""), angles[i], rel_tol=1e-15)
        assert FLOATS.root(x, "") == roots[i]


def test_a_negative_radicand_is_no_number_and_no_warning() -> None:
    """The other elements are not hurt."""
    found = FLOAT_ARRAYS.root(np.array([-1.0, 4.0]), "a site")

    assert math.isnan(found[0])
    assert 2.0 == found[1]


def test_arrays_of_objects_ask_their_own_number_system() -> None:
    """Roots and angles of balls are balls that contain the true values."""
    lib = ObjectArrays(BALLS)
    x = lib.array([[2, Fraction(1, 4)], [9, 0]])
    roots = lib.root(x, "a site")
    angles = lib.angle(x[0], x[1], "a site")

    assert all(
        (y * y).contains(z.mid()) for y, z in zip(roots.flat, x.flat, strict=True)
    )
    assert all(y >= 0 for y in roots.flat)
    assert (arb(2) / 9).atan().overlaps(angles[0])
    assert (arb.pi() / 2).overlaps(angles[1])
    assert lib.zeros((2, 3)).shape == (2, 3)
    assert all(isinstance(y, arb) and y == 0 for y in lib.zeros((2, 3)).flat)


def context_of(digits: int) -> Any:
    """A fresh mpmath context."""
    context = MPContext()
    context.dps = digits
    return context


@pytest.mark.parametrize(
    "values", [[[1, 2]], [[True, False]], [[0.5]], [[Fraction(1, 2), 3]], [[2**70]]]
)
def test_ordinary_numbers_become_doubles(values: list[list[Any]]) -> None:
    """Integers and fractions alone ask for no other arithmetic."""
    lib = numbers_of(values)

    assert FLOAT_ARRAYS is lib
    assert [[float(x) for x in row] for row in values] == lib.array(values).tolist()


def test_the_number_system_is_that_of_the_entries() -> None:
    """Numbers of mpmath bring their context along; integers may be mixed in."""
    context = context_of(40)
    multi = numbers_of([[context.mpf(2), 1]])
    balls = numbers_of([[arb(2), 1]])
    symbols = numbers_of([[real_symbol("x"), 1]])

    assert isinstance(multi, ObjectArrays)
    assert isinstance(multi.base, Multiprecision)
    assert context is multi.base.context
    assert isinstance(balls, ObjectArrays)
    assert BALLS is balls.base
    assert isinstance(symbols, ObjectArrays)
    assert isinstance(symbols.base, Symbols)


def test_only_rounding_has_a_smallest_sine() -> None:
    """It is 64 units in the last place of the arithmetic in use."""
    assert 64 * np.finfo(float).eps / 2 == FLOAT_ARRAYS.smallest_sine
    assert arrays_over(BALLS).smallest_sine is None
    for digits in (20, 200):
        context = context_of(digits)
        assert 32 * context.eps == arrays_over(Multiprecision(context)).smallest_sine


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[1j]], "no number system is known for a matrix of complex128"),
        ([["a"]], "no number system is known"),
        ([[1.0], [1.0, 2.0]], "should have equal lengths"),
        ([[arb(1), context_of(20).mpf(1)]], "a matrix of arb, mpf"),
        ([[object()]], "a matrix of object"),
    ],
)
def test_unknown_entries_are_refused(values: list[list[Any]], message: str) -> None:
    """The message names what was found and what would be right."""
    with pytest.raises(InputError, match=message):
        numbers_of(values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1.0, 2.0], r"got shape \(2,\)"),
        ([[]], r"got shape \(1, 0\)"),
        ([[1.0, math.inf]], "infinite or not a number"),
        ([[1.0, math.nan]], "infinite or not a number"),
        ([[1.0], [1.0, 2.0]], "real numbers of one kind"),
    ],
)
def test_what_is_no_matrix_is_refused(values: list[Any], message: str) -> None:
    """Ragged rows, vectors, and entries that are no numbers."""
    with pytest.raises(InputError, match=message):
        FLOAT_ARRAYS.array(values)
