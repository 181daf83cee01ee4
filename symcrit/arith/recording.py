"""A number system that records formulas, and their replay over series.

A formula evaluated over a ``Recorder`` leaves a graph of operations.  A ``Replay``
evaluates chosen nodes of the graph over series.  It works out backwards, from the
orders that are wanted and from the valuations met before, to which order each node is
needed, computes no term beyond, and no node that is not needed.

Nothing rests on the valuations being right: each series carries its own O-term.
"""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar

from symcrit.arith.laurent import Expansions, Series
from symcrit.arith.protocol import Element, Numbers, Site

__all__ = ["Node", "Recorder", "Replay"]

T = TypeVar("T", bound=Element)

_OPERATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "multiply": operator.mul,
    "divide": operator.truediv,
}

_Operand: TypeAlias = "Node | int | Fraction"


@dataclass(frozen=True, slots=True)
class _Step:
    """An operation on earlier nodes.

    Attributes:
        kind: ``variable``, ``constant``, ``pi``, ``scale``, ``add``, ``multiply``,
            ``divide``, ``root`` or ``angle``.
        operands: the numbers of the nodes.
        detail: the name of a variable, a constant or factor, a site.
        short: whether the value is a Laurent polynomial of few terms, free of the
            variables that have many.
    """

    kind: str
    operands: tuple[int, ...]
    detail: str | Fraction | None
    short: bool


class Node:
    """A recorded number; immutable."""

    __slots__ = ("number", "recorder")

    def __init__(self, recorder: "Recorder", number: int) -> None:
        self.recorder, self.number = recorder, number

    def _lift(self, other: _Operand) -> "Node":
        return other if isinstance(other, Node) else self.recorder.exact(other)

    def __add__(self, other: _Operand) -> "Node":
        return self.recorder.add(self, self._lift(other))

    __radd__ = __add__

    def __neg__(self) -> "Node":
        return self.recorder.scale(Fraction(-1), self)

    def __sub__(self, other: _Operand) -> "Node":
        return self + -self._lift(other)

    def __rsub__(self, other: _Operand) -> "Node":
        return -self + other

    def __mul__(self, other: _Operand) -> "Node":
        return self.recorder.multiply(self, self._lift(other))

    __rmul__ = __mul__

    def __truediv__(self, other: _Operand) -> "Node":
        return self.recorder.divide(self, self._lift(other))

    def __rtruediv__(self, other: _Operand) -> "Node":
        return self._lift(other) / self


