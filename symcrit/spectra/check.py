"""A second look at an enclosed spectrum, by another way than the one that made it.

Each ball is to contain an eigenvalue of its block, so the determinant of the block
minus that ball contains zero; the sum of the balls contains the trace; a ball that
excludes zero has the sign that was stated.  A ball for which the determinant excludes
zero contains no eigenvalue, so a wrong one is refuted, not merely doubted.

Derivations: derivations/hessian.md.
"""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from symcrit.arith.balls import BALLS
from symcrit.arith.precision import working_precision
from symcrit.core.truth import Truth
from symcrit.landscapes.blocks import hessian_blocks
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.eigenvalues import BlockSpectrum, Spectrum, block_matrix
from symcrit.spectra.sizes import Variable, as_ball, components_at

__all__ = ["check_spectrum"]


def check_spectrum(
    landscape: Landscape,
    point: Sequence[arb],
    variables: Mapping[str, Variable],
    spectrum: Spectrum,
) -> dict[str, Truth]:
    """Ask the blocks of the Hessian whether they have the stated eigenvalues.

    Args:
        landscape: the landscape.
        point: balls that contain the point, in the order of the pattern.
        variables: the variables of the sizes, such as k.
        spectrum: what was stated.

    Returns:
        For each component FALSE if a ball certainly contains no eigenvalue, a sign is
        wrong, or the number of eigenvalues is; TRUE if nothing speaks against it and
        all signs are stated.

    Example:
        >>> from symcrit.landscapes.gram import Structure
        >>> from symcrit.landscapes.kernels import Relu
        >>> from symcrit.spectra.eigenvalues import enclose_spectrum
        >>> from symcrit.symmetry.patterns import Pattern
        >>> land = Landscape(Relu(), Structure.build(Pattern.parse("k")))
        >>> point, k = [arb("-0.9"), arb("0.2")], {"k": 20}
        >>> found = check_spectrum(land, point, k, enclose_spectrum(land, point, k))
        >>> {name: outcome.value for name, outcome in found.items()}
        {'1': 'TRUE', 's_1': 'TRUE', 'x_1': 'TRUE', 'y_1': 'TRUE'}
    """
    stated = {block.component: block for block in spectrum.blocks}
    with working_precision(spectrum.prec):
        balls = {name: as_ball(x) for name, x in variables.items()}
        at = landscape.at(BALLS, point, balls)
        blocks = hessian_blocks(at, components_at(landscape, variables))
        found = {}
        for block in blocks:
            name = block.component.name
            shown = stated.pop(name, None)
            found[name] = (
                Truth.FALSE if shown is None else _check(block_matrix(block), shown)
            )
    return found | dict.fromkeys(stated, Truth.FALSE)


def _check(matrix: arb_mat, stated: BlockSpectrum) -> Truth:
    n = matrix.nrows()
    values, signs = stated.eigenvalues, stated.signs
    if not len(values) == len(signs) == n:
        return Truth.FALSE
    outcomes = [_has(matrix, x) for x in values]
    outcomes += [_fits(x, sign) for x, sign in zip(values, signs, strict=True)]
    trace = sum((matrix[i, i] for i in range(n)), arb(0))
    total = sum(values, arb(0))
    outcomes.append(Truth.of(true=total.overlaps(trace), false=_apart(total, trace)))
    return Truth.all_of(outcomes)


def _has(matrix: arb_mat, value: arb) -> Truth:
    """Whether nothing speaks against an eigenvalue in a ball."""
    n = matrix.nrows()
    shifted = arb_mat(
        [[matrix[i, j] - (value if i == j else 0) for j in range(n)] for i in range(n)]
    )
    determinant = shifted.det()
    return Truth.of(
        true=determinant.is_finite() and determinant.contains(0),
        false=determinant.is_finite() and not determinant.contains(0),
    )


def _fits(value: arb, sign: int | None) -> Truth:
    wrong = (
        (sign == 1 and value <= 0)
        or (sign == -1 and value >= 0)
        or (sign == 0 and not value.contains(0))
    )
    return Truth.of(true=sign is not None and not wrong, false=wrong)


def _apart(x: arb, y: arb) -> bool:
    return bool(x.is_finite() and y.is_finite() and not x.overlaps(y))
