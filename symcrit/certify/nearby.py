"""Prove the critical point near given numbers, fast, at one set of integer sizes.

Newton's method in doubles, two corrections in balls with the preconditioner of the
doubles, and one Krawczyk test: what is slow at high precision is done once.  Pairs of
vectors that look parallel are treated as such from the start.  What depends on blocks
and not on numbers is cached, with every size a variable, so that all points of one type
share it.

Derivations: derivations/points.md, derivations/certificates.md.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from symcrit.arith.balls import CLOSED_BALLS
from symcrit.arith.floats import FLOATS
from symcrit.arith.precision import working_precision
from symcrit.certify.krawczyk import Enclosure, Hypothesis, certify_zero, column_of
from symcrit.certify.points import enclose_loss
from symcrit.certify.systems import ReducedSystem, free_landscape
from symcrit.core.errors import InputError
from symcrit.landscapes.kernels import Kernel
from symcrit.landscapes.recorded import RecordedLandscape
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.sizes import as_ball
from symcrit.symmetry.patterns import Pattern

__all__ = [
    "NearbyPoint",
    "continuum_nearby",
    "near_pairs",
    "prove_nearby",
    "refute_nearby",
]

PRECISION = 128
"""Working bits of a proof; the doubles before it give about half of them."""

NEARLY_PARALLEL = 2.0**-20
"""Vectors with a smaller sine are taken for ones that may be parallel."""

STEPS = 20
"""Newton's method converges in a handful of steps or not at all."""

_CONVERGED = 2.0**-24
"""After a step that is smaller, relative to the largest entry, doubles are used up."""

_MAX_CHANGES = 3

_CORRECTIONS = 2

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NearbyPoint:
    """A critical point with its proof.

    Attributes:
        recorded: the landscape, with sizes free and near pairs marked.
        sizes: the sizes of the groups.
        enclosure: what the Krawczyk test proved.
        loss: an enclosure of the loss.
        hypotheses: the conditions of the proof, all of them true.
        is_analytic: whether no vectors may be parallel on the box.

    Example:
        >>> import symcrit
        >>> point = symcrit.certify_matrix([[1.0, 0.0], [0.0, 1.0]]).point
        >>> [x.contains(n) for x, n in zip(point.parameters, (1, 0), strict=True)]
        [True, True]
        >>> point.is_analytic, all(h.holds.is_true for h in point.hypotheses)
        (False, True)

    Source:
        derivations/certificates.md, points where vectors are parallel.
    """

    recorded: RecordedLandscape
    sizes: Mapping[str, Fraction]
    enclosure: Enclosure
    loss: arb
    hypotheses: tuple[Hypothesis, ...]
    is_analytic: bool

    @property
    def landscape(self) -> Landscape:
        """The landscape, with sizes free."""
        return self.recorded.landscape

    @property
    def parameters(self) -> list[arb]:
        """Balls that contain the parameters, in the order of the pattern."""
        found: list[arb] = self.enclosure.image.entries()
        return found


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
    plain = free_landscape(pattern, kernel)
    point = np.array(start, dtype=np.float64)
    near = near_pairs(plain, point, sizes)
    for _ in range(_MAX_CHANGES):
        recorded = free_landscape(pattern, kernel, near)
        refined = _refine(recorded, point, sizes, reach)
        if isinstance(refined, str):
            return refined
        point, inverse = refined
        seen = near_pairs(plain, point, sizes)
        if seen == near:
            return _prove(recorded, point, inverse, sizes)
        near = seen
    return "which vectors are parallel changes from step to step of Newton's method"


def refute_nearby(
    pattern: Pattern,
    centre: Sequence[float],
    sizes: Mapping[str, int],
    *,
    kernel: Kernel,
    radius: float,
) -> arb | None:
    """Prove that no critical point of a fixed space lies in a box.

    Args:
        pattern: the pattern.
        centre: the parameters at the centre of the box.
        sizes: the sizes, positive integers.
        kernel: the kernel.
        radius: how far each parameter may be from the centre.

    Returns:
        A positive number that some entry of the gradient exceeds all over the box;
        None if zero could not be excluded.
    """
    recorded = free_landscape(pattern, kernel)
    with working_precision(PRECISION):
        values = {group: as_ball(n) for group, n in sizes.items()}
        box = [arb(x, radius) for x in centre]
        bounds = [x.abs_lower() for x in recorded.gradient(CLOSED_BALLS, box, values)]
    steep = [x for x in bounds if x > 0]
    return max(steep, key=float, default=None)


