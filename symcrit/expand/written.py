"""Series of written formulas: from a syntax tree to exact powers of t = k^(-1/2).

Formulas in k and t with rational powers, roots and quotients are expanded with the
arithmetic of ``symcrit.arith.laurent``, in a root of t where fractional powers need it.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import partial
from math import gcd, lcm

from flint import fmpz

from symcrit.arith.laurent import (
    Domain,
    Expansions,
    RamificationError,
    Series,
    retry_in_larger_domain,
)
from symcrit.core.errors import InputError, UndecidedError
from symcrit.core.expressions import (
    BigO,
    Expression,
    Name,
    Power,
    Product,
    Quotient,
    Sqrt,
    Sum,
    evaluate,
)

__all__ = [
    "expand_formula",
    "is_finite",
    "last_exponent",
    "leading_exponent",
    "names_in",
    "plain_exponents",
]

_MAX_RAMIFICATION = 24
"""The largest common denominator of exponents of t that is read."""

_FIRST_LENGTH = 16
_MAX_LENGTH = 1024
"""How many powers of t (or of its root, where it occurs) a formula may span."""

Values = Mapping[str, Fraction]
"""The numbers of variables other than k and t."""


class _Reader:
    """The environment in which a formula is a series in s = t^(1/ramification)."""

    def __init__(self, domain: Domain, ramification: int, values: Values) -> None:
        self._lib = Expansions(domain)
        self._ramification = ramification
        self._values = values

    @property
    def pi(self) -> Series:
        """The number pi."""
        return self._lib.pi

    def number(self, value: Fraction, /) -> Series:
        """A rational number."""
        return self._lib.exact(value)

    def name(self, name: str, /) -> Series:
        """The variables k and t, and numbers such as p."""
        if name in self._values:
            return self._lib.exact(self._values[name])
        return self._lib.t_power(self._ramification * (1 if name == "t" else -2))

    def power(self, base: Series, exponent: Fraction, /) -> Series:
        """A rational power."""
        if base.is_exact_zero and exponent <= 0:
            message = "0 is raised to a power that is not positive"
            raise InputError(message)
        root, odd = base, exponent.denominator
        while odd % 2 == 0:
            root, odd = self.sqrt(root), odd // 2
        if odd > 1:
            root = self._odd_root(root, odd)
        n, result = abs(exponent.numerator), self._lib.exact(1)
        while n:
            if n % 2:
                result = result * root
            n //= 2
            if n:
                root = root * root
        return result if exponent > 0 else self._lib.exact(1) / result

    def sqrt(self, radicand: Series, /) -> Series:
        """The root that is positive for large k."""
        return radicand.sqrt("the expansion")

    def _odd_root(self, x: Series, degree: int) -> Series:
        if x.is_exact_zero:
            return x
        coefficient = None
        if len(x.rows) == 1 and x.prec is None:
            coefficient = x.coefficient(x.v).as_fraction()
        root = None if coefficient is None else _rational_root(coefficient, degree)
        if root is None:
            message = (
                f"a root of degree {degree} is read of a power of k with a rational"
                " result only"
            )
            raise InputError(message)
        if x.v % degree:
            message = f"a root of degree {degree} of s**{x.v}"
            raise RamificationError(message)
        return root * self._lib.t_power(x.v // degree)


def _rational_root(value: Fraction, degree: int) -> Fraction | None:
    """The root of odd degree of a rational number, if it is rational."""
    parts = []
    for part in (abs(value.numerator), value.denominator):
        root = int(fmpz(part).root(degree))
        if root**degree != part:
            return None
        parts.append(root)
    return Fraction(parts[0] if value > 0 else -parts[0], parts[1])


def expand_formula(
    tree: Expression, values: Values, end: Fraction | None
) -> tuple[Series, int]:
    r"""Expand a formula in powers of t^(1/e) for some e that it needs.

    Args:
        tree: a formula in k, t and further variables, without O-term.
        values: the numbers of the further variables.
        end: the series is known to O(t^end) or better; None for a formula with
            finitely many terms, all of which are wanted.

    Returns:
        The series in t^(1/e), and e.

    Raises:
        InputError: the formula has no such expansion over Q(pi) and its quadratic
            extensions, or spans too many powers.

    Example:
        >>> from symcrit.core.expressions import parse
        >>> series, e = expand_formula(parse("sqrt(k/(k-1))"), {}, Fraction(5))
        >>> e, [(n, str(c)) for n, c in series.known_coefficients()][:3]
        (1, [(0, '1'), (2, '1/2'), (4, '3/8')])
    """
    e, length = _ramification(tree), _FIRST_LENGTH
    while length <= _MAX_LENGTH:
        series, e = _expand_to_length(tree, values, length, e)
        if series.prec is None or (end is not None and series.prec >= end * e):
            return series, e
        length *= 2
    message = f"the expansion spans more than {_MAX_LENGTH} powers of t"
    raise InputError(message)


def _expand_to_length(
    tree: Expression, values: Values, length: int, e: int
) -> tuple[Series, int]:
    """A formula as a series in t^(1/e) with so many terms, e as large as it must be."""
    reason = None
    while e <= _MAX_RAMIFICATION:
        value = partial(_value, tree, e, values)
        try:
            series, _ = retry_in_larger_domain(Domain.start(length), value)
        except RamificationError:
            e = 2 * e
        except UndecidedError as error:
            reason = str(error).removesuffix(f"; {error.hint}")
            break
        else:
            return series, e
    if reason is None:
        reason = f"fractional powers of t beyond denominators of {_MAX_RAMIFICATION}"
    message = f"this is no expansion in powers of t = k**(-1/2): {reason}"
    raise InputError(message)


def _value(tree: Expression, e: int, values: Values, domain: Domain) -> Series:
    return evaluate(tree, _Reader(domain, e, values))


def _single_exponent(tree: Expression, values: Values) -> Fraction | None:
    """The exponent of t if a formula is a number times a power of t, else None."""
    series, e = _expand_to_length(tree, values, _FIRST_LENGTH, _ramification(tree))
    if series.prec is None and len(series.rows) == 1:
        return Fraction(series.v, e)
    return None


def is_finite(tree: Expression, values: Values) -> bool:
    """Whether a formula is visibly a finite sum of powers of t.

    Raises:
        InputError: the formula has no expansion.

    Example:
        >>> from symcrit.core.expressions import parse
        >>> is_finite(parse("(k+1)**2/k**3"), {}), is_finite(parse("k/(k+1)"), {})
        (True, False)
    """
    _expand_to_length(tree, values, _FIRST_LENGTH, _ramification(tree))
    return _is_finite(tree, values)


def _is_finite(tree: Expression, values: Values) -> bool:
    match tree:
        case Quotient(numerator, denominator):
            single = _single_exponent(denominator, values) is not None
            return single and _is_finite(numerator, values)
        case Power(base, exponent) if exponent < 0 or exponent.denominator > 1:
            return _single_exponent(base, values) is not None
        case Sqrt(radicand):
            return _single_exponent(radicand, values) is not None
    return all(_is_finite(part, values) for part in _parts(tree))


def plain_exponents(tree: Expression, values: Values) -> list[Fraction]:
    """The exponents of t of those summands that are a number times a power of t."""
    summands = tree.terms if isinstance(tree, Sum) else (tree,)
    found = [_single_exponent(summand, values) for summand in summands]
    return [n for n in found if n is not None]


def last_exponent(tree: Expression, values: Values) -> Fraction:
    """The exponent of the last power of t that stands in a finite formula.

    A power counts where its coefficient is 0 or cancels: who writes ``0/k`` speaks of
    1/k.

    Args:
        tree: a formula for which ``is_finite`` holds.
        values: the numbers of variables other than k and t.

    Example:
        >>> from symcrit.core.expressions import parse
        >>> last_exponent(parse("-1 + 0/k"), {})
        Fraction(2, 1)
    """
    last = Fraction(0)
    match tree:
        case Name(name) if name not in values:
            last = Fraction(1 if name == "t" else -2)
        case Sum(terms):
            last = max(last_exponent(term, values) for term in terms)
        case Product(factors):
            last = sum((last_exponent(x, values) for x in factors), last)
        case Quotient(numerator, denominator):
            divisor = _single_exponent(denominator, values) or Fraction(0)
            last = last_exponent(numerator, values) - divisor
        case Power(base, exponent) if exponent >= 0 and exponent.denominator == 1:
            last = exponent * last_exponent(base, values)
        case Power(base, exponent):
            last = exponent * (_single_exponent(base, values) or 0)
        case Sqrt(radicand):
            last = (_single_exponent(radicand, values) or Fraction(0)) / 2
    return last


def leading_exponent(tree: Expression, values: Values) -> Fraction:
    """The exponent of t with which a formula begins.

    Raises:
        InputError: the formula is zero or has no expansion.

    Example:
        >>> from symcrit.core.expressions import parse
        >>> leading_exponent(parse("k**(-3/2) + 1/k**2"), {})
        Fraction(3, 1)
    """
    series, e = _expand_to_length(tree, values, _FIRST_LENGTH, _ramification(tree))
    if not series.is_known:
        message = (
            "a formula that vanishes to the order looked at has no leading power; write"
            " a power of k or t"
        )
        raise InputError(message)
    return Fraction(series.v, e)


def _ramification(tree: Expression) -> int:
    """A common denominator of the exponents of t, as far as they stand there."""
    found = 1
    for name_power, exponent in _powers(tree):
        half = exponent if name_power == "t" else 2 * exponent
        found = lcm(found, half.denominator)
    return found


def _powers(tree: Expression) -> Iterator[tuple[str | None, Fraction]]:
    match tree:
        case Power(base, exponent):
            odd = exponent.denominator
            odd //= gcd(odd, 2 ** odd.bit_length())
            name = base.name if isinstance(base, Name) else None
            yield (name, exponent if name else Fraction(1, odd))
    for part in _parts(tree):
        yield from _powers(part)


def names_in(tree: Expression) -> Iterator[str]:
    """The names of variables in a formula, as often as they occur."""
    if isinstance(tree, Name):
        yield tree.name
    for part in _parts(tree):
        yield from names_in(part)


def _parts(tree: Expression) -> tuple[Expression, ...]:
    found: tuple[Expression, ...] = ()
    match tree:
        case Sum(several) | Product(several):
            found = several
        case Quotient(numerator, denominator):
            found = (numerator, denominator)
        case Power(one, _) | Sqrt(one) | BigO(one):
            found = (one,)
    return found
