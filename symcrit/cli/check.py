"""``symcrit check``: certificates, every inequality again."""

from pathlib import Path

import click

from symcrit.cli.arguments import FileName
from symcrit.cli.frame import Answer, Status, command
from symcrit.core.errors import InputError

__all__ = ["check"]


@command("check", example="symcrit check cert.json", limit=True)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=FileName(),
    metavar="CERT.json...",
)
def check(files: tuple[Path, ...]) -> Answer:
    """Check certificates by computing everything in them again, with balls.

    Each file is reported; the exit status is that of the worst.
    """
    from symcrit.certify.check import check as check_file
    from symcrit.cli.progress import progress

    results, refused = [], []
    for path in progress(files, label="checking"):
        try:
            results.append((path, check_file(path)))
        except InputError as error:
            refused.append((path, str(error)))
    errors = tuple(why for _, why in refused)
    if not results:
        raise InputError("; ".join(errors))

    def text() -> str:
        return "\n".join(
            _plain(line)
            for path, found in results
            for line in (f"{path}: {found.word}: {found.why}", f"  {found.claim}")
        )

    document: dict[str, object] = {
        "results": [
            {
                "file": str(path),
                "outcome": found.word,
                "claim": found.claim,
                "why": found.why,
            }
            for path, found in results
        ]
    }
    statuses = [Status.of(found.outcome) for _, found in results]
    if refused:
        document["refused"] = [
            {"file": str(path), "why": why.removeprefix(f"{path}: ")}
            for path, why in refused
        ]
        statuses.append(Status.BAD_INPUT)
    return Answer(document, text, Status.worst(statuses), errors=errors)


def _plain(text: str) -> str:
    """The text in one line, whatever a file has put in: no line can be forged."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
