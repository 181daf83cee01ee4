"""From the series of the parameters to the spectrum of the Hessian."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cmp_to_key

from symcrit.arith.laurent import Domain, Expansions, Series
from symcrit.catalog.quantities import Quantity, field_of
from symcrit.catalog.spectra import (
    Conjugates,
    Eigenvalue,
    SeriesBlock,
    SpectrumSeries,
    compare_eigenvalues,
)
from symcrit.core.errors import UndecidedError
from symcrit.expand.lift import Expansion
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Kernel, Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.conjugates import conjugate_series
from symcrit.spectra.expansions import ExpandedBlock, expand_spectrum
from symcrit.spectra.inputs import ExtraInputs, any_extra_inputs, extra_inputs
from symcrit.spectra.splitting import EigenvalueGroup
from symcrit.symmetry.components import decompose
from symcrit.symmetry.patterns import Pattern
from symcrit.symmetry.sizes import Affine

__all__ = ["family_spectrum", "global_spectrum", "series_blocks"]

_FIRST_EXTRA = 3
"""Orders of the parameters beyond that of the eigenvalues, tried first."""

_MOST_EXTRA = 60


def family_spectrum(
    name: str,
    landscape: Landscape,
    expand: Callable[[int], Expansion],
    order: int,
    inputs: Affine | None = None,
) -> SpectrumSeries:
    """The spectrum of a family to O(t^order), with as many terms as that needs.

    Args:
        name: of the family.
        landscape: its landscape.
        expand: the series of its parameters to a given order.
        order: every eigenvalue is known to O(t^order).
        inputs: the number of inputs if there are more than columns.

    Raises:
        UndecidedError: more terms of the parameters do not help.
    """
    wanted = order + _FIRST_EXTRA
    while True:
        found = expand(wanted)
        e = found.ramification
        blocks = _expand_all(landscape, found.parameters, order, e, inputs)
        reached = min(x.known_to for block in blocks for x in block.eigenvalues)
        if reached >= order:
            break
        wanted += math.ceil(order - reached)
        if wanted > order + _MOST_EXTRA:
            message = f"the eigenvalues are known to O(t^{reached}) only"
            raise UndecidedError(message, hint="ask for a lower order")
    return _spectrum(name, order, blocks, inputs)


def global_spectrum(
    order: int, *, kernel: Kernel | None = None, inputs: Affine | None = None
) -> SpectrumSeries:
    """The spectrum at the global minimum W = V = 1 with k neurons.

    Args:
        order: every eigenvalue is known to O(t^order).
        kernel: the kernel; ReLU by default.
        inputs: the number of inputs if there are more than k.

    Example:
        >>> found = global_spectrum(3)
        >>> for block in found.blocks:
        ...     print(block.component, block.dimension, block.eigenvalues[0])
        1 1 (1/(2*pi))*t**-2 + (pi**2 - 6*pi + 4)/(4*(pi - 2)*pi)
        + ((pi - 1)*pi/(pi - 2)**3)*t**2 + O(t**3)
        s_1 k - 1 1/4 - 1/(2*pi) + O(t**3)
        x_1 (k - 1)*(k - 2)/2 1/4 - 1/(2*pi) + O(t**3)
        y_1 k*(k - 3)/2 1/4 + 1/(2*pi) + O(t**3)
    """
    structure = Structure.build(Pattern.parse("k"), parallel={"w1.v1=": 1})
    lib = Expansions(Domain.start(1))
    point = (lib.exact(1), lib.exact(0))
    landscape = Landscape(kernel or Relu(), structure)
    blocks = _expand_all(landscape, point, order, 1, inputs)
    return _spectrum("global minimum", order, blocks, inputs)


def _spectrum(
    name: str, order: int, blocks: tuple[SeriesBlock, ...], inputs: Affine | None
) -> SpectrumSeries:
    exact = (c for b in blocks for x in b.eigenvalues for _, c in x.expansion.terms)
    field = field_of(exact)
    shown = None if inputs is None else str(inputs)
    return SpectrumSeries(name, Fraction(order), blocks, field, shown)


def _expand_all(
    landscape: Landscape,
    point: Sequence[Series],
    order: int,
    e: int,
    inputs: Affine | None,
) -> tuple[SeriesBlock, ...]:
    """The blocks of the Hessian, with those of columns that are zero."""
    lib = Expansions(Domain.start(1))
    k = lib.t_power(-2 * e)
    expanded = expand_spectrum(landscape, point, {"k": k}, order * e)
    if inputs is not None:
        many = any_extra_inputs(landscape)
        # The number of new columns does not enter: any will do.
        found = expand_spectrum(
            many.landscape,
            many.point(point, lib.exact(0)),
            {"k": k, many.group: lib.exact(2)},
            order * e,
            many.moving,
        )
        expanded = _merged(expanded, found, extra_inputs(landscape, inputs), many.group)
    return series_blocks(expanded, Fraction(order), e)


def _merged(
    still: Sequence[ExpandedBlock],
    moving: Sequence[ExpandedBlock],
    wide: ExtraInputs,
    group: str,
) -> list[ExpandedBlock]:
    """The components of the group that permutes the new columns as well.

    On a component that does not tell these columns apart lie the eigenvalues of the
    landscape without them and those of one new column.
    """
    known = {block.component.factors: block.groups for block in (*still, *moving)}
    merged = []
    for component in decompose(wide.landscape.structure.pattern).components:
        groups = known.get(component.factors, ())
        if group not in dict(component.factors):
            groups += known.get((*component.factors, (group, "s")), ())
        assert len(component.copies) == sum(found.count for found in groups)
        merged.append(ExpandedBlock(component, groups))
    return merged


def series_blocks(
    blocks: Sequence[ExpandedBlock], order: Fraction, ramification: int
) -> tuple[SeriesBlock, ...]:
    """The blocks as users see them, cut at an order."""
    found = []
    for block in blocks:
        eigenvalues = [
            x.truncated(order)
            for group in block.groups
            for x in _eigenvalues(group, block.component.name, order, ramification)
        ]
        eigenvalues.sort(key=cmp_to_key(compare_eigenvalues))
        component = block.component
        found.append(
            SeriesBlock(component.name, component.dimension, tuple(eigenvalues))
        )
    return tuple(found)


def _eigenvalues(
    group: EigenvalueGroup, name: str, order: Fraction, e: int
) -> list[Eigenvalue]:
    def quantity(series: Series, label: str) -> Quantity:
        if series.prec is None:
            series = series.big_o(int(order * e))
        return Quantity.of(label, series, e)

    expansion = quantity(group.series, name)
    if group.polynomial is None:
        plain = Eigenvalue(expansion, group.count, None, (), expansion.order)
        return [plain] * group.count
    exponent = Fraction(group.exponent, e)
    conjugates = Conjugates(
        exponent,
        tuple(quantity(c, f"c_{i}") for i, c in enumerate(group.polynomial)),
        group.leading,
    )
    return [
        Eigenvalue(
            expansion,
            1,
            conjugates,
            tuple((exponent + Fraction(n, e), c) for n, c in enumerate(row)),
            exponent + Fraction(len(row), e),
        )
        for row in conjugate_series(group.polynomial, group.leading)
    ]
