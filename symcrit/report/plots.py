"""Plots as SVG: the same data give the same bytes, and all text is at least 9 points.

Letters are drawn as outlines, so that a picture looks the same in a browser, in a PDF
and on paper.  The colours can be told apart by all readers, and nothing is said by
colour alone.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

import networkx as nx

from symcrit.catalog.verification import QuantityCheck, Verification
from symcrit.core.errors import InputError
from symcrit.report.statements import Standing, Statement, StatementGraph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "LINE_COLOURS",
    "PAGE_WIDTH",
    "check_plots",
    "draw_statements",
    "plot_errors",
    "styled_figure",
    "to_svg",
]

PAGE_WIDTH = 6.3
"""The width of a picture on paper, in inches."""

_STYLE: Any = {
    "svg.hashsalt": "symcrit",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.labelsize": 9.0,
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 9.0,
    "legend.fontsize": 9.0,
    "axes.grid": True,
    "grid.color": "#e3e6ea",
    "grid.linewidth": 0.6,
    "axes.edgecolor": "#555555",
    "axes.linewidth": 0.7,
    "lines.linewidth": 1.2,
    "lines.markersize": 3.5,
    "mathtext.fontset": "cm",
}
LINE_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#555555")
"""Colours that can be told apart by all readers."""

_MARKERS = ("o", "s", "^", "D")
_SHOWN_TRUNCATIONS = 4


def check_plots() -> None:
    """Return if pictures can be drawn here.

    Raises:
        InputError: matplotlib is not installed.
    """
    try:
        __import__("matplotlib")
    except ImportError:
        message = (
            "pictures need the package matplotlib, which is not installed:"
            " pip install 'symcrit[plots]'"
        )
        raise InputError(message) from None


@contextmanager
def styled_figure(width: float, height: float) -> Iterator["Figure"]:
    """Yield an empty figure of a size in inches, in the style of all pictures here."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        yield Figure(figsize=(width, height), layout="constrained")


