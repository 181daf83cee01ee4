"""Boxes of series in which a branch is unique, by a Krawczyk test.

Let F be the reduced gradient, B the box of all X_j + O(t^m_j), T any matrix of Laurent
polynomials, E = T F'(B) - 1.  A step contracts if t^(m_j) E_ij lies in
t^(m_i + 1) Q(pi)[[t]]; if then T F(X)_i lies in O(t^m_i) for all i, F has exactly one
zero in B, and if for some i it does not, none.

Derivations: derivations/series.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.linear import (
    Elimination,
    local_smith_exponents,
    order_of,
    product,
)
from symcrit.core.errors import RefutedError, UndecidedError
from symcrit.expand.truncation import Truncation

__all__ = ["Box", "certify_box", "contracting_box"]

_FIRST_SLACK = 6
_MAX_SLACK = 64
_MAX_SEARCH_STEPS = 6

_LEAST_GAIN = 1
"""A Krawczyk step contracts if each coordinate gains so many exponents."""


@dataclass(frozen=True)
class Box:
    """A box over which a Krawczyk step contracts.

    Attributes:
        exponents: m_j.
        contraction: the least exponent gained by one step, at least 1.
        inverse: T.
        errors: E, enclosed.
        smith: the local Smith exponents of every matrix in F'(B), ascending.
        orders: exponents below which the entries of F'(B) have no term.
    """

    exponents: tuple[int, ...]
    contraction: int
    inverse: list[list[Series]]
    errors: list[list[Series]]
    smith: tuple[int, ...]
    orders: list[list[int]]

    @property
    def lags(self) -> list[list[int]]:
        """Exponents of T: F_i to O(t^n) tells the move of x_j to O(t^(n + lag_ji))."""
        return [[order_of(x) for x in row] for row in self.inverse]


def contracting_box(hessian: list[list[Series]], box: Sequence[int]) -> Box | None:
    """The box with T and E = T F' - 1, if a Krawczyk step contracts there."""

    def action(domain: Domain) -> Box:
        lib = Expansions(domain)
        places = range(len(box))
        enclosure = [[x.in_domain(domain) for x in row] for row in hessian]
        centre = [[x.without_order() for x in row] for row in enclosure]
        identity = [[lib.exact(int(i == j)) for j in places] for i in places]
        smith = local_smith_exponents(enclosure)
        elimination = Elimination(centre)
        columns = [elimination.solution(unit) for unit in identity]
        inverse = [[columns[j][i].without_order() for j in places] for i in places]
        transposed = [[row[j] for row in enclosure] for j in places]
        errors = [
            [x - y for x, y in zip(product(transposed, line), unit, strict=True)]
            for line, unit in zip(inverse, identity, strict=True)
        ]
        gained = min(
            order_of(errors[i][j]) + box[j] - box[i] for i in places for j in places
        )
        orders = [[order_of(x) for x in row] for row in enclosure]
        return Box(tuple(box), gained, inverse, errors, tuple(sorted(smith)), orders)

    try:
        found, _ = retry_in_larger_domain(hessian[0][0].domain, action)
    except UndecidedError:
        return None
    return found if found.contraction >= _LEAST_GAIN else None


def certify_box(branch: Truncation) -> Box:
    """Find a box in which the branch is unique, by Newton steps and a test.

    The terms of the branch are extended, and the orders proved are set.

    Raises:
        RefutedError: no branch starts with the leading terms.
        UndecidedError: no box passed the test.
    """
    gain, slack = 1, _FIRST_SLACK
    for _ in range(_MAX_SEARCH_STEPS):
        moves, slack = _newton(branch, gain, slack)
        found = branch.moved(moves, [w + 2 * gain for w in branch.first])
        if changed := branch.changed(found):
            _refuse(branch, slack, changed)
        branch.series = found
        gain *= 2
        box = _krawczyk(branch, gain, slack)
        if box is not None:
            return box
    message = "no t-adic box around the leading terms was proved to hold a branch"
    raise UndecidedError(message, hint="check the limit of the family")


def _newton(branch: Truncation, gain: int, slack: int) -> tuple[list[Series], int]:
    """Solve J e = F with enough terms to know e_j to t^(first_j + 2 gain).

    Returns:
        The solution, and how many more terms that took than one should think.
    """
    goal = 2 * gain
    while slack <= _MAX_SLACK:
        point = branch.system.point(branch.series, goal + slack)
        jacobian = branch.system.jacobian(branch.series, goal - gain + slack, None)
        moves = branch.solved(jacobian, point.gradient)
        lacking = max(
            (
                w + goal - e.prec
                for e, w in zip(moves, branch.first, strict=True)
                if e.prec is not None
            ),
            default=0,
        )
        if lacking <= 0:
            return moves, slack
        slack += lacking
    message = "the Newton steps lose precision faster than it is added"
    raise UndecidedError(message, hint="check the limit of the family")


def _refuse(branch: Truncation, slack: int, changed: str) -> NoReturn:
    """Refuse the leading terms, if possible with a proof.

    Raises:
        RefutedError: a Krawczyk step from the box of all series that start with the
            leading terms leaves it, although a step contracts there.
        UndecidedError: otherwise.
    """
    ends = [w + 1 for w in branch.first]
    length = max(ends) + slack
    box = _contracting(branch, ends, length)
    if box is not None:
        gradient = branch.system.point(branch.series, length + slack).gradient
        moves = product(box.inverse, gradient)
        if any(x.is_known and x.v < m for x, m in zip(moves, ends, strict=True)):
            message = f"no branch starts with the leading terms; {changed}"
            raise RefutedError(message)
    raise UndecidedError(changed, hint="check the limit and the leading terms")


def _contracting(branch: Truncation, ends: Sequence[int], length: int) -> Box | None:
    """The box with given ends, if a Krawczyk step contracts there."""
    try:
        hessian = branch.system.jacobian(branch.series, length, ends)
    except UndecidedError:
        # The box is so large that the sign of a root or an angle is open.
        return None
    return contracting_box(hessian, ends)


def _krawczyk(branch: Truncation, gain: int, slack: int) -> Box | None:
    """The t-adic Krawczyk test; the orders that it proves are set if it is passed."""
    for reach in range(gain // 2 + 1, gain + 1):
        ends = [w + reach for w in branch.first]
        box = _contracting(branch, ends, max(ends) + slack)
        if box is None:
            continue
        far = max(ends) + gain + slack
        gradient = branch.system.point(branch.series, far).gradient
        moves = [min(order_of(x), far) for x in product(box.inverse, gradient)]
        if any(move < m for move, m in zip(moves, ends, strict=True)):
            continue
        branch.proved = _sharpened(box, moves)
        return box
    return None


def _sharpened(box: Box, moves: Sequence[int]) -> list[int]:
    """The orders to which the centre of a box is right, from those of T F there."""
    proved = list(box.exponents)
    for _ in range(max(moves)):
        better = [
            min(move, *(order_of(e) + p for e, p in zip(row, proved, strict=True)))
            for move, row in zip(moves, box.errors, strict=True)
        ]
        if better == proved:
            break
        proved = better
    return proved
