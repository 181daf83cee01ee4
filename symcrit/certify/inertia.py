r"""The signs of the Hessian's blocks along a whole curve of critical points.

Over a stretch the critical points are x(s) = c(s) + e(s) with |e_i(s)| <= b_i.  For
each fixed e a block H(c(s) + e, s) is an analytic function of s, and Taylor's formula
with Lagrange's remainder gives matrices of balls with

    H(x(s), s)  in  H_0 + H_1 s + ... + H_{M-1} s^{M-1} + H_M s^M,    -1 <= s <= 1.

For an exact matrix Q the congruent Q^T H Q has as many negative eigenvalues as H if Q
is invertible (Sylvester).  If over a part of the interval all Gershgorin discs of Q^T H
Q miss zero, then it is regular there, so Q is invertible, and the number of negative
eigenvalues is the number of discs to the left of zero, at each s of the part.  Where Q
comes from is no matter of the proof.

Where a copy of a component vanishes at an integer size, the block becomes singular for
a reason that has nothing to do with the landscape.  So a component is asked about only
above the last such size.

Derivations: derivations/uniform.md.

Source:
    Gershgorin 1931; Sylvester's law of inertia.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import arb, arb_mat, arb_poly, arb_series

from symcrit.arith.balls import ball_of
from symcrit.arith.ballseries import coefficient_matrices, evaluate_polynomial
from symcrit.arith.precision import series_length, working_precision
from symcrit.certify.krawczyk import finite_entries, upper_bound
from symcrit.certify.stretches import InK, Stretch
from symcrit.landscapes.blocks import hessian_blocks
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.components import Component, Decomposition

__all__ = [
    "BlockCurve",
    "SignPiece",
    "block_curves",
    "last_break",
    "sign_pieces",
]

_SHORTEST = 20
"""Parts of a stretch are halved at most so often."""

_LEAST_SCALE = 2.0**-30
"""Eigenvalues below this times the largest are scaled as if they were that large."""


@dataclass(frozen=True)
class BlockCurve:
    """A block along a stretch, as a matrix polynomial in s with remainder.

    Attributes:
        component: the isotypic component.
        coefficients: H_0, ..., H_M: matrices of balls.
        norms: the squared norms of the adapted matrices, as polynomials in s with
            remainder; they are used to find good bases only.
        prec: working precision in bits.
    """

    component: Component
    coefficients: tuple[arb_mat, ...]
    norms: tuple[arb_mat, ...]
    prec: int

    def negatives(self, basis: arb_mat, low: Fraction, high: Fraction) -> int | None:
        """The number of negative eigenvalues for all s in [low, high].

        Args:
            basis: Q, exact and square.
            low: the least s, at least -1.
            high: the greatest s, at most 1.

        Returns:
            The number, the same for all s; None if it was not proved.

        Raises:
            ValueError: the interval is none of [-1, 1].
        """
        if not -1 <= low <= high <= 1:
            message = f"[{low}, {high}] is no interval in [-1, 1]"
            raise ValueError(message)
        with working_precision(self.prec):
            exact = basis.mid()
            middle, spread = _centred(
                [exact.transpose() * m * exact for m in self.coefficients], low, high
            )
            if not finite_entries(middle) or not finite_entries(spread):
                return None
            return _count(middle, spread)

    def approx_basis(self, s: Fraction, *, scaled: bool = True) -> arb_mat:
        """Approximate eigenvectors at one s, as columns.

        Args:
            s: in [-1, 1].
            scaled: whether to scale them so that Q^T H Q is near +-1; else the adapted
                matrices that they stand for have norm one.
        """
        with working_precision(self.prec):
            at = ball_of(s)
            matrix = _doubles(_value(self.coefficients, at))
            norms = np.abs(_doubles(_value(self.norms, at)).ravel())
        n = len(norms)
        unit = np.sqrt(np.maximum(norms, norms.max() * np.finfo(float).eps))
        normed = matrix / np.outer(unit, unit)
        if not np.isfinite(normed).all() or not normed.any():
            return arb_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])
        values, vectors = np.linalg.eigh((normed + normed.T) / 2)
        sizes = np.maximum(np.abs(values), _LEAST_SCALE * np.abs(values).max())
        columns = vectors / unit[:, None]
        if scaled:
            columns = columns / np.sqrt(sizes)[None, :]
        return arb_mat(n, n, [float(x) for x in columns.ravel()])


@dataclass(frozen=True, slots=True)
class SignPiece:
    """Part of a stretch on which a block has a constant number of negative eigenvalues.

    Attributes:
        low: the least k.
        high: the greatest k.
        basis: Q, exact; None where the number was not proved.
        negative: the number; None if it was not proved.
    """

    low: Fraction
    high: Fraction
    basis: arb_mat | None
    negative: int | None


def block_curves(
    landscape: Landscape, stretch: Stretch, components: Iterable[Component]
) -> list[BlockCurve]:
    """The blocks of some components along a stretch.

    Args:
        landscape: the landscape.
        stretch: a tube of critical points over an interval of k.
        components: the components, with all the copies that are wanted.

    Raises:
        ArithmeticError: the tube is too wide, or some pairs may become parallel in it.
    """
    try:
        return _block_curves(landscape, stretch, tuple(components))
    except ValueError as error:  # a division by a series that may vanish
        raise ArithmeticError(str(error)) from error


def _block_curves(
    landscape: Landscape, stretch: Stretch, wanted: tuple[Component, ...]
) -> list[BlockCurve]:
    """The curves; errors are those of series."""
    only = Decomposition(landscape.structure.pattern, wanted)
    tube = stretch.tube
    family = InK(landscape, stretch.low, stretch.high)
    with working_precision(tube.prec):
        box = [arb(0, b) for b in tube.image]
        with series_length(tube.order):
            first = _block_series(family, stretch, box, arb(0), only, tube.order)
        with series_length(tube.order + 1):
            whole = arb(0, 1)
            last = _block_series(family, stretch, box, whole, only, tube.order + 1)
    return [
        BlockCurve(
            component,
            (*a[0], b[0][tube.order]),
            (*a[1], b[1][tube.order]),
            tube.prec,
        )
        for component, a, b in zip(wanted, first, last, strict=True)
    ]


def _block_series(
    family: InK,
    stretch: Stretch,
    box: Sequence[arb],
    start: arb,
    only: Decomposition,
    length: int,
) -> list[tuple[list[arb_mat], list[arb_mat]]]:
    """Taylor coefficients of the blocks and of their norms at the points of a ball."""
    s = arb_series([start, 1])
    x = [
        evaluate_polynomial(c, s) + e
        for c, e in zip(stretch.tube.centre, box, strict=True)
    ]
    return [
        (
            coefficient_matrices(block.entries, length),
            coefficient_matrices([block.norms], length),
        )
        for block in hessian_blocks(family.at(x, s), only)
    ]


def last_break(landscape: Landscape, component: Component) -> Fraction:
    """The k above which a component and all its copies are there at every size.

    Example:
        >>> from symcrit.landscapes.gram import Structure
        >>> from symcrit.landscapes.kernels import Relu
        >>> from symcrit.symmetry.components import decompose
        >>> from symcrit.symmetry.patterns import Pattern
        >>> land = Landscape(Relu(), Structure.build(Pattern.parse("1+(k-1)")))
        >>> for component in decompose(land.structure.pattern).components:
        ...     print(component.name, last_break(land, component))
        1 2
        s_2 3
        x_2 3
        y_2 4
    """
    pattern = landscape.structure.pattern
    needs = [*component.labels.items()]
    for copy in component.copies:
        needs += copy.least
    bounds = [Fraction(0)]
    for group, least in needs:
        size = pattern.sizes[group]
        slope = dict(size.terms).get("k", Fraction(0))
        if slope > 0:
            bounds.append((least - 1 - size.const) / slope)
    return max(bounds)


def sign_pieces(
    curve: BlockCurve, stretch: Stretch, lowest: Fraction
) -> list[SignPiece]:
    """Parts of a stretch with proved signs, and short ones without, k descending.

    Args:
        curve: the block along the stretch.
        stretch: the stretch.
        lowest: nothing is asked below this k.
    """
    width = stretch.high - stretch.low
    low = max(Fraction(-1), (2 * lowest - stretch.high - stretch.low) / width)
    found: list[SignPiece] = []
    waiting = [(low, Fraction(1), 0)] if low < 1 else []
    while waiting:
        a, b, depth = waiting.pop()
        middle = (a + b) / 2
        basis = curve.approx_basis(middle)
        negative = curve.negatives(basis, a, b)
        if (
            negative is None
            and depth < _SHORTEST
            and not _is_open(curve, (a, middle, b))
        ):
            waiting += [(a, middle, depth + 1), (middle, b, depth + 1)]
            continue
        found.append(
            SignPiece(
                stretch.low + (a + 1) * width / 2,
                stretch.low + (b + 1) * width / 2,
                None if negative is None else basis,
                negative,
            )
        )
    return found


def _is_open(curve: BlockCurve, points: Sequence[Fraction]) -> bool:
    """Whether halving is in vain: even at single points the signs are not proved."""
    return all(curve.negatives(curve.approx_basis(s), s, s) is None for s in points)


def _value(coefficients: Sequence[arb_mat], at: arb) -> arb_mat:
    total = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        total = total * at + coefficient
    return total


def _centred(
    coefficients: Sequence[arb_mat], low: Fraction, high: Fraction
) -> tuple[arb_mat, arb_mat]:
    """Values at the middle of an interval, and bounds of the distances to others."""
    middle, radius = ball_of((low + high) / 2), ball_of((high - low) / 2)
    line = arb_poly([middle, radius])
    n = coefficients[0].nrows()
    values, spreads = [], []
    for i in range(n):
        for j in range(n):
            shifted = arb_poly([m[i, j] for m in coefficients])(line)
            values.append(shifted[0])
            rest = (upper_bound(shifted[m]) for m in range(1, len(coefficients)))
            spreads.append(sum(rest, arb(0)).upper())
    return arb_mat(n, n, values), arb_mat(n, n, spreads)


def _count(middle: arb_mat, spread: arb_mat) -> int | None:
    """The number of discs to the left of zero; None if one may touch it."""
    n = middle.nrows()
    negative = 0
    for i in range(n):
        radius = sum((upper_bound(middle[i, j]) for j in range(n) if j != i), arb(0))
        radius += sum((spread[i, j] for j in range(n)), arb(0))
        if middle[i, i] + radius < 0:
            negative += 1
        elif not middle[i, i] - radius > 0:
            return None
    return negative


def _doubles(matrix: arb_mat) -> np.ndarray:
    entries = [float(x.mid()) for x in matrix.entries()]
    return np.array(entries).reshape(matrix.nrows(), matrix.ncols())
