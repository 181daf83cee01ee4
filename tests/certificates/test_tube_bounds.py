"""What symcrit/certificates/checker.py says along tubes holds at each of their points.

The tubes of type A are proved with great accuracy, where a bound that was forgotten
would not show; so they are made wide, rough or crooked here.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest
from flint import arb, arb_mat

import symcrit
from symcrit.arith.precision import working_precision
from symcrit.certificates import checker
from symcrit.certificates.checker import (
    Ball,
    Balls,
    Dyadic,
    Family,
    Open,
    Tube,
    count_negative,
    prove_pieces,
    prove_singular,
    prove_tubes,
    solved,
)
from symcrit.certify.ends import smallest_size
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.patterns import Pattern
from tests.certificates.test_numbers import meets
from tests.certificates.test_tubes import documents, family, tubes

P = 64
ENDS = (Fraction(-1), Fraction(1))

Polynomial = Sequence[Ball]


def balls(*numbers: float) -> list[Ball]:
    """Exact balls."""
    return [Ball(P, round(x * 2**P)) for x in numbers]


def wide(radius: float) -> Ball:
    """A ball around zero."""
    return Ball(P, 0, round(radius * 2**P))


def value(polynomial: Polynomial, s: Fraction) -> Ball:
    """The value of a Taylor polynomial with its remainder."""
    at = Balls(polynomial[0].p).exact(s)
    total = polynomial[-1]
    for x in reversed(polynomial[:-1]):
        total = total * at + x
    return total


def contains(x: Ball, y: Ball) -> bool:
    """Whether a ball holds the middle of another one, of whatever precision."""
    low, high = x.ends()
    return low <= Fraction(y.m, 1 << y.p) <= high


def k_at(tube: Tube, s: Fraction) -> Fraction:
    """The k that belongs to s."""
    return (tube.high + tube.low) / 2 + s * (tube.high - tube.low) / 2


@cache
def true_point(k: Fraction) -> tuple[arb, ...]:
    """The parameters of type A and the loss, to sixty digits."""
    point = symcrit.family("A").point(k, digits=60)
    return (*point.parameters.values(), point.loss)


class TestGivenBlocks:
    """Matrices whose signs are known."""

    @staticmethod
    def count(
        rows: Sequence[Sequence[Polynomial]], low: float = -1, high: float = 1
    ) -> int:
        """With the identity as basis."""
        n = len(rows)
        basis = [balls(*(float(i == j) for j in range(n))) for i in range(n)]
        block = [[list(x) for x in row] for row in rows]
        return count_negative(block, basis, *balls(low, high))

    def test_a_sign_that_changes(self) -> None:
        """The number s has both signs on [-1, 1], and one on each half."""
        rows = [[balls(0, 1)]]
        with pytest.raises(Open):
            self.count(rows)
        assert 0 == self.count(rows, 0.25, 1)
        assert 1 == self.count(rows, -1, -0.25)

    def test_the_remainder(self) -> None:
        """1 +- s^2 is positive only if the constant is larger."""
        assert 0 == self.count([[[*balls(1.01, 0), wide(1)]]])
        with pytest.raises(Open):
            self.count([[[*balls(0.99, 0), wide(1)]]])

    @pytest.mark.parametrize("at", [0, 1, 2])
    def test_entries_off_the_diagonal(self, at: int) -> None:
        """In each coefficient; the matrix of ones is singular."""
        off = balls(*(float(i == at) for i in range(3)))
        with pytest.raises(Open):
            self.count([[balls(1, 0, 0), off], [off, balls(1, 0, 0)]])
        small = balls(*(0.9 * (i == at) for i in range(3)))
        found = self.count([[balls(1, 0, 0), small], [small, balls(-1, 0, 0)]])
        assert 1 == found


def crooked(*, weaker: int = 0) -> Tube:
    """The first tube, proved with a centre beside the curve and at another slope.

    Args:
        weaker: how often the inverse of the Jacobian is halved, so that a Krawczyk step
            shrinks the box by less.
    """
    document = documents()["stretches"][0]
    for coefficients, shift in zip(document["centre"], (-7, 5), strict=True):
        for i in (0, 1):
            m, e = (int(x) for x in coefficients[i].split("*2^"))
            moved = Fraction(m) * Fraction(2) ** e + Fraction(shift, 2**24)
            bits = moved.denominator.bit_length() - 1
            coefficients[i] = f"{moved.numerator}*2^-{bits}"
    document["radii"] = ["1*2^-18"] * 2
    document["preconditioner"] = [
        [[halved(x, weaker) for x in row] for row in matrix]
        for matrix in document["preconditioner"]
    ]
    return Tube.prove(family(), document)


def halved(dyadic: str, times: int) -> str:
    """A number m*2^e, halved so many times."""
    m, e = dyadic.split("*2^")
    return f"{m}*2^{int(e) - times}"


class TestTubes:
    """Points, losses and blocks at the ends of a tube."""

    def test_a_wide_box_is_not_proved(self) -> None:
        """The Jacobian is that over all of it."""
        document = documents()["stretches"]
        document[0]["radii"] = ["1*2^-3"] * 2
        with pytest.raises(Open):
            prove_tubes(family(), document)

    def test_crooked_tubes_hold_the_points(self) -> None:
        """And are not narrower than they are crooked."""
        tube = crooked()
        for s in ENDS:
            true = true_point(k_at(tube, s))
            for x, y in zip(tube.point(s), true, strict=False):
                assert meets(x, y)
        assert all(x >= 5 * 2 ** (tube.p - 24) for x in tube.image)

    @pytest.mark.parametrize("weaker", [0, 6])
    def test_the_point_moves_at_most_so_fast(self, weaker: int) -> None:
        """Relative to a centre whose slope is wrong by 7 and 5 times 2^-24.

        With a poor inverse this is seen only together with how poor it is.
        """
        found = crooked(weaker=weaker).velocity

        assert all(
            x >= n * 2 ** (tubes()[0].p - 24)
            for x, n in zip(found, (7, 5), strict=True)
        )

    @pytest.mark.parametrize("order", [3, 14])
    def test_the_loss(self, order: int) -> None:
        """Of the point, not of the centre; with few terms too."""
        tube = replace(crooked(), order=order)
        first = tube.loss_series(order, 0)
        last = tube.loss_series(order + 1, 1 << tube.p)
        polynomial = [first.coefficient(i) for i in range(order)]
        polynomial.append(last.coefficient(order))
        for s in ENDS:
            *_, loss = true_point(k_at(tube, s))
            assert meets(value(polynomial, s), loss)
        assert 2 * tube.loss_distance > 2 ** (tube.p - 46)

    @pytest.mark.parametrize("order", [3, 14])
    @pytest.mark.parametrize("quantity", [0, 1, None])
    def test_distances_from_terms(self, order: int, quantity: int | None) -> None:
        """(q - 1) / t, at both ends and in the middle."""
        tube = replace(tubes()[0], order=order)
        one = [(Fraction(0), lambda p: Ball(p, 1 << p))]
        found = tube.remainder(quantity, one, Fraction(1))
        with working_precision(200):
            for s in (*ENDS, Fraction(0)):
                k = k_at(tube, s)
                q = true_point(k)[2 if quantity is None else quantity]
                exact = (q - 1) * (arb(k.numerator) / k.denominator).sqrt()
                low, high = (arb(x.numerator) / x.denominator for x in end(found))
                assert low <= exact
                assert exact <= high

    @pytest.mark.parametrize(("order", "width"), [(3, 0), (14, 2**-12)])
    def test_blocks_at_the_corners(self, order: int, width: float) -> None:
        """Oracle: the same landscape at single points."""
        tube = tubes()[0]
        radius = round(width * 2**tube.p)
        rough = replace(tube, order=order, image=(radius, radius))
        centre = replace(tube, image=(0, 0))
        for name, component in family().components.items():
            block = rough.block(component)
            for s, *signs in product(ENDS, (-1, 1), (-1, 1)):
                point = [
                    Ball(x.p, x.m + i * radius)
                    for x, i in zip(centre.point(s), signs, strict=True)
                ]
                k = tube.lib.exact(k_at(tube, s))
                land = family().landscape(tube.lib, k, point)
                form = land.hessian(component.directions, component.labels)
                for row, found in zip(form, block, strict=True):
                    for x, polynomial in zip(row, found, strict=True):
                        assert contains(value(polynomial, s), x), name

    def test_derivatives_along_the_curve(self) -> None:
        """Oracle: the difference of blocks at two close points of the curve.

        What comes from the way of the point relative to the centre is looked at alone,
        too: it is smaller than what is not known of the rest.
        """
        tube, component = crooked(), family().components["s_1"]
        s, h, lib = Fraction(1, 3), Fraction(1, 10**12), Balls(400)

        def true(s: Fraction) -> list[Fraction]:
            *point, _ = true_point(k_at(tube, s))
            return [fraction_of(x) for x in point]

        def block_at(s: Fraction, point: Sequence[Fraction]) -> list[list[Ball]]:
            land = family().landscape(
                lib, lib.exact(k_at(tube, s)), [lib.exact(x) for x in point]
            )
            return land.hessian(component.directions, component.labels)

        def centre(s: Fraction) -> list[Fraction]:
            return [
                sum((Fraction(c.m) * Fraction(2) ** c.e * s**i for i, c in at), s * 0)
                for at in map(enumerate, tube.centre)
            ]

        held = [
            x - c + d for x, c, d in zip(true(s), centre(s), centre(s + h), strict=True)
        ]
        before, above = block_at(s, true(s)), block_at(s + h, true(s + h))
        aside = block_at(s + h, held)
        at = tube.lib.exact(s)
        drift, block = tube.drift(component, at), tube.block(component)
        little = Ball(tube.p, 1 << (tube.p - 34))
        for i, j in product(range(len(block)), repeat=2):
            moved = (above[i][j] - aside[i][j]) * (1 / h)
            assert contains(drift[i][j].widened(little), moved)
            total = checker._over(checker._derived(block[i][j]), at, at) + drift[i][j]
            slope = (above[i][j] - before[i][j]) * (1 / h)
            assert contains(total.widened(little), slope)

    def test_tubes_of_other_curves_are_not_joined(self) -> None:
        """They meet at one k, but neither holds the point of the other."""
        upper, lower = tubes()[:2]
        assert upper.joins(lower)
        for by in (Fraction(1, 2**10), -Fraction(1, 2**10)):
            assert not upper.joins(moved(lower, by))
            assert not moved(upper, by).joins(lower)
        assert not upper.joins(replace(lower, high=lower.high - Fraction(1, 10**6)))


def end(found: checker.Interval) -> tuple[Fraction, Fraction]:
    """Both ends."""
    return found.low, found.high


def fraction_of(x: arb) -> Fraction:
    """The middle of a ball."""
    m, e = x.mid().man_exp()
    return Fraction(int(m)) * Fraction(2) ** int(e)


def moved(tube: Tube, by: Fraction) -> Tube:
    """The tube with its first coordinate aside."""
    (first, *rest), *others = tube.centre
    shifted = Fraction(first.m) * Fraction(2) ** first.e + by
    bits = shifted.denominator.bit_length() - 1
    centre = ((Dyadic(shifted.numerator, -bits), *rest), *others)
    return replace(tube, centre=centre)


class TestSignsAndThresholds:
    """Each condition of a proof is asked for."""

    def test_pieces_end_where_the_tubes_end(self) -> None:
        """None may be left out at the bottom."""
        pieces = documents()["signs"]["s_1"]["pieces"][:-1]
        with pytest.raises(Open, match="nothing is said of signs below"):
            prove_pieces(tubes(), family().components["s_1"], pieces)

    def test_a_piece_lies_in_one_tube(self) -> None:
        """Nothing is known of a tube beyond its ends."""
        pieces = documents()["signs"]["s_1"]["pieces"]
        bottom = str((tubes()[1].low + tubes()[1].high) / 2)
        pieces = [{**pieces[0], "low": bottom}, {**pieces[1], "high": bottom}]
        with pytest.raises(Open, match="in no single tube"):
            prove_pieces(tubes(), family().components["s_1"], pieces)

    @pytest.mark.parametrize(
        ("place", "name", "fault", "words"),
        [
            (
                checker._Bordered,
                "direction",
                lambda _self, tube, _low, _high: tube is tubes()[0],
                "both directions",
            ),
            (
                Tube,
                "drift",
                lambda _self, _component, _part: [[Ball(tubes()[0].p, 0, 10**60)]],
                "more than once",
            ),
            (Tube, "holds", lambda _self, _point, _s: False, "on the curve"),
        ],
    )
    def test_a_threshold_is_passed_once(
        self,
        monkeypatch: pytest.MonkeyPatch,
        place: Any,
        name: str,
        fault: Callable[..., object],
        words: str,
    ) -> None:
        """In one direction, on the curve."""
        (singular,) = documents()["signs"]["x_1"]["singular"]
        if name == "direction":
            singular["high"] = str(tubes()[0].high)
            singular["low"] = str(tubes()[-1].low)
        component = family().components["x_1"]
        monkeypatch.setattr(place, name, fault)
        with pytest.raises(Open, match=words):
            prove_singular(tubes(), component, singular)

    @pytest.mark.parametrize(
        ("near", "simple"),
        [
            ((0, 1), True),
            ((3, 2), True),
            ((0, 0), False),
            ((0, 2), False),
            ((None, 1), False),
            ((1,), False),
        ],
    )
    def test_numbers_on_both_sides(
        self, near: tuple[int | None, ...], simple: bool
    ) -> None:
        """They differ by one."""
        assert simple == checker.Theorem._is_simple(near)


@pytest.mark.parametrize("seed", range(10))
def test_linear_systems_of_balls(seed: int) -> None:
    """Oracle: systems of numbers in the balls, solved exactly."""
    random, n = Random(seed), 1 + seed % 3
    one, r = 1 << P, 1 << (P - 8)

    def draw(size: int) -> tuple[Ball, Fraction]:
        middle, off = random.randint(-size, size), random.choice([-1, 1])
        return Ball(P, middle * one // 4, r), Fraction(middle * one // 4 + off * r, one)

    rows = [[draw(2) for _ in range(n)] for _ in range(n)]
    for i, row in enumerate(rows):
        x, q = row[i]
        row[i] = Ball(P, x.m + 5 * one, x.r), q + 5
    right = [draw(9) for _ in range(n)]
    found = solved([[x for x, _ in row] for row in rows], [x for x, _ in right])

    with working_precision(300):
        matrix = arb_mat([[exact(q) for _, q in row] for row in rows])
        true = matrix.solve(arb_mat(n, 1, [exact(q) for _, q in right])).entries()
        assert all(meets(x, y) for x, y in zip(found, true, strict=True))
    with pytest.raises(Open):
        solved([[Ball(P, 0, one)]], [Ball(P, one)])


def exact(q: Fraction) -> arb:
    """A fraction as a ball."""
    return arb(q.numerator) / q.denominator


@pytest.mark.parametrize("shift", [-7, 0, 9])
@pytest.mark.parametrize("m", [-(10**9) - 1, 0, 10**9 + 3])
@pytest.mark.parametrize("r", [0, 1, 12345])
def test_another_precision(shift: int, m: int, r: int) -> None:
    """The ball does not lose its ends."""
    x = Ball(P, m, r)
    y = checker._at_precision(x, P + shift)

    assert y.ends()[0] <= x.ends()[0]
    assert x.ends()[1] <= y.ends()[1]


@pytest.mark.parametrize(
    "pattern",
    ["k", "1+(k-1)", "3+(k-3)", "n=k-5: rows n,1 cols 1", "n=k-2: rows n cols n,1"],
)
def test_the_least_size(pattern: str) -> None:
    """The package says the same."""
    mine = Family.read({"kernel": "relu", "pattern": pattern, "target": {}})
    land = Landscape(Relu(), Structure.build(Pattern.parse(pattern), {}))

    assert smallest_size(land) == mine.least


def test_a_range_over_all_parts() -> None:
    """Of s, and of a polynomial whose ends are far apart."""
    found = checker._range(balls(0, 1))
    assert found.low <= -1
    assert found.high >= 1
    steep = checker._range(balls(1, 2, 3, 4))
    assert steep.low <= -2
    assert 10 <= steep.high < 10.5
