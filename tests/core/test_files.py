"""Mirror of symcrit/core/files.py."""

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.core import files
from symcrit.core.errors import InputError

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_json_is_read_as_it_was_written(value: object) -> None:
    """Oracle: the standard writer."""
    assert value == files.parse_json(json.dumps(value), where="test")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x.json: not JSON"),
        ('{"a": 1', "x.json: not JSON"),
        ('{"a": NaN}', "NaN is not a JSON number"),
        ("[-Infinity]", "-Infinity is not a JSON number"),
        ('{"b": {"a": 1, "a": 1}}', "the key 'a' stands twice"),
        ("[" * 100_000, "nested too deeply"),
        ("9" * 10_000, "x.json: not JSON"),
    ],
    ids=["empty", "cut", "nan", "infinity", "repeated", "deep", "long"],
)
def test_bad_json_is_refused_in_one_line(text: str, message: str) -> None:
    """The file is named and the fault is told."""
    with pytest.raises(InputError, match=message) as caught:
        files.parse_json(text, where="x.json")

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["a = ", "a = 1\na = 2", "a = " + "[" * 100_000],
    ids=["cut", "twice", "deep"],
)
def test_bad_toml_is_refused_in_one_line(text: str) -> None:
    """The file is named and the fault is told."""
    with pytest.raises(InputError, match=r"x\.toml: ") as caught:
        files.parse_toml(text, where="x.toml")

    assert "\n" not in str(caught.value)


def test_documents_come_back_from_disk(tmp_path: Path) -> None:
    """A byte order mark, which some editors write, is no part of the text."""
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"k": "15/2"}')
    (tmp_path / "a.toml").write_bytes(b'name = "\xc3\xa9"\n')

    assert {"k": "15/2"} == files.read_json(tmp_path / "a.json")
    assert {"name": "é"} == files.read_toml(tmp_path / "a.toml")


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """A missing file, a folder, bytes that are no text, and too many of them."""
    (tmp_path / "latin").write_bytes(b"caf\xe9")

    with pytest.raises(InputError, match="no such file"):
        files.read_text(tmp_path / "absent")
    with pytest.raises(InputError, match="is a folder"):
        files.read_bytes(tmp_path)
    with pytest.raises(InputError, match=r"not a UTF-8 text \(byte 3\)"):
        files.read_text(tmp_path / "latin")
    with pytest.raises(InputError, match="larger than the limit of 3 bytes"):
        files.read_bytes(tmp_path / "latin", max_bytes=3)
    with pytest.raises(InputError, match="cannot be read"):
        files.read_bytes(tmp_path / "nul\0byte")

    assert b"caf\xe9" == files.read_bytes(tmp_path / "latin", max_bytes=4)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills up in the middle: the old content stands, no fragment remains."""
    target = tmp_path / "out.json"
    files.write_text(target, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="cannot be written: No space left"):
        files.write_text(target, "new")

    assert ["out.json"] == [path.name for path in tmp_path.iterdir()]
    assert "old" == target.read_text()


def test_an_interrupt_leaves_no_fragment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupt is no error of ours: it passes through, and the folder is clean."""

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.write_text(tmp_path / "out.json", "new")

    assert [] == list(tmp_path.iterdir())


def test_line_ends_are_the_same_on_every_system(tmp_path: Path) -> None:
    """The bytes on disk are the text in UTF-8."""
    files.write_text(tmp_path / "out", "é\nb\n")

    assert b"\xc3\xa9\nb\n" == (tmp_path / "out").read_bytes()


def test_permissions_are_those_of_any_file(tmp_path: Path) -> None:
    """A new file obeys the umask; a replaced one keeps what it had."""
    (tmp_path / "plain").write_text("")
    files.write_text(tmp_path / "new", "")
    (tmp_path / "kept").write_text("")
    (tmp_path / "kept").chmod(0o640)
    files.write_text(tmp_path / "kept", "x")

    assert (tmp_path / "plain").stat().st_mode == (tmp_path / "new").stat().st_mode
    assert 0o640 == stat.S_IMODE((tmp_path / "kept").stat().st_mode)


def test_a_link_is_followed(tmp_path: Path) -> None:
    """The file behind the link changes, the link stays."""
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")

    files.write_text(tmp_path / "link", "new")

    assert (tmp_path / "link").is_symlink()
    assert "new" == (tmp_path / "real").read_text()


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """A named pipe stays a pipe, and its reader gets the bytes."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        files.write_text(pipe, "through")

        assert b"through" == os.read(reader, 100)
        assert stat.S_ISFIFO(pipe.stat().st_mode)
    finally:
        os.close(reader)


def test_places_that_cannot_be_written_are_refused_beforehand(tmp_path: Path) -> None:
    """A folder, and a file in a folder that does not exist or is a file."""
    (tmp_path / "file").write_text("")

    with pytest.raises(InputError, match="is a folder"):
        files.check_writable(tmp_path)
    with pytest.raises(InputError, match="does not exist; make it first"):
        files.check_writable(tmp_path / "absent" / "out")
    with pytest.raises(InputError, match="does not exist; make it first"):
        files.write_text(tmp_path / "file" / "out", "")
    with pytest.raises(InputError, match="cannot be made a folder"):
        files.make_folder(tmp_path / "file")


def test_a_closed_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the folder; simulated, since no folder is closed to root."""
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(InputError, match=f"no permission for {tmp_path}"):
        files.check_writable(tmp_path / "out")
    with pytest.raises(InputError, match="no permission to write in this folder"):
        files.make_folder(tmp_path)


def test_folders_are_made_with_those_above_them(tmp_path: Path) -> None:
    """Making a folder twice is no error."""
    files.make_folder(tmp_path / "a" / "b")
    files.make_folder(tmp_path / "a" / "b")

    assert (tmp_path / "a" / "b").is_dir()
