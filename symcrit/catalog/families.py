"""The catalog of families of critical points: one TOML file each, or one of a user."""

import re
from collections.abc import Mapping
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

from symcrit.catalog.family import Family
from symcrit.catalog.numbers import exact_number
from symcrit.core.errors import InputError
from symcrit.core.files import parse_toml, read_text
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import kernel_named
from symcrit.landscapes.reduced import Landscape
from symcrit.schemas.load import validate
from symcrit.symmetry.patterns import Pattern

__all__ = ["families", "family"]

_NUMBERED = re.compile(r"flip:([1-9][0-9]{0,3})")


def families() -> tuple[str, ...]:
    """The names in the catalog; ``flip:p`` stands for all of them, p = 1, 2, 3, ...

    Example:
        >>> families()
        ('A', 'I', 'II', 'M', 'flip:p')

    Source:
        The files of the catalog name the papers: see ``Family.source``.
    """
    return ("A", "I", "II", "M", "flip:p")


def family(name: str) -> Family:
    """The family of a name, or of the path of a family TOML.

    Args:
        name: ``A``, ``I``, ``II``, ``M``, ``flip:p`` with a number for p, or a path.

    Raises:
        InputError: no such family or file, or a file that breaks the schema.

    Example:
        >>> family("flip:3").names
        ('a_1', 'o_1', 'm_1_2', 'm_2_1', 'a_2', 'o_2')
        >>> family("A").source
        'Arjevani and Field, arXiv:2003.10576 and arXiv:2107.10370'

    Source:
        That of the family is its attribute ``source``.
    """
    _require_text(name)
    if name.startswith("flip:") and not _NUMBERED.fullmatch(name):
        message = (
            f"family {name!r}: flip:p needs a number p from 1 to 9999, such as flip:3"
        )
        raise InputError(message)
    values: dict[str, Fraction] = {}
    file = name
    if found := _NUMBERED.fullmatch(name):
        file, values = "flip", {"p": Fraction(int(found[1]))}
    data = resources.files("symcrit.catalog") / "data" / f"{file}.toml"
    if re.fullmatch(r"[A-Za-z]+", file) and data.is_file():
        return _load(data.read_text("utf-8"), f"{file}.toml", values, name)
    if name.endswith(".toml") or "/" in name:
        return _load(read_text(Path(name)), name, values, None)
    known = ", ".join(families())
    message = (
        f"unknown family {name!r}; known are {known} with a number for p, and the path"
        " of a family TOML"
    )
    raise InputError(message)


def _require_text(name: object) -> None:
    if not isinstance(name, str):
        message = f"the name of a family should be text, such as 'II', not {name!r}"
        raise InputError(message)


def _load(
    text: str, where: str, values: Mapping[str, Fraction], name: str | None
) -> Family:
    data = parse_toml(text, where=where)
    validate(data, "family", where=where)
    try:
        return _build(data, values, name)
    except InputError as error:
        message = f"{where}: {error}"
        raise InputError(message) from error


def _build(
    data: Mapping[str, Any], values: Mapping[str, Fraction], name: str | None
) -> Family:
    values = dict(values)
    for variable, value in data.get("values", {}).items():
        values[variable] = _rational(value, f"the value of {variable}", {})
    pattern = Pattern.parse(data["pattern"], values)
    if pattern.variables != {"k"}:
        free = ", ".join(sorted(pattern.variables)) or "nothing"
        message = (
            f"the sizes of the pattern {data['pattern']!r} should depend on k and on"
            f" nothing else; they depend on {free}"
        )
        raise InputError(message)
    target = None
    if "target" in data:
        target = {
            entry: _rational(value, f"the target entry {entry}", values)
            for entry, value in data["target"].items()
        }
    structure = Structure.build(pattern, target)
    strangers = sorted(set(data["limit"]) - set(pattern.names))
    if strangers:
        message = (
            f"the limit names {strangers[0]!r}; the parameters are"
            f" {', '.join(pattern.names)}"
        )
        raise InputError(message)
    limit = tuple(
        exact_number(data["limit"].get(parameter, "0"), values)
        for parameter in pattern.names
    )
    return Family(
        name or data["name"],
        data.get("title", ""),
        Landscape(kernel_named(data["kernel"]), structure),
        limit,
        data["source"],
    )


def _rational(value: str | int, what: str, values: Mapping[str, Fraction]) -> Fraction:
    number = exact_number(str(value), values).as_fraction()
    if number is None:
        message = f"{what}, {value}, should be a rational number"
        raise InputError(message)
    return number
