"""What a scenario's first frame loads: nothing that only files, charts or other screens need."""

import subprocess
import sys

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
