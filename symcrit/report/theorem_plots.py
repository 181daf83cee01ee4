"""Pictures of a theorem for all k: the curve with its tube, and the eigenvalues."""

import math
from fractions import Fraction
from typing import Any

import numpy as np

from symcrit.arith.precision import working_precision
from symcrit.certify.theorems import FamilyTheorem
from symcrit.core.errors import UndecidedError
from symcrit.report.plots import LINE_COLOURS, PAGE_WIDTH, styled_figure, to_svg
from symcrit.spectra.eigenvalues import enclose_spectrum
from symcrit.symmetry.latex import component_latex

__all__ = ["plot_least_eigenvalues", "plot_tube"]

_SAMPLES = 60
_FIRST_T = 1 / 64
_LINE_STYLES = ("-", "--", "-.", ":")
_BITS = 128
_LARGEST = 2.0
"""Eigenvalues that grow with k leave the picture here."""


def _sizes(found: FamilyTheorem) -> list[Fraction]:
    """Sizes from large k down to k_min, evenly in t."""
    last = 1 / math.sqrt(float(found.k_min))
    ts = np.linspace(_FIRST_T, last, _SAMPLES)
    sizes = [Fraction(1 / t**2).limit_denominator(10**6) for t in ts]
    return [max(k, found.k_min) for k in sizes]


def plot_tube(found: FamilyTheorem, names: dict[str, str]) -> bytes:
    """Return the parameters over t and the widths of their tubes, as SVG.

    Args:
        found: the theorem.
        names: the LaTeX of each parameter.
    """
    sizes = _sizes(found)
    ts = [1 / math.sqrt(float(k)) for k in sizes]
    balls = [found.theorem.enclosure(k) for k in sizes]
    limits = balls[0]
    with styled_figure(PAGE_WIDTH, 5.0) as figure:
        panels: Any = figure.subplots(2, sharex=True)
        for i, name in enumerate(found.theorem.infinity.names):
            style = {
                "color": LINE_COLOURS[i % len(LINE_COLOURS)],
                "linestyle": _LINE_STYLES[i % len(_LINE_STYLES)],
            }
            limit = round(float(limits[i]))
            values = [float(ball[i].mid()) - limit for ball in balls]
            panels[0].plot(ts, values, label=f"${names[name]}$", **style)
            panels[1].semilogy(ts, [float(ball[i].rad()) for ball in balls], **style)
        panels[0].set_ylabel("parameter minus limit")
        panels[1].set_ylabel("half-width of the tube")
        panels[1].set_xlabel("$t = k^{-1/2}$")
        panels[0].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
        return to_svg(figure)


def plot_least_eigenvalues(found: FamilyTheorem) -> bytes:
    """Return the smallest eigenvalue of each component over t, as SVG."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for k in _sizes(found):
        with working_precision(_BITS):
            point = found.theorem.enclosure(k)
        try:
            spectrum = enclose_spectrum(found.theorem.landscape, point, {"k": k})
        except UndecidedError:
            continue
        for block in spectrum.blocks:
            value = float(block.eigenvalues[0].mid())
            if value < _LARGEST:
                t = 1 / math.sqrt(float(k))
                lines.setdefault(block.component, []).append((t, value))
    with styled_figure(PAGE_WIDTH, 3.6) as figure:
        axes: Any = figure.subplots()
        for i, (name, points) in enumerate(lines.items()):
            axes.plot(
                *zip(*points, strict=True),
                color=LINE_COLOURS[i % len(LINE_COLOURS)],
                linestyle=_LINE_STYLES[i % len(_LINE_STYLES)],
                label=f"${component_latex(name)}$",
            )
        axes.axhline(0, color="#222222", linewidth=0.8)
        for _, passage in found.passages:
            t = 1 / math.sqrt(float(passage.singular.k))
            axes.plot([t], [0], "o", color="#222222", markersize=4, zorder=5)
        axes.set_xlabel("$t = k^{-1/2}$")
        axes.set_ylabel("smallest eigenvalue")
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
        return to_svg(figure)
