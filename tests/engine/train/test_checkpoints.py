"""Which epochs are kept, and a history that grows."""

from itertools import pairwise

import pytest
from gatestep.engine import Checkpoint, Epoch, History
from gatestep.engine.train.checkpoints import CHECKPOINTS, checkpoint_epochs
from hypothesis import given
from hypothesis import strategies as st

EPOCHS = st.integers(0, 1_000_000)


@given(EPOCHS)
def test_the_first_and_the_last_are_kept_and_few_between(epochs: int) -> None:
    checkpoint = checkpoint_epochs(epochs)
    assert checkpoint[0] == 0
    assert checkpoint[-1] == epochs
    assert len(checkpoint) <= CHECKPOINTS + 1 == 21
    assert all(before < after for before, after in pairwise(checkpoint))


@given(st.integers(400, 1_000_000))
def test_from_some_epochs_on_as_many_are_kept_as_there_may_be(epochs: int) -> None:
    assert len(checkpoint_epochs(epochs)) == 21


@given(EPOCHS)
def test_they_are_closer_together_at_the_beginning(epochs: int) -> None:
    gaps = [after - before for before, after in pairwise(checkpoint_epochs(epochs))]
    assert all(later >= earlier - 1 for earlier, later in pairwise(gaps))  # a gap is a whole number
    early = sum(epoch <= epochs / 4 for epoch in checkpoint_epochs(epochs))
    late = sum(epoch >= epochs * 3 / 4 for epoch in checkpoint_epochs(epochs))
    assert early >= late


def test_half_of_them_are_in_the_first_quarter() -> None:
    assert sum(epoch <= 250 for epoch in checkpoint_epochs(1000)) == 11


@given(st.integers(0, 10))
def test_of_few_epochs_all_early_ones_are_kept(epochs: int) -> None:
    assert checkpoint_epochs(epochs)[: min(epochs, 2) + 1] == tuple(range(min(epochs, 2) + 1))


def epoch(n: int, of: int = 4, keep: bool = False) -> Epoch[str]:
    checkpoint = Checkpoint(n, f"network {n}", {"part": n * 1.0}) if keep else None
    return Epoch(n, of, 1.0 / (n + 1), 0.5 * n, checkpoint, n / 4 if n else None)


@given(st.lists(st.integers(0, 4), max_size=4).map(sorted))
def test_a_history_grows_by_what_it_is_given_however_it_is_cut(cuts: list[int]) -> None:
    epochs = [epoch(n, keep=n % 2 == 0) for n in range(5)]
    history = History[str](4)
    for start, end in pairwise([0, *cuts, 5]):
        history = history.after(epochs[start:end])
    assert history.epochs == 4
    assert history.losses == tuple(e.loss for e in epochs)
    assert history.accuracies == (0.25, 0.5, 0.75, 1.0)
    assert [(checkpoint.epoch, checkpoint.network) for checkpoint in history.checkpoints] == [
        (n, f"network {n}") for n in (0, 2, 4)
    ]
    assert history.done


@pytest.mark.parametrize("taken", range(6))
def test_training_is_done_when_the_loss_after_the_last_epoch_is_there(taken: int) -> None:
    history = History[str](4).after([epoch(n) for n in range(taken)])
    assert history.done == (taken == 5)


def test_a_history_of_no_epochs_is_done_with_its_first_loss() -> None:
    assert not History[str](0).done
    assert History[str](0).after([epoch(0, of=0, keep=True)]).done


def test_what_was_there_is_not_changed() -> None:
    before = History[str](4).after([epoch(0, keep=True)])
    before.after([epoch(1, keep=True)])
    assert len(before.losses) == len(before.checkpoints) == 1
