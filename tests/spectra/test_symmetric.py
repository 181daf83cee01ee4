"""Mirror of symcrit/spectra/symmetric.py.

Matrices are planted: Q D Q^T with a rational orthogonal Q (Cayley's transform) and a
diagonal D of our choice, so that the eigenvalues are known exactly, however close.
"""

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat, fmpq, fmpq_mat
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.precision import working_precision
from symcrit.spectra import symmetric
from symcrit.spectra.symmetric import approx_eigenvectors, enclose_eigenvalues

PREC = 160

close = [Fraction(0), Fraction(1), Fraction(1) + Fraction(1, 10**30), Fraction(-2)]
spread = [Fraction(10**12), Fraction(1, 7), Fraction(1, 10**9), Fraction(-(10**6))]
eigenvalue_lists = st.lists(st.sampled_from(close + spread), min_size=1, max_size=6)
seeds = st.integers(0, 10**6)


def rational(x: Fraction) -> fmpq:
    """Convert without rounding."""
    return fmpq(x.numerator, x.denominator)


def orthogonal(n: int, seed: int) -> fmpq_mat:
    """(1 - S)(1 + S)^-1 for a random antisymmetric S."""
    draws = np.random.default_rng(seed).integers(-3, 4, size=(n, n))
    identity = fmpq_mat([[int(i == j) for j in range(n)] for i in range(n)])
    turn = fmpq_mat(
        [[int(draws[i, j] - draws[j, i]) for j in range(n)] for i in range(n)]
    )
    return (identity - turn) * (identity + turn).inv()


def planted(values: Sequence[Fraction], seed: int) -> fmpq_mat:
    """A rational symmetric matrix with the given eigenvalues."""
    n = len(values)
    q = orthogonal(n, seed)
    diagonal = fmpq_mat(
        [
            [rational(values[i]) if i == j else fmpq(0) for j in range(n)]
            for i in range(n)
        ]
    )
    return q * diagonal * q.transpose()


def balls(matrix: fmpq_mat, radius: float = 0.0) -> arb_mat:
    """The matrix in balls, with some more radius."""
    n = matrix.nrows()
    with working_precision(PREC):
        return arb_mat(
            [[arb(matrix[i, j]) + arb(0, radius) for j in range(n)] for i in range(n)]
        )


def can_be_matched(values: Sequence[Fraction], found: Sequence[arb]) -> bool:
    """Whether the numbers can be put into the balls one by one."""
    with working_precision(4 * PREC):
        inside = [[ball.contains(arb(rational(x))) for x in values] for ball in found]
    return any(
        all(row[place] for row, place in zip(inside, order, strict=True))
        for order in itertools.permutations(range(len(values)))
    )


def agrees_with_signs(values: Sequence[Fraction], signs: Sequence[int | None]) -> bool:
    """Whether no more signs are claimed than there are."""
    exact = [(x > 0) - (x < 0) for x in values]
    return all(signs.count(sign) <= exact.count(sign) for sign in (-1, 0, 1))


