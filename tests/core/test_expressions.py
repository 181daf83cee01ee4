"""Mirror of symcrit/core/expressions/: three independent readers are the oracles.

sympy computes the value of every random tree, reads what ``to_plain`` prints, and
prints the LaTeX that ``parse`` reads.
"""

import math
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any, Self

import pytest
import sympy
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from symcrit.core.errors import InputError
from symcrit.core.expressions import (
    BigO,
    Expression,
    Name,
    Number,
    Pi,
    Power,
    Product,
    Quotient,
    Sqrt,
    Sum,
    evaluate,
    parse,
    split_order,
    to_latex,
    to_plain,
)
from symcrit.core.expressions.grammar import MAX_DIGITS
from symcrit.core.expressions.reading import MAX_EXPONENT
from symcrit.core.expressions.source import MAX_DEPTH, MAX_LENGTH

VALUES = {"k": Fraction(7, 3), "m_1_2": Fraction(-5, 4), "xi_1": Fraction(11)}
NAMES = tuple(VALUES)
PI = Fraction(22, 7)
PRIME = 2**61 - 1


class Fractions:
    """Exact numbers, with a fraction in the place of pi and no roots."""

    pi = PI

    def number(self, value: Fraction) -> Fraction:
        """Keep it."""
        return value

    def name(self, name: str) -> Fraction:
        """Look it up."""
        return VALUES[name]

    def power(self, base: Fraction, exponent: Fraction) -> Fraction:
        """Raise to a whole exponent."""
        assert exponent.denominator == 1
        return base**exponent.numerator

    def sqrt(self, radicand: Fraction) -> Fraction:
        """Refuse: no test of exact values has a root."""
        raise AssertionError(radicand)


class Floats:
    """Floats, for values that are positive all the way."""

    pi = math.pi

    def __init__(self, **values: float) -> None:
        self._values: Mapping[str, float] = values

    def number(self, value: Fraction) -> float:
        """Round it."""
        return float(value)

    def name(self, name: str) -> float:
        """Look it up."""
        return self._values[name]

    def power(self, base: float, exponent: Fraction) -> float:
        """Take a power of a positive number."""
        return math.pow(base, float(exponent))

    def sqrt(self, radicand: float) -> float:
        """Take the root of a positive number."""
        return math.sqrt(radicand)


@dataclass(frozen=True)
class Residue:
    """An integer modulo a prime: equal values stay equal, and nothing grows."""

    value: int

    def __add__(self, other: Self) -> "Residue":
        return Residue((self.value + other.value) % PRIME)

    def __mul__(self, other: Self) -> "Residue":
        return Residue(self.value * other.value % PRIME)

    def __truediv__(self, other: Self) -> "Residue":
        # No inverse is needed: what is divided by is zero in some texts of a fuzzer.
        return Residue(self.value * pow(other.value, PRIME - 2, PRIME) % PRIME)


class Residues:
    """Residues in which pi, the names and the roots are arbitrary numbers."""

    pi = Residue(314159265358979)

    def number(self, value: Fraction) -> Residue:
        """Reduce it."""
        return Residue(value.numerator % PRIME) / Residue(value.denominator % PRIME)

    def name(self, name: str) -> Residue:
        """Encode it."""
        return Residue(int.from_bytes(name.encode()) % PRIME)

    def power(self, base: Residue, exponent: Fraction) -> Residue:
        """Raise to a whole exponent, or take an arbitrary function of both."""
        over, under = exponent.numerator, exponent.denominator
        if under == 1:
            return Residue(pow(base.value, over % (PRIME - 1), PRIME))
        return Residue(hash((base.value, over, under)) % PRIME)

    def sqrt(self, radicand: Residue) -> Residue:
        """Take an arbitrary function of the radicand."""
        return Residue(hash((radicand.value, 0)) % PRIME)


def fingerprint(expression: Expression) -> tuple[Residue, Residue | None]:
    """Evaluate what is stated and what is left open to residues."""
    stated, order = split_order(expression)
    environment = Residues()
    return (
        evaluate(stated, environment),
        None if order is None else evaluate(order, environment),
    )


def exact(expression: Expression) -> Fraction:
    """Evaluate with the values above."""
    return evaluate(expression, Fractions())


