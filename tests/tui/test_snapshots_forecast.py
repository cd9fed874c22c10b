"""What the forecaster, its days and a training look like."""

from dataclasses import replace

import numpy as np
import pytest
from gatestep.engine import CELLS, Checkpoint, Epoch, Network, Readout, WordNetwork, stack_from_tensors
from gatestep.engine.train.checkpoints import checkpoint_epochs
from gatestep.scenarios import STUDIES, find, shipped
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.opening import opened_study
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.training.state import PAUSED
from gatestep.tui.views.learning.screen import LearningScreen
from gatestep.tui.views.learning.state import learning_from
from gatestep.tui.views.stepper.state import first_moment
from pictures import IN_OTHER_LOOKS, LARGE, MIDDLE, SMALL, Compare


def forecaster(look: Look | None = None, model: str | None = None) -> GatestepApp:
    """The forecaster with the networks that ship."""
    return GatestepApp(look or Look(UNICODE), opened_study(STUDIES["starbucks"], model))


def test_forecast(snap_compare: Compare) -> None:
    assert snap_compare(forecaster(), terminal_size=MIDDLE, press=("tab", "8", "l"))


@pytest.mark.parametrize("pages", [0, 1, 2, 3], ids=["data", "forecast", "learning", "scores"])
def test_forecast_page(snap_compare: Compare, pages: int) -> None:
    assert snap_compare(forecaster(), terminal_size=SMALL, press=("tab",) * pages)


def test_forecast_as_it_was(snap_compare: Compare) -> None:
    press = ("tab", "tab", "1", "5", "less_than_sign")
    assert snap_compare(forecaster(model="windowed"), terminal_size=SMALL, press=press)


@IN_OTHER_LOOKS
def test_forecast_in(snap_compare: Compare, look: Look) -> None:
    assert snap_compare(forecaster(look), terminal_size=SMALL, press=("tab", "left"))


def test_forecast_lesson_told(snap_compare: Compare) -> None:
    press = ("enter", "enter", "enter", "enter")
    assert snap_compare(forecaster(), terminal_size=SMALL, press=press)


def test_forecast_in_light(snap_compare: Compare) -> None:
    assert snap_compare(forecaster(model="windowed"), terminal_size=LARGE, press=("d", "tab"))


@pytest.mark.parametrize("model", ["article", "windowed"])
def test_day(snap_compare: Compare, model: str) -> None:
    assert snap_compare(forecaster(model=model), terminal_size=SMALL, press=("s",))


def test_day_in_the_middle_of_its_window(snap_compare: Compare) -> None:
    press = ("s", "left", "left", "comma", "8", "less_than_sign")
    assert snap_compare(forecaster(model="windowed"), terminal_size=MIDDLE, press=press)


def test_help_of_a_forecaster(snap_compare: Compare) -> None:
    assert snap_compare(forecaster(), terminal_size=MIDDLE, press=("question_mark",))


def test_picker_on_the_forecaster(snap_compare: Compare) -> None:
    assert snap_compare(GatestepApp(Look(UNICODE)), terminal_size=MIDDLE, press=("down",) * 7)


def learning(look: Look) -> GatestepApp:
    """The view of a training that is made up, so that it is the same everywhere: a network that fades in."""
    subject = scenario_subject(find("pakistan"))
    assert isinstance(subject, Subject)
    network, _ = shipped(find("pakistan"), "lstm")
    assert isinstance(network, WordNetwork)

    def faded(share: float) -> Network:
        tensors = {name: array * np.float32(share) for name, array in network.stack.flat[0].tensors.items()}
        readout = Readout(network.readout.matrix * np.float32(share), network.readout.bias * np.float32(share))
        return replace(network, stack=stack_from_tensors(tensors, "faded"), readout=readout)

    parts = [f"{tensor}.{gate}" for tensor in ("weight_ih_l0", "bias_ih_l0") for gate in CELLS["lstm"].rows]
    start = learning_from(first_moment(subject, 8))
    batches: list[Epoch[Network]] = [
        Epoch(n, 9000, 4 / (1 + n / 900), n / 250, kept, min(1.0, n / 5000))
        for n in range(6001)
        for kept in [Checkpoint(n, faded(n / 6000), {part: 600 / (n + 600) * (1 + k / 9) for k, part in enumerate(
            ["embedding.weight", *parts, "readout.weight"])}) if n in checkpoint_epochs(9000) else None]
    ]  # fmt: skip
    state = replace(start.after(tuple(batches)), state=PAUSED)
    app = GatestepApp(look, subject, 8)
    app.call_later(lambda: app.push_screen(LearningScreen(state, look)))
    return app


def test_learning(snap_compare: Compare) -> None:
    assert snap_compare(learning(Look(UNICODE)), terminal_size=MIDDLE, press=("_", "5", "less_than_sign"))


def test_learning_at(snap_compare: Compare) -> None:
    assert snap_compare(learning(Look(UNICODE)), terminal_size=SMALL, press=("_", "5", "less_than_sign"))


def test_learning_in_ascii(snap_compare: Compare) -> None:
    assert snap_compare(learning(Look(ASCII)), terminal_size=SMALL, press=("_", "less_than_sign"))


def test_a_network_as_it_was(snap_compare: Compare) -> None:
    assert snap_compare(learning(Look(UNICODE)), terminal_size=SMALL, press=("_", "s", "5", "less_than_sign"))
