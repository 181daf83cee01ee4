"""The statements of a derivation report, with outcomes read from what was computed."""

from collections.abc import Iterator
from fractions import Fraction

from symcrit.core.truth import Truth
from symcrit.landscapes.consistency import Comparison
from symcrit.report.material import Material
from symcrit.report.spectral_evidence import (
    agreement_statement,
    spectral_statements,
)
from symcrit.report.statements import How, Kind, Statement, StatementGraph
from symcrit.report.writing import power_latex, size_latex

__all__ = ["statements_of"]


def statements_of(material: Material) -> StatementGraph:
    """Return the statements that a report makes, each after those that it needs."""
    return StatementGraph(
        [
            *_definitions(material),
            *_branch(material),
            *_points(material),
            *_series(material),
            *_loss(material),
            *_checks(material),
            *(spectral_statements(material.spectral) if material.spectral else ()),
            *_theorem(material),
        ]
    )


def _theorem(material: Material) -> Iterator[Statement]:
    """What holds for all k."""
    found = material.theorem
    if found is None:
        return
    yield Statement(
        "theorem.all",
        Kind.LEMMA,
        f"Existence, bounds and index for all real $k \\geq {found.claim['k_min']}$",
        How.BALLS,
        Truth.of(true=found.is_complete, false=False),
        ("lemma.equations", "definition.limit"),
        f"{len(found.theorem.stretches)} tubes, joined with one statement for all"
        f" $k \\geq {found.theorem.k_one}$",
    )
    if material.spectral is not None:
        yield agreement_statement(material.spectral, found)


def _compared(comparison: Comparison, what: str) -> str:
    """What a comparison saw, in a few words."""
    agreement = (
        "exactly equal"
        if comparison.digits is None
        else f"differences below $10^{{-{comparison.digits}}}$"
    )
    return f"{comparison.compared} {what}, {agreement}"


def _definitions(material: Material) -> Iterator[Statement]:
    family = material.family
    yield Statement(
        "definition.kernel",
        Kind.DEFINITION,
        "The kernel has the closed form that is used",
        How.NUMERICAL,
        material.kernel_check.outcome,
        found=_compared(material.kernel_check, "values against the definition"),
    )
    yield Statement(
        "definition.pattern",
        Kind.DEFINITION,
        "The orbits of the group cover the matrix",
        How.EXACT,
        material.orbit_check.outcome,
        found=_compared(material.orbit_check, "sizes compared"),
    )
    limits = zip(family.leading, family.limit, strict=True)
    yield Statement(
        "definition.limit",
        Kind.DEFINITION,
        "The family has the limit that the catalog quotes",
        How.QUOTED,
        Truth.all_of(
            Truth.of(true=x.limit == y, false=x.limit != y) for x, y in limits
        ),
        found=family.source,
    )
    yield Statement(
        "lemma.equations",
        Kind.LEMMA,
        "The reduced equations are the gradient at fixed matrices",
        How.NUMERICAL,
        material.equation_check.outcome,
        ("definition.kernel", "definition.pattern"),
        _compared(material.equation_check, "numbers at whole matrices"),
    )


def _branch(material: Material) -> Iterator[Statement]:
    family, proof = material.family, material.series.proof
    e = material.series.ramification
    for name, term in zip(family.names, family.leading, strict=True):
        latex = material.latex(name)
        stays = term.exponent is None
        yield Statement(
            f"balance.{name}",
            Kind.FORMULA,
            f"Leading term of ${latex}$",
            How.NUMERICAL,
            Truth.of(true=stays or term.coefficient is not None, false=False),
            ("definition.limit", "lemma.equations"),
            "stays at its limit" if stays else f"${power_latex(term.exponent)}$",
            "leading terms",
            f"${latex}$",
        )
    yield Statement(
        "lemma.branch",
        Kind.LEMMA,
        "Exactly one series solves the equations in a $t$-adic box",
        How.EXACT,
        Truth.of(true=proof.contraction >= 1, false=False),
        ("lemma.equations", *(f"balance.{name}" for name in family.names)),
        f"a Krawczyk step gains ${power_latex(Fraction(proof.contraction, e))}$",
    )


def _points(material: Material) -> Iterator[Statement]:
    for sample in material.points:
        yield Statement(
            f"point.{sample.k}",
            Kind.LEMMA,
            f"There is a critical point at $k = {size_latex(sample.k)}$",
            How.BALLS,
            sample.outcome,
            ("lemma.equations",),
            sample.found,
            "certified points",
            f"${size_latex(sample.k)}$",
        )


def _series(material: Material) -> Iterator[Statement]:
    family, check = material.family, material.series_check
    terms = []
    for name in family.names:
        yield from _terms(material, name, {}, ("lemma.branch",))
        terms += [f"series.{name}.{_shown(material, n)}" for n in check.terms[name]]
    proof = material.series.proof
    v = proof.jacobian_exponent
    enough = proof.residual_order > 2 * v and all(
        order + v <= proof.residual_order for order in proof.proved
    )
    yield Statement(
        "lemma.series",
        Kind.LEMMA,
        "The series are formal, unique, convergent for large $k$",
        How.EXACT,
        check.solves & Truth.of(true=enough, false=False),
        ("lemma.branch", *terms),
        f"$R = {_in_t(material, proof.residual_order)}$, $v = {_in_t(material, v)}$",
    )


def _terms(
    material: Material,
    name: str,
    needed: dict[int, list[str]],
    always: tuple[str, ...],
) -> Iterator[Statement]:
    """The terms of one series, each with what it needs besides what all need."""
    latex = material.latex(name)
    for n, outcome in material.series_check.terms[name].items():
        exponent = _shown(material, n)
        yield Statement(
            f"series.{name}.{exponent}",
            Kind.FORMULA,
            f"Coefficient of ${power_latex(exponent)}$ in ${latex}$",
            How.EXACT,
            outcome,
            (*always, *needed.get(n, ())),
            "put into the equations",
            f"terms of ${latex}$",
            exponent,
        )


def _loss(material: Material) -> Iterator[Statement]:
    """The terms of the loss; each needs the terms of parameters that can change it."""
    check = material.series_check
    needed = {
        n: [
            f"series.{name}.{_shown(material, m)}"
            for name, reach in check.reach.items()
            for m in check.terms[name]
            if n >= reach + 2 * m
        ]
        for n in check.terms["loss"]
    }
    yield from _terms(material, "loss", needed, ("lemma.branch",))


def _checks(material: Material) -> Iterator[Statement]:
    for name, found in material.verification.quantities.items():
        latex = material.latex(name)
        terms = [
            f"series.{name}.{_shown(material, n)}"
            for n in material.series_check.terms[name]
        ]
        yield Statement(
            f"check.{name}",
            Kind.CHECK,
            f"The series of ${latex}$ agrees with certified points",
            How.NUMERICAL,
            found.outcome,
            ("lemma.equations", *terms),
            f"{len(found.truncations)} truncations",
            "against certified points",
            f"${latex}$",
        )


def _in_t(material: Material, exponent: int) -> Fraction:
    return Fraction(exponent, material.series.ramification)


def _shown(material: Material, exponent: int) -> str:
    return str(_in_t(material, exponent))
