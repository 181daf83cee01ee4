"""Certified points with 30 digits, proved links with a family, and proved folds.

Points are found from the leading terms, which are given, as at the first question to a
family; nothing is kept from one call to the next.  The first table has times, the
second working precisions, which grow with log k, the third proofs about whole branches.
"""

from collections.abc import Callable
from fractions import Fraction

import symcrit
from benchmarks.measuring import (
    Times,
    arguments,
    calibrate,
    in_turns,
    markdown_table,
    publish,
    seconds,
)
from symcrit.catalog.family import Family
from symcrit.certify.branches import Branch
from symcrit.expand.balance import find_leading_terms

FAMILIES = ("A", "I", "II", "M", "flip:3")
SIZES = {
    "10": 10,
    "20": 20,
    "100": 100,
    "10^4": 10**4,
    "10^6": 10**6,
    "10^9": 10**9,
    "10^12": 10**12,
}
DIGITS = 30
LINKED = 20
FOLDED = ("M", "flip:3")


def main() -> None:
    """Measure, and print the tables."""
    parser = arguments(__doc__.splitlines()[0])
    chosen = parser.parse_args()
    calibration = calibrate()
    families = {name: symcrit.family(name) for name in FAMILIES}
    actions: dict[str, Callable[[], float]] = {}
    for name, family in families.items():
        _branch(family).point(LINKED)
        actions[f"{name} leading"] = _leading(family)
        for shown, k in SIZES.items():
            actions[f"{name} {shown}"] = _point(family, k)
        actions[f"{name} link"] = _link(family)
    for name in FOLDED:
        actions[f"{name} fold"] = _fold(families[name])
    times = in_turns(actions, chosen.repeats)
    bits = {
        f"{name} {shown}": _branch(family).point(k, digits=DIGITS).point.prec
        for name, family in families.items()
        for shown, k in SIZES.items()
    }
    heads = [f"k = {shown}" for shown in SIZES]
    tables = [
        markdown_table(
            ["certified point", *heads, "leading terms"],
            [
                [
                    name,
                    *(_shown(times[f"{name} {shown}"]) for shown in SIZES),
                    _shown(times[f"{name} leading"]),
                ]
                for name in FAMILIES
            ],
        ),
        markdown_table(
            ["bits", *heads],
            [[name, *(str(bits[f"{name} {s}"]) for s in SIZES)] for name in FAMILIES],
        ),
        markdown_table(
            ["proof", f"tubes down to k = {LINKED}", "end in a fold"],
            [
                [
                    name,
                    _shown(times[f"{name} link"]),
                    _shown(times[f"{name} fold"]) if name in FOLDED else "",
                ]
                for name in FAMILIES
            ],
        ),
    ]
    publish(
        "points",
        {
            "seconds": {name: found.as_dict() for name, found in times.items()},
            "bits": bits,
        },
        "\n\n".join(tables),
        calibration,
        chosen.json,
    )


def _branch(family: Family) -> Branch:
    """A branch that knows its leading terms and nothing else."""
    return Branch(family.landscape, family.leading)


def _leading(family: Family) -> Callable[[], float]:
    return lambda: seconds(lambda: find_leading_terms(family.landscape, family.limit))


def _point(family: Family, k: int) -> Callable[[], float]:
    def action() -> float:
        branch = _branch(family)
        return seconds(lambda: branch.point(k, digits=DIGITS))

    return action


def _link(family: Family) -> Callable[[], float]:
    def action() -> float:
        branch = _branch(family)
        return seconds(lambda: branch.tubes(Fraction(LINKED)))

    return action


def _fold(family: Family) -> Callable[[], float]:
    def action() -> float:
        branch = _branch(family)
        return seconds(lambda: branch.end)

    return action


def _shown(times: Times) -> str:
    if times.median < 1:
        return f"{1000 * times.median:.1f} ms"
    return f"{times.median:.2f} s"


if __name__ == "__main__":
    main()
