"""What the files at the top of the repository promise."""

import re
import tomllib
from pathlib import Path

import pytest

from symcrit import __version__

TOP = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("name", "ending"),
    [("report", "symcrit derive II -o report-II"), ("test", "pytest -q -n 2")],
)
def test_the_readme_commands_set_everything_up(name: str, ending: str) -> None:
    """One line each that makes the environment, and that ``.ci/run`` can find."""
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    found = re.findall(rf"^<!-- {name} command -->\n```sh\n(.*)\n```$", readme, re.M)

    assert 1 == len(found)
    assert found[0].startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert found[0].endswith(ending)


def test_the_citation_names_this_version() -> None:
    """The version is written twice, so it is compared."""
    citation = (TOP / "CITATION.cff").read_text(encoding="utf-8")

    assert f"\nversion: {__version__}\n" in citation


def test_the_picture_of_the_architecture_is_true() -> None:
    """Every layer of the contract, in its order, and every module in its layer."""
    page = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    contract = project["tool"]["importlinter"]["contracts"][0]["layers"]
    layers = [name for line in contract for name in re.findall(r"\w+", line)]
    rooms = page.partition("## The rooms")[2].partition("## From a limit")[0]
    lists, _, numbers = rooms.partition("## Number systems")
    drawn = {
        name: set(re.findall(r"`(\w+)`", text))
        for name, text in re.findall(r"^\* \*\*(\w+)\*\*\n((?: .*\n)+)", lists, re.M)
    }
    table = "".join(re.findall(r"^\| `.*$", numbers, re.M))
    drawn["arith"] |= set(re.findall(r"`(\w+)`", table))

    assert layers == list(drawn)
    for layer, names in drawn.items():
        folder = TOP / "symcrit" / layer
        modules = {path.stem for path in folder.rglob("*.py")} - {"__init__"}
        assert modules == names, layer
