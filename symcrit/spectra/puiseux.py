"""Eigenvalues of a matrix of exact series, as exact series.

The characteristic polynomial has exact series as coefficients.  Its Newton polygon
gives the exponents of the eigenvalues; the polynomial of each edge, over Q(pi), gives
their leading coefficients.  A simple root of an edge polynomial continues to one series
by Hensel's lemma: with lambda = t^s (mu + nu) the equation for nu is

    nu = -(c_0 + c_2 nu^2 + ... + c_n nu^n) / c_1,        c_0 = O(t), c_1 a unit,

and iterating it from the box nu = O(t), with tracked O-terms, is a proof of each
coefficient.  A multiple root is shifted to the origin and the polygon drawn again.

Source:
    Walker, Algebraic Curves (1950), chapter IV; derivations/spectrum.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flint import Ordering, fmpq_poly, fmpz, fmpz_mpoly_ctx, fmpz_poly

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.core.errors import UndecidedError

__all__ = ["Branch", "characteristic_polynomial", "expand_eigenvalues"]

_MAX_DEPTH = 24


@dataclass(frozen=True)
class Branch:
    """Conjugate eigenvalues as series.

    Attributes:
        series: the eigenvalue with its O-term.
        count: how many eigenvalues of the matrix share this series to its O-term.
    """

    series: Series
    count: int = 1


def characteristic_polynomial(matrix: Sequence[Sequence[Series]]) -> list[Series]:
    """The coefficients of det(lambda - A), the constant one first.

    Source:
        The recursion of Faddeev and LeVerrier.
    """
    n = len(matrix)
    lib = Expansions(matrix[0][0].domain)
    coefficients = [lib.exact(1)]
    product = [[lib.exact(0) for _ in range(n)] for _ in range(n)]
    for step in range(1, n + 1):
        for i in range(n):
            product[i][i] = product[i][i] + coefficients[-1]
        product = [
            [
                sum((matrix[i][m] * product[m][j] for m in range(n)), lib.exact(0))
                for j in range(n)
            ]
            for i in range(n)
        ]
        trace = sum((product[i][i] for i in range(n)), lib.exact(0))
        coefficients.append(-trace / step)
    return coefficients[::-1]


def expand_eigenvalues(matrix: Sequence[Sequence[Series]]) -> list[Branch]:
    """All eigenvalues of a matrix whose eigenvalues are real, as exact series.

    Args:
        matrix: n by n, similar to a symmetric matrix, entries with their O-terms.

    Returns:
        The eigenvalues, those that grow fastest first; counts add up to n.

    Raises:
        UndecidedError: the entries are not known to enough terms, or a leading
            coefficient is algebraic of degree three or more over Q(pi).
    """

    def action(domain: Domain) -> list[Branch]:
        lifted = [[x.in_domain(domain) for x in row] for row in matrix]
        return _roots(characteristic_polynomial(lifted), None, 0)

    start = matrix[0][0].domain
    for row in matrix:
        for entry in row:
            start = start.joined(entry.domain)
    branches, _ = retry_in_larger_domain(start, action)
    return sorted(branches, key=lambda b: b.series.v)


def _roots(
    coefficients: Sequence[Series], above: int | None, depth: int
) -> list[Branch]:
    """The roots whose valuation is greater than a bound."""
    if depth > _MAX_DEPTH:
        message = "two eigenvalues agree in too many terms to be told apart"
        raise UndecidedError(message, hint="they may be equal")
    found: list[Branch] = []
    for slope, start, end in _edges(coefficients, above):
        edge = coefficients[start : end + 1]
        low = edge[0].v
        leads = [
            c.coefficient(low - slope * i)
            if c.is_known and c.v == low - slope * i
            else Exact.rational(0)
            for i, c in enumerate(edge)
        ]
        for root, multiplicity in _edge_roots(leads):
            found += _continue(coefficients, slope, root, multiplicity, depth)
    return found


def _edges(
    coefficients: Sequence[Series], above: int | None
) -> list[tuple[int, int, int]]:
    """The edges of the Newton polygon: valuation of the roots, first and last index.

    Raises:
        UndecidedError: an unknown coefficient could lie below the polygon, or a
            valuation is no integer.
    """
    points = [(i, c.v) for i, c in enumerate(coefficients) if c.is_known]
    if not coefficients[0].is_known:
        where = "zero" if above is None else "one another"
        message = f"eigenvalues equal {where} to the known order"
        raise UndecidedError(message, hint="more terms may tell them apart")
    edges = []
    i = 0
    while i < len(coefficients) - 1:
        later = [(j, v) for j, v in points if j > i]
        here = dict(points)[i]
        rise = min((v - here) / (j - i) for j, v in later)
        j = max(j for j, v in later if (v - here) == rise * (j - i))
        slope = (here - dict(points)[j]) / (j - i)
        if above is not None and slope <= above:
            break
        if slope != int(slope):
            message = f"an eigenvalue has the fractional exponent {slope} of t"
            raise UndecidedError(message, hint="not implemented for eigenvalues")
        for m in range(i + 1, len(coefficients)):
            c = coefficients[m]
            if not c.is_known and not c.is_exact_zero and c.v <= here - slope * (m - i):
                message = "a coefficient of a characteristic polynomial is not known"
                raise UndecidedError(message, hint="more terms")
        edges.append((int(slope), i, j))
        i = j
    return edges


def _continue(
    coefficients: Sequence[Series],
    slope: int,
    root: Exact,
    multiplicity: int,
    depth: int,
) -> list[Branch]:
    """The series of the roots that start with a given leading term."""
    lib = Expansions(coefficients[0].domain)
    start = lib.from_coefficients([(slope, root)], None)
    shifted = _taylor_shift(coefficients, start)
    if multiplicity > 1:
        rest = _roots(shifted, slope, depth + 1)
        return [Branch(start + b.series, b.count) for b in rest]
    box = lib.big_o(slope + 1)
    for _ in range(lib.domain.length + 2):
        value = shifted[-1]
        for c in reversed(shifted[2:-1]):
            value = value * box + c
        value = value * box * box if len(shifted) > 2 else lib.exact(0)
        better = -(shifted[0] + value) / shifted[1]
        if better.prec is not None and box.prec is not None and better.prec <= box.prec:
            break
        box = better
        if box.prec is None:
            break
    return [Branch(start + box)]


def _taylor_shift(coefficients: Sequence[Series], x: Series) -> list[Series]:
    """The coefficients of the polynomial in y = lambda - x."""
    shifted = list(coefficients)
    for i in range(len(shifted) - 1):
        for j in reversed(range(i, len(shifted) - 1)):
            shifted[j] = shifted[j] + x * shifted[j + 1]
    return shifted


def _edge_roots(leads: Sequence[Exact]) -> list[tuple[Exact, int]]:
    """The roots of an edge polynomial, with multiplicities."""
    if len(leads) == 2:
        return [(-leads[0] / leads[1], 1)]
    if not all(c.is_in_q_of_pi for c in leads):
        message = "an edge polynomial has irrational coefficients"
        raise UndecidedError(message, hint="the eigenvalues leave the field")
    found: list[tuple[Exact, int]] = []
    for factor, multiplicity in _factors(leads):
        if len(factor) == 2:
            found.append((-factor[0] / factor[1], multiplicity))
        elif len(factor) == 3:
            c, b, a = factor
            root = (b * b - 4 * a * c).sqrt()
            found += [((-b + sign * root) / (2 * a), multiplicity) for sign in (1, -1)]
        else:
            message = (
                "leading coefficients of eigenvalues are roots of"
                f" {_shown(factor)}, of degree {len(factor) - 1} over Q(pi)"
            )
            raise UndecidedError(message, hint="ask for balls at a given k")
    return found


def _factors(leads: Sequence[Exact]) -> list[tuple[list[Exact], int]]:
    """The irreducible factors over Q(pi), by factoring over the integers."""
    denominator = fmpz_poly([1])
    for c in leads:
        q = c.denominator()
        denominator = denominator * q // denominator.gcd(q)
    scale = Exact.quotient(denominator, fmpz_poly([1]))
    context = fmpz_mpoly_ctx.get(["p", "m"], Ordering.lex)
    terms: dict[tuple[int, ...], int | fmpz] = {}
    for i, c in enumerate(leads):
        polynomial = (c * scale).numerator()
        for e in range(polynomial.length()):
            if polynomial[e] != 0:
                terms[e, i] = polynomial[e]
    found = []
    for factor, multiplicity in context.from_dict(terms).factor()[1]:
        by_power: dict[int, list[fmpz]] = {}
        for (e, i), value in factor.to_dict().items():
            row = by_power.setdefault(int(i), [])
            row += [fmpz(0)] * (int(e) + 1 - len(row))
            row[int(e)] = value
        if max(by_power) > 0:
            exact = [
                Exact.polynomial(fmpq_poly(by_power.get(i, [])))
                for i in range(max(by_power) + 1)
            ]
            found.append((exact, int(multiplicity)))
    return found


def _shown(factor: Sequence[Exact]) -> str:
    return " + ".join(f"({c})*x**{i}" for i, c in enumerate(factor) if c)
