"""``symcrit check``: certificates, every inequality again."""

from pathlib import Path

import click

from symcrit.cli.frame import Answer, Status, command

__all__ = ["check"]


@command("check", example="symcrit check cert.json", limit=True)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar="CERT.json...",
)
def check(files: tuple[Path, ...]) -> Answer:
    """Check certificates by computing everything in them again, with balls."""
    from symcrit.certify.check import check as check_file
    from symcrit.cli.progress import progress

    results = [(path, check_file(path)) for path in progress(files, label="checking")]

    def text() -> str:
        return "\n".join(
            f"{path}: {found.word}: {found.why}\n  {found.claim}"
            for path, found in results
        )

    return Answer(
        {
            "results": [
                {
                    "file": str(path),
                    "outcome": found.word,
                    "claim": found.claim,
                    "why": found.why,
                }
                for path, found in results
            ]
        },
        text,
        Status.worst(Status.of(found.outcome) for _, found in results),
    )
