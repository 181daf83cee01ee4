"""Mirror of symcrit/catalog/claims.py."""

from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.balls import ball_of
from symcrit.arith.exact import Exact
from symcrit.arith.precision import working_precision
from symcrit.catalog.claims import (
    KINDS,
    Claim,
    Verdict,
    check_claim,
    compare_digits,
    published_claims,
    read_claims,
)
from symcrit.catalog.families import family
from symcrit.catalog.family import Family
from symcrit.catalog.quantities import Quantity
from symcrit.certify.bounds import prove_bounds
from symcrit.certify.theorems import FamilyTheorem
from symcrit.core.errors import InputError, RefutedError, UndecidedError
from symcrit.core.truth import Truth
from symcrit.schemas.load import load_schema
from tests.certify.theorem_cases import theorem

find = cache(family)

REFUTED = ["arjevani-field-2020b-near-zero-II"]
"""The limits are positive constants, as a later paper of the same authors says."""


def checked(kind: str, name: str = "II", **fields: Any) -> Verdict:
    """The verdict on a claim made up here."""
    return check_claim(Claim("test", "test", "test", kind, name, fields), find)


def slow(claim: Claim) -> Any:
    """A parameter that is tested with the slow ones if it needs thresholds."""
    needs_thresholds = claim.kind in ("minima", "turning_point")
    marks = [pytest.mark.slow] if needs_thresholds or claim.family == "M" else []
    return pytest.param(claim, marks=marks, id=claim.id)


@pytest.mark.parametrize("claim", [slow(claim) for claim in published_claims()])
def test_published_claims_have_their_verdict(claim: Claim) -> None:
    """Oracle: the publications."""
    verdict = check_claim(claim, find)

    if claim.id in REFUTED:
        assert verdict.outcome.is_false
        assert verdict.note.startswith("refined")
    else:
        assert verdict.outcome.is_true
    assert verdict.computed
    assert verdict.how


def test_minima_in_a_range_of_k() -> None:
    """Type A is a minimum from k = 6 on: oracle, the full Hessian in other tests."""
    right = checked("minima", "A", k_from=7, k_to=9)
    wrong = checked("minima", "A", k_from=5, k_to=7)
    first = checked("minima", "A", k_from=6, k_to=6)

    assert right.outcome.is_true
    assert "minima from k = 6 on" in right.note
    assert wrong.outcome.is_false
    assert wrong.computed == "not a certified minimum at k = 5"
    assert first.outcome.is_true
    assert first.note == "no minimum was certified at k = 5"


def test_minima_from_some_k_on_are_a_theorem(monkeypatch: pytest.MonkeyPatch) -> None:
    """Confirmed from k = 6 on, refuted with k = 5, open below what was proved."""
    proved = theorem("A", 5)
    known = FamilyTheorem("A", proved, prove_bounds(proved, 3))
    monkeypatch.setattr(Family, "prove", lambda _self: known)

    assert checked("minima", "A", k_from=6).outcome.is_true
    assert checked("minima", "A", k_from=7).outcome.is_true
    assert checked("minima", "A", k_from=5).outcome.is_false
    assert checked("minima", "A", k_from=4).outcome.is_false
    assert "minima from k = 6 on" in checked("minima", "A", k_from=8).note
    open_ = replace(known, bounds=replace(known.bounds, positive_from=None))
    monkeypatch.setattr(Family, "prove", lambda _self: open_)
    assert checked("minima", "A", k_from=6).outcome.is_unknown


def test_a_range_of_minima_should_ascend() -> None:
    """The same rule as for the existence of points."""
    with pytest.raises(InputError, match="ascending"):
        checked("minima", "A", k_from=7, k_to=6)


def test_the_published_point_is_reproduced_to_all_digits() -> None:
    """Rounded, not only cut off; a changed last digit is refuted."""
    (claim,) = [c for c in published_claims() if c.id.endswith("point-7")]
    values = claim.fields["values"]

    verdict = check_claim(claim, find)

    assert verdict.outcome.is_true
    assert "cut off" not in verdict.note
    for name, text in values.items():
        last = str((int(text[-1]) + 2) % 10)
        wrong = {**values, name: text[:-1] + last}
        fields = {**claim.fields, "values": wrong}
        assert checked("point", **fields).outcome.is_false
    untransposed = {**claim.fields, "transposed": False}
    assert checked("point", **untransposed).outcome.is_false


