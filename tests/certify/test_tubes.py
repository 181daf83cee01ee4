"""Mirror of symcrit/certify/tubes.py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from flint import arb, arb_mat, arb_series, fmpq
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.precision import working_precision
from symcrit.certify.tubes import (
    Polynomial,
    Tube,
    approx_curve,
    certify_tube,
    check_tube,
)

Series = Sequence[arb_series]


@dataclass(frozen=True)
class Given:
    """A family of systems from two functions."""

    f: Callable[[Series, arb_series], Series]
    df: Callable[[Series, arb_series], Sequence[Series]]

    def value(self, x: Series, s: arb_series) -> Series:
        """F(x, s)."""
        return self.f(x, s)

    def slope(self, x: Series, s: arb_series) -> Sequence[Series]:
        """The derivative of F by x."""
        return self.df(x, s)


def one(value: int | arb) -> arb_series:
    """A constant series."""
    return arb_series([value])


def root_of(offset: int | arb) -> Given:
    """x^2 = offset + s."""
    return Given(lambda x, s: [x[0] * x[0] - (s + offset)], lambda x, s: [[2 * x[0]]])


RATIONAL = Given(
    lambda x, s: [x[0] * (30 + s) - 10, x[1] * x[0] - 1 - x[1]],
    lambda x, s: [[30 + s, one(0)], [x[1], x[0] - 1]],
)
"""x = 10 / (30 + s) and y = 1 / (x - 1)."""


def prove(
    family: Given,
    start: Sequence[float],
    *,
    order: int = 12,
    prec: int = 100,
    scale: float = 1,
) -> Tube | None:
    """Find the centre and test it."""
    scales = [arb(scale) for _ in start]
    polynomials: list[Polynomial] = [(arb(x),) for x in start]
    curve = approx_curve(family, polynomials, scales, order=order, prec=prec)
    assert curve is not None
    return certify_tube(family, *curve, scales, order=order, prec=prec)


class TestTubes:
    """Curves that are known exactly."""

    @pytest.mark.parametrize("order", [2, 3, 6, 12, 20])
    def test_a_square_root_lies_in_its_tube(self, order: int) -> None:
        """Oracle: sqrt(offset + s), inside the image and the box for every s."""
        found = prove(root_of(1000), [31.6], order=order)

        assert found is not None
        for i in range(-8, 9):
            s = arb(fmpq(i, 8))
            with working_precision(300):
                exact = (1000 + s).sqrt()
            (inner,) = found.enclosure(s)
            assert inner.contains(exact)
            assert found.holds([exact], s)
            assert found.image[0] < found.radii[0]

    @given(st.integers(3, 14), st.integers(60, 200))
    def test_two_rational_curves_lie_in_their_tube(self, order: int, prec: int) -> None:
        """Oracle: exact rational functions of s."""
        found = prove(RATIONAL, [0.33, -1.5], order=order, prec=prec, scale=4)
        assert found is not None
        # Balls of fractions have to be narrower than what should contain them.
        with working_precision(400):
            for i in range(-8, 9):
                s = fmpq(i, 8)
                x = 10 / (30 + s)
                for ball, exact in zip(
                    found.enclosure(arb(s)), (x, 1 / (x - 1)), strict=True
                ):
                    assert ball.contains(exact)

    def test_an_enclosure_over_an_interval_holds_all_its_points(self) -> None:
        """One ball for s in [0.2, 0.4]."""
        found = prove(root_of(10), [3.16])

        assert found is not None
        (wide,) = found.enclosure(arb(0.3, 0.1))
        for i in range(20, 41):
            assert wide.contains((10 + arb(fmpq(i, 100))).sqrt().mid())

    def test_a_continued_centre_stays_near_the_curve(self) -> None:
        """From [-1, 1] to [1, 2], without a bound."""
        found = prove(root_of(10), [3.16])

        assert found is not None
        (outside,) = found.continued(arb(1.5), arb(0.5))
        assert abs(sum(outside, arb(0)) - arb(12).sqrt()) < 1e-6

    def test_many_coordinates_with_a_skew_jacobian(self) -> None:
        """The shape of the box is found, though the scales fit badly."""
        skew = Given(
            lambda x, s: [x[0] * x[0] - 1000 * x[1] - s / 10, x[1] + x[0] / 100 - 1],
            lambda x, s: [[2 * x[0], one(-1000)], [one(arb(1) / 100), one(1)]],
        )

        found = prove(skew, [27.0, 0.73], order=8)

        assert found is not None
        assert all(b < c for b, c in zip(found.image, found.radii, strict=True))


class TestRefusals:
    """Where the statement is false nothing is returned."""

    def test_a_fold_inside_the_interval_is_refused(self) -> None:
        """x^2 = 1/2 + s has no zero for s < -1/2."""
        assert prove(root_of(arb(0.5)), [0.7], order=12) is None

    def test_a_pole_inside_the_interval_is_refused(self) -> None:
        """The zero of x (1/2 + s) = 1 runs to infinity."""
        pole = Given(lambda x, s: [x[0] * (s + 0.5) - 1], lambda x, s: [[s + 0.5]])

        assert prove(pole, [2.0]) is None

    def test_a_curve_of_no_zeros_is_refused(self) -> None:
        """The centre is off by more than any box."""
        away = certify_tube(
            root_of(1000),
            [(arb(31),)],
            [arb_mat([[arb(1) / 62]])],
            [arb(1)],
            order=4,
            prec=64,
        )

        assert away is None

    def test_a_wrong_preconditioner_is_refused(self) -> None:
        """With the sign of Y wrong the box does not shrink."""
        curve = approx_curve(root_of(1000), [(arb(31.6),)], [arb(1)], order=8, prec=64)
        assert curve is not None
        centre, inverse = curve

        wrong = [-y for y in inverse]
        assert (
            certify_tube(root_of(1000), centre, wrong, [arb(1)], order=8, prec=64)
            is None
        )

    def test_a_singular_start_gives_no_curve(self) -> None:
        """Newton's method has no first step."""
        start: list[Polynomial] = [(arb(0),)]

        assert approx_curve(root_of(1000), start, [arb(1)], order=8, prec=64) is None

    def test_a_kink_in_the_interval_is_refused(self) -> None:
        """The zero x = sqrt(1/2 + s) is not analytic at s = -1/2."""
        kink = Given(lambda x, s: [x[0] - (s + 0.5).sqrt()], lambda x, s: [[one(1)]])

        assert prove(kink, [0.7]) is None

    def test_points_outside_are_not_held(self) -> None:
        """Neither other points, nor other s."""
        found = prove(root_of(10), [3.16])

        assert found is not None
        inside = arb(10).sqrt()
        assert found.holds([inside], arb(0))
        assert not found.holds([inside], arb(0.5))
        assert not found.holds([-inside], arb(0))
        assert not found.holds([arb(11.5).sqrt()], arb(1.5))
        assert not found.holds([arb("nan")], arb(0))
        assert not found.holds([inside], arb(0, 0.5))

    def test_the_boundary_of_the_box_counts(self) -> None:
        """A point that is off by more than the radius is not held."""
        found = prove(root_of(1000), [31.6])

        assert found is not None
        zero = arb(1000).sqrt()
        assert found.holds([zero + found.radii[0] / 2], arb(0))
        assert not found.holds([zero + found.radii[0] * 1.5], arb(0))


