"""Lift the leading terms of a branch to exact series, and prove them.

Newton's method over the field of Laurent series in t with coefficients in Q(pi), made a
theorem by a Krawczyk test in the t-adic topology.  Arithmetic of series tracks O-terms,
so that evaluating at X_j + O(t^m_j) encloses the values on the whole box of series.

Let F be the reduced gradient, X a truncated series taken as exact, B the box of all
X_j + O(t^m_j), T any matrix of Laurent polynomials, E = T F'(B) - 1.  Let t^(m_j) E_ij
lie in t^(m_i + 1) Q(pi)[[t]].  If T F(X)_i lies in O(t^m_i) for all i, then F has
exactly one zero X* in B; if for some i it does not, then F has none.  From then on
X - X* solves J e = F(X) for some J in F'(B), so a linear solution with tracked O-terms
encloses X* to about twice the order: each further Newton step is itself a proof.  The
loss is stationary: L(X) - L(X*) equals 1/2 sum c_i F_i(X) e_i to an order that the
O-terms of F'(B) tell.

Derivations: derivations/series.md.
"""

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symcrit.arith.laurent import (
    Domain,
    Expansions,
    RamificationError,
    Series,
    retry_in_larger_domain,
)
from symcrit.arith.linear import order_of
from symcrit.core.errors import UndecidedError
from symcrit.expand.balance import LeadingTerm
from symcrit.expand.boxes import Box, certify_box
from symcrit.expand.system import Point
from symcrit.expand.truncation import Truncation
from symcrit.landscapes.reduced import Landscape

__all__ = ["Expansion", "Proof", "prove_and_expand"]

_MAX_SLACK = 64
_MAX_STEPS = 40
_MAX_RAMIFICATION = 16


@dataclass(frozen=True, slots=True)
class Proof:
    """What was checked to prove a series; exponents of the variable throughout.

    The system is the reduced gradient times the least power of the variable that makes
    its Jacobian integral.

    Attributes:
        residual_order: R; every equation is zero to this order at the series that were
            computed, of which all terms up to R - v are given.
        jacobian_exponent: v, the largest local Smith exponent of the Jacobian.
        smith_exponents: all of them, ascending.
        box: m_j, the exponents of the box in which the solution is unique.
        contraction: the least exponent gained by one Krawczyk step, at least 1.
        computed: the orders of the series that were computed.
        proved: the order to which each parameter is proved and given.

    Example:
        >>> import symcrit
        >>> proof = symcrit.family("A").series(order=3).proof
        >>> proof.residual_order, proof.jacobian_exponent, proof.proved
        (4, 0, (4, 4))

    Source:
        derivations/series.md, a Krawczyk test in the t-adic topology, the numbers R
        and v.
    """

    residual_order: int
    jacobian_exponent: int
    smith_exponents: tuple[int, ...]
    box: tuple[int, ...]
    contraction: int
    computed: tuple[int, ...]
    proved: tuple[int, ...]


@dataclass(frozen=True)
class Expansion:
    """Exact series of a branch of critical points, proved to their O-terms.

    Attributes:
        names: the names of the parameters.
        parameters: their series in t.
        loss: the series of the loss.
        proof: what was checked.
        ramification: e if the series are in the variable t^(1/e).

    Indexing with a name, or with ``loss``, gives the series.

    Example:
        >>> import symcrit
        >>> found = symcrit.family("A").expansion(3)
        >>> found.names, found.ramification, str(found["o_1"].coefficient(2))
        (('a_1', 'o_1'), 1, '2')

    Source:
        derivations/series.md.
    """

    names: tuple[str, ...]
    parameters: tuple[Series, ...]
    loss: Series
    proof: Proof
    ramification: int = 1

    def __getitem__(self, name: str) -> Series:
        if name == "loss":
            return self.loss
        return self.parameters[self.names.index(name)]


