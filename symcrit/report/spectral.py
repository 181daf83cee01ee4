"""What a report shows of the Hessian of a family, computed once and in order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from symcrit.catalog.claims import Claim, Verdict, check_claim, published_claims
from symcrit.catalog.comparison import (
    GLOBAL,
    SpectrumComparison,
    comparable_spectrum,
    compare_spectra,
)
from symcrit.catalog.families import families
from symcrit.catalog.families import family as find
from symcrit.catalog.family import Family
from symcrit.catalog.spectra import SpectrumSeries
from symcrit.catalog.stability import (
    Curves,
    approx_full_eigenvalues,
    check_crossing,
    check_spectrum_series,
    eigenvalue_curves,
)
from symcrit.certify.thresholds import Thresholds
from symcrit.core.errors import InputError, RefutedError, UndecidedError
from symcrit.core.truth import Truth
from symcrit.landscapes.blockforms import write_eigenvalues
from symcrit.landscapes.consistency import Comparison, check_blocks
from symcrit.spectra.check import check_spectrum
from symcrit.spectra.eigenvalues import Spectrum
from symcrit.symmetry.components import Decomposition, decompose

T = TypeVar("T")

__all__ = [
    "SPECTRUM_SIZES",
    "Histogram",
    "Spectral",
    "SpectrumSample",
    "gather_spectral",
]

SPECTRUM_SIZES = (Fraction(10), Fraction(20), Fraction(100), Fraction(10**6))
"""The k at which a report shows certified spectra."""

_SPECTRUM_DIGITS = 15
_POINT_DIGITS = 30
_HISTOGRAM_SIZES = (20, 50)
"""The k at which a report shows the eigenvalues of the whole Hessian."""

_HISTOGRAM_DIGITS = 20
_SERIES_ORDER = 4
"""Eigenvalues are expanded to this order in t."""

_COMPARED_ORDER = 2
"""Spectra of other families are known to this order in t when they are compared."""

_SPECTRAL_CLAIMS = ("minima", "turning_point", "growing", "limits", "same_spectrum")
"""The kinds of published statements that are checked in a report."""


@dataclass(frozen=True, slots=True)
class SpectrumSample:
    """A certified spectrum at one k, or why there is none.

    Attributes:
        k: the size.
        spectrum: the spectrum; None if no point was proved.
        checks: for each component whether the block has the stated eigenvalues.
        found: why there is none.
    """

    k: int
    spectrum: Spectrum | None
    checks: Mapping[str, Truth]
    found: str = ""


@dataclass(frozen=True, slots=True)
class Histogram:
    """All eigenvalues of a whole Hessian, by numpy.

    Attributes:
        k: the size.
        values: the eigenvalues, ascending.
    """

    k: int
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Spectral:
    """Finished results on the Hessian of a family.

    Attributes:
        decomposition: the isotypic components.
        block_checks: for each component its block against the Hessian of full size.
        formulas: the eigenvalues of components with one copy, as sympy expressions.
        samples: certified spectra at a few k.
        series: the eigenvalues as exact series; None if they were not found.
        series_checks: for each component and each of its eigenvalues, the series
            against certified spectra at huge k.
        comparisons: how far the spectrum is that of other families, and of the global
            minimum.
        thresholds: where the signature changes; None if the branch was not followed.
        crossing_checks: for each threshold spectra on both sides of it.
        curves: the smallest eigenvalue of each component over real k.
        histograms: eigenvalues of whole Hessians at a few k.
        claims: published statements on the stability of the family, with verdicts.
    """

    decomposition: Decomposition
    block_checks: Mapping[str, Comparison]
    formulas: Mapping[str, Any]
    samples: tuple[SpectrumSample, ...]
    series: SpectrumSeries | None
    series_checks: Mapping[str, tuple[Truth, ...]]
    comparisons: tuple[SpectrumComparison, ...]
    thresholds: Thresholds | None
    crossing_checks: tuple[Truth, ...]
    curves: Curves | None
    histograms: tuple[Histogram, ...]
    claims: tuple[tuple[Claim, Verdict], ...]


def gather_spectral(
    family: Family, *, stage: Callable[[str], None] = lambda _: None
) -> Spectral:
    """Compute everything that the report of a family shows of its Hessian.

    Args:
        family: the family.
        stage: told what is being done.
    """
    stage("checking the blocks of the Hessian")
    checks = check_blocks(family.landscape)
    formulas = write_eigenvalues(family.landscape)
    stage("enclosing spectra")
    samples = tuple(_sample(family, int(k)) for k in SPECTRUM_SIZES)
    stage("expanding the eigenvalues")
    series = _decided(lambda: family.spectrum_series(_SERIES_ORDER))
    series_checks = {} if series is None else check_spectrum_series(family, series)
    comparisons = () if series is None else _comparisons(family, series)
    stage("finding thresholds")
    thresholds = _decided(family.threshold)
    crossings = () if thresholds is None else thresholds.crossings
    crossing_checks = tuple(check_crossing(family, x) for x in crossings)
    stage("following the eigenvalues")
    curves = None
    if thresholds is not None:
        curves = eigenvalue_curves(family, thresholds.searched[0])
    stage("computing whole Hessians")
    histograms = tuple(
        Histogram(k, values)
        for k in _HISTOGRAM_SIZES
        if (values := _whole(family, k)) is not None
    )
    stage("comparing with published statements")
    claims = tuple(
        (claim, check_claim(claim, lambda _: family))
        for claim in published_claims()
        if claim.family == family.name and claim.kind in _SPECTRAL_CLAIMS
    )
    return Spectral(
        decompose(family.pattern),
        checks,
        formulas,
        samples,
        series,
        series_checks,
        comparisons,
        thresholds,
        crossing_checks,
        curves,
        histograms,
        claims,
    )


def _comparisons(
    family: Family, series: SpectrumSeries
) -> tuple[SpectrumComparison, ...]:
    """The spectrum against those of the catalog that belong to the same kernel."""
    found = []
    for name in (*families(), GLOBAL):
        if ":" in name or name == family.name:
            continue
        reference = name if name != GLOBAL else families()[0]
        if find(reference).landscape.kernel != family.landscape.kernel:
            continue
        try:
            other = comparable_spectrum(name, _COMPARED_ORDER)
            found.append(compare_spectra(series, other))
        except (InputError, RefutedError, UndecidedError):
            continue
    return tuple(found)


def _sample(family: Family, k: int) -> SpectrumSample:
    try:
        point = family.point(k, digits=_POINT_DIGITS)
    except (InputError, RefutedError, UndecidedError) as error:
        return SpectrumSample(k, None, {}, str(error))
    spectrum = family.spectrum(k, digits=_SPECTRUM_DIGITS)
    values = [point.parameters[name] for name in family.names]
    checks = check_spectrum(family.landscape, values, {"k": k}, spectrum)
    return SpectrumSample(k, spectrum, checks)


def _decided(ask: Callable[[], T]) -> T | None:
    """The answer; None if the question was not decided."""
    try:
        return ask()
    except (RefutedError, UndecidedError):
        return None


def _whole(family: Family, k: int) -> NDArray[np.float64] | None:
    try:
        point = family.point(k, digits=_HISTOGRAM_DIGITS)
    except (InputError, RefutedError, UndecidedError):
        return None
    values = [point.parameters[name] for name in family.names]
    return approx_full_eigenvalues(family, k, values)
