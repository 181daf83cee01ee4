"""Certified eigenvalues and signs of a small symmetric matrix of balls.

Multiple and nearly equal eigenvalues are the rule here, not the exception, so nothing
is divided by a gap.  Let Q have approximate eigenvectors as columns.

*Eigenvalues.*  Q^-1 A Q has the eigenvalues of A, and off its diagonal it is small.  By
Gershgorin's theorem they lie in the discs around its diagonal entries, and a union of
discs that is disjoint from the others holds as many eigenvalues as it has discs.

*Signs.*  Y^T A Y has as many negative eigenvalues as A if Y is invertible (Sylvester).
With the columns of Q scaled by |eigenvalue|^(-1/2) its diagonal is near +1 and -1, so
that a small eigenvalue is not drowned in the uncertainty of a large one; the signs are
again read off Gershgorin discs.

A poor Q can only make the discs larger: where they come from is not part of the proof.

Source:
    Gershgorin 1931; Rump, Verification methods, Acta Numerica 2010, section 13.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from flint import arb, arb_mat

from symcrit.arith.precision import working_precision

__all__ = ["SymmetricSpectrum", "approx_eigenvectors", "enclose_eigenvalues"]

_MAX_SWEEPS = 60
"""Jacobi's method converges quadratically; this is far beyond what was ever needed."""

_SPARE_BITS = 8
"""Entries below 2^(8 - prec) of the largest are left as they are."""

_DOUBLE_BITS = 53


@dataclass(frozen=True)
class SymmetricSpectrum:
    """The eigenvalues of a symmetric matrix, one ball for each, and their signs.

    Attributes:
        values: balls that can be matched with the eigenvalues, counted with
            multiplicity, so that each contains its own; ascending by midpoint.
        signs: for each ball 1, -1, 0 or None: as many eigenvalues are proved to be
            positive, negative or exactly zero as there are entries 1, -1 or 0; of the
            others the sign is open.
        vectors: approximate eigenvectors as columns, in the order of the values.
    """

    values: tuple[arb, ...]
    signs: tuple[int | None, ...]
    vectors: arb_mat

    @property
    def negative(self) -> int | None:
        """The number of negative eigenvalues, None if a sign is open."""
        return None if None in self.signs else self.signs.count(-1)


def enclose_eigenvalues(
    matrix: arb_mat, *, prec: int, rough: bool = False
) -> SymmetricSpectrum | None:
    """Enclose the eigenvalues of the symmetric matrices in a ball matrix.

    What is stated holds for every symmetric matrix whose entries lie in the balls.

    Args:
        matrix: n by n balls.
        prec: the working precision in bits.
        rough: be content with the vectors that doubles give, which is faster and
            encloses about as many digits as doubles have.

    Returns:
        The spectrum; None if an entry is not finite or the approximate eigenvectors
        could not be proved to be a basis.

    Example:
        >>> found = enclose_eigenvalues(arb_mat([[2, 1], [1, 2]]), prec=64)
        >>> [value.str(5) for value in found.values], found.signs
        (['[1.0000 +/- ...]', '[3.0000 +/- ...]'], (1, 1))
    """
    n = matrix.nrows()
    if not all(x.is_finite() for x in matrix.entries()):
        return None
    zero = [i for i in range(n) if all(matrix[i, j].is_zero() for j in range(n))]
    rest = [i for i in range(n) if i not in zero]
    with working_precision(prec):
        kept = arb_mat([[matrix[i, j] for j in rest] for i in rest])
        found = _enclose_regular(kept, prec, rough) if rest else ([], [], kept)
    if found is None:
        return None
    values, signs, vectors = found
    columns = [
        [vectors[rest.index(i), j] if i in rest else arb(0) for i in range(n)]
        for j in range(len(rest))
    ]
    columns += [[arb(int(i == at)) for i in range(n)] for at in zero]
    values += [arb(0)] * len(zero)
    signs += [0] * len(zero)
    order = sorted(range(n), key=lambda j: values[j].mid())
    return SymmetricSpectrum(
        tuple(values[j] for j in order),
        tuple(signs[j] for j in order),
        arb_mat([columns[j] for j in order]).transpose(),
    )


def _enclose_regular(
    matrix: arb_mat, prec: int, rough: bool
) -> tuple[list[arb], list[int | None], arb_mat] | None:
    """Eigenvalues, signs and vectors, in the order of the vectors."""
    vectors = approx_eigenvectors(matrix.mid(), prec=prec, rough=rough)
    try:
        similar = vectors.inv() * matrix * vectors
    except ZeroDivisionError:
        return None
    discs = _discs(similar)
    if not all(disc.is_finite() for disc in discs):
        return None
    values = [discs[0]] * len(discs)
    signs = _signs(discs)
    for group in _components(discs):
        hull = discs[group[0]]
        for i in group[1:]:
            hull = hull.union(discs[i])
        for i in group:
            values[i] = hull
    if None in signs:
        # The inverse above proves that the vectors are a basis.
        scaled = _scaled(vectors, similar)
        better = _signs(_discs(scaled.transpose() * matrix * scaled))
        if better.count(None) < signs.count(None):
            signs = better
    return values, signs, vectors


