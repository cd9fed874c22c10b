"""What the screens look like. README shows some of these files, so its pictures cannot go stale.

Look at every picture that changed before it is committed.
"""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gatestep.engine import CELLS, Epoch, Kept, Network, Readout, WordNetwork, run, stack_from_tensors
from gatestep.engine.history import kept_epochs
from gatestep.scenarios import STUDIES, find, shipped
from gatestep.tui.app import GatestepApp
from gatestep.tui.backward import found_for
from gatestep.tui.held_out import gates_over_all, surveyed, worth
from gatestep.tui.learning import learning_from
from gatestep.tui.look import ASCII, UNICODE, Look
from gatestep.tui.moment import Subject, first_moment
from gatestep.tui.screens.learning import LearningScreen
from gatestep.tui.subjects import backward, opened_study, scenario_subject
from gatestep.tui.watching import PAUSED
from textual.pilot import Pilot

MADE_WITH = ((3, 11), "8.2.8")
"""The Python and Textual that draw the reference pictures; others may round a colour or an escape differently."""

SMALL, MIDDLE, LARGE = (80, 24), (120, 40), (200, 50)
TO_COUNTRY = ("9", "G")

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def same_versions(request: pytest.FixtureRequest) -> None:
    here = (sys.version_info[:2], version("textual"))
    if here != MADE_WITH:
        if request.config.getoption("--snapshot-update"):
            pytest.fail(f"pictures are updated with Python and Textual {MADE_WITH} only; this is {here}")
        pytest.skip(f"pictures are compared with Python and Textual {MADE_WITH} only; this is {here}")


def pakistan(look: Look | None = None, **options: Any) -> GatestepApp:
    """The stepper at the first timestamp, without its lesson."""
    return GatestepApp(look or Look(UNICODE), scenario_subject(find("pakistan"), **options), 0)


def opened(scenario: str, look: Look | None = None, **options: Any) -> GatestepApp:
    """A scenario as it opens, with its lesson."""
    return GatestepApp(look or Look(UNICODE), scenario_subject(find(scenario), **options))


def stack_of_two() -> GatestepApp:
    """A network from a file: two layers both ways, numbers in, no readout."""
    rng = np.random.default_rng(3)
    tensors = {}
    for layer, inputs in ((0, 3), (1, 12)):
        for side in ("", "_reverse"):
            tensors[f"weight_ih_l{layer}{side}"] = rng.normal(size=(24, inputs))
            tensors[f"weight_hh_l{layer}{side}"] = rng.normal(size=(24, 6))
    trace = run(stack_from_tensors(tensors, "random"), rng.normal(size=(60, 3)))
    return GatestepApp(Look(UNICODE), Subject("encoder.safetensors", "LSTM 6 units x 2 layers both ways", trace), 0)


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_picker(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(GatestepApp(Look(UNICODE)), terminal_size=size)


def test_stepper(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=MIDDLE, press=TO_COUNTRY)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "200x50"])
def test_stepper_at(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(pakistan(), terminal_size=size, press=TO_COUNTRY)


def test_stepper_at_the_answer(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=("G", "tab", "tab", "tab"))


def test_step_into(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=("8", "G", "2", "full_stop"))


@pytest.mark.parametrize("parts", [1, 3], ids=["forget", "update"])
def test_step_into_part(snap_compare: Compare, parts: int) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=("8", "G", str(parts), "full_stop"))


