"""Reading weight matrices from files, without running anything that stands in them.

Of ``.npy``, ``.npz`` and ``.mat`` the plain numbers are read, ``.csv`` and ``.json``
are texts, and ``.p`` or ``.pkl`` is read only if it holds published minima
(``symcrit.catalog.pickles``).  A file may hold several matrices: an array of three axes
(the first counts, in ``.mat`` the last), several arrays, blocks of lines with an empty
line between them.  Whatever is no finite real matrix is refused in one line.
"""

import io
import math
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tokenize import TokenError
from typing import Any, Literal, NoReturn, SupportsFloat, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symcrit.catalog.matlab import read_mat
from symcrit.catalog.pickles import InertRecord, read_records
from symcrit.core.errors import InputError
from symcrit.core.files import MAX_BYTES, parse_json, read_bytes, read_text
from symcrit.symmetry.coincidence import Floats

__all__ = [
    "MAX_ENTRIES",
    "MAX_MATRICES",
    "MAX_TOTAL",
    "PUBLISHED_VARIABLE",
    "Neurons",
    "StoredMatrix",
    "as_matrix",
    "as_numbers",
    "block_matrix",
    "is_readable",
    "read_matrices",
    "record_blocks",
]

MAX_ENTRIES = 4 * 10**6
"""The largest number of entries of one matrix."""

MAX_TOTAL = 5 * 10**7
"""The largest number of entries of all matrices in one file."""

MAX_MATRICES = 10**5
"""The largest number of matrices in one file."""

PUBLISHED_VARIABLE = "WbadNew"
"""The variable of the public .mat files; there neurons are columns."""

Neurons: TypeAlias = Literal["rows", "columns"]
"""Whether the rows or the columns of a matrix are the neurons."""

_COUNTING_AXES = 3
"""An array of so many axes is a list of matrices."""

_NOT_REAL = (bool, np.bool_, complex, np.complexfloating, str, bytes)
"""Types of which some can be made floats, but not without a change of meaning."""

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class StoredMatrix:
    """A matrix as it stands in a file.

    Attributes:
        path: the file.
        index: its number in the file, from 0.
        name: where it stands, for a person, such as ``w.mat: WbadNew[2]``.
        matrix: finite numbers, not empty.
        neurons: whether neurons are rows or columns, where the format tells it.
    """

    path: Path
    index: int
    name: str
    matrix: Floats
    neurons: Neurons | None


