"""Mirror of symcrit/expand/lift.py.

Two routes that share no series with the code under test: residues modulo a prime in
place of pi and of roots (``residues``), and critical points at a tiny t with hundreds
of digits (``tiny``).  The first decides every coefficient, the second every sign.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
from flint import arb, arb_mat

from symcrit.arith.balls import BALLS
from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.precision import working_precision
from symcrit.catalog.families import family
from symcrit.catalog.family import Family
from symcrit.core.errors import RefutedError, SymcritError, UndecidedError
from symcrit.expand.balance import LeadingTerm, find_leading_terms
from symcrit.expand.lift import Expansion, prove_and_expand
from symcrit.landscapes.kernels import Monomial
from symcrit.landscapes.reduced import Landscape
from tests.expand.cases import binomial, kinked, landscape, leading, rank_one
from tests.expand.residues import Field, ResidueNumbers, newton, recorded
from tests.expand.tiny import assert_approached

PI = Exact.pi()
ORDER = 12
SLOW = pytest.mark.slow
CATALOG = ["A", "I", "II", pytest.param("M", marks=SLOW)]


@cache
def family_of(name: str) -> Family:
    """A family of the catalog; its expansions are computed once for all tests."""
    return family(name)


def limit_of(land: Landscape, values: Mapping[str, int | Fraction]) -> list[Exact]:
    """A limit by the names of the parameters; absent ones are 0."""
    names = land.structure.pattern.names
    return [Exact.rational(values.get(name, 0)) for name in names]


def expanded(
    land: Landscape, values: Mapping[str, int | Fraction], order: int
) -> Expansion:
    """From a limit to proved series."""
    return prove_and_expand(
        land, find_leading_terms(land, limit_of(land, values)), order
    )


def coefficients(found: Expansion, name: str, order: int) -> list[Exact]:
    """The coefficients of t^0, t^1, ... below an order."""
    return [found[name].coefficient(n) for n in range(order)]


# ------------------------------------------------------------ two independent routes


@pytest.mark.parametrize("name", [*CATALOG, pytest.param("flip:3", marks=SLOW)])
def test_every_coefficient_is_right_modulo_a_prime(name: str) -> None:
    """Another representation of the field, another arithmetic, another solver."""
    family = family_of(name)
    start = [
        {
            int(n): c
            for n, c in ((0, x.limit), (x.exponent or 1, x.coefficient))
            if c is not None
        }
        for x in family.leading
    ]
    roots, signs = recorded(family.landscape, start)
    field = Field.with_roots_of([2, 3], place=31415926535897932384626433)
    lib = ResidueNumbers(
        field, 32, {site: field.exact(c) for site, c in roots.items()}, signs
    )
    residues = [{n: field.exact(c) for n, c in terms.items()} for terms in start]
    point, loss = newton(family.landscape, lib, residues, ORDER)

    found = family.expansion(ORDER)

    for parameter, expected in zip((*found.names, "loss"), (*point, loss), strict=True):
        order = found[parameter].prec
        assert order is not None
        assert order >= ORDER
        for n in range(ORDER):
            assert expected[n] == field.exact(found[parameter].coefficient(n))


@pytest.mark.parametrize("name", [*CATALOG, pytest.param("flip:5", marks=SLOW)])
def test_the_branch_approaches_its_series(name: str) -> None:
    """Twelve orders at t = 2^-240, the loss to its own order."""
    family = family_of(name)

    assert_approached(family.landscape, family.leading, family.expansion(ORDER))


@SLOW
@pytest.mark.parametrize("name", ["A", "I", "II", "M", "flip:3", "flip:6"])
def test_the_branch_approaches_a_long_series(name: str) -> None:
    """Thirty orders."""
    family = family_of(name)

    assert_approached(family.landscape, family.leading, family.expansion(30))


@pytest.mark.parametrize("name", CATALOG)
def test_a_higher_order_keeps_the_terms(name: str) -> None:
    """The same coefficients along another sequence of steps."""
    family = family_of(name)
    short, long = family.expansion(3), family.expansion(ORDER)

    for parameter in (*short.names, "loss"):
        known = dict(long[parameter].known_coefficients())
        order = short[parameter].prec
        assert order is not None
        assert {n: c for n, c in known.items() if n < order} == (
            dict(short[parameter].known_coefficients())
        )


# --------------------------------------------------------------------- what is proved


def residual(found: Expansion, family: Family, orders: Sequence[int]) -> int:
    """The least valuation of the equations at series cut at given orders."""

    def action(domain: Domain) -> int:
        lib = Expansions(domain)
        point = [
            lib.from_coefficients(
                [(n, c) for n, c in x.known_coefficients() if n < order], None
            )
            for x, order in zip(found.parameters, orders, strict=True)
        ]
        at = family.landscape.at(lib, point, {"k": lib.t_power(-2)})
        return min(x.v for x in at.gradient())

    return retry_in_larger_domain(Domain.start(max(orders) + 12), action)[0]


@pytest.mark.parametrize("name", CATALOG)
@pytest.mark.parametrize("order", [2, 5])
def test_the_residual_order_is_reached(name: str, order: int) -> None:
    """At the series that were computed, of which R - v terms are given."""
    family = family_of(name)
    proof = family.expansion(order).proof
    long = family.expansion(max(proof.computed))

    shift = proof.smith_exponents[0] - least_exponent(family)
    assert residual(long, family, proof.computed) + shift >= proof.residual_order
    assert proof.residual_order > 2 * proof.jacobian_exponent
    for shown, computed in zip(proof.proved, proof.computed, strict=True):
        assert order <= shown <= computed
        assert shown + proof.jacobian_exponent <= proof.residual_order
    assert proof.contraction >= 1


def jacobian_logs(family: Family, bits: int) -> tuple[list[float], float]:
    """Binary logarithms of all minors of size n - 1 and of the determinant."""
    names = family.names
    prec = 40 * bits
    found = family.expansion(8)
    with working_precision(prec):
        t = arb(2) ** -bits
        point = [
            sum((c.ball(prec) * t**n for n, c in x.known_coefficients()), arb(0))
            for x in found.parameters
        ]
        at = family.landscape.at(BALLS, point, {"k": arb(2) ** (2 * bits)})
        matrix = at.hessian()

        def log(rows: Sequence[int], columns: Sequence[int]) -> float:
            minor = arb_mat([[matrix[i][j] for j in columns] for i in rows])
            return float(abs(minor.det()).log() / arb(2).log())

        everything = range(len(names))
        return [
            log(
                [i for i in everything if i != row],
                [j for j in everything if j != column],
            )
            for row in everything
            for column in everything
        ], log(everything, everything)


def least_exponent(family: Family) -> int:
    """The valuation of the Jacobian, from its entries at two tiny t."""
    logs = []
    for bits in (100, 101):
        with working_precision(8000):
            t = arb(2) ** -bits
            point = [
                sum((c.ball(8000) * t**n for n, c in x.known_coefficients()), arb(0))
                for x in family.expansion(8).parameters
            ]
            at = family.landscape.at(BALLS, point, {"k": arb(2) ** (2 * bits)})
            entries = [abs(x).log() / arb(2).log() for row in at.hessian() for x in row]
            logs.append([float(x) for x in entries])
    changes: list[int] = [round(a - b) for a, b in zip(*logs, strict=True)]
    return min(changes)


@pytest.mark.parametrize("name", CATALOG)
def test_the_jacobian_exponent_is_that_of_the_minors(name: str) -> None:
    """Oracle: v = ord det - min ord of minors of size n - 1, from balls at two t."""
    family = family_of(name)
    proof = family.expansion(8).proof
    (minors, det), (later_minors, later_det) = (
        jacobian_logs(family, bits) for bits in (200, 201)
    )

    order = round(det - later_det)
    least = min(round(a - b) for a, b in zip(minors, later_minors, strict=True))

    shift = -least_exponent(family)
    assert proof.jacobian_exponent == order - least + shift
    assert sum(proof.smith_exponents) == order + shift * len(family.names)
    assert sorted(proof.smith_exponents) == list(proof.smith_exponents)


def test_progress_is_told() -> None:
    """How far the series reach, and how far they should."""
    family = family_of("A")
    seen: list[tuple[int, int]] = []

    prove_and_expand(
        family.landscape,
        family.leading,
        8,
        progress=lambda done, aim: seen.append((done, aim)),
    )

    assert seen
    assert all(0 < done < aim for done, aim in seen)


# ---------------------------------------------------------- wrong leading terms


def variations(x: LeadingTerm) -> list[LeadingTerm]:
    """Leading terms that are a little or a lot beside the right one."""
    assert x.coefficient is not None
    assert x.exponent is not None
    return [
        replace(x, coefficient=x.coefficient + Fraction(1, 10**6)),
        replace(x, coefficient=x.coefficient * 2),
        replace(x, coefficient=-x.coefficient),
        replace(x, exponent=x.exponent + 1),
        replace(x, limit=x.limit + Fraction(1, 10)),
    ]


@pytest.mark.parametrize("which", range(5))
@pytest.mark.parametrize("name", ["A", "II"])
def test_a_wrong_leading_term_is_refused(name: str, which: int) -> None:
    """Each parameter, each kind of mistake; the message names what a step changes."""
    family = family_of(name)
    for index, right in enumerate(family.leading):
        wrong = list(family.leading)
        wrong[index] = variations(right)[which]

        with pytest.raises(SymcritError) as caught:
            prove_and_expand(family.landscape, wrong, 4)

        assert isinstance(caught.value, RefutedError | UndecidedError)
        assert any(
            reason in str(caught.value)
            for reason in ("changes the leading terms of", "the angle at")
        )


def test_a_wrong_leading_term_can_be_refuted() -> None:
    """Here a Krawczyk step contracts and leaves the box: no branch starts like this."""
    family = family_of("A")
    first, second = family.leading
    wrong = [replace(first, coefficient=Exact.rational(3)), second]

    with pytest.raises(RefutedError, match=r"no branch starts.* a_1 to \(-1\).*\(2\)"):
        prove_and_expand(family.landscape, wrong, 4)


def test_what_is_not_refuted_is_undecided() -> None:
    """A Newton step that changes a leading term is a reason, but no proof."""
    family = family_of("II")
    wrong = list(family.leading)
    wrong[0] = replace(wrong[0], coefficient=Exact.rational(5))

    with pytest.raises(UndecidedError, match=r"of a_1 to \(-1\) \+ .*\*t\*\*2; check"):
        prove_and_expand(family.landscape, wrong, 4)


def test_an_angle_with_another_limit_leaves_the_field() -> None:
    """It is said which angle, and which limit."""
    family = family_of("A")
    wrong = leading((-1, 2, 2), (0, 1, 1))

    with pytest.raises(UndecidedError, match=r"w1\.w1 tends to atan2\(.*leaves the"):
        prove_and_expand(family.landscape, wrong, 4)


# -------------------------------------------------------------- roots of t


@pytest.mark.parametrize(("m", "e"), [(4, 1), (5, 3), (6, 2)])
def test_series_in_roots_of_t(m: int, e: int) -> None:
    """Closed form: x = (1 + z)^(1/m - 1) with z = t^(2 r - 2), and y = x t^r.

    Then N^m = x^m (1 + z) and (k y)^m = x^m z, so that the loss is
    (k^m + 1 - (1 + z)^(2 - m)) / 2.
    """
    land, r = rank_one(m)
    z = (2 * r - 2) * e
    start = leading((1, z / e, Exact.rational(Fraction(1, m) - 1)), (0, r, 1))

    found = prove_and_expand(land, start, 9)

    assert found.ramification == e
    powers = binomial(Fraction(1, m) - 1, 6)
    x = {int(i * z): c for i, c in enumerate(powers)}
    y = {int(i * z + r * e): c for i, c in enumerate(powers)}
    losses = binomial(Fraction(2 - m), 6)
    loss = {int(i * z): -c / 2 for i, c in enumerate(losses) if i} | {
        -2 * m * e: Fraction(1, 2)
    }
    for series, expected in zip(
        (*found.parameters, found.loss), (x, y, loss), strict=True
    ):
        assert series.prec is not None
        known = {n: c.as_fraction() for n, c in series.known_coefficients()}
        assert {n: c for n, c in expected.items() if n < series.prec} == known
    assert all(x.prec is not None and x.prec >= 9 * e for x in found.parameters)


def test_a_root_of_odd_valuation_makes_a_series_in_the_root_of_t() -> None:
    """Integer leading exponents, but sqrt(k y) = sqrt(2) t^(1/2) + ..."""
    land, start = kinked()

    found = prove_and_expand(land, start, 6)

    assert found.ramification == 2
    assert found["m_1_2"].coefficient(6) == 2
    assert found["m_1_2"].coefficient(7) == -3 * Exact.surd(2)
    assert_approached(land, start, found)


def test_different_denominators_are_brought_together() -> None:
    """t^(10/3) and t^4 are both powers of t^(1/3); a wrong t^(7/2) needs t^(1/6)."""
    land, r = rank_one(5)
    right = leading((1, Fraction(10, 3), Exact.rational(Fraction(-4, 5))), (0, r, 1))
    mixed = [replace(right[0], exponent=Fraction(7, 2)), right[1]]

    with pytest.raises(
        SymcritError, match=r"changes the leading terms of m_1_1 to \(1\)"
    ):
        prove_and_expand(land, mixed, 5)


# ----------------------------------------------- input that no catalog knows

SWAPPED = {
    "a_1": "a_2", "o_1": "o_2", "m_1_2": "m_2_1", "m_2_1": "m_1_2", "a_2": "a_1",
}  # fmt: skip


@pytest.mark.parametrize("sign", [1, -1], ids=["I", "II"])
def test_blocks_in_another_order_give_the_permuted_series(sign: int) -> None:
    """``(k-1)+1`` is ``1+(k-1)`` with other names."""
    land = landscape("(k-1)+1")

    found = expanded(land, {"a_1": -sign, "a_2": sign}, 9)

    known = family_of("I" if sign > 0 else "II").expansion(ORDER)
    for name, other in SWAPPED.items():
        assert coefficients(known, other, 9) == coefficients(found, name, 9)
    assert coefficients(known, "loss", 9) == coefficients(found, "loss", 9)


@pytest.mark.parametrize(("name", "signs"), [("A", (-1,)), ("II", (-1, 1))])
def test_a_scaled_target_scales_the_parameters(
    name: str, signs: tuple[int, ...]
) -> None:
    """The ReLU loss is homogeneous of degree 2 in weights and target together."""
    family = family_of(name)
    scale = Fraction(3, 2)
    land = landscape(family.pattern.text, scale=scale)
    limit = {f"a_{b}": sign * scale for b, sign in enumerate(signs, 1)}

    found = expanded(land, limit, 7)

    known = family.expansion(ORDER)
    for parameter in known.names:
        expected = [scale * c for c in coefficients(known, parameter, 7)]
        assert expected == coefficients(found, parameter, 7)
    expected = [scale**2 * c for c in coefficients(known, "loss", 7)]
    assert expected == coefficients(found, "loss", 7)


@pytest.mark.parametrize("pattern", ["k", "1+(k-1)", "2+(k-2)"])
@pytest.mark.parametrize("m", [3, 4])
def test_the_identity_of_a_polynomial_kernel(pattern: str, m: int) -> None:
    """All deviations are zero, to every order asked for, and so is the loss."""
    land = landscape(pattern, Monomial(m))

    found = expanded(land, {"a_1": 1, "a_2": 1}, 8)

    for name, x in zip(found.names, found.parameters, strict=True):
        expected = [(0, Exact.rational(1))] if name.startswith("a") else []
        assert expected == x.known_coefficients()
        assert x.prec is not None
        assert x.prec >= 8
    assert found.loss.known_coefficients() == []


def test_a_family_of_the_cubic_kernel_in_closed_form() -> None:
    """W = e_1 and k - 1 times the vector of the others, divided by k - 1."""
    land = landscape("1+(k-1)", Monomial(3))

    found = expanded(land, {"a_1": 1}, 9)

    geometric = [Exact.rational(int(n in (2, 4, 6, 8))) for n in range(9)]
    for name in ("a_2", "o_2"):
        assert geometric == coefficients(found, name, 9)
    assert found["a_1"].known_coefficients() == [(0, Exact.rational(1))]
    for name in ("m_1_2", "m_2_1"):
        assert found[name].known_coefficients() == []
    assert found.loss.prec == 9
    # The loss is (n - 1 / n) / 2 with n = k - 1.
    halves = {-2: 1, 0: -1, 2: -1, 4: -1, 6: -1, 8: -1}
    assert [(n, Exact.rational(Fraction(c, 2))) for n, c in halves.items()] == (
        found.loss.known_coefficients()
    )


def test_a_branch_of_the_cubic_kernel_with_signs() -> None:
    """Pattern k, limit 0: -1 / k on the diagonal and 1 / k off it, to leading order."""
    land = landscape("k", Monomial(3))
    start = leading((0, 2, -1), (0, 2, 1))

    found = prove_and_expand(land, start, 10)

    assert found["a_1"].coefficient(2) == -1
    assert_approached(land, start, found)


@pytest.mark.parametrize(
    "pattern",
    ["n=k: rows n cols n,1 target n", "n=k, m=k: rows n cols n,m target n"],
    ids=["d = k + 1", "d = 2 k"],
)
def test_more_inputs_than_neurons(pattern: str) -> None:
    """The family A with nothing in the further columns, exactly."""
    land = landscape(pattern)

    found = expanded(land, {"d_1_1": -1}, 6)

    known = family_of("A").expansion(ORDER)
    for name, other in (("d_1_1", "a_1"), ("o_1_1", "o_1"), ("loss", "loss")):
        assert coefficients(known, other, 6) == coefficients(found, name, 6)
    assert found["m_1_2"].known_coefficients() == []


def test_the_loss_has_its_own_order() -> None:
    """It is known to at least the order asked for."""
    for order in (3, 5, 7):
        found = family_of("II").expansion(order).loss.prec

        assert found is not None
        assert found >= order


def test_an_expansion_is_asked_by_name() -> None:
    """Parameters and the loss."""
    found = family_of("A").expansion(4)

    assert found["o_1"] is found.parameters[1]
    assert found["loss"] is found.loss
    assert isinstance(found["a_1"], Series)
