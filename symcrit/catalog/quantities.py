"""The expansion of one quantity along a family, as users see it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symcrit.arith.balls import ball_of
from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Series
from symcrit.arith.precision import working_precision
from symcrit.core.errors import InputError
from symcrit.core.expressions import power_text
from symcrit.expand.lift import Proof

__all__ = ["FamilySeries", "Quantity", "approx_radius", "field_of", "latex_name"]

_RATIO_TERMS = 6
"""The radius of convergence is not guessed from fewer coefficients."""


@dataclass(frozen=True, repr=False)
class Quantity:
    r"""An exact expansion in t = k^(-1/2) with its own O-term.

    Attributes:
        name: a parameter, or ``loss``.
        terms: exponents of t, ascending, and their nonzero exact coefficients.
        order: the exponent from which on nothing is known: the expansion stands for
            every function that differs from its terms by O(t^order).

    Example:
        >>> import symcrit
        >>> quantity = symcrit.family("A").series(order=5)["o_1"]
        >>> print(quantity)
        (2)*t**2 + (-2 + 4/pi)*t**4 + O(t**5)
        >>> print(quantity.order, quantity.coefficient(4), quantity.coefficient(3))
        5 -2 + 4/pi 0
        >>> print(quantity.with_terms(1), "and", quantity.truncated(4))
        (2)*t**2 + O(t**4) and (2)*t**2 + O(t**4)
        >>> quantity.decimals(10)
        ['2.000000000', '-0.7267604553']
        >>> print(quantity.with_terms(1).latex)
        \left(2\right)t^{2} + O\left(t^{4}\right)

    Source:
        derivations/series.md.
    """

    name: str
    terms: tuple[tuple[Fraction, Exact], ...]
    order: Fraction

    @classmethod
    def of(cls, name: str, series: Series, ramification: int) -> "Quantity":
        """The quantity whose series in t^(1/ramification) is given.

        Args:
            name: the name of the quantity.
            series: its series, with an O-term.
            ramification: e, if the variable of the series is t^(1/e).
        """
        assert series.prec is not None
        terms = tuple(
            (Fraction(n, ramification), c) for n, c in series.known_coefficients()
        )
        return cls(name, terms, Fraction(series.prec, ramification))

    def coefficient(self, exponent: int | Fraction) -> Exact:
        """The exact coefficient of a power of t; zero where the power does not occur.

        Args:
            exponent: of t.

        Raises:
            InputError: the power is beyond the O-term.
        """
        if exponent >= self.order:
            message = (
                f"the coefficient of t^{exponent} in {self.name} is beyond"
                f" O(t^{self.order}): ask for a higher order"
            )
            raise InputError(message)
        return dict(self.terms).get(Fraction(exponent), Exact.rational(0))

    def truncated(self, order: int | Fraction) -> "Quantity":
        """The same expansion to O(t^order), or to its own order if that is lower.

        Args:
            order: the exponent of t from which on terms are dropped.
        """
        kept = tuple((n, c) for n, c in self.terms if n < order)
        return Quantity(self.name, kept, min(Fraction(order), self.order))

    def with_terms(self, count: int) -> "Quantity":
        """The same expansion with at most so many nonzero terms.

        Args:
            count: the number of terms to keep; the next one gives the order.
        """
        if len(self.terms) <= count:
            return self
        return self.truncated(self.terms[count][0])

    def ball(self, k: Fraction, *, prec: int = 128) -> arb:
        """The truncated sum at k as a ball; the error of truncation is not in it.

        Args:
            k: positive.
            prec: working precision in bits.

        Raises:
            InputError: k is not positive.

        Example:
            >>> import symcrit
            >>> series = symcrit.family("A").series(order=5)
            >>> print(series["o_1"].ball(Fraction(100)).str(12, radius=False))
            0.0199273239545
        """
        if k <= 0:
            message = f"k = {k} should be a positive number"
            raise InputError(message)
        with working_precision(prec):
            total = arb(0)
            log_t = -ball_of(k).log() / 2
            for exponent, c in self.terms:
                power = (log_t * exponent.numerator / exponent.denominator).exp()
                total += c.ball(prec) * power
            return total

    def at(self, k: int | float | Fraction) -> float:
        """The truncated sum at k, a number without error bound.

        Args:
            k: positive, not necessarily an integer.

        Raises:
            InputError: k is not positive, or not finite.

        Example:
            >>> import symcrit
            >>> round(symcrit.family("II").series(order=8).loss.at(k=50), 5)
            0.00519
        """
        if not 0 < k < math.inf:
            message = f"k = {k} should be a positive number"
            raise InputError(message)
        return float(self.ball(Fraction(k)).mid())

    def decimals(self, digits: int = 17) -> list[str]:
        """The coefficients as decimal numbers, term by term, rounded.

        Args:
            digits: significant digits of each.
        """
        prec = 64 + 4 * digits
        return [c.ball(prec).str(digits, radius=False) for _, c in self.terms]

    @property
    def latex(self) -> str:
        """The expansion as LaTeX, without dollar signs."""
        parts = [f"\\left({c.latex}\\right){_power(n)}" for n, c in self.terms]
        return " + ".join([*parts, f"O\\left({_power(self.order) or '1'}\\right)"])

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"

    def __repr__(self) -> str:
        return f"<{self.name} = {self}>"

    def __str__(self) -> str:
        parts = [f"({c})*{power_text('t', n)}" if n else f"{c}" for n, c in self.terms]
        return " + ".join([*parts, f"O({power_text('t', self.order)})"])


def _power(exponent: Fraction) -> str:
    if exponent == 0:
        return ""
    return "t" if exponent == 1 else f"t^{{{exponent}}}"


def approx_radius(quantities: Sequence[Quantity]) -> float | None:
    """A guess of the common radius of convergence in t, without any bound.

    The largest root |c_n|^(1/n) over the upper half of the known exponents, which does
    not mind that singularities come in complex pairs, where ratios oscillate.

    Returns:
        The guess, or None if there are too few coefficients.
    """
    rates = []
    for quantity in quantities:
        first = min((n for n, _ in quantity.terms), default=Fraction(0))
        high = [
            (float(n - first), abs(float(c.ball(64).mid())))
            for n, c in quantity.terms
            if n > first and 2 * n >= quantity.order
        ]
        if len(quantity.terms) >= _RATIO_TERMS:
            rates += [c ** (1 / n) for n, c in high if c > 0]
    return 1 / max(rates) if rates else None


def field_of(numbers: Iterable[Exact]) -> str:
    """The field that exact numbers lie in.

    Example:
        >>> field_of([Exact.pi(), Exact.surd(2)])
        'Q(pi, sqrt(2))'
    """
    roots = sorted(
        {str(Exact.surd(m, inside)) for c in numbers for m, inside in c.radicands()}
    )
    return f"Q({', '.join(['pi', *roots])})"


def latex_name(name: str) -> str:
    r"""A quantity's name in LaTeX.

    Example:
        >>> latex_name("m_1_2"), latex_name("loss")
        ('m_{1,2}', '\\mathcal{L}')
    """
    if name == "loss":
        return r"\mathcal{L}"
    head, _, rest = name.partition("_")
    return f"{head}_{{{rest.replace('_', ',')}}}" if rest else head


@dataclass(frozen=True, repr=False)
class FamilySeries:
    """The exact series of a family, proved to their O-terms.

    Attributes:
        family: the name of the family.
        quantities: the expansion of each parameter, then of the loss, by name.
        proof: what was checked.
        field: the field of the coefficients.
        ramification: e, if exponents of t are multiples of 1/e.

    Indexing with a name raises ``InputError`` where there is no such quantity.

    Example:
        >>> import symcrit
        >>> found = symcrit.family("A").series(order=3)
        >>> found
        <series of family A, a_1: O(t**3), o_1: O(t**3), loss: O(t**3)>
        >>> print(found.loss)
        1/2 - 1/pi + (-4/(3*pi))*t**1 + (-1/2 + 3/pi - 2/pi**2)*t**2 + O(t**3)
        >>> found.field, found.ramification, found.approx_radius()
        ('Q(pi)', 1, None)
        >>> found.proof.residual_order, found.proof.jacobian_exponent
        (4, 0)

    Source:
        derivations/series.md.
    """

    family: str
    quantities: Mapping[str, Quantity]
    proof: Proof
    field: str
    ramification: int

    def __repr__(self) -> str:
        orders = ", ".join(
            f"{name}: O({power_text('t', q.order)})"
            for name, q in self.quantities.items()
        )
        return f"<series of family {self.family}, {orders}>"

    def __str__(self) -> str:
        return "\n".join(f"{name} = {q}" for name, q in self.quantities.items())

    @property
    def loss(self) -> Quantity:
        """The expansion of the loss."""
        return self.quantities["loss"]

    def __getitem__(self, name: str) -> Quantity:
        if name not in self.quantities:
            known = ", ".join(self.quantities)
            message = f"family {self.family} has no quantity {name!r}; it has {known}"
            raise InputError(message)
        return self.quantities[name]

    def approx_radius(self) -> float | None:
        """A guess of the radius of convergence in t; None from too few terms."""
        return approx_radius(list(self.quantities.values()))

    def _repr_latex_(self) -> str:
        lines = [
            f"{latex_name(name)} &= {quantity.latex}"
            for name, quantity in self.quantities.items()
        ]
        body = r" \\ ".join(lines)
        return f"$$\\begin{{aligned}}{body}\\end{{aligned}}$$"
