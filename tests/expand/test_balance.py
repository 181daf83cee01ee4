"""Mirror of symcrit/expand/balance.py."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from flint import arb

import symcrit
from symcrit.arith.balls import BALLS
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.core.errors import RefutedError, UndecidedError
from symcrit.expand import balance
from symcrit.expand.balance import (
    LeadingTerm,
    approx_critical_point,
    find_leading_terms,
)
from symcrit.landscapes.kernels import Monomial
from tests.expand.cases import kinked, landscape, leading, rank_one

PI = Exact.pi()


def flip(p: int) -> dict[str, tuple[int, Exact | int]]:
    """Exponents and coefficients for p flipped neurons, but for o_1."""
    return {
        "a_1": (2, 2 + 8 / PI + 8 / PI.power(2)),
        "m_1_2": (2, 4 / PI),
        "m_2_1": (2, 2),
        "a_2": (4, 8 * p / PI),
        "o_2": (4, -4 * p / PI),
    }


KNOWN: dict[str, dict[str, tuple[int, Exact | int]]] = {
    "A": {"a_1": (2, 2), "o_1": (2, 2)},
    "I": {
        "a_1": (2, 8 * (PI - 1) / PI.power(2)),
        "m_1_2": (2, 2 * (PI - 2) / PI),
        "m_2_1": (4, -4 * (3 * PI - 4) / PI.power(2)),
        "a_2": (2, 2),
        "o_2": (2, 2),
    },
    "II": flip(1),
    "flip:1": flip(1),
    "M": flip(2),
    "flip:3": flip(3),
    "flip:5": flip(5),
}
"""What has been published, or follows by hand: see derivations/."""


@pytest.mark.parametrize("name", KNOWN)
def test_leading_terms_are_the_known_ones(name: str) -> None:
    """From pattern and limit alone."""
    family = symcrit.family(name)

    found = dict(zip(family.names, family.leading, strict=True))

    for parameter, (exponent, coefficient) in KNOWN[name].items():
        assert found[parameter].exponent == exponent
        assert found[parameter].coefficient == coefficient
    assert family.limit == tuple(x.limit for x in family.leading)


@pytest.mark.parametrize("m", [5, 6, 8])
def test_fractional_exponents_are_found(
    m: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closed form: y = x t^r, x = 1 + (1/m - 1) t^(2 r - 2) + ...

    The other branch with this limit, y = 0, is met from starting points t^4.
    """
    monkeypatch.setattr(balance, "_START_EXPONENTS", (2,))
    land, r = rank_one(m)

    found = find_leading_terms(land, [Exact.rational(1), Exact.rational(0)])

    assert found == leading(
        (1, 2 * r - 2, Exact.rational(Fraction(1, m) - 1)), (0, r, 1)
    )


def test_slow_branches_are_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the next term is smaller by t^(1/2) only, k of 16 million is small."""
    monkeypatch.setattr(balance, "_START_EXPONENTS", (2,))
    land, _ = kinked()

    found = find_leading_terms(land, [Exact.rational(1), Exact.rational(0)])

    assert found == leading((1, 4, Exact.rational(Fraction(-108, 35))), (0, 3, 2))


def test_irrational_leading_coefficients_are_recognised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With twice the second target and kappa = c^6, y is 2^(-3/2) x t^(5/2)."""
    monkeypatch.setattr(balance, "_START_EXPONENTS", (2,))
    land, r = rank_one(6, Fraction(2))

    found = find_leading_terms(land, [Exact.rational(1), Exact.rational(0)])

    assert found[1].exponent == r
    assert found[1].coefficient == Exact.surd(2) / 4


def test_parameters_that_stay_at_their_limit() -> None:
    """At the global minimum of kappa = c^3 no parameter moves."""
    land = landscape("1+(k-1)", Monomial(3))
    limit = [Exact.rational(x) for x in (1, 0, 0, 1, 0)]

    assert find_leading_terms(land, limit) == [
        LeadingTerm(x, None, None) for x in limit
    ]


Refusal = type[RefutedError] | type[UndecidedError]
HALF = Fraction(1, 2)
WRONG: list[tuple[str, dict[str, int | Fraction], Refusal, str]] = [
    ("1+(k-1)", {"a_1": -HALF, "a_2": 1}, UndecidedError, r"to a_1 = -?\d"),
    ("1+(k-1)", {"a_1": -1, "a_2": HALF}, RefutedError, r"of a_1, divided by k, tends"),
    ("k", {"a_1": 3}, RefutedError, r"of a_1, divided by k, tends to 1/pi .* a_1 = 1"),
    ("k", {"a_1": -1, "o_1": 1}, RefutedError, r"k, tends to 1/2 wherever .* o_1 = "),
]


@pytest.mark.parametrize(("pattern", "limit", "error", "shown"), WRONG, ids=str)
def test_a_wrong_limit_is_refused_with_what_shows_it(
    pattern: str, limit: dict[str, int | Fraction], error: Refusal, shown: str
) -> None:
    """What was found instead, and a proof if there is one."""
    land = landscape(pattern)
    names = land.structure.pattern.names
    exact = [Exact.rational(limit.get(name, 0)) for name in names]

    with pytest.raises(error, match=shown) as caught:
        find_leading_terms(land, exact)

    assert "check the limit" in str(caught.value)


def test_an_unrecognised_coefficient_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number is shown, and no formula is made up."""
    monkeypatch.setattr(balance, "_MAX_DEGREE", 0)
    family = symcrit.family("II")

    with pytest.raises(UndecidedError, match=r"coefficient 5\.3570485586"):
        find_leading_terms(family.landscape, family.limit)


@pytest.mark.parametrize(
    "value",
    [
        8 / PI,
        2 + 8 / PI + 8 / PI.power(2),
        -3 * (PI - 2).power(2) / (7 * PI.power(3) * (PI + 2)),
        Exact.surd(6) * (PI - 1) / 5,
        -Exact.surd(1, [f for f, _ in (PI - 2).numerator().factor()[1]]),
    ],
    ids=str,
)
def test_numbers_are_recognised_from_their_digits(value: Exact) -> None:
    """Also where only a quarter of the digits is right, as next to t^(1/4)."""
    with working_precision(600):
        ball = value.ball(600)
        for error in (arb(0), arb(2) ** -120):
            seen = ball * (1 + error)

            found = balance._recognise(seen) or balance._recognise_root(seen)

            assert value == found


def test_a_number_without_a_small_relation_is_not_recognised() -> None:
    """Euler's number has none."""
    with working_precision(600):
        seen = arb(1).exp()

        assert balance._recognise(seen) is None
        assert balance._recognise_root(seen) is None


def test_newton_finds_a_zero_of_the_gradient() -> None:
    """Oracle: the gradient there is zero to the working precision."""
    family = symcrit.family("II")
    start = [arb(x) for x in ("-0.8", "0.05", "0.08", "1", "0")]

    found = approx_critical_point(family.landscape, start, {"k": arb(25)}, prec=200)

    assert found is not None
    with working_precision(200):
        gradient = family.landscape.at(BALLS, found, {"k": arb(25)}).gradient()
        assert all(abs(x) < arb(2) ** -180 for x in gradient)


@pytest.mark.parametrize("start", [["nan"] * 5, ["0"] * 5], ids=["nan", "zero neurons"])
def test_newton_gives_up_honestly(start: Sequence[str]) -> None:
    """None is returned where nothing converges."""
    family = symcrit.family("II")
    point = [arb(x) for x in start]

    assert (
        approx_critical_point(family.landscape, point, {"k": arb(9)}, prec=64) is None
    )
