"""Mirror of symcrit/spectra/eigenvalues.py."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb

import symcrit
from symcrit.arith.precision import working_precision
from symcrit.core.errors import InputError, UndecidedError
from symcrit.core.truth import Truth
from symcrit.landscapes.full import hessian
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Kernel, Monomial, Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra import eigenvalues as eigenvalues_module
from symcrit.spectra.eigenvalues import Spectrum, enclose_spectrum
from symcrit.spectra.sizes import Variable, components_at
from symcrit.symmetry.components import Component, Decomposition, decompose
from symcrit.symmetry.matrices import embed, embed_target
from symcrit.symmetry.patterns import Pattern

TOLERANCE = 1e-10
"""Ten digits, where eigenvalues are of order one to ten."""

PATTERNS = {
    "k": {},
    "1+(k-1)": {},
    "(k-1)+1": {},
    "2+(k-2)": {},
    "3+(k-3)": {},
    "n=d-1: rows 1,n,1 cols 1,n": {"d": 0},
    "n=k-1, m=d-k: rows 1,n cols 1,n,m target 1,n": {"d": 3},
}
"""Patterns, with d - k where they contain d."""


def landscape(
    text: str, kernel: Kernel | None = None, parallel: Mapping[str, int] | None = None
) -> Landscape:
    """The landscape of a pattern with the identity as target."""
    structure = Structure.build(Pattern.parse(text), parallel=parallel)
    return Landscape(kernel or Relu(), structure)


def sizes(text: str, k: int) -> dict[str, int]:
    """The variables of a pattern."""
    values = {"k": k, "d": k + PATTERNS[text].get("d", 0)}
    return {name: values[name] for name in Pattern.parse(text).variables}


def generic_point(land: Landscape, seed: int) -> list[float]:
    """Random parameters, the same in every run."""
    rng = np.random.default_rng(seed)
    names = land.structure.pattern.names
    return [float(x) for x in rng.normal(size=len(names))]


def full_eigenvalues(
    land: Landscape, point: list[float], values: Mapping[str, int]
) -> Any:
    """The eigenvalues of the Hessian of full size, ascending."""
    structure = land.structure
    weights = np.array(embed(structure.pattern, point, values), dtype=float)
    target = np.array(
        embed_target(structure.pattern, structure.target, values), dtype=float
    )
    return np.linalg.eigvalsh(hessian(weights, target, kernel=land.kernel))


def all_eigenvalues(found: Spectrum) -> Any:
    """The midpoints with their multiplicities, ascending."""
    values = [
        float(ball)
        for block in found.blocks
        for ball in block.eigenvalues
        for _ in range(block.multiplicity or 0)
    ]
    return np.sort(values)


@pytest.mark.parametrize("k", range(6, 13))
@pytest.mark.parametrize("text", PATTERNS)
def test_the_full_spectrum_with_multiplicities(text: str, k: int) -> None:
    """Balls around the eigenvalues of the full Hessian, signs and index included."""
    land = landscape(text)
    values = sizes(text, k)
    point = generic_point(land, k)

    found = enclose_spectrum(land, [arb(x) for x in point], values)
    expected = full_eigenvalues(land, point, values)

    assert expected.shape == all_eigenvalues(found).shape
    assert np.abs(expected - all_eigenvalues(found)).max() < TOLERANCE
    assert found.certified
    assert found.morse_index == (expected < 0).sum()
    for block in found.blocks:
        for ball in block.eigenvalues:
            assert ball.rel_accuracy_bits() >= 128


@pytest.mark.parametrize(
    "name",
    [
        "A",
        "I",
        "II",
        pytest.param("M", marks=pytest.mark.slow),
        pytest.param("flip:3", marks=pytest.mark.slow),
    ],
)
def test_certified_points_of_the_families(name: str) -> None:
    """From k = 12 down to 6: points, then spectra, against the full Hessian."""
    # A proved point is what the spectrum is for, although it needs none.
    from symcrit.certify.points import certify_point

    family = symcrit.family(name)
    land, names = family.landscape, family.names
    with working_precision(128):
        expansion, t = family.expansion(6), 1 / arb(12).sqrt()
        point = []
        for parameter in names:
            value = arb(0)
            for n, c in expansion[parameter].known_coefficients():
                power = arb(1)
                for _ in range(n):
                    power *= t
                value += c.ball(128) * power
            point.append(value)
    for k in range(12, 5, -1):
        proved = certify_point(land, point, {"k": k}, digits=25)
        point = [proved.parameters[parameter] for parameter in names]
        found = enclose_spectrum(land, point, {"k": k}, prec=60)
        expected = full_eigenvalues(land, [float(x) for x in point], {"k": k})

        assert found.certified
        assert np.abs(expected - all_eigenvalues(found)).max() < TOLERANCE
        assert found.morse_index == (expected < 0).sum()


@pytest.mark.parametrize("k", [6, 20, 10**6, 10**12, 10**40])
@pytest.mark.parametrize(
    ("text", "parallel"),
    [
        ("k", {"w1.v1=": 1}),
        ("1+(k-1)", {"w1.v1": 1, "w2.v2=": 1}),
        ("3+(k-3)", {"w1.v1=": 1, "w2.v2=": 1}),
    ],
)
def test_the_exact_spectrum_at_the_global_minimum(
    text: str, parallel: Mapping[str, int], k: int
) -> None:
    """Four closed forms with their multiplicities, at any size.

    Source:
        Safran, Yehudai and Shamir, arXiv:2006.01005; see derivations/hessian.md.
    """
    land = landscape(text, parallel=parallel)
    names = land.structure.pattern.names
    point = [arb(int(name.startswith("a"))) for name in names]
    found = enclose_spectrum(land, point, {"k": k})
    with working_precision(1000):
        pi, n = arb.pi(), arb(k)
        middle, trace = 8 * pi * pi + 4 * n * pi * pi, n * pi + 2 * n + 2 * pi
        product = 16 * pi * pi * (n * pi * pi + pi * pi + 4 * pi - 4)
        root = (middle * middle - 4 * product).sqrt()
        other = (n * n * (pi - 2) * (pi - 2) + 16 * (n - 1) * (pi - 1)).sqrt()
        expected = [
            (arb(1) / 4 - 1 / (2 * pi), k * (k - 1) // 2),
            (arb(1) / 4 + 1 / (2 * pi), k * (k - 3) // 2),
            ((middle - root) / (32 * pi * pi), k - 1),
            ((middle + root) / (32 * pi * pi), k - 1),
            ((trace - other) / (8 * pi), 1),
            ((trace + other) / (8 * pi), 1),
        ]
        counted = [0] * len(expected)
        for block in found.blocks:
            for ball in block.eigenvalues:
                (place,) = [i for i, (x, _) in enumerate(expected) if ball.contains(x)]
                counted[place] += block.multiplicity or 0

    assert [times for _, times in expected] == counted
    assert found.certified
    assert found.is_positive_definite.is_true


def test_small_integers_have_their_own_components() -> None:
    """At k = 3 the pattern 1+(k-1) has a block of two; nothing spurious is listed."""
    land = landscape("1+(k-1)")
    for k in (3, 4, 5):
        point = generic_point(land, k)
        found = enclose_spectrum(land, [arb(x) for x in point], {"k": k})
        expected = full_eigenvalues(land, point, {"k": k})

        assert expected.shape == all_eigenvalues(found).shape
        assert np.abs(expected - all_eigenvalues(found)).max() < TOLERANCE
    names = [block.component for block in found.blocks]

    assert names == ["1", "s_2", "x_2", "y_2"]


@pytest.mark.parametrize("k", [Fraction(15, 2), Fraction(13, 4), arb(8, 0.25)])
def test_real_sizes_have_formal_dimensions(k: Variable) -> None:
    """Signs are proved, but there is no number of eigenvalues."""
    land = landscape("1+(k-1)")
    point = [arb(x) for x in generic_point(land, 8)]
    found = enclose_spectrum(land, point, {"k": k}, prec=60)

    assert found.morse_index is None
    assert found.index_bounds is None
    assert all(block.multiplicity is None for block in found.blocks)
    assert [str(block.dimension) for block in found.blocks][:2] == ["1", "k - 2"]


def test_a_ball_of_k_contains_the_spectra_of_its_points() -> None:
    """The eigenvalues at 8 and at 33/4 lie in the balls for all k between."""
    land = landscape("2+(k-2)")
    point = [arb(x) for x in generic_point(land, 3)]
    wide = enclose_spectrum(land, point, {"k": arb(8.125, 0.125)}, prec=60)
    for k in (8, Fraction(33, 4), Fraction(65, 8)):
        narrow = enclose_spectrum(land, point, {"k": k}, prec=60)
        for block, inner in zip(wide.blocks, narrow.blocks, strict=True):
            for outer, ball in zip(block.eigenvalues, inner.eigenvalues, strict=True):
                assert outer.overlaps(ball)
                assert outer.contains(ball.mid())
            for sign, other in zip(block.signs, inner.signs, strict=True):
                assert sign in (None, other)


def test_a_box_of_points_contains_the_spectra_of_its_points() -> None:
    """Whatever point of the box is the true one."""
    land = landscape("1+(k-1)")
    centre = generic_point(land, 5)
    box = [arb(x, 1e-6) for x in centre]
    wide = enclose_spectrum(land, box, {"k": 9}, prec=60)
    rng = np.random.default_rng(1)
    for _ in range(5):
        point = [x + float(rng.uniform(-1e-6, 1e-6)) for x in centre]
        narrow = enclose_spectrum(land, [arb(x) for x in point], {"k": 9}, prec=60)
        for block, inner in zip(wide.blocks, narrow.blocks, strict=True):
            for outer, ball in zip(block.eigenvalues, inner.eigenvalues, strict=True):
                assert outer.contains(ball.mid())
    hopeless = enclose_spectrum(land, [arb(x, 10) for x in centre], {"k": 9})

    assert not hopeless.certified
    assert hopeless.morse_index is None
    assert hopeless.index_bounds == (0, 81)
    assert hopeless.is_positive_definite.is_unknown


def test_degenerate_directions_are_found_and_named() -> None:
    """For c^2 at the identity rotations cost nothing: k (k - 1)/2 exact zeros."""
    land = landscape("k", Monomial(2))
    found = enclose_spectrum(land, [arb(1), arb(0)], {"k": 7})
    zeros = {
        direction.component: direction.direction
        for direction in found.open
        if direction.is_zero.is_true
    }

    assert zeros == {
        "s_1": {"D_1_1": 0.0, "R_1_1 - C_1_1": 1.0, "R_1_1 + C_1_1": 0.0},
        "x_1": {"X_1_1": 1.0},
    }
    assert found.certified
    assert found.morse_index == 0
    assert found.is_positive_definite.is_false
    count = sum(b.signs.count(0) * (b.multiplicity or 0) for b in found.blocks)
    assert count == 7 * 6 // 2


def test_hidden_degenerate_directions_are_never_called_positive() -> None:
    """Moving anything between two halves of one neuron costs nothing to second order.

    The target e_1 is split into parallel neurons, 3/8 and 5/8 of it.  The Hessian has
    d zeros there, one for each direction of the exchange; rounding hides that they are
    zero, so their signs stay open, whatever the precision.
    """
    land = landscape(
        "n=d-1: rows 1,n,1 cols 1,n",
        parallel={"w1.w3": 1, "w1.v1": 1, "w3.v1": 1, "w2.v2=": 1},
    )
    part = arb(0.375)
    point = [part, arb(0), arb(0), arb(1), arb(0), 1 - part, arb(0)]
    found = enclose_spectrum(land, point, {"d": 6})

    assert not found.certified
    assert found.morse_index is None
    assert found.index_bounds == (0, 6)
    assert [direction.component for direction in found.open] == ["1", "1", "s_2"]
    for direction in found.open:
        assert direction.is_zero is Truth.UNKNOWN
        assert direction.eigenvalue.contains(0)
        assert abs(direction.eigenvalue).upper() < 1e-30
    last = found.open[2].direction
    largest = sorted(last, key=lambda name: abs(last[name]))[-2:]

    assert sorted(largest) == ["C_1_2", "C_3_2"]


def test_parallels_that_are_not_shown_are_a_hypothesis() -> None:
    """A declared pair of parallel vectors is checked; if in vain, nothing is proved."""
    land = landscape("k", parallel={"w1.v1=": 1})
    exact = enclose_spectrum(land, [arb(1), arb(0)], {"k": 9})
    nearly = enclose_spectrum(land, [arb(1), arb(0, 1e-30)], {"k": 9})

    assert exact.unproved_parallels == ()
    assert exact.certified
    assert nearly.unproved_parallels == ("w1.v1=",)
    assert not nearly.certified
    assert nearly.morse_index is None
    assert nearly.is_positive_definite.is_unknown
    with pytest.raises(InputError, match=r"w1\.v1= are not on equal rays"):
        enclose_spectrum(land, [arb(1), arb(0.25)], {"k": 9})
    with pytest.raises(InputError, match=r"w1\.v1= are not on equal rays"):
        enclose_spectrum(land, [arb(-1), arb(0)], {"k": 9})


def test_undeclared_parallels_leave_open_what_they_touch() -> None:
    """Only in x and y no neuron turns relative to its own target."""
    found = enclose_spectrum(landscape("k"), [arb(1), arb(0)], {"k": 9})
    signs = {block.component: set(block.signs) for block in found.blocks}

    assert signs == {"1": {None}, "s_1": {None}, "x_1": {1}, "y_1": {1}}
    assert not found.certified
    assert found.index_bounds == (0, 2 + 3 * 8)


def test_zero_neurons_leave_everything_open() -> None:
    """At a zero neuron the ReLU loss has no second derivative."""
    found = enclose_spectrum(landscape("k"), [arb(0), arb(0)], {"k": 9})

    assert {sign for block in found.blocks for sign in block.signs} == {None}
    assert all(not x.is_finite() for b in found.blocks for x in b.eigenvalues)


@pytest.mark.parametrize(
    ("point", "variables", "message"),
    [
        ([1.0, 0.0], {"k": 9}, "has 5 parameters, got 2"),
        ([1.0] * 5, {}, "give a value of k"),
        ([1.0] * 5, {"k": 2}, "has no entry o_2 at k = 2"),
        ([1.0] * 5, {"k": 1}, "has no entry m_1_2 at k = 1"),
        ([1.0] * 5, {"k": arb("nan")}, "should be finite"),
    ],
)
def test_bad_input(
    point: list[float], variables: dict[str, Variable], message: str
) -> None:
    """One line that says what is wrong."""
    with pytest.raises(InputError, match=message):
        enclose_spectrum(landscape("1+(k-1)"), [arb(x) for x in point], variables)


def test_a_ball_of_k_around_a_small_integer_is_undecided() -> None:
    """Which components there are depends on the k in the ball."""
    point = [arb(x) for x in generic_point(landscape("1+(k-1)"), 1)]
    with pytest.raises(UndecidedError, match="k-1 is greater than 3 is open"):
        enclose_spectrum(landscape("1+(k-1)"), point, {"k": arb(4, 0.5)})


# ------------------------------------------------------------- breaking it on purpose


def without_last_copy(present: Decomposition) -> Decomposition:
    """A decomposition that forgets a copy."""
    *others, last = present.components
    poorer = replace(last, copies=last.copies[:-1])
    kept = (*others, poorer) if poorer.copies else tuple(others)
    return Decomposition(present.pattern, kept)


def without_last_component(present: Decomposition) -> Decomposition:
    """A decomposition that forgets a component."""
    return Decomposition(present.pattern, present.components[:-1])


@pytest.mark.parametrize("wrong", [without_last_copy, without_last_component])
def test_a_lost_eigenvalue_is_noticed(
    monkeypatch: pytest.MonkeyPatch, wrong: Callable[[Decomposition], Decomposition]
) -> None:
    """The count of eigenvalues is checked at every integer size."""

    def poorer(*args: Any) -> Decomposition:
        return wrong(components_at(*args))

    monkeypatch.setattr(eigenvalues_module, "components_at", poorer)
    land = landscape("1+(k-1)")
    point = [arb(x) for x in generic_point(land, 1)]
    with pytest.raises(AssertionError, match="eigenvalues for a Hessian of size 81"):
        enclose_spectrum(land, point, {"k": 9})


def test_a_wrong_multiplicity_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the same count."""
    monkeypatch.setattr(Component, "multiplicity", lambda self, values: 1)
    land = landscape("1+(k-1)")
    point = [arb(x) for x in generic_point(land, 1)]
    with pytest.raises(AssertionError, match="12 eigenvalues"):
        enclose_spectrum(land, point, {"k": 9})


def test_the_dimensions_are_those_of_the_components() -> None:
    """Block by block, as polynomials."""
    land = landscape("2+(k-2)")
    point = [arb(x) for x in generic_point(land, 1)]
    found = enclose_spectrum(land, point, {"k": 9}, prec=53)
    expected = {
        c.name: c.dimension for c in decompose(land.structure.pattern).components
    }

    assert expected == {block.component: block.dimension for block in found.blocks}
