"""What a weight matrix is: its exact symmetry, block form, and nearest known family.

The isotropy group is that of the classes of equal entries, up to a tolerance.  Whether
the answer hangs on the tolerance is tested by asking again with a smaller and a larger
one.  Two groups are on offer: the one of the matrix alone, in (permutations of rows) x
(permutations of columns), under which the loss is invariant; and the one relative to
the target V = I as it stands, where row i and column i are permuted together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias

import numpy as np

from symcrit.arith.floats import FLOATS
from symcrit.catalog.families import family
from symcrit.catalog.matrices_io import Neurons, as_matrix
from symcrit.catalog.quantities import latex_name
from symcrit.core.errors import InputError
from symcrit.core.notebook import decimal_latex, html_table, latex_array
from symcrit.landscapes.full import gradient
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.blockform import BlockForm, block_form
from symcrit.symmetry.coincidence import (
    DEFAULT_TOLERANCE,
    Coincidences,
    Colours,
    Floats,
    find_coincidences,
)
from symcrit.symmetry.isotropy import Isotropy, find_isotropy
from symcrit.symmetry.lattice import Place, place_of

__all__ = [
    "FAMILY_DISTANCE",
    "STABILITY",
    "Alternative",
    "Identification",
    "NearestFamily",
    "Within",
    "detect_neurons",
    "identify",
]

STABILITY = 2.0
"""The answer should be the same with the tolerance divided and multiplied by this."""

FAMILY_DISTANCE = 0.6
"""A family is named if no parameter is farther from its limit as k grows."""

_DOUBLE_BITS = 53

MANY_BLOCKS = 8
"""Up to so many blocks the gradient is evaluated on the fixed space."""

LARGE = 40
"""Up to so many rows or columns the gradient is evaluated without any symmetry."""

DECISIVE = 10.0
"""The factor by which a gradient is smaller where rows and columns are told apart."""

Within: TypeAlias = Literal["product", "target"]
"""The group whose subgroup is wanted: S_rows x S_cols, or the isotropy of the target.
"""


@dataclass(frozen=True, slots=True)
class Alternative:
    """What another tolerance would have found.

    Attributes:
        tolerance: the other tolerance.
        pattern: the pattern then.
        order: the order, that is the number of elements, of the isotropy group then.

    Example:
        >>> found = identify([[1.0, 0.0], [0.0, 1.0 + 3e-8]], tolerance=2e-8)
        >>> found.pattern, [(x.pattern, x.order) for x in found.alternatives]
        ('2*1', [('k', 2)])

    Source:
        derivations/isotropy.md, what the numbers say.
    """

    tolerance: float
    pattern: str
    order: int


@dataclass(frozen=True, slots=True)
class NearestFamily:
    """A family of the catalog near a matrix.

    Attributes:
        name: the name of the family.
        distance: the largest distance of a parameter to its limit as k grows.

    Example:
        >>> identify([[-0.6, 0.2, 0.2], [0.2, 1, 0], [0.2, 0, 1]]).nearest
        NearestFamily(name='II', distance=0.4)

    Source:
        The limits are those of the catalog; the greatest distance is our choice.
    """

    name: str
    distance: float


@dataclass(frozen=True)
class Identification:
    """What was found about one matrix.

    Attributes:
        neurons: whether the rows or the columns of the input are the neurons; in what
            follows rows are neurons.
        coincidences: the classes of equal entries.
        isotropy: the isotropy group.
        form: the matrix in block form, with pattern and parameters.
        nearest: the nearest family of the catalog, if one is near.
        within: the group whose subgroup was looked for.
        tolerance: the tolerance, relative to the largest entry.
        alternatives: other patterns that nearby tolerances give; empty if the answer
            is clear.

    Example:
        >>> found = identify([[1, 0.2, 0], [0.2, -0.6, 0.2], [0, 0.2, 1]])
        >>> found.pattern, found.family, found.residual
        ('1+(k-1)', 'II', 0.0)
        >>> found.row_order, found.column_order
        ((1, 0, 2), (1, 0, 2))
        >>> found.isotropy.order, found.is_diagonal, found.place.blocks
        (2, True, (1, 2))

    Source:
        derivations/isotropy.md.
    """

    neurons: Neurons
    coincidences: Coincidences
    isotropy: Isotropy
    form: BlockForm
    nearest: NearestFamily | None
    within: Within
    tolerance: float
    alternatives: tuple[Alternative, ...]

    def __repr__(self) -> str:
        neurons, inputs = self.form.matrix.shape
        name = "" if self.family is None else f", family {self.family}"
        return (
            f"<identified: {neurons} neurons, {inputs} inputs, pattern"
            f" {self.pattern}{name}>"
        )

    @property
    def pattern(self) -> str:
        """The text of the pattern."""
        return self.form.pattern.text

    @property
    def family(self) -> str | None:
        """The name of the nearest family, or None."""
        return None if self.nearest is None else self.nearest.name

    @property
    def residual(self) -> float:
        """The largest distance of an entry to the fixed space of the pattern."""
        return self.form.residual

    @property
    def row_order(self) -> tuple[int, ...]:
        """The neuron, from 0, that stands at each row of the block form."""
        return self.form.row_order

    @property
    def column_order(self) -> tuple[int, ...]:
        """The input, from 0, that stands at each column of the block form."""
        return self.form.column_order

    @cached_property
    def is_diagonal(self) -> bool:
        """Whether the group is conjugate to one that fixes the target V = I."""
        return self.isotropy.is_diagonal()

    @cached_property
    def place(self) -> Place | None:
        """The place among the isotropy groups of Delta S_d; None if it has none there.

        It is given for products of symmetric groups that are conjugate to subgroups of
        Delta S_d, where d is the number of columns.
        """
        if not (self.isotropy.exact and self.is_diagonal):
            return None
        factors = self.isotropy.factors
        if any(len(factor.columns) != 1 for factor in factors):
            return None
        return place_of(self.form.column_blocks)

    def _repr_html_(self) -> str:
        near = "" if self.family is None else f", near family {self.family}"
        rows = [(name, str(x)) for name, x in self.form.parameters.items()]
        caption = f"pattern {self.pattern}{near}, residual {self.residual:.3g}"
        return html_table(caption, ("parameter", "value"), rows)

    def _repr_latex_(self) -> str:
        rows = [
            (latex_name(name), decimal_latex(str(x)))
            for name, x in self.form.parameters.items()
        ]
        return latex_array([r"\text{parameter}", r"\text{value}"], rows)


def identify(
    matrix: object,
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    neurons: Neurons | Literal["auto"] = "auto",
    within: Within = "product",
) -> Identification:
    """The isotropy group, the block form and the nearest family of a weight matrix.

    Args:
        matrix: finite real numbers, an array or a list of rows, k by d.  Of balls the
            midpoint counts.
        tolerance: differences between equal entries, relative to the largest entry.
        neurons: whether ``rows`` or ``columns`` are neurons; ``auto`` takes the side
            on which the loss is nearly stationary, if one clearly is, else rows.
        within: ``product`` for the isotropy group in S_rows x S_cols; ``target`` for
            the subgroup that fixes the target V = I as well, row i and column i being
            permuted together.

    Raises:
        InputError: no finite real matrix, a tolerance that is not from 0 to 1, or
            another word for ``neurons`` or ``within``.
        UndecidedError: ties that need igraph, and it is not installed.

    Example:
        >>> found = identify([[0, 3, 3], [2, 1, 9], [2, 9, 1]])
        >>> found.pattern, found.row_order, found.column_order, found.residual
        ('1+(k-1)', (0, 1, 2), (0, 2, 1), 0.0)
        >>> found.form.parameters
        {'a_1': 0.0, 'm_1_2': 3.0, 'm_2_1': 2.0, 'a_2': 9.0, 'o_2': 1.0}

    Source:
        derivations/isotropy.md.
    """
    _require_one_of(("auto", "rows", "columns"), neurons=neurons)
    _require_one_of(("product", "target"), within=within)
    if isinstance(matrix, np.ndarray) and matrix.dtype == object:
        matrix = matrix.tolist()
    weights = as_matrix(matrix, where="the matrix")
    side = neurons
    if side == "auto":
        side = detect_neurons(_analyse(weights, tolerance, "product")[2])
    if side == "columns":
        weights = np.ascontiguousarray(weights.T)
    coincidences, isotropy, form = _analyse(weights, tolerance, within)
    alternatives = []
    for other in (tolerance / STABILITY, min(tolerance * STABILITY, 1.0)):
        if _same_classes(coincidences, tolerance, other):
            continue
        _, other_isotropy, other_form = _analyse(weights, other, within)
        # One of the two groups lies in the other, so equal orders mean equal groups.
        if other_isotropy.order != isotropy.order:
            text = other_form.pattern.text
            alternatives.append(Alternative(other, text, other_isotropy.order))
    nearest = None
    if isotropy.exact:
        form, nearest = _name_family(form)
    return Identification(
        side,
        coincidences,
        isotropy,
        form,
        nearest,
        within,
        tolerance,
        tuple(alternatives),
    )


def _require_one_of(words: tuple[str, ...], **options: str) -> None:
    for name, value in options.items():
        if value not in words:
            right = ", ".join(map(repr, words))
            message = f"{name}={value!r} should be one of {right}"
            raise InputError(message)


def detect_neurons(form: BlockForm) -> Neurons:
    """Which side of a matrix holds the neurons, by the gradient of the ReLU loss.

    The loss with target V = I is evaluated with rows and with columns as neurons; the
    columns are chosen if the gradient then is smaller by the factor ``DECISIVE``.
    Matrices of little symmetry and more than ``LARGE`` rows are taken to have neurons
    as rows.

    Args:
        form: the matrix in block form, neurons or not as rows.

    Example:
        >>> w = np.eye(3)[:, [1, 2, 0]]
        >>> detect_neurons(block_form(w, find_isotropy(w.astype(np.int64))))
        'rows'
    """
    by_rows, by_columns = _approx_slope(form), _approx_slope(form.transposed())
    return "columns" if by_columns * DECISIVE < by_rows else "rows"


def _approx_slope(form: BlockForm) -> float:
    """The largest entry of the gradient at the nearest fixed matrix; NaN if unknown."""
    try:
        if len(form.parts) <= MANY_BLOCKS:
            structure = Structure.build(form.pattern)
            sizes = {name: float(value) for name, value in form.sizes.items()}
            point = form.point.tolist()
            reduced = Landscape(Relu(), structure).at(FLOATS, point, sizes)
            return max(abs(float(slope)) for slope in reduced.gradient())
        if max(form.matrix.shape) <= LARGE:
            return float(np.abs(gradient(form.matrix)).max())
    except (InputError, ArithmeticError, ValueError):
        return np.nan  # A zero neuron, where the loss has one-sided derivatives only.
    return np.nan


def _analyse(
    weights: Floats, tolerance: float, within: Within
) -> tuple[Coincidences, Isotropy, BlockForm]:
    coincidences = find_coincidences(weights, tolerance)
    if within == "product":
        isotropy = find_isotropy(coincidences.colours)
        return coincidences, isotropy, block_form(weights, isotropy)
    target = np.eye(*weights.shape)
    isotropy = find_isotropy(_pairs(coincidences.colours, target))
    return coincidences, isotropy, block_form(weights, isotropy, target)


def _pairs(colours: Colours, target: Floats) -> Colours:
    """The classes of pairs (entry of W, entry of V)."""
    doubled: Colours = colours * 2 + target.astype(np.int64)
    return doubled


def _same_classes(found: Coincidences, tolerance: float, other: float) -> bool:
    """Whether another tolerance closes the same gaps."""
    if other < tolerance:
        return found.closed <= other
    return found.kept > other


def _name_family(form: BlockForm) -> tuple[BlockForm, NearestFamily | None]:
    """The nearest family, and the block form in the order of its pattern."""
    best: tuple[float, str, BlockForm] | None = None
    for candidate, ordered in _candidates(form):
        distance = float(np.abs(ordered.point - _limit(candidate)).max())
        if distance <= FAMILY_DISTANCE and (best is None or distance < best[0]):
            best = distance, candidate, ordered
    if best is None:
        return form, None
    distance, name, ordered = best
    return ordered, NearestFamily(name, distance)


def _candidates(form: BlockForm) -> Iterator[tuple[str, BlockForm]]:
    """The families whose pattern is that of the block form, with its parts in order."""
    sizes = form.row_blocks
    if sizes != form.column_blocks or not form.pattern.diagonal or len(sizes) > 2:
        return
    if len(sizes) == 1:
        yield "A", form
        return
    for order in ([0, 1], [1, 0]):
        ordered = form.reordered(order)
        flipped, rest = ordered.row_blocks
        if rest == 1:
            continue
        name = {1: "II", 2: "M"}.get(flipped, f"flip:{flipped}")
        if not _is_sum(ordered):
            yield name, ordered
        if flipped == 1:
            yield "I", ordered


def _is_sum(form: BlockForm) -> bool:
    """Whether the first block looks like a critical point of its own, of type A.

    In a block of p flipped neurons the entries off the diagonal are near 2/k.  The
    direct sum of type A with p neurons and of a target with the others, which has the
    same pattern and is near another critical point, has them near 2/p.
    """
    p, k = form.row_blocks[0], form.matrix.shape[0]
    if p == 1:
        return False
    off = form.parameters["o_1"]
    return bool(abs(off - 2 / p) < abs(off - 2 / k))


@lru_cache(maxsize=256)
def _limit(name: str) -> Floats:
    """The limits of the parameters of a family, rounded."""
    return np.array([float(x.ball(_DOUBLE_BITS).mid()) for x in family(name).limit])
