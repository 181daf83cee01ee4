"""Mirror of symcrit/landscapes/reduced.py."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import symcrit
from symcrit.arith.arrays import ObjectArrays, arrays_over
from symcrit.arith.balls import BALLS
from symcrit.arith.floats import FLOATS
from symcrit.arith.jets import Jets
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.multiprecision import Multiprecision
from symcrit.arith.precision import working_precision
from symcrit.arith.protocol import AnyNumbers
from symcrit.arith.symbols import Symbols, real_symbol, size_symbol
from symcrit.core.errors import InputError
from symcrit.landscapes.full import Full
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Kernel, Monomial, Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.matrices import embed, embed_target, project
from symcrit.symmetry.patterns import Pattern
from tests.landscapes.systems import RATIONALS, contexts, evaluate, generic_point
from tests.symmetry.cases import CASES, OVER, REPEATED, WIDE, pattern_of, sizes_of

KERNELS = [Relu(), Monomial(3)]
kernels = pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)

SKEW = {
    REPEATED: {
        "d_1_1": Fraction(3, 2),
        "o_1_1": Fraction(-1, 4),
        "m_1_2": Fraction(1, 3),
        "d_2_3": Fraction(2),
        "m_2_1": Fraction(1, 5),
    },
    "1+(k-1)": {"a_1": Fraction(2), "m_1_2": Fraction(1, 7), "a_2": Fraction(3, 2)},
}
"""Targets that are not the identity."""


def landscape_of(text: str, kernel: Kernel) -> Landscape:
    """The landscape of a case; the identity as target where its blocks allow that."""
    target = SKEW[text] if text == REPEATED else None
    return Landscape(kernel, Structure.build(pattern_of(text), target))


def full_of(
    land: Landscape, point: list[Any], sizes: dict[str, int], numbers: Any
) -> Full:
    """The same landscape at the whole matrix."""
    pattern = land.structure.pattern
    return Full(
        embed(pattern, point, sizes),
        embed_target(pattern, land.structure.target, sizes),
        kernel=land.kernel,
        numbers=numbers,
    )


def whole_and_reduced(
    land: Landscape, lib: AnyNumbers, numbers: Any, k: int, seed: int
) -> tuple[list[Any], list[Any]]:
    """Loss, gradient and Hessian on the fixed space, from the whole and reduced.

    Then the squared distances of the gradient, and of the Hessian times each basis
    vector, to the fixed space: zero, by equivariance.
    """
    pattern = land.structure.pattern
    sizes = sizes_of(pattern, k)
    n = len(pattern.parameters)
    point = [lib.exact(x) for x in generic_point(n, seed)]
    values = {name: lib.exact(size) for name, size in sizes.items()}
    reduced = land.at(lib, point, values)
    full = full_of(land, point, sizes, numbers)
    rows, columns = full.weights.shape
    zero, one = lib.exact(0), lib.exact(1)

    slope = project(pattern, full.gradient().tolist(), sizes)
    left, right = [full.loss(), *slope.point], [reduced.loss(), *reduced.gradient()]
    distances = [slope.squared_distance]
    hessian, form = full.hessian(), reduced.hessian()
    for j in range(n):
        unit = [one if i == j else zero for i in range(n)]
        basis = np.array(embed(pattern, unit, sizes), dtype=hessian.dtype)
        image = (hessian @ basis.ravel()).reshape(rows, columns).tolist()
        found = project(pattern, image, sizes)
        left += found.point
        right += [row[j] for row in form]
        distances.append(found.squared_distance)
    return left + distances, right + [zero] * len(distances)


@kernels
@pytest.mark.parametrize("text", CASES)
@pytest.mark.parametrize("k", [6, 7, 8, 9])
def test_reduced_is_full_in_doubles(text: str, kernel: Kernel, k: int) -> None:
    """Loss, gradient and Hessian at k = 6 ... 9, and the gradient is symmetric."""
    land = landscape_of(text, kernel)
    left, right = whole_and_reduced(land, FLOATS, None, k, seed=k)
    scale = max(1.0, *(abs(x) for x in left))

    for x, y in zip(left, right, strict=True):
        assert abs(x - y) <= 1e-12 * scale


@given(st.sampled_from(sorted(CASES)), st.integers(6, 8), st.integers(0, 10**6))
@settings(max_examples=12)
def test_reduced_is_full_exactly(text: str, k: int, seed: int) -> None:
    """With a polynomial kernel nothing is rounded: both give one rational number."""
    land = landscape_of(text, Monomial(3))
    numbers = ObjectArrays(RATIONALS)
    left, right = whole_and_reduced(land, RATIONALS, numbers, k, seed)

    assert left == right


@pytest.mark.parametrize("text", CASES)
def test_reduced_is_full_in_sixty_digits(text: str) -> None:
    """The ReLU kernel in mpmath numbers."""
    (context,) = contexts(60)
    lib = Multiprecision(context)
    land = landscape_of(text, Relu())
    left, right = whole_and_reduced(land, lib, arrays_over(lib), 6, seed=2)

    for x, y in zip(left, right, strict=True):
        assert abs(x - y) < context.mpf(10) ** -54


@pytest.mark.parametrize("text", ["1+(k-1)", OVER, REPEATED])
def test_reduced_is_full_in_balls(text: str) -> None:
    """Two ways to one number give balls that meet, both of them small."""
    land = landscape_of(text, Relu())
    with working_precision(200):
        numbers = ObjectArrays(BALLS)
        left, right = whole_and_reduced(land, BALLS, numbers, 6, seed=4)
        for x, y in zip(left, right, strict=True):
            assert x.overlaps(y)
            assert x.rad() < arb(2) ** -150
            assert y.rad() < arb(2) ** -150


@kernels
@pytest.mark.parametrize("text", CASES)
def test_balls_contain_the_point_and_its_neighbours(text: str, kernel: Kernel) -> None:
    """Parameters and k given as balls: the result contains that of points inside."""
    land = landscape_of(text, kernel)
    n = len(land.structure.pattern.parameters)
    names = land.structure.pattern.variables
    exact = generic_point(n, seed=6)
    radius = arb("1e-9")

    def values(point: list[arb], k: arb) -> list[arb]:
        at = land.at(BALLS, point, dict.fromkeys(names, k))
        return [at.loss(), *at.gradient(), *(x for row in at.hessian() for x in row)]

    wide = values(
        [arb(fmpq(x.numerator, x.denominator)) + arb(0, radius) for x in exact],
        arb(7, radius),
    )
    for shift in (-1, 0, 1):
        inside = [
            arb(fmpq(x.numerator, x.denominator)) + shift * radius / 2 for x in exact
        ]
        for x, y in zip(wide, values(inside, 7 - shift * radius / 2), strict=True):
            assert x.contains(y)
            assert x.rad() < 1


@kernels
@pytest.mark.parametrize("text", ["1+(k-1)", "2+(k-2)", "p+(k-p)", WIDE])
def test_symbols_with_numbers_put_in(text: str, kernel: Kernel) -> None:
    """Evaluate at a symbol k and put in 15/2: the same as numbers from the start."""
    (context,) = contexts(40)
    lib = Multiprecision(context)
    land = landscape_of(text, kernel)
    names = land.structure.pattern.names
    symbols = [real_symbol(name) for name in names]
    exact = generic_point(len(names), seed=7)
    k = Fraction(15, 2)

    at = land.at(Symbols(), symbols, {"k": size_symbol("k")})
    numbers = [lib.exact(x) for x in (*exact, k)]
    expressions = [at.loss(), *at.gradient(), *(x for row in at.hessian() for x in row)]
    found = evaluate(expressions, [*names, "k"], numbers)
    there = land.at(lib, numbers[:-1], {"k": numbers[-1]})
    expected = [
        there.loss(),
        *there.gradient(),
        *(x for row in there.hessian() for x in row),
    ]

    for x, y in zip(found, expected, strict=True):
        assert abs(x - y) < context.mpf(10) ** -34 * (1 + abs(y))


def series_and_balls(
    text: str, kernel: Kernel, bits: int
) -> tuple[list[Series], list[arb]]:
    """Loss, gradient and Hessian as series in t, and as balls at t = 2^(-bits)."""
    land = landscape_of(text, kernel)
    pattern = land.structure.pattern
    diagonal = [q.kind == "d" or q.name == "a_1" for q in pattern.parameters]

    def values(lib: AnyNumbers, t: Any, k: Any) -> list[Any]:
        point = [
            (t * t * (i + 2) - 1 if i == 0 else t * t * (i + 3) + 1)
            if on
            else t * t * (i + 1) / 2 + t * t * t
            for i, on in enumerate(diagonal)
        ]
        at = land.at(lib, point, {"k": k})
        return [at.loss(), *at.gradient(), *(x for row in at.hessian() for x in row)]

    def expand(domain: Domain) -> list[Series]:
        lib = Expansions(domain)
        return values(lib, lib.t_power(1), lib.t_power(-2))

    series, _ = retry_in_larger_domain(Domain.start(9), expand)
    t = arb(2) ** -bits
    return series, values(BALLS, t, 1 / (t * t))


@kernels
@pytest.mark.parametrize("text", ["k", "1+(k-1)", "(k-1)+1", "2+(k-2)", "3+(k-3)"])
def test_series_against_balls(text: str, kernel: Kernel) -> None:
    """A series known to O(t^n) misses the ball by less than a constant times t^n.

    Seen at t = 2^-60 and 2^-80, where the constant is small beside 1 / t: so no term is
    wrong.  At least six terms of every quantity take part.
    """
    with working_precision(2400):
        for bits in (60, 80):
            series, balls = series_and_balls(text, kernel, bits)
            t = arb(2) ** -bits
            for x, y in zip(series, balls, strict=True):
                total = arb(0)
                for n, coefficient in x.known_coefficients():
                    total += coefficient.ball(2400) * t**n
                assert y.rad() < t**20
                if x.prec is None:
                    assert total.overlaps(y)
                else:
                    assert x.prec >= x.v + 6
                    assert abs(total - y) < 10**8 * t**x.prec


@kernels
def test_a_target_that_is_not_the_identity(kernel: Kernel) -> None:
    """Scaled, and with entries off the diagonal."""
    land = Landscape(kernel, Structure.build(pattern_of("1+(k-1)"), SKEW["1+(k-1)"]))
    left, right = whole_and_reduced(land, FLOATS, None, 7, seed=1)

    for x, y in zip(left, right, strict=True):
        assert math.isclose(x, y, rel_tol=1e-11, abs_tol=1e-11)


def test_a_target_that_is_zero_changes_nothing() -> None:
    """The same loss and gradient without it."""
    pattern = Pattern.parse("1+(k-1)")
    plain = Structure.build(pattern, {"a_2": Fraction(1)})
    fewer = Pattern.parse("n=k-1: rows 1,n cols 1,n target n")
    other = Structure.build(fewer, {"d_1_2": Fraction(1)})
    point, k = [0.4, 0.3, 0.2, 0.9, -0.1], {"k": 6.0}
    first = Landscape(Relu(), plain).at(FLOATS, point, k)
    second = Landscape(Relu(), other).at(FLOATS, point, k)

    assert first.loss() == pytest.approx(second.loss())
    assert first.gradient() == pytest.approx(second.gradient())


@pytest.mark.parametrize("sign", [1, -1])
def test_neurons_known_to_be_parallel(sign: int) -> None:
    """A network with a split neuron: the label of the pair tells the pattern so.

    The whole matrix finds it by itself; the reduced landscape is told.
    """
    pattern = pattern_of(OVER)
    structure = Structure.build(pattern, parallel={"w1.w3": sign})
    land = Landscape(Relu(), structure)
    a, b, c, d, o, *_ = map(float, generic_point(7, seed=2))
    point = [a, b, c, d, o, 2 * sign * a, 2 * sign * b]
    reduced = land.at(FLOATS, point, {"d": 7.0})
    full = full_of(land, point, {"d": 7}, None)

    assert math.isclose(full.loss(), reduced.loss(), rel_tol=1e-13)
    slope = project(pattern, full.gradient().tolist(), {"d": 7})
    assert np.allclose(slope.point, reduced.gradient(), atol=1e-13)
    hessian = full.hessian()
    for j, row in enumerate(np.array(reduced.hessian()).T):
        unit = [float(i == j) for i in range(7)]
        image = hessian @ np.array(embed(pattern, unit, {"d": 7})).ravel()
        found = project(pattern, image.reshape(8, 7).tolist(), {"d": 7})
        assert np.allclose(found.point, row, atol=1e-12)


def test_the_hessian_times_orbit_sizes_is_symmetric() -> None:
    """It is the second derivative of the restricted loss: exact in rational numbers."""
    land = landscape_of(OVER, Monomial(3))
    at = land.at(RATIONALS, generic_point(7), {"d": Fraction(15, 2)})
    counts = [at.grams.count(count) for count in land.orbit_counts]
    form = [
        [count * x for x in row]
        for count, row in zip(counts, at.hessian(), strict=True)
    ]

    assert form == [list(column) for column in zip(*form, strict=True)]


@kernels
def test_derivatives_by_the_size(kernel: Kernel) -> None:
    """Jets with k as a direction, against differences in real k."""
    (context,) = contexts(60)
    lib = Multiprecision(context)
    jets = Jets(lib)
    land = landscape_of("1+(k-1)", kernel)
    point = [lib.exact(x) for x in generic_point(5)]
    constants = [jets.constant(x) for x in point]
    k, h = lib.exact(Fraction(29, 4)), context.mpf(10) ** -20
    moving = land.at(jets, constants, {"k": jets.variable(k, "k")})
    up, down = (land.at(lib, point, {"k": x}) for x in (k + h, k - h))

    for x, y, z in zip(
        [
            moving.loss(),
            *moving.gradient(),
            *(x for row in moving.hessian() for x in row),
        ],
        [up.loss(), *up.gradient(), *(x for row in up.hessian() for x in row)],
        [down.loss(), *down.gradient(), *(x for row in down.hessian() for x in row)],
        strict=True,
    ):
        assert abs(jets.slope(x, "k") - (y - z) / (2 * h)) < context.mpf(10) ** -34


@pytest.mark.parametrize("text", CASES)
def test_orbit_sizes_add_up_to_the_matrix(text: str) -> None:
    """As polynomials in the sizes: their sum is rows times columns."""
    land = landscape_of(text, Relu())
    pattern = land.structure.pattern
    sizes = {name: size_symbol(name) for name in pattern.variables}
    lib = Symbols()
    total = sum(pattern.evaluate_count(x, lib, sizes) for x in land.orbit_counts)
    rows = pattern.count_rows().evaluate(lib, sizes)
    columns = pattern.count_columns().evaluate(lib, sizes)

    assert 0 == sympy.expand(total - rows * columns)


def test_the_library_opens_landscapes_by_name() -> None:
    """Kernel, pattern and target as text; the same as put together by hand."""
    by_name = symcrit.landscape(kernel="c^3", pattern="1+(k-1)", target=SKEW["1+(k-1)"])
    structure = Structure.build(pattern_of("1+(k-1)"), SKEW["1+(k-1)"])

    assert Landscape(Monomial(3), structure) == by_name
    assert Relu() == symcrit.landscape(pattern=pattern_of("k")).kernel
    with pytest.raises(InputError, match="unknown kernel 'c3'"):
        symcrit.landscape(kernel="c3", pattern="k")


def test_the_library_takes_any_array() -> None:
    """Loss, gradient and Hessian of a list of rows."""
    w = [[1, 2], [0, 3]]

    assert Full(w).loss() == symcrit.loss(w)
    assert (Full(w).gradient() == symcrit.gradient(w)).all()
    assert (Full(w).hessian() == symcrit.hessian(w)).all()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"pattern": 3}, "the pattern 3 should be text such as '1+(k-1)'"),
        ({"pattern": "k", "kernel": 3}, "the kernel 3 should be a name such as 'relu'"),
        (
            {"pattern": "k", "target": {"a_1": "x"}},
            "the target entry a_1 = 'x' should be a rational number",
        ),
        (
            {"pattern": "k", "target": {"a_1": float("inf")}},
            "the target entry a_1 = inf should be a rational number",
        ),
    ],
)
def test_what_is_no_landscape_is_refused(options: dict[str, Any], words: str) -> None:
    """At once, not when the loss is asked for."""
    with pytest.raises(InputError) as caught:
        symcrit.landscape(**options)

    assert str(caught.value).startswith(words)


def test_a_target_is_given_by_any_rational_numbers() -> None:
    """Oracle: Python's own reading of one half."""
    found = [
        symcrit.landscape(pattern="k", target={"a_1": half})
        for half in ("1/2", 0.5, Fraction(1, 2))
    ]

    assert all(land.structure.target == {"a_1": Fraction(1, 2)} for land in found)
