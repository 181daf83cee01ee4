"""Mirror of symcrit/catalog/identification.py."""

from collections.abc import Callable
from fractions import Fraction
from math import pi
from typing import Any

import numpy as np
import pytest
from flint import arb
from mpmath import mpf
from sympy import Symbol

import symcrit
from symcrit.catalog.identification import (
    FAMILY_DISTANCE,
    Identification,
    detect_neurons,
    identify,
)
from symcrit.core.errors import InputError
from symcrit.symmetry.blockform import block_form
from symcrit.symmetry.coincidence import Floats, find_coincidences
from symcrit.symmetry.isotropy import find_isotropy
from symcrit.symmetry.matrices import embed
from symcrit.symmetry.patterns import Pattern

NOISE = 1e-6


def first_terms(name: str, k: int) -> tuple[str, list[float]]:
    """Pattern and first terms in 1/k of a family, from the published expansions."""
    if name == "A":
        return "k", [-1 + 2 / k, 2 / k]
    if name == "I":
        return "1+(k-1)", [
            1 + 8 * (pi - 1) / pi**2 / k,
            2 * (pi - 2) / pi / k,
            -4 * (3 * pi - 4) / pi**2 / k**2,
            -1 + 2 / k,
            2 / k,
        ]
    if name == "II":
        a_1 = -1 + (2 + 8 / pi + 8 / pi**2) / k
        rest = [4 / pi / k, 2 / k, 1 + 8 / pi / k**2, -4 / pi / k**2]
        return "1+(k-1)", [a_1, *rest]
    p = 2 if name == "M" else int(name.removeprefix("flip:"))
    values = [-1 + 2 / k, 2 / k, 4 / pi / k, 1.9 / k, 1 + 8 * p / pi / k**2]
    return f"{p}+(k-{p})", [*values, -4 * p / pi / k**2]


def disguised(text: str, values: list[float], k: int, seed: int) -> Floats:
    """A matrix of a pattern with rows and columns permuted, and noise."""
    rng = np.random.default_rng(seed)
    matrix = np.array(embed(Pattern.parse(text), values, {"k": k}), dtype=np.float64)
    noise: Floats = NOISE * rng.uniform(-1, 1, matrix.shape)
    return matrix[np.ix_(rng.permutation(k), rng.permutation(k))] + noise


def point_of(name: str, k: int) -> Floats:
    """A proved critical point, rounded."""
    balls = symcrit.family(name).point(k=k).matrix()
    return np.array([[float(x.mid()) for x in row] for row in balls])


def check_forms(matrix: Floats, found: Identification) -> None:
    """The permutations and the residual say what they promise."""
    weights = matrix if found.neurons == "rows" else matrix.T
    arranged = weights[np.ix_(found.row_order, found.column_order)]
    values = list(found.form.parameters.values())
    fixed: Floats = np.array(embed(found.form.pattern, values, found.form.sizes))
    assert pytest.approx(np.abs(arranged - fixed).max()) == found.residual
    assert found.residual <= 2 * NOISE


@pytest.mark.parametrize("k", [30, 200])
@pytest.mark.parametrize("name", ["A", "I", "II", "M", "flip:3", "flip:17", "flip:20"])
def test_the_families_are_named(name: str, k: int) -> None:
    """Oracle: the first terms of the expansions; rows and columns in any order."""
    text, values = first_terms(name, k)
    matrix = disguised(text, values, k, seed=k)

    found = identify(matrix)

    assert name == found.family
    assert text == found.pattern
    assert np.allclose(values, found.form.point, atol=2 * NOISE)
    assert found.isotropy.exact
    assert found.is_diagonal
    assert () == found.alternatives
    assert found.nearest is not None
    assert found.nearest.distance < FAMILY_DISTANCE
    check_forms(matrix, found)


def test_more_flipped_neurons_than_others_come_first() -> None:
    """The family tells the order of the blocks, not their size."""
    text, values = first_terms("flip:17", 30)

    found = identify(disguised(text, values, 30, seed=1))

    assert (17, 13) == found.form.row_blocks


