"""How the Hessian of a family changes with real k, and second looks at what was found.

The curves of the smallest eigenvalues are sampled in balls at points of the branch.  A
threshold is checked by spectra at certified points on both sides of it, which come by
another way than the threshold did.  Eigenvalues of a whole Hessian are those of numpy,
of a matrix that knows of no components.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import arb
from numpy.typing import NDArray

from symcrit.arith.balls import ball_of
from symcrit.arith.decimals import as_fraction
from symcrit.arith.precision import working_precision
from symcrit.catalog.family import Family
from symcrit.catalog.spectra import Eigenvalue, SpectrumSeries
from symcrit.certify.thresholds import Crossing
from symcrit.core.errors import RefutedError, UndecidedError
from symcrit.core.truth import Truth
from symcrit.landscapes.full import hessian
from symcrit.spectra.eigenvalues import Spectrum
from symcrit.symmetry.components import decompose
from symcrit.symmetry.matrices import embed, embed_target

__all__ = [
    "Curves",
    "approx_full_eigenvalues",
    "check_crossing",
    "check_spectrum_series",
    "eigenvalue_curves",
    "spectrum_or_none",
]

_BESIDE = Fraction(1, 10_000)
"""A threshold is checked at k (1 - 10^-4) and k (1 + 10^-4)."""

_BENT = 1.5
"""More than 1 brings the values of k closer to each other at the lower end."""

_CURVE_DIGITS = 8
_CROSSING_DIGITS = 20
_HUGE = (Fraction(10**16), Fraction(10**20))
_HUGE_DIGITS = 120
_HUGE_PREC = 512
_SLOPE_TOLERANCE = 0.25
"""The slope of an error may be seen smaller by this much; by twice that it is wrong."""

_ABOVE_THE_END = Fraction(1, 500)
"""Curves begin so far above the end of the branch, relatively."""


@dataclass(frozen=True)
class Curves:
    """The smallest eigenvalue of each component, at some real k.

    Attributes:
        sizes: the values of k, ascending.
        least: for each component a ball for each k; None where the component lacks a
            copy or nothing was enclosed.
    """

    sizes: tuple[Fraction, ...]
    least: Mapping[str, tuple[arb | None, ...]]


def eigenvalue_curves(
    family: Family, low: Fraction, *, high: int = 10_000, count: int = 56
) -> Curves:
    """The smallest eigenvalue of each component along a branch, in balls.

    Args:
        family: the family.
        low: where the branch ends.
        high: the largest k.
        count: the number of values of k, closer to each other at the lower end.

    Example:
        >>> import symcrit
        >>> curves = eigenvalue_curves(symcrit.family("A"), Fraction(4), count=3)
        >>> for name, values in curves.least.items():
        ...     print(name, [f"{float(x):.4f}" for x in values if x is not None])
        1 ['0.5800', '9.8451', '1591.2028']
        s_1 ['0.0475', '0.0887', '0.0908']
        x_1 ['-0.0174', '0.0559', '0.0877']
        y_1 ['0.2991', '0.3742', '0.4060']
    """
    start = low * (1 + _ABOVE_THE_END)
    ratio = high / float(start)
    steps = [
        float(start) * ratio ** ((i / (count - 1)) ** _BENT)
        for i in range(1, count - 1)
    ]
    sizes = (start, *(Fraction(x).limit_denominator(10**6) for x in steps))
    sizes = (*sizes, Fraction(high))
    spectra = [spectrum_or_none(family, k, digits=_CURVE_DIGITS) for k in sizes]
    whole = {c.name: len(c.copies) for c in decompose(family.pattern).components}
    least = {
        name: tuple(_least(found, name, copies) for found in spectra)
        for name, copies in whole.items()
    }
    return Curves(sizes, least)


def _least(found: Spectrum | None, name: str, copies: int) -> arb | None:
    if found is None:
        return None
    for block in found.blocks:
        if block.component == name and len(block.eigenvalues) == copies:
            return block.eigenvalues[0] if block.eigenvalues[0].is_finite() else None
    return None


def spectrum_or_none(family: Family, k: Fraction, *, digits: int) -> Spectrum | None:
    """The spectrum at one k; None if the point was not proved."""
    try:
        return family.spectrum(k, digits=digits)
    except (UndecidedError, RefutedError):
        return None


def check_crossing(family: Family, crossing: Crossing) -> Truth:
    """Whether spectra on both sides of a threshold have the signs that it states.

    Args:
        family: the family.
        crossing: the threshold.

    Returns:
        FALSE if a spectrum at a certified point contradicts it, UNKNOWN if there is
        none or the threshold states no signs.
    """
    middle = as_fraction(crossing.k)
    outcomes = [Truth.of(true=crossing.certified.is_true, false=False)]
    for factor, stated in (
        (1 - _BESIDE, crossing.negative_below),
        (1 + _BESIDE, crossing.negative_above),
    ):
        found = spectrum_or_none(family, middle * factor, digits=_CROSSING_DIGITS)
        seen = None if found is None else _negative(found, crossing.component)
        known = seen is not None and stated is not None
        outcomes.append(
            Truth.of(true=known and seen == stated, false=known and seen != stated)
        )
    return Truth.all_of(outcomes)


def _negative(found: Spectrum, component: str) -> int | None:
    for block in found.blocks:
        if block.component == component:
            return block.negative
    return None


def check_spectrum_series(
    family: Family, series: SpectrumSeries
) -> dict[str, tuple[Truth, ...]]:
    """Compare eigenvalues as series with certified spectra at two huge k.

    The error of a sum to O(t^m) should fall like t^m or faster from one k to the other.

    Args:
        family: the family.
        series: its eigenvalues, ascending for all large k.

    Returns:
        For each component an answer for each eigenvalue: FALSE if the error falls more
        slowly by half a power or more, UNKNOWN if it cannot be seen how it falls.
    """
    spectra = [spectrum_or_none(family, k, digits=_HUGE_DIGITS) for k in _HUGE]
    found: dict[str, tuple[Truth, ...]] = {}
    for block in series.blocks:
        balls = [_eigenvalues(x, block.component) for x in spectra]
        found[block.component] = tuple(
            _falls(x, [values[i] if i < len(values) else None for values in balls])
            for i, x in enumerate(block.eigenvalues)
        )
    return found


def _eigenvalues(found: Spectrum | None, component: str) -> tuple[arb, ...]:
    blocks = () if found is None else found.blocks
    return next((x.eigenvalues for x in blocks if x.component == component), ())


def _falls(series: Eigenvalue, balls: Sequence[arb | None]) -> Truth:
    """Whether the errors of a sum at the two huge k fall as they should."""
    with working_precision(_HUGE_PREC):
        first, second = (
            arb("nan") if x is None else abs(x - series.ball(k, prec=_HUGE_PREC))
            for x, k in zip(balls, _HUGE, strict=True)
        )
        powers = (ball_of(_HUGE[1] / _HUGE[0]).log() / 2, (first / second).log())
        slope = powers[1] / powers[0] - ball_of(series.order)
        tiny = _HUGE_PREC // 2
        exact = all(x.abs_upper() < arb(2) ** -tiny for x in (first, second))
        return Truth.of(
            true=bool(exact or slope > -_SLOPE_TOLERANCE),
            false=bool(slope < -2 * _SLOPE_TOLERANCE),
        )


def approx_full_eigenvalues(
    family: Family, k: int, parameters: Sequence[arb]
) -> NDArray[np.float64]:
    """All eigenvalues of the Hessian of full size, by numpy, ascending.

    Args:
        family: the family.
        k: the number of neurons; the cost grows like its sixth power.
        parameters: the point, in the order of the pattern.
    """
    structure = family.landscape.structure
    variables = {"k": k}
    weights = embed(structure.pattern, [float(x) for x in parameters], variables)
    target = embed_target(structure.pattern, structure.target, variables)
    matrix = hessian(
        np.array(weights),
        np.array(target, dtype=float),
        kernel=family.landscape.kernel,
    )
    count = round(matrix.size**0.5)
    found: NDArray[np.float64] = np.linalg.eigvalsh(matrix.reshape(count, count))
    return found
