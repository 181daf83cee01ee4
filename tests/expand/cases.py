"""Landscapes that no catalog knows, some with critical points in closed form.

*Rank one.*  One neuron w = (x, y, ..., y) in 1 + k dimensions, the targets e_0 and
(0, 1, ..., 1), and kappa = c^m.  With N = x^2 + k y^2 the equations are
N^(m-1) x = x^(m-1) and N^(m-1) y = (k y)^(m-1), so that y = x t^r with
r = 2 (m - 1) / (m - 2) and x^m = (1 + t^(2 r - 2))^(1 - m): the exponents of t are
fractions for m = 5 and m = 6.

*Kinked.*  The same with kappa = c^4 (1 + 8/3 sqrt(c)).  The leading terms x = 1 and
y = 2 t^3 are integer powers, but sqrt(k y) begins with sqrt(2) t^(1/2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from symcrit.arith.exact import Exact
from symcrit.arith.protocol import Element, Numbers, Site
from symcrit.expand.balance import LeadingTerm
from symcrit.landscapes.gram import Structure, identity_target
from symcrit.landscapes.kernels import (
    Frame,
    Gram,
    Kernel,
    Monomial,
    Relu,
    Square,
)
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.patterns import Pattern

__all__ = ["Kinked", "binomial", "kinked", "landscape", "leading", "rank_one"]

T = TypeVar("T", bound=Element)

_STRENGTH = Fraction(8, 3)


def landscape(
    pattern: str, kernel: Kernel | None = None, scale: Fraction = Fraction(1)
) -> Landscape:
    """A landscape over a pattern, with a multiple of the identity as target."""
    parsed = Pattern.parse(pattern)
    target = identity_target(parsed, scale) if scale != 1 else None
    return Landscape(kernel or Relu(), Structure.build(parsed, target))


def leading(
    *terms: tuple[int, None, None] | tuple[int, Fraction | int, Exact | int],
) -> list[LeadingTerm]:
    """Leading terms from limit, exponent and coefficient."""
    found = []
    for limit, exponent, coefficient in terms:
        exact = Exact.rational(limit)
        if exponent is None or coefficient is None:
            found.append(LeadingTerm(exact, None, None))
        else:
            c = Exact.rational(0) + coefficient
            found.append(LeadingTerm(exact, Fraction(exponent), c))
    return found


def _two_targets(kernel: Kernel, second: Fraction = Fraction(1)) -> Landscape:
    pattern = Pattern.parse("n=k: rows 1 cols 1,n target 1,1")
    target = {"m_1_1": Fraction(1), "m_2_2": second}
    return Landscape(kernel, Structure.build(pattern, target))


def rank_one(m: int, second: Fraction = Fraction(1)) -> tuple[Landscape, Fraction]:
    """The landscape for kappa = c^m, and the exponent r.

    With another length of the second target y / x is multiplied by a constant.
    """
    return _two_targets(Monomial(m), second), Fraction(2 * (m - 1), m - 2)


def binomial(exponent: Fraction, count: int) -> list[Fraction]:
    """The coefficients of (1 + z)^exponent."""
    found = [Fraction(1)]
    for n in range(count - 1):
        found.append(found[-1] * (exponent - n) / (n + 1))
    return found


def kinked() -> tuple[Landscape, list[LeadingTerm]]:
    """The landscape for the kinked kernel, and its leading terms."""
    return _two_targets(Kinked()), leading((1, None, None), (0, 3, 2))


@dataclass(frozen=True, slots=True)
class Kinked:
    """The kernel c^4 (1 + 8/3 sqrt(c)) for c >= 0, with a root of its own."""

    name: str = "kinked"
    smooth_at_zero: bool = True

    def frame(self, lib: Numbers[T], g: Gram[T], site: Site) -> Frame[T]:
        """The root of c."""
        return Frame(lib.root(g.c, site), lib.exact(0))

    def parallel_frame(self, lib: Numbers[T], sign: int) -> Frame[T]:
        """No pair is parallel."""
        raise NotImplementedError

    def value(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> T:
        """The kernel."""
        return _power(g.c, 4) * (1 + _part(lib, f.s, 1))

    def first(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> tuple[T, T, T]:
        """The derivatives by a, b and c."""
        zero = lib.exact(0)
        return zero, zero, _power(g.c, 3) * (4 + _part(lib, f.s, Fraction(9, 2)))

    def squares(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> Sequence[Square[T]]:
        """The second differential."""
        zero = lib.exact(0)
        weight = _power(g.c, 2) * (12 + _part(lib, f.s, Fraction(63, 4)))
        return ((weight, (zero, zero, lib.exact(1))),)

    def nearly_parallel(
        self, lib: Numbers[T], g: Gram[T], f: Frame[T]
    ) -> tuple[T, Sequence[Square[T]]]:
        """The squares themselves, without error."""
        return lib.exact(0), self.squares(lib, g, f)

    def parallel_squares(
        self, lib: Numbers[T], g: Gram[T], sign: int
    ) -> Sequence[Square[T]]:
        """No pair is parallel."""
        raise NotImplementedError

    def own(self, lib: Numbers[T], a: T) -> T:
        """The kernel at c = a."""
        return _power(a, 4) * (1 + _part(lib, lib.root(a, "own"), 1))

    def own_first(self, lib: Numbers[T], a: T) -> T:
        """Its first derivative."""
        return _power(a, 3) * (4 + _part(lib, lib.root(a, "own"), Fraction(9, 2)))

    def own_second(self, lib: Numbers[T], a: T) -> T:
        """Its second derivative."""
        return _power(a, 2) * (12 + _part(lib, lib.root(a, "own"), Fraction(63, 4)))


def _power(x: T, n: int) -> T:
    return x if n == 1 else x * _power(x, n - 1)


def _part(lib: Numbers[T], root: T, factor: Fraction | int) -> T:
    return lib.exact(_STRENGTH * factor) * root
