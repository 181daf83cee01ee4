"""Loss, gradient and Hessian at any matrix of weights, without any symmetry.

The rows of W and of the target V stand in one list u_1, u_2, ... with signs +1 and -1,
so that L = 1/2 sum sign_i sign_j kappa(u_i, u_j).  Gram data of all pairs are arrays,
and each formula of the kernel is evaluated on all pairs at once, in doubles or in any
other number system.

Pairs of parallel vectors are kept apart.  There single second derivatives of the kernel
may be infinite while their combined terms in the Hessian of L have limits, and it is
the limits that are used.  Which pairs are parallel is told by the caller, or seen where
the sine is exactly zero, or, in arithmetic with rounding, zero but for rounding errors.

Derivations: derivations/kernel.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symcrit.arith.arrays import AnyArray, ArrayNumbers, MatrixLike, numbers_of
from symcrit.core.errors import InputError
from symcrit.landscapes.kernels import Frame, Gram, Kernel, Relu, kernel_named

__all__ = ["Full", "Parallel", "gradient", "hessian", "loss"]

Parallel: TypeAlias = Mapping[tuple[int, int], int]
"""Pairs (i, j) known to be parallel, with 1 for equal and -1 for opposite rays.

Rows are counted from 0, first those of W and then on through those of V.
"""

RELU = Relu()


def loss(
    weights: MatrixLike,
    target: MatrixLike | None = None,
    *,
    kernel: Kernel | str = RELU,
    numbers: ArrayNumbers | None = None,
    parallel: Parallel | None = None,
) -> Any:
    """The loss at a matrix of weights.

    Args:
        weights: W, k by d; rows are neurons.
        target: V, n by d; by default the identity, min(k, d) by d.
        kernel: the kernel, or its name, such as ``relu`` or ``c^3``.
        numbers: the number system, by default that of the entries of W: doubles, mpmath
            numbers, flint balls or sympy expressions.
        parallel: pairs known to be parallel, which balls cannot see by themselves:
            (i, j) with 1 for equal and -1 for opposite rays, rows of W counted from 0
            and then on through those of V.

    Raises:
        InputError: the matrices have no fitting shapes, or unknown or infinite entries.

    Example:
        >>> loss([[3.0]])
        1.0

    Source:
        derivations/kernel.md, the loss is a sum over pairs.
    """
    full = Full(weights, target, kernel=kernel, numbers=numbers, parallel=parallel)
    return full.loss()


def gradient(
    weights: MatrixLike,
    target: MatrixLike | None = None,
    *,
    kernel: Kernel | str = RELU,
    numbers: ArrayNumbers | None = None,
    parallel: Parallel | None = None,
) -> AnyArray:
    """The gradient of the loss, k by d.

    Args:
        weights: W, k by d; rows are neurons.
        target: V, n by d; by default the identity, min(k, d) by d.
        kernel: the kernel, or its name, such as ``relu`` or ``c^3``.
        numbers: the number system, by default that of the entries of W: doubles, mpmath
            numbers, flint balls or sympy expressions.
        parallel: pairs known to be parallel, which balls cannot see by themselves:
            (i, j) with 1 for equal and -1 for opposite rays, rows of W counted from 0
            and then on through those of V.

    Raises:
        InputError: as for the loss, and where a zero neuron leaves one-sided
            derivatives only.

    Example:
        >>> gradient([[3.0]])
        array([[1.]])

    Source:
        derivations/kernel.md, gradient and Hessian of the loss.
    """
    full = Full(weights, target, kernel=kernel, numbers=numbers, parallel=parallel)
    return full.gradient()


def hessian(
    weights: MatrixLike,
    target: MatrixLike | None = None,
    *,
    kernel: Kernel | str = RELU,
    numbers: ArrayNumbers | None = None,
    parallel: Parallel | None = None,
) -> AnyArray:
    """The Hessian of the loss, a symmetric matrix of size kd.

    The entry w_ip of W has the place i d + p, as in ``W.ravel()``.

    Args:
        weights: W, k by d; rows are neurons.
        target: V, n by d; by default the identity, min(k, d) by d.
        kernel: the kernel, or its name, such as ``relu`` or ``c^3``.
        numbers: the number system, by default that of the entries of W: doubles, mpmath
            numbers, flint balls or sympy expressions.
        parallel: pairs known to be parallel, which balls cannot see by themselves:
            (i, j) with 1 for equal and -1 for opposite rays, rows of W counted from 0
            and then on through those of V.

    Raises:
        InputError: as for the gradient.

    Example:
        At the global minimum of k = 2 the eigenvalue 1/4 - 1/(2 pi) occurs.

        >>> values = np.linalg.eigvalsh(hessian(np.eye(2)))
        >>> bool(np.isclose(values, 1 / 4 - 1 / (2 * np.pi)).any())
        True

    Source:
        derivations/kernel.md, gradient and Hessian of the loss, where vectors are
        parallel.
    """
    full = Full(weights, target, kernel=kernel, numbers=numbers, parallel=parallel)
    return full.hessian()


class Full:
    """A landscape at one matrix of weights; Gram data are computed once and shared.

    Attributes:
        weights: W, k by d.
        vectors: the rows of W and then those rows of V that are not zero, which alone
            contribute.

    Example:
        >>> full = Full([[3.0]])
        >>> full.loss(), full.gradient(), full.hessian()
        (1.0, array([[1.]]), array([[0.5]]))

    Source:
        derivations/kernel.md.
    """

    def __init__(
        self,
        weights: MatrixLike,
        target: MatrixLike | None = None,
        *,
        kernel: Kernel | str = RELU,
        numbers: ArrayNumbers | None = None,
        parallel: Parallel | None = None,
    ) -> None:
        self._lib = numbers_of(weights) if numbers is None else numbers
        self._kernel = kernel_named(kernel) if isinstance(kernel, str) else kernel
        self.weights = self._lib.array(weights)
        k, d = self.weights.shape
        if target is None:
            target = np.eye(min(k, d), d, dtype=int)
        rows = self._lib.array(target)
        if rows.shape[1] != d:
            message = (
                f"W is {k} by {d}, so V should have {d} columns, not {rows.shape[1]}"
            )
            raise InputError(message)
        counts = [j for j, row in enumerate(rows) if not all(x == 0 for x in row)]
        self.vectors = np.concatenate([self.weights, rows[counts]])
        self._signs = np.array([1] * k + [-1] * len(counts))
        self._norms = (self.vectors * self.vectors).sum(axis=1)
        self._parallel = _renumbered(parallel or {}, k, rows.shape[0], counts)

    @cached_property
    def _neuron_pairs(self) -> list["_Pairs"]:
        """The pairs with at least one neuron."""
        first, second = np.triu_indices(len(self.vectors), 1)
        chosen = first < len(self.weights)
        return list(self._split(first[chosen], second[chosen]))

    @cached_property
    def _target_pairs(self) -> list["_Pairs"]:
        """The pairs of targets."""
        k = len(self.weights)
        first, second = np.triu_indices(len(self.vectors) - k, 1)
        return list(self._split(first + k, second + k))

    def _split(self, first: AnyArray, second: AnyArray) -> Iterator["_Pairs"]:
        """Sort pairs: in general position, on equal rays, on opposite rays."""
        x, y = self.vectors[first], self.vectors[second]
        gram = Gram(
            self._norms[first],
            self._norms[second],
            (x * y).sum(axis=1),
            self._lagrange(x, y),
        )
        pairs = zip(first.tolist(), second.tolist(), strict=True)
        known = [self._parallel.get(pair, 0) for pair in pairs]
        kinds = np.array(known, dtype=int)
        for n in np.flatnonzero(self._vanishes(gram) & (kinds == 0)):
            inner = gram.c[n]
            kinds[n] = 1 if inner > 0 or inner == 0 else -1 if inner < 0 else 0
        for sign in (0, 1, -1):
            chosen = np.flatnonzero(kinds == sign)
            if not len(chosen):
                continue
            part = Gram(gram.a[chosen], gram.b[chosen], gram.c[chosen], gram.s2[chosen])
            frame = (
                self._kernel.parallel_frame(self._lib, sign)
                if sign
                else self._kernel.frame(self._lib, part, "a pair of rows")
            )
            yield _Pairs(first[chosen], second[chosen], sign, part, frame)

    def _lagrange(self, x: AnyArray, y: AnyArray) -> AnyArray:
        """The sums of squares of all 2 by 2 minors, row by row."""
        total = self._lib.zeros(x.shape[:1])
        for p in range(x.shape[1] - 1):
            minors = x[:, p, None] * y[:, p + 1 :] - y[:, p, None] * x[:, p + 1 :]
            total = total + (minors * minors).sum(axis=1)
        return total

    def _vanishes(self, gram: Gram[Any]) -> NDArray[np.bool_]:
        """Whether the sine is zero, up to rounding errors if there are any."""
        sine = self._lib.smallest_sine
        if sine is None:
            return np.array([bool(x == 0) for x in gram.s2])
        small: NDArray[np.bool_] = gram.s2 <= sine * sine * gram.a * gram.b
        return small.astype(bool)

    def loss(self) -> Any:
        """The loss."""
        total = self._kernel.own(self._lib, self._norms).sum() / 2
        for pairs in self._neuron_pairs + self._target_pairs:
            signs = self._signs[pairs.first] * self._signs[pairs.second]
            values = self._kernel.value(self._lib, pairs.gram, pairs.frame)
            total = total + (signs * values).sum()
        return total.item() if isinstance(total, np.generic) else total

    def gradient(self) -> AnyArray:
        """The gradient, k by d.

        Raises:
            InputError: a neuron is zero, and the kernel is not smooth there.
        """
        radial, inner = self._first()
        result: AnyArray = radial[:, None] * self.weights + inner @ self.vectors
        return result

    def _first(self) -> tuple[AnyArray, AnyArray]:
        """The factors of w_i (k) and of u_j (k by m) in the gradient at w_i."""
        self._require_no_zero_neuron()
        k, m = len(self.weights), len(self.vectors)
        by_norm, by_inner = self._lib.zeros((m, m)), self._lib.zeros((m, m))
        for pairs in self._neuron_pairs:
            by_a, by_b, by_c = self._kernel.first(self._lib, pairs.gram, pairs.frame)
            pairs.write(by_norm, by_a, by_b)
            pairs.write(by_inner, by_c, by_c)
        own = self._kernel.own_first(self._lib, self._norms[:k])
        by_norm, by_inner = by_norm[:k] * self._signs, by_inner[:k] * self._signs
        return 2 * by_norm.sum(axis=1) + own, by_inner

    def _require_no_zero_neuron(self) -> None:
        if self._kernel.smooth_at_zero:
            return
        for i, norm in enumerate(self._norms[: len(self.weights)]):
            if norm == 0:
                message = (
                    f"row {i} of W (counted from 0) is zero, where the loss with kernel"
                    f" {self._kernel.name} has one-sided derivatives only; move the"
                    " row or leave it out"
                )
                raise InputError(message)

    def hessian(self) -> AnyArray:
        """The Hessian, kd by kd, in the order of ``weights.ravel()``.

        Raises:
            InputError: a neuron is zero, and the kernel is not smooth there.
        """
        w, lib = self.weights, self._lib
        k, d = w.shape
        radial, inner = self._first()
        own = lib.zeros((k,)) + self._kernel.own_second(lib, self._norms[:k])
        blocks = lib.zeros((k, d, k, d))
        for p in range(d):
            blocks[:, p, :, p] = inner[:, :k]
        for i in range(k):
            blocks[i, range(d), i, range(d)] = radial[i]
            blocks[i, :, i, :] += 2 * own[i] * w[i, :, None] * w[i, None, :]
        for pairs in self._neuron_pairs:
            for square in self._squares(pairs):
                self._add_square(blocks, pairs, *square)
        return blocks.reshape(k * d, k * d)

    def _squares(self, pairs: "_Pairs") -> Any:
        if pairs.sign:
            return self._kernel.parallel_squares(self._lib, pairs.gram, pairs.sign)
        return self._kernel.squares(self._lib, pairs.gram, pairs.frame)

    def _add_square(
        self, blocks: AnyArray, pairs: "_Pairs", weight: Any, form: tuple[Any, Any, Any]
    ) -> None:
        """Add weight * (p da + q db + r dc)^2 for every pair.

        With da = 2 <w_i, dw_i> and dc = <u_j, dw_i> + <w_i, du_j> the form is
        <f_ij, dw_i> + <f_ji, du_j>, where f_ij = 2 p w_i + r u_j.
        """
        k, m = len(self.weights), len(self.vectors)
        weights, own, other = (self._lib.zeros((m, m)) for _ in range(3))
        pairs.write(weights, weight, weight)
        pairs.write(own, form[0], form[1])
        pairs.write(other, form[2], form[2])
        weights = weights[:k] * self._signs
        normals = (
            2 * own[:k, :, None] * self.weights[:, None, :]
            + other[:k, :, None] * self.vectors[None, :, :]
        )
        for i in range(k):
            scaled = weights[i, :, None] * normals[i]
            blocks[i, :, i, :] += scaled.T @ normals[i]
            mixed = scaled[:k, :, None] * normals[:, i, None, :]
            blocks[i] += mixed.transpose(1, 0, 2)


@dataclass(frozen=True)
class _Pairs:
    """Pairs of rows that one formula serves.

    Attributes:
        first: the first rows; neurons, or else both rows are targets.
        second: the second rows, which come after the first.
        sign: 0 in general position, 1 or -1 for parallel vectors.
        gram: Gram data, pair by pair.
        frame: what the kernel computed from them.
    """

    first: AnyArray
    second: AnyArray
    sign: int
    gram: Gram[Any]
    frame: Frame[Any]

    def write(self, matrix: AnyArray, value: Any, mirrored: Any) -> None:
        """Write values at (first, second) and at (second, first)."""
        matrix[self.first, self.second] = value
        matrix[self.second, self.first] = mirrored


def _renumbered(
    parallel: Parallel, k: int, targets: int, kept: list[int]
) -> dict[tuple[int, int], int]:
    """The known pairs by their places among W and the kept rows of V, ascending."""
    place = {i: i for i in range(k)} | {k + j: k + n for n, j in enumerate(kept)}
    found = {}
    for (i, j), sign in parallel.items():
        if i == j or not (0 <= i < k + targets and 0 <= j < k + targets):
            message = (
                f"a parallel pair should be two different numbers from 0 to"
                f" {k + targets - 1}, rows of W first, got {i, j}"
            )
            raise InputError(message)
        if sign not in (1, -1):
            message = (
                f"the sign of the parallel pair {i, j} should be 1 or -1, got {sign}"
            )
            raise InputError(message)
        if i in place and j in place:
            found[min(place[i], place[j]), max(place[i], place[j])] = sign
    return found
