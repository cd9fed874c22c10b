"""What `gatestep why` and `gatestep grid` share: the answer that is asked about, and how effects on it are printed."""

import argparse
import json
import math
from typing import TYPE_CHECKING

from ...engine import BadInput, Trace, printable
from ...engine.text import visible
from ..draw.numbers import signed
from ..source.speaking import speaker_of
from ..source.subject import DenseSubject, Subject
from .arguments import subject_of
from .edits import check_text

if TYPE_CHECKING:
    from ...engine import Speaker


def add_answer(parser: argparse.ArgumentParser) -> None:
    """Add --answer and --at: which word or output is asked about, and where."""
    parser.add_argument("--answer", metavar="TOKEN",
                        help="the word whose probability is watched (default: likeliest), or the output")  # fmt: skip
    parser.add_argument("--at", metavar="T", type=int, help="the timestamp of the answer, from 1 (default: the last)")


def asked(arguments: argparse.Namespace, what: str) -> "tuple[Subject, Speaker, int]":
    """Return the subject, what gives its answers, and the timestamp that is asked about, from 0.

    Raises BadInput, which names `what` asks ("why"), where there is no answer, or no such timestamp or output.
    """
    if arguments.answer is not None:
        check_text(arguments.answer, "--answer")
    subject = subject_of(arguments)
    if isinstance(subject, DenseSubject):
        raise BadInput(f"{what} asks what a recurrent network predicts; a dense network has no timestamps")
    speaker = speaker_of(subject)
    if speaker is None:
        raise BadInput(f"{what} asks what a network predicts; no readout or head was found for this one, and "
                       "--readout NAME names one")  # fmt: skip
    T = len(subject.trace)
    if arguments.at is not None and not 1 <= arguments.at <= T:
        whole = "sentence" if subject.trace.tokens else "sequence"
        raise BadInput(f"--at {arguments.at}: there is no such timestamp; the {whole} has 1 to {T}")
    outputs = subject.outputs
    if outputs is not None and outputs.K > 1 and arguments.answer is None:
        names = ", ".join(map(printable, outputs.names[:8])) + (", ..." if outputs.K > 8 else "")
        raise BadInput(f"this network gives {outputs.K} outputs; --answer says which: {names}")
    return subject, speaker, T - 1 if arguments.at is None else arguments.at - 1


def names_of(trace: Trace) -> list[str]:
    """Return what stands at each timestamp, as it is printed: its word, or its label, or "" where it has neither."""
    if trace.tokens is not None:
        return [printable(visible(token)) for token in trace.tokens]
    return [printable(label) for label in trace.labels] if trace.labels else [""] * len(trace)


def place_of(trace: Trace, t: int) -> dict[str, object]:
    """Return what stands at timestamp `t` (from 0) as fields of a JSON object, with the timestamp from 1."""
    if trace.tokens is not None:
        return {"t": t + 1, "token": trace.tokens[t]}
    return {"t": t + 1, "token": None, "label": trace.labels[t] if trace.labels else None}


def base_of(base: float, of_numbers: bool) -> dict[str, object]:
    """Return the unchanged answer as fields of a JSON object."""
    return {"log_probability": None, "output": base} if of_numbers else {"log_probability": base}


def written(about: object) -> str:
    """Return an object as JSON, with null for infinite numbers and NaN, which JSON does not have."""
    return json.dumps(_finite(about), indent=1, allow_nan=False)


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def figure(value: float, of_numbers: bool) -> str:
    """Return an effect as it is printed: on ln p with three decimals, on an output with four significant digits."""
    return signed(value) if of_numbers else f"{value:+.3f}"
