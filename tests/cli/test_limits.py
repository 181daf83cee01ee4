"""Mirror of symcrit/cli/limits.py."""

import signal
import time

import pytest

from symcrit.cli.limits import time_limit
from symcrit.core.errors import InputError, SymcritError, UndecidedError


def test_work_that_is_too_long_is_stopped() -> None:
    """The block ends within a tenth of what it would have taken."""
    start = time.monotonic()

    with (
        pytest.raises(UndecidedError, match=r"stopped after 0\.05 s; allow more"),
        time_limit(0.05),
    ):
        time.sleep(10)

    assert time.monotonic() - start < 1


def test_work_that_tries_something_else_after_an_error_is_stopped() -> None:
    """The end of the time is no error that the block could take for its answer."""
    outcomes = []

    def work() -> None:
        try:
            time.sleep(10)
        except SymcritError as error:
            outcomes.append(str(error))

    with pytest.raises(UndecidedError, match="stopped after"), time_limit(0.05):
        work()

    assert outcomes == []


def test_work_within_the_limit_is_left_alone() -> None:
    """The timer and its handler are gone afterwards."""
    before = signal.getsignal(signal.SIGALRM)

    with time_limit(60):
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 60

    assert (0.0, 0.0) == signal.getitimer(signal.ITIMER_REAL)
    assert before == signal.getsignal(signal.SIGALRM)


def test_a_limit_that_nobody_will_reach_is_no_error() -> None:
    """No timer overflows."""
    with time_limit(1e300):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 1e7


def test_a_system_without_timer_signals_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A limit that cannot be kept is not promised."""
    monkeypatch.delattr(signal, "setitimer")

    with pytest.raises(InputError, match="no timer signal"), time_limit(1):
        pytest.fail("the block must not run")
