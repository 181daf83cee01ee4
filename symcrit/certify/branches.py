"""Follow a branch of critical points from its limit down to a given k.

The branch is followed numerically in guarded steps, and the point at the end is proved.
Its link with the limit then is *numerical*.

On request the link is proved down from some k at which the leading terms are a good
approximation: tubes over intervals of k, each holding exactly one critical point for
every real k, joined end to end.  Then the point is the analytic continuation of the
point at the top.

Where the branch ends in a fold, the fold is proved, and so is that the analytic
continuation of the point at the top reaches it and no smaller k.

Derivations: derivations/points.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property

from flint import arb, arb_series

from symcrit.arith.ballseries import BALL_SERIES
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.certify.folds import Fold, certify_fold, certify_turn
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
from symcrit.certify.trails import Path, Trail
from symcrit.certify.tubes import Polynomial, Tube, approx_curve, certify_tube
from symcrit.core.errors import RefutedError, UndecidedError
from symcrit.expand.balance import LeadingTerm
from symcrit.landscapes.reduced import Landscape, Reduced

__all__ = ["Branch", "BranchEnd", "BranchPoint", "Link", "LinkKind", "Stretch"]

_LEAST_TOP_BITS = 12
"""Tubes start at k = 2^12 or further out, where the leading terms fit."""

_MOST_TOP_BITS = 400

_TOP_MISMATCH = 1 / 8
"""Leading terms fit if no deviation differs from its own by more, relatively."""

_TUBE_PREC = 128
_TUBE_ORDER = 14
_FIRST_STEP = 0.1
_LARGEST_STEP = 0.3
_SMALLEST_STEP = 2.0**-20
_SMALLEST_STEP_TO_FOLD = 2.0**-48
"""Lengths of intervals of k, relative to k."""

_AIM = 2.0**-13
"""The wanted width of a tube relative to the deviations; steps are chosen for it."""

_MOST_GROWTH = 1.3

_CLOSE_TO_LEAST = Fraction(1, 1024)
"""A branch that is followed so close to the least size is taken to have no end."""

_NEAR_END = 2.0**-8
"""A fold ends the branch only if it is so close to the last point reached."""

_TURN_BITS = range(22, 42, 2)
"""Turns are tried at the fold times 1 + 2^-bits."""


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

    def holds(self, *point: arb) -> bool:
        """Whether a zero (x, k) certainly is the one of the tube at its k."""
        *x, k = point
        with working_precision(self.tube.prec):
            s = self.parameter(k)
        return self.tube.holds(x, s)

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
class BranchEnd:
    """A fold in which a branch ends, followed downward.

    Attributes:
        fold: the fold.
        link: PROVED if the analytic continuation of the point at ``k_from`` exists for
            all real k down to the fold, turns there, and so reaches no smaller k.
    """

    fold: Fold
    link: Link

    def __str__(self) -> str:
        """One sentence for a person."""
        return (
            "the branch turns back in a fold at"
            f" k = {self.fold.k.str(15, radius=False)} ({self.link})"
        )


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
        self.trail = Trail(landscape, leading)
        self._chains: dict[int, list[Stretch]] = {}

    @property
    def limit(self) -> tuple[Exact, ...]:
        """The limits of the parameters."""
        return self.trail.limit

    @cached_property
    def end(self) -> BranchEnd | None:
        """The fold in which the branch ends, if one was proved.

        None says nothing: the branch may go on to the smallest size of its pattern, or
        end in another way, or its fold was not proved.
        """
        least = _least_size(self.landscape)
        path = self.trail.follow(least * (1 + _CLOSE_TO_LEAST), self._solve_at_end)
        if path.arrived or not path.nodes:
            return None
        unlinked = None
        for k, start in self._near_the_end(path, least):
            fold = self._fold_near(k, start)
            if fold is not None:
                stretches = self._tubes_to_fold(fold)
                if stretches is not None:
                    return BranchEnd(fold, self._proved_link(stretches))
                unlinked = unlinked or fold
        if unlinked is None:
            return None
        first = path.nodes[0]
        mismatch = self.trail.mismatch(first)
        link = Link(LinkKind.NUMERICAL, first.k, mismatch, len(path.nodes))
        return BranchEnd(unlinked, link)

    def _solve_at_end(self, start: list[arb], prec: int) -> list[arb] | None:
        least = _least_size(self.landscape)
        with working_precision(prec):
            k = as_ball(least * (1 + _CLOSE_TO_LEAST))
        found = approx_zero(self.landscape, start, {"k": k}, prec=prec)
        return None if found is None else found[0]

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
            RefutedError: the branch ends in a proved fold above k.
            UndecidedError: the branch was lost, or the point was not proved; the
                message says how far down it was followed.
        """
        check_sizes(self.landscape, {"k": k})
        try:
            if prove_link:
                return self._point_in_tube(k, digits)
            return self._followed_point(k, digits)
        except UndecidedError as error:
            end = self.end
            if end is None or not as_ball(k) < end.fold.k:
                raise
            if end.link.kind is not LinkKind.PROVED:
                message = f"{error}; {end}"
                raise UndecidedError(message, hint="the link is not proved") from error
            message = f"there is no point at k = {_short(_middle(k))}: {end}"
            raise RefutedError(message) from error

    def _certified(
        self, start: Sequence[arb], k: Variable, digits: int
    ) -> CertifiedPoint:
        return certify_point(
            self.landscape, start, {"k": k}, digits=digits, limit=self.limit
        )

    def _followed_point(self, k: Variable, digits: int) -> BranchPoint:
        """The point at the end of guarded steps, with a numerical link."""
        found: list[CertifiedPoint] = []
        reasons = ["Newton's method leads to another branch"]

        def arrive(start: list[arb], _prec: int) -> list[arb] | None:
            try:
                point = self._certified(start, k, digits)
            except UndecidedError as error:
                reasons.append(str(error).removesuffix(f"; {error.hint}"))
                return None
            found.append(point)
            return list(point.parameters.values())

        goal = _middle(k)
        path = self.trail.follow(goal, arrive)
        if not path.arrived:
            message = (
                f"the branch was followed down to k = {_short(path.nodes[-1].k)}"
                if path.nodes
                else "the branch was not found near its limit"
            )
            message = f"{message}; at k = {_short(goal)}: {reasons[-1]}"
            raise UndecidedError(message, hint="k may lie outside its range")
        first = path.nodes[0]
        link = Link(
            LinkKind.NUMERICAL, first.k, self.trail.mismatch(first), len(path.nodes)
        )
        return BranchPoint(found[-1], link)

    def tubes(
        self, k: Fraction, *, smallest_step: float = _SMALLEST_STEP
    ) -> list[Stretch]:
        """Tubes from a k where the leading terms fit down to the given k or beyond.

        Adjacent ones are joined: together they hold one analytic curve of critical
        points over the whole interval.

        Args:
            k: the lower end of the interval.
            smallest_step: the length of the shortest tube, relative to k.

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
            if step < smallest_step:
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
            k_top = Fraction(1 << bits)
            point = self.trail.approx_point(k_top, starting_precision({"k": k_top}, 8))
            if point is not None:
                node = self.trail.node(k_top, point)
                if self.trail.mismatch(node) <= _TOP_MISMATCH:
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
        found = self.trail.approx_point(middle, _TUBE_PREC)
        return None if found is None else tuple((x,) for x in found)

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
        return BranchPoint(found, self._proved_link(stretches))

    def _proved_link(self, stretches: Sequence[Stretch]) -> Link:
        top = stretches[0]
        node = self.trail.node(top.high, top.tube.enclosure(arb(1)))
        mismatch = self.trail.mismatch(node)
        return Link(LinkKind.PROVED, top.high, mismatch, len(stretches))

    def _near_the_end(
        self, path: Path, least: Fraction
    ) -> Iterator[tuple[Fraction, list[arb]]]:
        """Points next to which the branch may end: of the trail, then of the tubes."""
        last = path.nodes[-1]
        yield last.k, self.trail.point_of(last, _TUBE_PREC)
        try:
            bottom = self.tubes(least * (1 + _CLOSE_TO_LEAST))[-1]
        except UndecidedError:
            chain = self._chains.get(self._top(least), [])
            if not chain:
                return
            bottom = chain[-1]
        yield bottom.low, bottom.tube.enclosure(arb(-1))

    def _fold_near(self, k: Fraction, start: Sequence[arb]) -> Fold | None:
        """A proved fold close to a point."""
        with working_precision(_TUBE_PREC):
            size = as_ball(k)
            fold = certify_fold(self.landscape, start, size, digits=DEFAULT_DIGITS)
            if fold is None or not abs(fold.k / size - 1) < _NEAR_END:
                return None
            moves = [x - y for x, y in zip(fold.parameters, start, strict=True)]
            return fold if all(abs(x) < _NEAR_END for x in moves) else None

    def _tubes_to_fold(self, fold: Fold) -> list[Stretch] | None:
        """Tubes whose curve is proved to run into a fold."""
        for bits in _TURN_BITS:
            low = _fraction(fold.k.upper()) * (1 + Fraction(1, 1 << bits))
            try:
                stretches = self.tubes(low, smallest_step=_SMALLEST_STEP_TO_FOLD)
            except UndecidedError:
                return None
            last = stretches[-1]
            toward = [x.mid() for x in last.tube.enclosure(arb(0))]
            turn = certify_turn(self.landscape, fold, toward)
            if turn is not None and last.holds(*turn.end):
                return stretches
        return None


def _least_size(landscape: Landscape) -> Fraction:
    """The k at and below which some orbit of entries is empty."""
    pattern = landscape.structure.pattern
    bounds = [Fraction(0)]
    for count in landscape.orbit_counts:
        for group, offset in count.falling:
            size = pattern.sizes[group]
            slope = dict(size.terms).get("k", Fraction(0))
            if slope > 0:
                bounds.append((offset - size.const) / slope)
    return max(bounds)


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


def _short(k: Fraction) -> str:
    return str(k) if k.denominator < 10**4 else f"{float(k):.9g}"
