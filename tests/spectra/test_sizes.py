"""Mirror of symcrit/spectra/sizes.py."""

from fractions import Fraction

import pytest
from flint import arb

from symcrit.core.errors import InputError, UndecidedError
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.spectra.sizes import (
    bits_of_size,
    components_at,
    integer_variables,
    plain_value,
)
from symcrit.symmetry.patterns import Pattern


def landscape(text: str) -> Landscape:
    """The landscape of a pattern with the identity as target."""
    return Landscape(Relu(), Structure.build(Pattern.parse(text)))


@pytest.mark.parametrize("text", ["k", "1+(k-1)", "(k-1)+1", "2+(k-2)"])
@pytest.mark.parametrize("k", range(4, 9))
def test_the_components_fill_all_matrices(text: str, k: int) -> None:
    """Copies times dimensions are the k^2 entries of W, at small k too."""
    found = components_at(landscape(text), {"k": k})
    sizes = {"k": Fraction(k)}

    assert k * k == sum(len(c.copies) * c.multiplicity(sizes) for c in found.components)


@pytest.mark.parametrize("k", [3, Fraction(2), arb(3)])
def test_a_parameter_without_entries_is_refused(k: int | Fraction | arb) -> None:
    """At k = 3 the second block of 2+(k-2) has nothing off its diagonal."""
    with pytest.raises(InputError, match="has no entry"):
        components_at(landscape("2+(k-2)"), {"k": k})


def test_a_ball_decides_only_what_holds_for_all_its_points() -> None:
    """The component y needs four elements."""
    land = landscape("k")
    names = [c.name for c in components_at(land, {"k": arb(5, 0.5)}).components]

    assert names == ["1", "s_1", "x_1", "y_1"]
    with pytest.raises(UndecidedError, match="whether k is greater than 3 is open"):
        components_at(land, {"k": arb(3.25, 0.5)})


def test_a_value_is_a_fraction_where_it_can_be_one() -> None:
    """Exact balls are numbers, others stay what they are."""
    assert plain_value(7) == 7
    assert plain_value(arb(7.5)) == Fraction(15, 2)
    wide = plain_value(arb(8, 0.5))
    assert isinstance(wide, arb)
    assert wide.contains(arb(8.5))
    with pytest.raises(InputError, match="should be finite"):
        plain_value(arb("inf"))


def test_variables_are_integers_if_all_sizes_are() -> None:
    """A variable that the pattern does not name does not matter."""
    land = landscape("1+(k-1)")

    assert integer_variables(land, {"k": Fraction(7), "d": arb(1, 1)}) == {
        "k": Fraction(7)
    }
    assert integer_variables(land, {"k": Fraction(15, 2)}) is None
    assert integer_variables(land, {"k": arb(7, 0.1)}) is None


@pytest.mark.parametrize("k", [5, 64, 65, 10**40])
def test_the_bits_are_those_of_the_largest_size(k: int) -> None:
    """The second block has k - 1 elements."""
    land = landscape("1+(k-1)")

    assert bits_of_size(land, {"k": Fraction(k)}) == (k - 1).bit_length()
