"""Series to be built in any domain, random ones, and comparison with the slow twin."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq_poly, fmpz_poly
from hypothesis import strategies as st

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import (
    Domain,
    Expansions,
    Scale,
    Series,
    retry_in_larger_domain,
)
from tests.arith.naive_series import Naive

__all__ = [
    "ANY",
    "DIVISORS",
    "DOMAINS",
    "FACTORS",
    "IN_Q_OF_PI",
    "MONOMIALS",
    "RADICANDS",
    "SLOPES",
    "SMALL",
    "SURDS",
    "WITH_ROOTS",
    "Recipe",
    "assert_same",
    "coefficient",
    "cut",
    "run",
    "series",
]

FACTORS = tuple(fmpz_poly(c) for c in ([0, 1], [-2, 1], [2, 1]))


@dataclass(frozen=True)
class Recipe:
    """A series to be built in any domain: first exponent, coefficients, O-term.

    Attributes:
        v: the exponent of the first coefficient.
        coefficients: from t^v on; zeros may be among them.
        unknown: how many exponents behind the last coefficient the O-term stands; None
            if nothing is missing.
    """

    v: int
    coefficients: tuple[Exact, ...]
    unknown: int | None

    @property
    def prec(self) -> int | None:
        """The exponent of the O-term."""
        if self.unknown is None:
            return None
        return self.v + len(self.coefficients) + self.unknown

    def terms(self) -> list[tuple[int, Exact]]:
        """Exponents and coefficients."""
        return list(enumerate(self.coefficients, self.v))

    def in_domain(self, domain: Domain) -> Series:
        """The series under test."""
        return Expansions(domain).from_coefficients(self.terms(), self.prec)

    def naive(self, length: int) -> Naive:
        """The series by definition, with at most so many terms known."""
        return cut(Naive.of(dict(self.terms()), self.prec), length)

    def continued(self, more: Sequence[int]) -> "Recipe":
        """The series with some of the unknown terms filled in, and nothing missing."""
        if self.unknown is None:
            return self
        gap = (Exact.rational(0),) * self.unknown
        rest = tuple(Exact.rational(c) for c in more)
        return Recipe(self.v, self.coefficients + gap + rest, None)


def coefficient(numerator: tuple[int, ...], powers: tuple[int, ...]) -> Exact:
    """A polynomial in pi times powers of the factors."""
    total = Exact.polynomial(fmpq_poly(list(numerator)))
    for q, e in zip(FACTORS, powers, strict=True):
        total = total * Exact.polynomial(fmpq_poly(q)).power(e)
    return total


def run(domain: Domain, action: Callable[[Domain], Series]) -> Series:
    """Do it in a domain that is large enough."""
    return retry_in_larger_domain(domain, action)[0]


def assert_same(expected: Naive, found: Series) -> None:
    """The same terms, and neither more nor less is said to be known."""
    assert expected.prec == found.prec
    assert dict(expected.terms) == dict(found.known_coefficients())


def cut(x: Naive, length: int) -> Naive:
    """Keep so many terms from the first on, as a series of that length does."""
    if not x.terms:
        return x
    first, last = min(x.terms), max(x.terms)
    if x.prec is None and last - first < length:
        return x
    end = first + length
    return Naive.of(x.terms, end if x.prec is None else min(end, x.prec))


EXPONENTS = st.tuples(*(st.integers(-2, 1) for _ in FACTORS))
NUMERATORS = st.lists(st.integers(-5, 5), min_size=1, max_size=3).map(tuple)
IN_Q_OF_PI = st.builds(coefficient, NUMERATORS, EXPONENTS)
MONOMIALS = st.builds(
    lambda c, e: coefficient((c,), e), st.integers(-5, 5).filter(bool), EXPONENTS
)
SURDS = st.sampled_from(
    [
        Exact.rational(1),
        Exact.surd(2),
        Exact.surd(3),
        Exact.surd(6),
        Exact.surd(1, FACTORS[1:2]),
        Exact.surd(2, FACTORS[:2]),
        Exact.surd(3) + Exact.surd(2),
        Exact.surd(2) - 1,
    ]
)
WITH_ROOTS = st.builds(operator.mul, IN_Q_OF_PI, SURDS)
UNKNOWN = st.one_of(st.none(), st.integers(0, 3))


def series(
    coefficients: st.SearchStrategy[Exact],
    first: st.SearchStrategy[Exact] | None = None,
    v: st.SearchStrategy[int] | None = None,
) -> st.SearchStrategy[Recipe]:
    """Series with given kinds of coefficients; the first may be of another kind."""
    rest = st.lists(coefficients, max_size=4).map(tuple)
    valuations = st.integers(-3, 3) if v is None else v
    if first is None:
        return st.builds(Recipe, valuations, rest, UNKNOWN)
    coefficient_lists = st.builds(lambda c, more: (c, *more), first, rest)
    return st.builds(Recipe, valuations, coefficient_lists, UNKNOWN)


PLAIN = series(IN_Q_OF_PI)
ANY = st.one_of(PLAIN, series(WITH_ROOTS))
DIVISORS = st.one_of(
    series(IN_Q_OF_PI, MONOMIALS),
    series(WITH_ROOTS, st.builds(operator.mul, MONOMIALS, SURDS)),
)
RADICANDS = series(
    IN_Q_OF_PI, MONOMIALS.map(lambda c: c if c.sign() > 0 else -c), st.just(0)
).map(lambda x: Recipe(2 * (x.v % 3) - 2, x.coefficients, x.unknown))
SMALL = series(IN_Q_OF_PI, MONOMIALS, st.integers(1, 3))

SLOPES = st.sampled_from([Fraction(n, 6) for n in (0, 0, 2, 3, 4, 6, 8)])
DOMAINS = st.builds(
    lambda slopes, length: Domain(Scale(FACTORS, slopes), length),
    st.tuples(*(SLOPES for _ in FACTORS)),
    st.integers(2, 7),
)
