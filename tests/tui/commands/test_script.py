"""`step` inside a script: without a terminal it prints what torch computes, and goes on."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import BadInput
from gatestep.tui import step
from gatestep.tui.commands import script
from gatestep.tui.source.subject import Subject
from torch import nn
from wordmade import SENTENCE, TAGS, WORDS, WordModel, made, said

Refusal = Callable[..., str]


@pytest.fixture
def stepped(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Subject]:
    """Return what `step` shows in place of showing it."""
    shown: list[Subject] = []

    def page(subject: Subject, t: int, look: Any) -> str:
        shown.append(subject)
        return f"timestamp {t + 1}"

    monkeypatch.setattr(script, "page_of", page)

    def taken(*arguments: Any, **options: Any) -> Subject:
        assert step(*arguments, **options) is None  # type: ignore[func-returns-value]
        return shown[-1]

    return taken


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}, {"batch_first": True}], ids=str)
def test_a_module_is_what_torch_computes(kind: Any, options: Any, stepped: Callable[..., Subject]) -> None:
    module, x = made(kind, 3, 4, scale=1.0, **options), torch.linspace(-2, 2, 30).reshape(10, 3)
    with torch.no_grad():
        np.testing.assert_allclose(stepped(module, x).trace.top, module(x)[0].numpy(), atol=1e-5)
        batch = torch.stack([x, -x], 0 if module.batch_first else 1)
        subject = stepped(module, batch, sequence=2)
        np.testing.assert_allclose(subject.trace.top, module(-x)[0].numpy(), atol=1e-5)
        assert "sequence 2 of 2" in subject.origin.place
        start = [torch.full((2 * len(module.all_weights), 8), 0.5)[: len(module.all_weights), :4] for _ in "hc"]
        initial = tuple(start) if kind is nn.LSTM else start[0]
        np.testing.assert_allclose(
            stepped(module, x, initial=initial).trace.top, module(x, initial)[0].numpy(), atol=1e-5
        )


class Renamed(nn.LSTM):
    """A class that computes what torch's does."""


class Doubled(nn.LSTM):
    """One that does not."""

    def forward(self, *given: Any) -> Any:
        shown, states = super().forward(*given)
        return 2 * shown, states


def test_a_class_of_ones_own_is_taken_for_torchs_where_it_is(stepped: Callable[..., Subject]) -> None:
    x = torch.linspace(-2, 2, 30).reshape(2, 5, 3)
    module = made(Renamed, 3, 4, scale=1.0, batch_first=True)
    with torch.no_grad():
        np.testing.assert_allclose(stepped(module, x).trace.top, module(x)[0][0].numpy(), atol=1e-5)
    other = made(Doubled, 3, 4, scale=1.0)
    with pytest.raises(BadInput, match=r"Doubled, is not torch's, .*: give --cell, as in --cell lstm"):
        step(other, x[0])
    assert stepped(other, x[0], cell="lstm").trace.stack.cell.name == "lstm"


def test_a_model_reads_words(stepped: Callable[..., Subject]) -> None:
    model = made()
    expected = said(model, range(1, 8))
    for x in (SENTENCE, torch.arange(1, 8), np.arange(1, 8), list(range(1, 8))):
        for vocabulary in (WORDS, {word: row for row, word in enumerate(WORDS)}):
            subject = stepped(model, x, vocabulary=vocabulary)
            assert subject.tokens == tuple(SENTENCE.split())
            p = subject.trace.probabilities(6)
            assert p is not None
            np.testing.assert_allclose(p, expected[6], atol=1e-5)
    tagger = made(WordModel, out=len(TAGS), bidirectional=True, num_layers=1)
    subject = stepped(tagger, SENTENCE, vocabulary=WORDS, labels=TAGS)
    assert subject.trace.vocabulary == tuple(TAGS)
    assert stepped(model, torch.arange(1, 8)).tokens == tuple("1234567")


def test_functions_between_layers_are_known_of_a_module(stepped: Callable[..., Subject]) -> None:
    model = made()
    model.fc = nn.Sequential(nn.Linear(8, 5), nn.Tanh(), nn.Linear(5, len(WORDS)))
    subject = stepped(model, SENTENCE, vocabulary=WORDS)
    p = subject.trace.probabilities(3)
    assert p is not None
    np.testing.assert_allclose(p, said(model, range(1, 8))[3], atol=1e-5)


def test_the_module_is_left_as_it_was(stepped: Callable[..., Subject]) -> None:
    module = nn.LSTM(3, 4)
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    trace = stepped(module.train(), torch.ones(5, 3, requires_grad=True)).trace
    assert module.training
    assert all(parameter.grad is None for parameter in module.parameters())
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(1)  # the training goes on; what was shown stays what it was
    assert np.array_equal(trace.stack.layers[0][0].W, before["weight_hh_l0"].numpy())


def test_the_page_is_printed_at_a_timestamp(stepped: Callable[..., Subject], capsys: Any) -> None:
    stepped(nn.LSTM(3, 4), torch.ones(5, 3), at=2)
    assert capsys.readouterr().out == "timestamp 2\n"
    stepped(nn.LSTM(3, 4), torch.ones(5, 3))
    assert capsys.readouterr().out == "timestamp 5\n"


@pytest.mark.parametrize(
    ("arguments", "options", "line"),
    [
        ((3, torch.ones(5, 3)), {}, "int: is not a torch module; give an nn.LSTM"),
        ((nn.Linear(3, 4), torch.ones(5, 3)), {}, "Linear: is a torch module without a recurrent network"),
        ((nn.LSTM(3, 4), torch.ones(5, 2)), {}, "x: has shape (5, 2); this network takes (T, 3)"),
        ((nn.LSTM(3, 4), object()), {}, "x: is not an array of numbers"),
        ((nn.LSTM(3, 4), "a text"), {}, "LSTM: words and word numbers need an embedding (V, 3)"),
        ((nn.LSTM(3, 4), torch.ones(5, 3)), {"at": 9}, "at=9: there is no such timestamp; the sequence has 1 to 5"),
        ((nn.LSTM(3, 4), torch.ones(5, 2, 3)), {"sequence": 3}, "--sequence 3: there is none; it holds 1 to 2"),
        ((made(), "zebra"), {"vocabulary": WORDS[1:]}, "'zebra' is not among the 12 entries"),
        ((made(), "The"), {"vocabulary": ["a", "a"]}, "vocabulary: place 1 is 'a' again"),
        ((made(), "The"), {"vocabulary": WORDS, "readout": "rnn"}, "--readout rnn: unknown tensor"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_line(arguments: Any, options: Any, line: str) -> None:
    with pytest.raises(BadInput) as error:
        step(*arguments, **options)
    assert line in str(error.value)


def test_gatestep_does_not_import_torch_for_it() -> None:
    import subprocess

    code = "import gatestep.tui, sys; gatestep.tui.step; print('torch' in sys.modules, 'textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "False False\n", done.stderr
