"""Follow a branch of critical points from its limit down to a given k.

Near the limit the leading terms are a good start for Newton's method.  From there the
branch is continued in real k, with t = k^(-1/2) as the variable in which the scaled
deviations from the limit are smooth: each parameter is limit + c t^e y(t), y(0) = 1,
and the next y is extrapolated from the last ones.  A step counts only if Newton's
method hardly changes the extrapolation; otherwise it is shortened.  That guards against
a jump to another branch, but it is no proof: the point at the end is proved, its link
with the limit is *numerical*.

On request the link is proved down from some k at which the leading terms are a good
approximation: tubes over intervals of k, each holding exactly one critical point for
every real k, joined end to end.  Then the point is the analytic continuation of the
point at the top.

Derivations: derivations/points.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from flint import arb, arb_series

from symcrit.arith.ballseries import BALL_SERIES
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.certify.points import (
    DEFAULT_DIGITS,
    CertifiedPoint,
    Variable,
    approx_zero,
    as_ball,
    certify_point,
    check_sizes,
    starting_precision,
)
from symcrit.certify.tubes import Polynomial, Tube, approx_curve, certify_tube
from symcrit.core.errors import UndecidedError
from symcrit.expand.balance import LeadingTerm
from symcrit.landscapes.reduced import Landscape, Reduced

__all__ = ["Branch", "BranchPoint", "Link", "LinkKind", "Stretch"]

_FIRST_T = 2.0**-6
"""The first step from the limit goes no further than this in t."""

_GROWTH = 4.0
"""Each further step multiplies t by at most this."""

_LEAST_GROWTH = 1 + 2.0**-20
_LEAST_T = 2.0**-100
"""The branch counts as lost when steps have to be shorter."""

_GUARD = 1 / 8
"""Newton's method may change a scaled deviation by this; more counts as a jump."""

_NODES = 6
"""Extrapolation uses so many of the nearest points."""

_FOLLOWING_DIGITS = 8

_LEAST_TOP_BITS = 12
"""Tubes start at k = 2^12 or further out, where the leading terms fit."""

_MOST_TOP_BITS = 400

_TOP_MISMATCH = 1 / 8
"""Leading terms fit if no deviation differs from its own by more, relatively."""

_TUBE_PREC = 128
_TUBE_ORDER = 14
_FIRST_STEP = 0.1
_LARGEST_STEP = 0.3
_SMALLEST_STEP = 2.0**-30
"""Lengths of intervals of k, relative to k."""

_AIM = 2.0**-13
"""The wanted width of a tube relative to the deviations; steps are chosen for it."""

_MOST_GROWTH = 1.3


class LinkKind(Enum):
    """How a point is known to belong to a branch."""

    PROVED = "proved"
    NUMERICAL = "numerical"


@dataclass(frozen=True, slots=True)
class Link:
    """How a proved point is linked with the limit of its branch.

    Attributes:
        kind: PROVED if one analytic curve of critical points over a whole interval of
            real k joins the point with the one at ``k_from``, which is close to the
            leading terms; NUMERICAL if the points in between were only computed.
        k_from: the k at which the branch was entered from its leading terms.
        mismatch: the largest relative difference there between a deviation from the
            limit and its leading term; a number without bound.
        steps: the number of tubes, or of steps, from there.
    """

    kind: LinkKind
    k_from: Fraction
    mismatch: float
    steps: int

    def __str__(self) -> str:
        """One sentence for a person."""
        start = (
            f"k = {_short(self.k_from)}, where the deviations from the limit agree with"
            f" their leading terms to {self.mismatch:.2g}"
        )
        if self.kind is LinkKind.PROVED:
            return (
                f"proved: one analytic curve of critical points, in {self.steps} tubes,"
                f" from {start}"
            )
        return f"numerical: followed in {self.steps} steps from {start}"