def prove_and_expand(
    landscape: Landscape,
    leading: Sequence[LeadingTerm],
    order: int,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Expansion:
    """Expand a branch to O(t^order) or better in every parameter, and prove it.

    Args:
        landscape: the landscape.
        leading: limit and leading term of each parameter.
        order: the exponent from which on nothing need be known.
        progress: called with the number of terms reached and aimed at.

    Raises:
        RefutedError: no series starts with the leading terms and solves the equations.
        UndecidedError: the series leaves the field, or the proof did not close.
    """
    exponents = [x.exponent for x in leading if x.exponent is not None]
    ramification = math.lcm(*(exponent.denominator for exponent in exponents))
    while ramification <= _MAX_RAMIFICATION:
        branch = Truncation(landscape, leading, ramification)
        try:
            lift = _Lift(branch, certify_box(branch))
            return lift.extend(order * ramification, progress)
        except RamificationError:
            ramification *= 2
    message = f"the series needs a root of t of degree {ramification}"
    raise UndecidedError(message, hint=f"at most {_MAX_RAMIFICATION} is tried")


class _Lift:
    """Extends a branch whose box is certified."""

    def __init__(self, branch: Truncation, box: Box) -> None:
        self.branch = branch
        self.box = box
        self.lags = box.lags
        self.slack = 0
        self.lost = 0

    def extend(
        self, order: int, progress: Callable[[int, int], None] | None
    ) -> Expansion:
        """Proved Newton steps until every parameter is known to the order.

        One Jacobian serves two steps: with twice as many terms it would serve one step
        of the same reach, and cost more than the gradient once more.
        """
        branch, box = self.branch, self.box
        shift = max(0, -box.smith[0])
        v = box.smith[-1] + shift
        wanted = max(order, v + 1)
        least = [min(column) for column in zip(*box.orders, strict=True)]
        ends = [max(wanted, wanted + v - shift - x) for x in least]
        for _ in range(_MAX_STEPS):
            missing = max(map(operator.sub, ends, branch.proved))
            if progress is not None and missing > 0:
                progress(branch.gain, branch.gain + missing)
            loss = self._stage(ends, max(missing, 1), wanted)
            residual = shift + min(map(operator.add, least, branch.proved))
            enough = residual >= wanted + v and min(branch.proved) >= wanted
            if loss is not None and enough and loss.prec == wanted:
                assert residual > 2 * v
                return self._result(residual, v, shift, loss)
            if loss is not None:
                # Far from the branch the loss is known less well than the branch.
                ends = [n + 1 for n in ends]
            if self.slack > _MAX_SLACK:
                break
        message = f"order {order} was not reached and proved"
        raise UndecidedError(message, hint="ask for a lower order, or check the limit")

    def _stage(self, ends: Sequence[int], missing: int, wanted: int) -> Series | None:
        """Steps with one Jacobian; the loss, to O(t^wanted) or less, if they end it."""
        stops = self._stops(missing)
        goals = [[end - left for end in ends] for left in stops]
        hessian = self._jacobian(goals, None if stops[-1] else wanted)
        if hessian is None:
            return None
        loss = None
        for left, goal in zip(stops, goals, strict=True):
            proved = self.branch.proved
            point, moves = self._step(hessian, goal, None if left else wanted)
            if not left:
                loss = self._loss(point, moves, hessian, proved, wanted)
        return loss

    def _stops(self, missing: int) -> list[int]:
        """How many orders are missing after each of the steps with one Jacobian.

        If g orders are gained, it is known to g - lost terms, and two steps with it
        gain twice as many; the last ones are to end where nothing is missing.
        """
        gain = self.branch.gain
        goal = gain + missing
        while goal > max(3 * gain - 2 * self.lost, gain + 1):
            goal = -(-(goal + 2 * self.lost) // 3)
        goal = max(goal, gain + 1)
        half = gain + -(-(goal - gain) // 2)
        return sorted({gain + missing - half, gain + missing - goal}, reverse=True)

    def _needed(self, goal: Sequence[int]) -> list[int]:
        """The orders of the equations that tell the parameters to given orders."""
        return [
            max(map(operator.sub, goal, column)) + self.slack
            for column in zip(*self.lags, strict=True)
        ]

    def _jacobian(
        self, goals: Sequence[Sequence[int]], loss_order: int | None
    ) -> list[list[Series]] | None:
        """The Jacobian over the proved box, with the terms that steps and loss need.

        None if the box is too wide for that; then shorter steps are to be planned.
        """
        branch = self.branch
        pivots = self.box.smith[-1] + 1
        orders = [[pivots] * len(branch.first) for _ in branch.first]
        known = branch.proved
        for goal in goals:
            for row, n in zip(orders, self._needed(goal), strict=True):
                row[:] = [max(m, n - p) for m, p in zip(row, known, strict=True)]
            before, known = known, list(map(max, known, goal))
        more = orders
        if loss_order is not None:
            counts = branch.system.count_orders
            more = [
                [
                    max(m, loss_order - c - p - q)
                    for m, q in zip(row, before, strict=True)
                ]
                for row, c, p in zip(orders, counts, before, strict=True)
            ]
        hessian = branch.system.jacobian_to(branch.series, more, branch.proved)
        short = max(
            0 if x.prec is None else n - x.prec
            for row, ends in zip(hessian, orders, strict=True)
            for x, n in zip(row, ends, strict=True)
        )
        if short > 0 and self.lost < branch.gain - 1:
            self.lost = min(self.lost + short, branch.gain - 1)
            return None
        return hessian

    def _step(
        self,
        hessian: Sequence[Sequence[Series]],
        goal: Sequence[int],
        loss_order: int | None,
    ) -> tuple[Point, list[Series]]:
        """A Newton step; the terms and the proved orders of the branch are renewed.

        Returns:
            Gradient and, if asked, loss before the step, and an enclosure of X - X*.
        """
        branch = self.branch
        proved = branch.proved
        orders = self._needed(goal)
        if loss_order is not None:
            counts = branch.system.count_orders
            orders = [
                max(n, loss_order - c - p)
                for n, c, p in zip(orders, counts, proved, strict=True)
            ]
        point = branch.system.point_to(branch.series, orders, loss_order)
        moves = [
            e if e.prec is None or e.prec >= p else Expansions(e.domain).big_o(p)
            for e, p in zip(self._moves(hessian, point), proved, strict=True)
        ]
        reached = [
            n if e.prec is None else max(p, min(n, e.prec))
            for e, n, p in zip(moves, goal, proved, strict=True)
        ]
        self.slack += max(0, *map(operator.sub, goal, reached))
        found = branch.moved(moves, reached)
        assert branch.changed(found) is None
        branch.series, branch.proved = found, reached
        return point, moves

    def _moves(self, hessian: Sequence[Sequence[Series]], point: Point) -> list[Series]:
        """An enclosure of X - X*."""
        moves = self.branch.solved(hessian, point.gradient)
        assert not any(
            e.is_known and e.v < p
            for e, p in zip(moves, self.branch.proved, strict=True)
        )
        return moves

    def _loss(
        self,
        point: Point,
        moves: Sequence[Series],
        hessian: Sequence[Sequence[Series]],
        proved: Sequence[int],
        far: int,
    ) -> Series:
        """The loss of the branch, from its value and gradient at a truncated series.

        It is cut at O(t^far).
        """
        value = point.loss
        assert value is not None
        domain = value.domain.joined(moves[0].domain)

        def action(domain: Domain) -> Series:
            total = value.in_domain(domain).big_o(far)
            for c, g, e in zip(point.counts, point.gradient, moves, strict=True):
                if order_of(c) + order_of(g) + order_of(e) >= far:
                    continue
                term = c.in_domain(domain) * g.in_domain(domain) * e.in_domain(domain)
                total = total - term / 2
            return total

        loss, _ = retry_in_larger_domain(domain, action)
        errors = [
            c.v + p + q + x.prec
            for c, row, p in zip(point.counts, hessian, proved, strict=True)
            for x, q in zip(row, proved, strict=True)
            if x.prec is not None
        ]
        return loss.big_o(min([far, *errors]))

    def _result(self, residual: int, v: int, shift: int, loss: Series) -> Expansion:
        branch = self.branch
        proof = Proof(
            residual_order=residual,
            jacobian_exponent=v,
            smith_exponents=tuple(s + shift for s in self.box.smith),
            box=self.box.exponents,
            contraction=self.box.contraction,
            computed=tuple(branch.proved),
            proved=tuple(min(p, residual - v) for p in branch.proved),
        )

        parameters = tuple(
            x.big_o(n) for x, n in zip(branch.series, proof.proved, strict=True)
        )
        return Expansion(
            branch.system.names, parameters, loss, proof, branch.ramification
        )
