"""The numbers of symcrit/certificates/checker.py against exact fractions and Arb."""

import math
from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from flint import arb, fmpq
from hypothesis import assume, example, given
from hypothesis import strategies as st

from symcrit.arith.precision import working_precision
from symcrit.certificates.checker import Ball, Balls, Open, arctangent, product

P = 70
"""The precision at which balls are drawn; a number has about as many bits."""

ORACLE_BITS = 600

midpoints = st.one_of(
    st.integers(-40, 40),
    st.integers(-(2**80), 2**80),
    st.integers(-(2**400), 2**400),
    st.integers(-3, 3).map(lambda x: (1 << P) + x),
)
radii = st.one_of(st.just(0), st.integers(0, 5), st.integers(0, 2**75))
balls = st.builds(lambda m, r: Ball(P, m, r), midpoints, radii)
places = st.fractions(-1, 1, max_denominator=50)


def inside(x: Ball, place: Fraction) -> Fraction:
    """A number of the ball: its ends are at the places -1 and 1."""
    return (x.m + place * x.r) / Fraction(1 << x.p)


def holds(x: Ball, number: Fraction) -> bool:
    """Whether a number lies in the ball."""
    low, high = x.ends()
    return low <= number <= high


def meets(x: Ball, number: arb) -> bool:
    """Whether the ball holds a number that Arb encloses very narrowly."""
    assert number.rad() < arb(2) ** -200 * (1 + abs(number))
    low, high = (arb(fmpq(e.numerator, e.denominator)) for e in x.ends())
    return bool(low <= number.upper()) and bool(number.lower() <= high)


def as_arb(q: Fraction) -> arb:
    """A fraction as a narrow ball."""
    return arb(fmpq(q.numerator, q.denominator))


OPERATIONS: list[Callable[..., Any]] = [
    lambda x, y: x + y,
    lambda x, y: x - y,
    lambda x, y: x * y,
    lambda x, y: x * y - y * x,
]


@pytest.mark.parametrize("number", range(len(OPERATIONS)))
@given(balls, balls, places, places)
def test_ring_operations_contain(
    number: int, x: Ball, y: Ball, s: Fraction, t: Fraction
) -> None:
    """Sums, differences, products of any numbers in the balls."""
    operation = OPERATIONS[number]

    found = operation(x, y)

    assert holds(found, operation(inside(x, s), inside(y, t)))


@given(balls, balls, places, places)
def test_quotients_contain_or_refuse(
    x: Ball, y: Ball, s: Fraction, t: Fraction
) -> None:
    """A divisor that may be zero is refused, and no other."""
    if abs(y.m) <= y.r:
        with pytest.raises(Open):
            x / y
        return

    assert holds(x / y, inside(x, s) / inside(y, t))


@given(
    balls,
    places,
    st.integers(-(10**30), 10**30).filter(bool),
    st.fractions().filter(bool),
)
def test_exact_operands_contain(x: Ball, s: Fraction, n: int, q: Fraction) -> None:
    """Integers on both sides, and fractions."""
    at = inside(x, s)

    assert holds(x * n, at * n)
    assert holds(n * x, at * n)
    assert holds(x + n, at + n)
    assert holds(x - n, at - n)
    assert holds(n - x, n - at)
    assert holds(x / n, at / n)
    assert holds(x * q, at * q)
    assert holds(-x, -at)
    assert holds(Balls(P).exact(q), q)


@given(balls, places)
@example(Ball(P, 0, 5), Fraction(0))
@example(Ball(P, 1 << P, 0), Fraction(0))
def test_roots_contain(x: Ball, s: Fraction) -> None:
    """Of numbers that are not negative; a negative ball is refused."""
    if x.m + x.r < 0:
        with pytest.raises(Open):
            x.sqrt()
        return
    at = inside(x, s)
    assume(at >= 0)

    low, high = x.sqrt().ends()

    assert low <= 0 or low**2 <= at
    assert at <= high**2


@given(st.integers(0, 2**200), st.integers(0, 2**60))
def test_roots_are_narrow(m: int, r: int) -> None:
    """Two units of the last place wider than the root of the ends, at most."""
    x = Ball(P, m, r)
    low, high = x.sqrt().ends()
    ends = [Fraction(math.isqrt(max(end, 0) << P), 1 << P) for end in (m - r, m + r)]

    assert low >= ends[0] - Fraction(1, 1 << P)
    assert high <= ends[1] + Fraction(2, 1 << P)


def test_exact_results_stay_exact() -> None:
    """Numbers that fixed point can hold get radius zero."""
    lib = Balls(P)
    x, y = lib.exact(Fraction(3, 4)), lib.exact(-5)

    assert 0 == (x + y).r == (x * y).r == (x / 4).r == (x * x).sqrt().r
    assert (x * y - y * x).is_zero
    assert 0 < (y / 3).r <= 2
    assert 0 < lib.exact(2).sqrt().r <= 1


