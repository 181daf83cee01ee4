"""More inputs than the target looks at: columns that are zero in W and in V.

With d inputs of which the last m are zero in every neuron and every target, a
direction U in the first columns and one in the last are orthogonal for the Hessian, and
in the last columns

    D^2 L(U, U') = sum_p u_p^T R u'_p,    R_ii = 2 radial_i,  R_ij = kappa_c(w_i, w_j),

because no norm and no inner product changes to first order.  So the spectrum is that
without these columns, and in addition the eigenvalues of the matrix R, as many times
as there are columns.  R has the size of the number of neurons and commutes with the
group; its blocks are those of the components that move the columns, ``s_m`` and
``s_b*s_m`` with m the set of these columns, and contain neither m nor d.

Derivations: derivations/hessian.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from symcrit.core.errors import InputError
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.components import Decomposition, decompose
from symcrit.symmetry.patterns import Block, Parameter, Pattern
from symcrit.symmetry.sizes import Affine

__all__ = ["ExtraInputs", "any_extra_inputs", "extra_inputs", "read_inputs"]

T = TypeVar("T")

_GROUP = "m"


@dataclass(frozen=True)
class ExtraInputs:
    """A landscape with more columns.

    Attributes:
        landscape: pattern and target with a block of zero columns at the end.
        sources: for each of its parameters the number of that of the smaller landscape
            with the same value, or None for those in the new columns, which are zero.
        group: the name of the group that permutes the new columns; there is none if
            it is one column.
    """

    landscape: Landscape
    sources: tuple[int | None, ...]
    group: str

    def point(self, values: Sequence[T], zero: T) -> list[T]:
        """The parameters of the larger landscape, from those of the smaller one."""
        return [zero if i is None else values[i] for i in self.sources]

    @property
    def moving(self) -> Decomposition:
        """The components that tell the new columns apart."""
        pattern = self.landscape.structure.pattern
        found = decompose(pattern).components
        kept = tuple(c for c in found if self.group in dict(c.factors))
        return Decomposition(pattern, kept)


def read_inputs(
    text: int | str, pattern: Pattern, sizes: Mapping[str, Fraction]
) -> Affine | None:
    """Read a number of inputs, which should be no smaller than that of columns.

    Args:
        text: a number, or a form in k, or ``d`` for any number.
        pattern: the pattern.
        sizes: what is known of the variables of its sizes.

    Returns:
        The number, or None if it is that of the columns.

    Raises:
        InputError: the text is no such number, or it is too small.
    """
    number = Affine.parse(str(text)).substitute(sizes)
    columns = pattern.count_columns().substitute(sizes)
    if number == columns:
        return None
    if number.variables - {"k", "d"} or (sizes and not number.is_constant):
        right = "write 25, k+5 or 2*k, or d where k is free"
        message = f"{text!r} is no number of inputs; {right}"
        raise InputError(message)
    more = number - columns
    growth = dict(more.terms)
    # a number that stays below that of columns has no room for large k
    lagging = growth.get("d", growth.get("k", 0)) < 0
    if lagging or (
        more.is_constant and (more.const < 0 or more.const.denominator != 1)
    ):
        message = f"{number} inputs should be {columns}, or more by a whole number"
        raise InputError(message)
    return number


def extra_inputs(landscape: Landscape, inputs: Affine) -> ExtraInputs:
    """The landscape with inputs that neither the target nor the point looks at.

    Args:
        landscape: the landscape without them.
        inputs: the number d of all inputs, an affine form such as ``d`` or ``k+3``.

    Raises:
        InputError: d is no greater than the number of columns.

    Example:
        >>> from symcrit.landscapes.reduced import landscape
        >>> found = extra_inputs(landscape(pattern="1+(k-1)"), Affine.parse("d"))
        >>> found.landscape.structure.pattern.text
        'n2=k-1,m=d-k: rows 1,n2 cols 1,n2,m target 1,n2'
        >>> [component.name for component in found.moving.components]
        ['s_3', 's_2*s_3']
    """
    structure = landscape.structure
    pattern = structure.pattern
    columns = pattern.count_columns()
    extra = inputs - columns
    if extra.is_constant and (extra.const < 1 or extra.const.denominator != 1):
        message = f"{inputs} inputs should be more than the {columns} columns"
        raise InputError(message)
    group = _GROUP
    while group in pattern.sizes:
        group += _GROUP
    one = extra == Affine.constant(1)
    wide = replace(
        pattern,
        sizes=dict(pattern.sizes) if one else {**pattern.sizes, group: extra},
        columns=(*pattern.columns, Block(None if one else group)),
        diagonal=False,
    )
    wide = replace(wide, text=wide.written())
    target = {
        new.name: structure.target[old.name]
        for old in pattern.target_parameters
        for new in wide.target_parameters
        if _place(old) == _place(new) and old.name in structure.target
    }
    places = {_place(q): i for i, q in enumerate(pattern.parameters)}
    sources = tuple(places.get(_place(q)) for q in wide.parameters)
    widened = Structure.build(wide, target, structure.parallel)
    return ExtraInputs(replace(landscape, structure=widened), sources, group)


def any_extra_inputs(landscape: Landscape) -> ExtraInputs:
    """The same with as many new columns as a variable says, named as their group."""
    columns = landscape.structure.pattern.count_columns()
    group = extra_inputs(landscape, columns + Affine.constant(2)).group
    number = Affine(Fraction(0), ((group, Fraction(1)),))
    return extra_inputs(landscape, columns + number)


def _place(parameter: Parameter) -> tuple[int, int, str]:
    return parameter.row, parameter.column, parameter.kind
