"""Mirror of symcrit/certify/thresholds.py."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat
from hypothesis import given
from hypothesis import strategies as st

import symcrit
from symcrit.arith.balls import BALLS
from symcrit.arith.decimals import as_fraction
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.catalog.family import Family
from symcrit.certify.bordered import Bordered
from symcrit.certify.thresholds import Thresholds, find_thresholds, negative_count
from symcrit.core.truth import Truth
from symcrit.expand.balance import approx_critical_point, find_leading_terms
from symcrit.landscapes.blocks import HessianBlock
from symcrit.landscapes.full import hessian
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Monomial
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.components import decompose
from symcrit.symmetry.matrices import embed
from symcrit.symmetry.patterns import Pattern


@pytest.fixture(scope="module")
def type_a() -> tuple[Family, Thresholds]:
    """Family A has two parameters and is the quickest to follow."""
    family = symcrit.family("A")
    return family, find_thresholds(family.landscape, family.leading)


def full_negatives(family: Family, k: int) -> int:
    """Negative eigenvalues of the whole Hessian, numerically, at an integer k."""
    prec = 200
    with working_precision(prec):
        start = [
            x.limit.ball(prec)
            + (0 if x.coefficient is None else x.coefficient.ball(prec) / k)
            for x in family.leading
        ]
        found = approx_critical_point(family.landscape, start, {"k": arb(k)}, prec=prec)
    assert found is not None
    weights: np.ndarray = np.array(
        embed(family.pattern, [float(x) for x in found], {"k": k})
    )
    return int((np.linalg.eigvalsh(hessian(weights).reshape(k * k, k * k)) < 0).sum())


def test_the_index_changes_between_integers_as_certified(
    type_a: tuple[Family, Thresholds],
) -> None:
    """Oracle: the full Hessian at k = 5 and k = 6, 25 and 36 square."""
    family, found = type_a
    crossing = found.crossings[0]

    below, above = full_negatives(family, 5), full_negatives(family, 6)

    assert crossing.certified is Truth.TRUE
    assert 5 < crossing.k
    assert crossing.k < 6
    dimension = crossing.multiplicity
    assert crossing.negative_below is not None
    assert crossing.negative_above is not None
    assert below == crossing.negative_below * dimension.at({"k": Fraction(5)})
    assert above == crossing.negative_above * dimension.at({"k": Fraction(6)})


def test_twenty_digits_are_proved(type_a: tuple[Family, Thresholds]) -> None:
    """Every certified threshold has a relative radius below 10^-20."""
    for crossing in type_a[1].crossings:
        assert crossing.certified is Truth.TRUE
        radius, middle = as_fraction(crossing.k.rad()), as_fraction(crossing.k)
        assert radius < Fraction(1, 10**20) * middle


def test_nothing_is_claimed_to_be_complete(type_a: tuple[Family, Thresholds]) -> None:
    """A numerical search proves no absence."""
    assert type_a[1].complete is False


@given(
    st.lists(st.integers(-5, 5), min_size=6, max_size=6),
    st.floats(0, 0.5),
)
def test_signs_are_counted_or_left_open(entries: list[int], radius: float) -> None:
    """Oracle: the eigenvalues of the midpoint, and of both extreme shifts."""
    a, b, c, d, e, f = entries
    dense = np.array([[a, b, c], [b, d, e], [c, e, f]], dtype=float)
    component = decompose(Pattern.parse("k"))["s_1"]
    rows = [
        [arb(float(x), radius if i == j else 0) for j, x in enumerate(row)]
        for i, row in enumerate(dense)
    ]
    block = HessianBlock(component, rows, [arb(1)] * 3)

    found = negative_count(block, prec=128)

    for shift in (-radius, 0.0, radius):
        values = np.linalg.eigvalsh(dense + shift * np.eye(3))
        if found is not None:
            assert found == int((values < 0).sum())
        elif shift == 0.0 and radius == 0.0:
            assert abs(values).min() < 1e-6


def test_a_wrong_zero_of_the_bordered_system_is_refused(
    type_a: tuple[Family, Thresholds], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the gradient left out of the system, nothing comes out certified."""
    family, _ = type_a

    def without_gradient(self: Bordered, column: arb_mat) -> arb_mat:
        value = original(self, column)
        for i in range(self.size):
            value[i, 0] = value[i, 0] + arb("0.1")
        return value

    original = Bordered.value
    monkeypatch.setattr(Bordered, "value", without_gradient)

    found = find_thresholds(family.landscape, family.leading)

    assert all(c.certified is not Truth.TRUE for c in found.crossings)


@pytest.mark.slow
def test_nothing_is_reported_where_a_copy_is_missing() -> None:
    """Below k = 3 the block s_2 of type II has lost a copy, and signs mean nothing."""
    family = symcrit.family("II")

    found = find_thresholds(family.landscape, family.leading)

    assert [1] == [c.negative_below for c in found.crossings]
    assert all(3 < c.k for c in found.crossings)


@pytest.mark.slow
def test_an_eigenvalue_that_stays_zero_is_no_crossing() -> None:
    """Neurons that are not used leave directions in which the loss is flat."""
    landscape = Landscape(Monomial(3), Structure.build(Pattern.parse("1+(k-1)")))
    limit = [Exact.rational(x) for x in (1, 0, 0, 0, 0)]

    found = find_thresholds(landscape, find_leading_terms(landscape, limit))

    assert ("s_2",) == found.degenerate
    assert () == found.crossings


def test_a_regular_branch_has_no_degenerate_component(
    type_a: tuple[Family, Thresholds],
) -> None:
    """Small eigenvalues near thresholds are not taken for zero."""
    assert () == type_a[1].degenerate


@pytest.mark.slow
def test_type_m_ends_in_a_fold() -> None:
    """At the certified fold the reduced Hessian is singular and the gradient zero."""
    family = symcrit.family("M")
    found = family.threshold()
    assert found.end is not None
    with working_precision(200):
        at = family.landscape.at(BALLS, list(found.end.parameters), {"k": found.end.k})
        gradient = at.gradient()
        determinant = arb_mat(at.hessian()).det()

    assert all(g.contains(0) for g in gradient)
    assert determinant.contains(0)
    assert abs(determinant) < arb("1e-10")
    assert all(c.certified.is_true for c in found.crossings)
