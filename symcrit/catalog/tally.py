"""The sums of a census: how many inputs were certified, and as what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["Tally"]


@dataclass(slots=True)
class Tally:
    """Counts of records, filled one by one.

    Attributes:
        total: all inputs.
        certified: those with a critical point whose isotropy and index are proved.
        minima: the certified points that are strict local minima.
        saddles: the certified points with negative eigenvalues.
        undecided: those where something stayed open.
        refused: those that could not be read.
        reasons: one line for each input that is not certified.

    Example:
        >>> tally = Tally()
        >>> tally.add({"outcome": "refused", "name": "w.npy", "reason": "w.npy: cut"})
        >>> tally.counts()["refused"], tally.reasons
        (1, ['w.npy: cut'])
    """

    total: int = 0
    certified: int = 0
    minima: int = 0
    saddles: int = 0
    undecided: int = 0
    refused: int = 0
    reasons: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, records: Iterable[Mapping[str, object]]) -> "Tally":
        """The sums of all records."""
        tally = cls()
        for record in records:
            tally.add(record)
        return tally

    def add(self, record: Mapping[str, object]) -> None:
        """Count one record."""
        outcome = record["outcome"]
        self.total += 1
        if outcome == "certified":
            self.certified += 1
            point = record["point"]
            kind = point["kind"] if isinstance(point, Mapping) else None
            self.minima += kind == "minimum"
            self.saddles += kind == "saddle"
            return
        self.undecided += outcome == "undecided"
        self.refused += outcome == "refused"
        name, reason = str(record["name"]), str(record["reason"])
        told = reason if reason.startswith(name) else f"{name}: {reason}"
        self.reasons.append(told)

    def counts(self) -> dict[str, int]:
        """The sums by name."""
        return {
            "total": self.total,
            "certified": self.certified,
            "minima": self.minima,
            "saddles": self.saddles,
            "undecided": self.undecided,
            "refused": self.refused,
        }
