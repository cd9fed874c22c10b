"""HDF5: what stands in the file itself is read, and nothing leads out of it or asks for more than it is worth."""

import contextlib
import resource
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import h5py
import numpy as np
import pytest
from drawn import normal
from gatestep.engine import BadInput
from gatestep.engine.files.hdf5arrays import OTHER
from gatestep.engine.files.hdf5files import Hdf5, read_hdf5
from gatestep.engine.files.opening import opened, size_of
from watched import watching

A = normal(6, 5)
MOST_MEMORY = 40_000  # kB


def read(path: Path) -> Hdf5:
    @contextlib.contextmanager
    def opener() -> Iterator[tuple[BinaryIO, int, int]]:
        with opened(path) as file:
            yield file, 0, size_of(file)

    return read_hdf5(path, opener)


@pytest.mark.parametrize("options", [
    {},
    {"chunks": (4, 2)},
    {"chunks": (4, 2), "compression": "gzip", "shuffle": True, "fletcher32": True},
    {"chunks": (6, 5), "maxshape": (None, 5), "compression": "gzip"},
])  # fmt: skip
def test_numbers_come_back_as_they_were_written(options: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("a/b", data=A, **options)
        file["a"].attrs["name"] = "lstm"
        file["a"].attrs["names"] = np.array([b"x", b"yy"])
        file["half"], file["words"] = A.astype(np.float16), ["a", "b"]
    found = read(path)
    np.testing.assert_array_equal(found.tensors["a/b"].read(), A)
    assert (found.tensors["a/b"].shape, found.tensors["half"].dtype) == ((6, 5), "float16")
    assert found.attributes["a"] == {"name": "lstm", "names": ["x", "yy"]}
    assert found.tensors["words"].dtype == OTHER
    with pytest.raises(BadInput, match="words does not hold plain numbers"):
        found.tensors["words"].read()


def test_the_newest_layout_with_many_links(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w", libver="latest") as file:
        group = file.create_group("a", track_order=True)
        for n in range(30):
            group[f"b{n}"] = A + n
    found = read(path)
    np.testing.assert_array_equal(found.tensors["a/b29"].read(), A + 29)
    assert len(found.tensors) == 30


def test_a_compact_array_stands_in_its_header(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_layout(h5py.h5d.COMPACT)
    with h5py.File(path, "w") as file:
        made = h5py.h5d.create(file.id, b"a", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple(A.shape), dcpl=plist)
        made.write(h5py.h5s.ALL, h5py.h5s.ALL, A)
    np.testing.assert_array_equal(read(path).tensors["a"].read(), A)


def test_bfloat16_as_keras_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["a"] = (A.view("<u4") >> 16).astype("<u2").view("V2")
        file["a"].attrs["dtype"] = "bfloat16"
    tensor = read(path).tensors["a"]
    np.testing.assert_array_equal(tensor.read(), (A.view("<u4") & 0xFFFF0000).view("<f4"))
    assert tensor.dtype == "bfloat16"


def external_link(file: Any, beside: Path) -> None:
    file["a"] = h5py.ExternalLink(str(beside), "/secret")


def many_external_links(file: Any, beside: Path) -> None:
    for n in range(30):
        file[f"a{n}"] = h5py.ExternalLink(str(beside), "/secret")


def external_storage(file: Any, beside: Path) -> None:
    file.create_dataset("a", (2, 2), "<f4", external=[(str(beside), 0, 16)])


def virtual(file: Any, beside: Path) -> None:
    layout = h5py.VirtualLayout((6, 5), "<f4")
    layout[...] = h5py.VirtualSource(str(beside), "secret", (6, 5))
    file.create_virtual_dataset("a", layout)


def soft_link(file: Any, beside: Path) -> None:
    file["a"] = h5py.SoftLink("/a")


def circle(file: Any, beside: Path) -> None:
    inner = file.create_group("a/b")
    inner["c"] = file["a"]


def foreign_filter(file: Any, beside: Path) -> None:
    file.create_dataset("a", data=A, compression="lzf")


def never_written(file: Any, beside: Path) -> None:
    file.create_dataset("a", (1_000_000, 1_000), "<f4")


def nearly_empty(file: Any, beside: Path) -> None:
    file.create_dataset("a", (4_000, 4_000), "<f8", chunks=(4_000, 4_000), compression="gzip")


REFUSED: dict[Callable[..., None], str] = {
    external_link: "its root has a link into another file",
    many_external_links: "leads into another file",
    external_storage: "a is stored in another file",
    virtual: "a is put together out of other data",
    soft_link: "its root has a, a link by name",
    circle: "is a group in two places",
    foreign_filter: "a is (packed by filter 32000|stored in a newer layout)",
    never_written: r"a has shape \(1000000, 1000\), which is more than the file can hold",
    nearly_empty: "more than the file can hold",
}


@pytest.mark.parametrize("make", REFUSED)
@pytest.mark.parametrize("libver", ["earliest", "latest"])
def test_what_leads_out_of_the_file_is_refused_and_not_opened(
    make: Callable[..., None], libver: str, tmp_path: Path
) -> None:
    path, beside = tmp_path / "x.h5", tmp_path / "beside.h5"
    with h5py.File(beside, "w") as file:
        file["secret"] = np.full((6, 5), 12345.0, np.float32)
    with h5py.File(path, "w", libver=libver) as file:
        make(file, beside)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with watching() as files, pytest.raises(BadInput, match=f"^{path}: .*{REFUSED[make]}"):
        read(path).tensors["a"].read()
    assert str(beside) not in files
    assert str(path) in files
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY


def test_a_chunk_unpacks_to_no_more_than_its_shape(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        made = file.create_dataset("a", (4, 4), "<f4", chunks=(4, 4), compression="gzip")
        made.id.write_direct_chunk((0, 0), zlib.compress(bytes(100_000_000), 1))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadInput, match="a chunk does not have the length of its shape"):
        read(path).tensors["a"].read()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY


def test_a_header_that_continues_in_itself_comes_to_an_end(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["a"] = A
    content = bytearray(path.read_bytes())
    root = struct.unpack_from("<Q", content, 64)[0]  # of the superblock's entry for the root
    assert content[root] == 1
    struct.pack_into("<H", content, root + 2, 65535)  # so many messages
    message = struct.pack("<HHB3xQQ", 0x10, 16, 0, root + 16, 24)  # go on at the first of them
    content[root + 16 : root + 40] = message
    path.write_bytes(content)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with contextlib.suppress(BadInput):
        assert not read(path).tensors
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY


def test_another_kind_of_file_is_told_so(tmp_path: Path) -> None:
    for content in (b"", b"\x89HDF\r\n\x1a\n", b"\x89HDF\r\n\x1a\n" + bytes(200), b"CDF\x01" + bytes(100)):
        (tmp_path / "x.h5").write_bytes(content)
        with pytest.raises(BadInput, match=r"x.h5: is not an HDF5 file that Keras wrote"):
            read(tmp_path / "x.h5")
