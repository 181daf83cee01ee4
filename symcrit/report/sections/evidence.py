"""Certified points, series against points, the statements, and the versions."""

import platform
from collections.abc import Iterator, Sequence
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby

import flint
from flint import arb

from symcrit import __version__
from symcrit.catalog.truncations import TruncationCheck
from symcrit.catalog.verification import QuantityCheck, approx_optimal_truncation
from symcrit.core.truth import Truth
from symcrit.report.material import Material, Sample
from symcrit.report.statements import Standing, Statement, StatementGraph
from symcrit.report.tables import (
    Cell,
    Column,
    Table,
    number_cell,
    text_table,
    to_markdown,
)
from symcrit.report.writing import enumerate_words, power_latex, prose, size_latex

__all__ = [
    "points_section",
    "statements_section",
    "truncations_section",
    "verification_section",
    "versions_section",
]

_SHOWN_SIZES = (Fraction(10), Fraction(100), Fraction(10**6))
_POINT_DIGITS = 10
_ERROR_DIGITS = 3
_SLOPE_DIGITS = 5
_OBSERVED_DIGITS = 10
_MAX_FOUND = 4
_LIBRARIES = (
    "python-flint",
    "sympy",
    "numpy",
    "networkx",
    "matplotlib",
    "pypandoc_binary",
    "typst",
)


def points_section(material: Material) -> str:
    """Return the certified points at a few k."""
    samples = [sample for sample in material.points if sample.point is not None]
    parts = [
        "## Certified points",
        prose("""
            The branch was followed numerically from its leading terms. At each of these
            $k$ the Krawczyk operator in ball arithmetic proves that the reduced
            equations have exactly one zero near these values. All digits shown are
            proved: the true value differs by less than one unit in the last place.
        """),
    ]
    if samples:
        parts.append(to_markdown(_point_table(material, samples)))
        parts.append(_isotropy(samples))
    parts += [
        f"At $k = {size_latex(sample.k)}$ nothing is proved: {sample.found}."
        for sample in material.points
        if sample.point is None
    ]
    return "\n\n".join(parts)


def _point_table(material: Material, samples: Sequence[Sample]) -> Table:
    rows = []
    for name in material.series.quantities:
        values = [_value(sample, name) for sample in samples]
        rows.append(
            (
                Cell(name, (material.latex(name),)),
                *(number_cell(_proved_digits(value)) for value in values),
            )
        )
    columns = (
        Column("quantity", "quantity"),
        *(
            Column(str(sample.k), f"$k = {size_latex(sample.k)}$", numeric=True)
            for sample in samples
        ),
    )
    return Table(columns, tuple(rows))


def _value(sample: Sample, name: str) -> arb:
    assert sample.point is not None
    return sample.point.loss if name == "loss" else sample.point.parameters[name]


def _proved_digits(value: arb) -> str:
    """The digits of a ball that are certain, at most those asked for."""
    if value.contains(0):
        return "0"
    return str(value.str(_POINT_DIGITS, radius=False))


def _isotropy(samples: Sequence[Sample]) -> str:
    distinct = Truth.all_of(sample.distinct for sample in samples)
    if distinct.is_true:
        return prose("""
            The balls of the parameters are pairwise disjoint, so at these $k$ no other
            permutations of rows and columns fix the matrix: the group is exactly the
            isotropy group of the points.
        """)
    return prose("""
        Some balls of parameters meet, so it is not proved here that the group is the
        whole isotropy group of the points.
    """)


def verification_section(material: Material) -> str:
    """Return the series against certified points, with plots."""
    found = material.verification
    radius = (
        "cannot be estimated from so few terms"
        if found.radius is None
        else f"is about {found.radius:.2g}"
    )
    sizes = sorted(
        {
            error.k
            for check in found.quantities.values()
            for truncation in check.truncations
            for error in truncation.errors
        }
    )
    numbers = (
        "no size"
        if not sizes
        else prose(f"""
        {len(sizes)} sizes from ${size_latex(sizes[0])}$ to ${size_latex(sizes[-1])}$
    """)
    )
    parts = [
        "## Series against certified points",
        prose(f"""
            The equations were solved again with numbers, at {numbers}, and the
            truncated sums subtracted from the certified balls. The error of a sum to
            $O(t^m)$ should fall like $t^m$. Errors of the whole known sums are shown;
            slopes are fitted well inside the radius of convergence, which {radius} in
            $t$.
        """),
        to_markdown(_error_table(material)),
        prose("""
            ![Errors of truncated series against certified points; the lines have the
            slopes that the errors should have.](plots/errors.svg)
        """),
    ]
    parts += [
        f"At $k = {size_latex(k)}$ no point was certified: {why}."
        for k, why in found.missing.items()
    ]
    parts += list(_truncation(material))
    return "\n\n".join(parts)


def _error_table(material: Material) -> Table:
    """The whole known sum of each quantity."""
    rows = []
    for name, check in material.verification.quantities.items():
        if not check.truncations:
            continue
        whole = check.truncations[-1]
        errors = {error.k: error.error for error in whole.errors}
        rows.append(
            (
                Cell(
                    name, (rf"{material.latex(name)},\ O({power_latex(whole.order)})",)
                ),
                *(
                    number_cell(_short(errors.get(k), _ERROR_DIGITS))
                    for k in _SHOWN_SIZES
                ),
                number_cell(_short(whole.slope, _SLOPE_DIGITS)),
                _outcome(check.outcome),
            )
        )
    columns = (
        Column("quantity", "sum"),
        *(
            Column(f"error_{k}", f"$k = {size_latex(k)}$", numeric=True)
            for k in _SHOWN_SIZES
        ),
        Column("slope", "slope", numeric=True),
        Column("outcome", "all sums"),
    )
    return Table(columns, tuple(rows))


