r"""The Hessian as one small symmetric matrix for each isotypic component.

Write L(W) = 1/2 sum_i own(a_i) + sum_{i<j} kappa(a_i, a_j, c_ij)
- sum_ij kappa(a_i, b_j, c_ij) + const.  Along W + e U the squared norm a_i moves by
2 e <w_i, u_i> + e^2 <u_i, u_i>, the inner product of two neurons by
e (<w_i, u_j> + <u_i, w_j>) + e^2 <u_i, u_j>.  Hence for two directions U, U'

    D^2 L(U, U') = sum_i (2 radial_i <u_i, u'_i> + own''(a_i)/2 da_i(U) da_i(U'))
                 + sum_{i<j} kappa_c (<u_i, u'_j> + <u'_i, u_j>)
                 + sum over pairs of +- D^2 kappa (differential of U, of U')

where radial_i collects the first derivatives by the norm of w_i, and D^2 kappa, a sum
of squares weight (p da + q db + r dc)^2, is taken at da = 2 <w_i, u_i>, db = 2 <w_j,
u_j> (zero for a target) and dc = <w_i, u_j> + <u_i, w_j> (the latter for a target).

For adapted matrices all of these are constant on the orbits of the stabiliser of a few
labelled points, so a block is a sum over labelled orbits.  What does not depend on the
point of the fixed space (counts, and the linear forms da, db, dc in the parameters) is
worked out once per component; what is left to do at a point does not grow with any
size.

Derivations: derivations/hessian.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from symcrit.arith.protocol import Element
from symcrit.landscapes.gram import Entry
from symcrit.landscapes.kernels import Square
from symcrit.landscapes.plans import BlockPlan, Row, Table, plan_block
from symcrit.landscapes.reduced import Reduced
from symcrit.symmetry.components import Component, Decomposition, decompose

__all__ = ["HessianBlock", "hessian_blocks"]

T = TypeVar("T", bound=Element)


@dataclass(frozen=True)
class HessianBlock(Generic[T]):
    """The Hessian on one isotypic component, in its adapted matrices u_1, u_2, ...

    The eigenvalues of the Hessian on the component are the solutions of
    ``entries x = lambda diag(norms) x``, each as often as the dimension of the
    component says.

    Attributes:
        component: the component.
        entries: D^2 L(u_a, u_b), a symmetric matrix.
        norms: the squared norms of the u_a; they are orthogonal to each other.
    """

    component: Component
    entries: list[list[T]]
    norms: list[T]


def hessian_blocks(
    at: Reduced[T], decomposition: Decomposition | None = None
) -> list[HessianBlock[T]]:
    """The blocks of the Hessian at a point of the fixed space.

    Args:
        at: the landscape at the point; the point need not be critical.
        decomposition: the components to compute; by default all that the pattern has
            when sizes with variables are large.

    Example:
        >>> from symcrit.arith.floats import FLOATS
        >>> from symcrit.landscapes.gram import Structure
        >>> from symcrit.landscapes.kernels import Monomial
        >>> from symcrit.landscapes.reduced import Landscape
        >>> from symcrit.symmetry.patterns import Pattern
        >>> land = Landscape(Monomial(2), Structure.build(Pattern.parse("k")))
        >>> for block in hessian_blocks(land.at(FLOATS, [1.0, 0.0], {"k": 5.0})):
        ...     print(block.component.name, block.entries, block.norms)
        1 [[20.0, 0.0], [0.0, 80.0]] [5.0, 20.0]
        s_1 [[8.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 48.0]] [2.0, 20.0, 12.0]
        x_1 [[0.0]] [6.0]
        y_1 [[32.0]] [8.0]
    """
    structure = at.landscape.structure
    if decomposition is None:
        decomposition = decompose(structure.pattern)
    radial = [at.radial(block) for block in range(len(structure.pattern.rows))]
    squares = {
        pair.label: at.squares(pair) for pair in structure.pairs if pair.kinds != "vv"
    }
    target = tuple(sorted(structure.target.items()))
    blocks = []
    for component in decomposition.components:
        plan = plan_block(structure.pattern, target, component)
        sums = _Sums(plan, at)
        sums.add_neurons(radial)
        sums.add_pairs(squares)
        blocks.append(sums.block())
    return blocks


class _Sums(Generic[T]):
    """The entries of one block, summed up term by term."""

    def __init__(self, plan: BlockPlan, at: Reduced[T]) -> None:
        self.plan = plan
        self.at = at
        self.counts = [
            count.evaluate(at.lib, at.grams.variables) for count in plan.polynomials
        ]
        self.forms = [self._form(form) for form in plan.forms]
        copies = range(len(plan.component.copies))
        self.entries = [[at.lib.exact(0) for _ in copies] for _ in copies]

    def _form(self, form: Sequence[tuple[Entry | None, int]]) -> T:
        total = self.at.lib.exact(0)
        for entry, number in form:
            value = self.counts[number]
            if isinstance(entry, int):
                value = value * self.at.grams.point[entry]
            total = total + value
        return total

    def add_neurons(self, radial: Sequence[T]) -> None:
        """Add the terms of single neurons."""
        at, lib = self.at, self.at.lib
        only_a = (lib.exact(1), lib.exact(0), lib.exact(0))
        for block, factor in enumerate(radial):
            self._add_table(2 * factor, self.plan.overlaps[block])
            norm = at.grams.norms["w", block]
            own = at.landscape.kernel.own_second(lib, norm) / 2
            self._add_square((own, only_a), self.plan.own[block])

    def add_pairs(self, squares: Mapping[str, Sequence[Square[T]]]) -> None:
        """Add the terms of pairs of neurons, and of neurons and targets."""
        for pair in self.at.landscape.structure.pairs:
            if pair.label in self.plan.crossings:
                slope = pair.sign * self.at.first(pair)[2]
                self._add_table(slope, self.plan.crossings[pair.label])
            for weight, differential in squares.get(pair.label, ()):
                square = (pair.sign * weight, differential)
                self._add_square(square, self.plan.rows[pair.label])

    def _add_table(self, factor: T, table: Table) -> None:
        for a, b, number in table:
            self.entries[a][b] = self.entries[a][b] + factor * self.counts[number]

    def _add_square(self, square: Square[T], rows: Sequence[Row]) -> None:
        weight, differential = square
        for row in rows:
            factor = weight * self.counts[row.count]
            values = [
                (copy, self._combine(differential, numbers))
                for copy, numbers in row.parts
            ]
            for place, (a, x) in enumerate(values):
                scaled = factor * x
                for b, y in values[place:]:
                    self.entries[a][b] = self.entries[a][b] + scaled * y

    def _combine(self, differential: Sequence[T], numbers: Sequence[int | None]) -> T:
        """The value p da + q db + r dc; at least one of the forms is not zero."""
        first, *others = (
            factor * self.forms[number]
            for factor, number in zip(differential, numbers, strict=True)
            if number is not None
        )
        for term in others:
            first = first + term
        return first

    def block(self) -> HessianBlock[T]:
        """The symmetric matrix of the sums."""
        copies = range(len(self.entries))
        entries = [[self.entries[min(a, b)][max(a, b)] for b in copies] for a in copies]
        norms = [self.counts[number] for number in self.plan.norms]
        return HessianBlock(self.plan.component, entries, norms)
