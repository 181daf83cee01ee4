"""What several tests of reports look at, computed once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from symcrit.catalog.families import family
from symcrit.catalog.family import Family
from symcrit.catalog.notation import Notation
from symcrit.report.material import Material, gather
from symcrit.report.spectral import Spectral, gather_spectral

__all__ = ["family_a", "material", "material_a", "small_hessians", "spectral"]


@pytest.fixture(scope="session", autouse=True)
def small_hessians() -> Iterator[None]:
    """Whole Hessians are those of a small k, and few families are compared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("symcrit.report.spectral._HISTOGRAM_SIZES", (7,))
        patch.setattr("symcrit.report.spectral.families", lambda: ("A", "II"))
        yield


@pytest.fixture(scope="session")
def material() -> Material:
    """The results on the series of family II at a low order."""
    return gather(
        family("II"),
        order=6,
        notation=Notation({}),
        command="symcrit derive II",
        spectra=False,
    )


@pytest.fixture(scope="session")
def family_a() -> Family:
    """The smallest family, with what was computed of it."""
    return family("A")


@pytest.fixture(scope="session")
def spectral(family_a: Family) -> Spectral:
    """The results on the Hessian of family A."""
    return gather_spectral(family_a)


@pytest.fixture(scope="session")
def material_a(family_a: Family, spectral: Spectral) -> Material:
    """All results on family A at a low order."""
    found = gather(family_a, order=4, notation=Notation({}), command="", spectra=False)
    return replace(found, spectral=spectral)
