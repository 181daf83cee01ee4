"""Mirror of symcrit/certificates/checker.py: whole certificates."""

import ast
import copy
import json
import re
import subprocess
import sys
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import symcrit
from symcrit.certificates import checker
from symcrit.certificates.checker import BadCertificate, check, parse, read
from symcrit.schemas.load import validate
from tests.certificates.making import certificate, from_point, sealed

HERE = Path(checker.__file__)

OTHERS: dict[str, dict[str, Any]] = {
    # more neurons than inputs: the special one of type II, split
    "more neurons": {
        "pattern": "n=k-1: rows 1,n,1 cols 1,n",
        "start": [-0.51, 0.06, 0.2, 0.99, -0.02, -0.19, 0.11],
        "variables": {"k": Fraction(9)},
    },
    "fewer neurons": {
        "pattern": "n=k: rows n cols 1,n target 1,n",
        "start": [0.14, 1.12, -0.02],
        "variables": {"k": Fraction(7)},
    },
    "trivial group": {
        "pattern": "3*1",
        "start": [0.38, -0.16, 0.05, -0.06, 2.12, 0.13, 0.75, 0.09, 0.22],
        "variables": {},
        "target": {"a_1": Fraction(1), "a_2": Fraction(2), "a_3": Fraction(1, 2)},
    },
    "tensor": {
        "pattern": "1+(k-1)",
        "start": [2, 0.01, 0, 1, 0.01],
        "variables": {"k": Fraction(6)},
        "kernel": "c^3",
        "target": {"a_1": Fraction(2), "a_2": Fraction(1)},
    },
}


@cache
def of_family(name: str, k: str) -> dict[str, Any]:
    """The certificate of a family's point."""
    family = symcrit.family(name)
    point = family.point(k=k, digits=25)
    text = f"{name[5:]}+(k-{name[5:]})" if ":" in name else ""
    return from_point(family.landscape, point.proof, text=text)


@pytest.mark.parametrize(
    ("name", "k"),
    [
        *[("A", "6"), ("II", "6"), ("II", "20"), ("I", "15"), ("M", "7")],
        *[("flip:3", "11"), ("II", "1000000000000"), ("II", "15/2"), ("M", "9.25")],
    ],
)
def test_points_of_families_are_verified(name: str, k: str) -> None:
    """Types A, I, II, M at small, huge and fractional k."""
    document = of_family(name, k)
    if (name, k) == ("II", "3"):
        document = sealed(
            {**document, "claim": {**document["claim"], "isotropy": None}}
        )

    found = check(read(document))

    assert ("VERIFIED", "") == (found.outcome, found.why)


@pytest.mark.parametrize("name", OTHERS)
def test_other_landscapes_are_verified(name: str) -> None:
    """Other kernels, targets and patterns."""
    found = check(read(certificate(**OTHERS[name])))

    assert ("VERIFIED", "") == (found.outcome, found.why)


def test_the_checker_imports_the_standard_library_only() -> None:
    """Read off its text."""
    tree = ast.parse(HERE.read_text())
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")

    assert names
    assert {n.partition(".")[0] for n in names} <= sys.stdlib_module_names


def test_a_copy_of_the_file_runs_alone(tmp_path: Path) -> None:
    """Isolated from the package and from everything that is installed."""
    program = tmp_path / "checker.py"
    program.write_bytes(HERE.read_bytes())
    (tmp_path / "c.json").write_text(json.dumps(of_family("II", "6")))

    done = subprocess.run(
        [sys.executable, "-I", "-S", str(program), "c.json", "--json"],
        capture_output=True,
        cwd=tmp_path,
        check=True,
        text=True,
    )

    assert ["VERIFIED"] == [r["outcome"] for r in json.loads(done.stdout)["results"]]
    assert "" == done.stderr


def edited(**claim: Any) -> dict[str, Any]:
    """A certificate of type II at k = 6 with another claim, words and hash."""
    document = copy.deepcopy(of_family("II", "6"))
    document["claim"].update(claim)
    return sealed(document)


