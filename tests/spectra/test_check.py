"""Mirror of symcrit/spectra/check.py."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flint import arb

from symcrit.arith.precision import working_precision
from symcrit.core.truth import Truth
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.check import check_spectrum
from symcrit.spectra.eigenvalues import BlockSpectrum, Spectrum, enclose_spectrum
from symcrit.symmetry.patterns import Pattern

LAND = Landscape(Relu(), Structure.build(Pattern.parse("1+(k-1)")))
POINT = [arb(x) / 64 for x in (-51, 6, 3, 57, -1)]
K = {"k": 20}


@pytest.fixture(scope="module")
def right() -> Spectrum:
    """The spectrum at a generic point."""
    return enclose_spectrum(LAND, POINT, K)


def changed(
    spectrum: Spectrum, component: str, change: Callable[[BlockSpectrum], BlockSpectrum]
) -> Spectrum:
    """The spectrum with one block replaced."""
    blocks = tuple(
        change(block) if block.component == component else block
        for block in spectrum.blocks
    )
    return replace(spectrum, blocks=blocks)


def test_an_enclosed_spectrum_stands(right: Spectrum) -> None:
    """Nothing speaks against what was proved, at any size."""
    huge = {"k": 10**12}
    for variables, found in ((K, right), (huge, enclose_spectrum(LAND, POINT, huge))):
        outcomes = check_spectrum(LAND, POINT, variables, found)

        assert list(outcomes) == ["1", "s_2", "x_2", "y_2"]
        assert all(x.is_true for x in outcomes.values())


def moved(block: BlockSpectrum, by: str, place: int = 0) -> BlockSpectrum:
    """One eigenvalue moved."""
    values = list(block.eigenvalues)
    with working_precision(300):
        values[place] = values[place] + arb(by)
    return replace(block, eigenvalues=tuple(values))


def exchanged(block: BlockSpectrum) -> BlockSpectrum:
    """Two eigenvalues moved apart, with the same trace."""
    return moved(moved(block, "1e-9", 0), "-1e-9", 1)


def doubled(block: BlockSpectrum) -> BlockSpectrum:
    """One eigenvalue in the place of another: all balls hold eigenvalues."""
    first, _, *rest = block.eigenvalues
    return replace(block, eigenvalues=(first, first, *rest))


MUTANTS: dict[str, Callable[[BlockSpectrum], BlockSpectrum]] = {
    "moved": lambda block: moved(block, "1e-20"),
    "exchanged": exchanged,
    "doubled": doubled,
    "lost": lambda block: replace(
        block, eigenvalues=block.eigenvalues[1:], signs=block.signs[1:]
    ),
    "signs": lambda block: replace(block, signs=tuple(-(x or 0) for x in block.signs)),
    "zero": lambda block: replace(block, signs=(0, *block.signs[1:])),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_block_is_refuted_and_no_other(name: str, right: Spectrum) -> None:
    """Exactly the component that was changed."""
    wrong = changed(right, "s_2", MUTANTS[name])

    outcomes = check_spectrum(LAND, POINT, K, wrong)

    assert {"s_2"} == {x for x, outcome in outcomes.items() if outcome.is_false}
    assert all(outcomes[x].is_true for x in ("1", "x_2", "y_2"))


def test_missing_and_superfluous_components_are_refuted(right: Spectrum) -> None:
    """What is not stated is not established, what is not there is false."""
    without = replace(right, blocks=right.blocks[:-1])
    renamed = replace(
        right, blocks=(*right.blocks, replace(right.blocks[0], component="z"))
    )

    assert check_spectrum(LAND, POINT, K, without)["y_2"].is_false
    assert check_spectrum(LAND, POINT, K, renamed)["z"].is_false


def test_open_signs_and_wide_balls_stay_open(right: Spectrum) -> None:
    """Neither confirmed nor refuted."""
    open_sign = changed(right, "x_2", lambda block: replace(block, signs=(None,)))
    anything = changed(
        right,
        "x_2",
        lambda block: replace(block, eigenvalues=(arb(0, float("inf")),)),
    )

    assert check_spectrum(LAND, POINT, K, open_sign)["x_2"] is Truth.UNKNOWN
    assert check_spectrum(LAND, POINT, K, anything)["x_2"] is Truth.UNKNOWN
