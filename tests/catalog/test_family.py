"""Mirror of symcrit/catalog/family.py."""

from dataclasses import replace

import pytest

import symcrit
from symcrit.arith.exact import Exact
from symcrit.catalog import family as family_module
from symcrit.core.errors import UndecidedError


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
