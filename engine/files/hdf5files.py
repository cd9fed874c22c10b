"""HDF5 as Keras writes it: groups, text attributes, and arrays of plain numbers, each checked before it is read.

pyfive parses the structure, in Python alone, and the numbers are read here. It sees the file through a `Window`, which
ends where the file ends and gives out only so many bytes, so that a cyclic structure comes to an end. Links are
followed only to what is stored in this file, and nothing else is opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import BadInput, WorkFailed
from .contents import Tensor
from .hdf5arrays import Source, tensor
from .hdf5window import Damaged, Opener, Window, understood

MAGIC = b"\x89HDF\r\n\x1a\n"

FREELY, TIMES, AT_MOST = 500_000, 4, 64_000_000
"""Bytes of structure that may be read: FREELY and TIMES the file's size, but not more than AT_MOST."""

MOST_OBJECTS, DEEPEST = 100_000, 40
LINK_INFO, LINK = 2, 6
"""Kinds of message in an object's header, by their numbers in the specification."""

SOFT = 1


@dataclass(frozen=True)
class Hdf5:
    """What an HDF5 file holds: `tensors` by their path ("a/b"), and the text `attributes` of each group by its path.

    The root's path is "". An attribute is a str or a list of str.
    """

    tensors: dict[str, Tensor] = field(default_factory=dict)
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_hdf5(path: Path, opener: Opener) -> Hdf5:
    """Return what the HDF5 that `opener` opens holds; `path` is what errors call it. No numbers are read yet.

    Raises BadInput for another kind of file, for links, storage and filters that lead out of it, and for shapes that
    it is too small for; WorkFailed where pyfive is not installed.
    """
    if find_spec("pyfive") is None:
        raise WorkFailed(f"{path}: reading it needs pyfive; pip install 'gatestep[keras]'")
    with opener() as (file, start, size), understood(path):
        found = Hdf5()
        stream = Window(file, start, size, min(FREELY + TIMES * size, AT_MOST))
        _Walk(path, opener, stream, found).all()
    return found


class _Walk:
    """One walk through all groups of a file."""

    def __init__(self, path: Path, opener: Opener, stream: Window, found: Hdf5):
        self.path, self.opener, self.stream, self.found = path, opener, stream, found
        self.heaps: dict[int, Any] = {}
        self.groups: set[int] = set()
        self.objects = 0

    def all(self) -> None:
        """Find everything below the root."""
        from pyfive.misc_low_level import SuperBlock

        if self.stream.read(len(MAGIC)) != MAGIC:
            raise Damaged("it does not begin as one")
        block = SuperBlock(self.stream, 0)
        left = [("", block.offset_to_dataobjects, 0)]
        while left:
            name, address, depth = left.pop()
            inside = self._group(name, address)
            if depth == DEEPEST and inside:
                raise Damaged("its groups are nested too deep")
            left += [(inner, place, depth + 1) for inner, place in reversed(inside)]

    def _group(self, name: str, address: int) -> list[tuple[str, int]]:
        """Record the object at `address`; of a group, return the path and address of each thing in it."""
        from pyfive.dataobjects import DataObjects

        self.objects += 1
        if self.objects > MOST_OBJECTS:
            raise Damaged("it has too many objects")
        one = DataObjects(self.stream, address, global_heaps=self.heaps)
        if one.is_dataset:
            attributes = _texts(one.get_attributes())
            source = Source(self.path, self.opener, self.stream.size, self.heaps)
            self.found.tensors[name] = tensor(source, name, one, attributes.get("dtype") == "bfloat16")
            return []
        if address in self.groups:
            raise BadInput(f"{self.path}: {name} is a group in two places; save the model again")
        self.groups.add(address)
        self.found.attributes[name] = _texts(one.get_attributes())
        return [(f"{name}/{key}" if name else key, place) for key, place in self._links(name, one).items()]

    def _links(self, name: str, group: Any) -> Mapping[str, int]:
        where = f"{self.path}: {name or 'its root'}"
        advice = "only what is stored in the file itself is read; copy the data into it"
        for message in group.find_msg_type(LINK):
            at = message["offset_to_message"]
            if group.msg_data[at + 1] & 8 and group.msg_data[at + 2] > SOFT:
                raise BadInput(f"{where} has a link into another file; {advice}")
        try:
            links: Mapping[str, Any] = group.get_links()
        except AssertionError:
            if not group.find_msg_type(LINK_INFO):
                raise
            # In a list of many links pyfive expects hard and soft ones only, and does not say which other kind it met.
            raise BadInput(f"{where} has a link that is damaged or leads into another file; {advice}") from None
        for key, place in links.items():
            if isinstance(place, str):
                raise BadInput(f"{where} has {key}, a link by name; {advice}")
        return links


def _texts(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `attributes` that are text, or lists of it."""
    texts: dict[str, Any] = {}
    for name, value in attributes.items():
        if isinstance(value, bytes | str):
            texts[name] = _text(value)
        elif isinstance(value, np.ndarray) and value.dtype.kind in "SUO" and value.ndim == 1:
            texts[name] = [_text(one) for one in value.tolist() if isinstance(one, bytes | str)]
    return texts


def _text(value: bytes | str) -> str:
    return value if isinstance(value, str) else value.rstrip(b"\0").decode("utf-8", "replace")
