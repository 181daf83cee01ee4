"""The same lift of type II by this package, PARI/GP and sympy, side by side."""

import shutil
import sys
from functools import partial

from benchmarks.competitors.lifts import LIFTS, Lifted, different
from benchmarks.measuring import (
    arguments,
    calibrate,
    in_turns,
    markdown_table,
    publish,
)

ORDERS = (12, 24)


def main() -> None:
    """Measure, compare the coefficients, and print the table."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--orders", nargs="+", type=int, default=ORDERS)
    chosen = parser.parse_args()
    calibration = calibrate()
    lifts = dict(LIFTS)
    if shutil.which("gp") is None:
        print("gp is not installed: PARI/GP is left out", file=sys.stderr)
        del lifts["PARI/GP"]
    figures, rows = [], []
    for beyond in chosen.orders:
        found: dict[str, Lifted] = {}

        def run(name: str, found: dict[str, Lifted] = found, n: int = beyond) -> float:
            found[name] = lifts[name](n)
            return found[name].seconds

        turns = {name: partial(run, name) for name in lifts}
        times = in_turns(turns, chosen.repeats)
        ours = times["symcrit"].median
        for name, lifted in found.items():
            wrong = different(found["symcrit"], lifted, beyond)
            if wrong:
                sys.exit(f"{name} differs at (parameter, exponent) {wrong[:5]}")
        figures.append(
            {
                "orders": beyond,
                "seconds": {name: t.as_dict() for name, t in times.items()},
                "ratios": {name: t.median / ours for name, t in times.items()},
            }
        )
        shown = [f"{t.median:.3f} s ({t.median / ours:.1f})" for t in times.values()]
        rows.append([str(beyond), *shown])
    table = markdown_table(["orders", *lifts], rows)
    publish("competitors", {"lifts": figures}, table, calibration, chosen.json)
    print("All coefficients agree.")


if __name__ == "__main__":
    main()
