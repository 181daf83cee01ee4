"""Tables of a census: types and their frequencies, points, and what sources state.

A new part is a function from results to a ``Table``, and a line in ``PARTS``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symcrit.catalog.results import Experiment, Result, experiments
from symcrit.report.tables import Cell, Column, Table, number_cell

__all__ = ["PARTS", "Part", "percent"]

SHOWN_DIGITS = 10
"""Significant digits of losses and eigenvalues in a table."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a census.

    Attributes:
        summary: what its rows are, in one line.
        build: makes it.
    """

    summary: str
    build: Callable[[Sequence[Result]], Table]


_K = Column("k", "$k$", numeric=True, grouped=True)
_D = Column("d", "$d$", numeric=True, grouped=True)
_RUNS = Column("runs", "runs", numeric=True, grouped=True)
_PATTERN = Column("pattern", "pattern")
_STEPS = Column("steps", "steps", numeric=True)
_MAXIMAL = Column("maximal", "maximal")
_POINTS = Column("points", "points", numeric=True)
_ENDED = Column("frequency", "ended here", numeric=True)
_SHARE = Column("share", "%", numeric=True)
_KIND = Column("kind", "kind")
_INDEX = Column("index", "index", numeric=True)
_LOSS = Column("loss", "loss", numeric=True)
_SMALLEST = Column("smallest_eigenvalue", "smallest eigenvalue", numeric=True)


def _types(results: Sequence[Result]) -> Table:
    """Isotropy types by k, with the frequencies that the data carry."""
    rows = []
    for experiment in experiments(results):
        for pattern, members in experiment.by_pattern().items():
            count = sum(r.frequency for r in members)
            rows.append(
                (
                    *_head(experiment),
                    Cell(pattern),
                    *_place(members[0].place),
                    Cell(str(len(members))),
                    Cell(str(count)),
                    Cell(percent(Fraction(count, experiment.total))),
                    Cell(_all_of(r.kind or "open" for r in members)),
                    Cell(_all_of(r.index or "open" for r in members)),
                )
            )
    columns = (_K, _D, _RUNS, _PATTERN, _STEPS, _MAXIMAL, _POINTS, _ENDED, _SHARE)
    return Table((*columns, _KIND, _INDEX), tuple(rows), _are_certified(results))


def _points(results: Sequence[Result]) -> Table:
    """Loss and smallest eigenvalue of every point, by k and loss."""
    rows = []
    for experiment in experiments(results):
        for r in sorted(experiment.results, key=_by_loss):
            rows.append(
                (
                    *_head(experiment),
                    Cell(r.pattern),
                    Cell(str(r.frequency)),
                    number_cell(_shorten(r.loss)),
                    number_cell(_shorten(r.smallest)),
                    Cell(r.index or "open"),
                    number_cell("" if r.distance is None else f"{r.distance:.1e}"),
                )
            )
    distance = Column("distance", "distance", numeric=True)
    columns = (_K, _D, _RUNS, _PATTERN, _ENDED, _LOSS, _SMALLEST, _INDEX, distance)
    return Table(columns, tuple(rows), _are_certified(results))


def _runs(results: Sequence[Result]) -> Table:
    """How many runs of each experiment did not end at the target."""
    bad = Column("bad", "not at the target", numeric=True)
    kinds = Column("types", "types", numeric=True)
    rows = [
        (
            *_head(experiment),
            Cell(str(len(experiment.by_pattern()))),
            Cell(str(len(experiment.results))),
            Cell(str(experiment.bad)),
            Cell(percent(experiment.bad_share)),
        )
        for experiment in experiments(results)
    ]
    columns = (_K, _D, _RUNS, kinds, _POINTS, bad, _SHARE)
    return Table(columns, tuple(rows), _are_certified(results))


def _symmetry(results: Sequence[Result]) -> Table:
    """How far below the symmetry of the target the points stand that are not it.

    The share is that among all runs of the same shape that did not end at the target;
    the last rows sum over all shapes.
    """
    by_shape: dict[tuple[int, int], list[Result]] = {}
    for result in results:
        if result.shape is not None and not result.is_target:
            by_shape.setdefault(result.shape, []).append(result)
    rows = [
        (Cell(str(k)), Cell(str(d)), *row)
        for (k, d), members in sorted(by_shape.items())
        for row in _by_place(members)
    ]
    everything = [r for members in by_shape.values() for r in members]
    rows += [(Cell("all"), Cell(""), *row) for row in _by_place(everything)]
    kinds = Column("types", "types", numeric=True)
    columns = (_K, _D, _STEPS, _MAXIMAL, kinds, _POINTS, _ENDED, _SHARE)
    return Table(columns, tuple(rows), _are_certified(results))


def _by_place(results: Sequence[Result]) -> Iterator[tuple[Cell, ...]]:
    """Place, types, points, runs and their share, for each place that occurs."""
    whole = sum(r.frequency for r in results)
    places = {r.place for r in results}
    for place in sorted(places, key=lambda x: (x is None, x and (x[0], not x[1]))):
        members = [r for r in results if r.place == place]
        count = sum(r.frequency for r in members)
        yield (
            *_place(place),
            Cell(str(len({(r.shape, r.pattern) for r in members}))),
            Cell(str(len(members))),
            Cell(str(count)),
            Cell(percent(Fraction(count, whole)) if whole else ""),
        )


def _published(results: Sequence[Result]) -> Table:
    """Every number that a source states, beside the certified one."""
    rows = [
        (
            Cell(result.name),
            Cell(stated.quantity.replace("_", " ")),
            number_cell(f"{stated.published:.15g}"),
            number_cell(stated.certified),
            number_cell(f"{stated.difference:.1e}"),
            Cell("yes" if stated.agrees else "no"),
        )
        for result in results
        for stated in result.stated
    ]
    return _comparison(rows)


def _discrepancies(results: Sequence[Result]) -> Table:
    """The numbers that a source states and that are not the certified ones."""
    full = _published(results)
    return _comparison([row for row in full.rows if row[-1].plain == "no"])


def _comparison(rows: Sequence[tuple[Cell, ...]]) -> Table:
    columns = (
        Column("name", "point", grouped=True),
        Column("quantity", "quantity"),
        Column("published", "published", numeric=True),
        Column("certified", "certified", numeric=True),
        Column("difference", "difference", numeric=True),
        Column("agrees", "agrees"),
    )
    return Table(columns, tuple(rows))


def _open(results: Sequence[Result]) -> Table:
    """The inputs that are not certified, with the reason."""
    rows = [
        (Cell(r.name), Cell(r.outcome), Cell(r.pattern), Cell(r.reason or ""))
        for r in results
        if r.outcome != "certified"
    ]
    columns = (
        Column("name", "input"),
        Column("outcome", "outcome"),
        _PATTERN,
        Column("reason", "reason"),
    )
    return Table(columns, tuple(rows), not rows)


PARTS: Mapping[str, Part] = {
    "types": Part("isotropy types by k, with frequencies", _types),
    "points": Part("loss and smallest eigenvalue of every point", _points),
    "runs": Part("the share of runs that did not end at the target", _runs),
    "symmetry": Part("how far below the symmetry of the target", _symmetry),
    "published": Part("numbers of the sources beside the certified ones", _published),
    "discrepancies": Part("those of them that do not agree", _discrepancies),
    "open": Part("what is not certified, and why", _open),
}
"""The tables of a census, by name."""


def percent(share: Fraction) -> str:
    """A share in percent with one decimal, rounded half to even.

    Example:
        >>> percent(Fraction(55, 1000))
        '5.5'
    """
    tenths = round(share * 1000)
    return f"{tenths // 10}.{tenths % 10}"


def _head(experiment: Experiment) -> tuple[Cell, Cell, Cell]:
    runs = "" if experiment.runs is None else str(experiment.runs)
    return Cell(str(experiment.k)), Cell(str(experiment.d)), Cell(runs)


def _place(place: tuple[int, bool] | None) -> tuple[Cell, Cell]:
    if place is None:
        return Cell("?"), Cell("?")
    steps, maximal = place
    return Cell(str(steps)), Cell("yes" if maximal else "no" if steps else "")


def _by_loss(result: Result) -> float:
    return float("inf") if result.loss is None else float(result.loss)


def _all_of(values: Iterable[str]) -> str:
    """The different values, in order."""
    return ", ".join(sorted(set(values)))


def _are_certified(results: Sequence[Result]) -> bool:
    return all(r.outcome == "certified" for r in results)


def _shorten(number: str | None) -> str:
    """A decimal number with fewer digits; empty if there is none."""
    return "" if number is None else f"{float(number):.{SHOWN_DIGITS}g}"
