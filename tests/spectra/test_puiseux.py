"""Mirror of symcrit/spectra/puiseux.py."""

import mpmath
import pytest

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Series
from symcrit.core.errors import UndecidedError
from symcrit.spectra import puiseux
from symcrit.spectra.puiseux import Branch, expand_eigenvalues

ORDER = 9
SMALL_T = mpmath.mpf(2) ** -40
SAFETY = 1e6
"""How much larger than t^order the first omitted term may be in these tests."""


def value_at(series: Series, t: mpmath.mpf) -> mpmath.mpf:
    """The truncated sum, in multiprecision."""
    total = mpmath.mpf(0)
    for n, c in series.known_coefficients():
        ball = c.ball(mpmath.mp.prec + 20)
        total += mpmath.mpf(str(ball.mid().str(80, radius=False))) * t**n
    return total


def matrices(lib: Expansions) -> list[list[list[Series]]]:
    """Symmetric matrices with entries of several sizes in t."""
    t, pi, exact = lib.t_power, lib.pi, lib.exact
    quarter = exact(1) / 4
    return [
        [[quarter + t(1), t(1)], [t(1), t(-2) / pi + 3]],
        [
            [exact(1), t(1), t(2)],
            [t(1), exact(1) + 2 * t(1), exact(1)],
            [t(2), exact(1), t(-2)],
        ],
        [
            [pi, t(1), exact(0)],
            [t(1), pi + t(3), t(1)],
            [exact(0), t(1), t(-2) + pi],
        ],
    ]


@pytest.mark.parametrize("number", range(3))
def test_series_agree_with_eigenvalues_at_a_small_t(number: int) -> None:
    """Oracle: a numerical eigenvalue solver at t = 2^-40, to the order claimed."""
    lib = Expansions(Domain.start(16))
    rows = [[x + lib.big_o(ORDER) for x in row] for row in matrices(lib)[number]]
    with mpmath.workprec(900):
        dense = mpmath.matrix(
            [[value_at(x.without_order(), SMALL_T) for x in row] for row in rows]
        )
        expected = sorted(mpmath.eigsy(dense, eigvals_only=True))

        branches = expand_eigenvalues(rows)
        found = sorted(
            ((value_at(b.series, SMALL_T), b.series.prec) for b in branches),
        )

        assert len(expected) == len(found)
        for true, (approximate, order) in zip(expected, found, strict=True):
            assert order is not None
            assert order >= 4
            assert abs(true - approximate) < SAFETY * SMALL_T**order


def test_a_double_leading_term_is_split() -> None:
    """Two eigenvalues 2 + t and 2 + 3 t, known by hand."""
    lib = Expansions(Domain.start(12))
    big_o = lib.big_o(ORDER)
    rows = [
        [lib.exact(2) + lib.t_power(1) + big_o, big_o],
        [big_o, lib.exact(2) + 3 * lib.t_power(1) + big_o],
    ]

    branches = expand_eigenvalues(rows)

    assert {1, 3} == {int(str(b.series.coefficient(1))) for b in branches}
    assert all(b.series.coefficient(0) == 2 for b in branches)


def test_a_quadratic_leading_coefficient_is_exact() -> None:
    """The eigenvalues of [[2, pi], [pi, 3]] are (5 +- sqrt(1 + 4 pi^2)) / 2."""
    lib = Expansions(Domain.start(6))
    big_o = lib.big_o(4)
    rows = [
        [lib.exact(2) + big_o, lib.pi + big_o],
        [lib.pi + big_o, lib.exact(3) + big_o],
    ]
    root = (1 + 4 * Exact.pi() * Exact.pi()).sqrt()

    found = [b.series.coefficient(0) for b in expand_eigenvalues(rows)]

    assert (5 - root) / 2 in found
    assert (5 + root) / 2 in found


def test_unknown_entries_are_not_taken_for_zero() -> None:
    """With entries O(1) nothing can be said of the eigenvalues."""
    lib = Expansions(Domain.start(6))
    rows = [[lib.big_o(0), lib.big_o(0)], [lib.big_o(0), lib.exact(1) + lib.big_o(1)]]

    with pytest.raises(UndecidedError):
        expand_eigenvalues(rows)


def test_the_hensel_step_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the quadratic terms of the iteration a coefficient comes out wrong."""

    def linear_only(
        coefficients: list[Series], slope: int, root: Exact, *_: object
    ) -> list[Branch]:
        lib = Expansions(coefficients[0].domain)
        start = lib.from_coefficients([(slope, root)], None)
        shifted = puiseux._taylor_shift(coefficients, start)
        return [Branch(start - shifted[0] / shifted[1])]

    lib = Expansions(Domain.start(12))
    big_o = lib.big_o(ORDER)
    rows = [
        [lib.exact(1) + big_o, lib.t_power(1) + big_o],
        [lib.t_power(1) + big_o, lib.exact(4) + big_o],
    ]
    right = {str(b.series.coefficient(4)) for b in expand_eigenvalues(rows)}
    monkeypatch.setattr(puiseux, "_continue", linear_only)

    wrong = {str(b.series.coefficient(4)) for b in expand_eigenvalues(rows)}

    assert {"1/27", "-1/27"} == right
    assert right != wrong
