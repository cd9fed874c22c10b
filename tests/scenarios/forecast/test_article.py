"""The article's recipe against the article's own script: pandas, scikit-learn and torch, line for line."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from gatestep.engine import History, Regressor
from gatestep.scenarios.forecast import ARTICLE, Series, Task, prepare

Published = Callable[..., tuple[list[str], np.ndarray]]
Trained = Callable[[str, int], History[Regressor]]
SEEDS = pytest.mark.parametrize("seed", [0, 1, 2, 7])


@pytest.fixture
def task(starbucks: Series) -> Task:
    return prepare(starbucks, ARTICLE)


@pytest.fixture
def brief(starbucks: Series) -> Task:
    return prepare(starbucks, replace(ARTICLE, fit=replace(ARTICLE.fit, epochs=4)))


@pytest.fixture(params=[1, 2])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@SEEDS
def test_the_losses_are_printed_as_the_script_prints_them(seed: int, published: Published, trained: Trained) -> None:
    losses = trained("article", seed).losses
    ours = ["Epoch: %d, loss: %1.5f" % (epoch, losses[epoch]) for epoch in range(0, 1000, 100)]  # noqa: UP031
    assert ours == [line for line in published(seed)[0] if line.startswith("Epoch")]
    assert len(ours) == 10


@pytest.mark.parametrize(("seed", "rtol"), [(0, 1e-4), (1, 1e-4), (2, 1e-4), (7, 1e-2)])
def test_the_predictions_of_all_days_are_the_scripts(
    seed: int, rtol: float, task: Task, published: Published, trained: Trained
) -> None:
    """From seed 7 the rounding of Adam grows over 1,000 epochs: the script itself ends so far apart by two Adams."""
    ours = task.forecast(trained("article", seed).kept[-1].network)
    assert ours.shape == (253,)
    np.testing.assert_allclose(ours, published(seed)[1], rtol=rtol)


def test_with_the_same_adam_the_predictions_are_the_scripts_from_that_seed_too(
    task: Task, published: Published, trained: Trained
) -> None:
    ours = task.forecast(trained("article", 7).kept[-1].network)
    np.testing.assert_allclose(ours, published(7, fused=True)[1], rtol=1e-4)


def test_what_is_read_has_the_shapes_that_the_script_prints(task: Task, published: Published) -> None:
    cut = task.fitted
    train, test = task.windows[:cut], task.windows[cut:]
    assert published(0)[0][:4] == [
        f"Training Shape {train[:, 0].shape} {task.targets[:cut, None].shape}",
        f"Testing Shape {test[:, 0].shape} {task.targets[cut:, None].shape}",
        f"Training Shape torch.Size({list(train.shape)}) torch.Size({[cut, 1]})",
        f"Testing Shape torch.Size({list(test.shape)}) torch.Size({[len(test), 1]})",
    ]


def test_seeds_differ(trained: Trained) -> None:
    assert trained("article", 0).losses != trained("article", 1).losses


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


def test_one_thread_trains_and_the_number_is_as_before_at_the_end(brief: Task, threads: int) -> None:
    assert {torch.get_num_threads() for _ in brief.train(0)} == {1}
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("taken", [0, 1, 3])
def test_the_number_of_threads_is_as_before_when_training_is_closed_early(
    brief: Task, threads: int, taken: int
) -> None:
    epochs = brief.train(0)
    for _ in range(taken):
        next(epochs)
    epochs.close()  # type: ignore[attr-defined]
    assert torch.get_num_threads() == threads


def test_the_number_of_threads_is_as_before_when_training_is_dropped(brief: Task, threads: int) -> None:
    epochs = brief.train(0)
    next(epochs)
    del epochs
    gc.collect()
    assert torch.get_num_threads() == threads
