"""How other conventions call the parameters of a pattern.

A convention is a reading of one and the same matrix: with neurons as columns instead of
rows, with the blocks in reversed order, or with numbers for the parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from symcrit.symmetry.patterns import Parameter, Pattern

__all__ = ["Convention", "conventions"]


@dataclass(frozen=True, slots=True)
class Convention:
    """A convention and its names.

    Attributes:
        title: what it is, in a few words; Markdown.
        names: the name there of each parameter here.
    """

    title: str
    names: Mapping[str, str]


def conventions(pattern: Pattern) -> tuple[Convention, ...]:
    """Return the usual other conventions for a diagonal pattern, none for any other.

    Transposed, neurons are the columns of the matrix, as in the published sets of
    minima.  Reversed, the last block comes first, so that a special neuron stands last.
    The numbers of the parameters follow the reversed order.

    Example:
        >>> for convention in conventions(Pattern.parse("1+(k-1)")):
        ...     print(convention.title, list(convention.names.values()))
        neurons as columns ['a_1', 'm_2_1', 'm_1_2', 'a_2', 'o_2']
        blocks reversed ['a_2', 'm_2_1', 'm_1_2', 'a_1', 'o_1']
        numbered ['xi_5', 'xi_4', 'xi_3', 'xi_1', 'xi_2']
    """
    if not pattern.diagonal:
        return ()
    size = len(pattern.rows)
    known = {(q.row, q.column, q.kind): q.name for q in pattern.parameters}
    transposed = {q.name: known[q.column, q.row, q.kind] for q in pattern.parameters}
    found = [Convention("neurons as columns", transposed)]
    if size == 1:
        order = pattern.parameters
    else:
        order = tuple(sorted(pattern.parameters, key=lambda q: _reversed(q, size)))
        there = {q.name: _name(q, size) for q in pattern.parameters}
        found.append(Convention("blocks reversed", there))
    numbers = {q.name: f"xi_{i}" for i, q in enumerate(order, 1)}
    in_our_order = {name: numbers[name] for name in pattern.names}
    found.append(Convention("numbered", in_our_order))
    return tuple(found)


def _reversed(q: Parameter, size: int) -> tuple[int, int, str]:
    return size - q.row, size - q.column, q.kind


def _name(q: Parameter, size: int) -> str:
    row, column = size - q.row, size - q.column
    stem = q.name.partition("_")[0]
    return f"{stem}_{row}" if row == column else f"{stem}_{row}_{column}"
