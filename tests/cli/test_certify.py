"""``symcrit certify`` and ``symcrit check``."""

import json
from pathlib import Path

import numpy as np
import pytest

from symcrit.certificates.checker import main
from symcrit.certificates.documents import sha256_of
from tests.certify.test_matrices import minimum_of_type_two
from tests.cli.running import Invoke


def test_a_family_is_certified_and_checked(invoke: Invoke, tmp_path: Path) -> None:
    """The file is the certificate, and it stands the check."""
    path = str(tmp_path / "cert.json")

    made = invoke("certify", "II", "--k", "20", "-o", path, "--json")
    checked = invoke("check", path, "--json")

    assert (made.status, checked.status) == (0, 0)
    document = made.document()
    assert document["path"] == path
    assert document["claim"]["pattern"] == "1+(k-1)"
    assert document["claim"]["morse_index"] == "0"
    assert document["claim"]["isotropy"] == "exact"
    results = checked.document()["results"]
    assert [r["outcome"] for r in results] == ["VERIFIED"]
    assert results[0]["claim"] == document["words"]


@pytest.mark.parametrize("transposed", [False, True])
def test_a_file_is_certified_in_any_order(
    invoke: Invoke, tmp_path: Path, *, transposed: bool
) -> None:
    """Rows and columns permuted, neurons as columns, noise of 1e-8."""
    rng = np.random.default_rng(8)
    rows, columns = rng.permutation(7), rng.permutation(7)
    weights = minimum_of_type_two()[rows][:, columns]
    weights = weights + 1e-8 * rng.normal(size=(7, 7))
    np.save(tmp_path / "w.npy", weights.T if transposed else weights)

    made = invoke("certify", str(tmp_path / "w.npy"), "--json")

    assert made.status == 0
    document = made.document()
    source = document["source"]
    assert source["transposed"] is transposed
    assert document["claim"]["pattern"] == "1+(k-1)"
    arranged = weights[source["row_order"]][:, source["column_order"]]
    values = {n: float(x["mid"]) for n, x in document["claim"]["parameters"].items()}
    assert abs(arranged[0, 0] - values["a_1"]) <= float(source["distance"])
    assert abs(arranged[3, 3] - values["a_2"]) <= float(source["distance"]) < 1e-7


def test_bad_input_is_one_line(invoke: Invoke, tmp_path: Path) -> None:
    """No k, no such index, a k for a file, a text that is no certificate."""
    np.save(tmp_path / "w.npy", np.zeros((2, 3, 3)))
    file = str(tmp_path / "w.npy")
    (tmp_path / "cert.json").write_text("{}")

    for words in (
        ["certify", "II"],
        ["certify", "nobody", "--k", "7"],
        ["certify", file],
        ["certify", file, "--index", "2"],
        ["certify", file, "--index", "0", "--k", "3"],
        ["certify", file, "--index", "0", "--digits", "20"],
        ["certify", str(tmp_path / "missing.npy")],
        ["check", str(tmp_path / "cert.json")],
        ["check", str(tmp_path / "missing.json")],
    ):
        found = invoke(*words)
        assert found.status == 2, words
        assert found.complaint().startswith("error: ")


def test_a_folder_is_told_apart_from_a_family(invoke: Invoke, tmp_path: Path) -> None:
    """The message names the command that reads folders."""
    found = invoke("certify", str(tmp_path))

    assert found.status == 2
    assert f"{tmp_path}: is a folder; choose a file" in found.complaint()
    assert "symcrit census" in found.complaint()


def test_a_folder_of_the_name_of_a_family_hides_no_family(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The family is certified all the same."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "A").mkdir()

    assert invoke("certify", "A", "--k", "6").status == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--index", "0"),
        ("--tolerance", "1e-5"),
        ("--neurons", "auto"),
        ("--variable", "w"),
    ],
)
def test_a_family_takes_no_options_for_files(
    words: tuple[str, str], invoke: Invoke
) -> None:
    """An option that would change nothing is a mistake."""
    found = invoke("certify", "A", "--k", "6", *words)

    assert found.status == 2
    assert f"A is a family, which takes no {words[0]}" in found.complaint()


