"""Mirror of symcrit/catalog/datasets.py."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from symcrit.catalog.datasets import RecordedPoint, find_files, read_points
from symcrit.catalog.identification import identify
from symcrit.core.errors import InputError
from tests.catalog.pickled import SAMPLES, write_minima
from tests.catalog.symbolic_numbers import letters, number, vector

PUBLIC = Path(__file__).parents[2].parent / "shared" / "data"
needs_public_data = pytest.mark.skipif(
    not PUBLIC.is_dir(), reason=f"the published minima are not in {PUBLIC}"
)

BAD_SHARES = {6: 3, 7: 55, 8: 126, 9: 218, 10: 346, 11: 455, 12: 585, 13: 730, 14: 736}
"""Runs of 1000 that end in bad minima: arXiv:1712.08968, for k targets and neurons."""


def test_pickled_minima(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neurons become rows, and the published fields come along."""
    path = tmp_path / "Processed minima k=4.p"
    write_minima(path, SAMPLES, monkeypatch)

    points = list(read_points(path))

    assert [0, 1, 2] == [point.index for point in points]
    assert {"columns"} == {point.neurons for point in points}
    assert [
        [-0.5, 0.125, 0.125, 0.125],
        [0.25, 1.0, -0.0625, -0.0625],
        [0.25, -0.0625, 1.0, -0.0625],
        [0.25, -0.0625, -0.0625, 1.0],
    ] == points[1].weights.tolist()
    published = points[1].published
    assert published is not None
    assert (500, 2, (1, 3)) == (published.runs, published.frequency, published.blocks)
    assert 0.09 == published.smallest_eigenvalue
    assert (0, 1e-10) == (published.gradient_norm, published.rounding)


def test_matlab_files_with_frequencies(tmp_path: Path) -> None:
    """The last axis counts; its name makes a file one of the published kind."""
    stack = np.arange(12.0).reshape(2, 3, 2)
    for name in ("newExp-2-3.mat", "other.mat"):
        savemat(tmp_path / name, {"WbadNew": stack, "magnitude": [[5, 7]]})

    points = list(read_points(tmp_path / "newExp-2-3.mat"))
    others = list(read_points(tmp_path / "other.mat"))

    assert [(3, 2), (3, 2)] == [point.weights.shape for point in points]
    assert np.array_equal(stack[:, :, 1].T, points[1].weights)
    assert [(1000, 5), (1000, 7)] == [
        (p.published.runs, p.published.frequency) for p in points if p.published
    ]
    assert [None, None] == [point.published for point in others]


@pytest.mark.parametrize("count", [1, 2])
def test_matlab_files_with_exact_numbers(count: int, tmp_path: Path) -> None:
    """Objective values, deviations and bounds stand in a hidden array, in order."""
    values = [Fraction(n + 1, 10) for n in range(5)]
    texts = [
        letters(number(x) if count == 1 else vector([number(x), number(2 * x)]))
        for x in values
    ]
    hidden = b"\0".join(b'symobj::fromString("%s", 2)' % text for text in texts)
    path = tmp_path / "newExp-2-2.mat"
    savemat(
        path,
        {
            "WbadNew": np.ones((2, 2, count)),
            "magnitude": np.ones((1, count)),
            "hide": np.frombuffer(hidden, dtype=np.uint8)[None],
        },
    )
    # The reader goes by the missing name, which savemat would not write.
    nameless = path.read_bytes().replace(b"\1\0\4\0hide", b"\1" + bytes(7))
    path.write_bytes(nameless)

    points = list(read_points(path))

    last = [p.published for p in points][-1]
    assert last is not None
    assert pytest.approx([0.2 * count, 0.3 * count, 0.4 * count]) == [
        last.eigenvalue_bound,
        last.objective,
        last.deviation,
    ]


