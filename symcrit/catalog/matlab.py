"""Reading arrays of plain numbers from MATLAB files of version 5 (``save -v7``, -v6).

Such a file is a list of elements: a type, a length, that many bytes.  An element that
holds a matrix has parts of the same form: flags, dimensions, name, real numbers.  An
element may be compressed.  Everything that is no array of real numbers (cells, texts,
objects) is passed over.  All lengths are checked before anything is read by them, so
that a damaged file is refused and nothing worse.

Source:
    The MathWorks, MAT-File Format, chapter 1: Level 5 MAT-files.
"""

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symcrit.core.errors import InputError

__all__ = ["MAX_UNPACKED", "read_mat"]

MAX_UNPACKED = 2**28
"""The largest number of bytes to which all compressed elements may grow."""

_HEAD = 128
_COMPRESSED, _MATRIX = 15, 14
_FIRST_NUMBERS, _LAST_NUMBERS = 6, 15
_COMPLEX, _LOGICAL = 0x08, 0x02
_PARTS = 4
"""A matrix begins with flags, dimensions, name and real numbers."""

_KINDS = dict(
    zip(
        (1, 2, 3, 4, 5, 6, 7, 9, 12, 13),
        ("i1", "u1", "i2", "u2", "i4", "u4", "f4", "f8", "i8", "u8"),
        strict=True,
    )
)
"""The numpy name of each type of numbers that are stored."""

_MAX_AXES = 32

_HDF5 = b"\x89HDF\r\n\x1a\n"

_Order: TypeAlias = Literal["<", ">"]


class _DamagedError(Exception):
    """A length or a value that cannot be."""


@dataclass(frozen=True, slots=True)
class _Element:
    """A part of a file.

    Attributes:
        kind: what its bytes are.
        content: the bytes.
    """

    kind: int
    content: memoryview


def read_mat(content: bytes, *, where: str) -> dict[str, NDArray[Any]]:
    """The arrays of numbers in a MATLAB file, by name; of equal names the last counts.

    Complex and logical arrays come as such; that they are no weights is for others to
    say.

    Args:
        content: the bytes of the file.
        where: what to call it in an error message.

    Raises:
        InputError: it is no MATLAB file of version 5, or damaged, or too large.
    """
    if content.startswith((_HDF5, b"MATLAB 7.3")):
        message = f"{where}: saved as version 7.3 (HDF5); save it again with -v7"
        raise InputError(message)
    marks: dict[bytes, _Order] = {b"IM": "<", b"MI": ">"}
    order = marks.get(content[_HEAD - 2 : _HEAD])
    if order is None or not content.startswith(b"MATLAB 5"):
        message = f"{where}: not a MATLAB file of version 5, as save -v7 writes it"
        raise InputError(message)
    try:
        return dict(_arrays(memoryview(content)[_HEAD:], order))
    except _DamagedError as error:
        message = f"{where}: a damaged MATLAB file: {error}"
        raise InputError(message) from None


def _arrays(content: memoryview, order: _Order) -> Iterator[tuple[str, NDArray[Any]]]:
    budget = MAX_UNPACKED
    for element in _elements(content, order, padded=False):
        inner = element
        if element.kind == _COMPRESSED:
            unpacked = _unpack(element.content, budget)
            budget -= len(unpacked)
            inner = next(_elements(unpacked, order, padded=False), element)
        if inner.kind == _MATRIX and (found := _array(inner.content, order)):
            yield found


def _elements(
    content: memoryview, order: _Order, *, padded: bool
) -> Iterator[_Element]:
    """The elements one after the other; inside a matrix each fills units of 8 bytes."""
    place = 0
    while place < len(content):
        if place + 8 > len(content):
            _damaged("it ends within the head of an element")
        kind, size = (int(x) for x in np.frombuffer(content, f"{order}u4", 2, place))
        start, step = place + 8, 8 + size
        if kind >> 16:  # A small element: four bytes of content within the head.
            kind, size, start, step = kind & 0xFFFF, kind >> 16, place + 4, 8
            if size > 4:
                _damaged("a small element of more than four bytes")
        elif padded:
            step = 8 + -(-size // 8) * 8
        if start + size > len(content):
            _damaged("it ends within an element")
        yield _Element(kind, content[start : start + size])
        place += step


def _unpack(content: memoryview, limit: int) -> memoryview:
    stream = zlib.decompressobj()
    try:
        unpacked = stream.decompress(content, limit + 1)
    except zlib.error:
        _damaged("an element cannot be decompressed")
    if len(unpacked) > limit:
        _damaged(f"it holds more than {MAX_UNPACKED} bytes of numbers")
    return memoryview(unpacked)


def _array(content: memoryview, order: _Order) -> tuple[str, NDArray[Any]] | None:
    """Name and content of a matrix; None if it is no array of numbers."""
    parts = []
    for part in _elements(content, order, padded=True):
        parts.append(part)
        flags = int.from_bytes(
            parts[0].content[:4], "little" if order == "<" else "big"
        )
        if not _FIRST_NUMBERS <= flags & 0xFF <= _LAST_NUMBERS:
            return None
        if len(parts) == _PARTS:
            break
    if len(parts) < _PARTS:
        _damaged("a matrix without numbers")
    name = bytes(parts[2].content).decode("latin-1")
    shape = [int(n) for n in _numbers(parts[1], order)]
    numbers = _numbers(parts[3], order)
    if (
        not 1 <= len(shape) <= _MAX_AXES
        or min(shape) < 0
        or math.prod(shape) != numbers.size
    ):
        _damaged(f"the dimensions of {name!r} do not fit its numbers")
    array = numbers.reshape(shape, order="F")
    if flags >> 8 & _COMPLEX:
        array = array.astype(np.complex128)
    elif flags >> 8 & _LOGICAL:
        array = array.astype(np.bool_)
    return name, array


def _numbers(part: _Element, order: _Order) -> NDArray[Any]:
    if part.kind not in _KINDS:
        _damaged("numbers of an unknown kind")
    dtype = np.dtype(f"{order}{_KINDS[part.kind]}")
    if len(part.content) % dtype.itemsize:
        _damaged("a length that is no multiple of that of a number")
    return np.frombuffer(bytes(part.content), dtype)


def _damaged(what: str) -> NoReturn:
    raise _DamagedError(what)
