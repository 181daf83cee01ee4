"""Mirror of symcrit/landscapes/consistency.py."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pytest

from symcrit.arith.protocol import Element, Numbers
from symcrit.landscapes import blocks
from symcrit.landscapes.consistency import (
    check_blocks,
    check_equations,
    check_kernel,
    check_orbits,
)
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Frame, Gram, Kernel, Monomial, Relu
from symcrit.landscapes.plans import BlockPlan, plan_block
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.components import decompose
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


@pytest.mark.parametrize("kernel", [Relu(), Monomial(3)], ids=str)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_blocks_are_the_hessian_on_adapted_matrices(
    pattern: str, kernel: Kernel
) -> None:
    """Every component is compared, at sizes at which it has all copies."""
    land = landscape(pattern, kernel)
    found = check_blocks(land)

    components = decompose(land.structure.pattern).components
    assert [c.name for c in components] == list(found)
    for component in components:
        check = found[component.name]
        copies = len(component.copies)
        assert check.outcome.is_true
        assert check.compared == 2 * (copies * copies + copies)
        assert check.digits is None or check.digits > 25


@pytest.mark.parametrize("wrong", ["x_2", "s_2", "1"])
def test_a_wrong_block_is_refuted_and_no_other(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One polynomial of one plan is off by one."""

    def plan(*arguments: Any) -> BlockPlan:
        found = plan_block(*arguments)
        if arguments[2].name != wrong:
            return found
        number = found.overlaps[-1][-1][2]
        polynomials = tuple(x + (i == number) for i, x in enumerate(found.polynomials))
        return replace(found, polynomials=polynomials)

    monkeypatch.setattr(blocks, "plan_block", plan)
    found = check_blocks(landscape("1+(k-1)", Relu()))

    assert {wrong} == {name for name, x in found.items() if x.outcome.is_false}


def test_a_pattern_that_is_too_large_to_compare_stays_open() -> None:
    """No size up to 12 has all copies."""
    found = check_blocks(landscape("12+(k-12)", Relu()))

    assert all(x.outcome.is_unknown for x in found.values())
