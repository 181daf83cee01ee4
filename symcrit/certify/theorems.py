"""What is proved of a family for all k, in words and as a document."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import Any

from symcrit import __version__
from symcrit.arith.decimals import as_fraction
from symcrit.arith.exact import Exact
from symcrit.certificates.documents import SCHEMA, sha256_of
from symcrit.certificates.texts import DecimalBall
from symcrit.certificates.theorem_words import theorem_sentences
from symcrit.certify.bounds import Bound, Bounds
from symcrit.certify.indices import Passage
from symcrit.certify.uniform import UniformTheorem
from symcrit.certify.uniform_data import evidence_document
from symcrit.core.files import write_text
from symcrit.symmetry.components import Component, decompose
from symcrit.symmetry.patterns import Pattern
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

    An example stands at ``Family.prove``.

    Source:
        derivations/uniform.md, integers.
    """

    low: int
    high: int | None
    negatives: Mapping[str, int | None]
    morse_index: SizePolynomial | None
    minimum: bool | None


@dataclass(frozen=True)
class FamilyTheorem:
    """A family for all real k >= k_min, with its proof.

    Attributes:
        family: the name.
        theorem: what was proved.
        bounds: the error bounds.

    An example stands at ``Family.prove``, which makes these objects.

    Source:
        derivations/models.md, derivations/uniform.md.
    """

    family: str
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
        # What is said of all integers has to hold near infinity as well.
        at_infinity = self.theorem.infinity.negatives
        negatives = {
            name: None if at_infinity[name] is None else count
            for name, count in self.theorem.negatives_at(Fraction(start)).items()
        }
        total: SizePolynomial | None = ring.constant(0)
        for component in decompose(self._pattern).components:
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
    def _pattern(self) -> Pattern:
        return self.theorem.landscape.structure.pattern

    @property
    def sentences(self) -> tuple[str, ...]:
        """The theorem in English."""
        return tuple(theorem_sentences(self.claim))

    @property
    def statement(self) -> str:
        """The theorem in one paragraph."""
        return " ".join(self.sentences)

    def __repr__(self) -> str:
        return f"<theorem: {self.statement}>"

    @cached_property
    def claim(self) -> dict[str, Any]:
        """Everything that is stated, as the JSON object of a certificate."""
        theorem, bounds = self.theorem, self.bounds
        complete, positive = theorem.complete_from, bounds.positive_from
        structure = theorem.landscape.structure
        limit = {
            name: dict(terms).get(0, Exact.rational(0))
            for name, terms in zip(
                theorem.infinity.names, theorem.infinity.centre, strict=True
            )
        }
        return {
            "family": self.family,
            "kernel": theorem.landscape.kernel.name,
            "pattern": self._pattern.written(),
            "target": {name: str(x) for name, x in structure.target.items() if x},
            "limit": {name: str(x) for name, x in limit.items()},
            "k_min": decimal_above(theorem.k_min),
            "bounds": {
                name: _bound_document(bound)
                for name, bound in bounds.quantities.items()
            },
            "loss": {
                "exponent": _exponent(bounds.loss_exponent),
                "lower": decimal_below(as_fraction(bounds.loss_lower)),
                "lower_from": decimal_above(bounds.lower_from),
                "upper": decimal_above(as_fraction(bounds.loss_upper)),
                "positive_from": None if positive is None else decimal_above(positive),
            },
            "index": [_index_document(entry) for entry in self.index],
            "crossings": [
                {
                    "k": asdict(DecimalBall.around(p.singular.k, _DIGITS)),
                    "component": c.name,
                    "multiplicity": str(c.dimension),
                    "negative_below": p.negative_below,
                    "negative_above": p.negative_above,
                }
                for c, p in self.passages
            ],
            "complete_from": None if complete is None else decimal_above(complete),
            "followed_above": {
                name: str(k) for name, k in theorem.followed_above.items()
            },
        }

    @cached_property
    def certificate(self) -> dict[str, Any]:
        """The sealed certificate: claim, words, and all that is needed to check it."""
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "kind": "uniform",
            "producer": {"name": "symcrit", "version": __version__},
            "claim": self.claim,
            "words": self.statement,
            "evidence": evidence_document(self.theorem),
        }
        document["sha256"] = sha256_of(document)
        return document

    def save(self, path: str | Path) -> None:
        """Write the certificate to a file, whole or not at all.

        Args:
            path: the file; one that is there is replaced.

        Raises:
            InputError: the file cannot be written.
        """
        write_text(Path(path), json.dumps(self.certificate) + "\n")

    @property
    def document(self) -> dict[str, Any]:
        """The fields of the JSON document of ``symcrit prove``."""
        return {
            "statement": self.statement,
            **self.claim,
            "k_infinity": decimal_above(self.theorem.k_one),
            "stopped": self.theorem.stopped,
            "tubes": len(self.theorem.stretches),
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
        "terms": [[_exponent(e), str(c)] for e, c in bound.terms],
        "order": _exponent(bound.exponent),
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


def _exponent(e: Fraction) -> int | str:
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