def finite(tree: Expression) -> Fraction:
    """Evaluate, and assume that nothing is divided by zero on the way."""
    try:
        return exact(tree)
    except ZeroDivisionError:
        assume(False)
        raise


def sympy_value(tree: Expression, symbols: Mapping[str, Any]) -> Any:  # noqa: PLR0911
    """Build the same value with sympy; ``symbols`` has the names, and pi."""
    match tree:
        case Number(value):
            return sympy.Rational(value.numerator, value.denominator)
        case Pi():
            return symbols["pi"]
        case Name(name):
            return symbols[name]
        case Sum(terms):
            return reduce(add, (sympy_value(term, symbols) for term in terms))
        case Product(factors):
            return reduce(mul, (sympy_value(factor, symbols) for factor in factors))
        case Quotient(over, under):
            return sympy_value(over, symbols) / sympy_value(under, symbols)
        case Power(base, exponent):
            return sympy_value(base, symbols) ** sympy.Rational(str(exponent))
        case Sqrt(radicand):
            return sympy.sqrt(sympy_value(radicand, symbols))
        case BigO():
            raise AssertionError(tree)


def rational(value: Fraction) -> Any:
    """Convert to sympy."""
    return sympy.Rational(value.numerator, value.denominator)


def fraction(value: Any) -> Fraction:
    """Convert from sympy."""
    return Fraction(int(value.p), int(value.q))


EXACT_SYMBOLS = {name: rational(value) for name, value in VALUES.items()} | {
    "pi": rational(PI)
}


def trees(
    leaves: st.SearchStrategy[Expression],
    unary: Callable[
        [st.SearchStrategy[Expression]], list[st.SearchStrategy[Expression]]
    ],
) -> st.SearchStrategy[Expression]:
    """Grow sums, products, quotients and what ``unary`` adds over leaves."""

    def grow(
        children: st.SearchStrategy[Expression],
    ) -> st.SearchStrategy[Expression]:
        several = st.lists(children, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            st.builds(Sum, several),
            st.builds(Product, several),
            st.builds(Quotient, children, children),
            *unary(children),
        )

    return st.recursive(leaves, grow, max_leaves=12)


names = st.sampled_from(NAMES).map(Name)
rational_trees = trees(
    st.one_of(
        st.builds(Number, st.fractions(-9, 9, max_denominator=5)),
        st.just(Pi()),
        names,
    ),
    lambda children: [
        st.builds(Power, children, st.integers(-3, 3).map(Fraction)),
    ],
)
positive_trees = trees(
    st.one_of(
        st.builds(Number, st.fractions("1/8", 8, max_denominator=9)),
        st.just(Pi()),
        st.just(Name("k")),
    ),
    lambda children: [
        st.builds(Power, children, st.fractions(-2, 2, max_denominator=4)),
        st.builds(Sqrt, children),
    ],
)


@given(rational_trees)
def test_the_value_in_exact_numbers_is_that_of_sympy(tree: Expression) -> None:
    """Signs, quotients and whole powers, pi and names included, without rounding."""
    value = finite(tree)

    assert fraction(sympy_value(tree, EXACT_SYMBOLS)) == value


@given(positive_trees)
def test_the_value_in_floats_is_that_of_sympy(tree: Expression) -> None:
    """Roots and fractional powers; nothing cancels, so few digits are lost."""
    symbols = {"pi": sympy.pi, "k": sympy.Rational(7, 3)}
    expected = float(sympy.N(sympy_value(tree, symbols), 30))
    assume(1e-200 < expected < 1e200)

    assert math.isclose(expected, evaluate(tree, Floats(k=7 / 3)), rel_tol=1e-9)


@given(rational_trees)
@example(Product((Number(Fraction(-1)), Sum((Name("k"), Number(Fraction(-1)))))))
@example(Sum((Pi(), Sum((Number(Fraction(-1)), Pi())))))
@example(Power(Number(Fraction(-3)), Fraction(2)))
@example(Power(Number(Fraction(3, 2)), Fraction(2)))
@example(Power(Power(Pi(), Fraction(2)), Fraction(3)))
@example(Quotient(Pi(), Quotient(Pi(), Name("k"))))
@example(Quotient(Pi(), Number(Fraction(3, 2))))
@example(Product((Number(Fraction(-3, 2)), Quotient(Number(Fraction(-1)), Pi()))))
def test_what_is_printed_is_read_back_to_the_same_value(tree: Expression) -> None:
    """Plain and LaTeX; the plain form means the same to sympy."""
    expected = finite(tree)
    plain, latex = to_plain(tree), to_latex(tree)

    assert expected == fraction(sympy.sympify(plain, locals=EXACT_SYMBOLS))
    assert expected == exact(parse(plain, names=NAMES))
    assert expected == exact(parse(f"${latex}$", names=NAMES))


