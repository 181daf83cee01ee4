"""Mirror of symcrit/symmetry/matrices.py."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from symcrit.arith.symbols import real_symbol
from symcrit.core.errors import InputError
from symcrit.symmetry.matrices import (
    embed,
    embed_target,
    orbit_indices,
    project,
)
from symcrit.symmetry.patterns import Pattern
from tests.symmetry.cases import CASES, OVER, pattern_of, sizes_of

rationals = st.fractions(-9, 9, max_denominator=7)


@given(st.sampled_from(sorted(CASES)), st.integers(6, 9), st.data())
def test_projecting_undoes_embedding(text: str, k: int, data: st.DataObject) -> None:
    """Exactly so over the rational numbers, with distance zero."""
    pattern = pattern_of(text)
    n = len(pattern.parameters)
    point = data.draw(st.lists(rationals, min_size=n, max_size=n))
    sizes = sizes_of(pattern, k)
    found = project(pattern, embed(pattern, point, sizes), sizes)

    assert point == found.point
    assert 0 == found.squared_distance


@given(st.lists(rationals, min_size=16, max_size=16))
def test_the_projection_is_the_mean_over_the_group(entries: list[Fraction]) -> None:
    """Oracle: all six permutations of the last three rows and columns at once."""
    matrix = [entries[4 * i : 4 * i + 4] for i in range(4)]
    total = [[Fraction(0)] * 4 for _ in range(4)]
    for order in permutations((1, 2, 3)):
        image = (0, *order)
        for i in range(4):
            for p in range(4):
                total[i][p] += matrix[image[i]][image[p]] / 6
    pattern = Pattern.parse("1+(k-1)")
    found = project(pattern, matrix, {"k": 4})

    assert total == embed(pattern, found.point, {"k": 4})
    assert found.squared_distance == sum(
        (x - y) ** 2
        for row, mean in zip(matrix, total, strict=True)
        for x, y in zip(row, mean, strict=True)
    )


@given(st.lists(rationals, min_size=12, max_size=12))
def test_deviations_are_orthogonal_to_the_fixed_space(entries: list[Fraction]) -> None:
    """On a rectangular pattern: the deviations sum to zero over every orbit."""
    pattern, sizes = Pattern.parse(OVER), {"d": 3}
    matrix = [entries[3 * i : 3 * i + 3] for i in range(4)]
    found = project(pattern, matrix, sizes)
    sums = [Fraction(0)] * len(pattern.parameters)
    for row, places in zip(
        found.deviations, orbit_indices(pattern, sizes), strict=True
    ):
        for x, i in zip(row, places, strict=True):
            sums[i] += x

    assert not any(sums)


def test_matrices_of_any_numbers() -> None:
    """Balls, symbols and numpy arrays go through unchanged."""
    pattern, sizes = Pattern.parse("1+(k-1)"), {"k": 3}
    balls = [arb(i, 0.1) for i in range(5)]
    symbols = [real_symbol(name) for name in pattern.names]
    floats: NDArray[np.float64] = np.array(
        embed(pattern, [1.0, 2.0, 3.0, 4.0, 5.0], sizes)
    )

    for x, y in zip(
        balls, project(pattern, embed(pattern, balls, sizes), sizes).point, strict=True
    ):
        assert y.contains(x)
    assert symbols == project(pattern, embed(pattern, symbols, sizes), sizes).point
    assert [1.0, 2.0, 3.0, 4.0, 5.0] == project(pattern, floats.tolist(), sizes).point


def test_the_target_of_a_pattern() -> None:
    """Rows of targets follow their own blocks; orbits that are not named are zero."""
    pattern = Pattern.parse("n=k-1: rows 1,n cols n,1 target n,1")
    target = {"d_1_1": Fraction(3, 2), "m_2_2": Fraction(1)}

    assert [[1.5, 0, 0], [0, 1.5, 0], [0, 0, 1]] == embed_target(
        pattern, target, {"k": 3}
    )


@pytest.mark.parametrize(
    ("text", "sizes", "message"),
    [
        ("1+(k-1)", {}, "give a value of k"),
        ("1+(k-1)", {"k": 1}, "a block of size k-1 = 0 is no set"),
        ("1+(k-1)", {"k": Fraction(7, 2)}, "a block of size k-1 = 5/2 is no set"),
    ],
)
def test_sizes_that_are_no_sizes(
    text: str, sizes: dict[str, int | Fraction], message: str
) -> None:
    """Between integers there are numbers, but no matrices."""
    pattern = Pattern.parse(text)
    with pytest.raises(InputError, match=message):
        embed(pattern, [0] * len(pattern.parameters), sizes)


def test_wrong_shapes() -> None:
    """Too few parameters, a matrix of another size, an orbit without entries."""
    pattern = Pattern.parse("1+(k-1)")
    with pytest.raises(InputError, match="has 5 parameters"):
        embed(pattern, [1.0], {"k": 3})
    with pytest.raises(InputError, match="describes 3-by-3 matrices here, got 2 rows"):
        project(pattern, [[1.0, 2.0]] * 2, {"k": 3})
    with pytest.raises(InputError, match="no entry belongs to o_2"):
        project(pattern, [[1.0, 2.0]] * 2, {"k": 2})
