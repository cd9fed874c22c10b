"""Training a forecaster: what is yielded, what is kept, and that seeds, pauses and time mean what they say."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import Epoch, Regressor, WorkFailed
from gatestep.engine.run import pytorch
from gatestep.engine.train.checkpoints import checkpoint_epochs
from gatestep.engine.train.regression import Fit, fit

RNG = np.random.default_rng(0)
WINDOWS = RNG.normal(size=(30, 4, 3)).astype(np.float32)
TARGETS = np.tanh(WINDOWS[:, -1, 0] - WINDOWS[:, 1, 2]).astype(np.float32)
KINDS = {
    "no dense layer": Fit(units=3, epochs=30, rate=0.01),
    "the article's": Fit(units=2, dense=(16,), rectified=True, epochs=30, rate=0.01),
    "two dense layers": Fit(units=4, dense=(6, 5), rectified=False, epochs=30, rate=0.01),
}
EVERY_KIND = pytest.mark.parametrize("how", KINDS.values(), ids=KINDS)
Epochs = list[Epoch[Regressor]]


def all_of(how: Fit, seed: int = 0, windows: np.ndarray = WINDOWS, targets: np.ndarray = TARGETS) -> Epochs:
    return list(fit(how, windows, targets, seed))


def networks(epochs: Epochs) -> dict[int, Regressor]:
    return {epoch.checkpoint.epoch: epoch.checkpoint.network for epoch in epochs if epoch.checkpoint}


def same(one: Regressor, other: Regressor) -> bool:
    return one.tensors.keys() == other.tensors.keys() and all(
        np.array_equal(one.tensors[name], other.tensors[name]) for name in one.tensors
    )


def torchs(how: Fit, network: Regressor) -> tuple[torch.nn.LSTM, list[torch.nn.Linear]]:
    """The same network in torch's modules."""
    recurrent = torch.nn.LSTM(network.stack.I, how.units, batch_first=True)
    recurrent.load_state_dict({
        name.removeprefix("lstm."): torch.from_numpy(array.copy())
        for name, array in network.tensors.items() if name.startswith("lstm.")
    })  # fmt: skip
    dense = []
    for matrix, bias in network.head.layers:
        dense.append(torch.nn.Linear(matrix.shape[1], matrix.shape[0]))
        dense[-1].load_state_dict({"weight": torch.from_numpy(matrix.copy()), "bias": torch.from_numpy(bias.copy())})
    return recurrent, dense


def loss_of(how: Fit, recurrent: Any, dense: list[Any]) -> torch.Tensor:
    out = recurrent(torch.from_numpy(WINDOWS))[1][0][0]
    for layer in dense:
        out = layer(out.clamp(min=0) if how.rectified else out)
    loss: torch.Tensor = ((out[:, 0] - torch.from_numpy(TARGETS)) ** 2).mean()
    return loss


@EVERY_KIND
def test_a_seed_gives_the_same_training_bit_for_bit(how: Fit) -> None:
    first, again, other = all_of(how, 4), all_of(how, 4), all_of(how, 5)
    assert [epoch.loss for epoch in first] == [epoch.loss for epoch in again]
    assert [epoch.loss for epoch in first] != [epoch.loss for epoch in other]
    for epoch, network in networks(first).items():
        assert same(network, networks(again)[epoch])
        assert not same(network, networks(other)[epoch])
    gradients = [[e.checkpoint.gradients for e in epochs if e.checkpoint] for epochs in (first, again)]
    assert gradients[0] == gradients[1]


def test_the_number_of_threads_does_not_change_a_training() -> None:
    before = torch.get_num_threads()
    try:
        losses = []
        for threads in (1, 2):
            torch.set_num_threads(threads)
            losses.append([epoch.loss for epoch in all_of(KINDS["the article's"])])
    finally:
        torch.set_num_threads(before)
    assert losses[0] == losses[1]


@EVERY_KIND
def test_every_epoch_comes_once_and_some_with_the_network(how: Fit) -> None:
    epochs = all_of(how)
    assert [epoch.epoch for epoch in epochs] == list(range(how.epochs + 1))
    assert {epoch.epochs for epoch in epochs} == {how.epochs}
    assert [epoch.epoch for epoch in epochs if epoch.checkpoint] == list(checkpoint_epochs(how.epochs))
    assert all(epoch.checkpoint.epoch == epoch.epoch for epoch in epochs if epoch.checkpoint)


