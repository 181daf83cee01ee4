"""The page of a census: sums, tables and pictures in one folder."""

from collections.abc import Sequence
from pathlib import Path

from symcrit.catalog.results import Result
from symcrit.core.files import write_bytes, write_text
from symcrit.report.census import PARTS
from symcrit.report.census_plots import PICTURES
from symcrit.report.tables import TableFormat, write_table

__all__ = ["write_census_page"]

_ENDINGS: dict[TableFormat, str] = {"md": "md", "latex": "tex", "csv": "csv"}

_SHOWN_ROWS = 120
"""A longer table is linked from the page and not shown on it."""


def write_census_page(results: Sequence[Result], folder: Path) -> list[str]:
    """Write all files and return their names, the page first.

    Args:
        results: the results of a census.
        folder: an existing folder.
    """
    names = ["index.md"]
    sections = []
    for name, draw in PICTURES.items():
        write_bytes(folder / f"{name}.svg", draw(results))
        names.append(f"{name}.svg")
    for name, part in PARTS.items():
        table = part.build(results)
        for form, ending in _ENDINGS.items():
            write_text(folder / f"table-{name}.{ending}", write_table(table, form))
            names.append(f"table-{name}.{ending}")
        files = ", ".join(f"[{e}](table-{name}.{e})" for e in _ENDINGS.values())
        sections.append(
            f"## {name}: {part.summary}\n\n{len(table.rows)} rows: {files}\n"
        )
        if 0 < len(table.rows) <= _SHOWN_ROWS:
            sections.append(write_table(table, "md"))
    pictures = [f"![{name}]({name}.svg)\n" for name in PICTURES]
    page = "\n".join([_opening(results), *pictures, *sections])
    write_text(folder / "index.md", page)
    return names


def _opening(results: Sequence[Result]) -> str:
    certified = [r for r in results if r.outcome == "certified"]
    minima = sum(r.kind == "minimum" for r in certified)
    saddles = sum(r.kind == "saddle" for r in certified)
    agree = [stated.agrees for r in results for stated in r.stated]
    return (
        f"# Census of {len(results)} inputs\n\n"
        f"* {len(certified)} certified: critical point, exact isotropy group and Morse"
        " index are proved\n"
        f"* {minima} strict local minima, {saddles} saddles among them\n"
        f"* {len(agree)} numbers of the sources compared, {agree.count(False)} of them"
        " wrong\n"
    )
