"""Reading printed coefficients back."""

import re
from fractions import Fraction

from symcrit.arith.exact import Exact
from symcrit.core.expressions import evaluate, parse

__all__ = ["read_latex", "read_plain"]

_LAYOUT = re.compile(r"\\begin\{aligned\}|\\end\{aligned\}|\\quad|\\\\|&|\n|\{\}|\$")


class _Numbers:
    """The environment of exact numbers."""

    pi = Exact.pi()

    def number(self, value: Fraction, /) -> Exact:
        """A rational number."""
        return Exact.rational(value)

    def name(self, name: str, /) -> Exact:
        """No names occur in coefficients."""
        raise AssertionError(name)

    def power(self, base: Exact, exponent: Fraction, /) -> Exact:
        """An integer power."""
        assert exponent.denominator == 1
        return base.power(int(exponent))

    def sqrt(self, radicand: Exact, /) -> Exact:
        """The positive square root."""
        return radicand.sqrt()


def read_plain(text: str) -> Exact:
    """Return the value of an exact number as it is printed plainly."""
    return evaluate(parse(text, names=()), _Numbers())


def read_latex(text: str) -> Exact:
    """Return the value of a formula, be it broken into lines."""
    one_line = _LAYOUT.sub(" ", text)
    for big in (r"\bigl", r"\bigr"):
        one_line = one_line.replace(big, "")
    return evaluate(parse(f"{{{one_line}}}", names=()), _Numbers())
