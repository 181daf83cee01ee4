"""Mirror of symcrit/catalog/verification.py."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import comb

import pytest
from flint import arb
from hypothesis import assume, given
from hypothesis import strategies as st

from symcrit.arith.balls import ball_of
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.catalog.families import family
from symcrit.catalog.family import Family
from symcrit.catalog.quantities import FamilySeries, Quantity
from symcrit.catalog.verification import (
    FAR,
    SIZES,
    Enclose,
    Verification,
    approx_optimal_truncation,
    certified_balls,
    verify_series,
)
from symcrit.core.errors import InputError, UndecidedError
from symcrit.core.truth import Truth

ORDER = 8


@cache
def known(name: str) -> Family:
    """One family object for all tests: it keeps its series."""
    return family(name)


@cache
def points(name: str) -> Enclose:
    """The certified points of a family, each computed once."""
    return cache(certified_balls(known(name)))


def verified(name: str, series: FamilySeries | None = None) -> Verification:
    """A series against the certified points of a family."""
    series = series or known(name).series(order=ORDER)
    return verify_series(known(name), series, enclose=points(name))


def with_terms(
    series: FamilySeries, terms: Mapping[str, tuple[tuple[Fraction, Exact], ...]]
) -> FamilySeries:
    """A series some of whose quantities have other terms."""
    quantities = {
        name: Quantity(name, terms.get(name, q.terms), q.order)
        for name, q in series.quantities.items()
    }
    return replace(series, quantities=quantities)


def with_change(
    series: FamilySeries, name: str, place: int, factor: Fraction
) -> FamilySeries:
    """A series with one coefficient multiplied by a number, which may be 0."""
    terms = list(series[name].terms)
    exponent, c = terms[place]
    terms[place : place + 1] = [(exponent, c * factor)] if factor else []
    return with_terms(series, {name: tuple(terms)})


@pytest.mark.parametrize("name", ["A", "I", "II", "M"])
def test_every_family_agrees_with_its_certified_points(name: str) -> None:
    """Two routes: series from the equations over Q(pi), and numbers."""
    found = verified(name)

    assert found.outcome.is_true
    assert not found.missing
    assert set(found.quantities) == {*known(name).names, "loss"}


def test_the_errors_are_certain() -> None:
    """Signs known from 10 to 10^10; observed coefficients to twelve digits."""
    for check in verified("II").quantities.values():
        for truncation in check.truncations:
            assert len(SIZES) == len(truncation.errors)
            assert all(x.sign for x in (*truncation.errors, *truncation.far))
            assert all(x.error.rel_accuracy_bits() > 20 for x in truncation.errors)
            if truncation.coefficient is not None:
                assert truncation.observed is not None
                ratio = truncation.observed / truncation.coefficient.ball(128)
                assert abs(ratio - 1) < arb(10) ** -12


def test_errors_far_out_have_the_sign_of_the_omitted_term() -> None:
    """And its size; oracle: the term itself."""
    for row in verified("II").rows():
        if row.predicted is not None and row.k >= 10**8:
            assert abs(row.error / row.predicted - 1) < 0.1


@given(st.data())
def test_a_changed_coefficient_is_refuted(data: st.DataObject) -> None:
    """Whichever it is, and also if the change is small."""
    series = known("II").series(order=ORDER)
    name = data.draw(st.sampled_from(list(series.quantities)))
    place = data.draw(st.integers(0, len(series[name].terms) - 1))
    change = data.draw(st.fractions(-2, 2, max_denominator=10**5))
    assume(change)

    found = verified("II", with_change(series, name, place, 1 + change))

    assert found.quantities[name].outcome.is_false
    assert all(
        check.outcome.is_true for q, check in found.quantities.items() if q != name
    )


def test_slope_and_coefficient_each_refute_alone() -> None:
    """The doubled coefficient is not observed; beyond it the slope is too small."""
    series = with_change(known("II").series(order=ORDER), "a_1", 2, Fraction(2))

    truncations = verified("II", series).quantities["a_1"].truncations

    before, beyond = truncations[1], truncations[2:]
    assert before.slope_agrees.is_true
    assert before.coefficient_agrees.is_false
    assert len(beyond) > 2
    assert all(check.slope_agrees.is_false for check in beyond)
    assert beyond[-1].coefficient is None


def test_a_term_too_many_or_too_few_is_refuted() -> None:
    """An odd power where there is none, and a term left out."""
    series = known("II").series(order=ORDER)
    terms = series["m_2_1"].terms
    extra = (terms[0], (Fraction(3), Exact.rational(Fraction(1, 10**6))), *terms[1:])

    long = verified("II", with_terms(series, {"m_2_1": extra}))
    short = verified("II", with_terms(series, {"m_2_1": terms[1:]}))

    assert long.quantities["m_2_1"].outcome.is_false
    assert short.quantities["m_2_1"].outcome.is_false


# ------------------------------------------------------------------ a known function


def square_root(k: Fraction, prec: int) -> dict[str, arb]:
    """The function x = sqrt(1 + 3t), and a loss of t^2 / (1 - t)."""
    with working_precision(prec):
        t = 1 / ball_of(k).sqrt()
        return {"x": (1 + 3 * t).sqrt(), "loss": t * t / (1 - t)}


def square_root_series(order: int) -> FamilySeries:
    """Oracle: Newton's binomial series."""
    half = [
        Fraction((-1) ** (n + 1) * comb(2 * n, n) * 3**n, 4**n * (2 * n - 1))
        for n in range(order)
    ]
    x = tuple((Fraction(n), Exact.rational(c)) for n, c in enumerate(half))
    loss = tuple((Fraction(n), Exact.rational(1)) for n in range(2, order))
    quantities = {
        "x": Quantity("x", x, Fraction(order)),
        "loss": Quantity("loss", loss, Fraction(order)),
    }
    return replace(known("A").series(order=ORDER), quantities=quantities)


