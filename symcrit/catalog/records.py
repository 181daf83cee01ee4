"""The parts of a record of a census, as they stand in a file of results."""

import math
from collections.abc import Iterator

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
    agrees: dict[str, object] = {}
    if published.blocks is not None:
        agrees["blocks"] = sorted(published.blocks) == sorted(found.form.row_blocks)
    agrees |= dict(_comparisons(published, finding))
    return {
        "runs": published.runs,
        "frequency": published.frequency,
        "blocks": None if published.blocks is None else list(published.blocks),
        "smallest_eigenvalue": published.smallest_eigenvalue,
        "eigenvalue_bound": published.eigenvalue_bound,
        "objective": published.objective,
        "deviation": published.deviation,
        "agrees": agrees,
    }


def _comparisons(
    published: Published, finding: Finding
) -> Iterator[tuple[str, dict[str, object]]]:
    """What a source says of a number, its difference, and whether that is allowed."""
    stated = published.smallest_eigenvalue
    if stated is not None and finding.smallest is not None:
        yield (
            "smallest_eigenvalue",
            _compare(
                finding.smallest, stated, -PUBLISHED_PRECISION, PUBLISHED_PRECISION
            ),
        )
    stated = published.eigenvalue_bound
    if stated is not None and finding.smallest is not None:
        # It bounds that of the points that were found, near the minimum.
        yield (
            "eigenvalue_bound",
            _compare(finding.smallest, stated, -PUBLISHED_PRECISION, math.inf),
        )
    stated, most = published.objective, published.deviation
    if stated is not None and most is not None and finding.loss is not None:
        yield "objective", _compare(finding.loss, stated, -most, most)


def _compare(
    certified: arb, stated: float, least: float, most: float
) -> dict[str, object]:
    """The largest possible difference, and whether all possible ones are allowed."""
    difference = certified - arb(stated)
    return {
        "difference": float(abs(difference).upper()),
        "within": bool(difference >= least) and bool(difference <= most),
    }


def _ball(x: arb | None) -> dict[str, str] | None:
    return None if x is None or not x.is_finite() else decimal_ball(x, DIGITS)
