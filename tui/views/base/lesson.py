"""A step of the lesson: what to look at and to guess, and then what has been proved of it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from ....scenarios import LessonStep
from ....scenarios.forecast import ForecastStep
from ...draw.lines import Line, rule, segment, spread, width_of, wrap
from ...draw.look import Look
from ...keys import action_called, key_names, with_keys
from .lesson_progress import LessonProgress

AnyStep = LessonStep | ForecastStep


class HasLesson(Protocol):
    """What has a lesson and has got so far in it."""

    @property
    def lesson(self) -> Sequence[AnyStep]:
        """The steps."""

    @property
    def progress(self) -> LessonProgress | None:
        """The progress."""


def lesson(state: HasLesson, width: int, height: int, look: Look) -> list[Line]:
    """Return a heading with the keys and the step's text; once revealed, its claim, below the text if both fit."""
    progress = state.progress
    if progress is None:
        return []
    step, dot = state.lesson[progress.step], f" {look.glyphs.dot} "
    onward = (
        "continues" if progress.revealed and not progress.over else "ends it" if progress.over else "shows the answer"
    )
    enter, back, leave = (_key(id, look) for id in ("stepper.lesson", "stepper.lesson_back", "stepper.leave_lesson"))
    keys = [
        segment(look, "key", enter), segment(look, "dim", f" {onward}{dot}"),
        segment(look, "key", back), segment(look, "dim", f" back{dot}"),
        segment(look, "key", leave), segment(look, "dim", " close"),
    ]  # fmt: skip
    title = [segment(look, "title", f"lesson {progress.step + 1}/{progress.steps}")]
    head = rule(look, title, keys, width)
    if width_of(title) + width_of(keys) + 10 > width:
        head = spread(title, keys[:2], width, look)
    asked, told = texts(step, width, look)
    text = [[segment(look, "text", line)] for line in asked]
    claim = [[segment(look, "chosen", line)] for line in told]
    if not progress.revealed:
        return [head, *text][:height]
    return [head, *(text if len(text) + len(claim) < height else []), *claim][:height]


def _key(id: str, look: Look) -> str:
    return key_names(action_called(id), look.glyphs.unicode, False)[0]


def whole_lesson(steps: Sequence[AnyStep], width: int, look: Look) -> list[Line]:
    """Return every step of a lesson with its claim, for reading instead of going through; nothing without steps."""
    lines: list[Line] = [[], rule(look, [segment(look, "title", "lesson")], [], width)] if steps else []
    for step in steps:
        asked, told = texts(step, width, look)
        lines += [
            *([segment(look, "text", line)] for line in asked),
            *([segment(look, "chosen", line)] for line in told),
        ]
    return lines


def rows_needed(state: HasLesson, width: int, look: Look) -> tuple[int, int]:
    """Return the rows, heading included, that show any step's text or claim, and those that show both together."""
    sizes = [tuple(map(len, texts(step, width, look))) for step in state.lesson]
    return 1 + max(max(size) for size in sizes), 1 + max(sum(size) for size in sizes)


@lru_cache(maxsize=64)
def texts(step: AnyStep, width: int, look: Look) -> tuple[list[str], list[str]]:
    """Return the lines of a step's text, and those of its claim."""
    asked, told = (look.text(with_keys(text, look.glyphs.unicode)) for text in (step.text, step.claim.text))
    return wrap(asked, width), wrap(f"{look.glyphs.chosen} {told}", width)
