"""Mirror of symcrit/certify/points.py."""

from collections.abc import Sequence
from fractions import Fraction

import mpmath
import pytest
from flint import arb, fmpq

from symcrit.arith.balls import BALLS
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.certify.krawczyk import column_of
from symcrit.certify.points import (
    CertifiedPoint,
    approx_zero,
    certify_point,
    enclose_loss,
    starting_precision,
    to_digits,
)
from symcrit.certify.systems import ReducedSystem
from symcrit.core.errors import InputError, UndecidedError
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Monomial, Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.sizes import as_ball
from symcrit.symmetry.patterns import Pattern

ONE_FLIPPED = Landscape(Relu(), Structure.build(Pattern.parse("1+(k-1)")))
TWO_FLIPPED = Landscape(Relu(), Structure.build(Pattern.parse("2+(k-2)")))
CUBIC = Landscape(Monomial(3), Structure.build(Pattern.parse("1+(k-1)")))

AT_SEVEN = (-0.6327039049, 0.1859910463, 0.2616910758, 0.9969227988, -0.0350801559)
"""Diagonal, crosses and off-diagonal of the published minimum at k = 7, transposed.

Source: Safran, Yehudai and Shamir, arXiv:2006.01005.
"""

II_LIMIT = [Exact.rational(x) for x in (-1, 0, 0, 1, 0)]


def balls(values: Sequence[float]) -> list[arb]:
    """Exact balls of doubles."""
    return [arb(x) for x in values]


def leading_terms_of_ii(k: int, prec: int) -> list[arb]:
    """Type II to its first terms, as published."""
    with working_precision(prec):
        x, pi = 1 / arb(k), arb.pi()
        return [
            -1 + (2 + 8 / pi + 8 / (pi * pi)) * x,
            4 / pi * x,
            2 * x,
            1 + 8 / pi * x * x,
            -4 / pi * x * x,
        ]


def at_seven(digits: int = 30) -> CertifiedPoint:
    """The published minimum at k = 7, proved."""
    return certify_point(
        ONE_FLIPPED, balls(AT_SEVEN), {"k": 7}, digits=digits, limit=II_LIMIT
    )


def relu_gradient(weights: mpmath.matrix) -> mpmath.matrix:
    """The gradient for the identity as target, entry by entry from the formula."""
    k = weights.rows
    rows = [[weights[i, p] for p in range(k)] for i in range(k)]
    unit = [[mpmath.mpf(int(i == p)) for p in range(k)] for i in range(k)]
    result = mpmath.matrix(k, k)
    for i, w in enumerate(rows):
        norm = mpmath.norm(w)
        total = [x / 2 for x in w]
        others = [(1, v) for j, v in enumerate(rows) if j != i]
        for sign, v in others + [(-1, v) for v in unit]:
            length = mpmath.norm(v)
            theta = mpmath.acos(mpmath.fdot(w, v) / (norm * length))
            along = length * mpmath.sin(theta) / norm
            for p in range(k):
                part = along * w[p] + (mpmath.pi - theta) * v[p]
                total[p] += sign * part / (2 * mpmath.pi)
        for p in range(k):
            result[i, p] = total[p]
    return result


