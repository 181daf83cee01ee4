"""Statements for all k >= k_1 as JSON, and their check.

All numbers other than small integers are texts.  A polynomial in pi is the text of its
integer coefficients, the constant one first, with spaces between.  An exact number is a
list of parts [m, [q, ...], p, d], each of which means sqrt(m q ...) p / d with m
squarefree and different irreducible polynomials q that are positive at pi.

A document has the evidence, which is also a part of the certificate of a theorem for
all k, and by itself the claims: bounds of the tube, constants of truncated
series, exact terms and remainder of the loss, its sign, and the Morse indices of
blocks.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from flint import arb, fmpz, fmpz_poly

from symcrit.arith.exact import Exact, positive_at_pi
from symcrit.arith.precision import working_precision
from symcrit.certificates.texts import dyadic_text, read_dyadic
from symcrit.certify.exact_branch import Centre, Terms
from symcrit.certify.infinity import check_infinity
from symcrit.certify.infinity_statement import Infinity, InfinityEvidence
from symcrit.certify.krawczyk import Hypothesis, upper_bound
from symcrit.core.errors import InputError
from symcrit.core.truth import Truth
from symcrit.landscapes.reduced import Landscape
from symcrit.schemas.load import validate

__all__ = [
    "check_infinity_document",
    "infinity_document",
    "infinity_evidence",
    "read_infinity",
]

_CLAIM_BITS = 40
"""Bounds in claims are rounded up to so many bits."""

_INTEGERS = re.compile(r"-?[0-9]+(?: -?[0-9]+)*")

_SCHEMA = "infinity"


def infinity_document(found: Infinity) -> dict[str, Any]:
    """The JSON document of a statement.

    Example:
        >>> import symcrit
        >>> from symcrit.certify.infinity import certify_infinity
        >>> family = symcrit.family("A")
        >>> found = certify_infinity(
        ...     family.landscape, family.leading, order=6, k_from=Fraction(60)
        ... )
        >>> document = infinity_document(found)
        >>> document["parameters"][1]["terms"][0]
        [2, [['1', [], '2', '1']]]
        >>> all(
        ...     x.holds.is_true
        ...     for x in check_infinity_document(family.landscape, document)
        ... )
        True
    """
    return {**infinity_evidence(found.evidence), "claims": _claims(found)}


def infinity_evidence(evidence: InfinityEvidence) -> dict[str, Any]:
    """The part of the document that proves the statement; it claims nothing."""
    centre = evidence.centre
    return {
        "k_from": str(evidence.k_from),
        "ramification": centre.ramification,
        "parameters": [
            {
                "name": name,
                "terms": _terms(terms),
                "order": order,
                "radius": dyadic_text(r),
            }
            for name, terms, order, r in zip(
                centre.names, centre.terms, centre.orders, evidence.radii, strict=True
            )
        ],
        "inverse": [[_terms(x) for x in row] for row in evidence.inverse],
        "length": evidence.length,
        "bits": evidence.prec,
    }


def _claims(found: Infinity) -> dict[str, Any]:
    low, high = _ends(found.loss_rest)
    return {
        "bounds": {
            name: dyadic_text(_raised(x))
            for name, x in zip(found.names, found.image, strict=True)
        },
        "constants": {
            name: {
                str(m): dyadic_text(_raised(found.constant(name, m))) for m, _ in terms
            }
            for name, terms in zip(found.names, found.centre, strict=True)
        },
        "loss": {
            "terms": _terms(found.loss_terms),
            "order": found.loss_order,
            "low": dyadic_text(low),
            "high": dyadic_text(high),
            "positive": found.spurious,
        },
        "negatives": dict(found.negatives),
    }


def read_infinity(document: object, *, where: str) -> InfinityEvidence:
    """The evidence of a document.

    Raises:
        InputError: the document breaks the schema, or holds what is no number.
    """
    validate(document, _SCHEMA, where=where)
    assert isinstance(document, dict)
    try:
        return _read_evidence(document)
    except InputError as error:
        message = f"{where}: {error}"
        raise InputError(message) from error


def _read_evidence(document: Mapping[str, Any]) -> InfinityEvidence:
    parameters = document["parameters"]
    n = len(parameters)
    if [len(row) for row in document["inverse"]] != [n] * n:
        message = f"inverse: should have {n} rows of {n} entries"
        raise InputError(message)
    centre = Centre(
        tuple(x["name"] for x in parameters),
        tuple(_read_terms(x["terms"]) for x in parameters),
        tuple(x["order"] for x in parameters),
        document["ramification"],
    )
    for name, terms, order in zip(
        centre.names, centre.terms, centre.orders, strict=True
    ):
        if terms and terms[-1][0] >= order:
            message = f"{name}: a term of exponent {terms[-1][0]}, beyond O(u^{order})"
            raise InputError(message)
    k_from = Fraction(document["k_from"])
    if k_from <= 0:
        message = f"k_from: {k_from} should be positive"
        raise InputError(message)
    return InfinityEvidence(
        centre,
        tuple(tuple(_read_terms(x) for x in row) for row in document["inverse"]),
        k_from,
        tuple(read_dyadic(x["radius"]) for x in parameters),
        document["length"],
        document["bits"],
    )


def check_infinity_document(
    landscape: Landscape, document: Mapping[str, Any], *, where: str = "infinity"
) -> tuple[Hypothesis, ...]:
    """Prove a document again, and compare its claims with what was proved.

    Raises:
        InputError: the document is none.
    """
    evidence = read_infinity(document, where=where)
    if "claims" not in document:
        message = f"{where}: 'claims' is a required property of a statement"
        raise InputError(message)
    tube = "each k >= k_from has exactly one critical point in the tube"
    found = check_infinity(landscape, evidence)
    if found is None:
        return (Hypothesis(tube, Truth.UNKNOWN),)
    claims = document["claims"]
    loss = claims["loss"]
    low, high = read_dyadic(loss["low"]), read_dyadic(loss["high"])
    return (
        Hypothesis(tube, Truth.TRUE),
        _hypothesis("the bounds of the parameters", _bounded(found, claims["bounds"])),
        _hypothesis(
            "the constants of the truncated series",
            _constants_hold(found, claims["constants"]),
        ),
        _hypothesis(
            "the exact terms of the loss",
            (_read_terms(loss["terms"]), loss["order"])
            == (found.loss_terms, found.loss_order),
        ),
        _hypothesis(
            "the remainder of the loss",
            low <= found.loss_rest and found.loss_rest <= high,
        ),
        _hypothesis("the loss is positive", found.spurious or not loss["positive"]),
        _hypothesis("the Morse indices of blocks", _agrees(found, claims["negatives"])),
    )


def _hypothesis(name: str, holds: bool) -> Hypothesis:
    return Hypothesis(name, Truth.of(true=holds, false=False))


def _bounded(found: Infinity, bounds: Mapping[str, str]) -> bool:
    return set(bounds) == set(found.names) and all(
        x <= read_dyadic(bounds[name])
        for name, x in zip(found.names, found.image, strict=True)
    )


def _constants_hold(
    found: Infinity, constants: Mapping[str, Mapping[str, str]]
) -> bool:
    return set(constants) <= set(found.names) and all(
        int(m) <= found.orders[found.names.index(name)]
        and found.constant(name, int(m)) <= read_dyadic(bound)
        for name, bounds in constants.items()
        for m, bound in bounds.items()
    )


def _agrees(found: Infinity, negatives: Mapping[str, int | None]) -> bool:
    """Whether each number that is claimed was proved."""
    return set(negatives) == set(found.negatives) and all(
        number is None or found.negatives[name] == number
        for name, number in negatives.items()
    )


def _raised(x: arb) -> arb:
    """A short exact number that is not smaller."""
    with working_precision(_CLAIM_BITS):
        return upper_bound(x)


def _ends(x: arb) -> tuple[arb, arb]:
    """Short exact numbers, not above and not below the points of a ball."""
    with working_precision(_CLAIM_BITS):
        return x.lower(), x.upper()


# ---------------------------------------------------------------------- exact numbers


def _terms(terms: Terms) -> list[Any]:
    return [[n, _number(c)] for n, c in terms]


def _number(x: Exact) -> list[Any]:
    return [
        [
            str(m),
            [" ".join(map(str, q)) for q in inside],
            _polynomial(p),
            _polynomial(d),
        ]
        for (m, inside), (p, d) in x.parts.items()
    ]


def _polynomial(p: fmpz_poly) -> str:
    return " ".join(str(int(c)) for c in p.coeffs())


def _read_terms(document: Sequence[Any]) -> Terms:
    terms = tuple((n, _read_number(parts)) for n, parts in document)
    exponents = [n for n, _ in terms]
    if exponents != sorted(set(exponents)):
        message = "the exponents of a series should ascend"
        raise InputError(message)
    return tuple((n, c) for n, c in terms if c)


def _read_number(document: Sequence[Any]) -> Exact:
    total = Exact.rational(0)
    for m, inside, p, d in document:
        denominator = _read_polynomial(d)
        if not denominator:
            message = "an exact number with the denominator zero"
            raise InputError(message)
        root = Exact.surd(_read_squarefree(m), [_read_factor(q) for q in inside])
        if len(set(inside)) != len(inside):
            message = "a root with two equal factors"
            raise InputError(message)
        total = total + root * Exact.quotient(_read_polynomial(p), denominator)
    return total


def _read_polynomial(text: str) -> fmpz_poly:
    if not _INTEGERS.fullmatch(text):
        message = f"{text[:40]!r} is no polynomial, such as '1 0 -2'"
        raise InputError(message)
    return fmpz_poly([int(c) for c in text.split()])


def _read_squarefree(text: str) -> int:
    m = int(text)
    if m < 1 or any(e > 1 for _, e in fmpz(m).factor()):
        message = f"a root of {text[:40]}, which is not squarefree and positive"
        raise InputError(message)
    return m


def _read_factor(text: str) -> fmpz_poly:
    """An irreducible polynomial that is positive at pi."""
    q = _read_polynomial(text)
    content, factors = q.factor() if q.degree() > 0 else (fmpz(0), [])
    if abs(int(content)) != 1 or len(factors) != 1 or factors[0][1] != 1:
        message = f"a root of {text[:40]!r}, which is no irreducible polynomial"
        raise InputError(message)
    if positive_at_pi(q) != q:
        message = f"a root of {text[:40]!r}, which is negative at pi"
        raise InputError(message)
    return q
