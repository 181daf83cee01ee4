r"""Tables: one content, written as Markdown, as LaTeX with booktabs, or as CSV.

A cell has a plain text, which CSV and JSON hold, and may have LaTeX lines, which are
printed in its place.  A cell of several lines takes several rows of the printed table,
so that a table with long formulas can still be broken between pages.

Example:
    >>> table = Table(
    ...     (Column("power", "power"), Column("coefficient", "coefficient")),
    ...     ((Cell("2"), Cell("4/pi", (r"\frac{4}{\pi}",))),),
    ... )
    >>> print(to_csv(table), end="")
    power,coefficient
    2,4/pi
    >>> print(to_latex(table), end="")
    % needs \usepackage{amsmath,booktabs}
    \begingroup
    \renewcommand{\arraystretch}{1.4}
    \begin{tabular}{ll}
    \toprule
    power & coefficient \\
    \midrule
    2 & $\frac{4}{\pi}$ \\
    \bottomrule
    \end{tabular}
    \endgroup
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal, get_args

from symcrit.core.notebook import decimal_latex
from symcrit.report.formulas import approx_width, plain_brackets
from symcrit.report.writing import literal

__all__ = [
    "TABLE_FORMATS",
    "Cell",
    "Column",
    "Table",
    "TableFormat",
    "number_cell",
    "text_table",
    "to_csv",
    "to_latex",
    "to_markdown",
    "write_table",
]

TableFormat = Literal["md", "latex", "csv"]

TABLE_FORMATS: tuple[TableFormat, ...] = get_args(TableFormat)
"""All formats, the default first."""

_PAGE_LINES = 24
"""A LaTeX table with more lines may be broken between pages."""

_WIDEST = 26.0
"""A wider cell does not claim more of the width of a Markdown table, in em."""

_LETTER, _CAPITAL = 0.5, 0.8
"""About how wide a letter is, in em."""

_FRACTION_ROOM = r"\renewcommand{\arraystretch}{1.4}"
"""Rows with fractions would touch each other otherwise."""

_LATEX_SIGNS = {
    **{sign: rf"\{sign}" for sign in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        name: what CSV and JSON call it.
        title: what is printed over it; formulas stand in dollars.
        numeric: whether its cells are printed flush right.
        grouped: whether a printed cell stays empty where it repeats the one above and
            so do all grouped columns to its left.
    """

    name: str
    title: str
    numeric: bool = False
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell.

    Attributes:
        plain: its text, for CSV and JSON.
        lines: LaTeX for formulas, one for each printed line; without any the plain text
            is printed.
        strong: whether the text is printed in bold.
    """

    plain: str
    lines: tuple[str, ...] = ()
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, and rows of as many cells.

    Attributes:
        columns: the columns.
        rows: the cells, row by row.
        certified: whether everything in it is proved.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    certified: bool = True

    def without(self, name: str) -> "Table":
        """Return the table without the column of a name."""
        kept = [i for i, column in enumerate(self.columns) if column.name != name]
        return Table(
            tuple(self.columns[i] for i in kept),
            tuple(tuple(row[i] for i in kept) for row in self.rows),
            self.certified,
        )


def number_cell(text: str) -> Cell:
    r"""Return the cell of a decimal number.

    Args:
        text: a number such as ``-1.5e-12``.

    Example:
        >>> number_cell("-1.5e-12").lines
        ('-1.5 \\cdot 10^{-12}',)
    """
    return Cell(text, (decimal_latex(text),) if text else ())


def write_table(table: Table, form: TableFormat) -> str:
    """Return the table in one of the formats, with a line end after the last line."""
    writers = {"md": to_markdown, "latex": to_latex, "csv": to_csv}
    return writers[form](table)


def to_csv(table: Table) -> str:
    """Return the table as CSV: a head, then the plain text of every cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows([cell.plain for cell in row] for row in table.rows)
    return out.getvalue()


