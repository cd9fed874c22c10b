"""The rest of a network over numbers: its head, the targets, and how both ends were scaled."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import BadInput
from ..models.outputs import Outputs
from ..models.scaling import Scaling
from ..trace import Readout, Trace
from .contents import Contents, Recurrent
from .ends import readout_in
from .inputs import Given, Sequences, read_sequences
from .scalers import Scalers, read_scalers
from .targets import Columns, Targets, columns_in, read_targets, scaling_of_inputs, scaling_of_targets, targets_of


@dataclass(frozen=True)
class Around:
    """What the user says about a network over numbers; the fields have the names of the command line's options."""

    layout: str | None = None
    lengths: Path | None = None
    readout: str | None = None
    target: str | None = None
    scaler: Path | None = None


@dataclass(frozen=True, eq=False)
class Numbered:
    """What belongs to a network over numbers: a `head`, called `file` in its file, the `targets`, and the scaling.

    `names` are those of the outputs; `inputs` is the scaling that the inputs have been through here, and `outputs` that
    of what the network gives. Each is None or empty where there is none. `notes` are what a user has to know.
    """

    head: Readout | None = None
    file: str = ""
    names: tuple[str, ...] = ()
    targets: Targets | None = None
    inputs: Scaling | None = None
    outputs: Scaling | None = None
    notes: tuple[str, ...] = ()

    def outputs_of(self, trace: Trace, sequence: int) -> Outputs | None:
        """Return the outputs of the run `trace` of sequence number `sequence`, from 0; None without a head."""
        if self.head is None:
            return None
        targets = None if self.targets is None else self.targets.arrays[sequence]
        aligned = "" if self.targets is None else self.targets.aligned
        return Outputs(trace, self.head, self.file, self.names, targets, aligned, self.outputs)


def numbered(
    contents: Contents, network: Recurrent, width: int, D: int, table: Given, around: Around, source: str
) -> tuple[Sequences, Numbered]:
    """Return the sequences of `table` for `network`, and what belongs to it.

    The network takes `width` inputs and shows D units; `source` is the file of its weights. Raises BadInput, which
    begins with the name of a file, for what does not fit.
    """
    columns = None if around.target is None else columns_in(table, around.target, width)
    given = table if columns is None else columns.given
    scalers = None if around.scaler is None else read_scalers(around.scaler)
    inputs = None if scalers is None or given.array.shape[-1] != width else scaling_of_inputs(
        scalers, given, table, columns)  # fmt: skip
    if inputs is not None:
        given = replace(given, array=inputs.scaled(given.array).astype(np.float32))
    sequences = read_sequences(given, width, around.layout, around.lengths)
    found = readout_in(contents, network, D, None, around.readout, source)
    if found.readout is None:
        return sequences, _silent(contents, around, scalers, inputs, found.note, source)
    count = len(found.readout.bias)
    targets = _targets(columns, sequences, around, count, found.name, source)
    names = targets.names if targets else ("y",) if count == 1 else tuple(f"y{n}" for n in range(count))
    outputs = None if scalers is None else scaling_of_targets(scalers, count, targets, table)
    if scalers is not None and inputs is None and outputs is None:
        refuse(scalers, width, count)
    notes = (f"{source}: {found.note}",) if found.note else ()
    return sequences, Numbered(found.readout, found.name, names, targets, inputs, outputs, notes)


def _silent(
    contents: Contents, around: Around, scalers: Scalers | None, inputs: Scaling | None, note: str, source: str
) -> Numbered:
    """What belongs to a network of which no head is found."""
    if around.target is not None:
        why = f" ({_of_numbers(note)})" if note else ""
        raise BadInput(f"{source}: --target needs a readout behind the network, and there is none{why}")
    if scalers is not None and inputs is None:
        raise BadInput(f"{scalers.source}: fits neither the inputs nor, without a readout in {source}, an output")
    return Numbered(inputs=inputs, notes=(f"{source}: {_of_numbers(note)}",) if note and contents.others else ())


def _of_numbers(note: str) -> str:
    """The note on a missing readout, reworded for a network over numbers."""
    return note.replace("no prediction is shown", "no output is shown").replace("(V, ", "(outputs, ")


def _targets(
    columns: Columns | None, sequences: Sequences, around: Around, count: int, file: str, source: str
) -> Targets | None:
    if around.target is None:
        return None
    if columns is None:
        return read_targets(Path(around.target), sequences, around.layout, count)
    if len(columns.names) != count:
        raise BadInput(f"{source}: {file} gives {count} number{'s' * (count > 1)}, and --target names "
                       f"{len(columns.names)}; name as many columns, with commas between")  # fmt: skip
    return targets_of(columns)


def refuse(scalers: Scalers, width: int, count: int) -> None:
    """Raise BadInput about scalers that fit neither the `width` inputs nor the `count` outputs."""
    size = len(scalers.both) if scalers.both is not None else 0
    raise BadInput(f"{scalers.source}: has {size} columns, which fit neither the {width} inputs nor the {count} "
                   f"output{'s' * (count > 1)}; call its numbers inputs.mean_ or target.mean_")  # fmt: skip
