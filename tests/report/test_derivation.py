"""Mirror of symcrit/report/derivation.py and of the sections."""

import csv
import re
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from symcrit.arith.exact import Exact
from symcrit.catalog.families import family
from symcrit.catalog.family import Family
from symcrit.catalog.notation import Notation
from symcrit.core.errors import InputError, RefutedError
from symcrit.report.derivation import Report, derivation_page, write_report
from symcrit.report.evidence import statements_of
from symcrit.report.material import Material
from symcrit.report.render import FORMATS, Format
from symcrit.report.spectral import Spectral
from symcrit.report.writing import quantity_latex
from tests.report.reading import read_latex, read_plain

ORDER = 6
COMMAND = "symcrit derive A --order 6 --formats md,html,tex,pdf"


def write(found: Family, folder: Path) -> Report:
    """Write the report of the smallest family."""
    return write_report(
        found,
        folder,
        order=ORDER,
        notation=Notation({"o_1": "xi_2"}),
        command=COMMAND,
    )


@pytest.fixture(scope="module")
def written(family_a: Family, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """One report in all formats."""
    return write(family_a, tmp_path_factory.mktemp("reports") / "A")


@pytest.fixture(scope="module")
def page(material: Material, spectral: Spectral) -> str:
    """The page of family II, with the Hessian of family A."""
    whole = replace(material, spectral=spectral)
    return derivation_page(whole, statements_of(whole))


def test_the_page_has_all_its_sections(page: str) -> None:
    """In an order in which everything is said before it is used."""
    assert [
        "The landscape",
        "The family II",
        "Symmetry",
        "Gram data",
        "Reduced equations",
        "Leading balance",
        "Series",
        "What proves the series",
        "Certified points",
        "Series against certified points",
        "The Hessian",
        "The spectrum",
        "Thresholds in real k",
        "Statements",
        "How to make this page again",
        "Long coefficients",
        "All truncations",
    ] == re.findall(r"^## (.*)$", page, re.MULTILINE)
    assert page.startswith("# ")
    assert "symcrit derive II" in page
    assert "derivations/series.md" in page


def shown_coefficients(page: str, name: str) -> dict[Fraction, Exact]:
    """The coefficients of one quantity as the page displays them, read back."""
    latex = re.escape(quantity_latex(name))
    table = re.search(
        rf"^### Series of \${latex}\$\n\n(.*?)\n\n", page, re.MULTILINE | re.DOTALL
    )
    assert table is not None
    long = re.search(
        rf"^### Coefficients of \${latex}\$\n\n(.*?)\n\n#",
        page,
        re.MULTILINE | re.DOTALL,
    )
    found = {}
    for row in table[1].splitlines()[2:-1]:
        power, coefficient, _ = (cell.strip() for cell in row.strip("| ").split(" | "))
        exponent = {"$1$": "0", "$t$": "1"}.get(power, power.strip("$t^{}"))
        if coefficient != "in the appendix":
            found[Fraction(exponent)] = read_latex(coefficient)
            continue
        assert long is not None
        display = re.search(
            rf"\$\$\n(?:\\begin{{aligned}}\n)?\[t\^\{{{exponent}\}}\] &?=(.*?)\n\$\$",
            long[1].replace(r"\left[", "[").replace(r"\right]", "]"),
            re.DOTALL,
        )
        assert display is not None, exponent
        found[Fraction(exponent)] = read_latex(display[1])
    return found


def test_every_displayed_coefficient_is_that_of_the_series(
    page: str, material: Material
) -> None:
    """Oracle: the page, read back by the grammar of expressions."""
    for name, quantity in material.series.quantities.items():
        assert shown_coefficients(page, name) == dict(quantity.terms)


def test_first_terms_and_decimals_are_those_of_the_series(
    page: str, material: Material
) -> None:
    """The display at the top, and the numbers beside the coefficients."""
    section = page.partition("\n## Series\n")[2]
    for name, quantity in material.series.quantities.items():
        latex = re.escape(quantity_latex(name))
        opening = re.search(rf"^{latex} &= (.*?)( \\\\)?$", section, re.MULTILINE)
        assert opening is not None
        text, _, order = opening[1].rpartition("+ O")
        end = {"(1)": 0, "(t)": 1}.get(order, order.strip("(t^{})"))
        sum_of_terms = read_latex(
            re.sub(r"(?<![a-z])t(?![a-z])", r"\\frac{1}{7}", text)
        )
        expected = Exact.rational(0)
        for n, c in quantity.terms:
            if n < int(end):
                expected += c * Exact.rational(Fraction(1, 7)).power(int(n))
        assert sum_of_terms == expected
        for decimal, (_, c) in zip(quantity.decimals(15), quantity.terms, strict=True):
            whole = c.as_fraction()
            short = whole is not None and whole.denominator == 1
            assert f"${whole if short else decimal}$ |" in page


def test_no_line_of_a_formula_is_taken_for_a_list(page: str) -> None:
    """And no formula stands without its closing dollars."""
    assert 0 == page.count("$$") % 2
    for formula in page.split("$$")[1::2]:
        for line in formula.strip().splitlines():
            assert not re.match(r"[-+=#>]|\d+[.)]", line)


def test_the_equations_are_those_of_the_landscape(
    page: str, material: Material
) -> None:
    """As many as parameters, and one sum for the loss."""
    section = page.partition("## Reduced equations")[2].partition("## Leading")[0]

    assert len(material.family.names) == section.count("0 &=")
    assert 1 == section.count(r"\mathcal{L}")


@pytest.mark.slow
def test_other_names_are_used_throughout(written: Report) -> None:
    """Tables included; our own name is left to the ids of statements."""
    text = written.files["md"].read_text(encoding="utf-8")
    section = text.partition("## Gram data")[2].partition("## Statements")[0]
    tables = {path.name: path.read_text(encoding="utf-8") for path in written.tables}

    assert r"\xi_{2}" in section
    assert not re.search(r"\bo_\{1\}", section)
    assert ",xi_2," in tables["series.csv"]
    assert ",o_1," not in tables["series.csv"]


@pytest.mark.slow
def test_the_same_question_gives_the_same_bytes(
    family_a: Family, written: Report, tmp_path: Path
) -> None:
    """No date, no path, no random name, in pages, pictures and tables."""
    again = write(family_a, tmp_path / "elsewhere")
    first, second = (
        {
            path.relative_to(report.files["md"].parent): path.read_bytes()
            for path in report.files["md"].parent.rglob("*")
            if path.is_file()
        }
        for report in (written, again)
    )

    assert set(first) == set(second)
    assert [] == [str(name) for name in first if first[name] != second[name]]
    for content in first.values():
        assert str(tmp_path).encode() not in content
        assert str(Path.home()).encode() not in content


@pytest.mark.slow
def test_all_files_are_there(written: Report) -> None:
    """The page in four formats, pictures for the web and for LaTeX, and tables."""
    folder = written.files["md"].parent

    assert tuple(written.files) == FORMATS
    assert {
        *(f"report.{kind}" for kind in FORMATS),
        *(
            f"plots/{x}.{y}"
            for x in ("errors", "statements", "density", "eigenvalues")
            for y in ("svg", "pdf")
        ),
        *(
            f"tables/{x}.{y}"
            for x in (
                *("series", "loss", "points"),
                *("spectrum", "eigenvalues", "density", "thresholds"),
            )
            for y in ("tex", "csv")
        ),
    } == {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.slow
def test_tables_hold_the_exact_numbers(written: Report) -> None:
    """Oracle: the series; CSV holds the strings of the command line."""
    [path] = [path for path in written.tables if path.name == "series.csv"]
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    series = family("A").series(ORDER)
    names = {"a_1": "a_1", "o_1": "xi_2", "loss": "loss"}

    assert [
        (names[name], str(n), str(c))
        for name, quantity in series.quantities.items()
        for n, c in quantity.terms
    ] == [(row["quantity"], row["exponent"], row["coefficient"]) for row in rows]
    for row in rows:
        value = float(read_plain(row["coefficient"]).ball(64).mid())
        assert float(row["decimal"]) == pytest.approx(value, rel=1e-9)


@pytest.mark.slow
def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    """A limit without a branch, and an interrupt in the middle of the work."""
    place = tmp_path / "wrong.toml"
    place.write_text(
        'schema = "symcrit/family@1"\nname = "wrong"\npattern = "k"\nkernel = "relu"\n'
        'source = "none"\n[limit]\na_1 = "3"\n',
        encoding="utf-8",
    )
    folder = tmp_path / "report"

    def interrupt(stage: str) -> None:
        if stage == "writing the page":
            raise KeyboardInterrupt

    arguments = {
        "order": 4,
        "notation": Notation({}),
        "command": "",
        "spectra": False,
    }
    with pytest.raises(RefutedError):
        write_report(family(str(place)), folder, **arguments)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        write_report(
            family("A"),
            folder,
            stage=interrupt,
            **arguments,  # type: ignore[arg-type]
        )

    assert [place] == list(tmp_path.iterdir())


CUBIC = """
schema = "symcrit/family@1"
name = "cubic"
pattern = "PATTERN"
kernel = "c^3"
source = "none"
[limit]
LIMIT
"""


def write_cubic(
    folder: Path, pattern: str, limit: str, formats: list[Format], *, spectra: bool
) -> Report:
    """Write the report of a family of another kernel."""
    place = folder / "cubic.toml"
    text = CUBIC.replace("PATTERN", pattern).replace("LIMIT", limit)
    place.write_text(text, encoding="utf-8")
    return write_report(
        family(str(place)),
        folder / "report",
        order=4,
        formats=formats,
        notation=Notation({}),
        command="",
        spectra=spectra,
    )


@pytest.mark.slow
def test_another_kernel_has_a_report(tmp_path: Path) -> None:
    """Nothing on the page is about the ReLU kernel alone; this loss grows with k."""
    report = write_cubic(tmp_path, "1+(k-1)", 'a_1 = "1"', ["md"], spectra=False)
    page = report.files["md"].read_text(encoding="utf-8")

    assert "tensor" in page
    assert r"\theta" not in page
    assert "$t^{-2}$" in page
    assert report.statements.outcome.is_true


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pattern", "limit"),
    [("k", ""), ("1+(k-1)", 'a_1 = "1"'), ("k", 'a_1 = "1"')],
    ids=["constant", "growing", "target"],
)
def test_finite_series_have_a_report(tmp_path: Path, pattern: str, limit: str) -> None:
    """Series that are polynomials, or constant, in all formats."""
    report = write_cubic(tmp_path, pattern, limit, list(FORMATS), spectra=True)
    graph = report.statements

    # Where neurons are not used the Hessian is degenerate, and signs stay open.
    assert not graph.outcome.is_false
    assert all(x.outcome.is_true for x in graph if x.id.startswith(("series", "point")))
    assert all(path.stat().st_size for path in report.files.values())


def test_a_missing_extra_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is computed or written without what draws the pictures."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr(Family, "series", None)

    with pytest.raises(InputError, match=r"pip install 'symcrit\[plots\]'"):
        write(family("A"), tmp_path / "report")

    assert [] == list(tmp_path.iterdir())
