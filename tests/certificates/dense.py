"""Certificates of points without any symmetry, made from double precision."""

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symcrit.certificates import checker
from symcrit.landscapes.full import gradient, hessian, loss
from tests.certificates.making import sealed

Floats = NDArray[np.float64]

_RADIUS = "1*2^-32"
_ERROR = "1e-9"
_STEPS = 6


def polish(weights: Floats, target: Floats) -> Floats:
    """A few Newton steps to a critical point."""
    for _ in range(_STEPS):
        step = np.linalg.solve(
            hessian(weights, target), gradient(weights, target).ravel()
        )
        weights = weights - step.reshape(weights.shape)
    return weights


def split_target(weights: Floats, spread: float) -> tuple[Floats, Floats]:
    """Follow a critical point while the targets get different lengths."""
    d = weights.shape[1]
    for part in np.linspace(0, 1, 5)[1:]:
        target = np.diag(1 + part * spread * np.arange(1, d + 1) / d)
        weights = polish(weights, target)
    return weights, target


def dense_certificate(weights: Floats, target: Floats) -> dict[str, Any]:
    """The certificate of a critical point without symmetry: all points are trivial."""
    rows, columns = weights.shape
    text = f": rows {rows}*1 cols {columns}*1 target {len(target)}*1"
    pattern = checker.read_pattern(text, {})
    names = [pattern.name(pattern.rows, x) for x in pattern.orbits(pattern.rows)]
    targets = [
        pattern.name(pattern.targets, x) for x in pattern.orbits(pattern.targets)
    ]
    form = hessian(weights, target)
    values, vectors = np.linalg.eigh(form)
    negative = int((values < 0).sum())
    claim = {
        "kernel": "relu",
        "pattern": text,
        "variables": {},
        "target": {
            n: str(Fraction(x))
            for n, x in zip(targets, target.ravel().tolist(), strict=True)
            if x
        },
        "formal": False,
        "parameters": {
            n: _ball(x) for n, x in zip(names, weights.ravel().tolist(), strict=True)
        },
        "loss": _ball(float(loss(weights, target))),
        "smoothness": "analytic",
        "isotropy": "exact",
        "blocks": [
            {
                "component": "1",
                "copies": weights.size,
                "multiplicity": "1",
                "negative": negative,
                "zero": 0,
                "eigenvalues": [_ball(x) for x in values.tolist()],
            }
        ],
        "morse_index": str(negative),
        "index_bounds": [str(negative)] * 2,
        "minimum": not negative,
    }
    evidence: dict[str, Any] = {
        "bits": 64,
        "exact_point": None,
        "centre": [_dyadic(x) for x in weights.ravel().tolist()],
        "radii": [_RADIUS] * weights.size,
        "preconditioner": _rows(np.linalg.inv(form)),
    }
    if weights.size > checker._MAX_DIRECT:
        evidence["bases"] = {"1": _rows(vectors)}
    return sealed(
        {
            "schema": checker.SCHEMA,
            "kind": "point",
            "producer": {"name": "tests", "version": "1"},
            "claim": claim,
            "evidence": evidence,
            "source": None,
        }
    )


def _rows(matrix: Floats) -> list[list[str]]:
    return [[_dyadic(x) for x in row] for row in matrix.tolist()]


def _dyadic(x: float) -> str:
    top, bottom = x.as_integer_ratio()
    return f"{top}*2^-{bottom.bit_length() - 1}"


def _ball(x: float) -> dict[str, str]:
    return {"mid": f"{x:.17e}".replace("e+", "e"), "rad": _ERROR}
