"""Thresholds in real k, the end of the family, and the curves of the eigenvalues."""

from collections.abc import Iterator

from symcrit.catalog.claims import Claim, Verdict
from symcrit.certify.theorems import FamilyTheorem
from symcrit.certify.thresholds import Thresholds
from symcrit.core.truth import Truth
from symcrit.report.spectral import Spectral
from symcrit.report.tables import Cell, Column, Table, number_cell, to_markdown
from symcrit.report.writing import enumerate_words, literal, prose
from symcrit.symmetry.latex import component_latex, polynomial_latex

__all__ = ["thresholds_section"]

_DIGITS = 20
_RANGE_DIGITS = 10


def thresholds_section(spectral: Spectral, theorem: FamilyTheorem | None) -> str:
    """Return the section on where the signature of the Hessian changes."""
    parts = [
        "## Thresholds in real k",
        prose(r"""
            The sizes of the blocks enter all equations as numbers, so the branch exists
            for real $k$, and the Morse index changes where an eigenvalue of a block
            passes zero. With the parameters $\xi$, the number $k$ and a kernel vector
            $n$ as unknowns, $F(\xi, k) = 0$, $H(\xi, k)\, n = 0$, $n_r = 1$ is a square
            system, and the Krawczyk test proves a regular zero of it
            (`derivations/thresholds.md`).
        """),
    ]
    found = spectral.thresholds
    if found is None:
        return "\n\n".join([*parts, "The branch could not be followed downward."])
    if found.crossings:
        parts += [
            to_markdown(_table(found)),
            prose("""
                All digits of a certified $k$ are proved; the columns *below* and
                *above* count the negative eigenvalues of the block on each side.
            """),
        ]
    else:
        parts.append("None was found.")
    parts += [*_proved(found, theorem), *_claims(spectral)]
    if spectral.curves is not None:
        parts.append(
            prose("""
                ![The smallest eigenvalue of each component over real k, from balls at
                points of the branch. Dots are the thresholds, with their k; the dotted
                line is where the family ends.](plots/eigenvalues.svg)
            """)
        )
    return "\n\n".join(parts)


def _table(found: Thresholds) -> Table:
    rows = [
        (
            number_cell(x.k.str(_DIGITS, radius=False)),
            Cell(x.component, (component_latex(x.component),)),
            Cell(str(x.multiplicity), (polynomial_latex(str(x.multiplicity)),)),
            Cell("?" if x.negative_below is None else str(x.negative_below)),
            Cell("?" if x.negative_above is None else str(x.negative_above)),
            Cell("yes" if x.certified.is_true else "no"),
        )
        for x in found.crossings
    ]
    columns = (
        Column("k", "$k$", numeric=True),
        Column("component", "component"),
        Column("multiplicity", "multiplicity"),
        Column("below", "below"),
        Column("above", "above"),
        Column("certified", "certified"),
    )
    return Table(columns, tuple(rows))


def _proved(found: Thresholds, theorem: FamilyTheorem | None) -> Iterator[str]:
    """What is proved of the list and of the end of the family, and what is not."""
    low, high = (f"{float(k):.{_RANGE_DIGITS}g}" for k in found.searched)
    yield f"The branch was followed from $k = {high}$ to $k = {low}$: {found.remark}."
    if found.degenerate:
        names = enumerate_words([f"${component_latex(x)}$" for x in found.degenerate])
        yield (
            f"All along the branch an eigenvalue on {names} is zero but for rounding:"
            " there the Hessian is degenerate, and no sign is claimed."
        )
    if found.complete:
        yield "It is proved that there are no other thresholds in this range."
        return
    if theorem is not None and theorem.is_complete:
        yield prose("""
            Each of these thresholds is proved by itself, with the numbers of negative
            eigenvalues that are shown. The search that found them proves no more; that
            they are all, and that they lie on the branch of this family, is proved
            by the theorem for all $k$ below.
        """)
        return
    yield prose("""
        Proved are the thresholds themselves: at each of them exactly one eigenvalue of
        the block changes its sign, with the numbers of negative eigenvalues that are
        shown. *Not* proved is that the list is complete, because two crossings of one
        component between neighbouring steps of the search would be missed; and that the
        thresholds lie on the branch of this family is known from following it, with a
        guard against jumps. `symcrit threshold --prove` proves both, from some $k$ to
        infinity. A component is looked at only where it has all its copies.
    """)


def _claims(spectral: Spectral) -> Iterator[str]:
    if not spectral.claims:
        return
    yield "### Published statements"
    for claim, verdict in spectral.claims:
        yield _claim(claim, verdict)


def _claim(claim: Claim, verdict: Verdict) -> str:
    words = {Truth.TRUE: "CONFIRMED", Truth.FALSE: "REFUTED"}
    outcome = words.get(verdict.outcome, "NOT DECIDED")
    quoted = literal(f"“{claim.text}” ({claim.source})")
    computed = literal(f"Computed: {verdict.computed}, by {verdict.how}.")
    note = literal(f" Note: {verdict.note}.") if verdict.note else ""
    return f"{quoted}: **{outcome}**. {computed}{note}"
