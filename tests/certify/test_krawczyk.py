"""Mirror of symcrit/certify/krawczyk.py."""

from fractions import Fraction

import pytest
from flint import arb, arb_mat, fmpq
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.balls import ball_of
from symcrit.certify.krawczyk import (
    Enclosure,
    certify_zero,
    column_of,
    finite_entries,
    krawczyk_test,
)
from symcrit.core.truth import Truth

rationals = st.fractions(-8, 8, max_denominator=97)
shifts = st.integers(-3, 3)
precisions = st.integers(32, 300)


def exact(q: Fraction) -> fmpq:
    """Convert without rounding."""
    return fmpq(q.numerator, q.denominator)


def solve_parabola(root: fmpq, at: fmpq, rad: float, prec: int) -> Enclosure:
    """Test one box for (x - root)(x - root - 3) = 0."""
    a, b = arb(root), arb(root + 3)
    return krawczyk_test(
        lambda x: arb_mat([[(x[0, 0] - a) * (x[0, 0] - b)]]),
        lambda x: arb_mat([[2 * x[0, 0] - a - b]]),
        column_of([arb(at, rad)]),
        prec=prec,
    )


def circle_and_line(x: arb_mat) -> arb_mat:
    """x^2 + y^2 = 25 and 7 x = y + 17, which meet in (3, 4) and (19/25, -292/25)."""
    u, v = x.entries()
    return column_of([u * u + v * v - 25, 7 * u - v - 17])


def circle_and_line_slope(x: arb_mat) -> arb_mat:
    """The Jacobian of ``circle_and_line``."""
    u, v = x.entries()
    return arb_mat([[2 * u, 2 * v], [7, -1]])


class TestOneEquation:
    """The parabola (x - root)(x - root - 3)."""

    @given(rationals, shifts, precisions)
    def test_an_exact_zero_is_contained(
        self, root: Fraction, shift: int, prec: int
    ) -> None:
        """Oracle: the zero is a rational number that we chose, off the box's centre."""
        zero = exact(root)

        found = solve_parabola(zero, zero + fmpq(shift, 4000), 1e-3, prec)

        assert found.unique.is_true
        assert found.image[0, 0].contains(zero)
        assert all(h.holds.is_true for h in found.hypotheses)

    @given(rationals, precisions)
    def test_an_empty_box_is_refuted(self, root: Fraction, prec: int) -> None:
        """A box that misses both zeros is never certified."""
        zero = exact(root)

        found = solve_parabola(zero, zero + 1, 1e-3, prec)

        assert found.unique.is_false

    @given(rationals)
    def test_a_box_beside_the_zero_is_never_certified(self, root: Fraction) -> None:
        """The zero lies at a distance of two radii: its Newton point is outside."""
        zero = exact(root)

        found = solve_parabola(zero, zero + fmpq(1, 500), 1e-3, 64)

        assert found.unique.is_false

    def test_two_zeros_in_one_box_stay_undecided(self) -> None:
        """Neither one zero nor none: the answer is UNKNOWN.

        The midpoint is off centre on purpose: with f'(m) in place of f'(X) the operator
        would collapse to the Newton point -1, inside the box, and "prove" uniqueness.
        """
        found = solve_parabola(fmpq(0), fmpq(1), 2.5, 64)

        assert found.unique.is_unknown

    def test_a_singular_jacobian_stays_undecided(self) -> None:
        """No inverse, no proof, and no exception either."""
        found = solve_parabola(fmpq(0), fmpq(3, 2), 0.5, 64)

        assert found.unique.is_unknown
        assert not finite_entries(found.preconditioner)

    def test_a_system_that_vanishes_everywhere_stays_undecided(self) -> None:
        """K(X) = X: the image is contained, but not in the interior."""
        found = krawczyk_test(
            lambda x: arb_mat([[0]]),
            lambda x: arb_mat([[0]]),
            column_of([arb(2, 0.25)]),
            prec=64,
            preconditioner=arb_mat([[0]]),
        )

        assert found.unique.is_unknown

    def test_a_box_without_width_proves_nothing(self) -> None:
        """A point that is a zero is a zero, but no box around it was tested."""
        found = solve_parabola(fmpq(0), fmpq(0), 0.0, 64)

        assert found.unique.is_unknown

    @pytest.mark.parametrize("where", ["value", "slope", "box"])
    def test_what_is_not_a_number_stays_undecided(self, where: str) -> None:
        """Comparisons with NaN are false both ways; the hypotheses say which failed."""
        nan = arb("nan")
        found = krawczyk_test(
            lambda x: arb_mat([[nan if where == "value" else x[0, 0]]]),
            lambda x: arb_mat([[nan if where == "slope" else 1]]),
            column_of([nan if where == "box" else arb(0, 1)]),
            prec=64,
            preconditioner=arb_mat([[1]]),
        )

        assert found.unique.is_unknown
        assert any(h.holds.is_unknown for h in found.hypotheses[:-1])

    def test_a_kink_inside_the_box_stays_undecided(self) -> None:
        """sqrt(x) - 1/4 on a box that reaches below zero is not defined there."""
        found = krawczyk_test(
            lambda x: arb_mat([[x[0, 0].sqrt() - 0.25]]),
            lambda x: arb_mat([[1 / (2 * x[0, 0].sqrt())]]),
            column_of([arb(0.0625, 0.0626)]),
            prec=64,
        )

        assert found.unique.is_unknown
        (named,) = [h for h in found.hypotheses if "Jacobian" in h.name]
        assert named.holds.is_unknown

    @given(rationals)
    def test_a_parameter_ball_covers_each_of_its_points(self, root: Fraction) -> None:
        """X^2 = a for all a in a ball: the image holds the root of every a tested."""
        a = arb(9 + ball_of(root) / 1000, 0.01)
        found = krawczyk_test(
            lambda x: arb_mat([[x[0, 0] * x[0, 0] - a]]),
            lambda x: arb_mat([[2 * x[0, 0]]]),
            column_of([arb(3, 0.1)]),
            prec=64,
        )

        assert found.unique.is_true
        for part in (a.lower(), a.mid(), a.upper()):
            assert found.image[0, 0].overlaps(part.sqrt())
            assert found.image[0, 0].contains(part.sqrt().mid())


