"""Mirror of symcrit/arith/models.py."""

import operator
import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.balls import BALLS
from symcrit.arith.models import Model, Models
from symcrit.arith.precision import working_precision
from symcrit.core.errors import UndecidedError

Function = Callable[[arb], arb]

END = arb(0.25)


@dataclass(frozen=True)
class Member:
    """A model and one function that belongs to it."""

    model: Model
    function: Function

    def is_right(self, digits: int = 40) -> bool:
        """Whether the model contains the function at ten places of (0, t_1]."""
        places = [END * i / 8 for i in range(1, 9)] + [arb(2) ** -12, arb(2) ** -digits]
        return all(self.holds_at(t) for t in places)

    def holds_at(self, t: arb) -> bool:
        """Whether the model contains the function at one place."""
        with working_precision(300):
            value = self.function(t)
        return bool(self.model.at(t).contains(value))


def sample(
    lib: Models, rng: random.Random, low: int | None = None, *, first: float = 1
) -> Member:
    """A random model with a random function in it; the first coefficient is >= first.

    The function is a polynomial; its term of highest order is the remainder, times a
    function of t that is no power.
    """
    low = rng.randint(-3, 3) if low is None else low
    terms = [first + rng.random() * 2]
    terms += [rng.uniform(-1, 1) for _ in range(rng.randint(0, 4))]
    radii = [rng.choice([0.0, 0.0, 2.0**-10]) for _ in terms]
    chosen = [c + r * rng.uniform(-1, 1) for c, r in zip(terms, radii, strict=True)]
    gap = rng.choice([None, 0, 2])
    order = None if gap is None else low + len(terms) + gap
    rest = rng.uniform(-1, 1)

    def function(t: arb) -> arb:
        total = arb(0)
        for c in reversed(chosen):
            total = total * t + arb(c)
        if gap is not None:
            wave = rest * (arb(37) / t).sin()
            total = total + wave * _power(t, len(terms) + gap)
        return total * _power(t, low)

    balls = [arb(c, r) for c, r in zip(terms, radii, strict=True)]
    bound = None if gap is None else arb(0, abs(rest))
    return Member(Model(lib, low, balls, order, bound), function)


def _power(t: arb, n: int) -> arb:
    result = arb(1)
    for _ in range(abs(n)):
        result = result * t
    return result if n >= 0 else 1 / result


def grown(lib: Models, rng: random.Random, depth: int) -> Member:
    """A random formula of sums, products, quotients, roots and angles."""
    if depth == 0:
        return sample(lib, rng)
    x, y = grown(lib, rng, depth - 1), grown(lib, rng, depth - 1)
    name = rng.choice(["add", "sub", "mul", "truediv", "root", "angle", "scale"])
    f, g = x.function, y.function
    if name == "scale":
        factor = Fraction(rng.randint(-9, 9), rng.randint(1, 9))
        ball = BALLS.exact(factor)
        return Member(x.model * factor, lambda t: f(t) * ball)
    if name == "root":
        radicand = x.model * x.model + lib.t_power(2)
        return Member(
            lib.root(radicand, "a site"), lambda t: (f(t) * f(t) + t * t).sqrt()
        )
    if name == "angle":
        size = abs(x.model.low - y.model.low) or 1
        shift = rng.choice([-size - 1, size + 1])
        sine = lib.root(y.model * y.model, "a site")
        cosine = x.model * lib.t_power(y.model.low - x.model.low + shift)
        low, other = y.model.low, x.model.low
        return Member(
            lib.angle(sine, cosine, "a site"),
            lambda t: arb.atan2(abs(g(t)), f(t) * _power(t, low - other + shift)),
        )
    operation = getattr(operator, name)
    return Member(operation(x.model, y.model), lambda t: arb(operation(f(t), g(t))))


