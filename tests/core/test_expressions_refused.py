"""Mirror of symcrit/core/expressions/: what is refused, and where the limits are."""

from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcrit.core.errors import InputError
from symcrit.core.expressions import parse, to_latex, to_plain
from symcrit.core.expressions.grammar import MAX_DIGITS
from symcrit.core.expressions.reading import MAX_EXPONENT
from symcrit.core.expressions.source import MAX_DEPTH, MAX_LENGTH
from tests.core.expression_cases import exact, fingerprint


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
        pytest.param(LONGEST, LONGEST + " ", marks=pytest.mark.slow),
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
