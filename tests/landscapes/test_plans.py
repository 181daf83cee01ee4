"""Mirror of symcrit/landscapes/plans.py: what is wrong in a plan is noticed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from symcrit.landscapes import blocks as blocks_module
from symcrit.landscapes.kernels import Kernel, Monomial, Relu
from symcrit.landscapes.plans import BlockPlan, Row, Table, plan_block
from symcrit.symmetry.components import Component, decompose
from symcrit.symmetry.patterns import Pattern
from tests.landscapes.block_cases import TOLERANCE, Case, largest_error


def mutants(plan: BlockPlan) -> Iterator[BlockPlan]:
    """Plans with one summand less, one count wrong, or one differential wrong."""
    for block in range(len(plan.overlaps)):
        for table in wrong_tables(plan.overlaps[block]):
            yield replace(plan, overlaps=swapped(plan.overlaps, block, table))
    for label, crossing in plan.crossings.items():
        for table in wrong_tables(crossing):
            yield replace(plan, crossings={**plan.crossings, label: table})
    for label, rows in plan.rows.items():
        for wrong in wrong_rows(rows):
            yield replace(plan, rows={**plan.rows, label: wrong})
    for number, count in enumerate(plan.polynomials):
        yield replace(plan, polynomials=swapped(plan.polynomials, number, count + 1))


def own_mutants(plan: BlockPlan) -> Iterator[BlockPlan]:
    """Plans with a wrong term of a single neuron, which the ReLU kernel lacks."""
    for block, rows in enumerate(plan.own):
        for wrong in wrong_rows(rows):
            yield replace(plan, own=swapped(plan.own, block, wrong))


def swapped(items: tuple[Any, ...], place: int, item: Any) -> tuple[Any, ...]:
    """The tuple with another item in one place."""
    return (*items[:place], item, *items[place + 1 :])


def wrong_tables(table: Table) -> Iterator[Table]:
    """Tables with one entry missing, or twice."""
    for place in range(len(table)):
        yield table[:place] + table[place + 1 :]
        yield (*table, table[place])


def wrong_rows(rows: tuple[Row, ...]) -> Iterator[tuple[Row, ...]]:
    """Rows with one missing, one twice, or one differential missing."""
    for place, row in enumerate(rows):
        yield rows[:place] + rows[place + 1 :]
        yield (*rows, row)
        for at, (copy, forms) in enumerate(row.parts):
            for which in range(3):
                if forms[which] is not None and any(
                    form is not None for form in swapped(forms, which, None)
                ):
                    part = (copy, swapped(forms, which, None))
                    parts = swapped(row.parts, at, part)
                    yield swapped(rows, place, replace(row, parts=parts))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "kernel", "make"),
    [
        ("1+(k-1)", Relu(), mutants),
        ("2+(k-2)", Relu(), mutants),
        ("n=d-1: rows 1,n,1 cols 1,n", Relu(), mutants),
        ("n=k-1, m=d-k: rows 1,n cols 1,n,m target 1,n", Relu(), mutants),
        ("1+(k-1)", Monomial(3), own_mutants),
        ("2+(k-2)", Monomial(3), own_mutants),
    ],
)
def test_every_wrong_plan_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    kernel: Kernel,
    make: Callable[[BlockPlan], Iterator[BlockPlan]],
) -> None:
    """Whatever summand or count of a block is changed, the comparison fails."""
    case = Case.draw(text, 7, kernel)
    full = case.hessian()
    target = tuple(sorted(case.landscape.structure.target.items()))
    tried = 0
    for component in decompose(case.pattern).components:
        right = plan_block(case.pattern, target, component)
        for wrong in make(right):
            tried += 1

            def plan(
                pattern: Pattern,
                target: tuple[tuple[str, Fraction], ...],
                asked: Component,
                wrong: BlockPlan = wrong,
            ) -> BlockPlan:
                if asked == wrong.component:
                    return wrong
                return plan_block(pattern, target, asked)

            monkeypatch.setattr(blocks_module, "plan_block", plan)

            assert largest_error(case, full) > TOLERANCE

    assert tried


def test_wrong_signs_and_factors_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A radial part, a slope or a square that is off by a factor."""
    case = Case.draw("1+(k-1)", 7, Monomial(3))
    full = case.hessian()
    kernel = case.landscape.kernel

    def doubled(name: str) -> Callable[..., Any]:
        right = getattr(type(kernel), name)

        def wrong(*args: Any) -> Any:
            found = right(*args)
            if isinstance(found, tuple):
                return tuple(
                    2 * x if not isinstance(x, tuple) else (2 * x[0], x[1])
                    for x in found
                )
            return 2 * found

        return wrong

    for name in ("own_first", "own_second", "first", "squares"):
        with monkeypatch.context() as patch:
            patch.setattr(Monomial, name, doubled(name))

            assert largest_error(case, full) > TOLERANCE
    assert largest_error(case, full) < TOLERANCE
