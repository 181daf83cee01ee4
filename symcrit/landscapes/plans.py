"""What the blocks of a Hessian are made of, before any number is known.

On an isotypic component every sum in the second derivative runs over orbits of the
stabiliser of a few labelled points: orbits of rows, of pairs of rows, and of columns.
Each orbit has a count, a polynomial in the sizes, and on it the differentials of norms
and inner products are fixed linear forms in the parameters.  A plan lists them once per
component; ``symcrit.landscapes.blocks`` puts numbers in.

Derivations: derivations/hessian.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from symcrit.landscapes.gram import Entry, Structure
from symcrit.symmetry.components import Component
from symcrit.symmetry.patterns import Count, Pattern, Point
from symcrit.symmetry.polynomials import SizePolynomial, SizeRing

__all__ = ["BlockPlan", "Row", "Table", "plan_block"]

_Form: TypeAlias = tuple[tuple[Entry | None, SizePolynomial], ...]
"""A linear form in the parameters: entry and coefficient; None is the constant one."""

_Line: TypeAlias = tuple[tuple[_Form, _Form, _Form], ...]
"""The differential (da, db, dc) on one orbit of pairs, for each adapted matrix."""

_Lines: TypeAlias = dict[_Line, SizePolynomial]
"""Differentials with the number of pairs that have them."""

Table: TypeAlias = tuple[tuple[int, int, int], ...]
"""Entries (a, b, number of a polynomial) of a symmetric matrix, a <= b."""


@dataclass(frozen=True, slots=True)
class Row:
    """A summand count * (differential)^2: which forms enter for which copies.

    Attributes:
        count: the number of the polynomial that counts the orbit.
        parts: (copy, (da, db, dc)) by numbers of forms, None for zero.
    """

    count: int
    parts: tuple[tuple[int, tuple[int | None, int | None, int | None]], ...]


@dataclass(frozen=True)
class BlockPlan:
    """What the block of a component is made of.

    Attributes:
        component: the component.
        polynomials: all counts that occur.
        forms: all linear forms that occur, as (entry, number of a polynomial).
        norms: the squared norms of the adapted matrices.
        overlaps: for each block of rows, the sums of <u_i, u'_i>.
        own: for each block of rows, the differentials da of its neurons.
        crossings: for each orbit of pairs of neurons, the sums of <u_i, u'_j> + ...
        rows: for each orbit of pairs, the differentials (da, db, dc).
    """

    component: Component
    polynomials: tuple[SizePolynomial, ...]
    forms: tuple[tuple[tuple[Entry | None, int], ...], ...]
    norms: tuple[int, ...]
    overlaps: tuple[Table, ...]
    own: tuple[tuple[Row, ...], ...]
    crossings: Mapping[str, Table]
    rows: Mapping[str, tuple[Row, ...]]


@lru_cache(maxsize=512)
def plan_block(
    pattern: Pattern, target: tuple[tuple[str, Fraction], ...], component: Component
) -> BlockPlan:
    """The plan of the block of a component.

    Args:
        pattern: the pattern.
        target: the entries of the target on its orbits.
        component: an isotypic component of the pattern, with the copies to be used.
    """
    structure = Structure.build(pattern, dict(target))
    return _Planner(structure, component).plan()


class _Matrix:
    """A symmetric matrix of polynomials under construction, zero at first."""

    def __init__(self) -> None:
        self.entries: dict[tuple[int, int], SizePolynomial] = {}

    def add(self, a: int, b: int, value: SizePolynomial) -> None:
        known = self.entries.get((a, b))
        self.entries[a, b] = value if known is None else known + value


class _Planner:
    """Sums over labelled orbits of rows, of pairs of rows, and of columns."""

    def __init__(self, structure: Structure, component: Component) -> None:
        self.structure = structure
        self.pattern = structure.pattern
        self.component = component
        self.labels = component.labels
        self.ring = SizeRing(self.pattern.variables)
        self.counts: dict[Count, SizePolynomial] = {}
        self.polynomials: dict[SizePolynomial, int] = {}
        self.forms: dict[_Form, int] = {}
        self.overlaps = [_Matrix() for _ in self.pattern.rows]
        self.own: list[_Lines] = [{} for _ in self.pattern.rows]
        self.crossings: dict[str, _Matrix] = {}
        self.rows: dict[str, _Lines] = {}

    def plan(self) -> BlockPlan:
        """Run over all labelled orbits, then give numbers to what was found."""
        for i, count, used in self.pattern.points(self.pattern.rows, self.labels):
            self._own(i, self._count(count), used)
            self._pairs_of_neurons(i, count, used)
            self._pairs_with_targets(i, count, used)
        norms = self._norms()
        overlaps = tuple(self._table(matrix) for matrix in self.overlaps)
        crossings = {label: self._table(m) for label, m in self.crossings.items()}
        own = tuple(self._numbered(lines) for lines in self.own)
        rows = {label: self._numbered(lines) for label, lines in self.rows.items()}
        forms = tuple(
            tuple((entry, self._number(value)) for entry, value in form)
            for form in self.forms
        )
        return BlockPlan(
            component=self.component,
            polynomials=tuple(self.polynomials),
            forms=forms,
            norms=norms,
            overlaps=overlaps,
            own=own,
            crossings=crossings,
            rows=rows,
        )

    def _own(self, i: Point, count: SizePolynomial, used: Mapping[str, int]) -> None:
        """Add what concerns one neuron alone."""
        copies = range(len(self.component.copies))
        line = tuple(
            (_scaled(self._product("w", i, copy, i, used), 2), (), ())
            for copy in copies
        )
        _collect(self.own[i.block], line, count)
        self._cross(self.overlaps[i.block], i, i, count * Fraction(1, 2), used)

    def _pairs_of_neurons(
        self, i: Point, count_i: Count, used_i: Mapping[str, int]
    ) -> None:
        """Add the pairs of a neuron with the neurons after it."""
        for j, count_j, used in self.pattern.points(self.pattern.rows, used_i):
            if (j.block, j.label) <= (i.block, i.label):
                continue
            count = self._count(count_i * count_j)
            if j.block == i.block and self._is_fresh(i):
                # Both rows run over the same points: each pair is counted twice.
                count = count * Fraction(1, 2)
            label = self.structure.label(("w", i), ("w", j))
            self._differentials(label, i, "w", j, count, used)
            matrix = self.crossings.setdefault(label, _Matrix())
            self._cross(matrix, i, j, count, used)

    def _pairs_with_targets(
        self, i: Point, count_i: Count, used_i: Mapping[str, int]
    ) -> None:
        for j, count_j, used in self.pattern.points(self.pattern.targets, used_i):
            label = self.structure.label(("w", i), ("v", j))
            count = self._count(count_i * count_j)
            self._differentials(label, i, "v", j, count, used)

    def _differentials(
        self,
        label: str,
        i: Point,
        kind: str,
        j: Point,
        count: SizePolynomial,
        used: Mapping[str, int],
    ) -> None:
        """Add the differentials of norms and inner product on an orbit of pairs."""
        line = tuple(
            self._differential(i, kind, j, copy, used)
            for copy in range(len(self.component.copies))
        )
        _collect(self.rows.setdefault(label, {}), line, count)

    def _is_fresh(self, i: Point) -> bool:
        """Whether a row carries no label that the adapted matrices tell apart."""
        group = self.pattern.rows[i.block].group
        return group is not None and i.label >= self.labels.get(group, 0)

    def _count(self, count: Count) -> SizePolynomial:
        if count not in self.counts:
            self.counts[count] = self.ring.count(self.pattern, count)
        return self.counts[count]

    def _differential(
        self, i: Point, kind: str, j: Point, copy: int, used: Mapping[str, int]
    ) -> tuple[_Form, _Form, _Form]:
        """(da, db, dc) of an adapted matrix on the pair of neuron i and row j."""
        da = _scaled(self._product("w", i, copy, i, used), 2)
        dc = self._product(kind, j, copy, i, used)
        if kind == "v":
            return da, (), dc
        db = _scaled(self._product("w", j, copy, j, used), 2)
        return da, db, _sum([dc, self._product("w", i, copy, j, used)])

    def _product(
        self, kind: str, i: Point, copy: int, j: Point, used: Mapping[str, int]
    ) -> _Form:
        """<row i of W or V, row j of an adapted matrix>, as a linear form."""
        u = self.component.copies[copy]
        if j.block != u.row:
            return ()
        terms: list[_Form] = []
        for p, count, _ in self.pattern.points(self.pattern.columns, used):
            if coefficient := u.entry(self.pattern, j, p):
                entry = self.structure.entry(kind, i, p)
                value = self._count(count) * coefficient
                if isinstance(entry, Fraction):
                    terms.append(((None, value * entry),))
                else:
                    terms.append(((entry, value),))
        return _sum(terms)

    def _cross(
        self,
        matrix: _Matrix,
        i: Point,
        j: Point,
        count: SizePolynomial,
        used: Mapping[str, int],
    ) -> None:
        """Add <row i of u, row j of u'> + <row i of u', row j of u>."""
        copies = list(enumerate(self.component.copies))
        for p, each, _ in self.pattern.points(self.pattern.columns, used):
            first = [(a, u.entry(self.pattern, i, p)) for a, u in copies]
            second = [(b, u.entry(self.pattern, j, p)) for b, u in copies]
            for a, x in first:
                for b, y in second:
                    if x * y:
                        # Where a = b the two summands are one and the same.
                        times = x * y * (2 if a == b else 1)
                        value = count * self._count(each) * times
                        matrix.add(min(a, b), max(a, b), value)

    def _norms(self) -> tuple[int, ...]:
        """The squared norms; different adapted matrices must be orthogonal."""
        total = _Matrix()
        for matrix in self.overlaps:
            for (a, b), value in matrix.entries.items():
                total.add(a, b, value)
        for (a, b), value in total.entries.items():
            if a != b and value:
                message = (
                    f"two adapted matrices of {self.component.name} are not orthogonal"
                )
                raise AssertionError(message)
        copies = range(len(self.component.copies))
        return tuple(self._number(total.entries[a, a]) for a in copies)

    def _table(self, matrix: _Matrix) -> Table:
        return tuple(
            (a, b, self._number(value))
            for (a, b), value in matrix.entries.items()
            if value
        )

    def _numbered(self, lines: _Lines) -> tuple[Row, ...]:
        rows = []
        for line, count in lines.items():
            parts = tuple(
                (copy, (self._form(da), self._form(db), self._form(dc)))
                for copy, (da, db, dc) in enumerate(line)
                if da or db or dc
            )
            if parts and count:
                rows.append(Row(self._number(count), parts))
        return tuple(rows)

    def _form(self, form: _Form) -> int | None:
        return self.forms.setdefault(form, len(self.forms)) if form else None

    def _number(self, polynomial: SizePolynomial) -> int:
        return self.polynomials.setdefault(polynomial, len(self.polynomials))


def _sum(forms: Iterable[_Form]) -> _Form:
    """The sum of linear forms, in normal form."""
    total: dict[Entry | None, SizePolynomial] = {}
    for form in forms:
        for entry, value in form:
            total[entry] = total[entry] + value if entry in total else value
    kept = [(entry, value) for entry, value in total.items() if value]
    return tuple(sorted(kept, key=lambda term: (term[0] is None, term[0] or 0)))


def _scaled(form: _Form, factor: int) -> _Form:
    return tuple((entry, value * factor) for entry, value in form)


def _collect(lines: _Lines, line: _Line, count: SizePolynomial) -> None:
    """Add a count to a line; the square of a line does not see its sign."""
    opposite = tuple(
        (_scaled(da, -1), _scaled(db, -1), _scaled(dc, -1)) for da, db, dc in line
    )
    known = opposite if opposite in lines else line
    lines[known] = lines[known] + count if known in lines else count
