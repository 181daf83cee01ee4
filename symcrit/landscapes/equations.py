r"""Reduced equations as a mathematician writes them.

The loss and the gradient are those of every other number system, evaluated at symbols.
Norms, inner products, sines and angles keep names, and so does the factor that a neuron
has in its own equations, so that a line stays a line whatever the pattern.

Names: ``N_w1`` is the squared norm of a neuron of the first block, ``c``, ``s`` and
``theta`` are inner product, s = sqrt(N N' - c^2) and angle of a pair, and ``rho_w1`` is
the factor of a neuron of the first block.  Where both vectors of a pair belong to one
symmetric group, a prime tells a different place in it: ``w2_v2`` is a neuron with its
own target, ``w2_v2prime`` with another one.

Derivations: derivations/reduced.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

import sympy

from symcrit.arith.symbols import (
    NamedSymbols,
    expand_definitions,
    real_symbol,
    size_symbol,
)
from symcrit.landscapes.gram import Pair, PairGrams, Structure
from symcrit.landscapes.kernels import Gram
from symcrit.symmetry.patterns import Count

__all__ = [
    "NamedGrams",
    "ReducedEquations",
    "named_radial",
    "write_equations",
]

Expr: TypeAlias = Any


@dataclass(frozen=True)
class ReducedEquations:
    """The equations of the critical points in a fixed space; prints as LaTeX.

    Attributes:
        parameters: the symbols of the parameters.
        equations: expressions that vanish exactly at the critical points, one for each
            orbit of entries.
        factor: the gradient of the loss by the entries of an orbit is ``factor`` times
            its equation.
        loss: the loss.
        definitions: what each name stands for, in terms of parameters and of earlier
            names.
        orbit_sizes: the number of entries of W on each orbit.
        latex_names: how the symbols are set in LaTeX.

    All are sympy expressions.  Names stand for norms, inner products, sines s, angles
    theta (in radians, from 0 to pi) and factors, as the module says.

    Example:
        >>> import symcrit
        >>> found = symcrit.landscape(kernel="c^2", pattern="k").reduced_equations()
        >>> found.parameters, found.factor
        ((a_1, o_1), 2)
        >>> found.equations[1]
        N_w1*o_1 + c_w1_w1prime*(a_1 + o_1*(k - 2)) - o_1
        >>> found.written_out(found.equations)[0]
        a_1*(a_1**2 + o_1**2*(k - 1)) - a_1 + o_1*(k - 1)*(2*a_1*o_1 + o_1**2*(k - 2))
        >>> print(found.latex(found.parameters[0]), found.orbit_sizes)
        a_{1} (k, k*(k - 1))

    Source:
        derivations/reduced.md, loss and gradient.
    """

    parameters: tuple[Expr, ...]
    equations: tuple[Expr, ...]
    factor: Expr
    loss: Expr
    definitions: Mapping[Expr, Expr]
    orbit_sizes: tuple[Expr, ...]
    latex_names: Mapping[Expr, str]

    @property
    def gradient(self) -> tuple[Expr, ...]:
        """The entries of the gradient, one for each orbit."""
        return tuple(self.factor * equation for equation in self.equations)

    def written_out(self, expressions: Sequence[Expr]) -> list[Expr]:
        """The expressions in parameters and sizes only, all names replaced.

        Args:
            expressions: such as ``equations``, or a list with ``loss`` in it.
        """
        return expand_definitions(expressions, dict(self.definitions))

    def latex(self, expression: Expr) -> str:
        """An expression in LaTeX, without dollar signs.

        Args:
            expression: in the symbols of the equations.
        """
        names = dict(self.latex_names)
        return str(sympy.latex(expression, symbol_names=names, inv_trig_style="full"))

    def statements(self) -> Iterator[tuple[str, list[str]]]:
        """Definitions, loss, equations: the left side and the terms of the right one.

        All in LaTeX.  The loss has the left side L, an equation the left side 0.
        """
        for symbol, value in self.definitions.items():
            yield self.latex(symbol), self._terms(value)
        yield "L", self._terms(self.loss)
        for equation in self.equations:
            yield "0", self._terms(equation)

    def _terms(self, expression: Expr) -> list[str]:
        return [self.latex(term) for term in expression.as_ordered_terms()]

    def _repr_latex_(self) -> str:
        lines = [
            f"{left} &= {' + '.join(terms).replace('+ - ', '- ')}"
            for left, terms in self.statements()
        ]
        body = " \\\\\n".join(lines)
        return f"$$\\begin{{aligned}}\n{body}\n\\end{{aligned}}$$"


class NamedGrams(PairGrams[Expr]):
    """Gram data at symbolic parameters and sizes, every longer expression named.

    Attributes:
        names: the number system, which keeps the names.
    """

    def __init__(self, structure: Structure) -> None:
        pattern = structure.pattern
        self.sites = {pair.label: _site(structure, pair) for pair in structure.pairs}
        self.names = NamedSymbols(self.sites)
        point = [real_symbol(name) for name in pattern.names]
        variables = {name: size_symbol(name) for name in sorted(pattern.variables)}
        super().__init__(structure, self.names, point, variables)
        self.norms = {
            (kind, block): self.names.name(
                norm, "N", "N", f"{kind}{block + 1}", positive=True
            )
            for (kind, block), norm in self.norms.items()
        }

    def gram(self, pair: Pair) -> Gram[Expr]:
        """The Gram data of an orbit of pairs."""
        gram = super().gram(pair)
        inner = self.names.name(gram.c, "c", "c", pair.label)
        return replace(gram, c=inner, s2=_tidy(gram.s2, sympy.factor))


def _site(structure: Structure, pair: Pair) -> str:
    """The two vectors, such as ``w1.v2``, with a prime as the module says."""
    first, second = pair.label.removesuffix("=").split(".")
    rows = {"w": structure.pattern.rows, "v": structure.pattern.targets}
    group, other = (
        rows[kind][block].group
        for kind, block in zip(pair.kinds, pair.blocks, strict=True)
    )
    different = group is not None and group == other and pair.label[-1] != "="
    return f"{first}.{second}{'prime' if different else ''}"


class _Evaluated(Protocol):
    """A landscape evaluated at named Gram data."""

    def data(self, pair: Pair) -> tuple[Gram[Expr], Any]:
        """Gram data and kernel frame of an orbit of pairs."""
        ...

    def loss(self) -> Expr:
        """The loss."""
        ...

    def gradient(self) -> list[Expr]:
        """The gradient, by orbits."""
        ...

    def radial(self, block: int) -> Expr:
        """Half the factor of w in the gradient at a neuron w of a block."""
        ...


def write_equations(
    at: _Evaluated, grams: NamedGrams, orbit_counts: Sequence[Count]
) -> ReducedEquations:
    """The reduced equations of a landscape.

    Args:
        at: the landscape evaluated at ``grams``.
        grams: named Gram data.
        orbit_counts: the number of entries on each orbit.
    """
    pattern, names = grams.structure.pattern, grams.names
    loss, gradient = at.loss(), at.gradient()
    for index, parameter in enumerate(pattern.parameters):
        x = grams.point[index]
        radial, named = at.radial(parameter.row), named_radial(at, grams, parameter.row)
        gradient[index] = gradient[index] - 2 * radial * x + 2 * named * x
    factor = _content(
        [term for entry in gradient for term in sympy.Add.make_args(entry)]
    )
    return ReducedEquations(
        parameters=tuple(grams.point),
        equations=tuple(_divided(entry, factor) for entry in gradient),
        factor=factor,
        loss=_tidy_loss(loss, set(grams.variables.values())),
        definitions=_with_arc_cosines(at, grams),
        orbit_sizes=tuple(sympy.factor(grams.count(count)) for count in orbit_counts),
        latex_names=names.latex_names | _parameter_latex(grams),
    )


def named_radial(at: "_Evaluated", grams: NamedGrams, block: int) -> Expr:
    """Half the factor of w in the gradient at a neuron w, in terms of its name."""
    content, bracket = _primitive(2 * at.radial(block))
    bracket = sympy.collect(bracket, 1 / grams.norms["w", block], evaluate=True)
    rho = grams.names.name(bracket, "rho", r"\rho", f"w{block + 1}")
    return content * rho / 2


def _with_arc_cosines(at: _Evaluated, grams: NamedGrams) -> dict[Expr, Expr]:
    """The definitions, angles as in print: arccos of c over the product of norms."""
    definitions = dict(grams.names.definitions)
    for pair in grams.structure.pairs:
        gram, frame = at.data(pair)
        if frame.theta in definitions:
            cosine = gram.c / sympy.sqrt(gram.a * gram.b)
            definitions[frame.theta] = sympy.acos(cosine)
    return definitions


def _parameter_latex(grams: NamedGrams) -> dict[Expr, str]:
    """``m_{12}`` for ``m_1_2``; a comma between numbers of two digits."""
    found = {}
    for symbol in grams.point:
        stem, *numbers = symbol.name.split("_")
        comma = "," if any(len(number) > 1 for number in numbers) else ""
        found[symbol] = f"{stem}_{{{comma.join(numbers)}}}"
    return found


def _tidy(expression: Expr, tidy: Callable[[Expr], Expr]) -> Expr:
    """Tidy every term, then let equal terms meet."""
    return sympy.Add(*(tidy(term) for term in sympy.Add.make_args(expression)))


def _tidy_loss(loss: Expr, sizes: set[Expr]) -> Expr:
    """Tidy the terms, and factor what does not depend on the neurons."""
    constant = [x for x in sympy.Add.make_args(loss) if x.free_symbols <= sizes]
    target = sympy.Add(*constant)
    return _tidy(loss - target, sympy.factor_terms) + sympy.factor(target)


def _content(terms: Sequence[Expr]) -> Expr:
    """The greatest rational number and power of pi that divide all terms."""
    rationals, powers = [], []
    for term in terms:
        rational, rest = term.as_coeff_Mul()
        rationals.append(abs(rational))
        powers.append(rest.as_powers_dict().get(sympy.pi, 0))
    return sympy.gcd_list(rationals) * sympy.pi ** min(powers)


def _divided(expression: Expr, content: Expr) -> Expr:
    return _tidy(expression, lambda term: sympy.factor_terms(term / content))


def _primitive(expression: Expr) -> tuple[Expr, Expr]:
    content = _content(sympy.Add.make_args(expression))
    return content, _divided(expression, content)
