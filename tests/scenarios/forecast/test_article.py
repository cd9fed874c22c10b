"""The article's recipe against the article's own script: pandas, scikit-learn and torch, line for line."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from gatestep.engine import History, Regressor
from gatestep.scenarios.forecast import ARTICLE, Series, Task, prepare
from trainings import PORTABLE, seeds

Published = Callable[..., tuple[list[str], np.ndarray]]
Trained = Callable[[str, int], History[Regressor]]
SEEDS = seeds(*(range(12) if PORTABLE else (0,)))
THREADS = pytest.mark.parametrize("threads", [1, 2] if PORTABLE else [1])
"""Two threads of the script wait for each other a thousand times, which takes minutes where other tests run too."""


@pytest.fixture
def task(starbucks: Series) -> Task:
    return prepare(starbucks, ARTICLE)


@pytest.fixture
def brief(starbucks: Series) -> Task:
    return prepare(starbucks, replace(ARTICLE, fit=replace(ARTICLE.fit, epochs=4)))


@pytest.fixture(params=[1, 2])
def given(request: pytest.FixtureRequest) -> Iterator[int]:
    """A number of threads that torch has when training begins."""
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


# Script and recipe are run on the same processor with the same settings: only then do their sums come out the same.


@THREADS
@SEEDS
def test_the_losses_are_printed_as_the_script_prints_them(
    seed: int, threads: int, published: Published, trained: Trained
) -> None:
    losses = trained("article", seed).losses
    ours = ["Epoch: %d, loss: %1.5f" % (epoch, losses[epoch]) for epoch in range(0, 1000, 100)]  # noqa: UP031
    assert ours == [line for line in published(seed, threads)[0] if line.startswith("Epoch")]
    assert len(ours) == 10


@THREADS
@SEEDS
def test_the_predictions_of_all_days_are_the_scripts(
    seed: int, threads: int, task: Task, published: Published, trained: Trained
) -> None:
    ours = task.forecast(trained("article", seed).checkpoints[-1].network)
    assert ours.shape == (253,)
    np.testing.assert_allclose(ours, published(seed, threads)[1], rtol=1e-5)


@seeds(0)
def test_what_is_read_has_the_shapes_that_the_script_prints(seed: int, task: Task, published: Published) -> None:
    cut = task.fitted
    train, test = task.windows[:cut], task.windows[cut:]
    assert published(seed)[0][:4] == [
        f"Training Shape {train[:, 0].shape} {task.targets[:cut, None].shape}",
        f"Testing Shape {test[:, 0].shape} {task.targets[cut:, None].shape}",
        f"Training Shape torch.Size({list(train.shape)}) torch.Size({[cut, 1]})",
        f"Testing Shape torch.Size({list(test.shape)}) torch.Size({[len(test), 1]})",
    ]


def test_seeds_differ(brief: Task) -> None:
    assert brief.trained(0).losses != brief.trained(1).losses


def test_training_leaves_torchs_random_numbers_alone(brief: Task) -> None:
    """Whatever is drawn while training stands still is what would have been drawn without it."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(11)
        without = torch.rand(7)
        torch.manual_seed(11)
        drawn = [torch.rand(1) for _ in brief.train(0)]
        drawn.append(torch.rand(2))
    assert torch.equal(torch.cat(drawn), without)


def test_what_others_draw_does_not_reach_the_training(brief: Task) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        first = [epoch.loss for epoch in brief.train(0)]
        torch.manual_seed(6)
        second = []
        for epoch in brief.train(0):
            torch.rand(3)
            second.append(epoch.loss)
    assert first == second


def test_one_thread_trains_and_the_number_is_as_before_at_the_end(brief: Task, given: int) -> None:
    assert {torch.get_num_threads() for _ in brief.train(0)} == {1}
    assert torch.get_num_threads() == given


@pytest.mark.parametrize("taken", [0, 1, 3])
def test_the_number_of_threads_is_as_before_when_training_is_closed_early(brief: Task, given: int, taken: int) -> None:
    epochs = brief.train(0)
    for _ in range(taken):
        next(epochs)
    epochs.close()  # type: ignore[attr-defined]
    assert torch.get_num_threads() == given


def test_the_number_of_threads_is_as_before_when_training_is_dropped(brief: Task, given: int) -> None:
    epochs = brief.train(0)
    next(epochs)
    del epochs
    gc.collect()
    assert torch.get_num_threads() == given
