"""The view of a learning network by its keys: it is watched, paused, cancelled, gone back in, and stepped into."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from math import sqrt
from typing import Any

import numpy as np
import pytest
from gatestep.engine import BadInput, History
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.source.subject import Subject
from gatestep.tui.training.state import PAUSED, TRAINING
from gatestep.tui.views.learning.checkpoint import CheckpointScreen
from gatestep.tui.views.learning.panels import allot
from gatestep.tui.views.learning.screen import LearningScreen
from gatestep.tui.views.learning.state import Learning, charts, learning_from, norms
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import Moment, first_moment
from pilots import FROM_FILE, noted, shown, until

SIZE = (80, 24)


def screen(app: GatestepApp) -> LearningScreen:
    return next(s for s in reversed(app.screen_stack) if isinstance(s, LearningScreen))


def now(app: GatestepApp) -> Learning:
    return screen(app).state


def brief(moment: Moment, batches: int, seed: int = 0) -> Learning:
    """The training of the network of `moment`, cut short."""
    start = learning_from(moment)
    recipe = replace(start.recipe, batches=batches, batch_size=8)
    return replace(start, recipe=recipe, history=History(batches), seed=seed)


async def test_a_key_of_the_stepper_trains_its_network_from_the_seed_that_was_typed(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("9", "G", "5", "w")
        assert isinstance(app.screen, LearningScreen)
        assert (now(app).seed, now(app).state, now(app).moment.t) == (5, TRAINING, 8)
        assert (now(app).history.epochs, now(app).recipe.cell) == (9000, "lstm")
        await until(pilot, lambda: now(app).checkpoint)
        assert "s left" in shown(app)
        training = screen(app)._training
        assert training is not None
        await pilot.press("q", "q")
        assert isinstance(app.screen, StepperScreen)
        assert app.screen.state.t == 8
    assert not training.running


async def test_it_comes_to_the_same_network_as_training_without_a_screen(look: Look, moment: Moment) -> None:
    learning = brief(moment, 40, seed=3)
    app = GatestepApp(look, moment.subject, 8)
    async with app.run_test(size=SIZE) as pilot:
        await app.push_screen(LearningScreen(learning, look))
        await until(pilot, lambda: not now(app).state)
        state, alone = now(app), list(learning.make())
        assert noted(app).startswith("trained in ")
        assert state.history.done
        assert state.history.losses == tuple(e.loss for e in alone)
        assert state.history.accuracies == tuple(e.accuracy for e in alone)
        last = alone[-1].checkpoint
        assert last is not None
        assert state.checkpoint is not None
        np.testing.assert_array_equal(state.checkpoint.network.embedding, last.network.embedding)
        await pilot.press("escape", "4", "space")  # and again, from another seed
        assert (now(app).seed, now(app).state, now(app).history.losses) == (4, TRAINING, ())
        await until(pilot, lambda: not now(app).state)
        assert now(app).history.losses != state.history.losses


async def test_it_is_paused_and_goes_on_and_keys_are_answered_meanwhile(look: Look, moment: Moment) -> None:
    app = GatestepApp(look, moment.subject, 8)
    async with app.run_test(size=SIZE) as pilot:
        await app.push_screen(LearningScreen(brief(moment, 100_000), look))
        await until(pilot, lambda: len(now(app).history.losses) > 20)
        assert "Pakistan" in shown(app)
        await pilot.press("right", "down")
        assert (now(app).moment.t, now(app).moment.unit) == (9, moment.unit + 1)
        await pilot.press("space")
        await pilot.pause(0.5)
        count = len(now(app).history.losses)
        await pilot.pause(0.5)
        assert (now(app).state, len(now(app).history.losses)) == (PAUSED, count)
        assert "paused" in shown(app)
        await pilot.press("space")
        await until(pilot, lambda: len(now(app).history.losses) > count)
        assert now(app).state == TRAINING


@pytest.mark.parametrize(("keys", "offered"), [((), "Space pauses"), (("space",), "Space resumes")])
async def test_before_a_training_is_lost_it_is_asked_once(
    look: Look, moment: Moment, keys: tuple[str, ...], offered: str
) -> None:
    app = GatestepApp(look, moment.subject, 8)
    async with app.run_test(size=SIZE) as pilot:
        await app.push_screen(LearningScreen(brief(moment, 100_000), look))
        await until(pilot, lambda: now(app).history.losses)
        training = screen(app)._training
        assert training is not None
        await pilot.press(*keys, "q")
        assert noted(app).endswith(f"leaving ends it; q again leaves, {offered}")
        assert training.running
        await pilot.press("q")
        assert not isinstance(app.screen, LearningScreen)
        assert not training.running


async def test_a_cancelled_training_leaves_what_is_kept(look: Look, moment: Moment) -> None:
    app = GatestepApp(look, moment.subject, 8)
    async with app.run_test(size=SIZE) as pilot:
        await app.push_screen(LearningScreen(brief(moment, 100_000), look))
        await until(pilot, lambda: now(app).checkpoint)
        training = screen(app)._training
        assert training is not None
        await pilot.press("x")
        assert noted(app).startswith("cancelled")
        assert not training.running
        checkpoints = now(app).history.checkpoints
        assert checkpoints
        await pilot.pause(0.3)
        assert now(app).history.checkpoints is checkpoints
        await pilot.press("escape", "x")
        assert noted(app).startswith("nothing is training")


async def test_going_back_in_training_shows_the_gates_and_the_prediction_as_they_were(
    look: Look, learned: Callable[[], Learning]
) -> None:
    learning = learned()
    app = GatestepApp(look, learning.moment.subject, 8)
    async with app.run_test(size=SIZE) as pilot:
        await app.push_screen(LearningScreen(learning, look))
        assert not screen(app)._training, "it has been trained"
        pictures = []
        for place in reversed(range(len(learning.history.checkpoints))):
            state, checkpoint = now(app), learning.history.checkpoints[place]
            assert state.checkpoint is checkpoint
            assert f"after batch {checkpoint.epoch} of 60" in shown(app)
            trace = checkpoint.network.trace(" ".join(state.moment.trace.tokens or ()))  # type: ignore[union-attr]
            np.testing.assert_array_equal(trace.layer("l0")["forget"], state.moment.layer_trace["forget"])
            assert look.share(float(trace.layer("l0")["forget"][8, state.moment.unit])) in shown(app)
            prediction = state.moment.subject.prediction
            assert prediction is not None
            assert prediction.top(8, 1)[0][0] in shown(app)
            assert all(f" {part} " in shown(app) for part in ("embedding", "i", "f", "g", "o", "readout"))
            pictures.append(shown(app))
            await pilot.press("less_than_sign")
        assert all(a != b for a, b in pairwise(pictures))
        assert noted(app) == "this is the first checkpoint"
        await pilot.press("escape", "9", "9", "greater_than_sign")
        assert now(app).checkpoint_number is None


async def test_a_kept_state_is_stepped_through_and_the_view_follows(
    look: Look, learned: Callable[[], Learning]
) -> None:
    app = GatestepApp(look, learned().moment.subject, 8)
    async with app.run_test(size=SIZE) as pilot:
        await app.push_screen(LearningScreen(learned(), look))
        await pilot.press("5", "less_than_sign", "right", "down", "s")
        assert isinstance(app.screen, CheckpointScreen)
        stepper, state = app.screen, now(app)
        assert stepper.state == state.moment
        assert stepper.state.t == 9
        await pilot.press("right", "tab", "less_than_sign")
        checkpoint = learned().history.checkpoints[-7]
        assert f"batch {checkpoint.epoch}/60" in shown(app)
        assert (stepper.state.t, stepper.state.quantity, stepper.state.unit) == (10, "input", state.moment.unit)
        assert stepper.state.trace.stack is checkpoint.network.stack  # type: ignore[union-attr]
        await pilot.press("9", "9", "less_than_sign", "less_than_sign")
        assert noted(app) == "this is the first checkpoint"
        await pilot.press("escape", "greater_than_sign", "q")
        assert isinstance(app.screen, LearningScreen)
        assert now(app).checkpoint is learned().history.checkpoints[1]
        assert now(app).moment.trace is stepper.state.trace


def test_gradients_by_part_make_up_the_whole(learned: Callable[[], Learning]) -> None:
    for checkpoint in learned().history.checkpoints:
        parts = norms(checkpoint)
        whole = parts.pop("all")
        assert list(parts) == ["embedding", "input", "forget", "candidate", "output", "readout"]
        assert whole == pytest.approx(sqrt(sum(norm**2 for norm in parts.values())))
        assert parts["forget"] >= checkpoint.gradients["weight_hh_l0.forget"]


@pytest.mark.parametrize(("epochs", "taken", "points"), [(60, 61, 61), (300, 301, 100), (300, 10, 3), (300, 2, 0)])
def test_charts_are_means_over_whole_blocks(epochs: int, taken: int, points: int) -> None:
    values = tuple(float(n) for n in range(taken))
    loss, accuracy = charts(History(epochs, values, (), tuple(v / 1000 for v in values)))
    assert len(loss.lines["loss"]) == len(accuracy.lines["right"]) == points
    assert all(x == pytest.approx(y) for x, y in loss.lines["loss"]), "the mean of 0, 1, 2 … is the middle"
    assert all(x == pytest.approx(1000 * y) for x, y in accuracy.lines["right"])
    assert loss.span == (0.0, epochs)
    assert (loss.shares, accuracy.shares) == (False, True)


def test_numbers_from_a_file_have_nothing_to_learn_from(subject: Subject) -> None:
    own = Subject("own.npz", "LSTM 3 units", subject.trace, FROM_FILE)
    with pytest.raises(BadInput, match="comes from a file"):
        learning_from(first_moment(own))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (80, 10), (40, 6)])
def test_the_rows_fit(size: tuple[int, int], moment: Moment, look: Look) -> None:
    rows = allot(moment, *size, look)
    assert sum(rows.values()) == max(size[1], 6)
    if size >= (80, 24):
        assert all(rows.values())


@pytest.mark.parametrize("look", [Look(ASCII), Look(UNICODE, "none")], ids=["ascii", "none"])
async def test_it_is_told_without_colours_too(look: Look, learned: Callable[[], Any]) -> None:
    app = GatestepApp(look, learned().moment.subject, 8)
    async with app.run_test(size=SIZE) as pilot:
        await app.push_screen(LearningScreen(learned(), look))
        await pilot.press("less_than_sign")
        text = shown(app)
        epoch = learned().history.checkpoints[-2].epoch
        assert f"after batch {epoch} of 60" in text
        assert (f"[{epoch}]" in text) == (look.depth == "none")
        assert look.glyphs.unicode or text.isascii()
