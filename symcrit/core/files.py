"""Reading and writing files: whole or not at all, and errors in one line.

A file is written beside its place under a temporary name and then moved over it, so
that neither an interrupt nor a full disk leaves half a file.  What is read is data from
outside: its size is limited, JSON is taken strictly (no ``NaN``, no repeated keys), and
whatever is wrong with it is an ``InputError`` that names the file.
"""

import json
import os
import secrets
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from symcrit.core.errors import InputError

__all__ = [
    "MAX_BYTES",
    "check_writable",
    "make_folder",
    "parse_json",
    "parse_toml",
    "read_bytes",
    "read_json",
    "read_text",
    "read_toml",
    "write_bytes",
    "write_folder",
    "write_text",
]

MAX_BYTES = 64 * 2**20
"""The largest file that is read unless the caller names another limit."""


def read_bytes(path: Path, *, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the content of a file of at most ``max_bytes`` bytes.

    Raises:
        InputError: there is no such file, it cannot be read, or it is too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except FileNotFoundError:
        message = f"{path}: no such file"
        raise InputError(message) from None
    except IsADirectoryError:
        message = f"{path}: is a folder, expected a file"
        raise InputError(message) from None
    except (OSError, ValueError) as error:
        message = f"{path}: cannot be read: {_reason(error)}"
        raise InputError(message) from None
    if len(content) > max_bytes:
        message = f"{path}: larger than the limit of {max_bytes} bytes"
        raise InputError(message)
    return content


def read_text(path: Path, *, max_bytes: int = MAX_BYTES) -> str:
    """Return the text of a UTF-8 file; a byte order mark is dropped.

    Raises:
        InputError: as ``read_bytes``, or the file is not UTF-8.
    """
    content = read_bytes(path, max_bytes=max_bytes)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path}: not a UTF-8 text (byte {error.start})"
        raise InputError(message) from None


def read_json(path: Path, *, max_bytes: int = MAX_BYTES) -> object:
    """Return the document in a JSON file.

    Raises:
        InputError: as ``read_text`` and ``parse_json``.
    """
    return parse_json(read_text(path, max_bytes=max_bytes), where=str(path))


def read_toml(path: Path, *, max_bytes: int = MAX_BYTES) -> dict[str, object]:
    """Return the table in a TOML file.

    Raises:
        InputError: as ``read_text`` and ``parse_toml``.
    """
    return parse_toml(read_text(path, max_bytes=max_bytes), where=str(path))


def parse_json(text: str, *, where: str) -> object:
    """Return the document that a JSON text holds.

    Args:
        text: the JSON text.
        where: what to call its origin in an error message.

    Raises:
        InputError: the text is not JSON, holds ``NaN`` or an infinity, or repeats a key
            within one object.

    Example:
        >>> parse_json('{"k": 20}', where="example")
        {'k': 20}
    """

    def refuse_constant(name: str) -> NoReturn:
        message = f"{where}: not JSON: {name} is not a JSON number"
        raise InputError(message)

    def refuse_repeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in pairs:
            if key in found:
                message = f"{where}: the key {key!r} stands twice in one object"
                raise InputError(message)
            found[key] = value
        return found

    try:
        document: object = json.loads(
            text, parse_constant=refuse_constant, object_pairs_hook=refuse_repeated
        )
    except InputError:
        raise
    except RecursionError:
        message = f"{where}: nested too deeply"
        raise InputError(message) from None
    except ValueError as error:
        message = f"{where}: not JSON: {error}"
        raise InputError(message) from None
    return document


def parse_toml(text: str, *, where: str) -> dict[str, object]:
    """Return the table that a TOML text holds.

    Args:
        text: the TOML text.
        where: what to call its origin in an error message.

    Raises:
        InputError: the text is not TOML.

    Example:
        >>> parse_toml('pattern = "1+(k-1)"', where="example")
        {'pattern': '1+(k-1)'}
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        message = f"{where}: nested too deeply"
        raise InputError(message) from None
    except ValueError as error:
        message = f"{where}: not TOML: {error}"
        raise InputError(message) from None


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8 with its own line ends, whole or not at all.

    Raises:
        InputError: as ``write_bytes``.
    """
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    A link is followed, and a device or pipe such as ``/dev/null`` is written to and
    never replaced.

    Raises:
        InputError: the path cannot be written.
    """
    check_writable(path)
    place = path.resolve()
    try:
        if place.exists() and not place.is_file():
            place.write_bytes(content)
        else:
            _replace(place, content)
    except OSError as error:
        message = f"{path}: cannot be written: {_reason(error)}"
        raise InputError(message) from None


def check_writable(path: Path) -> None:
    """Refuse a path that cannot be written, before the work for it begins.

    Raises:
        InputError: the path is a folder, or its folder is missing or closed to us.
    """
    try:
        place = path.resolve()
        if place.is_dir():
            message = f"{path}: is a folder, expected the name of a file to write"
            raise InputError(message)
        if not place.parent.is_dir():
            message = f"{path}: the folder {path.parent} does not exist; make it first"
            raise InputError(message)
    except (OSError, RuntimeError) as error:
        message = f"{path}: cannot be written: {_reason(error)}"
        raise InputError(message) from None
    regular = place.is_file() or not place.exists()
    if not os.access(place.parent if regular else place, os.W_OK):
        message = f"{path}: cannot be written: no permission for {place.parent}"
        raise InputError(message)


def make_folder(path: Path) -> None:
    """Make a folder, with those above it, unless it is there already.

    Raises:
        InputError: the path is taken by a file, or the folder cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        message = f"{path}: cannot be made a folder: {_reason(error)}"
        raise InputError(message) from None
    if not os.access(path, os.W_OK):
        message = f"{path}: no permission to write in this folder"
        raise InputError(message)


@contextmanager
def write_folder(path: Path) -> Iterator[Path]:
    """Yield a temporary folder whose files are moved to ``path`` when all are complete.

    After an error or an interrupt nothing of it is left, and what was in ``path`` is
    untouched.  Files that were there under other names stay.

    Raises:
        InputError: the path is taken by a file, or cannot be written.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as home:
        ...     with write_folder(Path(home) / "report") as build:
        ...         write_text(build / "page.md", "text")
        ...     (Path(home) / "report" / "page.md").exists()
        True
    """
    place = path.resolve()
    is_new = not place.exists()
    make_folder(place.parent if is_new else place)
    beside = place.parent if is_new else place
    build = beside / f".{secrets.token_hex(8)}.tmp"
    try:
        build.mkdir()
    except OSError as error:
        message = f"{path}: cannot be written: {_reason(error)}"
        raise InputError(message) from None
    try:
        yield build
        try:
            if is_new and not place.exists():
                build.rename(place)
            else:
                _move_files(build, place)
        except OSError as error:
            message = f"{path}: cannot be written: {_reason(error)}"
            raise InputError(message) from None
    finally:
        shutil.rmtree(build, ignore_errors=True)


def _move_files(source: Path, target: Path) -> None:
    for file in sorted(source.rglob("*")):
        place = target / file.relative_to(source)
        if file.is_dir():
            place.mkdir(exist_ok=True)
        else:
            file.replace(place)


def _replace(place: Path, content: bytes) -> None:
    # Opened by hand because ``tempfile`` makes private files: the result should have
    # the permissions that any new file has here, or those of the file it replaces.
    temporary = place.with_name(f".{secrets.token_hex(8)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(temporary, flags, 0o666), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            temporary.chmod(place.stat().st_mode)
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
