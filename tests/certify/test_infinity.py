"""Mirror of infinity.py, infinity_statement.py and exact_branch.py of certify."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from flint import arb

import symcrit
from symcrit.arith.balls import ball_of
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.arith.recording import Node
from symcrit.certify.exact_branch import ExactBranch, RecordedBlock
from symcrit.certify.infinity import certify_infinity, check_infinity
from symcrit.certify.infinity_statement import Infinity, InfinityEvidence
from symcrit.core.errors import RefutedError
from symcrit.expand.lift import prove_and_expand
from symcrit.landscapes.blocks import HessianBlock
from symcrit.spectra.eigenvalues import enclose_spectrum
from tests.certify.branch_cases import branch_of
from tests.expand.cases import leading, rank_one

FROM = {"A": 60, "II": 120, "I": 120}
"""Sizes from which statements with few terms are proved."""

NAMES = ("A", "II", pytest.param("I", marks=pytest.mark.slow))

SIZES = ("200", "1001/3", "1000000", "1" + 40 * "0")


@cache
def proved(name: str, order: int = 10) -> Infinity:
    """The statement for all k from a size on, shared among tests."""
    branch = branch_of(name)
    found = certify_infinity(
        branch.landscape,
        branch.trail.leading,
        order=order,
        k_from=Fraction(FROM[name]),
    )
    assert found is not None
    return found


class TestTheCurve:
    """One critical point for each k, where it should be."""

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("k", SIZES)
    def test_certified_points_lie_in_the_tube(self, name: str, k: str) -> None:
        """Oracle: points that were certified one by one, and their losses."""
        found, digits = proved(name), 30 + 4 * len(k)
        point = branch_of(name).point(Fraction(k), digits=digits).point
        with working_precision(300):
            size = ball_of(Fraction(k))
        values = [point.parameters[x] for x in found.names]

        assert found.holds(values, size)
        with working_precision(300):
            for x, y in zip(found.enclosure(size), values, strict=True):
                assert x.overlaps(y)
                assert x.rad() < 1e-5
            assert found.loss_at(size).overlaps(point.loss)
            assert found.loss_at(size).rad() < 1e-4 * point.loss
        assert found.spurious

    @pytest.mark.parametrize("name", ["A", "II"])
    def test_the_box_ends_where_it_is_said_to(self, name: str) -> None:
        """Points just inside and just outside of each wall; not the mirrored branch."""
        found, size = proved(name), arb(500)
        centre = found.centre_at(size)
        with working_precision(200):
            walls = [
                r * (1 / size.sqrt()) ** arb(m)
                for r, m in zip(found.radii, found.orders, strict=True)
            ]

            assert found.holds(centre, size)
            for i, wall in enumerate(walls):
                for share, inside in ((0.999, True), (1.001, False)):
                    moved = list(centre)
                    moved[i] = centre[i] - share * wall
                    assert found.holds(moved, size) is inside
        assert not found.holds([-x for x in centre], size)

    def test_nothing_is_said_below_the_first_size(self) -> None:
        """Also where a ball of k reaches below it."""
        found = proved("A")
        values = found.enclosure(arb(60))

        assert not found.holds(values, arb(60, 1))
        with pytest.raises(ValueError, match="from k = 60 on"):
            found.enclosure(arb(60, 1))

    def test_a_ball_of_sizes(self) -> None:
        """The enclosure for all k in [100, 101] contains both ends."""
        found = proved("A")
        hull = found.enclosure(arb(100.5, 0.5))
        for k in (100, 101):
            for x, y in zip(hull, found.enclosure(arb(k)), strict=True):
                assert x.contains(y)

    @pytest.mark.parametrize("name", NAMES)
    def test_constants(self, name: str) -> None:
        """At least the first omitted coefficient, and near it for large k.

        Oracle: exact coefficients, and errors at certified points.
        """
        found = proved(name)
        for j, parameter in enumerate(found.names):
            for m, c in found.centre[j]:
                size = abs(c.ball(found.prec))
                constant = found.constant(parameter, m)
                far = found.constant(parameter, m, Fraction(10**12))

                assert constant * (1 + arb(2) ** -200) >= size
                assert constant >= far
                assert far <= size * (1 + arb(10) ** -3)

    @pytest.mark.parametrize("name", ["A", "II"])
    def test_constants_bound_the_errors(self, name: str) -> None:
        """Oracle: the error of each truncated series at a certified point."""
        found, k = proved(name), FROM[name]
        point = branch_of(name).point(k).point
        with working_precision(200):
            t = 1 / arb(k).sqrt()
            for j, parameter in enumerate(found.names):
                error = point.parameters[parameter]
                for m, c in found.centre[j]:
                    bound = found.constant(parameter, m) * t ** arb(m)
                    assert abs(error) <= bound * (1 + arb(2) ** -60)
                    error = error - c.ball(200) * t ** arb(m)
                    last = found.constant(parameter, found.orders[j])
                assert abs(error) <= last * t ** arb(found.orders[j])

    @pytest.mark.parametrize("k", [20, 10**6])
    def test_a_branch_in_roots_of_t(self, k: int) -> None:
        """Closed form: x = (1 + z)^(-4/5), y = x t^(8/3) with z = t^(10/3)."""
        land, r = rank_one(5)
        start = leading(
            (1, Fraction(10, 3), Exact.rational(Fraction(-4, 5))), (0, r, 1)
        )
        found = certify_infinity(land, start, order=4, k_from=Fraction(20))

        assert found is not None
        assert found.ramification == 3
        with working_precision(400):
            size = arb(k)
            z = (size.log() * arb(-5) / 3).exp()
            x = ((1 + z).log() * arb(-4) / 5).exp()
            y = x * (size.log() * arb(-4) / 3).exp()
            loss = (size**5 + 1 - ((1 + z).log() * -3).exp()) / 2
        assert found.holds([x, y], size)
        for ball, value in zip(found.enclosure(size), (x, y), strict=True):
            assert ball.contains(value)
            assert ball.rad() < 1e-4
        assert found.loss_at(size).contains(loss)

    def test_leading_terms_that_are_wrong(self) -> None:
        """No statement: the terms are refused with proof."""
        branch = branch_of("A")
        first, second = branch.trail.leading
        wrong = [replace(first, coefficient=Exact.rational(3)), second]
        with pytest.raises(RefutedError):
            certify_infinity(branch.landscape, wrong, order=4)


class TestTheIndex:
    """Blocks of constant sign along the whole curve."""

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("k", [150, 10**9])
    def test_it_agrees_with_the_spectrum(self, name: str, k: int) -> None:
        """Oracle: eigenvalues enclosed at one k."""
        found, branch = proved(name), branch_of(name)
        point = branch.point(k, digits=60).point
        values = [point.parameters[x] for x in found.names]
        spectrum = enclose_spectrum(
            branch.landscape, values, {"k": Fraction(k)}, prec=256
        )

        expected = {b.component: b.signs.count(-1) for b in spectrum.blocks}
        assert expected == found.negatives


class TestTheLoss:
    """Lower and upper functions of k."""

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("k", ["150", "1000000"])
    def test_exact_terms_and_remainder(self, name: str, k: str) -> None:
        """Oracle: losses at certified points, terms of the proved series."""
        found, branch = proved(name), branch_of(name)
        loss = branch.point(Fraction(k), digits=60).point.loss
        expansion = prove_and_expand(branch.landscape, branch.trail.leading, 5)
        series = dict(expansion.loss.known_coefficients())

        assert found.loss_order >= 7
        assert found.loss_rest.rad() < 1e5
        for n, c in found.loss_terms:
            if expansion.loss.prec is not None and n < expansion.loss.prec:
                assert c == series[n]
        with working_precision(300):
            u = found.variable(ball_of(Fraction(k)))
            for n, c in found.loss_terms:
                loss = loss - c.ball(300) * u ** arb(n)
            assert found.loss_rest.contains(loss / u ** arb(found.loss_order))

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("name", "largest"),
        [("A", 20), ("I", 25), ("II", 30), ("M", 35), ("flip:3", 40)],
    )
    def test_the_search_comes_near_the_radius_of_convergence(
        self, name: str, largest: int
    ) -> None:
        """Oracle for what is said there: the certified point and its spectrum."""
        branch = branch_of(name)
        found = certify_infinity(branch.landscape, branch.trail.leading)

        assert found is not None
        assert found.k_from <= largest
        point = branch.point(found.k_from).point
        values = [point.parameters[x] for x in found.names]
        size = ball_of(found.k_from)
        spectrum = enclose_spectrum(
            branch.landscape, values, {"k": found.k_from}, prec=128
        )
        assert found.holds(values, size)
        assert found.loss_at(size).overlaps(point.loss)
        assert found.spurious
        assert found.negatives == {
            b.component: b.signs.count(-1) for b in spectrum.blocks
        }

    @pytest.mark.slow
    @pytest.mark.parametrize("p", [1, 3, 4, 6, 8, 20])
    def test_a_bound_that_grows_with_the_number_of_flips(self, p: int) -> None:
        """Spurious minima for all k >= 5 p + 25; oracle: the next spectrum."""
        family = symcrit.family(f"flip:{p}")
        size = Fraction(5 * p + 25)
        found = certify_infinity(family.landscape, family.leading, k_from=size)

        assert found is not None
        assert found.spurious
        assert set(found.negatives.values()) == {0}
        assert family.spectrum(size + 1).morse_index == 0


def without(evidence: InfinityEvidence, **changes: Any) -> bool:
    """Whether a changed statement about family A is refused."""
    landscape = branch_of("A").landscape
    return check_infinity(landscape, replace(evidence, **changes)) is None


class TestWrongStatements:
    """What is not true is not proved."""

    def test_the_evidence_is_enough(self) -> None:
        """Without the leading terms, and with the same constants."""
        for name in ("A", "II"):
            found = proved(name)
            again = check_infinity(branch_of(name).landscape, found.evidence)

            assert again is not None
            assert again.negatives == found.negatives
            assert again.image == found.image
            assert again.loss_terms == found.loss_terms

    def test_radii_below_the_truth(self) -> None:
        """Half of what the test needs; each single radius."""
        evidence = proved("A").evidence
        r, s = evidence.radii
        for radii in ((r / 2, s), (r, s / 2), (r / 2, s / 2), (-r, s), (r, arb("nan"))):
            assert without(evidence, radii=radii)

    def test_boxes_that_are_too_large(self) -> None:
        """The Jacobian is not invertible everywhere in them, or not defined."""
        evidence = proved("A", 7).evidence
        for factor in (2000, 2500, 3000, 10**9):
            assert without(evidence, radii=tuple(r * factor for r in evidence.radii))

    @pytest.mark.parametrize("j", [0, 1])
    @pytest.mark.parametrize("n", [0, 2, 4, -1])
    def test_perturbed_centres(self, j: int, n: int) -> None:
        """One coefficient is off by 10^-30, or by a multiple of pi."""
        evidence = proved("A").evidence
        for error in (Exact.rational(Fraction(1, 10**30)), Exact.pi()):
            terms = [list(row) for row in evidence.centre.terms]
            exponent, c = terms[j][n % len(terms[j])]
            terms[j][n % len(terms[j])] = exponent, c + error
            centre = replace(evidence.centre, terms=tuple(tuple(x) for x in terms))
            assert without(evidence, centre=centre)

    def test_orders_beyond_the_terms(self) -> None:
        """A term that is not zero is said to be zero."""
        evidence = proved("A").evidence
        orders = tuple(m + 1 for m in evidence.centre.orders)
        assert without(evidence, centre=replace(evidence.centre, orders=orders))

    def test_a_wrong_inverse(self) -> None:
        """A Krawczyk step then does not contract."""
        evidence = proved("A").evidence
        first, *others = evidence.inverse
        half = tuple((n, c / 2) for n, c in first[0])
        assert without(evidence, inverse=((half, *first[1:]), *others))

    def test_signs_that_are_open(self) -> None:
        """A block whose pivots may vanish somewhere has no index."""
        for size in (16, 21):
            evidence = replace(proved("A", 7).evidence, k_from=Fraction(size))
            found = check_infinity(branch_of("A").landscape, evidence)

            assert found is not None
            assert found.negatives["s_1"] is None
            assert found.negatives["1"] == 0

    def test_copies_that_are_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the norm of an adapted matrix is not positive a block means nothing."""
        evidence = proved("A").evidence
        plain = ExactBranch._eliminate

        def negated(self: ExactBranch, block: HessianBlock[Node]) -> RecordedBlock:
            found = plain(self, block)
            if found.name != "s_1":
                return found
            first, *others = found.norms
            norms = (first - first, *others)
            self._evaluate(norms)
            return replace(found, norms=norms)

        monkeypatch.setattr(ExactBranch, "_eliminate", negated)
        found = check_infinity(branch_of("A").landscape, evidence)

        assert found is not None
        assert found.negatives == {"1": 0, "s_1": None, "x_1": 0, "y_1": 0}

    def test_other_parameters(self) -> None:
        """The names must be those of the pattern."""
        evidence = proved("A").evidence
        centre = replace(evidence.centre, names=("o_1", "a_1"))
        assert without(evidence, centre=centre)

    def test_a_smaller_first_size(self) -> None:
        """The radii do not hold the larger remainder."""
        assert without(proved("A").evidence, k_from=Fraction(4))

    @pytest.mark.parametrize(("name", "size"), [("A", 2), ("II", 6)])
    def test_sizes_that_are_too_small(self, name: str, size: int) -> None:
        """Far below the radius of convergence the test fails."""
        branch = branch_of(name)
        assert (
            certify_infinity(
                branch.landscape,
                branch.trail.leading,
                order=6,
                k_from=Fraction(size),
            )
            is None
        )