class TestContainment:
    """Models hold every member at every t."""

    @given(seed=st.integers(0, 2**32), length=st.integers(2, 10))
    def test_random_formulas(self, seed: int, length: int) -> None:
        """Oracle: the same formula in balls of 300 bits, for one member."""
        rng = random.Random(seed)
        lib = Models(END, length)
        for depth in (1, 2, 3):
            try:
                member = grown(lib, rng, depth)
            except UndecidedError:
                continue
            assert member.is_right()

    def test_thousands_of_points(self) -> None:
        """The same for a fixed set of formulas at random places."""
        rng = random.Random(7)
        checked = 0
        while checked < 3000:
            lib = Models(END, rng.randint(3, 9))
            try:
                member = grown(lib, rng, rng.choice([1, 2]))
            except UndecidedError:
                continue
            for _ in range(10):
                assert member.holds_at(END * rng.random())
                checked += 1

    @pytest.mark.parametrize("length", [1, 2, 3, 6, 11])
    @pytest.mark.parametrize("name", ["quotient", "root", "near 0", "near pi/2", "pi"])
    def test_remainders_are_needed_and_not_much_too_large(
        self, name: str, length: int
    ) -> None:
        """Without its remainder a model is wrong; a fifth of it is too small."""
        lib = Models(END, length)
        t = lib.t_power(1)
        makers: dict[str, tuple[Callable[[], Model], Function]] = {
            "quotient": (lambda: 1 / (1 - t), lambda t: 1 / (1 - t)),
            "root": (lambda: lib.root(1 - t, ""), lambda t: (1 - t).sqrt()),
            "near 0": (
                lambda: lib.angle(t, 1 - t, ""),
                lambda t: (t / (1 - t)).atan(),
            ),
            "near pi/2": (
                lambda: lib.angle(lib.exact(1), t / (1 - t), ""),
                lambda t: arb.pi() / 2 - (t / (1 - t)).atan(),
            ),
            "pi": (
                lambda: lib.angle(t, t - 1, ""),
                lambda t: arb.pi() - (t / (1 - t)).atan(),
            ),
        }
        make, function = makers[name]
        model = make()

        assert Member(model, function).is_right()
        bare = Model(lib, model.low, model.terms)
        assert not Member(bare, function).holds_at(END)
        fifth = Model(lib, model.low, model.terms, model.order, model.rest / 5)
        assert not Member(fifth, function).holds_at(END)

    @pytest.mark.parametrize("slope", [1, -3, 8])
    def test_steep_arc_tangents(self, slope: int) -> None:
        """Far beyond the radius of convergence of the arc tangent."""
        lib = Models(arb(1), 2)
        model = lib.angle(slope * slope * lib.t_power(1), slope * lib.exact(1), "")
        far = arb(abs(slope))
        turned = arb.pi() if slope < 0 else arb(0)
        sign = 1 if slope > 0 else -1

        assert Member(model, lambda t: turned + sign * (far * t).atan()).is_right()

    def test_terms_beyond_the_length_go_to_the_remainder(self) -> None:
        """Products and sums are cut to the length, and stay right."""
        lib = Models(END, 3)
        x = Model(lib, -1, [arb(1), arb(2), arb(3), arb(4)])

        assert x.order == 2
        assert x.rest.contains(4)
        square = x * x
        assert square.order == 1
        assert Member(
            square,
            lambda t: (1 / t + 2 + 3 * t + 4 * t * t) * (1 / t + 2 + 3 * t + 4 * t * t),
        ).is_right(digits=20)

    def test_a_root_far_from_its_series(self) -> None:
        """At t = 1 the root of 1 + 3 t is 2, and its first two terms are 5/2."""
        lib = Models(arb(1), 2)
        root = lib.root(1 + 3 * lib.t_power(1), "here")

        assert root.terms[1] == 1.5
        assert root.at(arb(1)).contains(2)
        assert root.at(arb(5) / 9).contains((arb(8) / 3).sqrt().mid())


class TestWhatIsKnown:
    """Cancellation by outside knowledge, and its limits."""

    def test_struck_terms_leave_no_pole(self) -> None:
        """(1/3 + t) - 1/3 is bounded by t once its constant term is struck off."""
        lib = Models(END, 5)
        third = lib.exact(Fraction(1, 3))
        x = third + lib.t_power(1) - third

        assert x.low == 0
        assert not x.range(1).is_finite()
        assert x.raised(1).range(1).contains(1)
        assert x.raised(1).range(1).rad() < 1e-10

    def test_a_term_that_is_not_zero_cannot_be_struck(self) -> None:
        """What was said to be known is then wrong."""
        with pytest.raises(ArithmeticError, match="not zero"):
            (1 + Models(END, 5).t_power(1)).raised(1)

    def test_a_remainder_stays_when_terms_are_struck(self) -> None:
        """A bound is no knowledge of the order."""
        lib = Models(END, 5)
        x = Model(lib, 0, [arb(0, 1e-9)], 1, arb(0, 1)).raised(3)

        assert (x.low, x.order) == (1, 1)
        assert x.rest.contains(1)

    def test_a_shorter_interval(self) -> None:
        """The same functions, a smaller remainder; never a longer interval."""
        lib = Models(END, 4)
        x = 1 / (1 - lib.t_power(1))
        near = Models(END / 4, 4)

        assert (x.on(near) - x.on(near)).range().contains(0)
        with pytest.raises(ValueError, match="beyond"):
            x.on(near).on(lib)
        with pytest.raises(ValueError, match="different intervals"):
            x.on(near) + x

    @pytest.mark.parametrize(
        "make",
        [
            pytest.param(
                lambda lib, t: 1 / (lib.exact(0) + Model(lib, 0, [arb(0, 1)])),
                id="zero divisor",
            ),
            pytest.param(
                lambda lib, t: lib.root(1 - 5 * t, "here"), id="negative far away"
            ),
            pytest.param(lambda lib, t: lib.root(t, "here"), id="odd order"),
            pytest.param(
                lambda lib, t: lib.root(-1 + t, "here"), id="negative at once"
            ),
            pytest.param(
                lambda lib, t: lib.angle(1 - 5 * t, t, "here"), id="sine that vanishes"
            ),
            pytest.param(
                lambda lib, t: lib.angle(t, 1 - 5 * t, "here"),
                id="cosine that vanishes",
            ),
            pytest.param(lambda lib, t: lib.angle(1 + t, 1 - t, "here"), id="no limit"),
            pytest.param(
                lambda lib, t: lib.angle(-1 - t, t, "here"), id="negative sine"
            ),
            pytest.param(
                lambda lib, t: lib.angle(-t, 1 + t, "here"), id="small negative sine"
            ),
        ],
    )
    def test_what_may_not_exist_is_refused(
        self, make: Callable[[Models, Model], Model]
    ) -> None:
        """Zero divisors, negative radicands, odd orders, angles without a limit."""
        lib = Models(END, 5)
        with pytest.raises(UndecidedError):
            make(lib, lib.t_power(1))

    def test_only_exact_numbers_and_balls_mix_with_models(self) -> None:
        """A float is refused."""
        lib = Models(END, 5)
        assert (lib.t_power(0) + arb(2)).terms[0].contains(3)
        with pytest.raises(TypeError, match="float"):
            lib.t_power(0) + 0.5


def test_a_range_relative_to_a_higher_power() -> None:
    """Where only a remainder is left, t^5 / t^3 is t^2, not t^5."""
    lib = Models(arb(0.5), 8)

    found = Model(lib, 0, [], 5, arb(1)).range(3)

    assert found.contains(arb(0.25))
