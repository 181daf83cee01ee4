"""Mirror of symcrit/cli/main.py."""

import importlib
import subprocess
import sys

import click
import pytest

from symcrit import __version__
from symcrit.cli import main as program
from symcrit.cli.frame import Answer, Status, command
from symcrit.cli.main import COMMANDS, Entry
from symcrit.core.errors import (
    InputError,
    InsufficientPrecisionError,
    RefutedError,
    SymcritError,
    UndecidedError,
)
from symcrit.schemas.load import schema_names
from tests.cli.running import Invoke, invoke_outside

HEAVY = {
    "flint",
    "jsonschema",
    "lark",
    "matplotlib",
    "mpmath",
    "networkx",
    "numpy",
    "scipy",
    "sympy",
    "tabulate",
    "tqdm",
}


@pytest.mark.parametrize(
    "statement",
    [
        "import symcrit",
        "from symcrit.cli.main import main; main(['--help'])",
        "from symcrit.cli.main import main; main(['--version'])",
        "from symcrit.cli.main import main; main(['sries'])",
    ],
    ids=["import", "help", "version", "unknown"],
)
def test_nothing_heavy_is_imported_before_it_is_needed(statement: str) -> None:
    """Oracle: the list of loaded modules in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = set(done.stdout.split())

    assert "symcrit" in loaded
    assert set() == HEAVY & loaded


def test_python_m_is_the_program() -> None:
    """``python -m symcrit --version`` names program and version."""
    result = invoke_outside("--version")

    assert f"symcrit {__version__}\n" == result.out
    assert 0 == result.status


def test_help_lists_every_command(invoke: Invoke) -> None:
    """Each command stands in the help with its summary, and an example at the end."""
    result = invoke("--help")
    words = " ".join(result.out.split())

    assert 0 == result.status
    for name, entry in COMMANDS.items():
        assert f"{name} {entry.summary}" in words
    assert result.out.rstrip().splitlines()[-1].strip().startswith("Example: symcrit ")


@pytest.mark.parametrize("name", list(COMMANDS))
def test_the_table_tells_what_the_command_says_of_itself(name: str) -> None:
    """The summary is the first line of the docstring, and the example is a real one."""
    entry = COMMANDS[name]
    made = getattr(importlib.import_module(entry.module), entry.attribute)

    assert isinstance(made, click.Command)
    assert name == made.name
    assert made.help is not None
    assert entry.summary == made.help.splitlines()[0]
    assert made.epilog is not None
    assert made.epilog.startswith(f"Example: symcrit {name}")


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_a_schema_and_a_help(name: str, invoke: Invoke) -> None:
    """What it prints with ``--json`` is published."""
    result = invoke(name, "--help")

    assert name in schema_names()
    assert 0 == result.status
    assert "--json" in result.out
    assert "None" not in result.out
    assert "Example: symcrit" in result.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["shema"], "error: No such command 'shema'. Did you mean 'schema'? (see "),
        (["--colour"], "error: No such option '--colour' (see "),
        (["schema", "--jsn"], "Did you mean '--json'? (see 'symcrit schema --help')"),
        (["schema", "a", "b"], "error: Got unexpected extra argument (b) (see "),
        ([], "error: Missing command (see 'symcrit --help')"),
    ],
    ids=["command", "option", "spelling", "argument", "nothing"],
)
def test_a_wrong_call_is_one_line(
    words: list[str], message: str, invoke: Invoke
) -> None:
    """Status 2, what is wrong, and where help is."""
    result = invoke(*words)

    assert 2 == result.status
    assert message in result.complaint()


NO = RefutedError("there is no such point")
OPEN = UndecidedError("9 digits", hint="wait")
MORE = InsufficientPrecisionError("open", prec=64)


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (NO, 1, "no: there is no such point"),
        (InputError("k must be\npositive"), 2, "error: k must be positive"),
        (OPEN, 3, "undecided: 9 digits; wait"),
        (MORE, 3, "undecided: open; try more than 64 bits"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_error_has_its_status_and_one_line(
    error: BaseException,
    status: int,
    line: str,
    invoke: Invoke,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """For a person standard output stays empty."""
    install(monkeypatch, error)

    result = invoke("fail")

    assert status == result.status
    assert "" == result.out
    assert [line] == result.err.split("\n")[-2:-1]
    assert "" == result.err.replace(line, "").strip()


@pytest.mark.parametrize("error", [InputError("k = 0"), KeyboardInterrupt(), OSError()])
def test_a_program_reads_nothing_after_an_error(
    error: BaseException, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There was no question, or no time to answer it."""
    monkeypatch.delenv("SYMCRIT_DEBUG", raising=False)
    install(monkeypatch, error)

    result = invoke("fail", "--json")

    assert result.status in {2, 70, 130}
    assert "" == result.out


@pytest.mark.parametrize("name", list(COMMANDS))
@pytest.mark.parametrize(
    ("error", "outcome", "hint"),
    [(NO, "REFUTED", None), (OPEN, "UNKNOWN", "wait"), (MORE, "UNKNOWN", MORE.hint)],
    ids=["no", "open", "precision"],
)
def test_a_program_reads_why_there_is_no_answer(
    name: str,
    error: SymcritError,
    outcome: str,
    hint: str | None,
    invoke: Invoke,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Oracle: the schema of the command, which needs all fields of an answer."""
    install(monkeypatch, error, name)

    result = invoke(name, "--json")
    found = result.document()

    assert Status.of_error(error) == result.status
    assert f"symcrit/{name}@1" == found["schema"]
    assert [False, outcome, str(error), hint] == [
        found[field] for field in ("answered", "outcome", "why", "hint")
    ]
    assert result.err.endswith(f": {error}\n")


def test_a_fault_of_the_program_shows_no_traceback(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line and status 70, unless the traceback is asked for."""
    install(monkeypatch, ZeroDivisionError("division\nby zero"))
    monkeypatch.delenv("SYMCRIT_DEBUG", raising=False)

    result = invoke("fail")

    assert 70 == result.status
    assert "internal error: ZeroDivisionError: division by zero" in result.complaint()

    monkeypatch.setenv("SYMCRIT_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        invoke("fail")


def install(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, name: str = "fail"
) -> None:
    """Add a command that ends with an error, or put it in the place of another."""

    @command(name, example=f"symcrit {name}")
    def fail() -> Answer:
        """Fail."""
        raise error

    monkeypatch.setattr(program, "failing", fail, raising=False)
    table = {**COMMANDS, name: Entry(program.__name__, "failing", "Fail.")}
    monkeypatch.setattr(program, "COMMANDS", table)
