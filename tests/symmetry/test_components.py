"""Mirror of symcrit/symmetry/components.py.

Three oracles: characters of the symmetric groups, summed over all of the group; the
full space of matrices with all permutations applied to it; and the number of orbits on
pairs of entries, which is the dimension of the commutant.
"""

import itertools
import math
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from symcrit.core.errors import InputError
from symcrit.symmetry.components import (
    AdaptedMatrix,
    Decomposition,
    decompose,
    inner_product,
)
from symcrit.symmetry.matrices import block_sizes
from symcrit.symmetry.patterns import Block, Pattern, Point

Permutations: TypeAlias = dict[str, tuple[int, ...]]

SYMBOLIC = [
    "k",
    "1+(k-1)",
    "(k-1)+1",
    "2+(k-2)",
    "3+(k-3)",
    "5+(k-5)",
    "p+(k-p)",
    "p+2+(k-p-2)",
    "2*1+(k-2)",
    "n=d-1: rows 1,n,1 cols 1,n",
    "n=k-1, m=d-k: rows 1,n cols 1,n,m target 1,n",
    "n=k: rows n,n cols n,1",
    "n=k: rows n,n cols n,n",
    "n=k, m=d: rows n cols m target m",
    "n=k, m=d: rows n,m,1 cols m,n,n",
    "n=2, m=k: rows n,m cols m,n",
]

SMALL = [
    ("k", {"k": 1}),
    ("k", {"k": 2}),
    ("k", {"k": 3}),
    ("k", {"k": 4}),
    ("k", {"k": 5}),
    ("1+(k-1)", {"k": 3}),
    ("1+(k-1)", {"k": 4}),
    ("1+(k-1)", {"k": 5}),
    ("2+(k-2)", {"k": 4}),
    ("2+(k-2)", {"k": 5}),
    ("3+(k-3)", {"k": 6}),
    ("p+(k-p)", {"p": 1, "k": 4}),
    ("p+(k-p)", {"p": 2, "k": 5}),
    ("2+3", {}),
    ("1+4", {}),
    ("n=d-1: rows 1,n,1 cols 1,n", {"d": 3}),
    ("n=d-1: rows 1,n,1 cols 1,n", {"d": 5}),
    ("n=k-1, m=d-k: rows 1,n cols 1,n,m target 1,n", {"k": 3, "d": 4}),
    ("n=k-1, m=d-k: rows 1,n cols 1,n,m target 1,n", {"k": 4, "d": 6}),
    ("n=k: rows n,n cols n,1", {"k": 3}),
    ("n=k: rows n,n cols n,1", {"k": 4}),
    ("n=k, m=d: rows n cols m target m", {"k": 2, "d": 3}),
    ("n=k, m=d: rows n,m,1 cols m,n", {"k": 2, "d": 3}),
]


def rational(values: dict[str, int]) -> dict[str, Fraction]:
    """The values as fractions."""
    return {name: Fraction(value) for name, value in values.items()}


def points(
    pattern: Pattern, blocks: Sequence[Block], values: dict[str, int]
) -> list[Point]:
    """All rows or columns; a point of a natural set carries its own number."""
    sizes = block_sizes(pattern, blocks, values)
    return [Point(b, i) for b, size in enumerate(sizes) for i in range(size)]


def written_out(
    pattern: Pattern, matrix: AdaptedMatrix, values: dict[str, int]
) -> NDArray[np.int64]:
    """An adapted matrix with all its entries."""
    rows = points(pattern, pattern.rows, values)
    columns = points(pattern, pattern.columns, values)
    return np.array([[matrix.entry(pattern, i, p) for p in columns] for i in rows])


def group_elements(pattern: Pattern, values: dict[str, int]) -> Iterator[Permutations]:
    """All elements of the group, a permutation for each factor."""
    names = list(pattern.sizes)
    sizes = block_sizes(pattern, [Block(name) for name in names], values)
    everything = [list(itertools.permutations(range(size))) for size in sizes]
    for permutations in itertools.product(*everything):
        yield dict(zip(names, permutations, strict=True))


