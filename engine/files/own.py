"""A user's network on the user's inputs: from what is asked for to what runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import dropwhile
from pathlib import Path
from typing import Any

from ..arrays import Floats, as_floats
from ..errors import BadInput
from ..models.own_vocabulary import OwnVocabulary
from ..models.words import WordReader
from ..run.forward import run
from ..weights import Stack
from .choosing import chosen
from .contents import Contents, Recurrent
from .door import contents
from .inputs import Given, Sequences, read_given, read_sequences
from .language import Asked, Language, language_of
from .numbered import Around, Numbered, numbered
from .rows import Progress
from .stacks import stack_as
from .states import initial_state, last_states, shaped
from .vocabularies import Entries


@dataclass(frozen=True)
class Own:
    """What the user asks for: files, and what these do not say; the fields have the names of the options."""

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
    vocabulary: Path | Entries | None = None
    labels: Path | Entries | None = None
    readout: str | None = None
    tokens: str | None = None
    fold_case: bool = False
    unknown: str | None = None
    target: str | None = None
    scaler: Path | None = None

    @property
    def of_words(self) -> Asked:
        """The options about words."""
        return Asked(
            self.vocabulary, self.labels, self.tokens, self.fold_case, self.unknown, self.embedding, self.readout
        )

    @property
    def speaks(self) -> bool:
        """Whether any option is given that only goes with words."""
        return self.of_words != Asked(embedding=self.embedding, readout=self.readout)

    @property
    def of_numbers(self) -> Around:
        """The options about a network over numbers."""
        return Around(self.layout, self.lengths, self.readout, self.target, self.scaler)


@dataclass(frozen=True, eq=False)
class Ready:
    """What runs: `stack` over number `sequence`, from 0, of the `sequences` that the input file holds.

    `network` says which of the networks in the file it is and where its inputs come from, "" where there is one alone.
    `found` is all that the file of weights holds, and `name` the network's name in it, "" for a chain. A network that
    reads words has a `language`; `spoken` are the tokens of a text that it reads in place of a sequence from a file.
    What belongs to a network over numbers is in `numbers`. `states` are initial states that come from no file.
    """

    own: Own
    stack: Stack
    sequences: Sequences
    sequence: int
    network: str
    found: Contents = field(repr=False)
    language: Language | None = None
    spoken: tuple[str, ...] | None = None
    name: str = ""
    states: Mapping[str, Any] | None = None
    numbers: Numbered = field(default_factory=Numbered)
    _starts: dict[int, Mapping[str, Any] | None] = field(default_factory=dict, repr=False)

    @property
    def inputs(self) -> Floats:
        """The inputs of the sequence, (T, I)."""
        return self.sequences.arrays[self.sequence]

    @property
    def source(self) -> str:
        """What errors about the states and inputs call these."""
        return str(self.own.initial_state or self.own.input or "text")

    @property
    def place(self) -> str:
        """Which sequence of a batch it is and whether the state is handed on to it; "" where there is one alone."""
        count = len(self.sequences.arrays)
        said = [f"sequence {self.sequence + 1} of {count}"] if count > 1 else []
        return ", ".join([*said, *(["state carried on"] if self.own.carry else [])])

    @property
    def title(self) -> str:
        """Which of all networks and sequences it is."""
        return ", ".join(part for part in (self.network, self.place) if part)

    @property
    def initial(self) -> Mapping[str, Any] | None:
        """The initial states: those that are given, or those in which the sequences before leave the network."""
        if self.spoken is not None and self._starts:
            return self._starts[0]
        if not self.own.carry:
            return self._given(self.sequence)
        for _ in self.reach():
            pass
        return self._starts[self.sequence]

    @property
    def missing(self) -> int:
        """How many timestamps have to be run before the initial states are known."""
        return sum(len(self.sequences.arrays[number]) for number in self._before)

    @property
    def _before(self) -> range:
        """The sequences before this one whose last states are handed on to it and not known yet."""
        if not self.own.carry or self.spoken is not None:
            return range(0)
        return range(max((n for n in list(self._starts) if n <= self.sequence), default=0), self.sequence)

    def reach(self) -> Iterator[None]:
        """Find the initial states; yields after each sequence that has to be run, and keeps what is found."""
        if not self._starts:
            self._starts[0] = self._given(0)
        for number in self._before:
            trace = run(self.stack, self.sequences.arrays[number], self._starts[number], self.source)
            self._starts[number + 1] = last_states(trace)
            yield

    @property
    def reader(self) -> WordReader | None:
        """The network that reads the words of this sequence, from its initial states; None for numbers."""
        return (
            None if self.words is None or self.language is None else replace(self.language.reader, initial=self.initial)
        )

    @property
    def words(self) -> tuple[str, ...] | None:
        """The words of this sequence; None where it is of numbers."""
        if self.spoken is not None or self.language is None or self.sequences.ids is None:
            return self.spoken
        entries = self.language.reader.vocabulary.words
        return tuple(entries[row] for row in self.sequences.ids[self.sequence].tolist())

    @property
    def sentences(self) -> list[Sequence[str]]:
        """The words of every sequence that starts as this one does: this one alone where each has its own state."""
        if self.words is None or self.own.carry or self.own.initial_state is not None:
            return [] if self.words is None else [self.words]
        return [self.at(number).words or () for number in range(len(self.sequences.arrays))]

    @property
    def others(self) -> list[Sequence[str]]:
        """The `sentences` other than this one."""
        alike = self.sentences
        return [] if len(alike) < 2 else [words for number, words in enumerate(alike) if number != self.sequence]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user has to know of how the files were read."""
        if self.language is None:
            return (*self.sequences.notes, *self.numbers.notes)
        return (*self.sequences.notes, *self.language.notes, *self._about_words(self.words or ()))

    def _about_words(self, words: tuple[str, ...]) -> Iterator[str]:
        vocabulary = self.language.reader.vocabulary if self.language else None
        if not isinstance(vocabulary, OwnVocabulary) or not words:
            return
        start, padding = vocabulary.start, vocabulary.padding
        if self.spoken is not None and start is not None and words[0] != start:
            yield (f"the vocabulary has {start} for the start, and the text does not begin with it; if it did in "
                   "training, write it there")  # fmt: skip
        padded = len(words) - len([*dropwhile(lambda word: word == padding, reversed(words))])
        if padded and self.own.lengths is None:
            yield f"the last {padded} of {len(words)} timestamps are {padding}; --lengths FILE says how many count"

    def saying(self, text: str | Sequence[str]) -> "Ready":
        """Return the same network on another text, or its tokens, from the same states.

        Raises BadInput where the text has no tokens, or one that the vocabulary does not have.
        """
        assert self.language is not None
        words = tuple(self.language.reader.vocabulary.tokens(text))
        inputs = as_floats(self.language.reader.inputs(words), "text")
        return replace(
            self, sequences=Sequences("text", (inputs,)), sequence=0, spoken=words, _starts={0: self.initial}
        )

    def at(self, sequence: int) -> "Ready":
        """Return the same network on sequence number `sequence`, from 0, or on the nearest that there is."""
        return replace(self, sequence=min(max(sequence, 0), len(self.sequences.arrays) - 1))

    def _given(self, sequence: int) -> Mapping[str, Any] | None:
        if self.states is not None:
            return shaped(self.states, self.stack, sequence, "initial")
        path = self.own.initial_state
        return initial_state(path, self.stack, sequence) if path else None


