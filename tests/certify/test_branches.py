"""Mirror of symcrit/certify/branches.py."""

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from flint import arb

from symcrit.arith.precision import working_precision
from symcrit.certify.branches import Branch, LinkKind
from symcrit.certify.folds import Turn, certify_turn
from symcrit.certify.stretches import Stretch
from symcrit.certify.tubes import Polynomial
from symcrit.core.errors import InputError, RefutedError, UndecidedError
from tests.certify.branch_cases import branch_of

TWO_CURVES = ("II", "I")
"""Two branches in one fixed space."""


def fresh(name: str) -> Branch:
    """A branch that knows nothing yet."""
    known = branch_of(name)
    return Branch(known.landscape, known.trail.leading)


class TestFollowing:
    """Points with a numerical link."""

    @pytest.mark.parametrize("k", range(6, 21))
    def test_the_minima_of_type_ii_are_certified(self, k: int) -> None:
        """The range of k in which spurious minima were first proved to exist.

        Source: Safran and Shamir, arXiv:1712.08968, who prove them for these k.
        """
        found = branch_of("II").point(k)

        assert found.point.digits == 30
        assert all(h.holds.is_true for h in found.point.hypotheses)
        assert found.point.has_distinct_parameters.is_true
        assert found.link.kind is LinkKind.NUMERICAL
        loss = found.point.loss * k
        assert abs(loss - 0.2973576) < 0.2

    @pytest.mark.parametrize("name", ["A", "I", "II", "M", "flip:3", "reversed"])
    @pytest.mark.parametrize("k", [20, 10**12])
    def test_each_family_has_certified_points(self, name: str, k: int) -> None:
        """With all digits in the deviations too."""
        found = branch_of(name).point(k).point

        assert found.digits == 30
        assert found.deviations is not None
        with working_precision(64):
            for x in (*found.deviations.values(), found.loss):
                assert x.rad() <= arb(10) ** -30 * abs(x.mid())

    def test_reversed_blocks_give_the_same_point(self) -> None:
        """Type II with its single neuron last is the matrix turned around."""
        one = branch_of("II").point(20).point
        other = branch_of("reversed").point(20).point
        renamed = {
            "a_1": "a_2",
            "m_1_2": "m_2_1",
            "m_2_1": "m_1_2",
            "a_2": "a_1",
            "o_2": "o_1",
        }

        for name, x in one.parameters.items():
            assert x.overlaps(other.parameters[renamed[name]])
        assert one.loss.overlaps(other.loss)

    def test_the_work_grows_with_the_logarithm_of_k_only(self) -> None:
        """One step, and four bits for each doubling of k."""
        found = [fresh("II").point(10**power) for power in (6, 12, 24)]

        assert [x.link.steps for x in found] == [1, 1, 1]
        bits = [x.point.prec for x in found]
        assert bits[2] - bits[1] <= 2 * (bits[1] - bits[0]) + 4
        assert bits[2] < 500

    def test_a_ball_of_k_is_followed_to_its_middle(self) -> None:
        """The statement holds for all k in the ball."""
        wide = branch_of("II").point(arb(20, 1e-6)).point
        narrow = branch_of("II").point(20).point

        for name, x in narrow.parameters.items():
            assert wide.parameters[name].contains(x)

    def test_the_smallest_member_of_a_flip_family_is_a_permuted_type_a(self) -> None:
        """At k = p + 2 two rows of the point of type M can be exchanged.

        Four parameters then agree: the matrix is that of type A at k = 4 with its last
        two rows exchanged, and its isotropy is larger than that of the pattern.
        """
        merged = branch_of("M").point(4).point
        other = branch_of("A").point(4).point.parameters

        assert merged.has_distinct_parameters.is_unknown
        renamed = {"a_1": "a_1", "o_2": "a_1"}
        for name, x in merged.parameters.items():
            assert x.overlaps(other[renamed.get(name, "o_1")])


