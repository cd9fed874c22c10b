"""Training word networks, with torch's own kernels on the weights that the cells step."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from .arrays import frozen
from .cells import CELLS
from .errors import WorkFailed
from .trace import Readout
from .weights import stack_from_tensors
from .words import Vocabulary, WordNetwork

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Example:
    """A sentence for training: `words`, of which `words[answer]` is the one that the task asks for."""

    words: tuple[str, ...]
    answer: int


@dataclass(frozen=True)
class Recipe:
    """How a network is made. Adam at `rate`, falling to zero over the second half; gradients clipped to norm 1.

    The loss is cross-entropy on every next word; the answer's word counts `answer_weight` times. A word is shown to
    the network as unknown with probability `unknown`, so that it learns to live with words it has never met.
    """

    cell: str
    units: int
    width: int
    batches: int = 9000
    batch_size: int = 64
    rate: float = 0.01
    answer_weight: float = 8.0
    unknown: float = 0.02


@dataclass(frozen=True)
class Progress:
    """Where training stands after `batch` of `batches`: mean loss in nats a word, accuracy on the answers, seconds."""

    batch: int
    batches: int
    loss: float
    accuracy: float
    seconds: float


def train(
    recipe: Recipe,
    vocabulary: Vocabulary,
    draw: Callable[[random.Random, float], Example],
    seed: int,
    on_progress: Callable[[Progress], None],
) -> WordNetwork:
    """Train a network from `seed` and return it.

    `draw(rng, done)` makes one example; `done` is 0 at the start and 1 at the end, for a curriculum. `on_progress` is
    called about a hundred times. Raises WorkFailed when PyTorch is not installed.
    """
    if find_spec("torch") is None:
        raise WorkFailed("training needs PyTorch; install gatestep[torch]")
    import torch

    rng = random.Random(seed)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the same sums in the same order on any number of cores; more would not be faster
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = _fit(recipe, vocabulary, draw, rng, on_progress)
    finally:
        torch.set_num_threads(threads)
    return _network(model, vocabulary, recipe.cell)


def _fit(
    recipe: Recipe,
    vocabulary: Vocabulary,
    draw: Callable[[random.Random, float], Example],
    rng: random.Random,
    on_progress: Callable[[Progress], None],
) -> "torch.nn.ModuleDict":
    import torch

    started = time.perf_counter()
    model = _model(recipe, len(vocabulary))
    parameters = list(model.parameters())
    optimizer = torch.optim.Adam(parameters, lr=recipe.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: min(1.0, 2.0 * (1 - n / recipe.batches)))
    every = max(1, recipe.batches // 100)
    for batch in range(recipe.batches):
        examples = [draw(rng, batch / recipe.batches) for _ in range(recipe.batch_size)]
        inputs, targets, weights = _tensors(examples, vocabulary, recipe, rng)
        scores = model["readout"](model[recipe.cell](model["embedding"](inputs))[0])
        each = torch.nn.functional.cross_entropy(scores.flatten(0, 1), targets.flatten(), reduction="none")
        loss = (each * weights.flatten()).sum() / weights.sum()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        if (batch + 1) % every == 0 or batch + 1 == recipe.batches:
            last = weights == recipe.answer_weight
            accuracy = (scores.argmax(-1) == targets)[last].float().mean().item()
            on_progress(Progress(batch + 1, recipe.batches, loss.item(), accuracy, time.perf_counter() - started))
    return model


def _model(recipe: Recipe, words: int) -> "torch.nn.ModuleDict":
    import torch

    kernel = {"lstm": torch.nn.LSTM, "rnn": torch.nn.RNN}[recipe.cell](recipe.width, recipe.units, batch_first=True)
    if recipe.cell == "lstm":
        with torch.no_grad():  # start out keeping: Gers et al. (2000), Jozefowicz et al. (2015)
            row = CELLS["lstm"].rows.index("forget") * recipe.units
            kernel.bias_ih_l0[row : row + recipe.units] = 1.0
    return torch.nn.ModuleDict({
        "embedding": torch.nn.Embedding(words, recipe.width),
        recipe.cell: kernel,
        "readout": torch.nn.Linear(recipe.units, words),
    })  # fmt: skip


def _tensors(
    examples: Sequence[Example], vocabulary: Vocabulary, recipe: Recipe, rng: random.Random
) -> tuple["torch.Tensor", "torch.Tensor", "torch.Tensor"]:
    """Inputs, targets and loss weights, each (batch, longest - 1); padding has weight 0."""
    import torch

    longest = max(len(e.words) for e in examples)
    inputs = torch.zeros(len(examples), longest - 1, dtype=torch.long)
    targets, weights = torch.zeros_like(inputs), torch.zeros(inputs.shape)
    for n, example in enumerate(examples):
        rows = [vocabulary.index(word) for word in example.words]
        seen = [0 if rng.random() < recipe.unknown else row for row in rows[:-1]]
        inputs[n, : len(seen)] = torch.tensor(seen)
        targets[n, : len(seen)] = torch.tensor(rows[1:])
        weights[n, : len(seen)] = 1.0
        weights[n, example.answer - 1] = recipe.answer_weight
    return inputs, targets, weights


def _network(model: "torch.nn.ModuleDict", vocabulary: Vocabulary, cell: str) -> WordNetwork:
    tensors = {name: tensor.detach().numpy() for name, tensor in model.state_dict().items()}
    stack = stack_from_tensors(tensors, "training", cell)
    readout = Readout(frozen(tensors["readout.weight"]), frozen(tensors["readout.bias"]))
    return WordNetwork(vocabulary, frozen(tensors["embedding.weight"]), stack, readout)
