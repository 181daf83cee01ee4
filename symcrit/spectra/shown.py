"""Spectra as notebooks show them."""

from collections.abc import Sequence
from typing import Protocol

from flint import arb

from symcrit.core.notebook import decimal_latex, html_table, latex_array
from symcrit.symmetry.latex import component_latex, polynomial_latex
from symcrit.symmetry.polynomials import SizePolynomial

__all__ = ["spectrum_html", "spectrum_latex"]

_DIGITS = 12


class _Block(Protocol):
    """The eigenvalues on one component."""

    @property
    def component(self) -> str: ...
    @property
    def dimension(self) -> SizePolynomial: ...
    @property
    def multiplicity(self) -> int | None: ...
    @property
    def eigenvalues(self) -> tuple[arb, ...]: ...


def spectrum_html(blocks: Sequence[_Block], what: str, number: int | None) -> str:
    """Return a table of balls with multiplicities; above it a number that was asked."""
    caption = f"{what} {'open' if number is None else number}"
    rows = [
        (
            block.component,
            str(block.dimension),
            "" if block.multiplicity is None else str(block.multiplicity),
            x.str(_DIGITS),
        )
        for block in blocks
        for x in block.eigenvalues
    ]
    heads = ("component", "dimension", "times", "eigenvalue")
    return html_table(caption, heads, rows)


def spectrum_latex(blocks: Sequence[_Block]) -> str:
    """Return a table of eigenvalues, to their proved digits, with dimensions."""
    heads = [rf"\text{{{x}}}" for x in ("component", "dimension", "eigenvalue")]
    rows = [
        (
            component_latex(block.component),
            polynomial_latex(str(block.dimension)),
            decimal_latex(x.str(_DIGITS, radius=False)),
        )
        for block in blocks
        for x in block.eigenvalues
    ]
    return latex_array(heads, rows)
