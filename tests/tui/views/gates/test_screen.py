"""The gates over all held-out sentences: the screen, its keys, and the way to a moment."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np
import pytest
from gatestep.engine import CLOSED, OPEN, Saturation, run, stack_from_tensors
from gatestep.scenarios import find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.lines import width_of
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.source.make import origin_of, scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.gates import histograms
from gatestep.tui.views.gates import screen as screens
from gatestep.tui.views.gates.make import gates_over_all
from gatestep.tui.views.gates.panels import percent, piece
from gatestep.tui.views.gates.screen import GatesScreen
from gatestep.tui.views.gates.state import GateStatistics
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import Moment
from hypothesis import given
from hypothesis import strategies as st
from pilots import FROM_FILE, shown, until
from rich.segment import Segment
from textual.pilot import Pilot

SIZE = (80, 24)


def opened(model: str, look: Look) -> GatestepApp:
    return GatestepApp(look, scenario_subject(find("pakistan"), model), t=0)


async def until_found(pilot: Pilot[Exception]) -> GatesScreen:
    screen = pilot.app.screen
    assert isinstance(screen, GatesScreen)
    await until(pilot, lambda: screen.state.found)
    return screen


def text_of(lines: Iterable[Iterable[Segment]]) -> list[str]:
    return ["".join(s.text for s in line) for line in lines]


async def test_v_shows_the_numbers_of_the_unit_in_words_and_beside_the_picture(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        screen = await until_found(pilot)
        found, unit = screen.state.found, screen.state.unit
        assert found
        assert f"2,700 held-out sentences, {len(found):,} timestamps" in shown(app, "heading")
        said = (f"unit {unit}, forget: above 0.9 in {percent(found.open['forget'][unit])} of {len(found):,} "
                f"timestamps, below 0.1 in {percent(found.closed['forget'][unit])}")  # fmt: skip
        assert said in shown(app, "words")
        for n in range(found.gates["forget"].shape[1]):
            closed, opened = (f"{100 * share:.1f}%" for share in (found.closed["forget"][n], found.open["forget"][n]))
            rows = [row.strip("▸ ").replace(" %", "%").split() for row in shown(app, "pictures").splitlines()]
            assert any((row[0], row[1], row[-1]) == (str(n), closed, opened) for row in rows)


async def test_tab_takes_the_next_gate_and_the_arrows_another_unit(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        screen = await until_found(pilot)
        unit = screen.state.unit
        await pilot.press("tab", "down", "down", "up")
        assert (screen.state.gate, screen.state.unit) == ("input", unit + 1)
        assert f"unit {unit + 1}, input: above" in shown(app, "words")
        await pilot.press("2", "tab", "9", "j")
        assert (screen.state.gate, screen.state.unit) == ("forget", 7)
        await pilot.press("shift+tab", "9", "k")
        assert (screen.state.gate, screen.state.unit) == ("output", 0)


@pytest.mark.parametrize("model", ["lstm", "gru", "peephole", "coupled-forget"])
@pytest.mark.parametrize("down", [0, 4])
async def test_enter_goes_to_the_moment_that_is_chosen_and_q_back_to_the_list(
    model: str, down: int, look: Look, now: Callable[[GatestepApp], Moment]
) -> None:
    app = opened(model, look)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        screen = await until_found(pilot)
        await pilot.press("tab", "down", *["right"] * down)
        statistics, extreme = screen.state, screen.state.chosen
        assert statistics.found
        assert extreme
        assert f"{extreme.value:.4f}  timestamp {extreme.t + 1:>2}" in shown(app, "extremes").splitlines()[1 + down]
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        there = now(app)
        assert there.trace.tokens == statistics.found.sentences[extreme.sentence]
        assert (there.t, there.unit, there.quantity) == (extreme.t, statistics.unit, statistics.gate)
        assert origin_of(there.subject).model == model
        assert there.layer_trace[statistics.gate][there.t, there.unit] == pytest.approx(extreme.value, abs=1e-6)
        assert f"timestamp {extreme.t + 1}/{len(there.trace)}" in shown(app, "heading")
        await pilot.press("q")
        await pilot.pause()
        assert app.screen_stack[-1] is screen
        await pilot.press("q")
        await pilot.pause()
        assert now(app).t == 0
        assert len(app.screen_stack) == 2


async def test_the_list_has_the_highest_first_then_the_lowest_and_more_of_them_on_a_tall_screen(
    app: GatestepApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        screen = await until_found(pilot)
        await pilot.press("9", "right")
        assert screen.state.row == 9
        high, low = screen.state.extremes
        assert high[0].value >= high[-1].value > low[-1].value >= low[0].value
        await pilot.resize_terminal(120, 60)
        await pilot.pause()
        assert sum(map(len, screen.state.extremes)) > 16
        for gate in screen.state.gates:
            assert gate in shown(app, "pictures").splitlines()[0]


async def test_the_screen_is_there_and_takes_keys_before_the_sentences_are_read(app: GatestepApp) -> None:
    gate = threading.Event()

    def slow(statistics: GateStatistics) -> Saturation:
        gate.wait(20)
        return gates_over_all(statistics)

    with mock.patch.object(screens, "gates_over_all", slow):
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("v")
            await pilot.pause()
            assert "reading all held-out sentences" in shown(app)
            await pilot.press("tab", "right", "enter", "left")
            assert isinstance(app.screen, GatesScreen)
            gate.set()
            screen = await until_found(pilot)
            assert screen.state.gate == "input"
            assert "input: above" in shown(app)


async def test_no_key_has_to_wait_for_a_count(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        screen = await until_found(pilot)
        with mock.patch.object(np, "histogram", side_effect=AssertionError):
            for gate in screen.state.gates[1:]:
                await pilot.press("tab")
                assert f"{gate} of unit" in shown(app, "extremes")


async def test_an_rnn_says_that_it_has_no_gates(look: Look) -> None:
    app = opened("rnn", look)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        assert "a vanilla RNN has no gates" in shown(app, "footer")


@pytest.mark.parametrize("key", ["v", "u"])
async def test_a_network_from_a_file_says_that_there_are_no_held_out_sentences(key: str, look: Look) -> None:
    rng = np.random.default_rng(0)
    tensors = {"weight_ih_l0": rng.normal(size=(8, 3)), "weight_hh_l0": rng.normal(size=(8, 2))}
    trace = run(stack_from_tensors(tensors, "made"), rng.normal(size=(4, 3)))
    app = GatestepApp(look, Subject("made", "LSTM 2 units", trace, FROM_FILE))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        assert "this network comes from a file" in shown(app, "footer")


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0 %"), (1.0, "100 %"), (0.931, "93.1 %"), (0.0001, "under 0.1 %"), (0.9999, "over 99.9 %"), (0.5, "50 %")],
)
def test_a_share_in_words_is_nothing_or_all_only_where_it_is(share: float, said: str) -> None:
    assert percent(share) == said


def statistics_of(values: np.ndarray, look: Look, **changed: Any) -> GateStatistics:
    """The statistics of a network whose forget gate has these values (N, H)."""
    N = len(values)
    subject = scenario_subject(find("pakistan"))
    assert isinstance(subject, Subject)
    found = Saturation(
        (("a",),), np.zeros(N, int), np.zeros(N, int), dict.fromkeys(("forget", "input", "output"), values)
    )
    return replace(GateStatistics(subject, "l0", "forget", found=found), **changed)


VALUES = np.tile(np.linspace(0.02, 0.98, 97)[:, None], (1, 8)) ** np.linspace(0.1, 4, 8)


@pytest.mark.parametrize("look", [Look(UNICODE), Look(UNICODE, "16"), Look(ASCII), Look(ASCII, "none")])
@pytest.mark.parametrize("width", [79, 80, 126, 200])
@pytest.mark.parametrize("height", [5, 10, 20, 40])
def test_each_unit_has_its_histogram_with_the_shares_at_its_ends(look: Look, width: int, height: int) -> None:
    state = statistics_of(VALUES, look, unit=3)
    lines = histograms.pictures(state, width, height, look)
    assert len(lines) <= height
    assert all(width_of(line) <= width for line in lines)
    closed, opened = (VALUES < 0.1).mean(axis=0), (VALUES > 0.9).mean(axis=0)
    listed = {int(row[1:6]): row for row in text_of(lines)[2:] if row[1:6].strip()}
    assert 3 in listed
    assert listed[3].startswith(look.glyphs.chosen)
    assert len(listed) == min(8, height - 2)
    if len(listed) < 8:
        assert f"{len(listed)} of 8" in text_of(lines)[1]
    for unit, row in listed.items():
        assert row[6:14].strip() == f"{100 * closed[unit]:.1f} %"
        assert f" {100 * opened[unit]:.1f} %" in row


def test_the_shades_are_the_shares_of_the_bins_and_some_is_not_none() -> None:
    values = np.array([[0.01] * 60 + [0.99] * 39 + [0.52]]).T
    state = statistics_of(values, Look(ASCII))
    (row,) = text_of(histograms.pictures(state, 80, 3, Look(ASCII)))[2:]
    digits = row[15:55:2]
    assert digits == "8" + "0" * 9 + "3" + "0" * 8 + "8"  # 60, 1 and 39 %, on a log scale from 0.1 to 100 %
    assert state.histogram("forget").sum(axis=1) == pytest.approx(1)


async def test_o_orders_the_units_and_the_arrows_follow_the_order(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        screen = await until_found(pilot)
        assert screen.state.found is not None
        shares = {"open": screen.state.found.open["forget"], "closed": screen.state.found.closed["forget"]}
        for order in ("open", "closed"):
            await pilot.press("o", "9", "k")
            assert screen.state.unit == int(np.argmax(shares[order]))
            rows = [int(row[1:6]) for row in shown(app, "pictures").splitlines()[2:]]
            assert [shares[order][unit] for unit in rows] == sorted(shares[order], reverse=True)
            await pilot.press("down")
            assert screen.state.unit == rows[1]
        await pilot.press("o")
        assert "by number" in shown(app, "heading") or screen.state.order == "number"


@given(st.lists(st.sampled_from(["I", "am", "Pakistani", ","]), min_size=1, max_size=40), st.data())
def test_a_piece_of_a_sentence_has_its_word_marked_and_fits(words: list[str], data: st.DataObject) -> None:
    t = data.draw(st.integers(0, len(words) - 1))
    line = piece(tuple(words), t, 50, Look(ASCII, "none"))
    assert width_of(line) <= 50
    assert line[1].text == f"[{words[t]}]"
    before = line[0].text.removeprefix("...").split()
    assert before == words[t - len(before) : t]
    assert (len(before) == t) == (not line[0].text.startswith("..."))


def test_thresholds_on_the_screen_are_those_of_the_counts() -> None:
    assert (CLOSED, OPEN) == (0.1, 0.9)
