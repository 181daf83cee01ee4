"""Mirror of symcrit/report/expansions.py."""

import re
from fractions import Fraction

import pytest
from flint import arb

import symcrit
from symcrit.arith.exact import Exact
from symcrit.catalog.quantities import Quantity
from symcrit.catalog.spectra import Conjugates, Eigenvalue
from symcrit.report.expansions import expansion_terms
from tests.report.reading import read_latex


def value_of(text: str) -> arb:
    """The number that LaTeX in pi stands for."""
    plain = text.replace(r"\bigl[", r"\left(").replace(r"\bigr]", r"\right)")
    plain = plain.replace(r"\bigl(", r"\left(").replace(r"\bigr)", r"\right)")
    return read_latex(plain).ball(128)


@pytest.mark.parametrize("width", [8, 20, 60])
@pytest.mark.parametrize("component", ["1", "s_2"])
def test_terms_add_up_to_the_series(component: str, width: float) -> None:
    """Oracle: the exact terms, at t = 1, read back from LaTeX."""
    for found in symcrit.family("II").spectrum_series(4)[component].eigenvalues:
        *terms, end = expansion_terms(found, width=width)
        joined = " + ".join(terms).replace("+ -", "- ")
        at_one = re.sub(r"\bt(\^\{-?\d+\})?", "", joined)

        assert end == "O(t^{4})"
        total = sum((c.ball(128) for _, c in found.expansion.terms), arb(0))
        assert value_of(at_one).overlaps(total)


def test_coefficients_in_balls_are_decimal_numbers() -> None:
    """What is no number of the field has its digits, and the rest is exact."""
    exact = Quantity("s", ((Fraction(0), Exact.rational(1)),), Fraction(1))
    conjugates = Conjugates(Fraction(1), (), (Exact.rational(-2), Exact.rational(0)))
    found = Eigenvalue(
        exact, 1, conjugates, ((Fraction(1), arb(2).sqrt()),), Fraction(2)
    )

    shown = expansion_terms(found, width=30)

    assert ["1", r"1.414213562 \, t", "O(t^{2})"] == shown
