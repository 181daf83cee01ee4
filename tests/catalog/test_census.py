"""Mirror of symcrit/catalog/census.py."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symcrit.catalog.census import Settings, collect, examine, remaining
from symcrit.core.errors import InputError
from symcrit.landscapes.full import hessian, loss
from symcrit.schemas.load import validate
from symcrit.symmetry.coincidence import Floats
from symcrit.symmetry.matrices import embed
from symcrit.symmetry.patterns import Pattern
from tests.catalog.collections_of_points import (
    HOSTILE,
    SMALLEST,
    TYPE_II,
    flip,
    shuffled,
    write_collection,
    write_csv,
)

SETTINGS = Settings(1e-5)


def record_of(matrix: Floats, folder: Path) -> dict[str, Any]:
    """The record of one matrix, checked by its schema."""
    write_csv(folder / "w.csv", matrix)
    (item,) = collect([folder / "w.csv"])
    record = examine(item, SETTINGS)
    validate({"schema": "symcrit/census_record@1", **record}, "census_record", where="")
    return record


def contains(ball: dict[str, str], value: float, error: float) -> bool:
    """Whether a float with an error fits a ball, and the ball says something."""
    mid, rad = float(ball["mid"]), float(ball["rad"])
    return rad < 1e-10 and abs(mid - value) <= rad + error


def test_a_minimum(tmp_path: Path) -> None:
    """Oracle: loss and eigenvalues of the full Hessian in floating point."""
    matrix = shuffled(flip(7), 1)

    record = record_of(matrix, tmp_path)

    point = record["point"]
    assert ("certified", None) == (record["outcome"], record["reason"])
    assert ("minimum", "0", "exact") == (
        point["kind"],
        point["morse_index"],
        point["isotropy"],
    )
    assert contains(point["loss"], loss(matrix), 1e-14)
    smallest = float(np.linalg.eigvalsh(hessian(matrix))[0])
    assert contains(point["smallest_eigenvalue"], smallest, 1e-7)
    assert 0 < point["distance"] < 1e-8


def test_a_saddle(tmp_path: Path) -> None:
    """Type M at k = 6; oracle: negative eigenvalues of the full Hessian in floats."""
    point = [-0.645856, 0.273136, 0.269236, 0.334093, 0.902402, -0.14287]
    start: Floats = np.array(embed(Pattern.parse("2+(k-2)"), point, {"k": 6}))

    record = record_of(start, tmp_path)

    values = np.linalg.eigvalsh(hessian(start))
    found = record["point"]
    assert "certified" == record["outcome"]
    assert ("saddle", str((values < 0).sum())) == (found["kind"], found["morse_index"])


def test_the_target_is_a_minimum_with_parallel_vectors(tmp_path: Path) -> None:
    """Its smallest eigenvalue is 1/4 - 1/(2 pi)."""
    record = record_of(np.eye(8)[::-1].copy(), tmp_path)

    point = record["point"]
    assert ("certified", "minimum", True) == (
        record["outcome"],
        point["kind"],
        point["is_target"],
    )
    assert contains(point["smallest_eigenvalue"], 1 / 4 - 1 / (2 * np.pi), 1e-15)
    assert {"mid": "0", "rad": "0"} == point["loss"]


@pytest.mark.parametrize(
    "matrix",
    [
        np.zeros((3, 3)),
        np.random.default_rng(5).normal(size=(6, 6)),
        np.array([[0.0, 1, 2], [2, 0, 1], [1, 2, 0]]),
        np.full((4, 4), 1e200),
        np.full((4, 4), 5e-324),
        np.array([[1.0]]),
        np.array([[-1.0]]),
        -np.eye(5),
        np.ones((2, 5)),
        np.ones((5, 2)),
    ],
    ids=[
        *("zero", "noise", "circulant", "huge", "tiny"),
        *("one", "minus", "opposite", "wide", "tall"),
    ],
)
def test_odd_matrices_are_answered(matrix: Floats, tmp_path: Path) -> None:
    """No exception, and no certificate but for what is near a critical point."""
    record = record_of(matrix, tmp_path)

    if record["outcome"] == "certified":
        assert record["point"]["distance"] < 0.1
    else:
        assert record["reason"]


def test_a_matrix_far_from_a_critical_point_is_not_certified(tmp_path: Path) -> None:
    """Newton's method went from one place to another."""
    far = [-0.5, 0.14, 0.3, 1.05, -0.05]
    start: Floats = np.array(embed(Pattern.parse("1+(k-1)"), far, {"k": 7}))

    record = record_of(start, tmp_path)

    assert ("undecided", None) == (record["outcome"], record["point"])
    assert record["reason"]


