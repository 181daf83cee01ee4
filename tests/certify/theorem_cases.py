"""Theorems that several tests look at."""

from fractions import Fraction
from functools import cache

import symcrit
from symcrit.certify.uniform import UniformTheorem, prove_uniform

__all__ = ["theorem"]


@cache
def theorem(name: str, down_to: int) -> UniformTheorem:
    """The theorem on a family, followed down to some k."""
    family = symcrit.family(name)
    return prove_uniform(family.landscape, family.leading, down_to=Fraction(down_to))
