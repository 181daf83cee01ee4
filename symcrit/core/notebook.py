r"""Small tables as notebooks show them, in HTML and in LaTeX.

Example:
    >>> html_table("k = 2", ["x"], [["<1"]])
    '<table><caption>k = 2</caption><tr><th>x</th></tr><tr><td>&lt;1</td></tr></table>'
    >>> print(latex_array([r"\text{x}"], [["1"], ["2"]]))
    $$\begin{array}{l}
    \text{x} \\
    \hline
    1 \\
    2
    \end{array}$$
"""

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["html_table", "latex_array"]


def html_table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]
) -> str:
    """Return a table of plain texts as HTML."""
    lines = [f"<caption>{escape(caption)}</caption>", _row(heads, "th")]
    lines += [_row(row, "td") for row in rows]
    return f"<table>{''.join(lines)}</table>"


def _row(cells: Sequence[str], tag: str) -> str:
    inside = "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells)
    return f"<tr>{inside}</tr>"


def latex_array(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of formulas as a display."""
    body = " \\\\\n".join(" & ".join(row) for row in rows)
    head = " & ".join(heads)
    shape = "l" * len(heads)
    return (
        f"$$\\begin{{array}}{{{shape}}}\n{head} \\\\\n\\hline\n{body}\n\\end{{array}}$$"
    )
