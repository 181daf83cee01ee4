"""Mirror of symcrit/arith/symbols.py."""

import math
import subprocess
import sys
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.floats import FLOATS
from symcrit.arith.symbols import (
    NamedSymbols,
    Symbols,
    expand_definitions,
    real_symbol,
    size_symbol,
)

x, y = real_symbol("x"), real_symbol("y")


@given(st.floats(-9, 9), st.floats(-9, 9))
def test_expressions_evaluate_to_what_floats_give(u: float, v: float) -> None:
    """Put numbers in after the fact, or compute with them from the start."""
    lib = Symbols()
    root = lib.root(x * x + y * y + lib.exact(Fraction(1, 3)), "a site")
    angle = lib.angle(root, x - y, "a site") * lib.pi
    square = u * u + v * v + 1 / 3
    expected = FLOATS.angle(math.sqrt(square), u - v, "a site") * FLOATS.pi

    assert math.isclose(expected, float(angle.subs({x: u, y: v})), rel_tol=1e-12)


def test_rational_numbers_stay_exact() -> None:
    """One third is no float."""
    assert sympy.Rational(1, 3) == Symbols().exact(Fraction(1, 3))
    assert Symbols().exact(2).is_Integer


def test_names_stand_for_roots_and_angles() -> None:
    """Written out again they are what the expanded mode gives."""
    named, plain = NamedSymbols(), Symbols()
    results = []
    for lib in (named, plain):
        s = lib.root((x - y) * (x - y) * 3 + 1, "w1.v2")
        results.append(lib.angle(s, x, "w1.v2") * s)
    short, long = results

    assert {"s_w1_v2", "theta_w1_v2"} == {symbol.name for symbol in short.free_symbols}
    assert [long] == expand_definitions([short], named.definitions)


def test_names_in_latex() -> None:
    """Indices are set below, primes behind them."""
    lib = NamedSymbols({"w2.v11": "w2.v11prime"})
    s = lib.root(x + 1, "w2.v11")

    assert "s_w2_v11prime" == s.name
    assert "s_{w_{2} v_{11}'}" == lib.latex_names[s]


@pytest.mark.parametrize("value", [sympy.Integer(3), x, -x / 2, x * 5, sympy.sqrt(2)])
def test_what_is_short_keeps_no_name(value: sympy.Expr) -> None:
    """Numbers and multiples of symbols are their own best names."""
    lib = NamedSymbols()

    assert value == lib.name(value, "c", "c", "w1.v1")
    assert not lib.definitions


def test_one_name_never_stands_for_two_things() -> None:
    """The same again is fine, something else is not."""
    lib = NamedSymbols()
    first = lib.root(x + 1, "w1.v1")

    assert first == lib.root(x + 1, "w1.v1")
    with pytest.raises(ValueError, match="s_w1_v1 is"):
        lib.root(x + 2, "w1.v1")


def test_sizes_are_positive() -> None:
    """So that roots of sizes simplify."""
    k = size_symbol("k")

    assert k == sympy.sqrt(k * k)


def test_nothing_loads_sympy_before_it_is_needed() -> None:
    """Neither sympy nor another library that loads slowly comes with the formulas."""
    code = (
        "import sys, symcrit.landscapes.reduced, symcrit.arith.jets;"
        "print({'sympy', 'numpy', 'mpmath'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert "set()" == run.stdout.strip()
