r"""Prove that the zeros of a family of systems form one analytic curve.

The family is F(x, s) = 0 with s in [-1, 1].  Around a polynomial curve c(s) take the
box c(s) + B, |B_i| <= b_i, and for each s the Krawczyk operator with a matrix Y(s):

    K(B) = -Y(s) F(c(s), s) + (1 - Y(s) F'(c(s) + B, s)) B.

If K(B) lies in the interior of B for every s, then for every s there is exactly one
zero in the box, F' is invertible there, and by the implicit function theorem the zeros
form one analytic curve over [-1, 1]: a tube.

Both terms are functions of s alone (the second one for each point of B).  They are
enclosed by their Taylor polynomials at s = 0, where large terms cancel because they are
computed at a point, plus Lagrange's remainder over [-1, 1], which is small.  Plain
balls over [-1, 1] would destroy the cancellation.

Derivations: derivations/points.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from flint import arb, arb_mat, arb_poly, arb_series

from symcrit.arith.ballseries import coefficient_matrices, evaluate_polynomial
from symcrit.arith.precision import series_length, working_precision
from symcrit.certify.krawczyk import finite_entries, upper_bound

__all__ = [
    "Polynomial",
    "SystemFamily",
    "Tube",
    "approx_curve",
    "certify_tube",
    "check_tube",
]

Polynomial: TypeAlias = tuple[arb, ...]
"""Exact coefficients, from the constant term on."""

_PRECONDITIONER_DEGREE = 2
"""Y(s) follows the inverse of the Jacobian along the curve to this degree."""

_BOX_FACTORS = (16, 256, 4096)
"""Boxes are so many times as wide as the residual, in turn."""

_NARROWEST = 48
"""No box is narrower than 2^-48 relative to its scale."""

_WIDEST = 6
"""No box is wider than 2^-6 relative to its scale."""

_CONVERGED = 24
"""Newton's method for the centre stops at a step below 2^-24 of the scale; the next
step would be about the square of that."""

_MAX_NEWTON_STEPS = 8


class SystemFamily(Protocol):
    """Square systems F(x, s) that depend on s in [-1, 1], over power series."""

    def value(self, x: Sequence[arb_series], s: arb_series) -> Sequence[arb_series]:
        """F(x, s), of length n."""
        ...

    def slope(
        self, x: Sequence[arb_series], s: arb_series
    ) -> Sequence[Sequence[arb_series]]:
        """The derivative of F by x, n by n."""
        ...


@dataclass(frozen=True, slots=True)
class Tube:
    """A curve of zeros, one for each s in [-1, 1], with its proof.

    Attributes:
        centre: the polynomial curve c(s), one polynomial for each coordinate.
        radii: b; for each s there is exactly one zero x with |x_i - c_i(s)| <= b_i.
        image: narrower bounds for |x_i - c_i(s)| at the zeros.
        preconditioner: the exact coefficients of Y(s).
        order: of the Taylor polynomials in the proof.
        prec: the working precision in bits.
    """

    centre: tuple[Polynomial, ...]
    radii: tuple[arb, ...]
    image: tuple[arb, ...]
    preconditioner: tuple[arb_mat, ...]
    order: int
    prec: int

    def enclosure(self, s: arb) -> list[arb]:
        """Balls that contain the zeros for all s in a ball inside [-1, 1]."""
        return self._around(s, self.image)

    def holds(self, point: Sequence[arb], s: arb) -> bool:
        """Whether the point lies in the box of each s of a ball, certainly.

        If the point is a zero for such an s, it then is the zero of the tube.
        """
        if not (abs(s) <= 1):
            return False
        with working_precision(self.prec):
            return all(
                abs(x - arb_poly(list(c))(s)) < b
                for x, c, b in zip(point, self.centre, self.radii, strict=True)
            )

    def _around(self, s: arb, radii: Sequence[arb]) -> list[arb]:
        with working_precision(self.prec):
            return [
                arb_poly(list(c))(s) + arb(0, b)
                for c, b in zip(self.centre, radii, strict=True)
            ]

    def continued(self, middle: arb, stretch: arb) -> tuple[Polynomial, ...]:
        """The centre as polynomials in u, s = middle + stretch * u; also outside."""
        with working_precision(self.prec):
            line = arb_poly([middle, stretch])
            return tuple(
                tuple(x.mid() for x in arb_poly(list(c))(line).coeffs())
                for c in self.centre
            )


def approx_curve(
    family: SystemFamily,
    start: Sequence[Polynomial],
    scales: Sequence[arb],
    *,
    order: int,
    prec: int,
) -> tuple[tuple[Polynomial, ...], list[arb_mat]] | None:
    """The Taylor polynomials of a curve of zeros at s = 0, without any bound.

    Newton's method over truncated power series, in the middle of balls.

    Args:
        family: the systems.
        start: polynomials near the curve; constants will do.
        scales: the size of each coordinate, for the stopping rule.
        order: how many coefficients are wanted.
        prec: working precision in bits.

    Returns:
        The polynomials, and the coefficients of an approximate inverse of the Jacobian
        along them; None if the method did not converge.
    """
    with working_precision(prec), series_length(order):
        s = arb_series([0, 1])
        curve = [[*c, *([arb(0)] * order)][:order] for c in start]
        tolerance = arb(2) ** -_CONVERGED
        for _ in range(_MAX_NEWTON_STEPS):
            x = [arb_series(c) for c in curve]
            try:
                values = coefficient_matrices([[y] for y in family.value(x, s)], order)
                slopes = coefficient_matrices(family.slope(x, s), order)
            except (ValueError, ArithmeticError):
                return None
            inverse = slopes[0].mid().inv(nonstop=True).mid()
            step = _solve_series(inverse, slopes, values)
            if not all(finite_entries(move) for move in step):
                return None
            curve = [
                [(a - move[i, 0]).mid() for a, move in zip(c, step, strict=True)]
                for i, c in enumerate(curve)
            ]
            sizes = [
                sum((abs(move[i, 0]) for move in step), arb(0))
                for i in range(len(curve))
            ]
            if all(x <= tolerance * y for x, y in zip(sizes, scales, strict=True)):
                centre = tuple(tuple(c) for c in curve)
                return centre, _inverse_series(inverse, slopes)
    return None


def _solve_series(
    inverse: arb_mat, slopes: Sequence[arb_mat], values: Sequence[arb_mat]
) -> list[arb_mat]:
    """Solve (sum slopes s^m) x = sum values s^m, order by order, in the middle."""
    found: list[arb_mat] = []
    for m, right in enumerate(values):
        rest = right.mid()
        for i in range(1, m + 1):
            rest = (rest - slopes[i].mid() * found[m - i]).mid()
        found.append((inverse * rest).mid())
    return found


def _inverse_series(inverse: arb_mat, slopes: Sequence[arb_mat]) -> list[arb_mat]:
    """Some coefficients of the inverse of a series of matrices, in the middle."""
    found = [inverse]
    for m in range(1, min(_PRECONDITIONER_DEGREE + 1, len(slopes))):
        rest = slopes[m].mid() * found[0]
        for i in range(1, m):
            rest = (rest + slopes[i].mid() * found[m - i]).mid()
        found.append((-(inverse * rest)).mid())
    return found


def certify_tube(
    family: SystemFamily,
    centre: Sequence[Polynomial],
    preconditioner: Sequence[arb_mat],
    scales: Sequence[arb],
    *,
    order: int,
    prec: int,
) -> Tube | None:
    """Prove that near a polynomial curve there is one curve of zeros.

    Args:
        family: the systems.
        centre: c, exact polynomials; their constant terms are zeros up to rounding.
        preconditioner: exact coefficients of Y(s).
        scales: the size of each coordinate, which sets the shape of the box.
        order: M, the order of the remainders.
        prec: working precision in bits.

    Returns:
        A tube; None if the test did not succeed, which proves nothing.
    """
    with working_precision(prec):
        inverse = [y.mid() for y in preconditioner]
        try:
            residual = _bound(_times(inverse, _values(family, centre, order)))
        except (ValueError, ArithmeticError):
            return None
        offset = [residual[i, 0] for i in range(len(centre))]
        if not all(x.is_finite() for x in offset):
            return None
        relative = arb(2) ** -_NARROWEST
        for x, scale in zip(offset, scales, strict=True):
            relative = relative.max(x / scale).upper()
        for factor in _BOX_FACTORS:
            width = factor * relative
            if not width < arb(2) ** -_WIDEST:
                return None
            outer = [upper_bound(width * scale) for scale in scales]
            try:
                products = _times(inverse, _slopes(family, centre, outer, order))
            except (ValueError, ArithmeticError):
                continue
            products[0] = _identity(len(centre)) - products[0]
            radii = _radii(offset, _bound(products), outer)
            if radii is not None:
                return Tube(tuple(centre), *radii, tuple(inverse), order, prec)
    return None


def check_tube(
    family: SystemFamily,
    centre: Sequence[Polynomial],
    radii: Sequence[arb],
    preconditioner: Sequence[arb_mat],
    *,
    order: int,
    prec: int,
) -> Tube | None:
    """Test a given box around a given curve, without searching for another.

    Args:
        family: the systems.
        centre: c, exact polynomials.
        radii: b, exact and positive.
        preconditioner: exact coefficients of Y(s).
        order: M, the order of the remainders.
        prec: working precision in bits.

    Returns:
        The tube with these radii; None if the test did not succeed.
    """
    with working_precision(prec):
        inverse = [y.mid() for y in preconditioner]
        try:
            residual = _bound(_times(inverse, _values(family, centre, order)))
            products = _times(inverse, _slopes(family, centre, radii, order))
        except (ValueError, ArithmeticError):
            return None
        products[0] = _identity(len(centre)) - products[0]
        spread = _bound(products)
        if not finite_entries(residual) or not finite_entries(spread):
            return None
        image = [
            x.upper()
            for x in (spread * arb_mat(len(radii), 1, list(radii)) + residual).entries()
        ]
        if not all(x < b for x, b in zip(image, radii, strict=True)):
            return None
    return Tube(tuple(centre), tuple(radii), tuple(image), tuple(inverse), order, prec)


def _values(
    family: SystemFamily, centre: Sequence[Polynomial], order: int
) -> list[arb_mat]:
    """F(c(s), s): Taylor coefficients at 0, and the last one over all of [-1, 1]."""
    with series_length(order):
        s = arb_series([0, 1])
        x = [evaluate_polynomial(c, s) for c in centre]
        found = coefficient_matrices([[y] for y in family.value(x, s)], order)
    with series_length(order + 1):
        s = arb_series([arb(0, 1), 1])
        x = [evaluate_polynomial(c, s) for c in centre]
        last = coefficient_matrices([[y] for y in family.value(x, s)], order + 1)
    return [*found, last[order]]


def _slopes(
    family: SystemFamily,
    centre: Sequence[Polynomial],
    outer: Sequence[arb],
    order: int,
) -> list[arb_mat]:
    """The same for the Jacobian at c(s) + e, for all e in a box."""
    box = [arb(0, b) for b in outer]
    with series_length(order):
        s = arb_series([0, 1])
        x = [evaluate_polynomial(c, s) + e for c, e in zip(centre, box, strict=True)]
        found = coefficient_matrices(family.slope(x, s), order)
    with series_length(order + 1):
        s = arb_series([arb(0, 1), 1])
        x = [evaluate_polynomial(c, s) + e for c, e in zip(centre, box, strict=True)]
        last = coefficient_matrices(family.slope(x, s), order + 1)
    return [*found, last[order]]


def _times(left: Sequence[arb_mat], right: Sequence[arb_mat]) -> list[arb_mat]:
    """The coefficients of the product of two polynomials of matrices."""
    products = [
        [a * right[m - i] for i, a in enumerate(left) if 0 <= m - i < len(right)]
        for m in range(len(left) + len(right) - 1)
    ]
    totals = []
    for terms in products:
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        totals.append(total)
    return totals


def _bound(polynomial: Sequence[arb_mat]) -> arb_mat:
    """Upper bounds of the absolute values of all entries for s in [-1, 1]."""
    first = polynomial[0]
    return arb_mat(
        [
            [
                sum((upper_bound(m[i, j]) for m in polynomial), arb(0)).upper()
                for j in range(first.ncols())
            ]
            for i in range(first.nrows())
        ]
    )


def _identity(n: int) -> arb_mat:
    return arb_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])


def _radii(
    offset: Sequence[arb], spread: arb_mat, outer: Sequence[arb]
) -> tuple[tuple[arb, ...], tuple[arb, ...]] | None:
    """Find b <= outer with offset + spread b < b, and the bound on the left.

    The inverse of 1 - spread is only used to guess b; the inequality is then checked.
    """
    n = len(offset)
    if not finite_entries(spread):
        return None
    column = arb_mat(n, 1, list(outer))
    guess = ((_identity(n) - spread).mid().inv(nonstop=True).mid() * column).mid()
    if not finite_entries(guess) or not all(x > 0 for x in guess.entries()):
        return None
    shrink = min((b / g).mid() for b, g in zip(outer, guess.entries(), strict=True))
    radii = [
        (shrink * g).mid().min(b) for g, b in zip(guess.entries(), outer, strict=True)
    ]
    image = spread * arb_mat(n, 1, radii) + arb_mat(n, 1, list(offset))
    bounds = [x.upper() for x in image.entries()]
    if all(
        x.is_finite() and x < b <= c
        for x, b, c in zip(bounds, radii, outer, strict=True)
    ):
        return tuple(radii), tuple(bounds)
    return None
