"""Certificates made from certified points, apart from the producer of the package."""

import copy
import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from flint import arb, arb_mat

from symcrit.certificates import checker
from symcrit.certify.points import CertifiedPoint, certify_point
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Relu, kernel_named
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.eigenvalues import enclose_spectrum
from symcrit.symmetry.patterns import Pattern

_SLACK = 2
_DIGITS = 25


def dyadic(x: arb) -> str:
    """The midpoint of a ball."""
    mantissa, exponent = x.mid().man_exp()
    return f"{mantissa}*2^{exponent}"


def ball(x: arb, least: Fraction = Fraction(1, 10**20)) -> dict[str, str]:
    """A decimal ball that holds a ball, with some slack."""
    low, high = (Fraction(*map(int, _ratio(end))) for end in (x.lower(), x.upper()))
    middle = (low + high) / 2
    digits = 40
    mid = Fraction(round(middle * 10**digits), 10**digits)
    rad = _SLACK * ((high - low) / 2 + Fraction(1, 10**digits)) + least
    exponent = 0
    while rad * 10**exponent < 10:
        exponent += 1
    return {
        "mid": _decimal(mid, digits),
        "rad": f"{int(rad * 10**exponent) + 1}e-{exponent}",
    }


def _ratio(x: arb) -> tuple[int, int]:
    q = x.fmpq()
    return int(q.p), int(q.q)


def _decimal(q: Fraction, digits: int) -> str:
    scaled = abs(int(q * 10**digits))
    head, tail = divmod(scaled, 10**digits)
    return f"{'-' if q < 0 else ''}{head}.{tail:0{digits}d}"


def sealed(document: Mapping[str, Any], *, words: bool = True) -> dict[str, Any]:
    """The document with its words and hash computed anew."""
    whole = copy.deepcopy(dict(document))
    if words:
        whole["words"] = checker.words(whole["claim"])
    whole["sha256"] = hashlib.sha256(checker.canonical(whole)).hexdigest()
    return whole


def certificate(
    pattern: str,
    start: Sequence[float | arb],
    variables: Mapping[str, Fraction],
    *,
    kernel: str = "relu",
    target: Mapping[str, Fraction] | None = None,
    isotropy: str | None = "exact",
    digits: int = _DIGITS,
) -> dict[str, Any]:
    """The certificate of the critical point near a start."""
    land = landscape(pattern, kernel=kernel, target=target)
    point = certify_point(land, [arb(x) for x in start], variables, digits=digits)
    return from_point(land, point, isotropy=isotropy)


def landscape(
    pattern: str,
    *,
    kernel: str = "relu",
    target: Mapping[str, Fraction] | None = None,
) -> Landscape:
    """A landscape from texts."""
    structure = Structure.build(Pattern.parse(pattern), target)
    return Landscape(kernel_named(kernel), structure)


def from_point(
    land: Landscape,
    point: CertifiedPoint,
    *,
    isotropy: str | None = "exact",
    text: str = "",
) -> dict[str, Any]:
    """The certificate of a certified point."""
    pattern = land.structure.pattern
    variables = {n: Fraction(str(x)) for n, x in point.variables.items()}
    sizes = {g: n.substitute(variables).const for g, n in pattern.sizes.items()}
    formal = any(n.denominator != 1 for n in sizes.values())
    spectrum = enclose_spectrum(
        land, list(point.parameters.values()), point.variables, prec=point.prec
    )
    blocks = [
        {
            "component": b.component,
            "copies": len(b.eigenvalues),
            "multiplicity": str(b.dimension.at(variables)),
            "negative": b.negative,
            "zero": b.signs.count(0),
            "eigenvalues": [ball(x) for x in b.eigenvalues],
        }
        for b in spectrum.blocks
    ]
    signs = [s for b in spectrum.blocks for s in b.signs]
    bounds = spectrum.index_bounds
    index = None if formal else spectrum.morse_index
    proof = point.enclosure
    claim = {
        "kernel": "relu" if isinstance(land.kernel, Relu) else land.kernel.name,
        "pattern": text or pattern.text,
        "variables": {n: str(x) for n, x in variables.items()},
        "target": {n: str(x) for n, x in land.structure.target.items() if x},
        "formal": formal,
        "parameters": {n: ball(x) for n, x in point.parameters.items()},
        "loss": ball(point.loss),
        "smoothness": "analytic",
        "isotropy": None if formal else isotropy,
        "blocks": blocks,
        "morse_index": None if index is None else str(index),
        "index_bounds": None if formal or bounds is None else [*map(str, bounds)],
        "minimum": (True if set(signs) == {1} else False if -1 in signs else None),
    }
    return sealed(
        {
            "schema": checker.SCHEMA,
            "kind": "point",
            "producer": {"name": "tests", "version": "1"},
            "claim": claim,
            "evidence": {
                "bits": point.prec,
                "exact_point": None,
                "centre": [dyadic(x) for x in proof.box.entries()],
                "radii": [dyadic(x.rad()) for x in proof.box.entries()],
                "preconditioner": _rows(proof.preconditioner),
            },
            "source": None,
        }
    )


def _rows(matrix: arb_mat) -> list[list[str]]:
    return [[dyadic(x) for x in row] for row in matrix.tolist()]