def test_ordered_by_effect(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=MIDDLE, press=("G", "o"))


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_help(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(pakistan(), terminal_size=size, press=(*TO_COUNTRY, "question_mark"))


def test_light(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=(*TO_COUNTRY, "d", "tab", "tab"))


def test_sixteen_colours(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(Look(UNICODE, "16")), terminal_size=SMALL, press=(*TO_COUNTRY, "tab"))


def test_monochrome(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(Look(UNICODE, "none")), terminal_size=SMALL, press=(*TO_COUNTRY, "tab", "tab"))


def test_ascii(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(Look(ASCII)), terminal_size=SMALL, press=(*TO_COUNTRY, "tab", "tab"))


def test_prompt(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=("slash", *"Paki"))


def test_nothing_found(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=("slash", *"Pakisten", "enter"))


def test_palette(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=("ctrl+p",))


def test_unknown_word(snap_compare: Compare) -> None:
    app = pakistan(text="My name is Zork, I live in Kenya, I am ____")
    assert snap_compare(app, terminal_size=SMALL, press=("G",))


def test_vanilla_network(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(model="rnn"), terminal_size=SMALL, press=TO_COUNTRY)


@pytest.mark.parametrize("quantity", [0, 2], ids=["reset", "candidate"])
def test_gru(snap_compare: Compare, quantity: int) -> None:
    assert snap_compare(pakistan(model="gru"), terminal_size=SMALL, press=(*TO_COUNTRY, *["tab"] * quantity))


def test_gru_step_into(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(model="gru"), terminal_size=SMALL, press=("8", "G", "2", "full_stop"))


def test_peephole(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(model="peephole"), terminal_size=SMALL, press=TO_COUNTRY)


def test_coupled(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(model="coupled-forget"), terminal_size=SMALL, press=(*TO_COUNTRY, "tab", "tab"))


def test_network_from_a_file(snap_compare: Compare) -> None:
    assert snap_compare(stack_of_two(), terminal_size=MIDDLE, press=("3", "0", "G", "L", "L", "L", "tab", "tab"))


def test_lesson(snap_compare: Compare) -> None:
    assert snap_compare(opened("pakistan"), terminal_size=SMALL, press=("enter", "enter"))


def test_lesson_told(snap_compare: Compare) -> None:
    assert snap_compare(opened("sharing"), terminal_size=MIDDLE, press=("enter", "enter", "enter"))


@pytest.mark.parametrize("look", [Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none")], ids=["ascii", "16", "none"])
def test_lesson_in(snap_compare: Compare, look: Look) -> None:
    assert snap_compare(opened("ali", look), terminal_size=SMALL, press=("enter", "enter"))


def test_compare(snap_compare: Compare) -> None:
    assert snap_compare(opened("order"), terminal_size=SMALL, press=("3", "G", "c"))


def test_compare_networks(snap_compare: Compare) -> None:
    assert snap_compare(opened("pakistan"), terminal_size=MIDDLE, press=("c", "G"))


def test_compare_with_a_dense_network(snap_compare: Compare) -> None:
    assert snap_compare(opened("lengths", model="dense"), terminal_size=SMALL, press=("c", "3", "l"))


@pytest.mark.parametrize("look", [Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none")], ids=["ascii", "16", "none"])
def test_compare_in(snap_compare: Compare, look: Look) -> None:
    assert snap_compare(opened("dna", look), terminal_size=SMALL, press=("9", "G", "c", "tab"))


@pytest.mark.parametrize("scenario", ["order", "sharing"], ids=["bag", "places"])
def test_dense(snap_compare: Compare, scenario: str) -> None:
    assert snap_compare(opened(scenario, model="dense"), terminal_size=SMALL, press=("down",))


def test_chart(snap_compare: Compare) -> None:
    assert snap_compare(opened("pakistan"), terminal_size=SMALL, press=("a",))


def test_next_chart_in_ascii(snap_compare: Compare) -> None:
    assert snap_compare(opened("lengths", Look(ASCII)), terminal_size=SMALL, press=("a", "right"))


def way_back(look: Look | None = None, scenario: str = "pakistan") -> GatestepApp:
    """The way back through a sentence, with its gradients."""
    state = backward(scenario_subject(find(scenario)))
    return GatestepApp(look or Look(UNICODE), replace(state, found=found_for(state)))


def experiment(look: Look | None = None) -> GatestepApp:
    return GatestepApp(look or Look(UNICODE), opened_study(STUDIES["gradients"]))


BACK_TO_COUNTRY = ("1", "5", "left")


def test_gradients(snap_compare: Compare) -> None:
    assert snap_compare(way_back(), terminal_size=SMALL, press=BACK_TO_COUNTRY)


def test_gradients_at(snap_compare: Compare) -> None:
    assert snap_compare(way_back(), terminal_size=MIDDLE, press=BACK_TO_COUNTRY)


def test_gradients_of_the_sum(snap_compare: Compare) -> None:
    assert snap_compare(way_back(), terminal_size=SMALL, press=(*BACK_TO_COUNTRY, "tab"))


@pytest.mark.parametrize("look", [Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none")], ids=["ascii", "16", "none"])
def test_gradients_in(snap_compare: Compare, look: Look) -> None:
    assert snap_compare(way_back(look), terminal_size=SMALL, press=BACK_TO_COUNTRY)


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_experiment(snap_compare: Compare, size: tuple[int, int]) -> None:
    keys = ("tab", "tab", "enter", "9", "9", "up", "1", "G")
    assert snap_compare(experiment(), terminal_size=size, press=keys)


@pytest.mark.parametrize("place", [1, 2, 5, 6, 7])
def test_experiment_chart(snap_compare: Compare, place: int) -> None:
    assert snap_compare(experiment(), terminal_size=SMALL, press=(*["tab"] * (place - 1), "enter"))


def test_experiment_in_ascii(snap_compare: Compare) -> None:
    assert snap_compare(experiment(Look(ASCII)), terminal_size=SMALL, press=("tab", "tab", "tab", "f", "g"))


def gates_over_all_of(subject_of: str, look: Look | None = None, model: str = "lstm") -> GatestepApp:
    """The stepper of a scenario, where the gates over its held-out sentences are found already."""
    subject = scenario_subject(find(subject_of), model)
    assert isinstance(subject, Subject)
    gates_over_all(surveyed(first_moment(subject)))
    worth(first_moment(subject))
    return GatestepApp(look or Look(UNICODE), subject, 0)


def pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Press keys, and wait for what a thread finds, before the rest is pressed."""

    async def press(pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    return press


def test_statistics(snap_compare: Compare) -> None:
    assert snap_compare(gates_over_all_of("pakistan"), terminal_size=SMALL, run_before=pressing("v"))


def test_statistics_side_by_side(snap_compare: Compare) -> None:
    assert snap_compare(gates_over_all_of("pakistan"), terminal_size=MIDDLE, run_before=pressing("v"))


@pytest.mark.parametrize("look", [Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none")], ids=["ascii", "16", "none"])
def test_statistics_in(snap_compare: Compare, look: Look) -> None:
    app = gates_over_all_of("pakistan", look, "gru")
    assert snap_compare(app, terminal_size=SMALL, run_before=pressing("v"), press=("tab", "down", "right"))


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_unit_page(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = gates_over_all_of("pakistan")
    assert snap_compare(app, terminal_size=size, run_before=pressing("9", "G", "u"))


@pytest.mark.parametrize("look", [Look(ASCII), Look(UNICODE, "none")], ids=["ascii", "none"])
def test_unit_page_in(snap_compare: Compare, look: Look) -> None:
    app = gates_over_all_of("dna", look)
    assert snap_compare(app, terminal_size=SMALL, run_before=pressing("7", "G", "u"))


def test_help_of_statistics(snap_compare: Compare) -> None:
    app = gates_over_all_of("pakistan")
    assert snap_compare(app, terminal_size=MIDDLE, run_before=pressing("v"), press=("question_mark",))


def test_help_of_gradients(snap_compare: Compare) -> None:
    assert snap_compare(way_back(), terminal_size=MIDDLE, press=("question_mark",))


def test_help_of_a_comparison(snap_compare: Compare) -> None:
    assert snap_compare(opened("order"), terminal_size=MIDDLE, press=("c", "question_mark"))


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


@pytest.mark.parametrize("look", [Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none")], ids=["ascii", "16", "none"])
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
        for kept in [Kept(n, faded(n / 6000), {part: 600 / (n + 600) * (1 + k / 9) for k, part in enumerate(
            ["embedding.weight", *parts, "readout.weight"])}) if n in kept_epochs(9000) else None]
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


def test_too_small(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=(60, 15))


def test_the_pictures_in_readme_are_these() -> None:
    root = Path(__file__).parents[2]
    readme = (root / "README.md").read_text(encoding="utf-8")
    pictures = [part.split(")")[0] for part in readme.split("](") if part.split(")")[0].endswith(".svg")]
    assert pictures
    for picture in pictures:
        assert (root / picture).is_file()
