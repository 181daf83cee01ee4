"""Mirror of symcrit/report/statements.py."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.core.truth import Truth
from symcrit.report.statements import How, Kind, Standing, Statement, StatementGraph


@st.composite
def graphs(draw: st.DrawFn) -> StatementGraph:
    """Any statements, each hanging on some of those before it."""
    statements: list[Statement] = []
    for number in range(draw(st.integers(0, 8))):
        before = [x.id for x in statements]
        needed = draw(st.lists(st.sampled_from(before), unique=True)) if before else []
        outcome = draw(st.sampled_from(list(Truth)))
        statements.append(
            Statement(
                str(number), Kind.LEMMA, "title", How.EXACT, outcome, tuple(needed)
            )
        )
    return StatementGraph(statements)


@given(graphs())
def test_the_refuted_and_what_hangs_on_them_are_broken(graph: StatementGraph) -> None:
    """Oracle: the descendants of the refuted ones, and nothing else."""
    refuted = {x.id for x in graph if x.outcome.is_false}
    below = {y for x in refuted for y in nx.descendants(graph.graph, x)}

    assert refuted | below == {x.id for x in graph if graph.standing(x.id).is_broken}
    assert refuted == {x.id for x in graph if graph.standing(x.id) is Standing.REFUTED}
    for statement in graph:
        standing = graph.standing(statement.id)
        assert (standing is Standing.NOT_ESTABLISHED) == (
            bool(graph.hangs_on(statement.id)) and not statement.outcome.is_false
        )


@given(graphs())
def test_established_needs_everything_above(graph: StatementGraph) -> None:
    """And the answer for all is the conjunction."""
    for statement in graph:
        above = [graph[x] for x in nx.ancestors(graph.graph, statement.id)]
        assert (graph.standing(statement.id) is Standing.ESTABLISHED) == all(
            x.outcome.is_true for x in (statement, *above)
        )
    outcomes = [x.outcome for x in graph]
    assert graph.outcome is Truth.all_of(outcomes)
    words = {document["outcome"] for document in graph.documents()}
    assert ("REFUTED" in words) == (Truth.FALSE in outcomes)


@pytest.mark.parametrize("needed", ["a", "b", "z"])
def test_statements_stand_after_what_they_need(needed: str) -> None:
    """So there is no circle, and no name is used twice."""
    statements = [
        Statement("a", Kind.LEMMA, "A", How.EXACT, Truth.TRUE),
        Statement("b", Kind.LEMMA, "B", How.EXACT, Truth.TRUE, (needed,)),
    ]
    if needed == "a":
        assert 2 == len(StatementGraph(statements))
        statements.append(statements[0])
    with pytest.raises(ValueError, match="stands"):
        StatementGraph(statements)
