"""The spectrum along a family as exact series, as users see it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, cmp_to_key
from typing import TypeAlias

from flint import arb

from symcrit.arith.balls import ball_of
from symcrit.arith.exact import Exact
from symcrit.arith.factoring import polynomial_text
from symcrit.arith.precision import working_precision
from symcrit.catalog.quantities import Quantity
from symcrit.core.errors import InputError
from symcrit.core.expressions import power_text
from symcrit.core.notebook import decimal_latex
from symcrit.core.truth import Truth
from symcrit.symmetry.latex import component_latex
from symcrit.symmetry.polynomials import SizePolynomial

__all__ = [
    "Conjugates",
    "Eigenvalue",
    "Growth",
    "SeriesBlock",
    "SpectrumSeries",
    "compare_eigenvalues",
    "describe_growth",
    "sign_of",
]

Coefficient: TypeAlias = Exact | arb
"""A coefficient, exact or enclosed in a ball."""

_SIGN_PREC = 128
_SHOWN_DIGITS = 10
_NONE: Coefficient = Exact.rational(0)


@dataclass(frozen=True)
class Conjugates:
    """What defines eigenvalues whose leading coefficients are conjugate.

    Attributes:
        exponent: of the power of t that is taken out.
        polynomial: the eigenvalues, less the terms that they share, are t^exponent
            times the roots of this monic polynomial with exact series as coefficients;
            the constant one first.
        leading: the irreducible polynomial of their leading coefficients, the constant
            one first.

    Its text is the equation of the leading coefficients.

    Example:
        >>> x_squared_minus_pi = (-Exact.pi(), Exact.rational(0), Exact.rational(1))
        >>> print(Conjugates(Fraction(-1), (), x_squared_minus_pi))
        x**2 - pi

    Source:
        derivations/spectrum.md.
    """

    exponent: Fraction
    polynomial: tuple[Quantity, ...]
    leading: tuple[Exact, ...]

    def __str__(self) -> str:
        return polynomial_text(self.leading)


@dataclass(frozen=True, repr=False)
class Eigenvalue:
    """An eigenvalue of the Hessian on one component, as a series in t = k^(-1/2).

    Attributes:
        expansion: the exact terms, with an O-term.
        coincide: how many eigenvalues of the component share all known terms.
        conjugates: what defines the terms beyond the exact ones, if they are algebraic
            of higher degree; None if there are none.
        balls: exponents and enclosed coefficients of these terms.
        order: the exponent from which on nothing is known: the error is O(t^order).

    Example:
        >>> import symcrit
        >>> x = symcrit.family("A").spectrum_series(order=2)["x_1"].eigenvalues[0]
        >>> print(x)
        1/4 - 1/(2*pi) + (-1/pi)*t**1 + O(t**2)
        >>> print(x.limit, x.sign, x.coefficient(1), x.is_exact, x.known_to)
        1/4 - 1/(2*pi) 1 -1/pi True 2
        >>> print(x.leading[0], x.with_terms(1), x.ball(Fraction(100)).str(8))
        0 1/4 - 1/(2*pi) + O(t**1) [0.059014068 +/- 2.90e-10]

    Source:
        derivations/spectrum.md.
    """

    expansion: Quantity
    coincide: int
    conjugates: Conjugates | None
    balls: tuple[tuple[Fraction, arb], ...]
    order: Fraction

    @property
    def is_exact(self) -> bool:
        """Whether all known coefficients are exact numbers."""
        return self.conjugates is None

    @property
    def known_to(self) -> Fraction:
        """The order to which the eigenvalue is determined, if only as a root."""
        if self.conjugates is None:
            return self.order
        orders = [q.order for q in self.conjugates.polynomial]
        return self.conjugates.exponent + min(orders)

    @property
    def terms(self) -> tuple[tuple[Fraction, Coefficient], ...]:
        """All known terms: exponents of t, ascending, and coefficients."""
        return (*self.expansion.terms, *self.balls)

    @property
    def leading(self) -> tuple[Fraction, Coefficient] | None:
        """Exponent and coefficient of the first term; None if none is known."""
        return self.terms[0] if self.terms else None

    @property
    def limit(self) -> Coefficient | None:
        """The limit for large k; None if the eigenvalue grows or none is known."""
        if self.leading is None:
            return Exact.rational(0) if self.order > 0 else None
        exponent, coefficient = self.leading
        if exponent < 0:
            return None
        return coefficient if exponent == 0 else Exact.rational(0)

    @property
    def sign(self) -> int | None:
        """The sign for all large k; None if it is open."""
        if self.leading is None:
            return None
        return sign_of(self.leading[1])

    def coefficient(self, exponent: int | Fraction) -> Coefficient:
        """The coefficient of a power of t; zero where the power does not occur.

        Args:
            exponent: of t.

        Raises:
            InputError: the power is beyond the O-term.
        """
        if exponent >= self.order:
            message = (
                f"the coefficient of t^{exponent} is beyond O(t^{self.order}): ask for"
                " a higher order"
            )
            raise InputError(message)
        return dict(self.terms).get(Fraction(exponent), Exact.rational(0))

    def truncated(self, order: int | Fraction) -> "Eigenvalue":
        """The same eigenvalue to O(t^order), or to its own order if that is lower.

        Args:
            order: the exponent of t from which on terms are dropped.
        """
        kept = tuple((n, c) for n, c in self.balls if n < order)
        return replace(
            self,
            expansion=self.expansion.truncated(order),
            balls=kept,
            order=min(Fraction(order), self.order),
        )

    def with_terms(self, count: int) -> "Eigenvalue":
        """The same eigenvalue with at most so many nonzero terms.

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
        """
        with working_precision(prec):
            total = self.expansion.ball(k, prec=prec)
            log_t = -ball_of(k).log() / 2
            for exponent, c in self.balls:
                total += c * (log_t * exponent.numerator / exponent.denominator).exp()
            return total

    @property
    def latex(self) -> str:
        """The known terms as LaTeX, without dollar signs."""
        if self.is_exact:
            return self.expansion.latex
        parts = [f"\\left({c.latex}\\right) t^{{{n}}}" for n, c in self.expansion.terms]
        parts += [
            f"{decimal_latex(c.str(_SHOWN_DIGITS, radius=False))}\\, t^{{{n}}}"
            for n, c in self.balls
        ]
        return " + ".join([*parts, f"O\\left(t^{{{self.order}}}\\right)"])

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"

    def __repr__(self) -> str:
        return f"<eigenvalue {self}>"

    def __str__(self) -> str:
        if self.is_exact:
            return str(self.expansion)
        parts = [f"({c})*{power_text('t', n)}" for n, c in self.expansion.terms]
        parts += [
            f"({c.str(_SHOWN_DIGITS)})*{power_text('t', n)}" for n, c in self.balls
        ]
        return " + ".join([*parts, f"O({power_text('t', self.order)})"])


@dataclass(frozen=True)
class SeriesBlock:
    """The eigenvalues of the Hessian on one isotypic component for large k.

    Attributes:
        component: its name.
        dimension: how often each eigenvalue occurs, as a polynomial in the sizes.
        eigenvalues: ascending for all large k, as far as known terms tell.

    Example:
        >>> import symcrit
        >>> block = symcrit.family("A").spectrum_series(order=1)["s_1"]
        >>> print(block.component, block.dimension, block.negative)
        s_1 k - 1 0
        >>> for eigenvalue in block.eigenvalues:
        ...     print(eigenvalue)
        1/4 - 1/(2*pi) + O(t**1)
        1/4 + O(t**1)
        (1/4)*t**-2 + 1/4 + O(t**1)

    Source:
        derivations/components.md, derivations/spectrum.md.
    """

    component: str
    dimension: SizePolynomial
    eigenvalues: tuple[Eigenvalue, ...]

    @property
    def negative(self) -> int | None:
        """How many eigenvalues are negative for large k; None if a sign is open."""
        signs = [x.sign for x in self.eigenvalues]
        return None if None in signs else signs.count(-1)

    def _repr_latex_(self) -> str:
        return _display([self])


@dataclass(frozen=True)
class Growth:
    """Eigenvalues of the full Hessian with the same leading power of k.

    Attributes:
        exponent: they are of the order of this power of k; 0 for those that tend to a
            constant that is not zero; None for those of which no term is known.
        count: how many there are, with multiplicities.
        coefficients: the different leading coefficients, ascending, each with the
            number of eigenvalues that have it.

    Example:
        >>> import symcrit
        >>> fastest = symcrit.family("A").spectrum_series(order=1).growth[0]
        >>> print(fastest.exponent, fastest.count)
        1 k + 1
        >>> [(str(factor), str(count)) for factor, count in fastest.coefficients]
        [('1/(2*pi)', '1'), ('1/4', 'k')]

    Source:
        derivations/spectrum.md.
    """

    exponent: Fraction | None
    count: SizePolynomial
    coefficients: tuple[tuple[Coefficient, SizePolynomial], ...]


@dataclass(frozen=True, repr=False)
class SpectrumSeries:
    """The spectrum of the full Hessian along a family, for all large k.

    Attributes:
        family: the name of the family.
        order: the order that was asked for: every eigenvalue is known to O(t^order).
        blocks: the components.
        field: the field of the exact coefficients.
        inputs: the number of inputs if there are more than columns, such as ``d``.

    Indexing with the name of a component gives its block.

    Example:
        >>> import symcrit
        >>> found = symcrit.family("A").spectrum_series(order=1)
        >>> found
        <spectrum of family A to O(t**1)>
        >>> print(found["y_1"].eigenvalues[0])
        1/4 + 1/(2*pi) + O(t**1)
        >>> print(found.total, found.morse_index, found.is_positive_definite.value)
        k**2 0 TRUE
        >>> found.certified, [str(growth.count) for growth in found.growth]
        (True, ['k + 1', 'k**2 - k - 1'])

    Source:
        derivations/hessian.md, derivations/spectrum.md.
    """

    family: str
    order: Fraction
    blocks: tuple[SeriesBlock, ...]
    field: str
    inputs: str | None = None

    def __repr__(self) -> str:
        return f"<spectrum of family {self.family} to O({power_text('t', self.order)})>"

    def _repr_latex_(self) -> str:
        return _display(self.blocks)

    def __getitem__(self, component: str) -> SeriesBlock:
        """The component of a name.

        Raises:
            InputError: it does not occur.
        """
        for block in self.blocks:
            if block.component == component:
                return block
        known = ", ".join(block.component for block in self.blocks)
        message = f"there is no component {component!r}; there are {known}"
        raise InputError(message)

    def with_terms(self, count: int) -> "SpectrumSeries":
        """The same spectrum with at most so many nonzero terms of each eigenvalue.

        Args:
            count: the number of terms to keep.
        """
        blocks = tuple(
            replace(
                block, eigenvalues=tuple(x.with_terms(count) for x in block.eigenvalues)
            )
            for block in self.blocks
        )
        return replace(self, blocks=blocks)

    @property
    def total(self) -> SizePolynomial:
        """The number of all eigenvalues, rows times columns."""
        total = self._zero
        for block in self.blocks:
            total = total + block.dimension * len(block.eigenvalues)
        return total

    @property
    def certified(self) -> bool:
        """Whether the signs of all eigenvalues for large k are known."""
        return all(block.negative is not None for block in self.blocks)

    @property
    def morse_index(self) -> SizePolynomial | None:
        """The Morse index for all large k; None if a sign is open."""
        total = self._zero
        for block in self.blocks:
            if block.negative is None:
                return None
            total = total + block.dimension * block.negative
        return total

    @property
    def is_positive_definite(self) -> Truth:
        """Whether the Hessian is positive definite for all large k."""
        signs = [x.sign for block in self.blocks for x in block.eigenvalues]
        return Truth.all_of(
            Truth.of(true=sign == 1, false=sign == -1) for sign in signs
        )

    @cached_property
    def growth(self) -> tuple[Growth, ...]:
        """How many eigenvalues grow like which power of k, the fastest first."""
        found: dict[Fraction | None, list[tuple[Coefficient, SizePolynomial]]] = {}
        for block in self.blocks:
            for x in block.eigenvalues:
                place: Fraction | None = None
                coefficient = _NONE
                if x.leading is not None:
                    place, coefficient = -x.leading[0] / 2, x.leading[1]
                known = found.setdefault(place, [])
                for i, (other, count) in enumerate(known):
                    if _same(coefficient, other):
                        known[i] = other, count + block.dimension
                        break
                else:
                    known.append((coefficient, block.dimension))
        places = sorted(found, key=lambda place: (place is None, -(place or 0)))
        return tuple(_growth(place, found[place]) for place in places)

    @property
    def _zero(self) -> SizePolynomial:
        return self.blocks[0].dimension * 0


def _display(blocks: Sequence[SeriesBlock]) -> str:
    """One line for each eigenvalue: component, dimension, series."""
    lines = [
        f"{component_latex(block.component)}:\\ {block.dimension.latex}"
        f" &\\times {x.latex}"
        for block in blocks
        for x in block.eigenvalues
    ]
    body = r" \\ ".join(lines)
    return f"$$\\begin{{aligned}}{body}\\end{{aligned}}$$"


def _growth(
    place: Fraction | None, known: Sequence[tuple[Coefficient, SizePolynomial]]
) -> Growth:
    def by_coefficient(
        x: tuple[Coefficient, SizePolynomial], y: tuple[Coefficient, SizePolynomial]
    ) -> int:
        return _compare(x[0], y[0])

    ascending = sorted(known, key=cmp_to_key(by_coefficient))
    total = known[0][1] * 0
    for _, count in known:
        total = total + count
    return Growth(place, total, tuple(ascending))


def describe_growth(growth: Growth) -> str:
    """One line: how many eigenvalues, and what becomes of them.

    Example:
        >>> import symcrit
        >>> for growth in symcrit.family("A").spectrum_series(order=1).growth:
        ...     print(describe_growth(growth))
        k + 1: grow like k, with the factors 1/(2*pi) (1), 1/4 (k)
        k**2 - k - 1: tend to constants, 1/4 - 1/(2*pi) (k*(k - 1)/2), 1/4 (k - 1),
        1/4 + 1/(2*pi) (k*(k - 3)/2)
    """
    if growth.exponent is None:
        return f"{growth.count}: no term is known"
    shown = ", ".join(
        f"{c if isinstance(c, Exact) else c.str(_SHOWN_DIGITS)} ({count})"
        for c, count in growth.coefficients
    )
    if growth.exponent == 0:
        return f"{growth.count}: tend to constants, {shown}"
    power = "k" if growth.exponent == 1 else f"k**({growth.exponent})"
    verb = "grow" if growth.exponent > 0 else "tend to zero"
    return f"{growth.count}: {verb} like {power}, with the factors {shown}"


def sign_of(c: Coefficient) -> int | None:
    """The sign of a coefficient; None if a ball does not tell it."""
    if isinstance(c, Exact):
        return c.sign()
    if c > 0:
        return 1
    return -1 if c < 0 else None


def _same(c: Coefficient, other: Coefficient) -> bool:
    """Whether two coefficients are proved to be the same number."""
    if isinstance(c, Exact) and isinstance(other, Exact):
        return c == other
    return c is other


def _compare(c: Coefficient, other: Coefficient) -> int:
    """The sign of the difference; 0 if it is open."""
    if isinstance(c, Exact) and isinstance(other, Exact):
        return (c - other).sign()
    with working_precision(_SIGN_PREC):
        x, y = (a.ball(_SIGN_PREC) if isinstance(a, Exact) else a for a in (c, other))
        return sign_of(x - y) or 0


def compare_eigenvalues(x: Eigenvalue, y: Eigenvalue) -> int:
    """The sign of the difference for large k; 0 if known terms do not tell it."""
    end = min(x.order, y.order)
    for n in sorted({n for n, _ in (*x.terms, *y.terms) if n < end}):
        if found := _compare(x.coefficient(n), y.coefficient(n)):
            return found
    return 0
