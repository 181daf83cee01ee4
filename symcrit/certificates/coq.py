"""The key inequalities of a certificate, for the proof assistant Coq with Interval.

The formulas of the checker run over numbers that write down what is done to them. Each
operation is one definition and one lemma that bounds it, with bounds that the checker
found and that the tactic ``interval`` proves anew in verified arithmetic.  So Coq
checks the numbers; that the formulas are those of the landscape is seen by reading.

Proved for all points of the box, with the names of the parameters:

* Krawczyk's image lies inside the box, side by side, where the slope is that of the
  gradient over the whole box;
* the signs of the pivots of each block of the Hessian, and with them its inertia.

Derivations: derivations/checker.md.

Source:
    Martin-Dorel and Melquiond, J. Autom. Reasoning 57 (2016) 187-217.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias, cast

from symcrit.certificates import checker
from symcrit.certificates.checker import Ball, Balls, Certificate, Landscape
from symcrit.core.errors import InputError

__all__ = ["export_coq"]

_SPARE_BITS = 20
"""Bits beyond those of the box, and again for Coq beyond those of the bounds."""

_HEADER = """\
(* The key inequalities of a certificate, proved with Coq's Interval. *)
From Coq Require Import Reals.
From Interval Require Import Tactic.
Open Scope R_scope.
Set Default Proof Using "All".
"""


@dataclass
class _Script:
    """A section of a Coq file: definitions and lemmas, one for each operation."""

    prec: int
    lines: list[str] = field(default_factory=list)
    known: dict[str, "_Written"] = field(default_factory=dict)

    def step(self, text: str, ball: Ball, *operands: "_Written") -> "_Written":
        """Define a number and prove its bounds from those of the operands."""
        if text in self.known:
            return self.known[text]
        if "/" in text and not ball.is_zero:
            # A quotient that happens to be exact leaves Coq, which rounds it, no room.
            ball = Ball(ball.p, ball.m, ball.r + 1)
        name = f"t{len(self.known)}"
        low, high = map(_real, ball.ends())
        facts = "".join(f" pose proof {x.name}_in." for x in operands)
        self.lines += [
            f"Definition {name} : R := {text}.",
            f"Lemma {name}_in : {low} <= {name} <= {high}.",
            f"Proof.{facts} unfold {name}. {self.tactic} Qed.",
        ]
        self.known[text] = _Written(self, name, ball)
        return self.known[text]

    @property
    def tactic(self) -> str:
        """The tactic that proves everything."""
        return f"interval with (i_prec {self.prec})."


class _Written:
    """A ball of the checker together with its name in a script."""

    def __init__(self, script: _Script, name: str, ball: Ball) -> None:
        self.script, self.name, self.ball = script, name, ball

    m = property(lambda self: self.ball.m)
    p = property(lambda self: self.ball.p)
    r = property(lambda self: self.ball.r)
    positive = property(lambda self: self.ball.positive)
    negative = property(lambda self: self.ball.negative)
    is_zero = property(lambda self: self.ball.is_zero)

    def _with(self, other: "_Operand", sign: str) -> "_Written":
        if isinstance(other, _Written):
            ball = _OPERATIONS[sign](self.ball, other.ball)
            text = f"{self.name} {sign} {other.name}"
            return self.script.step(text, ball, self, other)
        ball = _OPERATIONS[sign](self.ball, other)
        return self.script.step(
            f"{self.name} {sign} {_real(Fraction(other))}", ball, self
        )

    def __add__(self, other: "_Operand") -> "_Written":
        return self._with(other, "+")

    def __sub__(self, other: "_Operand") -> "_Written":
        return self._with(other, "-")

    def __mul__(self, other: "_Operand") -> "_Written":
        return self._with(other, "*")

    def __truediv__(self, other: "_Operand") -> "_Written":
        return self._with(other, "/")

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> "_Written":
        return self * -1

    def __rsub__(self, other: int) -> "_Written":
        return self * -1 + other

    def sqrt(self) -> "_Written":
        """The root."""
        return self.script.step(f"sqrt {self.name}", self.ball.sqrt(), self)


_Operand: TypeAlias = _Written | int | Fraction

_OPERATIONS: Mapping[str, Any] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
}


class _WritingBalls(Balls):
    """Balls that are written down; the formulas of the checker see no difference."""

    def __init__(self, p: int, script: _Script) -> None:
        super().__init__(p)
        self.plain, self.script = Balls(p), script
        self.pi = self._as(script.step("PI", self.plain.pi))
        self.over_two_pi = self._as(script.step("/ (2 * PI)", self.plain.over_two_pi))

    @staticmethod
    def _as(x: _Written) -> Ball:
        """A written ball, where a ball is asked for."""
        return cast("Ball", x)

    def exact(self, q: int | Fraction | Ball) -> Ball:
        """A rational number."""
        if isinstance(q, Ball):
            return q
        ball = self.plain.exact(q)
        return self._as(self.script.step(_real(Fraction(q)), ball))

    def angle(self, s: Ball, c: Ball) -> Ball:
        """The angle, by the same branch of the arctangent as in the checker."""
        sine, cosine = cast("_Written", s), cast("_Written", c)
        ball = self.plain.angle(sine.ball, cosine.ball)
        if abs(cosine.m) < sine.m:
            text = f"PI / 2 - atan ({cosine.name} / {sine.name})"
        else:
            turn = "" if cosine.positive else "PI + "
            text = f"{turn}atan ({sine.name} / {cosine.name})"
        return self._as(self.script.step(text, ball, sine, cosine))


def export_coq(
    certificate: Certificate, components: Sequence[str] | None = None
) -> str:
    """The text of a Coq file that proves the key inequalities of a certificate.

    Args:
        certificate: one that the checker verifies, with no parallel vectors in the box.
        components: the components whose blocks are treated, by default all.

    Raises:
        InputError: the checker does not verify the certificate, or vectors may be
            parallel.
    """
    found = checker.check(certificate)
    if found.outcome != "VERIFIED" or certificate.claim["smoothness"] != "analytic":
        message = f"no certificate of an analytic point: {found.outcome} {found.why}"
        raise InputError(message)
    exponents = [-x.e for x in (*certificate.centre, *certificate.radii)]
    p = max(exponents) + _SPARE_BITS
    point = _Script(p + _SPARE_BITS)
    value = _gradient(certificate, p, point)
    box = _Script(p + _SPARE_BITS)
    names = certificate.names
    head = []
    for name, c, r in zip(names, certificate.centre, certificate.radii, strict=True):
        ball = Ball(p, c.at(p), r.at(p))
        low, high = map(_real, ball.ends())
        head += [
            f"Variable {name} : R.",
            f"Hypothesis {name}_in : {low} <= {name} <= {high}.",
        ]
    land = _landscape(certificate, box, p, names)
    every = checker.components(certificate.pattern)
    rest = _contraction(certificate, land, box, every["1"])
    box.lines += _inside(certificate, value, rest, box)
    for name in every if components is None else components:
        box.lines += _pivots(name, every[name], land, box)
    centre = ["Module Centre.", *point.lines, "End Centre.", ""]
    return "\n".join(
        [_HEADER, *centre, "Section Box.", *head, *box.lines, "End Box.", ""]
    )


def _gradient(certificate: Certificate, p: int, script: _Script) -> list[_Written]:
    """The products of the preconditioner and the gradient at the centre."""
    lib = _WritingBalls(p, script)
    centre = [lib.exact(Fraction(c.at(p), 1 << p)) for c in certificate.centre]
    entries = dict(zip(certificate.orbits, centre, strict=True))
    land = Landscape(
        lib, certificate.kernel, certificate.pattern, entries, certificate.target
    )
    values = [cast("_Written", x) for x in land.gradient()]
    return [_combined(row, values, p) for row in certificate.inverse]


def _combined(
    row: Sequence[checker.Dyadic], values: Sequence[_Written], p: int
) -> _Written:
    terms = [
        x * Fraction(y.at(p), 1 << p) for y, x in zip(row, values, strict=True) if y.m
    ]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _landscape(
    certificate: Certificate, script: _Script, p: int, names: Sequence[str]
) -> Landscape:
    """The landscape over the box, its parameters known by name."""
    box = {}
    for orbit, name, c, r in zip(
        certificate.orbits, names, certificate.centre, certificate.radii, strict=True
    ):
        box[orbit] = cast("Ball", _Written(script, name, Ball(p, c.at(p), r.at(p))))
    lib = _WritingBalls(p, script)
    return Landscape(
        lib, certificate.kernel, certificate.pattern, box, certificate.target
    )


def _contraction(
    certificate: Certificate,
    land: Landscape,
    script: _Script,
    trivial: checker.Component,
) -> list[list[_Written]]:
    """The entries of 1 - Y F' over the box."""
    p = land.lib.p
    form = cast("list[list[_Written]]", land.hessian(trivial.directions, {}))
    slope = [
        [x * (1 / Fraction(certificate.pattern.cells(orbit))) for x in row]
        for row, orbit in zip(form, certificate.orbits, strict=True)
    ]
    columns = list(zip(*slope, strict=True))
    return [
        [int(i == j) - _combined(row, column, p) for j, column in enumerate(columns)]
        for i, row in enumerate(certificate.inverse)
    ]


def _inside(
    certificate: Certificate,
    value: Sequence[_Written],
    rest: Sequence[Sequence[_Written]],
    script: _Script,
) -> list[str]:
    """Krawczyk's image of the box minus the centre, one theorem for each side."""
    lines = []
    radii = [Fraction(r.m) * Fraction(2) ** r.e for r in certificate.radii]
    steps = "".join(f" Rabs d{j} <= {_real(r)} ->" for j, r in enumerate(radii))
    variables = " ".join(f"d{j}" for j in range(len(radii)))
    for name, x, row, radius in zip(certificate.names, value, rest, radii, strict=True):
        terms = " + ".join(f"{e.name} * d{j}" for j, e in enumerate(row))
        facts = " ".join(f"pose proof {e.name}_in." for e in row)
        lines += [
            f"Theorem inside_{name} : forall {variables} : R,{steps}",
            f"  Rabs (- Centre.{x.name} + ({terms})) < {_real(radius)}.",
            f"Proof. intros. pose proof Centre.{x.name}_in.",
            f"{facts} {script.tactic} Qed.",
        ]
    return lines


def _pivots(
    name: str, component: checker.Component, land: Landscape, script: _Script
) -> list[str]:
    """The signs of the pivots of one block."""
    form = land.hessian(component.directions, component.labels)
    pivots: list[Ball] = []
    checker.inertia(form, pivots)
    label = "".join(c if c.isalnum() else "_" for c in name)
    lines = []
    for i, pivot in enumerate(cast("list[_Written]", pivots)):
        sign = "0 <" if pivot.positive else "0 >"
        lines += [
            f"Theorem pivot_{label}_{i} : {sign} {pivot.name}.",
            f"Proof. pose proof {pivot.name}_in. {script.tactic} Qed.",
        ]
    return lines


def _real(q: Fraction) -> str:
    """A rational number as a term of Coq."""
    top = f"({q.numerator})" if q.numerator < 0 else str(q.numerator)
    return top if q.denominator == 1 else f"({top} / {q.denominator})"
