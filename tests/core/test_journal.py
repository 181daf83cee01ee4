"""Mirror of symcrit/core/journal.py."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.core.errors import InputError
from symcrit.core.journal import open_journal, read_journal

SCHEMA = "symcrit/test@1"
NO_WORK = InputError("no scheduler answers")

values = st.none() | st.integers() | st.text() | st.lists(st.text(), max_size=3)
records_lists = st.lists(
    st.dictionaries(st.text(min_size=1).filter(lambda x: x != "schema"), values),
    max_size=5,
)


def write(path: Path, records: Sequence[dict[str, object]]) -> bytes:
    """Append records and return the bytes of the file."""
    with open_journal(path, SCHEMA, resume=True) as journal:
        for record in records:
            journal.append(record)
    return path.read_bytes()


@given(records_lists, st.data())
def test_a_file_cut_anywhere_is_continued_to_the_same_bytes(
    records: list[dict[str, object]], data: st.DataObject
) -> None:
    """Oracle: the file that was never cut; only whole lines count as records."""
    with TemporaryDirectory() as home:
        path = Path(home) / "results.jsonl"
        whole = write(path, records)
        cut = data.draw(st.integers(0, len(whole)))
        path.write_bytes(whole[:cut])

        kept = read_journal(path, SCHEMA)
        with open_journal(path, SCHEMA, resume=True) as journal:
            count = len(journal.records)
            for record in records[count:]:
                journal.append(record)

        assert whole == path.read_bytes()
        assert whole[:cut].count(b"\n") == count == len(kept.records)
        assert kept.torn == (not (b"\n" + whole[:cut]).endswith(b"\n"))
        assert [{"schema": SCHEMA, **r} for r in records[:count]] == list(kept.records)


@pytest.mark.parametrize(
    "content",
    [b"notes", b"{}\n", b"notes\n", b'{"schema": "symcrit/other@1"}\n', b"\0\0\0"],
)
def test_another_file_is_refused_and_left_as_it_is(
    content: bytes, tmp_path: Path
) -> None:
    """Also one that consists of a single line without an end."""
    path = tmp_path / "notes.txt"
    path.write_bytes(content)

    for opening in (True, False):
        with (
            pytest.raises(InputError, match=r"notes\.txt"),
            open_journal(path, SCHEMA, resume=opening),
        ):
            pass

    assert content == path.read_bytes()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"schema": "symcrit/test@1", "a": 1, "a": 2}', "line 2: the key 'a' stands"),
        (b'{"schema": "symcrit/test@1", "a"', "line 2: not JSON"),
        (b'{"schema": "symcrit/test@1"}]', "line 2: not JSON"),
        (b'{"schema": "symcrit/test@1", "a": "\xff"}', "line 2: is no text"),
        (b"", "line 2: is no record"),
    ],
)
def test_a_damaged_line_is_named(line: bytes, words: str, tmp_path: Path) -> None:
    """It is not passed over: a record would be missing."""
    path = tmp_path / "results.jsonl"
    whole = write(path, [{"a": 1}])
    path.write_bytes(whole + line + b"\n" + whole)

    with pytest.raises(InputError, match=words):
        read_journal(path, SCHEMA)


def test_content_is_not_overwritten_unasked(tmp_path: Path) -> None:
    """The message says how to go on."""
    path = tmp_path / "results.jsonl"
    whole = write(path, [{"a": 1}])

    with (
        pytest.raises(InputError, match="add --resume to continue it"),
        open_journal(path, SCHEMA, resume=False),
    ):
        pass

    assert whole == path.read_bytes()


def test_only_one_process_writes(tmp_path: Path) -> None:
    """Oracle: a second process; the system frees the file when the first one ends."""
    path = tmp_path / "results.jsonl"
    program = (
        "from pathlib import Path; import sys\n"
        "from symcrit.core.journal import open_journal\n"
        "with open_journal(Path(sys.argv[1]), 'symcrit/test@1', resume=True) as j:\n"
        "    j.append({'a': 2})\n"
    )
    command = [sys.executable, "-c", program, str(path)]

    with open_journal(path, SCHEMA, resume=True) as journal:
        journal.append({"a": 1})
        second = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=60
        )
    third = subprocess.run(command, check=False, timeout=60)

    assert "another process is writing to this file" in second.stderr
    assert 0 == third.returncode
    assert [1, 2] == [r["a"] for r in read_journal(path, SCHEMA).records]


def test_records_are_there_before_the_file_is_closed(tmp_path: Path) -> None:
    """What a kill would leave behind, seen by another reader."""
    path = tmp_path / "results.jsonl"
    with open_journal(path, SCHEMA, resume=False) as journal:
        for n in range(3):
            journal.append({"n": n})
            lines = path.read_text().splitlines()
            assert n == json.loads(lines[-1])["n"]


def test_short_writes_are_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system may take less than it was given."""
    write_to = os.write
    monkeypatch.setattr(os, "write", lambda fd, text: write_to(fd, text[:3]))

    write(tmp_path / "results.jsonl", [{"a": "some text"}])

    (record,) = read_journal(tmp_path / "results.jsonl", SCHEMA).records
    assert "some text" == record["a"]


def test_a_full_disk_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback, and the records before stay."""
    path = tmp_path / "results.jsonl"
    write(path, [{"a": 1}])

    def refuse(_descriptor: int, _text: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", refuse)

    with pytest.raises(InputError, match="cannot be written: No space left"):
        write(path, [{"a": 2}])

    assert 1 == len(read_journal(path, SCHEMA).records)


@pytest.mark.parametrize("was_there", [True, False])
def test_a_run_that_wrote_nothing_leaves_no_file(
    tmp_path: Path, *, was_there: bool
) -> None:
    """What was there before stays, empty as it was."""
    path = tmp_path / "a.jsonl"
    if was_there:
        path.touch()

    with (
        pytest.raises(InputError, match="no scheduler"),
        open_journal(path, SCHEMA, resume=False),
    ):
        raise NO_WORK

    assert was_there == path.exists()


def test_a_device_can_be_written_to() -> None:
    """Results may be thrown away."""
    with open_journal(Path(os.devnull), SCHEMA, resume=False) as journal:
        journal.append({"a": 1})


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """One line."""
    with pytest.raises(InputError, match=r"none\.jsonl: cannot be read: No such file"):
        read_journal(tmp_path / "none.jsonl", SCHEMA)
