"""Mirror of symcrit/core/workers.py; more of it in tests/cli/test_census.py."""

import math
import operator

import pytest

from symcrit.core.errors import InputError
from symcrit.core.workers import check_scheduler, map_in_order


def test_one_process_is_this_one() -> None:
    """Nothing is started, and results come one by one."""
    found = map_in_order(math.sqrt, [4.0, 9.0, -1.0])

    assert [2.0, 3.0] == [next(found), next(found)]
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        next(found)


@pytest.mark.slow
def test_processes_keep_the_order() -> None:
    """Also where later inputs are done first."""
    items = list(range(60, 0, -1))

    assert [-n for n in items] == list(map_in_order(operator.neg, items, jobs=2))


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("nowhere", "it has no port"),
        ("", "it has no port"),
        ("tcp://host", "it has no port"),
        ("tcp://:8786", "it has no host"),
        ("host:port", "'port' is no port"),
        ("host:99999", "'99999' is no port"),
        ("tcp://host:0", "'0' is no port"),
        ("nowhere://x:1", "'nowhere' is none of tcp, tls, ucx, ws, wss"),
        ("tcp://a b:1", "it has no host"),
    ],
)
def test_what_is_no_address_is_refused(address: str, wrong: str) -> None:
    """Before anything is sent, with an address that would be right."""
    with pytest.raises(InputError) as caught:
        next(map_in_order(operator.neg, [1], scheduler=address))

    assert (
        f"{address!r} is no address of a Dask scheduler: {wrong}; an address is such as"
        " tcp://host:8786"
    ) == str(caught.value)


@pytest.mark.parametrize(
    "address", ["host:8786", "tcp://10.0.0.1:8786", "tls://[::1]:1", "ws://a-b.c:65535"]
)
def test_addresses_are_recognised(address: str) -> None:
    """Names, numbers of both kinds, with and without a scheme."""
    check_scheduler(address)
