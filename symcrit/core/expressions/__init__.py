r"""Mathematical expressions that users write: read, evaluated and printed.

Expansions, limits of parameters, block sizes and published statements arrive as text,
plain or LaTeX.  ``parse`` reads them with a small grammar and hard limits; nothing of
the text is ever executed.  The result is a frozen tree that ``evaluate`` computes in
any number system.

Example:
    >>> claim = parse(r"-1 + \frac{2 + 8/\pi}{k} + \mathcal{O}(k^{-\frac32})")
    >>> known, unknown = split_order(claim)
    >>> to_plain(known), to_plain(unknown)
    ('-1 + (2 + 8/pi)/k', 'k**(-3/2)')
    >>> print(to_latex(known))
    -1 + \frac{2 + \frac{8}{\pi}}{k}
    >>> parse("2*(pi-2")
    Traceback (most recent call last):
        ...
    symcrit.core.errors.InputError: '(' is never closed at position 3: ...
"""

from symcrit.core.expressions.printing import power_text, to_latex, to_plain
from symcrit.core.expressions.reading import DEFAULT_NAMES, parse
from symcrit.core.expressions.tree import (
    Arithmetic,
    BigO,
    Environment,
    Expression,
    Name,
    Number,
    Pi,
    Power,
    Product,
    Quotient,
    Sqrt,
    Sum,
    evaluate,
    split_order,
)

__all__ = [
    "DEFAULT_NAMES",
    "Arithmetic",
    "BigO",
    "Environment",
    "Expression",
    "Name",
    "Number",
    "Pi",
    "Power",
    "Product",
    "Quotient",
    "Sqrt",
    "Sum",
    "evaluate",
    "parse",
    "power_text",
    "split_order",
    "to_latex",
    "to_plain",
]
