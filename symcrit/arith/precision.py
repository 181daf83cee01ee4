"""The one place that touches flint's global working precision."""

from collections.abc import Iterator
from contextlib import contextmanager

from flint import ctx

__all__ = ["working_precision"]


@contextmanager
def working_precision(prec: int) -> Iterator[None]:
    """Set the precision of ball arithmetic, in bits, and restore it afterwards.

    Example:
        >>> from flint import arb
        >>> with working_precision(200):
        ...     accurate = arb.pi().rad() < arb(2) ** -190
        >>> accurate
        True
    """
    before = ctx.prec
    ctx.prec = prec
    try:
        yield
    finally:
        ctx.prec = before