def read_model(
    path: Path,
    network: str | None = None,
    chain: str | None = None,
    cell: str | None = None,
    activation: str | None = None,
    recurrent_activation: str | None = None,
) -> Stack:
    """Return the recurrent network in a file of weights of any known format, as a Stack.

    `network` is an unambiguous part of its name; `chain` names several, comma-separated, each on top of the one before.
    `cell`, `activation` (of the candidate and the output) and `recurrent_activation` (of the gates) settle what the
    file does not say. Raises BadInput for what cannot be read, chosen or computed, and WorkFailed for a package that is
    missing.
    """
    own = Own(path, path, network, chain, cell, activation, recurrent_activation)
    return stack_as(chosen(contents(path), str(path), network, chain), own)


def prepare(own: Own, progress: Progress | None = None) -> Ready:
    """Return what `own` asks for; `progress` receives the share of a table that is read.

    Raises BadInput for what cannot be read, chosen or computed, and WorkFailed for a package that is missing.
    """
    return prepared(own, contents(own.weights), progress=progress)


def prepared(
    own: Own,
    found: Contents,
    given: Given | None = None,
    states: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Ready:
    """Return what `own` asks for of `found`, the contents of its weights.

    `given` and `states` are inputs and initial states in memory, in place of the files that `own` names. Raises as
    `prepare` does.
    """
    source = str(own.weights)
    parts = chosen(found, source, own.network, own.chain)
    stack = stack_as(parts, own, begins=states is not None or own.initial_state is not None)
    said = [part.name for part in parts if part.name and (len(found.networks) > 1)]
    title = [" > ".join(said)] if said else []
    language = None
    if own.text is not None:
        _check_text(own)
    if own.text is not None or own.speaks:
        language = language_of(found, parts[0], parts[-1], stack, own.of_words, source, own.text)
    if own.text is not None:
        assert language is not None
        return replace(_of_text(own, stack, title, found, language), name=_name(parts), states=states)
    if own.input is None:
        raise BadInput(f"{source}: --input FILE or --text says what the network in it reads")
    given = given or read_given(own.input, progress)
    if language is None and (own.embedding is not None or given.holds_ids(stack.I)):
        language = language_of(found, parts[0], parts[-1], stack, own.of_words, source)
    numbers = Numbered()
    if language is None:
        sequences, numbers = numbered(found, parts[-1], stack.I, stack.D, given, own.of_numbers, source)
        title += [f"readout {numbers.file}"] if numbers.file else []
    else:
        for option, value in (("--target", own.target), ("--scaler", own.scaler)):
            if value is not None:
                raise BadInput(f"{option} {value}: goes with inputs that are numbers; these are words")
        sequences = read_sequences(given, stack.I, own.layout, own.lengths, language.reader.embedding)
        title += language.title
    if own.carry and len(sequences.arrays) == 1:
        raise BadInput(f"{own.input}: --carry hands the state on from one sequence to the next, and the file holds one")
    number, name = sequences.number(own.sequence), _name(parts)
    return Ready(own, stack, sequences, number, ", ".join(title), found, language, name=name, states=states,
                 numbers=numbers)  # fmt: skip


def _check_text(own: Own) -> None:
    """Raise BadInput for what goes with sequences from a file."""
    given = {"--input": own.input, "--layout": own.layout, "--sequence": own.sequence, "--lengths": own.lengths,
             "--carry": own.carry or None, "--target": own.target, "--scaler": own.scaler}  # fmt: skip
    for option, value in given.items():
        if value is not None:
            raise BadInput(f"{option} does not go with --text, which is one sequence of words")


def _of_text(own: Own, stack: Stack, title: list[str], found: Contents, language: Language) -> Ready:
    """What runs over a text."""
    words = tuple(language.reader.vocabulary.split(own.text or ""))
    inputs = as_floats(language.reader.inputs(words), "text")
    title = [*title, *language.title]
    return Ready(own, stack, Sequences("text", (inputs,)), 0, ", ".join(title), found, language, words)


def _name(parts: tuple[Recurrent, ...]) -> str:
    return parts[0].name if len(parts) == 1 else ""
