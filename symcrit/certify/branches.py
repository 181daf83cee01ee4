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

from flint import arb

from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.certify.ends import smallest_size
from symcrit.certify.folds import Fold, certify_fold, certify_turn
from symcrit.certify.points import (
    DEFAULT_DIGITS,
    CertifiedPoint,
    approx_zero,
    certify_point,
    check_sizes,
    starting_precision,
)
from symcrit.certify.stretches import AIM, TUBE_PREC, Chain, Start, Stretch
from symcrit.certify.trails import Path, Trail
from symcrit.core.errors import RefutedError, UndecidedError
from symcrit.expand.balance import LeadingTerm
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.sizes import Variable, as_ball

__all__ = ["Branch", "BranchEnd", "BranchPoint", "Link", "LinkKind"]

_LEAST_TOP_BITS = 12
"""Tubes start at k = 2^12 or further out, where the leading terms fit."""

_MOST_TOP_BITS = 400

_TOP_MISMATCH = 1 / 8
"""Leading terms fit if no deviation differs from its own by more, relatively."""

_SMALLEST_STEP = 2.0**-20
_SMALLEST_STEP_TO_FOLD = 2.0**-48
"""Lengths of intervals of k, relative to k."""

_CLOSE_TO_LEAST = Fraction(1, 1024)
"""A branch that is followed so close to the least size is taken to have no end."""

_NEAR_END = 2.0**-8
"""A fold ends the branch only if it is so close to the last point reached."""

_TURN_BITS = range(22, 42, 2)
"""Turns are tried at the fold times 1 + 2^-bits."""


class LinkKind(Enum):
    """How a point is known to belong to a branch: by proof, or by numbers."""

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

    Example:
        >>> import symcrit
        >>> print(symcrit.family("A").point(k=6).link)
        numerical: followed in ... steps from k = 4096, where ...

    Source:
        derivations/points.md, which branch, tubes.
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
        entry: a k at which tubes start, and approximate points near it; by default some
            k at which the leading terms are a good approximation.
        aim: the wanted width of tubes relative to the deviations from the limit.

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

    def __init__(
        self,
        landscape: Landscape,
        leading: Sequence[LeadingTerm],
        *,
        entry: tuple[Fraction, Start] | None = None,
        aim: float = AIM,
    ) -> None:
        self.landscape = landscape
        self.trail = Trail(landscape, leading)
        self._aim = aim
        self._entry = None
        if entry is not None:
            self._entry = Chain(landscape, self.limit, *entry, aim=aim)
        self._chains: dict[int, Chain] = {}

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
        least = smallest_size(self.landscape)
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

    def end_below(self) -> BranchEnd | None:
        """The fold next to the end of the tubes, if it and the link are proved."""
        if self._entry is None or not self._entry.stretches:
            return None
        bottom = self._entry.stretches[-1]
        fold = self._fold_near(bottom.low, bottom.tube.enclosure(arb(-1)))
        if fold is None:
            return None
        stretches = self._tubes_to_fold(fold)
        if stretches is None:
            return None
        return BranchEnd(fold, self._proved_link(stretches))

    @property
    def entry_stretches(self) -> tuple[Stretch, ...]:
        """The tubes that were proved from the entry downward."""
        return () if self._entry is None else tuple(self._entry.stretches)

    def _solve_at_end(self, start: list[arb], prec: int) -> list[arb] | None:
        least = smallest_size(self.landscape)
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
        chain = self._chain(k)
        chain.extend(k, smallest_step=smallest_step)
        return chain.above(k)

    def _chain(self, k: Fraction) -> Chain:
        """The chain of tubes that starts above k."""
        if self._entry is not None and k < self._entry.top:
            return self._entry
        bits = self._top(k)
        if bits not in self._chains:

            def start(middle: Fraction) -> Sequence[arb] | None:
                return self.trail.approx_point(middle, TUBE_PREC)

            top = Fraction(1 << bits)
            self._chains[bits] = Chain(
                self.landscape, self.limit, top, start, aim=self._aim
            )
        return self._chains[bits]

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
        yield last.k, self.trail.point_of(last, TUBE_PREC)
        try:
            bottom = self.tubes(least * (1 + _CLOSE_TO_LEAST))[-1]
        except UndecidedError:
            stretches = self._chain(least).stretches
            if not stretches:
                return
            bottom = stretches[-1]
        yield bottom.low, bottom.tube.enclosure(arb(-1))

    def _fold_near(self, k: Fraction, start: Sequence[arb]) -> Fold | None:
        """A proved fold close to a point."""
        with working_precision(TUBE_PREC):
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
