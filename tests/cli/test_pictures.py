"""Mirror of symcrit/cli/pictures.py."""

import re
import sys
from pathlib import Path

import pytest

from tests.cli.running import Invoke

WORDS = (["threshold", "A"], ["spectrum", "A", "--k", "7"])


@pytest.fixture(autouse=True)
def rough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let curves have few points."""
    monkeypatch.setattr("symcrit.cli.pictures.CURVE_POINTS", 3)


def dots(picture: bytes) -> int:
    """How many markers of thresholds a picture has."""
    return len(re.findall(rb"<use [^>]*stroke: #222222", picture))


def test_a_program_is_told_of_the_picture(invoke: Invoke, tmp_path: Path) -> None:
    """Type A has two thresholds, drawn in both panels; the answer is there as well."""
    place = tmp_path / "curves.svg"

    found = invoke("spectrum", "A", "--k", "7", "--plot", str(place), "--json")

    assert 0 == found.status
    assert str(place) == found.document()["plot"]
    assert 0 == found.document()["morse_index"]
    assert 4 == dots(place.read_bytes())


def test_a_person_is_told_of_the_picture(invoke: Invoke, tmp_path: Path) -> None:
    """Below the answer."""
    place = tmp_path / "curves.SVG"

    found = invoke("threshold", "A", "--plot", str(place))

    assert 0 == found.status
    assert found.out.startswith("k  ")
    assert found.out.endswith(f"\neigenvalue curves drawn in {place}\n")
    assert 4 == dots(place.read_bytes())


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words[0])
@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("curves.png", "pictures are SVG; give a name that ends in .svg"),
        ("none/curves.svg", "does not exist; make it first"),
        (".", "is a folder"),
    ],
)
def test_no_picture_is_begun_that_cannot_be_written(
    words: list[str], name: str, wrong: str, invoke: Invoke, tmp_path: Path
) -> None:
    """Before the work, and nothing is left."""
    found = invoke(*words, "--plot", str(tmp_path / name))

    assert 2 == found.status
    assert wrong in found.complaint()
    assert [] == list(tmp_path.iterdir())


def test_a_picture_is_that_of_the_question(invoke: Invoke, tmp_path: Path) -> None:
    """More inputs have other thresholds, which are not followed."""
    words = ("--k", "7", "--inputs", "9", "--plot", str(tmp_path / "a.svg"))

    found = invoke("spectrum", "A", *words)

    assert 2 == found.status
    assert "--plot draws as many inputs as neurons; leave out --inputs" in (
        found.complaint()
    )


def test_without_matplotlib_the_extra_is_named(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says how to install it."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    found = invoke("threshold", "A", "--plot", str(tmp_path / "a.svg"))

    assert 2 == found.status
    assert "pip install 'symcrit[plots]'" in found.complaint()
