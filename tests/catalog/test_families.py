"""Mirror of symcrit/catalog/families.py."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from symcrit.catalog.families import family
from symcrit.core.errors import InputError, UndecidedError


@pytest.mark.parametrize("name", [3, None, ["II"]])
def test_a_family_is_named_by_text(name: Any) -> None:
    """The message says what was given and what would be right."""
    with pytest.raises(InputError, match="should be text, such as 'II', not"):
        family(name)


TOML = """
schema = "symcrit/family@1"
name = "mine"
pattern = "(k-3)+p"
kernel = "relu"
source = "nowhere"

[values]
p = 3

[target]
a_1 = "1/2"
a_2 = "1/2"

[limit]
a_1 = "1/2"
a_2 = "-1/2"
"""


SWAPPED = {
    "a_1": "a_2", "o_1": "o_2", "m_1_2": "m_2_1", "m_2_1": "m_1_2", "a_2": "a_1",
    "o_2": "o_1",
}  # fmt: skip


@pytest.mark.slow
def test_a_family_from_a_file_of_a_user(tmp_path: Path) -> None:
    """flip:3 with its blocks in another order and half the target."""
    path = tmp_path / "mine.toml"
    path.write_text(TOML, "utf-8")

    found = family(str(path)).series(order=5)

    known = family("flip:3").series(order=5)
    for name, other in SWAPPED.items():
        expected = [(n, c / 2) for n, c in known[other].terms]
        assert expected == list(found[name].terms)
    assert [(n, c / 4) for n, c in known.loss.terms] == list(found.loss.terms)
    assert found.field == "Q(pi, sqrt(3))"


def test_a_wrong_limit_in_a_file_is_refused(tmp_path: Path) -> None:
    """The parameters and what was found are named."""
    path = tmp_path / "wrong.toml"
    path.write_text(TOML.replace('"-1/2"', '"-1/3"'), "utf-8")

    with pytest.raises(UndecidedError, match=r"no branch with this limit.* a_2 = "):
        family(str(path)).series(order=4)


def test_a_limit_may_be_algebraic(tmp_path: Path) -> None:
    """Roots are read, and the field is told if they stay."""
    path = tmp_path / "root.toml"
    text = TOML.replace('"-1/2"', '"-sqrt(1/4)"').replace('a_1 = "1/2"', 'a_1 = "2/4"')
    path.write_text(text, "utf-8")

    assert family(str(path)).limit[0] == Fraction(1, 2)
    assert family(str(path)).limit[4] == Fraction(-1, 2)
