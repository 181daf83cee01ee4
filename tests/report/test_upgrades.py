"""Mirror of symcrit/report/upgrades.py."""

import pytest

from symcrit.catalog.families import family
from symcrit.catalog.family import Family
from symcrit.certify.bounds import prove_bounds
from symcrit.certify.theorems import FamilyTheorem
from symcrit.report.tables import to_csv
from symcrit.report.upgrades import theorem_table
from tests.certify.theorem_cases import theorem


def test_published_statements_of_type_a(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each on the series or the loss gets its k and its constant.

    Oracle: the coefficient of t^4 is 8/pi - 4 = -1.45352.
    """
    found = theorem("A", 5)
    known = FamilyTheorem("A", found, prove_bounds(found, 4))
    monkeypatch.setattr(Family, "prove", lambda _self: known)

    table = theorem_table([family("A")])
    text = to_csv(table)

    assert table.certified
    assert 5 == len(table.rows)
    assert "one analytic curve in k^(-1/2)" in text
    constant = known.claim["bounds"]["a_1"]["constant"]
    assert 1.4535 < float(constant) < 1.455
    assert f"a_1 differs from its terms below t^4 by at most {constant} t^4" in text
    assert text.count("<= loss <=") == 2
    assert text.count("for every real k >= 5") == 5
