"""Eigenvalues of a matrix of exact series, as exact series.

The matrix is similar, over real series, to one that is selfadjoint for an inner product
whose matrix is regular at t = 0, as the blocks of a Hessian are.  So the coefficient
matrix of the lowest power of t can be diagonalised, and the eigenvalues are series
themselves, without roots of t (Rellich).

That coefficient matrix is taken apart by the irreducible factors of its characteristic
polynomial.  Two of its invariant subspaces belong to two invariant subspaces of the
whole matrix, whose graph solves a Riccati equation

    R(X) = B_21 + B_22 X - X B_11 - X B_12 X = 0,      X = O(t),

which is regular at t = 0.  Newton's method over series with tracked O-terms encloses
its only solution, each step with proof; what is left are a matrix B_11 + B_12 X for one
group of eigenvalues and a matrix B_22 - X B_12 for the others.  A group with a single
leading term c t^v is diminished by it and taken apart again.

Source:
    Rellich, Perturbation Theory of Eigenvalue Problems (1969); derivations/spectrum.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from symcrit.arith.exact import Exact
from symcrit.arith.factoring import evaluate_at_matrix, factor
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.linear import solve
from symcrit.core.errors import UndecidedError

__all__ = ["EigenvalueGroup", "characteristic_polynomial", "split_eigenvalues"]

Matrix: TypeAlias = list[list[Series]]

_SPARE = 1
"""Terms of a series beyond those that a step of Newton's method gains."""


@dataclass(frozen=True)
class EigenvalueGroup:
    """Eigenvalues that share all their known exact terms.

    Attributes:
        series: what they share, with its O-term.
        count: how many there are.
        polynomial: None if ``series`` is all that is known.  Else the eigenvalues are
            the shared terms, taken as exact, plus t^exponent times the roots of this
            monic polynomial with series as coefficients, the constant one first.
        exponent: of the first power of t that they do not share.
        leading: the irreducible polynomial whose roots, equally often each, are the
            coefficients of that power.
    """

    series: Series
    count: int = 1
    polynomial: tuple[Series, ...] | None = None
    exponent: int = 0
    leading: tuple[Exact, ...] = ()


def split_eigenvalues(
    matrix: Sequence[Sequence[Series]], domain: Domain | None = None
) -> tuple[list[EigenvalueGroup], Domain]:
    """All eigenvalues of a matrix of series as exact series, as far as they are such.

    Args:
        matrix: n by n, with O-terms, similar to a selfadjoint one as told above.
        domain: a domain that is expected to do.

    Returns:
        The groups, whose counts add up to n, and a domain that was large enough.

    Example:
        >>> lib = Expansions(Domain.start(10))
        >>> t, big_o = lib.t_power, lib.big_o(6)
        >>> rows = [[lib.exact(2) + t(1) + big_o, t(2) + big_o],
        ...         [t(2) + big_o, lib.exact(2) + 3 * t(1) + big_o]]
        >>> for group in split_eigenvalues(rows)[0]:
        ...     print([(n, str(c)) for n, c in group.series.known_coefficients()])
        [(0, '2'), (1, '1'), (3, '-1/2'), (5, '1/8')]
        [(0, '2'), (1, '3'), (3, '1/2'), (5, '-1/8')]
    """
    start = domain or Domain.start(1)
    for row in matrix:
        for entry in row:
            start = start.joined(entry.domain)

    def action(domain: Domain) -> list[EigenvalueGroup]:
        # A short series may have asked for the domain, one as short as itself.
        long = domain.with_length(start.length)
        lifted = [[x.in_domain(long) for x in row] for row in matrix]
        return list(_groups(lifted, Expansions(long).exact(0)))

    found, domain = retry_in_larger_domain(start, action)
    return found, domain.with_length(start.length)


def characteristic_polynomial(matrix: Sequence[Sequence[Series]]) -> list[Series]:
    """The coefficients of det(lambda - A), the constant one first.

    Source:
        The recursion of Faddeev and LeVerrier, which divides by integers only.
    """
    n = len(matrix)
    lib = Expansions(matrix[0][0].domain)
    coefficients = [lib.exact(1)]
    power = [[lib.exact(0) for _ in range(n)] for _ in range(n)]
    for step in range(1, n + 1):
        for i in range(n):
            power[i][i] = power[i][i] + coefficients[-1]
        power = _times(matrix, power)
        trace = sum((power[i][i] for i in range(n)), lib.exact(0))
        coefficients.append(-trace / step)
    return coefficients[::-1]


