"""Edits applied to a run: the same network, over the same sequence or another, with something changed by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, TypeVar

import numpy as np

from ..arrays import Floats, as_floats
from ..errors import BadInput
from ..hook import Hook
from ..models.words import WordReader
from ..ranges import timestamps as timestamps_of
from ..ranges import units as units_of
from ..run.forward import INITIAL, run
from ..run.lazily import run_lazily
from ..run.lazy import LazyLayer
from ..text import counted
from ..trace import Trace
from ..weights import CellWeights
from .edits import INPUT, ON_SEQUENCE, ON_STATES, Edit, Source, parse_edit
from .plan import Change, Plan

Sequences = Callable[[int], Trace]
"""(number of a sequence, from 1) -> its run, which may be a lazy one; raises BadInput where there is none."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What edits may refer to besides the run.

    These are the `network` that reads words, the `sequences` of the same file, and the names of the `columns` where the
    run does not have them.
    """

    network: WordReader | None = None
    sequences: Sequences | None = None
    columns: Sequence[str] = ()


NOTHING_ELSE = Surroundings()
Told = TypeVar("Told")


def edited(trace: Trace, edits: Sequence[Edit | str], around: Surroundings = NOTHING_ELSE) -> Trace:
    """Return the run of `trace` with `edits`, in their order, after those that it has already.

    Timestamps count in the sequence as the edits before have left it. The result carries its edits, and as its
    `original` the run without any: both are stepped by NumPy, so that what differs is the edits. Raises WrongEdit
    (a BadInput that ends in `at column N`) for what is not an edit, or not one of this run.
    """
    draft = Draft.of(trace, around)
    for edit in edits:
        draft.apply(parse_edit(edit) if isinstance(edit, str) else edit)
    return draft.run()


@dataclass
class Draft:
    """A sequence with its edits, before it is run. `original` is the run without them; `x` is (T, I).

    A token is None where it is still to be predicted. `rows` are the timestamps of the original that are left, for
    numbers.
    """

    original: Trace
    around: Surroundings
    x: Floats
    tokens: list[str | None] | None
    plan: Plan
    rows: list[int] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    _sources: dict[str | int | None, Trace] = field(default_factory=dict)

    @classmethod
    def of(cls, trace: Trace, around: Surroundings, at: int | None = None, room: int = 0) -> "Draft":
        """Return the draft of the run of `trace`, with the edits that it has.

        It ends after timestamp `at`, from 0, or at the end, and has room for `room` words to come.
        """
        original = trace.original if trace.original is not None else stepped(trace, trace.inputs)
        if at is not None:
            cut = stepped(original, original.inputs[: at + 1])
            original = replace(cut, tokens=(original.tokens or ())[: at + 1], known=(original.known or ())[: at + 1])
        x = np.concatenate([original.inputs, np.zeros((room, original.stack.I), np.float32)])
        tokens = [*original.tokens, *(None for _ in range(room))] if original.tokens is not None else None
        draft = cls(original, around, x, tokens, Plan(len(x)), list(range(len(original))))
        for edit in trace.edits:
            draft.apply(edit)
        return draft

    def run(self) -> Trace:
        """Return the run with the edits."""
        original, x = self.original, self.plan.inputs(self.x)
        trace = stepped(original, as_floats(x, "the edited input"), self.plan)
        if self.tokens is not None:
            tokens = tuple(token for token in self.tokens if token is not None)
            known = self.around.network.vocabulary.knows(tokens) if self.around.network else original.known
            trace = replace(trace, tokens=tokens, known=known)
        if original.tokens is None and len(self.rows) < len(original):
            labels = tuple(original.labels[row] for row in self.rows) if original.labels else ()
            trace = replace(trace, rows=tuple(self.rows), labels=labels)
        return replace(trace, edits=tuple(self.edits), original=original)

    def apply(self, edit: Edit) -> None:
        """Add one more edit. Raises WrongEdit where the run does not have what it names."""
        if edit.action in ON_SEQUENCE:
            self._on_sequence(edit)
        elif edit.action in ON_STATES:
            if edit.layer is not None:
                self._weights(edit)
            self.plan.found.append((edit, edit.layer, self._index(edit)))
        elif edit.quantity == INPUT:
            self._change("", edit, self._columns(edit))
        else:
            weights = self._weights(edit)
            if edit.quantity not in weights.cell.quantities:
                names = ", ".join(weights.cell.quantities)
                edit.refuse(f"{weights.cell.title} has no {edit.quantity}; choose from {names}")
            H = weights.width(edit.quantity)
            self._change(weights.name, edit, self._asked(edit, "units", lambda text: units_of(text, H), range(H)))
        self.edits.append(edit)

    def _change(self, layer: str, edit: Edit, units: Sequence[int]) -> None:
        chosen, index = np.asarray(units, np.intp), self._index(edit)
        rows = None
        if isinstance(edit.value, Source):
            rows = self._rows(layer, edit, edit.value, np.flatnonzero(index >= 0), chosen)
            index[index >= 0] = np.arange(len(rows))
        self.plan.add(layer, edit.quantity, Change(edit, chosen, index, rows))

    def _rows(self, layer: str, edit: Edit, source: Source, places: np.ndarray, units: np.ndarray) -> Floats:
        """The values (len(places), len(units)) of a patch."""
        trace = self._source(edit, source)
        if source.timestamps is None:
            if places[-1] >= len(trace):
                edit.refuse(f"the other sequence has {counted(len(trace))}; say which with from(...)@7", "value")
            there: Any = places
        else:
            there = np.asarray(
                _parsed(edit, "source", lambda text: timestamps_of(text, len(trace), "from"), source.timestamps)
            )
        if len(there) != len(places):
            edit.refuse(f"{counted(len(places))} to set, and {len(there)} to take from; these must match", "source")
        values = trace.inputs if layer == "" else trace.layer(layer)[edit.quantity]
        return np.asarray(np.asarray(values[there])[:, units], np.float32)

    def _source(self, edit: Edit, source: Source) -> Trace:
        """The run that a patch takes its values from, computed as the edited one is."""
        if source.what is None:
            return self.original
        if source.what not in self._sources:
            network, sequences = self.around.network, self.around.sequences
            if isinstance(source.what, str):
                if network is None:
                    edit.refuse("this network reads numbers; a patch takes from(2), a sequence, or from()", "value")
                tokens = network.vocabulary.split(source.what)
                self._check_words(edit, network, tokens)
                rows = [network.vocabulary.index(token) for token in tokens]
                self._sources[source.what] = stepped(self.original, network.embedding[rows])
            else:
                if sequences is None:
                    edit.refuse('there is one sequence; a patch takes from("a sentence"), or from()', "value")
                other = _parsed(edit, "value", lambda text: sequences(int(text)), str(source.what))
                self._sources[source.what] = stepped(other, other.inputs)
        return self._sources[source.what]

    def _on_sequence(self, edit: Edit) -> None:
        """Replace, insert or delete what the network reads."""
        T = self.plan.T
        if edit.action == "delete":
            ts = np.flatnonzero(self._index(edit) >= 0)
            if len(ts) == T:
                edit.refuse("nothing would be left to read; leave at least one timestamp", "timestamps")
            self.plan.deleted(ts)
            self.x, gone = np.delete(self.x, ts, axis=0), {*ts.tolist()}
            self.tokens = None if self.tokens is None else [w for t, w in enumerate(self.tokens) if t not in gone]
            self.rows = [row for t, row in enumerate(self.rows) if t not in gone]
            return
        network = self.around.network
        if self.tokens is None:
            edit.refuse("this network reads numbers, not words; change an input with x[0]=1@5")
        if network is None:
            edit.refuse("words are read by a network; name it, as in Surroundings(network)")
        words = network.vocabulary.split(str(edit.value))
        self._check_words(edit, network, words)
        rows = network.embedding[[network.vocabulary.index(word) for word in words]]
        if edit.action == "insert":
            (t,) = self._one(edit, T + 1)
            self.plan.inserted(t, len(words))
            self.x = np.insert(self.x, t, rows, axis=0)
            self.tokens[t:t] = words
            return
        (t,) = self._one(edit, T)
        if len(words) != 1:
            edit.refuse(f"{len(words)} words cannot stand at one timestamp; insert takes more than one", "value")
        self.x = np.array(self.x)
        self.x[t] = rows[0]
        self.tokens[t] = words[0]

    def _check_words(self, edit: Edit, network: WordReader, words: Sequence[str]) -> None:
        for word in words:
            if word not in network.vocabulary:
                all_words = network.vocabulary.entries
                near = get_close_matches(word, all_words, 3, 0.6) or list(all_words[:8])
                some = f"{len(all_words)} words that it knows, such as {', '.join(near)}"
                edit.refuse(f"{word[:40]} is not among the {some}", "value")

    def _one(self, edit: Edit, T: int) -> Sequence[int]:
        ts = _parsed(edit, "timestamps", lambda text: timestamps_of(text, T, edit.action), edit.timestamps or "")
        if len(ts) != 1:
            edit.refuse(f"{edit.action} is at one timestamp, not at {len(ts)}", "timestamps")
        return ts

    def _index(self, edit: Edit) -> np.ndarray:
        T, index = self.plan.T, np.full(self.plan.T, -1, np.int32)
        index[np.asarray(self._asked(edit, "timestamps", lambda text: timestamps_of(text, T), range(T)))] = 0
        return index

    def _asked(
        self, edit: Edit, part: str, take: Callable[[str], Sequence[int]], everything: Sequence[int]
    ) -> Sequence[int]:
        text = edit.units if part == "units" else edit.timestamps
        return everything if text is None else _parsed(edit, part, take, text)

    def _columns(self, edit: Edit) -> Sequence[int]:
        names, text = list(self.around.columns or self.original.columns), edit.units
        if text is not None and text.startswith('"'):
            if text[1:-1] not in names:
                known = f"choose from {', '.join(names)}" if names else "no column has a name"
                edit.refuse(f"there is no column {text}; {known}", "units")
            return [names.index(text[1:-1])]
        I = self.x.shape[1]  # noqa: E741
        return self._asked(edit, "units", lambda text: units_of(text, I, "x"), range(I))

    def _weights(self, edit: Edit) -> CellWeights:
        flat = self.original.stack.flat
        names = ", ".join(w.name for w in flat)
        if edit.layer is None:
            if len(flat) > 1:
                edit.refuse(f"this network has several layers; say which of {names}, as in l0.{edit.quantity}")
            return flat[0]
        for weights in flat:
            if weights.name == edit.layer:
                return weights
        edit.refuse(f"there is no layer {edit.layer}; choose from {names}", "layer")


def _parsed(edit: Edit, part: str, take: Callable[[str], Told], text: str) -> Told:
    """What `take` makes of `text`; what it refuses is refused with its column."""
    try:
        return take(text)
    except BadInput as error:
        edit.refuse(str(error), part)


def initial_of(trace: Trace) -> dict[str, Floats]:
    """Return the states before the first timestamp of `trace` as `run` takes them: h0_l0 (H,) and so on."""
    return {f"{INITIAL[state]}_{layer.name}": array for layer in trace.layers for state, array in layer.initial.items()}


def stepped(trace: Trace, x: Floats, hook: Hook | None = None) -> Trace:
    """Return the run of the same network over `x` (T, I) from the same states, stepped by NumPy; lazy if `trace` is.

    A hook may change quantities. Tokens, vocabulary, readout, columns and labels are those of `trace`.
    """
    lazy = any(isinstance(layer, LazyLayer) for layer in trace.layers)
    runner = run_lazily if lazy else run
    made = runner(trace.stack, x, initial_of(trace), "input", hook or Hook())
    return replace(
        made, tokens=trace.tokens, known=trace.known, vocabulary=trace.vocabulary, readout=trace.readout,
        columns=trace.columns, labels=trace.labels,
    )  # fmt: skip
