"""Mirror of symcrit/cli/threshold.py."""

import pytest

from tests.cli.running import Invoke


def test_crossings_and_end_of_a_family(invoke: Invoke) -> None:
    """Type A is a minimum from k = 6 on, and ends at k = 2, the swapped identity."""
    answer = invoke("threshold", "A", "--json")

    found = answer.document()
    first, second = found["crossings"]
    assert 0 == answer.status
    assert ("x_1", 1, 0, True) == (
        first["component"],
        first["negative_below"],
        first["negative_above"],
        first["certified"],
    )
    assert 5 < float(first["k"]["mid"]) < 6
    assert "s_1" == second["component"]
    assert "meeting" == found["end"]["kind"]
    assert 2 == float(found["end"]["k"]["mid"])
    assert found["end"]["proved"] is False
    assert ["w1.v1"] == found["end"]["parallel"]
    assert found["complete"] is False


@pytest.mark.slow
def test_a_fold_is_an_end_with_proof(invoke: Invoke) -> None:
    """Type M turns back below all four thresholds."""
    found = invoke("threshold", "M", "--json").document()

    assert "fold" == found["end"]["kind"]
    assert found["end"]["proved"] is True
    assert all(
        float(found["end"]["k"]["mid"]) < float(c["k"]["mid"])
        for c in found["crossings"]
    )


@pytest.mark.slow
def test_a_complete_list(invoke: Invoke) -> None:
    """With --prove the list is complete up to infinity, on the family's own branch."""
    found = invoke("threshold", "A", "--prove", "--json").document()

    assert found["complete"] is True
    assert found["link"] == "proved"
    assert "infinity" == found["searched"][1]
    assert 2 < float(found["searched"][0]) < 2.001
    assert ["x_1", "s_1"] == [c["component"] for c in found["crossings"]]
