"""``symcrit identify``: the exact symmetry of weight matrices in files."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from symcrit.cli.arguments import FileName, notation_option, tolerance_option
from symcrit.cli.frame import Answer, Status, command

if TYPE_CHECKING:
    from symcrit.catalog.identification import Identification, Within
    from symcrit.catalog.matrices_io import Neurons, StoredMatrix
    from symcrit.catalog.notation import Notation

__all__ = ["identification_fields", "identify"]

MAX_PARAMETERS = 1000
"""More parameters than these are not listed: the matrix has hardly any symmetry."""

MAX_SHOWN = 12
"""The longest list that is shown to a person in full."""


@command("identify", example="symcrit identify newExp-7-7.mat --json", limit=True)
@click.argument("files", nargs=-1, required=True, type=FileName(), metavar="FILE...")
@tolerance_option
@click.option(
    "--neurons",
    type=click.Choice(["auto", "rows", "columns"]),
    default="auto",
    help="Which side holds the neurons. Default: as the format or the gradient tells.",
)
@click.option(
    "--within",
    type=click.Choice(["product", "target"]),
    default="product",
    help="Permute rows and columns freely, or only so that the target stays in place.",
)
@click.option("--variable", metavar="NAME", help="Read only this array of the files.")
@notation_option
def identify(
    files: tuple[Path, ...],
    tolerance: float | None,
    neurons: Literal["auto", "rows", "columns"],
    within: "Within",
    variable: str | None,
    notation: Path | None,
) -> Answer:
    """Find isotropy group, block form and nearest family of weight matrices.

    FILE is .npy, .npz, .mat, .csv or .json, or a pickle (.p, .pkl) of published
    minima.  Nothing that stands in a file is executed.
    """
    from symcrit.catalog.identification import identify as find
    from symcrit.catalog.matrices_io import read_matrices
    from symcrit.catalog.notation import load_notation
    from symcrit.cli.progress import progress
    from symcrit.symmetry.coincidence import DEFAULT_TOLERANCE

    names = load_notation(notation)
    stored = [matrix for path in files for matrix in read_matrices(path, variable)]
    found = []
    for each in progress(stored, label="identifying"):
        side: Neurons | Literal["auto"] = neurons
        if side == "auto" and each.neurons is not None:
            side = each.neurons
        found.append(
            find(
                each.matrix,
                tolerance=DEFAULT_TOLERANCE if tolerance is None else tolerance,
                neurons=side,
                within=within,
            )
        )
    pairs = list(zip(stored, found, strict=True))
    unclear = [each.name for each, result in pairs if result.alternatives]
    notes = tuple(
        f"{name}: the pattern hangs on the tolerance; set --tolerance to the noise"
        " of the entries"
        for name in unclear
    )

    def text() -> str:
        return "\n\n".join(_describe(each, result, names) for each, result in pairs)

    matrices = [
        {
            "file": str(each.path),
            "index": each.index,
            "name": each.name,
            **identification_fields(result, names),
        }
        for each, result in pairs
    ]
    status = Status.UNDECIDED if unclear else Status.DONE
    return Answer({"matrices": matrices}, text, status, notes)


def identification_fields(
    found: "Identification", names: "Notation"
) -> dict[str, object]:
    """What is told about one matrix in JSON documents."""
    form, isotropy, gaps = found.form, found.isotropy, found.coincidences
    listed = len(form.point) <= MAX_PARAMETERS
    parameters = None
    if listed:
        parameters = {names.rename(name): x for name, x in form.parameters.items()}
    place = found.place
    return {
        "k": form.matrix.shape[0],
        "d": form.matrix.shape[1],
        "neurons": found.neurons,
        "pattern": found.pattern,
        "blocks": list(form.row_blocks),
        "column_blocks": list(form.column_blocks),
        "row_order": list(form.row_order),
        "column_order": list(form.column_order),
        "parameters": parameters,
        "family": found.family,
        "family_distance": None if found.nearest is None else found.nearest.distance,
        "residual": found.residual,
        "group": {
            "within": found.within,
            "order": str(isotropy.order),
            "exact": isotropy.exact,
            "diagonal": found.is_diagonal,
            "generators": [[list(r), list(c)] for r, c in isotropy.generators],
        },
        "place": None
        if place is None
        else {"steps": place.steps, "maximal": place.maximal},
        "gaps": {
            "tolerance": found.tolerance,
            "closed": gaps.closed,
            "kept": None if gaps.kept == float("inf") else gaps.kept,
        },
        "ambiguous": bool(found.alternatives),
        "alternatives": [
            {"tolerance": a.tolerance, "pattern": a.pattern, "order": str(a.order)}
            for a in found.alternatives
        ],
    }


def _describe(
    stored: "StoredMatrix", found: "Identification", names: "Notation"
) -> str:
    form, isotropy = found.form, found.isotropy
    k, d = form.matrix.shape
    lines = [f"{stored.name}: {k} neurons (as {found.neurons}), {d} inputs"]
    exact = "" if isotropy.exact else "; the pattern is that of a smaller group"
    lines.append(f"  pattern   {found.pattern}")
    lines.append(f"  isotropy  of order {_shown_order(isotropy.order)}{exact}")
    if found.place is not None and found.place.steps:
        maximal = ", maximal" if found.place.maximal else ""
        below = f"{found.place.steps} below the symmetry of the target"
        lines.append(f"  place     {below}{maximal}")
    if found.nearest is not None:
        distance = f"at most {found.nearest.distance:.3g} from its limit"
        lines.append(f"  family    {found.family} ({distance})")
    gaps = found.coincidences
    lines.append(
        f"  residual  {found.residual:.3g}; relative gaps up to {gaps.closed:.3g} were"
        f" closed, from {gaps.kept:.3g} on kept"
    )
    lines += [
        f"  unclear   with --tolerance {other.tolerance:g}: {other.pattern}"
        for other in found.alternatives
    ]
    if len(form.point) <= MAX_SHOWN:
        lines += [
            f"  {names.rename(name):9} {value:.12g}"
            for name, value in form.parameters.items()
        ]
    if k <= MAX_SHOWN:
        lines.append(f"  rows      {' '.join(map(str, form.row_order))}")
        lines.append(f"  columns   {' '.join(map(str, form.column_order))}")
    return "\n".join(lines)


def _shown_order(order: int) -> str:
    """The order of a group, rounded if it is very long."""
    text = str(order)
    return text if len(text) <= MAX_SHOWN else f"{text[0]}.{text[1:4]}e{len(text) - 1}"
