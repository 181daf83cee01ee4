"""Other people's names for the parameters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from symcrit.core.errors import InputError
from symcrit.core.files import read_toml

__all__ = ["Notation", "load_notation"]

_OWN = re.compile(r"loss|[ao]_[0-9]+|[dom]_[0-9]+_[0-9]+")

_WORD = re.compile(rf"\b(?:{_OWN.pattern})\b")


@dataclass(frozen=True)
class Notation:
    """A renaming of quantities.

    Attributes:
        names: the new name of each quantity that gets one.

    Example:
        >>> Notation({"a_1": "xi_5"}).rename("a_1"), Notation({}).rename("o_2")
        ('xi_5', 'o_2')
    """

    names: Mapping[str, str]

    def rename(self, name: str) -> str:
        """The name to show for a quantity."""
        return self.names.get(name, name)

    def rename_in(self, text: str) -> str:
        """A text in which quantities have their new names.

        Example:
            >>> Notation({"a_1": "xi_5"}).rename_in("tends to a_1 = -1, o_1 = 0")
            'tends to xi_5 = -1, o_1 = 0'
        """
        return _WORD.sub(lambda match: self.rename(match[0]), text)


def load_notation(path: str | Path | None) -> Notation:
    """Read a notation file: a TOML table ``[names]`` such as ``a_1 = "xi_5"``.

    Args:
        path: the file, or None for our own names.

    Raises:
        InputError: the file is missing or no such table, or gives a name twice.

    Example:
        >>> load_notation(None).rename("a_1")
        'a_1'
    """
    if path is None:
        return Notation({})
    names = read_toml(Path(path)).get("names")
    if not isinstance(names, dict) or not all(
        isinstance(new, str) and new for new in names.values()
    ):
        message = f'{path}: should hold a table [names] such as a_1 = "xi_5"'
        raise InputError(message)
    if len(set(names.values())) < len(names):
        message = f"{path}: two quantities get the same new name"
        raise InputError(message)
    for old, new in names.items():
        # two quantities would share the name, and one hide the other
        if _OWN.fullmatch(new) and new not in names:
            message = f"{path}: {old} is called {new}; give {new} another name too"
            raise InputError(message)
    return Notation(names)
