"""Exact numbers, series and models near infinity, in symcrit/certificates/checker.py.

Oracle of the numbers: their values in balls.  Of the series: the same formula with many
terms in place of an O-term.  Of the models: the same formula at single numbers.
"""

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from flint import arb

from symcrit.arith.precision import working_precision
from symcrit.certificates.checker import (
    Ball,
    Balls,
    Expansion,
    Germs,
    Model,
    Num,
    Open,
    Refuted,
    Span,
    Tower,
)

P = 160
BASE = 1024
END = Fraction(1, 4)
PLACES = [END * Fraction(i, 8) for i in range(1, 9)] + [Fraction(1, 2**12)]


def tower() -> Tower:
    """Numbers of Q(pi) with roots."""
    return Tower(BASE, P)


def overlaps(x: Ball, y: Ball) -> bool:
    """Whether two balls share a number."""
    return abs(x.m - y.m) <= x.r + y.r


def is_zero(field: Tower, *terms: Num) -> bool:
    """Whether a sum is formally zero."""
    return not field.total(terms)


def number(field: Tower, random: Random) -> Num:
    """A random number that is not zero."""
    while True:
        powers = range(random.choice([1, 2, 3]))
        top = field.polynomial([random.randint(-9, 9) for _ in powers])
        found = field.number(top) * field.rational(Fraction(1, random.randint(1, 9)))
        if random.random() < 1 / 3:
            found = (found / (field.pi + field.rational(2))).reduced()
        if random.random() < 1 / 3:
            root = field.rational(random.choice([2, 3])).root()
            found = found + field.rational(random.randint(1, 5)) * root
        if found:
            return found


class TestNumbers:
    """Exact arithmetic agrees with balls, and with itself."""

    @pytest.mark.parametrize("seed", range(20))
    def test_operations(self, seed: int) -> None:
        """Sums, products and quotients; what was multiplied can be divided out."""
        field, random = tower(), Random(seed)
        x, y = number(field, random), number(field, random)

        assert overlaps((x + y).ball(), x.ball() + y.ball())
        assert overlaps((x * y).ball(), x.ball() * y.ball())
        assert overlaps((x / y).ball(), x.ball() / y.ball())
        assert is_zero(field, (x * y) / y, -x)
        assert is_zero(field, x + y, -x, -y)
        assert not is_zero(field, x, field.rational(Fraction(1, 10**30)), -x)

    @pytest.mark.parametrize("top", [2, 8, Fraction(9, 2), Fraction(3, 50)])
    def test_roots(self, top: Fraction) -> None:
        """Their squares, and their signs."""
        field = tower()
        for x in (field.rational(top), field.pi * field.rational(top)):
            root = x.root()
            assert is_zero(field, root * root, -x)
            assert root.ball().positive
        with pytest.raises(Open):
            (-field.rational(top)).root()

    def test_coefficients_may_become_too_long(self) -> None:
        """Then the answer is open, and no other number."""
        field = tower()
        x = field.pi + field.rational(3**200)
        with pytest.raises(Open):
            (x * x).reduced() * (x * x).reduced()
        with pytest.raises(Open):
            field.rational(0).inverse()


Formula = Callable[[Any, Any, Any], Any]
"""Of t and two arguments whose first term is 1, or t at least."""

FORMULAS: dict[str, Formula] = {
    "sum": lambda _t, x, y: x + y,
    "difference": lambda _t, x, y: x + -y,
    "product": lambda _t, x, y: x * y,
    "late terms": lambda t, x, y: x + t * t * t * t * t * t * t * t * y,
    "poles": lambda t, x, y: x / t / t + y / t,
    "quotient": lambda _t, x, y: x / y,
    "quotient of a difference": lambda t, x, y: (x + -y) / (x + t * y),
    "root": lambda _t, x, _y: x.sqrt(),
    "root of a quotient": lambda t, x, y: (t * t * x / y).sqrt(),
    "arc tangent": lambda t, x, _y: (t * x).atan(),
    "arc tangent of a square": lambda t, x, y: (t * t * x / y).atan() / t,
    "all": lambda t, x, y: ((t * x / y).atan() * x.sqrt() + y / x) / (x + t * t * y),
}


