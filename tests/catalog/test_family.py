"""Mirror of symcrit/catalog/family.py."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import symcrit
from symcrit.arith.exact import Exact
from symcrit.catalog import family as family_module
from symcrit.core.errors import InputError, UndecidedError


def test_refuted_leading_terms_say_nothing_of_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They were guessed from numbers, so that the question stays open."""
    family = symcrit.family("A")
    first, second = family.leading
    wrong = [replace(first, coefficient=Exact.rational(3)), second]
    monkeypatch.setattr(family_module, "find_leading_terms", lambda *_: wrong)

    with pytest.raises(UndecidedError, match="guessed wrong: no branch starts"):
        symcrit.family("A").series(order=4)


@pytest.mark.parametrize(
    "k", [7, "7", 7.0, np.int64(7), np.float64(7), Fraction(7)], ids=repr
)
def test_k_may_be_a_number_of_any_kind(k: Any) -> None:
    """Those of numpy are not taken along into exact arithmetic."""
    found = symcrit.family("A").point(k, digits=5)

    assert Fraction(7) == found.k
    assert int is type(found.k.numerator)


@pytest.mark.parametrize(
    ("k", "words"),
    [
        ("seven", "k = 'seven' is no number"),
        (None, "k = None is no number"),
        (float("nan"), "k = nan is no number"),
        (-3, "k = -3 should be positive"),
        ("1e40000", "k has more than 4000 digits"),
        ("1e-4000000000", "k has more than 4000 digits"),
        (Fraction(1, 10**4001), "k has more than 4000 digits"),
    ],
)
def test_a_senseless_k_is_refused(k: Any, words: str) -> None:
    """In one line, before anything is computed."""
    with pytest.raises(InputError) as caught:
        symcrit.family("A").point(k)

    assert str(caught.value).startswith(words)


def test_no_digits_of_a_spectrum_are_no_question() -> None:
    """As for a point."""
    with pytest.raises(InputError, match="the number of digits, 0, should be at least"):
        symcrit.family("A").spectrum(k=7, digits=0)


def test_a_matrix_that_no_memory_holds_is_refused() -> None:
    """The parameters are there all the same."""
    point = symcrit.family("A").point(k=10**12, digits=5)

    with pytest.raises(
        InputError, match=r"with 1000000000000 rows .* at most 25000000"
    ):
        point.matrix()


@pytest.mark.parametrize("order", ["8", 2.5, 0, 401])
@pytest.mark.parametrize("name", ["series", "spectrum_series", "prove"])
def test_an_order_that_is_none_is_refused(name: str, order: Any) -> None:
    """In one line; half a term is no answer either."""
    with pytest.raises(
        InputError, match=f"^the order {order} should be an integer from 1 to 400$"
    ):
        getattr(symcrit.family("A"), name)(order=order)


def test_an_order_may_be_a_number_of_numpy() -> None:
    """As in ``for order in np.arange(1, 9)``."""
    found = symcrit.family("A").series(order=np.int64(3))

    assert 3 == found.loss.order
    assert found.quantities == symcrit.family("A").series(order=3).quantities