def continuum_nearby(weights: Floats, reach: float) -> str | None:
    """Tell a global minimum that is one of a continuum, where one is close by.

    If there are more neurons than inputs and every neuron is a positive multiple of a
    target e_j, with multiples that add up to 1 for each target, then the ReLU loss is
    zero.  The multiples of the neurons that share a target may be shifted among them,
    so that no such minimum is isolated.

    Args:
        weights: k by d, for the target V = I.
        reach: how far the minimum may be, relative to the largest entry.

    Returns:
        The statement in words, or None.

    Example:
        >>> continuum_nearby(np.array([[0.4, 0], [0, 1], [0.6, 1e-9]]), 1e-2)
        'within 1e-09 lies a global minimum of loss zero...'
    """
    k, d = weights.shape
    owner = weights.argmax(axis=1)
    multiples = weights[np.arange(k), owner]
    if k <= d or (multiples <= 0).any():
        return None
    totals = np.bincount(owner, weights=multiples, minlength=d)
    if (totals == 0).any():
        return None
    exact = np.zeros_like(weights)
    exact[np.arange(k), owner] = multiples / totals[owner]
    distance = float(np.abs(weights - exact).max())
    if distance > reach * np.abs(weights).max():
        return None
    return (
        f"within {distance:.3g} lies a global minimum of loss zero, in which every"
        " neuron is a multiple of a target; neurons that share a target may exchange"
        " length, so it is one of a continuum, its Hessian is singular, and there is no"
        " isolated point to be certified"
    )


def near_pairs(
    recorded: RecordedLandscape, point: Floats, sizes: Mapping[str, int]
) -> frozenset[str]:
    """The pairs of vectors, one a neuron at least, that look parallel at a point.

    Raises:
        InputError: a neuron looks zero.
    """
    variables = {group: float(n) for group, n in sizes.items()}
    if recorded.landscape.kernel.smooth_at_zero:
        return frozenset()
    found = recorded.sines(FLOATS, point.tolist(), variables)
    largest = max(norms for _, norms in found.values())
    if not math.isfinite(largest):
        message = "the entries are too large or too small to compute with in doubles"
        raise InputError(message)
    near = set()
    for label, (sine, norms) in found.items():
        if norms <= NEARLY_PARALLEL**2 * largest:
            message = (
                f"a neuron of the pair {label} is zero or nearly so, where the loss has"
                " one-sided derivatives only"
            )
            raise InputError(message)
        if sine <= NEARLY_PARALLEL**2 * norms:
            near.add(label)
    return frozenset(near)


def _refine(
    recorded: RecordedLandscape, start: Floats, sizes: Mapping[str, int], reach: float
) -> tuple[Floats, Floats] | str:
    """Newton's method in doubles: the point, and an inverse Jacobian."""
    variables = {group: float(n) for group, n in sizes.items()}
    point, scale = start, float(np.abs(start).max())
    for _ in range(STEPS):
        try:
            slope, rows = recorded.derivatives(FLOATS, point.tolist(), variables)
            inverse = np.linalg.inv(np.array(rows))
        except (ArithmeticError, np.linalg.LinAlgError):
            return (
                "the reduced Hessian is singular or infinite: the point may not be"
                " isolated"
            )
        step = inverse @ np.array(slope)
        if not np.isfinite(step).all():
            return "Newton's method leaves the numbers"
        point = point - step
        if np.abs(point - start).max() > reach:
            return (
                f"Newton's method moves by more than {reach:.3g}, so there may be no"
                " critical point of this symmetry close by"
            )
        if np.abs(step).max() <= _CONVERGED * scale:
            return point, inverse
    return "Newton's method does not converge"


def _prove(
    recorded: RecordedLandscape,
    start: Floats,
    inverse: Floats,
    sizes: Mapping[str, int],
) -> NearbyPoint | str:
    with working_precision(PRECISION):
        values = {group: as_ball(n) for group, n in sizes.items()}
        system = ReducedSystem(recorded, values)
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
        loss = enclose_loss(system, found.box.mid(), found.image)
    return NearbyPoint(
        recorded,
        {group: Fraction(n) for group, n in sizes.items()},
        found,
        loss,
        hypotheses,
        system.is_analytic,
    )
