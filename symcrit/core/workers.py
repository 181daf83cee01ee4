"""One function on many inputs: here, in processes of this machine, or on a cluster.

Results come in the order of the inputs, whoever makes them, and are handed out as soon
as all before them are there.  Processes and not threads do the work, because the
precision of balls is one setting for a whole process.
"""

import os
import re
import signal
import threading
import time
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, NoReturn, TypeVar

from symcrit.core.errors import InputError, UndecidedError

__all__ = ["check_scheduler", "map_in_order"]

PATIENCE = "30s"
"""How long a Dask scheduler may take to answer."""

WATCH_SECONDS = 0.5
"""A worker whose parent is gone ends within so many seconds, or after its task."""

_SCHEMES = ("tcp", "tls", "ucx", "ws", "wss")
"""What Dask speaks between processes; tcp where an address names none."""

_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
_LAST_PORT = 65535

T = TypeVar("T")
R = TypeVar("R")


def map_in_order(
    function: Callable[[T], R],
    items: Sequence[T],
    *,
    jobs: int = 1,
    scheduler: str | None = None,
) -> Iterator[R]:
    """Yield the function of every item, in order.

    Args:
        function: a function that a module holds, so that other processes find it.
        items: the inputs.
        jobs: how many processes work; with 1 it is this one.
        scheduler: the address of a Dask scheduler whose workers do the work instead.

    Raises:
        InputError: joblib or Dask is needed and not installed, the address is none, or
            no scheduler answers.
        UndecidedError: a process that worked has died.

    Example:
        >>> list(map_in_order(abs, [-2, 1]))
        [2, 1]
    """
    if scheduler is not None:
        yield from _on_cluster(function, items, scheduler)
    elif jobs == 1:
        yield from map(function, items)
    else:
        yield from _in_processes(function, items, jobs)


def check_scheduler(address: str) -> None:
    """Refuse what cannot be the address of a Dask scheduler.

    Dask itself would wait for a minute and leave a traceback.

    Raises:
        InputError: scheme, host or port is missing or wrong.

    Example:
        >>> check_scheduler("tcp://10.0.0.1:8786")
    """
    scheme, has_scheme, rest = address.rpartition("://")
    host, has_port, port = rest.rpartition(":")
    if has_scheme and scheme not in _SCHEMES:
        wrong = f"{scheme!r} is none of {', '.join(_SCHEMES)}"
    elif not has_port:
        wrong = "it has no port"
    elif not _HOST.fullmatch(host):
        wrong = "it has no host"
    elif not (port.isascii() and port.isdigit() and 0 < int(port) <= _LAST_PORT):
        wrong = f"{port!r} is no port"
    else:
        return
    message = (
        f"{address!r} is no address of a Dask scheduler: {wrong}; an address is such as"
        " tcp://host:8786"
    )
    raise InputError(message)


def _in_processes(
    function: Callable[[T], R], items: Sequence[T], jobs: int
) -> Iterator[R]:
    try:
        import joblib
        from joblib.externals.loky.process_executor import TerminatedWorkerError
    except ImportError:
        _ask_for("several processes need the package joblib")
    parallel = joblib.Parallel(
        n_jobs=jobs,
        backend="loky",
        return_as="generator",
        initializer=_follow_parent,
    )
    try:
        yield from _until_closed(parallel(map(joblib.delayed(function), items)))
    except TerminatedWorkerError:
        message = "a process that worked was killed, perhaps for want of memory"
        raise UndecidedError(message, hint="try fewer --jobs") from None


def _on_cluster(
    function: Callable[[T], R], items: Sequence[T], address: str
) -> Iterator[R]:
    try:
        import joblib
        from distributed import Client
    except ImportError:
        _ask_for("a cluster needs the packages joblib and distributed")
    check_scheduler(address)
    try:
        client: Any = Client(  # type: ignore[no-untyped-call]
            address, timeout=PATIENCE, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError) as error:
        message = f"no Dask scheduler answers at {address!r}: {error}"
        raise InputError(message) from None
    with client, joblib.parallel_config("dask", client=client):
        parallel = joblib.Parallel(return_as="generator")
        yield from _until_closed(parallel(map(joblib.delayed(function), items)))


def _until_closed(results: Generator[R]) -> Iterator[R]:
    """Yield the results; who stops early, by an interrupt perhaps, knows what is lost.

    joblib warns of work that is thrown away.  ``yield from`` would close the results
    by itself, before the warnings are off.
    """
    try:
        for result in results:  # noqa: UP028
            yield result
    finally:
        with warnings.catch_warnings(action="ignore", category=UserWarning):
            results.close()


def _follow_parent() -> None:
    """End with the process that asked, and let it decide what an interrupt means.

    A parent that is killed cannot tell its workers; an orphan has another parent.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _ask_for(what: str) -> NoReturn:
    message = f"{what}: pip install 'symcrit[sweeps]'"
    raise InputError(message)
