"""Every action of the stepper, by its keys."""

import math
from collections.abc import Callable

import pytest
from gatestep.scenarios import SCENARIOS, find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.opening import page_of
from gatestep.tui.source.make import origin_of, scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.base.late import LateView
from gatestep.tui.views.help.screen import HelpScreen
from gatestep.tui.views.picker.screen import PickerScreen
from gatestep.tui.views.stepper.order import MEANINGS
from gatestep.tui.views.stepper.playing import Player
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import Moment
from pilots import counted, noted, until
from textual.strip import Strip

Now = Callable[[GatestepApp], Moment]
SIZE = (80, 24)


@pytest.mark.parametrize(
    ("keys", "t"),
    [
        (["right"], 1),
        (["l", "l"], 2),
        (["right", "right", "left"], 1),
        (["l", "l", "h"], 1),
        (["left"], 0),
        (["5", "l"], 5),
        (["1", "2", "l", "3", "h"], 9),
        (["9", "9", "l"], 23),
        (["end"], 23),
        (["G"], 23),
        (["G", "g"], 0),
        (["G", "home"], 0),
        (["9", "G"], 8),
        (["5", "escape", "l"], 1),
    ],
)
async def test_steps_over(app: GatestepApp, now: Now, keys: list[str], t: int) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*keys)
        assert now(app).t == t
        assert now(app).phase == 4
        assert counted(app) == ""


