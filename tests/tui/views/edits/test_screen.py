"""The list of edits by its keys: switched, removed, written again, and run as one command."""

import shlex
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from editkeys import from_shell, prompt, texts, typed
from gatestep.tui.app import GatestepApp
from gatestep.tui.views.edits.screen import EditsScreen
from gatestep.tui.views.edits.state import EditsPage
from gatestep.tui.views.stepper.state import Moment
from pilots import noted, shown
from textual.pilot import Pilot

Now = Callable[[GatestepApp], Moment]


@pytest.fixture
async def listed(app: GatestepApp) -> Any:
    """The list of three edits, the last of them chosen."""
    async with app.run_test(size=(100, 30)) as pilot:
        await typed(pilot, "8", "l", "x", "s", "enter", "R", "E")
        assert isinstance(app.screen, EditsScreen)
        yield pilot


def page(app: GatestepApp) -> EditsPage:
    assert isinstance(app.screen, EditsScreen)
    return app.screen.state


async def test_without_edits_the_list_says_how_to_make_one(app: GatestepApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await typed(pilot, "E")
        assert "no edits yet" in noted(app)


async def test_the_list_switches_and_the_stepper_follows(app: GatestepApp, listed: Pilot[Any], now: Now) -> None:
    assert "reset@9" in shown(app, "edits")
    assert page(app).index == 2
    await typed(listed, "space")
    assert [entry.on for entry in page(app).edits] == [True, True, False]
    assert len(texts(now(app))) == 2
    assert "edited: 2 of 3 edits" in shown(app, "heading")
    assert "reset" not in shown(app, "command")
    await typed(listed, "g", "space", "j", "space")
    assert not texts(now(app))
    assert "nothing is edited" in shown(app, "effect")
    await typed(listed, "c")
    assert "nothing to compare" in noted(app)
    await typed(listed, "U", "U", "U", "U")
    assert len(texts(now(app))) == 2, "what was done in the stepper is taken back too"


async def test_the_list_removes_rewrites_and_adds(app: GatestepApp, listed: Pilot[Any], now: Now) -> None:
    await typed(listed, "1", "x")
    assert len(texts(now(app))) == 2
    await typed(listed, "e")
    prompt(app).field.value = "cell[0]+=1@3"
    await typed(listed, "enter")
    assert texts(now(app)) == ["cell[0]+=1@3", "reset@9"]
    await typed(listed, "s", *"skip@99", "enter")
    assert prompt(app).query_one("#wrong").display
    await typed(listed, "delete", "delete", "7", "enter")  # the caret is where it is wrong
    assert texts(now(app)) == ["cell[0]+=1@3", "reset@9", "skip@7"]
    assert page(app).index == 2
    await typed(listed, "x", "x", "x")
    assert "none" in shown(app, "edits")
    for key in ("x", "space", "e"):
        await typed(listed, key)
        assert "there is no edit" in noted(app)
    await typed(listed, "j", "G", "g", "enter")
    assert not texts(now(app))
    await typed(listed, "U")
    assert texts(now(app)) == ["reset@9"] or len(texts(now(app))) == 1


async def test_enter_goes_where_the_edit_takes_effect(app: GatestepApp, listed: Pilot[Any], now: Now) -> None:
    await typed(listed, "e")
    prompt(app).field.value = "reset@5"
    await typed(listed, "enter", "enter")
    assert not isinstance(app.screen, EditsScreen)
    assert now(app).t == 4
    assert texts(now(app))[-1] == "reset@5"


async def test_what_cannot_be_run_any_more_is_said(app: GatestepApp, listed: Pilot[Any], now: Now) -> None:
    await typed(listed, "s", *'insert@9="a good"', "enter", "s", *"reset@26", "enter")
    assert len(texts(now(app))) == 5
    await typed(listed, "k", "space")
    assert "reset@26" in noted(app)
    assert len(texts(now(app))) == 5, "nothing is changed"


async def test_the_command_makes_the_same_run(app: GatestepApp, listed: Pilot[Any], now: Now) -> None:
    other = from_shell(page(app).command)
    np.testing.assert_array_equal(np.asarray(other.trace.top), np.asarray(now(app).trace.top))
    text = shown(app, "command")
    assert all(shlex.quote(edit) in text for edit in texts(now(app)))
    assert "Pakistani" in shown(app, "effect")


async def test_with_room_the_run_shows_what_the_chosen_edit_changes(app: GatestepApp, listed: Pilot[Any]) -> None:
    await listed.resize_terminal(120, 45)
    await typed(listed, "s", *"input[2]=1@5:9", "enter", "s", *"forget[3]=0@7", "enter")
    assert "timeline: forget f" in shown(app, "timeline")
    assert "unit 3 over time" in shown(app, "strips")
    await typed(listed, "k")
    assert "timeline: input i" in shown(app, "timeline")
    assert "unit 2 over time" in shown(app, "strips")
    await listed.resize_terminal(80, 24)
    await typed(listed, "j")
    assert not app.screen.query_one("#timeline").display
