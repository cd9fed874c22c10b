""".npy and .npz files: numbers however they are stored."""

import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gatestep.engine import read_inputs, read_tensors
from gatestep.engine.arrays import as_floats
from tensors import MATRIX, TENSORS

Refusal = Callable[..., str]


def test_truncated_arrays_are_refused(tmp_path: Path, refusal: Refusal) -> None:
    path = tmp_path / "x.npy"
    np.save(path, MATRIX)
    path.write_bytes(path.read_bytes()[:-4])
    assert refusal(read_inputs, path).startswith(f"{path}: is not a .npy file of plain numbers")


STORED: dict[str, Any] = {
    "big-endian": MATRIX.astype(">f4"),
    "Fortran order": np.asfortranarray(MATRIX),
    "big-endian and Fortran order": np.asfortranarray(MATRIX.astype(">f8")),
    "half precision": MATRIX.astype(np.float16),
    "double precision": MATRIX.astype(np.float64),
    "whole numbers": MATRIX.astype(np.int8),
    "truth values": MATRIX.astype(bool),
}


@pytest.mark.parametrize("kind", STORED)
@pytest.mark.parametrize("ending", [".npy", ".npz", " packed.npz"])
def test_numbers_come_out_the_same_however_they_are_stored(kind: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{ending}"
    array = STORED[kind]
    save = {".npy": np.save, ".npz": np.savez, " packed.npz": np.savez_compressed}[ending]
    save(path, array)  # type: ignore[operator]
    found = read_inputs(path)
    assert found.dtype == np.float32
    assert found.flags.c_contiguous
    np.testing.assert_array_equal(found, array.astype(np.float32))


def test_a_long_input_is_read_into_its_own_memory_and_no_more(tmp_path: Path) -> None:
    array = np.random.default_rng(0).normal(size=(200_000, 8)).astype(np.float32)
    for name, stored, most in (("x.npy", array, 1.1), ("y.npy", array.astype(np.float64), 1.6)):
        np.save(tmp_path / name, stored)
        tracemalloc.start()
        found = read_inputs(tmp_path / name)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        np.testing.assert_array_equal(found, array)
        assert peak < most * stored.nbytes
        assert as_floats(found, "x") is found


def test_bytes_behind_an_array_are_refused(tmp_path: Path, refusal: Refusal) -> None:
    np.save(tmp_path / "x.npy", MATRIX)
    with (tmp_path / "x.npy").open("ab") as file:
        np.save(file, MATRIX)
    assert "bytes are not those of shape (3, 2) in float32" in refusal(read_inputs, tmp_path / "x.npy")


def test_a_name_that_stands_twice_is_refused(tmp_path: Path, refusal: Refusal) -> None:
    np.savez(tmp_path / "w.npz", a=MATRIX)
    with zipfile.ZipFile(tmp_path / "w.npz", "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.npy", archive.read("a.npy"))
    assert (
        refusal(read_tensors, tmp_path / "w.npz")
        == f"{tmp_path / 'w.npz'}: holds a.npy twice; each name must occur once"
    )


def test_a_member_of_an_archive_that_is_no_array_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    np.savez(path, **TENSORS)  # type: ignore[arg-type]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("notes.txt", "not an array")
    np.testing.assert_array_equal(read_tensors(path)["weight_ih_l0"], MATRIX)
