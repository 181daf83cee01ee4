"""Mirror of symcrit/report/render.py."""

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from symcrit.core.errors import InputError
from symcrit.report.render import FORMATS, Format, check_formats, render_page

SAMPLE = (Path(__file__).parent / "sample.md").read_text(encoding="utf-8")
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]+\$", re.DOTALL)


class Elements(HTMLParser):
    """The start tags of a page, and its text outside ``annotation`` and ``style``."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Note text that a reader sees."""
        if self._inside not in {"annotation", "style"}:
            self.text += data

    def count(self, tag: str) -> int:
        """Return how many elements have this name."""
        return sum(found == tag for found, _ in self.tags)


def fill(folder: Path) -> Path:
    """Put the sample's plot into a folder."""
    (folder / "plots").mkdir(parents=True)
    figure = Figure(figsize=(5, 3), layout="constrained")
    figure.subplots().loglog([10, 100, 1000], [1e-2, 1e-4, 1e-6], "o-")
    figure.savefig(folder / "plots" / "error.svg", metadata={"Date": None})
    return folder


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[Format, Path]:
    """Render the sample once in all formats."""
    return render_page(SAMPLE, fill(tmp_path_factory.mktemp("page")))


def test_every_format_is_written(rendered: dict[Format, Path]) -> None:
    """Each file begins as such a file does, and no other file appears."""
    folder = rendered["md"].parent
    beginnings: dict[Format, bytes] = {
        "md": b"# A page",
        "html": b"<!DOCTYPE html>",
        "tex": b"\\documentclass",
        "pdf": b"%PDF-",
    }

    assert FORMATS == tuple(rendered)
    for kind, beginning in beginnings.items():
        assert rendered[kind].read_bytes().startswith(beginning)
    assert {f"report.{kind}" for kind in FORMATS} | {"plots"} == {
        path.name for path in folder.iterdir()
    }
    assert {"error.svg", "error.pdf"} == {p.name for p in (folder / "plots").iterdir()}


def test_the_same_page_gives_the_same_bytes(
    rendered: dict[Format, Path], tmp_path: Path
) -> None:
    """No date, no random name, no path in any file."""
    folder = tmp_path / "elsewhere"
    shutil.copytree(rendered["md"].parent / "plots", folder / "plots")
    again = render_page(SAMPLE, folder)

    for kind in FORMATS:
        assert rendered[kind].read_bytes() == again[kind].read_bytes(), kind
    drawing = Path("plots", "error.pdf")
    assert (rendered["md"].parent / drawing).read_bytes() == (
        folder / drawing
    ).read_bytes()


def test_the_html_needs_no_other_file(rendered: dict[Format, Path]) -> None:
    """Pictures are inside, and nothing is loaded or run."""
    page = Elements(rendered["html"].read_text(encoding="utf-8"))
    sources = [
        value
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name in {"src", "href", "data"} and value is not None
    ]

    assert 0 == page.count("script") + page.count("link") + page.count("iframe")
    assert 1 == page.count("img") + page.count("svg")
    assert [] == [value for value in sources if not value.startswith(("#", "data:"))]


def test_every_formula_becomes_mathml(rendered: dict[Format, Path]) -> None:
    """Oracle: the number of formulas in the source; no TeX is left for the reader."""
    page = Elements(rendered["html"].read_text(encoding="utf-8"))

    assert len(FORMULA.findall(SAMPLE)) == page.count("math")
    assert "\\" not in page.text
    assert "$" not in page.text


def test_headings_keep_their_places(rendered: dict[Format, Path]) -> None:
    """One title; the sections stand one level below it."""
    page = Elements(rendered["html"].read_text(encoding="utf-8"))
    source = rendered["tex"].read_text(encoding="utf-8")

    assert [1, 4, 1, 1] == [page.count(f"h{level}") for level in (1, 2, 3, 4)]
    assert r"\title{A page with everything}" in source
    assert 4 == source.count(r"\section{")
    assert r"\subsection{A subsection}" in source


def test_an_outcome_has_its_colour(rendered: dict[Format, Path]) -> None:
    """Only the three words, and only in bold."""
    html = rendered["html"].read_text(encoding="utf-8")
    source = rendered["tex"].read_text(encoding="utf-8")

    for word, colour in (("CONFIRMED", "1B6E33"), ("REFUTED", "C62828")):
        assert f'<span style="color: #{colour}"><strong>{word}</strong></span>' in html
        assert rf"{{\color[HTML]{{{colour}}}\textbf{{{word}}}}}" in source
    assert "<strong>other</strong>" in html
    assert 3 == html.count('<span style="color: #')


def test_latex_gets_its_own_pictures_and_tables(rendered: dict[Format, Path]) -> None:
    """PDF in place of SVG, booktabs lines, signs that every font has."""
    source = rendered["tex"].read_text(encoding="utf-8")

    assert "{plots/error.pdf}" in source
    assert r"\toprule" in source
    assert "≤" not in source
    assert r"5 × 3 \(\leq\) 20" in source


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_what_cannot_be_put_down_is_not_left_out(kind: Format, tmp_path: Path) -> None:
    """A formula that no writer knows, and a picture that is not there."""
    with pytest.raises(RuntimeError, match="nosuchcommand"):
        render_page("# T\n\n$\\nosuchcommand{x}$\n", tmp_path, formats=[kind])
    with pytest.raises(RuntimeError, match=r"absent\.svg"):
        render_page("# T\n\n![x](absent.svg)\n", tmp_path, formats=[kind])


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["html", "docx"], "formats are md, html, tex, pdf.*; got 'docx'"),
        ([""], "got ''"),
        ([], "got 'none'"),
    ],
    ids=["docx", "empty", "none"],
)
def test_unknown_formats_are_refused(names: list[str], message: str) -> None:
    """The message lists those that there are."""
    with pytest.raises(InputError, match=message):
        check_formats(names)


@pytest.mark.parametrize(
    ("kind", "missing"), [("html", "pypandoc"), ("pdf", "typst"), ("tex", "typst")]
)
def test_a_missing_extra_is_named(
    kind: Format, missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written, the remedy is told, and Markdown works without."""
    monkeypatch.setitem(sys.modules, missing, None)
    folder = tmp_path / "report"

    with pytest.raises(InputError, match=r"pip install 'symcrit\[report\]'"):
        render_page("# T\n", folder, formats=["md", kind])

    assert not folder.exists()
    assert ["md"] == list(render_page("# T\n", folder, formats=["md"]))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_a_real_latex_compiles_the_page(
    engine: str, rendered: dict[Format, Path], tmp_path: Path
) -> None:
    """No error, and no line that is wider than the page."""
    if shutil.which(engine) is None:
        pytest.skip(f"{engine} is not installed")
    done = subprocess.run(
        [
            engine,
            "-interaction=nonstopmode",
            "-halt-on-error",
            f"-output-directory={tmp_path}",
            rendered["tex"].name,
        ],
        cwd=rendered["tex"].parent,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=300,
    )

    assert 0 == done.returncode, done.stdout[-2000:]
    assert "Overfull" not in done.stdout
    assert "Missing character" not in done.stdout


def test_a_tensor_product_and_a_high_picture_fit(tmp_path: Path) -> None:
    """Typst knows the sign by another name, and the page is not higher than paper."""
    (tmp_path / "high.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="900"/>',
        encoding="utf-8",
    )
    page = "# Title\n\n$s \\otimes t$\n\n![A high picture.](high.svg)\n"

    written = render_page(page, tmp_path, formats=["pdf"])

    assert written["pdf"].read_bytes().startswith(b"%PDF")
