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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import (
    Domain,
    Expansions,
    RamificationError,
    Series,
    retry_in_larger_domain,
)
from symcrit.arith.linear import local_smith_exponents, order_of, product, solve
from symcrit.arith.recording import Node, Recorder, Replay
from symcrit.core.errors import RefutedError, UndecidedError
from symcrit.expand.balance import LeadingTerm
from symcrit.landscapes.reduced import Landscape

__all__ = ["Expansion", "Proof", "prove_and_expand"]

_FIRST_SLACK = 6
_MAX_SLACK = 64
_MAX_SEARCH_STEPS = 6
_MAX_STEPS = 40
_MAX_RAMIFICATION = 16

_LEAST_GAIN = 1
"""A Krawczyk step contracts if each coordinate gains so many exponents."""


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
        lift = _Lift(landscape, leading, ramification)
        try:
            lift.certify_box()
            return lift.extend(order * ramification, progress)
        except RamificationError:
            ramification *= 2
    message = f"the series needs a root of t of degree {ramification}"
    raise UndecidedError(message, hint=f"at most {_MAX_RAMIFICATION} is tried")


class _Equations:
    """The reduced equations, recorded once."""

    def __init__(self, landscape: Landscape) -> None:
        recorder = Recorder()
        self.names = landscape.structure.pattern.names
        parameters = [recorder.variable(name) for name in self.names]
        k = recorder.variable("k", short=True)
        at = landscape.at(recorder, parameters, {"k": k})
        self.gradient = at.gradient()
        self.loss = at.loss()
        self.counts = [at.grams.count(c) for c in landscape.orbit_counts]
        self.hessian = at.hessian()
        self.replay = Replay(recorder)


@dataclass(frozen=True)
class _Point:
    """Gradient and loss at a truncated series, and the orbit sizes."""

    gradient: list[Series]
    loss: Series
    counts: list[Series]


@dataclass(frozen=True)
class _Box:
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


