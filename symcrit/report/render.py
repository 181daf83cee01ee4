"""One Markdown page, written as Markdown, HTML, LaTeX and PDF.

The page is CommonMark with formulas in dollars, pipe tables and pictures; its first
heading is the title.  The conversions are pandoc's and typst's, both of which come as
wheels, so that nothing outside the Python package index is needed.  The same page gives
the same bytes: no file holds a date.

What the author has to keep to is short.  Formulas too long for a line are broken by
hand with ``aligned`` (``symcrit.report.formulas`` does it for sums).  No line of a
formula begins with a sign, which other readers of Markdown take for a list.  A table
whose cells need more than one line gets relative column widths from the dashes under
its head, by having one line longer than 72 characters.
"""

from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Literal, get_args

from symcrit.core.errors import InputError
from symcrit.core.files import make_folder, write_bytes, write_text

__all__ = ["FORMATS", "Format", "check_formats", "render_page"]

Format = Literal["md", "html", "tex", "pdf"]

FORMATS: tuple[Format, ...] = get_args(Format)
"""All formats, in the order in which they are written."""

_READER = (
    "markdown+gfm_auto_identifiers-raw_html-raw_tex-raw_attribute-smart-citations"
    "-subscript-superscript-strikeout-example_lists-fancy_lists-yaml_metadata_block"
)
_WRITERS: dict[str, tuple[str, str]] = {
    "html": ("html5", "page.html"),
    "tex": ("latex", "page.tex"),
    "typ": ("typst", "page.typ"),
}


_TYPST_SYMBOLS = {"times.circle": "times.o"}
"""Names that pandoc writes and newer typst knows by others only."""


def check_formats(names: Iterable[str]) -> tuple[Format, ...]:
    """Return the named formats if this installation can write them.

    Args:
        names: a selection of ``FORMATS``.

    Raises:
        InputError: a format is unknown or the extra that writes it is not installed.

    Example:
        >>> check_formats(["html", "md"])
        ('md', 'html')
    """
    wanted = set(names)
    unknown = sorted(wanted - set(FORMATS))
    if unknown or not wanted:
        found = unknown[0] if unknown else "none"
        message = (
            f"formats are {', '.join(FORMATS)}, separated by commas; got {found!r}"
        )
        raise InputError(message)
    if wanted != {"md"}:
        _require("pypandoc")
    if wanted & {"tex", "pdf"}:
        _require("typst")
    return tuple(name for name in FORMATS if name in wanted)


def render_page(
    page: str,
    folder: Path,
    *,
    name: str = "report",
    formats: Sequence[Format] = FORMATS,
) -> dict[Format, Path]:
    """Write a page into a folder and return the paths of the files.

    Args:
        page: the Markdown text; pictures are named relative to the folder and are there
            already, as SVG or PNG.  For LaTeX a PDF is put beside each SVG.
        folder: where to write; made if it is not there.
        name: the file name without its ending.
        formats: what to write.

    Raises:
        InputError: an extra is not installed, or the folder cannot be written.
        RuntimeError: the page holds a formula or names a picture that a writer cannot
            put down; nothing is left out silently.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     written = render_page("# Title", Path(folder), formats=["md"])
        >>> written["md"].name
        'report.md'
    """
    chosen = check_formats(formats)
    make_folder(folder)
    written = {kind: folder / f"{name}.{kind}" for kind in chosen}
    for kind, path in written.items():
        if kind == "md":
            write_text(path, page)
        elif kind == "pdf":
            write_bytes(path, _typeset(_convert(page, "typ", folder), folder))
        else:
            write_text(path, _convert(page, kind, folder))
    if "tex" in written:
        for drawing in sorted(folder.rglob("*.svg")):
            write_bytes(drawing.with_suffix(".pdf"), _drawing_as_pdf(drawing, folder))
    return written


def _convert(page: str, kind: str, folder: Path) -> str:
    import pypandoc

    writer, template = _WRITERS[kind]
    templates = resources.files("symcrit.report") / "templates"
    with (
        resources.as_file(templates / template) as template_path,
        resources.as_file(templates / "page.lua") as filter_path,
    ):
        text: str = pypandoc.convert_text(
            page,
            writer,
            format=_READER,
            cworkdir=str(folder),
            extra_args=[
                "--fail-if-warnings",
                "--standalone",
                "--embed-resources",
                "--mathml",
                "--toc",
                "--toc-depth=2",
                "--syntax-highlighting=none",
                "--wrap=preserve",
                f"--template={template_path}",
                f"--lua-filter={filter_path}",
            ],
        )
    if kind == "typ":
        for old, new in _TYPST_SYMBOLS.items():
            text = text.replace(old, new)
    return text


def _typeset(source: str, folder: Path) -> bytes:
    import typst

    compiler = typst.Compiler(root=folder, ignore_system_fonts=True)
    pages = compiler.compile(source.encode(), format="pdf")
    if not isinstance(pages, bytes):
        message = f"expected one PDF, got {type(pages).__name__}"
        raise TypeError(message)
    return pages


def _drawing_as_pdf(drawing: Path, folder: Path) -> bytes:
    place = drawing.relative_to(folder).as_posix()
    return _typeset(
        "#set document(date: none)\n"
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        f'#image("{place}")',
        folder,
    )


def _require(module: str) -> None:
    try:
        __import__(module)
    except ImportError:
        message = (
            f"this format needs the package {module}, which is not installed: "
            "pip install 'symcrit[report]', or ask for --formats md"
        )
        raise InputError(message) from None
