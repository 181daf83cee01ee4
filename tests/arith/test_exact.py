"""Mirror of symcrit/arith/exact.py."""

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flint import fmpq_poly, fmpz_poly
from hypothesis import assume, given
from hypothesis import strategies as st
from mpmath import mpf

from symcrit.arith.exact import Exact, positive_at_pi, sign_at_pi
from symcrit.core.errors import InputError
from symcrit.core.expressions import evaluate, parse
from tests.arith.exact_cases import (
    FRACTIONS,
    MP,
    NUMBERS,
    POLYNOMIALS,
    RATIONAL_FUNCTIONS,
    Recipe,
    fraction,
    value,
)

PI = Exact.pi()
Operation = Callable[[Any, Any], Any]
OPERATIONS = pytest.mark.parametrize(
    "operation", [operator.add, operator.sub, operator.mul, operator.truediv]
)


def agree(x: mpf, y: mpf) -> bool:
    """Whether two numbers of about 120 digits agree in 80 of them."""
    return bool(abs(x - y) <= MP.mpf(10) ** -80 * (1 + abs(x) + abs(y)))


class Reader:
    """The environment in which printed numbers are read back as exact ones."""

    pi = PI

    def number(self, value: Fraction, /) -> Exact:
        """A rational number."""
        return Exact.rational(value)

    def name(self, name: str, /) -> Exact:
        """An exact number contains none."""
        raise KeyError(name)

    def power(self, base: Exact, exponent: Fraction, /) -> Exact:
        """An integer power."""
        assert exponent.denominator == 1
        return base.power(int(exponent))

    def sqrt(self, radicand: Exact, /) -> Exact:
        """The positive root."""
        return radicand.sqrt()


class Approximate:
    """The environment in which printed numbers are read back with mpmath."""

    pi = +MP.pi

    def number(self, value: Fraction, /) -> mpf:
        """A rational number."""
        return fraction(value)

    def name(self, name: str, /) -> mpf:
        """An exact number contains none."""
        raise KeyError(name)

    def power(self, base: mpf, exponent: Fraction, /) -> mpf:
        """An integer power."""
        return base ** int(exponent)

    def sqrt(self, radicand: mpf, /) -> mpf:
        """The positive root."""
        return MP.sqrt(radicand)


# ------------------------------------------------------------------ a field of numbers


@given(NUMBERS)
def test_a_number_has_the_value_it_is_built_for(recipe: Recipe) -> None:
    """Cancelling, merging and sorting of parts do not change the value."""
    assert agree(recipe.approx(), value(recipe.exact()))


@OPERATIONS
@given(x=NUMBERS, y=NUMBERS)
def test_operations_are_those_of_real_numbers(
    operation: Operation, x: Recipe, y: Recipe
) -> None:
    """Oracle: the same operation on mpmath numbers."""
    assume(y.exact())

    expected = operation(x.approx(), y.approx())

    assert agree(expected, value(operation(x.exact(), y.exact())))


@OPERATIONS
@given(x=NUMBERS, q=FRACTIONS)
def test_operations_take_rational_numbers_on_either_side(
    operation: Operation, x: Recipe, q: Fraction
) -> None:
    """A fraction acts like the exact number that it is."""
    number, lifted = x.exact(), Exact.rational(q)
    if q:
        assert operation(number, lifted) == operation(number, q)
    if number:
        assert operation(lifted, number) == operation(q, number)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_the_axioms_of_a_commutative_ring(a: Recipe, b: Recipe, c: Recipe) -> None:
    """Equality is decided exactly, so no tolerance is needed."""
    x, y, z = a.exact(), b.exact(), c.exact()

    assert x + y == y + x
    assert (x + y) + z == x + (y + z)
    assert x * y == y * x
    assert (x * y) * z == x * (y * z)
    assert x * (y + z) == x * y + x * z
    assert x - x == 0
    assert x * 1 == x


@given(NUMBERS, NUMBERS)
def test_every_number_but_zero_divides(a: Recipe, b: Recipe) -> None:
    """Also sums of several independent roots."""
    x, y = a.exact(), b.exact()
    assume(y)

    assert x / y * y == x
    assert y * (1 / y) == 1


@pytest.mark.parametrize(
    "divisor",
    [
        Exact.surd(6) + 2,
        Exact.surd(2) + Exact.surd(3),
        1 + Exact.surd(2) + Exact.surd(3) + Exact.surd(6),
        Exact.surd(2) + Exact.surd(3) + Exact.surd(5) + Exact.surd(30) / PI,
        Exact.surd(2, [fmpz_poly([0, 1]), fmpz_poly([-2, 1])]) + PI,
        Exact.surd(1, [fmpz_poly([0, 1])]) - Exact.surd(3, [fmpz_poly([-2, 1])]),
        Exact.surd(7) / (PI - 2),
    ],
    ids=str,
)
def test_division_by_several_roots(divisor: Exact) -> None:
    """One conjugation removes one root, whichever parts contain it."""
    inverse = 1 / divisor

    assert inverse * divisor == 1
    assert agree(1 / value(divisor), value(inverse))


