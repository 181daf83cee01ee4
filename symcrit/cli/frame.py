"""What every command shares: its options, its one answer, its exit status.

A command is a function from its arguments to an ``Answer``; ``command`` adds the
options that all have (``--json``, ``-o``, ``-v``, ``-q``) and prints or writes the
answer.  The function prints nothing itself: standard output holds one document or one
text, or, after an error, nothing.  That a question is refuted or open is no error for a
program: it reads a document that says so.
"""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from typing import Self

import click

from symcrit.cli.arguments import SECONDS, FileName
from symcrit.cli.limits import time_limit
from symcrit.cli.unanswered import unanswered
from symcrit.core.errors import InputError, RefutedError, SymcritError, UndecidedError
from symcrit.core.files import check_writable, write_text
from symcrit.core.truth import Truth

__all__ = ["Answer", "Status", "command", "is_quiet", "to_json"]

_QUIET = "symcrit.quiet"


class Status(IntEnum):
    """The exit status of a command.

    Example:
        >>> Status.worst([Status.DONE, Status.UNDECIDED, Status.NO])
        <Status.NO: 1>
    """

    DONE = 0
    NO = 1
    BAD_INPUT = 2
    UNDECIDED = 3

    @classmethod
    def of(cls, answer: Truth) -> Self:
        """Return the status that says TRUE, FALSE or UNKNOWN."""
        if answer.is_true:
            return cls(cls.DONE)
        return cls(cls.NO) if answer.is_false else cls(cls.UNDECIDED)

    @classmethod
    def of_error(cls, error: SymcritError) -> Self:
        """Return the status that tells this kind of error."""
        if isinstance(error, InputError):
            return cls(cls.BAD_INPUT)
        if isinstance(error, RefutedError):
            return cls(cls.NO)
        if isinstance(error, UndecidedError):
            return cls(cls.UNDECIDED)
        msg = f"{type(error).__name__} has no exit status"
        raise TypeError(msg)

    @classmethod
    def worst(cls, statuses: Iterable[Self]) -> Self:
        """Return the status of several inputs: 2 beats 1 beats 3 beats 0."""
        rank = (cls.DONE, cls.UNDECIDED, cls.NO, cls.BAD_INPUT)
        return cls(max(statuses, key=rank.index, default=cls.DONE))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found, for a program and for a person.

    Attributes:
        document: the fields of the JSON document, without ``schema``.
        text: makes the same for a person, without a final line end; not called for
            ``--json``, so that a program does not pay for printed algebra.
        status: the exit status.
        notes: lines for standard error: what was reached, what might decide the rest.
        content: what ``-o`` writes in place of the JSON document, such as a table; if
            it is the text, it is then not printed as well.
        errors: lines for standard error: what is wrong with those of several inputs
            that have no answer.
    """

    document: Mapping[str, object]
    text: Callable[[], str]
    status: Status = Status.DONE
    notes: tuple[str, ...] = ()
    content: str | None = None
    errors: tuple[str, ...] = ()


def command(
    name: str,
    *,
    example: str,
    output: bool = True,
    limit: bool = False,
    kind: type[click.Command] = click.Command,
) -> Callable[[Callable[..., Answer]], click.Command]:
    """Return a decorator that makes a command of a function that returns an ``Answer``.

    Args:
        name: the command's name, also in ``"schema": "symcrit/<name>@1"``.
        example: a command line that works, shown at the end of ``--help``.
        output: whether ``-o FILE`` writes the answer; a command that gives ``-o``
            another meaning says False and declares its own.
        limit: whether ``--time-limit SECONDS`` stops the function.
        kind: the class of the command, where its words are to be read in another way.

    Example:
        >>> @command("echo", example="symcrit echo hello")
        ... @click.argument("word")
        ... def echo(word: str) -> Answer:
        ...     return Answer({"word": word}, lambda: word)
        >>> echo.main(["hello"], standalone_mode=False)
        hello
        <Status.DONE: 0>
    """

    def decorate(function: Callable[..., Answer]) -> click.Command:
        def callback(
            *,
            as_json: bool,
            verbose: int,
            quiet: bool,
            output_file: Path | None = None,
            seconds: Fraction | None = None,
            **arguments: object,
        ) -> int:
            click.get_current_context().meta[_QUIET] = quiet
            if output_file is not None:
                check_writable(output_file)
            try:
                with (
                    _log_to_stderr(verbose, quiet=quiet),
                    nullcontext() if seconds is None else time_limit(float(seconds)),
                ):
                    answer = function(**arguments)
            except (RefutedError, UndecidedError) as error:
                if as_json:
                    document = unanswered(name, arguments, error)
                    _print(to_json({"schema": _schema_of(name), **document}))
                raise
            _deliver(name, answer, as_json=as_json, output_file=output_file)
            return answer.status

        made = click.command(name, cls=kind, epilog=f"Example: {example}")(callback)
        made.help = made.short_help = function.__doc__
        made.params = [
            *reversed(getattr(function, "__click_params__", [])),
            *_shared_options(output=output, limit=limit),
        ]
        return made

    return decorate


def is_quiet() -> bool:
    """Return whether the running command was told with ``-q`` to be quiet."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_QUIET))


