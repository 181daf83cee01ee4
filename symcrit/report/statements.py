"""The statements of a report: what each one hangs on, and how far it is established.

A statement has an outcome of its own, read from the object that a computation returned.
It *stands* only if that is true and so are all statements that it depends on; what
hangs on a refuted one is not established, whatever its own outcome.

Example:
    >>> graph = StatementGraph(
    ...     [
    ...         Statement("a", Kind.LEMMA, "A", How.EXACT, Truth.FALSE),
    ...         Statement("b", Kind.CHECK, "B", How.NUMERICAL, Truth.TRUE, ("a",)),
    ...         Statement("c", Kind.CHECK, "C", How.NUMERICAL, Truth.TRUE),
    ...     ]
    ... )
    >>> [graph.standing(name).value for name in "abc"]
    ['refuted', 'not established', 'established']
    >>> graph.hangs_on("b"), graph.outcome
    (('a',), <Truth.FALSE: 'FALSE'>)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import networkx as nx

from symcrit.core.truth import Truth

__all__ = ["How", "Kind", "Standing", "Statement", "StatementGraph"]


class Kind(StrEnum):
    """What kind of statement it is."""

    DEFINITION = "definition"
    LEMMA = "lemma"
    FORMULA = "formula"
    CHECK = "check"


class How(StrEnum):
    """How a statement was established."""

    EXACT = "exact identity"
    BALLS = "ball enclosure"
    NUMERICAL = "numerical check"
    QUOTED = "quoted"


class Standing(StrEnum):
    """How far a statement is established, with everything that it depends on."""

    ESTABLISHED = "established"
    UNKNOWN = "unknown"
    REFUTED = "refuted"
    NOT_ESTABLISHED = "not established"

    @property
    def outcome(self) -> str:
        """The word for it in documents, which know no more than three."""
        return {"established": "CONFIRMED", "refuted": "REFUTED"}.get(self, "UNKNOWN")

    @property
    def word(self) -> str:
        """The word for it on a page."""
        return self.outcome if self.outcome != "UNKNOWN" else self.value.upper()

    @property
    def is_broken(self) -> bool:
        """Whether it is refuted or hangs on something refuted."""
        return self in (Standing.REFUTED, Standing.NOT_ESTABLISHED)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.

    Attributes:
        id: a name, such as ``series.a_1.4``.
        kind: what kind of statement it is.
        title: what it says, in a line; Markdown.
        how: how it was established.
        outcome: the answer of the computation that tested it.
        depends_on: the statements that it was derived from.
        found: what was seen, in a few words; Markdown.
        group: the title of the row in which it is drawn with others, such as the terms
            of one series; empty if it has a row of its own.
        label: what its cell in that row says.
    """

    id: str
    kind: Kind
    title: str
    how: How
    outcome: Truth
    depends_on: tuple[str, ...] = ()
    found: str = ""
    group: str = ""
    label: str = ""


class StatementGraph:
    """Statements, each after those that it depends on.

    Raises:
        ValueError: two statements have one name, or one depends on a later or unknown
            one.
    """

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._statements: dict[str, Statement] = {}
        self.graph: nx.DiGraph[str] = nx.DiGraph()
        for statement in statements:
            missing = [x for x in statement.depends_on if x not in self._statements]
            if missing or statement.id in self._statements:
                what = f"before {missing[0]!r}" if missing else "twice"
                message = f"the statement {statement.id!r} stands {what}"
                raise ValueError(message)
            self._statements[statement.id] = statement
            self.graph.add_node(statement.id)
            self.graph.add_edges_from((x, statement.id) for x in statement.depends_on)

    def __iter__(self) -> Iterator[Statement]:
        return iter(self._statements.values())

    def __len__(self) -> int:
        return len(self._statements)

    def __getitem__(self, name: str) -> Statement:
        return self._statements[name]

    def hangs_on(self, name: str) -> tuple[str, ...]:
        """Return the refuted statements that a statement was derived from."""
        ancestors = nx.ancestors(self.graph, name)
        return tuple(x.id for x in self if x.id in ancestors and x.outcome.is_false)

    def standing(self, name: str) -> Standing:
        """Return how far a statement is established."""
        if self[name].outcome.is_false:
            return Standing.REFUTED
        if self.hangs_on(name):
            return Standing.NOT_ESTABLISHED
        needed = {name, *nx.ancestors(self.graph, name)}
        if all(self[x].outcome.is_true for x in needed):
            return Standing.ESTABLISHED
        return Standing.UNKNOWN

    @property
    def outcome(self) -> Truth:
        """The answer for all statements together."""
        return Truth.all_of(statement.outcome for statement in self)

    def documents(self) -> list[dict[str, object]]:
        """Return the statements as they stand in JSON documents."""
        return [
            {
                "id": statement.id,
                "kind": statement.kind.value,
                "title": statement.title,
                "how": statement.how.value,
                "outcome": self.standing(statement.id).outcome,
                "standing": self.standing(statement.id).value,
                "depends_on": list(statement.depends_on),
                "hangs_on": list(self.hangs_on(statement.id)),
                "found": statement.found,
            }
            for statement in self
        ]
