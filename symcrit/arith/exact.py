"""Exact numbers: Q(pi) with formal square roots, printed as strings.

pi is transcendental, so a number is zero iff it is zero as a rational function of pi;
signs are decided with balls at the true pi.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from flint import arb, fmpq, fmpq_poly, fmpz, fmpz_poly

from symcrit.arith.precision import working_precision
from symcrit.core.errors import InputError, UndecidedError
from symcrit.core.expressions import (
    Expression,
    Number,
    Pi,
    Power,
    Product,
    Quotient,
    Sqrt,
    Sum,
    to_latex,
    to_plain,
)

__all__ = ["Exact", "positive_at_pi", "sign_at_pi"]

_SIGN_BITS = (64, 256, 1024, 4096, 16384)

_Poly = tuple[int, ...]
_Key = tuple[int, tuple[_Poly, ...]]
_ONE: _Key = (1, ())


def sign_at_pi(polynomial: fmpz_poly) -> int:
    """The sign of an integer polynomial at the true pi; 0 for the zero polynomial.

    Example:
        >>> sign_at_pi(fmpz_poly([-22, 7]))
        -1
    """
    if not polynomial:
        return 0
    for prec in _SIGN_BITS:
        with working_precision(prec):
            value = arb(0)
            for c in reversed(polynomial.coeffs()):
                value = value * arb.pi() + arb(c)
            if value > 0:
                return 1
            if value < 0:
                return -1
    message = f"the sign of a polynomial at pi is open at {_SIGN_BITS[-1]} bits"
    raise UndecidedError(message, hint="raise the precision")


def positive_at_pi(polynomial: fmpz_poly) -> fmpz_poly:
    """The polynomial or its negative, whichever is positive at pi."""
    return polynomial if sign_at_pi(polynomial) > 0 else -polynomial


class Exact:
    r"""A sum of rational functions of pi times formal roots; immutable.

    A root sqrt(m * q_1 * q_2 ...) has a squarefree positive integer m and distinct
    irreducible polynomials q_i in pi that are positive at pi.  Numbers are added,
    multiplied, divided and compared with their like, integers and fractions; equality
    is exact.  Nothing is rounded until a ball is asked for.

    Example:
        >>> x = Exact.rational(8) / Exact.pi() + Exact.surd(2)
        >>> str(x * x)
        '2 + 64/pi**2 + 16/pi*sqrt(2)'
        >>> (x * x - x * x) == 0
        True
        >>> x.sign(), x.is_in_q_of_pi, x.as_fraction(), Exact.rational(7).as_fraction()
        (1, False, None, Fraction(7, 1))
        >>> print(x.ball(64).str(15, radius=False), x.latex)
        3.96069265184342 \frac{8}{\pi} + \sqrt{2}
        >>> print((Exact.pi() / 2).sqrt(), Exact.pi().power(-2))
        1/2*sqrt(2*pi) 1/pi**2

    Source:
        derivations/series.md, numbers.
    """

    __slots__ = ("__dict__", "parts")

    def __init__(self, parts: Mapping[_Key, tuple[fmpz_poly, fmpz_poly]]) -> None:
        self.parts = {key: ratio for key, ratio in sorted(parts.items()) if ratio[0]}

    @classmethod
    def rational(cls, value: int | Fraction | fmpq) -> "Exact":
        """A rational number.

        Args:
            value: an integer or a fraction.
        """
        if isinstance(value, Fraction):
            value = fmpq(value.numerator, value.denominator)
        return cls.polynomial(fmpq_poly([value]))

    @classmethod
    def pi(cls) -> "Exact":
        """The number pi."""
        return cls.polynomial(fmpq_poly([0, 1]))

    @classmethod
    def polynomial(cls, value: fmpq_poly) -> "Exact":
        """A polynomial in pi.

        Args:
            value: its coefficients are those of powers of pi, ascending.
        """
        return cls({_ONE: _ratio(value.numer(), fmpz_poly([value.denom()]))})

    @classmethod
    def quotient(cls, numerator: fmpz_poly, denominator: fmpz_poly) -> "Exact":
        """A quotient of integer polynomials in pi.

        Args:
            numerator: its coefficients are those of powers of pi, ascending.
            denominator: not zero.
        """
        return cls({_ONE: _ratio(numerator, denominator)})

    @classmethod
    def times_powers(
        cls,
        value: fmpq_poly,
        factors: Sequence[fmpz_poly],
        exponents: Sequence[int],
    ) -> "Exact":
        """A polynomial in pi times integer powers of primitive irreducible ones.

        Args:
            value: the polynomial.
            factors: primitive irreducible polynomials in pi.
            exponents: a power for each of them, negative or not.

        Example:
            >>> x = fmpz_poly([0, 1])
            >>> str(Exact.times_powers(fmpq_poly([0, 1, 3]), [x, x - 2], [-2, 1]))
            '3*pi - 5 - 2/pi'
        """
        top, bottom = value.numer(), fmpz_poly([value.denom()])
        for q, e in zip(factors, exponents, strict=True):
            left = -e
            while left > 0 and top:
                quotient, remainder = divmod(top, q)
                if remainder:
                    break
                top, left = quotient, left - 1
            if left > 0:
                bottom *= q**left
            elif e > 0:
                top *= q**e
        return cls({_ONE: (top, bottom)})

    @classmethod
    def surd(cls, m: int, inside: Sequence[fmpz_poly] = ()) -> "Exact":
        """The root sqrt(m * product of inside), positive.

        Args:
            m: a squarefree positive integer.
            inside: distinct irreducible polynomials in pi, positive there.
        """
        key = (m, tuple(sorted(tuple(int(c) for c in q.coeffs()) for q in inside)))
        one = fmpz_poly([1])
        return cls({key: (one, one)})

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Exact | int | Fraction | fmpq):
            return NotImplemented
        return not (self - _lift(other)).parts

    def __hash__(self) -> int:
        fraction = self.as_fraction()
        if fraction is not None:
            return hash(fraction)
        return hash(tuple((key, str(p), str(q)) for key, (p, q) in self.parts.items()))

    def __neg__(self) -> "Exact":
        return Exact({key: (-p, q) for key, (p, q) in self.parts.items()})

    def __add__(self, other: "Exact | int | Fraction | fmpq") -> "Exact":
        parts = dict(self.parts)
        for key, (p, q) in _lift(other).parts.items():
            if key in parts:
                a, b = parts[key]
                parts[key] = _ratio(a * q + p * b, b * q)
            else:
                parts[key] = p, q
        return Exact(parts)

    __radd__ = __add__

    def __sub__(self, other: "Exact | int | Fraction | fmpq") -> "Exact":
        return self + (-_lift(other))

    def __rsub__(self, other: "int | Fraction | fmpq") -> "Exact":
        return _lift(other) - self

    def __mul__(self, other: "Exact | int | Fraction | fmpq") -> "Exact":
        parts: dict[_Key, tuple[fmpz_poly, fmpz_poly]] = {}
        for (m, f), (a, b) in self.parts.items():
            for (n, g), (c, d) in _lift(other).parts.items():
                common = int(fmpz(m).gcd(fmpz(n)))
                outside = fmpz_poly([common])
                for q in set(f) & set(g):
                    outside *= fmpz_poly(list(q))
                key = (m * n // common**2, tuple(sorted(set(f) ^ set(g))))
                top, bottom = a * c * outside, b * d
                if key in parts:
                    p, q_ = parts[key]
                    top, bottom = p * bottom + top * q_, q_ * bottom
                parts[key] = _ratio(top, bottom)
        return Exact(parts)

    __rmul__ = __mul__

    def __truediv__(self, other: "Exact | int | Fraction | fmpq") -> "Exact":
        other = _lift(other)
        if not other.parts:
            message = "division by the exact number zero"
            raise ZeroDivisionError(message)
        numerator = self
        while len(other.parts) > 1:
            conjugate = other._conjugate()
            numerator, other = numerator * conjugate, other * conjugate
        ((key, (p, q)),) = other.parts.items()
        root = Exact({key: _unit()})
        ((_, (square, _)),) = (root * root).parts.items()
        return numerator * root * Exact({_ONE: _ratio(q, p * square)})

    def __rtruediv__(self, other: "int | Fraction | fmpq") -> "Exact":
        return _lift(other) / self

    def power(self, exponent: int) -> "Exact":
        """An integer power.

        Args:
            exponent: an integer; negative ones ask for a number that is not zero.

        Raises:
            ZeroDivisionError: a negative power of zero.
        """
        if exponent < 0:
            return 1 / self.power(-exponent)
        result = Exact.rational(1)
        for _ in range(exponent):
            result = result * self
        return result

    def _conjugate(self) -> "Exact":
        """The image under the sign change of a root that some parts only contain."""
        primes = sorted({int(p) for m, _ in self.parts for p, _ in fmpz(m).factor()})
        inside = sorted({q for _, f in self.parts for q in f})
        moved = [{key for key in self.parts if key[0] % p == 0} for p in primes]
        moved += [{key for key in self.parts if q in key[1]} for q in inside]
        some = next(keys for keys in moved if 0 < len(keys) < len(self.parts))
        return Exact(
            {key: (-p if key in some else p, q) for key, (p, q) in self.parts.items()}
        )

    def conjugate(self, root: "int | fmpz_poly") -> "Exact":
        """The image under the sign change of one root.

        Args:
            root: a prime p, for that of sqrt(p), or an irreducible polynomial in pi.

        Example:
            >>> str((1 + Exact.surd(6) + Exact.surd(3)).conjugate(2))
            '1 + sqrt(3) - sqrt(6)'
        """
        inside = None
        if isinstance(root, fmpz_poly):
            inside = tuple(int(c) for c in root.coeffs())
        moved = {
            key
            for key in self.parts
            if inside in key[1] or (inside is None and key[0] % root == 0)
        }
        return Exact(
            {key: (-p if key in moved else p, q) for key, (p, q) in self.parts.items()}
        )

    @property
    def is_in_q_of_pi(self) -> bool:
        """Whether no root occurs."""
        return set(self.parts) <= {_ONE}

    def radicands(self) -> list[tuple[int, list[fmpz_poly]]]:
        """What stands under the roots, as arguments of ``surd``."""
        return [
            (m, [fmpz_poly(list(q)) for q in inside])
            for m, inside in self.parts
            if (m, inside) != _ONE
        ]

    def as_fraction(self) -> Fraction | None:
        """The number as a fraction if it is rational, else None."""
        if not self.parts:
            return Fraction(0)
        if set(self.parts) != {_ONE}:
            return None
        p, q = self.parts[_ONE]
        if p.degree() > 0 or q.degree() > 0:
            return None
        return Fraction(int(p[0]), int(q[0]))

    def sqrt(self) -> "Exact":
        """The nonnegative square root of a nonnegative number of Q(pi).

        Raises:
            InputError: the number is negative or contains a root itself.
        """
        if not self.parts:
            return self
        if not self.is_in_q_of_pi or self.sign() < 0:
            message = f"sqrt({self}) is no root of a positive number of Q(pi)"
            raise InputError(message)
        p, q = self.parts[_ONE]
        content, factors = (p * q).factor()
        outside, m, inside = Exact.quotient(fmpz_poly([1]), q), 1, []
        for prime, e in fmpz(abs(int(content))).factor():
            outside = outside * int(prime) ** (int(e) // 2)
            m *= int(prime) ** (int(e) % 2)
        for factor, e in factors:
            positive = positive_at_pi(factor)
            outside = outside * Exact.polynomial(fmpq_poly(positive)).power(e // 2)
            if e % 2:
                inside.append(positive)
        root = outside * Exact.surd(m, inside)
        return root if root.sign() > 0 else -root

    def denominator(self) -> fmpz_poly:
        """The least common denominator, an integer polynomial in pi."""
        result = fmpz_poly([1])
        for _, q in self.parts.values():
            result = result * q // result.gcd(q)
        return result

    def numerator(self) -> fmpz_poly:
        """The numerator of a number of Q(pi), over ``denominator()``."""
        assert self.is_in_q_of_pi
        return self.parts[_ONE][0] if self.parts else fmpz_poly([0])

    def over_factors(
        self, factors: Sequence[fmpz_poly]
    ) -> tuple[tuple[int, ...], list[tuple[int, tuple[int, ...], fmpq_poly]]] | None:
        """Write the number as (product of powers of factors) * (roots * polynomials).

        Args:
            factors: irreducible polynomials in pi.

        Returns:
            The exponents, and a list of (m, indices inside the root, polynomial); or
            None if the denominator or a root has another factor.
        """
        rest = self.denominator()
        exponents = []
        for factor in factors:
            e = 0
            while rest.degree() >= factor.degree():
                divided, remainder = divmod(rest, factor)
                if remainder:
                    break
                rest, e = divided, e + 1
            exponents.append(-e)
        position = {tuple(int(c) for c in q.coeffs()): i for i, q in enumerate(factors)}
        roots = {q for _, inside in self.parts for q in inside}
        if rest.degree() > 0 or not roots <= set(position):
            return None
        scale = fmpz_poly([1])
        for factor, e in zip(factors, exponents, strict=True):
            scale *= factor ** (-e)
        found = []
        for (m, inside), (p, q) in self.parts.items():
            value, left = divmod(fmpq_poly(p * scale), fmpq_poly(q))
            assert not left
            found.append((m, tuple(sorted(position[f] for f in inside)), value))
        return tuple(exponents), found

    def ball(self, prec: int) -> arb:
        """An enclosure of the number at the true pi.

        Args:
            prec: working precision in bits.
        """
        with working_precision(prec):
            total = arb(0)
            for (m, inside), (p, q) in self.parts.items():
                value = _at_pi(p) / _at_pi(q)
                radicand = arb(m)
                for poly in inside:
                    radicand *= _at_pi(fmpz_poly(list(poly)))
                total += value * radicand.sqrt()
            return total

    def sign(self) -> int:
        """The sign of the number at the true pi: -1, 0 or 1.

        Raises:
            UndecidedError: the sign is open at the highest precision tried.
        """
        if not self.parts:
            return 0
        if set(self.parts) == {_ONE}:
            p, q = self.parts[_ONE]
            return sign_at_pi(p) * sign_at_pi(q)
        for prec in _SIGN_BITS:
            ball = self.ball(prec)
            if ball > 0:
                return 1
            if ball < 0:
                return -1
        message = f"the sign of {self} is open at {_SIGN_BITS[-1]} bits"
        raise UndecidedError(message, hint="the number may be a hidden zero")

    def expression(self) -> Expression:
        """The number as an expression, to be printed plain or as LaTeX.

        A quotient by a power of pi alone is written out as a sum; other numerators
        and denominators are factored over the integers.
        """
        terms: list[Expression] = []
        for (m, inside), (p, q) in self.parts.items():
            roots: tuple[Expression, ...] = ()
            if m != 1 or inside:
                roots = (Sqrt(_radicand(m, inside)),)
            power = q.degree()
            if q == fmpz_poly([0] * power + [int(q[power])]):
                pieces = _laurent_terms(p, int(q[power]), power)
                if not roots or len(pieces) == 1:
                    terms += [_product((*piece, *roots)) for piece in pieces]
                else:
                    total = Sum(tuple(_product(piece) for piece in pieces))
                    terms.append(_product((total, *roots)))
            else:
                terms.append(_product((_factored_quotient(p, q), *roots)))
        if not terms:
            return Number(Fraction(0))
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    @cached_property
    def _text(self) -> str:
        return to_plain(self.expression())

    def __str__(self) -> str:
        return self._text

    @property
    def latex(self) -> str:
        """The number as LaTeX, without dollar signs."""
        return to_latex(self.expression())

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"

    def __repr__(self) -> str:
        return f"Exact({self})"


def _lift(value: "Exact | int | Fraction | fmpq") -> Exact:
    return value if isinstance(value, Exact) else Exact.rational(value)


def _unit() -> tuple[fmpz_poly, fmpz_poly]:
    return fmpz_poly([1]), fmpz_poly([1])


def _ratio(p: fmpz_poly, q: fmpz_poly) -> tuple[fmpz_poly, fmpz_poly]:
    """Cancel common factors, integers included; the denominator's head is positive."""
    common = p.gcd(q)
    if common.degree() > 0 or common[0] != 1:
        p, q = p // common, q // common
    return (-p, -q) if q.leading_coefficient() < 0 else (p, q)


