"""Which groups are isotropy groups of matrices, up to conjugacy, and their order.

A subgroup of G = S_rows x S_cols is the isotropy group of some matrix iff it contains
every permutation that preserves its orbits of entries.  Such groups correspond one to
one to their partitions of the entries into orbits, and a group lies in another iff its
partition is finer.  The search therefore works on partitions alone: it starts at single
entries, joins a partition with the orbits of one more group element, and takes every
new partition up to the action of G.  Every isotropy group is reached, one element at a
time.

For the groups of one's own matrices no search is needed: products of symmetric groups
that permute rows and columns alike have their place by theorem (``place_of``).

Derivation: derivations/isotropy.md.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from math import factorial
from typing import TypeAlias

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from symcrit.core.errors import InputError
from symcrit.symmetry.blockform import block_form
from symcrit.symmetry.isotropy import find_isotropy

__all__ = [
    "MAX_ORDER",
    "IsotropyLattice",
    "IsotropyType",
    "Place",
    "find_lattice",
    "parse_shape",
    "place_of",
]

MAX_ORDER = 3000
"""The largest order of a group whose isotropy types are searched for."""

_Partitions: TypeAlias = NDArray[np.uint8]
"""Partitions of the entries, one a row; equal numbers stand in one part."""

_Permutations: TypeAlias = NDArray[np.intp]
"""Permutations of the entries, one a row."""

_SHAPE = re.compile(r"\s*([0-9]{1,3})\s*[x×]\s*([0-9]{1,3})\s*")


@dataclass(frozen=True, slots=True)
class Place:
    """The place of S_n1 x ... x S_nr among the isotropy groups of Delta S_d.

    Attributes:
        blocks: the sizes n1, ..., nr, ascending; d is their sum.
        steps: how many times two blocks have to be joined to reach Delta S_d: r - 1.
            Every chain of products of symmetric groups has this length.
        maximal: whether no isotropy group lies strictly between it and Delta S_d.

    Example:
        >>> place_of([4, 1])
        Place(blocks=(1, 4), steps=1, maximal=True)

    Source:
        derivations/isotropy.md, how far below the symmetry of the target.
    """

    blocks: tuple[int, ...]
    steps: int
    maximal: bool


def place_of(blocks: Sequence[int]) -> Place:
    """The place of a product of symmetric groups of given sizes.

    It is maximal iff it has two blocks of different sizes, or two of size 1: a group
    strictly above two equal blocks exchanges them, and with three blocks two can be
    joined.

    Raises:
        InputError: there is no block, or a block is empty.

    Example:
        >>> place_of([1, 6])
        Place(blocks=(1, 6), steps=1, maximal=True)
        >>> place_of([3, 3]).maximal, place_of([2, 1, 4]).steps
        (False, 2)
    """
    if not blocks or min(blocks) < 1:
        message = f"the sizes of blocks should be positive integers, got {list(blocks)}"
        raise InputError(message)
    sizes = tuple(sorted(blocks))
    pair = len(sizes) == 2
    return Place(sizes, len(sizes) - 1, pair and (sizes[0] < sizes[1] or sizes[1] == 1))


@dataclass(frozen=True, slots=True)
class IsotropyType:
    """A conjugacy class of isotropy groups.

    Attributes:
        number: its number in the lattice; 0 is the whole group.
        pattern: the pattern of the group if it is a product of symmetric groups acting
            on natural sets, else None.
        order: the order of the group.
        parameters: the dimension of its fixed space.
        conjugates: how many groups the class has.
        steps: the least number of steps from the whole group down to it, each to an
            isotropy group with none in between.
        example: a matrix with this isotropy group, numbered by its orbits of entries.
    """

    number: int
    pattern: str | None
    order: int
    parameters: int
    conjugates: int
    steps: int
    example: tuple[tuple[int, ...], ...]

    @property
    def is_maximal(self) -> bool:
        """Whether only the whole group lies above it."""
        return self.steps == 1


@dataclass(frozen=True)
class IsotropyLattice:
    """All isotropy types of a group on matrices, and which contains which.

    Attributes:
        rows: the number of rows.
        columns: the number of columns.
        within: ``product`` for S_rows x S_cols, ``target`` for the isotropy group of
            the target V = I.
        types: the types, larger groups first.
        graph: an edge from each type to each next smaller one.
    """

    rows: int
    columns: int
    within: str
    types: tuple[IsotropyType, ...]
    graph: "nx.DiGraph[int]"

    def labelled(self) -> "nx.DiGraph[int]":
        """The graph with the attributes of each type at its node, for export."""
        graph: nx.DiGraph[int] = nx.DiGraph()
        for found in self.types:
            graph.add_node(
                found.number,
                label=found.pattern or f"order {found.order}",
                order=found.order,
                parameters=found.parameters,
                conjugates=found.conjugates,
                steps=found.steps,
            )
        graph.add_edges_from(self.graph.edges)
        return graph

    def dot(self) -> str:
        r"""The graph in the language of Graphviz.

        Example:
            >>> print(find_lattice(2, 1).dot())
            digraph isotropy {
              0 [label="n=k: rows n cols 1\norder 2"];
              1 [label=": rows 2*1 cols 1\norder 1"];
              0 -> 1;
            }
        """
        nodes = [
            f'  {t.number} [label="{t.pattern or "no pattern"}\\norder {t.order}"];'
            for t in self.types
        ]
        edges = [f"  {a} -> {b};" for a, b in sorted(self.graph.edges)]
        return "\n".join(["digraph isotropy {", *nodes, *edges, "}"])

    def graphml(self) -> str:
        """The graph in GraphML, with the attributes of each type."""
        return "\n".join(nx.generate_graphml(self.labelled()))


def parse_shape(text: str) -> tuple[int, int]:
    """Read ``ROWS x COLS``.

    Raises:
        InputError: the text is something else.

    Example:
        >>> parse_shape("4 x 3")
        (4, 3)
    """
    found = _SHAPE.fullmatch(text)
    if found is None or "0" in (
        found[1].lstrip("0") or "0",
        found[2].lstrip("0") or "0",
    ):
        message = (
            f"{text!r} should be two positive numbers of rows and columns, such as"
            " 3 x 3, each at most 999"
        )
        raise InputError(message)
    return int(found[1]), int(found[2])


def find_lattice(
    rows: int, columns: int, *, within: str = "product"
) -> IsotropyLattice:
    """All isotropy types of a group of row and column permutations on matrices.

    Args:
        rows: the number of rows.
        columns: the number of columns.
        within: ``product`` for S_rows x S_cols; ``target`` for the group that fixes the
            target V = I, where row i and column i are permuted together and further
            rows freely.

    Raises:
        InputError: the group has more than ``MAX_ORDER`` elements.

    Example:
        >>> lattice = find_lattice(3, 3, within="target")
        >>> [(t.pattern, t.order, t.parameters) for t in lattice.types]
        [('k', 6, 2), (None, 3, 3), ('1+(k-1)', 2, 5), ('3*1', 1, 9)]
    """
    twins = min(rows, columns) if within == "target" else 0
    order = factorial(rows - twins) * factorial(columns - twins) * factorial(twins)
    if order > MAX_ORDER:
        message = (
            f"{rows} x {columns}: the group has more than {MAX_ORDER} elements; ask for"
            " smaller matrices, or for a subgroup with --within target"
        )
        raise InputError(message)
    group = np.array(list(_elements(rows, columns, twins)), dtype=np.intp)
    classes = _search(group)
    classes.sort(key=lambda images: (_parts(images[0]), -len(images), images.tobytes()))
    graph = _cover(classes)
    steps = nx.single_source_shortest_path_length(graph, 0)
    types = tuple(
        _describe(number, images, steps[number], rows, columns, twins)
        for number, images in enumerate(classes)
    )
    return IsotropyLattice(rows, columns, within, types, graph)


def _elements(rows: int, columns: int, twins: int) -> Iterator[list[int]]:
    """The elements of the group, as permutations of the entries."""
    tails = product(
        permutations(range(twins)),
        permutations(range(twins, rows)),
        permutations(range(twins, columns)),
    )
    for shared, more_rows, more_columns in tails:
        sigma, tau = shared + more_rows, shared + more_columns
        yield [i * columns + j for i in sigma for j in tau]


def _search(group: _Permutations) -> list[_Partitions]:
    """For each type the orbit partitions of all its groups, in normal form."""
    classes: list[_Partitions] = []
    seen: set[bytes] = set()
    queue = [np.arange(group.shape[1], dtype=np.uint8)]
    seen_rows = 0
    while seen_rows < len(queue):
        partition = queue[seen_rows]
        seen_rows += 1
        if partition.tobytes() in seen:
            continue
        images = np.unique(_normal(partition[group]), axis=0)
        classes.append(images)
        seen.update(image.tobytes() for image in images)
        joins = np.unique(_normal(_join(images[0], group)), axis=0)
        queue += [join for join in joins if join.tobytes() not in seen]
    return classes


def _join(partition: _Partitions, group: _Permutations) -> _Partitions:
    """The join of a partition with the orbits of each group element."""
    order = np.argsort(partition, kind="stable")
    starts = np.flatnonzero(np.diff(partition[order], prepend=-1))
    labels = np.repeat(partition[None, :], len(group), axis=0)
    while True:
        carried = np.minimum(labels, np.take_along_axis(labels, group, axis=1))
        least = np.minimum.reduceat(carried[:, order], starts, axis=1)
        joined: _Partitions = least[:, partition]
        if (joined == labels).all():
            return labels
        labels = joined


def _normal(partitions: _Partitions) -> _Partitions:
    """Partitions with their parts numbered in the order of appearance."""
    found = np.zeros_like(partitions)
    names = np.full((len(partitions), partitions.shape[1]), -1, dtype=np.int16)
    used = np.zeros(len(partitions), dtype=np.int16)
    every = np.arange(len(partitions))
    for place in range(partitions.shape[1]):
        old = partitions[:, place]
        fresh = names[every, old] < 0
        names[every[fresh], old[fresh]] = used[fresh]
        used += fresh
        found[:, place] = names[every, old]
    return found


def _parts(partition: _Partitions) -> int:
    return int(partition.max()) + 1


def _cover(classes: Sequence[_Partitions]) -> "nx.DiGraph[int]":
    """The graph from each class to the next smaller groups."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(classes)))
    for small, images in enumerate(classes):
        _, first = np.unique(images[0], return_index=True)
        leaders = first[images[0]]
        for large, others in enumerate(classes):
            if _parts(others[0]) < _parts(images[0]) and bool(
                (others[:, leaders] == others).all(axis=1).any()
            ):
                graph.add_edge(large, small)
    return nx.transitive_reduction(graph)


def _describe(
    number: int,
    images: _Partitions,
    steps: int,
    rows: int,
    columns: int,
    twins: int,
) -> IsotropyType:
    example = images[0].reshape(rows, columns).astype(np.int64)
    target = np.zeros((rows, columns))
    np.fill_diagonal(target[:twins, :twins], 1)
    isotropy = find_isotropy(example * 2 + target.astype(np.int64))
    form = block_form(example.astype(np.float64), isotropy, target if twins else None)
    return IsotropyType(
        number,
        form.pattern.text if isotropy.exact else None,
        isotropy.order,
        _parts(images[0]),
        len(images),
        steps,
        tuple(tuple(int(x) for x in row) for row in example),
    )
