"""One registry of actions: everything that tells of a key agrees with it."""

from pathlib import Path

import pytest
from gatestep.tui.actions import ACTIONS, PICKER, SHOWN, SHOWN_ASCII, STEPPER, actions_of, markdown_table
from gatestep.tui.app import GatestepApp
from gatestep.tui.look import ASCII, UNICODE, Look
from gatestep.tui.panels.footer import keys_line
from gatestep.tui.panels.lines import width_of
from gatestep.tui.screens.help import HelpScreen
from gatestep.tui.screens.picker import PickerScreen
from gatestep.tui.screens.stepper import StepperScreen

SCREENS = {STEPPER: StepperScreen, PICKER: PickerScreen}


@pytest.mark.parametrize("where", [STEPPER, PICKER])
def test_no_key_does_two_things_in_one_place(where: str) -> None:
    keys = [key for action in actions_of(where) for key in action.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_every_action_has_a_key_a_help_and_a_method(action) -> None:  # type: ignore[no-untyped-def]
    assert action.keys
    assert action.help
    owners = [SCREENS[where] for where in action.where] or [GatestepApp]
    for owner in owners:
        assert callable(getattr(owner, f"action_{action.name.partition('(')[0]}"))


def test_readme_has_the_table_of_keys() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert markdown_table() in readme, "paste what markdown_table() returns into README"


@pytest.mark.parametrize("where", [STEPPER, PICKER])
@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_the_footer_fits_and_always_names_help_and_the_way_out(where: str, width: int) -> None:
    line = keys_line(where, width, Look(UNICODE))
    text = "".join(s.text for s in line)
    assert "? help" in text
    assert "q leave" in text
    assert width_of(line) <= max(width, 20)


def test_the_footer_in_ascii_is_ascii() -> None:
    assert "".join(s.text for s in keys_line(STEPPER, 200, Look(ASCII))).isascii()
    assert all(name.isascii() for name in SHOWN_ASCII.values())
    assert set(SHOWN) == set(SHOWN_ASCII)


@pytest.mark.parametrize("where", [STEPPER, PICKER])
async def test_help_and_palette_name_every_action(where: str, app: GatestepApp) -> None:
    async with app.run_test(size=(120, 60)):
        if where == PICKER:
            await app.push_screen(PickerScreen(app.look))
        screen = app.screen
        palette = {command.title.lower() for command in app.get_system_commands(screen)}
        help_screen = HelpScreen(where, app.look)
        await app.push_screen(help_screen)
        shown = "\n".join("".join(s.text for s in strip) for strip in app.screen._compositor.render_strips())
        for action in actions_of(where):
            assert action.help[:40] in shown
            assert action.help.lower() in palette or action.name == "command_palette"
