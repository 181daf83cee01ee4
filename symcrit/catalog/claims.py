"""Published statements as data, each confirmed, refuted or left open by computation.

A claims file is a TOML list of statements.  Each has an id that stays, a source, its
text, and a *kind*, which says how it is checked and which fields it needs; ``KINDS``
holds the kinds.  A statement is material to test: nothing is taken from it but what is
to be compared.

Decimal numbers agree with a computed number if they are that number rounded, or cut
off, after the digits given.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

from flint import arb

from symcrit.arith.balls import ball_of
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.catalog.claims_spectra import (
    check_growing,
    check_limits,
    check_same_spectrum,
    check_turning_point,
)
from symcrit.catalog.expansions import (
    check_expansion,
    decimal_text,
    read_expansion,
    term_text,
)
from symcrit.catalog.families import family
from symcrit.catalog.family import Family
from symcrit.catalog.numbers import exact_number
from symcrit.catalog.verdicts import Claim, Kind, Verdict
from symcrit.catalog.verification import certified_balls
from symcrit.core.errors import InputError, RefutedError, UndecidedError
from symcrit.core.files import parse_toml, read_text
from symcrit.core.truth import Truth
from symcrit.schemas.load import validate

__all__ = [
    "KINDS",
    "Claim",
    "Verdict",
    "check_claim",
    "compare_digits",
    "published_claims",
    "read_claims",
]

_SHOWN_DIGITS = 20
"""Digits of a number that is shown beside the claimed one."""

_SPARE_DIGITS = 6
"""Digits of a computed number beyond those claimed."""

_MAX_LEADING_ORDER = 60
"""A first nonzero term is looked for below this power of t."""

_MAX_SIZES = 10_000
"""How many values of k one statement may speak of."""


def read_claims(path: Path) -> list[Claim]:
    """The statements of a claims file.

    Raises:
        InputError: the file is missing or breaks the schema ``claims_file``, or gives
            an id twice.
    """
    return _parse(read_text(path), str(path))


def published_claims() -> list[Claim]:
    """The published statements that come with the package.

    Example:
        >>> "safran-yehudai-shamir-2020-point-7" in [c.id for c in published_claims()]
        True
    """
    data = resources.files("symcrit.catalog") / "data" / "claims.toml"
    return _parse(data.read_text("utf-8"), "claims.toml")


def check_claim(
    claim: Claim, find: Callable[[str], Family] = family, *, where: str | None = None
) -> Verdict:
    """Confirm a statement, refute it, or leave it open.

    Args:
        claim: the statement.
        find: how a family is found by its name; a cache saves work on many statements.
        where: the file of the statement, with which an error message begins.

    Raises:
        InputError: the statement has no meaning: no such family or quantity, or an
            expression that cannot be read.
    """
    try:
        return KINDS[claim.kind](find(claim.family), claim.fields)
    except InputError as error:
        place = "" if where is None else f"{where}: "
        message = f"{place}claim {claim.id!r}: {error}"
        raise InputError(message) from error
    except RefutedError as error:
        return Verdict(Truth.FALSE, None, f"no such branch or point exists: {error}")
    except UndecidedError as error:
        return Verdict(Truth.UNKNOWN, None, f"not decided: {error}")


def _parse(text: str, where: str) -> list[Claim]:
    data: Any = parse_toml(text, where=where)
    validate(data, "claims_file", where=where)
    claims = []
    for entry in data["claims"]:
        fields = dict(entry)
        common = {
            name: fields.pop(name) for name in Claim.__slots__ if name != "fields"
        }
        claims.append(Claim(**common, fields=fields))
    ids = [claim.id for claim in claims]
    for name in ids:
        if ids.count(name) > 1:
            message = f"{where}: the id {name!r} stands there twice"
            raise InputError(message)
    return claims


# --------------------------------------------------------------------- about the series


def _expansion(found: Family, fields: Mapping[str, Any]) -> Verdict:
    check = check_expansion(found, fields["quantity"], fields["expansion"])
    how = f"compared with the proved series: {check.why} ({check.claim.reading})"
    if check.first_wrong is None:
        return Verdict(check.outcome, check.computed_text(), how)
    claimed, right = check.term_texts(check.first_wrong)
    return Verdict(check.outcome, right, how, f"the first wrong term is {claimed}")


def _leading(found: Family, fields: Mapping[str, Any]) -> Verdict:
    claim = read_expansion(fields["term"])
    terms = claim.coefficients(claim.order + 1)
    if claim.has_order_term or len(terms) != 1:
        message = f"{fields['term']!r} should be one nonzero term, without O(...)"
        raise InputError(message)
    exponent, coefficient = _first_term(found, fields["quantity"])
    same = terms == {exponent: coefficient}
    shown = term_text(coefficient, exponent, claim.variable)
    how = "the first nonzero term of the proved series"
    return Verdict(Truth.of(true=same, false=not same), shown, how)


def _limit(found: Family, fields: Mapping[str, Any]) -> Verdict:
    exponent, coefficient = _first_term(found, fields["quantity"], stop=1)
    how = "the constant term of the proved series"
    if exponent < 0:
        text = f"unbounded, like {term_text(coefficient, exponent)}"
        return Verdict(Truth.FALSE, text, how)
    limit = coefficient if exponent == 0 else Exact.rational(0)
    if "value" in fields:
        same = limit == exact_number(fields["value"])
    else:
        same = (
            limit.sign() == {"positive": 1, "zero": 0, "negative": -1}[fields["sign"]]
        )
    return Verdict(Truth.of(true=same, false=not same), _with_decimal(limit), how)


def _decay(found: Family, fields: Mapping[str, Any]) -> Verdict:
    exponent, coefficient = _first_term(found, fields["quantity"])
    how = "the first nonzero term of the proved series"
    computed = term_text(coefficient, exponent)
    if exponent != 2 * Fraction(fields["exponent"]):
        return Verdict(Truth.FALSE, computed, how)
    if "coefficient" not in fields:
        return Verdict(Truth.TRUE, computed, how)
    text = fields["coefficient"]
    agrees, manner = compare_digits(text, coefficient.ball(_bits(text)))
    note = f"refined: the factor is {_with_decimal(coefficient)}"
    return Verdict(agrees, computed, how, f"{manner}; {note}" if manner else note)


def _powers(found: Family, _fields: Mapping[str, Any]) -> Verdict:
    series = found.series()
    e = series.ramification
    variable = "k**(-1/2)" if e == 1 else f"k**(-1/{2 * e})"
    how = (
        f"a series in {variable} with coefficients in {series.field}, proved to be that"
        " of exactly one branch, convergent for large k"
    )
    return Verdict(Truth.of(true=e == 1, false=e != 1), f"series in {variable}", how)


def _first_term(
    found: Family, quantity: str, *, stop: int | None = None
) -> tuple[Fraction, Exact]:
    """The first nonzero term of a quantity, or zero at ``stop`` if it comes later."""
    order = 2
    while True:
        series = found.series(order)[quantity]
        if series.terms:
            return series.terms[0]
        if stop is not None and series.order >= stop:
            return Fraction(stop), Exact.rational(0)
        if order >= _MAX_LEADING_ORDER:
            message = f"{quantity} has no nonzero term before t^{series.order}"
            raise UndecidedError(message, hint="it may be zero")
        order *= 2


# --------------------------------------------------------------- about certified points


def _point(found: Family, fields: Mapping[str, Any]) -> Verdict:
    k = Fraction(fields["k"])
    claimed: dict[str, str] = {}
    for name, text in fields["values"].items():
        ours = _transposed(name) if fields.get("transposed", False) else name
        if ours not in (*found.names, "loss"):
            message = (
                f"family {found.name} has no quantity {ours!r}; it has"
                f" {', '.join(found.names)}, loss"
            )
            raise InputError(message)
        claimed[ours] = text
    prec = max(_bits(text) for text in claimed.values())
    true = certified_balls(found)(k, prec)
    answers, notes, shown = [], [], []
    for name, text in claimed.items():
        agrees, manner = compare_digits(text, true[name])
        answers.append(agrees)
        if manner:
            notes.append(f"{name}: {manner}")
        shown.append(f"{name} = {true[name].str(_SHOWN_DIGITS, radius=False)}")
    if fields.get("transposed", False):
        notes.append("the source's matrix is ours transposed")
    how = f"a certified point at k = {k}; the balls decide every digit"
    return Verdict(Truth.all_of(answers), ", ".join(shown), how, "; ".join(notes))


def _existence(found: Family, fields: Mapping[str, Any]) -> Verdict:
    first, last = fields["k_from"], fields["k_to"]
    if not first <= last < first + _MAX_SIZES:
        message = (
            f"k from {first} to {last} should be an ascending range of at most"
            f" {_MAX_SIZES} values"
        )
        raise InputError(message)
    enclose = certified_balls(found)
    open_sizes = []
    for k in range(first, last + 1):
        try:
            loss = enclose(Fraction(k), _bits("0"))["loss"]
        except UndecidedError:
            open_sizes.append(k)
            continue
        if not loss > 0:
            open_sizes.append(k)
    how = f"a certified point with positive loss at every k from {first} to {last}"
    if not open_sizes:
        return Verdict(Truth.TRUE, f"{last - first + 1} certified points", how)
    shown = ", ".join(str(k) for k in open_sizes)
    return Verdict(Truth.UNKNOWN, f"no certified point at k = {shown}", how)


def _minima(found: Family, fields: Mapping[str, Any]) -> Verdict:
    """Minima with positive loss at every integer k from some k on, or up to another."""
    first, last = fields["k_from"], fields.get("k_to")
    if last is not None and not first <= last < first + _MAX_SIZES:
        message = (
            f"k from {first} to {last} should be an ascending range of at most"
            f" {_MAX_SIZES} values"
        )
        raise InputError(message)
    if last is None:
        return _minima_for_all(found, first)
    sizes = range(first, last + 1)
    answers = {k: _is_minimum(found, k) for k in sizes}
    outcome = Truth.all_of(answers.values())
    shown = f"minima with positive loss at k = {sizes[0]}, ..., {sizes[-1]}"
    if not outcome.is_true:
        failing = ", ".join(str(k) for k, x in answers.items() if not x.is_true)
        shown = f"not a certified minimum at k = {failing}"
    how = "a certified point with positive definite Hessian and positive loss at each k"
    return Verdict(outcome, shown, how, _below(found, first))


def _minima_for_all(found: Family, first: int) -> Verdict:
    """Minima with positive loss at every integer from some k on, by a theorem."""
    how = "a theorem for all k: existence, index and positive loss, infinity included"
    try:
        theorem = found.prove()
    except UndecidedError as error:
        return Verdict(Truth.UNKNOWN, f"nothing was proved for all k: {error}", how)
    entries = [x for x in theorem.index if x.high is None or x.high >= first]
    positive = theorem.bounds.positive_from
    covered = theorem.k_min <= first and positive is not None and positive <= first
    outcome = Truth.all_of(
        Truth.of(true=x.minimum is True, false=x.minimum is False) for x in entries
    )
    return Verdict(
        outcome & Truth.of(true=covered, false=False),
        theorem.sentences[1],
        how,
        _below(found, first),
    )


def _is_minimum(found: Family, k: int) -> Truth:
    """Whether there is a minimum with positive loss at k; both are proved in balls."""
    try:
        loss = found.point(k).loss
        return found.spectrum(k).is_positive_definite & Truth.of(
            true=loss > 0, false=loss <= 0
        )
    except UndecidedError:
        return Truth.UNKNOWN


def _below(found: Family, first: int) -> str:
    """Down to which k there are minima too, in words."""
    least = first
    while least > 1 and _is_minimum_or_missing(found, least - 1):
        least -= 1
    if least == first:
        return f"no minimum was certified at k = {first - 1}"
    return (
        f"there are certified minima from k = {least} on, of which a statement on"
        f" k >= {first} says nothing: the two are compatible"
    )


def _is_minimum_or_missing(found: Family, k: int) -> bool:
    try:
        return _is_minimum(found, k).is_true
    except (InputError, RefutedError):
        return False


def _transposed(name: str) -> str:
    head, _, rest = name.partition("_")
    return "_".join([head, *reversed(rest.split("_"))]) if rest else head


# ---------------------------------------------------------------------- decimal numbers


def compare_digits(text: str, true: arb) -> tuple[Truth, str]:
    """Whether a decimal number is the true one, rounded or cut off.

    Args:
        text: a decimal number such as ``-0.6327039049``.
        true: a ball that holds the true number.

    Returns:
        The answer, and a remark if the number is not rounded but cut off.

    Example:
        >>> compare_digits("0.66", arb(2) / 3)
        (<Truth.TRUE: 'TRUE'>, '0.66 is cut off, not rounded')
        >>> compare_digits("0.68", arb(2) / 3)[0]
        <Truth.FALSE: 'FALSE'>
    """
    number = Decimal(text)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    unit, claimed = Fraction(10) ** exponent, Fraction(number)
    with working_precision(_bits(text)):
        excess = true - ball_of(claimed)
        half, whole = ball_of(unit / 2), ball_of(unit)
        if abs(excess) <= half:
            return Truth.TRUE, ""
        outward = excess if claimed > 0 else -excess
        if claimed == 0:
            outward = abs(excess)
        if outward >= 0 and outward < whole:
            return Truth.TRUE, f"{text} is cut off, not rounded"
        wrong = bool(abs(excess) > half) and bool(outward < 0 or outward >= whole)
        return Truth.of(true=False, false=wrong), ""


def _bits(text: str) -> int:
    """Bits that tell a number from its neighbours with the digits given."""
    return 64 + 4 * (len(text) + _SPARE_DIGITS) + 4 * abs(Decimal(text).adjusted())


def _with_decimal(number: Exact) -> str:
    decimal = decimal_text(number, _SHOWN_DIGITS)
    return f"{number} = {decimal}" if number.as_fraction() is None else str(number)


KINDS: Mapping[str, Kind] = {
    "decay": _decay,
    "existence": _existence,
    "expansion": _expansion,
    "growing": check_growing,
    "leading": _leading,
    "limit": _limit,
    "limits": check_limits,
    "minima": _minima,
    "point": _point,
    "powers": _powers,
    "same_spectrum": check_same_spectrum,
    "turning_point": check_turning_point,
}
"""How each kind is checked; the schema ``claims_file`` lists the fields."""
