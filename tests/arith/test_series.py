"""Mirror of symcrit/arith/series.py: what is zero, unknown or refused."""

import operator
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import (
    Domain,
    Expansions,
    RamificationError,
    retry_in_larger_domain,
)
from symcrit.core.errors import UndecidedError
from tests.arith.naive_series import Naive
from tests.arith.series_cases import (
    FACTORS,
    MONOMIALS,
    SURDS,
    WITH_ROOTS,
    Recipe,
    assert_same,
    run,
    series,
)

PI = Exact.pi()


def lib(length: int = 5) -> Expansions:
    """Series over Q[pi, 1/pi]."""
    return Expansions(Domain.start(length))


def test_an_exact_zero_is_not_an_unknown_series() -> None:
    """What cancels exactly is zero; O(t^3) - O(t^3) is not."""
    x = lib().pi + lib().t_power(2)
    unknown = lib().big_o(3)

    assert (x - x).is_exact_zero
    assert not (unknown - unknown).is_exact_zero
    assert not (x.big_o(3) - x.big_o(3)).is_exact_zero
    assert (unknown * 0).is_exact_zero
    assert (unknown * lib().exact(0)).is_exact_zero
    assert unknown.without_order().is_exact_zero
    assert (lib().exact(0) / x).is_exact_zero
    assert lib().exact(0).sqrt("here").is_exact_zero
    assert lib().exact(0).atan().is_exact_zero


def test_unknown_series_have_bounds_for_valuations() -> None:
    """O(t^a) O(t^b) = O(t^(a+b)), and so on."""
    a, b = lib().big_o(3), lib().t_power(-2)

    assert (a * a).prec == 6
    assert (a * b).prec == 1
    assert (a / b).prec == 5
    assert (a + b).prec == 3
    assert a.derivative().prec == 2
    assert a.integral().prec == 4
    assert a.atan().prec == 3
    assert a.big_o(2).prec == 2
    assert a.big_o(7).prec == 3


def test_a_coefficient_beyond_the_order_is_refused() -> None:
    """It is not zero but unknown."""
    x = lib().exact(1).big_o(2)

    assert x.coefficient(1) == 0
    with pytest.raises(ValueError, match=r"beyond O\(t\^2\)"):
        x.coefficient(2)


