"""``symcrit spectrum``: the eigenvalues of the Hessian at one k."""

from fractions import Fraction

import click

from symcrit.cli.arguments import SIZE
from symcrit.cli.frame import Answer, Status, command

__all__ = ["spectrum"]

_MOST_DIGITS = 300


@command("spectrum", example="symcrit spectrum II --k 20", limit=True)
@click.argument("family")
@click.option(
    "--k", type=SIZE, required=True, help="Integer, fraction or decimal, any size."
)
@click.option(
    "--digits",
    type=click.IntRange(1, _MOST_DIGITS),
    default=15,
    show_default=True,
    help="Digits of the point, and roughly of the eigenvalues.",
)
def spectrum(family: str, k: Fraction, digits: int) -> Answer:
    """Enclose the spectrum of the Hessian of a family at one k."""
    from symcrit.arith.decimals import decimal_ball
    from symcrit.catalog.families import family as find

    found = find(family).spectrum(k, digits=digits)
    blocks = [
        {
            "component": block.component,
            "dimension": str(block.dimension),
            "multiplicity_of_each": block.multiplicity,
            "eigenvalues": [
                decimal_ball(x, digits) if x.is_finite() else None
                for x in block.eigenvalues
            ],
            "negative": block.negative,
        }
        for block in found.blocks
    ]
    document = {
        "family": family,
        "k": str(k),
        "blocks": blocks,
        "morse_index": found.morse_index,
        "certified": found.certified,
        "open_directions": [
            {"component": o.component, "direction": _rounded(dict(o.direction))}
            for o in found.open
        ],
    }

    def text() -> str:
        from tabulate import tabulate

        rows = [
            [
                block.component if i == 0 else "",
                str(block.dimension) if i == 0 else "",
                block.multiplicity if i == 0 else "",
                x.str(digits),
            ]
            for block in found.blocks
            for i, x in enumerate(block.eigenvalues)
        ]
        heads = ["component", "dimension", "times", "eigenvalue"]
        table = tabulate(rows, heads, disable_numparse=True)
        if found.morse_index is not None:
            last = f"Morse index {found.morse_index}"
        elif found.certified:
            last = "the signs are proved; k is no integer, so there is no Morse index"
        else:
            last = "the Morse index is not proved: a sign is open"
        return f"family {family}, k = {k}\n\n{table}\n\n{last}"

    status = Status.DONE if found.certified else Status.UNDECIDED
    return Answer(document, text, status)


def _rounded(direction: dict[str, float]) -> dict[str, str]:
    return {name: f"{value:.6g}" for name, value in direction.items()}
