"""Time and memory of exact series: families, orders, growth.

Each figure is a cold computation in a process of its own: the leading terms are found,
the series is lifted, proved and turned into exact coefficients.  Starting Python and
importing the package is not counted.
"""

import argparse
import sys

from benchmarks.measuring import (
    Child,
    Times,
    arguments,
    calibrate,
    growth_exponent,
    markdown_table,
    publish,
    run_child,
    seconds,
    this_module,
)

FAMILIES = ("II", "A", "I", "M", "flip:5")
ORDERS = (8, 12, 24, 40)
HIGH_ORDER = 80
LEADING = 2
"""In these families parameters leave their limits with t^2 at the earliest."""

_FIT_FROM = 12
"""Below, the time is that of finding the leading terms and of Python itself."""


def main() -> None:
    """Measure, and print the table."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--families", nargs="+", default=FAMILIES)
    parser.add_argument("--orders", nargs="+", type=int, default=ORDERS)
    parser.add_argument("--high", action="store_true", help="add 80 orders of type II")
    parser.add_argument("--once", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.once:
        _print_seconds(chosen.once[0], int(chosen.once[1]))
        return
    calibration = calibrate()
    plan = {name: sorted(chosen.orders) for name in chosen.families}
    if chosen.high and "II" in plan:
        plan["II"] = sorted({*plan["II"], HIGH_ORDER})
    columns = sorted({n for orders in plan.values() for n in orders})
    figures, rows = [], []
    for name, orders in plan.items():
        children = {
            n: [_measure(name, n) for _ in range(chosen.repeats)] for n in orders
        }
        times = {
            n: Times.of([float(child.output) for child in found])
            for n, found in children.items()
        }
        fitted = [n for n in orders if n >= _FIT_FROM]
        exponent = None
        if len(fitted) > 1:
            exponent = growth_exponent(fitted, [times[n].median for n in fitted])
        peak = max(child.peak_mib for found in children.values() for child in found)
        figures.append(
            {
                "family": name,
                "seconds": {str(n): found.as_dict() for n, found in times.items()},
                "growth_exponent": exponent,
                "peak_mib": peak,
            }
        )
        shown = [f"{times[n].median:.3f} s" if n in times else "" for n in columns]
        growth = "" if exponent is None else f"{exponent:.2f}"
        rows.append([name, *shown, growth, f"{peak:.0f} MiB"])
    head = ["family", *(f"{n} orders" for n in columns), "exponent", "peak"]
    publish(
        "series",
        {"orders_beyond": LEADING, "families": figures},
        markdown_table(head, rows),
        calibration,
        chosen.json,
    )


def _print_seconds(name: str, beyond: int) -> None:
    import symcrit

    symcrit.family("A")  # loads what every family needs
    print(seconds(lambda: symcrit.family(name).series(order=LEADING + beyond)))


def _measure(name: str, beyond: int) -> Child:
    child = run_child(this_module("series", "--once", name, str(beyond)))
    if child.status:
        sys.exit(child.error)
    return child


if __name__ == "__main__":
    main()
