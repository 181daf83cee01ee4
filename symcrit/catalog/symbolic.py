"""Exact numbers as MATLAB's symbolic toolbox stores them, evaluated to balls.

Such a number is a text ``symobj::fromString("...")``: base64 of a zlib stream of
records.  A record is a kind, a count and its content; children follow their parent, and
what was met before is referred to by its number in order of completion.  A vector is an
element of the domain ``Dom::Matrix`` whose definition, procedures included, stands
before its entries.

Nothing is executed: sums, products, powers and arc cosines of rational numbers and pi
are evaluated as balls while they are read, everything else is passed over as an inert
object.  The format is not documented; these rules describe the public files, whose
records they use up to the last byte, and whatever does not fit them is refused.

Source:
    Files ``newExp-k-n.mat`` of Safran and Shamir, arXiv:1712.08968.
"""

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Callable, Mapping
from typing import NoReturn, TypeAlias

from flint import arb, fmpq

from symcrit.arith.precision import working_precision
from symcrit.core.errors import InputError

__all__ = ["find_symbolic", "read_symbolic"]

PRECISION = 256
"""Working bits; a public number loses some dozens of them to cancellation."""

MAX_BYTES = 2**24
"""The largest number of bytes of records."""

MAX_DEPTH = 200
"""The deepest nesting of records."""

_TEXT = re.compile(rb'symobj::fromString\("([A-Za-z0-9+/=\\]*)", 2\)')
_BREAKS = re.compile(rb"\\n")
_PREAMBLE = bytes.fromhex("02000080960000000403010500")
_FAULTS = (
    binascii.Error,
    IndexError,
    UnicodeError,
    ValueError,
    struct.error,
    zlib.error,
)


class _Opaque:
    """Something that is no number."""


class _Vector(list["_Value"]):
    """The entries of a vector."""


class _Head(str):
    """A name, such as that of a function."""

    __slots__ = ()


_Value: TypeAlias = arb | _Opaque | _Vector | _Head

_OPAQUE = _Opaque()


def find_symbolic(content: bytes) -> list[bytes]:
    """The texts of symbolic numbers in the hidden array of a MATLAB file, in order.

    Args:
        content: the bytes of the array without a name that holds objects; letters may
            take one byte or two.
    """
    return _TEXT.findall(content.replace(b"\0", b""))


def read_symbolic(letters: bytes, *, where: str) -> list[arb]:
    """The real numbers that a text of the toolbox stands for; one or a vector.

    Args:
        letters: what stands in quotes, base64.
        where: what to call it in an error message.

    Raises:
        InputError: it is no such text, or something else than numbers.
    """
    try:
        packed = base64.b64decode(_BREAKS.sub(b"", letters), validate=True)
        stream = zlib.decompressobj()
        records = stream.decompress(packed, MAX_BYTES + 1)
        if len(records) > MAX_BYTES:
            _refuse(where)
        with working_precision(PRECISION):
            value = _Reader(records).read()
    except _FAULTS:
        _refuse(where)
    found = value if isinstance(value, _Vector) else [value]
    numbers = [x for x in found if isinstance(x, arb) and x.is_finite()]
    if not numbers or len(numbers) != len(found):
        _refuse(where)
    return numbers


