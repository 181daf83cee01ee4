"""Symbolic numbers of MATLAB as records, written by rules of our own."""

import base64
import struct
import zlib
from collections.abc import Sequence
from fractions import Fraction

__all__ = ["expression", "letters", "name", "number", "reference", "vector"]

PREAMBLE = bytes.fromhex("02000080960000000403010500")


def record(kind: int, count: int, content: bytes = b"") -> bytes:
    """A record without children."""
    return struct.pack(">IQ", kind, count) + content


def name(text: str, kind: int = 0x4014) -> bytes:
    """A name, or with kind 0x400A a string."""
    padded = text.encode().ljust(len(text) + -len(text) % 4, b"\0")
    return record(kind, 2, struct.pack(">II", len(text), len(text)) + padded)


def words(value: int) -> bytes:
    """A natural number: the highest word first, in each the lowest byte first."""
    count = max(1, -(-value.bit_length() // 32))
    parts = [value >> 32 * i & 0xFFFFFFFF for i in reversed(range(count))]
    return struct.pack(f"<{count}I", *parts)


def number(value: int | Fraction) -> bytes:
    """An integer or a rational number."""
    sign = struct.pack(">i", -1 if value < 0 else 1)
    parts = [words(abs(n)) for n in value.as_integer_ratio()]
    if isinstance(value, int):
        parts = parts[:1]
    sizes = b"".join(struct.pack(">I", len(part) // 4) for part in parts)
    kind = 0x4003 if isinstance(value, int) else 0x4004
    return record(kind, 0, sizes + b"".join(parts) + sign)


def expression(*parts: bytes) -> bytes:
    """A function and its operands."""
    return record(0x401A, len(parts)) + b"".join(parts)


def reference(index: int) -> bytes:
    """What was met before, by its number from 1."""
    return record(0x40C9, 0, struct.pack(">I", index))


def vector(entries: Sequence[bytes]) -> bytes:
    """An element of a domain with a name for its key, that holds the entries."""
    domain = record(0x4023, 1, struct.pack(">I", 2)) + name("Dom") + name("Dom")
    terms = [
        record(0x4022, 3, struct.pack(">5I", 1, 1, 3, 0, 1)) + entry + name("#_X_")
        for entry in entries
    ]
    row = record(0x4017, len(terms)) + b"".join(terms)
    parts = [domain, number(1), number(len(terms)), row, name("FLAG", 0x400A)]
    return record(0x4024, len(parts)) + b"".join(parts)


def letters(value: bytes) -> bytes:
    """The text of an assignment of a value, in base64."""
    assignment = expression(
        name("sysassign"), name("x"), expression(name("hold"), value)
    )
    return base64.b64encode(zlib.compress(b"\3\0\0\0" + PREAMBLE + assignment))
