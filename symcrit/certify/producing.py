"""From a proved point to a certificate that was checked once before it is handed out.

Derivations: derivations/certificates.md.
"""

from collections.abc import Mapping
from fractions import Fraction

from flint import arb, arb_mat

from symcrit.arith.balls import BALLS, CLOSED_BALLS, ball_of
from symcrit.arith.precision import working_precision
from symcrit.certificates.documents import Certificate
from symcrit.certificates.records import (
    BlockClaim,
    Evidence,
    IsotropyClaim,
    PointClaim,
    Source,
)
from symcrit.certificates.texts import DecimalBall, dyadic_text
from symcrit.certify.checking import check_certificate
from symcrit.certify.krawczyk import Enclosure
from symcrit.certify.separation import has_exact_isotropy
from symcrit.core.errors import UndecidedError
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.recorded import RecordedLandscape
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.eigenvalues import (
    LARGE_BLOCK,
    BlockSpectrum,
    Spectrum,
    block_matrix,
    enclose_spectrum,
)
from symcrit.spectra.sizes import components_at
from symcrit.spectra.symmetric import approx_eigenvectors
from symcrit.symmetry.patterns import Pattern

__all__ = ["make_certificate"]

DIGITS = 20
"""The digits of parameters and loss in a claim."""

EIGENVALUE_DIGITS = 12

EIGENVALUE_BITS = 45

LEAST_BITS = 53
"""Nobody checks with less."""

LARGE_BLOCK_ERROR = 1e-12
"""Relative to the largest eigenvalue of a large block."""

CONDITIONER_BITS = (64, None)
"""The preconditioner is rounded to so many bits; to none if that is too coarse."""


def make_certificate(
    pattern: Pattern,
    variables: Mapping[str, Fraction],
    landscape: Landscape | RecordedLandscape,
    values: Mapping[str, Fraction],
    enclosure: Enclosure,
    loss: arb,
    *,
    source: Source | None = None,
) -> Certificate:
    """The certificate of a point, checked.

    Args:
        pattern: the pattern of the claim.
        variables: the values of the variables in its text.
        landscape: the landscape of the proof, with the same blocks.
        values: the values of the variables in its sizes.
        enclosure: what the Krawczyk test proved.
        loss: a ball that contains the loss.
        source: the matrix near which the point was looked for.

    Raises:
        UndecidedError: the certificate does not stand the check.
    """
    image = enclosure.image.entries()
    spectrum = enclose_spectrum(landscape, image, values, prec=EIGENVALUE_BITS)
    if isinstance(landscape, Landscape):
        landscape = RecordedLandscape(landscape, tapes=False)
    plain = landscape.landscape
    structure = plain.structure
    claim = PointClaim(
        kernel=plain.kernel.name,
        pattern=pattern.text,
        variables=dict(variables),
        target={name: x for name, x in structure.target.items() if x},
        parameters={
            name: DecimalBall.around(x, DIGITS)
            for name, x in zip(pattern.names, image, strict=True)
        },
        loss=DecimalBall.around(loss, DIGITS),
        smoothness="C2" if structure.near else "analytic",
        isotropy=_isotropy(pattern, variables, image, spectrum),
        blocks=tuple(_block(block) for block in spectrum.blocks),
    )
    exact = _exact_point(structure, enclosure)
    bases = _bases(landscape, image, values) if _is_large(spectrum) else {}
    why = ""
    for bits in CONDITIONER_BITS:
        evidence = _evidence(enclosure, bits, bases, exact)
        certificate = Certificate(claim, evidence, source)
        result = check_certificate(certificate)
        if result.outcome.is_true:
            return certificate
        why = result.why
    message = f"the certificate does not stand its own check: {why}"
    raise UndecidedError(message, hint="report it with the command line")


def _isotropy(
    pattern: Pattern,
    variables: Mapping[str, Fraction],
    parameters: list[arb],
    spectrum: Spectrum,
) -> IsotropyClaim | None:
    if any(block.multiplicity is None for block in spectrum.blocks):
        return None
    exact = has_exact_isotropy(pattern, parameters, variables)
    return "exact" if exact.is_true else "contains"


def _is_large(spectrum: Spectrum) -> bool:
    return any(len(block.eigenvalues) > LARGE_BLOCK for block in spectrum.blocks)


def _bases(
    landscape: RecordedLandscape,
    parameters: list[arb],
    values: Mapping[str, Fraction],
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Approximate eigenvectors of large blocks, as combinations of adapted matrices."""
    present = components_at(landscape.landscape, values)
    lib = CLOSED_BALLS if landscape.landscape.structure.near else BALLS
    found = {}
    with working_precision(EIGENVALUE_BITS * 2):
        sizes = {name: ball_of(x) for name, x in values.items()}
        blocks = landscape.blocks(lib, parameters, sizes, present)
        for block in blocks:
            if len(block.norms) > LARGE_BLOCK:
                vectors = approx_eigenvectors(
                    block_matrix(block).mid(), prec=EIGENVALUE_BITS, rough=True
                )
                found[block.component.name] = tuple(
                    tuple(dyadic_text(x) for x in row)
                    for row in _rounded(
                        arb_mat(
                            [
                                [x / norm.sqrt() for x in row]
                                for row, norm in zip(
                                    vectors.tolist(), block.norms, strict=True
                                )
                            ]
                        ).mid(),
                        EIGENVALUE_BITS,
                    ).tolist()
                )
    return found


def _block(block: BlockSpectrum) -> BlockClaim:
    values = list(block.eigenvalues)
    if len(values) > LARGE_BLOCK:
        # Whoever checks has eigenvectors in doubles, and sums of many of their errors.
        largest = max((x.abs_upper() for x in values), key=float)
        values = [x + arb(0, largest * LARGE_BLOCK_ERROR) for x in values]
    return BlockClaim(
        block.component,
        len(block.eigenvalues),
        block.multiplicity,
        block.negative,
        block.signs.count(0),
        tuple(DecimalBall.around(x, EIGENVALUE_DIGITS) for x in values),
    )


def _exact_point(
    structure: Structure, enclosure: Enclosure
) -> tuple[Fraction, ...] | None:
    """The target, if it lies in the box: then it is the one critical point there."""
    target = structure.target_point
    if target is None:
        return None
    box = enclosure.box.entries()
    inside = all(x.contains(ball_of(q)) for x, q in zip(box, target, strict=True))
    return target if inside else None


def _evidence(
    enclosure: Enclosure,
    bits: int | None,
    bases: Mapping[str, tuple[tuple[str, ...], ...]],
    exact: tuple[Fraction, ...] | None,
) -> Evidence:
    box = enclosure.box.entries()
    return Evidence(
        bits=max(enclosure.prec, LEAST_BITS),
        exact_point=exact,
        centre=tuple(dyadic_text(x) for x in box),
        radii=tuple(dyadic_text(x.rad()) for x in box),
        preconditioner=tuple(
            tuple(dyadic_text(x) for x in row)
            for row in _rounded(enclosure.preconditioner, bits).tolist()
        ),
        bases=bases,
    )


def _rounded(matrix: arb_mat, bits: int | None) -> arb_mat:
    if bits is None:
        return matrix
    with working_precision(bits):
        return (matrix * 1).mid()
