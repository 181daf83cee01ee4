r"""Isotypic components of the space of matrices on which a pattern's group acts.

For S_n write 1 for the trivial representation, s for the standard one (dimension
n - 1), x for its exterior square (n-2,1,1) and y for (n-2,2).  With R^n = 1 + s and
s (x) s = 1 + s + x + y the space M(rows, columns) decomposes block by block:

    trivial point, trivial point                 1
    natural set of g, trivial point              1 + s_g
    natural sets of different groups g, h        1 + s_g + s_h + s_g*s_h
    natural sets of one group g                  2*1 + 3*s_g + x_g + y_g

A component is the sum of all copies of one irreducible representation.  Every copy is
given by one *adapted matrix*, the image of one and the same vector of the
representation under an equivariant map: e_0 - e_1 in s, the alternating 3-cycle in x,
an alternating 4-cycle in y, (e_0 - e_1)(f_0 - f_1)^T in s_g*s_h.  By Schur's lemma an
invariant quadratic form on M is known from its values on the adapted matrices, and
they are chosen orthogonal to each other.

Small sets lose representations and copies: s needs two points, x three, y four, and one
of the three copies of s on a square block needs three.  A size n *reaches* m if
n > m - 1, so an integer reaches all numbers up to itself.  This one rule holds for
real n too, where dimensions and squared norms are positive exactly for what is reached.

Numbers in names: a group that moves rows is numbered by the first block of rows that is
its natural set; a group that moves columns only by its first block of columns, with a
letter c in front where the number alone would mean a group of rows.

Example:
    >>> found = decompose(Pattern.parse("1+(k-1)"))
    >>> for component in found.components:
    ...     print(component.name, len(component.copies), component.dimension)
    1 5 1
    s_2 5 k - 2
    x_2 1 (k - 2)*(k - 3)/2
    y_2 1 (k - 1)*(k - 4)/2

Derivations: derivations/components.md.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from symcrit.core.errors import InputError
from symcrit.symmetry.patterns import Block, Kind, Pattern, Point
from symcrit.symmetry.polynomials import SizePolynomial, SizeRing

__all__ = [
    "AdaptedMatrix",
    "Component",
    "Decomposition",
    "Piece",
    "Representation",
    "decompose",
    "inner_product",
]

Representation: TypeAlias = str
"""``s``, ``x`` or ``y``, of one symmetric group."""

_LABELS: Mapping[Representation, int] = {"s": 2, "x": 3, "y": 4}
"""How many points the vector of a representation tells apart: its least size too."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A multiple of a 0-1 matrix on one block of entries.

    Attributes:
        coefficient: the multiple.
        kind: the orbit of entries, ``d``, ``o`` or ``m``.
        row: the label that the row must carry; None if every row will do.
        column: the same for the column.
    """

    coefficient: int
    kind: Kind
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class AdaptedMatrix:
    """A matrix whose entries depend on block and label of row and column only.

    Attributes:
        name: what it is made of, such as ``R_2_2 - C_2_2``: D diagonal entries, R rows
            and C columns of the other entries.
        row: the block of rows that carries it, from 0.
        column: the block of columns.
        pieces: its pieces, to be added up.
        least: the size that each group must reach, else the matrix does not exist.

    Example:
        >>> [copy.name for copy in decompose(Pattern.parse("k"))["s_1"].copies]
        ['D_1_1', 'R_1_1 - C_1_1', 'R_1_1 + C_1_1']

    Source:
        derivations/components.md, adapted matrices.
    """

    name: str
    row: int
    column: int
    pieces: tuple[Piece, ...]
    least: tuple[tuple[str, int], ...]

    def entry(self, pattern: Pattern, i: Point, p: Point) -> int:
        """The entry at a row and a column of a pattern.

        Args:
            pattern: the pattern.
            i: the row.
            p: the column.

        Labels from 0 are those that pieces may ask for; ``Pattern.points`` gives them
        if as many labels are in use as the component needs.
        """
        if i.block != self.row or p.block != self.column:
            return 0
        kind = pattern.kind(pattern.rows[i.block], i, pattern.columns[p.block], p)
        return sum(
            piece.coefficient
            for piece in self.pieces
            if piece.kind == kind
            and piece.row in (None, i.label)
            and piece.column in (None, p.label)
        )


@dataclass(frozen=True)
class Component:
    """An isotypic component of M(rows, columns).

    Attributes:
        name: ``1``, ``s_b``, ``x_b``, ``y_b`` or ``s_b*s_c``.
        factors: the groups that act, each with its representation; none for ``1``.
        copies: one adapted matrix for each copy, orthogonal to each other.
        dimension: the dimension of the irreducible representation.

    Example:
        >>> component = decompose(Pattern.parse("k"))["s_1"]
        >>> print(component.dimension, len(component.copies), component.labels)
        k - 1 3 {'n1': 2}
        >>> component.multiplicity({"k": Fraction(6)})
        5

    Source:
        derivations/components.md.
    """

    name: str
    factors: tuple[tuple[str, Representation], ...]
    copies: tuple[AdaptedMatrix, ...]
    dimension: SizePolynomial

    @property
    def labels(self) -> dict[str, int]:
        """How many labels of each group the adapted matrices tell apart."""
        return {group: _LABELS[kind] for group, kind in self.factors}

    def multiplicity(self, values: Mapping[str, Fraction]) -> int:
        """The dimension at integer sizes: how often each eigenvalue occurs.

        Args:
            values: the variables of the sizes.

        Raises:
            ValueError: the dimension is no integer there.
        """
        dimension = self.dimension.at(values)
        if dimension.denominator != 1:
            message = f"component {self.name} has dimension {dimension}, no integer"
            raise ValueError(message)
        return int(dimension)


@dataclass(frozen=True)
class Decomposition:
    """M(rows, columns) as a sum of isotypic components.

    Attributes:
        pattern: group and action.
        components: the components that occur, the trivial one first.
    """

    pattern: Pattern
    components: tuple[Component, ...]

    def __getitem__(self, name: str) -> Component:
        """The component of a name.

        Raises:
            KeyError: it does not occur.
        """
        for component in self.components:
            if component.name == name:
                return component
        raise KeyError(name)

    def restrict(self, reaches: Callable[[str, int], bool]) -> "Decomposition":
        """What is left of the decomposition at certain sizes.

        Args:
            reaches: whether the size n of a group is greater than m - 1, for a group
                and an integer m.
        """
        kept = []
        for component in self.components:
            if not all(reaches(*need) for need in component.labels.items()):
                continue
            copies = tuple(
                copy
                for copy in component.copies
                if all(reaches(*need) for need in copy.least)
            )
            if copies:
                kept.append(replace(component, copies=copies))
        return Decomposition(self.pattern, tuple(kept))

    def at(self, values: Mapping[str, Fraction]) -> "Decomposition":
        """What is left of the decomposition at given values of the variables.

        Raises:
            InputError: a variable has no value.

        Example:
            >>> found = decompose(Pattern.parse("1+(k-1)")).at({"k": Fraction(3)})
            >>> [(c.name, len(c.copies)) for c in found.components]
            [('1', 5), ('s_2', 4)]
        """
        if missing := sorted(self.pattern.variables - set(values)):
            message = (
                f"pattern {self.pattern.text!r}: give {', '.join(missing)} a value"
            )
            raise InputError(message)
        sizes = self.pattern.sizes
        known = {group: size.substitute(values).const for group, size in sizes.items()}
        return self.restrict(lambda group, least: known[group] > least - 1)

    def excess(self) -> SizePolynomial:
        """The sum of copies times dimension, minus rows times columns.

        It is the zero polynomial in the sizes; ``decompose`` refuses to return a
        decomposition for which it is not.
        """
        ring = SizeRing(self.pattern.variables)
        rows = ring.affine(self.pattern.count_rows())
        total = rows * ring.affine(self.pattern.count_columns()) * -1
        for component in self.components:
            total = total + component.dimension * len(component.copies)
        return total


@lru_cache(maxsize=256)
def decompose(pattern: Pattern) -> Decomposition:
    """Decompose the space of matrices of a pattern into isotypic components.

    Sizes that are numbers lose what small sets lack; sizes with variables are taken as
    large.  That copies times dimensions add up to rows times columns is checked as an
    identity of polynomials.

    Args:
        pattern: the group and its action on rows and columns.
    """
    components = [
        Component(
            _name(pattern, factors),
            factors,
            tuple(_copies(pattern, factors)),
            _dimension(pattern, factors),
        )
        for factors in _representations(pattern)
    ]
    sizes = pattern.sizes
    found = Decomposition(
        pattern, tuple(component for component in components if component.copies)
    ).restrict(
        lambda group, least: (
            not sizes[group].is_constant or sizes[group].const > least - 1
        )
    )
    if found.excess():
        message = (
            f"the components of {pattern.text!r} do not fill the space of matrices"
        )
        raise AssertionError(message)
    return found


def inner_product(
    component: Component, pattern: Pattern, u: AdaptedMatrix, v: AdaptedMatrix
) -> SizePolynomial:
    """The inner product of two adapted matrices of one component.

    Example:
        >>> pattern = Pattern.parse("k")
        >>> s = decompose(pattern)["s_1"]
        >>> [str(inner_product(s, pattern, u, u)) for u in s.copies]
        ['2', '4*k', '4*(k - 2)']
        >>> bool(inner_product(s, pattern, s.copies[1], s.copies[2]))
        False
    """
    ring = SizeRing(pattern.variables)
    total = ring.constant(0)
    for i, count, used in pattern.points(pattern.rows, component.labels):
        for p, each, _ in pattern.points(pattern.columns, used):
            if product := u.entry(pattern, i, p) * v.entry(pattern, i, p):
                total = total + ring.count(pattern, count * each) * product
    return total


_Factors: TypeAlias = tuple[tuple[str, Representation], ...]


def _representations(pattern: Pattern) -> Iterator[_Factors]:
    """The irreducible representations that may occur, in the order of display."""
    groups = list(_numbers(pattern))
    yield ()
    yield from (((group, "s"),) for group in groups)
    for group in groups:
        yield ((group, "x"),)
        yield ((group, "y"),)
    for i, group in enumerate(groups):
        yield from (((group, "s"), (other, "s")) for other in groups[i + 1 :])


def _numbers(pattern: Pattern) -> dict[str, str]:
    """The number of each group that moves rows or columns, as it stands in names."""
    numbers: dict[str, str] = {}
    for b, block in enumerate(pattern.rows, 1):
        if block.group is not None:
            numbers.setdefault(block.group, str(b))
    of_rows = set(numbers.values())
    for c, block in enumerate(pattern.columns, 1):
        if block.group is not None:
            number = f"c{c}" if str(c) in of_rows else str(c)
            numbers.setdefault(block.group, number)
    return numbers


def _name(pattern: Pattern, factors: _Factors) -> str:
    numbers = _numbers(pattern)
    return "*".join(f"{kind}_{numbers[group]}" for group, kind in factors) or "1"


def _dimension(pattern: Pattern, factors: _Factors) -> SizePolynomial:
    ring = SizeRing(pattern.variables)
    half = Fraction(1, 2)
    total = ring.constant(1)
    for group, kind in factors:
        n = ring.affine(pattern.sizes[group])
        if kind == "s":
            total = total * (n - 1)
        elif kind == "x":
            total = total * (n - 1) * (n - 2) * half
        else:
            total = total * n * (n - 3) * half
    return total


def _copies(pattern: Pattern, factors: _Factors) -> Iterator[AdaptedMatrix]:
    """The adapted matrices of a representation on all blocks of entries."""
    if not factors:
        for q in pattern.parameters:
            least = _least(pattern, q.row, q.column, 2 if q.kind == "o" else 1)
            yield AdaptedMatrix(q.name, q.row, q.column, (Piece(1, q.kind),), least)
        return
    for b, row in enumerate(pattern.rows):
        for c, column in enumerate(pattern.columns):
            for name, pieces, size in _on_block(factors, row, column):
                text = " ".join(
                    word if word in "+-" else f"{word}_{b + 1}_{c + 1}"
                    for word in name.split()
                )
                least = _least(pattern, b, c, size)
                yield AdaptedMatrix(text, b, c, pieces, least)


def _least(pattern: Pattern, b: int, c: int, size: int) -> tuple[tuple[str, int], ...]:
    """The least size of the groups that move a block of rows and one of columns."""
    groups = {pattern.rows[b].group, pattern.columns[c].group}
    return tuple((group, size) for group in sorted(filter(None, groups)))


_Sketch: TypeAlias = tuple[str, tuple[Piece, ...], int]
"""Name and pieces of a matrix, and what the groups of its block must reach."""


def _on_block(factors: _Factors, row: Block, column: Block) -> Iterator[_Sketch]:
    """The copies of a nontrivial representation on one block of entries."""
    same = row.group is not None and row.group == column.group
    match factors:
        case ((group, kind),) if same and group == row.group:
            yield from _SQUARE[kind]
        case ((group, "s"),) if group == row.group:
            yield "R", (Piece(1, "m", row=0), Piece(-1, "m", row=1)), 1
        case ((group, "s"),) if group == column.group:
            yield "C", (Piece(1, "m", column=0), Piece(-1, "m", column=1)), 1
        case ((group, _), (other, _)) if {group, other} == {row.group, column.group}:
            signs = ((1, 0, 0), (-1, 0, 1), (-1, 1, 0), (1, 1, 1))
            yield "S", tuple(Piece(sign, "m", i, p) for sign, i, p in signs), 2


def _lines(sign: int) -> tuple[Piece, ...]:
    """Rows plus or minus columns of the entries off the diagonal, for e_0 - e_1."""
    rows = (Piece(1, "o", row=0), Piece(-1, "o", row=1))
    return (*rows, Piece(sign, "o", column=0), Piece(-sign, "o", column=1))


def _cycle(length: int, signs: tuple[int, int]) -> tuple[Piece, ...]:
    """A cycle 0, 1, ... with the sign of each step alternating by ``signs[0]``.

    The transposed steps have ``signs[1]`` times the same sign.
    """
    turn, transposed = signs
    pieces = []
    for i in range(length):
        sign, j = turn**i, (i + 1) % length
        pieces += [Piece(sign, "o", i, j), Piece(sign * transposed, "o", j, i)]
    return tuple(pieces)


_SQUARE: Mapping[Representation, tuple[_Sketch, ...]] = {
    "s": (
        ("D", (Piece(1, "d", row=0), Piece(-1, "d", row=1)), 2),
        ("R - C", _lines(-1), 2),
        ("R + C", _lines(1), 3),
    ),
    "x": (("X", _cycle(3, (1, -1)), 3),),
    "y": (("Y", _cycle(4, (-1, 1)), 4),),
}
"""The copies on a natural set against the natural set of the same group.

With two points, row 0 off the diagonal is column 1, so that R + C is zero.
"""
