r"""Laurent models: functions of t on (0, t_1] as Laurent polynomials with a remainder.

A model is a set of functions f(t, y), where y stands for whatever is not known but does
not depend on t.  For each y in question f(., y) has a Laurent expansion at t = 0, and

    f(t, y) = sum over low <= i < order of c_i(y) t^i + R(t, y) t^order,  0 < t <= t_1.

The model has a ball for each coefficient c_i, and a ball for R at all t and y.  So what
is known to vanish, can be struck off: if c_i(y) = 0 for all y by exact arithmetic, the
ball of c_i is replaced by zero, and no ball of a cancelled term is left in front of a
negative power of t.  That knowledge comes from outside (:meth:`Model.raised`).

Operations compute the coefficients as those of truncated power series.  What is left
over is a product with explicit coefficients of high order, and is divided by what the
exact derivation asks for: for q = f/g it is (f - g q)/g, for a root (f - q^2)/(sqrt f +
q), and for an arc tangent the integral of (u' - (1 + u^2) q')/(1 + u^2).

Derivations: derivations/models.md.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from flint import arb, arb_poly, arb_series

from symcrit.arith.balls import ball_of
from symcrit.arith.precision import series_length
from symcrit.arith.protocol import Site
from symcrit.core.errors import UndecidedError

__all__ = ["Model", "Models"]

_PIECES = 8
"""Where values must stay away from zero, the interval is cut into so many pieces."""


class Model:
    """A Laurent polynomial with balls as coefficients, and a remainder; immutable.

    Attributes:
        lib: the interval and the number of terms that are kept.
        low: the exponent of the first coefficient.
        terms: the coefficients, ascending.
        order: the exponent of the remainder; None if there is none.
        rest: the ball of the remainder.
    """

    __slots__ = ("lib", "low", "order", "rest", "terms")

    def __init__(
        self,
        lib: "Models",
        low: int,
        terms: Sequence[arb],
        order: int | None = None,
        rest: arb | None = None,
    ) -> None:
        longest = lib.length if order is None else min(lib.length, order - low)
        if len(terms) > longest or (order is not None and order - low > lib.length):
            # Terms beyond the length become part of the remainder.
            end = low + longest
            tail = lib.reach(terms[longest:])
            if order is not None and rest is not None:
                tail = tail + rest * lib.power(order - end)
            terms, order, rest = terms[:longest], end, tail
        self.lib, self.low, self.terms = lib, low, list(terms)
        self.order, self.rest = order, arb(0) if rest is None else rest

    @property
    def is_zero(self) -> bool:
        """Whether the model is the constant zero, without any uncertainty."""
        return self.order is None and not self.terms

    def coefficients(self, start: int, end: int) -> list[arb]:
        """The coefficients of t^start, ..., t^(end - 1), absent ones zero."""
        shift = start - self.low
        found = self.terms[max(shift, 0) : max(end - self.low, 0)]
        found = [arb(0)] * min(max(-shift, 0), max(end - start, 0)) + found
        return found + [arb(0)] * (end - start - len(found))

    def range(self, exponent: int | None = None) -> arb:
        """The values of f / t^exponent on (0, t_1], by default t^low.

        Terms below the exponent make the answer not a number.
        """
        shift = 0 if exponent is None else exponent - self.low
        if shift > 0:
            if self.terms or (self.order is not None and self.order < self.low + shift):
                return arb("nan")
            gap = 0 if self.order is None else self.order - self.low - shift
            return self.rest * self.lib.power(gap)
        value = self._bracket()
        return value if shift == 0 else value * self.lib.power(-shift)

    def _bracket(self) -> arb:
        """The values of f / t^low."""
        return self.lib.sharp_reach(self._all_terms())

    def _all_terms(self) -> list[arb]:
        """The coefficients and, as the last one, the remainder."""
        if self.order is None:
            return self.terms
        gap = self.order - self.low - len(self.terms)
        return [*self.terms, *([arb(0)] * gap), self.rest]

    def at(self, t: arb) -> arb:
        """The values at the points of a ball inside (0, t_1]."""
        total = self.rest if self.order is not None else arb(0)
        gap = 0 if self.order is None else self.order - self.low - len(self.terms)
        for _ in range(gap):
            total = total * t
        for c in reversed(self.terms):
            total = total * t + c
        for _ in range(abs(self.low)):
            total = total * t if self.low > 0 else total / t
        return total

    def on(self, lib: "Models") -> "Model":
        """The same functions on a shorter interval.

        Raises:
            ValueError: the interval is not known to be shorter.
        """
        if not lib.end <= self.lib.end:
            message = "a model says nothing beyond its interval"
            raise ValueError(message)
        return Model(lib, self.low, self.terms, self.order, self.rest)

    def raised(self, floor: int) -> "Model":
        """Strike off the terms below an exponent: they are known to be zero.

        Raises:
            ArithmeticError: a coefficient is not zero, so what was known is wrong.
        """
        if floor <= self.low:
            return self
        count = floor - self.low
        if not all(c.contains(0) for c in self.terms[:count]):
            message = f"a term below t^{floor} is not zero"
            raise ArithmeticError(message)
        if self.order is not None and self.order < floor:
            # Nothing is known of the remainder but its bound.
            return Model(self.lib, self.order, [], self.order, self.rest)
        return Model(self.lib, floor, self.terms[count:], self.order, self.rest)

    def _lift(self, other: object) -> "Model":
        if isinstance(other, Model):
            if other.lib is not self.lib:
                message = "models on different intervals: restrict one with on"
                raise ValueError(message)
            return other
        if isinstance(other, int | Fraction):
            return self.lib.exact(other)
        if isinstance(other, arb):
            return Model(self.lib, 0, [other])
        message = f"{type(other).__name__} is no number of this system"
        raise TypeError(message)

    def __neg__(self) -> "Model":
        return Model(
            self.lib, self.low, [-c for c in self.terms], self.order, -self.rest
        )

    def __add__(self, other: object) -> "Model":
        other = self._lift(other)
        if other.is_zero:
            return self
        if self.is_zero:
            return other
        low = min(self.low, other.low)
        orders = [x.order for x in (self, other) if x.order is not None]
        order = min(orders) if orders else None
        ends = (self.low + len(self.terms), other.low + len(other.terms))
        end = max(*ends, low) if order is None else order
        pairs = zip(
            self.coefficients(low, end), other.coefficients(low, end), strict=True
        )
        terms = [a + b for a, b in pairs]
        if order is None:
            return Model(self.lib, low, terms)
        rest = self.beyond(order) + other.beyond(order)
        return Model(self.lib, low, terms, order, rest)

    __radd__ = __add__

    def beyond(self, order: int) -> arb:
        """The values of (what is at t^order and beyond) / t^order.

        The order must not lie above that of the remainder.
        """
        tail = self.lib.reach(self.terms[max(order - self.low, 0) :])
        if self.low > order:
            tail = tail * self.lib.power(self.low - order)
        if self.order is not None:
            tail = tail + self.rest * self.lib.power(self.order - order)
        return tail

    def __sub__(self, other: object) -> "Model":
        return self + (-self._lift(other))

    def __rsub__(self, other: object) -> "Model":
        return (-self) + other

    def __mul__(self, other: object) -> "Model":
        if isinstance(other, int | Fraction):
            factor = ball_of(Fraction(other))
            if other == 0:
                return self.lib.exact(0)
            terms = [c * factor for c in self.terms]
            return Model(self.lib, self.low, terms, self.order, self.rest * factor)
        other = self._lift(other)
        if self.is_zero or other.is_zero:
            return self.lib.exact(0)
        low = self.low + other.low
        terms = _product(self.terms, other.terms)
        orders = []
        if self.order is not None:
            orders.append(self.order + other.low)
        if other.order is not None:
            orders.append(other.order + self.low)
        if not orders:
            return Model(self.lib, low, terms)
        order = min(*orders, low + self.lib.length)
        rest = self.lib.reach(terms[order - low :])
        if self.order is not None:
            gap = self.order + other.low - order
            rest = rest + self.rest * other._bracket() * self.lib.power(gap)
        if other.order is not None:
            gap = other.order + self.low - order
            mine = self.lib.reach(self.terms)
            rest = rest + other.rest * mine * self.lib.power(gap)
        return Model(self.lib, low, terms[: order - low], order, rest)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> "Model":
        if isinstance(other, int | Fraction):
            return self * (1 / Fraction(other))
        divisor = self._lift(other)
        if self.is_zero:
            return self
        if not divisor.terms or divisor.terms[0].contains(0):
            message = "division by a model whose leading coefficient may be zero"
            raise UndecidedError(message, hint="a smaller interval, or more terms")
        lib = self.lib
        low = self.low - divisor.low
        if len(divisor.terms) == 1 and divisor.order is None:
            terms = [c / divisor.terms[0] for c in self.terms]
            order = None if self.order is None else self.order - divisor.low
            return Model(lib, low, terms, order, self.rest / divisor.terms[0])
        counts = [x.order - x.low for x in (self, divisor) if x.order is not None]
        count = min([lib.length, *counts])
        if count < 1:
            bound = self._bracket() / divisor._bracket()
            return Model(lib, low, [], low, _finite(bound, "a quotient"))
        with series_length(count):
            quotient = arb_series(self.terms) / arb_series(divisor.terms)
        terms = [quotient[i] for i in range(count)]
        # f - g q begins with t^count; its lower terms vanish identically.
        excess = self.beyond(self.low + count) - divisor._times_beyond(terms, count)
        rest = _finite(excess / divisor._bracket(), "a quotient")
        return Model(lib, low, terms, low + count, rest)

    def _times_beyond(self, terms: Sequence[arb], count: int) -> arb:
        """The ball of (f / t^low times a polynomial, from t^count on) / t^count."""
        found = self.lib.reach(_product(self.terms, terms)[count:])
        if self.order is not None:
            gap = self.order - self.low - count
            found = found + self.rest * self.lib.reach(terms) * self.lib.power(gap)
        return found

    def __rtruediv__(self, other: object) -> "Model":
        return self._lift(other) / self

    def sqrt(self, site: Site) -> "Model":
        """The positive root.

        Raises:
            UndecidedError: the values may be negative somewhere on (0, t_1], or the
                first exponent is odd.
        """
        if self.is_zero:
            return self
        inside = self._bracket()
        if not (self.terms and self.terms[0] > 0 and inside > 0) or self.low % 2:
            message = f"the root at {site} may meet a negative number"
            raise UndecidedError(message, hint="a smaller interval")
        count = self.lib.length
        if self.order is not None:
            count = min(count, self.order - self.low)
        with series_length(count):
            root = arb_series(self.terms).sqrt()
        terms = [root[i] for i in range(count)]
        tail = self.lib.reach(_product(terms, terms)[count:])
        excess = self.beyond(self.low + count) - tail
        rest = excess / (inside.sqrt() + self.lib.reach(terms))
        rest = _finite(rest, f"the root at {site}")
        return Model(self.lib, self.low // 2, terms, self.low // 2 + count, rest)

    def atan(self) -> "Model":
        """The arc tangent of a model without terms below t^1.

        Raises:
            UndecidedError: there is a constant term, or a negative power of t.
        """
        if self.is_zero:
            return self
        if self.low < 1:
            message = "the arc tangent of a model that does not vanish at t = 0"
            raise UndecidedError(message, hint="the angle tends to no multiple of pi/2")
        lib = self.lib
        end = self.low + lib.length if self.order is None else self.order
        u = self.coefficients(0, end)
        if self.order is not None:
            # For one t the remainder is a constant, and so a coefficient.
            u = [*u, self.rest]
        with series_length(end):
            angle = arb_series(u).atan()
        terms = [angle[i] for i in range(end)]
        square = _product(u, u)
        square = [1 + square[0], *square[1:]] if square else [arb(1)]
        slope = _derivative(terms)
        left = _product(square, slope)[end - 1 :]
        right = _derivative(u)[end - 1 :]
        excess = lib.reach(right) - lib.reach(left)
        size = lib.sharp_reach(u)
        low, high = size.abs_lower(), size.abs_upper()
        divisor = (1 + low * low).union(1 + high * high)
        rest = _finite(excess / divisor / end, "an arc tangent")
        return Model(lib, self.low, terms[self.low :], end, rest)


class Models:
    """The number system of Laurent models on one interval (0, t_1].

    Working precision is that of the surrounding
    :func:`~symcrit.arith.precision.working_precision`.

    Attributes:
        end: t_1, a ball.
        length: how many coefficients are kept at most.

    Example:
        >>> lib = Models(arb(0.25), 3)
        >>> t = lib.t_power(1)
        >>> x = lib.root(1 + t, "a site")
        >>> [float(c) for c in x.terms], x.order, x.rest.contains(arb(1) / 16)
        ([1.0, 0.5, -0.125], 3, True)
    """

    def __init__(self, end: arb, length: int) -> None:
        self.end, self.length = end, length
        self._interval = arb(0).union(end)
        self._powers: dict[int, arb] = {0: arb(1)}
        cuts = [end * i / _PIECES for i in range(_PIECES + 1)]
        self._pieces = [a.union(b) for a, b in pairwise(cuts)]

    @property
    def pi(self) -> Model:
        """The constant pi."""
        return Model(self, 0, [arb.pi()])

    def exact(self, value: int | Fraction) -> Model:
        """A rational constant."""
        return Model(self, 0, [ball_of(Fraction(value))] if value else [])

    def t_power(self, n: int) -> Model:
        """t^n for any integer n."""
        return Model(self, n, [arb(1)])

    def power(self, n: int) -> arb:
        """The values of t^n on (0, t_1]; n must not be negative."""
        if n not in self._powers:
            if n < 0:
                return arb("nan")
            top = arb(1)
            for _ in range(n):
                top = top * self.end
            self._powers[n] = arb(0).union(top)
        return self._powers[n]

    def reach(self, terms: Sequence[arb]) -> arb:
        """The values of a polynomial on (0, t_1], by Horner's rule."""
        total = arb(0)
        for c in reversed(terms):
            total = total * self._interval + c
        return total

    def sharp_reach(self, terms: Sequence[arb]) -> arb:
        """The values of a polynomial on (0, t_1], piece by piece."""
        polynomial = arb_poly(list(terms))
        values = [polynomial(piece) for piece in self._pieces]
        total = values[0]
        for value in values[1:]:
            total = total.union(value)
        return total

    def root(self, x: Model, site: Site) -> Model:
        """The positive root."""
        return x.sqrt(site)

    def angle(self, s: Model, c: Model, site: Site) -> Model:
        """The angle, by its limit 0, pi/2 or pi as t tends to 0.

        Raises:
            UndecidedError: the limit is none of these, the sine may not be positive, or
                the cosine may change its sign where it decides.
        """
        if not (s._bracket() > 0):
            message = f"the sine of the angle at {site} may vanish"
            raise UndecidedError(message, hint="a smaller interval")
        if c.is_zero:
            return self.pi / 2
        if c.low > s.low:
            return self.pi / 2 - (c / s).atan()
        near = (s / c).atan()
        values = c._bracket()
        if values > 0:
            return near
        if values < 0:
            return self.pi + near
        message = f"the cosine of the angle at {site} may vanish"
        raise UndecidedError(message, hint="a smaller interval")


def _finite(rest: arb, what: str) -> arb:
    """The remainder, if it is one.

    Raises:
        UndecidedError: it is not bounded.
    """
    if not rest.is_finite():
        message = f"{what} has no bounded remainder"
        raise UndecidedError(message, hint="a smaller interval")
    return rest


def _product(f: Sequence[arb], g: Sequence[arb]) -> list[arb]:
    """The coefficients of the product of two polynomials."""
    if not f or not g:
        return []
    product = arb_poly(list(f)) * arb_poly(list(g))
    found: list[arb] = product.coeffs()
    return found + [arb(0)] * (len(f) + len(g) - 1 - len(found))


def _derivative(f: Sequence[arb]) -> list[arb]:
    return [i * c for i, c in enumerate(f)][1:]
