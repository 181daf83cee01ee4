"""A limit on the time that a command may take."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from symcrit.core.errors import InputError, UndecidedError

__all__ = ["time_limit"]

_LONGEST = 1e8
"""Three years: longer than anyone waits, and within what every system's timer holds."""


class _TimeIsOver(BaseException):
    """No answer to the question at hand, as an interrupt is none.

    Code that tries something else after an error must not take this for one: it would
    go on without a limit, or write down that a question is open.
    """


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop the block after some seconds of real time.

    A call into a library is let finish first.  Only for the main thread.

    Args:
        seconds: the limit, positive.

    Raises:
        UndecidedError: the time is over.
        InputError: this system has no timer signal.
    """
    if not hasattr(signal, "setitimer"):
        msg = "this system has no timer signal: leave out --time-limit"
        raise InputError(msg)

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TimeIsOver

    before = signal.signal(signal.SIGALRM, stop)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, min(seconds, _LONGEST))
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
    except _TimeIsOver:
        msg = f"stopped after {seconds:g} s"
        raise UndecidedError(msg, hint="allow more with --time-limit") from None
