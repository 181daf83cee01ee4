"""Mirror of symcrit/certify/bordered.py."""

import pytest
from flint import arb, arb_mat

import symcrit
from symcrit.arith.precision import working_precision
from symcrit.certify.bordered import Bordered
from symcrit.certify.krawczyk import column_of
from symcrit.symmetry.components import decompose


@pytest.mark.parametrize("basis", [None, arb_mat([[1, 2, 0], [0, 1, 3], [1, 0, 1]])])
def test_the_bordered_jacobian_is_a_derivative(basis: arb_mat | None) -> None:
    """Oracle: central differences at 200 bits, away from the threshold."""
    family = symcrit.family("A")
    component = decompose(family.pattern)["s_1"]
    system = Bordered(family.landscape, component, 1, basis)
    with working_precision(200):
        z = [arb(x) for x in (-0.6, 0.2, 7.5, 0.3, -0.4)]
        exact = system.jacobian(column_of(z))
        h = arb(2) ** -50
        for j in range(len(z)):
            up = [x + h if i == j else x for i, x in enumerate(z)]
            down = [x - h if i == j else x for i, x in enumerate(z)]
            change = system.value(column_of(up)) - system.value(column_of(down))
            for i in range(len(z)):
                assert abs(change[i, 0] / (2 * h) - exact[i, j]) < arb(2) ** -80