def test_division_by_zero_is_refused() -> None:
    """Zero is known exactly, also when it is written in a roundabout way."""
    zero = (Exact.surd(2) + Exact.surd(3)).power(2) - 5 - 2 * Exact.surd(6)

    assert not zero
    with pytest.raises(ZeroDivisionError, match="the exact number zero"):
        PI / zero


@given(NUMBERS, st.integers(-3, 3))
def test_powers(recipe: Recipe, n: int) -> None:
    """Negative exponents invert."""
    x = recipe.exact()
    assume(x or n >= 0)

    assert agree(recipe.approx() ** n, value(x.power(n)))


@given(NUMBERS)
def test_equal_numbers_have_equal_hashes(recipe: Recipe) -> None:
    """However they came about, and like the fraction that they are."""
    x = recipe.exact()
    again = (x + PI) - PI

    assert x == again
    assert hash(x) == hash(again)


@given(FRACTIONS)
def test_a_rational_number_equals_its_fraction(q: Fraction) -> None:
    """As numbers of a set or keys of a dictionary they are one."""
    x = Exact.rational(q) * PI / PI

    assert q == x.as_fraction()
    assert x == q
    assert len({q, x}) == 1


def test_what_is_not_rational_is_no_fraction() -> None:
    """Neither pi nor a root."""
    assert PI.as_fraction() is None
    assert Exact.surd(2).as_fraction() is None
    assert (1 / PI).as_fraction() is None
    assert (Exact.surd(2) * Exact.surd(2)).as_fraction() == 2


def test_a_number_equals_nothing_else() -> None:
    """Comparison with a float would be a rounding behind one's back."""
    assert Exact.rational(1) != 1.0
    assert PI != "pi"


# ------------------------------------------------------------------------------- signs


@given(NUMBERS)
def test_signs_agree_with_mpmath(recipe: Recipe) -> None:
    """Oracle: the sign of a number of 120 digits."""
    assert recipe.exact().sign() == MP.sign(recipe.approx()) or agree(
        recipe.approx(), MP.mpf(0)
    )


@given(NUMBERS)
def test_balls_contain_the_number_and_are_small(recipe: Recipe) -> None:
    """A ball that is right but useless would fail."""
    ball = recipe.exact().ball(200)
    middle = MP.mpf(int(ball.mid().man_exp()[0])) * MP.mpf(2) ** int(
        ball.mid().man_exp()[1]
    )

    distance = abs(middle - recipe.approx())

    assert distance <= float(ball.rad()) * (1 + 1e-9) + MP.mpf(10) ** -100
    assert float(ball.rad()) < 1e-40 * (1 + abs(float(middle)))


@pytest.mark.parametrize("digits", [5, 50, 500])
def test_signs_next_to_pi(digits: int) -> None:
    """Truncating pi gives a number that is too small, by however little."""
    with MP.workdps(digits + 20):
        low = int(MP.floor(MP.pi * 10**digits))
    below = fmpz_poly([-low, 10**digits])
    above = fmpz_poly([-low - 1, 10**digits])

    assert sign_at_pi(below) == 1
    assert sign_at_pi(above) == -1
    assert positive_at_pi(above) == -above
    assert (PI - Exact.rational(Fraction(low, 10**digits))).sign() == 1


def test_sign_of_a_close_difference_of_roots() -> None:
    """sqrt(2) against the fraction that its digits make."""
    with MP.workdps(300):
        low = Fraction(int(MP.floor(MP.sqrt(2) * 10**250)), 10**250)

    assert (Exact.surd(2) - low).sign() == 1
    assert (Exact.surd(2) - low - Fraction(1, 10**250)).sign() == -1


def test_sign_of_zero() -> None:
    """Only the exact zero has sign 0."""
    assert sign_at_pi(fmpz_poly([])) == 0
    assert (PI - PI).sign() == 0


# ------------------------------------------------------------------------------- roots


@given(RATIONAL_FUNCTIONS)
def test_the_square_of_a_root(recipe: Recipe) -> None:
    """The root is positive, and its square is the number."""
    x = recipe.exact()
    assume(x)
    x = x if x.sign() > 0 else -x

    root = x.sqrt()

    assert root * root == x
    assert root.sign() == 1
    assert agree(MP.sqrt(abs(recipe.approx())), value(root))


