"""Symmetry patterns: groups S_n1 x ... x S_nr permuting rows and columns at once.

Rows, columns and targets are unions of trivial points and of natural sets {1..n} of the
groups.  A matrix is fixed by the group iff it is constant on the orbits of pairs (row,
column): a natural set against the same natural set has two orbits, the diagonal and the
rest, every other pair of blocks has one.  The orbits are the parameters.

An orbit of the stabiliser of some points is described by *labels*: a point of a natural
set carries the number of an already used label or a fresh one, and fresh ones come
``n - (labels in use)`` times.  This makes every count a product of factors ``n - j``,
and n never has to be an integer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias, TypeVar

from symcrit.arith.protocol import Element, Numbers
from symcrit.core.errors import InputError
from symcrit.symmetry.sizes import Affine

__all__ = ["Block", "Count", "Kind", "Parameter", "Pattern", "Point"]

T = TypeVar("T", bound=Element)

Kind: TypeAlias = str
"""``d`` on the diagonal, ``o`` off it, ``m`` between blocks of different groups."""

_MAX_BLOCKS = 40


@dataclass(frozen=True, slots=True)
class Block:
    """A set of rows or columns: one trivial point, or a natural set of a group.

    Attributes:
        group: the name of the symmetric group, or None for a trivial point.

    Example:
        >>> Pattern.parse("1+(k-1)").rows
        (Block(group=None), Block(group='n2'))
    """

    group: str | None


@dataclass(frozen=True, slots=True)
class Point:
    """A row or column.

    Attributes:
        block: the block, from 0.
        label: in a natural set its label, from 0 in the order in which labels came into
            use; 0 for a trivial point.
    """

    block: int
    label: int


@dataclass(frozen=True, slots=True)
class Count:
    """A number of points: an integer times factors (size of a group - offset).

    Attributes:
        factor: the integer factor.
        falling: pairs of a group and an offset, sorted.

    Example:
        >>> pattern = Pattern.parse("1+(k-1)")
        >>> pattern.fresh("n2", 0) * pattern.fresh("n2", 1)  # (k - 1)(k - 2)
        Count(factor=1, falling=(('n2', 0), ('n2', 1)))

    Source:
        derivations/reduced.md, orbits of pairs and triples.
    """

    factor: int = 1
    falling: tuple[tuple[str, int], ...] = ()

    def __mul__(self, other: "Count") -> "Count":
        falling = tuple(sorted(self.falling + other.falling))
        return Count(self.factor * other.factor, falling)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A coordinate of the fixed space: the value of W on one orbit.

    Attributes:
        name: for example ``a_1``, ``o_2`` or ``m_1_2``.
        row: the block of rows, from 0.
        column: the block of columns, from 0.
        kind: ``d``, ``o`` or ``m``.

    Example:
        >>> Pattern.parse("1+(k-1)").parameters[1]
        Parameter(name='m_1_2', row=0, column=1, kind='m')
    """

    name: str
    row: int
    column: int
    kind: Kind


