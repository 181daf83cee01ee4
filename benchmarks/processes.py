"""Time and memory of whole processes, as a user meets them on the command line."""

import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import (
    Times,
    arguments,
    calibrate,
    markdown_table,
    publish,
    run_child,
)

COMMANDS = (
    "--help",
    "series II --order 8 --json",
    "series II --order 24 --json",
    "point II --k 20 --digits 30 --json",
    "point II --k 1000000000000 --digits 30 --json",
    "derive II",
)

_UNKNOWN_COMMAND = "No such command"


def main() -> None:
    """Measure, and print the table."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--commands", nargs="+", default=COMMANDS)
    chosen = parser.parse_args()
    calibration = calibrate()
    plain = [sys.executable, "-c", "pass"]
    runs = {"python -c pass": plain, "import symcrit": [*plain[:2], "import symcrit"]}
    for words in chosen.commands:
        runs[f"symcrit {words}"] = [sys.executable, "-m", "symcrit", *words.split()]
    figures, rows = [], []
    for shown, command in runs.items():
        found = _measure(command, chosen.repeats)
        if found is None:
            rows.append([f"`{shown}`", "no such command", ""])
            continue
        times, peak = found
        figures.append({"command": shown, "seconds": times.as_dict(), "peak_mib": peak})
        rows.append([f"`{shown}`", f"{times.median:.3f} s", f"{peak:.0f} MiB"])
    publish(
        "processes",
        {"commands": figures},
        markdown_table(["process", "time", "peak"], rows),
        calibration,
        chosen.json,
    )


def _measure(command: list[str], repeats: int) -> tuple[Times, float] | None:
    taken, peak = [], 0.0
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            words = command
            if "derive" in command:
                words = [*command, "-o", str(Path(folder) / "report")]
            child = run_child(words)
        if child.status and _UNKNOWN_COMMAND.lower() in child.error.lower():
            return None
        if child.status:
            sys.exit(child.error)
        taken.append(child.seconds)
        peak = max(peak, child.peak_mib)
    return Times.of(taken), peak


if __name__ == "__main__":
    main()
