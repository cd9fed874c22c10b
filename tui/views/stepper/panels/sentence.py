"""The sequence with the cursor in it: the words of a sentence, or the numbers that go in at this timestamp."""

from bisect import bisect_left

from rich.cells import cell_len
from rich.segment import Segment

from .....engine import BLANK, NEXT_WORD
from ....draw.lines import Line, clickable, clip, on_cursor, segment
from ....draw.look import Look
from ....draw.memo import memo
from ....source.subject import Subject
from ..state import Moment
from .numbers import numbers, numbers_needed


def sentence(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return the lines of the sentence around the cursor, or the inputs at t for a network that reads numbers."""
    if moment.trace.tokens is None:
        return numbers(moment, width, height, look)
    below: list[Line] = []
    if moment.subject.forecast and height > 1:
        below = _inputs(moment, width, height - 1, look)
        height -= len(below)
    lines = _wrapped(moment.subject, width, look)
    row = bisect_left(lines, moment.t, key=lambda tokens: tokens[-1][0])
    top = max(0, min(row - height // 2, len(lines) - height))
    if 1 < height < len(lines) and row == top + height - 1 and row + 1 < len(lines):
        top += 1  # the line after the cursor's shows too
    return [
        [clickable(look, _token(moment, t, text, look), f"at:{t}") for t, text in tokens]
        for tokens in lines[top : top + height]
    ] + below


def lines_needed(moment: Moment, width: int, look: Look) -> int:
    """Return how many lines the whole sequence takes, and the numbers of a forecaster's timestamp below it."""
    if moment.trace.tokens is None:
        return numbers_needed(moment, width, look)
    below = len(_inputs(moment, width, 4, look)) if moment.subject.forecast else 0
    return len(_wrapped(moment.subject, width, look)) + below


@memo(maxsize=8)
def _wrapped(subject: Subject, width: int, look: Look) -> list[list[tuple[int, str]]]:
    """Every line of the sentence as (timestamp, word as shown); the blank at the end has timestamp T."""
    tokens = subject.trace.tokens or ()
    known = subject.trace.known or ()
    words = [look.text(word) + ("" if ok else "?") for word, ok in zip(tokens, known, strict=True)]
    if subject.prediction and subject.prediction.question == NEXT_WORD and subject.prediction.answer:
        words.append(BLANK)
    lines: list[list[tuple[int, str]]] = [[]]
    used = 0
    for t, word in enumerate(words):
        shown = clip(word, max(width - 2, 1), look.glyphs.ellipsis)
        size = cell_len(shown) + 2
        if lines[-1] and used + size > width:
            lines.append([])
            used = 0
        lines[-1].append((t, shown))
        used += size
    return lines


def _token(moment: Moment, t: int, text: str, look: Look) -> Segment:
    if t == moment.t:
        return on_cursor(look, text)
    known = moment.trace.known
    if known and t < len(known) and not known[t]:
        return segment(look, "warning", f" {text} ")
    return segment(look, "text" if t < moment.t else "dim", f" {text} ")


def _inputs(moment: Moment, width: int, rows: int, look: Look) -> list[Line]:
    from .day import inputs  # with the charts, which a sentence has none of

    return inputs(moment, width, rows, look)
