"""Mirror of symcrit/expand/check.py."""

import math
from fractions import Fraction

import pytest
from flint import arb

from symcrit.arith.balls import BALLS
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.catalog.families import family
from symcrit.catalog.family import Family
from symcrit.core.truth import Truth
from symcrit.expand.check import SeriesCheck, ShownSeries, check_series

ORDER = 6


def shown_series(found: Family, order: int = ORDER) -> dict[str, ShownSeries]:
    """What a report would show."""
    series = found.series(order)
    e = series.ramification
    return {
        name: ShownSeries(
            tuple((int(n * e), c) for n, c in quantity.terms), int(quantity.order * e)
        )
        for name, quantity in series.quantities.items()
    }


def broken(series: ShownSeries, exponent: int, by: Exact) -> ShownSeries:
    """Add something to one coefficient; a coefficient that becomes zero is left out."""
    terms = dict(series.terms)
    terms[exponent] = terms.get(exponent, Exact.rational(0)) + by
    kept = tuple(sorted((n, c) for n, c in terms.items() if c))
    return ShownSeries(kept, series.order)


def wrong_ones(check: SeriesCheck) -> list[tuple[str, int]]:
    """The terms that are not confirmed."""
    return [
        (name, exponent)
        for name, answers in check.terms.items()
        for exponent, answer in answers.items()
        if not answer.is_true
    ]


@pytest.mark.parametrize(
    ("name", "order"), [("A", 6), ("A", 1), ("A", 4), ("I", 6), ("II", 6), ("II", 3)]
)
def test_right_series_pass(name: str, order: int) -> None:
    """Every shown term is looked at and confirmed, whatever the order."""
    found = family(name)
    shown = shown_series(found, order)
    check = check_series(found.landscape, found.leading, shown)

    assert check.solves.is_true
    assert check.contraction >= 1
    assert {n: [e for e, _ in s.terms] for n, s in shown.items()} == {
        n: list(answers) for n, answers in check.terms.items()
    }
    assert [] == wrong_ones(check)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("A", Exact.rational(Fraction(1, 1000))),
        ("A", Exact.surd(2)),
        ("II", 1 / Exact.pi()),
    ],
    ids=["rational", "root", "1/pi"],
)
def test_each_broken_term_is_found(name: str, by: Exact) -> None:
    """Oracle: we know which one we broke; leading terms and the loss included."""
    found = family(name)
    shown = shown_series(found, 6)
    for quantity, series in shown.items():
        for exponent, _ in (series.terms[0], series.terms[-1]):
            claims = {**shown, quantity: broken(series, exponent, by)}
            check = check_series(found.landscape, found.leading, claims)

            assert [(quantity, exponent)] == wrong_ones(check)
            assert check.terms[quantity][exponent].is_false
            assert check.solves is (Truth.TRUE if quantity == "loss" else Truth.FALSE)


def test_missing_and_superfluous_terms_are_found() -> None:
    """A term that is left out is wrong, and so is one where there is none."""
    found = family("II")
    shown = shown_series(found, 6)
    three = broken(shown["a_1"], 3, -dict(shown["a_1"].terms)[3])
    first = broken(shown["a_2"], 1, Exact.rational(1))
    check = check_series(
        found.landscape, found.leading, {**shown, "a_1": three, "a_2": first}
    )

    assert [("a_1", 3), ("a_2", 1)] == wrong_ones(check)


def loss_at(found: Family, shown: dict[str, ShownSeries], bits: int) -> arb:
    """The loss at truncated series, at t = 2^-bits."""
    t = arb(2) ** -bits
    point = [
        sum((c.ball(4000) * t**n for n, c in shown[name].terms), arb(0))
        for name in found.names
    ]
    return found.landscape.at(BALLS, point, {"k": 1 / t**2}).loss()


@pytest.mark.parametrize(("name", "parameter"), [("A", "a_1"), ("II", "m_2_1")])
def test_the_reach_of_a_term_is_the_truth(name: str, parameter: str) -> None:
    """Oracle: how the loss changes at tiny t if one term of a parameter is changed."""
    found = family(name)
    shown = shown_series(found)
    check = check_series(found.landscape, found.leading, shown)
    n = 5
    moved = {**shown, parameter: broken(shown[parameter], n, Exact.rational(1))}
    with working_precision(4000):
        first, second = (
            loss_at(found, moved, bits) - loss_at(found, shown, bits)
            for bits in (100, 101)
        )
        exponent = math.log2(abs(float(first / second)))

    assert exponent == pytest.approx(check.reach[parameter] + 2 * n, abs=0.01)
