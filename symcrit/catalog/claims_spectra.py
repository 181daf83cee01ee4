"""How published statements about spectra are checked.

Numbers of eigenvalues are polynomials in k and d, the number of inputs, with d >= k.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flint import arb

from symcrit.catalog.comparison import comparable_spectrum, compare_spectra
from symcrit.catalog.family import Family
from symcrit.catalog.spectra import (
    Growth,
    describe_growth,
    sign_of,
)
from symcrit.catalog.verdicts import Verdict
from symcrit.core.truth import Truth
from symcrit.symmetry.polynomials import SizePolynomial
from symcrit.symmetry.sizes import Affine

__all__ = [
    "check_growing",
    "check_limits",
    "check_same_spectrum",
    "check_turning_point",
]

_EXTRA_ORDERS = 2
"""Orders of t compared beyond the one that a statement speaks of."""

_SHOWN_DIGITS = 12
_HOW = "leading terms of the exact spectrum, proved for all large k"


def check_growing(found: Family, fields: Mapping[str, Any]) -> Verdict:
    """Whether the number of eigenvalues that grow like a power of k has an order."""
    spectrum = found.spectrum_series(1, inputs=fields.get("inputs"))
    power, claimed = Fraction(fields["exponent"]), Affine.parse(fields["count"])
    fitting = [x for x in spectrum.growth if x.exponent == power]
    if not fitting:
        return Verdict(Truth.FALSE, f"none grows like k**({power})", _HOW)
    (growth,) = fitting
    same = _is_of_order(growth.count, claimed)
    note = f"refined: {growth.count} exactly"
    return Verdict(same, describe_growth(growth), _HOW, note)


def check_limits(found: Family, fields: Mapping[str, Any]) -> Verdict:
    """Whether all but few eigenvalues tend to zero, or to positive constants."""
    spectrum = found.spectrum_series(1, inputs=fields.get("inputs"))
    claimed, to_zero = Affine.parse(fields["exceptions"]), fields["where"] == "zero"
    rest = spectrum.total
    for growth in spectrum.growth:
        rest = rest - _counted(growth, to_zero=to_zero)
    outcome = _is_at_most(rest, claimed)
    constants = next((x for x in spectrum.growth if x.exponent == 0), None)
    shown = f"all but {rest} of {spectrum.total} eigenvalues"
    if outcome.is_false:
        shown = f"{rest} of {spectrum.total} eigenvalues do not"
    notes = [] if constants is None else [f"refined: {describe_growth(constants)}"]
    if to_zero and constants is not None:
        notes.append(
            "divided by k, the size of the largest ones, these do tend to zero"
        )
    return Verdict(outcome, shown, _HOW, "; ".join(notes))


def check_same_spectrum(found: Family, fields: Mapping[str, Any]) -> Verdict:
    """Whether two families share their spectrum modulo a power of k, or no further."""
    shared = 2 * Fraction(fields["exponent"])
    order = int(shared) + _EXTRA_ORDERS
    other = comparable_spectrum(fields["other"], order)
    comparison = compare_spectra(found.spectrum_series(order), other)
    agrees = comparison.shared >= shared
    how = "exact spectra for all large k, multiplicities included"
    if not fields.get("sharp", False):
        return Verdict(Truth.of(true=agrees, false=not agrees), str(comparison), how)
    exactly = comparison.differs and comparison.shared == shared
    wrong = not agrees or comparison.shared > shared
    return Verdict(Truth.of(true=exactly, false=wrong), str(comparison), how)


def check_turning_point(found: Family, _fields: Mapping[str, Any]) -> Verdict:
    """Whether the family turns from saddle to minimum at a k that is no integer."""
    how = "a certified threshold in real k, with the index on both sides"
    for crossing in found.threshold().crossings:
        below, above = crossing.negative_below, crossing.negative_above
        if not crossing.certified.is_true or None in (below, above):
            continue
        if above == 0 and below and not crossing.k.contains_integer():
            shown = f"k = {crossing.k.str(_SHOWN_DIGITS, radius=False)}"
            note = f"on component {crossing.component}, {crossing.multiplicity} times"
            after = found.spectrum(_next_integer(crossing.k)).is_positive_definite
            return Verdict(after, shown, f"{how}, and a certified minimum above", note)
    return Verdict(Truth.UNKNOWN, "no such threshold was certified", how)


def _next_integer(k: arb) -> int:
    return int(k.upper().ceil().unique_fmpz() or 0)


def _counted(growth: Growth, *, to_zero: bool) -> SizePolynomial:
    """How many of these eigenvalues tend to where a statement says."""
    none = growth.count * 0
    if growth.exponent is None or growth.exponent > 0:
        return none
    if to_zero:
        return growth.count if growth.exponent < 0 else none
    total = none
    for c, count in growth.coefficients if growth.exponent == 0 else ():
        if sign_of(c) == 1:
            total = total + count
    return total


def _is_of_order(count: SizePolynomial, claimed: Affine) -> Truth:
    """Whether a number lies between positive multiples of another one, for d >= k."""
    degree = 0 if claimed.is_constant else 1
    if count.degree != degree:
        return Truth.FALSE
    if degree == 0:
        return Truth.TRUE
    slopes = {monomial[0][0]: c for monomial, c in count.top.terms}
    by_inputs, by_neurons = slopes.get("d", Fraction(0)), slopes.get("k", Fraction(0))
    if ("d" in claimed.variables) != bool(by_inputs):
        return Truth.FALSE
    # Of c d + b k the least multiple of d is reached at k = 0 or k = d.
    least = by_inputs + min(by_neurons, Fraction(0)) if by_inputs else by_neurons
    return Truth.of(true=least > 0, false=least < 0)


def _is_at_most(count: SizePolynomial, claimed: Affine) -> Truth:
    """Whether a number is at most a multiple of another one for large sizes."""
    if count.degree > (0 if claimed.is_constant else 1):
        return Truth.FALSE
    names = {name for monomial, _ in count.terms for name, _ in monomial}
    known = claimed.variables | ({"k"} if "d" in claimed.variables else set())
    return Truth.of(true=names <= known, false=False)
