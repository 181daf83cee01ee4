"""A census: time for each matrix by k, and with two processes.

Matrices are certified points of three families, with rows and columns in random order
and rounding errors; with ``--data`` also whatever a folder holds, such as the public
minima.  The first table has processor time for each matrix within one process, types of
symmetry met before; the second whole commands, and the same work by processes that run
already, for which a census of many thousands is what counts.
"""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

import symcrit
from benchmarks.measuring import (
    Times,
    arguments,
    calibrate,
    in_turns,
    markdown_table,
    publish,
    run_child,
    this_module,
)
from symcrit.catalog.census import Input, Settings, collect, examine
from symcrit.core.workers import map_in_order
from symcrit.symmetry.coincidence import DEFAULT_TOLERANCE, Floats
from symcrit.symmetry.matrices import embed

FAMILIES = ("II", "M", "flip:3")
SIZES = (12, 20, 40, 60, 100, 200)
COPIES = 30
NOISE = 1e-9
SETTINGS = Settings(DEFAULT_TOLERANCE)


def main() -> None:
    """Measure, and print the tables."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a folder to take a census of, too")
    chosen = parser.parse_args()
    calibration = calibrate()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "data"
        folder.mkdir()
        files = {k: _write(folder, k) for k in SIZES}
        inputs = {k: collect(paths) for k, paths in files.items()}
        actions: dict[str, Callable[[], float]] = {
            str(k): _each(items) for k, items in inputs.items()
        }
        for action in actions.values():
            action()
        sources = {"made here": folder}
        everything = {"made here": [x for items in inputs.values() for x in items]}
        if chosen.data is not None:
            everything["data"] = collect([chosen.data])
            actions["data"] = _each(everything["data"])
            sources["data"] = chosen.data
        for name, source in sources.items():
            for jobs in (1, 2):
                actions[f"{name} {jobs}"] = _command(source, jobs, Path(home))
                actions[f"work {name} {jobs}"] = _work(everything[name], jobs)
        times = in_turns(actions, chosen.repeats)
    publish(
        "census",
        {name: found.as_dict() for name, found in times.items()},
        "\n\n".join([_by_size(times), _by_jobs(times, list(sources))]),
        calibration,
        chosen.json,
    )


def _write(folder: Path, k: int) -> list[Path]:
    """Write shuffled copies of the points at k, one file for each family."""
    rng = np.random.default_rng(k)
    paths = []
    for name in FAMILIES:
        family = symcrit.family(name)
        point = family.point(k, digits=20)
        values = [float(x.mid()) for x in point.parameters.values()]
        matrix: Floats = np.array(embed(point.pattern, values, {"k": k}))
        copies = []
        for _ in range(COPIES):
            moved = matrix[np.ix_(rng.permutation(k), rng.permutation(k))]
            copies.append(moved + NOISE * rng.uniform(-1, 1, (k, k)))
        path = folder / f"{name.replace(':', '-')}-{k}.npy"
        np.save(path, np.stack(copies))
        paths.append(path)
    return paths


def _each(items: list[Input]) -> Callable[[], float]:
    """Processor seconds for one matrix, in the mean."""

    def action() -> float:
        start = time.process_time()
        for item in items:
            if examine(item, SETTINGS)["outcome"] != "certified":
                message = f"{item.name} is not certified"
                raise RuntimeError(message)
        return (time.process_time() - start) / len(items)

    return action


def _command(source: Path, jobs: int, home: Path) -> Callable[[], float]:
    """Seconds of a whole command."""

    def action() -> float:
        results = home / f"results-{time.monotonic_ns()}.jsonl"
        words = ["census", str(source), "-o", str(results), "--jobs", str(jobs), "-q"]
        child = run_child([*this_module("census")[:1], "-m", "symcrit", *words])
        if child.status:
            message = f"census failed: {child.error}"
            raise RuntimeError(message)
        return child.seconds

    return action


def _work(items: list[Input], jobs: int) -> Callable[[], float]:
    """Seconds of the work alone; the processes are started before."""

    def action() -> float:
        work = partial(examine, settings=SETTINGS)
        list(map_in_order(work, items[: 2 * jobs], jobs=jobs))
        start = time.perf_counter()
        list(map_in_order(work, items, jobs=jobs))
        return time.perf_counter() - start

    return action


def _by_size(times: dict[str, Times]) -> str:
    names = [str(k) for k in SIZES] + (["data"] if "data" in times else [])
    heads = [f"k = {name}" if name.isdigit() else name for name in names]
    row = [f"{1000 * times[name].median:.1f} ms" for name in names]
    return markdown_table(["one matrix", *heads], [["certified", *row]])


def _by_jobs(times: dict[str, Times], sources: list[str]) -> str:
    rows = []
    for name in sources:
        for what, key in (("whole command", name), ("work", f"work {name}")):
            one, two = (times[f"{key} {jobs}"].median for jobs in (1, 2))
            figures = [f"{one:.1f} s", f"{two:.1f} s", f"{one / two:.2f}"]
            rows.append([name, what, *figures])
    head = ["census", "of it", "1 process", "2 processes", "ratio"]
    return markdown_table(head, rows)


if __name__ == "__main__":
    main()
