"""Lift the leading terms of a branch to exact series, and prove them.

Newton's method over the field of Laurent series in t with coefficients in Q(pi): each
step roughly doubles the number of right terms.  What makes the result a theorem is
checked afterwards, whatever the steps were: a Krawczyk test in the t-adic topology.

Let F be the reduced gradient, X the truncated series found, taken as exact, and let B
be the box of all X_j + O(t^m_j).  Let T be any matrix of Laurent polynomials, and let
E = T F'(B) - 1 be computed with tracked O-terms, so that it holds for every point of B.
If t^(m_j) E_ij lies in t^(m_i + 1) Q(pi)[[t]] and T F(X) lies in the box of t^m_i, then
F has exactly one zero in B, over formal series, and its distance e from X satisfies
e = -T F(X) - E e: its order is that of T F(X).

Derivations: derivations/series.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import (
    Domain,
    Expansions,
    Series,
    retry_in_larger_domain,
)
from symcrit.core.errors import RefutedError, UndecidedError
from symcrit.expand.balance import LeadingTerm
from symcrit.landscape.reduced import Landscape, Reduced

__all__ = ["Expansion", "Proof", "local_smith_exponents", "prove_and_expand"]

_FIRST_SLACK = 6
_MAX_SLACK = 64
_MAX_BOX = 12
_MAX_STEPS = 12


@dataclass(frozen=True, slots=True)
class Proof:
    """What was checked to prove a series; exponents of t throughout.

    Attributes:
        residual_order: R, the least order of an equation at the truncated series.
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
    state = _Lift(landscape, leading, order, progress)
    result, _ = retry_in_larger_domain(Domain.start(order), state.run)
    return result


