"""Mirror of symcrit/arith/linear.py."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.laurent import Domain, Expansions, retry_in_larger_domain
from symcrit.arith.linear import (
    dot,
    invert,
    local_smith_exponents,
    order_of,
    product,
    solve,
)
from symcrit.arith.parametric import Parametrics
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


def rests(lib: Any) -> list[Any]:
    """The entries of T A - 1 for the inverse T of a matrix A.

    The first pivot has the order -1 and stands off the diagonal.
    """
    t, pi, one = lib.t_power, lib.pi, lib.exact(1)
    matrix = [
        [t(1), t(-1) + pi, one],
        [one, pi * t(2), t(1)],
        [lib.exact(0), one, pi * t(1) + t(3)],
    ]
    columns = [*zip(*matrix, strict=True)]
    return [
        dot(row, column) - int(i == j)
        for i, row in enumerate(invert(lib, matrix))
        for j, column in enumerate(columns)
    ]


def test_the_inverse_times_the_matrix_is_one() -> None:
    """Over the two fields of coefficients that there are."""
    exact, _ = retry_in_larger_domain(
        Domain.start(8), lambda domain: rests(Expansions(domain))
    )
    for rest in (*exact, *rests(Parametrics(8, Fraction(2)))):
        assert not rest.is_known
        assert rest.is_exact_zero or rest.v >= 4


def test_a_matrix_without_inverse_is_refused() -> None:
    """The second row is a multiple of the first."""
    lib = Expansions(Domain.start(8))
    row = [lib.t_power(1), lib.pi]

    with pytest.raises(UndecidedError, match="singular to the known order"):
        invert(lib, [row, [lib.pi * x for x in row]])