def generators(pattern: Pattern, values: dict[str, int]) -> Iterator[Permutations]:
    """A transposition and a cycle of each factor, and the identity."""
    names = list(pattern.sizes)
    sizes = block_sizes(pattern, [Block(name) for name in names], values)
    identity = {
        name: tuple(range(size)) for name, size in zip(names, sizes, strict=True)
    }
    yield identity
    for name, size in zip(names, sizes, strict=True):
        yield identity | {name: (*range(1, size), 0)}
        if size > 1:
            yield identity | {name: (1, 0, *range(2, size))}


def images(
    pattern: Pattern, blocks: Sequence[Block], values: dict[str, int], g: Permutations
) -> list[int]:
    """Where a group element sends each row or column, by number."""
    everything = points(pattern, blocks, values)
    number = {point: i for i, point in enumerate(everything)}
    found = []
    for point in everything:
        group = blocks[point.block].group
        label = point.label if group is None else g[group][point.label]
        found.append(number[Point(point.block, label)])
    return found


def moved(
    pattern: Pattern, matrix: NDArray[np.int64], values: dict[str, int], g: Permutations
) -> NDArray[np.int64]:
    """The matrix with rows and columns permuted."""
    result = np.empty_like(matrix)
    rows = images(pattern, pattern.rows, values, g)
    columns = images(pattern, pattern.columns, values, g)
    result[np.ix_(rows, columns)] = matrix
    return result


def orbit_span(
    pattern: Pattern, matrix: NDArray[np.int64], values: dict[str, int]
) -> NDArray[np.float64]:
    """An orthonormal basis of the span of a matrix under the group, as rows."""
    basis = np.zeros((0, matrix.size))
    waiting = [matrix]
    while waiting:
        vector = waiting.pop()
        rest = vector.ravel() - (vector.ravel() @ basis.T) @ basis
        rest = rest - (rest @ basis.T) @ basis
        if np.linalg.norm(rest) < 1e-9:
            continue
        basis = np.vstack([basis, rest / np.linalg.norm(rest)])
        waiting += [
            moved(pattern, vector, values, g) for g in generators(pattern, values)
        ]
    return basis


def count_orbits_on_pairs_of_entries(pattern: Pattern, values: dict[str, int]) -> int:
    """The number of orbits of the group on (entries x entries), by union-find."""
    rows = points(pattern, pattern.rows, values)
    columns = points(pattern, pattern.columns, values)
    size = len(rows) * len(columns)
    parent = list(range(size * size))

    def find(x: int) -> int:
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for g in generators(pattern, values):
        by_row = images(pattern, pattern.rows, values, g)
        by_column = images(pattern, pattern.columns, values, g)
        entry = [i * len(columns) + p for i in by_row for p in by_column]
        for x in range(size):
            for y in range(size):
                a, b = find(x * size + y), find(entry[x] * size + entry[y])
                parent[a] = b
    return sum(find(x) == x for x in range(size * size))


def cycle_type(permutation: Sequence[int]) -> tuple[int, int]:
    """The number of fixed points of a permutation and of its square."""
    once = sum(p == i for i, p in enumerate(permutation))
    twice = sum(permutation[p] == i for i, p in enumerate(permutation))
    return once, twice


def character(kind: str, permutation: Sequence[int]) -> Fraction:
    """The character of s, x or y; formal where the group is too small for it."""
    once, twice = cycle_type(permutation)
    s, s_of_square = once - 1, twice - 1
    if kind == "s":
        return Fraction(s)
    if kind == "x":
        return Fraction(s * s - s_of_square, 2)
    return Fraction(s * s + s_of_square, 2) - s - 1


@pytest.mark.parametrize("text", SYMBOLIC)
def test_the_components_fill_the_space_for_all_sizes(text: str) -> None:
    """Copies times dimension add up to rows times columns, as polynomials."""
    found = decompose(Pattern.parse(text))

    assert not found.excess()


@pytest.mark.parametrize("text", SYMBOLIC)
def test_the_count_notices_a_lost_copy(text: str) -> None:
    """Without any one copy the identity of polynomials fails."""
    found = decompose(Pattern.parse(text))
    for at, component in enumerate(found.components):
        poorer = replace(component, copies=component.copies[1:])
        others = found.components[:at] + found.components[at + 1 :]

        assert Decomposition(found.pattern, (poorer, *others)).excess()


