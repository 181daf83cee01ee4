"""Mirror of symcrit/catalog/expanding.py."""

from fractions import Fraction
from typing import Any

import pytest
from flint import arb

from symcrit.arith.laurent import Domain, Expansions
from symcrit.arith.precision import working_precision
from symcrit.catalog.expanding import global_spectrum, series_blocks
from symcrit.catalog.families import family
from symcrit.catalog.spectra import SeriesBlock, SpectrumSeries
from symcrit.cli.spectrum import answer_for_large_sizes
from symcrit.core.errors import InputError
from symcrit.schemas.load import validate
from symcrit.spectra.expansions import ExpandedBlock
from symcrit.spectra.splitting import split_eigenvalues
from symcrit.symmetry.components import decompose
from symcrit.symmetry.patterns import Pattern
from symcrit.symmetry.sizes import Affine

TINY = 1e-12


def cubic_block() -> SeriesBlock:
    """A block of three eigenvalues with conjugate limits, on a component of S_k."""
    lib = Expansions(Domain.start(10))
    t, pi, exact = lib.t_power, lib.pi, lib.exact
    rows = [
        [exact(1) + t(1), pi, exact(0)],
        [pi, exact(2), exact(1)],
        [exact(0), exact(1), exact(-1)],
    ]
    known = [[x + lib.big_o(5) for x in row] for row in rows]
    groups, _ = split_eigenvalues(known)
    component = decompose(Pattern.parse("k"))["s_1"]
    (block,) = series_blocks([ExpandedBlock(component, tuple(groups))], Fraction(4), 1)
    return block


def test_conjugate_eigenvalues_are_enclosed_and_defined() -> None:
    """Oracle: det(A - x) for the limits."""
    block = cubic_block()
    with working_precision(128):
        for x in block.eigenvalues:
            assert not x.is_exact
            assert 4 == x.order
            limit = x.coefficient(0)
            assert isinstance(limit, arb)
            pi = arb.pi()
            one, two, last = 1 - limit, 2 - limit, -1 - limit
            assert (one * (two * last - 1) - pi * pi * last).contains(0)
            assert limit.rad() < TINY
            assert x.conjugates is not None
            assert 4 == len(x.conjugates.leading)
            assert 4 == len(x.conjugates.polynomial)
    limits = [x.ball(Fraction(10**12)) for x in block.eigenvalues]
    assert limits[0] < limits[1]
    assert limits[1] < limits[2]
    assert [-1, -1, 1] == [x.sign for x in block.eigenvalues]
    assert 2 == block.negative
    assert all(r"\, t^{0}" in x.latex for x in block.eigenvalues)


def test_balls_are_never_printed_as_exact_numbers() -> None:
    """The document holds balls with mid and rad, and the polynomial in exact terms."""
    block = cubic_block()
    spectrum = SpectrumSeries("test", Fraction(4), (block,), "Q(pi)")

    answer = answer_for_large_sizes(spectrum, 12)

    document: dict[str, Any] = {"schema": "symcrit/spectrum@1", **answer.document}
    validate(document, "spectrum", where="test")
    first = document["blocks"][0]["eigenvalues"][0]
    assert {"mid", "rad"} == set(first["terms"][0][1])
    assert 4 == len(first["conjugates"]["leading"])
    assert "the leading coefficient is a root of x**3" in answer.text()


def test_the_global_minimum_is_that_of_the_catalog_of_formulas() -> None:
    """Oracle: 1/4 - 1/(2 pi) and 1/4 + 1/(2 pi), to every order and exactly."""
    found = global_spectrum(6)

    assert "1/4 - 1/(2*pi) + O(t**6)" == str(found["x_1"].eigenvalues[0])
    assert "1/4 + 1/(2*pi) + O(t**6)" == str(found["y_1"].eigenvalues[0])
    assert 0 == found.morse_index


def test_with_more_inputs_the_global_minimum_is_degenerate_in_no_direction() -> None:
    """The columns that nobody looks at have the eigenvalues of 1/4 (1 + J)."""
    found = global_spectrum(2, inputs=Affine.parse("d"))

    assert "1/4 + O(t**2)" == str(found["s_1*s_2"].eigenvalues[0])
    assert "(1/4)*t**-2 + 1/4 + O(t**2)" == str(found["s_2"].eigenvalues[0])


def test_an_unknown_number_of_inputs_is_refused() -> None:
    """Only forms in k, and d."""
    with pytest.raises(InputError, match="inputs"):
        family("A").spectrum_series(1, inputs="p")
