"""The top line: what is looked at, where in it, and how wrong the prediction is."""

from ....draw.lines import Line, fitted, segment, spread, width_of
from ....draw.look import Look
from ....source.subject import Subject
from ..state import Moment

LEAST = 4
"""The fewest cells of the network's name, which tell its kind."""


def heading(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return the heading, one line."""
    subject, dot = moment.subject, f" {look.glyphs.dot} "
    where = f"timestamp {moment.t + 1}/{len(moment.trace)}"
    if moment.phase == 0:
        where += f"{dot}guess"
    elif moment.phase < moment.parts:
        where += f"{dot}{moment.phase}/{moment.parts} {moment.part}"
    edited = edited_mark(subject, look)
    parts = [segment(look, "title", f" {fitted(look, subject.title, max(width - 40 - width_of(edited), 8))}"), *edited]
    room = max(width - 44 - len(subject.origin.place) - width_of(edited), 14)
    tail: Line = []
    if place := subject.origin.place:
        tail.append(segment(look, "text", f"{dot}{place}"))
    if len(moment.trace.layers) > 1:
        tail.append(segment(look, "dim", f"{dot}layer {moment.layer}"))
    tail.append(segment(look, "text", f"{dot}{where}"))
    if moment.passage is not None:
        tail.append(segment(look, "key", f"{dot}marked from {moment.passage + 1}"))
    if moment.playing:
        tail.append(segment(look, "key", f"{dot}playing {moment.speed:g}/s"))
    room = min(room, max(width - width_of([*parts, *tail]) - len(dot), LEAST))  # never cut what tells the timestamp
    parts.append(segment(look, "dim", f"{dot}{fitted(look, subject.network.removesuffix(', edited'), room)}"))
    return [spread([*parts, *tail], _right(moment, look), width, look)]


def edited_mark(subject: Subject, look: Look) -> Line:
    """Return the mark of an edited run; nothing for one that is not edited."""
    done = subject.changed
    if done is None or not done.title:
        return []
    said = f"edited: {done.title}" if done.on else done.title if done.generation else f"{done.title} on"
    return [segment(look, "dim", f" {look.glyphs.dot} "), segment(look, "warning", said)]


def run_named(subject: Subject, room: int, look: Look) -> Line:
    """Return the title of a run, that it is edited where it is, and its network, in at most `room` cells."""
    edited = edited_mark(subject, look)
    title: Line = [segment(look, "title", f" {fitted(look, subject.title, max(room // 2, 8))}"), *edited]
    left = max(room - width_of(title) - 3, LEAST)
    network = fitted(look, subject.network.removesuffix(", edited"), left)
    return [*title, segment(look, "dim", f" {look.glyphs.dot} {network}")]


def _right(moment: Moment, look: Look) -> Line:
    there = moment.subject.forecast
    if there is not None and moment.computed("hidden"):
        return [segment(look, "text", f"day {there.day + 1}/{len(there.task.series)} ")]
    said = moment.subject.prediction or moment.subject.outputs
    if said is None or not moment.computed("hidden"):
        return []
    loss = said.loss(moment.t)
    return (
        [] if loss is None else [segment(look, "text", f"loss {loss:.2f} " if loss >= 0.005 else f"loss {loss:.1e} ")]
    )
