"""Mirror of symcrit/cli/schema.py."""

import json
from pathlib import Path

from symcrit.schemas.load import load_schema, schema_names
from tests.cli.running import Invoke


def test_names_are_listed(invoke: Invoke) -> None:
    """One per line for a person, a list for a program."""
    assert schema_names() == invoke("schema").out.split()
    assert schema_names() == invoke("schema", "--json").document()["names"]


def test_a_schema_is_printed_and_written_as_it_is(
    invoke: Invoke, tmp_path: Path
) -> None:
    """The file can be handed to any validator."""
    target = tmp_path / "series.schema.json"
    printed = invoke("schema", "series")
    written = invoke("schema", "series", "-o", str(target), "--json")

    assert load_schema("series") == json.loads(printed.out)
    assert load_schema("series") == json.loads(target.read_text())
    assert load_schema("series") == written.document()["definition"]


def test_an_unknown_name_is_refused(invoke: Invoke) -> None:
    """The message lists what there is."""
    result = invoke("schema", "sries")

    assert 2 == result.status
    assert "there is no schema 'sries'; known are " in result.complaint()
