"""Mirror of symcrit/expand/limits.py."""

import random
from collections.abc import Mapping
from fractions import Fraction

import pytest
from flint import arb

from symcrit.arith.balls import BALLS
from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions
from symcrit.arith.precision import working_precision
from symcrit.catalog.families import family
from symcrit.expand.limits import _Bounds, refute_limit
from symcrit.landscapes.kernels import Monomial
from symcrit.landscapes.reduced import Landscape
from tests.expand.cases import landscape, rank_one

PI = Exact.pi()


def limit_of(land: Landscape, values: Mapping[str, int | Fraction]) -> list[Exact]:
    """A limit by the names of the parameters; absent ones are 0."""
    names = land.structure.pattern.names
    return [Exact.rational(values.get(name, 0)) for name in names]


@pytest.mark.parametrize("name", ["A", "I", "II", "M", "flip:3", "flip:7"])
def test_the_limit_of_a_family_is_not_refuted(name: str) -> None:
    """There is a branch, so a refutation would be false."""
    found = family(name)

    assert refute_limit(found.landscape, found.limit) is None


def test_limits_of_polynomial_kernels_are_not_refuted() -> None:
    """Branches in closed form."""
    cubic = landscape("1+(k-1)", Monomial(3))
    for values in ({"a_1": 1}, {"a_1": 1, "a_2": 1}, {}):
        assert refute_limit(cubic, limit_of(cubic, values)) is None
    for m in (4, 5, 6):
        land, _ = rank_one(m)
        assert refute_limit(land, limit_of(land, {"m_1_1": 1})) is None


REFUTED: list[tuple[str, dict[str, int | Fraction], str, Exact, Fraction]] = [
    ("k", {"a_1": 2}, "a_1", 1 / (2 * PI), Fraction(1)),
    ("k", {"a_1": Fraction(-1, 2)}, "a_1", 1 / (4 * PI), Fraction(1)),
    ("k", {"a_1": -1, "o_1": 1}, "a_1", Exact.rational(Fraction(1, 2)), Fraction(1)),
    ("1+(k-1)", {"a_1": -1, "a_2": 2}, "a_1", -1 / (2 * PI), Fraction(1)),
    (
        "2+(k-2)",
        {"a_1": -1, "a_2": 1, "o_2": Fraction(1, 10)},
        "a_1",
        -1 / (20 * PI),
        Fraction(3, 2),
    ),
]


@pytest.mark.parametrize(
    ("pattern", "values", "name", "value", "power"), REFUTED, ids=str
)
def test_the_equation_tends_to_the_number_shown(
    pattern: str,
    values: dict[str, int | Fraction],
    name: str,
    value: Exact,
    power: Fraction,
) -> None:
    """At k = 2^80, anywhere within 5 / k of the limit, by ball arithmetic."""
    land = landscape(pattern)
    limit = limit_of(land, values)

    reason = refute_limit(land, limit)

    assert reason is not None
    assert f"the equation of {name}, divided by k" in reason
    assert f"tends to {value} wherever" in reason
    chance = random.Random(7)
    names = land.structure.pattern.names
    with working_precision(400):
        k = arb(2) ** 80
        for _ in range(20):
            point = [x.ball(400) + chance.uniform(-5, 5) / k for x in limit]
            equation = land.at(BALLS, point, {"k": k}).gradient()[names.index(name)]
            scaled = equation / arb(2) ** int(80 * power)
            assert abs(scaled - value.ball(400)) < 1e-9


def test_bounds_of_roots_and_angles() -> None:
    """Where nothing is known but a bound, the answer is a bound that holds."""
    domain = Domain.start(5)
    lib = _Bounds(domain)
    one, unknown = lib.exact(1), lib.big_o(3)

    assert lib.root(unknown, "here").prec == 1
    assert lib.root(lib.exact(0), "here").is_exact_zero
    assert lib.angle(unknown, one, "here").prec == 3
    assert not lib.angle(unknown, one, "here").is_known
    assert lib.angle(unknown, -one, "here").coefficient(0) == PI
    assert lib.angle(unknown, -one, "here").prec == 3
    assert (lib.angle(lib.exact(0), -one, "here") - lib.pi).is_exact_zero
    assert lib.angle(lib.exact(0), one, "here").is_exact_zero
    for s, c in (
        (unknown, unknown),
        (one, one),
        (one, lib.big_o(0)),
        (unknown, one * 0),
    ):
        assert lib.angle(s, c, "here").prec == 0
    exact = Expansions(domain)
    for s, c in ((one, unknown), (lib.t_power(1), one), (one, lib.exact(0))):
        ours, theirs = lib.angle(s, c, "here"), exact.angle(s, c, "here")
        assert theirs.known_coefficients() == ours.known_coefficients()
        assert theirs.prec == ours.prec
