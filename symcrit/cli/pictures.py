"""Pictures beside an answer: the option ``--plot``."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symcrit.cli.arguments import FileName
from symcrit.cli.frame import Answer
from symcrit.core.errors import InputError

if TYPE_CHECKING:
    from symcrit.catalog.family import Family
    from symcrit.certify.thresholds import Thresholds

__all__ = ["add_curves", "check_picture", "plot_option"]

CURVE_POINTS = 56
"""At so many k the curves are sampled."""

plot_option = click.option(
    "--plot",
    "picture",
    type=FileName(),
    metavar="FILE.svg",
    help="Also draw the smallest eigenvalue of each component over real k, with the"
    " thresholds.",
)


def check_picture(path: Path | None) -> None:
    """Refuse a picture that cannot be drawn or written, before the work for it begins.

    Raises:
        InputError: matplotlib is missing, or the path is no place for an SVG.
    """
    if path is None:
        return
    from symcrit.core.files import check_writable
    from symcrit.report.plots import check_plots

    check_writable(path)
    if path.suffix.lower() != ".svg":
        message = f"{path}: pictures are SVG; give a name that ends in .svg"
        raise InputError(message)
    check_plots()


def add_curves(
    answer: Answer,
    family: "Family",
    path: Path | None,
    thresholds: "Thresholds | None" = None,
) -> Answer:
    """Draw the eigenvalue curves of a family, and say so in the answer.

    Args:
        answer: the answer.
        family: the family.
        path: the file, or None for no picture.
        thresholds: those of the family, if they are known.
    """
    if path is None:
        return answer
    from symcrit.catalog.stability import eigenvalue_curves
    from symcrit.cli.progress import stages
    from symcrit.core.files import write_bytes
    from symcrit.report.spectral_plots import plot_curves

    with stages() as stage:
        stage("drawing eigenvalue curves")
        known = family.threshold() if thresholds is None else thresholds
        curves = eigenvalue_curves(family, known.searched[0], count=CURVE_POINTS)
        write_bytes(path, plot_curves(curves, known))
    return replace(
        answer,
        document={**answer.document, "plot": str(path)},
        text=lambda: f"{answer.text()}\n\neigenvalue curves drawn in {path}",
    )