def proved_at_zero(
    family: Given, order: int, *, scale: float = 1, inverse: float | arb = 1
) -> Tube | None:
    """Test the constant centre 0 with a constant preconditioner."""
    return certify_tube(
        family,
        [(arb(0),)],
        [arb_mat([[inverse]])],
        [arb(scale)],
        order=order,
        prec=200,
    )


class TestEachTerm:
    """False statements that become provable when one term of the test is dropped."""

    def test_a_singularity_seen_by_the_remainder_only(self) -> None:
        """With x (1 - 2 s^2) = 0 it is at s^2 = 1/2; the polynomial says 1."""
        family = Given(
            lambda x, s: [x[0] * (1 - 2 * s * s)], lambda x, s: [[1 - 2 * s * s]]
        )

        assert proved_at_zero(family, 2) is None

    def test_a_singularity_near_the_ends_of_the_interval(self) -> None:
        """The system x (1 - 2 s^8) = 0 is singular at |s| = 0.917."""

        def slope(s: arb_series) -> arb_series:
            square = s * s
            fourth = square * square
            return 1 - 2 * fourth * fourth

        family = Given(lambda x, s: [x[0] * slope(s)], lambda x, s: [[slope(s)]])

        assert proved_at_zero(family, 2) is None

    def test_a_zero_that_leaves_the_polynomial_near_the_ends(self) -> None:
        """The zero s^8 / 10^6 is far from its Taylor polynomial 0 only near |s| = 1."""

        def power(s: arb_series) -> arb_series:
            square = s * s
            fourth = square * square
            return fourth * fourth / 10**6

        family = Given(lambda x, s: [x[0] - power(s)], lambda x, s: [[one(1)]])
        found = proved_at_zero(family, 2)

        assert found is not None
        (end,) = found.enclosure(arb(1))
        assert end.contains(arb(1) / 10**6)

    def test_two_zeros_in_the_narrowest_box(self) -> None:
        """The system x (x - d) = 0 with d = 2^-46, inside every box that is tried."""
        d = arb(2) ** -46
        family = Given(lambda x, s: [x[0] * (x[0] - d)], lambda x, s: [[2 * x[0] - d]])

        assert proved_at_zero(family, 3, inverse=-1 / d) is None

    def test_two_zeros_in_the_box_of_the_remainder(self) -> None:
        """Of x (1 - K s^2 x) a second zero, 1 / (K s^2), is in the box for s = 1."""
        big = arb(2) ** 46
        family = Given(
            lambda x, s: [x[0] * (1 - big * s * s * x[0])],
            lambda x, s: [[1 - 2 * big * s * s * x[0]]],
        )

        assert proved_at_zero(family, 2) is None

    def test_an_image_that_leaves_the_box(self) -> None:
        """With (x - d)(1 + 0.97 s) = 0 the spread eats the box up."""
        d = arb(1) / 1000
        slope = arb(97) / 100
        family = Given(
            lambda x, s: [(x[0] - d) * (1 + slope * s)],
            lambda x, s: [[1 + slope * s]],
        )

        assert proved_at_zero(family, 3, scale=10) is None

    def test_the_tube_ends_with_the_interval(self) -> None:
        """Beyond s = 1 nothing is proved, even where the centre goes on."""
        family = Given(lambda x, s: [x[0] - s], lambda x, s: [[one(1)]])
        found = prove(family, [0.0])

        assert found is not None
        assert found.holds([arb(1)], arb(1))
        assert not found.holds([arb(1.5)], arb(1.5))


