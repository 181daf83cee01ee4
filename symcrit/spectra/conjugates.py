"""Eigenvalues that are algebraic of higher degree over the series: balls.

They are the roots of a monic polynomial whose coefficients are exact power series.  The
polynomial of the constant terms has simple real roots, which are isolated in balls at
the true pi; each continues to one series, by Newton's method on power series of balls.
"""

from collections.abc import Sequence
from itertools import combinations

from flint import arb, arb_poly

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Series
from symcrit.arith.precision import working_precision
from symcrit.core.errors import UndecidedError

__all__ = ["conjugate_series"]

_DOUBLINGS = 5
"""How often the precision is doubled before the roots are given up."""


def conjugate_series(
    polynomial: Sequence[Series], leading: Sequence[Exact], *, prec: int = 128
) -> list[list[arb]]:
    """The coefficients of all roots of a polynomial over power series, as balls.

    Args:
        polynomial: coefficients with O-terms and without negative powers of t, the
            constant one first; all its roots are real.
        leading: an irreducible polynomial with the same roots as ``polynomial`` at
            t = 0.
        prec: the working precision in bits; more if that does not isolate the roots.

    Returns:
        For each root, ascending at t = 0, its coefficients of t^0, t^1, ... as far as
        they are known.  If roots at t = 0 are multiple, nothing beyond t^0.

    Raises:
        UndecidedError: the roots at t = 0 are not isolated.
    """
    times = (len(polynomial) - 1) // (len(leading) - 1)
    for bits in (prec << doubling for doubling in range(_DOUBLINGS)):
        with working_precision(bits):
            roots = _real_roots(arb_poly([c.ball(bits) for c in leading]))
            if roots is None:
                continue
            if times > 1:
                return [[root] for root in roots for _ in range(times)]
            length = min(x.prec for x in polynomial if x.prec is not None)
            rows = [_coefficients(x, length, bits) for x in polynomial]
            return [_continued(rows, root, length) for root in roots]
    message = "the leading coefficients of conjugate eigenvalues are not isolated"
    raise UndecidedError(message, hint="ask for balls at a given k")


def _real_roots(polynomial: arb_poly) -> list[arb] | None:
    """All roots, ascending, refined; None if they are not isolated and real."""
    try:
        found = polynomial.complex_roots()
    except ValueError:
        return None
    pairs = combinations(found, 2)
    if len(found) != polynomial.degree() or any(x.overlaps(y) for x, y in pairs):
        return None
    # The conjugate of a root is a root; its ball meets that of no other root.
    if not all(root.imag.contains(0) for root in found):
        return None
    slope = polynomial.derivative()
    roots = []
    for root in sorted((root.real for root in found), key=lambda x: x.mid()):
        better = root
        while True:
            centre = better.mid()
            newton = centre - polynomial(centre) / slope(better)
            if not (newton.is_finite() and newton.rad() < better.rad() / 2):
                break
            better = newton
        roots.append(better)
    return roots


def _coefficients(x: Series, length: int, prec: int) -> arb_poly:
    known = dict(x.known_coefficients())
    assert not known or min(known) >= 0
    zero = arb(0)
    return arb_poly(
        [known[n].ball(prec) if n in known else zero for n in range(length)]
    )


def _continued(rows: Sequence[arb_poly], root: arb, length: int) -> list[arb]:
    """Newton's method: the number of coefficients doubles in each step."""
    known = [root]
    while len(known) < length:
        reached = min(2 * len(known), length)
        series, value, slope = arb_poly(known), arb_poly([]), arb_poly([])
        for row in reversed(rows):
            slope = (slope * series + value).truncate(reached)
            value = (value * series + row).truncate(reached)
        step = value * _inverse(slope, reached)
        known += [-step[i] for i in range(len(known), reached)]
    return known


def _inverse(series: arb_poly, length: int) -> arb_poly:
    """The reciprocal of a power series whose constant term is not zero."""
    found = [1 / series[0]]
    for n in range(1, length):
        total = sum((series[i] * found[n - i] for i in range(1, n + 1)), arb(0))
        found.append(-total / series[0])
    return arb_poly(found)
