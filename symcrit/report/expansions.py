r"""Eigenvalues as LaTeX terms in powers of t, to be broken into lines elsewhere.

Example:
    >>> import symcrit
    >>> found = symcrit.family("A").spectrum_series(2)["x_1"].eigenvalues[0]
    >>> expansion_terms(found, width=12)
    ['\\frac{1}{4}', '-\\frac{1}{2 \\pi}', '-\\frac{1}{\\pi} t', 'O(t^{2})']
"""

from symcrit.arith.exact import Exact
from symcrit.catalog.spectra import Eigenvalue
from symcrit.core.expressions import Sum
from symcrit.report.coefficients import coefficient_pieces
from symcrit.report.formulas import approx_width
from symcrit.report.writing import power_latex, term_latex

__all__ = ["expansion_terms"]


def expansion_terms(found: Eigenvalue, *, width: float) -> list[str]:
    """Return the LaTeX of the known terms and of the O-term, to be added up.

    Args:
        found: an eigenvalue as a series.
        width: a coefficient that is wider, in em, is split into pieces.
    """
    terms: list[str] = []
    for exponent, number in found.terms:
        latex = term_latex(number, exponent)
        if isinstance(number, Exact) and exponent == 0:
            terms += _constant(number, width)
        elif isinstance(number, Exact) and approx_width(latex) > width:
            terms += _split(number, power_latex(exponent), width)
        else:
            terms.append(latex)
    return [*terms, f"O({power_latex(found.order)})"]


def _constant(number: Exact, width: float) -> list[str]:
    if isinstance(number.expression(), Sum):
        return coefficient_pieces(number, width=0)
    return coefficient_pieces(number, width=width)


def _split(number: Exact, power: str, width: float) -> list[str]:
    """The pieces of a coefficient, in brackets, times a power."""
    first, *others = coefficient_pieces(number, width=width)
    if not others:
        return [f"{first} {power}"]
    pieces = [rf"\bigl[{first}", *others]
    pieces[-1] += rf"\bigr] {power}"
    return pieces
