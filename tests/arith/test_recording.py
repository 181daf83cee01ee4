"""Mirror of symcrit/arith/recording.py."""

import operator
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from symcrit.arith.exact import Exact
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.protocol import AnyNumbers
from symcrit.arith.recording import Node, Recorder, Replay
from symcrit.core.errors import UndecidedError
from symcrit.landscapes.kernels import kernel_named
from tests.landscapes.systems import landscape

NAMES = ("x", "y", "z")
LONG = 24


def variables(lib: Expansions, precs: Mapping[str, int | None]) -> dict[str, Series]:
    """Three series with valuations 0, 1 and -1, known to given orders."""
    two_over_pi = Exact.rational(2) / Exact.pi()
    terms = {
        "x": [(n, two_over_pi.power(n) * Fraction(1, n + 1)) for n in range(9)],
        "y": [(n, Exact.rational(3 - n) + Exact.pi()) for n in range(1, 7)],
        "z": [(-1, Exact.pi()), (1, Exact.rational(-1)), (4, two_over_pi)],
    }
    return {
        name: lib.from_coefficients(found, precs.get(name))
        for name, found in terms.items()
    }


LEAVES = st.sampled_from([*NAMES, 0, 1, Fraction(-2, 3), "pi"])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.tuples(st.sampled_from(["root", "angle"]), inner),
    ),
    max_leaves=8,
)
OPERATIONS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def value(tree: Any, lib: AnyNumbers, known: Mapping[str, Any]) -> Any:
    """The value of a tree in a number system."""
    match tree:
        case "pi":
            return lib.pi
        case str():
            return known[tree]
        case int() | Fraction():
            return lib.exact(tree)
        case "root", inner:
            x = value(inner, lib, known)
            return lib.root(x * x, "a site")
        case "angle", inner:
            x = value(inner, lib, known)
            return lib.angle(lib.exact(1) + x * x, known["y"], "a site")
        case symbol, left, right:
            return OPERATIONS[symbol](value(left, lib, known), value(right, lib, known))
    raise AssertionError(tree)


def agree(one: Series, other: Series) -> bool:
    """Whether two series have the same coefficients where both are known."""
    precs = [x.prec for x in (one, other) if x.prec is not None]
    end = min(precs, default=LONG)
    return all(
        one.coefficient(n) == other.coefficient(n)
        for n in range(min(one.v, other.v), end)
    )


@given(
    tree=TREES, precs=st.lists(st.none() | st.integers(5, 9), min_size=3, max_size=3)
)
def test_a_replay_gives_what_the_formula_gives(
    tree: Any, precs: list[int | None]
) -> None:
    """Record and replay, or evaluate at once: twice, with and without an order."""
    recorder = Recorder()
    try:
        node = value(tree, recorder, {name: recorder.variable(name) for name in NAMES})
    except ZeroDivisionError:
        assume(False)
    replay = Replay(recorder)

    def action(domain: Domain) -> tuple[Series, Series, Series]:
        lib = Expansions(domain)
        known = variables(lib, dict(zip(NAMES, precs, strict=True)))
        direct = value(tree, lib, known)
        (full,) = replay.evaluate(lib, known, [(node, None)])
        order = 5 if full.prec is None else min(5, full.prec)
        (short,) = replay.evaluate(lib, known, [(node, order)])
        assert short.prec is None or short.prec >= order
        return direct, full, short

    try:
        (direct, full, short), _ = retry_in_larger_domain(Domain.start(LONG), action)
    except UndecidedError:
        assume(False)

    assert agree(direct, full)
    assert agree(full, short)


