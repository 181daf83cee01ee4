"""Mirror of symcrit/core/truth.py."""

from itertools import product

import pytest

from symcrit.core.truth import Truth

POSSIBLE = {
    Truth.TRUE: {True},
    Truth.FALSE: {False},
    Truth.UNKNOWN: {True, False},
}


def summary(values: set[bool]) -> Truth:
    """Name a set of possible truth values."""
    return next(truth for truth, possible in POSSIBLE.items() if possible == values)


@pytest.mark.parametrize("triple", list(product(Truth, repeat=3)), ids=str)
def test_connectives_say_what_every_resolution_of_the_unknowns_says(
    triple: tuple[Truth, Truth, Truth],
) -> None:
    """Oracle: two-valued logic on all resolutions of the unknown inputs."""
    resolutions = list(product(*(POSSIBLE[truth] for truth in triple)))
    first, second, _ = triple

    assert summary({all(values) for values in resolutions}) is Truth.all_of(triple)
    assert summary({any(values) for values in resolutions}) is Truth.any_of(triple)
    assert Truth.all_of((first, second)) is first & second
    assert Truth.any_of((first, second)) is first | second
    assert summary({not value for value in POSSIBLE[first]}) is ~first


def test_empty_conjunction_and_disjunction() -> None:
    """Nothing to refute is true, nothing to prove is false."""
    assert Truth.TRUE is Truth.all_of([])
    assert Truth.FALSE is Truth.any_of([])


def test_of_names_each_combination_of_proofs() -> None:
    """Two proofs that contradict one another are a bug, not an answer."""
    assert Truth.TRUE is Truth.of(true=True, false=False)
    assert Truth.FALSE is Truth.of(true=False, false=True)
    assert Truth.UNKNOWN is Truth.of(true=False, false=False)
    with pytest.raises(ValueError, match="both proved and refuted"):
        Truth.of(true=True, false=True)


@pytest.mark.parametrize("truth", list(Truth), ids=str)
def test_each_answer_has_one_name(truth: Truth) -> None:
    """Exactly one of the three properties holds."""
    named = {
        Truth.TRUE: truth.is_true,
        Truth.FALSE: truth.is_false,
        Truth.UNKNOWN: truth.is_unknown,
    }

    assert {truth} == {answer for answer, holds in named.items() if holds}


@pytest.mark.parametrize("truth", list(Truth), ids=str)
def test_truth_has_no_bool(truth: Truth) -> None:
    """A three-valued answer in an ``if`` is an error at once."""
    with pytest.raises(TypeError, match="three values"):
        bool(truth)
