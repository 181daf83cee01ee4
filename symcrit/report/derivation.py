"""The derivation report of a family: one page, its pictures, and tables for LaTeX."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from symcrit.catalog.family import Family
from symcrit.catalog.notation import Notation
from symcrit.core.files import make_folder, write_bytes, write_folder, write_text
from symcrit.report.evidence import statements_of
from symcrit.report.kinds import KINDS, Request
from symcrit.report.material import Material, gather
from symcrit.report.plots import check_plots, draw_statements, plot_errors
from symcrit.report.render import FORMATS, Format, check_formats, render_page
from symcrit.report.sections.evidence import (
    points_section,
    statements_section,
    truncations_section,
    verification_section,
    versions_section,
)
from symcrit.report.sections.series import (
    appendix_section,
    balance_section,
    proof_section,
    series_section,
)
from symcrit.report.sections.setting import setting_section
from symcrit.report.sections.spectrum import (
    comparison_section,
    density_section,
    eigenvalues_section,
    hessian_section,
    limit_positions,
    spectrum_section,
)
from symcrit.report.sections.stability import thresholds_section
from symcrit.report.sections.symmetry import equations_section, symmetry_section
from symcrit.report.sections.theorem import theorem_section
from symcrit.report.spectral import SPECTRUM_SIZES
from symcrit.report.spectral_plots import plot_curves, plot_histograms
from symcrit.report.statements import StatementGraph
from symcrit.report.tables import to_csv, to_latex
from symcrit.report.theorem_plots import plot_least_eigenvalues, plot_tube

__all__ = ["Report", "derivation_page", "write_report"]

_TABLES = ("series", "loss", "points")


@dataclass(frozen=True)
class Report:
    """What was written.

    Attributes:
        files: the path of the page in each format.
        tables: the paths of the tables.
        statements: what the page states.
    """

    files: dict[Format, Path]
    tables: tuple[Path, ...]
    statements: StatementGraph


def derivation_page(material: Material, graph: StatementGraph) -> str:
    """Return the page of a report as Markdown with LaTeX formulas."""
    parts = [
        f"# Critical points of family {material.family.name}: a derivation",
        setting_section(material),
        symmetry_section(material),
        equations_section(material),
        balance_section(material),
        series_section(material),
        proof_section(material),
        points_section(material),
        verification_section(material),
        *_spectral_sections(material),
        theorem_section(material),
        statements_section(graph),
        versions_section(material),
        appendix_section(material),
        truncations_section(material),
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _spectral_sections(material: Material) -> list[str]:
    spectral = material.spectral
    if spectral is None:
        return []
    return [
        hessian_section(material, spectral),
        spectrum_section(spectral),
        eigenvalues_section(spectral),
        density_section(spectral),
        comparison_section(spectral),
        thresholds_section(spectral, material.theorem),
    ]


def write_report(
    family: Family,
    folder: Path,
    *,
    order: int,
    formats: Sequence[Format] = FORMATS,
    notation: Notation,
    command: str,
    spectra: bool = True,
    theorem: bool = False,
    stage: Callable[[str], None] = lambda _: None,
) -> Report:
    """Compute a derivation report and write it into a folder.

    The files are made in a temporary folder beside and moved when all are complete.

    Args:
        family: the family.
        folder: where to write; made if it is not there.
        order: every parameter is expanded to O(t^order).
        formats: what to write.
        notation: the names to show.
        command: the command line to print, without paths.
        spectra: whether to write of the Hessian too.
        theorem: whether to write of what holds for all k.
        stage: told what is being done.

    Raises:
        InputError: an extra is not installed, or the folder cannot be written.
        RefutedError: the family has no branch with its limit.
        UndecidedError: the series could not be computed or proved.
    """
    check_formats(formats)
    check_plots()
    with write_folder(folder) as build:
        material = gather(
            family,
            order=order,
            notation=notation,
            command=command,
            spectra=spectra,
            theorem=theorem,
            stage=stage,
        )
        graph = statements_of(material)
        stage("drawing")
        make_folder(build / "plots")
        for name, picture in _pictures(material, graph):
            write_bytes(build / "plots" / f"{name}.svg", picture)
        stage("writing tables")
        tables = _write_tables(material, build / "tables", order)
        stage("writing the page")
        page = derivation_page(material, graph)
        files = render_page(page, build, formats=formats)
    moved = {kind: folder / path.relative_to(build) for kind, path in files.items()}
    return Report(
        moved, tuple(folder / path.relative_to(build) for path in tables), graph
    )


def _pictures(material: Material, graph: StatementGraph) -> Iterator[tuple[str, bytes]]:
    yield "errors", plot_errors(material.verification, material.latex)
    yield "statements", draw_statements(graph)
    if material.theorem is not None:
        names = {name: material.latex(name) for name in material.family.names}
        yield "tube", plot_tube(material.theorem, names)
        yield "theorem-eigenvalues", plot_least_eigenvalues(material.theorem)
    spectral = material.spectral
    if spectral is None:
        return
    limits = limit_positions(spectral)
    if spectral.histograms and limits:
        yield "density", plot_histograms(spectral.histograms, limits)
    if spectral.curves is not None and spectral.thresholds is not None:
        yield "eigenvalues", plot_curves(spectral.curves, spectral.thresholds)


def _write_tables(material: Material, folder: Path, order: int) -> list[Path]:
    make_folder(folder)
    whole = Request(order=order, notation=material.notation)
    wanted = [(kind, kind, whole) for kind in _TABLES]
    if material.spectral is not None:
        # Of eigenvalues the leading terms are shown, however far the series go.
        short, at_sizes = Request(), Request(sizes=SPECTRUM_SIZES)
        wanted += [
            ("spectrum", "spectrum", at_sizes),
            ("thresholds", "thresholds", short),
        ]
        if material.spectral.series is not None:
            wanted += [
                ("eigenvalues", "spectrum", short),
                ("density", "density", short),
            ]
    written = []
    for name, kind, request in wanted:
        table = KINDS[kind].build([material.family], request)
        for ending, text in (
            ("tex", to_latex(table.without("family"))),
            ("csv", to_csv(table)),
        ):
            written.append(folder / f"{name}.{ending}")
            write_text(written[-1], text)
    return written
