"""Mirror of symcrit/cli/lattice.py."""

from pathlib import Path

import networkx as nx
import pytest

from tests.cli.running import Invoke


def test_types_and_their_order(invoke: Invoke) -> None:
    """The four isotropy types of Delta S_3, one below the other."""
    result = invoke("lattice", "3 x 3", "--within", "target", "--json")
    found = result.document()

    assert 0 == result.status
    assert [("k", "6", 2), (None, "3", 3), ("1+(k-1)", "2", 5), ("3*1", "1", 9)] == [
        (t["pattern"], t["order"], t["parameters"]) for t in found["types"]
    ]
    assert [[0, 1], [0, 2], [1, 3], [2, 3]] == found["covers"]
    assert [False, True, True, False] == [t["maximal"] for t in found["types"]]
    assert [[0, 1, 1], [1, 0, 1], [1, 1, 0]] == found["types"][0]["example"]


def test_the_table_for_a_person(invoke: Invoke) -> None:
    """One line for each type."""
    lines = invoke("lattice", "3 x 3", "--within", "target").out.splitlines()

    assert 2 + 4 == len(lines)
    assert "(no product of symmetric groups)" in lines[3]
    assert lines[0].split()[:3] == ["type", "pattern", "order"]


def test_graphs_for_other_programs(tmp_path: Path, invoke: Invoke) -> None:
    """GraphML that networkx reads, and Graphviz."""
    out = tmp_path / "lattice.graphml"

    written = invoke("lattice", "2 x 3", "--format", "graphml", "-o", str(out))
    dot = invoke("lattice", "2 x 3", "--format", "dot")
    document = invoke("lattice", "2 x 3", "--json").document()

    graph = nx.read_graphml(out, node_type=int)
    assert 0 == written.status
    assert document["covers"] == sorted(map(list, graph.edges))
    assert dot.out.startswith("digraph isotropy {")
    assert len(document["covers"]) == dot.out.count("->")


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ("3", "'3' should be two positive numbers of rows and columns, such as"),
        ("3 x 0", "should be two positive numbers"),
        ("9 x 9", "the group has more than 3000 elements"),
    ],
)
def test_other_shapes_are_bad_input(shape: str, words: str, invoke: Invoke) -> None:
    """Status 2 and one line."""
    result = invoke("lattice", shape)

    assert 2 == result.status
    assert words in result.complaint()
