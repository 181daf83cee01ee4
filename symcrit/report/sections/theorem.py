"""The theorem for all k: what it says, how it was proved, how to check it."""

from fractions import Fraction
from typing import Any

from symcrit.certify.theorems import FamilyTheorem
from symcrit.report.material import Material
from symcrit.report.tables import Cell, Column, Table, number_cell, to_markdown
from symcrit.report.writing import prose

__all__ = ["theorem_section"]


def theorem_section(material: Material) -> str:
    """Return the section on what holds for all k; empty if it was left out."""
    found = material.theorem
    if found is None:
        return ""
    claim = found.claim
    return "\n\n".join(
        [
            "## For all k",
            "**Theorem.** " + " ".join(found.sentences),
            _loss(claim),
            prose(f"""
                For each parameter and for the loss, and with $t = k^{{-1/2}}$, the
                terms of the series below $t^m$ leave at most $C t^m$, for all real
                $k \\ge {claim["k_min"]}$:
            """),
            to_markdown(_bounds_table(material, claim)),
            prose("""
                The last column is $C$ relative to the coefficient of $t^m$; since that
                is the limit of the quotient, it cannot be less than 1.
            """),
            "### Hypotheses",
            _hypotheses(found),
            "### Proof",
            _proof(found),
            prose("""
                ![The deviations of the parameters from their limits over t, and the
                widths of the tubes in which the points are
                proved.](plots/tube.svg)
            """),
            prose("""
                ![The smallest eigenvalue of each component over t; dots are the
                thresholds. Eigenvalues that grow with k leave the
                picture.](plots/theorem-eigenvalues.svg)
            """),
            "### How to check it",
            prose(f"""
                `symcrit prove {found.family} -o theorem.json` writes the certificate:
                the exact terms, the tubes, the bases and the boxes.
                `symcrit check theorem.json` makes every test again, without a search
                (`derivations/uniform.md`).
            """),
        ]
    )


def _loss(claim: dict[str, Any]) -> str:
    loss = claim["loss"]
    power = f"t^{{{loss['exponent']}}}"
    text = f"The loss is at most ${loss['upper']}\\, {power}$"
    if loss["positive_from"] is None:
        return text + "; that it is positive for all large $k$ was not proved."
    return (
        f"{text}, and at least ${loss['lower']}\\, {power}$ for all real"
        f" $k \\ge {loss['lower_from']}$; it is positive for all real"
        f" $k \\ge {loss['positive_from']}$."
    )


def _bounds_table(material: Material, claim: dict[str, Any]) -> Table:
    rows = tuple(
        (
            Cell(name, (material.latex(name),)),
            number_cell(str(bound["order"])),
            number_cell(_short(bound["constant"])),
            number_cell(bound["ratio"] or ""),
        )
        for name, bound in claim["bounds"].items()
    )
    columns = (
        Column("quantity", "quantity"),
        Column("order", "$m$", numeric=True),
        Column("constant", "$C$", numeric=True),
        Column("ratio", "ratio", numeric=True),
    )
    return Table(columns, rows)


def _short(number: str) -> str:
    """A number with a few digits, not smaller."""
    value = Fraction(number)
    scaled = -((-value * 10**4).__floor__())
    return f"{scaled / 10**4:.4f}"


def _hypotheses(found: FamilyTheorem) -> str:
    landscape = found.theorem.landscape
    return prose(f"""
        The landscape is that of the kernel {landscape.kernel.name} with pattern
        {found.claim["pattern"]} and the target of section *The landscape*. For real $k$
        that is no integer the statement is about the reduced equations and the formal
        blocks; at integers about weights and the full Hessian. A component is followed
        where all of its copies exist; integers below that size are looked at one by
        one.
    """)


def _proof(found: FamilyTheorem) -> str:
    theorem = found.theorem
    pieces = sum(len(s.pieces) for s in theorem.signs)
    passed = len(found.passages)
    changes = "they agree where pieces meet, so that there is no threshold"
    if passed:
        changes = (
            "each short interval between pieces with different signs contains exactly"
            f" one threshold ({passed} in all), because all points of the curve with a"
            " singular block lie in a box with exactly one zero of the bordered system"
        )
    return prose(f"""
        For all $k \\ge {theorem.k_one}$ at once a Krawczyk test in models with
        remainders on an interval of $t$ gives existence, uniqueness in a tube around
        the exact terms, a positive loss and the signs of all blocks. From there down
        {len(theorem.stretches)} tubes over intervals of $k$, each joined with the one
        before, continue the same curve to $k = {found.claim["k_min"]}$. Along them
        {pieces} pieces have blocks with constant signs, by Gershgorin discs of a
        congruent matrix over the whole piece; {changes}. Below: {theorem.stopped}.
    """)