class _Reader:
    """Reads records one after the other."""

    def __init__(self, records: bytes) -> None:
        self.records = records
        # Text of the toolbox precedes the last preamble, the number follows it.
        self.place = records.rindex(_PREAMBLE) + len(_PREAMBLE)
        self.numbered: list[_Value] = [_OPAQUE]
        self.depth = 0
        self.kernel_domains = 0

    def read(self) -> _Value:
        """The value of the assignment that the records are."""
        value = self.node()
        if self.place != len(self.records):
            raise ValueError
        return value

    def word(self) -> int:
        (value,) = struct.unpack_from(">I", self.records, self.place)
        self.place += 4
        return int(value)

    def long(self) -> int:
        (value,) = struct.unpack_from(">Q", self.records, self.place)
        self.place += 8
        return int(value)

    def natural(self, words: int) -> int:
        """A number of so many words, the highest first; bytes in them lowest first."""
        found = struct.unpack_from(f"<{words}I", self.records, self.place)
        self.place += 4 * words
        return int.from_bytes(struct.pack(f">{words}I", *found), "big")

    def sign(self) -> int:
        (value,) = struct.unpack_from(">i", self.records, self.place)
        self.place += 4
        return int(value)

    def nodes(self, count: int) -> list[_Value]:
        return [self.node() for _ in range(count)]

    def node(self) -> _Value:
        """Read one record with its children."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ValueError
        step = _STEPS.get(self.word())
        if step is None:
            raise ValueError
        value = step(self, self.long())
        self.depth -= 1
        return value

    def keep(self, value: _Value) -> _Value:
        """Give the value the next number."""
        self.numbered.append(value)
        return value

    # ------------------------------------------------------------- kinds of records

    def expression(self, count: int) -> _Value:
        head, *operands = self.nodes(count)
        value: _Value = _OPAQUE
        if isinstance(head, _Head):
            if head in ("hold", "sysassign"):
                value = operands[-1]
            else:
                numbers = [x for x in operands if isinstance(x, arb)]
                evaluate = _FUNCTIONS.get(head)
                if evaluate is not None and len(numbers) == len(operands):
                    value = evaluate(numbers)
        return self.keep(value)

    def name(self, _: int) -> _Value:
        text = self.text()
        return self.keep(arb.pi() if text == "PI" else _Head(text))

    def text(self) -> str:
        length, again = self.word(), self.word()
        start = self.place
        self.place += length + -length % 4
        if length != again or self.place > len(self.records):
            raise ValueError
        return self.records[start : start + length].decode("ascii")

    def string(self, _: int) -> _Value:
        self.text()
        return self.keep(_OPAQUE)

    def reference(self, _: int) -> _Value:
        return self.numbered[self.word()]

    def integer(self, _: int) -> _Value:
        size = self.natural(self.word())
        return self.keep(arb(size * self.sign()))

    def rational(self, _: int) -> _Value:
        above, below = self.word(), self.word()
        top, bottom = self.natural(above), self.natural(below)
        if not bottom:
            raise ValueError
        return self.keep(arb(fmpq(top * self.sign(), bottom)))

    def plain(self, _: int) -> _Value:
        return self.keep(_OPAQUE)

    def null(self, _: int) -> _Value:
        return _OPAQUE

    def floating(self, _: int) -> _Value:
        self.place += 16
        return self.keep(_OPAQUE)

    def variable(self, _: int) -> _Value:
        self.place += 8
        return self.keep(_OPAQUE)

    def function(self, count: int) -> _Value:
        self.place += 4
        self.keep(_OPAQUE)
        self.nodes(count)
        return _OPAQUE

    def builtin(self, count: int) -> _Value:
        self.place += 8
        self.nodes(count - 1)
        return self.keep(_OPAQUE)

    def table(self, _: int) -> _Value:
        self.node()
        self.nodes(2 * self.word())
        return self.keep(_OPAQUE)

    def domain(self, _: int) -> _Value:
        is_kernel = self.word() == 0
        self.node()
        self.keep(_OPAQUE)
        self.kernel_domains += is_kernel
        self.node()
        self.kernel_domains -= is_kernel
        return _OPAQUE

    def procedure(self, count: int) -> _Value:
        self.place += 12
        self.nodes(count - 1)
        # Those of the kernel's own domains are never referred to and have no number.
        return _OPAQUE if self.kernel_domains else self.keep(_OPAQUE)

    def closure(self, _: int) -> _Value:
        self.place += 8
        count = self.word()
        self.place += 24
        self.nodes(count)
        return _OPAQUE

    def element(self, count: int) -> _Value:
        vectors = [x for x in self.nodes(count) if isinstance(x, _Vector)]
        return self.keep(vectors[0] if len(vectors) == 1 else _OPAQUE)

    def sequence(self, count: int) -> _Value:
        return self.keep(_Vector(self.nodes(count)))

    def monomial(self, _: int) -> _Value:
        """An entry of a vector: the coefficient of a polynomial of one term."""
        terms = [self.word() for _ in range(5)]
        if terms != [1, 1, 3, 0, 1]:
            raise ValueError
        self.keep(_OPAQUE)
        value = self.node()
        self.node()
        return value


_STEPS: Mapping[int, Callable[[_Reader, int], _Value]] = {
    0x4002: _Reader.floating,
    0x4003: _Reader.integer,
    0x4004: _Reader.rational,
    0x400A: _Reader.string,
    0x400D: _Reader.plain,
    0x400E: _Reader.plain,
    0x4014: _Reader.name,
    0x4017: _Reader.sequence,
    0x4019: _Reader.table,
    0x401A: _Reader.expression,
    0x401B: _Reader.function,
    0x401C: _Reader.variable,
    0x401D: _Reader.closure,
    0x401F: _Reader.builtin,
    0x4021: _Reader.procedure,
    0x4022: _Reader.monomial,
    0x4023: _Reader.domain,
    0x4024: _Reader.element,
    0x4025: _Reader.plain,
    0x40C9: _Reader.reference,
    0x40CA: _Reader.null,
}


def _sum(numbers: list[arb]) -> arb:
    return sum(numbers, arb(0))


def _product(numbers: list[arb]) -> arb:
    total = arb(1)
    for x in numbers:
        total = total * x
    return total


def _power(numbers: list[arb]) -> arb:
    base, exponent = numbers
    return base**exponent


def _arccos(numbers: list[arb]) -> arb:
    (x,) = numbers
    return x.acos()


_FUNCTIONS: Mapping[str, Callable[[list[arb]], arb]] = {
    "_plus": _sum,
    "_mult": _product,
    "_power": _power,
    "arccos": _arccos,
}


def _refuse(where: str) -> NoReturn:
    message = f"{where}: no exact numbers of MATLAB's symbolic toolbox that are read"
    raise InputError(message)
