"""Stepping through a forecaster's days: inside the window, from day to day, from epoch to epoch; its sums add up."""

import re
from decimal import Decimal

import numpy as np
import pytest
from gatestep.scenarios.forecast import STARBUCKS
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.lines import plain_text
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.source.day import DayForecast
from gatestep.tui.source.make import day_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.day.screen import DayScreen
from gatestep.tui.views.stepper.panels.day import forecast, inputs
from gatestep.tui.views.stepper.state import Moment, first_moment
from pilots import noted, until
from pilots import shown as text_of

SIZE = (80, 24)


def there(model: str, day: int, number: int | None = None) -> DayForecast:
    trained = STARBUCKS.trained(model)
    return DayForecast(
        trained.task, trained.history, len(trained.history.checkpoints) - 1 if number is None else number, day
    )


def subject(model: str, day: int = 200) -> Subject:
    return day_subject("starbucks", there(model, day))


def opened(look: Look, model: str, day: int = 200) -> GatestepApp:
    return GatestepApp(look, subject(model, day))


def now(app: GatestepApp) -> tuple[int, int]:
    """The day and the timestamp."""
    moment = shown(app)
    assert moment.subject.forecast is not None
    return moment.subject.forecast.day, moment.t


def shown(app: GatestepApp) -> Moment:
    assert isinstance(app.screen, DayScreen)
    return app.screen.state


@pytest.mark.parametrize("model", STARBUCKS.models)
@pytest.mark.parametrize("number", [0, 7, -1])
def test_a_days_forecast_is_the_one_of_all_days_at_once(model: str, number: int) -> None:
    one = there(model, 230, number)
    assert one.value(len(one.trace) - 1) == pytest.approx(one.task.forecast(one.network)[230], rel=1e-5)


@pytest.mark.parametrize("model", STARBUCKS.models)
def test_the_sum_adds_up_as_printed(model: str) -> None:
    for day in (5, 100, 200, 252):
        for look in (Look(UNICODE), Look(ASCII)):
            text = plain_text(forecast(first_moment(subject(model, day), 4), 100, 4, look)).replace("−", "-")
            total, bias, units = map(
                Decimal,
                re.search(r"scaled (-?[\d.]+) = bias ([+-][\d.]+).*units ([+-][\d.]+)", text).groups(),  # type: ignore[union-attr]
            )
            assert bias + units == total


def test_the_way_back_to_shares_is_the_recipes() -> None:
    article = plain_text(forecast(first_moment(subject("article")), 100, 4, Look(UNICODE)))
    assert re.search(r"1,847,800 \+ 0\.1890 × 26,922,800 = 6,936,700", article)
    assert pytest.approx(6_936_707, rel=1e-3) == 1_847_800 + 0.1890 * 26_922_800
    windowed = plain_text(forecast(first_moment(subject("windowed"), 4), 100, 4, Look(UNICODE)))
    offset, scaled, scale, value = re.search(r"exp\(([\d.]+) \+ ([\d.]+) × ([\d.]+)\) = ([\d,]+)", windowed).groups()  # type: ignore[union-attr]
    assert np.exp(float(offset) + float(scaled) * float(scale)) == pytest.approx(
        float(value.replace(",", "")), rel=1e-3
    )


def test_raw_and_scaled_inputs_stand_side_by_side() -> None:
    moment = first_moment(subject("windowed"), 2)
    text = plain_text(inputs(moment, 200, 4, Look(UNICODE)))
    series, task = STARBUCKS.series, STARBUCKS.trained("windowed").task
    x = task.windows[200 - task.first][2]
    for column, raw, scaled in zip(task.columns, series.values[197], x, strict=True):
        assert re.search(rf"{column} [\d,.]+ → [+−]{abs(scaled):.2f}", text), (column, raw, scaled, text)


def test_before_the_windows_end_it_says_that_it_is_not_the_forecast() -> None:
    early = plain_text(forecast(first_moment(subject("windowed"), 1), 120, 4, Look(UNICODE)))
    last = plain_text(forecast(first_moment(subject("windowed"), 4), 120, 4, Look(UNICODE)))
    assert "if the window ended here" in early
    assert "if the window ended here" not in last