def test_the_decay_of_the_loss() -> None:
    """The digit given is right and refined; other digits and powers are wrong."""
    loss = {"quantity": "loss"}
    right = checked("decay", exponent="1", coefficient="0.3", **loss)

    assert right.outcome.is_true
    assert "0.297357632" in right.note
    assert checked("decay", exponent="1", **loss).outcome.is_true
    assert checked("decay", exponent="1", coefficient="0.29", **loss).outcome.is_true
    assert checked("decay", exponent="1", coefficient="0.31", **loss).outcome.is_false
    assert checked("decay", exponent="1/2", **loss).outcome.is_false
    assert checked("decay", "A", exponent="1", **loss).outcome.is_false


def test_limits() -> None:
    """By value and by sign."""
    for name, fields, expected in (
        ("A", {"value": "1/2 - 1/pi"}, Truth.TRUE),
        ("A", {"value": "1/2"}, Truth.FALSE),
        ("A", {"sign": "positive"}, Truth.TRUE),
        ("A", {"sign": "zero"}, Truth.FALSE),
        ("II", {"sign": "zero"}, Truth.TRUE),
        ("II", {"value": "0"}, Truth.TRUE),
        ("II", {"sign": "positive"}, Truth.FALSE),
    ):
        assert expected is checked("limit", name, quantity="loss", **fields).outcome
    assert checked("limit", quantity="a_1", sign="negative").outcome.is_true


def test_what_is_unbounded_has_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A series that begins with 1/t."""
    series = find("A").series()
    growing = Quantity("loss", ((Fraction(-1), Exact.rational(2)),), Fraction(4))
    series = replace(series, quantities={"loss": growing})
    monkeypatch.setattr(Family, "series", lambda *_: series)
    verdict = checked("limit", "A", quantity="loss", sign="zero")

    assert verdict.outcome.is_false
    assert "unbounded, like 2*k**(1/2)" == verdict.computed


def test_leading_terms() -> None:
    """In k or t; the first nonzero term only."""
    assert checked("leading", quantity="o_2", term="-4/(pi*k**2)").outcome.is_true
    assert checked("leading", quantity="o_2", term="-4/pi*t**4").outcome.is_true
    assert checked("leading", quantity="o_2", term="4/(pi*k**2)").outcome.is_false
    assert checked("leading", quantity="a_1", term="2/k").outcome.is_false
    for term in ("1 + 1/k", "1/k + O(1/k**2)", "0"):
        with pytest.raises(InputError, match="should be one nonzero term"):
            checked("leading", quantity="o_2", term=term)


def test_expansions() -> None:
    """The first wrong term is noted, the right one computed."""
    right = checked("expansion", quantity="a_2", expansion="1 + 8/(pi*k**2)")
    wrong = checked("expansion", quantity="a_2", expansion="1 + 8/(pi*k)")

    assert right.outcome.is_true
    assert wrong.outcome.is_false
    assert "0/k" == wrong.computed
    assert "8/pi/k" in wrong.note


def test_existence() -> None:
    """At every size of the range."""
    assert checked("existence", k_from=6, k_to=8).outcome.is_true
    with pytest.raises(InputError, match="ascending range"):
        checked("existence", k_from=8, k_to=6)


def test_existence_needs_positive_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loss that may be 0, and a size without a point, are listed."""

    def enclose(k: Fraction, prec: int) -> dict[str, arb]:
        if k == 8:
            message = f"no point to {prec} bits"
            raise UndecidedError(message, hint="none")
        return {"loss": arb(1, 2 if k == 7 else 0)}

    monkeypatch.setattr("symcrit.catalog.claims.certified_balls", lambda _: enclose)
    verdict = checked("existence", k_from=6, k_to=9)

    assert verdict.outcome.is_unknown
    assert "no certified point at k = 7, 8" == verdict.computed


def test_powers_of_another_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """A series in k^(-1/4) is none in k^(-1/2)."""
    ramified = replace(find("A").series(), ramification=2)
    monkeypatch.setattr(Family, "series", lambda *_: ramified)
    verdict = checked("powers", "A")

    assert verdict.outcome.is_false
    assert "series in k**(-1/4)" == verdict.computed


