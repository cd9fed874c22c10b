"""Files that ask for more than they are, of memory, time or trust: each is refused, and costs next to nothing."""

import io
import json
import pickle
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

MOST = 40
"""Megabytes that reading any of these files may take. They are of some kilobytes, and ask for hundreds and more."""

WEIGHTS = {"weight_ih_l0": np.ones((4, 1), np.float32), "weight_hh_l0": np.ones((4, 1), np.float32)}


def npy(header: str, data: bytes = bytes(64), version: bytes = b"\x01\x00") -> bytes:
    text = header.encode() + b"\n"
    return b"\x93NUMPY" + version + len(text).to_bytes(2 if version == b"\x01\x00" else 4, "little") + text + data


def array(shape: str, descr: str = "'<f4'", data: bytes = bytes(64)) -> bytes:
    return npy(f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}", data)


def archive(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return made.getvalue()


def zeros(megabytes: int) -> bytes:
    return array(f"({megabytes * 2**18}, 1)", data=bytes(megabytes * 2**20))


def understated(content: bytes) -> bytes:
    """An archive of one member that says it unpacks to 1,000 bytes."""
    made, size = bytearray(content), struct.pack("<I", 1000)
    directory = made.index(b"PK\x01\x02")
    made[22:26] = made[directory + 24 : directory + 28] = size
    return bytes(made)


def overlapping(count: int) -> bytes:
    """An archive whose members are all the same bytes."""
    content = archive({"xxx.npy": zeros(2)})
    directory, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    entry = content[directory:end]
    entries = b"".join(entry.replace(b"xxx.npy", b"%03d.npy" % n) for n in range(count))
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(entries), directory, 0)
    return content[:directory] + entries + tail


