"""Mirror of symcrit/catalog/density.py."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from symcrit.arith.exact import Exact
from symcrit.catalog.density import SpectralDensity
from symcrit.catalog.families import family
from symcrit.landscapes.full import hessian

NAMES = [
    "A",
    "II",
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("I", "M")),
]
FEW = 4
"""At most so many times k eigenvalues may lie elsewhere than the density says."""

WIDTH = 0.07
"""Eigenvalues so near a constant are counted for it, at k = 20 and 50."""


@cache
def density_of(name: str, inputs: str | None = None) -> SpectralDensity:
    """The density, computed once for all tests."""
    return family(name).spectral_density(inputs)


@pytest.mark.parametrize("name", NAMES)
def test_half_of_the_eigenvalues_lie_at_each_of_two_constants(name: str) -> None:
    """Oracle: x and y have half the dimension each; the rest counts to k^2."""
    density = density_of(name)
    pi, quarter = Exact.pi(), Fraction(1, 4)

    assert [quarter - 1 / (2 * pi), quarter + 1 / (2 * pi)] == [
        atom.limit for atom in density.atoms
    ]
    assert [Fraction(1, 2)] * 2 == [atom.fraction for atom in density.atoms]
    assert [quarter] == [atom.limit for atom in density.rare]
    assert [0] == [atom.fraction for atom in density.rare]
    assert density.is_complete
    assert not density.vanishing
    assert not density.unknown
    counted = [
        *(x.count for x in (*density.atoms, *density.rare)),
        *(x.count for x in density.growing),
    ]
    at = {"k": Fraction(30)}
    assert 900 == sum(count.at(at) for count in counted)
    assert density.outliers.at(at) == 900 - sum(x.count.at(at) for x in density.atoms)


def test_with_more_inputs_the_fractions_depend_on_both_sizes() -> None:
    """K (d - k) eigenvalues more lie at 1/4; as a number once d is a multiple of k."""
    free, twice = density_of("II", "d"), density_of("II", "2*k")

    assert ["k/(2*d)", "(d - k)/d", "k/(2*d)"] == [a.fraction_text for a in free.atoms]
    assert [None] * 3 == [atom.fraction for atom in free.atoms]
    assert ["1/4", "1/2", "1/4"] == [a.fraction_text for a in twice.atoms]
    assert "d + 1" == str(free.outliers)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "k", "more"),
    [("A", 20, 5), ("I", 20, 0), ("II", 20, 5), ("M", 20, 0), ("II", 50, 0)],
)
def test_the_histogram_of_the_full_hessian_has_these_peaks(
    name: str, k: int, more: int
) -> None:
    """Oracle: numpy's eigenvalues, all but some multiple of k near the constants."""
    density = density_of(name, "d" if more else None)
    weights = np.zeros((k, k + more))
    found = family(name).point(k).matrix()
    weights[:, :k] = [[float(x) for x in row] for row in found]
    size = k * (k + more)

    whole = np.linalg.eigvalsh(
        hessian(weights, np.eye(k, k + more)).reshape(size, size)
    )

    at = {"k": Fraction(k), "d": Fraction(k + more)}
    for atom in density.atoms:
        assert isinstance(atom.limit, Exact)
        near = np.abs(whole - float(atom.limit.ball(64))) < WIDTH
        assert abs(int(near.sum()) - atom.count.at(at)) <= FEW * k
    grown = sum(growth.count.at(at) for growth in density.growing)
    assert grown == int((whole > 1).sum())
