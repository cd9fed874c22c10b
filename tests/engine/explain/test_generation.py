"""A network that goes on by itself: torch's greedy choices, draws by a seed, edits in force."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from gatestep.engine import CELLS, Readout, Stack, Vocabulary, WordNetwork, generated, stack_from_tensors
from gatestep.engine.arrays import frozen
from gatestep.engine.run.fused import one_thread

COUNT = 50


def network_of(module: torch.nn.Module, width: int, D: int, V: int = 12) -> tuple[WordNetwork, torch.Tensor]:
    stack = stack_from_tensors(dict(module.state_dict()), "made", activations={"candidate": "tanh"})
    rng = np.random.default_rng(1)
    words = ("<unknown>", *(f"w{n}" for n in range(1, V)))
    embedding, matrix, bias = (frozen(rng.normal(size=shape)) for shape in ((V, width), (V, D), (V,)))
    return WordNetwork(Vocabulary(words), embedding, stack, Readout(matrix, bias)), torch.tensor(embedding)


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn", "projected"])
def test_it_is_torchs_greedy_choice(kind: str) -> None:
    torch.manual_seed(0)
    made = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN, "projected": torch.nn.LSTM}[kind]
    module = made(4, 8, 2, **({"proj_size": 5} if kind == "projected" else {}))
    with torch.no_grad():
        for parameter in module.parameters():
            parameter *= 4
    network, embedding = network_of(module, 4, 5 if kind == "projected" else 8)
    rows = [3, 1, 7]
    trace = generated(network.trace("w3 w1 w7"), network, COUNT)
    with torch.no_grad(), one_thread():  # threads that wait for one another stand still on a busy machine
        for _ in range(COUNT):
            hidden, _ = module(embedding[rows])
            scores = hidden[-1] @ torch.tensor(network.readout.matrix).T + torch.tensor(network.readout.bias)
            rows.append(int(scores.argmax()))
    assert trace.tokens == tuple(network.vocabulary.words[row] for row in rows)
    assert len(set(rows)) > 2
    assert len(trace) == 3 + COUNT


@pytest.mark.parametrize("cell", CELLS)
def test_every_word_is_what_its_run_predicts(cell: str, make_word_network: Callable[..., WordNetwork]) -> None:
    network = make_word_network(cell)
    trace = generated(network.trace("my name"), network, 10)
    for t in range(1, 11):
        p = trace.probabilities(t)
        assert p is not None
        assert trace.tokens is not None
        assert trace.tokens[t + 1] == network.vocabulary.words[int(p.argmax())]


def test_edits_are_in_force_where_words_are_to_come(word_network: WordNetwork) -> None:
    start = word_network.trace("my name")
    trace = generated(start, word_network, 6, ["hidden[1]=.9@3:", 'token@5="Ahmad"'])
    assert trace.tokens is not None
    assert (len(trace), trace.tokens[4]) == (8, "Ahmad")
    assert (trace.top[2:, 1] == np.float32(0.9)).all()
    for t in (1, 2, 4, 5, 6):
        p = trace.probabilities(t)
        assert p is not None
        assert trace.tokens[t + 1] == word_network.vocabulary.words[int(p.argmax())]
    assert trace.original is not None
    assert trace.original.tokens == start.tokens


def test_draws_follow_the_seed_and_the_temperature(word_network: WordNetwork) -> None:
    start = word_network.trace("my name")

    def drawn(temperature: float, seed: int) -> tuple[str, ...] | None:
        return generated(start, word_network, 30, temperature=temperature, seed=seed).tokens

    assert drawn(2.0, 1) == drawn(2.0, 1)
    assert drawn(2.0, 1) != drawn(2.0, 2)
    assert drawn(1e-6, 1) == generated(start, word_network, 30).tokens


def test_it_goes_on_from_any_timestamp(word_network: WordNetwork) -> None:
    trace = generated(word_network.trace("my name is Ahmad"), word_network, 3, at=1)
    assert trace.tokens == generated(word_network.trace("my name"), word_network, 3).tokens


def test_what_cannot_go_on_is_refused(word_network: WordNetwork, refusal: Callable[..., str]) -> None:
    start = word_network.trace("my name")
    assert refusal(generated, start, word_network, 0) == "0 words cannot be generated; from 1 to 10,000 can"
    assert refusal(generated, start, word_network, 3, (), -1.0).startswith("temperature -1.0 is out of range")
    assert refusal(generated, start, word_network, 3, ["delete@1:2"]).startswith("nothing is left to continue from")
    torch.manual_seed(0)
    both, _ = network_of(torch.nn.LSTM(4, 8, bidirectional=True), 4, 16)
    assert isinstance(both.stack, Stack)
    assert refusal(generated, both.trace("w1"), both, 3).startswith("a network that reads in both directions")