class TestAgainstOtherSources:
    """Points that are known from elsewhere."""

    def test_the_published_minimum_at_seven_is_reproduced_to_all_digits(self) -> None:
        """Ten decimals as printed, each rounded correctly."""
        found = at_seven()

        for x, printed in zip(found.parameters.values(), AT_SEVEN, strict=True):
            assert abs(x - arb(f"{printed:.10f}")) < arb("0.5000001e-10")

    @pytest.mark.slow
    def test_an_independent_solver_finds_the_same_matrix(self) -> None:
        """Oracle: mpmath solves 36 equations in 36 unknowns, with its own formula."""
        found = certify_point(
            TWO_FLIPPED, balls([-0.65, 0.27, 0.27, 0.33, 0.9, -0.14]), {"k": 6}
        )
        with mpmath.workdps(40):
            entry = {
                name: mpmath.mpf(x.str(40, radius=False))
                for name, x in found.parameters.items()
            }
            proved = mpmath.matrix(6, 6)
            for i in range(6):
                for p in range(6):
                    b, c = (1 if i < 2 else 2), (1 if p < 2 else 2)
                    own = f"{'a' if i == p else 'o'}_{b}"
                    proved[i, p] = entry[f"m_{b}_{c}" if b != c else own]
            rough = [mpmath.mpf(mpmath.nstr(x, 8)) for x in proved]
            solved = mpmath.findroot(
                lambda *x: list(relu_gradient(square(x))), rough, tol=1e-60
            )
            distance = mpmath.mnorm(square(list(solved)) - proved, "inf")

        assert distance < mpmath.mpf("1e-29")

    def test_the_global_minimum_of_a_smooth_kernel_is_enclosed(self) -> None:
        """For kappa = c^3 the identity is a zero of loss and gradient, exactly."""
        identity = (1, 0, 0, 1, 0)
        start = balls([1.01, 0.002, -0.003, 0.99, 0.001])
        limit = [Exact.rational(x) for x in identity]

        found = certify_point(CUBIC, start, {"k": 9}, limit=limit)

        assert found.digits == 30
        for x, exact in zip(found.parameters.values(), identity, strict=True):
            assert x.contains(exact)
        assert found.deviations is not None
        for x in (*found.deviations.values(), found.loss):
            assert x.contains(0)
            assert x.mid() == 0
            assert x.rad() < arb(10) ** -30

    def test_leading_terms_are_the_limit_of_the_points(self) -> None:
        """Deviations times powers of k approach the published coefficients."""
        k = 10**8
        found = certify_point(
            ONE_FLIPPED, leading_terms_of_ii(k, 200), {"k": k}, limit=II_LIMIT
        )
        leading = leading_terms_of_ii(k, 200)

        assert found.deviations is not None
        with working_precision(200):
            for x, first, c in zip(
                found.deviations.values(), leading, II_LIMIT, strict=True
            ):
                assert abs(x / (first - c.ball(200)) - 1) < 1e-3
            assert abs(found.loss * k / (arb(1) / 2 - 2 / arb.pi() ** 2) - 1) < 1e-3


class TestDigits:
    """What is promised about radii."""

    @pytest.mark.parametrize("digits", [1, 15, 30, 100, 1000])
    def test_every_quantity_has_the_digits(self, digits: int) -> None:
        """The radius is at most 10^-digits relative to the midpoint."""
        found = at_seven(digits)

        assert found.digits == digits
        assert found.deviations is not None
        quantities = [
            *found.parameters.values(),
            *found.deviations.values(),
            found.loss,
        ]
        with working_precision(64):
            for x in quantities:
                assert x.rad() <= arb(10) ** -digits * abs(x.mid())

    def test_two_precisions_overlap(self) -> None:
        """The narrow enclosure lies in the wide one, for all quantities."""
        rough, fine = at_seven(5), at_seven(60)

        assert rough.prec < fine.prec
        for name, x in fine.parameters.items():
            assert rough.parameters[name].contains(x)
        assert rough.loss.contains(fine.loss)

    @pytest.mark.parametrize("power", [3, 6, 12, 24, 100])
    def test_digits_of_deviations_survive_cancellation(self, power: int) -> None:
        """At k = 10^12 the deviation of a_2 is of size 10^-24."""
        k = 10**power
        start = leading_terms_of_ii(k, 20 * power + 200)

        found = certify_point(ONE_FLIPPED, start, {"k": k}, digits=20, limit=II_LIMIT)

        assert found.digits == 20
        assert found.deviations is not None
        with working_precision(64):
            for x in found.deviations.values():
                assert x.rad() <= arb(10) ** -20 * abs(x.mid())

    def test_the_precision_grows_with_the_logarithm_of_k_only(self) -> None:
        """Bits for 30 digits: about four more for each doubling of k."""
        bits = []
        for power in (3, 6, 12):
            k = 10**power
            start = leading_terms_of_ii(k, 400)
            found = certify_point(ONE_FLIPPED, start, {"k": k}, limit=II_LIMIT)
            assert found.prec == starting_precision({"k": k}, 30)
            bits.append(found.prec)

        assert bits[2] - bits[1] == 2 * (bits[1] - bits[0])
        assert bits[2] < 300

    def test_the_loss_agrees_with_its_value_on_the_enclosure(self) -> None:
        """Two routes: mean value form, and the formula on the whole box."""
        found = at_seven()
        with working_precision(found.prec):
            at = ONE_FLIPPED.at(BALLS, list(found.parameters.values()), {"k": arb(7)})
            direct = at.loss()

        assert direct.contains(found.loss)
        assert found.loss.rad() < direct.rad()

    @pytest.mark.parametrize("shift", [1e-3, -1e-3])
    def test_the_loss_is_enclosed_from_a_point_nearby(self, shift: float) -> None:
        """Off the critical point the loss is larger, by more than rounding errors."""
        found = at_seven()
        zero = list(found.parameters.values())
        with working_precision(100):
            away = [x.mid() + shift for x in zero]
            wide = [arb(x.mid(), 1e-4) for x in zero]
            at_away = ONE_FLIPPED.at(BALLS, away, {"k": arb(7)}).loss()
            system = ReducedSystem(ONE_FLIPPED, {"k": arb(7)})
            near = enclose_loss(system, column_of(away), column_of(zero))
            coarse = enclose_loss(system, column_of(away), column_of(wide))

        assert not at_away.overlaps(found.loss)
        assert near.contains(found.loss)
        assert coarse.contains(found.loss)
        assert coarse.rad() < 1e-3

    def test_a_value_that_may_be_zero_is_reported_around_zero(self) -> None:
        """Only below the negligible, and never as a narrower ball."""
        x = arb(3e-40, 4e-40)

        near_zero = to_digits(x, 30, arb(1e-39))

        assert near_zero is not None
        assert near_zero.mid() == 0
        assert near_zero.contains(x)
        assert to_digits(x, 30, arb(6e-40)) is None
        assert to_digits(arb(3e-40, 1e-41), 30, arb(1e-39)) is None

    def test_the_precision_is_doubled_until_the_digits_are_there(self) -> None:
        """Zeros at k = 10^12 are told from 10^-24 only at a higher precision."""
        k = 10**12
        limit = [Exact.rational(x) for x in (1, 0, 0, 1, 0)]
        start = balls([1, 0, 0, 1, 0])

        found = certify_point(CUBIC, start, {"k": k}, limit=limit)

        assert found.digits == 30
        assert found.prec > starting_precision({"k": k}, 30)
        assert found.parameters["o_2"].contains(0)
        assert found.parameters["o_2"].rad() < arb(10) ** -100


