"""A network of one's own as something to look at: a file of weights, run over a file of inputs."""

from collections.abc import Callable, Mapping
from typing import Any

from ...engine import Floats, Stack, Trace, run_lazily
from ...engine.files.own import Own, prepare
from .subject import FromFile, Subject

Runner = Callable[[Stack, Floats, Mapping[str, Any] | None, str], Trace]
"""Runs a stack over inputs from initial states, and calls them by that name in errors."""


def own_subject(own: Own, runner: Runner = run_lazily) -> Subject:
    """Return the network that `own` asks for, run by `runner`; its title says what is assumed of it."""
    ready = prepare(own)
    trace = runner(ready.stack, ready.inputs, ready.initial, ready.source)
    title = ", ".join(part for part in (ready.stack.title, ready.title) if part)
    return Subject(own.weights.name, title, trace, FromFile(own.weights, own.input, ready), notes=ready.sequences.notes)
