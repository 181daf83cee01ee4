r"""Small pieces of Markdown that all sections use.

Example:
    >>> inline("x^2"), display("x^2")
    ('$x^2$', '$$\nx^2\n$$')
    >>> enumerate_words(["a", "b", "c"])
    'a, b and c'
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from flint import arb

from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.core.expressions import Name, Sum, to_latex
from symcrit.report.formulas import plain_brackets

__all__ = [
    "coefficient_latex",
    "decimal_text",
    "display",
    "enumerate_words",
    "field_latex",
    "inline",
    "literal",
    "power_latex",
    "prose",
    "quantity_latex",
    "size_latex",
    "term_latex",
]

_BALL_DIGITS = 10
"""Digits of a coefficient that is known in balls."""


def inline(formula: str) -> str:
    """Return a formula within a line of text."""
    return f"${plain_brackets(formula)}$"


def display(formula: str) -> str:
    """Return a formula on lines of its own."""
    return f"$$\n{plain_brackets(formula)}\n$$"


def literal(text: str) -> str:
    r"""Return text that Markdown shows as it is.

    Example:
        >>> print(literal("1/(2*pi), s_2"))
        1/(2\*pi), s\_2
    """
    return re.sub(r"([\\|*_`$<\[\]~^])", r"\\\1", text)


def prose(text: str) -> str:
    """Return a paragraph on one line, however it was broken.

    Example:
        >>> prose("one   two")
        'one two'
    """
    return " ".join(text.split())


def enumerate_words(words: Sequence[str]) -> str:
    """Return the words with commas and a final ``and``."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def quantity_latex(name: str) -> str:
    r"""Return the LaTeX of a quantity's name.

    Example:
        >>> quantity_latex("xi_5"), quantity_latex("loss")
        ('\\xi_{5}', '\\mathcal{L}')
    """
    return r"\mathcal{L}" if name == "loss" else to_latex(Name(name))


def field_latex(field: str) -> str:
    r"""Return the LaTeX of a field.

    Example:
        >>> field_latex("Q(pi, sqrt(2))")
        '\\mathbb{Q}(\\pi, \\sqrt{2})'
    """
    inside = field.removeprefix("Q(").removesuffix(")")
    plain = inside.replace("pi", r"\pi").replace("sqrt(", r"\sqrt{").replace(")", "}")
    return rf"\mathbb{{Q}}({plain})"


def power_latex(exponent: object) -> str:
    r"""Return a power of t.

    Example:
        >>> power_latex(0), power_latex(1), power_latex(5)
        ('1', 't', 't^{5}')
    """
    short = {"0": "1", "1": "t"}
    return short.get(str(exponent), f"t^{{{exponent}}}")


def coefficient_latex(number: Exact | arb) -> str:
    r"""Return a coefficient: exactly, or as a decimal number if it is a ball.

    Example:
        >>> coefficient_latex(Exact.pi()), coefficient_latex(arb(1.5))
        ('\\pi', '1.500000000')
    """
    if isinstance(number, Exact):
        return number.latex
    return str(number.str(_BALL_DIGITS, radius=False))


def term_latex(number: Exact | arb, exponent: Fraction) -> str:
    r"""Return a term of a series; a coefficient in balls as a decimal number.

    Example:
        >>> term_latex(Exact.rational(-1), Fraction(2))
        '-t^{2}'
        >>> term_latex(Exact.pi() - 2, Fraction(1))
        '\\left(\\pi - 2\\right) t'
    """
    power = power_latex(exponent)
    if isinstance(number, arb):
        latex = coefficient_latex(number)
        return latex if power == "1" else rf"{latex} \, {power}"
    if power == "1":
        return number.latex
    if number in (1, -1):
        return number.latex.removesuffix("1") + power
    if isinstance(number.expression(), Sum):
        return rf"\left({number.latex}\right) {power}"
    return f"{number.latex} {power}"


def size_latex(k: int | Fraction) -> str:
    r"""Return a value of k, a large power of ten as such.

    Example:
        >>> size_latex(100), size_latex(10**6), size_latex(Fraction(15, 2))
        ('100', '10^{6}', '15/2')
    """
    text = str(k)
    zeros = len(text) - 1
    return f"10^{{{zeros}}}" if zeros > 2 and k == 10**zeros else text


def decimal_text(number: Exact, digits: int) -> str:
    """Return a number with so many significant digits; a short one exactly.

    Example:
        >>> decimal_text(Exact.rational(-1), 5), decimal_text(Exact.pi(), 5)
        ('-1', '3.1416')
    """
    value = number.as_fraction()
    if value is not None and value.denominator == 1 and len(str(value)) <= digits:
        return str(value)
    prec = 64 + 4 * digits
    with working_precision(prec):
        return str(number.ball(prec).str(digits, radius=False))
