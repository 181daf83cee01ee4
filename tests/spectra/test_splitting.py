"""Mirror of symcrit/spectra/splitting.py."""

from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest
from flint import arb

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Series
from symcrit.core.errors import UndecidedError
from symcrit.spectra import splitting
from symcrit.spectra.conjugates import conjugate_series
from symcrit.spectra.splitting import EigenvalueGroup, Matrix, split_eigenvalues

ORDER = 9
SMALL_T = mpmath.mpf(2) ** -40
BITS, DIGITS = 900, 270
SAFETY = 1e7
"""How much larger than t^order the first omitted term may be in these tests."""


def decimal(ball: arb) -> mpmath.mpf:
    """The midpoint."""
    return mpmath.mpf(ball.mid().str(DIGITS, radius=False))


def value_at(series: Series) -> mpmath.mpf:
    """The truncated sum at the small t."""
    total = mpmath.mpf(0)
    for n, c in series.known_coefficients():
        total += decimal(c.ball(mpmath.mp.prec + 20)) * SMALL_T**n
    return total


def values(group: EigenvalueGroup) -> list[tuple[mpmath.mpf, int]]:
    """The eigenvalues of a group at the small t, with their orders."""
    start = value_at(group.series)
    if group.polynomial is None:
        assert group.series.prec is not None
        return [(start, group.series.prec)] * group.count
    return [
        (
            start
            + sum(
                decimal(c) * SMALL_T ** (group.exponent + n) for n, c in enumerate(row)
            ),
            group.exponent + len(row),
        )
        for row in conjugate_series(group.polynomial, group.leading, prec=BITS)
    ]


def two_sizes(lib: Expansions) -> Matrix:
    """One eigenvalue grows."""
    t = lib.t_power
    return [[lib.exact(1) / 4 + t(1), t(1)], [t(1), t(-2) / lib.pi + 3]]


def three_sizes(lib: Expansions) -> Matrix:
    """Two eigenvalues with one leading term, and one that grows."""
    t, exact = lib.t_power, lib.exact
    return [
        [exact(1), t(1), t(2)],
        [t(1), exact(1) + 2 * t(1), exact(1)],
        [t(2), exact(1), t(-2)],
    ]


def close_together(lib: Expansions) -> Matrix:
    """Three eigenvalues that are told apart in later terms."""
    t, pi, exact = lib.t_power, lib.pi, lib.exact
    return [
        [pi, t(1), exact(0), t(2)],
        [t(1), pi + t(3), t(1), t(3)],
        [exact(0), t(1), t(-2) + pi, exact(1)],
        [t(2), t(3), exact(1), pi + t(2)],
    ]


def quadratic(lib: Expansions) -> Matrix:
    """Two eigenvalues whose leading terms are conjugate roots."""
    t, pi, exact = lib.t_power, lib.pi, lib.exact
    return [
        [exact(2), pi, t(1)],
        [pi, exact(3) + t(1), exact(0)],
        [t(1), exact(0), t(1)],
    ]


def cubic(lib: Expansions) -> Matrix:
    """Three eigenvalues whose leading terms are algebraic of degree three."""
    t, pi, exact = lib.t_power, lib.pi, lib.exact
    return [
        [exact(1) + t(1), pi, exact(0), t(1)],
        [pi, exact(2), exact(1), t(2)],
        [exact(0), exact(1), exact(-1), exact(0)],
        [t(1), t(2), exact(0), t(-2)],
    ]


def zero_and_more(lib: Expansions) -> Matrix:
    """An eigenvalue that is zero."""
    t, exact = lib.t_power, lib.exact
    return [
        [t(2), t(2), exact(0)],
        [t(2), t(2), exact(0)],
        [exact(0), exact(0), exact(5)],
    ]


MATRICES = [two_sizes, three_sizes, close_together, quadratic, cubic, zero_and_more]


@pytest.mark.parametrize("build", MATRICES)
def test_series_agree_with_eigenvalues_at_a_small_t(
    build: Callable[[Expansions], Matrix],
) -> None:
    """Oracle: a numerical eigenvalue solver at t = 2^-40, to the order claimed."""
    lib = Expansions(Domain.start(16))
    rows = [[x + lib.big_o(ORDER) for x in row] for row in build(lib)]
    with mpmath.workprec(BITS):
        dense = mpmath.matrix([[value_at(x) for x in row] for row in rows])
        expected = sorted(mpmath.eigsy(dense, eigvals_only=True))

        groups, _ = split_eigenvalues(rows)
        found = sorted(pair for group in groups for pair in values(group))

        assert len(expected) == len(found)
        for true, (approximate, order) in zip(expected, found, strict=True):
            assert order == ORDER
            assert abs(true - approximate) < SAFETY * SMALL_T**order


