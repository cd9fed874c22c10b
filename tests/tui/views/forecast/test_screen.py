"""The forecaster's screen by its keys: days, pages, epochs, the lesson, and what the pages show."""

import re
from dataclasses import replace

import pytest
from forecasting import now
from gatestep.scenarios.forecast import STARBUCKS
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.draw.numbers import large
from gatestep.tui.views.day.screen import DayScreen
from gatestep.tui.views.forecast.screen import ForecastScreen
from gatestep.tui.views.forecast.state import (
    DATA,
    FORECAST,
    LEARNING,
    SCORES,
    own_forecasting,
    shipped_forecasting,
)
from pilots import noted, shown

SIZE = (80, 24)


async def test_it_opens_on_the_data_at_the_first_test_day_with_the_network_that_ships(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE):
        state = now(app)
        assert (state.page, state.day) == (DATA, 200)
        assert state.checkpoint is not None
        assert state.checkpoint.epoch == 1000
        assert "2020-09-28" in shown(app)
        assert "test days" in shown(app)


@pytest.mark.parametrize(
    ("keys", "day"),
    [
        (["right"], 201), (["left"], 199), (["1", "0", "l"], 210), (["g"], 0), (["G"], 252), (["7", "G"], 6),
        (["9", "9", "9", "right"], 252), (["9", "9", "9", "left"], 0),
    ],
)  # fmt: skip
async def test_keys_go_from_day_to_day(app: GatestepApp, keys: list[str], day: int) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*keys)
        assert now(app).day == day


