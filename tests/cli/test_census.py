"""Mirror of symcrit/cli/census.py."""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from symcrit.catalog.findings import Finding, certify_near
from symcrit.catalog.identification import Identification
from symcrit.schemas.load import validate
from tests.catalog.collections_of_points import (
    HOSTILE,
    flip,
    shuffled,
    write_collection,
    write_csv,
    write_many,
)
from tests.cli.running import Invoke, listen_to_interrupts

MANY = 2000
"""So many matrices take longer than any interrupt."""

PUBLIC = Path(__file__).parents[2].parent / "shared" / "data"
needs_public_data = pytest.mark.skipif(
    not PUBLIC.is_dir(), reason=f"the published minima are not in {PUBLIC}"
)


def records_of(path: Path) -> list[dict[str, Any]]:
    """The lines of a file of results, each checked by its schema."""
    records = [json.loads(line) for line in path.read_text().splitlines()]
    for record in records:
        validate(record, "census_record", where=str(path))
    return records


def start(*words: str) -> subprocess.Popen[str]:
    """Run the program as a process that can be killed."""
    return subprocess.Popen(
        [sys.executable, "-m", "symcrit", *words],
        preexec_fn=listen_to_interrupts,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_census(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    """One line for each input in a fixed order, and their sums."""
    write_collection(tmp_path, monkeypatch)
    results = tmp_path / "results.jsonl"

    result = invoke("census", str(tmp_path), "-o", str(results), "--json")

    document = result.document()
    assert {
        "schema": "symcrit/census@1",
        "total": 6,
        "certified": 5,
        "minima": 5,
        "saddles": 0,
        "undecided": 1,
        "refused": 0,
        "path": str(results),
    } == {name: x for name, x in document.items() if name != "seconds"}
    assert 3 == result.status
    assert ["Processed minima k=7.p"] * 2 + ["newExp-7-7.mat"] * 2 + [
        "own.csv",
        "zero.csv",
    ] == [Path(record["file"]).name for record in records_of(results)]
    assert f"note: {tmp_path / 'zero.csv'}: " in result.err


def test_all_certified_is_status_0(tmp_path: Path, invoke: Invoke) -> None:
    """The text for a person has the sums too."""
    write_csv(tmp_path / "w.csv", flip(7))
    results = tmp_path / "results.jsonl"

    result = invoke("census", str(tmp_path / "w.csv"), "-o", str(results))

    assert (0, "") == (result.status, result.err)
    assert "certified  1" in result.out
    assert f"written to {results}" in result.out


def test_hostile_files_are_refused_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    """Status 2 beats 3; every file is named on standard error in a line of its own."""
    write_collection(tmp_path, monkeypatch)
    for name, content in HOSTILE.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "empty.npy").write_bytes(b"")
    results = tmp_path / "results.jsonl"

    result = invoke("census", str(tmp_path), "-o", str(results), "--json")

    document = result.document()
    assert 2 == result.status
    assert (5, 1, len(HOSTILE) + 1) == tuple(
        document[name] for name in ("certified", "undecided", "refused")
    )
    for name in (*HOSTILE, "empty.npy"):
        assert f"note: {tmp_path / name}: " in result.err
    assert document["total"] == len(records_of(results))
    assert document["total"] - 5 == len(result.err.splitlines())


def test_processes_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    """Two processes write the same bytes as one."""
    write_collection(tmp_path, monkeypatch)
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"

    invoke("census", str(tmp_path), "-o", str(one))
    result = invoke("census", str(tmp_path), "-o", str(two), "--jobs", "2")

    assert 3 == result.status
    assert one.read_bytes() == two.read_bytes()


def test_a_census_cut_anywhere_is_resumed_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    """Also with more inputs than before, and when there is nothing left to do."""
    write_collection(tmp_path, monkeypatch)
    results = tmp_path / "results.jsonl"
    invoke("census", str(tmp_path), "-o", str(results))
    whole = results.read_bytes()
    for cut in (0, 1, 100, whole.index(b"\n"), whole.index(b"\n") + 1, len(whole) - 1):
        results.write_bytes(whole[:cut])
        again = invoke(
            "census", str(tmp_path), "-o", str(results), "--resume", "--json"
        )
        assert whole == results.read_bytes()
        assert (6, 5) == tuple(again.document()[n] for n in ("total", "certified"))

    write_csv(tmp_path / "zz.csv", shuffled(flip(7), 9))
    more = invoke("census", str(tmp_path), "-o", str(results), "--resume", "--json")
    less = invoke(
        "census", str(tmp_path / "own.csv"), "-o", str(results), "--resume", "--json"
    )

    assert results.read_bytes().startswith(whole)
    assert 7 == more.document()["total"] == len(records_of(results))
    assert 1 == less.document()["total"]


def test_a_matrix_at_which_time_ran_out_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    """It has no record, and the bytes at the end are those of a run without a limit."""
    for name, seed in (("a.csv", 1), ("b.csv", 2)):
        write_csv(tmp_path / name, shuffled(flip(7), seed))
    whole, results = tmp_path / "whole.jsonl", tmp_path / "results.jsonl"
    words = ("census", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), "-o")
    invoke(*words, str(whole))
    certified = []

    def slow(found: Identification) -> Finding:
        certified.append(found)
        if len(certified) > 1:
            time.sleep(60)
        return certify_near(found)

    with monkeypatch.context() as patch:
        patch.setattr("symcrit.catalog.census.certify_near", slow)
        stopped = invoke(*words, str(results), "--time-limit", "1")
    before = results.read_bytes()
    resumed = invoke(*words, str(results), "--resume")

    assert 3 == stopped.status
    assert "stopped after 1 s" in stopped.complaint()
    assert whole.read_bytes().startswith(before)
    assert before.count(b"\n") < 2
    assert 0 == resumed.status
    assert whole.read_bytes() == results.read_bytes()


