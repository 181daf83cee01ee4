"""Mirror of symcrit/cli/arguments.py."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcrit.cli.arguments import SIZE, FileName, WholeNumber, parse_number
from symcrit.core.errors import InputError
from tests.cli.running import Invoke

positive = st.fractions(min_value=Fraction(1, 10**30), max_value=10**30)


@given(positive)
def test_what_is_echoed_is_read_again(number: Fraction) -> None:
    """``str`` of the number is the exact text that the JSON documents hold."""
    assert number == parse_number(str(number), name="k")


@given(st.decimals(min_value=Decimal("1e-30"), max_value=Decimal("1e30")))
def test_decimals_are_exact(number: Decimal) -> None:
    """Oracle: the standard library's conversion, which does not round."""
    assert Fraction(number) == parse_number(str(number), name="k")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20", Fraction(20)),
        (" +20 ", Fraction(20)),
        ("007", Fraction(7)),
        ("15/2", Fraction(15, 2)),
        ("30/4", Fraction(15, 2)),
        ("7.5", Fraction(15, 2)),
        (".5", Fraction(1, 2)),
        ("7.", Fraction(7)),
        ("1e12", Fraction(10**12)),
        ("25E-1", Fraction(5, 2)),
        ("1e999", Fraction(10**999)),
    ],
)
def test_the_spellings_of_a_number(text: str, value: Fraction) -> None:
    """Oracle: the value written by hand."""
    assert value == parse_number(text, name="k")


@pytest.mark.parametrize("text", ["-3", "0", "0.0", "-1/2", "0/5", "-1e3", "0e999"])
def test_what_is_not_positive_is_refused(text: str) -> None:
    """The message says so."""
    with pytest.raises(InputError, match="k must be positive, got"):
        parse_number(text, name="k")


@pytest.mark.parametrize(
    "text",
    [
        "seven",
        "nan",
        "inf",
        "-inf",
        "",
        " ",
        "1/2/3",
        "1.5/2",
        "0x10",
        "1_000",
        "٣",
        "1 0",
        "--3",
        "e5",
        ".",
        "1e",
        "1e1.5",
        "1/e5",
        "1\n2",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    """The message says what would be right."""
    with pytest.raises(InputError, match="k must be an integer, a fraction such as"):
        parse_number(text, name="k")


@pytest.mark.parametrize(
    "text",
    [
        "1e400000",
        "1e-400000",
        "1e1000",
        "1e-1000",
        "1e999999999999999999",
        "9" * 1001,
        "1/" + "9" * 1001,
        "9" * 100_000,
        "1e" + "0" * 10_000 + "1",
    ],
    ids=lambda text: f"{text[:9]}-{len(text)}",
)
def test_what_is_too_long_is_refused_at_once(text: str) -> None:
    """No large power is computed, and the message stays short."""
    with pytest.raises(InputError, match="k has more than 1000 digits") as caught:
        parse_number(text, name="k")

    assert len(str(caught.value)) < 120


def test_the_denominator_zero_is_refused() -> None:
    """The message says so."""
    with pytest.raises(InputError, match="k has the denominator 0, got '1/0'"):
        parse_number("1/0", name="k")


def test_an_option_reads_it() -> None:
    """Negative numbers are values, not options, and the error names the option."""
    seen: list[Fraction] = []
    made = click.Command(
        "show",
        params=[click.Option(["--k"], type=SIZE, required=True)],
        callback=lambda k: seen.append(k),
    )

    made.main(["--k", "15/2"], standalone_mode=False)
    assert [Fraction(15, 2)] == seen
    with pytest.raises(click.UsageError, match="k must be positive, got '-3'"):
        made.main(["--k", "-3"], standalone_mode=False)


@pytest.mark.parametrize(
    ("kind", "right"),
    [
        (WholeNumber(1, 9), "should be an integer from 1 to 9"),
        (WholeNumber(1), "should be an integer, 1 or more"),
    ],
)
@pytest.mark.parametrize(
    "text", ["seven", "", "7.5", "1e3", "1_0", "0x1", "٣", "--1", "nan"]
)
def test_what_is_no_integer_is_refused(
    kind: WholeNumber, right: str, text: str
) -> None:
    """What is wrong, and what would be right; the option is named by click."""
    with pytest.raises(click.BadParameter) as caught:
        kind.convert(text, None, None)

    assert f"{right}, got {text!r}" == caught.value.message


@pytest.mark.parametrize("text", ["0", "-3", "10", "9" * 5000])
def test_what_is_out_of_range_is_refused_in_the_same_words(text: str) -> None:
    """A long number does not fill the screen."""
    with pytest.raises(click.BadParameter, match="an integer from 1 to 9, got") as it:
        WholeNumber(1, 9).convert(text, None, None)

    assert len(it.value.message) < 90


@pytest.mark.parametrize(("text", "value"), [("7", 7), ("+7", 7), (" 07 ", 7)])
def test_integers_are_read(text: str, value: int) -> None:
    """Oracle: the value written by hand; a number is one already."""
    assert value == WholeNumber(1, 9).convert(text, None, None)
    assert value == WholeNumber(1, 9).convert(value, None, None)


def test_an_empty_name_is_no_file() -> None:
    """It would be the folder that one stands in."""
    with pytest.raises(click.BadParameter, match="should be a name, got an empty one"):
        FileName().convert("", None, None)
    assert Path("a/b") == FileName().convert("a/b", None, None)


@pytest.mark.parametrize(
    "words",
    [
        ["point", "II", "--k", "7", "-o", ""],
        ["derive", "A", "-o", ""],
        ["certify", "A", "--k", "7", "--store", ""],
        ["census", "", "-o", "x.jsonl"],
        ["sgd", "--k", "6", "--weights", ""],
        ["summarise", "a.jsonl", "-o", ""],
        ["series", "A", "--notation", ""],
        ["identify", ""],
        ["check", ""],
        ["claims", ""],
    ],
    ids=lambda words: words[0],
)
def test_every_command_refuses_an_empty_name(words: list[str], invoke: Invoke) -> None:
    """Before it does anything."""
    found = invoke(*words)

    assert 2 == found.status
    assert "should be a name, got an empty one (see '" in found.complaint()