@given(
    st.one_of(
        st.fractions(-1, 1),
        st.fractions(-1, 1, max_denominator=10**30).map(lambda x: x / 10**18),
        st.fractions(-1000, 1000, max_denominator=9),
    ),
    st.sampled_from([40, 70, 128, 300, 1000]),
    st.integers(0, 100),
    places,
)
def test_arctangents_contain_and_are_narrow(
    q: Fraction, p: int, r: int, s: Fraction
) -> None:
    """Against Arb; tiny, near 1 and large."""
    x = Ball(p, int(q * (1 << p)), r)

    found = arctangent(x)

    with working_precision(p + ORACLE_BITS):
        assert meets(found, as_arb(inside(x, s)).atan())
    assert found.r <= r + (p << 6)


@given(
    st.fractions(-1, 1),
    st.sampled_from([0, 10, 40, 60, 69]),
    st.booleans(),
    st.sampled_from([P, 128, 400]),
    st.integers(0, 9),
    st.integers(0, 9),
    places,
    places,
)
def test_angles_contain(
    small: Fraction,
    bits: int,
    turned: bool,
    p: int,
    r: int,
    t: int,
    u: Fraction,
    v: Fraction,
) -> None:
    """Near 0, pi/2 and pi, where the cosine is near 1, 0 and -1."""
    little = abs(small) / (1 << bits)
    cosine = 1 - little if turned else little
    c = Ball(p, int(math.copysign(1, small)) * int(cosine * (1 << p)), r)
    s = Ball(p, int((1 - cosine if turned else 1 - little) * (1 << p)), t)
    at, sine = inside(c, u), inside(s, v)
    assume(sine >= 0)
    try:
        found = Balls(p).angle(s, c)
    except Open:
        assert max(abs(c.m), s.m) <= max(r, t)
        return

    with working_precision(p + ORACLE_BITS):
        angle = arb.atan2(as_arb(sine), as_arb(at))
        assert meets(found, angle)


@pytest.mark.parametrize(("s", "c", "angle"), [(0, 1, 0), (0, -1, 1), (1, 0, 0.5)])
def test_angles_at_the_axes(s: int, c: int, angle: float) -> None:
    """0, pi and pi/2, the first without any error."""
    lib = Balls(P)

    found = lib.angle(lib.exact(s), lib.exact(c))

    with working_precision(ORACLE_BITS):
        assert meets(found, arb.pi() * angle)
    assert found.r <= P << 6
    assert (found.r == 0) is (angle == 0)


@pytest.mark.parametrize("p", [2, 10, 53, 128, 1000, 5000])
def test_pi(p: int) -> None:
    """Within two units of the last place."""
    found = Balls(p).pi

    assert found.r <= 2
    with working_precision(p + ORACLE_BITS):
        assert meets(found, arb.pi())


small = st.integers(-(2**20), 2**20)
square = st.integers(1, 5).flatmap(
    lambda n: st.lists(
        st.lists(
            st.one_of(small, st.integers(-(2**200), 2**200)), min_size=n, max_size=n
        ),
        min_size=n,
        max_size=n,
    )
)


@given(square)
def test_packed_products_are_exact(left: list[list[int]]) -> None:
    """Against the sum of products."""
    right = [row[::-1] for row in left]
    n = len(left)
    expected = [
        [sum(left[i][k] * right[k][j] for k in range(n)) for j in range(n)]
        for i in range(n)
    ]

    assert expected == product(left, right)


@pytest.mark.slow
@pytest.mark.parametrize("p", [24, 64, 200])
def test_thousands_of_random_points(p: int) -> None:
    """Numbers of all sizes, ends of balls included, for every operation."""
    random = Random(p)

    def draw() -> Ball:
        size = random.choice([2, 8, p // 2, p, p + 3, 3 * p])
        spread = random.choice([0, 1, 2, size // 2, size])
        m = random.randint(-(1 << size), 1 << size)
        return Ball(p, m, random.randint(0, 1 << spread) if spread else 0)

    for _ in range(4000):
        x, y = draw(), draw()
        s, t = (Fraction(random.choice([-1.0, 1.0, random.random()])) for _ in "st")
        a, b = inside(x, s), inside(y, t)
        assert all(holds(op(x, y), op(a, b)) for op in OPERATIONS)
        if abs(y.m) > y.r:
            assert holds(x / y, a / b)
        if a >= 0:
            low, high = x.sqrt().ends()
            assert low <= 0 or low**2 <= a
            assert a <= high**2
        with working_precision(p + ORACLE_BITS):
            if abs(a) < 4:
                assert meets(arctangent(x), as_arb(a).atan())
            if b >= 0 and max(abs(x.m) - x.r, y.m - y.r) > 0:
                try:
                    angle = Balls(p).angle(y, x)
                except Open:
                    continue
                assert meets(angle, arb.atan2(as_arb(b), as_arb(a)))