@given(RATIONAL_FUNCTIONS)
def test_the_root_of_a_square(recipe: Recipe) -> None:
    """It is the absolute value and contains no root."""
    x = recipe.exact()

    root = (x * x).sqrt()

    assert root in (x, -x)
    assert root.is_in_q_of_pi


@pytest.mark.parametrize(
    ("radicand", "text"),
    [
        (Exact.rational(12), "2*sqrt(3)"),
        (Exact.rational(Fraction(1, 2)), "1/2*sqrt(2)"),
        (4 * PI, "2*sqrt(pi)"),
        ((PI - 2) / 2, "1/2*sqrt(2*(pi - 2))"),
        (3 - PI + 1, "sqrt(-pi + 4)"),
        (Exact.rational(0), "0"),
    ],
    ids=str,
)
def test_roots_are_split_from_squares(radicand: Exact, text: str) -> None:
    """What stands under a root is squarefree, and positive at pi."""
    assert radicand.sqrt() == evaluate(parse(text), Reader())


@pytest.mark.parametrize("bad", [Exact.rational(-1), 3 - PI, Exact.surd(2)], ids=str)
def test_roots_that_do_not_exist_are_refused(bad: Exact) -> None:
    """Negative numbers, and roots of roots."""
    with pytest.raises(InputError, match="is no root of a positive number"):
        bad.sqrt()


@given(NUMBERS)
def test_radicands_are_the_arguments_of_surd(recipe: Recipe) -> None:
    """They list what the field has to contain."""
    x = recipe.exact()

    listed = {(m, tuple(map(str, inside))) for m, inside in x.radicands()}

    expected = {
        (m, tuple(str(fmpz_poly(list(q))) for q in inside)) for m, inside in x.parts
    }
    assert expected - {(1, ())} == listed
    assert x.is_in_q_of_pi == (not listed)


# ---------------------------------------------------------------------------- printing


@given(NUMBERS)
def test_the_printed_number_is_read_back(recipe: Recipe) -> None:
    """Plain text means the number, exactly and by mpmath's arithmetic."""
    x = recipe.exact()
    tree = parse(str(x))

    assert x == evaluate(tree, Reader())
    assert agree(recipe.approx(), evaluate(tree, Approximate()))


@given(NUMBERS)
def test_the_latex_is_read_back(recipe: Recipe) -> None:
    """LaTeX means the same number."""
    x = recipe.exact()

    assert x == evaluate(parse(x.latex), Reader())


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (Exact.rational(0), "0"),
        (Exact.rational(Fraction(-1, 2)), "-1/2"),
        (2 + 8 / PI + 8 / PI.power(2), "2 + 8/pi + 8/pi**2"),
        (64 * (PI - 12) / (3 * PI.power(4) * (PI - 2)),
         "64*(pi - 12)/(3*pi**4*(pi - 2))"),
        (Exact.surd(2) / PI, "1/pi*sqrt(2)"),
    ],
    ids=["zero", "fraction", "powers", "factored", "root"],
)  # fmt: skip
def test_numbers_are_printed_as_a_mathematician_would(x: Exact, text: str) -> None:
    """Sums of powers of 1/pi stay sums; other quotients are factored."""
    assert text == str(x)
    assert repr(x) == f"Exact({text})"


# ------------------------------------------------------------------------------ factors


@given(NUMBERS)
def test_a_number_over_given_factors(recipe: Recipe) -> None:
    """Powers of the factors times roots times polynomials give the number back."""
    factors = [fmpz_poly(c) for c in ([0, 1], [-2, 1], [2, 1], [-3, 2], [5, -4, 1])]
    x = recipe.exact()

    split = x.over_factors(factors)

    assert split is not None
    exponents, parts = split
    total = Exact.rational(0)
    for m, inside, polynomial in parts:
        root = Exact.surd(m, [factors[i] for i in inside])
        total = total + root * Exact.polynomial(polynomial)
    for q, e in zip(factors, exponents, strict=True):
        total = total * Exact.polynomial(fmpq_poly(q)).power(e)
    assert x == total


def test_a_foreign_factor_is_told() -> None:
    """Neither a denominator nor a root may hide outside the factors."""
    factors = [fmpz_poly([0, 1])]

    assert (1 / (PI - 2)).over_factors(factors) is None
    assert Exact.surd(1, [fmpz_poly([-2, 1])]).over_factors(factors) is None


@given(NUMBERS, POLYNOMIALS)
def test_the_denominator_clears_all_parts(
    recipe: Recipe, extra: tuple[int, ...]
) -> None:
    """Times its denominator a number has polynomial parts, and so have multiples."""
    x = recipe.exact()
    cleared = x * Exact.polynomial(fmpq_poly(x.denominator()) * fmpq_poly(list(extra)))

    assert all(q.degree() <= 0 for _, q in cleared.parts.values())
