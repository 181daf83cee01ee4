"""Mirror of symcrit/symmetry/isotropy.py."""

import sys
from collections.abc import Iterator
from itertools import combinations, permutations
from math import factorial, prod

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.core.errors import UndecidedError
from symcrit.symmetry.coincidence import Colours
from symcrit.symmetry.isotropy import (
    Isotropy,
    Permutation,
    find_isotropy,
    preserves,
    refine,
)


def all_permutations(shape: tuple[int, int]) -> Iterator[Permutation]:
    """The whole group S_rows x S_cols."""
    for rows in permutations(range(shape[0])):
        for columns in permutations(range(shape[1])):
            yield rows, columns


def brute_force(colours: Colours) -> set[Permutation]:
    """The isotropy group, element by element."""
    shape = colours.shape[0], colours.shape[1]
    return {g for g in all_permutations(shape) if preserves(g, colours)}


def compose(first: Permutation, second: Permutation) -> Permutation:
    """First the second permutation, then the first."""
    return (
        tuple(first[0][i] for i in second[0]),
        tuple(first[1][j] for j in second[1]),
    )


def generate(found: Isotropy, generators: tuple[Permutation, ...]) -> set[Permutation]:
    """The group that some permutations generate."""
    k, d = found.shape
    group = {(tuple(range(k)), tuple(range(d)))}
    fresh = set(group)
    while fresh:
        fresh = {compose(g, h) for g in generators for h in fresh} - group
        group |= fresh
    return group


def is_conjugate_to_diagonal(group: set[Permutation], shape: tuple[int, int]) -> bool:
    """Whether an injection of columns into rows commutes with all elements."""
    return any(
        all(
            rows[match[j]] == match[columns[j]]
            for rows, columns in group
            for j in range(shape[1])
        )
        for match in permutations(range(shape[0]), shape[1])
    )


def small_matrices(rows: int, columns: int) -> st.SearchStrategy[Colours]:
    """Matrices of a shape with few different entries."""
    entries = st.lists(
        st.integers(0, 2), min_size=rows * columns, max_size=rows * columns
    )
    return entries.map(lambda x: np.array(x, dtype=np.int64).reshape(rows, columns))


def circulant(n: int) -> Colours:
    """The circulant matrix of n different entries."""
    return np.array([[(j - i) % n for j in range(n)] for i in range(n)])


def incidence(n: int) -> Colours:
    """The points of a set against its pairs."""
    pairs = list(combinations(range(n), 2))
    rows = [[int(i in pair) for pair in pairs] for i in range(n)]
    return np.array(rows, dtype=np.int64)


def directed(graph: "nx.Graph[int]") -> Colours:
    """The adjacency matrix with a class of its own on the diagonal."""
    adjacency = nx.to_numpy_array(graph).astype(np.int64)
    return adjacency + 2 * np.eye(len(adjacency), dtype=np.int64)


def wreath(n: int) -> Colours:
    """Two equal blocks of size n that may be exchanged."""
    block = np.repeat([0, 1], n)
    same = block[:, None] == block
    found: Colours = same.astype(np.int64) + np.eye(2 * n, dtype=np.int64)
    return found


def check(colours: Colours) -> None:
    """Compare all that is told about a group with the group itself."""
    shape = colours.shape[0], colours.shape[1]
    group = brute_force(colours)

    found = find_isotropy(colours)

    sizes = prod(factorial(factor.size) for factor in found.factors)
    assert len(group) == found.order
    assert group == generate(found, found.generators)
    assert (sizes == len(group)) == found.exact
    assert is_conjugate_to_diagonal(group, shape) == found.is_diagonal()
    for factor in found.factors:
        for labels in permutations(range(factor.size)):
            rows, columns = list(range(shape[0])), list(range(shape[1]))
            for images, sets in ((rows, factor.rows), (columns, factor.columns)):
                for points in sets:
                    for i, j in enumerate(labels):
                        images[points[i]] = points[j]
            assert (tuple(rows), tuple(columns)) in group


@given(small_matrices(3, 3))
def test_all_of_s3_times_s3(colours: Colours) -> None:
    """Oracle: each of the 36 permutations is tried."""
    check(colours)


@given(small_matrices(4, 3))
def test_all_of_s4_times_s3(colours: Colours) -> None:
    """Oracle: each of the 144 permutations is tried."""
    check(colours)


@pytest.mark.slow
@given(small_matrices(4, 4))
def test_all_of_s4_times_s4(colours: Colours) -> None:
    """Oracle: each of the 576 permutations is tried."""
    check(colours)


