"""The tapes of a landscape against the formulas that were recorded."""

import numpy as np
import pytest
from flint import arb

from symcrit.arith.balls import BALLS, CLOSED_BALLS
from symcrit.landscapes.blocks import hessian_blocks
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Relu, kernel_named
from symcrit.landscapes.recorded import RecordedLandscape
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.components import decompose
from symcrit.symmetry.patterns import Pattern

PATTERNS = ["k", "1+(k-1)", "3+(k-3)", "1+2+(k-3)", "n=d-1: rows 1,n,1 cols 1,n"]


@pytest.mark.parametrize("kernel", ["relu", "c^3"])
@pytest.mark.parametrize("text", PATTERNS)
def test_tapes_give_the_values_of_the_formulas(text: str, kernel: str) -> None:
    """At a random point: gradient, Hessian, loss, sines and blocks overlap."""
    pattern = Pattern.parse(text).with_free_sizes()
    land = Landscape(kernel_named(kernel), Structure.build(pattern))
    recorded = RecordedLandscape(land)
    direct = RecordedLandscape(land, tapes=False)
    rng = np.random.default_rng(3)
    point = [arb(x) for x in rng.normal(size=len(pattern.names))]
    sizes = {name: arb(5 + i) for i, name in enumerate(sorted(pattern.variables))}

    at = land.at(BALLS, point, sizes)
    slope, rows = recorded.derivatives(BALLS, point, sizes)
    assert all(x.overlaps(y) for x, y in zip(slope, at.gradient(), strict=True))
    assert all(
        x.overlaps(y)
        for mine, theirs in zip(rows, at.hessian(), strict=True)
        for x, y in zip(mine, theirs, strict=True)
    )
    assert max(x.rad() for row in rows for x in row) < 1e-9
    again = recorded.gradient(BALLS, point, sizes)
    assert all(x.overlaps(y) for x, y in zip(slope, again, strict=True))
    assert recorded.loss(BALLS, point, sizes).overlaps(at.loss())
    blocks = recorded.blocks(BALLS, point, sizes, decompose(pattern))
    for block, expected in zip(blocks, hessian_blocks(at), strict=True):
        assert block.component == expected.component
        assert all(
            x.overlaps(y) for x, y in zip(block.norms, expected.norms, strict=True)
        )
        assert all(
            x.overlaps(y)
            for mine, theirs in zip(block.entries, expected.entries, strict=True)
            for x, y in zip(mine, theirs, strict=True)
        )
    sines, plain = (x.sines(BALLS, point, sizes) for x in (recorded, direct))
    assert list(sines) == list(plain)
    for label, (sine, norms) in sines.items():
        assert sine.overlaps(plain[label][0])
        assert norms.overlaps(plain[label][1])


@pytest.mark.parametrize("tapes", [True, False])
def test_the_slack_bounds_what_is_left_out(*, tapes: bool) -> None:
    """Near parallel vectors: blocks with and without the pairs that are marked.

    The difference of the two Hessians, restricted to the fixed space, is at most the
    slack times the lengths of the directions.
    """
    pattern = Pattern.parse("k").with_free_sizes()
    plain = Landscape(Relu(), Structure.build(pattern))
    target = plain.structure.target
    near = frozenset({"w1.v1="})
    marked = Landscape(Relu(), Structure(pattern, target, {}, near))
    recorded = RecordedLandscape(marked, tapes=tapes)
    sizes = {"n1": arb(6)}
    for offset in (1e-1, 1e-3, 1e-6, -1e-6):
        point = [arb(1.1), arb(offset)]
        slack = recorded.slack(CLOSED_BALLS, point, sizes)
        exact = plain.at(BALLS, point, sizes).hessian()
        _, kept = recorded.derivatives(CLOSED_BALLS, point, sizes)
        counts = [6, 30]
        errors = [
            abs(exact[r][c] - kept[r][c]) * (counts[r] / counts[c]) ** 0.5
            for r in range(2)
            for c in range(2)
        ]
        assert all(error < slack for error in errors)
        assert any(error > slack / 1000 for error in errors)
        assert slack < 40 * abs(offset)
