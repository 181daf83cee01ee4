"""Mirror of symcrit/catalog/results.py."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from symcrit.catalog.results import RECORD_SCHEMA, Result, experiments, read_results
from symcrit.core.errors import InputError
from symcrit.schemas.load import validate

__all__ = ["record"]


def record(**changes: object) -> dict[str, Any]:
    """A record of type II at k = 7, changed; fields are looked for at both levels."""
    found: dict[str, Any] = {
        "schema": RECORD_SCHEMA,
        "key": f"{0:064x}:0",
        "file": "data/minima.p",
        "entry": 0,
        "name": "data/minima.p: [0]",
        "settings": {"tolerance": 1e-5, "certificates": False, "version": "0.1.0"},
        "outcome": "certified",
        "reason": None,
        "symmetry": {
            "k": 7,
            "d": 7,
            "neurons": "columns",
            "pattern": "1+(k-1)",
            "blocks": [1, 6],
            "column_blocks": [1, 6],
            "order": "720",
            "exact": True,
            "diagonal": True,
            "place": {"steps": 1, "maximal": True},
            "parameters": {"a_1": -0.6, "o_2": -0.04},
            "family": "II",
            "residual": 0.0,
            "ambiguous": False,
        },
        "point": {
            "kind": "minimum",
            "loss": {"mid": "0.0232027149", "rad": "1e-20"},
            "smallest_eigenvalue": {"mid": "0.0140590132", "rad": "1e-20"},
            "morse_index": "0",
            "index_bounds": ["0", "0"],
            "isotropy": "exact",
            "is_target": False,
            "smoothness": "analytic",
            "distance": 1e-10,
        },
        "published": {
            "runs": 500,
            "frequency": 27,
            "blocks": [1, 6],
            "smallest_eigenvalue": 0.014,
            **dict.fromkeys(("eigenvalue_bound", "objective", "deviation")),
            "agrees": {
                "blocks": True,
                "smallest_eigenvalue": {"difference": 6e-5, "within": False},
            },
        },
        "certificate": None,
    }
    for name, value in changes.items():
        part = next(
            p
            for p in (found, found["symmetry"], found["point"], found["published"])
            if name in p
        )
        part[name] = value
    validate(found, "census_record", where="sample")
    return found


def target(**changes: object) -> dict[str, Any]:
    """A record of the target."""
    place = {"steps": 0, "maximal": False}
    fields = {"blocks": [7], "pattern": "k", "place": place, "family": None}
    return record(**fields, is_target=True, **changes)


def write(path: Path, *records: dict[str, Any]) -> Path:
    """Write a file of results."""
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    return path


def test_a_record_is_read_back() -> None:
    """Every field has its place."""
    result = Result.of(record())

    assert ("minima.p: [0]", "certified", (7, 7)) == (
        result.name,
        result.outcome,
        result.shape,
    )
    assert ("flip", 1, (1, True)) == (result.likeness, result.turned, result.place)
    assert ("0.0232027149", "0.0140590132") == (result.loss, result.smallest)
    assert (500, 27) == (result.runs, result.frequency)
    (stated,) = result.stated
    assert (0.014, "0.0140590132", False) == (
        stated.published,
        stated.certified,
        stated.agrees,
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"is_target": True}, ("target", 1)),
        ({"family": "flip:5", "blocks": [5, 2]}, ("flip", 5)),
        (
            {"family": None, "blocks": [3, 4], "parameters": {"o_1": 0, "o_2": 0.3}},
            ("sum", 4),
        ),
        (
            {"family": None, "blocks": [1, 2, 4], "parameters": {"o_2": 1, "o_3": 0}},
            ("more blocks", 2),
        ),
        ({"family": None, "blocks": [1, 6, 1], "k": 8}, ("more neurons", 1)),
        ({"family": None, "blocks": [7]}, ("other", 7)),
        ({"family": None, "diagonal": False, "place": None}, ("other", 6)),
    ],
)
def test_what_a_matrix_looks_like(
    changes: dict[str, object], expected: tuple[str, int]
) -> None:
    """By the block sizes and the entries off the diagonal."""
    result = Result.of(record(**changes))

    assert expected == (result.likeness, result.turned)


def test_experiments_and_their_bad_runs() -> None:
    """One for each shape and number of runs; what is not the target is bad."""
    found = experiments(
        Result.of(r)
        for r in (
            record(k=8, blocks=[1, 7]),
            target(frequency=473),
            record(),
            record(runs=1000, frequency=55),
        )
    )

    assert [(7, 7, 500, 27), (7, 7, 1000, 55), (8, 7, 500, 27)] == [
        (e.k, e.d, e.runs, e.bad) for e in found
    ]
    assert Fraction(27, 500) == found[0].bad_share
    assert ["k", "1+(k-1)"] == list(found[0].by_pattern())


def test_matrices_of_ones_own_count_once() -> None:
    """Where no source tells how many runs there were."""
    own = record()
    own["published"] = None

    (found,) = experiments([Result.of(own), Result.of(own)])

    assert (None, 2, 2) == (found.runs, found.total, found.bad)


def test_a_refused_file_belongs_to_no_experiment(tmp_path: Path) -> None:
    """It is read all the same."""
    refused = {
        **record(),
        "outcome": "refused",
        "reason": "data/minima.p: cut",
        "entry": None,
        **dict.fromkeys(("symmetry", "point", "published")),
    }
    validate(refused, "census_record", where="sample")

    results = read_results([write(tmp_path / "r.jsonl", refused)])

    assert (None, "", 0) == (results[0].shape, results[0].pattern, results[0].turned)
    assert [] == experiments(results)


def test_a_record_of_another_form_is_refused(tmp_path: Path) -> None:
    """The line and the place in it are named."""
    damaged = record()
    damaged["point"]["loss"] = "0.02"
    path = write(tmp_path / "r.jsonl", record(), damaged)

    with pytest.raises(InputError, match=r"r\.jsonl: line 2: point"):
        read_results([path])


def test_no_results_are_told(tmp_path: Path) -> None:
    """One line."""
    with pytest.raises(InputError, match="no results; run symcrit census first"):
        read_results([write(tmp_path / "r.jsonl")])
