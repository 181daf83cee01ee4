"""Mirror of symcrit/symmetry/coincidence.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.core.errors import InputError
from symcrit.symmetry.coincidence import find_coincidences

NOISE = 1e-6


@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=20).filter(any),
    st.integers(0, 2**32 - 1),
)
def test_planted_classes_are_found_through_noise(values: list[int], seed: int) -> None:
    """Oracle: the integers, of which the entries are noisy copies."""
    rng = np.random.default_rng(seed)
    exact = rng.permutation(np.repeat(values, 2)).reshape(2, -1).astype(float)
    scale = np.abs(exact).max() or 1.0
    noisy = exact + scale * NOISE * rng.uniform(-1, 1, exact.shape)

    found = find_coincidences(noisy)

    _, classes = np.unique(exact, return_inverse=True)
    assert np.array_equal(classes.reshape(exact.shape), found.colours)
    assert found.closed <= 2.1 * NOISE
    assert found.kept >= 1 / 50 - 2.1 * NOISE


def test_the_gaps_tell_how_clear_the_cut_was() -> None:
    """Relative to the largest entry: 0.2 was closed, 0.5 was kept."""
    found = find_coincidences(np.array([[2.0, 1.0, 0.6]]), tolerance=0.2)

    assert [[1, 0, 0]] == found.colours.tolist()
    assert 2.0 == found.scale
    assert pytest.approx(0.2) == found.closed
    assert 0.5 == found.kept


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_the_tolerance_is_relative_to_the_largest_entry(scale: float) -> None:
    """Scaling a matrix changes nothing."""
    matrix = np.array([[1.0, 1.0 + 1e-5, 0.5, 0.5 + 1e-7]])

    found = find_coincidences(scale * matrix, tolerance=1e-6)

    assert [[1, 2, 0, 0]] == found.colours.tolist()


def test_a_zero_matrix_has_one_class() -> None:
    """There is no largest entry to measure by."""
    found = find_coincidences(np.zeros((2, 3)))

    assert 0 == found.colours.max()
    assert (0.0, 0.0, np.inf) == (found.scale, found.closed, found.kept)


@pytest.mark.parametrize("tolerance", [-1e-9, 1.5, float("nan")])
def test_a_tolerance_outside_zero_to_one_is_refused(tolerance: float) -> None:
    """Also what is no number."""
    with pytest.raises(InputError, match="tolerance should be from 0 to 1"):
        find_coincidences(np.eye(2), tolerance)
