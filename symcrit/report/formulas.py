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
from collections.abc import Sequence

__all__ = ["LINE_WIDTH", "aligned_sum", "approx_width"]

LINE_WIDTH = 38.0
"""The width of a line that fits the PDF and the LaTeX page, in em."""

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
    if len(lines) == 1:
        return f"{left} = {lines[0]}"
    body = " \\\\\n&\\quad ".join(lines)
    return f"\\begin{{aligned}}\n{left} &= {body}\n\\end{{aligned}}"


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
