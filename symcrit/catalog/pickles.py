"""The one kind of pickle that is read: lists of published minima, as data.

A pickle is a program for a small machine that can call any function.  Here it is not
given to that machine: ``pickletools`` lists its instructions, and the few that lists,
tables, numbers, arrays of plain numbers and records named ``Minimum`` need are carried
out below on inert values.  Any other instruction or name ends the reading, so nothing
that a pickle names is imported or called.
"""

import math
import pickletools
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symcrit.core.errors import InputError
from symcrit.core.files import read_bytes

__all__ = ["MAX_PICKLE_BYTES", "InertRecord", "read_records"]

MAX_PICKLE_BYTES = 8 * 2**20
"""The largest pickle that is read; the published ones have some kilobytes."""

MAX_ENTRIES = 10**6
"""The largest number of entries of one array in a pickle."""

_NUMBERS = frozenset(["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"])

_NAMES: Mapping[str, str] = {
    "numpy.core.multiarray _reconstruct": "array",
    "numpy._core.multiarray _reconstruct": "array",
    "numpy.core.multiarray scalar": "scalar",
    "numpy._core.multiarray scalar": "scalar",
    "numpy ndarray": "class of arrays",
    "numpy dtype": "kind of numbers",
    "__main__ Minimum": "record",
    "local_minima Minimum": "record",
}
"""What each name that may occur in a pickle stands for."""


class _RefusedError(Exception):
    """Something in a pickle that is not read."""


class InertRecord:
    """A record of a pickle: named values, and no behaviour.

    Attributes:
        fields: the values by name: numbers, texts and arrays of numbers.
    """

    def __init__(self) -> None:
        self.fields: dict[str, object] = {}

    def fill(self, state: object) -> None:
        """Take the values from what the pickle says of the record."""
        if not isinstance(state, dict):
            _refuse("a record whose content is no table of names")
        self.fields = {
            name: value.content if isinstance(value, _Array) else value
            for name, value in state.items()
        }


class _Kind:
    """A kind of plain numbers."""

    def __init__(self, arguments: tuple[object, ...]) -> None:
        code = arguments[0] if arguments else None
        if not isinstance(code, str) or code not in _NUMBERS:
            _refuse("an array of something else than plain numbers")
        self.code = code
        self.dtype: np.dtype[Any] = np.dtype(code)

    def fill(self, state: object) -> None:
        order = state[1] if isinstance(state, tuple) and len(state) > 1 else None
        if not isinstance(order, str) or order not in ("<", ">", "|"):
            _refuse("numbers of unknown byte order")
        self.dtype = np.dtype(f"{order}{self.code}")

    def read(self, content: object, shape: tuple[int, ...]) -> NDArray[Any]:
        size = math.prod(shape)
        if not isinstance(content, bytes) or len(content) != size * self.dtype.itemsize:
            _refuse("numbers whose content does not fit their shape")
        return np.frombuffer(content, self.dtype)


class _Array:
    """An array, at first without its content."""

    def __init__(self, arguments: tuple[object, ...]) -> None:
        if not arguments or arguments[0] != _Name("class of arrays"):
            _refuse("an array of an unknown class")
        self.content: NDArray[Any] = np.empty(0)

    def fill(self, state: object) -> None:
        if not isinstance(state, tuple) or len(state) != 5:
            _refuse("an array whose content has not five parts")
        _, shape, kind, is_fortran, content = state
        if not isinstance(kind, _Kind):
            _refuse("an array of something else than plain numbers")
        if (
            not isinstance(shape, tuple)
            or not all(type(n) is int and 0 <= n <= MAX_ENTRIES for n in shape)
            or math.prod(shape) > MAX_ENTRIES
        ):
            _refuse("an array of an impossible shape")
        flat = kind.read(content, shape)
        self.content = flat.reshape(shape, order="F" if is_fortran is True else "C")


class _Name:
    """A name that may occur in a pickle, never what it names."""

    def __init__(self, meaning: str) -> None:
        self.meaning = meaning

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Name) and other.meaning == self.meaning

    __hash__ = None  # type: ignore[assignment]


_Step: TypeAlias = Callable[["_Machine", Any], None]


