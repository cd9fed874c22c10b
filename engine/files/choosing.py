"""Which of the recurrent networks in a file is meant, and what each is, as far as its shapes show."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..cells import CELLS
from ..errors import BadInput
from .contents import Contents, Recurrent

MOST_NAMED = 8


class SeveralNetworks(BadInput):
    """A file holds several recurrent networks, and nothing says which one is meant; `contents` are the file's."""

    def __init__(self, message: str, contents: Contents):
        super().__init__(message)
        self.contents = contents


@dataclass(frozen=True)
class Outline:
    """What a network is: the name of its cell, "" where its rows fit none, and its sizes, 0 where they are unknown."""

    cell: str
    layers: int
    directions: int
    units: int
    inputs: int


def choose(contents: Contents, source: str, name: str | None = None) -> Recurrent:
    """Return the network in a file that `name` is an unambiguous part of, or the only one there is.

    Raises BadInput, which begins with `source`, where `name` fits no network or more than one, and SeveralNetworks
    where there are several and `name` is None.
    """
    networks = contents.networks
    if not networks:
        raise BadInput(f"{source}: {nothing_recurrent(contents)}")
    if name is None:
        if len(networks) > 1:
            raise SeveralNetworks(f"{source}: holds {len(networks)} recurrent networks ({_listed(networks)}); "
                                  "--network NAME says which", contents)  # fmt: skip
        return networks[0]
    exact = [n for n in networks if name in (n.name, *n.also)]
    parts = [n for n in networks if any(name.casefold() in own.casefold() for own in (n.name, *n.also))]
    found = exact or parts
    if len(found) != 1:
        why = f"is a part of {len(found)} names" if found else "unknown network"
        raise BadInput(f"{source}: --network {name}: {why}; choose from {_listed(found or networks)}")
    return found[0]


def chosen(contents: Contents, source: str, network: str | None, chain: str | None) -> tuple[Recurrent, ...]:
    """Return the network that `network` names, or those that the comma-separated `chain` names, from the bottom up.

    Raises BadInput as `choose` does, for both options together, and for a network whose numbers cannot be computed.
    """
    if chain is not None and network is not None:
        raise BadInput("--chain names every network; --network does not go with it")
    names = [network] if chain is None else [part.strip() for part in chain.split(",")]
    found = tuple(choose(contents, source, name) for name in names)
    for one in found:
        if one.refused:
            raise BadInput(f"{source}: {one.refused}")
    return found


def outline(recurrent: Recurrent) -> Outline:
    """Return what `recurrent` is, from the names and shapes of its tensors."""
    layers = len({name.removesuffix("_reverse").rpartition("_l")[2] for name in recurrent.tensors})
    directions = len({name.endswith("_reverse") for name in recurrent.tensors}) or 1
    inputs, hidden, shown = (
        _shape(recurrent, f"weight_{kind}_l0") or _shape(recurrent, f"weight_{kind}_l0_reverse")
        for kind in ("ih", "hh", "hr")
    )
    H = shown[1] if len(shown) == 2 else hidden[1] if len(hidden) == 2 else 0
    rows = hidden[0] // H if H and hidden and hidden[0] % H == 0 else 0
    told = {1: "rnn", 3: "gru", 4: "peephole" if "weight_peephole_l0" in recurrent.tensors else "lstm"}
    cell = recurrent.cell or told.get(rows, "")
    return Outline(cell, layers, directions, H, inputs[1] if len(inputs) == 2 else 0)


def spelled(recurrent: Recurrent) -> str:
    """Return what a network is in words: `LSTM, 2 layers both ways, 5 units, 3 inputs`."""
    own = outline(recurrent)
    cell = CELLS[own.cell].title if own.cell in CELLS else "no cell that is known"
    layers = (
        f"{own.layers} layer{'s' * (own.layers > 1)}"
        + " both ways" * (own.directions > 1)
        + " backwards" * _backwards(recurrent)
    )
    projected = _shape(recurrent, "weight_hr_l0")
    shown = f" projected to {projected[0]}" if projected else ""
    return f"{cell}, {layers}, {own.units} units{shown}, {own.inputs} inputs"


def nothing_recurrent(contents: Contents) -> str:
    """Return the error for a file without a recurrent network: what it is, and what it holds instead."""
    names = list(contents.others)
    some = ", ".join(f"{name or 'a tensor'} {list(contents.others[name].shape)}" for name in names[:4])
    more = f" and {len(names) - 4:,} more" if len(names) > 4 else ""
    held = f"it holds {some}{more}" if names else "it holds no tensors at all"
    article = "an" if contents.kind[:1] in "aeiouAEIOUH" else "a"
    return f"is {article} {contents.kind} without a recurrent network (weight_ih_l0 under any prefix, ...); {held}"


def _backwards(recurrent: Recurrent) -> bool:
    """Whether it reads from the last timestamp to the first, and in no other direction."""
    return bool(recurrent.tensors) and all(name.endswith("_reverse") for name in recurrent.tensors)


def _shape(recurrent: Recurrent, name: str) -> tuple[int, ...]:
    tensor = recurrent.tensors.get(name)
    return tensor.shape if tensor else ()


def _listed(networks: Sequence[Recurrent]) -> str:
    more = f" and {len(networks) - MOST_NAMED} more" if len(networks) > MOST_NAMED else ""
    return ", ".join(n.name or '""' for n in networks[:MOST_NAMED]) + more
