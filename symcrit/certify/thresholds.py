"""The real k at which the Morse index of a family changes, and where a family ends.

At a threshold a block H of the Hessian is singular.  With the parameters xi, the number
k and a vector n in the kernel of the block as unknowns,

    F(xi, k) = 0,        H(xi, k) n = 0,        n_r = 1,

is a square system, and a zero of it is proved like any other, by the Krawczyk test; its
derivatives by xi and by k come from jets.  A proved zero is a regular one: the kernel
is one-dimensional, and along the branch the eigenvalue crosses zero with nonzero speed
(or, for the trivial component, the branch turns back in a fold).

Where to look is found by following the branch downward numerically.  So a list of
thresholds is complete only as far as no pair of crossings hides between two steps, and
``complete`` says so; and that a proved crossing lies on the branch is known only
numerically.  A component is looked at only while it has all its copies: at smaller
sizes its block would be a compression without meaning.

Derivations: derivations/thresholds.md.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from flint import arb, arb_mat

from symcrit.arith.balls import BALLS, ball_of
from symcrit.arith.decimals import as_fraction
from symcrit.arith.precision import working_precision
from symcrit.certify.bordered import Bordered
from symcrit.certify.ends import End, meeting_point, smallest_size
from symcrit.certify.krawczyk import certify_zero, column_of
from symcrit.certify.points import certify_point
from symcrit.core.errors import UndecidedError
from symcrit.core.notebook import html_table, latex_array
from symcrit.core.truth import Truth
from symcrit.expand.balance import LeadingTerm, approx_critical_point
from symcrit.landscapes.blocks import HessianBlock, hessian_blocks
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.components import Component, Decomposition, decompose
from symcrit.symmetry.latex import component_latex, polynomial_latex
from symcrit.symmetry.polynomials import SizePolynomial

__all__ = ["Crossing", "End", "Thresholds", "find_thresholds", "negative_count"]

_SEARCH_BITS = 256
_K_TOP = 10**6
"""The search starts here; above, the exact series tells the signs."""

_FINE_BELOW = 200
_COARSE_RATIO = 0.8
_FINE_RATIO = 0.95
_LEAST_STEP = 1e-6
"""The branch counts as ended when even a step of k by this ratio fails."""

_SHOWN_DIGITS = 12
"""Digits of a threshold that a notebook shows."""

_PROMPT_DIGITS = 6

_AT_LEAST_SIZE = Fraction(1, 100_000)
"""A branch that was followed so close to the least size has no other end."""

_MAX_JUMP = 0.02
"""The greatest distance between a prediction and the point found, against jumping."""

_DIGITS = 30
_BESIDE = Fraction(1, 10**6)
"""The index beside a threshold is certified at k (1 - 1e-6) and k (1 + 1e-6)."""

_BISECTIONS = 10
_ROUNDING = 2.0**-45
"""An eigenvalue below this, relative to the largest, may be zero but for rounding."""

_MAX_SEARCH_STEPS = 12
"""From a good prediction Newton's method takes half as many."""

_CERTIFY_BITS = (192, 384, 768)
_MAX_NEWTON_STEPS = 40


@dataclass(frozen=True)
class Crossing:
    """A threshold: the real k at which an isotypic block becomes singular.

    Attributes:
        k: an enclosure of the threshold, the only one near by.
        component: the isotypic component.
        multiplicity: the dimension of the component, a polynomial in the sizes.
        negative_below: negative eigenvalues of the block just below, certified or None.
        negative_above: the same just above.
        certified: whether k and both numbers are proved.

    Example:
        >>> import symcrit
        >>> x = symcrit.family("A").threshold().crossings[0]
        >>> print(x.k.str(8, radius=False), x.component, x.multiplicity)
        5.7638127 x_1 (k - 1)*(k - 2)/2
        >>> x.negative_below, x.negative_above, x.certified.value
        (1, 0, 'TRUE')

    Source:
        derivations/thresholds.md, the bordered system.
    """

    k: arb
    component: str
    multiplicity: SizePolynomial
    negative_below: int | None
    negative_above: int | None
    certified: Truth


