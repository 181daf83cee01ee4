"""Draw the picture at the top of the README, from computed data.

Run it from the top of the repository: ``python docs/images/overview.py``.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import symcrit
from symcrit.report.plots import LINE_COLOURS, styled_figure, to_svg
from symcrit.report.writing import quantity_latex
from symcrit.symmetry.matrices import orbit_indices

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAMES = ("A", "I", "II", "M", "flip:3")
MARKERS = ("o", "s", "^", "D", "v")
SIZES = (10, 20, 50, 100, 300, 1000, 3000, 10_000)
SHOWN_SIZE = 7
ORDER = 8


def draw(place: Path) -> None:
    """Write the picture."""
    with styled_figure(8.4, 3.3) as figure:
        left, right = figure.subplots(1, 2, width_ratios=[1, 1.45])
        draw_matrix(left)
        draw_losses(right)
        place.write_bytes(to_svg(figure))


def draw_matrix(axes: "Axes") -> None:
    """The critical point of type II, entry by entry, with the names of its values."""
    family = symcrit.family("II")
    values = [
        [float(x.mid()) for x in row] for row in family.point(SHOWN_SIZE).matrix()
    ]
    axes.imshow(values, cmap="RdBu_r", vmin=-1.6, vmax=1.6)
    axes.set_title(f"type II at k = {SHOWN_SIZE}: five numbers")
    axes.grid(visible=False)
    axes.set_xticks([])
    axes.set_yticks([])
    for i, row in enumerate(orbit_indices(family.pattern, {"k": SHOWN_SIZE})):
        for j, parameter in enumerate(row):
            name = quantity_latex(family.names[parameter])
            axes.text(j, i, f"${name}$", ha="center", va="center", fontsize=10)


def draw_losses(axes: "Axes") -> None:
    """Certified losses of the families, and their series."""
    for name, colour, marker in zip(NAMES, LINE_COLOURS, MARKERS, strict=True):
        family = symcrit.family(name)
        loss = family.series(ORDER).loss
        points = [float(family.point(k).loss.mid()) for k in SIZES]
        axes.loglog(
            SIZES,
            points,
            marker,
            color=colour,
            label=f"family {name}",
            markersize=6,
            fillstyle="none",
        )
        sizes = [10 * 10 ** (i / 10) for i in range(31)]
        axes.loglog(sizes, [loss.at(k) for k in sizes], "-", color=colour, alpha=0.6)
    axes.set_title("loss: certified points, and series in $k^{-1/2}$")
    axes.set_xlabel("number of neurons $k$")
    axes.legend(loc="lower left", handlelength=1.0)


if __name__ == "__main__":
    draw(Path(__file__).with_suffix(".svg"))
