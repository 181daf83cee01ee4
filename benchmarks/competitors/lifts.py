"""The lift of type II by this package, by PARI/GP and by sympy, each in a process.

All start from the same leading terms and give every parameter to so many orders from
its first term on.  This package also finds the leading terms, proves the series and
expands the loss; that is counted.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flint import fmpz_poly

from symcrit.arith.exact import Exact

__all__ = ["LIFTS", "Lifted", "by_pari", "by_symcrit", "by_sympy", "different"]

FOLDER = Path(__file__).parent
FIRST = (2, 2, 2, 4, 4)
"""The first exponents after the limits, for a_1, m_1_2, m_2_1, a_2, o_2."""


@dataclass(frozen=True)
class Lifted:
    """A lift.

    Attributes:
        seconds: the time, without starting the program.
        terms: for each parameter the nonzero coefficients by the exponent of t.
    """

    seconds: float
    terms: tuple[Mapping[int, Exact], ...]


def different(one: Lifted, other: Lifted, beyond: int) -> list[tuple[int, int]]:
    """The coefficients that differ: number of the parameter, exponent of t."""
    zero = Exact.rational(0)
    return [
        (j, n)
        for j, (x, y) in enumerate(zip(one.terms, other.terms, strict=True))
        for n in range(FIRST[j] + beyond)
        if x.get(n, zero) != y.get(n, zero)
    ]


def by_symcrit(beyond: int) -> Lifted:
    """The lift by this package."""
    lines = _run([sys.executable, "-m", "benchmarks.competitors.ours", str(beyond)])
    return _read(lines)


def by_pari(beyond: int) -> Lifted:
    """The lift by PARI/GP: series over Q(P)."""
    script = f'read("{FOLDER / "type_ii.gp"}");\nshow_type_ii({beyond});\n'
    lines = _run(["gp", "-fq", "-D", "parisizemax=4G"], text=script)
    return _read([str(int(lines[0]) / 1000), *lines[1:]])


def by_sympy(beyond: int) -> Lifted:
    """The lift by sympy's ring series, with FLINT as its ground types."""
    flint = {"SYMPY_GROUND_TYPES": "flint"}
    lines = _run([sys.executable, str(FOLDER / "type_ii.py"), str(beyond)], more=flint)
    return _read(lines)


LIFTS: Mapping[str, Callable[[int], Lifted]] = {
    "symcrit": by_symcrit,
    "PARI/GP": by_pari,
    "sympy": by_sympy,
}


def _run(
    command: list[str], *, text: str = "", more: Mapping[str, str] | None = None
) -> list[str]:
    done = subprocess.run(
        command,
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd=FOLDER.parent.parent,
        env={**os.environ, **(more or {})},
    )
    if done.returncode:
        message = f"{command[0]} failed: {done.stderr}"
        raise RuntimeError(message)
    return done.stdout.splitlines()


def _read(lines: list[str]) -> Lifted:
    """Read seconds, and lines [parameter, exponent, numerator, denominator]."""
    terms: tuple[dict[int, Exact], ...] = tuple({} for _ in FIRST)
    for line in lines[1:]:
        j, n, top, bottom = json.loads(line)
        terms[j - 1][n] = Exact.quotient(fmpz_poly(top), fmpz_poly(bottom))
    return Lifted(float(lines[0]), terms)
