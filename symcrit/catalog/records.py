"""The parts of a record of a census, as they stand in a file of results."""

from flint import arb

from symcrit.arith.decimals import decimal_ball
from symcrit.catalog.datasets import Published
from symcrit.catalog.findings import Finding
from symcrit.catalog.identification import Identification

__all__ = [
    "PUBLISHED_PRECISION",
    "finding_fields",
    "published_fields",
    "symmetry_fields",
]

DIGITS = 15
"""The digits of balls in a record."""

MAX_PARAMETERS = 100
"""More parameters than these are not listed: the matrix has hardly any symmetry."""

PUBLISHED_PRECISION = 1e-9
"""How far a published number may be from the certified one.

The sources computed in doubles, at points found by gradient descent whose entries are
good to about this.
"""


def symmetry_fields(found: Identification) -> dict[str, object]:
    """What identification says of a matrix."""
    form, place = found.form, found.place
    listed = len(form.point) <= MAX_PARAMETERS
    return {
        "k": form.matrix.shape[0],
        "d": form.matrix.shape[1],
        "neurons": found.neurons,
        "pattern": found.pattern,
        "blocks": list(form.row_blocks),
        "column_blocks": list(form.column_blocks),
        "order": str(found.isotropy.order),
        "exact": found.isotropy.exact,
        "diagonal": found.is_diagonal,
        "place": None
        if place is None
        else {"steps": place.steps, "maximal": place.maximal},
        "parameters": dict(form.parameters) if listed else None,
        "family": found.family,
        "residual": found.residual,
        "ambiguous": bool(found.alternatives),
    }


def finding_fields(finding: Finding) -> dict[str, object]:
    """What was proved about the critical point near a matrix."""
    index, bounds = finding.index, finding.index_bounds
    return {
        "kind": finding.kind,
        "loss": _ball(finding.loss),
        "smallest_eigenvalue": _ball(finding.smallest),
        "morse_index": None if index is None else str(index),
        "index_bounds": None if bounds is None else [str(bound) for bound in bounds],
        "isotropy": "exact" if finding.isotropy_exact else "contains",
        "is_target": finding.is_target,
        "smoothness": finding.smoothness,
        "distance": finding.distance,
    }


def published_fields(
    published: Published, found: Identification, finding: Finding
) -> dict[str, object]:
    """What the source says, and whether it agrees with what was proved."""
    stated = published.smallest_eigenvalue
    agrees: dict[str, object] = {}
    if published.blocks is not None:
        blocks = sorted(found.form.row_blocks)
        agrees["blocks"] = sorted(published.blocks) == blocks
    if stated is not None and finding.smallest is not None:
        difference = float(abs(finding.smallest - arb(stated)).upper())
        agrees["smallest_eigenvalue"] = {
            "difference": difference,
            "within": difference <= PUBLISHED_PRECISION,
        }
    return {
        "runs": published.runs,
        "frequency": published.frequency,
        "blocks": None if published.blocks is None else list(published.blocks),
        "smallest_eigenvalue": stated,
        "agrees": agrees,
    }


def _ball(x: arb | None) -> dict[str, str] | None:
    return None if x is None or not x.is_finite() else decimal_ball(x, DIGITS)