class TestTwoEquations:
    """A circle and a line, which meet in rational points."""

    @given(st.integers(-9, 9), st.integers(-9, 9), precisions)
    def test_the_rational_point_is_contained(self, i: int, j: int, prec: int) -> None:
        """Oracle: (3, 4), from starting boxes off centre in both directions."""
        box = column_of(
            [arb(fmpq(3) + fmpq(i, 4000), 0.005), arb(fmpq(4) + fmpq(j, 4000), 0.005)]
        )

        found = krawczyk_test(circle_and_line, circle_and_line_slope, box, prec=prec)

        assert found.unique.is_true
        assert found.image[0, 0].contains(3)
        assert found.image[1, 0].contains(4)

    def test_a_poor_preconditioner_only_loses_the_proof(self) -> None:
        """The transposed matrix is no approximate inverse: UNKNOWN, not false."""
        box = column_of([arb(3, 0.001), arb(4, 0.001)])
        wrong = circle_and_line_slope(box).mid().transpose()

        found = krawczyk_test(
            circle_and_line, circle_and_line_slope, box, prec=64, preconditioner=wrong
        )

        assert found.unique.is_unknown

    def test_one_component_outside_refutes(self) -> None:
        """The first coordinate fits and the second misses: there is no zero."""
        found = krawczyk_test(
            lambda x: column_of([x[0, 0] - 3, x[1, 0] - 4]),
            lambda x: arb_mat([[1, 0], [0, 1]]),
            column_of([arb(3, 0.1), arb(5, 0.1)]),
            prec=64,
        )

        assert found.unique.is_false

    def test_one_component_inside_proves_nothing(self) -> None:
        """The first coordinate has one zero, the second has two in its side."""
        found = krawczyk_test(
            lambda x: column_of([x[0, 0] - 3, x[1, 0] * (x[1, 0] - 3)]),
            lambda x: arb_mat([[1, 0], [0, 2 * x[1, 0] - 3]]),
            column_of([arb(3, 0.1), arb(1, 2.5)]),
            prec=64,
        )

        assert found.unique.is_unknown

    def test_one_entry_that_is_no_number_fails_a_hypothesis(self) -> None:
        """Bounded means bounded in every entry."""
        assert not finite_entries(column_of([arb(1), arb("nan")]))
        assert not finite_entries(column_of([arb(1), arb(0, float("inf"))]))


class TestInflation:
    """Boxes found around approximate zeros."""

    @given(st.integers(60, 2000))
    def test_enclosures_at_any_precision_hold_the_zero(self, prec: int) -> None:
        """Oracle (3, 4); the enclosure is nearly as narrow as the precision allows."""
        start = [arb(fmpq(3)) + arb(2) ** (-prec + 5), arb(4)]

        found = certify_zero(circle_and_line, circle_and_line_slope, start, prec=prec)

        assert found.unique.is_true
        assert found.image[0, 0].contains(3)
        assert found.image[1, 0].contains(4)
        assert found.image[0, 0].rad() < arb(2) ** (-prec + 12)

    @given(st.floats(-1e-3, 1e-3), st.floats(-1e-3, 1e-3))
    def test_a_rough_start_is_enough(self, dx: float, dy: float) -> None:
        """The box is inflated until it holds the zero."""
        found = certify_zero(
            circle_and_line, circle_and_line_slope, [arb(3 + dx), arb(4 + dy)], prec=100
        )

        assert found.unique.is_true
        assert found.image[0, 0].contains(3)

    def test_a_zero_at_the_origin_has_a_box(self) -> None:
        """A coordinate that is exactly zero gets the width of its neighbours."""
        found = certify_zero(
            lambda x: x, lambda x: arb_mat([[1, 0], [0, 1]]), [arb(0), arb(0)], prec=64
        )

        assert found.unique.is_true
        assert found.image[0, 0].contains(0)

    def test_a_double_zero_is_never_certified(self) -> None:
        """x^2 = 0 has a singular Jacobian at its zero."""
        found = certify_zero(
            lambda x: arb_mat([[x[0, 0] * x[0, 0]]]),
            lambda x: arb_mat([[2 * x[0, 0]]]),
            [arb(2) ** -40],
            prec=64,
        )

        assert Truth.TRUE is not found.unique

    def test_no_zero_is_never_certified(self) -> None:
        """x^2 + 1 has none, wherever one starts."""
        for start in (-2, 0.1, 1, 5):
            found = certify_zero(
                lambda x: arb_mat([[x[0, 0] * x[0, 0] + 1]]),
                lambda x: arb_mat([[2 * x[0, 0]]]),
                [arb(start)],
                prec=64,
            )

            assert Truth.TRUE is not found.unique
