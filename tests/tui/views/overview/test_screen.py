"""All layers and units at once: what is shown of them, how one moves, and how one descends."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from gatestep.engine import run, stack_from_tensors
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.lines import plain_text, width_of
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.draw.ramps import RAMPS, ink_on
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.overview import panels
from gatestep.tui.views.overview.layout import blocks_of
from gatestep.tui.views.overview.screen import OverviewScreen
from gatestep.tui.views.overview.state import Overview
from gatestep.tui.views.stepper.order import MEANINGS, ORDERS
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import Moment, first_moment
from pilots import FROM_FILE, noted, shown
from rich.color import Color

LOOK = Look(UNICODE)
LOOKS = [LOOK, Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none"), Look(ASCII, "none", plain=True)]
Now = Callable[[GatestepApp], Moment]


@cache
def large(layers: int = 3, H: int = 256) -> Subject:
    """A network of some layers with random weights, on 12 timestamps of numbers."""
    rng, tensors = np.random.default_rng(2), {}
    for n in range(layers):
        I = H if n else 5  # noqa: E741 (the symbol of the equations)
        tensors[f"weight_ih_l{n}"] = rng.normal(size=(4 * H, I)) * 2 / np.sqrt(I)
        tensors[f"weight_hh_l{n}"] = rng.normal(size=(4 * H, H)) / np.sqrt(H)
    return Subject("large", "LSTM", run(stack_from_tensors(tensors, "random"), rng.normal(size=(12, 5))), FROM_FILE)


def overview(t: int = 5) -> Overview:
    return Overview(first_moment(large(), t))


def state_of(app: GatestepApp) -> Overview:
    assert isinstance(app.screen, OverviewScreen)
    return app.screen.state


@pytest.mark.parametrize("look", LOOKS, ids=["256", "ascii", "16", "none", "plain"])
def test_every_panel_fits(look: Look) -> None:
    for quantity in ("forget", "cell"):
        state = Overview(replace(first_moment(large(), 5), quantity=quantity))
        for panel in (panels.heading, panels.grid, panels.selected):
            for width, height in ((1, 1), (20, 4), (80, 18), (120, 34), (200, 44)):
                lines = panel(state, width, height, look)
                assert len(lines) <= height
                assert width < 80 or all(width_of(line) <= width for line in lines)
                assert look.glyphs.unicode or plain_text(lines).isascii()


@pytest.mark.parametrize("size", [(80, 18), (120, 34), (200, 44)])
def test_all_768_units_of_three_layers_are_there_at_once(size: tuple[int, int]) -> None:
    state = overview()
    shape, _ = blocks_of(state, *size, LOOK)
    lines = panels.grid(state, *size, LOOK)
    assert sum(1 for line in plain_text(lines).splitlines() if "256 units" in line) == 3
    assert len(lines) == 3 + 3 * shape.rows(256) <= size[1]


def test_a_cell_has_the_shade_of_its_unit() -> None:
    state = Overview(replace(first_moment(large(), 5), unit=255))
    layer = large().trace.layers[0]
    shape, _ = blocks_of(state, 200, 44, LOOK)
    row = panels.grid(state, 200, 44, LOOK)[1][1:]
    from gatestep.tui.draw import heat
    from gatestep.tui.views.stepper.panels.timeline import fixed_scale

    values = np.asarray(layer["forget"][5, : shape.across])
    scale = fixed_scale(layer, "forget")
    expected = heat.rows(scale.levels(values[:, None]), scale, "forget", shape.cell, LOOK)[0]
    assert [(part.text, part.style) for part in row] == [(part.text, part.style) for part in expected]


def test_the_heading_of_a_layer_says_what_its_units_are_on_average() -> None:
    layer = large().trace.layers[1]
    values = np.asarray(layer["forget"][5], np.float64)
    text = plain_text(panels.grid(overview(), 120, 34, LOOK))
    assert f"l1 256 units · forget f mean {values.mean():.2f}" in text
    assert f"{100 * (values < 0.1).mean():.0f} % below .1, {100 * (values > 0.9).mean():.0f} % above .9" in text


def test_the_selected_unit_is_told_in_numbers() -> None:
    state = overview().with_unit(300)
    assert (state.here.layer, state.here.unit) == ("l1", 44)
    layer = large().trace.layers[1]
    text = plain_text(panels.selected(state, 120, 4, LOOK))
    assert "l1 unit 44" in text
    for name in layer.cell.quantities:
        value = float(layer[name][5, 44])
        assert f"{LOOK.amount(value) if layer.quantity(name).signed else LOOK.share(value)}" in text
    for name in ORDERS:
        assert f"{name}@6" in text


@pytest.mark.parametrize("look", LOOKS, ids=["256", "ascii", "16", "none", "plain"])
@pytest.mark.parametrize("size", [(80, 18), (120, 34), (200, 44)])
def test_of_a_small_network_all_quantities_are_there_with_their_numbers(look: Look, size: tuple[int, int]) -> None:
    subject = large(1, 8)
    layer = subject.trace.layers[0]
    lines = plain_text(panels.grid(Overview(first_moment(subject, 5)), *size, look)).splitlines()
    assert len(lines) <= size[1]
    for name in layer.cell.quantities:
        at = next(n for n, line in enumerate(lines) if f"{name} {layer.quantity(name).symbol} mean" in line)
        read = look.amount if layer.quantity(name).signed else look.share
        numbers = [read(float(layer[name][5, unit])) for unit in range(8)]
        assert any([word.lstrip("▲▼") for word in line.split()] == numbers for line in lines[at + 1 : at + 6]), name


def test_units_are_tiles_as_high_as_there_is_room() -> None:
    state = Overview(first_moment(large(1, 8), 5))
    for height in (18, 34, 44):
        lines = panels.grid(state, 120, height, LOOK)
        assert height - 6 < len(lines) <= height
    shape, blocks = blocks_of(overview(), 200, 44, LOOK)
    assert shape.tall == 1
    assert len(blocks) == 3


def test_what_is_written_on_a_shade_stands_out() -> None:
    for ramps_of in RAMPS.values():
        for ramp in ramps_of.values():
            assert all(contrast(ink_on(back), back) >= 4.5 for back in ramp)


def contrast(one: int, other: int) -> float:
    """The contrast of two palette indices by WCAG 2.1."""

    def light(index: int) -> float:
        parts = np.array(Color.from_ansi(index).get_truecolor()) / 255
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_where_not_all_fit_it_is_said_and_the_selected_one_is_there() -> None:
    look = Look(ASCII)
    state = Overview(replace(first_moment(large(), 5), quantity="cell"))
    for place in (0, 300, 767):
        lines = plain_text(panels.grid(state.with_unit(place), 40, 12, look)).splitlines()
        assert "rows " in lines[-1]
        assert any(line.startswith(">") for line in lines)


async def test_one_moves_in_rows_and_across_layers_and_descends(now: Now, look: Look) -> None:
    app = GatestepApp(look, large(), t=5)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("z")
        assert "all 768 units of 3 layers" in shown(app, "heading")
        await pilot.press("G")
        assert (state_of(app).here.layer, state_of(app).here.unit) == ("l2", 255)
        await pilot.press("g", "right", "right", "down")
        across = blocks_of(state_of(app), 80, app.screen.query_one("#grid").size.height, look)[0].across
        assert (state_of(app).here.layer, state_of(app).here.unit) == ("l0", 2 + across)
        await pilot.press("up", "left", "3", "0", "0", "right", "full_stop", "tab")
        assert (state_of(app).here.layer, state_of(app).here.unit, state_of(app).here.t) == ("l1", 45, 6)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        here = now(app)
        assert (here.layer, here.unit, here.t, here.quantity) == ("l1", 45, 6, "input")
        assert len(app.screen_stack) == 2


async def test_to_leave_it_changes_nothing(now: Now, look: Look) -> None:
    app = GatestepApp(look, large(), t=5)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("z", "G", "escape")
        assert (now(app).layer, now(app).unit, now(app).t) == ("l0", 0, 5)


async def test_the_units_are_ordered_in_all_layers(look: Look) -> None:
    app = GatestepApp(look, Overview(first_moment(large(), 5)))
    async with app.run_test(size=(120, 40)) as pilot:
        for name in ORDERS:
            await pilot.press("o")
            assert shown(app, "grid").count(f"▼ {name}@6") == 3
            assert MEANINGS[name][:40] in noted(app)
            for moment, layer in zip(state_of(app).layers, large().trace.layers, strict=True):
                values = ORDERS[name](layer, 5)
                assert values is not None
                assert np.all(np.diff(values[list(moment.order)]) <= 0)


@pytest.mark.parametrize(
    ("typed", "layer", "unit", "note"),
    [
        ("u42", "l0", 42, ""),
        ("l2u255", "l2", 255, ""),
        ("L1", "l1", 7, ""),
        ("u256", "l0", 7, "there is no unit 256 in l0; it has 0 to 255"),
        ("l3u1", "l0", 7, "there is no layer l3; this network has l0, l1, l2"),
        ("l", "l0", 7, "l: not a timestamp"),
    ],
)
async def test_a_unit_is_gone_to_by_its_number(
    now: Now, look: Look, typed: str, layer: str, unit: int, note: str
) -> None:
    app = GatestepApp(look, replace(first_moment(large(), 5), unit=7))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("colon", *typed, "enter")
        assert (now(app).layer, now(app).unit, now(app).t) == (layer, unit, 5)
        assert note in noted(app)
