"""``symcrit series``: exact expansions with their proof."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symcrit.cli.arguments import ORDER, notation_option
from symcrit.cli.frame import Answer, command
from symcrit.core.expressions import power_text

if TYPE_CHECKING:
    from symcrit.catalog.quantities import FamilySeries, Quantity

__all__ = ["exponent_json", "series"]


def exponent_json(exponent: Fraction) -> int | str:
    """An exponent as JSON: an integer, or a fraction as text."""
    return int(exponent) if exponent.denominator == 1 else str(exponent)


@command("series", example="symcrit series II --order 8", limit=True)
@click.argument("family")
@click.option("--order", type=ORDER, metavar="N", help="Know all to O(t^N). Default 8.")
@click.option("--terms", type=ORDER, metavar="N", help="Show N nonzero terms of each.")
@notation_option
def series(
    family: str, order: int | None, terms: int | None, notation: Path | None
) -> Answer:
    """Expand the parameters and the loss of a family in t = k^(-1/2), exactly."""
    from symcrit.catalog.families import family as find
    from symcrit.catalog.notation import load_notation
    from symcrit.cli.progress import stage_bar

    names = load_notation(notation)
    with stage_bar("expanding") as bar:
        branch = find(family)
        found = branch.series(order, terms=terms, progress=bar)
    quantities = {names.rename(name): q for name, q in found.quantities.items()}
    radius = found.approx_radius()
    parameters = [names.rename(name) for name in branch.names]
    document = {
        "family": found.family,
        "variable": "t",
        "field": found.field,
        "order": {name: exponent_json(q.order) for name, q in quantities.items()},
        "quantities": {
            name: [[exponent_json(n), str(c)] for n, c in q.terms]
            for name, q in quantities.items()
        },
        "decimals": {name: q.decimals() for name, q in quantities.items()},
        "proof": _proof(found, parameters),
        "radius_estimate": None if radius is None else f"{radius:.3g}",
    }
    return Answer(document, lambda: _text(found, quantities))


def _proof(found: "FamilySeries", parameters: Sequence[str]) -> dict[str, object]:
    """What was checked, in exponents of t."""
    proof, e = found.proof, found.ramification

    def exponents(orders: Sequence[int]) -> list[int | str]:
        return [exponent_json(Fraction(n, e)) for n in orders]

    residual, jacobian, contraction = exponents(
        [proof.residual_order, proof.jacobian_exponent, proof.contraction]
    )
    return {
        "residual_order": residual,
        "jacobian_exponent": jacobian,
        "smith_exponents": exponents(proof.smith_exponents),
        "box": exponents(proof.box),
        "contraction": contraction,
        "computed_order": dict(zip(parameters, exponents(proof.computed), strict=True)),
        "proved_order": dict(zip(parameters, exponents(proof.proved), strict=True)),
        "statement": "formal, unique, convergent for large k",
    }


def _text(found: "FamilySeries", quantities: Mapping[str, "Quantity"]) -> str:
    """Terms with decimals, and what was proved, for a person."""
    lines = [f"family {found.family}, t = k**(-1/2), coefficients in {found.field}"]
    for name, q in quantities.items():
        lines.append(f"\n{name}, known to O({power_text('t', q.order)}):")
        for (n, c), decimal in zip(q.terms, q.decimals(10), strict=True):
            lines.append(f"  {power_text('t', n)}:  {c}   = {decimal}")
        if not q.terms:
            lines.append("  0")
    residual, exponent, computed = (
        Fraction(n, found.ramification)
        for n in (
            found.proof.residual_order,
            found.proof.jacobian_exponent,
            min(found.proof.computed),
        )
    )
    lines.append(
        f"\nproved: residual order {residual} of what was computed, all parameters"
        f" to O({power_text('t', computed)}) or further; Jacobian exponent {exponent};"
        " formal, unique, convergent for large k"
    )
    return "\n".join(lines)
