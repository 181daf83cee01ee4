"""Finding a schema, and checking a document against it.

``NAME.json`` describes what ``symcrit NAME --json`` prints, or a file that a user
writes.  What several schemas share stands in ``common.json`` and is put into each one
that is loaded, so that a schema is complete by itself.  A schema with the title
``symcrit NAME`` describes an answer; what stands in place of one that was not found is
the same for all commands, and is put in here too.
"""

import importlib.resources
import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema

from symcrit.core.errors import InputError

__all__ = ["empty_answer", "load_schema", "schema_names", "validate"]

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "text",
}
"""What the types of JSON are called in messages."""

_COMMON = "common"
_UNANSWERED = f"urn:symcrit:{_COMMON}:1#/$defs/unanswered"


def schema_names() -> list[str]:
    """Return the names of all schemas in alphabetical order.

    Example:
        >>> "series" in schema_names()
        True
    """
    folder = importlib.resources.files("symcrit.schemas")
    names = (file.name.removesuffix(".json") for file in folder.iterdir())
    return sorted(name for name in names if name.isidentifier() and name != _COMMON)


def load_schema(name: str) -> dict[str, Any]:
    """Return a schema that refers to no other document.

    Args:
        name: the command or kind of file that it describes.

    Raises:
        InputError: there is no schema of this name.

    Example:
        >>> load_schema("series")["$id"]
        'urn:symcrit:series:1'
    """
    known = schema_names()
    if name not in known:
        msg = f"there is no schema {name!r}; known are {', '.join(known)}"
        raise InputError(msg)
    schema = _read(name)
    if _describes_answer(schema, name):
        schema = _or_unanswered(schema, name)
    schema.setdefault("$defs", {})[_COMMON] = _read(_COMMON)
    return schema


def empty_answer(name: str) -> dict[str, bool | None]:
    """Return the fields that every answer of a command has, with nothing in them.

    Args:
        name: the command.

    Returns:
        False for what would be true if it were proved, None for the rest.

    Example:
        >>> empty_answer("check"), empty_answer("spectrum")["certified"]
        ({'results': None}, False)
    """
    schema = _read(name)
    kinds = {field: schema["properties"][field] for field in schema["required"]}
    return {
        field: False if kind.get("type") == "boolean" else None
        for field, kind in kinds.items()
        if field != "schema"
    }


def validate(document: object, name: str, *, where: str) -> None:
    """Check a document against a schema and return if it fits.

    Args:
        document: what a JSON or TOML file holds.
        name: the schema's name.
        where: what to call the document in an error message.

    Raises:
        InputError: the document breaks the schema; the message names the place.

    Example:
        >>> validate({"schema": "symcrit/families@1"}, "families", where="answer.json")
        Traceback (most recent call last):
        symcrit.core.errors.InputError: answer.json: 'families' is a required property
    """
    checker = _Validator(load_schema(name))
    fault = jsonschema.exceptions.best_match(checker.iter_errors(document))
    if fault is not None:
        place = "".join(
            f"[{step}]" if isinstance(step, int) else f".{step}"
            for step in fault.absolute_path
        )
        message = fault.message if len(fault.message) <= 300 else _shorten(fault)
        msg = f"{where}: {place.removeprefix('.') + ': ' if place else ''}{message}"
        raise InputError(msg)


def _matches(
    _validator: Any, pattern: str, instance: object, _schema: object
) -> Iterator[jsonschema.exceptions.ValidationError]:
    """The rule ``pattern``; a dollar sign stands for the very end.

    In Python it also matches before a line break at the end, which no schema means.
    """
    exact = rf"{pattern[:-1]}\Z" if pattern.endswith("$") else pattern
    if isinstance(instance, str) and not re.search(exact, instance):
        message = f"{instance!r} does not match {pattern!r}"
        yield jsonschema.exceptions.ValidationError(message)


def _is_of_type(
    validator: Any, types: str | list[str], instance: object, _schema: object
) -> Iterator[jsonschema.exceptions.ValidationError]:
    """The rule ``type``, in words."""
    names = [types] if isinstance(types, str) else types
    if not any(validator.is_type(instance, name) for name in names):
        words = [_TYPES[name] for name in names]
        right = " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
        yield jsonschema.exceptions.ValidationError(f"{instance!r} should be {right}")


def _has_known_fields(
    validator: Any, rule: object, instance: object, schema: dict[str, Any]
) -> Iterator[jsonschema.exceptions.ValidationError]:
    """The rule ``additionalProperties``; what is unknown is told with what is known."""
    if rule is False and isinstance(instance, dict):
        known = schema.get("properties", {})
        for field in (x for x in instance if x not in known):
            message = f"{field!r} is no field; known are {', '.join(known)}"
            yield jsonschema.exceptions.ValidationError(message)
    else:
        standard = jsonschema.Draft202012Validator.VALIDATORS["additionalProperties"]
        yield from standard(validator, rule, instance, schema)


_Validator = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator,
    {
        "pattern": _matches,
        "type": _is_of_type,
        "additionalProperties": _has_known_fields,
    },
)


def _describes_answer(schema: dict[str, Any], name: str) -> bool:
    return bool(schema["title"] == f"symcrit {name}")


def _or_unanswered(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """The schema of an answer, or of a document that says why there is none."""
    head = ("$schema", "$id", "title", "description")
    answer = {key: x for key, x in schema.items() if key not in (*head, "$defs")}
    no_answer = {
        "$ref": _UNANSWERED,
        "properties": {"schema": {"const": f"symcrit/{name}@1"}},
        "required": answer["required"],
    }
    return {
        **{key: schema[key] for key in head},
        "if": {"properties": {"answered": {"const": False}}, "required": ["answered"]},
        "then": {"$ref": "#/$defs/unanswered"},
        "else": {"$ref": "#/$defs/answer"},
        "$defs": {
            **schema.get("$defs", {}),
            "answer": answer,
            "unanswered": no_answer,
        },
    }


def _shorten(fault: jsonschema.exceptions.ValidationError) -> str:
    return f"{fault.message[:200]} ... breaks the rule {fault.validator!r}"


def _read(name: str) -> dict[str, Any]:
    file = importlib.resources.files("symcrit.schemas") / f"{name}.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found
