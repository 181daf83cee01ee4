"""Random numbers of Q(pi) with roots, built twice: exactly and with mpmath."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq_poly, fmpz_poly
from hypothesis import strategies as st
from mpmath import MPContext, mpf

from symcrit.arith.exact import Exact

__all__ = [
    "FRACTIONS",
    "MP",
    "NUMBERS",
    "POLYNOMIALS",
    "RATIONAL_FUNCTIONS",
    "Recipe",
    "fraction",
    "value",
]

MP = MPContext()
MP.dps = 120

_LINEAR = {"pi": [0, 1], "pi - 2": [-2, 1], "pi + 2": [2, 1], "2*pi - 3": [-3, 2]}
_QUADRATIC = [5, -4, 1]


@dataclass(frozen=True)
class Recipe:
    """A sum of p(pi) / q(pi) * sqrt(m * r_1(pi) * r_2(pi) ...).

    Attributes:
        parts: coefficients of p, factors of q, m and the polynomials r_i, all as lists
            of integers, lowest power first.
    """

    parts: tuple[
        tuple[tuple[int, ...], tuple[tuple[int, ...], ...], int, tuple[str, ...]], ...
    ]

    def exact(self) -> Exact:
        """The number as the package computes with it."""
        total = Exact.rational(0)
        for p, bottoms, m, inside in self.parts:
            term = Exact.polynomial(fmpq_poly(list(p)))
            for bottom in bottoms:
                term = term / Exact.polynomial(fmpq_poly(list(bottom)))
            roots = [fmpz_poly(_LINEAR[name]) for name in inside]
            total = total + term * Exact.surd(m, roots)
        return total

    def approx(self) -> mpf:
        """The number to about 120 digits, by mpmath alone."""
        total = MP.mpf(0)
        for p, bottoms, m, inside in self.parts:
            term = _at_pi(p) * MP.sqrt(m)
            for bottom in bottoms:
                term /= _at_pi(bottom)
            for name in inside:
                term *= MP.sqrt(_at_pi(_LINEAR[name]))
            total += term
        return total


def _at_pi(coefficients: Sequence[int]) -> mpf:
    return MP.polyval(list(reversed(coefficients)), MP.pi)


def value(x: Exact) -> mpf:
    """An exact number to about 120 digits, from its parts and by mpmath alone."""
    total = MP.mpf(0)
    for (m, inside), (p, q) in x.parts.items():
        term = _at_pi([int(c) for c in p.coeffs()]) * MP.sqrt(m)
        term /= _at_pi([int(c) for c in q.coeffs()])
        for r in inside:
            term *= MP.sqrt(_at_pi(r))
        total += term
    return total


POLYNOMIALS = st.lists(st.integers(-9, 9), min_size=1, max_size=4).map(tuple)
_BOTTOMS = st.lists(
    st.sampled_from([*map(tuple, _LINEAR.values()), tuple(_QUADRATIC), (3,), (4,)]),
    max_size=3,
).map(tuple)
_ROOTS = st.lists(st.sampled_from(sorted(_LINEAR)), max_size=2, unique=True).map(tuple)
_RADICANDS = st.sampled_from([1, 1, 2, 3, 6, 10])

RATIONAL_FUNCTIONS = st.builds(
    lambda p, q: Recipe(((p, q, 1, ()),)), POLYNOMIALS, _BOTTOMS
)
"""Numbers of Q(pi)."""

NUMBERS = st.lists(
    st.tuples(POLYNOMIALS, _BOTTOMS, _RADICANDS, _ROOTS), min_size=1, max_size=3
).map(lambda parts: Recipe(tuple(parts)))
"""Numbers with up to three different roots."""

FRACTIONS = st.fractions(-9, 9, max_denominator=9)


def fraction(q: Fraction) -> mpf:
    """A fraction as an mpmath number."""
    return MP.mpf(q.numerator) / q.denominator