@dataclass(frozen=True)
class Thresholds:
    """The thresholds found on one branch.

    Attributes:
        searched: the range of k that was followed; to infinity where a theorem for all
            k says so.
        complete: whether it is proved that there are no others in the range.
        crossings: the thresholds, the largest k first.
        end: where the branch ends; None if that was not found out.
        remark: how the search ended, in words.
        degenerate: the components that have, numerically, an eigenvalue zero all along
            the branch.

    Example:
        >>> import symcrit
        >>> found = symcrit.family("A").threshold()
        >>> len(found.crossings), found.complete, found.end.kind
        (2, False, 'meeting')
        >>> [str(k) for k in found.searched], found.degenerate
        (['2', '1000000'], ())

    Source:
        derivations/thresholds.md.
    """

    searched: tuple[Fraction, Fraction | float]
    complete: bool
    crossings: tuple[Crossing, ...]
    end: End | None
    remark: str
    degenerate: tuple[str, ...] = ()

    def __repr__(self) -> str:
        found = [
            f"{x.component} at k = {x.k.str(_PROMPT_DIGITS, radius=False)}"
            for x in self.crossings
        ]
        return f"<thresholds: {', '.join(found) or 'none'}>"

    def _repr_html_(self) -> str:
        heads = ("k", "component", "multiplicity", "below", "above", "certified")
        rows = [
            (
                x.k.str(_SHOWN_DIGITS, radius=False),
                x.component,
                str(x.multiplicity),
                *(
                    "?" if n is None else str(n)
                    for n in (x.negative_below, x.negative_above)
                ),
                "yes" if x.certified.is_true else "no",
            )
            for x in self.crossings
        ]
        return html_table(self.remark, heads, rows)

    def _repr_latex_(self) -> str:
        heads = ["k", r"\text{component}", r"\text{multiplicity}"]
        rows = [
            (
                x.k.str(_SHOWN_DIGITS, radius=False),
                component_latex(x.component),
                polynomial_latex(str(x.multiplicity)),
            )
            for x in self.crossings
        ]
        return latex_array(heads, rows)


@dataclass(frozen=True)
class _Step:
    """A point of the branch, found numerically, with the signs of its blocks."""

    k: arb
    point: list[arb]
    components: dict[str, Component]
    negatives: dict[str, int]
    degenerate: frozenset[str]


