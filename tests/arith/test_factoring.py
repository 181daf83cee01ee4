"""Mirror of symcrit/arith/factoring.py."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcrit.arith import factoring
from symcrit.arith.exact import Exact
from symcrit.arith.factoring import evaluate_at_matrix, factor, polynomial_text

PI, ONE, ZERO = Exact.pi(), Exact.rational(1), Exact.rational(0)
ROOT = Exact.surd(2)


def times(f: Sequence[Exact], g: Sequence[Exact]) -> list[Exact]:
    """The product of two polynomials."""
    found = [ZERO] * (len(f) + len(g) - 1)
    for i, x in enumerate(f):
        for j, y in enumerate(g):
            found[i + j] = found[i + j] + x * y
    return found


IRREDUCIBLE = {
    "linear": [PI, ONE],
    "linear with a root": [ROOT * PI - 1, ONE],
    "another": [ROOT / PI, ONE],
    "quadratic over Q(pi)": [PI, ZERO, ONE],
    "quadratic over the extension": [PI + ROOT, ZERO, ONE],
    "cubic": [-PI, ONE, ZERO, ONE],
}


@settings(max_examples=20)
@given(
    names=st.lists(st.sampled_from(sorted(IRREDUCIBLE)), min_size=1, max_size=2),
)
def test_a_product_of_irreducible_polynomials_is_taken_apart(names: list[str]) -> None:
    """Oracle: the polynomials that were multiplied, with multiplicities."""
    whole = [ONE]
    for name in names:
        whole = times(whole, IRREDUCIBLE[name])

    found = factor(whole)

    expected = {name: names.count(name) for name in names}
    assert len(expected) == len(found)
    for name, multiplicity in expected.items():
        assert (IRREDUCIBLE[name], multiplicity) in found


def test_a_norm_with_double_roots_needs_a_shift(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """(x - sqrt 2)(x + sqrt 2): the norm is a square, so a shift must be tried."""
    whole = times([-ROOT, ONE], times([ROOT, ONE], [ROOT * PI, ONE]))

    assert 3 == len(factor(whole))

    monkeypatch.setattr(factoring, "_shifts", lambda _: iter([ZERO]))
    assert 3 != len(factor(whole))


def test_a_square_root_splits_what_is_irreducible_without_it() -> None:
    """x^2 - 2 over Q(pi), and beside a factor that contains the root of 2."""
    over_q = factor([Exact.rational(-2), ZERO, ONE])
    over_root = factor(times([Exact.rational(-2), ZERO, ONE], [PI - ROOT, ONE]))

    assert [3] == [len(f) for f, _ in over_q]
    assert [2, 2, 2] == [len(f) for f, _ in over_root]


def test_text_shows_signs_and_powers() -> None:
    """Texts made by hand."""
    assert "x**3 - 2*x + pi" == polynomial_text([PI, Exact.rational(-2), ZERO, ONE])
    assert "-x + (pi + 1)" == polynomial_text([1 + PI, Exact.rational(-1)])
    assert "0" == polynomial_text([ZERO])


def test_a_matrix_is_a_root_of_its_characteristic_polynomial() -> None:
    """Cayley and Hamilton, for [[pi, 1], [2, 0]]."""
    matrix = [[PI, ONE], [Exact.rational(2), ZERO]]

    value = evaluate_at_matrix([Exact.rational(-2), -PI, ONE], matrix)

    assert not any(x for row in value for x in row)
