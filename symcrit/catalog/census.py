"""A census: every matrix of a collection identified, refined, certified, classified.

Each input gives one record, which tells what was found or why nothing was.  A record is
a function of the matrix and the settings alone: it does not depend on the machine, the
number of processes or the hour, so that a census that was interrupted and resumed has
the same bytes as one that was not.

Inputs are known by the content of their file and their number in it, not by its name.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symcrit import __version__
from symcrit.catalog.certificates import source_at
from symcrit.catalog.datasets import RecordedPoint, find_files, read_points
from symcrit.catalog.findings import Finding, certify_near
from symcrit.catalog.identification import Identification, identify
from symcrit.catalog.records import (
    finding_fields,
    published_fields,
    symmetry_fields,
)
from symcrit.certify.matrices import MatrixOutcome
from symcrit.core.errors import InputError, SymcritError
from symcrit.core.files import read_bytes
from symcrit.core.workers import map_in_order

__all__ = [
    "Input",
    "Settings",
    "collect",
    "examine",
    "examine_fully",
    "remaining",
]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a record depends on beside the matrix.

    Attributes:
        tolerance: differences between equal entries, relative to the largest entry.
        certificates: whether certificates are made, too.
        version: the version of the package.

    Raises:
        InputError: the tolerance is not from 0 to 1.
    """

    tolerance: float
    certificates: bool = False
    version: str = __version__

    def __post_init__(self) -> None:
        if not 0 <= self.tolerance <= 1:
            message = f"the tolerance should be from 0 to 1, got {self.tolerance:g}"
            raise InputError(message)

    def fields(self) -> dict[str, object]:
        """The settings as they stand in a record."""
        return {
            "tolerance": self.tolerance,
            "certificates": self.certificates,
            "version": self.version,
        }


@dataclass(frozen=True, slots=True)
class Input:
    """A matrix to be examined, or a file that was refused.

    Attributes:
        key: content of the file, number in it, and which one of equal ones it is.
        path: the file.
        index: the number of the matrix in the file; None for a refused file.
        name: where it stands, for a person.
        point: the matrix and what its source says of it; None for a refused file.
        refusal: why the file was refused, or None.
    """

    key: str
    path: Path
    index: int | None
    name: str
    point: RecordedPoint | None
    refusal: str | None


def collect(paths: Iterable[Path], *, jobs: int = 1) -> list[Input]:
    """All inputs in the files and folders named, in a fixed order.

    A file that cannot be read is an input that is refused; the others stay.

    Args:
        paths: files and folders.
        jobs: how many processes read.

    Raises:
        InputError: a path does not exist, or a folder holds no file that is read.
    """
    inputs: list[Input] = []
    seen: Counter[str] = Counter()
    files = list(dict.fromkeys(find_files(paths)))
    contents = map_in_order(_read, files, jobs=jobs)
    for path, (digest, points, refusal) in zip(files, contents, strict=True):
        if refusal is not None:
            key = _key(seen, digest, "refused")
            inputs.append(Input(key, path, None, str(path), None, refusal))
        for point in points:
            key = _key(seen, digest, str(point.index))
            inputs.append(Input(key, path, point.index, point.name, point, None))
    return inputs


def _read(path: Path) -> tuple[str, list[RecordedPoint], str | None]:
    """SHA-256 of a file, the matrices in it, and why it is refused."""
    content = str(path).encode()
    points: list[RecordedPoint] = []
    refusal = None
    try:
        content = read_bytes(path)
        points = list(read_points(path))
    except InputError as error:
        refusal = str(error)
    return hashlib.sha256(content).hexdigest(), points, refusal


def _key(seen: Counter[str], digest: str, place: str) -> str:
    key = f"{digest}:{place}"
    seen[key] += 1
    return key if seen[key] == 1 else f"{key}:{seen[key]}"


def remaining(
    inputs: Iterable[Input],
    records: Iterable[Mapping[str, object]],
    settings: Settings,
    *,
    where: str,
) -> list[Input]:
    """The inputs that have no record yet.

    Args:
        inputs: what is to be examined.
        records: what stands in a file of results.
        settings: the settings of this run.
        where: what to call the file in an error message.

    Raises:
        InputError: a record was made with other settings, or twice for one input.
    """
    done: set[object] = set()
    for number, record in enumerate(records, 1):
        if record.get("settings") != settings.fields():
            message = (
                f"{where}: line {number} was made with {record.get('settings')}, this"
                f" run has {settings.fields()}; write to another file"
            )
            raise InputError(message)
        key = record.get("key")
        if key in done:
            message = f"{where}: line {number} stands there twice; remove one"
            raise InputError(message)
        done.add(key)
    return [each for each in inputs if each.key not in done]


def examine(item: Input, settings: Settings) -> dict[str, object]:
    """The record of one input; no matrix, however odd, makes it fail.

    Example:
        >>> import numpy as np
        >>> point = RecordedPoint(Path("w"), 0, "w", np.eye(3), "rows", None)
        >>> item = Input("w:0", Path("w"), 0, "w", point, None)
        >>> record = examine(item, Settings(1e-5))
        >>> record["outcome"], record["symmetry"]["pattern"]
        ('certified', 'k')
    """
    return examine_fully(item, settings)[0]


def examine_fully(
    item: Input, settings: Settings
) -> tuple[dict[str, object], dict[str, Any] | None]:
    """The record of one input, and its certificate if settings ask for it.

    There is no certificate where no critical point was proved.
    """
    record: dict[str, object] = {
        "key": item.key,
        "file": str(item.path),
        "entry": item.index,
        "name": item.name,
        "settings": settings.fields(),
        "outcome": "refused",
        "reason": item.refusal,
        "symmetry": None,
        "point": None,
        "published": None,
        "certificate": None,
    }
    if item.point is None:
        return record, None
    try:
        found = identify(
            item.point.weights,
            tolerance=settings.tolerance,
            neurons="auto" if item.point.neurons is None else "rows",
        )
    except SymcritError as error:
        return {**record, "reason": str(error)}, None
    try:
        finding = certify_near(found)
    except SymcritError as error:
        finding = Finding(str(error))
    record |= _classify(item.point, found, finding)
    if not settings.certificates or finding.outcome is None:
        return record, None
    certificate = _certificate(item, found, finding.outcome)
    return {**record, "certificate": certificate["sha256"]}, certificate


def _classify(
    point: RecordedPoint, found: Identification, finding: Finding
) -> dict[str, object]:
    return {
        "outcome": "certified" if finding.open is None else "undecided",
        "reason": finding.open,
        "symmetry": {
            **symmetry_fields(found),
            "neurons": point.neurons or found.neurons,
        },
        "point": None if finding.loss is None else finding_fields(finding),
        "published": None
        if point.published is None
        else published_fields(point.published, found, finding),
    }


def _certificate(
    item: Input, found: Identification, outcome: MatrixOutcome
) -> dict[str, Any]:
    assert item.point is not None
    digest = item.key.partition(":")[0]
    transposed = "columns" in (item.point.neurons, found.neurons)
    source = source_at(item.path, item.name, digest, outcome, transposed=transposed)
    return outcome.certificate(source).document