@given(positive_trees)
def test_roots_are_printed_and_read_back(tree: Expression) -> None:
    """The same with square roots and fractional exponents, in floats."""
    expected = evaluate(tree, Floats(k=7 / 3))
    assume(1e-200 < expected < 1e200)

    for text in (to_plain(tree), f"${to_latex(tree)}$"):
        again = evaluate(parse(text), Floats(k=7 / 3))
        assert math.isclose(expected, again, rel_tol=1e-9), text


@given(rational_trees)
def test_the_latex_of_sympy_is_read(tree: Expression) -> None:
    """A printer that is not ours, with its own habits of grouping."""
    symbols = {name: sympy.Symbol(name) for name in NAMES} | {"pi": sympy.pi}
    expected = finite(tree)
    value = sympy_value(tree, symbols)

    assert expected == exact(parse(f"${sympy.latex(value)}$", names=NAMES))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-2**2", "-4"),
        ("2**-1", "1/2"),
        ("2**3**2", "512"),
        ("2**-2**2", "1/16"),
        ("2**-2**3", "1/256"),
        ("2^3", "8"),
        ("(-2)^-3", "-1/8"),
        ("1-2-3", "-4"),
        ("8/2/2", "2"),
        ("8/2*3", "12"),
        ("2*-3", "-6"),
        ("1--+-2", "-1"),
        ("-(1-3)", "2"),
        ("1.25", "5/4"),
        (".5+2.", "5/2"),
        ("12.5e-1", "5/4"),
        ("1E3", "1000"),
        ("2(3)(4)", "24"),
        ("2(1+2)**2", "18"),
        ("-2(3)/4", "-3/2"),
        ("6/-3", "-2"),
        (" 1\t+\n2 ", "3"),
        ("007", "7"),
        (r"\frac12", "1/2"),
        (r"\frac{1}2+\tfrac1{2}-\dfrac{3}{2}", "-1/2"),
        (r"2^{3}\cdot 2\times3", "48"),
        (r"2^{-\frac{4}{2}}", "1/4"),
        (r"-\left(1-3\right)(5)", "10"),
        (r"{2}\,\;\!{3}^2\quad{1}", "18"),
        ("$3^{-1}/2$", "1/6"),
        ("$$4$$", "4"),
    ],
)
def test_precedence(text: str, value: str) -> None:
    """Python's rules in plain text, TeX's in LaTeX."""
    assert Fraction(value) == exact(parse(text))


@pytest.mark.parametrize(
    ("plain", "latex", "formula"),
    [
        ("-1", "{-1}", lambda k: -1.0),
        ("3/2", r"\frac32", lambda k: 1.5),
        ("2*(pi-2)/pi", r"\frac{2(\pi-2)}{\pi}", lambda k: 2 - 4 / math.pi),
        ("k-1", "$k-1$", lambda k: k - 1),
        ("2(pi-2)", r"2(\pi-2)", lambda k: 2 * (math.pi - 2)),
        ("8 pi", r"8\pi", lambda k: 8 * math.pi),
        ("2k**2", "2k^{2}", lambda k: 2 * k * k),
        ("k**(-3/2)", r"k^{-\frac32}", lambda k: 1 / (k * math.sqrt(k))),
        ("k^(-1/2)", "k^{-1/2}", lambda k: 1 / math.sqrt(k)),
        ("sqrt(2)k", r"\sqrt2\,k", lambda k: math.sqrt(2) * k),
        ("sqrt(k*(k-1))", r"\sqrt{k(k-1)}", lambda k: math.sqrt(k * k - k)),
        (
            "-1 + (2+8/pi+8/pi**2)/k",
            r"-1 + \frac{2+\frac{8}{\pi}+\frac8{\pi^2}}{k}",
            lambda k: -1 + (2 + 8 / math.pi + 8 / math.pi**2) / k,
        ),
        (
            "1 - 4*(3*pi-4)/pi**2*k**(-2)",
            r"1 - \frac{4\left(3\pi-4\right)}{\pi^{2}} k^{-2}",
            lambda k: 1 - 4 * (3 * math.pi - 4) / (math.pi * k) ** 2,
        ),
    ],
)
def test_published_forms(
    plain: str, latex: str, formula: Callable[[float], float]
) -> None:
    """Plain and LaTeX twins agree with each other and with the formula in Python."""
    for text in (plain, latex):
        value = evaluate(parse(text), Floats(k=50.0))
        assert math.isclose(formula(50.0), value, rel_tol=1e-13), text


