"""What several tests of reports look at, computed once."""

import pytest

from symcrit.catalog.families import family
from symcrit.catalog.notation import Notation
from symcrit.report.material import Material, gather

__all__ = ["material"]


@pytest.fixture(scope="session")
def material() -> Material:
    """The results for family II at a low order."""
    return gather(
        family("II"), order=6, notation=Notation({}), command="symcrit derive II"
    )