def run(tmp_path: Path, *documents: Any) -> int:
    """The exit status of the checker."""
    paths = []
    for i, document in enumerate(documents):
        path = tmp_path / f"{i}.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        paths.append(str(path))
    return checker.main(paths)


def test_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bad input beats rejected beats not established beats verified."""
    good = of_family("II", "6")
    false = edited(morse_index="3")
    unknown = copy.deepcopy(good)
    unknown["evidence"]["preconditioner"] = [["0*2^0"] * 5] * 5
    unknown = sealed(unknown)

    assert 0 == run(tmp_path, good)
    assert 1 == run(tmp_path, unknown, false, good)
    assert 3 == run(tmp_path, good, unknown)
    assert "" == capsys.readouterr().err
    assert 2 == run(tmp_path, good, false, "{")
    shown = capsys.readouterr()
    assert ["VERIFIED", "REJECTED"] == re.findall(r"json: ([A-Z]+)", shown.out)
    assert 1 == len(shown.err.splitlines())
    assert 2 == run(tmp_path, "{", "[")
    shown = capsys.readouterr()
    assert "" == shown.out
    assert 2 == len(shown.err.splitlines())


def test_what_is_no_certificate_is_told_of_beside_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Oracle: the schema of 'symcrit check', and the line on standard error."""
    (tmp_path / "good.json").write_text(json.dumps(of_family("II", "6")))
    (tmp_path / "bad.json").write_text("{")
    paths = [str(tmp_path / name) for name in ("bad.json", "good.json")]

    status = checker.main([*paths, "--json"])
    shown = capsys.readouterr()
    found = json.loads(shown.out)

    assert 2 == status
    validate(found, "check", where="symcrit-check")
    assert paths[1:] == [each["file"] for each in found["results"]]
    assert [(paths[0], shown.err.strip())] == [
        (each["file"], f"{each['file']}: {each['why']}") for each in found["refused"]
    ]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([], "symcrit-check: error: the following arguments are required: CERT.json"),
        (["--foo", "x"], "symcrit-check: error: unrecognized arguments: --foo"),
        (["--extra-bits", "many", "x"], "symcrit-check: error: argument --extra-bits"),
    ],
)
def test_a_wrong_call_is_one_line(
    words: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As for every command: status 2, and where help is."""
    with pytest.raises(SystemExit) as caught:
        checker.main(words)
    shown = capsys.readouterr()

    assert 2 == caught.value.code
    assert "" == shown.out
    assert shown.err.startswith(line)
    assert shown.err.endswith(" (see 'symcrit-check --help')\n")
    assert 1 == len(shown.err.splitlines())


def test_a_file_that_cannot_be_read_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the number that the system gives the error."""
    absent = str(tmp_path / "absent.json")

    assert 2 == checker.main([absent])
    assert f"{absent}: No such file or directory\n" == capsys.readouterr().err


def test_a_wrong_hash_is_bad_input() -> None:
    """As CONTRACT has it: not false, but malformed."""
    document = {**of_family("II", "6"), "sha256": "0" * 64}

    with pytest.raises(BadCertificate, match="SHA-256"):
        read(document)


def test_a_path_is_no_part_of_a_certificate() -> None:
    """As the command that wrote it prints it."""
    document = {**of_family("II", "6"), "path": "somewhere.json"}

    assert "VERIFIED" == check(read(document)).outcome


@pytest.mark.parametrize(
    "text",
    [
        *["", "{", "[]", "null", "1", "NaN", "[" * 100000, '{"a": 1, "a": 2}'],
        *['{"a": 0.5}', "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe"],
    ],
    ids=repr,
)
def test_malformed_files_are_refused(text: str | bytes) -> None:
    """One line, whatever the fault."""
    with pytest.raises(BadCertificate) as caught:
        parse(text)
    assert "\n" not in str(caught.value)
