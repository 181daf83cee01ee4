"""Mirror of symcrit/report/eigenvalues.py."""

from fractions import Fraction

from flint import arb

from symcrit.catalog.families import family
from symcrit.report.eigenvalues import eigenvalue_lines, size_power
from symcrit.report.formulas import approx_width
from symcrit.report.writing import coefficient_latex

WIDTH = 24.0


def test_powers_of_k() -> None:
    """Halves of the exponents of t, with the other sign."""
    assert "k^{1/2}" == size_power(Fraction(-1))
    assert "k^{-3/2}" == size_power(Fraction(3))


def test_lines_hold_all_terms_and_are_not_too_wide() -> None:
    """Oracle: the number of fractions, and the width asked for."""
    x = family("II").spectrum_series(4)["1"].eigenvalues[1]

    lines = eigenvalue_lines(x, width=WIDTH)

    assert len(lines) > 1
    assert all(approx_width(line) <= 2 * WIDTH for line in lines)
    whole = " ".join(lines)
    assert whole.endswith("O(k^{-2})")
    assert [whole.count(f"k^{{{n}}}") for n in ("-1/2", "-1", "-3/2")] == [1, 1, 1]
    assert whole.count(r"\bigl[") == whole.count(r"\bigr]")


def test_a_ball_is_a_decimal_number() -> None:
    """Without a claim on more digits than are shown."""
    assert "0.5000000000" == coefficient_latex(arb(1) / 2)
