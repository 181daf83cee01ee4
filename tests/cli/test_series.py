"""Mirror of symcrit/cli/series.py."""

import pytest

from tests.cli.running import Invoke


@pytest.mark.parametrize("asked", [("--order", "5"), ("--terms", "2")])
def test_the_orders_of_the_proof_fit_together(
    invoke: Invoke, asked: tuple[str, str]
) -> None:
    """Shown is at most what is proved, which is R - v at most and part of the rest."""
    document = invoke("series", "II", *asked, "--json").document()
    proof = document["proof"]
    residual, exponent = proof["residual_order"], proof["jacobian_exponent"]

    assert residual > 2 * exponent
    assert list(proof["computed_order"]) == list(proof["proved_order"])
    for name, proved in proof["proved_order"].items():
        assert document["order"][name] <= proved <= proof["computed_order"][name]
        assert proved <= residual - exponent


def test_the_text_names_the_numbers_of_the_document(invoke: Invoke) -> None:
    """R belongs to the orders that were computed, and the text says so."""
    proof = invoke("series", "A", "--order", "3", "--json").document()["proof"]

    text = " ".join(invoke("series", "A", "--order", "3").out.split())

    computed = min(proof["computed_order"].values())
    assert (
        f"residual order {proof['residual_order']} of what was computed, all parameters"
        f" to O(t**{computed}) or further; Jacobian exponent"
        f" {proof['jacobian_exponent']};"
    ) in text


def test_a_quantity_without_terms_is_said_to_have_none(invoke: Invoke) -> None:
    """For type II, o_2 begins with t^4: nothing is known of it to O(t^3) but that."""
    shown = invoke("series", "II", "--order", "3").out

    assert "o_2, known to O(t**3):\n  0\n\nloss" in shown
