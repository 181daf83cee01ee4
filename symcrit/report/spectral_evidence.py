"""The statements on Hessian, spectra and thresholds, with outcomes as computed."""

from collections.abc import Iterator

from symcrit.arith.balls import ball_of
from symcrit.certify.theorems import FamilyTheorem
from symcrit.certify.thresholds import Crossing
from symcrit.core.truth import Truth
from symcrit.report.spectral import Spectral, SpectrumSample
from symcrit.report.statements import How, Kind, Statement
from symcrit.report.writing import power_latex, size_latex
from symcrit.symmetry.latex import component_latex

__all__ = ["agreement_statement", "spectral_statements"]


def spectral_statements(spectral: Spectral) -> Iterator[Statement]:
    """Yield the statements, each after those that it needs.

    They need the statements ``definition.kernel``, ``definition.pattern``,
    ``lemma.equations``, ``lemma.series`` and ``point.K``.
    """
    yield Statement(
        "lemma.components",
        Kind.LEMMA,
        "The components fill the space of matrices, for all sizes",
        How.EXACT,
        Truth.of(
            true=not spectral.decomposition.excess(),
            false=bool(spectral.decomposition.excess()),
        ),
        ("definition.pattern",),
        "copies times dimensions, as polynomials",
    )
    for name, check in spectral.block_checks.items():
        yield Statement(
            f"hessian.{name}",
            Kind.FORMULA,
            f"The block of ${component_latex(name)}$ is the Hessian on its component",
            How.NUMERICAL,
            check.outcome,
            ("definition.kernel", "lemma.components"),
            "entries against the Hessian of full size"
            + ("" if check.digits is None else f": $10^{{-{check.digits}}}$"),
            "blocks of the Hessian",
            _label(name),
        )
    for sample in spectral.samples:
        yield from _spectrum(sample)
    for sample in spectral.samples:
        yield from _index(sample)
    yield from _series(spectral)
    yield from _comparisons(spectral)
    yield from _thresholds(spectral)


def _series(spectral: Spectral) -> Iterator[Statement]:
    for name, outcomes in spectral.series_checks.items():
        latex = component_latex(name)
        for number, outcome in enumerate(outcomes, 1):
            yield Statement(
                f"eigenvalue.{name}.{number}",
                Kind.FORMULA,
                rf"Series of $\lambda_{{{number}}}$ on ${latex}$",
                How.NUMERICAL,
                outcome,
                ("lemma.series", f"hessian.{name}"),
                "against certified spectra at huge $k$",
                f"eigenvalues on {_label(name)}",
                str(number),
            )


def _comparisons(spectral: Spectral) -> Iterator[Statement]:
    needed = tuple(
        f"eigenvalue.{name}.{number}"
        for name, outcomes in spectral.series_checks.items()
        for number in range(1, len(outcomes) + 1)
    )
    for found in spectral.comparisons:
        other = found.names[1]
        short = "W = V" if other.startswith("global") else other
        power = power_latex(found.shared)
        yield Statement(
            f"comparison.{other.replace(' ', '_')}",
            Kind.FORMULA,
            f"The spectrum is that of {other} modulo $O({power})$",
            How.EXACT,
            Truth.TRUE,
            needed,
            "multisets of series, with multiplicities",
            "spectrum compared with",
            f"${short.replace(' ', '')}$" if short != other else short,
        )


def agreement_statement(spectral: Spectral, theorem: FamilyTheorem) -> Statement:
    """Return the statement that the search and the proof for all k agree.

    It needs the statement ``theorem.all``.
    """
    crossings = _crossings(spectral)
    return Statement(
        "check.thresholds",
        Kind.CHECK,
        "The thresholds that were found are those of the theorem",
        How.BALLS,
        Truth.all_of(_is_passage(theorem, x) for x in crossings),
        (
            "theorem.all",
            *(f"threshold.{number}" for number in range(1, len(crossings) + 1)),
        ),
        f"{len(crossings)} thresholds",
    )


def _crossings(spectral: Spectral) -> tuple[Crossing, ...]:
    return () if spectral.thresholds is None else spectral.thresholds.crossings


def _is_passage(theorem: FamilyTheorem, crossing: Crossing) -> Truth:
    """Whether a threshold that was searched for is one that the theorem knows."""
    lowest = theorem.theorem.complete_from
    if lowest is None or crossing.k < ball_of(lowest):
        return Truth.TRUE
    found = any(
        component.name == crossing.component and passage.singular.k.overlaps(crossing.k)
        for component, passage in theorem.passages
    )
    return Truth.of(true=found, false=not found)


def _label(component: str) -> str:
    """The name of a component, short enough for a cell."""
    short = component_latex(component).replace(r" \otimes ", "")
    return f"${short}$"


def _spectrum(sample: SpectrumSample) -> Iterator[Statement]:
    if sample.spectrum is None:
        return
    k = size_latex(sample.k)
    for block in sample.spectrum.blocks:
        name = block.component
        yield Statement(
            f"spectrum.{sample.k}.{name}",
            Kind.LEMMA,
            f"Eigenvalues and signs on ${component_latex(name)}$ at $k = {k}$",
            How.BALLS,
            sample.checks.get(name, Truth.UNKNOWN),
            (f"point.{sample.k}", f"hessian.{name}"),
            "Gershgorin discs, and the determinant at each ball",
            f"spectrum at $k = {k}$",
            _label(name),
        )


def _index(sample: SpectrumSample) -> Iterator[Statement]:
    if sample.spectrum is None:
        return
    k = size_latex(sample.k)
    index = sample.spectrum.morse_index
    yield Statement(
        f"index.{sample.k}",
        Kind.LEMMA,
        f"The Morse index at $k = {k}$ is {'open' if index is None else index}",
        How.BALLS,
        Truth.of(true=index is not None, false=False),
        tuple(f"spectrum.{sample.k}.{x.component}" for x in sample.spectrum.blocks),
        f"{len(sample.spectrum.blocks)} components",
        "Morse index",
        f"${k}$",
    )


def _thresholds(spectral: Spectral) -> Iterator[Statement]:
    if spectral.thresholds is None:
        return
    crossings = _crossings(spectral)
    for number, (crossing, outcome) in enumerate(
        zip(crossings, spectral.crossing_checks, strict=True), 1
    ):
        name = crossing.component
        yield Statement(
            f"threshold.{number}",
            Kind.LEMMA,
            f"At $k = {crossing.k.str(8, radius=False)}$ an eigenvalue on"
            f" ${component_latex(name)}$ changes its sign",
            How.BALLS,
            outcome,
            ("lemma.equations", f"hessian.{name}"),
            "bordered system, and spectra at certified points on both sides",
            "thresholds",
            f"${crossing.k.str(3, radius=False)}$",
        )
    end = spectral.thresholds.end
    if end is not None and end.proved.is_true:
        yield Statement(
            "lemma.end",
            Kind.LEMMA,
            f"A curve of critical points has a fold at"
            f" $k = {end.k.str(8, radius=False)}$",
            How.BALLS,
            end.proved,
            ("lemma.equations",),
            "bordered system",
        )
    if spectral.thresholds.complete:
        yield Statement(
            "lemma.thresholds",
            Kind.LEMMA,
            "There are no other thresholds",
            How.BALLS,
            Truth.of(true=spectral.thresholds.complete, false=False),
            (
                *(f"hessian.{name}" for name in spectral.block_checks),
                *(f"threshold.{n}" for n in range(1, len(crossings) + 1)),
            ),
            spectral.thresholds.remark,
        )
