"""``symcrit threshold``: where the Morse index changes."""

import click

from symcrit.cli.frame import Answer, Status, command

__all__ = ["threshold"]

_DIGITS = 25


@command("threshold", example="symcrit threshold II", limit=True)
@click.argument("family")
def threshold(family: str) -> Answer:
    """Find the real k at which the Morse index of a family changes."""
    from symcrit.arith.decimals import decimal_ball
    from symcrit.catalog.families import family as find
    from symcrit.cli.progress import stage_bar

    with stage_bar("following the branch") as bar:
        found = find(family).threshold(progress=bar)
    crossings = [
        {
            "k": decimal_ball(c.k, _DIGITS),
            "component": c.component,
            "multiplicity": str(c.multiplicity),
            "negative_below": c.negative_below,
            "negative_above": c.negative_above,
            "certified": c.certified.is_true,
        }
        for c in found.crossings
    ]
    end = None
    if found.end is not None:
        end = {
            "k": decimal_ball(found.end.k, _DIGITS),
            "kind": found.end.kind,
            "proved": found.end.proved.is_true,
            "parallel": list(found.end.parallel),
        }
    document = {
        "family": family,
        "searched": [f"{float(k):.15g}" for k in found.searched],
        "complete": found.complete,
        "crossings": crossings,
        "end": end,
        "degenerate": list(found.degenerate),
        "remark": found.remark,
        "link": "numerical",
    }

    def text() -> str:
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
        low, high = (f"{float(k):.6g}" for k in found.searched)
        ending = f"followed from k = {high} to k = {low}: {found.remark}"
        if found.degenerate:
            names = ", ".join(found.degenerate)
            ending += (
                f"\nan eigenvalue is zero all along the branch (numerically): {names}"
            )
        return f"{table}\n\n{ending}"

    undecided = any(not c.certified.is_true for c in found.crossings)
    status = Status.UNDECIDED if undecided else Status.DONE
    note = (
        "not proved: that the list is complete, and that the crossings lie on the"
        " family's own branch (it was followed numerically)"
    )
    return Answer(document, text, status, (note,))
