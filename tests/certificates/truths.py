"""What is true of a critical point, found on full matrices in high precision.

Nothing here comes from the checker.  A truth labels claims as true or false.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from math import factorial, prod
from typing import Any

import numpy as np
from flint import arb, arb_mat, arb_poly, fmpq

from symcrit.arith.balls import BALLS
from symcrit.arith.precision import working_precision
from symcrit.certify.points import certify_point
from symcrit.core.errors import InputError
from symcrit.landscapes.full import gradient, hessian, loss
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import kernel_named
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.eigenvalues import enclose_spectrum
from symcrit.symmetry.patterns import Pattern

DIGITS = 50
_PREC = 256
_TINY = Fraction(1, 10**35)
"""Two numbers that agree to this are one; no claim is that sharp."""

UNIQUE = Fraction(1, 10**6)
"""Boxes up to this size around one of the points used here hold no other."""


@dataclass(frozen=True)
class Truth:
    """The true values of everything that a certificate claims.

    Attributes:
        fixed: kernel, pattern, variables, target and formal.
        parameters: by name.
        loss: the loss.
        blocks: multiplicity and ascending eigenvalues, by component.
        exact: whether the isotropy group is that of the pattern; None where there is no
            matrix.
    """

    fixed: Mapping[str, Any]
    parameters: Mapping[str, Fraction]
    loss: Fraction
    blocks: Mapping[str, tuple[Fraction, tuple[Fraction, ...]]]
    exact: bool | None

    @property
    def index(self) -> Fraction:
        """The number of negative eigenvalues of the full Hessian."""
        return sum(
            (
                many * sum(x < 0 for x in values)
                for many, values in self.blocks.values()
            ),
            Fraction(0),
        )


def find_truth(land: Landscape, start: list[arb], claim: Mapping[str, Any]) -> Truth:
    """Find the point in high precision and look at it as a full matrix."""
    variables = {n: Fraction(x) for n, x in claim["variables"].items()}
    point = certify_point(land, start, variables, digits=DIGITS)
    with working_precision(_PREC):
        values = {n: _middle(x) for n, x in point.parameters.items()}
        spectrum = enclose_spectrum(
            land, [_ball(x) for x in values.values()], variables, prec=_PREC
        )
        blocks = {
            b.component: (
                b.dimension.at(variables),
                tuple(_middle(x) for x in b.eigenvalues),
            )
            for b in spectrum.blocks
        }
        exact = None
        if not claim["formal"]:
            exact = _confirm(land, variables, values, point.loss, blocks)
    keys = ("kernel", "pattern", "variables", "target", "formal")
    fixed = {key: claim[key] for key in keys}
    return Truth(fixed, values, _middle(point.loss), blocks, exact)


def _confirm(
    land: Landscape,
    variables: Mapping[str, Fraction],
    values: Mapping[str, Fraction],
    lost: arb,
    blocks: Mapping[str, tuple[Fraction, tuple[Fraction, ...]]],
) -> bool:
    """Compare with the full matrix; returns whether its isotropy is the pattern's."""
    pattern, kernel = land.structure.pattern, land.kernel
    target = {n: Fraction(x) for n, x in land.structure.target.items()}
    weights = _expand(pattern, variables, values, of_target=False)
    teacher = _expand(pattern, variables, target, of_target=True)
    w, v = _as_array(weights), _as_array(teacher)
    assert all(abs(x) < 1e-40 for x in gradient(w, v, kernel=kernel).ravel())
    assert abs(loss(w, v, kernel=kernel) - lost) < 1e-40
    form = arb_mat(hessian(w, v, kernel=kernel).tolist())
    expected = arb_poly([1])
    for many, eigenvalues in blocks.values():
        for x in eigenvalues:
            expected *= arb_poly([-_ball(x), 1]) ** int(many)
    difference = form.charpoly() - expected
    assert form.nrows() == expected.degree()
    assert all(abs(x) < 1e-30 for x in difference.coeffs())
    sizes = [x.substitute(variables).const for x in pattern.sizes.values()]
    return _symmetries(weights) == prod(factorial(int(n)) for n in sizes)


def _expand(
    pattern: Pattern,
    variables: Mapping[str, Fraction],
    values: Mapping[str, Fraction],
    *,
    of_target: bool,
) -> list[list[Fraction]]:
    """The full matrix of W or V."""
    blocks = pattern.targets if of_target else pattern.rows
    orbits = pattern.target_parameters if of_target else pattern.parameters
    table = {(q.row, q.column, q.kind): values.get(q.name, Fraction(0)) for q in orbits}
    sizes = {g: int(n.substitute(variables).const) for g, n in pattern.sizes.items()}

    def points(groups: Any) -> list[tuple[int, str | None, int]]:
        return [
            (b, block.group, i)
            for b, block in enumerate(groups)
            for i in range(1 if block.group is None else sizes[block.group])
        ]

    return [
        [
            table[b, c, "m" if g is None or g != h else "d" if i == j else "o"]
            for c, h, j in points(pattern.columns)
        ]
        for b, g, i in points(blocks)
    ]


