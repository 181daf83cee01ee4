r"""Prove that a box holds exactly one zero, by the Krawczyk operator.

For a square system f, a box X with midpoint m, and any matrix Y, put

    K(X) = m - Y f(m) + (1 - Y f'(X)) (X - m).

Every zero of f in X lies in K(X), by the mean value theorem.  If K(X) lies in the
interior of X, then f' is invertible on X and X holds exactly one zero; if K(X) misses
X, then X holds none.  So Y is a matter of luck, not of trust: a poor one can only make
the answer UNKNOWN.

If f depends on parameters and its values are enclosed for all of them, then the answer
holds for each value of the parameters.

Derivations: derivations/points.md.

Source:
    Krawczyk, Computing 4 (1969) 187-201; Neumaier, Interval Methods for Systems of
    Equations, Cambridge 1990, chapter 5.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flint import arb, arb_mat

from symcrit.arith.precision import working_precision
from symcrit.core.truth import Truth

__all__ = [
    "Enclosure",
    "Hypothesis",
    "certify_zero",
    "column_of",
    "finite_entries",
    "krawczyk_test",
    "upper_bound",
]

System: TypeAlias = Callable[[arb_mat], arb_mat]
"""From an n-by-1 ball matrix to an n-by-1 (f) or n-by-n (f') ball matrix."""

_INFLATION = 2
"""A box is this many times as wide as the Newton step or image that it should hold."""

_MAX_INFLATIONS = 4

_BOX_BITS = ((1, 2), (3, 4))
"""A box is at least 2^(-prec * ratio) wide relative to its centre, ratios in turn.

The image of a box is narrower by the square of its relative width, so a box of half the
precision costs no accuracy and proves uniqueness in a larger neighbourhood.
"""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One condition of a theorem and whether it was verified.

    Attributes:
        name: what has to hold.
        holds: whether it does; UNKNOWN if balls could not tell.
        detail: what was seen, for a person.

    Example:
        >>> import symcrit
        >>> print(symcrit.family("A").point(k=6).proof.hypotheses[5].name)
        the image lies in the interior of the box
    """

    name: str
    holds: Truth
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What the Krawczyk test proved about one box.

    Attributes:
        unique: TRUE if the box holds exactly one zero, FALSE if it holds none.
        box: X, an n-by-1 ball matrix.
        image: K(X), n by 1; where ``unique`` is true the zero lies in it.
        preconditioner: Y, n by n, exact.
        prec: the working precision in bits.
        hypotheses: the conditions of the theorem as they were checked.

    Example:
        >>> import symcrit
        >>> found = symcrit.family("A").point(k=6).proof.enclosure
        >>> found.unique.value, found.box.nrows(), found.box.contains(found.image)
        ('TRUE', 2, True)

    Source:
        Krawczyk 1969; derivations/points.md.
    """

    unique: Truth
    box: arb_mat
    image: arb_mat
    preconditioner: arb_mat
    prec: int
    hypotheses: tuple[Hypothesis, ...]


def krawczyk_test(
    system: System,
    jacobian: System,
    box: arb_mat,
    *,
    prec: int,
    preconditioner: arb_mat | None = None,
) -> Enclosure:
    """Apply the Krawczyk operator once and read off what it proves.

    Args:
        system: f, from n-by-1 to n-by-1 ball matrices.
        jacobian: f', from n-by-1 to n-by-n ball matrices.
        box: X, n by 1; its midpoint serves as m.
        prec: working precision in bits.
        preconditioner: Y, n by n; radii are dropped.  Default: an approximate inverse
            of f'(m).

    Returns:
        An enclosure; ``unique`` is FALSE only if the box certainly holds no zero.

    Example:
        >>> found = krawczyk_test(
        ...     lambda x: arb_mat([[x[0, 0] * x[0, 0] - 2]]),
        ...     lambda x: arb_mat([[2 * x[0, 0]]]),
        ...     arb_mat([[arb(1.4, 0.1)]]),
        ...     prec=64,
        ... )
        >>> found.unique, found.image[0, 0].contains(arb(2).sqrt())
        (<Truth.TRUE: 'TRUE'>, True)
    """
    with working_precision(prec):
        middle = box.mid()
        if preconditioner is None:
            preconditioner = _approximate_inverse(jacobian(middle))
        inverse = preconditioner.mid()
        value, slope = system(middle), jacobian(box)
        identity = _identity(box.nrows())
        image = middle - inverse * value + (identity - inverse * slope) * (box - middle)
    finite = {
        "the box is bounded": finite_entries(box),
        "the preconditioner is a matrix of numbers": finite_entries(inverse),
        "the system is bounded at the midpoint": finite_entries(value),
        "the Jacobian is bounded on the whole box": finite_entries(slope),
        "the image is bounded": finite_entries(image),
    }
    bounded = all(finite.values())
    pairs = list(zip(box.entries(), image.entries(), strict=True))
    inside = bounded and all(x.contains_interior(y) for x, y in pairs)
    outside = bounded and any(not x.overlaps(y) for x, y in pairs)
    hypotheses = [
        Hypothesis(name, Truth.of(true=holds, false=False))
        for name, holds in finite.items()
    ]
    unique = Truth.of(true=inside, false=outside)
    hypotheses.append(Hypothesis("the image lies in the interior of the box", unique))
    return Enclosure(unique, box, image, inverse, prec, tuple(hypotheses))


def certify_zero(
    system: System,
    jacobian: System,
    centre: Sequence[arb],
    *,
    prec: int,
    preconditioner: arb_mat | None = None,
) -> Enclosure:
    """Find a box around an approximate zero that holds exactly one, by inflation.

    Args:
        system: f.
        jacobian: f'.
        centre: the approximate zero, n balls; radii are dropped.
        prec: working precision in bits.
        preconditioner: Y, n by n; default: an approximate inverse of f'(centre).

    Returns:
        The first enclosure that proves a unique zero, or else the last one tried.
    """
    with working_precision(prec):
        middle = [x.mid() for x in centre]
        column = column_of(middle)
        if preconditioner is None:
            preconditioner = _approximate_inverse(jacobian(column))
        step = preconditioner.mid() * system(column)
        sizes = [abs(x) for x in middle]
        least = min((s for s in sizes if s > 0), default=arb(1))
        scales = [s if s > 0 else least for s in sizes]
    found = None
    for top, bottom in _BOX_BITS:
        reach = [upper_bound(x) for x in step.entries()]
        for _ in range(_MAX_INFLATIONS):
            with working_precision(prec):
                floor = arb(2) ** (-(prec * top // bottom))
                radii = [
                    upper_bound(_INFLATION * r + floor * s)
                    for r, s in zip(reach, scales, strict=True)
                ]
                box = column_of(
                    [x + arb(0, r) for x, r in zip(middle, radii, strict=True)]
                )
            found = krawczyk_test(
                system, jacobian, box, prec=prec, preconditioner=preconditioner
            )
            if found.unique.is_true:
                return found
            if not finite_entries(found.image):
                break
            with working_precision(prec):
                reach = [upper_bound(x) for x in (found.image - column).entries()]
    assert found is not None
    return found


def column_of(entries: Sequence[arb]) -> arb_mat:
    """An n-by-1 matrix of balls."""
    return arb_mat(len(entries), 1, list(entries))


def finite_entries(matrix: arb_mat) -> bool:
    """Whether every entry is a bounded ball; a NaN anywhere makes the answer no."""
    return all(x.is_finite() for x in matrix.entries())


def upper_bound(x: arb) -> arb:
    """An exact number that no point of the ball exceeds in absolute value."""
    return x.abs_upper()


def _identity(n: int) -> arb_mat:
    return arb_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])


def _approximate_inverse(matrix: arb_mat) -> arb_mat:
    return matrix.mid().inv(nonstop=True).mid()
