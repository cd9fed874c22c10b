import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import DenseNetwork, Vocabulary, WordNetwork, WorkFailed, training
from gatestep.engine.training import Example, Progress, Recipe, train
from gatestep.engine.wordfiles import Network

VOCABULARY = Vocabulary(["<unknown>", "a", "b", "yes", "no"])
KINDS = {
    "lstm": Recipe("lstm", units=4, width=3, batches=5, batch_size=8),
    "rnn": Recipe("rnn", units=4, width=3, batches=5, batch_size=8),
    "gru": Recipe("gru", units=4, width=3, batches=5, batch_size=8),
    "peephole": Recipe("peephole", units=4, width=3, batches=5, batch_size=8),
    "coupled-input": Recipe("coupled-input", units=4, width=3, batches=5, batch_size=8),
    "coupled-forget": Recipe("coupled-forget", units=4, width=3, batches=5, batch_size=8),
    "a bag": Recipe("dense", units=4, width=3, batches=5, batch_size=8),
    "3 places": Recipe("dense", units=4, width=3, places=3, batches=5, batch_size=8),
}
EVERY_KIND = pytest.mark.parametrize("recipe", KINDS.values(), ids=KINDS)


def example(rng: random.Random, done: float) -> Example:
    """The answer at the end depends on the first word; before it, the next word is asked for."""
    first = rng.choice("ab")
    words = (first, *(rng.choice("ab") for _ in range(rng.randint(0, 2))))
    return Example(words, (*words[1:], {"a": "yes", "b": "no"}[first]), len(words) - 1)


def any_b(rng: random.Random, done: float) -> Example:
    """The answer depends on whether there is a "b", wherever it stands; nothing is asked before the end."""
    words = tuple(rng.choice("aaab") for _ in range(rng.randint(1, 3)))
    return Example(words, (*(None for _ in words[1:]), "yes" if "b" in words else "no"), len(words) - 1)


def trained(cell: str = "lstm", seed: int = 0, on_progress: Any = lambda progress: None, **options: Any) -> WordNetwork:
    network = train(replace(KINDS[cell], **options), VOCABULARY, example, seed, on_progress)
    assert isinstance(network, WordNetwork)
    return network


def numbers(network: Network) -> np.ndarray:
    arrays = [network.embedding, network.readout.matrix, network.readout.bias]
    if isinstance(network, DenseNetwork):
        arrays += [network.U, network.bias]
    else:
        arrays += network.stack.flat[0].tensors.values()
    return np.concatenate([array.ravel() for array in arrays])


def distributions(network: Network, words: tuple[str, ...]) -> dict[int, np.ndarray]:
    """What a network says at every timestamp it has; a dense one has the end alone."""
    if isinstance(network, DenseNetwork):
        return {len(words) - 1: network.read(" ".join(words)).probabilities}
    trace = network.trace(" ".join(words))
    found = {t: trace.probabilities(t) for t in range(len(words))}
    return {t: p for t, p in found.items() if p is not None}


def likeliest(network: Network, text: str) -> str:
    words = tuple(text.split())
    return network.vocabulary.words[int(distributions(network, words)[len(words) - 1].argmax())]