@dataclass(frozen=True)
class Pattern:
    """A group with its action on rows, columns and targets.

    Attributes:
        text: the pattern as it was written.
        sizes: the size of each group, by name.
        rows: the blocks of rows of W (neurons).
        columns: the blocks of columns (inputs).
        targets: the blocks of rows of the target V.
        diagonal: whether rows and columns carry the same blocks.

    Example:
        >>> Pattern.parse("1+(k-1)").names
        ('a_1', 'm_1_2', 'm_2_1', 'a_2', 'o_2')
        >>> Pattern.parse("n=d-1: rows 1,n,1 cols 1,n").names
        ('m_1_1', 'm_1_2', 'm_2_1', 'd_2_2', 'o_2_2', 'm_3_1', 'm_3_2')
        >>> pattern = Pattern.parse("1+(k-1)")
        >>> sorted(pattern.variables), str(pattern.count_rows()), pattern.diagonal
        (['k'], 'k', True)
        >>> [str(pattern.size_of(block)) for block in pattern.rows]
        ['1', 'k-1']

    Source:
        derivations/reduced.md, fixed spaces and orbits, orbits of pairs and triples.
    """

    text: str
    sizes: Mapping[str, Affine]
    rows: tuple[Block, ...]
    columns: tuple[Block, ...]
    targets: tuple[Block, ...]
    diagonal: bool

    def __repr__(self) -> str:
        return f"<pattern {self.text}>"

    @classmethod
    def parse(
        cls, text: str, values: Mapping[str, Fraction] | None = None
    ) -> "Pattern":
        """Read a pattern, replacing some variables of its sizes by numbers.

        Args:
            text: ``1+(k-1)`` for a diagonal group, or ``n=k-1: rows 1,n cols 1,n``
                with an optional ``target 1,n``.
            values: numbers for variables of the sizes, for example p = 2.

        Raises:
            InputError: the text is no pattern; the message says where it fails.
        """
        values = values or {}
        if not text.strip():
            message = "the pattern is empty; write for example 1+(k-1)"
            raise InputError(message)
        if ":" in text:
            return _parse_long(text, values)
        return _parse_short(text, values)

    def __hash__(self) -> int:
        return hash((self.text, tuple(sorted(self.sizes)), self.rows, self.columns))

    @property
    def variables(self) -> frozenset[str]:
        """The free variables of the sizes, for example {'k'}."""
        return frozenset().union(*(size.variables for size in self.sizes.values()))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The coordinates of the fixed space, by blocks, row by row."""
        return tuple(self._orbits(self.rows))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters, in their order."""
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def target_parameters(self) -> tuple[Parameter, ...]:
        """The orbits of (target, column), named as if the targets were rows."""
        return tuple(self._orbits(self.targets))

    def with_free_sizes(self) -> "Pattern":
        """The same blocks with every size a variable of its own, named as the group.

        What is worked out for it serves all patterns that differ in sizes only.

        Example:
            >>> free = Pattern.parse("8+(k-8)").with_free_sizes()
            >>> free.text, free == Pattern.parse("5+(k-5)").with_free_sizes()
            ('n1=n1,n2=n2: rows n1,n2 cols n1,n2', True)
        """
        sizes = {
            group: Affine(Fraction(0), ((group, Fraction(1)),)) for group in self.sizes
        }
        words = [
            ",".join(block.group or "1" for block in blocks)
            for blocks in (self.rows, self.columns)
        ]
        head = ",".join(f"{group}={group}" for group in sizes)
        text = f"{head}: rows {words[0]} cols {words[1]}".lstrip()
        return replace(self, text=text, sizes=sizes)

    def sizes_at(self, values: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """The size of each group, which need not be an integer.

        Args:
            values: the variables of the sizes, such as k.

        Raises:
            InputError: a variable has no value.

        Example:
            >>> Pattern.parse("1+(k-1)").sizes_at({"k": Fraction(15, 2)})
            {'n2': Fraction(13, 2)}
        """
        if missing := sorted(self.variables - set(values)):
            message = f"pattern {self.text!r}: give {', '.join(missing)} a value"
            raise InputError(message)
        return {g: size.substitute(values).const for g, size in self.sizes.items()}

    def written(self) -> str:
        """The text of the pattern with the sizes that it has now.

        Example:
            >>> Pattern.parse("p+(k-p)", {"p": Fraction(3)}).written()
            '3+(k-3)'
            >>> Pattern.parse("n=d-1: rows 1,n,1 cols 1,n").written()
            'n=d-1: rows 1,n,1 cols 1,n'
        """
        if self.diagonal and self.targets == self.columns and self._is_short:
            sizes = [str(self.size_of(block)) for block in self.rows]
            return "+".join(
                f"({size})" if "-" in size or "+" in size else size for size in sizes
            )
        head = ",".join(f"{group}={size}" for group, size in self.sizes.items())
        lists = {"rows": self.rows, "cols": self.columns}
        if self.targets != self.columns:
            lists["target"] = self.targets
        body = " ".join(
            f"{word} {','.join(block.group or '1' for block in blocks)}"
            for word, blocks in lists.items()
        )
        return f"{head}: {body}".lstrip()

    @property
    def _is_short(self) -> bool:
        """Whether each group moves one block, which is named by its place."""
        return all(
            block.group in (None, f"n{b + 1}") for b, block in enumerate(self.rows)
        )

    def _orbits(self, rows: tuple[Block, ...]) -> Iterator[Parameter]:
        diagonal = self.diagonal and rows == self.columns
        for b, row in enumerate(rows):
            for c, column in enumerate(self.columns):
                kinds = self._kinds(row, column)
                for kind in kinds:
                    on_block = diagonal and b == c
                    if on_block and (kind in "do" or row.group is None):
                        name = f"{'o' if kind == 'o' else 'a'}_{b + 1}"
                    else:
                        name = f"{kind}_{b + 1}_{c + 1}"
                    yield Parameter(name, b, c, kind)

    def _kinds(self, row: Block, column: Block) -> tuple[Kind, ...]:
        if row.group is None or row.group != column.group:
            return ("m",)
        return ("d", "o")

    def kind(self, row: Block, i: Point, column: Block, p: Point) -> Kind:
        """The orbit kind of the entry at row point i and column point p.

        Args:
            row: the block of i.
            i: a row.
            column: the block of p.
            p: a column.
        """
        if row.group is None or row.group != column.group:
            return "m"
        return "d" if i.label == p.label else "o"

    def points(
        self, blocks: Sequence[Block], used: Mapping[str, int]
    ) -> Iterator[tuple[Point, Count, dict[str, int]]]:
        """List the orbits of points under the stabiliser of the labels in use.

        Args:
            blocks: rows, columns or targets.
            used: how many labels of each group are in use.

        Yields:
            A representative, the size of its orbit, and the labels in use after it.
        """
        for b, block in enumerate(blocks):
            if block.group is None:
                yield Point(b, 0), Count(), dict(used)
                continue
            taken = used.get(block.group, 0)
            for label in range(taken):
                yield Point(b, label), Count(), dict(used)
            count = self.fresh(block.group, taken)
            if count.factor:
                after = dict(used)
                after[block.group] = taken + 1
                yield Point(b, taken), count, after

    def fresh(self, group: str, taken: int) -> Count:
        """How many points of a natural set carry none of the labels in use.

        Args:
            group: the group of the natural set.
            taken: how many labels are in use.
        """
        size = self.sizes[group]
        if not size.is_constant:
            return Count(1, ((group, taken),))
        return Count(max(int(size.const) - taken, 0))

    def size_of(self, block: Block) -> Affine:
        """The number of points of a block.

        Args:
            block: a block of rows, columns or targets.
        """
        return Affine.constant(1) if block.group is None else self.sizes[block.group]

    def count_rows(self) -> Affine:
        """The number of rows, k, as an affine form."""
        return sum((self.size_of(b) for b in self.rows), Affine(Fraction(0)))

    def count_columns(self) -> Affine:
        """The number of columns, d, as an affine form."""
        return sum((self.size_of(b) for b in self.columns), Affine(Fraction(0)))

    def evaluate_count(
        self, count: Count, lib: Numbers[T], variables: Mapping[str, T]
    ) -> T:
        """A count in a number system, at given values of the variables.

        Args:
            count: the count.
            lib: the number system.
            variables: values of the variables of the sizes, such as k.
        """
        total = lib.exact(count.factor)
        for group, offset in count.falling:
            size = self.sizes[group] - Affine.constant(offset)
            total = total * size.evaluate(lib, variables)
        return total


def _parse_short(text: str, values: Mapping[str, Fraction]) -> Pattern:
    sizes: dict[str, Affine] = {}
    blocks: list[Block] = []
    for part in _split(text, "+"):
        if not part:
            message = f"pattern {text!r} lacks a block beside a +; write as in 1+(k-1)"
            raise InputError(message)
        if part.endswith("*1") and part[:-2].strip().isdigit():
            blocks += [Block(None)] * int(part[:-2])
            continue
        size = Affine.parse(part).substitute(values)
        blocks.append(_add_group(f"n{len(blocks) + 1}", size, sizes, text))
    return _build(text, sizes, blocks, blocks, blocks)


def _parse_long(text: str, values: Mapping[str, Fraction]) -> Pattern:
    head, _, body = text.partition(":")
    named: dict[str, Block] = {"1": Block(None)}
    sizes: dict[str, Affine] = {}
    for definition in filter(str.strip, _split(head, ",")):
        name, equals, size_text = (s.strip() for s in definition.partition("="))
        if not equals or not name.isidentifier() or name in named:
            message = (
                f"pattern {text!r}: {definition.strip()!r} should define a size once,"
                " such as n=k-1"
            )
            raise InputError(message)
        size = Affine.parse(size_text).substitute(values)
        named[name] = _add_group(name, size, sizes, text)
    lists: dict[str, list[Block]] = {}
    words = body.replace("columns", "cols").replace("targets", "target").split()
    if len(words) % 2:
        message = f"pattern {text!r} should read: rows 1,n cols 1,n (without blanks)"
        raise InputError(message)
    for keyword, items in zip(words[::2], words[1::2], strict=True):
        if keyword not in ("rows", "cols", "target") or keyword in lists:
            message = f"pattern {text!r}: {keyword!r} should be rows, cols or target"
            raise InputError(message)
        blocks = [_item(item, named, text) for item in items.split(",")]
        lists[keyword] = [block for found in blocks for block in found]
    if "rows" not in lists or "cols" not in lists:
        message = f"pattern {text!r} needs rows and cols, such as rows 1,n cols 1,n"
        raise InputError(message)
    targets = lists.get("target", lists["cols"])
    return _build(text, sizes, lists["rows"], lists["cols"], targets)


def _item(item: str, named: Mapping[str, Block], text: str) -> list[Block]:
    times, star, name = item.rpartition("*")
    if name not in named or (star and not times.isdigit()):
        known = ", ".join(sorted(named))
        message = f"pattern {text!r}: {item!r} is none of the sets {known}"
        raise InputError(message)
    return [named[name]] * (int(times) if star else 1)


def _add_group(name: str, size: Affine, sizes: dict[str, Affine], text: str) -> Block:
    if size.is_constant:
        if size.const.denominator != 1 or size.const < 1:
            message = f"pattern {text!r}: a block of size {size.const} is impossible"
            raise InputError(message)
        if size.const == 1:
            return Block(None)
    sizes[name] = size
    return Block(name)


def _build(
    text: str,
    sizes: dict[str, Affine],
    rows: Sequence[Block],
    columns: Sequence[Block],
    targets: Sequence[Block],
) -> Pattern:
    if not rows or not columns or max(len(rows), len(columns)) > _MAX_BLOCKS:
        message = f"pattern {text!r} should have 1 to {_MAX_BLOCKS} blocks on each side"
        raise InputError(message)
    diagonal = list(rows) == list(columns)
    return Pattern(text, sizes, tuple(rows), tuple(columns), tuple(targets), diagonal)


def _split(text: str, separator: str) -> list[str]:
    """Split at the separator outside parentheses."""
    parts, depth, start = [], 0, 0
    for i, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == separator and depth == 0:
            parts.append(text[start:i].strip())
            start = i + 1
    parts.append(text[start:].strip())
    return parts
