"""Keys that look for words and conditions, list the hits, halt at breakpoints, and go back through jumps."""

from collections.abc import Callable, Iterator
from threading import Event
from unittest import mock

import numpy as np
import pytest
from gatestep.engine import Search
from gatestep.scenarios.forecast import STARBUCKS
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import Look
from gatestep.tui.source import lookup as lookups
from gatestep.tui.source.breakpoints import Breakpoint
from gatestep.tui.source.make import day_subject
from gatestep.tui.views.base import errand
from gatestep.tui.views.base.panel import PanelView
from gatestep.tui.views.base.prompt import Prompt
from gatestep.tui.views.breakpoints.screen import BreakpointsScreen
from gatestep.tui.views.forecast.state import shipped_forecasting
from gatestep.tui.views.hits.screen import HitsScreen
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import Moment
from pilots import noted, numbers_of, shown, until
from textual.pilot import Pilot
from textual.widgets import Label

SIZE = (80, 24)
NAMES = {
    " ": "space", "?": "question_mark", "<": "less_than_sign", ">": "greater_than_sign", ".": "full_stop",
    "[": "left_square_bracket", "]": "right_square_bracket", "(": "left_parenthesis", ")": "right_parenthesis",
}  # fmt: skip
Now = Callable[[GatestepApp], Moment]


async def type_(pilot: Pilot[Exception], text: str) -> None:
    await pilot.press("slash", *(NAMES.get(c, c) for c in text), "enter")
    await pilot.pause()


async def test_a_condition_is_found_like_a_word_and_what_made_it_true_is_selected(app: GatestepApp, now: Now) -> None:
    values = now_values(app)
    places = np.flatnonzero(values < np.float32(0.5)).tolist()
    assert len(places) > 2
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("tab", "j", "j", "j")
        await type_(pilot, "?forget[2] < .5")
        assert (now(app).t, now(app).unit, now(app).quantity) == (next(t for t in places if t > 0), 2, "forget")
        assert f"of {len(places)} · l0.forget[2] {values[now(app).t]:.4g}"[:20] in noted(app)
        went = [now(app).t]
        for _ in places[1:]:
            await pilot.press("n")
            went.append(now(app).t)
        assert sorted(went) == places
        for t in went[-2::-1]:
            await pilot.press("N")
            assert now(app).t == t


def now_values(app: GatestepApp) -> np.ndarray:
    trace = app._opened.trace
    return np.asarray(trace.layer("l0")["forget"][:, 2])


