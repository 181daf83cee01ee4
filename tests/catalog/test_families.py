"""Mirror of symcrit/catalog/families.py."""

from typing import Any

import pytest

import symcrit
from symcrit.core.errors import InputError


@pytest.mark.parametrize("name", [3, None, ["II"]])
def test_a_family_is_named_by_text(name: Any) -> None:
    """The message says what was given and what would be right."""
    with pytest.raises(InputError, match="should be text, such as 'II', not"):
        symcrit.family(name)
