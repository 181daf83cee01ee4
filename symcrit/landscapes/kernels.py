r"""Kernels: functions kappa(w, v) of a = |w|^2, b = |v|^2 and c = <w, v> only.

A landscape is L(W) = 1/2 sum kappa(w_i, w_j) - sum kappa(w_i, v_j)
+ 1/2 sum kappa(v_i, v_j).  Everything that depends on the kernel is in this file, and
each formula is one text for every number system.

Second derivatives are handed out as a sum of squares: a *square* (weight, (p, q, r))
stands for weight * (p da + q db + r dc)^2.  For the ReLU kernel this form shows at once
what happens where two vectors become parallel: both squares vanish with the sine,
although single second derivatives are infinite there.

Derivations: derivations/kernel.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

from symcrit.arith.protocol import Element, Numbers, Site
from symcrit.core.errors import InputError

__all__ = ["Frame", "Gram", "Kernel", "Monomial", "Relu", "Square", "kernel_named"]

T = TypeVar("T", bound=Element)

Square: TypeAlias = tuple[T, tuple[T, T, T]]


@dataclass(frozen=True, slots=True)
class Gram(Generic[T]):
    """Gram data of two vectors w and v: all that a kernel depends on.

    Attributes:
        a: the squared norm of w.
        b: the squared norm of v.
        c: the inner product.
        s2: a b - c^2 as Lagrange's sum of squares, so that nothing cancels.

    Example:
        >>> Gram(a=2.0, b=1.0, c=1.0, s2=1.0)  # of (1, 1) and (1, 0)
        Gram(a=2.0, b=1.0, c=1.0, s2=1.0)

    Source:
        derivations/kernel.md, the sine without cancellation.
    """

    a: T
    b: T
    c: T
    s2: T


@dataclass(frozen=True, slots=True)
class Frame(Generic[T]):
    """What a kernel computes once for a pair.

    Attributes:
        s: the square root of ``s2``, that is |w| |v| times the sine of the angle.
        theta: the angle of the pair in radians, from 0 to pi.
    """

    s: T
    theta: T


class Kernel(Protocol):
    """A kernel: a function kappa of a = |w|^2, b = |v|^2 and c = <w, v>.

    ``first`` returns (kappa_a, kappa_b, kappa_c).  A kernel of one's own is any object
    that answers these questions in every number system.

    Everywhere ``lib`` is the number system, ``g`` the Gram data of a pair, ``f`` what
    ``frame`` gave for it, ``site`` the name of the pair, ``sign`` 1 for equal and -1
    for opposite rays, and ``a`` the squared norm of one vector.

    Example:
        >>> from symcrit.arith.floats import FLOATS
        >>> kernel = kernel_named("c^3")
        >>> gram = Gram(a=1.0, b=1.0, c=0.5, s2=0.75)
        >>> kernel.value(FLOATS, gram, kernel.frame(FLOATS, gram, "a pair"))
        0.125

    Source:
        derivations/kernel.md.
    """

    def __hash__(self) -> int: ...

    @property
    def name(self) -> str:
        """The name under which the command line and certificates know the kernel."""
        ...

    @property
    def smooth_at_zero(self) -> bool:
        """Whether kappa is differentiable where a vector is zero."""
        ...

    def frame(self, lib: Numbers[T], g: Gram[T], site: Site) -> Frame[T]:
        """Compute what value and derivatives share."""
        ...

    def parallel_frame(self, lib: Numbers[T], sign: int) -> Frame[T]:
        """The same for parallel vectors: on equal (1) or opposite (-1) rays."""
        ...

    def value(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> T:
        """kappa(w, v)."""
        ...

    def first(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> tuple[T, T, T]:
        """The derivatives of kappa by a, b and c."""
        ...

    def squares(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> Sequence[Square[T]]:
        """The second differential of kappa in (a, b, c) as a sum of squares."""
        ...

    def parallel_squares(
        self, lib: Numbers[T], g: Gram[T], sign: int
    ) -> Sequence[Square[T]]:
        """The limit of the second differential at parallel vectors."""
        ...

    def nearly_parallel(
        self, lib: Numbers[T], g: Gram[T], f: Frame[T]
    ) -> tuple[T, Sequence[Square[T]]]:
        """The second differential where vectors are, or may be, parallel.

        Returns:
            A number M and squares: for directions (dw, dv) and (dw', dv') the second
            differential and the squares differ by at most M N N', where N stands for
            |dw| / |w| + |dv| / |v|.
        """
        ...

    def own(self, lib: Numbers[T], a: T) -> T:
        """kappa(w, w)."""
        ...

    def own_first(self, lib: Numbers[T], a: T) -> T:
        """The derivative of kappa(w, w) by a."""
        ...

    def own_second(self, lib: Numbers[T], a: T) -> T:
        """The second derivative of kappa(w, w) by a."""
        ...


@dataclass(frozen=True, slots=True)
class Relu:
    """kappa = E relu(<w, x>) relu(<v, x>) for standard Gaussian x.

    With s = sqrt(ab - c^2) and theta the angle between w and v this is
    (s + (pi - theta) c) / (2 pi).

    Example:
        >>> import math
        >>> from symcrit.arith.floats import FLOATS
        >>> kernel, gram = Relu(), Gram(a=1.0, b=1.0, c=0.0, s2=1.0)
        >>> value = kernel.value(FLOATS, gram, kernel.frame(FLOATS, gram, "a pair"))
        >>> math.isclose(value, 1 / (2 * math.pi))
        True

    Source:
        Cho and Saul 2009; Safran and Shamir, arXiv:1712.08968; derivations/kernel.md.
    """

    name: str = "relu"

    @property
    def smooth_at_zero(self) -> bool:
        """No: kappa(w, v) grows like |w| in every direction, with its own factor."""
        return False

    def frame(self, lib: Numbers[T], g: Gram[T], site: Site) -> Frame[T]:
        """The sine and the angle of the pair."""
        s = lib.root(g.s2, site)
        return Frame(s, lib.angle(s, g.c, site))

    def parallel_frame(self, lib: Numbers[T], sign: int) -> Frame[T]:
        """No sine, and angle 0 or pi."""
        zero = lib.exact(0)
        return Frame(zero, zero if sign > 0 else lib.pi)

    def value(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> T:
        """kappa(w, v)."""
        return (f.s + (lib.pi - f.theta) * g.c) / (2 * lib.pi)

    def first(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> tuple[T, T, T]:
        """The derivatives of kappa by a, b and c."""
        s = f.s / (4 * lib.pi)
        return s / g.a, s / g.b, (lib.pi - f.theta) / (2 * lib.pi)

    def squares(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> Sequence[Square[T]]:
        """The second differential of kappa.

        (dc - c/(2a) da - c/(2b) db)^2 / (2 pi s) - (da/a - db/b)^2 s / (8 pi).
        """
        one = lib.exact(1)
        inverse_a, inverse_b, half = one / g.a, one / g.b, g.c / 2
        return (
            (one / (2 * lib.pi * f.s), (-half * inverse_a, -half * inverse_b, one)),
            (-f.s / (8 * lib.pi), (inverse_a, -inverse_b, lib.exact(0))),
        )

    def parallel_squares(
        self, lib: Numbers[T], g: Gram[T], sign: int
    ) -> Sequence[Square[T]]:
        """Both squares vanish with the sine (on directions that keep it regular)."""
        return ()

    def nearly_parallel(
        self, lib: Numbers[T], g: Gram[T], f: Frame[T]
    ) -> tuple[T, Sequence[Square[T]]]:
        """Each of the two squares is at most s / (2 pi) N N'; none is kept."""
        return f.s / lib.pi, ()

    def own(self, lib: Numbers[T], a: T) -> T:
        """kappa(w, w) = |w|^2 / 2."""
        return a / 2

    def own_first(self, lib: Numbers[T], a: T) -> T:
        """One half."""
        return lib.exact(1) / 2

    def own_second(self, lib: Numbers[T], a: T) -> T:
        """Zero."""
        return lib.exact(0)


