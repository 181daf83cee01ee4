r"""Exact truncated Laurent series in t over Q(pi) and its quadratic extensions.

Coefficients are kept polynomial, over a domain: see ``symcrit.arith.domains``.
Division by a series needs that its leading coefficient is a product of the factors q
(else the domain must learn a new one) and divides the other rows (else a slope must
grow).  Both are checked with exact polynomial division, and a failure is an exception
that says what to change; so every coefficient is right in Q(pi), and no bound on
degrees is ever assumed.

Square roots of leading coefficients that are no squares are carried as formal surds
sqrt(m q_i q_j ...), m a squarefree integer.  Their sign is positive at the true pi, and
so is t.

Derivations: derivations/series.md.
"""

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpq, fmpq_poly

from symcrit.arith.domains import Domain, DomainTooSmallError
from symcrit.arith.exact import Exact, sign_at_pi
from symcrit.arith.protocol import Site
from symcrit.arith.rows import (
    divide_rows,
    multiply_rows,
    rebase_rows,
    rebuild_rows,
    root_rows,
)
from symcrit.arith.surds import (
    ONE,
    Coefficient,
    Surd,
    exact_quotient,
    multiplicity,
    plain,
    split_square,
)
from symcrit.core.errors import SymcritError, UndecidedError

__all__ = ["RamificationError", "Series", "rational"]


class RamificationError(SymcritError):
    """A root of a series of odd valuation asks for a series in sqrt(t)."""


