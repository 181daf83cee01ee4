"""Mirror of symcrit/cli/table.py."""

import csv
import io
from pathlib import Path

import pytest

from symcrit.report.kinds import KINDS
from tests.catalog.test_results import record, target, write
from tests.cli.running import Invoke


def test_a_table_in_all_formats(invoke: Invoke) -> None:
    """The same content; one family has no column of its own in print."""
    words = ("table", "loss", "A", "--order", "3")
    markdown = invoke(*words).out
    latex = invoke(*words, "--format", "latex").out
    rows = list(csv.reader(io.StringIO(invoke(*words, "--format", "csv").out)))

    assert markdown.startswith("| order | power |")
    assert r"\toprule" in latex
    assert ["family", "order", "exponent", "coefficient", "decimal"] == rows[0]
    assert ["A", "3", "0", "1/2 - 1/pi", "0.1816901138"] == rows[1]
    assert r"\frac{1}{2} - \frac{1}{\pi}" in markdown
    assert r"\frac{1}{2} - \frac{1}{\pi}" in latex


def test_several_families_share_a_table(invoke: Invoke, tmp_path: Path) -> None:
    """In JSON and in print; ``-o`` writes what would be printed."""
    words = ("table", "series", "A", "II", "--terms", "2", "--format", "latex")
    file = tmp_path / "table.tex"
    document = invoke(*words, "--json", "-o", str(file)).document()

    assert str(file) == document["path"]
    assert ["A", "II"] == document["families"]
    assert "family" == document["columns"][0]
    assert {"A", "II"} == {row[0] for row in document["rows"]}
    assert file.read_text(encoding="utf-8") == invoke(*words).out


def test_points_at_given_sizes(invoke: Invoke) -> None:
    """Fractions are sizes, too, and digits are those asked for."""
    words = ("table", "points", "II", "--k", "20", "--k", "15/2", "--digits", "6")
    document = invoke(*words, "--json").document()

    assert ["family", "k", "quantity", "value", "radius"] == document["columns"]
    assert ["20", "15/2"] == list(dict.fromkeys(row[1] for row in document["rows"]))


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            ["table", "nope", "II"],
            "unknown table 'nope'; known are series, loss, points",
        ),
        (["table", "loss"], "Missing argument"),
        (["table", "loss", "II", "--order", "3", "--terms", "2"], "not both"),
        (["table", "loss", "II", "--format", "pdf"], "'pdf'"),
        (["table", "points", "II", "--k", "2"], "its blocks need to be larger"),
        (["table", "points", "II", "--k", "x"], "k must be"),
        (["table", "loss", "II", "--k", "20"], "--k belongs to a table of points"),
        (
            ["table", "points", "II", "--order", "3"],
            "--order belongs to a table of ser",
        ),
        (["table", "density", "II", "--terms", "3"], "--terms belongs to a table of "),
        (["table", "series", "II", "--digits", "3"], "--digits belongs to a table of "),
        (["table", "theorems", "II", "--notation", "n"], "--notation belongs to a tab"),
        (["table", "census", "a.jsonl", "--k", "7"], "--k belongs to a table of poin"),
        (
            ["table", "spectrum", "II", "--k", "7", "--order", "3"],
            "give --k, for balls, or --order or --terms, for series, not both",
        ),
        (["table", "loss", "flip:0"], "flip:p needs a number p from 1 to 9999"),
    ],
    ids=lambda value: " ".join(value[1:]) if isinstance(value, list) else "",
)
def test_bad_input_is_refused(invoke: Invoke, words: list[str], complaint: str) -> None:
    """Exit status 2 and one line."""
    result = invoke(*words)

    assert 2 == result.status
    assert complaint in result.complaint()


def test_tables_of_a_census(tmp_path: Path, invoke: Invoke) -> None:
    """Files of results in place of families; types unless another part is asked for."""
    results = str(write(tmp_path / "results.jsonl", target(), record()))

    types = invoke("table", "census", results, "--json").document()
    runs = invoke("table", "census", results, "--part", "runs", "--format", "csv")
    latex = invoke("table", "census", results, "--format", "latex")

    assert ("census", "types") == (types["kind"], types["part"])
    assert ["k", "1+(k-1)"] == [row[3] for row in types["rows"]]
    assert "k,d,runs,types,points,bad,share\n7,7,500,2,2,27,5.4\n" == runs.out
    assert r"\begin{tabular}{rrrlrlrrrlr}" in latex.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["census", "none.jsonl"], "none.jsonl: cannot be read: No such file"),
        (["census", "x", "--part", "sums"], "unknown table 'sums' of a census; known"),
        (["loss", "II", "--part", "runs"], "--part belongs to a table of census"),
    ],
)
def test_wrong_questions_to_a_census(
    words: list[str], message: str, invoke: Invoke
) -> None:
    """Status 2 and one line."""
    result = invoke("table", *words)

    assert 2 == result.status
    assert message in result.complaint()


def test_the_help_names_every_kind(invoke: Invoke) -> None:
    """As many as there are."""
    words = invoke("table", "--help").out.replace(",", "").split()

    assert {*KINDS, "census"} <= set(words)
