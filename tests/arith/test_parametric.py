"""Mirror of symcrit/arith/parametric.py."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, retry_in_larger_domain
from symcrit.arith.parametric import Parametrics, ParametricSeries, Ratio
from symcrit.core.errors import UndecidedError

LENGTH = 6

ONE, TWO = Fraction(1), Fraction(2)

Formula = Callable[[Any, Any, Any, Any], Any]
"""Of the number system, t, pi and s."""

FORMULAS: dict[str, Formula] = {
    "product": lambda lib, t, pi, s: (pi + s * t).big_o(3) * (s / t + t).big_o(1),
    "one O-term": lambda lib, t, pi, s: (pi * t + s * t * t).big_o(3) * (s / t),
    "near 0, O": lambda lib, t, pi, s: lib.angle((t * s).big_o(3), s + t, ""),
    "derivative": lambda lib, t, pi, s: (s * t * t + t * t * t).big_o(5).derivative(),
    "quotient": lambda lib, t, pi, s: (1 + s * t) / (t * pi - s * s * t * t),
    "root": lambda lib, t, pi, s: lib.root(
        s * s * t * t * (4 + pi * t) + t * t * t, ""
    ),
    "near 0": lambda lib, t, pi, s: lib.angle(s * t * (1 + t), pi - s * t, ""),
    "near pi": lambda lib, t, pi, s: lib.angle(t * (s + pi * t), -s - t * t, ""),
    "near pi/2": lambda lib, t, pi, s: lib.angle(s * s + t, t * t * pi - s * t, ""),
    "right": lambda lib, t, pi, s: lib.angle(s * s + t, lib.exact(0), "") * 1,
    "cancelling": lambda lib, t, pi, s: (1 / (1 - s * t) - 1 - s * t) / (t * t * pi),
}


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("s", [1, 2, 5])
def test_series_specialise(name: str, s: int) -> None:
    """Oracle: the same formula over Q(pi) at an integer s."""
    lib = Parametrics(LENGTH, ONE)
    found = FORMULAS[name](lib, lib.t_power(1), lib.pi, lib.parameter)

    def plain(domain: Domain) -> Any:
        other = Expansions(domain)
        return FORMULAS[name](other, other.t_power(1), other.pi, other.exact(s))

    expected, _ = retry_in_larger_domain(Domain.start(LENGTH), plain)
    assert found.prec == expected.prec
    end = found.v + LENGTH if found.prec is None else found.prec
    for n in range(found.v - 3, end):
        assert found.coefficient(n).at(s) == expected.coefficient(n)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(-5, 5))),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(-5, 5))),
    st.integers(1, 6),
)
def test_rational_functions(
    f: list[tuple[int, int, int]], g: list[tuple[int, int, int]], s: int
) -> None:
    """Oracle: exact numbers at an integer s."""

    def both(terms: list[tuple[int, int, int]]) -> tuple[Ratio, Exact]:
        total, number = Ratio.rational(0), Exact.rational(0)
        for i, j, c in terms:
            factor, value = Ratio.rational(c), Exact.rational(c * s**j)
            for _ in range(i):
                factor, value = factor * Ratio.pi(), value * Exact.pi()
            for _ in range(j):
                factor = factor * Ratio.parameter()
            total, number = total + factor, number + value
        return total, number

    (x, a), (y, b) = both(f), both(g)
    assert (x + y).at(s) == a + b
    assert (x - y).at(s) == a - b
    assert (x * y).at(s) == a * b
    assert (x == y) == (not x - y)
    if b:
        assert (x / y).at(s) == a / b
    root = (x * x).root()
    assert root is not None
    assert root * root == x * x


class TestSigns:
    """For all s from a first value on, or not at all."""

    @pytest.mark.parametrize(
        ("make", "start", "sign"),
        [
            (lambda pi, s: s - Ratio.rational(1), TWO, 1),
            (lambda pi, s: s - pi, Fraction(22, 7), 1),
            (lambda pi, s: pi - s - s, TWO, -1),
            (lambda pi, s: -(s * s) / (pi + s), ONE, -1),
            (lambda pi, s: Ratio.rational(0), ONE, 0),
        ],
        ids=["linear", "pi", "negative", "quotient", "zero"],
    )
    def test_what_is_decided(
        self, make: Callable[[Ratio, Ratio], Ratio], start: Fraction, sign: int
    ) -> None:
        """Signs that can be seen by hand."""
        assert make(Ratio.pi(), Ratio.parameter()).sign(start) == sign

    @pytest.mark.parametrize(
        ("make", "start"),
        [
            (lambda pi, s: s - Ratio.rational(2), TWO),
            (lambda pi, s: s - pi, Fraction(3)),
            (lambda pi, s: pi - s, ONE),
        ],
        ids=["zero at the start", "zero beyond", "from plus to minus"],
    )
    def test_what_is_not(
        self, make: Callable[[Ratio, Ratio], Ratio], start: Fraction
    ) -> None:
        """A zero at the first value, or beyond."""
        with pytest.raises(UndecidedError, match="may change"):
            make(Ratio.pi(), Ratio.parameter()).sign(start)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda lib, t, s: 1 / (s - 2 + t), id="divisor"),
        pytest.param(lambda lib, t, s: lib.root(s + t, "here"), id="no square"),
        pytest.param(lambda lib, t, s: lib.root(t, "here"), id="odd"),
        pytest.param(lambda lib, t, s: lib.root(-s * s, "here"), id="negative"),
        pytest.param(lambda lib, t, s: lib.angle(s, s + t, "here"), id="limit"),
        pytest.param(lambda lib, t, s: lib.angle(t, s - 2, "here"), id="cosine"),
        pytest.param(lambda lib, t, s: 1 / (t - t), id="zero"),
    ],
)
def test_what_does_not_hold_for_all_values_is_refused(
    make: Callable[[Parametrics, ParametricSeries, ParametricSeries], ParametricSeries],
) -> None:
    """Divisors and cosines that vanish at s = 2, roots and angles out of the field."""
    lib = Parametrics(LENGTH, ONE)
    with pytest.raises(UndecidedError):
        make(lib, lib.t_power(1), lib.parameter)
