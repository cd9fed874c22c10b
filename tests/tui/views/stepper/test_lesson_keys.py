"""The keys of a lesson: they ask, show, go back, close it and open it again where it was."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from gatestep.scenarios import SCENARIOS, find, study_after
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import Look
from gatestep.tui.keys import with_keys
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.base.lesson_progress import LessonProgress
from gatestep.tui.views.picker.screen import PickerScreen
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import Moment, at_lesson_step
from pilots import counted, noted, shown, until

Now = Callable[[GatestepApp], Moment]
SIZE = (80, 24)


@pytest.fixture
def opened(subject: Subject, look: Look) -> GatestepApp:
    """The app as `gatestep run pakistan` opens it."""
    return GatestepApp(look, subject)


def place_in(app: GatestepApp) -> tuple[int, bool, bool]:
    """Which step of the lesson the stepper is at, whether its claim is shown, and whether the lesson is open."""
    assert isinstance(app.screen, StepperScreen)
    place = app.screen.state.progress
    assert place is not None
    return place.step, place.revealed, place.open


def words_of(app: GatestepApp, panel: str) -> str:
    return " ".join(shown(app, panel).split())


@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_scenario_opens_with_its_lesson_and_enter_goes_through_all_of_it(name: str, look: Look) -> None:
    subject = scenario_subject(find(name))
    app = GatestepApp(look, subject)
    async with app.run_test(size=SIZE) as pilot:
        for place, step in enumerate(find(name).lesson):
            assert place_in(app) == (place, False, True)
            assert f"lesson {place + 1}/{len(find(name).lesson)}" in words_of(app, "lesson")
            assert "".join(with_keys(step.text).split()) in "".join(words_of(app, "lesson").split())
            assert app.screen.state == stands_in(app, place, False)  # type: ignore[attr-defined]
            for panel in ("sentence", "units", "arithmetic", "prediction", "timeline", "footer"):
                assert words_of(app, panel), f"{panel} is not on the screen"
            await pilot.press("enter")
            assert place_in(app) == (place, True, True)
            assert "".join(with_keys(step.claim.text).split()) in "".join(words_of(app, "lesson").split())
            assert app.screen.state == stands_in(app, place, True)  # type: ignore[attr-defined]
            if place + 1 < len(find(name).lesson):
                await pilot.press("enter")
        following = study_after(name)
        assert following is not None
        assert f"Enter next lesson: {following.name}" in words_of(app, "lesson")
        await pilot.press("enter")
        await until(pilot, lambda: opened_name(app) == following.name)
        assert f"lesson 1/{len(getattr(following, 'lesson'))}" in words_of(app, "lesson")  # noqa: B009 (a union)
        await pilot.press("q")
        await pilot.pause()
        assert place_in(app)[2] is False, "after its last step the lesson is closed"
        assert not app.screen.query_one("#lesson").display


def opened_name(app: GatestepApp) -> str:
    return getattr(app.screen, "state").lesson_of  # type: ignore[no-any-return]  # noqa: B009 (every lesson's has it)


def stands_in(app: GatestepApp, place: int, revealed: bool) -> Moment:
    """Where the lesson of what the app shows puts one: the same subject, so the moments compare."""
    assert isinstance(app.screen, StepperScreen)
    moment = app.screen.state
    return at_lesson_step(replace(moment, progress=LessonProgress(len(moment.subject.lesson), place, revealed)))


async def test_what_is_hidden_is_not_on_the_screen(opened: GatestepApp, now: Now, subject: Subject) -> None:
    place = next(n for n, step in enumerate(subject.lesson) if step.guess is not None)
    async with opened.run_test(size=SIZE) as pilot:
        await pilot.press(*["enter"] * (2 * place))
        assert place_in(opened) == (place, False, True)
        assert "Enter shows it" in words_of(opened, "prediction") or "not computed yet" in words_of(
            opened, "prediction"
        )
        assert "loss" not in words_of(opened, "heading")
        await pilot.press("enter")
        assert "not computed yet" not in words_of(opened, "prediction")
        assert "loss" in words_of(opened, "heading")
        assert now(opened).phase == 4


async def test_backspace_hides_again_and_goes_back_and_stops_at_the_beginning(opened: GatestepApp) -> None:
    async with opened.run_test(size=SIZE) as pilot:
        await pilot.press("enter", "enter", "enter")
        seen = [place_in(opened)]
        for _ in range(4):
            await pilot.press("backspace")
            seen.append(place_in(opened))
        assert seen == [(1, True, True), (1, False, True), (0, False, True), (0, False, True), (0, False, True)]


@pytest.mark.parametrize("close", ["escape", "t"])
async def test_closing_keeps_the_place_and_t_opens_it_there_again(opened: GatestepApp, now: Now, close: str) -> None:
    async with opened.run_test(size=SIZE) as pilot:
        await pilot.press(*["enter"] * 3)
        there = now(opened).t
        await pilot.press(close)
        assert place_in(opened) == (1, True, False)
        assert now(opened).t == there
        assert not opened.screen.query_one("#lesson").display
        await pilot.press("left", "left", "t")
        assert place_in(opened) == (1, True, True)
        assert now(opened).t == there
        await pilot.press("escape", "g", "enter")
        assert (place_in(opened), now(opened).t) == ((1, True, True), there), "Enter opens it where it was left"


async def test_keys_work_in_the_middle_and_enter_takes_one_back(opened: GatestepApp, now: Now) -> None:
    async with opened.run_test(size=SIZE) as pilot:
        await pilot.press("5", "l", "j", "tab", "full_stop")
        assert (now(opened).t, now(opened).phase) == (6, 1)
        assert place_in(opened) == (0, False, True)
        await pilot.press("slash", *"boy", "enter")
        await pilot.pause()
        assert now(opened).t == 14
        assert place_in(opened) == (0, False, True), "the prompt has its Enter to itself"
        await pilot.press("enter")
        assert place_in(opened) == (0, True, True)
        assert now(opened) == stands_in(opened, 0, True)


async def test_escape_first_undoes_a_count_and_a_prompt_before_it_closes(opened: GatestepApp, now: Now) -> None:
    async with opened.run_test(size=SIZE) as pilot:
        await pilot.press("5", "escape")
        assert (counted(opened), place_in(opened)[2]) == ("", True)
        await pilot.press("colon", "escape")
        await pilot.pause()
        assert place_in(opened)[2]
        await pilot.press("escape")
        assert not place_in(opened)[2]
        assert opened.is_running


async def test_the_list_and_back_keeps_the_place_until_the_lesson_is_over(look: Look, now: Now) -> None:
    app = GatestepApp(look)
    steps = len(next(iter(SCENARIOS.values())).lesson)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("enter")
        await pilot.press("enter", "enter", "enter", "escape", "q")
        await pilot.pause()
        assert isinstance(app.screen, PickerScreen)
        await pilot.press("enter")
        await pilot.pause()
        assert place_in(app) == (1, True, True)
        assert now(app) == stands_in(app, 1, True)
        await pilot.press(*["enter"] * (2 * steps - 4))
        assert place_in(app) == (steps - 1, True, True)
        await pilot.press("t", "q", "enter")
        await pilot.pause()
        assert place_in(app) == (steps - 1, True, False), "a lesson that is over does not open again by itself"
        await pilot.press("backspace")
        assert place_in(app)[2], "but it can be read again"


@pytest.mark.parametrize(("model", "text"), [("rnn", None), (None, "I live in Kenya, I am")])
async def test_what_has_no_lesson_says_where_it_is_and_t_goes_there(
    look: Look, now: Now, model: str | None, text: str | None
) -> None:
    app = GatestepApp(look, scenario_subject(find("pakistan"), model, text))
    async with app.run_test(size=SIZE) as pilot:
        assert now(app).progress is None
        assert now(app).t == 0
        for key in ("enter", "backspace"):
            await pilot.press("l", key)
            assert "t goes back to it" in noted(app)
        await pilot.press("t")
        assert now(app).subject.lesson
        assert place_in(app) == (0, False, True)


@pytest.mark.parametrize("keys", [("m",), ("e", "h", "i", "enter")])
async def test_another_network_or_sentence_says_that_the_lesson_closed_and_t_opens_it(
    opened: GatestepApp, now: Now, keys: tuple[str, ...]
) -> None:
    async with opened.run_test(size=SIZE) as pilot:
        await pilot.press("enter", *keys)
        await pilot.pause()
        assert now(opened).progress is None
        assert not opened.screen.query_one("#lesson").display
        if keys == ("m",):
            assert "t goes back to it" in noted(opened)
        await pilot.press("t")
        assert place_in(opened) == (0, True, True)


async def test_a_digit_guesses_and_the_lesson_says_what_came_out(opened: GatestepApp, now: Now) -> None:
    async with opened.run_test(size=SIZE) as pilot:
        assert "1 half the time 2 nine times in ten 3 always" in words_of(opened, "lesson")
        await pilot.press("3")
        assert place_in(opened) == (0, True, True)
        assert "✓ right: always" in words_of(opened, "lesson")
        await pilot.press("enter", "1")
        assert "✗ wrong: not almost nothing" in words_of(opened, "lesson")
        assert "More than nine tenths" in words_of(opened, "lesson")
        await pilot.press("enter", "enter", "enter", "2", "enter", "2", "enter", "2", "enter", "2")
        assert "5 of 6 guesses right" in words_of(opened, "lesson")


async def test_elsewhere_than_where_the_lesson_stands_a_digit_is_a_count(opened: GatestepApp, now: Now) -> None:
    async with opened.run_test(size=SIZE) as pilot:
        await pilot.press("l", "3", "l")
        assert now(opened).t == 4
        assert place_in(opened) == (0, False, True)
        await pilot.press("g", "5", "l")
        assert now(opened).t == 5, "there is no fifth choice"
        await pilot.press("g", "2")
        assert place_in(opened) == (0, True, True)
        await pilot.press("2", "l")
        assert now(opened).t == 2, "nothing is asked any more"


async def test_enter_keeps_the_way_back_to_where_one_was(opened: GatestepApp, now: Now) -> None:
    async with opened.run_test(size=SIZE) as pilot:
        await pilot.press("5", "l", "j")
        before = now(opened)
        await pilot.press("enter")
        assert now(opened).t == 0
        assert noted(opened) == "you were at timestamp 6; Backspace goes back there"
        await pilot.press("backspace")
        assert now(opened) == before
        await pilot.press("enter", "escape")
        assert not place_in(opened)[2], "the note does not have to be put away first"


async def test_a_timestamp_asked_for_opens_without_the_lesson(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE):
        assert now(app).progress is None
        assert not app.screen.query_one("#lesson").display


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (60, 15), (130, 40), (250, 70)])
async def test_resizing_in_the_middle_keeps_the_place(opened: GatestepApp, now: Now, size: tuple[int, int]) -> None:
    async with opened.run_test(size=SIZE) as pilot:
        await pilot.press(*["enter"] * 2)
        before = now(opened)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert (now(opened).t, now(opened).phase, place_in(opened)) == (before.t, before.phase, (1, False, True))
        if size[1] >= 40:
            await pilot.press("enter")
            words = "".join(words_of(opened, "lesson").split())
            step = before.subject.lesson[1]
            assert "".join(with_keys(step.text).split()) in words
            assert "".join(with_keys(step.claim.text).split()) in words, (
                "with room for both the text stays above the claim"
            )


async def test_going_through_the_networks_comes_back_to_the_lesson_where_it_was(look: Look, now: Now) -> None:
    app = GatestepApp(look, scenario_subject(find("order")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "enter")
        before = now(app)
        await pilot.press("m")
        assert now(app).progress is None
        await pilot.press("m", "m")  # by way of the dense network, which is another screen
        assert now(app).progress == before.progress
        assert now(app).t == before.t