@pytest.mark.parametrize("model", STARBUCKS.models)
def test_effects_are_how_the_forecast_changes_without_a_unit(model: str) -> None:
    one = there(model, 210)
    t = len(one.trace) - 1
    hidden = one.trace.top[t].copy()
    for unit, effect in enumerate(one.effects(t)):
        silent = hidden.copy()
        silent[unit] = 0
        assert effect == pytest.approx(float(one.head.value(silent) - one.head.value(hidden)), abs=1e-6)


async def test_a_step_past_the_window_goes_to_the_next_day(look: Look) -> None:
    app = opened(look, "windowed")
    async with app.run_test(size=SIZE) as pilot:
        assert now(app) == (200, 4), "it opens where the forecast is made"
        await pilot.press("right")
        assert now(app) == (201, 0)
        await pilot.press("left")
        assert now(app) == (200, 4)
        await pilot.press("1", "2", "right")
        assert now(app) == (203, 1)
        await pilot.press("right_square_bracket")
        assert now(app) == (204, 1)
        await pilot.press("9", "9", "right_square_bracket")
        assert now(app) == (252, 1)
        await pilot.press("9", "9", "right")
        assert now(app) == (252, 4)
        await pilot.press("9", "9", "9", "left_square_bracket")
        assert now(app) == (5, 4)


async def test_the_articles_windows_have_one_step_so_steps_go_from_day_to_day(look: Look) -> None:
    app = opened(look, "article", 0)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("3", "right")
        assert now(app) == (3, 0)
        await pilot.press("9", "left")
        assert now(app) == (0, 0)


async def test_epochs_change_the_gates_and_keep_the_place(look: Look) -> None:
    app = opened(look, "windowed")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("left", "down", "tab")
        before = shown(app)
        await pilot.press("less_than_sign")
        after = shown(app)
        assert (after.t, after.unit, after.quantity) == (before.t, before.unit, before.quantity)
        assert not np.array_equal(after.trace.layers[0]["forget"], before.trace.layers[0]["forget"])
        assert "after epoch 271" in after.subject.network
        await pilot.press("5", "0", "less_than_sign", "less_than_sign")
        assert noted(app) == "this is the first checkpoint"


async def test_playing_goes_through_the_days_to_the_last(look: Look) -> None:
    app = opened(look, "article", 250)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("plus", "plus", "plus", "space")
        for _ in range(100):
            await pilot.pause(0.05)
            if not shown(app).playing:
                break
        assert now(app) == (252, 0)


async def test_a_day_is_gone_to_by_its_date(look: Look) -> None:
    app = opened(look, "article")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"2020-03-13", "enter")
        assert STARBUCKS.series.label(now(app)[0]) == "2020-03-13"
        await pilot.press("slash", *"soon", "enter")
        assert noted(app).startswith("soon: unknown day")


async def test_the_dead_gate_is_told(look: Look) -> None:
    for model, dead in (("article", True), ("windowed", False)):  # at the end of its window
        app = opened(look, model)
        async with app.run_test(size=SIZE):
            strips = [list(strip) for panel in app.screen.query("#arithmetic") for strip in panel.strips]  # type: ignore[attr-defined]
            assert ("whatever f is, it changes nothing" in plain_text(strips)) == dead


async def test_of_a_day_that_reads_no_others_the_chart_has_the_days_around_it(look: Look) -> None:
    app = opened(look, "article")
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: "actual" in text_of(app, "chart"))
        assert "test days" in text_of(app, "chart")
        assert "%" not in text_of(app, "chart")
        before = text_of(app, "chart")
        await pilot.press("4", "0", "right_square_bracket")
        await until(pilot, lambda: text_of(app, "chart") != before)
        assert "2020-12-10" in text_of(app, "chart")


async def test_a_window_of_days_has_the_chart_of_its_unit_in_numbers_of_its_own(look: Look) -> None:
    app = opened(look, "windowed")
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: "gates and memory" in text_of(app, "chart"))
        for _ in range(4):
            assert "%" not in text_of(app, "chart"), "a memory is no share, even where it lies between 0 and 1"
            await pilot.press("down")
