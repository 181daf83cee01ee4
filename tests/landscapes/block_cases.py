"""Landscapes at generic points, and their Hessian of full size, stated once more.

For the ReLU kernel and for c^m, in formulas that share nothing with the package.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symcrit.arith.floats import FLOATS
from symcrit.landscapes.blocks import HessianBlock, hessian_blocks
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Kernel, Monomial
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.components import Component, decompose
from symcrit.symmetry.matrices import block_sizes, embed, embed_target
from symcrit.symmetry.patterns import Pattern, Point

__all__ = [
    "PATTERNS",
    "TOLERANCE",
    "Case",
    "Floats",
    "eigenvalues",
    "largest_error",
    "relu_hessian",
]

Floats: TypeAlias = NDArray[np.float64]

TOLERANCE = 1e-10
"""Ten digits, where entries and eigenvalues are of order one to a hundred."""

PATTERNS = {
    "k": {},
    "1+(k-1)": {},
    "(k-1)+1": {},
    "2+(k-2)": {},
    "3+(k-3)": {},
    "2*1+(k-2)": {},
    "n=d-1: rows 1,n,1 cols 1,n": {"d": 0},
    "n=k-1, m=d-k: rows 1,n cols 1,n,m target 1,n": {"d": 3},
    "n=k-2, m=d-k: rows 2*1,n cols 2*1,n,m target 2*1,n": {"d": 2},
    "n=k-1: rows 1,n,n cols 1,n": {},
    "2+3+(k-4)": {},
    "n=k-4, m=3: rows n,m cols m,n target m,n": {},
}
"""Patterns, with d - k where they contain d."""


@dataclass(frozen=True)
class Case:
    """A landscape at a generic point of the fixed space."""

    landscape: Landscape
    point: list[float]
    values: dict[str, int]

    @classmethod
    def draw(cls, text: str, k: int, kernel: Kernel) -> "Case":
        """The point is random, and the same in every run."""
        pattern = Pattern.parse(text)
        values = {"k": k, "d": k + PATTERNS[text].get("d", 0)}
        values = {name: values[name] for name in pattern.variables}
        target = None
        if "n,n cols" in text:
            target = {"m_1_1": Fraction(1), "d_2_2": Fraction(3, 2)}
        rng = np.random.default_rng(k)
        point = [float(x) for x in rng.normal(size=len(pattern.names))]
        return cls(Landscape(kernel, Structure.build(pattern, target)), point, values)

    @property
    def pattern(self) -> Pattern:
        """The pattern."""
        return self.landscape.structure.pattern

    @property
    def exact(self) -> dict[str, Fraction]:
        """The variables of the sizes as fractions."""
        return {name: Fraction(x) for name, x in self.values.items()}

    def blocks(self) -> list[HessianBlock[float]]:
        """The blocks, without what the sizes at hand are too small for."""
        variables = {name: float(x) for name, x in self.values.items()}
        at = self.landscape.at(FLOATS, self.point, variables)
        return hessian_blocks(at, decompose(self.pattern).at(self.exact))

    def matrices(self) -> tuple[Floats, Floats]:
        """W and V."""
        target = self.landscape.structure.target
        weights = embed(self.pattern, self.point, self.values)
        return (
            np.array(weights),
            np.array(embed_target(self.pattern, target, self.values), dtype=float),
        )

    def hessian(self) -> Floats:
        """The Hessian of full size, from the formulas of this file."""
        weights, target = self.matrices()
        kernel = self.landscape.kernel
        if isinstance(kernel, Monomial):
            return monomial_hessian(weights, target, kernel.degree)
        return relu_hessian(weights, target)


def relu_hessian(weights: Floats, target: Floats) -> Floats:
    """The Hessian of the ReLU loss by second derivatives in angle and norms.

    Source:
        Safran and Shamir, arXiv:1712.08968, for the blocks on the diagonal; the other
        blocks follow from the gradient by the same steps.
    """
    k, d = weights.shape
    result = np.zeros((k, d, k, d))
    for i, w in enumerate(weights):
        result[i, :, i, :] += np.eye(d) / 2
        for v in target:
            result[i, :, i, :] -= relu_same(w, v)
        for j, v in enumerate(weights):
            if j != i:
                result[i, :, i, :] += relu_same(w, v)
                result[i, :, j, :] += relu_mixed(w, v)
    return result.reshape(k * d, k * d)


def frame(w: Floats, v: Floats) -> tuple[Floats, Floats, float]:
    """Unit vectors along w and v, and their angle."""
    a, b = w / np.linalg.norm(w), v / np.linalg.norm(v)
    return a, b, float(np.arccos(a @ b))


def across(a: Floats, b: Floats) -> Floats:
    """The unit vector orthogonal to a towards b."""
    rest = b - (a @ b) * a
    return np.asarray(rest / np.linalg.norm(rest))


def relu_same(w: Floats, v: Floats) -> Floats:
    """The second derivative of kappa(w, v) by w."""
    a, b, angle = frame(w, v)
    n = across(a, b)
    scale = np.sin(angle) * np.linalg.norm(v) / (2 * np.pi * np.linalg.norm(w))
    return np.asarray(scale * (np.eye(len(w)) - np.outer(a, a) + np.outer(n, n)))


def relu_mixed(w: Floats, v: Floats) -> Floats:
    """The derivative of kappa(w, v) by w and by v."""
    a, b, angle = frame(w, v)
    turn = np.outer(a, b) + np.outer(across(a, b), across(b, a))
    matrix = (np.pi - angle) * np.eye(len(w)) + np.sin(angle) * turn
    return np.asarray(matrix / (2 * np.pi))


def monomial_hessian(weights: Floats, target: Floats, m: int) -> Floats:
    """The Hessian of the loss with kappa = c^m."""
    k, d = weights.shape
    result = np.zeros((k, d, k, d))
    for i, w in enumerate(weights):
        for j, v in enumerate(weights):
            c = w @ v
            curved = m * (m - 1) * c ** (m - 2)
            result[i, :, i, :] += curved * np.outer(v, v)
            result[i, :, j, :] += curved * np.outer(v, w)
            result[i, :, j, :] += m * c ** (m - 1) * np.eye(d)
        for v in target:
            result[i, :, i, :] -= m * (m - 1) * (w @ v) ** (m - 2) * np.outer(v, v)
    return result.reshape(k * d, k * d)


def written_out(case: Case, component: Component) -> Floats:
    """The adapted matrices of a component as rows."""
    pattern = case.pattern
    rows, columns = (
        [
            Point(b, i)
            for b, size in enumerate(block_sizes(pattern, blocks, case.values))
            for i in range(size)
        ]
        for blocks in (pattern.rows, pattern.columns)
    )
    return np.array(
        [
            [float(u.entry(pattern, i, p)) for i in rows for p in columns]
            for u in component.copies
        ]
    )


def largest_error(case: Case, full: Floats) -> float:
    """How far the blocks are from the quadratic form on the adapted matrices."""
    errors = []
    for block in case.blocks():
        u = written_out(case, block.component)
        entries = np.array(block.entries)
        # Entries of the kernel c^3 are of order a thousand.
        scale = max(1.0, float(np.abs(entries).max()))
        errors.append(np.abs(u @ full @ u.T - entries).max() / scale)
        errors.append(np.abs(u @ u.T - np.diag(block.norms)).max())
    return float(max(errors))


def eigenvalues(case: Case) -> Floats:
    """All eigenvalues from the blocks, each with its multiplicity, ascending."""
    found: list[float] = []
    for block in case.blocks():
        scale = np.sqrt(np.array(block.norms))
        values = np.linalg.eigvalsh(np.array(block.entries) / np.outer(scale, scale))
        times = block.component.multiplicity(case.exact)
        found += list(np.repeat(values, times))
    return np.sort(found)
