"""The stepper as text, for pipes: the same panels, every unit, no styles."""

from .look import Look
from .moment import Subject, first_moment
from .panels.arithmetic import arithmetic
from .panels.heading import heading
from .panels.lines import Line, plain_text
from .panels.prediction import prediction
from .panels.sentence import sentence
from .panels.timeline import timeline
from .panels.units import units

WIDTH = 100
MOST_SENTENCE_LINES = 12
MOST_UNITS = 64


def page(subject: Subject, t: int, look: Look) -> str:
    """Return everything the stepper shows at timestamp `t` (from 0)."""
    moment = first_moment(subject, t)
    rows = min(moment.layer_trace.H, MOST_UNITS) + 1
    lines: list[Line] = heading(moment, WIDTH, 1, look)
    lines += [*sentence(moment, WIDTH, MOST_SENTENCE_LINES, look), []]
    lines += units(moment, WIDTH, rows, look)
    lines += arithmetic(moment, WIDTH, 5, look)
    lines += timeline(moment, WIDTH, rows, look)
    lines += prediction(moment, WIDTH, 8, look)
    if subject.unknown:
        lines.append([])
    text = plain_text(lines)
    if subject.unknown:
        text += f"\n unknown to this network: {', '.join(look.text(word) for word in subject.unknown)}"
    return text
