"""Weight matrices become proved points: against published numbers and exact cases."""

import math

import numpy as np
import pytest
from flint import arb

from symcrit.certify.matrices import certify_matrix
from symcrit.core.errors import InputError
from symcrit.landscapes.full import gradient, hessian
from symcrit.symmetry.coincidence import Floats
from symcrit.symmetry.matrices import embed
from symcrit.symmetry.patterns import Pattern


@pytest.fixture
def shuffle() -> np.random.Generator:
    """Random permutations that are the same in every run."""
    return np.random.default_rng(4)


def block_matrix(text: str, values: list[float], **sizes: int) -> Floats:
    """The matrix of a pattern with given parameters."""
    return np.array(embed(Pattern.parse(text), values, sizes))


def minimum_of_type_two() -> Floats:
    """The minimum of k = 7 that Safran and Shamir published, arXiv:2006.01005."""
    values = [-0.6327039049, 0.1859910463, 0.2616910758, 0.9969227988, -0.0350801559]
    return block_matrix("1+(k-1)", values, k=7)


def test_the_published_minimum_is_proved() -> None:
    """Parameters, index and distance come out as published."""
    weights = minimum_of_type_two()

    found = certify_matrix(weights)

    assert found.certified
    assert found.critical.is_true
    assert found.minimum.is_true
    assert (found.pattern, found.morse_index, found.smoothness) == (
        "1+(k-1)",
        0,
        "analytic",
    )
    assert found.parameters is not None
    for value, ball in zip(
        np.unique(weights), sorted_balls(found.parameters), strict=True
    ):
        assert abs(ball - float(value)) < 1e-9
        assert ball.rad() < 1e-20
    assert found.distance is not None
    assert found.distance < 1e-9


def sorted_balls(parameters: object) -> list[arb]:
    """The parameters in ascending order."""
    assert isinstance(parameters, dict)
    return sorted(parameters.values(), key=float)


def test_order_of_rows_and_columns_does_not_matter(
    shuffle: np.random.Generator,
) -> None:
    """Permuted rows and columns give the same point."""
    weights = minimum_of_type_two()
    plain = certify_matrix(weights)
    mixed = certify_matrix(weights[shuffle.permutation(7)][:, shuffle.permutation(7)])

    assert mixed.certified
    assert plain.loss is not None
    assert mixed.loss is not None
    assert plain.loss.overlaps(mixed.loss)
    assert (mixed.morse_index, mixed.pattern) == (plain.morse_index, plain.pattern)


def test_the_spectrum_is_that_of_the_full_hessian() -> None:
    """Blocks and multiplicities against the eigenvalues of the 49 by 49 matrix."""
    found = certify_matrix(minimum_of_type_two())

    assert found.spectrum is not None
    mine = np.sort(
        np.concatenate(
            [
                np.repeat(float(x), block.multiplicity or 0)
                for block in found.spectrum.blocks
                for x in block.eigenvalues
            ]
        )
    )
    weights = minimum_of_type_two()
    assert np.abs(gradient(weights)).max() < 1e-9
    np.testing.assert_allclose(mine, np.linalg.eigvalsh(hessian(weights)), atol=1e-8)


@pytest.mark.parametrize("k", [2, 3, 6, 20])
def test_a_permuted_target_is_a_minimum_of_class_c2(
    k: int, shuffle: np.random.Generator
) -> None:
    """At W = P V every neuron is parallel to a target."""
    found = certify_matrix(np.eye(k)[shuffle.permutation(k)])

    assert found.certified
    assert found.minimum.is_true
    assert found.smoothness == "C2"
    assert found.loss is not None
    assert found.loss.contains(0)
    least = 1 / 4 - 1 / (2 * math.pi)
    assert found.smallest_eigenvalue is not None
    assert abs(found.smallest_eigenvalue - least) < 1e-9


def test_a_matrix_far_from_any_point_is_refuted() -> None:
    """The gradient there is as large as is said, in doubles without any symmetry."""
    weights = block_matrix("1+(k-1)", [3.0, 1.0, 2.0, 0.5, 0.1], k=6)

    found = certify_matrix(weights)

    assert found.critical.is_false
    assert not found.certified
    assert found.point is None
    bound = float(found.reasons[0].partition("at least ")[2].split()[0])
    assert 0 < bound <= np.abs(gradient(weights)).max() + 1e-9