class _Lift:
    """One branch: the terms found so far, and the order to which they are proved."""

    def __init__(
        self, landscape: Landscape, leading: Sequence[LeadingTerm], ramification: int
    ) -> None:
        self.equations = _Equations(landscape)
        self.names = self.equations.names
        e = self.ramification = ramification
        weights = [None if x.exponent is None else int(x.exponent * e) for x in leading]
        least = max((w for w in weights if w is not None), default=1)
        self.first = [least if w is None else w for w in weights]
        self.terms: list[list[tuple[int, Exact]]] = []
        for x, w in zip(leading, weights, strict=True):
            found = [(0, x.limit)] if x.limit else []
            if w is not None and x.coefficient is not None:
                found.append((w, x.coefficient))
            self.terms.append(found)
        self.proved: list[int] | None = None
        self.box: _Box | None = None
        self.gain = 1
        self.slack = _FIRST_SLACK
        self.loss_lag = 0
        self.values = self.linear = Domain.start(1)

    def _point(self, lib: Expansions, box: Sequence[int] | None) -> list[Series]:
        precs = [None] * len(self.terms) if box is None else box
        return [
            lib.from_coefficients(terms, prec)
            for terms, prec in zip(self.terms, precs, strict=True)
        ]

    def _values(
        self, nodes: Sequence[Node], length: int, box: Sequence[int] | None
    ) -> list[Series]:
        """Values at the truncated series, taken as exact, or over a box around it."""

        def action(domain: Domain) -> list[Series]:
            lib = Expansions(domain)
            point = zip(self.names, self._point(lib, box), strict=True)
            k = lib.t_power(-2 * self.ramification)
            wanted = [(node, None) for node in nodes]
            return self.equations.replay.evaluate(lib, {**dict(point), "k": k}, wanted)

        found, domain = retry_in_larger_domain(self.values.with_length(length), action)
        self.values = domain
        return found

    def _evaluate(self, length: int) -> _Point:
        """Gradient and loss at the truncated series."""
        n, known = len(self.names), self.equations
        nodes = [*known.gradient, known.loss, *known.counts]
        found = self._values(nodes, length, None)
        return _Point(found[:n], found[n], found[n + 1 :])

    def _jacobian(self, length: int, box: Sequence[int] | None) -> list[list[Series]]:
        """The Jacobian at the truncated series, or over a box around it."""
        n = len(self.names)
        nodes = [x for row in self.equations.hessian for x in row]
        found = self._values(nodes, length, box)
        return [found[i : i + n] for i in range(0, n * n, n)]

    def _solve(
        self, matrix: list[list[Series]], right: Sequence[Series], length: int
    ) -> list[Series]:
        def action(domain: Domain) -> list[Series]:
            return solve(
                [[x.in_domain(domain) for x in row] for row in matrix],
                [[x.in_domain(domain) for x in right]],
            )[0][0]

        start = self.linear.joined(self.values).with_length(length)
        found, domain = retry_in_larger_domain(start, action)
        self.linear = domain
        return found

    def certify_box(self) -> None:
        """Find a box in which the branch is unique, by Newton steps and a test.

        Raises:
            RefutedError: no branch starts with the leading terms.
            UndecidedError: no box passed the test.
        """
        for _ in range(_MAX_SEARCH_STEPS):
            moves = self._newton(2 * self.gain, None)
            found = self._moved(moves, [w + 2 * self.gain for w in self.first])
            if changed := self._changed(found):
                self._refuse(changed)
            self.terms = found
            self.gain *= 2
            self.proved = self._krawczyk()
            if self.proved is not None:
                return
        message = "no t-adic box around the leading terms was proved to hold a branch"
        raise UndecidedError(message, hint="check the limit of the family")

    def _newton(self, goal: int, box: Sequence[int] | None) -> list[Series]:
        """Solve J e = F with enough terms to know e_j to t^(first_j + goal)."""
        while True:
            point = self._evaluate(goal + self.slack)
            length = goal - self.gain + self.slack
            moves = self._solve(self._jacobian(length, box), point.gradient, length)
            lacking = max(
                (
                    w + goal - e.prec
                    for e, w in zip(moves, self.first, strict=True)
                    if e.prec is not None
                ),
                default=0,
            )
            if lacking <= 0:
                return moves
            self.slack += lacking
            if self.slack > _MAX_SLACK:
                message = "the Newton steps lose precision faster than it is added"
                raise UndecidedError(message, hint="check the limit of the family")

    def _moved(
        self, moves: Sequence[Series], ends: Sequence[int]
    ) -> list[list[tuple[int, Exact]]]:
        """The terms after a Newton step, below given exponents."""
        lowest = min(0, *(order_of(e) for e in moves))
        start = moves[0].domain.with_length(max(ends) - lowest + 1)

        def action(domain: Domain) -> list[Series]:
            return [
                (x - e.in_domain(domain)).big_o(end)
                for x, e, end in zip(
                    self._point(Expansions(domain), None), moves, ends, strict=True
                )
            ]

        found, _ = retry_in_larger_domain(start, action)
        assert all(x.prec == end for x, end in zip(found, ends, strict=True))
        return [x.known_coefficients() for x in found]

    def _changed(self, found: Sequence[Sequence[tuple[int, Exact]]]) -> str | None:
        """Which leading terms a Newton step changes, or None."""
        changed = []
        for name, old, new, w in zip(
            self.names, self.terms, found, self.first, strict=True
        ):
            start = [(n, c) for n, c in new if n <= w]
            if start != [(n, c) for n, c in old if n <= w]:
                changed.append((name, start))
        if not changed:
            return None
        name, start = changed[0]
        terms = " + ".join(f"({c}){self._power(n)}" for n, c in start) or "0"
        others = ", ".join(other for other, _ in changed[1:])
        message = f"a Newton step changes the leading terms of {name} to {terms}"
        return f"{message}, and those of {others}" if others else message

    def _power(self, n: int) -> str:
        exponent = Fraction(n, self.ramification)
        if exponent.denominator > 1:
            return f"*t**({exponent})"
        return f"*t**{exponent}" if n else ""

    def _refuse(self, changed: str) -> NoReturn:
        """Refuse the leading terms, if possible with a proof.

        Raises:
            RefutedError: a Krawczyk step from the box of all series that start with the
                leading terms leaves it, although a step contracts there.
            UndecidedError: otherwise.
        """
        box = [w + 1 for w in self.first]
        length = max(box) + self.slack
        contracting = self._contracting(box, length)
        if contracting is not None:
            gradient = self._evaluate(length + self.slack).gradient
            moves = product(contracting.inverse, gradient)
            if any(x.is_known and x.v < m for x, m in zip(moves, box, strict=True)):
                message = f"no branch starts with the leading terms; {changed}"
                raise RefutedError(message)
        raise UndecidedError(changed, hint="check the limit and the leading terms")

    def _contracting(self, box: Sequence[int], length: int) -> _Box | None:
        """The box, if a Krawczyk step contracts there."""
        try:
            hessian = self._jacobian(length, box)
        except UndecidedError:
            # The box is so large that the sign of a root or an angle is open.
            return None
        return _contraction(hessian, box)

    def _krawczyk(self) -> list[int] | None:
        """The orders proved by the t-adic Krawczyk test, or None if it fails."""
        for reach in range(self.gain // 2 + 1, self.gain + 1):
            box = [w + reach for w in self.first]
            tested = self._contracting(box, max(box) + self.slack)
            if tested is None:
                continue
            far = max(box) + self.gain + self.slack
            point = self._evaluate(far)
            if point.loss.prec is not None:
                self.loss_lag = far - point.loss.prec
            moves = [
                min(order_of(x), far) for x in product(tested.inverse, point.gradient)
            ]
            if any(move < m for move, m in zip(moves, box, strict=True)):
                continue
            self.box = tested
            proved = list(box)
            for _ in range(max(moves)):
                better = [
                    min(
                        move,
                        *(order_of(e) + p for e, p in zip(row, proved, strict=True)),
                    )
                    for move, row in zip(moves, tested.errors, strict=True)
                ]
                if better == proved:
                    break
                proved = better
            return proved
        return None

    def extend(
        self, order: int, progress: Callable[[int, int], None] | None
    ) -> Expansion:
        """Proved Newton steps until every parameter is known to the order."""
        assert self.box is not None
        shift = max(0, -self.box.smith[0])
        v = self.box.smith[-1] + shift
        wanted = max(order, v + 1)
        spread = min(
            x + w
            for row in self.box.orders
            for x, w in zip(row, self.first, strict=True)
        )
        target = max(wanted + v - shift - spread, wanted - min(self.first))
        lost = 0
        for _ in range(_MAX_STEPS):
            assert self.proved is not None
            self.gain = min(p - w for p, w in zip(self.proved, self.first, strict=True))
            goal = _next_goal(self.gain, target, lost)
            if progress is not None:
                progress(self.gain, target)
            proved = self.proved
            last = goal >= target
            point, moves, hessian = self._proved_step(goal, order if last else None)
            reached = [
                p + goal if e.prec is None else e.prec
                for e, p in zip(moves, proved, strict=True)
            ]
            gain = min(p - w for p, w in zip(reached, self.first, strict=True))
            if gain < goal:
                if gain <= self.gain:
                    lost += 1
                    self.slack += 2
                else:
                    lost = max(lost, 2 * self.gain - gain)
            else:
                self.slack = max(self.slack - (gain - goal), 0)
            loss = self._loss(point, moves, hessian, proved, wanted) if last else None
            found = self._moved(moves, reached)
            assert self._changed(found) is None
            self.terms, self.proved = found, reached
            residual = shift + min(
                x + p
                for row in self.box.orders
                for x, p in zip(row, reached, strict=True)
            )
            enough = residual >= wanted + v and min(reached) >= wanted
            if loss is not None and enough and residual > 2 * v:
                return self._result(residual, v, shift, loss)
            target += last
            if self.slack > _MAX_SLACK:
                break
        message = f"order {order} was not reached and proved"
        raise UndecidedError(message, hint="ask for a lower order, or check the limit")

    def _proved_step(
        self, goal: int, loss_order: int | None
    ) -> tuple[_Point, list[Series], list[list[Series]]]:
        """A Newton step over the proved box; long enough for the loss if asked.

        Returns:
            Gradient and loss, an enclosure of X - X*, and the Jacobian over the box.
        """
        assert self.proved is not None
        enough = goal + self.slack
        if loss_order is not None:
            enough = max(enough, loss_order + self.loss_lag)
        point = self._evaluate(enough)
        length = goal - self.gain + self.slack
        hessian = self._jacobian(length, self.proved)
        moves = self._solve(hessian, point.gradient, length)
        assert not any(
            e.is_known and e.v < p for e, p in zip(moves, self.proved, strict=True)
        )
        moves = [
            e if e.prec is None or e.prec >= p else Expansions(e.domain).big_o(p)
            for e, p in zip(moves, self.proved, strict=True)
        ]
        return point, moves, hessian

    def _loss(
        self,
        point: _Point,
        moves: Sequence[Series],
        hessian: Sequence[Sequence[Series]],
        proved: Sequence[int],
        far: int,
    ) -> Series:
        """The loss of the branch, from its value and gradient at a truncated series.

        It is cut at O(t^far).
        """
        domain = point.loss.domain.joined(moves[0].domain)

        def action(domain: Domain) -> Series:
            total = point.loss.in_domain(domain).big_o(far)
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
        assert self.proved is not None
        assert self.box is not None
        proof = Proof(
            residual_order=residual,
            jacobian_exponent=v,
            smith_exponents=tuple(s + shift for s in self.box.smith),
            box=self.box.exponents,
            contraction=self.box.contraction,
            computed=tuple(self.proved),
            proved=tuple(min(p, residual - v) for p in self.proved),
        )

        def action(domain: Domain) -> tuple[Series, ...]:
            return tuple(self._point(Expansions(domain), proof.proved))

        length = max(proof.proved) + 1
        parameters, _ = retry_in_larger_domain(self.values.with_length(length), action)
        return Expansion(self.names, parameters, loss, proof, self.ramification)


def _next_goal(gain: int, target: int, lost: int) -> int:
    """The gain of the next step, so that the last one ends at the target.

    A step leads from gain g to 2 g - lost at most.
    """
    goal = target
    while goal > max(2 * gain - lost, gain + 1):
        goal = (goal + lost + 1) // 2
    return max(goal, gain + 1)


def _contraction(hessian: list[list[Series]], box: Sequence[int]) -> _Box | None:
    """The box with T and E = T F' - 1, if a Krawczyk step contracts there."""

    def action(domain: Domain) -> _Box:
        lib = Expansions(domain)
        places = range(len(box))
        enclosure = [[x.in_domain(domain) for x in row] for row in hessian]
        centre = [[x.without_order() for x in row] for row in enclosure]
        identity = [[lib.exact(int(i == j)) for j in places] for i in places]
        smith = local_smith_exponents(enclosure)
        columns = solve(centre, identity)[0]
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
        return _Box(tuple(box), gained, inverse, errors, tuple(sorted(smith)), orders)

    try:
        found, _ = retry_in_larger_domain(hessian[0][0].domain, action)
    except UndecidedError:
        return None
    return found if found.contraction >= _LEAST_GAIN else None