class Recorder:
    """The number system of recorded numbers.

    Equal operations on equal operands are one node.  Zeros and ones are simplified, and
    sums of quotients with the same long denominator are brought over it, so that there
    is one division.

    Example:
        >>> lib = Recorder()
        >>> a, b, c = lib.variable("a"), lib.variable("b"), lib.variable("c")
        >>> total = a / c + b - 2 * (b / c)
        >>> [step.kind for step in lib.steps[total.number - 2 :]]
        ['add', 'divide', 'add']
    """

    def __init__(self) -> None:
        self.steps: list[_Step] = []
        self._known: dict[tuple[str, tuple[int, ...], str | Fraction | None], Node] = {}

    def _node(
        self,
        kind: str,
        operands: Sequence[Node] = (),
        detail: str | Fraction | None = None,
        *,
        short: bool | None = None,
    ) -> Node:
        numbers = tuple(x.number for x in operands)
        key = (kind, numbers, detail)
        if key not in self._known:
            if short is None:
                short = all(self.steps[n].short for n in numbers)
            self._known[key] = Node(self, len(self.steps))
            self.steps.append(_Step(kind, numbers, detail, short))
        return self._known[key]

    def _constant(self, x: Node) -> Fraction | None:
        step = self.steps[x.number]
        if step.kind != "constant":
            return None
        assert isinstance(step.detail, Fraction)
        return step.detail

    def variable(self, name: str, *, short: bool = False) -> Node:
        """A variable; ``short`` promises a Laurent polynomial of few terms."""
        return self._node("variable", (), name, short=short)

    @property
    def pi(self) -> Node:
        """The number pi."""
        return self._node("pi", short=True)

    def exact(self, value: int | Fraction) -> Node:
        """A rational constant."""
        return self._node("constant", (), Fraction(value), short=True)

    def root(self, x: Node, site: Site) -> Node:
        """The nonnegative root."""
        return self._node("root", (x,), site, short=False)

    def angle(self, s: Node, c: Node, site: Site) -> Node:
        """The angle with sine and cosine in the ratio s : c."""
        return self._node("angle", (s, c), site, short=False)

    def scale(self, factor: Fraction, x: Node) -> Node:
        """A rational number times a node."""
        value, step = self._constant(x), self.steps[x.number]
        if value is not None:
            return self.exact(factor * value)
        if factor == 1:
            return x
        if factor == 0:
            return self.exact(0)
        if step.kind == "scale":
            assert isinstance(step.detail, Fraction)
            return self.scale(factor * step.detail, Node(self, step.operands[0]))
        quotient = self._quotient(x)
        if quotient is not None:
            return self.divide(self.scale(factor, quotient[0]), quotient[1])
        return self._node("scale", (x,), factor)

    def add(self, x: Node, y: Node) -> Node:
        """The sum."""
        a, b = self._constant(x), self._constant(y)
        if a is not None and b is not None:
            return self.exact(a + b)
        if a == 0:
            return y
        if b == 0:
            return x
        one, other = self._quotient(x), self._quotient(y)
        if one is None and other is not None:
            x, y, one, other = y, x, other, one
        if one is not None:
            if other is not None and one[1].number == other[1].number:
                return self.divide(self.add(one[0], other[0]), one[1])
            for rest, last in self._summands(y):
                found = self._quotient(last)
                if found is not None and found[1].number == one[1].number:
                    both = self.divide(self.add(one[0], found[0]), one[1])
                    return self.add(rest, both)
        return self._node("add", sorted((x, y), key=lambda z: z.number))

    def _summands(self, x: Node) -> Iterator[tuple[Node, Node]]:
        """A sum taken apart in both ways."""
        step = self.steps[x.number]
        if step.kind == "add":
            left, right = (Node(self, n) for n in step.operands)
            yield left, right
            yield right, left

    def _quotient(self, x: Node) -> tuple[Node, Node] | None:
        """Numerator and denominator of a quotient with a long denominator."""
        step = self.steps[x.number]
        if step.kind != "divide" or self.steps[step.operands[1]].short:
            return None
        return Node(self, step.operands[0]), Node(self, step.operands[1])

    def multiply(self, x: Node, y: Node) -> Node:
        """The product."""
        for one, other in ((x, y), (y, x)):
            value = self._constant(one)
            if value is not None:
                return self.scale(value, other)
        for one, other in ((x, y), (y, x)):
            quotient = self._quotient(other)
            if quotient is not None and self.steps[one.number].short:
                return self.divide(self.multiply(one, quotient[0]), quotient[1])
        return self._node("multiply", sorted((x, y), key=lambda z: z.number))

    def divide(self, x: Node, y: Node) -> Node:
        """The quotient.

        Raises:
            ZeroDivisionError: the divisor is the constant zero.
        """
        value = self._constant(y)
        if value is not None:
            return self.scale(1 / value, x)
        if self._constant(x) == 0:
            return x
        return self._node("divide", (x, y))

    def needed(self, results: Sequence[Node]) -> list[int]:
        """The numbers of the nodes on which results depend, ascending.

        Example:
            >>> lib = Recorder()
            >>> x, y = lib.variable("x"), lib.variable("y")
            >>> needed = lib.needed([x * x + 1])
            >>> x.number in needed, y.number in needed
            (True, False)
        """
        found: set[int] = set()
        waiting = [x.number for x in results]
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting += self.steps[number].operands
        return sorted(found)


