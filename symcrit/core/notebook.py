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

import re
from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["decimal_latex", "html_table", "latex_array"]

_SCIENTIFIC = re.compile(r"(-?[0-9.]+)[eE]([+-]?[0-9]+)")


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


def decimal_latex(text: str) -> str:
    r"""Return a decimal number in LaTeX, with a power of ten for an exponent.

    Example:
        >>> decimal_latex("-1.5e-12"), decimal_latex("0.25")
        ('-1.5 \\cdot 10^{-12}', '0.25')
    """
    found = _SCIENTIFIC.fullmatch(text)
    return text if found is None else rf"{found[1]} \cdot 10^{{{int(found[2])}}}"
