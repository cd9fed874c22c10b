"""Where what is looked at comes from: an object that says what can be done with it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ...engine import BadInput, Floats, Network, Stack, Trace, WordNetwork, WordReader, run_lazily
from ...scenarios import Scenario

if TYPE_CHECKING:
    from ...engine.files.own import Own, Ready

Runner = Callable[[Stack, Floats, Mapping[str, Any] | None, str], Trace]
"""Runs a stack over inputs (T, I) from initial states; the text names the inputs in errors."""

MOST_BESIDE = 8
"""Networks in one file that are tried for whether they read the same words."""

EVERYTHING = frozenset({"compare", "models", "sentence", "charts", "gradients", "learn", "gates", "unit page"})
"""What can be done with a subject beside stepping through it, by the names that actions need."""


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a subject comes from, what its kind `offers`, and `why_not` the rest, in the footer's words."""

    offers: ClassVar[frozenset[str]] = frozenset()
    why_not: ClassVar[str] = ""

    @property
    def has_lesson(self) -> bool:
        """Whether there is a lesson to go back to, on another sentence or network."""
        return False

    @property
    def place(self) -> str:
        """Which sequence of several this is, for the heading; "" where there is no other."""
        return ""

    def cannot(self, need: str) -> str:
        """Return why `need` cannot be met here, or "" where it can."""
        if need == "sequences":
            return "this is not a batch of sequences; --input FILE takes one"
        return self.why_not if need in EVERYTHING and need not in self.offers else ""


@dataclass(frozen=True, eq=False)
class FromScenario(Origin):
    """A sentence of a scenario in its network `model`: the one in the file `weights`, or else the one that ships."""

    scenario: Scenario
    model: str
    net: Network
    weights: Path | None = None

    offers: ClassVar = EVERYTHING

    @property
    def has_lesson(self) -> bool:
        """The lesson is about the shipped networks: not about a file."""
        return self.weights is None

    @property
    def models(self) -> tuple[str, ...]:
        """The networks that can run the same sentence, by name; a network from a file stands alone."""
        return self.scenario.models if self.weights is None else (self.model,)

    def cannot(self, need: str) -> str:
        """Return why `need` cannot be met, or "" where it can: a network from a file has no others beside it."""
        if need == "models" and len(self.models) < 2:
            return "no other network here"
        return super().cannot(need)


@dataclass(frozen=True, eq=False)
class FromFile(Origin):
    """A network and its inputs, both from files: what is `ready` to run, one sequence of its file of inputs.

    `runner` is what runs it, so that it can be run again on another sequence.
    """

    ready: "Ready"
    runner: Runner = run_lazily

    why_not: ClassVar = "this network comes from a file; this needs a scenario's sentences"

    @property
    def place(self) -> str:
        """Which sequence of a batch this is."""
        return self.ready.place

    @property
    def weights(self) -> Path:
        """The file that it comes from."""
        return self.ready.own.weights

    @property
    def model(self) -> str:
        """What it is called in its file."""
        return self.ready.name

    @property
    def several(self) -> bool:
        """Whether its file holds several sequences."""
        return len(self.ready.sequences.arrays) > 1

    def every(self) -> "list[Self]":
        """Return the origin of each sequence of the file."""
        return [replace(self, ready=self.ready.at(number)) for number in range(len(self.ready.sequences.arrays))]

    def cannot(self, need: str) -> str:
        """Return why `need` cannot be met, or "" where it can: a batch has other sequences to go to."""
        if need == "sequences":
            return "" if len(self.ready.sequences.arrays) > 1 else "its input file holds this one sequence"
        return super().cannot(need)


@dataclass(frozen=True, eq=False)
class FromWords(FromFile):
    """A user's network that reads words: it can run another text, and so can other networks of its file."""

    offers: ClassVar = frozenset({"compare", "models", "sentence", "gradients", "gates", "unit page"})
    why_not: ClassVar = "this network comes from a file; only a scenario has this"

    @property
    def net(self) -> WordReader:
        """The network."""
        reader = self.ready.reader
        assert reader is not None
        return reader

    @property
    def models(self) -> tuple[str, ...]:
        """The networks of the file that read the same words, by name."""
        return tuple(self._ready_by_name)

    def on(self, text: str | Sequence[str], model: str | None = None) -> "FromWords":
        """Return the origin of a text, or its tokens, in this network or in the one called `model`."""
        ready = self.ready if model in (None, self.model) else self._ready_by_name[str(model)]
        return replace(self, ready=ready.saying(text))

    def among(self, weights: Path) -> "FromWords":
        """Return the origin of the same text in another file of weights. Raises BadInput where that cannot be read."""
        words = self.ready.words or ()
        text = self.net.vocabulary.join(words)
        from ...engine.files.own import prepare  # not for a scenario's sentence

        ready = prepare(_of_text(replace(self.ready.own, weights=weights, network=None, chain=None), text))
        if ready.language is None or ready.language.reader.vocabulary.words != self.net.vocabulary.words:
            raise BadInput(f"{weights}: reads different words; only networks that read the same words can be compared")
        return replace(self, ready=ready.saying(words))

    @cached_property
    def _ready_by_name(self) -> "dict[str, Ready]":
        from ...engine.files.own import prepared

        found = {self.model: self.ready}
        if self.ready.own.chain is not None or len(self.ready.found.networks) > MOST_BESIDE:
            return found
        own, words = self.ready.own, self.net.vocabulary.words
        text = self.net.vocabulary.join(self.ready.words or ())
        for network in self.ready.found.networks:
            if network.name == self.model or network.refused:
                continue
            with suppress(BadInput):
                asked = _of_text(replace(own, network=network.name, embedding=None, readout=None), text)
                ready = prepared(asked, self.ready.found)
                if ready.language is not None and ready.language.reader.vocabulary.words == words:
                    found[network.name] = ready
        return found

    def cannot(self, need: str) -> str:
        """Return why `need` cannot be met, or "" where it can: some needs take a prediction, or another network."""
        if need == "models" and len(self.models) < 2:
            return "no other network in this file reads the same words"
        if need in ("compare", "gradients") and not isinstance(self.net, WordNetwork):
            return "no readout was found in this file, so this network predicts nothing; --readout NAME names one"
        return super().cannot(need)


def _of_text(own: "Own", text: str) -> "Own":
    return replace(own, text=text, input=None, layout=None, sequence=None, lengths=None, carry=False)


@dataclass(frozen=True, eq=False)
class FromSeries(Origin):
    """A day of a series that is forecast."""

    why_not: ClassVar = "a day has no sentence; this is for networks that read words"


@dataclass(frozen=True, eq=False)
class FromTraining(Origin):
    """A scenario's sentence in a checkpoint of a network."""

    scenario: Scenario
    model: str
    net: Network

    why_not: ClassVar = "this is a checkpoint of a training; leave it to continue with the shipped network"
