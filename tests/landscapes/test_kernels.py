"""Mirror of symcrit/landscapes/kernels.py."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from symcrit.arith.arrays import FLOAT_ARRAYS
from symcrit.arith.balls import BALLS
from symcrit.arith.floats import FLOATS
from symcrit.arith.multiprecision import Multiprecision
from symcrit.arith.precision import working_precision
from symcrit.arith.protocol import AnyNumbers
from symcrit.arith.symbols import Symbols
from symcrit.core.errors import InputError
from symcrit.landscapes.kernels import Gram, Kernel, Monomial, Relu, kernel_named
from tests.landscapes.systems import RATIONALS, contexts

KERNELS = [Relu(), Monomial(2), Monomial(3), Monomial(5)]
kernels = pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)

(MP,) = contexts(40)
MULTI = Multiprecision(MP)

PAIRS = [
    ((Fraction(1), Fraction(0)), (Fraction(1, 2), Fraction(3, 4))),
    ((Fraction(2), Fraction(1)), (Fraction(-1), Fraction(5, 3))),
    ((Fraction(1), Fraction(-3)), (Fraction(-1, 7), Fraction(2))),
    ((Fraction(1), Fraction(2)), (Fraction(-2), Fraction(1))),
]
pairs = pytest.mark.parametrize(
    ("w", "v"), PAIRS, ids=["acute", "obtuse", "nearly opposite", "right angle"]
)


def gram_of(lib: AnyNumbers, w: Any, v: Any) -> Gram[Any]:
    """Gram data of two vectors in the plane."""
    (p, q), (x, y) = ([lib.exact(entry) for entry in vector] for vector in (w, v))
    minor = p * y - q * x
    return Gram(p * p + q * q, x * x + y * y, p * x + q * y, minor * minor)


def on_the_circle(w: Any, v: Any, integrand: Callable[[Any], Any]) -> Any:
    """The integral over the angles where <w, x> and <v, x> are both positive.

    A Gaussian vector in the plane is r (cos phi, sin phi) with E r^2 = 2 and phi
    uniform, so E f(x) = (1 / pi) * integral of f(cos phi, sin phi) for f of degree 2.
    """
    first, second = (MP.atan2(MULTI.exact(u[1]), MULTI.exact(u[0])) for u in (w, v))
    apart = second - first
    if abs(apart) > MP.pi:
        second -= MP.sign(apart) * 2 * MP.pi
    ends = max(first, second) - MP.pi / 2, min(first, second) + MP.pi / 2
    return MP.quad(integrand, ends) / MP.pi


def dot(u: Any, phi: Any) -> Any:
    """The inner product with a point of the circle."""
    return MULTI.exact(u[0]) * MP.cos(phi) + MULTI.exact(u[1]) * MP.sin(phi)


def product(u: Any, v: Any) -> Callable[[Any], Any]:
    """The product of two inner products, as a function on the circle."""
    return lambda phi: dot(u, phi) * dot(v, phi)


@pairs
def test_relu_is_the_gaussian_integral(w: Any, v: Any) -> None:
    """Value and both derivatives by a vector, against quadrature to thirty digits."""
    kernel, g = Relu(), gram_of(MULTI, w, v)
    f = kernel.frame(MULTI, g, "w1.v1")
    by_a, by_b, by_c = kernel.first(MULTI, g, f)
    value = on_the_circle(w, v, product(w, v))

    assert abs(kernel.value(MULTI, g, f) - value) < MP.mpf(10) ** -30
    for i, axis in enumerate(((1, 0), (0, 1))):
        at_w = 2 * by_a * MULTI.exact(w[i]) + by_c * MULTI.exact(v[i])
        at_v = 2 * by_b * MULTI.exact(v[i]) + by_c * MULTI.exact(w[i])
        for found, other in ((at_w, v), (at_v, w)):
            expected = on_the_circle(w, v, product(other, axis))
            assert abs(found - expected) < MP.mpf(10) ** -30


@pairs
@pytest.mark.parametrize("name", ["floats", "arrays", "balls", "symbols"])
def test_relu_in_every_number_system(name: str, w: Any, v: Any) -> None:
    """The value of each is that of the Gaussian integral, as far as it goes."""
    systems: dict[str, AnyNumbers] = {
        "floats": FLOATS,
        "arrays": FLOAT_ARRAYS,
        "balls": BALLS,
        "symbols": Symbols(),
    }
    lib = systems[name]
    expected = on_the_circle(w, v, product(w, v))
    with working_precision(120):
        g = gram_of(lib, w, v)
        found = Relu().value(lib, g, Relu().frame(lib, g, "w1.v1"))
        if name == "balls":
            assert found.overlaps(arb(MP.nstr(expected, 35), "1e-30"))
            assert found.rad() < arb("1e-30")
        elif name == "symbols":
            assert abs(MP.mpf(str(found.evalf(35))) - expected) < 1e-30
        else:
            assert math.isclose(found, expected, rel_tol=1e-14)


def sample(n: int) -> NDArray[np.float64]:
    """Gaussian vectors in four dimensions, the same in every run."""
    return np.random.default_rng(20240229).standard_normal((n, 4))


def test_relu_against_random_inputs() -> None:
    """In four dimensions, within six standard errors of the sample.

    The exact value has to miss by more than that to be refuted; a sample of this size
    would see a change by a fiftieth.
    """
    w, v = np.array([1.0, -0.5, 0.25, 0.0]), np.array([0.5, 0.75, -1.0, 2.0])
    x = sample(1_000_000)
    outputs = np.maximum(x @ w, 0) * np.maximum(x @ v, 0)
    slopes = (x @ w > 0)[:, None] * x * np.maximum(x @ v, 0)[:, None]
    g = Gram(w @ w, v @ v, w @ v, (w @ w) * (v @ v) - (w @ v) ** 2)
    f = Relu().frame(FLOATS, g, "w1.v1")
    by_a, _, by_c = Relu().first(FLOATS, g, f)
    value = Relu().value(FLOATS, g, f)

    error = outputs.std() / math.sqrt(len(x))
    assert abs(outputs.mean() - value) < 6 * error < value / 50
    errors = slopes.std(axis=0) / math.sqrt(len(x))
    assert (abs(slopes.mean(axis=0) - 2 * by_a * w - by_c * v) < 6 * errors).all()


@pytest.mark.parametrize("degree", [2, 3, 4])
def test_monomials_are_inner_products_of_tensors(degree: int) -> None:
    """Oracle: the tensors themselves, entry by entry."""
    w, v = [2, -1, 3], [1, 4, -2]
    left, right = np.array(1, dtype=object), np.array(1, dtype=object)
    for _ in range(degree):
        left, right = np.multiply.outer(left, w), np.multiply.outer(right, v)
    dots = [
        sum(x * y for x, y in zip(*p, strict=True)) for p in ((w, w), (v, v), (w, v))
    ]
    a, b, c = map(Fraction, dots)
    kernel, g = Monomial(degree), Gram(a, b, c, a * b - c * c)

    assert (left * right).sum() == kernel.value(
        RATIONALS, g, kernel.frame(RATIONALS, g, "")
    )
    assert (left * left).sum() == kernel.own(RATIONALS, a)


def hessian_from_squares(kernel: Kernel, g: Gram[Any], f: Any) -> list[list[Any]]:
    """The second derivatives of kappa by a, b and c, from the squares."""
    total = [[MP.mpf(0)] * 3 for _ in range(3)]
    for weight, form in kernel.squares(MULTI, g, f):
        for i in range(3):
            for j in range(3):
                total[i][j] += weight * form[i] * form[j]
    return total


@kernels
@pairs
def test_squares_are_the_second_derivatives(kernel: Kernel, w: Any, v: Any) -> None:
    """Against differences of the first derivatives in forty digits."""

    def first(a: Any, b: Any, c: Any) -> tuple[Any, Any, Any]:
        g = Gram(a, b, c, a * b - c * c)
        return kernel.first(MULTI, g, kernel.frame(MULTI, g, "w1.v1"))

    g = gram_of(MULTI, w, v)
    found = hessian_from_squares(kernel, g, kernel.frame(MULTI, g, "w1.v1"))
    at, h = (g.a, g.b, g.c), MP.mpf(10) ** -13
    for j in range(3):
        up, down = (
            first(*(x + sign * h * (i == j) for i, x in enumerate(at)))
            for sign in (1, -1)
        )
        for i in range(3):
            expected = (up[i] - down[i]) / (2 * h)
            assert abs(found[i][j] - expected) < MP.mpf(10) ** -21 * (1 + abs(expected))


@pairs
def test_second_derivatives_of_relu_in_closed_form(w: Any, v: Any) -> None:
    """The short formulas of the derivation page, which the squares add up to."""
    g = gram_of(MULTI, w, v)
    f = Relu().frame(MULTI, g, "w1.v1")
    s, pi = f.s, MULTI.pi
    by_cc, by_ab = 1 / (2 * pi * s), 1 / (8 * pi * s)
    by_ac, by_bc = -g.c / (4 * pi * g.a * s), -g.c / (4 * pi * g.b * s)
    by_aa, by_bb = ((2 * g.c**2 - g.a * g.b) / (8 * pi * x**2 * s) for x in (g.a, g.b))
    expected = [[by_aa, by_ab, by_ac], [by_ab, by_bb, by_bc], [by_ac, by_bc, by_cc]]

    for row, others in zip(hessian_from_squares(Relu(), g, f), expected, strict=True):
        for x, y in zip(row, others, strict=True):
            assert abs(x - y) < MP.mpf(10) ** -37


@kernels
@given(
    st.lists(st.floats(-3, 3), min_size=4, max_size=4),
)
def test_degree_of_homogeneity(kernel: Kernel, entries: list[float]) -> None:
    """Euler's identity: 2 a kappa_a + c kappa_c = m kappa for degree m in w."""
    w, v = np.array(entries[:2]), np.array(entries[2:])
    a, b, c = w @ w, v @ v, w @ v
    minor = w[0] * v[1] - w[1] * v[0]
    assume(min(a, b, minor**2) > 1e-6)
    g = Gram(a, b, c, minor**2)
    f = kernel.frame(FLOATS, g, "w1.v1")
    by_a, by_b, by_c = kernel.first(FLOATS, g, f)
    degree = kernel.degree if isinstance(kernel, Monomial) else 1
    value = kernel.value(FLOATS, g, f)
    size = 1e-12 * (a * b) ** (degree / 2)

    assert math.isclose(degree * value, 2 * a * by_a + c * by_c, abs_tol=size)
    assert math.isclose(degree * value, 2 * b * by_b + c * by_c, abs_tol=size)


