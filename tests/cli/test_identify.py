"""Mirror of symcrit/cli/identify.py."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from symcrit.symmetry.coincidence import Floats
from symcrit.symmetry.matrices import embed
from symcrit.symmetry.patterns import Pattern
from tests.cli.running import Invoke

POINT = [-0.7, 0.14, 0.2, 1.0, -0.02]
"""Near type II at k = 9: a_1, m_1_2, m_2_1, a_2, o_2."""


@pytest.fixture
def weights() -> Floats:
    """A matrix of pattern 1+(k-1) with rows and columns in another order."""
    rng = np.random.default_rng(9)
    matrix: Floats = np.array(embed(Pattern.parse("1+(k-1)"), POINT, {"k": 9}))
    return matrix[np.ix_(rng.permutation(9), rng.permutation(9))]


def test_what_is_told_of_a_matrix(
    weights: Floats,
    tmp_path: Path,
    invoke: Invoke,
) -> None:
    """Pattern, permutations that bring it to block form, family, residual."""
    path = tmp_path / "w.npy"
    np.save(path, weights)

    result = invoke("identify", str(path), "--json")
    (found,) = result.document()["matrices"]

    arranged = weights[np.ix_(found["row_order"], found["column_order"])]
    expected: Floats = np.array(embed(Pattern.parse("1+(k-1)"), POINT, {"k": 9}))
    assert 0 == result.status
    assert np.array_equal(expected, arranged)
    assert ("1+(k-1)", [1, 8], "II") == (
        found["pattern"],
        found["blocks"],
        found["family"],
    )
    assert found["residual"] < 1e-15
    assert pytest.approx(POINT) == list(found["parameters"].values())
    assert ("40320", True, True) == tuple(
        found["group"][name] for name in ("order", "exact", "diagonal")
    )
    assert {"steps": 1, "maximal": True} == found["place"]
    assert not found["ambiguous"]


def test_several_files_and_several_matrices(tmp_path: Path, invoke: Invoke) -> None:
    """In their order, each with its place."""
    (tmp_path / "two.json").write_text("[[[1, 0], [0, 1]], [[1, 2], [3, 4]]]")
    savemat(tmp_path / "w.mat", {"WbadNew": np.arange(6.0).reshape(2, 3)})

    result = invoke("identify", *map(str, sorted(tmp_path.iterdir())), "--json")
    found = result.document()["matrices"]

    assert [("two.json", 0), ("two.json", 1), ("w.mat", 0)] == [
        (Path(m["file"]).name, m["index"]) for m in found
    ]
    assert ["k", "2*1", ": rows 3*1 cols 2*1"] == [m["pattern"] for m in found]
    assert [(2, 2, "rows"), (2, 2, "rows"), (3, 2, "columns")] == [
        (m["k"], m["d"], m["neurons"]) for m in found
    ]


def test_an_unclear_answer_is_undecided(tmp_path: Path, invoke: Invoke) -> None:
    """Status 3, both patterns, and what might decide it."""
    path = tmp_path / "w.json"
    path.write_text("[[1.000015, 0], [0, 1]]")

    result = invoke("identify", str(path), "--json")
    decided = invoke("identify", str(path), "--tolerance", "1e-3", "--json")

    (found,) = result.document()["matrices"]
    assert 3 == result.status
    assert found["ambiguous"]
    assert ["k"] == [other["pattern"] for other in found["alternatives"]]
    assert "set --tolerance to the noise of the entries" in result.err
    assert 0 == decided.status
    assert "k" == decided.document()["matrices"][0]["pattern"]


def test_the_text_for_a_person(
    weights: Floats,
    tmp_path: Path,
    invoke: Invoke,
) -> None:
    """The same facts in lines."""
    path = tmp_path / "w.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in weights.tolist()))

    result = invoke("identify", str(path))

    for words in (
        f"{path}: 9 neurons (as rows), 9 inputs",
        "pattern   1+(k-1)",
        "isotropy  of order 40320",
        "place     1 below the symmetry of the target, maximal",
        "family    II (at most 0.3 from its limit)",
        "a_1       -0.7",
    ):
        assert words in result.out
    assert 0 == result.status


def test_groups_that_are_no_product_are_told(tmp_path: Path, invoke: Invoke) -> None:
    """A circulant matrix has a cyclic group, and its pattern is that of a subgroup."""
    path = tmp_path / "w.json"
    path.write_text(json.dumps([[(j - i) % 5 for j in range(5)] for i in range(5)]))

    text = invoke("identify", str(path)).out
    (found,) = invoke("identify", str(path), "--json").document()["matrices"]

    assert "of order 5; the pattern is that of a smaller group" in text
    assert not found["group"]["exact"]
    assert found["place"] is None
    assert 1 == len(found["group"]["generators"])


def test_relative_to_the_target(tmp_path: Path, invoke: Invoke) -> None:
    """Row i and column i are permuted together."""
    path = tmp_path / "w.json"
    path.write_text("[[0, 1, 0], [1, 0, 0], [0, 0, 1]]")

    result = invoke("identify", str(path), "--within", "target", "--json")

    (found,) = result.document()["matrices"]
    assert ("1+(k-1)", "target") == (found["pattern"], found["group"]["within"])


def test_many_parameters_are_not_listed(tmp_path: Path, invoke: Invoke) -> None:
    """Where there is no symmetry the matrix itself is the point."""
    path = tmp_path / "w.npy"
    np.save(path, np.random.default_rng(0).normal(size=(40, 40)))

    (found,) = invoke("identify", str(path), "--json").document()["matrices"]

    assert ("40*1", None) == (found["pattern"], found["parameters"])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("w.npy", b"text", "not a .npy file"),
        ("w.p", b"cos\nsystem\n(S'true'\ntR.", "nothing was executed"),
        ("w.txt", b"1", "the ending '.txt' is none that is read"),
        ("w.json", b"[[1], [2, 3]]", "row 2 has 2 entries, row 1 has 1"),
        ("w.csv", b"nan", "row 1, column 1 is not a number"),
    ],
)
def test_bad_files_are_bad_input(
    name: str, content: bytes, words: str, tmp_path: Path, invoke: Invoke
) -> None:
    """Status 2 and one line that names the file; also beside good files."""
    good, bad = tmp_path / "good.json", tmp_path / name
    good.write_text("[[1]]")
    bad.write_bytes(content)

    result = invoke("identify", str(good), str(bad), "--json")

    assert 2 == result.status
    assert f"error: {bad}: " in result.complaint()
    assert words in result.complaint()


def test_names_of_other_people(tmp_path: Path, invoke: Invoke) -> None:
    """The parameters of the block form under the names of a notation."""
    (tmp_path / "names.toml").write_text('[names]\na_1 = "xi_1"\n')
    (tmp_path / "w.json").write_text("[[5, 1], [1, 5]]")
    words = ("identify", str(tmp_path / "w.json"), "--notation")

    result = invoke(*words, str(tmp_path / "names.toml"), "--json")
    shown = invoke(*words, str(tmp_path / "names.toml")).out

    (found,) = result.document()["matrices"]
    assert {"xi_1": 5.0, "o_1": 1.0} == found["parameters"]
    assert "  xi_1      5\n  o_1       1\n" in shown


def test_a_folder_is_for_a_census(tmp_path: Path, invoke: Invoke) -> None:
    """The message names the command that reads folders."""
    found = invoke("identify", str(tmp_path))

    assert 2 == found.status
    assert f"{tmp_path}: is a folder; choose a file, or take 'symcrit census'" in (
        found.complaint()
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--tolerance", "2"], "the tolerance should be from 0 to 1, got 2"),
        (["--tolerance", "nan"], "the tolerance should be from 0 to 1, got nan"),
        (["--tolerance", "x"], "should be a number from 0 to 1, such as 1e-5, got 'x'"),
        (["--neurons", "both"], "'both' is not one of"),
        (["--variable", "W"], "so no variable 'W'"),
    ],
)
def test_bad_options_are_bad_input(
    options: list[str], words: str, tmp_path: Path, invoke: Invoke
) -> None:
    """Status 2 and one line."""
    path = tmp_path / "w.json"
    path.write_text("[[1]]")

    result = invoke("identify", str(path), *options)

    assert 2 == result.status
    assert words in result.complaint()


def test_the_answer_can_be_written(tmp_path: Path, invoke: Invoke) -> None:
    """The file holds the document, and the printed one names the file."""
    path, out = tmp_path / "w.json", tmp_path / "out.json"
    path.write_text("[[1, 0], [0, 1]]")

    result = invoke("identify", str(path), "--json", "-o", str(out))

    assert str(out) == result.document()["path"]
    assert result.document()["matrices"] == json.loads(out.read_text())["matrices"]