@EVERY_KIND
def test_a_seed_makes_the_same_network_again(recipe: Recipe) -> None:
    first, again, other = (
        numbers(train(recipe, VOCABULARY, example, seed, lambda progress: None)) for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@EVERY_KIND
@pytest.mark.parametrize("answer_weight", [8.0, 1.0])
@pytest.mark.parametrize("draw", [example, any_b])
def test_the_loss_is_the_weighted_mean_over_what_is_asked_and_nothing_else(
    recipe: Recipe, answer_weight: float, draw: Callable[[random.Random, float], Example]
) -> None:
    """Of the first batch, by the network as it is stepped: at a rate near zero it is still the same one."""
    seen: list[Example] = []
    told: list[Progress] = []

    def note(rng: random.Random, done: float) -> Example:
        seen.append(draw(rng, done))
        return seen[-1]

    still = replace(recipe, batches=1, rate=1e-12, unknown=0.0, answer_weight=answer_weight)
    network = train(still, VOCABULARY, note, 0, told.append)
    losses, weights, right = [], [], []
    for e in seen:
        for t, p in distributions(network, e.words).items():
            target = e.targets[t]
            if target is not None:
                losses.append(-np.log(p[VOCABULARY.index(target)]))
                weights.append(answer_weight if t == e.answer else 1.0)
            if t == e.answer:
                right.append(VOCABULARY.words[int(p.argmax())] == target)
    assert len(seen) == len(right) == 8
    assert told[0].loss == pytest.approx(np.average(losses, weights=weights), rel=1e-5)
    assert told[0].accuracy == pytest.approx(np.mean(right))


@EVERY_KIND
def test_a_task_with_answers_at_the_end_alone_is_learned(recipe: Recipe) -> None:
    told: list[Progress] = []
    network = train(replace(recipe, batches=200, batch_size=32, rate=0.05), VOCABULARY, any_b, 0, told.append)
    assert told[-1].loss < told[0].loss
    for text in ("a", "b", "a a", "a b", "b a", "a a a", "b a a", "a b a", "a a b"):
        assert likeliest(network, text) == ("yes" if "b" in text else "no")


def test_a_bag_of_words_cannot_learn_who_came_first() -> None:
    def first(rng: random.Random, done: float) -> Example:
        words = tuple(rng.sample("ab", 2))
        return Example(words, (None, {"a": "yes", "b": "no"}[words[0]]), 1)

    for kind, can in (("a bag", False), ("3 places", True), ("lstm", True)):
        network = train(replace(KINDS[kind], batches=200, rate=0.05), VOCABULARY, first, 0, lambda progress: None)
        assert ((likeliest(network, "a b"), likeliest(network, "b a")) == ("yes", "no")) == can


def test_a_network_with_places_learns_from_the_sentences_that_fit() -> None:
    """The longer ones would teach it the opposite."""
    lengths: list[int] = []

    def mostly_too_long(rng: random.Random, done: float) -> Example:
        words = tuple(rng.choice("ab") for _ in range(rng.randint(3, 9)))
        lengths.append(len(words))
        yes = (words[0] == "a") == (len(words) == 3)
        return Example(words, (*(None for _ in words[1:]), "yes" if yes else "no"), len(words) - 1)

    recipe = replace(KINDS["3 places"], batches=150, batch_size=16, rate=0.05)
    network = train(recipe, VOCABULARY, mostly_too_long, 0, lambda progress: None)
    assert lengths.count(3) == 150 * 16
    assert max(lengths) == 9
    assert [likeliest(network, text) for text in ("a a a", "a b b", "b b b", "b a a")] == ["yes", "yes", "no", "no"]


@pytest.mark.parametrize("kind", ["a bag", "3 places"])
def test_a_dense_network_is_shown_the_words_up_to_the_answer(kind: str) -> None:
    def goes_on(rng: random.Random, done: float) -> Example:
        e = example(rng, done)
        return Example((*e.words, *"bab"), (*e.targets, "a", None, "no"), e.answer)

    whole, longer = (train(KINDS[kind], VOCABULARY, draw, 0, lambda progress: None) for draw in (example, goes_on))
    np.testing.assert_array_equal(numbers(whole), numbers(longer))


@EVERY_KIND
@pytest.mark.parametrize(("unknown", "learned"), [(0.0, [1, 2]), (1.0, [0])])
def test_only_the_words_that_are_shown_are_learned(recipe: Recipe, unknown: float, learned: list[int]) -> None:
    """Padding and places without a word are none; a word shown as unknown is one for UNKNOWN."""
    before, after = (
        train(replace(recipe, unknown=unknown, rate=rate), VOCABULARY, example, 0, lambda progress: None).embedding
        for rate in (1e-12, 0.01)
    )
    changed = np.flatnonzero(np.abs(after - before).max(axis=1) > 1e-6)
    assert changed.tolist() == learned


@EVERY_KIND
def test_words_outside_the_vocabulary_are_shown_as_unknown(recipe: Recipe) -> None:
    def made_with(word: str) -> Network:
        def draw(rng: random.Random, done: float) -> Example:
            e = example(rng, done)
            return replace(e, words=tuple({"a": "A", "b": word}[w] for w in e.words))

        return train(recipe, VOCABULARY, draw, 0, lambda progress: None)

    np.testing.assert_array_equal(numbers(made_with("Zoë")), numbers(made_with("<unknown>")))
    assert (numbers(made_with("Zoë")) != numbers(made_with("a"))).any()


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
    assert [likeliest(network, text) for text in ("a b", "b a a")] == ["yes", "no"]


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


@EVERY_KIND
def test_the_arrays_of_a_network_cannot_be_written(recipe: Recipe) -> None:
    network = train(recipe, VOCABULARY, example, 0, lambda progress: None)
    middle = (network.U, network.bias) if isinstance(network, DenseNetwork) else (network.stack.flat[0].U,)
    arrays = (network.embedding, network.readout.matrix, network.readout.bias, *middle)
    assert not any(array.flags.writeable for array in arrays)


@pytest.mark.parametrize(("kind", "places", "columns"), [("a bag", None, 3), ("3 places", 3, 9)])
def test_a_dense_recipe_makes_a_dense_network(kind: str, places: int | None, columns: int) -> None:
    network = train(KINDS[kind], VOCABULARY, example, 0, lambda progress: None)
    assert isinstance(network, DenseNetwork)
    assert network.places == places
    assert (network.embedding.shape, network.U.shape, network.H) == ((5, 3), (4, columns), 4)
    assert network.vocabulary.words == VOCABULARY.words
