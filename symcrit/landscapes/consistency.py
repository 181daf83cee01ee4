"""Numerical checks that the formulas of a landscape mean what they should.

The closed form of the kernel is compared with its definition, the sizes of the orbits
with the size of the matrix, and the reduced equations with the gradient of the loss at
whole matrices and with the derivatives of the reduced loss, and the blocks of the
Hessian with the Hessian of full size on adapted matrices.  Everything is computed in
balls at a few rational points: balls that do not meet refute a formula, balls that meet
show agreement to so many digits and prove nothing.

Derivations: derivations/kernel.md, derivations/reduced.md, derivations/hessian.md.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from flint import acb, arb

from symcrit.arith.balls import BALLS, ball_of
from symcrit.arith.jets import Jet, Jets
from symcrit.arith.precision import working_precision
from symcrit.core.truth import Truth
from symcrit.landscapes.blocks import hessian_blocks
from symcrit.landscapes.full import Full
from symcrit.landscapes.kernels import Gram, Kernel, Monomial, Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.components import AdaptedMatrix, Decomposition, decompose
from symcrit.symmetry.matrices import block_sizes, embed, embed_target
from symcrit.symmetry.patterns import Block, Pattern, Point

__all__ = [
    "Comparison",
    "check_blocks",
    "check_equations",
    "check_kernel",
    "check_orbits",
]

_Vector: TypeAlias = Sequence[Fraction]

_PAIRS = (
    ((Fraction(1), Fraction(0)), (Fraction(1, 2), Fraction(3, 4))),
    ((Fraction(2), Fraction(1)), (Fraction(-1), Fraction(1, 3))),
    ((Fraction(1), Fraction(2)), (Fraction(-2), Fraction(-7, 2))),
)
_AGREEMENT_BITS = 24
"""Balls that meet count as agreement if they are narrower than 2^-24."""

_SIZES = (5, 6, 7, 8, 9, 10, 11, 12)
_WANTED_SIZES = 3
_WANTED_FULL_SIZES = 2


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two ways to the same numbers.

    Attributes:
        compared: how many numbers were compared.
        digits: all differences are below 10^(-digits); None if all are exactly zero.
        outcome: TRUE if all agree, FALSE if two certainly differ, UNKNOWN if there was
            nothing to compare or the balls are too wide.
    """

    compared: int
    digits: int | None
    outcome: Truth


def check_kernel(kernel: Kernel, *, prec: int = 128) -> Comparison:
    """Compare the closed form of a kernel with its definition at a few vectors.

    For the ReLU kernel the definition is a Gaussian integral, enclosed by quadrature
    with a bound of its error; for a monomial it is an inner product of tensors.

    Args:
        kernel: the kernel.
        prec: working precision in bits.

    Example:
        >>> check_kernel(Relu()).outcome
        <Truth.TRUE: 'TRUE'>
    """
    definition = _definition(kernel)
    if definition is None:
        return Comparison(0, None, Truth.UNKNOWN)
    with working_precision(prec):
        return _compare(
            (_closed_form(kernel, w, v), definition(w, v)) for w, v in _PAIRS
        )


def check_orbits(landscape: Landscape) -> Comparison:
    """Compare the sum of the sizes of the orbits of entries with rows times columns.

    Both are polynomials of degree at most 2 in every variable of the sizes, and they
    are compared at enough values to be equal if they agree.

    Example:
        >>> from symcrit.landscapes.reduced import landscape
        >>> check_orbits(landscape(pattern="2+(k-2)")).outcome
        <Truth.TRUE: 'TRUE'>
    """
    pattern = landscape.structure.pattern
    variables = sorted(pattern.variables)

    def pairs() -> Iterable[tuple[arb, arb]]:
        for values in product(_SIZES[:_WANTED_SIZES], repeat=len(variables)):
            at = {name: arb(x) for name, x in zip(variables, values, strict=True)}
            counts = [
                pattern.evaluate_count(count, BALLS, at)
                for count in landscape.orbit_counts
            ]
            rows = pattern.count_rows().evaluate(BALLS, at)
            yield (
                sum(counts, arb(0)),
                rows * pattern.count_columns().evaluate(BALLS, at),
            )

    return _compare(pairs())


