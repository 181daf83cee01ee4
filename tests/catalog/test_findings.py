"""Mirror of symcrit/catalog/findings.py."""

from dataclasses import replace

import numpy as np
import pytest

from symcrit.catalog import findings
from symcrit.catalog.identification import identify
from symcrit.certify.matrices import certify_matrix
from symcrit.core.truth import Truth
from symcrit.symmetry.coincidence import Floats
from symcrit.symmetry.matrices import embed
from symcrit.symmetry.patterns import Pattern


def type_a() -> Floats:
    """A critical point of type A at k = 9, rounded."""
    values = [-0.777707471107757, 0.220516411987605]
    matrix: Floats = np.array(embed(Pattern.parse("k"), values, {"k": 9}))
    return matrix


def test_type_a_is_not_the_target() -> None:
    """It has the pattern of the target, and another point."""
    found = findings.certify_near(identify(type_a()))

    assert (None, False, 0) == (found.open, found.is_target, found.index)
    assert findings.certify_near(identify(np.eye(9))).is_target


def test_what_is_open_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A point whose isotropy is not proved is not certified."""
    outcome = certify_matrix(type_a())
    unproved = replace(outcome, isotropy=Truth.UNKNOWN)
    monkeypatch.setattr(findings, "certify_matrix", lambda *_, **__: unproved)

    found = findings.certify_near(identify(type_a()))

    assert found.open
    assert not found.isotropy_exact
