"""Lift the leading terms of a branch to exact series, and prove them.

Newton's method over the field of Laurent series in t with coefficients in Q(pi), made a
theorem by a Krawczyk test in the t-adic topology.  Arithmetic of series tracks O-terms,
so that evaluating at X_j + O(t^m_j) encloses the values on the whole box of series.

Let F be the reduced gradient, X a truncated series taken as exact, B the box of all
X_j + O(t^m_j), T any matrix of Laurent polynomials, E = T F'(B) - 1.  If t^(m_j) E_ij
lies in t^(m_i + 1) Q(pi)[[t]] and T F(X) lies in the box of t^m_i, then F has exactly
one zero X* in B.  From then on X - X* solves J e = F(X) for some J in F'(B), so a
linear solution with tracked O-terms encloses X* to about twice the order: each further
Newton step is itself a proof.  The loss is stationary: L(X) - L(X*) equals
1/2 sum c_i F_i(X) e_i to an order that the O-terms of F'(B) tell.

Derivations: derivations/series.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import (
    Domain,
    Expansions,
    Series,
    retry_in_larger_domain,
)
from symcrit.core.errors import RefutedError, UndecidedError
from symcrit.expand.balance import LeadingTerm
from symcrit.landscapes.reduced import Landscape, Reduced

__all__ = ["Expansion", "Proof", "local_smith_exponents", "prove_and_expand"]

_FIRST_SLACK = 6
_MAX_SLACK = 64
_MAX_SEARCH_STEPS = 6
_MAX_STEPS = 40


@dataclass(frozen=True, slots=True)
class Proof:
    """What was checked to prove a series; exponents of the variable throughout.

    The system is the reduced gradient times the least power of the variable that makes
    its Jacobian integral.

    Attributes:
        residual_order: R; every equation is zero to this order at the truncated series.
        jacobian_exponent: v, the largest local Smith exponent of the Jacobian.
        smith_exponents: all of them, ascending.
        box: m_j, the exponents of the box in which the solution is unique.
        contraction: the least exponent gained by one Krawczyk step, at least 1.
        proved: the order to which each parameter is proved.
    """

    residual_order: int
    jacobian_exponent: int
    smith_exponents: tuple[int, ...]
    box: tuple[int, ...]
    contraction: int
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
        RefutedError: the leading terms are not those of a branch.
        UndecidedError: the series leaves the field, or the proof did not close.
    """
    lift = _Lift(landscape, leading)
    lift.certify_box()
    return lift.extend(order * lift.ramification, progress)


@dataclass(frozen=True)
class _Point:
    """Gradient and loss at a truncated series, and the orbit sizes."""

    gradient: list[Series]
    loss: Series
    counts: list[Series]


@dataclass(frozen=True)
class _Box:
    """The Jacobian over a box and what the Krawczyk test said."""

    exponents: tuple[int, ...]
    contraction: int
    smith: tuple[int, ...]
    orders: list[list[int]]


