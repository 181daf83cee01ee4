"""Mirror of symcrit/cli/frame.py."""

import json
import logging
import os
import subprocess
import sys
from itertools import permutations
from pathlib import Path

import click
import pytest

from symcrit.cli.frame import Answer, Status, command, is_quiet
from symcrit.core.errors import InputError, SymcritError
from symcrit.core.truth import Truth

TABLE = "a & b\n"


@command("double", example="symcrit double 2", limit=True)
@click.argument("number", type=int)
@click.option("--table", is_flag=True)
def double(number: int, *, table: bool) -> Answer:
    """Double a number."""
    logging.getLogger("symcrit.test").warning("a warning")
    logging.getLogger("symcrit.test").info("a detail")
    return Answer(
        {"value": str(2 * number), "quiet": is_quiet()},
        lambda: f"twice {number}",
        status=Status.UNDECIDED,
        notes=("2 of 3 digits",),
        content=TABLE if table else None,
    )


def call(*words: str) -> int:
    """Run the command of this file."""
    status: int = double.main(words, standalone_mode=False)
    return status


def test_a_person_and_a_program_get_the_same_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Text by default, one JSON document with ``--json``; notes go to stderr."""
    assert Status.UNDECIDED == call("21")
    shown = capsys.readouterr()
    assert "twice 21\n" == shown.out
    assert "symcrit: a warning\nnote: 2 of 3 digits\n" == shown.err

    assert Status.UNDECIDED == call("21", "--json", "-q")
    shown = capsys.readouterr()
    expected = {"schema": "symcrit/double@1", "value": "42", "quiet": True}
    assert expected == json.loads(shown.out)
    assert "note: 2 of 3 digits\n" == shown.err


def test_verbosity_changes_standard_error_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """``-v`` adds detail, and the next call is as terse as before."""
    call("1", "-v")
    assert "symcrit: a detail" in capsys.readouterr().err

    call("1")
    shown = capsys.readouterr()
    assert "a detail" not in shown.err
    assert "twice 1\n" == shown.out


def test_the_file_holds_the_document_and_the_terminal_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With ``--json`` the printed object is the written one plus ``path``."""
    target = tmp_path / "answer.json"

    call("4", "-o", str(target), "--json")
    printed = json.loads(capsys.readouterr().out)
    written = json.loads(target.read_text())

    assert {**written, "path": str(target)} == printed
    assert "path" not in written

    call("4", "-o", str(target))
    assert f"twice 4\nwritten to {target}\n" == capsys.readouterr().out


def test_a_table_is_written_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not JSON is not wrapped."""
    target = tmp_path / "table.tex"

    call("4", "--table", "-o", str(target))

    assert TABLE == target.read_text()
    assert f"twice 4\nwritten to {target}\n" == capsys.readouterr().out


def test_what_is_in_the_file_is_not_printed_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table, say, is long."""
    target = tmp_path / "table.tex"

    @command("table", example="symcrit table")
    def table() -> Answer:
        return Answer({}, TABLE.rstrip, content=TABLE)

    table.main(["-o", str(target)], standalone_mode=False)

    assert TABLE == target.read_text()
    assert f"written to {target}\n" == capsys.readouterr().out


def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is computed and nothing is printed."""
    with pytest.raises(InputError, match="does not exist"):
        call("4", "-o", str(tmp_path / "absent" / "a.json"))

    shown = capsys.readouterr()
    assert "" == shown.out + shown.err


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "1e40000", "soon"])
def test_a_time_limit_is_a_positive_number(seconds: str) -> None:
    """Anything else is a usage error."""
    with pytest.raises(click.UsageError, match="the time limit "):
        call("4", "--time-limit", seconds)


def test_statuses_of_several_inputs() -> None:
    """2 beats 1 beats 3 beats 0, in every order."""
    for chosen in permutations(Status):
        ranks = [status for status in (2, 1, 3, 0) if status in chosen[:2]]
        assert ranks[0] == Status.worst(chosen[:2])
    assert Status.DONE == Status.worst([])


def test_status_of_a_truth() -> None:
    """Unknown is neither yes nor no."""
    assert [0, 1, 3] == [
        Status.of(truth) for truth in (Truth.TRUE, Truth.FALSE, Truth.UNKNOWN)
    ]


def test_an_error_without_a_status_is_a_fault_of_ours() -> None:
    """The base class says nothing, so it has no status."""
    with pytest.raises(TypeError, match="SymcritError has no exit status"):
        Status.of_error(SymcritError("what?"))


def test_a_reader_that_leaves_early_is_no_error() -> None:
    """``symcrit schema series | head -0`` ends quietly."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "symcrit", "schema", "series"],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(writing)

    assert b"" == done.stderr
    assert 0 == done.returncode


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_one_line() -> None:
    """Status 2 and no traceback."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "symcrit", "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )

    assert 2 == done.returncode
    assert ["error: standard output: cannot be written: No space left on device"] == (
        done.stderr.splitlines()
    )
