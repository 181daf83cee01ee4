"""Three-valued truth: what a ball cannot decide is UNKNOWN, never false.

A ball that contains zero is neither certainly zero nor certainly not, so a predicate on
balls needs three answers.  ``Truth`` has no ``bool()``; a caller asks for the answer it
needs with ``is_true``, ``is_false`` or ``is_unknown``.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Never, Self

__all__ = ["Truth"]


class Truth(Enum):
    """The answer to a question that may stay open.

    Example:
        >>> Truth.of(true=False, false=False)
        <Truth.UNKNOWN: 'UNKNOWN'>
        >>> (Truth.TRUE & Truth.UNKNOWN).is_unknown
        True
        >>> (Truth.FALSE & Truth.UNKNOWN).is_false
        True
        >>> ~Truth.TRUE | Truth.UNKNOWN
        <Truth.UNKNOWN: 'UNKNOWN'>
        >>> if Truth.UNKNOWN:
        ...     pass
        Traceback (most recent call last):
        TypeError: Truth has three values: ask .is_true, .is_false or .is_unknown

    Source:
        Kleene's strong logic of three values.
    """

    TRUE = "TRUE"
    FALSE = "FALSE"
    UNKNOWN = "UNKNOWN"

    @classmethod
    def of(cls, *, true: bool, false: bool) -> Self:
        """Combine two proofs, for and against, into one answer.

        Args:
            true: whether the statement is proved.
            false: whether the statement is refuted.

        Returns:
            TRUE, FALSE, or UNKNOWN if there is neither proof.

        Raises:
            ValueError: the statement is both proved and refuted.
        """
        if true and false:
            message = "a statement cannot be both proved and refuted"
            raise ValueError(message)
        if true:
            return cls.TRUE
        return cls.FALSE if false else cls.UNKNOWN

    @classmethod
    def all_of(cls, answers: Iterable[Self]) -> Self:
        """Conjunction: FALSE if any is false, else UNKNOWN if any is unknown.

        Args:
            answers: any number of them; of none the conjunction is TRUE.

        Example:
            >>> Truth.all_of([])
            <Truth.TRUE: 'TRUE'>
        """
        found = set(answers)
        if cls.FALSE in found:
            return cls.FALSE
        return cls.UNKNOWN if cls.UNKNOWN in found else cls.TRUE

    @classmethod
    def any_of(cls, answers: Iterable[Self]) -> Self:
        """Disjunction: TRUE if any is true, else UNKNOWN if any is unknown.

        Args:
            answers: any number of them; of none the disjunction is FALSE.

        Example:
            >>> Truth.any_of([Truth.FALSE, Truth.UNKNOWN])
            <Truth.UNKNOWN: 'UNKNOWN'>
        """
        return ~cls.all_of(~answer for answer in answers)

    @property
    def is_true(self) -> bool:
        """Whether the statement is proved."""
        return self is Truth.TRUE

    @property
    def is_false(self) -> bool:
        """Whether the statement is refuted."""
        return self is Truth.FALSE

    @property
    def is_unknown(self) -> bool:
        """Whether the statement is neither proved nor refuted."""
        return self is Truth.UNKNOWN

    def __and__(self, other: Self) -> Self:
        return type(self).all_of((self, other))

    def __or__(self, other: Self) -> Self:
        return type(self).any_of((self, other))

    def __invert__(self) -> Self:
        return type(self).of(true=self.is_false, false=self.is_true)

    def __bool__(self) -> Never:
        message = "Truth has three values: ask .is_true, .is_false or .is_unknown"
        raise TypeError(message)
