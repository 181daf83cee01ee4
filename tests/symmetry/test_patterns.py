"""Mirror of symcrit/symmetry/patterns.py."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

import pytest

from symcrit.arith.floats import FLOATS
from symcrit.core.errors import InputError
from symcrit.symmetry.matrices import block_sizes
from symcrit.symmetry.patterns import Block, Pattern
from tests.symmetry.cases import CASES, OVER, pattern_of, sizes_of


def places(
    pattern: Pattern, blocks: Sequence[Block], k: int
) -> list[tuple[int, Block, int]]:
    """The points of some blocks one by one: block number, block, place in it."""
    sizes = block_sizes(pattern, blocks, sizes_of(pattern, k))
    return [
        (b, block, i)
        for b, (block, size) in enumerate(zip(blocks, sizes, strict=True))
        for i in range(size)
    ]


def moved(
    point: tuple[int, Block, int], group: str, i: int, j: int
) -> tuple[int, Block, int]:
    """The image of a point under the transposition (i j) of a group."""
    b, block, place = point
    if block.group != group:
        return point
    return b, block, {i: j, j: i}.get(place, place)


def count_orbits(pattern: Pattern, k: int) -> list[int]:
    """The sizes of the orbits of (row, column), by applying generators until done."""
    rows = places(pattern, pattern.rows, k)
    columns = places(pattern, pattern.columns, k)
    unseen = set(product(rows, columns))
    found = []
    while unseen:
        orbit, front = set(), [unseen.pop()]
        while front:
            row, column = front.pop()
            orbit.add((row, column))
            for group, i, j in generators(pattern, k):
                image = moved(row, group, i, j), moved(column, group, i, j)
                if image not in orbit:
                    front.append(image)
        unseen -= orbit
        found.append(len(orbit))
    return sorted(found)


def generators(pattern: Pattern, k: int) -> Iterator[tuple[str, int, int]]:
    """The transpositions of neighbours, which generate a symmetric group."""
    for group in pattern.sizes:
        (size,) = block_sizes(pattern, [Block(group)], sizes_of(pattern, k))
        for i in range(size - 1):
            yield group, i, i + 1


@pytest.mark.parametrize("k", [6, 7])
@pytest.mark.parametrize("text", CASES)
def test_parameters_are_the_orbits_of_the_group(text: str, k: int) -> None:
    """Oracle: the group itself, acting on pairs of numbers."""
    pattern = pattern_of(text)
    values = {name: float(k) for name in pattern.variables}
    sizes = []
    for _, count_i, used in pattern.points(pattern.rows, {}):
        for _, count_p, _ in pattern.points(pattern.columns, used):
            value = pattern.evaluate_count(count_i * count_p, FLOATS, values)
            sizes.append(round(value))

    assert len(pattern.parameters) == len(sizes)
    assert count_orbits(pattern, k) == sorted(sizes)


def test_number_of_parameters_of_diagonal_groups() -> None:
    """A product of r symmetric groups has r^2 + #{n_b >= 2} parameters."""
    for text, r, natural in (("k", 1, 1), ("1+(k-1)", 2, 1), ("2+3+(k-5)", 3, 3)):
        assert r * r + natural == len(Pattern.parse(text).parameters)


def test_names() -> None:
    """Short names on a diagonal pattern, kind and two blocks elsewhere."""
    assert ("a_1", "o_1") == Pattern.parse("k").names
    assert ("a_1", "o_1", "m_1_2", "m_2_1", "a_2") == Pattern.parse("(k-1)+1").names
    assert "d_2_2" in Pattern.parse(OVER).names
    assert ("a_1", "m_1_2", "m_2_1", "a_2") == Pattern.parse("2*1").names


def test_numbers_of_rows_and_columns() -> None:
    """Affine forms in the variables that are left."""
    pattern = Pattern.parse(OVER)

    assert ("d+1", "d") == (str(pattern.count_rows()), str(pattern.count_columns()))
    assert frozenset("d") == pattern.variables


def test_values_of_variables() -> None:
    """A size that becomes 1 is a trivial point; what is left stays symbolic."""
    pattern = Pattern.parse("p+(k-p)", {"p": Fraction(1)})

    assert Pattern.parse("1+(k-1)").names == pattern.names
    assert frozenset("k") == pattern.variables


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  ", "the pattern is empty"),
        ("k+", r"lacks a block beside a \+"),
        ("(k-1", "parenthesis|position"),
        ("k*k", "is not affine"),
        ("pi+k", "contains pi"),
        ("0+k", "a block of size 0 is impossible"),
        ("1/2+k", "a block of size 1/2 is impossible"),
        ("n=k: rows n", "needs rows and cols"),
        ("n=k: rows n cols", "should read: rows 1,n cols 1,n"),
        ("n=k: rows n cols n depth n", "'depth' should be rows, cols or target"),
        ("n=k: rows m cols n", "'m' is none of the sets 1, n"),
        ("n: rows n cols n", "should define a size once"),
        ("n=k,n=2: rows n cols n", "should define a size once"),
        ("50*1", "should have 1 to 40 blocks"),
    ],
)
def test_bad_patterns_are_explained(text: str, message: str) -> None:
    """One line that says what is wrong."""
    with pytest.raises(InputError, match=message) as caught:
        Pattern.parse(text)

    assert "\n" not in str(caught.value)
