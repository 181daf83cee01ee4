"""``symcrit claims``: published statements, each compared with what is computed."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from symcrit.cli.arguments import FileName
from symcrit.cli.frame import Answer, Status, command
from symcrit.cli.verify import OUTCOMES

if TYPE_CHECKING:
    from symcrit.catalog.verdicts import Claim

__all__ = ["claims"]


@command("claims", example="symcrit claims --json", limit=True)
@click.argument("files", nargs=-1, type=FileName())
def claims(files: tuple[Path, ...]) -> Answer:
    """Confirm or refute the statements of claims files.

    FILES are TOML files of the schema claims_file; without any the published statements
    that come with symcrit are checked.
    """
    from functools import cache

    from symcrit.catalog.claims import check_claim, published_claims, read_claims
    from symcrit.catalog.families import family
    from symcrit.cli.progress import progress

    found: list[tuple[str | None, Claim]] = [
        (str(file), claim) for file in files for claim in read_claims(file)
    ]
    if not files:
        found = [(None, claim) for claim in published_claims()]
    find = cache(family)
    verdicts = [
        check_claim(claim, find, where=where)
        for where, claim in progress(found, label="checking")
    ]
    results = [
        {
            "id": claim.id,
            "source": claim.source,
            "outcome": OUTCOMES[verdict.outcome],
            "claimed": claim.text,
            "computed": verdict.computed,
            "how": verdict.how,
            "note": verdict.note,
        }
        for (_, claim), verdict in zip(found, verdicts, strict=True)
    ]

    def text() -> str:
        lines = []
        for result in results:
            lines.append(f"{result['outcome']}  {result['id']}")
            labels = ("source", "claimed", "computed", "how", "note")
            lines += [f"  {x}: {result[x]}" for x in labels if result[x]]
        outcomes = [result["outcome"] for result in results]
        counts = [f"{outcomes.count(o)} {o}" for o in OUTCOMES.values()]
        return "\n".join([*lines, ", ".join(counts)])

    status = Status.worst(Status.of(verdict.outcome) for verdict in verdicts)
    return Answer({"results": results}, text, status)
