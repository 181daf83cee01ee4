"""Collections of critical points: the two published ones, and any folder of matrices.

Each matrix comes with what its source says of it: how many runs of gradient descent
ended there, the block sizes, the smallest eigenvalue of the Hessian in floating point.
Neurons are rows here, whatever they are in the file.

Sources:
    Files ``Processed minima k=*.p`` of Safran, Yehudai and Shamir, arXiv:2006.01005:
    500 runs for each k; block sizes and values, neurons as columns.
    Files ``newExp-k-n.mat`` of Safran and Shamir, arXiv:1712.08968: 1000 runs for each
    k targets and n neurons, those that did not reach a global minimum; matrices with
    neurons as columns; objective values with the largest deviation from that of a
    minimum, and lower bounds of smallest eigenvalues, as exact numbers.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from symcrit.catalog.matlab import read_mat
from symcrit.catalog.matrices_io import (
    PUBLISHED_VARIABLE,
    Neurons,
    StoredMatrix,
    block_matrix,
    is_readable,
    read_matrices,
    record_blocks,
)
from symcrit.catalog.pickles import InertRecord, read_records
from symcrit.catalog.symbolic import find_symbolic, read_symbolic
from symcrit.core.errors import InputError
from symcrit.core.files import read_bytes
from symcrit.symmetry.coincidence import Floats

__all__ = ["Published", "RecordedPoint", "find_files", "read_points"]

PICKLED_RUNS = 500
"""The number of runs for each k behind the pickled minima."""

MATLAB_RUNS = 1000
"""The number of runs for each shape behind the MATLAB files."""

_SYMBOLIC = (None, "eigenvalue_bound", "objective", "deviation", None)
"""What the symbolic variables r, lambdaMin, objVals, deviations, maxFroDiff tell."""

_logger = logging.getLogger(__name__)

_MATLAB_NAME = re.compile(r"newExp-[0-9]+-[0-9]+\.mat")


@dataclass(frozen=True, slots=True)
class Published:
    """What a source says of a point, as far as it does.

    Attributes:
        runs: the number of runs in the experiment.
        frequency: how many of them ended at the point.
        blocks: the block sizes.
        smallest_eigenvalue: of the Hessian, in floating point.
        gradient_norm: the norm of the gradient there.
        rounding: the largest distance of the points found to the block form.
        objective: the loss at the matrix.
        deviation: the loss at the minimum near it differs by no more.
        eigenvalue_bound: the smallest eigenvalue of the Hessian is at least this.
    """

    runs: int
    frequency: int
    blocks: tuple[int, ...] | None = None
    smallest_eigenvalue: float | None = None
    gradient_norm: float | None = None
    rounding: float | None = None
    objective: float | None = None
    deviation: float | None = None
    eigenvalue_bound: float | None = None


@dataclass(frozen=True, slots=True)
class RecordedPoint:
    """A matrix of a collection.

    Attributes:
        path: its file.
        index: its number in the file, from 0.
        name: where it stands, for a person.
        weights: the matrix; rows are neurons unless ``neurons`` is None.
        neurons: whether neurons were rows or columns in the file; None if the format
            does not tell, and the matrix is then as it stands there.
        published: what the source says of it, or None.
    """

    path: Path
    index: int
    name: str
    weights: Floats
    neurons: Neurons | None
    published: Published | None


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files to read: those named, and all readable ones in the folders named.

    Files of a folder come in the order of their names, numbers in them by value.

    Raises:
        InputError: a path does not exist, or a folder has no file that is read.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            if not path.exists():
                message = f"{path}: no such file or folder"
                raise InputError(message)
            found.append(path)
            continue
        inside = sorted((p for p in path.rglob("*") if is_readable(p)), key=_natural)
        if not inside:
            message = f"{path}: holds no file of weight matrices"
            raise InputError(message)
        found += inside
    return found


def read_points(path: Path) -> Iterator[RecordedPoint]:
    """The matrices in one file, with what the source says of them.

    Raises:
        InputError: as ``read_matrices``, or the file lacks what files of its kind have.
    """
    if path.suffix.lower() in (".p", ".pkl"):
        for index, record in enumerate(read_records(path)):
            yield _from_record(path, index, record)
        return
    stored = read_matrices(path)
    frequencies: list[float] | None = None
    if _MATLAB_NAME.fullmatch(path.name):
        frequencies = read_matrices(path, "magnitude")[0].matrix.ravel().tolist()
        if len(frequencies) != len(stored):
            message = (
                f"{path}: {len(stored)} matrices {PUBLISHED_VARIABLE}, but"
                f" {len(frequencies)} frequencies magnitude"
            )
            raise InputError(message)
    exact = {} if frequencies is None else _exact_numbers(path, len(stored))
    for each in stored:
        published = None
        if frequencies is not None:
            numbers = {name: values[each.index] for name, values in exact.items()}
            frequency = int(frequencies[each.index])
            published = Published(
                MATLAB_RUNS,
                frequency,
                objective=numbers.get("objective"),
                deviation=numbers.get("deviation"),
                eigenvalue_bound=numbers.get("eigenvalue_bound"),
            )
        yield _with_neurons_as_rows(each, published)


def _exact_numbers(path: Path, count: int) -> dict[str, list[float]]:
    """Symbolic numbers of a public MATLAB file, rounded; those that can be read.

    The file lists its symbolic variables and, in a hidden array, their values in the
    same order.
    """
    hidden = read_mat(read_bytes(path), where=str(path)).get("")
    texts = [] if hidden is None else find_symbolic(hidden.tobytes())
    found = {}
    if len(texts) == len(_SYMBOLIC):
        for name, text in zip(_SYMBOLIC, texts, strict=True):
            if name is None:
                continue
            try:
                numbers = read_symbolic(text, where=f"{path}: {name}")
            except InputError as error:
                _logger.info("%s", error)
                continue
            if len(numbers) == count:
                found[name] = [float(x.mid()) for x in numbers]
    return found


def _with_neurons_as_rows(
    stored: StoredMatrix, published: Published | None
) -> RecordedPoint:
    weights = stored.matrix
    if stored.neurons == "columns":
        weights = np.ascontiguousarray(weights.T)
    return RecordedPoint(
        stored.path, stored.index, stored.name, weights, stored.neurons, published
    )


def _from_record(path: Path, index: int, record: InertRecord) -> RecordedPoint:
    name = f"{path}: [{index}]"
    sizes, values = record_blocks(record, where=name)
    columns = block_matrix(sizes, values, where=name)
    numbers = {
        field: _number(record, field, name)
        for field in ("multiplicity", "min_eig", "grad_norm", "max_dist")
    }
    published = Published(
        PICKLED_RUNS,
        int(numbers["multiplicity"]),
        tuple(sizes),
        numbers["min_eig"],
        numbers["grad_norm"],
        numbers["max_dist"],
    )
    weights = np.ascontiguousarray(columns.T)
    return RecordedPoint(path, index, name, weights, "columns", published)


def _number(record: InertRecord, field: str, where: str) -> float:
    value = record.fields.get(field)
    if not isinstance(value, int | float) or not np.isfinite(value):
        message = f"{where}: {field} should be a number"
        raise InputError(message)
    return float(value)


def _natural(path: Path) -> list[tuple[int, str]]:
    words = re.split(r"([0-9]+)", str(path))
    return [(int(word), "") if word.isdigit() else (-1, word) for word in words]
