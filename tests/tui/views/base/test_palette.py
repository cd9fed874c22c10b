"""The command palette: every action of the screen, the likely ones first, found by words in their order."""

import pytest
from gatestep.scenarios import find
from gatestep.tui.app import GatestepApp
from gatestep.tui.opening import opened_study, screen_of
from gatestep.tui.views.base.chrome import offered, ranked
from gatestep.tui.views.base.palette import RegisteredActions
from gatestep.tui.views.base.screen import ViewScreen
from gatestep.tui.views.picker.screen import PickerScreen
from textual.command import CommandList


async def test_the_palette_begins_with_what_is_likely_and_ends_with_what_leaves(app: GatestepApp) -> None:
    for screen in (PickerScreen(app.look), screen_of(opened_study(find("pakistan")), app.look, 0, None)):
        async with GatestepApp(app.look).run_test(size=(80, 24)) as pilot:
            await pilot.app.push_screen(screen)
            where = getattr(screen, "WHERE")  # noqa: B009 (both have one)
            await pilot.press("ctrl+p")
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            options = pilot.app.screen.query_one(CommandList).options
            titles = [str(option.prompt).partition("\n")[0].lower() for option in options]
            assert isinstance(screen, ViewScreen)
            able = ranked(offered(where, screen.chrome.lacking))
            assert titles == [action.help.lower() for action in able if action.name != "command_palette"]
            assert titles.index("suspend (fg resumes)") >= len(titles) - 3


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("why", "Why this answer"), ("compare", "Two networks"), ("next quan", "Next quantity"), ("rnn", None),
        ("step over", "Step over"), ("over step", None),
    ],
)  # fmt: skip
async def test_the_palette_finds_words_in_their_order(app: GatestepApp, query: str, first: str | None) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        provider = RegisteredActions(app.screen)
        found = [hit async for hit in provider.search(query)]
        best = max(found, key=lambda hit: hit.score) if found else None
        assert (best is None) if first is None else (best is not None and str(best.text).startswith(first))
        await pilot.pause()