def test_noise_is_taken_off_by_the_point_itself(shuffle: np.random.Generator) -> None:
    """Noise beyond the tolerance hides the symmetry of W, not that of the point."""
    noise = 1e-4 * shuffle.normal(size=(7, 7))

    found = certify_matrix(minimum_of_type_two() + noise)

    assert found.certified
    assert found.pattern == "1+(k-1)"
    assert found.distance is not None
    assert np.abs(noise).max() / 2 < float(found.distance) < 2 * np.abs(noise).max()


OVERPARAMETERISED = [-0.48623, 0.06869, 0.2301, 0.98409, -0.02985, -0.189, 0.12633]


def test_one_neuron_more_than_inputs_is_a_pattern_like_others() -> None:
    """The full Hessian in doubles tells the index and the smallest eigenvalue."""
    weights = block_matrix("n=d-1: rows 1,n,1 cols 1,n", OVERPARAMETERISED, d=8)

    found = certify_matrix(weights)

    assert found.certified
    assert found.pattern == "n=d-1: rows 1,n,1 cols 1,n"
    assert found.parameters is not None
    values = [float(x) for x in found.parameters.values()]
    point = block_matrix("n=d-1: rows 1,n,1 cols 1,n", values, d=8)
    assert np.abs(gradient(point)).max() < 1e-12
    eigenvalues = np.linalg.eigvalsh(hessian(point))
    assert (eigenvalues < 0).sum() == found.morse_index == 0
    assert found.smallest_eigenvalue is not None
    assert abs(found.smallest_eigenvalue - float(eigenvalues[0])) < 1e-9


@pytest.mark.parametrize(
    ("text", "values", "index"),
    [
        ("n=d-1: rows n cols n,1", [1.15524, -0.03288, 0.19468], 0),
        ("n=d-1: rows n cols n,1", [-0.74339, 0.43777, 0.20206], 6),
    ],
)
def test_fewer_neurons_than_inputs(text: str, values: list[float], index: int) -> None:
    """A minimum and a saddle, against the full Hessian in doubles."""
    found = certify_matrix(block_matrix(text, values, d=6))

    assert found.certified
    assert found.morse_index == index
    assert found.parameters is not None
    point = block_matrix(text, [float(x) for x in found.parameters.values()], d=6)
    full = hessian(point, np.eye(6))
    assert (np.linalg.eigvalsh(full) < 0).sum() == index
    assert np.abs(gradient(point, np.eye(6))).max() < 1e-12


@pytest.mark.parametrize("share", [0.4, 0.5])
def test_a_split_target_is_one_of_a_continuum(share: float) -> None:
    """It is told so, whether the pattern isolates it or not."""
    weights = np.vstack([np.eye(5), share * np.eye(5)[:1]])
    weights[0, 0] = 1 - share

    found = certify_matrix(weights)

    assert not found.certified
    assert found.morse_index is None
    assert any("continuum" in reason for reason in found.reasons)


def test_any_matrix_of_numbers_is_taken_and_nothing_else() -> None:
    """Lists of integers; neither one row, nor words, nor infinity."""
    assert certify_matrix([[0, 1], [1, 0]]).certified
    for wrong in ([1.0, 2.0], [["a"]], [[float("inf")]], [[1.0], [1.0, 2.0]]):
        with pytest.raises(InputError):
            certify_matrix(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "weights",
    [np.zeros((3, 3)), np.full((4, 4), 1e200), np.full((2, 3), 1e-200)],
    ids=["zero", "huge", "tiny"],
)
def test_numbers_that_cannot_be_computed_with(weights: Floats) -> None:
    """One reason, and no exception."""
    found = certify_matrix(weights)

    assert not found.certified
    assert len(found.reasons) == 1


def test_a_zero_neuron_is_told() -> None:
    """The ReLU loss has no gradient there."""
    weights = np.eye(4)
    weights[0, 0] = 0.0

    found = certify_matrix(weights)

    assert not found.certified
    assert "one-sided" in found.reasons[0]
