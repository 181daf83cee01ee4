"""Mirror of symcrit/catalog/spectra.py."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from flint import arb

import symcrit
from symcrit.arith.balls import ball_of
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.catalog.families import family
from symcrit.catalog.spectra import SpectrumSeries
from symcrit.core.errors import InputError
from symcrit.core.truth import Truth

ORDER = 7
SAFETY = 1e6
"""How much larger than t^order the first omitted term may be in these tests."""

SLOW = pytest.mark.slow
FAMILIES = [
    "A",
    pytest.param("I", marks=SLOW),
    "II",
    pytest.param("M", marks=SLOW),
    pytest.param("flip:3", marks=SLOW),
]


@cache
def series_of(name: str, order: int) -> SpectrumSeries:
    """A spectrum, computed once for all tests."""
    return family(name).spectrum_series(order)


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("k", [10**4, 10**6])
def test_series_agree_with_balls_within_their_error_term(name: str, k: int) -> None:
    """Oracle: certified eigenvalues at one k."""
    found = family(name)
    series = series_of(name, ORDER)
    balls = {block.component: block for block in found.spectrum(k, digits=30).blocks}

    with working_precision(200):
        error = SAFETY * ball_of(Fraction(k)).sqrt() ** -ORDER
        for block in series.blocks:
            true = balls.pop(block.component).eigenvalues
            assert len(true) == len(block.eigenvalues)
            for x, ball in zip(block.eigenvalues, true, strict=True):
                assert ORDER == x.order
                assert abs(x.ball(Fraction(k), prec=200) - ball) < error
    assert not balls


@pytest.mark.slow
@pytest.mark.parametrize("name", ["A", "I", "II", "M", "flip:3"])
@pytest.mark.parametrize("k", range(6, 13))
def test_balls_are_the_eigenvalues_of_the_full_hessian(name: str, k: int) -> None:
    """Oracle: numpy's eigenvalues of the Hessian of size k^2, with multiplicities."""
    found = family(name)
    weights = np.array([[float(x) for x in row] for row in found.point(k).matrix()])

    whole = np.linalg.eigvalsh(symcrit.hessian(weights).reshape(k * k, k * k))

    listed = sorted(
        float(x)
        for block in found.spectrum(k).blocks
        for x in block.eigenvalues
        for _ in range(block.multiplicity or 0)
    )
    assert np.allclose(whole, listed, rtol=1e-10, atol=1e-10)


def test_the_growth_is_told_with_multiplicities() -> None:
    """Type II: k + 1 eigenvalues grow linearly, the others tend to three constants."""
    found = series_of("II", ORDER)

    grown, constant = found.growth

    pi, k = Exact.pi(), Fraction(20)
    assert grown.exponent == 1
    assert constant.exponent == 0
    assert "k + 1" == str(grown.count)
    assert [1 / (2 * pi), Exact.rational(Fraction(1, 4))] == [
        c for c, _ in grown.coefficients
    ]
    assert [20 * 19 // 2, 19, 10 * 17] == [
        count.at({"k": k}) for _, count in constant.coefficients
    ]
    assert grown.count.at({"k": k}) + constant.count.at({"k": k}) == k * k
    assert Truth.TRUE is found.is_positive_definite
    assert found.certified
    assert 0 == found.morse_index


def test_a_lower_order_is_part_of_a_higher_one() -> None:
    """More terms change none of those that were there."""
    low, high = (series_of("A", order) for order in (2, ORDER))

    for block, longer in zip(low.blocks, high.blocks, strict=True):
        for x, y in zip(block.eigenvalues, longer.eigenvalues, strict=True):
            assert x.terms == y.truncated(Fraction(2)).terms


def test_a_sum_of_terms_is_a_number() -> None:
    """1/4 - 1/(2 pi) - 1/pi k^(-1/2) for x of type A, at k = 4."""
    x = family("A").spectrum_series(2)["x_1"].eigenvalues[0]

    with working_precision(64):
        expected = arb(1) / 4 - 1 / arb.pi()
        assert abs(x.ball(Fraction(4)) - expected) < arb(2) ** -50
    assert 1 == x.sign
    assert "1/4 - 1/(2*pi)" == str(x.limit)


@pytest.mark.parametrize("order", [0, -3, 10**6])
def test_orders_out_of_range_are_bad_input(order: int) -> None:
    """One clear line."""
    with pytest.raises(InputError, match="an integer from 1 to 400"):
        family("A").spectrum_series(order)


def test_an_unknown_component_is_bad_input() -> None:
    """One line that shows those that there are."""
    with pytest.raises(InputError, match=r"no component .*; there are 1, "):
        family("A").spectrum_series(1)["z_1"]


def test_negative_leading_terms_make_the_index() -> None:
    """With the signs of x exchanged, its dimension is the index."""
    honest = series_of("A", 2)
    flipped = [
        replace(
            x,
            expansion=replace(
                x.expansion, terms=tuple((n, -c) for n, c in x.expansion.terms)
            ),
        )
        for x in honest["x_1"].eigenvalues
    ]
    blocks = tuple(
        replace(b, eigenvalues=tuple(flipped)) if b.component == "x_1" else b
        for b in honest.blocks
    )

    found = replace(honest, blocks=blocks)

    assert honest["x_1"].dimension == found.morse_index
    assert 1 == found["x_1"].negative
    assert Truth.FALSE is found.is_positive_definite
    assert found.certified


def test_an_unknown_leading_term_leaves_the_index_open() -> None:
    """An eigenvalue O(t^2) may have any sign."""
    honest = series_of("A", 2)
    (x,) = honest["x_1"].eigenvalues
    unknown = replace(x, expansion=replace(x.expansion, terms=()))
    blocks = tuple(
        replace(b, eigenvalues=(unknown,)) if b.component == "x_1" else b
        for b in honest.blocks
    )

    found = replace(honest, blocks=blocks)

    assert found.morse_index is None
    assert not found.certified
    assert Truth.UNKNOWN is found.is_positive_definite
    assert found.growth[-1].exponent is None
    assert honest["x_1"].dimension == found.growth[-1].count


def test_a_notebook_shows_a_line_for_each_eigenvalue() -> None:
    """Component, multiplicity, terms."""
    text = series_of("A", 2)._repr_latex_()

    assert text.startswith(r"$$\begin{aligned}1:\ 1 &\times ")
    assert text.count(r"&\times") == 7
    assert r"x_{1}:\ " + series_of("A", 2)["x_1"].dimension.latex in text


def test_a_coefficient_beyond_the_order_is_refused() -> None:
    """It is not known, and in particular not zero."""
    eigenvalue = series_of("A", 2)["x_1"].eigenvalues[0]

    assert Exact.rational(0) == eigenvalue.coefficient(-2)
    with pytest.raises(InputError, match=r"beyond O\(t\^2\): ask for a higher order"):
        eigenvalue.coefficient(2)