def check_equations(landscape: Landscape, *, prec: int = 128) -> Comparison:
    """Compare the reduced loss and gradient with those at whole matrices.

    The reduced gradient is also compared with the derivatives of the reduced loss.

    Args:
        landscape: with sizes that depend on k alone.
        prec: working precision in bits.

    Example:
        >>> from symcrit.landscapes.reduced import landscape
        >>> check_equations(landscape(pattern="1+(k-1)")).outcome
        <Truth.TRUE: 'TRUE'>
    """
    with working_precision(prec):
        return _compare(
            pair for k in _sizes(landscape) for pair in _equations_at(landscape, k)
        )


def check_blocks(landscape: Landscape, *, prec: int = 128) -> dict[str, Comparison]:
    """Compare the blocks of the Hessian with the Hessian of full size.

    Args:
        landscape: with sizes that depend on k alone.
        prec: working precision in bits.

    Returns:
        For each component the comparison of all entries of its block with the quadratic
        form of the full Hessian on the adapted matrices, and of their squared norms.

    Example:
        >>> from symcrit.landscapes.gram import Structure
        >>> from symcrit.symmetry.patterns import Pattern
        >>> land = Landscape(Relu(), Structure.build(Pattern.parse("k")))
        >>> {name: found.outcome.value for name, found in check_blocks(land).items()}
        {'1': 'TRUE', 's_1': 'TRUE', 'x_1': 'TRUE', 'y_1': 'TRUE'}
    """
    whole = decompose(landscape.structure.pattern)
    pairs: dict[str, list[tuple[arb, arb]]] = {c.name: [] for c in whole.components}
    with working_precision(prec):
        for k in _sizes_with_all_copies(landscape, whole):
            for name, pair in _blocks_at(landscape, whole, k):
                pairs[name].append(pair)
        return {name: _compare(found) for name, found in pairs.items()}


def _sizes_with_all_copies(landscape: Landscape, whole: Decomposition) -> list[int]:
    """The smallest k that are compared, at which no component lacks a copy."""
    pattern = landscape.structure.pattern
    found = []
    for k in _SIZES:
        at = {"k": Fraction(k)}
        sizes = [size.substitute(at) for size in pattern.sizes.values()]
        if any(not size.is_constant or size.const.denominator != 1 for size in sizes):
            continue
        if whole.at(at) == whole:
            found.append(k)
    return found[:_WANTED_FULL_SIZES]


def _blocks_at(
    landscape: Landscape, whole: Decomposition, k: int
) -> Iterable[tuple[str, tuple[arb, arb]]]:
    structure = landscape.structure
    pattern, variables = structure.pattern, {"k": k}
    point = _generic_point(pattern)
    full = Full(
        embed(pattern, point, variables),
        embed_target(pattern, structure.target, variables),
        kernel=landscape.kernel,
    )
    count = int(full.gradient().size)
    rows = full.hessian().reshape(count, count).tolist()
    at = landscape.at(BALLS, point, {"k": arb(k)})
    for block in hessian_blocks(at, whole):
        name = block.component.name
        adapted = [_written_out(pattern, u, k) for u in block.component.copies]
        for a, u in enumerate(adapted):
            yield name, (block.norms[a], arb(sum(x * x for x in u.values())))
            for b, v in enumerate(adapted):
                form = sum(
                    (x * y * rows[i][j] for i, x in u.items() for j, y in v.items()),
                    arb(0),
                )
                yield name, (block.entries[a][b], form)


def _written_out(pattern: Pattern, u: AdaptedMatrix, k: int) -> dict[int, int]:
    """The entries of an adapted matrix that are not zero, by their place."""
    rows = _points(pattern, pattern.rows, k)
    columns = _points(pattern, pattern.columns, k)
    entries = {
        i * len(columns) + j: u.entry(pattern, row, column)
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    }
    return {place: x for place, x in entries.items() if x}


def _points(pattern: Pattern, blocks: Sequence[Block], k: int) -> list[Point]:
    sizes = block_sizes(pattern, blocks, {"k": k})
    return [Point(b, i) for b, size in enumerate(sizes) for i in range(size)]


def _sizes(landscape: Landscape) -> list[int]:
    """A few k at which every block is a set of at least two."""
    pattern = landscape.structure.pattern
    blocks = [b for b in (*pattern.rows, *pattern.columns) if b.group is not None]
    found = []
    for k in _SIZES:
        sizes = [
            size.substitute({"k": Fraction(k)}).const
            for size in map(pattern.size_of, blocks)
        ]
        if all(size >= 2 and size.denominator == 1 for size in sizes):
            found.append(k)
    return found[:_WANTED_SIZES]