def to_markdown(table: Table) -> str:
    """Return the table as a pipe table with formulas in dollars.

    The dashes under its head tell the widths of the columns, in half an em.
    """

    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(cells)} |"

    rows = [row for group in _printed(table) for row in group]
    rules = []
    for i, column in enumerate(table.columns):
        texts = [_Text(column.title), *(row[i] for row in rows)]
        widest = max(_width(text) for text in texts)
        rules.append(_rule(widest, numeric=column.numeric))
    lines = [line([column.title for column in table.columns]), line(rules)]
    lines += [line([_markdown(text) for text in row]) for row in rows]
    return "\n".join(lines) + "\n"


def text_table(
    titles: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> str:
    """Return a pipe table whose cells are Markdown already.

    Args:
        titles: the head.
        rows: the cells.
        widths: how wide each column should be, in any unit.

    Example:
        >>> print(text_table(["what", "how"], [["`x`", "**yes**"]], [2, 2]), end="")
        | what | how |
        | :---- | :---- |
        | `x` | **yes** |
    """
    lines = [titles, [_rule(width, numeric=False) for width in widths], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _rule(width: float, *, numeric: bool) -> str:
    dashes = "-" * max(3, round(2 * width))
    return f"{dashes}:" if numeric else f":{dashes}"


def to_latex(table: Table) -> str:
    r"""Return the table as LaTeX to be ``\input``, with the rules of booktabs.

    A long table becomes a ``longtable``.
    """
    groups = list(_printed(table))
    long = sum(len(group) for group in groups) > _PAGE_LINES
    kind = "longtable" if long else "tabular"
    tall = any(len(group) > 1 for group in groups)
    head = " & ".join(_latex_title(column.title) for column in table.columns) + r" \\"
    shape = "".join("r" if column.numeric else "l" for column in table.columns)
    packages = "amsmath,booktabs" + (",longtable" if long else "")
    lines = [
        rf"% needs \usepackage{{{packages}}}",
        rf"\begin{{{kind}}}{{{shape}}}",
        r"\toprule",
        head,
        r"\midrule",
    ]
    if long:
        lines.append(r"\endhead")
    for number, group in enumerate(groups):
        if tall and number:
            lines.append(r"\addlinespace")
        lines += [" & ".join(_latex(text) for text in row) + r" \\" for row in group]
    lines += [r"\bottomrule", rf"\end{{{kind}}}"]
    if any(r"\frac" in text.text for group in groups for row in group for text in row):
        lines[1:1] = [r"\begingroup", _FRACTION_ROOM]
        lines.append(r"\endgroup")
    return "\n".join(re.sub(r" +(?=\\\\$)", " ", line) for line in lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    is_formula: bool = False
    is_strong: bool = False


_EMPTY = _Text("")


def _printed(table: Table) -> Iterator[list[tuple[_Text, ...]]]:
    """The printed rows, those of one row of the table together."""
    grouped = [i for i, column in enumerate(table.columns) if column.grouped]
    before: tuple[Cell, ...] = ()
    for row in table.rows:
        repeated = set()
        for i in grouped:
            if not before or before[i] != row[i]:
                break
            repeated.add(i)
        stacks = [
            [_EMPTY]
            if i in repeated
            else [_Text(plain_brackets(line), is_formula=True) for line in cell.lines]
            or [_Text(cell.plain, is_strong=cell.strong)]
            for i, cell in enumerate(row)
        ]
        yield list(zip_longest(*stacks, fillvalue=_EMPTY))
        before = row


def _width(text: _Text) -> float:
    if text.is_formula:
        return min(approx_width(text.text), _WIDEST)
    letters = sum(_CAPITAL if x.isupper() else _LETTER for x in text.text)
    return min(letters, _WIDEST)


def _markdown(text: _Text) -> str:
    if text.is_formula:
        return f"${text.text}$"
    plain = literal(text.text)
    return f"**{plain}**" if text.is_strong else plain


def _latex(text: _Text) -> str:
    if text.is_formula:
        return f"${text.text}$"
    plain = _escaped(text.text)
    return rf"\textbf{{{plain}}}" if text.is_strong else plain


def _latex_title(title: str) -> str:
    parts = title.split("$")
    return "$".join(x if i % 2 else _escaped(x) for i, x in enumerate(parts))


def _escaped(text: str) -> str:
    return "".join(_LATEX_SIGNS.get(sign, sign) for sign in text)
