"""``symcrit census``: what every matrix of a collection is, with proof."""

import json
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symcrit.cli.arguments import FileName, WholeNumber, tolerance_option
from symcrit.cli.frame import Answer, Status, command
from symcrit.core.errors import InputError

if TYPE_CHECKING:
    from symcrit.catalog.tally import Tally

__all__ = ["census"]

MAX_TOLD = 20
"""So many inputs that are not certified are told of on standard error."""


@command(
    "census",
    example="symcrit census Overparameterization/ -o results.jsonl --jobs 2",
    output=False,
    limit=True,
)
@click.argument("paths", nargs=-1, required=True, type=FileName(), metavar="PATH...")
@click.option(
    "-o",
    "--output",
    "results",
    required=True,
    type=FileName(),
    metavar="FILE",
    help="The results: one JSON line for each input, written as soon as it is known.",
)
@click.option(
    "--resume", is_flag=True, help="Continue FILE; without it FILE must not exist."
)
@click.option(
    "--jobs",
    type=WholeNumber(1, 1024),
    default=1,
    show_default=True,
    metavar="N",
    help="Work in N processes.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Work on the Dask cluster with this scheduler, such as tcp://host:8786.",
)
@tolerance_option
@click.option(
    "--certificates",
    "folder",
    type=FileName(folder=True),
    metavar="DIR",
    help="Also write the certificate of each critical point to DIR, for symcrit check.",
)
def census(
    paths: tuple[Path, ...],
    results: Path,
    resume: bool,
    jobs: int,
    dask: str | None,
    tolerance: float | None,
    folder: Path | None,
) -> Answer:
    """Certify and classify the critical points near all matrices of a collection.

    PATH is a file that ``identify`` reads, or a folder of such files.  The results are
    the same for any number of processes, and a run that was stopped, by
    --time-limit too, or killed at any moment is continued with --resume.
    """
    from symcrit.catalog.census import Settings, collect, examine_fully, remaining
    from symcrit.catalog.results import RECORD_SCHEMA
    from symcrit.catalog.tally import Tally
    from symcrit.cli.progress import progress
    from symcrit.core.files import make_folder, write_text
    from symcrit.core.journal import open_journal
    from symcrit.core.workers import map_in_order
    from symcrit.symmetry.coincidence import DEFAULT_TOLERANCE

    if dask is not None and jobs != 1:
        msg = "give --jobs or --dask, not both"
        raise InputError(msg)
    if dask is not None:
        _check_dask(dask)
    tolerance = DEFAULT_TOLERANCE if tolerance is None else tolerance
    settings = Settings(tolerance, certificates=folder is not None)
    started = time.monotonic()
    inputs = collect(paths, jobs=jobs)
    with open_journal(results, RECORD_SCHEMA, resume=resume) as journal:
        missing = remaining(inputs, journal.records, settings, where=str(results))
        wanted = {item.key for item in inputs}
        tally = Tally.of(r for r in journal.records if r["key"] in wanted)
        if folder is not None:
            make_folder(folder)
        examine = partial(examine_fully, settings=settings)
        found = map_in_order(examine, missing, jobs=jobs, scheduler=dask)
        bar = progress(found, label="certifying", total=len(missing))
        for record, certificate in bar:
            if folder is not None and certificate is not None:
                path = folder / f"{certificate['sha256']}.json"
                write_text(path, json.dumps(certificate, indent=2) + "\n")
            journal.append(record)
            tally.add(record)
    return _answer(tally, results, time.monotonic() - started)


def _check_dask(address: str) -> None:
    from symcrit.core.workers import check_scheduler

    try:
        check_scheduler(address)
    except InputError as error:
        message = f"--dask: {error}"
        raise InputError(message) from error


def _answer(tally: "Tally", results: Path, seconds: float) -> Answer:
    document = {
        **tally.counts(),
        "seconds": round(seconds, 3),
        "path": str(results),
    }

    def text() -> str:
        return (
            "\n".join(
                f"{name:10} {value}"
                for name, value in document.items()
                if name not in ("seconds", "path")
            )
            + f"\nwritten to {results} in {seconds:.1f} s"
        )

    statuses = [Status.DONE]
    if tally.refused:
        statuses.append(Status.BAD_INPUT)
    if tally.undecided:
        statuses.append(Status.UNDECIDED)
    told = tally.reasons[:MAX_TOLD]
    if more := len(tally.reasons) - len(told):
        told.append(f"and {more} more; {results} has the reasons of all")
    return Answer(document, text, Status.worst(statuses), tuple(told))
