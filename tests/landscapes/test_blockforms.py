"""Mirror of symcrit/landscapes/blockforms.py."""

import pytest
import sympy

from symcrit.arith.floats import FLOATS
from symcrit.landscapes.blockforms import write_eigenvalues
from symcrit.landscapes.blocks import hessian_blocks
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Kernel, Monomial, Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.patterns import Pattern


@pytest.mark.parametrize("kernel", [Relu(), Monomial(3)], ids=lambda x: x.name)
@pytest.mark.parametrize("text", ["k", "1+(k-1)", "2+(k-2)", "3+(k-3)"])
def test_the_formulas_are_the_eigenvalues_of_the_blocks(
    text: str, kernel: Kernel
) -> None:
    """Oracle: the blocks in doubles at a generic point, names written out."""
    land = Landscape(kernel, Structure.build(Pattern.parse(text)))
    found = write_eigenvalues(land)
    equations = land.reduced_equations()
    point = [-0.7 + 0.31 * i - 0.05 * i * i for i in range(len(equations.parameters))]
    written = equations.written_out(list(found.values()))
    values = dict(zip(equations.parameters, point, strict=True))
    at = land.at(FLOATS, point, {"k": 9.0})
    blocks = {
        block.component.name: block.entries[0][0] / block.norms[0]
        for block in hessian_blocks(at)
        if len(block.norms) == 1
    }

    assert set(found) == set(blocks)
    for name, expression in zip(found, written, strict=True):
        sizes = dict.fromkeys(expression.free_symbols - set(values), 9)
        shown = sympy.N(expression.subs(values).subs(sizes))
        assert float(shown) == pytest.approx(blocks[name], rel=1e-9)


def test_a_pattern_without_large_blocks_has_none() -> None:
    """Trivial points alone have the trivial component alone."""
    land = Landscape(Relu(), Structure.build(Pattern.parse("1+1")))

    assert {} == write_eigenvalues(land)
