"""Mirror of symcrit/core/notebook.py, and what notebooks show of spectra."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace

import pytest

import symcrit
from symcrit.core.notebook import html_table

SHOWN: dict[str, Callable[[], object]] = {
    "spectrum": lambda: symcrit.family("II").spectrum(k=20),
    "between integers": lambda: symcrit.family("M").spectrum(k="15/2"),
    "block": lambda: symcrit.family("A").spectrum(k=6).blocks[1],
    "thresholds": lambda: symcrit.family("A").threshold(),
    "point": lambda: symcrit.family("A").point(k=6),
    "density": lambda: symcrit.family("II").spectral_density(),
    "identification": lambda: symcrit.identify([[0, 3, 3], [2, 1, 9], [2, 9, 1]]),
}

FORMULAS: dict[str, Callable[[], object]] = {
    "exact number": lambda: symcrit.family("A").series(order=3)["a_1"].coefficient(2),
    "quantity": lambda: symcrit.family("A").series(order=3).loss,
    "series": lambda: symcrit.family("A").series(order=3),
    "eigenvalue": lambda: symcrit.family("A").spectrum_series(1)["1"].eigenvalues[0],
    "block of series": lambda: symcrit.family("A").spectrum_series(1)["s_1"],
    "spectrum of series": lambda: symcrit.family("A").spectrum_series(1),
    "dimension": lambda: symcrit.family("A").spectrum_series(1)["x_1"].dimension,
    "equations": lambda: symcrit.landscape(pattern="k").reduced_equations(),
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


def test_a_point_shows_the_proved_digits_of_its_balls() -> None:
    """Oracle: the balls themselves; names of parameters are set with indices."""
    found = symcrit.family("II").point(k=20, digits=12)
    shown = found.parameters["m_1_2"].str(20, radius=False)

    assert f"<td>m_1_2</td><td>{found.parameters['m_1_2'].str(20)}</td>" in (
        found._repr_html_()
    )
    assert rf"m_{{1,2}} & {shown}" in found._repr_latex_()
    assert rf"\mathcal{{L}} & {found.loss.str(20, radius=False)}" in (
        found._repr_latex_()
    )


def test_small_numbers_are_set_with_powers_of_ten() -> None:
    """At k = 10**12 some parameters are tiny; LaTeX has no e-notation."""
    text = symcrit.family("II").point(k=10**12)._repr_latex_()

    assert r" \cdot 10^{-" in text
    assert not re.search(r"[0-9]e[-+0-9]", text)


def test_a_density_shows_where_all_eigenvalues_are() -> None:
    """The counts of all rows add up to the number of eigenvalues."""
    found = symcrit.family("II").spectral_density()
    rows = ET.fromstring(found._repr_html_()).findall("tr")[1:]
    counts = [row[1].text for row in rows]
    parts = [x.count for x in (*found.atoms, *found.rare, *found.growing)]
    total = parts[0]
    for part in parts[1:]:
        total = total + part

    assert [str(x) for x in parts] == counts
    assert found.total == total


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_is_mathematics_with_balanced_braces(name: str) -> None:
    """Between dollars, as notebooks want it, and nothing else between them."""
    text: str = FORMULAS[name]()._repr_latex_()  # type: ignore[attr-defined]
    inside = text.removeprefix("$").removeprefix("$").rstrip("$")

    assert text.startswith("$")
    assert text.endswith("$")
    assert "$" not in inside
    assert inside.count("{") == inside.count("}")
    assert inside.count(r"\left") == inside.count(r"\right")


def test_what_has_a_meaning_in_html_is_escaped() -> None:
    """A name of a family may hold any letter."""
    assert "<b>" not in html_table("<b>", ["<b>"], [["<b>"]])


def test_the_name_of_a_family_is_escaped() -> None:
    """Oracle: Python's parser of XML gives the name back."""
    point = replace(symcrit.family("A").point(k=6), family="<b>")

    caption = ET.fromstring(point._repr_html_()).find("caption")

    assert caption is not None
    assert caption.text == "<b>, k = 6, certified"


def test_a_proved_point_near_a_matrix_is_shown_with_its_balls() -> None:
    """Oracle: the balls themselves; without a point the reason is told instead."""
    found = symcrit.certify_matrix([[1.0, 0.0], [0.0, 1.0]])
    refuted = symcrit.certify_matrix([[5.0, 3.0], [3.0, 5.0]])
    assert found.parameters is not None

    table = ET.fromstring(found._repr_html_())
    shown = {row[0].text: row[1].text for row in table.findall("tr")[1:]}

    assert {
        "a_1": found.parameters["a_1"].str(12),
        "o_1": found.parameters["o_1"].str(12),
        "loss": found.loss.str(12),
    } == shown
    assert "pattern k, Morse index 0" == table.findtext("caption")
    assert refuted.reasons
    assert refuted.reasons[0] in "".join(
        ET.fromstring(refuted._repr_html_()).itertext()
    )
