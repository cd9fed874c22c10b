"""A network of one's own that reads words is as much at home as a scenario: every key that is offered works."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import WordNetwork
from gatestep.engine.files.own import Own
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import Look
from gatestep.tui.keys import STEPPER, actions_of
from gatestep.tui.source.own import own_subject
from gatestep.tui.views.base.screen import ViewScreen
from gatestep.tui.views.compare.screen import CompareScreen
from gatestep.tui.views.gates.screen import GatesScreen
from gatestep.tui.views.gradients.screen import GradientsScreen
from gatestep.tui.views.stepper.state import Moment
from gatestep.tui.views.unit.screen import UnitScreen
from gatestep.tui.views.unit.without import WordsWithout
from pilots import noted, shown, until
from textual.screen import Screen
from torch import nn
from wordmade import CHARACTERS, PHONEMES, SENTENCE, TAGS, WORDS, WordModel, made, said

Now = Callable[[GatestepApp], Moment]


@dataclass(frozen=True)
class Case:
    """A model, what it reads as rows, and the options that open it on this text."""

    model: Any
    entries: list[str]
    text: str
    words: tuple[str, ...]
    options: Mapping[str, Any]
    other: str
    answers: list[str] | None = None


CASES = {
    "words": Case(made(), WORDS, SENTENCE, tuple(SENTENCE.split()), {}, "the dog ran ."),
    "characters": Case(made(WordModel, len(CHARACTERS), num_layers=1), CHARACTERS, "The cat, Bob",
                       tuple("The cat, Bob"), {}, "Hi"),
    "phonemes": Case(made(WordModel, len(PHONEMES), nn.GRU, num_layers=1), PHONEMES, "<s> HH AA1 T",
                     ("<s>", "HH", "AA1", "T"), {"tokens": "spaces"}, "<s> K"),
    "tagger": Case(made(WordModel, out=len(TAGS), bidirectional=True, num_layers=1), WORDS, SENTENCE,
                   tuple(SENTENCE.split()), {"labels": TAGS}, "the dog", TAGS),
}  # fmt: skip


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    """Each of the models."""
    return CASES[request.param]


def own(case: Case, path: Path) -> Own:
    """Write the files of a model."""
    torch.save(case.model.state_dict(), path / "model.pt")
    (path / "words.json").write_text(json.dumps(case.entries))
    options = dict(case.options)
    if "labels" in options:
        (path / "tags.txt").write_text("\n".join(options["labels"]))
        options["labels"] = path / "tags.txt"
    return Own(path / "model.pt", text=case.text, vocabulary=path / "words.json", **options)


def torchs(case: Case, words: Any = None) -> Any:
    """What torch says of the words, (T, V)."""
    return said(case.model, [case.entries.index(word) for word in words or case.words])


def test_predictions_and_top_words_are_torchs(case: Case, tmp_path: Path) -> None:
    subject = own_subject(own(case, tmp_path))
    prediction, expected = subject.prediction, torchs(case)
    assert prediction is not None
    assert subject.tokens == case.words
    names = case.answers or case.entries
    for t, p in enumerate(expected):
        found = subject.trace.probabilities(t)
        assert found is not None
        np.testing.assert_allclose(found, p, atol=1e-5)
        top = prediction.top(t, 3)
        assert [word for word, _ in top] == [names[row] for row in np.argsort(-p, kind="stable")[:3]]
    if case.answers is None:
        for t, word in enumerate(case.words[1:]):
            loss = -np.log(expected[t][case.entries.index(word)])
            assert prediction.loss(t) == pytest.approx(loss, abs=1e-4)
    else:
        assert prediction.targets == (None,) * len(case.words)


async def test_every_key_that_is_offered_does_something(case: Case, tmp_path: Path, look: Look, now: Now) -> None:
    app = GatestepApp(look, own_subject(own(case, tmp_path)), 0)
    async with app.run_test(size=(120, 40)) as pilot:
        below = app.screen
        assert isinstance(below, ViewScreen)
        offered = [a for a in actions_of(STEPPER) if a.short and not (a.needs and below.cannot(a.needs))]
        assert {"stepper.compare", "stepper.edit", "stepper.gradients", "stepper.gates", "stepper.unit_page",
                "stepper.find"} <= {action.id for action in offered}  # fmt: skip
        for action in offered:
            if action.id in ("app.back", "app.help"):
                continue
            await pilot.press("9", "k")  # from the first unit, there is one below
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


def test_what_cannot_work_is_not_offered(case: Case, tmp_path: Path) -> None:
    subject = own_subject(own(case, tmp_path))
    for need in ("charts", "learn", "models", "lesson", "sequences"):
        assert subject.cannot(need)


async def test_another_sentence_is_run(case: Case, tmp_path: Path, look: Look, now: Now) -> None:
    app = GatestepApp(look, own_subject(own(case, tmp_path)), 0)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await pilot.press("ctrl+u", *(_key(c) for c in case.other), "enter")
        words = tuple(case.other) if case.entries is CHARACTERS else tuple(case.other.split())
        await until(pilot, lambda: now(app).subject.tokens == words)
        found = now(app).trace.probabilities(0)
        assert found is not None
        np.testing.assert_allclose(found, torchs(case, words)[0], atol=1e-5)


def _key(c: str) -> str:
    return {" ": "space", ".": "full_stop", "<": "less_than_sign", ">": "greater_than_sign"}.get(c, c)


async def test_two_sentences_are_compared(case: Case, tmp_path: Path, look: Look) -> None:
    app = GatestepApp(look, own_subject(own(case, tmp_path)), 0)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        await pilot.press("ctrl+u", *(_key(c) for c in case.other), "enter")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        right = app.screen.state.right.subject  # type: ignore[attr-defined]
        np.testing.assert_allclose(right.trace.probabilities(1), torchs(case, right.tokens)[1], atol=1e-5)
        assert app.screen.state.same_network  # type: ignore[attr-defined]


async def test_gradients_are_torchs(case: Case, tmp_path: Path, look: Look) -> None:
    app = GatestepApp(look, own_subject(own(case, tmp_path)), 0)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("G", "b")
        await until(pilot, lambda: isinstance(app.screen, GradientsScreen) and app.screen.state.found)
        found = app.screen.state.found[0]  # type: ignore[attr-defined]
        p = torchs(case)[-1]
        assert found.losses[-1] == pytest.approx(-np.log(p.max()), abs=1e-4)  # nobody knows what comes at the end


async def test_gates_are_those_of_the_text(tmp_path: Path, look: Look) -> None:
    case = CASES["words"]
    subject = own_subject(own(case, tmp_path))
    app = GatestepApp(look, subject, 0)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, GatesScreen) and app.screen.state.found)
        found = app.screen.state.found  # type: ignore[attr-defined]
        np.testing.assert_array_equal(found.gates["forget"], subject.trace.layer("l0")["forget"])
        assert "this text, 7 timestamps" in shown(app, "heading")
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, GatesScreen))


async def test_a_unit_is_held_at_zero(case: Case, tmp_path: Path, look: Look) -> None:
    subject = own_subject(own(case, tmp_path))
    assert isinstance(subject.origin.net, WordNetwork)  # type: ignore[attr-defined]
    app = GatestepApp(look, subject, 0)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, UnitScreen) and app.screen.state.ablation)
        state = app.screen.state  # type: ignore[attr-defined]
        assert isinstance(state.ablation, WordsWithout)
        assert state.ablation.whole.trace is subject.trace
        assert str(state.ablation.without.trace.edits[0]) == f"{state.here.layer}.hidden[{state.here.unit}]=0"


async def test_what_a_unit_costs_is_what_torch_says_without_it(tmp_path: Path, look: Look) -> None:
    case = CASES["characters"]
    app = GatestepApp(look, own_subject(own(case, tmp_path)), 0)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, UnitScreen) and app.screen.state.ablation)
        state = app.screen.state  # type: ignore[attr-defined]
        cell, unit = nn.LSTMCell(6, 8), state.here.unit
        cell.load_state_dict({n.removesuffix("_l0"): w for n, w in case.model.rnn.state_dict().items()})
        h, c = torch.zeros(8), torch.zeros(8)
        with torch.no_grad():
            for t, word in enumerate(case.words):
                h, c = cell(case.model.embedding.weight[case.entries.index(word)], (h, c))
                h[unit] = 0
                expected = case.model.fc(h).softmax(-1).numpy()
                np.testing.assert_allclose(state.ablation.without.trace.probabilities(t), expected, atol=1e-5)
        assert "another word at" in shown(app, "scores")


async def test_unknown_words_are_never_silent(tmp_path: Path, look: Look) -> None:
    case = CASES["words"]
    app = GatestepApp(look, own_subject(replace(own(case, tmp_path), text="The zebra sat")), 0)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "unknown to this network: zebra" in noted(app)
        assert "zebra?" in shown(app, "sentence")


async def test_spaces_can_be_seen(tmp_path: Path, look: Look) -> None:
    case = CASES["characters"]
    app = GatestepApp(look, own_subject(replace(own(case, tmp_path), text="a b\n")), 0)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "[a]" in shown(app, "sentence") or "a" in shown(app, "sentence")
        assert "␣" in shown(app, "sentence")
        assert "↵" in shown(app, "sentence")
