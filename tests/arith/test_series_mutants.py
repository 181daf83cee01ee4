"""Break the arithmetic of exact series on purpose, and see that it is noticed."""

import operator
import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import pytest
from flint import fmpq, fmpq_poly, fmpz_poly

from symcrit.arith import exact, series
from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Scale, Series
from symcrit.core.errors import SymcritError
from tests.arith.naive_series import Naive
from tests.arith.series_cases import (
    FACTORS,
    Recipe,
    assert_same,
    coefficient,
    cut,
    run,
)

pytestmark = pytest.mark.slow

PI = Exact.pi()
LENGTH = 5
SLOPES = (Fraction(1, 3), Fraction(1, 2), Fraction(4, 3))
DOMAIN = Domain(Scale(FACTORS, SLOPES), LENGTH)
ROOTS = (Exact.rational(1), Exact.surd(2), Exact.surd(2) + Exact.surd(3))


def samples(seed: int) -> Iterator[tuple[Recipe, Recipe]]:
    """Pairs of series; the leading coefficient of the second is positive."""
    chance = random.Random(seed)

    def number() -> Exact:
        powers = tuple(chance.randint(-1, 1) for _ in FACTORS)
        return coefficient((chance.randint(-3, 3), chance.randint(-1, 1)), powers)

    for n in range(12):
        lead = coefficient((chance.randint(1, 4),), (chance.randint(-1, 1), 0, 1))
        first = tuple(number() for _ in range(4))
        second = (lead, *(number() for _ in range(3)))
        unknown = (None, 0, 1)[n % 3]
        yield (
            Recipe(chance.randint(-1, 1), first, (1, 0, None)[n // 4]),
            Recipe(2 * chance.randint(0, 1), second, unknown),
        )


# ----------------------------------------------------------------- what has to hold


def compare(action: Callable[[Domain], Series], expected: Naive) -> None:
    """A series in a domain that is large enough, and the twin's."""
    assert_same(cut(expected, LENGTH), run(DOMAIN, action))


def check_binary(operation: Callable[[Any, Any], Any]) -> None:
    """Sums and products are those of the slow twin, O-terms included."""
    for x, y in samples(1):
        compare(
            lambda d, x=x, y=y: operation(x.in_domain(d), y.in_domain(d)),  # type: ignore[misc]
            operation(x.naive(LENGTH), y.naive(LENGTH)),
        )


def check_cancelling() -> None:
    """The first terms of a difference vanish, and the next one takes their place."""
    for x, y in samples(6):
        other = Recipe(x.v, (x.coefficients[0], *y.coefficients[1:]), None)
        compare(
            lambda d, x=x, y=other: x.in_domain(d) - y.in_domain(d),  # type: ignore[misc]
            x.naive(LENGTH) - other.naive(LENGTH),
        )


def check_quotients() -> None:
    """Quotients are those of the slow twin."""
    for (x, y), root in zip(samples(2), ROOTS * 4, strict=True):
        scaled = Recipe(y.v, tuple(c * root for c in y.coefficients), y.unknown)
        compare(
            lambda d, x=x, y=scaled: x.in_domain(d) / y.in_domain(d),  # type: ignore[misc]
            x.naive(LENGTH).quotient(scaled.naive(LENGTH), LENGTH),
        )


def check_unary(
    action: Callable[[Series], Series], naive: Callable[[Naive], Naive], shift: int = 0
) -> None:
    """Roots, derivatives, arc tangents are those of the slow twin."""
    for _, x in samples(3):
        moved = Recipe(x.v + shift, x.coefficients, x.unknown)
        compare(
            lambda d, x=moved: action(x.in_domain(d)),  # type: ignore[misc]
            naive(moved.naive(LENGTH)),
        )


def check_calculus() -> None:
    """Derivatives, antiderivatives and arc tangents."""
    check_unary(lambda x: x.derivative(), lambda x: x.derivative(), 1)
    check_unary(lambda x: x.derivative().integral(), lambda x: x, 1)
    check_unary(lambda x: x.atan(), lambda x: x.atan(LENGTH), 1)


def check_domains() -> None:
    """Moving to a larger domain, cutting, and building from coefficients."""
    other = Domain(Scale(FACTORS, tuple(2 * a for a in SLOPES)), LENGTH - 2)
    for x, y in samples(5):
        for z in (x, y):
            found = run(DOMAIN, z.in_domain)
            assert_same(z.naive(LENGTH), found)
            moved = found.in_domain(other.joined(found.domain).with_length(LENGTH - 2))
            assert_same(cut(z.naive(LENGTH), LENGTH - 2), moved)


def check_angles() -> None:
    """The three limits, and the first term behind each."""
    lib = Expansions(Domain.start(4))
    one, t = lib.exact(1), lib.t_power(1)
    for s, c, limit, slope in (
        (one, t, PI / 2, -1),
        (one, -t, PI / 2, 1),
        (t, one, Exact.rational(0), 1),
        (t, -one, PI, -1),
    ):
        angle = lib.angle(s, c, "here")
        assert angle.coefficient(0) == limit
        assert angle.coefficient(1) == slope


def check_signs() -> None:
    """At the true pi and not at an approximation; roots are positive."""
    below = fmpz_poly([-22, 7])
    assert exact.sign_at_pi(below) == -1
    assert exact.positive_at_pi(below) == -below
    assert Series(Domain.start(1), (0,), 0, [-fmpq_poly(below)], None).sign() == 1
    assert (Fraction(22, 7) - PI).sqrt().sign() == 1
    assert (Fraction(22, 7) - PI).sqrt().power(2) == Fraction(22, 7) - PI


def check_zero() -> None:
    """An exact zero is told from an unknown number."""
    lib = Expansions(Domain.start(4))
    unknown = lib.big_o(3)
    assert not (unknown - unknown).is_exact_zero
    assert (unknown * lib.exact(0)).is_exact_zero
    assert (lib.pi - lib.pi).is_exact_zero


CHECKS: dict[str, Callable[[], None]] = {
    "sums": lambda: check_binary(operator.add),
    "differences": lambda: check_binary(operator.sub),
    "products": lambda: check_binary(operator.mul),
    "quotients": check_quotients,
    "cancelling": check_cancelling,
    "roots": lambda: check_unary(lambda x: x.sqrt("here"), lambda x: x.sqrt(LENGTH)),
    "calculus": check_calculus,
    "domains": check_domains,
    "angles": check_angles,
    "signs": check_signs,
    "zero": check_zero,
}


@pytest.mark.parametrize("name", CHECKS)
def test_the_checks_pass_as_long_as_nothing_is_broken(name: str) -> None:
    """Otherwise they would prove nothing."""
    CHECKS[name]()


# ------------------------------------------------------------------------- mutants

Function = Callable[..., Any]


def with_order(x: Series, prec: int | None) -> Series:
    """The series with another O-term."""
    return Series(x.domain, x.unit, x.v, x.rows, prec)


def one_more(original: Function) -> Function:
    """The result claims one order too many."""

    def mutant(*arguments: Any) -> Any:
        found = original(*arguments)
        return found if found.prec is None else with_order(found, found.prec + 1)

    return mutant


def without_orders(original: Function) -> Function:
    """The O-terms of all series that go in are forgotten."""

    def mutant(*arguments: Any) -> Any:
        plain = [x.without_order() if isinstance(x, Series) else x for x in arguments]
        return original(*plain)

    return mutant


def larger_order(original: Function) -> Function:
    """The O-term is that of the better known summand."""

    def mutant(x: Series, y: Any) -> Any:
        if not isinstance(y, Series) or x.prec is None or y.prec is None:
            return original(x, y)
        found = original(x.without_order(), y.without_order())
        return found.big_o(max(x.prec, y.prec))

    return mutant


def negative(original: Function) -> Function:
    """The other root."""
    return lambda *arguments: -original(*arguments)


def order_of_radicand(original: Function) -> Function:
    """The root is said to be known as far as the radicand."""
    return lambda x, site: with_order(original(x, site), x.prec)


def forget_where_cut(original: Function) -> Function:
    """What is cut is taken for zero."""

    def mutant(x: Series, domain: Domain) -> Series:
        found: Series = original(x, domain)
        return with_order(found, x.prec)

    return mutant


def forget_unknown(original: Function) -> Function:
    """The O-term is not kept."""
    return lambda lib, terms, prec: original(lib, terms, None)


def no_carries(_: object) -> property:
    """The floor of a sum is taken for the sum of floors."""
    return property(lambda scale: [[0]])


def not_rebased(_: Function) -> Function:
    """Rows are counted from a later term as if slopes were zero."""
    return lambda scale, unit, rows, start: (unit, rows)


def rebased_without_carries(_: Function) -> Function:
    """Only the floors at the new start are taken into account."""

    def mutant(
        scale: Scale, unit: Sequence[int], rows: Sequence[object], start: int
    ) -> tuple[tuple[int, ...], Sequence[object]]:
        floors = scale.floors(start)
        return tuple(u - a for u, a in zip(unit, floors, strict=True)), rows

    return mutant


def straight_angles_near_zero(original: Function) -> Function:
    """The sign of the cosine is not looked at."""

    def mutant(lib: Expansions, s: Series, c: Series, site: str) -> Series:
        found: Series = original(lib, s, c, site)
        if c.is_known and c.v < s.v and c.sign() < 0:
            found = found - lib.pi
        return found

    return mutant


def right_angles_mirrored(original: Function) -> Function:
    """pi/2 + atan(c / s) for pi/2 - atan(c / s)."""

    def mutant(lib: Expansions, s: Series, c: Series, site: str) -> Series:
        found: Series = original(lib, s, -c if c.v > s.v else c, site)
        return found

    return mutant


def sign_at_22_over_7(_: Function) -> Function:
    """Signs are decided at a rational number."""

    def mutant(polynomial: fmpz_poly) -> int:
        value = fmpq(0)
        for c in reversed(polynomial.coeffs()):
            value = value * fmpq(22, 7) + c
        return (value > 0) - (value < 0)

    return mutant


def identity(_: Function) -> Function:
    """The function returns its argument."""
    return lambda x: x


def all_is_a_square(_: Function) -> Function:
    """Every leading coefficient is taken for a square of a rational number."""
    return lambda c: (c, 1)


def zero_is_unknown(_: object) -> property:
    """An exact zero is not told from O(t^n)."""
    return property(lambda x: not x.rows)


def factors_left_out(_: Function) -> Function:
    """Powers of the factors are taken for 1."""
    return lambda scale, exponents: fmpq_poly([1])


MUTANTS: dict[str, tuple[object, str, Callable[[Any], Any], str]] = {
    "a product claims too much": (Series, "__mul__", one_more, "products"),
    "a product forgets O-terms": (Series, "__mul__", without_orders, "products"),
    "a sum claims too much": (Series, "__add__", one_more, "sums"),
    "a sum forgets O-terms": (Series, "__add__", without_orders, "sums"),
    "a sum takes the larger order": (Series, "__add__", larger_order, "sums"),
    "a difference forgets O-terms": (Series, "__neg__", without_orders, "differences"),
    "a quotient claims too much": (Series, "_over", one_more, "quotients"),
    "a quotient forgets O-terms": (Series, "_over", without_orders, "quotients"),
    "one term too many is known": (
        Series, "_relative", lambda old: lambda x: old(x) + 1, "quotients",
    ),
    "the negative root": (Series, "sqrt", negative, "roots"),
    "a root claims too much": (Series, "sqrt", one_more, "roots"),
    "a root as known as its square": (Series, "sqrt", order_of_radicand, "roots"),
    "roots of non-squares": (series, "split_square", all_is_a_square, "roots"),
    "a derivative claims too much": (Series, "derivative", one_more, "calculus"),
    "an integral claims too much": (Series, "integral", one_more, "calculus"),
    "an arc tangent claims too much": (Series, "atan", one_more, "calculus"),
    "the arc tangent is linear": (Series, "atan", identity, "calculus"),
    "carries are ignored in products": (Scale, "carries", no_carries, "products"),
    "carries are ignored in sums": (Scale, "carries", no_carries, "sums"),
    "carries are ignored in roots": (Scale, "carries", no_carries, "roots"),
    "carries are ignored in quotients": (Scale, "carries", no_carries, "quotients"),
    "rows are not rebased": (series, "rebase_rows", not_rebased, "cancelling"),
    "rebased without carries": (
        series, "rebase_rows", rebased_without_carries, "cancelling",
    ),
    "moving forgets where it cuts": (Series, "in_domain", forget_where_cut, "domains"),
    "building forgets O-terms": (
        Expansions, "from_coefficients", forget_unknown, "domains",
    ),
    "factors are left out": (Scale, "power", factors_left_out, "domains"),
    "straight angles near 0": (
        Expansions, "angle", straight_angles_near_zero, "angles",
    ),
    "right angles mirrored": (Expansions, "angle", right_angles_mirrored, "angles"),
    "signs at 22/7": (exact, "sign_at_pi", sign_at_22_over_7, "signs"),
    "signs of series at 22/7": (series, "sign_at_pi", sign_at_22_over_7, "signs"),
    "factors of any sign": (exact, "positive_at_pi", identity, "signs"),
    "the negative root of a number": (Exact, "sqrt", negative, "signs"),
    "unknown is zero": (Series, "is_exact_zero", zero_is_unknown, "zero"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_are_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check fails, or the arithmetic stumbles over its own contradictions."""
    owner, attribute, mutate, check = MUTANTS[name]
    monkeypatch.setattr(owner, attribute, mutate(getattr(owner, attribute)))

    with pytest.raises((AssertionError, ArithmeticError, ValueError, SymcritError)):
        CHECKS[check]()


def test_the_slow_twin_knows_its_own_rules() -> None:
    """(1 + t + O(t^2)) / (1 - t) = 1 + 2 t + O(t^2), root and arc tangent."""
    one, two = Exact.rational(1), Exact.rational(2)
    x, y = Naive({0: one, 1: one}, 2), Naive({0: one, 1: -one}, None)

    assert x.quotient(y, 9) == Naive({0: one, 1: two}, 2)
    assert (x * x).sqrt(9) == x
    assert Naive({1: one}, None).atan(4) == Naive(
        {1: one, 3: Exact.rational(Fraction(-1, 3))}, 5
    )
