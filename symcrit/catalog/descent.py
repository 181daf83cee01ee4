"""Where gradient descent ends: many seeded runs, and the points they end at.

Descent is that of the public experiments: random starts with the variance of Glorot
and Bengio, a fixed step of 5/k (1 for small k), and the loss itself, an expectation
over all inputs, not a sample of it.  Two ends are the same point if their sorted
entries agree, because permutations of neurons and of inputs only sort them anew.

Sources:
    Safran, Yehudai and Shamir, arXiv:2006.01005, section 4.2.
    Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
    networks, 2010.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from symcrit.catalog.census import Input
from symcrit.catalog.datasets import Published, RecordedPoint
from symcrit.core.errors import InputError
from symcrit.landscapes.batch import approx_gradients
from symcrit.symmetry.coincidence import Floats

__all__ = ["MAX_STEPS", "Descent", "End", "descend", "ends_as_inputs", "stack_of"]

STEP, LONGEST_STEP = 5.0, 1.0
"""The step is the first of these over k, and at most the second.

Above 2 over the largest eigenvalue of the Hessian, which is about 1.6 at the target for
k = 3 and grows like 6.7/k, descent would never come to rest.
"""

STILL = 1e-9
"""A run ends where the gradient has at most this norm."""

SAME = 1e-6
"""Ends are the same point if no sorted entry differs by more."""

MAX_STEPS = 50_000

MAX_NUMBERS = 10**7
"""The largest number of weights of all runs together."""

_ROUND = 50
"""So many steps are made before runs that have ended are left out."""


@dataclass(frozen=True, slots=True)
class End:
    """A point at which runs ended.

    Attributes:
        weights: the matrix of the first of these runs, k by d.
        frequency: how many runs ended there.
    """

    weights: Floats
    frequency: int


@dataclass(frozen=True, slots=True)
class Descent:
    """The outcome of many runs.

    Attributes:
        k: the number of neurons.
        d: the number of inputs.
        runs: the number of runs.
        seed: the seed of the random starts.
        steps: the largest number of steps that were made.
        ends: the points at which runs ended, most frequent first.
        moving: the number of runs that had not ended after all steps.
    """

    k: int
    d: int
    runs: int
    seed: int
    steps: int
    ends: tuple[End, ...]
    moving: int


def descend(
    k: int,
    *,
    runs: int,
    seed: int,
    d: int | None = None,
    max_steps: int = MAX_STEPS,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Descent:
    """Run gradient descent from seeded random starts, all runs at once.

    Args:
        k: the number of neurons.
        runs: the number of runs.
        seed: the seed; equal seeds give equal starts.
        d: the number of inputs and of targets; k if it is None.
        max_steps: the largest number of steps.
        report: is told how many runs have ended, and how many there are.

    Raises:
        InputError: a number is too small or too large.

    Example:
        >>> found = descend(3, runs=5, seed=1)
        >>> [(end.frequency, float(end.weights.max().round(6))) for end in found.ends]
        [(5, 1.0)]
    """
    d = k if d is None else d
    if min(k, d, runs, max_steps) < 1 or seed < 0:
        message = "k, d, runs and steps should be at least 1, and the seed at least 0"
        raise InputError(message)
    if k * d * runs > MAX_NUMBERS:
        message = (
            f"{runs} runs of {k * d} weights are more than {MAX_NUMBERS} numbers; take"
            " fewer runs or fewer neurons"
        )
        raise InputError(message)
    rng = np.random.default_rng(seed)
    weights = rng.normal(scale=(2 / (k + d)) ** 0.5, size=(runs, k, d))
    target = np.eye(d)
    active = np.arange(runs)
    steps, step = 0, min(STEP / k, LONGEST_STEP)
    while len(active) and steps < max_steps:
        moving = weights[active]
        for _ in range(min(_ROUND, max_steps - steps)):
            slopes = approx_gradients(moving, target)
            moving = moving - step * slopes
            steps += 1
        weights[active] = moving
        active = active[~(np.linalg.norm(slopes, axis=(1, 2)) <= STILL)]
        report(runs - len(active), runs)
    ended = np.setdiff1d(np.arange(runs), active)
    return Descent(k, d, runs, seed, steps, _collect(weights[ended]), len(active))


def ends_as_inputs(found: Descent) -> list[Input]:
    """The points at which runs ended, as inputs of a census.

    The frequencies stand where those of a published collection would.
    """
    label = f"descent k={found.k} d={found.d} runs={found.runs} seed={found.seed}"
    digest = hashlib.sha256(label.encode()).hexdigest()
    path = Path(label)
    inputs = []
    for index, end in enumerate(found.ends):
        name = f"{label}: [{index}]"
        published = Published(found.runs, end.frequency)
        point = RecordedPoint(path, index, name, end.weights, "rows", published)
        inputs.append(Input(f"{digest}:{index}", path, index, name, point, None))
    return inputs


def stack_of(found: Descent) -> bytes:
    """The matrices of all ends as the content of a .npy file of three axes."""
    matrices = [end.weights for end in found.ends]
    stack = np.stack(matrices) if matrices else np.empty((0, found.k, found.d))
    file = io.BytesIO()
    np.save(file, stack)
    return file.getvalue()


def _collect(weights: Floats) -> tuple[End, ...]:
    """Equal ends counted together, most frequent first, then in order of appearance."""
    firsts: list[Floats] = []
    keys: list[Floats] = []
    counts: list[int] = []
    for matrix in weights:
        key = np.sort(matrix, axis=None)
        for i, other in enumerate(keys):
            if np.abs(key - other).max() <= SAME:
                counts[i] += 1
                break
        else:
            firsts.append(matrix)
            keys.append(key)
            counts.append(1)
    ends = [End(w, n) for w, n in zip(firsts, counts, strict=True)]
    return tuple(sorted(ends, key=lambda end: -end.frequency))
