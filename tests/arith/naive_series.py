"""Truncated Laurent series by their definition: a slow twin for comparison.

Coefficients are numbers of ``symcrit.arith.exact``, one for each exponent, divided
where the textbook divides; no domains, units, slopes or shared denominators.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from symcrit.arith.exact import Exact

__all__ = ["Naive"]

ZERO = Exact.rational(0)


@dataclass(frozen=True)
class Naive:
    """The sum of terms c t^n, plus O(t^prec) unless ``prec`` is None.

    Attributes:
        terms: the coefficient of each exponent below ``prec``; absent ones are zero.
        prec: the exponent from which on nothing is known.
    """

    terms: Mapping[int, Exact]
    prec: int | None

    @classmethod
    def of(cls, terms: Mapping[int, Exact], prec: int | None) -> "Naive":
        """Drop zeros and what lies beyond the O-term."""
        kept = {n: c for n, c in terms.items() if c and (prec is None or n < prec)}
        return cls(kept, prec)

    @property
    def low(self) -> int | None:
        """A bound below all exponents; None for the exact zero."""
        return min(self.terms, default=self.prec)

    def __getitem__(self, n: int) -> Exact:
        assert self.prec is None or n < self.prec
        return self.terms.get(n, ZERO)

    def __add__(self, other: "Naive") -> "Naive":
        terms = dict(self.terms)
        for n, c in other.terms.items():
            terms[n] = terms.get(n, ZERO) + c
        precs = [p for p in (self.prec, other.prec) if p is not None]
        return Naive.of(terms, min(precs, default=None))

    def __neg__(self) -> "Naive":
        return Naive({n: -c for n, c in self.terms.items()}, self.prec)

    def __sub__(self, other: "Naive") -> "Naive":
        return self + (-other)

    def __mul__(self, other: "Naive") -> "Naive":
        if self.low is None or other.low is None:
            return Naive({}, None)
        terms: dict[int, Exact] = {}
        for n, c in self.terms.items():
            for m, d in other.terms.items():
                terms[n + m] = terms.get(n + m, ZERO) + c * d
        precs = [
            p + low
            for p, low in ((self.prec, other.low), (other.prec, self.low))
            if p is not None
        ]
        return Naive.of(terms, min(precs, default=None))

    def scaled(self, q: Fraction) -> "Naive":
        """The series times a rational number."""
        if not q:
            return Naive({}, None)
        return Naive({n: c * q for n, c in self.terms.items()}, self.prec)

    def quotient(self, other: "Naive", length: int) -> "Naive":
        """The quotient by a series with a known term, to at most ``length`` terms."""
        if self.low is None:
            return self
        head = min(other.terms)
        if set(other.terms) == {head} and other.prec is None:
            prec = None if self.prec is None else self.prec - head
            return Naive(
                {n - head: c / other[head] for n, c in self.terms.items()}, prec
            )
        low = self.low - head
        known = [length]
        if self.prec is not None:
            known.append(self.prec - self.low)
        if other.prec is not None:
            known.append(other.prec - head)
        terms: dict[int, Exact] = {}
        for n in range(low, low + min(known)):
            rest = self.terms.get(n + head, ZERO)
            for m, c in terms.items():
                rest = rest - c * other.terms.get(n + head - m, ZERO)
            terms[n] = rest / other[head]
        return Naive.of(terms, low + min(known))

    def sqrt(self, length: int) -> "Naive":
        """The root with positive leading coefficient; the valuation is even."""
        head = min(self.terms)
        half = head // 2
        root = self[head].sqrt()
        if set(self.terms) == {head} and self.prec is None:
            return Naive({half: root}, None)
        known = length if self.prec is None else min(length, self.prec - head)
        terms = {half: root}
        for n in range(half + 1, half + known):
            rest = self.terms.get(n + half, ZERO)
            for m, c in terms.items():
                if m > half:
                    rest = rest - c * terms.get(n + half - m, ZERO)
            terms[n] = rest / (2 * root)
        return Naive.of(terms, half + known)

    def derivative(self) -> "Naive":
        """The derivative by t."""
        terms = {n - 1: c * n for n, c in self.terms.items()}
        return Naive.of(terms, None if self.prec is None else self.prec - 1)

    def atan(self, length: int) -> "Naive":
        """The sum x - x^3/3 + x^5/5 - ... for a series of positive valuation."""
        if self.low is None:
            return self
        end = self.low + length
        if self.prec is not None:
            end = min(end, self.prec)
        x = Naive.of(self.terms, end)
        total, power, n = x, x, 1
        square = x * x
        while power.low is not None and power.low < end:
            power, n = power * square, n + 2
            sign = 1 if n % 4 == 1 else -1
            total = total + power.scaled(Fraction(sign, n))
        return Naive.of(total.terms, end)
