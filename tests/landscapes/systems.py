"""Every number system, with a check of first and of second derivatives in it.

A check compares the derivatives that the kernel states with those that jets find by the
rules of differentiation, gradient from loss and Hessian from gradient.  So it fails in
a number system if the kernel's statement is changed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol, TypeAlias

import numpy as np
import sympy
from flint import arb
from mpmath import MPContext

from symcrit.arith.arrays import FLOAT_ARRAYS, ArrayNumbers, ObjectArrays, arrays_over
from symcrit.arith.balls import BALLS
from symcrit.arith.floats import FLOATS
from symcrit.arith.jets import Jet, Jets
from symcrit.arith.laurent import Domain, Expansions, Series, retry_in_larger_domain
from symcrit.arith.multiprecision import Multiprecision
from symcrit.arith.precision import working_precision
from symcrit.arith.protocol import AnyNumbers, Site
from symcrit.arith.symbols import Symbols, real_symbol, size_symbol
from symcrit.landscapes.full import Full
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Kernel, Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.patterns import Pattern

__all__ = [
    "RATIONALS",
    "SYSTEMS",
    "Rationals",
    "System",
    "contexts",
    "evaluate",
    "generic_point",
    "landscape",
]

PATTERNS = ("1+(k-1)", "2+(k-2)")
K = 7
PREC = 160


class Rationals:
    """The rational numbers, for kernels that need neither roots nor pi."""

    @property
    def pi(self) -> Fraction:
        """There is none."""
        raise NotImplementedError

    def exact(self, value: int | Fraction) -> Fraction:
        """The number itself."""
        return Fraction(value)

    def root(self, x: Fraction, site: Site) -> Fraction:
        """There is none."""
        raise NotImplementedError

    def angle(self, s: Fraction, c: Fraction, site: Site) -> Fraction:
        """There is none."""
        raise NotImplementedError


RATIONALS = Rationals()


def contexts(*digits: int) -> list[Any]:
    """Fresh mpmath contexts of some numbers of digits."""
    found = []
    for n in digits:
        context = MPContext()
        context.dps = n
        found.append(context)
    return found


def generic_point(n: int, seed: int = 1) -> list[Fraction]:
    """Rational numbers in general position, none zero and no two equal."""
    random = np.random.default_rng(seed)
    numerators = random.choice(np.arange(1, 90), size=n, replace=False)
    signs = random.choice([-1, 1], size=n)
    return [
        Fraction(int(sign * top), 53)
        for sign, top in zip(signs, numerators, strict=True)
    ]


def landscape(text: str, kernel: Kernel) -> Landscape:
    """The landscape of a pattern with the identity as target."""
    return Landscape(kernel, Structure.build(Pattern.parse(text)))


Agree: TypeAlias = Callable[[Sequence[Any], Sequence[Any]], bool]


class System(Protocol):
    """A number system that can check the derivatives of the ReLU landscape in it."""

    def check_gradient(self) -> None:
        """The gradient is the derivative of the loss, or AssertionError."""
        ...

    def check_hessian(self) -> None:
        """The Hessian is the derivative of the gradient, or AssertionError."""
        ...


@dataclass(frozen=True)
class ReducedSystem:
    """A number system in which reduced landscapes are evaluated.

    Attributes:
        run: call an action with the number system.
        point: the parameters of a pattern in it.
        size: k in it.
        agree: whether two lists are the same as far as their numbers are known.
    """

    run: Callable[[Callable[[Any], None]], None]
    point: Callable[[Any, Pattern], list[Any]]
    size: Callable[[Any], Any]
    agree: Agree

    def _cases(self, lib: Any) -> Iterator[tuple[Landscape, list[Any], Any]]:
        for text in PATTERNS:
            land = landscape(text, Relu())
            yield land, self.point(lib, land.structure.pattern), self.size(lib)

    def check_gradient(self) -> None:
        """The gradient is the derivative of the loss, or AssertionError."""

        def action(lib: AnyNumbers) -> None:
            for land, point, k in self._cases(lib):
                found = land.at(lib, point, {"k": k})
                jets, moving = _moving(lib, land.structure.pattern.names, point)
                loss = land.at(jets, moving, {"k": jets.constant(k)}).loss()
                counts = [found.grams.count(count) for count in land.orbit_counts]
                expected = [jets.slope(loss, name) for name in _names(land)]
                pairs = zip(found.gradient(), counts, strict=True)
                assert self.agree([count * x for x, count in pairs], expected)

        self.run(action)

    def check_hessian(self) -> None:
        """The Hessian is the derivative of the gradient, or AssertionError."""

        def action(lib: AnyNumbers) -> None:
            for land, point, k in self._cases(lib):
                found = land.at(lib, point, {"k": k}).hessian()
                jets, moving = _moving(lib, land.structure.pattern.names, point)
                gradient = land.at(jets, moving, {"k": jets.constant(k)}).gradient()
                expected = [
                    jets.slope(x, name) for x in gradient for name in _names(land)
                ]
                assert self.agree([x for row in found for x in row], expected)

        self.run(action)


def _names(land: Landscape) -> tuple[str, ...]:
    return land.structure.pattern.names


def _moving(
    lib: AnyNumbers, names: Sequence[str], point: Sequence[Any]
) -> tuple[Jets[Any], list[Jet[Any]]]:
    jets = Jets(lib)
    return jets, jets.variables(zip(names, point, strict=True))


@dataclass(frozen=True)
class FullSystem:
    """A number system of arrays, in which matrices of weights are evaluated.

    Attributes:
        arrays: the number system.
        base: the number system of the entries.
        agree: whether two lists are the same as far as their numbers are known.
    """

    arrays: ArrayNumbers
    base: AnyNumbers
    agree: Agree

    def _matrices(self) -> tuple[Any, list[list[Any]], list[list[Jet[Any]]], Jets[Any]]:
        numbers = generic_point(9, seed=5)
        rows = [
            [self.base.exact(numbers[3 * i + p]) for p in range(3)] for i in range(3)
        ]
        jets = Jets(self.base)
        moving = [
            [jets.variable(x, f"{3 * i + p}") for p, x in enumerate(row)]
            for i, row in enumerate(rows)
        ]
        full = Full(rows, np.eye(3, dtype=int), numbers=self.arrays)
        return full, rows, moving, jets

    def check_gradient(self) -> None:
        """The gradient is the derivative of the loss, or AssertionError."""
        full, _, moving, jets = self._matrices()
        loss = Full(moving, np.eye(3, dtype=int), numbers=ObjectArrays(jets)).loss()
        expected = [jets.slope(loss, f"{i}") for i in range(9)]
        assert self.agree(full.gradient().ravel(), expected)

    def check_hessian(self) -> None:
        """The Hessian is the derivative of the gradient, or AssertionError."""
        full, _, moving, jets = self._matrices()
        numbers = ObjectArrays(jets)
        gradient = Full(moving, np.eye(3, dtype=int), numbers=numbers).gradient()
        expected = [jets.slope(x, f"{i}") for x in gradient.ravel() for i in range(9)]
        assert self.agree(full.hessian().ravel(), expected)


def _exact_point(lib: Any, pattern: Pattern) -> list[Any]:
    return [lib.exact(x) for x in generic_point(len(pattern.parameters))]


def _symbolic_point(_: Any, pattern: Pattern) -> list[Any]:
    return [real_symbol(name) for name in pattern.names]


def _series_point(lib: Expansions, pattern: Pattern) -> list[Series]:
    """Diagonals 1 + 2 t^2, 1 + 3 t^2, ..., the rest t^2, 3/2 t^2, ..."""
    square = lib.t_power(2)
    return [
        (1 + (i + 2) * square)
        if q.kind == "d" or q.name == "a_1"
        else square * (i + 2) / 2
        for i, q in enumerate(pattern.parameters)
    ]


def _simply(lib: AnyNumbers) -> Callable[[Callable[[Any], None]], None]:
    return lambda action: action(lib)


def _at_precision(action: Callable[[Any], None]) -> None:
    with working_precision(PREC):
        action(BALLS)


def _in_growing_domain(action: Callable[[Any], None]) -> None:
    retry_in_larger_domain(Domain.start(8), lambda domain: action(Expansions(domain)))


def _near(tolerance: Any) -> Agree:
    return _each(lambda x, y: bool(abs(x - y) <= tolerance * (1 + abs(y))))


def _each(agree: Callable[[Any, Any], bool]) -> Agree:
    return lambda left, right: all(
        agree(x, y) for x, y in zip(left, right, strict=True)
    )


def _overlap(x: arb, y: arb) -> bool:
    return x.overlaps(y) and bool(x.rad() < arb(2) ** -40)


def _same_expressions(left: Sequence[Any], right: Sequence[Any]) -> bool:
    """Equal to forty digits at a point in general position."""
    every = [*left, *right]
    names = sorted({symbol.name for x in every for symbol in x.free_symbols})
    values = dict(zip(names, generic_point(len(names), seed=11), strict=True))
    numbers = [_MULTI.exact(K if name == "k" else values[name]) for name in names]
    found = evaluate(every, names, numbers)
    return _NEAR_MULTI(found[: len(left)], found[len(left) :])


def evaluate(
    expressions: Sequence[Any], names: Sequence[str], numbers: Sequence[Any]
) -> list[Any]:
    """The values of sympy expressions at mpmath numbers of one context."""
    used = {symbol.name: symbol for x in expressions for symbol in x.free_symbols}
    symbols = [used.get(name, real_symbol(name)) for name in names]
    context = numbers[0].context
    names_there = {name: getattr(context, name) for name in dir(context)}
    # Naming mpmath too makes sympy write rational numbers as quotients of mpf.
    modules = [names_there, "mpmath"]
    function = sympy.lambdify(symbols, expressions, modules=modules, cse=True)
    return list(function(*numbers))


def _same_series(x: Series, y: Series) -> bool:
    """No difference in at least three terms of x, or both exactly zero."""
    difference = x - y
    if difference.is_exact_zero:
        return True
    known = difference.prec
    return not difference.is_known and known is not None and known >= x.v + 3


_MULTI = Multiprecision(contexts(50)[0])
_NEAR_MULTI = _near(_MULTI.context.mpf(10) ** -40)

SYSTEMS: Mapping[str, System] = {
    "floats": ReducedSystem(
        _simply(FLOATS), _exact_point, lambda _: float(K), _near(1e-11)
    ),
    "multiprecision": ReducedSystem(
        _simply(_MULTI), _exact_point, lambda lib: lib.exact(K), _NEAR_MULTI
    ),
    "balls": ReducedSystem(
        _at_precision, _exact_point, lambda lib: lib.exact(K), _each(_overlap)
    ),
    "symbols": ReducedSystem(
        _simply(Symbols()),
        _symbolic_point,
        lambda _: size_symbol("k"),
        _same_expressions,
    ),
    "series": ReducedSystem(
        _in_growing_domain,
        _series_point,
        lambda lib: lib.t_power(-2),
        _each(_same_series),
    ),
    "arrays of floats": FullSystem(FLOAT_ARRAYS, FLOATS, _near(1e-11)),
    "arrays of mpmath numbers": FullSystem(arrays_over(_MULTI), _MULTI, _NEAR_MULTI),
    "arrays of balls": FullSystem(ObjectArrays(BALLS), BALLS, _each(_overlap)),
}
