"""The reduced gradient of a landscape as a system of equations in balls.

Beside values and Jacobian it keeps what a proof needs to know about the box on which
the Jacobian was enclosed: the radicands there, whether vectors that were declared
parallel point as declared, and how smooth the landscape is on the box.  Where pairs of
vectors may be parallel (``Structure.near``) the landscape is twice continuously
differentiable, and the Jacobian is widened by the bound on what is left out there.

Derivations: derivations/points.md, derivations/certificates.md.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from flint import arb, arb_mat

from symcrit.arith.balls import BALLS, CLOSED_BALLS, Balls, ClosedBalls
from symcrit.arith.protocol import Site
from symcrit.certify.krawczyk import Hypothesis, column_of
from symcrit.core.truth import Truth
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Kernel
from symcrit.landscapes.recorded import RecordedLandscape
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.patterns import Pattern

__all__ = ["ReducedSystem", "free_landscape"]

_Target: TypeAlias = tuple[tuple[str, Fraction], ...]


@lru_cache(maxsize=256)
def free_landscape(
    pattern: Pattern,
    kernel: Kernel,
    near: frozenset[str] = frozenset(),
    target: _Target | None = None,
) -> RecordedLandscape:
    """The landscape on the blocks of a pattern, with every size a free variable.

    Args:
        pattern: the pattern, whatever its sizes.
        kernel: the kernel.
        near: the labels of pairs that may be parallel.
        target: the entries of the target by name; by default the identity.

    Raises:
        InputError: the target does not fit the pattern.
    """
    free = pattern.with_free_sizes()
    if free != pattern:
        return free_landscape(free, kernel, near, target)
    plain = Structure.build(pattern, None if target is None else dict(target))
    return RecordedLandscape(
        Landscape(kernel, Structure(pattern, plain.target, {}, near))
    )


class _Watch(Balls):
    """Balls that remember every radicand, so that a proof can name the site."""

    def __init__(self) -> None:
        self.radicands: dict[Site, arb] = {}

    def root(self, x: arb, site: Site) -> arb:
        """The square root, and a note of what it was taken of."""
        self.radicands[site] = x
        return super().root(x, site)


class _ClosedWatch(_Watch, ClosedBalls):
    """The same where radicands are known not to be negative."""


class ReducedSystem:
    """The reduced gradient and its Jacobian over boxes.

    Attributes:
        landscape: the landscape.
        values: the variables of the sizes, as balls.
        radicands: those of the last Jacobian, by site.
    """

    def __init__(
        self, landscape: Landscape | RecordedLandscape, values: Mapping[str, arb]
    ) -> None:
        if isinstance(landscape, Landscape):
            landscape = RecordedLandscape(landscape, tapes=False)
        self.recorded = landscape
        self.landscape = landscape.landscape
        self.values = values
        self.is_closed = bool(self.landscape.structure.near)
        self.radicands: dict[Site, arb] = {}
        self._rays: dict[Site, Truth] = {}
        self._slack = arb(0)

    @property
    def lib(self) -> Balls:
        """The balls to compute with."""
        return CLOSED_BALLS if self.is_closed else BALLS

    def gradient(self, column: arb_mat) -> arb_mat:
        """The reduced gradient, n by 1."""
        return column_of(
            self.recorded.gradient(self.lib, column.entries(), self.values)
        )

    def loss(self, column: arb_mat) -> arb:
        """The loss."""
        return self.recorded.loss(self.lib, column.entries(), self.values)

    def jacobian(self, column: arb_mat) -> arb_mat:
        """An enclosure of the Jacobian over a box, n by n."""
        watch = _ClosedWatch() if self.is_closed else _Watch()
        point = column.entries()
        self.radicands = watch.radicands
        _, rows = self.recorded.derivatives(watch, point, self.values)
        parallel = [pair for pair in self.landscape.structure.pairs if pair.parallel]
        if parallel:
            at = self.landscape.at(watch, point, self.values)
            self._rays = {
                pair.label: _has_sign(at.data(pair)[0].c, pair.parallel)
                for pair in parallel
            }
        return self._widened(rows, point) if self.is_closed else arb_mat(rows)

    def _widened(self, rows: list[list[arb]], point: list[arb]) -> arb_mat:
        """The Jacobian with the bound on what pairs that may be parallel add.

        The entry in row r and column c is the second derivative in two directions of
        squared norms n_r and n_c, divided by n_r.
        """
        slack = self._slack = self.recorded.slack(self.lib, point, self.values)
        pattern = self.landscape.structure.pattern
        sizes = [
            pattern.evaluate_count(count, self.lib, self.values)
            for count in self.landscape.orbit_counts
        ]
        return arb_mat(
            [
                [
                    x + arb(0, (slack * (column / row).sqrt()).abs_upper())
                    for x, column in zip(entries, sizes, strict=True)
                ]
                for entries, row in zip(rows, sizes, strict=True)
            ]
        )

    @property
    def open_sites(self) -> list[Site]:
        """The sites where a radicand may vanish; pairs of targets are constants."""
        return [
            site
            for site, x in self.radicands.items()
            if "w" in site and site not in self.landscape.structure.near and not x > 0
        ]

    @property
    def is_analytic(self) -> bool:
        """Whether no pair of vectors may be parallel but those that always are."""
        return not self.is_closed and not self.open_sites

    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """Why the landscape is smooth where the Jacobian was evaluated last."""
        sites = len(self.radicands)
        found = [
            Hypothesis(
                "all radicands are positive on the whole box, so no angle is 0 or pi",
                Truth.of(true=not self.open_sites, false=False),
                f"{sites - len(self.landscape.structure.near)} sites",
            ),
            Hypothesis(
                "vectors declared parallel point as declared on the whole box",
                Truth.all_of(self._rays.values()),
                f"{len(self._rays)} pairs",
            ),
        ]
        if self.is_closed:
            # The bound has been divided by the norms of the neurons concerned.
            found.append(
                Hypothesis(
                    "no neuron is zero where vectors may be parallel: the landscape is"
                    " twice continuously differentiable",
                    Truth.of(true=self._slack.is_finite(), false=False),
                    f"{len(self.landscape.structure.near)} pairs",
                )
            )
        return tuple(found)


def _has_sign(x: arb, sign: int) -> Truth:
    return Truth.of(true=bool(sign * x > 0), false=bool(sign * x < 0))
