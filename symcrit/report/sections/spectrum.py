"""The Hessian by components, its spectrum, and how the eigenvalues are distributed."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from flint import arb

from symcrit.report.formulas import aligned_formulas
from symcrit.report.material import Material
from symcrit.report.spectral import Spectral, SpectrumSample
from symcrit.report.tables import Cell, Column, Table, number_cell, to_markdown
from symcrit.report.writing import display, enumerate_words, prose, size_latex
from symcrit.spectra.eigenvalues import BlockSpectrum
from symcrit.symmetry.latex import component_latex, polynomial_latex

__all__ = ["density_section", "hessian_section", "limit_positions", "spectrum_section"]

_EIGENVALUE_DIGITS = 9


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


def limit_positions(spectral: Spectral) -> list[tuple[str, BlockSpectrum, arb]]:
    """The eigenvalues that stay bounded, at the largest k of the samples.

    Returns:
        The component's name, its block and the eigenvalue.
    """
    samples = [x for x in spectral.samples if x.spectrum is not None]
    if not samples:
        return []
    last = samples[-1]
    assert last.spectrum is not None
    bound = arb(last.k).sqrt()
    return [
        (block.component, block, value)
        for block in last.spectrum.blocks
        for value in block.eigenvalues
        if abs(value) < bound
    ]


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
                are the eigenvalues of the blocks that stay bounded, at the largest $k$
                of the table above; the fractions are on a logarithmic scale.
            """),
            prose("""
                ![Fractions of all eigenvalues of the full Hessian; lines are the
                bounded eigenvalues at the largest k of the table.](plots/density.svg)
            """),
        ]
    )
