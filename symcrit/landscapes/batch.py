"""Loss and gradient at many matrices of weights at once, in doubles.

The formulas of the kernel are evaluated on arrays that run over matrices and pairs of
rows.  Squared sines are computed as a b - c^2 where that keeps most digits, and from
the part of one vector that is orthogonal to the other where vectors are nearly
parallel, as at global minima.

Derivations: derivations/kernel.md.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from symcrit.arith.arrays import FLOAT_ARRAYS
from symcrit.landscapes.kernels import Frame, Gram, Kernel, Relu

__all__ = ["approx_gradients", "approx_losses"]

NEARLY_PARALLEL = 1e-3
"""A sine below this is computed from orthogonal parts."""

Floats = NDArray[np.float64]

RELU = Relu()


def approx_losses(weights: Floats, target: Floats, *, kernel: Kernel = RELU) -> Floats:
    """The loss at each matrix.

    Args:
        weights: the matrices, m by k by d; rows are neurons and not zero.
        target: V, n by d; rows are not zero.
        kernel: the kernel.

    Example:
        >>> approx_losses(np.array([[[3.0]], [[1.0]]]), np.eye(1)).tolist()
        [1.0, 0.0]
    """
    pairs = _pairs(weights, target, kernel)
    values = kernel.value(FLOAT_ARRAYS, pairs.gram, pairs.frame)
    k = weights.shape[1]
    among, with_target = values[:, :, :k], values[:, :, k:]
    own = kernel.own(FLOAT_ARRAYS, pairs.norms)
    upper = np.triu_indices(k, 1)
    constant = _constant(target, kernel)
    total: Floats = (
        own.sum(axis=1) / 2
        + among[:, upper[0], upper[1]].sum(axis=1)
        - with_target.sum(axis=(1, 2))
        + constant
    )
    return total


def approx_gradients(
    weights: Floats, target: Floats, *, kernel: Kernel = RELU
) -> Floats:
    """The gradient of the loss at each matrix, m by k by d.

    Args:
        weights: the matrices, m by k by d; rows are neurons and not zero.
        target: V, n by d; rows are not zero.
        kernel: the kernel.

    Example:
        >>> approx_gradients(np.array([[[3.0]], [[1.0]]]), np.eye(1)).tolist()
        [[[1.0]], [[0.0]]]
    """
    pairs = _pairs(weights, target, kernel)
    by_norm, _, by_inner = kernel.first(FLOAT_ARRAYS, pairs.gram, pairs.frame)
    k = weights.shape[1]
    shape = (len(weights), k, k + len(target))
    signs = np.where(np.arange(shape[2]) < k, 1.0, -1.0)
    others = 1.0 - np.eye(k, shape[2])
    by_norm = np.broadcast_to(by_norm, shape) * (signs * others)
    by_inner = np.broadcast_to(by_inner, shape) * (signs * others)
    own = kernel.own_first(FLOAT_ARRAYS, pairs.norms)
    radial = 2 * by_norm.sum(axis=2) + own
    mixed: Floats = by_inner[:, :, :k] @ weights + by_inner[:, :, k:] @ target
    slopes: Floats = radial[:, :, None] * weights + mixed
    return slopes


class _Pairs(NamedTuple):
    """Gram data of all neurons with all rows of W and V, m by k by k + n."""

    gram: Gram[Any]
    frame: Frame[Any]
    norms: Floats


def _pairs(weights: Floats, target: Floats, kernel: Kernel) -> "_Pairs":
    m, k, _ = weights.shape
    everywhere = np.broadcast_to(target, (m, *target.shape))
    vectors = np.concatenate([weights, everywhere], axis=1)
    squares = np.einsum("mid,mid->mi", vectors, vectors)
    a, b = squares[:, :k, None], squares[:, None, :]
    c = weights @ vectors.transpose(0, 2, 1)
    s2 = a * b - c * c
    near = np.nonzero(s2 < NEARLY_PARALLEL**2 * a * b)
    if near[0].size:
        first, second = weights[near[0], near[1]], vectors[near[0], near[2]]
        norm = squares[near[0], near[1]]
        rest = second - (c[near] / norm)[:, None] * first
        s2[near] = norm * np.einsum("nd,nd->n", rest, rest)
    gram: Gram[Any] = Gram(a, b, c, s2)
    return _Pairs(gram, kernel.frame(FLOAT_ARRAYS, gram, "pairs"), squares[:, :k])


def _constant(target: Floats, kernel: Kernel) -> float:
    """The part of the loss that does not depend on W."""
    if not len(target):
        return 0.0
    pairs = _pairs(target[None], target, kernel)
    values = kernel.value(FLOAT_ARRAYS, pairs.gram, pairs.frame)
    upper = np.triu_indices(len(target), 1)
    own = kernel.own(FLOAT_ARRAYS, pairs.norms)
    among = values[0, :, : len(target)][upper]
    return float(own.sum() / 2 + among.sum())