async def test_steps_into_the_four_parts_and_the_quantity_follows(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        seen = []
        for _ in range(5):
            await pilot.press("full_stop")
            seen.append((now(app).t, now(app).phase, now(app).quantity))
        assert seen == [(1, 1, "forget"), (1, 2, "input"), (1, 3, "cell"), (1, 4, "hidden"), (2, 1, "forget")]
        await pilot.press("comma", "comma")
        assert (now(app).t, now(app).phase) == (1, 3)
        await pilot.press("right")
        assert (now(app).t, now(app).phase) == (2, 4)


async def test_what_is_not_computed_yet_is_not_shown(app: GatestepApp, subject: Subject) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("full_stop")
        shown = text_of(app, "units")
        layer = subject.trace.layers[0]
        assert f"{layer['forget'][1, 0]:.2f}".lstrip("0") in shown
        assert "·····" in shown
        assert "not computed yet" in text_of(app, "prediction")
        assert "1/4 forget" in text_of(app, "heading")


async def test_selects_units_and_stops_at_the_ends(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("9", "k")
        assert now(app).unit == 0
        await pilot.press("down", "j", "up")
        assert now(app).unit == 1
        await pilot.press("9", "j")
        assert now(app).unit == 7


async def test_tab_goes_through_the_quantities_and_around(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        seen = [now(app).quantity]
        for _ in range(6):
            await pilot.press("tab")
            seen.append(now(app).quantity)
        assert seen == ["forget", "input", "candidate", "cell", "output", "hidden", "forget"]
        await pilot.press("shift+tab")
        assert now(app).quantity == "hidden"


async def test_orders_units_by_their_effect_here_and_back(app: GatestepApp, now: Now, subject: Subject) -> None:
    assert subject.prediction is not None
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("G", "o")
        effects = abs(subject.prediction.effects(23))
        assert list(now(app).order) == sorted(range(8), key=lambda unit: -effects[unit])
        assert now(app).unit == now(app).order[0]
        await pilot.press("h")
        assert now(app).ordered_at == 23, "the order stays while one steps on"
        await pilot.press("l", *"ooooo")
        assert now(app).order == tuple(range(8))


@pytest.mark.parametrize("model", ["lstm", "gru", "rnn"])
async def test_the_orders_take_turns_each_with_its_numbers_and_its_timestamp(now: Now, model: str) -> None:
    subject = scenario_subject(find("pakistan"), model)
    assert isinstance(subject, Subject)
    app = GatestepApp(Look(UNICODE), subject, t=8)
    expected = ["effect", "activity", "change", *(["saturation", "half-life"] * (model != "rnn"))]
    async with app.run_test(size=SIZE) as pilot:
        for name in expected:
            await pilot.press("o")
            heading, *rows = text_of(app, "units").splitlines()
            assert f"▼ {name}@9" in heading
            assert f"units by {MEANINGS[name]}"[:60] in noted(app)
            sizes = [ranks_of(name, row) for row in rows if row.strip()]
            assert sizes == sorted(sizes, reverse=True)
            assert len(sizes) == min(subject.trace.stack.H, len(rows))
        await pilot.press("o")
        assert now(app).order == tuple(range(subject.trace.stack.H))


def ranks_of(name: str, row: str) -> float:
    """The number at the end of a row, by size."""
    text = row.split()[-2 if name == "saturation" else -1]
    return math.inf if text == "∞" else abs(float(text.replace("−", "-")))


async def test_the_cell_takes_the_place_of_the_table_and_escape_gives_it_back(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("p", "right", "full_stop")
        assert "inside unit" in text_of(app, "cell")
        assert not app.screen.query_one("#units").display
        assert (now(app).t, now(app).phase) == (2, 1)
        await pilot.press("escape")
        assert app.screen.query_one("#units").display
        assert not app.screen.query_one("#cell").display


async def test_on_a_large_terminal_the_cell_stands_beside_the_table_until_it_is_taken_away(app: GatestepApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        assert app.screen.query_one("#cell").display
        assert app.screen.query_one("#units").display
        await pilot.press("p")
        assert not app.screen.query_one("#cell").display
        assert app.screen.query_one("#units").size.width == 120


async def test_the_chart_of_the_unit_comes_after_the_first_frame_and_is_drawn_again_for_another_unit_only(
    app: GatestepApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        chart = app.screen.query_one("#chart", LateView)
        await until(pilot, lambda: ": gates" in text_of(app, "chart"))
        asked: list[object] = []
        monkeypatch.setattr(LateView, "_begin", lambda self, key, *_: asked.append(key))
        await pilot.press("right", "right", "tab")
        assert asked == []
        assert ": gates" in text_of(app, "chart")
        await pilot.press("down")
        await pilot.pause()
        assert len(asked) == 1
        assert chart.strips == []


async def test_playing_lights_the_parts_of_the_cell_one_after_the_other(
    app: GatestepApp, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Player, "follow", lambda *_: None)  # the clock is ours
    async with app.run_test(size=(120, 40)) as pilot:
        seen = []
        screen = app.screen
        assert isinstance(screen, StepperScreen)
        await pilot.press("space")
        for _ in range(9):
            seen.append((now(app).t, now(app).lit))
            screen._tick()
        assert seen == [(0, 0), (1, 1), (1, 2), (1, 3), (1, 0), (2, 1), (2, 2), (2, 3), (2, 0)]
        await pilot.press("space")
        assert (now(app).playing, now(app).lit) == (False, 0)


async def test_the_scale_is_set_anew_by_one_key_and_back(app: GatestepApp, now: Now, subject: Subject) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "tab", "tab")
        before = text_of(app, "timeline")
        assert "beyond" in before
        await pilot.press("r")
        heading = text_of(app, "timeline").splitlines()[0]
        assert "beyond" not in heading
        assert float(heading.split()[-2]) >= abs(subject.trace.layers[0]["cell"]).max()
        await pilot.press("right", "left", "r")
        assert text_of(app, "timeline") == before


@pytest.mark.parametrize(
    ("typed", "t", "note"),
    [
        ("12", 11, ""),
        ("+5", 8, ""),
        ("-2", 1, ""),
        ("0", 3, "there is no timestamp 0"),
        ("25", 3, "there is no timestamp 25"),
        ("x", 3, "x: not a timestamp"),
        ("+", 3, "+: not a timestamp"),
    ],
)
async def test_goes_to_a_timestamp(app: GatestepApp, now: Now, typed: str, t: int, note: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("3", "l", "colon", *(keys_of(typed)), "enter")
        await pilot.pause()
        assert now(app).t == t
        assert noted(app).startswith(note)
        assert bool(noted(app)) == bool(note)


async def test_finds_a_token_and_the_next_and_the_previous(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"pakistan", "enter")
        await pilot.pause()
        assert now(app).t == 8
        await pilot.press("g", "slash", *"am", "enter")
        await pilot.pause()
        places = [now(app).t]
        for key in ("n", "n", "n", "N"):
            await pilot.press(key)
            places.append(now(app).t)
        assert places == [11, 17, 23, 11, 23]
        assert noted(app) == "am: 3 of 3, wrapped around"
        await pilot.press("g", "2", "n")
        assert now(app).t == 17


async def test_says_what_it_does_not_find(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("n")
        assert "nothing to repeat yet" in noted(app)
        await pilot.press("slash", *"Pakisten", "enter")
        await pilot.pause()
        assert now(app).t == 0
        assert "Pakisten: not in this sentence; near: Pakistan" in text_of(app, "footer")
        await pilot.press("l")
        assert noted(app) == ""


async def test_escape_closes_a_prompt_and_its_keys_were_its_own(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", "q", "l", "tab", "5")
        assert (now(app).t, now(app).quantity, counted(app)) == (0, "forget", "")
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        assert not app.screen.prompting
        await pilot.press("l")
        assert now(app).t == 1


async def test_plays_to_the_end_and_then_is_idle(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*["plus"] * 3, "space")
        assert now(app).playing
        assert now(app).speed == 16
        for _ in range(40):
            await pilot.pause(0.05)
            if not now(app).playing:
                break
        assert now(app).t == 23
        assert not now(app).playing
        await until(pilot, lambda: not timers(app))


async def test_space_stops_playing_and_minus_slows(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space", "minus")
        assert (now(app).playing, now(app).speed) == (True, 1.0)
        await pilot.press("space")
        assert not now(app).playing
        assert timers(app) == 0
        await pilot.press(*["minus"] * 9)
        assert now(app).speed == 0.5


async def test_stepping_while_playing_keeps_playing_from_there(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space", "5", "l")
        assert now(app).playing
        assert now(app).t >= 5


async def test_the_same_sentence_in_the_other_network_at_the_same_place(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("9", "G", "tab", "m")
        assert (now(app).t, now(app).quantity, origin_of(now(app).subject).model) == (8, "hidden", "rnn")
        await pilot.press("full_stop")
        assert now(app).t == 9, "a cell without gates has one part"
        await pilot.press(*["m"] * (len(origin_of(now(app).subject).models) - 1))
        assert (now(app).t, origin_of(now(app).subject).model) == (9, "lstm")


async def test_edits_the_sentence(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("e", "end", *["backspace"] * 6, *keys_of(" I like Zork, I am"), "enter")
        await pilot.pause()
        tokens = now(app).trace.tokens
        assert tokens is not None
        assert tokens[-7:] == ("grade", "I", "like", "Zork", ",", "I", "am")
        assert now(app).subject.unknown == ["Zork"]
        await pilot.press("slash", *"zork", "enter")
        await pilot.pause()
        assert "Zork?" in text_of(app, "sentence")


async def test_theme_changes_to_light_and_back(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("d")
        assert app.theme == "gatestep-light"
        await pilot.press("d")
        assert app.theme == "gatestep-dark"


async def test_help_knows_the_place_and_closes(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("9", "G", "question_mark")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("j", "space", "k", "escape")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        await pilot.press("f1", "q")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        assert now(app).t == 8


async def test_the_palette_runs_actions(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p", *"last timestamp")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await until(pilot, lambda: now(app).t == 23)


async def test_q_quits_from_the_first_screen(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("q")
    assert app.return_code == 0


async def test_ctrl_c_quits_even_from_a_prompt(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("colon", "ctrl+c")
    assert app.return_code == 0


async def test_from_the_list_into_a_scenario_and_back(look: Look, now: Now) -> None:
    app = GatestepApp(look)
    async with app.run_test(size=SIZE) as pilot:
        assert isinstance(app.screen, PickerScreen)
        await pilot.press("down", "up", "enter")
        await pilot.pause()
        assert now(app).subject.title == next(iter(SCENARIOS))
        await pilot.press("escape", "l", "q")
        await pilot.pause()
        assert isinstance(app.screen, PickerScreen)
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)


@pytest.mark.parametrize("size", [(200, 50), (120, 40), (80, 24), (60, 15), (40, 10), (20, 5), (5, 2)])
async def test_resizing_keeps_the_place(app: GatestepApp, now: Now, size: tuple[int, int]) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("9", "G")
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert now(app).t == 8
        assert ("80x24 shows all" in noted(app)) == (size[0] < 80 or size[1] < 24)
        await pilot.press("l")
        assert now(app).t == 9
        await pilot.resize_terminal(*SIZE)
        await pilot.pause()
        assert not noted(app)


async def test_a_step_draws_again_only_what_changed(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("9", "G")
        before = strips_of(app, "timeline")
        await pilot.press("l")
        after = strips_of(app, "timeline")
        assert before[:-1] == after[:-1], "the cursor moves in the row of words, the picture stays"
        assert before[-1] != after[-1]


def text_of(app: GatestepApp, panel: str) -> str:
    """What a panel shows, without styles."""
    return "\n".join(strip.text for strip in strips_of(app, panel))


def strips_of(app: GatestepApp, panel: str) -> list[Strip]:
    """What a panel shows, line by line."""
    from gatestep.tui.views.base.panel import PanelView

    return app.screen.query_one(f"#{panel}", PanelView).strips


def keys_of(text: str) -> list[str]:
    named = {" ": "space", ",": "comma", "+": "plus", "-": "minus"}
    return [named.get(c, c) for c in text]


def timers(app: GatestepApp) -> int:
    """Timers that tick on the screen now; Textual keeps a paused one."""
    return sum(timer._active.is_set() for timer in app.screen._timers)


def test_ascii_and_unicode_draw_the_same_numbers(subject: Subject) -> None:

    def digits(look: Look) -> list[str]:
        shown = page_of(subject, 8, look)
        return [c for c in "".join(line for line in shown.splitlines()[4:12]) if c.isdigit()]

    assert digits(Look(UNICODE, "none", plain=True)) == digits(Look(ASCII, "none", plain=True))
