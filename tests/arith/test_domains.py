"""Mirror of symcrit/arith/domains.py: series move between domains of coefficients."""

import operator
from fractions import Fraction

import pytest
from flint import fmpz_poly
from hypothesis import given

from symcrit.arith.domains import DomainTooSmallError
from symcrit.arith.exact import Exact
from symcrit.arith.laurent import (
    Domain,
    Expansions,
    Scale,
    Series,
    retry_in_larger_domain,
)
from symcrit.core.errors import UndecidedError
from tests.arith.naive_series import Naive
from tests.arith.series_cases import (
    ANY,
    DOMAINS,
    FACTORS,
    Recipe,
    assert_same,
    cut,
    run,
)

PI = Exact.pi()


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
