"""Mirror of symcrit/report/tables.py."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.report.tables import (
    Cell,
    Column,
    Table,
    number_cell,
    to_csv,
    to_latex,
    to_markdown,
    write_table,
)

TABLE = Table(
    (
        Column("family", "family", grouped=True),
        Column("power", "power"),
        Column("value", "value", numeric=True),
    ),
    (
        (Cell("flip:3"), Cell("2", ("t^{2}",)), Cell("4/pi", (r"\frac{4}{\pi}",))),
        (Cell("flip:3"), Cell("3", ("t^{3}",)), Cell("1+pi", ("1", r"{} + \pi"))),
        (Cell("a_b & 50%"), Cell("3"), number_cell("-1.5e-12")),
    ),
)


texts = st.text(st.characters(exclude_categories=["C"]), max_size=20)


@given(st.lists(st.lists(texts, min_size=3, max_size=3), max_size=5))
def test_csv_reads_back(rows: list[list[str]]) -> None:
    """Oracle: Python's own reader."""
    cells = tuple(tuple(Cell(text) for text in row) for row in rows)
    text = to_csv(Table(TABLE.columns, cells))

    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == rows


def test_markdown_has_a_row_for_each_line() -> None:
    """What repeats the cell above is left out, and signs of Markdown are escaped."""
    lines = to_markdown(TABLE).splitlines()

    assert [
        ["family", "power", "value"],
        ["flip:3", "$t^{2}$", r"$\frac{4}{\pi}$"],
        ["", "$t^{3}$", "$1$"],
        ["", "", r"${} + \pi$"],
        [r"a\_b & 50%", "3", r"$-1.5 \cdot 10^{-12}$"],
    ] == [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        if not line.startswith("|  |")
        else [cell.strip() for cell in line[2:-2].split(" | ")]
        for line in (lines[0], *lines[2:])
    ]
    assert re.fullmatch(r"\| :-+ \| :-+ \| -+: \|", lines[1])


def test_latex_has_the_rules_of_booktabs() -> None:
    """Signs of LaTeX are escaped, and fractions get room."""
    text = to_latex(TABLE)

    assert r"flip:3 & $t^{2}$ & $\frac{4}{\pi}$ \\" in text
    assert r"a\_b \& 50\% & 3 & $-1.5 \cdot 10^{-12}$ \\" in text
    assert r"\begin{tabular}{llr}" in text
    assert [1, 1, 1] == [
        text.count(f"{rule}rule\n") for rule in ("top", "mid", "bottom")
    ]
    assert 2 == text.count(r"\addlinespace")
    assert "arraystretch" in text
    assert "arraystretch" not in to_latex(TABLE.without("value"))


def test_a_long_table_can_be_broken() -> None:
    """It becomes a longtable, whose head is repeated."""
    text = to_latex(Table(TABLE.columns, TABLE.rows * 10))

    assert r"\begin{longtable}{llr}" in text
    assert r"\endhead" in text


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("1.5", ("1.5",)),
        ("-2e10", (r"-2 \cdot 10^{10}",)),
        ("1.25e-05", (r"1.25 \cdot 10^{-5}",)),
        ("", ()),
    ],
)
def test_numbers_are_set_as_formulas(text: str, latex: tuple[str, ...]) -> None:
    """A minus sign is no hyphen, and powers of ten are written as such."""
    assert number_cell(text) == Cell(text, latex)


def test_a_column_can_be_left_out() -> None:
    """The cells go with it."""
    assert write_table(TABLE.without("power"), "csv").splitlines()[:2] == [
        "family,value",
        "flip:3,4/pi",
    ]
