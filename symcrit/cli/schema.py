"""``symcrit schema``: what a program may rely on."""

import click

from symcrit.cli.frame import Answer, command, to_json
from symcrit.schemas.load import load_schema, schema_names

__all__ = ["schema"]


@command("schema", example="symcrit schema series -o series.schema.json")
@click.argument("name", required=False)
def schema(name: str | None) -> Answer:
    """Print the JSON Schema of a command's answer.

    NAME is the command whose schema is wanted; without it the names are listed.
    """
    if name is None:
        names = schema_names()
        return Answer({"names": names, "definition": None}, lambda: "\n".join(names))
    definition = load_schema(name)
    text = to_json(definition)
    return Answer(
        {"names": [name], "definition": definition}, lambda: text, content=text
    )
