"""Break the checker on purpose, and see that its tests notice.

Each fault is a change of its text.  The trial is made of what the other tests do: true
certificates must be verified, false ones must not, enclosures must contain.
"""

import copy
import importlib.util
import sys
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from flint import arb

from symcrit.arith.precision import working_precision
from symcrit.certificates import checker
from tests.certificates.making import sealed
from tests.certificates.mutants import mutate
from tests.certificates.test_mutants import BASES, base
from tests.certificates.test_numbers import as_arb, inside, meets
from tests.certificates.test_smoothness import minimum
from tests.certificates.truths import label

TEXT = Path(checker.__file__).read_text()
P = 40
_TRIALS = 400
_MUTANTS = 500


@cache
def bank() -> tuple[tuple[dict[str, Any], bool], ...]:
    """Certificates and mutants of them, each with its label."""
    found = [(base(name)[0], True) for name in BASES]
    found += [(minimum(), True), (sealed(off_centre()), True)]
    found += [(document, False) for document in _false_ones()]
    for seed in range(_MUTANTS):
        random = Random(seed)
        document, truth = base(random.choice(sorted(BASES)))
        mutant, _ = mutate(document, base(random.choice(sorted(BASES)))[0], random)
        if (true := label(mutant, truth)) is not None:
            spoiled = mutant["evidence"] != document["evidence"]
            if not true or not spoiled:
                found.append((sealed(mutant), true))
    return tuple(found)


def off_centre() -> dict[str, Any]:
    """A true certificate whose box has its centre far from the point."""
    document: dict[str, Any] = copy.deepcopy(base("II")[0])
    evidence = document["evidence"]
    moved = Fraction(*_dyadic(evidence["centre"][0])) + Fraction(1, 2**28)
    evidence["centre"][0] = f"{moved.numerator}*2^-{moved.denominator.bit_length() - 1}"
    evidence["radii"] = ["1*2^-26"] * len(evidence["radii"])
    return document


def _dyadic(text: str) -> tuple[int, int]:
    mantissa, _, exponent = text.partition("*2^-")
    return int(mantissa), 2 ** int(exponent)


def _false_ones() -> Iterator[dict[str, Any]]:
    """False in one place, where other checks do not help."""
    document = off_centre()
    ball = document["claim"]["parameters"]["o_2"]
    ball["mid"] = str(float(ball["mid"]) + 1e-10).replace("e-0", "e-")
    yield sealed(document)
    for key in ("negative", "zero"):
        document = copy.deepcopy(base("II")[0])
        document["claim"].update(morse_index=None, index_bounds=None, minimum=None)
        document["claim"]["blocks"][1][key] = 1
        yield sealed(document)
    document = copy.deepcopy(base("II")[0])
    document["claim"].update(morse_index=None, index_bounds=["1", "3"], minimum=None)
    yield sealed(document)
    document = minimum()
    document["evidence"]["exact_point"] = ["1", f"1/{10**300}"]
    yield sealed(document)
    yield sealed(minimum(smoothness="analytic"))
    yield sealed({**base("A")[0], "words": "All is well."}, words=False)
    yield wide()


def wide() -> dict[str, Any]:
    """A box that holds two critical points, the target and zero."""
    document = copy.deepcopy(base("tensor")[0])
    claim, evidence = document["claim"], document["evidence"]
    anything = {"mid": "0", "rad": "1e30"}
    claim.update(
        parameters=dict.fromkeys(claim["parameters"], anything),
        loss=anything,
        isotropy="contains",
        **dict.fromkeys(("morse_index", "index_bounds", "minimum")),
    )
    for block in claim["blocks"]:
        block.update(eigenvalues=[anything] * block["copies"], negative=None, zero=None)
    evidence["radii"] = ["5*2^0"] * len(evidence["radii"])
    return sealed(document)


def try_out(module: ModuleType) -> None:
    """Everything at once, the cheap things first."""
    try_numbers(module)
    try_separation(module)
    for document, true in bank():
        try:
            outcome = module.check(module.read(document)).outcome
        except module.BadCertificate:
            outcome = "MALFORMED"
        if true:
            assert outcome in ("VERIFIED", "UNKNOWN")
        else:
            assert outcome != "VERIFIED"
    for name in BASES:
        assert "VERIFIED" == module.check(module.read(base(name)[0])).outcome
    for document in (minimum(), sealed(off_centre())):
        assert "VERIFIED" == module.check(module.read(document)).outcome


