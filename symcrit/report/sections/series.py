"""The series: leading balance, terms of every quantity, proof, and the long terms."""

from collections.abc import Sequence
from fractions import Fraction

from symcrit.catalog.quantities import Quantity
from symcrit.core.expressions import power_text
from symcrit.expand.lift import Proof
from symcrit.report.coefficients import coefficient_pieces, fits
from symcrit.report.formulas import (
    LINE_WIDTH,
    aligned_formulas,
    approx_width,
    long_sum,
)
from symcrit.report.material import Material
from symcrit.report.tables import Cell, Column, Table, number_cell, to_markdown
from symcrit.report.writing import (
    decimal_text,
    display,
    field_latex,
    power_latex,
    prose,
    term_latex,
)

__all__ = [
    "appendix_section",
    "balance_section",
    "proof_section",
    "series_section",
]

COEFFICIENT_WIDTH = 24.0
"""A coefficient that is wider, in em, stands in the appendix."""

DECIMAL_DIGITS = 15


def balance_section(material: Material) -> str:
    """Return the section on the leading terms and how they were found."""
    family = material.family
    rows = []
    for name, term in zip(family.names, family.leading, strict=True):
        if term.exponent is None or term.coefficient is None:
            first = Cell("0", ("0",))
        else:
            first = Cell(
                f"({term.coefficient})*{power_text('t', term.exponent)}",
                (term_latex(term.coefficient, term.exponent),),
            )
        rows.append(
            (
                Cell(name, (material.latex(name),)),
                Cell(str(term.limit), (term.limit.latex,)),
                first,
            )
        )
    columns = (
        Column("parameter", "parameter"),
        Column("limit", "limit"),
        Column("first", "first deviation"),
    )
    text = prose(r"""
        Let $t = k^{-1/2}$. The branch was followed numerically: at $t = 2^{-12}$ and $t
        = 2^{-13}$ Newton's method shows the exponent with which each parameter leaves
        its limit, and at $t = 2^{-400}$ hundreds of bits of the coefficient, which a
        small integer relation with powers of $\pi$ names. This finds the leading terms
        and proves nothing; the proof comes below.
    """)
    return "\n\n".join(
        ["## Leading balance", text, to_markdown(Table(columns, tuple(rows)))]
    )


def series_section(material: Material) -> str:
    """Return the section with the terms of every quantity."""
    series = material.series
    first = [_opening(material, name) for name in series.quantities]
    opening = rf"""
        With $t = k^{{-1/2}}$ and coefficients in ${field_latex(series.field)}$ the
        first terms are
    """
    explanation = """
        All terms, with decimal values beside the exact coefficients. A coefficient that
        is wider than its line stands in the [appendix](#long-coefficients).
    """
    parts = [
        "## Series",
        prose(opening),
        *map(display, aligned_formulas(first, in_columns=False)),
        prose(explanation),
    ]
    for name, quantity in series.quantities.items():
        latex = material.latex(name)
        parts += [
            f"### Series of ${latex}$",
            to_markdown(_term_table(material, quantity)),
        ]
    return "\n\n".join(parts)


def _opening(material: Material, name: str) -> tuple[str, list[str]]:
    """The first terms of a series, as many as fit into a line."""
    quantity = material.series[name]
    left = material.latex(name)
    terms: list[str] = []
    filled = approx_width(left)
    end = quantity.order
    for exponent, number in quantity.terms:
        term = term_latex(number, exponent)
        filled += approx_width(term) + 1
        if filled > LINE_WIDTH:
            end = exponent
            break
        terms.append(term)
    return left, [*terms, rf"O\left({power_latex(end)}\right)"]


def _term_table(material: Material, quantity: Quantity) -> Table:
    rows = []
    for exponent, number in quantity.terms:
        cell = Cell(str(number), (number.latex,))
        if not fits(number, COEFFICIENT_WIDTH):
            cell = Cell("in the appendix")
        rows.append(
            (
                Cell(str(exponent), (power_latex(exponent),)),
                cell,
                number_cell(decimal_text(number, DECIMAL_DIGITS)),
            )
        )
    order = f"O({power_latex(quantity.order)})"
    rows.append((Cell(str(quantity.order), (order,)), Cell(""), Cell("")))
    columns = (
        Column("power", "power"),
        Column("coefficient", "coefficient"),
        Column("decimal", "decimal", numeric=True),
    )
    return Table(columns, tuple(rows))


