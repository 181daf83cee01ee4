"""Mirror of symcrit/certify/crossings.py."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flint import arb

from symcrit.arith.precision import working_precision
from symcrit.certify.crossings import (
    SingularPoint,
    _is_inside,
    certify_crossing,
    check_crossing,
)
from symcrit.certify.indices import enclosure_over
from symcrit.certify.inertia import block_curves
from symcrit.certify.krawczyk import column_of
from symcrit.symmetry.components import Component, decompose
from tests.certify.branch_cases import branch_of, narrow_chain

CASES = [("A", "x_1", "5.76381273491957"), ("II", "s_2", "5.58550524742588")]


def prove(name: str, of: str, near: str, width: Fraction) -> SingularPoint | None:
    """The crossing of a component in an interval around some k."""
    landscape = branch_of(name).landscape
    chain = narrow_chain(name, 8, 5)
    low, high = Fraction(near) - width, Fraction(near) + width
    component = component_of(name, of)
    stretch = next(s for s in chain if s.low <= Fraction(near) <= s.high)
    (curve,) = block_curves(landscape, stretch, [component])
    s = (2 * Fraction(near) - stretch.low - stretch.high) / (stretch.high - stretch.low)
    point = enclosure_over(chain, low, high)
    basis = curve.approx_basis(s, scaled=False)
    return certify_crossing(landscape, component, basis, point, (low, high))


def component_of(name: str, of: str) -> Component:
    """A component of a case."""
    return decompose(branch_of(name).landscape.structure.pattern)[of]


@pytest.mark.parametrize(("name", "of", "near"), CASES)
def test_a_crossing_is_proved_and_checked(name: str, of: str, near: str) -> None:
    """Oracle: the thresholds that the numerical search finds and certifies."""
    width = Fraction(1, 10**7)
    found = prove(name, of, near, width)

    assert found is not None
    assert found.k.contains(arb(near)) or abs(found.k - arb(near)) < 1e-13
    assert found.k.rad() < 1e-25
    chain = narrow_chain(name, 8, 5)
    point = enclosure_over(chain, found.low, found.high)
    landscape = branch_of(name).landscape
    again = check_crossing(landscape, component_of(name, of), point, found)
    assert again is not None
    assert again.k.overlaps(found.k)


@pytest.mark.parametrize("shift", ["0.001", "-0.5"])
def test_no_crossing_is_proved_where_there_is_none(shift: str) -> None:
    """The box around an interval beside the threshold holds no zero."""
    beside = str(Fraction(CASES[0][2]) + Fraction(shift))

    assert prove("A", "x_1", beside, Fraction(1, 10**7)) is None


def test_a_narrow_box_elsewhere_says_nothing_of_the_interval() -> None:
    """It may hold a zero of its own, on another curve."""
    name, of, near = CASES[0]
    found = prove(name, of, near, Fraction(1, 10**7))
    assert found is not None
    wide = found.wide.box.entries()
    assert _is_inside(found, wide)

    with working_precision(256):
        moved = column_of([x + 1 for x in found.narrow.image.entries()])
    elsewhere = replace(found, narrow=replace(found.narrow, image=moved))
    assert not _is_inside(elsewhere, wide)


def test_recorded_boxes_that_prove_less_are_refused() -> None:
    """A wide interval, a box that misses the candidates, another k, another Q."""
    name, of, near = CASES[1]
    found = prove(name, of, near, Fraction(1, 10**7))
    assert found is not None
    landscape, component = branch_of(name).landscape, component_of(name, of)
    chain = narrow_chain(name, 8, 5)

    def check(claimed: SingularPoint) -> bool:
        point = enclosure_over(chain, claimed.low, claimed.high)
        return check_crossing(landscape, component, point, claimed) is not None

    with working_precision(256):
        moved = column_of([x + 1e-3 for x in found.wide.box.entries()])
        small = column_of(list(found.narrow.box.entries()))
    assert check(found)
    assert not check(replace(found, low=found.low - Fraction(1, 10)))
    assert not check(replace(found, fixed=found.fixed - 1))
    assert not check(replace(found, wide=replace(found.wide, box=moved)))
    assert not check(replace(found, wide=replace(found.wide, box=small)))
    assert not check(replace(found, narrow=replace(found.narrow, box=moved)))
    assert not check(replace(found, basis=0 * found.basis))
    zero = 0 * found.wide.preconditioner
    assert not check(replace(found, wide=replace(found.wide, preconditioner=zero)))
    assert not check(replace(found, narrow=replace(found.narrow, preconditioner=zero)))
