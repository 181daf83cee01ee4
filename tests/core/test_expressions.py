"""Mirror of symcrit/core/expressions/: three independent readers are the oracles.

sympy computes the value of every random tree, reads what ``to_plain`` prints, and
prints the LaTeX that ``parse`` reads.
"""

import math
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy
from hypothesis import assume, example, given

from symcrit.core.errors import InputError
from symcrit.core.expressions import (
    Expression,
    Name,
    Number,
    Pi,
    Power,
    Product,
    Quotient,
    Sum,
    evaluate,
    parse,
    split_order,
    to_latex,
    to_plain,
)
from tests.core.expression_cases import (
    EXACT_SYMBOLS,
    NAMES,
    Floats,
    exact,
    finite,
    fraction,
    positive_trees,
    rational_trees,
    sympy_value,
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


def test_the_parser_is_loaded_when_it_is_needed() -> None:
    """Importing costs nothing: a command that reads no expression never loads lark."""
    code = (
        "import sys; import symcrit.core.expressions as e; "
        "before = 'lark' in sys.modules; e.parse('1'); "
        "sys.exit(before or 'lark' not in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], check=False)

    assert 0 == done.returncode
