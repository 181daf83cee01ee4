"""``symcrit sgd``: where seeded runs of gradient descent end, with proof."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symcrit.cli.arguments import FileName, WholeNumber
from symcrit.cli.frame import Answer, Status, command

if TYPE_CHECKING:
    from symcrit.catalog.descent import Descent
    from symcrit.catalog.results import Result
    from symcrit.catalog.tally import Tally

__all__ = ["sgd"]


@command(
    "sgd",
    example="symcrit sgd --k 12 --runs 200 --seed 1 -o descent.jsonl",
    output=False,
    limit=True,
)
@click.option("--k", type=WholeNumber(1), required=True, metavar="K", help="Neurons.")
@click.option(
    "--d", type=WholeNumber(1), metavar="D", help="Inputs and targets. Default K."
)
@click.option(
    "--runs",
    type=WholeNumber(1),
    default=100,
    show_default=True,
    metavar="N",
    help="Random starts.",
)
@click.option(
    "--seed",
    type=WholeNumber(0),
    default=0,
    show_default=True,
    metavar="S",
    help="Equal seeds give equal starts.",
)
@click.option(
    "--steps", type=WholeNumber(1), metavar="N", help="At most N steps a run."
)
@click.option(
    "-o",
    "--output",
    "results",
    type=FileName(),
    metavar="FILE",
    help="Write what was found as symcrit census does, one JSON line for each point.",
)
@click.option(
    "--weights",
    type=FileName(),
    metavar="FILE",
    help="Write the matrices, one for each point, to FILE.npy.",
)
def sgd(
    k: int,
    d: int | None,
    runs: int,
    seed: int,
    steps: int | None,
    results: Path | None,
    weights: Path | None,
) -> Answer:
    """Run gradient descent from random starts; certify and classify the ends.

    The loss is the expectation over all inputs in closed form, the step 5/k, as in the
    published experiments.
    """
    from symcrit.catalog.census import Settings, examine
    from symcrit.catalog.descent import MAX_STEPS, descend, ends_as_inputs, stack_of
    from symcrit.catalog.results import RECORD_SCHEMA, Result
    from symcrit.catalog.tally import Tally
    from symcrit.cli.progress import progress, stage_bar
    from symcrit.core.files import check_writable, write_bytes, write_text
    from symcrit.symmetry.coincidence import DEFAULT_TOLERANCE

    for path in (results, weights):
        if path is not None:
            check_writable(path)
    with stage_bar("descending") as report:
        found = descend(
            k, d=d, runs=runs, seed=seed, max_steps=steps or MAX_STEPS, report=report
        )
    settings = Settings(DEFAULT_TOLERANCE)
    inputs = ends_as_inputs(found)
    records = [
        {"schema": RECORD_SCHEMA, **examine(item, settings)}
        for item in progress(inputs, label="certifying")
    ]
    if results is not None:
        write_text(results, "".join(f"{json.dumps(record)}\n" for record in records))
    if weights is not None:
        write_bytes(weights, stack_of(found))
    points = [Result.of(record) for record in records]
    return _answer(found, points, Tally.of(records), results)


def _answer(
    found: "Descent",
    points: "list[Result]",
    tally: "Tally",
    results: Path | None,
) -> Answer:
    fields: dict[str, object] = {
        "k": found.k,
        "d": found.d,
        "runs": found.runs,
        "seed": found.seed,
        "steps": found.steps,
        "moving": found.moving,
        "bad": sum(p.frequency for p in points if not p.is_target),
        **tally.counts(),
        "points": [_point(point) for point in points],
    }
    if results is not None:
        fields["path"] = str(results)

    def text() -> str:
        return _table(found, points)

    notes = list(tally.reasons)
    if found.moving:
        notes.append(
            f"{found.moving} of {found.runs} runs had not ended after {found.steps}"
            " steps; raise --steps"
        )
    status = Status.UNDECIDED if notes else Status.DONE
    return Answer(fields, text, status, tuple(notes))


def _point(point: "Result") -> dict[str, object]:
    steps, maximal = point.place or (None, None)
    return {
        "pattern": point.pattern,
        "frequency": point.frequency,
        "likeness": point.likeness,
        "steps": steps,
        "maximal": maximal,
        "outcome": point.outcome,
        "kind": point.kind,
        "morse_index": point.index,
        "loss": point.loss,
        "smallest_eigenvalue": point.smallest,
    }


def _table(found: "Descent", points: "list[Result]") -> str:
    from tabulate import tabulate

    rows = []
    for point in points:
        steps, maximal = point.place or ("?", False)
        loss = "" if point.loss is None else f"{float(point.loss):.8f}"
        shown = [point.pattern, steps, "yes" if maximal else "", point.kind or "open"]
        share = f"{100 * point.frequency / found.runs:.1f}"
        rows.append([point.frequency, share, *shown, loss])
    head = ["runs", "%", "pattern", "steps", "maximal", "kind", "loss"]
    return tabulate(rows, head, disable_numparse=True)
