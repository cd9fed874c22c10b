"""A network of somebody's own on inputs of their own: from what they ask for to what runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import Floats, as_floats
from ..errors import BadInput
from ..run.forward import run
from ..trace import Trace
from ..weights import Stack, chained
from .choosing import chosen, outline
from .contents import Contents, Recurrent
from .door import contents
from .inputs import Sequences, embedding_in, read_given, read_sequences
from .stacks import stack_of
from .states import initial_state


@dataclass(frozen=True)
class Own:
    """What somebody asks for: files, and what these do not tell; the fields are named as the command line's options."""

    weights: Path
    input: Path
    network: str | None = None
    chain: str | None = None
    cell: str | None = None
    activation: str | None = None
    recurrent_activation: str | None = None
    initial_state: Path | None = None
    carry: bool = False
    layout: str | None = None
    sequence: int | None = None
    lengths: Path | None = None
    embedding: str | None = None


@dataclass(frozen=True, eq=False)
class Ready:
    """What runs: `stack` over `inputs` (T, I) from the states `initial`; `title` says which of them all this is.

    `sequences` are all that the input file holds, of which `sequence`, from 0, is the one; `source` is what errors
    about the inputs call them.
    """

    stack: Stack
    inputs: Floats
    initial: Mapping[str, Any] | None
    source: str
    title: str
    sequences: Sequences
    sequence: int
    found: Contents = field(repr=False)


def read_model(
    path: Path,
    network: str | None = None,
    chain: str | None = None,
    cell: str | None = None,
    activation: str | None = None,
    recurrent_activation: str | None = None,
) -> Stack:
    """Return the recurrent network in a file of any kind that is known, as a Stack.

    `network` is an unambiguous part of its name, `chain` several between commas, each upon the one before it. `cell`,
    `activation` and `recurrent_activation` (of the candidate and the output; of the gates) settle what the file does
    not tell. Raises BadInput for what cannot be read, chosen or computed, and WorkFailed for a package that is missing.
    """
    own = Own(path, path, network, chain, cell, activation, recurrent_activation)
    return _stack(chosen(contents(path), str(path), network, chain), own)


def prepare(own: Own) -> Ready:
    """Return what `own` asks for, ready to run. Raises BadInput, which names the file and what would be right."""
    source = str(own.weights)
    found = contents(own.weights)
    parts = chosen(found, source, own.network, own.chain)
    stack = _stack(parts, own)
    said = [part.name for part in parts if part.name and (len(found.networks) > 1)]
    title = [" > ".join(said)] if said else []
    embedding = None
    given = read_given(own.input)
    if own.embedding is not None or given.holds_ids(stack.I):
        name, tensor = embedding_in(found, stack.I, own.embedding, source)
        embedding = as_floats(tensor.read(), f"{source}: {name}")
        title.append(f"inputs from {name}")
    sequences = read_sequences(given, stack.I, own.layout, own.lengths, embedding)
    number = sequences.number(own.sequence)
    if own.sequence is not None or len(sequences.arrays) > 1:
        title.append(f"sequence {number + 1} of {len(sequences.arrays)}")
    first = 0 if own.carry else number
    start: Mapping[str, Any] | None = initial_state(own.initial_state, stack, first) if own.initial_state else None
    if own.carry:
        if len(sequences.arrays) == 1:
            raise BadInput(f"{own.input}: --carry hands the state on from one sequence to the next, and it holds one")
        start = carried(stack, sequences, number, start)
        title.append("state carried on")
    name_of_states = str(own.initial_state or own.input)
    return Ready(stack, sequences.arrays[number], start, name_of_states, ", ".join(title), sequences, number, found)


def carried(
    stack: Stack, sequences: Sequences, number: int, start: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """Return the states in which the sequences before `number`, one after the other from `start`, leave `stack`."""
    for inputs in sequences.arrays[:number]:
        start = last_states(run(stack, inputs, start, sequences.source))
    return start


def last_states(trace: Trace) -> dict[str, Floats]:
    """Return the states after the last timestamp of `trace` as `run` takes them: h0 and c0, (layers x directions, H).

    A reverse direction ends at the first timestamp. Where widths differ each direction has its own, h0_l0 (H,).
    """
    ends: dict[str, Floats] = {}
    for layer in trace.layers:
        for state in layer.weights.cell.states:
            own = {"hidden": "h0", "cell": "c0"}[state]
            ends[f"{own}_{layer.name}"] = np.array(layer[state][0 if layer.weights.reverse else -1])
    if not trace.stack.even:
        return ends
    return {
        own: np.stack([array for name, array in ends.items() if name.startswith(own)])
        for own in ("h0", "c0")
        if any(name.startswith(own) for name in ends)
    }


def _stack(parts: tuple[Recurrent, ...], own: Own) -> Stack:
    stacks = [_one(part, own) for part in parts]
    return stacks[0] if len(stacks) == 1 else chained(stacks, str(own.weights))


def _one(part: Recurrent, own: Own) -> Stack:
    missing = [option for option in part.asks if getattr(own, option.lstrip("-").replace("-", "_")) is None]
    if missing:
        raise BadInput(
            f"{own.weights}: does not tell everything of {part.name or 'its network'}: give {', '.join(missing)}"
        )
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
    return replace(stack, assumptions=assumed)
