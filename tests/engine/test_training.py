import random
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import Vocabulary, WordNetwork, WorkFailed, training
from gatestep.engine.training import Example, Progress, Recipe, train

VOCABULARY = Vocabulary(["<unknown>", "a", "b", "yes", "no"])


def example(rng: random.Random, done: float) -> Example:
    """The last word depends on the first."""
    first = rng.choice("ab")
    words = (first, *(rng.choice("ab") for _ in range(rng.randint(0, 2))), {"a": "yes", "b": "no"}[first])
    return Example(words, len(words) - 1)


def trained(cell: str = "lstm", seed: int = 0, on_progress: Any = lambda progress: None, **options: Any) -> WordNetwork:
    recipe = Recipe(cell, units=4, width=3, **({"batches": 5, "batch_size": 8} | options))
    return train(recipe, VOCABULARY, example, seed, on_progress)


def numbers(network: WordNetwork) -> np.ndarray:
    w = network.stack.flat[0]
    arrays = (network.embedding, w.U, w.W, w.bias_ih, w.bias_hh, network.readout.matrix, network.readout.bias)
    return np.concatenate([array.ravel() for array in arrays])


@pytest.mark.parametrize("cell", ["lstm", "rnn"])
def test_a_seed_makes_the_same_network_again(cell: str) -> None:
    first, again, other = (numbers(trained(cell, seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize("threads", [1, 2])
def test_torchs_generator_and_threads_are_left_alone(threads: int) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        state = torch.get_rng_state()
        seen = []
        trained(on_progress=lambda progress: seen.append(torch.get_num_threads()))
        assert set(seen) == {1}
        assert torch.get_num_threads() == threads
        assert torch.equal(torch.get_rng_state(), state)
    finally:
        torch.set_num_threads(before)


def test_an_interruption_passes_and_leaves_torch_alone() -> None:
    def interrupt(progress: Progress) -> None:
        raise KeyboardInterrupt

    before, threads = torch.get_rng_state(), torch.get_num_threads()
    with pytest.raises(KeyboardInterrupt):
        trained(on_progress=interrupt)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize(("batches", "calls"), [(1, 1), (5, 5), (100, 100), (250, 125)])
def test_progress_is_told_up_to_the_last_batch(batches: int, calls: int) -> None:
    told: list[Progress] = []
    trained(batches=batches, batch_size=2, on_progress=told.append)
    assert len(told) == calls
    assert (told[-1].batch, told[-1].batches) == (batches, batches)
    assert [p.batch for p in told] == sorted({p.batch for p in told})
    assert all(p.loss > 0 and 0 <= p.accuracy <= 1 for p in told)
    assert [p.seconds for p in told] == sorted(p.seconds for p in told)


def test_it_learns() -> None:
    told: list[Progress] = []
    network = trained(batches=200, batch_size=32, on_progress=told.append, unknown=0.0, rate=0.05)
    assert told[-1].loss < told[0].loss
    assert told[-1].accuracy == 1.0
    for text, answer in (("a b", "yes"), ("b a a", "no")):
        p = network.trace(text)[-1].probabilities
        assert p is not None
        assert VOCABULARY.words[int(p.argmax())] == answer


def test_an_lstm_starts_out_keeping() -> None:
    w = trained(batches=1, rate=1e-9).stack.flat[0]
    np.testing.assert_allclose(w.bias_ih[w.row("forget", 0) : w.row("forget", 3) + 1], 1, atol=1e-6)


def test_draw_is_told_how_far_training_is() -> None:
    seen: list[float] = []

    def note(rng: random.Random, done: float) -> Example:
        seen.append(done)
        return example(rng, done)

    train(Recipe("rnn", units=2, width=2, batches=4, batch_size=2), VOCABULARY, note, 0, lambda progress: None)
    assert seen == [0.0, 0.0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75]


def test_without_torch_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "find_spec", lambda name: None)
    with pytest.raises(WorkFailed, match="training needs PyTorch; install gatestep"):
        trained()


def test_the_arrays_of_a_network_cannot_be_written() -> None:
    network = trained()
    arrays = (network.embedding, network.readout.matrix, network.readout.bias, network.stack.flat[0].U)
    assert not any(array.flags.writeable for array in arrays)
