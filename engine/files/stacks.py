"""From what a reader found in a file to the network that runs."""

from collections.abc import Mapping
from dataclasses import replace

from ..activations import activation
from ..building import NAME, stack_from_tensors
from ..errors import BadInput
from ..weights import Stack
from .contents import Recurrent

REVERSE = "_reverse"


def stack_of(
    recurrent: Recurrent, source: str, cell: str | None = None, activations: Mapping[str, str] | None = None
) -> Stack:
    """Return the Stack that `recurrent` is; its tensors are read now, and each of them is used.

    `cell` and `activations` (by "gate", "candidate" and "output") settle what the file does not tell. Raises BadInput,
    which begins with `source`, where they contradict the file, where a tensor has a name that means nothing here, and
    for what `stack_from_tensors` refuses.
    """
    place = f"{source}: {recurrent.name}" if recurrent.name else source
    if cell and recurrent.cell and cell != recurrent.cell:
        raise BadInput(f"{place}: the file says that it is {recurrent.cell}; --cell {cell} contradicts it")
    told = dict(recurrent.activations)
    for use, name in (activations or {}).items():
        if activation(told.setdefault(use, name), place) != activation(name, place):
            raise BadInput(f"{place}: the file says that its {use} activation is {told[use]}; {name} contradicts it")
    unknown = [name for name in recurrent.tensors if not NAME.fullmatch(name)]
    if unknown:
        raise BadInput(f"{place}: has {', '.join(unknown[:4])}, which nothing here uses; the numbers would be another "
                       "network's")  # fmt: skip
    tensors = {name: tensor.read() for name, tensor in recurrent.tensors.items()}
    if tensors and all(name.endswith(REVERSE) for name in tensors):
        forward = {name.removesuffix(REVERSE): tensor for name, tensor in tensors.items()}
        return _turned(stack_from_tensors(forward, place, cell or recurrent.cell, told))
    return stack_from_tensors(tensors, place, cell or recurrent.cell, told)


def _turned(stack: Stack) -> Stack:
    """The same network, reading from the last timestamp to the first, as Keras and ONNX have it by itself."""
    layers = [tuple(replace(w, name=w.name + REVERSE, reverse=True) for w in layer) for layer in stack.layers]
    return replace(stack, layers=tuple(layers))
