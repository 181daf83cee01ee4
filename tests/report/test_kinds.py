"""Mirror of symcrit/report/kinds.py."""

import csv
import io
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from symcrit.catalog.families import family
from symcrit.catalog.notation import Notation
from symcrit.report.kinds import KINDS, Request
from symcrit.report.tables import to_csv, to_latex, to_markdown
from tests.report.reading import read_latex, read_plain


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a CSV text."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_series_of_several_families_read_back() -> None:
    """Oracle: the series, from CSV and from the lines of the printed table."""
    families = [family("A"), family("II")]
    table = KINDS["series"].build(families, Request(order=6))
    expected = [
        (found.name, name, str(quantity.order), str(n), c)
        for found in families
        for name, quantity in found.series(6).quantities.items()
        for n, c in quantity.terms
    ]

    assert expected == [
        (
            row["family"],
            row["quantity"],
            row["order"],
            row["exponent"],
            read_plain(row["coefficient"]),
        )
        for row in rows_of(to_csv(table))
    ]
    printed = []
    for line in to_markdown(table).splitlines()[2:]:
        *_, power, coefficient, _ = line[2:-2].split(" | ")
        if power.strip():
            printed.append(coefficient)
        else:
            printed[-1] += " " + coefficient
    assert [x[-1] for x in expected] == [read_latex(text) for text in printed]


@pytest.mark.slow
def test_the_number_of_terms_can_be_asked_for() -> None:
    """Instead of an order."""
    table = KINDS["loss"].build([family("A"), family("I")], Request(terms=3))
    rows = rows_of(to_csv(table))

    assert ["A"] * 3 + ["I"] * 3 == [row["family"] for row in rows]
    assert 2 == to_latex(table).count("O(t")


def test_points_contain_the_certified_values() -> None:
    """Oracle: the same points to many more digits."""
    sizes = (Fraction(20), Fraction(15, 2))
    request = Request(sizes=sizes, digits=10, notation=Notation({"a_1": "xi_5"}))
    found = family("II")
    rows = rows_of(to_csv(KINDS["points"].build([found], request)))
    better = rows_of(
        to_csv(KINDS["points"].build([found], Request(sizes=sizes, digits=40)))
    )

    assert [str(k) for k in sizes for _ in range(6)] == [row["k"] for row in rows]
    assert ["xi_5", "m_1_2", "m_2_1", "a_2", "o_2", "loss"] == [
        row["quantity"] for row in rows[:6]
    ]
    for row, exact in zip(rows, better, strict=True):
        value, radius = Fraction(row["value"]), Fraction(row["radius"])
        assert abs(value - Fraction(exact["value"])) <= radius
        assert radius <= abs(value) / 10**10


def test_the_spectrum_has_all_its_multiplicities() -> None:
    """They add up to the number of entries of W."""
    table = KINDS["spectrum"].build(
        [family("II")], Request(sizes=(Fraction(20),), digits=8)
    )
    rows = rows_of(to_csv(table))

    assert table.certified
    assert 20 * 20 == sum(int(row["multiplicity"]) for row in rows)
    assert all(Fraction(row["eigenvalue"]) > Fraction(row["radius"]) for row in rows)
    assert r"\tfrac{1}{2} (k - 2) (k - 3)" in to_latex(table)


def test_the_spectrum_for_large_k_has_leading_terms() -> None:
    """Multiplicities are formulas, eigenvalues end with an O-term."""
    table = KINDS["spectrum"].build([family("A")], Request())
    rows = rows_of(to_csv(table))

    assert ["1", "1", "k - 1"] == [row["multiplicity"] for row in rows[:3]]
    assert "1/4 - 1/(2*pi) + (-1/pi)*t**1 + O(t**2)" == rows[5]["eigenvalue"]
    text = to_latex(table)
    assert r"$\frac{1}{4} k + \frac{1}{4} -\frac{1}{\pi} k^{-1/2} + O(k^{-1})$" in text
    assert r"\tfrac{1}{2} (k - 1) (k - 2)" in text


def test_a_number_of_terms_of_each_eigenvalue() -> None:
    """One term of each: what it tends to, or how it grows."""
    rows = rows_of(to_csv(KINDS["spectrum"].build([family("A")], Request(terms=1))))

    assert "(1/(2*pi))*t**-2 + O(t**0)" == rows[0]["eigenvalue"]
    assert "1/4 - 1/(2*pi) + O(t**1)" == rows[5]["eigenvalue"]


def test_the_density_tells_fractions_and_what_grows() -> None:
    """For type A, as in its leading terms."""
    table = KINDS["density"].build([family("A")], Request())
    rows = rows_of(to_csv(table))

    assert table.certified
    assert [
        ("1/4 - 1/(2*pi)", "k*(k - 1)/2", "1/2"),
        ("1/4 + 1/(2*pi)", "k*(k - 3)/2", "1/2"),
        ("1/4", "k - 1", "0"),
        ("(1/(2*pi))*k**(1)", "1", "0"),
        ("(1/4)*k**(1)", "k", "0"),
    ] == [(row["place"], row["count"], row["fraction"]) for row in rows]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("kind", ["spectrum", "density", "thresholds"])
def test_a_real_latex_compiles_the_table(kind: str, tmp_path: Path) -> None:
    """Oracle: pdflatex, for two families at once, with long coefficients."""
    names = ("A", "II") if kind != "thresholds" else ("II",)
    request = Request(terms=3 if kind == "spectrum" else None)
    table = to_latex(KINDS[kind].build([family(name) for name in names], request))
    page = "\n".join(
        [
            r"\documentclass{article}\usepackage[margin=1cm]{geometry}",
            r"\usepackage{amsmath,booktabs,longtable}\begin{document}",
            table,
            r"\end{document}",
        ]
    )
    (tmp_path / "page.tex").write_text(page, encoding="utf-8")

    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=120,
    )

    assert 0 == done.returncode, done.stdout[-2000:]
    assert r"Overfull \hbox" not in done.stdout


@pytest.mark.slow
def test_thresholds_are_told_with_the_change_of_the_index() -> None:
    """Type II turns from saddle to minimum between k = 5 and k = 6."""
    table = KINDS["thresholds"].build([family("II")], Request(digits=12))
    first = rows_of(to_csv(table))[0]

    assert 5 < Fraction(first["k"]) < 6
    assert ["1", "0", "yes"] == [
        first[x] for x in ("negative_below", "negative_above", "certified")
    ]


@pytest.mark.parametrize("kind", ["series", "loss", "points", "spectrum"])
def test_every_kind_names_the_family_first(kind: str) -> None:
    """Whoever prints one family leaves this column out."""
    table = KINDS[kind].build([family("A")], Request(order=3, sizes=(Fraction(10),)))

    assert table.columns[0].name == "family"
    assert {"A"} == {row[0].plain for row in table.rows}
