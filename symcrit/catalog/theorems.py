"""What is proved of a family for all k, in words and as a document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from math import ceil
from typing import Any

from symcrit.arith.decimals import as_fraction, decimal_ball
from symcrit.certify.bounds import Bound, Bounds
from symcrit.certify.indices import Passage
from symcrit.certify.uniform import UniformTheorem
from symcrit.symmetry.components import Component, decompose
from symcrit.symmetry.polynomials import SizePolynomial, SizeRing

__all__ = ["FamilyTheorem", "IndexRange", "decimal_above", "decimal_below"]

_DIGITS = 25
_PLACES = 9
"""Digits of numbers that are rounded outward."""


@dataclass(frozen=True)
class IndexRange:
    """The Morse index at consecutive integers.

    Attributes:
        low: the first integer.
        high: the last one; None if there is none.
        negatives: by component, the number of negative eigenvalues of its block.
        morse_index: the number of negative eigenvalues of the full Hessian, a
            polynomial in k; None if it was not proved.
        minimum: whether all eigenvalues are positive; None if that was not proved.
    """

    low: int
    high: int | None
    negatives: Mapping[str, int | None]
    morse_index: SizePolynomial | None
    minimum: bool | None

    def __str__(self) -> str:
        """The integers, in words."""
        if self.high is None:
            return f"every integer k >= {self.low}"
        return f"k = {self.low}"


@dataclass(frozen=True)
class FamilyTheorem:
    """A family for all real k >= k_min, with its proof.

    Attributes:
        family: the name.
        limit: the limit of the parameters, in words.
        theorem: what was proved.
        bounds: the error bounds.
    """

    family: str
    limit: str
    theorem: UniformTheorem
    bounds: Bounds

    @property
    def k_min(self) -> Fraction:
        """The family exists for all real k from here on."""
        return self.theorem.k_min

    @property
    def is_complete(self) -> bool:
        """Whether the index is proved at every integer from k_min on."""
        return self.theorem.complete_from is not None and all(
            entry.morse_index is not None for entry in self.index
        )

    @cached_property
    def passages(self) -> tuple[tuple[Component, Passage], ...]:
        """The thresholds on the curve, the largest k first."""
        found = [(s.component, p) for s in self.theorem.signs for p in s.passages]
        return tuple(sorted(found, key=lambda x: -float(x[1].singular.k)))

    @cached_property
    def index(self) -> tuple[IndexRange, ...]:
        """The Morse index at every integer from k_min on, k descending."""
        ring = SizeRing(self.theorem.landscape.structure.pattern.variables)
        start = self.theorem.generic_from
        negatives = self.theorem.negatives_at(Fraction(start))
        total: SizePolynomial | None = ring.constant(0)
        for component in self._components:
            count = negatives.get(component.name)
            total = (
                None
                if total is None or count is None
                else total + component.dimension * count
            )
        entries = [IndexRange(start, None, negatives, total, _all_zero(negatives))]
        for k, spectrum in sorted(self.theorem.integers.items(), reverse=True):
            index = spectrum.morse_index
            entries.append(
                IndexRange(
                    k,
                    k,
                    {block.component: block.negative for block in spectrum.blocks},
                    None if index is None else ring.constant(index),
                    _minimum(spectrum.is_positive_definite, index),
                )
            )
        return tuple(entries)

    @property
    def _components(self) -> tuple[Component, ...]:
        return decompose(self.theorem.landscape.structure.pattern).components

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The theorem in English."""
        return tuple(self._sentences())

    @property
    def statement(self) -> str:
        """The theorem in one paragraph."""
        return " ".join(self.sentences)

    def __repr__(self) -> str:
        return f"<theorem: {self.statement}>"

    def _sentences(self) -> Iterator[str]:
        pattern = self.theorem.landscape.structure.pattern.text
        yield (
            f"For every real k >= {decimal_above(self.k_min)} family {self.family},"
            f" pattern {pattern}, has exactly one critical point in an explicit tube;"
            f" these points form one analytic curve, which tends to {self.limit} as k"
            " grows."
        )
        yield from self._index_sentences()
        complete = self.theorem.complete_from
        if complete is not None:
            passed = [
                f"k = {p.singular.k.str(12, radius=False)} (component {c.name},"
                f" {p.negative_below} negative below, {p.negative_above} above)"
                for c, p in self.passages
                if as_fraction(p.singular.k) > complete
            ]
            where = f"for real k >= {decimal_above(complete)}"
            yield (
                f"The signs of the Hessian change exactly at {', '.join(passed)},"
                f" {where}."
                if passed
                else f"No eigenvalue of the Hessian vanishes {where}."
            )

    def _index_sentences(self) -> Iterator[str]:
        """Where the family is a minimum, and where a saddle."""
        positive = self.bounds.positive_from
        for kind, group in groupby(self.index, key=lambda x: x.minimum):
            entries = list(group)
            names = " and ".join([str(x) for x in entries][:1])
            if len(entries) > 1:
                rest = ", ".join(str(x.low) for x in entries[1:])
                names = f"{names}, {rest}"
            if kind is None:
                yield f"Its index was not decided for {names}."
            elif kind:
                low = min(x.low for x in entries)
                spurious = positive is not None and low >= positive
                not_global = ", not a global one," if spurious else ""
                yield f"It is a strict local minimum{not_global} for {names}."
            else:
                indices = ", ".join(str(x.morse_index) for x in entries)
                yield f"It is a saddle for {names}, of Morse index {indices}."

    @cached_property
    def document(self) -> dict[str, Any]:
        """The fields of the JSON document of ``symcrit prove``."""
        theorem, bounds = self.theorem, self.bounds
        complete, positive = theorem.complete_from, bounds.positive_from
        return {
            "family": self.family,
            "statement": self.statement,
            "k_min": decimal_above(theorem.k_min),
            "k_infinity": decimal_above(theorem.k_one),
            "stopped": theorem.stopped,
            "tubes": len(theorem.stretches),
            "bounds": {
                name: _bound_document(bound)
                for name, bound in bounds.quantities.items()
            },
            "loss": {
                "exponent": exponent_document(bounds.loss_exponent),
                "lower": decimal_below(as_fraction(bounds.loss_lower)),
                "upper": decimal_above(as_fraction(bounds.loss_upper)),
                "positive_from": None if positive is None else decimal_above(positive),
            },
            "index": [_index_document(entry) for entry in self.index],
            "crossings": [
                {
                    "k": decimal_ball(p.singular.k, _DIGITS),
                    "component": c.name,
                    "multiplicity": str(c.dimension),
                    "negative_below": p.negative_below,
                    "negative_above": p.negative_above,
                }
                for c, p in self.passages
            ],
            "complete_from": None if complete is None else decimal_above(complete),
            "outcome": "CONFIRMED" if self.is_complete else "UNKNOWN",
        }


