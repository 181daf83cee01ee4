"""Mirror of symcrit/landscapes/consistency.py."""

from dataclasses import dataclass, replace
from typing import TypeVar

import pytest

from symcrit.arith.protocol import Element, Numbers
from symcrit.landscapes.consistency import (
    check_equations,
    check_kernel,
    check_orbits,
)
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Frame, Gram, Kernel, Monomial, Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.patterns import Count, Pattern

T = TypeVar("T", bound=Element)

PATTERNS = ["k", "1+(k-1)", "(k-1)+1", "2+(k-2)", "n=k-1: rows 1,n,1 cols 1,n"]


def landscape(pattern: str, kernel: Kernel) -> Landscape:
    """A landscape whose target is the identity."""
    return Landscape(kernel, Structure.build(Pattern.parse(pattern)))


@dataclass(frozen=True, slots=True)
class WrongValue(Relu):
    """A ReLU kernel with a value that is slightly wrong."""

    def value(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> T:
        """Off by a thousandth of c."""
        return Relu().value(lib, g, f) + g.c / 1000


@dataclass(frozen=True, slots=True)
class WrongSlope(Relu):
    """A ReLU kernel with a derivative that is slightly wrong."""

    def first(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> tuple[T, T, T]:
        """Off by a thousandth of the derivative by c."""
        by_a, by_b, by_c = Relu().first(lib, g, f)
        return by_a, by_b, by_c + by_c / 1000


@pytest.mark.parametrize("kernel", [Relu(), Monomial(2), Monomial(3)], ids=str)
def test_the_kernels_agree_with_their_definitions(kernel: Kernel) -> None:
    """To all the digits that balls of 128 bits have."""
    found = check_kernel(kernel)

    assert found.outcome.is_true
    assert found.digits is None or found.digits > 30


def test_a_wrong_kernel_is_refuted() -> None:
    """And a kernel of which no definition is known stays open."""
    assert check_kernel(WrongValue()).outcome.is_false
    unknown = type("Unknown", (), {"name": "unknown"})()

    assert check_kernel(unknown).outcome.is_unknown


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("kernel", [Relu(), Monomial(3)], ids=str)
def test_the_reduction_agrees_with_whole_matrices(pattern: str, kernel: Kernel) -> None:
    """Loss, gradient, and the derivatives of the loss."""
    land = landscape(pattern, kernel)

    assert check_equations(land).outcome.is_true
    assert check_orbits(land).outcome.is_true


def test_a_wrong_slope_is_refuted() -> None:
    """The gradient no longer is the derivative of the loss."""
    assert check_equations(landscape("1+(k-1)", WrongSlope())).outcome.is_false


def test_a_wrong_orbit_size_is_refuted() -> None:
    """One entry too many on one orbit."""
    land = landscape("1+(k-1)", Relu())
    wrong = replace(land)
    sizes = (*land.orbit_counts[:-1], land.orbit_counts[-1] * Count(2))
    wrong.__dict__["orbit_counts"] = sizes

    assert check_orbits(wrong).outcome.is_false