def _short(value: arb | None, digits: int) -> str:
    if value is None:
        return ""
    return str(value.mid().str(digits, radius=False))


def _outcome(truth: Truth) -> Cell:
    words = {"TRUE": "CONFIRMED", "FALSE": "REFUTED"}
    return Cell(words.get(truth.value, "UNKNOWN"), strong=True)


def _truncation(material: Material) -> Iterator[str]:
    loss = material.series.loss
    best = [
        (k, approx_optimal_truncation(loss, k))
        for k in (Fraction(4), *_SHOWN_SIZES[:2])
    ]
    words = [
        f"${size_latex(k)}$ before ${power_latex(optimum.order)}$"
        for k, optimum in best
        if optimum is not None
    ]
    if words:
        yield prose(f"""
            A series should be cut off before its smallest term; the loss at $k =$
            {enumerate_words(words)}. This estimate is no bound.
        """)


def truncations_section(material: Material) -> str:
    """Return the table of all truncations, for the appendix."""
    rows = []
    for check in material.verification.quantities.values():
        rows += [_truncation_row(material, check, x) for x in check.truncations]
    columns = (
        Column("quantity", "quantity", grouped=True),
        Column("terms", "terms"),
        Column("order", "next"),
        Column("slope", "slope", numeric=True),
        Column("coefficient", "next coefficient", numeric=True),
        Column("observed", "observed", numeric=True),
        Column("outcome", "outcome"),
    )
    text = prose("""
        Each series cut off after so many terms: the fitted slope of the error, which
        should be the next exponent, and the error at a very large $k$ divided by that
        power, which should be the next coefficient.
    """)
    table = to_markdown(Table(columns, tuple(rows)))
    return "\n\n".join(["## All truncations", text, table])


def _truncation_row(
    material: Material, check: QuantityCheck, found: TruncationCheck
) -> tuple[Cell, ...]:
    coefficient = (
        ""
        if found.coefficient is None
        else _short(found.coefficient.ball(64), _OBSERVED_DIGITS)
    )
    observed = (
        "" if found.coefficient is None else _short(found.observed, _OBSERVED_DIGITS)
    )
    return (
        Cell(check.name, (material.latex(check.name),)),
        Cell(str(found.terms)),
        Cell(str(found.order), (power_latex(found.order),)),
        number_cell(_short(found.slope, _SLOPE_DIGITS)),
        number_cell(coefficient),
        number_cell(observed),
        _outcome(found.outcome),
    )


def statements_section(graph: StatementGraph) -> str:
    """Return the statements with their outcomes, and their picture."""
    text = prose("""
        What this page states, each with the way in which it was established. The
        outcome is that of the computation; a statement that was derived from a refuted
        one is not established.
    """)
    picture = prose("""
        ![The statements; arcs lead from a statement to those that were derived from it.
        Red is what is refuted, and what hangs on it.](plots/statements.svg)
    """)
    rows = [
        [
            _names([x.id for x in members]),
            first.group or first.title,
            first.how.value,
            f"**{standing.word}**",
            _found(members) + _because(graph, first.id),
        ]
        for standing, members in _alike(graph)
        for first in members[:1]
    ]
    titles = ["statement", "what it says", "how", "outcome", "what was found"]
    table = text_table(titles, rows, [8, 10, 6, 9, 9])
    return "\n\n".join(["## Statements", text, picture, table])


def _alike(graph: StatementGraph) -> Iterator[tuple[Standing, list[Statement]]]:
    """Neighbours of one group that stand alike, together."""
    for key, members in groupby(
        graph, lambda x: (x.group or x.id, graph.standing(x.id), graph.hangs_on(x.id))
    ):
        yield key[1], list(members)


def _found(members: Sequence[Statement]) -> str:
    different = list(dict.fromkeys(x.found for x in members if x.found))
    return "; ".join(different[:_MAX_FOUND])


def _names(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"`{names[0]}`"
    stem = names[0].rpartition(".")[0]
    return f"`{stem}.*` ({len(names)})"


def _because(graph: StatementGraph, name: str) -> str:
    refuted = graph.hangs_on(name)
    if not refuted:
        return ""
    shown = enumerate_words([f"`{x}`" for x in refuted[:3]])
    return f"; not established, since it hangs on {shown}"


def versions_section(material: Material) -> str:
    """Return the command line and the versions of what was used."""
    found = [("symcrit", __version__), ("Python", platform.python_version())]
    for library in _LIBRARIES:
        try:
            found.append((library, version(library)))
        except PackageNotFoundError:
            continue
    found.append(("FLINT", flint.__FLINT_VERSION__))
    bits = sorted({sample.point.prec for sample in material.points if sample.point})
    parts = [
        "## How to make this page again",
        f"```sh\n{material.command}\n```",
        "The series are exact; the points were certified with"
        f" {enumerate_words([str(x) for x in bits])} bits."
        if bits
        else "",
        text_table(["what", "version"], [list(pair) for pair in found], [8, 8]),
    ]
    return "\n\n".join(part for part in parts if part)
