"""All that a derivation report shows, computed once and in order."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from symcrit.catalog.family import Family
from symcrit.catalog.notation import Notation
from symcrit.catalog.quantities import FamilySeries
from symcrit.catalog.verification import Verification, verify_series
from symcrit.certify.points import CertifiedPoint
from symcrit.certify.theorems import FamilyTheorem
from symcrit.core.errors import InputError, RefutedError, UndecidedError
from symcrit.core.truth import Truth
from symcrit.expand.check import SeriesCheck, ShownSeries, check_series
from symcrit.landscapes.consistency import (
    Comparison,
    check_equations,
    check_kernel,
    check_orbits,
)
from symcrit.report.spectral import Spectral, gather_spectral
from symcrit.report.writing import quantity_latex

if TYPE_CHECKING:
    from symcrit.landscapes.equations import ReducedEquations

__all__ = ["Material", "Sample", "gather", "vector_index"]


SAMPLE_SIZES = (10, 20, 100, 10**6)
"""The k at which a report shows certified points."""

SAMPLE_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Sample:
    """A critical point at one k, or why there is none.

    Attributes:
        k: the size.
        point: the certified point; None if nothing was proved.
        outcome: TRUE if it is proved that there is one, FALSE if that there is none.
        found: what was proved, or what was reached.
    """

    k: int
    point: CertifiedPoint | None
    outcome: Truth
    found: str

    @property
    def distinct(self) -> Truth:
        """Whether it is proved that the parameters differ pairwise."""
        return (
            Truth.UNKNOWN if self.point is None else self.point.has_distinct_parameters
        )


@dataclass(frozen=True)
class Material:
    """Finished results, and the names under which they are shown.

    Attributes:
        family: the family.
        series: the exact series of all quantities, with their proof.
        series_check: what the equations say of each term that is shown.
        kernel_check: closed form of the kernel against its definition.
        orbit_check: sizes of the orbits against the size of the matrix.
        equation_check: reduced equations against whole matrices.
        equations: the reduced equations as sympy expressions.
        points: critical points at a few k.
        verification: the series against certified points at many k.
        spectral: results on the Hessian; None if they were left out.
        notation: the names to show.
        command: the command line that makes the report.
        theorem: what was proved for all k; None if it was left out.
    """

    family: Family
    series: FamilySeries
    series_check: SeriesCheck
    kernel_check: Comparison
    orbit_check: Comparison
    equation_check: Comparison
    equations: "ReducedEquations"
    points: tuple["Sample", ...]
    verification: Verification
    spectral: Spectral | None
    notation: Notation
    command: str
    theorem: FamilyTheorem | None = None

    def latex(self, name: str) -> str:
        """The LaTeX of a quantity under the name to show."""
        return quantity_latex(self.notation.rename(name))


def gather(
    family: Family,
    *,
    order: int,
    notation: Notation,
    command: str,
    spectra: bool = True,
    theorem: bool = False,
    stage: Callable[[str], None] = lambda _: None,
) -> Material:
    """Compute everything that the report of a family shows.

    Args:
        family: the family.
        order: every parameter is expanded to O(t^order).
        notation: the names to show.
        command: the command line, without paths.
        spectra: whether to look at the Hessian too.
        theorem: whether to prove what holds for all k.
        stage: told what is being done.

    Raises:
        RefutedError: the family has no branch with its limit.
        UndecidedError: the series could not be computed or proved.
    """
    land = family.landscape
    stage("finding the leading terms")
    leading = family.leading
    stage("expanding")
    series = family.series(order)
    stage("checking the series")
    e = series.ramification
    shown = {
        name: ShownSeries(
            tuple((int(n * e), c) for n, c in quantity.terms), int(quantity.order * e)
        )
        for name, quantity in series.quantities.items()
    }
    series_check = check_series(land, leading, shown, ramification=e)
    stage("checking the formulas")
    comparisons = (
        check_kernel(land.kernel),
        check_orbits(land),
        check_equations(land),
    )
    stage("writing the equations")
    equations = land.reduced_equations()
    names = {
        symbol: quantity_latex(notation.rename(symbol.name))
        for symbol in equations.parameters
    } | {symbol: _pair_name(symbol.name) for symbol in equations.definitions}
    equations = replace(equations, latex_names={**equations.latex_names, **names})
    stage("certifying points")
    points = tuple(_sample(family, k) for k in SAMPLE_SIZES)
    stage("comparing series and points")
    verification = verify_series(family, series)
    return Material(
        family,
        series,
        series_check,
        *comparisons,
        equations,
        points,
        verification,
        gather_spectral(family, stage=stage) if spectra else None,
        notation,
        command,
        _theorem(family, stage) if theorem else None,
    )


def _theorem(family: Family, stage: Callable[[str], None]) -> FamilyTheorem:
    return family.prove(progress=lambda what, _done, _total: stage(what))


def _sample(family: Family, k: int) -> Sample:
    try:
        found = family.point(k, digits=SAMPLE_DIGITS)
    except RefutedError as error:
        return Sample(k, None, Truth.FALSE, str(error))
    except (InputError, UndecidedError) as error:
        return Sample(k, None, Truth.UNKNOWN, str(error))
    hypotheses = found.proof.hypotheses
    return Sample(
        k,
        found.proof,
        Truth.all_of(hypothesis.holds for hypothesis in hypotheses),
        f"{len(hypotheses)} hypotheses at {found.proof.prec} bits",
    )


def _pair_name(name: str) -> str:
    r"""A name such as ``theta_w2_v2prime`` with numbers as indices, barred for targets.

    Example:
        >>> _pair_name("theta_w2_v2prime"), _pair_name("N_w1")
        ('\\theta_{2\\bar{2}{*}}', 'N_{1}')
    """
    stem, *vectors = name.split("_")
    letter = rf"\{stem}" if len(stem) > 1 else stem
    indices = "".join(vector_index(vector) for vector in vectors)
    return f"{letter}_{{{indices}}}"


def vector_index(vector: str) -> str:
    r"""The index of a vector such as ``v2prime``.

    It is the number of the block, with a bar for a target and a star for a different
    place in the block.

    Example:
        >>> vector_index("v2prime"), vector_index("w1")
        ('\\bar{2}{*}', '1')
    """
    number = vector[1:].removesuffix("prime")
    index = rf"\bar{{{number}}}" if vector.startswith("v") else number
    return index + ("{*}" if vector.endswith("prime") else "")
