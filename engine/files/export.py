"""Traces as files: an aligned table, JSON, CSV, or a NumPy archive. Names are those of `quantities`, layer first.

Everything is written block by block: neither a lazy trace nor its text need fit into memory.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from ..arrays import Floats
from ..errors import BadInput, WorkFailed
from ..models.dense import DenseReading
from ..models.outputs import Outputs
from ..models.words import Prediction, Vocabulary, cross_entropy
from ..text import cells, printable, visible
from ..trace import LayerTrace, Trace

FORMATS = ("table", "json", "csv", "npz")
TOP = 5

BLOCK = 2**18
"""Numbers that are written at once, or one row of them."""


@dataclass(frozen=True, eq=False)
class Part:
    """The part of a trace that is wanted: some of its `layers` (directions), `units` and `timestamps`, all from 0.

    None stands for all of them. A quantity that has none of the units is left out.
    """

    layers: tuple[LayerTrace, ...] | None = None
    units: Sequence[int] | None = None
    timestamps: Sequence[int] | None = None


WHOLE = Part()


def layers_named(trace: Trace, name: str, source: str = "layer") -> tuple[LayerTrace, ...]:
    """Return the directions that `name` means: "1" is every direction of layer 1, "l1_reverse" that one.

    Raises BadInput, which calls what was given `source`, where there is none.
    """
    found = tuple(layer for layer in trace.layers if name in (layer.name, layer.name[1:].removesuffix("_reverse")))
    if not found:
        names = [str(n) for n in range(len(trace.stack.layers))] + [layer.name for layer in trace.layers]
        raise BadInput(f"{source} {name}: unknown layer; choose from {', '.join(names)}")
    return found


def export(
    trace: Trace,
    prediction: Prediction | None,
    form: str,
    file: IO[bytes],
    part: Part = WHOLE,
    outputs: Outputs | None = None,
) -> None:
    """Write `part` of `trace` to `file` in one of FORMATS (UTF-8 for those that are text).

    An archive has each quantity as float32 (T, H). In text, timestamps count from 1, units from 0, and numbers have the
    fewest digits that give the same float32 again; the table shows four decimals. JSON has `tokens`, `quantities`
    (name -> T lists of H numbers), for word networks `predictions` (per t the TOP likeliest next words) and `loss` (per
    t, null where the next word is not known), and for a part of a trace which `steps` (from 1) and `units` it has. For
    numbers it has the names of their `columns` and the `labels` of timestamps, where they have some, and with a head
    over them `output_names`, `outputs` and `targets` (per t one for each name, in their unit) and `loss`, the squared
    error in the network's scale. For numbers, CSV and table have the labels in place of tokens. Tokens and labels stand
    in JSON and CSV as they are, in the table as a terminal may see them.

    Raises WorkFailed where JSON or CSV would have to hold a number that is not finite.
    """
    chosen = _Chosen(trace, part)
    if form == "npz":
        _archive(file, {name: chosen.whole(name) for name in chosen.names})
    elif form == "json":
        _json(file, chosen, prediction, outputs)
    elif form == "csv":
        _csv(file, chosen)
    else:
        _table(file, chosen)


class _Chosen:
    """A part of a trace, read in blocks of its rows."""

    def __init__(self, trace: Trace, part: Part) -> None:
        layers = trace.layers if part.layers is None else part.layers
        self.part, self.trace = part, trace
        self.arrays = {f"{layer.name}.{name}": array for layer in layers for name, array in layer.quantities.items()}
        most = max(array.shape[1] for array in self.arrays.values())
        self.units = range(most) if part.units is None else part.units
        self.names = tuple(name for name in self.arrays if self.units_of(name))
        self.timestamps = range(len(trace)) if part.timestamps is None else part.timestamps

    def units_of(self, name: str) -> list[int]:
        """The units of the quantity `name` that are chosen; layers may have fewer, and so may a projection."""
        return [unit for unit in self.units if unit < self.arrays[name].shape[1]]

    def token(self, t: int) -> str | None:
        """The word at timestamp `t`, or its label, where there are some."""
        named = self.trace.tokens or self.trace.labels
        return named[t] if named else None

    def blocks(self, names: Sequence[str]) -> Iterator[tuple[Sequence[int], Floats]]:
        """Yield timestamps and their rows of the quantities `names` side by side, (rows, len(names) * units)."""
        rows = max(BLOCK // (len(self.units) * len(names)), 1)
        for first in range(0, len(self.timestamps), rows):
            timestamps = self.timestamps[first : first + rows]
            yield timestamps, np.concatenate([self._rows(name, timestamps) for name in names], axis=1)

    def whole(self, name: str) -> Floats:
        """All rows of one quantity, (timestamps, units)."""
        return self._rows(name, self.timestamps)

    def _rows(self, name: str, timestamps: Sequence[int]) -> Floats:
        where = slice(timestamps.start, timestamps.stop) if isinstance(timestamps, range) else np.array(timestamps, int)
        columns = slice(None) if self.part.units is None else self.units_of(name)
        found: Floats = self.arrays[name][where][:, columns]
        return found


def export_reading(
    reading: DenseReading, vocabulary: Vocabulary, answer: str | None, form: str, file: IO[bytes]
) -> None:
    """Write what a dense network made of a sentence to `file` in one of FORMATS: one row, for it has no timestamps.

    The only quantity is `dense.hidden`, (H,). JSON has `tokens`, `quantities`, and one entry each of `predictions` and
    `loss`, for the sentence as a whole.
    """
    hidden, p = reading.hidden, reading.probabilities
    if form == "npz":
        _archive(file, {"dense.hidden": hidden})
    elif form == "json":
        known = answer is not None and answer in vocabulary
        file.write(_spelled({
            "tokens": list(reading.tokens),
            "quantities": {"dense.hidden": [_nine_digits(v) for v in hidden.tolist()]},
            "predictions": [_top(vocabulary.likeliest(p, TOP))],
            "loss": [cross_entropy(float(p[vocabulary.index(answer or "")])) if known else None],
        }) + b"\n")  # fmt: skip
    elif form == "csv":
        names = [f"dense.hidden[{unit}]" for unit in range(len(hidden))]
        file.write(_cells(names) + b"\n" + _text(hidden[None])[0] + b"\n")
    else:
        rows = "\n".join(f"{unit:>4} {value:>8.4f}" for unit, value in enumerate(hidden.tolist()))
        file.write(f"dense.hidden\nunit\n{rows}\n".encode())


def _archive(file: IO[bytes], arrays: Mapping[str, Floats]) -> None:
    np.savez(file, **arrays)  # type: ignore[arg-type]


def _text(block: Floats) -> list[bytes]:
    """The rows (N, C) of a block as comma-separated numbers, in the fewest digits that give the same float32."""
    import orjson  # its writing of numbers is thirty times as fast as Python's

    if not np.isfinite(block).all():
        raise WorkFailed("the trace has numbers that are not finite, which text cannot hold; export it as .npz")
    return orjson.dumps(np.ascontiguousarray(block), option=orjson.OPT_SERIALIZE_NUMPY)[2:-2].split(b"],[")


def _json(file: IO[bytes], chosen: _Chosen, prediction: Prediction | None, outputs: Outputs | None) -> None:
    tokens = [chosen.token(t) for t in chosen.timestamps] if chosen.trace.tokens else None
    file.write(b'{"tokens": ' + _spelled(tokens) + b', "quantities": {')
    for number, name in enumerate(chosen.names):
        file.write((b", " if number else b"") + _spelled(name) + b": [[")
        for place, (_, block) in enumerate(chosen.blocks([name])):
            file.write((b"], [" if place else b"") + b"], [".join(_text(block)))
        file.write(b"]]")
    file.write(b"}")
    if prediction is not None:
        tops = [_top(prediction.top(t, TOP)) for t in chosen.timestamps]
        file.write(b', "predictions": ' + _spelled(tops))
        file.write(b', "loss": ' + _spelled([prediction.loss(t) for t in chosen.timestamps]))
    if outputs is not None:
        _numbers(file, chosen, outputs)
    if chosen.trace.columns:
        file.write(b', "columns": ' + _spelled(list(chosen.trace.columns)))
    if chosen.trace.labels and not chosen.trace.tokens:
        file.write(b', "labels": ' + _spelled([chosen.trace.labels[t] for t in chosen.timestamps]))
    if chosen.part.timestamps is not None:
        file.write(b', "steps": ' + _spelled([t + 1 for t in chosen.timestamps]))
    if chosen.part.units is not None:
        file.write(b', "units": ' + _spelled(list(chosen.units)))
    file.write(b"}\n")


def _numbers(file: IO[bytes], chosen: _Chosen, outputs: Outputs) -> None:
    """The outputs of a head over numbers, the targets and the losses."""
    file.write(b', "output_names": ' + _spelled(list(outputs.names)))
    said = [outputs.values(t, t + 1)[0] for t in chosen.timestamps]
    file.write(b', "outputs": ' + _spelled([[_nine_digits(v) for v in row.tolist()] for row in said]))
    if outputs.targets is None:
        return
    wanted = [outputs.targets[t].tolist() for t in chosen.timestamps]
    file.write(b', "targets": ' + _spelled([[None if v != v else _nine_digits(v) for v in row] for row in wanted]))
    losses = [outputs.loss(t) for t in chosen.timestamps]
    file.write(b', "loss": ' + _spelled([None if loss is None else _nine_digits(loss) for loss in losses]))


def _spelled(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def _top(words: list[tuple[str, float]]) -> dict[str, Any]:
    return {"top": [[word, _nine_digits(p)] for word, p in words]}


def _nine_digits(value: float) -> float:
    """As few digits as float32 needs, so that reading them gives the same number again."""
    return float(f"{value:.9g}")


def _csv(file: IO[bytes], chosen: _Chosen) -> None:
    columns = [f"{name}[{unit}]" for name in chosen.names for unit in chosen.units_of(name)]
    named = ["token"] if chosen.trace.tokens else ["label"] if chosen.trace.labels else []
    file.write(_cells(["t", *named, *columns]) + b"\n")
    for timestamps, block in chosen.blocks(chosen.names):
        heads = [
            str(t + 1).encode() if (token := chosen.token(t)) is None else _cells([str(t + 1), token])
            for t in timestamps
        ]
        file.write(b"".join(head + b"," + row + b"\n" for head, row in zip(heads, _text(block), strict=True)))


def _cells(row: list[str]) -> bytes:
    """A row of CSV without its end."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="").writerow(row)
    return text.getvalue().encode()


