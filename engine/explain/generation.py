"""A network that predicts words continues from the end with its own predictions, edits in force."""

from collections.abc import Sequence

import numpy as np

from ..arrays import Floats
from ..errors import BadInput
from ..models.words import WordNetwork
from ..run.walk import stream
from ..trace import Trace
from .edits import INPUT, Edit, parse_edit
from .intervene import Draft, Sequences, Surroundings

MOST = 10_000
"""Words that are generated at once."""


def generated(
    trace: Trace,
    network: WordNetwork,
    count: int,
    edits: Sequence[Edit | str] = (),
    temperature: float = 0.0,
    seed: int = 0,
    at: int | None = None,
    sequences: Sequences | None = None,
) -> Trace:
    """Return the run of `trace` continued for `count` words, each predicted by `network` at the word before it.

    It continues after timestamp `at` (from 0), whatever came next, or from the end. With `temperature` 0 each is the
    likeliest; above, it is drawn with `seed` from softmax(scores / temperature). `edits` are as in `edited`, and may
    take from `sequences`; their timestamps may lie among the words to come: a token replaced there is not left to the
    network. Raises BadInput where `network` reads in both directions, or a number does not fit.
    """
    if network.why_not_generating:
        raise BadInput(network.why_not_generating)
    if not 1 <= count <= MOST:
        raise BadInput(f"{count} words cannot be generated; from 1 to {MOST:,} can")
    if not (np.isfinite(temperature) and temperature >= 0):
        raise BadInput(f"temperature {temperature} is out of range; it must be 0 (the likeliest word) or above")
    if at is not None and not 0 <= at < len(trace):
        raise BadInput(f"there is no timestamp {at + 1} to continue from; choose from 1 to {len(trace)}")
    draft = Draft.of(trace, Surroundings(network, sequences), at, count)
    for edit in edits:
        draft.apply(parse_edit(edit) if isinstance(edit, str) else edit)
    _fill(draft, network, temperature, np.random.default_rng(seed))
    return draft.run()


def _fill(draft: Draft, network: WordNetwork, temperature: float, rng: np.random.Generator) -> None:
    """Walk through the sequence, and put a predicted word wherever there is none yet."""
    tokens, words = draft.tokens, network.vocabulary.words
    assert tokens is not None
    if tokens[0] is None:
        raise BadInput("nothing is left to continue from; leave at least one word")
    draft.x = np.array(draft.x)
    rows = (draft.plan.quantity("", t, INPUT, row) for t, row in enumerate(draft.x))
    shown = stream(network.stack, rows, [layer.initial for layer in draft.original.layers], draft.plan)
    for t, hidden in enumerate(shown):
        if t + 1 < len(tokens) and tokens[t + 1] is None:
            row = _chosen(network.readout.scores(hidden), temperature, rng)
            draft.x[t + 1], tokens[t + 1] = network.embedding[row], words[row]


def _chosen(scores: Floats, temperature: float, rng: np.random.Generator) -> int:
    """The row of the likeliest word of `scores` (V,), or of one that is drawn."""
    if not temperature:
        return int(scores.argmax())
    drawn = scores.astype(np.float64) / temperature
    p = np.exp(drawn - drawn.max())
    return int(rng.choice(len(p), p=p / p.sum()))
