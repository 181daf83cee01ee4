"""Branches for all values of a size at once: one proof over Q(pi, s).

The t-adic Krawczyk test of :mod:`symcrit.expand.check`, over series whose coefficients
are rational functions of pi and of a parameter s.  Every sign that is decided on the
way holds for all real s >= s_0, so each s gives one branch: the only one with the
leading terms, convergent for large k.  If also all pivots of an isotypic block have one
sign for all s, then the block has that Morse index for each s and all large k; how
large may depend on s.

Derivations: derivations/family-m.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symcrit.arith.linear import dot, invert
from symcrit.arith.parametric import Parametrics, ParametricSeries, Ratio
from symcrit.core.errors import UndecidedError
from symcrit.landscapes.blocks import hessian_blocks
from symcrit.landscapes.reduced import Landscape, Reduced

__all__ = ["ParametricBranch", "Start", "prove_for_all_sizes"]

_SLACK = 4
"""Terms that are lost to cancellation."""

_FIRST_LENGTH = 4
_MAX_LENGTH = 8


@dataclass(frozen=True)
class Start:
    """What a branch starts with.

    Attributes:
        parameters: the leading terms of the parameters.
        sizes: the variables of the sizes.
        exponents: of the first term by which each parameter leaves its limit.
    """

    parameters: Sequence[ParametricSeries]
    sizes: Mapping[str, ParametricSeries]
    exponents: Sequence[int]


@dataclass(frozen=True)
class ParametricBranch:
    """A branch for each real s >= start.

    Attributes:
        names: the parameters of the pattern.
        series: their terms, known to O(t^box).
        box: the exponents of the box in which there is exactly one formal zero.
        contraction: the exponent that a Krawczyk step gains, at least 1.
        loss: the loss, with its O-term.
        negatives: by component, the number of negative eigenvalues of its block for all
            large k, all others being positive; None if a sign depends on s or is open.
        decided: all coefficients whose sign was needed, and their signs for s >= start.
        start: the first value of s.
    """

    names: tuple[str, ...]
    series: tuple[ParametricSeries, ...]
    box: tuple[int, ...]
    contraction: int
    loss: ParametricSeries
    negatives: Mapping[str, int | None]
    decided: Mapping[Ratio, int]
    start: Fraction


def prove_for_all_sizes(
    landscape: Landscape,
    begin: Callable[[Parametrics], Start],
    *,
    start: Fraction,
    reach: int = 3,
) -> ParametricBranch:
    """Prove that a branch exists for every real s >= start.

    Args:
        landscape: a landscape whose sizes depend on k and on other variables.
        begin: leading terms and sizes in a number system.
        start: the first value of s.
        reach: so many terms from the leading ones on are computed; the box begins
            there.

    Raises:
        UndecidedError: a sign depends on s, or a Krawczyk step does not contract.
    """
    prover = _Prover(landscape, begin, start)
    terms = prover.lift(reach)
    box = [w + reach for w in prover.exponents]
    length = _FIRST_LENGTH
    while (found := prover.contraction(terms, box, length)) is None:
        length += 2
        if length > _MAX_LENGTH:
            message = "a Krawczyk step does not contract near t = 0"
            raise UndecidedError(message, hint="more terms")
    contraction, inverse = found
    if not prover.solves(terms, box, inverse):
        message = "no branch was shown to start with the terms"
        raise UndecidedError(message, hint="check the leading terms")
    lib = Parametrics(max(box), start)
    return ParametricBranch(
        landscape.structure.pattern.names,
        tuple(_moved(lib, x, m) for x, m in zip(terms, box, strict=True)),
        tuple(box),
        contraction,
        prover.loss(terms, box, length + _SLACK),
        prover.negatives(terms, box, length + _SLACK),
        prover.decided,
        start,
    )


class _Prover:
    def __init__(
        self,
        landscape: Landscape,
        begin: Callable[[Parametrics], Start],
        start: Fraction,
    ) -> None:
        self.landscape, self.begin, self.start = landscape, begin, start
        first = begin(self._lib(max(_FIRST_LENGTH, 8)))
        self.exponents = tuple(first.exponents)
        self.decided: dict[Ratio, int] = {}

    def _lib(self, length: int) -> Parametrics:
        return Parametrics(length, self.start)

    def _at(
        self,
        lib: Parametrics,
        terms: Sequence[ParametricSeries],
        box: Sequence[int] | None,
    ) -> Reduced[ParametricSeries]:
        orders = [None] * len(terms) if box is None else box
        point = [_moved(lib, x, m) for x, m in zip(terms, orders, strict=True)]
        return self.landscape.at(lib, point, self.begin(lib).sizes)

    def lift(self, reach: int) -> list[ParametricSeries]:
        """Terms of the parameters by Newton's method, without any proof."""
        terms = list(self.begin(self._lib(reach + _SLACK + 4)).parameters)
        gain = 1
        while gain < reach:
            gain = min(2 * gain, reach)
            lib = self._lib(gain + _SLACK)
            at = self._at(lib, terms, None)
            gradient = at.gradient()
            moves = [dot(row, gradient) for row in invert(lib, at.hessian())]
            terms = [
                (_moved(lib, x, None) - e).big_o(w + gain).without_order()
                for x, e, w in zip(terms, moves, self.exponents, strict=True)
            ]
        return terms

    def contraction(
        self, terms: Sequence[ParametricSeries], box: Sequence[int], length: int
    ) -> tuple[int, list[list[ParametricSeries]]] | None:
        """The exponent that a step gains in the box, and T; None if it is below 1."""
        lib = self._lib(length)
        jacobian = self._at(lib, terms, box).hessian()
        centre = [[x.without_order() for x in row] for row in jacobian]
        inverse = [[x.without_order() for x in row] for row in invert(lib, centre)]
        columns = [*zip(*jacobian, strict=True)]
        gains = []
        for i, row in enumerate(inverse):
            for j, column in enumerate(columns):
                error = dot(row, column) - int(i == j)
                if error.order is not None:
                    gains.append(error.order + box[j] - box[i])
        self.decided |= lib.decided
        gained = min(gains, default=max(box))
        return (gained, inverse) if gained >= 1 else None

    def solves(
        self,
        terms: Sequence[ParametricSeries],
        box: Sequence[int],
        inverse: Sequence[Sequence[ParametricSeries]],
    ) -> bool:
        """Whether T F(X) lies in the box."""
        lowest = min(x.order or 0 for row in inverse for x in row)
        lib = self._lib(max(box) - lowest + _SLACK)
        gradient = self._at(lib, terms, None).gradient()
        moves = [dot([_moved(lib, x, None) for x in row], gradient) for row in inverse]
        self.decided |= lib.decided
        return all(
            x.order is None or x.order >= m for x, m in zip(moves, box, strict=True)
        )

    def loss(
        self, terms: Sequence[ParametricSeries], box: Sequence[int], length: int
    ) -> ParametricSeries:
        """The loss of the branch: it is stationary there, so known to a high order."""
        lib = self._lib(length)
        at = self._at(lib, terms, box)
        counts = [at.grams.count(c) for c in self.landscape.orbit_counts]
        errors = [
            (count * slope).v + p + q
            for count, row, p in zip(counts, at.hessian(), box, strict=True)
            for slope, q in zip(row, box, strict=True)
            if not slope.is_exact_zero
        ]
        value = self._at(lib, terms, None).loss().big_o(min(errors))
        self.decided |= lib.decided
        return value

    def negatives(
        self, terms: Sequence[ParametricSeries], box: Sequence[int], length: int
    ) -> dict[str, int | None]:
        """The signs of the pivots of each block."""
        lib = self._lib(length)
        found = {
            block.component.name: self._negative(lib, block.entries, block.norms)
            for block in hessian_blocks(self._at(lib, terms, box))
        }
        self.decided |= lib.decided
        return found

    def _negative(
        self,
        lib: Parametrics,
        entries: Sequence[Sequence[ParametricSeries]],
        norms: Sequence[ParametricSeries],
    ) -> int | None:
        rows = [list(row) for row in entries]
        left = list(range(len(rows)))
        count = 0
        try:
            if not all(x.is_known and lib.decide(x.rows[0]) > 0 for x in norms):
                return None
            while left:
                known = [(rows[i][i].v, i) for i in left if rows[i][i].is_known]
                if not known:
                    return None
                _, p = min(known)
                left.remove(p)
                count += lib.decide(rows[p][p].rows[0]) < 0
                for i in left:
                    factor = rows[i][p] / rows[p][p]
                    for j in left:
                        rows[i][j] = rows[i][j] - factor * rows[p][j]
        except UndecidedError:
            return None
        return count


def _moved(
    lib: Parametrics, x: ParametricSeries, order: int | None
) -> ParametricSeries:
    """The known terms of a series in another number system, with an O-term."""
    return ParametricSeries(lib, x.v, x.rows, order)