@pytest.mark.parametrize("words", [("--k", "3"), ("--digits", "20")])
def test_a_file_takes_no_options_for_families(
    words: tuple[str, str], invoke: Invoke, tmp_path: Path
) -> None:
    """A matrix has its own size, and is refined as far as the proof needs."""
    np.save(tmp_path / "w.npy", np.eye(3))

    found = invoke("certify", str(tmp_path / "w.npy"), *words)

    assert found.status == 2
    assert f"w.npy is a file of matrices, which takes no {words[0]}" in (
        found.complaint()
    )


def test_a_store_within_no_folder_is_refused(invoke: Invoke, tmp_path: Path) -> None:
    """Nothing is made."""
    store = tmp_path / "none" / "store"

    found = invoke("certify", "A", "--k", "6", "--store", str(store))

    assert found.status == 2
    assert f"the folder {store.parent} does not exist; make it" in found.complaint()
    assert not store.parent.exists()


def test_a_matrix_without_a_point_nearby_is_refuted(
    invoke: Invoke, tmp_path: Path
) -> None:
    """The answer is no, with the bound on the gradient that proves it."""
    np.save(tmp_path / "w.npy", np.diag([3.0, 3.0, 3.0]) + 0.5)

    found = invoke("certify", str(tmp_path / "w.npy"))

    assert found.status == 1
    assert "the gradient is at least" in found.complaint()


@pytest.mark.parametrize("transposed", [False, True])
def test_a_zero_neuron_is_bad_input(
    invoke: Invoke, tmp_path: Path, *, transposed: bool
) -> None:
    """The loss has no derivatives there; the neuron is named."""
    weights = np.vstack([np.eye(3), np.zeros((1, 3))])[[0, 3, 1, 2]]
    np.save(tmp_path / "w.npy", weights.T if transposed else weights)
    side = "columns" if transposed else "rows"

    words = ("certify", str(tmp_path / "w.npy"), "--neurons", side, "--json")
    found = invoke(*words)

    assert found.status == 2
    assert found.complaint().endswith(
        "w.npy: neuron 1 (counted from 0) is zero, where the loss has one-sided"
        " derivatives only; move it or leave it out"
    )


def test_a_nearly_zero_neuron_is_undecided(invoke: Invoke, tmp_path: Path) -> None:
    """The reason is told, and nothing is printed."""
    np.save(tmp_path / "w.npy", np.vstack([np.eye(3), np.full((1, 3), 1e-12)]))

    found = invoke("certify", str(tmp_path / "w.npy"))

    assert found.status == 3
    assert "one-sided derivatives" in found.complaint()


def test_near_a_threshold_the_sign_is_open(invoke: Invoke) -> None:
    """Status 3 with a certificate of what is proved; more digits decide it.

    The threshold of II on s_2 is 5.58550524742588..., as ``symcrit threshold`` prints.
    """
    words = ("certify", "II", "--k", "5.585505247", "--json")

    coarse, fine = invoke(*words, "--digits", "1"), invoke(*words, "--digits", "20")

    assert (coarse.status, fine.status) == (3, 0)
    assert fine.document()["claim"]["minimum"] is False
    blocks = coarse.document()["claim"]["blocks"]
    assert [b["negative"] for b in blocks if b["component"] == "s_2"] == [None]
    assert coarse.document()["claim"]["minimum"] is None
    assert "more digits would decide it" in coarse.err