def test_a_double_leading_term_is_split() -> None:
    """Two eigenvalues 2 + t and 2 + 3 t, known by hand."""
    lib = Expansions(Domain.start(12))
    big_o = lib.big_o(ORDER)
    rows = [
        [lib.exact(2) + lib.t_power(1) + big_o, big_o],
        [big_o, lib.exact(2) + 3 * lib.t_power(1) + big_o],
    ]

    groups, _ = split_eigenvalues(rows)

    assert {1, 3} == {int(str(g.series.coefficient(1))) for g in groups}
    assert all(g.series.coefficient(0) == 2 for g in groups)


def test_equal_eigenvalues_stay_together() -> None:
    """2 + t, twice, in a basis in which the matrix is diagonal up to O-terms."""
    lib = Expansions(Domain.start(12))
    x, big_o = lib.exact(2) + lib.t_power(1), lib.big_o(ORDER)

    (group,), _ = split_eigenvalues([[x + big_o, big_o], [big_o, x + big_o]])

    assert (2, ORDER) == (group.count, group.series.prec)
    assert [(0, "2"), (1, "1")] == [
        (n, str(c)) for n, c in group.series.known_coefficients()
    ]


def test_a_quadratic_leading_coefficient_is_exact() -> None:
    """The eigenvalues of [[2, pi], [pi, 3]] are (5 +- sqrt(1 + 4 pi^2)) / 2."""
    lib = Expansions(Domain.start(6))
    big_o = lib.big_o(4)
    rows = [
        [lib.exact(2) + big_o, lib.pi + big_o],
        [lib.pi + big_o, lib.exact(3) + big_o],
    ]
    root = (1 + 4 * Exact.pi() * Exact.pi()).sqrt()

    found = [g.series.coefficient(0) for g in split_eigenvalues(rows)[0]]

    assert [(5 - root) / 2, (5 + root) / 2] == found


def test_unknown_entries_are_not_taken_for_zero() -> None:
    """With entries O(1) nothing can be said of the eigenvalues but their size."""
    lib = Expansions(Domain.start(6))
    rows = [[lib.big_o(0), lib.big_o(0)], [lib.big_o(0), lib.exact(1) + lib.big_o(1)]]

    (group,), _ = split_eigenvalues(rows)

    assert 2 == group.count
    assert 0 == group.series.prec
    assert not group.series.is_known


def test_a_matrix_that_cannot_be_diagonalised_is_refused() -> None:
    """A Jordan block is not selfadjoint for any inner product."""
    lib = Expansions(Domain.start(6))
    one, zero = lib.exact(1) + lib.big_o(4), lib.exact(0)

    with pytest.raises(UndecidedError, match="cannot be diagonalised"):
        split_eigenvalues([[one, one], [zero, one]])
    with pytest.raises(UndecidedError, match="cannot be diagonalised"):
        split_eigenvalues([[one, one, zero], [zero, one, zero], [zero, zero, 2 * one]])


def test_the_riccati_equation_needs_its_quadratic_term(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without it a coefficient comes out wrong."""
    rows = two_levels()
    right = {str(g.series.coefficient(4)) for g in split_eigenvalues(rows)[0]}
    newton = splitting._newton

    def mutant(
        blocks: tuple[Matrix, Matrix, Matrix, Matrix], box: Matrix, few: int, many: int
    ) -> Matrix:
        b11, b12, b21, b22 = blocks
        nothing = [[x * 0 for x in row] for row in b12]
        return newton((b11, nothing, b21, b22), box, few, many)

    monkeypatch.setattr(splitting, "_newton", mutant)

    wrong = {str(g.series.coefficient(4)) for g in split_eigenvalues(rows)[0]}

    assert {"1/27", "-1/27"} == right
    assert right != wrong


def test_a_newton_step_claims_no_more_than_its_box_proves() -> None:
    """From O(t) one step encloses X = -t/3 - 2 t^3/27 + ..., but not the cubic term."""
    lib = Expansions(Domain.start(12))
    rows = [[x.in_domain(lib.domain) for x in row] for row in two_levels()]
    blocks = ([rows[0][:1]], [rows[0][1:]], [rows[1][:1]], [rows[1][1:]])
    ((x,),) = splitting._newton(blocks, [[lib.big_o(1)]], 8, 8)

    assert [(1, Exact.rational(Fraction(-1, 3)))] == x.known_coefficients()
    assert 3 == x.prec


def two_levels() -> Matrix:
    """1 and 4, coupled by t."""
    lib = Expansions(Domain.start(12))
    t, big_o = lib.t_power, lib.big_o(ORDER)
    return [
        [lib.exact(1) + big_o, t(1) + big_o],
        [t(1) + big_o, lib.exact(4) + big_o],
    ]
