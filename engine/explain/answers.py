"""What is watched while a run is patched: ln p of a word that a network answers with, or a number of its head."""

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
    """What is watched, and what it is called: `of` turns hidden states of the last layer (B, D) into it, (B,), float64.

    Of a word it is ln p, and `row` its row among the words that the network says. Of a number over numbers, where `row`
    is None, it is the number itself, in its unit.
    """

    name: str
    of: Callable[[Floats], np.ndarray]
    row: int | None = None

    def rank(self, effect: float) -> float:
        """Return what sorts effects, least first: what supports a word most; what changes a number most, either way."""
        return effect if self.row is not None else -abs(effect)


Speaker = WordNetwork | Outputs | Answer
"""What says something of a run: a network of words, the outputs of one over numbers, or a number of another head."""


def answer_of(trace: Trace, speaker: Speaker, named: str | None, at: int) -> Answer:
    """Return what is watched at `at`: the answer called `named`, or the likeliest word, or the only output.

    An output goes by its name, or by its number from 0. Raises BadInput where it is none of those that there are, and
    where there are several outputs and none is named.
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
    elif named not in network.said:
        words, said = ", ".join(network.said.entries[:8]), named or "an empty word"
        raise BadInput(f"{said} is not among the words that this network can answer with, such as {words}")
    else:
        row = network.said.index(named)

    def log_p(hidden: Floats) -> np.ndarray:
        said: np.ndarray = log_softmax(network.readout.scores(hidden).astype(np.float64))[:, row]
        return said

    return Answer(network.said.words[row], log_p, row)


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
