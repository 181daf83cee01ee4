"""The program ``symcrit``: a table of commands, each loaded when it is called."""

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Never

import click
from click.exceptions import NoSuchCommand

from symcrit import __version__
from symcrit.cli.frame import Status
from symcrit.core.errors import SymcritError

__all__ = ["COMMANDS", "Entry", "main", "run"]

INTERNAL_ERROR = 70
INTERRUPTED = 130

_OPENING = {
    Status.NO: "no",
    Status.BAD_INPUT: "error",
    Status.UNDECIDED: "undecided",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command lives, and what ``symcrit --help`` says of it.

    Attributes:
        module: the module that holds the command.
        attribute: the command's name in it.
        summary: the first line of the command's docstring.
    """

    module: str
    attribute: str
    summary: str


COMMANDS: Mapping[str, Entry] = {
    "families": Entry(
        "symcrit.cli.families",
        "list_families",
        "List the families of critical points in the catalog.",
    ),
    "series": Entry(
        "symcrit.cli.series",
        "series",
        "Expand the parameters and the loss of a family in t = k^(-1/2), exactly.",
    ),
    "point": Entry(
        "symcrit.cli.point",
        "point",
        "Certify the critical point of a family at one k.",
    ),
    "spectrum": Entry(
        "symcrit.cli.spectrum",
        "spectrum",
        "Find the spectrum of the Hessian of a family, at one k or for all large k.",
    ),
    "threshold": Entry(
        "symcrit.cli.threshold",
        "threshold",
        "Find the real k at which the Morse index of a family changes.",
    ),
    "prove": Entry(
        "symcrit.cli.prove",
        "prove",
        "Prove existence, error bounds and Morse index of a family for all k at once.",
    ),
    "verify": Entry(
        "symcrit.cli.verify",
        "verify",
        "Compare your expansion of a parameter or the loss with the proved series.",
    ),
    "claims": Entry(
        "symcrit.cli.claims",
        "claims",
        "Confirm or refute the statements of claims files.",
    ),
    "identify": Entry(
        "symcrit.cli.identify",
        "identify",
        "Find isotropy group, block form and nearest family of weight matrices.",
    ),
    "census": Entry(
        "symcrit.cli.census",
        "census",
        "Certify and classify the critical points near all matrices of a collection.",
    ),
    "certify": Entry(
        "symcrit.cli.certify",
        "certify",
        "Certify a critical point: of a family at one k, or near a weight matrix.",
    ),
    "check": Entry(
        "symcrit.cli.check",
        "check",
        "Check certificates by computing everything in them again, with balls.",
    ),
    "sgd": Entry(
        "symcrit.cli.sgd",
        "sgd",
        "Run gradient descent from random starts; certify and classify the ends.",
    ),
    "summarise": Entry(
        "symcrit.cli.summarise",
        "summarise",
        "Write all tables and pictures of a census into a folder.",
    ),
    "lattice": Entry(
        "symcrit.cli.lattice",
        "lattice",
        "List the isotropy types of matrices of a shape, and which contains which.",
    ),
    "derive": Entry(
        "symcrit.cli.derive",
        "derive",
        "Write the derivation report of a family: series, proofs, spectra, checks.",
    ),
    "table": Entry(
        "symcrit.cli.table",
        "table",
        "Print a table of families.",
    ),
    "schema": Entry(
        "symcrit.cli.schema", "schema", "Print the JSON Schema of a command's answer."
    ),
}


class _Commands(click.Group):
    """The commands of ``COMMANDS``; listing them imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        found = getattr(importlib.import_module(entry.module), entry.attribute)
        if not isinstance(found, click.Command):
            msg = f"{entry.module}:{entry.attribute} is no command"
            raise TypeError(msg)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # The inherited method looks for similar names among the commands that are
        # loaded, which are none.
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].summary) for name in COMMANDS])


@click.command(
    cls=_Commands,
    no_args_is_help=False,
    epilog="Example: symcrit schema series",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="symcrit", message="%(prog)s %(version)s")
def _group() -> None:
    """Find the symmetric critical points of student-teacher losses, with proof."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status.

    0 done, 1 the answer is no, 2 bad input, 3 undecided, 70 an error of the program
    itself, 130 interrupted.  Whatever goes wrong is told in one line on standard error;
    with the environment variable ``SYMCRIT_DEBUG`` set an error of the program itself
    shows its traceback.

    Args:
        arguments: the words after ``symcrit``; those of the process if None.

    Example:
        >>> main(["--version"])
        symcrit ...
        0
    """
    try:
        return int(
            _group.main(arguments, prog_name="symcrit", standalone_mode=False) or 0
        )
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted", INTERRUPTED)
    except click.ClickException as error:
        return _fail(f"error: {_usage(error)}", Status.BAD_INPUT)
    except SymcritError as error:
        status = Status.of_error(error)
        return _fail(f"{_OPENING[status]}: {error}", status)
    except Exception as error:
        if os.environ.get("SYMCRIT_DEBUG"):
            raise
        kind = type(error).__name__
        return _fail(
            f"internal error: {kind}: {error} (please report it with the command line; "
            "SYMCRIT_DEBUG=1 shows where it happened)",
            INTERNAL_ERROR,
        )


def run() -> Never:
    """Run the command line of this process and leave it."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter shows its code instead of an error.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main())


def _usage(error: click.ClickException) -> str:
    message = error.format_message()
    context = getattr(error, "ctx", None)
    if context is None:
        return message
    return f"{message.rstrip('.')} (see '{context.command_path} --help')"


def _fail(line: str, status: int) -> int:
    click.echo(" ".join(line.split()), err=True)
    return status
