"""``symcrit certify``: a critical point with everything that proves it."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from symcrit.cli.arguments import SIZE, FileName, WholeNumber, tolerance_option
from symcrit.cli.frame import Answer, Status, command
from symcrit.core.errors import InputError, RefutedError, UndecidedError

if TYPE_CHECKING:
    from symcrit.catalog.family import Family
    from symcrit.catalog.matrices_io import Neurons, StoredMatrix
    from symcrit.certificates.documents import Certificate
    from symcrit.certify.matrices import MatrixOutcome

__all__ = ["certify"]

_DIGITS = 20


@command("certify", example="symcrit certify II --k 20 -o cert.json", limit=True)
@click.argument("subject", metavar="FAMILY|FILE")
@click.option("--k", type=SIZE, help="Integer, fraction or decimal; for a family.")
@click.option(
    "--digits",
    type=WholeNumber(1, 1000),
    help="Digits of a family's point; more of them settle signs near a threshold."
    " Default 20.",
)
@tolerance_option
@click.option(
    "--neurons",
    type=click.Choice(["auto", "rows", "columns"]),
    help="Which side of a matrix holds the neurons. Default auto.",
)
@click.option("--variable", metavar="NAME", help="Read only this array of the file.")
@click.option(
    "--index",
    type=WholeNumber(0),
    metavar="N",
    help="Which matrix of a file with several, from 0.",
)
@click.option(
    "--store",
    type=FileName(folder=True),
    metavar="DIR",
    help="Keep certificates in DIR and use those found there, checked again. Default:"
    " the folder that SYMCRIT_STORE names, if it is set.",
)
def certify(
    subject: str,
    k: Fraction | None,
    digits: int | None,
    tolerance: float | None,
    neurons: Literal["auto", "rows", "columns"] | None,
    variable: str | None,
    index: int | None,
    store: Path | None,
) -> Answer:
    """Certify a critical point: of a family at one k, or near a weight matrix.

    FILE is .npy, .npz, .mat, .csv or .json, or a pickle (.p, .pkl) of published
    minima.  The certificate can be checked with 'symcrit check'.
    """
    from symcrit.catalog.matrices_io import is_readable
    from symcrit.catalog.questions import question_of_family, question_of_matrix
    from symcrit.catalog.store import store_at
    from symcrit.symmetry.coincidence import DEFAULT_TOLERANCE

    place = store_at(store)
    make: Callable[[], Certificate]
    if is_readable(Path(subject)):
        _refuse(f"{subject} is a file of matrices", {"--k": k, "--digits": digits})
        stored = _choose(Path(subject), variable, index)
        tolerance = DEFAULT_TOLERANCE if tolerance is None else tolerance
        neurons = neurons or "auto"
        question = question_of_matrix(stored, tolerance, neurons)
        make = partial(_near_matrix, stored, tolerance, neurons)
    else:
        found = _family(
            subject,
            {
                "--tolerance": tolerance,
                "--neurons": neurons,
                "--variable": variable,
                "--index": index,
            },
        )
        if k is None:
            message = f"family {subject!r} needs a number of neurons, such as --k 20"
            raise InputError(message)
        digits = digits or _DIGITS
        question = question_of_family(found, k, digits)
        make = partial(found.certify, k, digits=digits)
    certificate = make() if place is None else place.answer(question, make)
    open_ = certificate.claim.open_questions
    return Answer(
        certificate.document,
        lambda: _text(certificate),
        Status.UNDECIDED if open_ else Status.DONE,
        open_,
    )


def _family(subject: str, for_files: Mapping[str, object]) -> "Family":
    """The family of a name, asked for without the options that are for files."""
    from symcrit.catalog.families import family

    try:
        found = family(subject)
    except InputError:
        if Path(subject).is_dir():
            message = f"{subject}: is a folder; choose a file, or take 'symcrit census'"
            raise InputError(message) from None
        raise
    _refuse(f"{subject} is a family", for_files)
    return found


def _refuse(what: str, options: Mapping[str, object]) -> None:
    """Refuse options that were given and would change nothing."""
    for option, value in options.items():
        if value is not None:
            message = f"{what}, which takes no {option}"
            raise InputError(message)


def _choose(path: Path, variable: str | None, index: int | None) -> "StoredMatrix":
    """The one matrix of a file that is meant."""
    from symcrit.catalog.matrices_io import read_matrices

    stored = read_matrices(path, variable)
    if index is None and len(stored) > 1:
        message = (
            f"{path} holds {len(stored)} matrices; choose one by --index 0 to"
            f" {len(stored) - 1}, or take 'symcrit census' for all of them"
        )
        raise InputError(message)
    if (index or 0) >= len(stored):
        message = f"{path} holds {len(stored)} matrices, none of --index {index}"
        raise InputError(message)
    return stored[index or 0]


def _near_matrix(
    stored: "StoredMatrix",
    tolerance: float,
    neurons: "Neurons | Literal['auto']",
) -> "Certificate":
    from symcrit.catalog.certificates import certify_stored

    outcome, source = certify_stored(stored, tolerance=tolerance, neurons=neurons)
    if outcome.point is None:
        _require_no_zero_neuron(stored, outcome)
        message = f"{stored.name}: {'; '.join(outcome.reasons)}"
        if outcome.critical.is_false:
            raise RefutedError(message)
        raise UndecidedError(message, hint="try a matrix that is closer to a point")
    return outcome.certificate(source)


def _require_no_zero_neuron(stored: "StoredMatrix", outcome: "MatrixOutcome") -> None:
    zero = [i for i, row in enumerate(outcome.form.matrix) if not row.any()]
    if zero:
        message = (
            f"{stored.name}: neuron {zero[0]} (counted from 0) is zero, where the loss"
            " has one-sided derivatives only; move it or leave it out"
        )
        raise InputError(message)


def _text(certificate: "Certificate") -> str:
    lines = certificate.words.replace(". ", ".\n")
    return f"{lines}\n\nsha256 {certificate.sha256}"
