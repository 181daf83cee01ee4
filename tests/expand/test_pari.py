"""Type II against the same lift in other systems, coefficient by coefficient."""

import shutil

import pytest

from benchmarks.competitors.lifts import FIRST, by_pari, by_symcrit, by_sympy, different

ORDERS = 20


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("gp") is None, reason="PARI/GP is not installed")
def test_pari_finds_the_same_coefficients() -> None:
    """Series over Q(P) in PARI/GP, another arithmetic and another text of formulas."""
    found = by_symcrit(ORDERS)

    assert different(found, by_pari(ORDERS), ORDERS) == []
    assert all(
        max(terms) >= first + ORDERS - 1
        for terms, first in zip(found.terms, FIRST, strict=True)
    )


@pytest.mark.slow
def test_sympy_finds_the_same_coefficients() -> None:
    """Ring series of sympy over polynomials in a rescaled variable."""
    found = by_symcrit(ORDERS)

    assert different(found, by_sympy(ORDERS), ORDERS) == []
