"""Mirror of symcrit/catalog/symbolic.py."""

import base64
import zlib
from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from symcrit.arith.precision import working_precision
from symcrit.catalog.symbolic import PRECISION, find_symbolic, read_symbolic
from symcrit.core.errors import InputError
from tests.catalog.symbolic_numbers import (
    expression,
    letters,
    name,
    number,
    reference,
    vector,
)

rationals = st.integers(-(2**100), 2**100) | st.fractions(max_denominator=2**70)


def read(value: bytes) -> list[arb]:
    """The numbers that a record stands for."""
    return read_symbolic(letters(value), where="x")


@given(st.lists(rationals, min_size=1, max_size=4))
def test_rational_numbers_are_read_exactly(values: list[int | Fraction]) -> None:
    """One alone, and several as a vector."""
    exact = [fmpq(*value.as_integer_ratio()) for value in values]

    (alone,) = read(number(values[0]))
    found = read(vector([number(value) for value in values]))

    with working_precision(PRECISION + 200):
        assert alone.contains(exact[0])
        assert len(found) == len(exact)
        assert all(x.contains(y) for x, y in zip(found, exact, strict=True))
        narrow = arb(2) ** (2 - PRECISION)
        assert all(x.rad() <= narrow * (1 + abs(x)).upper() for x in found)


def test_functions_and_references() -> None:
    """Oracle: (pi^-1 arccos(1/2) + 2 * 2^(1/2)) = 1/3 + sqrt 8.

    sysassign, x and hold are 1, 2, 3; _plus 4, _mult 5, _power 6, PI 7, -1 8.
    """
    third = expression(
        name("_mult"),
        expression(name("_power"), name("PI"), number(-1)),
        expression(name("arccos"), number(Fraction(1, 2))),
    )
    root = expression(
        reference(5),
        number(2),
        expression(reference(6), number(2), number(Fraction(1, 2))),
    )

    (found,) = read(expression(name("_plus"), third, root))

    assert found.overlaps(arb(1) / 3 + arb(8).sqrt())
    assert found.rad() < 1e-60


def test_texts_are_found_in_bytes_of_one_and_of_two() -> None:
    """As MATLAB writes them."""
    first, second = letters(number(1)), letters(number(2))
    texts = [b'symobj::fromString("%s", 2)' % text for text in (first, second)]
    wide = texts[1].decode().encode("utf-16-le")

    assert [first, second] == find_symbolic(b"\1" + texts[0] + b"\0\2" + wide)


@pytest.mark.parametrize(
    "value",
    [
        name("x"),
        name("text", 0x400A),
        expression(name("system"), number(1)),
        expression(name("_power"), number(1)),
        expression(name("_power"), number(0), number(-1)),
        expression(name("arccos"), number(2)),
        number(Fraction(1, 2)).replace(b"\2\0\0\0\0\0\0\1", b"\0\0\0\0\0\0\0\1"),
        vector([]),
        vector([name("x")]),
        reference(99),
        b"",
        b"\0" * 40,
        number(1)[:-1],
        number(1) + b"\0",
        expression(*[b""] * 0),
    ],
)
def test_what_is_no_number_is_refused(value: bytes) -> None:
    """In one line, whatever it is."""
    with pytest.raises(InputError, match=r"^x: no exact numbers of MATLAB's symbolic"):
        read(value)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"AAAA",
        b"=",
        base64.b64encode(zlib.compress(b"no preamble")),
        base64.b64encode(zlib.compress(b"\0" * 2**25)),
        letters(number(1))[:-8],
    ],
    ids=["empty", "stream", "letters", "preamble", "bomb", "cut"],
)
def test_damaged_texts_are_refused(text: bytes) -> None:
    """Also a small text that would unpack to a large one."""
    with pytest.raises(InputError, match="no exact numbers"):
        read_symbolic(text, where="x")


def test_deep_nesting_is_refused() -> None:
    """Before Python's own stack ends."""
    value = number(1)
    for _ in range(5000):
        value = expression(name("hold"), value)

    with pytest.raises(InputError, match="no exact numbers"):
        read(value)


def test_shared_parts_are_evaluated_once() -> None:
    """A sum with itself, doubled sixty times, is no work.

    sysassign, x, hold, _plus, 1 and 0 are numbered 1 to 6, their sum is number 7, and
    each further sum has the next number.
    """
    sums = expression(reference(4), number(1), number(0))
    for step in range(60):
        head = reference(4) if step < 59 else name("_plus")
        sums = expression(head, sums, reference(7 + step))

    (found,) = read(sums)

    assert found == arb(2) ** 60


@given(st.binary(max_size=60), st.integers(0, 400))
def test_noise_is_refused_or_read(noise: bytes, place: int) -> None:
    """Nothing else happens, wherever it stands."""
    text = zlib.decompress(base64.b64decode(letters(vector([number(3)]))))
    changed = text[:place] + noise + text[place + len(noise) :]

    try:
        found = read_symbolic(base64.b64encode(zlib.compress(changed)), where="x")
    except InputError:
        return
    assert all(x.is_finite() for x in found)