def test_a_function_with_a_known_series_agrees() -> None:
    """Slopes are whole numbers up to the tolerance, coefficients binomial."""
    found = verify_series(known("A"), square_root_series(10), enclose=square_root)

    assert found.outcome.is_true
    for truncation in found.quantities["x"].truncations:
        assert truncation.slope is not None
        assert abs(truncation.slope - truncation.terms) < 0.1


def test_an_order_that_is_claimed_too_high_is_refuted() -> None:
    """The known sum is right, but the O-term says more than is true."""
    series = square_root_series(10)
    wrong = replace(series["x"], order=Fraction(12))
    series = replace(series, quantities={**series.quantities, "x": wrong})

    found = verify_series(known("A"), series, enclose=square_root)

    assert found.quantities["x"].outcome.is_false
    assert found.quantities["loss"].outcome.is_true


def test_a_quantity_that_is_zero() -> None:
    """Its series has no terms; a true value of t^3 is not O(t^6)."""
    series = square_root_series(10)
    none = Quantity("x", (), Fraction(6))
    series = replace(series, quantities={**series.quantities, "x": none})

    def zero(k: Fraction, prec: int) -> dict[str, arb]:
        return {**square_root(k, prec), "x": arb(0)}

    def small(k: Fraction, prec: int) -> dict[str, arb]:
        return {**square_root(k, prec), "x": (square_root(k, prec)["loss"]) ** 2}

    assert verify_series(known("A"), series, enclose=zero).outcome.is_true
    assert verify_series(known("A"), series, enclose=small).outcome.is_false


def test_a_small_coefficient_shows_only_far_out() -> None:
    """A slope of 3 for t < 10^-6, where the last known term has no known neighbour."""
    small = Fraction(1, 10**6)
    terms = ((Fraction(0), Exact.rational(1)), (Fraction(3), Exact.rational(small)))
    series = square_root_series(10)
    series = replace(series, quantities={"x": Quantity("x", terms, Fraction(4))})

    def enclose(k: Fraction, prec: int) -> dict[str, arb]:
        with working_precision(prec):
            t = 1 / ball_of(k).sqrt()
            return {"x": 1 + ball_of(small) * t * t * t + t * t * t * t}

    assert verify_series(known("A"), series, enclose=enclose).outcome.is_true


