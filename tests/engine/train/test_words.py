"""Training of word networks: what is learned from, the loss, and the same network from the same seed."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import DenseNetwork, WordNetwork, WorkFailed
from gatestep.engine.models.dense import Network
from gatestep.engine.run import pytorch
from gatestep.engine.train.words import Example, Recipe
from wordtrained import (
    EVERY_KIND,
    KINDS,
    VOCABULARY,
    Draw,
    all_of,
    any_b,
    distributions,
    example,
    likeliest,
    made,
    numbers,
)

TENSORS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


def trained(cell: str = "lstm", seed: int = 0, **options: Any) -> WordNetwork:
    network = made(replace(KINDS[cell], **options), seed=seed)
    assert isinstance(network, WordNetwork)
    return network


@EVERY_KIND
def test_a_seed_makes_the_same_network_again(recipe: Recipe) -> None:
    first, again, other = (numbers(made(recipe, seed=seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@EVERY_KIND
@pytest.mark.parametrize("answer_weight", [8.0, 1.0])
@pytest.mark.parametrize("draw", [example, any_b])
def test_the_loss_is_the_weighted_mean_over_what_is_asked_and_nothing_else(
    recipe: Recipe, answer_weight: float, draw: Draw
) -> None:
    """Of every batch, by the network that was kept before it, as it is stepped."""
    seen: list[Example] = []

    def note(rng: random.Random, done: float) -> Example:
        seen.append(draw(rng, done))
        return seen[-1]

    epochs = all_of(replace(recipe, batches=3, rate=0.05, unknown=0.0, answer_weight=answer_weight), note)
    assert len(seen) == 8 * len(epochs) == 32
    for epoch in epochs:
        assert epoch.checkpoint is not None
        losses, weights, right = [], [], []
        for e in seen[8 * epoch.epoch : 8 * epoch.epoch + 8]:
            for t, p in distributions(epoch.checkpoint.network, e.words).items():
                target = e.targets[t]
                if target is not None:
                    losses.append(-np.log(p[VOCABULARY.index(target)]))
                    weights.append(answer_weight if t == e.answer else 1.0)
                if t == e.answer:
                    right.append(VOCABULARY.words[int(p.argmax())] == target)
        assert len(right) == 8
        assert epoch.loss == pytest.approx(np.average(losses, weights=weights), rel=1e-5)
        assert epoch.accuracy == pytest.approx(np.mean(right))
    assert len({epoch.loss for epoch in epochs}) > 1


def test_it_is_the_same_as_the_loop_written_out() -> None:
    """Bit for bit: one thread, Adam, a rate that falls to zero over the second half, gradients clipped to norm 1."""

    def two(rng: random.Random, done: float) -> Example:
        words = tuple(rng.sample("ab", 2))
        return Example(words, (words[1], {"a": "yes", "b": "no"}[words[0]]), 1)

    recipe = replace(KINDS["lstm"], batches=12, rate=2.0, unknown=0.0)
    rng, threads = random.Random(3), torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        lstm = torch.nn.LSTM(3, 4, batch_first=True)
        with torch.no_grad():
            lstm.get_parameter("bias_ih_l0")[4:8] = 1.0
        embedding, readout = torch.nn.Embedding(5, 3), torch.nn.Linear(4, 5)
    parameters = [*embedding.parameters(), *lstm.parameters(), *readout.parameters()]
    adam = torch.optim.Adam(parameters, lr=2.0)
    totals, losses = [], []
    for batch in range(12):
        examples = [two(rng, 0) for _ in range(8)]
        for _ in range(16):
            rng.random()  # whether a word is shown as unknown
        adam.param_groups[0]["lr"] = 2.0 * min(1.0, 2.0 * (1 - batch / 12))
        rows = torch.tensor([[VOCABULARY.index(w) for w in e.words] for e in examples])
        wanted = torch.tensor([[VOCABULARY.index(w or "") for w in e.targets] for e in examples]).flatten()
        scores = readout(lstm(embedding(rows))[0]).flatten(0, 1)
        weights = torch.tensor([1.0, 8.0] * 8)
        loss = (torch.nn.functional.cross_entropy(scores, wanted, reduction="none") * weights).sum() / weights.sum()
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        losses.append(loss.item())
        totals.append(float(torch.nn.utils.clip_grad_norm_(parameters, 1.0)))
        adam.step()
    torch.set_num_threads(threads)
    epochs = all_of(recipe, two, 3)
    assert [epoch.loss for epoch in epochs[:-1]] == losses
    assert any(total > 1 for total in totals), "some are clipped"
    for epoch in epochs[:-1]:
        if epoch.checkpoint:
            total = np.sqrt(sum(norm**2 for norm in epoch.checkpoint.gradients.values()))
            assert total == pytest.approx(totals[epoch.epoch], rel=1e-5)
    last = epochs[-1].checkpoint
    assert last is not None
    ours = numbers(last.network)
    theirs = [embedding.weight, readout.weight, readout.bias, *(lstm.get_parameter(n) for n in TENSORS)]
    np.testing.assert_array_equal(ours, np.concatenate([p.detach().numpy().ravel() for p in theirs]))


@EVERY_KIND
def test_a_task_with_answers_at_the_end_alone_is_learned(recipe: Recipe) -> None:
    told = all_of(replace(recipe, batches=200, batch_size=32, rate=0.05), any_b)
    assert told[-1].loss < told[0].loss
    assert told[-1].checkpoint is not None
    network = told[-1].checkpoint.network
    for text in ("a", "b", "a a", "a b", "b a", "a a a", "b a a", "a b a", "a a b"):
        assert likeliest(network, text) == ("yes" if "b" in text else "no")


def test_a_bag_of_words_cannot_learn_who_came_first() -> None:
    def first(rng: random.Random, done: float) -> Example:
        words = tuple(rng.sample("ab", 2))
        return Example(words, (None, {"a": "yes", "b": "no"}[words[0]]), 1)

    for kind, can in (("a bag", False), ("3 slots", True), ("lstm", True)):
        network = made(replace(KINDS[kind], batches=200, rate=0.05), first)
        assert ((likeliest(network, "a b"), likeliest(network, "b a")) == ("yes", "no")) == can


def test_a_network_with_places_learns_from_the_sentences_that_fit() -> None:
    """The longer ones would teach it the opposite."""
    lengths: list[int] = []

    def mostly_too_long(rng: random.Random, done: float) -> Example:
        words = tuple(rng.choice("ab") for _ in range(rng.randint(3, 9)))
        lengths.append(len(words))
        yes = (words[0] == "a") == (len(words) == 3)
        return Example(words, (*(None for _ in words[1:]), "yes" if yes else "no"), len(words) - 1)

    recipe = replace(KINDS["3 slots"], batches=150, batch_size=16, rate=0.05)
    network = made(recipe, mostly_too_long)
    assert lengths.count(3) == 151 * 16, "the last are for the loss alone"
    assert max(lengths) == 9
    assert [likeliest(network, text) for text in ("a a a", "a b b", "b b b", "b a a")] == ["yes", "yes", "no", "no"]


@pytest.mark.parametrize("kind", ["a bag", "3 slots"])
def test_a_dense_network_is_shown_the_words_up_to_the_answer(kind: str) -> None:
    def goes_on(rng: random.Random, done: float) -> Example:
        e = example(rng, done)
        return Example((*e.words, *"bab"), (*e.targets, "a", None, "no"), e.answer)

    whole, longer = (made(KINDS[kind], draw) for draw in (example, goes_on))
    np.testing.assert_array_equal(numbers(whole), numbers(longer))


@EVERY_KIND
@pytest.mark.parametrize(("unknown", "learned"), [(0.0, [1, 2]), (1.0, [0])])
def test_only_the_words_that_are_shown_are_learned(recipe: Recipe, unknown: float, learned: list[int]) -> None:
    """Padding and slots without a word are none; a word shown as unknown is one for UNKNOWN."""
    before, after = (made(replace(recipe, unknown=unknown, rate=rate)).embedding for rate in (1e-12, 0.01))
    changed = np.flatnonzero(np.abs(after - before).max(axis=1) > 1e-6)
    assert changed.tolist() == learned


@EVERY_KIND
def test_words_outside_the_vocabulary_are_shown_as_unknown(recipe: Recipe) -> None:
    def made_with(word: str) -> Network:
        def draw(rng: random.Random, done: float) -> Example:
            e = example(rng, done)
            return replace(e, words=tuple({"a": "A", "b": word}[w] for w in e.words))

        return made(recipe, draw)

    np.testing.assert_array_equal(numbers(made_with("Zoë")), numbers(made_with("<unknown>")))
    assert (numbers(made_with("Zoë")) != numbers(made_with("a"))).any()


@pytest.mark.parametrize(
    ("kind", "parts"),
    [("lstm", 16), ("rnn", 4), ("gru", 12), ("peephole", 19), ("coupled-input", 12), ("a bag", 2), ("3 slots", 2)],
)
def test_every_part_has_its_gradient(kind: str, parts: int) -> None:
    kept = all_of(KINDS[kind])[0].checkpoint
    assert kept is not None
    middle = [name for name in kept.gradients if not name.startswith(("embedding", "readout"))]
    assert len(middle) == parts
    assert {"embedding.weight", "readout.weight", "readout.bias"} <= kept.gradients.keys()
    assert all(norm > 0 for norm in kept.gradients.values())


def test_it_learns() -> None:
    told = all_of(replace(KINDS["lstm"], batches=200, batch_size=32, unknown=0.0, rate=0.05))
    assert told[-1].checkpoint is not None
    network = told[-1].checkpoint.network
    assert told[-1].loss < told[0].loss
    assert told[-1].accuracy == 1.0
    assert [likeliest(network, text) for text in ("a b", "b a a")] == ["yes", "no"]


def test_an_lstm_starts_out_keeping() -> None:
    w = trained(batches=1, rate=1e-9).stack.flat[0]
    np.testing.assert_allclose(w.bias_ih[w.row("forget", 0) : w.row("forget", 3) + 1], 1, atol=1e-6)


def test_without_torch_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytorch, "find_spec", lambda name: None)
    with pytest.raises(WorkFailed, match="training needs PyTorch; install gatestep"):
        trained()


@EVERY_KIND
def test_the_arrays_of_a_network_cannot_be_written(recipe: Recipe) -> None:
    network = made(recipe)
    middle = (network.U, network.bias) if isinstance(network, DenseNetwork) else (network.stack.flat[0].U,)
    arrays = (network.embedding, network.readout.matrix, network.readout.bias, *middle)
    assert not any(array.flags.writeable for array in arrays)


@pytest.mark.parametrize(("kind", "slots", "columns"), [("a bag", None, 3), ("3 slots", 3, 9)])
def test_a_dense_recipe_makes_a_dense_network(kind: str, slots: int | None, columns: int) -> None:
    network = made(KINDS[kind])
    assert isinstance(network, DenseNetwork)
    assert network.slots == slots
    assert (network.embedding.shape, network.U.shape, network.H) == ((5, 3), (4, columns), 4)
    assert network.vocabulary.words == VOCABULARY.words
