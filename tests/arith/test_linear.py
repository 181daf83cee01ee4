"""Mirror of symcrit/arith/linear.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.laurent import Domain, Expansions
from symcrit.arith.linear import local_smith_exponents, order_of, product, solve
from symcrit.core.errors import UndecidedError

UNIPOTENT = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 2), st.integers(-3, 3), st.integers(0, 2)
    ),
    max_size=5,
)


@given(
    exponents=st.lists(st.integers(-2, 4), min_size=3, max_size=3),
    left=UNIPOTENT,
    right=UNIPOTENT,
)
def test_smith_exponents_survive_unimodular_matrices(
    exponents: list[int],
    left: list[tuple[int, int, int, int]],
    right: list[tuple[int, int, int, int]],
) -> None:
    """Row and column operations over power series change nothing."""
    lib = Expansions(Domain.start(24))
    rows = [
        [lib.t_power(e) if i == j else lib.exact(0) for j in range(3)]
        for i, e in enumerate(exponents)
    ]
    for i, j, c, n in left:
        if i != j:
            factor = c * lib.t_power(n)
            rows[i] = [x + factor * y for x, y in zip(rows[i], rows[j], strict=True)]
    for i, j, c, n in right:
        if i != j:
            for row in rows:
                row[i] = row[i] + c * lib.t_power(n) * row[j]

    assert sorted(exponents) == sorted(local_smith_exponents(rows))


def test_a_matrix_that_may_be_singular_is_refused() -> None:
    """An unknown entry could have the smallest valuation of all."""
    lib = Expansions(Domain.start(8))
    one, unknown = lib.exact(1), lib.big_o(0)

    with pytest.raises(UndecidedError, match="singular to the known order"):
        local_smith_exponents([[lib.t_power(1), unknown], [unknown, one * 0]])
    with pytest.raises(UndecidedError, match="singular to the known order"):
        local_smith_exponents([[one, one], [one, one]])
    assert local_smith_exponents([[one, unknown], [lib.exact(0), one]]) == [0, 0]


def test_a_solution_solves_the_system_and_knows_how_far() -> None:
    """Oracle: the product with the matrix, on a system with a singular limit."""
    lib = Expansions(Domain.start(20))
    t, big_o = lib.t_power, lib.big_o
    matrix = [[lib.exact(1), lib.pi], [lib.pi, lib.pi * lib.pi + t(2) + big_o(9)]]
    right = [t(3) + big_o(8), lib.exact(2) + t(1) + big_o(8)]

    (solution, *_), exponents = solve(matrix, [right])

    assert [0, 2] == exponents
    for x, value in zip(product(matrix, solution), right, strict=True):
        assert not (x - value).is_known
        assert 4 <= order_of(x - value) <= 8
