"""Mirror of symcrit/landscapes/gram.py."""

from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcrit.arith.floats import FLOATS
from symcrit.core.errors import InputError
from symcrit.landscapes.gram import PairGrams, Structure, identity_target
from symcrit.symmetry.matrices import embed, embed_target
from symcrit.symmetry.patterns import Pattern
from tests.landscapes.systems import RATIONALS, contexts, generic_point
from tests.symmetry.cases import CASES, REPEATED, pattern_of, sizes_of


def structure_of(text: str) -> Structure:
    """A structure with a target that is the identity where its blocks allow that."""
    pattern = pattern_of(text)
    names = [q.name for q in pattern.target_parameters]
    values = dict(zip(names, generic_point(len(names), seed=9), strict=True))
    return Structure.build(pattern, values if text == REPEATED else None)


@given(st.sampled_from(sorted(CASES)), st.integers(6, 8), st.integers(0, 10**6))
@settings(max_examples=20)
def test_gram_data_are_those_of_the_matrix(text: str, k: int, seed: int) -> None:
    """Oracle: all pairs of rows of the whole matrices, exactly.

    The multiset of (a, b, c, a b - c^2) over all pairs is that of the orbits, each as
    often as its size says.
    """
    structure = structure_of(text)
    pattern, sizes = structure.pattern, sizes_of(structure.pattern, k)
    point = generic_point(len(pattern.parameters), seed)
    neurons = embed(pattern, point, sizes)
    targets = embed_target(pattern, structure.target, sizes)
    expected: dict[tuple[str, Fraction, Fraction, Fraction, Fraction], int] = {}
    every = [
        *(("ww", x, y) for x, y in combinations(neurons, 2)),
        *(("wv", x, y) for x, y in product(neurons, targets)),
        *(("vv", x, y) for x, y in combinations(targets, 2)),
    ]
    for kinds, x, y in every:
        a, b, c = (
            sum((p * q for p, q in zip(u, v, strict=True)), Fraction(0))
            for u, v in ((x, x), (y, y), (x, y))
        )
        key = (kinds, a, b, c, a * b - c * c)
        expected[key] = expected.get(key, 0) + 1

    values = {name: Fraction(size) for name, size in sizes.items()}
    grams = PairGrams(structure, RATIONALS, point, values)
    found: dict[tuple[str, Fraction, Fraction, Fraction, Fraction], Fraction] = {}
    for pair in structure.pairs:
        gram = grams.gram(pair)
        count = grams.count(pair.count) / (2 if pair.halved else 1)
        key = (pair.kinds, gram.a, gram.b, gram.c, gram.s2)
        found[key] = found.get(key, Fraction(0)) + count

    assert expected == {key: count for key, count in found.items() if count}


def test_the_sine_of_nearly_parallel_vectors_keeps_its_digits() -> None:
    """A sine of 1e-12 in doubles, where a b - c^2 would be all rounding error."""
    structure = Structure.build(Pattern.parse("1+(k-1)"))
    point = [1.0, 1e-12, 0.5, 2.0, 0.25]
    (context,) = contexts(50)
    exact = context.mpf(1e-12)
    grams = PairGrams(structure, FLOATS, point, {"k": 7.0})
    (own,) = (pair for pair in structure.pairs if pair.label == "w1.v1")

    assert abs(grams.gram(own).s2 / (6 * exact**2) - 1) < 1e-15
    assert own.count.factor == 1


def test_labels_tell_the_place_within_a_group() -> None:
    """An equality sign marks the same label in two sets of one group."""
    labels = [pair.label for pair in Structure.build(Pattern.parse("1+(k-1)")).pairs]

    assert {"w1.w2", "w2.w2", "w1.v1", "w1.v2", "w2.v1", "w2.v2=", "w2.v2"} < set(
        labels
    )
    assert len(set(labels)) == len(labels)


def test_targets() -> None:
    """Scaled, and refused where the blocks of targets are not those of columns."""
    pattern = Pattern.parse("1+(k-1)")

    assert {"a_1": Fraction(3, 2), "a_2": Fraction(3, 2)} == identity_target(
        pattern, Fraction(3, 2)
    )
    with pytest.raises(InputError, match=r"'b_1' is no orbit .* a_1, a_2, m_1_2"):
        Structure.build(pattern, {"b_1": Fraction(1)})
    with pytest.raises(InputError, match="give the target explicitly"):
        Structure.build(Pattern.parse("n=k-1: rows 1,n cols 1,n target n,1"))
    with pytest.raises(InputError, match="give the target explicitly"):
        Structure.build(Pattern.parse("n=k-1: rows 1,n cols 1 target 1,n"))