class _Lift:
    """One branch: the terms found so far, and the order to which they are proved."""

    def __init__(self, landscape: Landscape, leading: Sequence[LeadingTerm]) -> None:
        self.landscape = landscape
        self.names = landscape.structure.pattern.names
        denominators = [x.exponent.denominator for x in leading if x.exponent]
        e = self.ramification = max(denominators, default=1)
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

    def _at(self, domain: Domain, box: Sequence[int] | None) -> Reduced[Series]:
        lib = Expansions(domain)
        k = lib.t_power(-2 * self.ramification)
        return self.landscape.at(lib, self._point(lib, box), {"k": k})

    def _evaluate(self, length: int) -> _Point:
        """Gradient and loss at the truncated series, taken as exact."""

        def action(domain: Domain) -> _Point:
            at = self._at(domain, None)
            counts = [at.grams.count(c) for c in self.landscape.orbit_counts]
            return _Point(at.gradient(), at.loss(), counts)

        found, domain = retry_in_larger_domain(self.values.with_length(length), action)
        self.values = domain
        return found

    def _jacobian(self, length: int, box: Sequence[int] | None) -> list[list[Series]]:
        """The Jacobian at the truncated series, or over a box around it."""
        found, domain = retry_in_larger_domain(
            self.values.with_length(length),
            lambda domain: self._at(domain, box).hessian(),
        )
        self.values = domain
        return found

    def _solve(
        self, matrix: list[list[Series]], right: Sequence[Series], length: int
    ) -> list[Series]:
        def action(domain: Domain) -> list[Series]:
            return _solve(
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
            RefutedError: a Newton step changes a leading term.
            UndecidedError: no box passed the test.
        """
        for _ in range(_MAX_SEARCH_STEPS):
            moves = self._newton(2 * self.gain, None)
            self._update(moves, [w + 2 * self.gain for w in self.first])
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

    def _update(self, moves: Sequence[Series], ends: Sequence[int]) -> None:
        """Subtract a Newton step and keep the terms below given exponents."""
        lib = Expansions(moves[0].domain.with_length(max(ends) + 1))

        def action(domain: Domain) -> list[list[tuple[int, Exact]]]:
            lib = Expansions(domain)
            return [
                (x - e.in_domain(domain)).big_o(end).known_coefficients()
                for x, e, end in zip(self._point(lib, None), moves, ends, strict=True)
            ]

        updated, _ = retry_in_larger_domain(lib.domain, action)
        for name, old, new, w in zip(
            self.names, self.terms, updated, self.first, strict=True
        ):
            start = [(n, c) for n, c in new if n <= w]
            if start != [(n, c) for n, c in old if n <= w]:
                shown = " + ".join(f"({c})*t^{n}" for n, c in start) or "0"
                message = (
                    f"{name} does not start like its leading term: a Newton step"
                    f" changes it to {shown}"
                )
                raise RefutedError(message)
        self.terms = updated

    def _krawczyk(self) -> list[int] | None:
        """The orders proved by the t-adic Krawczyk test, or None if it fails."""
        for reach in range(self.gain // 2 + 1, self.gain + 1):
            box = [w + reach for w in self.first]
            length = max(box) + self.slack
            hessian = self._jacobian(length, box)
            tested = _contraction(hessian, box)
            if tested is None:
                continue
            inverse, errors, contraction, smith = tested
            far = max(box) + self.gain + self.slack
            point = self._evaluate(far)
            gradient = point.gradient
            if point.loss.prec is not None:
                self.loss_lag = far - point.loss.prec
            moves = [min(_order(x), far) for x in _product(inverse, gradient)]
            if any(move < m for move, m in zip(moves, box, strict=True)):
                continue
            self.box = _Box(
                tuple(box),
                contraction,
                tuple(sorted(smith)),
                [[_order(x) for x in row] for row in hessian],
            )
            proved = list(box)
            for _ in range(max(moves)):
                better = [
                    min(
                        move,
                        *(_order(e) + p for e, p in zip(row, proved, strict=True)),
                    )
                    for move, row in zip(moves, errors, strict=True)
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
            point, moves, errors = self._proved_step(goal, order if last else None)
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
            loss = self._loss(point, moves, errors, proved, wanted) if last else None
            self._update(moves, reached)
            self.proved = reached
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
        """A Newton step over the proved box; long enough for the loss if asked."""
        enough = goal + self.slack
        if loss_order is not None:
            enough = max(enough, loss_order + self.loss_lag)
        point = self._evaluate(enough)
        length = goal - self.gain + self.slack
        hessian = self._jacobian(length, self.proved)
        return point, self._solve(hessian, point.gradient, length), hessian

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
                if _order(c) + _order(g) + _order(e) >= far:
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


def _contraction(
    hessian: list[list[Series]], box: Sequence[int]
) -> tuple[list[list[Series]], list[list[Series]], int, list[int]] | None:
    """T, E = T F' - 1, what a step gains, and the Smith exponents, if it gains."""

    def action(
        domain: Domain,
    ) -> tuple[list[list[Series]], list[list[Series]], int, list[int]]:
        lib = Expansions(domain)
        n = len(box)
        enclosure = [[x.in_domain(domain) for x in row] for row in hessian]
        centre = [[x.without_order() for x in row] for row in enclosure]
        identity = [[lib.exact(int(i == j)) for j in range(n)] for i in range(n)]
        smith = local_smith_exponents(enclosure)
        columns = _solve(centre, identity)[0]
        inverse = [[columns[j][i].without_order() for j in range(n)] for i in range(n)]
        errors = [
            [x - y for x, y in zip(row, unit, strict=True)]
            for row, unit in zip(
                [
                    _product([[row[j] for row in enclosure] for j in range(n)], line)
                    for line in inverse
                ],
                identity,
                strict=True,
            )
        ]
        gained = min(
            _order(errors[i][j]) + box[j] - box[i] for i in range(n) for j in range(n)
        )
        return inverse, errors, gained, smith

    try:
        found, _ = retry_in_larger_domain(hessian[0][0].domain, action)
    except UndecidedError:
        return None
    return found if found[2] >= 1 else None


def _product(
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


_INFINITE = 10**9
"""The order of an exact zero."""


def _order(x: Series) -> int:
    """The exponent below which a series certainly has no term."""
    return _INFINITE if x.is_exact_zero else x.v


def local_smith_exponents(matrix: Sequence[Sequence[Series]]) -> list[int]:
    """The exponents of the variable in the Smith form over the ring of power series.

    Raises:
        UndecidedError: the matrix is singular to the known order.
    """
    return _solve(matrix, [])[1]


def _solve(
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
            factor = row[j] / pivot
            for column in [*columns[step + 1 :], *extra]:
                row[column] = row[column] - factor * a[step][column]
    solutions = []
    for side in extra:
        solution: dict[int, Series] = {}
        for step in reversed(range(n)):
            value = a[step][side]
            for column in columns[step + 1 :]:
                value = value - a[step][column] * solution[column]
            solution[columns[step]] = value / a[step][columns[step]]
        solutions.append([solution[j] for j in range(n)])
    return solutions, smith
