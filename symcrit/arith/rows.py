r"""Products, quotients and roots of series, as lists of coefficients.

A list h_0, h_1, ... of ``rows`` stands for the sum of q^(-floor(a n)) h_n t^n over a
scale: see ``symcrit.arith.domains``.

*Long products* are products of integer polynomials: see ``symcrit.arith.packing``.

*Long quotients and roots* are found by halves.  With f = f_0 + t^m f_1 and so on, the
quotient u / f has u_0 / f_0 as its first m rows, and then the quotient of what is left,
(u - (u / f)_0 f)_1, by f.  The root s of f has the first half s_0 = root of f_0, and
s_1 = (f - s_0^2)_1 / (2 s_0) to as many terms again.  With m a multiple of the period
of the slopes, counting rows from m on changes nothing but the unit in front.

All is exact arithmetic of polynomials; no term is estimated.

Derivations: derivations/series.md.
"""

from collections.abc import Sequence

from flint import fmpq, fmpq_poly

from symcrit.arith.domains import Scale
from symcrit.arith.packing import packed_product
from symcrit.arith.surds import (
    ONE,
    Coefficient,
    Key,
    Surd,
    exact_quotient,
    multiplicity,
    root_product,
)

__all__ = [
    "divide_rows",
    "multiply_rows",
    "rebase_rows",
    "rebuild_rows",
    "root_rows",
]

LONG_PRODUCT = 500
"""So many products of rows are faster as one product; measured."""

LONG_RECURRENCE = 40
"""Quotients and roots with so many rows are found by halves; measured."""

_FEW = 2
"""A quotient by so few rows costs no more than one product by each of them."""


