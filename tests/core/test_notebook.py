"""Mirror of symcrit/core/notebook.py, and what notebooks show of spectra."""

import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

import symcrit
from symcrit.core.notebook import html_table

SHOWN: dict[str, Callable[[], object]] = {
    "spectrum": lambda: symcrit.family("II").spectrum(k=20),
    "between integers": lambda: symcrit.family("M").spectrum(k="15/2"),
    "thresholds": lambda: symcrit.family("A").threshold(),
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_table_is_wellformed_and_has_all_rows(name: str) -> None:
    """Oracle: Python's parser of XML; LaTeX has as many rows as HTML."""
    found = SHOWN[name]()
    table = ET.fromstring(found._repr_html_())  # type: ignore[attr-defined]
    rows = table.findall("tr")
    latex: str = found._repr_latex_()  # type: ignore[attr-defined]

    assert len({len(row) for row in rows}) == 1
    assert len(rows) == latex.count(r"\\") + 1
    assert latex.count("{") == latex.count("}")
    assert "None" not in table.itertext()


def test_numbers_are_those_of_the_object() -> None:
    """The smallest eigenvalue, its multiplicity, and the index."""
    found = symcrit.family("II").spectrum(k=20)
    least = found.blocks[1]

    html = found._repr_html_()

    assert "Morse index 0" in html
    assert f"<td>18</td><td>{least.eigenvalues[0].str(12)}</td>" in html
    assert r"\tfrac{1}{2}" in found._repr_latex_()
    assert least.eigenvalues[0].str(12, radius=False) in found._repr_latex_()


def test_what_has_a_meaning_in_html_is_escaped() -> None:
    """A name of a family may hold any letter."""
    assert "<b>" not in html_table("<b>", ["<b>"], [["<b>"]])
