"""The results of a census, read back from its file, and what they add up to."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, TypeAlias

from symcrit.core.errors import InputError
from symcrit.core.journal import read_journal
from symcrit.schemas.load import validate

__all__ = [
    "RECORD_SCHEMA",
    "Experiment",
    "Likeness",
    "Result",
    "Stated",
    "experiments",
    "read_results",
]

_logger = logging.getLogger(__name__)

RECORD_SCHEMA = "symcrit/census_record@1"
"""The schema of a line of results."""


_CERTIFIED = {
    "smallest_eigenvalue": "smallest_eigenvalue",
    "eigenvalue_bound": "smallest_eigenvalue",
    "objective": "loss",
}
"""The certified number that belongs to a published one."""

Likeness: TypeAlias = Literal[
    "target", "flip", "sum", "more blocks", "more neurons", "other"
]
"""What a matrix looks like, judged by its block sizes and rounded entries.

A flip has a block of p neurons near minus the target, a sum a block of p neurons near a
critical point of type A for p neurons; the others are near the target.
"""


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that the source of a matrix states, and the certified one.

    Attributes:
        quantity: what it is a number of, or a bound.
        published: the number in the source.
        certified: the midpoint of the certified ball, as text.
        difference: an upper bound of the difference.
        agrees: whether the certified number is what the source says, within the
            precision of the source.
    """

    quantity: str
    published: float
    certified: str
    difference: float
    agrees: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One line of a census.

    Attributes:
        file: the file of the matrix.
        name: where the matrix stands, for a person, without its folder.
        outcome: certified, undecided or refused.
        reason: why it is not certified, or None.
        shape: the numbers k of neurons and d of inputs; None for a refused file.
        pattern: the pattern of the isotropy group; empty for a refused file.
        likeness: what the matrix looks like.
        turned: how many neurons the block has that is not like the target.
        place: steps below the symmetry of the target, and whether no isotropy group
            lies in between; None where no theorem tells.
        kind: minimum or saddle, if it is proved.
        loss: the loss, as text; None if no point was proved.
        smallest: the smallest eigenvalue, as text.
        index: the Morse index, as text.
        is_target: whether the point is the target.
        distance: of the point to the matrix.
        runs: the number of runs in the experiment that the matrix is from, if told.
        frequency: how many runs ended here; 1 where nothing is told.
        stated: the numbers of the source that were compared.
    """

    file: str
    name: str
    outcome: str
    reason: str | None
    shape: tuple[int, int] | None
    pattern: str
    likeness: Likeness
    turned: int
    place: tuple[int, bool] | None
    kind: str | None
    loss: str | None
    smallest: str | None
    index: str | None
    is_target: bool
    distance: float | None
    runs: int | None
    frequency: int
    stated: tuple[Stated, ...]

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Result":
        """Read a record that fits its schema."""
        symmetry, point = record["symmetry"] or {}, record["point"] or {}
        published = record["published"] or {}
        place = symmetry.get("place")
        file, name = record["file"], record["name"]
        return cls(
            file=file,
            name=Path(file).name + name.removeprefix(file),
            outcome=record["outcome"],
            reason=record["reason"],
            shape=(symmetry["k"], symmetry["d"]) if symmetry else None,
            pattern=symmetry.get("pattern", ""),
            likeness=_likeness(symmetry, is_target=point.get("is_target", False)),
            turned=_turned(symmetry),
            place=None if place is None else (place["steps"], place["maximal"]),
            kind=point.get("kind"),
            loss=_middle(point.get("loss")),
            smallest=_middle(point.get("smallest_eigenvalue")),
            index=point.get("morse_index"),
            is_target=point.get("is_target", False),
            distance=point.get("distance"),
            runs=published.get("runs"),
            frequency=published.get("frequency", 1),
            stated=tuple(_stated(published, point)),
        )


def _likeness(symmetry: Mapping[str, Any], *, is_target: bool) -> Likeness:
    if is_target:
        return "target"
    if symmetry.get("k", 0) > symmetry.get("d", 0):
        return "more neurons"
    if not symmetry.get("diagonal") or symmetry["place"] is None:
        return "other"
    blocks = len(symmetry["blocks"])
    if blocks > 2:
        return "more blocks"
    if symmetry["family"] is not None:
        return "flip"
    return "sum" if blocks == 2 else "other"


def _turned(symmetry: Mapping[str, Any]) -> int:
    """The size of the block with the largest entries off its diagonal.

    Blocks of size 1 have no such entries; where there is one beside a block that is
    nearly the target, as in type II, it is the one.
    """
    if not symmetry:
        return 0
    blocks, parameters = symmetry["blocks"], symmetry["parameters"] or {}
    if symmetry["family"] is not None:
        return int(blocks[0])
    if symmetry["k"] != symmetry["d"]:
        return int(min(symmetry["column_blocks"]))
    off = {n: parameters.get(f"o_{i}", -1.0) for i, n in enumerate(blocks, 1)}
    return int(max(off, key=lambda n: off[n]))


def _middle(ball: Mapping[str, str] | None) -> str | None:
    return None if ball is None else ball["mid"]


def _stated(published: Mapping[str, Any], point: Mapping[str, Any]) -> Iterator[Stated]:
    for quantity, found in published.get("agrees", {}).items():
        if isinstance(found, Mapping):
            certified = _middle(point[_CERTIFIED[quantity]]) or ""
            difference, agrees = found["difference"], found["within"]
            yield Stated(quantity, published[quantity], certified, difference, agrees)


@dataclass(frozen=True)
class Experiment:
    """The runs of one experiment: one k, one d, one number of runs.

    Attributes:
        k: the number of neurons.
        d: the number of inputs.
        runs: the number of runs; None if the sources do not tell.
        results: the points at which they ended.
    """

    k: int
    d: int
    runs: int | None
    results: Sequence[Result]

    @property
    def bad(self) -> int:
        """How many runs ended at other points than the target."""
        return sum(r.frequency for r in self.results if not r.is_target)

    @property
    def total(self) -> int:
        """The number of runs, or of those that were recorded if it is not told."""
        return self.runs or sum(r.frequency for r in self.results)

    @property
    def bad_share(self) -> Fraction:
        """The share of runs that ended at other points than the target."""
        return Fraction(self.bad, self.total)

    def by_pattern(self) -> dict[str, list[Result]]:
        """The results by their pattern, most frequent patterns first."""
        counts: Counter[str] = Counter()
        found: dict[str, list[Result]] = defaultdict(list)
        for result in self.results:
            counts[result.pattern] += result.frequency
            found[result.pattern].append(result)
        return {name: found[name] for name, _ in counts.most_common()}


def read_results(paths: Sequence[Path]) -> list[Result]:
    """The results in some files.

    A last line that is cut short, or still being written, is left out with a warning.

    Raises:
        InputError: a file cannot be read, or holds something else.
    """
    results = []
    torn = []
    for path in paths:
        journal = read_journal(path, RECORD_SCHEMA)
        if journal.torn:
            torn.append(path)
        for number, record in enumerate(journal.records, 1):
            try:
                results.append(Result.of(record))
            except (AttributeError, KeyError, TypeError, ValueError):
                where = f"{path}: line {number}"
                validate(record, "census_record", where=where)
                message = f"{where}: does not fit together"
                raise InputError(message) from None
    if not results:
        message = f"{', '.join(map(str, paths))}: no results; run symcrit census first"
        raise InputError(message)
    for path in torn:
        _logger.warning("%s: the last line is cut short and was left out", path)
    return results


def experiments(results: Iterable[Result]) -> list[Experiment]:
    """The results by experiment, in the order of k, d and the number of runs.

    Refused files belong to none.
    """
    found: dict[tuple[int, int, int], list[Result]] = defaultdict(list)
    for result in results:
        if result.shape is not None:
            found[(*result.shape, result.runs or 0)].append(result)
    return [
        Experiment(k, d, runs or None, found[k, d, runs])
        for k, d, runs in sorted(found)
    ]
