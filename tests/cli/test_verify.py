"""Mirror of symcrit/cli/verify.py."""

from pathlib import Path

import pytest

from symcrit.catalog.families import family
from tests.cli.running import Invoke

RIGHT = "-1 + (2+8/pi+8/pi**2)/k + O(k**(-3/2))"
WRONG = "-1 + (2+8/pi)/k + O(k**(-3/2))"


def test_a_right_expansion_is_confirmed(invoke: Invoke) -> None:
    """Exit status 0; the proved expansion stands beside it."""
    result = invoke("verify", "II", "a_1", RIGHT, "--json")
    (found,) = result.document()["results"]

    assert 0 == result.status
    assert "CONFIRMED" == found["outcome"]
    assert found["first_wrong_term"] is None
    assert "-1 + (2 + 8/pi + 8/pi**2)/k + O(1/k**(3/2))" == found["computed"]
    assert [0, 2] == [term["exponent"] for term in found["terms"]]


def test_a_wrong_expansion_is_refuted(invoke: Invoke) -> None:
    """Exit status 1; the first wrong term and the right one."""
    result = invoke("verify", "II", "a_1", WRONG, "--json")
    (found,) = result.document()["results"]

    assert 1 == result.status
    assert "REFUTED" == found["outcome"]
    assert "(2 + 8/pi)/k" == found["first_wrong_term"]
    assert "(2 + 8/pi + 8/pi**2)/k" == found["computed"]


def test_what_cannot_be_decided_is_unknown(invoke: Invoke) -> None:
    """Exit status 3; how far it agrees is told."""
    known = family("A").series(order=3)["a_1"]
    claim = " + ".join([*(f"({c})*t**{n}" for n, c in known.terms), "O(t**99)"])
    result = invoke("verify", "A", "a_1", claim, "--max-order", "3", "--json")
    (found,) = result.document()["results"]

    assert 3 == result.status
    assert "UNKNOWN" == found["outcome"]
    assert "no further than t**3" in found["why"]


def test_a_person_sees_the_terms(invoke: Invoke) -> None:
    """Claimed beside proved, and what is right."""
    wrong = invoke("verify", "II", "a_1", WRONG)
    right = invoke("verify", "II", "a_1", RIGHT)

    assert wrong.out.startswith("REFUTED: a_1 of family II")
    assert (
        "first wrong term: (2 + 8/pi)/k; right is (2 + 8/pi + 8/pi**2)/k" in wrong.out
    )
    assert right.out.startswith("CONFIRMED: a_1 of family II")
    assert "5.35704855861" in right.out


@pytest.mark.parametrize(
    "claim",
    ["-1", "-1+2/k", "-sqrt(1)", r"-\frac{1}{1}", "- 1", "-(1)", "-k/k"],
)
def test_a_formula_may_begin_with_a_minus_sign(invoke: Invoke, claim: str) -> None:
    """It is no option, even if its next letter is that of one."""
    assert 0 == invoke("verify", "A", "a_1", claim, "-q").status


def test_options_are_still_options(invoke: Invoke, tmp_path: Path) -> None:
    """Wherever they stand; an unknown one is refused."""
    target = tmp_path / "result.json"
    result = invoke("verify", "-o", str(target), "A", "--json", "a_1", "-1")
    unknown = invoke("verify", "A", "a_1", "-1", "--jsn")

    assert str(target) == result.document()["path"]
    assert '"CONFIRMED"' in target.read_text()
    assert 2 == unknown.status
    assert "No such option" in unknown.complaint()


def test_renamed_quantities_are_understood(invoke: Invoke, tmp_path: Path) -> None:
    """The notation of the user, in the question and in the answer."""
    names = tmp_path / "names.toml"
    names.write_text('[names]\na_1 = "xi_1"\n')
    words = ("verify", "A", "xi_1", "-1", "--notation", str(names), "--json")

    (found,) = invoke(*words).document()["results"]

    assert "xi_1" == found["quantity"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("B", "a_1", "1"), "unknown family 'B'"),
        (("II", "b_1", "1"), "family II has no quantity 'b_1'; it has a_1, m_1_2"),
        (("II", "a_1", "1/(k-1)"), "infinitely many terms"),
        (("II", "a_1", "1 + "), "ends too early"),
        (("II", "a_1", "eval(1)"), "unknown name 'eval'"),
        (
            ("II", "a_1", "1", "--max-order", "0"),
            "an integer from 1 to 400, got '0'",
        ),
        (("II", "a_1"), "Missing argument 'EXPANSION'"),
    ],
)
def test_bad_input_is_refused(
    invoke: Invoke, words: tuple[str, ...], complaint: str
) -> None:
    """Exit status 2, one line."""
    result = invoke("verify", *words)

    assert 2 == result.status
    assert complaint in result.complaint()