def test_other_matrices_are_taken_as_they_are(tmp_path: Path) -> None:
    """Nothing is known of them, not even which side the neurons are."""
    path = tmp_path / "w.csv"
    path.write_text("1,2,3\n4,5,6\n")

    (point,) = read_points(path)

    assert (None, None) == (point.neurons, point.published)
    assert (2, 3) == point.weights.shape


@pytest.mark.parametrize("field", ["vals", "p", "multiplicity", "min_eig"])
def test_a_missing_field_is_named(
    field: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line, with the number of the record."""
    path = tmp_path / "minima.p"
    damaged = {name: x for name, x in SAMPLES[1].items() if name != field}
    write_minima(path, [SAMPLES[0], damaged], monkeypatch)

    with pytest.raises(InputError) as caught:
        list(read_points(path))

    assert str(caught.value).startswith(f"{path}: [1]: ")


def test_too_few_frequencies_are_refused(tmp_path: Path) -> None:
    """One for each matrix."""
    path = tmp_path / "newExp-2-3.mat"
    savemat(path, {"WbadNew": np.zeros((2, 3, 2)), "magnitude": [[5]]})

    with pytest.raises(InputError, match="2 matrices WbadNew, but 1 frequencies"):
        list(read_points(path))


def test_folders_are_searched_in_natural_order(tmp_path: Path) -> None:
    """Numbers in names count by value; what is not read is passed over."""
    (tmp_path / "inner").mkdir()
    for name in ("w10.csv", "w9.csv", "README.md", "inner/w1.csv"):
        (tmp_path / name).write_text("1\n")

    found = find_files([tmp_path / "w10.csv", tmp_path])

    assert ["w10.csv", "inner/w1.csv", "w9.csv", "w10.csv"] == [
        str(path.relative_to(tmp_path)) for path in found
    ]


def test_missing_and_empty_places(tmp_path: Path) -> None:
    """One line each."""
    with pytest.raises(InputError, match="no such file or folder"):
        find_files([tmp_path / "none"])
    with pytest.raises(InputError, match="holds no file of weight matrices"):
        find_files([tmp_path])


@needs_public_data
def test_the_share_of_bad_runs_is_the_published_one() -> None:
    """Recomputed from the frequencies in the files."""
    for k, runs in BAD_SHARES.items():
        points = read_points(PUBLIC / "onelayer" / f"newExp-{k}-{k}.mat")
        assert runs == sum(p.published.frequency for p in points if p.published)


@needs_public_data
@pytest.mark.parametrize("k", [7, 14, 30])
def test_published_blocks_are_found_again(k: int) -> None:
    """For some k at once, for all of them in the slow tests."""
    path = PUBLIC / "overparameterization" / f"Processed minima k={k}.p"
    for point in read_points(path):
        check(point)


@needs_public_data
@pytest.mark.slow
def test_every_published_minimum_is_identified() -> None:
    """Block sizes as published, no doubt about the tolerance, and what types occur."""
    kinds: Counter[str] = Counter()
    for path in find_files([PUBLIC]):
        for point in read_points(path):
            kinds[check(point)] += 1

    expected = {"flip": 562, "sum": 233, "(p,1,q)": 102, "II": 38, "M": 37}
    assert expected | {"target": 27, "over": 13} == kinds


def check(point: RecordedPoint) -> str:
    """Identify a published minimum and say of which kind it is."""
    found = identify(point.weights, neurons="rows")
    k, d = point.weights.shape
    assert point.published is not None
    if point.published.blocks is not None:
        assert sorted(point.published.blocks) == sorted(found.form.row_blocks)
    assert found.isotropy.exact
    assert found.is_diagonal
    assert () == found.alternatives
    assert found.coincidences.closed < 1e-6 < 1e-4 < found.coincidences.kept
    if k > d:
        return "over"
    if found.family is not None:
        return found.family.partition(":")[0]
    blocks = len(found.form.row_blocks)
    return {1: "target", 2: "sum", 3: "(p,1,q)"}[blocks]
