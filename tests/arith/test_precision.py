"""Mirror of symcrit/arith/precision.py."""

import pytest
from flint import arb, ctx

import symcrit
from symcrit.arith.precision import working_precision
from symcrit.core.errors import InputError


def test_the_precision_is_restored_after_an_error() -> None:
    """Balls are as narrow as was asked for inside, and as before outside."""
    before = ctx.prec
    found = []

    def divide() -> None:
        found.append(arb.pi().rad())
        found.append(arb(1 // 0))

    with pytest.raises(ZeroDivisionError), working_precision(300):
        divide()

    assert before == ctx.prec
    assert found[0] < arb(2) ** -295 < arb.pi().rad()


@pytest.mark.parametrize("prec", [1, 0, -5])
def test_a_precision_that_is_none_is_refused(prec: int) -> None:
    """In one line, also where users meet it, and the precision that was set stays."""
    before = ctx.prec
    loss = symcrit.family("A").series(order=1).loss

    with pytest.raises(InputError, match=f"of {prec} bits is too low; 2 are the least"):
        loss.coefficient(0).ball(prec)

    assert before == ctx.prec
