"""A landscape whose formulas are recorded once and then run as tapes.

The values are those of ``symcrit.landscapes.reduced`` and ``blocks``; the texts of the
formulas stand there.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from symcrit.arith.protocol import Element, Numbers
from symcrit.arith.recording import Node, Recorder
from symcrit.arith.tapes import Tape
from symcrit.landscapes.blocks import HessianBlock, hessian_blocks
from symcrit.landscapes.reduced import Landscape, Reduced
from symcrit.symmetry.components import Component, Decomposition

__all__ = ["RecordedLandscape"]

T = TypeVar("T", bound=Element)

MAX_RECORDED = 30
"""Up to so many parameters a recording pays; it grows with their cube."""


class RecordedLandscape:
    """Gradient, Hessian, loss and blocks of a landscape as tapes.

    Args:
        landscape: the landscape; its sizes should be free variables, so that one
            recording serves many.
        tapes: whether to record at all; otherwise every value is computed as it stands.

    Example:
        >>> from symcrit.arith.floats import FLOATS
        >>> from symcrit.landscapes.reduced import landscape
        >>> land = landscape(pattern="1+(k-1)")
        >>> point, k = [-0.63, 0.19, 0.26, 1.0, -0.04], {"k": 7.0}
        >>> recorded = RecordedLandscape(land)
        >>> round(recorded.loss(FLOATS, point, k), 4)
        0.0236
    """

    def __init__(self, landscape: Landscape, *, tapes: bool = True) -> None:
        self.landscape = landscape
        self._tapes = tapes
        self._names = landscape.structure.pattern.names
        self._blocks: dict[tuple[tuple[str, ...], ...], Tape] = {}

    @cached_property
    def _recorder(self) -> Recorder:
        return Recorder()

    @cached_property
    def _at(self) -> Reduced[Node]:
        lib = self._recorder
        pattern = self.landscape.structure.pattern
        sizes = {name: lib.variable(_size(name)) for name in pattern.variables}
        return self.landscape.at(lib, [lib.variable(n) for n in self._names], sizes)

    @property
    def is_recorded(self) -> bool:
        """Whether tapes are used; a large landscape is evaluated as it stands."""
        return self._tapes and len(self._names) <= MAX_RECORDED

    def _run(
        self, tape: Tape, lib: Numbers[T], point: Sequence[T], sizes: Mapping[str, T]
    ) -> list[T]:
        variables = dict(zip(self._names, point, strict=True))
        variables |= {_size(name): x for name, x in sizes.items()}
        return tape.run(lib, variables)

    def _tape(self, results: Sequence[Node]) -> Tape:
        return Tape(self._recorder, results)

    @cached_property
    def _gradient(self) -> Tape:
        return self._tape(self._at.gradient())

    @cached_property
    def _derivatives(self) -> Tape:
        rows = self._at.hessian()
        return self._tape([*self._at.gradient(), *(x for row in rows for x in row)])

    @cached_property
    def _loss(self) -> Tape:
        return self._tape([self._at.loss()])

    @cached_property
    def _slack(self) -> Tape:
        return self._tape([self._at.slack()])

    @cached_property
    def _sines(self) -> Tape:
        return self._tape([x for found in _sines(self._at) for x in found])

    def sines(
        self, lib: Numbers[T], point: Sequence[T], sizes: Mapping[str, T]
    ) -> dict[str, tuple[T, T]]:
        """For each pair with a neuron, by label: squared sine times norms, and norms.

        The first is Lagrange's sum of squares, the second the product of the squared
        norms of the two vectors.
        """
        if self.is_recorded:
            values = self._run(self._sines, lib, point, sizes)
        else:
            at = self.landscape.at(lib, point, sizes)
            values = [x for found in _sines(at) for x in found]
        pairs = iter(values)
        labels = [p.label for p in self.landscape.structure.pairs if p.kinds != "vv"]
        return {label: (next(pairs), next(pairs)) for label in labels}

    def gradient(
        self, lib: Numbers[T], point: Sequence[T], sizes: Mapping[str, T]
    ) -> list[T]:
        """The reduced gradient, as ``Reduced.gradient``."""
        if not self.is_recorded:
            return self.landscape.at(lib, point, sizes).gradient()
        return self._run(self._gradient, lib, point, sizes)

    def derivatives(
        self, lib: Numbers[T], point: Sequence[T], sizes: Mapping[str, T]
    ) -> tuple[list[T], list[list[T]]]:
        """The reduced gradient and its Jacobian, as ``Reduced.hessian``."""
        if not self.is_recorded:
            at = self.landscape.at(lib, point, sizes)
            return at.gradient(), at.hessian()
        found = self._run(self._derivatives, lib, point, sizes)
        n = len(self._names)
        return found[:n], self._square(found[n:])

    def loss(self, lib: Numbers[T], point: Sequence[T], sizes: Mapping[str, T]) -> T:
        """The loss, as ``Reduced.loss``."""
        if not self.is_recorded:
            return self.landscape.at(lib, point, sizes).loss()
        return self._run(self._loss, lib, point, sizes)[0]

    def slack(self, lib: Numbers[T], point: Sequence[T], sizes: Mapping[str, T]) -> T:
        """What may be missing where vectors are parallel, as ``Reduced.slack``."""
        if not self.is_recorded:
            return self.landscape.at(lib, point, sizes).slack()
        return self._run(self._slack, lib, point, sizes)[0]

    def blocks(
        self,
        lib: Numbers[T],
        point: Sequence[T],
        sizes: Mapping[str, T],
        decomposition: Decomposition,
    ) -> list[HessianBlock[T]]:
        """The blocks of the Hessian, as ``hessian_blocks``."""
        components = decomposition.components
        if not self.is_recorded:
            at = self.landscape.at(lib, point, sizes)
            if [component.name for component in components] == ["1"]:
                return [_whole_block(at, components[0])]
            return hessian_blocks(at, decomposition)
        key = tuple((c.name, *(copy.name for copy in c.copies)) for c in components)
        if key not in self._blocks:
            self._blocks[key] = self._tape(
                [
                    x
                    for block in hessian_blocks(self._at, decomposition)
                    for x in (*block.norms, *_upper(block.entries))
                ]
            )
        values = iter(self._run(self._blocks[key], lib, point, sizes))
        found = []
        for component in components:
            n = len(component.copies)
            norms = [next(values) for _ in range(n)]
            entries = [[norms[0]] * n for _ in range(n)]
            for a in range(n):
                for b in range(a, n):
                    entries[a][b] = entries[b][a] = next(values)
            found.append(HessianBlock(component, entries, norms))
        return found

    def _square(self, values: Sequence[T]) -> list[list[T]]:
        n = len(self._names)
        return [list(values[i : i + n]) for i in range(0, n * n, n)]


def _whole_block(at: Reduced[T], component: Component) -> HessianBlock[T]:
    """The block of the trivial component, which is the reduced Hessian.

    Its adapted matrices are those of the parameters, with the sizes of the orbits of
    entries as squared norms.
    """
    pattern = at.landscape.structure.pattern
    norms = [
        pattern.evaluate_count(count, at.lib, at.grams.variables)
        for count in at.landscape.orbit_counts
    ]
    entries = [
        [norm * x for x in row] for norm, row in zip(norms, at.hessian(), strict=True)
    ]
    return HessianBlock(component, entries, norms)


def _sines(at: Reduced[T]) -> Iterator[tuple[T, T]]:
    for pair in at.landscape.structure.pairs:
        if pair.kinds != "vv":
            gram = at.grams.gram(pair)
            yield gram.s2, gram.a * gram.b


def _size(name: str) -> str:
    """The name of a size among the variables; parameters have an underscore."""
    return f"size {name}"


def _upper(entries: Sequence[Sequence[Node]]) -> list[Node]:
    return [row[b] for a, row in enumerate(entries) for b in range(a, len(row))]
