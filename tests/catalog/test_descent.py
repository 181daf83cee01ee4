"""Mirror of symcrit/catalog/descent.py."""

import io
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from symcrit.catalog.census import Settings, examine
from symcrit.catalog.descent import Descent, descend, ends_as_inputs, stack_of
from symcrit.catalog.results import Result
from symcrit.core.errors import InputError
from symcrit.landscapes.full import gradient, loss
from symcrit.schemas.load import validate

SETTINGS = Settings(1e-5)


def results_of(found: Descent) -> list[Result]:
    """The ends, certified and classified."""
    records = [examine(item, SETTINGS) for item in ends_as_inputs(found)]
    for record in records:
        full = {"schema": "symcrit/census_record@1", **record}
        validate(full, "census_record", where="descent")
    return [Result.of(record) for record in records]


@pytest.fixture(scope="module")
def found() -> Descent:
    """Runs at k = 8, of which about one in eight ends at type II."""
    return descend(8, runs=60, seed=1)


def test_ends_are_critical_and_different(found: Descent) -> None:
    """Oracle: the gradient of the landscape at one matrix."""
    assert 60 == sum(end.frequency for end in found.ends) + found.moving
    losses = [loss(end.weights) for end in found.ends]
    assert len(set(np.round(losses, 6))) == len(losses)
    for end in found.ends:
        assert np.linalg.norm(gradient(end.weights)) <= 2e-9


def test_ends_are_certified_as_minima(found: Descent) -> None:
    """The target and type II, with their frequencies."""
    results = results_of(found)

    assert ["target", "flip"] == [r.likeness for r in results]
    assert {"minimum"} == {r.kind for r in results}
    assert [end.frequency for end in found.ends] == [r.frequency for r in results]


def test_equal_seeds_give_equal_ends(found: Descent) -> None:
    """Bit by bit; other seeds give other starts."""
    again = descend(8, runs=60, seed=1)
    other = descend(8, runs=60, seed=2)

    assert stack_of(found) == stack_of(again)
    assert stack_of(found) != stack_of(other)


def test_runs_that_have_not_ended_are_counted() -> None:
    """And are no points."""
    short = descend(6, runs=5, seed=0, max_steps=3)

    assert (3, 5, ()) == (short.steps, short.moving, short.ends)
    assert (0, 6, 6) == np.load(io.BytesIO(stack_of(short))).shape


def test_numbers_that_make_no_sense_are_refused() -> None:
    """One line each."""
    with pytest.raises(InputError, match="should be at least 1"):
        descend(0, runs=1, seed=0)
    with pytest.raises(InputError, match="the seed at least 0"):
        descend(2, runs=1, seed=-1)
    with pytest.raises(InputError, match="more than 10000000 numbers"):
        descend(1000, runs=1000, seed=0)


@pytest.mark.slow
def test_shares_of_bad_runs_are_those_of_the_literature() -> None:
    """arXiv:1712.08968 has 12.6, 34.6 and 58.5 % of 1000 runs at k = 8, 10, 12.

    Of 400 runs the share should be within four standard deviations, of theirs and ours.
    """
    for k, published in ((8, 0.126), (10, 0.346), (12, 0.585)):
        results = results_of(descend(k, runs=400, seed=11))
        bad = Fraction(sum(r.frequency for r in results if not r.is_target), 400)
        spread = (published * (1 - published) * (1 / 400 + 1 / 1000)) ** 0.5
        assert abs(float(bad) - published) <= 4 * spread


@pytest.mark.slow
def test_spurious_minima_lose_little_symmetry() -> None:
    """arXiv:1912.11939 at k = 6 ... 11: what is not the target is one step below it.

    Every point is certified, and no isotropy group lies between its own and Delta S_k.
    """
    places: Counter[tuple[int, bool] | None] = Counter()
    for k in range(6, 12):
        for result in results_of(descend(k, runs=150, seed=5)):
            assert ("certified", "minimum") == (result.outcome, result.kind)
            if not result.is_target:
                places[result.place] += result.frequency

    assert {(1, True)} == set(places)
    assert places.total() > 100
