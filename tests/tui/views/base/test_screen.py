"""What all screens do alike: notes, prompts, numbers that are too large, leaving, and handing the selection back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from gatestep.scenarios import STUDIES, find
from gatestep.scenarios.forecast import STARBUCKS
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.opening import opened_study, screen_of
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.training.state import PAUSED, TRAINING
from gatestep.tui.views.base.chrome import Chrome, footer
from gatestep.tui.views.base.chrome import noted as lines_of
from gatestep.tui.views.base.prompt import KEYS, Prompt
from gatestep.tui.views.base.screen import ViewScreen
from gatestep.tui.views.dense.screen import DenseScreen
from gatestep.tui.views.forecast.screen import ForecastScreen
from gatestep.tui.views.forecast.state import shipped_forecasting
from gatestep.tui.views.learning.screen import LearningScreen
from gatestep.tui.views.learning.state import learning_from
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import Moment
from pilots import noted, shown, until
from rich.cells import cell_len

SIZE = (80, 24)
Now = Callable[[GatestepApp], Moment]


# Notes


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize(
    "typed", ["x" * 5000, "漢字" * 900, "a b " * 700, "x" * 30], ids=["x", "wide", "words", "short"]
)
def test_a_note_keeps_its_reason_however_long_what_was_typed_is(width: int, typed: str) -> None:
    reason = ": not a step; give 1 to 24"
    for look in (Look(UNICODE), Look(ASCII)):
        for rows in (1, 2):
            lines = lines_of(typed + reason, width, rows, look)
            assert len(lines) <= rows
            assert all(cell_len(line) <= width - 2 for line in lines)
            text = re.sub(r"\s", "", "".join(lines))
            assert text.endswith(re.sub(r"\s", "", reason)[-16:])
            assert len(text) < 100 or look.glyphs.ellipsis in text
    assert len(footer(Chrome("stepper", note=typed * 9 + reason), width, 1, Look(UNICODE))) == 1


async def test_a_long_note_takes_two_rows_and_gives_one_back(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("colon")
        app.screen.query_one(Prompt).field.value = "x" * 90
        await pilot.press("enter")
        await pilot.pause()
        assert "give 1 to 24, +n or -n" in shown(app, "footer")
        assert app.screen.query_one("#footer").size.height == 2
        await pilot.press("l")
        await pilot.pause()
        assert app.screen.query_one("#footer").size.height == 1


# Prompts


async def test_a_prompt_is_on_the_screen_with_its_caret_and_its_keys_and_typing_replaces_what_is_selected(
    app: GatestepApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("e")
        await pilot.pause()
        prompt = app.screen.query_one(Prompt)
        assert prompt.region.y == SIZE[1] - 1, "it is the last line"
        field = prompt.field
        assert field.selected_text == field.value
        x = field.cursor_screen_offset.x - field.scroll_offset.x
        assert field.content_region.x <= x < field.content_region.right
        line = "".join(s.text for s in app.screen._compositor.render_strips()[-1])
        assert KEYS in line
        assert "I am" in line, "the end of the sentence"
        await pilot.press(*"I", "space", *"am", "enter")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        assert app.screen.state.trace.tokens == ("I", "am")


async def test_without_colours_the_caret_and_the_choice_of_the_palette_are_seen(subject: Subject) -> None:
    app = GatestepApp(Look(UNICODE, "none"), subject, t=0)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("colon")
        await pilot.pause()
        prompt = app.screen._compositor.render_strips()[-1]
        assert KEYS in prompt.text, "whole at 80 columns"
        assert [s.text for s in prompt if s.style and s.style.reverse] == [" "]
        await pilot.press("escape", "ctrl+p")
        await until(pilot, lambda: "next timestamp" in underlined(app))


def underlined(app: GatestepApp) -> str:
    """What is drawn with a line below it."""
    strips = app.screen._compositor.render_strips()
    return "".join(s.text for strip in strips for s in strip if s.style and s.style.underline)


async def test_a_narrow_prompt_leaves_its_field_room(app: GatestepApp) -> None:
    async with app.run_test(size=(40, 24)) as pilot:
        await pilot.press("colon")
        await pilot.pause()
        assert not app.screen.query_one("#keys").display


# Numbers


@pytest.mark.parametrize("where", ["stepper", "compare", "gradients", "experiment", "forecast", "unit", "learning"])
async def test_a_number_that_is_too_large_is_said_everywhere(where: str, app: GatestepApp, look: Look) -> None:
    opens = {"compare": "c", "gradients": "b", "unit": "u", "learning": "w"}
    record: dict[str, Callable[[], Any]] = {
        "experiment": lambda: opened_study(STUDIES["gradients"]),
        "forecast": lambda: shipped_forecasting(STARBUCKS),
    }
    async with app.run_test(size=SIZE) as pilot:
        if where in record:
            await app.push_screen(screen_of(record[where](), look, 0))
        elif where != "stepper":
            await pilot.press(opens[where])
            await until(pilot, lambda: not isinstance(app.screen, StepperScreen))
        assert isinstance(app.screen, ViewScreen)
        while app.screen.cannot("knobs"):
            await pilot.press("tab")
        await pilot.press(*"99999", "G")
        assert noted(app).startswith("there is no 99999 here; the last is ")


# Leaving a training


@pytest.mark.parametrize("kind", ["learning", "forecast"])
async def test_a_training_is_not_lost_by_one_key(kind: str, app: GatestepApp, moment: Moment, look: Look) -> None:
    async with app.run_test(size=SIZE) as pilot:
        if kind == "learning":
            await app.push_screen(LearningScreen(learning_from(moment), look))
        else:
            await app.push_screen(screen_of(shipped_forecasting(STARBUCKS), look, 0))
            await pilot.press("space")
        screen = app.screen
        assert isinstance(screen, LearningScreen | ForecastScreen)
        assert screen.state.state == TRAINING
        await pilot.press("q")
        assert app.screen is screen
        assert "q again leaves" in noted(app)
        await pilot.press("right", "escape")
        assert app.screen is screen, "asked anew after another key"
        await pilot.press("space", "q")
        assert screen.state.state == PAUSED
        assert app.screen is screen
        assert "q again leaves, Space resumes" in noted(app)
        await pilot.press("q")
        assert isinstance(app.screen, StepperScreen)


async def test_a_second_q_leaves_a_training_and_ends_it(app: GatestepApp, moment: Moment, look: Look) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await app.push_screen(LearningScreen(learning_from(moment), look))
        screen = app.screen
        assert isinstance(screen, LearningScreen)
        training = screen._training
        assert training is not None
        await pilot.press("q", "q")
        assert isinstance(app.screen, StepperScreen)
        await until(pilot, lambda: not training.running)


# Handing back


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("b", "left", "left"), {"t": 6}),
        (("c", "right", "down", "tab"), {"t": 9, "unit": 6, "quantity": "input"}),
        (("u", "right", "down"), {"t": 9, "unit": 6}),
        (("v", "down", "tab"), {"t": 8, "unit": 6, "quantity": "input"}),
    ],
    ids=["gradients", "compare", "unit", "gates"],
)
async def test_a_page_hands_the_selection_back(
    keys: tuple[str, ...], expected: dict[str, object], moment: Moment, look: Look, now: Now
) -> None:
    app = GatestepApp(look, moment.subject, 8)
    async with app.run_test(size=SIZE) as pilot:
        before = now(app)
        await pilot.press(*keys, "q")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        after = now(app)
        assert {name: getattr(after, name) for name in expected} == expected
        assert after.subject is before.subject


async def test_a_comparison_hands_the_unit_back_to_a_dense_network(look: Look) -> None:
    app = GatestepApp(look, scenario_subject(find("order"), "dense"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("c", "j", "j", "q")
        await pilot.pause()
        assert isinstance(app.screen, DenseScreen)
        assert app.screen.state.unit == 2
