r"""The two grammars of expressions, plain and LaTeX, and their error messages.

They differ in spelling only and give the same syntax tree.  Every token is checked
before the parser sees it, so that the first thing that is wrong is what is reported.
"""

import re
from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, NoReturn, cast

from symcrit.core.expressions.printing import GREEK
from symcrit.core.expressions.source import quoted, refuse

if TYPE_CHECKING:
    from lark import Lark, Token, Tree, UnexpectedInput

__all__ = ["MAX_DIGITS", "plain_name", "span", "syntax_tree"]

MAX_DIGITS = 4_000
"""Digits of one number; Python itself prints no more than 4300."""

# A number is the first factor of a juxtaposition or none: "2 3" has no reading.  Chains
# (of signs, factors, exponents) are lists, so that only brackets make the tree deep.
_COMMON = r"""
?sum: product (SIGN product)*
?product: unary ((STAR | SLASH) unary)*
?unary: SIGN+ juxtaposed -> signed
      | juxtaposed
?juxtaposed: _first _other*
_first: NUMBER | number_power | _other
_other: symbol | power

SIGN: /[+-]/
SLASH: "/"
"""

_PLAIN = (
    _COMMON
    + r"""
?start: sum
number_power: NUMBER (RAISE exponent)+ -> power
power: symbol (RAISE exponent)+
?exponent: SIGN+ _operand -> signed
         | _operand
_operand: NUMBER | symbol
?symbol: NAME
       | PI
       | "(" sum ")" -> group
       | SQRT "(" sum ")" -> root
       | ORDER "(" sum ")" -> order

STAR: "*"
RAISE: /\*\*|\^/
NUMBER: /([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?/
PI.2: /pi(?![A-Za-z0-9_])/
SQRT.2: /sqrt(?![A-Za-z0-9_])/
ORDER.2: /O(?![A-Za-z0-9_])/
NAME: /[A-Za-z_][A-Za-z0-9_]*/
%ignore /[ \t\r\n]+/
"""
)

# An argument without braces is one token in TeX: \frac32 is 3/2.  The lexer knows what
# the parser can accept and so reads a DIGIT there and not a NUMBER.
_LATEX = (
    (
        _COMMON
        + r"""
?start: sum
      | _DOLLAR sum _DOLLAR
      | _DOLLARS sum _DOLLARS
number_power: NUMBER RAISE argument -> power
power: symbol RAISE argument
?argument: "{" sum "}" | DIGIT | NAME | PI
?symbol: NAME
       | PI
       | "(" sum ")" -> group
       | _LEFT sum _RIGHT -> group
       | "{" sum "}" -> group
       | FRAC argument argument -> fraction
       | SQRT argument -> root
       | ORDER "(" sum ")" -> order
       | ORDER _LEFT sum _RIGHT -> order

STAR: /\*|\\(cdot|times)(?![A-Za-z])/
RAISE: "^"
NUMBER: /[0-9]+(\.[0-9]*)?|\.[0-9]+/
DIGIT: /[0-9]/
_LEFT: /\\left\s*\(/
_RIGHT: /\\right\s*\)/
_DOLLAR: "$"
_DOLLARS: "$$"
PI: /\\pi(?![A-Za-z])/
SQRT: /\\sqrt(?![A-Za-z])/
FRAC: /\\[dt]?frac(?![A-Za-z])/
ORDER.2: /(\\mathcal\s*(\{\s*O\s*\}|O)|\\(mathrm|operatorname)\s*\{\s*O\s*\}|O)(?!_)/
NAME: /([A-Za-z]|\\(LETTERS)(?![A-Za-z])|\\mathrm\s*\{[A-Za-z0-9]+\})(INDICES)?/
%ignore /([ \t\r\n~]|\\[,;:! ]|\\q?quad(?![A-Za-z]))+/
"""
    )
    .replace("LETTERS", "|".join(GREEK))
    .replace("INDICES", r"_([A-Za-z0-9]|\{[A-Za-z0-9]+([, ]\s*[A-Za-z0-9]+)*\})")
)

_OPERATOR = "an operator, one of + - * /,"
# The first that the parser would accept says what it waits for.
_WANTED = {
    "NUMBER": "a number, a name or a parenthesis",
    "DIGIT": "an argument in braces",
    "SIGN": _OPERATOR,
    "LPAR": "an argument in parentheses",
    "RPAR": "')'",
    "RBRACE": "'}'",
    "_RIGHT": r"'\right)'",
    "_DOLLAR": "'$'",
    "_DOLLARS": "'$$'",
}
_OPERANDS = {
    *("NUMBER", "DIGIT", "NAME", "PI", "SQRT", "FRAC", "ORDER"),
    *("LPAR", "LBRACE", "_LEFT"),
}


