"""Pickles of minima as their authors write them, made of numbers of our own."""

import pickle
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

__all__ = ["SAMPLES", "Minimum", "sample", "write_minima"]


class Minimum:
    """The class whose name stands in the published pickles."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self.__dict__.update(fields)


def sample(sizes: Sequence[int], values: object, runs: int) -> dict[str, object]:
    """The attributes of one minimum."""
    return {
        "vals": np.array(values, order="F"),
        "p": np.array(sizes, dtype=np.int32),
        "multiplicity": runs,
        "max_dist": np.float64(1e-10),
        "min_eig": np.float64(0.09),
        "block_eigs": np.array([0.25, 0.5]),
        "pred_eigs": np.array([0.125, 0.375]),
        "grad_norm": 0,
        "norm_sum": np.float64(sum(sizes)),
    }


SAMPLES = [
    sample([4], [1, 0], 7),
    sample([1, 3], [[-0.5, 0.25, 0.0], [0.125, 1.0, -0.0625]], 2),
    sample([2, 1, 2], [[1.0, 2, 3, 4], [5, 6, 7, 0], [9, 10, 11, 12]], 1),
]
"""A global minimum, a matrix like those of type II, and one with blocks (2, 1, 2)."""


@contextmanager
def _as_main(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(Minimum, "__module__", "__main__")
        patch.setattr(sys.modules["__main__"], "Minimum", Minimum, raising=False)
        yield


def write_minima(
    path: Path,
    samples: Sequence[Mapping[str, object]],
    monkeypatch: pytest.MonkeyPatch,
    protocol: int = 3,
) -> bytes:
    """Write a list of minima, pickled in a program of their own; return the bytes."""
    with _as_main(monkeypatch):
        content = pickle.dumps([Minimum(s) for s in samples], protocol=protocol)
    path.write_bytes(content)
    return content
