"""Mirror of symcrit/catalog/flips.py."""

from fractions import Fraction

import pytest

import symcrit
from symcrit.arith.parametric import Parametrics
from symcrit.catalog.flips import flipped


@pytest.mark.parametrize("s", [2, 3])
def test_the_leading_terms_are_those_of_each_number_of_flips(s: int) -> None:
    """Oracle: the terms that are found for p = 4 and p = 9 from numbers."""
    start = flipped(Parametrics(8, Fraction(2)))
    found = symcrit.family(f"flip:{s * s}").leading

    for series, term, exponent in zip(
        start.parameters, found, start.exponents, strict=True
    ):
        assert exponent == term.exponent
        assert series.coefficient(0).at(s) == term.limit
        assert series.coefficient(exponent).at(s) == term.coefficient
