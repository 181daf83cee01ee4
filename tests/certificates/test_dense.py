"""Certificates of points without symmetry: all parameters of a large matrix."""

import copy
from functools import cache
from typing import Any

import numpy as np
import pytest

import symcrit
from symcrit.certificates.checker import check, read
from tests.certificates.dense import dense_certificate, split_target
from tests.certificates.making import sealed


@cache
def document(k: int) -> dict[str, Any]:
    """The point of type II, with targets of different lengths, at k = d."""
    point = symcrit.family("II").point(k=k)
    weights = np.array([[float(x) for x in row] for row in point.matrix()])
    return dense_certificate(*split_target(weights, 0.05))


@pytest.mark.parametrize("k", [5, 7])
def test_small_and_middling(k: int) -> None:
    """Eigenvalues by inertia at k = 5, by a basis in the evidence at k = 7."""
    found = check(read(document(k)))

    assert ("VERIFIED", "") == (found.outcome, found.why)


def test_without_a_basis_it_is_open() -> None:
    """And with a wrong one, never verified."""
    spoiled = copy.deepcopy(document(7))
    spoiled["evidence"].pop("bases")
    assert "UNKNOWN" == check(read(sealed(spoiled))).outcome

    spoiled["evidence"]["bases"] = {"1": [["1*2^0"] * 49] * 49}
    assert "UNKNOWN" == check(read(sealed(spoiled))).outcome


@pytest.mark.parametrize("shift", [1, -1])
def test_eigenvalues_must_be_in_their_balls(shift: int) -> None:
    """Shifted by twice the radius."""
    spoiled = copy.deepcopy(document(7))
    ball = spoiled["claim"]["blocks"][0]["eigenvalues"][17]
    ball["mid"] = f"{float(ball['mid']) + shift * 2e-9:.17e}"

    assert "REJECTED" == check(read(sealed(spoiled))).outcome


@pytest.mark.slow
def test_196_parameters() -> None:
    """The size of the trivial isotropy groups among published minima."""
    found = check(read(document(14)))

    assert ("VERIFIED", "") == (found.outcome, found.why)
