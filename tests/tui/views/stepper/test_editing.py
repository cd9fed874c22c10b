"""Changing the run by keys: every key writes an edit, and what it makes is what the command line makes."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from editkeys import from_shell, prompt, texts, typed
from gatestep.engine import edited
from gatestep.engine.files.own import Own
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import Look
from gatestep.tui.source.edited import done_to
from gatestep.tui.source.own import own_subject
from gatestep.tui.views.compare.screen import CompareScreen
from gatestep.tui.views.edits.screen import EditsScreen
from gatestep.tui.views.edits.state import EditsPage
from gatestep.tui.views.stepper.state import Moment
from pilots import noted, shown, until

FRANCE = "My name is Ahmad, I live in France, I am a good boy, I am in 5th grade, I am"

Now = Callable[[GatestepApp], Moment]


async def test_s_sets_what_is_selected_here(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        before = now(app)
        await typed(pilot, "8", "l", "s")
        assert prompt(app).field.value == f"forget[{before.unit}]=1@9"
        await typed(pilot, ".", "5", "enter")
        assert texts(now(app)) == [f"forget[{before.unit}]=.5@9"]
        assert now(app).layer_trace["forget"][8, before.unit] == 0.5
        assert (now(app).t, now(app).unit, now(app).quantity) == (8, before.unit, "forget")
        assert "diverges at 10" in noted(app), "its output gate is closed at 9"
        assert "edited: 1 edit" in shown(app, "heading")
        assert "set by hand" in shown(app, "arithmetic")
        said = re.search(r"f = 0.50 by hand, not (\S+) = σ\(z\)   z = (\S+) ", shown(app, "arithmetic"))
        assert said is not None
        z = float(said[2].replace("−", "-"))
        assert float(said[1]) == pytest.approx(1 / (1 + np.exp(-z)), abs=0.01), "the equation is that of the number"
        assert now(app).trace.original is not None
        np.testing.assert_allclose(now(app).trace.original.top, before.trace.top, atol=1e-6)  # type: ignore[union-attr]


async def test_x_ablates_and_does_so_once(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await typed(pilot, "j", "x")
        unit = now(app).unit
        assert texts(now(app)) == [f"hidden[{unit}]=0"]
        assert not now(app).layer_trace["hidden"][:, unit].any()
        await typed(pilot, "shift+tab")
        assert re.search(r" h = \+0.00 by hand, not .[.\d]+ = o·tanh\(c\)", shown(app, "arithmetic"))
        await typed(pilot, "x")
        assert "in force already" in noted(app)
        assert len(texts(now(app))) == 1


async def test_capital_r_resets_the_state(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await typed(pilot, "9", "l", "R")
        assert texts(now(app)) == ["reset@10"]
        alone = now(app).subject.vocabulary
        assert alone is not None
        first = now(app).trace
        again = edited(first.original, ["delete@1:9"])  # type: ignore[arg-type]
        np.testing.assert_allclose(first.top[9:], again.top, atol=1e-6)


async def test_capital_p_patches_from_another_sentence(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await typed(pilot, "8", "l", "3", "tab", "P")
        m, field = now(app), prompt(app).field
        assert field.selected_text == "Pakistan", "the word at the cursor is the one to be typed over"
        await typed(pilot, *"France", "enter")
        (edit,) = texts(now(app))
        assert edit == f'{m.quantity}[{m.unit}]@9=from("{FRANCE}")'
        other = from_shell(f"gatestep run pakistan --text '{FRANCE}'").trace
        there = other.layers[0][m.quantity][8, m.unit]
        np.testing.assert_allclose(now(app).layer_trace[m.quantity][8, m.unit], there, atol=1e-6)


async def test_what_is_wrong_stays_in_the_prompt_with_a_caret(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await typed(pilot, "s")
        prompt(app).field.value = "forgot[2]=1@5"
        await typed(pilot, "enter")
        wrong = prompt(app).query_one("#wrong")
        assert wrong.display
        text = str(wrong.render())
        assert "unknown quantity forgot" in text
        assert text.index("^") == prompt(app).field.region.x
        prompt(app).field.value = "forget[2]=1@99"
        await typed(pilot, "enter")
        assert str(prompt(app).query_one("#wrong").render()).index("^") == prompt(app).field.region.x + 12
        assert not now(app).trace.edits
        prompt(app).field.value = "forget[2]=1@5"
        await typed(pilot, "enter")
        assert texts(now(app)) == ["forget[2]=1@5"]


async def test_capital_u_takes_back_one_change_after_another(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        base = now(app).subject
        await typed(pilot, "U")
        assert noted(app) == "there is nothing to undo"
        await typed(pilot, "x", "j", "x", "R", "U")
        assert len(texts(now(app))) == 2
        await typed(pilot, "U", "U")
        assert now(app).subject is base
        assert "edited" not in shown(app, "heading")
        assert now(app).lesson


async def test_c_compares_with_the_original(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await typed(pilot, "8", "l", "x", "c")
        assert isinstance(app.screen, CompareScreen)
        state = app.screen.state
        left, right = state.moments
        assert (left.trace, right.trace) == (now(app).trace.original, now(app).trace)
        assert (
            (left.t, left.unit, left.quantity) == (right.t, right.unit, right.quantity) == (8, now(app).unit, "forget")
        )
        assert "they diverge at timestamp" in shown(app, "heading")
        assert "edited: 1 edit" in shown(app, "heading")
        await until(pilot, lambda: "drawn at random" in shown(app, "ablated"))
        await typed(pilot, "right", "j", "q")
        assert (now(app).t, now(app).unit) == (9, right.unit + 1)


async def test_capital_a_generates_at_the_end_and_inside(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await typed(pilot, "G", "A")
        assert (now(app).t, now(app).token(24)) == (24, "Pakistani")
        assert "1 word generated" in shown(app, "heading")
        await typed(pilot, "2", "A")
        assert (len(now(app).trace), now(app).t) == (27, 26)
        right = from_shell("gatestep run pakistan --generate 3").trace.tokens
        assert now(app).trace.tokens == right
        await typed(pilot, "2", "6", "G", "x", "A")
        assert len(now(app).trace) == 27, "from inside it goes on in place of the rest"
        assert "edited: 1 edit, 3 words generated" in shown(app, "heading")
        await typed(pilot, "5", "G", "A")
        assert (len(now(app).trace), now(app).t) == (6, 5)
        done = done_to(now(app).subject)
        assert EditsPage(now(app)).command == "gatestep run pakistan --generate 1 --at 5 " + done.edits.options()
        await typed(pilot, "U", "U", "U", "U")
        assert len(now(app).trace) == 25
        await typed(pilot, "U")
        assert (len(now(app).trace), now(app).t) == (24, 5)


async def test_with_words_inserted_it_goes_on_from_the_end_only(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await typed(pilot, "s")
        prompt(app).field.value = 'insert@3="not"'
        await typed(pilot, "enter")
        assert "in the vocabulary" in noted(app) or prompt(app).query_one("#wrong").display
        prompt(app).field.value = 'insert@3="a good"'
        await typed(pilot, "enter", "A")
        assert "from the end only" in noted(app)
        await typed(pilot, "G", "A")
        assert len(now(app).trace) == 27


async def test_another_network_or_sentence_is_a_run_of_its_own(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await typed(pilot, "x", "m")
        assert not now(app).trace.edits
        assert "without the 1 edit" in noted(app)


async def test_gradients_are_not_of_an_edited_run(app: GatestepApp) -> None:
    async with app.run_test(size=(200, 50)) as pilot:
        assert "b gradients" in shown(app, "footer")
        await typed(pilot, "x", "escape", "b")
        assert "this run is edited" in noted(app)


# Networks from files


@pytest.fixture
def own(tmp_path: Path) -> Own:
    """An LSTM of two layers in a file, and a batch of three sequences beside it."""
    torch.manual_seed(0)
    torch.save(torch.nn.LSTM(3, 4, 2).state_dict(), tmp_path / "w.pt")
    np.save(tmp_path / "x.npy", torch.randn(3, 9, 3).numpy())
    return Own(tmp_path / "w.pt", tmp_path / "x.npy", layout="batch-first", sequence=1)


async def test_a_network_on_numbers_is_edited_patched_and_compared(own: Own, look: Look, now: Now) -> None:
    app = GatestepApp(look, own_subject(own), 0)
    async with app.run_test(size=(120, 40)) as pilot:
        await typed(pilot, "4", "l", "L", "s", "enter")
        (edit,) = texts(now(app))
        assert edit.startswith("l1.forget[0]=")
        await typed(pilot, "P")
        assert prompt(app).field.value == "l1.forget[0]@5=from(2)"
        assert prompt(app).field.selected_text == "2"
        await typed(pilot, "3", "enter")
        assert texts(now(app))[-1] == "l1.forget[0]@5=from(3)"
        third = own_subject(Own(own.weights, own.input, layout="batch-first", sequence=3)).trace
        there = third.layer("l1")["forget"][4, 0]
        np.testing.assert_allclose(now(app).layer_trace["forget"][4, 0], there, atol=1e-6)
        await typed(pilot, "c", "enter")  # the original is offered
        assert isinstance(app.screen, CompareScreen)
        assert "rms over units" in shown(app, "apart")
        assert "p:" not in shown(app, "apart")
        await typed(pilot, "q", "A")
        assert noted(app) == "only a network that predicts words can generate them"
        await typed(pilot, "]")
        assert "sequence 2 of 3" in shown(app, "heading")
        assert len(texts(now(app))) == 2


async def test_two_hundred_edits_undos_and_jumps_end_where_the_same_command_ends(app: GatestepApp, now: Now) -> None:
    rng = np.random.default_rng(0)
    moves: Sequence[tuple[str, ...]] = (
        ("l",), ("h",), ("j",), ("tab",), ("7", "G"), ("g",), ("x",), ("R",), ("U",), ("s", "enter"), ("P", "enter"),
        ("E", "space", "escape"), ("E", "k", "x", "escape"), ("A",),
    )  # fmt: skip
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(200):
            await pilot.press(*moves[int(rng.integers(len(moves)))])
            if getattr(app.screen, "prompting", False):
                await pilot.press("escape")
        await pilot.pause()
        while isinstance(app.screen, EditsScreen):
            await typed(pilot, "escape")
        await typed(pilot, "5", "G", "R", "x", "s", "enter")  # something is left, whatever was taken back
        moment = now(app)
        here = EditsPage(moment)
        other = from_shell(here.command)
        assert other.trace.edits == moment.trace.edits
        assert other.tokens == moment.trace.tokens
        for layer, same in zip(moment.trace.layers, other.trace.layers, strict=True):
            for name in layer.cell.quantities:
                np.testing.assert_array_equal(layer[name], same[name])
        assert len(here.edits) or done_to(moment.subject).before