def test_certificates_are_written_and_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    """One for each critical point, named by its hash, verified by the checker."""
    write_collection(tmp_path, monkeypatch)
    results, folder = tmp_path / "results.jsonl", tmp_path / "certificates"
    words = ("census", str(tmp_path), "-o", str(results), "--resume")

    invoke(*words, "--certificates", str(folder))
    names = [record["certificate"] for record in records_of(results)]
    checked = invoke("check", *map(str, sorted(folder.iterdir())), "--json")
    other = invoke(*words)

    assert [True] * 5 + [False] == [name is not None for name in names]
    assert {f"{name}.json" for name in names if name} == {
        path.name for path in folder.iterdir()
    }
    outcomes = [found["outcome"] for found in checked.document()["results"]]
    assert ["VERIFIED"] * len(outcomes) == outcomes
    documents = [json.loads(path.read_text()) for path in folder.iterdir()]
    assert {"own.csv", "newExp-7-7.mat", "Processed minima k=7.p"} == {
        document["source"]["file"] for document in documents
    }
    assert "line 1 was made with" in other.complaint()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.csv", "-o", "out.jsonl"], "none.csv: no such file or folder"),
        ([".", "-o", "out.jsonl"], "holds no file of weight matrices"),
        (["w.csv"], "Missing option '-o'"),
        (["w.csv", "-o", "none/out.jsonl"], "the folder none does not exist"),
        (["w.csv", "-o", "w.csv"], "w.csv: has content; add --resume"),
        (["w.csv", "-o", "w.csv", "--resume"], "w.csv: line 1: is no record"),
        (
            ["w.csv", "-o", "out.jsonl", "--jobs", "0"],
            "an integer from 1 to 1024, got '0'",
        ),
        (["w.csv", "-o", "out.jsonl", "--tolerance", "2"], "should be from 0 to 1"),
        (
            ["w.csv", "-o", "out.jsonl", "--jobs", "2", "--dask", "tcp://x:1"],
            "give --jobs or --dask, not both",
        ),
        (
            ["w.csv", "-o", "out.jsonl", "--dask", "nowhere"],
            "--dask: 'nowhere' is no address of a Dask scheduler: it has no port",
        ),
    ],
)
def test_bad_questions_are_refused_in_one_line(
    words: Sequence[str],
    message: str,
    tmp_path: Path,
    invoke: Invoke,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Status 2, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    if "." not in words:
        write_csv(tmp_path / "w.csv", flip(7))

    result = invoke("census", *words, "--json")

    assert 2 == result.status
    assert message in result.complaint()
    assert not (tmp_path / "out.jsonl").exists()


def test_results_of_other_settings_are_not_continued(
    tmp_path: Path, invoke: Invoke
) -> None:
    """They would answer another question."""
    write_csv(tmp_path / "w.csv", flip(7))
    words = ("census", str(tmp_path / "w.csv"), "-o", str(tmp_path / "out.jsonl"))
    invoke(*words)

    result = invoke(*words, "--resume", "--tolerance", "1e-6")

    assert 2 == result.status
    assert "line 1 was made with" in result.complaint()
    assert "write to another file" in result.complaint()


@pytest.mark.parametrize("jobs", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_an_interrupt_leaves_a_file_to_resume(jobs: str, tmp_path: Path) -> None:
    """Status 130, one line, whole records, and the rest is made later."""
    # So many that a busy machine cannot be done before it is interrupted.
    write_many(tmp_path / "many.npy", MANY)
    results = tmp_path / "results.jsonl"
    words = ("census", str(tmp_path / "many.npy"), "-o", str(results), "--jobs", jobs)

    process = start(*words)
    wait_for_lines(process, results, 3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert (130, "", "interrupted") == (process.returncode, out, err.strip())
    assert 3 <= len(records_of(results)) < MANY


def finish(process: subprocess.Popen[str]) -> int:
    """Wait for a process and return its exit status."""
    process.communicate(timeout=300)
    return process.returncode


def wait_for_lines(process: subprocess.Popen[str], path: Path, count: int) -> None:
    """Wait until a file has so many lines, or the process has ended."""
    while process.poll() is None:
        if path.exists() and path.read_bytes().count(b"\n") >= count:
            return
        time.sleep(0.005)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ten_kills_lose_and_double_nothing(jobs: str, tmp_path: Path) -> None:
    """The bytes at the end are those of a census that nobody killed.

    Kills come at random moments: while the program starts, between records, and while
    a record is being written.
    """
    write_many(tmp_path / "many.npy", MANY)
    whole, results = tmp_path / "whole.jsonl", tmp_path / "results.jsonl"
    words = ("census", str(tmp_path / "many.npy"), "--jobs", jobs, "-o")
    assert 0 == finish(start(*words, str(whole)))
    expected = whole.read_bytes()
    rng = random.Random(20210)
    kills = 0

    while kills < 10:
        before = results.read_bytes().count(b"\n") if results.exists() else 0
        process = start(*words, str(results), "--resume")
        if kills % 5 != 4:
            wait_for_lines(process, results, before + rng.randint(1, 20))
        time.sleep(rng.random() * 0.05)
        assert process.poll() is None
        process.kill()
        process.communicate(timeout=60)  # Ends when its workers have ended, too.
        kills += 1
        found = results.read_bytes() if results.exists() else b""
        assert expected.startswith(found)

    assert 0 == finish(start(*words, str(results), "--resume"))
    assert expected == results.read_bytes()
    assert MANY == len(records_of(results))


@pytest.mark.slow
def test_a_dask_cluster_writes_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scheduler and two workers, each a process of its own."""
    distributed = pytest.importorskip("distributed")
    write_collection(tmp_path, monkeypatch)
    write_many(tmp_path / "many.npy", 60)
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    words = ("census", str(tmp_path), "-o")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    )
    with cluster:
        address = cluster.scheduler_address
        status = finish(start(*words, str(two), "--dask", address))

    assert 3 == status == finish(start(*words, str(one)))
    assert one.read_bytes() == two.read_bytes()
    assert 66 == len(records_of(two))


@pytest.mark.slow
def test_a_cluster_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Status 2 and one line."""
    write_csv(tmp_path / "w.csv", flip(7))
    words = ("census", str(tmp_path / "w.csv"), "-o", str(tmp_path / "out.jsonl"))

    process = start(*words, "--dask", "tcp://127.0.0.1:9")
    out, err = process.communicate(timeout=120)

    assert (2, "") == (process.returncode, out)
    assert 1 == len(err.splitlines())
    assert "no Dask scheduler answers at 'tcp://127.0.0.1:9'" in err


@needs_public_data
@pytest.mark.slow
def test_the_published_minima(tmp_path: Path, invoke: Invoke) -> None:
    """Each is a critical point with exact isotropy, and a strict local minimum.

    Their published block sizes and smallest eigenvalues are confirmed.
    """
    results = tmp_path / "results.jsonl"

    result = invoke("census", str(PUBLIC), "-o", str(results), "--jobs", "2", "--json")

    document = result.document()
    assert 0 == result.status
    assert (1012, 1012, 1012) == tuple(
        document[name] for name in ("total", "certified", "minima")
    )
    records = records_of(results)
    assert all(record["point"]["isotropy"] == "exact" for record in records)
    for record in records:
        agrees = record["published"]["agrees"]
        assert agrees.get("blocks", True)
        assert agrees.get("smallest_eigenvalue", {"within": True})["within"]