def read_matrices(path: Path, variable: str | None = None) -> list[StoredMatrix]:
    """The weight matrices in a file, in their order.

    Args:
        path: a file whose ending is one of .npy, .npz, .mat, .csv, .json, .p, .pkl.
        variable: read only this array of an .npz, .mat or .json file.

    Raises:
        InputError: the file cannot be read, is none of these, is damaged or too large,
            or holds something else than finite real matrices.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None and path.is_dir():
        message = f"{path}: is a folder; choose a file, or take 'symcrit census'"
        raise InputError(message)
    if reader is None:
        known = ", ".join(_READERS)
        message = f"{path}: the ending {path.suffix!r} is none that is read: {known}"
        raise InputError(message)
    found: list[StoredMatrix] = []
    total = 0
    for name, matrix, neurons in reader(path, variable):
        where = f"{path}: {name}" if name else str(path)
        if len(found) == MAX_MATRICES:
            message = f"{path}: more than {MAX_MATRICES} matrices; split the file"
            raise InputError(message)
        checked = as_matrix(matrix, where=where)
        total += checked.size
        if total > MAX_TOTAL:
            message = f"{path}: more than {MAX_TOTAL} entries in all; split the file"
            raise InputError(message)
        found.append(StoredMatrix(path, len(found), where, checked, neurons))
    if not found:
        message = f"{path}: holds no matrix"
        raise InputError(message)
    return found


def is_readable(path: Path) -> bool:
    """Whether the ending of a file is one of those that are read.

    Example:
        >>> is_readable(Path("w.npy")), is_readable(Path("README.md"))
        (True, False)
    """
    return path.suffix.lower() in _READERS


def as_matrix(values: object, *, where: str) -> Floats:
    """A matrix of finite floats, k by d, from an array or nested lists.

    Raises:
        InputError: the values are no finite real matrix; the message begins with
            ``where`` and tells what is wrong and in which place.

    Example:
        >>> as_matrix([[1, 2], [3, 4]], where="W")
        array([[1., 2.],
               [3., 4.]])
        >>> as_matrix([[1, 2], [3]], where="W")
        Traceback (most recent call last):
        symcrit.core.errors.InputError: W: row 2 has 1 entries, row 1 has 2; ...
    """
    array = values if isinstance(values, np.ndarray) else _from_rows(values, where)
    _check_kind(array.dtype, where)
    if array.ndim != 2:
        _refuse(where, f"has {array.ndim} axes; a weight matrix should have 2")
    if array.size == 0:
        shape = "-by-".join(map(str, array.shape))
        _refuse(where, f"is empty ({shape}); a weight matrix should have entries")
    if array.size > MAX_ENTRIES:
        _refuse(where, f"has {array.size} entries; at most {MAX_ENTRIES} are read")
    matrix: Floats = np.ascontiguousarray(array, dtype=np.float64)
    wrong = np.argwhere(~np.isfinite(matrix))
    if len(wrong):
        i, j = wrong[0]
        value = "not a number" if np.isnan(matrix[i, j]) else "infinite"
        _refuse(where, f"{_place(i, j)} is {value}; all should be finite")
    return matrix


def block_matrix(sizes: Sequence[int], values: NDArray[Any], *, where: str) -> Floats:
    """The matrix of a published minimum, neurons as columns, sum(sizes) square.

    Args:
        sizes: the block sizes p.
        values: ``values[b, c]`` for the diagonal (b = c) and the blocks, and
            ``values[b, -1]`` off the diagonal of block b; with one block the two
            numbers may stand in a flat array.
        where: what to call it in an error message.

    Raises:
        InputError: sizes and values do not fit.

    Example:
        >>> block_matrix([1, 2], np.array([[5, 1, 0], [2, 3, 4]]), where="W")
        array([[5., 1., 1.],
               [2., 3., 4.],
               [2., 4., 3.]])
    """
    r = len(sizes)
    table = np.atleast_2d(as_numbers(values, where))
    if not r or min(sizes) < 1 or table.shape != (r, r + 1):
        shape = "-by-".join(map(str, table.shape))
        _refuse(
            where, f"{r} positive block sizes need {r}-by-{r + 1} values, got {shape}"
        )
    if sum(sizes) ** 2 > MAX_ENTRIES:
        _refuse(
            where, f"has {sum(sizes)} rows; at most {math.isqrt(MAX_ENTRIES)} are read"
        )
    block = np.repeat(np.arange(r), sizes)
    columns = np.where(block[:, None] == block, r, block)
    np.fill_diagonal(columns, block)
    matrix: Floats = table[block[:, None], columns]
    return matrix


def as_numbers(values: object, where: str) -> Floats:
    """An array of floats of any shape, from an array of plain numbers."""
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiu":
        _refuse(where, "holds no array of numbers")
    return values.astype(np.float64)


# ------------------------------------------------------------------------ formats

_Found: TypeAlias = Iterable[tuple[str, object, Neurons | None]]
"""Where in the file a matrix stands, the matrix, and whether neurons are rows."""


def _read_npy(path: Path, variable: str | None) -> _Found:
    _no_variables(path, variable)
    array = _parse_npy(read_bytes(path), str(path))
    yield from _slices("", array, 0)


def _read_npz(path: Path, variable: str | None) -> _Found:
    members = _list_npz(path)
    for name in _choose(path, list(members), variable):
        content = _read_member(path, *members[name])
        if len(content) > MAX_BYTES:
            _refuse(f"{path}: {name}", f"larger than {MAX_BYTES} bytes")
        array = _parse_npy(content, f"{path}: {name}")
        yield from _slices(name, array, 0)


_ZIP_FAULTS = (
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What ``zipfile`` raises on archives that are cut short or changed."""


