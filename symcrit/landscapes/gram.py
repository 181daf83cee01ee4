"""Gram data of the orbits of pairs, as polynomials in parameters and sizes.

What a symmetric landscape needs of its pattern is worked out here once, without
numbers: for each orbit of pairs (neuron, neuron), (neuron, target) and (target, target)
its size and the classes of columns, i.e. the orbits of columns under the stabiliser of
the pair with the two entries there.  Squared norms, inner products and Lagrange's sum
of squares then are sums over classes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Generic, TypeAlias, TypeVar

from symcrit.arith.protocol import Element, Numbers
from symcrit.core.errors import InputError
from symcrit.landscapes.kernels import Gram
from symcrit.symmetry.patterns import Count, Pattern, Point

__all__ = ["Column", "Entry", "Pair", "PairGrams", "Structure", "Target"]

T = TypeVar("T", bound=Element)

Entry: TypeAlias = int | Fraction
"""The index of a parameter, or a known constant."""

Target: TypeAlias = Mapping[str, Fraction]
"""Values of V on its orbits, by the names the parameters would have; absent ones 0."""


@dataclass(frozen=True, slots=True)
class Column:
    """An orbit of columns under the stabiliser of a pair: size and the two entries.

    Attributes:
        count: the size of the orbit.
        x: the entry of the first vector.
        y: the entry of the second one.
    """

    count: Count
    x: Entry
    y: Entry


@dataclass(frozen=True, slots=True)
class Pair:
    """An orbit of unordered pairs of different vectors.

    Attributes:
        label: the name of the orbit, for messages and for sites.
        kinds: ``ww``, ``wv`` or ``vv``.
        blocks: the two blocks.
        count: the size of the orbit; unordered pairs inside one block count half.
        halved: whether ``count`` has to be divided by two.
        columns: the classes of columns.
        parallel: 1 or -1 if the vectors are known to be parallel, else 0.
        near: whether they may be parallel somewhere near the points of interest.

    Example:
        >>> pairs = Structure.build(Pattern.parse("1+(k-1)")).pairs
        >>> [(pair.label, pair.kinds, pair.sign) for pair in pairs[:3]]
        [('w1.w2', 'ww', 1), ('w2.w2', 'ww', 1), ('w1.v1', 'wv', -1)]

    Source:
        derivations/reduced.md, orbits of pairs and triples.
    """

    label: str
    kinds: str
    blocks: tuple[int, int]
    count: Count
    halved: bool
    columns: tuple[Column, ...]
    parallel: int = 0
    near: bool = False

    @property
    def sign(self) -> int:
        """The sign of the pair in the loss: -1 for a neuron and a target."""
        return -1 if self.kinds == "wv" else 1


@dataclass(frozen=True)
class Structure:
    """All orbits of a pattern, for a target.

    Attributes:
        pattern: the pattern.
        target: the values of V on its orbits.
        parallel: labels of pairs that are known to be parallel, with the sign.
        near: labels of pairs that may be parallel; what the second derivative of the
            kernel adds there is left out and bounded by ``Reduced.slack``.

    Example:
        >>> structure = Structure.build(Pattern.parse("1+(k-1)"))
        >>> {name: str(x) for name, x in structure.target.items()}
        {'a_1': '1', 'a_2': '1'}
        >>> [str(x) for x in structure.target_point]  # of a_1, m_1_2, m_2_1, a_2, o_2
        ['1', '0', '0', '1', '0']

    Source:
        derivations/reduced.md.
    """

    pattern: Pattern
    target: Target
    parallel: Mapping[str, int]
    near: frozenset[str] = frozenset()

    @classmethod
    def build(
        cls,
        pattern: Pattern,
        target: Target | None = None,
        parallel: Mapping[str, int] | None = None,
    ) -> "Structure":
        """The structure of a pattern; the default target is the identity.

        Args:
            pattern: the pattern.
            target: values of V on its orbits by name, absent ones zero.
            parallel: labels of pairs that are parallel, with 1 for equal and -1 for
                opposite rays.

        Raises:
            InputError: the target names no orbit of the pattern, has a value that is
                not rational, or is missing where blocks of targets do not match the
                first blocks of columns.
        """
        known = {parameter.name for parameter in pattern.target_parameters}
        if target is None:
            target = identity_target(pattern)
        unknown = sorted(set(target) - known)
        if unknown:
            message = (
                f"target entry {unknown[0]!r} is no orbit of the pattern"
                f" {pattern.text!r}; its orbits are {', '.join(sorted(known))}"
            )
            raise InputError(message)
        values = {name: _rational(name, x) for name, x in target.items()}
        return cls(pattern, values, dict(parallel or {}))

    @cached_property
    def row_entries(self) -> Mapping[tuple[int, int, str], Entry]:
        """The parameter index of each orbit of entries of W."""
        parameters = enumerate(self.pattern.parameters)
        return {(q.row, q.column, q.kind): i for i, q in parameters}

    @cached_property
    def target_entries(self) -> Mapping[tuple[int, int, str], Entry]:
        """The constant on each orbit of entries of V."""
        return {
            (q.row, q.column, q.kind): Fraction(self.target.get(q.name, 0))
            for q in self.pattern.target_parameters
        }

    @cached_property
    def zero_targets(self) -> frozenset[int]:
        """The blocks of targets that are zero; such a target changes no loss."""
        nonzero = {row for (row, _, _), x in self.target_entries.items() if x}
        return frozenset(range(len(self.pattern.targets))) - nonzero

    @cached_property
    def target_point(self) -> tuple[Fraction, ...] | None:
        """The parameters at which W is the target; None if blocks of rows differ.

        There the loss is zero and hence nowhere smaller, for every kernel that is a
        mean of products: W = V is a critical point wherever the loss is smooth.
        """
        if self.pattern.rows != self.pattern.targets:
            return None
        values = []
        for q in self.pattern.parameters:
            value = self.target_entries[q.row, q.column, q.kind]
            assert isinstance(value, Fraction)
            values.append(value)
        return tuple(values)

    def entry(self, kind: str, point: Point, column: Point) -> Entry:
        """The entry of a neuron (``w``) or target (``v``) at a column.

        Args:
            kind: ``w`` or ``v``.
            point: the row.
            column: the column.
        """
        pattern = self.pattern
        rows, table = (
            (pattern.rows, self.row_entries)
            if kind == "w"
            else (pattern.targets, self.target_entries)
        )
        block, other = rows[point.block], pattern.columns[column.block]
        orbit = pattern.kind(block, point, other, column)
        return table[point.block, column.block, orbit]

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The orbits of pairs: neurons, neuron and target, targets."""
        return tuple(
            self._pairs("w", "w") + self._pairs("w", "v") + self._pairs("v", "v")
        )

    def _pairs(self, first: str, second: str) -> list[Pair]:
        pattern = self.pattern
        rows = {"w": pattern.rows, "v": pattern.targets}
        found = []
        for i, count_i, used_i in pattern.points(rows[first], {}):
            for j, count_j, used in pattern.points(rows[second], used_i):
                if first == second and (j.block < i.block or j == i):
                    continue
                if any(
                    kind == "v" and x.block in self.zero_targets
                    for kind, x in ((first, i), (second, j))
                ):
                    continue
                label = self.label((first, i), (second, j))
                found.append(
                    Pair(
                        label,
                        first + second,
                        (i.block, j.block),
                        count_i * count_j,
                        first == second and i.block == j.block,
                        self._columns((first, i), (second, j), used),
                        self.parallel.get(label, 0),
                        label in self.near,
                    )
                )
        return found

    def label(self, first: tuple[str, Point], second: tuple[str, Point]) -> str:
        """The label of the orbit of a pair of vectors, the first in an earlier block.

        Args:
            first: ``w`` for a neuron or ``v`` for a target, and the point.
            second: the same; where both are points of natural sets of one group the
                label tells whether they carry the same label.
        """
        rows = {"w": self.pattern.rows, "v": self.pattern.targets}
        (kind, i), (other, j) = first, second
        group = rows[kind][i.block].group
        same = group is not None and group == rows[other][j.block].group
        mark = "=" if same and i.label == j.label else ""
        return f"{kind}{i.block + 1}.{other}{j.block + 1}{mark}"

    def _columns(
        self, i: tuple[str, Point], j: tuple[str, Point], used: Mapping[str, int]
    ) -> tuple[Column, ...]:
        columns = self.pattern.points(self.pattern.columns, used)
        return tuple(
            Column(count, self.entry(*i, p), self.entry(*j, p))
            for p, count, _ in columns
        )

    def norm_columns(self, kind: str, block: int) -> tuple[Column, ...]:
        """The classes of columns of one neuron or target, both entries its own.

        Args:
            kind: ``w`` or ``v``.
            block: the block of the neuron or target, from 0.
        """
        rows = self.pattern.rows if kind == "w" else self.pattern.targets
        group = rows[block].group
        used = {} if group is None else {group: 1}
        point = (kind, Point(block, 0))
        return self._columns(point, point, used)