def _all_zero(negatives: Mapping[str, int | None]) -> bool | None:
    if any(negatives.values()):
        return False
    return None if None in negatives.values() else True


def _minimum(positive: Any, index: int | None) -> bool | None:
    if positive.is_true:
        return True
    return False if index else None


def _bound_document(bound: Bound) -> dict[str, Any]:
    ratio = bound.ratio
    return {
        "terms": [[exponent_document(e), str(c)] for e, c in bound.terms],
        "order": exponent_document(bound.exponent),
        "constant": decimal_above(as_fraction(bound.constant)),
        "next": str(bound.next),
        "ratio": None if ratio is None else f"{ratio:.4g}",
    }


def _index_document(entry: IndexRange) -> dict[str, Any]:
    return {
        "from": entry.low,
        "to": entry.high,
        "negative": dict(entry.negatives),
        "morse_index": None if entry.morse_index is None else str(entry.morse_index),
        "minimum": entry.minimum,
    }


def exponent_document(e: Fraction) -> int | str:
    """An exponent as documents write it."""
    return int(e) if e.denominator == 1 else str(e)


def decimal_above(x: Fraction) -> str:
    """A short decimal number that is not smaller.

    Example:
        >>> decimal_above(Fraction(1, 3)), decimal_above(Fraction(-1, 3))
        ('0.333333334', '-0.333333333')
        >>> decimal_above(Fraction(5))
        '5'
    """
    step = 10**_PLACES
    size = abs(x)
    while size and size * step < 10 ** (_PLACES - 1):
        step *= 10
    scaled = Fraction(ceil(x * step), step)
    return _decimal(scaled)


def decimal_below(x: Fraction) -> str:
    """A short decimal number that is not larger.

    Example:
        >>> decimal_below(Fraction(1, 3)), decimal_below(Fraction(1, 3000))
        ('0.333333333', '0.000333333333')
    """
    text = decimal_above(-x)
    return text[1:] if text.startswith("-") else ("0" if text == "0" else f"-{text}")


def _decimal(x: Fraction) -> str:
    """A number with a finite decimal expansion, written out."""
    places = 0
    value = abs(x)
    while value.denominator != 1:
        value *= 10
        places += 1
    digits = str(value.numerator).rjust(places + 1, "0")
    sign = "-" if x < 0 else ""
    if not places:
        return sign + digits
    return f"{sign}{digits[:-places]}.{digits[-places:]}"
