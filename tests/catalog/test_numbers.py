"""Mirror of symcrit/catalog/numbers.py."""

from fractions import Fraction

import pytest

from symcrit.arith.exact import Exact
from symcrit.catalog.numbers import exact_number
from symcrit.core.errors import InputError

PI = Exact.pi()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("-1", Exact.rational(-1)),
        ("2*(pi-2)/pi", 2 * (PI - 2) / PI),
        ("sqrt(2)*pi", Exact.surd(2) * PI),
        ("8^(1/2)", 2 * Exact.surd(2)),
        ("2**(-3/2)", Exact.surd(2) / 4),
        ("p*(p-1)", Exact.rational(6)),
        (r"\frac{\pi}{p}", PI / 3),
    ],
)
def test_numbers_are_read_exactly(text: str, number: Exact) -> None:
    """Oracle: the same number, built step by step; p is 3."""
    assert number == exact_number(text, {"p": Fraction(3)})


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("k-1", "contains k, but an exact number is needed"),
        ("2^(1/3)", "contains a root that is no square root"),
        ("1/(2-p)", "divides by zero"),
        ("2*(pi-2", "is never closed"),
    ],
)
def test_what_is_no_such_number_is_refused(text: str, wrong: str) -> None:
    """One line that says why."""
    with pytest.raises(InputError, match=wrong):
        exact_number(text, {"p": Fraction(2)})
