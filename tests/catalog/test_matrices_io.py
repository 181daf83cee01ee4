"""Mirror of symcrit/catalog/matrices_io.py."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.io import savemat

from symcrit.catalog.matrices_io import (
    MAX_ENTRIES,
    as_matrix,
    block_matrix,
    is_readable,
    read_matrices,
)
from symcrit.core.errors import InputError
from tests.catalog.damaging import damaged
from tests.catalog.pickled import SAMPLES, write_minima

W = np.array([[0.1, -2.0, 3e-7], [1 / 3, 5.0, -0.0]])
STACK = np.arange(24.0).reshape(2, 3, 4)


def to_csv(array: NDArray[np.float64], separator: str = ",") -> str:
    """The shortest decimals that give the same doubles."""
    return "\n".join(separator.join(repr(float(x)) for x in row) for row in array)


def save_mat(path: Path, **variables: object) -> None:
    """Write a MATLAB file."""
    savemat(path, variables)


def refusal(path: Path, variable: str | None = None) -> str:
    """The one line with which a file is refused, without its path."""
    with pytest.raises(InputError) as caught:
        read_matrices(path, variable)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    return line.removeprefix(f"{path}: ")


def npy(array: NDArray[Any], *, allow_pickle: bool = False) -> bytes:
    """The bytes of a .npy file."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=allow_pickle)
    return buffer.getvalue()


@pytest.mark.parametrize("ending", ["npy", "npz", "mat", "csv", "json"])
def test_every_format_gives_the_same_matrix(ending: str, tmp_path: Path) -> None:
    """Oracle: the matrix that was written, to the last bit."""
    path = tmp_path / f"w.{ending}"
    if ending == "npy":
        np.save(path, W)
    elif ending == "npz":
        np.savez_compressed(path, W=W)
    elif ending == "mat":
        save_mat(path, W=W)
    elif ending == "csv":
        path.write_text(to_csv(W))
    else:
        path.write_text(json.dumps(W.tolist()))

    (found,) = read_matrices(path)

    assert np.array_equal(W, found.matrix)
    assert found.neurons is None
    assert np.float64 == found.matrix.dtype


