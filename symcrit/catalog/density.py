"""Where the eigenvalues of the Hessian lie as k grows: limits, fractions, outliers.

All but few eigenvalues tend to a handful of constants, and the fraction that tends to
each is the quotient of two polynomials in the sizes.  What grows without bound, and
what tends to a constant but makes up a vanishing fraction only, are outliers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from symcrit.arith.exact import Exact
from symcrit.catalog.spectra import Coefficient, Growth, SpectrumSeries
from symcrit.core.expressions import (
    Name,
    Power,
    Quotient,
    to_latex,
    to_plain,
)
from symcrit.core.notebook import decimal_latex, html_table, latex_array
from symcrit.symmetry.latex import polynomial_latex
from symcrit.symmetry.polynomials import SizePolynomial

__all__ = ["Atom", "SpectralDensity", "spectral_density"]

_HEADS = ("tends to", "how many", "fraction")
_DIGITS = 10
"""Digits that a notebook shows of a constant that is known as a ball only."""


@dataclass(frozen=True)
class Atom:
    """A constant that eigenvalues tend to.

    Attributes:
        limit: the constant.
        count: how many eigenvalues tend to it.
        share: the part of highest degree of ``count``, if it has the degree of the
            number of all eigenvalues, and that of their number; else None.

    Example:
        >>> import symcrit
        >>> atom = symcrit.family("A").spectral_density().atoms[0]
        >>> print(atom.limit, atom.count, atom.fraction)
        1/4 - 1/(2*pi) k*(k - 1)/2 1/2
        >>> wide = symcrit.family("A").spectral_density(inputs="d").atoms[0]
        >>> print(wide.fraction, wide.fraction_text)
        None k/(2*d)

    Source:
        derivations/spectrum.md.
    """

    limit: Coefficient
    count: SizePolynomial
    share: tuple[SizePolynomial, SizePolynomial] | None

    @property
    def fraction(self) -> Fraction | None:
        """The fraction of all eigenvalues in the limit, if it is one number.

        None if the sizes grow in different ways and it depends on their quotients: see
        ``share``.
        """
        return Fraction(0) if self.share is None else _quotient(*self.share)

    @property
    def fraction_text(self) -> str:
        """The fraction in the limit, as an expression in the sizes."""
        if self.share is None:
            return "0"
        number = self.fraction
        if number is not None:
            return str(number)
        top, bottom = self.share
        return to_plain(Quotient(*top.cancelled(bottom)))


@dataclass(frozen=True)
class SpectralDensity:
    """The limiting distribution of the eigenvalues of the Hessian.

    Attributes:
        family: the name of the family.
        total: the number of eigenvalues.
        atoms: the constants that a positive fraction tends to, ascending; the fractions
            add up to one if ``is_complete``.
        rare: constants that a vanishing fraction tends to.
        growing: what grows without bound, the fastest first.
        vanishing: what tends to zero.
        unknown: of which no term is known.

    Example:
        >>> import symcrit
        >>> density = symcrit.family("A").spectral_density()
        >>> [(str(atom.limit), str(atom.fraction)) for atom in density.atoms]
        [('1/4 - 1/(2*pi)', '1/2'), ('1/4 + 1/(2*pi)', '1/2')]
        >>> print(density.total, density.outliers, density.is_complete)
        k**2 2*k True

    Source:
        derivations/spectrum.md.
    """

    family: str
    total: SizePolynomial
    atoms: tuple[Atom, ...]
    rare: tuple[Atom, ...]
    growing: tuple[Growth, ...]
    vanishing: tuple[Growth, ...]
    unknown: tuple[Growth, ...]

    @property
    def is_complete(self) -> bool:
        """Whether all but a vanishing fraction of the eigenvalues are in ``atoms``."""
        return self.outliers.degree < self.total.degree

    @property
    def outliers(self) -> SizePolynomial:
        """How many eigenvalues do not tend to one of the atoms."""
        rest = self.total
        for atom in self.atoms:
            rest = rest - atom.count
        return rest

    def __repr__(self) -> str:
        found = ", ".join(f"{atom.limit} ({atom.fraction})" for atom in self.atoms)
        return f"<density of the spectrum of family {self.family}: {found}>"

    def _repr_html_(self) -> str:
        rows = [
            *(
                (_text(atom.limit), str(atom.count), atom.fraction_text)
                for atom in (*self.atoms, *self.rare)
            ),
            *((_behaviour(x)[0], str(x.count), "") for x in self._others),
        ]
        return html_table(f"eigenvalues of family {self.family}", _HEADS, rows)

    def _repr_latex_(self) -> str:
        rows = [
            *(
                (
                    _latex(atom.limit),
                    polynomial_latex(str(atom.count)),
                    polynomial_latex(atom.fraction_text),
                )
                for atom in (*self.atoms, *self.rare)
            ),
            *(
                (_behaviour(x)[1], polynomial_latex(str(x.count)), "")
                for x in self._others
            ),
        ]
        return latex_array([rf"\text{{{x}}}" for x in _HEADS], rows)

    @property
    def _others(self) -> tuple[Growth, ...]:
        return (*self.growing, *self.vanishing, *self.unknown)


def _text(c: Coefficient) -> str:
    return str(c) if isinstance(c, Exact) else str(c.str(_DIGITS))


def _latex(c: Coefficient) -> str:
    if isinstance(c, Exact):
        return c.latex
    return decimal_latex(c.str(_DIGITS, radius=False))


def _behaviour(growth: Growth) -> tuple[str, str]:
    """What becomes of eigenvalues without a limit other than zero, plain and LaTeX."""
    if growth.exponent is None:
        return "not known", r"\text{not known}"
    power = Power(Name("k"), growth.exponent) if growth.exponent != 1 else Name("k")
    plain, formula = to_plain(power), to_latex(power)
    if growth.exponent > 0:
        return f"infinity, like {plain}", rf"\infty,\ \text{{like }} {formula}"
    return f"0, like {plain}", rf"0,\ \text{{like }} {formula}"


def spectral_density(found: SpectrumSeries) -> SpectralDensity:
    """Read the limiting distribution off the leading terms of a spectrum.

    Example:
        >>> import symcrit
        >>> density = symcrit.family("II").spectral_density()
        >>> for atom in density.atoms:
        ...     print(atom.limit, atom.fraction)
        1/4 - 1/(2*pi) 1/2
        1/4 + 1/(2*pi) 1/2
        >>> print(density.outliers, [str(growth.count) for growth in density.growing])
        2*k ['k + 1']
    """
    total = found.total
    constants = [
        Atom(c, count, _share(count, total))
        for growth in found.growth
        if growth.exponent == 0
        for c, count in growth.coefficients
    ]
    return SpectralDensity(
        found.family,
        total,
        tuple(atom for atom in constants if atom.share is not None),
        tuple(atom for atom in constants if atom.share is None),
        _with(found.growth, 1),
        _with(found.growth, -1),
        tuple(growth for growth in found.growth if growth.exponent is None),
    )


def _with(growths: Sequence[Growth], sign: int) -> tuple[Growth, ...]:
    return tuple(
        growth
        for growth in growths
        if growth.exponent is not None and growth.exponent * sign > 0
    )


def _share(
    count: SizePolynomial, total: SizePolynomial
) -> tuple[SizePolynomial, SizePolynomial] | None:
    if count.degree < total.degree:
        return None
    return count.top, total.top


def _quotient(top: SizePolynomial, bottom: SizePolynomial) -> Fraction | None:
    """The quotient of two polynomials that are multiples of each other, else None."""
    factor = top.terms[0][1] / bottom.terms[0][1]
    return factor if top == bottom * factor else None