def _list_npz(path: Path) -> dict[str, tuple[zipfile.ZipFile, zipfile.ZipInfo]]:
    content = read_bytes(path)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = archive.infolist()
    except _ZIP_FAULTS:
        _refuse(str(path), "not a complete .npz file, as numpy.savez writes it")
    return {info.filename.removesuffix(".npy"): (archive, info) for info in infos}


def _read_member(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as member:
            return member.read(MAX_BYTES + 1)
    except _ZIP_FAULTS:
        _refuse(str(path), "not a complete .npz file, as numpy.savez writes it")


def _parse_npy(content: bytes, where: str) -> NDArray[Any]:
    file = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(file)
        read_header = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Heads written by Python 2.
            shape, is_fortran, dtype = read_header(file)
    except (
        LookupError,
        MemoryError,
        RecursionError,
        SyntaxError,
        TokenError,
        TypeError,
        ValueError,
    ):
        _refuse(where, "not a .npy file, as numpy.save writes it")
    if dtype.hasobject:
        _refuse(where, "holds Python objects, which are never read; save plain numbers")
    _check_kind(dtype, where)
    if len(shape) > _COUNTING_AXES:
        _refuse(where, f"has {len(shape)} axes; a weight matrix should have 2")
    size = math.prod(shape)
    body = content[file.tell() :]
    if len(body) != size * dtype.itemsize or min(shape, default=0) < 0:
        _refuse(
            where,
            f"{len(body)} bytes follow the head, {size * dtype.itemsize} are announced;"
            " the file is damaged",
        )
    return np.frombuffer(body, dtype).reshape(shape, order="F" if is_fortran else "C")


def _read_mat(path: Path, variable: str | None) -> _Found:
    stored = read_mat(read_bytes(path), where=str(path))
    names = _choose(path, list(stored), variable)
    if variable is None and PUBLISHED_VARIABLE in stored:
        names = [PUBLISHED_VARIABLE]
    elif variable is None:
        thick = [name for name in names if min(stored[name].shape) > 1]
        names = thick or names
    for name in names:
        neurons: Neurons | None = "columns" if name == PUBLISHED_VARIABLE else None
        for place, matrix, _ in _slices(name, stored[name], -1):
            yield place, matrix, neurons


def _read_csv(path: Path, variable: str | None) -> _Found:
    _no_variables(path, variable)
    blocks: list[list[list[float]]] = [[]]
    for number, line in enumerate(read_text(path).splitlines(), 1):
        text = line.partition("#")[0].strip()
        if text:
            blocks[-1].append(_parse_line(path, number, text))
        elif blocks[-1] and not line.strip():
            blocks.append([])
    found = [block for block in blocks if block]
    for index, block in enumerate(found):
        yield f"matrix {index + 1}" if len(found) > 1 else "", block, None


def _parse_line(path: Path, number: int, text: str) -> list[float]:
    separators = [mark for mark in (",", ";", "\t") if mark in text]
    words = text.split(separators[0] if separators else None)
    numbers = []
    for word in (word.strip() for word in words):
        if not _NUMBER.fullmatch(word) and word.lower() not in ("nan", "inf", "-inf"):
            _refuse(
                f"{path}: line {number}",
                f"{word[:40]!r} is no number; expected numbers, separated by commas",
            )
        numbers.append(float(word))
    return numbers


def _read_json(path: Path, variable: str | None) -> _Found:
    document = parse_json(read_text(path), where=str(path))
    if isinstance(document, dict):
        for name in _choose(path, list(document), variable):
            yield from _json_matrices(name, document[name])
    else:
        _no_variables(path, variable)
        yield from _json_matrices("", document)


def _json_matrices(name: str, value: object) -> _Found:
    if _depth(value) <= 2:
        yield name, value, None
        return
    assert isinstance(value, list)
    for index, matrix in enumerate(value):
        yield f"{name}[{index}]", matrix, None


def _depth(value: object) -> int:
    depth = 0
    while isinstance(value, list):
        depth += 1
        value = value[0] if value else None
    return depth


def _read_pickle(path: Path, variable: str | None) -> _Found:
    _no_variables(path, variable)
    for index, record in enumerate(read_records(path)):
        where = f"{path}: [{index}]"
        sizes, values = record_blocks(record, where=where)
        yield f"[{index}]", block_matrix(sizes, values, where=where), "columns"


def record_blocks(record: InertRecord, *, where: str) -> tuple[list[int], Floats]:
    """The block sizes and the block values of a published minimum.

    Raises:
        InputError: one of them is missing or of the wrong form.
    """
    sizes = as_numbers(record.fields.get("p"), where)
    values = as_numbers(record.fields.get("vals"), where)
    if sizes.ndim != 1 or (sizes != sizes.round()).any() or (sizes > MAX_ENTRIES).any():
        _refuse(where, "the block sizes p should be a list of positive integers")
    return [int(n) for n in sizes], values


_READERS: Mapping[str, Callable[[Path, str | None], _Found]] = {
    ".npy": _read_npy,
    ".npz": _read_npz,
    ".mat": _read_mat,
    ".csv": _read_csv,
    ".json": _read_json,
    ".p": _read_pickle,
    ".pkl": _read_pickle,
}


def _check_kind(dtype: np.dtype[Any], where: str) -> None:
    if dtype.kind not in "fiu":
        kinds = {"c": "complex numbers", "b": "truth values", "O": "objects"}
        kind = kinds.get(dtype.kind, f"entries of type {str(dtype)[:40]}")
        _refuse(where, f"holds {kind}; a weight matrix should be real")


def _slices(name: str, array: NDArray[Any], axis: int) -> _Found:
    if array.ndim != _COUNTING_AXES:
        yield name, array, None
        return
    for index in range(array.shape[axis]):
        yield f"{name}[{index}]", array.take(index, axis=axis), None


def _choose(path: Path, names: Sequence[str], variable: str | None) -> list[str]:
    if variable is None:
        return list(names)
    if variable not in names:
        known = ", ".join(names) or "nothing"
        _refuse(str(path), f"has no variable {variable!r}; it holds {known[:200]}")
    return [variable]


def _no_variables(path: Path, variable: str | None) -> None:
    if variable is not None:
        _refuse(str(path), f"has no named arrays, so no variable {variable!r}")


def _from_rows(values: object, where: str) -> NDArray[Any]:
    if not isinstance(values, Sequence) or isinstance(values, str | bytes):
        _refuse(where, "is no matrix; expected a list of rows of numbers")
    widths = []
    for i, row in enumerate(values):
        if not isinstance(row, Sequence) or isinstance(row, str | bytes):
            _refuse(where, f"row {i + 1} is no list of numbers")
        widths.append(len(row))
        if widths[-1] != widths[0]:
            _refuse(
                where,
                f"row {i + 1} has {widths[-1]} entries, row 1 has {widths[0]};"
                " all rows should have the same number",
            )
    found = np.empty((len(widths), max(widths, default=0)))
    for i, row in enumerate(values):
        for j, entry in enumerate(row):
            try:
                found[i, j] = _real(entry)
            except (TypeError, ValueError):
                _refuse(where, f"{_place(i, j)} is no real number")
            except OverflowError:
                _refuse(where, f"{_place(i, j)} is too large for a double")
    return found


def _place(i: int, j: int) -> str:
    return f"the entry in row {i + 1}, column {j + 1}"


def _real(entry: object) -> float:
    """A number as a double; of a ball the midpoint."""
    if type(entry) is float or type(entry) is int:  # the others take long to look at
        return float(entry)
    if isinstance(entry, SupportsFloat) and not isinstance(entry, _NOT_REAL):
        return float(entry)
    raise TypeError


def _refuse(where: str, what: str) -> NoReturn:
    message = f"{where}: {what}"
    raise InputError(message)
