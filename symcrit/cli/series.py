"""``symcrit series``: exact expansions with their proof."""

from collections.abc import Sequence
from fractions import Fraction

import click

from symcrit.cli.arguments import notation_option
from symcrit.cli.frame import Answer, command

__all__ = ["exponent_json", "series"]


def exponent_json(exponent: Fraction) -> int | str:
    """An exponent as JSON: an integer, or a fraction as text."""
    return int(exponent) if exponent.denominator == 1 else str(exponent)


@command("series", example="symcrit series II --order 8", limit=True)
@click.argument("family")
@click.option("--order", type=int, metavar="N", help="Know all to O(t^N). Default 8.")
@click.option("--terms", type=int, metavar="N", help="Show N nonzero terms of each.")
@notation_option
def series(
    family: str, order: int | None, terms: int | None, notation: str | None
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
    e = found.ramification
    radius = found.approx_radius()
    parameters = [names.rename(name) for name in branch.names]

    def by_parameter(exponents: Sequence[int]) -> dict[str, int | str]:
        return {
            name: exponent_json(Fraction(n, e))
            for name, n in zip(parameters, exponents, strict=True)
        }

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
        "proof": {
            "residual_order": exponent_json(Fraction(found.proof.residual_order, e)),
            "jacobian_exponent": exponent_json(
                Fraction(found.proof.jacobian_exponent, e)
            ),
            "smith_exponents": [
                exponent_json(Fraction(s, e)) for s in found.proof.smith_exponents
            ],
            "box": [exponent_json(Fraction(m, e)) for m in found.proof.box],
            "contraction": exponent_json(Fraction(found.proof.contraction, e)),
            "computed_order": by_parameter(found.proof.computed),
            "proved_order": by_parameter(found.proof.proved),
            "statement": "formal, unique, convergent for large k",
        },
        "radius_estimate": None if radius is None else f"{radius:.3g}",
    }

    def text() -> str:
        lines = [f"family {found.family}, t = k**(-1/2), coefficients in {found.field}"]
        for name, q in quantities.items():
            lines.append(f"\n{name}, known to O(t**{q.order}):")
            for (n, c), decimal in zip(q.terms, q.decimals(10), strict=True):
                lines.append(f"  t**{n}:  {c}   = {decimal}")
        residual, exponent, computed = (
            Fraction(n, e)
            for n in (
                found.proof.residual_order,
                found.proof.jacobian_exponent,
                min(found.proof.computed),
            )
        )
        lines.append(
            f"\nproved: residual order {residual} of what was computed, all parameters"
            f" to O(t**{computed}) or further; Jacobian exponent {exponent}; formal,"
            " unique, convergent for large k"
        )
        return "\n".join(lines)

    return Answer(document, text)
