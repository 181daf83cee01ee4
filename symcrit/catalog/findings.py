"""What is proved about the critical point near an identified matrix, in few words."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from flint import arb

from symcrit.catalog.identification import Identification
from symcrit.certificates.records import Smoothness
from symcrit.certify.matrices import MatrixOutcome, certify_matrix

__all__ = ["Finding", "certify_near"]

NEARBY = 0.5
"""A matrix belongs to a critical point if no entry moves farther than this share of the
narrowest gap between its different entries."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of the critical point near a matrix.

    Attributes:
        open: why the point is not fully certified, in one line; None if it is.
        kind: a strict local ``minimum`` or a ``saddle``, if that is proved.
        loss: an enclosure of the loss; None if no point was proved.
        smallest: an enclosure of the smallest eigenvalue of the Hessian.
        index: the Morse index, or None if it is open.
        index_bounds: the least and the greatest Morse index that the signs allow.
        isotropy_exact: whether its isotropy group is proved to be that of the pattern.
        is_target: whether the point is proved to be the target itself.
        smoothness: ``analytic``, or ``C2`` where vectors may be parallel.
        distance: no entry of the matrix is farther from that of the point.
        outcome: all that was proved, from which a certificate can be made.
    """

    open: str | None
    kind: Literal["minimum", "saddle"] | None = None
    loss: arb | None = None
    smallest: arb | None = None
    index: int | None = None
    index_bounds: tuple[int, int] | None = None
    isotropy_exact: bool = False
    is_target: bool = False
    smoothness: Smoothness | None = None
    distance: float | None = None
    outcome: MatrixOutcome | None = None


def certify_near(found: Identification) -> Finding:
    """Certify the critical point that Newton's method reaches from a matrix.

    A matrix whose isotropy group is no product of symmetric groups is looked for in the
    fixed space of such a product inside it, so its isotropy group stays open.

    Raises:
        UndecidedError: ties that need igraph, and it is not installed.

    Example:
        >>> from symcrit.catalog.identification import identify
        >>> finding = certify_near(identify(np.eye(6)))
        >>> finding.kind, finding.is_target, finding.index, finding.open
        ('minimum', True, 0, None)
    """
    outcome = certify_matrix(found.form.matrix, form=found.form)
    if outcome.point is None or outcome.distance is None:
        return Finding("; ".join(outcome.reasons))
    distance = float(outcome.distance.upper())
    is_target = _is_target(outcome)
    minimum = outcome.minimum
    return Finding(
        open=_doubt(found, outcome, distance),
        kind="minimum" if minimum.is_true else "saddle" if minimum.is_false else None,
        loss=arb(0) if is_target else outcome.loss,
        smallest=outcome.smallest_eigenvalue,
        index=outcome.morse_index,
        index_bounds=outcome.index_bounds,
        isotropy_exact=outcome.isotropy.is_true,
        is_target=is_target,
        smoothness=outcome.smoothness,
        distance=distance,
        outcome=outcome,
    )


def _doubt(
    found: Identification, outcome: MatrixOutcome, distance: float
) -> str | None:
    gaps = found.coincidences
    if not distance <= NEARBY * min(gaps.kept, 1.0) * gaps.scale:
        return (
            f"the critical point that was found is {distance:.2g} away, too far for the"
            " entries of the matrix to tell them apart"
        )
    if outcome.reasons or not outcome.certified:
        return "; ".join(outcome.reasons) or "isotropy group or Morse index are open"
    return None


def _is_target(outcome: MatrixOutcome) -> bool:
    """Whether the target lies in the box that holds one critical point only.

    The target is a critical point, because the loss is nowhere smaller than there.
    """
    if outcome.point is None:
        return False
    form = outcome.form
    k, d = form.matrix.shape
    if k != d or form.row_blocks != (k,):
        return False
    arranged = np.eye(k)
    entries = {int(orbit): arranged[form.orbits == orbit] for orbit in (0, 1)}
    box = outcome.point.enclosure.box.entries()
    return all(
        bool((entries[i] == entries[i][0]).all())
        and box[i].contains(int(entries[i][0]))
        for i in range(len(box))
    )