class TestSeries:
    """What stands below an O-term does not depend on what stands beyond."""

    @pytest.mark.parametrize("name", FORMULAS)
    @pytest.mark.parametrize("seed", range(4))
    def test_terms_are_those_of_longer_series(self, name: str, seed: int) -> None:
        """Of arguments cut at any place, one or both of them exact now and then."""
        random, field = Random(seed), tower()
        lists = [
            [field.rational(1), *(number(field, random) for _ in range(6))]
            for _ in "xy"
        ]
        cuts: list[int | None] = [random.randint(1, 5), random.randint(1, 5)]
        if seed == 0:
            cuts[random.randint(0, 1)] = None
        elif seed == 1:
            cuts = [None, None]

        def evaluate(cuts: list[int | None], length: int) -> Expansion:
            one = field.rational(1)
            t = Expansion(field, length, 1, [one], None)
            x, y = (
                Expansion(field, length, 0, terms, cut)
                for terms, cut in zip(lists, cuts, strict=True)
            )
            found: Expansion = FORMULAS[name](t, x, y)
            return found

        short, whole = evaluate(cuts, 6), evaluate([None, None], 12)
        end = short.prec
        assert end is not None or whole.prec is None
        assert whole.prec is None or end is None or end <= whole.prec
        last = whole.v + 8 if end is None else end
        for n in range(min(short.v, whole.v) - 1, last):
            assert is_zero(field, short.coefficient(n), -whole.coefficient(n)), n
        self.check_value(name, whole, lists)

    @staticmethod
    def check_value(name: str, found: Expansion, lists: list[list[Num]]) -> None:
        """The first three terms, by the value of the formula at t = 2^-40."""
        with working_precision(400):
            t = arb(2) ** -40
            x, y = (
                Plain(sum((ball(c) * t**n for n, c in enumerate(terms)), arb(0)))
                for terms in lists
            )
            value = FORMULAS[name](Plain(t), x, y).x
            known = range(found.v, found.v + 3)
            total = sum((ball(found.coefficient(n)) * t**n for n in known), arb(0))
            assert abs(value - total) < t ** (found.v + 2) / 2**8

    def test_what_does_not_exist(self) -> None:
        """Zero divisors, odd roots and steep angles are refused."""
        field = tower()
        t = Expansion(field, 6, 1, [field.rational(1)], None)
        unknown = Expansion(field, 6, 0, [], 3)
        one = Expansion(field, 6, 0, [field.rational(1)], None)
        wrongs: list[Callable[[], object]] = [
            lambda: one / unknown,
            lambda: t.sqrt(),
            lambda: (-one).sqrt(),
            lambda: one.atan(),
        ]
        for wrong in wrongs:
            with pytest.raises(Open):
                wrong()


def ball(x: Num) -> arb:
    """The value of an exact number."""
    found = x.ball()
    return arb(found.m, found.r) / arb(2) ** found.p


def member(span: Span, random: Random) -> tuple[Model, Callable[[Fraction], Fraction]]:
    """A model whose first coefficient is near 1, and a function in it."""
    one = 1 << P
    terms = [Fraction(1), *(Fraction(random.randint(-8, 8), 16) for _ in range(3))]
    radius = Fraction(1, 2**10) if random.random() < 1 / 2 else Fraction(0)
    off = [x + radius * random.choice([-1, 0, 1]) for x in terms]
    rest = Fraction(random.randint(-16, 16), 16)
    balls = [Ball(P, int(x * one), int(radius * one)) for x in terms]
    order = len(terms)
    edge = random.choice([Fraction(0), rest, rest])
    middle = random.choice([0, int(edge * one)])
    around = Ball(P, middle, abs(int(edge * one) - middle))

    def function(t: Fraction) -> Fraction:
        return sum((c * t**i for i, c in enumerate(off)), edge * t**order)

    return Model(span, 0, balls, around), function


class Plain:
    """A number for the formulas, with as many digits as are needed."""

    def __init__(self, x: arb) -> None:
        self.x = x

    def __add__(self, other: "Plain") -> "Plain":
        return Plain(self.x + other.x)

    def __mul__(self, other: "Plain") -> "Plain":
        return Plain(self.x * other.x)

    def __truediv__(self, other: "Plain") -> "Plain":
        return Plain(self.x / other.x)

    def __neg__(self) -> "Plain":
        return Plain(-self.x)

    def sqrt(self) -> "Plain":
        """The root."""
        return Plain(self.x.sqrt())

    def atan(self) -> "Plain":
        """The arc tangent."""
        return Plain(self.x.atan())


def exact(x: Fraction) -> arb:
    """A fraction as a ball."""
    return arb(x.numerator) / x.denominator


def is_in(model: Model, t: Fraction, value: arb) -> bool:
    """Whether a value may be one of the model at t, to more digits than it has."""
    sides = [*model.terms, model.rest]
    powers = [t ** (model.low + i) for i in range(len(sides))]
    ends = [x.ends() for x in sides]
    low = sum((a * q for (a, _), q in zip(ends, powers, strict=True)), Fraction(0))
    high = sum((b * q for (_, b), q in zip(ends, powers, strict=True)), Fraction(0))
    slack = exact(Fraction(1, 2**100))
    return bool(exact(low) - slack <= value) and bool(value <= exact(high) + slack)


