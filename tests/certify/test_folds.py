"""Mirror of symcrit/certify/folds.py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import pytest
from flint import arb, arb_series

from symcrit.arith.balls import BALLS
from symcrit.arith.precision import working_precision
from symcrit.certify.folds import Fold, certify_fold, certify_turn, k_is_convex
from symcrit.certify.krawczyk import Enclosure, certify_zero
from symcrit.certify.points import certify_point
from symcrit.certify.tubes import Polynomial, approx_curve, certify_tube
from symcrit.core.truth import Truth
from tests.certify.branch_cases import branch_of


def fold_of_m(digits: int = 20) -> Fold:
    """The fold in which type M ends, from a point next to it."""
    branch = branch_of("M")
    near = branch.point(Fraction(3436, 1000)).point
    start = list(near.parameters.values())
    found = certify_fold(branch.landscape, start, arb(3.436), digits=digits)
    assert found is not None
    return found


class TestFolds:
    """The point where the Jacobian is singular."""

    @pytest.mark.parametrize("digits", [10, 30, 60])
    def test_the_fold_is_known_to_the_digits(self, digits: int) -> None:
        """And enclosures with more digits lie in those with fewer."""
        found = fold_of_m(digits)

        with working_precision(64):
            assert found.k.rad() <= arb(10) ** -digits * found.k.mid()
        assert found.k.overlaps(fold_of_m(20).k)

    def test_gradient_and_determinant_vanish_there(self) -> None:
        """Oracle: the formulas of the landscape, at the enclosures."""
        found = fold_of_m()
        with working_precision(300):
            at = branch_of("M").landscape.at(BALLS, found.parameters, {"k": found.k})
            gradient, hessian = at.gradient(), at.hessian()
            image = [
                sum((h * n for h, n in zip(row, found.kernel, strict=True)), arb(0))
                for row in hessian
            ]
            length = sum(
                (a * b for a, b in zip(found.normal, found.kernel, strict=True)), arb(0)
            )

        for x in (*gradient, *image, length - 1):
            assert x.contains(0)
            assert x.rad() < 1e-15
        assert max(abs(float(n)) for n in found.kernel) > 0.5

    def test_two_points_of_the_branch_merge_there(self) -> None:
        """Just above the fold there is one critical point on either side of it."""
        found = fold_of_m()
        land = branch_of("M").landscape
        with working_precision(100):
            k = Fraction(float(found.k.mid())) + Fraction(1, 10**6)
            sides = []
            for sign in (1, -1):
                start = [
                    x + sign * n * 2e-4
                    for x, n in zip(found.parameters, found.kernel, strict=True)
                ]
                sides.append(certify_point(land, start, {"k": k}))
            one, other = (list(side.parameters.values()) for side in sides)

            assert all(not x.overlaps(y) for x, y in zip(one, other, strict=True))
            assert all(
                abs((x + y) / 2 - z) < 1e-4
                for x, y, z in zip(one, other, found.parameters, strict=True)
            )

    def test_from_far_away_nothing_is_proved(self) -> None:
        """A branch without a fold near by."""
        near = branch_of("A").point(20).point
        start = list(near.parameters.values())

        found = certify_fold(branch_of("A").landscape, start, arb(20), digits=10)

        assert found is None or not abs(found.k - 20) < 1


class TestTurns:
    """The curve through the fold."""

    def test_both_arms_lie_in_the_tube(self) -> None:
        """Oracle: points proved one by one above the fold, on either side."""
        found = fold_of_m()
        branch = branch_of("M")
        k = Fraction(float(found.k.upper())) * (1 + Fraction(1, 1 << 24))
        near = branch.point(k).point
        toward = list(near.parameters.values())

        turn = certify_turn(branch.landscape, found, toward)

        assert turn is not None
        with working_precision(160):
            origin = [x.mid() for x in found.parameters]

            def length(point: list[arb]) -> arb:
                moved = zip(found.normal, point, origin, strict=True)
                return sum((a * (x - y) for a, x, y in moved), arb(0))

            reach = length([x.mid() for x in toward])
            for sign in (1, -1):
                start = [
                    x + sign * reach * n
                    for x, n in zip(origin, found.kernel, strict=True)
                ]
                arm = certify_point(branch.landscape, start, {"k": k})
                point = list(arm.parameters.values())
                s = length(point) / reach
                assert (s > 0) == (sign > 0)
                if abs(s) <= 1:
                    assert turn.tube.holds(
                        [*point, arb(k.numerator) / k.denominator], s
                    )
            lowest = turn.tube.enclosure(arb(0))[-1]
            assert lowest.overlaps(found.k)
            assert turn.end[-1] > found.k

    @pytest.mark.parametrize("bits", [6, 17])
    def test_a_turn_that_reaches_too_far_is_refused(self, bits: int) -> None:
        """Over long arcs there is no tube; over medium ones convexity is not seen."""
        found = fold_of_m()
        branch = branch_of("M")
        k = Fraction(float(found.k.upper())) * (1 + Fraction(1, 1 << bits))
        toward = list(branch.point(k).point.parameters.values())

        assert certify_turn(branch.landscape, found, toward) is None

    def test_a_turn_needs_its_fold(self) -> None:
        """With the fold moved off the curve nothing is proved."""
        found = fold_of_m()
        branch = branch_of("M")
        k = Fraction(float(found.k.upper())) * (1 + Fraction(1, 1 << 24))
        toward = list(branch.point(k).point.parameters.values())
        moved = replace(found, k=found.k + arb(10) ** -9)

        assert certify_turn(branch.landscape, found, toward) is not None
        assert certify_turn(branch.landscape, moved, toward) is None

    def test_an_unproved_fold_is_not_returned(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Newton's method may converge where the Krawczyk test does not succeed."""

        def doubtful(*args: Any, **options: Any) -> Enclosure:
            return replace(certify_zero(*args, **options), unique=Truth.UNKNOWN)

        near = branch_of("M").point(Fraction(3436, 1000)).point
        start = list(near.parameters.values())
        monkeypatch.setattr("symcrit.certify.folds.certify_zero", doubtful)

        found = certify_fold(branch_of("M").landscape, start, arb(3.436), digits=10)

        assert found is None