async def test_a_day_is_gone_to_by_its_date_or_number(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("colon", *"2020-03-13", "enter")
        assert now(app).series.label(now(app).day) == "2020-03-13"
        await pilot.press("colon", "5", "enter")
        assert now(app).day == 4
        await pilot.press("colon", *"2020-03-14", "enter")
        assert now(app).day == 4
        assert noted(app) == "2020-03-14: not in the series; the nearest: 2020-03-13 and 2020-03-16"


async def test_pages_turn_around_the_end(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        pages = []
        for _ in range(4):
            pages.append(now(app).page)
            await pilot.press("tab")
        assert pages == [DATA, FORECAST, LEARNING, SCORES]
        assert now(app).page == DATA
        await pilot.press("shift+tab")
        assert now(app).page == SCORES
        assert "persistence" in shown(app)


async def test_going_back_in_training_shows_the_network_as_it_was(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("tab", "less_than_sign")
        checkpoint = now(app).checkpoint
        assert checkpoint is not None
        assert checkpoint.epoch == 902
        assert "after epoch 902" in shown(app)
        before = now(app).forecast
        await pilot.press("2", "0", "less_than_sign")
        first, forecast = now(app).checkpoint, now(app).forecast
        assert first is now(app).history.checkpoints[0]
        assert before is not None
        assert forecast is not None
        assert forecast.value(0) != before.value(0)
        assert forecast.value(0) == pytest.approx(now(app).task.forecast(first.network)[200], rel=1e-4)
        await pilot.press("less_than_sign")
        assert noted(app) == "this is the first checkpoint"
        await pilot.press("escape", "9", "9", "greater_than_sign")
        assert now(app).checkpoint_number is None


async def test_the_other_recipe_shows_the_same_day_and_page(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("tab", "right", "m")
        assert (now(app).task.recipe.name, now(app).page, now(app).day) == ("windowed", FORECAST, 201)
        await pilot.press("g")
        assert "too few days before it: 5 are needed" in shown(app)
        await pilot.press("s")
        assert "too few days" in noted(app)
        await pilot.press("escape", "m")
        assert now(app).task.recipe.name == "article"


async def test_zero_gradients_are_told_as_zero(app: GatestepApp) -> None:
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("tab", "tab")
        line = next(line for line in shown(app).split("\n") if "W, on h′" in line)
        assert line.split()[3:] == ["0"] * 4
        line = next(line for line in shown(app).split("\n") if "U, on x" in line)
        assert [cell == "0" for cell in line.split()[3:]] == [False, True, False, False]


async def test_a_day_is_stepped_through_and_the_screen_follows(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("s")
        assert isinstance(app.screen, DayScreen)
        assert "without unit" in shown(app)
        await pilot.press("right_square_bracket", "right_square_bracket", "less_than_sign", "q")
        assert isinstance(app.screen, ForecastScreen)
        checkpoint = now(app).checkpoint
        assert checkpoint is not None
        assert (now(app).day, checkpoint.epoch) == (202, 902)


async def test_the_lesson_turns_to_its_pages_and_recipes(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        seen = []
        await pilot.press("enter")
        for _ in STARBUCKS.lesson:
            seen.append((now(app).page, now(app).task.recipe.name))
            assert "lesson" in shown(app)
            await pilot.press("enter")
            if len(seen) < len(STARBUCKS.lesson):
                await pilot.press("enter")
        assert "Enter next lesson: gradients" in shown(app)
        await pilot.press("t")
        assert seen == [(step.page, step.recipe) for step in STARBUCKS.lesson]
        progress = now(app).progress
        assert progress is not None
        assert not progress.open
        await pilot.press("t")
        assert "lesson 4/4" in shown(app)
        await pilot.press("escape")
        assert "lesson 4/4" not in shown(app)
        assert isinstance(app.screen, ForecastScreen)


@pytest.mark.parametrize("model", STARBUCKS.models)
async def test_the_loss_is_drawn_beside_the_lesson_in_either_recipe(look: Look, model: str) -> None:
    app = GatestepApp(look, shipped_forecasting(STARBUCKS, model))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("enter")
        while now(app).task.recipe.name != model:
            await pilot.press("m")
        while now(app).page != LEARNING:
            await pilot.press("tab")
        assert "lesson 1/" in shown(app, "lesson")
        assert "log scale" in shown(app, "page")
        assert "W, on h′" in shown(app, "page")


async def test_what_was_said_of_the_reading_is_on_the_screen(look: Look) -> None:
    series = replace(STARBUCKS.series, notes=("newest first: the rows are reversed",))
    async with (app := GatestepApp(look, own_forecasting(series, "own.csv"))).run_test(size=SIZE) as pilot:
        assert "newest first: the rows are reversed" in shown(app)
        await pilot.press("right")
        assert "newest first" not in shown(app)


async def test_the_forecast_is_two_lines_with_what_they_are_at_the_cursor_and_the_error_below(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("tab")
        page = shown(app, "page")
        state, there = now(app), now(app).forecast
        assert there is not None
        said = there.value(len(there.trace) - 1)
        label = state.series.label(state.day)
        assert f"▼ {label}  actual {large(there.actual)}  forecast {large(said)}" in page
        assert re.search(rf"error: .*▼ {label}  {re.escape(f'+{large(said - there.actual)}')}  ", page)
        assert page.index("actual") < page.index("test days") < page.index("error: forecast less actual")


@pytest.mark.parametrize("other", [Look(ASCII), Look(UNICODE, "none"), Look(ASCII, "none")])
async def test_without_colours_or_dots_marks_tell_the_lines_apart_on_a_page_of_days(other: Look) -> None:
    app = GatestepApp(other, shipped_forecasting(STARBUCKS), STARBUCKS.series.train + 10)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("tab")
        page = shown(app, "page").split("error")[0]
        assert ": days 204 to 232 of 253" in page
        marks = "●◆" if other.glyphs.unicode else "*o"
        assert all(page.count(mark) >= 25 for mark in marks)
        last = len(STARBUCKS.series)
        await pilot.press("G")
        assert f": days {last - 28} to {last} of {last}" in shown(app, "page")


EIGHTHS = "▏▎▍▌▋▊▉█"
"""What bars are made of, by their width."""


async def test_the_scores_have_bars_where_there_is_room_and_the_test_days_below(app: GatestepApp) -> None:
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.press("shift+tab")
        page = shown(app, "page").splitlines()
        means = {row.name.split()[0]: row.spreads["train"]["mae"].mean for row in now(app).rows}
        barred = [line for line in page if "█" in line and line.split()[0].strip("*") in means]
        assert sum("├" in line and "seeds" in line for line in page) == sum(2 for r in now(app).rows if r.seeds > 1)
        bars = {line.split()[0].strip("*"): sum(EIGHTHS.find(c) + 1 for c in line) for line in barred}
        assert sorted(bars, key=bars.__getitem__) == sorted(means, key=means.__getitem__)
        assert any("Volume on test days" in line for line in page)
        assert sum(not line.strip() for line in page) <= 3
