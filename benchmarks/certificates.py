"""Certificates of points: made, checked, and against mpmath's intervals.

The first table takes points of families.  The Krawczyk test of the last column but one
runs the same recorded formulas on the same box with the same preconditioner over
mpmath's intervals.  With ``--data`` every matrix of a collection is certified; the
times of those are processor times, since that is what a census on several processes
divides.
"""

import json
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from flint import arb_mat
from mpmath import iv

import symcrit
from benchmarks.measuring import (
    Times,
    arguments,
    calibrate,
    in_turns,
    markdown_table,
    publish,
    seconds,
)
from symcrit.catalog.datasets import find_files, read_points
from symcrit.certificates.checker import check as check_alone
from symcrit.certificates.checker import parse
from symcrit.certificates.documents import Certificate
from symcrit.certificates.texts import read_dyadic
from symcrit.certify.checking import check_certificate
from symcrit.certify.krawczyk import column_of, krawczyk_test
from symcrit.certify.matrices import certify_matrix
from symcrit.certify.systems import ReducedSystem, free_landscape
from symcrit.landscapes.kernels import Relu
from symcrit.spectra.sizes import as_ball
from symcrit.symmetry.patterns import Pattern

POINTS = (("A", 20), ("II", 20), ("M", 20), ("flip:5", 60), ("II", 10**12))


class Intervals:
    """The number system of mpmath's intervals, at the precision of their context."""

    pi = iv.pi

    def exact(self, value: int | Fraction) -> Any:
        """An enclosure of a rational number."""
        q = Fraction(value)
        return iv.mpf(q.numerator) / q.denominator

    def root(self, x: Any, site: str) -> Any:
        """The square roots."""
        return iv.sqrt(x)

    def angle(self, s: Any, c: Any, site: str) -> Any:
        """The angles of (c, s)."""
        return iv.atan2(s, c)


class Question:
    """The Krawczyk test of a certificate, in balls and in intervals."""

    def __init__(self, certificate: Certificate) -> None:
        claim, evidence = certificate.claim, certificate.evidence
        pattern = Pattern.parse(claim.pattern)
        self.sizes = pattern.sizes_at(claim.variables)
        self.recorded = free_landscape(pattern, Relu())
        self.bits = evidence.bits
        self.centre = [read_dyadic(x) for x in evidence.centre]
        self.radii = [read_dyadic(x) for x in evidence.radii]
        self.matrix = [[read_dyadic(x) for x in r] for r in evidence.preconditioner]

    def in_balls(self) -> bool:
        """The test in Arb's balls."""
        values = {name: as_ball(x) for name, x in self.sizes.items()}
        system = ReducedSystem(self.recorded, values)
        pairs = zip(self.centre, self.radii, strict=True)
        box = column_of([m + type(m)(0, r) for m, r in pairs])
        found = krawczyk_test(
            system.gradient,
            system.jacobian,
            box,
            prec=self.bits,
            preconditioner=arb_mat(self.matrix),
        )
        return found.unique.is_true

    def in_intervals(self) -> bool:
        """The same test in mpmath's intervals."""
        iv.prec = self.bits
        lib = Intervals()
        values = {name: lib.exact(x) for name, x in self.sizes.items()}
        centre, radii = (
            [self._interval(x) for x in part] for part in (self.centre, self.radii)
        )
        widths = [r * iv.mpf([-1, 1]) for r in radii]
        box = [m + w for m, w in zip(centre, widths, strict=True)]
        slope = self.recorded.gradient(lib, centre, values)
        _, rows = self.recorded.derivatives(lib, box, values)
        y = [[self._interval(x) for x in row] for row in self.matrix]
        n = range(len(centre))
        for i in n:
            image = centre[i] - sum(y[i][j] * slope[j] for j in n)
            for j in n:
                product = sum(y[i][m] * rows[m][j] for m in n)
                image += (int(i == j) - product) * widths[j]
            if not (image.a > box[i].a and image.b < box[i].b):
                return False
        return True

    def _interval(self, x: Any) -> Any:
        mantissa, exponent = x.man_exp()
        return iv.ldexp(iv.mpf(int(mantissa)), int(exponent))


def main() -> None:
    """Measure, and print the tables."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, nargs="*", help="files of matrices")
    chosen = parser.parse_args()
    calibration = calibrate()
    actions: dict[str, Callable[[], float]] = {}
    for name, k in POINTS:
        shown = f"{name}, k = {k}"
        certificate = symcrit.family(name).certify(k)
        question = Question(certificate)
        assert question.in_balls()
        assert question.in_intervals()
        text = json.dumps(certificate.document)
        actions[f"{shown} check"] = _timed(partial(check_certificate, certificate))
        actions[f"{shown} alone"] = _timed(partial(_check_text, text))
        actions[f"{shown} balls"] = _timed(question.in_balls)
        actions[f"{shown} intervals"] = _timed(question.in_intervals)
    times = in_turns(actions, chosen.repeats)
    tables = [_families(times)]
    figures: dict[str, Any] = {
        "seconds": {name: found.as_dict() for name, found in times.items()}
    }
    if chosen.data:
        figures["data"] = _collection(chosen.data)
        found = figures["data"]
        tables.append(
            markdown_table(
                ["public data", "certified", "mean", "greatest", "certificate, mean"],
                [
                    [
                        f"{found['matrices']} matrices",
                        str(found["certified"]),
                        _ms(found["mean"]),
                        _ms(found["greatest"]),
                        _ms(found["certificate"]),
                    ]
                ],
            )
        )
    publish("certificates", figures, "\n\n".join(tables), calibration, chosen.json)


def _families(times: dict[str, Times]) -> str:
    rows = []
    for name, k in POINTS:
        shown = f"{name}, k = {k}"
        check, alone, balls, intervals = (
            times[f"{shown} {part}"].median
            for part in ("check", "alone", "balls", "intervals")
        )
        ratio = f"{intervals / balls:.0f}"
        rows.append([shown, _ms(check), _ms(alone), _ms(balls), _ms(intervals), ratio])
    head = ["point", "symcrit check", "one-file checker"]
    return markdown_table([*head, "Krawczyk in balls", "in intervals", "ratio"], rows)


def _collection(paths: list[Path]) -> dict[str, Any]:
    """Processor times of all matrices in files and folders, one after the other."""
    took, certified, whole = [], 0, []
    for path in find_files(paths):
        for number, point in enumerate(read_points(path)):
            start = time.process_time()
            outcome = certify_matrix(point.weights)
            took.append(time.process_time() - start)
            certified += outcome.certified
            if outcome.point is not None and not number:
                with tempfile.TemporaryDirectory() as home:
                    start = time.process_time()
                    outcome.certificate().save(Path(home) / "cert.json")
                    whole.append(time.process_time() - start)
    return {
        "matrices": len(took),
        "certified": certified,
        "mean": sum(took) / len(took),
        "greatest": max(took),
        "certificate": sum(whole) / max(len(whole), 1),
    }


def _check_text(text: str) -> object:
    """What the one-file checker does with a file."""
    return check_alone(parse(text))


def _timed(action: Callable[[], object]) -> Callable[[], float]:
    return lambda: seconds(action)


def _ms(value: float) -> str:
    return f"{1000 * value:.1f} ms"


if __name__ == "__main__":
    main()
