r"""Theorems for all k: existence, bounds and Morse index from some k to infinity.

Near infinity ``infinity`` proves, for all real k >= k_1 at once, that the branch
exists, how far it is from its series, that its loss is positive and which signs its
blocks have.  From k_1 downward a chain of tubes continues the same curve: at k_1 the
zero of the first tube lies in the box that holds exactly one zero by the statement near
infinity, or the other way round.  Along the chain ``indices`` follows the signs of all
blocks and proves each threshold, and ``remainders`` bounds parameters and loss.

So each statement holds for all real k >= k_min.  At integers where a component has not
yet all its copies, blocks over real k mean nothing, and the spectra of single points of
the curve are enclosed instead.

Derivations: derivations/uniform.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from flint import arb

from symcrit.arith.precision import working_precision
from symcrit.certify.branches import Branch, BranchEnd
from symcrit.certify.ends import (
    End,
    check_sizes_grow,
    meeting_point,
    smallest_size,
)
from symcrit.certify.indices import ComponentSigns, follow_signs
from symcrit.certify.inertia import last_break
from symcrit.certify.infinity import Infinity, certify_infinity
from symcrit.certify.stretches import Stretch
from symcrit.core.errors import UndecidedError
from symcrit.expand.balance import LeadingTerm
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.eigenvalues import Spectrum, enclose_spectrum
from symcrit.spectra.sizes import as_ball
from symcrit.symmetry.components import decompose

__all__ = ["UniformTheorem", "index_at", "joins_infinity", "prove_uniform"]

Progress = Callable[[str, int, int], None]
"""Called with what is being done, and how much of it is done of how much."""

_ABOVE_LEAST = Fraction(1, 64)
"""Tubes go down to this much above the least size."""

_AIM = 2.0**-30
"""Relative width of the tubes: narrow, so that signs are open on short intervals."""

_SMALLEST_STEP = 2.0**-20
"""Shorter tubes, relative to k, are tried only where a fold was found."""

_SIZES = tuple(Fraction(4**i) for i in range(3, 16))
"""The statement near infinity is tried from these k on, in turn."""


@dataclass(frozen=True)
class UniformTheorem:
    """A branch of critical points for all real k >= k_min, with its proof.

    Attributes:
        landscape: the landscape.
        infinity: the statement for all k >= k_1.
        stretches: joined tubes from k_1 down to k_min.
        signs: for each component, where its signs are known.
        end: the fold in which the branch ends below k_min; None if none was proved.
        stopped: what keeps k_min from being smaller, in words.
    """

    landscape: Landscape
    infinity: Infinity
    stretches: tuple[Stretch, ...]
    signs: tuple[ComponentSigns, ...]
    end: BranchEnd | None
    stopped: str

    @property
    def k_min(self) -> Fraction:
        """The curve exists for all real k from here on."""
        return self.stretches[-1].low if self.stretches else self.infinity.k_from

    @property
    def k_one(self) -> Fraction:
        """Where the tubes meet the statement near infinity."""
        return self.infinity.k_from

    @cached_property
    def complete_from(self) -> Fraction | None:
        """All thresholds from here to infinity are known; None if a sign is open there.

        A component counts only above the k of ``followed_above``.
        """
        if any(x is None for x in self.infinity.negatives.values()):
            return None
        lows = [s.low for s in self.signs if s.low > s.lowest]
        return max([self.k_min, *lows])

    def negatives_at(self, k: Fraction) -> dict[str, int | None]:
        """By component, the number of negative eigenvalues of its block at a real k.

        Components that miss a copy at this k are left out.

        Raises:
            ValueError: k is less than k_min.
        """
        if k < self.k_min:
            message = f"k = {k} lies below {self.k_min}"
            raise ValueError(message)
        if k >= self.k_one:
            found = dict(self.infinity.negatives)
        else:
            found = {s.component.name: s.negative_at(k) for s in self.signs}
        return {name: x for name, x in found.items() if k > self._breaks[name]}

    @property
    def followed_above(self) -> Mapping[str, Fraction]:
        """For each component, the k above which its thresholds are told."""
        least = smallest_size(self.landscape)
        return {name: max(least, k) for name, k in self._breaks.items()}

    @cached_property
    def _breaks(self) -> Mapping[str, Fraction]:
        """For each component, the k above which it has all its copies."""
        components = decompose(self.landscape.structure.pattern).components
        return {c.name: last_break(self.landscape, c) for c in components}

    def enclosure(self, k: Fraction) -> list[arb]:
        """Balls that contain the parameters of the curve at one k.

        Raises:
            ValueError: k is less than k_min.
        """
        if k >= self.k_one:
            with working_precision(self.infinity.prec):
                return self.infinity.enclosure(as_ball(k))
        for stretch in self.stretches:
            if stretch.low <= k:
                return stretch.enclosure(k, k)
        message = f"k = {k} lies below {self.k_min}"
        raise ValueError(message)

    @cached_property
    def integers(self) -> Mapping[int, Spectrum]:
        """The spectra at the integers that are looked at one by one, by k."""
        return {
            k: index_at(self, k)
            for k in range(max(1, ceil(self.k_min)), self.generic_from)
        }

    @cached_property
    def generic_from(self) -> int:
        """From this integer on the Morse index is one polynomial in k."""
        marks = [*self._breaks.values(), *(s.low for s in self.signs)]
        for s in self.signs:
            marks += [p.singular.high for p in s.passages]
        marks.append(self.k_min)
        return floor(max(marks)) + 1


def index_at(theorem: UniformTheorem, k: int) -> Spectrum:
    """The spectrum of the full Hessian at the point of the curve at one integer."""
    point = theorem.enclosure(Fraction(k))
    return enclose_spectrum(theorem.landscape, point, {"k": k})


def prove_uniform(
    landscape: Landscape,
    leading: Sequence[LeadingTerm],
    *,
    down_to: Fraction | None = None,
    progress: Progress | None = None,
) -> UniformTheorem:
    """Prove what holds on a branch for all k, from infinity down as far as it goes.

    Args:
        landscape: the landscape; its sizes depend on k only.
        leading: limit and leading term of each parameter.
        down_to: the k at which to stop; by default the branch is followed to its end.
        progress: called as the proof goes on.

    Raises:
        InputError: a size falls with k, or is no integer at some integer k.
        UndecidedError: nothing was proved near infinity, or the tubes do not join.
    """
    check_sizes_grow(landscape)
    tell = progress or (lambda _what, _done, _all: None)
    infinity = _near_infinity(landscape, leading, tell)
    goal = smallest_size(landscape) + _ABOVE_LEAST if down_to is None else down_to
    branch = Branch(
        landscape,
        leading,
        entry=(infinity.k_from, lambda _k: _middle_of(infinity)),
        aim=_AIM,
    )
    stopped = f"nothing was tried below k = {float(goal):.9g}"
    if down_to is None:
        stopped += (
            f"; at k = {smallest_size(landscape)} some orbits of entries are empty"
        )
    end = None
    if goal < infinity.k_from:
        tell("following the curve in tubes", 0, 1)
        try:
            branch.tubes(goal, smallest_step=_SMALLEST_STEP)
        except UndecidedError as error:
            stopped = str(error).removesuffix(f"; {error.hint}")
            end = branch.end_below()
            if end is not None:
                stopped = str(end)
            elif meeting := _meeting(landscape, branch.entry_stretches):
                stopped = f"{stopped}; {meeting}"
    stretches = branch.entry_stretches
    if stretches and not joins_infinity(infinity, stretches[0]):
        message = (
            f"the tubes were not joined with the statement for k >= {infinity.k_from}"
        )
        raise UndecidedError(message, hint="the curves may be different ones")
    signs = follow_signs(
        landscape,
        stretches,
        progress=lambda done, all_: tell("following the signs", done, all_),
    )
    return UniformTheorem(landscape, infinity, stretches, tuple(signs), end, stopped)


def _near_infinity(
    landscape: Landscape, leading: Sequence[LeadingTerm], tell: Progress
) -> Infinity:
    """The statement from the least size on for which it says all that it can say.

    Raises:
        UndecidedError: it was proved for none.
    """
    best = None
    for number, size in enumerate(_SIZES):
        tell("proving the statement near infinity", number, len(_SIZES))
        found = certify_infinity(landscape, leading, k_from=size)
        if found is None:
            continue
        if found.spurious and None not in found.negatives.values():
            return found
        if best is not None and found.negatives == best.negatives:
            # Larger sizes do not help.
            return best
        best = found
    if best is None:
        message = f"nothing was proved for all k >= {_SIZES[-1]}"
        raise UndecidedError(message, hint="check the limit of the family")
    return best


def _middle_of(infinity: Infinity) -> list[arb]:
    with working_precision(infinity.prec):
        return [x.mid() for x in infinity.enclosure(as_ball(infinity.k_from))]


def _meeting(landscape: Landscape, stretches: Sequence[Stretch]) -> End | None:
    """The point with parallel vectors next to the last tube, if there is one."""
    if not stretches:
        return None
    bottom = stretches[-1]
    with working_precision(bottom.tube.prec):
        return meeting_point(
            landscape, as_ball(bottom.low), bottom.tube.enclosure(arb(-1))
        )


def joins_infinity(infinity: Infinity, first: Stretch) -> bool:
    """Whether the first tube holds the curve of the statement near infinity."""
    with working_precision(infinity.prec):
        k = as_ball(infinity.k_from)
        mine = infinity.enclosure(k)
        other = first.tube.enclosure(arb(1))
        return first.high == infinity.k_from and (
            infinity.holds(other, k) or first.tube.holds(mine, arb(1))
        )
