"""Mirror of symcrit/catalog/comparison.py."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from symcrit.catalog.comparison import compare_spectra
from symcrit.catalog.expanding import global_spectrum
from symcrit.catalog.families import family
from symcrit.catalog.spectra import SpectrumSeries
from symcrit.core.errors import InputError

ORDER = 3


@cache
def spectrum(name: str) -> SpectrumSeries:
    """A spectrum, computed once for all tests."""
    if name == "global":
        return global_spectrum(ORDER)
    return family(name).spectrum_series(ORDER)


@pytest.mark.parametrize(
    ("one", "other"), [("global", "A"), ("global", "I"), ("A", "II"), ("I", "II")]
)
def test_spectra_agree_modulo_the_root_of_k_and_no_further(
    one: str, other: str
) -> None:
    """Oracle: the published statements; both sides have equally many eigenvalues.

    Source:
        Arjevani and Field, arXiv:2107.10370; Arjevani, arXiv:2312.16819.
    """
    found = compare_spectra(spectrum(one), spectrum(other))

    assert 1 == found.shared
    assert found.differs
    k = {"k": Fraction(10)}
    assert 100 == sum(count.at(k) for _, count in found.common)
    counts = [
        sum((side.at(k) for side in sides if side is not None), Fraction(0))
        for sides in zip(*((d.first, d.second) for d in found.differences), strict=True)
    ]
    assert counts[0] == counts[1] > 0


def test_a_series_that_one_side_lacks_is_named() -> None:
    """Type II has an eigenvalue 1/4 - 4/pi^2 k^(-1/2), the global minimum has none."""
    found = compare_spectra(spectrum("global"), spectrum("II"))

    assert "II" in str(found)
    assert 1 == found.shared
    series = {str(d.series): (d.first, d.second) for d in found.differences}
    assert series["1/4 + (-4/pi**2)*t**1 + O(t**2)"][0] is None


def test_equal_spectra_agree_as_far_as_they_are_known() -> None:
    """No difference is claimed where none was found."""
    found = compare_spectra(spectrum("A"), spectrum("A"))

    assert ORDER == found.shared
    assert not found.differs
    assert not found.differences
    assert str(found).endswith(f"modulo O(t**{ORDER})")


def test_multiplicities_count() -> None:
    """With two dimensions exchanged the limits are the same, their numbers are not."""
    honest = spectrum("A")
    one, s, x, y = honest.blocks
    forged = replace(
        honest,
        blocks=(
            one,
            s,
            replace(x, dimension=y.dimension),
            replace(y, dimension=x.dimension),
        ),
    )

    found = compare_spectra(honest, forged)

    assert found.differs
    assert 0 == found.shared


def test_hessians_of_different_size_are_not_compared() -> None:
    """One line that says how many eigenvalues there are."""
    wide = family("A").spectrum_series(1, inputs="k+1")

    with pytest.raises(InputError, match="eigenvalues"):
        compare_spectra(wide, spectrum("A"))
