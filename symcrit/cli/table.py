"""``symcrit table``: results of one or several families as a table."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symcrit.cli.arguments import ORDER, SIZE, WholeNumber, notation_option
from symcrit.cli.frame import Answer, Status, command
from symcrit.core.errors import InputError

if TYPE_CHECKING:
    from symcrit.report.tables import Table, TableFormat

__all__ = ["table"]

_DIGITS = 15


@command(
    "table", example="symcrit table loss II M --order 6 --format latex", limit=True
)
@click.argument("kind")
@click.argument("families", metavar="FAMILY...", nargs=-1, required=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "latex", "csv"]),
    default="md",
    show_default=True,
    help="Markdown, LaTeX with booktabs, or CSV.",
)
@click.option("--order", type=ORDER, metavar="N", help="Series to O(t^N). Default 8.")
@click.option(
    "--terms", type=ORDER, metavar="N", help="N nonzero terms of each series."
)
@click.option(
    "--k",
    "sizes",
    type=SIZE,
    multiple=True,
    metavar="K",
    help="A value of k for points and spectra; may be given several times.",
)
@click.option(
    "--digits",
    type=WholeNumber(1, 1000),
    metavar="D",
    help="Digits of points, eigenvalues and thresholds. Default 15.",
)
@notation_option
@click.option(
    "--part",
    metavar="PART",
    help="Which table of a census: types (default), points, runs, symmetry, published,"
    " discrepancies, open.",
)
def table(
    kind: str,
    families: tuple[str, ...],
    form: "TableFormat",
    order: int | None,
    terms: int | None,
    sizes: tuple[Fraction, ...],
    digits: int | None,
    notation: Path | None,
    part: str | None,
) -> Answer:
    """Print a table of families.

    KIND is one of series, loss, points, spectrum, density, thresholds, theorems and
    census; a census takes files of results of ``symcrit census`` in place of families.
    A table of one family has no column for its name, but in CSV and JSON.
    """
    from symcrit.catalog.families import family as find
    from symcrit.catalog.notation import load_notation
    from symcrit.report.kinds import KINDS, Request
    from symcrit.report.tables import write_table

    if kind not in (*KINDS, "census"):
        known = ", ".join([*KINDS, "census"])
        msg = f"unknown table {kind!r}; known are {known}"
        raise InputError(msg)
    given = {
        "--order": order,
        "--terms": terms,
        "--k": sizes or None,
        "--digits": digits,
        "--notation": notation,
        "--part": part,
    }
    _refuse_idle(kind, {name for name, value in given.items() if value is not None})
    if kind == "census":
        return _census(families, form, part or "types")
    if order is not None and terms is not None:
        msg = "give --order or --terms, not both"
        raise InputError(msg)
    if sizes and (order or terms) is not None:
        msg = "give --k, for balls, or --order or --terms, for series, not both"
        raise InputError(msg)
    names = load_notation(notation)
    request = Request(order, terms, sizes, digits or _DIGITS, names)
    found = KINDS[kind].build([find(name) for name in families], request)
    printed = found.without("family") if len(families) == 1 else found
    text = write_table(found if form == "csv" else printed, form)
    return _answer({"kind": kind, "families": list(families)}, found, text)


def _refuse_idle(kind: str, given: set[str]) -> None:
    """Refuse options that a kind of table has no use for."""
    from symcrit.report.kinds import KINDS

    used = {**{name: KINDS[name].options for name in KINDS}, "census": ("--part",)}
    for option in sorted(given.difference(used[kind])):
        fitting = ", ".join(name for name in used if option in used[name])
        msg = (
            f"{option} belongs to a table of {fitting}, not to one of {kind};"
            " leave it out"
        )
        raise InputError(msg)


def _census(files: Sequence[str], form: "TableFormat", part: str) -> Answer:
    from symcrit.catalog.results import read_results
    from symcrit.report.census import PARTS
    from symcrit.report.tables import write_table

    if part not in PARTS:
        msg = f"unknown table {part!r} of a census; known are {', '.join(PARTS)}"
        raise InputError(msg)
    found = PARTS[part].build(read_results([Path(file) for file in files]))
    document = {"kind": "census", "families": list(files), "part": part}
    return _answer(document, found, write_table(found, form))


def _answer(document: Mapping[str, object], found: "Table", text: str) -> Answer:
    rows = {
        "columns": [column.name for column in found.columns],
        "rows": [[cell.plain for cell in row] for row in found.rows],
    }
    status = Status.DONE if found.certified else Status.UNDECIDED
    return Answer({**document, **rows}, text.rstrip, status, content=text)
