"""The blocks of the Hessian along a family, as matrices of exact series.

A block is the pair of a symmetric matrix A and a diagonal matrix N of norms, which are
polynomials in the sizes.  With d_i half the order in which the i-th norm grows, the
matrix B_ij = t^(d_j - d_i) A_ij / N_i has the eigenvalues of the Hessian on the
component.  It is selfadjoint for the inner product with the numbers t^(2 d_i) N_i,
which tend to positive constants, as the splitting of eigenvalues asks for.

Derivations: derivations/spectrum.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.core.errors import UndecidedError
from symcrit.landscapes.blocks import HessianBlock, hessian_blocks
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.splitting import EigenvalueGroup, split_eigenvalues
from symcrit.symmetry.components import Component, Decomposition

__all__ = ["ExpandedBlock", "expand_spectrum", "regular_matrix"]

_SPARE_TERMS = 4
"""Terms kept beyond the order asked for and the growth of a block."""


@dataclass(frozen=True)
class ExpandedBlock:
    """The eigenvalues of the Hessian on one isotypic component, as series.

    Attributes:
        component: the component.
        groups: the eigenvalues; their counts add up to the number of copies.
    """

    component: Component
    groups: tuple[EigenvalueGroup, ...]


def expand_spectrum(
    landscape: Landscape,
    point: Sequence[Series],
    variables: Mapping[str, Series],
    order: int,
    decomposition: Decomposition | None = None,
) -> list[ExpandedBlock]:
    """The eigenvalues of every block along a branch, to O(u^order) or what is known.

    Args:
        landscape: the landscape.
        point: the parameters as series in a variable u, with O-terms.
        variables: the variables of the sizes, which are exact series in u.
        order: the exponent of u from which on nothing need be known.
        decomposition: the components; by default those of large sizes.
    """
    start = Domain.start(1)
    for x in (*point, *variables.values()):
        start = start.joined(x.domain)
    growth = -2 * min((x.v for x in variables.values()), default=0)
    length = max(order + growth + _SPARE_TERMS, 1)

    def action(domain: Domain) -> list[HessianBlock[Series]]:
        domain = domain.with_length(length)
        lifted = [x.in_domain(domain) for x in point]
        sizes = {name: x.in_domain(domain) for name, x in variables.items()}
        at = landscape.at(Expansions(domain), lifted, sizes)
        return hessian_blocks(at, decomposition)

    blocks, domain = retry_in_larger_domain(start, action)
    found = []
    for block in blocks:
        matrix = [[x.big_o(order) for x in row] for row in regular_matrix(block)]
        groups, domain = split_eigenvalues(matrix, domain.with_length(length))
        found.append(ExpandedBlock(block.component, tuple(groups)))
    return found


def regular_matrix(block: HessianBlock[Series]) -> list[list[Series]]:
    """A matrix of series with the eigenvalues of the Hessian on the component.

    It is selfadjoint for an inner product that is regular at t = 0.

    Raises:
        UndecidedError: a norm is not positive for large sizes.
    """
    if not all(norm.is_known and norm.sign() > 0 for norm in block.norms):
        message = f"a matrix of component {block.component.name} has no positive norm"
        raise UndecidedError(message, hint="the sizes should grow with k")
    if any(norm.v % 2 for norm in block.norms):
        message = f"a norm of component {block.component.name} grows like a root of k"
        raise UndecidedError(message, hint="sizes should be affine in k")
    lib = Expansions(block.norms[0].domain)
    halves = [-norm.v // 2 for norm in block.norms]
    return [
        [
            (x / norm).reduced() * lib.t_power(right - left)
            for x, right in zip(row, halves, strict=True)
        ]
        for row, norm, left in zip(block.entries, block.norms, halves, strict=True)
    ]
