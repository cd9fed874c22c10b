"""Files of torch.save and torch.jit.save, read without torch and without running anything that they name.

A zip archive holds a pickle that says where each tensor is, and the numbers beside it; a file from before version 1.6
is five pickles followed by the numbers. Only the numbers of the tensors that are asked for are read.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from ..errors import BadInput
from .inert import read_pickle
from .listing import Listing
from .numpyfiles import unpacked
from .opening import opened, size_of, warranted
from .standins import PERSISTENT, BadPickle, Stand
from .torchtensors import Storage, Tensors, storage_type
from .torchtree import Tree

KIND, MAKER = "is not a PyTorch file", "torch.save(model.state_dict(), ...)"
MAGIC = 0x1950A86A20F9469CFC6C
"""The first pickle of a file from before version 1.6."""

LONGEST_CODE = 1_000_000
FINAL = re.compile(
    r'^  (\w+) : Final\[\w+\] = (?:"(\w*)"|(True|False)|(-?[0-9]{1,9})|(-?(?:[0-9.e+-]{1,24}|inf)))$', re.MULTILINE
)
ENCRYPTED, LOCAL_HEADER = 1, 30
"""A flag of a member of a zip archive, and the bytes of its header before its name."""

POLICY = "policy.pth"
"""The member of stable-baselines3's archive that is a file of torch.save."""


