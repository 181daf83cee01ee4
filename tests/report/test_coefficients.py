"""Mirror of symcrit/report/coefficients.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.exact import Exact
from symcrit.catalog.families import family
from symcrit.catalog.numbers import exact_number
from symcrit.report.coefficients import coefficient_lines, coefficient_pieces, fits
from symcrit.report.formulas import approx_width
from tests.report.reading import read_latex

WIDTHS = [6.0, 20.0, 38.0, 500.0]

small = st.integers(-30, 30)


@st.composite
def numbers(draw: st.DrawFn) -> Exact:
    """Quotients of polynomials in pi, with a root now and then."""
    polynomials = [
        " + ".join(f"({draw(small)})*pi**{i}" for i in range(draw(st.integers(1, 12))))
        for _ in range(3)
    ]
    bottom = exact_number(polynomials[1])
    first = exact_number(polynomials[0]) / (bottom if bottom else Exact.rational(3))
    return first + exact_number(polynomials[2]) * Exact.surd(
        draw(st.sampled_from([1, 2]))
    )


@given(numbers(), st.sampled_from(WIDTHS))
def test_the_lines_add_up_to_the_number(number: Exact, width: float) -> None:
    """Oracle: the lines, read back by the grammar of expressions."""
    lines = coefficient_lines(number, width=width)

    assert number == read_latex(" ".join(lines))
    assert all(line.startswith("{}") for line in lines[1:])


@pytest.mark.parametrize("name", ["II", "M"])
def test_lines_of_real_coefficients_fit(name: str) -> None:
    """Only a single piece may be wider than asked."""
    for quantity in family(name).series(8).quantities.values():
        for _, number in quantity.terms:
            for line in coefficient_lines(number, width=20.0):
                assert approx_width(line) <= 20 + 4
            assert fits(number, 500.0)


def test_pieces_of_a_factor_times_a_sum() -> None:
    """What is not a sum stands in front of the bracket; a factor 1 does not."""
    number = exact_number("(pi**2 + 3*pi + 1)*(pi + 2)/(pi - 3)")

    assert coefficient_pieces(number, width=5) == [
        r"\frac{\pi + 2}{\pi - 3} \bigl(\pi^{2}",
        r"3 \pi",
        r"1 \bigr)",
    ]
    assert coefficient_pieces(-exact_number("pi**2 + 7*pi + 2/3"), width=3) == [
        r"-\pi^{2}",
        r"-7 \pi",
        r"-\frac{2}{3}",
    ]