@pytest.mark.parametrize("text", SYMBOLIC)
def test_adapted_matrices_are_orthogonal(text: str) -> None:
    """The inner products of different copies are the zero polynomial."""
    pattern = Pattern.parse(text)
    for component in decompose(pattern).components:
        for u, v in itertools.combinations(component.copies, 2):
            assert not inner_product(component, pattern, u, v)


@pytest.mark.parametrize(("text", "values"), SMALL)
def test_squared_norms_are_those_of_the_matrices(
    text: str, values: dict[str, int]
) -> None:
    """The polynomials against sums over all entries."""
    pattern = Pattern.parse(text)
    for component in decompose(pattern).at(rational(values)).components:
        for u in component.copies:
            square = inner_product(component, pattern, u, u).at(rational(values))

            assert square == (written_out(pattern, u, values) ** 2).sum()
            assert square > 0


@pytest.mark.parametrize(("text", "values"), SMALL)
def test_orbits_span_irreducible_spaces_of_the_stated_dimension(
    text: str, values: dict[str, int]
) -> None:
    """The oracle is the full space with the group acting on it.

    The spans of the orbits have the stated dimensions, are orthogonal and fill the
    space; so the commutant has dimension at least the sum of copies squared, and equal
    to it only if every span is irreducible and different components are inequivalent.
    """
    pattern = Pattern.parse(text)
    found = decompose(pattern).at(rational(values))
    bases = []
    for component in found.components:
        for u in component.copies:
            basis = orbit_span(pattern, written_out(pattern, u, values), values)

            assert component.multiplicity(rational(values)) == len(basis)
            bases.append(basis)
    whole = np.vstack(bases)
    size = written_out(pattern, found.components[0].copies[0], values).size

    assert (size, size) == whole.shape
    assert np.abs(whole @ whole.T - np.eye(size)).max() < 1e-9
    assert sum(
        len(component.copies) ** 2 for component in found.components
    ) == count_orbits_on_pairs_of_entries(pattern, values)


@pytest.mark.parametrize(("text", "values"), SMALL)
def test_copies_are_images_of_one_vector(text: str, values: dict[str, int]) -> None:
    """All copies of a component have the same inner products along their orbits."""
    pattern = Pattern.parse(text)
    for component in decompose(pattern).at(rational(values)).components:
        matrices = [written_out(pattern, u, values) for u in component.copies]
        for g in generators(pattern, values):
            shifted = [moved(pattern, u, values, g) for u in matrices]
            cosines = {
                Fraction(int((u * v).sum()), int((u * u).sum()))
                for u, v in zip(matrices, shifted, strict=True)
            }

            assert len(cosines) == 1


@pytest.mark.parametrize(("text", "values"), SMALL)
def test_copies_are_counted_by_characters(text: str, values: dict[str, int]) -> None:
    """The mean of the product of characters over the whole group."""
    pattern = Pattern.parse(text)
    found = decompose(pattern).at(rational(values))
    for component in found.components:
        total, order = Fraction(0), 0
        for g in group_elements(pattern, values):
            fixed = math.prod(
                sum(i == image for i, image in enumerate(where))
                for where in (
                    images(pattern, pattern.rows, values, g),
                    images(pattern, pattern.columns, values, g),
                )
            )
            chi = math.prod(
                (character(kind, g[group]) for group, kind in component.factors),
                start=Fraction(1),
            )
            total, order = total + fixed * chi, order + 1

        assert len(component.copies) == total / order


@pytest.mark.parametrize("n", range(1, 6))
def test_small_blocks_lose_what_they_lack(n: int) -> None:
    """S_n on n by n matrices, with n a number and with n a symbol put equal to it."""
    expected = {
        1: {"1": (1, 1)},
        2: {"1": (2, 1), "s_1": (2, 1)},
        3: {"1": (2, 1), "s_1": (3, 2), "x_1": (1, 1)},
        4: {"1": (2, 1), "s_1": (3, 3), "x_1": (1, 3), "y_1": (1, 2)},
        5: {"1": (2, 1), "s_1": (3, 4), "x_1": (1, 6), "y_1": (1, 5)},
    }[n]
    symbolic = decompose(Pattern.parse("k")).at({"k": Fraction(n)})
    constant = decompose(Pattern.parse(str(n)))
    for found, values in ((symbolic, {"k": Fraction(n)}), (constant, {})):
        table = {
            component.name: (len(component.copies), component.multiplicity(values))
            for component in found.components
        }

        assert expected == table


