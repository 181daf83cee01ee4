"""Certified spectra by isotypic components, and by the Hessian of full size.

The first table has the whole spectrum with signs and index, at certified points, for k
from 10 to 10^12; the second compares with Arb's enclosure of the eigenvalues of the
full Hessian, whose eigenvalues are nearly all multiple; the third has the search for
all thresholds of a branch, each certified, down to the end of the branch; the fourth
has all eigenvalues as exact series, from the limit of the family on: leading terms,
series of the parameters, splitting of the blocks.
"""

from collections.abc import Callable, Mapping

import numpy as np
from flint import arb, arb_mat

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
from symcrit.arith.arrays import ObjectArrays
from symcrit.arith.balls import BALLS
from symcrit.arith.precision import working_precision
from symcrit.catalog.family import Family
from symcrit.certify.points import certify_point
from symcrit.certify.thresholds import find_thresholds
from symcrit.landscapes.full import hessian
from symcrit.landscapes.plans import plan_block
from symcrit.spectra.eigenvalues import enclose_spectrum
from symcrit.symmetry.matrices import embed

FAMILIES = ("A", "I", "II", "M", "flip:3")
EXPONENTS = (1, 2, 4, 6, 9, 12)
SIZES = tuple(10**e for e in EXPONENTS)
FULL_SIZES = (6, 8, 10, 12)
ORDER = 8
DIGITS = 30
PREC = 64
SERIES_ORDERS = (4, 8, 12)
_START_BITS = 400


def main() -> None:
    """Measure, and print the tables."""
    parser = arguments(__doc__.splitlines()[0])
    chosen = parser.parse_args()
    calibration = calibrate()
    actions: dict[str, Callable[[], float]] = {}
    for name in FAMILIES:
        for k in SIZES:
            actions[f"{name} {k}"] = _by_blocks(_points(symcrit.family(name), k), k)
    times = in_turns(actions, chosen.repeats)
    head = ["family", *(f"k = 10^{e}" for e in EXPONENTS), "first call"]
    table = markdown_table(head, [_row(name, times) for name in FAMILIES])
    full = [_compare(k, chosen.repeats) for k in FULL_SIZES]
    head = ["type II, k", "blocks", "full, Arb", "ratio"]
    rows = [[str(k), *shown] for k, shown in zip(FULL_SIZES, full, strict=True)]
    searches = in_turns({name: _search(name) for name in FAMILIES}, chosen.repeats)
    series = {
        f"{name} {n}": _expand(name, n) for name in FAMILIES for n in SERIES_ORDERS
    }
    expanded = in_turns(series, chosen.repeats)
    publish(
        "spectra",
        {
            "series": {name: found.as_dict() for name, found in expanded.items()},
            "blocks": {name: found.as_dict() for name, found in times.items()},
            "thresholds": {name: found.as_dict() for name, found in searches.items()},
        },
        "\n\n".join(
            [
                table,
                markdown_table(head, rows),
                _threshold_table(searches),
                _series_table(expanded),
            ]
        ),
        calibration,
        chosen.json,
    )


def _expand(name: str, order: int) -> Callable[[], float]:
    """All eigenvalues to O(t^order); nothing is known of the family before."""
    return lambda: seconds(lambda: symcrit.family(name).spectrum_series(order))


def _series_table(times: Mapping[str, Times]) -> str:
    head = ["series", *(f"O(t^{n})" for n in SERIES_ORDERS)]
    rows = [
        [name, *(f"{times[f'{name} {n}'].median:.2f} s" for n in SERIES_ORDERS)]
        for name in FAMILIES
    ]
    return markdown_table(head, rows)


def _points(family: Family, k: int) -> tuple[Family, list[arb]]:
    """The family with its certified point, found from its series."""
    expansion = family.expansion(ORDER)
    with working_precision(_START_BITS):
        t = 1 / arb(k).sqrt()
        start = [
            sum(
                (
                    c.ball(_START_BITS) * t**n
                    for n, c in expansion[name].known_coefficients()
                ),
                arb(0),
            )
            for name in family.names
        ]
    proved = certify_point(family.landscape, start, {"k": k}, digits=DIGITS)
    return family, [proved.parameters[name] for name in family.names]


def _by_blocks(point: tuple[Family, list[arb]], k: int) -> Callable[[], float]:
    family, parameters = point
    return lambda: seconds(
        lambda: enclose_spectrum(family.landscape, parameters, {"k": k}, prec=PREC)
    )


def _row(name: str, times: Mapping[str, Times]) -> list[str]:
    """The times of a family, and the time of a call that has to make the plans."""
    family, point = _points(symcrit.family(name), SIZES[0])
    plan_block.cache_clear()
    first = seconds(
        lambda: enclose_spectrum(family.landscape, point, {"k": SIZES[0]}, prec=PREC)
    )
    found = [f"{1000 * times[f'{name} {k}'].median:.1f} ms" for k in SIZES]
    return [name, *found, f"{1000 * first:.0f} ms"]


def _search(name: str) -> Callable[[], float]:
    """Find and certify all thresholds of a family, from its leading terms."""
    family = symcrit.family(name)
    landscape, leading = family.landscape, family.leading
    return lambda: seconds(lambda: find_thresholds(landscape, leading))


def _threshold_table(times: Mapping[str, Times]) -> str:
    rows = [[name, f"{found.median:.1f} s"] for name, found in times.items()]
    total = sum(times[name].median for name in ("A", "I", "II", "M"))
    rows.append(["A, I, II, M together", f"{total:.1f} s"])
    return markdown_table(["family", "thresholds"], rows)


def _compare(k: int, repeats: int) -> list[str]:
    """Blocks against the full Hessian at the same point, at the same precision."""
    family, point = _points(symcrit.family("II"), k)
    weights = np.array(embed(family.pattern, point, {"k": k}), dtype=object)
    failed = []

    def full() -> None:
        with working_precision(2 * PREC):
            numbers = ObjectArrays(BALLS)
            matrix = arb_mat(hessian(weights, numbers=numbers).tolist())
            try:
                matrix.eig(multiple=True)
            except ValueError:
                failed.append(k)

    blocks = _by_blocks((family, point), k)
    times = in_turns({"blocks": blocks, "full": lambda: seconds(full)}, repeats)
    fast, slow = times["blocks"].median, times["full"].median
    return [
        f"{1000 * fast:.1f} ms",
        f"{slow:.2f} s{', fails' if failed else ''}",
        f"{slow / fast:.0f}",
    ]


if __name__ == "__main__":
    main()
