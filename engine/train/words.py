"""Training networks that read words, one batch after another, with their checkpoints."""

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..building import stack_from_tensors
from ..models.dense import DENSE, DenseNetwork, Network
from ..models.words import Vocabulary, WordNetwork
from ..run.pytorch import require_torch
from ..trace import Readout
from .checkpoints import Epoch
from .descent import Adam
from .loop import epochs
from .modules import arrays_of, gradient_parts, hidden_states, recurrent_module

if TYPE_CHECKING:
    import torch

    Scores = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]
    """Scores (n, V), the wanted rows of the vocabulary, what each counts in the loss, and which are answers, (n,)."""


@dataclass(frozen=True)
class Example:
    """A sentence for training: after `words[t]` a network should say `targets[t]`; None is never asked for.

    `answer` is the timestamp whose target the task is about.
    """

    words: tuple[str, ...]
    targets: tuple[str | None, ...]
    answer: int


@dataclass(frozen=True)
class Recipe:
    """How a network is made. Adam at `rate`, falling to zero over the second half; gradients clipped to norm 1.

    The loss is cross-entropy on every target; the answer's counts `answer_weight` times. A word is shown to the network
    as unknown with probability `unknown`, so that it learns to cope with words it has never met. `cell` is a name in
    CELLS, or "dense": with `slots` for sentences of at most so many words, else over a bag of words; a dense network
    learns the answers alone, for it has no other timestamps.
    """

    cell: str
    units: int
    width: int
    slots: int | None = None
    batches: int = 9000
    batch_size: int = 64
    rate: float = 0.01
    answer_weight: float = 8.0
    unknown: float = 0.02


