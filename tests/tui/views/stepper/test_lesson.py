"""A lesson: it asks, hides what it asks for, shows it, and never takes the keys away."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from gatestep.scenarios import SCENARIOS, STUDIES, LessonStep, find
from gatestep.tui.draw.lines import plain_text
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.base.lesson import choices, lesson, rows_needed, texts
from gatestep.tui.views.base.lesson_progress import LessonProgress
from gatestep.tui.views.stepper.layout import allot
from gatestep.tui.views.stepper.panels.sentence import lines_needed
from gatestep.tui.views.stepper.state import Moment, at_lesson_step, first_moment

SIZE = (80, 24)


def stands(name: str, place: int, revealed: bool) -> Moment:
    """The moment of one step of a scenario's lesson."""
    subject = scenario_subject(find(name))
    assert isinstance(subject, Subject)
    moment = first_moment(subject)
    return at_lesson_step(replace(moment, progress=LessonProgress(len(subject.lesson), place, revealed)))


def every_step() -> Iterator[tuple[str, int, LessonStep]]:
    for scenario in SCENARIOS.values():
        for place, step in enumerate(scenario.lesson):
            yield scenario.name, place, step


STEPS = list(every_step())
EVERY_STEP = pytest.mark.parametrize(("name", "place", "step"), STEPS, ids=[f"{name} {n + 1}" for name, n, _ in STEPS])


@EVERY_STEP
def test_a_step_names_a_word_that_stands_in_the_sentence(name: str, place: int, step: LessonStep) -> None:
    tokens = list(stands(name, place, False).trace.tokens or ())
    if step.at:
        assert step.nth != 0
        assert tokens.count(step.at) >= abs(step.nth)
        t = [t for t, token in enumerate(tokens) if token == step.at][step.nth - 1 if step.nth > 0 else step.nth]
    else:
        t = len(tokens) - 1
    assert stands(name, place, False).t == t


@EVERY_STEP
def test_what_a_step_asks_for_is_hidden_until_it_is_shown(name: str, place: int, step: LessonStep) -> None:
    asked, told = stands(name, place, False), stands(name, place, True)
    if step.guess is None:
        assert asked.phase == asked.parts
    else:
        assert asked.phase == step.guess
        assert not (asked.computed(asked.quantity) and asked.computed("hidden"))
    assert told.phase == told.parts
    if step.quantity:
        assert asked.quantity == told.quantity == step.quantity
    if step.unit:
        assert asked.unit == told.unit == step.unit(asked.trace)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_lesson_begins_at_the_first_word_with_everything_computed(name: str) -> None:
    first = stands(name, 0, False)
    assert find(name).lesson[0].guess is None
    assert (first.t, first.phase) == (0, first.parts)


@EVERY_STEP
@pytest.mark.parametrize("look", [Look(UNICODE), Look(ASCII)], ids=["unicode", "ascii"])
def test_on_the_smallest_full_screen_a_step_is_whole_and_leaves_room(
    name: str, place: int, step: LessonStep, look: Look
) -> None:
    asked, told = texts(step, 80, look)
    for revealed, whole in ((False, asked), (True, told)):
        moment = stands(name, place, revealed)
        rows = allot(*SIZE, moment, lines_needed(moment, 80, look), rows_needed(moment, 80, look))
        lines = plain_text(lesson(moment, 80, rows.lesson, look)).splitlines()
        if not revealed:
            whole = [*whole, *plain_text(choices(step.choices, 80, look)).splitlines()]
        assert [line.rstrip() for line in whole] == lines[len(lines) - len(whole) :]
        assert rows.total <= 24
        assert min(rows.sentence, rows.prediction, rows.arithmetic - 3, rows.units - 4) >= 1
        assert rows.timeline >= 4, "a heading, the words, and four units in two rows"


# Guesses


@EVERY_STEP
def test_a_step_has_two_to_four_choices_of_which_one_is_right(name: str, place: int, step: LessonStep) -> None:
    options = step.choices.options
    assert 2 <= len(set(options)) == len(options) <= 4
    assert 0 <= step.choices.right < len(options)


def test_the_right_choice_is_not_always_at_the_same_place() -> None:
    steps = [step for study in STUDIES.values() for step in getattr(study, "lesson", ())]
    places = [step.choices.right for step in steps]
    assert max(map(places.count, range(3))) < 0.6 * len(places)
