"""A matrix in block form: the pattern of its isotropy, the order of rows and columns.

Rows and columns are sorted so that the sets of each symmetric group stand together,
with equal labels in equal order, and rows are paired with columns: a set of rows with a
set of columns of the same group, a fixed row with a fixed column, large entries first.
Pairs are ordered by size; what has no partner stands last.  The pattern's last group
gets a symbolic size (``k-1``), all others numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from symcrit.symmetry.coincidence import Colours, Floats
from symcrit.symmetry.isotropy import Factor, Isotropy
from symcrit.symmetry.patterns import Block, Pattern
from symcrit.symmetry.sizes import Affine

__all__ = ["BlockForm", "Part", "block_form"]


@dataclass(frozen=True, slots=True)
class Part:
    """A block of rows, of columns, or of both where they are paired.

    Attributes:
        factor: the number of the symmetric group, or None for a fixed point.
        rows: the rows in the order of their labels; empty if there are none.
        columns: the columns in the order of their labels; empty if there are none.

    Example:
        >>> import symcrit
        >>> symcrit.identify([[3.0, 2, 0], [1, 5, 1], [0, 2, 3]]).form.parts[1]
        Part(factor=0, rows=(0, 2), columns=(0, 2))
    """

    factor: int | None
    rows: tuple[int, ...]
    columns: tuple[int, ...]

    @property
    def size(self) -> int:
        """The number of rows, or of columns where there are no rows."""
        return len(self.rows or self.columns)


@dataclass(frozen=True)
class BlockForm:
    """A matrix with its rows and columns in the order of a pattern.

    Attributes:
        matrix: the numbers in their original order, k by d.
        parts: the blocks; those with rows, in this order, are the pattern's blocks of
            rows, those with columns its blocks of columns.

    Example:
        >>> import symcrit
        >>> form = symcrit.identify([[3.0, 2, 0], [1, 5, 1], [0, 2, 3]]).form
        >>> form.pattern.text, form.row_order, form.column_order, form.sizes
        ('1+(k-1)', (1, 0, 2), (1, 0, 2), {'k': 3})
        >>> form.arranged.tolist()
        [[5.0, 1.0, 1.0], [2.0, 3.0, 0.0], [2.0, 0.0, 3.0]]
        >>> form.orbits.tolist()  # the number of the parameter of each entry
        [[0, 1, 1], [2, 3, 4], [2, 4, 3]]
        >>> form.parameters, form.residual
        ({'a_1': 5.0, 'm_1_2': 1.0, 'm_2_1': 2.0, 'a_2': 3.0, 'o_2': 0.0}, 0.0)
        >>> form.row_blocks, form.column_blocks, form.transposed().parameters["m_1_2"]
        ((1, 2), (1, 2), 2.0)

    Source:
        derivations/isotropy.md, patterns that are isotropy groups.
    """

    matrix: Floats
    parts: tuple[Part, ...]

    @cached_property
    def row_order(self) -> tuple[int, ...]:
        """The original row that stands at each row of the block form."""
        return tuple(i for part in self.parts for i in part.rows)

    @cached_property
    def column_order(self) -> tuple[int, ...]:
        """The original column that stands at each column of the block form."""
        return tuple(j for part in self.parts for j in part.columns)

    @property
    def row_blocks(self) -> tuple[int, ...]:
        """The sizes of the blocks of rows."""
        return tuple(len(part.rows) for part in self.parts if part.rows)

    @property
    def column_blocks(self) -> tuple[int, ...]:
        """The sizes of the blocks of columns."""
        return tuple(len(part.columns) for part in self.parts if part.columns)

    @property
    def arranged(self) -> Floats:
        """The matrix in block form, k by d."""
        return self.matrix[np.ix_(self.row_order, self.column_order)]

    @property
    def sizes(self) -> dict[str, int]:
        """The values of the variables of the pattern's sizes.

        A square matrix has k rows and columns, another one k rows and d columns.
        """
        k, d = self.matrix.shape
        return {"k": k} if k == d else {"k": k, "d": d}

    @cached_property
    def pattern(self) -> Pattern:
        """The pattern of which this is a block form."""
        return _write_pattern(self.matrix.shape, self.parts)

    @cached_property
    def orbits(self) -> Colours:
        """The index of the parameter of every entry of the block form, k by d."""
        rows, row_labels, row_groups = _sides((p.rows, p) for p in self.parts if p.rows)
        columns, column_labels, column_groups = _sides(
            (p.columns, p) for p in self.parts if p.columns
        )
        same = row_groups[:, None] == column_groups
        off = same & (row_labels[:, None] != column_labels)
        key = (rows[:, None] * len(self.column_blocks) + columns) * 2 + off
        _, found = np.unique(key, return_inverse=True)
        return found.reshape(key.shape).astype(np.int64)

    @cached_property
    def point(self) -> Floats:
        """The parameters of the nearest fixed matrix: the means over the orbits."""
        orbits = self.orbits.ravel()
        counts = np.bincount(orbits)
        means: Floats = np.bincount(orbits, weights=self.arranged.ravel()) / counts
        return means

    @property
    def parameters(self) -> Mapping[str, float]:
        """The parameters by name, in the order of the pattern."""
        values = self.point.tolist()
        return dict(zip(self.pattern.names, values, strict=True))

    @cached_property
    def residual(self) -> float:
        """The largest distance of an entry to its place in the fixed space."""
        return float(np.abs(self.arranged - self.point[self.orbits]).max())

    def transposed(self) -> "BlockForm":
        """The transposed matrix in block form."""
        parts = tuple(Part(p.factor, p.columns, p.rows) for p in self.parts)
        return BlockForm(np.ascontiguousarray(self.matrix.T), parts)

    def reordered(self, order: Sequence[int]) -> "BlockForm":
        """The same matrix with its parts in another order.

        Args:
            order: the numbers, from 0, of the parts in their new order.

        Example:
            >>> from symcrit.symmetry.isotropy import find_isotropy
            >>> w = np.array([[5.0, 1, 1], [2, 3, 0], [2, 0, 3]])
            >>> form = block_form(w, find_isotropy(w.astype(np.int64)))
            >>> form.pattern.text, form.reordered([1, 0]).pattern.text
            ('1+(k-1)', '(k-1)+1')
        """
        return BlockForm(self.matrix, tuple(self.parts[i] for i in order))


def block_form(
    matrix: Floats, isotropy: Isotropy, preference: Floats | None = None
) -> BlockForm:
    """Arrange a matrix by a product of symmetric groups in its isotropy group.

    Args:
        matrix: finite numbers, k by d.
        isotropy: its isotropy group, or one of which the fixed space is wanted.
        preference: how much each row wants to be paired with each column where the
            group leaves a choice, k by d; by default the absolute values.

    Example:
        >>> from symcrit.symmetry.isotropy import find_isotropy
        >>> w = np.array([[3.0, 2, 0], [1, 5, 1], [0, 2, 3]])
        >>> form = block_form(w, find_isotropy(w.astype(np.int64)))
        >>> form.pattern.text, form.row_order, form.arranged.tolist()
        ('1+(k-1)', (1, 0, 2), [[5.0, 1.0, 1.0], [2.0, 3.0, 0.0], [2.0, 0.0, 3.0]])
    """
    wish = np.abs(matrix) if preference is None else preference
    paired: list[Part] = []
    single: list[Part] = []
    for number, factor in enumerate(isotropy.factors):
        for part in _pair_sets(number, factor, wish):
            (paired if part.rows and part.columns else single).append(part)
    for part in _pair_points(isotropy.fixed_rows, isotropy.fixed_columns, wish):
        (paired if part.rows and part.columns else single).append(part)
    paired.sort(key=lambda p: (p.size, float(matrix[p.rows, p.columns].mean()), p.rows))
    single.sort(key=lambda p: (p.size, _mean(matrix, p), p.rows, p.columns))
    return BlockForm(matrix, (*paired, *single))


def _mean(matrix: Floats, part: Part) -> float:
    chosen = matrix[list(part.rows)] if part.rows else matrix[:, list(part.columns)]
    return float(chosen.mean())


def _pair_sets(number: int, factor: Factor, wish: Floats) -> list[Part]:
    rows = list(factor.rows)
    columns = list(factor.columns)
    if factor.size == 2 and rows and columns:
        # The two labels of a set may be exchanged freely: no other set notices.
        columns = [_turn(rows[0], c, wish) for c in columns]
        rows = [rows[0], *(_turn(columns[0], r, wish.T) for r in rows[1:])]
    parts = []
    while rows and columns:
        r, c = max(
            ((r, c) for r in rows for c in columns), key=lambda rc: wish[rc].sum()
        )
        rows.remove(r)
        columns.remove(c)
        parts.append(Part(number, r, c))
    parts += [Part(number, r, ()) for r in rows]
    parts += [Part(number, (), c) for c in columns]
    return parts


def _turn(
    fixed: tuple[int, ...], points: tuple[int, ...], wish: Floats
) -> tuple[int, ...]:
    turned = points[::-1]
    return turned if wish[fixed, turned].sum() > wish[fixed, points].sum() else points


def _pair_points(
    rows: Sequence[int], columns: Sequence[int], wish: Floats
) -> list[Part]:
    parts = []
    free_rows, free_columns = set(rows), set(columns)
    if rows and columns:
        wanted = wish[np.ix_(rows, columns)]
        for place in np.argsort(-wanted, axis=None, kind="stable"):
            i, j = rows[place // len(columns)], columns[place % len(columns)]
            if i in free_rows and j in free_columns:
                free_rows.remove(i)
                free_columns.remove(j)
                parts.append(Part(None, (i,), (j,)))
    parts += [Part(None, (i,), ()) for i in sorted(free_rows)]
    parts += [Part(None, (), (j,)) for j in sorted(free_columns)]
    return parts


def _sides(
    found: Iterable[tuple[tuple[int, ...], Part]],
) -> tuple[Colours, Colours, Colours]:
    """For each row or column in order: its block, its label, its group.

    A fixed point has a group of its own, so that it is on no diagonal.
    """
    blocks: list[int] = []
    labels: list[int] = []
    groups: list[int] = []
    for number, (points, part) in enumerate(found):
        blocks += [number] * len(points)
        labels += range(len(points))
        group = -1 if part.factor is None else part.factor
        groups += [group] * len(points)
    return (
        np.array(blocks, dtype=np.int64),
        np.array(labels, dtype=np.int64),
        np.array(groups, dtype=np.int64),
    )


def _write_pattern(shape: tuple[int, ...], parts: Sequence[Part]) -> Pattern:
    k, d = shape
    on_rows = [part for part in parts if part.rows]
    on_columns = [part for part in parts if part.columns]
    factors = [part.factor for part in parts if part.factor is not None]
    if on_rows == on_columns and len(set(factors)) == len(factors):
        return _write_diagonal(k, parts)
    return _write_general(k, d, on_rows, on_columns)


def _write_diagonal(k: int, parts: Sequence[Part]) -> Pattern:
    sets = [i for i, part in enumerate(parts) if part.factor is not None]
    sizes = {f"n{i + 1}": Affine.constant(parts[i].size) for i in sets}
    words = ["1" if part.factor is None else str(part.size) for part in parts]
    if sets:
        last = sets[-1]
        rest = k - parts[last].size
        size = _remainder("k", rest)
        sizes[f"n{last + 1}"] = size
        words[last] = f"({size})" if rest and len(parts) > 1 else str(size)
    blocks = tuple(
        Block(None if part.factor is None else f"n{i + 1}")
        for i, part in enumerate(parts)
    )
    text = "+".join(_shorten(words))
    return Pattern(text, sizes, blocks, blocks, blocks, diagonal=True)


def _write_general(
    k: int, d: int, on_rows: Sequence[Part], on_columns: Sequence[Part]
) -> Pattern:
    variable, total = ("k", k) if k == d else ("d", d)
    order = [p.factor for p in (*on_columns, *on_rows) if p.factor is not None]
    numbers = list(dict.fromkeys(order))
    size_of = {p.factor: p.size for p in (*on_rows, *on_columns)}
    names = {
        f: "n" if len(numbers) == 1 else f"n{i + 1}" for i, f in enumerate(numbers)
    }
    sizes = {names[f]: Affine.constant(size_of[f]) for f in numbers}
    for side, letter, whole in ((on_columns, variable, total), (on_rows, "k", k)):
        once = [p.factor for p in side if [q.factor for q in side].count(p.factor) == 1]
        natural = [f for f in once if f is not None]
        if natural:
            last = natural[-1]
            rest = whole - size_of[last]
            sizes[names[last]] = _remainder(letter, rest)
            break
    head = ",".join(f"{name}={size}" for name, size in sizes.items())
    lists = [
        [
            names.get(part.factor, "1") if part.factor is not None else "1"
            for part in side
        ]
        for side in (on_rows, on_columns)
    ]
    rows, columns = (
        tuple(Block(None if word == "1" else word) for word in words) for words in lists
    )
    row_text, column_text = (",".join(_shorten(words)) for words in lists)
    text = f"{head}: rows {row_text} cols {column_text}".lstrip()
    return Pattern(text, sizes, rows, columns, columns, diagonal=rows == columns)


def _remainder(variable: str, rest: int) -> Affine:
    return Affine(Fraction(-rest), ((variable, Fraction(1)),))


def _shorten(words: Sequence[str]) -> list[str]:
    """Write runs of fixed points as ``3*1``."""
    found: list[str] = []
    run = 0
    for word in [*words, ""]:
        if word == "1":
            run += 1
            continue
        if run:
            found.append("1" if run == 1 else f"{run}*1")
        run = 0
        if word:
            found.append(word)
    return found
