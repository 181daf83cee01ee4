"""``symcrit summarise``: tables and pictures of a census in one folder."""

from pathlib import Path

import click

from symcrit.cli.arguments import FileName
from symcrit.cli.frame import Answer, Status, command

__all__ = ["summarise"]


@command(
    "summarise",
    example="symcrit summarise results.jsonl -o census-report",
    output=False,
    limit=True,
)
@click.argument("files", nargs=-1, required=True, type=FileName(), metavar="FILE...")
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=FileName(),
    metavar="DIR",
    help="The folder for all files; whole or not at all.",
)
def summarise(files: tuple[Path, ...], folder: Path) -> Answer:
    """Write all tables and pictures of a census into a folder.

    FILE is what ``symcrit census`` or ``symcrit sgd`` wrote.  Tables come as Markdown,
    LaTeX and CSV, pictures as SVG; index.md shows them together.
    """
    from symcrit.catalog.results import read_results
    from symcrit.core.files import write_folder
    from symcrit.report.census_page import write_census_page
    from symcrit.report.plots import check_plots

    results = read_results(files)
    check_plots()
    with write_folder(folder) as build:
        names = write_census_page(results, build)
    paths = [str(folder / name) for name in names]
    certified = all(result.outcome == "certified" for result in results)
    status = Status.DONE if certified else Status.UNDECIDED
    document = {"total": len(results), "files": paths, "path": str(folder)}
    return Answer(document, lambda: "\n".join(paths), status)
