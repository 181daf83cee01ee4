"""Draw the picture of the README: losses of the families, certified and as series.

Run from the top of the repository: ``python docs/images/make_families.py``.
"""

from fractions import Fraction
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

import symcrit

FAMILIES = {"A": "#0072B2", "I": "#D55E00", "II": "#009E73", "M": "#CC79A7"}
SIZES = [8, 10, 14, 20, 30, 50, 100, 200, 500, 1000]
ORDER = 8


def draw(target: Path) -> None:
    """Write the picture as SVG, the same bytes each time."""
    mpl.rcParams.update({"svg.hashsalt": "symcrit", "font.size": 11})
    figure, axes = plt.subplots(figsize=(7.2, 4.0), layout="constrained")
    for name, colour in FAMILIES.items():
        family = symcrit.family(name)
        losses = [float(family.point(k).loss) for k in SIZES]
        loss = family.series(order=ORDER).loss
        fine = [Fraction(16) * Fraction(11, 10) ** i for i in range(44)]
        axes.plot(fine, [loss.at(k) for k in fine], color=colour, lw=1.5)
        axes.plot(SIZES, losses, "o", color=colour, ms=5, label=f"family {name}")
    axes.set(xscale="log", yscale="log", xlabel="neurons $k$", ylabel="loss")
    axes.legend(loc="lower left", ncols=2)
    axes.set_title("Certified points (dots) and exact series to $O(t^8)$ (lines)")
    figure.savefig(target, metadata={"Date": None})


if __name__ == "__main__":
    draw(Path(__file__).with_name("families.svg"))