@pytest.mark.parametrize(
    "order",
    [
        "O(k**(-3/2))",
        r"\mathcal{O}(k^{-3/2})",
        r"\mathcal O\left(k^{-\frac32}\right)",
        r"\mathrm{O}\left(k^{-\tfrac{3}{2}}\right)",
        r"O\,(k^{-3/2})",
    ],
)
def test_the_order_term_is_split_off(order: str) -> None:
    """Every spelling, in every place of the sum and behind either sign."""
    argument = Power(Name("k"), Fraction(-3, 2))

    assert (parse("2/k - 1"), argument) == split_order(parse(f"2/k - 1 + {order}"))
    assert (parse("2/k"), argument) == split_order(parse(f"{order} + 2/k"))
    assert (Name("k"), argument) == split_order(parse(f"k - {order}"))
    assert (Number(Fraction(0)), argument) == split_order(parse(f"-{order}"))


def test_an_expression_without_order_term_is_left_alone() -> None:
    """There is nothing to split."""
    expression = parse("2/k - 1")

    assert (expression, None) == split_order(expression)


def test_an_order_term_is_printed_and_has_no_value() -> None:
    """O(...) survives a round trip, and evaluation points to it."""
    expression = parse("1 - O(1/sqrt(k))")

    assert "1 + O(1/sqrt(k))" == to_plain(expression)
    assert r"1 + O\left(\frac{1}{\sqrt{k}}\right)" == to_latex(expression)
    assert expression == parse(to_plain(expression)) == parse(to_latex(expression))
    with pytest.raises(InputError, match="has no value"):
        evaluate(expression, Floats(k=2.0))


@pytest.mark.parametrize(
    ("text", "plain", "latex"),
    [
        ("3/2", "3/2", r"\frac{3}{2}"),
        ("0.3*k", "3/10*k", r"\frac{3}{10} k"),
        ("-k - -3", "-k + 3", "-k + 3"),
        ("-(2/pi)*k", "-2/pi*k", r"-\frac{2}{\pi} k"),
        ("k*2*3", "k*2*3", r"k \cdot 2 \cdot 3"),
        ("k**-1", "k**(-1)", "k^{-1}"),
        ("1/(k*pi)", "1/(k*pi)", r"\frac{1}{k \pi}"),
        ("k*(3/2)", "k*(3/2)", r"k \cdot \frac{3}{2}"),
        ("(3/2)**2", "(3/2)**2", r"\left(\frac{3}{2}\right)^{2}"),
        ("k*(pi*2)", "k*pi*2", r"k \pi \cdot 2"),
        ("1*k/2", "k/2", r"\frac{k}{2}"),
        ("(k-1)**2", "(k - 1)**2", r"\left(k - 1\right)^{2}"),
    ],
)
def test_printing_is_what_a_person_would_write(
    text: str, plain: str, latex: str
) -> None:
    """Few parentheses and no sign or one that is not needed."""
    assert plain == to_plain(parse(text))
    assert latex == to_latex(parse(text))


