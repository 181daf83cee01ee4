"""Between parameters and matrices: embedding, extraction, distance to the fixed space.

A matrix is fixed by the group of a pattern iff it is constant on the orbits of entries.
The orthogonal projection on the fixed space therefore replaces every entry by the mean
of its orbit.  Rows and columns are numbered block by block, in the pattern's order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeAlias, TypeVar

from symcrit.arith.protocol import Element
from symcrit.core.errors import InputError
from symcrit.symmetry.patterns import Block, Parameter, Pattern

__all__ = [
    "Matrix",
    "Projection",
    "block_sizes",
    "embed",
    "embed_target",
    "orbit_indices",
    "project",
]

T = TypeVar("T", bound=Element)
V = TypeVar("V")

Matrix: TypeAlias = list[list[V]]

Variables: TypeAlias = Mapping[str, int | Fraction]
"""Values of the variables of the sizes, for example {"k": 7}."""

MAX_ENTRIES = 25_000_000
"""No larger matrix is written out: patterns have sizes that no memory holds."""


@dataclass(frozen=True, slots=True)
class Projection(Generic[T]):
    """The nearest point of a fixed space, in the Euclidean norm of all entries.

    Attributes:
        point: the parameters of the nearest matrix, the means over the orbits.
        deviations: the matrix minus the nearest one.
    """

    point: list[T]
    deviations: Matrix[T]

    @property
    def squared_distance(self) -> T:
        """The squared distance to the fixed space, the sum of squared deviations."""
        first, *others = (x * x for row in self.deviations for x in row)
        for square in others:
            first = first + square
        return first


def block_sizes(
    pattern: Pattern, blocks: Sequence[Block], variables: Variables
) -> list[int]:
    """The sizes of blocks as integers.

    Raises:
        InputError: a variable has no value, or a size is no positive integer.

    Example:
        >>> pattern = Pattern.parse("1+(k-1)")
        >>> block_sizes(pattern, pattern.rows, {"k": 7})
        [1, 6]
    """
    values = {name: Fraction(value) for name, value in variables.items()}
    sizes = []
    for block in blocks:
        size = pattern.size_of(block)
        value = size.substitute(values)
        if not value.is_constant:
            missing = ", ".join(sorted(value.variables))
            message = f"pattern {pattern.text!r}: give a value of {missing}"
            raise InputError(message)
        if value.const.denominator != 1 or value.const < 1:
            message = (
                f"pattern {pattern.text!r}: a block of size {size} = {value} is no set;"
                " its size should be a positive integer"
            )
            raise InputError(message)
        sizes.append(int(value.const))
    return sizes


def orbit_indices(
    pattern: Pattern,
    variables: Variables,
    *,
    rows: Sequence[Block] | None = None,
    parameters: Sequence[Parameter] | None = None,
) -> Matrix[int]:
    """The index of the orbit of every entry, a matrix of the size of W.

    Args:
        pattern: the pattern.
        variables: values of the variables of the sizes.
        rows: the blocks of rows, by default those of W.
        parameters: the orbits to count, by default the parameters of the pattern.

    Raises:
        InputError: a size is no positive integer, or there are more than
            ``MAX_ENTRIES`` entries.

    Example:
        >>> orbit_indices(Pattern.parse("1+(k-1)"), {"k": 3})
        [[0, 1, 1], [2, 3, 4], [2, 4, 3]]
    """
    blocks = pattern.rows if rows is None else rows
    orbits = pattern.parameters if parameters is None else parameters
    index = {(q.row, q.column, q.kind): i for i, q in enumerate(orbits)}
    row_sizes = block_sizes(pattern, blocks, variables)
    column_sizes = block_sizes(pattern, pattern.columns, variables)
    if sum(row_sizes) * sum(column_sizes) > MAX_ENTRIES:
        message = (
            f"a matrix with {sum(row_sizes)} rows is too large to be written out: at"
            f" most {MAX_ENTRIES} entries are; its parameters tell the same"
        )
        raise InputError(message)
    matrix = []
    for b, row in enumerate(blocks):
        for i in range(row_sizes[b]):
            entries = []
            for c, column in enumerate(pattern.columns):
                for p in range(column_sizes[c]):
                    same = row.group is not None and row.group == column.group
                    kind = ("d" if i == p else "o") if same else "m"
                    entries.append(index[b, c, kind])
            matrix.append(entries)
    return matrix


def embed(pattern: Pattern, point: Sequence[V], variables: Variables) -> Matrix[V]:
    """The matrix with the given parameters.

    Args:
        pattern: the pattern.
        point: the parameters, in the order of the pattern.
        variables: values of the variables of the sizes.

    Raises:
        InputError: the number of parameters is wrong, or a size no positive integer.

    Example:
        >>> embed(Pattern.parse("k"), [5, 7], {"k": 3})
        [[5, 7, 7], [7, 5, 7], [7, 7, 5]]
    """
    if len(point) != len(pattern.parameters):
        message = (
            f"pattern {pattern.text!r} has {len(pattern.parameters)} parameters"
            f" ({', '.join(pattern.names)}), got {len(point)}"
        )
        raise InputError(message)
    indices = orbit_indices(pattern, variables)
    return [[point[i] for i in row] for row in indices]


def embed_target(
    pattern: Pattern, target: Mapping[str, Fraction], variables: Variables
) -> Matrix[Fraction]:
    """The matrix V with the given values on the orbits of targets, absent ones zero.

    Raises:
        InputError: a size is no positive integer.
    """
    orbits = pattern.target_parameters
    values = [Fraction(target.get(q.name, 0)) for q in orbits]
    indices = orbit_indices(pattern, variables, rows=pattern.targets, parameters=orbits)
    return [[values[i] for i in row] for row in indices]


def project(
    pattern: Pattern, matrix: Sequence[Sequence[T]], variables: Variables
) -> Projection[T]:
    """The orthogonal projection of a matrix on the fixed space of a pattern.

    Args:
        pattern: the pattern.
        matrix: rows of numbers of any kind, in the order of the blocks.
        variables: values of the variables of the sizes.

    Raises:
        InputError: the shape is wrong, a size is no positive integer, or an orbit has
            no entry, so that its parameter is not determined.

    Example:
        >>> found = project(Pattern.parse("k"), [[5.0, 7.0], [9.0, 5.0]], {"k": 2})
        >>> found.point, found.deviations, found.squared_distance
        ([5.0, 8.0], [[0.0, -1.0], [1.0, 0.0]], 2.0)
    """
    indices = orbit_indices(pattern, variables)
    shape = len(indices), len(indices[0])
    if len(matrix) != shape[0] or any(len(row) != shape[1] for row in matrix):
        message = (
            f"pattern {pattern.text!r} describes {shape[0]}-by-{shape[1]} matrices"
            f" here, got {len(matrix)} rows of {sorted({len(row) for row in matrix})}"
        )
        raise InputError(message)
    orbits: list[list[T]] = [[] for _ in pattern.parameters]
    for row, places in zip(matrix, indices, strict=True):
        for x, i in zip(row, places, strict=True):
            orbits[i].append(x)
    for name, entries in zip(pattern.names, orbits, strict=True):
        if not entries:
            message = f"pattern {pattern.text!r}: no entry belongs to {name} here"
            raise InputError(message)
    point = [_mean(entries) for entries in orbits]
    deviations = [
        [x - point[i] for x, i in zip(row, places, strict=True)]
        for row, places in zip(matrix, indices, strict=True)
    ]
    return Projection(point, deviations)


def _mean(entries: Sequence[T]) -> T:
    total = entries[0]
    for x in entries[1:]:
        total = total + x
    return total / len(entries)
