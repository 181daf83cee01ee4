"""Values of the variables of the sizes, and the components that sizes leave.

A variable such as k is a number or a ball.  Small integers leave out isotypic
components; at other sizes the components are formal.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

from flint import arb

from symcrit.arith.balls import BALLS, ball_of
from symcrit.core.errors import InputError, UndecidedError
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.components import Decomposition, decompose

__all__ = [
    "Variable",
    "as_ball",
    "bits_of_size",
    "components_at",
    "integer_variables",
    "plain_value",
]

Variable: TypeAlias = int | Fraction | arb
"""The value of a variable of the sizes; a ball stands for every number in it."""


def components_at(
    landscape: Landscape, variables: Mapping[str, Variable]
) -> Decomposition:
    """The isotypic components that there are at given values of the variables.

    Raises:
        InputError: a variable has no value, or a parameter no entry.
        UndecidedError: a ball leaves open whether a size reaches an integer.

    Example:
        >>> from symcrit.landscapes.gram import Structure
        >>> from symcrit.landscapes.kernels import Relu
        >>> from symcrit.symmetry.patterns import Pattern
        >>> land = Landscape(Relu(), Structure.build(Pattern.parse("1+(k-1)")))
        >>> [c.name for c in components_at(land, {"k": 4}).components]
        ['1', 's_2', 'x_2']
    """
    pattern = landscape.structure.pattern
    missing = sorted(pattern.variables - set(variables))
    if missing:
        message = f"pattern {pattern.text!r}: give a value of {', '.join(missing)}"
        raise InputError(message)
    values = {name: plain_value(value) for name, value in variables.items()}
    present = decompose(pattern).restrict(
        lambda group, least: _reaches(landscape, group, least, values)
    )
    everything = decompose(pattern).components[0].copies
    copies = present.components[0].copies if present.components else ()
    if len(copies) < len(everything):
        lost = next(copy.name for copy in everything if copy not in copies)
        at = ", ".join(f"{name} = {variables[name]}" for name in sorted(values))
        message = (
            f"pattern {pattern.text!r} has no entry {lost} at {at}; write the pattern"
            " with the size that is left"
        )
        raise InputError(message)
    return present


def plain_value(value: Variable) -> Fraction | arb:
    """A fraction where the value is one number, else a ball.

    Raises:
        InputError: the value is not finite.

    Example:
        >>> plain_value(arb(7.5)), plain_value(arb(8, 0.5)).contains(8)
        (Fraction(15, 2), True)
    """
    if not isinstance(value, arb):
        return Fraction(value)
    if not value.is_finite():
        message = f"a variable of the sizes should be finite, got {value}"
        raise InputError(message)
    if not value.is_exact():
        return value
    exact = value.fmpq()
    return Fraction(int(exact.p), int(exact.q))


def as_ball(value: Variable) -> arb:
    """A ball that contains the value, at the working precision."""
    return value if isinstance(value, arb) else ball_of(Fraction(value))


def integer_variables(
    landscape: Landscape, values: Mapping[str, Fraction | arb]
) -> dict[str, Fraction] | None:
    """The variables of the pattern if all sizes are integers, else None.

    Args:
        landscape: the landscape.
        values: the variables, as ``plain_value`` gives them.
    """
    pattern = landscape.structure.pattern
    exact = {
        name: x
        for name, x in values.items()
        if isinstance(x, Fraction) and name in pattern.variables
    }
    if set(exact) != pattern.variables:
        return None
    sizes = [size.substitute(exact).const for size in pattern.sizes.values()]
    return exact if all(size.denominator == 1 for size in sizes) else None


def bits_of_size(landscape: Landscape, values: Mapping[str, Fraction | arb]) -> int:
    """The number of bits of the largest size.

    Args:
        landscape: the landscape.
        values: the variables, as ``plain_value`` gives them.
    """
    bits = 1
    for group in landscape.structure.pattern.sizes:
        upper = as_ball(_size(landscape, group, values)).abs_upper()
        bits = max(bits, int(upper.ceil().unique_fmpz() or 1).bit_length())
    return bits


def _size(
    landscape: Landscape, group: str, values: Mapping[str, Fraction | arb]
) -> Fraction | arb:
    """The size of a group, exact if the variables are."""
    size = landscape.structure.pattern.sizes[group]
    exact = {name: x for name, x in values.items() if isinstance(x, Fraction)}
    rest = size.substitute(exact)
    if rest.is_constant:
        return rest.const
    return rest.evaluate(BALLS, {name: as_ball(x) for name, x in values.items()})


def _reaches(
    landscape: Landscape,
    group: str,
    least: int,
    values: Mapping[str, Fraction | arb],
) -> bool:
    """Whether a size is greater than ``least - 1``.

    Raises:
        UndecidedError: it is not known.
    """
    size = _size(landscape, group, values)
    if size > least - 1:
        return True
    if size <= least - 1:
        return False
    pattern = landscape.structure.pattern
    message = (
        f"pattern {pattern.text!r}: whether {pattern.sizes[group]} is greater than"
        f" {least - 1} is open"
    )
    raise UndecidedError(message, hint="narrow the ball of the variable")
