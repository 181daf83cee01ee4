"""The number system of exact truncated Laurent series in t, over one domain.

Series, domains and the errors that they raise are handed on from here.

Derivations: derivations/series.md.
"""

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpq_poly

from symcrit.arith.domains import (
    Domain,
    DomainTooSmallError,
    Scale,
    retry_in_larger_domain,
)
from symcrit.arith.exact import Exact
from symcrit.arith.protocol import Site
from symcrit.arith.series import RamificationError, Series, rational
from symcrit.arith.surds import Coefficient, Surd
from symcrit.core.errors import UndecidedError

__all__ = [
    "Domain",
    "Expansions",
    "RamificationError",
    "Scale",
    "Series",
    "retry_in_larger_domain",
]


class Expansions:
    """The number system of Laurent series over one domain.

    Attributes:
        domain: factors, slopes and length.
    """

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self._none = (0,) * len(domain.factors)

    @property
    def pi(self) -> Series:
        """The generator pi."""
        unit = (1, *self._none[1:])
        return Series(self.domain, unit, 0, [fmpq_poly([1])], None)

    def t_power(self, n: int) -> Series:
        """t^n for any integer n."""
        return Series(self.domain, self._none, n, [fmpq_poly([1])], None)

    def big_o(self, n: int) -> Series:
        """O(t^n)."""
        return Series(self.domain, self._none, n, [], n)

    def exact(self, value: int | Fraction) -> Series:
        """A rational constant."""
        return Series(self.domain, self._none, 0, [fmpq_poly([rational(value)])], None)

    def from_coefficients(
        self, terms: Sequence[tuple[int, Exact]], prec: int | None
    ) -> Series:
        """The series with given coefficients of powers of t.

        Raises:
            DomainTooSmallError: a denominator has a factor that the domain lacks.
        """
        total = Series(self.domain, self._none, 0, [], prec)
        if prec is None:
            total = self.exact(0)
        split = [(n, c, c.over_factors(self.domain.factors)) for n, c in terms if c]
        for _, c, found in split:
            if found is None:
                needed = c.denominator()
                for _, inside in c.radicands():
                    for q in inside:
                        needed *= q
                raise DomainTooSmallError(self.domain.with_factors(needed))
        if not split:
            return total
        v = min(n for n, _, _ in split)
        scale = self.domain.scale
        lows = [
            [e + a for e, a in zip(found[0], scale.floors(n - v), strict=True)]
            for n, _, found in split
            if found is not None
        ]
        unit = tuple(map(min, zip(*lows, strict=True)))
        last = max(n for n, _, _ in split)
        rows: list[Coefficient] = [fmpq_poly([0])] * (last - v + 1)
        for (n, _, found), low in zip(split, lows, strict=True):
            assert found is not None
            factor = scale.power([a - b for a, b in zip(low, unit, strict=True)])
            rows[n - v] = self._coefficient(found[1]) * factor
        return Series(self.domain, unit, v, rows, prec)

    def _coefficient(
        self, parts: Sequence[tuple[int, tuple[int, ...], fmpq_poly]]
    ) -> Coefficient:
        of_pi = self.domain.scale.of_pi
        if all(m == 1 and not inside for m, inside, _ in parts):
            return of_pi(parts[0][2])
        table = {
            (m, sum(1 << i for i in inside)): of_pi(value) for m, inside, value in parts
        }
        return Surd(self.domain.scale, table)

    def root(self, x: Series, site: Site) -> Series:
        """The root that is positive for small t > 0."""
        return x.sqrt(site)

    def angle(self, s: Series, c: Series, site: Site) -> Series:
        """The angle, by its limit 0, pi/2 or pi as t tends to 0.

        Raises:
            UndecidedError: the limit is none of these, so that the angle leaves the
                field, or it cannot be read off the known terms.
        """
        if not s.rows:
            message = f"the sine of the angle at {site} has no known term"
            raise UndecidedError(message, hint="more terms of the parameters")
        if c.is_exact_zero:
            return self.pi / 2
        low = c.v
        if low > s.v:
            return self.pi / 2 - (c / s).atan()
        if not c.rows:
            message = f"the cosine of the angle at {site} has no known term"
            raise UndecidedError(message, hint="more terms of the parameters")
        if low == s.v:
            message = (
                f"the angle at {site} tends to atan2({s.coefficient(s.v)},"
                f" {c.coefficient(c.v)}), not to 0, pi/2 or pi"
            )
            raise UndecidedError(message, hint="the expansion leaves the field Q(pi)")
        near = (s / c).atan()
        return near if c.sign() > 0 else self.pi + near