class TestOutsideTheRange:
    """Where there is no point, or none can be proved."""

    @pytest.mark.parametrize(("name", "k"), [("II", 2), ("A", 1), ("M", 3)])
    def test_sizes_without_entries_are_bad_input(self, name: str, k: int) -> None:
        """A block of size 1 has no off-diagonal."""
        with pytest.raises(InputError, match="has no entries"):
            branch_of(name).point(k)

    def test_a_permutation_of_the_target_is_undecided(self) -> None:
        """Type A at k = 2 is the target with its rows exchanged: not analytic."""
        with pytest.raises(UndecidedError, match=r"down to k = 2\.0.*parallel"):
            branch_of("A").point(2)

    @pytest.mark.slow
    def test_below_the_fold_the_answer_is_no(self) -> None:
        """Type M turns back at k = 3.434; the proof starts where the terms fit."""
        with pytest.raises(
            RefutedError, match=r"fold at k = 3\.43405420995880 \(proved"
        ):
            branch_of("M").point(Fraction(16, 5))

        end = branch_of("M").end
        assert end is not None
        assert end.link.kind is LinkKind.PROVED
        assert end.link.k_from >= 4096
        assert branch_of("M").point(Fraction(3435, 1000)).point.digits == 30

    @pytest.mark.slow
    def test_an_undecided_point_above_the_fold_is_not_refuted(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The fold only speaks about smaller k."""

        def fail(_k: object, _digits: int) -> None:
            message = "not today"
            raise UndecidedError(message, hint="try again")

        branch = branch_of("M")
        monkeypatch.setattr(branch, "_followed_point", fail)

        with pytest.raises(UndecidedError, match="not today"):
            branch.point(5)

    @pytest.mark.slow
    def test_a_fold_that_is_not_linked_refutes_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The tube around the fold has to end in the tubes of the branch."""

        def elsewhere(*arguments: Any) -> Turn | None:
            turn = certify_turn(*arguments)
            if turn is None:
                return None
            return replace(turn, end=tuple(x + arb(10) ** -7 for x in turn.end))

        branch = fresh("M")
        monkeypatch.setattr(branch, "_chains", dict(branch_of("M")._chains))
        monkeypatch.setattr("symcrit.certify.branches.certify_turn", elsewhere)

        with pytest.raises(UndecidedError, match=r"in a fold at .*\(numerical"):
            branch.point(Fraction(16, 5))

    def test_a_branch_that_goes_on_has_no_end(self) -> None:
        """Type II is followed to its smallest size."""
        assert branch_of("II").end is None

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("name", "fold"), [("flip:3", "4.5639621325"), ("flip:100", "180.4616090958")]
    )
    def test_other_families_end_in_folds_too(self, name: str, fold: str) -> None:
        """With a hundred flipped neurons there is no point for k up to 180."""
        end = branch_of(name).end

        assert end is not None
        assert end.link.kind is LinkKind.PROVED
        assert abs(end.fold.k - arb(fold)) < 1e-9
        with pytest.raises(RefutedError):
            branch_of(name).point(Fraction(fold) - Fraction(1, 20))

    @pytest.mark.slow
    @pytest.mark.parametrize(("name", "k"), [("A", 2), ("I", 3)])
    def test_a_kink_is_no_fold(self, name: str, k: int) -> None:
        """Types A and I run into a permutation of the target; no end is proved."""
        assert branch_of(name).end is None
        with pytest.raises(UndecidedError):
            branch_of(name).point(k)