def test_no_epochs_give_the_network_as_it_begins() -> None:
    none, some = all_of(replace(KINDS["no dense layer"], epochs=0)), all_of(KINDS["no dense layer"])
    assert len(none) == 1
    assert none[0].loss == some[0].loss
    assert same(networks(none)[0], networks(some)[0])


def test_fewer_epochs_are_the_beginning_of_more() -> None:
    few, many = all_of(replace(KINDS["the article's"], epochs=12)), all_of(KINDS["the article's"])
    assert [epoch.loss for epoch in few] == [epoch.loss for epoch in many[:13]]
    for epoch in networks(few).keys() & networks(many).keys():
        assert same(networks(few)[epoch], networks(many)[epoch])


@EVERY_KIND
def test_the_loss_is_the_mean_squared_error_of_the_network_as_it_is_then(how: Fit) -> None:
    epochs = all_of(how)
    for epoch, network in networks(epochs).items():
        error = ((network.forecast(WINDOWS).astype(np.float64) - TARGETS) ** 2).mean()
        assert epochs[epoch].loss == pytest.approx(error, abs=1e-6)
    assert epochs[-1].loss < 0.9 * epochs[0].loss


@EVERY_KIND
def test_the_network_begins_as_torch_begins_one_after_the_seed(how: Fit) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(9)
        recurrent = torch.nn.LSTM(3, how.units, batch_first=True)
        widths = [how.units, *how.dense, 1]
        dense = [torch.nn.Linear(a, b) for a, b in pairwise(widths)]
    expected = [*recurrent.parameters(), *(parameter for layer in dense for parameter in layer.parameters())]
    found = networks(all_of(how, 9))[0].tensors.values()
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs.detach().numpy())


@EVERY_KIND
def test_a_step_is_adams_by_hand(how: Fit) -> None:
    """After the first epoch every number has moved by rate * g / (|g| + 1e-8), which is the rate where g is not 0."""
    epochs = all_of(how)
    before, after = networks(epochs)[0], networks(epochs)[1]
    recurrent, dense = torchs(how, before)
    loss_of(how, recurrent, dense).backward()  # type: ignore[no-untyped-call]
    parameters = [*recurrent.parameters(), *(p for layer in dense for p in layer.parameters())]
    for name, parameter in zip(before.tensors, parameters, strict=True):
        assert parameter.grad is not None
        gradient = parameter.grad.numpy()
        expected = before.tensors[name] - how.rate * gradient / (np.abs(gradient) + 1e-8)
        steady = (np.abs(gradient) > 1e-5) | (gradient == 0)
        assert steady.any()
        np.testing.assert_allclose(after.tensors[name][steady], expected[steady], atol=2e-5)


@EVERY_KIND
def test_the_gradients_are_the_largest_of_each_part_by_autograd(how: Fit) -> None:
    for epoch in all_of(how):
        if epoch.checkpoint is None:
            continue
        recurrent, dense = torchs(how, epoch.checkpoint.network)
        loss_of(how, recurrent, dense).backward()  # type: ignore[no-untyped-call]
        expected: dict[str, float] = {}
        for name, parameter in recurrent.named_parameters():
            assert parameter.grad is not None
            for n, gate in enumerate(("input", "forget", "candidate", "output")):  # PyTorch's order of rows
                rows = parameter.grad[n * how.units : (n + 1) * how.units]
                expected[f"{name}.{gate}"] = rows.abs().max().item()
        names = [*(f"fc_{n + 1}" for n in range(len(how.dense))), "fc"]
        for name, layer in zip(names, dense, strict=True):
            assert layer.weight.grad is not None
            assert layer.bias.grad is not None
            expected[f"{name}.weight"] = layer.weight.grad.abs().max().item()
            expected[f"{name}.bias"] = layer.bias.grad.abs().max().item()
        assert epoch.checkpoint.gradients == pytest.approx(expected, rel=1e-4, abs=1e-7)


