"""Mirror of symcrit/cli/progress.py."""

import io
import sys
import time
from collections.abc import Iterator

import pytest

from symcrit.cli import progress as module
from symcrit.cli.progress import progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def slowly(count: int) -> Iterator[int]:
    """Yield numbers at a pace that a bar can follow."""
    for number in range(count):
        time.sleep(0.03)
        yield number


def run(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, patience: float) -> str:
    """Return what was drawn while ten numbers passed."""
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(module, "PATIENCE", patience)

    assert list(range(10)) == list(progress(slowly(10), label="lifting", total=10))
    return stream.getvalue()


def test_a_person_who_waits_sees_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar names the work, its share done and the time left."""
    drawn = run(monkeypatch, Terminal(), 0.01)

    assert "lifting" in drawn
    assert "/10 [" in drawn


def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten fast steps end before patience does."""
    assert "lifting" not in run(monkeypatch, Terminal(), 60)


def test_a_file_gets_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a terminal is drawn on."""
    assert "" == run(monkeypatch, io.StringIO(), 0.01)


def test_quiet_means_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """``-q`` turns it off on a terminal, too."""
    monkeypatch.setattr(module, "is_quiet", lambda: True)

    assert "" == run(monkeypatch, Terminal(), 0.01)
