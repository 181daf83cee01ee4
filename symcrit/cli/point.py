"""``symcrit point``: a certified critical point at one k."""

from fractions import Fraction
from pathlib import Path

import click

from symcrit.cli.arguments import SIZE, WholeNumber, notation_option
from symcrit.cli.frame import Answer, command

__all__ = ["point"]

_MOST_DIGITS = 3000


@command("point", example="symcrit point II --k 20 --digits 30", limit=True)
@click.argument("family")
@click.option(
    "--k", type=SIZE, required=True, help="Integer, fraction or decimal, any size."
)
@click.option(
    "--digits",
    type=WholeNumber(1, _MOST_DIGITS),
    default=20,
    show_default=True,
    help="Digits to prove.",
)
@click.option(
    "--prove-link",
    is_flag=True,
    help="Prove by tubes in real k that the point lies on the family's branch.",
)
@notation_option
def point(
    family: str, k: Fraction, digits: int, *, prove_link: bool, notation: Path | None
) -> Answer:
    """Certify the critical point of a family at one k."""
    from symcrit.arith.decimals import decimal_ball
    from symcrit.catalog.families import family as find
    from symcrit.catalog.notation import load_notation

    names = load_notation(notation)
    found = find(family).point(k, digits=digits, prove_link=prove_link)
    parameters = {names.rename(n): x for n, x in found.parameters.items()}
    deviations = {names.rename(n): x for n, x in found.deviations.items()}
    document: dict[str, object] = {
        "family": family,
        "k": str(k),
        "parameters": {n: decimal_ball(x, digits) for n, x in parameters.items()},
        "deviations": {n: decimal_ball(x, digits) for n, x in deviations.items()},
        "loss": decimal_ball(found.loss, digits),
        "certified": True,
        "digits": digits,
        "precision": found.proof.prec,
        "link": {"kind": found.link.kind.value, "sentence": str(found.link)},
        "hypotheses": [
            {"name": h.name, "holds": h.holds.is_true} for h in found.proof.hypotheses
        ],
    }

    def text() -> str:
        from tabulate import tabulate

        rows = [
            [name, x.str(digits), deviations[name].str(6, radius=False)]
            for name, x in parameters.items()
        ]
        rows.append(["loss", found.loss.str(digits), ""])
        table = tabulate(rows, ["", "certified", "minus limit"], disable_numparse=True)
        return (
            f"family {family}, k = {k}\n\n{table}\n\nlink with the family: {found.link}"
        )

    return Answer(document, text)
