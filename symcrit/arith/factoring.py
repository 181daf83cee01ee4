"""Polynomials over Q(pi) with square roots adjoined: products of irreducible ones.

A polynomial is the list of its coefficients, the constant one first.  Over Q(pi) it is
factored as a polynomial in two variables over the integers.  With roots in the
coefficients, Trager's method factors the norm, the product of all conjugates, and takes
greatest common divisors with its factors.

Source:
    Trager, Algebraic factoring and rational function integration (1976).
"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import TypeAlias

from flint import Ordering, fmpq_poly, fmpz, fmpz_mpoly_ctx, fmpz_poly

from symcrit.arith.exact import Exact

__all__ = ["Polynomial", "evaluate_at_matrix", "factor", "polynomial_text"]

Polynomial: TypeAlias = list[Exact]

_ZERO = Exact.rational(0)


def factor(polynomial: Sequence[Exact]) -> list[tuple[Polynomial, int]]:
    """The monic irreducible factors of positive degree, with multiplicities.

    Args:
        polynomial: coefficients, the last of them not zero.

    Example:
        >>> root, one = Exact.surd(2), Exact.rational(1)
        >>> for found, times in factor([2 * root, -2 - root, one]):
        ...     print(polynomial_text(found), times)
        x - 2 1
        x - sqrt(2) 1
    """
    if all(c.is_in_q_of_pi for c in polynomial):
        return _over_q_of_pi(polynomial)
    whole = _monic(polynomial)
    common = _gcd(whole, _derivative(whole))
    found = []
    for part in _of_squarefree(_quotient(whole, common)):
        times, rest = 0, whole
        while True:
            quotient, remainder = _divide(rest, part)
            if remainder:
                break
            times, rest = times + 1, quotient
        found.append((part, times))
    return found


def polynomial_text(polynomial: Sequence[Exact], variable: str = "x") -> str:
    """The polynomial as an expression, the highest power first.

    Example:
        >>> polynomial_text([Exact.pi(), Exact.rational(-1), 1 + Exact.pi()])
        '(pi + 1)*x**2 - x + pi'
    """
    parts: list[str] = []
    for i, c in reversed(list(enumerate(polynomial))):
        if not c:
            continue
        text, sign = str(c), "+"
        if c.as_fraction() is not None and text.startswith("-"):
            text, sign = text[1:], "-"
        power = {0: "", 1: variable}.get(i, f"{variable}**{i}")
        if " " in text and (power or parts):
            text = f"({text})"
        elif text.startswith("-") and parts:
            text, sign = text[1:], "-"
        term = power if text == "1" and power else "*".join(filter(None, (text, power)))
        parts.append(f"{sign} {term}")
    shown = " ".join(parts) or "+ 0"
    return shown[2:] if shown.startswith("+ ") else f"-{shown[2:]}"


def evaluate_at_matrix(
    polynomial: Sequence[Exact], matrix: Sequence[Sequence[Exact]]
) -> list[list[Exact]]:
    """The value of a polynomial at a square matrix, by Horner's scheme."""
    places = range(len(matrix))
    value = [[_ZERO for _ in places] for _ in places]
    for c in reversed(polynomial):
        value = [
            [
                sum(
                    (value[i][m] * matrix[m][j] for m in places), c if i == j else _ZERO
                )
                for j in places
            ]
            for i in places
        ]
    return value


# ------------------------------------------------------------------------- over Q(pi)


def _over_q_of_pi(polynomial: Sequence[Exact]) -> list[tuple[Polynomial, int]]:
    denominator = fmpz_poly([1])
    for c in polynomial:
        q = c.denominator()
        denominator = denominator * q // denominator.gcd(q)
    scale = Exact.quotient(denominator, fmpz_poly([1]))
    context = fmpz_mpoly_ctx.get(["p", "x"], Ordering.lex)
    terms: dict[tuple[int, ...], int | fmpz] = {}
    for i, c in enumerate(polynomial):
        numerator = (c * scale).numerator()
        for e in range(numerator.length()):
            if numerator[e] != 0:
                terms[e, i] = numerator[e]
    found = []
    for part, times in context.from_dict(terms).factor()[1]:
        by_power: dict[int, list[fmpz]] = {}
        for (e, i), value in part.to_dict().items():
            row = by_power.setdefault(int(i), [])
            row += [fmpz(0)] * (int(e) + 1 - len(row))
            row[int(e)] = value
        if (degree := max(by_power)) > 0:
            exact = [
                Exact.polynomial(fmpq_poly(by_power.get(i, [])))
                for i in range(degree + 1)
            ]
            found.append((_monic(exact), int(times)))
    return sorted(found, key=lambda pair: (len(pair[0]), polynomial_text(pair[0])))


