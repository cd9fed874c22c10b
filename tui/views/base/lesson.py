"""A step of a lesson: what to look at and to guess, and then the claim about it that has been proved."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from ....scenarios import Choices, LessonStep, study_after
from ....scenarios.forecast import ForecastStep
from ...draw.lines import Line, flow, rule, segment, spread, width_of, wrap
from ...draw.look import Look
from ...keys import action_called, key_names, with_keys
from .lesson_progress import LessonProgress

SPARE = 2
"""The most rows that are kept for a claim while the step asks."""

AnyStep = LessonStep | ForecastStep


class HasLesson(Protocol):
    """A state with a lesson and how far the user has got in it."""

    @property
    def lesson(self) -> Sequence[AnyStep]:
        """The steps."""

    @property
    def lesson_of(self) -> str:
        """The name of the scenario that the lesson is about."""

    @property
    def progress(self) -> LessonProgress | None:
        """How far the user has got; None where no lesson is under way."""


def lesson(state: HasLesson, width: int, height: int, look: Look) -> list[Line]:
    """Return a heading with the keys and the step's text; once revealed, its claim, below the text if both fit."""
    progress = state.progress
    if progress is None:
        return []
    step, dot = state.lesson[progress.step], f" {look.glyphs.dot} "
    enter, back, leave = (_key(id, look) for id in ("stepper.lesson", "stepper.lesson_back", "stepper.leave_lesson"))
    keys = [
        segment(look, "key", enter), segment(look, "dim", f" {_onward(state, progress)}"), segment(look, "dim", dot),
        segment(look, "key", back), segment(look, "dim", f" back{dot}"),
        segment(look, "key", leave), segment(look, "dim", " close"),
    ]  # fmt: skip
    title = [
        segment(look, "title", f"lesson {progress.step + 1}/{progress.steps}"),
        *verdict(step.choices, progress, look),
    ]
    head = rule(look, title, keys, width)
    if width_of(title) + width_of(keys) + 10 > width:
        head = spread(title, keys[:2], width, look)
    asked, told = texts(step, width, look)
    text = [[segment(look, "text", line)] for line in asked]
    claim = [[segment(look, "chosen", line)] for line in told]
    if not progress.revealed:
        return [head, *text, *choices(step.choices, width, look)][:height]
    return [head, *(text if len(text) + len(claim) < height else []), *claim][:height]


def _onward(state: HasLesson, progress: LessonProgress) -> str:
    """What the next key does: at the end it opens the next lesson."""
    if not progress.revealed:
        return "shows the answer"
    if not progress.over:
        return "continues"
    following = study_after(state.lesson_of)
    return f"next lesson: {following.name}" if following else "ends it"


def verdict(offered: Choices, progress: LessonProgress, look: Look) -> Line:
    """Return whether the guess was right, as a mark and a word; at the end, also how many were."""
    if progress.guessed is None or not progress.revealed:
        return []
    right = progress.guessed == offered.right
    said = look.text(offered.options[progress.guessed])
    text = f"{look.glyphs.right} right: {said}" if right else f"{look.glyphs.wrong} wrong: not {said}"
    line = [segment(look, "text", "  "), segment(look, "input" if right else "warning", text)]
    if progress.over:
        line.append(segment(look, "dim", f" {look.glyphs.dot} {progress.hits} of {progress.guesses} guesses right"))
    return line


def choices(offered: Choices, width: int, look: Look) -> list[Line]:
    """Return what can be guessed, each after the key that guesses it."""
    pieces: list[Line] = [[segment(look, "dim", " guess ")]]
    for n, option in enumerate(offered.options, 1):
        pieces.append([segment(look, "key", f" {n}"), segment(look, "text", f" {look.text(option)} ")])
    return flow(pieces, width, 3, look, indent=7)


def _key(id: str, look: Look) -> str:
    return key_names(action_called(id), look.glyphs.unicode, False)[0]


def whole_lesson(steps: Sequence[AnyStep], width: int, look: Look) -> list[Line]:
    """Return every step of a lesson with its claim, to be read at once; nothing without steps."""
    lines: list[Line] = [[], rule(look, [segment(look, "title", "lesson")], [], width)] if steps else []
    for step in steps:
        asked, told = texts(step, width, look)
        lines += [
            *([segment(look, "text", line)] for line in asked),
            *([segment(look, "chosen", line)] for line in told),
        ]
    return lines


def rows_needed(state: HasLesson, width: int, look: Look) -> tuple[int, int]:
    """Return how many rows, heading included, show the step's text or its claim, and how many are better.

    Those show both together, unless too many would be blank while the step asks.
    """
    assert state.progress is not None
    step = state.lesson[state.progress.step]
    asked, told = map(len, texts(step, width, look))
    asking = asked + len(choices(step.choices, width, look))  # once the claim is shown, the choices are not
    least = max(asking, told)
    return 1 + least, 1 + max(least, min(asked + told, asking + SPARE))


@lru_cache(maxsize=64)
def texts(step: AnyStep, width: int, look: Look) -> tuple[list[str], list[str]]:
    """Return the lines of a step's text, and those of its claim."""
    asked, told = (look.text(with_keys(text, look.glyphs.unicode)) for text in (step.text, step.claim.text))
    return wrap(asked, width), wrap(f"{look.glyphs.arrow} {told}", width)