def test_two_signs_never_meet() -> None:
    """A tree that was not read can hold a sign behind a sign."""
    tree = Product((Number(Fraction(-1)), Number(Fraction(-2))))

    assert "-(-2)" == to_plain(tree)
    assert r"-\left(-2\right)" == to_latex(tree)


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("k", "k"),
        ("a_1", "a_{1}"),
        ("m_1_2", "m_{1,2}"),
        ("xi_12", r"\xi_{12}"),
        ("Lambda", r"\Lambda"),
        ("lambda", r"\lambda"),
        ("rad2", r"\mathrm{rad2}"),
        ("pi_1", r"\mathrm{pi}_{1}"),
        ("O_1", "O_{1}"),
    ],
)
def test_names(name: str, latex: str) -> None:
    """Callers choose the names; indices and Greek letters have their LaTeX form."""
    double = Product((Number(Fraction(2)), Name(name)))

    assert f"2 {latex}" == to_latex(double)
    assert double == parse(f"${to_latex(double)}$", names=(name,))
    assert double == parse(f"2*{name}", names=(name,))
    assert double == parse(f"2{name}", names=(name,))


def test_an_index_of_one_character_needs_no_braces() -> None:
    """TeX reads one token as index, and so do we."""
    assert parse("a_1*b", names=("a_1", "b")) == parse("$a_1b$", names=("a_1", "b"))


@pytest.mark.parametrize("name", ["pi", "sqrt", "O", "a-b", "", "_x", "a__b", "x\n"])
def test_a_name_that_cannot_be_one(name: str) -> None:
    """A reserved or misshapen name is refused before it can hide a meaning."""
    with pytest.raises(InputError, match="cannot be a name"):
        parse("1", names=(name,))


