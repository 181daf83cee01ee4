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
from typing import TypeVar

from flint import arb

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.models import Model, Models
from symcrit.arith.recording import Node, Recorder, Replay
from symcrit.core.errors import UndecidedError
from symcrit.expand.check import laurent_inverse
from symcrit.expand.lift import Expansion
from symcrit.landscapes.blocks import HessianBlock, hessian_blocks
from symcrit.landscapes.reduced import Landscape

__all__ = ["ExactBranch", "RecordedBlock", "model_of"]

R = TypeVar("R")
T = TypeVar("T", Series, Node)

_FIRST_LENGTH = 6
"""Terms of the Jacobian that are tried first."""

_Terms = tuple[tuple[int, Exact], ...]


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
        names: the parameters.
        terms: X_j, exponents and coefficients.
        orders: m_j; the branch is X_j + O(t^m_j), the only one in this box.
        ramification: e if series are in the variable t^(1/e).
        contraction: the exponent that a Krawczyk step gains in the box, at least 1.
        inverse: T.
        moves: T F.
        errors: E, by rows.
        slopes: the Hessian of the restricted loss: orbit sizes times Jacobian.
        loss: the loss.
        blocks: the isotypic blocks.
    """

    def __init__(self, landscape: Landscape, expansion: Expansion) -> None:
        self.names = expansion.names
        self.ramification = expansion.ramification
        self.terms: list[_Terms] = [
            tuple(x.known_coefficients()) for x in expansion.parameters
        ]
        self.orders = [x.prec for x in expansion.parameters if x.prec is not None]
        assert len(self.orders) == len(self.names)
        recorder = Recorder()
        parameters = [recorder.variable(name) for name in self.names]
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
        self._places = range(len(self.names))
        inverse = [
            [recorder.variable(_entry_name(i, j)) for j in self._places]
            for i in self._places
        ]
        self.moves = [_dot(row, gradient) for row in inverse]
        self.errors = [
            [
                _dot(row, column) - int(i == j)
                for j, column in enumerate(zip(*jacobian, strict=True))
            ]
            for i, row in enumerate(inverse)
        ]
        self._replay = Replay(recorder)
        self._domain = Domain.start(1)
        self._contract(jacobian)
        self.blocks = tuple(self._eliminate(block) for block in hessian_blocks(at))
        self._evaluate([self.loss, *(x for row in self.slopes for x in row)])

    # ------------------------------------------------------------- over exact series

    def _contract(self, jacobian: Sequence[Sequence[Node]]) -> None:
        """Find T with as few terms as will do.

        Raises:
            UndecidedError: no number of terms makes a Krawczyk step contract.
        """
        self.inverse: list[list[Series]] = []
        nodes = [x for row in jacobian for x in row]
        length, n = _FIRST_LENGTH, len(self.names)
        while length <= 2 * max(self.orders):
            self._domain = self._domain.with_length(length)
            found = self._evaluate(nodes)
            matrix = [found[i : i + n] for i in range(0, n * n, n)]
            self.inverse = self._run(partial(_truncated_inverse, matrix))
            errors = self._evaluate(
                [*(x for row in self.errors for x in row), *self.moves]
            )
            gains = [
                x.v + self.orders[j] - self.orders[i]
                for i in self._places
                for j in self._places
                if not (x := errors[i * n + j]).is_exact_zero
            ]
            self.contraction = min(gains, default=max(self.orders))
            if self.contraction >= 1:
                return
            length *= 2
        message = "a Krawczyk step does not contract near t = 0"
        raise UndecidedError(message, hint="ask for more terms")

    def _run(self, action: Callable[[Expansions], R]) -> R:
        found, self._domain = retry_in_larger_domain(
            self._domain, lambda domain: action(Expansions(domain))
        )
        return found

    def _evaluate(self, nodes: Sequence[Node]) -> list[Series]:
        """The values of nodes over the box; what cancels in them is kept in mind."""

        def action(lib: Expansions) -> list[Series]:
            variables = {
                name: lib.from_coefficients(terms, order)
                for name, terms, order in zip(
                    self.names, self.terms, self.orders, strict=True
                )
            }
            variables["k"] = lib.t_power(-2 * self.ramification)
            for i, row in enumerate(self.inverse):
                for j, x in enumerate(row):
                    variables[_entry_name(i, j)] = x.in_domain(lib.domain)
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
            name: model_of(lib, terms, prec)
            for name, terms in zip(self.names, self.terms, strict=True)
        }
        if radii is not None:
            for name, m, r in zip(self.names, self.orders, radii, strict=True):
                variables[name] = variables[name] + Model(lib, m, [arb(0, r)])
        variables["k"] = lib.t_power(-2 * self.ramification)
        for i, row in enumerate(self.inverse):
            for j, x in enumerate(row):
                terms = tuple(x.known_coefficients())
                variables[_entry_name(i, j)] = model_of(lib, terms, prec)
        return self._replay.transfer(lib, variables, nodes, _struck)


def model_of(lib: Models, terms: _Terms, prec: int) -> Model:
    """A Laurent polynomial with exact coefficients as a model."""
    if not terms:
        return lib.exact(0)
    low, end = terms[0][0], terms[-1][0] + 1
    balls = [arb(0)] * (end - low)
    for n, c in terms:
        balls[n - low] = c.ball(prec)
    return Model(lib, low, balls)


def _struck(value: Model, floor: int | None) -> Model:
    """Strike off what cancels exactly."""
    return value.lib.exact(0) if floor is None else value.raised(floor)


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
) -> list[list[Series]]:
    centre = [[x.in_domain(lib.domain).without_order() for x in row] for row in matrix]
    return [[x.without_order() for x in row] for row in laurent_inverse(lib, centre)]


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
