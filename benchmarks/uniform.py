"""Theorems for all k: tubes, pieces, bytes, k_min, and the time to prove and to check.

Times are processor seconds of one process, so that they hardly depend on what else runs
on the machine; what is proved is the same in every run.
"""

import json
import time
from typing import Any

import symcrit
from benchmarks.measuring import arguments, calibrate, markdown_table, publish
from symcrit.certify.theorems import FamilyTheorem
from symcrit.certify.uniform_checking import check_theorem

FAMILIES = ("A", "I", "II", "M", "flip:3")

HEADS = (
    "family",
    "k_1",
    "k_min",
    "last threshold",
    "complete from",
    "tubes",
    "pieces",
    "MB",
    "prove",
    "check",
    "outcome",
)


def main() -> None:
    """Measure, and print the table."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("families", nargs="*", default=FAMILIES)
    chosen = parser.parse_args()
    calibration = calibrate()
    found = {name: _measure(name) for name in chosen.families}
    rows = [[name, *map(str, figures.values())] for name, figures in found.items()]
    table = markdown_table(HEADS, rows)
    publish("uniform", {"families": found}, table, calibration, chosen.json)


def _measure(name: str) -> dict[str, Any]:
    """One row of the table."""
    start = time.process_time()
    found = symcrit.family(name).prove()
    proved = time.process_time() - start
    text = json.dumps(found.certificate)
    start = time.process_time()
    result = check_theorem(json.loads(text), where=name)
    checked = time.process_time() - start
    return {
        **_extent(found),
        "megabytes": f"{len(text) / 1e6:.2f}",
        "prove": f"{proved:.1f} s",
        "check": f"{checked:.1f} s",
        "outcome": result.word,
    }


def _extent(found: FamilyTheorem) -> dict[str, Any]:
    """From where on, and in how many pieces."""
    theorem = found.theorem
    last = found.passages[0][1].singular.k if found.passages else None
    complete = theorem.complete_from
    return {
        "k_1": str(theorem.k_one),
        "k_min": f"{float(theorem.k_min):.6f}",
        "threshold": "" if last is None else last.str(7, radius=False),
        "complete": "" if complete is None else f"{float(complete):.6f}",
        "tubes": len(theorem.stretches),
        "pieces": sum(len(s.pieces) for s in theorem.signs),
    }


if __name__ == "__main__":
    main()
