"""``symcrit derive``: the derivation report of a family."""

import re
from pathlib import Path

import click

from symcrit.cli.arguments import FileName, WholeNumber, notation_option
from symcrit.cli.frame import Answer, Status, command

__all__ = ["derive"]

DEFAULT_ORDER = 8


@command("derive", example="symcrit derive II -o report-II", output=False, limit=True)
@click.argument("family")
@click.option(
    "--order",
    type=WholeNumber(1, 60),
    default=DEFAULT_ORDER,
    show_default=True,
    metavar="N",
    help="Know every parameter to O(t^N).",
)
@click.option(
    "-o",
    "--output",
    "folder",
    type=FileName(),
    metavar="DIR",
    help="Write into DIR.  Default: report-FAMILY.",
)
@click.option(
    "--formats",
    default="md,html,tex,pdf",
    show_default=True,
    metavar="LIST",
    help="Formats of the page, separated by commas.",
)
@notation_option
@click.option(
    "--spectra/--no-spectra",
    default=True,
    show_default=True,
    help="Whether to write of Hessian, spectrum and thresholds too.",
)
@click.option(
    "--theorem", is_flag=True, help="Prove what holds for all k, and write of it."
)
def derive(
    family: str,
    order: int,
    folder: Path | None,
    formats: str,
    notation: Path | None,
    spectra: bool,
    theorem: bool,
) -> Answer:
    """Write the derivation report of a family: series, proofs, spectra, checks."""
    from symcrit.report.render import check_formats

    chosen = check_formats(name.strip() for name in formats.split(","))

    from symcrit.catalog.families import family as find
    from symcrit.catalog.notation import load_notation
    from symcrit.cli.progress import stages
    from symcrit.report.derivation import write_report

    found = find(family)
    names = load_notation(notation)
    place = folder or Path(f"report-{_file_name(found.name)}")
    with stages() as stage:
        report = write_report(
            found,
            place,
            order=order,
            formats=chosen,
            notation=names,
            command=_command_line(family, order, chosen, notation, spectra, theorem),
            spectra=spectra,
            theorem=theorem,
            stage=stage,
        )
    graph = report.statements
    document = {
        "family": found.name,
        "order": order,
        "report": {kind: str(path) for kind, path in report.files.items()},
        "tables": [str(path) for path in report.tables],
        "statements": graph.documents(),
        "path": str(place),
    }

    def text() -> str:
        from collections import Counter

        counts = Counter(graph.standing(x.id).value for x in graph)
        lines = [f"{path}" for path in report.files.values()]
        shown = ", ".join(f"{n} {standing}" for standing, n in counts.items())
        return "\n".join([*lines, f"{len(graph)} statements: {shown}"])

    notes = [
        f"{x.id} ({x.title}): {graph.standing(x.id).value}"
        for x in graph
        if not x.outcome.is_true
    ]
    return Answer(document, text, Status.of(graph.outcome), tuple(notes))


def _file_name(name: str) -> str:
    """The name of a family without signs that have a meaning in paths."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")


def _command_line(
    family: str,
    order: int,
    formats: tuple[str, ...],
    notation: Path | None,
    spectra: bool,
    theorem: bool,
) -> str:
    """The command without what differs from machine to machine."""
    words = ["symcrit derive", Path(family).name, f"--order {order}"]
    words.append(f"--formats {','.join(formats)}")
    if notation is not None:
        words.append(f"--notation {Path(notation).name}")
    if not spectra:
        words.append("--no-spectra")
    if theorem:
        words.append("--theorem")
    return " ".join(words)
