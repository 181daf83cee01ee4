"""Mirror of symcrit/catalog/pickles.py."""

import copyreg
import os
import pickle
import subprocess
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symcrit.catalog.pickles import MAX_PICKLE_BYTES, read_records
from symcrit.core.errors import InputError
from tests.catalog.damaging import damaged
from tests.catalog.pickled import SAMPLES, write_minima

Evil = Callable[[str], object]


class Calls:
    """An object whose pickle calls a function."""

    def __init__(self, function: object, *arguments: object) -> None:
        self.function = function
        self.arguments = arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.function, self.arguments


@pytest.mark.parametrize("protocol", [2, 3, 4])
def test_the_records_come_back(
    protocol: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oracle: the numbers that were pickled."""
    path = tmp_path / "minima.p"
    if protocol == 2:
        # Protocol 2 writes bytes as a call of an encoder, which is no plain number.
        write_minima(path, SAMPLES, monkeypatch, protocol)
        with pytest.raises(InputError, match=r"the name _codecs\.encode"):
            read_records(path)
        return
    write_minima(path, SAMPLES, monkeypatch, protocol)

    found = read_records(path)

    assert len(SAMPLES) == len(found)
    for sample, record in zip(SAMPLES, found, strict=True):
        assert sample.keys() == record.fields.keys()
        for name, value in sample.items():
            assert np.array_equal(np.asarray(value), np.asarray(record.fields[name]))


EVIL: dict[str, Evil] = {
    "system": lambda mark: Calls(os.system, f"touch {mark}"),
    "popen": lambda mark: Calls(subprocess.Popen, ["touch", mark]),
    "eval": lambda mark: Calls(eval, f"open({mark!r}, 'w')"),
    "exec": lambda mark: Calls(exec, f"open({mark!r}, 'w')"),
    "open": lambda mark: Calls(open, mark, "w"),
    "getattr": lambda mark: Calls(getattr, "text", "upper"),
    "import": lambda mark: Calls(__import__, "os"),
    "in a list": lambda mark: [1, [Calls(os.system, f"touch {mark}")]],
    "as a key": lambda mark: {Calls(os.system, f"touch {mark}"): 1},
    "nested": lambda mark: Calls(getattr, Calls(__import__, "os"), "system"),
    "copyreg": lambda mark: Calls(copyreg.add_extension, "os", "system", 9),
    "reconstructor": lambda mark: Calls(copyreg._reconstructor, dict, dict, {}),  # type: ignore[attr-defined]
    "class": lambda mark: Path(mark),
    "ordered": lambda mark: OrderedDict([(1, 2)]),
    "objects": lambda mark: np.array([Calls(os.system, f"touch {mark}")], dtype=object),
    "fields": lambda mark: np.zeros(2, dtype=[("a", "f8"), ("b", "O")]),
    "complex": lambda mark: np.zeros(2, dtype=complex),
    "texts": lambda mark: np.array(["a", "b"]),
    "dates": lambda mark: np.zeros(2, dtype="M8[s]"),
    "object scalar": lambda mark: np.void(b"abc"),
}


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("kind", list(EVIL))
def test_hostile_pickles_are_refused_and_do_nothing(
    kind: str, protocol: int, tmp_path: Path
) -> None:
    """One line; the file that the pickle would make is not there."""
    mark = tmp_path / "mark"
    path = tmp_path / "evil.p"
    path.write_bytes(pickle.dumps(EVIL[kind](str(mark)), protocol=protocol))

    with pytest.raises(InputError) as caught:
        read_records(path)

    assert str(caught.value).startswith(f"{path}: ")
    assert not mark.exists()


@pytest.mark.parametrize("kind", list(EVIL))
def test_a_hostile_field_among_good_ones_is_refused(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the file is taken."""
    mark = tmp_path / "mark"
    path = tmp_path / "minima.p"
    field = EVIL[kind](str(mark))
    write_minima(path, [*SAMPLES, SAMPLES[0] | {"vals": field}], monkeypatch)

    with pytest.raises(InputError, match="nothing was executed"):
        read_records(path)

    assert not mark.exists()


GLOBAL = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R"
DTYPE = b"cnumpy\ndtype\nX\x02\x00\x00\x00f8K\x00K\x01\x87R"
HUGE = b"\x8a\x06" + (2**40).to_bytes(6, "little")

HAND_MADE = {
    "empty": b"",
    "text": b"not a pickle",
    "stop": b".",
    "no stop": b"\x80\x03]",
    "underflow": b"\x80\x03R.",
    "no mark": b"\x80\x03t.",
    "no memo": b"\x80\x03h\x05.",
    "old class": b"(S'touch mark'\nios\nsystem\n.",
    "persistent": b"\x80\x03X\x01\x00\x00\x00aQ.",
    "extension": b"\x80\x03\x82\x01.",
    "assembled name": b"\x80\x04\x8c\x02os\x8c\x06system\x93.",
    "name of tuples": b"\x80\x04)" + b"\x94h\x00\x86" * 50 + b"h\x00\x93.",
    "deep": b"\x80\x03)" + b"\x85" * 100_000 + b".",
    "deep key": b"\x80\x03})" + b"\x85" * 100_000 + b"Ns.",
    "huge memo": b"\x80\x03]r\xff\xff\xff\xff.",
    "huge bytes": b"\x80\x04\x8e" + (2**60).to_bytes(8, "little") + b".",
    "huge text": b"\x80\x03X\xff\xff\xff\x7fabc.",
    "huge frame": b"\x80\x04\x95" + b"\xff" * 8 + b"].",
    "huge array": GLOBAL + b"(K\x01" + HUGE + b"\x85" + DTYPE + b"\x89C\x00tb.",
    "negative array": GLOBAL + b"(K\x01J\xff\xff\xff\xff\x85" + DTYPE + b"\x89C\x00tb.",
    "short array": GLOBAL + b"(K\x01K\x05\x85" + DTYPE + b"\x89C\x01atb.",
    "array without state": GLOBAL + b".",
    "state of a name": b"\x80\x03c__main__\nMinimum\n}b.",
    "state of a list": b"\x80\x03]}b.",
    "state of a number": b"\x80\x03K\x01}b.",
    "call of a record": b"\x80\x03c__main__\nMinimum\n)R.",
    "new array": b"\x80\x03cnumpy\nndarray\n)\x81.",
    "record with arguments": b"\x80\x03c__main__\nMinimum\nK\x01\x85\x81.",
    "record in a tuple": b"\x80\x03c__main__\nMinimum\n)\x81\x85.",
    "empty list": b"\x80\x03].",
    "append to a table": b"\x80\x03}K\x01a.",
    "odd table": b"\x80\x03}(K\x01u.",
}


@pytest.mark.parametrize("kind", list(HAND_MADE))
def test_damaged_and_boundless_pickles_are_refused(kind: str, tmp_path: Path) -> None:
    """Wrong lengths, missing parts, instructions of no use here."""
    path = tmp_path / "broken.p"
    path.write_bytes(HAND_MADE[kind])

    with pytest.raises(InputError) as caught:
        read_records(path)

    assert str(caught.value).startswith(f"{path}: ")
    assert len(str(caught.value)) < 400 + len(str(path))


def test_only_texts_are_keys(tmp_path: Path) -> None:
    """The hash of a deeply nested key would end the process."""
    path = tmp_path / "key.p"
    path.write_bytes(HAND_MADE["deep key"])

    with pytest.raises(InputError, match="a table whose keys are no texts"):
        read_records(path)


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    """Before it is looked at."""
    path = tmp_path / "large.p"
    path.write_bytes(b"\x80\x03" + b"0" * MAX_PICKLE_BYTES)

    with pytest.raises(InputError, match="larger than the limit"):
        read_records(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_anywhere_never_causes_anything_else(
    data: st.DataObject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A good file with some bytes changed, or cut off, is read or refused."""
    path = tmp_path / "minima.p"
    path.write_bytes(damaged(write_minima(path, SAMPLES, monkeypatch), data))

    outcome = "read"
    try:
        read_records(path)
    except InputError as error:
        outcome = str(error)

    assert "read" == outcome or outcome.startswith(f"{path}: ")
