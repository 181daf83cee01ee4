"""Mirror of symcrit/cli/prove.py."""

from functools import cache
from pathlib import Path

import pytest

from symcrit.catalog import families
from tests.cli.running import Invoke

ASKED = cache(families.family)


@pytest.fixture(autouse=True)
def ask_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a family keep what it has proved from one test to the other."""
    monkeypatch.setattr(families, "family", ASKED)


@pytest.mark.slow
def test_type_a_for_all_k(invoke: Invoke) -> None:
    """The statement, its numbers and the exit status."""
    answer = invoke("prove", "A", "--order", "3", "--json")

    found = answer.document()
    assert 0 == answer.status
    assert "CONFIRMED" == found["outcome"]
    assert 2 < float(found["k_min"]) < 2.001
    assert "minimum, not a global one, for every integer k >= 6" in found["statement"]
    assert ["x_1", "s_1"] == [c["component"] for c in found["crossings"]]
    assert 3 == found["bounds"]["loss"]["order"]
    assert "become parallel" in found["stopped"]


def test_what_cannot_be_proved_is_one_line(invoke: Invoke) -> None:
    """Bad orders and unknown families."""
    for arguments in (("A", "--order", "99"), ("B",), ("A", "--order", "0")):
        answer = invoke("prove", *arguments)
        assert 2 == answer.status
        assert answer.complaint().startswith("error: ")


def test_names_of_other_people(invoke: Invoke, tmp_path: Path) -> None:
    """In sentences, bounds and limits, for a person and for a program."""
    names = tmp_path / "names.toml"
    names.write_text('[names]\na_1 = "xi_1"\n')
    words = ("prove", "A", "--order", "3", "--notation", str(names))

    found = invoke(*words, "--json").document()
    shown = invoke(*words).out

    assert "xi_1 = -1, o_1 = 0" in found["statement"]
    assert {"xi_1", "o_1", "loss"} == set(found["bounds"])
    assert {"xi_1": "-1", "o_1": "0"} == found["limit"]
    assert "\nxi_1 " in shown
    assert "a_1" not in shown
