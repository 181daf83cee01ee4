"""Statements for all k >= k_1: how small k_1 becomes, and how long it takes.

Each figure is a cold computation in a process of its own: leading terms, exact series,
the search for k_1.  Checking starts from the JSON document alone.
"""

import argparse
import json
import sys
from typing import Any

from benchmarks.measuring import (
    Times,
    arguments,
    calibrate,
    markdown_table,
    publish,
    run_child,
    seconds,
    this_module,
)

FAMILIES = ("A", "I", "II", "M", "flip:3", "flip:8")
ORDERS = (12, 16, 20)


def main() -> None:
    """Measure, and print the table."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--families", nargs="+", default=FAMILIES)
    parser.add_argument("--orders", nargs="+", type=int, default=ORDERS)
    parser.add_argument("--once", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.once:
        _print_figures(chosen.once[0], int(chosen.once[1]))
        return
    calibration = calibrate()
    figures, rows = [], []
    for name in chosen.families:
        for order in chosen.orders:
            runs = [_measure(name, order) for _ in range(chosen.repeats)]
            proving, checking = (
                Times.of([run[what] for run in runs])
                for what in ("proving", "checking")
            )
            figures.append(
                {
                    "family": name,
                    "order": order,
                    "k_from": runs[0]["k_from"],
                    "bytes": runs[0]["bytes"],
                    "proving": proving.as_dict(),
                    "checking": checking.as_dict(),
                }
            )
            rows.append(
                [
                    name,
                    str(order),
                    runs[0]["k_from"],
                    f"{proving.median:.1f} s",
                    f"{checking.median:.1f} s",
                    f"{runs[0]['bytes'] / 1024:.0f} KiB",
                ]
            )
    head = ["family", "exact below", "k_1", "proof", "check", "document"]
    publish(
        "infinity",
        {"statements": figures},
        markdown_table(head, rows),
        calibration,
        chosen.json,
    )


def _print_figures(name: str, order: int) -> None:
    import symcrit
    from symcrit.certify.infinity import certify_infinity
    from symcrit.certify.infinity_data import (
        check_infinity_document,
        infinity_document,
    )

    family = symcrit.family(name)
    found: list[Any] = []

    def prove() -> None:
        found.append(certify_infinity(family.landscape, family.leading, order=order))

    proving = seconds(prove)
    statement = found[0]
    if statement is None:
        sys.exit(f"{name}: nothing was proved with terms below t^{order}")
    text = json.dumps(infinity_document(statement))
    document = json.loads(text)
    checking = seconds(lambda: check_infinity_document(family.landscape, document))
    figures = {
        "k_from": str(statement.k_from),
        "proving": proving,
        "checking": checking,
        "bytes": len(text),
    }
    print(json.dumps(figures))


def _measure(name: str, order: int) -> dict[str, Any]:
    child = run_child(this_module("infinity", "--once", name, str(order)))
    if child.status:
        sys.exit(child.error)
    figures: dict[str, Any] = json.loads(child.output)
    return figures


if __name__ == "__main__":
    main()
