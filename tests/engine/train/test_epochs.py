"""A training as it runs: an epoch is told as it is done, and torch's threads and generator are left alone."""

import random
import time
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from gatestep.engine.train.checkpoints import checkpoint_epochs
from gatestep.engine.train.words import Example, Recipe, train
from wordtrained import KINDS, VOCABULARY, all_of, example, made, numbers


@pytest.mark.parametrize("threads", [1, 2])
def test_torchs_generator_and_threads_are_left_alone(threads: int) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        state = torch.get_rng_state()
        assert {torch.get_num_threads() for _ in train(KINDS["lstm"], VOCABULARY, example, 0)} == {1}
        assert torch.get_num_threads() == threads
        assert torch.equal(torch.get_rng_state(), state)
    finally:
        torch.set_num_threads(before)


def test_a_training_that_is_closed_ends_and_leaves_torch_alone() -> None:
    def interrupt(rng: random.Random, done: float) -> Example:
        if done:
            raise KeyboardInterrupt
        return example(rng, done)

    before, threads = torch.get_rng_state(), torch.get_num_threads()
    epochs = train(KINDS["lstm"], VOCABULARY, example, 0)
    next(epochs)
    epochs.close()  # type: ignore[attr-defined]
    assert list(epochs) == []
    assert torch.get_num_threads() == threads
    with pytest.raises(KeyboardInterrupt):
        all_of(KINDS["lstm"], interrupt)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads


def test_nothing_is_done_while_no_epoch_is_taken_and_the_time_is_not_counted() -> None:
    drawn: list[float] = []

    def note(rng: random.Random, done: float) -> Example:
        drawn.append(done)
        return example(rng, done)

    epochs = train(KINDS["lstm"], VOCABULARY, note, 0)
    assert drawn == []
    next(epochs)
    time.sleep(0.3)
    assert len(drawn) == 8
    rest = list(epochs)
    assert rest[-1].seconds < 0.3
    assert [e.loss for e in rest] == [e.loss for e in all_of(KINDS["lstm"])[1:]]


@pytest.mark.parametrize("batches", [1, 5, 250])
def test_an_epoch_is_told_before_the_first_batch_and_after_each(batches: int) -> None:
    told = all_of(replace(KINDS["lstm"], batches=batches, batch_size=2))
    assert [e.epoch for e in told] == list(range(batches + 1))
    assert {e.epochs for e in told} == {batches}
    assert all(e.loss > 0 and e.accuracy is not None and 0 <= e.accuracy <= 1 for e in told)
    assert [e.seconds for e in told] == sorted(e.seconds for e in told)
    assert tuple(e.epoch for e in told if e.checkpoint) == checkpoint_epochs(batches)
    networks = [numbers(e.checkpoint.network) for e in told if e.checkpoint]
    assert all((a != b).any() for a, b in pairwise(networks)), "each is a copy of its own"


def test_draw_is_told_how_far_training_is() -> None:
    seen: list[float] = []

    def note(rng: random.Random, done: float) -> Example:
        seen.append(done)
        return example(rng, done)

    made(Recipe("rnn", units=2, width=2, batches=4, batch_size=2), note)
    assert seen == [0.0, 0.0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1.0, 1.0]
