r"""Prove that no critical points stay within C / k of a limit.

Let the parameters be x_j = limit_j + O(1/k), with any functions of k in the O-terms.
The reduced gradient is evaluated over all of them at once, with bounds instead of
values where nothing more is known: the root of a nonnegative O(t^v) is O(t^(v/2)), and
an angle whose limit is not 0, pi/2 or pi is O(1).  If an equation then has a nonzero
leading coefficient, it has no zeros there for large k.

Derivations: derivations/series.md.
"""

from collections.abc import Sequence
from fractions import Fraction

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.protocol import Site
from symcrit.core.errors import SymcritError
from symcrit.landscapes.reduced import Landscape

__all__ = ["refute_limit"]

_LENGTH = 8
_RADIUS = 2
"""The parameters are known to O(t^2) = O(1/k)."""


class _Bounds(Expansions):
    """Series whose O-terms stand for functions, and roots and angles of these."""

    def root(self, x: Series, site: Site) -> Series:
        """The nonnegative root, a bound if no term of x is known."""
        if x.is_known or x.is_exact_zero:
            return super().root(x, site)
        return self.big_o(x.v // 2)

    def angle(self, s: Series, c: Series, site: Site) -> Series:
        """The angle, a bound if its limit is not 0, pi/2 or pi."""
        right = c.is_exact_zero or c.v > s.v
        if s.is_known and (right or (c.is_known and c.v < s.v)):
            return super().angle(s, c, site)
        if c.is_known and (c.v < s.v or s.is_exact_zero):
            near = self.exact(0) if s.is_exact_zero else self.big_o(s.v - c.v)
            return near if c.sign() > 0 else self.pi + near
        return self.big_o(0)


def refute_limit(landscape: Landscape, limit: Sequence[Exact]) -> str | None:
    """Why no critical points stay within C / k of a limit, or None if some may.

    Example:
        >>> from symcrit.catalog.families import family
        >>> land = family("A").landscape
        >>> refute_limit(land, [Exact.rational(2), Exact.rational(0)])
        'the equation of a_1, divided by k, tends to 1/(2*pi) wherever all ...'
        >>> refute_limit(land, [Exact.rational(-1), Exact.rational(0)])
    """

    def action(domain: Domain) -> list[Series]:
        lib = _Bounds(domain)
        point = [lib.from_coefficients([(0, x)], _RADIUS) for x in limit]
        return landscape.at(lib, point, {"k": lib.t_power(-2)}).gradient()

    try:
        gradient, _ = retry_in_larger_domain(Domain.start(_LENGTH), action)
    except SymcritError:
        return None
    for name, x in zip(landscape.structure.pattern.names, gradient, strict=True):
        if x.is_known:
            scale = {0: "", -2: ", divided by k,"}.get(
                x.v, f", divided by k**({Fraction(-x.v, 2)}),"
            )
            return (
                f"the equation of {name}{scale} tends to {x.coefficient(x.v)} wherever"
                " all parameters are within C/k of the limit, for any C"
            )
    return None
