"""From what a reader found in a file to the network that runs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..activations import activation
from ..building import NAME, stack_from_tensors
from ..errors import BadInput
from ..weights import Stack, chained
from .choosing import outline
from .contents import Recurrent

if TYPE_CHECKING:
    from .own import Own

REVERSE = "_reverse"


def stack_of(
    recurrent: Recurrent, source: str, cell: str | None = None, activations: Mapping[str, str] | None = None
) -> Stack:
    """Return `recurrent` as a Stack; its tensors are read, and each of them is used.

    `cell` and `activations` (by "gate", "candidate" and "output") settle what the file does not say. Raises BadInput,
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


def stack_as(parts: Sequence[Recurrent], own: "Own", begins: bool = False) -> Stack:
    """Return `parts` as one Stack, each on top of the one before it, with what `own` says that the file does not.

    `begins` says whether an initial state is given. Raises BadInput for what neither the file nor `own` says.
    """
    stacks = [_one(part, own, begins) for part in parts]
    return stacks[0] if len(stacks) == 1 else chained(stacks, str(own.weights))


def _one(part: Recurrent, own: "Own", begins: bool) -> Stack:
    missing = [option for option in part.options if getattr(own, option.lstrip("-").replace("-", "_")) is None]
    if missing:
        why = f" ({part.because})" if part.because else ""
        such = f", as in --cell {outline(part).cell}" if part.because else ""
        raise BadInput(f"{own.weights}: does not say everything about {part.name or 'its network'}{why}: give "
                       f"{', '.join(missing)}{such}")  # fmt: skip
    cell = own.cell or outline(part).cell
    given: dict[str, str] = {}
    if own.activation is not None:
        given["candidate"] = own.activation
        if cell not in ("gru", "gru-before", "rnn"):
            given["output"] = own.activation
    if own.recurrent_activation is not None:
        if cell == "rnn":
            raise BadInput(f"{own.weights}: --recurrent-activation is that of the gates, and an RNN has none")
        given["gate"] = own.recurrent_activation
    stack = stack_of(part, str(own.weights), own.cell, given)
    assumed = (part.assumed,) if part.assumed and not given else stack.assumptions
    return replace(stack, assumptions=(*assumed, *((part.starts,) if part.starts and not begins else ())))
