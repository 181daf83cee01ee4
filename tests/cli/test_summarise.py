"""Mirror of symcrit/cli/summarise.py."""

from pathlib import Path

from tests.catalog.test_results import record, target, write
from tests.cli.running import Invoke


def test_a_folder_of_tables_and_pictures(tmp_path: Path, invoke: Invoke) -> None:
    """All files that the answer names are there."""
    results = write(tmp_path / "results.jsonl", target(), record())
    folder = tmp_path / "report"

    result = invoke("summarise", str(results), "-o", str(folder), "--json")

    document = result.document()
    assert 0 == result.status
    assert 2 == document["total"]
    assert str(folder / "index.md") == document["files"][0]
    assert sorted(document["files"]) == sorted(str(p) for p in folder.iterdir())


def test_a_last_line_that_is_cut_short_is_told(tmp_path: Path, invoke: Invoke) -> None:
    """The lines before it are summarised."""
    results = write(tmp_path / "results.jsonl", target(), record())
    results.write_bytes(results.read_bytes()[:-9])
    words = ("summarise", str(results), "-o", str(tmp_path / "report"), "--json")

    told, quiet = invoke(*words), invoke(*words, "--quiet")

    assert 1 == told.document()["total"] == quiet.document()["total"]
    assert f"{results}: the last line is cut short and was left out" in told.err
    assert "" == quiet.err


def test_undecided_inputs_are_status_3(tmp_path: Path, invoke: Invoke) -> None:
    """The files are written all the same."""
    results = write(
        tmp_path / "results.jsonl", record(outcome="undecided", reason="open")
    )

    result = invoke("summarise", str(results), "-o", str(tmp_path / "report"))

    assert 3 == result.status
    assert f"{tmp_path / 'report' / 'table-open.tex'}\n" in result.out


def test_other_files_are_refused(tmp_path: Path, invoke: Invoke) -> None:
    """Nothing is written."""
    path = tmp_path / "notes.md"
    path.write_text("notes\n")

    result = invoke("summarise", str(path), "-o", str(tmp_path / "report"))

    assert 2 == result.status
    assert "holds something else" in result.complaint() or (
        "is no record" in result.complaint()
    )
    assert not (tmp_path / "report").exists()
