r"""Eigenvalues as LaTeX, in powers of k, on lines that fit into a table.

Example:
    >>> from symcrit.catalog.families import family
    >>> x = family("A").spectrum_series(2)["s_1"].eigenvalues[-1]
    >>> eigenvalue_lines(x, width=30)
    ['\\frac{1}{4} k + \\frac{1}{4} -\\frac{1}{\\pi} k^{-1/2} + O(k^{-1})']
"""

from collections.abc import Iterator
from fractions import Fraction

from symcrit.arith.exact import Exact
from symcrit.catalog.spectra import Coefficient, Eigenvalue
from symcrit.core.expressions import Sum
from symcrit.report.coefficients import coefficient_lines
from symcrit.report.formulas import approx_width
from symcrit.report.writing import coefficient_latex

__all__ = ["eigenvalue_lines", "size_power"]


def size_power(exponent: Fraction) -> str:
    r"""Return the power of k that a power of t is, in LaTeX.

    Args:
        exponent: of t = k^(-1/2).

    Example:
        >>> [size_power(Fraction(n)) for n in (-2, 0, 1, 2)]
        ['k', '', 'k^{-1/2}', 'k^{-1}']
    """
    power = -exponent / 2
    if power == 0:
        return ""
    return "k" if power == 1 else f"k^{{{power}}}"


def eigenvalue_lines(x: Eigenvalue, *, width: float) -> list[str]:
    """Return the known terms and the O-term, on lines about as wide as asked.

    Args:
        x: the eigenvalue.
        width: of a line, in em.
    """
    pieces = [piece for n, c in x.terms for piece in _term(c, size_power(n), width)]
    pieces.append(f"O({size_power(x.order) or '1'})")
    lines: list[str] = []
    filled = 0.0
    for piece in pieces:
        needed = approx_width(piece)
        signed = piece
        if lines and not piece.startswith(("-", "{}")):
            signed = f"+ {piece}"
        if lines and filled + needed + 1 <= width:
            lines[-1] += f" {signed}"
            filled += needed + 1
        else:
            lines.append(f"{{}} {signed}" if lines else signed)
            filled = needed + 1
    return lines


def _term(c: Coefficient, power: str, width: float) -> Iterator[str]:
    """A term, in pieces if the coefficient is wide."""
    if not isinstance(c, Exact):
        yield f"{coefficient_latex(c)} {power}".strip()
        return
    lines = coefficient_lines(c, width=width)
    if not power:
        yield from lines
    elif c == 1:
        yield power
    elif len(lines) > 1:
        yield rf"\bigl[ {lines[0]}"
        yield from lines[1:-1]
        yield rf"{lines[-1]} \bigr] {power}"
    elif isinstance(c.expression(), Sum):
        yield rf"\left({lines[0]}\right) {power}"
    else:
        yield f"{lines[0]} {power}"
