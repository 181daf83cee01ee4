"""Expansions that users claim, compared term by term with the proved series.

A claim such as ``-1 + (2+8/pi+8/pi**2)/k + O(k**(-3/2))`` is a formula in k, in
t = k^(-1/2), or in both.  It is expanded exactly in powers of t, roots and quotients
included, and each power below its O-term is compared with the proved coefficient, as
elements of Q(pi) and its quadratic extensions: a power that the claim leaves out is
claimed to have the coefficient 0.  Without an O-term the claim ends with its last term
and leaves open only what is smaller: it is read as if ``+ o(last power)`` stood there,
also where the last coefficient is written as 0.

Agreement proves the claim with its O-term, because the series of a family is that of
one convergent branch; a different coefficient refutes it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from symcrit.arith.balls import ball_of
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.catalog.family import Family
from symcrit.catalog.quantities import Quantity
from symcrit.core.errors import InputError, UndecidedError
from symcrit.core.expressions import (
    Expression,
    Name,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    parse,
    power_text,
    split_order,
    to_plain,
)
from symcrit.core.truth import Truth
from symcrit.expand.written import (
    expand_formula,
    is_finite,
    last_exponent,
    leading_exponent,
    names_in,
    plain_exponents,
)

__all__ = [
    "MAX_ORDER",
    "ClaimedExpansion",
    "ExpansionCheck",
    "TermCheck",
    "check_expansion",
    "decimal_text",
    "family_values",
    "read_expansion",
    "term_text",
]

MAX_ORDER = 60
"""Series are computed to this order in t and no further, unless asked."""

_NEAR = Fraction(1, 100)
"""A wrong rational coefficient with this relative error was probably a decimal."""

_MAX_BITS = 1 << 16
"""Decimals are shown to this working precision at most."""

_BITS = 128
"""Working precision where two numbers are known to differ and are only described."""

_FIRST_ORDER = 12
"""A wrong term is looked for up to this order before more is computed."""


@dataclass(frozen=True)
class ClaimedExpansion:
    """What a user claims about a quantity for large k.

    Attributes:
        text: the claim as it was written.
        known: the formula without its O-term.
        values: the numbers for variables other than k and t.
        order: the exponent of t in the O-term, or of the last term.
        has_order_term: whether an O-term was given.
        variable: ``t`` if the claim is written in t, else ``k``.
        omitted: exponents of terms that stand beyond the O-term and claim nothing.
    """

    text: str
    known: Expression
    values: Mapping[str, Fraction]
    order: Fraction
    has_order_term: bool
    variable: str
    omitted: tuple[Fraction, ...]

    def speaks_of(self, exponent: Fraction) -> bool:
        """Whether the coefficient of a power of t is claimed, be it as 0."""
        if self.has_order_term:
            return exponent < self.order
        return exponent <= self.order

    def coefficients(self, end: Fraction) -> dict[Fraction, Exact]:
        """The claimed nonzero coefficients of powers of t below ``end``."""
        series, e = expand_formula(self.known, self.values, end)
        found = {Fraction(n, e): c for n, c in series.known_coefficients()}
        return {n: c for n, c in found.items() if n < end and self.speaks_of(n)}

    @property
    def reading(self) -> str:
        """One sentence: what is compared, and what the claim leaves open."""
        last = _power_text(self.order, self.variable)
        if self.has_order_term:
            text = f"every power before O({last}) is compared"
        else:
            text = (
                f"without O(...) every power up to {last}, that of the last term, is"
                " compared and all beyond is left open"
            )
        if self.omitted:
            powers = ", ".join(_power_text(n, self.variable) for n in self.omitted)
            text += f"; O({last}) covers the terms with {powers}, which claim nothing"
        return text


@dataclass(frozen=True)
class TermCheck:
    """One power of t in a claim and in the proved series.

    Attributes:
        exponent: of t.
        claimed: the claimed coefficient, 0 if the claim leaves the power out.
        computed: the proved coefficient.
    """

    exponent: Fraction
    claimed: Exact
    computed: Exact

    @property
    def agrees(self) -> bool:
        """Whether the two are the same number."""
        return self.claimed == self.computed


@dataclass(frozen=True)
class ExpansionCheck:
    """The comparison of a claimed expansion with the proved series.

    Attributes:
        family: the name of the family.
        quantity: a parameter, or ``loss``.
        claim: the claim as it was read.
        outcome: TRUE if all claimed coefficients are right, FALSE if one is wrong,
            UNKNOWN if all are right as far as the series was computed.
        terms: every power with a nonzero coefficient on either side that was compared,
            ascending, up to the first wrong one.
        computed: the proved expansion; None if none was computed.
        why: why the outcome is what it is.
    """

    family: str
    quantity: str
    claim: ClaimedExpansion
    outcome: Truth
    terms: tuple[TermCheck, ...]
    computed: Quantity | None
    why: str

    @property
    def first_wrong(self) -> TermCheck | None:
        """The first power with a wrong coefficient."""
        return next((term for term in self.terms if not term.agrees), None)

    def term_texts(self, term: TermCheck) -> tuple[str, str]:
        """The claimed and the right term, in the variable of the claim."""
        claimed, computed = (
            term_text(c, term.exponent, self.claim.variable)
            for c in (term.claimed, term.computed)
        )
        return claimed, computed

    def computed_text(self) -> str | None:
        """The right term if one is wrong, else the proved expansion, O-term included.

        The expansion is shown as far as the claim speaks, in the variable of the claim.
        """
        if self.first_wrong is not None:
            return self.term_texts(self.first_wrong)[1]
        if self.computed is None:
            return None
        variable, claim = self.claim.variable, self.claim
        shown = [(n, c) for n, c in self.computed.terms if claim.speaks_of(n)]
        end = self.computed.order
        if claim.has_order_term:
            end = min(end, claim.order)
        else:
            beyond = (n for n, _ in self.computed.terms if n > claim.order)
            end = min(end, next(beyond, end))
        tree = _sum([_term_tree(c, n, variable) for n, c in shown])
        text = to_plain(tree)
        order = f"O({_power_text(end, variable)})"
        return f"{text} + {order}" if shown else order


def read_expansion(
    text: str, values: Mapping[str, Fraction] | None = None
) -> ClaimedExpansion:
    r"""Read an expansion in k or t, plain or LaTeX, with or without an O-term.

    Args:
        text: the claim.
        values: numbers for further variables, such as p.

    Raises:
        InputError: the text is no expansion in powers of t over Q(pi) and its
            quadratic extensions, or has infinitely many terms and no O-term.

    Example:
        >>> claim = read_expansion(r"\frac{1}{k-1} + O(k^{-3})")
        >>> {str(n): str(c) for n, c in claim.coefficients(claim.order).items()}
        {'2': '1', '4': '1'}
        >>> read_expansion("1 + 2/k").reading
        'without O(...) every power up to 1/k, that of the last term, is compared ...'
    """
    values = values or {}
    tree = parse(text, names=("k", "t", *values))
    known, inside = split_order(tree)
    names = set(names_in(tree))
    variable = "t" if "t" in names and "k" not in names else "k"
    if inside is not None:
        if inside == Number(Fraction(0)):
            message = (
                f"{text!r} ends with O(0): write a power of k in it, as O(k**(-2))"
            )
            raise InputError(message)
        order = leading_exponent(inside, values)
        omitted = tuple(n for n in plain_exponents(known, values) if n >= order)
        return ClaimedExpansion(
            text, known, dict(values), order, True, variable, omitted
        )
    if not is_finite(known, values):
        message = (
            "the expansion has infinitely many terms: say with O(...) where it ends,"
            " such as + O(k**(-2))"
        )
        raise InputError(message)
    last = last_exponent(known, values)
    if not expand_formula(known, values, None)[0].rows:
        last = max(last, Fraction(0))  # 0 is a claim about the limit at least
    return ClaimedExpansion(text, known, dict(values), last, False, variable, ())


def check_expansion(
    family: Family,
    quantity: str,
    text: str,
    *,
    max_order: int = MAX_ORDER,
) -> ExpansionCheck:
    """Compare a claimed expansion with the proved series, term by term.

    Args:
        family: the family.
        quantity: a parameter of the family, or ``loss``.
        text: the claim, in k or t and, for ``flip:p``, in p, which stands for its
            number.
        max_order: the series is computed to O(t^max_order) at most.

    Raises:
        InputError: the family has no such quantity, or the claim is no expansion.
        RefutedError: the family is no branch of critical points.

    Example:
        >>> import symcrit
        >>> family = symcrit.family("A")
        >>> check_expansion(family, "o_1", "2/k + O(k**(-2))").outcome
        <Truth.TRUE: 'TRUE'>
        >>> check = check_expansion(family, "o_1", "2/k - 2/k**2 + O(k**(-5/2))")
        >>> check.outcome, check.term_texts(check.first_wrong)
        (<Truth.FALSE: 'FALSE'>, ('-2/k**2', '(-2 + 4/pi)/k**2'))
    """
    known = (*family.names, "loss")
    if quantity not in known:
        message = (
            f"family {family.name} has no quantity {quantity!r}; it has"
            f" {', '.join(known)}"
        )
        raise InputError(message)
    claim = read_expansion(text, family_values(family))
    terms: tuple[TermCheck, ...] = ()
    computed: Quantity | None = None

    def result(outcome: Truth, why: str) -> ExpansionCheck:
        return ExpansionCheck(
            family.name, quantity, claim, outcome, terms, computed, why
        )

    limit = f"the series was computed no further than t**{max_order}"
    for order in _stages(claim, max_order):
        try:
            computed = family.series(order)[quantity]
        except UndecidedError as error:
            limit = str(error)
            break
        terms, agree = _compare(claim, computed)
        if not agree:
            return result(Truth.FALSE, _difference(terms[-1]))
        if computed.order > claim.order or (
            claim.has_order_term and computed.order == claim.order
        ):
            return result(Truth.TRUE, "all coefficients equal the proved ones")
    reached = "nothing was compared"
    if computed is not None:
        reached = f"all below {power_text('t', computed.order)} agrees"
    return result(Truth.UNKNOWN, f"{reached}; {limit}")


def term_text(coefficient: Exact, exponent: Fraction, variable: str = "k") -> str:
    """A term as text that can be read again.

    Args:
        coefficient: of the power of t.
        exponent: of t.
        variable: ``k`` or ``t``, in which the term is to be written.

    Example:
        >>> term_text(Exact.rational(2) + 8 / Exact.pi(), Fraction(3))
        '(2 + 8/pi)/k**(3/2)'
    """
    return to_plain(_term_tree(coefficient, exponent, variable))


def decimal_text(number: Exact, digits: int) -> str:
    """The number in decimals, rounded, with a precision that its cancellations need.

    Example:
        >>> decimal_text((Exact.pi() - Fraction(355, 113)).power(9), 5)
        '-6.8414e-60'
    """
    prec, wanted = 64 + 4 * digits, 4 * digits
    ball = number.ball(prec)
    while number and ball.rel_accuracy_bits() < wanted and prec < _MAX_BITS:
        prec *= 2
        ball = number.ball(prec)
    with working_precision(prec):
        return str(ball.str(digits, radius=False))


def family_values(family: Family) -> dict[str, Fraction]:
    """The numbers of further variables in claims about a family: p for ``flip:p``.

    Example:
        >>> import symcrit
        >>> family_values(symcrit.family("flip:5"))
        {'p': Fraction(5, 1)}
    """
    head, _, number = family.name.partition(":")
    return {"p": Fraction(int(number))} if head == "flip" and number.isdigit() else {}


def _difference(term: TermCheck) -> str:
    """How a wrong coefficient differs from the right one."""
    power = power_text("t", term.exponent)
    text = f"the coefficient of {power} differs from the proved one"
    right = term.computed.ball(_BITS)
    distance = (term.claimed - term.computed).ball(_BITS)
    near = ball_of(_NEAR)
    if term.claimed.as_fraction() is not None and abs(distance) < abs(right) * near:
        text += (
            "; the two are close, and a decimal number is read as the exact number that"
            " it spells"
        )
    return text


def _stages(claim: ClaimedExpansion, max_order: int) -> Iterator[int]:
    """Orders to compute, ascending: to find an early wrong term cheaply."""
    needed = -(-claim.order // 1) if claim.has_order_term else claim.order // 1 + 1
    last = max(1, min(int(needed), max_order))
    order = min(_FIRST_ORDER, last)
    while order < last:
        yield order
        order *= 2
    yield last
    # The loss, or a series in a root of t, may be known to less than was asked for.
    if needed <= max_order:
        yield from range(last + 1, max_order + 1)


def _compare(
    claim: ClaimedExpansion, computed: Quantity
) -> tuple[tuple[TermCheck, ...], bool]:
    claimed = claim.coefficients(computed.order)
    right = {n: c for n, c in computed.terms if claim.speaks_of(n)}
    zero = Exact.rational(0)
    terms = []
    for exponent in sorted({*claimed, *right}):
        term = TermCheck(
            exponent, claimed.get(exponent, zero), right.get(exponent, zero)
        )
        terms.append(term)
        if not term.agrees:
            return tuple(terms), False
    return tuple(terms), True


def _term_tree(coefficient: Exact, exponent: Fraction, variable: str) -> Expression:
    tree = coefficient.expression()
    n = exponent if variable == "t" else -exponent / 2
    if n == 0:
        return tree
    power = _power_tree(abs(n), variable)
    if n < 0:
        return Quotient(tree, power)
    return power if coefficient == 1 else Product((tree, power))


def _power_tree(exponent: Fraction, variable: str) -> Expression:
    return Name(variable) if exponent == 1 else Power(Name(variable), exponent)


def _power_text(exponent: Fraction, variable: str) -> str:
    return term_text(Exact.rational(1), exponent, variable)


def _sum(terms: list[Expression]) -> Expression:
    if not terms:
        return Number(Fraction(0))
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))
