"""Mirror of symcrit/certify/inertia.py."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from flint import arb, arb_mat
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.balls import BALLS, ball_of
from symcrit.arith.precision import working_precision
from symcrit.certify.inertia import (
    BlockCurve,
    block_curves,
    last_break,
    sign_pieces,
)
from symcrit.landscapes.blocks import hessian_blocks
from symcrit.symmetry.components import decompose
from symcrit.symmetry.patterns import Pattern
from tests.certify.branch_cases import branch_of, narrow_chain

ONE = Fraction(1)
COMPONENT = decompose(Pattern.parse("k"))["s_1"]


def curve_of(*coefficients: list[list[float | arb]]) -> BlockCurve:
    """A curve of matrices with given coefficients; the last one is the remainder."""
    matrices = [arb_mat([[arb(x) for x in row] for row in m]) for m in coefficients]
    n = matrices[0].nrows()
    norms = [arb_mat([[arb(1)] * n])] + [arb_mat([[arb(0)] * n])] * (len(matrices) - 1)
    return BlockCurve(COMPONENT, tuple(matrices), tuple(norms), 64)


def identity(n: int) -> arb_mat:
    """The identity matrix."""
    return arb_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])


class TestSignsOfGivenCurves:
    """Matrices whose inertia is known."""

    def test_a_sign_that_changes_is_not_constant(self) -> None:
        """The number s has both signs on [-1, 1], and a constant one on the halves."""
        curve = curve_of([[0]], [[1]])
        half = Fraction(1, 4)

        assert curve.negatives(identity(1), -ONE, ONE) is None
        assert 0 == curve.negatives(identity(1), half, ONE)
        assert 1 == curve.negatives(identity(1), -ONE, -half)

    @pytest.mark.parametrize(("constant", "answer"), [(0.999, None), (1.001, 0)])
    def test_the_remainder_counts(self, constant: float, answer: int | None) -> None:
        """1 +- s^2 is positive only if the constant beats the remainder."""
        curve = curve_of([[constant]], [[0]], [[arb(0, 1)]])

        assert answer == curve.negatives(identity(1), -ONE, ONE)

    def test_off_diagonal_entries_count(self) -> None:
        """[[1, 2 s], [2 s, 1]] is indefinite at s = 1."""
        curve = curve_of([[1, 0], [0, 1]], [[0, 2], [2, 0]])

        assert curve.negatives(identity(2), -ONE, ONE) is None
        assert 0 == curve.negatives(identity(2), -ONE / 4, ONE / 4)

    def test_a_singular_basis_proves_nothing(self) -> None:
        """Sylvester's law needs an invertible matrix."""
        curve = curve_of([[-1, 0], [0, 1]], [[0, 0], [0, 0]])
        singular = arb_mat([[0, 0], [1, 1]])

        assert curve.negatives(singular, -ONE, ONE) is None
        assert 1 == curve.negatives(identity(2), -ONE, ONE)

    def test_what_is_no_number_proves_nothing(self) -> None:
        """A NaN in any coefficient, and an interval outside the curve."""
        curve = curve_of([[1]], [[arb("nan")]])

        assert curve.negatives(identity(1), -ONE, ONE) is None
        with pytest.raises(ValueError, match="no interval"):
            curve.negatives(identity(1), -ONE, 2 * ONE)

    @given(
        st.lists(st.integers(-9, 9), min_size=6, max_size=6),
        st.lists(st.integers(-2, 2), min_size=6, max_size=6),
        st.integers(-8, 7),
    )
    def test_proved_numbers_are_those_of_the_eigenvalues(
        self, first: list[int], second: list[int], start: int
    ) -> None:
        """Oracle: numpy at both ends and in the middle."""

        def symmetric(x: list[int]) -> list[list[float | arb]]:
            a, b, c, d, e, f = map(float, x)
            return [[a, b, c], [b, d, e], [c, e, f]]

        one, two = symmetric(first), symmetric(second)
        curve = curve_of(one, two)
        low, high = Fraction(start, 8), Fraction(start + 1, 8)
        middle = (low + high) / 2

        found = curve.negatives(curve.approx_basis(middle), low, high)

        for s in (low, middle, high):
            dense = np.array(one, dtype=float) + float(s) * np.array(two, dtype=float)
            values = np.linalg.eigvalsh(dense)
            if found is not None:
                assert found == int((values < 0).sum())


