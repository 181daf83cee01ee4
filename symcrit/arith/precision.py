"""The one place that touches flint's global precision and length of power series."""

from collections.abc import Iterator
from contextlib import contextmanager

from flint import ctx

from symcrit.core.errors import InputError

__all__ = ["series_length", "working_precision"]

_LEAST = 2
"""Bits: flint works with no fewer."""


@contextmanager
def working_precision(prec: int) -> Iterator[None]:
    """Set the precision of ball arithmetic, in bits, and restore it afterwards.

    Raises:
        InputError: there are fewer than two bits.

    Example:
        >>> from flint import arb
        >>> with working_precision(200):
        ...     accurate = arb.pi().rad() < arb(2) ** -190
        >>> accurate
        True
    """
    if prec < _LEAST:
        message = f"a precision of {prec} bits is too low; {_LEAST} are the least"
        raise InputError(message)
    before = ctx.prec
    ctx.prec = prec
    try:
        yield
    finally:
        ctx.prec = before


@contextmanager
def series_length(length: int) -> Iterator[None]:
    """Set how many coefficients power series keep, and restore it afterwards.

    Example:
        >>> from flint import fmpq_series
        >>> with series_length(3):
        ...     (1 / fmpq_series([1, -1])).coeffs()
        [1, 1, 1]
    """
    before = ctx.cap
    ctx.cap = length
    try:
        yield
    finally:
        ctx.cap = before