@cache
def _parser(*, latex: bool) -> "Lark":
    # A command that reads no expression should not pay for the parser.
    from lark import Lark

    grammar = _LATEX if latex else _PLAIN
    return Lark(grammar, parser="lalr", lexer="contextual", propagate_positions=True)


def syntax_tree(
    text: str, names: Collection[str], *, latex: bool
) -> "Tree[Token] | Token":
    """Parse a text.

    Args:
        text: a text that ``refuse_bad_text`` lets pass.
        names: the names that may occur.
        latex: which of the two grammars.

    Returns:
        The syntax tree; its rules are sum, product, signed, juxtaposed, power, group,
        fraction, root and order.

    Raises:
        InputError: the text does not follow the grammar, has an unknown name, or a
            number with too many digits.

    Example:
        >>> print(syntax_tree("1 - 2*k", ["k"], latex=False).pretty().expandtabs(2))
        sum
          1
          -
          product
            2
            *
            k
    """
    from lark import Token, UnexpectedInput

    parser = _parser(latex=latex).parse_interactive(text)
    try:
        for token in parser.iter_parse():
            if token.type == "NAME":
                _refuse_unknown_name(text, token, names)
            elif token.type == "NUMBER":
                _refuse_long_number(text, token)
        end = Token("$END", "", start_pos=len(text.rstrip()))
        syntax: Tree[Token] | Token = parser.feed_token(end)
    except UnexpectedInput as error:
        _refuse_syntax(text, error, latex=latex)
    return syntax


def _refuse_unknown_name(text: str, token: "Token", names: Collection[str]) -> None:
    if plain_name(token) in names:
        return
    if names:
        right = f"known names are {', '.join(sorted(names))}, and pi, sqrt and O"
    else:
        right = "only numbers, pi and square roots are known here"
    wrong = f"unknown name {quoted(token)}"
    refuse(text, span(token)[0], wrong, right, width=len(token))


def plain_name(token: str) -> str:
    r"""Return the name that a token spells, without what only LaTeX needs.

    Example:
        >>> plain_name("m_{1,2}"), plain_name(r"\xi_1"), plain_name("m_1_2")
        ('m_1_2', 'xi_1', 'm_1_2')
    """
    spelled = re.sub(r"\\mathrm\s*|[\\{}]", "", token)
    return re.sub(r"[,\s]\s*", "_", spelled)


def _refuse_long_number(text: str, token: "Token") -> None:
    mantissa, _, exponent = token.lower().partition("e")
    # int() of an exponent as long as the text would be slow itself.
    shift = int(exponent or "0") if len(exponent) < 9 else MAX_DIGITS
    if len(mantissa) + abs(shift) > MAX_DIGITS:
        wrong, right = "number with too many digits", f"at most {MAX_DIGITS} are read"
        refuse(text, span(token)[0], wrong, right, width=len(token))


def _refuse_syntax(text: str, problem: "UnexpectedInput", *, latex: bool) -> NoReturn:
    from lark import UnexpectedToken

    if isinstance(problem, UnexpectedToken):
        _refuse_token(text, problem.token, problem.expected, latex=latex)
    at = cast("int", problem.pos_in_stream)  # lark declares the class attribute None
    command = re.match(r"\\[A-Za-z]+", text[at:])
    if command:
        right = "known are \\frac, \\sqrt, \\pi, \\cdot, \\times, \\left and \\right"
        wrong = f"unknown command {quoted(command[0])}"
        refuse(text, at, wrong, right, width=len(command[0]))
    right = "an expression has numbers, names, + - * / ^, parentheses, pi and sqrt"
    refuse(text, at, f"unexpected character {quoted(text[at])}", right)


def _refuse_token(
    text: str, token: "Token", expected: Collection[str], *, latex: bool
) -> NoReturn:
    start, end = span(token)
    wrong = f"{quoted(token)} is out of place"
    right = f"{_wanted(expected)} belongs here"
    if token.type == "$END":
        wrong = "the expression ends too early"
    elif token.type in _OPERANDS and _wanted(expected) == _OPERATOR:
        wrong = f"operator missing before {quoted(token)}"
        right = "write * for a product"
        if latex:
            right += " and braces around an exponent of several digits"
    refuse(text, start, wrong, right, width=end - start)


def _wanted(expected: Collection[str]) -> str:
    for terminal, wanted in _WANTED.items():
        if terminal in expected:
            return wanted
    return "the end of the expression"


def span(node: "Tree[Token] | Token") -> tuple[int, int]:
    """Return where in the text, from 0, a part of the syntax tree begins and ends."""
    if isinstance(node, str):
        start = node.start_pos or 0
        return start, start + len(node)
    return node.meta.start_pos, node.meta.end_pos
