r"""Prove that a curve of critical points turns back at a fold.

At a fold the Jacobian J of the reduced gradient F is singular.  With the parameters x,
the number k and a vector n as unknowns,

    F(x, k) = 0,        J(x, k) n = 0,        l . n = 1,

is a square system, and the Krawczyk test proves a zero of it like any other.  A proved
zero is a regular one: the kernel of J is spanned by n, and the curve of zeros of F
through the point is smooth with tangent (n, 0) and k''(0) /= 0.

Near the fold the curve is no function of k.  It is one of the length s along n:

    F(x, k) = 0,        l . (x - x_0) = r s,        -1 <= s <= 1,

a family of systems for (x, k), and a tube around its zeros is proved.  If k is strictly
convex on the tube, then k has its only minimum at the fold; and if the end of the tube
lies in a tube over an interval of k, then that branch continues down to the fold and no
further.

Derivations: derivations/points.md.

Source:
    Moore and Spence, SIAM J. Numer. Anal. 17 (1980) 567-576.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flint import arb, arb_mat, arb_series

from symcrit.arith.balls import BALLS
from symcrit.arith.ballseries import BALL_SERIES
from symcrit.arith.jets import Jet, Jets
from symcrit.arith.precision import series_length, working_precision
from symcrit.certify.krawczyk import (
    Enclosure,
    certify_zero,
    column_of,
    finite_entries,
)
from symcrit.certify.points import starting_precision
from symcrit.certify.tubes import SystemFamily, Tube, approx_curve, certify_tube
from symcrit.landscapes.reduced import Landscape

__all__ = ["ByLength", "Fold", "Turn", "certify_fold", "certify_turn", "k_is_convex"]

_MAX_NEWTON_STEPS = 30
_INVERSE_ITERATIONS = 4
_MAX_TRIES = 3
"""So many precisions are tried, each twice the one before."""


_TURN_ORDER = 14
_TURN_PREC = 160
_TURN_PIECES = 32
"""Convexity of k along a turn is checked on so many parts of it."""


@dataclass(frozen=True)
class Fold:
    """A fold of a curve of critical points, with its proof.

    Attributes:
        k: an enclosure of the k at which the curve turns.
        parameters: enclosures of the parameters there, in the order of the pattern.
        kernel: enclosures of the vector n that spans the kernel of the Jacobian.
        normal: the exact vector l with l . n = 1.
        enclosure: what the Krawczyk test proved for parameters, k and n.
    """

    k: arb
    parameters: tuple[arb, ...]
    kernel: tuple[arb, ...]
    normal: tuple[arb, ...]
    enclosure: Enclosure


@dataclass(frozen=True)
class Turn:
    """A curve of critical points that comes down in k, turns in a fold and goes up.

    Attributes:
        fold: the fold, where k has its only minimum on the curve.
        tube: a tube for (x, k) as functions of s; s grows on the side that was asked
            for.
        end: an enclosure of (x, k) at s = 1.
    """

    fold: Fold
    tube: Tube
    end: tuple[arb, ...]


class _Bordered:
    """The system for parameters, k and kernel vector."""

    def __init__(self, landscape: Landscape, normal: Sequence[arb]) -> None:
        self.landscape = landscape
        self.normal = list(normal)
        self.size = len(normal)

    def _split(self, column: arb_mat) -> tuple[list[arb], arb, list[arb]]:
        entries = column.entries()
        n = self.size
        return entries[:n], entries[n], entries[n + 1 :]

    def value(self, column: arb_mat) -> arb_mat:
        """F, J n and l . n - 1."""
        point, k, kernel = self._split(column)
        at = self.landscape.at(BALLS, point, {"k": k})
        image = arb_mat(at.hessian()) * column_of(kernel)
        norm = _dot(self.normal, kernel) - 1
        return column_of([*at.gradient(), *image.entries(), norm])

    def jacobian(self, column: arb_mat) -> arb_mat:
        """The derivatives by parameters, k and n; those of J come from jets."""
        point, k, kernel = self._split(column)
        jets: Jets[arb] = Jets(BALLS)
        names = [*(str(i) for i in range(self.size)), "k"]
        *moving, moving_k = jets.variables(zip(names, [*point, k], strict=True))
        at = self.landscape.at(jets, moving, {"k": moving_k})
        gradient, hessian = at.gradient(), at.hessian()
        zeros = [arb(0)] * self.size
        rows = [[jets.slope(g, name) for name in names] + zeros for g in gradient]
        for entries in hessian:
            moved = [_dot([jets.slope(h, d) for h in entries], kernel) for d in names]
            rows.append(moved + [h.value for h in entries])
        rows.append([*zeros, arb(0), *self.normal])
        return arb_mat(rows)


def certify_fold(
    landscape: Landscape, start: Sequence[arb], k: arb, *, digits: int
) -> Fold | None:
    """Prove the fold that Newton's method reaches from a nearly singular point.

    Args:
        landscape: the landscape; its sizes depend on k only.
        start: approximate parameters of a point next to the fold.
        k: its k.
        digits: the radius of k is to be at most 10^-digits relative to k.

    Returns:
        The fold; None if none was proved.
    """
    found: list[arb] | None = None
    prec = 2 * starting_precision({"k": k}, digits)
    with working_precision(prec):
        at = landscape.at(BALLS, [x.mid() for x in start], {"k": k.mid()})
        direction = _approx_kernel(arb_mat(at.hessian()))
        if direction is None:
            return None
        square = _dot(direction, direction)
        normal = [(x / square).mid() for x in direction]
    found = [*start, k, *direction]
    system = _Bordered(landscape, normal)
    for _ in range(_MAX_TRIES):
        found = _newton(system, found, prec)
        if found is None:
            return None
        proved = certify_zero(system.value, system.jacobian, found, prec=prec)
        entries = proved.image.entries()
        n = system.size
        turning = entries[n]
        if proved.unique.is_true:
            with working_precision(prec):
                is_narrow = turning.rad() < arb(10) ** -digits * abs(turning.mid())
            if is_narrow:
                return Fold(
                    turning,
                    tuple(entries[:n]),
                    tuple(entries[n + 1 :]),
                    tuple(normal),
                    proved,
                )
        prec *= 2
    return None


def _approx_kernel(matrix: arb_mat) -> list[arb] | None:
    """A vector that a nearly singular matrix nearly maps to zero."""
    inverse = matrix.mid().inv(nonstop=True).mid()
    if not finite_entries(inverse):
        return None
    vector = column_of([arb(1)] * matrix.nrows())
    for _ in range(_INVERSE_ITERATIONS):
        vector = (inverse * vector).mid()
        largest = max(abs(x) for x in vector.entries())
        vector = (vector / largest).mid()
    return list(vector.entries())


def _newton(system: _Bordered, start: Sequence[arb], prec: int) -> list[arb] | None:
    with working_precision(prec):
        column = column_of([x.mid() for x in start])
        tolerance = arb(2) ** -(prec // 2)
        for _ in range(_MAX_NEWTON_STEPS):
            inverse = system.jacobian(column).mid().inv(nonstop=True).mid()
            step = (inverse * system.value(column).mid()).mid()
            if not finite_entries(step):
                return None
            column = (column - step).mid()
            largest = max(abs(x) for x in column.entries())
            if all(abs(x) <= tolerance * largest for x in step.entries()):
                return list(column.entries())
    return None


class ByLength(SystemFamily, Protocol):
    """A family of systems whose last equation is l . (x - x_0) = r s.

    The unknowns are (x, k).
    """

    normal: Sequence[arb]
    reach: arb


class _Along:
    """The reduced gradient and the length along n, as a family of systems in s."""

    def __init__(self, landscape: Landscape, fold: Fold, reach: arb) -> None:
        self.landscape = landscape
        self.origin = [x.mid() for x in fold.parameters]
        self.normal: Sequence[arb] = fold.normal
        self.reach = reach

    def value(self, z: Sequence[arb_series], s: arb_series) -> list[arb_series]:
        """F(x, k) and l . (x - x_0) - r s."""
        *x, k = z
        at = self.landscape.at(BALL_SERIES, x, {"k": k})
        length = -(self.reach * s)
        for a, b, c in zip(self.normal, x, self.origin, strict=True):
            length = length + a * (b - c)
        return [*at.gradient(), length]

    def slope(self, z: Sequence[arb_series], s: arb_series) -> list[list[arb_series]]:
        """The derivatives by x and k; the one of F by k comes from jets."""
        *x, k = z
        hessian = self.landscape.at(BALL_SERIES, x, {"k": k}).hessian()
        jets: Jets[arb_series] = Jets(BALL_SERIES)
        constants: list[Jet[arb_series]] = [jets.constant(y) for y in x]
        at = self.landscape.at(jets, constants, {"k": jets.variable(k, "k")})
        by_k = [jets.slope(g, "k") for g in at.gradient()]
        last = [arb_series([a]) for a in self.normal] + [arb_series([0])]
        return [
            *([*row, d] for row, d in zip(hessian, by_k, strict=True)),
            last,
        ]


def certify_turn(
    landscape: Landscape, fold: Fold, toward: Sequence[arb]
) -> Turn | None:
    """Prove the curve of critical points through a fold, to both sides of it.

    Args:
        landscape: the landscape.
        fold: the fold.
        toward: a point of the curve near the fold; the curve is proved about as far as
            that point on its side, and as far on the other side.

    Returns:
        The turn, on which k has exactly one minimum, at the fold; None if the proof did
        not succeed.
    """
    with working_precision(_TURN_PREC):
        origin = [x.mid() for x in fold.parameters]
        away = [x - y for x, y in zip(toward, origin, strict=True)]
        reach = _dot(fold.normal, away).mid()
        family = _Along(landscape, fold, reach)
        start = [
            (x, (reach * n).mid()) for x, n in zip(origin, fold.kernel, strict=True)
        ]
        start.append((fold.k.mid(), arb(0)))
        scales = [abs(reach)] * len(start)
        curve = approx_curve(family, start, scales, order=_TURN_ORDER, prec=_TURN_PREC)
        if curve is None:
            return None
        tube = certify_tube(family, *curve, scales, order=_TURN_ORDER, prec=_TURN_PREC)
        if tube is None or not k_is_convex(family, tube):
            return None
        lengths = [x - y for x, y in zip(fold.parameters, origin, strict=True)]
        s = _dot(fold.normal, lengths) / reach
        if not tube.holds([*fold.parameters, fold.k], s):
            return None
        return Turn(fold, tube, tuple(tube.enclosure(arb(1))))


def k_is_convex(family: ByLength, tube: Tube) -> bool:
    """Whether the second derivative of k by s is certainly positive on a whole tube.

    Args:
        family: the systems, with unknowns (x, k).
        tube: a tube of their zeros, to be asked at its own working precision.
    """
    n = len(family.normal)
    for i in range(_TURN_PIECES):
        s = (2 * arb(i) + 1) / _TURN_PIECES - 1 + arb(0, arb(1) / _TURN_PIECES)
        z = tube.enclosure(s)
        with series_length(1):
            point = [arb_series([x]) for x in z]
            rows = family.slope(point, arb_series([s]))
            matrix = arb_mat([[x[0] for x in row] for row in rows])
        try:
            speed = matrix.solve(
                column_of([*[arb(0)] * n, family.reach]), algorithm="precond"
            )
            with series_length(3):
                line = [
                    arb_series([x, v]) for x, v in zip(z, speed.entries(), strict=True)
                ]
                bent = family.value(line, arb_series([s, 1]))
                right = [-2 * x[2] for x in bent[:n]] + [arb(0)]
            acceleration = matrix.solve(column_of(right), algorithm="precond")
        except (ZeroDivisionError, ValueError):
            return False
        if not acceleration[n, 0] > 0:
            return False
    return True


def _dot(x: Sequence[arb], y: Sequence[arb]) -> arb:
    return sum((a * b for a, b in zip(x, y, strict=True)), arb(0))
