"""Taylor series with balls as coefficients (Arb's power series).

A function of s, evaluated at the series s = S + x for a ball S, gets coefficients that
enclose its Taylor coefficients at every point of S.  For S a point they are the Taylor
polynomial, for S an interval the last one is Lagrange's remainder.
"""

from collections.abc import Sequence
from fractions import Fraction

from flint import arb, arb_mat, arb_series

from symcrit.arith.balls import ball_of
from symcrit.arith.protocol import Site

__all__ = ["BALL_SERIES", "BallSeries", "coefficient_matrices", "evaluate_polynomial"]


class BallSeries:
    """The number system of truncated power series over balls.

    Working precision and length are those of the surrounding
    :func:`~symcrit.arith.precision.working_precision` and
    :func:`~symcrit.arith.precision.series_length`.

    Example:
        >>> from symcrit.arith.precision import series_length
        >>> with series_length(3):
        ...     root = BALL_SERIES.root(arb_series([1, 1]), "a site")
        >>> [float(c) for c in root.coeffs()]
        [1.0, 0.5, -0.125]
    """

    @property
    def pi(self) -> arb_series:
        """The constant pi."""
        return arb_series([arb.pi()])

    def exact(self, value: int | Fraction) -> arb_series:
        """A rational constant."""
        return arb_series([ball_of(Fraction(value))])

    def root(self, x: arb_series, site: Site) -> arb_series:
        """The square root; not a number if the constant term may be negative."""
        return x.sqrt()

    def angle(self, s: arb_series, c: arb_series, site: Site) -> arb_series:
        """The angle of the point (c, s), by integration of its derivative."""
        start = arb.atan2(s[0], c[0])
        speed = (c * s.derivative() - s * c.derivative()) / (s * s + c * c)
        return speed.integral() + start


BALL_SERIES = BallSeries()


def evaluate_polynomial(coefficients: Sequence[arb], at: arb_series) -> arb_series:
    """A polynomial at a power series, by Horner's rule.

    Example:
        >>> from symcrit.arith.precision import series_length
        >>> with series_length(2):
        ...     evaluate_polynomial([arb(0), arb(0), arb(1)], arb_series([3, 1]))
        9.00000000000000 + 6.00000000000000*x + O(x^2)
    """
    total = arb_series([0])
    for coefficient in reversed(coefficients):
        total = total * at + coefficient
    return total


def coefficient_matrices(
    rows: Sequence[Sequence[arb_series]], length: int
) -> list[arb_mat]:
    """The coefficients of a matrix of series, as matrices of balls.

    Raises:
        ArithmeticError: a series is known to fewer terms.

    Example:
        >>> from symcrit.arith.precision import series_length
        >>> with series_length(2):
        ...     coefficient_matrices([[arb_series([5, 7])]], 2)
        [[5.00000000000000], [7.00000000000000]]
    """
    if any(x.prec < length for row in rows for x in row):
        message = f"a series has fewer than {length} known coefficients"
        raise ArithmeticError(message)
    return [arb_mat([[x[m] for x in row] for row in rows]) for m in range(length)]
