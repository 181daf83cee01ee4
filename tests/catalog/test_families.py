"""Mirror of symcrit/catalog/families.py."""

from dataclasses import replace
from typing import Any

import pytest

import symcrit
from symcrit.arith.exact import Exact
from symcrit.catalog import families
from symcrit.core.errors import InputError, UndecidedError


def test_refuted_leading_terms_say_nothing_of_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They were guessed from numbers, so that the question stays open."""
    family = symcrit.family("A")
    first, second = family.leading
    wrong = [replace(first, coefficient=Exact.rational(3)), second]
    monkeypatch.setattr(families, "find_leading_terms", lambda *_: wrong)

    with pytest.raises(UndecidedError, match="guessed wrong: no branch starts"):
        symcrit.family("A").series(order=4)


@pytest.mark.parametrize("name", [3, None, ["II"]])
def test_a_family_is_named_by_text(name: Any) -> None:
    """The message says what was given and what would be right."""
    with pytest.raises(InputError, match="should be text, such as 'II', not"):
        symcrit.family(name)
