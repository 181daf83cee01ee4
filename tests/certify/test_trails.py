"""Mirror of symcrit/certify/trails.py."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from flint import arb

from symcrit.arith.precision import working_precision
from symcrit.certify.points import approx_zero
from symcrit.certify.trails import Path, Trail
from symcrit.spectra.sizes import as_ball
from tests.certify.branch_cases import branch_of

AT_SEVEN_OF_I = (1.0694, 0.0180, -0.0121, -0.6580, 0.3262)
"""Another critical point at k = 7 in the same fixed space as type II."""


def trail_of(name: str) -> Trail:
    """A trail without any points."""
    known = branch_of(name).trail
    return Trail(known.landscape, known.leading)


def solve(trail: Trail, goal: Fraction) -> Path:
    """Follow a trail, with Newton's method at the end."""

    def arrive(start: list[arb], prec: int) -> Sequence[arb] | None:
        with working_precision(prec):
            k = as_ball(goal)
        found = approx_zero(trail.landscape, start, {"k": k}, prec=prec)
        return None if found is None else found[0]

    return trail.follow(goal, arrive)


@pytest.mark.parametrize("name", ["A", "I", "II", "M"])
@pytest.mark.parametrize("k", [20, 10**6])
def test_a_trail_ends_at_the_certified_point(name: str, k: int) -> None:
    """Two routes: the last node, and the enclosure of the same branch."""
    trail = trail_of(name)
    path = solve(trail, Fraction(k))
    proved = branch_of(name).point(k).point

    assert path.arrived
    with working_precision(200):
        point = trail.point_of(path.nodes[-1], 200)
        for x, y in zip(point, proved.parameters.values(), strict=True):
            assert abs(x - y) < 1e-12 * abs(y)


def test_steps_go_down_in_k() -> None:
    """The limit is entered far out, where the leading terms fit."""
    trail = trail_of("II")
    path = solve(trail, Fraction(6))
    ks = [node.k for node in path.nodes]

    assert ks == sorted(ks, reverse=True)
    assert ks[0] >= 4096
    assert ks[-1] == 6
    assert trail.mismatch(path.nodes[0]) < 0.1
    assert trail.mismatch(path.nodes[-1]) > trail.mismatch(path.nodes[0])


@pytest.mark.parametrize("power", [12, 100, 1000])
def test_any_large_k_is_one_step_away(power: int) -> None:
    """There the leading terms are as good as the point."""
    trail = trail_of("II")
    path = solve(trail, Fraction(10**power))

    assert path.arrived
    assert len(path.nodes) == 1
    assert trail.mismatch(path.nodes[0]) < 1e-5


def test_points_known_make_the_next_path_shorter() -> None:
    """Steps are kept on the trail."""
    trail = trail_of("II")
    first = solve(trail, Fraction(7))
    calls = 0

    def arrive(start: list[arb], prec: int) -> Sequence[arb] | None:
        nonlocal calls
        calls += 1
        return start

    second = trail.follow(Fraction(15, 2), arrive)

    assert second.arrived
    assert calls == 1
    assert set(second.nodes[:-1]) <= set(first.nodes)


def test_a_point_of_another_branch_is_not_accepted() -> None:
    """The guard: Newton's method may not change the extrapolation by much."""
    trail = trail_of("II")

    path = trail.follow(
        Fraction(7), lambda _start, _prec: [arb(x) for x in AT_SEVEN_OF_I]
    )

    assert not path.arrived
    assert path.nodes[-1].k > 7
    assert path.nodes[-1].k < Fraction(701, 100)


def test_a_failure_at_the_goal_is_reported() -> None:
    """The path then ends above it."""
    path = trail_of("A").follow(Fraction(5), lambda _start, _prec: None)

    assert not path.arrived
    assert all(node.k > 5 for node in path.nodes)


def test_a_trail_does_not_step_over_the_end_of_the_branch() -> None:
    """Type M turns back at k = 3.434."""
    path = solve(trail_of("M"), Fraction(33, 10))

    assert not path.arrived
    assert Fraction(343405, 100000) < path.nodes[-1].k < Fraction(3435, 1000)


def test_wrong_leading_terms_lead_nowhere() -> None:
    """With twice the coefficient of a_1 no step is accepted."""
    known = branch_of("II").trail
    first, *rest = known.leading
    assert first.coefficient is not None
    wrong = replace(first, coefficient=first.coefficient * 2)

    path = solve(Trail(known.landscape, [wrong, *rest]), Fraction(100))

    assert path == Path((), arrived=False)


def test_a_parameter_that_stays_at_its_limit_is_followed() -> None:
    """Without an exponent the deviation itself is extrapolated from zero."""
    known = branch_of("II").trail
    *others, last = known.leading
    still = replace(last, exponent=None, coefficient=None)
    trail = Trail(known.landscape, [*others, still])

    path = solve(trail, Fraction(1000))

    assert path.arrived
    assert abs(path.nodes[-1].scaled[-1] + 1.3e-6) < 1e-7