def to_json(document: Mapping[str, object]) -> str:
    """Return a JSON text of ASCII characters, the same for equal documents.

    Raises:
        ValueError: a float in the document is no JSON number.
    """
    return json.dumps(document, indent=2, allow_nan=False)


def _shared_options(*, output: bool, limit: bool) -> list[click.Option]:
    options = [
        click.Option(
            ["--json", "as_json"], is_flag=True, help="Print one JSON document."
        ),
        click.Option(
            ["-v", "--verbose"], count=True, help="Tell more; -vv still more."
        ),
        click.Option(["-q", "--quiet"], is_flag=True, help="No progress, no warnings."),
    ]
    if limit:
        help_text = "Give up after so many seconds, with exit status 3."
        options.insert(
            0,
            click.Option(
                ["--time-limit", "seconds"], type=SECONDS, metavar="S", help=help_text
            ),
        )
    if output:
        options.insert(
            0,
            click.Option(
                ["-o", "--output", "output_file"],
                type=FileName(),
                metavar="FILE",
                help="Write the result to FILE, whole or not at all.",
            ),
        )
    return options


@contextmanager
def _log_to_stderr(verbose: int, *, quiet: bool) -> Iterator[None]:
    logger = logging.getLogger("symcrit")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("symcrit: %(message)s"))
    before = logger.level
    levels = [logging.WARNING, logging.INFO, logging.DEBUG]
    logger.setLevel(logging.ERROR if quiet else levels[min(verbose, 2)])
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


def _deliver(
    name: str, answer: Answer, *, as_json: bool, output_file: Path | None
) -> None:
    document = {"schema": _schema_of(name), **answer.document}
    lines = []
    if not as_json:
        text = answer.text()
        in_file = "" if output_file is None else (answer.content or "").rstrip("\n")
        if text != in_file:
            lines.append(text)
    if output_file is not None:
        content = to_json(document) if answer.content is None else answer.content
        write_text(output_file, content.rstrip("\n") + "\n")
        document["path"] = str(output_file)
        lines.append(f"written to {output_file}")
    for note in answer.notes:
        click.echo(f"note: {note}", err=True)
    for error in answer.errors:
        click.echo(f"error: {error}", err=True)
    _print(to_json(document) if as_json else "\n".join(lines))


def _schema_of(name: str) -> str:
    return f"symcrit/{name}@1"


def _print(text: str) -> None:
    try:
        click.echo(text)
    except OSError as error:
        # What Python still holds back for standard output would raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            msg = f"standard output: cannot be written: {error.strerror}"
            raise InputError(msg) from None
