"""Mirror of symcrit/cli/families.py."""

from pathlib import Path

from symcrit.catalog.families import family
from tests.cli.running import Invoke


def test_the_catalog_is_listed(invoke: Invoke) -> None:
    """As the families say themselves; the limit has all parameters."""
    listed = {x["name"]: x for x in invoke("families", "--json").document()["families"]}

    assert ["A", "I", "II", "M", "flip:p"] == list(listed)
    for name in ("A", "I", "II", "M"):
        found = family(name)
        assert found.pattern.text == listed[name]["pattern"]
        assert list(found.names) == listed[name]["parameters"]
        assert [str(x) for x in found.limit] == list(listed[name]["limit"].values())
        assert "arXiv" in listed[name]["source"]


def test_names_of_other_people(invoke: Invoke, tmp_path: Path) -> None:
    """Parameters and limits under the names of a notation."""
    (tmp_path / "names.toml").write_text('[names]\na_1 = "xi_1"\n')
    words = ("families", "--notation", str(tmp_path / "names.toml"))

    first = invoke(*words, "--json").document()["families"][0]

    assert ["xi_1", "o_1"] == first["parameters"]
    assert {"xi_1": "-1", "o_1": "0"} == first["limit"]
    assert "xi_1 = -1" in invoke(*words).out
