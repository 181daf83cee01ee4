"""What can go wrong, by the kind of no that it is.

Every message is one line that says what is wrong, where, and what would be right.
Outcomes that are no accident, such as a refuted expansion among ten, are values and not
exceptions; an exception means that there is no answer to return.
"""

__all__ = [
    "InputError",
    "InsufficientPrecisionError",
    "RefutedError",
    "SymcritError",
    "UndecidedError",
]


class SymcritError(Exception):
    r"""Base of all errors of this package; ``str()`` of it is a single line.

    Args:
        message: what is wrong, where, and what would be right.

    Example:
        >>> str(SymcritError("first line\n  second line"))
        'first line second line'
    """

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))

    def __reduce__(self) -> tuple[object, ...]:
        # The default calls the class with ``args`` alone, which loses keyword
        # arguments: an error raised in a worker process could not come home.
        return _restore, (type(self), self.args, self.__dict__)


class InputError(SymcritError, ValueError):
    """The question is wrong: a value, a file or an expression that has no meaning."""


class RefutedError(SymcritError):
    """The answer is no, with proof: what was asked for does not exist or is false."""


class UndecidedError(SymcritError):
    """The question is fair, but was not decided within the limits given.

    Args:
        message: what was reached.
        hint: what might decide it.

    Example:
        >>> error = UndecidedError("20 of 30 digits proved", hint="raise --prec")
        >>> str(error), error.hint
        ('20 of 30 digits proved; raise --prec', 'raise --prec')
    """

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(f"{message}; {hint}")
        self.hint = hint


class InsufficientPrecisionError(UndecidedError):
    """Undecided at this precision; the same question with more bits may be decided.

    Args:
        message: what was reached.
        prec: the working precision that was not enough, in bits.

    Example:
        >>> error = InsufficientPrecisionError("the sign of x is open", prec=128)
        >>> str(error), error.prec
        ('the sign of x is open; try more than 128 bits', 128)
    """

    def __init__(self, message: str, *, prec: int) -> None:
        super().__init__(message, hint=f"try more than {prec} bits")
        self.prec = prec


def _restore(
    kind: type[SymcritError], args: tuple[object, ...], state: dict[str, object]
) -> SymcritError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error