@dataclass(frozen=True, slots=True)
class BranchPoint:
    """A proved critical point, and how it is linked with its branch."""

    point: CertifiedPoint
    link: Link


@dataclass(frozen=True, slots=True)
class Stretch:
    """A tube of critical points over an interval of real k.

    Attributes:
        low: the lower end of the interval.
        high: the upper end.
        tube: the tube; s = -1 and s = 1 stand for the two ends.
    """

    low: Fraction
    high: Fraction
    tube: Tube

    def parameter(self, k: Variable) -> arb:
        """The s that belongs to k, at the working precision."""
        if isinstance(k, arb):
            width = as_ball(self.high - self.low)
            return (2 * k - as_ball(self.high + self.low)) / width
        return as_ball((2 * k - self.high - self.low) / (self.high - self.low))

    def joins(self, lower: "Stretch") -> bool:
        """Whether this tube and the next lower one hold the same zero where they meet.

        The zero of one of them lies in the box of the other, where there is only one.
        """
        if self.low != lower.high:
            return False
        bottom, top = arb(-1), arb(1)
        mine, other = self.tube, lower.tube
        return other.holds(mine.enclosure(bottom), top) or mine.holds(
            other.enclosure(top), bottom
        )


class InK:
    """The reduced gradient over an interval of k, as a family of systems in s."""

    def __init__(self, landscape: Landscape, low: Fraction, high: Fraction) -> None:
        self.landscape = landscape
        self.middle = as_ball((high + low) / 2)
        self.radius = as_ball((high - low) / 2)

    def _at(self, x: Sequence[arb_series], s: arb_series) -> Reduced[arb_series]:
        k = self.middle + self.radius * s
        return self.landscape.at(BALL_SERIES, x, {"k": k})

    def value(self, x: Sequence[arb_series], s: arb_series) -> list[arb_series]:
        """The entries of the gradient."""
        return self._at(x, s).gradient()

    def slope(self, x: Sequence[arb_series], s: arb_series) -> list[list[arb_series]]:
        """Their derivatives by the parameters.

        Raises:
            ArithmeticError: a pair declared parallel may point otherwise.
        """
        at = self._at(x, s)
        for pair in self.landscape.structure.pairs:
            if pair.parallel and not pair.parallel * at.data(pair)[0].c[0] > 0:
                message = f"the pair {pair.label} may point otherwise than declared"
                raise ArithmeticError(message)
        return at.hessian()


@dataclass(frozen=True, slots=True)
class _Node:
    """A point of the branch: k, t, and the scaled deviations from the limit."""

    k: Fraction
    t: float
    scaled: tuple[float, ...]


