r"""Mirror of symcrit/catalog/expansions.py."""

import math
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from symcrit.arith.exact import Exact
from symcrit.catalog.expansions import (
    check_expansion,
    decimal_text,
    family_values,
    read_expansion,
    term_text,
)
from symcrit.catalog.families import family
from symcrit.catalog.family import Family
from symcrit.core.errors import InputError, UndecidedError
from symcrit.core.truth import Truth

# Leading terms of Arjevani and Field, arXiv:2003.10576 and arXiv:2107.10370.
PUBLISHED = [
    ("A", "a_1", "-1 + 2/k + O(k**(-2))"),
    ("A", "o_1", "2/k + O(k**(-2))"),
    ("A", "loss", "1/2 - 1/pi + O(k**(-1/2))"),
    ("I", "a_1", "1 + 8*(pi-1)/pi**2/k + O(k**(-3/2))"),
    ("I", "m_1_2", "2*(pi-2)/pi/k + O(k**(-3/2))"),
    ("I", "m_2_1", "-4*(3*pi-4)/pi**2/k**2 + O(k**(-5/2))"),
    ("I", "a_2", "-1 + 2/k + O(k**(-2))"),
    ("I", "o_2", "2/k + O(k**(-2))"),
    ("I", "loss", "1/2 - 1/pi + O(k**(-1/2))"),
    ("II", "a_1", "-1 + (2+8/pi+8/pi**2)/k + O(k**(-3/2))"),
    ("II", "m_1_2", "4/(pi*k) + O(k**(-3/2))"),
    ("II", "m_2_1", "2/k + O(k**(-2))"),
    ("II", "a_2", "1 + 8/(pi*k**2) + O(k**(-5/2))"),
    ("II", "o_2", "-4/(pi*k**2) + O(k**(-5/2))"),
    ("II", "loss", "(1/2-2/pi**2)/k + O(k**(-3/2))"),
    ("flip:3", "loss", "p*(1/2-2/pi**2)/k + O(k**(-3/2))"),
    ("flip:3", "a_2", "1 + 8*p/(pi*k**2) + O(k**(-5/2))"),
    ("flip:3", "o_2", "-4*p/(pi*k**2) + O(k**(-5/2))"),
]


@cache
def known(name: str) -> Family:
    """One family object for all tests: it keeps its series."""
    return family(name)


@pytest.mark.parametrize(("name", "quantity", "text"), PUBLISHED)
def test_published_leading_terms_are_confirmed(
    name: str, quantity: str, text: str
) -> None:
    """Oracle: the published terms."""
    assert check_expansion(known(name), quantity, text).outcome.is_true


@pytest.mark.parametrize(("name", "quantity", "text"), PUBLISHED)
def test_one_order_more_than_published_is_refuted(
    name: str, quantity: str, text: str
) -> None:
    """What is left out below the O-term is claimed to be 0."""
    text = text[: text.index("+ O(")] + "+ O(k**(-5))"

    check = check_expansion(known(name), quantity, text)

    assert check.outcome.is_false
    assert check.first_wrong is not None
    assert check.first_wrong.claimed == 0
    assert check.first_wrong.computed != 0


@pytest.mark.parametrize(
    ("plain", "latex"),
    [
        (
            "-1 + (2+8/pi+8/pi**2)/k + O(k**(-3/2))",
            r"-1 + \frac{2 + \frac8\pi + \frac{8}{\pi^2}}{k} + \mathcal{O}(k^{-3/2})",
        ),
        (
            "-1 + (2+8/pi+8/pi**2)*t**2 + O(t**3)",
            r"$-1 + 2\left(1+\frac{4}{\pi}+4\pi^{-2}\right)t^2 + O(t^3)$",
        ),
        ("-1 + 2/k", r"-1 + 2k^{-1}"),
        ("-1 + sqrt(2)/sqrt(k)", r"-1 + \sqrt{\frac{2}{k}}"),
    ],
)
def test_latex_twins_say_the_same(plain: str, latex: str) -> None:
    """Same outcome, same terms."""
    left, right = (check_expansion(known("II"), "a_1", text) for text in (plain, latex))

    assert left.outcome is right.outcome
    assert left.terms == right.terms