def multiply_rows(
    scale: Scale, f: Sequence[Coefficient], g: Sequence[Coefficient], keep: int
) -> list[Coefficient]:
    """The first rows of a product, ``keep`` of them and no more than it has."""
    if len(f) > len(g):
        f, g = g, f
    if len(f) == 1:
        head = f[0]
        return [head * row for row in g[:keep]]
    if scale.is_graded and _pairs(len(f), len(g), keep) >= LONG_PRODUCT:
        return _long_product(scale, f[:keep], g[:keep], keep)
    rows: list[Coefficient] = []
    for n in range(keep):
        low, high = max(0, n - len(g) + 1), min(n, len(f) - 1)
        if f is g:
            value = 2 * _dot(scale, f, f, n, low, (n - 1) // 2)
            if n % 2 == 0:
                value = value + _dot(scale, f, f, n, n // 2, n // 2)
        else:
            value = _dot(scale, f, g, n, low, high)
        rows.append(value)
    return rows


def divide_rows(
    scale: Scale, f: Sequence[Coefficient], monic: Sequence[Coefficient], length: int
) -> list[Coefficient]:
    """The first rows of a quotient, ``length`` of them; ``monic`` starts with 1."""
    half = _half(scale, length)
    if half < length and len(monic) > _FEW:
        low = divide_rows(scale, f[:half], monic[:half], half)
        known = multiply_rows(scale, low, monic, min(length, half + len(monic) - 1))
        rest = _difference(f[half:length], known[half:])
        return low + divide_rows(scale, rest, monic[: length - half], length - half)
    rows: list[Coefficient] = []
    zero = fmpq_poly([0])
    for n in range(length):
        value: Coefficient = f[n] if n < len(f) else zero
        last = min(n, len(monic) - 1)
        rows.append(value - _dot(scale, monic, rows, n, 1, last))
    return rows


def root_rows(
    scale: Scale, monic: Sequence[Coefficient], length: int
) -> list[Coefficient]:
    """The first rows of the root of a series that starts with 1, as it does itself."""
    zero, half = fmpq_poly([0]), _half(scale, length)
    if half < length:
        low = root_rows(scale, monic[:half], half)
        square = multiply_rows(scale, low, low, length)
        rest = _difference(monic[half:length], square[half:])
        halved = [row * fmpq(1, 2) for row in rest]
        return low + divide_rows(scale, halved, low[: length - half], length - half)
    rows: list[Coefficient] = [fmpq_poly([1])]
    for n in range(1, length):
        value: Coefficient = monic[n] if n < len(monic) else zero
        square_n = 2 * _dot(scale, rows, rows, n, 1, (n - 1) // 2)
        if n % 2 == 0:
            square_n = square_n + _dot(scale, rows, rows, n, n // 2, n // 2)
        rows.append((value - square_n) * fmpq(1, 2))
    return rows


def _half(scale: Scale, length: int) -> int:
    """At least half of a length, a multiple of the period of the slopes.

    All of it where halves are no faster.
    """
    if length < LONG_RECURRENCE or not scale.is_graded:
        return length
    return min(length, -(-length // (2 * scale.period)) * scale.period)


def _difference(
    f: Sequence[Coefficient], g: Sequence[Coefficient]
) -> list[Coefficient]:
    zero = fmpq_poly([0])
    return [
        (f[n] if n < len(f) else zero) - (g[n] if n < len(g) else zero)
        for n in range(max(len(f), len(g)))
    ]


def _dot(
    scale: Scale,
    f: Sequence[Coefficient],
    g: Sequence[Coefficient],
    n: int,
    low: int,
    high: int,
) -> Coefficient:
    """The sum of f_i g_(n-i) for i from low to high, with the carries of slopes."""
    carries = scale.carries
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
        total = total + scale.masked[mask] * value
    return total


# ------------------------------------------------------------------- long products


def _pairs(short: int, long: int, keep: int) -> int:
    """About how many pairs of rows i, j with i + j < keep there are."""
    short, long = min(short, keep), min(long, keep)
    beyond = max(0, short + long - keep)
    return short * long - beyond * beyond // 2


def _long_product(
    scale: Scale, f: Sequence[Coefficient], g: Sequence[Coefficient], keep: int
) -> list[Coefficient]:
    """The product, root by root."""
    left = _by_root(f)
    right = left if f is g or _same(f, g) else _by_root(g)
    totals: dict[Key, list[fmpq_poly]] = {}
    for root, x in left.items():
        for other, y in right.items():
            key, outside = root_product(scale, root, other)
            rows = packed_product(scale, x, y, keep)
            if outside.degree() > 0 or outside[0] != 1:
                rows = [row * outside for row in rows]
            if key in totals:
                rows = [a + b for a, b in zip(totals[key], rows, strict=True)]
            totals[key] = rows
    if set(totals) <= {ONE}:
        return list(totals.get(ONE, [fmpq_poly([0])] * keep))
    return [
        Surd(scale, {key: rows[n] for key, rows in totals.items()}) for n in range(keep)
    ]


def _same(f: Sequence[Coefficient], g: Sequence[Coefficient]) -> bool:
    return len(f) == len(g) and all(x is y for x, y in zip(f, g, strict=True))


def _by_root(rows: Sequence[Coefficient]) -> dict[Key, list[fmpq_poly]]:
    """The rows of the polynomials that multiply each root."""
    zero = fmpq_poly([0])
    found: dict[Key, list[fmpq_poly]] = {}
    for n, row in enumerate(rows):
        parts = row.parts if isinstance(row, Surd) else {ONE: row}
        for key, value in parts.items():
            found.setdefault(key, [zero] * len(rows))[n] = value
    return found


# ------------------------------------------------------------------ another first row


def rebase_rows(
    scale: Scale, unit: tuple[int, ...], rows: Sequence[Coefficient], start: int
) -> tuple[tuple[int, ...], Sequence[Coefficient]]:
    """Count the rows from a later first term, keeping them polynomial."""
    floors = scale.floors(start)
    unit = tuple(u - a for u, a in zip(unit, floors, strict=True))
    carries = scale.carries[start % scale.period]
    for index in range(len(unit)):
        ones = [carries[n % len(carries)] >> index & 1 for n in range(len(rows))]
        if not any(ones):
            continue
        factor = scale.polynomials[index]
        divided = [
            exact_quotient(row, factor) if one else row
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


# ------------------------------------------------------------------- another scale


def rebuild_rows(
    old: Scale, new: Scale, unit: tuple[int, ...], rows: Sequence[Coefficient]
) -> tuple[tuple[int, ...], list[Coefficient]] | None:
    """The rows of the same series over another scale, with the least unit in front.

    Returns:
        None if the new scale lacks a factor that does not cancel.
    """
    place = [new.factors.index(q) if q in new.factors else None for q in old.factors]
    moved = [_over_other_factors(old, new, place, row) for row in rows]
    found = [row for row in moved if row is not None]
    if len(found) < len(rows):
        return None
    exponents = [0] * len(new.factors)
    for index, (j, u) in enumerate(zip(place, unit, strict=True)):
        factor = new.of_pi(fmpq_poly(old.factors[index]))
        left = [
            u - old.floors(n)[index] + (0 if j is None else new.floors(n)[j])
            for n in range(len(rows))
        ]
        if j is not None:
            exponents[j] = _least_exponent(found, factor, left)
            left = [e - exponents[j] for e in left]
        times = [
            _times_power(row, factor, e) for row, e in zip(found, left, strict=True)
        ]
        found = [row for row in times if row is not None]
        if len(found) < len(rows):
            return None
    for j, q in enumerate(new.polynomials):
        if j not in place:
            found = [row * q ** new.floors(n)[j] for n, row in enumerate(found)]
    return tuple(exponents), found


def _times_power(row: Coefficient, factor: fmpq_poly, e: int) -> Coefficient | None:
    """A coefficient times a power of a polynomial, or None if that is none."""
    if e == 0 or not row:
        return row
    return row * factor**e if e > 0 else exact_quotient(row, factor**-e)


def _over_other_factors(
    old: Scale, new: Scale, place: Sequence[int | None], row: Coefficient
) -> Coefficient | None:
    """The same coefficient, with its roots named after the factors of another scale."""
    if not isinstance(row, Surd):
        return row if old.centre == new.centre else new.of_pi(old.in_pi(row))
    masks = {mask for _, mask in row.parts}
    if any(j is None and m >> i & 1 for i, j in enumerate(place) for m in masks):
        return None
    return row.in_scale(new, [j or 0 for j in place])


def _least_exponent(
    rows: Sequence[Coefficient], factor: fmpq_poly, exponents: Sequence[int]
) -> int:
    """The least exponent of a factor in the rows times its powers; 0 for no row."""
    least: int | None = None
    for row, e in zip(rows, exponents, strict=True):
        if row and (least is None or e < least):
            most = None if least is None else least - e
            exponent = e + multiplicity(row, factor, most)
            least = exponent if least is None else min(least, exponent)
    return least or 0