class Branch:
    """A branch of critical points for all large k, given by its leading terms.

    Points that were reached and tubes that were proved are kept, so that a second
    question is cheaper than the first.

    Args:
        landscape: the landscape; its sizes depend on k only.
        leading: limit and leading term of each parameter.

    Example:
        >>> from symcrit.expand.balance import find_leading_terms
        >>> from symcrit.landscapes.gram import Structure
        >>> from symcrit.landscapes.kernels import Relu
        >>> from symcrit.symmetry.patterns import Pattern
        >>> land = Landscape(Relu(), Structure.build(Pattern.parse("1+(k-1)")))
        >>> limit = [Exact.rational(x) for x in (-1, 0, 0, 1, 0)]
        >>> branch = Branch(land, find_leading_terms(land, limit))
        >>> found = branch.point(7)
        >>> print(found.point.parameters["a_1"].str(10, radius=False))
        -0.6327039049
        >>> found.link.kind.value
        'numerical'
    """

    def __init__(self, landscape: Landscape, leading: Sequence[LeadingTerm]) -> None:
        self.landscape = landscape
        self.leading = tuple(leading)
        self.limit: tuple[Exact, ...] = tuple(term.limit for term in leading)
        self._at_limit = tuple(
            0.0 if term.exponent is None else 1.0 for term in leading
        )
        self._nodes: list[_Node] = []
        self._chains: dict[int, list[Stretch]] = {}

    def point(
        self,
        k: Variable,
        *,
        digits: int = DEFAULT_DIGITS,
        prove_link: bool = False,
    ) -> BranchPoint:
        """The point of the branch at k, proved.

        Args:
            k: an integer, a fraction, or a ball of real numbers.
            digits: to be proved for parameters, deviations and loss.
            prove_link: whether to prove by tubes that the point belongs to the branch.

        Raises:
            InputError: at this k the pattern has an empty orbit.
            UndecidedError: the branch was lost, or the point was not proved; the
                message says how far down it was followed.
        """
        check_sizes(self.landscape, {"k": k})
        if prove_link:
            return self._point_in_tube(k, digits)
        return self._followed_point(k, digits)

    def _certified(
        self, start: Sequence[arb], k: Variable, digits: int
    ) -> CertifiedPoint:
        return certify_point(
            self.landscape, start, {"k": k}, digits=digits, limit=self.limit
        )

    # ------------------------------------------------------------ numerical link

    def _followed_point(self, k: Variable, digits: int) -> BranchPoint:
        """The point at the end of guarded steps in t."""
        goal = _middle(k)
        t, growth, first = _t_of(goal), _GROWTH, _FIRST_T
        reason = "Newton's method leads to another branch"
        while True:
            last = max((node.t for node in self._nodes if node.t < t), default=0.0)
            target = min(t, last * growth if last else first)
            found, node = None, None
            if target < t:
                node = self._step(Fraction(1 / target**2))
            else:
                start = self._predicted(goal, starting_precision({"k": k}, digits))
                try:
                    found = self._certified(start, k, digits)
                except UndecidedError as error:
                    reason = str(error)
                else:
                    node = self._node(goal, list(found.parameters.values()))
            if node is not None and self._is_guarded(node):
                if found is not None:
                    return BranchPoint(found, self._numerical_link(node))
                self._nodes = sorted([*self._nodes, node], key=lambda x: x.t)
                growth = min(_GROWTH, growth * growth)
                continue
            if last:
                growth = math.sqrt(target / last)
            else:
                first = target / _GROWTH
            if growth < _LEAST_GROWTH or first < _LEAST_T:
                reached = f"k = {1 / last**2:.6g}" if last else "no k at all"
                message = (
                    f"the branch was followed down to {reached}; at k = {_short(goal)}:"
                    f" {reason}"
                )
                raise UndecidedError(message, hint="k may lie outside its range")

    def _numerical_link(self, end: _Node) -> Link:
        path = [*(node for node in self._nodes if node.t < end.t), end]
        return Link(
            LinkKind.NUMERICAL, path[0].k, self._mismatch(path[0].scaled), len(path)
        )

    def _step(self, k: Fraction) -> _Node | None:
        """The node that Newton's method reaches at k."""
        prec = starting_precision({"k": k}, _FOLLOWING_DIGITS)
        with working_precision(prec):
            variables = {"k": as_ball(k)}
        start = self._predicted(k, prec)
        found = approx_zero(self.landscape, start, variables, prec=prec)
        return None if found is None else self._node(k, found[0])

    def _scales(self, k: Fraction, prec: int) -> list[arb]:
        """The leading terms at k; 1 where a parameter seems to stay at its limit."""
        half = -as_ball(k).log() / 2
        scales = []
        for term in self.leading:
            if term.exponent is None or term.coefficient is None:
                scales.append(arb(1))
            else:
                e = term.exponent
                power = (half * e.numerator / e.denominator).exp()
                scales.append((term.coefficient.ball(prec) * power).mid())
        return scales

    def _predicted(self, k: Fraction, prec: int) -> list[arb]:
        """The extrapolated parameters at k."""
        with working_precision(prec):
            return [
                (limit.ball(prec) + scale * y).mid()
                for limit, scale, y in zip(
                    self.limit,
                    self._scales(k, prec),
                    self._extrapolated(_t_of(k)),
                    strict=True,
                )
            ]

    def _node(self, k: Fraction, point: Sequence[arb]) -> _Node:
        prec = starting_precision({"k": k}, _FOLLOWING_DIGITS)
        with working_precision(prec):
            scaled = tuple(
                float(((x - limit.ball(prec)) / scale).mid())
                for x, limit, scale in zip(
                    point, self.limit, self._scales(k, prec), strict=True
                )
            )
        return _Node(k, _t_of(k), scaled)

    def _extrapolated(self, t: float) -> tuple[float, ...]:
        """Scaled deviations at t, by the polynomial through the nearest points."""
        known = [(0.0, self._at_limit)]
        known += [(node.t, node.scaled) for node in self._nodes]
        known = sorted(known, key=lambda x: abs(x[0] - t))[:_NODES]
        total = [0.0] * len(self.leading)
        for i, (x, values) in enumerate(known):
            weight = 1.0
            for j, (other, _) in enumerate(known):
                if j != i:
                    weight *= (t - other) / (x - other)
            total = [a + weight * v for a, v in zip(total, values, strict=True)]
        return tuple(total)

    def _is_guarded(self, node: _Node) -> bool:
        """Whether Newton's method hardly changed the extrapolation."""
        return all(
            abs(y - expected) <= _GUARD * max(1.0, abs(y))
            for y, expected in zip(node.scaled, self._extrapolated(node.t), strict=True)
        )

    def _mismatch(self, scaled: Sequence[float]) -> float:
        return max(abs(y - x) for y, x in zip(scaled, self._at_limit, strict=True))

    # --------------------------------------------------------------- proved link

    def tubes(self, k: Fraction) -> list[Stretch]:
        """Tubes from a k where the leading terms fit down to the given k or beyond.

        Adjacent ones are joined: together they hold one analytic curve of critical
        points over the whole interval.

        Raises:
            UndecidedError: the tubes end above k; the message says where.
        """
        top = self._top(k)
        chain = self._chains.setdefault(top, [])
        step = _FIRST_STEP
        if chain:
            step = float((chain[-1].high - chain[-1].low) / chain[-1].high)
        while not chain or chain[-1].low > k:
            high = chain[-1].low if chain else Fraction(1 << top)
            stretch = self._stretch(chain, high, max(k, _shortened(high, step)))
            if stretch is not None:
                chain.append(stretch)
                step = min(_LARGEST_STEP, step * self._growth(stretch))
                continue
            step /= 2
            if step < _SMALLEST_STEP:
                message = (
                    "an analytic curve of critical points was proved from"
                    f" k = {1 << top} down to k = {float(high):.9g}, but not to"
                    f" k = {_short(k)}"
                )
                raise UndecidedError(message, hint="k may lie outside its range")
        return [stretch for stretch in chain if stretch.high > k]

    def _top(self, k: Fraction) -> int:
        """The bits of the k at which tubes start: above k, and leading terms fit."""
        for bits in range(_LEAST_TOP_BITS, _MOST_TOP_BITS, 2):
            if 1 << bits <= k:
                continue
            if bits in self._chains:
                return bits
            node = self._step(Fraction(1 << bits))
            if node is not None and self._mismatch(node.scaled) <= _TOP_MISMATCH:
                return bits
        message = f"the leading terms fit nowhere above k = {_short(k)}"
        raise UndecidedError(message, hint="check the leading terms")

    def _stretch(
        self, chain: Sequence[Stretch], high: Fraction, low: Fraction
    ) -> Stretch | None:
        """A tube over an interval that is joined to the last one."""
        with working_precision(_TUBE_PREC):
            family = InK(self.landscape, low, high)
            start = self._curve_start(chain, high, low)
            if start is None:
                return None
            scales = _positive(
                [
                    abs(c[0] - limit.ball(_TUBE_PREC)).mid()
                    for c, limit in zip(start, self.limit, strict=True)
                ]
            )
            curve = approx_curve(
                family, start, scales, order=_TUBE_ORDER, prec=_TUBE_PREC
            )
            if curve is None:
                return None
            tube = certify_tube(
                family, *curve, scales, order=_TUBE_ORDER, prec=_TUBE_PREC
            )
            if tube is None:
                return None
        stretch = Stretch(low, high, tube)
        if chain and not chain[-1].joins(stretch):
            return None
        return stretch

    def _curve_start(
        self, chain: Sequence[Stretch], high: Fraction, low: Fraction
    ) -> tuple[Polynomial, ...] | None:
        """The last centre, continued; or the point at the middle of the first tube."""
        middle = (high + low) / 2
        if chain:
            last = chain[-1]
            stretch = as_ball((high - low) / (last.high - last.low))
            return last.tube.continued(last.parameter(middle).mid(), stretch.mid())
        start = self._predicted(middle, _TUBE_PREC)
        found = approx_zero(
            self.landscape, start, {"k": as_ball(middle)}, prec=_TUBE_PREC
        )
        return None if found is None else tuple((x,) for x in found[0])

    def _growth(self, stretch: Stretch) -> float:
        """By how much the next tube may be longer, from the width of this one."""
        with working_precision(_TUBE_PREC):
            point = stretch.tube.enclosure(arb(0))
            scales = _positive(
                [
                    abs(x - limit.ball(_TUBE_PREC)).mid()
                    for x, limit in zip(point, self.limit, strict=True)
                ]
            )
            width = max(
                float(b / scale)
                for b, scale in zip(stretch.tube.radii, scales, strict=True)
            )
        wanted: float = (_AIM / width) ** (1 / _TUBE_ORDER)
        return min(_MOST_GROWTH, max(0.5, wanted))

    def _point_in_tube(self, k: Variable, digits: int) -> BranchPoint:
        """The point at k, certified to lie in a tube."""
        lowest = _lower_end(k)
        stretches = self.tubes(lowest)
        with working_precision(starting_precision({"k": k}, digits)):
            last = stretches[-1]
            s = last.parameter(k)
            start = [x.mid() for x in last.tube.enclosure(s.mid())]
            found = self._certified(start, k, digits)
            if not last.tube.holds(found.enclosure.image.entries(), s):
                message = (
                    f"the point proved at k = {_short(_middle(k))} was not shown to lie"
                    " in the tube of the branch"
                )
                raise UndecidedError(message, hint="give a narrower range of k")
            top = stretches[0]
            scaled = self._node(top.high, top.tube.enclosure(arb(1))).scaled
        link = Link(LinkKind.PROVED, top.high, self._mismatch(scaled), len(stretches))
        return BranchPoint(found, link)


def _positive(sizes: Sequence[arb]) -> list[arb]:
    """Sizes with zeros replaced by the least positive one."""
    least = min((x for x in sizes if x > 0), default=arb(1))
    return [x if x > 0 else least for x in sizes]


def _shortened(high: Fraction, step: float) -> Fraction:
    """About high * (1 - step), with a short binary expansion."""
    return Fraction(float(high) * (1 - step))


def _middle(k: Variable) -> Fraction:
    if isinstance(k, arb):
        return _fraction(k.mid())
    return Fraction(k)


def _lower_end(k: Variable) -> Fraction:
    if isinstance(k, arb):
        return _fraction(k.lower())
    return Fraction(k)


def _fraction(x: arb) -> Fraction:
    """An exact ball as a fraction."""
    q = x.fmpq()
    return Fraction(int(q.p), int(q.q))


def _t_of(k: Fraction) -> float:
    """k^(-1/2); for huge k it may be 0."""
    return float((-as_ball(k).log() / 2).exp().mid())


def _short(k: Fraction) -> str:
    return str(k) if k.denominator < 10**4 else f"{float(k):.9g}"
