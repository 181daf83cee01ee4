"""Series to be built in any domain, and their comparison with the slow twin."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flint import fmpq_poly, fmpz_poly

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from tests.arith.naive_series import Naive

__all__ = ["FACTORS", "Recipe", "assert_same", "coefficient", "cut", "run"]

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
        full = Naive.of(dict(self.terms()), self.prec)
        if not full.terms:
            return full
        first, last = min(full.terms), max(full.terms)
        if full.prec is None and last - first < length:
            return full
        end = first + length
        return Naive.of(full.terms, end if full.prec is None else min(end, full.prec))

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