class _Lift:
    """One expansion: the truncated series found so far survive a change of domain."""

    def __init__(
        self,
        landscape: Landscape,
        leading: Sequence[LeadingTerm],
        order: int,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.landscape = landscape
        self.names = landscape.structure.pattern.names
        self.order = order
        self.progress = progress
        denominators = [x.exponent.denominator for x in leading if x.exponent]
        self.ramification = max(denominators, default=1)
        e = self.ramification
        self.weights = [None if x.exponent is None else int(x.exponent * e) for x in leading]
        least = max((w for w in self.weights if w is not None), default=1)
        self.first = [least if w is None else w for w in self.weights]
        self.terms: list[list[tuple[int, Exact]]] = []
        for x, w in zip(leading, self.weights, strict=True):
            found = [(0, x.limit)] if x.limit else []
            if w is not None and x.coefficient is not None:
                found.append((w, x.coefficient))
            self.terms.append(found)
        self.gain = 1
        self.slack = _FIRST_SLACK

    def run(self, domain: Domain) -> Expansion:
        """Newton steps until the order is reached, then the proof."""
        wanted = self.order * self.ramification
        for _ in range(_MAX_STEPS):
            if min(self.first) + self.gain >= wanted:
                proof, series = self._prove(domain, wanted)
                if proof is not None and min(proof.proved) >= wanted:
                    return self._finish(domain, proof, series)
                wanted += max(1, wanted - min(proof.proved) if proof else 2)
            self._step(domain, wanted)
        message = f"order {self.order} was not reached and proved"
        raise UndecidedError(message, hint="ask for a lower order, or check the limit")

    def _at(self, lib: Expansions, point: Sequence[Series]) -> Reduced[Series]:
        k = lib.t_power(-2 * self.ramification)
        return self.landscape.at(lib, point, {"k": k})

    def _point(self, lib: Expansions, boxes: Sequence[int] | None) -> list[Series]:
        precs = [None] * len(self.terms) if boxes is None else boxes
        return [
            lib.from_coefficients(terms, prec)
            for terms, prec in zip(self.terms, precs, strict=True)
        ]

    def _step(self, domain: Domain, wanted: int) -> None:
        """One Newton step, with as much precision as tracked orders show is needed."""
        goal = min(2 * self.gain, max(wanted - min(self.first), 1))
        while True:
            lib = Expansions(
                Domain(domain.factors, domain.slopes, goal + self.slack)
            )
            at = self._at(lib, self._point(lib, None))
            half = Expansions(
                Domain(
                    domain.factors, domain.slopes, goal - self.gain + self.slack
                )
            )
            rough = self._at(half, self._point(half, None))
            moves = _solve(
                [[_short(x, half.domain) for x in row] for row in rough.hessian()],
                [_short(g, half.domain) for g in at.gradient()],
            )[0]
            known = min(
                goal + self.slack if d.prec is None else d.prec - w
                for d, w in zip(moves, self.first, strict=True)
            )
            if known >= goal:
                break
            self.slack += max(goal - known, 1)
            if self.slack > _MAX_SLACK + self.order:
                message = "the Newton steps lose precision faster than it is added"
                raise UndecidedError(message, hint="check the limit of the family")
        updated = []
        for x, d, w in zip(self._point(lib, None), moves, self.first, strict=True):
            moved = (Series(lib.domain, x.unit, x.v, x.rows, x.prec) - _long(d, lib.domain))
            cut = w + goal
            kept = [(n, c) for n, c in _terms_below(moved, cut)]
            updated.append(kept)
        self._check_leading(updated)
        self.terms = updated
        self.gain = goal
        if self.progress is not None:
            self.progress(goal, wanted)

    def _check_leading(self, updated: Sequence[Sequence[tuple[int, Exact]]]) -> None:
        for name, old, new, w in zip(
            self.names, self.terms, updated, self.first, strict=True
        ):
            before = [(n, c) for n, c in old if n <= w]
            after = [(n, c) for n, c in new if n <= w]
            if before != after:
                shown = " + ".join(f"({c})*t^{n}" for n, c in after) or "0"
                message = (
                    f"{name} does not start like its leading term: a Newton step"
                    f" changes it to {shown}"
                )
                raise RefutedError(message)

    def _prove(
        self, domain: Domain, wanted: int
    ) -> tuple[Proof | None, tuple[list[Series], list[list[Series]]]]:
        """The t-adic Krawczyk test around the truncated series."""
        for reach in range(1, _MAX_BOX):
            box = [w + reach for w in self.first]
            length = max(box) + self.slack + reach
            lib = Expansions(Domain(domain.factors, domain.slopes, length))
            hessian = self._at(lib, self._point(lib, box)).hessian()
            tested = self._contraction(hessian, box)
            if tested is not None:
                break
        else:
            return None, ([], [])
        inverse, errors, contraction, smith = tested
        long = Expansions(
            Domain(domain.factors, domain.slopes, wanted + self.slack)
        )
        gradient = self._at(long, self._point(long, None)).gradient()
        orders = [_order(g) for g in gradient]
        zero = long.exact(0)
        steps = [
            sum((x * g for x, g in zip(row, gradient, strict=True)), zero)
            for row in [[_short(x, long.domain) for x in row] for row in inverse]
        ]
        moves = [_order(step) for step in steps]
        if any(move < m for move, m in zip(moves, box, strict=True)):
            return None, ([], [])
        proved = list(box)
        for _ in range(4 * wanted + 8):
            better = [
                min(
                    [move]
                    + [
                        _order(e) + p
                        for e, p in zip(row, proved, strict=True)
                        if not e.is_exact_zero
                    ]
                )
                for move, row in zip(moves, errors, strict=True)
            ]
            if better == proved:
                break
            proved = better
        finite = [r for r in orders if r < _INFINITE]
        proof = Proof(
            residual_order=min(finite, default=wanted + self.slack),
            jacobian_exponent=max(smith),
            smith_exponents=tuple(sorted(smith)),
            box=tuple(box),
            contraction=contraction,
            proved=tuple(min(p, _INFINITE) for p in proved),
        )
        return proof, ([], hessian)

    def _contraction(
        self, hessian: list[list[Series]], box: Sequence[int]
    ) -> tuple[list[list[Series]], list[list[Series]], int, list[int]] | None:
        """T, E = T F' - 1, what a step gains, and the Smith exponents, if it gains."""
        n = len(box)
        lib = Expansions(hessian[0][0].domain)
        identity = [[lib.exact(int(i == j)) for j in range(n)] for i in range(n)]
        centre = [[x.without_order() for x in row] for row in hessian]
        try:
            solved = [_solve(hessian, [row[j] for row in identity]) for j in range(n)]
            exact = [_solve(centre, [row[j] for row in identity])[0] for j in range(n)]
        except UndecidedError:
            return None
        smith = solved[0][1]
        inverse = [[exact[j][i].without_order() for j in range(n)] for i in range(n)]
        errors = []
        gained = []
        for i in range(n):
            row = []
            for j in range(n):
                entry = -identity[i][j]
                for m in range(n):
                    entry = entry + inverse[i][m] * hessian[m][j]
                row.append(entry)
                gained.append(_order(entry) + box[j] - box[i])
            errors.append(row)
        contraction = min(gained)
        return (inverse, errors, contraction, smith) if contraction >= 1 else None

    def _finish(
        self,
        domain: Domain,
        proof: Proof,
        found: tuple[list[Series], list[list[Series]]],
    ) -> Expansion:
        _, hessian = found
        lib = Expansions(hessian[0][0].domain)
        point = self._point(lib, proof.box)
        counts = [
            self._at(lib, point).grams.count(c) for c in self.landscape.orbit_counts
        ]
        order = min(
            _order(c * x) + p + q
            for c, row, p in zip(counts, hessian, proof.proved, strict=True)
            for x, q in zip(row, proof.proved, strict=True)
            if not x.is_exact_zero
        )
        length = order + self.slack
        while True:
            long = Expansions(Domain(domain.factors, domain.slopes, length))
            loss = self._at(long, self._point(long, None)).loss()
            if loss.prec is None or loss.prec >= order:
                break
            length += order - loss.prec
        parameters = tuple(
            x.big_o(p)
            for x, p in zip(self._point(long, None), proof.proved, strict=True)
        )
        return Expansion(
            self.names, parameters, loss.big_o(order), proof, self.ramification
        )


_INFINITE = 10**9
"""The order of an exact zero."""


def _order(x: Series) -> int:
    """The exponent below which a series certainly has no term."""
    return _INFINITE if x.is_exact_zero else x.v


def _short(x: Series, domain: Domain) -> Series:
    """The same series with fewer terms kept."""
    return Series(domain, x.unit, x.v, x.rows, x.prec)


_long = _short


def _terms_below(x: Series, end: int) -> list[tuple[int, Exact]]:
    return [(n, c) for n, c in x.known_coefficients() if n < end]


def local_smith_exponents(matrix: Sequence[Sequence[Series]]) -> list[int]:
    """The exponents of t in the Smith form over the local ring of power series.

    Raises:
        UndecidedError: the matrix is singular to the known order.
    """
    return _solve(matrix, [row[0] for row in matrix])[1]


def _solve(
    matrix: Sequence[Sequence[Series]], right: Sequence[Series]
) -> tuple[list[Series], list[int]]:
    """Solve a square system, pivoting by least valuation over all remaining entries.

    Each pivot divides all entries that remain, so the valuations of the pivots are the
    exponents of the local Smith form.
    """
    a = [[*row, r] for row, r in zip(matrix, right, strict=True)]
    n = len(a)
    columns = list(range(n))
    smith = []
    for step in range(n):
        best = min(
            (
                (a[i][columns[j]].v, i, j)
                for i in range(step, n)
                for j in range(step, n)
                if a[i][columns[j]].is_known
            ),
            default=None,
        )
        least_unknown = min(
            (
                a[i][columns[j]].v
                for i in range(step, n)
                for j in range(step, n)
                if not a[i][columns[j]].is_known
                and not a[i][columns[j]].is_exact_zero
            ),
            default=None,
        )
        if best is None or (least_unknown is not None and least_unknown < best[0]):
            message = "a matrix of series is singular to the known order"
            raise UndecidedError(message, hint="more terms, or another limit")
        _, i, j = best
        a[step], a[i] = a[i], a[step]
        columns[step], columns[j] = columns[j], columns[step]
        pivot = a[step][columns[step]]
        smith.append(pivot.v)
        for row in range(step + 1, n):
            head = a[row][columns[step]]
            if head.is_exact_zero:
                continue
            factor = head / pivot
            for column in [*columns[step + 1 :], n]:
                a[row][column] = a[row][column] - factor * a[step][column]
    solution: dict[int, Series] = {}
    for step in reversed(range(n)):
        value = a[step][n]
        for column in columns[step + 1 :]:
            value = value - a[step][column] * solution[column]
        solution[columns[step]] = value / a[step][columns[step]]
    return [solution[j] for j in range(n)], smith
