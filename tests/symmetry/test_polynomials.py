"""Mirror of symcrit/symmetry/polynomials.py."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.floats import FLOATS
from symcrit.core.expressions import evaluate, parse
from symcrit.symmetry.polynomials import SizePolynomial, SizeRing
from symcrit.symmetry.sizes import Affine

RING = SizeRing(["k", "d"])
K, D = RING.affine(Affine.parse("k")), RING.affine(Affine.parse("d-1/2"))

rationals = st.fractions(-9, 9, max_denominator=7)


@st.composite
def polynomials(draw: st.DrawFn) -> SizePolynomial:
    """Sums of products of two affine forms."""
    total = RING.constant(draw(rationals))
    for _ in range(draw(st.integers(0, 3))):
        total = total + (K + draw(rationals)) * (D - draw(rationals)) * draw(rationals)
    return total


class Values:
    """The environment that evaluates a printed polynomial at rational numbers."""

    def __init__(self, **values: Fraction) -> None:
        self.name = values.__getitem__
        self.pi = Fraction(0)

    def number(self, value: Fraction, /) -> Fraction:
        """The number itself."""
        return value

    def power(self, base: Fraction, exponent: Fraction, /) -> Fraction:
        """An integer power."""
        return Fraction(base ** int(exponent))

    def sqrt(self, radicand: Fraction, /) -> Fraction:
        """No polynomial contains a root."""
        raise AssertionError(radicand)


@given(polynomials(), polynomials(), rationals, rationals)
def test_arithmetic_commutes_with_values(
    f: SizePolynomial, g: SizePolynomial, k: Fraction, d: Fraction
) -> None:
    """The value of a sum, difference or product is that of the values."""
    at = {"k": k, "d": d}
    x, y = f.at(at), g.at(at)

    assert x + y == (f + g).at(at)
    assert x - y == (f - g).at(at)
    assert x * y == (f * g).at(at)
    assert -x == (-f).at(at)


@given(polynomials(), rationals, rationals)
def test_the_printed_text_has_the_same_value(
    f: SizePolynomial, k: Fraction, d: Fraction
) -> None:
    """Factoring and printing lose nothing."""
    value = evaluate(parse(str(f), names=("k", "d")), Values(k=k, d=d))

    assert f.at({"k": k, "d": d}) == value


@given(polynomials(), polynomials())
def test_equal_polynomials_are_equal_and_hash_alike(
    f: SizePolynomial, g: SizePolynomial
) -> None:
    """Equality is that of polynomials, however they were built."""
    left, right = (f + g) * (f - g), f * f - g * g

    assert left == right
    assert hash(left) == hash(right)
    assert (f == g) == (not (f - g))


@given(polynomials(), rationals, rationals)
def test_other_number_systems_agree(
    f: SizePolynomial, k: Fraction, d: Fraction
) -> None:
    """Floats give the rational value up to rounding."""
    found = f.evaluate(FLOATS, {"k": float(k), "d": float(d)})

    assert abs(found - f.at({"k": k, "d": d})) < 1e-9


def test_dimensions_read_like_dimensions() -> None:
    """The form in which papers print them."""
    n = RING.affine(Affine.parse("k-1"))

    assert str(n * (n - 3) * Fraction(1, 2)) == "(k - 1)*(k - 4)/2"
    assert (K * (K - 3) * Fraction(1, 2)).latex == (r"\frac{k \left(k - 3\right)}{2}")
    assert str(RING.constant(0)) == "0"
    assert str(RING.constant(Fraction(-3, 2))) == "-3/2"
    assert str(K * K) == "k**2"