def try_numbers(module: ModuleType) -> None:
    """Random numbers in random balls; narrow ones show each unit of the last place."""
    random = Random(1)
    lib = module.Balls(P)
    with working_precision(400):
        assert meets(lib.pi, arb.pi())
        assert lib.angle(lib.exact(0), lib.exact(-1)).positive
    for _ in range(_TRIALS):
        size = random.choice([3, P // 2, P, P + 2])
        x, y = (
            module.Ball(
                P, random.randint(-(1 << size), 1 << size), random.choice(radii)
            )
            for radii in ([0, 1, 1 << P], [0, 1, 1 << (size // 2), 1 << P])
        )
        ends = [Fraction(random.choice([-1, 1])) for _ in "xy"]
        a, b = inside(x, ends[0]), inside(y, ends[1])
        pairs = [
            (x * y, a * b),
            (x * Fraction(2, 7), a * Fraction(2, 7)),
            (x / 3, a / 3),
        ]
        if abs(y.m) > y.r:
            pairs.append((x / y, a / b))
        for ball, number in pairs:
            low, high = ball.ends()
            assert low <= number <= high
        if a >= 0:
            low, high = x.sqrt().ends()
            assert low <= 0 or low**2 <= a
            assert a <= high**2
        with working_precision(400):
            if abs(a) < 4:
                assert meets(module.arctangent(x), as_arb(a).atan())


def try_separation(module: ModuleType) -> None:
    """Matrices with more symmetries than the group of their pattern."""
    cases = {
        "2+2": {"d": 1, "o": 0, "m": 5},
        "3": {"d": 1, "o": 1},
        "1+1": {"m": 1},
    }
    for text, values in cases.items():
        pattern = module.read_pattern(text, {})
        entries = {
            x: module.Ball(P, values[x[2]]) for x in pattern.orbits(pattern.rows)
        }
        with pytest.raises(module.Open):
            module.separate(pattern, entries)


FAULTS = {
    "the index may be anything": (
        "for pair in filter(None, (bounds, [index, index] if index else None)):",
        "for pair in ():",
    ),
    "an exact point may be any": (
        "found.pattern.rows != found.pattern.targets or entries != found.target",
        "found.pattern.rows != found.pattern.targets",
    ),
    "the series loses a term": ("power * square, n + 2", "power * square, n + 4"),
    "the loss is not curved": (
        "total = total + (x * step) * other / 2",
        "total = total + 0 * x",
    ),
    "products are rounded without error": (
        "(abs(m) * s + abs(n) * r + r * s) >> p) + 2",
        "(abs(m) * s + abs(n) * r + r * s) >> p)",
    ),
    "radii are not multiplied": ("abs(n) * r + r * s) >> p", "abs(n) * r) >> p"),
    "exact products are cut": (
        "return Ball(p, q, int(q << p != t))",
        "return Ball(p, q)",
    ),
    "quotients are rounded without error": ("spread + 2)", "spread)"),
    "divisors are taken at the middle": ("(abs(n) * least)", "(abs(n) * abs(n))"),
    "exact quotients are cut": ("int(q * n != m << p)", "0"),
    "halves are cut": ("-(-r // abs(other)) + rounding", "r // abs(other)"),
    "roots are rounded down": ("root + (root * root < x)", "root"),
    "roots forget the radius": ("max(self.m - self.r, 0)", "max(self.m, 0)"),
    "arctangents forget the radius": ("(total.r << _HALVINGS) + x.r", "total.r"),
    "pi is too sharp": (">> guard, 2)", ">> guard, 0)"),
    "angles are taken modulo pi": (
        "slope if c.positive else self.pi + slope",
        "slope",
    ),
    "the sign of the curvature": (
        "u[4] * x[2] - u[3] * x[0]",
        "u[4] * x[2] + u[3] * x[0]",
    ),
    "targets attract": ('n if kind == "w" else -n', "n"),
    "parallel vectors are analytic": (
        "if smooth and self.maybe_parallel",
        "if smooth and not found.centre",
    ),
    "pairs inside a block are lost": (
        'if kind == "w" and j == i:',
        'if kind == "w" and j.block == i.block:',
    ),
    "the loss is not corrected": (
        "total = total + found.pattern.cells(orbit) * (slope * step)",
        "total = total",
    ),
    "the image need not be inside": ("abs(x.m) + x.r >= r", "abs(x.m) > r"),
    "the slope is that at the centre": (
        "self.spread = [[x.r for x in row] for row in slope]",
        "self.spread = [[0 for x in row] for row in slope]",
    ),
    "the Newton step is turned": ("step = -_dot(", "step = _dot("),
    "pivots of both signs count": ("negative += pivot.negative", "negative += 1"),
    "no eigenvalue is too low": ("pencil.below(ball.low) >= j or ", ""),
    "no eigenvalue is too high": (" or pencil.below(ball.high) < j", ""),
    "parameters may be anywhere": (
        "found.parameters[name].confirm(x, name)",
        "found.parameters[name]",
    ),
    "the loss may be anything": (
        'found.loss.confirm(self.enclose_loss(), "the loss")',
        "self.enclose_loss()",
    ),
    "multiplicities may be anything": (
        "if block.multiplicity != many and not (",
        "if False and not (",
    ),
    "copies may be anything": ("if block.copies != copies or ", "if "),
    "every point is a minimum": ('every if claim["minimum"] else some', "True"),
    "signs may be anything": (
        "if not least <= block.negative <= most:",
        "if most < 0:",
    ),
    "zeros may be anything": (
        "if signs.zero is not None and block.zero != signs.zero:",
        "if block.zero < 0:",
    ),
    "blocks may be exchanged": (
        "if len(set(rows)) < len(rows) or len(set(columns)) < len(columns):",
        "if not rows:",
    ),
    "rows and columns may move separately": (
        "if mine and tied[min(mine)] != mine:",
        "if mine and not tied:",
    ),
    "the words may be anything": ("self.check_words()", "pass"),
}

SLOW = pytest.mark.slow


def broken(old: str, new: str, folder: Path) -> ModuleType:
    """The checker with one change of its text."""
    assert 1 == TEXT.count(old), old
    path = folder / "broken_checker.py"
    path.write_text(TEXT.replace(old, new))
    spec = importlib.util.spec_from_file_location("broken_checker", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["broken_checker"] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules["broken_checker"]
    return module


@SLOW
def test_the_checker_as_it_is_passes() -> None:
    """Else a fault would tell nothing."""
    try_out(checker)


@SLOW
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_noticed(fault: str, tmp_path: Path) -> None:
    """By a wrong answer, or by none at all."""
    module = broken(*FAULTS[fault], tmp_path)

    with pytest.raises(
        (AssertionError, ArithmeticError, ValueError, pytest.fail.Exception)
    ):
        try_out(module)
