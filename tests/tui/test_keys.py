"""One registry of actions: everything that tells of a key agrees with it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from everyscreen import SCREENS
from gatestep.scenarios import STUDIES
from gatestep.tui import keys
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.lines import width_of
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.keys import ACTIONS, SHOWN, SHOWN_ASCII, Action, actions_of, markdown_table
from gatestep.tui.views.base.chrome import keys_line
from gatestep.tui.views.stepper.screen import StepperScreen
from textual.screen import Screen


def test_every_place_that_an_action_names_is_a_screen() -> None:
    assert {where for action in ACTIONS for where in action.where} == set(SCREENS)


@pytest.mark.parametrize("where", SCREENS)
def test_no_key_does_two_things_in_one_place(where: str) -> None:
    own = [key for action in actions_of(where) for key in action.keys]
    assert len(own) == len(set(own))


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action.name} {' '.join(action.where)}")
def test_every_action_has_a_key_a_help_and_a_method(action: Action) -> None:
    assert action.keys
    assert action.help
    owners: list[type] = [SCREENS[where] for where in action.where] or [GatestepApp]
    for owner in owners:
        assert callable(getattr(owner, f"action_{action.name.partition('(')[0]}"))


def test_the_docs_have_the_table_of_keys() -> None:
    page = (Path(__file__).parents[2] / "docs" / "keys.md").read_text(encoding="utf-8")
    assert page.endswith(f"\n\n{markdown_table()}\n"), "paste what markdown_table() returns into docs/keys.md"


def test_every_key_that_a_sentence_names_is_the_key_of_an_action() -> None:
    root = Path(__file__).parents[2]
    sources = [path for folder in ("tui", "scenarios") for path in (root / folder).rglob("*.py")]
    named = {id for path in sources for id in re.findall(r"\{key:([\w.]+)\}", path.read_text(encoding="utf-8"))}
    assert len(named) > 10
    assert named <= {action.id for action in ACTIONS}


def test_no_lesson_names_a_key_by_hand() -> None:
    parts = [step for study in STUDIES.values() for step in getattr(study, "lesson", getattr(study, "parts", ()))]
    assert parts
    for text in (text for part in parts for text in (part.text, part.claim.text)):
        told = re.sub(r"\{key:[^}]*\}", "", text)
        assert not re.search(
            r"\b(press|Enter|Tab|Space|Esc)\b [a-z“]|[.(] ?\b[a-eg-z]\b (shows|has|puts|goes)", told
        ), told


@pytest.mark.parametrize("where", SCREENS)
@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_the_footer_fits_and_always_names_help_and_the_way_out(where: str, width: int) -> None:
    line = keys_line(where, width, Look(UNICODE))
    text = "".join(s.text for s in line)
    assert "? help" in text
    assert text.endswith("q back")
    assert width_of(line) <= max(width, 20)


@pytest.mark.parametrize("where", SCREENS)
def test_the_footer_in_ascii_is_ascii(where: str) -> None:
    assert "".join(s.text for s in keys_line(where, 200, Look(ASCII))).isascii()
    assert all(name.isascii() for name in SHOWN_ASCII.values())
    assert set(SHOWN) == set(SHOWN_ASCII)


@pytest.mark.parametrize("where", SCREENS)
async def test_every_screen_survives_every_size_and_every_key_of_its_own(
    where: str, app: GatestepApp, screen_at: Callable[[str], Screen[None]]
) -> None:
    elsewhere = ("open", "compare", "charts", "gradients", "statistics", "unit_page", "overview", "jump",
                 "edits", "grid", "hits", "breakpoints", "seek", "similar", "watch", "step_in", "command_palette",
                 "back", "quit", "help")  # fmt: skip
    own = [key for action in actions_of(where) if action.name not in elsewhere for key in ("3", action.keys[0])]
    async with app.run_test(size=(80, 24)) as pilot:
        below = len(app.screen_stack)
        for size in ((20, 5), (40, 10), (60, 15), (250, 70)):
            await pilot.resize_terminal(*size)
            await app.push_screen(screen_at(where))
            for key in own:
                await pilot.press(key)
                if getattr(app.screen, "prompting", False):
                    await pilot.press("escape")
                    await pilot.pause()
            await pilot.resize_terminal(80, 24)
            await pilot.pause()
            assert app.is_running
            assert getattr(app.screen, "WHERE", keys.PICKER) in (where, keys.STEPPER, keys.DENSE), size
            while len(app.screen_stack) > below:
                await app.pop_screen()


@pytest.mark.parametrize("key", ["c", "v", "u"])
async def test_a_count_is_used_up_by_a_key_that_opens_a_screen(key: str, app: GatestepApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("5", key)
        await pilot.pause()
        assert not isinstance(app.screen, StepperScreen)
        await pilot.press("q", "l")
        assert isinstance(app.screen, StepperScreen)
        assert app.screen.state.t == 1
