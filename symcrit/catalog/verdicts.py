"""Statements from a claims file, and what computation says of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from symcrit.catalog.family import Family
from symcrit.core.truth import Truth

__all__ = ["Claim", "Kind", "Verdict"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement from a claims file.

    Attributes:
        id: a name that stays.
        source: who said it, and where.
        text: the statement in words.
        kind: how it is checked.
        family: the family that it speaks of.
        fields: what its kind needs.
    """

    id: str
    source: str
    text: str
    kind: str
    family: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What computation says of a statement.

    Attributes:
        outcome: TRUE if it is confirmed, FALSE if it is refuted.
        computed: the computed value beside the claimed one; None if there is none.
        how: how that was established.
        note: what a reader of the statement may want to know; may be empty.
    """

    outcome: Truth
    computed: str | None
    how: str
    note: str = ""


Kind: TypeAlias = Callable[[Family, Mapping[str, Any]], Verdict]
"""A check of one kind of statement about a family."""
