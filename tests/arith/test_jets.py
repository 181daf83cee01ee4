"""Mirror of symcrit/arith/jets.py."""

from collections.abc import Callable
from fractions import Fraction
from operator import add, mul, sub, truediv
from typing import Any

import numpy as np
import pytest
from flint import arb
from hypothesis import assume, given
from hypothesis import strategies as st
from mpmath import MPContext

from symcrit.arith.balls import BALLS
from symcrit.arith.floats import FLOATS
from symcrit.arith.jets import Jet, Jets
from symcrit.arith.laurent import Domain, Expansions
from symcrit.arith.multiprecision import Multiprecision

rationals = st.fractions(-9, 9, max_denominator=11)


def rational_function(x: Any, y: Any) -> Any:
    """A function that uses every operation, with integers on both sides."""
    return (2 * x * y - 3) / (x + 4 * y) + (1 - y) * (x - 7) / 5 - 6 / x + (-y)


def its_gradient(x: Fraction, y: Fraction) -> tuple[Fraction, Fraction]:
    """The derivatives of ``rational_function``, worked out by hand."""
    low = x + 4 * y
    by_x = 2 * y / low - (2 * x * y - 3) / low**2 + (1 - y) / 5 + 6 / x**2
    by_y = 2 * x / low - 4 * (2 * x * y - 3) / low**2 - (x - 7) / 5 - 1
    return by_x, by_y


@given(rationals, rationals)
def test_arithmetic_differentiates_exactly(x: Fraction, y: Fraction) -> None:
    """Over the rational numbers there is no rounding, so equality is equality."""
    assume(x != 0)
    assume(x + 4 * y != 0)
    found = rational_function(Jet(x, {"x": Fraction(1)}), Jet(y, {"y": Fraction(1)}))

    assert rational_function(x, y) == found.value
    assert its_gradient(x, y) == (found.slopes["x"], found.slopes["y"])


@given(rationals, rationals)
def test_a_constant_has_no_directions(x: Fraction, y: Fraction) -> None:
    """Absent directions stay absent: a structural zero costs nothing."""
    assume(y != 0)
    jet, constant = Jet(x, {"x": Fraction(1)}), Jet(y, {})

    for result in (jet + constant, constant - jet, jet * constant, jet / constant):
        assert {"x"} == set(result.slopes)
    assert not (constant * constant / 2 - 1).slopes


@given(st.floats(0.1, 10), st.floats(-10, 10))
def test_roots_and_angles_against_differences(u: float, v: float) -> None:
    """The derivative along a curve agrees with a central difference of 50 digits."""
    context = MPContext()
    context.dps = 50
    lib = Multiprecision(context)
    jets = Jets(lib)

    def curve(x: Any, numbers: Any) -> Any:
        s = numbers.root(x * x + 3, "s")
        slope = numbers.exact(Fraction(v))
        return numbers.angle(s, x * slope - 2, "theta") * s

    at, h = context.mpf(u), context.mpf(10) ** -15
    expected = (curve(at + h, lib) - curve(at - h, lib)) / (2 * h)
    found = curve(jets.variable(at, "x"), jets)

    assert curve(at, lib) == found.value
    assert abs(found.slopes["x"] - expected) < context.mpf(10) ** -24


def test_balls_enclose_the_derivative() -> None:
    """The slope over a ball contains the slope at each of its points."""
    jets = Jets(BALLS)
    wide = jets.root(jets.variable(arb("2.0", "0.1"), "x"), "a site").slopes["x"]

    for x in ("1.9", "2.0", "2.1"):
        assert wide.contains(1 / (2 * arb(x).sqrt()).mid())
    assert not wide.contains(arb("0.37"))


def test_series_carry_their_derivative() -> None:
    """The derivative of sqrt(k) is t / 2 where k = t^(-2)."""
    series = Expansions(Domain.start(8))
    jets = Jets(series)
    root = jets.root(jets.variable(series.t_power(-2), "k"), "a site")

    assert (root.slopes["k"] - series.t_power(1) / 2).is_exact_zero


def test_the_number_system() -> None:
    """Constants are constant, variables have speed one, absent slopes are zero."""
    jets = Jets(FLOATS)
    x, y = jets.variables([("x", 2.0), ("y", 5.0)])

    assert (FLOATS.pi, {}) == (jets.pi.value, jets.pi.slopes)
    assert (0.5, {}) == (jets.exact(Fraction(1, 2)).value, jets.exact(1).slopes)
    assert (1.0, 0.0) == (jets.slope(x, "x"), jets.slope(x, "y"))
    assert {"x": 5.0, "y": 2.0} == (x * y).slopes
    assert not jets.angle(jets.exact(1), jets.constant(2.0), "a site").slopes


def test_integers_on_the_left() -> None:
    """They act as constants."""
    x = Jet(2.0, {"x": 1.0})

    assert (5.0, 1.0) == ((3 + x).value, (3 + x).slopes["x"])
    assert (1.0, -1.0) == ((3 - x).value, (3 - x).slopes["x"])
    assert (6.0, 3.0) == ((3 * x).value, (3 * x).slopes["x"])
    assert (1.5, -0.75) == ((3 / x).value, (3 / x).slopes["x"])


@pytest.mark.parametrize("apply", [add, sub, mul, truediv])
def test_arrays_of_jets(apply: Callable[[Any, Any], Any]) -> None:
    """A jet and an array calculate element by element, on either side."""
    x, y = Jet(2.0, {"x": 1.0}), Jet(5.0, {"y": 1.0})
    for left, right in ((x, np.array([y])), (np.array([x]), y)):
        (found,) = apply(left, right)
        assert apply(x, y).value == found.value
        assert apply(x, y).slopes == found.slopes


@pytest.mark.parametrize("apply", [add, sub, mul, truediv])
@pytest.mark.parametrize("other", ["2", 2.0, None])
def test_other_things_are_refused(
    apply: Callable[[Any, Any], Any], other: object
) -> None:
    """A float would enter without its rounding error; constants are made jets first."""
    x = Jet(2.0, {"x": 1.0})
    with pytest.raises(TypeError):
        apply(x, other)
    with pytest.raises(TypeError):
        apply(other, x)
