"""Mirror of symcrit/landscapes/full.py."""

import math
from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from flint import arb
from numpy.typing import NDArray

from symcrit.arith.arrays import ObjectArrays
from symcrit.core.errors import InputError
from symcrit.landscapes.full import Full, gradient, hessian, loss
from symcrit.landscapes.kernels import Kernel, Monomial, Relu
from symcrit.symmetry.matrices import embed
from symcrit.symmetry.patterns import Pattern
from tests.landscapes.systems import RATIONALS, contexts, generic_point

Floats = NDArray[np.float64]

KERNELS = [Relu(), Monomial(3)]
kernels = pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)

S3 = [np.eye(3)[list(order)] for order in permutations(range(3))]


def generic_matrix(k: int, d: int, seed: int = 3) -> Floats:
    """A matrix in general position, the same in every run."""
    return np.array([float(x) for x in generic_point(k * d, seed)]).reshape(k, d)


def relu_twin(w: Any, v: Any) -> float:
    """The kernel as papers print it, with arc cosines."""
    norms = math.sqrt(w @ w) * math.sqrt(v @ v)
    theta = math.acos(max(-1.0, min(1.0, (w @ v) / norms)))
    return (
        norms / (2 * math.pi) * (math.sin(theta) + (math.pi - theta) * math.cos(theta))
    )


@pytest.mark.parametrize(
    ("kernel", "twin"),
    [(Relu(), relu_twin), (Monomial(3), lambda w, v: float((w @ v) ** 3))],
    ids=["relu", "c^3"],
)
@pytest.mark.parametrize(("k", "d", "n"), [(3, 3, 3), (5, 3, 2), (2, 4, 3), (1, 1, 1)])
def test_the_loss_is_the_double_sum(
    kernel: Kernel, twin: Callable[[Any, Any], float], k: int, d: int, n: int
) -> None:
    """Oracle: the definition, pair by pair, in one line."""
    w, v = generic_matrix(k, d), generic_matrix(n, d, seed=8)
    expected = (
        sum(twin(x, y) for x in w for y in w) / 2
        - sum(twin(x, y) for x in w for y in v)
        + sum(twin(x, y) for x in v for y in v) / 2
    )

    assert math.isclose(expected, loss(w, v, kernel=kernel), rel_tol=1e-11)


def test_the_default_target_is_the_identity() -> None:
    """With min(k, d) rows, and rows of zeros change nothing."""
    for k, d in ((2, 3), (3, 2), (3, 3)):
        w = generic_matrix(k, d)
        assert loss(w, np.eye(min(k, d), d)) == loss(w)
        assert loss(w, np.eye(k, d)) == loss(w)
        assert (gradient(w, np.eye(k, d)) == gradient(w)).all()
        assert (hessian(w, np.eye(k, d)) == hessian(w)).all()


@kernels
def test_invariance_under_all_permutations(kernel: Kernel) -> None:
    """All of S_3 x S_3: L(P W Q^T) = L(W), for the targets of I_3 are permuted by Q.

    Gradient and Hessian are equivariant.
    """
    w = generic_matrix(3, 3)
    value, slope, form = (f(w, kernel=kernel) for f in (loss, gradient, hessian))
    scale = abs(form).max()
    for p in S3:
        for q in S3:
            moved = p @ w @ q.T
            both = np.kron(p, q)
            assert math.isclose(value, loss(moved, kernel=kernel), rel_tol=1e-13)
            for x, y in (
                (p @ slope @ q.T, gradient(moved, kernel=kernel)),
                (both @ form @ both.T, hessian(moved, kernel=kernel)),
            ):
                assert abs(x - y).max() < 1e-13 * scale


