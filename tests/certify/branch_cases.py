"""Families of critical points that the tests of this folder share."""

from fractions import Fraction
from functools import cache

from symcrit.arith.exact import Exact
from symcrit.certify.branches import Branch
from symcrit.certify.stretches import Stretch
from symcrit.expand.balance import find_leading_terms
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.patterns import Pattern

__all__ = ["CASES", "branch_of", "narrow_chain"]

CASES = {
    "A": ("k", {"a_1": -1}),
    "I": ("1+(k-1)", {"a_1": 1, "a_2": -1}),
    "II": ("1+(k-1)", {"a_1": -1, "a_2": 1}),
    "M": ("2+(k-2)", {"a_1": -1, "a_2": 1}),
    "flip:3": ("3+(k-3)", {"a_1": -1, "a_2": 1}),
    "flip:100": ("100+(k-100)", {"a_1": -1, "a_2": 1}),
    "flip:5000": ("5000+(k-5000)", {"a_1": -1, "a_2": 1}),
    "reversed": ("(k-1)+1", {"a_1": 1, "a_2": -1}),
}
"""Pattern and limit; parameters that are not named tend to zero."""


@cache
def branch_of(name: str) -> Branch:
    """The branch of a case; its points and tubes are shared among tests."""
    text, limit = CASES[name]
    pattern = Pattern.parse(text)
    landscape = Landscape(Relu(), Structure.build(pattern))
    limits = [Exact.rational(limit.get(parameter, 0)) for parameter in pattern.names]
    return Branch(landscape, find_leading_terms(landscape, limits))


@cache
def narrow_chain(name: str, top: int, bottom: int) -> tuple[Stretch, ...]:
    """Joined narrow tubes of a case between two integers."""
    known = branch_of(name)
    point = known.point(top, digits=20).point
    start = [x.mid() for x in point.parameters.values()]
    branch = Branch(
        known.landscape,
        known.trail.leading,
        entry=(Fraction(top), lambda _k: start),
        aim=2.0**-30,
    )
    branch.tubes(Fraction(bottom))
    return branch.entry_stretches