@pytest.mark.parametrize("name", ["II", "I"])
@pytest.mark.parametrize("quantity", ["a_1", "m_1_2", "loss"])
def test_what_is_shown_can_be_claimed(name: str, quantity: str) -> None:
    """Round trip: the proved expansion, printed in k or t, is confirmed."""
    for order in ("O(k**(-3))", "O(t**6)"):
        shown = check_expansion(known(name), quantity, order).computed
        assert shown is not None
        variable = order[2]
        terms = [term_text(c, n, variable) for n, c in shown.terms if n < 6]
        claim = " + ".join([*(f"({term})" for term in terms), order])

        check = check_expansion(known(name), quantity, claim)

        assert check.outcome.is_true
        again = check_expansion(known(name), quantity, check.computed_text() or "")
        assert again.outcome.is_true


@given(
    st.sampled_from(["a_1", "m_1_2", "m_2_1", "a_2", "o_2", "loss"]),
    st.integers(0, 6),
    st.fractions(-2, 2, max_denominator=10**6),
)
def test_a_changed_coefficient_is_refuted_at_its_term(
    quantity: str, exponent: int, change: Fraction
) -> None:
    """However small the change, and on no other term."""
    assume(change)
    series = known("II").series(order=8)[quantity]
    terms = [f"({c})*t**{n}" for n, c in series.terms if n < 7]
    claim = " + ".join([*terms, f"({change})*t**{exponent}", "O(t**7)"])

    check = check_expansion(known("II"), quantity, claim)

    assert check.outcome.is_false
    assert check.first_wrong is not None
    assert exponent == check.first_wrong.exponent
    assert change == check.first_wrong.claimed - check.first_wrong.computed
    assert all(term.agrees for term in check.terms[:-1])


def test_quotients_and_roots_are_expanded_to_the_o_term() -> None:
    """2/(k-1) is 2/k + 2/k^2 + ...; the second term is wrong for m_2_1."""
    short = check_expansion(known("II"), "m_2_1", "2/(k-1) + O(k**(-2))")
    long = check_expansion(known("II"), "m_2_1", "2/(k-1) + O(k**(-5/2))")

    assert short.outcome.is_true
    assert long.outcome.is_false
    assert long.first_wrong is not None
    assert ("2/k**2", "(-2 - 8/pi)/k**2") == long.term_texts(long.first_wrong)


def test_without_an_o_term_the_claim_ends_with_its_last_term() -> None:
    """A gap inside is still a wrong term."""
    good = check_expansion(known("II"), "a_1", "-1 + (2+8/pi+8/pi**2)/k")
    gap = check_expansion(known("II"), "a_1", "-1 + 5/k**2")

    assert good.outcome.is_true
    assert "every power up to 1/k" in good.claim.reading
    assert gap.first_wrong is not None
    assert ("0/k", "(2 + 8/pi + 8/pi**2)/k") == gap.term_texts(gap.first_wrong)


def test_a_last_term_zero_is_claimed() -> None:
    """The coefficient of 1/k is not 0, with or without O-term; that of t is."""
    for text in ("-1 + 0/k", "-1 + 0/k + O(k**(-3/2))", "-1 + (1 - 1)/k", "0/k - 1"):
        wrong = check_expansion(known("II"), "a_1", text)
        assert wrong.first_wrong is not None
        assert ("0/k", "(2 + 8/pi + 8/pi**2)/k") == wrong.term_texts(wrong.first_wrong)
    right = check_expansion(known("II"), "a_1", "-1 + 0*t")
    assert right.outcome.is_true
    assert "every power up to t, that of the last term" in right.claim.reading


def test_terms_beyond_the_o_term_claim_nothing() -> None:
    """And the reading says so."""
    check = check_expansion(known("II"), "a_1", "-1 + 7/k**2 + O(1/k)")

    assert check.outcome.is_true
    assert "O(1/k) covers the terms with 1/k**2" in check.claim.reading


def test_a_bound_alone_is_a_claim() -> None:
    """o_2 = O(1/k^2) is true, o_2 = O(1/k^3) is not."""
    assert check_expansion(known("II"), "o_2", "O(k**(-2))").outcome.is_true
    assert check_expansion(known("II"), "o_2", "O(k**(-3))").outcome.is_false
    assert check_expansion(known("II"), "loss", "O(k)").outcome.is_true
    assert check_expansion(known("II"), "loss", "0").outcome.is_true
    assert check_expansion(known("A"), "loss", "0").outcome.is_false


def test_powers_that_the_series_lacks_are_wrong() -> None:
    """A cube root of k, and a power that grows."""
    for text, shown in (
        ("-1 + k**(-1/3) + O(1/k)", "1/k**(1/3)"),
        ("k - 1 + O(1/k)", "k"),
    ):
        check = check_expansion(known("II"), "a_1", text)
        assert check.first_wrong is not None
        assert shown == check.term_texts(check.first_wrong)[0]


