"""What the landscape is: loss, kernel, target, family."""

from collections.abc import Iterator
from fractions import Fraction

import sympy

from symcrit.arith.symbols import Symbols, real_symbol
from symcrit.core.errors import InputError
from symcrit.landscapes.gram import Target, identity_target
from symcrit.landscapes.kernels import Frame, Gram, Kernel, Monomial, Relu
from symcrit.report.blocks import block_picture, group_latex, pattern_text
from symcrit.report.formulas import aligned_formulas
from symcrit.report.material import Material
from symcrit.report.writing import display, enumerate_words, inline, prose

__all__ = ["setting_section"]


def setting_section(material: Material) -> str:
    """Return the definitions: loss, kernel with derivatives, and the family."""
    loss = display(
        r"\mathcal{L}(W) = \tfrac{1}{2} \sum_{i,j} \kappa(w_i, w_j)"
        r" - \sum_{i,j} \kappa(w_i, v_j) + \tfrac{1}{2} \sum_{i,j} \kappa(v_i, v_j)"
    )
    rows = (
        r"The rows $w_1, w_2, \dots$ of $W$ are neurons, the rows $v_1, v_2, \dots$ of"
        f" $V$ the target; {_target(material)}. The loss is"
    )
    kernel = _kernel(material.family.landscape.kernel)
    parts = ["## The landscape", rows, loss, *kernel, *_family(material)]
    return "\n\n".join(parts)


def _target(material: Material) -> str:
    structure = material.family.landscape.structure
    pattern = structure.pattern
    names = [q.name for q in pattern.target_parameters]
    values = {name: structure.target.get(name, Fraction(0)) for name in names}
    if values == {**dict.fromkeys(names, Fraction(0)), **_identity(material)}:
        return "here $V$ is the identity matrix"
    entries = [f"`{name}` = {value}" for name, value in values.items() if value]
    return f"here $V$ has the entries {', '.join(entries)} and zeros"


def _identity(material: Material) -> Target:
    try:
        return identity_target(material.family.pattern)
    except InputError:
        return {}


def _kernel(kernel: Kernel) -> Iterator[str]:
    a, b, c, s, theta = (real_symbol(name) for name in ("a", "b", "c", "s", "theta"))
    lib = Symbols()
    gram, frame = Gram(a, b, c, s**2), Frame(s, theta)
    value = kernel.value(lib, gram, frame)
    slopes = kernel.first(lib, gram, frame)
    own = kernel.own(lib, a)
    yield from _meaning(kernel)
    yield (
        r"With $a = \lvert w\rvert^2$, $b = \lvert v\rvert^2$ and $c = \langle w, v"
        r"\rangle$ the kernel and its first derivatives are"
    )
    lines = [(r"\kappa(w, v)", value), (r"\kappa(w, w)", own)]
    lines += [
        (rf"\partial_{{{name}}} \kappa", slope)
        for name, slope in zip("abc", slopes, strict=True)
    ]
    formulas = [(left, [sympy.latex(value)]) for left, value in lines]
    yield from map(display, aligned_formulas(formulas))
    if {s, theta} & value.free_symbols:
        yield (
            r"where $s = \sqrt{a b - c^2}$ and $\theta \in [0, \pi]$ is the angle with"
            r" sine $s / \sqrt{a b}$ and cosine $c / \sqrt{a b}$."
        )


def _meaning(kernel: Kernel) -> Iterator[str]:
    match kernel:
        case Relu():
            yield "The kernel is that of the ReLU activation for Gaussian inputs,"
            yield display(
                r"\kappa(w, v) = \operatorname{E}\bigl[\max(0, \langle w, x\rangle)"
                r" \,\max(0, \langle v, x\rangle)\bigr], \qquad x \sim N(0, 1)"
            )
        case Monomial(degree):
            yield prose(f"""
                The kernel is the inner product of the {degree}-fold tensor powers of
                $w$ and $v$, so the loss is half a squared Frobenius distance.
            """)


def _family(material: Material) -> Iterator[str]:
    family = material.family
    title = f": {family.title}" if family.title else ""
    yield f"## The family {family.name}"
    yield f"Family `{family.name}`{title}. Source: {family.source}."
    pattern = family.pattern
    yield (
        f"Its points are fixed by the group ${group_latex(pattern)}$ of pattern"
        f" `{pattern_text(pattern)}`, so that $W$ has {len(family.names)} parameters:"
    )
    yield display(f"W = {block_picture(pattern, material.latex)}")
    limits = [
        inline(rf"{material.latex(name)} \to {x.latex}")
        for name, x in zip(family.names, family.limit, strict=True)
    ]
    yield (
        f"As $k$ grows, {enumerate_words(limits)}. This limit is all that the catalog"
        " holds of the family; everything below is computed from it."
    )