@pytest.mark.parametrize(
    ("matrix", "pattern"),
    [
        (np.eye(7), "k"),
        (np.eye(7)[::-1], "k"),
        (np.diag([1.0] * 3 + [2.0] * 4), "3+(k-3)"),
        (np.arange(9.0).reshape(3, 3), "3*1"),
        (np.zeros((3, 3)), "n1=k,n2=3: rows n2 cols n1"),
    ],
    ids=["target", "permuted", "two blocks", "trivial", "zero"],
)
def test_no_family_is_named_where_none_is_near(matrix: Floats, pattern: str) -> None:
    """The global minimum is no spurious family."""
    found = identify(matrix)

    assert pattern == found.pattern
    assert found.family is None
    assert 0 == found.residual


def test_blocks_with_a_mixed_neuron_and_more_neurons_than_inputs() -> None:
    """Named by their patterns."""
    rng = np.random.default_rng(7)
    mixed = rng.permutation(11) * 1.0
    over = rng.permutation(7) * 1.0
    text = "n=d-1: rows 1,n,1 cols 1,n"

    three = identify(disguised("1+3+(k-4)", mixed.tolist(), 9, seed=2))
    wide = identify(np.array(embed(Pattern.parse(text), over.tolist(), {"d": 8})))

    assert ("1+3+(k-4)", None) == (three.pattern, three.family)
    assert (text, None) == (wide.pattern, wide.family)
    assert three.place is not None
    assert (2, False) == (three.place.steps, three.place.maximal)
    assert wide.place is not None
    assert (1, True) == (wide.place.steps, wide.place.maximal)


def test_a_critical_point_tells_which_side_the_neurons_are() -> None:
    """Oracle: a proved point and its transpose."""
    point = point_of("II", 9)

    by_rows, by_columns = identify(point), identify(point.T)

    assert ("rows", "II") == (by_rows.neurons, by_rows.family)
    assert ("columns", "II") == (by_columns.neurons, by_columns.family)
    assert by_rows.form.parameters == pytest.approx(by_columns.form.parameters)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["I", "M", "flip:3"])
@pytest.mark.parametrize("k", [8, 20])
def test_proved_points_of_all_families(name: str, k: int) -> None:
    """As rows, as columns, and permuted."""
    rng = np.random.default_rng(k)
    point = point_of(name, k)
    permuted = point[np.ix_(rng.permutation(k), rng.permutation(k))]

    found = [identify(w) for w in (point, point.T, permuted, permuted.T)]

    assert [name] * 4 == [each.family for each in found]
    assert ["rows", "columns"] * 2 == [each.neurons for each in found]


def test_neurons_are_rows_where_nothing_tells() -> None:
    """Also where a zero neuron leaves no gradient, and in large matrices."""
    rng = np.random.default_rng(0)
    for matrix in (
        rng.normal(size=(4, 3)),
        np.zeros((2, 2)),
        rng.normal(size=(60, 60)),
    ):
        form = block_form(matrix, find_isotropy(find_coincidences(matrix).colours))
        assert "rows" == detect_neurons(form)
    assert "columns" == identify(np.eye(3)[:, :2], neurons="columns").neurons


def test_an_unclear_tolerance_is_told() -> None:
    """Entries that differ by about the tolerance: both answers are given."""
    matrix = np.eye(4)
    matrix[0, 0] += 1.5e-5

    clear, unclear = identify(matrix, tolerance=1e-3), identify(matrix, tolerance=1e-5)

    assert () == clear.alternatives
    assert "k" == clear.pattern
    assert "1+(k-1)" == unclear.pattern
    assert ["k"] == [other.pattern for other in unclear.alternatives]
    assert [2e-5] == [other.tolerance for other in unclear.alternatives]


def test_equal_entries_by_accident_do_not_matter() -> None:
    """Two parameters with one value keep the group, if it is the group of neither."""
    text, values = first_terms("II", 9)
    values[1] = values[2]

    assert text == identify(disguised(text, values, 9, seed=4)).pattern


