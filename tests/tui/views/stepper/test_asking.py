"""The key that asks why: where it leads, what it says, and that nobody has to wait for it."""

import re
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from unittest import mock

import numpy as np
import pytest
from gatestep.engine import Trace, WordNetwork, edited, provenance, run, why
from gatestep.scenarios import LEAST_EFFECT, SCENARIOS, find, shipped
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.lines import plain_text
from gatestep.tui.draw.look import Look
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.stepper import asking
from gatestep.tui.views.stepper.panels.arithmetic import arithmetic
from gatestep.tui.views.stepper.reasons import by_effect, by_share, has_answer
from gatestep.tui.views.stepper.state import Moment, first_moment
from pilots import FROM_FILE, noted, until

Now = Callable[[GatestepApp], Moment]
SIZE = (100, 30)
COUNTRY, END = 8, 23
RECURRENT = [(s.name, m) for s in SCENARIOS.values() for m in s.models if isinstance(shipped(s, m)[0], WordNetwork)]


def test_it_goes_from_the_answer_to_its_unit_and_on_to_who_wrote_it_by_effect(subject: Subject) -> None:
    network = subject.word_network
    assert network is not None
    found = why(subject.trace, network)
    first, *writers = by_effect(first_moment(subject, END))
    assert (first.t, first.unit) == (END, found.writes[0].unit)
    assert "“Pakistani”" in first.said
    assert [(r.t, r.unit) for r in writers] == [
        (w.t, w.unit) for w in found.writes if w.effect <= -LEAST_EFFECT
    ][:len(writers)]  # fmt: skip
    assert (writers[0].t, subject.tokens[writers[0].t]) == (COUNTRY, "Pakistan")
    assert f"{found.writes[0].effect:.2f}".lstrip("-") in first.said
    assert f"{found.writes[0].effect:.2f}".lstrip("-") in writers[0].said


def test_the_effects_in_the_table_are_those_of_the_same_units_in_why(subject: Subject) -> None:
    effects, network = first_moment(subject, END).effects(END), subject.word_network
    assert network is not None
    assert effects is not None
    for carrier in why(subject.trace, network).carriers:
        assert effects[carrier.unit] == pytest.approx(carrier.effect, abs=1e-4)


@pytest.mark.parametrize(("name", "model"), RECURRENT)
def test_the_unit_that_a_subject_opens_with_is_marked_as_the_key_marks_it(name: str, model: str) -> None:
    """Of all places that the key goes to, the first that the evidence wrote; none is marked where it goes to none."""
    subject = scenario_subject(find(name), model)
    assert isinstance(subject, Subject)
    here = first_moment(subject, len(subject.trace) - 1)
    if here.writer is None:
        assert subject.trace.tokens is not None
        assert here.marked == f"largest effect@{len(subject.trace)}" or name == "sharing"
        return
    first, *writers = by_effect(here)
    there = next(r for r in writers if r.t == here.writer)
    assert (there.mark.layer, there.unit, there.t) == (here.layer, here.unit, here.writer)
    assert there.mark.text == here.marked
    assert first.unit == here.unit or name in ("order", "pakistan", "clouds")


def test_that_unit_carries_it_with_another_country_in_it_the_answer_is_another(subject: Subject) -> None:
    """By hand: the memory of the unit alone, as other countries leave it, and the sentence read on."""
    network, unit = subject.word_network, by_effect(first_moment(subject, END))[1].unit
    assert network is not None
    said = []
    for country in ("Canada", "France", "Japan"):
        other = network.trace([*subject.tokens[:COUNTRY], country, *subject.tokens[COUNTRY + 1 :]])
        value = float(other.layers[0]["cell"][COUNTRY, unit])
        changed = edited(network.trace(subject.tokens), [f"cell[{unit}]={value}@{COUNTRY + 1}"])
        p = changed.probabilities(END)
        assert p is not None
        said.append(network.vocabulary.words[int(p.argmax())])
    assert set(said) != {"Pakistani"}