def _rational(name: str, value: Fraction | float | str) -> Fraction:
    try:
        return Fraction(value)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
        message = f"the target entry {name} = {value!r} should be a rational number"
        raise InputError(message) from error


def identity_target(pattern: Pattern, scale: Fraction = Fraction(1)) -> Target:
    """The target with the b-th block of targets equal to the b-th block of columns.

    Raises:
        InputError: the blocks do not match one by one.
    """
    if any(
        row != column
        for row, column in zip(pattern.targets, pattern.columns, strict=False)
    ) or len(pattern.targets) > len(pattern.columns):
        message = (
            f"pattern {pattern.text!r}: the blocks of targets are not the first blocks"
            " of columns, so give the target explicitly"
        )
        raise InputError(message)
    return {
        q.name: scale
        for q in pattern.target_parameters
        if q.row == q.column and q.kind != "o"
    }


class PairGrams(Generic[T]):
    """Gram data of every orbit at one point, in one number system.

    Products of entries and values of counts are shared among all sums.
    """

    def __init__(
        self,
        structure: Structure,
        lib: Numbers[T],
        point: Sequence[T],
        variables: Mapping[str, T],
    ) -> None:
        self.structure = structure
        self.lib = lib
        self.point = point
        self.variables = variables
        self._counts: dict[Count, T] = {}
        self._products: dict[tuple[int, int], T] = {}
        pattern = structure.pattern
        self.norms = {
            (kind, b): self._bilinear(structure.norm_columns(kind, b))
            for kind, rows in (("w", pattern.rows), ("v", pattern.targets))
            for b in range(len(rows))
        }

    def count(self, count: Count) -> T:
        """The value of a count."""
        if count not in self._counts:
            value = self.structure.pattern.evaluate_count(
                count, self.lib, self.variables
            )
            self._counts[count] = value
        return self._counts[count]

    def times(self, count: Count, x: T) -> T:
        """A count times a number."""
        if not count.falling:
            return x if count.factor == 1 else count.factor * x
        return self.count(count) * x

    def gram(self, pair: Pair) -> Gram[T]:
        """The Gram data of an orbit of pairs."""
        a, b = (
            self.norms[kind, block]
            for kind, block in zip(pair.kinds, pair.blocks, strict=True)
        )
        s2 = self.lib.exact(0) if pair.parallel else self._lagrange(pair.columns)
        return Gram(a, b, self._bilinear(pair.columns), s2)

    def product(self, x: Entry, y: Entry) -> T | None:
        """The product of two entries, or None if a factor is the constant zero."""
        if x == 0 and isinstance(x, Fraction):
            return None
        if y == 0 and isinstance(y, Fraction):
            return None
        if isinstance(x, Fraction) and isinstance(y, Fraction):
            return self.lib.exact(x * y)
        if isinstance(x, Fraction):
            x, y = y, x
        if isinstance(x, Fraction):
            return None
        if isinstance(y, Fraction):
            value = self.point[x]
            return value if y == 1 else self.lib.exact(y) * value
        key = (min(x, y), max(x, y))
        if key not in self._products:
            self._products[key] = self.point[x] * self.point[y]
        return self._products[key]

    def _bilinear(self, columns: Sequence[Column]) -> T:
        total: T | None = None
        for column in columns:
            product = self.product(column.x, column.y)
            if product is not None:
                total = _plus(total, self.times(column.count, product))
        return self.lib.exact(0) if total is None else total

    def _lagrange(self, columns: Sequence[Column]) -> T:
        total: T | None = None
        for i, p in enumerate(columns):
            for q in columns[:i]:
                left, right = self.product(p.x, q.y), self.product(q.x, p.y)
                if {_key(p.x, q.y)} == {_key(q.x, p.y)}:
                    continue
                if left is None and right is None:
                    continue
                if left is None:
                    minor = right
                else:
                    minor = left if right is None else left - right
                assert minor is not None
                square = minor * minor
                total = _plus(total, self.times(p.count * q.count, square))
        return self.lib.exact(0) if total is None else total


def _key(x: Entry, y: Entry) -> frozenset[tuple[bool, Entry]]:
    return frozenset((isinstance(e, Fraction), e) for e in (x, y))


def _plus(total: T | None, term: T) -> T:
    return term if total is None else total + term
