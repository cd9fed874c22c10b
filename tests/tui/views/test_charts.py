"""The charts of a scenario, from every screen that has the key."""

from collections.abc import Callable
from typing import Any

import pytest
from gatestep.scenarios import SCENARIOS, charts_of, find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.views.charts.screen import ChartScreen
from gatestep.tui.views.compare.make import compared, first_side
from pilots import shown
from textual.pilot import Pilot

SIZE = (80, 24)

OPENED: dict[str, Callable[[str], Any]] = {
    "stepper": lambda name: scenario_subject(find(name)),
    "comparison": lambda name: compared(first_side(scenario_subject(find(name)))),
    "another network": lambda name: scenario_subject(find(name), find(name).models[-1]),
}


async def choose(pilot: Pilot[Exception], name: str) -> None:
    """Move the list of scenarios to `name`."""
    await pilot.press(*["down"] * list(SCENARIOS).index(name))


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("where", OPENED)
async def test_a_shows_the_charts_and_q_goes_back(look: Look, name: str, where: str) -> None:
    app = GatestepApp(look, OPENED[where](name))
    async with app.run_test(size=SIZE) as pilot:
        below = app.screen
        await pilot.press("a")
        assert isinstance(app.screen, ChartScreen)
        assert name in shown(app, "page")
        first = charts_of(find(name))[0]
        assert first.title in shown(app, "page")
        assert all(line in shown(app, "page") for line in first.lines)
        await pilot.press("q")
        await pilot.pause()
        assert app.screen is below


@pytest.mark.parametrize("name", SCENARIOS)
async def test_the_list_shows_the_charts_of_the_scenario_that_is_chosen(look: Look, name: str) -> None:
    app = GatestepApp(look)
    async with app.run_test(size=SIZE) as pilot:
        await choose(pilot, name)
        await pilot.press("a")
        assert isinstance(app.screen, ChartScreen)
        assert name in shown(app, "page")


def test_every_scenario_has_a_chart() -> None:
    assert all(charts_of(scenario) for scenario in SCENARIOS.values())


@pytest.mark.parametrize(("on", "back"), [("right", "left"), ("l", "h"), ("tab", "shift+tab")])
async def test_the_next_chart_and_the_one_before_go_around(look: Look, on: str, back: str) -> None:
    app = GatestepApp(look, scenario_subject(find("lengths")))
    titles = [chart.title for chart in charts_of(find("lengths"))]
    assert len(titles) > 1
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("a")
        for n in (0, 1, 0, 1):
            assert f"chart {n + 1}/{len(titles)}" in shown(app, "page")
            assert titles[n] in shown(app, "page")
            await pilot.press(on)
        await pilot.press(back)
        assert titles[1] in shown(app, "page")


@pytest.mark.parametrize("look", [Look(UNICODE), Look(ASCII)], ids=["unicode", "ascii"])
@pytest.mark.parametrize("size", [(20, 5), (40, 10), (60, 15), (250, 70)])
async def test_a_chart_is_drawn_again_for_every_size(look: Look, size: tuple[int, int]) -> None:
    app = GatestepApp(look, scenario_subject(find("lengths")))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("a", "right")
        whole = shown(app, "page")
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert all(len(line) == size[0] for line in shown(app, "page").splitlines())
        assert ("parameters needed" in shown(app, "page")) == (size[0] >= 40 and size[1] >= 10)
        assert look.glyphs.unicode or shown(app, "page").isascii()
        await pilot.press("d")
        await pilot.resize_terminal(*SIZE)
        await pilot.pause()
        assert shown(app, "page") == whole
