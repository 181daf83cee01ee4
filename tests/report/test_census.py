"""Mirror of symcrit/report/census.py and of the pictures and the page beside it."""

from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.catalog.results import Result
from symcrit.report.census import PARTS, percent
from symcrit.report.census_page import write_census_page
from symcrit.report.census_plots import PICTURES
from symcrit.report.tables import TABLE_FORMATS, Table, write_table
from tests.catalog.test_results import record, target

RESULTS = [
    Result.of(target(frequency=473)),
    Result.of(record()),
    Result.of(record(blocks=[3, 4], pattern="3+(k-3)", family="flip:3", frequency=3)),
    Result.of(record(k=8, d=8, place={"steps": 2, "maximal": False}, frequency=9)),
    Result.of(
        record(
            outcome="undecided", reason="the index is open", kind=None, morse_index=None
        )
    ),
]


def rows_of(part: str, *columns: str) -> list[tuple[str, ...]]:
    """Some columns of a table."""
    table = PARTS[part].build(RESULTS)
    names = [column.name for column in table.columns]
    places = [names.index(column) for column in columns]
    return [tuple(row[i].plain for i in places) for row in table.rows]


def test_types_with_their_frequencies() -> None:
    """Shares are those of all runs of the experiment."""
    assert [
        ("7", "500", "k", "0", "", "473", "94.6", "minimum"),
        ("7", "500", "1+(k-1)", "1", "yes", "54", "10.8", "minimum, open"),
        ("7", "500", "3+(k-3)", "1", "yes", "3", "0.6", "minimum"),
        ("8", "500", "1+(k-1)", "2", "no", "9", "1.8", "minimum"),
    ] == rows_of(
        "types",
        "k",
        "runs",
        "pattern",
        "steps",
        "maximal",
        "frequency",
        "share",
        "kind",
    )


def test_runs_that_did_not_end_at_the_target() -> None:
    """The published share of bad runs is this one."""
    assert [("7", "57", "11.4"), ("8", "9", "1.8")] == rows_of(
        "runs", "k", "bad", "share"
    )


def test_places_below_the_symmetry_of_the_target() -> None:
    """For each shape, and for all; the target is not among them."""
    assert [
        ("7", "1", "yes", "2", "57", "100.0"),
        ("8", "2", "no", "1", "9", "100.0"),
        ("all", "1", "yes", "2", "57", "86.4"),
        ("all", "2", "no", "1", "9", "13.6"),
    ] == rows_of("symmetry", "k", "steps", "maximal", "types", "frequency", "share")


def test_numbers_of_the_source() -> None:
    """All of them, and those that are wrong."""
    assert len(RESULTS) == len(rows_of("published", "agrees"))
    assert {("smallest eigenvalue", "0.014", "0.0140590132", "no")} == set(
        rows_of("discrepancies", "quantity", "published", "certified", "agrees")
    )


def test_points_and_what_is_open() -> None:
    """By loss; the reason stands where something is open."""
    assert ("0.0232027149", "0.0140590132", "0") in rows_of(
        "points", "loss", "smallest_eigenvalue", "index"
    )
    assert [("undecided", "the index is open")] == rows_of("open", "outcome", "reason")


@pytest.mark.parametrize("part", PARTS)
def test_tables_say_whether_everything_is_certified(part: str) -> None:
    """Numbers of the sources are compared where a point is proved, the others not."""
    table = PARTS[part].build(RESULTS)

    assert table.certified == (part in ("published", "discrepancies"))
    assert all(len(row) == len(table.columns) for row in table.rows)
    for form in TABLE_FORMATS:
        assert write_table(table, form).endswith("\n")


@pytest.mark.parametrize("part", PARTS)
def test_one_result_is_enough(part: str) -> None:
    """Also the target alone, of which most tables have nothing to tell."""
    assert isinstance(PARTS[part].build(RESULTS[:1]), Table)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("count", [0, 1, 4])
def test_pictures_are_whole_and_always_the_same(name: str, count: int) -> None:
    """SVG that can be parsed, with something in it."""
    picture = PICTURES[name](RESULTS[:count])

    assert picture == PICTURES[name](RESULTS[:count])
    assert "{http://www.w3.org/2000/svg}svg" == ET.fromstring(picture).tag


def test_the_page_names_only_files_that_are_there(tmp_path: Path) -> None:
    """Every table in three formats, every picture."""
    names = write_census_page(RESULTS, tmp_path)

    page = (tmp_path / "index.md").read_text()
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())
    for name in names[1:]:
        assert f"({name})" in page
    assert "# Census of 5 inputs\n\n* 4 certified" in page


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_percent_is_right_to_half_of_its_last_digit(part: int, whole: int) -> None:
    """Oracle: exact fractions."""
    share = Fraction(part, whole)

    assert abs(Fraction(percent(share)) - 100 * share) <= Fraction(1, 20)
