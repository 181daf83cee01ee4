"""What a program reads in place of an answer, where the question found none.

The document has the fields of an answer, so that a program that looks for one finds it
empty, and says whether the answer is no or open, why, and what might decide it.
"""

from collections.abc import Mapping
from fractions import Fraction

from symcrit.core.errors import RefutedError, UndecidedError

__all__ = ["unanswered"]

_REPEATED = {"d", "families", "family", "k", "kind", "runs", "seed", "within"}
"""What an answer repeats of the question.  The order of a series is not among it: an
answer tells one for each quantity."""


def unanswered(
    name: str, asked: Mapping[str, object], error: RefutedError | UndecidedError
) -> dict[str, object]:
    """Return the fields of the document, without ``schema``.

    Args:
        name: the command.
        asked: what its function was called with.
        error: why there is no answer.

    Example:
        >>> error = UndecidedError("9 of 20 digits", hint="wait")
        >>> found = unanswered("point", {"family": "II", "k": Fraction(15, 2)}, error)
        >>> found["family"], found["k"], found["certified"], found["outcome"]
        ('II', '15/2', False, 'UNKNOWN')
    """
    from symcrit.schemas.load import empty_answer

    hint = error.hint if isinstance(error, UndecidedError) else None
    return {
        **{
            field: _plain(asked[field])
            if field in _REPEATED & asked.keys()
            else nothing
            for field, nothing in empty_answer(name).items()
        },
        "answered": False,
        "outcome": "REFUTED" if hint is None else "UNKNOWN",
        "why": str(error),
        "hint": hint,
    }


def _plain(value: object) -> object:
    """A value as JSON has it."""
    if isinstance(value, Fraction):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
