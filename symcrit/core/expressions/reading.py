r"""Read expressions with hard limits, never executing anything.

Limits on the length, the depth, the digits of numbers, the exponents and the digits of
the whole value keep any text harmless, 9**9**9 included.  Where readers would differ,
nothing is guessed: 1/2k, k**-3/2 and, in plain text, k(k-1) are refused, and the
message says how to write what is meant.
"""

import re
from collections.abc import Callable, Collection, Sequence
from fractions import Fraction
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from symcrit.core.errors import InputError
from symcrit.core.expressions.grammar import plain_name, span, syntax_tree
from symcrit.core.expressions.source import (
    quoted,
    refuse,
    refuse_bad_text,
    uses_latex,
)
from symcrit.core.expressions.tree import (
    BigO,
    Expression,
    Name,
    Number,
    Pi,
    Power,
    Product,
    Quotient,
    Sqrt,
    Sum,
)

if TYPE_CHECKING:
    from lark import Token, Tree

__all__ = ["DEFAULT_NAMES", "MAX_EXPONENT", "MAX_SIZE", "parse"]

DEFAULT_NAMES = ("d", "k", "p", "t")
"""Inputs, neurons, flipped neurons, and k**(-1/2)."""

MAX_EXPONENT = 1_000
"""Size of numerator and denominator of an exponent."""

