"""Mirror of symcrit/report/kinds.py."""

import csv
import io
from fractions import Fraction

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
