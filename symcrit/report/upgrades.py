"""Published statements on large k, each with the statement for all k that is proved."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from symcrit.catalog.claims import Claim, published_claims
from symcrit.catalog.family import Family
from symcrit.certify.theorems import FamilyTheorem
from symcrit.report.tables import Cell, Column, Table

__all__ = ["theorem_table"]

_COLUMNS = (
    Column("family", "family", grouped=True),
    Column("source", "source"),
    Column("published", "published, for large $k$"),
    Column("proved", "proved for all $k$"),
)


def theorem_table(families: Sequence[Family]) -> Table:
    """Return published statements on families and what is proved in their place.

    Args:
        families: the families; of each a theorem for all k is proved.
    """
    rows = []
    certified = True
    for family in families:
        found = family.prove()
        certified &= found.is_complete
        rows += [
            (Cell(family.name), Cell(claim.source), Cell(claim.text), Cell(text))
            for claim in published_claims()
            if claim.family == family.name
            for text in _upgraded(claim, found)
        ]
    return Table(_COLUMNS, tuple(rows), certified)


def _upgraded(claim: Claim, found: FamilyTheorem) -> Iterator[str]:
    """The statement for all k; none for claims of other kinds."""
    if (kind := _KINDS.get(claim.kind)) is not None:
        text = kind(claim, found)
        if text:
            yield text


def _branch(_claim: Claim, found: FamilyTheorem) -> str:
    return (
        "one analytic curve in k^(-1/2), unique in an explicit tube, for every real"
        f" k >= {found.claim['k_min']}"
    )


def _quantity(claim: Claim, found: FamilyTheorem) -> str:
    name = claim.fields.get("quantity", "")
    bound = found.claim["bounds"].get(name)
    if bound is None:
        return ""
    m = bound["order"]
    return (
        f"{name} differs from its terms below t^{m} by at most {bound['constant']}"
        f" t^{m} for every real k >= {found.claim['k_min']}"
    )


def _loss(claim: Claim, found: FamilyTheorem) -> str:
    loss = found.claim["loss"]
    if claim.fields.get("quantity") != "loss" or loss["positive_from"] is None:
        return ""
    power = f"t^{loss['exponent']}"
    low, high = loss["lower"], loss["upper"]
    start = loss["lower_from"]
    return f"{low} {power} <= loss <= {high} {power} for every real k >= {start}"


def _minima(_claim: Claim, found: FamilyTheorem) -> str:
    return next((x for x in found.sentences if "minimum" in x), "")


_KINDS: Mapping[str, Callable[[Claim, FamilyTheorem], str]] = {
    "powers": _branch,
    "expansion": _quantity,
    "leading": _quantity,
    "decay": _loss,
    "limit": _loss,
    "minima": _minima,
}
"""The kinds of claims that a theorem for all k sharpens."""
