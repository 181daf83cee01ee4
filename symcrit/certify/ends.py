"""Where a branch that is followed downward in real k ends, and how.

*fold*: the branch turns back.  The fold is proved (``thresholds``, ``folds``).

*meeting*: the branch runs into a point at which vectors become parallel, such as the
target itself.  The loss is not analytic there, and the branch of this side cannot be
continued as such.  The point is read off the last steps as rational numbers, and that
the gradient is zero at exactly these is compared in balls: a numerical check, no proof.

*size*: the branch was followed down to the least k that its pattern has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symcrit.arith.balls import BALLS, ball_of
from symcrit.arith.decimals import as_fraction
from symcrit.arith.precision import working_precision
from symcrit.core.errors import InputError
from symcrit.core.truth import Truth
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.reduced import Landscape

__all__ = ["End", "check_sizes_grow", "meeting_point", "smallest_size"]

_CHECK_BITS = 256
_NEAR = Fraction(1, 10_000)
"""A meeting point is sought so near, in k and in every parameter."""

_MAX_DENOMINATOR = 12
"""Larger denominators would be found near any number."""

_NOTHING = arb(10) ** -60
"""A gradient below it, in balls that contain zero, counts as zero."""


@dataclass(frozen=True)
class End:
    """Where a branch ends, followed downward.

    Attributes:
        k: an enclosure; exact for a size, and for a meeting point.
        kind: ``fold``, ``meeting`` or ``size``.
        parameters: enclosures of the parameters there, in the order of the pattern; of
            a size none.
        parallel: for a meeting point, the pairs that become parallel there.
        proved: TRUE for a fold; UNKNOWN where the end was seen numerically.

    Example:
        >>> print(End(arb(1), "size"))
        the branch was followed to k = 1, the least size of its pattern

    Source:
        derivations/points.md, where the families end; derivations/thresholds.md.
    """

    k: arb
    kind: str
    parameters: tuple[arb, ...] = ()
    parallel: tuple[str, ...] = ()
    proved: Truth = Truth.UNKNOWN

    def __str__(self) -> str:
        """One sentence for a person."""
        exact = self.k.is_exact()
        at = f"k = {as_fraction(self.k) if exact else self.k.str(15, radius=False)}"
        if self.kind == "fold":
            return f"the branch turns back in a fold at {at}"
        if self.kind == "meeting":
            pairs = ", ".join(self.parallel)
            return (
                f"the branch runs into a critical point at {at} at which vectors become"
                f" parallel ({pairs}); seen numerically"
            )
        return f"the branch was followed to {at}, the least size of its pattern"


def smallest_size(landscape: Landscape) -> Fraction:
    """The k at which an orbit of entries becomes empty, and below which none is.

    Example:
        >>> from symcrit.landscapes.kernels import Relu
        >>> from symcrit.symmetry.patterns import Pattern
        >>> land = Landscape(Relu(), Structure.build(Pattern.parse("1+(k-1)")))
        >>> smallest_size(land)
        Fraction(2, 1)
    """
    pattern = landscape.structure.pattern
    bounds = [Fraction(1)]
    for count in landscape.orbit_counts:
        for group, offset in count.falling:
            size = pattern.sizes[group]
            slope = dict(size.terms).get("k", Fraction(0))
            if slope > 0:
                bounds.append((offset - size.const) / slope)
    return max(bounds)


def check_sizes_grow(landscape: Landscape) -> None:
    """Refuse sizes for which a statement for all k would be none about matrices.

    Raises:
        InputError: a size falls with k, or is no integer at some integer k.

    Example:
        >>> from symcrit.landscapes.kernels import Relu
        >>> from symcrit.symmetry.patterns import Pattern
        >>> halves = Structure.build(Pattern.parse("k/2+k/2"))
        >>> check_sizes_grow(Landscape(Relu(), halves))
        Traceback (most recent call last):
        symcrit.core.errors.InputError: the size 1/2*k is no integer at some integer k
    """
    for size in landscape.structure.pattern.sizes.values():
        slope = dict(size.terms).get("k", Fraction(0))
        if slope < 0:
            message = f"the size {size} falls with k"
            raise InputError(message)
        if slope.denominator != 1 or size.const.denominator != 1:
            message = f"the size {size} is no integer at some integer k"
            raise InputError(message)


def meeting_point(landscape: Landscape, k: arb, point: Sequence[arb]) -> End | None:
    """The point with parallel vectors next to the end of a branch, if there is one.

    Args:
        landscape: the landscape.
        k: the last k that was reached.
        point: the parameters there.

    Returns:
        The end, with rational numbers at which the gradient is zero numerically; None
        if there are none so near, or no vectors become parallel.
    """
    found = [_rational(x) for x in (k, *point)]
    exact = [x for x in found if x is not None]
    if len(exact) < len(found):
        return None
    with working_precision(_CHECK_BITS):
        size, *parameters = [ball_of(x) for x in exact]
        at = landscape.at(BALLS, parameters, {"k": size})
        structure = landscape.structure
        parallel = dict(structure.parallel)
        fresh = []
        for pair in structure.pairs:
            gram = at.grams.gram(pair)
            if pair.kinds != "vv" and not pair.parallel and gram.s2.is_zero():
                if gram.c.is_zero():
                    return None
                parallel[pair.label] = 1 if gram.c > 0 else -1
                fresh.append(pair.label)
        if not fresh:
            return None
        try:
            declared = Structure.build(
                structure.pattern, structure.target, parallel=parallel
            )
        except InputError:
            return None
        gradient = (
            Landscape(landscape.kernel, declared)
            .at(BALLS, parameters, {"k": size})
            .gradient()
        )
        if not all(abs(g) < _NOTHING and g.contains(0) for g in gradient):
            return None
    return End(size, "meeting", tuple(parameters), tuple(fresh))


def _rational(x: arb) -> Fraction | None:
    """The rational number of small denominator next to a ball, if one is near."""
    exact = as_fraction(x)
    near = exact.limit_denominator(_MAX_DENOMINATOR)
    return near if abs(near - exact) < _NEAR else None
