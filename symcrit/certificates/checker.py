#!/usr/bin/env python3
r"""Check a certificate of a critical point, trusting nothing but this file and Python.

This file stands alone: it needs Python's standard library only, imports nothing of the
package that wrote the certificate, and states every formula a second time, by another
route.  Copy it anywhere and run ``python checker.py CERT.json``.  The format and all
arguments are explained in docs/certificate-format.md.

1. *Numbers* are balls m 2^-p +- r 2^-p with integers m and r; every operation rounds
   outward.  Nothing here is a float.
2. *Kernels*: gradient and second derivatives in terms of the two vectors.
3. *Patterns*: orbits of rows, columns and pairs.  Directions of the Hessian are
   compressed matrices: a few points get labels of their own, the others stay anonymous
   with their number, so the size k of the problem does not matter.
4. *The landscape*: loss, gradient and the bilinear form of the Hessian.
5. *Components*: a basis of adapted matrices for each isotypic component.
6. *Linear algebra*: inertia, and Krawczyk's operator.
7. *Reading* a certificate; 8. *Checking* it; 9. *Tubes*: critical points for all k of
   an interval; 10. *near infinity*: for all k from some k on, with exact series; 11.
   *theorems*: both joined; 12. the command line.

The answer is VERIFIED if everything claimed was established again, REJECTED if some
recorded value is false, UNKNOWN otherwise.
"""

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import groupby, pairwise, zip_longest
from math import gcd, isqrt
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Protocol, TypeAlias

SCHEMA = "symcrit/certificate@1"
_BAD_HASH = "the SHA-256 does not fit the content"


class BadCertificate(Exception):
    """The file is no well-formed certificate."""


class Refuted(Exception):
    """A recorded value is false."""


class Open(Exception):
    """Something could not be established."""


# ------------------------------------------------------------------ 1. numbers


