"""Plots of eigenvalues: over real k with thresholds, and as histograms."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from symcrit.catalog.stability import Curves
from symcrit.certify.thresholds import Thresholds
from symcrit.report.plots import LINE_COLOURS, PAGE_WIDTH, styled_figure, to_svg
from symcrit.report.spectral import Histogram
from symcrit.symmetry.latex import component_latex

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_curves", "plot_histograms"]

_LINE_STYLES = ("-", "--", "-.", ":")
_BELOW, _ABOVE = 0.4, 1.3
"""The plot reaches this far, relative to the largest bounded eigenvalue shown."""

_NEAR = 2.0
"""The second panel reaches so many times the largest threshold."""

_LABEL_ROOM = 0.09
"""How much of the width of a panel a number takes."""

_UNBOUNDED = 20.0
"""A curve that ends so many times higher than the lowest one may leave the plot."""

_BINS = 60


def plot_curves(curves: Curves, thresholds: Thresholds) -> bytes:
    """Return the smallest eigenvalue of each component over k, as SVG.

    Args:
        curves: the sampled eigenvalues.
        thresholds: where they cross zero; drawn as dots with their k.

    Returns:
        The whole range over log k, and below it the thresholds from near by.
    """
    lines = {
        name: [
            (float(k), float(x))
            for k, x in zip(curves.sizes, values, strict=True)
            if x is not None
        ]
        for name, values in curves.least.items()
    }
    near = bool(thresholds.crossings)
    top = _top(curves)
    with styled_figure(PAGE_WIDTH, 5.6 if near else 3.2) as figure:
        panels: Any = figure.subplots(1 + near, squeeze=False)
        whole = panels[0, 0]
        whole.set_xscale("log")
        whole.set_ylim(-_BELOW * top, _ABOVE * top)
        if near:
            last = _NEAR * max(float(x.k) for x in thresholds.crossings)
            height = _height(lines, last, top)
            panels[1, 0].set_xlim(0.97 * float(curves.sizes[0]), last)
            panels[1, 0].set_ylim(-height, 1.5 * height)
            _annotate(panels[1, 0], thresholds)
        for axes in panels.flat:
            _draw_lines(axes, lines)
            axes.axhline(0, color="#222222", linewidth=0.8)
            for crossing in thresholds.crossings:
                axes.plot(
                    [float(crossing.k)],
                    [0],
                    "o",
                    color="#222222",
                    markersize=4,
                    zorder=5,
                )
            if thresholds.end is not None:
                axes.axvline(
                    float(thresholds.end.k), color="#999999", linestyle=":", linewidth=1
                )
            axes.set_ylabel("smallest eigenvalue")
        panels[-1, 0].set_xlabel("$k$")
        whole.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
        return to_svg(figure)


def _draw_lines(axes: "Axes", lines: dict[str, list[tuple[float, float]]]) -> None:
    for number, (name, points) in enumerate(lines.items()):
        if points:
            axes.plot(
                *zip(*points, strict=True),
                color=LINE_COLOURS[number % len(LINE_COLOURS)],
                linestyle=_LINE_STYLES[number % len(_LINE_STYLES)],
                label=f"${component_latex(name)}$",
            )


def _height(
    lines: dict[str, list[tuple[float, float]]], last: float, top: float
) -> float:
    """How far down the curves go below ``last``, within reason."""
    lowest = [y for points in lines.values() for k, y in points if k < last]
    depth = -min(lowest, default=0.0)
    return min(max(1.2 * depth, 0.1 * top), 0.3 * top)


def _top(curves: Curves) -> float:
    """The largest of the last values that are not much larger than the smallest."""
    last = [
        float(values[-1]) for values in curves.least.values() if values[-1] is not None
    ]
    positive = sorted(x for x in last if x > 0) or [1.0]
    return max(x for x in positive if x <= _UNBOUNDED * positive[0])


def _annotate(axes: "Axes", thresholds: Thresholds) -> None:
    """Write k below the dots, but for those too close to another."""
    low, high = axes.get_xlim()
    last = high
    for crossing in sorted(thresholds.crossings, key=lambda x: -float(x.k)):
        k = float(crossing.k)
        if last - k > _LABEL_ROOM * (high - low):
            offset = (4, -14)
            axes.annotate(f"{k:.3f}", (k, 0), offset, textcoords="offset points")
            last = k


def plot_histograms(histograms: Sequence[Histogram], limits: Sequence[float]) -> bytes:
    """Return histograms of all eigenvalues that stay bounded, as SVG.

    Args:
        histograms: the eigenvalues of whole Hessians.
        limits: where eigenvalues gather as k grows; drawn as lines.
    """
    high = 1.35 * max(limits, default=1.0)
    low = min(0.0, *(float(h.values[0]) for h in histograms))
    with styled_figure(PAGE_WIDTH, 1.9 * len(histograms) + 0.4) as figure:
        panels: Any = figure.subplots(len(histograms), squeeze=False, sharex=True)
        for axes, found in zip(panels.flat, histograms, strict=True):
            inside = found.values[found.values <= high]
            weights = [1 / found.values.size] * inside.size
            axes.hist(
                inside,
                bins=_BINS,
                range=(low, high),
                weights=weights,
                color=LINE_COLOURS[0],
            )
            axes.set_axisbelow(True)
            for limit in limits:
                axes.axvline(
                    limit, color=LINE_COLOURS[1], linewidth=0.9, linestyle="--"
                )
            axes.set_yscale("log")
            beyond = found.values.size - inside.size
            axes.set_title(
                f"$k = {found.k}$: {found.values.size} eigenvalues, {beyond} beyond"
            )
            axes.set_ylabel("fraction")
        panels.flat[-1].set_xlabel("eigenvalue")
        return to_svg(figure)