def test_a_false_certificate_is_rejected(invoke: Invoke, tmp_path: Path) -> None:
    """Exit status 1; and 2 beats 1 where a file was only damaged."""
    good, bad, broken = (str(tmp_path / f"{n}.json") for n in ("a", "b", "c"))
    invoke("certify", "A", "--k", "6", "-o", good)
    document = json.loads(Path(good).read_text())
    document["claim"]["loss"]["mid"] = "0.25"
    Path(broken).write_text(json.dumps(document))
    Path(bad).write_text(json.dumps({**document, "sha256": sha256_of(document)}))

    assert invoke("check", bad).status == 1
    assert invoke("check", good, bad, "--json").status == 1
    assert invoke("check", good).status == 0
    assert invoke("check", broken).status == 2
    assert "sha256" in invoke("check", broken).complaint()


def test_no_file_can_forge_a_line_of_the_answer(
    invoke: Invoke, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line breaks and escape codes of its texts are shown, not printed."""
    path = tmp_path / "a.json"
    invoke("certify", "A", "--k", "6", "-o", str(path))
    document = json.loads(path.read_text())
    lie = "x_1\r\nother.json: VERIFIED: all is well\u2028\x1b[2K"
    document["claim"]["blocks"][2]["component"] = document["words"] = lie
    path.write_text(json.dumps({**document, "sha256": sha256_of(document)}))

    found = invoke("check", str(path))
    answers = [(found.status, found.out), (main([str(path)]), capsys.readouterr().out)]
    for status, out in answers:
        assert status == 1
        assert len(out.splitlines()) == 2
        assert "\x1b" not in out
        assert "\\u000aother.json: VERIFIED" in out


def test_each_certificate_is_reported_whatever_the_others_are(
    invoke: Invoke, tmp_path: Path
) -> None:
    """What cannot be read is told of in its own line, and the status is the worst."""
    good, broken, absent = (str(tmp_path / f"{n}.json") for n in ("a", "b", "c"))
    invoke("certify", "A", "--k", "6", "-o", good)
    Path(broken).write_text(Path(good).read_text()[:-20])
    complaints = [f"error: {broken}: not JSON: ", f"error: {absent}: no such file"]

    shown = invoke("check", broken, good, absent)
    found = invoke("check", broken, good, absent, "--json")

    assert shown.status == found.status == 2
    assert shown.out.startswith(f"{good}: VERIFIED: ")
    for lines in (shown.err.splitlines(), found.err.splitlines()):
        assert len(lines) == 2
        assert all(a.startswith(b) for a, b in zip(lines, complaints, strict=True))
    document = found.document()
    assert [(good, "VERIFIED")] == [
        (each["file"], each["outcome"]) for each in document["results"]
    ]
    assert [broken, absent] == [each["file"] for each in document["refused"]]
    assert document["refused"][1]["why"] == "no such file"


def test_without_any_certificate_nothing_is_printed(
    invoke: Invoke, tmp_path: Path
) -> None:
    """The one line names every file."""
    first, second = str(tmp_path / "a.json"), str(tmp_path / "b.json")

    found = invoke("check", first, second, "--json")

    assert found.status == 2
    assert found.complaint() == f"error: {first}: no such file; {second}: no such file"


def test_without_an_index_the_certificate_is_formal(invoke: Invoke) -> None:
    """At k = 15/2 there is no matrix, no group and no index."""
    claim = invoke("certify", "II", "--k", "15/2", "--json").document()["claim"]

    assert claim["formal"] is True
    assert claim["isotropy"] is None
    assert claim["morse_index"] is None
    assert claim["index_bounds"] is None


def test_a_store_answers_the_second_time(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bytes, without a search; and the environment names a store too."""
    store = str(tmp_path / "store")
    np.save(tmp_path / "w.npy", minimum_of_type_two())
    questions = (["A", "--k", "6"], [str(tmp_path / "w.npy")])
    first = [invoke("certify", *q, "--store", store, "--json") for q in questions]

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("symcrit.catalog.family.Family.certify", forbidden)
    monkeypatch.setattr("symcrit.catalog.certificates.certify_stored", forbidden)
    monkeypatch.setenv("SYMCRIT_STORE", store)
    second = [invoke("certify", *q, "--json") for q in questions]

    assert [x.out for x in first] == [x.out for x in second]
    assert all(x.status == 0 for x in second)
