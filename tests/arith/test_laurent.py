"""Mirror of symcrit/arith/laurent.py.

Three routes that share nothing with the representation under test: series by their
definition (``naive_series``), FLINT's rational series at a rational number in place of
pi, and balls at a tiny t.
"""

import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest
from flint import arb, fmpq, fmpq_series, fmpz_poly
from flint import ctx as flint_context
from hypothesis import assume, given
from hypothesis import strategies as st

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Scale, Series
from symcrit.arith.precision import working_precision
from symcrit.core.errors import UndecidedError
from tests.arith.naive_series import Naive
from tests.arith.series_cases import (
    ANY,
    DIVISORS,
    DOMAINS,
    FACTORS,
    IN_Q_OF_PI,
    MONOMIALS,
    RADICANDS,
    SLOPES,
    SMALL,
    Recipe,
    assert_same,
    cut,
    run,
    series,
)

PI = Exact.pi()

# --------------------------------------------- operations against their definition

Operation = Callable[[Any, Any], Any]


@pytest.mark.parametrize("operation", [operator.add, operator.sub])
@given(x=ANY, y=ANY, domain=DOMAINS)
def test_sums(operation: Operation, x: Recipe, y: Recipe, domain: Domain) -> None:
    """All known terms, and no fewer than can be known.

    An exact sum is cut ``length`` terms behind the first one of its summands, also if
    that one cancels.
    """
    found = run(domain, lambda d: operation(x.in_domain(d), y.in_domain(d)))

    length = domain.length
    ours, theirs = x.naive(length), y.naive(length)
    expected = operation(ours, theirs)
    low = min([*ours.terms, *theirs.terms], default=0)
    if expected.prec is None and max(expected.terms, default=low) >= low + length:
        expected = Naive.of(expected.terms, low + length)
    assert_same(cut(expected, length), found)


@given(x=ANY, y=ANY, domain=DOMAINS)
def test_products(x: Recipe, y: Recipe, domain: Domain) -> None:
    """All known terms, and no fewer than can be known."""
    found = run(domain, lambda d: x.in_domain(d) * y.in_domain(d))

    expected = x.naive(domain.length) * y.naive(domain.length)
    assert_same(cut(expected, domain.length), found)


@given(x=ANY, y=DIVISORS, domain=DOMAINS)
def test_quotients(x: Recipe, y: Recipe, domain: Domain) -> None:
    """Leading coefficients may contain several roots."""
    found = run(domain, lambda d: x.in_domain(d) / y.in_domain(d))

    expected = x.naive(domain.length).quotient(y.naive(domain.length), domain.length)
    assert_same(cut(expected, domain.length), found)


@given(x=RADICANDS, domain=DOMAINS)
def test_square_roots(x: Recipe, domain: Domain) -> None:
    """Leading coefficients need not be squares."""
    found = run(domain, lambda d: x.in_domain(d).sqrt("here"))

    assert_same(x.naive(domain.length).sqrt(domain.length), found)
    assert found.sign() == 1


@given(x=SMALL, domain=DOMAINS)
def test_arc_tangents(x: Recipe, domain: Domain) -> None:
    """Against the sum of odd powers."""
    found = run(domain, lambda d: x.in_domain(d).atan())

    assert_same(x.naive(domain.length).atan(domain.length), found)


@given(x=ANY, domain=DOMAINS)
def test_derivatives(x: Recipe, domain: Domain) -> None:
    """Term by term; a constant term vanishes."""
    found = run(domain, lambda d: x.in_domain(d).derivative())

    assert_same(cut(x.naive(domain.length).derivative(), domain.length), found)


@given(x=SMALL, domain=DOMAINS)
def test_the_antiderivative_of_the_derivative(x: Recipe, domain: Domain) -> None:
    """It is the series again, which has no constant term."""
    found = run(domain, lambda d: x.in_domain(d).derivative().integral())

    assert_same(x.naive(domain.length), found)


@given(x=ANY, q=st.fractions(-5, 5, max_denominator=5), domain=DOMAINS)
def test_rational_factors(x: Recipe, q: Fraction, domain: Domain) -> None:
    """A fraction multiplies on either side and divides; 0 makes an exact zero."""
    expected = x.naive(domain.length).scaled(q)

    assert_same(expected, run(domain, lambda d: x.in_domain(d) * q))
    assert_same(expected, run(domain, lambda d: q * x.in_domain(d)))
    if q:
        assert_same(expected, run(domain, lambda d: x.in_domain(d) / (1 / q)))


