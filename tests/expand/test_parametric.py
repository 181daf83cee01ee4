"""Mirror of symcrit/expand/parametric.py."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

import symcrit
from symcrit.arith.parametric import Parametrics
from symcrit.catalog.flips import flipped
from symcrit.core.errors import UndecidedError
from symcrit.expand.parametric import ParametricBranch, Start, prove_for_all_sizes
from symcrit.landscapes.reduced import landscape

LANDSCAPE = landscape(pattern="n1=p,n2=k-p: rows n1,n2 cols n1,n2")


@cache
def flips() -> ParametricBranch:
    """All numbers of flipped neurons p = s^2 with s >= 3/2 at once."""
    return prove_for_all_sizes(LANDSCAPE, flipped, start=Fraction(3, 2))


@pytest.mark.slow
@pytest.mark.parametrize("s", [2, 3])
def test_the_series_are_those_of_each_number_of_flips(s: int) -> None:
    """Oracle: exact series that were proved for p = 4 and p = 9."""
    found = flips()
    expansion = symcrit.family(f"flip:{s * s}").expansion(8)

    for name, series, order in zip(found.names, found.series, found.box, strict=True):
        for n in range(order):
            assert series.coefficient(n).at(s) == expansion[name].coefficient(n)
    assert found.loss.prec is not None
    for n in range(found.loss.prec):
        assert found.loss.coefficient(n).at(s) == expansion.loss.coefficient(n)


@pytest.mark.slow
def test_the_flips_are_minima_for_each_number_and_large_k() -> None:
    """The loss starts with a positive term, and no block has a negative eigenvalue."""
    found = flips()

    assert found.contraction >= 1
    assert set(found.negatives.values()) == {0}
    assert {"1", "s_1", "s_2", "x_1", "y_1", "x_2", "y_2", "s_1*s_2"} == set(
        found.negatives
    )
    assert found.loss.v == 2
    assert found.loss.rows[0].sign(found.start) == 1
    assert all(sign in (1, -1) for sign in found.decided.values())


@pytest.mark.slow
def test_two_flipped_neurons_are_no_case_of_all() -> None:
    """At p = 2 one copy of s_1 is zero, and its pivot vanishes there."""
    found = prove_for_all_sizes(LANDSCAPE, flipped, start=Fraction(7, 5))

    assert found.negatives["s_1"] is None
    assert found.negatives["s_2"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("place", [0, 3, 5])
def test_wrong_leading_terms_are_not_proved(place: int) -> None:
    """A leading coefficient off by one part in a million."""

    def wrong(lib: Parametrics) -> Start:
        start = flipped(lib)
        terms = list(start.parameters)
        error = lib.t_power(start.exponents[place]) * Fraction(1, 10**6)
        terms[place] = terms[place] + error
        return replace(start, parameters=terms)

    right = flips()
    try:
        found = prove_for_all_sizes(LANDSCAPE, wrong, start=Fraction(3, 2))
    except UndecidedError:
        return
    # Newton's method may have repaired the term; then the right one is proved.
    for x, y in zip(found.series, right.series, strict=True):
        assert x.rows == y.rows


@pytest.mark.slow
def test_a_box_that_is_too_large_is_not_proved() -> None:
    """With one term less a Krawczyk step does not contract."""
    with pytest.raises(UndecidedError, match="does not contract"):
        prove_for_all_sizes(LANDSCAPE, flipped, start=Fraction(3, 2), reach=2)