class Ball:
    """All real numbers from (m - r) 2^-p to (m + r) 2^-p.

    Results of operations contain the results for all numbers in the operands.  Integer
    and fraction operands are exact.  Balls of different precision must not be mixed.
    """

    __slots__ = ("m", "p", "r")

    def __init__(self, p: int, m: int, r: int = 0) -> None:
        self.p, self.m, self.r = p, m, r

    def __repr__(self) -> str:
        return f"Ball({self.p}, {self.m}, {self.r})"

    def __add__(self, other: "Ball | int") -> "Ball":
        if isinstance(other, Ball):
            return Ball(self.p, self.m + other.m, self.r + other.r)
        return Ball(self.p, self.m + (other << self.p), self.r)

    __radd__ = __add__

    def __neg__(self) -> "Ball":
        return Ball(self.p, -self.m, self.r)

    def __sub__(self, other: "Ball | int") -> "Ball":
        if isinstance(other, Ball):
            return Ball(self.p, self.m - other.m, self.r + other.r)
        return Ball(self.p, self.m - (other << self.p), self.r)

    def __rsub__(self, other: int) -> "Ball":
        return Ball(self.p, (other << self.p) - self.m, self.r)

    def __mul__(self, other: "Ball | int | Fraction") -> "Ball":
        p, m, r = self.p, self.m, self.r
        if isinstance(other, Ball):
            n, s = other.m, other.r
            t = m * n
            if r or s:
                # floor of the midpoint: < 1; floor of the radius: < 1
                return Ball(p, t >> p, ((abs(m) * s + abs(n) * r + r * s) >> p) + 2)
            q = t >> p
            return Ball(p, q, int(q << p != t))
        if isinstance(other, int):
            return Ball(p, m * other, r * abs(other))
        top, bottom = other.numerator, other.denominator
        return Ball(p, m * top, r * abs(top)) / bottom

    __rmul__ = __mul__

    def __truediv__(self, other: "Ball | int") -> "Ball":
        p, m, r = self.p, self.m, self.r
        if not isinstance(other, Ball):
            q = m // other
            rounding = int(q * other != m)
            return Ball(p, q, -(-r // abs(other)) + rounding)
        n, s = other.m, other.r
        least = abs(n) - s
        if least <= 0:
            message = "a divisor may be zero"
            raise Open(message)
        q = (m << p) // n
        if r or s:
            # |x/y - m/n| = |(x-m) n - m (y-n)| / (|n| |y|)
            spread = ((abs(m) * s + abs(n) * r) << p) // (abs(n) * least)
            return Ball(p, q, spread + 2)
        return Ball(p, q, int(q * n != m << p))

    def __rtruediv__(self, other: int) -> "Ball":
        return Ball(self.p, other << self.p) / self

    def sqrt(self) -> "Ball":
        """The root of a number that is known to be nonnegative.

        Numbers of the ball below zero are disregarded for that reason.
        """
        low, high = max(self.m - self.r, 0), self.m + self.r
        if high < 0:
            message = "a radicand is negative"
            raise Open(message)
        return _between(self.p, isqrt(low << self.p), _root_above(high << self.p))

    @property
    def positive(self) -> bool:
        """Whether all numbers of the ball are positive."""
        return self.m > self.r

    @property
    def negative(self) -> bool:
        """Whether all numbers of the ball are negative."""
        return -self.m > self.r

    @property
    def is_zero(self) -> bool:
        """Whether the ball is exactly {0}."""
        return not self.m and not self.r

    def widened(self, by: "Ball") -> "Ball":
        """The ball of all x + y with |y| at most some number of ``by``."""
        return Ball(self.p, self.m, self.r + max(by.m + by.r, 0))

    def ends(self) -> tuple[Fraction, Fraction]:
        """The least and the greatest number."""
        one = 1 << self.p
        return Fraction(self.m - self.r, one), Fraction(self.m + self.r, one)


def _between(p: int, low: int, high: int) -> Ball:
    middle = (low + high) >> 1
    return Ball(p, middle, high - middle)


def _root_above(x: int) -> int:
    root = isqrt(x)
    return root + (root * root < x)


class Balls:
    """The balls of one precision, as a system of numbers.

    Formulas below ask a system of numbers for ``exact``, ``pi`` and ``angle``, and its
    elements for + - * / and ``sqrt``, and nothing else: any class that answers these,
    such as truncated series with balls as coefficients, can take the place of balls.
    """

    def __init__(self, p: int) -> None:
        self.p = p
        self.pi = _pi(p)
        self.over_two_pi = 1 / (2 * self.pi)

    def exact(self, q: "int | Fraction | Ball") -> Ball:
        """A ball around a rational number, a single point where that is possible."""
        if isinstance(q, Ball):
            return q
        return Ball(self.p, q.numerator << self.p) / q.denominator

    def angle(self, s: Ball, c: Ball) -> Ball:
        """The angle in [0, pi] of the vector (c, s) with s >= 0."""
        if abs(c.m) < s.m:
            return self.pi / 2 - arctangent(c / s)
        if not (c.positive or c.negative):
            message = "an angle is undetermined"
            raise Open(message)
        slope = arctangent(s / c)
        return slope if c.positive else self.pi + slope


_HALVINGS = 4


def arctangent(x: Ball) -> Ball:
    """The arctangent, quick for |x| up to about 1.

    Its derivative is at most 1, so the radius of ``x`` is carried over.  The midpoint
    is halved in angle by x -> x / (1 + sqrt(1 + x^2)) and put into the series; what is
    cut off an alternating series with falling terms is below the first term left out.
    """
    y = Ball(x.p, x.m)
    for _ in range(_HALVINGS):
        y = y / (1 + (1 + y * y).sqrt())
    square = -(y * y)
    total, power, n = y, y, 1
    while abs(power.m) + power.r > 1 and abs(power.m) > power.r:
        power, n = power * square, n + 2
        total = total + power / n
    total = total.widened(Ball(x.p, abs(power.m), power.r))
    return Ball(x.p, total.m << _HALVINGS, (total.r << _HALVINGS) + x.r)


@lru_cache(maxsize=64)
def _pi(p: int) -> Ball:
    """Pi by Machin's formula, with 32 guard bits.

    Each of the fewer than 2^20 terms is off by less than 2, and so is what is cut off.
    """
    guard = 32

    def inverse(n: int) -> int:
        power, total, j = (1 << (p + guard)) // n, 0, 0
        while power:
            total += (-1) ** j * (power // (2 * j + 1))
            power, j = power // (n * n), j + 1
        return total

    return Ball(p, (16 * inverse(5) - 4 * inverse(239)) >> guard, 2)


# ------------------------------------------------------------------ 2. kernels


Seen: TypeAlias = tuple[Ball, ...]
"""A direction at one vector of a pair, as the kernel keeps it."""

Number: TypeAlias = Fraction | int

Pair: TypeAlias = tuple[Ball, ...]
"""What a kernel computes once for a pair of vectors."""


class Kernel(Protocol):
    """A function kappa(w, v) of |w|^2 = a, |v|^2 = b and <w, v> = c.

    ``pair`` works out once what the others need of two vectors.  A direction u at w
    is known by <w, u>, <v, u> and <u, u>; ``at_first`` and ``at_second`` prepare it, as
    a direction at w or at v, for the second derivatives ``same`` and ``mixed``.
    """

    needs_sine: bool

    def pair(self, lib: Balls, a: Ball, b: Ball, c: Ball, s2: Ball) -> Pair:
        """What value and derivatives share; s2 is ab - c^2."""
        ...

    def value(self, pair: Pair) -> Ball:
        """The value kappa(w, v)."""
        ...

    def slope(self, pair: Pair) -> tuple[Ball, Ball]:
        """The numbers alpha and gamma in d/dw kappa = alpha w + gamma v."""
        ...

    def at_first(self, pair: Pair, w: Ball, v: Ball, square: Ball) -> Seen:
        """A direction at w."""
        ...

    def at_second(self, pair: Pair, w: Ball, v: Ball, square: Ball) -> Seen:
        """A direction at v."""
        ...

    def same(self, pair: Pair, u: Seen, x: Seen, inner: Number) -> Ball:
        """The second derivative in two directions at w with the inner product."""
        ...

    def mixed(self, pair: Pair, u: Seen, x: Seen, inner: Number) -> Ball:
        """The second derivative in u at w and x at v."""
        ...

    def own(self, lib: Balls, a: Ball) -> Ball:
        """Half of kappa(w, w)."""
        ...

    def own_slope(self, lib: Balls, a: Ball) -> Ball:
        """The gradient of that, divided by w."""
        ...

    def own_second(self, lib: Balls, a: Ball, u: Ball, x: Ball, inner: Number) -> Ball:
        """The second derivative of that, for directions with <w, u> and <w, x>."""
        ...


class Relu:
    """The kernel kappa = (s + (pi - theta) c) / (2 pi), s = |w| |v| sin theta.

    With the parts r = v - (c/a) w and q = w - (c/b) v of each vector at right angles to
    the other the derivatives are, in units of 1 / (2 pi),

        gradient  (s/a) w + (pi - theta) v
        u, u'     (s/a) (<u,u'> - <w,u> <w,u'> / a) + <r,u> <r,u'> / s
        u, x      (pi - theta) <u,x> + (<q,x> <v,u> + <r,x> <w,u>) / s

    The first second derivative is at most 2 (s/a) |u| |u'|, the last term of the other
    at most s / sqrt(ab) |u| |x|: both vanish at parallel vectors, and these bounds are
    used where s may be zero.
    """

    needs_sine = True

    def pair(self, lib: Balls, a: Ball, b: Ball, c: Ball, s2: Ball) -> Pair:
        """Three numbers for value and slope, then five, or two where s may be zero."""
        s, unit = s2.sqrt(), lib.over_two_pi
        rest = (lib.pi - lib.angle(s, c)) * unit
        value = s * unit + rest * c
        if s2.is_zero:
            return value, s2, rest, s2, s2
        alpha = s * unit / a
        if not s.positive:
            return value, alpha, rest, 2 * alpha, s * unit / (a * b).sqrt()
        return value, alpha, rest, alpha / a, unit / s, c / a, c / b

    def value(self, pair: Pair) -> Ball:
        """The value kappa(w, v)."""
        return pair[0]

    def slope(self, pair: Pair) -> tuple[Ball, Ball]:
        """The numbers alpha and gamma in d/dw kappa = alpha w + gamma v."""
        return pair[1], pair[2]

    def at_first(self, pair: Pair, w: Ball, v: Ball, square: Ball) -> Seen:
        """The products with w, v and r, two of them also times their factors."""
        if len(pair) == _PARALLEL:
            return (square,)
        _, _, _, curve, over_s, c_a, _ = pair
        r = v - c_a * w
        return w, v, r, curve * w, over_s * r

    def at_second(self, pair: Pair, w: Ball, v: Ball, square: Ball) -> Seen:
        """The products with r and q, divided by s."""
        if len(pair) == _PARALLEL:
            return (square,)
        _, _, _, _, over_s, c_a, c_b = pair
        return over_s * (v - c_a * w), over_s * (w - c_b * v)

    def same(self, pair: Pair, u: Seen, x: Seen, inner: Number) -> Ball:
        """The second derivative in two directions at w."""
        if len(pair) == _PARALLEL:
            return _bounded(pair[3], u, x)
        found = u[4] * x[2] - u[3] * x[0]
        return found + pair[1] * inner if inner else found

    def mixed(self, pair: Pair, u: Seen, x: Seen, inner: Number) -> Ball:
        """The second derivative in u at w and x at v."""
        if len(pair) == _PARALLEL:
            return pair[2] * inner + _bounded(pair[4], u, x)
        found = x[0] * u[0] + x[1] * u[1]
        return found + pair[2] * inner if inner else found

    def own(self, lib: Balls, a: Ball) -> Ball:
        """Half of kappa(w, w)."""
        return a / 4

    def own_slope(self, lib: Balls, a: Ball) -> Ball:
        """The gradient of that, divided by w."""
        return lib.exact(1) / 2

    def own_second(self, lib: Balls, a: Ball, u: Ball, x: Ball, inner: Number) -> Ball:
        """The second derivative of that."""
        return lib.exact(1) / 2 * inner


_PARALLEL = 5
"""The length of a pair of the ReLU kernel whose vectors may be parallel."""


def _bounded(factor: Ball, u: Seen, x: Seen) -> Ball:
    """All numbers up to a factor times |u| |x| in absolute value."""
    if factor.is_zero:
        return factor
    return Ball(factor.p, 0).widened(factor * (u[0] * x[0]).sqrt())


class Power:
    """The kernel kappa = c^m."""

    needs_sine = False

    def __init__(self, m: int) -> None:
        self.m = m

    def pair(self, lib: Balls, a: Ball, b: Ball, c: Ball, s2: Ball) -> Pair:
        """The kernel and its first and second derivative by c."""
        m, low = self.m, _power(lib, c, self.m - 2)
        return low * c * c, m * (low * c), m * (m - 1) * low, lib.exact(0)

    def value(self, pair: Pair) -> Ball:
        """The value kappa(w, v)."""
        return pair[0]

    def slope(self, pair: Pair) -> tuple[Ball, Ball]:
        """The numbers alpha and gamma in d/dw kappa = alpha w + gamma v."""
        return pair[3], pair[1]

    def at_first(self, pair: Pair, w: Ball, v: Ball, square: Ball) -> Seen:
        """The product with v, also times the second derivative."""
        return v, pair[2] * v

    def at_second(self, pair: Pair, w: Ball, v: Ball, square: Ball) -> Seen:
        """The product with w."""
        return (w,)

    def same(self, pair: Pair, u: Seen, x: Seen, inner: Number) -> Ball:
        """The second derivative in two directions at w."""
        return u[1] * x[0]

    def mixed(self, pair: Pair, u: Seen, x: Seen, inner: Number) -> Ball:
        """The second derivative in u at w and x at v."""
        return u[1] * x[0] + pair[1] * inner

    def own(self, lib: Balls, a: Ball) -> Ball:
        """Half of kappa(w, w)."""
        return _power(lib, a, self.m) / 2

    def own_slope(self, lib: Balls, a: Ball) -> Ball:
        """The gradient of that, divided by w."""
        return self.m * _power(lib, a, self.m - 1)

    def own_second(self, lib: Balls, a: Ball, u: Ball, x: Ball, inner: Number) -> Ball:
        """The second derivative of that."""
        m, low = self.m, _power(lib, a, self.m - 2)
        return 2 * m * (m - 1) * (low * (u * x)) + m * (low * a) * inner


def _power(lib: Balls, x: Ball, m: int) -> Ball:
    result = lib.exact(1)
    for _ in range(m):
        result = result * x
    return result


def kernel_named(name: str) -> Kernel:
    """The kernel ``relu``, or ``c^m`` with m from 2 to 9."""
    if name == "relu":
        return Relu()
    if re.fullmatch(r"c\^[2-9]", name):
        return Power(int(name[2]))
    message = f"unknown kernel {name!r}; known are relu and c^2 ... c^9"
    raise BadCertificate(message)


# ----------------------------------------------------------------- 3. patterns

Orbit: TypeAlias = tuple[int, int, str]
"""An orbit of entries: block of rows, block of columns, and d, o or m."""

Count: TypeAlias = Any
"""A number of points: an integer, a fraction, or an element of a system of numbers."""

Labels: TypeAlias = Mapping[str, int]
"""How many points of each group are told apart."""


class Point(NamedTuple):
    """A row or column: its block, and its label within a natural set."""

    block: int
    label: int


@dataclass(frozen=True)
class Pattern:
    """A product of symmetric groups, acting on rows, columns and targets.

    Each block is a trivial point (None) or a natural set of the group of that name.
    """

    sizes: Mapping[str, Count]
    rows: tuple[str | None, ...]
    columns: tuple[str | None, ...]
    targets: tuple[str | None, ...]

    @property
    def formal(self) -> bool:
        """Whether some size is no integer."""
        return not all(isinstance(n, int) for n in self.sizes.values())

    def points(
        self, blocks: Sequence[str | None], used: Labels
    ) -> Iterator[tuple[Point, Count, Labels]]:
        """The orbits of points under the permutations that fix the labels in use.

        Yields a representative, the size of the orbit and the labels then in use.
        """
        for b, group in enumerate(blocks):
            if group is None:
                yield Point(b, 0), 1, used
                continue
            taken = used.get(group, 0)
            for label in range(taken):
                yield Point(b, label), 1, used
            rest = self.sizes[group] - taken
            if not isinstance(rest, int) or rest:
                yield Point(b, taken), rest, {**used, group: taken + 1}

    def orbits(self, blocks: Sequence[str | None]) -> Iterator[Orbit]:
        """The orbits of entries (block, column), row by row."""
        for b, row in enumerate(blocks):
            for c, column in enumerate(self.columns):
                same = row is not None and row == column
                for kind in "do" if same else "m":
                    yield b, c, kind

    def orbit(self, blocks: Sequence[str | None], i: Point, p: Point) -> Orbit:
        """The orbit of one entry."""
        group = blocks[i.block]
        if group is None or group != self.columns[p.block]:
            return i.block, p.block, "m"
        return i.block, p.block, "d" if i.label == p.label else "o"

    def name(self, blocks: Sequence[str | None], orbit: Orbit) -> str:
        """The name of an orbit of entries, with the short names of diagonals."""
        b, c, kind = orbit
        diagonal = tuple(self.rows) == tuple(self.columns) == tuple(blocks)
        if diagonal and b == c:
            return f"{'o' if kind == 'o' else 'a'}_{b + 1}"
        return f"{kind}_{b + 1}_{c + 1}"

    def number_of(self, blocks: Sequence[str | None]) -> Count:
        """The number of points of all blocks."""
        return sum(1 if g is None else self.sizes[g] for g in blocks)

    def cells(self, orbit: Orbit) -> Count:
        """The number of entries of an orbit of entries of W."""
        b, c, kind = orbit
        row, column = self.rows[b], self.columns[c]
        n = 1 if row is None else self.sizes[row]
        if kind == "d":
            return n
        if kind == "o":
            return n * (n - 1)
        return n * (1 if column is None else self.sizes[column])


_MAX_BLOCKS = 200
_MAX_TEXT = 20000
_MAX_DIGITS = 4000
_MAX_DEPTH = 50
"""Longer patterns and numbers, and deeper parentheses, are refused."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TOKEN = re.compile(r"([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[-+*/()])")


class _Size:
    """Reads sizes such as k-1 and (d-k)/2, and notes which variables occur."""

    def __init__(self, text: str, variables: Mapping[str, Fraction]) -> None:
        self.text, self.variables = text, variables
        self.used: set[str] = set()
        self.tokens = _TOKEN.findall(text)
        if "".join(self.tokens) != "".join(text.split()):
            self.fail()
        self.tokens.append("")

    def fail(self) -> Any:
        message = f"the pattern has a size {self.text!r:.60}, which cannot be read"
        raise BadCertificate(message)

    def read(self) -> Fraction:
        value = self.sum(0)
        return value if self.tokens[0] == "" else self.fail()

    def sum(self, depth: int) -> Fraction:
        total = self.product(depth)
        while self.tokens[0] in ("+", "-"):
            sign = 1 if self.tokens.pop(0) == "+" else -1
            total += sign * self.product(depth)
        return total

    def product(self, depth: int) -> Fraction:
        total = self.atom(depth)
        while self.tokens[0] in ("*", "/"):
            divide = self.tokens.pop(0) == "/"
            factor = self.atom(depth)
            if divide and not factor:
                self.fail()
            total = total / factor if divide else total * factor
        return total

    def atom(self, depth: int) -> Fraction:
        token = self.tokens.pop(0) if self.tokens[0] else self.fail()
        if depth > _MAX_DEPTH or len(token) > _MAX_DIGITS:
            self.fail()
        if token == "-":
            return -self.atom(depth + 1)
        if token == "(":
            value = self.sum(depth + 1)
            return value if self.tokens.pop(0) == ")" else self.fail()
        if token.isdigit():
            return Fraction(int(token))
        if token not in self.variables:
            self.fail()
        self.used.add(token)
        return self.variables[token]


class _PatternReader:
    """Reads the text of a pattern at given values of its variables."""

    def __init__(self, text: str, variables: Mapping[str, Fraction]) -> None:
        self.text, self.variables = text, variables
        self.sizes: dict[str, Count] = {}
        self.used: set[str] = set()

    def read(self) -> Pattern:
        if len(self.text) > _MAX_TEXT:
            self.fail("is too long")
        if ":" in self.text:
            rows, columns, targets = self.long()
        else:
            rows = columns = targets = self.short()
        if max(map(len, (rows, columns, targets))) > _MAX_BLOCKS:
            self.fail(f"has more than {_MAX_BLOCKS} blocks")
        if unused := set(self.variables) - self.used:
            self.fail(f"has no variable {min(unused)!r}")
        return Pattern(self.sizes, tuple(rows), tuple(columns), tuple(targets))

    def fail(self, why: str) -> Any:
        message = f"the pattern {self.text!r:.60} {why}"
        raise BadCertificate(message)

    def group(self, name: str, text: str) -> str | None:
        """Add a group of a size; a set of one point is a trivial point."""
        size = _Size(text, self.variables)
        value = size.read()
        self.used |= size.used
        if value <= 0 or (not size.used and value.denominator != 1):
            self.fail(f"has a block of the impossible size {text}")
        if value == 1:
            return None
        whole = value.denominator == 1
        self.sizes[name] = value.numerator if whole else value
        return name

    def short(self) -> list[str | None]:
        blocks: list[str | None] = []
        for part in _split(self.text, "+"):
            if repeat := re.fullmatch(r"([0-9]{1,3})\s*\*\s*1", part):
                blocks += [None] * int(repeat[1])
            else:
                blocks.append(self.group(f"n{len(blocks) + 1}", part))
        return blocks or self.fail("is empty")

    def long(self) -> tuple[list[str | None], ...]:
        head, _, body = self.text.partition(":")
        named: dict[str, str | None] = {"1": None}
        for definition in filter(str.strip, _split(head, ",")):
            name, equals, size = (x.strip() for x in definition.partition("="))
            if not equals or not _NAME.fullmatch(name) or name in named:
                self.fail(f"does not define a size in {definition.strip()!r}")
            named[name] = self.group(name, size)
        words = body.replace("columns", "cols").replace("targets", "target").split()
        lists: dict[str, list[str | None]] = {}
        for keyword, items in zip(words[::2], words[1::2], strict=False):
            if keyword not in ("rows", "cols", "target") or keyword in lists:
                self.fail(f"cannot be read at {keyword!r}")
            lists[keyword] = [
                x for item in items.split(",") for x in self.item(item, named)
            ]
        if len(words) % 2 or not lists.get("rows") or not lists.get("cols"):
            self.fail("needs rows and cols")
        return lists["rows"], lists["cols"], lists.get("target", lists["cols"])

    def item(self, text: str, named: Mapping[str, str | None]) -> list[str | None]:
        found = re.fullmatch(r"(?:([0-9]{1,3})\*)?(\w+)", text)
        if not found or found[2] not in named:
            return self.fail(f"has no set {text!r}")  # type: ignore[no-any-return]
        return [named[found[2]]] * int(found[1] or 1)


def read_pattern(text: str, variables: Mapping[str, Fraction]) -> Pattern:
    """The pattern that a text stands for, at given values of its variables."""
    return _PatternReader(text, variables).read()


def _split(text: str, separator: str) -> list[str]:
    """Split at the separator outside parentheses."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


# ------------------------------------------------------------ 4. the landscape


@dataclass(frozen=True)
class Adapted:
    """A direction: entries of one block, by the labels of row and column."""

    row: int
    column: int
    entry: Callable[[int, int], int]


_SMALL = 16
"""An angle is small if the square of its sine may be below 1/16."""

Row: TypeAlias = Sequence[Ball]
Matrix: TypeAlias = list[list[Ball]]
Sparse: TypeAlias = list[tuple[int, Count, int]]
"""The nonzero entries of a row: which class of columns, how often, and the entry."""


class Landscape:
    """A loss at one matrix of the fixed space, or at all matrices of a box."""

    def __init__(
        self,
        lib: Balls,
        kernel: Kernel,
        pattern: Pattern,
        point: Mapping[Orbit, Ball],
        target: Mapping[Orbit, Fraction],
    ) -> None:
        self.lib, self.kernel, self.pattern = lib, kernel, pattern
        self.entries: dict[str, Mapping[Orbit, Ball]] = {
            "w": point,
            "v": {orbit: lib.exact(x) for orbit, x in target.items()},
        }
        self.blocks = {"w": pattern.rows, "v": pattern.targets}
        self.maybe_parallel: set[str] = set()
        self._pairs: dict[tuple[str, str, int, int, bool], Pair | None] = {}
        self._norms = {
            (kind, b): self._norm(kind, b)
            for kind, blocks in self.blocks.items()
            for b in range(len(blocks))
        }

    def row(
        self, kind: str, i: Point, columns: Iterable[tuple[Point, Count]]
    ) -> list[Ball]:
        """The entries of a row at classes of columns."""
        entries, blocks = self.entries[kind], self.blocks[kind]
        return [entries[self.pattern.orbit(blocks, i, p)] for p, _ in columns]

    def columns(self, used: Labels) -> list[tuple[Point, Count]]:
        """The classes of columns when some labels are in use."""
        return [(p, n) for p, n, _ in self.pattern.points(self.pattern.columns, used)]

    def _norm(self, kind: str, b: int) -> Ball:
        group = self.blocks[kind][b]
        columns = self.columns({} if group is None else {group: 1})
        row = self.row(kind, Point(b, 0), columns)
        norm = self._sum(n * (x * x) for (_, n), x in zip(columns, row, strict=True))
        if kind == "w" and self.kernel.needs_sine and not norm.positive:
            message = f"the neurons of block {b + 1} may be zero"
            raise Open(message)
        return norm

    def _sum(self, terms: Iterable[Ball]) -> Ball:
        total = self.lib.exact(0)
        for term in terms:
            total = total + term
        return total

    def pair(self, kind: str, i: Point, other: str, j: Point) -> Pair | None:
        """What the kernel knows of two vectors; None if the second is zero.

        It depends on the blocks only, and on whether the labels agree.
        """
        group = self.blocks[kind][i.block]
        shared = group is not None and group == self.blocks[other][j.block]
        same = shared and i.label == j.label
        key = (kind, other, i.block, j.block, same)
        if key not in self._pairs:
            self._pairs[key] = self._pair(*key)
        return self._pairs[key]

    def _pair(self, kind: str, other: str, b: int, c: int, same: bool) -> Pair | None:
        if "v" in (kind, other) and self._norms[other, c].is_zero:
            return None  # kappa(w, 0) = 0 for every w
        if kind == "v" and self._norms[kind, b].is_zero:
            return None
        used: dict[str, int] = {}
        if (group := self.blocks[kind][b]) is not None:
            used[group] = 1
        label = 0
        if (group := self.blocks[other][c]) is not None:
            label = 0 if same else used.get(group, 0)
            used[group] = max(used.get(group, 0), label + 1)
        columns = self.columns(used)
        x = self.row(kind, Point(b, 0), columns)
        y = self.row(other, Point(c, label), columns)
        counts = [n for _, n in columns]
        a, b_ = self._norms[kind, b], self._norms[other, c]
        inner = self._sum(n * (s * t) for n, s, t in zip(counts, x, y, strict=True))
        s2 = self.lib.exact(0)
        if self.kernel.needs_sine:
            s2 = self._sine_squared(a * b_, inner, counts, x, y)
            if "w" in (kind, other) and not s2.positive:
                self.maybe_parallel.add(f"{kind}{b + 1}, {other}{c + 1}")
        return self.kernel.pair(self.lib, a, b_, inner, s2)

    def _sine_squared(
        self, norms: Ball, inner: Ball, counts: Sequence[Count], x: Row, y: Row
    ) -> Ball:
        """|x|^2 |y|^2 - <x, y>^2.

        Where the angle is small this difference is lost in the width of a box; there it
        is taken as Lagrange's sum of squares of 2 x 2 minors.
        """
        total = norms - inner * inner
        if _SMALL * (total.m - total.r) > norms.m + norms.r:
            return total
        total = self.lib.exact(0)
        for i, n in enumerate(counts):
            for j in range(i):
                if (x[j].is_zero or y[i].is_zero) and (x[i].is_zero or y[j].is_zero):
                    continue
                minor = x[j] * y[i] - x[i] * y[j]
                total = total + (n * counts[j]) * (minor * minor)
        if self.pattern.formal and not (total.positive or total.is_zero):
            message = "at sizes that are no integers a sine may fail to be real"
            raise Open(message)
        return total

    def loss(self) -> Ball:
        """The loss, the part that depends on the target only included."""
        return self._energy("w", "w") - self._energy("w", "v") + self._energy("v", "v")

    def _energy(self, kind: str, other: str) -> Ball:
        total = self.lib.exact(0)
        for i, count, used in self.pattern.points(self.blocks[kind], {}):
            part = self.lib.exact(0)
            if kind == other:
                part = self.kernel.own(self.lib, self._norms[kind, i.block])
            for j, n, _ in self.pattern.points(self.blocks[other], used):
                if kind == other and i == j:
                    continue
                if (pair := self.pair(kind, i, other, j)) is not None:
                    value = n * self.kernel.value(pair)
                    part = part + (value / 2 if kind == other else value)
            total = total + count * part
        return total

    def neighbours(
        self, i: Point, used: Labels
    ) -> Iterator[tuple[str, Point, Count, Labels, Pair]]:
        """All vectors that the neuron i interacts with, other than itself.

        The count is negative for targets, as is their sign in the loss.
        """
        for kind, blocks in self.blocks.items():
            for j, n, after in self.pattern.points(blocks, used):
                if kind == "w" and j == i:
                    continue
                if (pair := self.pair("w", i, kind, j)) is not None:
                    yield kind, j, n if kind == "w" else -n, after, pair

    def gradient(self) -> list[Ball]:
        """The entry of the gradient at each orbit of entries."""
        orbits = list(self.pattern.orbits(self.pattern.rows))
        totals = dict.fromkeys(orbits, self.lib.exact(0))
        for i, count, used in self.pattern.points(self.pattern.rows, {}):
            own = self.kernel.own_slope(self.lib, self._norms["w", i.block])
            columns = self.columns(used)
            for (p, n), x in zip(columns, self.row("w", i, columns), strict=True):
                orbit = self.pattern.orbit(self.pattern.rows, i, p)
                totals[orbit] = totals[orbit] + (count * n) * (own * x)
            for kind, j, times, after, pair in self.neighbours(i, used):
                alpha, gamma = self.kernel.slope(pair)
                columns = self.columns(after)
                xs, ys = self.row("w", i, columns), self.row(kind, j, columns)
                for (p, n), x, y in zip(columns, xs, ys, strict=True):
                    orbit = self.pattern.orbit(self.pattern.rows, i, p)
                    term = alpha * x if y.is_zero else alpha * x + gamma * y
                    totals[orbit] = totals[orbit] + (count * times * n) * term
        return [
            divided(total, self.pattern.cells(orbit)) for orbit, total in totals.items()
        ]

    def hessian(self, directions: Sequence[Adapted], labels: Labels) -> Matrix:
        """The second derivative of the loss on all pairs of directions.

        Args:
            directions: matrices that depend on blocks and labels only.
            labels: the labels that they use.
        """
        size = len(directions)
        found = [[self.lib.exact(0)] * size for _ in range(size)]
        by_row: dict[int, list[int]] = {}
        for q, direction in enumerate(directions):
            by_row.setdefault(direction.row, []).append(q)
        for i, count, used in self.pattern.points(self.pattern.rows, labels):
            here = by_row.get(i.block, [])
            if not here:
                continue
            part = _Part(self, directions, i, here)
            part.add_own(used)
            for kind, j, times, after, pair in self.neighbours(i, used):
                part.add_pair(pair, kind, j, times, after, by_row.get(j.block, []))
            for (q, r), value in part.values.items():
                found[q][r] = found[q][r] + count * value
        for q in range(size):
            for r in range(q):
                found[q][r] = found[r][q]
        return found


def divided(x: Any, n: Count) -> Any:
    """A number divided by a count, exactly where the count is a fraction."""
    return x * (1 / n) if isinstance(n, Fraction) else x / n


class _Part:
    """What one neuron contributes to the second derivatives, above the diagonal."""

    def __init__(
        self,
        land: Landscape,
        directions: Sequence[Adapted],
        i: Point,
        here: Sequence[int],
    ) -> None:
        self.land, self.directions, self.i, self.here = land, directions, i, here
        self.values: dict[tuple[int, int], Ball] = {}

    def _sparse(self, q: int, i: Point, columns: list[tuple[Point, Count]]) -> Sparse:
        u = self.directions[q]
        found = []
        for at, (p, n) in enumerate(columns):
            if p.block == u.column and (value := u.entry(i.label, p.label)):
                found.append((at, n, value))
        return found

    def _add(self, q: int, r: int, value: Ball) -> None:
        known = self.values.get((q, r))
        self.values[q, r] = value if known is None else known + value

    def _dot(self, u: Sparse, x: Sequence[Ball]) -> Ball:
        if len(u) == 1:
            ((at, n, value),) = u
            return x[at] if n * value == 1 else (n * value) * x[at]
        return self.land._sum((n * value) * x[at] for at, n, value in u)

    def add_own(self, used: Labels) -> None:
        """The second derivative of half of kappa(w, w)."""
        land = self.land
        columns = land.columns(used)
        row = land.row("w", self.i, columns)
        us = {q: self._sparse(q, self.i, columns) for q in self.here}
        dots = {q: self._dot(u, row) for q, u in us.items()}
        a = land._norms["w", self.i.block]
        for q, u in us.items():
            for r, x in us.items():
                if q <= r and u and x:
                    value = land.kernel.own_second(
                        land.lib, a, dots[q], dots[r], _inner(u, x)
                    )
                    self._add(q, r, value)

    def add_pair(
        self,
        pair: Pair,
        kind: str,
        j: Point,
        times: Count,
        used: Labels,
        there: Sequence[int],
    ) -> None:
        """The second derivatives of kappa(w_i, w_j) or kappa(w_i, v_j)."""
        kernel, columns = self.land.kernel, self.land.columns(used)
        left = self._look(self.here, self.i, kind, j, columns, pair, kernel.at_first)
        for q, u, seen in left:
            for r, x, other in left:
                if q <= r:
                    value = kernel.same(pair, seen, other, _inner(u, x))
                    self._add(q, r, times * value)
        if kind == "v" or not left:
            return
        right = self._look(there, j, kind, j, columns, pair, kernel.at_second)
        for r, x, other in right:
            for q, u, seen in left:
                if q <= r:
                    value = kernel.mixed(pair, seen, other, _inner(u, x))
                    self._add(q, r, times * value)

    def _look(
        self,
        directions: Sequence[int],
        at: Point,
        kind: str,
        j: Point,
        columns: list[tuple[Point, Count]],
        pair: Pair,
        prepare: Callable[[Pair, Ball, Ball, Ball], Seen],
    ) -> list[tuple[int, Sparse, Seen]]:
        """The directions that do not vanish at one vector of the pair (i, j)."""
        w = self.land.row("w", self.i, columns)
        v = self.land.row(kind, j, columns)
        found = []
        for q in directions:
            if u := self._sparse(q, at, columns):
                square = self.land.lib.exact(_inner(u, u))
                seen = prepare(pair, self._dot(u, w), self._dot(u, v), square)
                found.append((q, u, seen))
        return found


def _inner(u: Sparse, x: Sparse) -> Count:
    if len(u) == 1 and len(x) == 1:
        return u[0][1] * u[0][2] * x[0][2] if u[0][0] == x[0][0] else 0
    entries = {at: value for at, _, value in x}
    return sum(n * value * entries.get(at, 0) for at, n, value in u)


# --------------------------------------------------------------- 5. components


@dataclass(frozen=True)
class Component:
    """All copies of one irreducible representation in the space of matrices.

    ``directions`` are the images of one vector under independent equivariant maps, one
    for each copy; ``labels`` are the labels that they use.
    """

    directions: tuple[Adapted, ...]
    labels: Labels
    dimension: Fraction

    def norms(self, pattern: Pattern) -> list[list[Fraction]]:
        """The inner products of the directions."""
        size = len(self.directions)
        found = [[Fraction(0)] * size for _ in range(size)]
        for i, n, used in pattern.points(pattern.rows, self.labels):
            for p, m, _ in pattern.points(pattern.columns, used):
                values = {
                    q: value
                    for q, u in enumerate(self.directions)
                    if (u.row, u.column) == (i.block, p.block)
                    and (value := u.entry(i.label, p.label))
                }
                for q, x in values.items():
                    for r, y in values.items():
                        found[q][r] += n * m * x * y
        return found


def _sign(label: int) -> int:
    """The vector e_0 - e_1 of the standard representation."""
    return (1, -1)[label] if label < 2 else 0


def _triangle(i: int, j: int) -> int:
    """Skew, with zero sums: the 3-cycle on labels 0, 1, 2."""
    if max(i, j) > 2 or i == j:
        return 0
    return 1 if (j - i) % 3 == 1 else -1


def _square(i: int, j: int) -> int:
    """Symmetric, with zero diagonal and zero sums: the alternating 4-cycle."""
    if max(i, j) > 3 or (i - j) % 2 == 0:
        return 0
    return (-1) ** min(i, j) if abs(i - j) == 1 else -1


_FORMS: Mapping[str, Callable[[int, int], int]] = {
    "d": lambda i, p: int(i == p),
    "o": lambda i, p: int(i != p),
    "m": lambda i, p: 1,
    "D": lambda i, p: _sign(i) if i == p else 0,
    "R": lambda i, p: _sign(i),
    "C": lambda i, p: _sign(p),
    "S": lambda i, p: _sign(i) * _sign(p),
    "x": _triangle,
    "y": _square,
}


def components(pattern: Pattern) -> dict[str, Component]:
    """The isotypic components that occur, by name."""
    found = {
        "1": Component(
            tuple(Adapted(b, c, _FORMS[k]) for b, c, k in pattern.orbits(pattern.rows)),
            {},
            Fraction(1),
        )
    }
    numbers = _numbers(pattern)
    half = Fraction(1, 2)
    for g, number in numbers.items():
        n = Fraction(pattern.sizes[g])
        cases = [
            ("s", 2, n - 1),
            ("x", 3, (n - 1) * (n - 2) * half),
            ("y", 4, n * (n - 3) * half),
        ]
        for letter, labels, dimension in cases:
            directions = tuple(_copies(pattern, g, letter))
            if n > labels - 1 and directions:
                found[f"{letter}_{number}"] = Component(
                    directions, {g: labels}, dimension
                )
    groups = list(numbers)
    for at, g in enumerate(groups):
        for h in groups[at + 1 :]:
            n, m = Fraction(pattern.sizes[g]), Fraction(pattern.sizes[h])
            directions = tuple(_products(pattern, g, h))
            if min(n, m) > 1 and directions:
                found[f"s_{numbers[g]}*s_{numbers[h]}"] = Component(
                    directions, {g: 2, h: 2}, (n - 1) * (m - 1)
                )
    return found


def check_filled(pattern: Pattern, found: Mapping[str, Component]) -> None:
    """Compare the dimensions of components with that of the space of matrices.

    Raises:
        Open: they do not add up to it.
    """
    total = sum(len(x.directions) * x.dimension for x in found.values())
    rows, columns = map(pattern.number_of, (pattern.rows, pattern.columns))
    if total != rows * columns:
        message = "the components do not fill the space of matrices"
        raise Open(message)


def _numbers(pattern: Pattern) -> dict[str, str]:
    """The number of each group in names of components.

    That of the first block of rows that it moves; of columns, with a c in front where
    that number stands for rows, if it moves no rows.
    """
    numbers: dict[str, str] = {}
    for b, group in enumerate(pattern.rows, 1):
        if group is not None:
            numbers.setdefault(group, str(b))
    taken = set(numbers.values())
    for c, group in enumerate(pattern.columns, 1):
        if group is not None:
            numbers.setdefault(group, f"c{c}" if str(c) in taken else str(c))
    return numbers


def _copies(pattern: Pattern, g: str, letter: str) -> Iterator[Adapted]:
    """The equivariant images of one vector of s, x or y of the group g."""
    three = pattern.sizes[g] > 2
    for b, row in enumerate(pattern.rows):
        for c, column in enumerate(pattern.columns):
            if row == g == column:
                for form in letter if letter in "xy" else "DRC" if three else "DR":
                    yield Adapted(b, c, _FORMS[form])
            elif letter == "s" and g in (row, column):
                yield Adapted(b, c, _FORMS["R" if row == g else "C"])


def _products(pattern: Pattern, g: str, h: str) -> Iterator[Adapted]:
    for b, row in enumerate(pattern.rows):
        for c, column in enumerate(pattern.columns):
            if {row, column} == {g, h}:
                yield Adapted(b, c, _FORMS["S"])


# ----------------------------------------------------------- 6. linear algebra

Integers: TypeAlias = list[list[int]]


def product(left: Integers, right: Integers) -> Integers:
    """The product of integer matrices.

    Each row of the right matrix is packed into one long integer, so that a row of the
    result takes as many multiplications as the left matrix has columns.
    """
    largest = max((abs(x) for row in right for x in row), default=0)
    factor = max(1, *(sum(map(abs, row)) for row in left))
    width = (largest * factor).bit_length() // 8 + 1
    columns = len(right[0])
    # Numbers are packed with an offset of half the range, which makes them positive.
    half = 1 << (8 * width - 1)
    offset = int.from_bytes(half.to_bytes(width, "little") * columns, "little")
    packed = [
        int.from_bytes(
            b"".join((x + half).to_bytes(width, "little") for x in row), "little"
        )
        - offset
        for row in right
    ]
    result = []
    for row in left:
        total = offset + sum(x * y for x, y in zip(row, packed, strict=True) if x)
        raw = total.to_bytes(width * columns, "little")
        result.append(
            [
                int.from_bytes(raw[at : at + width], "little") - half
                for at in range(0, width * columns, width)
            ]
        )
    return result


def inertia(
    matrix: Sequence[Sequence[Ball]], pivots: list[Ball] | None = None
) -> tuple[int, int]:
    """The numbers of negative and of zero eigenvalues of a symmetric matrix.

    By Sylvester's law they are those of the pivots, one after the other.  Zeros are
    known only if what is left of the matrix is exactly zero.

    Args:
        matrix: as balls.
        pivots: a list to which the pivots are added.

    Raises:
        Open: no pivot has a known sign.
    """
    rows = [list(row) for row in matrix]
    negative = 0
    while rows:
        if all(x.is_zero for row in rows for x in row):
            return negative, len(rows)
        at = max(range(len(rows)), key=lambda i: abs(rows[i][i].m) - rows[i][i].r)
        if not (rows[at][at].positive or rows[at][at].negative):
            at = _mix(rows)
        pivot = rows[at].pop(at)
        column = rows.pop(at)
        negative += pivot.negative
        if pivots is not None:
            pivots.append(pivot)
        for row in rows:
            del row[at]
        touched = [i for i, x in enumerate(column) if not x.is_zero]
        for i in touched:
            factor = column[i] / pivot
            for j in touched[: touched.index(i) + 1]:
                rows[i][j] = rows[j][i] = rows[i][j] - factor * column[j]
    return negative, 0


def _mix(rows: Matrix) -> int:
    """Add one row and column to another, so that the diagonal gets a known sign."""
    size = len(rows)
    pairs = [(i, j) for i in range(size) for j in range(i)]
    if pairs:
        i, j = max(pairs, key=lambda ij: abs(rows[ij[0]][ij[1]].m))
        rows[i] = [x + y for x, y in zip(rows[i], rows[j], strict=True)]
        for row in rows:
            row[i] = row[i] + row[j]
        if rows[i][i].positive or rows[i][i].negative:
            return i
    message = "the sign of a pivot is not known"
    raise Open(message)


class Krawczyk:
    """K(X) = m - Y F(m) + (1 - Y F'(X)) (X - m), for one F'(X) and several X.

    Every zero of F in X lies in K(X), and if K(X) lies in the interior of X there is
    exactly one.  F' of a larger set than X will do.
    """

    def __init__(self, p: int, inverse: Integers, scale: int, slope: Matrix) -> None:
        """Work out 1 - Y F'(X); Y is in units of 2^-scale."""
        self.p, self.inverse, self.scale = p, inverse, scale
        self.spread = [[x.r for x in row] for row in slope]
        size = len(inverse)
        found = product(inverse, [[x.m for x in row] for row in slope])
        one = 1 << (p + scale)
        self.rest = [
            [abs(one * (i == j) - found[i][j]) for j in range(size)]
            for i in range(size)
        ]

    def image(self, value: Row, radii: Sequence[int]) -> list[Ball]:
        """K(X) - m, for F(m) and the radii of X."""
        p, scale = self.p, self.scale
        widths = [_dot(row, radii) for row in self.spread]
        image = []
        for row, rest in zip(self.inverse, self.rest, strict=True):
            sizes = [abs(y) for y in row]
            step = -_dot(row, [x.m for x in value])
            near = _dot(sizes, [x.r for x in value])
            far = _dot(rest, radii) + _dot(sizes, widths)
            radius = (near >> scale) + (far >> (p + scale)) + 3
            image.append(Ball(p, step >> scale, radius))
        return image


def _dot(x: Sequence[int], y: Sequence[int]) -> int:
    return sum(map(int.__mul__, x, y))


class Inertia(Protocol):
    """The number of eigenvalues of a pencil (B, N) below x; raises Open."""

    def below(self, x: Fraction) -> int:
        """How many eigenvalues are below x, none of them being x."""
        ...


class Pencil:
    """Counts eigenvalues of B u = x N u by the inertia of B - x N."""

    def __init__(
        self, lib: Balls, form: Matrix, norms: Sequence[Sequence[Fraction]]
    ) -> None:
        self.lib, self.form, self.norms = lib, form, norms

    def below(self, x: Fraction) -> int:
        """The number of eigenvalues below x, none being x itself."""
        shifted = [
            [b - self.lib.exact(x * n) if n else b for b, n in zip(*rows, strict=True)]
            for rows in zip(self.form, self.norms, strict=True)
        ]
        negative, zero = inertia(shifted)
        if zero:
            message = "an eigenvalue lies at the end of a ball"
            raise Open(message)
        return negative


_BASIS_BITS = 60
"""Bits of a basis after the point, more than those of double precision."""


def _off_diagonal(row: Sequence[int], i: int) -> int:
    return sum(map(abs, row)) - abs(row[i])


class Congruence:
    """Counts eigenvalues after a congruence that nearly diagonalises.

    With Q the basis, T = Q^T B Q and G = Q^T N Q, the pencil has as many eigenvalues
    below x as T - x G has negative ones, and these are counted by Gershgorin discs.
    """

    def __init__(
        self, form: Matrix, norms: Sequence[Sequence[Fraction]], basis: Integers
    ) -> None:
        if any(x.denominator != 1 for row in norms for x in row):
            message = "a large block at sizes that are no integers"
            raise Open(message)
        # Long numbers are cut first, which costs at most 2 units of the last place.
        cut = max(form[0][0].p - _BASIS_BITS - _GUARD_BITS, 0)
        self.p = form[0][0].p - cut
        turned = [list(column) for column in zip(*basis, strict=True)]
        self.top = product(
            product(turned, [[x.m >> cut for x in row] for row in form]), basis
        )
        exact = [[int(x) for x in row] for row in norms]
        self.gram = product(product(turned, exact), basis)
        sums = [sum(map(abs, row)) for row in basis]
        widths = [_dot([(x.r >> cut) + 2 for x in row], sums) for row in form]
        # Units: 2^-(p + 2 scale) for the first two, 2^-(2 scale) for the last.
        self.spread = [_dot([abs(x) for x in row], widths) for row in turned]
        self.off = [_off_diagonal(row, i) for i, row in enumerate(self.top)]
        self.gram_off = [_off_diagonal(row, i) for i, row in enumerate(self.gram)]

    def below(self, x: Fraction) -> int:
        """The number of eigenvalues below x, none being x itself."""
        negative = 0
        top, bottom = x.numerator << self.p, x.denominator
        for i, row in enumerate(self.top):
            middle = bottom * row[i] - top * self.gram[i][i]
            reach = bottom * (self.spread[i] + self.off[i])
            reach += abs(top) * self.gram_off[i]
            if abs(middle) <= reach:
                message = "a disc of eigenvalues meets the end of a ball"
                raise Open(message)
            negative += middle < 0
        return negative


# ------------------------------------------------------------------ 7. reading

_DECIMAL = re.compile(r"-?[0-9]{1,4000}(\.[0-9]{1,4000})?(e[+-]?[0-9]{1,4})?")
_DYADIC = re.compile(r"(-?[0-9]{1,4000})\*2\^(-?[0-9]{1,5})")
_RATIONAL = re.compile(r"-?[0-9]{1,4000}(/[0-9]{1,4000})?")
_MAX_BITS = 13000
_MAX_EXPONENT = 1 << 15

_KEYS = {
    "certificate": ("schema kind producer claim words evidence source", "sha256"),
    "claim": (
        "kernel pattern variables target formal parameters loss smoothness isotropy",
        "blocks morse_index index_bounds minimum",
    ),
    "block": ("component copies multiplicity negative zero eigenvalues", ""),
    "evidence": ("bits exact_point centre radii preconditioner", ""),
    "ball": ("mid rad", ""),
    "tube": ("low high centre radii preconditioner order bits", ""),
    "piece": ("low high negative basis", ""),
    "singular": ("low high fixed basis wide narrow", ""),
    "box": ("centre radii preconditioner bits", ""),
    "signs": ("pieces singular", ""),
    "theorem": ("schema kind producer claim words evidence", "sha256"),
    "statement": (
        "family kernel pattern target limit k_min bounds loss index crossings",
        "complete_from followed_above",
    ),
    "bound": ("terms order constant next", "ratio"),
    "loss": ("exponent lower lower_from upper", "positive_from"),
    "range": ("from to negative morse_index", "minimum"),
    "crossing": ("k component multiplicity negative_below", "negative_above"),
    "parts": ("infinity stretches", "signs"),
    "infinity": ("k_from ramification parameters inverse", "length bits"),
    "producer": ("name version", ""),
}


def _keys(document: Any, what: str, optional: str = "") -> Mapping[str, Any]:
    """Refuse an object that lacks keys or has unknown ones."""
    wanted = set(" ".join(_KEYS[what]).split())
    if not isinstance(document, dict):
        message = f"the {what} is no object"
        raise BadCertificate(message)
    for key in sorted(wanted - set(document)):
        message = f"the {what} lacks the key {key!r}"
        raise BadCertificate(message)
    for key in sorted(set(document) - wanted - set(optional.split())):
        message = f"the {what} has the unknown key {key!r}"
        raise BadCertificate(message)
    return document


def _of(document: Any, kind: Any, what: str) -> Any:
    """Refuse a value of another type than expected."""
    if not isinstance(document, kind) or (kind is int and isinstance(document, bool)):
        message = f"{what} has the wrong type"
        raise BadCertificate(message)
    return document


def _matched(text: Any, grammar: re.Pattern[str], what: str) -> re.Match[str]:
    found = grammar.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        message = f"{what} {text!r:.60} is not written as it should be"
        raise BadCertificate(message)
    return found


def _rational(text: Any, what: str) -> Fraction:
    _matched(text, _RATIONAL, what)
    try:
        return Fraction(text)
    except ZeroDivisionError:
        message = f"{what} {text!r} divides by zero"
        raise BadCertificate(message) from None


def _decimal(text: Any, what: str) -> Fraction:
    return Fraction(_matched(text, _DECIMAL, what)[0])


def _shown(k: Fraction) -> str:
    """A number for a message."""
    try:
        return f"{float(k):.9g}"
    except OverflowError:
        return f"10^{len(str(int(k))) - 1} or more"


@dataclass(frozen=True)
class Interval:
    """A claimed ball: all numbers from ``low`` to ``high``."""

    low: Fraction
    high: Fraction

    @classmethod
    def read(cls, document: Any, what: str) -> "Interval":
        """Read {"mid": decimal, "rad": decimal}."""
        ball = _keys(document, "ball")
        mid, rad = _decimal(ball["mid"], what), _decimal(ball["rad"], what)
        if rad < 0:
            message = f"{what} has a negative radius"
            raise BadCertificate(message)
        return cls(mid - rad, mid + rad)

    def confirm(self, found: Ball, what: str) -> None:
        """Compare with an enclosure of the true value.

        Raises:
            Refuted: the true value is outside.
            Open: it may be outside.
        """
        low, high = found.ends()
        if high < self.low or low > self.high:
            message = f"{what} is not in its ball"
            raise Refuted(message)
        if low < self.low or high > self.high:
            message = f"{what} may be outside its ball"
            raise Open(message)


@dataclass(frozen=True)
class Dyadic:
    """m 2^e."""

    m: int
    e: int

    @classmethod
    def read(cls, text: Any, what: str) -> "Dyadic":
        """Read "m*2^e"."""
        found = _matched(text, _DYADIC, what)
        number = cls(int(found[1]), int(found[2]))
        if abs(number.e) > _MAX_EXPONENT:
            message = f"{what} has an exponent beyond {_MAX_EXPONENT}"
            raise BadCertificate(message)
        return number

    def at(self, p: int) -> int:
        """The number in units of 2^-p, rounded down."""
        shift = self.e + p
        return self.m << shift if shift >= 0 else self.m >> -shift


@dataclass(frozen=True)
class Block:
    """What is claimed of the Hessian on one component."""

    component: str
    copies: int
    multiplicity: Fraction | None
    negative: int | None
    zero: int | None
    eigenvalues: tuple[Interval, ...]

    @classmethod
    def read(cls, document: Any) -> "Block":
        """Read one entry of ``blocks``."""
        block = _keys(document, "block")
        name = _of(block["component"], str, "a component")
        many = block["multiplicity"]
        for key in ("copies", "negative", "zero"):
            value = block[key]
            if key == "copies" or value is not None:
                _of(value, int, f"{key} of {name}")
        return cls(
            name,
            block["copies"],
            None if many is None else _rational(many, "a multiplicity"),
            block["negative"],
            block["zero"],
            tuple(
                Interval.read(x, f"an eigenvalue of {name}")
                for x in _of(block["eigenvalues"], list, "eigenvalues")
            ),
        )


@dataclass(frozen=True)
class Certificate:
    """A certificate, read and well-formed, with nothing checked."""

    document: Mapping[str, Any]
    kernel: Kernel
    pattern: Pattern
    formal: bool
    target: Mapping[Orbit, Fraction]
    parameters: Mapping[str, Interval]
    loss: Interval
    blocks: tuple[Block, ...]
    bits: int
    exact_point: tuple[Fraction, ...] | None
    centre: tuple[Dyadic, ...]
    radii: tuple[Dyadic, ...]
    inverse: tuple[tuple[Dyadic, ...], ...]
    bases: Mapping[str, tuple[tuple[Dyadic, ...], ...]] = field(default_factory=dict)

    @property
    def claim(self) -> Mapping[str, Any]:
        """The claim as it is written."""
        claim: Mapping[str, Any] = self.document["claim"]
        return claim

    @property
    def orbits(self) -> list[Orbit]:
        """The orbits of entries, in the order of the parameters."""
        return list(self.pattern.orbits(self.pattern.rows))

    @property
    def names(self) -> list[str]:
        """The names of the parameters."""
        return [self.pattern.name(self.pattern.rows, x) for x in self.orbits]


def canonical(document: Mapping[str, Any]) -> bytes:
    """What the hash is taken of, in one spelling.

    That is the object without the hash, and without the path that a program may have
    added to say where it wrote the certificate.
    """
    left_out = ("sha256", "path")
    rest = {key: value for key, value in document.items() if key not in left_out}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return text.encode("ascii")


def parse(text: str | bytes) -> Certificate:
    """Read a certificate.

    Raises:
        BadCertificate: the text is not well-formed; the message says why.
    """
    return read(decode(text))


def decode(text: str | bytes) -> Any:
    """Parse JSON without floats and without a key that occurs twice.

    Raises:
        BadCertificate: the text is not of that kind.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except (ValueError, RecursionError) as error:
        message = f"no JSON: {str(error) or 'nested too deeply'}"
        raise BadCertificate(message) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        message = "a key occurs twice in one object"
        raise BadCertificate(message)
    return document


def _no_float(text: str) -> Any:
    message = f"the number {text:.30} is no integer; balls are decimal strings"
    raise BadCertificate(message)


def read(document: Any) -> Certificate:
    """Read a certificate from parsed JSON.

    Raises:
        BadCertificate: it breaks the schema, or the hash does not fit.
    """
    whole = _keys(document, "certificate", "path")
    _text(whole.get("path", ""), "the path")
    if whole["schema"] != SCHEMA or whole["kind"] != "point":
        message = f"this checks certificates {SCHEMA} of kind point"
        raise BadCertificate(message)
    _of(whole["words"], str, "words")
    for value in _keys(whole["producer"], "producer").values():
        _of(value, str, "the producer")
    claim = _keys(whole["claim"], "claim")
    evidence = _keys(whole["evidence"], "evidence", "bases")
    if hashlib.sha256(canonical(whole)).hexdigest() != whole["sha256"]:
        raise BadCertificate(_BAD_HASH)
    variables = {
        name: _rational(value, f"the variable {name}")
        for name, value in _of(claim["variables"], dict, "variables").items()
    }
    text = _of(claim["pattern"], str, "the pattern")
    pattern = read_pattern(text, variables)
    found = Certificate(
        document=whole,
        kernel=kernel_named(_of(claim["kernel"], str, "the kernel")),
        pattern=pattern,
        formal=_of(claim["formal"], bool, "formal"),
        target=_read_target(claim["target"], pattern),
        parameters={
            name: Interval.read(ball, f"the parameter {name}")
            for name, ball in _of(claim["parameters"], dict, "parameters").items()
        },
        loss=Interval.read(claim["loss"], "the loss"),
        blocks=tuple(map(Block.read, _of(claim["blocks"], list, "blocks"))),
        bits=_of(evidence["bits"], int, "bits"),
        exact_point=_read_exact(evidence["exact_point"]),
        centre=_read_dyadics(evidence["centre"], "the centre"),
        radii=_read_dyadics(evidence["radii"], "a radius"),
        inverse=_read_rows(evidence["preconditioner"]),
        bases={
            name: _read_rows(rows)
            for name, rows in _of(evidence.get("bases") or {}, dict, "bases").items()
        },
    )
    _check_sizes(found)
    _check_options(claim)
    _check_source(whole["source"], found)
    return found


def _check_sizes(found: Certificate) -> None:
    """Refuse lists of the wrong length."""
    n = len(found.orbits)
    sizes = [len(found.centre), len(found.radii), len(found.inverse)]
    sizes += [len(row) for row in found.inverse]
    if found.exact_point is not None:
        sizes.append(len(found.exact_point))
    if set(sizes) != {n} or set(found.parameters) != set(found.names):
        message = f"the pattern has {n} parameters, the certificate other ones"
        raise BadCertificate(message)
    if not 1 <= found.bits <= _MAX_BITS:
        message = f"bits should be from 1 to {_MAX_BITS}"
        raise BadCertificate(message)
    if any(x.m < 0 for x in found.radii):
        message = "a radius is negative"
        raise BadCertificate(message)


_INDEX = re.compile(r"[0-9]{1,4000}")


def _check_options(claim: Mapping[str, Any]) -> None:
    """Refuse values that stand for no statement."""
    bounds = claim["index_bounds"]
    if bounds is not None and len(_of(bounds, list, "index_bounds")) != len("ab"):
        message = "index_bounds should be two numbers"
        raise BadCertificate(message)
    index = claim["morse_index"]
    for number in [*(bounds or []), *([] if index is None else [index])]:
        _matched(number, _INDEX, "an index")
    allowed: Mapping[str, tuple[Any, ...]] = {
        "smoothness": ("analytic", "C2"),
        "isotropy": ("exact", "contains", None),
        "minimum": (True, False, None),
    }
    for key, values in allowed.items():
        if type(claim[key]) is int or claim[key] not in values:
            message = f"{key} should be one of {', '.join(map(str, values))}"
            raise BadCertificate(message)


_SOURCE = (
    *("file", "sha256", "entry", "row_order", "column_order", "transposed"),
    "distance",
)


def _check_source(source: Any, found: Certificate) -> None:
    """Refuse orders of rows and columns that are no permutations.

    Nothing else about a source can be checked without it.
    """
    if source is None:
        return
    if set(_of(source, dict, "the source")) != set(_SOURCE):
        message = f"the source should have the keys {', '.join(_SOURCE)}"
        raise BadCertificate(message)
    for key in ("file", "sha256", "entry"):
        _text(source[key], f"the {key} of the source")
    _of(source["transposed"], bool, "transposed")
    if _decimal(source["distance"], "the distance") < 0:
        message = "the distance is negative"
        raise BadCertificate(message)
    sides = (("row_order", found.pattern.rows), ("column_order", found.pattern.columns))
    for key, blocks in sides:
        order = _of(source[key], list, key)
        whole = all(type(x) is int for x in order)
        size = found.pattern.number_of(blocks)
        if not whole or len(order) != size or sorted(order) != list(range(len(order))):
            message = f"{key} is no permutation"
            raise BadCertificate(message)


def _read_target(document: Any, pattern: Pattern) -> dict[Orbit, Fraction]:
    """The entries of the target on all orbits; those not listed are zero.

    Null stands for the identity.
    """
    orbits = list(pattern.orbits(pattern.targets))
    if document is None:
        return {x: Fraction(x[0] == x[1] and x[2] != "o") for x in orbits}
    entries = {
        name: _rational(value, f"the target {name}")
        for name, value in _of(document, dict, "the target").items()
    }
    names = {pattern.name(pattern.targets, x): x for x in orbits}
    for name in entries:
        if name not in names:
            message = f"the target has no entry {name!r}"
            raise BadCertificate(message)
    return {x: entries.get(name, Fraction(0)) for name, x in names.items()}


def _read_exact(document: Any) -> tuple[Fraction, ...] | None:
    if document is None:
        return None
    return tuple(
        _rational(x, "exact_point") for x in _of(document, list, "exact_point")
    )


def _read_dyadics(document: Any, what: str) -> tuple[Dyadic, ...]:
    return tuple(Dyadic.read(x, what) for x in _of(document, list, what))


def _read_rows(document: Any) -> tuple[tuple[Dyadic, ...], ...]:
    rows = _of(document, list, "a matrix of the evidence")
    return tuple(_read_dyadics(row, "a matrix of the evidence") for row in rows)


# ----------------------------------------------------------------- 8. checking

_GUARD_BITS = 64
_BITS_PER_BIT_OF_SIZE = 6
"""Precision beyond that of the evidence, and for each bit of the largest size."""

_MAX_STEPS = 4
_FEW = 40
"""Steps that narrow the enclosure of the point; one only with more parameters, whose
preconditioner is cut to the bits of a basis."""

_MAX_DIRECT = 32
"""Larger blocks are diagonalised by a basis in the evidence."""


_EXISTS = (
    "The loss restricted to the fixed space of the pattern has exactly one critical"
    " point in the box of the evidence"
)
_MINIMUM = {
    True: "It is a strict local minimum.",
    False: "It is no local minimum.",
    None: "",
}
_FORMAL_SIGNS = {
    True: "All eigenvalues of the blocks are positive.",
    False: "Some eigenvalue of the blocks is negative.",
    None: "",
}
_FOR_ALL = ", and it is a critical point of the loss on all matrices."


def words(claim: Mapping[str, Any]) -> str:
    """The claim in words, by a fixed rule."""

    def ball(x: Mapping[str, str]) -> str:
        return f"{x['mid']} +/- {x['rad']}"

    def listed(values: Mapping[str, str], none: str) -> str:
        found = ", ".join(f"{name} = {values[name]}" for name in sorted(values))
        return found or none

    formal = claim["formal"]
    target = claim["target"]
    shown = "identity" if target is None else listed(target, "zero")
    values = listed(claim["variables"], "no variables")
    sentences = [
        f"Kernel {claim['kernel']}, pattern {claim['pattern']}, {values},",
        f"target {shown}.",
        _EXISTS + ("." if formal else _FOR_ALL),
        "Parameters: "
        + listed({n: ball(x) for n, x in claim["parameters"].items()}, "none")
        + ".",
        f"Loss: {ball(claim['loss'])}.",
        {
            "analytic": "The loss is analytic near it.",
            "C2": "The loss is twice continuously differentiable near it.",
        }[claim["smoothness"]],
        {
            "exact": "Its isotropy group is exactly the group of the pattern.",
            "contains": "Its isotropy group contains the group of the pattern.",
            None: "",
        }[claim["isotropy"]],
        *(_block_in_words(block, ball) for block in claim["blocks"]),
        _index_in_words(claim),
        _FORMAL_SIGNS[claim["minimum"]] if formal else _MINIMUM[claim["minimum"]],
    ]
    return " ".join(filter(None, sentences))


def _block_in_words(
    block: Mapping[str, Any], ball: Callable[[Mapping[str, str]], str]
) -> str:
    def shown(x: object, none: str) -> str:
        return none if x is None else str(x)

    eigenvalues = ", ".join(map(ball, block["eigenvalues"]))
    # Beside an open sign only those count that were proved to be zero.
    some = block["negative"] is None and block["zero"] is not None
    least = "at least " if some else ""
    return (
        f"Component {block['component']}, copies {block['copies']},"
        f" multiplicity {shown(block['multiplicity'], 'none')},"
        f" negative {shown(block['negative'], 'open')},"
        f" zero {least}{shown(block['zero'], 'open')}, eigenvalues {eigenvalues}."
    )


def _index_in_words(claim: Mapping[str, Any]) -> str:
    if claim["morse_index"] is not None:
        return f"Morse index {claim['morse_index']}."
    if claim["index_bounds"] is not None:
        low, high = claim["index_bounds"]
        return f"Morse index between {low} and {high}."
    return ""


@dataclass(frozen=True)
class Signs:
    """What is known of the signs of the eigenvalues of a block.

    Attributes:
        size: the number of eigenvalues.
        negative: how many are negative at least and at most.
        zero: how many are exactly zero, None if the inertia is not known.
        positive: how many are positive at least.
    """

    size: int
    negative: tuple[int, int]
    zero: int | None
    positive: int


@dataclass
class Check:
    """The steps of checking one certificate, the cheap ones first."""

    certificate: Certificate
    extra_bits: int = 0

    def run(self) -> None:
        """Establish everything claimed.

        Raises:
            Refuted: a recorded value is false.
            Open: something was not established.
        """
        self.check_words()
        self.check_pattern()
        self.check_sums()
        self.choose_precision()
        self.check_box()
        self.enclose_point()
        self.check_values()
        self.check_isotropy()
        self.check_blocks()

    def check_words(self) -> None:
        """The words must be those that the claim generates."""
        if self.certificate.document["words"] != words(self.certificate.claim):
            message = "the words are not those of the claim"
            raise Refuted(message)

    def check_pattern(self) -> None:
        """Every orbit of entries must be inhabited, and formal mean what it says."""
        found = self.certificate
        if found.formal is not found.pattern.formal:
            message = "formal should be true if and only if a size is no integer"
            raise Refuted(message)
        for orbit, name in zip(found.orbits, found.names, strict=True):
            if found.pattern.cells(orbit) <= 0:
                message = f"there are no entries {name} at these sizes"
                raise Refuted(message)
        claim = found.claim
        if found.formal and not (
            claim["isotropy"] is claim["morse_index"] is claim["index_bounds"] is None
        ):
            message = "at sizes that are no integers there is no matrix"
            raise Refuted(message)

    def check_sums(self) -> None:
        """Components, copies and multiplicities, and the index that they add up to."""
        found = self.certificate
        self.components = components(found.pattern)
        blocks = {block.component: block for block in found.blocks}
        if len(blocks) != len(found.blocks) or set(blocks) != set(self.components):
            message = f"the components should be {', '.join(self.components)}"
            raise Refuted(message)
        for name, component in self.components.items():
            block, copies = blocks[name], len(component.directions)
            many = component.dimension
            if block.copies != copies or len(block.eigenvalues) != copies:
                message = f"component {name} has {copies} copies"
                raise Refuted(message)
            if block.multiplicity != many and not (
                found.formal and block.multiplicity is None
            ):
                message = f"component {name} has multiplicity {many}"
                raise Refuted(message)
        check_filled(found.pattern, self.components)
        self.check_index(found.blocks)

    def check_index(self, blocks: Iterable[Block]) -> None:
        """The index must be what the claimed signs add up to, if it is claimed."""
        claim = self.certificate.claim
        total = 0
        for block in blocks:
            if block.negative is None or block.multiplicity is None:
                return
            total += block.negative * int(block.multiplicity)
        if claim["morse_index"] is not None and int(claim["morse_index"]) != total:
            message = f"the blocks add up to Morse index {total}"
            raise Refuted(message)
        if claim["minimum"] and total:
            message = "a minimum has Morse index 0"
            raise Refuted(message)

    def choose_precision(self) -> None:
        """Work to more bits than the evidence has, so that rounding plays no part."""
        found = self.certificate
        largest = max((int(n) + 1 for n in found.pattern.sizes.values()), default=1)
        exponents = [-x.e for x in (*found.centre, *found.radii)]
        self.p = (
            max(found.bits, *exponents)
            + _GUARD_BITS
            + _BITS_PER_BIT_OF_SIZE * largest.bit_length()
            + self.extra_bits
        )
        self.lib = Balls(self.p)

    def check_box(self) -> None:
        """The balls of the parameters must meet the box at least."""
        found = self.certificate
        for name, x, r in zip(found.names, found.centre, found.radii, strict=True):
            box = Ball(self.p, x.at(self.p), r.at(self.p)).ends()
            ball = found.parameters[name]
            if box[1] < ball.low or box[0] > ball.high:
                message = f"the ball of {name} lies outside the box"
                raise Refuted(message)

    def landscape(self, point: Sequence[Ball]) -> Landscape:
        """The landscape at a point or box."""
        found = self.certificate
        entries = dict(zip(found.orbits, point, strict=True))
        return Landscape(self.lib, found.kernel, found.pattern, entries, found.target)

    def enclose_point(self) -> None:
        """Krawczyk's test on the box, and the point enclosed as narrowly as it goes."""
        found, p = self.certificate, self.p
        centre = [x.at(p) for x in found.centre]
        radii = [r.at(p) for r in found.radii]
        box = [Ball(p, x, r) for x, r in zip(centre, radii, strict=True)]
        around = self.landscape(box)
        trivial = self.components["1"]
        self.form = around.hessian(trivial.directions, {})
        sizes = [1 / Fraction(found.pattern.cells(x)) for x in found.orbits]
        slope = [[x * n for x in row] for row, n in zip(self.form, sizes, strict=True)]
        self.maybe_parallel = sorted(around.maybe_parallel)
        scale = p if len(box) <= _FEW else _BASIS_BITS
        inverse = [[y.at(scale) for y in row] for row in found.inverse]
        operator = Krawczyk(p, inverse, scale, slope)
        self.centre = self.landscape([Ball(p, x) for x in centre])
        value = self.value = self.centre.gradient()
        for step in range(1 if len(box) > _FEW else _MAX_STEPS):
            if step:
                points = [Ball(p, x) for x in centre]
                value = self.landscape(points).gradient()
            image = operator.image(value, radii)
            if not step:
                self.check_image(image, radii)
            before = max(radii)
            centre = [x + y.m for x, y in zip(centre, image, strict=True)]
            radii = [y.r for y in image]
            if 2 * max(radii) > before:
                break
        self.point = [Ball(p, x, r) for x, r in zip(centre, radii, strict=True)]
        self.check_exact_point()

    def check_image(self, image: Sequence[Ball], radii: Sequence[int]) -> None:
        """K(X) must lie in the interior of X."""
        names = self.certificate.names
        for name, x, r in zip(names, image, radii, strict=True):
            if abs(x.m) - x.r > r:
                message = f"the box has no critical point, by its side {name}"
                raise Refuted(message)
        for name, x, r in zip(names, image, radii, strict=True):
            if abs(x.m) + x.r >= r:
                message = f"Krawczyk's image is not inside the box, in {name}"
                raise Open(message)

    def check_exact_point(self) -> None:
        """An exact point must be the target itself, where the loss is zero."""
        found = self.certificate
        if found.exact_point is None:
            return
        for name, x, exact in zip(
            found.names, self.point, found.exact_point, strict=True
        ):
            low, high = x.ends()
            if not low <= exact <= high:
                message = f"the exact value of {name} is not that of the zero"
                raise Refuted(message)
        entries = dict(zip(found.orbits, found.exact_point, strict=True))
        if found.pattern.rows != found.pattern.targets or entries != found.target:
            message = "an exact point other than the target is not understood"
            raise Open(message)
        self.point = [self.lib.exact(x) for x in found.exact_point]

    def check_values(self) -> None:
        """Parameters, loss and smoothness."""
        found = self.certificate
        for name, x in zip(found.names, self.point, strict=True):
            found.parameters[name].confirm(x, name)
        found.loss.confirm(self.enclose_loss(), "the loss")
        smooth = found.claim["smoothness"] == "analytic"
        if smooth and self.maybe_parallel:
            message = f"in the box these may be parallel: {self.maybe_parallel[0]}"
            raise Open(message)

    def enclose_loss(self) -> Ball:
        """The loss at the zero, by Taylor's formula from the centre of the box.

        The second derivative over the whole box stands for the one between.
        """
        found, p = self.certificate, self.p
        steps = [
            Ball(p, x.m - m.at(p), x.r)
            for x, m in zip(self.point, found.centre, strict=True)
        ]
        total = self.centre.loss()
        for orbit, slope, step in zip(found.orbits, self.value, steps, strict=True):
            total = total + found.pattern.cells(orbit) * (slope * step)
        for row, step in zip(self.form, steps, strict=True):
            for x, other in zip(row, steps, strict=True):
                total = total + (x * step) * other / 2
        return total

    def check_isotropy(self) -> None:
        """No permutation of rows and columns outside the group fixes the point."""
        if self.certificate.claim["isotropy"] == "exact":
            entries = dict(zip(self.certificate.orbits, self.point, strict=True))
            separate(self.certificate.pattern, entries)

    def check_blocks(self) -> None:
        """The eigenvalues of each block, and what their signs add up to."""
        found = self.certificate
        land = self.landscape(self.point)
        blocks = sorted(found.blocks, key=lambda x: (x.copies, x.component))
        known = {x.component: self.check_block(x, land) for x in blocks}
        self.check_total(known)

    def check_block(self, block: Block, land: Landscape) -> Signs:
        """Confirm the eigenvalues of one block, and find their signs."""
        component = self.components[block.component]
        norms = component.norms(self.certificate.pattern)
        if inertia([[self.lib.exact(x) for x in row] for row in norms]) != (0, 0):
            message = f"the copies of {block.component} are not independent"
            raise Open(message)
        form = land.hessian(component.directions, component.labels)
        pencil = self.pencil(block, form, norms)
        check_eigenvalues(block, pencil)
        signs = self.signs(block, form)
        check_signs(block, signs)
        return signs

    def pencil(
        self, block: Block, form: Matrix, norms: Sequence[Sequence[Fraction]]
    ) -> Inertia:
        """What counts the eigenvalues of a block below a number."""
        if block.copies <= _MAX_DIRECT:
            return Pencil(self.lib, form, norms)
        rows = self.certificate.bases.get(block.component)
        if rows is None or {len(rows), *map(len, rows)} != {block.copies}:
            message = f"component {block.component} needs a basis in the evidence"
            raise Open(message)
        basis = [[x.at(_BASIS_BITS) for x in row] for row in rows]
        return Congruence(form, norms, basis)

    def signs(self, block: Block, form: Matrix) -> Signs:
        """The signs, by the inertia of the form or else by the confirmed balls."""
        size = block.copies
        low = sum(x.high <= 0 for x in block.eigenvalues)
        positive = sum(x.low >= 0 for x in block.eigenvalues)
        if low + positive < size or block.zero:
            try:
                low, zero = inertia(form)
            except Open:
                return Signs(size, (low, size - positive), None, positive)
            return Signs(size, (low, low), zero, size - low - zero)
        return Signs(size, (low, low), 0, positive)

    def check_total(self, known: Mapping[str, Signs]) -> None:
        """The Morse index, its bounds, and whether the point is a minimum."""
        claim = self.certificate.claim
        low = high = Fraction(0)
        for name, signs in known.items():
            many = self.components[name].dimension
            low, high = low + many * signs.negative[0], high + many * signs.negative[1]
        index, bounds = claim["morse_index"], claim["index_bounds"]
        for pair in filter(None, (bounds, [index, index] if index else None)):
            least, most = map(int, pair)
            if most < low or least > high:
                message = f"the Morse index is from {low} to {high}"
                raise Refuted(message)
            if not least <= low <= high <= most:
                message = f"the Morse index is only known to be from {low} to {high}"
                raise Open(message)
        some = any(signs.negative[0] for signs in known.values())
        every = all(signs.positive == signs.size for signs in known.values())
        if claim["minimum"] is None:
            return
        if every if claim["minimum"] else some:
            return
        if some or every:
            message = f"minimum should be {str(every).lower()}"
            raise Refuted(message)
        message = "whether the point is a minimum is open"
        raise Open(message)


def check_eigenvalues(block: Block, pencil: Inertia) -> None:
    """The j-th ball must hold the j-th eigenvalue in ascending order.

    Fewer than j eigenvalues lie below its lower end, and at least j below its upper.
    """
    for j, ball in enumerate(block.eigenvalues, 1):
        if pencil.below(ball.low) >= j or pencil.below(ball.high) < j:
            message = f"eigenvalue {j} of {block.component} is not in its ball"
            raise Refuted(message)


def check_signs(block: Block, signs: Signs) -> None:
    """Compare the claimed numbers of negative and zero eigenvalues."""
    least, most = signs.negative
    name = block.component
    if block.negative is not None:
        if not least <= block.negative <= most:
            message = f"component {name} has {least} to {most} negative eigenvalues"
            raise Refuted(message)
        if least != most:
            message = f"a sign is open in component {name}"
            raise Open(message)
    if block.zero is None:
        return
    if signs.zero is not None and block.zero != signs.zero:
        message = f"component {name} has {signs.zero} eigenvalues zero"
        raise Refuted(message)
    if signs.zero is None and (block.zero or block.negative is not None):
        message = f"an eigenvalue of component {name} may be zero"
        raise Open(message)


def separate(pattern: Pattern, entries: Mapping[Orbit, Ball]) -> None:
    """Prove that only the group of the pattern fixes a matrix of its fixed space.

    Entries get colours so that entries that may be equal share one.  Permutations of
    rows and columns that fix the matrix then preserve colours, and with them the
    colours of rows and columns that counting refines.  If these tell all blocks apart,
    each natural set is mapped to itself; and where a diagonal has another colour than
    the rest of its block, rows and columns are permuted alike.

    Raises:
        Open: colours do not settle it.
    """
    colours = _colours(entries)
    rows, columns = [0] * len(pattern.rows), [0] * len(pattern.columns)
    classes = 0
    while len(set(rows)) + len(set(columns)) > classes:
        classes = len(set(rows)) + len(set(columns))
        rows, columns = (
            _refine(pattern, colours, rows, columns, 0),
            _refine(pattern, colours, rows, columns, 1),
        )
    if len(set(rows)) < len(rows) or len(set(columns)) < len(columns):
        message = "blocks of rows or columns may be exchanged"
        raise Open(message)
    sets = [("r", b, g) for b, g in enumerate(pattern.rows) if g is not None]
    sets += [("c", c, g) for c, g in enumerate(pattern.columns) if g is not None]
    tied = {(side, b): {(side, b)} for side, b, _ in sets}
    for b, c, kind in entries:
        if kind == "d" and colours[b, c, "d"] != colours[b, c, "o"]:
            joined = tied["r", b] | tied["c", c]
            tied.update(dict.fromkeys(joined, joined))
    for group in pattern.sizes:
        mine = {(side, b) for side, b, g in sets if g == group}
        if mine and tied[min(mine)] != mine:
            message = f"rows and columns of the group {group} may move separately"
            raise Open(message)


def _colours(entries: Mapping[Orbit, Ball]) -> dict[Orbit, int]:
    """One colour for all orbits whose balls are linked by overlaps."""
    colours, colour = {}, 0
    reach: Fraction | None = None
    for orbit, ball in sorted(entries.items(), key=lambda x: x[1].ends()[0]):
        low, high = ball.ends()
        if reach is not None and low > reach:
            colour += 1
        reach = high if reach is None else max(reach, high)
        colours[orbit] = colour
    return colours


def _refine(
    pattern: Pattern,
    colours: Mapping[Orbit, int],
    rows: Sequence[int],
    columns: Sequence[int],
    side: int,
) -> list[int]:
    """New colours of the blocks of one side, from what each row or column contains."""
    mine, other = (rows, columns) if side == 0 else (columns, rows)
    contents: list[dict[tuple[int, int], Count]] = [{} for _ in mine]
    for orbit, colour in colours.items():
        at, beside = orbit[:2] if side == 0 else (orbit[1], orbit[0])
        # A row meets as many entries of the orbit as there are for each of its points.
        group = (pattern.rows, pattern.columns)[side][at]
        many = pattern.cells(orbit) // (1 if group is None else pattern.sizes[group])
        key = (colour, other[beside])
        contents[at][key] = contents[at].get(key, 0) + many
    looks = [(c, frozenset(x.items())) for c, x in zip(mine, contents, strict=True)]
    return [looks.index(look) for look in looks]


# ------------------------------------------------------- 9. tubes in real k


class Series:
    """A power series in s, cut after n coefficients, which are balls.

    If the constant term of the variable is a ball, then the coefficient of s^m holds
    h^(m)/m! at every point of that ball: the remainder of Taylor's formula.  Where the
    sign of a series is asked for, that of its constant term is told.
    """

    __slots__ = ("a", "b", "n", "p")

    def __init__(self, p: int, n: int, a: list[int], b: list[int]) -> None:
        self.p, self.n, self.a, self.b = p, n, a, b

    m = property(lambda self: self.a[0])
    r = property(lambda self: self.b[0])
    positive = property(lambda self: self.a[0] > self.b[0])
    negative = property(lambda self: -self.a[0] > self.b[0])
    is_zero = property(lambda self: not any(self.a) and not any(self.b))

    @classmethod
    def of(cls, n: int, coefficients: Sequence[Ball]) -> "Series":
        """A series from its first coefficients."""
        cut = coefficients[:n]
        return cls(cut[0].p, n, [x.m for x in cut], [x.r for x in cut])

    def coefficient(self, i: int) -> Ball:
        """The coefficient of s^i."""
        if i < len(self.a):
            return Ball(self.p, self.a[i], self.b[i])
        return Ball(self.p, 0)

    def _coerced(self, other: Any) -> "Series":
        if isinstance(other, Series):
            return other
        return Series(self.p, self.n, [other << self.p], [0])

    def __add__(self, other: Any) -> "Series":
        other = self._coerced(other)
        a = [x + y for x, y in zip_longest(self.a, other.a, fillvalue=0)]
        b = [x + y for x, y in zip_longest(self.b, other.b, fillvalue=0)]
        return Series(self.p, self.n, a, b)

    def __neg__(self) -> "Series":
        return Series(self.p, self.n, [-x for x in self.a], self.b)

    def __sub__(self, other: Any) -> "Series":
        return self + -self._coerced(other)

    def __rsub__(self, other: int) -> "Series":
        return -self + other

    def __mul__(self, other: Any) -> "Series":
        if isinstance(other, Series):
            return self._times(other)
        if isinstance(other, int):
            size = abs(other)
            a, b = [x * other for x in self.a], [x * size for x in self.b]
            return Series(self.p, self.n, a, b)
        return self * int(other.numerator) / int(other.denominator)

    __radd__ = __add__
    __rmul__ = __mul__

    def _times(self, other: "Series") -> "Series":
        """Each coefficient is summed exactly and rounded once."""
        p, mine, length = self.p, len(self.a), len(other.a)
        turned = other.a[::-1]
        sizes = [abs(x) for x in self.a]
        wide = [abs(x) + r for x, r in zip(turned, other.b[::-1], strict=True)]
        spread = other.b[::-1]
        a, b = [], []
        for k in range(min(self.n, mine + length - 1)):
            low, high = max(0, k - length + 1), min(k, mine - 1) + 1
            at = slice(length - 1 - k + low, length - 1 - k + high)
            total = _dot(self.a[low:high], turned[at])
            error = _dot(sizes[low:high], spread[at])
            error += _dot(self.b[low:high], wide[at])
            q = total >> p
            a.append(q)
            b.append((error >> p) + 2 if error else int(q << p != total))
        return Series(p, self.n, a, b)

    def __truediv__(self, other: Any) -> "Series":
        if isinstance(other, int):
            quotients = [self.coefficient(i) / other for i in range(len(self.a))]
            return Series.of(self.n, quotients)
        found: list[Ball] = []
        first = other.coefficient(0)
        length = self.n if len(other.a) > 1 else len(self.a)
        for k in range(length):
            rest = _convolved(found, other, k, 1)
            found.append((self.coefficient(k) - rest) / first)
        return Series.of(self.n, found)

    def __rtruediv__(self, other: int) -> "Series":
        return self._coerced(other) / self

    def sqrt(self) -> "Series":
        """The root, of a series that is positive or zero."""
        if self.is_zero:
            return self
        if not self.positive:
            message = "a radicand may vanish along a tube"
            raise Open(message)
        found = [self.coefficient(0).sqrt()]
        twice = found[0] * 2
        length = self.n if len(self.a) > 1 else 1
        for k in range(1, length):
            known = Series.of(self.n, found)
            rest = _convolved(found[1:], known, k, 1, offset=1)
            found.append((self.coefficient(k) - rest) / twice)
        return Series.of(self.n, found)

    def derivative(self) -> "Series":
        """The derivative by s, one coefficient shorter."""
        a = [i * x for i, x in enumerate(self.a)][1:] or [0]
        b = [i * x for i, x in enumerate(self.b)][1:] or [0]
        return Series(self.p, self.n - 1, a, b)


def _convolved(
    found: Sequence[Ball], other: Series, k: int, least: int, offset: int = 0
) -> Ball:
    """The sum of found_i other_j over i + j = k with j >= least."""
    total = Ball(other.p, 0)
    for i, x in enumerate(found, offset):
        if least <= k - i < len(other.a):
            total = total + x * other.coefficient(k - i)
    return total


class SeriesNumbers(Balls):
    """Series of n coefficients, as a system of numbers."""

    def __init__(self, p: int, n: int) -> None:
        super().__init__(p)
        self.n, self.plain = n, Balls(p)
        self.pi: Any = Series.of(n, [self.pi])
        self.over_two_pi: Any = Series.of(n, [self.over_two_pi])

    def exact(self, q: Any) -> Any:
        """A constant series; a series is handed through."""
        if isinstance(q, Series):
            return q
        return Series.of(self.n, [self.plain.exact(q)])

    def angle(self, s: Any, c: Any) -> Any:
        """The angle, by integration of its derivative (s' c - s c') / (s^2 + c^2)."""
        start = self.plain.angle(s.coefficient(0), c.coefficient(0))
        if len(s.a) == len(c.a) == 1 or self.n == 1:
            return Series.of(self.n, [start])
        short = [
            Series(x.p, self.n - 1, x.a[:-1] or [0], x.b[:-1] or [0])
            if len(x.a) == self.n
            else Series(x.p, self.n - 1, x.a, x.b)
            for x in (s, c)
        ]
        turned = s.derivative() * short[1] - short[0] * c.derivative()
        speed = turned / (short[0] * short[0] + short[1] * short[1])
        rest = [speed.coefficient(i) / (i + 1) for i in range(self.n - 1)]
        return Series.of(self.n, [start, *rest])


_LARGE = Fraction(10**9)
"""Patterns are read at this k, and at some that follow."""


@dataclass(frozen=True)
class Family:
    """A landscape whose sizes are affine in a real number k.

    Attributes:
        kernel: the kernel.
        pattern: at one large k, where all components have all their copies.
        sizes: by group, (alpha, beta) with the size alpha + beta k.
        target: the entries of the target.
        text: the text of the pattern.
    """

    kernel: Kernel
    pattern: Pattern
    sizes: Mapping[str, tuple[Fraction, Fraction]]
    target: Mapping[Orbit, Fraction]
    text: str

    @classmethod
    def read(cls, claim: Mapping[str, Any]) -> "Family":
        """Read kernel, pattern and target of a claim about all k.

        A size is a quotient of polynomials whose degrees add up to the number of times
        that k is written.  If it is affine at two numbers more, then everywhere.

        Raises:
            BadCertificate: one of them cannot be read, or the sizes are not affine,
                or fall with k, or are not integers at all integers.
        """
        text = _of(claim["pattern"], str, "the pattern")
        often = text.count("k")
        if often > _MAX_BLOCKS:
            message = f"the pattern {text!r:.60} names k too often"
            raise BadCertificate(message)
        patterns = [read_pattern(text, {"k": _LARGE + i}) for i in range(often + 3)]
        if len({(x.rows, x.columns, x.targets) for x in patterns}) > 1:
            message = f"the pattern {text!r:.60} is not the same for all large k"
            raise BadCertificate(message)
        sizes = {}
        for group in patterns[0].sizes:
            values = [Fraction(x.sizes[group]) for x in patterns]
            slope = values[1] - values[0]
            if any(y - x != slope for x, y in pairwise(values)):
                message = f"the pattern {text!r:.60} has a size that is not affine"
                raise BadCertificate(message)
            sizes[group] = (values[0] - slope * _LARGE, slope)
            if slope < 0 or any(x.denominator != 1 for x in sizes[group]):
                message = f"the pattern {text!r:.60} has a size that falls with k or is"
                message += " no integer at some integer k"
                raise BadCertificate(message)
        kernel = kernel_named(_of(claim["kernel"], str, "the kernel"))
        target = _read_target(claim["target"], patterns[0])
        return cls(kernel, patterns[0], sizes, target, text)

    def at(self, k: int) -> Pattern:
        """The pattern at an integer."""
        return read_pattern(self.text, {"k": Fraction(k)})

    @property
    def least(self) -> Fraction:
        """Above this k every orbit of entries is inhabited."""
        needs = [(g, 0) for g in self.sizes]
        orbits = self.pattern.orbits(self.pattern.rows)
        needs += [
            (str(self.pattern.rows[b]), 1) for b, _, kind in orbits if kind == "o"
        ]
        return max(Fraction(1), *(self.reaching(g, n) for g, n in needs))

    def reaching(self, group: str, size: int) -> Fraction:
        """The k above which a group is larger than some size.

        Raises:
            Open: its size does not grow with k and is not larger.
        """
        alpha, beta = self.sizes[group]
        if beta > 0:
            return (size - alpha) / beta
        if beta == 0 and alpha > size:
            return Fraction(0)
        message = f"the size of the group {group} falls with k"
        raise Open(message)

    def landscape(self, lib: Balls, k: Any, point: Sequence[Any]) -> Landscape:
        """The landscape at numbers of some system."""
        sizes = {
            g: lib.exact(alpha) + lib.exact(beta) * k if beta else alpha.numerator
            for g, (alpha, beta) in self.sizes.items()
        }
        pattern = replace(self.pattern, sizes=sizes)
        entries = dict(zip(pattern.orbits(pattern.rows), point, strict=True))
        return Landscape(lib, self.kernel, pattern, entries, self.target)

    @cached_property
    def components(self) -> dict[str, Component]:
        """The components with all their copies, in the coordinates of the evidence.

        On a natural set against the natural set of one group these are the diagonal,
        and rows minus and plus columns of the entries off it.
        """
        found = {}
        for name, component in components(self.pattern).items():
            directions = tuple(
                replace(u, entry=_RECORDED.get(u.entry, u.entry))
                if self._is_square(u)
                else u
                for u in component.directions
            )
            found[name] = replace(component, directions=directions)
        return found

    def _is_square(self, u: Adapted) -> bool:
        group = self.pattern.rows[u.row]
        return group is not None and group == self.pattern.columns[u.column]


_RECORDED: Mapping[Callable[[int, int], int], Callable[[int, int], int]] = {
    _FORMS["R"]: lambda i, p: (_sign(i) - _sign(p)) if i != p else 0,
    _FORMS["C"]: lambda i, p: (_sign(i) + _sign(p)) if i != p else 0,
}


Polynomials: TypeAlias = list[list[Ball]]
"""For each quantity the coefficients of its Taylor polynomial, remainder last."""


@dataclass(frozen=True)
class Tube:
    """For each k of an interval one critical point in a box around a curve c(s).

    Attributes:
        family: the landscape.
        low: the lower end of the interval of k, where s = -1.
        high: the upper end, where s = 1.
        p: working precision.
        order: of the Taylor polynomials.
        centre: the coefficients of c.
        radii: the half-widths of the box in units of 2^-p.
        image: those of the narrower box that holds the point.
        inverse: the coefficients of Y(s).
    """

    family: Family
    low: Fraction
    high: Fraction
    p: int
    order: int
    centre: tuple[tuple[Dyadic, ...], ...]
    radii: tuple[int, ...]
    image: tuple[int, ...]
    inverse: tuple[tuple[tuple[Dyadic, ...], ...], ...]

    @classmethod
    def prove(cls, family: Family, document: Mapping[str, Any]) -> "Tube":
        """Krawczyk's test for all s in [-1, 1].

        Raises:
            BadCertificate: lists do not fit together.
            Open: the test did not succeed.
        """
        low, high = (
            _rational(document[x], "an end of a tube") for x in ("low", "high")
        )
        centre = tuple(_read_dyadics(x, "a tube") for x in document["centre"])
        radii = _read_dyadics(document["radii"], "a tube")
        inverse = [_read_rows(y) for y in document["preconditioner"]]
        order, bits = (_of(document[x], int, x) for x in ("order", "bits"))
        n = len(family.components["1"].directions)
        shapes = {len(centre), len(radii), *(len(y) for y in inverse)}
        shapes |= {len(row) for y in inverse for row in y}
        if shapes != {n} or not (2 <= order <= 64 and 1 <= bits <= _MAX_BITS):
            message = "the lists of a tube do not fit together"
            raise BadCertificate(message)
        if not family.least < low < high or any(r.m <= 0 for r in radii):
            message = "a tube over no interval of sizes of the pattern"
            raise Refuted(message)
        p = bits + _GUARD_BITS
        box = tuple(r.at(p) for r in radii)
        tube = cls(family, low, high, p, order, centre, box, box, tuple(inverse))
        image = tube.krawczyk([[[x.at(p) for x in row] for row in y] for y in inverse])
        return replace(tube, image=tuple(image))

    def both(self, radii: Sequence[int]) -> tuple[Landscape, Landscape]:
        """The landscape around s = 0, and around all s for the remainder."""
        m = self.order
        return self.along(radii, m, 0), self.along(radii, m + 1, 1 << self.p)

    @cached_property
    def around(self) -> tuple[Landscape, Landscape]:
        """The same for all critical points of the tube; pairs are kept."""
        return self.both(self.image)

    def polynomials(
        self,
        both: tuple[Landscape, Landscape],
        evaluate: Callable[[Landscape], list[Any]],
    ) -> Polynomials:
        """Taylor polynomials along c(s) + e for all e within some radii."""
        m = self.order
        first, last = map(evaluate, both)
        return [
            [*(x.coefficient(i) for i in range(m)), y.coefficient(m)]
            for x, y in zip(first, last, strict=True)
        ]

    def along(self, radii: Sequence[int], length: int, spread: int) -> Landscape:
        """The landscape over series in s, around 0 or around the ball of a spread."""
        lib, k, point = self.series(radii, length, spread)
        return self.family.landscape(lib, k, point)

    def series(
        self, radii: Sequence[int], length: int, spread: int
    ) -> tuple[SeriesNumbers, Series, list[Series]]:
        """Numbers, k and the parameters as series in s."""
        p, lib = self.p, SeriesNumbers(self.p, length)
        s = Series(p, length, [0, 1 << p][:length], [spread, 0][:length])
        point = []
        for polynomial, radius in zip(self.centre, radii, strict=True):
            total = lib.exact(0)
            for x in reversed(polynomial):
                total = total * s + Series(p, length, [x.at(p)], [1])
            point.append(total + Series(p, length, [0], [radius]))
        middle, half = (self.high + self.low) / 2, (self.high - self.low) / 2
        return lib, lib.exact(half) * s + lib.exact(middle), point

    def remainder(
        self,
        quantity: int | None,
        terms: Sequence[tuple[Fraction, Callable[[int], Ball]]],
        order: Fraction,
        low: Fraction | None = None,
    ) -> Interval:
        """Where (q - sum c t^e) / t^order lies for all k of the interval.

        Args:
            quantity: the number of a parameter, or None for the loss.
            terms: exponents e of t = k^(-1/2), and c as a function of the precision.
            order: the exponent by whose power the distance is divided.
            low: only k from here on count.
        """

        def evaluate(lib: SeriesNumbers, k: Series, value: Series) -> Series:
            t = (1 / k).sqrt()
            for e, c in terms:
                value = value - Series.of(lib.n, [c(self.p)]) * _root_power(t, e)
            return value * _root_power(1 / t, order)

        m, found = self.order, []
        for length, spread in ((m, 0), (m + 1, 1 << self.p)):
            lib, k, point = self.series(self.image, length, spread)
            if quantity is None:
                value = self.loss_series(length, spread)
            else:
                value = point[quantity]
            found.append(evaluate(lib, k, value))
        polynomial = [found[0].coefficient(i) for i in range(m)]
        polynomial.append(found[1].coefficient(m))
        if low is not None and low > self.low:
            start = (2 * low - self.high - self.low) / (self.high - self.low)
            middle, half = (self.lib.exact((1 + x * start) / 2) for x in (1, -1))
            polynomial = _shifted(polynomial, middle, half)
        return _range(polynomial)

    def loss_series(self, length: int, spread: int) -> Series:
        """The loss at the critical point.

        It is the loss on the curve c(s), and by Taylor's formula at most the gradient
        there times the distance and half the second derivative times its square away.
        """
        n = len(self.image)
        value: Any = self.along([0] * n, length, spread).loss()
        found: Series = value + Series(self.p, length, [0], [self.loss_distance])
        return found

    @cached_property
    def loss_distance(self) -> int:
        """A bound of the distance of the losses at the point and on the curve."""
        n, p, whole = len(self.image), self.p, 1 << self.p
        slopes = self.along([0] * n, 1, whole).gradient()
        around = self.along(self.image, 1, whole)
        pattern = around.pattern
        form = around.hessian(self.family.components["1"].directions, {})
        total = 0
        for orbit, slope, row, radius in zip(
            pattern.orbits(pattern.rows), slopes, form, self.image, strict=True
        ):
            cells: Any = around.lib.exact(pattern.cells(orbit))
            x = slope * cells
            total += ((abs(x.m) + x.r) * radius >> p) + 1
            for y, other in zip(row, self.image, strict=True):
                total += ((abs(y.m) + y.r) * radius * other >> (2 * p)) + 1
        return total

    def krawczyk(self, inverse: Sequence[Integers]) -> list[int]:
        """The half-widths of the image of the box.

        Raises:
            Open: it does not lie inside the box.
        """
        n, p = len(self.radii), self.p
        trivial = self.family.components["1"]
        values = self.polynomials(self.both([0] * n), lambda land: land.gradient())
        flat = self.polynomials(
            self.both(self.radii), lambda land: _slopes(land, trivial.directions)
        )
        image = []
        for i in range(n):
            rows = [[Ball(p, y[i][j]) for y in inverse] for j in range(n)]
            total = _size(_product_sum(rows, values))
            for j in range(n):
                column = [flat[q * n + j] for q in range(n)]
                entry = _product_sum(rows, column)
                entry[0] = entry[0] - int(i == j)
                total += (_size(entry) * self.radii[j] >> p) + 1
            if total >= self.radii[i]:
                message = f"no tube was proved from k = {_shown(self.low)} on"
                raise Open(message)
            image.append(total)
        return image

    def point(self, s: Fraction | Ball) -> list[Ball]:
        """The critical point at one s, or at all of a ball."""
        lib = self.lib
        at = lib.exact(s)
        found = []
        for polynomial, radius in zip(self.centre, self.image, strict=True):
            total = lib.exact(0)
            for x in reversed(polynomial):
                total = total * at + Ball(self.p, x.at(self.p), 1)
            found.append(Ball(self.p, total.m, total.r + radius))
        return found

    def holds(self, point: Sequence[Ball], s: Fraction | Ball) -> bool:
        """Whether a critical point at some s is the one of the tube."""
        centres = replace(self, image=(0,) * len(self.image)).point(s)
        for x, c, radius in zip(point, centres, self.radii, strict=True):
            q = max(x.p, self.p)
            near = (x.m << (q - x.p)) - (c.m << (q - self.p))
            far = (x.r << (q - x.p)) + (c.r << (q - self.p))
            if abs(near) + far >= radius << (q - self.p):
                return False
        return True

    @property
    def lib(self) -> Balls:
        """The balls of the precision of the tube."""
        return Balls(self.p)

    def joins(self, lower: "Tube") -> bool:
        """Whether this tube and the one below hold the same point where they meet."""
        one = Fraction(1)
        return self.low == lower.high and (
            lower.holds(self.point(-one), one) or self.holds(lower.point(one), -one)
        )

    @cached_property
    def velocity(self) -> list[int]:
        """Bounds of e'(s) where the critical points are c(s) + e(s).

        By F(c(s) + e(s), s) = 0 it is -F_x^-1 times the derivative of F(c(s) + e, s) by
        s with e held.  The box shrinks by some factor below 1 under 1 - Y F_x, so that
        F_x^-1 is Y up to a geometric series in it, in the norm of the box.
        """
        inverse = [[[x.at(self.p) for x in row] for row in y] for y in self.inverse]
        moved = self.polynomials(self.around, lambda land: land.gradient())
        slopes = [_derived(x) for x in moved]
        n = len(self.radii)
        ratio, theta = Fraction(0), Fraction(0)
        for i in range(n):
            rows = [[Ball(self.p, y[i][j]) for y in inverse] for j in range(n)]
            size = _size(_product_sum(rows, slopes))
            ratio = max(ratio, Fraction(size, self.radii[i]))
            theta = max(theta, Fraction(self.image[i], self.radii[i]))
        return [int(r * ratio / (1 - theta)) + 1 for r in self.radii]

    def drift(self, component: Component, part: Ball) -> list[list[Ball]]:
        """What e'(s) contributes to the derivative of a block along the curve."""
        lib = SeriesNumbers(self.p, 2)
        point = [
            Series(self.p, 2, [x.m, 0], [x.r, v])
            for x, v in zip(self.point(part), self.velocity, strict=True)
        ]
        middle, half = (self.high + self.low) / 2, (self.high - self.low) / 2
        k = lib.exact(middle) + lib.exact(half) * Series.of(2, [part])
        land = self.family.landscape(lib, k, point)
        form: list[list[Any]] = land.hessian(component.directions, component.labels)
        return [[x.coefficient(1) for x in row] for row in form]

    def block(self, component: Component) -> list[Polynomials]:
        """The block of a component, its rows as Taylor polynomials."""
        size = len(component.directions)
        flat = self.polynomials(
            self.around,
            lambda land: [
                x
                for row in land.hessian(component.directions, component.labels)
                for x in row
            ],
        )
        return [flat[i * size : (i + 1) * size] for i in range(size)]


def _derived(polynomial: Sequence[Ball]) -> list[Ball]:
    """The derivative of a Taylor polynomial with remainder: one of the same kind."""
    return [x * i for i, x in enumerate(polynomial)][1:]


def _over(polynomial: Sequence[Ball], low: Ball, high: Ball) -> Ball:
    """The values of a polynomial from low to high."""
    shifted = _shifted(polynomial, (high + low) / 2, (high - low) / 2)
    return Ball(shifted[0].p, shifted[0].m, shifted[0].r + _size(shifted[1:]))


def _slopes(land: Landscape, directions: Sequence[Adapted]) -> list[Any]:
    """The derivatives of the gradient, row by row."""
    form = land.hessian(directions, {})
    orbits = land.pattern.orbits(land.pattern.rows)
    return [
        divided(x, land.pattern.cells(orbit))
        for row, orbit in zip(form, orbits, strict=True)
        for x in row
    ]


def _product_sum(
    rows: Sequence[Sequence[Ball]], columns: Sequence[Sequence[Ball]]
) -> list[Ball]:
    """The sum of products of polynomials."""
    p = columns[0][0].p
    length = len(rows[0]) + len(columns[0]) - 1
    found = [Ball(p, 0) for _ in range(length)]
    for row, column in zip(rows, columns, strict=True):
        for i, x in enumerate(row):
            if not x.is_zero:
                for j, y in enumerate(column):
                    found[i + j] = found[i + j] + x * y
    return found


def _size(polynomial: Iterable[Ball]) -> int:
    """A bound of a polynomial on [-1, 1]."""
    return sum(abs(x.m) + x.r for x in polynomial)


def count_negative(
    block: Sequence[Polynomials], basis: Sequence[Sequence[Ball]], low: Ball, high: Ball
) -> int:
    """The number of negative eigenvalues of a block for all s from low to high.

    The basis turns the block into one that is nearly diagonal; discs of Gershgorin that
    miss zero on the whole interval count, and show that the basis is invertible.

    Raises:
        Open: a disc may touch zero.
    """
    middle, half = (high + low) / 2, (high - low) / 2
    turned = _turned(block, basis)
    negative = 0
    for i, row in enumerate(turned):
        centred = [_shifted(x, middle, half) for x in row]
        reach = sum(_size(x[1:]) for x in centred)
        reach += sum(_size(x[:1]) for j, x in enumerate(centred) if j != i)
        x = centred[i][0]
        if abs(x.m) - x.r <= reach:
            message = "a disc of eigenvalues may touch zero"
            raise Open(message)
        negative += x.m < 0
    return negative


def _turned(
    block: Sequence[Polynomials], basis: Sequence[Sequence[Ball]]
) -> list[Polynomials]:
    """Q^T H Q for each coefficient."""
    size, length = len(block), len(block[0][0])
    half = [
        [_mixed([row[q] for q in range(size)], basis, j, length) for j in range(size)]
        for row in block
    ]
    return [
        [
            _mixed([half[q][j] for q in range(size)], basis, i, length)
            for j in range(size)
        ]
        for i in range(size)
    ]


def _mixed(
    polynomials: Polynomials, basis: Sequence[Sequence[Ball]], j: int, length: int
) -> list[Ball]:
    """The sum of polynomials times the entries of a column of the basis."""
    factors = [basis[q][j] for q in range(len(polynomials))]
    total = [Ball(polynomials[0][0].p, 0) for _ in range(length)]
    for factor, polynomial in zip(factors, polynomials, strict=True):
        if not factor.is_zero:
            for i, x in enumerate(polynomial):
                total[i] = total[i] + factor * x
    return total


def _shifted(polynomial: Sequence[Ball], middle: Ball, half: Ball) -> list[Ball]:
    """The coefficients in a variable that runs through [-1, 1] over a part."""
    found = [polynomial[-1]]
    for x in reversed(polynomial[:-1]):
        longer = [y * middle for y in found]
        longer.append(Ball(x.p, 0))
        for i, y in enumerate(found):
            longer[i + 1] = longer[i + 1] + y * half
        longer[0] = longer[0] + x
        found = longer
    return found


_PARTS = 16
"""A range is the hull of those of so many parts of an interval."""


def _range(polynomial: Sequence[Ball]) -> Interval:
    """Where the values of a polynomial on [-1, 1] lie."""
    lib = Balls(polynomial[0].p)
    ends = []
    for i in range(_PARTS):
        middle = lib.exact(Fraction(2 * i + 1, _PARTS) - 1)
        shifted = _shifted(polynomial, middle, lib.exact(Fraction(1, _PARTS)))
        x, reach = shifted[0], _size(shifted[1:])
        ends.append(Ball(x.p, x.m, x.r + reach).ends())
    return Interval(min(x for x, _ in ends), max(x for _, x in ends))


def _root_power(t: Series, exponent: Fraction) -> Series:
    """A power of t with an exponent whose denominator is a power of two."""
    bottom = exponent.denominator
    while bottom > 1:
        t, bottom = t.sqrt(), bottom // 2
    result = t * 0 + 1
    for _ in range(abs(exponent.numerator)):
        result = result * t
    return 1 / result if exponent < 0 else result


@dataclass(frozen=True)
class Piece:
    """An interval of k with the number of negative eigenvalues there, None if open."""

    low: Fraction
    high: Fraction
    negative: int | None


def prove_tubes(family: Family, documents: Sequence[Any]) -> list[Tube]:
    """Tubes from the largest k down, each joined with the next.

    Raises:
        BadCertificate: lists do not fit together.
        Refuted: a tube is over no interval of sizes of the pattern.
        Open: a tube was not proved, or is not joined.
    """
    tubes = []
    for document in documents:
        tubes.append(Tube.prove(family, _keys(document, "tube")))
        if len(tubes) > 1 and not tubes[-2].joins(tubes[-1]):
            message = f"the tubes are not joined at k = {_shown(tubes[-1].high)}"
            raise Open(message)
    return tubes


def component_break(family: Family, component: Component) -> Fraction:
    """Above this k the component is there with all its copies.

    A group whose size does not depend on k always has those that it has.
    """
    needs = dict(component.labels)
    for u in component.directions:
        group = family.pattern.rows[u.row]
        if group is not None and group == family.pattern.columns[u.column]:
            least = {_FORMS["o"]: 2, _FORMS["D"]: 3}.get(u.entry, 0)
            needs[group] = max(needs.get(group, 0), least)
    bounds = [
        family.reaching(group, n - 1)
        for group, n in needs.items()
        if n and family.sizes[group][1]
    ]
    return max([Fraction(0), *bounds])


def prove_pieces(
    tubes: Sequence[Tube], component: Component, documents: Sequence[Any]
) -> list[Piece]:
    """The recorded numbers of negative eigenvalues, from the largest k down.

    Raises:
        BadCertificate: lists do not fit together.
        Open: the pieces leave a gap, or a number was not proved.
    """
    family = tubes[0].family
    bottom = max(component_break(family, component), tubes[-1].low)
    at, pieces = tubes[0].high, []
    blocks: dict[int, list[Polynomials]] = {}
    for document in documents:
        piece = _read_piece(_keys(document, "piece"))
        if not bottom <= piece.low < piece.high == at:
            message = f"the pieces leave a gap at k = {_shown(at)}"
            raise Open(message)
        at = piece.low
        pieces.append(piece)
        if piece.negative is None:
            continue
        number = next(i for i, x in enumerate(tubes) if x.low < piece.high <= x.high)
        if number not in blocks:
            blocks = {number: tubes[number].block(component)}
        found = _count_on(tubes[number], component, blocks[number], piece, document)
        if found != piece.negative:
            message = f"{found} eigenvalues are negative from k = {_shown(at)} on"
            raise Refuted(message)
    if at != bottom:
        message = f"nothing is said of signs below k = {_shown(at)}"
        raise Open(message)
    return pieces


def _read_piece(document: Mapping[str, Any]) -> Piece:
    negative = document["negative"]
    if negative is not None:
        _of(negative, int, "a number of negative eigenvalues")
    low, high = (_rational(document[x], "an end of a piece") for x in ("low", "high"))
    return Piece(low, high, negative)


def _count_on(
    tube: Tube,
    component: Component,
    block: list[Polynomials],
    piece: Piece,
    document: Mapping[str, Any],
) -> int:
    """The number of negative eigenvalues on a piece."""
    if piece.low < tube.low:
        message = f"the piece from k = {_shown(piece.low)} on is in no single tube"
        raise Open(message)
    rows = _read_rows(document["basis"])
    if {len(rows), *map(len, rows)} != {len(block)}:
        message = "a basis has the wrong size"
        raise BadCertificate(message)
    basis = [[Ball(tube.p, x.at(tube.p)) for x in row] for row in rows]
    width = tube.high - tube.low
    low, high = (
        tube.lib.exact((2 * k - tube.high - tube.low) / width)
        for k in (piece.low, piece.high)
    )
    return count_negative(block, basis, low, high)


def prove_singular(tubes: Sequence[Tube], component: Component, document: Any) -> Ball:
    """Enclose the only k of an interval at which a block is singular.

    The numbers of negative eigenvalues at the ends are known to differ by one.  With Q
    near the eigenvectors every kernel vector on the way is a multiple of Q y with y_r =
    1 and other entries that solve a linear system; and the derivative y^t Q^t H' Q y of
    its eigenvalue along the curve has one sign for all of them.  So eigenvalues pass
    zero in one direction only, hence once.  The narrow box holds a solution of F = 0,
    H Q y = 0 on the curve: that is where.

    Raises:
        BadCertificate: lists do not fit together.
        Open: a test did not succeed.
    """
    document = _keys(document, "singular")
    low, high = (_rational(document[x], "an end of a piece") for x in ("low", "high"))
    box = _Bordered.read(tubes[0].family, component, document, document["narrow"])
    parts = [x for x in tubes if x.low < high and low < x.high]
    if len({box.direction(x, max(low, x.low), min(high, x.high)) for x in parts}) != 1:
        message = "eigenvalues may pass zero in both directions"
        raise Open(message)
    found = box.solve()
    k = found[box.count]
    least, most = k.ends()
    for tube in tubes:
        if max(low, tube.low) <= least and most <= min(high, tube.high):
            s = (2 * k - box.exact(tube.high + tube.low)) / box.exact(
                tube.high - tube.low
            )
            if tube.holds(found[: box.count], _at_precision(s, tube.p)):
                return k
    message = "a threshold does not lie on the curve"
    raise Open(message)


def _at_precision(x: Ball, p: int) -> Ball:
    """The same ball, or a little larger, at another precision."""
    if p >= x.p:
        return Ball(p, x.m << (p - x.p), x.r << (p - x.p))
    return Ball(p, x.m >> (x.p - p), (x.r >> (x.p - p)) + 2)


@dataclass(frozen=True)
class _Bordered:
    """A box of (x, k, y) for the system F(x, k) = 0, H(x, k) Q y = 0, y_r = 1."""

    family: Family
    component: Component
    fixed: int
    basis: Matrix
    box: list[Ball]
    inverse: Integers
    p: int

    @classmethod
    def read(
        cls,
        family: Family,
        component: Component,
        document: Mapping[str, Any],
        box: Any,
    ) -> "_Bordered":
        """Read a recorded box; nothing is proved yet.

        Raises:
            BadCertificate: lists do not fit together.
        """
        box = _keys(box, "box")
        centre = _read_dyadics(box["centre"], "a box")
        radii = _read_dyadics(box["radii"], "a box")
        inverse, rows = _read_rows(box["preconditioner"]), _read_rows(document["basis"])
        bits = _of(box["bits"], int, "bits")
        n = len(component.directions)
        size = len(family.components["1"].directions) + n
        shapes = {len(centre), len(radii), len(inverse), *map(len, inverse)}
        fixed = _of(document["fixed"], int, "fixed")
        wrong = shapes != {size} or {len(rows), *map(len, rows)} != {n}
        if wrong or not 0 <= fixed < n or not 1 <= bits <= _MAX_BITS:
            message = "the lists of a threshold do not fit together"
            raise BadCertificate(message)
        exponents = [-x.e for x in (*centre, *radii)]
        p = max(bits, *exponents) + _GUARD_BITS
        sides = [Ball(p, x.at(p), r.at(p)) for x, r in zip(centre, radii, strict=True)]
        basis = [[Ball(p, x.at(p)) for x in row] for row in rows]
        return cls(
            family,
            component,
            fixed,
            basis,
            sides,
            [[y.at(p) for y in row] for row in inverse],
            p,
        )

    def exact(self, q: Fraction) -> Ball:
        """A rational number."""
        return Balls(self.p).exact(q)

    @property
    def count(self) -> int:
        """The number of parameters, and the place of k."""
        return len(self.family.components["1"].directions)

    @property
    def free(self) -> list[int]:
        """The coordinates of y that are unknown."""
        return [j for j in range(len(self.basis)) if j != self.fixed]

    def kernel(self, sides: Sequence[Ball]) -> list[Ball]:
        """The vector Q y, in recorded coordinates."""
        rest = iter(sides[self.count + 1 :])
        one = Ball(self.p, 1 << self.p)
        y = [one if j == self.fixed else next(rest) for j in range(len(self.basis))]
        return [
            _sum_of(a * b for a, b in zip(row, y, strict=True)) for row in self.basis
        ]

    def block(self, land: Landscape) -> list[list[Any]]:
        """The block of the Hessian."""
        return land.hessian(self.component.directions, self.component.labels)

    def turned(self, form: Matrix) -> Matrix:
        """Q^t H Q."""
        columns = [list(column) for column in zip(*self.basis, strict=True)]
        half = [
            [
                _sum_of(x * y for x, y in zip(row, column, strict=True))
                for column in columns
            ]
            for row in form
        ]
        turned = [list(column) for column in zip(*half, strict=True)]
        return [
            [
                _sum_of(x * y for x, y in zip(left, right, strict=True))
                for right in turned
            ]
            for left in columns
        ]

    def direction(self, tube: Tube, low: Fraction, high: Fraction) -> bool:
        """Whether the eigenvalue grows with k where it passes zero.

        Raises:
            Open: that was not proved.
        """
        sides = [
            tube.lib.exact((2 * k - tube.high - tube.low) / (tube.high - tube.low))
            for k in (low, high)
        ]
        part = _between(tube.p, sides[0].m - sides[0].r, sides[1].m + sides[1].r)
        block = tube.block(self.component)
        form = [[_over(x, *sides) for x in row] for row in block]
        basis = [[_at_precision(x, tube.p) for x in row] for row in self.basis]
        there = replace(self, basis=basis, p=tube.p)
        rows = there.turned(form)
        free = [[rows[i][j] for j in self.free] for i in self.free]
        y = solved(free, [-rows[i][self.fixed] for i in self.free])
        kernel = there.kernel([*there.box[: self.count + 1], *y])
        drift = tube.drift(self.component, part)
        speed = _sum_of(
            (_over(_derived(x), *sides) + e) * (u * v)
            for row, more, u in zip(block, drift, kernel, strict=True)
            for x, e, v in zip(row, more, kernel, strict=True)
        )
        if not (speed.positive or speed.negative):
            message = "an eigenvalue may pass zero more than once"
            raise Open(message)
        return bool(speed.positive)

    def solve(self) -> list[Ball]:
        """The image of the box, which holds the only solution in it.

        Raises:
            Open: Krawczyk's test did not succeed.
        """
        p = self.p
        value = self.value([Ball(p, x.m) for x in self.box])
        operator = Krawczyk(p, self.inverse, p, self.slope())
        radii = [x.r for x in self.box]
        image = operator.image(value, radii)
        if any(r <= abs(x.m) + x.r for x, r in zip(image, radii, strict=True)):
            message = "a threshold was not proved"
            raise Open(message)
        return [Ball(p, x.m + y.m, y.r) for x, y in zip(self.box, image, strict=True)]

    def value(self, sides: Sequence[Ball]) -> list[Ball]:
        """The gradient and H Q y."""
        land = self.family.landscape(
            Balls(self.p), sides[self.count], sides[: self.count]
        )
        kernel = self.kernel(sides)
        turned = [
            _sum_of(x * y for x, y in zip(row, kernel, strict=True))
            for row in self.block(land)
        ]
        return [*land.gradient(), *turned]

    def slope(self) -> Matrix:
        """The derivatives over the box, by x and k with series of two terms, and y."""
        p, kernel = self.p, self.kernel(self.box)
        lib = SeriesNumbers(p, 2)
        columns: list[list[Any]] = []
        form: list[list[Any]] = []
        for j in range(self.count + 1):
            point = [
                Series(p, 2, [x.m, (1 << p) * (i == j)], [x.r, 0])
                for i, x in enumerate(self.box[: self.count + 1])
            ]
            land = self.family.landscape(lib, point[-1], point[:-1])
            form = self.block(land)
            moved = [
                _sum_of(x.coefficient(1) * y for x, y in zip(row, kernel, strict=True))
                for row in form
            ]
            slopes: list[Any] = land.gradient()
            columns.append([*(x.coefficient(1) for x in slopes), *moved])
        zeros = [Ball(p, 0)] * self.count
        for j in self.free:
            direction = [row[j] for row in self.basis]
            columns.append(
                zeros
                + [
                    _sum_of(
                        x.coefficient(0) * y
                        for x, y in zip(row, direction, strict=True)
                    )
                    for row in form
                ]
            )
        return [list(row) for row in zip(*columns, strict=True)]


def _sum_of(terms: Iterable[Any]) -> Any:
    """The sum of at least one term."""
    total = None
    for term in terms:
        total = term if total is None else total + term
    return total


def solved(rows: Matrix, right: list[Ball]) -> list[Ball]:
    """Enclose the solutions of a linear system of balls, and show that it is regular.

    It is multiplied first by an approximate inverse, which makes it nearly diagonal.

    Raises:
        Open: the matrix may be singular.
    """
    n = len(rows)
    if not n:
        return []
    p = right[0].p
    middle = [[Ball(p, x.m) for x in row] for row in rows]
    columns = [
        _eliminated(middle, [Ball(p, (1 << p) * (i == j)) for i in range(n)])
        for j in range(n)
    ]
    inverse = [[Ball(p, column[i].m) for column in columns] for i in range(n)]
    near = [
        [_sum_of(x * row[j] for x, row in zip(y, rows, strict=True)) for j in range(n)]
        for y in inverse
    ]
    turned = [_sum_of(x * b for x, b in zip(y, right, strict=True)) for y in inverse]
    return _eliminated(near, turned)


def _eliminated(rows: Matrix, right: list[Ball]) -> list[Ball]:
    """Solve a linear system of balls by elimination; divisions show it is regular."""
    rows = [[*row, x] for row, x in zip(rows, right, strict=True)]
    n = len(rows)
    for i in range(n):
        for j in range(n):
            if j != i:
                factor = rows[j][i] / rows[i][i]
                rows[j] = [
                    x if c <= i else x - factor * y
                    for c, (x, y) in enumerate(zip(rows[j], rows[i], strict=True))
                ]
    return [row[-1] / row[i] for i, row in enumerate(rows)]


# ------------------------------- 10. near infinity: exact numbers

Parts: TypeAlias = Mapping[int, int]
"""Numerators by the set of formal roots that they are multiplied with."""

_ROOT_PRIMES = [p for p in range(2, 400) if all(p % q for q in range(2, isqrt(p) + 1))]


class Tower:
    """The field Q(pi) with formal square roots, its elements written with few factors.

    A polynomial in pi with integer coefficients is kept as its value at 2^base.  That
    loses nothing as long as all coefficients are below 2^(base - 1) in absolute value,
    and every operation keeps an upper bound of their sum.

    Denominators are products of an integer and of known polynomials, which need not be
    irreducible.  A formal root is one of a prime or of a known polynomial; these are
    positive at pi.  A combination that is zero formally is zero; the converse is not
    needed.
    """

    def __init__(self, base: int, p: int) -> None:
        self.base, self.lib = base, Balls(p)
        self.half, self.mask = 1 << (base - 1), (1 << base) - 1
        self.factors: list[int] = []
        self.roots: list[int] = []
        self.pi = self.number(1 << base)
        self.add_factor(1 << base)

    def digits(self, x: int) -> list[int]:
        """The coefficients of a polynomial, the constant one first."""
        found = []
        while x:
            digit = x & self.mask
            if digit >= self.half:
                digit -= self.mask + 1
            found.append(digit)
            x = (x - digit) >> self.base
        return found

    def size(self, x: int) -> int:
        """A number of bits above the sum of the absolute coefficients.

        Right for integers that are values of polynomials with small coefficients.
        """
        return sum(map(abs, self.digits(x))).bit_length()

    def polynomial(self, coefficients: Sequence[int]) -> int:
        """The value of a polynomial at 2^base."""
        if sum(map(abs, coefficients)).bit_length() > self.base - 2:
            message = "a coefficient is too long"
            raise Open(message)
        return sum(c << (self.base * i) for i, c in enumerate(coefficients))

    def ball(self, x: int) -> Ball:
        """The value of a polynomial at the true pi."""
        total = self.lib.exact(0)
        for c in reversed(self.digits(x)):
            total = total * self.lib.pi + c
        return total

    def add_factor(self, x: int) -> int:
        """The place of a polynomial among the factors; it is made positive at pi."""
        value = self.ball(x)
        if not (value.positive or value.negative):
            message = "the sign of a polynomial at pi is not known"
            raise Open(message)
        x = x if value.positive else -x
        if x not in self.factors:
            self.factors.append(x)
        return self.factors.index(x)

    def add_root(self, radicand: int) -> int:
        """The bit of a formal root."""
        if radicand not in self.roots:
            self.roots.append(radicand)
        return 1 << self.roots.index(radicand)

    def integer_root(self, x: int) -> tuple[int, int]:
        """A set of roots and an integer whose product is the root of an integer."""
        key, outside = 0, 1
        for p in _ROOT_PRIMES:
            count = 0
            while x % p == 0:
                x, count = x // p, count + 1
            outside *= p ** (count // 2)
            if count % 2:
                key ^= self.add_root(p)
        rest = isqrt(x)
        if rest * rest == x:
            return key, outside * rest
        return key ^ self.add_root(x), outside

    def exact_quotient(self, x: int, q: int) -> int | None:
        """The quotient of two polynomials, if it is one."""
        quotient, rest = divmod(x, q)
        if rest or self.size(quotient) + self.size(q) > self.base - 2:
            return None
        return quotient

    def factored(self, x: int) -> tuple[int, dict[int, int]]:
        """Integer content (with sign) and exponents of the factors of a polynomial."""
        digits = self.digits(x)
        content = gcd(*digits)
        x //= content
        found: dict[int, int] = {}
        for i, q in enumerate(self.factors):
            while (y := self.exact_quotient(x, q)) is not None:
                x, found[i] = y, found.get(i, 0) + 1
        if abs(x) != 1:
            root = isqrt(abs(x))
            square = root * root == abs(x) and 2 * self.size(root) < self.base - 2
            i = self.add_factor(root if square else x)
            found[i] = found.get(i, 0) + (2 if square else 1)
            x = 1 if self.ball(x).positive else -1
        return content * x, found

    def number(self, x: int) -> "Num":
        """A polynomial as a number of the field."""
        return Num(self, {0: x} if x else {}, 1, {}, self.size(x))

    def rational(self, q: Fraction | int) -> "Num":
        """A rational number."""
        q = Fraction(q)
        if not q:
            return Num(self, {}, 1, {}, 0)
        bits = abs(q.numerator).bit_length()
        return Num(self, {0: q.numerator}, q.denominator, {}, bits)

    def total(self, terms: Sequence["Num"]) -> "Num":
        """A sum, brought to lowest terms."""
        den, powers = 1, dict[int, int]()
        for x in terms:
            den = den * x.den // gcd(den, x.den)
            for i, e in x.powers.items():
                powers[i] = max(e, powers.get(i, 0))
        parts: dict[int, int] = {}
        bits = 0
        for x in terms:
            scale, wide = den // x.den, x.bits + (den // x.den).bit_length()
            for i, e in powers.items():
                if missing := e - x.powers.get(i, 0):
                    power = self.factors[i] ** missing
                    scale *= power
                    wide += missing * self.size(self.factors[i])
            for key, value in x.parts.items():
                parts[key] = parts.get(key, 0) + value * scale
            bits = max(bits, wide) + 1
        return Num(self, parts, den, powers, bits).reduced()


class Num:
    """A number: sum of parts times roots, over an integer and powers of factors."""

    __slots__ = ("bits", "den", "field", "parts", "powers")

    def __init__(
        self,
        field: Tower,
        parts: Mapping[int, int],
        den: int,
        powers: Mapping[int, int],
        bits: int,
    ) -> None:
        self.field, self.den, self.bits = field, den, bits
        self.parts = {key: x for key, x in parts.items() if x}
        self.powers = {i: e for i, e in powers.items() if e}
        if bits > field.base - 2:
            message = "coefficients are too long"
            raise Open(message)

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __neg__(self) -> "Num":
        parts = {key: -x for key, x in self.parts.items()}
        return Num(self.field, parts, self.den, self.powers, self.bits)

    def __mul__(self, other: "Num") -> "Num":
        """The product, not in lowest terms."""
        field, parts = self.field, dict[int, int]()
        extra = 0
        for a, x in self.parts.items():
            for b, y in other.parts.items():
                value, common, more = x * y, a & b, 0
                for i, radicand in enumerate(field.roots):
                    if common >> i & 1:
                        value *= radicand
                        more += field.size(radicand)
                extra = max(extra, more)
                parts[a ^ b] = parts.get(a ^ b, 0) + value
        count = len(self.parts) * len(other.parts)
        bits = self.bits + other.bits + extra + count.bit_length()
        powers = dict(self.powers)
        for i, e in other.powers.items():
            powers[i] = powers.get(i, 0) + e
        return Num(field, parts, self.den * other.den, powers, bits)

    def __add__(self, other: "Num") -> "Num":
        return self.field.total([self, other])

    def __truediv__(self, other: "Num") -> "Num":
        return (self * other.inverse()).reduced()

    def reduced(self) -> "Num":
        """The same number in lowest terms, with a fresh bound."""
        field, parts = self.field, dict(self.parts)
        if not parts:
            return Num(field, {}, 1, {}, 0)
        common = gcd(self.den, *(d for x in parts.values() for d in field.digits(x)))
        parts = {key: x // common for key, x in parts.items()}
        powers = dict(self.powers)
        for i, e in self.powers.items():
            for _ in range(e):
                found = {
                    key: field.exact_quotient(x, field.factors[i])
                    for key, x in parts.items()
                }
                smaller = {key: x for key, x in found.items() if x is not None}
                if len(smaller) < len(parts):
                    break
                parts, powers[i] = smaller, powers[i] - 1
        bits = max(map(field.size, parts.values()))
        return Num(field, parts, self.den // common, powers, bits)

    def inverse(self) -> "Num":
        """One over the number.

        Raises:
            Open: the number is formally zero.
        """
        field = self.field
        if not self.parts:
            message = "division by zero"
            raise Open(message)
        if len(self.parts) > 1:
            some = next(
                1 << i
                for i in range(len(field.roots))
                if 0 < sum(key >> i & 1 for key in self.parts) < len(self.parts)
            )
            parts = {k: -x if k & some else x for k, x in self.parts.items()}
            twin = Num(field, parts, self.den, self.powers, self.bits)
            return (twin * (self * twin).reduced().inverse()).reduced()
        ((key, x),) = self.parts.items()
        content, powers = field.factored(x)
        for i, radicand in enumerate(field.roots):
            if key >> i & 1:
                more, others = field.factored(radicand)
                content *= more
                for j, e in others.items():
                    powers[j] = powers.get(j, 0) + e
        top = self.den
        for i, e in self.powers.items():
            top *= field.factors[i] ** e
        bits = self.den.bit_length() + sum(
            e * field.size(field.factors[i]) for i, e in self.powers.items()
        )
        sign = 1 if content > 0 else -1
        return Num(field, {key: sign * top}, abs(content), powers, bits).reduced()

    def root(self) -> "Num":
        """The positive root of a number without roots in it.

        Raises:
            Open: it is not known to be positive, or has roots in it.
        """
        field = self.field
        if set(self.parts) != {0} or not self.ball().positive:
            message = "the root of a number that is no positive one of Q(pi)"
            raise Open(message)
        content, powers = field.factored(self.parts[0])
        content *= self.den
        for i, e in self.powers.items():
            powers[i] = powers.get(i, 0) - e
        key, top = field.integer_root(content)
        below: dict[int, int] = {}
        for i, e in powers.items():
            if e % 2:
                key ^= field.add_root(field.factors[i])
            if e // 2 > 0:
                top *= field.factors[i] ** (e // 2)
            elif e // 2 < 0:
                below[i] = -(e // 2)
        return Num(field, {key: top}, self.den, below, field.size(top)).reduced()

    def ball(self) -> Ball:
        """An enclosure at the true pi."""
        field = self.field
        total = field.lib.exact(0)
        for key, x in self.parts.items():
            value = field.ball(x)
            for i, radicand in enumerate(field.roots):
                if key >> i & 1:
                    value = value * field.ball(radicand).sqrt()
            total = total + value
        total = total / self.den
        for i, e in self.powers.items():
            for _ in range(e):
                total = total / field.ball(field.factors[i])
        return total


class Expansion:
    """An exact Laurent series in u with an O-term at u^prec, none if that is None."""

    __slots__ = ("field", "length", "prec", "terms", "v")

    def __init__(
        self,
        field: Tower,
        length: int,
        v: int,
        terms: Sequence[Num],
        prec: int | None,
    ) -> None:
        if prec is not None:
            terms = terms[: max(prec - v, 0)]
        start = next((i for i, c in enumerate(terms) if c), len(terms))
        terms = list(terms[start:])
        while terms and not terms[-1]:
            terms.pop()
        v += start
        if not terms:
            v = 0 if prec is None else prec
        elif len(terms) > length:
            terms, prec = terms[:length], v + length
        elif prec is not None and prec > v + length:
            prec = v + length
        self.field, self.length = field, length
        self.v, self.terms, self.prec = v, terms, prec

    @property
    def is_zero(self) -> bool:
        """Whether this is exactly zero."""
        return not self.terms and self.prec is None

    def _make(self, v: int, terms: Sequence[Num], prec: int | None) -> "Expansion":
        return Expansion(self.field, self.length, v, terms, prec)

    def _count(self) -> int:
        """The number of known coefficients from u^v on."""
        return self.length if self.prec is None else self.prec - self.v

    def coefficient(self, n: int) -> Num:
        """The coefficient of u^n, which must be known."""
        i = n - self.v
        if 0 <= i < len(self.terms):
            return self.terms[i]
        return self.field.rational(0)

    def __neg__(self) -> "Expansion":
        return self._make(self.v, [-c for c in self.terms], self.prec)

    def __add__(self, other: "Expansion") -> "Expansion":
        if other.is_zero:
            return self
        if self.is_zero:
            return other
        precs = [x.prec for x in (self, other) if x.prec is not None]
        prec = min(precs) if precs else None
        low = min(self.v, other.v)
        end = max(self.v + len(self.terms), other.v + len(other.terms))
        if prec is not None:
            end = min(end, prec)
        total = self.field.total
        terms = [
            total([self.coefficient(n), other.coefficient(n)]) for n in range(low, end)
        ]
        return self._make(low, terms, prec)

    def __mul__(self, other: "Expansion") -> "Expansion":
        if self.is_zero or other.is_zero:
            return self._make(0, [], None)
        precs = []
        if self.prec is not None:
            precs.append(self.prec + other.v)
        if other.prec is not None:
            precs.append(other.prec + self.v)
        prec = min(precs) if precs else None
        count = len(self.terms) + len(other.terms) - 1
        if not (self.terms and other.terms):
            return self._make(0, [], prec)
        count = min(count, self.length + 1)
        if prec is not None:
            count = min(count, prec - self.v - other.v)
        terms = [_exact_convolved(self.terms, other.terms, n) for n in range(count)]
        if prec is None and len(self.terms) + len(other.terms) - 1 > count:
            prec = self.v + other.v + count
        return self._make(self.v + other.v, terms, prec)

    def scaled(self, q: Fraction) -> "Expansion":
        """A rational multiple."""
        if not q:
            return self._make(0, [], None)
        factor = self.field.rational(q)
        return self._make(
            self.v, [(c * factor).reduced() for c in self.terms], self.prec
        )

    def __truediv__(self, other: "Expansion") -> "Expansion":
        if self.is_zero:
            return self
        if not other.terms:
            message = "division by a series without a known term"
            raise Open(message)
        first = other.terms[0].inverse()
        if len(other.terms) == 1 and other.prec is None:
            terms = [(c * first).reduced() for c in self.terms]
            prec = None if self.prec is None else self.prec - other.v
            return self._make(self.v - other.v, terms, prec)
        count = min(self._count(), other._count())
        unit = [(c * first).reduced() for c in other.terms]
        found: list[Num] = []
        for n in range(count):
            top = self.coefficient(self.v + n) * first
            rest = _exact_products(unit, found, n)
            found.append(self.field.total([top, *(-x for x in rest)]))
        low = self.v - other.v
        return self._make(low, found, low + count)

    def sqrt(self) -> "Expansion":
        """The positive root."""
        if self.is_zero:
            return self
        if not self.terms or self.v % 2:
            message = "the root of a series without a first term of even exponent"
            raise Open(message)
        first, inverse = self.terms[0].root(), self.terms[0].inverse()
        if len(self.terms) == 1 and self.prec is None:
            return self._make(self.v // 2, [first], None)
        count, half = self._count(), self.field.rational(Fraction(1, 2))
        unit = [self.field.rational(1)]
        for n in range(1, count):
            top = self.coefficient(self.v + n) * inverse
            rest = [
                unit[i] * unit[n - i] for i in range(1, n) if unit[i] and unit[n - i]
            ]
            unit.append((self.field.total([top, *(-x for x in rest)]) * half).reduced())
        terms = [(c * first).reduced() for c in unit]
        return self._make(self.v // 2, terms, self.v // 2 + count)

    def atan(self) -> "Expansion":
        """The arc tangent of a series that begins with u^1 or later."""
        if self.is_zero:
            return self
        if self.v < 1:
            message = "the arc tangent of a series that does not vanish"
            raise Open(message)
        if not self.terms:
            return self
        # y' (1 + x^2) = x'
        end = self.v + self._count()
        square = self * self
        slopes: list[Num] = []
        for n in range(self.v, end):
            factor = self.field.rational(n)
            top = [self.coefficient(n) * factor]
            for m in range(2 * self.v, n - self.v + 1):
                c = square.coefficient(m)
                if c and (y := slopes[n - m - self.v]):
                    top.append(-(c * y))
            slopes.append(self.field.total(top))
        terms = [
            (y * self.field.rational(Fraction(1, self.v + i))).reduced()
            for i, y in enumerate(slopes)
        ]
        return self._make(self.v, terms, end)

    def sign(self) -> int:
        """The sign of the first coefficient."""
        value = self.terms[0].ball() if self.terms else None
        if value is None or not (value.positive or value.negative):
            message = "the sign of a first coefficient is not known"
            raise Open(message)
        return 1 if value.positive else -1


def _exact_products(x: Sequence[Num], y: Sequence[Num], n: int) -> list[Num]:
    """The products x_i y_(n - i) with i >= 1."""
    return [
        x[i] * y[n - i]
        for i in range(1, min(len(x), n + 1))
        if n - i < len(y) and x[i] and y[n - i]
    ]


def _exact_convolved(x: Sequence[Num], y: Sequence[Num], n: int) -> Num:
    head = [x[0] * y[n]] if n < len(y) and y[n] else []
    return x[0].field.total([*head, *_exact_products(x, y, n)])


# -------------------------------------- 10. near infinity: models


class Span:
    """The interval (0, u_1], and how many coefficients models keep.

    Attributes:
        end: an enclosure of u_1.
        length: the number of coefficients.
    """

    def __init__(self, end: Ball, length: int) -> None:
        self.end, self.length, self.p = end, length, end.p
        half = -(-(end.m + end.r) // 2)
        self.interval = Ball(end.p, half, half)
        self.zero = Ball(end.p, 0)
        self._powers = [Ball(end.p, 1 << end.p)]

    def power(self, n: int) -> Ball:
        """The values of u^n.

        Raises:
            Open: n is negative, and the values are not bounded.
        """
        if n < 0:
            message = "a model is known to too low an order"
            raise Open(message)
        while len(self._powers) <= n:
            self._powers.append(self._powers[-1] * self.interval)
        return self._powers[n]

    def sharp(self, terms: Sequence[Ball]) -> Ball:
        """The same as ``reach``, piece by piece."""
        low = high = 0
        step = -(-(self.end.m + self.end.r) // _PIECES)
        for i in range(_PIECES):
            piece = Ball(self.p, (2 * i + 1) * step, step + 1)
            half = Ball(self.p, piece.m >> 1, (piece.r >> 1) + 2)
            total = self.zero
            for c in reversed(terms):
                total = c if total.is_zero else total * half + c
            low = total.m - total.r if not i else min(low, total.m - total.r)
            high = total.m + total.r if not i else max(high, total.m + total.r)
        middle = (low + high) >> 1
        return Ball(self.p, middle, high - middle)

    def reach(self, terms: Sequence[Ball]) -> Ball:
        """The values of a polynomial in u."""
        total = self.zero
        for c in reversed(terms):
            total = c if total.is_zero else total * self.interval + c
        return total


def _cauchy(x: Sequence[Ball], y: Sequence[Ball], zero: Ball) -> list[Ball]:
    found = [zero] * max(len(x) + len(y) - 1, 0)
    for i, a in enumerate(x):
        if not a.is_zero:
            for j, b in enumerate(y):
                if not b.is_zero:
                    found[i + j] = found[i + j] + a * b
    return found


class Model:
    """All functions sum_{i < n} c_i u^(low + i) + R u^(low + n) of u in (0, u_1].

    The c_i lie in the balls ``terms``, n is their number, and R, which may depend on u,
    lies in the ball ``rest``.  ``rest`` is exactly zero for Laurent polynomials.
    """

    __slots__ = ("low", "rest", "span", "terms")

    def __init__(
        self, span: Span, low: int, terms: Sequence[Ball], rest: Ball | None = None
    ) -> None:
        rest = span.zero if rest is None else rest
        if len(terms) > span.length:
            tail = [*terms[span.length :], rest]
            terms, rest = terms[: span.length], span.reach(tail)
        self.span, self.low, self.terms, self.rest = span, low, list(terms), rest

    def _all(self) -> list[Ball]:
        return [*self.terms, self.rest]

    def bracket(self) -> Ball:
        """The values of f / u^low."""
        return self.span.reach(self._all())

    def raised(self, floor: int) -> "Model":
        """Strike off the terms below an exponent, which are known to vanish."""
        count = floor - self.low
        if count <= 0:
            return self
        if any(abs(c.m) > c.r for c in self.terms[:count]):
            message = "a term that should vanish does not"
            raise Refuted(message)
        if count > len(self.terms):
            # The remainder is O(u^floor) too, but only its bound is known.
            return Model(self.span, self.low + len(self.terms), [], self.rest)
        return Model(self.span, floor, self.terms[count:], self.rest)

    def _padded(self, low: int, count: int) -> tuple[list[Ball], Ball]:
        """So many coefficients from u^low on, and the rest; low is not above."""
        zero, shift = self.span.zero, self.low - low
        terms = ([zero] * shift + self.terms)[:count]
        exact = self.rest.is_zero
        if len(terms) < count and not exact:
            message = "a model has too few coefficients"
            raise Open(message)
        terms += [zero] * (count - len(terms))
        over = max(shift - count, 0)
        tail = self.span.reach([*self.terms[max(count - shift, 0) :], self.rest])
        return terms, tail if tail.is_zero else self.span.power(over) * tail

    def _end(self) -> int | None:
        """The exponent from which on only the rest is known."""
        return None if self.rest.is_zero else self.low + len(self.terms)

    def __neg__(self) -> "Model":
        return Model(self.span, self.low, [-c for c in self.terms], -self.rest)

    def __add__(self, other: "Model") -> "Model":
        low = min(self.low, other.low)
        ends = [e for e in (self._end(), other._end()) if e is not None]
        end = min(ends, default=max(x.low + len(x.terms) for x in (self, other)))
        x, s = self._padded(low, end - low)
        y, t = other._padded(low, end - low)
        return Model(self.span, low, [a + b for a, b in zip(x, y, strict=True)], s + t)

    def __mul__(self, other: "Model") -> "Model":
        span = self.span
        counts = [len(x.terms) for x in (self, other) if not x.rest.is_zero]
        terms = _cauchy(self.terms, other.terms, span.zero)
        low, count = self.low + other.low, min([*counts, len(terms)])
        if not counts:
            return Model(span, low, terms)
        rest = span.reach(terms[count:])
        if not self.rest.is_zero:
            gap = len(self.terms) - count
            rest = rest + self.rest * other.bracket() * span.power(gap)
        if not other.rest.is_zero:
            gap = len(other.terms) - count
            rest = rest + other.rest * span.reach(self.terms) * span.power(gap)
        return Model(span, low, terms[:count], rest)

    def scaled(self, q: Fraction | int) -> "Model":
        """A rational multiple."""
        return Model(self.span, self.low, [c * q for c in self.terms], self.rest * q)

    def __truediv__(self, other: "Model") -> "Model":
        span = self.span
        if not other.terms or not (other.terms[0].positive or other.terms[0].negative):
            message = "division by a model that may vanish"
            raise Open(message)
        first = other.terms[0]
        low = self.low - other.low
        if len(other.terms) == 1 and other.rest.is_zero:
            terms = [c if c.is_zero else c / first for c in self.terms]
            rest = self.rest if self.rest.is_zero else self.rest / first
            return Model(span, low, terms, rest)
        counts = [len(x.terms) for x in (self, other) if not x.rest.is_zero]
        count = min([span.length, *counts])
        found: list[Ball] = []
        for n in range(count):
            total = self.terms[n] if n < len(self.terms) else span.zero
            for i in range(1, min(n + 1, len(other.terms))):
                if not (other.terms[i].is_zero or found[n - i].is_zero):
                    total = total - other.terms[i] * found[n - i]
            found.append(total / first)
        # What is left of f - g q; its terms below u^count vanish.
        mine = self.terms[count:]
        rest = span.reach([*mine, self.rest]) if mine else self.rest
        if not mine and not self.rest.is_zero:
            rest = self.rest * span.power(len(self.terms) - count)
        product = _cauchy(other.terms, found, span.zero)[count:]
        gone = span.reach(product)
        if not other.rest.is_zero:
            gap = len(other.terms) - count
            gone = gone + other.rest * span.reach(found) * span.power(gap)
        return Model(span, low, found, (rest - gone) / other.bracket())

    def sqrt(self) -> "Model":
        """The positive root."""
        span, inside = self.span, self.bracket()
        if not (self.terms and self.terms[0].positive and inside.positive):
            message = "the root of a model that may be negative"
            raise Open(message)
        if self.low % 2:
            message = "the root of a model of odd exponent"
            raise Open(message)
        count = span.length if self.rest.is_zero else len(self.terms)
        found = [self.terms[0].sqrt()]
        twice = 2 * found[0]
        for n in range(1, count):
            total = self.terms[n] if n < len(self.terms) else span.zero
            for i in range(1, n):
                total = total - found[i] * found[n - i]
            found.append(total / twice)
        rest = span.reach([*self.terms[count:], self.rest])
        rest = rest - span.reach(_cauchy(found, found, span.zero)[count:])
        bound = rest / (inside.sqrt() + span.reach(found))
        return Model(span, self.low // 2, found, bound)

    def atan(self) -> "Model":
        """The arc tangent of a model that begins with u^1 or later.

        For one u let x be the polynomial with the remainder as its last coefficient;
        then atan x(v) is integrated from 0 to u.
        """
        span = self.span
        if self.low < 1:
            message = "the arc tangent of a model that does not vanish"
            raise Open(message)
        end = self.low + (span.length if self.rest.is_zero else len(self.terms))
        known = [span.zero] * self.low + self.terms
        x = [*known[:end], *[span.zero] * max(end - len(known), 0)]
        x = [*x, *known[end:], self.rest]
        square = _cauchy(x, x, span.zero)
        below = [square[0] + 1, *square[1:]]
        slope = [n * c for n, c in enumerate(x)][1:]
        found: list[Ball] = []
        for n in range(end - 1):
            total = slope[n]
            for i in range(2, min(n, len(square) - 1) + 1):
                if not square[i].is_zero:
                    total = total - square[i] * found[n - i]
            found.append(total)
        product = _cauchy(below, found, span.zero)
        rest = span.reach(slope[end - 1 :]) - span.reach(product[end - 1 :])
        rest = rest / span.reach(below) / end
        terms = [c / (n + 1) for n, c in enumerate(found)]
        return Model(span, self.low, terms[self.low - 1 :], rest)


# --------------------------------------- 10. near infinity: germs


class Germ:
    """A function of u on (0, u_1] in two ways: exact terms, and a model.

    The exact series holds for the whole tube; below its first exponent everything
    vanishes, and is struck off the model.
    """

    __slots__ = ("exact", "lib", "model")

    def __init__(self, lib: "Germs", exact: Expansion, model: Model | None) -> None:
        self.lib, self.exact = lib, exact
        if model is not None and not exact.is_zero:
            model = model.raised(exact.v)
        self.model = None if exact.is_zero else model

    def _make(self, exact: Expansion, model: Model | None) -> "Germ":
        return Germ(self.lib, exact, model)

    @property
    def is_zero(self) -> bool:
        """Whether this is exactly zero."""
        return self.exact.is_zero

    m = property(lambda self: self._first())
    r = property(lambda self: 0)

    def _first(self) -> int:
        """The constant term, in units of 2^-p: how large this is for small u."""
        if self.exact.v > 0 or not self.exact.terms:
            return 0
        return self.exact.terms[0].ball().m

    @property
    def positive(self) -> bool:
        """Whether this is positive on all of (0, u_1]."""
        if self.is_zero:
            return False
        if self.model is None:
            return self.exact.sign() > 0
        return self.model.bracket().positive

    @property
    def negative(self) -> bool:
        """Whether this is negative on all of (0, u_1]."""
        return (-self).positive

    def _lift(self, other: Any) -> "Germ":
        return other if isinstance(other, Germ) else self.lib.exact(other)

    def _both(self, other: "Germ", act: Callable[[Any, Any], Any]) -> "Germ":
        exact = act(self.exact, other.exact)
        if self.model is None or other.model is None:
            return self._make(exact, None)
        return self._make(exact, act(self.model, other.model))

    def __neg__(self) -> "Germ":
        model = None if self.model is None else -self.model
        return self._make(-self.exact, model)

    def __add__(self, right: Any) -> "Germ":
        other: Germ = self._lift(right)
        if other.is_zero:
            return self
        if self.is_zero:
            return other
        return self._both(other, lambda x, y: x + y)

    __radd__ = __add__

    def __sub__(self, right: Any) -> "Germ":
        found: Germ = self + -self._lift(right)
        return found

    def __rsub__(self, left: Any) -> "Germ":
        found: Germ = -self + self._lift(left)
        return found

    def __mul__(self, other: Any) -> "Germ":
        if isinstance(other, int | Fraction):
            if other == 1:
                return self
            model = None if self.model is None else self.model.scaled(other)
            return self._make(self.exact.scaled(Fraction(other)), model)
        if self.is_zero or other.is_zero:
            return self.lib.exact(0)
        return self._both(other, lambda x, y: x * y)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> "Germ":
        if isinstance(other, int | Fraction):
            return self * (1 / Fraction(other))
        if self.is_zero:
            return self
        return self._both(other, lambda x, y: x / y)

    def __rtruediv__(self, other: Any) -> "Germ":
        return self._lift(other) / self

    def sqrt(self) -> "Germ":
        """The positive root."""
        if self.is_zero:
            return self
        model = None if self.model is None else self.model.sqrt()
        return self._make(self.exact.sqrt(), model)

    def atan(self) -> "Germ":
        """The arc tangent."""
        if self.is_zero:
            return self
        model = None if self.model is None else self.model.atan()
        return self._make(self.exact.atan(), model)


class Germs:
    """The system of germs; without a span there are no models."""

    def __init__(self, field: Tower, length: int, span: Span | None) -> None:
        self.field, self.length, self.span = field, length, span
        self.pi = self.monomial(0, field.pi)
        self.over_two_pi = 1 / (2 * self.pi)

    def exact(self, q: Any) -> Germ:
        """A rational number; a germ stays what it is."""
        if isinstance(q, Germ):
            return q
        return self.monomial(0, self.field.rational(q))

    def monomial(self, n: int, c: Num) -> Germ:
        """A number times u^n."""
        return self.laurent([(n, c)])

    def laurent(
        self,
        terms: Sequence[tuple[int, Num]],
        order: int | None = None,
        radius: Ball | None = None,
    ) -> Germ:
        """A Laurent polynomial, with an O-term in the exact part.

        Args:
            terms: exponents, ascending, and coefficients.
            order: of the O-term.
            radius: the model has a remainder up to this, times u^order.
        """
        terms = [x for x in terms if x[1]]
        low = terms[0][0] if terms else (order or 0)
        count = terms[-1][0] - low + 1 if terms else 0
        dense = [self.field.rational(0)] * count
        for n, c in terms:
            dense[n - low] = c
        exact = Expansion(self.field, self.length, low, dense, order)
        if self.span is None:
            return Germ(self, exact, None)
        balls = [c.ball() for c in dense]
        model = Model(self.span, low, balls)
        if order is not None and radius is not None:
            rest = Ball(radius.p, 0, radius.m + radius.r)
            model = model + Model(self.span, order, [], rest)
        return Germ(self, exact, model)

    def angle(self, s: Germ, c: Germ) -> Germ:
        """The angle by its limit; the sine has to be positive for all u."""
        if not s.positive:
            message = "a sine may vanish"
            raise Open(message)
        if c.is_zero:
            return self.pi / 2
        if c.exact.v > s.exact.v:
            return self.pi / 2 - (c / s).atan()
        near = (s / c).atan()
        if c.positive:
            return near
        if c.negative:
            return self.pi + near
        message = "a cosine may vanish"
        raise Open(message)


Terms: TypeAlias = list[tuple[int, Num]]
"""Exponents, ascending, and coefficients of a Laurent polynomial."""


class AtInfinity:
    """The part of a theorem that holds for all k >= k_1, proved from its evidence.

    Attributes:
        k_from: k_1.
        orders: m_j.
        centre: the exact terms X_j below u^m_j, u = k^(-1/(2 e)).
        radii: r_j; the tube is |x_j - X_j| <= r_j u^m_j.
        image: bounds of |x_j - X_j| / u^m_j at the critical point; set by ``prove``.
        negatives: by component, the number of negative eigenvalues, or None; likewise.
    """

    def __init__(self, family: Family, document: Mapping[str, Any]) -> None:
        self.family = family
        self.k_from = _rational(document["k_from"], "k_from")
        self.e = _of(document["ramification"], int, "the ramification")
        parameters = _of(document["parameters"], list, "the parameters")
        self.orders = [_of(x["order"], int, "an order") for x in parameters]
        self.length = _of(document["length"], int, "the length")
        bits = _of(document["bits"], int, "bits")
        self.orbits = list(family.pattern.orbits(family.pattern.rows))
        names = [family.pattern.name(family.pattern.rows, o) for o in self.orbits]
        if [x["name"] for x in parameters] != names:
            message = "the parameters at infinity are not those of the pattern"
            raise BadCertificate(message)
        good = self.k_from > family.least and self.e >= 1
        if not (good and 1 <= bits <= _MAX_BITS and 1 <= self.length <= _MAX_LENGTH):
            message = "the numbers of the part at infinity are out of range"
            raise BadCertificate(message)
        self.p = bits + _GUARD_BITS
        self.field = Tower(_BASE, self.p)
        self.centre = [self._terms(x["terms"]) for x in parameters]
        rows = _of(document["inverse"], list, "the matrix at infinity")
        self.inverse = [[self._terms(x) for x in row] for row in rows]
        if {len(self.inverse), *map(len, self.inverse)} != {len(names)}:
            message = "the matrix at infinity has the wrong size"
            raise BadCertificate(message)
        self.radii = []
        for x in parameters:
            radius = Dyadic.read(x["radius"], "a radius").at(self.p)
            self.radii.append(Ball(self.p, radius))
        self.image: list[Ball] = []
        self.negatives: dict[str, int | None] = {}

    def _terms(self, document: Any) -> Terms:
        """A Laurent polynomial: exponents, ascending, and exact numbers."""
        found: Terms = []
        for n, parts in _of(document, list, "a Laurent polynomial"):
            _of(n, int, "an exponent")
            if abs(n) > _MAX_LENGTH or (found and n <= found[-1][0]):
                message = "the exponents of a Laurent polynomial do not ascend"
                raise BadCertificate(message)
            found.append((n, self._number(parts)))
        return found

    def _number(self, parts: Any) -> Num:
        """A list of parts [m, [q, ...], p, d]: the sum of sqrt(m q ...) p / d."""
        field, found = self.field, []
        for m, inside, p, d in _of(parts, list, "an exact number"):
            term = field.number(self._polynomial(p))
            term = term * field.number(self._polynomial(d)).inverse()
            for text in [m, *inside]:
                radicand = field.number(self._polynomial(text))
                if radicand.parts != {0: 1}:
                    term = (term * radicand.root()).reduced()
            found.append(term)
        return field.total(found)

    def _polynomial(self, text: Any) -> int:
        _matched(text, _INTEGERS, "a polynomial in pi")
        return self.field.polynomial([int(x) for x in text.split()])

    def lib(self, length: int, *, models: bool) -> Germs:
        """A system of germs."""
        if not models:
            return Germs(self.field, length, None)
        end = 1 / Balls(self.p).exact(self.k_from)
        for _ in range(_halvings(2 * self.e)):
            end = end.sqrt()
        return Germs(self.field, length, Span(end, self.length))

    def landscape(
        self, lib: Germs, *, boxed: bool, radii: Sequence[Ball] | None
    ) -> Any:
        """The landscape at the centre, or in the tube.

        Args:
            lib: the germs.
            boxed: whether exact parts hold for the whole tube.
            radii: of the models; None for the centre.
        """
        k = lib.monomial(-2 * self.e, self.field.rational(1))
        point = [
            lib.laurent(
                terms, order if boxed else None, None if radii is None else radii[i]
            )
            for i, (terms, order) in enumerate(
                zip(self.centre, self.orders, strict=True)
            )
        ]
        system: Any = lib
        return self.family.landscape(system, k, point)

    def matrix(self, lib: Germs) -> list[list[Germ]]:
        """The matrix T."""
        return [[lib.laurent(terms) for terms in row] for row in self.inverse]

    def solves(self) -> None:
        """Prove that T F(X) begins with u^m in exact arithmetic.

        Raises:
            Refuted: it does not.
            Open: too few terms were computed.
        """
        lowest = min(terms[0][0] for row in self.inverse for terms in row if terms)
        lib = self.lib(max(self.orders) - lowest + _SLACK, models=False)
        gradient = self.landscape(lib, boxed=False, radii=None).gradient()
        for row, m in zip(self.matrix(lib), self.orders, strict=True):
            move = _germ_dot(lib, row, gradient).exact
            if move.terms and move.v < m:
                message = "the series do not solve the equations"
                raise Refuted(message)
            if move.prec is not None and move.prec < m:
                message = "too few terms of the equations are known"
                raise Open(message)

    def offsets(self, length: int) -> list[Ball]:
        """Bounds of |T F(X)| / u^m."""
        lib = self.lib(length, models=True)
        gradient = self.landscape(lib, boxed=True, radii=None).gradient()
        found = []
        for row, m in zip(self.matrix(lib), self.orders, strict=True):
            move = _germ_dot(lib, row, gradient).model
            found.append(_model_size(move, m) if move is not None else Ball(self.p, 0))
        return found

    def prove(self) -> None:
        """Prove that the tube holds exactly one critical point for each k.

        Raises:
            Open: that was not proved.
        """
        self.solves()
        for length in _LENGTHS:
            lib = self.lib(length, models=True)
            land = self.landscape(lib, boxed=True, radii=self.radii)
            errors = self._errors(lib, land)
            if self._contracts(errors):
                break
        else:
            message = "a Krawczyk step does not contract at infinity"
            raise Open(message)
        offsets = self.offsets(length)
        self.image = []
        for i, (row, offset) in enumerate(zip(errors, offsets, strict=True)):
            total = offset
            for j, x in enumerate(row):
                if x.model is not None:
                    gap = self.orders[i] - self.orders[j]
                    total = total + _model_size(x.model, gap) * self.radii[j]
            bound = Ball(self.p, total.m + total.r)
            if not (self.radii[i] - bound).positive:
                message = "the tube at infinity may lose its critical point"
                raise Open(message)
            self.image.append(bound)
        self.negatives = self._indices(
            self.landscape(lib, boxed=True, radii=self.image)
        )

    def _errors(self, lib: Germs, land: Any) -> list[list[Germ]]:
        """The matrix T F' - 1."""
        whole = self.family.components["1"]
        hessian: Any = land.hessian(whole.directions, whole.labels)
        slopes = [
            [x / land.pattern.cells(orbit) for x in row]
            for row, orbit in zip(hessian, self.orbits, strict=True)
        ]
        columns = [*zip(*slopes, strict=True)]
        return [
            [
                _germ_dot(lib, row, column) - int(i == j)
                for j, column in enumerate(columns)
            ]
            for i, row in enumerate(self.matrix(lib))
        ]

    def _contracts(self, errors: Sequence[Sequence[Germ]]) -> bool:
        """Whether T F' - 1 gains a power of u in the tube, by exact arithmetic."""
        return all(
            x.is_zero or x.exact.v + self.orders[j] - self.orders[i] >= 1
            for i, row in enumerate(errors)
            for j, x in enumerate(row)
        )

    def _indices(self, land: Any) -> dict[str, int | None]:
        """The numbers of negative eigenvalues of the blocks."""
        found: dict[str, int | None] = {}
        for name, component in self.family.components.items():
            rows: Any = land.hessian(component.directions, component.labels)
            try:
                found[name] = _negative_pivots(rows)
            except Open:
                found[name] = None
        return found

    def constant(self, j: int, m: int) -> Ball:
        """A ball with (x_j - sum of the terms below u^m) / u^m for all k >= k_1.

        Args:
            j: the number of the parameter.
            m: an exponent up to the order of the parameter.
        """
        lib = self.lib(_LENGTHS[0], models=True)
        assert lib.span is not None
        order = self.orders[j]
        if m > order:
            message = f"nothing is known beyond u^{order}"
            raise Open(message)
        coefficients = [Ball(self.p, 0)] * (order - m)
        for n, c in self.centre[j]:
            if n >= m:
                coefficients[n - m] = c.ball()
        bound = self.image[j]
        rest = Ball(self.p, 0, bound.m + bound.r)
        return lib.span.sharp([*coefficients, rest])

    def check_loss(self, terms: Terms, m: int) -> None:
        """Prove that the loss at the critical point has these terms below u^m.

        From X to the critical point it changes by half the second derivative in
        between on the step, which is of higher order.

        Raises:
            Refuted: they are not those of the loss.
            Open: too little is known.
        """
        exact = self.lib(m + _SLACK, models=False)
        value = self.landscape(exact, boxed=False, radii=None).loss()
        known = (value - exact.laurent(terms)).exact
        if known.terms and known.v < m:
            message = "the loss has other terms"
            raise Refuted(message)
        if known.prec is not None and known.prec < m:
            message = "too few terms of the loss are known"
            raise Open(message)
        lib = self.lib(_LENGTHS[0], models=False)
        whole = self.family.components["1"]
        land = self.landscape(lib, boxed=True, radii=None)
        form: Any = land.hessian(whole.directions, whole.labels)
        for row, p in zip(form, self.orders, strict=True):
            for entry, q in zip(row, self.orders, strict=True):
                if not entry.is_zero and entry.exact.v + p + q < m:
                    message = "too few terms of the parameters are known for the loss"
                    raise Open(message)

    def loss_scaled(self, terms: Terms, m: int) -> Ball:
        """A ball with (loss - terms) / u^m for all k >= k_1.

        The loss at X minus the terms is shown to begin with u^m in exact arithmetic.
        From X to the critical point it changes by half the second derivative in between
        on the step, as the loss is stationary at the end.

        Raises:
            Refuted: the terms are not those of the loss below u^m.
            Open: too little is known.
        """
        self.check_loss(terms, m)
        lib = self.lib(_LENGTHS[1], models=True)
        near: Any = self.landscape(lib, boxed=True, radii=None).loss()
        model = (near - lib.laurent(terms)).model.raised(m)
        total: Ball = model.span.sharp(model._all())
        total = total * model.span.power(model.low - m)
        # From here on the sum is only made wider.
        land = self.landscape(lib, boxed=True, radii=self.image)
        whole = self.family.components["1"]
        hessian: Any = land.hessian(whole.directions, whole.labels)
        for row, p, x in zip(hessian, self.orders, self.image, strict=True):
            for entry, q, y in zip(row, self.orders, self.image, strict=True):
                if entry.model is not None:
                    total = total.widened(
                        _model_size(entry.model, m - p - q) * x * y / 2
                    )
        return total

    def enclosure(self, k: Fraction) -> list[Ball]:
        """Balls around the parameters of the critical point at one k >= k_1."""
        return [x.widened(r) for x, r in self._sides(k, self.image)]

    def holds(self, point: Sequence[Ball], k: Fraction) -> bool:
        """Whether a critical point at one k >= k_1 lies inside the tube.

        The tube holds only one, so it then is that one.
        """
        for y, (x, reach) in zip(point, self._sides(k, self.radii), strict=True):
            gap = _at_precision(y, self.p) - x
            if abs(gap.m) + gap.r >= reach.m - reach.r:
                return False
        return True

    def _sides(
        self, k: Fraction, bounds: Sequence[Ball]
    ) -> Iterator[tuple[Ball, Ball]]:
        """The centre X(u) at one k, and the half-widths that bounds times u^m are."""
        if k < self.k_from:
            message = f"nothing was proved at infinity below k = {self.k_from}"
            raise Open(message)
        lib = Balls(self.p)
        u = 1 / lib.exact(k)
        for _ in range(_halvings(2 * self.e)):
            u = u.sqrt()
        for terms, m, bound in zip(self.centre, self.orders, bounds, strict=True):
            total = lib.exact(0)
            for n, c in terms:
                total = total + c.ball() * _power_of(u, n)
            yield total, bound * _power_of(u, m)


def _power_of(u: Ball, n: int) -> Ball:
    total = Ball(u.p, 1 << u.p)
    for _ in range(abs(n)):
        total = total * u
    return total if n >= 0 else 1 / total


def _negative_pivots(matrix: Sequence[Sequence[Germ]]) -> int:
    """The number of negative eigenvalues, by pivots of least order first."""
    rows = [list(row) for row in matrix]
    negative = 0
    while rows:
        known = [
            (x.exact.v, i) for i, row in enumerate(rows) if (x := row[i]).exact.terms
        ]
        if not known:
            message = "no pivot has a known term"
            raise Open(message)
        _, at = min(known)
        pivot = rows[at].pop(at)
        column = rows.pop(at)
        if not (pivot.positive or pivot.negative):
            message = "the sign of a pivot is not known"
            raise Open(message)
        negative += int(pivot.negative)
        for row in rows:
            del row[at]
        for i in range(len(rows)):
            if column[i].is_zero:
                continue
            factor = column[i] / pivot
            for j in range(i + 1):
                rows[i][j] = rows[j][i] = rows[i][j] - factor * column[j]
    return negative


_BASE = 1024
"""Bits for each coefficient of a polynomial in pi."""

_PIECES = 64
"""The interval is cut into so many pieces where sharp bounds are wanted."""

_LENGTHS = (6, 10, 16, 24)
"""Exact terms that are tried in turn."""

_SLACK = 8
"""Terms that cancellation may cost."""

_MAX_LENGTH = 256
_INTEGERS = re.compile(r"-?[0-9]{1,4000}( -?[0-9]{1,4000})*")


def _germ_dot(lib: Germs, x: Sequence[Germ], y: Sequence[Germ]) -> Germ:
    total = lib.exact(0)
    for a, b in zip(x, y, strict=True):
        total = total + a * b
    return total


def _model_size(model: Model, m: int) -> Ball:
    """A bound of |f| / u^m, for a model known to begin there."""
    model = model.raised(m)
    value = model.bracket() * model.span.power(model.low - m)
    return Ball(value.p, abs(value.m) + value.r)


def _halvings(n: int) -> int:
    found = n.bit_length() - 1
    if 1 << found != n:
        message = "a ramification that is no power of two"
        raise Open(message)
    return found


# --------------------------------------------------------------- 11. theorems

_RATIO_TOLERANCE = Fraction(1, 1000)
"""A ratio is written with four digits."""

_SAMPLES = range(1000, 1016)
"""Quotients of polynomials are equal if they agree at more numbers than the degrees of
numerators and denominators together."""

_MAX_DEGREE = 8
"""Of what a claim writes; with the polynomials that it is compared with, of degree 4 at
most, fewer than the samples."""

_MAX_FORMULA_BITS = 1 << 16
"""A formula with a larger value on the way is refused."""

_WORD = re.compile(r"\s*([0-9]+|[A-Za-z_]+|\*\*|[-+*/()])")


class _Formula:
    """Reads an expression such as 2 + 8/pi**2 or k*(k - 1)/2 into some numbers."""

    def __init__(
        self, text: Any, number: Callable[[Fraction], Any], names: Mapping[str, Any]
    ) -> None:
        self.text, self.number, self.names = _of(text, str, "a formula"), number, names
        self.words = _WORD.findall(text)
        if "".join(self.words) != "".join(text.split()):
            self.fail()
        self.words.append("")
        self.depth = 0

    def fail(self) -> Any:
        message = f"the formula {self.text!r:.60} cannot be read"
        raise BadCertificate(message)

    def read(self) -> Any:
        value = self.sum()
        return value if self.words[0] == "" else self.fail()

    def sum(self) -> Any:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            self.fail()
        total = self.product()
        while self.words[0] in ("+", "-"):
            sign = self.number(Fraction(1 if self.words.pop(0) == "+" else -1))
            total = self.short(total + sign * self.product())
        self.depth -= 1
        return total

    def product(self) -> Any:
        sign = 1
        while self.words[0] == "-":
            self.words.pop(0)
            sign = -sign
        total = self.power()
        while self.words[0] in ("*", "/"):
            divide = self.words.pop(0) == "/"
            factor = self.power()
            total = self.short(total / factor if divide else total * factor)
        return total if sign > 0 else self.number(Fraction(-1)) * total

    def power(self) -> Any:
        base = self.atom()
        if self.words[0] != "**":
            return base
        self.words.pop(0)
        exponent = self.words.pop(0)
        if not re.fullmatch("[0-9]{1,3}", exponent):
            self.fail()
        if not 1 <= int(exponent) <= _MAX_LENGTH:
            self.fail()
        total = base
        for _ in range(int(exponent) - 1):
            total = self.short(total * base)
        return total

    def short(self, value: Any) -> Any:
        """The value, if it is no rational number of very many digits."""
        if isinstance(value, Fraction):
            parts = value.numerator, value.denominator
            if max(x.bit_length() for x in parts) > _MAX_FORMULA_BITS:
                self.fail()
        return value

    def atom(self) -> Any:
        word = self.words.pop(0) if self.words[0] else self.fail()
        if len(word) > _MAX_DIGITS:
            self.fail()
        if word.isdigit():
            return self.number(Fraction(int(word)))
        if word in self.names:
            return self.names[word]
        if word == "sqrt" and self.words[0] == "(":
            self.words.pop(0)
            value = self.sum()
            if self.words.pop(0) != ")" or not hasattr(value, "root"):
                self.fail()
            return value.root()
        if word == "(":
            value = self.sum()
            return value if self.words.pop(0) == ")" else self.fail()
        return self.fail()


def _at(text: Any, k: Fraction | int) -> Fraction:
    """The value of a polynomial in k."""
    try:
        value = _Formula(text, Fraction, {"k": Fraction(k)}).read()
    except (ZeroDivisionError, IndexError):
        message = f"the formula {text!r:.60} cannot be evaluated"
        raise BadCertificate(message) from None
    return Fraction(value)


def _same_polynomial(text: Any, value: Callable[[int], Fraction], what: str) -> None:
    """Compare a polynomial in k, or a quotient, with a polynomial of degree up to 4.

    Raises:
        Refuted: it is another one.
        Open: its degree may be too large.
    """
    degree = _of(text, str, what).count("k")
    for exponent in re.findall(r"\*\*\s*([0-9]+)", text):
        degree *= int(exponent)
    if degree >= _MAX_DEGREE:
        message = f"{what} is written as a polynomial of high degree"
        raise Open(message)
    if any(_at(text, k) != value(k) for k in _SAMPLES):
        message = f"{what} is not {text}"
        raise Refuted(message)


def _or_none(value: Any, read_value: Callable[[Any, str], Any], what: str) -> None:
    if value is not None:
        read_value(value, what)


def _text(value: Any, what: str) -> None:
    _of(value, str, what)


def _count(value: Any, what: str) -> None:
    if _of(value, int, what) < 0:
        message = f"{what} is negative"
        raise BadCertificate(message)


def _check_statement(claim: Mapping[str, Any]) -> None:
    """Refuse a claim about all k of which some part is not written as it should be.

    Nothing is computed with a number before that, since it may be one that takes
    forever to write out.
    """
    for key in ("family", "kernel", "pattern"):
        _text(claim[key], f"the {key}")
    for key in ("target", "limit"):
        for name, x in _of(claim[key], dict, f"the {key}").items():
            _text(x, f"the {key} {name}")
    _decimal(claim["k_min"], "k_min")
    _or_none(claim["complete_from"], _decimal, "complete_from")
    for name, x in _of(claim["followed_above"], dict, "followed_above").items():
        _rational(x, f"followed_above of {name}")
    loss = _keys(claim["loss"], "loss")
    _of(loss["exponent"], int, "an exponent")
    for key in ("lower", "lower_from", "upper"):
        _decimal(loss[key], key)
    _or_none(loss["positive_from"], _decimal, "positive_from")
    for name, bound in _of(claim["bounds"], dict, "the bounds").items():
        _check_bound(name, _keys(bound, "bound"))
    for x in _of(claim["index"], list, "the index"):
        _check_range(_keys(x, "range"))
    for x in _of(claim["crossings"], list, "the crossings"):
        _check_crossing(_keys(x, "crossing"))


def _check_bound(name: str, bound: Mapping[str, Any]) -> None:
    for term in _of(bound["terms"], list, "terms"):
        n, c = _of(term, list, f"a term of {name}")
        _of(n, int, "an exponent")
        _text(c, f"a term of {name}")
    _of(bound["order"], int, "an order")
    _decimal(bound["constant"], "a constant")
    _text(bound["next"], f"the next term of {name}")
    _or_none(bound["ratio"], _decimal, "a ratio")


def _check_range(x: Mapping[str, Any]) -> None:
    _count(x["from"], "an integer k")
    _or_none(x["to"], _count, "an integer k")
    for name, n in _of(x["negative"], dict, "negative").items():
        _or_none(n, _count, f"negative of {name}")
    _or_none(x["morse_index"], _text, "a Morse index")
    if not (x["minimum"] is None or isinstance(x["minimum"], bool)):
        message = "minimum should be true, false or null"
        raise BadCertificate(message)


def _check_crossing(x: Mapping[str, Any]) -> None:
    Interval.read(x["k"], "a threshold")
    for key in ("component", "multiplicity"):
        _text(x[key], f"the {key} of a threshold")
    for key in ("negative_below", "negative_above"):
        _count(x[key], key)


@dataclass
class Theorem:
    """The steps of checking a statement about all k."""

    document: Mapping[str, Any]
    claim: Mapping[str, Any]
    family: Family
    infinity: "AtInfinity"

    @classmethod
    def read(cls, document: Any) -> "Theorem":
        """Read a certificate of kind ``uniform``.

        Raises:
            BadCertificate: it breaks the format, or the hash does not fit.
        """
        whole = _keys(document, "theorem", "path")
        _text(whole.get("path", ""), "the path")
        for value in _keys(whole["producer"], "producer").values():
            _of(value, str, "the producer")
        if hashlib.sha256(canonical(whole)).hexdigest() != whole["sha256"]:
            raise BadCertificate(_BAD_HASH)
        claim = _keys(whole["claim"], "statement")
        evidence = _keys(whole["evidence"], "parts")
        _check_statement(claim)
        family = Family.read(claim)
        infinity = AtInfinity(family, _keys(evidence["infinity"], "infinity"))
        return cls(whole, claim, family, infinity)

    def run(self) -> None:
        """Prove everything that is claimed.

        Raises:
            Refuted: a recorded value is false.
            Open: something was not proved.
            BadCertificate: lists do not fit together.
        """
        evidence = self.document["evidence"]
        if self.document["words"] != theorem_words(self.claim):
            message = "the words do not say what the claim says"
            raise Refuted(message)
        if self.infinity.e != 1:
            message = "series in a root of t are not checked by this program"
            raise Open(message)
        check_filled(self.family.pattern, self.family.components)
        self._check_exact_terms()
        self.infinity.prove()
        self.tubes = prove_tubes(
            self.family, _of(evidence["stretches"], list, "the stretches")
        )
        self._join()
        self.bottom = self.tubes[-1].low if self.tubes else self.infinity.k_from
        self._at_least("k_min", self.claim["k_min"], self.bottom)
        self._follow(_of(evidence["signs"], dict, "the signs"))
        self._check_crossings()
        self._check_index()
        self._check_bounds()
        self._check_loss()

    def _at_least(self, what: str, text: Any, proved: Fraction) -> Fraction:
        value = _decimal(text, what)
        if value < proved:
            message = f"{what} = {text} is below what was proved"
            raise Open(message)
        return value

    # -- exact terms

    def _number(self, text: Any) -> "Num":
        """An exact number of the claim."""
        field = self.infinity.field
        try:
            value = _Formula(text, field.rational, {"pi": field.pi}).read()
        except IndexError:
            message = f"the formula {text!r:.60} cannot be read"
            raise BadCertificate(message) from None
        found: Num = value
        return found

    def _check_same(self, text: Any, value: "Num", what: str) -> None:
        if self.infinity.field.total([self._number(text), -value]):
            message = f"{what} is not {text}"
            raise Refuted(message)

    def _check_exact_terms(self) -> None:
        """Compare limit and terms with those of the evidence, proved later."""
        infinity, claim = self.infinity, self.claim
        names = [x["name"] for x in self.document["evidence"]["infinity"]["parameters"]]
        limit, bounds = claim["limit"], claim["bounds"]
        if list(limit) != names or set(bounds) != {*names, "loss"}:
            message = "limit and bounds are not those of the parameters"
            raise BadCertificate(message)
        orders = {x["order"] for x in bounds.values()}
        if len(orders) != 1 or not 1 <= min(orders) < min(infinity.orders):
            message = "the bounds have no common order, or one that is too large"
            raise BadCertificate(message)
        self.bounds, (self.order,) = bounds, orders
        zero = infinity.field.rational(0)
        for name, terms in zip(names, infinity.centre, strict=True):
            known = dict(terms)
            if terms and terms[0][0] < 0:
                message = f"{name} does not tend to a limit"
                raise Refuted(message)
            self._check_same(limit[name], known.get(0, zero), f"the limit of {name}")
            claimed = self._claimed(name)
            for n in {*claimed, *(n for n in known if n < self.order)}:
                text = claimed.get(n, "0")
                self._check_same(text, known.get(n, zero), f"a term of {name}")
            following = known.get(self.order, zero)
            self._check_same(
                bounds[name]["next"], following, f"the next term of {name}"
            )

    def _claimed(self, name: str) -> dict[int, Any]:
        found: dict[int, Any] = {}
        for n, text in self.bounds[name]["terms"]:
            if n >= self.order or n in found:
                message = f"a term of {name} stands at the wrong exponent"
                raise BadCertificate(message)
            found[n] = text
        return found

    # -- the curve

    def _join(self) -> None:
        """Show that the first tube holds the curve of the part at infinity.

        The point of one of them lies in the box of the other, where there is only one.
        """
        if not self.tubes:
            return
        first, k, top = self.tubes[0], self.infinity.k_from, Fraction(1)
        if first.high != k or not (
            first.holds(self.infinity.enclosure(k), top)
            or self.infinity.holds(first.point(top), k)
        ):
            message = f"the tubes are not joined at k = {_shown(k)}"
            raise Open(message)

    def _point(self, k: Fraction) -> list[Ball]:
        """The critical point at one k."""
        if k >= self.infinity.k_from:
            return self.infinity.enclosure(k)
        for tube in self.tubes:
            if tube.low <= k:
                return tube.point(
                    (2 * k - tube.high - tube.low) / (tube.high - tube.low)
                )
        message = f"nothing was proved at k = {k}"
        raise Open(message)

    def _follow(self, signs: Mapping[str, Any]) -> None:
        """Prove the signs of all components along the tubes, and the thresholds."""
        self.breaks = {
            name: component_break(self.family, c)
            for name, c in self.family.components.items()
        }
        self._check_followed()
        top = self.tubes[0].high if self.tubes else Fraction(0)
        present = {name for name, b in self.breaks.items() if b < top}
        if set(signs) != present:
            message = "the signs are not told of all components"
            raise Open(message)
        self.pieces: dict[str, list[Piece]] = {}
        self.passages: list[tuple[str, Piece, Ball, int, int]] = []
        self.unproved: dict[str, list[Piece]] = {name: [] for name in present}
        for name in sorted(present):
            recorded = _keys(signs[name], "signs")
            component = self.family.components[name]
            documents = _of(recorded["pieces"], list, "the pieces")
            pieces = prove_pieces(self.tubes, component, documents)
            singular = {
                (_rational(x["low"], "k"), _rational(x["high"], "k")): x
                for x in _of(recorded["singular"], list, "the thresholds")
            }
            self.pieces[name] = pieces
            for i, piece in enumerate(pieces):
                if piece.negative is not None:
                    continue
                near = [
                    x.negative for x in (*pieces[i - 1 : i], *pieces[i + 1 : i + 2])
                ]
                document = singular.get((piece.low, piece.high))
                if document is None or not self._is_simple(near):
                    self.unproved[name].append(piece)
                    continue
                k = prove_singular(self.tubes, component, document)
                above, below = near
                assert above is not None
                assert below is not None
                self.passages.append((name, piece, k, below, above))

    def _check_followed(self) -> None:
        """Compare from where on the thresholds of each component are told."""
        least, claimed = self.family.least, self.claim["followed_above"]
        if set(claimed) != set(self.breaks):
            message = f"the components are {', '.join(self.breaks)}"
            raise Refuted(message)
        for name, x in claimed.items():
            if Fraction(x) < max(least, self.breaks[name]):
                message = f"below k = {self.breaks[name]} copies of {name} are missing"
                raise Refuted(message)

    @staticmethod
    def _is_simple(near: Sequence[int | None]) -> bool:
        """Whether there is one negative eigenvalue more on one side."""
        if len(near) != len("ab"):
            return False
        above, below = near
        return above is not None and below is not None and abs(above - below) == 1

    def _check_shown(self, ball: "Interval", text: str, name: str) -> None:
        """The words show digits of a threshold only if all of its ball has them."""
        shown = text[:_SHOWN]
        whole, _, digits = shown.partition(".")
        plain = whole.isdigit() and digits.isdigit()
        unit = Fraction(1, 10 ** len(digits))
        if not plain or not Fraction(shown) <= ball.low <= ball.high < (
            Fraction(shown) + unit
        ):
            message = f"the digits of the threshold of {name} are not all proved"
            raise Open(message)
        complete = self.claim["complete_from"]
        if complete is None:
            return
        if ball.low <= _decimal(complete, "complete_from") <= ball.high:
            message = f"whether a threshold of {name} is in the complete list is open"
            raise Open(message)

    def _check_crossings(self) -> None:
        """Compare the thresholds, and from where on they are all."""
        left = list(self.passages)
        for x in self.claim["crossings"]:
            claimed = Interval.read(x["k"], "a threshold")
            sides = x["negative_below"], x["negative_above"]
            same = [p for p in left if (p[0], *p[3:]) == (x["component"], *sides)]
            if not same:
                message = f"no such threshold of {x['component']} was proved"
                raise Open(message)
            near = [p for p in same if _meets(claimed, p[2])]
            if not near:
                message = f"a threshold of {x['component']} is not in its ball"
                raise Refuted(message)
            claimed.confirm(near[0][2], f"a threshold of {x['component']}")
            self._check_shown(claimed, x["k"]["mid"], x["component"])
            left.remove(near[0])
            self._check_dimension(x["component"], x["multiplicity"])
        if self.claim["complete_from"] is None:
            return
        complete = self._at_least(
            "complete_from", self.claim["complete_from"], self.bottom
        )
        missing = [p for p in left if p[1].high > complete]
        open_ = [
            piece
            for pieces in self.unproved.values()
            for piece in pieces
            if piece.high > complete
        ]
        if missing:
            message = f"a threshold of {missing[0][0]} is not listed"
            raise Refuted(message)
        if open_ or None in self.infinity.negatives.values():
            message = "there may be thresholds that are not listed"
            raise Open(message)

    def _dimension(self, name: str, k: int) -> Fraction:
        """The dimension of a component; its components occur for large k."""
        return components(self.family.at(k))[name].dimension

    def _check_dimension(self, name: str, text: Any) -> None:
        what = f"the multiplicity of {name}"
        _same_polynomial(text, lambda k: self._dimension(name, k), what)

    # -- the index

    def _check_index(self) -> None:
        for x in self.claim["index"]:
            start = x["from"]
            if x["to"] is None:
                self._check_generic(x, start)
            elif x["to"] == start:
                self._check_integer(x, start)
            else:
                message = "an index is told for a range that is no single integer"
                raise Open(message)

    def _check_generic(self, x: Mapping[str, Any], start: int) -> None:
        """The index for all integers from one on."""
        if start < self.bottom or any(b >= start for b in self.breaks.values()):
            message = (
                f"the index from k = {start} on is of components that are not there"
            )
            raise Open(message)
        counts: dict[str, int] = {}
        for name, number in self.infinity.negatives.items():
            found = {number} | {
                p.negative for p in self.pieces.get(name, []) if p.high > start
            }
            if len(found) != 1 or number is None:
                message = f"the index of {name} is not constant from k = {start} on"
                raise Open(message)
            counts[name] = number
        self._compare_counts(x, counts, f"from k = {start} on")
        if x["morse_index"] is not None:
            _same_polynomial(
                x["morse_index"],
                lambda k: sum(
                    (n * self._dimension(name, k) for name, n in counts.items() if n),
                    Fraction(0),
                ),
                f"the Morse index from k = {start} on",
            )

    def _compare_counts(
        self, x: Mapping[str, Any], counts: Mapping[str, int], where: str
    ) -> None:
        claimed = x["negative"]
        if set(claimed) != set(counts):
            message = f"the components {where} are others"
            raise Refuted(message)
        for name, number in claimed.items():
            if number is not None and number != counts[name]:
                message = f"{name} has {counts[name]} negative eigenvalues {where}"
                raise Refuted(message)
        minimum = not any(counts.values())
        if x["minimum"] is not None and x["minimum"] is not minimum:
            message = f"the points {where} are {'' if minimum else 'no '}minima"
            raise Refuted(message)

    def _check_integer(self, x: Mapping[str, Any], k: int) -> None:
        """The index at one integer, of the full Hessian."""
        pattern = self.family.at(k)
        if k <= self.family.least or k < self.bottom:
            message = f"k = {k} is too small"
            raise Open(message)
        point = self._point(Fraction(k))
        if len(point) != len(list(pattern.orbits(pattern.rows))):
            message = f"at k = {k} the pattern has other parameters"
            raise Open(message)
        target = _read_target(self.claim["target"], pattern)
        entries = dict(zip(pattern.orbits(pattern.rows), point, strict=True))
        land = Landscape(
            Balls(point[0].p), self.family.kernel, pattern, entries, target
        )
        counts, total, found = {}, Fraction(0), components(pattern)
        check_filled(pattern, found)
        for name, component in found.items():
            negative, zero = inertia(
                land.hessian(component.directions, component.labels)
            )
            if zero:
                message = f"an eigenvalue vanishes at k = {k}"
                raise Open(message)
            counts[name] = negative
            total += negative * component.dimension
        self._compare_counts(x, counts, f"at k = {k}")
        if x["morse_index"] is not None and _at(x["morse_index"], k) != total:
            message = f"the Morse index at k = {k} is {total}"
            raise Refuted(message)

    # -- bounds

    def _check_bounds(self) -> None:
        """Compare the constants with what holds for all k."""
        infinity, m = self.infinity, self.order
        terms = {
            name: [(n, c) for n, c in known if n < m]
            for name, known in zip(self.claim["limit"], infinity.centre, strict=True)
        }
        terms["loss"] = [
            (n, x)
            for n, text in self._claimed("loss").items()
            if (x := self._number(text))
        ]
        terms["loss"].sort(key=lambda x: x[0])
        following = self._number(self.bounds["loss"]["next"])
        infinity.check_loss([*terms["loss"], (m, following)], m + 1)
        for j, name in enumerate(terms):
            bound = self.bounds[name]
            if name == "loss":
                here, quantity = infinity.loss_scaled(terms[name], m), None
            else:
                here, quantity = infinity.constant(j, m), j
            constant = _decimal(bound["constant"], "a constant")
            self._check_constant(name, here.ends(), constant)
            known = [(Fraction(n), _at_bits(c)) for n, c in terms[name]]
            for tube in self.tubes:
                found = tube.remainder(quantity, known, Fraction(m))
                self._check_constant(name, (found.low, found.high), constant)
            self._check_ratio(name, constant, self._number(bound["next"]).ball())
        self.loss_terms = terms["loss"]

    def _check_constant(
        self, name: str, ends: tuple[Fraction, Fraction], constant: Fraction
    ) -> None:
        low, high = ends
        if constant < max(-low, high):
            message = f"the constant of {name} is below what was proved"
            raise Open(message)

    def _check_ratio(self, name: str, constant: Fraction, following: Ball) -> None:
        """A ratio is shown beside a constant: constant / |next|."""
        text, (low, high) = self.bounds[name]["ratio"], following.ends()
        least = max(low, -high, Fraction(0))
        if constant < least:
            message = f"the constant of {name} is below the coefficient that follows"
            raise Refuted(message)
        if text is None:
            return
        ratio = _decimal(text, "a ratio")
        near = constant * (1 - _RATIO_TOLERANCE), constant * (1 + _RATIO_TOLERANCE)
        size = max(abs(low), abs(high))
        if not near[0] <= ratio * size <= near[1]:
            message = f"the ratio of {name} is not {text}"
            raise Refuted(message)

    def _check_loss(self) -> None:
        """Compare the lower and upper functions of the loss."""
        loss = self.claim["loss"]
        lead = loss["exponent"]
        if not self.loss_terms or self.loss_terms[0][0] != lead:
            message = f"the loss does not begin with t^{lead}"
            raise Open(message)
        lower, upper = (
            _decimal(loss["lower"], "lower"),
            _decimal(loss["upper"], "upper"),
        )
        since = _decimal(loss["lower_from"], "lower_from")
        positive = None
        if loss["positive_from"] is not None:
            positive = _decimal(loss["positive_from"], "positive_from")
        if since < self.bottom or (positive is not None and positive < self.bottom):
            message = "nothing is proved of the loss for so small a k"
            raise Open(message)
        far = self.infinity.loss_scaled([], lead).ends()
        self._check_loss_on(far, lower, upper)
        if positive is not None and far[0] <= 0:
            message = "the loss was not proved to be positive near infinity"
            raise Open(message)
        for tube in self.tubes:
            found = tube.remainder(None, [], Fraction(lead))
            least = found.low
            if tube.high > since and least < lower:
                start = max(since, tube.low)
                least = tube.remainder(None, [], Fraction(lead), low=start).low
            bound = least if tube.high > since else lower
            self._check_loss_on((bound, found.high), lower, upper)
            if positive is not None and tube.high > positive and found.low <= 0:
                message = f"the loss may vanish near k = {_shown(tube.low)}"
                raise Open(message)

    @staticmethod
    def _check_loss_on(
        found: tuple[Fraction, Fraction], lower: Fraction, upper: Fraction
    ) -> None:
        if found[0] < lower or found[1] > upper:
            message = "the loss is not within bounds that were proved"
            raise Open(message)


def _meets(claimed: Interval, found: Ball) -> bool:
    low, high = found.ends()
    return high >= claimed.low and low <= claimed.high


def _at_bits(c: "Num") -> Callable[[int], Ball]:
    """An exact number as a function of the precision."""
    ball = c.ball()
    return lambda p: _at_precision(ball, p)


_SHOWN = 13
"""So many characters of a threshold are shown in words."""


def theorem_words(claim: Mapping[str, Any]) -> str:
    """A claim about all k in words, by a fixed rule."""
    entries = _of(claim["target"], dict, "the target")
    target = ", ".join(f"{name} = {x}" for name, x in sorted(entries.items()))
    target = target or "zero"
    limit = ", ".join(f"{name} = {x}" for name, x in claim["limit"].items())
    existence = (
        f"For every real k >= {claim['k_min']} the family here called"
        f" {json.dumps(claim['family'])} (kernel {claim['kernel']},"
        f" target {target}, pattern {claim['pattern']})"
        " has exactly one critical point in an explicit tube;"
        f" these points form one analytic curve, which tends to {limit} as k grows."
    )
    return " ".join(
        [existence, *_indices_in_words(claim), *_thresholds_in_words(claim)]
    )


def _indices_in_words(claim: Mapping[str, Any]) -> Iterator[str]:
    """Where the family is a minimum, and where a saddle.

    A minimum with positive loss is not a global one if the weights of the target, where
    the loss is zero, are among those with so many rows.
    """
    positive = claim["loss"]["positive_from"]
    pattern = read_pattern(claim["pattern"], {"k": _LARGE})
    reached = not Counter(pattern.targets) - Counter(pattern.rows)
    for kind, group in groupby(claim["index"], key=lambda entry: entry["minimum"]):
        entries = list(group)
        names = ", ".join(
            f"every integer k >= {x['from']}"
            if x["to"] is None
            else f"{'' if i else 'k = '}{x['from']}"
            for i, x in enumerate(entries)
        )
        if kind is None:
            yield f"Its index was not decided for {names}."
        elif kind:
            least = min(x["from"] for x in entries)
            above = positive is not None and Fraction(positive) <= least
            spurious = above and reached
            word = ", not a global one," if spurious else ""
            yield f"It is a strict local minimum{word} for {names}."
        else:
            indices = ", ".join(x["morse_index"] or "undecided" for x in entries)
            yield f"It is a saddle for {names}, of Morse index {indices}."


def _thresholds_in_words(claim: Mapping[str, Any]) -> Iterator[str]:
    """Where signs change, as far as the list is complete."""
    complete = claim["complete_from"]
    if complete is None:
        return
    passed = ", ".join(
        f"k = {x['k']['mid'][:_SHOWN]}... (component {x['component']},"
        f" {x['negative_below']} negative below, {x['negative_above']} above)"
        for x in claim["crossings"]
        if Fraction(x["k"]["mid"]) > Fraction(complete)
    )
    where = _where(Fraction(complete), complete, claim["followed_above"])
    if passed:
        yield f"The signs of the Hessian change exactly at {passed}, {where}."
    else:
        yield f"No eigenvalue of the Hessian vanishes {where}."


def _where(complete: Fraction, text: str, above: Mapping[str, str]) -> str:
    """The k for which each component is spoken of, in words."""
    late = {Fraction(x) for x in above.values() if Fraction(x) >= complete}
    early = [name for name, x in sorted(above.items()) if Fraction(x) < complete]
    parts = [f"k >= {text} on component {', '.join(early)}"] if early else []
    for k in sorted(late):
        names = [name for name, x in sorted(above.items()) if Fraction(x) == k]
        parts.append(f"k > {k} on component {', '.join(names)}")
    return f"for real {' and '.join(parts) if late else f'k >= {text}'}"


# -------------------------------------------------------------- 12. command line


@dataclass(frozen=True)
class Result:
    """The answer about one certificate.

    Attributes:
        outcome: VERIFIED, REJECTED or UNKNOWN.
        claim: the claim in words.
        why: what was found false or open; empty if verified.
    """

    outcome: str
    claim: str
    why: str


def check(certificate: Certificate, *, extra_bits: int = 0) -> Result:
    """Check a certificate.

    Args:
        certificate: as read.
        extra_bits: of working precision, beyond what the certificate seems to need.
    """
    claim = words(certificate.claim)
    try:
        Check(certificate, extra_bits).run()
    except Refuted as error:
        return Result("REJECTED", claim, str(error))
    except Open as error:
        return Result("UNKNOWN", claim, str(error))
    return Result("VERIFIED", claim, "")


def check_theorem(document: Any) -> Result:
    """Check a certificate of a statement about all k.

    Raises:
        BadCertificate: it is not well-formed, or the hash does not fit.
        LookupError, TypeError, ValueError: some part of the evidence has another shape.
    """
    outcome, why = "VERIFIED", ""
    try:
        Theorem.read(document).run()
    except Refuted as error:
        outcome, why = "REJECTED", str(error)
    except Open as error:
        outcome, why = "UNKNOWN", str(error)
    return Result(outcome, str(document["words"]), why)


_MISSHAPEN = (LookupError, TypeError, ValueError, AttributeError, RecursionError)


def check_text(text: str | bytes, *, extra_bits: int = 0) -> Result:
    """Check the text of a certificate, of a point or of a statement about all k.

    Args:
        text: the JSON document.
        extra_bits: of working precision, for a point.

    Raises:
        BadCertificate: the text is not well-formed; the message says why.
    """
    document = decode(text)
    try:
        if isinstance(document, dict) and document.get("kind") == "uniform":
            return check_theorem(document)
        return check(read(document), extra_bits=extra_bits)
    except _MISSHAPEN as error:
        message = f"a part has the wrong type or shape: {error!s:.80}"
        raise BadCertificate(message) from None


EXIT = {"VERIFIED": 0, "REJECTED": 1, "UNKNOWN": 3}
BAD_INPUT = 2


class _Parser(argparse.ArgumentParser):
    """A reader of command lines that refuses in one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where help is."""
        line = f"{self.prog}: error: {message} (see '{self.prog} --help')"
        sys.stderr.write(_plain(line) + "\n")
        sys.exit(BAD_INPUT)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the files named on the command line; returns the exit status.

    0 all verified, 1 some rejected, 2 some malformed, 3 some not established.
    """
    parser = _Parser(
        prog="symcrit-check",
        description="Check certificates, with nothing but Python's standard library.",
        epilog="exit status: 0 verified, 1 rejected, 2 malformed, 3 not established",
    )
    parser.add_argument("files", nargs="+", metavar="CERT.json")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.add_argument(
        "--extra-bits",
        type=int,
        default=0,
        metavar="BITS",
        help="work to more bits than the certificate seems to need",
    )
    options = parser.parse_args(arguments)
    if not 0 <= options.extra_bits <= _MAX_BITS:
        parser.error(f"--extra-bits should be from 0 to {_MAX_BITS}")
    results: list[tuple[str, Result]] = []
    refused: list[tuple[str, str]] = []
    for name in options.files:
        try:
            text = Path(name).read_bytes()
            results.append((name, check_text(text, extra_bits=options.extra_bits)))
        except (BadCertificate, OSError) as error:
            why = str(getattr(error, "strerror", None) or error)
            sys.stderr.write(_plain(f"{name}: {why}") + "\n")
            refused.append((name, why))
    if results:
        sys.stdout.write(
            _as_json(results, refused) if options.json else _as_text(results)
        )
    found = {EXIT[result.outcome] for _, result in results}
    if refused:
        found.add(BAD_INPUT)
    return next((status for status in (BAD_INPUT, 1, 3) if status in found), 0)


def _as_json(
    results: Sequence[tuple[str, Result]], refused: Sequence[tuple[str, str]]
) -> str:
    listed = [
        {"file": n, "outcome": r.outcome, "claim": r.claim, "why": r.why}
        for n, r in results
    ]
    document: dict[str, Any] = {"schema": "symcrit/check@1", "results": listed}
    if refused:
        document["refused"] = [{"file": name, "why": why} for name, why in refused]
    return json.dumps(document, indent=2) + "\n"


def _as_text(results: Sequence[tuple[str, Result]]) -> str:
    lines = []
    for name, result in results:
        why = f": {result.why}" if result.why else ""
        lines.append(_plain(f"{name}: {result.outcome}{why}"))
        lines.append(_plain(f"  {result.claim}"))
    return "".join(f"{line}\n" for line in lines)


def _plain(text: str) -> str:
    """The text in one line, whatever a file has put in: no line can be forged."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def run() -> None:
    """The console script."""
    sys.exit(main())


if __name__ == "__main__":
    run()
