r"""Exact numbers as LaTeX, long ones in pieces that a line can be broken between.

A coefficient of a high order is a quotient with a polynomial of twenty terms above the
line.  It is written as a short factor times a bracket, and the terms of the bracket are
the pieces.

Example:
    >>> from symcrit.catalog.numbers import exact_number
    >>> x = exact_number("-2*(pi**7 + 10*pi - 5)/(3*pi**6*(pi - 2))")
    >>> print(x.latex)
    -\frac{2 \left(\pi^{7} + 10 \pi - 5\right)}{3 \pi^{6} \left(\pi - 2\right)}
    >>> for piece in coefficient_pieces(x, width=4):
    ...     print(piece)
    -\frac{2}{3 \pi^{6} \left(\pi - 2\right)} \bigl(\pi^{7}
    10 \pi
    -5 \bigr)
"""

from collections.abc import Iterator
from fractions import Fraction

from symcrit.arith.exact import Exact
from symcrit.core.expressions import (
    Expression,
    Number,
    Product,
    Quotient,
    Sum,
    to_latex,
)
from symcrit.report.formulas import approx_width

__all__ = ["coefficient_lines", "coefficient_pieces", "fits"]

_ONE = Number(Fraction(1))
_MINUS_ONE = Number(Fraction(-1))


def fits(number: Exact, width: float) -> bool:
    """Return whether a number is about as wide as a line or less.

    Args:
        number: an exact number.
        width: of the line, in em.

    Example:
        >>> fits(Exact.pi(), 1.0)
        True
    """
    return approx_width(number.latex) <= width


def coefficient_pieces(number: Exact, *, width: float) -> list[str]:
    """Return LaTeX terms whose sum is the number.

    Args:
        number: an exact number.
        width: what is no wider than this, in em, stays in one piece.

    Returns:
        The terms, at least one; a negative one begins with its sign.  A bracket may be
        opened in one piece and closed in a later one.
    """
    return list(_pieces(number.expression(), width))


def coefficient_lines(number: Exact, *, width: float) -> list[str]:
    r"""Return the number as lines, each at most about as wide as asked.

    Args:
        number: an exact number.
        width: of a line, in em; a single term that is wider stands alone.

    Returns:
        At least one line; one that begins with a term that is added begins with its
        sign, after an empty group ``{}`` that makes it a sign between two terms.

    Example:
        >>> coefficient_lines(Exact.rational(2) + 4 / Exact.pi(), width=2)
        ['2', '{} + \\frac{4}{\\pi}']
    """
    lines: list[str] = []
    filled = 0.0
    for piece in coefficient_pieces(number, width=width):
        needed = approx_width(piece)
        if not lines:
            lines.append(piece)
            filled = needed
            continue
        signed = f"- {piece[1:].lstrip()}" if piece.startswith("-") else f"+ {piece}"
        if filled + needed + 1 <= width:
            lines[-1] += f" {signed}"
            filled += needed + 1
        else:
            lines.append(f"{{}} {signed}")
            filled = needed + 1
    return lines


def _pieces(expression: Expression, width: float) -> Iterator[str]:
    text = to_latex(expression)
    if approx_width(text) <= width:
        yield text
    elif isinstance(expression, Sum):
        for term in expression.terms:
            yield from _pieces(term, width)
    else:
        yield from _bracketed(expression, text)


def _bracketed(expression: Expression, text: str) -> Iterator[str]:
    """A product with a long sum in it: the rest times the sum, term by term."""
    above, below = _factors(expression)
    sums = [factor for factor in above if isinstance(factor, Sum)]
    if not sums:
        yield text
        return
    longest = max(sums, key=lambda factor: approx_width(to_latex(factor)))
    above.remove(longest)
    opening = _opening(above, below)
    *terms, last = [to_latex(term) for term in longest.terms]
    terms[0] = rf"{opening} \bigl({terms[0]}".strip()
    yield from terms
    yield rf"{last} \bigr)"


def _opening(above: list[Expression], below: list[Expression]) -> str:
    if below:
        return to_latex(Quotient(_product(above), _product(below)))
    if above in ([], [_ONE]):
        return ""
    return "-" if above == [_MINUS_ONE] else to_latex(Product(tuple(above)))


def _product(factors: list[Expression]) -> Expression:
    if not factors:
        return _ONE
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def _factors(expression: Expression) -> tuple[list[Expression], list[Expression]]:
    """What stands above and below the line; the empty product is 1."""
    match expression:
        case Product(factors):
            parts = [_factors(factor) for factor in factors]
            above = [x for part in parts for x in part[0]]
            below = [x for part in parts for x in part[1]]
            return [x for x in above if x != _ONE] or [_ONE], below
        case Quotient(numerator, denominator):
            over, under = _factors(numerator), _factors(denominator)
            return over[0] + under[1], over[1] + under[0]
        case _:
            return [expression], []
