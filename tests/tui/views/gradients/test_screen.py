"""The backward pass through a sentence: the screen, its keys, and the same as text."""

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
import pytest
from gatestep.engine import BadInput, WorkFailed, run, stack_from_tensors
from gatestep.scenarios import SCENARIOS, find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.gradients import screen as screens
from gatestep.tui.views.gradients.make import gradient_view
from gatestep.tui.views.gradients.panels import times
from gatestep.tui.views.gradients.screen import GradientsScreen
from gatestep.tui.views.gradients.state import GradientView, found_for, widest_path
from gatestep.tui.views.stepper.screen import StepperScreen
from pilots import FROM_FILE, noted, shown, until
from textual.pilot import Pilot

if TYPE_CHECKING:
    from tests.tui.conftest import Command

SIZE = (80, 24)
COUNTRY = 8


@cache
def found(name: str = "pakistan") -> GradientView:
    """The backward pass through a scenario's sentence, computed."""
    state = gradient_view(scenario_subject(find(name)))
    return replace(state, found=found_for(state))


async def until_found(pilot: Pilot[Exception]) -> GradientsScreen:
    """Wait for the thread."""
    screen = pilot.app.screen
    assert isinstance(screen, GradientsScreen)
    await until(pilot, lambda: screen.state.found or screen.state.failed)
    return screen


