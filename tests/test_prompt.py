"""What a prompt shows of a result is one short line that names it."""

from collections.abc import Callable

import numpy as np
import pytest

import symcrit
from symcrit.symmetry.patterns import Pattern

SWAPPED = [[0.0, 1.0], [1.0, 0.0]]

PUBLISHED = (
    "a_1 = -0.632704, m_1_2 = 0.185991, m_2_1 = 0.261691, a_2 = 0.996923,"
    " o_2 = -0.0350802"
)
"""Safran, Yehudai and Shamir, arXiv:2006.01005, transposed and rounded."""

ATOMS = "1/4 - 1/(2*pi) (1/2), 1/4 + 1/(2*pi) (1/2)"
"""Half of the spectrum each, as docs/howto-spectrum.md tells of type II."""


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (lambda: symcrit.family("II"), "<family II, pattern 1+(k-1)>"),
        (
            lambda: symcrit.family("II").point(k=7),
            "<point of family II at k = 7: " + PUBLISHED + ", loss = 0.0232027>",
        ),
        (
            lambda: symcrit.family("A").spectrum(k=7),
            "<spectrum on 1, s_1, x_1, y_1: Morse index 0>",
        ),
        (
            lambda: symcrit.family("A").spectrum(k="15/2"),
            "<spectrum on 1, s_1, x_1, y_1: signs proved>",
        ),
        (
            lambda: symcrit.family("A").threshold(),
            "<thresholds: x_1 at k = 5.76381, s_1 at k = 2.10758>",
        ),
        (
            lambda: symcrit.family("A").spectral_density(),
            "<density of the spectrum of family A: " + ATOMS + ">",
        ),
        (
            lambda: symcrit.identify(SWAPPED),
            "<identified: 2 neurons, 2 inputs, pattern k>",
        ),
        (
            lambda: symcrit.certify_matrix(SWAPPED),
            "<critical point near the matrix: pattern k, Morse index 0>",
        ),
        (
            lambda: symcrit.certify_matrix(np.eye(3) + 2),
            "<no critical point near the matrix: pattern k>",
        ),
        (
            lambda: symcrit.certify_matrix(np.zeros((2, 2))),
            "<undecided near the matrix: pattern n1=k,n2=2: rows n2 cols n1>",
        ),
        (
            lambda: symcrit.landscape(kernel="relu", pattern="2+(k-2)"),
            "<landscape: kernel relu, pattern 2+(k-2)>",
        ),
        (lambda: Pattern.parse("2+(k-2)"), "<pattern 2+(k-2)>"),
        (symcrit.families, "('A', 'I', 'II', 'M', 'flip:p')"),
    ],
)
def test_a_prompt_shows_one_line(make: Callable[[], object], shown: str) -> None:
    """Oracle: published numbers, and those that the tests of each class prove."""
    assert shown == repr(make())


def test_a_printed_series_shows_all_quantities() -> None:
    """Each as it prints itself; the loss is that of docs/tutorial.md."""
    series = symcrit.family("II").series(order=4)

    lines = str(series).splitlines()

    assert [f"{name} = {q}" for name, q in series.quantities.items()] == lines
    assert "loss = (1/2 - 2/pi**2)*t**2 + (-32/(3*pi**4))*t**3 + O(t**4)" == lines[-1]
