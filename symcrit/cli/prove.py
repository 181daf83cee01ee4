"""``symcrit prove``: a family for all k."""

import json
from pathlib import Path

import click

from symcrit.cli.arguments import WholeNumber, notation_option
from symcrit.cli.frame import Answer, Status, command

__all__ = ["prove"]


_BOUNDS_HEAD = "|quantity - terms below t^m| <= C t^m, t = k^(-1/2), for all real"

_MOST_ORDER = 12
"""Some terms beyond the bounds are needed to prove them."""


@command("prove", example="symcrit prove II -o theorem.json", limit=True)
@click.argument("family")
@click.option(
    "--order",
    type=WholeNumber(1, _MOST_ORDER),
    default=4,
    show_default=True,
    help="Bound what terms below t^ORDER leave of parameters and loss.",
)
@notation_option
def prove(family: str, order: int, notation: Path | None) -> Answer:
    """Prove existence, error bounds and Morse index of a family for all k at once.

    With -o the certificate is written, which 'symcrit check' verifies.
    """
    from symcrit.catalog.families import family as find
    from symcrit.catalog.notation import load_notation
    from symcrit.cli.progress import stages

    names = load_notation(notation)
    with stages() as stage:

        def tell(what: str, done: int, total: int) -> None:
            stage(f"{what}, {done} of {total}" if total > 1 else what)

        found = find(family).prove(order=order, progress=tell)
    theorem = found.theorem
    document = {**found.document, "statement": names.rename_in(found.statement)}
    for field in ("target", "limit", "bounds"):
        document[field] = {names.rename(n): x for n, x in document[field].items()}

    def text() -> str:
        from tabulate import tabulate

        rows = [
            [
                name,
                bound["order"],
                bound["constant"],
                bound["next"],
                bound["ratio"] or "",
            ]
            for name, bound in document["bounds"].items()
        ]
        heads = ["", "order m", "C", "coefficient of t^m", "ratio"]
        table = tabulate(rows, heads, disable_numparse=True)
        loss = document["loss"]
        power = f"t^{loss['exponent']}"
        lines = [
            *(names.rename_in(sentence) for sentence in found.sentences),
            f"\n{_BOUNDS_HEAD} k >= {document['k_min']}:\n\n{table}\n",
            f"The loss is at most {loss['upper']} {power} for all these k.",
        ]
        if loss["positive_from"] is not None:
            lines.append(
                f"It is at least {loss['lower']} {power} for all real"
                f" k >= {loss['lower_from']}, and positive for k >="
                f" {loss['positive_from']}."
            )
        return "\n".join([*lines, f"\nBelow k_min: {theorem.stopped}."])

    status = Status.DONE if found.is_complete else Status.UNDECIDED
    notes = () if found.is_complete else ("the index is open somewhere, see above",)
    content = json.dumps(found.certificate)
    return Answer(document, text, status, notes, content)
