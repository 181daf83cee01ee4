"""``symcrit verify``: a user's own expansion, term by term."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symcrit.cli.arguments import WholeNumber, notation_option
from symcrit.cli.frame import Answer, Status, command
from symcrit.core.expressions import power_text
from symcrit.core.truth import Truth

if TYPE_CHECKING:
    from symcrit.catalog.expansions import ExpansionCheck

__all__ = ["OUTCOMES", "verify"]

OUTCOMES = {
    Truth.TRUE: "CONFIRMED",
    Truth.FALSE: "REFUTED",
    Truth.UNKNOWN: "UNKNOWN",
}
"""What a three-valued answer is called where a statement was given."""

_DIGITS = 12
"""Decimal digits shown beside exact coefficients."""


class _FormulaCommand(click.Command):
    """A command one of whose words is a formula, which may begin with a minus sign."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; one with a minus sign that is no option is a formula."""
        short = {opt for p in self.get_params(ctx) for opt in p.opts if len(opt) == 2}

        def is_formula(word: str) -> bool:
            return word[:1] == "-" and word[:2] not in {*short, "--"} and word != "-"

        # A word that begins with a blank is never taken for an option.
        args = [f" {word}" if is_formula(word) else word for word in args]
        return super().parse_args(ctx, args)


@command(
    "verify",
    example='symcrit verify II a_1 "-1 + (2+8/pi+8/pi**2)/k + O(k**(-3/2))"',
    limit=True,
    kind=_FormulaCommand,
)
@click.argument("family")
@click.argument("quantity")
@click.argument("expansion")
@click.option(
    "--max-order",
    type=WholeNumber(1, 400),
    default=60,
    show_default=True,
    metavar="N",
    help="Compute the series to O(t^N) at most.",
)
@notation_option
def verify(
    family: str, quantity: str, expansion: str, max_order: int, notation: Path | None
) -> Answer:
    """Compare your expansion of a parameter or the loss with the proved series.

    EXPANSION is a formula in k, or in t = k^(-1/2), plain or LaTeX.  Every power before
    its O(...) is compared; without O(...) every power up to its last term.
    """
    from symcrit.catalog.expansions import check_expansion, decimal_text
    from symcrit.catalog.families import family as find
    from symcrit.catalog.notation import load_notation
    from symcrit.cli.series import exponent_json

    names = load_notation(notation)
    found = find(family)
    quantity = quantity.strip()
    ours = {names.rename(name): name for name in (*found.names, "loss")}
    check = check_expansion(
        found, ours.get(quantity, quantity), expansion.strip(), max_order=max_order
    )
    wrong = check.first_wrong
    terms = [
        {
            "exponent": exponent_json(term.exponent),
            "claimed": str(term.claimed),
            "computed": str(term.computed),
            "claimed_decimal": decimal_text(term.claimed, _DIGITS),
            "computed_decimal": decimal_text(term.computed, _DIGITS),
            "agrees": term.agrees,
        }
        for term in check.terms
    ]
    result = {
        "outcome": OUTCOMES[check.outcome],
        "family": check.family,
        "quantity": quantity,
        "claimed": check.claim.text,
        "reading": check.claim.reading,
        "first_wrong_term": None if wrong is None else check.term_texts(wrong)[0],
        "computed": check.computed_text(),
        "terms": terms,
        "why": check.why,
    }
    return Answer(
        {"results": [result]},
        lambda: _text(check, quantity, terms),
        Status.of(check.outcome),
    )


def _text(
    check: "ExpansionCheck", quantity: str, terms: Sequence[Mapping[str, object]]
) -> str:
    """The verdict, a table of all terms, and what would be right."""
    from tabulate import tabulate

    lines = [
        f"{OUTCOMES[check.outcome]}: {quantity} of family {check.family}: {check.why}",
        f"({check.claim.reading})",
        "",
    ]
    table = [
        [
            power_text("t", term.exponent),
            shown["claimed"],
            "=" if term.agrees else "WRONG",
            shown["computed"],
            shown["computed_decimal"],
        ]
        for term, shown in zip(check.terms, terms, strict=True)
    ]
    if table:
        headers = ["power", "claimed", "", "proved", "decimal"]
        lines += [tabulate(table, headers, disable_numparse=True), ""]
    if check.first_wrong is not None:
        claimed, right = check.term_texts(check.first_wrong)
        lines.append(f"first wrong term: {claimed}; right is {right}")
    else:
        lines.append(f"proved: {quantity} = {check.computed_text()}")
    return "\n".join(lines)
