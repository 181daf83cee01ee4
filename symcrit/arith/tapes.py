"""Recorded formulas as straight lines of operations, for numbers that compute fast.

A formula walks through patterns, orbits and linear forms each time it is evaluated, and
for machine numbers and balls that walk costs far more than the arithmetic.  A *tape*
keeps the operations that one walk over a ``Recorder`` has left, in their order and
without those that the results do not need, and runs them over any number system.

What a tape computes is the recorded formula up to the laws of fields: in balls it is an
enclosure like any other, and roots and angles are taken of the same quantities at the
same sites.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias, TypeVar, cast

from symcrit.arith.protocol import Element, Numbers, Site
from symcrit.arith.recording import Node, Recorder

__all__ = ["Tape"]

T = TypeVar("T", bound=Element)

_ADD, _MULTIPLY, _DIVIDE, _SCALE, _ROOT, _ANGLE = range(6)

_CODES: Mapping[str, int] = {
    "add": _ADD,
    "multiply": _MULTIPLY,
    "divide": _DIVIDE,
    "scale": _SCALE,
    "root": _ROOT,
    "angle": _ANGLE,
}

_Line: TypeAlias = tuple[int, int, int]
"""The code of an operation and the places of its operands; of a scale, root or angle
with two operands the second or third place is looked up beside the lines."""


class Tape:
    """The operations that lead from variables to chosen nodes of a recorder.

    Args:
        recorder: what was recorded.
        results: the nodes whose values are wanted.

    Example:
        >>> from symcrit.arith.floats import FLOATS
        >>> lib = Recorder()
        >>> x, y = lib.variable("x"), lib.variable("y")
        >>> tape = Tape(lib, [lib.root(x * x + y * y, "a site"), x / y])
        >>> tape.run(FLOATS, {"x": 3.0, "y": 4.0})
        [5.0, 0.75]
    """

    def __init__(self, recorder: Recorder, results: Sequence[Node]) -> None:
        steps = recorder.steps
        needed = recorder.needed(results)
        leaves = [n for n in needed if not steps[n].operands]
        self._constants: list[Fraction | None] = []
        self._names: list[str] = []
        constants, variables = [], []
        for n in leaves:
            detail = steps[n].detail
            if isinstance(detail, str):
                variables.append(n)
                self._names.append(detail)
            else:
                constants.append(n)
                self._constants.append(detail)
        inner = [n for n in needed if steps[n].operands]
        place = {n: i for i, n in enumerate([*constants, *variables, *inner])}
        self._factors: list[Fraction] = []
        self._sites: list[Site] = []
        self._lines: list[_Line] = [
            self._line(_CODES[steps[n].kind], [place[m] for m in steps[n].operands], d)
            for n in inner
            for d in [steps[n].detail]
        ]
        self._results = [place[x.number] for x in results]

    def _line(
        self, code: int, operands: Sequence[int], detail: str | Fraction | None
    ) -> _Line:
        if code == _SCALE:
            self._factors.append(cast(Fraction, detail))
            return code, operands[0], len(self._factors) - 1
        if code in (_ROOT, _ANGLE):
            self._sites.append(cast(Site, detail))
            return code, operands[0], operands[-1]
        return code, operands[0], operands[1]

    def __len__(self) -> int:
        return len(self._lines)

    def run(self, lib: Numbers[T], variables: Mapping[str, T]) -> list[T]:
        """The values of the results.

        Args:
            lib: the number system.
            variables: the values of the variables, by name.
        """
        values = [lib.pi if c is None else lib.exact(c) for c in self._constants]
        values += [variables[name] for name in self._names]
        factors = [
            int(c) if c.denominator == 1 else lib.exact(c) for c in self._factors
        ]
        sites = iter(self._sites)
        append = values.append
        for code, i, j in self._lines:
            if code == _MULTIPLY:
                append(values[i] * values[j])
            elif code == _ADD:
                append(values[i] + values[j])
            elif code == _SCALE:
                append(factors[j] * values[i])
            elif code == _DIVIDE:
                append(values[i] / values[j])
            elif code == _ROOT:
                append(lib.root(values[i], next(sites)))
            else:
                append(lib.angle(values[i], values[j], next(sites)))
        return [values[i] for i in self._results]
