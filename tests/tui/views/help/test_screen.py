"""Help over every screen: where one is, what is shown, its equations and its keys."""

import re
from collections.abc import Callable

import pytest
from everyscreen import SCREENS
from gatestep.tui import keys
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, BACKGROUND, Look
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.base.chrome import offered
from gatestep.tui.views.base.screen import ViewScreen
from gatestep.tui.views.help.places import PLACES
from gatestep.tui.views.help.screen import HelpScreen
from pilots import until
from textual.screen import Screen
from textual.widgets import Static


@pytest.mark.parametrize("where", SCREENS)
async def test_help_and_palette_name_every_action(
    where: str, app: GatestepApp, screen_at: Callable[[str], Screen[None]]
) -> None:
    async with app.run_test(size=(120, 140)):
        screen = screen_at(where)
        await app.push_screen(screen)
        assert app.where == where
        palette = {command.title.lower() for command in app.get_system_commands(app.screen)}
        assert isinstance(screen, ViewScreen)
        chrome = screen.chrome  # as it is at this moment: what a thread finds may be offered a moment later
        help_screen = HelpScreen(chrome, screen.state, app.look)
        await app.push_screen(help_screen)
        shown = "\n".join("".join(s.text for s in strip) for strip in app.screen._compositor.render_strips())
        for action in offered(where, chrome.lacking):
            assert action.help[:40] in shown
            assert action.help.lower() in palette or action.name == "command_palette"


async def test_help_opens_with_what_this_screen_shows_and_its_equations_before_its_keys(app: GatestepApp) -> None:
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        rows = ["".join(s.text for s in strip) for strip in app.screen._compositor.render_strips()]
        assert sum(" On the screen" in row or "Step  " in row for row in rows) >= 1
        heads = [next(n for n, row in enumerate(rows) if text in row) for text in ("You are at", "On the screen")]
        assert heads == sorted(heads)
        assert all(any(text in row for row in rows) for text in ("computes", " closes", "Anywhere"))


async def test_in_ascii_the_formulas_of_the_help_are_spelled_and_not_blank(subject: Subject) -> None:
    app = GatestepApp(Look(ASCII), subject)
    async with app.run_test(size=(80, 60)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        shown = "\n".join("".join(s.text for s in strip) for strip in app.screen._compositor.render_strips())
        assert "c' x f + i * g = c" in " ".join(shown.split())
        assert shown.isascii()


async def test_help_says_how_many_rows_are_below_until_there_are_none(app: GatestepApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        line = app.screen.query_one("#more", Static)
        await until(pilot, lambda: "rows more" in str(line.content))
        below = int(re.search(r"(\d+) rows more", str(line.content)).group(1))  # type: ignore[union-attr]
        assert below > 24
        await pilot.press("j")
        await until(pilot, lambda: f" {below - 1} rows more" in str(line.content))
        await pilot.press(*["space"] * 12)
        await until(pilot, lambda: "rows more" not in str(line.content))
        assert "closes" in str(line.content)


@pytest.mark.parametrize("where", SCREENS)
async def test_help_opens_over_every_screen_and_closes_again(
    where: str, app: GatestepApp, screen_at: Callable[[str], Screen[None]]
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(screen_at(where))
        await pilot.press("d", "question_mark")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, SCREENS[where])
        assert app.theme == "gatestep-light"


@pytest.mark.parametrize("where", [keys.DAY, keys.CHECKPOINT])
async def test_the_help_of_a_kind_of_stepper_says_where_one_is_and_what_the_place_and_the_cell_are(
    where: str, app: GatestepApp, screen_at: Callable[[str], Screen[None]]
) -> None:
    async with app.run_test(size=(120, 90)) as pilot:
        await app.push_screen(screen_at(where))
        await pilot.press("question_mark")
        await pilot.pause()
        shown = "\n".join("".join(s.text for s in strip) for strip in app.screen._compositor.render_strips())
        assert "You are at timestamp" in shown
        assert PLACES[where][0] in shown
        assert "What a unit of this LSTM computes" in shown


async def test_the_help_follows_a_change_of_the_theme(app: GatestepApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("question_mark", "d")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        styles = {s.style for strip in app.screen._compositor.render_strips() for s in strip if "You are at" in s.text}
        assert {style.bgcolor.name for style in styles if style and style.bgcolor} == {BACKGROUND["light"]}