HOSTILE = [
    ("", 1, "empty", ""),
    (" \n ", 1, "empty", ""),
    (r"\,", 3, "ends too early", ""),
    ("__import__('os')", 1, "unknown name '__import__'", "__import__"),
    ("lambda k: k", 1, "unknown name 'lambda'", "lambda"),
    ("k.real", 2, "unexpected character '.'", "."),
    ("2*'a'", 3, "unexpected character", "'"),
    ('"a"', 1, "unexpected character", '"'),
    ("k[0]", 2, "unexpected character '['", "["),
    ("k; k", 2, "unexpected character ';'", ";"),
    ("k = 1", 3, "unexpected character '='", "="),
    ("print(1)", 1, "unknown name 'print'", "print"),
    ("nan", 1, "unknown name 'nan'", "nan"),
    ("1 + NaN", 5, "unknown name 'NaN'", "NaN"),
    ("-inf", 2, "unknown name 'inf'", "inf"),
    ("1j", 2, "unknown name 'j'", "j"),
    ("0x10", 2, "unknown name 'x10'", "x10"),
    ("1_000", 2, "unknown name '_000'", "_000"),
    ("K-1", 1, "known names are d, k, p, t, and pi, sqrt and O", "K"),
    ("1 \u2212 k", 3, "U+2212 (MINUS SIGN)", r"\u2212"),
    ("2\u00d7k", 2, "write '*'", r"\xd7"),
    ("\u03c0", 1, "write 'pi'", r"\u03c0"),
    ("k\u00b2", 2, "write '**2'", r"\xb2"),
    ("\uff12", 1, "write '2'", r"\uff12"),
    ("\u043a", 1, "CYRILLIC SMALL LETTER KA", r"\u043a"),
    ("k\x00", 2, "U+0000", r"\x00"),
    ("k\x1b[31m", 2, "U+001B", r"\x1b"),
    ("2*(k-1", 3, "'(' is never closed", "("),
    ("2*(k-1))", 8, "')' closes nothing", ")"),
    (r"\frac{1}{k", 9, "'{' is never closed", "{"),
    ("(2}", 3, "'}' closes nothing", "}"),
    (r"\left(2)", 8, r"'\right)' belongs here", ")"),
    (r"(2\right)", 3, "')' belongs here", r"\right)"),
    ("$k", 3, "'$' belongs here", ""),
    ("k$", 2, "the end of the expression belongs here", "$"),
    ("1 +", 4, "ends too early", ""),
    ("1 + * k", 5, "'*' is out of place", "*"),
    ("()", 2, "')' is out of place", ")"),
    ("2 3", 3, "operator missing before '3'", "3"),
    ("k 2", 3, "operator missing before '2'", "2"),
    ("k(k-1)", 2, "operator missing", "(k-1)"),
    ("8 pi k", 6, "operator missing", "k"),
    ("2**3k", 5, "operator missing", "k"),
    ("1/2k", 2, "unclear how far the denominator reaches", "/"),
    (r"1/2\pi", 2, "unclear how far the denominator reaches", "/"),
    ("1/-(2)(3)", 2, "unclear how far the denominator reaches", "/"),
    ("O(k**-3/2)", 8, "unclear where the exponent ends", "/"),
    ("3**-1/2", 6, "unclear where the exponent ends", "/"),
    ("2*k**-1/2", 8, "unclear where the exponent ends", "/"),
    ("-2k^-1/2", 7, "unclear where the exponent ends", "/"),
    ("sqrt 2", 6, "in parentheses belongs here", "2"),
    (r"\sqrt[3]{2}", 6, "unexpected character '['", "["),
    (r"\input{x}", 1, r"unknown command '\input'", r"\input"),
    ("{k}^12", 6, "braces around an exponent", "2"),
    ("{k}^-1", 5, "in braces belongs here", "-"),
    (r"\frac{1}", 9, "in braces belongs here", ""),
    ("{sqrt}", 2, "unknown name 's'", "s"),
    ("k**k", 4, "exponent that is no rational number", "k"),
    ("2**pi", 4, "exponent that is no rational number", "pi"),
    ("2**2**k", 7, "exponent that is no rational number", "k"),
    ("1/0", 3, "division by zero", "0"),
    ("k/(2 - 2.0)", 3, "division by zero", "(2 - 2.0)"),
    ("1/2/0**2", 5, "division by zero", "0**2"),
    ("1/sqrt(0)", 3, "division by zero", "sqrt(0)"),
    ("1/0**(1/2)", 3, "division by zero", "0**(1/2)"),
    ("0**-1", 1, "division by zero", "0**-1"),
    (r"\frac{1}{0}", 10, "division by zero", "0"),
    ("sqrt(1 - 2)", 1, "root of a negative number", "sqrt(1 - 2)"),
    ("1 + (-1)^(1/2)", 5, "root of a negative number", "(-1)^(1/2)"),
    ("2*O(k)", 3, "O(...) inside a term", "O(k)"),
    ("(1 + O(k))", 6, "O(...) inside a term", "O(k)"),
    ("O(1 + O(k))", 7, "O(...) inside a term", "O(k)"),
    ("O(k) + O(1)", 8, "second O(...)", "O(1)"),
    ("O k", 3, "in parentheses belongs here", "k"),
    ("1e400000", 1, "too many digits", "1e400000"),
    ("1e" + "9" * 6000, 1, "too many digits", "..."),
    ("9" * 6000, 1, "too many digits", "..."),
    ("9**9**9", 4, "exponent too large", "9"),
    ("2**(1/1001)", 4, "exponent too large", "(1/1001)"),
    ("((9**999)**999)**999", 2, "too many digits", "(9**999)**999"),
    ("1 + " + "9e3999*" * 90 + "1", 5, "too many digits", "..."),
    ("1e-3999+" * 90 + "1", 1, "too many digits", "..."),
    ("9e999+" * 900 + "1", 1, "too many digits", "..."),
    ("(" * 10**6 + ")" * 10**6, MAX_LENGTH + 1, "too long", "("),
    ("(" * 1000 + ")" * 1000, MAX_DEPTH + 1, "nested too deeply", "("),
    ("{" * 1000 + "}" * 1000, MAX_DEPTH + 1, "nested too deeply", "{"),
]


@pytest.mark.parametrize(
    ("text", "position", "wrong", "spot"),
    HOSTILE,
    ids=[f"{row}: {text[:20]!a}" for row, (text, *_) in enumerate(HOSTILE)],
)
def test_a_refusal_is_one_line_that_shows_the_spot(
    text: str, position: int, wrong: str, spot: str
) -> None:
    """What, where, and what would be right, in printable ASCII of bounded length."""
    with pytest.raises(InputError) as refusal:
        parse(text)
    message = str(refusal.value)
    where, _, right = message.partition("; ")

    assert wrong in message
    assert f" at position {position}: " in where
    assert f"{spot}<<<" in where
    assert right
    assert message.isascii()
    assert message.isprintable()
    assert len(message) < 400


def test_without_names_the_message_offers_none() -> None:
    """The list of known names is that of the caller."""
    with pytest.raises(InputError, match="only numbers, pi and square roots"):
        parse("k", names=())
    with pytest.raises(
        InputError, match=r"known names are a_1, k, and pi, sqrt and O$"
    ):
        parse("x", names=("k", "a_1"))


