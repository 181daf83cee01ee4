"""The exact series of type II with sympy: Newton's method on its ring series.

The fastest coefficients that sympy has are polynomials over Q with FLINT inside.  With
t = p^2 (p - 2) s all coefficients are such polynomials in p, which stands for pi, times
powers of p and p - 2 in front.  sympy's series have neither negative exponents nor an
O-term of their own, and some of its functions do not know these coefficients:
``Laurent`` adds what is missing.

A number is a jet [value, derivatives ...]: lists of length 1 give the equations, lists
of length 6 the equations and their Jacobian, from the same text.

Run with SYMPY_GROUND_TYPES=flint.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Any, TypeAlias

from sympy import QQ, pi, symbols
from sympy.polys.ring_series import rs_mul, rs_series_inversion, rs_square, rs_trunc
from sympy.polys.rings import ring

K = QQ.old_poly_ring(symbols("p"))
R, s = ring("s", K)
P = K.from_sympy(symbols("p"))
Poly: TypeAlias = Any
"""An element of K or R: sympy publishes no types."""

FACTORS = (P, P - K(2))
SLOPES = (2, 1)  # t = p^2 (p - 2) s


def times_powers(exponents: Sequence[int]) -> Poly:
    """The product of the factors to nonnegative powers."""
    result = K(1)
    for q, e in zip(FACTORS, exponents, strict=True):
        result *= q**e
    return result


def moved(body: Poly, n: int) -> Poly:
    """The body times s^n."""
    return R.from_dict({(m + n,): c for (m,), c in body.items()}) if n else body


class Laurent:
    """p^u (p - 2)^w t^v body(s) + O(t^(v + length)) with body(0) not zero."""

    def __init__(self, unit: Sequence[int], v: int, body: Poly, length: Any) -> None:
        if length != inf:
            body = rs_trunc(body, s, max(length, 0))
        shift = min((m for (m,) in body), default=0 if length == inf else length)
        self.unit = [u - a * shift for u, a in zip(unit, SLOPES, strict=True)]
        self.v, self.body, self.length = v + shift, moved(body, -shift), length - shift

    @classmethod
    def power(cls, n: int, c: int = 1, unit: Sequence[int] = (0, 0)) -> "Laurent":
        """The exact monomial c p^u (p - 2)^w t^n."""
        return cls(unit, n, R(K(c)), inf)

    @property
    def order(self) -> Any:
        """The exponent from which on nothing is known."""
        return self.v + self.length

    def cut(self, order: int) -> "Laurent":
        """The same, known to O(t^order) only."""
        return Laurent(self.unit, self.v, self.body, min(self.length, order - self.v))

    def reduced(self) -> "Laurent":
        """The same with what all coefficients have in common moved to the front."""
        unit, body = list(self.unit), self.body
        for i, q in enumerate(FACTORS):
            while all(not c.rem(q) for c in body.values()):
                body = R.from_dict({m: c.exquo(q) for m, c in body.items()})
                unit[i] += 1
        return Laurent(unit, self.v, body, self.length)

    def exact(self) -> "Laurent":
        """The known terms, taken as exact."""
        return Laurent(self.unit, self.v, self.body, inf)

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, Laurent):
            other = Laurent.power(0, other)
        a, b = (self, other) if self.v <= other.v else (other, self)
        shift = b.v - a.v
        lifted = [u + slope * shift for u, slope in zip(b.unit, SLOPES, strict=True)]
        unit = [min(pair) for pair in zip(a.unit, lifted, strict=True)]
        left, right = (
            body.mul_ground(times_powers([x - y for x, y in zip(e, unit, strict=True)]))
            for e, body in ((a.unit, a.body), (lifted, b.body))
        )
        length = min(a.length, b.length + shift)
        return Laurent(unit, a.v, left + moved(right, shift), length)

    __radd__ = __add__

    def __neg__(self) -> "Laurent":
        return Laurent(self.unit, self.v, -self.body, self.length)

    def __sub__(self, other: Any) -> Any:
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Jet):
            return NotImplemented
        if not isinstance(other, Laurent):
            body = self.body.mul_ground(K(other))
            return Laurent(self.unit, self.v, body, self.length)
        length = min(self.length, other.length)
        if length == inf:
            body = self.body * other.body
        elif self is other:
            body = rs_square(self.body, s, length)
        else:
            body = rs_mul(self.body, other.body, s, length)
        unit = [x + y for x, y in zip(self.unit, other.unit, strict=True)]
        return Laurent(unit, self.v + other.v, body, length)

    __rmul__ = __mul__

    def monic(self) -> tuple[list[int], Any, Poly]:
        """Exponents and a rational number in front, and a body that starts with 1."""
        lead = c = self.body.coeff(1)
        unit = list(self.unit)
        for i, q in enumerate(FACTORS):
            while c.degree() > 0 and not (found := c.div(q))[1]:
                c, unit[i] = found[0], unit[i] + 1
        if c.degree() > 0:
            msg = "another factor is needed"
            raise ArithmeticError(msg)
        body = R.from_dict({m: x.exquo(lead) for m, x in self.body.items()})
        return unit, c.LC(), body

    def __truediv__(self, other: "Laurent") -> "Laurent":
        unit, c, body = other.monic()
        length = min(self.length, other.length)
        quotient = rs_mul(self.body, rs_series_inversion(body, s, length), s, length)
        unit = [x - y for x, y in zip(self.unit, unit, strict=True)]
        return Laurent(unit, self.v - other.v, quotient.mul_ground(K(1 / c)), length)

    def sqrt(self) -> "Laurent":
        """The root that is positive for small t > 0 at p = pi."""
        unit, c, body = self.monic()
        root = QQ.exsqrt(c)
        if root is None or self.v % 2 or any(u % 2 for u in unit):
            msg = "no root in Q(p)((t))"
            raise ArithmeticError(msg)
        inverse, known = R(1), 1
        while known < self.length:
            known = min(2 * known, self.length)
            error = 1 - rs_mul(rs_square(inverse, s, known), body, s, known)
            inverse += rs_mul(inverse, error, s, known).mul_ground(K(QQ(1, 2)))
        result = rs_mul(body, inverse, s, self.length).mul_ground(K(root))
        return Laurent([u // 2 for u in unit], self.v // 2, result, self.length)

    def atan(self) -> "Laurent":
        """The arc tangent of a series of positive valuation."""
        by_t = {(m,): (self.v + m) * c for (m,), c in self.body.items()}
        slope = Laurent(self.unit, self.v - 1, R.from_dict(by_t), self.length)
        slope = slope / (self * self + 1)
        body = {(m,): c * K(QQ(1, slope.v + m + 1)) for (m,), c in slope.body.items()}
        return Laurent(slope.unit, slope.v + 1, R.from_dict(body), slope.length)

    def sign(self) -> int:
        """The sign for small t > 0 at p = pi; p and p - 2 are positive there."""
        return 1 if K.to_sympy(self.body.coeff(1)).subs(symbols("p"), pi) > 0 else -1

    def coefficients(self) -> Iterator[tuple[int, list[int], list[int]]]:
        """Exponents of t, and numerators and denominators as polynomials in p."""
        for (m,), c in sorted(self.body.items()):
            unit = [u - a * m for u, a in zip(self.unit, SLOPES, strict=True)]
            denominator, numerator = c.clear_denoms()
            numerator *= times_powers([max(u, 0) for u in unit])
            yield (
                self.v + m,
                [int(x) for x in reversed(numerator.to_list())],
                [
                    int(x * denominator)
                    for x in reversed(
                        times_powers([max(-u, 0) for u in unit]).to_list()
                    )
                ],
            )


def angle(sine: Laurent, cosine: Laurent) -> Any:
    """The angle; s and c may have a common factor; its limit is 0, pi/2 or pi."""
    pi_ = Laurent.power(0, unit=(1, 0))
    if cosine.v > sine.v:
        return pi_ * QQ(1, 2) - (cosine / sine).atan()
    if cosine.v == sine.v:
        msg = "the angle leaves Q(p)"
        raise ArithmeticError(msg)
    near = (sine / cosine).atan()
    return near if cosine.sign() > 0 else pi_ + near


class Jet:
    """A value and its derivatives by the parameters; absent ones are zero."""

    def __init__(self, value: Laurent, by: Mapping[int, Laurent] | None = None) -> None:
        self.value, self.by = value, by or {}

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, Jet):
            return Jet(self.value + other, self.by)
        by = dict(self.by)
        for j, d in other.by.items():
            by[j] = by[j] + d if j in by else d
        return Jet(self.value + other.value, by)

    __radd__ = __add__

    def __mul__(self, other: Any) -> Any:
        if not isinstance(other, Jet):
            return Jet(self.value * other, {j: d * other for j, d in self.by.items()})
        by = {j: d * other.value for j, d in self.by.items()}
        for j, d in other.by.items():
            by[j] = by[j] + self.value * d if j in by else self.value * d
        return Jet(self.value * other.value, by)

    __rmul__ = __mul__

    def __neg__(self) -> Any:
        return self * -1

    def __sub__(self, other: Any) -> Any:
        return self + -other

    def square(self) -> "Jet":
        """The square."""
        by = {j: 2 * self.value * d for j, d in self.by.items()}
        return Jet(self.value * self.value, by)

    def over(self, other: "Jet") -> "Jet":
        """The quotient."""
        q = self.value / other.value
        rest = self - q * Jet(other.value, other.by)
        return Jet(q, {j: d / other.value for j, d in rest.by.items()})

    def sqrt(self) -> "Jet":
        """The root."""
        r = self.value.sqrt()
        return Jet(r, {j: d / (2 * r) for j, d in self.by.items()})


def jet_angle(sine: Jet, cosine: Jet, radius2: Jet) -> Jet:
    """The angle; its derivative is (cos d(sin) - sin d(cos)) / radius^2."""
    change = cosine.value * Jet(sine.value, sine.by) - sine.value * cosine
    by = {j: d / radius2.value for j, d in change.by.items()}
    return Jet(angle(sine.value, cosine.value), by)


def gradient(a: Jet, m: Jet, l: Jet, d: Jet, o: Jet) -> list[Jet]:
    """The entries of 2 pi times the gradient at (a_1, m_1_2, m_2_1, a_2, o_2)."""
    n = Laurent.power(-2) - 1
    n1, n2 = n - 1, n - 2
    pi_, one = Laurent.power(0, unit=(1, 0)), Jet(Laurent.power(0))
    aa, mm, ll, dd, oo = (x.square() for x in (a, m, l, d, o))
    lm, mo, md, od, lo, ld = l * m, m * o, m * d, o * d, l * o, l * d
    A = aa + n * mm
    B = ll + dd + n1 * oo
    # Inner products, and squares of sines by Lagrange's identity.
    pairs = [
        (
            *(A, B, a * l + md + n1 * mo),
            (a * d - lm).square() + n1 * ((a * o - lm).square() + (mo - md).square()),
        ),
        (
            *(B, B, ll + 2 * od + n2 * oo),
            2 * (lo - ld).square() + (dd - oo).square() + 2 * n2 * (od - oo).square(),
        ),
        (A, one, a, n * mm),
        (A, one, m, aa + n1 * mm),
        (B, one, l, dd + n1 * oo),
        (B, one, d, ll + n1 * oo),
        (B, one, o, ll + dd + n2 * oo),
    ]
    S, F = [], []
    for u, v, c, s2 in pairs:
        S.append(s2.sqrt())
        F.append(-jet_angle(S[-1], c, u * v) + pi_)
    ra = (n * S[0] - S[2] - n * S[3]).over(A) + pi_
    rb = (S[0] + n1 * S[1] - S[4] - S[5] - n1 * S[6]).over(B) + pi_
    return [
        ra * a + n * (F[0] * l) - F[2],
        ra * m + F[0] * (d + n1 * o) - F[3],
        rb * l + F[0] * a + n1 * (F[1] * l) - F[4],
        rb * d + F[0] * m + n1 * (F[1] * o) - F[5],
        rb * o + F[0] * m + F[1] * (d + n2 * o) - F[6],
    ]


def solve(
    matrix: Sequence[Sequence[Laurent]], right: Sequence[Laurent]
) -> list[Laurent]:
    """Solve J e = F; the pivot is an entry of least valuation."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    columns = list(range(size))
    for step in range(size):
        _, i, j = min(
            (rows[i][columns[j]].v, i, j)
            for i in range(step, size)
            for j in range(step, size)
            if rows[i][columns[j]].body
        )
        rows[step], rows[i] = rows[i], rows[step]
        columns[step], columns[j] = columns[j], columns[step]
        pivot = rows[step][columns[step]]
        for row in rows[step + 1 :]:
            if row[columns[step]].body:
                q = row[columns[step]] / pivot
                for j in [*columns[step + 1 :], size]:
                    row[j] = row[j] - q * rows[step][j]
    found: dict[int, Laurent] = {}
    for step in reversed(range(size)):
        row = rows[step]
        value = row[size]
        for j in columns[step + 1 :]:
            value = value - row[j] * found[j]
        found[columns[step]] = value / row[columns[step]]
    return [found[j] for j in range(size)]


