"""A network of one's own over numbers is as much at home as a scenario: every key that is offered works."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import ablation, why
from gatestep.engine.files.own import Own
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import Look
from gatestep.tui.draw.numbers import signed, vouched
from gatestep.tui.keys import STEPPER, actions_of
from gatestep.tui.source.own import own_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.base.screen import ViewScreen
from gatestep.tui.views.compare.screen import CompareScreen
from gatestep.tui.views.gates.screen import GatesScreen
from gatestep.tui.views.gradients.screen import GradientsScreen
from gatestep.tui.views.stepper import reasons
from gatestep.tui.views.stepper.reasons import has_answer
from gatestep.tui.views.stepper.state import Moment, first_moment
from gatestep.tui.views.unit.screen import UnitScreen
from gatestep.tui.views.unit.without import NumbersWithout
from numbermade import HEAD, made, scalers, table
from pilots import noted, shown, until
from textual.screen import Screen
from torch import nn

Now = Callable[[GatestepApp], Moment]


@dataclass(frozen=True)
class Case:
    """How files are made in a folder, and the options that open them there."""

    make: Callable[[Path], Any]
    input: str
    options: dict[str, Any] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    says: bool = True


def regression(path: Path) -> None:
    """A model with the head of the article, a dated table, and both scalers."""
    x, y = table(path)
    scalers(path, x, y)
    made(path)


def batch(path: Path) -> None:
    """Two layers with a linear head over three padded sequences, with a target for the end of each."""
    made(path, layers=2, dense=0, inputs=3)
    rng = np.random.default_rng(0)
    np.save(path / "x.npy", rng.normal(size=(3, 8, 3)))
    np.save(path / "lengths.npy", [8, 5, 6])
    np.save(path / "y.npy", rng.normal(size=3))


def headless(path: Path) -> None:
    """Two networks of one file without a head, a GRU and an LSTM, over one table."""
    torch.manual_seed(0)
    networks = nn.ModuleDict({"one": nn.GRU(2, 4), "two": nn.LSTM(2, 4)})
    torch.save(networks.state_dict(), path / "model.pt")
    np.savetxt(path / "x.csv", np.random.default_rng(0).normal(size=(7, 2)), "%.4f", ",", header="a,b", comments="")


CASES = {
    "regression": Case(regression, "vol.csv", {"target": "Volume", "readout": HEAD}, ("scaler=scalers.json",)),
    "batch": Case(batch, "x.npy", {"layout": "batch-first", "sequence": 1}, ("lengths=lengths.npy", "target=y.npy")),
    "headless": Case(headless, "x.csv", {"network": "one"}, says=False),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    """Each of the files."""
    return CASES[request.param]


def opened(case: Case, path: Path) -> Subject:
    """Make the files, and return what opens."""
    case.make(path)
    files: dict[str, Any] = {name: path / file for name, file in (pair.split("=") for pair in case.paths)}
    if "target" in files:
        files["target"] = str(files["target"])
    return own_subject(Own(path / "model.pt", path / case.input, **case.options, **files))


async def test_every_key_that_is_offered_does_something(case: Case, tmp_path: Path, look: Look, now: Now) -> None:
    app = GatestepApp(look, opened(case, tmp_path), 2)
    async with app.run_test(size=(120, 40)) as pilot:
        below = app.screen
        assert isinstance(below, ViewScreen)
        offered = [a for a in actions_of(STEPPER) if a.short and not (a.needs and below.cannot(a.needs))]
        ids = {action.id for action in offered}
        assert {"stepper.compare", "stepper.edit", "stepper.gradients", "stepper.gates", "stepper.unit_page",
                "stepper.goto"} <= ids  # fmt: skip
        assert not {"stepper.charts", "stepper.learn"} & ids
        for action in offered:
            if action.id in ("app.back", "app.help"):
                continue
            await pilot.press("9", "k", "g")
            before = shown(app)
            await pilot.press(action.keys[0])
            await until(pilot, partial(_answered, app, below, before))
            while app.screen is not below or _asks(app) or now(app).playing:
                await pilot.press("escape")
                await pilot.pause()
            assert "scenario" not in noted(app)


def _answered(app: GatestepApp, below: Screen[Any], before: str) -> bool:
    return shown(app) != before or app.screen is not below or _asks(app)


def _asks(app: GatestepApp) -> bool:
    return isinstance(app.screen, ViewScreen) and app.screen.prompting


async def typed(pilot: Any, text: str) -> None:
    """Type over what a prompt has, and answer."""
    await pilot.press("ctrl+a", "ctrl+k", *text, "enter")


async def test_an_input_is_edited_at_the_timestamp_and_set_back(
    case: Case, tmp_path: Path, look: Look, now: Now
) -> None:
    app = GatestepApp(look, opened(case, tmp_path), 2)
    async with app.run_test(size=(100, 30)) as pilot:
        whole = now(app).trace
        await pilot.press("e")
        await typed(pilot, "x[1]=9")
        trace = now(app).trace
        assert (trace.inputs[2, 1], now(app).t) == (9.0, 2)
        np.testing.assert_array_equal(np.delete(trace.inputs, 2, 0), np.delete(whole.inputs, 2, 0))
        assert (trace.top[2:] != whole.top[2:]).any()
        assert (now(app).subject.outputs is None) == (not case.says)
        await pilot.press("e")
        await typed(pilot, "x[77]=1")
        assert "at column" in noted(app)
        await pilot.press("e")
        await typed(pilot, "original")
        np.testing.assert_array_equal(now(app).trace.inputs, whole.inputs)


async def compared_with(pilot: Any, app: GatestepApp, text: str) -> CompareScreen:
    await pilot.press("c")
    await typed(pilot, text)
    await until(pilot, lambda: isinstance(app.screen, CompareScreen) or noted(app))
    assert isinstance(app.screen, CompareScreen), noted(app)
    return app.screen


async def test_two_checkpoints_two_inputs_and_an_edited_run_are_compared(tmp_path: Path, look: Look) -> None:
    subject = opened(CASES["regression"], tmp_path)
    later = tmp_path / "later.pt"
    made(tmp_path, seed=1)
    (tmp_path / "model.pt").rename(later)
    made(tmp_path)
    x = np.random.default_rng(3).normal(size=(5, 2))
    np.save(tmp_path / "other.npy", x)
    app = GatestepApp(look, subject, 2)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await compared_with(pilot, app, str(later))
        assert "outputs differ most at timestamp" in shown(app, "heading")
        assert "output" in screen.state.distances()
        assert "later.pt" in shown(app, "right")
        await pilot.press("escape")
        screen = await compared_with(pilot, app, str(tmp_path / "other.npy"))
        assert screen.state.same_network
        right = screen.state.right.subject
        assert isinstance(right, Subject)
        assert len(right.trace) == 5
        assert "they diverge at timestamp 1" in shown(app, "heading")
        await pilot.press("e", *"no-such", "enter")
        assert "is not a sequence, network or file" in noted(app)


async def test_sequences_and_networks_of_a_file_are_compared(tmp_path: Path, look: Look) -> None:
    app = GatestepApp(look, opened(CASES["batch"], tmp_path), 2)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await compared_with(pilot, app, "2")
        assert "sequence 2 of 3" in shown(app, "right")
        assert screen.state.same_network
        await pilot.press("e", "9", "enter")
        assert "there is none" in noted(app)
    app = GatestepApp(look, opened(CASES["headless"], tmp_path), 2)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await compared_with(pilot, app, "two")
        titles = [moment.trace.stack.cell.title for moment in screen.state.moments]
        assert titles == ["GRU", "LSTM"]


async def test_gradients_begin_from_an_output_or_a_unit_where_one_is(
    case: Case, tmp_path: Path, look: Look, now: Now
) -> None:
    app = GatestepApp(look, opened(case, tmp_path), 3)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, GradientsScreen) and app.screen.state.found)
        heading = shown(app, "heading")
        assert "at timestamp 4" in heading
        assert ("h of l0, unit" in heading) == (not case.says)
        assert "0 back" in heading
        await pilot.press("left")
        assert "timestamp 3" in shown(app, "heading")
        assert "1 back" in shown(app, "heading")
        await pilot.press("tab")
        if case.says:
            await until(pilot, lambda: "unit" in shown(app, "heading"))
        else:
            assert "no output to start from" in noted(app)


async def test_gates_are_over_all_sequences(case: Case, tmp_path: Path, look: Look) -> None:
    app = GatestepApp(look, opened(case, tmp_path), 0)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, GatesScreen) and app.screen.state.found)
        assert isinstance(app.screen, GatesScreen)
        found = app.screen.state.found
        assert found is not None
        over = {"batch": "3 sequences, 19 timestamps", "regression": "this sequence, 30 timestamps"}
        name = next(name for name, one in CASES.items() if one is case)
        assert over.get(name, "this sequence, 7 timestamps") in shown(app, "heading")
        await pilot.press("right", "enter")
        await until(pilot, lambda: not isinstance(app.screen, GatesScreen))


async def test_a_unit_is_ablated_beside_one_drawn_by_chance(case: Case, tmp_path: Path, look: Look) -> None:
    app = GatestepApp(look, opened(case, tmp_path), 2)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, UnitScreen) and app.screen.state.ablation)
        assert isinstance(app.screen, UnitScreen)
        found = app.screen.state.ablation
        assert isinstance(found, NumbersWithout)
        whole, without, _ = found.runs
        assert (whole.moved, whole.unit) == (0.0, None)
        here = app.screen.state.here
        same = ablation(here.trace, here.layer, (here.unit,)).chosen.hidden  # what `gatestep run --edit` prints
        assert without.moved == pytest.approx(same, rel=1e-5)
        assert without.moved > 0
        text = shown(app, "scores")
        assert "drawn at random" in text
        assert ("changes by rms" in text) == case.says
        assert "to units" in shown(app, "weights")


def test_what_cannot_work_is_not_offered(case: Case, tmp_path: Path) -> None:
    subject = opened(case, tmp_path)
    for need in ("charts", "learn", "lesson"):
        assert subject.cannot(need)
    assert subject.cannot("lesson") == "no lesson here: lessons are about the scenarios' own networks"
    assert bool(subject.cannot("models")) == (case is not CASES["headless"])
    assert bool(subject.cannot("sequences")) == (case is not CASES["batch"])


def test_a_vanilla_network_has_no_gates_to_offer(tmp_path: Path) -> None:
    torch.save(nn.RNN(2, 3).state_dict(), tmp_path / "rnn.pt")
    np.save(tmp_path / "x.npy", np.ones((4, 2)))
    subject = own_subject(Own(tmp_path / "rnn.pt", tmp_path / "x.npy"))
    assert "has no gates" in subject.cannot("gates")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_the_output_shows_in_its_unit_beside_its_target(
    tmp_path: Path, look: Look, size: tuple[int, int]
) -> None:
    app = GatestepApp(look, opened(CASES["regression"], tmp_path), 4)
    async with app.run_test(size=size):
        said = shown(app, "prediction")
        outputs = app.screen.state.subject.outputs  # type: ignore[attr-defined]
        assert f"target {outputs.targets[4, 0]:,.0f}" in said
        assert f"Volume {vouched(outputs.values(4, 5)[0, 0]):,.0f}" in said
        assert "scaled" in said
        assert "loss " in shown(app, "heading")


async def test_y_goes_from_the_output_to_the_writes_that_move_it_most(tmp_path: Path, look: Look, now: Now) -> None:
    """By effect, as `why` has it, and around to the answer again."""
    subject = opened(CASES["regression"], tmp_path)
    assert subject.outputs is not None
    found = why(subject.trace, subject.outputs, at=19)
    app = GatestepApp(look, subject, 19)
    async with app.run_test(size=(120, 40)) as pilot:
        assert now(app).t == 19
        await pilot.press("y")
        await until(pilot, lambda: "Volume is carried by" in noted(app))
        first = found.writes[0]
        assert (now(app).t, now(app).unit) == (19, first.unit)
        assert signed(first.effect).lstrip("+-") in noted(app)
        kept = [write for write in found.writes if abs(write.effect) >= 0.05 * abs(first.effect)][:12]
        for place, write in enumerate(kept, 1):
            await pilot.press("y")
            assert (now(app).t, now(app).unit, now(app).quantity) == (write.t, write.unit, "cell")
            assert f"({place}/{len(kept)})" in noted(app)
        await pilot.press("y")
        assert (now(app).t, now(app).unit) == (19, first.unit)


def test_y_goes_by_share_where_there_is_no_head_and_where_effects_would_take_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    headless_, says = tmp_path / "headless", tmp_path / "says"
    for path in (headless_, says):
        path.mkdir()
    assert not has_answer(first_moment(opened(CASES["headless"], headless_), 5))
    subject = opened(CASES["regression"], says)
    assert has_answer(first_moment(subject, 5))
    monkeypatch.setattr(reasons, "BACK", 5)
    assert has_answer(first_moment(subject, 4))
    assert not has_answer(first_moment(subject, 5))
