"""Formulas as sympy expressions, for printing.

Nothing at start-up imports this module: sympy takes longer to load than most commands
take to run.  sympy prints and substitutes; it never solves and it proves nothing.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import sympy

from symcrit.arith.protocol import Site

__all__ = [
    "NamedSymbols",
    "Symbols",
    "expand_definitions",
    "real_symbol",
    "size_symbol",
]

Expr: TypeAlias = Any
"""A sympy expression; sympy publishes no types."""


class Symbols:
    """The number system of real sympy expressions, roots and angles written out.

    Example:
        >>> x = real_symbol("x")
        >>> lib = Symbols()
        >>> lib.root(4 * x * x, "a site"), lib.angle(lib.exact(1), x, "a site")
        (2*Abs(x), atan2(1, x))
    """

    pi = sympy.pi

    def exact(self, value: int | Fraction) -> Expr:
        """The rational number."""
        value = Fraction(value)
        return sympy.Rational(value.numerator, value.denominator)

    def root(self, x: Expr, site: Site) -> Expr:
        """The nonnegative square root."""
        return sympy.sqrt(x)

    def angle(self, s: Expr, c: Expr, site: Site) -> Expr:
        """The angle of (c, s)."""
        return sympy.atan2(s, c)


class NamedSymbols(Symbols):
    """Symbols in which every root and every angle gets a name of its own.

    Numbers, powers of symbols and multiples of them stay as they are.

    Attributes:
        definitions: what each name stands for, in terms of parameters and of earlier
            names.
        latex_names: how each name is set in LaTeX.
        sites: what to write for a site in a name, if not the site itself.

    Example:
        >>> x, y = real_symbol("x"), real_symbol("y")
        >>> lib = NamedSymbols()
        >>> s = lib.root(x * x + y * y, "w1.v2")
        >>> s, lib.angle(s, x, "w1.v2")
        (s_w1_v2, theta_w1_v2)
        >>> lib.definitions[s]
        sqrt(x**2 + y**2)
    """

    def __init__(self, sites: Mapping[Site, str] | None = None) -> None:
        self.definitions: dict[Expr, Expr] = {}
        self.latex_names: dict[Expr, str] = {}
        self.sites = sites or {}

    def root(self, x: Expr, site: Site) -> Expr:
        """The name of the root at a site."""
        return self.name(sympy.sqrt(x), "s", "s", site, nonnegative=True)

    def angle(self, s: Expr, c: Expr, site: Site) -> Expr:
        """The name of the angle at a site."""
        return self.name(sympy.atan2(s, c), "theta", r"\theta", site)

    def name(
        self, value: Expr, stem: str, latex: str, site: Site, **assumptions: bool
    ) -> Expr:
        """A symbol that stands for an expression.

        Args:
            value: the expression.
            stem: the beginning of the name.
            latex: the beginning of the name in LaTeX.
            site: the place, such as ``w1.v2``; it becomes the index.
            assumptions: what is known of the value besides being real.

        Raises:
            ValueError: the name stands for something else already.
        """
        if _is_simple(value):
            return value
        parts = self.sites.get(site, site).split(".")
        name = "_".join([stem, *parts])
        symbol = sympy.Symbol(name, **({"real": True} | assumptions))
        if self.definitions.setdefault(symbol, value) != value:
            message = (
                f"{symbol} is {self.definitions[symbol]} and cannot be {value} too"
            )
            raise ValueError(message)
        self.latex_names[symbol] = f"{latex}_{{{' '.join(map(_latex_index, parts))}}}"
        return symbol


def _is_simple(value: Expr) -> bool:
    """Whether an expression is a number or a multiple of a power of a symbol."""
    _, rest = value.as_coeff_Mul()
    return bool(rest.as_base_exp()[0].is_Symbol or value.is_number)


def _latex_index(part: str) -> str:
    """``w_{12}'`` for ``w12prime``."""
    number = part[1:].removesuffix("prime")
    return f"{part[0]}_{{{number}}}{chr(39) * part.endswith('prime')}"


def real_symbol(name: str) -> Expr:
    """A symbol for a real number."""
    return sympy.Symbol(name, real=True)


def size_symbol(name: str) -> Expr:
    """A symbol for a positive number, such as the size of a block."""
    return sympy.Symbol(name, positive=True)


def expand_definitions(
    expressions: Iterable[Expr], definitions: dict[Expr, Expr]
) -> list[Expr]:
    """The expressions with every name replaced by what it stands for.

    Example:
        >>> x, y, z = (real_symbol(name) for name in "xyz")
        >>> expand_definitions([z - 1], {y: x * x, z: y + 1})
        [x**2]
    """
    written_out: dict[Expr, Expr] = {}
    for symbol, value in definitions.items():
        written_out[symbol] = value.xreplace(written_out)
    return [expression.xreplace(written_out) for expression in expressions]