class TestProvedLinks:
    """Tubes of critical points over intervals of real k."""

    def test_tubes_are_joined_without_gaps(self) -> None:
        """From where the leading terms fit down to the k asked for."""
        chain = branch_of("II").tubes(Fraction(7))

        assert chain[0].high == 4096
        assert chain[-1].low <= 7
        for upper, lower in pairwise(chain):
            assert upper.low == lower.high
            assert upper.joins(lower)

    @pytest.mark.parametrize("k", [6, 7, 20, Fraction(15, 2), 1000])
    def test_points_with_a_proved_link_are_those_that_were_followed(
        self, k: Fraction
    ) -> None:
        """Two routes to one enclosure."""
        proved = branch_of("II").point(k, prove_link=True)
        followed = branch_of("II").point(k)

        assert proved.link.kind is LinkKind.PROVED
        assert proved.link.k_from == 4096
        assert proved.link.mismatch < 0.1
        for name, x in proved.point.parameters.items():
            assert x.overlaps(followed.point.parameters[name])

    def test_every_point_between_lies_in_its_tube(self) -> None:
        """Points at other k, proved one by one, are the zeros of the tubes."""
        branch = branch_of("II")
        chain = branch.tubes(Fraction(7))
        for stretch in chain[::9]:
            k = (stretch.low + 2 * stretch.high) / 3
            point = branch.point(k, digits=10).point

            with working_precision(100):
                s = stretch.parameter(k)
                zero = list(point.parameters.values())
                assert stretch.tube.holds(zero, s)
                for x, y in zip(zero, stretch.tube.enclosure(s), strict=True):
                    assert y.contains(x)

    def test_a_ball_of_k_inside_a_tube_is_linked(self) -> None:
        """All points over the ball belong to the branch."""
        found = branch_of("II").point(arb(20, 1e-9), prove_link=True)

        assert found.link.kind is LinkKind.PROVED
        assert found.point.digits is None

    def test_far_out_tubes_start_above_k(self) -> None:
        """The top is moved up with k."""
        found = branch_of("A").point(10**9, prove_link=True)

        assert found.link.kind is LinkKind.PROVED
        assert found.link.k_from > 10**9

    def test_tubes_do_not_hold_another_branch(self) -> None:
        """Types I and II live in one fixed space, and are kept apart."""
        two, one = (branch_of(name) for name in TWO_CURVES)
        stretch = two.tubes(Fraction(20))[-1]
        other = list(one.point(20).point.parameters.values())

        assert not stretch.holds(*other, arb(20))

    def test_tubes_of_two_branches_are_not_joined(self) -> None:
        """Neither are tubes that do not touch."""
        two, one = (branch_of(name).tubes(Fraction(100)) for name in TWO_CURVES)
        upper, lower = two[-2], two[-1]
        stranger = Stretch(lower.low, lower.high, one[-1].tube)

        assert upper.joins(lower)
        assert not upper.joins(stranger)
        assert not two[-3].joins(lower)
        assert not upper.joins(replace(lower, high=lower.high + Fraction(1, 10**9)))
        assert not lower.joins(upper)

    def test_a_tube_on_another_branch_is_not_added(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Were the centre to jump from type II to type I, the chain would stop."""
        branch = fresh("II")
        branch.tubes(Fraction(1000))
        stranger = branch_of("I")

        def jump(high: Fraction, low: Fraction) -> Sequence[Polynomial]:
            point = stranger.point((high + low) / 2, digits=20).point
            return [(x.mid(),) for x in point.parameters.values()]

        monkeypatch.setattr(branch._chain(Fraction(1000)), "_curve_start", jump)
        bottom = float(branch.tubes(Fraction(1000))[-1].low)

        with pytest.raises(UndecidedError, match=f"down to k = {bottom:.9g}, but not"):
            branch.tubes(Fraction(500))

    def test_tubes_start_where_the_leading_terms_fit(self) -> None:
        """With 5000 flipped neurons that is further out."""
        branch = branch_of("flip:5000")
        found = branch.point(12000, prove_link=True)

        assert found.link.mismatch <= 1 / 8
        assert found.link.k_from > 2**14

    def test_no_tube_leads_through_a_fold(self) -> None:
        """That of type M is at k = 3.43405420995880; tubes end a little above."""
        with pytest.raises(UndecidedError, match=r"but not to k = 3\.4;") as caught:
            branch_of("M").tubes(Fraction(34, 10))

        (reached,) = re.findall(r"down to k = ([0-9.]+)", str(caught.value))
        assert 3.43405420995880 < float(reached) < 3.4341

    def test_a_point_outside_its_tube_is_not_linked(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Were Newton's method to find a point of type I, no link would be claimed."""
        stranger = branch_of("I").point(20).point
        branch = branch_of("II")
        monkeypatch.setattr(branch, "_certified", lambda *_: stranger)

        with pytest.raises(UndecidedError, match="not shown to lie in the tube"):
            branch.point(20, prove_link=True)

    def test_links_are_told_in_a_sentence(self) -> None:
        """What is proved and what is not."""
        proved = branch_of("II").point(20, prove_link=True).link
        followed = branch_of("II").point(20).link

        assert str(proved).startswith("proved: one analytic curve")
        assert "from k = 4096" in str(proved)
        assert str(followed).startswith("numerical: followed in")
