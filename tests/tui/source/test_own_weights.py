"""A network that somebody trained stays the one that is looked at, whatever is done with its sentence."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gatestep.engine import WordNetwork
from gatestep.engine.arrays import frozen
from gatestep.engine.files.networks import save_network
from gatestep.scenarios import find, shipped
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import Look
from gatestep.tui.source.make import compared, first_side, scenario_subject, with_right
from gatestep.tui.views.gates.screen import StatisticsScreen
from gatestep.tui.views.stepper.state import Moment


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The pakistan scenario's LSTM with other embeddings."""
    network, about = shipped(find("pakistan"), "lstm")
    assert isinstance(network, WordNetwork)
    path = tmp_path / "own.safetensors"
    save_network(replace(network, embedding=frozen(network.embedding * np.float32(0.5))), path, about)
    return path


async def test_editing_the_sentence_keeps_the_network(
    own: Path, look: Look, now: Callable[[GatestepApp], Moment]
) -> None:
    app = GatestepApp(look, scenario_subject(find("pakistan"), weights=own), 0)
    async with app.run_test(size=(80, 24)) as pilot:
        before = now(app).trace
        await pilot.press("e", "enter")
        after = now(app).trace
        assert after is not before
        np.testing.assert_array_equal(after.inputs, before.inputs)
        assert now(app).subject.models == ("lstm",)


def test_two_sentences_are_compared_in_that_network(own: Path) -> None:
    subject = scenario_subject(find("pakistan"), weights=own)
    comparison = compared(first_side(subject), "My name is Sara")
    assert comparison.same_network
    one, other = (moment.trace for moment in comparison.moments)
    np.testing.assert_array_equal(one.inputs[:3], other.inputs[:3])  # "My name is"
    assert comparison.answers == ()


def test_its_title_tells_it_from_the_one_that_ships(own: Path) -> None:
    side = first_side(scenario_subject(find("pakistan"), weights=own))
    comparison = with_right(compared(side, "rnn"), "lstm", None)
    assert comparison.left.subject.network == "LSTM 8 units from own.safetensors"
    assert comparison.right.subject.network == "LSTM 8 units"


async def test_a_file_that_is_gone_is_named_where_the_network_is_run_again(own: Path, look: Look) -> None:
    app = GatestepApp(look, scenario_subject(find("pakistan"), weights=own), 0)
    async with app.run_test(size=(80, 24)) as pilot:
        own.unlink()
        await pilot.press("v")
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, StatisticsScreen)
        assert str(own) in screen.survey.failed
        await pilot.press("right", "enter", "q")
        await pilot.press("u")
        await pilot.pause()
        assert str(own) in app.screen_stack[-1].moment.note  # type: ignore[attr-defined]