class _Machine:
    """A stack of inert values, and what each allowed instruction does to it."""

    def __init__(self) -> None:
        self.stack: list[object] = []
        self.marks: list[int] = []
        self.memo: dict[int, object] = {}

    def push(self, value: object) -> None:
        self.stack.append(value)

    def mark(self, _: object) -> None:
        self.marks.append(len(self.stack))

    def since_mark(self) -> list[object]:
        start = self.marks.pop()
        found = self.stack[start:]
        del self.stack[start:]
        return found

    def take(self, count: int) -> list[object]:
        found = [self.stack.pop() for _ in range(count)]
        return found[::-1]

    def append(self, values: list[object]) -> None:
        target = self.stack[-1]
        if not isinstance(target, list):
            _refuse("an append to something that is no list")
        target.extend(values)

    def set_items(self, values: list[object]) -> None:
        target = self.stack[-1]
        if not isinstance(target, dict):
            _refuse("an entry of something that is no table")
        for name, value in zip(values[::2], values[1::2], strict=True):
            if not isinstance(name, str):
                _refuse("a table whose keys are no texts")
            target[name] = value

    def find(self, module: object, name: object) -> None:
        if not isinstance(module, str) or not isinstance(name, str):
            _refuse("a name that is no text")
        if f"{module} {name}" not in _NAMES:
            _refuse(f"the name {module}.{name}")
        self.push(_Name(_NAMES[f"{module} {name}"]))

    def call(self, _: object) -> None:
        name, arguments = self.take(2)
        if not isinstance(name, _Name) or not isinstance(arguments, tuple):
            _refuse("a call of something that has no name")
        if name.meaning == "array":
            self.push(_Array(arguments))
        elif name.meaning == "kind of numbers":
            self.push(_Kind(arguments))
        elif name.meaning == "scalar" and len(arguments) == 2:
            kind, content = arguments
            if not isinstance(kind, _Kind):
                _refuse("a scalar that is no plain number")
            self.push(kind.read(content, (1,))[0].item())
        else:
            _refuse(f"a call of a {name.meaning}")

    def make(self, _: object) -> None:
        name, arguments = self.take(2)
        if name != _Name("record") or arguments != ():
            _refuse("an object that is no record Minimum")
        self.push(InertRecord())

    def build(self, _: object) -> None:
        (state,) = self.take(1)
        target = self.stack[-1]
        if not isinstance(target, InertRecord | _Array | _Kind):
            _refuse("content for something that takes none")
        target.fill(state)

    def memoize(self, place: int | None) -> None:
        self.memo[len(self.memo) if place is None else place] = self.stack[-1]


_STEPS: Mapping[str, _Step] = {
    "PROTO": lambda machine, _: None,
    "FRAME": lambda machine, _: None,
    "MARK": _Machine.mark,
    "NONE": lambda machine, _: machine.push(None),
    "NEWTRUE": lambda machine, _: machine.push(True),
    "NEWFALSE": lambda machine, _: machine.push(False),
    **dict.fromkeys(
        [
            *("BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"),
            *("SHORT_BINUNICODE", "BINUNICODE", "SHORT_BINBYTES", "BINBYTES"),
        ],
        _Machine.push,
    ),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.since_mark())),
    "TUPLE1": lambda machine, _: machine.push(tuple(machine.take(1))),
    "TUPLE2": lambda machine, _: machine.push(tuple(machine.take(2))),
    "TUPLE3": lambda machine, _: machine.push(tuple(machine.take(3))),
    "APPEND": lambda machine, _: machine.append(machine.take(1)),
    "APPENDS": lambda machine, _: machine.append(machine.since_mark()),
    "SETITEM": lambda machine, _: machine.set_items(machine.take(2)),
    "SETITEMS": lambda machine, _: machine.set_items(machine.since_mark()),
    "BINGET": lambda machine, place: machine.push(machine.memo[place]),
    "LONG_BINGET": lambda machine, place: machine.push(machine.memo[place]),
    "BINPUT": _Machine.memoize,
    "LONG_BINPUT": _Machine.memoize,
    "MEMOIZE": _Machine.memoize,
    "GLOBAL": lambda machine, full: machine.find(*full.split(" ", 1)),
    "STACK_GLOBAL": lambda machine, _: machine.find(*machine.take(2)),
    "REDUCE": _Machine.call,
    "NEWOBJ": _Machine.make,
    "BUILD": _Machine.build,
}
"""What is done at each instruction; any other is refused."""


def read_records(path: Path) -> list[InertRecord]:
    """The records in a pickle of published minima.

    Args:
        path: a file that holds a list of objects of a class ``Minimum`` whose
            attributes are numbers and arrays of numbers.

    Raises:
        InputError: the file cannot be read, is no pickle, or holds anything else;
            whatever it is, nothing of it was executed.
    """
    content = read_bytes(path, max_bytes=MAX_PICKLE_BYTES)
    try:
        found = _carry_out(content)
    except _RefusedError as error:
        message = (
            f"{path}: this pickle holds {str(error)[:120]}; only lists of records"
            " Minimum with plain numbers are read, and nothing was executed"
        )
        raise InputError(message) from None
    except (LookupError, ValueError):
        message = f"{path}: not a complete pickle, expected a list of records Minimum"
        raise InputError(message) from None
    if not isinstance(found, list):
        found = [found]
    records = [record for record in found if isinstance(record, InertRecord)]
    if not records or len(records) < len(found):
        message = f"{path}: this pickle holds no list of records Minimum"
        raise InputError(message)
    return records


def _carry_out(content: bytes) -> object:
    machine = _Machine()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Texts of old protocols, refused below.
        for opcode, argument, _ in pickletools.genops(content):
            if opcode.name == "STOP":
                break
            if opcode.name not in _STEPS:
                _refuse(f"the instruction {opcode.name}")
            _STEPS[opcode.name](machine, argument)
    return machine.stack.pop()


def _refuse(what: str) -> NoReturn:
    raise _RefusedError(what)