def find_thresholds(
    landscape: Landscape,
    leading: Sequence[LeadingTerm],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Thresholds:
    """Follow a branch from large k downward and certify the thresholds on the way.

    Args:
        landscape: the landscape.
        leading: limit and leading term of each parameter.
        progress: called with the number of steps taken and about to be taken.
    """
    whole = {c.name: c for c in decompose(landscape.structure.pattern).components}
    steps = []
    for step in _follow(landscape, leading):
        steps.append(step)
        if progress is not None:
            progress(len(steps), len(steps) + 20)
    crossings = []
    for above, below in pairwise(steps):
        for name, component in above.components.items():
            if component != whole[name] or component != below.components.get(name):
                continue
            if above.negatives[name] != below.negatives[name]:
                crossings.append(_crossing(landscape, component, above, below))
    end = _end(landscape, whole["1"], steps[-1])
    last = as_fraction(steps[-1].k)
    lowest = last if end is None else as_fraction(end.k)
    remark = "how the branch goes on was not found out" if end is None else str(end)
    degenerate = frozenset[str].intersection(*(step.degenerate for step in steps))
    return Thresholds(
        (lowest, Fraction(_K_TOP)),
        False,
        tuple(crossings),
        end,
        remark,
        tuple(name for name in whole if name in degenerate),
    )


def _follow(landscape: Landscape, leading: Sequence[LeadingTerm]) -> Iterator[_Step]:
    """Points of the branch by continuation in log k, with a guard against jumps."""
    least = ball_of(smallest_size(landscape))
    with working_precision(_SEARCH_BITS):
        k = arb(_K_TOP)
        found = approx_critical_point(
            landscape, _start(leading, k), {"k": k}, prec=_SEARCH_BITS
        )
        if found is None:
            message = f"the branch was not found at k = {_K_TOP}"
            raise UndecidedError(message, hint="check the limit of the family")
        before: tuple[arb, list[arb]] | None = None
        while True:
            yield _step(landscape, found, k)
            ratio = _COARSE_RATIO if k > _FINE_BELOW else _FINE_RATIO
            here = (k, found)
            while True:
                k = (here[0] * ratio).mid()
                guess = here[1] if before is None else _predict(k, here, before)
                nearby = None
                if k > least:
                    nearby = approx_critical_point(
                        landscape,
                        guess,
                        {"k": k},
                        prec=_SEARCH_BITS,
                        max_steps=_MAX_SEARCH_STEPS,
                    )
                if nearby is not None and _distance(nearby, guess) < _MAX_JUMP:
                    break
                if 1 - ratio < _LEAST_STEP:
                    return
                ratio = ratio**0.5
            before, found = here, nearby


def _start(leading: Sequence[LeadingTerm], k: arb) -> list[arb]:
    start = []
    for x in leading:
        value = x.limit.ball(_SEARCH_BITS)
        if x.exponent is not None and x.coefficient is not None:
            power = (-k.log() * x.exponent.numerator / x.exponent.denominator / 2).exp()
            value += x.coefficient.ball(_SEARCH_BITS) * power
        start.append(value)
    return start


def _predict(
    k: arb, here: tuple[arb, list[arb]], before: tuple[arb, list[arb]]
) -> list[arb]:
    """The secant through two points, in log k."""
    ratio = (k / here[0]).log() / (here[0] / before[0]).log()
    return [
        (x + (x - y) * ratio).mid() for x, y in zip(here[1], before[1], strict=True)
    ]


def _distance(x: Sequence[arb], y: Sequence[arb]) -> float:
    return max(abs(float(a - b)) for a, b in zip(x, y, strict=True))


def _step(landscape: Landscape, point: list[arb], k: arb) -> _Step:
    """The signs of the blocks that exist at this k.

    Below an integer size at which an adapted matrix vanishes its squared norm would be
    negative, and the block would show an eigenvalue that means nothing.
    """
    pattern = landscape.structure.pattern
    sizes = {
        group: size.evaluate(BALLS, {"k": k}) for group, size in pattern.sizes.items()
    }
    present = decompose(pattern).restrict(
        lambda group, least: bool(sizes[group] > least - 1)
    )
    blocks = hessian_blocks(landscape.at(BALLS, point, {"k": k}), present)
    negatives = {}
    degenerate = set()
    for block in blocks:
        values = _approx_eigen(block)[0]
        rounding = _ROUNDING * np.abs(values).max()
        negatives[block.component.name] = int((values < -rounding).sum())
        if (np.abs(values) <= rounding).any():
            degenerate.add(block.component.name)
    components = {c.name: c for c in present.components}
    return _Step(k, point, components, negatives, frozenset(degenerate))


def _approx_eigen(block: HessianBlock[arb]) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues, ascending, and eigenvectors in the adapted matrices."""
    scale = np.sqrt([abs(float(x)) for x in block.norms])
    dense = np.array([[float(x.mid()) for x in row] for row in block.entries])
    values, vectors = np.linalg.eigh(dense / np.outer(scale, scale))
    return values, vectors / scale[:, None]


def negative_count(block: HessianBlock[arb], *, prec: int) -> int | None:
    """The number of negative eigenvalues of a block, proved, or None.

    The block is congruent to Q^T H Q for any invertible Q; with Q near the eigenvectors
    that matrix is nearly diagonal, and Gershgorin's discs tell the signs (Sylvester).
    The discs exclude zero, so Q^T H Q has full rank, and Q is invertible.
    """
    n = len(block.norms)
    _, vectors = _approx_eigen(block)
    with working_precision(prec):
        q = arb_mat([[arb(float(x)) for x in row] for row in vectors])
        near = q.transpose() * arb_mat(block.entries) * q
        negative = 0
        for i in range(n):
            radius = sum((abs(near[i, j]) for j in range(n) if j != i), arb(0))
            if near[i, i] + radius < 0:
                negative += 1
            elif not near[i, i] - radius > 0:
                return None
    return negative


def _crossing(
    landscape: Landscape, component: Component, above: _Step, below: _Step
) -> Crossing:
    """Certify the threshold of a component between two steps of the search."""
    near, index = _close_in(landscape, component, above, below)
    k, point = _singular_point(landscape, component, near, index)
    low = high = None
    if k is not None and below.k < k and k < above.k:
        low, high = (
            _certified_negatives(landscape, component, as_fraction(k) * factor, point)
            for factor in (1 - _BESIDE, 1 + _BESIDE)
        )
    else:
        with working_precision(_SEARCH_BITS):
            k = (above.k + below.k) / 2 + arb(0, (above.k - below.k) / 2)
    proved = low is not None and high is not None and low != high
    return Crossing(
        k,
        component.name,
        component.dimension,
        low,
        high,
        Truth.of(true=proved, false=False),
    )


def _close_in(
    landscape: Landscape, component: Component, above: _Step, below: _Step
) -> tuple[_Step, int]:
    """A step next to the threshold, and which eigenvalue vanishes there."""
    name = component.name
    index = min(above.negatives[name], below.negatives[name])
    ends = [below, above]
    with working_precision(_SEARCH_BITS):
        for _ in range(_BISECTIONS):
            k = (ends[0].k + ends[1].k) / 2
            start = [
                (x + y) / 2 for x, y in zip(ends[0].point, ends[1].point, strict=True)
            ]
            point = approx_critical_point(
                landscape, start, {"k": k.mid()}, prec=_SEARCH_BITS
            )
            if point is None or _distance(point, start) > _MAX_JUMP:
                break
            k = k.mid()
            step = _step(landscape, point, k)
            is_low = step.negatives[name] == below.negatives[name]
            ends[0 if is_low else 1] = step
    return ends[0], index


def _end(landscape: Landscape, trivial: Component, last: _Step) -> End | None:
    """How the branch ends next to the last step of the search, if that is known."""
    least = smallest_size(landscape)
    if as_fraction(last.k) < least * (1 + _AT_LEAST_SIZE):
        return End(ball_of(least), "size")
    k, parameters = _singular_point(landscape, trivial, last, 0)
    if k is not None and abs(k / last.k - 1) < _MAX_JUMP:
        return End(k, "fold", tuple(parameters), proved=Truth.TRUE)
    return meeting_point(landscape, last.k, last.point)


def _singular_point(
    landscape: Landscape, component: Component, near: _Step, index: int
) -> tuple[arb | None, list[arb]]:
    """A proved zero of the bordered system next to a step: k and the parameters.

    Args:
        landscape: the landscape.
        component: the component that becomes singular.
        near: where to start.
        index: which eigenvalue vanishes, counted from the least.
    """
    prec = _CERTIFY_BITS[0]
    with working_precision(prec):
        (block,) = hessian_blocks(
            landscape.at(BALLS, near.point, {"k": near.k}),
            Decomposition(landscape.structure.pattern, (component,)),
        )
        kernel = _approx_eigen(block)[1][:, index]
        fixed = int(np.argmax(abs(kernel)))
        rest = [float(x / kernel[fixed]) for i, x in enumerate(kernel) if i != fixed]
        start = [*near.point, near.k, *(arb(x) for x in rest)]
    system = Bordered(landscape, component, fixed)
    for prec in _CERTIFY_BITS:
        found = _newton(system, start, prec)
        if found is None:
            return None, []
        proved = certify_zero(system.value, system.jacobian, found, prec=prec)
        k = proved.image[system.size, 0]
        if proved.unique.is_true and k.rad() < arb(10) ** -_DIGITS * abs(k.mid()):
            return k, proved.image.entries()[: system.size]
        start = found
    return None, []


def _newton(system: Bordered, start: Sequence[arb], prec: int) -> list[arb] | None:
    """Newton's method for the bordered system, without bounds."""
    with working_precision(prec):
        column = column_of([x.mid() for x in start])
        for _ in range(_MAX_NEWTON_STEPS):
            try:
                step = system.jacobian(column).solve(
                    system.value(column), algorithm="approx"
                )
            except ZeroDivisionError:
                return None
            if not all(x.is_finite() for x in step.entries()):
                return None
            column = (column - step).mid()
            small = arb(2) ** (-(prec // 2))
            if all(abs(x) < small for x in step.entries()):
                return list(column.entries())
    return None


def _certified_negatives(
    landscape: Landscape, component: Component, k: Fraction, near: Sequence[arb]
) -> int | None:
    """The number of negative eigenvalues on a component at one k, proved."""
    with working_precision(_SEARCH_BITS):
        value = ball_of(k)
    start = approx_critical_point(
        landscape, near, {"k": value.mid()}, prec=_SEARCH_BITS
    )
    if start is None or _distance(start, near) > _MAX_JUMP:
        return None
    try:
        point = certify_point(landscape, start, {"k": k}, digits=_DIGITS)
    except UndecidedError:
        return None
    parameters = [point.parameters[name] for name in point.names]
    with working_precision(_SEARCH_BITS):
        at = landscape.at(BALLS, parameters, {"k": value})
        only = Decomposition(landscape.structure.pattern, (component,))
        (block,) = hessian_blocks(at, only)
    return negative_count(block, prec=_SEARCH_BITS)