@pytest.mark.parametrize("k", [Fraction(7, 2), Fraction(21, 5), Fraction(41, 10)])
def test_at_real_sizes_dimensions_and_norms_are_positive(k: Fraction) -> None:
    """Between integers a component is listed iff its formal dimension is positive."""
    pattern = Pattern.parse("1+(k-1)")
    everything = decompose(pattern)
    names = {component.name for component in everything.at({"k": k}).components}
    for component in everything.components:
        assert (component.dimension.at({"k": k}) > 0) == (component.name in names)
    for component in everything.at({"k": k}).components:
        for u in component.copies:
            assert inner_product(component, pattern, u, u).at({"k": k}) > 0


def test_a_size_without_a_value_is_refused() -> None:
    """Nothing is guessed about a variable."""
    with pytest.raises(InputError, match="give d a value"):
        decompose(Pattern.parse("n=k, m=d: rows n cols m target m")).at(
            rational({"k": 3})
        )


def test_names_are_numbered_by_blocks() -> None:
    """Groups of rows by their first block; groups of columns only, by theirs."""

    def names(text: str) -> list[str]:
        return [c.name for c in decompose(Pattern.parse(text)).components]

    assert names("1+(k-1)") == ["1", "s_2", "x_2", "y_2"]
    assert names("2+(k-2)") == ["1", "s_1", "s_2", "x_2", "y_2", "s_1*s_2"]
    assert names("n=k-1, m=d-k: rows 1,n cols 1,n,m target 1,n") == [
        *("1", "s_2", "s_3", "x_2", "y_2", "s_2*s_3"),
    ]
    assert names("n=k, m=d: rows n cols m target m") == [
        *("1", "s_1", "s_c1", "s_1*s_c1"),
    ]
    assert names("m=d, n=k: rows n,m cols m,n") == [
        *("1", "s_1", "s_2", "x_1", "y_1", "x_2", "y_2", "s_1*s_2"),
    ]


def test_the_published_decompositions() -> None:
    """Copies for the three diagonal groups, as the literature has them."""
    squares = {"x_1": 1, "y_1": 1, "x_2": 1, "y_2": 1}
    expected = {
        "k": {"1": 2, "s_1": 3, "x_1": 1, "y_1": 1},
        "1+(k-1)": {"1": 5, "s_2": 5, "x_2": 1, "y_2": 1},
        "p+(k-p)": {"1": 6, "s_1": 5, "s_2": 5, "s_1*s_2": 2} | squares,
    }
    for text, copies in expected.items():
        found = decompose(Pattern.parse(text)).components

        assert copies == {c.name: len(c.copies) for c in found}


GAP = r"""
fixed := function(g, n, points)
  return n - NrMovedPoints(RestrictedPerm(g, [1..n])) + points; end;;
for n in [2..7] do
  G := SymmetricGroup(n);; irr := Irr(G);; cl := ConjugacyClasses(G);;
  chi := Character(G, List(cl, c -> fixed(Representative(c), n, 1)^2));;
  for f in irr do
    m := ScalarProduct(chi, f);
    if m > 0 then Print(n, " ", m, " ", f[1], "\n"); fi;
  od;
od;
QUIT;
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("gap") is None, reason="GAP is not installed")
def test_gap_finds_the_same_multiplicities_and_degrees() -> None:
    """The permutation character of S_n on (n+1) by (n+1) matrices, n = 2 to 7."""
    done = subprocess.run(
        ["gap", "-q"], input=GAP, capture_output=True, text=True, check=True
    )
    rows = [tuple(map(int, line.split())) for line in done.stdout.splitlines() if line]
    for n in range(2, 8):
        values = {"k": Fraction(n + 1)}
        found = decompose(Pattern.parse("1+(k-1)")).at(values)
        expected = sorted(
            (len(c.copies), c.multiplicity(values)) for c in found.components
        )

        assert expected == sorted((m, degree) for size, m, degree in rows if size == n)
