"""The tables that ``symcrit table`` knows, each made from a list of families.

A new kind is a function from families and a ``Request`` to a ``Table``, and a line in
``KINDS``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symcrit.arith.decimals import decimal_ball
from symcrit.arith.exact import Exact
from symcrit.catalog.family import Family
from symcrit.catalog.notation import Notation
from symcrit.catalog.quantities import Quantity
from symcrit.catalog.spectra import Coefficient, SpectrumSeries
from symcrit.report.coefficients import coefficient_lines
from symcrit.report.eigenvalues import eigenvalue_lines, size_power
from symcrit.report.tables import Cell, Column, Table, number_cell
from symcrit.report.upgrades import theorem_table
from symcrit.report.writing import (
    coefficient_latex,
    decimal_text,
    power_latex,
    quantity_latex,
    size_latex,
)
from symcrit.symmetry.latex import component_latex, polynomial_latex
from symcrit.symmetry.polynomials import SizePolynomial

__all__ = ["KINDS", "Kind", "Request", "quantity_rows"]

COEFFICIENT_WIDTH = 20.0
"""The width of a line of coefficients in a table, in em."""

DECIMAL_DIGITS = 10
"""How many digits of a coefficient a table shows."""

_SIZES = (Fraction(10), Fraction(20), Fraction(100), Fraction(10**6))
"""The values of k, unless others are asked for."""

EIGENVALUE_WIDTH = 30.0
"""The width of a line of an eigenvalue in a table, in em."""

_SPECTRUM_ORDER = 2
"""Eigenvalues are shown up to O(1/k), unless more is asked for."""

_OWN_NAMES = Notation({})
_FAMILY = Column("family", "family", grouped=True)
_SIZE = Column("k", "$k$", grouped=True)
_BALL = (
    Column("value", "value", numeric=True),
    Column("radius", "radius", numeric=True),
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a table is asked to hold; a kind uses the fields that concern it.

    Attributes:
        order: every series to O(t^order).
        terms: instead, so many nonzero terms of every series.
        sizes: values of k.
        digits: how many digits of a number are shown, and of a point proved.
        notation: the names to show.
    """

    order: int | None = None
    terms: int | None = None
    sizes: tuple[Fraction, ...] = ()
    digits: int = 15
    notation: Notation = _OWN_NAMES


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table.

    Attributes:
        summary: what its rows are, in one line.
        build: makes it; the first column is ``family``.
        options: the options of the command line that concern it.
    """

    summary: str
    build: Callable[[Sequence[Family], Request], Table]
    options: tuple[str, ...] = ()


def quantity_rows(quantity: Quantity, shown_name: str) -> Iterator[tuple[Cell, ...]]:
    """Yield quantity, order, exponent, exact coefficient and decimal, term by term."""
    known = Cell(f"{quantity.order}", (f"O({power_latex(quantity.order)})",))
    name = Cell(shown_name, (quantity_latex(shown_name),))
    for exponent, number in quantity.terms:
        lines = coefficient_lines(number, width=COEFFICIENT_WIDTH)
        yield (
            name,
            known,
            Cell(str(exponent), (power_latex(exponent),)),
            Cell(str(number), tuple(lines)),
            number_cell(decimal_text(number, DECIMAL_DIGITS)),
        )


_TERM_COLUMNS = (
    Column("order", "order", grouped=True),
    Column("exponent", "power"),
    Column("coefficient", "coefficient"),
    Column("decimal", "decimal", numeric=True),
)


def _series(families: Sequence[Family], request: Request) -> Table:
    quantity = Column("quantity", "quantity", grouped=True)
    rows = [
        (Cell(family.name), *row)
        for family in families
        for name, found in _expanded(family, request).items()
        for row in quantity_rows(found, request.notation.rename(name))
    ]
    return Table((_FAMILY, quantity, *_TERM_COLUMNS), tuple(rows))


def _loss(families: Sequence[Family], request: Request) -> Table:
    rows = [
        (Cell(family.name), *row[1:])
        for family in families
        for row in quantity_rows(_expanded(family, request)["loss"], "loss")
    ]
    return Table((_FAMILY, *_TERM_COLUMNS), tuple(rows))


def _points(families: Sequence[Family], request: Request) -> Table:
    rows = []
    for family in families:
        for k in request.sizes or _SIZES:
            point = family.point(k, digits=request.digits)
            balls = {**point.parameters, "loss": point.loss}
            for name, ball in balls.items():
                shown = request.notation.rename(name)
                quantity = Cell(shown, (quantity_latex(shown),))
                rows.append(
                    (*_at(family, k), quantity, *_ball_cells(ball, request.digits))
                )
    columns = (_FAMILY, _SIZE, Column("quantity", "quantity"), *_BALL)
    return Table(columns, tuple(rows))


def _spectrum(families: Sequence[Family], request: Request) -> Table:
    """Balls at the values of k that were asked for, or leading terms for large k."""
    if not request.sizes:
        return _leading_terms(families, request)
    rows = []
    certified = True
    for family in families:
        for k in request.sizes:
            found = family.spectrum(k, digits=request.digits)
            certified &= found.certified
            rows += [
                (
                    *_at(family, k),
                    Cell(block.component, (component_latex(block.component),)),
                    Cell(
                        str(block.dimension), (polynomial_latex(str(block.dimension)),)
                    ),
                    Cell(_count(block.multiplicity)),
                    *_ball_cells(eigenvalue, request.digits),
                )
                for block in found.blocks
                for eigenvalue in block.eigenvalues
            ]
    columns = (
        _FAMILY,
        _SIZE,
        Column("component", "component", grouped=True),
        Column("dimension", "dimension", grouped=True),
        Column("multiplicity", "times", grouped=True),
        Column("eigenvalue", "eigenvalue", numeric=True),
        Column("radius", "radius", numeric=True),
    )
    return Table(columns, tuple(rows), certified)


def _leading_terms(families: Sequence[Family], request: Request) -> Table:
    rows = []
    certified = True
    for family in families:
        found = _expanded_spectrum(family, request)
        certified &= found.certified
        rows += [
            (
                Cell(family.name),
                Cell(block.component, (component_latex(block.component),)),
                _polynomial_cell(block.dimension),
                Cell(str(x), tuple(eigenvalue_lines(x, width=EIGENVALUE_WIDTH))),
            )
            for block in found.blocks
            for x in block.eigenvalues
        ]
    columns = (
        _FAMILY,
        Column("component", "component", grouped=True),
        Column("multiplicity", "times", grouped=True),
        Column("eigenvalue", "eigenvalue"),
    )
    return Table(columns, tuple(rows), certified)


def _expanded_spectrum(family: Family, request: Request) -> SpectrumSeries:
    """To the order, or with the number of terms, that is asked for."""
    terms = request.terms
    if terms is None:
        return family.spectrum_series(request.order or _SPECTRUM_ORDER)
    order = terms + 1
    while True:
        found = family.spectrum_series(order)
        everything = [x for block in found.blocks for x in block.eigenvalues]
        if order > 2 * terms + 2 or all(len(x.terms) > terms for x in everything):
            return found.with_terms(terms)
        order += 2


def _density(families: Sequence[Family], _request: Request) -> Table:
    """Constants and what tends to them, then what grows or vanishes."""
    rows = []
    certified = True
    for family in families:
        found = family.spectral_density()
        certified &= not found.unknown
        name = Cell(family.name)
        for atom in (*found.atoms, *found.rare):
            shown = (coefficient_latex(atom.limit),)
            place = Cell(_plain(atom.limit), shown)
            fraction = Cell(atom.fraction_text, (polynomial_latex(atom.fraction_text),))
            rows.append((name, place, _polynomial_cell(atom.count), fraction))
        for growth in (*found.growing, *found.vanishing):
            assert growth.exponent is not None
            power = size_power(-2 * growth.exponent)
            for c, count in growth.coefficients:
                place = Cell(
                    f"({_plain(c)})*k**({growth.exponent})",
                    (f"{coefficient_latex(c)} {power}",),
                )
                rows.append((name, place, _polynomial_cell(count), Cell("0", ("0",))))
    columns = (
        _FAMILY,
        Column("place", "near"),
        Column("count", "how many"),
        Column("fraction", "fraction"),
    )
    return Table(columns, tuple(rows), certified)


def _plain(c: Coefficient) -> str:
    return str(c) if isinstance(c, Exact) else str(c.str(DECIMAL_DIGITS))


def _polynomial_cell(polynomial: SizePolynomial) -> Cell:
    return Cell(str(polynomial), (polynomial_latex(str(polynomial)),))


def _thresholds(families: Sequence[Family], request: Request) -> Table:
    rows = [
        (
            Cell(family.name),
            *_ball_cells(found.k, request.digits),
            Cell(found.component, (component_latex(found.component),)),
            Cell(str(found.multiplicity), (polynomial_latex(str(found.multiplicity)),)),
            Cell(_count(found.negative_below)),
            Cell(_count(found.negative_above)),
            Cell("yes" if found.certified.is_true else "no"),
        )
        for family in families
        for found in family.threshold().crossings
    ]
    columns = (
        _FAMILY,
        Column("k", "$k$", numeric=True),
        Column("radius", "radius", numeric=True),
        Column("component", "component"),
        Column("multiplicity", "times"),
        Column("negative_below", "below"),
        Column("negative_above", "above"),
        Column("certified", "certified"),
    )
    return Table(columns, tuple(rows), all(row[-1].plain == "yes" for row in rows))


def _theorems(families: Sequence[Family], _request: Request) -> Table:
    return theorem_table(families)


def _at(family: Family, k: Fraction) -> tuple[Cell, Cell]:
    return Cell(family.name), Cell(str(k), (size_latex(k),))


def _ball_cells(ball: arb, digits: int) -> tuple[Cell, Cell]:
    decimals = decimal_ball(ball, digits)
    return number_cell(decimals["mid"]), number_cell(decimals["rad"])


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _expanded(family: Family, request: Request) -> Mapping[str, Quantity]:
    return family.series(request.order, terms=request.terms).quantities


KINDS: Mapping[str, Kind] = {
    "series": Kind(
        "the terms of all parameters and of the loss",
        _series,
        ("--order", "--terms", "--notation"),
    ),
    "loss": Kind("the terms of the loss", _loss, ("--order", "--terms")),
    "points": Kind(
        "parameters and loss at given k, certified",
        _points,
        ("--k", "--digits", "--notation"),
    ),
    "spectrum": Kind(
        "the eigenvalues of the Hessian, for large k or at given k",
        _spectrum,
        ("--k", "--digits", "--order", "--terms"),
    ),
    "density": Kind("which fraction of the eigenvalues lies where", _density),
    "thresholds": Kind(
        "the k at which the Morse index changes", _thresholds, ("--digits",)
    ),
    "theorems": Kind("published statements on large k, proved for all k", _theorems),
}
"""The kinds of tables, by name."""
