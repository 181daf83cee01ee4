"""Progress on standard error, for a person who waits."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from tqdm import tqdm

from symcrit.cli.frame import is_quiet

__all__ = ["progress", "stage_bar", "stages"]

PATIENCE = 2.0
"""Work that is done within so many seconds shows no bar."""

T = TypeVar("T")


def progress(
    items: Iterable[T], *, label: str, total: int | None = None
) -> Iterator[T]:
    """Yield the items, with a bar and the time left where someone may see it.

    The bar is drawn only if standard error is a terminal and the work lasts longer than
    ``PATIENCE``; ``-q`` turns it off.

    Args:
        items: what is worked on, one after the other.
        label: what is being done, such as ``"certifying"``.
        total: the number of items, if ``len`` does not tell it.

    Example:
        >>> [k * k for k in progress([1, 2, 3], label="squaring")]
        [1, 4, 9]
    """
    yield from tqdm(
        items,
        desc=label,
        total=total,
        file=sys.stderr,
        delay=PATIENCE,
        disable=is_quiet() or not sys.stderr.isatty(),
        dynamic_ncols=True,
        leave=False,
    )


@contextmanager
def stage_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for work that reports how far it has come and how far it has to go.

    Yields:
        A function of the amount done and the amount aimed at.

    Example:
        >>> with stage_bar("expanding") as report:
        ...     report(1, 2)
    """
    with tqdm(
        desc=label,
        file=sys.stderr,
        delay=PATIENCE,
        disable=is_quiet() or not sys.stderr.isatty(),
        dynamic_ncols=True,
        leave=False,
    ) as bar:

        def report(done: int, total: int) -> None:
            bar.total = total
            bar.n = min(done, total)
            bar.refresh()

        yield report


@contextmanager
def stages() -> Iterator[Callable[[str], None]]:
    """Tell what is being done, for work in several stages.

    The stage is shown where someone may see it, and logged for ``-v``.

    Yields:
        A function of the name of the stage that begins.

    Example:
        >>> with stages() as stage:
        ...     stage("expanding")
    """
    with tqdm(
        file=sys.stderr,
        delay=PATIENCE,
        disable=is_quiet() or not sys.stderr.isatty(),
        bar_format="{desc} ({elapsed})",
        leave=False,
    ) as bar:

        def begin(name: str) -> None:
            logging.getLogger("symcrit").info("%s", name)
            bar.set_description_str(name)

        yield begin
