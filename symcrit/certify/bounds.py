r"""Explicit error bounds of parameters and loss for all real k >= k_min.

With t = k^(-1/2), exact terms c_e t^e and an exponent m,

    |q(k) - sum over e < m of c_e t^e| <= C t^m    for all k >= k_min,

for q a parameter or the loss; and  A t^e <= loss <= B t^e  with the exponent e of its
leading term.  Near infinity the numbers come from models, on each stretch below from
Taylor polynomials (``remainders``); C is the largest of all.

Derivations: derivations/uniform.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from flint import arb

from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.certify.exact_branch import model_of
from symcrit.certify.infinity import Infinity
from symcrit.certify.krawczyk import upper_bound
from symcrit.certify.remainders import QuantityCurve, Terms, quantity_curves
from symcrit.certify.uniform import UniformTheorem
from symcrit.core.errors import InputError, UndecidedError

__all__ = ["Bound", "Bounds", "prove_bounds"]


@dataclass(frozen=True)
class Bound:
    """|q - sum of the terms| <= constant * t^exponent for all k >= k_min.

    Attributes:
        name: a parameter, or ``loss``.
        terms: exponents of t below ``exponent``, and exact coefficients.
        exponent: m.
        constant: C, exact.
        next: the coefficient of t^m in the series; C cannot be smaller than its
            absolute value.

    An example stands at ``Family.prove``.

    Source:
        derivations/uniform.md, bounds.
    """

    name: str
    terms: tuple[tuple[Fraction, Exact], ...]
    exponent: Fraction
    constant: arb
    next: Exact

    @property
    def ratio(self) -> float | None:
        """C relative to the least that is possible; None if that is zero."""
        if not self.next:
            return None
        return float(self.constant) / abs(float(self.next.ball(64)))


@dataclass(frozen=True)
class Bounds:
    """Bounds of all quantities for all k >= k_min.

    Attributes:
        quantities: the parameters and the loss, by name.
        loss_exponent: the exponent e of the leading term of the loss.
        loss_lower: A, exact, with A t^e <= loss for all k >= lower_from.
        lower_from: the least integer k >= k_min, or ``positive_from`` if that is
            larger: below it, a loss that vanishes at an end of the family would make A
            tiny.
        loss_upper: B, exact, with loss <= B t^e for all k >= k_min.
        positive_from: the loss is positive for all k from here on; None if that was not
            proved near infinity.
    """

    quantities: Mapping[str, Bound]
    loss_exponent: Fraction
    loss_lower: arb
    lower_from: Fraction
    loss_upper: arb
    positive_from: Fraction | None


def prove_bounds(
    theorem: UniformTheorem,
    order: int,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Bounds:
    """Bound what the terms below t^order leave of parameters and loss.

    Args:
        theorem: the theorem.
        order: m.
        progress: called with the number of stretches done and of all.

    Raises:
        InputError: the order is beyond the terms that the theorem rests on.
        UndecidedError: a bound near infinity is not finite.
    """
    infinity = theorem.infinity
    known = series_of(infinity)
    most = min([*infinity.orders, infinity.loss_order]) // infinity.ramification
    if not 1 <= order < most:
        message = f"the order {order} of the bounds should be from 1 to {most - 1}"
        raise InputError(message)
    m = Fraction(order)
    lead = min((e for e, _ in known["loss"]), default=Fraction(0))
    cut = {name: tuple((e, c) for e, c in q if e < m) for name, q in known.items()}
    largest = {name: _near_infinity(infinity, name, m) for name in known}
    lower, upper = _loss_near_infinity(infinity, lead)
    positive_from = infinity.k_from if infinity.spurious else None
    first = Fraction(ceil(theorem.k_min))
    for number, stretch in enumerate(theorem.stretches):
        curves = quantity_curves(theorem.landscape, stretch)
        for name, curve in curves.items():
            largest[name] = largest[name].max(_distance(curve, cut[name], m))
        with working_precision(stretch.tube.prec):
            loss = curves["loss"].scaled((), lead)
            upper = upper.max(loss.upper())
            # Once the loss is not proved to be positive, nothing is said below.
            if positive_from == stretch.high and loss > 0:
                positive_from = stretch.low
                if stretch.high > first:
                    lower = lower.min(loss.lower())
        if progress is not None:
            progress(number + 1, len(theorem.stretches))
    if not all(x.is_finite() for x in (*largest.values(), upper)):
        message = "a bound is not finite"
        raise UndecidedError(message, hint="lower the order")
    return Bounds(
        {
            name: Bound(name, cut[name], m, largest[name], _coefficient(known[name], m))
            for name in known
        },
        lead,
        lower,
        first if positive_from is None else max(first, positive_from),
        upper,
        positive_from,
    )


def series_of(infinity: Infinity) -> dict[str, Terms]:
    """The exact terms that a statement near infinity rests on, by name, in t."""
    e = infinity.ramification
    found: dict[str, Terms] = {
        name: tuple((Fraction(n, e), c) for n, c in terms)
        for name, terms in zip(infinity.names, infinity.centre, strict=True)
    }
    found["loss"] = tuple((Fraction(n, e), c) for n, c in infinity.loss_terms)
    return found


def _coefficient(terms: Terms, exponent: Fraction) -> Exact:
    return dict(terms).get(exponent, Exact.rational(0))


def _distance(curve: QuantityCurve, terms: Terms, m: Fraction) -> arb:
    """C on one stretch."""
    return upper_bound(curve.scaled(terms, m))


def _near_infinity(infinity: Infinity, name: str, m: Fraction) -> arb:
    """C for all k >= k_1."""
    n = int(m * infinity.ramification)
    if name != "loss":
        return infinity.constant(name, n)
    return upper_bound(_loss_scaled(infinity, n))


def _loss_near_infinity(infinity: Infinity, lead: Fraction) -> tuple[arb, arb]:
    """A and B for all k >= k_1."""
    with working_precision(infinity.prec):
        scaled = _loss_scaled(infinity, int(lead * infinity.ramification))
        return scaled.lower(), scaled.upper()


def _loss_scaled(infinity: Infinity, n: int) -> arb:
    """(loss - sum of the terms below u^n) / u^n for all k >= k_1."""
    with working_precision(infinity.prec):
        lib = infinity.loss.lib
        rest = tuple((e, c) for e, c in infinity.loss_terms if e >= n)
        total = model_of(lib, rest, infinity.prec).range(n) if rest else arb(0)
        power = lib.power(infinity.loss_order - n)
        return total + infinity.loss_rest * (arb(0).union(power))