# ------------------------------------------------------------ over quadratic extensions


def _of_squarefree(polynomial: Polynomial) -> Iterator[Polynomial]:
    """The irreducible factors of a polynomial without multiple roots."""
    for shift in _shifts(polynomial):
        moved = _shifted(polynomial, shift)
        norm = _norm(moved)
        if len(_gcd(norm, _derivative(norm))) > 1:
            continue
        for part, _ in _over_q_of_pi(norm):
            common = _gcd(moved, part)
            if len(common) > 1:
                yield _shifted(common, -shift)
        return


def _shifts(polynomial: Polynomial) -> Iterator[Exact]:
    """0, and multiples of a sum of the roots in the coefficients.

    All but finitely many of them make the norm free of multiple roots.
    """
    total, weight = _ZERO, 1
    for c in polynomial:
        for m, inside in c.radicands():
            total, weight = total + weight * Exact.surd(m, inside), 2 * weight
    for step in count():
        yield total * step


def _norm(polynomial: Polynomial) -> Polynomial:
    """The product of all conjugates, or of enough of them to be free of roots."""
    while True:
        radicands = [found for c in polynomial for found in c.radicands()]
        if not radicands:
            return polynomial
        m, inside = radicands[0]
        root = inside[0] if inside else int(fmpz(m).factor()[0][0])
        polynomial = _product(polynomial, [c.conjugate(root) for c in polynomial])


def _trimmed(polynomial: Sequence[Exact]) -> Polynomial:
    end = len(polynomial)
    while end and not polynomial[end - 1]:
        end -= 1
    return list(polynomial[:end])


def _monic(polynomial: Sequence[Exact]) -> Polynomial:
    return [c / polynomial[-1] for c in polynomial]


def _derivative(polynomial: Sequence[Exact]) -> Polynomial:
    return [c * i for i, c in enumerate(polynomial)][1:]


def _product(f: Sequence[Exact], g: Sequence[Exact]) -> Polynomial:
    found = [_ZERO] * (len(f) + len(g) - 1)
    for i, x in enumerate(f):
        for j, y in enumerate(g):
            found[i + j] = found[i + j] + x * y
    return found


def _divide(f: Sequence[Exact], g: Sequence[Exact]) -> tuple[Polynomial, Polynomial]:
    """Quotient and remainder; the remainder is empty if it is zero."""
    rest, quotient = list(f), [_ZERO] * max(len(f) - len(g) + 1, 0)
    for place in reversed(range(len(quotient))):
        head = rest[place + len(g) - 1] / g[-1]
        quotient[place] = head
        for i, c in enumerate(g):
            rest[place + i] = rest[place + i] - head * c
    return quotient, _trimmed(rest)


def _quotient(f: Sequence[Exact], g: Sequence[Exact]) -> Polynomial:
    return _divide(f, g)[0]


def _gcd(f: Sequence[Exact], g: Sequence[Exact]) -> Polynomial:
    f, g = list(f), list(g)
    while g:
        f, g = g, _divide(f, g)[1]
    return _monic(f)


def _shifted(polynomial: Polynomial, x: Exact) -> Polynomial:
    """The polynomial at (variable + x)."""
    found: Polynomial = []
    for c in reversed(polynomial):
        found = [*([_ZERO] if found else []), *found]
        lower = [y * x for y in found[1:]]
        for i, y in enumerate(lower):
            found[i] = found[i] + y
        if found:
            found[0] = found[0] + c
        else:
            found = [c]
    return found
