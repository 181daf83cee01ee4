"""To which order two families share their spectrum.

Both spectra are multisets of series whose multiplicities are polynomials in the sizes.
They agree modulo O(t^n) if for every series cut at t^n both have it equally often, as
an identity of polynomials; which component an eigenvalue belongs to does not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from symcrit.arith.exact import Exact
from symcrit.catalog.expanding import global_spectrum
from symcrit.catalog.families import family
from symcrit.catalog.quantities import Quantity
from symcrit.catalog.spectra import SpectrumSeries
from symcrit.core.errors import InputError, UndecidedError
from symcrit.core.expressions import power_text
from symcrit.symmetry.polynomials import SizePolynomial
from symcrit.symmetry.sizes import Affine

__all__ = [
    "GLOBAL",
    "Difference",
    "SpectrumComparison",
    "comparable_spectrum",
    "compare_spectra",
]

GLOBAL = "global"
"""The name by which the spectrum at the global minimum is asked for."""

_Terms: TypeAlias = tuple[tuple[Fraction, Exact], ...]


@dataclass(frozen=True)
class Difference:
    """A series that two spectra do not have equally often.

    Attributes:
        series: the series, cut where the spectra begin to differ.
        first: how often the first spectrum has it; None if never.
        second: how often the second has it.
    """

    series: Quantity
    first: SizePolynomial | None
    second: SizePolynomial | None


@dataclass(frozen=True)
class SpectrumComparison:
    """What two spectra have in common for large k.

    Attributes:
        names: of the two families.
        shared: they agree modulo O(t^shared), multiplicities included.
        differs: whether they are proved to differ from there on; otherwise no more
            terms were compared.
        common: the series that both have, cut at O(t^shared), with multiplicities.
        differences: with the terms t^shared included, those that only one has, or has
            more often.
    """

    names: tuple[str, str]
    shared: Fraction
    differs: bool
    common: tuple[tuple[Quantity, SizePolynomial], ...]
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        first, second = self.names
        order = power_text("t", self.shared)
        text = f"{first} and {second} have the same spectrum modulo O({order})"
        return f"{text}, and no further" if self.differs else text


def compare_spectra(
    first: SpectrumSeries, second: SpectrumSeries
) -> SpectrumComparison:
    """Compare two spectra as far as both are known.

    Raises:
        InputError: the Hessians have different sizes.
        UndecidedError: an eigenvalue has coefficients that are no exact numbers.

    Example:
        >>> import symcrit
        >>> one, two = (symcrit.family(name).spectrum_series(2) for name in ("I", "II"))
        >>> print(compare_spectra(one, two))
        I and II have the same spectrum modulo O(t**1), and no further
    """
    names = (first.family, second.family)
    if first.total != second.total:
        message = (
            f"the Hessians of {names[0]} and {names[1]} have {first.total} and"
            f" {second.total} eigenvalues"
        )
        raise InputError(message)
    for found in (first, second):
        if not all(x.is_exact for block in found.blocks for x in block.eigenvalues):
            message = f"eigenvalues of {found.family} are known in balls only"
            raise UndecidedError(message, hint="only exact series are compared")
    end = min(first.order, second.order)
    exponents = {n for found in (first, second) for n in _exponents(found) if n < end}
    shared = end
    for n in sorted(exponents):
        # The terms up to t^n are those below the next exponent that occurs.
        after = min((m for m in exponents if m > n), default=end)
        if _counts(first, after) != _counts(second, after):
            shared = n
            break
    else:
        return SpectrumComparison(names, end, False, _common(first, end), ())
    one, two = _counts(first, after), _counts(second, after)
    differences = tuple(
        Difference(Quantity("eigenvalue", terms, after), one.get(terms), two.get(terms))
        for terms in {**one, **two}
        if one.get(terms) != two.get(terms)
    )
    common = _common(first, shared)
    return SpectrumComparison(names, shared, True, common, differences)


def comparable_spectrum(
    name: str, order: int, inputs: str | None = None
) -> SpectrumSeries:
    """The spectrum of a family, or of the global minimum, by its name.

    Args:
        name: of the family, or ``global``.
        order: every eigenvalue is known to O(t^order).
        inputs: the number of inputs if there are more than neurons.

    Raises:
        InputError: no such family.
    """
    if name == GLOBAL:
        return global_spectrum(
            order, inputs=None if inputs is None else Affine.parse(inputs)
        )
    return family(name).spectrum_series(order, inputs=inputs)


def _exponents(found: SpectrumSeries) -> set[Fraction]:
    return {
        n
        for block in found.blocks
        for x in block.eigenvalues
        for n, _ in x.expansion.terms
    }


def _counts(found: SpectrumSeries, end: Fraction) -> Mapping[_Terms, SizePolynomial]:
    """How often each series occurs, cut at O(t^end)."""
    counts: dict[_Terms, SizePolynomial] = {}
    for block in found.blocks:
        for x in block.eigenvalues:
            terms = tuple((n, c) for n, c in x.expansion.terms if n < end)
            known = counts.get(terms)
            counts[terms] = block.dimension + known if known else block.dimension
    return counts


def _common(
    found: SpectrumSeries, end: Fraction
) -> tuple[tuple[Quantity, SizePolynomial], ...]:
    counts = _counts(found, end)
    return tuple((Quantity("eigenvalue", terms, end), n) for terms, n in counts.items())
