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

from symcrit.arith.domains import DomainTooSmallError
from symcrit.arith.exact import Exact
from symcrit.arith.laurent import (
    Domain,
    Expansions,
    RamificationError,
    Scale,
    Series,
    retry_in_larger_domain,
)
from symcrit.arith.precision import working_precision
from symcrit.core.errors import UndecidedError
from tests.arith.naive_series import Naive
from tests.arith.series_cases import (
    FACTORS,
    Recipe,
    assert_same,
    coefficient,
    cut,
    run,
)

PI = Exact.pi()

# ------------------------------------------------------------------- random series


EXPONENTS = st.tuples(*(st.integers(-2, 1) for _ in FACTORS))
NUMERATORS = st.lists(st.integers(-5, 5), min_size=1, max_size=3).map(tuple)
IN_Q_OF_PI = st.builds(coefficient, NUMERATORS, EXPONENTS)
MONOMIALS = st.builds(
    lambda c, e: coefficient((c,), e), st.integers(-5, 5).filter(bool), EXPONENTS
)
SURDS = st.sampled_from(
    [
        Exact.rational(1),
        Exact.surd(2),
        Exact.surd(3),
        Exact.surd(6),
        Exact.surd(1, FACTORS[1:2]),
        Exact.surd(2, FACTORS[:2]),
        Exact.surd(3) + Exact.surd(2),
        Exact.surd(2) - 1,
    ]
)
WITH_ROOTS = st.builds(operator.mul, IN_Q_OF_PI, SURDS)
UNKNOWN = st.one_of(st.none(), st.integers(0, 3))


def series(
    coefficients: st.SearchStrategy[Exact],
    first: st.SearchStrategy[Exact] | None = None,
    v: st.SearchStrategy[int] | None = None,
) -> st.SearchStrategy[Recipe]:
    """Series with given kinds of coefficients; the first may be of another kind."""
    rest = st.lists(coefficients, max_size=4).map(tuple)
    valuations = st.integers(-3, 3) if v is None else v
    if first is None:
        return st.builds(Recipe, valuations, rest, UNKNOWN)
    coefficient_lists = st.builds(lambda c, more: (c, *more), first, rest)
    return st.builds(Recipe, valuations, coefficient_lists, UNKNOWN)


PLAIN = series(IN_Q_OF_PI)
ANY = st.one_of(PLAIN, series(WITH_ROOTS))
DIVISORS = st.one_of(
    series(IN_Q_OF_PI, MONOMIALS),
    series(WITH_ROOTS, st.builds(operator.mul, MONOMIALS, SURDS)),
)
RADICANDS = series(
    IN_Q_OF_PI, MONOMIALS.map(lambda c: c if c.sign() > 0 else -c), st.just(0)
).map(lambda x: Recipe(2 * (x.v % 3) - 2, x.coefficients, x.unknown))
SMALL = series(IN_Q_OF_PI, MONOMIALS, st.integers(1, 3))

SLOPES = st.sampled_from([Fraction(n, 6) for n in (0, 0, 2, 3, 4, 6, 8)])
DOMAINS = st.builds(
    lambda slopes, length: Domain(Scale(FACTORS, slopes), length),
    st.tuples(*(SLOPES for _ in FACTORS)),
    st.integers(2, 7),
)
MORE = st.lists(st.integers(-5, 5), min_size=3, max_size=3)

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


# --------------------------------------------------------- domains and representation


@given(x=ANY, domain=DOMAINS)
def test_coefficients_are_given_back(x: Recipe, domain: Domain) -> None:
    """What is built from coefficients has these coefficients."""
    assert_same(x.naive(domain.length), run(domain, x.in_domain))


@given(x=ANY, domain=DOMAINS, other=DOMAINS)
def test_a_larger_domain_holds_the_same_series(
    x: Recipe, domain: Domain, other: Domain
) -> None:
    """Moving changes the representation only."""
    _, first = retry_in_larger_domain(domain, x.in_domain)
    extra = Domain(
        Scale((fmpz_poly([0, 1]), fmpz_poly([-3, 2])), (Fraction(1), Fraction(1, 3))), 5
    )
    target = extra.joined(first).joined(other).with_length(domain.length)

    moved = x.in_domain(first).in_domain(target)

    assert_same(x.naive(domain.length), moved)
    assert moved.domain is target