def test_windows_of_one_timestamp_never_reach_the_recurrent_weights_nor_the_forget_gate() -> None:
    for epoch in all_of(KINDS["no dense layer"], windows=WINDOWS[:, -1:]):
        if epoch.checkpoint:
            zero = {name for name, largest in epoch.checkpoint.gradients.items() if largest == 0}
            recurrent = {f"weight_hh_l0.{gate}" for gate in ("input", "forget", "candidate", "output")}
            assert zero == recurrent | {"weight_ih_l0.forget", "bias_ih_l0.forget", "bias_hh_l0.forget"}


def test_a_pause_changes_nothing_and_is_not_counted_as_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is ours: it goes on only while training is paused."""
    how = replace(KINDS["no dense layer"], epochs=6)
    now = [100.0]
    monkeypatch.setattr("gatestep.engine.train.loop.time", SimpleNamespace(perf_counter=lambda: now[0]))
    epochs: Epochs = []
    for epoch in fit(how, WINDOWS, TARGETS, 0):
        epochs.append(epoch)
        now[0] += 1000.0  # paused
        torch.rand(4) @ torch.rand(4)
    assert [epoch.seconds for epoch in epochs] == [0.0] * 7
    assert [epoch.loss for epoch in epochs] == [epoch.loss for epoch in all_of(how)]


def test_the_time_of_training_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at the clock is a second later: two looks an epoch, one of them before and one after the pause."""
    ticks = iter(range(1000))
    monkeypatch.setattr("gatestep.engine.train.loop.time", SimpleNamespace(perf_counter=lambda: float(next(ticks))))
    seconds = [epoch.seconds for epoch in fit(replace(KINDS["no dense layer"], epochs=4), WINDOWS, TARGETS, 0)]
    assert seconds == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_what_is_kept_stays_as_it_was_while_training_goes_on() -> None:
    epochs = fit(KINDS["the article's"], WINDOWS, TARGETS, 0)
    first = next(epochs)
    assert first.checkpoint is not None
    before = {name: array.copy() for name, array in first.checkpoint.network.tensors.items()}
    *_, last = epochs
    assert last.checkpoint is not None
    for name, array in first.checkpoint.network.tensors.items():
        np.testing.assert_array_equal(array, before[name])
        assert not array.flags.writeable
    assert not same(first.checkpoint.network, last.checkpoint.network)


def test_what_is_trained_on_is_not_written_and_may_change_afterwards() -> None:
    windows, targets = WINDOWS.copy(), TARGETS.copy()
    epochs = fit(KINDS["no dense layer"], windows, targets, 0)
    losses = [next(epochs).loss]
    np.testing.assert_array_equal(windows, WINDOWS)
    np.testing.assert_array_equal(targets, TARGETS)
    windows[:], targets[:] = 7.0, 7.0
    losses += [epoch.loss for epoch in epochs]
    assert losses == [epoch.loss for epoch in all_of(KINDS["no dense layer"])]


def test_read_only_arrays_are_fine() -> None:
    windows, targets = WINDOWS.copy(), TARGETS.copy()
    windows.flags.writeable = targets.flags.writeable = False
    assert [e.loss for e in all_of(KINDS["no dense layer"], 0, windows, targets)] == [
        e.loss for e in all_of(KINDS["no dense layer"])
    ]


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("two_threads")
@pytest.mark.parametrize("end", [list, lambda epochs: epochs.close()], ids=["to the end", "closed"])
def test_torch_has_its_threads_back(end: Callable[[Any], Any]) -> None:
    epochs = fit(KINDS["no dense layer"], WINDOWS, TARGETS, 0)
    assert torch.get_num_threads() == 2
    next(epochs)
    assert torch.get_num_threads() == 1
    end(epochs)
    assert torch.get_num_threads() == 2


@pytest.mark.usefixtures("two_threads")
def test_torch_has_its_threads_back_after_a_failure() -> None:
    epochs = fit(KINDS["no dense layer"], WINDOWS, TARGETS, 0)
    next(epochs)
    assert inspect.isgenerator(epochs)
    with pytest.raises(KeyboardInterrupt):
        epochs.throw(KeyboardInterrupt())
    assert torch.get_num_threads() == 2


def test_torchs_random_numbers_are_left_alone() -> None:
    before = torch.random.get_rng_state()
    all_of(KINDS["the article's"], 3)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_without_torch_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytorch, "find_spec", lambda name: None)
    with pytest.raises(WorkFailed, match="training needs PyTorch; install gatestep"):
        all_of(KINDS["no dense layer"])