@kernels
def test_invariance_for_any_target(kernel: Kernel) -> None:
    """Rows of W, rows of V, and an orthogonal change of both by columns."""
    w, v = generic_matrix(4, 3), generic_matrix(2, 3, seed=9)
    q, _ = np.linalg.qr(generic_matrix(3, 3, seed=10))
    p = np.eye(4)[[2, 0, 3, 1]]
    value, slope, form = (f(w, v, kernel=kernel) for f in (loss, gradient, hessian))
    moved, targets = p @ w @ q.T, v[::-1] @ q.T
    both = np.kron(p, q)

    assert math.isclose(value, loss(moved, targets, kernel=kernel), rel_tol=1e-12)
    for x, y in (
        (p @ slope @ q.T, gradient(moved, targets, kernel=kernel)),
        (both @ form @ both.T, hessian(moved, targets, kernel=kernel)),
    ):
        assert abs(x - y).max() < 1e-12 * abs(form).max()


@kernels
@pytest.mark.parametrize("digits", [40, 80])
def test_derivatives_against_differences(kernel: Kernel, digits: int) -> None:
    """Central differences miss by c h^2, seen at h and h / 2, at two precisions.

    With h at a quarter of the digits, rounding is far below the error of the method.
    """
    (context,) = contexts(digits)
    convert = np.vectorize(context.mpf, otypes=[object])
    w, v, direction = (
        convert(generic_matrix(k, 3, seed)) for k, seed in ((4, 3), (3, 8), (4, 12))
    )
    slope, form = (f(w, v, kernel=kernel) for f in (gradient, hessian))
    product = (form @ direction.ravel()).reshape(4, 3)
    errors = []
    for h in (context.mpf(10) ** (-digits // 4), context.mpf(10) ** (-digits // 4) / 2):
        up, down = w + direction * h, w - direction * h
        first = (loss(up, v, kernel=kernel) - loss(down, v, kernel=kernel)) / (2 * h)
        second = (gradient(up, v, kernel=kernel) - gradient(down, v, kernel=kernel)) / (
            2 * h
        )
        errors.append([first - (slope * direction).sum(), *(second - product).ravel()])
        assert max(abs(x) for x in errors[-1]) < h

    for x, y in zip(*errors, strict=True):
        assert abs(context.log(abs(x / y), 2) - 2) < 1e-3


def test_the_hessian_is_symmetric() -> None:
    """To the last bit in rational numbers, where nothing is rounded."""
    numbers = ObjectArrays(RATIONALS)
    rows = [generic_point(3, seed) for seed in range(3)]
    form = hessian(rows, kernel=Monomial(3), numbers=numbers)

    assert (form == form.T).all()
    assert all(form.flat)


@pytest.mark.parametrize("k", [3, 4, 6])
def test_spectrum_at_the_global_minimum(k: int) -> None:
    """The published eigenvalues and multiplicities at W = V = I_k."""
    pi = math.pi
    inner = np.roots(
        [16 * pi**2, -(8 * pi**2 + 4 * k * pi**2), k * pi**2 + pi**2 + 4 * pi - 4]
    )
    half = math.sqrt(k**2 * (pi - 2) ** 2 + 16 * (k - 1) * (pi - 1))
    outer = [(k * pi + 2 * k + 2 * pi + x) / (8 * pi) for x in (half, -half)]
    expected = sorted(
        [1 / 4 - 1 / (2 * pi)] * (k * (k - 1) // 2)
        + [1 / 4 + 1 / (2 * pi)] * (k * (k - 3) // 2)
        + list(inner) * (k - 1)
        + outer
    )

    assert len(expected) == k * k
    assert np.allclose(expected, np.linalg.eigvalsh(hessian(np.eye(k))), atol=1e-12)
    assert abs(gradient(np.eye(k))).max() < 1e-15


def test_the_published_point_of_seven_neurons() -> None:
    """The quoted digits of a spurious minimum make the gradient vanish to nine digits.

    Source:
        Safran, Yehudai and Shamir, arXiv:2006.01005; there the matrix is transposed.
    """
    quoted = [-0.6327039049, 0.1859910463, 0.2616910758, 0.9969227988, -0.0350801559]
    w: Floats = np.array(embed(Pattern.parse("1+(k-1)"), quoted, {"k": 7}))

    assert abs(gradient(w)).max() < 1e-9
    assert np.linalg.eigvalsh(hessian(w))[0] > 0
    assert loss(w) > 0.02


def near_parallel(context: Any, sign: int, e: Any) -> Any:
    """Three neurons; the second is 2 or -2 times the first, plus 2 e n."""
    n = np.array([context.mpf(x) for x in (0, 3, 4)]) / 5
    first = np.array([context.mpf(x) for x in (1, 0, 0)])
    other = np.array([context.mpf(x) for x in (-1, 3, 2)])
    return np.array([first, 2 * sign * first + 2 * e * n, other])


@pytest.mark.parametrize("sign", [1, -1])
def test_the_hessian_is_continuous_where_neurons_are_parallel(sign: int) -> None:
    """Its limits from both sides are its value there, although kappa_cc is infinite.

    The third derivative jumps.  In the direction m orthogonal to both neurons the mixed
    block is kappa_c = (pi - theta) / (2 pi), so it falls (equal rays) or rises
    (opposite ones) like |e| / (2 pi), on both sides.
    """
    (context,) = contexts(60)
    target = np.array(
        [[context.mpf(x) for x in row] for row in ((1, 2, 2), (0, 1, -1))]
    )
    middle = hessian(near_parallel(context, sign, context.mpf(0)), target)
    e = context.mpf(10) ** -20
    left, right = (hessian(near_parallel(context, sign, x), target) for x in (-e, e))
    m = np.array([0, -4, 3]) / context.mpf(5)

    for side in (left, right):
        assert abs(side - middle).max() < 10 * e
    mixed = (slice(0, 3), slice(3, 6))
    bend = m @ (left - 2 * middle + right)[mixed] @ m / e
    assert abs(bend + sign / context.pi) < context.mpf(10) ** -15
    assert abs(m @ middle[mixed] @ m - (1 + sign) / context.mpf(4)) < 1e-50


@pytest.mark.parametrize("sign", [1, -1])
def test_the_mixed_block_of_parallel_neurons_is_the_gaussian_mean(sign: int) -> None:
    """E sigma'(<w, x>) sigma'(<u, x>) x x^T is half the identity, or zero."""
    w = np.array([[1.0, 2.0, -1.0], [0.0, 0.0, 0.0]])
    w[1] = 3 * sign * w[0]
    mixed = hessian(w, [[1.0, 0.0, 2.0]])[:3, 3:]

    assert abs(mixed - np.eye(3) * (1 + sign) / 4).max() < 1e-14


def test_a_neuron_parallel_to_its_target() -> None:
    """The Hessian is that of nearby matrices, in doubles as well."""
    w = generic_matrix(3, 3)
    w[1] = [0.0, 0.7, 0.0]
    nearby = w + 1e-9 * generic_matrix(3, 3, seed=4)

    assert abs(hessian(w) - hessian(nearby)).max() < 1e-7
    assert np.isfinite(hessian(w)).all()


def test_nearly_parallel_vectors_lose_no_digits() -> None:
    """The sine of 1e-9 is invisible in a b - c^2, but not in the sum of squares."""
    (context,) = contexts(50)
    w = np.array([[1.0, 1e-9], [0.3, 1.0]])
    precise = np.vectorize(context.mpf, otypes=[object])(w)

    assert math.isclose(loss(precise), loss(w), rel_tol=1e-14)
    difference = gradient(w) - np.array(gradient(precise), dtype=float)
    assert abs(difference).max() < 1e-15


def balls_of(matrix: Floats, radius: float = 0.0) -> list[list[arb]]:
    """The matrix with balls for entries."""
    return [[arb(x, radius) for x in row] for row in matrix.tolist()]


@kernels
def test_balls_enclose(kernel: Kernel) -> None:
    """Of a matrix that is only known to 1e-6, and of one that is known exactly."""
    w, v = generic_matrix(4, 3), generic_matrix(3, 3, seed=8)
    inside = w + 9e-7 * np.sign(generic_matrix(4, 3, seed=5))
    (context,) = contexts(40)
    convert = np.vectorize(context.mpf, otypes=[object])
    for radius, point in ((0.0, w), (1e-6, inside)):
        for f in (loss, gradient, hessian):
            balls = np.atleast_1d(f(balls_of(w, radius), balls_of(v), kernel=kernel))
            exact = np.atleast_1d(f(convert(point), convert(v), kernel=kernel))
            for x, y in zip(balls.flat, exact.flat, strict=True):
                assert x.overlaps(arb(context.nstr(y, 35), "1e-30"))
                assert x.rad() < 10**9 * arb(radius) + arb("1e-9")


def test_balls_have_to_be_told_what_is_parallel() -> None:
    """A small ball around a parallel pair decides nothing; told so, it encloses."""
    w = generic_matrix(2, 2)
    w[1] = -2 * w[0]
    balls = [[arb(2).sqrt() * x for x in row] for row in balls_of(w)]
    expected = hessian(math.sqrt(2) * w)

    assert not all(x.is_finite() for x in hessian(balls).flat)
    told = hessian(balls, parallel={(1, 0): -1})
    for x, y in zip(told.flat, expected.flat, strict=True):
        assert x.overlaps(arb(y, 1e-13))
        assert x.rad() < 1e-13
    assert loss(balls, parallel={(0, 1): -1}).overlaps(
        arb(loss(math.sqrt(2) * w), 1e-13)
    )
    assert gradient(balls, parallel={(0, 1): -1})[0, 0].is_finite()


def test_a_zero_neuron_has_a_loss_and_no_gradient() -> None:
    """Unless the kernel is a polynomial."""
    w = generic_matrix(3, 3)
    w[1] = 0
    rest = w[[0, 2]]

    assert math.isclose(loss(rest, np.eye(3)), loss(w), rel_tol=1e-13)
    for f in (gradient, hessian):
        with pytest.raises(
            InputError, match=r"row 1 of W .* one-sided derivatives only"
        ):
            f(w)
    assert not gradient(w, kernel=Monomial(3))[1].any()
    assert np.isfinite(hessian(w, kernel=Monomial(2))).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target": [[1.0, 2.0]]}, "V should have 3 columns, not 2"),
        ({"parallel": {(0, 0): 1}}, "two different numbers from 0 to 4"),
        ({"parallel": {(0, 5): 1}}, "two different numbers from 0 to 4"),
        ({"parallel": {(0, 1): 2}}, "should be 1 or -1, got 2"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], message: str) -> None:
    """Shapes that do not fit, and pairs that are none."""
    with pytest.raises(InputError, match=message):
        Full(generic_matrix(2, 3), **({"target": np.eye(3)} | arguments))


@pytest.mark.parametrize("function", [loss, gradient, hessian])
def test_a_kernel_may_be_named(function: Callable[..., Any]) -> None:
    """As for a landscape."""
    w = generic_matrix(2, 3)

    named = function(w, kernel="c^3")

    assert np.array_equal(function(w, kernel=Monomial(3)), named)
    with pytest.raises(InputError, match="unknown kernel 'foo'; known are relu"):
        function(w, kernel="foo")


def test_pairs_are_counted_before_zero_targets_are_dropped() -> None:
    """Row 3 is the second row of V, the first being zero."""
    w = generic_matrix(2, 2)
    v = [[0.0, 0.0], (3 * w[0]).tolist(), [1.0, 5.0]]
    balls = balls_of(math.sqrt(2) * w)
    targets = [[arb(2).sqrt() * arb(x) for x in row] for row in v]
    told = hessian(balls, targets, parallel={(0, 3): 1})
    expected = hessian(math.sqrt(2) * w, math.sqrt(2) * np.array(v))

    for x, y in zip(told.flat, expected.flat, strict=True):
        assert x.overlaps(arb(y, 1e-12))
        assert x.is_finite()
