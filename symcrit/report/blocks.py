r"""The matrix of weights as a picture of blocks, in LaTeX.

Example:
    >>> print(block_picture(Pattern.parse("1+(k-1)"), str))
    \begin{pmatrix}
    a_1 & m_1_2 & \cdots & m_1_2 \\
    m_2_1 & a_2 & \cdots & o_2 \\
    \vdots & \vdots & \ddots & \vdots \\
    m_2_1 & o_2 & \cdots & a_2
    \end{pmatrix}
"""

from collections.abc import Callable, Sequence

from symcrit.symmetry.patterns import Block, Pattern

__all__ = ["block_picture", "group_latex", "pattern_text"]

_FEW = 3
"""A block of so many rows or columns is written out."""


def block_picture(pattern: Pattern, latex: Callable[[str], str]) -> str:
    r"""Return W with the names of its parameters as a ``pmatrix``.

    A block of many rows or columns shows its first and last one, and dots.

    Args:
        pattern: the pattern.
        latex: the LaTeX of a parameter's name.
    """
    names = {(q.row, q.column, q.kind): latex(q.name) for q in pattern.parameters}
    lines = []
    for b, row in enumerate(pattern.rows):
        for i in _places(pattern, row):
            cells = []
            for c, column in enumerate(pattern.columns):
                same = row.group is not None and row.group == column.group
                for j in _places(pattern, column):
                    if i is None or j is None:
                        cells.append(_dots(i, j, same=same))
                    else:
                        kind = ("d" if i == j else "o") if same else "m"
                        cells.append(names[b, c, kind])
            lines.append(" & ".join(cells))
    body = " \\\\\n".join(lines)
    return f"\\begin{{pmatrix}}\n{body}\n\\end{{pmatrix}}"


def _places(pattern: Pattern, block: Block) -> Sequence[int | None]:
    """The rows of a block that are written; None for dots."""
    size = pattern.size_of(block)
    if size.is_constant and size.const <= _FEW:
        return range(int(size.const))
    return (0, None, -1)


def _dots(i: int | None, j: int | None, *, same: bool) -> str:
    if i is None and j is None:
        return r"\ddots" if same else r"\vdots"
    return r"\vdots" if i is None else r"\cdots"


def group_latex(pattern: Pattern) -> str:
    r"""Return the group of a pattern, as it permutes rows and columns.

    Example:
        >>> group_latex(Pattern.parse("1+(k-1)")), group_latex(Pattern.parse("2+(k-2)"))
        ('\\Delta S_{k-1}', '\\Delta(S_{2} \\times S_{k-2})')
    """
    used = [b.group for b in (*pattern.rows, *pattern.columns) if b.group is not None]
    factors = [f"S_{{{pattern.sizes[name]}}}" for name in dict.fromkeys(used)]
    product = r" \times ".join(factors) or "1"
    if not pattern.diagonal or not factors:
        return product
    return rf"\Delta {product}" if len(factors) == 1 else rf"\Delta({product})"


def pattern_text(pattern: Pattern) -> str:
    """Return a pattern with numbers in place of all variables but those of the sizes.

    Example:
        >>> from fractions import Fraction
        >>> pattern_text(Pattern.parse("p+(k-p)", {"p": Fraction(3)}))
        '3+(k-3)'
    """
    if not pattern.diagonal:
        return pattern.text
    sizes = [str(pattern.size_of(block)) for block in pattern.rows]
    return "+".join(x if x.isalnum() else f"({x})" for x in sizes)
