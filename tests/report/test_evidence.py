"""Mirror of symcrit/report/evidence.py."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import networkx as nx
import pytest

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Expansions
from symcrit.catalog.families import family
from symcrit.catalog.family import Family
from symcrit.catalog.notation import Notation
from symcrit.expand.lift import Expansion
from symcrit.report.evidence import statements_of
from symcrit.report.material import Material, gather
from symcrit.report.plots import draw_statements
from symcrit.report.statements import How, Kind, Standing, StatementGraph

Expand = Callable[..., Expansion]


def test_everything_that_is_shown_is_stated(material: Material) -> None:
    """A statement for every term, every check, every sample point; all established."""
    graph = statements_of(material)
    names = {x.id for x in graph}

    assert graph.outcome.is_true
    for name, quantity in material.series.quantities.items():
        assert {f"series.{name}.{n}" for n, _ in quantity.terms} <= names
        assert f"check.{name}" in names
    assert {f"point.{k}" for k in (10, 20, 100, 10**6)} <= names
    assert set(How) == {x.how for x in graph}
    assert set(Kind) == {x.kind for x in graph}


def broken_at(expand: Expand, name: str, exponent: int, by: Exact) -> Expand:
    """The same expansion with one coefficient changed."""

    def expansion(self: Family, order: int, progress: object = None) -> Expansion:
        found = expand(self, order, progress)
        series = found[name]
        lib = Expansions(series.domain.with_length(order + 40))
        change = lib.from_coefficients([(exponent, by)], None)
        wrong = series.in_domain(lib.domain) + change
        if name == "loss":
            return replace(found, loss=wrong)
        parameters = [
            wrong if x == name else p
            for x, p in zip(found.names, found.parameters, strict=True)
        ]
        return replace(found, parameters=tuple(parameters))

    return expansion


def broken_graph(
    monkeypatch: pytest.MonkeyPatch, where: str, name: str, exponent: int, by: Exact
) -> StatementGraph:
    """The statements of a report on a family in which one coefficient is wrong."""
    wrong = broken_at(Family.expansion, name, exponent, by)
    monkeypatch.setattr(Family, "expansion", wrong)
    found = gather(
        family(where), order=6, notation=Notation({}), command="", spectra=False
    )
    return statements_of(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("where", "name", "exponent", "by"),
    [
        ("II", "a_1", 4, Exact.rational(1) / 1000),
        ("A", "o_1", 5, 1 / Exact.pi()),
        ("A", "o_1", 2, Exact.rational(1) / 7),
        ("A", "a_1", 0, Exact.surd(2) / 100),
        ("A", "loss", 3, Exact.rational(1)),
        ("A", "o_1", 3, Exact.rational(1)),
    ],
    ids=["middle", "last", "first", "limit", "loss", "superfluous"],
)
def test_a_broken_coefficient_and_what_hangs_on_it_turn_red(
    monkeypatch: pytest.MonkeyPatch, where: str, name: str, exponent: int, by: Exact
) -> None:
    """Exactly that statement and its descendants; all others stay established."""
    graph = broken_graph(monkeypatch, where, name, exponent, by)
    node = f"series.{name}.{exponent}"
    red = {node, *nx.descendants(graph.graph, node)}

    assert graph[node].outcome.is_false
    assert red == {x.id for x in graph if graph.standing(x.id).is_broken}
    assert graph[f"check.{name}"].outcome.is_false
    assert all(x.outcome.is_true for x in graph if x.id not in red)
    documents = {x["id"]: x["outcome"] for x in graph.documents()}
    assert documents[node] == "REFUTED"
    assert red == {x for x, outcome in documents.items() if outcome != "CONFIRMED"}


def test_the_loss_hangs_on_the_terms_that_can_change_it(material: Material) -> None:
    """A parameter's late terms change nothing: the loss is stationary."""
    graph = statements_of(material)
    needed = nx.ancestors(graph.graph, "series.loss.4")

    assert "series.a_1.2" in needed
    assert "series.a_1.3" not in needed
    assert "series.m_1_2.3" in needed
    assert "series.m_1_2.4" not in needed


def test_the_picture_shows_how_far_statements_are_established(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Oracle: as many boxes of each colour as there are statements of that kind."""
    graph = broken_graph(monkeypatch, "A", "a_1", 4, Exact.rational(1))
    colours = {
        Standing.ESTABLISHED: "ddf1e8",
        Standing.UNKNOWN: "fff0c8",
        Standing.NOT_ESTABLISHED: "fbe0e0",
        Standing.REFUTED: "c62828",
    }
    picture = draw_statements(graph).decode()
    boxes = Counter(
        re.findall(r'style="fill: #(\w+); stroke: #\w+; stroke-width: 0', picture)
    )
    standings = Counter(graph.standing(x.id) for x in graph)

    assert {colours[x]: n for x, n in standings.items()} == {
        x: n for x, n in boxes.items() if x in colours.values()
    }
    assert standings[Standing.REFUTED] > 1
    assert draw_statements(graph).decode() == picture