MAX_SIZE = 100_000
"""Digits of the value, with one for pi and for a name: no power of powers explodes."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
_RESERVED = ("O", "pi", "sqrt")


def parse(text: str, *, names: Collection[str] = DEFAULT_NAMES) -> Expression:
    r"""Read an expression, plain or LaTeX.

    Plain text has integers, decimals (read as exact fractions), + - * / ^ **,
    parentheses, pi, sqrt(...), names, and one O(...) as a summand of the whole.  A
    product sign may be left out behind a number or a closing parenthesis.  LaTeX, known
    by a backslash, brace or dollar sign, has \frac, \tfrac, \dfrac, \sqrt, \pi, \cdot,
    \times, \left( \right), \mathcal{O}(...), spaces, and products by juxtaposition; a
    name such as m_1_2 is written m_{1,2} there.  Exponents are rational constants.

    Args:
        text: what the user wrote.
        names: the names that may occur; letters and digits, and underscores between.

    Returns:
        The tree of the expression, products and quotients as they were written.

    Raises:
        InputError: the text is no such expression or exceeds a limit; the message is
            one line that says what is wrong, where, and what would be right.

    Example:
        >>> parse("3/2")
        Quotient(numerator=Number(value=Fraction(3, 1)),
                 denominator=Number(value=Fraction(2, 1)))
        >>> parse("2(pi-2)/pi") == parse(r"\frac{2(\pi-2)}{\pi}")
        True
        >>> parse("__import__('os')")
        Traceback (most recent call last):
            ...
        symcrit.core.errors.InputError: unknown name '__import__' at position 1: ...
    """
    for name in names:
        if not _NAME.fullmatch(name) or name in _RESERVED:
            message = (
                f"{quoted(name)} cannot be a name in expressions; use letters, digits "
                f"and single underscores, and none of {', '.join(_RESERVED)}"
            )
            raise InputError(message)
    refuse_bad_text(text)
    latex = uses_latex(text)
    syntax = syntax_tree(text, names, latex=latex)
    _refuse_misplaced_order(text, syntax)
    return _Builder(text, latex=latex).build(syntax).tree


def _refuse_node(
    text: str, node: "Tree[Token] | Token", wrong: str, right: str
) -> NoReturn:
    start, end = span(node)
    refuse(text, start, wrong, right, width=end - start)


def _refuse_misplaced_order(text: str, syntax: "Tree[Token] | Token") -> None:
    if isinstance(syntax, str):
        return
    summands = syntax.children if syntax.data == "sum" else [syntax]
    at_top = [node for node in map(_unsigned, summands) if _is(node, "order")]
    for node in sorted(syntax.find_data("order"), key=span):
        if not any(node is summand for summand in at_top):
            right = "O(...) may only be a summand of the whole expression"
            _refuse_node(text, node, "O(...) inside a term", right)
    if len(at_top) > 1:
        right = "keep the larger of the two"
        _refuse_node(text, at_top[1], "second O(...)", right)


def _is(node: "Tree[Token] | Token", *kinds: str) -> bool:
    """Tell the kind of a node: the type of a token or the rule of a tree."""
    return (node.type if isinstance(node, str) else node.data) in kinds


def _unsigned(node: "Tree[Token] | Token") -> "Tree[Token] | Token":
    return node if isinstance(node, str) or node.data != "signed" else node.children[-1]


def _is_minus(node: "Tree[Token] | Token") -> bool:
    if isinstance(node, str) or node.data != "signed":
        return False
    return [str(sign) for sign in node.children[:-1]].count("-") % 2 == 1


class _Part(NamedTuple):
    """A subtree, a bound on the digits of its value, and the value if rational."""

    tree: Expression
    size: int
    value: Fraction | None


class _Builder:
    """Turn a syntax tree into an expression, and refuse what has no value."""

    def __init__(self, text: str, *, latex: bool) -> None:
        self._text = text
        self._latex = latex
        self._rules: dict[str, Callable[[Tree[Token]], _Part]] = {
            "fraction": self._fraction,
            "group": self._group,
            "juxtaposed": self._juxtaposed,
            "order": self._order,
            "power": self._power,
            "product": self._product,
            "root": self._root,
            "signed": self._signed,
            "sum": self._sum,
        }

    def build(self, node: "Tree[Token] | Token") -> _Part:
        return _leaf(node) if isinstance(node, str) else self._rules[node.data](node)

    def _refuse(self, node: "Tree[Token] | Token", wrong: str, right: str) -> NoReturn:
        _refuse_node(self._text, node, wrong, right)

    def _sum(self, node: "Tree[Token]") -> _Part:
        parts = []
        minus = False
        for child in node.children:
            if _is(child, "SIGN"):
                minus = child == "-"
            else:
                part = self.build(child)
                parts.append(_negated(part) if minus else part)
        tree = Sum(tuple(part.tree for part in parts))
        return self._combined(node, tree, parts, sum)

    def _signed(self, node: "Tree[Token]") -> _Part:
        part = self.build(node.children[-1])
        return _negated(part) if _is_minus(node) else part

    def _group(self, node: "Tree[Token]") -> _Part:
        return self.build(node.children[0])

    def _order(self, node: "Tree[Token]") -> _Part:
        part = self.build(node.children[1])
        return _Part(BigO(part.tree), part.size, None)

    def _root(self, node: "Tree[Token]") -> _Part:
        part = self.build(node.children[1])
        if part.value is not None and part.value < 0:
            self._refuse_complex(node)
        value = part.value if part.value == 0 else None
        return _Part(Sqrt(part.tree), part.size, value)

    def _power(self, node: "Tree[Token]") -> _Part:
        # a**-b**c is a**(-(b**c)): from the right, each sign after its power.
        *lower, exponent_node = node.children[::2]
        part = self.build(exponent_node)
        for base_node in reversed(lower):
            base = self.build(_unsigned(base_node))
            power = self._raised(node, base, exponent_node, part.value)
            part = _negated(power) if _is_minus(base_node) else power
            exponent_node = base_node
        return part

    def _raised(
        self,
        node: "Tree[Token]",
        base: _Part,
        exponent_node: "Tree[Token] | Token",
        exponent: Fraction | None,
    ) -> _Part:
        if exponent is None:
            right = "exponents are rational constants such as 2 or (-3/2)"
            self._refuse(exponent_node, "exponent that is no rational number", right)
        if max(abs(exponent.numerator), exponent.denominator) > MAX_EXPONENT:
            right = f"numerator and denominator may be at most {MAX_EXPONENT}"
            self._refuse(exponent_node, "exponent too large", right)
        if base.value == 0 and exponent < 0:
            self._refuse_zero(node)
        whole = exponent.denominator == 1
        if base.value is not None and base.value < 0 and not whole:
            self._refuse_complex(node)
        size = base.size * max(1, abs(exponent.numerator))
        self._refuse_size(node, size)
        value = None
        if base.value is not None and (whole or base.value == 0):
            value = base.value**exponent.numerator
        return _Part(Power(base.tree, exponent), size, value)

    def _fraction(self, node: "Tree[Token]") -> _Part:
        _, numerator, denominator = node.children
        return self._quotient(node, [self.build(numerator)], [denominator])

    def _product(self, node: "Tree[Token]") -> _Part:
        first, *rest = node.children
        numerators = [self.build(first)]
        denominators = []
        before = first
        for operator, factor in zip(rest[::2], rest[1::2], strict=True):
            if _is(operator, "SLASH"):
                self._refuse_unclear_slash(operator, before, factor)
                denominators.append(factor)
            else:
                numerators.append(self.build(factor))
            before = factor
        return self._quotient(node, numerators, denominators)

    def _refuse_unclear_slash(
        self,
        slash: "Tree[Token] | Token",
        before: "Tree[Token] | Token",
        after: "Tree[Token] | Token",
    ) -> None:
        after = _unsigned(after)
        if _is(after, "juxtaposed"):
            right = "write * for the product, or the denominator in parentheses"
            self._refuse(slash, "unclear how far the denominator reaches", right)
        while not isinstance(before, str) and before.data in {"signed", "juxtaposed"}:
            before = before.children[-1]
        if self._latex or isinstance(before, str) or before.data != "power":
            return
        if _is(before.children[-1], "signed") and _is(after, "NUMBER"):
            right = "put the whole exponent, or the power, in parentheses"
            self._refuse(slash, "unclear where the exponent ends", right)

    def _juxtaposed(self, node: "Tree[Token]") -> _Part:
        if not self._latex:
            for left, right in pairwise(node.children):
                if not _is(left, "NUMBER", "group", "root"):
                    wrong = "operator missing"
                    self._refuse(right, wrong, "write * for a product")
        return self._quotient(node, [self.build(child) for child in node.children], [])

    def _quotient(
        self,
        node: "Tree[Token]",
        numerators: Sequence[_Part],
        denominator_nodes: "Sequence[Tree[Token] | Token]",
    ) -> _Part:
        product = _product_tree([part.tree for part in numerators])
        over = self._combined(node, product, numerators, prod)
        if not denominator_nodes:
            return over
        denominators = [self.build(child) for child in denominator_nodes]
        for child, part in zip(denominator_nodes, denominators, strict=True):
            if part.value == 0:
                self._refuse_zero(child)
        product = _product_tree([part.tree for part in denominators])
        under = self._combined(node, product, denominators, prod)
        tree = Quotient(over.tree, under.tree)
        return self._combined(node, tree, [over, under], _ratio)

    def _combined(
        self,
        node: "Tree[Token]",
        tree: Expression,
        parts: Sequence[_Part],
        operation: Callable[[list[Fraction]], Fraction | int],
    ) -> _Part:
        size = sum(part.size for part in parts)
        self._refuse_size(node, size)
        values = [part.value for part in parts if part.value is not None]
        if len(values) < len(parts):
            return _Part(tree, size, None)
        return _Part(tree, size, Fraction(operation(values)))

    def _refuse_size(self, node: "Tree[Token]", size: int) -> None:
        if size > MAX_SIZE:
            right = f"values with at most {MAX_SIZE} digits are read"
            self._refuse(node, "value with too many digits", right)

    def _refuse_complex(self, node: "Tree[Token]") -> NoReturn:
        self._refuse(node, "root of a negative number", "only real values are read")

    def _refuse_zero(self, node: "Tree[Token] | Token") -> NoReturn:
        self._refuse(node, "division by zero", "write a denominator that is not zero")


def _ratio(values: list[Fraction]) -> Fraction:
    over, under = values
    return over / under


def _leaf(token: "Token") -> _Part:
    match token.type:
        case "PI":
            return _Part(Pi(), 1, None)
        case "NAME":
            return _Part(Name(plain_name(token)), 1, None)
        case _:
            value = Fraction(token)
            size = max(value.numerator, value.denominator)
            return _Part(Number(value), len(str(size)), value)


def _negated(part: _Part) -> _Part:
    value = None if part.value is None else -part.value
    return _Part(_negated_tree(part.tree), part.size, value)


def _negated_tree(tree: Expression) -> Expression:
    """Return minus a tree, the sign at the first number if there is one."""
    match tree:
        case Number(value):
            return Number(-value)
        case Product((Number(value), *rest)):
            return _product_tree([Number(-value), *rest])
        case Quotient(numerator, denominator):
            return Quotient(_negated_tree(numerator), denominator)
        case BigO():
            return tree
        case _:
            return _product_tree([Number(Fraction(-1)), tree])


def _product_tree(factors: Sequence[Expression]) -> Expression:
    """Multiply, without a product inside the product and without factors 1."""
    flat: list[Expression] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Product) else [factor])
    one = Number(Fraction(1))
    kept = [factor for factor in flat if factor != one] or [one]
    return kept[0] if len(kept) == 1 else Product(tuple(kept))
