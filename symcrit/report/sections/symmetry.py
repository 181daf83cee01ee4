"""The symmetry: orbits of entries, names elsewhere, Gram data, reduced equations."""

from collections.abc import Iterator
from typing import Any

import sympy

from symcrit.catalog.conventions import conventions
from symcrit.landscapes.equations import NamedGrams
from symcrit.report.formulas import aligned_formulas, aligned_sum
from symcrit.report.material import Material, vector_index
from symcrit.report.tables import Cell, Column, Table, to_markdown
from symcrit.report.writing import display, prose, quantity_latex

__all__ = ["equations_section", "symmetry_section"]


def symmetry_section(material: Material) -> str:
    """Return the section on orbits, other conventions and Gram data."""
    return "\n\n".join(["## Symmetry", *_orbits(material), *_dictionary(material)])


def _orbits(material: Material) -> Iterator[str]:
    pattern = material.family.pattern
    yield prose("""
        A matrix is fixed by the group if and only if it is constant on the orbits of
        the group on pairs of a row and a column. The parameters are its values on them:
    """)
    places = {"d": "diagonal", "o": "off the diagonal", "m": "all"}
    rows = [
        (
            Cell(q.name, (material.latex(q.name),)),
            Cell(f"({q.row + 1}, {q.column + 1})"),
            Cell(places[q.kind]),
            _formula(material, size),
        )
        for q, size in zip(
            pattern.parameters, material.equations.orbit_sizes, strict=True
        )
    ]
    columns = (
        Column("parameter", "parameter"),
        Column("block", "block"),
        Column("entries", "entries"),
        Column("number", "how many"),
    )
    yield to_markdown(Table(columns, tuple(rows)))
    yield prose("""
        A critical point of the loss on the space of fixed matrices is a critical point
        of the loss on all matrices, because the gradient at a fixed matrix is fixed.
    """)


def _dictionary(material: Material) -> Iterator[str]:
    pattern = material.family.pattern
    found = conventions(pattern)
    if not found:
        return
    yield "### Other conventions"
    yield prose("""
        The same numbers under other names: with neurons as the columns of the matrix,
        as in the published sets of minima; with the blocks in reversed order, so that a
        special neuron stands last; and numbered in that order.
    """)
    columns = (
        Column("here", "here"),
        *(Column(x.title, x.title) for x in found),
    )
    rows = tuple(
        (
            Cell(name, (material.latex(name),)),
            *(Cell(x.names[name], (quantity_latex(x.names[name]),)) for x in found),
        )
        for name in pattern.names
    )
    yield to_markdown(Table(columns, rows))


def equations_section(material: Material) -> str:
    """Return the section on Gram data and on the reduced equations."""
    return "\n\n".join(
        [
            "## Gram data",
            *_gram_data(material),
            "## Reduced equations",
            *_equations(material),
        ]
    )


def _gram_data(material: Material) -> Iterator[str]:
    has_angles = _has(material, "theta")
    angles = r", $s = \sqrt{N N' - c^2}$, and $\theta$ is the angle" * has_angles
    yield prose(f"""
        Of each orbit of pairs: $N$ are the squared norms, $c$ is the inner
        product{angles}. The indices are the blocks of the two vectors, with a bar for a
        target; where both vectors belong to one block, a star marks a different place
        in it. What equals a parameter or a number gets no name of its own.
    """)
    yield to_markdown(_pair_table(material))
    yield from _definitions(material, "N", "c")
    squares = [
        (f"{_latex(material, symbol)}^{{2}}", _terms(material, value**2))
        for symbol, value in material.equations.definitions.items()
        if symbol.name.startswith("s_")
    ]
    if squares:
        yield prose("""
            The squares of the sines, by Lagrange's identity as sums of squares, so that
            nothing cancels near parallel vectors:
        """)
        yield from map(display, aligned_formulas(squares))


def _has(material: Material, stem: str) -> bool:
    names = [symbol.name for symbol in material.equations.definitions]
    return any(name.partition("_")[0] == stem for name in names)


def _definitions(material: Material, *stems: str) -> Iterator[str]:
    """What the names that begin with certain letters stand for."""
    found = [
        (_latex(material, symbol), _terms(material, value))
        for symbol, value in material.equations.definitions.items()
        if symbol.name.partition("_")[0] in stems
    ]
    yield from map(display, aligned_formulas(found))


def _pair_table(material: Material) -> Table:
    """The orbits of pairs with at least one neuron."""
    structure = material.family.landscape.structure
    grams = NamedGrams(structure)
    rows = []
    for pair in structure.pairs:
        if "w" in pair.kinds:
            count = grams.count(pair.count) / (2 if pair.halved else 1)
            gram = grams.gram(pair)
            cells = (sympy.factor(count), gram.c, gram.a, gram.b)
            vectors = _vectors(grams.sites[pair.label])
            rows.append(
                (Cell(pair.label, (vectors,)), *(_formula(material, x) for x in cells))
            )
    columns = (
        Column("pair", "pair"),
        Column("number", "how many"),
        Column("inner_product", "inner product"),
        Column("first_norm", "first norm"),
        Column("second_norm", "second norm"),
    )
    return Table(columns, tuple(rows))


def _vectors(site: str) -> str:
    """Two vectors, such as ``w1.v2prime``, in LaTeX."""
    parts = [
        f"{vector[0]}_{{{vector_index(vector)}}}".replace(r"\bar", "")
        for vector in site.split(".")
    ]
    return r",\ ".join(parts)


def _equations(material: Material) -> Iterator[str]:
    equations = material.equations
    if _has(material, "theta"):
        yield "The angles of the pairs:"
        yield from _definitions(material, "theta")
    yield r"The factors $\rho$ with which neurons stand in their own equations:"
    yield from _definitions(material, "rho")
    factor = _latex(material, equations.factor)
    yield prose(f"""
        One equation for each orbit of entries, in the order of the parameters; times
        ${factor}$ its right side is the entry of the gradient there:
    """)
    found = [("0", _terms(material, equation)) for equation in equations.equations]
    yield from map(display, aligned_formulas(found))
    yield "The loss is"
    yield display(aligned_sum(material.latex("loss"), _terms(material, equations.loss)))


def _formula(material: Material, expression: Any) -> Cell:
    return Cell(str(expression), (_latex(material, expression),))


def _terms(material: Material, expression: Any) -> list[str]:
    return [_latex(material, term) for term in expression.as_ordered_terms()]


def _latex(material: Material, expression: Any) -> str:
    return material.equations.latex(expression)
