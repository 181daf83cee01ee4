r"""Exact truncated Laurent series in t over Q(pi) and its quadratic extensions.

Coefficients are kept polynomial.  A domain fixes irreducible polynomials q_0 = pi,
q_1, ... in pi, all positive at the true pi, and nonnegative rational slopes a_0, a_1,
...  A series is

    sum over n >= 0 of  q^(unit - floor(a n)) * h_n * t^(v + n)  +  O(t^prec),

with h_n in Q[pi] and ``unit`` a vector of integer exponents.  Division by a series
needs that its leading coefficient is a product of the q's (else the domain must learn a
new factor) and divides the other h_n (else a slope must grow).  Both are checked with
exact polynomial division, and a failure is an exception that says what to change; so
every coefficient is right in Q(pi), and no bound on degrees is ever assumed.

Square roots of leading coefficients that are no squares are carried as formal surds
sqrt(m q_i q_j ...), m a squarefree integer.  Their sign is positive at the true pi, and
so is t.

Derivations: derivations/series.md.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias, TypeVar

from flint import fmpq, fmpq_poly, fmpz, fmpz_poly

from symcrit.arith.exact import Exact, positive_at_pi, sign_at_pi
from symcrit.arith.protocol import Site
from symcrit.core.errors import SymcritError, UndecidedError

__all__ = [
    "Domain",
    "DomainTooSmallError",
    "Expansions",
    "RamificationError",
    "Scale",
    "Series",
    "retry_in_larger_domain",
]

R = TypeVar("R")

_MAX_ATTEMPTS = 60
_SLOPE_DENOMINATOR = 3


class DomainTooSmallError(SymcritError):
    """The domain lacks a factor or has too small a slope.

    Attributes:
        domain: a domain that is large enough for the operation that failed.
    """

    def __init__(self, domain: "Domain") -> None:
        super().__init__("the domain of coefficients is too small")
        self.domain = domain


class RamificationError(SymcritError):
    """A root of a series of odd valuation asks for a series in sqrt(t)."""


@dataclass(frozen=True)
class Scale:
    """Irreducible factors with their slopes, and what follows from them.

    Attributes:
        factors: irreducible integer polynomials in pi, positive at pi; the first is pi.
        slopes: one nonnegative rational number for each factor.
    """

    factors: tuple[fmpz_poly, ...]
    slopes: tuple[Fraction, ...]

    def power(self, exponents: Sequence[int]) -> fmpq_poly:
        """The product of the factors to nonnegative powers."""
        result = fmpz_poly([1])
        for q, e in zip(self.factors, exponents, strict=True):
            if e:
                result *= q**e
        return fmpq_poly(result)

    @cached_property
    def _floors(self) -> dict[int, tuple[int, ...]]:
        return {}

    def floors(self, n: int) -> tuple[int, ...]:
        """The exponents floor(slope * n)."""
        known = self._floors.get(n)
        if known is None:
            known = tuple(a.numerator * n // a.denominator for a in self.slopes)
            self._floors[n] = known
        return known

    @cached_property
    def carries(self) -> list[list[int]]:
        """Masks of the factors with floor(a (i+j)) = floor(a i) + floor(a j) + 1."""
        period = math.lcm(*(a.denominator for a in self.slopes))
        table = []
        for i in range(period):
            row = []
            for j in range(period):
                total = zip(
                    self.floors(i), self.floors(j), self.floors(i + j), strict=True
                )
                row.append(sum((c - a - b) << m for m, (a, b, c) in enumerate(total)))
            table.append(row)
        return table

    @cached_property
    def masked(self) -> list[fmpq_poly]:
        """The product of the factors in each mask."""
        width = len(self.factors)
        return [
            self.power([mask >> i & 1 for i in range(width)])
            for mask in range(1 << width)
        ]


@dataclass(frozen=True)
class Domain:
    """What coefficients look like, and the greatest number of terms kept.

    Attributes:
        scale: irreducible factors and their slopes.
        length: how many terms of a series are kept at most.
    """

    scale: Scale
    length: int

    @classmethod
    def start(cls, length: int) -> "Domain":
        """The domain that knows only the factor pi, with slope 0."""
        return cls(Scale((fmpz_poly([0, 1]),), (Fraction(0),)), length)

    @property
    def factors(self) -> tuple[fmpz_poly, ...]:
        """The irreducible factors."""
        return self.scale.factors

    def with_factors(self, polynomial: fmpz_poly) -> "Domain":
        """The domain that also knows the irreducible factors of a polynomial."""
        new = [
            positive_at_pi(q)
            for q, _ in polynomial.factor()[1]
            if q not in self.factors and -q not in self.factors
        ]
        slopes = self.scale.slopes + (Fraction(0),) * len(new)
        return Domain(Scale(self.factors + tuple(new), slopes), self.length)

    def with_slope(self, index: int, slope: Fraction) -> "Domain":
        """The domain whose slope of one factor is at least the one given."""
        slopes = list(self.scale.slopes)
        step = Fraction(1, _SLOPE_DENOMINATOR)
        slopes[index] = max(step * -(-slope // step), slopes[index] + step)
        return Domain(Scale(self.factors, tuple(slopes)), self.length)

    def with_length(self, length: int) -> "Domain":
        """The domain that keeps another number of terms."""
        return Domain(self.scale, length)

    def joined(self, other: "Domain") -> "Domain":
        """The domain with the factors of both, the larger slopes and length."""
        length = max(self.length, other.length)
        if self.scale is other.scale:
            return self.with_length(length)
        factors, slopes = list(self.factors), list(self.scale.slopes)
        for q, slope in zip(other.factors, other.scale.slopes, strict=True):
            if q in factors:
                slopes[factors.index(q)] = max(slope, slopes[factors.index(q)])
            else:
                factors.append(q)
                slopes.append(slope)
        joined = (tuple(factors), tuple(slopes))
        if joined == (self.factors, self.scale.slopes):
            return self.with_length(length)
        return Domain(Scale(*joined), length)


def retry_in_larger_domain(
    domain: Domain, action: Callable[[Domain], R]
) -> tuple[R, Domain]:
    """Run an action, enlarging the domain as often as the action asks for it.

    Raises:
        UndecidedError: the domain kept growing.
    """
    for _ in range(_MAX_ATTEMPTS):
        try:
            return action(domain), domain
        except DomainTooSmallError as error:
            domain = error.domain
    message = "the coefficients need ever more factors in their denominators"
    raise UndecidedError(message, hint="lower the order")


_Key: TypeAlias = tuple[int, int]
_ONE: _Key = (1, 0)


class _Surd:
    """A sum of polynomials times formal square roots sqrt(m * product of factors)."""

    __slots__ = ("domain", "parts")

    def __init__(self, domain: Domain, parts: dict[_Key, fmpq_poly]) -> None:
        self.domain = domain
        self.parts = {k: p for k, p in parts.items() if p}

    def __bool__(self) -> bool:
        return bool(self.parts)

    def _lift(self, other: "_Surd | fmpq_poly | fmpq | int") -> "_Surd":
        if isinstance(other, _Surd):
            return other
        return _Surd(self.domain, {_ONE: fmpq_poly([0]) + other})

    def __add__(self, other: "_Surd | fmpq_poly | fmpq | int") -> "_Surd":
        parts = dict(self.parts)
        for key, value in self._lift(other).parts.items():
            parts[key] = parts[key] + value if key in parts else value
        return _Surd(self.domain, parts)

    __radd__ = __add__

    def __neg__(self) -> "_Surd":
        return _Surd(self.domain, {k: -p for k, p in self.parts.items()})

    def __sub__(self, other: "_Surd | fmpq_poly | fmpq | int") -> "_Surd":
        return self + (-self._lift(other))

    def __rsub__(self, other: fmpq_poly | fmpq | int) -> "_Surd":
        return (-self) + other

    def __mul__(self, other: "_Surd | fmpq_poly | fmpq | int") -> "_Surd":
        if not isinstance(other, _Surd):
            return _Surd(self.domain, {k: p * other for k, p in self.parts.items()})
        parts: dict[_Key, fmpq_poly] = {}
        for (m, f), x in self.parts.items():
            for (n, g), y in other.parts.items():
                common = int(fmpz(m).gcd(fmpz(n)))
                key = (m * n // common**2, f ^ g)
                value = x * y * common
                if f & g:
                    bits = [(f & g) >> i & 1 for i in range(len(self.domain.factors))]
                    value *= self.domain.scale.power(bits)
                parts[key] = parts[key] + value if key in parts else value
        return _Surd(self.domain, parts)

    __rmul__ = __mul__

    def in_domain(self, domain: Domain, place: Sequence[int]) -> "_Surd":
        """The same number over a domain whose factors stand at other places."""
        parts = {
            (m, sum(1 << place[i] for i in range(len(place)) if mask >> i & 1)): value
            for (m, mask), value in self.parts.items()
        }
        return _Surd(domain, parts)

    def conjugate(self) -> "_Surd":
        """The image under the sign change of a root that some parts only contain.

        The product with it is fixed by that sign change: it does not contain the root.
        """
        primes = sorted({int(p) for m, _ in self.parts for p, _ in fmpz(m).factor()})
        moved = [{key for key in self.parts if key[0] % p == 0} for p in primes]
        width = len(self.domain.factors)
        moved += [{key for key in self.parts if key[1] >> i & 1} for i in range(width)]
        some = next(keys for keys in moved if 0 < len(keys) < len(self.parts))
        parts = {key: -p if key in some else p for key, p in self.parts.items()}
        return _Surd(self.domain, parts)


Coefficient: TypeAlias = fmpq_poly | _Surd


class Series:
    """An exact truncated Laurent series; immutable.

    Attributes:
        domain: factors, slopes and length.
        unit: exponents of the factors in front.
        v: the exponent of the first term; the first of ``rows`` is not zero.
        rows: h_0, h_1, ...; empty for zero.
        prec: the exponent from which on nothing is known; None if nothing is missing.
    """

    __slots__ = ("domain", "prec", "rows", "unit", "v")

    def __init__(
        self,
        domain: Domain,
        unit: tuple[int, ...],
        v: int,
        rows: Sequence[Coefficient],
        prec: int | None,
    ) -> None:
        if prec is not None and len(rows) > prec - v:
            rows = rows[: max(prec - v, 0)]
        start, end = 0, len(rows)
        while start < end and not rows[start]:
            start += 1
        while end > start and not rows[end - 1]:
            end -= 1
        rows = rows[start:end]
        if start and rows:
            unit, rows = _rebased(domain, unit, rows, start)
        v = v + start if rows else (prec if prec is not None else 0)
        if len(rows) > domain.length:
            rows, prec = rows[: domain.length], v + domain.length
        elif rows and prec is not None and prec - v > domain.length:
            prec = v + domain.length
        self.domain, self.unit, self.v, self.rows, self.prec = (
            domain,
            unit,
            v,
            rows,
            prec,
        )

    @property
    def is_exact_zero(self) -> bool:
        """Whether the series is the exact zero, not merely O(t^n)."""
        return not self.rows and self.prec is None

    @property
    def is_known(self) -> bool:
        """Whether a nonzero term is known."""
        return bool(self.rows)

    def _relative(self) -> int:
        """The number of known terms, zeros included."""
        return self.domain.length if self.prec is None else self.prec - self.v

    def coefficient(self, n: int) -> Exact:
        """The coefficient of t^n.

        Raises:
            ValueError: t^n is not known.
        """
        if self.prec is not None and n >= self.prec:
            msg = f"the coefficient of t^{n} is beyond O(t^{self.prec})"
            raise ValueError(msg)
        if not 0 <= n - self.v < len(self.rows):
            return Exact.rational(0)
        row = self.rows[n - self.v]
        floors = self.domain.scale.floors(n - self.v)
        exponents = [u - a for u, a in zip(self.unit, floors, strict=True)]
        factors = self.domain.factors
        parts = row.parts if isinstance(row, _Surd) else {_ONE: row}
        total = Exact.rational(0)
        for (m, mask), value in parts.items():
            inside = [q for i, q in enumerate(factors) if mask >> i & 1]
            total = total + Exact.surd(m, inside) * Exact.polynomial(value)
        for q, e in zip(factors, exponents, strict=True):
            total = total * Exact.polynomial(fmpq_poly(q)).power(e)
        return total

    def known_coefficients(self) -> list[tuple[int, Exact]]:
        """Exponents and nonzero coefficients, ascending."""
        found = []
        for i, row in enumerate(self.rows):
            if row:
                found.append((self.v + i, self.coefficient(self.v + i)))
        return found

    def in_domain(self, domain: Domain) -> "Series":
        """The same series over a domain that has at least the same factors.

        Raises:
            DomainTooSmallError: a slope of the domain is too small for the series.
        """
        old = self.domain
        if domain is old:
            return self
        if domain.scale is old.scale:
            return Series(domain, self.unit, self.v, self.rows, self.prec)
        place = [domain.factors.index(q) for q in old.factors]
        unit = [0] * len(domain.factors)
        for i, u in zip(place, self.unit, strict=True):
            unit[i] = u
        rows: list[Coefficient] = []
        for n, row in enumerate(self.rows[: domain.length]):
            more = list(domain.scale.floors(n))
            for i, a in zip(place, old.scale.floors(n), strict=True):
                more[i] -= a
            if min(more) < 0:
                raise DomainTooSmallError(domain.joined(old))
            moved = row
            if isinstance(row, _Surd):
                moved = row.in_domain(domain, place)
            rows.append(moved * domain.scale.power(more) if any(more) else moved)
        prec = self.prec
        if len(self.rows) > domain.length:
            prec = self.v + domain.length
        return Series(domain, tuple(unit), self.v, rows, prec)

    def big_o(self, prec: int) -> "Series":
        """The series known only to O(t^prec)."""
        keep = prec if self.prec is None else min(prec, self.prec)
        return Series(self.domain, self.unit, self.v, self.rows, keep)

    def without_order(self) -> "Series":
        """The polynomial part, taken as exact."""
        return Series(self.domain, self.unit, self.v, self.rows, None)

    def _lift(self, other: object) -> "Series":
        if not isinstance(other, Series):
            return self._constant(fmpq_poly([_rational(other)]))
        ours, theirs = self.domain.scale, other.domain.scale
        if ours is not theirs and ours != theirs:
            msg = "series over different domains: move one with in_domain"
            raise ValueError(msg)
        return other

    def _constant(self, value: Coefficient) -> "Series":
        """An exact constant over the same domain."""
        return Series(self.domain, (0,) * len(self.unit), 0, [value], None)

    def __neg__(self) -> "Series":
        rows = [-row for row in self.rows]
        return Series(self.domain, self.unit, self.v, rows, self.prec)

    def __add__(self, other: object) -> "Series":
        other = self._lift(other)
        if other.is_exact_zero:
            return self
        if self.is_exact_zero:
            return other
        precs = [p for p in (self.prec, other.prec) if p is not None]
        prec = min(precs) if precs else None
        if not self.rows:
            return Series(other.domain, other.unit, other.v, other.rows, prec)
        if not other.rows:
            return Series(self.domain, self.unit, self.v, self.rows, prec)
        first, second = (self, other) if self.v <= other.v else (other, self)
        shift = second.v - first.v
        lifted = [
            u + a
            for u, a in zip(second.unit, self.domain.scale.floors(shift), strict=True)
        ]
        pairs = list(zip(first.unit, lifted, strict=True))
        unit = tuple(min(pair) for pair in pairs)
        left = first._scaled_rows([a - min(a, b) for a, b in pairs])
        right = second._scaled_rows([b - min(a, b) for a, b in pairs], shift)
        v = first.v
        stop = max(first.v + len(left), second.v + len(right))
        longest = v + self.domain.length
        if prec is not None or stop > longest:
            prec = longest if prec is None else min(prec, longest)
            stop = min(stop, prec)
        zero = fmpq_poly([0])
        rows: list[Coefficient] = [zero] * max(stop - v, 0)
        rows[: len(left)] = left[: stop - v]
        for i, row in enumerate(right[: max(stop - second.v, 0)]):
            old = rows[shift + i]
            rows[shift + i] = old + row if old else row
        return Series(self.domain, unit, v, rows, prec)

    __radd__ = __add__

    def _scaled_rows(
        self, exponents: Sequence[int], shift: int = 0
    ) -> Sequence[Coefficient]:
        """The rows times a product of factors, as rows counted from v - shift."""
        domain = self.domain
        carries = domain.scale.carries[shift % len(domain.scale.carries)]
        rows = self.rows
        if any(exponents):
            factor = domain.scale.power(exponents)
            rows = [row * factor for row in rows]
        if any(carries):
            masked, period = domain.scale.masked, len(carries)
            rows = [
                row * masked[mask] if (mask := carries[n % period]) else row
                for n, row in enumerate(rows)
            ]
        return rows

    def __sub__(self, other: object) -> "Series":
        return self + (-self._lift(other))

    def __rsub__(self, other: object) -> "Series":
        return (-self) + other

    def __mul__(self, other: object) -> "Series":
        if not isinstance(other, Series):
            factor = _rational(other)
            if factor == 0:
                return self._lift(0)
            rows = [row * factor for row in self.rows]
            return Series(self.domain, self.unit, self.v, rows, self.prec)
        other = self._lift(other)
        if self.is_exact_zero or other.is_exact_zero:
            return self._lift(0)
        v = self.v + other.v
        precs = []
        if self.prec is not None:
            precs.append(self.prec + other.v)
        if other.prec is not None:
            precs.append(other.prec + self.v)
        prec = min(precs) if precs else None
        unit = tuple(a + b for a, b in zip(self.unit, other.unit, strict=True))
        f, g = self.rows, other.rows
        keep = len(f) + len(g) - 1 if f and g else 0
        if prec is not None or keep > self.domain.length:
            longest = v + self.domain.length
            prec = longest if prec is None else min(prec, longest)
            keep = min(keep, prec - v)
        rows = _convolve(self.domain, f, g, keep)
        return Series(self.domain, unit, v, rows, prec)

    __rmul__ = __mul__

    def _monic(self, what: str) -> tuple[list[Coefficient], list[int], fmpq]:
        """Divide by the leading coefficient c q^m; return rows, m and c."""
        lead = _plain(self.rows[0])
        if isinstance(lead, _Surd):
            message = f"{what} has an irrational leading coefficient"
            raise UndecidedError(message, hint="the expansion leaves the field")
        exponents, c = self._factored(lead)
        rows = list(self.rows)
        if any(exponents):
            rows = self._divided(rows, exponents)
        if c != 1:
            rows = [row * (1 / c) for row in rows]
        return rows, exponents, c

    def _factored(self, lead: fmpq_poly) -> tuple[list[int], fmpq]:
        rest = lead
        exponents = []
        for q in self.domain.factors:
            power, e = fmpq_poly(q), 0
            while rest.degree() >= power.degree():
                quotient, remainder = divmod(rest, power)
                if remainder:
                    break
                rest, e = quotient, e + 1
            exponents.append(e)
        if rest.degree() > 0:
            raise DomainTooSmallError(self.domain.with_factors(rest.numer()))
        return exponents, rest[0]

    def _divided(
        self, rows: Sequence[Coefficient], exponents: Sequence[int]
    ) -> list[Coefficient]:
        result = list(rows)
        for index, e in enumerate(exponents):
            if not e:
                continue
            factor = self.domain.factors[index]
            divisor = fmpq_poly(factor**e)
            for n, row in enumerate(result):
                quotient = _exact_quotient(row, divisor)
                if quotient is None:
                    missing = e - _multiplicity(row, fmpq_poly(factor))
                    slope = Fraction(self.domain.scale.floors(n)[index] + missing, n)
                    raise DomainTooSmallError(self.domain.with_slope(index, slope))
                result[n] = quotient
        return result

    def __truediv__(self, other: object) -> "Series":
        if not isinstance(other, Series):
            return self * (1 / _rational(other))
        numerator, divisor = self, self._lift(other)
        if not divisor.rows:
            message = "division by a series without a known nonzero term"
            raise UndecidedError(message, hint="more terms may show one")
        while isinstance(lead := divisor.rows[0], _Surd) and len(lead.parts) > 1:
            conjugate = divisor._constant(lead.conjugate())
            numerator, divisor = numerator * conjugate, divisor * conjugate
        if isinstance(lead, _Surd) and _ONE not in lead.parts:
            (key,) = lead.parts
            root = divisor._constant(_Surd(lead.domain, {key: fmpq_poly([1])}))
            numerator, divisor = numerator * root, divisor * root
        return numerator._over(divisor)

    def _over(self, other: "Series") -> "Series":
        """The quotient by a series whose leading coefficient is in Q(pi)."""
        if self.is_exact_zero:
            return self
        monic, exponents, c = other._monic("a divisor")
        unit = tuple(
            a - b - e for a, b, e in zip(self.unit, other.unit, exponents, strict=True)
        )
        v = self.v - other.v
        start = [row * (1 / c) for row in self.rows] if c != 1 else self.rows
        if len(monic) == 1 and other.prec is None:
            prec = None if self.prec is None else self.prec - other.v
            return Series(self.domain, unit, v, start, prec)
        relative = min(self._relative(), other._relative(), self.domain.length)
        rows: list[Coefficient] = []
        zero = fmpq_poly([0])
        for n in range(relative):
            value: Coefficient = start[n] if n < len(start) else zero
            last = min(n, len(monic) - 1)
            rows.append(value - _dot(self.domain, monic, rows, n, 1, last))
        return Series(self.domain, unit, v, rows, v + relative)

    def __rtruediv__(self, other: object) -> "Series":
        return self._lift(other) / self

    def sqrt(self, site: Site) -> "Series":
        """The square root that is positive for small t > 0.

        Raises:
            UndecidedError: no term is known, the leading coefficient is negative or
                irrational.
            RamificationError: the valuation is odd.
        """
        if self.is_exact_zero:
            return self
        if not self.rows:
            message = f"the root at {site} has no known leading term"
            raise UndecidedError(message, hint="more terms of the parameters")
        if self.v % 2:
            message = f"the root at {site} has odd valuation {self.v} in t"
            raise RamificationError(message)
        monic, exponents, c = self._monic(f"the root at {site}")
        if c < 0:
            message = f"the root at {site} has a negative leading coefficient"
            raise UndecidedError(message, hint="the limit is not that of a family")
        outside, inside = _split_square(c)
        total = [a + b for a, b in zip(self.unit, exponents, strict=True)]
        mask = sum(1 << i for i, e in enumerate(total) if e % 2)
        unit = tuple(e // 2 for e in total)
        exact = len(monic) == 1 and self.prec is None
        relative = 1 if exact else min(self._relative(), self.domain.length)
        rows: list[Coefficient] = [fmpq_poly([1])]
        for n in range(1, relative):
            value: Coefficient = monic[n] if n < len(monic) else fmpq_poly([0])
            square = 2 * _dot(self.domain, rows, rows, n, 1, (n - 1) // 2)
            if n % 2 == 0:
                square = square + _dot(self.domain, rows, rows, n, n // 2, n // 2)
            rows.append((value - square) * fmpq(1, 2))
        prec = None if exact else self.v // 2 + relative
        factor: Coefficient = fmpq_poly([outside])
        if (inside, mask) != _ONE:
            factor = _Surd(self.domain, {(inside, mask): fmpq_poly([outside])})
        rows = [factor * row for row in rows]
        return Series(self.domain, unit, self.v // 2, rows, prec)

    def sign(self) -> int:
        """The sign for small t > 0 at the true pi; 0 for the exact zero.

        Raises:
            UndecidedError: no nonzero term is known.
        """
        if self.is_exact_zero:
            return 0
        if not self.rows:
            message = "the sign of a series without a known nonzero term"
            raise UndecidedError(message, hint="more terms")
        lead = self.rows[0]
        if isinstance(lead, _Surd):
            return self.coefficient(self.v).sign()
        return sign_at_pi(lead.numer())

    def derivative(self) -> "Series":
        """The derivative by t, known to one order less."""
        rows = [row * (self.v + i) for i, row in enumerate(self.rows)]
        prec = None if self.prec is None else self.prec - 1
        return Series(self.domain, self.unit, self.v - 1, rows, prec)

    def integral(self) -> "Series":
        """The antiderivative by t without constant term.

        Raises:
            ValueError: the series may contain negative powers of t.
        """
        if self.v < 0:
            msg = f"the antiderivative of a series of valuation {self.v}"
            raise ValueError(msg)
        rows = [row * fmpq(1, self.v + i + 1) for i, row in enumerate(self.rows)]
        prec = None if self.prec is None else self.prec + 1
        return Series(self.domain, self.unit, self.v + 1, rows, prec)

    def atan(self) -> "Series":
        """The arc tangent of a series of positive valuation.

        Raises:
            ValueError: the series may have a constant term or negative powers of t.
        """
        if self.is_exact_zero:
            return self
        if self.v < 1:
            msg = f"the arc tangent of a series of valuation {self.v}"
            raise ValueError(msg)
        if not self.rows:
            return self
        slope = self.derivative() / (1 + self * self)
        return slope.integral()


class Expansions:
    """The number system of Laurent series over one domain.

    Attributes:
        domain: factors, slopes and length.
    """

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self._none = (0,) * len(domain.factors)

    @property
    def pi(self) -> Series:
        """The generator pi."""
        unit = (1, *self._none[1:])
        return Series(self.domain, unit, 0, [fmpq_poly([1])], None)

    def t_power(self, n: int) -> Series:
        """t^n for any integer n."""
        return Series(self.domain, self._none, n, [fmpq_poly([1])], None)

    def big_o(self, n: int) -> Series:
        """O(t^n)."""
        return Series(self.domain, self._none, n, [], n)

    def exact(self, value: int | Fraction) -> Series:
        """A rational constant."""
        return Series(self.domain, self._none, 0, [fmpq_poly([_rational(value)])], None)

    def from_coefficients(
        self, terms: Sequence[tuple[int, Exact]], prec: int | None
    ) -> Series:
        """The series with given coefficients of powers of t.

        Raises:
            DomainTooSmallError: a denominator has a factor that the domain lacks.
        """
        total = Series(self.domain, self._none, 0, [], prec)
        if prec is None:
            total = self.exact(0)
        split = [(n, c, c.over_factors(self.domain.factors)) for n, c in terms if c]
        for _, c, found in split:
            if found is None:
                needed = c.denominator()
                for _, inside in c.radicands():
                    for q in inside:
                        needed *= q
                raise DomainTooSmallError(self.domain.with_factors(needed))
        if not split:
            return total
        v = min(n for n, _, _ in split)
        scale = self.domain.scale
        lows = [
            [e + a for e, a in zip(found[0], scale.floors(n - v), strict=True)]
            for n, _, found in split
            if found is not None
        ]
        unit = tuple(map(min, zip(*lows, strict=True)))
        last = max(n for n, _, _ in split)
        rows: list[Coefficient] = [fmpq_poly([0])] * (last - v + 1)
        for (n, _, found), low in zip(split, lows, strict=True):
            assert found is not None
            factor = scale.power([a - b for a, b in zip(low, unit, strict=True)])
            rows[n - v] = self._coefficient(found[1]) * factor
        return Series(self.domain, unit, v, rows, prec)

    def _coefficient(
        self, parts: Sequence[tuple[int, tuple[int, ...], fmpq_poly]]
    ) -> Coefficient:
        if all(m == 1 and not inside for m, inside, _ in parts):
            return parts[0][2]
        table = {(m, sum(1 << i for i in inside)): value for m, inside, value in parts}
        return _Surd(self.domain, table)

    def root(self, x: Series, site: Site) -> Series:
        """The root that is positive for small t > 0."""
        return x.sqrt(site)

    def angle(self, s: Series, c: Series, site: Site) -> Series:
        """The angle, by its limit 0, pi/2 or pi as t tends to 0.

        Raises:
            UndecidedError: the limit is none of these, so that the angle leaves the
                field, or it cannot be read off the known terms.
        """
        if not s.rows:
            message = f"the sine of the angle at {site} has no known term"
            raise UndecidedError(message, hint="more terms of the parameters")
        if c.is_exact_zero:
            return self.pi / 2
        low = c.v
        if low > s.v:
            return self.pi / 2 - (c / s).atan()
        if not c.rows:
            message = f"the cosine of the angle at {site} has no known term"
            raise UndecidedError(message, hint="more terms of the parameters")
        if low == s.v:
            message = (
                f"the angle at {site} tends to atan2({s.coefficient(s.v)},"
                f" {c.coefficient(c.v)}), not to 0, pi/2 or pi"
            )
            raise UndecidedError(message, hint="the expansion leaves the field Q(pi)")
        near = (s / c).atan()
        return near if c.sign() > 0 else self.pi + near


def _convolve(
    domain: Domain, f: Sequence[Coefficient], g: Sequence[Coefficient], keep: int
) -> list[Coefficient]:
    if len(f) > len(g):
        f, g = g, f
    if len(f) == 1:
        head = f[0]
        return [head * row for row in g[:keep]]
    rows: list[Coefficient] = []
    for n in range(keep):
        low, high = max(0, n - len(g) + 1), min(n, len(f) - 1)
        if f is g:
            value = 2 * _dot(domain, f, f, n, low, (n - 1) // 2)
            if n % 2 == 0:
                value = value + _dot(domain, f, f, n, n // 2, n // 2)
        else:
            value = _dot(domain, f, g, n, low, high)
        rows.append(value)
    return rows


def _dot(
    domain: Domain,
    f: Sequence[Coefficient],
    g: Sequence[Coefficient],
    n: int,
    low: int,
    high: int,
) -> Coefficient:
    """The sum of f_i g_(n-i) for i from low to high, with the carries of slopes."""
    carries = domain.scale.carries
    period = len(carries)
    total: Coefficient = fmpq_poly([0])
    if period == 1:
        for i in range(low, high + 1):
            if (x := f[i]) and (y := g[n - i]):
                total = total + x * y
        return total
    carried: dict[int, Coefficient] = {}
    for i in range(low, high + 1):
        if (x := f[i]) and (y := g[n - i]):
            mask = carries[i % period][(n - i) % period]
            if mask:
                old = carried.get(mask)
                carried[mask] = x * y if old is None else old + x * y
            else:
                total = total + x * y
    for mask, value in carried.items():
        total = total + domain.scale.masked[mask] * value
    return total


def _rebased(
    domain: Domain, unit: tuple[int, ...], rows: Sequence[Coefficient], start: int
) -> tuple[tuple[int, ...], Sequence[Coefficient]]:
    """Count the rows from a later first term, keeping them polynomial."""
    floors = domain.scale.floors(start)
    unit = tuple(u - a for u, a in zip(unit, floors, strict=True))
    carries = domain.scale.carries[start % len(domain.scale.carries)]
    for index in range(len(unit)):
        ones = [carries[n % len(carries)] >> index & 1 for n in range(len(rows))]
        if not any(ones):
            continue
        factor = fmpq_poly(domain.factors[index])
        divided = [
            _exact_quotient(row, factor) if one else row
            for row, one in zip(rows, ones, strict=True)
        ]
        kept = [row for row in divided if row is not None]
        if len(kept) == len(rows):
            rows = kept
        else:
            unit = (*unit[:index], unit[index] - 1, *unit[index + 1 :])
            rows = [
                row if one else row * factor
                for row, one in zip(rows, ones, strict=True)
            ]
    return unit, rows


def _multiplicity(row: Coefficient, factor: fmpq_poly) -> int:
    e = 0
    quotient = _exact_quotient(row, factor)
    while quotient is not None:
        e, quotient = e + 1, _exact_quotient(quotient, factor)
    return e


def _exact_quotient(row: Coefficient, divisor: fmpq_poly) -> Coefficient | None:
    if isinstance(row, _Surd):
        parts = {}
        for key, value in row.parts.items():
            quotient, remainder = divmod(value, divisor)
            if remainder:
                return None
            parts[key] = quotient
        return _Surd(row.domain, parts)
    quotient, remainder = divmod(row, divisor)
    return None if remainder else quotient


def _plain(row: Coefficient) -> Coefficient:
    if isinstance(row, _Surd) and set(row.parts) <= {_ONE}:
        return row.parts.get(_ONE, fmpq_poly([0]))
    return row


def _rational(value: object) -> fmpq:
    if isinstance(value, fmpq):
        return value
    if isinstance(value, Fraction):
        return fmpq(value.numerator, value.denominator)
    if isinstance(value, int):
        return fmpq(value)
    msg = f"{type(value).__name__} is no exact rational number"
    raise TypeError(msg)


def _split_square(c: fmpq) -> tuple[fmpq, int]:
    """Write c = outside^2 * inside with inside a squarefree positive integer."""
    outside, inside = fmpq(1, int(c.q)), 1
    for p, e in (c.p * c.q).factor():
        outside *= fmpq(int(p)) ** (int(e) // 2)
        inside *= int(p) ** (int(e) % 2)
    return outside, inside
