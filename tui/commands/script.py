"""`step` inside a running script: opens the app on a network that is in memory, as `breakpoint()` opens a debugger."""

import gc
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...engine import BadInput
from ...engine.files.inmemory import batch_first, contents_of, given_array, states_of, vocabulary_of
from ...engine.files.own import Own, prepared
from ..launch import has_terminal, open_app, plain_look
from ..opening import page_of
from ..source.own import subject_from

Vocabulary = str | Path | Sequence[str] | Mapping[Any, Any]
"""A file, the entries in the order of their rows, or a dict between entries and rows."""


def step(
    module: Any,
    x: Any,
    *,
    initial: Any = None,
    vocabulary: Vocabulary | None = None,
    labels: Vocabulary | None = None,
    tokens: str | None = None,
    fold_case: bool = False,
    unknown: str | None = None,
    network: str | None = None,
    cell: str | None = None,
    embedding: str | None = None,
    readout: str | None = None,
    sequence: int = 1,
    at: int | None = None,
    glyphs: str = "auto",
) -> None:
    """Step through what `module` does with `x`, and go on when the app is left; without a terminal, print its page.

    `module` is an nn.LSTM, nn.GRU or nn.RNN, or a module that holds one, with an embedding and a readout or without.
    `x` is (T, inputs), ids (T,), a batch of either, or a text for a module with an embedding. A batch lies as the
    module's `batch_first` says; `sequence`, from 1, is the one to begin with. `initial` is what the module takes: h, or
    (h, c). The other arguments are the options of the command line. Nothing of the module is run or changed: its
    weights are read, and gatestep computes. `at` is a timestamp, from 1. Raises BadInput, a ValueError, for what cannot
    be read.
    """
    name = type(module).__name__
    found = contents_of(module, name)
    text = x if isinstance(x, str) else None
    given = None if text is not None else given_array(x)
    layout = None
    if given is not None and given.array.ndim == (2 if given.array.dtype.kind in "iu" else 3):
        first = batch_first(module)
        if first is None:
            raise BadInput(
                f"{name}: its recurrent modules disagree about batch_first; give one sequence, {given.path}[0]"
            )
        layout = "batch-first" if first else "time-first"
    own = Own(
        Path(name), None if given is None else given.path, network, layout=layout,
        sequence=sequence if layout else None, embedding=embedding, text=text,
        vocabulary=vocabulary_of(vocabulary, "vocabulary"), labels=vocabulary_of(labels, "labels"), readout=readout,
        tokens=tokens, fold_case=fold_case, unknown=unknown, cell=cell,
    )  # fmt: skip
    subject = subject_from(prepared(own, found, given, states_of(initial)))
    if at is not None and not 1 <= at <= len(subject.trace):
        raise BadInput(f"at={at}: there is no such timestamp; the sequence has 1 to {len(subject.trace)}")
    sys.stdout.flush()
    if has_terminal():
        collects = gc.isenabled()
        try:
            open_app(glyphs, subject, None if at is None else at - 1)
        finally:
            (gc.enable if collects else gc.disable)()
        return
    for note in subject.notes:
        print(f"gatestep: {note}", file=sys.stderr, flush=True)
    print(page_of(subject, (at or len(subject.trace)) - 1, plain_look(glyphs)), flush=True)
