"""``symcrit families``: the catalog."""

from pathlib import Path

from symcrit.cli.arguments import notation_option
from symcrit.cli.frame import Answer, command

__all__ = ["list_families"]

_STATUS = (
    "the series is proved on request; points, spectra and thresholds are certified on"
    " request"
)
_SHOWN_P = "flip:3"
"""The number of flipped neurons for which the row flip:p shows its parameters."""


@command("families", example="symcrit families --json")
@notation_option
def list_families(notation: Path | None) -> Answer:
    """List the families of critical points in the catalog."""
    from symcrit.catalog.families import families, family
    from symcrit.catalog.notation import load_notation

    shown = load_notation(notation).rename
    rows = []
    for name in families():
        found = family(_SHOWN_P if name == "flip:p" else name)
        pattern = "p+(k-p)" if name == "flip:p" else found.pattern.text
        names = [shown(name) for name in found.names]
        limit = {n: str(x) for n, x in zip(names, found.limit, strict=True)}
        rows.append(
            {
                "name": name,
                "title": found.title,
                "pattern": pattern,
                "parameters": names,
                "limit": limit,
                "source": found.source,
                "status": _STATUS,
            }
        )

    def text() -> str:
        from tabulate import tabulate

        table = [
            [
                row["name"],
                row["pattern"],
                ", ".join(f"{n} = {x}" for n, x in row["limit"].items() if x != "0"),  # type: ignore[attr-defined]
                row["title"],
            ]
            for row in rows
        ]
        return tabulate(table, ["name", "pattern", "limit (others 0)", "what it is"])

    return Answer({"families": rows}, text)
