"""Mirror of symcrit/landscapes/blocks.py.

The oracle is the Hessian of full size, stated once more in ``block_cases``, at generic
points of the fixed space, where nothing vanishes by accident.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb

import symcrit
from symcrit.arith.balls import BALLS, ball_of
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.precision import working_precision
from symcrit.arith.symbols import Symbols, size_symbol
from symcrit.landscapes.blocks import HessianBlock, hessian_blocks
from symcrit.landscapes.full import hessian
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Kernel, Monomial, Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.patterns import Pattern
from tests.landscapes.block_cases import (
    PATTERNS,
    TOLERANCE,
    Case,
    eigenvalues,
    largest_error,
    relu_hessian,
)

LARGEST_COEFFICIENT = 1000
"""First coefficients that the series of type II leave out are smaller than this."""

kernels = pytest.mark.parametrize(
    "kernel", [Relu(), Monomial(3), Monomial(2)], ids=lambda kernel: kernel.name
)


@kernels
@pytest.mark.parametrize("text", PATTERNS)
def test_blocks_are_the_hessian_on_adapted_matrices(text: str, kernel: Kernel) -> None:
    """Entry by entry, against the Hessian of full size."""
    for k in (6, 7):
        case = Case.draw(text, k, kernel)

        assert largest_error(case, case.hessian()) < TOLERANCE


@pytest.mark.parametrize("k", range(6, 13))
@pytest.mark.parametrize("text", PATTERNS)
def test_all_eigenvalues_with_all_multiplicities(text: str, k: int) -> None:
    """As many as the full Hessian has, and equal to ten digits."""
    case = Case.draw(text, k, Relu())

    expected = np.linalg.eigvalsh(case.hessian())

    assert expected.shape == eigenvalues(case).shape
    assert np.abs(expected - eigenvalues(case)).max() < TOLERANCE


@pytest.mark.parametrize(("text", "k"), [("k", 2), ("k", 3), ("1+(k-1)", 3)])
def test_small_sizes(text: str, k: int) -> None:
    """Where components and copies are lost, nothing else is."""
    case = Case.draw(text, k, Relu())

    expected = np.linalg.eigvalsh(case.hessian())

    assert expected.shape == eigenvalues(case).shape
    assert np.abs(expected - eigenvalues(case)).max() < TOLERANCE


def test_the_formulas_of_the_cases_against_the_package() -> None:
    """Two statements of the full Hessian agree."""
    for kernel in (Relu(), Monomial(3)):
        case = Case.draw("2+(k-2)", 6, kernel)
        weights, target = case.matrices()

        found = hessian(weights, target, kernel=kernel)

        assert np.abs(case.hessian() - found).max() < TOLERANCE


@kernels
@pytest.mark.parametrize("text", PATTERNS)
def test_the_trivial_block_is_the_reduced_hessian(text: str, kernel: Kernel) -> None:
    """Up to the sizes of the orbits, and in balls."""
    case = Case.draw(text, 9, kernel)
    land = case.landscape
    variables = {name: arb(x) for name, x in case.values.items()}
    with working_precision(128):
        at = land.at(BALLS, [arb(x) for x in case.point], variables)
        block = hessian_blocks(at)[0]
        for count, row, entries in zip(
            land.orbit_counts, at.hessian(), block.entries, strict=True
        ):
            for x, y in zip(row, entries, strict=True):
                expected = at.grams.count(count) * x

                assert expected.overlaps(y)
                assert y.rad() < 1e-25


# ------------------------------------------------------------------- parallel vectors


def test_a_split_neuron_has_the_limit_of_the_hessian() -> None:
    """Two parallel neurons, declared so: the limit of nearly parallel ones."""
    pattern = Pattern.parse("n=d-1: rows 1,n,1 cols 1,n")
    structure = Structure.build(pattern, parallel={"w1.w3": 1})
    point = [-0.3, 0.1, 0.2, 1.1, 0.05, -0.6, 0.2]
    case = Case(Landscape(Relu(), structure), point, {"d": 6})
    weights, target = case.matrices()
    full = hessian(weights, target, parallel={(0, 6): 1})

    assert largest_error(case, full) < TOLERANCE

    nearby = weights.copy()
    nearby[6, 1] += 1e-9
    limit = relu_hessian(nearby, target)

    assert np.abs(full - limit).max() < 1e-7


identities = pytest.mark.parametrize(
    ("text", "parallel"),
    [
        ("k", {"w1.v1=": 1}),
        pytest.param("1+(k-1)", {"w1.v1": 1, "w2.v2=": 1}, marks=pytest.mark.slow),
        pytest.param("2+(k-2)", {"w1.v1=": 1, "w2.v2=": 1}, marks=pytest.mark.slow),
        pytest.param("3+(k-3)", {"w1.v1=": 1, "w2.v2=": 1}, marks=pytest.mark.slow),
    ],
)
"""Diagonal patterns, with the pairs that are parallel at the global minimum."""


def global_minimum(text: str, parallel: dict[str, int]) -> tuple[Landscape, list[int]]:
    """The landscape, and the parameters of the identity matrix."""
    pattern = Pattern.parse(text)
    land = Landscape(Relu(), Structure.build(pattern, parallel=parallel))
    return land, [int(name.startswith("a")) for name in pattern.names]


@identities
def test_the_exact_spectrum_at_the_global_minimum(
    text: str, parallel: dict[str, int]
) -> None:
    """Characteristic polynomials and multiplicities, identically in k and in pi.

    Source:
        The four factors are those of the full Hessian at W = V = I; found by Safran,
        Yehudai and Shamir, arXiv:2006.01005, and by Arjevani and Field.
    """
    k, x, pi = size_symbol("k"), sympy.Symbol("x"), sympy.pi
    land, point = global_minimum(text, parallel)
    at = land.at(Symbols(), [sympy.Integer(a) for a in point], {"k": k})
    found: dict[Any, Any] = {}
    for block in hessian_blocks(at):
        matrix = sympy.Matrix(block.entries) - x * sympy.diag(*block.norms)
        polynomial = sympy.together(sympy.expand(matrix.det(method="berkowitz")))
        for factor, times in sympy.factor_list(sympy.numer(polynomial), x)[1]:
            monic = sympy.Poly(factor, x).monic().as_expr()
            dimension = sympy.sympify(str(block.component.dimension), {"k": k})
            found[monic] = found.get(monic, 0) + times * dimension

    expected = {
        x - (sympy.Rational(1, 4) - 1 / (2 * pi)): k * (k - 1) / 2,
        x - (sympy.Rational(1, 4) + 1 / (2 * pi)): k * (k - 3) / 2,
        x**2
        + (-(8 * pi**2 + 4 * k * pi**2) * x + k * pi**2 + pi**2 + 4 * pi - 4)
        / (16 * pi**2): k - 1,
        (x - (k * pi + 2 * k + 2 * pi) / (8 * pi)) ** 2
        - (k**2 * (pi - 2) ** 2 + 16 * (k - 1) * (pi - 1)) / (8 * pi) ** 2: 1,
    }

    def normal(table: dict[Any, Any]) -> dict[Any, Any]:
        return {
            tuple(sympy.simplify(c) for c in sympy.Poly(f, x).all_coeffs()): (
                sympy.expand(times)
            )
            for f, times in table.items()
        }

    assert normal(expected) == normal(found)


@identities
def test_the_global_minimum_in_series_is_a_laurent_polynomial(
    text: str, parallel: dict[str, int]
) -> None:
    """Over Q(pi) with k = t^-2 nothing is cut off, and balls at k = 1000 agree."""
    land, point = global_minimum(text, parallel)
    lib = Expansions(Domain.start(40))
    at = land.at(lib, [lib.exact(a) for a in point], {"k": lib.t_power(-2)})
    k = arb(1000)
    balls = land.at(BALLS, [arb(a) for a in point], {"k": k})
    for exact, block in zip(hessian_blocks(at), hessian_blocks(balls), strict=True):
        for row, entries in zip(exact.entries, block.entries, strict=True):
            for series, ball in zip(row, entries, strict=True):
                value = arb(0)
                for n, c in series.known_coefficients():
                    value += c.ball(128) * k.sqrt() ** (-n)

                assert series.prec is None
                assert value.overlaps(ball)


# -------------------------------------------------------------------- number systems


def test_balls_contain_what_higher_precision_gives() -> None:
    """Two precisions overlap, and the wider contains the narrower in most digits."""
    case = Case.draw("2+(k-2)", 9, Relu())

    def at(prec: int) -> list[HessianBlock[arb]]:
        with working_precision(prec):
            point = [ball_of(Fraction(x)) for x in case.point]
            return hessian_blocks(case.landscape.at(BALLS, point, {"k": arb(9)}))

    for rough, fine in zip(at(64), at(256), strict=True):
        for row, others in zip(rough.entries, fine.entries, strict=True):
            for x, y in zip(row, others, strict=True):
                assert x.contains(y)
                assert y.rad() < arb(2) ** -230


def test_blocks_in_series_are_right_to_their_order() -> None:
    """Along type II, against balls at the truncated point with k = 10^10."""
    family = symcrit.family("II")
    found = family.expansion(8)

    def action(domain: Domain) -> list[HessianBlock[Series]]:
        lib = Expansions(domain)
        point = [found[name].in_domain(domain) for name in family.names]
        at = family.landscape.at(lib, point, {"k": lib.t_power(-2)})
        return hessian_blocks(at)

    domain = found[family.names[0]].domain
    for name in family.names:
        domain = domain.joined(found[name].domain)
    blocks, _ = retry_in_larger_domain(domain.with_length(12), action)
    with working_precision(600):
        k = arb(10) ** 10
        t = 1 / k.sqrt()

        def power(n: int) -> arb:
            return t**n if n >= 0 else k.sqrt() ** (-n)

        def value(series: Series) -> arb:
            terms = series.known_coefficients()
            return sum((c.ball(600) * power(n) for n, c in terms), arb(0))

        point = [value(found[name]) for name in family.names]
        balls = hessian_blocks(family.landscape.at(BALLS, point, {"k": k}))
        for block, other in zip(blocks, balls, strict=True):
            for row, entries in zip(block.entries, other.entries, strict=True):
                for series, ball in zip(row, entries, strict=True):
                    assert series.prec is not None
                    assert series.prec >= 2
                    error = abs(value(series) - ball)
                    assert error < LARGEST_COEFFICIENT * power(series.prec)


def test_the_same_text_serves_huge_sizes() -> None:
    """At k = 10^12 the blocks of a wide ball of k contain those of its points."""
    pattern = Pattern.parse("1+(k-1)")
    land = Landscape(Relu(), Structure.build(pattern))
    with working_precision(200):
        k = arb(10) ** 12
        point = [arb(-1), 1 / k, 2 / k, arb(1) + 3 / k, -1 / k]
        wide = arb(k, 1)
        narrow = hessian_blocks(land.at(BALLS, point, {"k": k}))
        whole = hessian_blocks(land.at(BALLS, point, {"k": wide}))
        for inner, outer in zip(narrow, whole, strict=True):
            for row, others in zip(inner.entries, outer.entries, strict=True):
                for x, y in zip(row, others, strict=True):
                    assert y.contains(x)
