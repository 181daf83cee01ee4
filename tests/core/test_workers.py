"""Mirror of symcrit/core/workers.py; more of it in tests/cli/test_census.py."""

import math
import operator

import pytest

from symcrit.core.errors import InputError
from symcrit.core.workers import map_in_order


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


def test_an_address_without_a_scheme_is_refused() -> None:
    """Before anything is sent."""
    with pytest.raises(InputError, match="no Dask scheduler answers at 'nowhere://x'"):
        next(map_in_order(operator.neg, [1], scheduler="nowhere://x"))
