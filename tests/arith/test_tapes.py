"""Tapes compute what the formulas say, in any number system."""

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.balls import BALLS, ball_of
from symcrit.arith.floats import FLOATS
from symcrit.arith.precision import working_precision
from symcrit.arith.protocol import AnyNumbers
from symcrit.arith.recording import Recorder
from symcrit.arith.tapes import Tape

NAMES = ("x", "y", "z")


def formulas(lib: AnyNumbers, x: object, y: object, z: object) -> list[object]:
    """Every operation, shared parts, constants, and a result that is a variable."""
    a, b, c = x, y, z
    root = lib.root(a * a + b * b, "a root")  # type: ignore[operator]
    angle = lib.angle(root, c, "an angle")
    third = lib.exact(Fraction(1, 3))
    return [
        root - angle / lib.pi,
        (a + b) * (a + b) / (1 + root) + third * c,  # type: ignore[operator]
        -2 * root * angle / 7,
        c,
        lib.exact(Fraction(5, 2)),
    ]


@given(*(st.fractions(Fraction(1, 8), 8, max_denominator=64) for _ in NAMES))
def test_balls_agree_and_floats_lie_nearby(
    x: Fraction, y: Fraction, z: Fraction
) -> None:
    """Oracle: the same text evaluated without a tape, at another precision."""
    recorder = Recorder()
    results = formulas(recorder, *(recorder.variable(n) for n in NAMES))
    tape = Tape(recorder, results)  # type: ignore[arg-type]
    point = (x, y, z)
    with working_precision(80):
        found = tape.run(BALLS, dict(zip(NAMES, map(ball_of, point), strict=True)))
    with working_precision(120):
        expected = formulas(BALLS, *map(ball_of, point))
    floats = tape.run(FLOATS, dict(zip(NAMES, map(float, point), strict=True)))

    for ball, exact, number in zip(found, expected, floats, strict=True):
        assert isinstance(exact, arb)
        assert ball.overlaps(exact)
        assert ball.rad() < 1e-18
        assert float(exact) == pytest.approx(number, rel=1e-12, abs=1e-12)


def test_what_is_not_needed_is_not_computed() -> None:
    """A pole outside the results does no harm."""
    lib = Recorder()
    x = lib.variable("x")
    _ = lib.exact(1) / (x - x * x)
    tape = Tape(lib, [x * x])

    assert len(tape) == 1
    assert tape.run(FLOATS, {"x": 1.0}) == [1.0]
