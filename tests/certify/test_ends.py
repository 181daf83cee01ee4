"""Mirror of symcrit/certify/ends.py."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from symcrit.certify.ends import (
    End,
    check_sizes_grow,
    meeting_point,
    smallest_size,
)
from symcrit.core.errors import InputError
from symcrit.landscapes.full import gradient, loss
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.matrices import embed
from symcrit.symmetry.patterns import Pattern


def land(text: str) -> Landscape:
    """ReLU with the identity as target."""
    return Landscape(Relu(), Structure.build(Pattern.parse(text)))


@pytest.mark.parametrize(
    ("text", "k", "point", "parallel"),
    [
        ("k", "2.0000002", [-1e-7, 0.9999998], ("w1.v1",)),
        ("1+(k-1)", "3.00001", [1.00001, 0, 0, -1e-6, 1.00002], ("w1.v1", "w2.v2")),
    ],
)
def test_a_permutation_of_the_target_is_recognised(
    text: str, k: str, point: list[float], parallel: tuple[str, ...]
) -> None:
    """Oracle: loss and gradient of the whole matrix there are zero."""
    found = meeting_point(land(text), arb(k), [arb(x) for x in point])

    assert found is not None
    assert found.kind == "meeting"
    assert found.parallel == parallel
    assert not found.proved.is_true
    size = round(float(found.k))
    weights: np.ndarray = np.array(
        embed(Pattern.parse(text), [float(x) for x in found.parameters], {"k": size})
    )
    assert abs(loss(weights)) < 1e-12
    assert np.abs(gradient(weights)).max() < 1e-12


@pytest.mark.parametrize("text", ["k/2+k/2", "k+(100-k)", "(k+1/2)", "(k-1/3)+5"])
def test_sizes_of_which_nothing_is_said_for_all_k(text: str) -> None:
    """At some integers there are no matrices of such sizes."""
    with pytest.raises(InputError, match=r"the size .* (falls|is no integer)"):
        check_sizes_grow(land(text))
    for good in ("k", "1+(k-1)", "5+(k-5)", "2*k", "(k+1)+(3*k-2)"):
        check_sizes_grow(land(good))


@pytest.mark.parametrize(
    ("k", "point"),
    [
        ("2", [0, 2]),
        ("2.5", [0.25, 0.75]),
        ("2.001", [0, 1]),
        ("5", [0, 0]),
        ("3", [1, 1]),
    ],
    ids=["not critical", "not parallel", "not near", "zero", "equal neurons"],
)
def test_other_points_are_no_meetings(k: str, point: list[float]) -> None:
    """Parallel vectors alone, or rational numbers alone, do not make one."""
    assert meeting_point(land("k"), arb(k), [arb(x) for x in point]) is None


@pytest.mark.parametrize(
    ("text", "least"),
    [("k", 1), ("1+(k-1)", 2), ("2+(k-2)", 3), ("1+1+(k-2)", 3)],
)
def test_the_least_size_leaves_every_orbit_an_entry(text: str, least: int) -> None:
    """Oracle: all orbit counts positive just above, one zero at it."""
    pattern = land(text)
    found = smallest_size(pattern)

    counts = [
        [c.substitute({"k": k}).const for c in (Pattern.parse(text).sizes.values())]
        for k in (found, found + Fraction(1, 100))
    ]

    assert found == least
    assert min(counts[0]) == 1
    assert min(counts[1]) > 1


def test_an_end_in_words() -> None:
    """Each kind of end says its k; only a fold is said without reservation."""
    fold = End(arb("3.43"), "fold")
    meeting = End(arb(2), "meeting", parallel=("w1.v1",))

    assert "turns back in a fold at k = 3.43" in str(fold)
    assert "k = 2 at which vectors become parallel (w1.v1)" in str(meeting)
    assert "seen numerically" in str(meeting)
    assert "k = 1, the least size" in str(End(arb(1), "size"))
