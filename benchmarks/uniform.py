"""Theorems for all k: pieces, bytes, k_min, and the time to prove and to check them.

    python benchmarks/uniform.py [FAMILY...]

Each family is proved and checked in one process; times are processor seconds.
"""

import json
import sys
import time

from tabulate import tabulate

import symcrit
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
    "prove s",
    "check s",
    "outcome",
)


def measure(name: str) -> list[str]:
    """One row of the table."""
    start = time.process_time()
    found = symcrit.family(name).prove()
    proved = time.process_time() - start
    text = json.dumps(found.certificate)
    start = time.process_time()
    result = check_theorem(json.loads(text), where=name)
    checked = time.process_time() - start
    theorem = found.theorem
    last = found.passages[0][1].singular.k if found.passages else None
    complete = theorem.complete_from
    return [
        name,
        str(theorem.k_one),
        f"{float(theorem.k_min):.6f}",
        "" if last is None else last.str(7, radius=False),
        "" if complete is None else f"{float(complete):.6f}",
        str(len(theorem.stretches)),
        str(sum(len(s.pieces) for s in theorem.signs)),
        f"{len(text) / 1e6:.2f}",
        f"{proved:.1f}",
        f"{checked:.1f}",
        result.word,
    ]


def main() -> None:
    """Print the table."""
    names = sys.argv[1:] or FAMILIES
    print(tabulate([measure(name) for name in names], HEADS, disable_numparse=True))


if __name__ == "__main__":
    main()
