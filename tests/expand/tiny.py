"""A critical point at a tiny t, with hundreds of digits: what a series must approach.

Newton's method with balls at the true pi knows nothing of series.  At t = 2^-240 a
wrong coefficient of any power below the O-term would show.
"""

from collections.abc import Sequence
from fractions import Fraction

from flint import arb

from symcrit.arith.balls import BALLS
from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Series
from symcrit.arith.precision import working_precision
from symcrit.expand.balance import LeadingTerm, approx_critical_point
from symcrit.expand.lift import Expansion
from symcrit.landscapes.reduced import Landscape

__all__ = ["assert_approached", "assert_series_at", "critical_point"]

BITS = 240
SLACK = arb(2) ** 64
"""More than any coefficient behind an O-term, and less than t^(-1/3)."""


def _power(exponent: Fraction) -> arb:
    bits = -BITS * exponent
    assert bits.denominator == 1
    return arb(2) ** int(bits)


def critical_point(
    landscape: Landscape, leading: Sequence[LeadingTerm], prec: int
) -> tuple[list[arb], arb]:
    """Parameters and loss at t = 2^-240, from the leading terms alone."""
    with working_precision(prec):
        start = []
        for x in leading:
            value = x.limit.ball(prec)
            if x.exponent is not None and x.coefficient is not None:
                value = value + x.coefficient.ball(prec) * _power(x.exponent)
            start.append(value)
        k = arb(2) ** (2 * BITS)
        point = approx_critical_point(landscape, start, {"k": k}, prec=prec)
        assert point is not None
        return point, landscape.at(BALLS, point, {"k": k}).loss()


def assert_series_at(
    terms: Sequence[tuple[Fraction, Exact]], order: Fraction, value: arb, prec: int
) -> None:
    """The terms sum up to the value, but for the order."""
    with working_precision(prec):
        total = arb(0)
        for n, c in terms:
            assert n < order
            total += c.ball(prec) * _power(n)
        assert abs(total - value) < SLACK * _power(order)


def assert_approached(
    landscape: Landscape, leading: Sequence[LeadingTerm], found: Expansion
) -> None:
    """All series, that of the loss included, have right coefficients only."""
    e = found.ramification
    last = max(x.prec or 0 for x in (*found.parameters, found.loss))
    prec = BITS * (last // e + 18)
    point, loss = critical_point(landscape, leading, prec)
    for series, value in zip(
        (*found.parameters, found.loss), (*point, loss), strict=True
    ):
        terms, order = _in_t(series, e)
        assert_series_at(terms, order, value, prec)


def _in_t(series: Series, e: int) -> tuple[list[tuple[Fraction, Exact]], Fraction]:
    assert series.prec is not None
    terms = [(Fraction(n, e), c) for n, c in series.known_coefficients()]
    return terms, Fraction(series.prec, e)