@given(x=ANY, q=st.fractions(-5, 5, max_denominator=5), domain=DOMAINS)
def test_rational_summands(x: Recipe, q: Fraction, domain: Domain) -> None:
    """A fraction is added and subtracted on either side."""
    up = run(domain, lambda d: x.in_domain(d) + q)
    down = run(domain, lambda d: q - x.in_domain(d))
    lifted = run(domain, lambda d: Expansions(d).exact(q) + x.in_domain(d))

    assert up.known_coefficients() == lifted.known_coefficients()
    assert up.prec == lifted.prec
    assert [(n, -c) for n, c in down.known_coefficients()] == (
        run(domain, lambda d: x.in_domain(d) - q).known_coefficients()
    )


@given(x=DIVISORS, domain=DOMAINS)
def test_a_number_over_a_series(x: Recipe, domain: Domain) -> None:
    """1 / x times x is 1, as far as it is known."""
    found = run(domain, lambda d: x.in_domain(d) * (1 / x.in_domain(d)))

    assert [(0, Exact.rational(1))] == found.known_coefficients()


# ------------------------------------------------ what is known stays right

Action = Callable[[Sequence[Any]], Any]
MORE = st.lists(st.integers(-5, 5), min_size=3, max_size=3)

UNARY_AND_BINARY: dict[str, tuple[Action, tuple[st.SearchStrategy[Recipe], ...]]] = {
    "sum": (lambda v: v[0] + v[1], (ANY, ANY)),
    "product": (lambda v: v[0] * v[1], (ANY, ANY)),
    "quotient": (lambda v: v[0] / v[1], (ANY, DIVISORS)),
    "root": (lambda v: v[0].sqrt("here"), (RADICANDS,)),
    "arc tangent": (lambda v: v[0].atan(), (SMALL,)),
    "derivative": (lambda v: v[0].derivative(), (ANY,)),
    "a formula": (
        lambda v: (1 + v[1]).sqrt("here") * v[0] / (v[0] * v[2] + v[2]) - v[1].atan(),
        (ANY, SMALL, DIVISORS),
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", UNARY_AND_BINARY)
@given(data=st.data())
def test_unknown_terms_do_not_touch_known_ones(name: str, data: st.DataObject) -> None:
    """Fill in what O-terms leave open: no claimed coefficient may change."""
    action, kinds = UNARY_AND_BINARY[name]
    inputs = [data.draw(kind) for kind in kinds]
    others = [x.continued(data.draw(MORE)) for x in inputs]
    domain = data.draw(DOMAINS)
    try:
        blurred = run(domain, lambda d: action([x.in_domain(d) for x in inputs]))
    except UndecidedError:
        assume(False)

    sharp = run(
        domain.with_length(24), lambda d: action([x.in_domain(d) for x in others])
    )

    assert sharp.prec is None or blurred.prec is None or sharp.prec >= blurred.prec
    for n in range(min(blurred.v, sharp.v), blurred.v + 12):
        if blurred.prec is None or n < blurred.prec:
            assert sharp.coefficient(n) == blurred.coefficient(n)


# ------------------------------------------------------- balls at a tiny t

BITS = 7000
TINY = arb(2) ** -300
LARGE = arb(2) ** 200
"""More than any coefficient behind an O-term, and far less than 1 / TINY."""


def ball_at(x: Series, t: arb) -> arb:
    """The sum of the known terms."""
    total = arb(0)
    for n, c in x.known_coefficients():
        total += c.ball(BITS) * t**n
    return total


def polynomial_at(x: Recipe, t: arb) -> arb:
    """The sum of all terms of a recipe."""
    total = arb(0)
    for n, c in x.terms():
        total += c.ball(BITS) * t**n
    return total


BALL_ACTIONS: dict[str, tuple[Action, tuple[st.SearchStrategy[Recipe], ...]]] = {
    "product": (lambda v: v[0] * v[1], (ANY, ANY)),
    "quotient": (lambda v: v[0] / v[1], (ANY, DIVISORS)),
    "arc tangent": (lambda v: v[0].atan(), (SMALL,)),
    "root": (lambda v: v[0].sqrt(*v[1:]), (RADICANDS,)),
}


@pytest.mark.parametrize("name", BALL_ACTIONS)
@given(data=st.data(), domain=DOMAINS)
def test_series_approach_the_value_at_a_tiny_t(
    name: str, data: st.DataObject, domain: Domain
) -> None:
    """At t = 2^-300 a wrong coefficient below the O-term would be seen."""
    action, kinds = BALL_ACTIONS[name]
    exact = [data.draw(kind).continued(()) for kind in kinds]
    site = ["here"] if name == "root" else []

    found = run(domain, lambda d: action([*(x.in_domain(d) for x in exact), *site]))

    with working_precision(BITS):
        value = action([polynomial_at(x, TINY) for x in exact])
        error = abs(value - ball_at(found, TINY))
        far = 10 if found.prec is None else found.prec
        assert error < LARGE * TINY**far


ANGLE_CASES = st.sampled_from(["right", "small", "straight"])


@given(
    kind=ANGLE_CASES, s=series(IN_Q_OF_PI, MONOMIALS), c=SMALL, domain=DOMAINS,
    gap=st.integers(1, 2),
)  # fmt: skip
def test_angles_are_those_of_the_plane(
    kind: str, s: Recipe, c: Recipe, domain: Domain, gap: int
) -> None:
    """Against atan2 at t = 2^-300; the limit is pi/2, 0 or pi."""
    low, high = (s, c) if kind == "right" else (c, s)
    high = Recipe(low.v + gap, high.coefficients, None)
    low = Recipe(low.v, low.coefficients, None)
    sine, cosine = (low, high) if kind == "right" else (high, low)
    sine = _signed(sine, 1)
    if kind != "right":
        cosine = _signed(cosine, 1 if kind == "small" else -1)

    found = run(
        domain,
        lambda d: Expansions(d).angle(sine.in_domain(d), cosine.in_domain(d), "here"),
    )

    with working_precision(BITS):
        value = arb.atan2(polynomial_at(sine, TINY), polynomial_at(cosine, TINY))
        limit = {"right": PI / 2, "small": Exact.rational(0), "straight": PI}[kind]
        assert limit == found.coefficient(0)
        assert found.prec is not None
        assert abs(value - ball_at(found, TINY)) < LARGE * TINY**found.prec


def _signed(x: Recipe, sign: int) -> Recipe:
    """The series or its negative, whichever has the sign for small t."""
    if x.coefficients[0].sign() == sign:
        return x
    return Recipe(x.v, tuple(-c for c in x.coefficients), x.unknown)


# --------------------------------- rational numbers in place of pi, by FLINT

PLACES = st.fractions(3, 4, max_denominator=9).map(
    lambda q: fmpq(*q.as_integer_ratio())
)
LENGTH = 7


def rational_series(x: Recipe, place: fmpq) -> fmpq_series:
    """The power series at a rational number in place of pi."""
    values = [fmpq(0)] * x.v
    for c in x.coefficients:
        (p, q) = (Exact.rational(0) + c).parts.get((1, ()), (fmpz_poly([0]), None))
        values.append(fmpq(0) if q is None else _at(p, place) / _at(q, place))
    return fmpq_series(values, prec=LENGTH + 8)


def _at(p: fmpz_poly, place: fmpq) -> fmpq:
    value = fmpq(0)
    for c in reversed(p.coeffs()):
        value = value * place + c
    return value


POWER_SERIES = series(IN_Q_OF_PI, MONOMIALS, st.just(0)).map(
    lambda x: Recipe(0, x.coefficients, None)
)
UNITS = POWER_SERIES.map(
    lambda x: Recipe(0, (Exact.rational(1), *x.coefficients[1:]), None)
)
FLINT_ACTIONS: dict[str, tuple[Action, Action, tuple[Any, ...]]] = {
    "product": (lambda v: v[0] * v[1], lambda v: v[0] * v[1], (POWER_SERIES,) * 2),
    "quotient": (lambda v: v[0] / v[1], lambda v: v[0] / v[1], (POWER_SERIES,) * 2),
    "root": (lambda v: v[0].sqrt("here"), lambda v: v[0].sqrt(), (UNITS,)),
    "arc tangent": (
        lambda v: v[0].atan(),
        lambda v: v[0].atan(),
        (SMALL.map(lambda x: Recipe(x.v, x.coefficients, None)),),
    ),
}


@pytest.mark.parametrize("name", FLINT_ACTIONS)
@given(data=st.data(), place=PLACES, slopes=st.tuples(*(SLOPES for _ in FACTORS)))
def test_operations_commute_with_replacing_pi(
    name: str, data: st.DataObject, place: fmpq, slopes: tuple[Fraction, ...]
) -> None:
    """FLINT's series over Q, at a rational number that was chosen at random."""
    ours, theirs, kinds = FLINT_ACTIONS[name]
    recipes = [data.draw(kind) for kind in kinds]
    domain = Domain(Scale(FACTORS, slopes), LENGTH)
    before = flint_context.cap
    flint_context.cap = LENGTH + 8
    try:
        expected = theirs([rational_series(x, place) for x in recipes])
    finally:
        flint_context.cap = before

    found = run(domain, lambda d: ours([x.in_domain(d) for x in recipes]))

    for n in range(LENGTH if found.prec is None else found.prec):
        p, q = found.coefficient(n).parts.get((1, ()), (fmpz_poly([0]), fmpz_poly([1])))
        assert expected[n] == _at(p, place) / _at(q, place)
