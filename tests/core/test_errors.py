"""Mirror of symcrit/core/errors.py."""

import pickle

import pytest

from symcrit.core.errors import (
    InputError,
    InsufficientPrecisionError,
    RefutedError,
    SymcritError,
    UndecidedError,
)

EVERY = [
    InputError("k must be positive, got -3"),
    RefutedError("family II has no point at k = 2"),
    UndecidedError("10 of 30 digits proved", hint="raise --prec"),
    InsufficientPrecisionError("the sign of x is open", prec=64),
]


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_an_error_survives_the_way_home_from_a_worker(error: SymcritError) -> None:
    """Type, message and fields are those of the error that was raised."""
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - written one line above

    assert type(error) is type(copy)
    assert str(error) == str(copy)
    assert vars(error) == vars(copy)


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_one_base_class(error: SymcritError) -> None:
    """A caller can catch everything of this package by one name."""
    assert isinstance(error, SymcritError)


def test_wrong_input_is_also_a_value_error() -> None:
    """Code that knows nothing of this package can still catch it."""
    assert issubclass(InputError, ValueError)
    assert not issubclass(UndecidedError, ValueError)


def test_a_message_is_one_line() -> None:
    """Line breaks inside a message become spaces."""
    assert "a b c" == str(InputError("a\n  b\tc"))
    assert "a b; c d" == str(UndecidedError("a\nb", hint="c\nd"))