def type_ii(beyond: int) -> list[Laurent]:
    """The parameters, known to so many orders from their first terms on."""
    first = (2, 2, 2, 4, 4)
    power = Laurent.power
    lead = 2 * power(2) + 8 * power(2, unit=(-1, 0)) + 8 * power(2, unit=(-2, 0))
    x = [
        power(0, -1) + lead,
        4 * power(2, unit=(-1, 0)),
        2 * power(2),
        power(0) + 8 * power(4, unit=(-1, 0)),
        -4 * power(4, unit=(-1, 0)),
    ]
    goals = [beyond]
    while goals[0] > 2:
        goals.insert(0, (goals[0] + 1) // 2)
    gain = 1
    for goal in goals:
        values = gradient(*(Jet(y.cut(goal + 4)) for y in x))
        one = power(0)
        jets = [Jet(y.cut(goal - gain + 4), {j: one}) for j, y in enumerate(x)]
        jacobian = [[u.by[j] for j in range(5)] for u in gradient(*jets)]
        step = solve(jacobian, [u.value for u in values])
        gain = goal
        for j, e in enumerate(step):
            if e.order < first[j] + gain:
                msg = "precision lost"
                raise ArithmeticError(msg)
            x[j] = (x[j] - e).cut(first[j] + gain).exact().reduced()
    return x


def main() -> None:
    """Print the seconds, then a line for each coefficient, as ``type_ii.gp`` does."""
    start = time.process_time()
    found = type_ii(int(sys.argv[1]))
    print(time.process_time() - start)
    for j, x in enumerate(found, 1):
        for n, top, bottom in x.coefficients():
            print(json.dumps([j, n, top, bottom]))


if __name__ == "__main__":
    main()
