"""A file of JSON lines that grows line by line and survives a kill at any moment.

A record counts once its line end stands in the file.  A line without one is what a
killed process left of its last record; the next run cuts it off and makes that record
again.  While a process writes to the file no other one can.

Every record begins with its schema, so that a file of another kind is recognised, also
by the first bytes of a torn line, and never changed.
"""

import contextlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from symcrit.core.errors import InputError
from symcrit.core.files import check_writable, parse_json

__all__ = ["Journal", "Records", "open_journal", "read_journal"]

SYNC_SECONDS = 1.0
"""The longest time for which a written record may be lost by a failing machine.

A killed process loses none: what was written is in the hands of the system.
"""

_locks: ModuleType | None
try:
    import fcntl as _locks
except ImportError:  # A system without these locks relies on its users.
    _locks = None


@dataclass(frozen=True, slots=True)
class Records:
    """What a journal holds.

    Attributes:
        records: the complete records in their order.
        torn: whether an incomplete line follows them.
    """

    records: tuple[Mapping[str, object], ...]
    torn: bool


class Journal:
    """A journal that is open for appending.

    Attributes:
        path: the file.
        records: what stood in it when it was opened.
    """

    def __init__(
        self, path: Path, descriptor: int, schema: str, records: Records
    ) -> None:
        self.path = path
        self.records = records.records
        self._descriptor = descriptor
        self._schema = schema
        self._synced = time.monotonic()

    def append(self, record: Mapping[str, object]) -> None:
        """Write one record; it stays, whatever happens to this process afterwards.

        Raises:
            InputError: the file cannot be written, because the disk is full, say.
        """
        text = json.dumps({"schema": self._schema, **record}, allow_nan=False)
        rest = memoryview(f"{text}\n".encode())
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
            if time.monotonic() - self._synced >= SYNC_SECONDS:
                self.sync()
        except OSError as error:
            _refuse(self.path, f"cannot be written: {error.strerror}")

    def sync(self) -> None:
        """Wait until everything is on the disk; a pipe or device has nothing to do."""
        with contextlib.suppress(OSError):
            os.fsync(self._descriptor)
        self._synced = time.monotonic()


@contextmanager
def open_journal(path: Path, schema: str, *, resume: bool) -> Iterator[Journal]:
    """Open a journal for appending.

    A file that was made here and into which nothing was written is removed after an
    error or an interrupt.

    Args:
        path: the file; made if it is missing.
        schema: the schema of its records.
        resume: whether records that are there already are kept and continued.

    Raises:
        InputError: the file cannot be written, is written to by another process, holds
            something else than records of the schema, or holds records and is not to be
            resumed.
    """
    check_writable(path)
    was_there = path.exists()
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags, 0o666)
    except OSError as error:
        _refuse(path, f"cannot be written: {error.strerror}")
    try:
        _lock(path, descriptor)
        records = _take_up(path, descriptor, schema, resume=resume)
        journal = Journal(path, descriptor, schema, records)
        try:
            yield journal
        except BaseException:
            if not was_there and os.fstat(descriptor).st_size == 0:
                path.unlink(missing_ok=True)
            raise
        finally:
            journal.sync()
    finally:
        os.close(descriptor)


def read_journal(path: Path, schema: str) -> Records:
    """The records of a journal that another process may still be writing to.

    Raises:
        InputError: there is no such file, or it holds something else than records.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        _refuse(path, f"cannot be read: {error.strerror}")
    return _parse(path, content, schema)[0]


def _lock(path: Path, descriptor: int) -> None:
    if _locks is None:
        return
    try:
        _locks.flock(descriptor, _locks.LOCK_EX | _locks.LOCK_NB)
    except BlockingIOError:
        _refuse(path, "another process is writing to this file; wait until it ends")
    except OSError:
        return  # A file system without locks, or a device.


def _take_up(path: Path, descriptor: int, schema: str, *, resume: bool) -> Records:
    """Read what is there and cut a torn line off."""
    if not path.is_file():
        return Records((), torn=False)
    size = os.fstat(descriptor).st_size
    if size and not resume:
        _refuse(path, "has content; add --resume to continue it, or remove it")
    records, complete = _parse(path, path.read_bytes(), schema)
    if records.torn:
        os.ftruncate(descriptor, complete)
    return records


def _parse(path: Path, content: bytes, schema: str) -> tuple[Records, int]:
    """The records, and the number of bytes of the complete lines."""
    complete = content.rfind(b"\n") + 1
    opening = json.dumps({"schema": schema}).encode().removesuffix(b"}")
    tail = content[complete:]
    if not (tail.startswith(opening) or opening.startswith(tail)):
        _refuse(path, f"holds something else than records of {schema}")
    records = []
    for number, line in enumerate(content[:complete].split(b"\n")[:-1], 1):
        where = f"{path}: line {number}"
        if not line.startswith(opening):
            _refuse(Path(where), f"is no record of {schema}")
        try:
            record = parse_json(line.decode("utf-8"), where=where)
        except UnicodeDecodeError:
            _refuse(Path(where), "is no text")
        if not isinstance(record, dict):
            _refuse(Path(where), f"is no record of {schema}")
        records.append(record)
    return Records(tuple(records), torn=bool(tail)), complete


def _refuse(path: Path, what: str) -> NoReturn:
    message = f"{path}: {what}"
    raise InputError(message)
