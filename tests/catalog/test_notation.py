"""Notation files: a new name must not hide another quantity."""

from pathlib import Path

import pytest

from symcrit.catalog.notation import Notation, load_notation
from symcrit.core.errors import InputError


@pytest.mark.parametrize("new", ["a_2", "m_1_2", "loss"])
def test_the_name_of_another_quantity_is_refused(tmp_path: Path, new: str) -> None:
    """Two quantities would stand under one name, and one would be lost."""
    path = tmp_path / "names.toml"
    path.write_text(f'[names]\na_1 = "{new}"\n', encoding="utf-8")

    with pytest.raises(InputError, match=f"give {new} another name"):
        load_notation(str(path))


def test_names_may_change_places(tmp_path: Path) -> None:
    """As where columns are neurons."""
    path = tmp_path / "names.toml"
    text = '[names]\nm_1_2 = "m_2_1"\nm_2_1 = "m_1_2"\n'
    path.write_text(text, encoding="utf-8")

    assert "m_1_2" == load_notation(str(path)).rename("m_2_1")


def test_names_in_sentences_are_whole_words() -> None:
    """Components, longer names and other words stay."""
    names = Notation({"a_1": "xi_1", "o_1": "eta", "m_1_2": "zeta"})

    shown = names.rename_in("a_1 = -1, o_1_2, o_1; m_1_2 and m_1_22, x_1, data_1, loss")

    assert "xi_1 = -1, o_1_2, eta; zeta and m_1_22, x_1, data_1, loss" == shown