def _table(file: IO[bytes], chosen: _Chosen) -> None:
    """A block for each quantity, a row a timestamp, a column a unit."""
    tokens = {t: printable(visible(name)) for t in chosen.timestamps if (name := chosen.token(t)) is not None}
    number, width = len(str(chosen.timestamps[-1] + 1)), max(map(cells, tokens.values()), default=0)
    for place, name in enumerate(chosen.names):
        units = chosen.units_of(name)
        wide = max(len(str(max(units, default=0))), *(_width(block) for _, block in chosen.blocks([name])))
        head = " ".join([" " * number, " " * width, *(str(unit).rjust(wide) for unit in units)])
        file.write(f"{chr(10) if place else ''}{name}\n{head.rstrip()}\n".encode())
        for timestamps, block in chosen.blocks([name]):
            form = " ".join([f"%{wide}.4f"] * block.shape[1])
            for t, row in zip(timestamps, block.tolist(), strict=True):
                token = tokens.get(t, "")
                line = f"{t + 1:>{number}} {token}{' ' * (width - cells(token))} {form % tuple(row)}"
                file.write(f"{line}\n".encode())


def _width(block: Floats) -> int:
    """Characters that the widest number of a block takes, with four decimals; -0 has a sign, and is no minimum."""
    ends = block.min(), block.max(), -0.0 if np.signbit(block).any() else 0.0
    return max(len(f"{end:.4f}") for end in ends)