def read_torch_zip(path: Path, inner: str | None = None) -> Listing:
    """Return what a zip archive of torch, or the one that is its member `inner`, holds.

    Raises BadInput for another kind of archive, for damage, and for a frozen TorchScript archive.
    """
    with _archive(path, inner) as (archive, size):
        names = archive.namelist()
        pickles = [name for name in names if name == "data.pkl" or name.endswith("/data.pkl")]
        if not pickles:
            raise BadInput(f"{path}: {KIND} (it has no data.pkl); save one with {MAKER}")
        root = min(pickles, key=len).removesuffix("data.pkl")
        scripted = f"{root}constants.pkl" in names
        folder = f"{root}data/"
        stored = {m.filename.removeprefix(folder): m for m in archive.infolist() if m.filename.startswith(folder)}
        lengths = {key: member.file_size for key, member in stored.items()}
        order = ">" if _text(archive, f"{root}byteorder") == "big" else "<"
        tensors = Tensors(str(path), lengths, partial(_stored, path, inner, stored), warranted(size) // 4, order)
        tree = Tree(str(path), tensors.tensor, partial(_scripted, archive, root) if scripted else lambda name: {})
        with archive.open(f"{root}data.pkl") as stream:
            tree.walk(_unpickled(stream, archive.getinfo(f"{root}data.pkl").file_size, path))
        if scripted and not tree.tensors and any(name.startswith(f"{root}constants/") for name in names):
            raise BadInput(f"{path}: is a frozen TorchScript archive, whose weights have no names; save it as it is "
                           "before torch.jit.freeze")  # fmt: skip
    return _listing(tree, scripted)


def read_sb3(path: Path) -> Listing:
    """Return the tensors of the policy in an archive of stable-baselines3. Raises as `read_torch_zip` does."""
    found = read_torch_zip(path, POLICY)
    return Listing("stable-baselines3 archive", found.tensors, found.modules, found.quantized, found.texts)


def read_old_torch(path: Path) -> Listing:
    """Return what a file of pickles holds: one of torch.save before version 1.6, or a plain pickle.

    Raises BadInput where it is damaged, or a pickle that no file of weights has.
    """
    with opened(path) as file:
        size = size_of(file)
        first = _unpickled(file, size, path)
        if first != MAGIC:
            tensors = Tensors(str(path), {}, partial(_behind, path, {}), warranted(size) // 4)
            tree = Tree(str(path), tensors.tensor)
            tree.walk(first)
            return _listing(tree, False, "pickle")
        for _ in range(2):  # the protocol, and the system it was written on
            _unpickled(file, size - file.tell(), path)
        content = _unpickled(file, size - file.tell(), path)
        keys = _unpickled(file, size - file.tell(), path)
        places = _places(file, size, keys, _kinds(content), path)
    lengths = {key: length for key, (_, length) in places.items()}
    tensors = Tensors(str(path), lengths, partial(_behind, path, places), warranted(size) // 4)
    tree = Tree(str(path), tensors.tensor)
    tree.walk(content)
    return _listing(tree, False)


def _listing(tree: Tree, scripted: bool, kind: str | None = None) -> Listing:
    if kind is None:
        kind = "TorchScript archive" if scripted else "PyTorch checkpoint"
        kind = "whole PyTorch model" if tree.whole else kind
    return Listing(kind, tree.tensors, tree.modules, tree.quantized, tree.texts)


def _unpickled(stream: IO[bytes], size: int, path: Path) -> Any:
    try:
        return read_pickle(stream, size)
    except BadPickle as error:
        raise BadInput(f"{path}: {KIND} ({error}); save one with {MAKER}") from None


@contextlib.contextmanager
def _archive(path: Path, inner: str | None) -> Iterator[tuple[ZipFile, int]]:
    """Open the archive in `path`, or the one that is its member `inner`; yields it and its size in bytes."""
    with opened(path) as file, unpacked(file, path, KIND, MAKER) as archive:
        if inner is None:
            yield archive, size_of(file)
            return
        size = archive.getinfo(inner).file_size
        with archive.open(inner) as stream, unpacked(stream, path, KIND, MAKER, size) as within:
            yield within, size


@contextlib.contextmanager
def _stored(path: Path, inner: str | None, members: Mapping[str, ZipInfo], key: str) -> Iterator[IO[bytes]]:
    """Open the numbers under `key` in an archive: in place, if they are neither packed nor in an inner archive."""
    member = members[key]
    if inner is None and member.compress_type == ZIP_STORED and not member.flag_bits & ENCRYPTED:
        with opened(path) as file:
            file.seek(member.header_offset)
            header = file.read(LOCAL_HEADER)
            if len(header) < LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
                raise BadInput(f"{path}: changed while it was read")
            name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
            file.seek(name + extra, 1)
            yield file
        return
    with _archive(path, inner) as (archive, _):
        if member.filename not in archive.namelist():
            raise BadInput(f"{path}: changed while it was read")
        with archive.open(member.filename) as stream:
            yield stream


@contextlib.contextmanager
def _behind(path: Path, places: Mapping[str, tuple[int, int]], key: str) -> Iterator[IO[bytes]]:
    """Open the numbers under `key` behind the pickles of an old file."""
    with opened(path) as file:
        file.seek(places[key][0])
        yield file


def _kinds(content: Any) -> dict[str, str]:
    """The type of each storage that a tree of stand-ins refers to, by key."""
    kinds: dict[str, str] = {}
    left, seen = [content], set()
    while left:
        value = left.pop()
        if isinstance(value, Stand) and value.name == PERSISTENT and value.args:
            found = storage_type(value.args[0])
            if found is not None:
                kinds[found[0]] = found[1]
        if isinstance(value, dict | list | tuple | Stand) and id(value) not in seen:
            seen.add(id(value))
            parts = (value.args, value.state, value.items) if isinstance(value, Stand) else value
            left += parts.values() if isinstance(parts, dict) else parts
    return kinds


def _places(file: IO[bytes], size: int, keys: Any, kinds: Mapping[str, str], path: Path) -> dict[str, tuple[int, int]]:
    """Where the bytes of each storage begin in an old file, and how many there are: a count precedes the numbers."""
    places: dict[str, tuple[int, int]] = {}
    if not isinstance(keys, list):
        raise BadInput(f"{path}: {KIND} (it has no list of storages); save one with {MAKER}")
    for key in keys:
        count = int.from_bytes(file.read(8), "little", signed=True)
        begin = file.tell()
        if not isinstance(key, str) or key not in kinds:
            raise BadInput(f"{path}: {KIND} (it has a storage of no known type); save one with {MAKER}")
        length = count * Storage(key, kinds[key], 0).itemsize
        if count < 0 or length > size - begin:
            raise BadInput(f"{path}: {KIND} (it is cut short); save one with {MAKER}")
        places[key] = begin, length
        file.seek(begin + length)
    return places


def _text(archive: ZipFile, name: str) -> str:
    """The text of a small member; "" where there is none."""
    if name not in archive.namelist():
        return ""
    with archive.open(name) as stream:
        return stream.read(LONGEST_CODE).decode("utf-8", "replace").strip()


def _scripted(archive: ZipFile, root: str, name: str) -> dict[str, Any]:
    """What the code of a scripted class says of its constants, and which of torch's functions it calls."""
    module, _, last = name.rpartition(".")
    if not any(
        kind in module for kind in ("torch.nn.modules.rnn", "torch.nn.modules.sparse", "torch.nn.modules.activation")
    ):
        return {}
    code = _text(archive, f"{root}code/{module.replace('.', '/')}.py")
    code = re.split(r"^class ", code.partition(f"class {last}(")[2], maxsplit=1, flags=re.MULTILINE)[0]
    told: dict[str, Any] = {}
    for attribute, text, truth, whole, number in FINAL.findall(code):
        told[attribute] = truth == "True" if truth else int(whole) if whole else _number(number) if number else text
    if "embedding_renorm_" in code:
        told.setdefault("max_norm", "")  # traced: the code shows that there is one, not its value
    for mode in ("rnn_relu", "rnn_tanh"):
        if f"torch.{mode}(" in code and "mode" not in told:
            told["mode"] = mode.upper()
    return told


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
