"""What docs/tutorial.md and docs/python.md show is what there is."""

import doctest
import pydoc
import re
import runpy
import shlex
from pathlib import Path

import pytest

import symcrit
from symcrit.catalog.families import family
from symcrit.catalog.family import Family
from symcrit.cli.main import COMMANDS
from tests.cli.running import invoke_inside

TOP = Path(__file__).parent.parent
TUTORIAL = (TOP / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n\$ symcrit (.*?)\n(.*?)```$", TUTORIAL, re.M | re.S)


@pytest.mark.parametrize(("words", "shown"), BLOCKS)
def test_the_tutorial_shows_what_is_printed(
    capsys: pytest.CaptureFixture[str], words: str, shown: str
) -> None:
    """Dots stand for what is left out."""
    found = invoke_inside(capsys, *shlex.split(words)).out
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

    assert doctest.OutputChecker().check_output(shown, found, options), found


@pytest.mark.slow
def test_the_family_of_the_tutorial_is_one(tmp_path: Path) -> None:
    """It is family M under another name."""
    text = re.search(r"^```toml\n(.*?)```$", TUTORIAL, re.M | re.S)
    assert text is not None
    place = tmp_path / "two.toml"
    place.write_text(text[1], encoding="utf-8")

    assert family(str(place)).series(4).loss == family("M").series(4).loss


@pytest.mark.slow
def test_the_picture_of_the_readme_can_be_drawn(tmp_path: Path) -> None:
    """By the script beside it, from results as they are now."""
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    script = TOP / "docs" / "images" / "overview.py"
    drawing = tmp_path / "overview.svg"
    runpy.run_path(str(script))["draw"](drawing)

    assert "](docs/images/overview.svg)" in readme
    assert script.with_suffix(".svg").is_file()
    assert b"</svg>" in drawing.read_bytes()[-20:]


PYTHON = (TOP / "docs" / "python.md").read_text(encoding="utf-8")


def test_the_page_on_python_names_what_there_is() -> None:
    """Oracle: the package itself; all public names, all methods that families have."""
    targets = re.findall(r"\{py:\w+\}`(?:~|[^`<]*<)([\w.]+)>?`", PYTHON)
    methods = {name for name, x in vars(Family).items() if callable(x)}
    shown = {target.split(".")[-1] for target in targets}
    missing = [target for target in targets if pydoc.locate(target) is None]

    assert len(re.findall(r"\{py:", PYTHON)) == len(targets)
    assert not missing
    assert set(symcrit.__all__) - {"__version__"} <= shown
    assert {x for x in methods if not x.startswith("_")} - {"expansion"} <= shown


def test_the_page_on_python_names_commands_that_there_are() -> None:
    """Oracle: the table of commands."""
    named = set(re.findall(r"\| `symcrit (\w+)", PYTHON))

    assert {"series", "prove"} <= named <= set(COMMANDS)