def appendix_section(material: Material) -> str:
    """Return the long coefficients, in broken lines."""
    parts = ["## Long coefficients"]
    for name, quantity in material.series.quantities.items():
        long = [(n, c) for n, c in quantity.terms if not fits(c, COEFFICIENT_WIDTH)]
        if long:
            parts.append(f"### Coefficients of ${material.latex(name)}$")
        for exponent, number in long:
            left = rf"\left[{power_latex(exponent)}\right]"
            pieces = coefficient_pieces(number, width=LINE_WIDTH)
            parts += map(display, long_sum(left, pieces))
    if len(parts) == 1:
        parts.append("There are none.")
    else:
        parts.insert(1, r"$\left[t^{n}\right]$ stands for the coefficient of $t^{n}$.")
    return "\n\n".join(parts)


def proof_section(material: Material) -> str:
    """Return the section on what proves the series."""
    series, check = material.series, material.series_check
    proof, e = series.proof, series.ramification
    variable = power_latex(Fraction(1, e))
    parts = [
        "## What proves the series",
        prose(rf"""
            Let $F$ be the reduced gradient times the least power of $t$ that makes its
            Jacobian integral over the power series in ${variable}$. A Krawczyk test in
            the $t$-adic topology shows that exactly one series solves $F = 0$ in the
            box
        """),
        display(_box(material, proof)),
        prose(rf"""
            around the truncated series $X$; a step gains at least a factor
            ${power_latex(_in_t(proof.contraction, e))}$. From there on Newton steps
            with tracked orders enclose the solution, and with it the loss.
        """),
        to_markdown(_proof_table(proof, e)),
        prose("""
            So the series is formal, unique, and convergent for large $k$: $R > 2 v$,
            and $R - v$ reaches the order of every parameter. $R$ is the order of the
            residual at the series that were computed, of which this page shows the
            beginning. The derivation is in `derivations/series.md`.
        """),
        prose(rf"""
            The terms that this page shows were checked once more, with nothing but the
            equations: in the box of all series that agree with them to the orders
            shown, a Krawczyk step gains ${power_latex(_in_t(check.contraction, e))}$,
            and the test says whether the box holds exactly one solution:
            {_answer(material)}.
        """),
    ]
    return "\n\n".join(parts)


def _answer(material: Material) -> str:
    solves = material.series_check.solves
    if solves.is_true:
        return "**CONFIRMED**"
    return "**REFUTED**" if solves.is_false else "**UNKNOWN**"


def _in_t(exponent: int, ramification: int) -> Fraction:
    return Fraction(exponent, ramification)


def _box(material: Material, proof: Proof) -> str:
    e = material.series.ramification
    lines = [
        rf"{material.latex(name)} &= X_{{{i}}} + O({power_latex(_in_t(m, e))})"
        for i, (name, m) in enumerate(
            zip(material.family.names, proof.box, strict=True), 1
        )
    ]
    half = -(-len(lines) // 2)
    rows = [r", & \qquad ".join(lines[i : i + half * 2 : half]) for i in range(half)]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _proof_table(proof: Proof, e: int) -> Table:
    smith = ", ".join(str(_in_t(s, e)) for s in proof.smith_exponents)
    rows = (
        ("order computed of every parameter", _orders(proof.computed, e)),
        ("order R of the residual there", str(_in_t(proof.residual_order, e))),
        ("exponents of the local Smith form", smith),
        ("largest of them, v", str(_in_t(proof.jacobian_exponent, e))),
        ("order proved of every parameter", _orders(proof.proved, e)),
    )
    columns = (Column("what", "what was found"), Column("value", "exponent of t"))
    return Table(columns, tuple((Cell(a), Cell(b)) for a, b in rows))


def _orders(orders: Sequence[int], e: int) -> str:
    return ", ".join(str(_in_t(n, e)) for n in orders)
