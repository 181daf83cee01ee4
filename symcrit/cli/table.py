"""``symcrit table``: results of one or several families as a table."""

from fractions import Fraction

import click

from symcrit.cli.arguments import SIZE
from symcrit.cli.frame import Answer, Status, command
from symcrit.core.errors import InputError

__all__ = ["table"]


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
@click.option("--order", type=int, metavar="N", help="Series to O(t^N). Default 8.")
@click.option("--terms", type=int, metavar="N", help="N nonzero terms of each series.")
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
    type=click.IntRange(1, 1000),
    default=15,
    show_default=True,
    metavar="D",
    help="Digits of points, eigenvalues and thresholds.",
)
@click.option("--notation", metavar="FILE", help="TOML that renames parameters.")
def table(
    kind: str,
    families: tuple[str, ...],
    form: str,
    order: int | None,
    terms: int | None,
    sizes: tuple[Fraction, ...],
    digits: int,
    notation: str | None,
) -> Answer:
    """Print a table: series, loss, points, spectrum or thresholds of families.

    A table of one family has no column for its name, but in CSV and JSON.
    """
    from symcrit.catalog.families import family as find
    from symcrit.catalog.notation import load_notation
    from symcrit.report.kinds import KINDS, Request
    from symcrit.report.tables import to_csv, to_latex, to_markdown

    if kind not in KINDS:
        known = ", ".join(KINDS)
        msg = f"unknown table {kind!r}; known are {known}"
        raise InputError(msg)
    if order is not None and terms is not None:
        msg = "give --order or --terms, not both"
        raise InputError(msg)
    if sizes and not KINDS[kind].at_sizes:
        fitting = ", ".join(name for name in KINDS if KINDS[name].at_sizes)
        msg = f"--k belongs to a table of {fitting}, not to one of {kind}; leave it out"
        raise InputError(msg)
    request = Request(order, terms, sizes, digits, load_notation(notation))
    found = KINDS[kind].build([find(name) for name in families], request)
    printed = found.without("family") if len(families) == 1 else found
    writers = {
        "md": lambda: to_markdown(printed),
        "latex": lambda: to_latex(printed),
        "csv": lambda: to_csv(found),
    }
    text = writers[form]()
    document = {
        "kind": kind,
        "families": list(families),
        "columns": [column.name for column in found.columns],
        "rows": [[cell.plain for cell in row] for row in found.rows],
    }
    status = Status.DONE if found.certified else Status.UNDECIDED
    return Answer(document, text.rstrip, status, content=text)
