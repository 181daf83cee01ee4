"""The Hessian by components, its spectrum, and how the eigenvalues are distributed."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import zip_longest

from flint import arb

from symcrit.arith.exact import Exact
from symcrit.catalog.spectra import SpectrumSeries
from symcrit.report.expansions import expansion_terms
from symcrit.report.formulas import LINE_WIDTH, aligned_formulas
from symcrit.report.material import Material
from symcrit.report.spectral import Spectral, SpectrumSample
from symcrit.report.tables import Cell, Column, Table, number_cell, to_markdown
from symcrit.report.writing import (
    decimal_text,
    display,
    enumerate_words,
    field_latex,
    inline,
    power_latex,
    prose,
    size_latex,
)
from symcrit.spectra.eigenvalues import BlockSpectrum
from symcrit.symmetry.latex import component_latex, polynomial_latex
from symcrit.symmetry.polynomials import SizePolynomial

__all__ = [
    "comparison_section",
    "density_section",
    "eigenvalues_section",
    "hessian_section",
    "limit_positions",
    "spectrum_section",
]

_EIGENVALUE_DIGITS = 9
_COEFFICIENT_DIGITS = 6
_FLOAT_BITS = 64
_SHARE_SIZES = (Fraction(20), Fraction(50), Fraction(1000))
"""The k at which shares of all eigenvalues are shown."""


def hessian_section(material: Material, spectral: Spectral) -> str:
    """Return the section on components, blocks, and closed eigenvalues."""
    parts = [
        "## The Hessian",
        prose(r"""
            At a fixed matrix the second derivative of the loss is invariant under the
            group, so by Schur's lemma it is one small symmetric matrix for each
            irreducible representation that occurs: $s$ is the standard representation,
            $x$ its exterior square, $y$ the rest of its symmetric square, with the
            number of a block of rows that moves. The size of the matrix is the number
            of copies; each of its eigenvalues is an eigenvalue of the Hessian as often
            as the dimension says.
        """),
        to_markdown(_component_table(spectral)),
        prose(r"""
            Copies times dimensions add up to rows times columns, as polynomials in the
            sizes. Components and copies that need more points than a block has are
            absent at small sizes.
        """),
        prose(r"""
            Along $W + \varepsilon U$ the squared norm $a_i$ of a neuron moves by
            $2 \varepsilon \langle w_i, u_i\rangle + \varepsilon^2 \lvert u_i\rvert^2$,
            inner products likewise, and the chain rule gives
        """),
        display(
            r"\begin{aligned}"
            "\n"
            r"D^2 \mathcal{L}(U, U') &= \sum_i \Bigl(2 \varrho_i \langle u_i, u_i'"
            r"\rangle + \tfrac{1}{2} \kappa''_{\mathrm{own}}(a_i)\, da_i\, da_i'\Bigr)"
            r" + \sum_{i<j} \kappa_c \bigl(\langle u_i, u_j'\rangle + \langle u_i',"
            r" u_j\rangle\bigr) \\"
            "\n"
            r"&\quad + \sum_{\text{pairs}} \pm D^2 \kappa\bigl[(da, db, dc), (da', db',"
            r" dc')\bigr]"
            "\n"
            r"\end{aligned}"
        ),
        prose(r"""
            with $da = 2 \langle w, u\rangle$ and so on, the sign $-$ for a neuron and a
            target, and $2 \varrho_i$ the factor of $w_i$ in the gradient. On one copy
            of a component all summands are constant on orbits of labelled points, so
            that a block is a finite sum whatever $k$ is (`derivations/hessian.md`).
        """),
        *_closed(material, spectral),
    ]
    return "\n\n".join(parts)


def _component_table(spectral: Spectral) -> Table:
    rows = [
        (
            Cell(component.name, (component_latex(component.name),)),
            Cell(str(len(component.copies))),
            Cell(
                str(component.dimension), (polynomial_latex(str(component.dimension)),)
            ),
        )
        for component in spectral.decomposition.components
    ]
    columns = (
        Column("component", "component"),
        Column("copies", "copies"),
        Column("dimension", "dimension"),
    )
    return Table(columns, tuple(rows))


def _closed(material: Material, spectral: Spectral) -> Iterator[str]:
    """The eigenvalues of components with one copy as formulas."""
    if not spectral.formulas:
        return
    yield prose(r"""
        A component with one copy has one eigenvalue, in closed form. In the names of
        the reduced equations, before any of them is used:
    """)
    formulas = [
        (
            rf"\lambda\left({component_latex(name)}\right)",
            [material.equations.latex(term) for term in value.as_ordered_terms()],
        )
        for name, value in spectral.formulas.items()
    ]
    yield from map(display, aligned_formulas(formulas, in_columns=False))


def spectrum_section(spectral: Spectral) -> str:
    """Return the section with certified spectra at a few k."""
    samples = [sample for sample in spectral.samples if sample.spectrum is not None]
    parts = ["## The spectrum"]
    if samples:
        parts += [
            prose("""
                The blocks at the certified points, in balls: Gershgorin's discs after a
                similarity enclose the eigenvalues, and after a congruence they prove
                the signs, also where eigenvalues coincide. All digits shown are proved.
                Each number stands for as many eigenvalues of the Hessian as the
                dimension of its component says.
            """),
            to_markdown(_spectrum_table(samples)),
            _indices(samples),
        ]
    parts += [
        f"At $k = {size_latex(sample.k)}$ there is no spectrum: {sample.found}."
        for sample in spectral.samples
        if sample.spectrum is None
    ]
    return "\n\n".join(parts)


def _spectrum_table(samples: Sequence[SpectrumSample]) -> Table:
    blocks: dict[str, list[BlockSpectrum | None]] = {}
    for place, sample in enumerate(samples):
        assert sample.spectrum is not None
        for block in sample.spectrum.blocks:
            row = blocks.setdefault(block.component, [None] * len(samples))
            row[place] = block
    rows = []
    for name, found in blocks.items():
        first = next(block for block in found if block is not None)
        columns = [() if block is None else block.eigenvalues for block in found]
        for values in zip_longest(*columns):
            rows.append(
                (
                    Cell(name, (component_latex(name),)),
                    Cell(
                        str(first.dimension), (polynomial_latex(str(first.dimension)),)
                    ),
                    *(number_cell("" if x is None else _proved(x)) for x in values),
                )
            )
    columns_of_table = (
        Column("component", "component", grouped=True),
        Column("dimension", "dimension", grouped=True),
        *(
            Column(str(sample.k), f"$k = {size_latex(sample.k)}$", numeric=True)
            for sample in samples
        ),
    )
    return Table(columns_of_table, tuple(rows))


def _proved(value: arb) -> str:
    """The digits of a ball that are certain, at most so many."""
    if value.contains(0) or not value.is_finite():
        return "0" if value.is_zero() else "?"
    return str(value.str(_EIGENVALUE_DIGITS, radius=False))


def _indices(samples: Sequence[SpectrumSample]) -> str:
    words = []
    for sample in samples:
        assert sample.spectrum is not None
        index = sample.spectrum.morse_index
        shown = "open" if index is None else str(index)
        words.append(f"{shown} at $k = {size_latex(sample.k)}$")
    return f"The Morse index is {enumerate_words(words)}."


def eigenvalues_section(spectral: Spectral) -> str:
    """Return the section with the eigenvalues as exact series."""
    found = spectral.series
    if found is None:
        return ""
    parts = [
        "### Eigenvalues as series",
        prose(rf"""
            The entries of the blocks are exact Laurent series in $t = k^{{-1/2}}$, and
            a block is split by Riccati equations in the $t$-adic topology until single
            eigenvalues are left (`derivations/spectrum.md`). The first terms of all
            eigenvalues, with coefficients in ${field_latex(found.field)}$:
        """),
    ]
    for block in found.blocks:
        formulas = [
            (
                rf"\lambda_{{{number}}}",
                expansion_terms(x, width=LINE_WIDTH),
            )
            for number, x in enumerate(block.eigenvalues, 1)
        ]
        times = inline(polynomial_latex(str(block.dimension)))
        parts.append(f"On ${component_latex(block.component)}$, each {times} times:")
        parts += map(display, aligned_formulas(formulas, in_columns=False))
    parts += [
        prose("""
            Of all eigenvalues of the Hessian, with multiplicities, and their shares of
            all at a few $k$:
        """),
        to_markdown(_growth_table(found)),
    ]
    return "\n\n".join(parts)


def comparison_section(spectral: Spectral) -> str:
    """Return the section on which families share their spectrum, and how far."""
    found = spectral.comparisons
    if not found:
        return ""
    rows = []
    for comparison in found:
        order = f"O({power_latex(comparison.shared)})"
        first = [str(x.first) for x in comparison.differences if x.first is not None]
        rows.append(
            (
                Cell(comparison.names[1]),
                Cell(order, (order,)),
                Cell("yes" if comparison.differs else "not seen"),
                Cell(str(len(comparison.common))),
                Cell(str(len(first))),
            )
        )
    columns = (
        Column("other", "other"),
        Column("shared", "the same modulo"),
        Column("differs", "differs from there on"),
        Column("common", "common series"),
        Column("own", "series of its own"),
    )
    return "\n\n".join(
        [
            "### Comparison with other families",
            prose("""
                Spectra as multisets of series, multiplicities as polynomials in $k$
                included, whatever component an eigenvalue belongs to. The common series
                are cut at the order to which the spectra agree; of its own this family
                has so many, with the next term included.
            """),
            to_markdown(Table(columns, tuple(rows))),
        ]
    )


def _growth_table(found: SpectrumSeries) -> Table:
    """How many eigenvalues tend to which constant, or grow with which factor."""
    rows = []
    for growth in found.growth:
        for coefficient, count in growth.coefficients:
            rows.append(
                (
                    Cell(str(growth.exponent), (_power_of_k(growth.exponent),)),
                    *_coefficient_cells(coefficient),
                    Cell(str(count), (polynomial_latex(str(count)),)),
                    *(Cell(f"{_share(found, count, k):.4f}") for k in _SHARE_SIZES),
                )
            )
    columns = (
        Column("growth", "grow like", grouped=True),
        Column("coefficient", "with the factor"),
        Column("decimal", "decimal", numeric=True),
        Column("count", "how many"),
        *(
            Column(f"share_{k}", f"$k = {size_latex(k)}$", numeric=True)
            for k in _SHARE_SIZES
        ),
    )
    return Table(columns, tuple(rows))


def _power_of_k(exponent: Fraction | None) -> str:
    if exponent is None:
        return "?"
    short = {0: "1", 1: "k"}
    return short.get(int(exponent), "") if exponent in short else f"k^{{{exponent}}}"


def _coefficient_cells(coefficient: Exact | arb) -> tuple[Cell, Cell]:
    """The exact number, if it is known, and a decimal one."""
    if isinstance(coefficient, arb):
        decimal = str(coefficient.str(_EIGENVALUE_DIGITS, radius=False))
        return Cell("algebraic"), number_cell(decimal)
    decimal = decimal_text(coefficient, _COEFFICIENT_DIGITS)
    return Cell(str(coefficient), (coefficient.latex,)), number_cell(decimal)


def _share(found: SpectrumSeries, count: SizePolynomial, k: Fraction) -> float:
    """The fraction of all eigenvalues at one k."""
    total = found.blocks[0].dimension * 0
    for block in found.blocks:
        total = total + block.dimension * len(block.eigenvalues)
    return float(count.at({"k": k}) / total.at({"k": k}))


def limit_positions(spectral: Spectral) -> list[float]:
    """Where eigenvalues gather: the limits of the series that have one.

    Without series, the eigenvalues that are not large at the largest k of the samples.
    """
    if spectral.series is not None:
        found = [x.limit for block in spectral.series.blocks for x in block.eigenvalues]
        return sorted({_as_float(x) for x in found if x is not None})
    samples = [x for x in spectral.samples if x.spectrum is not None]
    if not samples:
        return []
    last = samples[-1]
    assert last.spectrum is not None
    bound = arb(last.k).sqrt()
    return [
        float(value)
        for block in last.spectrum.blocks
        for value in block.eigenvalues
        if abs(value) < bound
    ]


def _as_float(number: Exact | arb) -> float:
    return float(number if isinstance(number, arb) else number.ball(_FLOAT_BITS))


def density_section(spectral: Spectral) -> str:
    """Return the section on how the eigenvalues are distributed."""
    found = spectral.histograms
    if not found or not limit_positions(spectral):
        return ""
    sizes = enumerate_words([f"$k = {size_latex(h.k)}$" for h in found])
    return "\n\n".join(
        [
            "### How the eigenvalues are distributed",
            prose(f"""
                All eigenvalues of the Hessian of full size, at {sizes}, computed in
                doubles by an eigenvalue routine that knows of no components. The lines
                are the constants to which eigenvalues tend as $k$ grows; the fractions
                are on a logarithmic scale.
            """),
            prose("""
                ![Fractions of all eigenvalues of the full Hessian; lines are the
                constants to which they tend.](plots/density.svg)
            """),
        ]
    )