def train(
    recipe: Recipe, vocabulary: Vocabulary, draw: Callable[[random.Random, float], Example], seed: int
) -> Iterator[Epoch[Network]]:
    """Train a network from `seed`; yield after 0, 1, …, `recipe.batches` batches, each of them an epoch of its own.

    `draw(rng, done)` makes one example; `done` is 0 at the start and 1 at the end, for a curriculum. Loss (the weighted
    mean over targets, in nats) and accuracy (on answers) are those of the next batch, which the network has not learned
    from yet. The epochs of `checkpoint_epochs` come with the network as it is then and the norm of the gradient of each
    of its parts, before clipping. Training pauses while no epoch is taken, and ends when the iterator is closed.
    Meanwhile torch runs on one thread, so that sums come out the same on any number of cores; more would not be faster.
    Raises WorkFailed where PyTorch is not installed.
    """
    require_torch("training needs")
    import torch

    rng = random.Random(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = _model(recipe, len(vocabulary))
    forward = _dense_scores if recipe.cell == DENSE else _recurrent_scores
    parameters = list(model.parameters())
    adam, taken = Adam(parameters), itertools.count()

    def evaluate(batch: int) -> "tuple[torch.Tensor, float]":
        examples = [_fitting(draw, rng, batch / recipe.batches, recipe) for _ in range(recipe.batch_size)]
        scores, targets, weights, asked = forward(model, examples, vocabulary, recipe, rng)
        each = torch.nn.functional.cross_entropy(scores, targets, reduction="none")
        accuracy = (scores.argmax(-1) == targets)[asked].float().mean().item()
        return (each * weights).sum() / weights.sum(), accuracy

    def snapshot() -> tuple[Network, dict[str, float]]:
        return _network(model, vocabulary, recipe), {name: float(part.norm()) for name, part in gradient_parts(model)}

    def update() -> None:
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        adam.step(recipe.rate * min(1.0, 2.0 * (1 - next(taken) / recipe.batches)))

    yield from epochs(recipe.batches, parameters, evaluate, snapshot, update)


def _fitting(
    draw: Callable[[random.Random, float], Example], rng: random.Random, done: float, recipe: Recipe
) -> Example:
    """Draw until there is a place for every word up to the answer."""
    while True:
        example = draw(rng, done)
        if recipe.slots is None or example.answer < recipe.slots:
            return example


def _model(recipe: Recipe, words: int) -> "torch.nn.ModuleDict":
    import torch

    middle: torch.nn.Module
    if recipe.cell == DENSE:
        middle = torch.nn.Linear(recipe.width * (recipe.slots or 1), recipe.units)
    else:
        middle = recurrent_module(recipe.cell, recipe.width, recipe.units)
    return torch.nn.ModuleDict({
        "embedding": torch.nn.Embedding(words, recipe.width),
        recipe.cell: middle,
        "readout": torch.nn.Linear(recipe.units, words),
    })  # fmt: skip


def _recurrent_scores(
    model: "torch.nn.ModuleDict", examples: Sequence[Example], vocabulary: Vocabulary, recipe: Recipe,
    rng: random.Random,
) -> "Scores":  # fmt: skip
    """Scores at every timestamp of every example; padding, and what has no target, has weight 0."""
    import torch

    longest = max(len(e.words) for e in examples)
    inputs = torch.zeros(len(examples), longest, dtype=torch.long)
    targets, weights = torch.zeros_like(inputs), torch.zeros(inputs.shape)
    asked = torch.zeros(inputs.shape, dtype=torch.bool)
    for n, example in enumerate(examples):
        rows = _shown(example.words, vocabulary, recipe, rng)
        inputs[n, : len(rows)] = torch.tensor(rows)
        targets[n, : len(rows)] = torch.tensor([vocabulary.index(word or "") for word in example.targets])
        weights[n, : len(rows)] = torch.tensor([float(word is not None) for word in example.targets])
        weights[n, example.answer] = recipe.answer_weight
        asked[n, example.answer] = True
    scores = model["readout"](hidden_states(recipe.cell, model[recipe.cell], model["embedding"](inputs)))
    return scores.flatten(0, 1), targets.flatten(), weights.flatten(), asked.flatten()


def _dense_scores(
    model: "torch.nn.ModuleDict", examples: Sequence[Example], vocabulary: Vocabulary, recipe: Recipe,
    rng: random.Random,
) -> "Scores":  # fmt: skip
    """One row of scores an example, for its words up to the answer."""
    import torch

    shown = [_shown(e.words[: e.answer + 1], vocabulary, recipe, rng) for e in examples]
    if recipe.slots is None:
        counts = torch.zeros(len(examples), len(vocabulary))
        for n, rows in enumerate(shown):
            counts[n] = torch.bincount(torch.tensor(rows), minlength=len(vocabulary))
        x = counts @ model["embedding"](torch.arange(len(vocabulary)))
    else:
        inputs = torch.zeros(len(examples), recipe.slots, dtype=torch.long)
        there = torch.zeros(len(examples), recipe.slots, 1)
        for n, rows in enumerate(shown):
            inputs[n, : len(rows)] = torch.tensor(rows)
            there[n, : len(rows)] = 1.0
        x = (model["embedding"](inputs) * there).flatten(1)
    scores = model["readout"](torch.tanh(model[DENSE](x)))
    targets = torch.tensor([vocabulary.index(e.targets[e.answer] or "") for e in examples])
    weights = torch.full((len(examples),), recipe.answer_weight)
    return scores, targets, weights, torch.ones(len(examples), dtype=torch.bool)


def _shown(words: Sequence[str], vocabulary: Vocabulary, recipe: Recipe, rng: random.Random) -> list[int]:
    """The rows of `words`, a few of them as unknown."""
    return [0 if rng.random() < recipe.unknown else vocabulary.index(word) for word in words]


def _network(model: "torch.nn.ModuleDict", vocabulary: Vocabulary, recipe: Recipe) -> Network:
    tensors = arrays_of(model)
    readout, embedding = Readout(tensors["readout.weight"], tensors["readout.bias"]), tensors["embedding.weight"]
    if recipe.cell == DENSE:
        return DenseNetwork(
            vocabulary, embedding, tensors["dense.weight"], tensors["dense.bias"], readout, recipe.slots
        )
    stack = stack_from_tensors(tensors, "training", recipe.cell, {"candidate": "tanh"})
    return WordNetwork(vocabulary, embedding, stack, readout)
