"""Mirror of symcrit/symmetry/sizes.py."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.floats import FLOATS
from symcrit.core.errors import InputError
from symcrit.symmetry.sizes import Affine

rationals = st.fractions(-50, 50, max_denominator=20)
forms = st.builds(
    lambda const, k, p: (
        Affine(const) + Affine.parse("k").scaled(k) + Affine.parse("p").scaled(p)
    ),
    rationals,
    rationals,
    rationals,
)


@given(forms)
def test_printing_and_reading_are_inverse(form: Affine) -> None:
    """What is printed means the same when it is read again."""
    assert form == Affine.parse(str(form))


@given(forms, forms, rationals, rationals)
def test_arithmetic_is_that_of_the_values(
    left: Affine, right: Affine, k: Fraction, p: Fraction
) -> None:
    """Substituting numbers is linear."""
    values = {"k": k, "p": p}

    def at(form: Affine) -> Fraction:
        return form.substitute(values).const

    assert at(left) + at(right) == at(left + right)
    assert at(left) - at(right) == at(left - right)
    assert -at(left) == at(-left)
    assert at(left).limit_denominator(10**12) == pytest.approx(
        left.evaluate(FLOATS, {name: float(x) for name, x in values.items()}), abs=1e-9
    )
    assert left.substitute(values).is_constant


@pytest.mark.parametrize(
    ("text", "printed"),
    [("k-1", "k-1"), ("2*(k-p)/3", "2/3*k-2/3*p"), ("k-k", "0"), ("3^2-k", "-k+9")],
)
def test_reading(text: str, printed: str) -> None:
    """The grammar of expressions, as far as it stays affine."""
    assert printed == str(Affine.parse(text))


@pytest.mark.parametrize("text", ["k*p", "1/k", "k**2", "sqrt(k)", "pi", "k-", "1/0"])
def test_what_is_not_affine_is_refused(text: str) -> None:
    """Also when the grammar of expressions itself would take it."""
    with pytest.raises(InputError):
        Affine.parse(text)
