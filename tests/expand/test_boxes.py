"""Mirror of symcrit/expand/boxes.py; proofs of whole series are tested with lift."""

import pytest

from symcrit.arith.laurent import Expansions
from symcrit.catalog.families import family
from symcrit.core.errors import RefutedError, UndecidedError
from symcrit.expand import boxes
from symcrit.expand.boxes import Box, certify_box
from symcrit.expand.truncation import Truncation

SLACK = 6


def branch_of(name: str) -> Truncation:
    """A branch with a box that is certified."""
    found = family(name)
    branch = Truncation(found.landscape, found.leading, 1)
    box = certify_box(branch)
    assert box.contraction >= 1
    return branch


@pytest.mark.parametrize(
    ("name", "gain"), [("A", 2), pytest.param("II", 4, marks=pytest.mark.slow)]
)
def test_a_box_around_something_else_is_not_certified(name: str, gain: int) -> None:
    """A step contracts there as well, but leads out of it."""
    branch = branch_of(name)
    assert boxes._krawczyk(branch, gain, SLACK) is not None

    right = branch.series
    for j, (x, first) in enumerate(zip(right, branch.first, strict=True)):
        lib = Expansions(x.domain.with_length(20))
        moved = x.in_domain(lib.domain) + lib.t_power(first + 1)
        branch.series = [*right[:j], moved, *right[j + 1 :]]
        assert boxes._krawczyk(branch, gain, SLACK) is None


def test_the_centre_is_no_better_than_others_let_it_be() -> None:
    """The order of one coordinate bounds that of another one through E.

    Of E only its orders count; here t^-3 stands off the diagonal.
    """
    branch = branch_of("A")
    lib = Expansions(branch.series[0].domain)
    zero, t = lib.exact(0), lib.t_power(1)
    errors = [[t, lib.t_power(-3)], [zero, t]]
    box = Box((2, 6), 1, [[t, t], [t, t]], errors, (0, 0), [[0, 0], [0, 0]])

    assert [3, 6] == boxes._sharpened(box, [10, 6])
    assert [5, 8] == boxes._sharpened(box, [10, 8])
    assert [5, 9] == boxes._sharpened(box, [5, 9])


@pytest.mark.parametrize("name", ["A", "II"])
def test_right_leading_terms_are_never_refuted(name: str) -> None:
    """However suspicious they look: a refusal is a proof, or else undecided."""
    branch = branch_of(name)

    with pytest.raises(UndecidedError, match="suspicion"):
        boxes._refuse(branch, SLACK, "a suspicion")


def test_wrong_leading_terms_are_refuted() -> None:
    """The proof is that a step leads out of the box of all series that begin so."""
    branch = branch_of("A")
    branch.series = [
        x + Expansions(x.domain).t_power(first)
        for x, first in zip(branch.series, branch.first, strict=True)
    ]

    with pytest.raises(RefutedError, match="no branch starts with"):
        boxes._refuse(branch, SLACK, "a suspicion")