@kernels
@pytest.mark.parametrize("sign", [1, -1])
def test_parallel_vectors_are_the_limit(kernel: Kernel, sign: int) -> None:
    """Value, first derivatives and second differential along a motion tend to theirs.

    The motion is w = sign v / 2 + e n with n orthogonal to v, and the squares are taken
    of the (da, db, dc) that belong to some dw and dv.
    """
    e = MP.mpf(10) ** -12
    x, y, n = MP.mpf(sign) / 2, MP.mpf(1), MP.mpf(1) / 3

    def gram(e: Any) -> Gram[Any]:
        # v = (y, 0), w = (x, e n)
        return Gram(x * x + e * e * n * n, y * y, x * y, (y * e * n) ** 2)

    g, limit = gram(e), gram(MP.mpf(0))
    near = kernel.frame(MULTI, g, "w1.v1")
    frame = kernel.parallel_frame(MULTI, sign)
    assert abs(kernel.value(MULTI, g, near) - kernel.value(MULTI, limit, frame)) < 4 * e
    for p, q in zip(
        kernel.first(MULTI, g, near), kernel.first(MULTI, limit, frame), strict=True
    ):
        assert abs(p - q) < 4 * e

    def second(gram: Gram[Any], squares: Any, e: Any) -> Any:
        # dw = (2, 5), dv = (3, -7)
        da = 2 * (x * 2 + e * n * 5)
        db = 2 * y * 3
        dc = (2 * y) + (x * 3 - e * n * 7)
        return sum(
            (weight * (p * da + q * db + r * dc) ** 2 for weight, (p, q, r) in squares),
            MP.mpf(0),
        )

    there = second(limit, kernel.parallel_squares(MULTI, limit, sign), MP.mpf(0))
    here = second(g, kernel.squares(MULTI, g, near), e)
    assert abs(here - there) < 100 * e


