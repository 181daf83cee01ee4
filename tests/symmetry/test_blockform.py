"""Mirror of symcrit/symmetry/blockform.py."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from symcrit.symmetry.blockform import BlockForm, block_form
from symcrit.symmetry.coincidence import Floats, find_coincidences
from symcrit.symmetry.isotropy import find_isotropy
from symcrit.symmetry.matrices import embed, orbit_indices
from symcrit.symmetry.patterns import Block, Pattern

NOISE = 1e-6


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """Groups with at most three factors on few rows and columns.

    All of them are isotropy groups: a group that permutes two sets of rows alike also
    permutes a set of columns, which links the two.
    """
    sizes = draw(st.lists(st.integers(2, 5), max_size=3))
    names = [f"g{i}" for i in range(len(sizes))]
    items = st.sampled_from([*names, "1"])
    rows = draw(st.lists(items, min_size=1, max_size=4))
    columns = draw(st.lists(items, min_size=1, max_size=4))
    for name in names:
        if name not in rows or name not in columns:
            assume(rows.count(name) + columns.count(name) <= 1)
    used = {*rows, *columns}
    head = ",".join(f"{n}={s}" for n, s in zip(names, sizes, strict=True) if n in used)
    return Pattern.parse(f"{head}: rows {','.join(rows)} cols {','.join(columns)}")


def shape_of(pattern: Pattern) -> Counter[tuple[int, int, int]]:
    """A pattern up to isomorphism: for each group its size and its sets.

    Trivial points are listed as a group of size 1.
    """
    found: Counter[tuple[int, int, int]] = Counter()
    for name, size in pattern.sizes.items():
        rows = pattern.rows.count(Block(name))
        found[int(size.const), rows, pattern.columns.count(Block(name))] += 1
    trivial = Block(None)
    found[1, pattern.rows.count(trivial), pattern.columns.count(trivial)] += 1
    return found


def plain(form: BlockForm) -> Pattern:
    """The pattern read from its text, with numbers for k and d."""
    sizes = {name: Fraction(value) for name, value in form.sizes.items()}
    return Pattern.parse(form.pattern.text, sizes)


def disguise(matrix: Floats, seed: int) -> Floats:
    """Permute rows and columns and add noise."""
    rng = np.random.default_rng(seed)
    k, d = matrix.shape
    permuted: Floats = matrix[np.ix_(rng.permutation(k), rng.permutation(d))]
    noise: Floats = np.abs(matrix).max() * NOISE * rng.uniform(-1, 1, (k, d))
    return permuted + noise


@given(patterns(), st.integers(0, 2**32 - 1))
def test_a_planted_pattern_is_recovered(pattern: Pattern, seed: int) -> None:
    """Oracle: the pattern from which the matrix was made, its orbits and values.

    The values are different integers, so that the group is exactly the planted one.
    """
    count = len(pattern.parameters)
    values = np.random.default_rng(seed).permutation(count) - count / 3.0
    planted = np.array(embed(pattern, values.tolist(), {}), dtype=np.float64)
    used = np.unique(planted)
    given_matrix = disguise(planted, seed)
    isotropy = find_isotropy(find_coincidences(given_matrix).colours)

    form = block_form(given_matrix, isotropy)

    assert isotropy.exact
    assert shape_of(pattern) == shape_of(plain(form))
    assert np.array_equal(orbit_indices(plain(form), {}), form.orbits)
    assert form.residual <= 2 * NOISE * np.abs(planted).max()
    assert np.allclose(
        used, np.sort(form.point), atol=3 * NOISE * np.abs(planted).max()
    )
    rebuilt = np.array(embed(plain(form), form.point.tolist(), {}))
    arranged = given_matrix[np.ix_(form.row_order, form.column_order)]
    assert np.abs(rebuilt - arranged).max() <= form.residual * (1 + 1e-9) + 1e-15


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(0, 2**32 - 1))
def test_diagonal_groups_get_the_short_text(sizes: list[int], seed: int) -> None:
    """Blocks ascend, the last group has a symbolic size, and parsing gives it back."""
    k, r = sum(sizes), len(sizes)
    block = np.repeat(range(r), sizes)
    table = np.random.default_rng(seed).permutation(r * r).reshape(r, r) + 1.0
    matrix = table[np.ix_(block, block)] + r * r * np.eye(k)
    isotropy = find_isotropy(find_coincidences(disguise(matrix, seed)).colours)

    form = block_form(disguise(matrix, seed), isotropy)

    assert tuple(sorted(sizes)) == form.row_blocks == form.column_blocks
    assert form.pattern == Pattern.parse(form.pattern.text)
    assert form.pattern.diagonal
    assert ("k" in form.pattern.text) == (max(sizes) > 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1+6", "1+(k-1)"),
        ("7", "k"),
        ("3+1+5", "1+3+(k-4)"),
        ("2*1+2+4", "2*1+2+(k-4)"),
        ("5*1", "5*1"),
        ("1", "1"),
        ("n=7: rows 1,n,1 cols 1,n", "n=d-1: rows 1,n,1 cols 1,n"),
        ("n=5,m=8: rows n,1,m cols m,n", "n1=5,n2=d-5: rows n1,n2,1 cols n1,n2"),
        ("n=3: rows n,n cols n,n", "n=3: rows n,n cols n,n"),
        ("n=4: rows n cols 3*1", "n=k: rows n cols 3*1"),
        (": rows 3*1 cols 2*1", ": rows 3*1 cols 2*1"),
    ],
)
def test_the_text_of_a_pattern(text: str, expected: str) -> None:
    """Written in the grammar of patterns, whatever the order of the blocks was."""
    pattern = Pattern.parse(text)
    values = [float(17 * i % 29) for i in range(len(pattern.parameters))]
    matrix = disguise(np.array(embed(pattern, values, {})), 1)

    isotropy = find_isotropy(find_coincidences(matrix).colours)

    assert expected == block_form(matrix, isotropy).pattern.text


def test_neurons_stand_with_the_inputs_that_they_prefer() -> None:
    """Fixed rows are paired with fixed columns by their largest entries."""
    matrix = np.array([[0.0, 1.0, 9.0], [-8.0, 2.0, 3.0], [4.0, 7.0, 5.0]])

    form = block_form(matrix, find_isotropy(find_coincidences(matrix).colours))

    assert [-8.0, 7.0, 9.0] == np.diag(form.arranged).tolist()


def test_the_two_labels_of_a_pair_are_matched_by_size() -> None:
    """A block of size 2 looks the same whichever class is called its diagonal."""
    matrix = np.array([[1.0, -9.0], [-9.0, 1.0]])

    form = block_form(matrix, find_isotropy(find_coincidences(matrix).colours))

    assert {"a_1": -9.0, "o_1": 1.0} == form.parameters


def test_a_preference_overrides_the_size() -> None:
    """Relative to a target rows are paired with columns of their number."""
    matrix = np.array([[1.0, -9.0], [-9.0, 1.0]])
    isotropy = find_isotropy(np.array([[3, 0], [0, 3]]))

    form = block_form(matrix, isotropy, np.eye(2))

    assert {"a_1": 1.0, "o_1": -9.0} == form.parameters


@given(patterns(), st.integers(0, 2**32 - 1))
def test_transposing_exchanges_rows_and_columns(pattern: Pattern, seed: int) -> None:
    """The transposed block form is a block form of the transposed matrix."""
    count = len(pattern.parameters)
    values = np.random.default_rng(seed).permutation(count) * 1.0
    matrix = np.array(embed(pattern, values.tolist(), {}), dtype=np.float64)
    form = block_form(matrix, find_isotropy(find_coincidences(matrix).colours))

    turned = form.transposed()

    assert np.array_equal(form.arranged.T, turned.arranged)
    assert form.residual == turned.residual == 0
    assert sorted(form.point) == sorted(turned.point)


def test_reordering_keeps_the_matrix() -> None:
    """Another order of blocks is another pattern of the same matrix."""
    matrix = np.array([[5.0, 1, 1], [2, 3, 0], [2, 0, 3]])
    form = block_form(matrix, find_isotropy(matrix.astype(np.int64)))

    other = form.reordered([1, 0])

    assert "(k-1)+1" == other.pattern.text
    assert {"a_1": 3, "o_1": 0, "m_1_2": 2, "m_2_1": 1, "a_2": 5} == other.parameters
