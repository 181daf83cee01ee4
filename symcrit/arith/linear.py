"""Linear algebra over truncated Laurent series, with tracked O-terms.

A matrix whose entries carry O-terms stands for the set of all matrices that agree with
it below them, and every result is right for each of these.

Derivations: derivations/series.md.
"""

from collections.abc import Sequence

from symcrit.arith.laurent import (
    Domain,
    Expansions,
    Series,
    retry_in_larger_domain,
)
from symcrit.core.errors import UndecidedError

__all__ = ["INFINITE", "local_smith_exponents", "order_of", "product", "solve"]


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


def local_smith_exponents(matrix: Sequence[Sequence[Series]]) -> list[int]:
    """The exponents of the variable in the Smith form over the ring of power series.

    Raises:
        UndecidedError: the matrix is singular to the known order.
    """
    return solve(matrix, [])[1]


def solve(
    matrix: Sequence[Sequence[Series]], right_sides: Sequence[Sequence[Series]]
) -> tuple[list[list[Series]], list[int]]:
    """Solve a square system for several right sides.

    The pivot is an entry of least valuation among all that remain.  It divides all of
    them, so the valuations of the pivots are the exponents of the local Smith form.

    Returns:
        One solution for each right side, and the valuations of the pivots.

    Raises:
        UndecidedError: an entry with no known term may have a smaller valuation.
    """
    n = len(matrix)
    a = [[*row, *(side[i] for side in right_sides)] for i, row in enumerate(matrix)]
    columns = list(range(n))
    extra = list(range(n, n + len(right_sides)))
    smith = []
    for step in range(n):
        left = [(i, j) for i in range(step, n) for j in columns[step:]]
        known = [(a[i][j].v, i, j) for i, j in left if a[i][j].is_known]
        hidden = [
            a[i][j].v
            for i, j in left
            if not a[i][j].is_known and not a[i][j].is_exact_zero
        ]
        if not known or (hidden and min(hidden) < min(known)[0]):
            message = "a matrix of series is singular to the known order"
            raise UndecidedError(message, hint="more terms, or another limit")
        _, i, j = min(known)
        a[step], a[i] = a[i], a[step]
        place = columns.index(j)
        columns[step], columns[place] = columns[place], columns[step]
        pivot = a[step][j]
        smith.append(pivot.v)
        for row in a[step + 1 :]:
            if row[j].is_exact_zero:
                continue
            factor = (row[j] / pivot).reduced()
            for column in [*columns[step + 1 :], *extra]:
                row[column] = (row[column] - factor * a[step][column]).reduced()
    solutions = []
    for side in extra:
        solution: dict[int, Series] = {}
        for step in reversed(range(n)):
            value = a[step][side]
            for column in columns[step + 1 :]:
                value = value - a[step][column] * solution[column]
            quotient = value / a[step][columns[step]]
            solution[columns[step]] = quotient.reduced()
        solutions.append([solution[j] for j in range(n)])
    return solutions, smith
