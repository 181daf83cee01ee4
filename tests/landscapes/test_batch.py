"""Mirror of symcrit/landscapes/batch.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.landscapes.batch import approx_gradients, approx_losses
from symcrit.landscapes.full import gradient, loss
from symcrit.landscapes.kernels import Kernel, Monomial, Relu

KERNELS: list[Kernel] = [Relu(), Monomial(3)]


@pytest.mark.parametrize("kernel", KERNELS, ids=["relu", "c^3"])
@given(
    k=st.integers(1, 5),
    d=st.integers(1, 4),
    n=st.integers(1, 4),
    seed=st.integers(0, 99),
)
def test_each_matrix_has_its_own_loss_and_gradient(
    kernel: Kernel, k: int, d: int, n: int, seed: int
) -> None:
    """Oracle: the landscape at one matrix, with its own way of taking sines."""
    rng = np.random.default_rng(seed)
    weights, target = rng.normal(size=(3, k, d)), rng.normal(size=(n, d))

    losses = approx_losses(weights, target, kernel=kernel)
    slopes = approx_gradients(weights, target, kernel=kernel)

    for i in range(3):
        value = loss(weights[i], target, kernel=kernel)
        slope = gradient(weights[i], target, kernel=kernel)
        scale = 1 + np.abs(weights).max() ** 6 * 20
        assert np.isclose(value, losses[i], rtol=1e-12, atol=1e-13 * scale)
        assert np.allclose(slope, slopes[i], rtol=1e-11, atol=1e-13 * scale)


@pytest.mark.parametrize("distance", [0.0, 1e-12, 1e-8, 1e-5, 1e-3])
def test_vectors_may_be_nearly_parallel(distance: float) -> None:
    """Near the global minimum the gradient is the Hessian times the way to it."""
    way = np.random.default_rng(3).normal(size=(5, 5))
    weights = np.eye(5) + distance * way

    (slope,) = approx_gradients(weights[None], np.eye(5))
    expected = gradient(weights)

    assert np.abs(slope - expected).max() <= 1e-14 + 1e-9 * distance
    assert np.abs(slope).max() <= 1e-14 + 10 * distance


def test_the_gradient_vanishes_at_a_target_in_general_position() -> None:
    """To all digits, although each neuron is parallel to a row of the target."""
    target, _ = np.linalg.qr(np.random.default_rng(4).normal(size=(7, 7)))

    (slope,) = approx_gradients(target[None], target)

    assert np.abs(slope).max() <= 1e-14