async def test_b_goes_back_from_the_last_word_and_q_to_the_step_one_was_at(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("5", "l", "b")
        screen = await until_found(pilot)
        assert len(screen.state.found) == 2
        assert "timestamp 6/24, 18 back" in shown(app, "heading")
        assert "L = L24" in shown(app, "heading")
        assert re.search(r"RNN \d\.\de[+-]\d\d  LSTM \d\.\de[+-]\d\d", shown(app, "numbers"))
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        assert app.screen.state.t == 5


async def test_the_screen_is_there_before_the_gradients_are(app: GatestepApp) -> None:
    """What the thread does is held up; the screen shows what it waits for, and takes keys."""
    import threading

    gate = threading.Event()

    def slow(state: GradientView) -> tuple[object, ...]:
        gate.wait(20)
        return found().found

    with mock.patch.object(screens, "found_for", slow):
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("G", "b")
            await pilot.pause()
            assert "waiting for PyTorch" in shown(app)
            await pilot.press("left", "left", "tab")
            assert "2 back" in shown(app, "heading")
            gate.set()
            await until_found(pilot)
            assert "waiting" not in shown(app)
            assert "2 back" in shown(app, "heading")
            assert "L1 + ... + L24" in shown(app, "heading")


@pytest.mark.parametrize(
    ("error", "said"),
    [(WorkFailed("gradients need PyTorch; install gatestep[torch]"), "install gatestep"),
     (OSError("libtorch is broken"), "PyTorch failed: libtorch is broken")],
)  # fmt: skip
async def test_where_there_is_no_torch_the_screen_says_so_and_stays(
    app: GatestepApp, error: Exception, said: str
) -> None:
    with mock.patch.object(screens, "found_for", side_effect=error):
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("b")
            await until_found(pilot)
            assert said in shown(app)
            await pilot.press("left", "tab", "g", "G")
            assert said in shown(app)
            await pilot.press("q")
            await pilot.pause()
            assert isinstance(app.screen, StepperScreen)


async def test_the_arrows_walk_back_and_the_numbers_follow(look: Look) -> None:
    state = found()
    app = GatestepApp(look, state)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1", "5", "left")
        assert "timestamp 9/24, 15 back" in shown(app, "heading")
        said = shown(app, "numbers")
        for n, (title, name) in enumerate((("RNN", "hidden"), ("LSTM", "hidden"))):
            assert f"{title} {state.layer(n).norms(name)[COUNTRY]:.1e}" in said
        assert f"LSTM {state.layer(1).norms('cell')[COUNTRY]:.1e}" in said
        widest = widest_path(state.layer(1), COUNTRY)
        assert widest
        assert f", unit {widest[0]}" in said
        await pilot.press("g")
        assert "timestamp 1/24, 23 back" in shown(app, "heading")
        await pilot.press("left")
        assert "timestamp 1/24" in shown(app, "heading")
        await pilot.press("7", "G", "right")
        assert "timestamp 8/24" in shown(app, "heading")


async def test_the_ratio_of_what_both_networks_remember_is_told_in_words(look: Look) -> None:
    state = found()
    app = GatestepApp(look, state)
    async with app.run_test(size=(120, 40)) as pilot:
        for key, t in (("9", 8), ("1", 0)):
            await pilot.press(key, "G")
            rnn, lstm = (float(state.layer(n).norms(name)[t]) for n, name in ((0, "hidden"), (1, "cell")))
            word = state.subjects[0].tokens[t]
            assert f"RNN/LSTM at {word}: {times(rnn / lstm)} " in shown(app, "numbers")
            assert "RNN |dL/dh| over LSTM |dL/dc|" in shown(app, "numbers")
        assert rnn < lstm / 1000


@pytest.mark.parametrize(
    ("ratio", "said"),
    [(1 / 12_034, "1/12,000"), (1.0, "1.0"), (0.995, "1.0"), (0.5, "1/2.0"), (1.82, "1.8"), (9.96, "10"),
     (345.6, "350"), (1 / 3e12, "1/3e+12")],
)  # fmt: skip
def test_a_ratio_in_words(ratio: float, said: str) -> None:
    assert times(ratio) == said


async def test_tab_takes_the_sum_of_the_losses_and_says_where_each_part_comes_from(look: Look) -> None:
    state = replace(found(), summed=True)
    app = GatestepApp(look, found().at(COUNTRY))
    async with app.run_test(size=SIZE) as pilot:
        assert shown(app, "numbers").count("L24 Pakistani 100 %") == 3
        await pilot.press("tab")
        for n, name in ((0, "hidden"), (1, "hidden"), (1, "cell")):
            shares = state.layer(n).shares(name, COUNTRY)
            most = int(np.argmax(np.abs(shares)))
            assert f"L{most + 1} {state.source(n, most)} {100 * shares[most]:.0f} %" in shown(app, "numbers")
        await pilot.press("tab")
        assert shown(app, "numbers").count("L24 Pakistani 100 %") == 3


async def test_where_nobody_knows_the_next_word_it_is_what_each_network_says(look: Look) -> None:
    state = gradient_view(scenario_subject(find("ali"), sentence="My name is Ahmad , my friend is Ali"))
    state = replace(state, found=found_for(state))
    app, T = GatestepApp(look, state), len(state.subjects[0].trace)
    async with app.run_test(size=SIZE):
        assert f"L = L{T}, the likeliest word's loss" in shown(app, "heading")
        for n, subject in enumerate(state.subjects):
            assert subject.prediction
            assert state.source(n, T - 1) == subject.prediction.top(T - 1, 1)[0][0]
            assert f"L{T} {state.source(n, T - 1)} 100 %" in shown(app, "numbers")


@pytest.mark.parametrize("place", range(0, 24, 4))
def test_the_shares_of_a_gradient_make_the_whole(place: int) -> None:
    state = replace(found(), summed=True)
    for n in range(2):
        for name in state.layer(n).states:
            assert state.layer(n).shares(name, place).sum() == pytest.approx(1)


async def test_where_only_the_last_word_has_a_loss_that_is_said(look: Look) -> None:
    app = GatestepApp(look, found("order"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("tab")
        assert "only the last word has a loss here" in shown(app, "footer")
        await pilot.press("q")
        assert isinstance(app.screen, GradientsScreen)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_has_a_backward_pass_in_two_kinds_of_network(name: str) -> None:
    state = gradient_view(scenario_subject(find(name)))
    assert [subject.trace.stack.cell.name for subject in state.subjects] == ["rnn", "lstm"]
    assert len({subject.trace.tokens for subject in state.subjects}) == 1
    assert state.t == state.timestamps - 1


def test_what_is_there_already_stands_beside_the_other_kind() -> None:
    subject = scenario_subject(find("pakistan"), "rnn", "I live in Kenya, I am")
    assert isinstance(subject, Subject)
    state = gradient_view(subject)
    assert state.subjects[0] is subject
    assert state.subjects[1].trace.tokens == subject.trace.tokens


def test_there_is_no_backward_pass_without_timestamps_or_without_a_loss() -> None:
    with pytest.raises(BadInput, match="reads the sentence at once"):
        gradient_view(scenario_subject(find("order"), "dense"))
    tensors = {"weight_ih_l0": np.ones((8, 3)), "weight_hh_l0": np.ones((8, 2))}
    numbers = Subject("file", "LSTM", run(stack_from_tensors(tensors, "made"), np.ones((4, 3))), FROM_FILE)
    with pytest.raises(BadInput, match="comes from a file"):
        gradient_view(numbers)


async def test_b_on_numbers_from_a_file_says_why_not(look: Look) -> None:
    tensors = {"weight_ih_l0": np.ones((8, 3)), "weight_hh_l0": np.ones((8, 2))}
    subject = Subject("file", "LSTM", run(stack_from_tensors(tensors, "made"), np.ones((4, 3))), FROM_FILE)
    app = GatestepApp(look, subject, 0)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("b")
        assert isinstance(app.screen, StepperScreen)
        assert "comes from a file" in noted(app)


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (60, 15), (250, 70), (80, 24)])
@pytest.mark.parametrize("look", [Look(UNICODE), Look(ASCII)], ids=["unicode", "ascii"])
async def test_it_is_drawn_for_every_size(look: Look, size: tuple[int, int]) -> None:
    app = GatestepApp(look, found())
    async with app.run_test(size=size) as pilot:
        await pilot.press("left", "tab", "g", "d")
        assert look.glyphs.unicode or shown(app).isascii()
        await pilot.resize_terminal(*SIZE)
        await pilot.pause()
        for text in ("RNN", "LSTM", "|dL/dh|", "|dL/dc|", "prod f", "log scale", "Flat:", "from"):
            assert text in shown(app)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
def test_in_a_pipe_it_is_text(gatestep: "Command", name: str, glyphs: str) -> None:
    done = gatestep("run", name, "--gradients", "--glyphs", glyphs)
    assert (done.code, done.err) == (0, "")
    assert "size, log scale" in done.out
    assert glyphs == "unicode" or done.out.isascii()
    assert "\x1b" not in done.out


def test_the_text_has_the_sizes_at_every_word_for_both_losses(gatestep: "Command") -> None:
    out = gatestep("run", "pakistan", "--gradients", "--at", COUNTRY + 1).out
    alone, summed = out.split("L = L1 + ... + L24")
    for state, page in ((found(), alone), (replace(found(), summed=True), summed)):
        sizes = [state.layer(0).norms("hidden"), state.layer(1).norms("hidden"), state.layer(1).norms("cell")]
        row = "".join(f"{values[COUNTRY]:10.1e}" for values in sizes)
        assert re.search(rf"\n +9  Pakistan +{re.escape(row.strip())} ", page)
        assert "at Pakistan, timestamp 9" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("order", "--model", "dense", "--gradients"), "in its dense network"),
        (("order", "--gradients", "--compare", "rnn"), "--compare and --gradients do not go together"),
        (("pakistan", "--gradients", "--at", "25"), "1 to 24"),
        (("gradients", "--gradients"), "that is an experiment"),
        (("gradients", "--text", "I am"), "--text I am does not go with a SCENARIO that is an experiment"),
        (("gradients", "--at", "51"), "1 to 50"),
    ],
)
def test_what_does_not_go_together_is_refused(gatestep: "Command", arguments: tuple[str, ...], said: str) -> None:
    done = gatestep("run", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1