def _equations_at(landscape: Landscape, k: int) -> Iterable[tuple[arb, arb]]:
    structure = landscape.structure
    pattern, variables = structure.pattern, {"k": k}
    point = _generic_point(pattern)
    reduced = landscape.at(BALLS, point, {"k": arb(k)})
    gradient = reduced.gradient()
    full = Full(
        embed(pattern, point, variables),
        embed_target(pattern, structure.target, variables),
        kernel=landscape.kernel,
    )
    yield reduced.loss(), full.loss()
    entries = zip(
        full.gradient().ravel().tolist(),
        [x for row in embed(pattern, gradient, variables) for x in row],
        strict=True,
    )
    yield from entries
    jets = Jets(BALLS)
    directions = [
        Jet(x, {name: arb(1)}) for name, x in zip(pattern.names, point, strict=True)
    ]
    loss = landscape.at(jets, directions, {"k": Jet(arb(k), {})}).loss()
    for name, count, entry in zip(
        pattern.names, landscape.orbit_counts, gradient, strict=True
    ):
        yield loss.slopes[name], reduced.grams.times(count, entry)


def _generic_point(pattern: Pattern) -> list[arb]:
    """Rational parameters at which no vectors are parallel."""
    return [
        ball_of(Fraction(3 * i * i - 7 * i + 5, 4 + i))
        for i in range(len(pattern.parameters))
    ]


def _compare(pairs: Iterable[tuple[arb, arb]]) -> Comparison:
    differences = [x - y for x, y in pairs]
    narrow = arb(2) ** -_AGREEMENT_BITS
    largest = max((x.abs_upper() for x in differences), default=arb(0))
    digits = math.floor(-math.log10(float(largest))) if largest > 0 else None
    return Comparison(
        len(differences),
        digits,
        Truth.of(
            true=bool(differences)
            and all(x.contains(0) and x.abs_upper() < narrow for x in differences),
            false=any(not x.contains(0) and x.is_finite() for x in differences),
        ),
    )


def _closed_form(kernel: Kernel, w: _Vector, v: _Vector) -> arb:
    a, b, c = _dot(w, w), _dot(v, v), _dot(w, v)
    s2 = (w[0] * v[1] - w[1] * v[0]) ** 2
    gram = Gram(ball_of(a), ball_of(b), ball_of(c), ball_of(s2))
    return kernel.value(BALLS, gram, kernel.frame(BALLS, gram, "w.v"))


def _definition(kernel: Kernel) -> Callable[[_Vector, _Vector], arb] | None:
    match kernel:
        case Relu():
            return _gaussian_integral
        case Monomial(degree):
            return lambda w, v: _tensor_product(degree, w, v)
        case _:
            return None


def _tensor_product(degree: int, w: _Vector, v: _Vector) -> arb:
    """The inner product of the symmetric tensors of two vectors, entry by entry."""
    total = Fraction(0)
    for index in product(range(len(w)), repeat=degree):
        total += math.prod((w[i] * v[i] for i in index), start=Fraction(1))
    return ball_of(total)


def _gaussian_integral(w: _Vector, v: _Vector) -> arb:
    """E relu(<w, x>) relu(<v, x>) in polar coordinates of the plane.

    The integral over the radius of r^3 exp(-r^2 / 2) is 2.  Both inner products are
    positive on an arc: where the half circles around the two vectors meet.
    """
    angle = arb.atan2(ball_of(w[0] * v[1] - w[1] * v[0]), ball_of(_dot(w, v)))
    right_angle = arb.pi() / 2
    low = arb(0).max(angle) - right_angle
    high = arb(0).min(angle) + right_angle
    length_w, length_v = ball_of(_dot(w, w)).sqrt(), ball_of(_dot(v, v)).sqrt()

    def integrand(x: acb, _analytic: bool) -> acb:
        return x.cos() * (x - angle).cos()

    found = acb.integral(integrand, low, high).real
    return length_w * length_v * found / arb.pi()


def _dot(w: _Vector, v: _Vector) -> Fraction:
    return sum((x * y for x, y in zip(w, v, strict=True)), Fraction(0))
