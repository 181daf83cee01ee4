"""Mirror of symcrit/catalog/matlab.py."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.io import loadmat, savemat

from symcrit.catalog import matlab
from symcrit.catalog.matlab import read_mat
from symcrit.core.errors import InputError

VARIABLES: dict[str, Any] = {
    "W": np.array([[0.1, -2.0, 3e-7], [1 / 3, 5.0, -0.0]]),
    "stack": np.arange(24.0).reshape(2, 3, 4),
    "row": np.array([1, 2, 3], dtype=np.uint8),
    "one": 7,
    "empty": np.zeros((0, 3)),
    "single": np.eye(3, dtype=np.float32),
    "large": np.full((2, 2), 2**62, dtype=np.int64),
    "complex": np.array([[1j, 2.0]]),
    "truth": np.array([[True, False]]),
    "a_name_that_does_not_fit_into_eight_bytes": np.ones((2, 2)),
}
OTHERS: dict[str, Any] = {
    "text": "text",
    "cell": np.array([[1, "a"]], dtype=object),
    "record": {"field": np.eye(2)},
}


def mat(*, compressed: bool = False, **variables: object) -> bytes:
    """The bytes of a MATLAB file, by SciPy."""
    buffer = io.BytesIO()
    savemat(buffer, variables, do_compression=compressed)
    return buffer.getvalue()


def refusal(content: bytes) -> str:
    """The line with which a file is refused."""
    with pytest.raises(InputError) as caught:
        read_mat(content, where="file")
    assert str(caught.value).startswith("file: ")
    return str(caught.value)


def little(content: bytes, *numbers: int) -> bytes:
    """An element of a type, followed by its content."""
    return struct.pack(f"<{len(numbers)}I", *numbers) + content


@pytest.mark.parametrize("compressed", [False, True])
def test_scipy_reads_the_same(compressed: bool) -> None:
    """Oracle: SciPy, on what it wrote; other things than numbers are passed over."""
    content = mat(compressed=compressed, **VARIABLES, **OTHERS)
    expected = loadmat(io.BytesIO(content))

    found = read_mat(content, where="file")

    assert set(VARIABLES) == set(found)
    for name, array in found.items():
        assert expected[name].shape == array.shape
        if name != "complex":
            assert np.array_equal(expected[name], array)
    assert {"c", "b", "f", "i", "u"} == {array.dtype.kind for array in found.values()}


@given(st.integers(1, 5), st.integers(1, 5), st.booleans(), st.integers(0, 2**32 - 1))
def test_any_matrix_comes_back(
    rows: int, columns: int, compressed: bool, seed: int
) -> None:
    """Small elements, padding, compression."""
    rng = np.random.default_rng(seed)
    array = rng.integers(-100, 100, (rows, columns)).astype(rng.choice(["i1", "f8"]))

    found = read_mat(mat(compressed=compressed, W=array), where="file")

    assert np.array_equal(array, found["W"])


def test_the_other_byte_order() -> None:
    """Written by hand: SciPy writes the order of this machine only."""
    head = b"MATLAB 5.0".ljust(124) + b"\x01\x00MI"
    body = (
        struct.pack(">4I", 6, 8, 6, 0)
        + struct.pack(">2I2i", 5, 8, 1, 2)
        + struct.pack(">2H4s", 1, 1, b"W")
        + struct.pack(">2I2d", 9, 16, 1.5, -2.0)
    )

    found = read_mat(head + struct.pack(">2I", 14, len(body)) + body, where="file")

    assert [[1.5, -2.0]] == found["W"].tolist()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a MATLAB file of version 5"),
        (b"MATLAB 5.0".ljust(200), "not a MATLAB file of version 5"),
        (b"MATLAB 7.3 MAT-file".ljust(600), "saved as version 7.3 (HDF5)"),
        (b"\x89HDF\r\n\x1a\n" + bytes(600), "saved as version 7.3 (HDF5)"),
        (mat(W=np.eye(3))[:-1], "it ends within an element"),
        (mat(W=np.eye(3)) + b"abc", "it ends within the head of an element"),
        (mat(W=np.eye(3), compressed=True)[:-9], "it ends within an element"),
    ],
)
def test_what_is_no_complete_file(content: bytes, words: str) -> None:
    """Each in one line."""
    assert words in refusal(content)


HEAD = mat()[:128]
FLAGS = little(struct.pack("<2I", 6, 0), 6, 8)
SHAPE = little(struct.pack("<2i", 2, 2), 5, 8)
NAME = little(b"W\0\0\0", 1 | 1 << 16)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (FLAGS, "a matrix without numbers"),
        (FLAGS + SHAPE + NAME, "a matrix without numbers"),
        (FLAGS + SHAPE + NAME + little(bytes(8), 9, 8), "do not fit its numbers"),
        (FLAGS + SHAPE + NAME + little(bytes(8), 9, 5), "no multiple"),
        (FLAGS + SHAPE + NAME + little(bytes(32), 77, 32), "an unknown kind"),
        (FLAGS + NAME + NAME + little(bytes(32), 9, 32), "do not fit its numbers"),
        (FLAGS + SHAPE + NAME + little(b"", 9, 2**31), "it ends within an element"),
        (FLAGS + little(b"\0" * 4, 5 | 7 << 16), "of more than four bytes"),
        (
            FLAGS
            + little(struct.pack("<2i", -1, -4), 5, 8)
            + NAME
            + little(bytes(32), 9, 32),
            "do not fit its numbers",
        ),
        (
            FLAGS
            + little(struct.pack("<2i", 2**30, 2**30), 5, 8)
            + NAME
            + little(bytes(32), 9, 32),
            "do not fit its numbers",
        ),
        (
            FLAGS
            + little(struct.pack("<100i", *[1] * 100), 5, 400)
            + NAME
            + little(bytes(8), 9, 8),
            "do not fit its numbers",
        ),
    ],
)
def test_lengths_that_do_not_fit(body: bytes, words: str) -> None:
    """They are compared before anything is read by them."""
    assert words in refusal(HEAD + little(body, 14, len(body)))
    packed = zlib.compress(little(body, 14, len(body)))
    assert words in refusal(HEAD + little(packed, 15, len(packed)))


def test_compressed_elements_may_not_grow_without_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Together they have a limit; what cannot be unpacked is refused."""
    monkeypatch.setattr(matlab, "MAX_UNPACKED", 10**5)
    packed = zlib.compress(bytes(10**6))

    assert "holds more than 100000 bytes" in refusal(
        HEAD + little(packed, 15, len(packed))
    )
    assert "cannot be decompressed" in refusal(HEAD + little(b"abcd", 15, 4))


@given(st.data())
def test_damage_anywhere_never_causes_anything_else(data: st.DataObject) -> None:
    """A good file with some bytes changed is read or refused."""
    content = bytearray(mat(W=np.eye(2), row=np.ones(3)))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(100, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))

    outcome = "read"
    try:
        read_mat(bytes(content), where="file")
    except InputError as error:
        outcome = str(error)

    assert "read" == outcome or outcome.startswith("file: ")
