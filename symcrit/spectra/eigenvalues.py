"""The certified spectrum of the Hessian at a symmetric point, at a cost free of k.

Each isotypic component gives one small symmetric matrix of balls whose eigenvalues are
those of the full Hessian, each as often as the dimension of the component says.  The
point is a list of balls, so what is stated holds for every point in them and with it
for the critical point that was proved to lie there.

A sign that the balls do not settle stays open, and so do the Morse index and whatever
else depends on it.  Directions in which the Hessian is degenerate, or not proved to be
regular, are listed with the component they belong to.

Derivations: derivations/hessian.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import arb, arb_mat

from symcrit.arith.balls import BALLS, CLOSED_BALLS, ball_of
from symcrit.arith.precision import working_precision
from symcrit.core.errors import InputError
from symcrit.core.truth import Truth
from symcrit.landscapes.blocks import HessianBlock, hessian_blocks
from symcrit.landscapes.recorded import RecordedLandscape
from symcrit.landscapes.reduced import Landscape, Reduced
from symcrit.spectra.shown import spectrum_html, spectrum_latex
from symcrit.spectra.sizes import (
    Variable,
    as_ball,
    bits_of_size,
    components_at,
    integer_variables,
    plain_value,
)
from symcrit.spectra.symmetric import SymmetricSpectrum, enclose_eigenvalues
from symcrit.symmetry.components import Component, Decomposition
from symcrit.symmetry.polynomials import SizePolynomial

__all__ = [
    "LARGE_BLOCK",
    "BlockSpectrum",
    "OpenDirection",
    "Spectrum",
    "block_matrix",
    "enclose_spectrum",
]

_GUARD_BITS = 32
_BITS_PER_BIT_OF_SIZE = 4
"""Working bits for each bit of k: entries of a block spread over powers of k."""

_ROUGH_BITS = 45
"""Up to so many bits are often reached with eigenvectors in doubles."""

LARGE_BLOCK = 32
"""The eigenvectors of larger blocks are taken from doubles."""

_MAX_DOUBLINGS = 3
_MIN_PREC = 53


@dataclass(frozen=True)
class OpenDirection:
    """A direction in which the second derivative is zero, or not proved to be nonzero.

    Attributes:
        component: the isotypic component.
        eigenvalue: the ball of the eigenvalue; it contains zero.
        is_zero: TRUE if the eigenvalue is proved to be exactly zero, else UNKNOWN.
        direction: approximate coordinates on the adapted matrices scaled to norm one,
            by their names.

    Example:
        >>> import symcrit
        >>> halved = symcrit.certify_matrix([[0.5, 0], [0.5, 0], [0, 1]])
        >>> for x in halved.spectrum.open:
        ...     print(x.component, x.eigenvalue.contains(0), x.is_zero.value)
        s_2 True UNKNOWN
        s_2 True UNKNOWN
        >>> list(x.direction)
        ['R_2_1', 'R_2_2']

    Source:
        derivations/hessian.md, certified eigenvalues.
    """

    component: str
    eigenvalue: arb
    is_zero: Truth
    direction: Mapping[str, float]


@dataclass(frozen=True)
class BlockSpectrum:
    """The eigenvalues of the Hessian on one isotypic component.

    Attributes:
        component: the name of the component.
        dimension: how often each eigenvalue occurs, as a polynomial in the sizes.
        multiplicity: the same as a number; None unless all sizes are integers.
        eigenvalues: a ball for each eigenvalue of the block, ascending by midpoint.
        signs: as many eigenvalues are proved positive, negative or exactly zero as
            there are entries 1, -1 or 0; None is a sign that is open.
        open: the directions with sign 0 or None.

    Example:
        >>> import symcrit
        >>> block = symcrit.family("A").spectrum(k=6).blocks[2]
        >>> print(block.component, block.dimension, block.multiplicity)
        x_1 (k - 1)*(k - 2)/2 10
        >>> print(block.eigenvalues[0].str(8), block.signs, block.negative)
        [0.0015036524 +/- 2.71e-11] (1,) 0

    Source:
        derivations/components.md, derivations/hessian.md.
    """

    component: str
    dimension: SizePolynomial
    multiplicity: int | None
    eigenvalues: tuple[arb, ...]
    signs: tuple[int | None, ...]
    open: tuple[OpenDirection, ...]

    @property
    def negative(self) -> int | None:
        """The number of negative eigenvalues of the block, None if a sign is open."""
        return None if None in self.signs else self.signs.count(-1)

    def _repr_html_(self) -> str:
        return spectrum_html([self], "negative eigenvalues:", self.negative)

    def _repr_latex_(self) -> str:
        return spectrum_latex([self])


@dataclass(frozen=True)
class Spectrum:
    """The spectrum of the full Hessian, component by component.

    Attributes:
        blocks: the components that occur.
        unproved_parallels: pairs of vectors that were taken as parallel, as the
            landscape says, although the point does not show it; the spectrum is one
            under that hypothesis if there are any.
        prec: the working precision in bits.

    Example:
        >>> import symcrit
        >>> found = symcrit.family("A").spectrum(k=6)
        >>> [(b.component, b.multiplicity, len(b.eigenvalues)) for b in found.blocks]
        [('1', 1, 2), ('s_1', 5, 3), ('x_1', 10, 1), ('y_1', 9, 1)]
        >>> found.certified, found.morse_index, found.index_bounds, found.open
        (True, 0, (0, 0), ())
        >>> found.is_positive_definite.value
        'TRUE'

    Source:
        derivations/hessian.md, certified eigenvalues.
    """

    blocks: tuple[BlockSpectrum, ...]
    unproved_parallels: tuple[str, ...]
    prec: int

    def __repr__(self) -> str:
        names = ", ".join(block.component for block in self.blocks)
        found = "signs proved" if self.certified else "signs open"
        if self.morse_index is not None:
            found = f"Morse index {self.morse_index}"
        return f"<spectrum on {names}: {found}>"

    @property
    def certified(self) -> bool:
        """Whether all signs are proved, without any hypothesis."""
        return not self.unproved_parallels and all(
            block.negative is not None for block in self.blocks
        )

    @property
    def open(self) -> tuple[OpenDirection, ...]:
        """The directions in which the Hessian is degenerate or may be so."""
        return tuple(direction for block in self.blocks for direction in block.open)

    @property
    def index_bounds(self) -> tuple[int, int] | None:
        """The least and the greatest Morse index that the signs allow.

        The Morse index is the number of negative eigenvalues of the full Hessian.  None
        where sizes are no integers and there is no full Hessian.  Unproved parallels
        are taken for granted here.
        """
        least = open_ = 0
        for block in self.blocks:
            if block.multiplicity is None:
                return None
            least += block.multiplicity * block.signs.count(-1)
            open_ += block.multiplicity * block.signs.count(None)
        return least, least + open_

    @property
    def morse_index(self) -> int | None:
        """The Morse index, proved; None if it is not, or sizes are no integers."""
        bounds = self.index_bounds
        if bounds is None or bounds[0] != bounds[1] or self.unproved_parallels:
            return None
        return bounds[0]

    @property
    def is_positive_definite(self) -> Truth:
        """Whether the Hessian is positive definite; of the blocks if sizes are formal.

        A critical point with positive definite Hessian is a strict local minimum.
        """
        if self.unproved_parallels:
            return Truth.UNKNOWN
        signs = [sign for block in self.blocks for sign in block.signs]
        return Truth.all_of(
            Truth.of(true=sign == 1, false=sign in (0, -1)) for sign in signs
        )

    def _repr_html_(self) -> str:
        return spectrum_html(self.blocks, "Morse index", self.morse_index)

    def _repr_latex_(self) -> str:
        return spectrum_latex(self.blocks)


def enclose_spectrum(
    landscape: Landscape | RecordedLandscape,
    point: Sequence[arb],
    variables: Mapping[str, Variable],
    *,
    prec: int = 128,
) -> Spectrum:
    """Enclose all eigenvalues of the Hessian at every point of a box, with signs.

    At integer sizes the components are those that small sets have, and multiplicities
    are numbers.  At other sizes blocks, dimensions and signs are formal: they are what
    a branch over real k carries through the integers.

    Args:
        landscape: the landscape.
        point: balls that contain the point, in the order of the pattern.  The point
            need not be critical.
        variables: the variables of the sizes, such as k.
        prec: bits that every eigenvalue should have; the working precision is higher
            for large sizes, and is raised as long as it is what limits the result.

    Raises:
        InputError: a size leaves a parameter without entries, a variable has no value,
            the number of parameters is wrong, or vectors that the landscape says are
            parallel are not.
        UndecidedError: a ball of k is so wide that it leaves open which components
            there are.

    Example:
        >>> from symcrit.landscapes.gram import Structure
        >>> from symcrit.landscapes.kernels import Relu
        >>> from symcrit.symmetry.patterns import Pattern
        >>> structure = Structure.build(Pattern.parse("k"), parallel={"w1.v1=": 1})
        >>> land = Landscape(Relu(), structure)
        >>> found = enclose_spectrum(land, [arb(1), arb(0)], {"k": 10**12})
        >>> for block in found.blocks:
        ...     least = block.eigenvalues[0].str(5, radius=False)
        ...     print(block.component, block.dimension, least)
        1 1 1.5915e+11
        s_1 k - 1 0.090845
        x_1 (k - 1)*(k - 2)/2 0.090845
        y_1 k*(k - 3)/2 0.40915
        >>> found.morse_index, found.is_positive_definite
        (0, <Truth.TRUE: 'TRUE'>)

    Source:
        derivations/hessian.md, certified eigenvalues, the global minimum.
    """
    if isinstance(landscape, RecordedLandscape):
        recorded, landscape = landscape, landscape.landscape
    else:
        recorded = None
    values = {name: plain_value(value) for name, value in variables.items()}
    present = components_at(landscape, values)
    if len(point) != len(landscape.orbit_counts):
        message = (
            f"pattern {landscape.structure.pattern.text!r} has"
            f" {len(landscape.orbit_counts)} parameters, got {len(point)}"
        )
        raise InputError(message)
    bits = bits_of_size(landscape, values)
    spread = _GUARD_BITS + _BITS_PER_BIT_OF_SIZE * bits
    known = min((_accuracy(x) for x in (*point, *values.values())), default=0)
    working = max(prec, _MIN_PREC) + spread
    enough = min(known + spread, working << _MAX_DOUBLINGS)
    while True:
        spectrum = _enclose(landscape, recorded, point, values, present, working, prec)
        if working >= enough or _is_sharp(spectrum, prec) or _is_large(spectrum):
            return spectrum
        working *= 2


def block_matrix(block: HessianBlock[arb]) -> arb_mat:
    """The block on adapted matrices scaled to norm one: a symmetric matrix of balls.

    Its eigenvalues are those of the Hessian on the component.
    """
    roots = [norm.sqrt() for norm in block.norms]
    return arb_mat(
        [
            [x / (left * right) for x, right in zip(row, roots, strict=True)]
            for row, left in zip(block.entries, roots, strict=True)
        ]
    )


def _widened(matrix: arb_mat, slack: arb) -> arb_mat:
    """All matrices whose entries differ by no more than ``slack``."""
    error = arb(0, slack.abs_upper())
    return arb_mat([[x + error for x in row] for row in matrix.tolist()])


def _accuracy(x: Fraction | arb) -> int:
    """The number of bits to which a datum is known; huge for exact ones."""
    exact = ball_of(Fraction(1)).rel_accuracy_bits()
    return int(x.rel_accuracy_bits() if isinstance(x, arb) else exact)


def _is_sharp(spectrum: Spectrum, prec: int) -> bool:
    """Whether every eigenvalue is known to ``prec`` bits."""
    return all(_are_sharp(block.eigenvalues, prec) for block in spectrum.blocks)


def _is_large(spectrum: Spectrum) -> bool:
    """Whether doubles limit the accuracy, so that more bits do not help."""
    return any(len(block.eigenvalues) > LARGE_BLOCK for block in spectrum.blocks)


def _are_sharp(values: Sequence[arb], prec: int) -> bool:
    return all(x.is_zero() or x.rel_accuracy_bits() >= prec for x in values)


def _enclose(
    landscape: Landscape,
    recorded: RecordedLandscape | None,
    point: Sequence[arb],
    values: Mapping[str, Fraction | arb],
    present: Decomposition,
    prec: int,
    wanted: int,
) -> Spectrum:
    """The spectrum at one working precision."""
    integers = integer_variables(landscape, values)
    with working_precision(prec):
        balls = {name: as_ball(value) for name, value in values.items()}
        parallels, blocks = _evaluate(landscape, recorded, point, balls, present)
        matrices = [block_matrix(block) for block in blocks]
        if landscape.structure.near:
            slack = (recorded or RecordedLandscape(landscape, tapes=False)).slack(
                CLOSED_BALLS, point, balls
            )
            matrices = [_widened(matrix, slack) for matrix in matrices]
    spectra = tuple(
        _block_spectrum(component, _eigenvalues(matrix, prec, wanted), integers)
        for component, matrix in zip(present.components, matrices, strict=True)
    )
    if integers is not None:
        _check_count(landscape, spectra, integers)
    return Spectrum(spectra, parallels, prec)


def _eigenvalues(matrix: arb_mat, prec: int, wanted: int) -> SymmetricSpectrum | None:
    """The eigenvalues, from vectors in doubles if those suffice or must do."""
    if matrix.nrows() > LARGE_BLOCK:
        return enclose_eigenvalues(matrix, prec=prec, rough=True)
    if wanted <= _ROUGH_BITS:
        found = enclose_eigenvalues(matrix, prec=prec, rough=True)
        if (
            found is not None
            and None not in found.signs
            and _are_sharp(found.values, wanted)
        ):
            return found
    return enclose_eigenvalues(matrix, prec=prec)


def _evaluate(
    landscape: Landscape,
    recorded: RecordedLandscape | None,
    point: Sequence[arb],
    values: Mapping[str, arb],
    present: Decomposition,
) -> tuple[tuple[str, ...], list[HessianBlock[arb]]]:
    """The pairs that are taken as parallel without proof, and the blocks."""
    lib = CLOSED_BALLS if landscape.structure.near else BALLS
    if recorded is not None and not landscape.structure.parallel:
        return (), recorded.blocks(lib, point, values, present)
    at = landscape.at(lib, point, values)
    return tuple(_unproved_parallels(at)), hessian_blocks(at, present)


def _block_spectrum(
    component: Component,
    found: SymmetricSpectrum | None,
    integers: Mapping[str, Fraction] | None,
) -> BlockSpectrum:
    names = [copy.name for copy in component.copies]
    multiplicity = None if integers is None else component.multiplicity(integers)
    if found is None:
        anything = arb(0, float("inf"))
        values: tuple[arb, ...] = (anything,) * len(names)
        signs: tuple[int | None, ...] = (None,) * len(names)
        open_ = tuple(
            OpenDirection(component.name, anything, Truth.UNKNOWN, {name: 1.0})
            for name in names
        )
    else:
        values, signs = found.values, found.signs
        open_ = tuple(
            OpenDirection(
                component.name,
                values[j],
                Truth.of(true=sign == 0, false=False),
                {name: float(found.vectors[i, j]) for i, name in enumerate(names)},
            )
            for j, sign in enumerate(signs)
            if sign in (0, None)
        )
    return BlockSpectrum(
        component.name, component.dimension, multiplicity, values, signs, open_
    )


def _check_count(
    landscape: Landscape,
    blocks: Sequence[BlockSpectrum],
    integers: Mapping[str, Fraction],
) -> None:
    """Every eigenvalue of the full Hessian has its place."""
    pattern = landscape.structure.pattern
    rows = pattern.count_rows().substitute(integers).const
    columns = pattern.count_columns().substitute(integers).const
    found = sum(len(block.eigenvalues) * (block.multiplicity or 0) for block in blocks)
    if found != rows * columns:
        message = f"{found} eigenvalues for a Hessian of size {rows * columns}"
        raise AssertionError(message)


def _unproved_parallels(at: Reduced[arb]) -> list[str]:
    """The pairs that the landscape calls parallel and the point does not show to be so.

    Raises:
        InputError: the point shows that they are not.
    """
    unproved = []
    for pair in at.landscape.structure.pairs:
        if not pair.parallel or pair.kinds == "vv":
            continue
        gram = at.grams.gram(replace(pair, parallel=0))
        along = pair.parallel * gram.c
        if gram.s2 > 0 or along < 0:
            direction = "equal" if pair.parallel > 0 else "opposite"
            message = f"{pair.label} are not on {direction} rays at this point"
            raise InputError(message)
        if not (gram.s2.is_zero() and along > 0):
            unproved.append(pair.label)
    return unproved