def test_what_is_not_computed_stays_open() -> None:
    """All right so far is not right; a wrong term is still found."""
    terms = [f"({c})*t**{n}" for n, c in known("A").series(order=12)["a_1"].terms]
    text = " + ".join(terms)

    right = check_expansion(known("A"), "a_1", f"{text} + O(t**200)", max_order=12)
    wrong = check_expansion(known("A"), "a_1", "-1 + O(t**200)", max_order=12)

    assert right.outcome.is_unknown
    assert "no further than t**12" in right.why
    assert right.computed is not None
    assert wrong.outcome.is_false


def test_the_power_of_the_o_term_itself_is_not_known() -> None:
    """A claim without O-term that ends there stays open."""
    series = known("A").series(order=6)["o_1"]
    terms = [f"({c})*t**{n}" for n, c in series.terms]
    text = " + ".join([*terms, f"t**{series.order}"])

    assert check_expansion(known("A"), "o_1", text, max_order=6).outcome.is_unknown


def test_an_undecided_series_leaves_the_claim_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The reason is told."""

    def fail(*_: object) -> None:
        message = "the branch leaves the field"
        raise UndecidedError(message, hint="none")

    mine = family("A")
    monkeypatch.setattr(Family, "series", fail)

    check = check_expansion(mine, "a_1", "-1 + O(1/k)")

    assert check.outcome is Truth.UNKNOWN
    assert check.computed_text() is None
    assert "nothing was compared; the branch leaves the field; none" == check.why


def test_what_was_compared_before_the_time_was_over_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The lower orders, computed first, agree or refute."""
    whole = known("A").series(order=12)
    claim = " + ".join(f"({c})*t**{n}" for n, c in whole["o_1"].terms)

    def stop(_: Family, order: int) -> object:
        if order <= 12:
            return whole
        message = "stopped after 1 s"
        raise UndecidedError(message, hint="allow more")

    monkeypatch.setattr(Family, "series", stop)
    check = check_expansion(known("A"), "o_1", f"{claim} + O(t**40)")

    assert check.outcome is Truth.UNKNOWN
    assert check.why.startswith("all below t**12 agrees; stopped after 1 s")


def test_a_decimal_is_an_exact_number() -> None:
    """A rounded coefficient is refuted, and the reason is told."""
    check = check_expansion(known("II"), "a_1", "-1 + 5.357/k")

    assert check.outcome.is_false
    assert "a decimal number is read as the exact number that it spells" in check.why


@given(st.integers(1, 40))
def test_decimals_survive_cancellation(n: int) -> None:
    """Oracle: logarithms; pi - 355/113 is -2.6676418906e-7."""
    text = decimal_text((Exact.pi() - Fraction(355, 113)).power(n), 10)

    mantissa, exponent = text.split("e")
    expected = n * (math.log10(2.6676418906) - 7)
    assert abs(math.log10(abs(float(mantissa))) + int(exponent) - expected) < 1e-8


def test_p_is_the_number_of_flipped_neurons() -> None:
    """Only where the family has one."""
    assert {"p": 12} == family_values(family("flip:12"))
    assert {} == family_values(family("II"))
    with pytest.raises(InputError, match="unknown name 'p'"):
        check_expansion(known("II"), "loss", "p/k")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1/(k-1)", "infinitely many terms"),
        ("1 + O(0)", "ends with O"),
        ("1/(k-k)", "division by a series"),
        ("1 +", "ends too early"),
        ("", "empty expression"),
        ("q/k", "unknown name 'q'"),
        ("9**9**9", "exponent too large"),
        ("__import__('os').system('true')", "unknown name '__import__'"),
        ("exp(k)", "unknown name 'exp'"),
        ("1 + O(1/k) + O(1/k)", "second O"),
        ("(1+O(1/k))*k", "inside a term"),
        ("(" * 60 + "1" + ")" * 60, "nested too deeply"),
        ("1+" * 60_000 + "1", "too long"),
        ("2/k\N{EN DASH}1", "EN DASH"),
        ("\x00", "control character"),
    ],
)
def test_hostile_text_is_refused(text: str, message: str) -> None:
    """In one line; nothing of it is executed."""
    with pytest.raises(InputError, match=message):
        read_expansion(text)


@given(st.text(alphabet="kt0123456789+-*/^()O. pisqrt\\{}$frac", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No other exception escapes."""
    try:
        claim = read_expansion(text)
    except InputError:
        return
    assert claim.reading


def test_an_unknown_quantity_is_refused() -> None:
    """The message lists what there is."""
    with pytest.raises(InputError, match="it has a_1, o_1, loss"):
        check_expansion(known("A"), "a_2", "1")