def _at_pi(polynomial: fmpz_poly) -> arb:
    value = arb(0)
    for c in reversed(polynomial.coeffs()):
        value = value * arb.pi() + arb(c)
    return value


def _product(factors: tuple[Expression, ...]) -> Expression:
    """A product without superfluous ones."""
    kept = tuple(f for f in factors if f != Number(Fraction(1)))
    if not kept:
        return Number(Fraction(1))
    return kept[0] if len(kept) == 1 else Product(kept)


def _radicand(m: int, inside: tuple[_Poly, ...]) -> Expression:
    factors: tuple[Expression, ...] = (Number(Fraction(m)),)
    return _product(factors + tuple(_polynomial(fmpz_poly(list(q))) for q in inside))


def _power(n: int) -> Expression:
    return Pi() if n == 1 else Power(Pi(), Fraction(n))


def _laurent_terms(p: fmpz_poly, c: int, power: int) -> list[tuple[Expression, ...]]:
    """The terms of p / (c pi^power), highest power of pi first."""
    found: list[tuple[Expression, ...]] = []
    for i in reversed(range(p.length())):
        if p[i] == 0:
            continue
        value, n = Fraction(int(p[i]), c), i - power
        if n >= 0:
            found.append((Number(value), *((_power(n),) if n else ())))
        elif value.denominator == 1:
            found.append((Quotient(Number(value), _power(-n)),))
        else:
            top = Number(Fraction(value.numerator))
            bottom = Product((Number(Fraction(value.denominator)), _power(-n)))
            found.append((Quotient(top, bottom),))
    return found


def _polynomial(p: fmpz_poly) -> Expression:
    terms = [_product(piece) for piece in _laurent_terms(p, 1, 0)]
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _factored_quotient(p: fmpz_poly, q: fmpz_poly) -> Expression:
    top, bottom = _factored(p), _factored(q)
    return Quotient(top, bottom)


def _factored(p: fmpz_poly) -> Expression:
    content, factors = p.factor()
    parts: list[Expression] = [Number(Fraction(int(content)))]
    for factor, e in factors:
        base = _polynomial(factor)
        parts.append(base if e == 1 else Power(base, Fraction(e)))
    return _product(tuple(parts))
