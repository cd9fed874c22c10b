"""What to do here and what is seen then, for a scenario's own sentence."""

from ..look import Look
from ..moment import Moment
from .lines import Line, rule, segment, wrap


def lesson(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return a heading and the lesson, what it claims after a mark."""
    lines = [rule(look, [segment(look, "text", "lesson")], [], width)]
    return [*lines, *lesson_lines(moment, width, look)][:height]


def lesson_lines(moment: Moment, width: int, look: Look) -> list[Line]:
    """Return the lesson's text as wrapped lines."""
    lines: list[Line] = []
    for number, text in enumerate(moment.subject.lesson):
        mark = f"{look.glyphs.chosen} " if number else ""
        lines += [[segment(look, "text", part)] for part in wrap(mark + look.text(text), width)]
    return lines