class Series:
    """An exact truncated Laurent series; immutable.

    Attributes:
        domain: factors, slopes and length.
        unit: exponents of the factors in front.
        v: the exponent of the first term; the first of ``rows`` is not zero.
        rows: h_0, h_1, ...; empty for zero.
        prec: the exponent from which on nothing is known; None if nothing is missing.

    Example:
        >>> import symcrit
        >>> series = symcrit.family("A").expansion(3)["a_1"]
        >>> [(n, str(c)) for n, c in series.known_coefficients()], series.prec
        ([(0, '-1'), (2, '2')], 4)
        >>> (series + 1).sqrt("a site").known_coefficients()
        [(1, Exact(sqrt(2)))]
        >>> series.sign(), series.derivative().known_coefficients()
        (-1, [(1, Exact(4))])

    Source:
        derivations/series.md, numbers, polynomial coefficients.
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
            unit, rows = rebase_rows(domain.scale, unit, rows, start)
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
        scale = self.domain.scale
        floors = scale.floors(n - self.v)
        exponents = [u - a for u, a in zip(self.unit, floors, strict=True)]
        parts = row.parts if isinstance(row, Surd) else {ONE: row}
        total = Exact.rational(0)
        for (m, mask), value in parts.items():
            inside = [q for i, q in enumerate(scale.factors) if mask >> i & 1]
            number = Exact.times_powers(scale.in_pi(value), scale.factors, exponents)
            total = total + (
                Exact.surd(m, inside) * number if inside or m > 1 else number
            )
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
            moved: Coefficient
            if isinstance(row, Surd):
                moved = row.in_scale(domain.scale, place)
            elif domain.scale.centre == old.scale.centre:
                moved = row
            else:
                moved = domain.scale.of_pi(old.scale.in_pi(row))
            rows.append(moved * domain.scale.power(more) if any(more) else moved)
        prec = self.prec
        if len(self.rows) > domain.length:
            prec = self.v + domain.length
        return Series(domain, tuple(unit), self.v, rows, prec)

    def rebuilt(self, domain: Domain) -> "Series":
        """The same series over another domain, whose slopes may also be smaller.

        Raises:
            DomainTooSmallError: the domain lacks a factor that does not cancel.
        """
        old, rows = self.domain, self.rows[: domain.length]
        found = rebuild_rows(old.scale, domain.scale, self.unit, rows)
        if found is None:
            raise DomainTooSmallError(domain.joined(old))
        prec = self.prec
        if len(self.rows) > domain.length:
            prec = self.v + domain.length
        return Series(domain, found[0], self.v, found[1], prec)

    def reduced(self) -> "Series":
        """The same series with the factors that all rows share in the unit."""
        return self.rebuilt(self.domain)

    def big_o(self, prec: int) -> "Series":
        """The series known only to O(t^prec).

        Args:
            prec: an exponent of the variable, not a number of bits.
        """
        keep = prec if self.prec is None else min(prec, self.prec)
        return Series(self.domain, self.unit, self.v, self.rows, keep)

    def without_order(self) -> "Series":
        """The polynomial part, taken as exact."""
        return Series(self.domain, self.unit, self.v, self.rows, None)

    def _lift(self, other: object) -> "Series":
        if not isinstance(other, Series):
            return self._constant(fmpq_poly([rational(other)]))
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
            factor = rational(other)
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
        rows = multiply_rows(self.domain.scale, f, g, keep)
        return Series(self.domain, unit, v, rows, prec)

    __rmul__ = __mul__

    def _monic(self, what: str) -> tuple[list[Coefficient], list[int], fmpq]:
        """Divide by the leading coefficient c q^m; return rows, m and c."""
        lead = plain(self.rows[0])
        if isinstance(lead, Surd):
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
        for q in self.domain.scale.polynomials:
            e = 0
            while rest.degree() >= q.degree():
                quotient, remainder = divmod(rest, q)
                if remainder:
                    break
                rest, e = quotient, e + 1
            exponents.append(e)
        if rest.degree() > 0:
            unknown = self.domain.scale.in_pi(rest).numer()
            raise DomainTooSmallError(self.domain.with_factors(unknown))
        return exponents, rest[0]

    def _divided(
        self, rows: Sequence[Coefficient], exponents: Sequence[int]
    ) -> list[Coefficient]:
        result = list(rows)
        for index, e in enumerate(exponents):
            if not e:
                continue
            factor = self.domain.scale.polynomials[index]
            divisor = factor**e
            for n, row in enumerate(result):
                quotient = exact_quotient(row, divisor)
                if quotient is None:
                    missing = e - multiplicity(row, factor)
                    slope = Fraction(self.domain.scale.floors(n)[index] + missing, n)
                    raise DomainTooSmallError(self.domain.with_slope(index, slope))
                result[n] = quotient
        return result

    def __truediv__(self, other: object) -> "Series":
        if not isinstance(other, Series):
            return self * (1 / rational(other))
        numerator, divisor = self, self._lift(other)
        if not divisor.rows:
            message = "division by a series without a known nonzero term"
            raise UndecidedError(message, hint="more terms may show one")
        while isinstance(lead := divisor.rows[0], Surd) and len(lead.parts) > 1:
            conjugate = divisor._constant(lead.conjugate())
            numerator, divisor = numerator * conjugate, divisor * conjugate
        if isinstance(lead, Surd) and ONE not in lead.parts:
            (key,) = lead.parts
            root = divisor._constant(Surd(lead.scale, {key: fmpq_poly([1])}))
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
        rows = divide_rows(self.domain.scale, start, monic, relative)
        return Series(self.domain, unit, v, rows, v + relative)

    def __rtruediv__(self, other: object) -> "Series":
        return self._lift(other) / self

    def sqrt(self, site: Site) -> "Series":
        """The square root that is positive for small t > 0.

        Args:
            site: the name of the place of the root, for messages.

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
        outside, inside = split_square(c)
        total = [a + b for a, b in zip(self.unit, exponents, strict=True)]
        mask = sum(1 << i for i, e in enumerate(total) if e % 2)
        unit = tuple(e // 2 for e in total)
        exact = len(monic) == 1 and self.prec is None
        relative = 1 if exact else min(self._relative(), self.domain.length)
        rows = root_rows(self.domain.scale, monic, relative)
        prec = None if exact else self.v // 2 + relative
        factor: Coefficient = fmpq_poly([outside])
        if (inside, mask) != ONE:
            root = {(inside, mask): fmpq_poly([outside])}
            factor = Surd(self.domain.scale, root)
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
        if isinstance(lead, Surd):
            return self.coefficient(self.v).sign()
        return sign_at_pi(self.domain.scale.in_pi(lead).numer())

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


def rational(value: object) -> fmpq:
    """A rational number as FLINT has it.

    Raises:
        TypeError: the value is none; a float is not the number that it shows.
    """
    if isinstance(value, fmpq):
        return value
    if isinstance(value, Fraction):
        return fmpq(value.numerator, value.denominator)
    if isinstance(value, int):
        return fmpq(value)
    msg = f"{type(value).__name__} is no exact rational number"
    raise TypeError(msg)
