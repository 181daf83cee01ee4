"""Follow a branch of critical points numerically, from its limit down in real k.

With t = k^(-1/2) each parameter of a branch is limit + c t^e y(t), where c t^e is its
leading term and the scaled deviation y is smooth with y(0) = 1.  So y is extrapolated
by the polynomial through the nearest points known, the limit among them, and Newton's
method starts from there.  A step counts only if Newton's method hardly changes the
extrapolation; otherwise it is shortened.  That guards against a jump to another branch,
but it is no proof.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.certify.points import approx_zero, starting_precision
from symcrit.expand.balance import LeadingTerm
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.sizes import as_ball

__all__ = ["Node", "Path", "Trail"]

_FIRST_T = 2.0**-6
"""The first step from the limit goes no further than this in t."""

_GROWTH = 4.0
"""Each further step multiplies t by at most this."""

_LEAST_GROWTH = 1 + 2.0**-18
_LEAST_T = 2.0**-100
"""The branch counts as lost when steps have to be shorter."""

_KEPT_GROWTH = 1.02
"""Points reached by shorter steps are not kept: extrapolation would suffer."""

_GUARD = 1 / 8
"""Newton's method may change a scaled deviation by this; more counts as a jump."""

_NODES = 6
"""Extrapolation uses so many of the nearest points."""

_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Node:
    """A point of the branch, without bounds.

    Attributes:
        k: the k of the point.
        t: k^(-1/2), rounded.
        scaled: the deviations from the limit relative to their leading terms.
    """

    k: Fraction
    t: float
    scaled: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the limit toward some k.

    Attributes:
        nodes: the points, k descending.
        arrived: whether the last of them is the one asked for.
    """

    nodes: tuple[Node, ...]
    arrived: bool


class Trail:
    """The points of a branch that are known, from which others are extrapolated.

    Args:
        landscape: the landscape; its sizes depend on k only.
        leading: limit and leading term of each parameter.
    """

    def __init__(self, landscape: Landscape, leading: Sequence[LeadingTerm]) -> None:
        self.landscape = landscape
        self.leading = tuple(leading)
        self.limit: tuple[Exact, ...] = tuple(term.limit for term in leading)
        self._origin = tuple(0.0 if x.exponent is None else 1.0 for x in leading)
        self._nodes: list[Node] = []

    def follow(
        self, goal: Fraction, arrive: Callable[[list[arb], int], Sequence[arb] | None]
    ) -> Path:
        """Go down to some k in guarded steps, as long as they may become.

        Args:
            goal: the k to reach.
            arrive: called with extrapolated parameters at the goal and a precision in
                bits; returns the parameters there, or None if it fails.

        Returns:
            The steps; they end above the goal if the branch was lost.
        """
        t, growth, first = _t_of(goal), _GROWTH, _FIRST_T
        known = list(self._nodes)
        while growth >= _LEAST_GROWTH and first >= _LEAST_T:
            last = max((node.t for node in known if node.t < t), default=0.0)
            target = min(t, last * growth if last else first)
            k = goal if target == t else Fraction(1 / target**2)
            prec = starting_precision({"k": k}, _DIGITS)
            start = self._predicted(known, k, prec)
            point = arrive(start, prec) if target == t else self._solve(k, start, prec)
            node = None if point is None else self.node(k, point)
            if node is None or not self._is_guarded(known, node):
                first = first if last else target / _GROWTH
                growth = math.sqrt(target / last) if last else growth
                continue
            if target == t:
                above = sorted((x for x in known if x.t < t), key=lambda x: x.t)
                return Path((*above, node), arrived=True)
            known.append(node)
            if growth >= _KEPT_GROWTH:
                self._nodes.append(node)
            growth = min(_GROWTH, growth * growth)
        nodes = sorted((x for x in known if x.t < t), key=lambda x: x.t)
        return Path(tuple(nodes), arrived=False)

    def approx_point(self, k: Fraction, prec: int) -> list[arb] | None:
        """The parameters at some k by one extrapolation and Newton's method."""
        return self._solve(k, self._predicted(self._nodes, k, prec), prec)

    def node(self, k: Fraction, point: Sequence[arb]) -> Node:
        """The scaled deviations of a point; radii are dropped."""
        prec = starting_precision({"k": k}, _DIGITS)
        with working_precision(prec):
            scaled = tuple(
                float(((x.mid() - limit.ball(prec)) / scale).mid())
                for x, limit, scale in zip(
                    point, self.limit, self._scales(k, prec), strict=True
                )
            )
        return Node(k, _t_of(k), scaled)

    def mismatch(self, node: Node) -> float:
        """The largest relative difference of a deviation from its leading term."""
        return max(abs(y - x) for y, x in zip(node.scaled, self._origin, strict=True))

    def point_of(self, node: Node, prec: int) -> list[arb]:
        """The parameters of a node, to the accuracy of a double."""
        with working_precision(prec):
            return self._point(node.k, node.scaled, prec)

    def _solve(self, k: Fraction, start: list[arb], prec: int) -> list[arb] | None:
        with working_precision(prec):
            variables = {"k": as_ball(k)}
        found = approx_zero(self.landscape, start, variables, prec=prec)
        return None if found is None else found[0]

    def _predicted(self, known: Sequence[Node], k: Fraction, prec: int) -> list[arb]:
        with working_precision(prec):
            return self._point(k, self._extrapolated(known, _t_of(k)), prec)

    def _point(self, k: Fraction, scaled: Sequence[float], prec: int) -> list[arb]:
        return [
            (limit.ball(prec) + scale * y).mid()
            for limit, scale, y in zip(
                self.limit, self._scales(k, prec), scaled, strict=True
            )
        ]

    def _scales(self, k: Fraction, prec: int) -> list[arb]:
        """The leading terms at k; 1 where a parameter seems to stay at its limit."""
        log_t = -as_ball(k).log() / 2
        scales = []
        for term in self.leading:
            if term.exponent is None or term.coefficient is None:
                scales.append(arb(1))
            else:
                e = term.exponent
                power = (log_t * e.numerator / e.denominator).exp()
                scales.append((term.coefficient.ball(prec) * power).mid())
        return scales

    def _extrapolated(self, known: Sequence[Node], t: float) -> tuple[float, ...]:
        """Scaled deviations at t, by the polynomial through the nearest points."""
        table = [(0.0, self._origin), *((node.t, node.scaled) for node in known)]
        table = sorted(table, key=lambda x: abs(x[0] - t))[:_NODES]
        total = [0.0] * len(self.leading)
        for i, (x, values) in enumerate(table):
            weight = 1.0
            for j, (other, _) in enumerate(table):
                if j != i:
                    weight *= (t - other) / (x - other)
            total = [a + weight * v for a, v in zip(total, values, strict=True)]
        return tuple(total)

    def _is_guarded(self, known: Sequence[Node], node: Node) -> bool:
        """Whether Newton's method hardly changed the extrapolation."""
        expected = self._extrapolated(known, node.t)
        return all(
            abs(y - x) <= _GUARD * max(1.0, abs(y))
            for y, x in zip(node.scaled, expected, strict=True)
        )


def _t_of(k: Fraction) -> float:
    """k^(-1/2); for huge k it may be 0."""
    return float((-as_ball(k).log() / 2).exp().mid())
