"""Exact series compared with certified points, from k = 10 to k = 10^10 and far beyond.

A series that is cut off at some order differs from the true value by an error that is
enclosed here in a ball: certified point minus truncated sum, with a precision that
follows k, so that the sign and the leading digits of the error are certain.  Three
things are then compared for every quantity and every truncation:

* the slope of log|error| over log t, fitted only well inside the estimated radius of
  convergence, with the exponent of the first omitted term;
* the error divided by that power of t, at one very large k, with the first omitted
  coefficient;
* the same with the error of the whole known sum, which has to be O(t^order).

The balls are rigorous; that a slope or a coefficient within a tolerance speaks for the
series is an inference from finitely many k.  It is independent of how the series was
found: the equations are solved again, with numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, log2
from typing import TypeAlias

from flint import arb

from symcrit.arith.precision import working_precision
from symcrit.catalog.family import Family
from symcrit.catalog.quantities import FamilySeries, Quantity
from symcrit.catalog.truncations import ErrorAt, Judge, TruncationCheck, t_power
from symcrit.certify.branches import Branch
from symcrit.core.errors import InputError, RefutedError, UndecidedError
from symcrit.core.truth import Truth

__all__ = [
    "FAR",
    "SIZES",
    "Enclose",
    "Optimum",
    "QuantityCheck",
    "Row",
    "Verification",
    "approx_optimal_truncation",
    "certified_balls",
    "verify_series",
]

Enclose: TypeAlias = Callable[[Fraction, int], Mapping[str, arb]]
"""From k and a precision in bits to balls that hold each parameter and the loss."""

SIZES = tuple(Fraction(10**n) for n in range(1, 11))
"""The values of k of tables, plots and fitted slopes."""

FAR = tuple(Fraction(10**n) for n in (20, 30, 40))
"""Values of k for coefficients, and for slopes that show only there."""

_GUARD_BITS = 64
"""Bits of an error beyond its first that are aimed at."""

_ERROR_BITS = 40
"""Bits of an error beyond its first that are needed."""

_MAX_ATTEMPTS = 4
"""How often the precision is raised where an error has too few bits."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of errors.

    Attributes:
        quantity: the name of the parameter, or ``loss``.
        k: the size.
        order: the exponent of the first omitted term.
        error: true value minus truncated sum.
        predicted: the first omitted term; None where only the O-term is left.
    """

    quantity: str
    k: Fraction
    order: Fraction
    error: arb
    predicted: arb | None


@dataclass(frozen=True, slots=True)
class QuantityCheck:
    """All truncations of one quantity.

    Attributes:
        name: the parameter, or ``loss``.
        truncations: from the shortest to the whole known sum.
    """

    name: str
    truncations: tuple[TruncationCheck, ...]

    @property
    def outcome(self) -> Truth:
        """TRUE if every truncation agrees, FALSE if one certainly does not."""
        if not self.truncations:
            return Truth.UNKNOWN
        return Truth.all_of(check.outcome for check in self.truncations)

    def rows(self, *, prec: int = 64) -> list[Row]:
        """The table of errors, by order and then by k."""
        return [
            Row(
                self.name,
                found.k,
                check.order,
                found.error,
                None
                if check.coefficient is None
                else check.coefficient.ball(prec) * t_power(found.k, check.order, prec),
            )
            for check in self.truncations
            for found in check.errors
        ]

    def points(self, order: Fraction) -> list[tuple[float, float]]:
        """Pairs t, |error| of one truncation, for a log-log plot of known signs."""
        return [
            (float(t_power(x.k, Fraction(1), 64).mid()), abs(float(x.error.mid())))
            for check in self.truncations
            if check.order == order
            for x in check.errors
            if x.sign
        ]


@dataclass(frozen=True)
class Verification:
    """The series of a family against its certified points.

    Attributes:
        family: the name of the family.
        quantities: the comparison of each quantity, by name.
        radius: the estimated radius of convergence in t, without a bound; or None.
        missing: the sizes at which no point was certified, and why.
    """

    family: str
    quantities: Mapping[str, QuantityCheck]
    radius: float | None
    missing: Mapping[Fraction, str]

    @cached_property
    def outcome(self) -> Truth:
        """TRUE if every quantity agrees, FALSE if one certainly does not."""
        return Truth.all_of(check.outcome for check in self.quantities.values())

    def rows(self) -> list[Row]:
        """The table of all errors."""
        return [row for check in self.quantities.values() for row in check.rows()]


@dataclass(frozen=True, slots=True)
class Optimum:
    """Where to cut a series off at one k.

    Attributes:
        k: the size.
        order: the exponent of the first omitted term.
        terms: how many terms are kept.
        estimate: the size of the first omitted term, which is no bound of the error.
    """

    k: Fraction
    order: Fraction
    terms: int
    estimate: float


def approx_optimal_truncation(quantity: Quantity, k: Fraction) -> Optimum | None:
    """Where to cut a series off at k: before its smallest term.

    Inside the radius of convergence the terms keep getting smaller and the last known
    one is the smallest; outside they soon grow.

    Args:
        quantity: the expansion.
        k: the size.

    Returns:
        The place, or None if fewer than two terms are known.

    Example:
        >>> import symcrit
        >>> loss = symcrit.family("II").series(order=12).loss
        >>> best = [approx_optimal_truncation(loss, Fraction(k)) for k in (4, 1000)]
        >>> [str(optimum.order) for optimum in best]
        ['3', '11']
    """
    sizes = [
        (abs(float(c.ball(64) * t_power(k, n, 64))), j, n)
        for j, (n, c) in enumerate(quantity.terms)
        if j
    ]
    if not sizes:
        return None
    estimate, terms, order = min(sizes)
    return Optimum(k, order, terms, estimate)


def verify_series(
    family: Family,
    series: FamilySeries,
    *,
    sizes: Sequence[Fraction] = SIZES,
    far: Sequence[Fraction] = FAR,
    enclose: Enclose | None = None,
) -> Verification:
    """Compare every truncation of a series with certified points.

    Args:
        family: the family, whose points are certified.
        series: its series, or one to be tested.
        sizes: the values of k for errors and slopes, ascending.
        far: much larger values of k, at the last of which coefficients are read off.
        enclose: what encloses the true values; default: certified points of the family.

    Returns:
        The errors as balls and what they say; sizes without a certified point are left
        out and listed.

    Raises:
        InputError: the sizes and then the far ones do not ascend.

    Example:
        >>> import symcrit
        >>> family = symcrit.family("A")
        >>> found = verify_series(family, family.series(order=4))
        >>> found.outcome
        <Truth.TRUE: 'TRUE'>
        >>> for row in found.rows()[-2:]:
        ...     print(row.quantity, row.k, row.order, row.error.str(3, radius=False))
        loss 1000000000 4 -1.27e-18
        loss 10000000000 4 -1.27e-20
    """
    everywhere = [*sizes, *far]
    if everywhere != sorted(set(everywhere)) or not far:
        message = "the sizes, and then the far ones, should ascend"
        raise InputError(message)
    enclose = enclose or certified_balls(family)
    missing: dict[Fraction, str] = {}
    errors: dict[Fraction, Mapping[str, list[arb]]] = {}
    for k in everywhere:
        try:
            errors[k] = _errors_at(series, k, enclose)
        except (InputError, RefutedError, UndecidedError) as error:
            missing[k] = str(error)
    radius = series.approx_radius()
    checks = {}
    for name, quantity in series.quantities.items():
        judge = Judge(quantity, radius, Fraction(1, series.ramification), far[-1])
        found = []
        for kept in range(min(1, len(quantity.terms)), len(quantity.terms) + 1):
            near, away = (
                [ErrorAt(k, errors[k][name][kept]) for k in some if k in errors]
                for some in (sizes, far)
            )
            found.append(judge.check(kept, near, away))
        checks[name] = QuantityCheck(name, tuple(found))
    return Verification(family.name, checks, radius, missing)


def certified_balls(family: Family) -> Enclose:
    """What encloses the certified points of a family, with the precision asked for.

    Points are followed from the limit of the family, guarded against jumps to other
    branches; each is proved.

    Returns:
        A function of k and a precision in bits, to which each parameter and the loss is
        known relative to its size.  It raises UndecidedError where no point is proved,
        and InputError where an orbit of the pattern is empty.

    Example:
        >>> import symcrit
        >>> balls = certified_balls(symcrit.family("II"))(Fraction(7), 100)
        >>> print(balls["a_1"].str(10, radius=False))
        -0.6327039049
    """
    branch = Branch(family.landscape, family.leading)

    def enclose(k: Fraction, prec: int) -> dict[str, arb]:
        point = branch.point(k, digits=ceil(prec / log2(10))).point
        return {**point.parameters, "loss": point.loss}

    return enclose


def _errors_at(
    series: FamilySeries, k: Fraction, enclose: Enclose
) -> dict[str, list[arb]]:
    """The error of each quantity after 0, 1, 2, ... terms, with enough bits."""
    last = max(quantity.order for quantity in series.quantities.values())
    prec = _GUARD_BITS + ceil(float(last) * log2(k) / 2)
    for _ in range(_MAX_ATTEMPTS):
        true = enclose(k, prec)
        found = {
            name: _errors(quantity, true[name], k, prec)
            for name, quantity in series.quantities.items()
        }
        accuracy = (x.rel_accuracy_bits() for errors in found.values() for x in errors)
        if min(accuracy) >= _ERROR_BITS:
            break
        prec *= 2
    return found


def _errors(quantity: Quantity, true: arb, k: Fraction, prec: int) -> list[arb]:
    with working_precision(prec):
        found = [true]
        for exponent, c in quantity.terms:
            found.append(found[-1] - c.ball(prec) * t_power(k, exponent, prec))
        return found
