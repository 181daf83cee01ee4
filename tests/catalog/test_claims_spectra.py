"""Mirror of symcrit/catalog/claims_spectra.py."""

from typing import Any

import pytest

from symcrit.catalog.claims import check_claim
from symcrit.catalog.families import family
from symcrit.catalog.verdicts import Claim, Verdict
from symcrit.core.errors import InputError
from symcrit.core.truth import Truth

A = family("A")


def checked(kind: str, **fields: Any) -> Verdict:
    """The verdict on a statement about type A that is made up here."""
    return check_claim(Claim("test", "test", "test", kind, "A", fields), lambda _: A)


@pytest.mark.parametrize(
    ("count", "exponent", "inputs", "outcome"),
    [
        ("d", "1", "d", Truth.TRUE),
        ("k", "1", "d", Truth.FALSE),
        ("k", "1", None, Truth.TRUE),
        ("1", "1", None, Truth.FALSE),
        ("k", "2", None, Truth.FALSE),
        ("d", "0", "d", Truth.FALSE),
    ],
)
def test_how_many_grow(
    count: str, exponent: str, inputs: str | None, outcome: Truth
) -> None:
    """Oracle: d + 1, or k + 1 without further inputs, grow linearly."""
    fields = {"count": count, "exponent": exponent}
    if inputs is not None:
        fields["inputs"] = inputs

    assert outcome is checked("growing", **fields).outcome


@pytest.mark.parametrize(
    ("where", "exceptions", "outcome"),
    [
        ("positive", "d", Truth.TRUE),
        ("positive", "k", Truth.UNKNOWN),
        ("positive", "1", Truth.FALSE),
        ("zero", "d", Truth.FALSE),
    ],
)
def test_where_the_others_tend(where: str, exceptions: str, outcome: Truth) -> None:
    """Oracle: all but d + 1 eigenvalues tend to positive constants."""
    found = checked("limits", where=where, exceptions=exceptions, inputs="d")

    assert outcome is found.outcome
    assert "1/4 - 1/(2*pi)" in found.note


@pytest.mark.parametrize(
    ("exponent", "sharp", "outcome"),
    [
        ("1/2", False, Truth.TRUE),
        ("1/2", True, Truth.TRUE),
        ("1", False, Truth.FALSE),
        ("0", True, Truth.FALSE),
    ],
)
def test_what_is_shared_with_the_global_minimum(
    exponent: str, sharp: bool, outcome: Truth
) -> None:
    """Oracle: the published order k^(-1/2), and neighbours of it."""
    found = checked("same_spectrum", other="global", exponent=exponent, sharp=sharp)

    assert outcome is found.outcome
    assert "modulo O(t**1)" in str(found.computed)


def test_an_unknown_family_is_bad_input() -> None:
    """One line that names the statement."""
    with pytest.raises(InputError, match="test"):
        checked("same_spectrum", other="Z", exponent="1/2")


@pytest.mark.slow
def test_type_a_turns_at_a_fractional_k() -> None:
    """Oracle: the index at the integers beside it."""
    found = checked("turning_point")

    assert Truth.TRUE is found.outcome
    k = int(float(str(found.computed).removeprefix("k = ")))
    assert 0 < (A.spectrum(k).morse_index or 0)
    assert 0 == A.spectrum(k + 1).morse_index