def _discs(matrix: arb_mat) -> list[arb]:
    """The real parts of the Gershgorin discs of the rows."""
    discs = []
    for i, row in enumerate(matrix.tolist()):
        radius = sum((abs(x) for j, x in enumerate(row) if j != i), arb(0))
        discs.append((row[i] - radius).union(row[i] + radius))
    return discs


def _components(discs: Sequence[arb]) -> list[list[int]]:
    """The numbers of the discs, grouped by the connected sets that they form."""
    groups = [[i] for i in range(len(discs))]
    for i, j in combinations(range(len(discs)), 2):
        if discs[i].overlaps(discs[j]):
            first = next(group for group in groups if i in group)
            second = next(group for group in groups if j in group)
            if first is not second:
                groups.remove(second)
                first += second
    return groups


def _signs(discs: Sequence[arb]) -> list[int | None]:
    """The sign of each disc, None for all discs of a set that contains zero."""
    signs: list[int | None] = [None] * len(discs)
    for group in _components(discs):
        for sign, proved in (
            (1, all(discs[i] > 0 for i in group)),
            (-1, all(discs[i] < 0 for i in group)),
        ):
            for i in group if proved else ():
                signs[i] = sign
    return signs


def _scaled(vectors: arb_mat, similar: arb_mat) -> arb_mat:
    """The vectors times powers of two near |eigenvalue|^(-1/2); none is zero."""
    n = vectors.nrows()
    scales = []
    for i in range(n):
        size = similar[i, i].abs_upper()
        mantissa, exponent = size.man_exp()
        bits = int(exponent) + int(mantissa).bit_length() if size > 0 else 0
        scales.append(arb(2) ** (-(bits // 2)))
    return arb_mat([[vectors[i, j] * scales[j] for j in range(n)] for i in range(n)])


# --------------------------------------------------------------- the search for vectors


def approx_eigenvectors(matrix: arb_mat, *, prec: int, rough: bool = False) -> arb_mat:
    """Approximate orthonormal eigenvectors of a symmetric matrix, as columns.

    LAPACK's vectors are made orthogonal to the working precision, and Jacobi rotations
    do the rest; they work as well for multiple eigenvalues as for simple ones.

    Args:
        matrix: n by n, symmetric, without radii.
        prec: the working precision in bits.
        rough: leave out the rotations.
    """
    with working_precision(prec):
        if rough:
            return _approx_eigenvectors_double(matrix)
        vectors = _orthonormal(_approx_eigenvectors_double(matrix), prec)
        for _ in range(_MAX_SWEEPS):
            rotated = (vectors.transpose() * matrix * vectors).mid()
            rotation = _sweep(rotated.tolist(), prec)
            if rotation is None:
                break
            vectors = (vectors * arb_mat(rotation)).mid()
        return _orthonormal(vectors, prec)


def _approx_eigenvectors_double(matrix: arb_mat) -> arb_mat:
    """Eigenvectors in double precision; the identity where doubles do not reach."""
    n = matrix.nrows()
    doubles = np.array([float(x) for x in matrix.entries()]).reshape(n, n)
    if not np.isfinite(doubles).all():
        doubles = np.zeros((n, n))
    vectors = np.linalg.eigh(doubles)[1]
    return arb_mat(n, n, [float(x) for x in vectors.ravel()])


def _orthonormal(vectors: arb_mat, prec: int) -> arb_mat:
    """The nearest orthonormal basis, by Newton's method from an almost orthonormal one.

    The error 1 - Q^T Q is about squared in each step, so the number of steps follows
    from the precision.
    """
    n = vectors.nrows()
    three = arb_mat([[3 * int(i == j) for j in range(n)] for i in range(n)])
    steps = max(1, math.ceil(math.log2(prec / (_DOUBLE_BITS - _SPARE_BITS))))
    for _ in range(steps):
        vectors = (vectors * (three - vectors.transpose() * vectors) / 2).mid()
    return vectors


def _sweep(entries: list[list[arb]], prec: int) -> list[list[arb]] | None:
    """One round of Jacobi rotations on a symmetric matrix.

    Returns:
        The product of the rotations, or None if nothing had to be rotated.
    """
    n = len(entries)
    product = [[arb(int(i == j)) for j in range(n)] for i in range(n)]
    largest = max(abs(entries[i][i]).upper() for i in range(n))
    negligible = largest * arb(2) ** (_SPARE_BITS - prec)
    turned = False
    for p, q in combinations(range(n), 2):
        if abs(entries[p][q]) <= negligible:
            continue
        turned = True
        c, s = _rotation(entries[p][p], entries[p][q], entries[q][q])
        for row in (*entries, *product):
            x, y = row[p], row[q]
            row[p], row[q] = (c * x - s * y).mid(), (s * x + c * y).mid()
        above, below = entries[p], entries[q]
        entries[p] = [(c * x - s * y).mid() for x, y in zip(above, below, strict=True)]
        entries[q] = [(s * x + c * y).mid() for x, y in zip(above, below, strict=True)]
    return product if turned else None


def _rotation(a: arb, b: arb, d: arb) -> tuple[arb, arb]:
    """Cosine and sine of the smaller rotation that makes [[a, b], [b, d]] diagonal."""
    slope = ((d - a) / (2 * b)).mid()
    tangent = 1 / (abs(slope) + (slope * slope + 1).sqrt())
    if slope < 0:
        tangent = -tangent
    cosine = (tangent * tangent + 1).rsqrt()
    return cosine.mid(), (tangent * cosine).mid()