def _groups(matrix: Matrix, shared: Series) -> Iterator[EigenvalueGroup]:
    """The eigenvalues of a matrix, to which some terms have to be added."""
    lib = Expansions(shared.domain)
    n = len(matrix)
    if n == 1:
        yield EigenvalueGroup(shared + matrix[0][0])
        return
    entries = [x for row in matrix for x in row if not x.is_exact_zero]
    if not entries:
        yield EigenvalueGroup(shared, n)
        return
    hidden = min((x.v for x in entries if not x.is_known), default=None)
    lowest = min((x.v for x in entries if x.is_known), default=hidden)
    assert lowest is not None
    if hidden is not None and hidden <= lowest:
        # A norm compatible with the order bounds the eigenvalues as it does entries.
        yield EigenvalueGroup(shared + lib.big_o(hidden), n)
        return
    leading = [[x.coefficient(lowest) for x in row] for row in matrix]
    factors = _factors(leading)
    if len(factors) == 1:
        yield from _conjugates(matrix, shared, lowest, *factors[0])
        return
    rest, sizes = _by_invariant_subspaces(matrix, leading, factors)
    for size in sizes[:-1]:
        group, rest = _split(rest, size, lowest)
        yield from _groups(group, shared)
    yield from _groups(rest, shared)


def _conjugates(
    matrix: Matrix, shared: Series, lowest: int, part: list[Exact], times: int
) -> Iterator[EigenvalueGroup]:
    """The eigenvalues whose leading coefficients are conjugate, or all the same."""
    lib = Expansions(shared.domain)
    places = range(len(matrix))
    if len(part) == 2:
        term = lib.from_coefficients([(lowest, -part[0])], None)
        less = [
            [matrix[i][j] - term if i == j else matrix[i][j] for j in places]
            for i in places
        ]
        _check_diagonalised(less, lowest)
        yield from _groups(less, shared + term)
        return
    polynomial = characteristic_polynomial(
        [[x * lib.t_power(-lowest) for x in row] for row in matrix]
    )
    if len(part) == 3 and times == 1:
        c, b, _ = polynomial
        try:
            root = (b * b - 4 * c).sqrt("the discriminant of two eigenvalues")
        except UndecidedError:
            pass
        else:
            half = lib.t_power(lowest) / 2
            for sign in (-1, 1):
                yield EigenvalueGroup(shared + half * (sign * root - b))
            return
    yield EigenvalueGroup(
        shared + lib.big_o(lowest),
        len(matrix),
        tuple(polynomial),
        lowest,
        tuple(part),
    )


def _check_diagonalised(matrix: Matrix, lowest: int) -> None:
    """Subtracting the only eigenvalue of the leading matrix has left nothing of it.

    Raises:
        UndecidedError: the matrix is not similar to a selfadjoint one.
    """
    if any(x.is_known and x.v <= lowest for row in matrix for x in row):
        message = "the leading matrix of a block cannot be diagonalised"
        raise UndecidedError(message, hint="the matrix should be selfadjoint")


# ------------------------------------------------------------------- the leading matrix


def _factors(leading: list[list[Exact]]) -> list[tuple[list[Exact], int]]:
    """The factors of the characteristic polynomial of a matrix of numbers."""
    n = len(leading)
    zero = Exact.rational(0)
    coefficients = [Exact.rational(1)]
    power = [[zero for _ in range(n)] for _ in range(n)]
    for step in range(1, n + 1):
        for i in range(n):
            power[i][i] = power[i][i] + coefficients[-1]
        power = [
            [
                sum((leading[i][m] * power[m][j] for m in range(n)), zero)
                for j in range(n)
            ]
            for i in range(n)
        ]
        trace = sum((power[i][i] for i in range(n)), zero)
        coefficients.append(-trace / step)
    return factor(coefficients[::-1])


def _by_invariant_subspaces(
    matrix: Matrix, leading: list[list[Exact]], factors: list[tuple[list[Exact], int]]
) -> tuple[Matrix, list[int]]:
    """The matrix in a basis adapted to the factors, and the sizes of the parts."""
    columns: list[list[Exact]] = []
    sizes = []
    for part, times in factors:
        found = _kernel(evaluate_at_matrix(part, leading))
        if len(found) != times * (len(part) - 1):
            message = "the leading matrix of a block cannot be diagonalised"
            raise UndecidedError(message, hint="the matrix should be selfadjoint")
        columns += found
        sizes.append(len(found))
    lib = Expansions(matrix[0][0].domain)
    places = range(len(matrix))
    basis = [
        [lib.from_coefficients([(0, column[i])], None) for column in columns]
        for i in places
    ]
    image = _times(matrix, basis)
    sides = [[image[i][j] for i in places] for j in places]
    solved, _ = solve(basis, sides)
    return [[solved[j][i] for j in places] for i in places], sizes


def _kernel(matrix: list[list[Exact]]) -> list[list[Exact]]:
    """A basis of the kernel of a matrix of numbers."""
    rows, n = [list(row) for row in matrix], len(matrix)
    pivots: list[int] = []
    for j in range(n):
        step = len(pivots)
        i = next((i for i in range(step, n) if rows[i][j]), None)
        if i is None:
            continue
        rows[step], rows[i] = rows[i], rows[step]
        rows[step] = [x / rows[step][j] for x in rows[step]]
        for other in range(n):
            if other != step and rows[other][j]:
                head = rows[other][j]
                rows[other] = [
                    x - head * y for x, y in zip(rows[other], rows[step], strict=True)
                ]
        pivots.append(j)
    basis = []
    for free in (j for j in range(n) if j not in pivots):
        vector = [Exact.rational(int(j == free)) for j in range(n)]
        for step, j in enumerate(pivots):
            vector[j] = -rows[step][free]
        basis.append(vector)
    return basis


