"""Mirror of symcrit/cli/unanswered.py."""

from pathlib import Path

from symcrit.cli.unanswered import unanswered
from symcrit.core.errors import RefutedError
from tests.cli.running import Invoke


def test_what_was_asked_is_repeated_where_there_is_no_answer(
    invoke: Invoke, tmp_path: Path
) -> None:
    """The time is over before the point is found, and no file is written."""
    place = tmp_path / "point.json"

    late = ("--time-limit", "0.000001", "--json")
    found = invoke("point", "II", "--k", "7.5", *late, "-o", str(place))
    series = invoke("series", "II", "--order", "9", *late).document()

    assert 3 == found.status
    assert ("II", None) == (series["family"], series["order"])
    document = found.document()
    assert "stopped after 1e-06 s; allow more with --time-limit" == document["why"]
    assert ("II", "15/2", False) == tuple(
        document[name] for name in ("family", "k", "certified")
    )
    assert document["parameters"] is document["deviations"] is document["loss"] is None
    assert not place.exists()


def test_what_was_asked_is_written_as_in_an_answer() -> None:
    """A list where the answer has one; what an answer does not repeat is left out."""
    asked = {"kind": "loss", "families": ("II", "M"), "order": 3, "rows": 7}

    found = unanswered("table", asked, RefutedError("no branch"))

    assert {
        "kind": "loss",
        "families": ["II", "M"],
        "columns": None,
        "rows": None,
        "answered": False,
        "outcome": "REFUTED",
        "why": "no branch",
        "hint": None,
    } == found
