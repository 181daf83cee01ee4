"""Mirror of symcrit/report/spectral_evidence.py: breaking spectra on purpose."""

from dataclasses import replace
from typing import Any

import networkx as nx
import pytest
from flint import arb

from symcrit.arith.exact import Exact
from symcrit.catalog.family import Family
from symcrit.certify.bounds import prove_bounds
from symcrit.certify.theorems import FamilyTheorem
from symcrit.certify.thresholds import Thresholds
from symcrit.core.truth import Truth
from symcrit.landscapes import blocks
from symcrit.landscapes.plans import plan_block
from symcrit.report.evidence import statements_of
from symcrit.report.material import Material
from symcrit.report.spectral import Spectral, gather_spectral
from symcrit.report.statements import StatementGraph
from symcrit.spectra.eigenvalues import Spectrum
from tests.certify.theorem_cases import theorem


def graph_of(material: Material, spectral: Spectral) -> StatementGraph:
    """The statements of a report with other results on the Hessian."""
    return statements_of(replace(material, spectral=spectral))


@pytest.fixture
def gathered(
    family_a: Family, spectral: Spectral, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Gather again, with the thresholds known and without what is only drawn."""
    monkeypatch.setattr("symcrit.report.spectral._HISTOGRAM_SIZES", ())
    monkeypatch.setattr(
        "symcrit.report.spectral.eigenvalue_curves", lambda *_: spectral.curves
    )
    monkeypatch.setattr(Family, "threshold", lambda _: spectral.thresholds)
    monkeypatch.setattr(Family, "spectrum_series", lambda *_: spectral.series)
    monkeypatch.setattr(
        "symcrit.report.spectral._comparisons", lambda *_: spectral.comparisons
    )
    return lambda: gather_spectral(family_a)


def red(graph: StatementGraph) -> set[str]:
    """The statements that are refuted or hang on a refuted one."""
    return {x.id for x in graph if graph.standing(x.id).is_broken}


def only(graph: StatementGraph, *names: str) -> set[str]:
    """The named statements and all that hangs on them."""
    return set(names).union(*(nx.descendants(graph.graph, name) for name in names))


def test_everything_that_is_shown_is_stated(
    material_a: Material, spectral: Spectral
) -> None:
    """Blocks, eigenvalues, indices, thresholds; all established."""
    graph = statements_of(material_a)
    names = {x.id for x in graph}

    assert graph.outcome.is_true
    components = {c.name for c in spectral.decomposition.components}
    assert {f"hessian.{name}" for name in components} <= names
    assert {f"spectrum.{k}.{c}" for k in (10, 20, 100) for c in components} <= names
    assert {"index.10", "index.1000000", "threshold.1", "threshold.2"} <= names
    assert "hessian.x_1" in nx.ancestors(graph.graph, "threshold.1")
    assert "hessian.x_1" not in nx.ancestors(graph.graph, "threshold.2")
    assert "eigenvalue.s_1.3" in names
    assert "point.20" in nx.ancestors(graph.graph, "index.20")


def test_a_broken_eigenvalue_and_what_hangs_on_it_turn_red(
    gathered: Any, material_a: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly that component at that k, and the index there."""
    original = Family.spectrum

    def wrong(self: Family, k: Any, *, digits: int = 15) -> Spectrum:
        found = original(self, k, digits=digits)
        if k != 20:
            return found
        first, second, *others = found.blocks
        values = (second.eigenvalues[0] + arb("1e-9"), *second.eigenvalues[1:])
        return replace(
            found, blocks=(first, replace(second, eigenvalues=values), *others)
        )

    monkeypatch.setattr(Family, "spectrum", wrong)
    graph = graph_of(material_a, gathered())

    assert graph["spectrum.20.s_1"].outcome.is_false
    assert {"spectrum.20.s_1", "index.20"} == red(graph)
    assert all(
        x.outcome.is_true for x in graph if x.id not in ("spectrum.20.s_1", "index.20")
    )


def test_a_wrong_block_and_what_hangs_on_it_turn_red(
    gathered: Any, material_a: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One count of one component wrong: its spectra, all indices, its threshold."""

    def wrong(pattern: Any, target: Any, component: Any) -> Any:
        plan = plan_block(pattern, target, component)
        if component.name != "x_1":
            return plan
        doubled = {
            label: tuple((a, b, plan.overlaps[0][0][2]) for a, b, _ in table)
            for label, table in plan.crossings.items()
        }
        return replace(plan, crossings=doubled)

    monkeypatch.setattr(blocks, "plan_block", wrong)
    graph = graph_of(material_a, gathered())

    assert graph["hessian.x_1"].outcome.is_false
    assert only(graph, "hessian.x_1") == red(graph)
    assert "threshold.1" in red(graph)
    assert "threshold.2" not in red(graph)
    assert "spectrum.20.s_1" not in red(graph)


def test_a_wrong_threshold_turns_red_alone(
    gathered: Any,
    material_a: Material,
    spectral: Spectral,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Spectra on both sides contradict it."""
    assert spectral.thresholds is not None
    first, second = spectral.thresholds.crossings
    moved = replace(first, k=arb("5.9"))
    wrong: Thresholds = replace(spectral.thresholds, crossings=(moved, second))
    monkeypatch.setattr(Family, "threshold", lambda _: wrong)
    graph = graph_of(material_a, gathered())

    assert {"threshold.1"} == red(graph)
    assert graph["threshold.2"].outcome.is_true


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_wrong_term_of_an_eigenvalue_turns_red_alone(
    gathered: Any,
    material_a: Material,
    spectral: Spectral,
    monkeypatch: pytest.MonkeyPatch,
    place: int,
) -> None:
    """One coefficient of the second eigenvalue on s_1, each in turn."""
    series = spectral.series
    assert series is not None
    first, second, *others = series.blocks
    values = list(second.eigenvalues)
    quantity = values[1].expansion
    terms = list(quantity.terms)
    n, c = terms[place]
    terms[place] = (n, c + Exact.rational(1) / 1000)
    values[1] = replace(values[1], expansion=replace(quantity, terms=tuple(terms)))
    blocks = (first, replace(second, eigenvalues=tuple(values)), *others)
    wrong = replace(series, blocks=blocks)
    monkeypatch.setattr(Family, "spectrum_series", lambda *_: wrong)
    graph = graph_of(material_a, gathered())

    assert graph["eigenvalue.s_1.2"].outcome.is_false
    assert only(graph, "eigenvalue.s_1.2") == red(graph)
    assert "comparison.II" in red(graph)
    assert "eigenvalue.s_1.1" not in red(graph)


def test_the_search_and_the_proof_for_all_k_agree(
    material_a: Material, spectral: Spectral
) -> None:
    """A threshold that the theorem does not know refutes the agreement."""
    assert spectral.thresholds is not None
    proved = theorem("A", 5)
    known = FamilyTheorem("A", proved, prove_bounds(proved, 3))
    whole = replace(material_a, theorem=known)
    first, second = spectral.thresholds.crossings
    moved = replace(first, k=arb("5.9"))
    wrong = replace(spectral.thresholds, crossings=(moved, second))
    right, broken = (
        graph_of(whole, x) for x in (spectral, replace(spectral, thresholds=wrong))
    )

    assert right["check.thresholds"].outcome.is_true
    assert right["theorem.all"].outcome.is_true
    assert broken["check.thresholds"].outcome.is_false
    assert {"check.thresholds"} == red(broken)


def test_a_lost_component_turns_everything_on_the_hessian_red(
    material_a: Material, spectral: Spectral
) -> None:
    """If the components do not fill the space, no spectrum is the whole spectrum."""
    lost = replace(
        spectral.decomposition, components=spectral.decomposition.components[:-1]
    )
    graph = graph_of(material_a, replace(spectral, decomposition=lost))

    assert only(graph, "lemma.components") == red(graph)
    assert "index.10" in red(graph)


def test_completeness_is_stated_only_where_it_is_proved(
    material_a: Material, spectral: Spectral
) -> None:
    """Without a proof there is no such statement, so nothing is left open by it."""
    assert spectral.thresholds is not None
    open_ = replace(spectral, thresholds=replace(spectral.thresholds, complete=False))
    proved = replace(spectral, thresholds=replace(spectral.thresholds, complete=True))

    without = {x.id for x in graph_of(material_a, open_)}
    graph = graph_of(material_a, proved)

    assert "lemma.thresholds" not in without
    assert graph["lemma.thresholds"].outcome.is_true
    assert "threshold.2" in graph["lemma.thresholds"].depends_on


def test_what_was_not_found_is_not_stated(
    material_a: Material, spectral: Spectral
) -> None:
    """No spectrum at a k, no thresholds: fewer statements, none of them open."""
    samples = (replace(spectral.samples[0], spectrum=None), *spectral.samples[1:])
    less = replace(
        spectral,
        samples=samples,
        thresholds=None,
        curves=None,
        series=None,
        series_checks={},
        comparisons=(),
    )

    graph = graph_of(material_a, less)
    names = {x.id for x in graph}

    assert "index.10" not in names
    assert "index.20" in names
    assert not any(name.startswith(("threshold", "eigen")) for name in names)
    assert graph.outcome is Truth.TRUE
