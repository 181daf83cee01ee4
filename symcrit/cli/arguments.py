"""Values that users type, read exactly or refused in one line; options of several."""

import os
import re
from fractions import Fraction
from pathlib import Path

import click

from symcrit.core.errors import InputError

__all__ = [
    "ORDER",
    "SECONDS",
    "SIZE",
    "FileName",
    "PositiveNumber",
    "WholeNumber",
    "notation_option",
    "parse_number",
    "tolerance_option",
]

MAX_DIGITS = 1000
"""The longest numerator or denominator that is read, in decimal digits."""

_NUMBER = re.compile(
    r"""(?P<sign>[+-]?)
        (?: (?P<integer>[0-9]+) (?: / (?P<denominator>[0-9]+) )?
          | (?P<decimal>[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))
            (?: [eE] (?P<exponent>[+-]?[0-9]+) )? )""",
    re.VERBOSE,
)


_INTEGER = re.compile(r"[+-]?[0-9]+")


def parse_number(text: str, *, name: str) -> Fraction:
    """Return the positive number that a text names, without rounding.

    Args:
        text: an integer, a fraction such as ``15/2``, or a decimal such as ``7.5`` or
            ``1e12``, of at most ``MAX_DIGITS`` digits.
        name: what the number is called in an error message.

    Raises:
        InputError: the text is no such number, or the number is not positive.

    Example:
        >>> parse_number("7.5", name="k")
        Fraction(15, 2)
        >>> str(parse_number("1e12", name="k"))
        '1000000000000'
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        msg = (
            f"{name} must be an integer, a fraction such as 15/2 or a decimal such as "
            f"7.5, got {_shown(text)}"
        )
        raise InputError(msg)
    # The longest exponent that is looked at bounds the work for 1e400000 and the like.
    exponent = match["exponent"] or "0"
    if (
        len(text) > 2 * MAX_DIGITS
        or len(exponent) > 5
        or abs(int(exponent)) > MAX_DIGITS
    ):
        msg = f"{name} has more than {MAX_DIGITS} digits, got {_shown(text)}"
        raise InputError(msg)
    if match["denominator"] is not None and int(match["denominator"]) == 0:
        msg = f"{name} has the denominator 0, got {_shown(text)}"
        raise InputError(msg)
    number = Fraction(match[0])
    if number <= 0:
        msg = f"{name} must be positive, got {_shown(text)}"
        raise InputError(msg)
    if max(number.numerator, number.denominator) >= 10**MAX_DIGITS:
        msg = f"{name} has more than {MAX_DIGITS} digits, got {_shown(text)}"
        raise InputError(msg)
    return number


class PositiveNumber(click.ParamType[Fraction]):
    """The type of an option whose value is a positive exact number.

    Args:
        meaning: what the number is called in an error message.
    """

    name = "number"

    def __init__(self, meaning: str) -> None:
        self.meaning = meaning

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Fraction:
        """Return the number that was typed."""
        if isinstance(value, Fraction):
            return value
        try:
            return parse_number(str(value), name=self.meaning)
        except InputError as error:
            self.fail(str(error), param, ctx)


class WholeNumber(click.IntRange):
    """The type of a value that is an integer of a range.

    Args:
        low: the least.
        high: the greatest, if there is one.
    """

    name = "integer"

    def __init__(self, low: int, high: int | None = None) -> None:
        super().__init__(low, high)
        self._low, self._high = low, high

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the integer that was typed."""
        text = str(value)
        is_short = len(text) <= MAX_DIGITS and _INTEGER.fullmatch(text.strip())
        if not is_short or not self._holds(int(text)):
            self.fail(f"should be {self._right()}, got {_shown(text)}", param, ctx)
        return int(text)

    def _holds(self, number: int) -> bool:
        return number >= self._low and (self._high is None or number <= self._high)

    def _right(self) -> str:
        if self._high is None:
            return f"an integer, {self._low} or more"
        return f"an integer from {self._low} to {self._high}"


class _Tolerance(click.ParamType[float]):
    """The type of ``--tolerance``; the range is checked where it is used."""

    name = "number"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number that was typed."""
        try:
            return float(str(value))
        except ValueError:
            right = "should be a number from 0 to 1, such as 1e-5"
            self.fail(f"{right}, got {_shown(str(value))}", param, ctx)


class FileName(click.Path):
    """The type of the name of a file or folder, which may not exist.

    Nothing but an empty name is refused here: it would mean the folder one stands in.

    Args:
        folder: whether the name is that of a folder.
    """

    def __init__(self, *, folder: bool = False) -> None:
        super().__init__(path_type=Path, file_okay=not folder)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        """Return the path that was typed."""
        if not os.fspath(value):
            self.fail("should be a name, got an empty one", param, ctx)
        super().convert(value, param, ctx)
        return Path(value)


ORDER = WholeNumber(1, 400)
"""The type of ``--order`` and ``--terms``: as many terms as a series is computed to."""

SIZE = PositiveNumber("k")
"""The type of ``--k``."""

SECONDS = PositiveNumber("the time limit")
"""The type of ``--time-limit``."""

notation_option = click.option(
    "--notation",
    type=FileName(),
    metavar="FILE",
    help="TOML that renames parameters.",
)

tolerance_option = click.option(
    "--tolerance",
    type=_Tolerance(),
    metavar="X",
    help="Differences between equal entries, relative to the largest. Default 1e-5.",
)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}...")
