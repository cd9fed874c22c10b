"""Wherever one has jumped from, by whichever key, one key goes back there, and another forward again."""

from collections.abc import Callable
from typing import Any

import pytest
from gatestep.tui.app import GatestepApp
from gatestep.tui.keys import GATES, SIMILAR, STEPPER
from gatestep.tui.views.stepper.jumping import Stop
from gatestep.tui.views.stepper.state import Moment
from pilots import until
from textual.pilot import Pilot

Keys = tuple[str, ...]
Now = Callable[[GatestepApp], Moment]

JUMPS: dict[str, tuple[Keys, Keys]] = {
    "find": ((), ("slash", *"grade", "enter")),
    "find a condition": ((), ("slash", *"?flips", "enter")),
    "next hit": (("slash", *"am", "enter"), ("n",)),
    "hits": (("slash", *"am", "enter"), ("f", "j", "enter")),
    "a breakpoint": ((), ("B", "enter")),
    "go to a timestamp": ((), ("colon", *"15", "enter")),
    "go to a unit": ((), ("colon", *"u7", "enter")),
    "the end": ((), ("G",)),
    "why": (("G",), ("y", "y")),
    "all units": ((), ("z", "right", "full_stop", "enter")),
    "the page of the unit": ((), ("u", "j", "right", "q")),
    "the gates": ((), ("v", "j", "q")),
    "the grid": ((), ("number_sign", "n", "enter")),
    "an edit": (("s", "enter", "g"), ("E", "enter")),
    "words generated": ((), ("A",)),
    "a passage": ((), ("V", "V", "g", "enter")),
}
"""By name: the keys that lead to where the jump starts, and those that jump."""


def here(now: Now, app: GatestepApp) -> Stop:
    return Stop.of(now(app))


async def pressed(pilot: Pilot[Any], *keys: str) -> None:
    """Press the keys one by one, each when what the one before has begun is done."""
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


@pytest.mark.parametrize(("before", "jump"), JUMPS.values(), ids=JUMPS)
async def test_every_jump_goes_back_and_forward_again(before: Keys, jump: Keys, app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pressed(pilot, "9", "G", "l", "j", *before)
        start = here(now, app)
        await pressed(pilot, *jump)
        there, count = here(now, app), "2" if "y" in jump else "1"  # the carrier of an answer is a jump of its own
        assert there != start
        await pressed(pilot, count, "left_parenthesis")
        assert here(now, app) == start
        await pressed(pilot, count, "right_parenthesis")
        assert here(now, app) == there


@pytest.mark.parametrize(("where", "keys"), [(GATES, ("v",)), (SIMILAR, ("V", "V"))])
async def test_from_another_sentence_it_goes_back_to_what_led_there_and_forward_again(
    where: str, keys: Keys, app: GatestepApp, now: Now
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pressed(pilot, "9", "G", *keys)
        await until(pilot, lambda: app.where == where and not app.screen.cannot("places"))  # type: ignore[attr-defined]
        await pressed(pilot, "enter")
        assert app.where == STEPPER
        there, sentence = here(now, app), now(app).subject.tokens
        await pressed(pilot, "l", "colon", "2", "enter", "left_parenthesis", "h")
        assert here(now, app) == there
        await pressed(pilot, "left_parenthesis")
        assert app.where == where
        await pressed(pilot, "right_parenthesis")
        assert (app.where, here(now, app), now(app).subject.tokens) == (STEPPER, there, sentence)
        await pressed(pilot, "q", "q")
        assert now(app).t == 8