class TestVariables:
    """Values of k: fractions, balls, and values that make no sense."""

    @pytest.mark.parametrize("k", [Fraction(15, 2), Fraction(20, 3), Fraction(65, 10)])
    def test_k_may_be_a_fraction(self, k: Fraction) -> None:
        """A third is no binary number; its ball is as narrow as the precision."""
        found = certify_point(ONE_FLIPPED, balls(AT_SEVEN), {"k": k})

        assert found.digits == 30
        assert found.variables == {"k": k}

    def test_a_fraction_lies_in_its_ball(self) -> None:
        """A third is no binary number."""
        assert as_ball(Fraction(20, 3)).contains(fmpq(20, 3))

    def test_a_ball_of_k_holds_the_points_of_its_numbers(self) -> None:
        """One proof for an interval: each of its points lies in the enclosure."""
        wide = certify_point(ONE_FLIPPED, balls(AT_SEVEN), {"k": arb(7, 1e-5)})

        assert wide.digits is None
        for k in (Fraction(7), 7 + Fraction(1, 100001), 7 - Fraction(1, 100001)):
            narrow = certify_point(ONE_FLIPPED, balls(AT_SEVEN), {"k": k})
            for name, x in narrow.parameters.items():
                assert wide.parameters[name].contains(x)
            assert wide.loss.contains(narrow.loss)

    def test_a_ball_of_k_that_is_too_wide_is_not_certified(self) -> None:
        """From 5 to 9 the point moves further than any box allows."""
        with pytest.raises(UndecidedError, match="no critical point was proved"):
            certify_point(ONE_FLIPPED, balls(AT_SEVEN), {"k": arb(7, 2)})

    @pytest.mark.parametrize("k", [2, 1, 0, -3, Fraction(3, 2) - 1])
    def test_sizes_that_leave_an_orbit_empty_are_refused(self, k: Fraction) -> None:
        """One block of size 1 has no entries off its diagonal."""
        with pytest.raises(InputError, match=r"has no entries (o_2|m_1_2)"):
            certify_point(ONE_FLIPPED, balls(AT_SEVEN), {"k": k})

    def test_a_size_that_may_be_empty_is_undecided(self) -> None:
        """A ball around 2 holds sizes with and without entries."""
        with pytest.raises(UndecidedError, match="may be empty"):
            certify_point(ONE_FLIPPED, balls(AT_SEVEN), {"k": arb(2, 0.1)})

    def test_a_missing_variable_is_named(self) -> None:
        """The message says which."""
        with pytest.raises(InputError, match="needs a value of k"):
            certify_point(ONE_FLIPPED, balls(AT_SEVEN), {})

    def test_more_digits_than_are_tried_are_told(self) -> None:
        """Without a proof there is at least a reason."""
        with pytest.raises(UndecidedError, match=r"needs more than 32768 bits; try"):
            at_seven(10**6)

    def test_no_digits_are_no_question(self) -> None:
        """Zero digits promise nothing."""
        with pytest.raises(InputError, match="digits"):
            at_seven(0)