async def test_y_goes_there_again_for_the_next_and_anew_from_elsewhere(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        expected = by_effect(now(app).at(END))
        await pilot.press("G", "y")
        await until(pilot, lambda: "is carried by" in noted(app))
        assert (now(app).t, now(app).unit) == (END, expected[0].unit)
        await pilot.press("y")
        assert (now(app).t, now(app).unit, now(app).quantity) == (COUNTRY, expected[1].unit, "cell")
        assert noted(app).startswith(f"Pakistan@9 wrote it into unit {expected[1].unit}")
        await pilot.press("l")
        assert noted(app) == ""
        panel = plain_text(arithmetic(now(app), 100, 5, app.look))
        assert "carries Pakistan@9 to 24" in panel.splitlines()[0]
        await pilot.press("h", *["y"] * (len(expected) - 1))
        assert (now(app).t, now(app).unit) == (END, expected[0].unit), "after the last comes the answer again"
        await pilot.press("5", "h", "y")
        await until(pilot, lambda: "computing" not in noted(app))
        assert now(app).t == END - 5


async def test_what_is_typed_ahead_of_the_answer_counts(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("G", "y", "y")
        await until(pilot, lambda: now(app).t == COUNTRY)


async def test_esc_cancels_and_so_does_going_elsewhere(app: GatestepApp, now: Now) -> None:
    started, ended = Event(), Event()

    def slow(moment: Moment, tick: Callable[[], object]) -> None:
        started.set()
        try:
            while True:
                tick()
        finally:
            ended.set()

    with mock.patch.object(asking, "by_effect", slow):
        async with app.run_test(size=SIZE) as pilot:
            for key, note in (("escape", "cancelled"), ("h", "")):
                started.clear()
                ended.clear()
                await pilot.press("G", "y")
                await until(pilot, started.is_set)
                assert noted(app) == "computing why; Esc cancels"
                await pilot.press(key)
                await until(pilot, ended.is_set)
                assert noted(app) == note
            assert now(app).t == END - 1


def from_file(trace: Trace) -> Moment:
    return first_moment(Subject("weights.npz", "LSTM", trace, FROM_FILE), len(trace) - 1)


def test_without_an_answer_it_goes_by_share(subject: Subject) -> None:
    trace = run(subject.trace.stack, subject.trace.inputs)
    moment = from_file(trace)
    assert not has_answer(moment)
    *reasons, back = by_share(moment)
    largest = provenance(trace.layers[0], END, moment.unit).largest(12)
    assert [r.t for r in reasons] == [t for t, _, share in largest if share >= 0.005]
    assert {r.unit for r in reasons} == {moment.unit}
    assert f"{largest[0][1]:+.2f}, {100 * largest[0][2]:.0f} %" in reasons[0].said
    assert f"timestamp {largest[0][0] + 1} wrote" in reasons[0].said
    assert back.of(moment).t == END


async def test_a_cell_without_an_additive_memory_says_so(look: Look) -> None:
    subject = scenario_subject(find("pakistan"), "rnn")
    assert isinstance(subject, Subject)
    app = GatestepApp(look, Subject("own", "RNN", run(subject.trace.stack, subject.trace.inputs), FROM_FILE), 3)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("y")
        assert "rewrites its whole memory" in noted(app)


def test_an_edit_stays_in_force_while_others_words_are_tried(subject: Subject) -> None:
    network = subject.word_network
    assert network is not None
    changed = replace(subject, trace=edited(subject.trace, ["forget[5]=0@12"]))
    first = by_effect(first_moment(changed, END))[0]
    found = why(changed.trace, network)
    assert first.unit == found.writes[0].unit
    assert f"“{found.answer}”" in first.said


@pytest.mark.parametrize("model", ["rnn", "gru", "peephole"])
def test_other_cells_have_an_answer_too(model: str) -> None:
    subject = scenario_subject(find("pakistan"), model)
    assert isinstance(subject, Subject)
    reasons = by_effect(first_moment(subject, END))
    assert re.search(r"unit \d", reasons[0].said)
    assert np.isin(COUNTRY, [r.t for r in reasons])
