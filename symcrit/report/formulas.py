r"""Long formulas, broken into lines that fit a page.

No writer breaks a display formula by itself: LaTeX lets it run over the margin.  So the
lines are made here, from an estimate of how wide a formula will be.

Example:
    >>> print(aligned_sum("a_1", ["-1", r"\frac{4}{\pi} t^2", r"-t^3"]))
    a_1 = -1 + \frac{4}{\pi} t^2 - t^3
    >>> print(aligned_sum("a_1", ["-1", r"\frac{4}{\pi} t^2", r"-t^3"], width=6))
    \begin{aligned}
    a_1 &= -1 \\
    &\quad + \frac{4}{\pi} t^2 \\
    &\quad - t^3
    \end{aligned}
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

__all__ = [
    "LINE_WIDTH",
    "aligned_formulas",
    "aligned_sum",
    "approx_width",
    "long_sum",
    "plain_brackets",
]

LINE_WIDTH = 38.0
"""The width of a line that fits the PDF and the LaTeX page, in em."""

_DISPLAY_LINES = 10
"""A display with more lines could not be broken between pages."""

_LONG_DISPLAY_LINES = 24
"""The same for a single formula, which should be broken as seldom as possible."""

_BRACKET = re.compile(r"(\\left\(|\\right\))")
_TALL = re.compile(r"\\(frac|sqrt|sum|left)")
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[^\s]", re.DOTALL)
_FRACTIONS = {r"\frac", r"\dfrac", r"\tfrac", r"\binom"}
_SCRIPT = 0.7
_BEFORE_ARGUMENT = {
    **dict.fromkeys("^_", (0.0, _SCRIPT)),
    r"\sqrt": (0.85, 1.0),
    **dict.fromkeys((r"\operatorname", r"\mathrm", r"\mathcal", r"\text"), (0.0, 1.0)),
}
_INVISIBLE = r"\left \right \bigl \bigr \Bigl \Bigr \biggl \biggr \displaystyle \! &"
_WIDTHS = {
    **dict.fromkeys(_INVISIBLE.split(), 0.0),
    **dict.fromkeys("+-=<>", 1.22),
    **dict.fromkeys((r"\pm", r"\leq", r"\geq", r"\to", r"\in", r"\approx"), 1.3),
    **dict.fromkeys("()[]|!.:", 0.35),
    **dict.fromkeys("0123456789", 0.5),
    **dict.fromkeys(",;", 0.44),
    r"\,": 0.17,
    r"\;": 0.28,
    r"\ ": 0.33,
    r"\quad": 1.0,
    r"\qquad": 2.0,
    r"\cdot": 0.72,
    r"\sum": 1.45,
}
_LETTER = 0.57


def approx_width(formula: str) -> float:
    r"""Return about how wide a display formula is, in em; no bound.

    Args:
        formula: LaTeX without line breaks, of the kind that coefficients consist of.

    Example:
        >>> approx_width("1234")
        2.0
    """
    return _row(_TOKEN.findall(formula))


def aligned_sum(
    left: str,
    terms: Sequence[str],
    *,
    opening: str = "",
    closing: str = "",
    width: float = LINE_WIDTH,
) -> str:
    r"""Return the formula ``left = sum of the terms`` in lines that fit.

    A term is never broken; one that is wider than a line stands alone.

    Args:
        left: LaTeX of the left-hand side.
        terms: LaTeX of the terms; one that begins with ``-`` is subtracted.
        opening: what stands before the sum, such as ``\frac{1}{\pi^2} \bigl(``.
        closing: what stands after it, such as ``\bigr) t^4``.
        width: the width of a line in em.

    Returns:
        LaTeX for a display, with an ``aligned`` environment if there is more than one
        line; no line begins with a sign, so that Markdown takes none for a list.

    Example:
        >>> aligned_sum("x", ["1", "2"], opening=r"3 (", closing=")^2")
        'x = 3 ( 1 + 2 )^2'
    """
    lines = _lines(left, terms, opening, closing, width)
    if len(lines) == 1:
        return f"{left} = {lines[0]}"
    return _aligned([_rows(left, lines)])


def long_sum(
    left: str, terms: Sequence[str], *, width: float = LINE_WIDTH
) -> list[str]:
    r"""Return the formula ``left = sum of the terms`` in displays that fit a page.

    Args:
        left: LaTeX of the left-hand side.
        terms: LaTeX of the terms; one that begins with ``-`` is subtracted.
        width: the width of a line in em.

    Returns:
        LaTeX for one display, or for several that continue each other.

    Example:
        >>> long_sum("x", ["1", "2"])
        ['x = 1 + 2']
        >>> displays = long_sum("x", ["y" * 60] * 50)
        >>> [display.count("yyy") > 0 for display in displays]
        [True, True, True]
    """
    lines = _lines(left, terms, "", "", width)
    if len(lines) <= _LONG_DISPLAY_LINES:
        return [aligned_sum(left, terms, width=width)]
    parts = [
        lines[i : i + _LONG_DISPLAY_LINES]
        for i in range(0, len(lines), _LONG_DISPLAY_LINES)
    ]
    rest = [
        _aligned([" \\\\\n".join(f"&\\quad {x}" for x in part)]) for part in parts[1:]
    ]
    return [_aligned([_rows(left, parts[0])]), *rest]


def aligned_formulas(
    formulas: Sequence[tuple[str, Sequence[str]]],
    *,
    width: float = LINE_WIDTH,
    in_columns: bool = True,
) -> list[str]:
    r"""Return formulas ``left = sum of the terms`` below each other, in short displays.

    Args:
        formulas: LaTeX of the left-hand sides, and of the terms of the right-hand ones.
        width: the width of a line in em.
        in_columns: whether two neighbours that are narrow stand side by side.

    Returns:
        LaTeX for displays of at most ten lines or of one formula.

    Example:
        >>> print(aligned_formulas([("x", ["1"]), ("y", ["2", "-x"])])[0])
        \begin{aligned}
        x &= 1, & \qquad y &= 2 - x
        \end{aligned}
    """
    groups: list[list[str]] = []
    before = None
    for narrow, run in _runs(formulas, width if in_columns else 0.0, width):
        rows = [_rows(*formula) for formula in run]
        if narrow:
            rows = [
                ", & \\qquad ".join(rows[i : i + 2]) for i in range(0, len(rows), 2)
            ]
        for row in rows:
            full = bool(groups) and _count([*groups[-1], row]) > _DISPLAY_LINES
            if full or narrow is not before:
                groups.append([])
            before = narrow
            groups[-1].append(row)
    return [_aligned(group) for group in groups]


def _runs(
    formulas: Sequence[tuple[str, Sequence[str]]], two: float, width: float
) -> Iterator[tuple[bool, list[tuple[str, list[str]]]]]:
    """Runs of formulas, two of which fit a width, and of formulas that are wider."""
    broken = [(left, _lines(left, terms, "", "", width)) for left, terms in formulas]
    runs = [
        (narrow, list(run))
        for narrow, run in groupby(broken, lambda x: _is_narrow(*x, width=two))
    ]
    for narrow, run in runs:
        yield narrow and (len(run) > 1 or len(runs) == 1), run


def _is_narrow(left: str, lines: Sequence[str], *, width: float) -> bool:
    return len(lines) == 1 and approx_width(f"{left} = {lines[0]}") <= width / 2 - 2


def plain_brackets(formula: str) -> str:
    r"""Return the formula with growing parentheses made plain where nothing is tall.

    Example:
        >>> plain_brackets(r"\left(k - 1\right) \left(1 + \frac{1}{\pi}\right)")
        '(k - 1) \\left(1 + \\frac{1}{\\pi}\\right)'
    """
    out: list[str] = []
    opened: list[int] = []
    for piece in _BRACKET.split(formula):
        if piece.startswith(r"\left("):
            opened.append(len(out))
        elif piece.startswith(r"\right)") and opened:
            start = opened.pop()
            if not _TALL.search("".join(out[start + 1 :])):
                out[start] = "("
                out[start + 1] = out[start + 1].lstrip()
                out[-1] = out[-1].rstrip()
                out.append(")")
                continue
        out.append(piece)
    return "".join(out)


def _lines(
    left: str, terms: Sequence[str], opening: str, closing: str, width: float
) -> list[str]:
    pieces = [_signed(term, first=i == 0) for i, term in enumerate(terms)] or ["0"]
    pieces[0] = f"{opening} {pieces[0]}".strip()
    pieces[-1] = f"{pieces[-1]} {closing}".strip()
    indent = approx_width(rf"{left} =")
    lines = [pieces[0]]
    filled = indent + approx_width(pieces[0])
    for piece in pieces[1:]:
        needed = approx_width(piece)
        if filled + needed <= width:
            lines[-1] += f" {piece}"
            filled += needed
        else:
            lines.append(piece)
            filled = indent + 1 + needed
    return lines


def _rows(left: str, lines: Sequence[str]) -> str:
    body = " \\\\\n&\\quad ".join(lines)
    return f"{left} &= {body}"


def _count(rows: Sequence[str]) -> int:
    return sum(row.count("\n") + 1 for row in rows)


def _aligned(rows: Sequence[str]) -> str:
    body = " \\\\\n".join(rows)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def _signed(term: str, *, first: bool) -> str:
    text = term.strip()
    if first:
        return text
    return f"- {text[1:].lstrip()}" if text.startswith("-") else f"+ {text}"


def _row(tokens: list[str]) -> float:
    total = 0.0
    while tokens:
        total += _atom(tokens)
    return total


def _atom(tokens: list[str]) -> float:
    """Take one atom off the front of the list and return its width."""
    token = tokens.pop(0)
    if token == "{":
        return _row(_rest_of_group(tokens))
    if token in _FRACTIONS:
        parts = (_argument(tokens), _argument(tokens))
        return max(parts) * (_SCRIPT if token == r"\tfrac" else 1.0) + 0.2
    if token in _BEFORE_ARGUMENT:
        added, factor = _BEFORE_ARGUMENT[token]
        return added + factor * _argument(tokens)
    return _WIDTHS.get(token, _LETTER)


def _argument(tokens: list[str]) -> float:
    return _atom(tokens) if tokens else 0.0


def _rest_of_group(tokens: list[str]) -> list[str]:
    depth, inside = 1, []
    while tokens:
        token = tokens.pop(0)
        depth += {"{": 1, "}": -1}.get(token, 0)
        if depth == 0:
            break
        inside.append(token)
    return inside
