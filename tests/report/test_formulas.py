"""Mirror of symcrit/report/formulas.py."""

import re

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from symcrit.report.formulas import (
    LINE_WIDTH,
    aligned_formulas,
    aligned_sum,
    approx_width,
    long_sum,
    plain_brackets,
)

TERMS = [
    "-1",
    r"\Bigl(2 + \frac{8}{\pi} + \frac{8}{\pi^2}\Bigr) t^2",
    r"-\frac{64 - 16\pi + 3\pi^2 - 7\pi^3}{3\pi^3}\, t^3",
    r"\frac{1024 - 512\pi + 96\pi^2 - 31\pi^3 + 7\pi^4}{24\pi^4 (\pi - 2)}\, t^4",
    r"-\sqrt{2}\, \frac{16\left(3\pi^2 - 10\pi + 4\right)}{\pi^3} t^{13}",
    r"\mathcal{O}(t^{14})",
]


def true_width(formula: str) -> float:
    """Measure a formula, in em, by setting it alone on a page that fits it."""
    pypandoc = pytest.importorskip("pypandoc")
    body = pypandoc.convert_text(f"$${formula}$$", "typst", format="markdown")
    page = "#set page(width: auto, height: auto, margin: 0pt)\n#set text(size: 10pt)\n"
    compiler = typst.Compiler(ignore_system_fonts=True)
    drawing = compiler.compile((page + body).encode(), format="svg")
    assert isinstance(drawing, bytes)
    found = re.search(rb'width="([\d.]+)pt"', drawing)
    assert found is not None
    return float(found[1]) / 10


@pytest.mark.parametrize("formula", [*TERMS, "123456789" * 4, r"a_{1} = x \quad y"])
def test_the_estimate_is_near_the_truth(formula: str) -> None:
    """Oracle: the typesetter."""
    assert approx_width(formula) == pytest.approx(true_width(formula), rel=0.2, abs=0.5)


@given(st.text(alphabet="\\{}^_ab12 fracsqt+-()", max_size=40))
def test_any_text_has_a_width(text: str) -> None:
    """Nonsense is measured, too; the typesetter will complain of it."""
    assert 0 <= approx_width(text) < 2 * len(text) + 1


@given(st.lists(st.integers(-(10**30), 10**30), min_size=1, max_size=30))
def test_lines_fit_and_nothing_is_lost(numerators: list[int]) -> None:
    """The numbers are there in their order; a line too wide is a single term."""
    terms = [rf"\frac{{{numerator}}}{{\pi}}" for numerator in numerators]
    formula = aligned_sum("a_1", terms, width=20)
    lines = formula.removeprefix("\\begin{aligned}").split("\\\\\n")

    assert numerators == [int(n) for n in re.findall(r"frac{(-?\d+)}", formula)]
    for line in lines:
        if line.count("frac") > 1:
            assert approx_width(line) <= 20 + approx_width(r"a_1 = \quad")


@given(st.lists(st.sampled_from(TERMS), min_size=1, max_size=30))
def test_no_line_begins_a_markdown_list(terms: list[str]) -> None:
    """A sign at the start of a line would end the formula on many web pages."""
    for line in aligned_sum("a_1", terms, opening="3 (", closing=")").splitlines():
        assert line.startswith(("\\begin", "\\end", "a_1", "&"))


def test_lines_fit_the_page() -> None:
    """Oracle: the typesetter, for lines of the default width."""
    formula = aligned_sum("a_1", TERMS * 3)

    assert "aligned" in formula
    assert true_width(formula) <= LINE_WIDTH + 3


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 4)), max_size=30))
def test_formulas_are_all_there_in_their_order(shapes: list[tuple[int, int]]) -> None:
    """Short ones side by side, long ones in lines; no display is long."""
    formulas = [
        (f"x_{{{n}}}", [rf"\frac{{{n}}}{{\pi}}" + "y" * (5 * width)] * terms)
        for n, (terms, width) in enumerate(shapes)
    ]
    displays = aligned_formulas(formulas)

    assert list(range(len(shapes))) == [
        int(n) for text in displays for n in re.findall(r"x_{(\d+)} &=", text)
    ]
    for text in displays:
        lines = text.splitlines()[1:-1]
        assert len(lines) <= 10
        for line in lines:
            if line.count("&=") == 2 or line.count("frac") > 1:
                assert approx_width(line) <= LINE_WIDTH + 3


def test_short_formulas_stand_side_by_side() -> None:
    """But no pair stands among long formulas, whose column is wide."""
    short, long = ("x", ["1"]), ("y", ["2"] * 20)

    assert 1 == aligned_formulas([short, short])[0].count("\n&") + 1
    assert [2, 1, 1] == [
        text.splitlines()[1].count("&=")
        for text in aligned_formulas([short, short, long, short, short])[:1]
        + aligned_formulas([long, short])
        + aligned_formulas([long])
    ][:3]


@pytest.mark.parametrize(
    ("formula", "plain"),
    [
        (r"\left(k - 1\right)", "(k - 1)"),
        (r"\left( k \right) x", "(k) x"),
        (r"\left(\frac{1}{2}\right)", r"\left(\frac{1}{2}\right)"),
        (r"\left(a \left(b\right)\right)", "(a (b))"),
        (r"\left(\sqrt{2} \left(b\right)\right)", r"\left(\sqrt{2} (b)\right)"),
        (
            r"\left(a \left(\frac{1}{2}\right)\right)",
            r"\left(a \left(\frac{1}{2}\right)\right)",
        ),
        (r"\bigl(x \bigr) + \right)", r"\bigl(x \bigr) + \right)"),
    ],
)
def test_brackets_grow_only_around_what_is_tall(formula: str, plain: str) -> None:
    """Nested ones are decided from the inside."""
    assert plain == plain_brackets(formula)


@given(st.integers(1, 80))
def test_a_long_sum_is_continued(count: int) -> None:
    """All terms in their order, in displays that fit a page."""
    terms = [f"{n} " + "y" * 60 for n in range(count)]
    displays = long_sum("x", terms)
    lines = [line for text in displays for line in text.splitlines() if "y" in line]

    assert list(range(count)) == [
        int(n) for n in re.findall(r"(\d+) y", "".join(lines))
    ]
    assert all(text.count("\n") <= 26 for text in displays)
    assert all(line.startswith(("x", "&")) for line in lines)