@dataclass
class Graph:
    """The curve k = g(x), x = s, as a family of systems by length."""

    g: Callable[[arb_series], arb_series]
    dg: Callable[[arb_series], arb_series]
    normal: Sequence[arb] = (arb(1),)
    reach: arb = field(default_factory=lambda: arb(1))

    def value(self, z: Sequence[arb_series], s: arb_series) -> list[arb_series]:
        """Two equations for x and k."""
        return [z[1] - self.g(z[0]), z[0] - s]

    def slope(self, z: Sequence[arb_series], s: arb_series) -> list[list[arb_series]]:
        """Their derivatives."""
        return [
            [-self.dg(z[0]), arb_series([1])],
            [arb_series([1]), arb_series([0])],
        ]


class TestConvexity:
    """Graphs whose second derivative is known."""

    def convex(self, graph: Graph) -> bool:
        """Prove the tube, which is exact, and ask."""
        scales = [arb(1), arb(1)]
        start: list[Polynomial] = [(arb(0), arb(1)), (arb(0),)]
        curve = approx_curve(graph, start, scales, order=6, prec=100)
        assert curve is not None
        tube = certify_tube(graph, *curve, scales, order=6, prec=100)
        assert tube is not None
        with working_precision(100):
            return k_is_convex(graph, tube)

    def test_a_parabola_is_convex(self) -> None:
        """And turned over it is not."""
        assert self.convex(Graph(lambda x: x * x, lambda x: 2 * x))
        assert not self.convex(Graph(lambda x: -(x * x), lambda x: -2 * x))

    @pytest.mark.parametrize("sign", [1, -1])
    def test_a_cubic_is_convex_on_one_side_only(self, sign: int) -> None:
        """Every part of the tube counts."""
        cubic = Graph(lambda x: sign * (x * x * x), lambda x: 3 * sign * (x * x))

        assert not self.convex(cubic)

    def test_a_steep_line_does_not_hide_the_curvature(self) -> None:
        """Second derivatives 2 + x, far from zero, beside a first derivative of 50."""
        steep = Graph(
            lambda x: 50 * x + x * x + x * x * x / 6, lambda x: 50 + 2 * x + x * x / 2
        )

        assert self.convex(steep)

    def test_a_straight_line_is_not_strictly_convex(self) -> None:
        """Zero is not positive."""
        assert not self.convex(Graph(lambda x: 3 * x, lambda x: arb_series([3])))
