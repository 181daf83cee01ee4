"""Check the terms of a series once more, one by one, from the equations.

Nothing of how the terms were found is used.  Let X be the shown terms, F the reduced
gradient, B the box of all series that agree with X to the orders shown, i.e. X_j +
O(t^m_j), T any matrix of Laurent polynomials and E = T F'(B) - 1.  If t^(m_j) E_ij lies
in t^(m_i + 1) Q(pi)[[t]] and T F(X) lies in the box of t^m_i, then B holds exactly one
zero of F: every shown term is right.  If not, some term may be wrong; the branch is
expanded again from its leading terms, and each term is compared.

The loss is stationary: at a series that is right to O(t^p_j) its error is at most of
the order of c_i H_ij t^(p_i + p_j), with c_i the orbit sizes and H the Jacobian.

Derivations: derivations/series.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.linear import dot, invert, order_of
from symcrit.core.errors import SymcritError
from symcrit.core.truth import Truth
from symcrit.expand.balance import LeadingTerm
from symcrit.expand.lift import prove_and_expand
from symcrit.landscapes.reduced import Landscape, Reduced

__all__ = ["SeriesCheck", "ShownSeries", "check_series"]

R = TypeVar("R")

_FIRST_LENGTH = 6
"""Terms of the Jacobian that are tried first."""

_MORE = 8
"""By how many orders the branch is expanded further if the test fails."""

_SLACK = 8
"""Terms that are lost to cancellation."""


@dataclass(frozen=True, slots=True)
class ShownSeries:
    """A truncated series as it is shown.

    Attributes:
        terms: exponents of the variable and coefficients that are not zero.
        order: the exponent from which on nothing is claimed.
    """

    terms: tuple[tuple[int, Exact], ...]
    order: int

    @classmethod
    def of(cls, series: Series) -> "ShownSeries":
        """All the known terms of a series that is no polynomial."""
        assert series.prec is not None
        return cls(tuple(series.known_coefficients()), series.prec)


@dataclass(frozen=True)
class SeriesCheck:
    """What the equations say of shown terms; exponents of the variable throughout.

    Attributes:
        contraction: the least exponent that a Krawczyk step gains in the box around the
            right terms; the test needs 1.
        solves: whether exactly one branch agrees with all the terms of the parameters.
        terms: for each quantity, whether the term of each exponent is right; terms that
            are shown, and terms that should be.
        reach: for each parameter the exponent r such that a change of its term t^n
            changes the loss by O(t^(r + 2n)).
    """

    contraction: int
    solves: Truth
    terms: Mapping[str, Mapping[int, Truth]]
    reach: Mapping[str, int]


def check_series(
    landscape: Landscape,
    leading: Sequence[LeadingTerm],
    shown: Mapping[str, ShownSeries],
    *,
    ramification: int = 1,
) -> SeriesCheck:
    """Check shown series of the parameters and of the loss against the equations.

    Args:
        landscape: the landscape.
        leading: limit and leading term of each parameter, for the case that a term is
            wrong and the branch has to be expanded again.
        shown: by name; all parameters, and ``loss``.
        ramification: e if the variable is t^(1/e).

    Raises:
        RefutedError: the leading terms are not those of a branch.
        UndecidedError: the branch could not be expanded again.

    Example:
        >>> import symcrit
        >>> family = symcrit.family("A")
        >>> found = family.expansion(4)
        >>> shown = {
        ...     name: ShownSeries.of(found[name]) for name in ("a_1", "o_1", "loss")
        ... }
        >>> check_series(family.landscape, family.leading, shown).solves
        <Truth.TRUE: 'TRUE'>
    """
    names = landscape.structure.pattern.names
    trial = _trial(landscape, [shown[name] for name in names], ramification)

    def expanded(order: int) -> dict[str, ShownSeries]:
        found = prove_and_expand(landscape, leading, -(-order // ramification))
        return {name: ShownSeries.of(found[name]) for name in names}

    right = dict(shown)
    if trial is None:
        order = max(series.order for series in shown.values())
        right = expanded(order)
        trial = _Trial(landscape, list(right.values()), ramification)
        if not trial.passes:
            # Around so short series the box is too wide for the test.
            right = expanded(order + _MORE)
            trial = _Trial(landscape, list(right.values()), ramification)
    right["loss"] = trial.loss()
    if right["loss"].order < shown["loss"].order:
        # The loss needs terms of the parameters that are not shown.
        longer = expanded(trial.order_for_loss(shown["loss"].order))
        right["loss"] = _Trial(landscape, list(longer.values()), ramification).loss()
    terms = {name: _compared(shown[name], right[name]) for name in shown}
    of_parameters = [answer for name in names for answer in terms[name].values()]
    return SeriesCheck(
        contraction=trial.contraction,
        solves=Truth.all_of(of_parameters) & Truth.of(true=trial.passes, false=False),
        terms=terms,
        reach=dict(zip(names, trial.reach(), strict=True)),
    )


def _trial(
    landscape: Landscape, shown: Sequence[ShownSeries], ramification: int
) -> "_Trial | None":
    """The landscape at the shown series, or None if these fail the test."""
    try:
        trial = _Trial(landscape, shown, ramification)
    except SymcritError:
        # At wrong terms a root may be negative or a matrix singular.
        return None
    return trial if trial.passes else None


def _compared(shown: ShownSeries, right: ShownSeries) -> dict[int, Truth]:
    ours, theirs = dict(shown.terms), dict(right.terms)
    zero = Exact.rational(0)
    answers = {}
    for n in sorted({*ours, *(m for m in theirs if m < shown.order)}):
        equal = ours.get(n, zero) == theirs.get(n, zero)
        known = n < right.order
        answers[n] = Truth.of(true=known and equal, false=known and not equal)
    return answers


class _Trial:
    """A landscape at shown series of the parameters, and over the box around them."""

    def __init__(
        self, landscape: Landscape, shown: Sequence[ShownSeries], ramification: int
    ) -> None:
        self.landscape = landscape
        self.shown = shown
        self.ramification = ramification
        self.domain = Domain.start(1)
        self.box = [series.order for series in shown]
        length = _FIRST_LENGTH
        while not self._contracts(length) and length < max(self.box):
            length *= 2
        lowest = min(order_of(x) for row in self.inverse for x in row)
        length = max(self.box) - lowest + _SLACK
        self.value, moves = self._run(length, self._moves)
        self.excess = min(
            order_of(move) - m for move, m in zip(moves, self.box, strict=True)
        )

    def _contracts(self, length: int) -> bool:
        """Whether so many terms of the Jacobian are enough for the Krawczyk test."""
        self.jacobian = self._run(length, self._jacobian)
        self.inverse = self._run(length, self._inverse)
        errors = self._run(length, self._errors)
        self.contraction = min(
            order_of(x) + m - n
            for row, n in zip(errors, self.box, strict=True)
            for x, m in zip(row, self.box, strict=True)
        )
        return self.contraction >= 1

    @property
    def passes(self) -> bool:
        """Whether exactly one branch lies in the box."""
        return self.contraction >= 1 and self.excess >= 0

    def _run(self, length: int, action: Callable[[Expansions], R]) -> R:
        found, self.domain = retry_in_larger_domain(
            self.domain.with_length(length),
            lambda domain: action(Expansions(domain)),
        )
        return found

    def _at(self, lib: Expansions, *, boxed: bool) -> Reduced[Series]:
        point = [
            lib.from_coefficients(x.terms, x.order if boxed else None)
            for x in self.shown
        ]
        k = lib.t_power(-2 * self.ramification)
        return self.landscape.at(lib, point, {"k": k})

    def _jacobian(self, lib: Expansions) -> list[list[Series]]:
        at = self._at(lib, boxed=True)
        self.counts = [at.grams.count(c).v for c in self.landscape.orbit_counts]
        return at.hessian()

    def _inverse(self, lib: Expansions) -> list[list[Series]]:
        """A matrix T of Laurent polynomials, near the inverse of the Jacobian."""
        centre = [
            [x.without_order().in_domain(lib.domain) for x in row]
            for row in self.jacobian
        ]
        return [[x.without_order() for x in row] for row in invert(lib, centre)]

    def _errors(self, lib: Expansions) -> list[list[Series]]:
        """E = T F' - 1 over the box."""
        columns = [*zip(*_in(lib, self.jacobian), strict=True)]
        return [
            [dot(row, column) - int(i == j) for j, column in enumerate(columns)]
            for i, row in enumerate(_in(lib, self.inverse))
        ]

    def _moves(self, lib: Expansions) -> tuple[Series, list[Series]]:
        """The loss at the shown series, and T F there."""
        at = self._at(lib, boxed=False)
        gradient = at.gradient()
        return at.loss(), [dot(row, gradient) for row in _in(lib, self.inverse)]

    def order_for_loss(self, order: int) -> int:
        """The order of the parameters that is enough for an order of the loss."""
        least = min(
            count + order_of(entry)
            for count, row in zip(self.counts, self.jacobian, strict=True)
            for entry in row
        )
        return -(-(order - least) // 2)

    def loss(self) -> ShownSeries:
        """The loss of the branch, if the parameters are right to their orders."""
        error = min(
            count + order_of(entry) + x.order + y.order
            for count, row, x in zip(
                self.counts, self.jacobian, self.shown, strict=True
            )
            for entry, y in zip(row, self.shown, strict=True)
        )
        value = self.value.big_o(error)
        terms = self._run(
            self.domain.length,
            lambda lib: value.in_domain(lib.domain).known_coefficients(),
        )
        return ShownSeries(tuple(terms), error if value.prec is None else value.prec)

    def reach(self) -> list[int]:
        """For each parameter: orbit size times diagonal entry of the Jacobian."""
        return [
            count + order_of(row[i])
            for i, (count, row) in enumerate(
                zip(self.counts, self.jacobian, strict=True)
            )
        ]


def _in(lib: Expansions, matrix: Sequence[Sequence[Series]]) -> list[list[Series]]:
    return [[x.in_domain(lib.domain) for x in row] for row in matrix]
