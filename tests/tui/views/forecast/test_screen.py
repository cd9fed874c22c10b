"""The forecaster's screen by its keys: days, pages, epochs, a training that is watched, paused, cancelled."""

import re
from dataclasses import replace

import pytest
from gatestep.engine import History
from gatestep.scenarios.forecast import RECIPES, STARBUCKS, Series, prepare
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.draw.numbers import large
from gatestep.tui.training.state import PAUSED, TRAINING
from gatestep.tui.views.day.screen import DayScreen
from gatestep.tui.views.forecast.screen import ForecastScreen
from gatestep.tui.views.forecast.state import (
    CHOOSING,
    DATA,
    FORECAST,
    LEARNING,
    SCORES,
    Forecasting,
    own_forecasting,
    shipped_forecasting,
)
from pilots import noted, shown, until

SIZE = (80, 24)


@pytest.fixture
def app(look: Look) -> GatestepApp:
    """The forecaster at its first test day, without its lesson."""
    return GatestepApp(look, shipped_forecasting(STARBUCKS), STARBUCKS.series.train)


def screen(app: GatestepApp) -> ForecastScreen:
    return next(s for s in reversed(app.screen_stack) if isinstance(s, ForecastScreen))


def now(app: GatestepApp) -> Forecasting:
    return screen(app).state


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


def quick(epochs: int, series: Series | None = None) -> Forecasting:
    """A series of one's own, with the article's recipe for a few epochs only."""
    state = own_forecasting(series or STARBUCKS.series, "own.csv")
    recipe = replace(state.task.recipe, fit=replace(state.task.recipe.fit, epochs=epochs))
    return replace(state, task=prepare(state.series, recipe), history=History(epochs))


async def test_nothing_is_trained_on_a_series_of_ones_own_until_space_does(look: Look) -> None:
    app = GatestepApp(look, quick(40))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("tab")
        for page in (FORECAST, LEARNING):
            assert now(app).page == page
            assert "Not trained yet: Space trains this network for 40 epochs." in shown(app, "page")
            assert "Volume day by day" in shown(app, "page")
            assert "test days" in shown(app, "page")
            await pilot.press("tab")
        assert "Space train " in shown(app, "footer")
        assert not {"s step in", "x cancel"} & set(re.split(" {2,}", shown(app, "footer")))
        await pilot.press("s")
        assert noted(app) == "nothing is trained yet; Space trains"
        await pilot.press("3", "space")
        assert now(app).state == TRAINING
        await until(pilot, lambda: not now(app).state)
        state = now(app)
        assert state.history.done
        assert state.history.losses == pytest.approx([e.loss for e in state.task.train(3)])
        assert noted(app).startswith("trained in ")
        assert state.rows[0].name == "article"
        await pilot.press("enter")
        assert noted(app) == "no lesson here: it is about the shipped series"


async def test_a_training_is_paused_and_goes_on_and_keys_are_answered_meanwhile(look: Look) -> None:
    app = GatestepApp(look, quick(50_000))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space")
        assert now(app).page == LEARNING
        assert "Space pause  x cancel" in shown(app, "footer")
        await until(pilot, lambda: len(now(app).history.losses) > 20)
        assert "s left" in shown(app)
        await pilot.press("right")
        assert now(app).day == 201
        await pilot.press("m")
        assert "a training is running" in noted(app)
        await pilot.press("space")
        await until(pilot, lambda: now(app).state == PAUSED)
        await pilot.pause(0.5)  # what was on its way arrives
        count = len(now(app).history.losses)
        await pilot.pause(0.5)
        assert len(now(app).history.losses) == count
        assert "paused" in shown(app)
        assert "Space resume  x cancel" in shown(app, "footer")
        await pilot.press("less_than_sign", "s")  # what is checkpoint so far can be stepped through
        assert isinstance(app.screen, DayScreen)
        await pilot.press("q", "space")
        await until(pilot, lambda: len(now(app).history.losses) > count)
        assert now(app).state == TRAINING


async def test_a_cancelled_training_leaves_what_was_there(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        before = now(app).history
        await pilot.press("x")
        assert noted(app) == "nothing is training; Space trains"
        await pilot.press("escape")
        assert "x cancel" not in shown(app, "footer")
        await pilot.press("space")
        await until(pilot, lambda: now(app).history.losses)
        await pilot.press("x")
        assert now(app).history is before
        assert noted(app) == "cancelled; nothing was changed"
        await pilot.pause(0.3)
        assert now(app).history is before


async def test_training_again_comes_to_the_network_that_ships(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        shipped = now(app).history
        await pilot.press("m", "space")
        assert now(app).state == TRAINING, "its window was chosen when it was made"
        await until(pilot, lambda: not now(app).state)
        await pilot.press("m", "m")
        state = now(app)
        assert state.history is not shipped
        # To what processors differ by, as far as it was measured: 3e-6 at the most.
        assert state.history.losses == pytest.approx(STARBUCKS.trained("windowed").history.losses, rel=1e-4)
        assert state.rows[1].seeds == 10, "the spread over seeds stays known"


async def test_a_window_is_chosen_for_a_series_of_ones_own(look: Look) -> None:
    short = Series(STARBUCKS.series.frame.iloc[:60].reset_index(drop=True), "Volume", "own.csv")
    recipe = replace(RECIPES["windowed"], fit=replace(RECIPES["windowed"].fit, epochs=20))
    app = GatestepApp(look, own_forecasting(short, "own.csv", "windowed", {"windowed": recipe}))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space")
        assert "choosing window and size" in shown(app)
        assert "x cancel" in shown(app, "footer")
        assert "Space" not in shown(app, "footer")
        await pilot.press("space", "space")
        assert noted(app) == "the window and size of the network is being chosen; x cancels"
        assert now(app).state == CHOOSING, "a pause would be over before it begins"
        await until(pilot, lambda: len(now(app).candidates) > 1)
        page = shown(app, "page")
        assert "window and size, on held-out days" in page
        assert all(f"{c.window} days   {c.units} units" in page for c in now(app).candidates)
        assert page.count("*") == 2, "the lowest so far, and what the mark means"
        await until(pilot, lambda: now(app).history.done, 60)
        assert len(now(app).candidates) == 3, "longer windows than 5 days would leave too few of them"
        least = min(now(app).candidates, key=lambda t: t.error)
        assert (now(app).task.recipe.window, now(app).task.recipe.fit.units) == (least.window, least.units)


async def test_what_was_said_of_the_reading_is_on_the_screen(look: Look) -> None:
    series = replace(STARBUCKS.series, notes=("newest first: the rows are reversed",))
    async with (app := GatestepApp(look, own_forecasting(series, "own.csv"))).run_test(size=SIZE) as pilot:
        assert "newest first: the rows are reversed" in shown(app)
        await pilot.press("right")
        assert "newest first" not in shown(app)


async def test_leaving_ends_the_training(look: Look) -> None:
    app = GatestepApp(look, quick(100_000))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space")
        await until(pilot, lambda: now(app).history.losses)
        training = screen(app)._training
        assert training is not None
        assert training.running
        await pilot.press("q")
    assert not training.running


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
