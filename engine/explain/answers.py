"""What is watched while a run is patched: ln p of a word that a network can answer with, or an output of its head."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats
from ..errors import BadInput
from ..models.outputs import Outputs
from ..models.words import WordNetwork
from ..trace import Trace, log_softmax


@dataclass(frozen=True, eq=False)
class Answer:
    """A watched number and its `name`: `of` maps hidden states of the last layer (B, D) to it, (B,), float64.

    For a word it is ln p, and `row` is the word's row among those that the network can answer with. For an output of a
    network over numbers, `row` is None and it is the output itself, in its unit.
    """

    name: str
    of: Callable[[Floats], np.ndarray]
    row: int | None = None

    def rank(self, effect: float) -> float:
        """Return the key that sorts effects: first what supports a word most, or changes a number most either way."""
        return effect if self.row is not None else -abs(effect)


Speaker = WordNetwork | Outputs | Answer
"""What answers for a run: a network of words, the outputs of a network over numbers, or one number of another head."""


def answer_of(trace: Trace, speaker: Speaker, named: str | None, at: int) -> Answer:
    """Return what is watched at `at`: the answer called `named`, or the likeliest word, or the only output.

    An output goes by its name, or by its number from 0. Raises BadInput for an answer that does not exist, and where
    there are several outputs and none is named.
    """
    if isinstance(speaker, Answer):
        if named not in (None, speaker.name):
            raise BadInput(f"{named} is not an output of this network; it has {speaker.name} alone")
        return speaker
    if isinstance(speaker, Outputs):
        return _output(speaker, named)
    return _word(trace, speaker, named, at)


def _word(trace: Trace, network: WordNetwork, named: str | None, at: int) -> Answer:
    if named is None:
        row = int(network.readout.scores(trace.top[at]).argmax())
    elif named not in network.output_vocabulary:
        words, said = ", ".join(network.output_vocabulary.entries[:8]), named or "an empty word"
        raise BadInput(f"{said} is not among the words that this network can answer with, such as {words}")
    else:
        row = network.output_vocabulary.index(named)

    def log_p(hidden: Floats) -> np.ndarray:
        said: np.ndarray = log_softmax(network.readout.scores(hidden).astype(np.float64))[:, row]
        return said

    return Answer(network.output_vocabulary.words[row], log_p, row)


def _output(outputs: Outputs, named: str | None) -> Answer:
    names = [str(name) for name in outputs.names]
    if named is None:
        if len(names) > 1:
            raise BadInput(f"this network gives {len(names)} outputs; say which of {_some(names)}")
        place = 0
    elif names.count(named) == 1:
        place = names.index(named)
    elif named.isascii() and named.isdigit() and int(named[:9]) < len(names):
        place = int(named)
    else:
        raise BadInput(f"there is no output {named}; choose from {_some(names)}")
    # In float64, so that where a rectifier lets nothing through an effect is 0, and not what rounding makes of a batch.
    return Answer(names[place], lambda hidden: outputs.of(hidden.astype(np.float64))[:, place])


def _some(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


MOST_NAMED = 8