def to_svg(figure: "Figure") -> bytes:
    """Return a figure as SVG without date or program; to be used within the style."""
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def plot_errors(
    verification: Verification, latex: Callable[[str], str] = lambda name: name
) -> bytes:
    """Return log-log plots of the errors of truncated series against certified points.

    Args:
        verification: what was compared.
        latex: the LaTeX of a quantity's name.

    Returns:
        One panel for each quantity, with the errors after some of the truncations and
        lines of the slopes that they should have.
    """
    checks = [check for check in verification.quantities.values() if check.truncations]
    columns = min(2, max(len(checks), 1))
    rows = -(-len(checks) // columns)
    with styled_figure(PAGE_WIDTH, 2.2 * max(rows, 1) + 0.3) as figure:
        grid = figure.subplots(rows, columns, squeeze=False, sharex=True)
        for i, axes in enumerate(grid.flat):
            if i < len(checks):
                _panel(axes, checks[i], latex(checks[i].name))
                if i + columns >= len(checks):
                    axes.set_xlabel(r"$t = k^{-1/2}$")
                    axes.tick_params(labelbottom=True)
            else:
                axes.set_axis_off()
        return to_svg(figure)


def _panel(axes: "Axes", check: QuantityCheck, name: str) -> None:
    orders = [truncation.order for truncation in check.truncations]
    for order, colour, marker in zip(
        _some(orders), LINE_COLOURS, _MARKERS, strict=False
    ):
        points = check.points(order)
        if not points:
            continue
        ts, errors = zip(*points, strict=True)
        axes.loglog(ts, errors, marker, color=colour, label=f"$O(t^{{{order}}})$")
        t, error = points[-1]
        line = [error * (x / t) ** float(order) for x in ts]
        axes.loglog(ts, line, "-", color=colour, alpha=0.55)
    axes.set_title(f"error of ${name}$")
    if axes.lines:
        axes.legend(loc="lower right", handlelength=1.0, borderaxespad=0.3)
        axes.set_ylim(top=max(10.0, axes.get_ylim()[1]))
    else:
        axes.text(0.5, 0.5, "no error seen", ha="center", transform=axes.transAxes)


def _some(orders: Sequence[Fraction]) -> list[Fraction]:
    """The first, the last and some between."""
    last = len(orders) - 1
    wanted = min(_SHOWN_TRUNCATIONS, len(orders))
    places = {round(i * last / max(wanted - 1, 1)) for i in range(wanted)}
    return [orders[i] for i in sorted(places)]


@dataclass(frozen=True, slots=True)
class _Colours:
    fill: str
    edge: str
    text: str
    sign: str


_STANDING = {
    Standing.ESTABLISHED: _Colours("#DDF1E8", "#00664B", "#00664B", "\N{CHECK MARK}"),
    Standing.UNKNOWN: _Colours("#FFF0C8", "#8A5A00", "#6B4500", "?"),
    Standing.REFUTED: _Colours("#C62828", "#7F1010", "#FFFFFF", "\N{BALLOT X}"),
    Standing.NOT_ESTABLISHED: _Colours("#FBE0E0", "#C62828", "#A01818", "\N{BALLOT X}"),
}
_GUTTER = 1.25
_LEFT = _GUTTER + 0.12
_ROW = 0.27
_CELL = 0.33
_TEXT = 1.75
"""Where the cells of a row begin, behind its title, in inches."""


def draw_statements(graph: StatementGraph) -> bytes:
    """Return the statements as rows, joined by arcs to those that need them.

    Statements of one group share a row, one cell for each.  A statement that is
    refuted, and all that hangs on it, is red; arcs that follow from others are left
    out.

    Args:
        graph: the statements.
    """
    rows = [
        (title, list(members))
        for title, members in groupby(graph, lambda x: x.group or x.id)
    ]
    heights = [_lines_of(members) * _ROW + 0.09 for _, members in rows]
    tops = [sum(heights[:i]) for i in range(len(rows) + 1)]
    with styled_figure(PAGE_WIDTH, tops[-1] + 0.1) as figure:
        figure.set_layout_engine("none")
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(0, PAGE_WIDTH)
        axes.set_ylim(tops[-1] + 0.05, -0.05)
        axes.set_axis_off()
        centres = {
            title: tops[i] + _ROW / 2 + 0.04 for i, (title, _) in enumerate(rows)
        }
        for (_, members), top in zip(rows, tops, strict=False):
            _draw_row(axes, graph, members, top)
        _draw_arcs(axes, graph, rows, centres)
        return to_svg(figure)


def _per_line() -> int:
    return int((PAGE_WIDTH - _LEFT - _TEXT) / _CELL)


def _lines_of(members: Sequence[Statement]) -> int:
    return -(-len(members) // _per_line()) if members[0].group else 1


def _draw_row(
    axes: "Axes", graph: StatementGraph, members: Sequence[Statement], top: float
) -> None:
    y = top + _ROW / 2 + 0.04
    first = members[0]
    if not first.group:
        colours = _STANDING[graph.standing(first.id)]
        _draw_box(axes, _LEFT, y, _CELL - 0.05, colours.sign, colours)
        axes.text(_LEFT + _CELL + 0.05, y, first.title, va="center")
        return
    axes.text(_LEFT, y, first.group, va="center")
    for i, statement in enumerate(members):
        line, place = divmod(i, _per_line())
        colours = _STANDING[graph.standing(statement.id)]
        x = _LEFT + _TEXT + place * _CELL
        _draw_box(axes, x, y + line * _ROW, _CELL - 0.05, statement.label, colours)


def _draw_box(
    axes: "Axes", x: float, y: float, width: float, text: str, colours: _Colours
) -> None:
    from matplotlib.patches import FancyBboxPatch

    height = _ROW - 0.06
    box = FancyBboxPatch(
        (x, y - height / 2),
        width,
        height,
        boxstyle="round,pad=0,rounding_size=0.04",
        facecolor=colours.fill,
        edgecolor=colours.edge,
        linewidth=0.8,
    )
    axes.add_patch(box)
    axes.text(
        x + width / 2, y, text, ha="center", va="center_baseline", color=colours.text
    )


def _draw_arcs(
    axes: "Axes",
    graph: StatementGraph,
    rows: Sequence[tuple[str, Sequence[Statement]]],
    centres: dict[str, float],
) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path as Curve

    row_of = {x.id: title for title, members in rows for x in members}
    between: nx.DiGraph[str] = nx.DiGraph()
    broken: set[tuple[str, str]] = set()
    for source, target in graph.graph.edges:
        edge = row_of[source], row_of[target]
        if edge[0] != edge[1]:
            between.add_edge(*edge)
            if graph.standing(source).is_broken:
                broken.add(edge)
    span = max(centres.values()) - min(centres.values()) or 1.0
    for edge in nx.transitive_reduction(between).edges:
        start, end = centres[edge[0]], centres[edge[1]]
        reach = _GUTTER - (_GUTTER - 0.1) * (abs(end - start) / span) ** 0.6
        curve: Any = Curve(
            [(_GUTTER, start), (reach, start), (reach, end), (_GUTTER + 0.04, end)],
            [Curve.MOVETO, Curve.CURVE4, Curve.CURVE4, Curve.CURVE4],
        )
        arrow = FancyArrowPatch(
            path=curve,
            arrowstyle="-|>,head_width=1.6,head_length=3.2",
            color="#C62828" if edge in broken else "#7A8594",
            linewidth=1.3 if edge in broken else 0.8,
        )
        axes.add_patch(arrow)