async def test_hits_are_marked_under_their_words(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        assert "▲" not in shown(app, "timeline")
        await type_(pilot, "pakistan")
        *_, marks, words = shown(app, "timeline").splitlines()
        assert marks.index("▲") == words.index("Pakistan")
        assert marks.count("▲") == 1


@pytest.mark.parametrize("text", ["?forget[9] < 1", "  ? forgot > 1", "?flips and", "?loss >"])
async def test_the_caret_stands_below_what_is_wrong_until_it_is_typed_anew(app: GatestepApp, text: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await type_(pilot, text)
        prompt = app.screen.query_one(Prompt)
        wrong = prompt.query_one("#wrong", Label)
        await until(pilot, lambda: wrong.display)
        await pilot.pause()
        caret, message = str(wrong.render()).split("\n", 1)
        column = int(" ".join(message.split()).rpartition("at column ")[2])
        condition = text.lstrip().removeprefix("?").lstrip()
        place = len(text) - len(condition) + column - 1
        assert len(caret) - 1 == prompt.field.region.x + place
        assert prompt.field.cursor_position == place
        await pilot.press("x")
        assert not wrong.display
        await pilot.press("escape")
        await pilot.pause()
        assert not app.screen.query(Prompt)


async def test_f_lists_every_hit_and_enter_goes_there(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f")
        assert "nothing to list yet" in noted(app)
        await type_(pilot, "am")
        await pilot.press("f")
        await pilot.pause()
        assert isinstance(app.screen, HitsScreen)
        assert "am: 3 in 24 timestamps" in shown(app, "page")
        assert [line.split()[1 if "▸" in line else 0] for line in shown(app, "page").splitlines()[2:5]] == [
            "12", "18", "24",
        ]  # fmt: skip
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(app.screen, StepperScreen))
        await until(pilot, lambda: now(app).t == 17)
        assert noted(app) == "am: 2 of 3"
        await pilot.press("f", "G", "g", "pagedown", "pageup", "2", "G", "q")
        await until(pilot, lambda: isinstance(app.screen, StepperScreen))
        assert now(app).t == 17


async def test_below_a_short_list_of_hits_the_run_shows_what_made_the_chosen_one_true(app: GatestepApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await type_(pilot, "?input[2] < .1")
        await pilot.press("f")
        await until(pilot, lambda: "timeline: input i" in shown(app, "timeline"))
        assert "unit 2 over time" in shown(app, "strips")
        assert isinstance(app.screen, HitsScreen)
        hits = app.screen.state.results.hits
        assert shown(app, "timeline").splitlines()[-2].count("▲") == len(hits) > 1
        words = app.screen.query_one("#timeline", PanelView).strips[-1]
        await pilot.press("j")
        await until(pilot, lambda: app.screen.query_one("#timeline", PanelView).strips[-1] != words)
        await pilot.resize_terminal(80, len(hits) + 9)
        await until(pilot, lambda: not app.screen.query_one("#timeline").display)
        assert shown(app, "page").count("l0.input[2]") == len(hits), "the hits come first"


async def test_one_goes_back_to_where_one_jumped_from_and_forward_again(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("left_parenthesis")
        assert "no jump" in noted(app)
        await pilot.press("l", "l", "j")
        unit = now(app).unit
        await type_(pilot, "pakistan")
        await pilot.press("G", "h", "colon", "5", "enter")
        await pilot.pause()
        assert now(app).t == 4
        went = []
        for key in ("left_parenthesis",) * 3 + ("right_parenthesis",) * 3:
            await pilot.press(key)
            went.append(now(app).t)
        assert went == [22, 8, 2, 8, 22, 4]
        assert now(app).unit == unit
        await pilot.press("right_parenthesis")
        assert "nothing to go forward to" in noted(app)
        await pilot.press("3", "left_parenthesis")
        assert now(app).t == 2


async def test_playing_halts_at_a_breakpoint_and_says_which_and_why(app: GatestepApp, now: Now) -> None:
    first = int(np.flatnonzero(now_values(app)[1:] < np.float32(0.5))[0]) + 1
    async with app.run_test(size=SIZE) as pilot:
        await type_(pilot, "?forget[2] < .5")
        await pilot.press("g", "B")
        await pilot.pause()
        assert isinstance(app.screen, BreakpointsScreen)
        await pilot.press("space")  # what was looked for last is offered first
        assert [(p.condition, p.on) for p in app.screen.state.kept] == [("forget[2] < .5", True)]
        await pilot.press("r", *"few", "enter")
        await pilot.pause()
        await pilot.press("q", *["plus"] * 3, "space")
        await until(pilot, lambda: "halted" in noted(app))
        assert now(app).t == first
        assert not now(app).playing
        assert noted(app).startswith("halted by few (forget[2] < .5) · l0.forget[2]")


async def test_breakpoints_are_added_switched_named_removed_and_gone_to(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("B")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, BreakpointsScreen)
        names = [offer.name for offer in screen.state.offers]
        assert [name.split()[-1] for name in names] == ["flips", "wrong", "number", "saturates", str(now(app).unit)]
        await pilot.press("x")
        assert "not a breakpoint yet" in noted(app)
        await pilot.press("a", *(NAMES.get(c, c) for c in "forgot > 1"), "enter")
        await until(pilot, lambda: screen.query_one("#wrong").display)
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("a", *(NAMES.get(c, c) for c in "loss > 2"), "enter")
        await pilot.pause()
        assert app.breakpoints == screen.state.kept
        assert shown(app, "page").splitlines()[1].split()[:5] == ["▸", "on", "loss", ">", "2"]
        await pilot.press("space")
        assert not screen.state.kept[0].on
        await pilot.press("G", "space")  # the largest change is looked for first
        await until(pilot, lambda: len(screen.state.kept) == 2)
        unit = now(app).unit
        cell = np.asarray(now(app).trace.layer("l0")["cell"][:, unit])
        assert screen.state.kept[1].condition.startswith(f"change(l0.cell[{unit}]) >= ")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StepperScreen))
        moved = np.abs(np.diff(cell, prepend=cell[0]))
        await until(pilot, lambda: moved[now(app).t] > moved.max() - 1e-3)
        await pilot.press("B")
        await pilot.pause()
        await pilot.press("g", "x", "x")
        await pilot.pause()
        assert app.breakpoints == ()


T = 200 * 16


@pytest.fixture
def gate() -> Iterator[Event]:
    """Until it is set, every search stands after its first step."""
    gate, reach = Event(), Search.reach

    def held(search: Search, start: int, stop: int) -> Iterator[None]:
        yield
        assert gate.wait(20)
        yield from reach(search, start, stop)

    with (
        mock.patch.object(Search, "reach", held),
        mock.patch.object(lookups, "AT_ONCE", 0),
        mock.patch.object(errand, "EVERY", 0.0),
    ):
        yield gate
        gate.set()


async def test_of_one_timestamp_it_is_spoken_in_the_singular(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("e", *["backspace"] * 3, *"Ahmad", "enter")
        await until(pilot, lambda: len(now(app).trace) == 1)
        await type_(pilot, "?hidden[1] > 9")
        await until(pilot, lambda: noted(app).endswith("holds nowhere in 1 timestamp"))
        await pilot.press("f")
        await pilot.pause()
        assert "choose" not in shown(app, "footer")
        await until(pilot, lambda: "0 in 1 timestamp " in shown(app, "page"))


async def test_a_long_search_says_how_far_it_is_and_escape_keeps_what_is_done(
    look: Look, now: Now, gate: Event
) -> None:
    app = GatestepApp(look, numbers_of(T), 0)
    async with app.run_test(size=SIZE) as pilot:
        await type_(pilot, "hidden[1] > 9")
        await until(pilot, lambda: "looking for hidden[1] > 9: " in noted(app))
        await pilot.press("escape")
        assert noted(app).startswith("stopped here")
        assert now(app).t == 0
        gate.set()
        await pilot.press("n")
        await until(pilot, lambda: "holds nowhere" in noted(app))
        results = now(app).results
        assert results is not None
        assert results.complete


async def test_where_only_numbers_are_read_everything_is_a_condition(look: Look, now: Now) -> None:
    app = GatestepApp(look, numbers_of(50), 0)
    hidden = np.asarray(app._opened.trace.layer("l0")["hidden"][:, 1])
    async with app.run_test(size=SIZE) as pilot:
        await type_(pilot, "hidden[1] > .1")
        assert now(app).t == int(np.flatnonzero(hidden[1:] > np.float32(0.1))[0]) + 1
        assert (now(app).quantity, now(app).unit) == ("hidden", 1)


async def test_in_a_day_a_condition_is_found_beside_days(look: Look, now: Now) -> None:
    forecast = shipped_forecasting(STARBUCKS).forecast
    assert forecast is not None
    app = GatestepApp(look, day_subject("starbucks", forecast), 0)
    hidden = np.asarray(app._opened.trace.layers[0]["hidden"][:, 1])
    level = float(hidden.max())
    async with app.run_test(size=SIZE) as pilot:
        await type_(pilot, f"?hidden[1] >= {level!r}")
        assert now(app).t in np.flatnonzero(hidden >= np.float32(level))
        await type_(pilot, "?forgot > 1")
        await until(pilot, lambda: app.screen.query_one("#wrong").display)
        await pilot.press("escape")
        await pilot.pause()
        await type_(pilot, "200")
        there = now(app).subject.forecast
        assert there is not None
        assert there.day == 199


async def test_the_same_is_marked_in_another_network_and_a_breakpoint_that_does_not_apply_there_is_ignored(
    app: GatestepApp, now: Now
) -> None:
    app.breakpoints = (Breakpoint("gone", "forget[7] > 2"), Breakpoint("odd", "l5.hidden[0] > 0"))
    async with app.run_test(size=SIZE) as pilot:
        await type_(pilot, "?abs(hidden[0]) > .5")
        await pilot.press("m")
        await until(pilot, lambda: now(app).subject is not app._opened)
        results = now(app).results
        assert results is not None
        hidden = np.asarray(now(app).trace.layers[0]["hidden"][:, 0])
        assert results.hits.t.tolist() == np.flatnonzero(np.abs(hidden) > np.float32(0.5)).tolist()
        await pilot.press("B")
        await pilot.pause()
        assert "not here: there is no layer" in shown(app, "page")
        await pilot.press("q", "plus", "plus", "plus", "space")
        await until(pilot, lambda: now(app).t > 2)
        assert "halted" not in noted(app)
