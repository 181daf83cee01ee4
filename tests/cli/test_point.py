"""Mirror of symcrit/cli/point.py and symcrit/cli/threshold.py."""

from fractions import Fraction

import pytest

from tests.cli.running import Invoke

PUBLISHED = {
    "a_1": "-0.6327039049",
    "m_1_2": "0.1859910463",
    "m_2_1": "0.2616910758",
    "a_2": "0.9969227988",
    "o_2": "-0.0350801559",
}
"""Safran, Yehudai and Shamir, arXiv:2006.01005, transposed."""


def test_the_published_point_is_reproduced(invoke: Invoke) -> None:
    """Every published digit lies within half a unit of the certified ball."""
    found = invoke("point", "II", "--k", "7", "--digits", "15", "--json").document()

    assert found["certified"] is True
    for name, digits in PUBLISHED.items():
        ball = found["parameters"][name]
        distance = abs(Fraction(digits) - Fraction(ball["mid"])) + Fraction(ball["rad"])
        assert distance <= Fraction(6, 10**11)


def test_balls_at_two_precisions_overlap(invoke: Invoke) -> None:
    """The same point with more digits lies inside the balls with fewer."""
    rough = invoke("point", "A", "--k", "15/2", "--digits", "8", "--json").document()
    fine = invoke("point", "A", "--k", "7.5", "--digits", "60", "--json").document()

    assert rough["k"] == fine["k"] == "15/2"
    for name, ball in rough["parameters"].items():
        mid, rad = Fraction(ball["mid"]), Fraction(ball["rad"])
        other = fine["parameters"][name]
        assert abs(Fraction(other["mid"]) - mid) <= rad + Fraction(other["rad"])
        assert rad <= abs(mid) / 10**8


@pytest.mark.slow
def test_below_the_fold_the_answer_is_no(invoke: Invoke) -> None:
    """Type M turns back at k = 3.434..., which is proved: at 3.43 the status is 1."""
    found = invoke("point", "M", "--k", "3.43", "--json")

    assert 1 == found.status
    document = found.document()
    assert ("REFUTED", None) == (document["outcome"], document["parameters"])
    assert "fold" in document["why"]
    assert f"no: {document['why']}\n" == found.err


@pytest.mark.parametrize("k", ["-3", "0", "seven", "nan", "1e400000", "1/0"])
def test_a_senseless_k_is_bad_input(invoke: Invoke, k: str) -> None:
    """One line on standard error, exit status 2."""
    found = invoke("point", "II", "--k", k)

    assert 2 == found.status
    assert "k" in found.complaint()


def test_a_pattern_without_room_is_bad_input(invoke: Invoke) -> None:
    """At k = 2 the block of size k - 1 has no entries off the diagonal."""
    found = invoke("point", "II", "--k", "2")

    assert 2 == found.status
    assert "o_2" in found.complaint()
