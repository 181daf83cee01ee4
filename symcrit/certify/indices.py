r"""The Morse index along a chain of tubes: where it is constant, and where it changes.

For each isotypic component the chain is covered by closed intervals of k on which the
block has a constant number of negative eigenvalues (``inertia``), up to a few short
ones.  In a short interval between different numbers there is exactly one threshold
(``crossings``).  So the list of thresholds is complete down to the first interval in
which nothing was proved, and the certificate says where that is.

A component is followed only where all of its copies are there.

Derivations: derivations/uniform.md.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, arb_mat

from symcrit.arith.decimals import as_fraction
from symcrit.certify.crossings import SingularPoint, certify_crossing
from symcrit.certify.inertia import SignPiece, block_curves, last_break, sign_pieces
from symcrit.certify.stretches import Stretch
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.components import Component, decompose

__all__ = ["ComponentSigns", "Passage", "enclosure_over", "follow_signs", "passages_of"]


@dataclass(frozen=True)
class Passage:
    """A threshold on a curve of critical points, with proof.

    Attributes:
        singular: the only point where the block is singular, in its interval.
        negative_below: negative eigenvalues of the block just below.
        negative_above: the same just above.
    """

    singular: SingularPoint
    negative_below: int
    negative_above: int


@dataclass(frozen=True)
class ComponentSigns:
    """What was proved about one component along a chain.

    Attributes:
        component: the component.
        pieces: intervals of k, descending, without gaps; some may be open.
        passages: the thresholds, the largest k first.
        low: the signs are known for all k of the chain from here on, except at the
            thresholds.
        lowest: the component was not followed below this k: there, a copy is missing,
            or the chain ends.
    """

    component: Component
    pieces: tuple[SignPiece, ...]
    passages: tuple[Passage, ...]
    low: Fraction
    lowest: Fraction

    def negative_at(self, k: Fraction) -> int | None:
        """The number of negative eigenvalues at a k; None if it is not proved."""
        if k < self.low:
            return None
        for piece in self.pieces:
            if piece.low <= k <= piece.high and piece.negative is not None:
                return piece.negative
        return None


def follow_signs(
    landscape: Landscape,
    stretches: Sequence[Stretch],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[ComponentSigns]:
    """Follow all components along a chain, and prove the thresholds on it.

    Args:
        landscape: the landscape.
        stretches: joined stretches, k descending.
        progress: called with the number of stretches done and of all.
    """
    components = decompose(landscape.structure.pattern).components
    breaks = {c.name: last_break(landscape, c) for c in components}
    found: dict[str, list[SignPiece]] = {c.name: [] for c in components}
    for number, stretch in enumerate(stretches):
        present = [c for c in components if breaks[c.name] < stretch.high]
        for name, pieces in _signs_on(landscape, stretch, present, breaks):
            found[name] += pieces
        if progress is not None:
            progress(number + 1, len(stretches))
    return [
        _component_signs(
            landscape,
            stretches,
            c,
            found[c.name],
            max(breaks[c.name], stretches[-1].low),
        )
        for c in components
        if found[c.name]
    ]


def _signs_on(
    landscape: Landscape,
    stretch: Stretch,
    present: Sequence[Component],
    breaks: Mapping[str, Fraction],
) -> Iterator[tuple[str, list[SignPiece]]]:
    """The pieces of all components on one stretch, by name."""
    try:
        curves = block_curves(landscape, stretch, present)
    except ArithmeticError:
        for c in present:
            low = max(stretch.low, breaks[c.name])
            yield c.name, [SignPiece(low, stretch.high, None, None)]
        return
    for curve in curves:
        name = curve.component.name
        yield name, sign_pieces(curve, stretch, breaks[name])


def _component_signs(
    landscape: Landscape,
    stretches: Sequence[Stretch],
    component: Component,
    pieces: Sequence[SignPiece],
    lowest: Fraction,
) -> ComponentSigns:
    merged = _merge_open(pieces)
    passages, complete = passages_of(
        merged,
        lambda piece: _threshold(landscape, stretches, component, piece),
    )
    return ComponentSigns(component, tuple(merged), tuple(passages), complete, lowest)


def passages_of(
    pieces: Sequence[SignPiece],
    prove: Callable[[SignPiece], SingularPoint | None],
) -> tuple[list[Passage], Fraction]:
    """The thresholds in the open pieces, and the k down to which they are all.

    Args:
        pieces: descending and without gaps.
        prove: the only singular point of an open piece, if that is proved.
    """
    passages = []
    complete: Fraction | None = None
    for i, piece in enumerate(pieces):
        if piece.negative is not None:
            continue
        above = pieces[i - 1].negative if i else None
        below = pieces[i + 1].negative if i + 1 < len(pieces) else None
        singular = None
        if above is not None and below is not None and abs(above - below) == 1:
            singular = prove(piece)
        if singular is not None and above is not None and below is not None:
            passages.append(Passage(singular, below, above))
        elif complete is None:
            complete = piece.high
    return passages, pieces[-1].low if complete is None else complete


def _merge_open(pieces: Iterable[SignPiece]) -> list[SignPiece]:
    """Adjacent open pieces become one."""
    merged: list[SignPiece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last is not None and last.negative is None and piece.negative is None:
            merged[-1] = SignPiece(piece.low, last.high, None, None)
        else:
            merged.append(piece)
    return merged


def _threshold(
    landscape: Landscape,
    stretches: Sequence[Stretch],
    component: Component,
    piece: SignPiece,
) -> SingularPoint | None:
    try:
        basis = _basis_in(landscape, stretches, component, piece)
    except ArithmeticError:
        return None
    point = enclosure_over(stretches, piece.low, piece.high)
    return certify_crossing(landscape, component, basis, point, (piece.low, piece.high))


def enclosure_over(
    stretches: Iterable[Stretch], low: Fraction, high: Fraction
) -> list[arb]:
    """Balls that contain the points of a chain for all k of an interval.

    Args:
        stretches: some that cover the interval; others do not matter.
        low: the lower end.
        high: the upper end.
    """
    hull: list[arb] = []
    for stretch in stretches:
        if stretch.low <= high and low <= stretch.high:
            part = stretch.enclosure(max(low, stretch.low), min(high, stretch.high))
            hull = [x.union(y) for x, y in zip(hull or part, part, strict=True)]
    return hull


def _basis_in(
    landscape: Landscape,
    stretches: Sequence[Stretch],
    component: Component,
    piece: SignPiece,
) -> arb_mat:
    """Approximate eigenvectors at the middle of an interval."""
    middle = (piece.low + piece.high) / 2
    stretch = next(s for s in stretches if s.low <= middle <= s.high)
    (curve,) = block_curves(landscape, stretch, [component])
    return curve.approx_basis(as_fraction(stretch.parameter(middle)), scaled=False)
