"""Running the program as users do, and reading its answer."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from symcrit.cli.main import main
from symcrit.schemas.load import validate

__all__ = ["Invoke", "Result", "invoke_inside", "invoke_outside"]


@dataclass(frozen=True, slots=True)
class Result:
    """What one call of the program left behind."""

    status: int
    out: str
    err: str

    def document(self) -> dict[str, Any]:
        """Return the one JSON document on standard output, checked by its schema."""
        found: dict[str, Any] = json.loads(self.out)
        name = found["schema"].removeprefix("symcrit/").removesuffix("@1")
        validate(found, name, where="standard output")
        return found

    def complaint(self) -> str:
        """Return the one line on standard error of a call that printed nothing else."""
        assert self.out == ""
        lines = self.err.splitlines()
        assert len(lines) == 1, lines
        return lines[0]


Invoke = Callable[..., Result]


def invoke_inside(capsys: pytest.CaptureFixture[str], *words: str) -> Result:
    """Run the program within this process."""
    capsys.readouterr()
    status = main(words)
    captured = capsys.readouterr()
    return Result(status, captured.out, captured.err)


def invoke_outside(*words: str, cwd: Path | None = None, stdin: str = "") -> Result:
    """Run the program as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "symcrit", *words],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def listen_to_interrupts() -> None:
    """Undo what a shell does to jobs in the background: they ignore interrupts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