def test_what_the_search_raises_becomes_a_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A proof that there is nothing refutes; no proof leaves open."""

    def refute(*_: object) -> Verdict:
        message = "no such branch"
        raise RefutedError(message)

    def give_up(*_: object) -> Verdict:
        message = "no proof"
        raise UndecidedError(message, hint="none")

    for check, outcome in ((refute, Truth.FALSE), (give_up, Truth.UNKNOWN)):
        monkeypatch.setattr("symcrit.catalog.claims.KINDS", {"powers": check})
        assert outcome is checked("powers").outcome


def test_the_schema_lists_every_kind() -> None:
    """A kind that is added to one place is added to the other."""
    schema = load_schema("claims_file")
    kinds = schema["$defs"]["claim"]["properties"]["kind"]["enum"]

    assert sorted(KINDS) == sorted(kinds)
    assert list(KINDS) == sorted(KINDS)


@given(
    st.fractions(-1000, 1000, max_denominator=10**6),
    st.integers(0, 20),
    st.sampled_from([ROUND_HALF_EVEN, ROUND_DOWN]),
)
def test_digits_of_a_rational_number(
    value: Fraction, digits: int, rounding: str
) -> None:
    """Oracle: the decimal module rounds; two units off is wrong."""
    with working_precision(400):
        exact = ball_of(value)
    unit = Decimal(1).scaleb(-digits)
    scaled = Decimal(value.numerator * 10**digits) / Decimal(value.denominator)
    number = scaled.quantize(Decimal(1), rounding=rounding).scaleb(-digits)

    assert compare_digits(f"{number:f}", exact)[0].is_true
    for wrong in (number + 2 * unit, number - 2 * unit):
        assert compare_digits(f"{wrong:f}", exact)[0].is_false


def test_digits_that_are_neither_rounded_nor_cut_off() -> None:
    """Within one unit, but on the wrong side."""
    assert compare_digits("0.67", arb("0.663"))[0].is_false
    assert compare_digits("-0.67", arb("-0.663"))[0].is_false
    assert compare_digits("0.66", arb("0.669"))[0].is_true
    assert compare_digits("-0.66", arb("-0.669"))[0].is_true


def test_a_wide_ball_leaves_digits_open() -> None:
    """Neither right nor wrong."""
    assert compare_digits("0.3", arb(0.3, 0.2))[0].is_unknown


def test_the_file_in_the_documentation_works(tmp_path: Path) -> None:
    """It is read from the page and confirmed."""
    page = Path(__file__).parents[2] / "docs" / "howto-verify.md"
    text = page.read_text().split("```toml\n")[1].split("```")[0]
    path = tmp_path / "mine.toml"
    path.write_text(text)

    verdicts = [check_claim(claim, find) for claim in read_claims(path)]

    assert 2 == len(verdicts)
    assert all(verdict.outcome.is_true for verdict in verdicts)


HEADER = 'schema = "symcrit/claims_file@1"\n'
CLAIM = '[[claims]]\nid = "a"\nsource = "s"\ntext = "t"\nfamily = "A"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'schema' is a required property"),
        (HEADER, "'claims' is a required property"),
        (HEADER + "claims = []", "should be non-empty"),
        (HEADER + CLAIM, "'kind' is a required property"),
        (HEADER + CLAIM + 'kind = "magic"', "'magic' is not one of"),
        (HEADER + CLAIM + 'kind = "limit"', "'quantity' is a required property"),
        (HEADER + CLAIM + 'kind = "limit"\nquantity = "loss"', "valid under"),
        (
            HEADER + CLAIM + 'kind = "powers"\nmore = 1',
            "'more' is no field; known are id, source",
        ),
        (
            HEADER + CLAIM + 'kind = "point"\nk = 0\nvalues = {a_1 = "1"}',
            "claims\\[0\\].k",
        ),
        (
            HEADER + CLAIM + 'kind = "point"\nk = 7\nvalues = {a_1 = "one"}',
            "'one' does not match",
        ),
        (HEADER + 2 * (CLAIM + 'kind = "powers"\n'), "the id 'a' stands there twice"),
        ("[[claims", "not TOML"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    """The message names the file and the place."""
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=f"mine.toml.*{message}"):
        read_claims(path)


def test_a_claim_without_meaning_is_refused() -> None:
    """The message names the claim."""
    for kind, fields in (
        ("expansion", {"quantity": "b", "expansion": "1"}),
        ("expansion", {"quantity": "a_1", "expansion": "1 +"}),
        ("limit", {"quantity": "a_1", "value": "k"}),
        ("point", {"k": 7, "values": {"b_1": "1"}}),
    ):
        with pytest.raises(InputError, match="claim 'test': "):
            checked(kind, **fields)
