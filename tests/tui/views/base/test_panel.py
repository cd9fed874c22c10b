"""What is painted of a panel is what differs, and the screen is the same as when all of it is painted."""

from typing import Any

import pytest
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import BACK, BEHIND, ROLES
from gatestep.tui.draw.ramps import RAMPS
from gatestep.tui.terminal.canvas import Canvas
from gatestep.tui.terminal.driver import spans_of
from gatestep.tui.views.base.panel import PanelView
from gatestep.tui.views.unit.screen import UnitScreen
from pilots import shown, until
from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate, LayoutUpdate

KEYS = ("right", "down", "tab", "full_stop", "3", "escape", "o", "d", "u", "right", "j", "q", "p", "left", "p",
        "question_mark", "d", "escape", "z", "right", "q", "z", "q", "c", "escape", "G")  # fmt: skip
"""Keys that go on and back, open screens and leave them, type, and change the theme and the layout."""


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_what_was_painted_bit_by_bit_is_the_screen(
    app: GatestepApp, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    painted = Canvas(*size, ColorSystem.TRUECOLOR)

    def paint(_: GatestepApp, screen: object, update: object) -> None:
        if isinstance(update, CompositorUpdate):
            painted.draw(spans_of(update))

    def is_the_screen() -> bool:
        whole = Canvas(*size, ColorSystem.TRUECOLOR)
        whole.draw(spans_of(app.screen._compositor.render_full_update()))
        return painted.wanted == whole.wanted

    monkeypatch.setattr(GatestepApp, "_display", paint)
    async with app.run_test(size=size) as pilot:
        for key in KEYS:
            await pilot.press(key)
            await until(pilot, is_the_screen, seconds=5)


@pytest.mark.parametrize("system", [ColorSystem.EIGHT_BIT, ColorSystem.TRUECOLOR])
async def test_a_screen_has_the_colours_of_its_look_and_no_others(app: GatestepApp, system: ColorSystem) -> None:
    """What Textual draws itself, such as what lies behind the panels, is no shade lighter or darker than they are."""
    colours, backgrounds = set[str](), set[str]()
    async with app.run_test(size=(120, 36)) as pilot:
        for key in ("right", "d"):
            await pilot.press(key)
            await pilot.pause()
            whole = Canvas(120, 36, system)
            whole.draw(spans_of(app.screen._compositor.render_full_update()))
            pens = {pen for row in whole.wanted for _, pen in row}
            colours |= {pen[1] for pen in pens}
            backgrounds |= {pen[2] for pen in pens}
    ramps = {n for themed in RAMPS.values() for ramp in themed.values() for n in ramp}
    ours = {n for dark, light, *_ in ROLES.values() for n in (dark, light)} | ramps
    behind = {*BACK.values(), *(n for backs in BEHIND.values() for n in backs.values())} | ramps
    assert {f"38;5;{n}" for n in ROLES["text"][:2]} < colours < {"", *(f"38;5;{n}" for n in ours)}
    assert {f"48;5;{n}" for n in BACK.values()} < backgrounds < {f"48;5;{n}" for n in behind}


async def test_a_row_that_looks_as_it_did_is_not_painted_again(
    app: GatestepApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: set[int] = set()
    drawn: list[object] = []

    def paint(_: GatestepApp, screen: object, update: object) -> None:
        drawn.append(update)
        if isinstance(update, ChopsUpdate):
            rows.update(y for y, _, _ in update.spans)

    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        monkeypatch.setattr(GatestepApp, "_display", paint)
        table, footer = (app.screen.query_one(f"#{name}", PanelView) for name in ("units", "footer"))
        before: list[str] = []
        while not rows:  # a layout that comes late draws everything, and with it the first step
            before = [strip.text for strip in table.strips]
            drawn.clear()
            await pilot.press("right")
            await until(pilot, lambda: any(drawn))
        differ = {table.region.y + n for n, strip in enumerate(table.strips) if strip.text != before[n]}
        assert 0 < len(differ) < len(before)
        assert rows & set(range(table.region.y, table.region.bottom)) == differ
        assert footer.region.y not in rows


async def test_what_shares_the_rows_anew_is_laid_out_once(app: GatestepApp, monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out: list[object] = []
    reflow = Compositor.reflow

    def count(compositor: Compositor, *arguments: Any) -> Any:
        if compositor is app.screen._compositor:  # and not that of the empty screen below
            laid_out.append(compositor)
        return reflow(compositor, *arguments)

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.query_one("#units", PanelView).strips)
        await pilot.pause()
        monkeypatch.setattr(Compositor, "reflow", count)
        for key in ("p", "p", "p"):  # the picture of the cell, with other panels
            laid_out.clear()
            await pilot.press(key)
            await until(pilot, lambda: laid_out)
            await pilot.pause(0.1)
            assert len(laid_out) == 1


async def test_a_screen_that_is_covered_is_not_painted_and_shows_where_it_was_led_when_it_is_uncovered(
    app: GatestepApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole: list[CompositorUpdate] = []

    def paint(_: GatestepApp, screen: object, update: object) -> None:
        if isinstance(update, LayoutUpdate):
            whole.append(update)

    async with app.run_test(size=(80, 24)) as pilot:
        stepper = app.screen
        table = stepper.query_one("#units", PanelView)
        await pilot.press("u")
        page = app.screen
        assert isinstance(page, UnitScreen)
        await until(pilot, lambda: page.state.ablation)
        monkeypatch.setattr(GatestepApp, "_display", paint)
        for _ in range(2):
            await pilot.press("down")
            await until(pilot, lambda: page.state.ablation)
        assert whole == []
        assert not stepper.is_current
        assert table._drawn_for is None
        await pilot.press("q")
        await until(pilot, lambda: table._drawn_for)
        assert app.screen is stepper
        (chosen,) = [row for row in shown(app, "units").splitlines() if "▸" in row]
        assert chosen.split()[:2] == ["▸", str(page.state.here.unit)]


async def test_a_screen_below_one_that_lets_it_through_is_painted(app: GatestepApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        stepper = app.screen
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen is not stepper)
        assert stepper.is_current
