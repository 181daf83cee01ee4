"""Mirror of symcrit/cli/derive.py."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from symcrit.catalog.family import Family
from symcrit.catalog.quantities import FamilySeries
from symcrit.core.truth import Truth
from symcrit.report import material
from symcrit.report.material import Sample
from tests.cli.running import Invoke, invoke_outside, listen_to_interrupts

CUSTOM = """
schema = "symcrit/family@1"
name = "mine: A"
pattern = "k"
kernel = "relu"
source = "a test"
[limit]
a_1 = "-1"
"""

SHORT = ("derive", "A", "--order", "3", "--formats", "md", "--no-spectra", "-o")
"""A short report, into the folder that follows."""


@pytest.mark.slow
def test_the_answer_names_files_and_statements(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit status 0, one document, and the files that it names."""
    monkeypatch.setattr("symcrit.report.spectral._HISTOGRAM_SIZES", (5,))
    monkeypatch.setattr("symcrit.report.spectral.families", lambda: ("A",))
    folder = tmp_path / "new" / "report"
    words = ("derive", "A", "--order", "4", "--formats", "md", "-o", str(folder))
    result = invoke(*words, "--json")
    document = result.document()

    assert 0 == result.status
    assert "" == result.err
    assert {"md": str(folder / "report.md")} == document["report"]
    assert str(folder) == document["path"]
    assert all(Path(path).is_file() for path in document["tables"])
    assert {"CONFIRMED"} == {x["outcome"] for x in document["statements"]}
    ids = [x["id"] for x in document["statements"]]
    assert {"series.a_1.2", "index.20", "threshold.1"} <= set(ids)
    for statement in document["statements"]:
        assert set(statement["depends_on"]) <= set(ids)
        assert [] == statement["hangs_on"]
    again = invoke(*words, "--no-spectra")
    assert 0 == again.status
    assert f"{folder / 'report.md'}\n" in again.out
    assert "established" in again.out


def test_a_family_of_ones_own(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its path does not show on the page; the folder is named after the family."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text(CUSTOM, encoding="utf-8")
    (tmp_path / "names.toml").write_text('[names]\no_1 = "off"\n', encoding="utf-8")
    path = str(tmp_path / "own.toml")
    names = str(tmp_path / "names.toml")
    result = invoke(
        "derive",
        path,
        "--order",
        "3",
        "--formats",
        "md",
        "--no-spectra",
        "--notation",
        names,
    )
    page = (tmp_path / "report-mine-A" / "report.md").read_text(encoding="utf-8")

    assert 0 == result.status
    assert (
        "symcrit derive own.toml --order 3 --formats md --notation names.toml"
        " --no-spectra" in page
    )
    assert str(tmp_path) not in page
    assert r"\mathrm{off}" in page


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["derive", "nope"], "unknown family 'nope'"),
        (["derive", "A", "--formats", "md,docx"], "formats are md, html, tex, pdf"),
        (["derive", "A", "--order", "0"], "should be an integer from 1 to 60, got '0'"),
        (["derive", "A", "-o", "FILE"], "FILE"),
        (["derive", "A", "-o", "FILE/below"], "FILE"),
        (["derive", "A", "--notation", "absent.toml"], "absent.toml: no such file"),
    ],
    ids=["family", "format", "order", "file", "below", "notation"],
)
def test_bad_input_is_refused_in_one_line(
    invoke: Invoke, tmp_path: Path, words: list[str], complaint: str
) -> None:
    """Exit status 2, before anything is computed."""
    file = tmp_path / "FILE"
    file.write_text("", encoding="utf-8")
    started = time.monotonic()
    result = invoke(*(word.replace("FILE", str(file)) for word in words))

    assert 2 == result.status
    assert complaint in result.complaint()
    assert [file] == list(tmp_path.iterdir())
    assert time.monotonic() - started < 5


def test_a_wrong_limit_is_refuted(invoke: Invoke, tmp_path: Path) -> None:
    """Exit status 1: there is no such branch."""
    file = tmp_path / "own.toml"
    file.write_text(CUSTOM.replace('"-1"', '"2"'), encoding="utf-8")
    result = invoke("derive", str(file), "-o", str(tmp_path / "report"))

    assert 1 == result.status
    assert "limit" in result.complaint()
    assert [file] == list(tmp_path.iterdir())


def test_a_refuted_statement_is_told(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit status 1, the page is written, and shows what hangs on it."""
    right = Family.series

    def wrong(self: Family, *args: int, **kwargs: int) -> FamilySeries:
        found = right(self, *args, **kwargs)  # type: ignore[arg-type]
        quantity = found["a_1"]
        (n, c), *others = quantity.terms
        broken = replace(quantity, terms=((n, c + 1), *others))
        return replace(found, quantities={**found.quantities, "a_1": broken})

    monkeypatch.setattr(Family, "series", wrong)
    folder = tmp_path / "report"
    result = invoke(*SHORT, str(folder), "--json")
    statements = {x["id"]: x for x in result.document()["statements"]}

    assert 1 == result.status
    assert "REFUTED" == statements["series.a_1.0"]["outcome"]
    assert ["series.a_1.0"] == statements["lemma.series"]["hangs_on"][:1]
    assert "CONFIRMED" == statements["series.o_1.2"]["outcome"]
    assert "note: series.a_1.0" in result.err
    page = (folder / "report.md").read_text(encoding="utf-8")
    assert "**REFUTED**" in page


def test_an_open_statement_is_told(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit status 3 if a point could not be certified."""
    monkeypatch.setattr(
        material, "_sample", lambda _, k: Sample(k, None, Truth.UNKNOWN, "no luck")
    )
    folder = tmp_path / "report"
    result = invoke(*SHORT, str(folder))

    assert 3 == result.status
    assert "note: point.10" in result.err
    page = (folder / "report.md").read_text(encoding="utf-8")
    assert "nothing is proved: no luck" in page


@pytest.mark.slow
def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C at any moment: exit status 130 and no file."""
    for seconds in (0.5, 1.5, 2.5, 3.5):
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "symcrit",
                "derive",
                "M",
                "--order",
                "12",
                "-o",
                "x",
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            preexec_fn=listen_to_interrupts,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)

        assert process.returncode in (130, -signal.SIGINT)
        assert b"Traceback" not in err or process.returncode < 0
        assert [] == list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["A", "I", "II", "M", "flip:3"])
def test_every_family_has_a_report_in_every_format(name: str, tmp_path: Path) -> None:
    """A whole process, all formats."""
    result = invoke_outside("derive", name, "--json", cwd=tmp_path)

    assert 0 == result.status
    assert {"md", "html", "tex", "pdf"} == set(result.document()["report"])
