r"""Prove that a curve of critical points crosses exactly one threshold in an interval.

Outside a short interval K of k the signs of a block H are proved, with one negative
eigenvalue more on one side than on the other.  So H is singular somewhere in K.  It is
singular exactly once, with the eigenvalue passing zero at nonzero speed, if all points
(x, k, y) of the curve over K at which H Q y = 0 lie in one box of which the Krawczyk
test proves that it holds exactly one zero of the bordered system:

* x lies in the tubes over K;
* A = Q^T H Q, with Q near the eigenvectors, is nearly diagonal, and all of its
  diagonal entries but the r-th are far from zero.  A y = 0 then forces y_r /= 0: take
  y_r = 1, and the others solve a linear system of balls.

Derivations: derivations/uniform.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import arb, arb_mat

from symcrit.arith.balls import BALLS
from symcrit.arith.precision import working_precision
from symcrit.certify.bordered import Bordered
from symcrit.certify.krawczyk import (
    Enclosure,
    certify_zero,
    column_of,
    finite_entries,
    krawczyk_test,
)
from symcrit.landscapes.blocks import hessian_blocks
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.sizes import as_ball
from symcrit.symmetry.components import Component, Decomposition

__all__ = ["SingularPoint", "certify_crossing", "check_crossing", "kernel_box"]

_INFLATIONS = (2, 16)
"""The box is so many times as wide as what it has to hold, in turn."""

_NARROW_PREC = 192
_PREC = 128


@dataclass(frozen=True)
class SingularPoint:
    """The only point of a curve over an interval of k where a block is singular.

    Attributes:
        low: the lower end of the interval.
        high: the upper end.
        k: an enclosure of the threshold.
        fixed: r, the coordinate of the kernel vector that is 1.
        basis: Q, exact.
        wide: the box that holds all candidates over the interval, with its proof.
        narrow: a narrow box inside it, with its proof.
    """

    low: Fraction
    high: Fraction
    k: arb
    fixed: int
    basis: arb_mat
    wide: Enclosure
    narrow: Enclosure


def kernel_box(
    landscape: Landscape,
    component: Component,
    point: Sequence[arb],
    k: arb,
    basis: arb_mat,
) -> tuple[int, list[arb]] | None:
    """Enclose the kernel vectors of a block at all points of a box, up to a factor.

    Args:
        landscape: the landscape.
        component: the component.
        point: balls for the parameters.
        k: a ball for k.
        basis: Q.

    Returns:
        r and balls for the other coordinates of y, where A y = 0 and y_r = 1; every
        kernel vector has y_r /= 0.  None if that was not proved.
    """
    only = Decomposition(landscape.structure.pattern, (component,))
    (block,) = hessian_blocks(landscape.at(BALLS, point, {"k": k}), only)
    matrix = basis.transpose() * arb_mat(block.entries) * basis
    n = matrix.nrows()
    if not finite_entries(matrix):
        return None
    fixed = min(range(n), key=lambda i: abs(matrix[i, i].mid()))
    free = [j for j in range(n) if j != fixed]
    if not free:
        return fixed, []
    kept = arb_mat([[matrix[i, j] for j in free] for i in free])
    right = column_of([-matrix[i, fixed] for i in free])
    try:
        # That the system is solved in balls proves that the matrix is invertible.
        found = kept.solve(right)
    except (ZeroDivisionError, ValueError):
        return None
    return (fixed, list(found.entries())) if finite_entries(found) else None


def certify_crossing(
    landscape: Landscape,
    component: Component,
    basis: arb_mat,
    point: Sequence[arb],
    interval: tuple[Fraction, Fraction],
) -> SingularPoint | None:
    """Prove that a block is singular at most once on the curve over an interval.

    Args:
        landscape: the landscape.
        component: the component.
        basis: Q, exact; approximate eigenvectors in the interval.
        point: balls that contain the parameters of the curve over the interval.
        interval: the ends of the interval in k.

    Returns:
        The singular point, of which the box proves one; that it lies on the curve
        follows from different signs at the ends.  None if nothing was proved.
    """
    low, high = interval
    with working_precision(_PREC):
        k = as_ball(low).union(as_ball(high))
        kernel = kernel_box(landscape, component, point, k, basis)
        if kernel is None:
            return None
        fixed, rest = kernel
        system = Bordered(landscape, component, fixed, basis)
        needed = [*point, k, *rest]
        for factor in _INFLATIONS:
            box = column_of([_wider(x, factor) for x in needed])
            wide = krawczyk_test(system.value, system.jacobian, box, prec=_PREC)
            if wide.unique.is_true:
                break
        else:
            return None
    narrow = certify_zero(
        system.value, system.jacobian, wide.image.entries(), prec=_NARROW_PREC
    )
    found = SingularPoint(
        low, high, narrow.image[system.size, 0], fixed, basis, wide, narrow
    )
    return found if _is_inside(found, needed) else None


def check_crossing(
    landscape: Landscape,
    component: Component,
    point: Sequence[arb],
    recorded: SingularPoint,
) -> SingularPoint | None:
    """Prove what ``certify_crossing`` says from recorded boxes, without a search.

    Args:
        landscape: the landscape.
        component: the component.
        point: balls that contain the parameters of the curve over the interval.
        recorded: interval, Q and r, and of the enclosures box, preconditioner and
            precision are used.

    Returns:
        The singular point; None if it was not proved.
    """
    with working_precision(_PREC):
        k = as_ball(recorded.low).union(as_ball(recorded.high))
        kernel = kernel_box(landscape, component, point, k, recorded.basis)
    if kernel is None or kernel[0] != recorded.fixed:
        return None
    system = Bordered(landscape, component, recorded.fixed, recorded.basis)
    wide, narrow = (
        krawczyk_test(
            system.value,
            system.jacobian,
            old.box,
            prec=old.prec,
            preconditioner=old.preconditioner,
        )
        for old in (recorded.wide, recorded.narrow)
    )
    found = replace(recorded, k=narrow.image[system.size, 0], wide=wide, narrow=narrow)
    return found if _is_inside(found, [*point, k, *kernel[1]]) else None


def _is_inside(found: SingularPoint, needed: Sequence[arb]) -> bool:
    """Whether the wide box holds all candidates and the narrow one."""
    wide = found.wide.box.entries()
    narrow = found.narrow.image.entries()
    return (
        found.wide.unique.is_true
        and found.narrow.unique.is_true
        and all(x.contains(y) for x, y in zip(wide, needed, strict=True))
        and all(x.contains(y) for x, y in zip(wide, narrow, strict=True))
    )


def _wider(x: arb, factor: int) -> arb:
    """The ball with a radius so many times as large, never zero."""
    floor = arb(2) ** (-_PREC // 2)
    return x.mid() + arb(0, (factor * x.rad() + floor * (1 + abs(x.mid()))).upper())
