"""Mirror of symcrit/certify/infinity_data.py."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from flint import fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.exact import Exact
from symcrit.certify.infinity import certify_infinity
from symcrit.certify.infinity_data import (
    check_infinity_document,
    infinity_document,
    read_infinity,
)
from symcrit.certify.infinity_statement import Infinity
from symcrit.core.errors import InputError
from tests.certify.branch_cases import branch_of

Change = Callable[[dict[str, Any]], None]


@cache
def statement(name: str, order: int, size: int) -> Infinity:
    """A statement, shared among tests."""
    branch = branch_of(name)
    found = certify_infinity(
        branch.landscape, branch.trail.leading, order=order, k_from=Fraction(size)
    )
    assert found is not None
    return found


@cache
def written(name: str, order: int, size: int) -> dict[str, Any]:
    """The document of a statement, after a journey through canonical JSON."""
    found = statement(name, order, size)
    document = infinity_document(found)
    read: dict[str, Any] = json.loads(json.dumps(document, sort_keys=True))
    assert read == document
    assert read_infinity(read, where="here") == found.evidence
    return read


@pytest.mark.parametrize(
    ("name", "order", "size"),
    [
        ("A", 6, 60),
        pytest.param("II", 5, 400, marks=pytest.mark.slow),
        pytest.param("M", 6, 10**4, marks=pytest.mark.slow),
    ],
)
def test_what_is_written_is_proved_again(name: str, order: int, size: int) -> None:
    """Also with surds (M), and with every claim confirmed."""
    document = written(name, order, size)
    answers = check_infinity_document(branch_of(name).landscape, document)

    assert len(answers) == 7
    assert all(x.holds.is_true for x in answers)


def shrink(text: str) -> str:
    """A dyadic number a third smaller."""
    mantissa, exponent = text.split("*2^")
    return f"{int(mantissa) * 2}*2^{int(exponent)}".replace(
        f"{int(mantissa) * 2}", f"{int(mantissa) * 2 // 3}"
    )


def tube(document: dict[str, Any]) -> None:
    """A radius below the truth."""
    document["parameters"][0]["radius"] = shrink(
        shrink(document["parameters"][0]["radius"])
    )


def bound(document: dict[str, Any]) -> None:
    """A bound below the truth."""
    bounds = document["claims"]["bounds"]
    bounds["a_1"] = shrink(bounds["a_1"])


def constant(document: dict[str, Any]) -> None:
    """A constant halved below the truth."""
    constants = document["claims"]["constants"]["o_1"]
    constants["2"] = shrink(constants["2"])


def loss_term(document: dict[str, Any]) -> None:
    """A wrong coefficient of the loss."""
    document["claims"]["loss"]["terms"][1][1][0][2] = "-5"


def loss_order(document: dict[str, Any]) -> None:
    """A term more than there is."""
    document["claims"]["loss"]["order"] += 1


def loss_low(document: dict[str, Any]) -> None:
    """A lower function that is not one."""
    loss = document["claims"]["loss"]
    loss["low"] = loss["high"]


def loss_high(document: dict[str, Any]) -> None:
    """An upper function that is not one."""
    loss = document["claims"]["loss"]
    loss["high"] = loss["low"]


def index(document: dict[str, Any]) -> None:
    """The index off by one."""
    document["claims"]["negatives"]["s_1"] += 1


def component(document: dict[str, Any]) -> None:
    """A component that the pattern does not have."""
    document["claims"]["negatives"]["s_2"] = 0


def centre(document: dict[str, Any]) -> None:
    """A term of the centre, doubled."""
    document["parameters"][1]["terms"][0][1][0][2] = "4"


def size(document: dict[str, Any]) -> None:
    """A statement from a smaller size on."""
    document["k_from"] = "3"


def inverse(document: dict[str, Any]) -> None:
    """A matrix that is no approximate inverse."""
    document["inverse"][0].reverse()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (tube, 0),
        (centre, 0),
        (size, 0),
        (inverse, 0),
        (bound, 1),
        (constant, 2),
        (loss_term, 3),
        (loss_order, 3),
        (loss_low, 4),
        (loss_high, 4),
        (index, 6),
        (component, 6),
    ],
)
def test_false_claims_are_not_confirmed(change: Change, place: int) -> None:
    """And the answer names the claim."""
    document = deepcopy(written("A", 6, 60))
    change(document)
    answers = check_infinity_document(branch_of("A").landscape, document)

    assert [i for i, x in enumerate(answers) if not x.holds.is_true] == [place]


@pytest.mark.parametrize(
    ("place", "number", "words"),
    [
        ("terms", [["4", [], "1", "1"]], "squarefree"),
        ("terms", [["1", ["1 0 -1"], "1", "1"]], "irreducible"),
        ("terms", [["1", ["-1 -1"], "1", "1"]], "negative at pi"),
        ("terms", [["1", ["2 2"], "1", "1"]], "irreducible"),
        ("terms", [["1", ["3"], "1", "1"]], "irreducible"),
        ("terms", [["1", ["0 1", "0 1"], "1", "1"]], "two equal"),
        ("terms", [["1", [], "1", "0"]], "denominator zero"),
        ("terms", [["1", [], "1", "x"]], "terms"),
        ("k_from", "-3", "positive"),
        ("k_from", "3/0", "k_from"),
        ("length", 10**9, "length"),
    ],
)
def test_documents_that_are_none(place: str, number: Any, words: str) -> None:
    """One line that names the place."""
    document = deepcopy(written("A", 6, 60))
    if place == "terms":
        document["parameters"][1]["terms"][0][1] = number
    else:
        document[place] = number
    with pytest.raises(InputError, match=words):
        read_infinity(document, where="here")


def test_shapes_that_do_not_fit() -> None:
    """Rows of the inverse, and terms beyond the order or in disorder."""
    document = deepcopy(written("A", 6, 60))
    document["inverse"].pop()
    with pytest.raises(InputError, match="2 rows of 2"):
        read_infinity(document, where="here")
    document = deepcopy(written("A", 6, 60))
    document["parameters"][0]["order"] = 2
    with pytest.raises(InputError, match="a_1: a term"):
        read_infinity(document, where="here")
    document = deepcopy(written("A", 6, 60))
    document["parameters"][0]["terms"].reverse()
    with pytest.raises(InputError, match="ascend"):
        read_infinity(document, where="here")


numbers = st.builds(
    lambda p, q, m, inside: (
        Exact.quotient(fmpz_poly([*p, 1]), fmpz_poly([*q, 1]))
        * Exact.surd(m, [fmpz_poly(x) for x in inside])
        + Exact.rational(Fraction(len(p), 7))
    ),
    st.lists(st.integers(-9, 9), max_size=3),
    st.lists(st.integers(-9, 9), max_size=3),
    st.sampled_from([1, 2, 15]),
    st.sampled_from([[], [[0, 1]], [[-2, 1], [2, 1]]]),
)


@given(numbers)
def test_exact_numbers_survive(x: Exact) -> None:
    """As the coefficient of a term, written and read again."""
    found = statement("A", 6, 60)
    centre = found.evidence.centre
    terms = (((0, x),) if x else (), centre.terms[1])
    evidence = replace(found.evidence, centre=replace(centre, terms=terms))
    document = infinity_document(replace(found, evidence=evidence))

    assert read_infinity(document, where="here") == evidence


def test_a_statement_has_claims() -> None:
    """Without them there is evidence, and nothing to compare."""
    document = deepcopy(written("A", 6, 60))
    del document["claims"]

    assert read_infinity(document, where="here") == statement("A", 6, 60).evidence
    with pytest.raises(InputError, match="claims"):
        check_infinity_document(branch_of("A").landscape, document)
