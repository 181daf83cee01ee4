"""Pictures of a census: what was found at which k.

A point is drawn at its k with the sign of what it looks like: the target, p neurons
flipped, a block of type A, more blocks, more neurons than inputs.  Flips of the same p
are joined, and some of these lines carry their p.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from symcrit.catalog.results import Likeness, Result
from symcrit.report.plots import LINE_COLOURS, PAGE_WIDTH, styled_figure, to_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PICTURES", "plot_eigenvalues", "plot_losses", "plot_types"]

_HEIGHT = 4.2
_LEGEND: Any = {"ncols": 3, "handletextpad": 0.2, "columnspacing": 1.0}
_LINES_OF_TEXT = 28
"""So many lines of text have room one above the other."""

_LARGEST_DOT = 90.0
"""The area of the dot of a type at which all runs end, in square points."""


@dataclass(frozen=True, slots=True)
class _Look:
    label: str
    marker: str
    colour: str
    size: float = 2.6


_LOOKS: Mapping[Likeness, _Look] = {
    "target": _Look("the target", "*", LINE_COLOURS[4], 6.0),
    "flip": _Look("p neurons flipped", "o", LINE_COLOURS[0]),
    "sum": _Look("type A on p neurons, target", "v", LINE_COLOURS[3], 3.2),
    "more blocks": _Look("three and more blocks", "^", LINE_COLOURS[1], 3.2),
    "more neurons": _Look("more neurons than inputs", "s", LINE_COLOURS[2]),
    "other": _Look("other", "D", LINE_COLOURS[4]),
}


def plot_losses(results: Sequence[Result]) -> bytes:
    """The loss of every point against k, as SVG."""
    return _plot(results, lambda r: r.loss, "loss")


def plot_eigenvalues(results: Sequence[Result]) -> bytes:
    """The smallest eigenvalue of the Hessian at every point against k, as SVG."""
    return _plot(results, lambda r: r.smallest, "smallest eigenvalue")


def plot_types(results: Sequence[Result]) -> bytes:
    """Which share of the runs ended with p neurons in the turned block, as SVG.

    The area of a dot is its share of the runs of all experiments with its k.
    """
    totals: dict[tuple[int, int], int] = defaultdict(int)
    counts: dict[tuple[Likeness, int, int], int] = defaultdict(int)
    for r in results:
        if r.shape is not None:
            totals[r.shape] += r.frequency
            if not r.is_target:
                counts[r.likeness, r.shape[0], r.turned] += r.frequency
    by_k: dict[int, int] = defaultdict(int)
    for (k, _), count in totals.items():
        by_k[k] += count
    with styled_figure(PAGE_WIDTH, _HEIGHT) as figure:
        axes = figure.subplots()
        for likeness, look in _LOOKS.items():
            dots = [(k, p, n) for (kind, k, p), n in counts.items() if kind == likeness]
            if dots:
                axes.scatter(
                    [k for k, _, _ in dots],
                    [p for _, p, _ in dots],
                    s=[_LARGEST_DOT * n / by_k[k] + 3 for k, _, n in dots],
                    marker=look.marker,
                    color=look.colour,
                    alpha=0.7,
                    linewidth=0,
                    label=look.label,
                )
        axes.set_ylabel("p")
        _finish(axes)
        return to_svg(figure)


def _plot(
    results: Sequence[Result], read: Callable[[Result], str | None], label: str
) -> bytes:
    dots: dict[Likeness, list[tuple[int, float]]] = defaultdict(list)
    lines: dict[int, dict[int, float]] = defaultdict(dict)
    for r in results:
        text = read(r)
        if r.shape is None or text is None:
            continue
        dots[r.likeness].append((r.shape[0], float(text)))
        if r.likeness == "flip":
            lines[r.turned][r.shape[0]] = float(text)
    with styled_figure(PAGE_WIDTH, _HEIGHT) as figure:
        axes = figure.subplots()
        _draw_lines(axes, lines)
        for likeness, look in _LOOKS.items():
            if likeness in dots:
                ks, values = zip(*dots[likeness], strict=True)
                axes.plot(
                    ks,
                    values,
                    look.marker,
                    color=look.colour,
                    markersize=look.size,
                    label=look.label,
                )
        axes.set_ylabel(label)
        _finish(axes)
        return to_svg(figure)


def _draw_lines(axes: "Axes", lines: Mapping[int, Mapping[int, float]]) -> None:
    """Join the points of each p, and write p at the end of some lines."""
    ends: list[tuple[int, float]] = []
    values = [y for line in lines.values() for y in line.values()]
    room = (max(values) - min(values)) / _LINES_OF_TEXT if values else 0.0
    for p in sorted(lines):
        ks = sorted(lines[p])
        axes.plot(
            ks,
            [lines[p][k] for k in ks],
            "-",
            color=LINE_COLOURS[0],
            alpha=0.35,
            lw=0.7,
        )
        x, y = ks[-1], lines[p][ks[-1]]
        if all(abs(x - a) > 2 or abs(y - b) > room for a, b in ends):
            ends.append((x, y))
            axes.annotate(
                f" {p}",
                (x, y),
                va="center",
                color=LINE_COLOURS[0],
                annotation_clip=False,
            )


def _finish(axes: "Axes") -> None:
    axes.set_xlabel("k")
    handles, labels = axes.get_legend_handles_labels()
    if not handles:
        axes.text(0.5, 0.5, "no points", ha="center", transform=axes.transAxes)
        return
    from matplotlib.collections import PathCollection

    figure = axes.get_figure(root=True)
    assert figure is not None
    legend = figure.legend(handles, labels, loc="outside upper center", **_LEGEND)
    for handle in legend.legend_handles:
        if isinstance(handle, PathCollection):
            handle.set_sizes([30.0])


PICTURES: Mapping[str, Callable[[Sequence[Result]], bytes]] = {
    "types": plot_types,
    "loss": plot_losses,
    "eigenvalues": plot_eigenvalues,
}
"""The pictures of a census, by name."""
