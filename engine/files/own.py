"""A network of somebody's own on inputs of their own: from what they ask for to what runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import dropwhile
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
from .inputs import Sequences, read_given, read_sequences
from .language import Asked, Language, language_of
from .stacks import stack_of
from .states import initial_state


@dataclass(frozen=True)
class Own:
    """What somebody asks for: files, and what these do not tell; the fields are named as the command line's options."""

    weights: Path
    input: Path | None = None
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
    text: str | None = None
    vocabulary: Path | None = None
    labels: Path | None = None
    readout: str | None = None
    tokens: str | None = None
    fold_case: bool = False
    unknown: str | None = None

    @property
    def of_words(self) -> Asked:
        """What is said of the words."""
        return Asked(
            self.vocabulary, self.labels, self.tokens, self.fold_case, self.unknown, self.embedding, self.readout
        )

    @property
    def speaks(self) -> bool:
        """Whether anything is said that only goes with words."""
        return self.of_words != Asked(embedding=self.embedding)


@dataclass(frozen=True, eq=False)
class Ready:
    """What runs: `stack` over `inputs` (T, I) from the states `initial`; `title` says which of them all this is.

    `sequences` are all that the input file holds, of which `sequence`, from 0, is the one; `source` is what errors
    about the inputs call them. A network that reads words has a `language`, and `words` are those of this sequence.
    `notes` are what a user has to be told.
    """

    stack: Stack
    inputs: Floats
    initial: Mapping[str, Any] | None
    source: str
    title: str
    sequences: Sequences
    sequence: int
    found: Contents = field(repr=False)
    language: Language | None = None
    words: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()


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
    language = words = None
    if own.text is not None or own.speaks:
        language = language_of(found, parts[0], parts[-1], stack, own.of_words, source, own.text)
    if own.text is not None:
        assert language is not None
        return _of_text(own, stack, title, found, language)
    if own.input is None:
        raise BadInput(f"{source}: --input FILE or --text says what the network in it reads")
    given = read_given(own.input)
    if language is None and (own.embedding is not None or given.holds_ids(stack.I)):
        language = language_of(found, parts[0], parts[-1], stack, own.of_words, source)
    embedding = None
    if language is not None:
        embedding = language.reader.embedding
        title += language.title
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
    notes = sequences.notes
    if language is not None and sequences.ids is not None:
        entries = language.reader.vocabulary.words
        words = tuple(entries[row] for row in sequences.ids[number].tolist())
        language = replace(language, reader=replace(language.reader, initial=start))
        notes = (*notes, *language.notes, *_padded(words, language, own))
    return Ready(stack, sequences.arrays[number], start, name_of_states, ", ".join(title), sequences, number, found,
                 language, words, notes)  # fmt: skip


def _of_text(own: Own, stack: Stack, title: list[str], found: Contents, language: Language) -> Ready:
    """What runs over a text."""
    for option, value in (("--input", own.input), ("--layout", own.layout), ("--sequence", own.sequence),
                          ("--lengths", own.lengths), ("--carry", own.carry or None)):  # fmt: skip
        if value is not None:
            raise BadInput(f"{option} does not go with --text, which is one sequence")
    start = initial_state(own.initial_state, stack) if own.initial_state else None
    reader = replace(language.reader, initial=start)
    words = tuple(reader.vocabulary.split(own.text or ""))
    inputs = as_floats(reader.embedding[[reader.vocabulary.index(word) for word in words]], "text")
    sequences = Sequences("text", (inputs,))
    notes = (*language.notes, *_unopened(words, language))
    source = str(own.initial_state or "text")
    return Ready(stack, inputs, start, source, ", ".join([*title, *language.title]), sequences, 0, found,
                 replace(language, reader=reader), words, notes)  # fmt: skip


def _unopened(words: tuple[str, ...], language: Language) -> tuple[str, ...]:
    """What is to be said where a vocabulary has a token for the start, and a text does not begin with it."""
    start = getattr(language.reader.vocabulary, "start", None)
    if start is None or words[0] == start:
        return ()
    return (f"the vocabulary has {start} for the start, and the text does not begin with it; if it did in training, "
            "write it there",)  # fmt: skip


def _padded(words: tuple[str, ...], language: Language, own: Own) -> tuple[str, ...]:
    """What is to be said of padding at the end of a sequence."""
    padding = getattr(language.reader.vocabulary, "padding", None)
    count = len(words) - len([*dropwhile(lambda word: word == padding, reversed(words))])
    if padding is None or not count or own.lengths is not None:
        return ()
    return (f"the last {count} of {len(words)} timestamps are {padding}; --lengths FILE says how many count",)


def carried(
    stack: Stack, sequences: Sequences, number: int, start: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """Return the states in which the sequences before `number`, one after the other from `start`, leave `stack`."""
    for inputs in sequences.arrays[:number]:
        start = last_states(run(stack, inputs, start, sequences.source))
    return start


def last_states(trace: Trace) -> dict[str, Floats]:
    """Return the states after the last step of `trace` as `run` takes them: h0 and c0, (layers x directions, H).

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
