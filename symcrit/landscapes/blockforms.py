"""Eigenvalues of the Hessian as a mathematician writes them.

A component with one copy has one eigenvalue, the quotient of two numbers: the Hessian
on its adapted matrix, and the squared norm of that.  Evaluated at named Gram data it is
a closed formula in the norms, inner products, sines, angles and factors of the reduced
equations, valid for all sizes.

Derivations: derivations/hessian.md.
"""

from typing import Any, TypeAlias

import sympy

from symcrit.landscapes.blocks import hessian_blocks
from symcrit.landscapes.equations import NamedGrams, named_radial
from symcrit.landscapes.reduced import Landscape, Reduced
from symcrit.symmetry.components import Decomposition, decompose

__all__ = ["write_eigenvalues"]

Expr: TypeAlias = Any


class _Named(Reduced[Expr]):
    """The landscape at named Gram data, with names for the factors of neurons too."""

    def __init__(self, landscape: Landscape, grams: NamedGrams) -> None:
        super().__init__(landscape, grams)
        self._plain = Reduced(landscape, grams)
        self._named = grams

    def radial(self, block: int) -> Expr:
        """Half the factor of w in the gradient at a neuron w of a block."""
        return named_radial(self._plain, self._named, block)


def write_eigenvalues(landscape: Landscape) -> dict[str, Expr]:
    """The eigenvalues of the components that have one copy only, as sympy expressions.

    Args:
        landscape: the landscape; names are those of its ``reduced_equations``.

    Example:
        >>> from symcrit.landscapes.gram import Structure
        >>> from symcrit.landscapes.kernels import Monomial
        >>> from symcrit.symmetry.patterns import Pattern
        >>> land = Landscape(Monomial(2), Structure.build(Pattern.parse("k")))
        >>> for name, value in write_eigenvalues(land).items():
        ...     print(name, value)
        x_1 2*(N_w1 - c_w1_w1prime - 1)
        y_1 2*(N_w1 + 2*a_1**2 - 4*a_1*o_1 - c_w1_w1prime + 2*o_1**2 - 1)
    """
    pattern = landscape.structure.pattern
    single = tuple(
        component
        for component in decompose(pattern).components
        if len(component.copies) == 1 and component.factors
    )
    at = _Named(landscape, NamedGrams(landscape.structure))
    found = {}
    for block in hessian_blocks(at, Decomposition(pattern, single)):
        value = block.entries[0][0] / block.norms[0]
        found[block.component.name] = _by_denominators(value)
    return found


def _by_denominators(value: Expr) -> Expr:
    """The terms with one denominator together, each sum factored."""
    sums: dict[Expr, Expr] = {}
    for term in sympy.Add.make_args(sympy.expand(value)):
        above, below = sympy.fraction(term)
        number, rest = below.as_coeff_Mul()
        sums[rest] = sums.get(rest, sympy.Integer(0)) + above / number
    return sympy.Add(*(sympy.factor(above / below) for below, above in sums.items()))
