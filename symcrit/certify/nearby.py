"""Prove the critical point near given numbers, fast, at one set of integer sizes.

Newton's method in doubles, two corrections in balls with the preconditioner of the
doubles, and one Krawczyk test: what is slow at high precision is done once.  Pairs of
vectors that look parallel are treated as such from the start.  What depends on blocks
and not on numbers is cached, with every size a variable, so that all points of one type
share it.

Derivations: derivations/points.md, derivations/certificates.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from symcrit.arith.floats import FLOATS
from symcrit.arith.precision import working_precision
from symcrit.certify.krawczyk import Enclosure, Hypothesis, certify_zero, column_of
from symcrit.certify.points import as_ball, enclose_loss
from symcrit.certify.systems import ReducedSystem
from symcrit.core.errors import InputError
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Kernel
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.patterns import Pattern

__all__ = ["NearbyPoint", "free_landscape", "near_pairs", "prove_nearby"]

PRECISION = 128
"""Working bits of a proof; the doubles before it give about half of them."""

NEARLY_PARALLEL = 2.0**-20
"""Vectors with a smaller sine are taken for ones that may be parallel."""

STEPS = 20
"""Newton's method converges in a handful of steps or not at all."""

_CONVERGED = 2.0**-44
"""A step that is smaller, relative to the largest entry, is a rounding error."""

_CORRECTIONS = 2

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NearbyPoint:
    """A critical point with its proof.

    Attributes:
        landscape: the landscape, with sizes free and near pairs marked.
        sizes: the sizes of the groups.
        enclosure: what the Krawczyk test proved.
        loss: an enclosure of the loss.
        hypotheses: the conditions of the proof, all of them true.
        is_analytic: whether no vectors may be parallel on the box.
    """

    landscape: Landscape
    sizes: Mapping[str, Fraction]
    enclosure: Enclosure
    loss: arb
    hypotheses: tuple[Hypothesis, ...]
    is_analytic: bool

    @property
    def parameters(self) -> list[arb]:
        """Balls that contain the parameters, in the order of the pattern."""
        found: list[arb] = self.enclosure.image.entries()
        return found


@lru_cache(maxsize=256)
def free_landscape(
    pattern: Pattern, kernel: Kernel, near: frozenset[str] = frozenset()
) -> Landscape:
    """The landscape with target V = I and free sizes, with all that it caches."""
    return Landscape(kernel, Structure(pattern, _target(pattern), {}, near))


def _target(pattern: Pattern) -> dict[str, Fraction]:
    return dict(Structure.build(pattern).target)


def prove_nearby(
    pattern: Pattern,
    start: Sequence[float],
    sizes: Mapping[str, int],
    *,
    kernel: Kernel,
    reach: float,
) -> NearbyPoint | str:
    """Prove the critical point that Newton's method reaches from a start.

    Args:
        pattern: a pattern with free sizes.
        start: the parameters to start from.
        sizes: the sizes, positive integers.
        kernel: the kernel.
        reach: how far the parameters may move.

    Returns:
        The point, or in words what stands against a proof.
    """
    near: frozenset[str] = frozenset()
    point = np.array(start, dtype=np.float64)
    for _ in range(3):
        found = _refine(pattern, point, sizes, kernel, near, reach)
        if isinstance(found, str):
            return found
        refined, inverse, seen = found
        if seen == near:
            return _prove(
                free_landscape(pattern, kernel, near), refined, inverse, sizes
            )
        near = seen
    return "which vectors are parallel changes from step to step of Newton's method"


def near_pairs(
    landscape: Landscape, point: Floats, sizes: Mapping[str, int]
) -> frozenset[str]:
    """The pairs of vectors, one a neuron at least, that look parallel at a point.

    Raises:
        InputError: a neuron looks zero.
    """
    at = landscape.at(FLOATS, point.tolist(), {g: float(n) for g, n in sizes.items()})
    smallest = NEARLY_PARALLEL**2
    norms = at.grams.norms
    largest = max(norms.values())
    for (kind, block), norm in norms.items():
        if kind == "w" and norm <= smallest * largest:
            message = (
                f"the neurons of block {block + 1} are zero or nearly so, where the"
                " loss has one-sided derivatives only"
            )
            raise InputError(message)
    found = set()
    for pair in landscape.structure.pairs:
        gram = at.grams.gram(pair)
        if pair.kinds != "vv" and gram.s2 <= smallest * gram.a * gram.b:
            found.add(pair.label)
    return frozenset(found)


def _refine(
    pattern: Pattern,
    start: Floats,
    sizes: Mapping[str, int],
    kernel: Kernel,
    near: frozenset[str],
    reach: float,
) -> tuple[Floats, Floats, frozenset[str]] | str:
    """Newton's method in doubles: the point, an inverse Jacobian, the near pairs."""
    plain = free_landscape(pattern, kernel)
    variables = {group: float(n) for group, n in sizes.items()}
    point, scale = start, float(np.abs(start).max())
    seen = near
    for _ in range(STEPS):
        seen = near_pairs(plain, point, sizes) if not kernel.smooth_at_zero else near
        at = free_landscape(pattern, kernel, seen).at(FLOATS, point.tolist(), variables)
        gradient, hessian = np.array(at.gradient()), np.array(at.hessian())
        try:
            inverse = np.linalg.inv(hessian)
        except np.linalg.LinAlgError:
            return "the reduced Hessian is singular: the point may not be isolated"
        step = inverse @ gradient
        if not np.isfinite(step).all():
            return "Newton's method leaves the numbers"
        point = point - step
        if np.abs(point - start).max() > reach:
            return (
                f"Newton's method moves by more than {reach:.3g}, so there may be no"
                " critical point of this symmetry close by"
            )
        if np.abs(step).max() <= _CONVERGED * scale:
            return point, inverse, seen
    return "Newton's method does not converge"


def _prove(
    landscape: Landscape, start: Floats, inverse: Floats, sizes: Mapping[str, int]
) -> NearbyPoint | str:
    with working_precision(PRECISION):
        values = {group: as_ball(n) for group, n in sizes.items()}
        system = ReducedSystem(landscape, values)
        column = column_of([arb(x) for x in start.tolist()])
        conditioner = arb_mat(inverse.tolist())
        for _ in range(_CORRECTIONS):
            column = (column - conditioner * system.gradient(column)).mid()
    found = certify_zero(
        system.gradient,
        system.jacobian,
        column.entries(),
        prec=PRECISION,
        preconditioner=conditioner,
    )
    hypotheses = (*found.hypotheses, *system.hypotheses())
    failed = [h.name for h in hypotheses if not h.holds.is_true]
    if failed:
        return f"it was not proved that {failed[0]}"
    with working_precision(PRECISION):
        image = found.image.entries()
        lib = system.lib
        loss = enclose_loss(
            landscape, found.box.mid().entries(), image, values, lib=lib
        )
    return NearbyPoint(
        landscape,
        {group: Fraction(n) for group, n in sizes.items()},
        found,
        loss,
        hypotheses,
        system.is_analytic,
    )
