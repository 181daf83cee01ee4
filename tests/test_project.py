"""What the files at the top of the repository promise."""

import re
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
