"""Break the proof of series on purpose, and see that it is noticed."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Expansions, Series
from symcrit.catalog.families import family
from symcrit.catalog.family import Family
from symcrit.core.errors import SymcritError
from symcrit.expand import boxes, lift, limits
from symcrit.expand.lift import Expansion, prove_and_expand
from symcrit.expand.limits import refute_limit
from symcrit.expand.system import System
from symcrit.expand.truncation import Truncation
from tests.expand.cases import leading, rank_one
from tests.expand.tiny import assert_approached

pytestmark = pytest.mark.slow

ORDER = 8
FAMILIES = {name: family(name) for name in ("A", "II")}
LEADING = {name: found.leading for name, found in FAMILIES.items()}


def expansion(name: str) -> tuple[Family, Expansion]:
    """Computed anew: nothing of an unbroken proof is kept."""
    found = FAMILIES[name]
    return found, prove_and_expand(found.landscape, LEADING[name], ORDER)


# ----------------------------------------------------------------- what has to hold


def check_terms() -> None:
    """At a tiny t the branch is where the series say, to their O-terms."""
    for name in FAMILIES:
        found, series = expansion(name)
        assert_approached(found.landscape, LEADING[name], series)


def check_proof() -> None:
    """The numbers of the proof; v is that of the minors, by ``test_lift``."""
    for name, smith in (("A", (0, 0)), ("II", (0, 0, 0, 2, 2))):
        _, series = expansion(name)
        proof = series.proof
        assert proof.smith_exponents == smith
        assert proof.jacobian_exponent == smith[-1]
        assert proof.contraction >= 1
        assert proof.residual_order > 2 * smith[-1]
        assert proof.residual_order >= ORDER + smith[-1]
        assert all(m <= n for m, n in zip(proof.proved, proof.computed, strict=True))


def check_losses() -> None:
    """Short series, for which the correction matters, have the loss of long ones."""
    for name, found in FAMILIES.items():
        long = dict(expansion(name)[1].loss.known_coefficients())
        for order in range(1, ORDER):
            loss = prove_and_expand(found.landscape, LEADING[name], order).loss
            assert loss.prec is not None
            assert loss.prec >= order
            assert dict(loss.known_coefficients()) == {
                n: c for n, c in long.items() if n < loss.prec
            }


def check_boxes() -> None:
    """The Jacobian over a box encloses that at other series in the box."""
    for name, found in FAMILIES.items():
        branch = Truncation(found.landscape, LEADING[name], 1)
        boxes.certify_box(branch)
        system, ends = branch.system, [n + 1 for n in branch.first]
        moved = [
            x + Expansions(x.domain.with_length(20)).t_power(n)
            for x, n in zip(branch.series, ends, strict=True)
        ]
        orders = [[6] * len(ends)] * len(ends)
        inside = system.jacobian(moved, 20, None)
        for whole in (
            system.jacobian(branch.series, 20, ends),
            system.jacobian_to(branch.series, orders, ends),
        ):
            for row, others in zip(whole, inside, strict=True):
                for x, y in zip(row, others, strict=True):
                    assert x.prec is not None
                    assert y.prec is None or x.prec <= y.prec
                    known = y.big_o(x.prec).known_coefficients()
                    assert x.known_coefficients() == known


def check_refusals() -> None:
    """Wrong leading terms are refused, each with an error of this package."""
    for name, right in LEADING.items():
        for index, x in enumerate(right):
            assert x.coefficient is not None
            wrong = list(right)
            wrong[index] = replace(x, coefficient=2 * x.coefficient)
            refused = False
            try:
                prove_and_expand(FAMILIES[name].landscape, wrong, 3)
            except SymcritError:
                refused = True
            assert refused


def check_denominators() -> None:
    """Exponents with denominators 2 and 3 need t^(1/6), where 7/2 is wrong."""
    land, r = rank_one(5)
    wrong = leading((1, Fraction(7, 2), Exact.rational(Fraction(-4, 5))), (0, r, 1))
    refused = False
    try:
        prove_and_expand(land, wrong, 4)
    except SymcritError:
        refused = True
    assert refused


def check_limits() -> None:
    """The limit of a branch is never refuted."""
    for found in FAMILIES.values():
        assert refute_limit(found.landscape, found.limit) is None


CHECKS: dict[str, Callable[[], None]] = {
    "terms": check_terms,
    "proof": check_proof,
    "losses": check_losses,
    "boxes": check_boxes,
    "refusals": check_refusals,
    "denominators": check_denominators,
    "limits": check_limits,
}


@pytest.mark.parametrize("name", CHECKS)
def test_the_checks_pass_as_long_as_nothing_is_broken(name: str) -> None:
    """Otherwise they would prove nothing."""
    CHECKS[name]()


# ------------------------------------------------------------------------- mutants

Function = Callable[..., Any]


def box_not_used(original: Function) -> Function:
    """The Jacobian is evaluated at the centre of the box."""
    return lambda self, truncated, terms, box: original(self, truncated, terms, None)


def moves_claim_more(original: Function) -> Function:
    """A Newton step is trusted two orders further than it is proved."""

    def mutant(self: Any, hessian: Any, point: Any) -> Any:
        gradient = [
            x if x.prec is None else x.big_o(x.prec - 2) for x in point.gradient
        ]
        return [
            e if e.prec is None else Series(e.domain, e.unit, e.v, e.rows, e.prec + 2)
            for e in original(self, hessian, replace(point, gradient=gradient))
        ]

    return mutant


def residual_not_looked_at(original: Function) -> Function:
    """The gradient is taken for zero at the truncated series."""

    def mutant(*arguments: Any) -> Any:
        point = original(*arguments)
        return replace(point, gradient=[x * 0 for x in point.gradient])

    return mutant


def gradient_cut(original: Function) -> Function:
    """The gradient is forgotten behind its first term."""

    def mutant(*arguments: Any) -> Any:
        point = original(*arguments)
        gradient = [x.big_o(x.v + 1).without_order() for x in point.gradient]
        return replace(point, gradient=gradient)

    return mutant


def changes_not_noticed(_: Function) -> Function:
    """A Newton step may change leading terms."""
    return lambda *_: None


def loss_without_correction(_: Function) -> Function:
    """The loss is that of the truncated series."""

    def mutant(self: Any, point: Any, *rest: Any) -> Any:
        return point.loss.big_o(rest[-1] + 4)

    return mutant


def loss_claims_more(original: Function) -> Function:
    """The O-terms of the Jacobian are forgotten for the loss."""

    def mutant(
        self: Any, point: Any, moves: Any, hessian: Any, proved: Any, far: int
    ) -> Any:
        known = [[x.without_order() for x in row] for row in hessian]
        steps = [e.without_order() for e in moves]
        longer = self.branch.system.point(self.branch.series, far + 32)
        return original(self, longer, steps, known, proved, far + 24)

    return mutant


def least_of_rows(_: Function) -> Function:
    """Least valuations of the rows instead of pivots."""
    return lambda matrix: [min(x.v for x in row) for row in matrix]


def largest_denominator(_: object) -> object:
    """The largest denominator instead of the least common multiple."""
    return SimpleNamespace(lcm=lambda *numbers: max(numbers))


def shift_forgotten(original: Function) -> Function:
    """The system is not multiplied by a power that makes its Jacobian integral."""
    return lambda self, residual, v, shift, loss: original(
        self, residual, v - shift, 0, loss
    )


def residual_claims_more(original: Function) -> Function:
    """All that was computed is given, whatever v is."""
    return lambda self, residual, v, shift, loss: original(
        self, residual - v, v, shift, loss
    )


MUTANTS: dict[str, tuple[object, str, Callable[[Any], Any], str]] = {
    "contraction not tested": (boxes, "_LEAST_GAIN", lambda _: -99, "proof"),
    "box not used": (System, "jacobian", box_not_used, "boxes"),
    "box not used in steps": (System, "jacobian_to", box_not_used, "boxes"),
    "moves claim more": (lift._Lift, "_moves", moves_claim_more, "terms"),
    "residual not looked at": (System, "point_to", residual_not_looked_at, "terms"),
    "no residual in the test": (System, "point", residual_not_looked_at, "refusals"),
    "gradient cut": (System, "point_to", gradient_cut, "terms"),
    "changes not noticed": (Truncation, "changed", changes_not_noticed, "refusals"),
    "loss without correction": (
        lift._Lift, "_loss", loss_without_correction, "losses",
    ),
    "loss claims more": (lift._Lift, "_loss", loss_claims_more, "terms"),
    "Smith exponents of the rows": (
        boxes, "local_smith_exponents", least_of_rows, "proof",
    ),
    "shift forgotten": (lift._Lift, "_result", shift_forgotten, "proof"),
    "residual too small": (lift._Lift, "_result", residual_claims_more, "proof"),
    "denominators not brought together": (
        lift, "math", largest_denominator, "denominators",
    ),
    "the limit taken as exact": (limits, "_RADIUS", lambda _: 99, "limits"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_are_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check fails, or the proof does not close any more."""
    owner, attribute, mutate, check = MUTANTS[name]
    monkeypatch.setattr(owner, attribute, mutate(getattr(owner, attribute)))

    with pytest.raises((AssertionError, ArithmeticError, ValueError, SymcritError)):
        CHECKS[check]()