@pytest.mark.parametrize("name", ["A", "II"])
def test_blocks_along_a_tube_hold_those_at_its_points(name: str) -> None:
    """Oracle: the blocks at points that were certified one by one."""
    branch = branch_of(name)
    stretch = narrow_chain(name, 8, 5)[0]
    components = decompose(branch.landscape.structure.pattern).components
    curves = block_curves(branch.landscape, stretch, components)

    for k in (stretch.low, (stretch.low + 2 * stretch.high) / 3, stretch.high):
        point = list(branch.point(k, digits=25).point.parameters.values())
        with working_precision(256):
            at = branch.landscape.at(BALLS, point, {"k": ball_of(k)})
            s = stretch.parameter(k)
            for block, curve in zip(hessian_blocks(at), curves, strict=True):
                total = curve.coefficients[-1]
                for coefficient in reversed(curve.coefficients[:-1]):
                    total = total * s + coefficient
                assert total.contains(arb_mat(block.entries).mid())


@pytest.mark.parametrize(("order", "width"), [(3, 0), (14, 1e-4)])
def test_blocks_along_a_rough_tube(order: int, width: float) -> None:
    """Few terms need the remainder, and a wide tube is known at all of its points.

    Oracle: the blocks at the corners of the tube.
    """
    land, stretch = branch_of("A").landscape, narrow_chain("A", 8, 5)[0]
    image = tuple(arb(width) for _ in stretch.tube.image)
    tube = replace(stretch.tube, order=order, image=image)
    components = decompose(land.structure.pattern).components
    curves = block_curves(land, replace(stretch, tube=tube), components)

    for k, *signs in product((stretch.low, stretch.high), (-1, 1), (-1, 1)):
        with working_precision(256):
            s = stretch.parameter(k)
            centre = replace(tube, image=(arb(0), arb(0))).enclosure(s)
            point = [x + i * y for x, i, y in zip(centre, signs, image, strict=True)]
            at = land.at(BALLS, point, {"k": ball_of(k)})
            for block, curve in zip(hessian_blocks(at), curves, strict=True):
                total = curve.coefficients[-1]
                for coefficient in reversed(curve.coefficients[:-1]):
                    total = total * s + coefficient
                assert total.contains(arb_mat(block.entries).mid())


def test_signs_along_a_chain_and_a_short_open_part() -> None:
    """Type A: the block x_1 is positive above k = 5.76 and negative below."""
    branch = branch_of("A")
    component = decompose(branch.landscape.structure.pattern)["x_1"]
    pieces = []
    for stretch in narrow_chain("A", 8, 5):
        (curve,) = block_curves(branch.landscape, stretch, [component])
        pieces += sign_pieces(curve, stretch, Fraction(2))

    for above, below in pairwise(pieces):
        assert above.low == below.high
    for piece in pieces:
        if piece.negative is None:
            assert abs(piece.low - Fraction(57638127349, 10**10)) < Fraction(1, 1000)
            assert piece.high - piece.low < Fraction(1, 1000)
        else:
            assert piece.negative == int(piece.high < Fraction(576381273, 10**8))


def test_nothing_is_asked_below_the_least_size() -> None:
    """Pieces end at the k that is given, and there are none below it."""
    branch = branch_of("A")
    stretch = narrow_chain("A", 8, 5)[0]
    component = decompose(branch.landscape.structure.pattern)["y_1"]
    (curve,) = block_curves(branch.landscape, stretch, [component])
    middle = (stretch.low + stretch.high) / 2

    assert middle == sign_pieces(curve, stretch, middle)[-1].low
    assert [] == sign_pieces(curve, stretch, stretch.high)


def test_last_breaks() -> None:
    """Type M has blocks of 2 and of k - 2."""
    landscape = branch_of("M").landscape
    found = {
        c.name: last_break(landscape, c)
        for c in decompose(landscape.structure.pattern).components
    }

    assert {"1": 3, "s_1": 2, "s_2": 4, "x_2": 4, "y_2": 5, "s_1*s_2": 3} == found