@given(x=ANY, domain=DOMAINS, other=DOMAINS)
def test_a_series_is_rebuilt_over_any_slopes(
    x: Recipe, domain: Domain, other: Domain
) -> None:
    """Larger or smaller; then all that the rows share is in the unit."""
    _, first = retry_in_larger_domain(domain, x.in_domain)
    target = other.with_length(domain.length)

    rebuilt = x.in_domain(first).rebuilt(target)

    assert_same(x.naive(domain.length), rebuilt)
    assert rebuilt.domain is target
    assert rebuilt.reduced().unit == rebuilt.unit


def test_a_factor_that_does_not_cancel_is_asked_for() -> None:
    """One that does is forgotten, under a root as well."""
    pole, root = 1 / (PI - 2), Exact.surd(1, FACTORS[1:2])
    start = Domain.start(4)
    for kept, whole in ((pole, pole * (PI - 2)), (root, root * root)):
        factor = whole / kept
        inside, large = retry_in_larger_domain(
            start,
            lambda d, c=kept, f=factor: [  # type: ignore[misc]
                Expansions(d).from_coefficients([(0, y), (2, y)], None) for y in (c, f)
            ],
        )
        product = inside[0] * inside[1]

        assert product.rebuilt(start).coefficient(2) == 2 * whole
        with pytest.raises(DomainTooSmallError) as caught:
            inside[0].rebuilt(start)
        assert caught.value.domain.factors == large.factors


@given(x=ANY, y=ANY, domain=DOMAINS)
def test_arithmetic_goes_on_in_a_larger_domain(
    x: Recipe, y: Recipe, domain: Domain
) -> None:
    """The sum of moved series is the moved sum, for roots as well."""
    _, first = retry_in_larger_domain(domain, lambda d: x.in_domain(d) * y.in_domain(d))
    target = Domain.start(domain.length).joined(first)

    moved = x.in_domain(first).in_domain(target) * y.in_domain(first).in_domain(target)

    assert_same(
        cut(x.naive(domain.length) * y.naive(domain.length), domain.length), moved
    )


def test_a_smaller_length_forgets_terms_honestly() -> None:
    """A polynomial that does not fit gets an O-term."""
    domain = Domain.start(5)
    x = Expansions(domain).from_coefficients([(n, PI) for n in range(5)], None)

    cut_short = x.in_domain(domain.with_length(3))

    assert x.prec is None
    assert cut_short.prec == 3


def test_a_domain_without_enough_slope_is_refused_with_a_better_one() -> None:
    """The error carries the domain that would do."""
    steep = Domain(Scale(FACTORS, (Fraction(1), Fraction(0), Fraction(0))), 5)
    x = Expansions(steep).from_coefficients([(0, PI), (1, PI), (2, 1 / PI)], None)

    with pytest.raises(DomainTooSmallError) as caught:
        x.in_domain(Domain(Scale(FACTORS, (Fraction(0),) * 3), 5))

    assert_same(
        Naive(dict(x.known_coefficients()), None), x.in_domain(caught.value.domain)
    )


def test_series_over_different_domains_do_not_meet() -> None:
    """Their coefficients stand for different powers of the factors."""
    x, y = (
        Expansions(Domain(Scale(FACTORS, slopes), 4)).t_power(1)
        for slopes in ((Fraction(0),) * 3, (Fraction(1),) * 3)
    )

    for action in (operator.add, operator.sub, operator.mul, operator.truediv):
        with pytest.raises(ValueError, match="different domains"):
            action(x, y)


def test_a_domain_that_keeps_growing_is_given_up() -> None:
    """The reason is told, and nothing is returned."""

    def action(domain: Domain) -> Series:
        raise DomainTooSmallError(domain.with_slope(0, Fraction(1)))

    with pytest.raises(UndecidedError, match="ever more factors"):
        retry_in_larger_domain(Domain.start(3), action)


@pytest.mark.parametrize("slope", [Fraction(0), Fraction(1, 3), Fraction(3, 2)])
def test_a_slope_always_grows(slope: Fraction) -> None:
    """Asking again for the same slope cannot loop."""
    domain = Domain(Scale(FACTORS[:1], (slope,)), 3)

    assert domain.with_slope(0, slope).scale.slopes[0] > slope
    assert domain.with_slope(0, slope + 1).scale.slopes[0] >= slope + 1


def test_factors_of_roots_are_learned() -> None:
    """A coefficient whose root contains an unknown factor enlarges the domain."""
    root = Exact.surd(1, [fmpz_poly([-2, 1])])

    found, domain = retry_in_larger_domain(
        Domain.start(3), lambda d: Expansions(d).from_coefficients([(0, root)], None)
    )

    assert found.coefficient(0) == root
    assert fmpz_poly([-2, 1]) in domain.factors


# ------------------------------------------------------------ zero and unknown


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


# --------------------------------------------------------------- the number system


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