class TestModels:
    """The values of functions lie in what is computed of their models."""

    @pytest.mark.parametrize("name", FORMULAS)
    @pytest.mark.parametrize("seed", range(12))
    def test_functions_are_contained(self, name: str, seed: int) -> None:
        """At all of (0, 1/4], for any member of the models."""
        random = Random(f"{name} {seed}")
        span = Span(Balls(P).exact(END), random.choice([2, 4, 7]))
        (x, f), (y, g) = member(span, random), member(span, random)
        t = Model(span, 1, [Ball(P, 1 << P)])
        found = FORMULAS[name](t, x, y)

        with working_precision(300):
            for at in PLACES:
                u, a, b = (Plain(exact(z)) for z in (at, f(at), g(at)))
                assert is_in(found, at, FORMULAS[name](u, a, b).x), at

    def test_a_root_far_from_its_series(self) -> None:
        """At t = 1 the root of 1 + 3 t is 2, and its first two terms are 5/2."""
        lib = Balls(P)
        span = Span(lib.exact(1), 2)
        root = Model(span, 0, [lib.exact(1), lib.exact(3)]).sqrt()

        assert is_in(root, Fraction(1), arb(2))

    def test_an_arc_tangent_far_from_its_series(self) -> None:
        """At t = 1 it is pi/4."""
        lib = Balls(P)
        span = Span(lib.exact(1), 3)

        with working_precision(300):
            found = Model(span, 1, [lib.exact(1)]).atan()
            assert is_in(found, Fraction(1), arb.pi() / 4)

    def test_what_may_not_exist(self) -> None:
        """Divisors and radicands that may vanish somewhere on the interval."""
        lib = Balls(P)
        span = Span(lib.exact(END), 4)
        one, t = Model(span, 0, [lib.exact(1)]), Model(span, 1, [lib.exact(1)])
        falling = one + t.scaled(-5)
        wrongs: list[Callable[[], object]] = [
            lambda: one / falling,
            lambda: falling.sqrt(),
            lambda: t.sqrt(),
            lambda: one.atan(),
            lambda: span.power(-1),
        ]
        for wrong in wrongs:
            with pytest.raises(Open):
                wrong()

    def test_what_is_struck_off_has_to_vanish(self) -> None:
        """And a remainder stays."""
        lib = Balls(P)
        span = Span(lib.exact(END), 4)
        small, one = Ball(P, 0, 1), lib.exact(1)
        rest = Ball(P, 0, 1 << P)

        assert [one] == Model(span, 0, [small, one], rest).raised(1).terms
        with pytest.raises(Refuted):
            Model(span, 0, [one, one], rest).raised(1)
        beyond = Model(span, 0, [small], rest).raised(3)
        assert (1, [], rest) == (beyond.low, beyond.terms, beyond.rest)


class TestAngles:
    """An angle is that of its limit, and sines are positive."""

    @pytest.mark.parametrize(
        ("sine", "cosine", "limit"),
        [
            ((1, 1), (0, 1), 0),
            ((1, 1), (0, -1), 2),
            ((0, 1), (1, 1), 1),
            ((0, 1), (1, -1), 1),
        ],
    )
    def test_limits(
        self, sine: tuple[int, int], cosine: tuple[int, int], limit: int
    ) -> None:
        """Of c t^n against one another, in units of a right angle."""
        field = tower()
        germs = Germs(field, 6, Span(Balls(P).exact(END), 6))
        s, c = (germs.monomial(n, field.rational(q)) for n, q in (sine, cosine))
        found = germs.angle(s, c)

        half = (field.pi * field.rational(Fraction(limit, 2))).reduced()
        assert is_zero(field, found.exact.coefficient(0), -half)
        assert found.model is not None
        with working_precision(300):
            u = exact(END)
            true = arb.atan2(sine[1] * u ** sine[0], cosine[1] * u ** cosine[0])
            assert is_in(found.model, END, true)

    @pytest.mark.parametrize(
        ("sine", "cosine"), [((1, -1), (0, 1)), ((0, -1), (1, 1)), ((0, 1), (0, 1))]
    )
    def test_no_angles(self, sine: tuple[int, int], cosine: tuple[int, int]) -> None:
        """A negative sine, and one that does not vanish against the cosine."""
        field = tower()
        germs = Germs(field, 6, Span(Balls(P).exact(END), 6))
        s, c = (germs.monomial(n, field.rational(q)) for n, q in (sine, cosine))
        with pytest.raises(Open):
            germs.angle(s, c)
