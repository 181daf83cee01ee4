"""Patterns that tests share: diagonal, reversed, rectangular, of constant size."""

from collections.abc import Mapping
from fractions import Fraction

from symcrit.symmetry.patterns import Pattern

__all__ = ["CASES", "OVER", "REPEATED", "WIDE", "Sizes", "pattern_of", "sizes_of"]

Sizes = Mapping[str, Fraction]

OVER = "n=d-1: rows 1,n,1 cols 1,n"
"""More neurons than inputs."""

WIDE = "n=k-1: rows 1,n cols 1,n,1 target 1,n"
"""More inputs than neurons."""

REPEATED = "n=k-2,m=2: rows n,m,n cols n,1,m target n,m"
"""One group with two blocks of neurons, and targets that skip a column."""

CASES: Mapping[str, Sizes] = {
    "k": {},
    "1+(k-1)": {},
    "(k-1)+1": {},
    "p+(k-p)": {"p": Fraction(2)},
    "2+(k-2)": {},
    "3+(k-3)": {},
    "1+(k-2)+1": {},
    "2*1+2+(k-4)": {},
    "n=k-1: rows 1,n cols n,1 target n,1": {},
    "n=k-1: rows n,1 cols n target n": {},
    "n=k-1: rows n cols 1,n target 1,n": {},
    OVER: {},
    WIDE: {},
    REPEATED: {},
}
"""Texts of patterns, with values of the sizes that shall be no symbols."""


def pattern_of(text: str) -> Pattern:
    """The pattern of a case."""
    return Pattern.parse(text, CASES[text])


def sizes_of(pattern: Pattern, k: int) -> dict[str, int]:
    """Values of the remaining variables; k serves for d as well."""
    return dict.fromkeys(sorted(pattern.variables), k)