def test_the_group_relative_to_the_target() -> None:
    """Within it the order of the rows matters."""
    matrix = np.eye(5)[[1, 0, 2, 3, 4]]

    alone, relative = identify(matrix), identify(matrix, within="target")

    assert ("k", 120) == (alone.pattern, alone.isotropy.order)
    assert ("2+(k-2)", 12) == (relative.pattern, relative.isotropy.order)
    assert (0, 1, 2, 3, 4) == relative.row_order == relative.column_order
    assert [0, 1, 0, 0, 1, 0] == relative.form.point.tolist()


def test_twisted_groups_are_told_apart() -> None:
    """Equal rows are permuted without any column: no subgroup of Delta S_3."""
    found = identify([[1.0, 2, 3], [1, 2, 3], [4, 5, 6]])

    assert "n=k-1: rows 1,n cols 3*1" == found.pattern
    assert not found.is_diagonal
    assert found.place is None
    assert found.family is None


def test_larger_groups_than_their_patterns() -> None:
    """Two blocks that may be exchanged: the pattern is that of a subgroup."""
    block = np.repeat([0, 1], 4)
    found = identify((block[:, None] == block) + np.eye(8))

    assert "4+(k-4)" == found.pattern
    assert not found.isotropy.exact
    assert 2 * 24**2 == found.isotropy.order
    assert found.place is None


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (
            [[1, float("nan")]],
            "the matrix: the entry in row 1, column 2 is not a number",
        ),
        ([], "the matrix: is empty"),
        ("text", "the matrix: is no matrix"),
        (np.ones(3), "the matrix: has 1 axes"),
    ],
)
def test_what_is_no_matrix_is_refused(matrix: object, words: str) -> None:
    """In one line, also from Python."""
    with pytest.raises(InputError) as caught:
        symcrit.identify(matrix)

    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"neurons": "both"}, "neurons='both' should be one of 'auto', 'rows', 'colu"),
        ({"within": "all"}, "within='all' should be one of 'product', 'target'"),
    ],
)
def test_options_that_are_none_are_refused(options: dict[str, Any], words: str) -> None:
    """A misspelt one would pass for the default."""
    with pytest.raises(InputError) as caught:
        symcrit.identify(np.eye(2), **options)

    assert str(caught.value).startswith(words)


def _rows(number: Callable[[float], Any]) -> list[list[Any]]:
    rows = [[0, 3, 3], [2, 1, 9], [2, 9, 1]]
    return [[number(x / 8) for x in row] for row in rows]


@pytest.mark.parametrize(
    "matrix",
    [
        _rows(arb),
        _rows(mpf),
        _rows(Fraction),
        _rows(np.float32),
        np.array(_rows(arb), dtype=object),
    ],
    ids=["balls", "mpmath", "fractions", "single", "array of balls"],
)
def test_numbers_of_other_kinds_are_read(matrix: object) -> None:
    """As for loss, gradient and Hessian; the midpoint of a ball counts.

    Oracle: the same matrix in doubles, in which eighths are exact.
    """
    found, expected = symcrit.identify(matrix), symcrit.identify(_rows(float))

    assert expected.pattern == found.pattern
    assert expected.form.parameters == found.form.parameters


def test_a_proved_point_is_identified() -> None:
    """The matrix of balls that ``point`` gives."""
    found = symcrit.identify(symcrit.family("II").point(k=7).matrix())

    assert "II" == found.family
    assert "1+(k-1)" == found.pattern


@pytest.mark.parametrize(
    "entry", ["1", None, True, 1j, np.complex64(1), Symbol("x"), arb("nan"), arb("inf")]
)
def test_entries_that_are_no_finite_real_numbers_are_refused(entry: object) -> None:
    """Text is no number, even if it reads like one."""
    with pytest.raises(InputError, match=r"the matrix: .*row 1, column 2"):
        symcrit.identify([[1.0, entry], [2.0, 3.0]])