class Replay:
    """Evaluates recorded nodes over series.

    Args:
        recorder: what was recorded.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder, self._steps = recorder, recorder.steps
        self._valuations: dict[int, int | None] = {}
        self._firsts: dict[int, int | None] = {}
        self._spans: dict[int, int] = {}

    def evaluate(
        self,
        lib: Expansions,
        variables: Mapping[str, Series],
        wanted: Sequence[tuple[Node, int | None]],
    ) -> list[Series]:
        """The values of nodes, each known to the order wanted if the variables allow.

        Args:
            lib: the series to evaluate over.
            variables: the values of the variables.
            wanted: nodes, and the exponents from which on nothing need be known; None
                for all terms that the domain keeps.  An order can only be met after
                an evaluation has shown the valuations.
        """
        needs = self._needs(wanted)
        values: dict[int, Series] = {}
        for number in sorted(needs):
            step, need = self._steps[number], needs[number]
            operands = [
                self._cut(n, values[n], order)
                for n, order in self._operand_needs(step, need)
            ]
            value = _apply(lib, step, operands, variables)
            values[number] = self._cut(number, value, need)
        for number, value in values.items():
            self._remember(number, value)
        return [self._cut(x.number, values[x.number], order) for x, order in wanted]

    def _remember(self, number: int, value: Series) -> None:
        """Keep what is seen of a node: its first term, or that there is none."""
        low = None if value.is_exact_zero else value.v
        self._valuations[number] = low
        self._spans[number] = len(value.rows)
        if low is not None and not value.is_known and number in self._firsts:
            # A term seen before is there, though it was not computed this time.
            old = self._firsts[number]
            low = None if old is None else max(old, low)
        self._firsts[number] = low

    def first(self, x: Node) -> int | None:
        """The exponent of the first term when last evaluated; None for exact zero."""
        return self._valuations[x.number]

    def transfer(
        self,
        lib: Numbers[T],
        variables: Mapping[str, T],
        wanted: Sequence[Node],
        adjust: Callable[[T, int | None], T],
    ) -> list[T]:
        """The values of nodes in another number system.

        Args:
            lib: the number system.
            variables: the values of the variables.
            wanted: nodes that were evaluated over series before.
            adjust: called with each value and the exponent below which its series had
                no term when it was last evaluated, None if it was the exact zero.
        """
        values: dict[int, T] = {}
        for number in self._recorder.needed(wanted):
            step = self._steps[number]
            operands = [values[n] for n in step.operands]
            value = _apply(lib, step, operands, variables)
            values[number] = adjust(value, self._valuations[number])
        return [values[x.number] for x in wanted]

    def length(self, wanted: Sequence[tuple[Node, int | None]]) -> int | None:
        """How many terms the longest series has; None if some order is not limited."""
        terms = []
        for number, need in self._needs(wanted).items():
            low = self._firsts.get(number)
            if self._steps[number].short:
                terms.append(self._spans.get(number, 1))
            elif need is None or number not in self._firsts:
                return None
            else:
                terms.append(0 if low is None else need - low)
        return max(terms, default=1)

    def _needs(
        self, wanted: Sequence[tuple[Node, int | None]]
    ) -> dict[int, int | None]:
        """To which order each node is needed; those that are not needed are absent."""
        needs: dict[int, int | None] = {}

        def add(number: int, order: int | None) -> None:
            old = needs.get(number, order)
            needs[number] = None if old is None or order is None else max(old, order)

        for x, order in wanted:
            add(x.number, order)
        for number in reversed(range(max(needs) + 1)):
            if number in needs:
                for operand, order in self._operand_needs(
                    self._steps[number], needs[number]
                ):
                    add(operand, order)
        return needs

    def _operand_needs(
        self, step: _Step, need: int | None
    ) -> list[tuple[int, int | None]]:
        """To which order the operands are needed."""
        if need is None or not step.operands or step.kind in ("scale", "add"):
            return [(n, need) for n in step.operands]
        if not all(n in self._firsts for n in step.operands):
            return [(n, None) for n in step.operands]
        lows = [self._firsts[n] for n in step.operands]
        if None in lows:
            return self._needs_beside_zero(step, need, lows)
        known = [low for low in lows if low is not None]
        if step.kind == "multiply":
            (x, y), (v, w) = step.operands, known
            # Cut below its first term a factor would spoil the order of the other.
            return [(x, max(need - w, v)), (y, max(need - v, w))]
        if step.kind == "divide":
            terms = need - known[0] + known[1]
        elif step.kind == "root":
            terms = need - known[0] // 2
        else:
            terms = need - abs(known[0] - known[1])
        return [
            (n, v + max(terms, 1)) for n, v in zip(step.operands, known, strict=True)
        ]

    def _needs_beside_zero(
        self, step: _Step, need: int, lows: Sequence[int | None]
    ) -> list[tuple[int, int | None]]:
        """The same where an operand was the exact zero, which it may be no more.

        The other operand then matters by its first term only.
        """
        others = sum(low for low in lows if low is not None)
        beside = need - others if step.kind == "multiply" else need + abs(others)
        # Where both were zero, two orders that are not negative add up to enough.
        return [
            (n, max(beside, 0) if low is None else low + 1)
            for n, low in zip(step.operands, lows, strict=True)
        ]

    def _cut(self, number: int, value: Series, order: int | None) -> Series:
        if order is None or self._steps[number].short or value.is_exact_zero:
            return value
        return value.big_o(order)


def _apply(
    lib: Numbers[T],
    step: _Step,
    operands: Sequence[T],
    variables: Mapping[str, T],
) -> T:
    """Carry out one step."""
    if step.kind in _OPERATIONS:
        x, y = operands
        value: T = _OPERATIONS[step.kind](x, y)
        return value
    if isinstance(step.detail, Fraction):
        return operands[0] * step.detail if operands else lib.exact(step.detail)
    if step.detail is None:
        return lib.pi
    if not operands:
        return variables[step.detail]
    if step.kind == "root":
        return lib.root(operands[0], step.detail)
    s, c = operands
    return lib.angle(s, c, step.detail)
