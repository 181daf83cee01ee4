"""The terms of one branch of critical points, as far as they are found and proved.

Derivations: derivations/series.md.
"""

from collections.abc import Sequence
from fractions import Fraction

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.linear import Elimination, order_of
from symcrit.core.expressions import power_text
from symcrit.expand.balance import LeadingTerm
from symcrit.expand.system import System
from symcrit.landscapes.reduced import Landscape

__all__ = ["Truncation"]


class Truncation:
    """Truncated series of all parameters in t^(1/ramification).

    Attributes:
        system: the equations.
        ramification: e of the variable t^(1/e).
        first: for each parameter the exponent by which it leaves its limit.
        series: the terms found so far, as Laurent polynomials.
        proved: the orders to which they are proved; before that, those of ``first``.

    Args:
        landscape: the landscape.
        leading: limit and leading term of each parameter.
        ramification: a multiple of the denominators of their exponents.
    """

    def __init__(
        self, landscape: Landscape, leading: Sequence[LeadingTerm], ramification: int
    ) -> None:
        e = self.ramification = ramification
        self.system = System(landscape, e)
        weights = [None if x.exponent is None else int(x.exponent * e) for x in leading]
        least = max((w for w in weights if w is not None), default=1)
        self.first = [least if w is None else w for w in weights]
        self.proved = self.first
        terms: list[list[tuple[int, Exact]]] = []
        for x, w in zip(leading, weights, strict=True):
            found = [(0, x.limit)] if x.limit else []
            if w is not None and x.coefficient is not None:
                found.append((w, x.coefficient))
            terms.append(found)
        self._linear = Domain.start(1)
        self._eliminated: tuple[object, Domain, Elimination] | None = None

        def action(domain: Domain) -> list[Series]:
            lib = Expansions(domain)
            return [lib.from_coefficients(found, None) for found in terms]

        start = Domain.start(max(self.first) + 1)
        self.series, self.system.domain = retry_in_larger_domain(start, action)

    @property
    def gain(self) -> int:
        """By how much the proved orders exceed the first exponents, at least."""
        return min(p - w for p, w in zip(self.proved, self.first, strict=True))

    def solved(
        self, matrix: Sequence[Sequence[Series]], right: Sequence[Series]
    ) -> list[Series]:
        """The solution of a linear system, to all terms that matrix and side tell."""
        terms = [
            1 if x.prec is None else x.prec - x.v
            for x in (*right, *(x for row in matrix for x in row))
        ]

        def action(domain: Domain) -> list[Series]:
            elimination = self._elimination(matrix, domain)
            return elimination.solution([x.in_domain(domain) for x in right])

        start = self._linear.joined(self.system.domain).with_length(max(terms))
        found, self._linear = retry_in_larger_domain(start, action)
        return found

    def _elimination(
        self, matrix: Sequence[Sequence[Series]], domain: Domain
    ) -> Elimination:
        """The eliminated matrix; that of the last call is kept."""
        if self._eliminated is None or self._eliminated[:2] != (matrix, domain):
            moved = [[x.in_domain(domain) for x in row] for row in matrix]
            self._eliminated = (matrix, domain, Elimination(moved))
        return self._eliminated[2]

    def moved(self, moves: Sequence[Series], ends: Sequence[int]) -> list[Series]:
        """The series after a Newton step, below given exponents."""
        lowest = min(0, *(order_of(e) for e in moves))
        length = max(ends) - lowest + 1
        large = moves[0].domain.joined(self.system.domain).with_length(length)
        found = []
        for x, e, end in zip(self.series, moves, ends, strict=True):
            moved = (x.in_domain(large) - e.in_domain(large)).big_o(end)
            assert moved.prec == end
            found.append(moved.without_order())

        def action(domain: Domain) -> list[Series]:
            return [x.rebuilt(domain) for x in found]

        start = self.system.domain.with_length(length)
        rebuilt, self.system.domain = retry_in_larger_domain(start, action)
        return rebuilt

    def changed(self, found: Sequence[Series]) -> str | None:
        """Which leading terms a Newton step changes, or None."""
        changed = []
        for name, old, new, w in zip(
            self.system.names, self.series, found, self.first, strict=True
        ):
            start = _terms_to(new, w)
            if start != _terms_to(old, w):
                changed.append((name, start))
        if not changed:
            return None
        name, start = changed[0]
        terms = " + ".join(f"({c}){self._power(n)}" for n, c in start) or "0"
        others = ", ".join(other for other, _ in changed[1:])
        message = f"a Newton step changes the leading terms of {name} to {terms}"
        return f"{message}, and those of {others}" if others else message

    def _power(self, n: int) -> str:
        return f"*{power_text('t', Fraction(n, self.ramification))}" if n else ""


def _terms_to(x: Series, last: int) -> list[tuple[int, Exact]]:
    """The nonzero terms up to an exponent."""
    return x.big_o(last + 1).known_coefficients()
