"""What a certificate of a point claims, and the evidence that shows it.

A claim says everything by itself: kernel, pattern, sizes and target determine the
landscape, so no name of a family and no search has to be trusted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from symcrit.certificates.texts import DecimalBall

__all__ = [
    "BlockClaim",
    "Evidence",
    "IsotropyClaim",
    "PointClaim",
    "Smoothness",
    "Source",
]

Smoothness: TypeAlias = Literal["analytic", "C2"]
IsotropyClaim: TypeAlias = Literal["exact", "contains"]


@dataclass(frozen=True, slots=True)
class BlockClaim:
    """The Hessian on one isotypic component.

    Attributes:
        component: its name, as in ``symcrit spectrum``.
        copies: the size of the block, and the number of its eigenvalues.
        multiplicity: how often the full Hessian has each eigenvalue; None if sizes are
            no integers.
        negative: how many of the eigenvalues are negative; None if that is open.
        zero: how many are exactly zero; where ``negative`` is None, how many at least:
            0 then only means that none was proved to be zero.
        eigenvalues: balls that contain the eigenvalues in ascending order.
    """

    component: str
    copies: int
    multiplicity: int | None
    negative: int | None
    zero: int
    eigenvalues: tuple[DecimalBall, ...]


@dataclass(frozen=True)
class PointClaim:
    """A statement about one critical point.

    Attributes:
        kernel: ``relu`` or ``c^m``.
        pattern: the text of the pattern.
        variables: the values of the variables in its sizes.
        target: the entries of the target on its orbits, those that are not zero.
        parameters: balls that contain the parameters, by name.
        loss: a ball that contains the loss at the point.
        smoothness: ``C2`` if vectors may be parallel in the box, else ``analytic``.
        isotropy: whether the isotropy group in S_rows x S_columns is exactly the
            pattern's group, or contains it; None if sizes are no integers.
        blocks: the Hessian, component by component.

    Example:
        >>> import symcrit
        >>> claim = symcrit.family("A").certify(k=6).claim
        >>> claim.kernel, claim.pattern, claim.isotropy, claim.formal
        ('relu', 'k', 'exact', False)
        >>> claim.morse_index, claim.index_bounds, claim.minimum, claim.open_questions
        (0, (0, 0), True, ())
        >>> [(block.component, block.multiplicity) for block in claim.blocks]
        [('1', 1), ('s_1', 5), ('x_1', 10), ('y_1', 9)]

    Source:
        derivations/certificates.md.
    """

    kernel: str
    pattern: str
    variables: Mapping[str, Fraction]
    target: Mapping[str, Fraction]
    parameters: Mapping[str, DecimalBall]
    loss: DecimalBall
    smoothness: Smoothness
    isotropy: IsotropyClaim | None
    blocks: tuple[BlockClaim, ...]

    @property
    def formal(self) -> bool:
        """Whether some size is no integer, so that there is no matrix."""
        return any(block.multiplicity is None for block in self.blocks)

    @property
    def index_bounds(self) -> tuple[int, int] | None:
        """The least and the greatest Morse index that the blocks allow."""
        low = high = 0
        for block in self.blocks:
            if block.multiplicity is None:
                return None
            most = block.copies - block.zero
            low += block.multiplicity * (block.negative or 0)
            high += block.multiplicity * (
                most if block.negative is None else block.negative
            )
        return low, high

    @property
    def morse_index(self) -> int | None:
        """The Morse index, if the blocks determine it."""
        if self.index_bounds is None or self.index_bounds[0] != self.index_bounds[1]:
            return None
        return self.index_bounds[0]

    @property
    def minimum(self) -> bool | None:
        """True if all eigenvalues are positive, False if some are negative, or None."""
        if any(block.negative for block in self.blocks):
            return False
        if all(block.negative == 0 and not block.zero for block in self.blocks):
            return True
        return None

    @property
    def open_questions(self) -> tuple[str, ...]:
        """What the claim leaves open, and what would decide it."""
        found = []
        if self.isotropy == "contains":
            found.append(
                "the isotropy group may be larger: parameters that it would make equal"
                " are not told apart; more digits would decide it, or the larger"
                " pattern"
            )
        for block in self.blocks:
            if block.negative is None:
                balls = [
                    str(x) for x in block.eigenvalues if x.ends[0] <= 0 <= x.ends[1]
                ]
                found.append(
                    f"on component {block.component} the sign of"
                    f" {' and '.join(balls) or 'an eigenvalue'} is open: the Hessian is"
                    " singular or nearly so; more digits would decide it unless it is"
                    " exactly singular"
                )
        return tuple(found)


@dataclass(frozen=True)
class Evidence:
    """A box and a preconditioner for the Krawczyk test.

    Attributes:
        bits: the working precision that was enough.
        exact_point: the point as rational numbers, where it is known, or None.
        centre: the centre of the box as dyadic numbers, one for each parameter.
        radii: its radii, likewise.
        preconditioner: the matrix of the Krawczyk test, row by row, likewise.
        bases: for large blocks, by component, approximate eigenvectors as the columns
            of a matrix, row by row.
    """

    bits: int
    exact_point: tuple[Fraction, ...] | None
    centre: tuple[str, ...]
    radii: tuple[str, ...]
    preconditioner: tuple[tuple[str, ...], ...]
    bases: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """The matrix near which the point was looked for, as the producer states.

    It is no part of the claim: no checker can see whether it is true.

    Attributes:
        file: the name of the file.
        sha256: of its bytes.
        entry: where in the file the matrix stands.
        row_order: the row of the matrix, from 0, that stands at each row of the block
            form; neurons are rows.
        column_order: the same for the columns.
        transposed: whether neurons were columns in the file.
        distance: no entry of the matrix is farther from the critical point.
    """

    file: str
    sha256: str
    entry: str
    row_order: tuple[int, ...]
    column_order: tuple[int, ...]
    transposed: bool
    distance: str
