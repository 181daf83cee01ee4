"""Mirror of symcrit/report/sections/theorem.py and theorem_plots.py."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from symcrit.certify.bounds import prove_bounds
from symcrit.certify.theorems import FamilyTheorem
from symcrit.core.truth import Truth
from symcrit.report.evidence import statements_of
from symcrit.report.material import Material
from symcrit.report.sections.theorem import theorem_section
from symcrit.report.theorem_plots import plot_least_eigenvalues, plot_tube
from tests.certify.theorem_cases import theorem


@pytest.fixture(scope="module")
def proved() -> FamilyTheorem:
    """Type A from infinity down to k = 5."""
    found = theorem("A", 5)
    return FamilyTheorem("A", found, prove_bounds(found, 4))


def test_the_section_says_what_was_proved(
    material_a: Material, proved: FamilyTheorem
) -> None:
    """All sentences, the constants, and how to check them; nothing without."""
    page = theorem_section(replace(material_a, theorem=proved))

    for sentence in proved.sentences:
        assert sentence in page
    assert "$1.4540$" in page
    assert f"{len(proved.theorem.stretches)} tubes" in page
    assert "`symcrit check theorem.json`" in page
    assert "" == theorem_section(material_a)


def test_the_statement_hangs_on_the_index(
    material_a: Material, proved: FamilyTheorem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is true if the index is proved at every integer, else open."""
    whole = replace(material_a, theorem=proved)

    assert statements_of(whole)["theorem.all"].outcome is Truth.TRUE
    monkeypatch.setattr(FamilyTheorem, "is_complete", property(lambda _self: False))
    assert statements_of(whole)["theorem.all"].outcome is Truth.UNKNOWN


@pytest.mark.slow
def test_the_pictures_are_svg(
    proved: FamilyTheorem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With few samples, to save time."""
    monkeypatch.setattr("symcrit.report.theorem_plots._SAMPLES", 6)
    names = {"a_1": "a_1", "o_1": "o_1"}
    for picture in (plot_tube(proved, names), plot_least_eigenvalues(proved)):
        root = ET.fromstring(picture.decode())
        assert root.tag.endswith("svg")
