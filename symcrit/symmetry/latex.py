r"""Components and sizes in LaTeX.

Example:
    >>> component_latex("s_1*s_2"), component_latex("1")
    ('s_{1} \\otimes s_{2}', '1')
"""

from symcrit.core.expressions import Name, Number, Quotient, parse, to_latex

__all__ = ["component_latex", "polynomial_latex"]

_SIZES = ("k", "d", "n", "p")
"""The letters that stand for sizes."""


def component_latex(name: str) -> str:
    """Return the LaTeX of the name of an isotypic component."""
    factors = [to_latex(Name(x)) if x != "1" else x for x in name.split("*")]
    return r" \otimes ".join(factors)


def polynomial_latex(text: str) -> str:
    r"""Return the LaTeX of a polynomial in the sizes, low enough for a table.

    Example:
        >>> polynomial_latex("(k - 2)*(k - 3)/2")
        '\\tfrac{1}{2} \\left(k - 2\\right) \\left(k - 3\\right)'
    """
    tree = parse(text, names=_SIZES)
    if isinstance(tree, Quotient) and not isinstance(tree.numerator, Number):
        below = to_latex(tree.denominator)
        return rf"\tfrac{{1}}{{{below}}} {to_latex(tree.numerator)}"
    return to_latex(tree)
