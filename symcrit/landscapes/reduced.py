"""Loss, gradient and Hessian of a landscape restricted to a fixed space.

The restricted loss is a sum over orbits of pairs of (size) * kappa(a, b, c) with a, b
and c quadratic polynomials in the parameters.  Gradient and Hessian follow by the chain
rule from the kernel's own derivatives.  Each equation is divided by the size of its
orbit: by symmetric criticality it then is the entry of the full gradient on that orbit.

Division by orbit sizes is done on counts, without numbers: the size of an orbit of
triples (row, row, column) is a product of the same falling factors whichever two of the
three are fixed first.

Derivations: derivations/reduced.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from symcrit.arith.protocol import Element, Numbers
from symcrit.core.errors import InputError
from symcrit.landscapes.gram import Entry, Pair, PairGrams, Structure, Target
from symcrit.landscapes.kernels import Frame, Gram, Kernel, Square, kernel_named
from symcrit.symmetry.patterns import Count, Pattern

if TYPE_CHECKING:
    from symcrit.landscapes.equations import ReducedEquations

__all__ = ["Landscape", "Reduced", "landscape"]

T = TypeVar("T", bound=Element)

_Changes: TypeAlias = dict[int, tuple[T, T, T]]
"""Derivatives of (kappa_a, kappa_b, kappa_c) on one orbit of pairs, by parameter."""


@dataclass(frozen=True, slots=True)
class _Term:
    """A monomial of a linear form in the entries: count * entry (halved or not)."""

    count: Count
    entry: Entry


@dataclass(frozen=True)
class Landscape:
    """A kernel and a structure: the loss on a fixed space, for every number system.

    Attributes:
        kernel: the kernel.
        structure: pattern and target.

    Example:
        >>> from symcrit.arith.floats import FLOATS
        >>> from symcrit.landscapes.kernels import Relu
        >>> from symcrit.symmetry.patterns import Pattern
        >>> land = Landscape(Relu(), Structure.build(Pattern.parse("1+(k-1)")))
        >>> at = land.at(FLOATS, [-0.63, 0.19, 0.26, 1.0, -0.04], {"k": 7.0})
        >>> round(at.loss(), 4)
        0.0236

    Source:
        derivations/reduced.md.
    """

    kernel: Kernel
    structure: Structure

    def __repr__(self) -> str:
        pattern = self.structure.pattern.text
        return f"<landscape: kernel {self.kernel.name}, pattern {pattern}>"

    def at(
        self, lib: Numbers[T], point: Sequence[T], variables: Mapping[str, T]
    ) -> "Reduced[T]":
        """The landscape at a point of the fixed space.

        Args:
            lib: the number system.
            point: the parameters, in the order of the pattern.
            variables: values of the variables of the sizes, such as k.

        Example:
            >>> from symcrit.arith.floats import FLOATS
            >>> at = landscape(kernel="c^2", pattern="k").at(
            ...     FLOATS, [1.0, 0.0], {"k": 9.0}
            ... )
            >>> at.loss(), at.gradient()
            (0.0, [0.0, 0.0])
        """
        return Reduced(self, PairGrams(self.structure, lib, point, variables))

    def reduced_equations(self) -> "ReducedEquations":
        """The loss and its equations as sympy expressions, with the sizes as symbols.

        The equations vanish exactly at the critical points of the restricted loss.

        Example:
            >>> from symcrit.landscapes.kernels import Monomial
            >>> from symcrit.symmetry.patterns import Pattern
            >>> land = Landscape(Monomial(2), Structure.build(Pattern.parse("k")))
            >>> equations = land.reduced_equations()
            >>> equations.equations[0]
            N_w1*a_1 - a_1 + c_w1_w1prime*o_1*(k - 1)
            >>> equations.orbit_sizes
            (k, k*(k - 1))

        Source:
            derivations/reduced.md, loss and gradient.
        """
        # sympy takes longer to load than most computations take.
        from symcrit.landscapes.equations import NamedGrams, write_equations

        grams = NamedGrams(self.structure)
        return write_equations(Reduced(self, grams), grams, self.orbit_counts)

    @cached_property
    def orbit_counts(self) -> tuple[Count, ...]:
        """The number of entries of W on each orbit, in the order of the parameters."""
        pattern = self.structure.pattern
        counts: dict[Entry, Count] = {}
        for i, count_i, used in pattern.points(pattern.rows, {}):
            for p, count_p, _ in pattern.points(pattern.columns, used):
                counts[self.structure.entry("w", i, p)] = count_i * count_p
        return tuple(counts[i] for i in range(len(pattern.parameters)))

    @cached_property
    def row_counts(self) -> tuple[Count, ...]:
        """The number of rows in each block of neurons."""
        pattern = self.structure.pattern
        points = pattern.points(pattern.rows, {})
        return tuple(count for _, count, _ in points)

    @cached_property
    def target_counts(self) -> tuple[Count, ...]:
        """The number of rows in each block of targets."""
        pattern = self.structure.pattern
        points = pattern.points(pattern.targets, {})
        return tuple(count for _, count, _ in points)

    @cached_property
    def partners(self) -> tuple[tuple[tuple[Pair, int, Count], ...], ...]:
        """For each block of neurons: pair, place in it, and how many for one neuron."""
        found: list[list[tuple[Pair, int, Count]]] = [[] for _ in self.row_counts]
        for pair in self.structure.pairs:
            for place, (kind, block) in enumerate(
                zip(pair.kinds, pair.blocks, strict=True)
            ):
                if kind == "w" and not (pair.halved and place):
                    each = _divide(pair.count, self.row_counts[block])
                    found[block].append((pair, place, each))
        return tuple(tuple(row) for row in found)

    @cached_property
    def forms(self) -> tuple[tuple[tuple[Pair, tuple[_Term, ...]], ...], ...]:
        """For each parameter: pair and (pair count / orbit size) * dc / d parameter."""
        return tuple(
            tuple(
                (pair, terms)
                for pair in self.structure.pairs
                if (terms := self._form(pair, index))
            )
            for index in range(len(self.orbit_counts))
        )

    def _form(self, pair: Pair, index: int) -> tuple[_Term, ...]:
        return tuple(
            _Term(_divide(pair.count * count, self.orbit_counts[index]), entry)
            for count, entry in derivative(pair, index)
        )

    @cached_property
    def norm_derivatives(self) -> tuple[tuple[int, Count], ...]:
        """For each parameter: its block of rows, and its orbit size per row."""
        return tuple(
            (q.row, _divide(count, self.row_counts[q.row]))
            for q, count in zip(
                self.structure.pattern.parameters, self.orbit_counts, strict=True
            )
        )


def landscape(
    *,
    pattern: str | Pattern,
    kernel: str | Kernel = "relu",
    target: Target | None = None,
) -> Landscape:
    """The landscape of a pattern.

    Args:
        pattern: a pattern, or its text, such as ``1+(k-1)``.
        kernel: a kernel, or its name, such as ``relu`` or ``c^3``.
        target: values of V on its orbits by name, absent ones zero; rational numbers
            or text such as ``1/2``; by default the identity.

    Raises:
        InputError: the pattern, kernel or target is not one.

    Example:
        >>> landscape(kernel="c^3", pattern="2+(k-2)").structure.pattern.names
        ('a_1', 'o_1', 'm_1_2', 'm_2_1', 'a_2', 'o_2')

    Source:
        derivations/reduced.md; the kernels, derivations/kernel.md.
    """
    if isinstance(kernel, str):
        kernel = kernel_named(kernel)
    if isinstance(pattern, str):
        pattern = Pattern.parse(pattern)
    _require("pattern", pattern, "text such as '1+(k-1)', or a Pattern", "rows")
    _require("kernel", kernel, "a name such as 'relu', or a Kernel", "squares")
    return Landscape(kernel, Structure.build(pattern, target))


def _require(what: str, value: object, right: str, attribute: str) -> None:
    """Refuse what has not an attribute that all right ones have."""
    if not hasattr(value, attribute):
        message = f"the {what} {value!r} should be {right}"
        raise InputError(message)


def derivative(pair: Pair, index: int) -> list[tuple[Count, Entry]]:
    """The derivative of the inner product of a pair by a parameter, as a linear form.

    Where the two rows lie in one block their roles may be exchanged by the group; the
    form then is the sum over both roles, and equals twice the form of one of them.
    """
    terms = []
    for column in pair.columns:
        for mine, other in ((column.x, column.y), (column.y, column.x)):
            if _is_parameter(mine, index):
                terms.append((column.count, other))
    return terms


def _is_parameter(entry: Entry, index: int) -> bool:
    return isinstance(entry, int) and entry == index


def _divide(count: Count, divisor: Count) -> Count:
    falling = list(count.falling)
    for factor in divisor.falling:
        falling.remove(factor)
    assert count.factor % divisor.factor == 0
    return Count(count.factor // divisor.factor, tuple(falling))


class Reduced(Generic[T]):
    """A landscape at one point of a fixed space, in one number system.

    Kernel data of each orbit of pairs is computed once and shared.  A list of numbers
    by orbits has one entry for each parameter, in the order of the pattern.  A pair is
    one of ``landscape.structure.pairs``; blocks are counted from 0.

    Example:
        >>> from symcrit.arith.floats import FLOATS
        >>> land = landscape(kernel="c^3", pattern="k")
        >>> at = land.at(FLOATS, [1.0, 0.5], {"k": 3.0})
        >>> at.loss(), at.gradient()
        (8.671875, [8.4375, 9.65625])
        >>> at.hessian()
        [[26.25, 49.875], [24.9375, 51.1875]]

    Source:
        derivations/reduced.md.
    """

    def __init__(self, landscape: Landscape, grams: PairGrams[T]) -> None:
        self.landscape = landscape
        self.grams = grams
        self.lib = grams.lib
        self._data: dict[str, tuple[Gram[T], Frame[T]]] = {}
        self._first: dict[str, tuple[T, T, T]] = {}

    def data(self, pair: Pair) -> tuple[Gram[T], Frame[T]]:
        """Gram data and kernel frame of an orbit of pairs."""
        if pair.label not in self._data:
            kernel, gram = self.landscape.kernel, self.grams.gram(pair)
            frame = (
                kernel.parallel_frame(self.lib, pair.parallel)
                if pair.parallel
                else kernel.frame(self.lib, gram, pair.label)
            )
            self._data[pair.label] = gram, frame
        return self._data[pair.label]

    def first(self, pair: Pair) -> tuple[T, T, T]:
        """The derivatives of the kernel by a, b, c on an orbit of pairs."""
        if pair.label not in self._first:
            first = self.landscape.kernel.first(self.lib, *self.data(pair))
            self._first[pair.label] = first
        return self._first[pair.label]

    def squares(self, pair: Pair) -> Sequence[Square[T]]:
        """The second differential of the kernel on an orbit of pairs."""
        gram, frame = self.data(pair)
        kernel = self.landscape.kernel
        if pair.parallel:
            return kernel.parallel_squares(self.lib, gram, pair.parallel)
        if pair.near:
            return kernel.nearly_parallel(self.lib, gram, frame)[1]
        return kernel.squares(self.lib, gram, frame)

    def slack(self) -> T:
        """How much ``squares`` leaves out where vectors may be parallel.

        For directions U and U' of the whole space of matrices, Hessian and squares
        differ by at most ``slack`` |U| |U'|: a sum over the pairs of an orbit of
        M N N', with N = |u_i| / |w_i| + |u_j| / |w_j|, is at most 2 M (p / a + q / b)
        |U| |U'| by Cauchy's inequality, where p and q count the pairs of one vector.
        """
        total = self.lib.exact(0)
        for block, partners in enumerate(self.landscape.partners):
            for pair, _, each in partners:
                if pair.near:
                    gram, frame = self.data(pair)
                    bound, _ = self.landscape.kernel.nearly_parallel(
                        self.lib, gram, frame
                    )
                    share = self.grams.times(each, bound) / self.grams.norms["w", block]
                    total = total + 2 * share
        return total

    def loss(self) -> T:
        """The loss at the point."""
        land, kernel, lib = self.landscape, self.landscape.kernel, self.lib
        twice = lib.exact(0)
        for kind, counts in (("w", land.row_counts), ("v", land.target_counts)):
            for block, count in enumerate(counts):
                own = kernel.own(lib, self.grams.norms[kind, block])
                twice = twice + self.grams.times(count, own)
        for pair in land.structure.pairs:
            value = kernel.value(lib, *self.data(pair))
            weight = pair.sign * (1 if pair.halved else 2)
            twice = twice + weight * self.grams.times(pair.count, value)
        return twice / 2

    def gradient(self) -> list[T]:
        """The entries of the full gradient, one for each orbit of entries."""
        land = self.landscape
        radial = [self.radial(block) for block in range(len(land.row_counts))]
        result = []
        for index, (row, _) in enumerate(land.norm_derivatives):
            total = 2 * radial[row] * self.grams.point[index]
            for pair, terms in land.forms[index]:
                form = self._halve(pair, self._linear(terms))
                total = total + pair.sign * (self.first(pair)[2] * form)
            result.append(total)
        return result

    def radial(self, block: int) -> T:
        """Half the factor of w in the gradient at a neuron w of a block."""
        norm = self.grams.norms["w", block]
        total = self.landscape.kernel.own_first(self.lib, norm) / 2
        for pair, place, each in self.landscape.partners[block]:
            term = self.grams.times(each, self.first(pair)[place])
            total = total + pair.sign * term
        return total

    def _halve(self, pair: Pair, x: T) -> T:
        return x / 2 if pair.halved else x

    def _linear(self, terms: Sequence[_Term]) -> T:
        total = self.lib.exact(0)
        for term in terms:
            total = total + self.grams.times(term.count, self._entry(term.entry))
        return total

    def _entry(self, entry: Entry) -> T:
        if isinstance(entry, int):
            return self.grams.point[entry]
        return self.lib.exact(entry)

    def hessian(self) -> list[list[T]]:
        """The Jacobian of ``gradient`` by the parameters, n by n.

        Times the orbit sizes, row by row, it is symmetric: the second derivative of the
        restricted loss.
        """
        land = self.landscape
        norms_by = [self._norm_by(index) for index in range(len(land.orbit_counts))]
        changes = {
            pair.label: self._first_by(pair, norms_by) for pair in land.structure.pairs
        }
        blocks = range(len(land.row_counts))
        radial = [self.radial(block) for block in blocks]
        radial_by = [self._radial_by(block, norms_by, changes) for block in blocks]
        return [
            self._hessian_row(row, radial[block], radial_by[block], changes)
            for row, (block, _) in enumerate(land.norm_derivatives)
        ]

    def _hessian_row(
        self,
        row: int,
        radial: T,
        radial_by: Mapping[int, T],
        changes: Mapping[str, _Changes[T]],
    ) -> list[T]:
        """The derivatives of one entry of the gradient by all parameters."""
        land = self.landscape
        entries = [self.lib.exact(0) for _ in land.orbit_counts]
        for index, slope in radial_by.items():
            entries[index] = entries[index] + 2 * self.grams.point[row] * slope
        entries[row] = entries[row] + 2 * radial
        for pair, terms in land.forms[row]:
            sign = pair.sign
            form = sign * self._halve(pair, self._linear(terms))
            for index, (_, _, change) in changes[pair.label].items():
                entries[index] = entries[index] + change * form
            slope = sign * self._halve(pair, self.first(pair)[2])
            for term in terms:
                if isinstance(term.entry, int):
                    each = self.grams.times(term.count, slope)
                    entries[term.entry] = entries[term.entry] + each
        return entries

    def _radial_by(
        self,
        block: int,
        norms_by: Sequence[T],
        changes: Mapping[str, _Changes[T]],
    ) -> dict[int, T]:
        """The derivatives of ``radial`` by the parameters on which it depends."""
        land = self.landscape
        own = land.kernel.own_second(self.lib, self.grams.norms["w", block]) / 2
        found = {
            index: own * norms_by[index]
            for index, (row, _) in enumerate(land.norm_derivatives)
            if row == block
        }
        for pair, place, each in land.partners[block]:
            for index, change in changes[pair.label].items():
                term = pair.sign * self.grams.times(each, change[place])
                found[index] = found[index] + term if index in found else term
        return found

    def _norm_by(self, index: int) -> T:
        _, count = self.landscape.norm_derivatives[index]
        return self.grams.times(count, 2 * self.grams.point[index])

    def _first_by(self, pair: Pair, norms_by: Sequence[T]) -> _Changes[T]:
        """The derivatives of (kappa_a, kappa_b, kappa_c) by the parameters."""
        if "w" not in pair.kinds:
            return {}
        zero = self.lib.exact(0)
        squares = self.squares(pair)
        found = {}
        for index, (row, _) in enumerate(self.landscape.norm_derivatives):
            mine = [
                kind == "w" and block == row
                for kind, block in zip(pair.kinds, pair.blocks, strict=True)
            ]
            if not any(mine):
                continue
            da, db = (norms_by[index] if is_mine else zero for is_mine in mine)
            dc = zero
            for count, entry in derivative(pair, index):
                dc = dc + self.grams.times(count, self._entry(entry))
            change = (zero, zero, zero)
            for weight, (p, q, r) in squares:
                slope = weight * (p * da + q * db + r * dc)
                change = (
                    change[0] + p * slope,
                    change[1] + q * slope,
                    change[2] + r * slope,
                )
            found[index] = change
        return found