def _symmetries(weights: list[list[Fraction]]) -> int:
    """How many pairs of permutations fix the matrix, by brute force."""
    known: list[Fraction] = []

    def number(x: Fraction) -> int:
        for i, y in enumerate(known):
            if abs(x - y) < _TINY:
                return i
        known.append(x)
        return len(known) - 1

    entries = [[number(x) for x in row] for row in weights]
    wanted = sorted(zip(*entries, strict=True))
    swaps = prod(factorial(wanted.count(c)) for c in set(wanted))
    return swaps * sum(
        sorted(zip(*rows, strict=True)) == wanted for rows in permutations(entries)
    )


def _as_array(rows: list[list[Fraction]]) -> Any:
    return np.array([[_ball(x) for x in row] for row in rows], dtype=object)


def _ball(x: Fraction) -> arb:
    return arb(fmpq(x.numerator, x.denominator))


def _middle(x: arb) -> Fraction:
    q = x.mid().fmpq()
    return Fraction(int(q.p), int(q.q))


def label(document: Mapping[str, Any], truth: Truth) -> bool | None:
    """Whether everything that a certificate records is true; None if not decided.

    Args:
        document: a certificate with the words that belong to its claim.
        truth: the truth about the point that it was made from.
    """
    claim, evidence = document["claim"], document["evidence"]
    if any(claim[key] != value for key, value in truth.fixed.items()):
        return None if _critical(claim, evidence) else False
    sizes = {len(evidence["centre"]), len(evidence["radii"]), len(truth.parameters)}
    if set(claim["parameters"]) != set(truth.parameters) or len(sizes) > 1:
        return False
    statements = [
        all(_holds(claim["parameters"][n], x) for n, x in truth.parameters.items()),
        _holds(claim["loss"], truth.loss),
        claim["smoothness"] in ("analytic", "C2"),
        claim["isotropy"] != "exact" or truth.exact is True,
        claim["isotropy"] is None or truth.exact is not None,
        _blocks(claim["blocks"], truth),
        _index(claim, truth),
    ]
    box = [
        (_dyadic(c), _dyadic(r), x)
        for c, r, x in zip(
            evidence["centre"],
            evidence["radii"],
            truth.parameters.values(),
            strict=True,
        )
    ]
    statements.append(all(abs(c - x) <= r for c, r, x in box))
    if evidence["exact_point"] is not None:
        statements.append(
            [Fraction(x) for x in evidence["exact_point"]]
            == list(truth.parameters.values())
        )
    if not all(statements):
        return False
    return None if any(r > UNIQUE for _, r, _ in box) else True


def _critical(claim: Mapping[str, Any], evidence: Mapping[str, Any]) -> bool:
    """Whether the box may hold a critical point of another landscape."""
    try:
        pattern = Pattern.parse(claim["pattern"])
        target = {n: Fraction(x) for n, x in (claim["target"] or {}).items()}
        structure = Structure.build(pattern, target if claim["target"] else None)
        variables = {n: Fraction(x) for n, x in claim["variables"].items()}
        sizes = [n.substitute(variables) for n in pattern.sizes.values()]
        kernel = kernel_named(claim["kernel"])
    except InputError:
        return False
    if not all(n.is_constant and n.const > 0 for n in sizes):
        return False
    if claim["formal"] is all(n.const.denominator == 1 for n in sizes):
        return False
    sizes_of = {len(evidence[key]) for key in ("centre", "radii")}
    names = set(pattern.names)
    if names != set(claim["parameters"]) or sizes_of != {len(pattern.names)}:
        return False
    with working_precision(_PREC):
        box = [
            _ball(_dyadic(c)) + arb(0, _ball(_dyadic(r)))
            for c, r in zip(evidence["centre"], evidence["radii"], strict=True)
        ]
        sides = {n: _ball(x) for n, x in variables.items()}
        slopes = Landscape(kernel, structure).at(BALLS, box, sides).gradient()
    return not any(x > 0 or x < 0 for x in slopes)


def _blocks(blocks: list[dict[str, Any]], truth: Truth) -> bool:
    if sorted(b["component"] for b in blocks) != sorted(truth.blocks):
        return False
    for block in blocks:
        many, values = truth.blocks[block["component"]]
        right = [
            block["copies"] == len(values) == len(block["eigenvalues"]),
            block["multiplicity"] is not None
            and Fraction(block["multiplicity"]) == many,
            block["negative"] in (None, sum(x < 0 for x in values)),
            block["zero"] in (None, 0),
            all(map(_holds, block["eigenvalues"], values)),
        ]
        if not all(right):
            return False
    return True


def _index(claim: Mapping[str, Any], truth: Truth) -> bool:
    if claim["formal"]:
        index = claim["morse_index"] is None and claim["index_bounds"] is None
    else:
        least, most = claim["index_bounds"] or ("0", str(truth.index))
        index = claim["morse_index"] in (None, str(truth.index)) and (
            int(least) <= truth.index <= int(most)
        )
    return index and claim["minimum"] in (None, truth.index == 0)


def _holds(ball: Mapping[str, str], x: Fraction) -> bool:
    return abs(Fraction(ball["mid"]) - x) <= Fraction(ball["rad"])


def _dyadic(text: str) -> Fraction:
    mantissa, _, exponent = text.partition("*2^")
    return int(mantissa) * Fraction(2) ** int(exponent)
