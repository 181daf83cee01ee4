"""Linear algebra over truncated Laurent series, with tracked O-terms.

A matrix whose entries carry O-terms stands for the set of all matrices that agree with
it below them, and every result is right for each of these.

Derivations: derivations/series.md.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from symcrit.arith.laurent import (
    Domain,
    Expansions,
    Series,
    retry_in_larger_domain,
)
from symcrit.arith.protocol import Element, Numbers
from symcrit.core.errors import UndecidedError

__all__ = [
    "INFINITE",
    "Elimination",
    "Truncated",
    "dot",
    "invert",
    "local_smith_exponents",
    "order_of",
    "product",
    "solve",
]


class Truncated(Element, Protocol):
    """A truncated series, over whatever field of coefficients."""

    v: int
    """The exponent of the first term that is known."""

    @property
    def is_known(self) -> bool:
        """Whether there is a term that is known, so that one can divide by it."""
        ...

    @property
    def is_exact_zero(self) -> bool:
        """Whether the series is zero, without any O-term."""
        ...


T = TypeVar("T", bound=Truncated)


def dot(row: Sequence[T], column: Sequence[T]) -> T:
    """The sum of the products of two rows of series that are not empty."""
    first, *others = (x * y for x, y in zip(row, column, strict=True))
    return sum(others, first)


def product(
    matrix: Sequence[Sequence[Series]], vector: Sequence[Series]
) -> list[Series]:
    """The product of a matrix and a vector, over the larger of their domains."""

    def action(domain: Domain) -> list[Series]:
        right = [x.in_domain(domain) for x in vector]
        zero = Expansions(domain).exact(0)
        return [
            sum(
                (x.in_domain(domain) * y for x, y in zip(row, right, strict=True)), zero
            )
            for row in matrix
        ]

    domain = matrix[0][0].domain.joined(vector[0].domain)
    return retry_in_larger_domain(domain, action)[0]


INFINITE = 10**9
"""The order of an exact zero."""


def order_of(x: Series) -> int:
    """The exponent below which a series certainly has no term."""
    return INFINITE if x.is_exact_zero else x.v


class Elimination:
    """A square matrix brought to triangular form, to solve for several right sides.

    The pivot is an entry of least valuation among all that remain.  It divides all of
    them, so the valuations of the pivots are the exponents of the local Smith form.

    Attributes:
        smith: the valuations of the pivots, in their order.

    Args:
        matrix: the matrix, over one domain.

    Raises:
        UndecidedError: an entry with no known term may have a smaller valuation.
    """

    def __init__(self, matrix: Sequence[Sequence[Series]]) -> None:
        n = len(matrix)
        self._rows = [list(row) for row in matrix]
        self._columns = list(range(n))
        self._order = list(range(n))
        self._factors: list[dict[int, Series]] = [{} for _ in range(n)]
        self.smith = [self._step(step) for step in range(n)]

    def _step(self, step: int) -> int:
        """One pivot; its valuation is returned."""
        a, columns = self._rows, self._columns
        i, j = _pivot(a, step, columns[step:])
        order, found = self._order, self._factors
        a[step], a[i] = a[i], a[step]
        order[step], order[i] = order[i], order[step]
        found[step], found[i] = found[i], found[step]
        place = columns.index(j)
        columns[step], columns[place] = columns[place], columns[step]
        pivot = a[step][j]
        for row, factors in zip(a[step + 1 :], self._factors[step + 1 :], strict=True):
            if row[j].is_exact_zero:
                continue
            factor = factors[step] = (row[j] / pivot).reduced()
            for column in columns[step + 1 :]:
                row[column] = (row[column] - factor * a[step][column]).reduced()
        return pivot.v

    def solution(self, right: Sequence[Series]) -> list[Series]:
        """The solution for one right side, over the domain of the matrix."""
        values: list[Series] = []
        for i, factors in zip(self._order, self._factors, strict=True):
            value = right[i]
            for step, factor in factors.items():
                value = value - factor * values[step]
            values.append(value)
        solution: dict[int, Series] = {}
        for step in reversed(range(len(values))):
            row, value = self._rows[step], values[step]
            for column in self._columns[step + 1 :]:
                value = value - row[column] * solution[column]
            quotient = value / row[self._columns[step]]
            solution[self._columns[step]] = quotient.reduced()
        return [solution[j] for j in range(len(values))]


def _pivot(
    a: Sequence[Sequence[Series]], step: int, columns: Sequence[int]
) -> tuple[int, int]:
    """The place of an entry of least valuation, certainly least.

    Raises:
        UndecidedError: there is none.
    """
    left = [(a[i][j], i, j) for i in range(step, len(a)) for j in columns]
    known = [(x.v, i, j) for x, i, j in left if x.is_known]
    hidden = [x.v for x, _, _ in left if not x.is_known and not x.is_exact_zero]
    if not known or (hidden and min(hidden) < min(known)[0]):
        message = "a matrix of series is singular to the known order"
        raise UndecidedError(message, hint="more terms, or another limit")
    _, i, j = min(known)
    return i, j


def local_smith_exponents(matrix: Sequence[Sequence[Series]]) -> list[int]:
    """The exponents of the variable in the Smith form over the ring of power series.

    Raises:
        UndecidedError: the matrix is singular to the known order.
    """
    return Elimination(matrix).smith


def solve(
    matrix: Sequence[Sequence[Series]], right_sides: Sequence[Sequence[Series]]
) -> tuple[list[list[Series]], list[int]]:
    """Solve a square system for several right sides.

    Returns:
        One solution for each right side, and the valuations of the pivots.

    Raises:
        UndecidedError: an entry with no known term may have a smaller valuation.
    """
    eliminated = Elimination(matrix)
    return [eliminated.solution(side) for side in right_sides], eliminated.smith


def invert(lib: Numbers[T], matrix: Sequence[Sequence[T]]) -> list[list[T]]:
    """The inverse of a square matrix: Gauss and Jordan, each pivot of least order.

    Args:
        lib: the number system of the entries.
        matrix: the matrix.

    Raises:
        UndecidedError: the matrix is singular to the known order.

    Example:
        >>> lib = Expansions(Domain.start(4))
        >>> t, one = lib.t_power(1), lib.exact(1)
        >>> for row in invert(lib, [[t, one], [one * 0, one]]):
        ...     print([x.coefficient(-1).as_fraction() for x in row])
        [Fraction(1, 1), Fraction(-1, 1)]
        [Fraction(0, 1), Fraction(0, 1)]
    """
    n = len(matrix)
    rows = [
        [*row, *(lib.exact(int(i == j)) for j in range(n))]
        for i, row in enumerate(matrix)
    ]
    pivots: dict[int, int] = {}
    for _ in range(n):
        left = [
            (x.v, i, j)
            for i, row in enumerate(rows)
            for j, x in enumerate(row[:n])
            if i not in pivots.values() and j not in pivots and x.is_known
        ]
        if not left:
            message = "a matrix of series is singular to the known order"
            raise UndecidedError(message, hint="more terms")
        _, i, j = min(left)
        pivots[j] = i
        rows[i] = [x / rows[i][j] for x in rows[i]]
        for other in range(n):
            head = rows[other][j]
            if other != i and not head.is_exact_zero:
                rows[other] = [
                    x - head * y for x, y in zip(rows[other], rows[i], strict=True)
                ]
    return [rows[pivots[j]][n:] for j in range(n)]
