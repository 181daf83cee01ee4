"""Balls as pairs of decimal numbers that still contain the true value."""

import math
from fractions import Fraction

from flint import arb

__all__ = ["as_fraction", "decimal_ball"]

_RADIUS_DIGITS = 3
_EXTRA_DIGITS = 2


def as_fraction(x: arb) -> Fraction:
    """The midpoint of a ball, exactly.

    Raises:
        ValueError: the ball is not finite.
    """
    mantissa, exponent = x.mid().man_exp()
    if exponent >= 0:
        return Fraction(int(mantissa) << int(exponent))
    return Fraction(int(mantissa), 1 << int(-exponent))


def decimal_ball(x: arb, digits: int) -> dict[str, str]:
    """A decimal midpoint and radius whose interval contains the ball.

    Args:
        x: a finite ball.
        digits: how many significant digits of the midpoint to show; two more are
            printed, so that rounding adds little to the radius.

    Example:
        >>> decimal_ball(arb("2", "1e-20"), 10)
        {'mid': '2.00000000000', 'rad': '1.01e-20'}
        >>> decimal_ball(arb(0), 5)
        {'mid': '0', 'rad': '0'}
    """
    middle, radius = as_fraction(x), as_fraction(x.rad())
    if middle == 0:
        return {"mid": "0", "rad": _shown(radius, _RADIUS_DIGITS, up=True)}
    mid = _shown(middle, digits + _EXTRA_DIGITS, up=False)
    error = radius + abs(Fraction(mid) - middle)
    return {"mid": mid, "rad": _shown(error, _RADIUS_DIGITS, up=True)}


def _shown(value: Fraction, digits: int, *, up: bool) -> str:
    """A decimal number with so many significant digits, rounded up or to nearest."""
    if value == 0:
        return "0"
    size = abs(value)
    # Python turns no number of more than 4300 digits into text, to count them.
    bits = size.numerator.bit_length() - size.denominator.bit_length()
    exponent = round(bits * math.log10(2))
    while Fraction(10) ** exponent > size:
        exponent -= 1
    while Fraction(10) ** (exponent + 1) <= size:
        exponent += 1
    scaled = size / Fraction(10) ** (exponent - digits + 1)
    whole = -(-scaled.numerator // scaled.denominator) if up else round(scaled)
    if whole == 10**digits:
        whole, exponent = 10 ** (digits - 1), exponent + 1
    text = str(whole)
    sign = "-" if value < 0 else ""
    if -5 <= exponent < digits:
        if exponent >= 0:
            head, tail = text[: exponent + 1], text[exponent + 1 :]
        else:
            head, tail = "0", "0" * (-exponent - 1) + text
        return sign + head + (f".{tail}" if tail else "")
    return f"{sign}{text[0]}.{text[1:]}e{exponent}"