@given(eigenvalue_lists, seeds)
def test_planted_eigenvalues_are_enclosed(values: list[Fraction], seed: int) -> None:
    """Multiple, nearly equal, graded: each in its ball, and the balls are small."""
    found = enclose_eigenvalues(balls(planted(values, seed)), prec=PREC)

    assert found is not None
    assert can_be_matched(values, found.values)
    assert agrees_with_signs(values, found.signs)
    largest = max(abs(x) for x in values) + 1
    for ball in found.values:
        assert ball.rad() < arb(rational(largest)) * arb(2) ** (-PREC // 2)


@given(eigenvalue_lists, seeds)
def test_signs_are_found_unless_zero(values: list[Fraction], seed: int) -> None:
    """All signs but those of zeros, which rounding hides."""
    found = enclose_eigenvalues(balls(planted(values, seed)), prec=PREC)

    assert found is not None
    if 0 not in values:
        assert found.negative == sum(x < 0 for x in values)
    for sign in (-1, 1):
        assert found.signs.count(sign) == sum(sign * x > 0 for x in values)


@given(eigenvalue_lists, seeds, seeds)
def test_every_matrix_in_the_balls_is_meant(
    values: list[Fraction], seed: int, other: int
) -> None:
    """Eigenvalues of a perturbed matrix inside the balls, by another planting."""
    n = len(values)
    shift = planted([Fraction(i % 3 - 1, 10**4) for i in range(n)], other)
    centre = planted(values, seed)
    found = enclose_eigenvalues(balls(centre + shift, 1.1e-4), prec=PREC)

    assert found is not None
    assert can_be_matched(values, found.values)
    assert agrees_with_signs(values, found.signs)


@given(eigenvalue_lists, seeds)
def test_vectors_belong_to_their_values(values: list[Fraction], seed: int) -> None:
    """A v = lambda v to most digits, and the vectors are orthonormal."""
    matrix = balls(planted(values, seed))
    found = enclose_eigenvalues(matrix, prec=PREC)
    assert found is not None
    n = len(values)
    with working_precision(PREC):
        size = max(abs(x).upper() for x in matrix.entries()) + 1
        image = matrix * found.vectors
        gram = found.vectors.transpose() * found.vectors
        for i in range(n):
            for j in range(n):
                rest = image[i, j] - found.values[j].mid() * found.vectors[i, j]

                assert abs(rest).upper() / size < 1e-30
                assert abs(gram[i, j] - int(i == j)).upper() < 1e-30


def test_the_vectors_do_not_depend_on_double_precision() -> None:
    """Entries that no double can hold, and a matrix that doubles see as multiple."""
    huge = fmpq(10) ** 400
    matrix = planted([Fraction(1), Fraction(2), Fraction(2)], 5)
    n = matrix.nrows()
    large = fmpq_mat([[matrix[i, j] * huge for j in range(n)] for i in range(n)])
    with working_precision(2000):
        exact = arb_mat([[arb(large[i, j]) for j in range(n)] for i in range(n)])
    found = enclose_eigenvalues(exact, prec=2000)

    assert found is not None
    assert found.negative == 0
    with working_precision(2000):
        for ball, times in zip(found.values, (1, 2, 2), strict=True):
            assert ball.contains(arb(times * huge))
            assert ball.rel_accuracy_bits() > 1500


def test_exact_zeros_are_proved() -> None:
    """A row of exact zeros is an eigenvector to the eigenvalue zero."""
    found = enclose_eigenvalues(arb_mat([[3, 0, 1], [0, 0, 0], [1, 0, 3]]), prec=64)

    assert found is not None
    assert found.signs == (0, 1, 1)
    assert found.values[0].is_zero()
    assert [float(found.vectors[i, 0]) for i in range(3)] == [0.0, 1.0, 0.0]
    nothing = enclose_eigenvalues(arb_mat([[0, 0], [0, 0]]), prec=64)
    assert nothing is not None
    assert nothing.signs == (0, 0)


def test_what_is_not_finite_has_no_answer() -> None:
    """Neither a value nor a sign comes out of an unknown entry."""
    unknown = arb_mat([[1, arb("nan")], [arb("nan"), 1]])
    unbounded = arb_mat([[1, 0], [0, arb(0, float("inf"))]])

    assert enclose_eigenvalues(unknown, prec=64) is None
    assert enclose_eigenvalues(unbounded, prec=64) is None


def test_a_wide_matrix_leaves_signs_open() -> None:
    """Both signs occur in the balls, so neither is claimed."""
    found = enclose_eigenvalues(arb_mat([[arb(0, 1), 0], [0, 5]]), prec=64)

    assert found is not None
    assert found.signs == (None, 1)
    assert found.negative is None


def test_a_small_eigenvalue_beside_an_uncertain_large_one() -> None:
    """Scaling decides a sign that no enclosure of the eigenvalue decides."""
    large = arb(10**12, 10**6)
    matrix = arb_mat([[large, 1000], [1000, arb("2e-6")]])
    found = enclose_eigenvalues(matrix, prec=PREC)

    assert found is not None
    assert found.values[0].contains(0)
    assert found.signs == (1, 1)


def test_jacobi_alone_finds_the_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Started from the identity the rotations converge all the same."""

    def identity(matrix: arb_mat) -> arb_mat:
        n = matrix.nrows()
        return arb_mat([[int(i == j) for j in range(n)] for i in range(n)])

    monkeypatch.setattr(symmetric, "_approx_eigenvectors_double", identity)
    values = [*close, *spread[:2]]
    found = enclose_eigenvalues(balls(planted(values, 3)), prec=PREC)

    assert found is not None
    assert can_be_matched(values, found.values)
    assert all(ball.rad() < 1e-25 for ball in found.values)


# ------------------------------------------------------------- breaking it on purpose


def poor_vectors(matrix: arb_mat, *, prec: int, rough: bool) -> arb_mat:
    """A basis that is neither orthogonal nor near the eigenvectors."""
    n = matrix.nrows()
    return arb_mat([[arb(2) ** i * int(i == j) for j in range(n)] for i in range(n)])


def check_with_poor_vectors() -> None:
    """Matrices whose discs are wide, some without an eigenvalue of their own."""
    exchange = fmpq_mat([[0, 2], [2, 0]])
    cases = [
        ([Fraction(-2), Fraction(2)], exchange),
        *(
            (values, planted(values, seed))
            for seed in range(6)
            for values in (close, [Fraction(5), Fraction(9), Fraction(11, 2)])
        ),
    ]
    for values, matrix in cases:
        found = enclose_eigenvalues(balls(matrix), prec=PREC)

        assert found is not None
        assert can_be_matched(values, found.values)
        assert agrees_with_signs(values, found.signs)


def test_poor_vectors_make_wide_balls_and_nothing_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the vectors come from is no part of the proof."""
    monkeypatch.setattr(symmetric, "approx_eigenvectors", poor_vectors)

    check_with_poor_vectors()


def diagonal_only(matrix: arb_mat) -> list[arb]:
    """Discs without radius."""
    return [matrix[i, i] for i in range(matrix.nrows())]


def half_the_radius(matrix: arb_mat) -> list[arb]:
    """Discs that leave out the entries right of the diagonal."""
    n = matrix.nrows()
    return [
        matrix[i, i] + arb(0, 1) * sum((abs(matrix[i, j]) for j in range(i)), arb(0))
        for i in range(n)
    ]


def each_for_itself(discs: Sequence[arb]) -> list[list[int]]:
    """No disc is joined to another."""
    return [[i] for i in range(len(discs))]


def signs_of_midpoints(discs: Sequence[arb]) -> list[int | None]:
    """The sign of the midpoint, whatever the radius."""
    return [1 if disc.mid() >= 0 else -1 for disc in discs]


@pytest.mark.parametrize(
    ("name", "mutant"),
    [
        ("_discs", diagonal_only),
        ("_discs", half_the_radius),
        ("_components", each_for_itself),
        ("_signs", signs_of_midpoints),
    ],
)
def test_mutants_are_noticed(
    monkeypatch: pytest.MonkeyPatch, name: str, mutant: Callable[..., object]
) -> None:
    """Each step of the proof is needed."""
    monkeypatch.setattr(symmetric, "approx_eigenvectors", poor_vectors)
    monkeypatch.setattr(symmetric, name, mutant)
    with pytest.raises(AssertionError):
        check_with_poor_vectors()


def test_approximate_vectors_of_the_identity() -> None:
    """Any orthonormal basis will do."""
    identity = arb_mat([[1, 0], [0, 1]])
    vectors = approx_eigenvectors(identity, prec=64)

    assert (vectors.transpose() * vectors).contains(identity)
