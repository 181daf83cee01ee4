"""From a numerical weight matrix to a proved critical point with symmetry and index.

The isotropy of the numbers gives a fixed space, Newton's method there a point, the
Krawczyk test a proof that it is critical, the separation of its entries that its
isotropy is no larger, and the blocks of the Hessian its Morse index.  Each of these may
stay open by itself; reasons say in words what is open and what would decide it.

No function here reads or writes a file.

Derivations: derivations/certificates.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from flint import arb

from symcrit.arith.arrays import FLOAT_ARRAYS, MatrixLike
from symcrit.arith.precision import working_precision
from symcrit.certificates.documents import Certificate
from symcrit.certificates.records import Smoothness, Source
from symcrit.certify.nearby import (
    PRECISION,
    NearbyPoint,
    continuum_nearby,
    prove_nearby,
    refute_nearby,
)
from symcrit.certify.producing import make_certificate
from symcrit.certify.separation import has_exact_isotropy
from symcrit.core.errors import InputError, UndecidedError
from symcrit.core.notebook import html_table
from symcrit.core.truth import Truth
from symcrit.landscapes.kernels import Kernel, Relu
from symcrit.spectra.eigenvalues import Spectrum, enclose_spectrum
from symcrit.symmetry.blockform import BlockForm, block_form
from symcrit.symmetry.coincidence import DEFAULT_TOLERANCE, Floats, find_coincidences
from symcrit.symmetry.isotropy import find_isotropy

__all__ = ["MatrixOutcome", "certify_matrix"]

REACH = 1e-2
"""How far the proved point may be from the matrix, relative to the largest entry."""

REFINED_TOLERANCE = 1e-11
"""Parameters of a proved point that differ by less are tried as equal."""

EIGENVALUE_BITS = 40
"""Every eigenvalue of a proved point should be known to so many bits."""

MAX_PARAMETERS = 400
"""Fixed spaces of more dimensions are refused: time grows with the third power."""

_SHOWN_DIGITS = 12
"""Digits that a notebook shows of a ball."""

RELU = Relu()


@dataclass(frozen=True)
class MatrixOutcome:
    """What was proved about the critical point near one matrix.

    Attributes:
        form: the matrix in block form: pattern, orders of rows and columns.
        critical: TRUE if a critical point near the matrix was proved, FALSE if it was
            proved that there is none of this symmetry, UNKNOWN otherwise.
        isotropy: TRUE if the isotropy group of the critical point in S_rows x S_columns
            is exactly the group of the pattern; UNKNOWN if it may be larger.
        point: the critical point with its proof, or None.
        spectrum: the eigenvalues of the Hessian there, or None.
        distance: no entry of the matrix is farther from the critical point; None
            without one.
        reasons: what stayed open and what would decide it; empty if nothing did.

    Balls are those of python-flint and contain the true values; whatever was not proved
    is UNKNOWN or None.

    Example:
        >>> found = certify_matrix([[1.0, 1e-12], [0.0, 1.0]])
        >>> found.pattern, found.critical.value, found.isotropy.value
        ('k', 'TRUE', 'TRUE')
        >>> found.morse_index, found.index_bounds, found.minimum.value
        (0, (0, 0), 'TRUE')
        >>> found.loss.contains(0), found.parameters["a_1"].contains(1)
        (True, True)
        >>> print(found.smallest_eigenvalue.str(5, radius=False))
        0.090845
        >>> found.certificate().claim.smoothness
        'C2'

    Source:
        derivations/certificates.md.
    """

    form: BlockForm
    critical: Truth
    isotropy: Truth
    point: NearbyPoint | None
    spectrum: Spectrum | None
    distance: arb | None
    reasons: tuple[str, ...]

    def __repr__(self) -> str:
        found = {
            Truth.TRUE: "critical point",
            Truth.FALSE: "no critical point",
            Truth.UNKNOWN: "undecided",
        }[self.critical]
        return f"<{found} near the matrix: {self._known}>"

    def _repr_html_(self) -> str:
        rows = []
        if self.parameters is not None and self.loss is not None:
            balls = {**self.parameters, "loss": self.loss}
            rows = [(name, x.str(_SHOWN_DIGITS)) for name, x in balls.items()]
        caption = "; ".join((self._known, *self.reasons))
        return html_table(caption, ("quantity", "value"), rows)

    @property
    def _known(self) -> str:
        index = self.morse_index
        known = "" if index is None else f", Morse index {index}"
        return f"pattern {self.pattern}{known}"

    @property
    def certified(self) -> bool:
        """Whether point, isotropy and Morse index are all proved."""
        return self.isotropy.is_true and self.morse_index is not None

    @property
    def pattern(self) -> str:
        """The text of the pattern."""
        return self.form.pattern.text

    @cached_property
    def parameters(self) -> Mapping[str, arb] | None:
        """Balls that contain the parameters of the critical point, by name."""
        if self.point is None:
            return None
        names = self.form.pattern.names
        return dict(zip(names, self.point.parameters, strict=True))

    @property
    def loss(self) -> arb | None:
        """A ball that contains the loss at the critical point."""
        return None if self.point is None else self.point.loss

    @property
    def smoothness(self) -> Smoothness | None:
        """``C2`` where vectors may be parallel, else ``analytic``."""
        if self.point is None:
            return None
        return "analytic" if self.point.is_analytic else "C2"

    @property
    def morse_index(self) -> int | None:
        """The number of negative eigenvalues of the Hessian, if it was proved."""
        return None if self.spectrum is None else self.spectrum.morse_index

    @property
    def index_bounds(self) -> tuple[int, int] | None:
        """The least and the greatest Morse index that the proved signs allow."""
        return None if self.spectrum is None else self.spectrum.index_bounds

    @property
    def minimum(self) -> Truth:
        """Whether the point is a strict local minimum with nonsingular Hessian.

        TRUE if all eigenvalues were proved positive, FALSE if one was proved negative.
        """
        if self.spectrum is None:
            return Truth.UNKNOWN
        signs = [sign for block in self.spectrum.blocks for sign in block.signs]
        return Truth.of(
            true=all(sign == 1 for sign in signs), false=any(s == -1 for s in signs)
        )

    @property
    def smallest_eigenvalue(self) -> arb | None:
        """A ball that contains the smallest eigenvalue of the Hessian."""
        if self.spectrum is None:
            return None
        values = [x for block in self.spectrum.blocks for x in block.eigenvalues]
        least = values[0]
        for x in values[1:]:
            least = least.min(x)
        return least

    def certificate(self, source: Source | None = None) -> Certificate:
        """The certificate of the critical point, for what was proved of it.

        Args:
            source: where the matrix stands, if it stands in a file.

        Raises:
            UndecidedError: no critical point was proved.
        """
        if self.point is None:
            message = f"no critical point was proved: {'; '.join(self.reasons)}"
            raise UndecidedError(message, hint="give more digits of the matrix")
        return make_certificate(
            self.form.pattern,
            {
                name: Fraction(n)
                for name, n in self.form.sizes.items()
                if name in self.form.pattern.variables
            },
            self.point.recorded,
            self.point.sizes,
            self.point.enclosure,
            self.point.loss,
            source=source,
        )


def certify_matrix(
    weights: MatrixLike,
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    form: BlockForm | None = None,
    kernel: Kernel = RELU,
    reach: float = REACH,
) -> MatrixOutcome:
    """Prove the critical point near a matrix, for the target V = I on its columns.

    Args:
        weights: finite numbers, k by d; rows are neurons.
        tolerance: differences between equal entries, relative to the largest entry.
        form: the matrix in block form, if it is known already; then ``weights`` are
            not looked at, and the form is kept.  By default a larger group is tried
            where the point shows one that the numbers did not.
        kernel: the kernel.
        reach: how far the point may be from the matrix, relative to the largest entry.

    Raises:
        InputError: no matrix of finite numbers, or a tolerance that is not from 0 to 1.
        UndecidedError: ties that need igraph, and it is not installed.

    Example:
        >>> found = certify_matrix(np.eye(6)[:, [1, 0, 3, 2, 5, 4]])
        >>> found.pattern, found.certified, found.morse_index, found.smoothness
        ('k', True, 0, 'C2')

    Source:
        derivations/certificates.md; derivations/isotropy.md.
    """
    keeps_form = form is not None
    form = form or _arrange(FLOAT_ARRAYS.array(weights), tolerance)
    found = _certify(form, tolerance, kernel, reach)
    if keeps_form or found.point is None or found.isotropy.is_true:
        return found
    # The point itself may show a larger group than the numbers did.
    refined = _arrange(_midpoints(form, found.point), REFINED_TOLERANCE)
    if len(refined.point) >= len(form.point):
        return found
    larger = BlockForm(form.matrix, refined.parts)
    again = _certify(larger, tolerance, kernel, reach)
    return found if again.point is None else again


def _arrange(weights: Floats, tolerance: float) -> BlockForm:
    isotropy = find_isotropy(find_coincidences(weights, tolerance).colours)
    return block_form(weights, isotropy)


def _midpoints(form: BlockForm, point: NearbyPoint) -> Floats:
    """The critical point in doubles, rows and columns in their original order."""
    values = np.array([float(x) for x in point.parameters])
    found = np.empty_like(form.matrix)
    found[np.ix_(form.row_order, form.column_order)] = values[form.orbits]
    return found


def _certify(
    form: BlockForm, tolerance: float, kernel: Kernel, reach: float
) -> MatrixOutcome:
    """Prove the point in the fixed space of one block form."""
    values = {name: Fraction(n) for name, n in form.sizes.items()}
    sizes = {group: int(n) for group, n in form.pattern.sizes_at(values).items()}
    if len(form.point) > MAX_PARAMETERS:
        return _open(
            form,
            f"the fixed space has {len(form.point)} dimensions, more than the"
            f" {MAX_PARAMETERS} up to which a proof is tried",
        )
    scale = float(np.abs(form.matrix).max())
    try:
        point = prove_nearby(
            form.pattern, form.point.tolist(), sizes, kernel=kernel, reach=reach * scale
        )
        if not isinstance(point, str):
            return _describe(form, point)
        if kernel == RELU and (reason := continuum_nearby(form.matrix, reach)):
            return _open(form, reason)
        steepest = refute_nearby(
            form.pattern,
            form.point.tolist(),
            sizes,
            kernel=kernel,
            radius=tolerance * scale,
        )
    except InputError as error:
        return _open(form, str(error))
    if steepest is None:
        return _open(form, point)
    return _open(
        form,
        f"no critical point of the pattern {form.pattern.text} lies within"
        f" {tolerance * scale:.3g} of the matrix: an entry of the gradient is at least"
        f" {steepest.str(3, radius=False)} there",
        Truth.FALSE,
    )


def _open(
    form: BlockForm, reason: str, critical: Truth = Truth.UNKNOWN
) -> MatrixOutcome:
    return MatrixOutcome(form, critical, Truth.UNKNOWN, None, None, None, (reason,))


def _describe(form: BlockForm, point: NearbyPoint) -> MatrixOutcome:
    reasons = []
    isotropy = has_exact_isotropy(
        point.landscape.structure.pattern, point.parameters, point.sizes
    )
    if not isotropy.is_true:
        reasons.append(
            "the isotropy group may be larger: entries that it would make equal are not"
            " told apart; more digits would decide it, or the larger pattern"
        )
    spectrum = enclose_spectrum(
        point.recorded, point.parameters, point.sizes, prec=EIGENVALUE_BITS
    )
    for direction in spectrum.open:
        ball = direction.eigenvalue.str(3)
        reasons.append(
            f"on component {direction.component} the sign of the eigenvalue {ball} is"
            " open: the Hessian is singular or nearly so; more digits would decide it"
            " unless it is exactly singular"
        )
    if spectrum.open and point.landscape.kernel == RELU:
        reasons += _why_singular(form, point)
    return MatrixOutcome(
        form,
        Truth.TRUE,
        isotropy,
        point,
        spectrum,
        _distance(form, point),
        tuple(reasons),
    )


def _why_singular(form: BlockForm, point: NearbyPoint) -> list[str]:
    """Reasons for zero eigenvalues that can be seen."""
    if reason := continuum_nearby(form.matrix, REACH):
        return [reason]
    pairs = [
        pair.label
        for pair in point.landscape.structure.pairs
        if pair.near and pair.kinds == "ww"
    ]
    return [
        f"neurons of the pair {label} may be parallel: neurons on equal rays exchange"
        " length without changing the loss, so that the Hessian is singular"
        for label in pairs
    ]


def _distance(form: BlockForm, point: NearbyPoint) -> arb:
    """An upper bound of the largest difference between matrix and critical point."""
    entries, orbits = form.arranged.ravel(), form.orbits.ravel()
    worst = arb(0)
    with working_precision(PRECISION):
        for index, x in enumerate(point.parameters):
            mine = entries[orbits == index]
            for bound in (mine.min(), mine.max()):
                worst = worst.max((x - arb(float(bound))).abs_upper())
    return worst
