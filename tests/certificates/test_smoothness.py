"""Points where vectors are parallel, and exact points: checker.py."""

import copy
import json
from fractions import Fraction
from functools import cache
from math import pi, sqrt
from typing import Any

import numpy as np
import pytest

from symcrit.certificates.checker import check, read
from symcrit.certify.matrices import certify_matrix
from tests.certificates.making import sealed

K = 5


@cache
def text_of_minimum() -> str:
    """The certificate of the global minimum W = V."""
    certificate = certify_matrix(np.eye(K)).certificate()
    assert certificate is not None
    return json.dumps(dict(certificate.document))


def minimum(**claim: Any) -> dict[str, Any]:
    """The same with another claim."""
    document: dict[str, Any] = json.loads(text_of_minimum())
    document["claim"].update(claim)
    return document


def test_the_global_minimum_is_verified() -> None:
    """With its spectrum in closed form."""
    document = minimum()
    blocks = {b["component"]: b for b in document["claim"]["blocks"]}
    root = sqrt(K**2 * (pi - 2) ** 2 + 16 * (K - 1) * (pi - 1))
    both = [(K * pi + 2 * K + 2 * pi + sign * root) / (8 * pi) for sign in (-1, 1)]

    found = check(read(document))

    assert ("VERIFIED", "") == (found.outcome, found.why)
    for name, values in {
        "x_1": [1 / 4 - 1 / (2 * pi)],
        "y_1": [1 / 4 + 1 / (2 * pi)],
        "1": both,
    }.items():
        listed = [float(Fraction(x["mid"])) for x in blocks[name]["eigenvalues"]]
        assert listed == pytest.approx(values)


def test_parallel_vectors_are_not_analytic() -> None:
    """The third derivative jumps there."""
    found = check(read(sealed(minimum(smoothness="analytic"))))

    assert "UNKNOWN" == found.outcome
    assert "parallel" in found.why


@pytest.mark.parametrize(
    ("point", "outcome"),
    [
        (["1", "0"], "VERIFIED"),
        (["1", "1/1000"], "REJECTED"),
        (["1", f"1/{10**300}"], "UNKNOWN"),
    ],
    ids=["true", "far", "near"],
)
def test_exact_points(point: list[str], outcome: str) -> None:
    """The target itself is one; what is outside the image of the box is none."""
    document = copy.deepcopy(minimum())
    document["evidence"]["exact_point"] = point

    found = check(read(sealed(document)))

    assert outcome == found.outcome


def test_a_box_beside_the_minimum_is_rejected() -> None:
    """It holds no critical point."""
    document = copy.deepcopy(minimum())
    document["evidence"]["centre"][1] = "1*2^-20"

    assert check(read(sealed(document))).outcome in ("REJECTED", "UNKNOWN")