@pytest.mark.parametrize("dtype", ["f4", "i2", "u8", ">f8", "f2"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_other_kinds_of_numbers(dtype: str, order: Any, tmp_path: Path) -> None:
    """Integers, other sizes and byte orders, and columns first."""
    path = tmp_path / "w.npy"
    array = np.asarray(np.arange(6).reshape(2, 3), dtype=dtype, order=order)
    np.save(path, array)

    (found,) = read_matrices(path)

    assert [[0, 1, 2], [3, 4, 5]] == found.matrix.tolist()


def test_several_matrices_in_one_file(tmp_path: Path) -> None:
    """Three axes, several arrays, or blocks of lines."""
    np.save(tmp_path / "w.npy", STACK)
    np.savez(tmp_path / "w.npz", a=STACK, b=W)
    save_mat(tmp_path / "w.mat", a=STACK, b=W, row=np.ones((1, 3)), text="text")
    (tmp_path / "w.csv").write_text(f"# two\n{to_csv(W)}\n\n{to_csv(W.T, ';')}\n\n")
    (tmp_path / "w.json").write_text(json.dumps({"a": STACK.tolist(), "b": W.tolist()}))

    found = {
        path.suffix: [(m.name.removeprefix(f"{path}"), m.matrix.shape) for m in stored]
        for path in tmp_path.iterdir()
        if (stored := read_matrices(path))
    }

    expected = [(": a[0]", (3, 4)), (": a[1]", (3, 4)), (": b", (2, 3))]
    assert [(": [0]", (3, 4)), (": [1]", (3, 4))] == found[".npy"]
    assert expected == found[".npz"] == found[".json"]
    assert [(f": a[{i}]", (2, 3)) for i in range(4)] + expected[2:] == found[".mat"]
    assert [(": matrix 1", (2, 3)), (": matrix 2", (3, 2))] == found[".csv"]


def test_one_variable_can_be_chosen(tmp_path: Path) -> None:
    """By its name; a wrong one is answered with those that are there."""
    np.savez(tmp_path / "w.npz", a=STACK, b=W)
    save_mat(tmp_path / "w.mat", a=STACK, row=np.ones((1, 3)))

    assert [0] == [m.index for m in read_matrices(tmp_path / "w.npz", "b")]
    assert (1, 3) == read_matrices(tmp_path / "w.mat", "row")[0].matrix.shape
    assert "has no variable 'c'; it holds a, b" == refusal(tmp_path / "w.npz", "c")
    assert "it holds a, row" in refusal(tmp_path / "w.mat", "c")


def test_the_published_layouts_have_neurons_as_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are recognised: the variable WbadNew, and pickled minima."""
    save_mat(tmp_path / "w.mat", WbadNew=STACK, magnitude=np.ones((1, 4)), other=W)
    write_minima(tmp_path / "minima.p", SAMPLES, monkeypatch)

    stored = read_matrices(tmp_path / "w.mat")
    minima = read_matrices(tmp_path / "minima.p")

    assert [("columns", (2, 3))] * 4 == [(m.neurons, m.matrix.shape) for m in stored]
    assert np.array_equal(STACK[:, :, 3], stored[3].matrix)
    assert {"columns"} == {m.neurons for m in minima}
    assert np.array_equal(np.eye(4), minima[0].matrix)
    assert [
        [1, 4, 2, 3, 3],
        [4, 1, 2, 3, 3],
        [5, 5, 6, 7, 7],
        [9, 9, 10, 11, 12],
        [9, 9, 10, 12, 11],
    ] == minima[2].matrix.tolist()


BAD = {
    "nan": (np.array([[1, np.nan]]), "the entry in row 1, column 2 is not a number"),
    "infinite": (np.array([[1.0], [-np.inf]]), "row 2, column 1 is infinite"),
    "complex": (
        np.eye(2) * 1j,
        "holds complex numbers; a weight matrix should be real",
    ),
    "truth": (np.eye(2) > 0, "holds truth values"),
    "texts": (np.array([["a", "b"]]), "holds entries of type <U1"),
    "dates": (np.zeros((2, 2), "M8[s]"), "holds entries of type datetime64"),
    "fields": (np.zeros((2, 2), [("a", "f8")]), "holds entries of type"),
    "empty": (np.zeros((0, 3)), "is empty (0-by-3)"),
    "no axis": (np.array(3.0), "has 0 axes; a weight matrix should have 2"),
    "one axis": (np.ones(3), "has 1 axes"),
    "four axes": (np.ones((1, 1, 1, 1)), "has 4 axes"),
}


@pytest.mark.parametrize("kind", list(BAD))
def test_arrays_that_are_no_weight_matrices(kind: str, tmp_path: Path) -> None:
    """The line says which entry, or what was found, and what would be right."""
    array, words = BAD[kind]
    path = tmp_path / "w.npy"
    path.write_bytes(npy(array))

    assert words in refusal(path)
    with pytest.raises(InputError, match=r"^here: "):
        as_matrix(array, where="here")


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    """An array of objects is a pickle; its head alone is read."""
    path = tmp_path / "w.npy"
    path.write_bytes(npy(np.array([[None]]), allow_pickle=True))
    np.savez(tmp_path / "w.npz", a=np.array([[None]]))

    assert "holds Python objects, which are never read" in refusal(path)
    assert "holds Python objects" in refusal(tmp_path / "w.npz")


JSON_BAD = {
    "[[1, 2], [3]]": "row 2 has 1 entries, row 1 has 2; all rows should",
    "[[1, 2], 3]": "row 2 is no list of numbers",
    '[[1, "2"]]': "the entry in row 1, column 2 is no real number",
    "[[1, true]]": "the entry in row 1, column 2 is no real number",
    "[[1, null]]": "the entry in row 1, column 2 is no real number",
    "[[NaN]]": "NaN is not a JSON number",
    "[]": "is empty (0-by-",
    "[[], []]": "is empty (2-by-0)",
    "3": "is no matrix; expected a list of rows of numbers",
    '"text"': "is no matrix",
    "{}": "holds no matrix",
    '{"a": 1}': "a: is no matrix",
    f"[[1{'0' * 400}]]": "the entry in row 1, column 1 is too large for a double",
    "[[1e999]]": "is infinite",
    "[[[[1]]]]": "the entry in row 1, column 1 is no real number",
    "{": "not JSON",
    f"{'[' * 100_000}": "nested too deeply",
}


@pytest.mark.parametrize("text", list(JSON_BAD), ids=lambda text: text[:16])
def test_json_that_is_no_matrix(text: str, tmp_path: Path) -> None:
    """Each refusal is one line that names the place."""
    path = tmp_path / "w.json"
    path.write_text(text)

    assert JSON_BAD[text] in refusal(path)


CSV_BAD = {
    "": "holds no matrix",
    "# nothing\n\n": "holds no matrix",
    "1,2\n3\n": "row 2 has 1 entries, row 1 has 2",
    "a,b\n1,2\n": "line 1: 'a' is no number; expected numbers",
    "1,,2\n": "line 1: '' is no number",
    "1_0,2\n": "line 1: '1_0' is no number",
    "1,2\n3,nan\n": "the entry in row 2, column 2 is not a number",
    "1,inf\n": "the entry in row 1, column 2 is infinite",
    "0x10\n": "line 1: '0x10' is no number",
    "1+2j\n": "line 1: '1+2j' is no number",
    "1e400\n": "is infinite",
}


@pytest.mark.parametrize("text", list(CSV_BAD))
def test_text_that_is_no_matrix(text: str, tmp_path: Path) -> None:
    """Each refusal is one line that names the place."""
    path = tmp_path / "w.csv"
    path.write_text(text)

    assert CSV_BAD[text] in refusal(path)


@pytest.mark.parametrize("separator", [",", ";", " ", "\t", ", "])
def test_separators(separator: str, tmp_path: Path) -> None:
    """One of them throughout a line."""
    path = tmp_path / "w.csv"
    path.write_text(to_csv(W, separator))

    assert np.array_equal(W, read_matrices(path)[0].matrix)


def test_heads_that_announce_too_much(tmp_path: Path) -> None:
    """Nothing is allocated before the lengths fit."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        head, {"shape": (10**7, 10**7), "fortran_order": False, "descr": "<f8"}
    )
    (tmp_path / "huge.npy").write_bytes(head.getvalue())
    (tmp_path / "cut.npy").write_bytes(npy(W)[:-1])
    (tmp_path / "text.npy").write_text("1,2")
    (tmp_path / "text.npz").write_text("1,2")
    (tmp_path / "empty.mat").write_bytes(b"")
    (tmp_path / "large.npy").write_bytes(npy(np.zeros((MAX_ENTRIES // 2 + 1, 2), "i1")))

    assert "0 bytes follow the head" in refusal(tmp_path / "huge.npy")
    assert "47 bytes follow the head, 48 are announced" in refusal(tmp_path / "cut.npy")
    assert "not a .npy file" in refusal(tmp_path / "text.npy")
    assert "not a complete .npz file" in refusal(tmp_path / "text.npz")
    assert "not a MATLAB file of version 5" in refusal(tmp_path / "empty.mat")
    assert f"at most {MAX_ENTRIES} are read" in refusal(tmp_path / "large.npy")


def test_an_archive_that_swells_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member is read up to the limit and no further."""
    monkeypatch.setattr("symcrit.catalog.matrices_io.MAX_BYTES", 10**5)
    with zipfile.ZipFile(tmp_path / "w.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", b"\0" * 10**7)

    assert "a: larger than 100000 bytes" == refusal(tmp_path / "w.npz")


def test_very_many_matrices_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By their number, and by all their entries."""
    np.save(tmp_path / "w.npy", STACK)
    monkeypatch.setattr("symcrit.catalog.matrices_io.MAX_MATRICES", 1)

    assert "more than 1 matrices; split the file" == refusal(tmp_path / "w.npy")

    monkeypatch.undo()
    monkeypatch.setattr("symcrit.catalog.matrices_io.MAX_TOTAL", 20)

    assert "more than 20 entries in all; split the file" == refusal(tmp_path / "w.npy")


@pytest.mark.parametrize("name", ["w.txt", "w", "w.pickle", "w.pt"])
def test_other_endings_are_refused(name: str, tmp_path: Path) -> None:
    """Whatever is inside."""
    (tmp_path / name).write_bytes(npy(W))

    assert "is none that is read: .npy, .npz, .mat" in refusal(tmp_path / name)
    assert not is_readable(tmp_path / name)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    """One line each."""
    (tmp_path / "folder.npy").mkdir()

    assert "no such file" == refusal(tmp_path / "none.npy")
    assert "is a folder, expected a file" == refusal(tmp_path / "folder.npy")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("ending", ["npy", "npz", "mat", "csv", "json"])
@given(data=st.data())
def test_damage_anywhere_never_causes_anything_else(
    data: st.DataObject, ending: str, tmp_path: Path
) -> None:
    """A good file with some bytes changed, or cut off, is read or refused."""
    good, path = tmp_path / f"good.{ending}", tmp_path / f"w.{ending}"
    if not good.exists():
        writers = {"npy": np.save, "npz": np.savez}
        if ending in writers:
            writers[ending](good, W)
        elif ending == "mat":
            save_mat(good, W=W, WbadNew=STACK)
        else:
            good.write_text(to_csv(W) if ending == "csv" else json.dumps(W.tolist()))
    path.write_bytes(damaged(good.read_bytes(), data))

    outcome = "read"
    try:
        read_matrices(path)
    except InputError as error:
        outcome = str(error)

    assert "read" == outcome or outcome.startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("sizes", "values"),
    [
        ([], np.zeros((0, 1))),
        ([0, 2], np.zeros((2, 3))),
        ([1, 2], np.zeros((2, 2))),
        ([2], np.zeros(3)),
        ([10**6], np.zeros(2)),
        ([2], np.array(["a", "b"])),
    ],
)
def test_block_values_that_do_not_fit(sizes: list[int], values: Any) -> None:
    """As many rows of values as blocks, and one more column."""
    with pytest.raises(InputError, match=r"^here: "):
        block_matrix(sizes, values, where="here")
