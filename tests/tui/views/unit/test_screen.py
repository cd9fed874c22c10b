"""The page of a unit: sentences that differ in a word, weights, and the scores without it."""

import threading
from unittest import mock

import numpy as np
import pytest
from gatestep.engine import Ablated
from gatestep.scenarios import accuracy_by_size, find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import Look
from gatestep.tui.source.make import recurrent_of, scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import Moment, first_moment
from gatestep.tui.views.unit import screen as screens
from gatestep.tui.views.unit.make import ablation, unit_page
from gatestep.tui.views.unit.panels import SCORES
from gatestep.tui.views.unit.screen import UnitScreen
from gatestep.tui.views.unit.state import UnitPage, to_gates, to_outputs
from pilots import shown, until
from textual.pilot import Pilot

SIZE = (80, 24)
COUNTRY = 8


def page(name: str = "pakistan", model: str | None = None) -> UnitPage:
    subject = scenario_subject(find(name), model)
    assert isinstance(subject, Subject)
    return unit_page(first_moment(subject))


async def until_found(pilot: Pilot[Exception]) -> UnitScreen:
    screen = pilot.app.screen
    assert isinstance(screen, UnitScreen)
    await until(pilot, lambda: screen.state.ablation)
    return screen


async def test_u_shows_the_unit_over_every_country_with_its_value_at_the_cursor(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("9", "G", "u")
        screen = await until_found(pilot)
        here = screen.state.here
        assert f"unit {here.unit}" in shown(app, "heading")
        assert "timestamp 9/24, Pakistan" in shown(app, "heading")
        rows = shown(app, "traces").splitlines()[1:]
        for subject, name, row in zip(screen.state.subjects, screen.state.names, rows, strict=False):
            value = float(subject.trace.layers[0]["cell"][COUNTRY, here.unit])
            assert subject.trace.tokens
            assert subject.trace.tokens[COUNTRY] == name
            assert name in row
            assert row.rstrip().endswith(app.look.memory(value))
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)


async def test_the_scores_are_those_with_and_without_the_unit_and_follow_it(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("u")
        screen = await until_found(pilot)
        network, corpus = recurrent_of(screen.state.here.subject), find("pakistan").corpus
        for _ in range(2):
            unit = screen.state.here.unit
            whole, without = (accuracy_by_size(network, corpus, ablated=s) for s in (None, Ablated("l0", (unit,))))
            rows = shown(app, "scores").splitlines()
            assert len(rows) == SCORES
            for row, name, scores in ((rows[2], "whole", whole), (rows[3], f"without {unit}", without)):
                shares = [share for share in scores.values() if share is not None]
                assert row.strip().startswith(f"{name} ")
                assert f"{100 * np.mean(shares):.1f} %" in row
                assert row.split("%", 1)[1].replace(" %", "%").split() == [f"{100 * share:.0f}%" for share in shares]
            await pilot.press("down")
            assert screen.state.here.unit == unit + 1
            await until_found(pilot)
        assert whole != without


async def test_the_page_is_there_before_the_scores_are_and_only_the_unit_where_one_stays_is_tried(
    app: GatestepApp,
) -> None:
    gate = threading.Event()
    tried = []

    def slow(here: Moment) -> object:
        tried.append(here.unit)
        gate.wait(20)
        return ablation(here)

    with mock.patch.object(screens, "ablation", slow):
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("u")
            await pilot.pause()
            assert "running the network without this unit" in shown(app, "scores")
            screen = app.screen
            assert isinstance(screen, UnitScreen)
            first = screen.state.here.unit
            await pilot.press("right", "down", "down")
            gate.set()
            await until_found(pilot)
            assert screen.state.here.unit == first + 2
            assert screen.state.ablation == ablation(screen.state.here)
            assert f"without {first + 2}" in shown(app, "scores")
            await pilot.press("2", "up")
            assert screen.state.ablation == ablation(screen.state.here), "what was found once is there at once"
            assert tried == [first, first + 2]


async def test_nothing_spells_out_all_that_the_page_holds(app: GatestepApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def spell(page: UnitPage) -> str:
        raise AssertionError("thousands of numbers, in words, while a key waits")

    monkeypatch.setattr(UnitPage, "__repr__", spell)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("u")
        await until_found(pilot)


async def test_the_arrows_walk_through_the_steps_of_all_sentences(look: Look) -> None:
    app = GatestepApp(look, scenario_subject(find("dna")), t=0)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("u", "3", "right")
        screen = app.screen
        assert isinstance(screen, UnitScreen)
        assert screen.state.here.t == 3
        assert screen.state.differ is None
        assert screen.state.names == ("this one", "other 1")
        await pilot.press("G", "right")
        assert "timestamp 18/18" in shown(app, "heading")
        await pilot.press("5", "G", "left")
        assert "timestamp 4/18" in shown(app, "heading")
        await pilot.press("g")
        assert "timestamp 1/18" in shown(app, "heading")


@pytest.mark.parametrize(("model", "state"), [("lstm", "cell"), ("gru", "hidden"), ("rnn", "hidden"),
                                              ("coupled-input", "cell")])  # fmt: skip
async def test_every_kind_of_network_has_units_with_pages(model: str, state: str, look: Look) -> None:
    app = GatestepApp(look, scenario_subject(find("pakistan"), model), t=0)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("u")
        screen = await until_found(pilot)
        assert f"{state} {'c' if state == 'cell' else 'h'} of unit" in shown(app, "traces")
        assert screen.state.ablation == ablation(screen.state.here)


@pytest.mark.parametrize("model", ["lstm", "gru", "coupled-forget", "rnn"])
def test_weights_lead_from_the_unit_to_where_it_is_said(model: str) -> None:
    here = page(model=model).here
    trace, weights = here.trace, here.layer_trace.weights
    assert trace.readout
    assert trace.vocabulary
    for unit in range(weights.H):
        words = to_outputs(trace.readout, trace.vocabulary, unit)
        assert [weight for _, weight in words] == sorted(trace.readout.matrix[:, unit].tolist(), reverse=True)
        for word, weight in words:
            assert trace.readout.matrix[trace.vocabulary.index(word), unit] == np.float32(weight)
        gates = to_gates(trace, here.layer, unit)
        assert [abs(w) for *_, w in gates] == sorted(np.abs(weights.W[:, unit]).tolist(), reverse=True)
        for gate, to, weight in gates:
            assert weights.W[weights.row(gate, to), unit] == np.float32(weight)


async def test_the_largest_weights_are_on_the_page(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("u")
        here = (await until_found(pilot)).state.here
        assert here.trace.readout
        assert here.trace.vocabulary
        words = to_outputs(here.trace.readout, here.trace.vocabulary, here.unit)
        rows = shown(app, "weights").splitlines()
        for row, (word, weight) in ((rows[1], words[0]), (rows[2], words[-1])):
            assert f"{word} {app.look.number(weight)}" in row
        gate, to, weight = to_gates(here.trace, here.layer, here.unit)[0]
        assert f"{gate} of {to} {app.look.number(weight)}" in rows[3]
