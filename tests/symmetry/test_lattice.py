"""Mirror of symcrit/symmetry/lattice.py."""

from collections.abc import Iterator, Sequence
from itertools import permutations, product

import networkx as nx
import numpy as np
import pytest

from symcrit.core.errors import InputError
from symcrit.symmetry.lattice import (
    IsotropyLattice,
    find_lattice,
    parse_shape,
    place_of,
)

Group = frozenset[tuple[int, ...]]


def elements(rows: int, columns: int, *, diagonal: bool) -> list[tuple[int, ...]]:
    """Permutations of the entries by S_rows x S_cols, or by the diagonal."""
    pairs: Iterator[tuple[tuple[int, ...], tuple[int, ...]]] = (
        ((sigma, sigma) for sigma in permutations(range(rows)))
        if diagonal
        else product(permutations(range(rows)), permutations(range(columns)))
    )
    return [tuple(i * columns + j for i in s for j in t) for s, t in pairs]


def set_partitions(size: int) -> Iterator[tuple[int, ...]]:
    """All partitions of a set, as numbers of parts."""

    def extend(start: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(start) == size:
            yield start
            return
        for part in range(max(start, default=-1) + 2):
            yield from extend((*start, part))

    return extend(())


def brute_force(group: Sequence[tuple[int, ...]]) -> set[Group]:
    """The isotropy groups of all matrices: one matrix for each partition of entries."""
    found = set()
    for colours in set_partitions(len(group[0])):
        keeping = (
            g
            for g in group
            if all(colours[x] == c for x, c in zip(g, colours, strict=True))
        )
        found.add(frozenset(keeping))
    return found


def classes_of(
    groups: set[Group], whole: Sequence[tuple[int, ...]]
) -> list[set[Group]]:
    """Classes of conjugate groups."""
    found = []
    left = set(groups)
    while left:
        some = left.pop()
        images = set()
        for g in whole:
            inverse = tuple(int(x) for x in np.argsort(g))
            images.add(frozenset(tuple(g[h[x]] for x in inverse) for h in some))
        found.append(images)
        left -= images
    return found


def numbers(lattice: IsotropyLattice) -> list[tuple[int, int]]:
    """The order of each type and how many groups it has."""
    return sorted((t.order, t.conjugates) for t in lattice.types)


@pytest.mark.parametrize(
    ("rows", "columns", "diagonal"),
    [
        (2, 2, False),
        (3, 2, False),
        (1, 4, False),
        (3, 3, True),
        pytest.param(3, 3, False, marks=pytest.mark.slow),
    ],
)
def test_the_types_are_those_of_all_matrices(
    rows: int, columns: int, diagonal: bool
) -> None:
    """Oracle: the stabilisers of one matrix for each partition of its entries.

    Types, their sizes and the order of the types are compared; for S_3 x S_3 these are
    21,147 matrices.
    """
    whole = elements(rows, columns, diagonal=diagonal)
    classes = classes_of(brute_force(whole), whole)
    kinds = [(len(next(iter(c))), len(c)) for c in classes]
    expected: nx.DiGraph[int] = nx.DiGraph()
    expected.add_nodes_from(range(len(classes)))
    for (a, larger), (b, smaller) in permutations(enumerate(classes), 2):
        some = next(iter(smaller))
        if any(some < group for group in larger):
            expected.add_edge(a, b)
    expected = nx.transitive_reduction(expected)

    found = find_lattice(rows, columns, within="target" if diagonal else "product")

    assert sorted(kinds) == numbers(found)
    matcher = nx.isomorphism.DiGraphMatcher(expected, found.graph)
    assert any(
        all(
            kinds[a] == (found.types[b].order, found.types[b].conjugates)
            for a, b in match.items()
        )
        for match in matcher.isomorphisms_iter()
    )


def test_the_isotropy_groups_of_three_points() -> None:
    """Delta S_3, A_3, Delta(S_1 x S_2) and the trivial group: 2-closed groups."""
    found = find_lattice(3, 3, within="target")

    assert [("k", 6), (None, 3), ("1+(k-1)", 2), ("3*1", 1)] == [
        (t.pattern, t.order) for t in found.types
    ]
    assert [(0, 1), (0, 2), (1, 3), (2, 3)] == sorted(found.graph.edges)


@pytest.mark.parametrize("k", [2, 3, 4, 5, pytest.param(6, marks=pytest.mark.slow)])
def test_products_of_symmetric_groups_have_the_place_of_the_theorem(k: int) -> None:
    """Oracle: the search over all isotropy groups of Delta S_k."""
    found = find_lattice(k, k, within="target")
    seen = 0
    for each in found.types:
        if each.pattern is None or "rows" in each.pattern or each.number == 0:
            continue
        labels = np.array(each.example)
        diagonal = np.diag(labels)
        place = place_of([int(n) for n in np.unique(diagonal, return_counts=True)[1]])
        assert each.is_maximal == place.maximal
        assert each.steps <= place.steps + (not place.maximal)
        seen += 1

    partitions = {2: 1, 3: 2, 4: 4, 5: 6, 6: 10}
    assert partitions[k] == seen


def test_dropping_rows_or_columns_of_the_target() -> None:
    """With k = d + 1 the group of the target is that of the d inputs."""
    assert numbers(find_lattice(3, 3, within="target")) == numbers(
        find_lattice(4, 3, within="target")
    )


def test_the_example_of_a_type_has_its_group() -> None:
    """The numbers of parameters and the orders are those of the example matrix."""
    whole = elements(3, 3, diagonal=False)
    for each in find_lattice(3, 3).types:
        entries = np.array(each.example).ravel()
        keeping = [g for g in whole if (entries[list(g)] == entries).all()]
        assert each.order == len(keeping)
        assert each.parameters == len(np.unique(entries))
        assert len(whole) % (each.order * each.conjugates) == 0


@pytest.mark.parametrize(
    ("blocks", "steps", "maximal"),
    [
        ([7], 0, False),
        ([1, 6], 1, True),
        ([5, 2], 1, True),
        ([1, 1], 1, True),
        ([4, 4], 1, False),
        ([4, 1, 5], 2, False),
    ],
)
def test_places(blocks: list[int], steps: int, maximal: bool) -> None:
    """Two different blocks are maximal; the whole group lies nowhere below itself."""
    place = place_of(blocks)

    assert (tuple(sorted(blocks)), steps, maximal) == (
        place.blocks,
        place.steps,
        place.maximal,
    )


@pytest.mark.parametrize("blocks", [[], [0, 3]])
def test_impossible_blocks_are_refused(blocks: list[int]) -> None:
    """There is no empty set of rows."""
    with pytest.raises(InputError, match="positive integers"):
        place_of(blocks)


@pytest.mark.parametrize(
    ("text", "shape"), [("3 x 4", (3, 4)), ("2x2", (2, 2)), (" 10×3 ", (10, 3))]
)
def test_shapes(text: str, shape: tuple[int, int]) -> None:
    """Rows, an x, columns."""
    assert shape == parse_shape(text)


@pytest.mark.parametrize(
    "text", ["", "3", "0 x 3", "3 x 00", "-1 x 2", "a x b", "3*3", "1000000 x 1000000"]
)
def test_other_shapes_are_refused(text: str) -> None:
    """The message shows what would be right."""
    with pytest.raises(InputError, match=r"such as 3 x 3, each at most 999$"):
        parse_shape(text)


def test_a_large_group_is_refused() -> None:
    """Before any work is done."""
    with pytest.raises(InputError, match="the group has more than 3000 elements"):
        find_lattice(999, 999)


def test_the_graph_can_be_exported() -> None:
    """Read back by networkx, and as lines of Graphviz."""
    found = find_lattice(3, 2)

    graph = nx.parse_graphml(found.graphml(), node_type=int)

    assert set(found.graph.edges) == set(graph.edges)
    assert [t.order for t in found.types] == [graph.nodes[n]["order"] for n in graph]
    assert len(found.types) == found.dot().count("label=")
    assert len(found.graph.edges) == found.dot().count("->")
