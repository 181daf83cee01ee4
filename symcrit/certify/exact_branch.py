"""What is exact about a branch near t = 0: its series, and which terms cancel.

The equations are recorded once.  They are evaluated over exact series in the box of all
series X_j + O(t^m_j), with X_j the proved terms of the branch.  Of each intermediate
result the exponent is kept below which it has no term, whatever the member of the box.
The same record is then evaluated over models on (0, t_1], and there these terms are
struck off.

What is recorded: gradient and Hessian, the loss, and with a matrix T of Laurent
polynomials, near the inverse of the Jacobian, T F and E = T F' - 1; last the pivots of
the symmetric elimination of each isotypic block.

Derivations: derivations/models.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, TypeVar

from flint import arb

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.linear import invert
from symcrit.arith.models import Model, Models
from symcrit.arith.recording import Node, Recorder, Replay
from symcrit.core.errors import UndecidedError
from symcrit.expand.lift import Expansion
from symcrit.landscapes.blocks import HessianBlock, hessian_blocks
from symcrit.landscapes.reduced import Landscape

__all__ = ["Centre", "ExactBranch", "RecordedBlock", "Terms", "model_of"]

R = TypeVar("R")
T = TypeVar("T", Series, Node)

_FIRST_LENGTH = 6
"""Terms of the Jacobian that are tried first."""

Terms: TypeAlias = tuple[tuple[int, Exact], ...]
"""Exponents and coefficients of a Laurent polynomial, ascending."""

_SLACK = 8
"""Terms that are lost to cancellation."""


@dataclass(frozen=True)
class Centre:
    """Truncated series of the parameters, in u = k^(-1/(2 e)).

    Attributes:
        names: the parameters.
        terms: X_j.
        orders: m_j; the box is that of all X_j + O(u^m_j).
        ramification: e.
    """

    names: tuple[str, ...]
    terms: tuple[Terms, ...]
    orders: tuple[int, ...]
    ramification: int

    @classmethod
    def of(cls, expansion: Expansion) -> "Centre":
        """The proved terms of a branch."""
        orders = [x.prec for x in expansion.parameters]
        return cls(
            expansion.names,
            tuple(tuple(x.known_coefficients()) for x in expansion.parameters),
            tuple(order for order in orders if order is not None),
            expansion.ramification,
        )


@dataclass(frozen=True)
class RecordedBlock:
    """The elimination of the Hessian on one isotypic component.

    Attributes:
        name: the component.
        pivots: one for each copy: the block is congruent to the diagonal matrix of
            them; None if too few terms are known.
        norms: the squared norms of the adapted matrices.
    """

    name: str
    pivots: tuple[Node, ...] | None
    norms: tuple[Node, ...]


class ExactBranch:
    """The equations around a branch, recorded, with what cancels in them.

    Attributes:
        centre: X_j, m_j and e.
        contraction: the exponent that a Krawczyk step gains in the box, at least 1.
        inverse: T.
        moves: T F.
        errors: E, by rows.
        slopes: the Hessian of the restricted loss: orbit sizes times Jacobian.
        loss: the loss.
        loss_terms: its exact terms along the branch, if X begins the series of one.
        loss_order: the exponent from which on there may be others.
        blocks: the isotypic blocks.

    Args:
        landscape: the landscape.
        centre: truncated series of the parameters.
        inverse: T; by default the inverse of the Jacobian to few terms.

    Raises:
        UndecidedError: a Krawczyk step does not contract in the box.
    """

    def __init__(
        self,
        landscape: Landscape,
        centre: Centre,
        inverse: Sequence[Sequence[Terms]] | None = None,
    ) -> None:
        self.centre = centre
        recorder = Recorder()
        parameters = [recorder.variable(name) for name in centre.names]
        at = landscape.at(
            recorder, parameters, {"k": recorder.variable("k", short=True)}
        )
        gradient, jacobian = at.gradient(), at.hessian()
        self.loss = at.loss()
        counts = [at.grams.count(c) for c in landscape.orbit_counts]
        self.slopes = [
            [count * x for x in row]
            for count, row in zip(counts, jacobian, strict=True)
        ]
        self._places = range(len(centre.names))
        entries = [
            [recorder.variable(_entry_name(i, j)) for j in self._places]
            for i in self._places
        ]
        self.moves = [_dot(row, gradient) for row in entries]
        self.errors = [
            [
                _dot(row, column) - int(i == j)
                for j, column in enumerate(zip(*jacobian, strict=True))
            ]
            for i, row in enumerate(entries)
        ]
        self._recorder = recorder
        self._replay = Replay(recorder)
        self._domain = Domain.start(1)
        self._known_balls: dict[int, dict[str, tuple[int, list[arb]]]] = {}
        self._contract(jacobian, inverse)
        self.blocks = tuple(self._eliminate(block) for block in hessian_blocks(at))
        self.loss_terms, self.loss_order = self._expand_loss()

    # ------------------------------------------------------------- over exact series

    def _contract(
        self,
        jacobian: Sequence[Sequence[Node]],
        inverse: Sequence[Sequence[Terms]] | None,
    ) -> None:
        """Compute with as few terms as show that a Krawczyk step contracts."""
        nodes = [x for row in jacobian for x in row]
        orders, n = self.centre.orders, len(self.centre.names)
        self.inverse = tuple(tuple(row) for row in inverse or ())
        length = _FIRST_LENGTH
        while True:
            self._domain = self._domain.with_length(length)
            if inverse is None:
                found = self._evaluate(nodes)
                matrix = [found[i : i + n] for i in range(0, n * n, n)]
                self.inverse = self._run(partial(_truncated_inverse, matrix))
            # The order to which T F vanishes in the box is needed as well.
            errors = self._evaluate([x for row in self.errors for x in row])
            gains = [
                x.v + orders[j] - orders[i]
                for i in self._places
                for j in self._places
                if not (x := errors[i * n + j]).is_exact_zero
            ]
            self.contraction = min(gains, default=max(orders))
            if self.contraction >= 1:
                self._evaluate(self.moves)
                return
            length *= 2
            if length > 2 * max(orders):
                break
        message = "a Krawczyk step does not contract near t = 0"
        raise UndecidedError(message, hint="ask for more terms")

    def solves(self) -> bool:
        """Whether T F(X) lies in the box: X then begins the series of one branch."""
        centre = self.centre
        exponents = [n for row in self.inverse for x in row for n, _ in x]
        length = max(centre.orders) - min(exponents, default=0) + _SLACK
        found = self._at_centre(self.moves, length)
        return all(
            x.is_exact_zero or x.v >= m
            for x, m in zip(found, centre.orders, strict=True)
        )

    def _at_centre(self, nodes: Sequence[Node], length: int) -> list[Series]:
        """The values of nodes at X itself, where more may cancel than in the box."""
        replay = Replay(self._recorder)

        def action(domain: Domain) -> list[Series]:
            variables = self._variables(Expansions(domain), boxed=False)
            wanted = [(node, None) for node in nodes]
            return replay.evaluate(Expansions(domain), variables, wanted)

        domain = self._domain.with_length(length)
        return retry_in_larger_domain(domain, action)[0]

    def _expand_loss(self) -> tuple[Terms, int]:
        """The loss at X, up to what the rest of the parameters may change."""
        orders = self.centre.orders
        _, *slopes = self._evaluate(
            [self.loss, *(x for row in self.slopes for x in row)]
        )
        pairs = [p + q for p in orders for q in orders]
        errors = [
            x.v + order
            for x, order in zip(slopes, pairs, strict=True)
            if not x.is_exact_zero
        ]
        order = min(max(orders), *errors)
        (value,) = self._at_centre([self.loss], max(orders) + _SLACK)
        value = value.big_o(order)
        assert value.prec is not None
        return tuple(value.known_coefficients()), value.prec

    def _run(self, action: Callable[[Expansions], R]) -> R:
        found, self._domain = retry_in_larger_domain(
            self._domain, lambda domain: action(Expansions(domain))
        )
        return found

    def _variables(self, lib: Expansions, *, boxed: bool) -> dict[str, Series]:
        centre = self.centre
        variables = {
            name: lib.from_coefficients(terms, order if boxed else None)
            for name, terms, order in zip(
                centre.names, centre.terms, centre.orders, strict=True
            )
        }
        variables["k"] = lib.t_power(-2 * centre.ramification)
        for i, row in enumerate(self.inverse):
            for j, terms in enumerate(row):
                variables[_entry_name(i, j)] = lib.from_coefficients(terms, None)
        return variables

    def _evaluate(self, nodes: Sequence[Node]) -> list[Series]:
        """The values of nodes over the box; what cancels in them is kept in mind."""

        def action(lib: Expansions) -> list[Series]:
            variables = self._variables(lib, boxed=True)
            wanted = [(node, None) for node in nodes]
            return self._replay.evaluate(lib, variables, wanted)

        return self._run(action)

    def _eliminate(self, block: HessianBlock[Node]) -> RecordedBlock:
        """Choose pivots by exact series, and record the elimination with them."""
        n = len(block.entries)
        nodes = [x for row in block.entries for x in row]
        values = self._evaluate([*nodes, *block.norms])
        matrix = [values[i : i + n] for i in range(0, n * n, n)]
        name, norms = block.component.name, tuple(block.norms)
        order = self._run(partial(_pivot_order, matrix))
        if order is None:
            return RecordedBlock(name, None, norms)
        pivots = []
        rows = [list(row) for row in block.entries]
        for step, p in enumerate(order):
            pivots.append(rows[p][p])
            _clear(rows, p, order[step + 1 :])
        self._evaluate(pivots)
        return RecordedBlock(name, tuple(pivots), norms)

    # ------------------------------------------------------------------ over models

    def _balls(self, prec: int) -> dict[str, tuple[int, list[arb]]]:
        """First exponents and coefficients of the parameters and the entries of T."""
        if prec not in self._known_balls:
            series = dict(zip(self.centre.names, self.centre.terms, strict=True))
            for i, row in enumerate(self.inverse):
                for j, terms in enumerate(row):
                    series[_entry_name(i, j)] = terms
            self._known_balls[prec] = {
                name: _balls_of(terms, prec) for name, terms in series.items()
            }
        return self._known_balls[prec]

    def at(
        self,
        lib: Models,
        nodes: Sequence[Node],
        radii: Sequence[arb] | None,
        *,
        prec: int,
    ) -> list[Model]:
        """Nodes as models, at X or for all members of a box.

        Args:
            lib: the models.
            nodes: what is wanted.
            radii: r for the box of all X_j + t^m_j [-r_j, r_j]; None for X itself.
            prec: the precision in bits of the coefficients.

        Raises:
            UndecidedError: a root, an angle or a quotient may not exist somewhere.
        """
        variables = {
            name: Model(lib, low, balls)
            for name, (low, balls) in self._balls(prec).items()
        }
        if radii is not None:
            centre = self.centre
            for name, m, r in zip(centre.names, centre.orders, radii, strict=True):
                variables[name] = variables[name] + Model(lib, m, [arb(0, r)])
        variables["k"] = lib.t_power(-2 * self.centre.ramification)
        return self._replay.transfer(lib, variables, nodes, _struck)


def model_of(lib: Models, terms: Terms, prec: int) -> Model:
    """A Laurent polynomial with exact coefficients as a model."""
    return Model(lib, *_balls_of(terms, prec))


def _balls_of(terms: Terms, prec: int) -> tuple[int, list[arb]]:
    """The first exponent, and balls of all coefficients from there on."""
    if not terms:
        return 0, []
    low, end = terms[0][0], terms[-1][0] + 1
    balls = [arb(0)] * (end - low)
    for n, c in terms:
        balls[n - low] = c.ball(prec)
    return low, balls


def _struck(value: Model, floor: int | None) -> Model:
    """Strike off what cancels exactly."""
    if floor is not None:
        return value.raised(floor)
    value.raised(value.low + len(value.terms))
    return value.lib.exact(0)


def _entry_name(i: int, j: int) -> str:
    """The name of an entry of T; no parameter is called so."""
    return f"T {i} {j}"


def _dot(row: Sequence[Node], column: Sequence[Node]) -> Node:
    products = [x * y for x, y in zip(row, column, strict=True)]
    total = products[0]
    for product in products[1:]:
        total = total + product
    return total


def _truncated_inverse(
    matrix: Sequence[Sequence[Series]], lib: Expansions
) -> tuple[tuple[Terms, ...], ...]:
    centre = [[x.in_domain(lib.domain).without_order() for x in row] for row in matrix]
    return tuple(
        tuple(tuple(x.known_coefficients()) for x in row) for row in invert(lib, centre)
    )


def _pivot_order(
    matrix: Sequence[Sequence[Series]], lib: Expansions
) -> list[int] | None:
    """In which order diagonal entries serve as pivots, those of least order first.

    None if all that are left have no known term.
    """
    rows = [[x.in_domain(lib.domain) for x in row] for row in matrix]
    left = list(range(len(rows)))
    order = []
    while left:
        known = [(rows[i][i].v, i) for i in left if rows[i][i].is_known]
        if not known:
            return None
        _, p = min(known)
        left.remove(p)
        order.append(p)
        _clear(rows, p, left)
    return order


def _clear(rows: list[list[T]], p: int, left: Sequence[int]) -> None:
    """Subtract what the pivot takes from the rows and columns that are left."""
    for i in left:
        factor = rows[i][p] / rows[p][p]
        for j in left:
            rows[i][j] = rows[i][j] - factor * rows[p][j]
