"""Numbers of certificates as text: dyadic ones exactly, balls as decimals that contain.

A dyadic number is written ``m*2^e`` with integers m and e.  A decimal ball is a pair of
decimal numbers; the true value lies in [mid - rad, mid + rad].  Nothing is a JSON
number but small counts, so no reader can round anything.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symcrit.arith.balls import ball_of
from symcrit.arith.decimals import as_fraction, decimal_ball
from symcrit.arith.precision import working_precision
from symcrit.core.errors import InputError

__all__ = ["DecimalBall", "dyadic_text", "read_dyadic"]

MAX_EXPONENT = 10**6
"""No number of a certificate is larger than 2 to this power, or finer."""

MAX_LENGTH = 4_000
"""The longest text of one number."""

MAX_DECIMAL_EXPONENT = 10**4
"""The largest exponent of ten."""

_MOST_BITS = 13_000
"""A longer mantissa has, with its exponent, more than ``MAX_LENGTH`` characters."""

_BITS_PER_DIGIT = 4
_GUARD_BITS = 64

_DYADIC = re.compile(r"(-?(?:0|[1-9][0-9]*))\*2\^(-?(?:0|[1-9][0-9]*))")
_DECIMAL = re.compile(r"-?[0-9]+(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")


@dataclass(frozen=True, slots=True)
class DecimalBall:
    """A ball written in decimals.

    Attributes:
        mid: the midpoint.
        rad: the radius.

    Example:
        >>> DecimalBall("0.1", "0").ball().contains(arb(1) / 10)
        True
    """

    mid: str
    rad: str

    @classmethod
    def around(cls, x: arb, digits: int) -> "DecimalBall":
        """A ball around ``x`` that is a little larger than need be.

        Its radius is at least ten times that of ``x`` and at least 10^-digits of its
        midpoint: whoever repeats the computation with other roundings still finds the
        result inside.

        Example:
            >>> DecimalBall.around(arb(2), 10)
            DecimalBall(mid='2.00000000000', rad='2.01e-10')
        """
        with working_precision(_BITS_PER_DIGIT * digits + _GUARD_BITS):
            slack = 10 * x.rad() + abs(x.mid()) * arb(10) ** -digits
            wider = x + arb(0, slack.upper())
        found = decimal_ball(wider, digits)
        return cls(found["mid"], found["rad"])

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """The two ends, exactly."""
        middle, radius = _decimal(self.mid), _decimal(self.rad)
        return middle - radius, middle + radius

    def ball(self) -> arb:
        """A ball that contains it, at the working precision."""
        low, high = self.ends
        return ball_of(low).union(ball_of(high))

    def contains(self, x: arb) -> bool:
        """Whether every point of a finite ball lies in it, decided exactly."""
        if not x.is_finite():
            return False
        middle, radius = as_fraction(x), as_fraction(x.rad())
        low, high = self.ends
        return low <= middle - radius and middle + radius <= high

    def misses(self, x: arb) -> bool:
        """Whether no point of a finite ball lies in it, decided exactly."""
        if not x.is_finite():
            return False
        middle, radius = as_fraction(x), as_fraction(x.rad())
        low, high = self.ends
        return middle + radius < low or high < middle - radius

    def __str__(self) -> str:
        return f"{self.mid} +/- {self.rad}"


def dyadic_text(x: arb) -> str:
    """The midpoint of a ball as ``m*2^e``.

    Raises:
        InputError: it is too long to be read again.

    Example:
        >>> dyadic_text(arb(-0.75))
        '-3*2^-2'
    """
    mantissa, exponent = (int(part) for part in x.mid().man_exp())
    if mantissa.bit_length() > _MOST_BITS:
        message = (
            f"a number of the certificate would have more than {MAX_LENGTH} characters;"
            " take a smaller k or fewer digits"
        )
        raise InputError(message)
    return f"{mantissa}*2^{exponent}"


def read_dyadic(text: str) -> arb:
    """The number that a text ``m*2^e`` names, exactly.

    Raises:
        InputError: it is no such text, or too long.

    Example:
        >>> print(read_dyadic("-3*2^-2").str())
        -0.750000000000000
    """
    match = _DYADIC.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if match is None or len(match[2]) > len(str(MAX_EXPONENT)) + 1:
        message = f"{text[:40]!r} is no dyadic number such as -3*2^-2"
        raise InputError(message)
    mantissa, exponent = int(match[1]), int(match[2])
    if abs(exponent) > MAX_EXPONENT:
        message = f"{text[:40]!r} has an exponent beyond {MAX_EXPONENT}"
        raise InputError(message)
    return arb((mantissa, exponent))


def _decimal(text: str) -> Fraction:
    match = _DECIMAL.fullmatch(text) if len(text) <= MAX_LENGTH else None
    exponent = "0" if match is None else match[2] or "0"
    if (
        match is None
        or len(exponent) > MAX_LENGTH
        or abs(int(exponent)) > MAX_DECIMAL_EXPONENT
    ):
        message = f"{text[:40]!r} is no decimal number"
        raise InputError(message)
    return Fraction(text)