def test_gaps_that_are_noise_make_no_smaller_group(tmp_path: Path) -> None:
    """Two neurons were moved a little: the point near by has more symmetry."""
    matrix = flip(7)
    matrix[1, 1] += 1e-4
    matrix[2, 2] += 1e-4

    record = record_of(matrix, tmp_path)

    assert "1+2+(k-3)" == record["symmetry"]["pattern"]
    assert "undecided" == record["outcome"]
    assert "contains" == record["point"]["isotropy"]
    assert "away, too far for the entries" in record["reason"]


def test_published_values_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The eigenvalue and the block sizes of the source, and one that is wrong."""
    write_collection(tmp_path, monkeypatch)
    inputs = collect([tmp_path / "Processed minima k=7.p"])

    records: list[dict[str, Any]] = [examine(item, SETTINGS) for item in inputs]

    # The samples say 0.09 of the target, where 0.0908... is right.
    first, second = (record["published"]["agrees"] for record in records)
    wrong, right = first["smallest_eigenvalue"], second["smallest_eigenvalue"]
    assert (True, True) == (first["blocks"], second["blocks"])
    assert (False, True) == (wrong["within"], right["within"])
    assert pytest.approx(1 / 4 - 1 / (2 * np.pi) - 0.09) == wrong["difference"]
    assert SMALLEST == records[1]["published"]["smallest_eigenvalue"]
    assert [473, 27] == [record["published"]["frequency"] for record in records]


def test_files_that_are_refused_do_not_stop_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is one input, with the reason in one line."""
    write_collection(tmp_path, monkeypatch)
    for name, content in HOSTILE.items():
        (tmp_path / name).write_bytes(content)

    records = [examine(item, SETTINGS) for item in collect([tmp_path])]

    outcomes = Counter(record["outcome"] for record in records)
    assert {"certified": 5, "undecided": 1, "refused": len(HOSTILE)} == outcomes
    for record in records:
        if record["outcome"] == "refused":
            assert str(record["reason"]).startswith(str(record["file"]))
            assert 1 == len(str(record["reason"]).splitlines())


def test_inputs_are_known_by_content(tmp_path: Path) -> None:
    """Under another name the key is the same; equal files in one census are told apart.

    A file that is named twice is read once.
    """
    for name in ("a.csv", "b.csv"):
        write_csv(tmp_path / name, flip(4))

    (alone,) = collect([tmp_path / "b.csv"])
    twice = collect([tmp_path / "a.csv", tmp_path, tmp_path / "a.csv"])

    assert [alone.key, f"{alone.key}:2"] == [item.key for item in twice]


def test_what_is_left_to_do(tmp_path: Path) -> None:
    """Inputs without a record, in their order."""
    write_csv(tmp_path / "a.csv", flip(4))
    write_csv(tmp_path / "b.csv", flip(5))
    inputs = collect([tmp_path])
    done = {"key": inputs[0].key, "settings": SETTINGS.fields()}

    left = remaining(inputs, [done], SETTINGS, where="results.jsonl")

    assert inputs[1:] == left
    with pytest.raises(InputError, match=r"results\.jsonl: line 2 stands there twice"):
        remaining(inputs, [done, done], SETTINGS, where="results.jsonl")
    with pytest.raises(InputError, match=r"line 1 was made with .*0\.5"):
        remaining(
            inputs,
            [{**done, "settings": Settings(0.5).fields()}],
            SETTINGS,
            where="results.jsonl",
        )


def test_the_numbers_of_the_sample_are_those_of_the_paper() -> None:
    """The matrix is critical to ten digits."""
    assert abs(loss(flip(7)) - 0.02320271491356607) < 1e-12
    assert -0.6327039049 == TYPE_II[0]
