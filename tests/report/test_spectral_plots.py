"""Mirror of symcrit/report/spectral_plots.py."""

import re
from dataclasses import replace

import numpy as np
import pytest

from symcrit.report.spectral import Histogram, Spectral
from symcrit.report.spectral_plots import plot_curves, plot_histograms


def dots(picture: bytes) -> int:
    """How many markers of thresholds a picture has."""
    return len(re.findall(r"<use [^>]*stroke: #222222", picture.decode()))


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_each_threshold_has_a_dot_in_each_panel(spectral: Spectral, kept: int) -> None:
    """Two panels if there are thresholds; the same bytes each time."""
    assert spectral.curves is not None
    assert spectral.thresholds is not None
    found = replace(spectral.thresholds, crossings=spectral.thresholds.crossings[:kept])

    picture = plot_curves(spectral.curves, found)

    assert 2 * kept == dots(picture)
    assert (2 if kept else 1) == picture.count(b'<g id="axes_')
    assert picture == plot_curves(spectral.curves, found)


def test_components_without_values_have_no_line(spectral: Spectral) -> None:
    """A curve of nothing, and a branch of unknown end."""
    assert spectral.curves is not None
    assert spectral.thresholds is not None
    nothing = tuple(None for _ in spectral.curves.sizes)
    curves = replace(spectral.curves, least={**spectral.curves.least, "x_1": nothing})
    found = replace(spectral.thresholds, end=None)

    picture = plot_curves(curves, found)

    assert picture.count(b'id="line2d_') < plot_curves(
        spectral.curves, spectral.thresholds
    ).count(b'id="line2d_')


def test_a_histogram_has_a_panel_for_each_size() -> None:
    """Negative eigenvalues and none beyond the limits are drawn as well."""
    histograms = [
        Histogram(2, np.array([-0.5, 0.1, 0.1, 0.4])),
        Histogram(3, np.array([0.1] * 5 + [0.4] * 3 + [9.0])),
    ]

    picture = plot_histograms(histograms, [0.1, 0.4])

    assert 2 == picture.count(b'<g id="axes_')
    assert picture == plot_histograms(histograms, [0.1, 0.4])
