"""A number system of its own for series: coefficients modulo a prime.

A residue chosen at random stands for pi, and a square root modulo the prime for the
root of each radicand that occurs.  Series are lists; sums, products, quotients, roots
and arc tangents are those of the textbook.  Two different rational functions of pi of
moderate degree agree at a random place with a probability of about 2^-50.

A residue has no sign, so the leading coefficient of each root and the limit of each
angle are decided elsewhere and replayed, by their site.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpz_poly

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.protocol import Site
from symcrit.landscapes.reduced import Landscape

__all__ = ["Field", "ResidueNumbers", "ResidueSeries", "newton", "recorded"]

FAR = 10**9
"""Instead of an O-term where nothing is missing."""


@dataclass(frozen=True)
class Field:
    """The integers modulo a prime, and what stands for pi.

    Attributes:
        prime: 3 modulo 4, so that roots are powers.
        place: the residue of pi.
    """

    prime: int
    place: int

    @classmethod
    def with_roots_of(cls, radicands: Sequence[int], place: int) -> "Field":
        """A field that contains the roots of given integers."""
        prime = 2**61 + 3
        while not (
            prime % 4 == 3
            and pow(2, prime - 1, prime) == 1
            and all(pow(m, (prime - 1) // 2, prime) == 1 for m in radicands)
        ):
            prime += 2
        return cls(prime, place % prime)

    def inverse(self, x: int) -> int:
        """1 / x."""
        return pow(x, -1, self.prime)

    def rational(self, q: Fraction) -> int:
        """A fraction as a residue."""
        return q.numerator * self.inverse(q.denominator) % self.prime

    def polynomial(self, p: fmpz_poly) -> int:
        """An integer polynomial at pi."""
        value = 0
        for c in reversed(p.coeffs()):
            value = (value * self.place + int(c)) % self.prime
        return value

    def root(self, x: int) -> int:
        """One of the two roots of a square."""
        found = pow(x, (self.prime + 1) // 4, self.prime)
        assert found * found % self.prime == x % self.prime
        return found

    def exact(self, x: Exact) -> int:
        """An exact number as a residue."""
        total = 0
        for (m, inside), (p, q) in x.parts.items():
            value = self.polynomial(p) * self.inverse(self.polynomial(q))
            if m != 1:
                value *= self.root(m)
            for r in inside:
                value *= self.root(self.polynomial(fmpz_poly(list(r))))
            total += value
        return total % self.prime


@dataclass(frozen=True)
class ResidueSeries:
    """Terms from t^v on, and O(t^prec) with prec = v + number of terms, or no O-term.

    Attributes:
        lib: the number system.
        v: the exponent of the first term, which is not zero if there is one.
        terms: residues.
        prec: the exponent from which on nothing is known.
    """

    lib: "ResidueNumbers"
    v: int
    terms: tuple[int, ...]
    prec: int

    def _lift(self, other: object) -> "ResidueSeries":
        if isinstance(other, ResidueSeries):
            return other
        assert isinstance(other, int | Fraction)
        return self.lib.exact(other)

    def __getitem__(self, n: int) -> int:
        assert n < self.prec
        return self.terms[n - self.v] if 0 <= n - self.v < len(self.terms) else 0

    def __neg__(self) -> "ResidueSeries":
        return self.lib.make(self.v, [-c for c in self.terms], self.prec)

    def __add__(self, other: object) -> "ResidueSeries":
        other = self._lift(other)
        prec = min(self.prec, other.prec)
        both = [x for x in (self, other) if x.terms]
        low = min((x.v for x in both), default=0)
        high = max((x.v + len(x.terms) for x in both), default=0)
        end = min(high, prec)
        return self.lib.make(low, [self[n] + other[n] for n in range(low, end)], prec)

    __radd__ = __add__

    def __sub__(self, other: object) -> "ResidueSeries":
        return self + (-self._lift(other))

    def __rsub__(self, other: object) -> "ResidueSeries":
        return self._lift(other) - self

    def __mul__(self, other: object) -> "ResidueSeries":
        other = self._lift(other)
        if FAR in (self.v, other.v):
            return self.lib.exact(0)
        f, g = self.terms, other.terms
        prec = min(self.prec + other.v, other.prec + self.v, FAR)
        total = len(f) + len(g) - 1 if f and g else 0
        count = min(total, prec - self.v - other.v)
        rows = [
            sum(
                f[i] * g[n - i]
                for i in range(max(0, n - len(g) + 1), min(n, len(f) - 1) + 1)
            )
            for n in range(count)
        ]
        return self.lib.make(self.v + other.v, rows, prec)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> "ResidueSeries":
        other = self._lift(other)
        assert other.terms
        if self.v == FAR:
            return self
        inverse = self.lib.field.inverse(other.terms[0])
        count = min(self.lib.length, self.prec - self.v, other.prec - other.v)
        rows: list[int] = []
        for n in range(count):
            value = self.terms[n] if n < len(self.terms) else 0
            for i in range(1, min(n, len(other.terms) - 1) + 1):
                value -= other.terms[i] * rows[n - i]
            rows.append(value * inverse % self.lib.field.prime)
        return self.lib.make(self.v - other.v, rows, self.v - other.v + count)

    def __rtruediv__(self, other: object) -> "ResidueSeries":
        return self._lift(other) / self


class ResidueNumbers:
    """The number system of series modulo a prime.

    Attributes:
        field: the residues.
        length: the number of terms kept.
        roots: the leading residue of the root at each site.
        signs: the sign of the cosine at each site.
    """

    def __init__(
        self,
        field: Field,
        length: int,
        roots: Mapping[Site, int],
        signs: Mapping[Site, int],
    ) -> None:
        self.field, self.length, self.roots, self.signs = field, length, roots, signs

    def make(self, v: int, rows: Sequence[int], prec: int) -> ResidueSeries:
        """Reduce, drop zeros in front and behind, keep so many terms."""
        reduced = [c % self.field.prime for c in rows]
        start, end = 0, len(reduced)
        while start < end and not reduced[start]:
            start += 1
        while end > start and not reduced[end - 1]:
            end -= 1
        if start == end:
            return ResidueSeries(self, prec, (), prec)
        first = v + start
        if end - start > self.length or prec != FAR:
            prec = min(prec, first + self.length)
        kept = tuple(reduced[start : min(end, start + prec - first)])
        return ResidueSeries(self, first, kept, prec)

    @property
    def pi(self) -> ResidueSeries:
        """The residue that stands for pi."""
        return self.make(0, [self.field.place], FAR)

    def exact(self, value: int | Fraction) -> ResidueSeries:
        """A rational number."""
        return self.make(0, [self.field.rational(Fraction(value))], FAR)

    def t_power(self, n: int) -> ResidueSeries:
        """A power of t."""
        return self.make(n, [1], FAR)

    def polynomial(self, terms: Mapping[int, int]) -> ResidueSeries:
        """The sum of c t^n."""
        low, high = min(terms, default=0), max(terms, default=0)
        return self.make(low, [terms.get(n, 0) for n in range(low, high + 1)], FAR)

    def root(self, x: ResidueSeries, site: Site) -> ResidueSeries:
        """The root with the recorded leading coefficient."""
        if x.v == FAR:
            return x
        assert x.v % 2 == 0
        prime = self.field.prime
        lead = self.roots[site]
        assert lead * lead % prime == x.terms[0]
        half = self.field.inverse(2 * lead)
        count = min(self.length, x.prec - x.v)
        rows = [lead]
        for n in range(1, count):
            value = x.terms[n] if n < len(x.terms) else 0
            value -= sum(rows[i] * rows[n - i] for i in range(1, n))
            rows.append(value * half % prime)
        return self.make(x.v // 2, rows, x.v // 2 + count)

    def angle(self, s: ResidueSeries, c: ResidueSeries, site: Site) -> ResidueSeries:
        """The angle by the valuations of sine and cosine and the recorded sign."""
        if c.v == FAR or (s.terms and c.v > s.v):
            return self.pi / 2 - self._atan(c / s)
        assert c.terms
        assert c.v < s.v
        near = self._atan(s / c)
        return near if self.signs[site] > 0 else self.pi + near

    def _atan(self, x: ResidueSeries) -> ResidueSeries:
        if x.v == FAR:
            return x
        assert x.v > 0
        total, power, square, n = x, x, x * x, 1
        while power.v < min(x.v + self.length, x.prec):
            power, n = power * square, n + 2
            total = total + power * Fraction((-1) ** (n // 2), n)
        prec = min(x.v + self.length, x.prec)
        return total + self.make(0, [], prec)


class _Recorder(Expansions):
    """Exact series that note each root and each sign of a cosine."""

    def __init__(self, domain: Domain) -> None:
        super().__init__(domain)
        self.roots: dict[Site, Exact] = {}
        self.signs: dict[Site, int] = {}

    def root(self, x: Series, site: Site) -> Series:
        """The root, and its leading coefficient is noted."""
        found = super().root(x, site)
        self.roots[site] = found.coefficient(found.v)
        return found

    def angle(self, s: Series, c: Series, site: Site) -> Series:
        """The angle, and the sign of the cosine is noted."""
        if c.is_known:
            self.signs[site] = c.sign()
        return super().angle(s, c, site)


def recorded(
    landscape: Landscape, start: Sequence[Mapping[int, Exact]]
) -> tuple[dict[Site, Exact], dict[Site, int]]:
    """The leading coefficients of roots and the signs of cosines at a branch."""

    def action(domain: Domain) -> tuple[dict[Site, Exact], dict[Site, int]]:
        lib = _Recorder(domain)
        point = [lib.from_coefficients(list(terms.items()), None) for terms in start]
        landscape.at(lib, point, {"k": lib.t_power(-2)}).loss()
        return lib.roots, lib.signs

    return retry_in_larger_domain(Domain.start(8), action)[0]


def newton(
    landscape: Landscape,
    lib: ResidueNumbers,
    start: Sequence[Mapping[int, int]],
    end: int,
) -> tuple[list[ResidueSeries], ResidueSeries]:
    """Newton's method until a step changes nothing below t^end; then the loss."""
    point = [lib.polynomial(terms) for terms in start]
    k = lib.t_power(-2)
    for _ in range(12):
        at = landscape.at(lib, point, {"k": k})
        moves = _solve(lib, at.hessian(), at.gradient())
        if all(move.v >= end for move in moves):
            return point, at.loss()
        point = [
            lib.polynomial({n: (x - e)[n] for n in range(min(e.prec, 2 * end))})
            for x, e in zip(point, moves, strict=True)
        ]
    message = "Newton's method did not settle"
    raise AssertionError(message)


def _solve(
    lib: ResidueNumbers,
    matrix: Sequence[Sequence[ResidueSeries]],
    right: Sequence[ResidueSeries],
) -> list[ResidueSeries]:
    """Gauss and Jordan with pivots of least valuation."""
    n = len(matrix)
    rows = [[*row, x] for row, x in zip(matrix, right, strict=True)]
    place: dict[int, int] = {}
    for _ in range(n):
        _, i, j = min(
            (rows[i][j].v, i, j)
            for i in range(n)
            for j in range(n)
            if i not in place.values() and j not in place and rows[i][j].terms
        )
        place[j] = i
        pivot = rows[i][j]
        for other in range(n):
            if other != i and rows[other][j].terms:
                factor = rows[other][j] / pivot
                rows[other] = [
                    lib.exact(0) if column == j else x - factor * y
                    for column, (x, y) in enumerate(
                        zip(rows[other], rows[i], strict=True)
                    )
                ]
    return [rows[place[j]][n] / rows[place[j]][j] for j in range(n)]
