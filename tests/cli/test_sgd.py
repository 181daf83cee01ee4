"""Mirror of symcrit/cli/sgd.py."""

from pathlib import Path

import pytest

from tests.cli.running import Invoke


def test_ends_are_told_and_written(tmp_path: Path, invoke: Invoke) -> None:
    """A census of the written matrices finds the same points."""
    results, weights = tmp_path / "r.jsonl", tmp_path / "w.npy"
    words = ("--k", "8", "--runs", "40", "--seed", "1")

    document = invoke(
        *("sgd", *words, "-o", str(results), "--weights", str(weights), "--json")
    ).document()
    again = invoke("census", str(weights), "-o", str(tmp_path / "c.jsonl"), "--json")
    table = invoke("table", "census", str(results), "--json").document()

    assert (40, 0) == (document["runs"], document["moving"])
    assert document["total"] == document["minima"] == again.document()["minima"]
    assert ["k", "1+(k-1)"] == [point["pattern"] for point in document["points"]]
    assert [p["frequency"] for p in document["points"]] == [
        int(row[7]) for row in table["rows"]
    ]
    assert document["bad"] == document["points"][1]["frequency"]


def test_a_table_for_a_person(invoke: Invoke) -> None:
    """Frequency, pattern, place, kind, loss."""
    result = invoke("sgd", "--k", "3", "--runs", "4")

    assert 0 == result.status
    assert ["4", "100.0", "k", "0", "minimum", "0.00000000"] == (
        result.out.splitlines()[-1].split()
    )


def test_runs_that_have_not_ended_are_undecided(invoke: Invoke) -> None:
    """Status 3, and what might decide it."""
    result = invoke("sgd", "--k", "6", "--runs", "3", "--steps", "2", "--json")

    assert 3 == result.status
    assert 3 == result.document()["moving"]
    assert "3 of 3 runs had not ended after 2 steps; raise --steps" in result.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Missing option '--k'"),
        (["--k", "0"], "'--k': should be an integer, 1 or more, got '0'"),
        (["--k", "7.5"], "'--k': should be an integer, 1 or more, got '7.5'"),
        (
            ["--k", "1000", "--runs", "1000"],
            "more than 10000000 numbers; take fewer runs",
        ),
        (["--k", "3", "-o", "none/r.jsonl"], "the folder none does not exist"),
    ],
)
def test_bad_questions_are_refused(
    words: list[str], message: str, invoke: Invoke
) -> None:
    """Status 2 and one line."""
    result = invoke("sgd", *words)

    assert 2 == result.status
    assert message in result.complaint()
