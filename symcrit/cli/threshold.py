"""``symcrit threshold``: where the Morse index changes."""

import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symcrit.cli.frame import Answer, Status, command
from symcrit.cli.pictures import add_curves, check_picture, plot_option

if TYPE_CHECKING:
    from symcrit.certify.thresholds import Thresholds

__all__ = ["threshold"]

_DIGITS = 25

_NUMERICAL = (
    "not proved: that the list is complete, and that the crossings lie on the family's"
    " own branch (it was followed numerically); --prove may prove it"
)


@command("threshold", example="symcrit threshold II", limit=True)
@click.argument("family")
@click.option(
    "--prove",
    is_flag=True,
    help="Prove that none is missing, up to infinity; takes several times longer.",
)
@plot_option
def threshold(family: str, *, prove: bool, picture: Path | None) -> Answer:
    """Find the real k at which the Morse index of a family changes."""
    from symcrit.catalog.families import family as find
    from symcrit.cli.progress import stage_bar

    check_picture(picture)
    chosen = find(family)
    with stage_bar("following the branch") as bar:
        found = chosen.threshold(prove=prove, progress=bar)
    searched = _shown(found.searched, complete=found.complete)
    document = {
        "family": family,
        "searched": searched,
        **_fields(found),
        "link": "proved" if prove else "numerical",
    }
    undecided = any(not c.certified.is_true for c in found.crossings)
    status = Status.UNDECIDED if undecided else Status.DONE
    notes: tuple[str, ...] = ()
    if prove and not found.complete:
        status = Status.UNDECIDED
        notes = (f"not proved: that the list is complete; {found.remark}",)
    elif not found.complete:
        notes = (_NUMERICAL,)
    answer = Answer(document, lambda: _text(found, *searched), status, notes)
    return add_curves(answer, chosen, picture, found)


def _fields(found: "Thresholds") -> dict[str, object]:
    """What was found, for the document."""
    from symcrit.arith.decimals import decimal_ball

    end = None
    if found.end is not None:
        end = {
            "k": decimal_ball(found.end.k, _DIGITS),
            "kind": found.end.kind,
            "proved": found.end.proved.is_true,
            "parallel": list(found.end.parallel),
        }
    return {
        "complete": found.complete,
        "crossings": [
            {
                "k": decimal_ball(c.k, _DIGITS),
                "component": c.component,
                "multiplicity": str(c.multiplicity),
                "negative_below": c.negative_below,
                "negative_above": c.negative_above,
                "certified": c.certified.is_true,
            }
            for c in found.crossings
        ],
        "end": end,
        "degenerate": list(found.degenerate),
        "remark": found.remark,
    }


def _text(found: "Thresholds", low: str, high: str) -> str:
    """The same for a person."""
    from tabulate import tabulate

    rows = [
        [
            c.k.str(22, radius=False),
            c.component,
            str(c.multiplicity),
            "?" if c.negative_below is None else c.negative_below,
            "?" if c.negative_above is None else c.negative_above,
            "yes" if c.certified.is_true else "no",
        ]
        for c in found.crossings
    ]
    heads = ["k", "component", "multiplicity", "below", "above", "certified"]
    table = tabulate(rows, heads, disable_numparse=True)
    return f"{table}\n\nfollowed from k = {high} to k = {low}: {found.remark}"


def _shown(searched: Sequence[Fraction | float], *, complete: bool) -> list[str]:
    """The range, its lower end rounded up where it is the end of what is proved."""
    from symcrit.certify.theorems import decimal_above

    low, high = searched
    return [
        decimal_above(Fraction(low)) if complete else f"{float(low):.15g}",
        "infinity" if high == math.inf else f"{float(high):.15g}",
    ]
