"""A forecaster that is trained from its screen: watched, paused, cancelled, left."""

import re
from dataclasses import replace

import pytest
from forecasting import now, quick, screen
from gatestep.engine import History
from gatestep.scenarios.forecast import RECIPES, STARBUCKS, Series
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.lines import plain_text
from gatestep.tui.draw.look import Look
from gatestep.tui.training.state import PAUSED, TRAINING
from gatestep.tui.views.day.screen import DayScreen
from gatestep.tui.views.forecast.panels import page
from gatestep.tui.views.forecast.state import CHOOSING, FORECAST, LEARNING, own_forecasting
from pilots import noted, shown, until

SIZE = (80, 24)


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
        await until(pilot, lambda: now(app).history.done, 60)
        assert len(now(app).candidates) == 3, "longer windows than 5 days would leave too few of them"
        least = min(now(app).candidates, key=lambda t: t.error)
        assert (now(app).task.recipe.window, now(app).task.recipe.fit.units) == (least.window, least.units)
        choosing = replace(now(app), state=CHOOSING, history=History(20))
        text = plain_text(page(choosing, 80, 20, look))
        assert "window and size, on held-out days" in text
        assert all(f"{c.window} days   {c.units} units" in text for c in choosing.candidates)
        assert text.count("*") == 2, "the lowest so far, and what the mark means"


async def test_leaving_ends_the_training(look: Look, trainings_for_real: None) -> None:
    app = GatestepApp(look, quick(100_000))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space")
        await until(pilot, lambda: now(app).history.losses)
        training = screen(app)._training
        assert training is not None
        assert training.running
        await pilot.press("q", "q")
    assert not training.running
