"""safetensors files: read as their own package reads them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from gatestep.engine import BadInput, read_tensors
from gatestep.engine.files.safetensorsfiles import read_safetensors
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import load, load_file, save, save_file
from tensors import TENSORS

Refusal = Callable[..., str]


def test_a_type_that_numpy_has_not_is_refused_by_name(tmp_path: Path, refusal: Refusal) -> None:
    path = tmp_path / "w.safetensors"
    safetensors.torch.save_file({"weight_ih_l0": torch.zeros(2, dtype=torch.float8_e4m3fn)}, path)
    assert refusal(read_tensors, path) == f"{path}: weight_ih_l0 is stored as F8_E4M3; save it as float32"


def test_half_precision_of_both_kinds_is_widened(tmp_path: Path) -> None:
    """Oracle: torch, which has bfloat16."""
    stored = {
        "a": torch.randn(5, 3).bfloat16(),
        "b": torch.randn(4).half(),
        "c": torch.tensor([torch.inf, -0.0]).bfloat16(),
    }
    safetensors.torch.save_file(stored, tmp_path / "w")
    for name, array in read_tensors(tmp_path / "w").items():
        np.testing.assert_array_equal(array, stored[name].float().numpy())


def test_a_name_that_stands_twice_is_refused(tmp_path: Path, refusal: Refusal) -> None:
    header = (
        b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    )
    (tmp_path / "w.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + b"x")
    assert "is not a safetensors file (it holds a twice)" in refusal(read_tensors, tmp_path / "w.safetensors")


NAMES = st.text(max_size=8).filter(lambda name: name != "__metadata__")
SHAPES = st.lists(st.integers(0, 3), max_size=3).map(tuple)
TYPES = st.sampled_from(["<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "i1", "<u8", "<u4", "<u2", "u1", "?"])


@given(kinds=st.dictionaries(NAMES, st.tuples(SHAPES, TYPES), max_size=4), about=st.dictionaries(st.text(), st.text()))
def test_safetensors_are_read_as_their_own_package_reads_them(
    kinds: dict[str, tuple[tuple[int, ...], str]], about: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("st") / "w.safetensors"
    save_file({n: np.arange(np.prod(s)).reshape(s).astype(t) for n, (s, t) in kinds.items()}, path, about or None)
    tensors, metadata = read_safetensors(path)
    with safe_open(path, framework="numpy") as file:
        assert metadata == (file.metadata() or {})
    theirs = load_file(path)
    assert tensors.keys() == theirs.keys()
    for name, array in theirs.items():
        assert tensors[name].dtype == array.dtype
        np.testing.assert_array_equal(tensors[name], array)


@given(place=st.integers(0, 200), byte=st.integers(0, 255))
def test_safetensors_that_their_own_package_refuses_are_refused(
    place: int, byte: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(save(TENSORS, {"a": "b"}))
    content[place % len(content)] = byte
    path = tmp_path_factory.getbasetemp() / "w.safetensors"
    path.write_bytes(content)
    try:
        theirs = load(bytes(content))
    except Exception:
        with pytest.raises(BadInput):
            read_tensors(path)
        return
    try:
        ours = read_tensors(path)
    except BadInput:
        return  # a name twice
    assert ours.keys() == theirs.keys()
    for name, array in theirs.items():
        assert ours[name].tobytes() == array.tobytes()
