"""Collections of critical points in files, like the published ones."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from symcrit.symmetry.coincidence import Floats
from symcrit.symmetry.matrices import embed
from symcrit.symmetry.patterns import Pattern
from tests.catalog.pickled import sample, write_minima

__all__ = ["HOSTILE", "flip", "shuffled", "write_collection", "write_many"]

TYPE_II = [-0.6327039049, 0.1859910463, 0.2616910758, 0.9969227988, -0.0350801559]
"""a_1, m_1_2, m_2_1, a_2, o_2 at k = 7: arXiv:2006.01005, transposed."""

SMALLEST = 0.014059013182513933
"""The smallest eigenvalue there, in floating point."""

HOSTILE: Mapping[str, bytes] = {
    "code.p": b"cos\nsystem\n(S'true'\ntR.",
    "cut.mat": b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM\16\0\0\0\0\1\0\0",
    "nan.csv": b"1,nan\n0,1\n",
    "ragged.json": b"[[1, 2], [3]]",
    "objects.npy": b"\x93NUMPY\1\0\x46\0{'descr': '|O', 'fortran_order': False, 'shap",
    "text.npz": b"PK\3\4 no archive",
    "huge.json": b"[[1e400, 1], [1, 1]]",
}
"""Files that are to be refused."""


def flip(k: int) -> Floats:
    """The matrix of type II at k = 7, or a matrix of the same pattern at another k."""
    matrix: Floats = np.array(embed(Pattern.parse("1+(k-1)"), TYPE_II, {"k": k}))
    return matrix


def shuffled(matrix: Floats, seed: int, noise: float = 1e-9) -> Floats:
    """The matrix with rows and columns in another order, and rounding errors."""
    rng = np.random.default_rng(seed)
    k, d = matrix.shape
    moved = matrix[np.ix_(rng.permutation(k), rng.permutation(d))]
    return moved + noise * rng.uniform(-1, 1, (k, d))


def write_collection(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write six inputs: pickles, a .mat and a .csv with and without a critical point.

    Of 500 runs 473 end at the target and 27 at type II; 27 of 1000 in the .mat file.
    """
    minima = [
        sample([7], [1, 0], 473),
        {**sample([1, 6], _block_values(TYPE_II), 27), "min_eig": SMALLEST},
    ]
    write_minima(folder / "Processed minima k=7.p", minima, monkeypatch)
    stack = np.stack([shuffled(flip(7), seed).T for seed in (1, 2)], axis=2)
    savemat(folder / "newExp-7-7.mat", {"WbadNew": stack, "magnitude": [[20, 7]]})
    write_csv(folder / "own.csv", shuffled(flip(7), 3))
    write_csv(folder / "zero.csv", np.zeros((3, 3)))


def write_many(path: Path, count: int) -> None:
    """Write so many critical points to one .npy file."""
    np.save(path, np.stack([shuffled(flip(7), seed) for seed in range(count)]))


def write_csv(path: Path, matrix: Floats) -> None:
    """Write a matrix as text, without loss."""
    lines = (",".join(map(repr, row)) for row in matrix.tolist())
    path.write_text("\n".join(lines) + "\n")


def _block_values(point: Sequence[float]) -> list[list[float]]:
    """The values as the pickles have them, neurons as columns."""
    a_1, m_1_2, m_2_1, a_2, o_2 = point
    return [[a_1, m_2_1, 0.0], [m_1_2, a_2, o_2]]