@dataclass(frozen=True, slots=True)
class Monomial:
    """kappa = c^m: half the squared Frobenius distance of symmetric m-tensors.

    Attributes:
        degree: m, at least 2.

    Example:
        >>> Monomial(3).name
        'c^3'

    Source:
        Arjevani, Bruna, Field, Kileel, Trager and Williams, arXiv:2103.06234.
    """

    degree: int = 3

    @property
    def name(self) -> str:
        """``c^m``."""
        return f"c^{self.degree}"

    @property
    def smooth_at_zero(self) -> bool:
        """Yes: a polynomial."""
        return True

    def frame(self, lib: Numbers[T], g: Gram[T], site: Site) -> Frame[T]:
        """Nothing is shared."""
        zero = lib.exact(0)
        return Frame(zero, zero)

    def parallel_frame(self, lib: Numbers[T], sign: int) -> Frame[T]:
        """Nothing is shared."""
        zero = lib.exact(0)
        return Frame(zero, zero)

    def value(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> T:
        """c^m."""
        return _power(lib, g.c, self.degree)

    def first(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> tuple[T, T, T]:
        """The derivatives by a, b and c."""
        zero = lib.exact(0)
        return zero, zero, self.degree * _power(lib, g.c, self.degree - 1)

    def squares(self, lib: Numbers[T], g: Gram[T], f: Frame[T]) -> Sequence[Square[T]]:
        """The second differential of kappa, m (m - 1) c^(m - 2) dc^2."""
        zero, m = lib.exact(0), self.degree
        weight = m * (m - 1) * _power(lib, g.c, m - 2)
        return ((weight, (zero, zero, lib.exact(1))),)

    def parallel_squares(
        self, lib: Numbers[T], g: Gram[T], sign: int
    ) -> Sequence[Square[T]]:
        """The same: a polynomial is smooth everywhere."""
        return self.squares(lib, g, self.parallel_frame(lib, sign))

    def nearly_parallel(
        self, lib: Numbers[T], g: Gram[T], f: Frame[T]
    ) -> tuple[T, Sequence[Square[T]]]:
        """The squares themselves, without error."""
        return lib.exact(0), self.squares(lib, g, f)

    def own(self, lib: Numbers[T], a: T) -> T:
        """a^m."""
        return _power(lib, a, self.degree)

    def own_first(self, lib: Numbers[T], a: T) -> T:
        """The first derivative, m a^(m - 1)."""
        return self.degree * _power(lib, a, self.degree - 1)

    def own_second(self, lib: Numbers[T], a: T) -> T:
        """The second derivative, m (m - 1) a^(m - 2)."""
        m = self.degree
        return m * (m - 1) * _power(lib, a, m - 2)


def _power(lib: Numbers[T], x: T, exponent: int) -> T:
    result = lib.exact(1)
    for _ in range(exponent):
        result = result * x
    return result


def kernel_named(name: str) -> Kernel:
    """The kernel with a given name: ``relu`` or ``c^m`` with m from 2 to 9.

    Raises:
        InputError: there is no such kernel.

    Example:
        >>> kernel_named("c^3")
        Monomial(degree=3)
    """
    if name == "relu":
        return Relu()
    head, _, degree = name.partition("^")
    if head == "c" and degree in set("23456789"):
        return Monomial(int(degree))
    message = f"unknown kernel {name!r}; known are relu and c^2 ... c^9"
    raise InputError(message)
