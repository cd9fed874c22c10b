"""What a file of weights holds, in one form for every format: its recurrent networks, and what else there is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Tensor:
    """An array in a file, known by its shape before it is read; `read` gives its numbers as a NumPy array.

    Two tensors with the same `place` are the same numbers; None says nothing either way.
    """

    shape: tuple[int, ...]
    dtype: str
    read: Callable[[], Any] = field(repr=False)
    place: object = field(default=None, repr=False)


KERAS, TORCH = "keras.", "torch.nn.modules."
"""What the class names of Keras's modules begin with, and those of torch's."""


@dataclass(frozen=True)
class Module:
    """A module as its file describes it: its class ("torch.nn.modules.rnn.LSTM"), and its plain attributes."""

    kind: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recurrent:
    """One recurrent network in a file, whatever wrote it.

    `name` is its module's in the file ("" at the top); `tensors` have PyTorch's names and layout (`weight_ih_l0`
    (G*H, I), `weight_hh_l1_reverse`, `bias_ih_l0`, `weight_hr_l0` (P, H), `weight_peephole_l0` (3, H), rows i, f, o),
    so a reader transposes and reorders. `cell` is a name in CELLS, or None where only the number of rows shows it.
    `activations` are the functions of "gate", "candidate" and "output" by the names of `engine.activations`, as far as
    the file gives them. `notes` are sentences about what the file says of it, for `inspect`. `assumed` is what the
    file does not say and its framework's documented default settles, for the title; `refused` says why its numbers
    cannot be computed, and is empty where they can. `also` are the names of its bit-identical copies. `options` are the
    options that have to settle what neither the file nor a default does, as "--activation", and `because` says why
    where that is not plain.

    Where the file says what is computed around it, `behind` are the functions and dense layers that read its hidden
    states, in their order, or a text that says what is there instead; `table` is the tensor whose rows it reads, and
    `fed` what else feeds it. They are None and "" where the file says nothing. `starts` is what is assumed of its
    initial state, where none is given and the file mentions one.
    """

    name: str
    tensors: Mapping[str, Tensor]
    cell: str | None = None
    activations: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    assumed: str = ""
    refused: str = ""
    also: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    because: str = ""
    behind: tuple[Any, ...] | str | None = None
    table: str = ""
    fed: str = ""
    starts: str = ""


@dataclass(frozen=True)
class Contents:
    """Everything in a file: `kind` as a user would call it ("PyTorch state dict"), its recurrent networks in the
    file's order, and the `others`, every tensor that belongs to none of them, by its name in the file.

    `modules` are those that the file describes, by name, and `texts` the plain lists and maps of text in it, such as a
    vocabulary: a list of entries, or a dict between entries and whole numbers.
    """

    kind: str
    networks: tuple[Recurrent, ...]
    others: Mapping[str, Tensor] = field(default_factory=dict)
    modules: Mapping[str, Module] = field(default_factory=dict)
    texts: Mapping[str, Any] = field(default_factory=dict)
