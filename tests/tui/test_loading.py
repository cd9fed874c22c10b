"""What a scenario's first frame takes: nothing that only files, charts or other screens need, and the styles once."""

import subprocess
import sys

import pytest
from gatestep.tui.app import GatestepApp
from pilots import shown, until
from textual.css.stylesheet import Stylesheet

UNNEEDED = ("gatestep.engine.files.own", "gatestep.engine.explain.intervene", "gatestep.tui.views.picker", "plotext",
            "torch", "pandas", "sklearn", "gatestep.tui.views.base.prompt")  # fmt: skip


def test_the_stepper_on_a_scenario_loads_nothing_that_it_does_not_show() -> None:
    code = f"""
import asyncio, sys
from gatestep.scenarios import find
from gatestep.tui.app import GatestepApp
from gatestep.tui.commands import run
from gatestep.tui.draw.look import UNICODE, Look
from gatestep.tui.source.make import scenario_subject

async def opened():
    app = GatestepApp(Look(UNICODE), scenario_subject(find("pakistan")), t=0)
    async with app.run_test(size=(80, 24)):
        assert app.screen.query_one("#units").strips
        print(*(name for name in {UNNEEDED!r} if name in sys.modules))

asyncio.run(opened())
"""
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout == "\n", done.stdout + done.stderr


async def test_the_styles_are_parsed_again_for_another_theme_and_not_for_another_screen(
    app: GatestepApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    themes: list[str] = []
    parse = Stylesheet.reparse

    def reparse(self: Stylesheet) -> None:
        themes.append(app.theme)
        parse(self)

    monkeypatch.setattr(Stylesheet, "reparse", reparse)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("c")
        await until(pilot, lambda: "compared" in shown(app))
        assert themes == []
        await pilot.press("d")
        await until(pilot, lambda: themes)
        assert themes == ["gatestep-light"]