def test_wide_balls_decide_nothing() -> None:
    """Errors of unknown sign make no slope, and nothing is refuted."""

    def wide(k: Fraction, prec: int) -> dict[str, arb]:
        return {name: x + arb(0, 1) for name, x in square_root(k, prec).items()}

    series = square_root_series(10)
    none = Quantity("x", (), Fraction(6))
    empty = replace(series, quantities={**series.quantities, "x": none})

    found = verify_series(known("A"), series, enclose=wide)
    nothing = verify_series(
        known("A"), empty, enclose=lambda k, prec: {**wide(k, prec), "x": arb(0, 1)}
    )

    assert found.outcome is Truth.UNKNOWN
    assert nothing.quantities["x"].outcome is Truth.UNKNOWN


def test_precision_is_raised_until_signs_are_known() -> None:
    """Balls with a third of the bits asked for are enough in the end."""

    def lossy(k: Fraction, prec: int) -> dict[str, arb]:
        with working_precision(prec):
            blur = arb(0, arb(2) ** (-(prec // 3)))
            return {name: x + blur for name, x in square_root(k, prec).items()}

    found = verify_series(known("A"), square_root_series(10), enclose=lossy)

    assert found.outcome.is_true


def test_sizes_without_a_point_are_left_out_and_listed() -> None:
    """Far sizes that fail leave the coefficients open."""

    def none_at_10(k: Fraction, prec: int) -> dict[str, arb]:
        if k == 10:
            message = "no point"
            raise UndecidedError(message, hint="none")
        return square_root(k, prec)

    def none_far(k: Fraction, prec: int) -> dict[str, arb]:
        if k == FAR[-1]:
            message = "no point"
            raise UndecidedError(message, hint="none")
        return square_root(k, prec)

    series = square_root_series(10)
    near = verify_series(known("A"), series, enclose=none_at_10)
    far = verify_series(known("A"), series, enclose=none_far)

    assert near.outcome.is_true
    assert [Fraction(10)] == list(near.missing)
    assert far.outcome is Truth.UNKNOWN
    assert [FAR[-1]] == list(far.missing)


def test_sizes_have_to_ascend() -> None:
    """Otherwise the far ones are not far."""
    series = square_root_series(4)
    sizes = [Fraction(100), Fraction(10)]
    with pytest.raises(InputError, match="should ascend"):
        verify_series(known("A"), series, sizes=sizes, enclose=square_root)
    with pytest.raises(InputError, match="should ascend"):
        verify_series(known("A"), series, far=[Fraction(10)], enclose=square_root)


def test_the_optimal_truncation() -> None:
    """For large k all terms help, for small k few; the best one seen is near."""
    loss = known("II").series(order=ORDER).loss
    seen = {
        abs(float(x.error.mid())): check.order
        for check in verified("II").quantities["loss"].truncations
        for x in check.errors
        if x.k == 10**6
    }

    large = approx_optimal_truncation(loss, Fraction(10**6))
    small = approx_optimal_truncation(loss, Fraction(3))

    assert large is not None
    assert small is not None
    assert len(loss.terms) - 1 == large.terms
    assert small.terms < large.terms
    assert loss.order == seen[min(seen)]
    assert (
        approx_optimal_truncation(Quantity("x", (), Fraction(4)), Fraction(9)) is None
    )


def test_points_of_a_plot_lie_on_a_line_far_out() -> None:
    """Oracle: the slope of the last two points is the order."""
    from math import log

    check = verified("II").quantities["a_1"]
    for order in (Fraction(3), Fraction(6)):
        *_, (t, x), (s, y) = check.points(order)
        assert abs(log(x / y) / log(t / s) - order) < 1e-2


@pytest.mark.slow
@pytest.mark.parametrize("name", ["A", "I", "II", "M", "flip:5", "flip:50"])
def test_many_orders_agree(name: str) -> None:
    """Twenty-four orders; the truncations of every quantity."""
    series = known(name).series(order=24)
    found = verified(name, series)

    assert found.outcome.is_true
