"""Mirror of symcrit/cli/spectrum.py."""

from fractions import Fraction

import numpy as np
import pytest

import symcrit
from tests.cli.running import Invoke


@pytest.mark.parametrize("family", ["II", "A"])
def test_all_eigenvalues_are_those_of_the_whole_hessian(
    invoke: Invoke, family: str
) -> None:
    """Oracle: numpy's eigenvalues of the full 49-by-49 Hessian at k = 7."""
    found = invoke("spectrum", family, "--k", "7", "--json").document()
    listed = sorted(
        float(ball["mid"])
        for block in found["blocks"]
        for ball in block["eigenvalues"]
        for _ in range(block["multiplicity_of_each"])
    )
    matrix = symcrit.family(family).point(7).matrix()
    weights = np.array([[float(x) for x in row] for row in matrix])

    whole = np.linalg.eigvalsh(symcrit.hessian(weights).reshape(49, 49))

    assert 49 == len(listed)
    assert np.allclose(whole, listed, rtol=0, atol=1e-10)
    assert found["morse_index"] == int((whole < 0).sum()) == 0


def test_the_index_changes_below_the_threshold(invoke: Invoke) -> None:
    """Type II at k = 5 is a saddle: three negative eigenvalues on s_2."""
    found = invoke("spectrum", "II", "--k", "5", "--json").document()

    assert 3 == found["morse_index"]
    assert {"s_2": 1} == {
        block["component"]: block["negative"]
        for block in found["blocks"]
        if block["negative"]
    }


def test_multiplicities_are_formal_between_integers(invoke: Invoke) -> None:
    """At k = 15/2 there is no full Hessian, so no Morse index."""
    found = invoke("spectrum", "II", "--k", "15/2", "--json").document()

    assert found["certified"] is True
    assert found["morse_index"] is None
    assert all(block["multiplicity_of_each"] is None for block in found["blocks"])


def test_the_size_does_not_matter(invoke: Invoke) -> None:
    """At k = 10^12 the multiplicities still add up to k^2."""
    found = invoke("spectrum", "M", "--k", str(10**12), "--json").document()

    count = sum(
        len(block["eigenvalues"]) * block["multiplicity_of_each"]
        for block in found["blocks"]
    )
    assert 10**24 == count
    assert 0 == found["morse_index"]
    assert all(
        Fraction(ball["rad"]) < Fraction(ball["mid"])
        for block in found["blocks"]
        for ball in block["eigenvalues"]
    )


def test_series_and_balls_have_the_same_components(invoke: Invoke) -> None:
    """Oracle: the balls at k = 10^6, near the sums of the terms."""
    series = invoke("spectrum", "II", "--order", "4", "--json").document()
    balls = invoke("spectrum", "II", "--k", "1000000", "--json").document()

    assert series["k"] is None
    assert "Q(pi)" == series["field"]
    assert 0 == series["morse_index"]
    for block, other in zip(series["blocks"], balls["blocks"], strict=True):
        assert block["component"] == other["component"]
        assert block["dimension"] == other["dimension"]
        assert 0 == block["negative"]
        for x, ball in zip(block["eigenvalues"], other["eigenvalues"], strict=True):
            numbers = zip(x["terms"], x["decimals"], strict=True)
            total = sum(float(c) * 1e-3**n for (n, _), c in numbers)
            assert 4 == x["order"]
            assert total == pytest.approx(float(ball["mid"]), rel=1e-9)


def test_a_person_sees_what_grows(invoke: Invoke) -> None:
    """The statement with multiplicities at the end."""
    text = invoke("spectrum", "A", "--order", "2").out

    assert "k + 1: grow like k, with the factors 1/(2*pi) (1), 1/4 (k)" in text
    assert text.rstrip().endswith("Morse index 0, for all large k")


def test_one_of_k_and_order_is_needed(invoke: Invoke) -> None:
    """Both or none is bad input."""
    for given in ([], ["--k", "7", "--order", "3"]):
        found = invoke("spectrum", "II", *given)
        assert 2 == found.status
        assert "give either --k or --order" in found.complaint()


def test_more_inputs_than_neurons(invoke: Invoke) -> None:
    """Balls for a number of inputs, series for any; the counts add up."""
    balls = invoke("spectrum", "A", "--k", "7", "--inputs", "k+2", "--json").document()
    series = invoke(
        "spectrum", "A", "--order", "1", "--inputs", "d", "--json"
    ).document()

    assert "k+2" == balls["inputs"]
    assert "d" == series["inputs"]
    assert 63 == sum(
        len(block["eigenvalues"]) * block["multiplicity_of_each"]
        for block in balls["blocks"]
    )
    assert [block["component"] for block in balls["blocks"]] == [
        block["component"] for block in series["blocks"]
    ]
    assert ["d + 1", "d*k - d - 1"] == [x["count"] for x in series["growth"]]


@pytest.mark.parametrize("inputs", ["6", "d", "x", "k+1/2"])
def test_inputs_that_are_none(invoke: Invoke, inputs: str) -> None:
    """Too few, free at one k, unknown, no integer."""
    assert 2 == invoke("spectrum", "A", "--k", "7", "--inputs", inputs).status


def test_a_comparison_names_what_differs(invoke: Invoke) -> None:
    """Type A and the global minimum part at k^(-1/2)."""
    words = ("spectrum", "A", "--order", "2", "--against", "global")
    found = invoke(*words, "--json").document()["comparison"]
    text = invoke(*words).out

    assert ("global minimum", 1, True) == tuple(
        found[x] for x in ("other", "shared", "differs")
    )
    assert "k*(k - 1)/2" in {d["second"] for d in found["differences"]} | {
        d["first"] for d in found["differences"]
    }
    assert "A and global minimum have the same spectrum modulo O(t**1)" in text
    assert 2 == invoke("spectrum", "A", "--k", "7", "--against", "II").status