# --------------------------------------------------------------- the Riccati equation


def _split(matrix: Matrix, size: int, lowest: int) -> tuple[Matrix, Matrix]:
    """Split off the first eigenvalues, whose leading terms no other eigenvalue has."""
    b11 = [row[:size] for row in matrix[:size]]
    b12 = [row[size:] for row in matrix[:size]]
    b21 = [row[:size] for row in matrix[size:]]
    b22 = [row[size:] for row in matrix[size:]]
    x = _graph(b11, b12, b21, b22, lowest)
    return _plus(b11, _times(b12, x)), _plus(b22, _times(_minus(x), b12))


def _graph(b11: Matrix, b12: Matrix, b21: Matrix, b22: Matrix, lowest: int) -> Matrix:
    """Enclose the solution X = O(t) of the Riccati equation.

    For a solution X, and Z half way between X and Y, R(Y) is B_22 E - E B_11
    - Z B_12 E - E B_12 Z at E = Y - X.  If Z is replaced by a box that holds it, the
    solution of this linear system with tracked O-terms encloses E.
    """
    blocks = (b11, b12, b21, b22)
    lib = Expansions(b11[0][0].domain)
    box = [[lib.big_o(1) for _ in b11] for _ in b22]
    precs = [x.prec for block in blocks for row in block for x in row]
    end = min((p for p in precs if p is not None), default=lowest + lib.domain.length)
    known, end = 1, end - lowest
    while known < end:
        goal = min(2 * known, end)
        better = _newton(blocks, box, goal - known + _SPARE, goal + _SPARE)
        box = [
            [_sharper(x, y) for x, y in zip(row, line, strict=True)]
            for row, line in zip(box, better, strict=True)
        ]
        reached = min(
            (x.prec for row in box for x in row if x.prec is not None), default=end
        )
        if reached <= known:
            break
        known = reached
    return box


def _sharper(x: Series, y: Series) -> Series:
    """The better known of two enclosures."""
    if x.prec is None or (y.prec is not None and y.prec < x.prec):
        return x
    return y


def _newton(
    blocks: tuple[Matrix, Matrix, Matrix, Matrix], box: Matrix, few: int, many: int
) -> Matrix:
    """Enclose the solution in a box anew, from its value at the centre.

    Args:
        blocks: of the matrix.
        box: holds the solution.
        few: how many terms of the linear system to use.
        many: how many terms of the value to use.
    """
    domain = box[0][0].domain
    b11, b12, b21, b22 = (
        _in_domain(block, domain.with_length(many)) for block in blocks
    )
    centre = _in_domain(
        [[x.without_order() for x in row] for row in box], domain.with_length(many)
    )
    value = _plus(
        _plus(b21, _times(b22, centre)),
        _minus(_times(centre, _plus(b11, _times(b12, centre)))),
    )
    short = domain.with_length(few)
    b11, b12, _, b22 = (_in_domain(block, short) for block in blocks)
    middle = _in_domain(box, short)
    left = _plus(b22, _minus(_times(middle, b12)))
    right = _plus(b11, _times(b12, middle))
    found = _solve_sylvester(left, right, _in_domain(value, short))
    return [
        [x - e.in_domain(domain) for x, e in zip(row, line, strict=True)]
        for row, line in zip(_in_domain(centre, domain), found, strict=True)
    ]


def _solve_sylvester(left: Matrix, right: Matrix, value: Matrix) -> Matrix:
    """The solution of (left) E - E (right) = value, enclosed."""
    zero = Expansions(left[0][0].domain).exact(0)
    places = [(i, j) for i in range(len(left)) for j in range(len(right))]
    system = []
    for i, j in places:
        row = []
        for m, n in places:
            entry = left[i][m] if j == n else zero
            row.append(entry - right[n][j] if i == m else entry)
        system.append(row)
    ((found, *_), _) = solve(system, [[value[i][j] for i, j in places]])
    width = len(right)
    return [found[i : i + width] for i in range(0, len(found), width)]


def _times(f: Sequence[Sequence[Series]], g: Sequence[Sequence[Series]]) -> Matrix:
    """The product of two matrices."""
    zero = Expansions(g[0][0].domain).exact(0)
    return [
        [
            sum((x * line[j] for x, line in zip(row, g, strict=True)), zero).reduced()
            for j in range(len(g[0]))
        ]
        for row in f
    ]


def _plus(f: Matrix, g: Matrix) -> Matrix:
    return [
        [(x + y).reduced() for x, y in zip(row, line, strict=True)]
        for row, line in zip(f, g, strict=True)
    ]


def _minus(f: Matrix) -> Matrix:
    return [[-x for x in row] for row in f]


def _in_domain(f: Matrix, domain: Domain) -> Matrix:
    return [[x.in_domain(domain) for x in row] for row in f]