class TestBrokenHypotheses:
    """Where a hypothesis fails nothing is certified, and the reason is given."""

    def test_parallel_vectors_are_not_certified(self) -> None:
        """The global minimum W = V: every neuron is parallel to its target."""
        with pytest.raises(UndecidedError, match=r"pair w\d.v\d=? may be parallel"):
            certify_point(ONE_FLIPPED, balls([1, 0, 0, 1, 0]), {"k": 7})

    def test_a_zero_neuron_is_not_certified(self) -> None:
        """The loss has a kink there."""
        with pytest.raises(UndecidedError, match="parallel or zero"):
            certify_point(ONE_FLIPPED, balls([0, 0, 0.2, 1, 0.1]), {"k": 7})

    def test_a_start_that_leads_to_a_kink_is_not_certified(self) -> None:
        """From here Newton's method ends at the global minimum."""
        with pytest.raises(UndecidedError, match="may be parallel"):
            certify_point(ONE_FLIPPED, balls([0.8, 1.7, -0.3, 1.3, 0.7]), {"k": 7})

    def test_a_singular_family_is_not_certified(self) -> None:
        """For kappa = c^2 the loss is invariant under rotations."""
        quadratic = Landscape(Monomial(2), Structure.build(Pattern.parse("2+(k-2)")))

        with pytest.raises(UndecidedError, match="no critical point was proved"):
            certify_point(quadratic, balls([0.99, 0.1, 0.1, -0.1, 0.9, 0]), {"k": 7})

    def test_a_pair_declared_parallel_by_accident_is_refused(self) -> None:
        """W = V makes them parallel at one point, not on the fixed space."""
        declared = Structure.build(Pattern.parse("1+(k-1)"), parallel={"w1.v1": 1})

        with pytest.raises(UndecidedError, match="only at single points"):
            certify_point(Landscape(Relu(), declared), balls(AT_SEVEN), {"k": 7})

    def test_a_pair_that_is_always_parallel_may_be_declared(self) -> None:
        """Blocks without a fixed target: one column orbit, all vectors on one ray."""
        pattern = Pattern.parse("n=k: rows 1 cols n target 1")
        target = {"m_1_1": Fraction(1)}
        declared = Structure.build(pattern, target, {"w1.v1": 1})
        land = Landscape(Relu(), declared)

        found = certify_point(land, [arb(1.1)], {"k": 5})

        assert found.parameters["m_1_1"].contains(1)
        assert found.loss.contains(0)

    def test_a_declared_direction_that_is_wrong_is_refused(self) -> None:
        """Two neurons, declared opposite, both find the target on their own."""
        pattern = Pattern.parse("n=k: rows 1,1 cols n target 1")
        declared = {"w1.v1": 1, "w2.v1": 1, "w1.w2": -1}
        structure = Structure.build(pattern, {"m_1_1": Fraction(1)}, declared)

        with pytest.raises(UndecidedError, match="point as declared"):
            certify_point(Landscape(Relu(), structure), balls([1.1, 0.9]), {"k": 5})


class TestRecord:
    """What a certified point tells."""

    def test_all_hypotheses_are_recorded_as_verified(self) -> None:
        """Six of the operator, two of the landscape."""
        found = at_seven()

        assert len(found.hypotheses) == 8
        assert all(h.holds.is_true for h in found.hypotheses)

    def test_the_box_is_wider_than_the_enclosure(self) -> None:
        """Uniqueness holds in the box, in whose interior the point lies."""
        found = at_seven()

        for name, x in found.parameters.items():
            assert found.box[name].contains_interior(x)

    def test_distinct_parameters_are_recognised(self) -> None:
        """At k = 7 the five parameters differ; in the identity two orbits agree."""
        identity = certify_point(CUBIC, balls([1, 0, 0, 1, 0]), {"k": 9})

        assert at_seven().has_distinct_parameters.is_true
        assert identity.has_distinct_parameters.is_unknown

    def test_newtons_method_gives_up_without_an_exception(self) -> None:
        """An approximate routine says None."""
        start = balls([1, 0, 0, 1, 0])

        assert approx_zero(ONE_FLIPPED, start, {"k": arb(7)}, prec=64) is None


def square(x: Sequence[mpmath.mpf]) -> mpmath.matrix:
    """Six rows of six."""
    return mpmath.matrix([list(x[i : i + 6]) for i in range(0, 36, 6)])
