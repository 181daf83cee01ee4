r"""The square system of a threshold: where a block of the Hessian is singular.

With the parameters xi, the number k and the coordinates y of a vector n = Q y in the
kernel of a block H as unknowns,

    F(xi, k) = 0,        H(xi, k) Q y = 0,        y_r = 1.

Q is any exact invertible matrix; with approximate eigenvectors as its columns the other
coordinates of the kernel are small.

Derivations: derivations/thresholds.md.

Source:
    Moore and Spence, SIAM J. Numer. Anal. 17 (1980) 567-576.
"""

from collections.abc import Sequence

from flint import arb, arb_mat

from symcrit.arith.balls import BALLS
from symcrit.arith.jets import Jets
from symcrit.certify.krawczyk import column_of
from symcrit.landscapes.blocks import hessian_blocks
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.components import Component, Decomposition

__all__ = ["Bordered"]


class Bordered:
    """The system for the parameters, k and the kernel vector of one block.

    Args:
        landscape: the landscape; its sizes depend on k only.
        component: the component whose block is singular.
        fixed: r.
        basis: Q; by default the identity.
    """

    def __init__(
        self,
        landscape: Landscape,
        component: Component,
        fixed: int,
        basis: arb_mat | None = None,
    ) -> None:
        self.landscape = landscape
        self.only = Decomposition(landscape.structure.pattern, (component,))
        self.size = len(landscape.orbit_counts)
        self.fixed = fixed
        n = len(component.copies)
        self.free = [j for j in range(n) if j != fixed]
        identity = arb_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])
        self.basis = identity if basis is None else basis

    def _kernel(self, column: arb_mat) -> list[arb]:
        """The vector n."""
        rest = [column[i, 0] for i in range(self.size + 1, column.nrows())]
        y = column_of([*rest[: self.fixed], arb(1), *rest[self.fixed :]])
        return list((self.basis * y).entries())

    def value(self, column: arb_mat) -> arb_mat:
        """F and H n."""
        point = [column[i, 0] for i in range(self.size)]
        at = self.landscape.at(BALLS, point, {"k": column[self.size, 0]})
        (block,) = hessian_blocks(at, self.only)
        image = arb_mat(block.entries) * column_of(self._kernel(column))
        return column_of([*at.gradient(), *image.entries()])

    def jacobian(self, column: arb_mat) -> arb_mat:
        """The derivatives by the parameters, k, and the free entries of y."""
        jets: Jets[arb] = Jets(BALLS)
        directions = [str(i) for i in range(self.size)] + ["k"]
        variables = jets.variables(
            [(name, column[i, 0]) for i, name in enumerate(directions)]
        )
        at = self.landscape.at(jets, variables[:-1], {"k": variables[-1]})
        (block,) = hessian_blocks(at, self.only)
        kernel = self._kernel(column)
        rows = [
            [jets.slope(g, d) for d in directions] + [arb(0)] * len(self.free)
            for g in at.gradient()
        ]
        for entries in block.entries:
            moved = [
                _dot([jets.slope(h, d) for h in entries], kernel) for d in directions
            ]
            turned = arb_mat([[h.value for h in entries]]) * self.basis
            rows.append(moved + [turned[0, j] for j in self.free])
        return arb_mat(rows)


def _dot(x: Sequence[arb], y: Sequence[arb]) -> arb:
    return sum((a * b for a, b in zip(x, y, strict=True)), arb(0))