@pytest.mark.slow
def test_every_matrix_of_three_classes_of_shape_3_by_3() -> None:
    """All 19,683 of them, one for each class under permutations."""
    seen: set[bytes] = set()
    for number in range(3**9):
        digits = [number // 3**i % 3 for i in range(9)]
        colours = np.array(digits, dtype=np.int64).reshape(3, 3)
        if colours.tobytes() not in seen:
            images = (colours[np.ix_(r, c)] for r, c in all_permutations((3, 3)))
            seen |= {image.tobytes() for image in images}
            check(colours)
    assert 3**9 == len(seen)


@pytest.mark.parametrize(
    ("colours", "order", "exact", "diagonal"),
    [
        (circulant(3), 3, False, True),
        (incidence(3), 6, True, True),
        (incidence(4), 24, False, False),
        (wreath(2), 8, False, True),
        (directed(nx.cycle_graph(4)), 8, False, True),
        (directed(nx.path_graph(3)), 2, True, True),
    ],
    ids=["cyclic", "triangle", "pairs", "wreath", "square", "path"],
)
def test_groups_that_need_more_than_refinement(
    colours: Colours, order: int, exact: bool, diagonal: bool
) -> None:
    """Known groups, and the brute force over all permutations where it is small."""
    found = find_isotropy(colours)

    assert (order, exact, diagonal) == (found.order, found.exact, found.is_diagonal())
    if colours.size <= 16:
        check(colours)


@pytest.mark.parametrize(
    ("graph", "order"),
    [(nx.petersen_graph(), 120), (nx.frucht_graph(), 1), (nx.cubical_graph(), 48)],
    ids=["Petersen", "Frucht", "cube"],
)
def test_groups_of_regular_graphs(graph: "nx.Graph[int]", order: int) -> None:
    """Refinement splits nothing; the orders are textbook knowledge."""
    colours = directed(graph)
    rows, _ = refine(colours)

    found = find_isotropy(colours)

    assert 0 == rows.max()
    assert order == found.order
    assert (order == 1) == found.exact
    assert all(preserves(g, colours) for g in found.generators)


def test_a_wreath_product_shows_its_transpositions() -> None:
    """The largest product of symmetric groups in S_5 wr S_2 is S_5 x S_5."""
    rng = np.random.default_rng(5)
    colours = wreath(5)[rng.permutation(10)][:, rng.permutation(10)]

    found = find_isotropy(colours)

    assert [5, 5] == [factor.size for factor in found.factors]
    assert 2 * factorial(5) ** 2 == found.order
    assert not found.exact


@pytest.mark.parametrize(
    ("turn", "order", "exact"),
    [
        ((0, 1, 2), 6, True),
        ((1, 2, 0), 3, False),
        ((1, 0), 2, True),
        ((1, 0, 2), 2, True),
    ],
    ids=["straight", "cyclic", "two labels", "one exchange"],
)
def test_matchings_that_disagree_around_a_cycle(
    turn: tuple[int, ...], order: int, exact: bool
) -> None:
    """Four blocks, of which one is turned: what commutes with the turn is left."""
    n = len(turn)
    straight = np.eye(n, dtype=np.int64)
    blocks = [straight, straight + 2, straight + 4, straight[list(turn)] + 6]
    colours = np.block([blocks[:2], blocks[2:]])

    found = find_isotropy(colours)

    assert (order, exact) == (found.order, found.exact)
    assert all(preserves(g, colours) for g in found.generators)


def test_points_and_pairs_have_no_natural_description() -> None:
    """S_5 permutes five rows naturally and ten columns as pairs."""
    found = find_isotropy(incidence(5))

    assert () == found.factors
    assert factorial(5) == found.order
    assert not found.exact


@pytest.mark.parametrize("sizes", [[200], [1, 199], [2, 198], [90, 1, 109], [1] * 200])
def test_large_matrices(sizes: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Products of symmetric groups on 200 rows and columns need no other library."""
    monkeypatch.setitem(sys.modules, "igraph", None)
    rng = np.random.default_rng(len(sizes))
    k, r = sum(sizes), len(sizes)
    block = np.repeat(range(r), sizes)
    table = rng.permutation(r * r).reshape(r, r)
    colours = table[np.ix_(block, block)] + r * r * np.eye(k, dtype=np.int64)
    colours = colours[rng.permutation(k)][:, rng.permutation(k)]

    found = find_isotropy(colours)

    assert sorted(n for n in sizes if n > 1) == sorted(f.size for f in found.factors)
    assert found.exact
    assert all(preserves(g, colours) for g in found.generators)


def test_without_igraph_ties_stay_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """What refinement settles needs no library; the rest says which one to install."""
    monkeypatch.setitem(sys.modules, "igraph", None)

    assert find_isotropy(np.eye(4, dtype=np.int64)).exact
    with pytest.raises(UndecidedError, match=r"pip install 'symcrit\[groups\]'"):
        find_isotropy(circulant(5))


def test_refinement_does_not_depend_on_the_order() -> None:
    """Permuting the matrix permutes the cells."""
    rng = np.random.default_rng(3)
    colours = rng.integers(0, 2, (7, 6))
    r, c = rng.permutation(7), rng.permutation(6)

    rows, columns = refine(colours)
    permuted_rows, permuted_columns = refine(colours[np.ix_(r, c)])

    assert np.array_equal(rows[r], permuted_rows)
    assert np.array_equal(columns[c], permuted_columns)