def safetensors(header: Any, data: bytes = bytes(64), length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + data


def saved(content: Any, old: bool = False) -> bytes:
    made = io.BytesIO()
    torch.save(content, made, _use_new_zipfile_serialization=not old)
    return made.getvalue()


def with_pickle(change: Callable[[bytes], bytes]) -> bytes:
    """The file of one tensor of three numbers, with its pickle changed."""
    with zipfile.ZipFile(io.BytesIO(saved({"w": torch.ones(3)}))) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members = {name: change(content) if name.endswith("data.pkl") else content for name, content in members.items()}
    return archive(members, zipfile.ZIP_STORED)


class Calls:
    """What pickles as a call."""

    def __init__(self, function: Any, *arguments: Any):
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def shared(depth: int) -> dict[str, Any]:
    """Dicts that share their dicts: few to store, more than anybody can walk through."""
    inner: dict[str, Any] = {}
    for _ in range(depth):
        inner = {"a": inner, "b": inner}
    return {"a": inner}


def around(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    inner["self"] = inner
    return inner


def codecs_encode(times: int) -> bytes:
    """A pickle that has its text spelled out as digits, and those as digits again, `times` over."""
    call = b"c_codecs\nencode\n"
    return b"\x80\x02" + call * times + b"X\x04\x00\x00\x00aaaa" + b"X\x03\x00\x00\x00hex\x86R" * times + b"."


HUGE = "is not a .npy file of plain numbers ("
NPZ = "is not an .npz archive of plain arrays ("
ST = "is not a safetensors file ("
TOO_LARGE = "its tensors are larger than the file"
LARGER = "is larger than what is stored for it"
NO_TENSORS = "holds no named tensors"
NESTED = b"\x80\x02)" + b"\x85" * 1_000_000 + b"."
BOMBS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "an array of 32 TB": (".npy", lambda: array("(1000000000000, 8)"), HUGE),
    "more than can be counted": (".npy", lambda: array(f"({2**63}, {2**63})"), HUGE),
    "nothing by more than can be": (".npy", lambda: array(f"(0, {10**30})", data=b""), HUGE),
    "rows below zero": (".npy", lambda: array("(-1, -16)"), HUGE),
    "a thousand axes": (".npy", lambda: array(f"({'1, ' * 1000})", data=bytes(4)), HUGE),
    "numbers of 2 GB each": (".npy", lambda: array("(1,)", "'|V2147483647'"), HUGE),
    "numbers of no bytes": (".npy", lambda: array("(10000000000,)", "'|S0'", b""), HUGE),
    "a header of 4 GB": (".npy", lambda: npy("")[:6] + b"\x02\x00" + b"\xff" * 4 + bytes(64), HUGE),
    "a header without end": (".npy", lambda: npy("(" * 60_000), HUGE),
    "an array of 32 TB in an archive": (".npz", lambda: archive({"x.npy": array("(1000000000000, 8)")}), NPZ),
    "80 MB in 80 kB": (".npz", lambda: archive({"x.npy": zeros(80)}), "would unpack to 84 MB, and 64 MB"),
    "80 MB that call themselves 1 kB": (".npz", lambda: understated(archive({"x.npy": zeros(80)})), NPZ),
    "the same bytes 500 times": (".npz", lambda: overlapping(500), NPZ),
    "an archive in an archive": (
        ".npz", lambda: archive({"x.npy": archive({"x.npy": zeros(1)})}), NPZ + "x: the magic string is not correct"
    ),
    "bzip2": (".npz", lambda: archive({"x.npy": zeros(1)}, zipfile.ZIP_BZIP2), NPZ + "x.npy is packed in another"),
    "lzma": (".npz", lambda: archive({"x.npy": zeros(1)}, zipfile.ZIP_LZMA), NPZ + "x.npy is packed in another"),
    "a header of 9 EB": (".safetensors", lambda: safetensors({}, length=2**63), ST),
    "a header of 100 MB": (".safetensors", lambda: safetensors({}, length=99_999_999), ST),
    "a tensor of 4 TB": (
        ".safetensors",
        lambda: safetensors({"w": {"dtype": "F32", "shape": [10**12], "data_offsets": [0, 4 * 10**12]}}),
        ST,
    ),
    "a tensor that is larger than its place": (
        ".safetensors", lambda: safetensors({"w": {"dtype": "F32", "shape": [10**12], "data_offsets": [0, 64]}}), ST
    ),
    "many axes of many digits": (
        ".safetensors",
        lambda: safetensors({"w": {"dtype": "F32", "shape": [10**4000] * 3000, "data_offsets": [0, 64]}}),
        ST,
    ),
    "brackets without end": (".safetensors", lambda: safetensors(b'{"a":' * 300_000), ST),
    "80 MB in a weights file": (
        ".pt",
        lambda: archive({"w/data.pkl": b"\x80\x02}.", "w/data/0": bytes(80 * 2**20), "w/version": b"3\n"}),
        "would unpack to 84 MB, and 64 MB",
    ),
    "one number, a billion times": (".pt", lambda: saved({"w": torch.ones(1).expand(10**9)}), TOO_LARGE),
    "a matrix of zeros that are not stored": (
        ".pt",
        lambda: saved({"w": torch.ones(1, 1).to_sparse().sparse_resize_((10**5, 10**5), 2, 0)}),
        TOO_LARGE,
    ),
    "more numbers than are stored": (
        ".pt", lambda: with_pickle(lambda p: p.replace(b"QK\x00K\x03\x85", b"QK\x00J\x00\x00\x9f\x00\x85")), LARGER
    ),
    "numbers from beyond the end": (
        ".pt", lambda: with_pickle(lambda p: p.replace(b"QK\x00K\x03", b"QJ\xff\xff\xff\x7fK\x03")), LARGER
    ),
    "a stride beyond the end": (
        ".pt",
        lambda: with_pickle(lambda p: p.replace(b"K\x01\x85q\t", b"\x8a\x07" + b"\xff" * 6 + b"\x0f\x85q\t")),
        LARGER,
    ),
    "a stride below zero": (
        ".pt", lambda: with_pickle(lambda p: p.replace(b"K\x01\x85q\t", b"J\xff\xff\xff\xff\x85q\t")),
        "is stored as a tensor without a shape",
    ),
    "a shape of a thousand axes": (
        ".pt", lambda: with_pickle(lambda p: p.replace(b"QK\x00K\x03\x85", b"QK\x00(" + b"K\x01" * 1000 + b"t")),
        "is stored as a tensor without a shape",
    ),
    "bytes made by a call": (".pt", lambda: saved({"w": Calls(bytearray, 10**9)}), NO_TENSORS),
    "a tensor made by a call": (".pt", lambda: saved({"w": Calls(torch.Tensor, 10**9)}), NO_TENSORS),
    "the same, as before version 1.6": (".pth", lambda: saved({"w": Calls(bytearray, 10**9)}, old=True), NO_TENSORS),
    "text that doubles": (".pt", lambda: with_pickle(lambda p: codecs_encode(28)), NO_TENSORS),
    "a megabyte of tuples in tuples": (".pt", lambda: with_pickle(lambda p: NESTED), "nested more than 500 deep"),
    "the same alone": (".pkl", lambda: NESTED, "nested more than 500 deep"),
    "a place in the memo of 2 GB": (".pkl", lambda: b"\x80\x02}r\xff\xff\xff\x7f.", NO_TENSORS),
    "tuples that share tuples": (".pkl", lambda: b"\x80\x02)" + b"q\x00h\x00\x86" * 100 + b".", NO_TENSORS),
    "many keys of one hash": (
        ".pkl", lambda: pickle.dumps({n * (2**61 - 1): None for n in range(2000)}), NO_TENSORS
    ),
    "a storage of 4 TB, as before version 1.6": (
        ".pth",
        lambda: saved({"w": torch.ones(3)}, old=True)[:-20] + (10**12).to_bytes(8, "little") + bytes(12),
        "is not a PyTorch file (it is cut short)",
    ),
    "dicts in dicts": (".pt", lambda: saved(shared(90)), "holds no named tensors"),
    "a dict in itself": (".pt", lambda: saved(around(1)), "holds no named tensors"),
    "a long name before every name": (
        ".pt",
        lambda: saved({"n" * 1_000_000: {str(n): torch.ones(1) for n in range(1000)}}),
        "has a name of more than 500 characters",
    ),
    "a line without end": (".csv", lambda: b"1," * 3_000_000, "row 1 is not CSV (a line of more than 1,000,000"),
    "a quote without end": (".csv", lambda: b'1\n"' + b"2\n" * 3_000_000, "row 2 is not CSV (field larger"),
    "a number of many digits": (".csv", lambda: b"1" * 100_000, ": row 1, column 1 holds '1111"),
}  # fmt: skip

READ = """
import resource, sys
from pathlib import Path
from gatestep.engine import BadInput
from gatestep.engine import read_inputs, read_tensors
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) // 1024
read_tensors(Path("warm.pt"))
for name in sys.argv[1:]:
    Path("/proc/self/clear_refs").write_text("5")
    before = peak()
    try:
        (read_inputs if Path(name).suffix in (".npy", ".csv") else read_tensors)(Path(name))
        said = "was read"
    except BadInput as error:
        said = str(error)
    print(peak() - before, said)
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """The megabytes that reading each bomb took in a process of its own, and what was said of it."""
    here = tmp_path_factory.mktemp("bombs")
    (here / "warm.pt").write_bytes(saved({"w": torch.ones(3)}))
    names = []
    for number, (ending, make, _) in enumerate(BOMBS.values()):
        names.append(f"{number}{ending}")
        (here / names[-1]).write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", READ, *names], cwd=here, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = [line.split(" ", 1) for line in done.stdout.splitlines()]
    return {name: (int(cost), said) for name, (cost, said) in zip(BOMBS, lines, strict=True)}


@pytest.mark.xdist_group("bombs")  # they are all read once
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peaks of memory are Linux's to tell")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_and_costs_little(name: str, read: dict[str, tuple[int, str]]) -> None:
    cost, said = read[name]
    file = f"{list(BOMBS).index(name)}{BOMBS[name][0]}"
    assert said.startswith(file)
    assert BOMBS[name][2] in said
    assert len(said) < 1100
    assert cost < MOST
