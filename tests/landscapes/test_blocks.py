"""Mirror of symcrit/landscapes/blocks.py and plans.py.

The oracle is the Hessian of full size, stated once more here for the ReLU kernel and
for c^m, at generic points of the fixed space, where nothing vanishes by accident.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import pytest
import sympy
from flint import arb
from numpy.typing import NDArray

import symcrit
from symcrit.arith.balls import BALLS, ball_of
from symcrit.arith.floats import FLOATS
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.precision import working_precision
from symcrit.arith.symbols import Symbols, size_symbol
from symcrit.landscapes import blocks as blocks_module
from symcrit.landscapes.blocks import HessianBlock, hessian_blocks
from symcrit.landscapes.full import hessian
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Kernel, Monomial, Relu
from symcrit.landscapes.plans import BlockPlan, Row, Table, plan_block
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.components import Component, decompose
from symcrit.symmetry.matrices import block_sizes, embed, embed_target
from symcrit.symmetry.patterns import Pattern, Point

Floats: TypeAlias = NDArray[np.float64]

TOLERANCE = 1e-10
"""Ten digits, where entries and eigenvalues are of order one to a hundred."""

LARGEST_COEFFICIENT = 1000
"""First coefficients that the series of type II leave out are smaller than this."""

PATTERNS = {
    "k": {},
    "1+(k-1)": {},
    "(k-1)+1": {},
    "2+(k-2)": {},
    "3+(k-3)": {},
    "2*1+(k-2)": {},
    "n=d-1: rows 1,n,1 cols 1,n": {"d": 0},
    "n=k-1, m=d-k: rows 1,n cols 1,n,m target 1,n": {"d": 3},
    "n=k-2, m=d-k: rows 2*1,n cols 2*1,n,m target 2*1,n": {"d": 2},
    "n=k-1: rows 1,n,n cols 1,n": {},
    "2+3+(k-4)": {},
    "n=k-4, m=3: rows n,m cols m,n target m,n": {},
}
"""Patterns, with d - k where they contain d."""


@dataclass(frozen=True)
class Case:
    """A landscape at a generic point of the fixed space."""

    landscape: Landscape
    point: list[float]
    values: dict[str, int]

    @classmethod
    def draw(cls, text: str, k: int, kernel: Kernel) -> "Case":
        """The point is random, and the same in every run."""
        pattern = Pattern.parse(text)
        values = {"k": k, "d": k + PATTERNS[text].get("d", 0)}
        values = {name: values[name] for name in pattern.variables}
        target = None
        if "n,n cols" in text:
            target = {"m_1_1": Fraction(1), "d_2_2": Fraction(3, 2)}
        rng = np.random.default_rng(k)
        point = [float(x) for x in rng.normal(size=len(pattern.names))]
        return cls(Landscape(kernel, Structure.build(pattern, target)), point, values)

    @property
    def pattern(self) -> Pattern:
        """The pattern."""
        return self.landscape.structure.pattern

    @property
    def exact(self) -> dict[str, Fraction]:
        """The variables of the sizes as fractions."""
        return {name: Fraction(x) for name, x in self.values.items()}

    def blocks(self) -> list[HessianBlock[float]]:
        """The blocks, without what the sizes at hand are too small for."""
        variables = {name: float(x) for name, x in self.values.items()}
        at = self.landscape.at(FLOATS, self.point, variables)
        return hessian_blocks(at, decompose(self.pattern).at(self.exact))

    def matrices(self) -> tuple[Floats, Floats]:
        """W and V."""
        target = self.landscape.structure.target
        weights = embed(self.pattern, self.point, self.values)
        return (
            np.array(weights),
            np.array(embed_target(self.pattern, target, self.values), dtype=float),
        )

    def hessian(self) -> Floats:
        """The Hessian of full size, from the formulas of this file."""
        weights, target = self.matrices()
        kernel = self.landscape.kernel
        if isinstance(kernel, Monomial):
            return monomial_hessian(weights, target, kernel.degree)
        return relu_hessian(weights, target)


def relu_hessian(weights: Floats, target: Floats) -> Floats:
    """The Hessian of the ReLU loss by second derivatives in angle and norms.

    Source:
        Safran and Shamir, arXiv:1712.08968, for the blocks on the diagonal; the other
        blocks follow from the gradient by the same steps.
    """
    k, d = weights.shape
    result = np.zeros((k, d, k, d))
    for i, w in enumerate(weights):
        result[i, :, i, :] += np.eye(d) / 2
        for v in target:
            result[i, :, i, :] -= relu_same(w, v)
        for j, v in enumerate(weights):
            if j != i:
                result[i, :, i, :] += relu_same(w, v)
                result[i, :, j, :] += relu_mixed(w, v)
    return result.reshape(k * d, k * d)


def frame(w: Floats, v: Floats) -> tuple[Floats, Floats, float]:
    """Unit vectors along w and v, and their angle."""
    a, b = w / np.linalg.norm(w), v / np.linalg.norm(v)
    return a, b, float(np.arccos(a @ b))


def across(a: Floats, b: Floats) -> Floats:
    """The unit vector orthogonal to a towards b."""
    rest = b - (a @ b) * a
    return np.asarray(rest / np.linalg.norm(rest))


def relu_same(w: Floats, v: Floats) -> Floats:
    """The second derivative of kappa(w, v) by w."""
    a, b, angle = frame(w, v)
    n = across(a, b)
    scale = np.sin(angle) * np.linalg.norm(v) / (2 * np.pi * np.linalg.norm(w))
    return np.asarray(scale * (np.eye(len(w)) - np.outer(a, a) + np.outer(n, n)))


def relu_mixed(w: Floats, v: Floats) -> Floats:
    """The derivative of kappa(w, v) by w and by v."""
    a, b, angle = frame(w, v)
    turn = np.outer(a, b) + np.outer(across(a, b), across(b, a))
    matrix = (np.pi - angle) * np.eye(len(w)) + np.sin(angle) * turn
    return np.asarray(matrix / (2 * np.pi))


def monomial_hessian(weights: Floats, target: Floats, m: int) -> Floats:
    """The Hessian of the loss with kappa = c^m."""
    k, d = weights.shape
    result = np.zeros((k, d, k, d))
    for i, w in enumerate(weights):
        for j, v in enumerate(weights):
            c = w @ v
            curved = m * (m - 1) * c ** (m - 2)
            result[i, :, i, :] += curved * np.outer(v, v)
            result[i, :, j, :] += curved * np.outer(v, w)
            result[i, :, j, :] += m * c ** (m - 1) * np.eye(d)
        for v in target:
            result[i, :, i, :] -= m * (m - 1) * (w @ v) ** (m - 2) * np.outer(v, v)
    return result.reshape(k * d, k * d)


def written_out(case: Case, component: Component) -> Floats:
    """The adapted matrices of a component as rows."""
    pattern = case.pattern
    rows, columns = (
        [
            Point(b, i)
            for b, size in enumerate(block_sizes(pattern, blocks, case.values))
            for i in range(size)
        ]
        for blocks in (pattern.rows, pattern.columns)
    )
    return np.array(
        [
            [float(u.entry(pattern, i, p)) for i in rows for p in columns]
            for u in component.copies
        ]
    )


def largest_error(case: Case, full: Floats) -> float:
    """How far the blocks are from the quadratic form on the adapted matrices."""
    errors = []
    for block in case.blocks():
        u = written_out(case, block.component)
        entries = np.array(block.entries)
        # Entries of the kernel c^3 are of order a thousand.
        scale = max(1.0, float(np.abs(entries).max()))
        errors.append(np.abs(u @ full @ u.T - entries).max() / scale)
        errors.append(np.abs(u @ u.T - np.diag(block.norms)).max())
    return float(max(errors))


def eigenvalues(case: Case) -> Floats:
    """All eigenvalues from the blocks, each with its multiplicity, ascending."""
    found: list[float] = []
    for block in case.blocks():
        scale = np.sqrt(np.array(block.norms))
        values = np.linalg.eigvalsh(np.array(block.entries) / np.outer(scale, scale))
        times = block.component.multiplicity(case.exact)
        found += list(np.repeat(values, times))
    return np.sort(found)


kernels = pytest.mark.parametrize(
    "kernel", [Relu(), Monomial(3), Monomial(2)], ids=lambda kernel: kernel.name
)


@kernels
@pytest.mark.parametrize("text", PATTERNS)
def test_blocks_are_the_hessian_on_adapted_matrices(text: str, kernel: Kernel) -> None:
    """Entry by entry, against the Hessian of full size."""
    for k in (6, 7):
        case = Case.draw(text, k, kernel)

        assert largest_error(case, case.hessian()) < TOLERANCE


@pytest.mark.parametrize("k", range(6, 13))
@pytest.mark.parametrize("text", PATTERNS)
def test_all_eigenvalues_with_all_multiplicities(text: str, k: int) -> None:
    """As many as the full Hessian has, and equal to ten digits."""
    case = Case.draw(text, k, Relu())

    expected = np.linalg.eigvalsh(case.hessian())

    assert expected.shape == eigenvalues(case).shape
    assert np.abs(expected - eigenvalues(case)).max() < TOLERANCE


@pytest.mark.parametrize(("text", "k"), [("k", 2), ("k", 3), ("1+(k-1)", 3)])
def test_small_sizes(text: str, k: int) -> None:
    """Where components and copies are lost, nothing else is."""
    case = Case.draw(text, k, Relu())

    expected = np.linalg.eigvalsh(case.hessian())

    assert expected.shape == eigenvalues(case).shape
    assert np.abs(expected - eigenvalues(case)).max() < TOLERANCE


def test_the_formulas_of_this_file_against_the_package() -> None:
    """Two statements of the full Hessian agree."""
    for kernel in (Relu(), Monomial(3)):
        case = Case.draw("2+(k-2)", 6, kernel)
        weights, target = case.matrices()

        found = hessian(weights, target, kernel=kernel)

        assert np.abs(case.hessian() - found).max() < TOLERANCE


@kernels
@pytest.mark.parametrize("text", PATTERNS)
def test_the_trivial_block_is_the_reduced_hessian(text: str, kernel: Kernel) -> None:
    """Up to the sizes of the orbits, and in balls."""
    case = Case.draw(text, 9, kernel)
    land = case.landscape
    variables = {name: arb(x) for name, x in case.values.items()}
    with working_precision(128):
        at = land.at(BALLS, [arb(x) for x in case.point], variables)
        block = hessian_blocks(at)[0]
        for count, row, entries in zip(
            land.orbit_counts, at.hessian(), block.entries, strict=True
        ):
            for x, y in zip(row, entries, strict=True):
                expected = at.grams.count(count) * x

                assert expected.overlaps(y)
                assert y.rad() < 1e-25


# ------------------------------------------------------------- breaking it on purpose


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


# ------------------------------------------------------------------- parallel vectors


def test_a_split_neuron_has_the_limit_of_the_hessian() -> None:
    """Two parallel neurons, declared so: the limit of nearly parallel ones."""
    pattern = Pattern.parse("n=d-1: rows 1,n,1 cols 1,n")
    structure = Structure.build(pattern, parallel={"w1.w3": 1})
    point = [-0.3, 0.1, 0.2, 1.1, 0.05, -0.6, 0.2]
    case = Case(Landscape(Relu(), structure), point, {"d": 6})
    weights, target = case.matrices()
    full = hessian(weights, target, parallel={(0, 6): 1})

    assert largest_error(case, full) < TOLERANCE

    nearby = weights.copy()
    nearby[6, 1] += 1e-9
    limit = relu_hessian(nearby, target)

    assert np.abs(full - limit).max() < 1e-7


identities = pytest.mark.parametrize(
    ("text", "parallel"),
    [
        ("k", {"w1.v1=": 1}),
        pytest.param("1+(k-1)", {"w1.v1": 1, "w2.v2=": 1}, marks=pytest.mark.slow),
        pytest.param("2+(k-2)", {"w1.v1=": 1, "w2.v2=": 1}, marks=pytest.mark.slow),
        pytest.param("3+(k-3)", {"w1.v1=": 1, "w2.v2=": 1}, marks=pytest.mark.slow),
    ],
)
"""Diagonal patterns, with the pairs that are parallel at the global minimum."""


def global_minimum(text: str, parallel: dict[str, int]) -> tuple[Landscape, list[int]]:
    """The landscape, and the parameters of the identity matrix."""
    pattern = Pattern.parse(text)
    land = Landscape(Relu(), Structure.build(pattern, parallel=parallel))
    return land, [int(name.startswith("a")) for name in pattern.names]


@identities
def test_the_exact_spectrum_at_the_global_minimum(
    text: str, parallel: dict[str, int]
) -> None:
    """Characteristic polynomials and multiplicities, identically in k and in pi.

    Source:
        The four factors are those of the full Hessian at W = V = I; found by Safran,
        Yehudai and Shamir, arXiv:2006.01005, and by Arjevani and Field.
    """
    k, x, pi = size_symbol("k"), sympy.Symbol("x"), sympy.pi
    land, point = global_minimum(text, parallel)
    at = land.at(Symbols(), [sympy.Integer(a) for a in point], {"k": k})
    found: dict[Any, Any] = {}
    for block in hessian_blocks(at):
        matrix = sympy.Matrix(block.entries) - x * sympy.diag(*block.norms)
        polynomial = sympy.together(sympy.expand(matrix.det(method="berkowitz")))
        for factor, times in sympy.factor_list(sympy.numer(polynomial), x)[1]:
            monic = sympy.Poly(factor, x).monic().as_expr()
            dimension = sympy.sympify(str(block.component.dimension), {"k": k})
            found[monic] = found.get(monic, 0) + times * dimension

    expected = {
        x - (sympy.Rational(1, 4) - 1 / (2 * pi)): k * (k - 1) / 2,
        x - (sympy.Rational(1, 4) + 1 / (2 * pi)): k * (k - 3) / 2,
        x**2
        + (-(8 * pi**2 + 4 * k * pi**2) * x + k * pi**2 + pi**2 + 4 * pi - 4)
        / (16 * pi**2): k - 1,
        (x - (k * pi + 2 * k + 2 * pi) / (8 * pi)) ** 2
        - (k**2 * (pi - 2) ** 2 + 16 * (k - 1) * (pi - 1)) / (8 * pi) ** 2: 1,
    }

    def normal(table: dict[Any, Any]) -> dict[Any, Any]:
        return {
            tuple(sympy.simplify(c) for c in sympy.Poly(f, x).all_coeffs()): (
                sympy.expand(times)
            )
            for f, times in table.items()
        }

    assert normal(expected) == normal(found)


@identities
def test_the_global_minimum_in_series_is_a_laurent_polynomial(
    text: str, parallel: dict[str, int]
) -> None:
    """Over Q(pi) with k = t^-2 nothing is cut off, and balls at k = 1000 agree."""
    land, point = global_minimum(text, parallel)
    lib = Expansions(Domain.start(40))
    at = land.at(lib, [lib.exact(a) for a in point], {"k": lib.t_power(-2)})
    k = arb(1000)
    balls = land.at(BALLS, [arb(a) for a in point], {"k": k})
    for exact, block in zip(hessian_blocks(at), hessian_blocks(balls), strict=True):
        for row, entries in zip(exact.entries, block.entries, strict=True):
            for series, ball in zip(row, entries, strict=True):
                value = arb(0)
                for n, c in series.known_coefficients():
                    value += c.ball(128) * k.sqrt() ** (-n)

                assert series.prec is None
                assert value.overlaps(ball)


# -------------------------------------------------------------------- number systems


def test_balls_contain_what_higher_precision_gives() -> None:
    """Two precisions overlap, and the wider contains the narrower in most digits."""
    case = Case.draw("2+(k-2)", 9, Relu())

    def at(prec: int) -> list[HessianBlock[arb]]:
        with working_precision(prec):
            point = [ball_of(Fraction(x)) for x in case.point]
            return hessian_blocks(case.landscape.at(BALLS, point, {"k": arb(9)}))

    for rough, fine in zip(at(64), at(256), strict=True):
        for row, others in zip(rough.entries, fine.entries, strict=True):
            for x, y in zip(row, others, strict=True):
                assert x.contains(y)
                assert y.rad() < arb(2) ** -230


def test_blocks_in_series_are_right_to_their_order() -> None:
    """Along type II, against balls at the truncated point with k = 10^10."""
    family = symcrit.family("II")
    found = family.expansion(8)

    def action(domain: Domain) -> list[HessianBlock[Series]]:
        lib = Expansions(domain)
        point = [found[name].in_domain(domain) for name in family.names]
        at = family.landscape.at(lib, point, {"k": lib.t_power(-2)})
        return hessian_blocks(at)

    domain = found[family.names[0]].domain
    for name in family.names:
        domain = domain.joined(found[name].domain)
    blocks, _ = retry_in_larger_domain(domain.with_length(12), action)
    with working_precision(600):
        k = arb(10) ** 10
        t = 1 / k.sqrt()

        def power(n: int) -> arb:
            return t**n if n >= 0 else k.sqrt() ** (-n)

        def value(series: Series) -> arb:
            terms = series.known_coefficients()
            return sum((c.ball(600) * power(n) for n, c in terms), arb(0))

        point = [value(found[name]) for name in family.names]
        balls = hessian_blocks(family.landscape.at(BALLS, point, {"k": k}))
        for block, other in zip(blocks, balls, strict=True):
            for row, entries in zip(block.entries, other.entries, strict=True):
                for series, ball in zip(row, entries, strict=True):
                    assert series.prec is not None
                    assert series.prec >= 2
                    error = abs(value(series) - ball)
                    assert error < LARGEST_COEFFICIENT * power(series.prec)


def test_the_same_text_serves_huge_sizes() -> None:
    """At k = 10^12 the blocks of a wide ball of k contain those of its points."""
    pattern = Pattern.parse("1+(k-1)")
    land = Landscape(Relu(), Structure.build(pattern))
    with working_precision(200):
        k = arb(10) ** 12
        point = [arb(-1), 1 / k, 2 / k, arb(1) + 3 / k, -1 / k]
        wide = arb(k, 1)
        narrow = hessian_blocks(land.at(BALLS, point, {"k": k}))
        whole = hessian_blocks(land.at(BALLS, point, {"k": wide}))
        for inner, outer in zip(narrow, whole, strict=True):
            for row, others in zip(inner.entries, outer.entries, strict=True):
                for x, y in zip(row, others, strict=True):
                    assert y.contains(x)
