"""The reduced equations of a landscape, recorded once and evaluated over series.

What is evaluated at a truncated series, a Laurent polynomial, takes it as exact; over a
box it encloses the values at all series X_j + O(t^m_j).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.recording import Node, Recorder, Replay
from symcrit.landscapes.reduced import Landscape

__all__ = ["Point", "System"]


@dataclass(frozen=True)
class Point:
    """What is known at a truncated series.

    Attributes:
        gradient: the equations.
        loss: the loss; None if it was not asked for.
        counts: the orbit sizes.
    """

    gradient: list[Series]
    loss: Series | None
    counts: list[Series]


class System:
    """Gradient, Jacobian and loss over series in t^(1/ramification).

    Attributes:
        names: the names of the parameters.
        domain: what the coefficients met so far look like.
    """

    def __init__(self, landscape: Landscape, ramification: int) -> None:
        recorder = Recorder()
        self.names = landscape.structure.pattern.names
        self.domain = Domain.start(1)
        self._ramification = ramification
        parameters = [recorder.variable(name) for name in self.names]
        k = recorder.variable("k", short=True)
        at = landscape.at(recorder, parameters, {"k": k})
        self._gradient = at.gradient()
        self._loss = at.loss()
        self._counts = [at.grams.count(c) for c in landscape.orbit_counts]
        self._hessian = at.hessian()
        self._replay = Replay(recorder)

    def point(self, truncated: Sequence[Series], length: int) -> Point:
        """Gradient and loss at a truncated series, with so many terms."""
        wanted = [(x, None) for x in (*self._gradient, *self._counts, self._loss)]
        *found, loss = self._values(truncated, None, wanted, length)
        n = len(self.names)
        return Point(found[:n], loss, found[n:])

    def point_to(
        self, truncated: Sequence[Series], orders: Sequence[int], loss_order: int | None
    ) -> Point:
        """Gradient and, if asked, loss at a truncated series, to given orders.

        Nothing beyond is computed; the orders may be missed by a little.
        """
        wanted: list[tuple[Node, int | None]] = [
            *zip(self._gradient, orders, strict=True),
            *((x, None) for x in self._counts),
        ]
        if loss_order is not None:
            wanted.append((self._loss, loss_order))
        found = self._values(truncated, None, wanted, None)
        n = len(self.names)
        loss = None if loss_order is None else found.pop()
        return Point(found[:n], loss, found[n:])

    def jacobian(
        self, truncated: Sequence[Series], length: int, box: Sequence[int] | None
    ) -> list[list[Series]]:
        """The Jacobian of the gradient, with so many terms of each entry."""
        wanted = [(x, None) for row in self._hessian for x in row]
        return self._square(self._values(truncated, box, wanted, length))

    def jacobian_to(
        self,
        truncated: Sequence[Series],
        orders: Sequence[Sequence[int]],
        box: Sequence[int] | None,
    ) -> list[list[Series]]:
        """The Jacobian of the gradient, each entry to its order or nearly so."""
        wanted: list[tuple[Node, int | None]] = [
            pair
            for row, ends in zip(self._hessian, orders, strict=True)
            for pair in zip(row, ends, strict=True)
        ]
        return self._square(self._values(truncated, box, wanted, None))

    @property
    def count_orders(self) -> list[int]:
        """The exponents of the orbit sizes, once these were evaluated."""
        return [self._replay.first(x) or 0 for x in self._counts]

    def _square(self, entries: list[Series]) -> list[list[Series]]:
        n = len(self.names)
        return [entries[i : i + n] for i in range(0, n * n, n)]

    def _values(
        self,
        truncated: Sequence[Series],
        box: Sequence[int] | None,
        wanted: Sequence[tuple[Node, int | None]],
        length: int | None,
    ) -> list[Series]:
        if length is None:
            length = self._replay.length(wanted)
        assert length is not None

        def action(domain: Domain) -> list[Series]:
            lib = Expansions(domain)
            point = [x.in_domain(domain) for x in truncated]
            if box is not None:
                point = [x.big_o(m) for x, m in zip(point, box, strict=True)]
            variables = dict(zip(self.names, point, strict=True))
            variables["k"] = lib.t_power(-2 * self._ramification)
            return self._replay.evaluate(lib, variables, wanted)

        found, self.domain = retry_in_larger_domain(
            self.domain.with_length(length), action
        )
        return found
