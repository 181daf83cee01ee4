"""Isotropy by separation: against the automorphism group of rounded matrices."""

from fractions import Fraction
from math import factorial

import numpy as np
import pytest
from flint import arb

from symcrit.certify.separation import has_exact_isotropy, possible_coincidences
from symcrit.symmetry.isotropy import find_isotropy
from symcrit.symmetry.matrices import embed
from symcrit.symmetry.patterns import Pattern


@pytest.mark.parametrize(
    ("text", "sizes", "values", "order"),
    [
        ("k", {"k": 4}, [1, 0], factorial(4)),
        ("1+(k-1)", {"k": 5}, [1, 2, 3, 4, 5], factorial(4)),
        ("1+(k-1)", {"k": 5}, [1, 2, 3, 1, 5], factorial(4)),
        ("1+(k-1)", {"k": 4}, [1, 0, 0, 1, 0], None),
        ("2+(k-2)", {"k": 4}, [1, 2, 3, 4, 5, 6], 4),
        ("2+(k-2)", {"k": 4}, [1, 2, 3, 3, 1, 2], None),
        ("n=d-1: rows 1,n,1 cols 1,n", {"d": 4}, [1, 2, 3, 4, 5, 6, 7], factorial(3)),
        ("n=d: rows n,n cols 1", {"d": 3}, [1, 2], None),
        ("n=d: rows n,1 cols n", {"d": 3}, [2, 1, 1], factorial(3)),
    ],
)
def test_it_agrees_with_the_automorphism_group(
    text: str, sizes: dict[str, int], values: list[int], order: int | None
) -> None:
    """The group of the pattern, or a larger one that was found."""
    pattern = Pattern.parse(text)
    exact = {name: Fraction(n) for name, n in sizes.items()}
    group = find_isotropy(np.array(embed(pattern, values, sizes), dtype=np.int64))

    found = has_exact_isotropy(pattern, [arb(v) for v in values], exact)

    if order is None:
        assert found.is_unknown
        smallest = 1
        for size in pattern.sizes.values():
            smallest *= factorial(int(size.substitute(exact).const))
        assert group.order > smallest
    else:
        assert found.is_true
        assert group.order == order


def test_balls_that_overlap_may_be_equal() -> None:
    """What is not told apart is not proved."""
    pattern = Pattern.parse("1+(k-1)")
    balls = [arb(1), arb(2), arb(3), arb(4, 1), arb(4.5)]

    # a_2 and o_2 overlap; equal, they would free the columns.
    assert has_exact_isotropy(pattern, balls, {"k": Fraction(5)}).is_unknown


def test_a_ball_that_is_no_number_is_apart_from_none() -> None:
    """NaN joins all classes."""
    assert possible_coincidences([arb(1), arb.nan(), arb(2)]) == [0, 0, 0]