def nested(levels: int, inner: str, around: str) -> str:
    """Put a formula into itself."""
    return reduce(lambda text, _: around.replace("@", text), range(levels), inner)


@pytest.mark.parametrize(
    "around",
    ["1-k/-(@)**1/pi", r"1-k\cdot-k/\sqrt{@}^1", r"1-k\cdot-\left(@\right)^1k"],
)
def test_the_deepest_expression_passes_every_function(around: str) -> None:
    """The limit of the depth spares the stack, all levels of a bracket counted."""
    deepest = parse(nested(MAX_DEPTH, "k", around))
    # A printer may add parentheses, so what is read again is not quite as deep.
    shallow = parse(nested(MAX_DEPTH // 4, "k", around))

    assert hash(deepest) == hash(parse(nested(MAX_DEPTH, "k", around)))
    assert fingerprint(deepest) != fingerprint(shallow)
    assert to_plain(deepest).count("(") > MAX_DEPTH - 2
    assert to_latex(deepest).count("k") > MAX_DEPTH
    for text in (to_plain(shallow), f"${to_latex(shallow)}$"):
        assert fingerprint(shallow) == fingerprint(parse(text))


LONGEST = "1000" + " + 1" * (MAX_LENGTH // 4 - 1)


@pytest.mark.parametrize(
    ("accepted", "refused"),
    [
        (LONGEST, LONGEST + " "),
        ("9" * MAX_DIGITS, "9" * (MAX_DIGITS + 1)),
        (f"1e-{MAX_DIGITS - 1}", f"1e-{MAX_DIGITS}"),
        (f"k**{MAX_EXPONENT}", f"k**{MAX_EXPONENT + 1}"),
        (f"k**(-{MAX_EXPONENT})", f"k**(-{MAX_EXPONENT + 1})"),
        (f"k**(-1/{MAX_EXPONENT})", f"k**(1/{MAX_EXPONENT + 1})"),
        ("(k**1000)**100", "(k**1000)**101"),
        (nested(MAX_DEPTH, "1", "(@)"), nested(MAX_DEPTH + 1, "1", "(@)")),
    ],
    ids=["length", "digits", "decimals", "power", "inverse", "root", "size", "depth"],
)
def test_limits_are_where_they_are_said_to_be(accepted: str, refused: str) -> None:
    """The largest that is allowed is read and read again, one more is not."""
    expression = parse(accepted)

    assert fingerprint(expression) == fingerprint(parse(to_plain(expression)))
    with pytest.raises(InputError, match="too "):
        parse(refused)


@pytest.mark.parametrize(
    ("chain", "value"),
    [("-", 1), ("1**", 1), ("1/", 1), ("3/3*", 1), ("1+", 5001), ("(1)", 1)],
)
def test_long_chains_are_not_deep(chain: str, value: int) -> None:
    """Only brackets nest; thousands of signs, factors or exponents are one list."""
    expression = parse(chain * 5000 + "(1)")

    assert value == exact(expression)
    assert value == exact(parse(to_plain(expression)))


pieces = [
    *"0123456789+-*/^().kptdO_e ${}[]",
    *("pi", "sqrt(", "O(", "**", "\\frac", "\\pi", "\\left(", "\\right)"),
    *("\\sqrt", "\\,", "\\cdot", "\\mathcal{O}", "^{", "}{"),
]


@given(st.lists(st.sampled_from(pieces), max_size=14).map("".join))
@settings(max_examples=300)
def test_any_text_is_read_or_refused(text: str) -> None:
    """There is no other error, and what is read is the same after printing."""
    try:
        expression = parse(text)
    except InputError:
        return
    expected = fingerprint(expression)

    assert expected == fingerprint(parse(to_plain(expression)))
    assert expected == fingerprint(parse(f"${to_latex(expression)}$"))


def test_the_parser_is_loaded_when_it_is_needed() -> None:
    """Importing costs nothing: a command that reads no expression never loads lark."""
    code = (
        "import sys; import symcrit.core.expressions as e; "
        "before = 'lark' in sys.modules; e.parse('1'); "
        "sys.exit(before or 'lark' not in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], check=False)

    assert 0 == done.returncode
