"""Playing by its keys: to the end, faster and slower, and on from where one steps."""

from collections.abc import Callable

import pytest
from gatestep.tui.app import GatestepApp
from gatestep.tui.views.stepper.playing import Player
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import Moment
from pilots import noted, until

Now = Callable[[GatestepApp], Moment]
SIZE = (80, 24)


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
        await pilot.press("plus", "minus")
        assert noted(app) == "speed 1 per second; Space plays"
        await pilot.press(*["minus"] * 9)
        assert now(app).speed == 0.5


async def test_stepping_while_playing_keeps_playing_from_there(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space", "5", "l")
        assert now(app).playing
        assert now(app).t >= 5


def timers(app: GatestepApp) -> int:
    """Timers that tick on the screen now; Textual keeps a paused one."""
    return sum(timer._active.is_set() for timer in app.screen._timers)
