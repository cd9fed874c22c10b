"""From the tree of plain values and stand-ins in a pickle of torch to its tensors and modules by name."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..errors import BadInput
from .contents import Module, Tensor
from .listing import is_text
from .standins import PERSISTENT, Stand

LONGEST_NAME = 500
MANGLED = re.compile(r"\.___torch_mangle_[0-9]+")
SCRIPTED = "__torch__."
PLAIN = (bool, int, float, str, type(None))
MOST_TEXTS = 200
"""The most lists and maps of text that are kept of one file."""


class Tree:
    """The tensors and modules below a root, in their order; what is shared is found once, by its first name.

    `tensor_of` turns a stand-in into a tensor, or returns None; `told` returns what the code of a scripted class says.
    """

    def __init__(
        self,
        source: str,
        tensor_of: Callable[[Stand, str], Tensor | None],
        told: Callable[[str], Mapping[str, Any]] = lambda name: {},
    ):
        self.source, self.tensor_of, self.told = source, tensor_of, told
        self.tensors: dict[str, Tensor] = {}
        self.modules: dict[str, Module] = {}
        self.texts: dict[str, Any] = {}
        self.quantized = self.scripted = self.whole = False
        self._seen: set[int] = set()

    def walk(self, root: Any) -> None:
        """Go through everything below `root`. Raises BadInput for a name that is too long."""
        left = [("", root)]
        while left:
            name, value = left.pop()
            if isinstance(value, (*PLAIN, bytes)) or value == ():
                continue
            if isinstance(value, Stand) and (tensor := self.tensor_of(value, name)) is not None:
                self._add(name, tensor)
            elif id(value) not in self._seen:
                self._seen.add(id(value))  # a pickle can contain itself
                self._keep_text(name, value)
                left += reversed([(self._below(name, key), inner) for key, inner in self._inside(name, value)])

    def _keep_text(self, name: str, value: Any) -> None:
        """Keep a list of text, or a map between text and whole numbers, which may be a vocabulary."""
        held = value.items if isinstance(value, Stand) else value
        if len(self.texts) < MOST_TEXTS and held and is_text(held):
            self.texts[name] = held

    def _inside(self, name: str, value: Any) -> Iterator[tuple[str, Any]]:
        if isinstance(value, dict):
            yield from ((str(key), inner) for key, inner in value.items())
        elif isinstance(value, list | tuple):
            yield from ((str(number), inner) for number, inner in enumerate(value))
        elif isinstance(value, Stand) and value.name != PERSISTENT:
            yield from self._of_stand(name, value)

    def _of_stand(self, name: str, stand: Stand) -> Iterator[tuple[str, Any]]:
        state = stand.state
        self.quantized |= "quantized" in stand.name or _is_packed(stand)
        if isinstance(state, dict) and "_modules" in state and "_parameters" in state:
            self.whole = True
            plain = {key: inner for key, inner in state.items() if isinstance(key, str) and isinstance(inner, PLAIN)}
            self.modules[name] = Module(stand.name, plain)
            for own in ("_parameters", "_buffers", "_modules"):
                yield from self._inside(name, state.get(own))
            return
        if stand.name.startswith(SCRIPTED):
            self.scripted = True
            self.modules[name] = Module(MANGLED.sub("", stand.name).removeprefix(SCRIPTED), self.told(stand.name))
        for part in (state, stand.items):
            if isinstance(part, dict | list | tuple):
                yield from self._inside(name, part)
        if stand.args:
            yield from self._inside(name, stand.args)

    def _below(self, name: str, key: str) -> str:
        below = f"{name}.{key}" if name else key
        if len(below) > LONGEST_NAME:
            raise BadInput(f"{self.source}: has a name of more than {LONGEST_NAME} characters; save model.state_dict()")
        return below

    def _add(self, name: str, tensor: Tensor) -> None:
        while name in self.tensors:  # "a.b" may stand beside "b" within "a"
            name += "'"
        self.tensors[name] = tensor


def _is_packed(stand: Stand) -> bool:
    """Whether a stand-in is a TorchScript object that holds quantized weights."""
    kind = stand.state[-1] if isinstance(stand.state, tuple) and stand.state else None
    return stand.last == "ScriptObject" and isinstance(kind, str) and ("quantized" in kind or "CellParams" in kind)
