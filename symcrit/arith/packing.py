r"""Products of series as products of integer polynomials in one variable.

Rows h_0, h_1, ... stand for the sum of q^(-floor(a n)) h_n t^n over a scale: see
``symcrit.arith.domains``.  Factors other than x aside, which multiply by themselves,
put x = z and t = z^S.  Then the coefficient of x^j in row n is one of z^e with
e = S n - floor(a n) + j, whatever carries there are, and a product of such polynomials
is that of the series.

*Segments.*  If every row n is divisible by x^(floor(a n) - floor(b n)), then so is that
of the product, and row n fills a segment that starts at S n - floor(b n).  The least
such b makes them short.  S exceeds their degrees, so that none overlaps the next.

*Halves.*  Of a product f g only so many rows are wanted.  With f = f_0 + f_1 and
g = g_0 + g_1, where f_1 and g_1 start at half of them, f_1 g_1 is not needed at all.
The first rows have much smaller denominators and coefficients, so that three products
of halves, each over its own denominator, are faster than one.

All is exact; no term is estimated.

Derivations: derivations/series.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from flint import fmpq_poly, fmpz, fmpz_poly

from symcrit.arith.domains import Scale

__all__ = ["packed_product"]

SPLIT = 48
"""Products of so many rows are made of products of halves; measured."""

_WORTHWHILE = 4
"""Halves are made if both second ones have at least this part of half the rows."""


def packed_product(
    scale: Scale, f: Sequence[fmpq_poly], g: Sequence[fmpq_poly], keep: int
) -> list[fmpq_poly]:
    """The first rows of a product over a graded scale, ``keep`` of them.

    Example:
        >>> scale = Scale((fmpz_poly([0, 1]),), (Fraction(0),))
        >>> x = fmpq_poly([0, 1])
        >>> packed_product(scale, [x, x + 1], [x, x - 1], 2)
        [x^2, 2*x^2]
    """
    layout = _Layout.of(scale, f[:keep], g[:keep], keep)
    left = _Part(0, f[:keep])
    right = left if f is g else _Part(0, g[:keep])
    denominator, product = layout.product(left, right)
    coefficients, zero = product.coeffs(), [fmpz(0)]
    return [
        fmpq_poly(zero * spare + coefficients[start:end], denominator)
        for spare, (start, end) in zip(
            layout.spare, pairwise(layout.starts), strict=True
        )
    ]


@dataclass(frozen=True, slots=True)
class _Part:
    """Successive rows of a series.

    Attributes:
        first: the number of the first of them.
        rows: the rows.
    """

    first: int
    rows: Sequence[fmpq_poly]

    def split(self, count: int) -> tuple["_Part", "_Part"]:
        """The first rows and the others."""
        return (
            _Part(self.first, self.rows[:count]),
            _Part(self.first + count, self.rows[count:]),
        )


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the rows of factors and product stand.

    Attributes:
        starts: the exponent of z with which the segment of each row starts, and the
            exponent at which the last one ends.
        spare: the powers of x that all rows have, in front of their segments.
    """

    starts: list[int]
    spare: list[int]

    @classmethod
    def of(
        cls, scale: Scale, f: Sequence[fmpq_poly], g: Sequence[fmpq_poly], keep: int
    ) -> "_Layout":
        """The layout for a product of so many rows."""
        factor = fmpz_poly([-scale.centre, 1])
        slope = Fraction(0)
        if factor in scale.factors:
            slope = scale.slopes[scale.factors.index(factor)]
        least = _least_slope(slope, Fraction(1, scale.period), f, g)
        shifts = [_floor(least, n) for n in range(keep + 1)]
        spare = [_floor(slope, n) - shift for n, shift in enumerate(shifts[:-1])]
        steps = max(b - a for a, b in pairwise(shifts))
        # A carry adds a power of x; behind each row there is room for the next shift.
        stride = _degree_bound(spare, f, g, keep) + 2 + steps
        return cls([stride * n - shift for n, shift in enumerate(shifts)], spare)

    def product(self, f: _Part, g: _Part) -> tuple[fmpz, fmpz_poly]:
        """Denominator and numerator, counted from where the first rows start."""
        count = len(self.spare) - f.first - g.first
        half = -(-count // 2)
        more = min(len(f.rows), len(g.rows)) - half
        if count < SPLIT or _WORTHWHILE * more < half:
            return self._direct(f, g)
        low, high = f.split(half)
        later = self.starts[high.first] - self.starts[f.first]
        if f is g:
            denominator, cross = self.product(low, high)
            terms = [(0, *self.product(low, low)), (later, denominator, 2 * cross)]
        else:
            below, above = g.split(half)
            terms = [
                (0, *self.product(low, below)),
                (
                    self.starts[above.first] - self.starts[g.first],
                    *self.product(low, above),
                ),
                (later, *self.product(high, below)),
            ]
        common = fmpz(1)
        for _, denominator, _ in terms:
            common = common.lcm(denominator)
        total = fmpz_poly([0])
        for shift, denominator, value in terms:
            scaled = value if denominator == common else value * (common // denominator)
            total += scaled.left_shift(shift) if shift else scaled
        return common, total

    def _direct(self, f: _Part, g: _Part) -> tuple[fmpz, fmpz_poly]:
        below, x = self._packed(f)
        above, y = (below, x) if f is g else self._packed(g)
        start = self.starts[f.first] + self.starts[g.first]
        return below * above, x.mul_low(y, self.starts[-1] - start)

    def _packed(self, part: _Part) -> tuple[fmpz, fmpz_poly]:
        """A common denominator, and the numerators as segments of one polynomial."""
        common, zero = fmpz(1), fmpz(0)
        for row in part.rows:
            common = common.lcm(row.denom())
        coefficients: list[fmpz] = []
        for n, row in enumerate(part.rows, part.first):
            start = self.starts[n] - self.starts[part.first]
            coefficients += [zero] * (start - len(coefficients))
            numerator = row.numer() * (common // row.denom())
            coefficients += numerator.coeffs()[self.spare[n] :]
        return common, fmpz_poly(coefficients)


def _floor(slope: Fraction, n: int) -> int:
    return slope.numerator * n // slope.denominator


def _least_slope(
    slope: Fraction, step: Fraction, f: Sequence[fmpq_poly], g: Sequence[fmpq_poly]
) -> Fraction:
    """The least slope that the rows allow, in steps down from the one of the scale."""
    known: list[tuple[int, int]] = []
    for rows in (f, g):
        for n, row in enumerate(rows):
            most = _floor(slope, n)
            if row and most:
                known.append((n, _zeros(row, most)))
    fitting, smaller = slope, slope - step
    while smaller >= 0 and all(
        _floor(slope, n) - _floor(smaller, n) <= zeros for n, zeros in known
    ):
        fitting, smaller = smaller, smaller - step
    return fitting


def _zeros(row: fmpq_poly, most: int) -> int:
    """How many of the first coefficients are zero, counted up to ``most``."""
    count = 0
    while count < most and row[count] == 0:
        count += 1
    return count


def _degree_bound(
    spare: Sequence[int], f: Sequence[fmpq_poly], g: Sequence[fmpq_poly], keep: int
) -> int:
    """A bound for the degrees of f_i, of g_j, and of f_i g_j with i + j < keep."""
    highest, so_far = [], 0
    for i, row in enumerate(f):
        so_far = max(so_far, row.degree() - spare[i])
        highest.append(so_far)
    bound = so_far
    for j, row in enumerate(g):
        partner = highest[min(keep - 1 - j, len(f) - 1)]
        bound = max(bound, row.degree() - spare[j] + partner)
    return bound
