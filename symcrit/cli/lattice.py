"""``symcrit lattice``: isotropy types and their order."""

from typing import TYPE_CHECKING, Literal

import click

from symcrit.cli.frame import Answer, command

if TYPE_CHECKING:
    from symcrit.symmetry.lattice import IsotropyLattice

__all__ = ["lattice"]


@command("lattice", example='symcrit lattice "3 x 3" --within target', limit=True)
@click.argument("shape", metavar='"ROWS x COLS"')
@click.option(
    "--within",
    type=click.Choice(["product", "target"]),
    default="product",
    help="Permute rows and columns freely, or only so that the target stays in place.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "dot", "graphml"]),
    default="text",
    help="How the graph is printed, and written by -o, where --json is not given.",
)
def lattice(
    shape: str,
    within: Literal["product", "target"],
    form: Literal["text", "dot", "graphml"],
) -> Answer:
    """List the isotropy types of matrices of a shape, and which contains which.

    A type is a class of conjugate isotropy groups.  The group acts by permutations of
    ROWS rows and COLS columns.
    """
    from symcrit.symmetry.lattice import find_lattice, parse_shape

    found = find_lattice(*parse_shape(shape), within=within)
    document = {
        "rows": found.rows,
        "columns": found.columns,
        "within": found.within,
        "types": [
            {
                "id": each.number,
                "pattern": each.pattern,
                "order": str(each.order),
                "parameters": each.parameters,
                "conjugates": each.conjugates,
                "steps": each.steps,
                "maximal": each.is_maximal,
                "example": [list(row) for row in each.example],
            }
            for each in found.types
        ],
        "covers": [list(edge) for edge in sorted(found.graph.edges)],
    }
    if form == "text":
        return Answer(document, lambda: _table(found))
    content = found.dot() if form == "dot" else found.graphml()
    return Answer(document, lambda: content, content=content)


def _table(found: "IsotropyLattice") -> str:
    from tabulate import tabulate

    rows = [
        [
            each.number,
            each.pattern or "(no product of symmetric groups)",
            each.order,
            each.parameters,
            each.conjugates,
            each.steps,
            " ".join(map(str, sorted(found.graph.predecessors(each.number)))),
        ]
        for each in found.types
    ]
    head = ["type", "pattern", "order", "parameters", "groups", "steps", "lies below"]
    return tabulate(rows, head, disable_numparse=True)
