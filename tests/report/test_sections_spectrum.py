"""Mirror of symcrit/report/sections/spectrum.py and stability.py."""

import re
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pypandoc
import pytest
from flint import arb

from symcrit.catalog.claims import Claim, Verdict
from symcrit.certify.ends import End
from symcrit.core.truth import Truth
from symcrit.report.material import Material
from symcrit.report.sections.spectrum import (
    comparison_section,
    density_section,
    eigenvalues_section,
    hessian_section,
    limit_positions,
    spectrum_section,
)
from symcrit.report.sections.stability import thresholds_section
from symcrit.report.spectral import Spectral


def rows_of(text: str) -> list[list[str]]:
    """The cells of all tables of a text, without dollars, heads and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [
        [cell.strip(" $") for cell in line.strip("|").split("|")] for line in lines
    ]
    return [row for row in cells if not re.fullmatch(r":?-+:?", row[0])][1:]


def test_the_components_are_listed_with_copies_and_dimensions(
    material_a: Material, spectral: Spectral
) -> None:
    """Oracle: 2 + 3 s + x + y for the symmetric group on a square block."""
    section = hessian_section(material_a, spectral)

    assert [
        ["1", "2", "1"],
        ["s_{1}", "3", "k - 1"],
        ["x_{1}", "1", r"\tfrac{1}{2} (k - 1) (k - 2)"],
        ["y_{1}", "1", r"\tfrac{1}{2} k (k - 3)"],
    ] == rows_of(section)
    assert r"\lambda(x_{1}) &= " in section
    assert r"\lambda(y_{1}) &= " in section


def test_all_eigenvalues_are_shown_with_digits_that_are_proved(
    spectral: Spectral,
) -> None:
    """As many rows as the blocks have eigenvalues; the last digit is right."""
    rows = rows_of(spectrum_section(spectral))
    shown = [row[2:] for row in rows]

    assert 7 == len(rows)
    for place, sample in enumerate(spectral.samples):
        assert sample.spectrum is not None
        values = [x for b in sample.spectrum.blocks for x in b.eigenvalues]
        for row, value in zip(shown, values, strict=True):
            number = Fraction(row[place])
            unit = Fraction(10) ** -len(row[place].partition(".")[2])
            assert abs(number - Fraction(value.mid().str(20, radius=False))) <= unit


def test_the_index_is_told_or_open(spectral: Spectral) -> None:
    """And so is where there is no spectrum at all."""
    lost = replace(spectral.samples[0], spectrum=None, found="no luck")
    without = replace(spectral, samples=(lost, *spectral.samples[1:]))

    assert "0 at $k = 10$, 0 at $k = 20$" in spectrum_section(spectral)
    assert "At $k = 10$ there is no spectrum: no luck." in spectrum_section(without)
    nothing = replace(spectral, samples=(lost,), series=None)
    assert "" == density_section(nothing)


def test_bounded_eigenvalues_are_told_from_growing_ones(spectral: Spectral) -> None:
    """Of A: 1/4 -+ 1/(2 pi) and 1/4 stay bounded; with or without series."""
    without = replace(spectral, series=None)

    assert [0.0908, 0.25, 0.4092] == [round(x, 4) for x in limit_positions(spectral)]
    assert [0.09, 0.09, 0.25, 0.41] == sorted(
        round(x, 2) for x in limit_positions(without)
    )
    assert "" == eigenvalues_section(without)


def test_eigenvalues_are_shown_as_series_with_their_shares(spectral: Spectral) -> None:
    """Oracle: the sizes; shares add up to one at each k, and counts to k^2."""
    section = eigenvalues_section(spectral)
    rows = rows_of(section)

    assert 7 == section.count("O(t^{4})")
    assert "each $\\tfrac{1}{2} (k - 1) (k - 2)$ times" in section
    for column in (4, 5, 6):
        assert 1 == pytest.approx(sum(float(row[column]) for row in rows), abs=3e-4)
    assert ["k", "", "1", "", ""] == [row[0] for row in rows]
    assert r"\frac{1}{4} - \frac{1}{2 \pi}" == rows[2][1]
    assert r"\tfrac{1}{2} k (k - 1)" == rows[2][3]


def test_spectra_of_other_families_are_compared(spectral: Spectral) -> None:
    """Oracle: the publications: modulo O(t) they are those of the global minimum."""
    section = comparison_section(spectral)
    rows = rows_of(section)

    assert ["II", "global minimum"] == [row[0] for row in rows]
    assert {"O(t)"} == {row[1] for row in rows}
    assert {"yes"} == {row[2] for row in rows}
    assert "" == comparison_section(replace(spectral, comparisons=()))


def test_thresholds_are_told_with_all_their_digits(spectral: Spectral) -> None:
    """Oracle: the balls; and what is not proved is said."""
    assert spectral.thresholds is not None
    section = thresholds_section(spectral, None)
    rows = rows_of(section)

    for row, crossing in zip(rows, spectral.thresholds.crossings, strict=True):
        assert arb(row[0]).overlaps(crossing.k + arb(0, "1e-18"))
        assert ["1", "0", "yes"] == row[3:]
    assert "*Not* proved is that the list is complete" in section
    complete: Any = SimpleNamespace(is_complete=True)
    assert "that they are all" in thresholds_section(spectral, complete)
    assert "at which vectors become parallel" in section


@pytest.mark.parametrize("complete", [True, False])
def test_completeness_is_told_as_it_is(spectral: Spectral, complete: bool) -> None:
    """No more and no less than the computation says."""
    assert spectral.thresholds is not None
    found = replace(spectral.thresholds, complete=complete, degenerate=("s_1",))
    section = thresholds_section(replace(spectral, thresholds=found), None)

    assert complete is ("It is proved that there are no other" in section)
    assert complete is not ("*Not* proved" in section)
    assert "an eigenvalue on $s_{1}$ is zero" in section


def test_nothing_found_is_told(spectral: Spectral) -> None:
    """No thresholds, or no branch."""
    assert spectral.thresholds is not None
    end = End(arb(1), "size")
    none = replace(spectral.thresholds, crossings=(), end=end, remark=str(end))

    assert "None was found." in thresholds_section(
        replace(spectral, thresholds=none), None
    )
    assert "could not be followed" in thresholds_section(
        replace(spectral, thresholds=None), None
    )


def test_published_statements_stand_beside_what_is_proved(spectral: Spectral) -> None:
    """With verdict, what was computed, and the note on whether they are compatible."""
    claim = Claim("a", "Somebody", "minima for k >= 9", "minima", "A", {})
    verdict = Verdict(
        Truth.UNKNOWN, "minima at k = 9", "balls", "the two are compatible"
    )
    section = thresholds_section(replace(spectral, claims=((claim, verdict),)), None)

    assert "“minima for k >= 9” (Somebody): **NOT DECIDED**." in section
    assert "the two are compatible" in section


def test_formulas_of_published_statements_are_shown_as_they_are(
    spectral: Spectral,
) -> None:
    """Oracle: pandoc turns the section into plain text with all signs."""
    formula = "O(k^(-1/2)) for 1/(2*pi) (k*(k - 1)/2) and x_2 < y_2"
    claim = Claim("a", "Somebody", formula, "minima", "A", {})
    verdict = Verdict(Truth.TRUE, formula, "balls", formula)
    section = thresholds_section(replace(spectral, claims=((claim, verdict),)), None)

    shown = pypandoc.convert_text(section, "plain", "markdown", ["--wrap=none"])

    assert f"“{formula}” (Somebody): CONFIRMED. Computed: {formula}, by" in shown
    assert f"Note: {formula}." in shown
