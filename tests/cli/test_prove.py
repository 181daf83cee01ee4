"""Mirror of symcrit/cli/prove.py."""

from tests.cli.running import Invoke


def test_type_a_for_all_k(invoke: Invoke) -> None:
    """The statement, its numbers and the exit status."""
    answer = invoke("prove", "A", "--order", "3", "--json")

    found = answer.document()
    assert 0 == answer.status
    assert "CONFIRMED" == found["outcome"]
    assert 2 < float(found["k_min"]) < 2.001
    assert "minimum, not a global one, for every integer k >= 6" in found["statement"]
    assert ["x_1", "s_1"] == [c["component"] for c in found["crossings"]]
    assert 3 == found["bounds"]["loss"]["order"]
    assert "become parallel" in found["stopped"]


def test_what_cannot_be_proved_is_one_line(invoke: Invoke) -> None:
    """Bad orders and unknown families."""
    for arguments in (("A", "--order", "99"), ("B",), ("A", "--order", "0")):
        answer = invoke("prove", *arguments)
        assert 2 == answer.status
        assert answer.complaint().startswith("error: ")