REFUSALS: dict[str, tuple[Callable[[Expansions], object], type[Exception], str]] = {
    "division by what may be zero": (
        lambda l: l.exact(1) / l.big_o(4), UndecidedError, "without a known nonzero",
    ),
    "division by zero": (
        lambda l: l.exact(1) / l.exact(0), UndecidedError, "without a known nonzero",
    ),
    "root of what may be negative": (
        lambda l: l.big_o(2).sqrt("p.q"), UndecidedError, "root at p.q has no known",
    ),
    "root of a negative series": (
        lambda l: (3 - l.pi).sqrt("p.q"), UndecidedError, "negative leading",
    ),
    "root of odd valuation": (
        lambda l: l.t_power(3).sqrt("p.q"), RamificationError, "odd valuation 3",
    ),
    "root of an irrational number": (
        lambda l: (1 + l.exact(2).sqrt("a")).sqrt("p.q"), UndecidedError, "irrational",
    ),
    "arc tangent with a constant term": (
        lambda l: l.exact(1).atan(), ValueError, "valuation 0",
    ),
    "arc tangent of what may have a constant term": (
        lambda l: l.big_o(0).atan(), ValueError, "valuation 0",
    ),
    "antiderivative of a logarithmic pole": (
        lambda l: l.t_power(-1).integral(), ValueError, "valuation -1",
    ),
    "sign of what may be zero": (
        lambda l: l.big_o(3).sign(), UndecidedError, "without a known nonzero",
    ),
    "angle of two unknown numbers": (
        lambda l: l.angle(l.big_o(2), l.big_o(2), "p.q"), UndecidedError, "the sine",
    ),
    "angle with an unknown sine": (
        lambda l: l.angle(l.big_o(2), l.exact(1), "p.q"), UndecidedError, "the sine",
    ),
    "angle with a vanishing sine and cosine": (
        lambda l: l.angle(l.exact(0), l.exact(0), "p.q"), UndecidedError, "the sine",
    ),
    "angle with an unknown cosine": (
        lambda l: l.angle(l.t_power(2), l.big_o(2), "p"), UndecidedError, "the cosine",
    ),
    "angle with another limit": (
        lambda l: l.angle(2 * l.pi, l.exact(1), "p"),
        UndecidedError,
        r"angle at p tends to atan2\(2\*pi, 1\), not to 0, pi/2 or pi",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_what_cannot_be_answered_is_refused(name: str) -> None:
    """With an error that names the place and never with a number."""
    action, error, message = REFUSALS[name]

    with pytest.raises(error, match=message):
        retry_in_larger_domain(Domain.start(5), lambda d: action(Expansions(d)))


def test_an_unknown_cosine_smaller_than_the_sine_is_enough() -> None:
    """All its members have the limit pi/2, up to the order of their quotient."""
    angle = lib().angle(lib().t_power(1), lib().big_o(3), "here")

    assert angle.coefficient(0) == PI / 2
    assert angle.prec == 2


def test_a_cosine_that_is_zero_makes_a_right_angle() -> None:
    """Exactly, if the sine is known not to vanish."""
    angle = lib().angle(lib().t_power(1), lib().exact(0), "here")

    assert (angle - lib().pi / 2).is_exact_zero


@given(x=series(WITH_ROOTS, st.builds(operator.mul, MONOMIALS, SURDS)))
def test_the_sign_is_that_of_the_leading_coefficient(x: Recipe) -> None:
    """Decided with balls at the true pi."""
    found = run(Domain.start(5), x.in_domain)

    assert x.coefficients[0].sign() == found.sign()
    assert lib().exact(0).sign() == 0


def test_a_root_whose_square_is_rational_is_forgotten() -> None:
    """Sqrt(2)^2 is the leading coefficient 2, of which a root can be taken."""
    root = lib().exact(2).sqrt("here")
    x = root * root * lib().t_power(2)

    assert x.sqrt("there").known_coefficients() == [(1, Exact.surd(2))]
    assert (1 / x).known_coefficients() == [(-2, Exact.rational(Fraction(1, 2)))]


@pytest.mark.parametrize(
    "lead",
    [
        Exact.surd(6) + 2,
        Exact.surd(2) + Exact.surd(3),
        1 + Exact.surd(2) + Exact.surd(3) + Exact.surd(6),
        Exact.surd(2, FACTORS[:2]) + PI,
        Exact.surd(1, FACTORS[:1]) - Exact.surd(3, FACTORS[1:2]),
        Exact.surd(2) + Exact.surd(3) + Exact.surd(5) + Exact.surd(7) / PI,
    ],
    ids=str,
)  # fmt: skip
def test_division_by_a_leading_coefficient_with_several_roots(lead: Exact) -> None:
    """One conjugation removes one root, whichever parts contain it."""
    recipe = Recipe(0, (lead, PI), 2)

    found = run(Domain.start(3), lambda d: 1 / recipe.in_domain(d))

    assert_same(Naive({0: Exact.rational(1)}, None).quotient(recipe.naive(3), 3), found)


def test_the_number_system_has_constants_and_powers() -> None:
    """Pi, fractions, powers of t."""
    assert lib().pi.known_coefficients() == [(0, PI)]
    assert lib().exact(Fraction(2, 3)).coefficient(0) == Fraction(2, 3)
    assert lib().t_power(-2).known_coefficients() == [(-2, Exact.rational(1))]
    assert lib().big_o(4).prec == 4
    assert lib().root(lib().t_power(4), "here").known_coefficients() == [
        (2, Exact.rational(1))
    ]


def test_floats_are_refused() -> None:
    """A float is not the number that it shows."""
    with pytest.raises(TypeError, match="float is no exact rational number"):
        lib().pi + 0.5
