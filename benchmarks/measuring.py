"""Measure times and memory so that figures of different machines can be compared.

Beside each time stands the time of a calibration loop, taken in the same run.  What is
to be compared is measured in turns, so that a load on the machine strikes all alike.
"""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flint
from flint import fmpq, fmpq_poly

__all__ = [
    "ROOT",
    "Child",
    "Times",
    "arguments",
    "calibrate",
    "growth_exponent",
    "in_turns",
    "markdown_table",
    "publish",
    "run_child",
    "seconds",
    "this_module",
]

ROOT = Path(__file__).parent.parent

_DEGREE = 80
_PRODUCTS = 400
_PLAIN_STEPS = 60_000
_CALIBRATION_REPEATS = 9


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of several repeats of one thing."""

    median: float
    least: float
    most: float
    repeats: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Times":
        """Summarise measured seconds."""
        return cls(statistics.median(values), min(values), max(values), len(values))

    def as_dict(self) -> dict[str, float]:
        """The fields, for JSON."""
        return {
            "median": self.median,
            "least": self.least,
            "most": self.most,
            "repeats": self.repeats,
        }


@dataclass(frozen=True, slots=True)
class Child:
    """What a child process took and printed.

    Attributes:
        seconds: from start to end.
        peak_mib: the greatest resident memory, in MiB.
        status: the exit status.
        output: the standard output.
        error: the standard error.
    """

    seconds: float
    peak_mib: float
    status: int
    output: str
    error: str


def seconds(action: Callable[[], object]) -> float:
    """The seconds of the processor that one call takes."""
    start = time.process_time()
    action()
    return time.process_time() - start


def in_turns(
    actions: Mapping[str, Callable[[], float]], repeats: int
) -> dict[str, Times]:
    """Call actions that return seconds in turns: each once, then each again, ..."""
    found: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(repeats):
        for name, action in actions.items():
            found[name].append(action())
    return {name: Times.of(values) for name, values in found.items()}


def calibrate() -> float:
    """The median seconds of a fixed loop: products of polynomials, and plain Python."""
    first, second = (
        fmpq_poly([fmpq(3**i + j, 2 * i + 1) for i in range(_DEGREE)]) for j in range(2)
    )

    def loop() -> None:
        total, steps = fmpq_poly([0]), 0
        for _ in range(_PRODUCTS):
            total = total + first * second
        for i in range(_PLAIN_STEPS):
            steps += i & 3

    return Times.of([seconds(loop) for _ in range(_CALIBRATION_REPEATS)]).median


def run_child(command: Sequence[str]) -> Child:
    """Run a program from the root of the project, and wait for it."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as error:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=error
        )
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        error.seek(0)
        return Child(
            took,
            usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2),
            process.returncode,
            output.read().decode(),
            error.read().decode(),
        )


def this_module(name: str, *words: str) -> list[str]:
    """The command that runs a module of this folder in a new Python process."""
    return [sys.executable, "-m", f"benchmarks.{name}", *words]


def growth_exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """The slope of the least-squares line through (log size, log time)."""
    x = [math.log(size) for size in sizes]
    y = [math.log(value) for value in times]
    return statistics.linear_regression(x, y).slope


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; all columns but the first are aligned right."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def arguments(description: str) -> argparse.ArgumentParser:
    """A parser with the options that all benchmarks share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--repeats", type=int, default=3, help="how often (3)")
    parser.add_argument("--json", type=Path, help="also write the figures to a file")
    return parser


def publish(
    name: str,
    figures: Mapping[str, Any],
    table: str,
    calibration: float,
    json_to: Path | None,
) -> None:
    """Print a table and what it was measured on; write the figures as JSON if asked."""
    about = {
        "benchmark": name,
        "calibration_seconds": calibration,
        "python": platform.python_version(),
        "python_flint": flint.__version__,
        "flint": flint.__FLINT_VERSION__,
        "processor": f"{os.cpu_count()} x {_processor()}",
    }
    print(table)
    print(
        f"\nMedians. Calibration {calibration:.4f} s; {about['processor']};"
        f" Python {about['python']}, FLINT {about['flint']}."
    )
    if json_to is not None:
        json_to.write_text(json.dumps({**about, **figures}, indent=2) + "\n", "utf-8")


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    if path.is_file():
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
