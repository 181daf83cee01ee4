"""Mirror of symcrit/landscapes/equations.py."""

import re

import pytest
import sympy

from symcrit.arith.multiprecision import Multiprecision
from symcrit.arith.symbols import Symbols, size_symbol
from symcrit.landscapes.equations import ReducedEquations
from symcrit.landscapes.gram import Structure
from symcrit.landscapes.kernels import Kernel, Monomial, Relu
from symcrit.landscapes.reduced import Landscape
from symcrit.symmetry.patterns import Pattern
from tests.landscapes.systems import contexts, evaluate, generic_point, landscape
from tests.symmetry.cases import OVER, WIDE

KERNELS = [Relu(), Monomial(3)]
kernels = pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)
patterns = pytest.mark.parametrize(
    "text", ["k", "1+(k-1)", "(k-1)+1", "2+(k-2)", "p+(k-p)", OVER, WIDE]
)


def equations_of(text: str, kernel: Kernel) -> ReducedEquations:
    """The equations with the identity as target."""
    return landscape(text, kernel).reduced_equations()


@kernels
@patterns
def test_written_out_they_are_loss_and_gradient(text: str, kernel: Kernel) -> None:
    """Oracle: the landscape in multiprecision numbers, at a real k between integers."""
    (context,) = contexts(40)
    lib = Multiprecision(context)
    land = landscape(text, kernel)
    found = land.reduced_equations()
    names = [*land.structure.pattern.names, *sorted(land.structure.pattern.variables)]
    numbers = [lib.exact(x) for x in generic_point(len(names) - 1)]
    sizes = {"k": context.mpf("9.5"), "d": context.mpf("9.5"), "p": context.mpf("2.5")}
    numbers = numbers[: len(found.parameters)]
    values = {name: sizes[name] for name in sorted(land.structure.pattern.variables)}
    at = land.at(lib, numbers, values)

    expressions = found.written_out([found.loss, *found.gradient])
    results = evaluate(expressions, names, [*numbers, *values.values()])
    for x, y in zip(results, [at.loss(), *at.gradient()], strict=True):
        assert abs(x - y) < context.mpf(10) ** -34 * (1 + abs(y))


@kernels
@patterns
def test_every_name_is_defined_by_earlier_ones(text: str, kernel: Kernel) -> None:
    """So that a reader can go down the page; and every name is used."""
    found = equations_of(text, kernel)
    known = {*found.parameters, *(s for x in found.orbit_sizes for s in x.free_symbols)}
    used = set().union(*(x.free_symbols for x in (*found.equations, found.loss)))
    for symbol, value in found.definitions.items():
        assert value.free_symbols <= known
        known.add(symbol)
        used |= value.free_symbols

    assert used == known


def test_the_printed_equations_of_the_one_block_pattern() -> None:
    """Word for word, as one would write them by hand."""
    found = equations_of("k", Relu())
    lines = [f"{left} = {' + '.join(terms)}" for left, terms in found.statements()]

    assert r"N_{w_{1}} = a_{1}^{2} + o_{1}^{2} \left(k - 1\right)" == lines[0]
    assert (
        r"c_{w_{1} w_{1}'} = 2 a_{1} o_{1} + o_{1}^{2} \left(k - 2\right)" == lines[1]
    )
    assert (
        r"0 = a_{1} \rho_{w_{1}} + o_{1} \left(\pi - \theta_{w_{1} w_{1}'}\right)"
        r" \left(k - 1\right) + \theta_{w_{1} v_{1}} + - \pi" == lines[-2]
    )
    assert 1 / (2 * sympy.pi) == found.factor


def test_the_equations_of_a_polynomial_kernel_need_no_angles() -> None:
    """Norms and inner products suffice for c^3."""
    found = equations_of("1+(k-1)", Monomial(3))

    assert {"N_w1", "N_w2", "c_w1_w2", "c_w2_w2prime"} == {
        symbol.name for symbol in found.definitions
    }
    assert 3 == found.factor
    assert "N_w1**2*a_1 - a_1**2 + c_w1_w2**2*m_2_1*(k - 1)" == str(found.equations[0])


@patterns
def test_counts(text: str) -> None:
    """One equation and one orbit for every parameter; the sizes fill the matrix."""
    pattern = Pattern.parse(text)
    found = equations_of(text, Relu())

    assert pattern.names == tuple(symbol.name for symbol in found.parameters)
    assert len(found.parameters) == len(found.equations) == len(found.orbit_sizes)
    sizes = {name: size_symbol(name) for name in pattern.variables}
    rows, columns = (
        count.evaluate(Symbols(), sizes)
        for count in (pattern.count_rows(), pattern.count_columns())
    )
    assert 0 == sympy.expand(sum(found.orbit_sizes) - rows * columns)


@kernels
def test_notebooks_show_latex(kernel: Kernel) -> None:
    """Balanced, one display, no line that begins with a sign or uses raw names."""
    text = equations_of("2+(k-2)", kernel)._repr_latex_()
    body = text.removeprefix("$$\\begin{aligned}\n").removesuffix("\n\\end{aligned}$$")

    assert len(body) == len(text) - len("$$\\begin{aligned}\n\n\\end{aligned}$$")
    assert "prime" not in text
    assert not re.search(r"[a-z]_\d|--|\+ *-|operatorname", text)
    for line in body.split(" \\\\\n"):
        assert 1 == line.count("&=")
        assert line.count("{") == line.count("}")
        assert line.count(r"\left") == line.count(r"\right")


def test_indices_of_two_digits_are_told_apart() -> None:
    """A comma stands where the digits alone could be read in two ways."""
    pattern = Pattern.parse(": rows 1 cols 12*1 target 1")
    structure = Structure.build(pattern)
    found = Landscape(Monomial(2), structure).reduced_equations()
    names = dict(zip(pattern.names, found.parameters, strict=True))

    assert "m_{1,12}" == found.latex(names["m_1_12"])
    assert "m_{12}" == found.latex(names["m_1_2"])
