"""Mirror of symcrit/spectra/inputs.py."""

from fractions import Fraction

import numpy as np
import pytest

import symcrit
from symcrit.arith.laurent import Domain, Expansions
from symcrit.core.errors import InputError
from symcrit.landscapes.full import hessian
from symcrit.landscapes.reduced import landscape
from symcrit.spectra.expansions import ExpandedBlock, expand_spectrum
from symcrit.spectra.inputs import any_extra_inputs, extra_inputs, read_inputs
from symcrit.symmetry.patterns import Pattern
from symcrit.symmetry.sizes import Affine


@pytest.mark.parametrize(("name", "k", "d"), [("II", 7, 10), ("A", 8, 9), ("M", 9, 11)])
def test_balls_are_the_eigenvalues_of_the_full_hessian(
    name: str, k: int, d: int
) -> None:
    """Oracle: numpy's eigenvalues of the Hessian of size k d, for d > k inputs."""
    found = symcrit.family(name)
    weights, target = np.zeros((k, d)), np.eye(k, d)
    weights[:, :k] = [[float(x) for x in row] for row in found.point(k).matrix()]

    whole = np.linalg.eigvalsh(hessian(weights, target).reshape(k * d, k * d))

    listed = sorted(
        float(x)
        for block in found.spectrum(k, inputs=d).blocks
        for x in block.eigenvalues
        for _ in range(block.multiplicity or 0)
    )
    assert np.allclose(whole, listed, rtol=1e-10, atol=1e-10)


def texts(blocks: list[ExpandedBlock]) -> dict[str, list[str]]:
    """The terms of the eigenvalues of each component, in any order."""
    return {
        block.component.name: sorted(
            str([(n, str(c)) for n, c in group.series.known_coefficients()])
            for group in block.groups
        )
        for block in blocks
    }


@pytest.mark.parametrize("inputs", ["k+3", "2*k"])
def test_one_column_tells_of_all(inputs: str) -> None:
    """Oracle: the blocks of the larger pattern, whose norms depend on the columns."""
    found = symcrit.family("II")
    expansion = found.expansion(6)
    lib = Expansions(Domain.start(1))
    k = lib.t_power(-2)
    wide = extra_inputs(found.landscape, Affine.parse(inputs))

    whole = expand_spectrum(
        wide.landscape, wide.point(expansion.parameters, lib.exact(0)), {"k": k}, 3
    )

    series = found.spectrum_series(3, inputs="d")
    assert {
        block.component: sorted(
            str([(int(n), str(c)) for n, c in x.expansion.terms])
            for x in block.eigenvalues
        )
        for block in series.blocks
    } == texts(whole)
    assert "d*k" == str(series.total)


def test_a_single_new_column_has_no_component_of_its_own() -> None:
    """One column is fixed by the group; its eigenvalues stand on the others."""
    one = symcrit.family("A").spectrum_series(1, inputs="k+1")
    many = symcrit.family("A").spectrum_series(1, inputs="d")

    assert {"1": 3, "s_1": 4, "x_1": 1, "y_1": 1} == {
        b.component: len(b.eigenvalues) for b in one.blocks
    }
    assert {"s_2", "s_1*s_2"} == {b.component for b in many.blocks} - {
        b.component for b in one.blocks
    }
    assert one.total.at({"k": Fraction(7)}) == 56


def test_the_group_of_new_columns_has_a_name_of_its_own() -> None:
    """Even if the pattern has an m already."""
    found = any_extra_inputs(landscape(pattern="m=k-1: rows 1,m cols 1,m"))

    assert "mm" == found.group
    assert ["s_3", "s_2*s_3"] == [c.name for c in found.moving.components]


@pytest.mark.parametrize("text", ["k-1", "p", "k+1/2", "5", "k/2", "k-d"])
def test_numbers_of_inputs_that_are_none(text: str) -> None:
    """Fewer than columns, if only for large k; an unknown variable; no integer."""
    with pytest.raises(InputError, match="inputs"):
        read_inputs(text, Pattern.parse("1+(k-1)"), {})


def test_as_many_inputs_as_columns_change_nothing() -> None:
    """Then there are no columns to add."""
    assert read_inputs("k", Pattern.parse("1+(k-1)"), {}) is None
    assert read_inputs(7, Pattern.parse("1+(k-1)"), {"k": Fraction(7)}) is None
    with pytest.raises(InputError, match="more than"):
        extra_inputs(landscape(pattern="k"), Affine.parse("k"))
