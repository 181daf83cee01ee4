"""The tables that ``symcrit table`` knows, each made from a list of families.

A new kind is a function from families and a ``Request`` to a ``Table``, and a line in
``KINDS``.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symcrit.arith.decimals import decimal_ball
from symcrit.catalog.families import Family
from symcrit.catalog.notation import Notation
from symcrit.catalog.quantities import Quantity
from symcrit.catalog.verification import certified_balls
from symcrit.report.coefficients import coefficient_lines
from symcrit.report.tables import Cell, Column, Table, number_cell
from symcrit.report.writing import decimal_text, power_latex, quantity_latex

__all__ = ["KINDS", "Kind", "Request", "quantity_rows"]

COEFFICIENT_WIDTH = 20.0
"""The width of a line of coefficients in a table, in em."""

DECIMAL_DIGITS = 10
"""How many digits of a coefficient a table shows."""

_SIZES = (Fraction(10), Fraction(20), Fraction(100), Fraction(10**6))
"""The values of k of a table of points, unless others are asked for."""

_OWN_NAMES = Notation({})
_FAMILY = Column("family", "family", grouped=True)


@dataclass(frozen=True, slots=True)
class Request:
    """What a table is asked to hold; a kind uses the fields that concern it.

    Attributes:
        order: every series to O(t^order).
        terms: instead, so many nonzero terms of every series.
        sizes: values of k.
        digits: how many digits of a point are proved.
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
    """

    summary: str
    build: Callable[[Sequence[Family], Request], Table]


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
        enclose = certified_balls(family)
        for k in request.sizes or _SIZES:
            balls = enclose(k, math.ceil(request.digits * math.log2(10)))
            rows += [_point_row(family, k, x, balls[x], request) for x in balls]
    columns = (
        _FAMILY,
        Column("k", "$k$", grouped=True),
        Column("quantity", "quantity"),
        Column("value", "value", numeric=True),
        Column("radius", "radius", numeric=True),
    )
    return Table(columns, tuple(rows))


def _point_row(
    family: Family, k: Fraction, name: str, ball: arb, request: Request
) -> tuple[Cell, ...]:
    shown = request.notation.rename(name)
    decimals = decimal_ball(ball, request.digits)
    return (
        Cell(family.name),
        Cell(str(k), (str(k),)),
        Cell(shown, (quantity_latex(shown),)),
        number_cell(decimals["mid"]),
        number_cell(decimals["rad"]),
    )


def _expanded(family: Family, request: Request) -> Mapping[str, Quantity]:
    return family.series(request.order, terms=request.terms).quantities


KINDS: Mapping[str, Kind] = {
    "series": Kind("the terms of all parameters and of the loss", _series),
    "loss": Kind("the terms of the loss", _loss),
    "points": Kind("parameters and loss at given k, certified", _points),
}
"""The kinds of tables, by name."""