@kernels
def test_own_pairs_are_the_diagonal(kernel: Kernel) -> None:
    """The function kappa(w, w) of a = |w|^2, and its derivatives along a = b = c."""
    a = MP.mpf(7) / 3
    g = Gram(a, a, a, MP.mpf(0))
    frame = kernel.parallel_frame(MULTI, 1)
    second = sum(
        (
            weight * (p + q + r) ** 2
            for weight, (p, q, r) in kernel.parallel_squares(MULTI, g, 1)
        ),
        MP.mpf(0),
    )

    for x, y in (
        (kernel.own(MULTI, a), kernel.value(MULTI, g, frame)),
        (kernel.own_first(MULTI, a), sum(kernel.first(MULTI, g, frame))),
        (kernel.own_second(MULTI, a), second),
    ):
        assert abs(x - y) < MP.mpf(10) ** -36


def test_smoothness_at_zero() -> None:
    """Along a line through zero relu has two one-sided slopes, a monomial has one."""
    for kernel, jump in ((Relu(), 1 / math.pi), (Monomial(2), 0.0)):
        slopes = []
        for e in (1e-8, -1e-8):
            g = Gram(e * e, 1.0, 0.0, e * e)
            value = kernel.value(FLOATS, g, kernel.frame(FLOATS, g, "w1.v1"))
            slopes.append(value / e)
        assert math.isclose(jump, slopes[0] - slopes[1], abs_tol=1e-7)
        assert kernel.smooth_at_zero is (jump == 0)


@kernels
def test_names_are_read_back(kernel: Kernel) -> None:
    """The name of a kernel finds the kernel."""
    assert kernel == kernel_named(kernel.name)


@pytest.mark.parametrize("name", ["", "c^1", "c^10", "c^", "ReLU", "c^3 "])
def test_unknown_names_are_refused(name: str) -> None:
    """With the list of what is known."""
    with pytest.raises(InputError, match=r"known are relu and c\^2"):
        kernel_named(name)
