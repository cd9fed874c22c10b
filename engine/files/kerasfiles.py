"""Networks in the files of Keras: `.keras` archives, `.h5` of whole models and of weights alone, `.weights.h5`."""

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from ..errors import BadInput
from .contents import KERAS, Contents, Module
from .hdf5files import Hdf5, read_hdf5
from .hdf5window import Opener, understood
from .kerasconfig import Version, declared
from .keraslayouts import stored
from .kerasnetworks import networks_of
from .numpyfiles import unpacked
from .opening import opened, size_of

ARCHIVE = "is not a .keras archive"
CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
LONGEST_CONFIG = 8_000_000
"""The most bytes of a configuration; the largest models have a few million, and parsing takes many times as much."""


def read_keras(path: Path) -> Contents:
    """Return what a file of Keras holds: its recurrent layers, each a network of its own, and its other tensors.

    Raises BadInput for what is no such file, is damaged, or leads to other files, and WorkFailed where pyfive is not
    installed.
    """
    with opened(path) as file:
        archive = file.read(2) == b"PK"
    return _archive(path) if archive else _hdf5(path)


def _archive(path: Path) -> Contents:
    """A .keras archive: the configuration, and the weights as HDF5."""
    with opened(path) as file, unpacked(file, path, ARCHIVE, "model.save") as archive:
        names = archive.namelist()
        if WEIGHTS not in names or CONFIG not in names:
            raise BadInput(f"{path}: {ARCHIVE} ({WEIGHTS} or {CONFIG} is missing); write it with model.save")
        config = _member_json(archive, CONFIG, path)
        about = _member_json(archive, METADATA, path) if METADATA in names else {}
    version = Version.of(about.get("keras_version") if isinstance(about, dict) else None)
    return _contents(path, "Keras model", read_hdf5(path, _member(path)), config, version)


def _member(path: Path) -> Opener:
    """Return what opens the weights in an archive: in place where they are not compressed, else unpacked in memory."""

    @contextlib.contextmanager
    def opener() -> Iterator[tuple[BinaryIO, int, int]]:
        with opened(path) as file, unpacked(file, path, ARCHIVE, "model.save") as archive:
            info = archive.getinfo(WEIGHTS)
            if info.compress_type == ZIP_STORED and not info.flag_bits & 1:
                yield file, _beginning(file, archive, info), info.file_size
            else:
                content = archive.read(info)
                yield io.BytesIO(content), 0, len(content)

    return opener


def _beginning(file: BinaryIO, archive: ZipFile, info: ZipInfo) -> int:
    """Where the bytes of a stored member begin; opening it lets zipfile check the header before them."""
    with archive.open(info):
        pass
    file.seek(info.header_offset + 26)
    lengths = file.read(4)
    start = info.header_offset + 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    if info.file_size != info.compress_size or start + info.file_size > size_of(file):
        raise EOFError
    return start


def _hdf5(path: Path) -> Contents:
    """An HDF5 file: a whole model's has its configuration as an attribute of the root."""

    @contextlib.contextmanager
    def opener() -> Iterator[tuple[BinaryIO, int, int]]:
        with opened(path) as file:
            yield file, 0, size_of(file)

    found = read_hdf5(path, opener)
    root, inner = found.attributes.get("", {}), found.attributes.get("model_weights", {})
    version = Version.of(root.get("keras_version") or inner.get("keras_version"))
    if "model_config" in root:
        config = _json(str(root["model_config"]).encode(), f"{path}: model_config")
        return _contents(path, "Keras model", found, config, version)
    weights = _contents(path, "file of Keras weights", found, None, version)
    keras = weights.networks or version.text or any(name.startswith("layers/") for name in found.tensors)
    return weights if keras else replace(weights, kind="HDF5 file")


def _member_json(archive: ZipFile, name: str, path: Path) -> Any:
    with archive.open(name) as stream:
        return _json(stream.read(LONGEST_CONFIG + 1), f"{path}: {name}")


def _json(text: bytes, what: str) -> Any:
    if len(text) > LONGEST_CONFIG:
        raise BadInput(f"{what} has {len(text):,} bytes; {LONGEST_CONFIG:,} is the most for a configuration")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput(f"{what} is not JSON; it is damaged") from None


def _contents(path: Path, what: str, file: Hdf5, config: Any, version: Version) -> Contents:
    """Combine the weights of a file with what its configuration says of them."""
    try:
        layers = declared(config) if config is not None else None
    except ValueError as error:
        raise BadInput(f"{path}: its configuration cannot be used ({error})") from None
    with understood(path):
        old = version.number is None or version.number < (2, 0)
        found = stored(file, {layer.names[-1] for layer in layers or ()}, gate_by_gate=old)
    networks = networks_of(found, layers, version)
    taken = {name for one in found for name in one.taken}
    others = {name: tensor for name, tensor in file.tensors.items() if name not in taken}
    text = f"{what} (Keras {version.text})" if version.text else what
    modules = {one.path: Module(f"{KERAS}{one.kind}", {"activation": one.activation, "name": one.names[-1]})
               for one in layers or ()}  # fmt: skip
    return Contents(text, networks, others, modules)