@pytest.mark.parametrize("name", ["relu", "c^3"])
def test_a_landscape_keeps_its_orders(name: str) -> None:
    """Gradient, loss and Hessian over a box: no order is lost by recording."""
    land = landscape("1+(k-1)", kernel_named(name))
    names = land.structure.pattern.names
    limit = {"a_1": -1, "a_2": 1}
    recorder = Recorder()
    point = [recorder.variable(name) for name in names]
    at = land.at(recorder, point, {"k": recorder.variable("k", short=True)})
    nodes = [*at.gradient(), at.loss(), *(x for row in at.hessian() for x in row)]
    replay = Replay(recorder)

    def action(domain: Domain) -> tuple[list[Series], list[Series]]:
        lib = Expansions(domain)
        known = {
            name: lib.from_coefficients(
                [(0, Exact.rational(limit.get(name, 0))), (2 + i % 2, Exact.pi())], 9
            )
            for i, name in enumerate(names)
        }
        k = lib.t_power(-2)
        now = land.at(lib, list(known.values()), {"k": k})
        direct = [
            *now.gradient(),
            now.loss(),
            *(x for row in now.hessian() for x in row),
        ]
        wanted = [(node, None) for node in nodes]
        return direct, replay.evaluate(lib, {**known, "k": k}, wanted)

    (direct, replayed), _ = retry_in_larger_domain(Domain.start(LONG), action)

    for x, y in zip(direct, replayed, strict=True):
        assert agree(x, y)
        assert y.is_exact_zero or (y.prec or LONG) >= (x.prec or LONG)


def test_what_is_not_wanted_is_not_computed() -> None:
    """A division by a series that may be zero does not matter to its neighbour."""
    recorder = Recorder()
    x, unknown = recorder.variable("x"), recorder.variable("unknown")
    good, bad = x * x, x / unknown
    lib = Expansions(Domain.start(8))
    known = {"x": lib.t_power(1), "unknown": lib.big_o(3)}
    replay = Replay(recorder)

    (found,) = replay.evaluate(lib, known, [(good, None)])

    assert found.v == 2
    with pytest.raises(UndecidedError):
        replay.evaluate(lib, known, [(good, None), (bad, None)])


def test_no_term_beyond_the_order_is_computed() -> None:
    """All operands are cut to what the product needs."""
    recorder = Recorder()
    node = recorder.variable("x") * recorder.variable("y")
    lib = Expansions(Domain.start(LONG))
    known = variables(lib, {})
    replay = Replay(recorder)
    replay.evaluate(lib, known, [(node, None)])

    (found,) = replay.evaluate(lib, known, [(node, 4)])

    assert found.prec == 4
    assert replay.length([(node, 4)]) == 3
    assert replay.length([(node, None)]) is None


def test_sums_of_quotients_have_one_division() -> None:
    """Also with short factors before them, and other terms between them."""
    recorder = Recorder()
    x, y, z = (recorder.variable(name) for name in NAMES)
    k = recorder.variable("k", short=True)

    total = z + x / y - (k - 1) * ((y / 2) / (4 * recorder.pi) / y) + 3 * (z / y)

    assert long_divisions(recorder, total) == 1
    assert long_divisions(recorder, x / y + x / z) == 2


def long_divisions(recorder: Recorder, node: Node) -> int:
    """The number of divisions by what is not short, in what the node needs."""
    needed, found = {node.number}, 0
    for number in reversed(range(node.number + 1)):
        if number in needed:
            step = recorder.steps[number]
            needed.update(step.operands)
            found += (
                step.kind == "divide" and not recorder.steps[step.operands[1]].short
            )
    return found


def test_equal_operations_are_one_node() -> None:
    """Zeros and ones disappear."""
    recorder = Recorder()
    x, y = recorder.variable("x"), recorder.variable("y")

    assert (x * y).number == (y * x).number
    assert (x + y).number == (y + x).number
    assert (1 * x + 0).number == x.number
    assert recorder.steps[(0 * x + 2 * recorder.exact(3)).number].detail == 6
    with pytest.raises(ZeroDivisionError):
        _ = x / (recorder.exact(1) - 1)


@pytest.mark.parametrize("order", [-3, 0, 2])
def test_an_exact_zero_that_is_none_any_more(order: int) -> None:
    """The orders that are wanted are met, though they were planned with the zero."""
    recorder = Recorder()
    x, y, z = (recorder.variable(name) for name in NAMES)
    nodes = [x * y, (x * z) * (x * y), z / (z + x * y)]
    lib = Expansions(Domain.start(LONG))
    steep = lib.t_power(-4) + lib.pi + lib.t_power(3)
    before = {"x": lib.exact(0), "y": steep, "z": steep}
    replay = Replay(recorder)
    replay.evaluate(lib, before, [(node, None) for node in nodes])

    after = {**before, "x": lib.big_o(9)}
    found = replay.evaluate(lib, after, [(node, order) for node in nodes])

    for value in found:
        assert value.prec == order