def test_tubes_at_two_orders_overlap() -> None:
    """Two proofs of one curve."""
    low, high = (
        prove(RATIONAL, [0.33, -1.5], scale=4, order=8),
        prove(RATIONAL, [0.33, -1.5], scale=4, order=16),
    )

    assert low is not None
    assert high is not None
    for i in range(-4, 5):
        s = arb(fmpq(i, 4))
        for x, y in zip(low.enclosure(s), high.enclosure(s), strict=True):
            assert x.overlaps(y)
            assert y.rad() < x.rad()


class TestChecking:
    """A recorded tube is tested, and nothing else is looked for."""

    def again(self, found: Tube, **changes: object) -> Tube | None:
        """Test a tube with some of its data changed."""
        other = replace(found, **changes)  # type: ignore[arg-type]
        return check_tube(
            RATIONAL,
            other.centre,
            other.radii,
            other.preconditioner,
            order=other.order,
            prec=other.prec,
        )

    def found(self) -> Tube:
        """The tube of two rational curves."""
        found = prove(RATIONAL, [0.33, -1.5])
        assert found is not None
        return found

    def test_what_was_proved_is_proved_again(self) -> None:
        """With the same image, or a narrower one."""
        found = self.found()
        again = self.again(found)

        assert again is not None
        assert again.radii == found.radii
        assert all(x <= y for x, y in zip(again.image, found.radii, strict=True))

    def test_other_data_prove_nothing(self) -> None:
        """A curve beside the zeros, a box below the residual, too wide a box, no Y."""
        found = self.found()
        first, second = found.centre
        beside = ((first[0] + 1, *first[1:]), second)
        nothing = tuple(0 * y for y in found.preconditioner)

        assert self.again(found, centre=beside) is None
        assert self.again(found, radii=(arb(2) ** -200, found.radii[1])) is None
        assert self.again(found, radii=(arb(2), arb(2))) is None
        assert self.again(found, preconditioner=nothing) is None
        assert self.again(found, radii=(arb("nan"), found.radii[1])) is None
