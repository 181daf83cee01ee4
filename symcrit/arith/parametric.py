r"""Exact Laurent series in t over Q(pi, s), for a symbolic parameter s >= s_0.

For statements about all values of a size at once: with p = s^2 flipped neurons, say,
coefficients are rational functions of pi and of s, and roots of p are in the field.
What is decided on the way must hold for every real s >= s_0: a divisor's leading
coefficient is not zero there, a radicand's is positive, the sign of a cosine is the
same.  Each is factored, and a factor f(pi, s) passes if all coefficients of
f(pi, s_0 + q), as a polynomial in q, have one sign at the true pi, the constant one
strictly.  So the series may be specialised to any s >= s_0.

The set of series that an O-term stands for is treated as in
:mod:`symcrit.arith.laurent`; here series are short, and nothing is tuned.

Derivations: derivations/family-m.md.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from flint import Ordering, fmpz, fmpz_mpoly, fmpz_mpoly_ctx, fmpz_poly

from symcrit.arith.exact import Exact, sign_at_pi
from symcrit.arith.protocol import Site
from symcrit.core.errors import UndecidedError

__all__ = ["ParametricSeries", "Parametrics", "Ratio"]

_CONTEXT = fmpz_mpoly_ctx.get(["pi", "s"], Ordering.lex)
_PI, _S = _CONTEXT.gens()


class Ratio:
    """A rational function of pi and s in lowest terms; immutable.

    Example:
        >>> x, one = Ratio.parameter(), Ratio.rational(1)
        >>> str((x * x - one) / (x - one))
        's + 1'
    """

    __slots__ = ("den", "num")

    def __init__(self, num: fmpz_mpoly, den: fmpz_mpoly) -> None:
        common = num.gcd(den)
        if not common.is_one():
            num, den = num // common, den // common
        if den.leading_coefficient() < 0:
            num, den = -num, -den
        self.num, self.den = num, den

    @classmethod
    def rational(cls, value: int | Fraction) -> "Ratio":
        """A rational number."""
        value = Fraction(value)
        one = _CONTEXT.constant(1)
        return cls(one * value.numerator, one * value.denominator)

    @classmethod
    def pi(cls) -> "Ratio":
        """The number pi."""
        return cls(_PI, _CONTEXT.constant(1))

    @classmethod
    def parameter(cls) -> "Ratio":
        """The parameter s."""
        return cls(_S, _CONTEXT.constant(1))

    def __bool__(self) -> bool:
        return not self.num.is_zero()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Ratio):
            return NotImplemented
        return bool(self.num * other.den == other.num * self.den)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        if self.den.is_one():
            return str(self.num)
        return f"({self.num})/({self.den})"

    def __repr__(self) -> str:
        return f"Ratio({self})"

    def __add__(self, other: "Ratio") -> "Ratio":
        num = self.num * other.den + other.num * self.den
        return Ratio(num, self.den * other.den)

    def __neg__(self) -> "Ratio":
        return Ratio(-self.num, self.den)

    def __sub__(self, other: "Ratio") -> "Ratio":
        return self + (-other)

    def __mul__(self, other: "Ratio") -> "Ratio":
        return Ratio(self.num * other.num, self.den * other.den)

    def __truediv__(self, other: "Ratio") -> "Ratio":
        return Ratio(self.num * other.den, self.den * other.num)

    def root(self) -> "Ratio | None":
        """A root in the field, or None."""
        num, den = _root(self.num), _root(self.den)
        return None if num is None or den is None else Ratio(num, den)

    def at(self, s: int) -> Exact:
        """The value at an integer s."""
        return Exact.quotient(_specialised(self.num, s), _specialised(self.den, s))

    def sign(self, start: Fraction) -> int:
        """The sign for all real s >= start.

        Raises:
            UndecidedError: it may change.

        Example:
            >>> (Ratio.parameter() - Ratio.rational(1)).sign(Fraction(2))
            1
        """
        if not self:
            return 0
        return _sign(self.num, start) * _sign(self.den, start)


def _root(f: fmpz_mpoly) -> fmpz_mpoly | None:
    """The root of a polynomial, up to its sign, or None."""
    content, factors = f.factor()
    if content < 0 or not content.is_square() or any(e % 2 for _, e in factors):
        return None
    root = _CONTEXT.constant(content.isqrt())
    for factor, e in factors:
        root *= factor ** (int(e) // 2)
    return root


def _specialised(f: fmpz_mpoly, s: int) -> fmpz_poly:
    """A polynomial at an integer s."""
    found = [0] * (int(f.degrees()[0]) + 1)
    for (i, j), c in f.to_dict().items():
        found[int(i)] += int(c) * s ** int(j)
    return fmpz_poly(found)


def _sign(f: fmpz_mpoly, start: Fraction) -> int:
    content, factors = f.factor()
    sign = 1 if content > 0 else -1
    for factor, e in factors:
        sign *= _sign_of_factor(factor, start) ** int(e)
    return sign


def _sign_of_factor(f: fmpz_mpoly, start: Fraction) -> int:
    """The common sign of the coefficients of f(pi, start + q)."""
    top = int(f.degrees()[1])
    scaled = _CONTEXT.constant(0)
    a, b = start.numerator, start.denominator
    for (i, j), c in f.to_dict().items():
        # s = (a + q) / b, times b^top; q may be scaled by a positive number.
        scaled += c * _PI ** int(i) * (_S + a) ** int(j) * fmpz(b) ** (top - int(j))
    rows: dict[int, dict[int, int]] = {}
    for (i, j), c in scaled.to_dict().items():
        rows.setdefault(int(j), {})[int(i)] = int(c)
    signs = {
        j: sign_at_pi(fmpz_poly([row.get(i, 0) for i in range(max(row) + 1)]))
        for j, row in rows.items()
    }
    if 0 not in signs or len(set(signs.values())) > 1:
        message = f"the sign of {f} may change for s >= {start}"
        raise UndecidedError(message, hint="a larger first value of the parameter")
    return signs[0]


_Other: TypeAlias = "ParametricSeries | int | Fraction"


class ParametricSeries:
    """A truncated Laurent series over Q(pi, s); immutable.

    Attributes:
        lib: the number system.
        v: the exponent of the first term.
        rows: the coefficients; the first is not zero; empty for zero or O(t^v).
        prec: the exponent from which on nothing is known; None if nothing is missing.
    """

    __slots__ = ("lib", "prec", "rows", "v")

    def __init__(
        self,
        lib: "Parametrics",
        v: int,
        rows: Sequence[Ratio],
        prec: int | None,
    ) -> None:
        rows = list(rows)
        if prec is not None:
            rows = rows[: max(prec - v, 0)]
        start = next((i for i, x in enumerate(rows) if x), len(rows))
        rows, v = rows[start:], v + start
        if not rows:
            v = 0 if prec is None else prec
        while rows and not rows[-1]:
            rows.pop()
        if rows and len(rows) > lib.length:
            rows, prec = rows[: lib.length], v + lib.length
        elif rows and prec is not None:
            prec = min(prec, v + lib.length)
        self.lib, self.v, self.rows, self.prec = lib, v, rows, prec

    @property
    def is_exact_zero(self) -> bool:
        """Whether the series is the exact zero."""
        return not self.rows and self.prec is None

    @property
    def is_known(self) -> bool:
        """Whether a nonzero term is known."""
        return bool(self.rows)

    @property
    def order(self) -> int | None:
        """The exponent below which there is no term; None for the exact zero."""
        return None if self.is_exact_zero else self.v

    def coefficient(self, n: int) -> Ratio:
        """The coefficient of t^n; zero if there is none."""
        if 0 <= n - self.v < len(self.rows):
            return self.rows[n - self.v]
        return Ratio.rational(0)

    def without_order(self) -> "ParametricSeries":
        """The polynomial part, taken as exact."""
        return ParametricSeries(self.lib, self.v, self.rows, None)

    def big_o(self, n: int) -> "ParametricSeries":
        """The series known only to O(t^n)."""
        prec = n if self.prec is None else min(n, self.prec)
        return ParametricSeries(self.lib, self.v, self.rows, prec)

    def _lift(self, other: _Other) -> "ParametricSeries":
        return other if isinstance(other, ParametricSeries) else self.lib.exact(other)

    def __neg__(self) -> "ParametricSeries":
        return ParametricSeries(self.lib, self.v, [-x for x in self.rows], self.prec)

    def __add__(self, other: _Other) -> "ParametricSeries":
        other = self._lift(other)
        if self.is_exact_zero or other.is_exact_zero:
            return other if self.is_exact_zero else self
        precs = [x.prec for x in (self, other) if x.prec is not None]
        low = min(self.v, other.v)
        high = max(x.v + len(x.rows) for x in (self, other))
        rows = [self.coefficient(n) + other.coefficient(n) for n in range(low, high)]
        return ParametricSeries(self.lib, low, rows, min(precs) if precs else None)

    __radd__ = __add__

    def __sub__(self, other: _Other) -> "ParametricSeries":
        return self + (-self._lift(other))

    def __rsub__(self, other: _Other) -> "ParametricSeries":
        return -self + other

    def __mul__(self, other: _Other) -> "ParametricSeries":
        other = self._lift(other)
        if self.is_exact_zero or other.is_exact_zero:
            return self.lib.exact(0)
        precs = []
        if self.prec is not None:
            precs.append(self.prec + other.v)
        if other.prec is not None:
            precs.append(other.prec + self.v)
        prec = min(precs) if precs else None
        count = max(len(self.rows) + len(other.rows) - 1, 0)
        count = min(count, self.lib.length + 1)
        rows = [Ratio.rational(0)] * count
        for i, x in enumerate(self.rows):
            for j, y in enumerate(other.rows[: count - i]):
                rows[i + j] = rows[i + j] + x * y
        return ParametricSeries(self.lib, self.v + other.v, rows, prec)

    __rmul__ = __mul__

    def _terms(self, other: "ParametricSeries | None" = None) -> int:
        """How many terms of a quotient or a root are known."""
        known = [self.lib.length]
        for x in (self, other):
            if x is not None and x.prec is not None:
                known.append(x.prec - x.v)
        return min(known)

    def __truediv__(self, other: _Other) -> "ParametricSeries":
        other = self._lift(other)
        if not other.rows:
            message = "division by a series without a known nonzero term"
            raise UndecidedError(message, hint="more terms may show one")
        head = other.rows[0]
        self.lib.decide(head)
        if self.is_exact_zero:
            return self
        v = self.v - other.v
        if len(other.rows) == 1 and other.prec is None:
            prec = None if self.prec is None else self.prec - other.v
            return ParametricSeries(self.lib, v, [x / head for x in self.rows], prec)
        count = self._terms(other)
        rows: list[Ratio] = []
        for n in range(count):
            value = self.coefficient(self.v + n)
            for i in range(1, min(n, len(other.rows) - 1) + 1):
                value = value - other.rows[i] * rows[n - i]
            rows.append(value / head)
        return ParametricSeries(self.lib, v, rows, v + count)

    def __rtruediv__(self, other: _Other) -> "ParametricSeries":
        return self._lift(other) / self

    def derivative(self) -> "ParametricSeries":
        """The derivative by t."""
        rows = [x * Ratio.rational(self.v + i) for i, x in enumerate(self.rows)]
        prec = None if self.prec is None else self.prec - 1
        return ParametricSeries(self.lib, self.v - 1, rows, prec)

    def integral(self) -> "ParametricSeries":
        """The antiderivative without constant term, of a series without poles."""
        assert self.v >= 0
        rows = [
            x * Ratio.rational(Fraction(1, self.v + i + 1))
            for i, x in enumerate(self.rows)
        ]
        prec = None if self.prec is None else self.prec + 1
        return ParametricSeries(self.lib, self.v + 1, rows, prec)

    def atan(self) -> "ParametricSeries":
        """The arc tangent of a series of positive valuation."""
        if self.is_exact_zero or not self.rows:
            return self
        return (self.derivative() / (1 + self * self)).integral()


class Parametrics:
    """The number system of series over Q(pi, s) for all s >= start.

    Attributes:
        length: how many terms are kept at most.
        start: the first value of the parameter.
        decided: the coefficients that were found to have one sign for all s >= start.
    """

    def __init__(self, length: int, start: Fraction) -> None:
        self.length, self.start = length, start
        self.decided: dict[Ratio, int] = {}

    def decide(self, x: Ratio) -> int:
        """The sign of a coefficient for all s >= start.

        Raises:
            UndecidedError: it may change.
        """
        if x not in self.decided:
            self.decided[x] = x.sign(self.start)
        return self.decided[x]

    @property
    def pi(self) -> ParametricSeries:
        """The number pi."""
        return ParametricSeries(self, 0, [Ratio.pi()], None)

    @property
    def parameter(self) -> ParametricSeries:
        """The parameter s."""
        return ParametricSeries(self, 0, [Ratio.parameter()], None)

    def exact(self, value: int | Fraction) -> ParametricSeries:
        """A rational number."""
        return ParametricSeries(self, 0, [Ratio.rational(value)], None)

    def t_power(self, n: int) -> ParametricSeries:
        """t^n for any integer n."""
        return ParametricSeries(self, n, [Ratio.rational(1)], None)

    def root(self, x: ParametricSeries, site: Site) -> ParametricSeries:
        """The root that is positive for small t > 0.

        Raises:
            UndecidedError: the leading coefficient is no square of the field, or not
                positive for all s, or the valuation is odd.
        """
        if x.is_exact_zero:
            return x
        if not x.rows or x.v % 2:
            message = f"the root at {site} has no known leading term of even order"
            raise UndecidedError(message, hint="more terms of the parameters")
        head = x.rows[0].root()
        if head is None or self.decide(x.rows[0]) < 0:
            message = f"the root at {site}: {x.rows[0]} is no positive square"
            raise UndecidedError(message, hint="another parameter may help")
        if self.decide(head) < 0:
            head = -head
        count = x._terms()
        rows = [head]
        for n in range(1, count):
            value = x.coefficient(x.v + n)
            for i in range(1, n):
                value = value - rows[i] * rows[n - i]
            rows.append(value / (head + head))
        return ParametricSeries(self, x.v // 2, rows, x.v // 2 + count)

    def angle(
        self, s: ParametricSeries, c: ParametricSeries, site: Site
    ) -> ParametricSeries:
        """The angle, by its limit 0, pi/2 or pi.

        Raises:
            UndecidedError: the limit is none of these for all s, or not known.
        """
        if c.is_exact_zero:
            return self.pi / 2
        if not s.rows or (not c.rows and c.v <= s.v) or c.v == s.v:
            message = f"the angle at {site} has no known limit 0, pi/2 or pi"
            raise UndecidedError(message, hint="more terms of the parameters")
        if c.v > s.v:
            return self.pi / 2 - (c / s).atan()
        near = (s / c).atan()
        return near if self.decide(c.rows[0]) > 0 else self.pi + near
